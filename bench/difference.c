// SPDX-License-Identifier: Apache-2.0
//
// See difference.h.
#include "difference.h"

#include <stdarg.h>
#include <stdio.h>

void differ(struct difference *d, const char *format, ...) {
  d->found = true;
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(d->text + d->used, d->size - d->used, format, arguments);
  va_end(arguments);
  if (n > 0) d->used += (size_t)n;
  if (d->used >= d->size) d->used = d->size - 1;
}
