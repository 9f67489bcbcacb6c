// SPDX-License-Identifier: Apache-2.0
//
// Random numbers for the generators of cases (SplitMix64): the same on every machine for a seed.
#ifndef SOC_BENCH_DRAW_H
#define SOC_BENCH_DRAW_H

#include <stdbool.h>
#include <stdint.h>

struct draw {
  uint64_t state;
};

static inline uint64_t next(struct draw *d) {
  uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

// From 0 to n - 1; the bias of the remainder does not matter here.
static inline uint32_t below(struct draw *d, uint32_t n) {
  return (uint32_t)((next(d) >> 32) % n);
}

static inline bool chance(struct draw *d, uint32_t percent) {
  return below(d, 100) < percent;
}

static inline int32_t between(struct draw *d, int32_t low, int32_t high) {
  return low + (int32_t)below(d, (uint32_t)(high - low + 1));
}

#define PICK(d, list) ((list)[below(d, (uint32_t)(sizeof(list) / sizeof *(list)))])

#endif
