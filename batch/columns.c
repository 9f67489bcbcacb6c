// SPDX-License-Identifier: Apache-2.0
//
// What the host's columns hold: whether they lie as they must, single elements, and what the entries of dictionaries
// are worth to the policy, looked up once for each entry.
#include <string.h>

#include "batch/batch.h"

soc_status batch_refuse(batch_run *run, soc_status status, uint32_t fact, uint64_t element,
                        const char *code, const char *sentence) {
  run->report.fact = fact;
  run->report.element = element;
  run->error = (soc_error){code, sentence, 0};
  return status;
}

// ------------------------------------------------------------------------------------------ elements

bool batch_bit(const uint8_t *bits, uint64_t at) {
  return (bits[at / 8] >> at % 8 & 1) != 0;
}

soc_state batch_state_at(const soc_column *c, uint64_t element) {
  uint64_t at = c->first + element;
  if (!c->given || batch_bit(c->given, at)) {
    return SOC_GIVEN;
  }
  bool none = c->rest_is_none || (c->none && batch_bit(c->none, at));
  return none ? SOC_NONE : SOC_LEFT_OUT;
}

uint64_t batch_index_at(const soc_column *c, uint64_t at) {
  switch (c->layout) {
  case SOC_LAYOUT_INT8: return ((const uint8_t *)c->values)[at];
  case SOC_LAYOUT_INT16: return ((const uint16_t *)c->values)[at];
  case SOC_LAYOUT_INT32: return ((const uint32_t *)c->values)[at];
  default: return at;
  }
}

bool batch_number_at(const batch_fact *f, const soc_column *c, uint64_t at, int64_t *value) {
  if (c->layout == SOC_LAYOUT_BITS) {
    *value = batch_bit(c->values, at);
    return true;
  }
  int64_t unit = f->type == SOC_NUMBER && c->unit != 0 ? c->unit : 1;
  int64_t n = c->layout == SOC_LAYOUT_INT32 ? ((const int32_t *)c->values)[at]
                                            : ((const int64_t *)c->values)[at];
  if (n > SOC_NUMBER_MAX / unit || n < -SOC_NUMBER_MAX / unit) {
    return false;
  }
  *value = n * unit + (f->type == SOC_DATE ? c->day_zero : 0);
  bool whole = !f->whole || *value % SOC_MICRO == 0;
  return *value >= f->minimum && *value <= f->maximum && whole;
}

// --------------------------------------------------------------------------------------------- checks

static bool is_index(soc_layout layout) {
  return layout >= SOC_LAYOUT_INT8 && layout <= SOC_LAYOUT_INT32;
}

static bool is_list(uint8_t type) {
  return type == SOC_CODE_LIST || type == SOC_ENUM_LIST;
}

static bool fits(const batch_fact *f, const soc_column *c) {
  bool entries = c->layout == SOC_LAYOUT_PLAIN || c->dictionary.count > 0;
  switch (f->type) {
  case SOC_BOOL: return c->layout == SOC_LAYOUT_BITS;
  case SOC_ENUM:
  case SOC_ENUM_LIST: return c->layout == SOC_LAYOUT_PLAIN || is_index(c->layout);
  case SOC_CODE:
  case SOC_TEXT:
  case SOC_CODE_LIST: return c->layout == SOC_LAYOUT_PLAIN || (is_index(c->layout) && entries);
  case SOC_DATE:
  case SOC_LINE: return c->layout == SOC_LAYOUT_INT32;
  case SOC_NUMBER: return c->layout == SOC_LAYOUT_INT32 || c->layout == SOC_LAYOUT_INT64;
  default: return c->layout == SOC_LAYOUT_ROWS;
  }
}

static bool rises(const int32_t *offsets, uint64_t count, uint64_t most) {
  return count == 0 || (offsets[0] >= 0 && batch_slopes(offsets, count) <= INT32_MAX &&
                        (uint64_t)offsets[count] <= most);
}

// Enough entries for `needed` plain elements, in rising order, and not so many that a table of them has more bytes than
// 32 bits can count.
static bool good_dictionary(const soc_column *c, uint64_t needed, bool all) {
  const soc_dictionary *d = &c->dictionary;
  if (d->count > INT32_MAX || (d->count > 0 && (!d->bytes || !d->offsets))) {
    return false;
  }
  return (c->layout != SOC_LAYOUT_PLAIN || d->count >= needed) &&
         (d->count == 0 || !all || rises(d->offsets, d->count, INT32_MAX));
}

