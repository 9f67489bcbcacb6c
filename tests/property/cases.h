// SPDX-License-Identifier: Apache-2.0
//
// Random cases for a checked program, biased to the values at which its conditions turn.
#ifndef SOC_TESTS_CASES_H
#define SOC_TESTS_CASES_H

#include "boundaries.h"
#include "choice.h"

struct pool {
  int64_t *items;
  uint32_t count, capacity;
};

// The constants that a program compares facts with.
struct constants {
  struct pool days, numbers, codes;
  struct pool lengths; // whole numbers with a unit of time, in days or months
  const struct program *program;
  struct boundaries boundaries;
  uint32_t left_out; // one fact in so many is left out; random_case draws it for each case
};

void constants_collect(struct constants *k, const struct program *p);
void constants_free(struct constants *k);

// Fills every fact of the manifest at random. `c` must be fresh from oracle_case_init.
void random_case(struct choices *choices, struct constants *k, struct oracle_case *c);
// Gives one fact (or a field of one row) a random value, never none or left out unless nothing else is possible.
void random_value(struct choices *choices, const struct constants *k, struct oracle_case *c,
                  const struct fact_decl *f, uint32_t row);
// An item of a list of codes.
int64_t random_item(struct choices *choices, const struct constants *k, const struct fact_decl *f);
// So many rows, with all fields random.
void random_rows(struct choices *choices, const struct constants *k, struct oracle_case *c,
                 const struct fact_decl *list, uint32_t rows);
// A text as a case may spell it: in other letters, with more spaces.
void spelled_text(struct choices *choices, struct str s, char text[128]);

#endif
