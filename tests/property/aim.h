// SPDX-License-Identifier: Apache-2.0
//
// Changes a random case so that it comes to what chance alone would seldom hit.
#ifndef SOC_TESTS_AIM_H
#define SOC_TESTS_AIM_H

#include "cases.h"

// Each chooses by chance what to aim at, and may miss: what a case comes to is counted by boundaries.h.
void aim_at_boundary(struct choices *choices, const struct constants *k, struct oracle_case *c);
// One rule of a decision is met, those before it are not; half of the time a test in it is then at a boundary.
void aim_at_rule(struct choices *choices, const struct constants *k, struct oracle_case *c);

// ------------------------------------------------------------------ solve.c: by going back through expressions

struct solver {
  struct choices *choices;
  const struct constants *constants;
  struct oracle_case *given;
  uint32_t steps; // left, so that it ends soon
};

// Gives the facts that an expression reads such values that it comes to this. False: it does not know how.
bool solve_value(struct solver *s, const struct expr *e, const struct oracle_place *at,
                 int64_t value);
void solve_truth(struct solver *s, const struct expr *e, const struct oracle_place *at, bool met);
void solve_cell(struct solver *s, const struct cell *cell, uint32_t row, bool met);
// The steps of a derivation before this one come to nothing.
void solve_steps_before(struct solver *s, const struct cell *cell, const struct derive_step *end,
                        uint32_t row);
// A derived enumeration has just this value.
void solve_mask(struct solver *s, const struct cell *cell, uint32_t row, uint32_t value);
// What it comes to, if that is certain; facts that are left out get random values first if `fill`.
bool solve_read(struct solver *s, const struct expr *e, const struct oracle_place *at, bool fill,
                int64_t *value);
// Sets a number, date, truth, code or value if the fact takes it.
bool solve_fact(struct solver *s, const struct fact_decl *f, uint32_t row, int64_t value);
// A member in the fact that is looked up, as of a day (INT64_MIN: any).
bool solve_member(struct solver *s, const struct expr *operand, const struct fact_decl *as_of,
                  const struct oracle_place *at, int64_t member, int64_t day);
// At least so many rows.
void solve_rows(struct solver *s, const struct fact_decl *list, uint32_t rows);
// Row of a fact among the rows around; `own`: of the outer one.
uint32_t solve_row(const struct oracle_place *at, const struct fact_decl *f, bool own);
// Points a reference at another row, unless a chain would return to itself.
bool solve_reference(struct solver *s, const struct fact_decl *f, uint32_t row, uint32_t to);

#endif
