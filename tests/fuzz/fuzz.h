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
// Decides the empty case, then one filled in from `data` through the setters, with explanation, and reads all results.
void fuzz_decide(const soc_policy *policy, const uint8_t *data, size_t size);
// Reads all results of a case that has been decided; `explained`: walks the explanation as well.
uint64_t fuzz_read_results(const soc_policy *policy, soc_case *c, const uint32_t *rows,
                           bool explained);

#endif
