// SPDX-License-Identifier: Apache-2.0
//
// Hands a case over to a policy: of what the reader checked, only the facts of the policy's manifest are stored. The
// mapping from vocabulary to manifest, values of enumerations included, is made once per policy.
#include "cli/artifacts.h"

#include <stdlib.h>
#include <string.h>

static const soc_case_limits FIRST = {
    .rows = 16, .items = 64, .row_items = 128, .text_bytes = 4096};

// ---------------------------------------------------------------------------------------- mapping

static uint32_t value_of(const soc_policy *policy, uint32_t fact, uint32_t count, soc_text name) {
  for (uint32_t i = 0; i < count; i++) {
    soc_text value = soc_policy_fact_value(policy, fact, i);
    if (value.length == name.length && memcmp(value.data, name.data, name.length) == 0) return i;
  }
  return SOC_NO_INDEX;
}

static void map_values(struct binding *b, uint32_t fact, const soc_fact_info *about,
                       uint32_t index) {
  for (uint32_t i = 0; i < b->v->facts[fact].value_count; i++) {
    soc_text name = soc_vocabulary_value(b->v->vocabulary, fact, i);
    b->values[b->facts[fact].first_value + i] =
        value_of(b->policy, index, about->value_count, name);
  }
}

// The vocabulary calls a reference to a line a number, which is how cases write it.
static bool same_type(const soc_vocabulary_fact *f, soc_type type) {
  return f->type == type || (f->line_of != SOC_NO_INDEX && type == SOC_LINE);
}

static bool map_fact(struct binding *b, uint32_t index, const char *path) {
  soc_fact_info about;
  if (soc_policy_fact(b->policy, index, &about) != SOC_OK) return false; // it is below fact_count
  uint32_t fact = vocabulary_find(b->v, about.name.data, about.name.length);
  bool known = fact != SOC_NO_INDEX && same_type(&b->v->facts[fact], about.type);
  if (!known && path)
    trouble("%s reads the fact %.*s, which %s; soc decide reads cases of the standard vocabulary "
            "alone, "
            "an engine that embeds the virtual machine can decide others",
            path, (int)about.name.length, about.name.data,
            fact == SOC_NO_INDEX ? "the standard vocabulary does not have"
                                 : "has another type in the standard vocabulary");
  if (!known) return false;
  b->facts[fact].manifest = index;
  b->vocabulary[index] = fact;
  if (about.type == SOC_ENUM || about.type == SOC_ENUM_LIST) map_values(b, fact, &about, index);
  return true;
}

// Room for a case; what was set is forgotten.
static bool make_case(struct binding *b, soc_case_limits limits) {
  size_t size = soc_case_bytes(b->policy, &limits);
  void *memory = size ? malloc(size) : NULL;
  soc_case *c;
  if (!memory || soc_case_init(&c, b->policy, &limits, memory, size, NULL) != SOC_OK) {
    free(memory);
    return false;
  }
  free(b->memory);
  b->memory = memory;
  b->c = c;
  b->limits = limits;
  return true;
}

static bool is_list(soc_type type) {
  return type == SOC_CODE_LIST || type == SOC_ENUM_LIST || type == SOC_RECORDS;
}

static bool allocate_maps(struct binding *b, uint32_t fact_count) {
  size_t count = b->v->fact_count + (size_t)1, values = 0;
  b->facts = calloc(count, sizeof *b->facts);
  b->vocabulary = calloc(fact_count + (size_t)1, sizeof *b->vocabulary);
  if (!b->facts || !b->vocabulary) return false;
  for (uint32_t i = 0; i < b->v->fact_count; i++) {
    const soc_vocabulary_fact *f = &b->v->facts[i];
    b->facts[i] = (struct bound_fact){.manifest = SOC_NO_INDEX,
                                      .first_value = (uint32_t)values,
                                      .list_in_row = f->list != SOC_NO_INDEX && is_list(f->type)};
    values += f->value_count;
  }
  b->values = calloc(values + 1, sizeof *b->values);
  return b->values != NULL;
}

bool binding_open(struct binding *b, const struct vocabulary_index *v, const soc_policy *policy,
                  const char *name) {
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  *b = (struct binding){.v = v, .policy = policy};
  bool ok = allocate_maps(b, info.fact_count);
  if (!ok) trouble_memory();
  for (uint32_t i = 0; ok && i < info.fact_count; i++) ok = map_fact(b, i, name);
  if (ok && !make_case(b, FIRST)) ok = false, trouble_memory();
  if (!ok) binding_close(b);
  return ok;
}

void binding_close(struct binding *b) {
  free(b->facts);
  free(b->vocabulary);
  free(b->values);
  free(b->memory);
  *b = (struct binding){0};
}

// ---------------------------------------------------------------------------------------- setting

