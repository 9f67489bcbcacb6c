// SPDX-License-Identifier: Apache-2.0
//
// What the fuzz targets share. A finding is a sanitizer's report or a failed FUZZ_ASSERT, which works in every build.
#ifndef SOC_TESTS_FUZZ_H
#define SOC_TESTS_FUZZ_H

#include "soc/vm.h"

#include <stdio.h>
#include <stdlib.h>

#define FUZZ_ASSERT(condition)                                                      \
  do {                                                                              \
    if (!(condition)) {                                                             \
      fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
      abort();                                                                      \
    }                                                                               \
  } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

char *fuzz_text(const uint8_t *data, size_t size); // a copy with a NUL behind it; free it

// Reads everything that a loaded policy can be asked for.
void fuzz_describe(const soc_policy *policy);
// Decides a case filled in from `data` through the setters and reads all results; how: any of
//   FUZZ_EMPTY    the case without facts before, in the same memory
//   FUZZ_EXPLAIN  with explanation
//   FUZZ_PLAN     again with a plan, which must not change what is said
//   FUZZ_PLAINLY  again without what makes long lists quick, which must not change it either
//   FUZZ_FRONT    memory is guarded at its start, else at its end (guarded.h)
//   FUZZ_DIRT     memory is full of ones before, else of zeros; the other way round when it is decided again
enum {
  FUZZ_EMPTY = 1,
  FUZZ_EXPLAIN = 2,
  FUZZ_PLAN = 4,
  FUZZ_FRONT = 8,
  FUZZ_DIRT = 16,
  FUZZ_PLAINLY = 32
};
void fuzz_decide(const soc_policy *policy, const uint8_t *data, size_t size, unsigned how);

// Counts an execution, prints the sum at the end and after each million.
void fuzz_count(bool executor);
uint64_t fuzz_hash(const uint8_t *data, size_t size);

// The last input that reached the executor. Of one that does not, most changes do not either, so mutators make them to
// this one instead: fuzz_kept puts it in the place of `data` and gives the new size.
void fuzz_keep(const uint8_t *data, size_t size);
size_t fuzz_kept(uint8_t *data, size_t size, size_t max_size);
// Decides a case and reads all results, with SOC_DECIDE_EXPLAIN the explanation, too; what they say, as one number.
// Both together must take no more instructions than the policy's bounds say.
uint64_t fuzz_decide_case(const soc_policy *policy, soc_case *c, uint32_t flags);

#endif
