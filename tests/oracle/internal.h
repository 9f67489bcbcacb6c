// SPDX-License-Identifier: Apache-2.0
//
// Between the files of the oracle: evaluation of expressions and the gathering of what is missing.
#ifndef SOC_TESTS_ORACLE_INTERNAL_H
#define SOC_TESTS_ORACLE_INTERNAL_H

#include "oracle.h"

// Aborts when memory is out.
void *oracle_allocate(void *old, size_t count, size_t size);

enum truth { NOT_MET, UNKNOWN, MET }; // as soc_truth

// Rows that surround an expression: of the decision's own list, and of every record quantifier around it.
struct frame {
  const struct fact_decl *list;
  uint32_t row;
  const struct frame *outer;
};

struct world {
  const struct program *program;
  const struct oracle_case *given;
  // An assumption that is taken back for once: this fact, if left out, is unknown. NULL: none.
  const struct fact_decl *doubted;
  uint32_t doubted_row;
  // Criteria are evaluated once, in the frame of the decision: a chain of criteria that each name the next twice would
  // otherwise take longer than anyone waits.
  const struct frame *frame;
  struct memo *memo; // by cell index
};

struct memo {
  bool known, gathered;
  uint64_t value; // truth or candidates
};

enum truth eval_truth(const struct world *w, const struct frame *at, const struct expr *e);
enum truth eval_cell(const struct world *w, const struct cell *cell);
uint64_t eval_mask(const struct world *w, const struct cell *cell);
// A window's end: true and the day, or false: there is no such date. *uncertain is set if it is unknown.
bool eval_day(const struct world *w, const struct frame *at, const struct expr *e, int32_t *day,
              bool *uncertain);
// What an unknown condition is missing; adds nothing for one that is known.
void missing_cell(const struct world *w, const struct cell *cell, struct oracle_refs *out);
bool fact_left_out(const struct world *w, const struct frame *at, const struct fact_decl *f);
uint32_t rows_of(const struct world *w, const struct fact_decl *list, bool *known);
void refs_add(struct oracle_refs *refs, const struct fact_decl *fact, uint32_t row); // once each

#endif
