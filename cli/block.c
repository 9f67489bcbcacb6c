// SPDX-License-Identifier: Apache-2.0
//
// Columns of a block, and the dictionaries of codes and texts, which stay from one block to the next; see block.h.
#include "cli/artifacts.h"
#include "cli/block_columns.h"

#include <stdlib.h>
#include <string.h>

static const size_t LINE = 64;

// ---------------------------------------------------------------------------------------- dictionaries

static void put_slot(struct dictionary *d, uint32_t index) {
  uint32_t slot = slot_of(d, d->entries[index]);
  while (d->slots[slot] != 0) slot = next_slot(d, slot);
  d->slots[slot] = (uint16_t)(index + 1);
}

static void more_slots(struct dictionary *d) {
  memset(d->slots, 0, sizeof d->slots[0] << ++d->bits);
  for (uint32_t i = FIRST_ENTRY; i < d->public.count; i++) put_slot(d, i);
}

// The first entry is none of a text: soc_batch takes no dictionary that is empty, and facts may be left out everywhere.
static void dictionary_clear(struct dictionary *d) {
  d->bits = FIRST_BITS;
  memset(d->slots, 0, sizeof d->slots[0] << d->bits);
  d->offsets[0] = d->offsets[FIRST_ENTRY] = 0;
  d->public = (soc_dictionary){d->bytes, d->offsets, FIRST_ENTRY};
  d->full = false;
}

// Does the policy take such a text?
static bool takes_text(const struct block *b, const struct block_column *c, const char *text,
                       size_t length) {
  soc_case *one = b->binding->c;
  soc_case_clear(one);
  if (c->list && soc_case_set_list(one, c->list->manifest, 1) != SOC_OK) return false;
  if (c->type == SOC_TEXT) return soc_case_set_text(one, c->manifest, 0, text, length) == SOC_OK;
  if (c->type == SOC_CODE) return soc_case_set_code(one, c->manifest, 0, text, length) == SOC_OK;
  return soc_case_set_list(one, c->manifest, 0) == SOC_OK &&
         soc_case_add_code(one, c->manifest, text, length) == SOC_OK;
}

bool block_add_entry(const struct block *b, const struct block_column *c, struct entry e,
                     const char *text) {
  struct dictionary *d = c->dictionary;
  uint32_t index = d->public.count;
  size_t used = (size_t)d->offsets[index];
  if (index == MOST_ENTRIES || e.length > ENTRY_BYTES - used) {
    d->full = true;
    return false;
  }
  if (e.length > MOST_TEXT || !takes_text(b, c, text, e.length)) return false;
  memcpy(d->bytes + used, text, e.length);
  d->offsets[index + 1] = (int32_t)(used + e.length);
  d->entries[index] = e;
  d->public.count++;
  if (d->public.count > 1u << (d->bits - 1))
    more_slots(d);
  else
    put_slot(d, index);
  return true;
}

// ---------------------------------------------------------------------------------------- making

// Hands arrays out; with `memory` NULL only counts.
struct room {
  char *memory;
  size_t used;
};

static void *take(struct room *r, size_t count, size_t bytes) {
  void *at = r->memory ? r->memory + r->used : NULL;
  r->used += (count * bytes + LINE - 1) / LINE * LINE;
  return at;
}

static bool is_list(uint8_t type) {
  return type == SOC_CODE_LIST || type == SOC_ENUM_LIST || type == SOC_RECORDS;
}

static soc_layout layout_of(uint8_t type) {
  switch (type) {
  case SOC_BOOL: return SOC_LAYOUT_BITS;
  case SOC_ENUM:
  case SOC_ENUM_LIST: return SOC_LAYOUT_INT8;
  case SOC_CODE:
  case SOC_TEXT:
  case SOC_CODE_LIST: return SOC_LAYOUT_INT16;
  case SOC_DATE: return SOC_LAYOUT_INT32;
  case SOC_NUMBER: return SOC_LAYOUT_INT64;
  default: return SOC_LAYOUT_ROWS;
  }
}

static size_t value_bytes(soc_layout layout) {
  switch (layout) {
  case SOC_LAYOUT_INT8: return 1;
  case SOC_LAYOUT_INT16: return 2;
  case SOC_LAYOUT_INT32: return 4;
  case SOC_LAYOUT_INT64: return 8;
  default: return 0;
  }
}

// The arrays of one column, bits first.
static void lay_out(struct block_column *c, struct room *r) {
  size_t elements = c->list ? MOST_ELEMENTS : BLOCK_CASES;
  size_t values = is_list(c->type) ? MOST_ELEMENTS : elements;
  soc_layout layout = layout_of(c->type);
  c->given = take(r, elements / 8, 1);
  c->none = take(r, elements / 8, 1);
  c->values =
      layout == SOC_LAYOUT_BITS ? take(r, elements / 8, 1) : take(r, values, value_bytes(layout));
  c->offsets = is_list(c->type) ? take(r, elements + 1, sizeof *c->offsets) : NULL;
}