static uint32_t grown(uint32_t has, size_t needs, uint32_t most) {
  uint64_t size = has;
  while (size < needs) size *= 2;
  return size > most ? most : (uint32_t)size;
}

// Bytes that texts of the case can take, their ends included.
static size_t text_bytes(const struct case_data *data) {
  return data->texts.length + data->count;
}

// Room for the case at hand. False: out of memory.
static bool fit_case(struct binding *b, const struct case_data *data) {
  const soc_case_limits *has = &b->limits;
  if (data->most_rows <= has->rows && data->most_items <= has->items &&
      data->row_items <= has->row_items && text_bytes(data) <= has->text_bytes)
    return true;
  soc_case_limits limits = {.rows = grown(has->rows, data->most_rows, SOC_MAX_ROWS),
                            .items = grown(has->items, data->most_items, SOC_MAX_ROWS),
                            .row_items = grown(has->row_items, data->row_items, UINT32_MAX),
                            .text_bytes = grown(has->text_bytes, text_bytes(data), UINT32_MAX)};
  return make_case(b, limits);
}

// A value of an enumeration as the policy numbers it; SOC_NO_INDEX, which no setter takes: unknown to it.
static inline uint32_t policy_value(const struct binding *b, const struct bound_fact *f,
                                    const struct case_value *v) {
  return b->values[f->first_value + (uint32_t)v->number];
}

// A list that is a field of a record, or an item of it.
static soc_status set_in_row(const struct binding *b, const struct case_data *data,
                             const struct bound_fact *f, const struct case_value *v) {
  if (v->kind == CASE_LIST) return soc_case_set_row_list(b->c, f->manifest, v->row);
  if (v->kind == CASE_CODE_ITEM)
    return soc_case_add_row_code(b->c, f->manifest, v->row, case_text(data, v), v->text_length);
  return soc_case_add_row_enum(b->c, f->manifest, v->row, policy_value(b, f, v));
}

static soc_status set_list(const struct binding *b, const struct case_data *data,
                           const struct bound_fact *f, const struct case_value *v) {
  if (f->list_in_row) return set_in_row(b, data, f, v);
  if (v->kind == CASE_LIST) return soc_case_set_list(b->c, f->manifest, (uint32_t)v->number);
  if (v->kind == CASE_CODE_ITEM)
    return soc_case_add_code(b->c, f->manifest, case_text(data, v), v->text_length);
  return soc_case_add_enum(b->c, f->manifest, policy_value(b, f, v));
}

static inline soc_status set_value(const struct binding *b, const struct case_data *data,
                                   const struct case_value *v) {
  const struct bound_fact *f = &b->facts[v->fact];
  uint32_t fact = f->manifest;
  if (fact == SOC_NO_INDEX) return SOC_OK;
  switch (v->kind) {
  case CASE_BOOL: return soc_case_set_bool(b->c, fact, v->row, v->number != 0);
  case CASE_ENUM: return soc_case_set_enum(b->c, fact, v->row, policy_value(b, f, v));
  case CASE_DATE: return soc_case_set_date(b->c, fact, v->row, (int32_t)v->number);
  case CASE_NUMBER: return soc_case_set_number(b->c, fact, v->row, v->number);
  case CASE_LINE: return soc_case_set_line(b->c, fact, v->row, v->target);
  case CASE_CODE: return soc_case_set_code(b->c, fact, v->row, case_text(data, v), v->text_length);
  case CASE_TEXT: return soc_case_set_text(b->c, fact, v->row, case_text(data, v), v->text_length);
  case CASE_NONE: return soc_case_set_none(b->c, fact, v->row);
  case CASE_LIST:
  case CASE_CODE_ITEM:
  case CASE_ENUM_ITEM: break;
  }
  return set_list(b, data, f, v);
}

// What the vocabulary allows and this version of the policy does not: a value that came later, say.
static enum binding_status refuse(struct binding *b, struct case_data *data,
                                  const struct case_value *v) {
  data->error.code = "fact_value";
  vocabulary_pointer(b->v, v->fact, v->row, SOC_NO_INDEX, &data->error.pointer);
  buffer_text(&data->error.message, "this version of the policy cannot take that value");
  return data->error.message.failed || data->error.pointer.failed ? BINDING_NO_MEMORY
                                                                  : BINDING_REFUSED;
}

enum binding_status binding_set(struct binding *b, struct case_data *data) {
  soc_case_clear(b->c);
  if (!fit_case(b, data)) return BINDING_NO_MEMORY;
  for (size_t i = 0; i < data->count; i++) {
    const struct case_value *v = &data->values[i];
    if (set_value(b, data, v) != SOC_OK) return refuse(b, data, v);
  }
  return BINDING_DONE;
}