static soc_status bad_column(batch_run *run, uint32_t fact, const char *sentence) {
  return batch_refuse(run, SOC_ERR_ARGUMENT, fact, 0, "column", sentence);
}

// Rows that a record list has over all cases.
uint64_t batch_rows_of(const soc_batch_input *input, const soc_column *list) {
  return list->layout == SOC_LAYOUT_ROWS ? (uint64_t)list->offsets[list->first + input->count] : 0;
}

// The elements of a column that will be read: `count` from `first` on. Whether the entries of its dictionary rise:
// only if `entries`; else they are checked one by one.
typedef struct part {
  uint64_t first, count;
  bool entries;
} part;

static soc_status check_list(batch_run *run, uint32_t fact, const soc_column *c, part read) {
  const batch_fact *f = &run->batch->facts[fact];
  if (!c->offsets) {
    return bad_column(run, fact, "a list has no offsets");
  }
  uint64_t most = f->type == SOC_RECORDS ? INT32_MAX : c->item_count;
  if (!rises(c->offsets + c->first + read.first, read.count, most)) {
    return bad_column(run, fact, "offsets do not rise, or go past the last item");
  }
  return SOC_OK;
}

static soc_status check_column(batch_run *run, uint32_t fact, part read) {
  uint64_t needed = read.first + read.count;
  const batch_fact *f = &run->batch->facts[fact];
  const soc_column *c = &run->input->columns[fact];
  if (!fits(f, c)) {
    return bad_column(run, fact, "the layout does not fit the fact's type");
  }
  if (c->length < needed) {
    return bad_column(run, fact, "the column is shorter than the input");
  }
  if (c->first > UINT64_MAX - needed || c->first_item > UINT64_MAX - c->item_count) {
    return bad_column(run, fact, "the column begins too far behind its first element");
  }
  bool list = is_list(f->type) || f->type == SOC_RECORDS;
  if (!c->values && needed > 0 && c->layout != SOC_LAYOUT_PLAIN && c->layout != SOC_LAYOUT_ROWS &&
      (!list || c->item_count > 0)) {
    return bad_column(run, fact, "the column has no values");
  }
  if (f->type == SOC_NUMBER && (c->unit < 0 || c->unit > SOC_NUMBER_MAX)) {
    return bad_column(run, fact, "the unit is not one of a number");
  }
  uint64_t entries = is_list(f->type) ? c->first_item + c->item_count : c->first + needed;
  if (!good_dictionary(c, entries, read.entries)) {
    return bad_column(run, fact,
                      "the dictionary has too few entries or too many, or its offsets do not rise");
  }
  return list ? check_list(run, fact, c, read) : SOC_OK;
}

// The rows of all cases, or those of one, whose list has been checked.
static part rows_read(const soc_batch_input *input, const soc_column *list, bool single,
                      uint64_t index) {
  uint64_t first = 0;
  if (!single) {
    return (part){0, batch_rows_of(input, list), true};
  }
  uint32_t count = batch_rows_in(list, index, &first);
  return (part){first, count, false};
}

// Facts of the case first: the fields of a list have as many elements as the list has rows. `single`: as far as one
// case reads them.
static soc_status check_columns(batch_run *run, bool single, uint64_t index) {
  const soc_batch *b = run->batch;
  for (uint32_t fields = 0; fields < 2; fields++) {
    for (uint32_t fact = 0; fact < b->fact_count; fact++) {
      uint16_t list = b->facts[fact].list;
      if ((list != SOC_NONE16) != (fields == 1) ||
          run->input->columns[fact].layout == SOC_LAYOUT_LEFT_OUT) {
        continue;
      }
      part read = {0, run->input->count, !single};
      if (fields == 1) {
        read = rows_read(run->input, &run->input->columns[list], single, index);
      } else if (single) {
        read = (part){index, 1, false};
      }
      soc_status status = check_column(run, fact, read);
      if (status != SOC_OK) {
        return status;
      }
    }
  }
  return SOC_OK;
}

soc_status batch_check_input(batch_run *run) {
  return check_columns(run, false, 0);
}

soc_status batch_check_case(batch_run *run, uint64_t index) {
  return check_columns(run, true, index);
}