static void describe(const struct block_column *c) {
  *c->column = (soc_column){.layout = layout_of(c->type),
                            .values = c->values,
                            .given = c->given,
                            .none = c->none,
                            .offsets = c->offsets,
                            .length = c->list ? MOST_ELEMENTS : BLOCK_CASES,
                            .item_count = MOST_ELEMENTS};
}

static bool open_column(struct block *b, uint32_t manifest) {
  const struct binding *binding = b->binding;
  struct block_column *c = &b->columns[manifest];
  uint32_t fact = binding->vocabulary[manifest];
  soc_fact_info about;
  if (soc_policy_fact(binding->policy, manifest, &about) != SOC_OK) return false;
  bool in_row = about.list != SOC_NO_INDEX;
  *c = (struct block_column){.column = &b->public[manifest],
                             .list = in_row ? &b->columns[about.list] : NULL,
                             .manifest = manifest,
                             .minimum = about.minimum,
                             .maximum = about.maximum,
                             .map = binding->values + binding->facts[fact].first_value,
                             .type = (uint8_t)about.type,
                             .nullable = (about.flags & SOC_FACT_NULLABLE) != 0,
                             .whole = (about.flags & SOC_FACT_WHOLE) != 0,
                             .refused = (in_row && is_list((uint8_t)about.type)) ||
                                        about.type == SOC_LINE};
  b->by_fact[fact] = c;
  if (is_list(c->type) && !in_row) b->lists[b->list_count++] = c;
  bool named = layout_of(c->type) == SOC_LAYOUT_INT16 && !c->refused;
  if (named) c->dictionary = malloc(sizeof *c->dictionary);
  if (c->dictionary) dictionary_clear(c->dictionary);
  return !named || c->dictionary;
}

static bool make_arrays(struct block *b) {
  for (int pass = 0; pass < 2; pass++) {
    struct room r = {b->arrays, 0};
    for (uint32_t i = 0; i < b->fact_count; i++) {
      if (!b->columns[i].refused) lay_out(&b->columns[i], &r);
    }
    if (pass == 1) break;
    b->array_bytes = r.used + LINE;
    b->arrays = aligned_alloc(LINE, b->array_bytes);
    if (!b->arrays) return false;
    memset(b->arrays, 0, b->array_bytes);
  }
  for (uint32_t i = 0; i < b->fact_count; i++) {
    if (!b->columns[i].refused) describe(&b->columns[i]);
  }
  return true;
}

static bool make_results(struct block *b) {
  for (uint32_t d = 0; d < b->decision_count; d++) {
    soc_batch_result *r = &b->results[d];
    b->key_words[d] = soc_batch_key_words(b->batch, d);
    r->keys = calloc((size_t)BLOCK_CASES * b->key_words[d], sizeof *r->keys);
    r->from = calloc(BLOCK_CASES, sizeof *r->from);
    r->through = calloc(BLOCK_CASES, sizeof *r->through);
    if (!r->keys || !r->from || !r->through) return false;
  }
  return true;
}

static bool make_columns(struct block *b) {
  soc_policy_info info;
  soc_policy_describe(b->binding->policy, &info);
  b->fact_count = info.fact_count;
  b->decision_count = info.decision_count;
  b->columns = calloc(b->fact_count + (size_t)1, sizeof *b->columns);
  b->public = calloc(b->fact_count + (size_t)1, sizeof *b->public);
  b->lists = calloc(b->fact_count + (size_t)1, sizeof(struct block_column *));
  b->by_fact = calloc(b->binding->v->fact_count + (size_t)1, sizeof(struct block_column *));
  b->results = calloc(b->decision_count + (size_t)1, sizeof *b->results);
  b->key_words = calloc(b->decision_count + (size_t)1, sizeof *b->key_words);
  if (!b->columns || !b->public || !b->lists || !b->by_fact || !b->results || !b->key_words)
    return false;
  for (uint32_t i = 0; i < b->fact_count; i++) {
    if (!open_column(b, i)) return false;
  }
  return make_arrays(b) && make_results(b);
}

static bool make_batch(struct block *b) {
  size_t size = soc_batch_bytes(b->binding->policy);
  b->memory = size > 0 ? malloc(size) : NULL;
  return b->memory &&
         soc_batch_init(&b->batch, b->binding->policy, b->memory, size, NULL) == SOC_OK;
}

struct block *block_new(const struct binding *binding) {
  struct block *b = calloc(1, sizeof *b);
  if (!b) return NULL;
  b->binding = binding;
  if (make_batch(b) && (!block_is_columnar(b) || make_columns(b))) return b;
  block_free(b);
  return NULL;
}

