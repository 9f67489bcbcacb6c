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
  // Criteria are evaluated once, those of a list once for each row: a chain of criteria that each name the next twice
  // would otherwise take longer than anyone waits.
  struct memo *memo;  // by cell index, then row
  uint32_t memo_rows; // of each cell: as many as the longest list has, at least 1
  uint32_t gathering; // number of the outcome that is being worked out, from 1
  // Members of a block after which nothing can change are not looked at: where an answer is only compared with the one
  // that was worked out in full.
  bool hasty;
  // Texts of the case, each looked up among the program's once, as many tests ask for the same: by fact_decl.number,
  // then row. NULL: not looked up yet.
  int64_t **texts;
  oracle_watch_fn *watch; // NULL: nobody
  void *watcher;
};

struct memo {
  bool known;
  uint32_t
      gathered; // what it is missing was gathered for the outcome of that number (world.gathering)
  uint64_t value; // truth or candidates
};

// Lower and upper end of a number or date.
enum oracle_state eval_ends(const struct world *w, const struct frame *at, const struct expr *e,
                            int64_t *lo, int64_t *hi);
void texts_begin(struct world *w);
void texts_end(struct world *w);
enum truth eval_truth(const struct world *w, const struct frame *at, const struct expr *e);
// A cell of a list is asked at the row of `at` that is of its list.
enum truth eval_cell(const struct world *w, const struct frame *at, const struct cell *cell);
uint64_t eval_mask(const struct world *w, const struct frame *at, const struct cell *cell);
// A window's end: true and the day, or false: there is no such date. *uncertain is set if it is unknown.
bool eval_day(const struct world *w, const struct frame *at, const struct expr *e, int32_t *day,
              bool *uncertain);
// What an unknown condition is missing; adds nothing for one that is known.
void missing_cell(const struct world *w, const struct frame *at, const struct cell *cell,
                  struct oracle_refs *out);
// How much stands; false: none, or not known.
bool eval_units(const struct world *w, const struct frame *at, const struct expr *e,
                int64_t *units);
enum oracle_state eval_span_of(const struct world *w, const struct frame *at,
                               const struct cell *cell, int64_t *lo, int64_t *hi);
bool fact_left_out(const struct world *w, const struct frame *at, const struct fact_decl *f);
uint32_t rows_of(const struct world *w, const struct fact_decl *list, bool *known);
void refs_add(struct oracle_refs *refs, const struct fact_decl *fact, uint32_t row); // once each

#endif
