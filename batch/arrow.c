// SPDX-License-Identifier: Apache-2.0
//
// Arrays of the Arrow C Data Interface as columns: nothing is copied, only where things lie is written down. What an
// array says of itself is checked as far as it can be; that its buffers are as long as it says is the producer's
// promise.
#include <string.h>

#include "batch/batch.h"

typedef struct source {
  const struct ArrowSchema *schema;
  const struct ArrowArray *array;
  uint64_t first, length;
} source;

// ----------------------------------------------------------------------------------------- what an array is

static bool has_format(const struct ArrowSchema *s, const char *format) {
  return strcmp(s->format, format) == 0;
}

// What every array says of itself, and its schema of its format: asked before anything else of them is read.
static bool valid(const struct ArrowSchema *s, const struct ArrowArray *a) {
  return s && a && s->format && a->offset >= 0 && a->length >= 0 && a->n_buffers >= 0 &&
         (a->n_buffers == 0 || a->buffers) && s->n_children == a->n_children &&
         s->n_children >= 0 && (s->n_children == 0 || (s->children && a->children));
}

static bool has_buffers(const struct ArrowArray *a, int64_t count) {
  return a->n_buffers == count;
}

// Bits that tell which elements are given; NULL: all.
static const uint8_t *given_bits(const struct ArrowArray *a) {
  return a->null_count != 0 && a->n_buffers > 0 ? a->buffers[0] : NULL;
}

// A count of -1 was not worked out by the producer: then the bits tell.
static bool has_nulls(const struct ArrowArray *a) {
  const uint8_t *given = given_bits(a);
  uint64_t at = (uint64_t)a->offset, end = at + (uint64_t)a->length;
  if (!given || a->null_count > 0) {
    return given != NULL;
  }
  while (at < end && batch_bit(given, at)) {
    at += at % 8 == 0 && end - at >= 8 && given[at / 8] == 0xff ? 8 : 1;
  }
  return at < end;
}

// Integers that can be an index; signed and unsigned are the same as long as none is negative.
static soc_layout index_layout(const struct ArrowSchema *s) {
  static const struct {
    const char *signed_one, *unsigned_one;
    soc_layout layout;
  } widths[] = {
      {"c", "C", SOC_LAYOUT_INT8}, {"s", "S", SOC_LAYOUT_INT16}, {"i", "I", SOC_LAYOUT_INT32}};
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    if (has_format(s, widths[i].signed_one) || has_format(s, widths[i].unsigned_one)) {
      return widths[i].layout;
    }
  }
  return SOC_LAYOUT_LEFT_OUT;
}

// A producer may leave the bytes out where there are none.
static bool all_empty(const soc_dictionary *d) {
  for (uint64_t i = 0; d->count > 0 && i <= d->count; i++) {
    if (d->offsets[i] != 0) {
      return false;
    }
  }
  return true;
}

// So many texts, from number `from` on.
static bool take_texts(const struct ArrowArray *a, uint64_t from, uint64_t count,
                       soc_dictionary *out) {
  if (!has_buffers(a, 3) || count > INT32_MAX) {
    return false;
  }
  *out = (soc_dictionary){.bytes = a->buffers[2] ? a->buffers[2] : "", .count = (uint32_t)count};
  if (count > 0 && a->buffers[1]) {
    out->offsets = (const int32_t *)a->buffers[1] + from;
  }
  return (count == 0 || out->offsets) && (a->buffers[2] || all_empty(out));
}

static bool take_dictionary(const struct ArrowSchema *s, const struct ArrowArray *a,
                            soc_dictionary *out) {
  return valid(s, a) && has_format(s, "u") && a->length > 0 && !has_nulls(a) &&
         take_texts(a, (uint64_t)a->offset, (uint64_t)a->length, out);
}

// ------------------------------------------------------------------------------------------- values by type

