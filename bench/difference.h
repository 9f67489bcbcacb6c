// SPDX-License-Identifier: Apache-2.0
//
// What differs between two answers, put together as one text.
#ifndef SOC_BENCH_DIFFERENCE_H
#define SOC_BENCH_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

struct difference {
  char *text; // of the caller
  size_t size, used;
  bool found;
};

// Appends to the text what fits, and sets `found`.
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void differ(struct difference *d, const char *format, ...);

#endif
