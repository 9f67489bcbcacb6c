// SPDX-License-Identifier: Apache-2.0
//
// What the two halves of the artifact mutator share: changes of records, which seldom load (artifact_mutator.c), and
// changes that keep to the rules of the format, which mostly do (artifact_changes.c).
#ifndef SOC_TESTS_FUZZ_MUTATOR_PARTS_H
#define SOC_TESTS_FUZZ_MUTATOR_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
  uint64_t state;
};

static inline uint32_t roll(struct dice *d, uint32_t n) {
  d->state = d->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
  return (uint32_t)(d->state >> 33) % (n ? n : 1);
}

static inline uint64_t get(const uint8_t *at, int bytes) {
  uint64_t n = 0;
  for (int i = bytes; i-- > 0;) n = n << 8 | at[i];
  return n;
}

static inline void set(uint8_t *at, uint64_t n, int bytes) {
  for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(n >> (8 * i));
}

// An artifact that is changed in place; `max_size` bytes are there.
struct artifact {
  uint8_t *data;
  size_t size, max_size;
  bool other_bounds; // the change may have moved what the verifier proves
};

// Is it laid out as an artifact is, so that the change below may look at its records?
bool artifact_has_sections(const struct artifact *a);
// One change of meaning: an operand, a constant, a fact's rules, a rule, the code of a block.
void artifact_change_meaning(struct artifact *a, struct dice *d);

#endif
