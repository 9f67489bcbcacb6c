// SPDX-License-Identifier: Apache-2.0
//
// Memory for what is fuzzed, kept from one execution to the next, of which exactly the bytes asked for may be touched:
// a page that nobody may touch lies at one of its ends, AddressSanitizer knows the rest, and without it the few bytes
// of rounding hold a pattern that is looked at afterwards. So a build without AddressSanitizer, ten times as fast,
// still stops at what leaves the memory.
#ifndef SOC_TESTS_FUZZ_GUARDED_H
#define SOC_TESTS_FUZZ_GUARDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guarded {
  uint8_t *base; // of whole pages, between two that may not be touched
  size_t room;
  uint8_t *start; // what was given out last
  size_t size;
};

// Aligned for any type. `front`: the page that may not be touched is the one before, else the one behind.
void *guarded_get(struct guarded *g, size_t size, bool front);
// Fails if bytes of the rounding were written.
void guarded_check(const struct guarded *g);

#endif