// ---------------------------------------------------------------------------------------- dictionaries

// Entries that a table of the column needs; 0: none.
uint32_t batch_entries(const soc_batch *b, uint32_t fact, const soc_column *c) {
  uint8_t type = b->facts[fact].type;
  bool looked_up = type == SOC_ENUM || type == SOC_CODE || type == SOC_TEXT || is_list(type);
  bool unused = b->facts[fact].list != SOC_NONE16 && b->facts[fact].bits == 0;
  unused = unused || (b->facts[fact].list != SOC_NONE16 && is_list(type));
  if (!b->plan || !looked_up || unused || c->layout == SOC_LAYOUT_LEFT_OUT) {
    return 0;
  }
  return c->dictionary.count > 0 ? c->dictionary.count : b->facts[fact].values;
}

// Bytes of an entry: a bit for everything that is asked.
uint32_t batch_groups(const soc_batch *b, uint32_t fact) {
  return (b->facts[fact].bits + 7) / 8;
}

// The value of an entry as a case holds it; false: the fact cannot have it.
static bool value_of(batch_run *run, uint32_t fact, uint32_t entry, int64_t *value) {
  const soc_column *c = &run->input->columns[fact];
  soc_case *one = run->single;
  const soc_dictionary *d = &c->dictionary;
  uint8_t type = run->batch->facts[fact].type;
  if (d->count == 0) {
    *value = entry;
    return true;
  }
  const char *text = d->bytes + d->offsets[entry];
  size_t length = (size_t)(d->offsets[entry + 1] - d->offsets[entry]);
  if (type == SOC_ENUM || type == SOC_ENUM_LIST) {
    return batch_value_named(run->batch, fact, text, length, value);
  }
  soc_case_clear(one);
  if (run->batch->facts[fact].list != SOC_NONE16 &&
      soc_case_set_list(one, run->batch->facts[fact].list, 1) != SOC_OK) {
    return false;
  }
  if (type != SOC_CODE_LIST) {
    soc_status status = type == SOC_CODE ? soc_case_set_code(one, fact, 0, text, length)
                                         : soc_case_set_text(one, fact, 0, text, length);
    *value = one->values[vm_slot_of(&one->columns[fact], 0)];
    return status == SOC_OK;
  }
  bool good = soc_case_set_list(one, fact, 0) == SOC_OK &&
              soc_case_add_code(one, fact, text, length) == SOC_OK;
  *value = (int64_t)one->item_values[one->columns[fact].items];
  return good;
}

bool batch_value_named(const soc_batch *b, uint32_t fact, const char *text, size_t length,
                       int64_t *value) {
  for (uint32_t v = 0; v < b->facts[fact].values; v++) {
    soc_text name = soc_policy_fact_value(&b->policy, fact, v);
    if (name.length == length && memcmp(name.data, text, length) == 0) {
      *value = v;
      return true;
    }
  }
  return false;
}

static void put_entry(batch_column *t, uint32_t entry, uint64_t bits) {
  bool lacks = (bits & BATCH_NO_VALUE) != 0;
  t->lacks_value = t->lacks_value || lacks;
  for (uint32_t g = 0; g < t->groups; g++) {
    t->table[(size_t)g * t->stride + entry] = (uint8_t)(bits >> 8 * g);
  }
  t->table[(size_t)t->groups * t->stride + entry] = lacks;
}

// Behind the entries: what is no value.
static void put_end(batch_column *t) {
  for (uint32_t g = 0; g <= t->groups; g++) {
    memset(t->table + (size_t)g * t->stride + t->entries, g == t->groups, t->row - t->entries);
  }
}

soc_status batch_look_up(batch_run *run) {
  const soc_batch *b = run->batch;
  for (uint32_t fact = 0; fact < b->fact_count; fact++) {
    batch_column *t = &run->columns[fact];
    if (t->entries != t->known) { // none at all, too
      soc_status status = batch_open_single(run);
      if (status != SOC_OK) {
        return status;
      }
      for (uint32_t entry = t->known; entry < t->entries; entry++) {
        int64_t value;
        bool good = value_of(run, fact, entry, &value);
        put_entry(t, entry, good ? batch_bits_of(b, fact, value) : BATCH_NO_VALUE);
      }
      put_end(t);
    }
    t->looked_up_for = b;
  }
  return SOC_OK;
}
