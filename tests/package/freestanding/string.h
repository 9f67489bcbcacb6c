// SPDX-License-Identifier: Apache-2.0
//
// All of <string.h> that soc_vm may use, for targets without a C library.
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *at, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *text);
