// SPDX-License-Identifier: Apache-2.0
//
// Text that tests write sources into. Aborts when memory is out.
#ifndef SOC_TESTS_TEXT_H
#define SOC_TESTS_TEXT_H

#include <stddef.h>

struct text {
  char *data; // NULL or NUL-terminated
  size_t length, capacity;
};

void text_put(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3))); // at most 511 bytes
void text_bytes(struct text *t, const char *bytes, size_t count);
void text_repeat(struct text *t, const char *piece, size_t times);
void text_free(struct text *t);

#endif
