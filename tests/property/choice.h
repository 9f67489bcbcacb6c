// SPDX-License-Identifier: Apache-2.0
//
// Choices of the generators, read from a string of bytes: libFuzzer's input, or bytes of a seeded generator in the
// suite. Past the end every choice is 0, which the generators make the smallest thing, so they always end.
#ifndef SOC_TESTS_CHOICE_H
#define SOC_TESTS_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices {
  const uint8_t *data;
  size_t size, at;
};

static inline uint32_t choose_byte(struct choices *c) {
  return c->at < c->size ? c->data[c->at++] : 0;
}

// 0 to n - 1; n from 1 to 65536.
static inline uint32_t choose(struct choices *c, uint32_t n) {
  if (n <= 1) return 0;
  uint32_t b = choose_byte(c);
  if (n > 256) b = b << 8 | choose_byte(c);
  return b % n;
}

static inline bool choose_one_in(struct choices *c, uint32_t n) {
  return choose(c, n) == n - 1;
}

// xorshift64*: fixed for all time, so that a seed names a test.
static inline uint64_t random_next(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * UINT64_C(2685821657736338717);
}

static inline void random_fill(uint64_t *state, uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(random_next(state) >> 56);
}

#endif
