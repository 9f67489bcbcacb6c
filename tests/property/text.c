// SPDX-License-Identifier: Apache-2.0
//
// See text.h.
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct text *t, size_t more) {
  if (t->length + more + 1 <= t->capacity) return;
  t->capacity = 2 * (t->length + more + 1);
  t->data = realloc(t->data, t->capacity);
  if (t->data == NULL) abort();
}

void text_bytes(struct text *t, const char *bytes, size_t count) {
  reserve(t, count);
  if (count) memcpy(t->data + t->length, bytes, count);
  t->length += count;
  t->data[t->length] = 0;
}

void text_put(struct text *t, const char *format, ...) {
  char piece[512];
  va_list args;
  va_start(args, format);
  int n = vsnprintf(piece, sizeof piece, format, args);
  va_end(args);
  if (n < 0 || (size_t)n >= sizeof piece) abort();
  text_bytes(t, piece, (size_t)n);
}

void text_repeat(struct text *t, const char *piece, size_t times) {
  size_t length = strlen(piece);
  reserve(t, length * times);
  for (; times > 0; times--) text_bytes(t, piece, length);
}

void text_free(struct text *t) {
  free(t->data);
  memset(t, 0, sizeof *t);
}