// Codes, texts and enumerations: plain texts, indexes into texts, or the numbers of an enumeration's values.
static bool take_entries(const source *x, bool numbered, soc_column *c) {
  if (has_format(x->schema, "u")) {
    c->layout = SOC_LAYOUT_PLAIN; // which elements are given is known apart
    return take_texts(x->array, 0, x->first + x->length, &c->dictionary);
  }
  const struct ArrowArray *d = x->array->dictionary;
  c->layout = index_layout(x->schema);
  if (c->layout == SOC_LAYOUT_LEFT_OUT || !has_buffers(x->array, 2)) {
    return false;
  }
  c->values = x->array->buffers[1];
  if (!d || !x->schema->dictionary) {
    return numbered && !d && !x->schema->dictionary;
  }
  return take_dictionary(x->schema->dictionary, d, &c->dictionary);
}

// "d:PRECISION,SCALE,WIDTH" of 32 or 64 bits, with at most six digits behind the point.
static bool take_decimal(const char *format, soc_column *c) {
  static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  const char *comma = strchr(format, ',');
  if (strncmp(format, "d:", 2) != 0 || !comma || comma[1] < '0' || comma[1] > '6' ||
      comma[2] != ',') {
    return false;
  }
  bool narrow = strcmp(comma + 3, "32") == 0;
  c->layout = narrow ? SOC_LAYOUT_INT32 : SOC_LAYOUT_INT64;
  c->unit = units[comma[1] - '0'];
  return narrow || strcmp(comma + 3, "64") == 0;
}

static bool take_numbers(const source *x, soc_column *c) {
  bool narrow = has_format(x->schema, "i");
  if (!has_buffers(x->array, 2)) {
    return false;
  }
  c->values = x->array->buffers[1];
  c->layout = narrow ? SOC_LAYOUT_INT32 : SOC_LAYOUT_INT64;
  c->unit = 1000000;
  return narrow || has_format(x->schema, "l") || take_decimal(x->schema->format, c);
}

static bool take_fixed(const source *x, const char *format, soc_layout layout, soc_column *c) {
  c->layout = layout;
  if (!has_format(x->schema, format) || !has_buffers(x->array, 2)) {
    return false;
  }
  c->values = x->array->buffers[1];
  return true;
}

static bool has_child(const source *x) {
  return has_format(x->schema, "+l") && has_buffers(x->array, 2) && x->array->n_children == 1 &&
         valid(x->schema->children[0], x->array->children[0]);
}

static bool take_list(const source *x, bool numbered, soc_column *c) {
  if (!has_child(x)) {
    return false;
  }
  const struct ArrowArray *child = x->array->children[0];
  if (has_nulls(child)) {
    return false;
  }
  source items = {x->schema->children[0], child, (uint64_t)child->offset, (uint64_t)child->length};
  c->offsets = x->array->buffers[1];
  c->first_item = items.first;
  c->item_count = items.length;
  return c->offsets && take_entries(&items, numbered, c);
}

static bool take_records(const source *x, soc_column *c) {
  c->layout = SOC_LAYOUT_ROWS;
  if (!has_child(x) || !has_format(x->schema->children[0], "+s") ||
      has_nulls(x->array->children[0])) {
    return false;
  }
  c->offsets = x->array->buffers[1];
  return c->offsets != NULL;
}

static bool take_values(const source *x, const soc_fact_info *fact, soc_column *c) {
  switch (fact->type) {
  case SOC_BOOL: return take_fixed(x, "b", SOC_LAYOUT_BITS, c);
  case SOC_DATE: c->day_zero = SOC_DAY_1970; return take_fixed(x, "tdD", SOC_LAYOUT_INT32, c);
  case SOC_LINE: return take_fixed(x, "i", SOC_LAYOUT_INT32, c);
  case SOC_NUMBER: return take_numbers(x, c);
  case SOC_CODE_LIST: return take_list(x, false, c);
  case SOC_ENUM_LIST: return take_list(x, true, c);
  case SOC_RECORDS: return take_records(x, c);
  default: return take_entries(x, fact->type == SOC_ENUM, c);
  }
}

// ---------------------------------------------------------------------------------------------- columns

typedef struct reading {
  const soc_policy *policy;
  uint32_t flags;
  soc_column *columns;
  uint32_t fact; // that was refused
} reading;