void block_free(struct block *b) {
  if (!b) return;
  for (uint32_t i = 0; i < b->fact_count && b->columns; i++) free(b->columns[i].dictionary);
  for (uint32_t d = 0; d < b->decision_count && b->results; d++) {
    free(b->results[d].keys);
    free(b->results[d].from);
    free(b->results[d].through);
  }
  free(b->columns);
  free(b->public);
  free(b->lists);
  free(b->by_fact);
  free(b->results);
  free(b->key_words);
  free(b->arrays);
  free(b->scratch);
  free(b->memory);
  free(b);
}

bool block_is_columnar(const struct block *b) {
  return soc_batch_is_columnar(b->batch);
}

// ---------------------------------------------------------------------------------------- gathering

void block_clear(struct block *b) {
  size_t cases = (b->count + (size_t)7) / 8;
  for (uint32_t i = 0; i < b->fact_count; i++) {
    struct block_column *c = &b->columns[i];
    size_t bytes = c->list ? (c->list->elements + (size_t)7) / 8 : cases;
    if (c->refused) continue;
    memset(c->given, 0, bytes);
    memset(c->none, 0, bytes);
    if (c->type == SOC_BOOL) memset(c->values, 0, bytes);
    if (c->dictionary && c->dictionary->full) {
      dictionary_clear(c->dictionary);
      b->again = false;
    }
  }
  for (uint32_t i = 0; i < b->list_count; i++) b->lists[i]->elements = 0;
  b->count = 0;
}

static bool in_range(const struct block_column *c, int64_t number) {
  return number >= c->minimum && number <= c->maximum && (!c->whole || number % 1000000 == 0);
}

static bool put_list(struct block_column *c, struct block_place p, int64_t rows) {
  bool records = c->type == SOC_RECORDS;
  if (records && rows > MOST_ELEMENTS - (int64_t)c->elements) return false;
  block_put_list(c, p);
  c->elements += records ? (uint32_t)rows : 0;
  return true;
}

// False: the column cannot hold the value.
static bool put_value(const struct block *b, struct block_column *c, const struct case_data *data,
                      const struct case_value *v) {
  struct block_place p = c->list ? block_row(c->list, v->row) : block_case(b);
  if (c->refused) return false;
  switch (v->kind) {
  case CASE_BOOL: block_put_bool(c, p, v->number != 0); return true;
  case CASE_ENUM: return block_put_enum(c, p, (uint32_t)v->number);
  case CASE_DATE:
    if (!in_range(c, v->number)) return false;
    block_put_date(c, p, (int32_t)v->number);
    return true;
  case CASE_NUMBER:
    if (!in_range(c, v->number)) return false;
    block_put_number(c, p, v->number);
    return true;
  case CASE_CODE:
  case CASE_TEXT: return block_put_text(b, c, p, case_text(data, v), v->text_length);
  case CASE_NONE:
    if (!c->nullable) return false;
    block_put_none(c, p);
    return true;
  case CASE_LIST: return put_list(c, p, v->number);
  case CASE_CODE_ITEM: return block_put_code_item(b, c, case_text(data, v), v->text_length);
  case CASE_ENUM_ITEM: return block_put_enum_item(c, (uint32_t)v->number);
  case CASE_LINE: break;
  }
  return false;
}

static bool put_values(const struct block *b, const struct case_data *data) {
  for (size_t i = 0; i < data->count; i++) {
    const struct case_value *v = &data->values[i];
    struct block_column *c = b->by_fact[v->fact];
    if (c && !put_value(b, c, data, v)) return false;
  }
  return true;
}

bool block_add(struct block *b, struct case_data *data) {
  if (!buffer_reserve(&data->texts, TEXT_PADDING) || !block_has_room(b)) return false;
  bool fits = put_values(b, data);
  block_end(b);
  return fits;
}

uint32_t block_count(const struct block *b) {
  return b->count;
}

// ---------------------------------------------------------------------------------------- deciding

static bool fit_scratch(struct block *b, const soc_batch_input *input) {
  size_t needed = soc_batch_scratch_bytes(b->batch, input);
  if (needed <= b->scratch_bytes) return needed > 0;
  free(b->scratch);
  b->again = false;
  b->scratch_bytes = needed + needed / 4;
  b->scratch = malloc(b->scratch_bytes);
  if (!b->scratch) b->scratch_bytes = 0;
  return b->scratch != NULL;
}

bool block_decide(struct block *b) {
  for (uint32_t i = 0; i < b->fact_count; i++) {
    const struct block_column *c = &b->columns[i];
    if (c->dictionary) c->column->dictionary = c->dictionary->public;
  }
  soc_batch_input input = {b->count, b->public};
  if (b->count == 0 || !fit_scratch(b, &input)) return false;
  soc_status status = (b->again ? soc_batch_decide_again : soc_batch_decide)(
      b->batch, &input, b->results, b->scratch, b->scratch_bytes, NULL, NULL);
  b->again = status == SOC_OK;
  return b->again;
}
