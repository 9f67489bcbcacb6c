// SPDX-License-Identifier: Apache-2.0
//
// Random claims of five lines for cigna/R14, the same on every machine for a seed: mostly complete claims with facts
// left out here and there, lines of which many share a date, a code or a drug, and values that crowd around the limits
// of the rules. A claim carries the struct that the C reference decides and what the VM is given beside it. Nothing
// here knows an outcome.
#ifndef SOC_BENCH_R14_CASES_H
#define SOC_BENCH_R14_CASES_H

#include "r14_c.h"

#define R14_SEED UINT64_C(20180519)

struct r14_case {
  struct r14_facts facts;
  char place[3], bill[5];
  struct {
    char code[6], revenue[5], place[3];
    const char *drug_name; // NULL: none
    uint8_t route;         // where has_route
  } lines[R14_LINES];
};

// Fills `claims`; claim i depends on `seed` and i alone.
void r14_cases_make(struct r14_case *claims, uint32_t count, uint64_t seed);

#endif
