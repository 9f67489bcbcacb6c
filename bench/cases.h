// SPDX-License-Identifier: Apache-2.0
//
// Random cases for premera/11.01.523, the same on every machine for a seed: mostly complete requests with facts left
// out here and there, and values that crowd around the limits of the rules. A case carries the struct that the C
// reference decides and the texts that the VM is given instead of packed codes. Nothing here knows an outcome.
#ifndef SOC_BENCH_CASES_H
#define SOC_BENCH_CASES_H

#include "premera_c.h"

#define CASES_SEED UINT64_C(20241205)
#define CASE_CONCURRENT 2

struct bench_case {
  struct premera_facts facts;
  char code[6], place[3], bill[5];
  char drug[40];
  char diagnoses[PREMERA_MAX_DIAGNOSES][8];
  char concurrent[CASE_CONCURRENT][6];
};

// Fills `cases`; case i depends on `seed` and i alone.
void cases_make(struct bench_case *cases, uint32_t count, uint64_t seed);

#endif