static bool take_column(reading *m, uint32_t index, const source *x) {
  soc_fact_info fact;
  soc_column c = {.first = x->first, .length = x->length};
  m->fact = index;
  if (soc_policy_fact(m->policy, index, &fact) != SOC_OK) {
    return false;
  }
  c.given = given_bits(x->array);
  c.rest_is_none = (m->flags & SOC_NULL_IS_NONE) && (fact.flags & SOC_FACT_NULLABLE);
  if (!take_values(x, &fact, &c)) {
    return false;
  }
  m->columns[index] = c;
  return true;
}

enum { MOST_NAME = 256 };

// Joins "claim.lines", "[]." and "code". False: no fact has so long a name.
static bool join_names(const char *list, const char *field, char name[MOST_NAME], size_t *length) {
  size_t a = list ? strlen(list) : 0, b = field ? strlen(field) : 0, middle = list ? 3 : 0;
  if (!field || a + middle + b >= MOST_NAME) {
    return false;
  }
  memcpy(name, list ? list : "", a);
  memcpy(name + a, "[].", middle);
  memcpy(name + a + middle, field, b);
  *length = a + middle + b;
  return true;
}

static bool take_children(reading *m, const source *x, const char *list);

// The rows of a record list: a struct of their fields.
static bool take_rows(reading *m, const source *list) {
  const struct ArrowArray *rows = list->array->children[0];
  source x = {list->schema->children[0], rows, (uint64_t)rows->offset, (uint64_t)rows->length};
  return take_children(m, &x, list->schema->name);
}

// Child number `i` of a struct, if the policy reads it.
static bool take_child(reading *m, const source *x, int64_t i, const char *list) {
  char name[MOST_NAME];
  size_t length;
  const struct ArrowSchema *schema = x->schema->children[i];
  const struct ArrowArray *child = x->array->children[i];
  uint32_t fact = schema && join_names(list, schema->name, name, &length)
                      ? soc_policy_find_fact(m->policy, name, length)
                      : SOC_NO_INDEX;
  if (fact == SOC_NO_INDEX) {
    return schema != NULL; // nobody reads it
  }
  m->fact = fact;
  if (!valid(schema, child) || x->first + x->length > (uint64_t)child->length) {
    return false;
  }
  source y = {schema, child, x->first + (uint64_t)child->offset, x->length};
  if (!take_column(m, fact, &y)) {
    return false;
  }
  return m->columns[fact].layout != SOC_LAYOUT_ROWS || take_rows(m, &y);
}

// The children of a struct: facts of the case, or fields of a record list.
static bool take_children(reading *m, const source *x, const char *list) {
  if (!has_format(x->schema, "+s") || has_nulls(x->array)) {
    return false;
  }
  for (int64_t i = 0; i < x->array->n_children; i++) {
    if (!take_child(m, x, i, list)) {
      return false;
    }
  }
  return true;
}

soc_status soc_batch_from_arrow(const soc_policy *policy, const struct ArrowSchema *schema,
                                const struct ArrowArray *array, uint32_t flags, soc_column *columns,
                                soc_batch_input *input, uint32_t *fact, soc_error *error) {
  reading m = {policy, flags, columns, SOC_NO_INDEX};
  soc_status status = SOC_ERR_ARGUMENT;
  if (policy && valid(schema, array) && columns && input && (flags & ~SOC_NULL_IS_NONE) == 0 &&
      array->length <= (int64_t)SOC_BATCH_MOST) {
    soc_policy_info info;
    soc_policy_describe(policy, &info);
    memset(columns, 0, info.fact_count * sizeof *columns);
    source x = {schema, array, (uint64_t)array->offset, (uint64_t)array->length};
    if (take_children(&m, &x, NULL)) {
      *input = (soc_batch_input){(uint32_t)array->length, columns};
      status = SOC_OK;
    }
  }
  if (fact) {
    *fact = status == SOC_OK ? SOC_NO_INDEX : m.fact;
  }
  if (status != SOC_OK && error) {
    *error = (soc_error){"arrow", "an array has a form that the fact cannot be read from", 0};
  }
  return status;
}
