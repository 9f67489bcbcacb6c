// SPDX-License-Identifier: Apache-2.0
//
// A deliberately naive evaluator of the checked program, for tests only. It walks the expression trees of
// compiler/program.h by recursion, knows nothing of bytecode and shares no code with vm/: its own three-valued
// logic, calendar, set membership and decision semantics, written from section 2 of the design. Where it and the
// VM differ, one of them is wrong. It is slow and aborts when memory is out.
#ifndef SOC_TESTS_ORACLE_H
#define SOC_TESTS_ORACLE_H

#include "compiler/program.h"

#include <stdio.h>

// ------------------------------------------------------------------ cases

enum oracle_state { ORACLE_LEFT_OUT, ORACLE_NONE, ORACLE_GIVEN };

struct oracle_fact {
  enum oracle_state state;
  int64_t number;           // bool, enumeration value, day, millionths, packed code
  char *text;               // SOC_TEXT; NUL-terminated, owned by the case
  int64_t *items;           // SOC_CODE_LIST: packed codes, SOC_ENUM_LIST: values; owned by the case
  uint32_t count;           // of items; SOC_RECORDS: rows
  struct oracle_fact *rows; // a field of a record list: one per row of its list; owned by the case
};

struct oracle_case {
  uint32_t fact_count;
  struct oracle_fact *facts; // by fact_decl.number
};

void oracle_case_init(struct oracle_case *c, const struct program *p); // all facts left out
void oracle_case_free(struct oracle_case *c);
// The place of a fact; `row` only for fields of records.
struct oracle_fact *oracle_case_fact(struct oracle_case *c, const struct fact_decl *f,
                                     uint32_t row);
void oracle_set_left_out(struct oracle_case *c, const struct fact_decl *f, uint32_t row);
void oracle_set_none(struct oracle_case *c, const struct fact_decl *f, uint32_t row);
void oracle_set_number(struct oracle_case *c, const struct fact_decl *f, uint32_t row,
                       int64_t number);
void oracle_set_text(struct oracle_case *c, const struct fact_decl *f, uint32_t row,
                     const char *text);
void oracle_set_list(struct oracle_case *c, const struct fact_decl *f,
                     uint32_t row); // known and empty
void oracle_add_item(struct oracle_case *c, const struct fact_decl *f, uint32_t row, int64_t item);
// A record list gets `rows` rows whose fields are all left out.
void oracle_set_rows(struct oracle_case *c, const struct program *p, const struct fact_decl *list,
                     uint32_t rows);
void oracle_case_print(FILE *out, const struct program *p, const struct oracle_case *c);

// ------------------------------------------------------------------ results

struct oracle_ref {
  const struct fact_decl *fact;
  uint32_t row; // SOC_NO_INDEX: a fact of the case
};
struct oracle_refs {
  struct oracle_ref *items;
  uint32_t count, capacity;
};

struct oracle_reason {
  struct str code, criterion;
  uint32_t rule; // of the decision: whose code or ground it is
  bool ground;
};
struct oracle_names {
  struct str *items;
  uint32_t count, capacity;
};

struct oracle_outcome {
  const struct decision_decl *decision;
  uint32_t row; // 0 for a decision over the case
  soc_determination determination;
  uint32_t rule;     // of the decision: the one that decides; SOC_NO_INDEX: facts are missing
  struct str reason; // length 0: the rule gives none
  struct oracle_reason *reasons;
  uint32_t reason_count, reason_capacity;
  uint32_t possible; // bit per determination
  struct oracle_refs missing, assumed;
  struct oracle_names actions;
  uint64_t redirect;
  bool has_approval, has_from, has_through, one_time;
  bool uncertain; // a window read a fact that was left out, which no compiled policy may do
  int32_t from, through;
  bool has_units; // the rule says how much of the line stands, and that is certain
  int64_t units;
};

struct oracle_result {
  struct oracle_outcome *outcomes; // decisions in order, rows in order
  uint32_t count, capacity;
};

void oracle_decide(const struct program *p, const struct oracle_case *c,
                   struct oracle_result *result);

// Is told what a test or calculation works on, wherever that is certain: of a comparison both sides, of a window the
// days between and its length, of a set a member looked up and the day (INT64_MIN: on no day), of a derivation's map
// (`e` is then the fact it reads) a code, of date + months the day and the months, of completed years both days, of a
// quotient both amounts.
typedef void oracle_watch_fn(void *context, const struct expr *e, int64_t a, int64_t b);
// As oracle_decide. Assumptions that are put aside are not told of.
void oracle_decide_watched(const struct program *p, const struct oracle_case *c,
                           struct oracle_result *result, oracle_watch_fn *watch, void *context);
void oracle_result_free(struct oracle_result *result);
void oracle_outcome_print(FILE *out, const struct oracle_outcome *o);

// The state (soc_truth) of every rule of a decision, for one row of its list.
void oracle_rules(const struct program *p, const struct oracle_case *c,
                  const struct decision_decl *d, uint32_t row, uint8_t *states);
// State of a truth cell (soc_truth) or candidates of a mask cell; `row` of a cell of a list, else 0.
uint64_t oracle_cell(const struct program *p, const struct oracle_case *c, const struct cell *cell,
                     uint32_t row);
// Value of a quantity: left out if it is unknown, else none or from *lo to *hi.
enum oracle_state oracle_quantity(const struct program *p, const struct oracle_case *c,
                                  const struct cell *cell, uint32_t row, int64_t *lo, int64_t *hi);
// Rows around an expression: that of what is worked out for each row of a list, and that of a loop in it.
struct oracle_place {
  const struct fact_decl *list, *loop; // NULL: none
  uint32_t row, loop_row;
};
// The same of any number or date.
enum oracle_state oracle_value(const struct program *p, const struct oracle_case *c,
                               const struct expr *e, const struct oracle_place *at, int64_t *lo,
                               int64_t *hi);

#endif
