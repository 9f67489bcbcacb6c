// SPDX-License-Identifier: Apache-2.0
//
// Whether two readers made the same of a case: error with place and message, or values.
#ifndef SOC_TESTS_SAME_CASE_H
#define SOC_TESTS_SAME_CASE_H

#include "cli/case_reader.h"

#include <string.h>

static inline bool same_buffer(const struct buffer *a, const struct buffer *b) {
  return a->length == b->length && memcmp(buffer_get(a), buffer_get(b), a->length) == 0;
}

static inline bool same_value(const struct case_value *a, const struct case_value *b) {
  return a->fact == b->fact && a->row == b->row && a->kind == b->kind && a->target == b->target &&
         a->number == b->number; // or text
}

static inline bool same_error(const struct case_error *a, const struct case_error *b) {
  if (!a->code || !b->code) return a->code == b->code;
  return strcmp(a->code, b->code) == 0 && same_buffer(&a->pointer, &b->pointer) &&
         same_buffer(&a->message, &b->message) && a->has_offset == b->has_offset &&
         (!a->has_offset || a->offset == b->offset);
}

static inline bool same_case(const struct case_data *a, const struct case_data *b) {
  if (a->has_id != b->has_id || !same_buffer(&a->id, &b->id) || !same_error(&a->error, &b->error) ||
      a->no_memory != b->no_memory)
    return false;
  if (a->error.code) return true; // values before the error are nobody's
  if (a->count != b->count || a->most_rows != b->most_rows || a->most_items != b->most_items ||
      a->row_items != b->row_items || !same_buffer(&a->texts, &b->texts))
    return false;
  for (size_t i = 0; i < a->count; i++) {
    if (!same_value(&a->values[i], &b->values[i])) return false;
  }
  return true;
}

#endif
