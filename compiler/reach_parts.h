// SPDX-License-Identifier: Apache-2.0
//
// Between the reach_*.c files; see reach.h.
#ifndef SOC_COMPILER_REACH_PARTS_H
#define SOC_COMPILER_REACH_PARTS_H

#include "compiler/reach.h"
#include "compiler/sema.h"

// ------------------------------------------------------------------ classes of values (reach_domain.c)

enum class_kind { CLASS_LEFT_OUT, CLASS_NONE, CLASS_VALUE, CLASS_EMPTY, CLASS_FILLED };

// Values of a fact that no condition tells apart.
struct value_class {
  enum class_kind kind;
  int64_t lo, hi; // CLASS_VALUE, as facts are encoded; codes and texts: one of the class
  uint32_t item;  // codes and texts: their class of items
};

// Ranges of codes or texts that some condition asks for, ascending.
struct slice {
  const struct set_range *ranges;
  uint32_t count;
};

// A slice holds items on some days; and where the items stand in slices before it.
struct standing {
  uint32_t before; // 0: in none
  uint32_t slice;
  int32_t from, to;
};
// Codes and texts that stand in the same slices on the same days.
struct item_class {
  uint64_t example;
  uint32_t standing; // 0: in no slice
};

struct domain {
  struct value_class *classes;
  uint32_t class_count;
  uint32_t reads;           // how often conditions name it
  uint32_t item_count;      // of codes, texts and lists: classes of items
  struct item_class *items; // NULL: the items are the values of an enumeration
  struct vec standings;     // struct standing, the first unused
  struct vec slices;        // struct slice
  struct vec dated;         // const struct set_decl *, asked as of it
  struct vec cuts;          // int64_t: here a class of numbers or days begins
};

struct domains {
  struct arena *arena;
  struct domain *items; // by fact_decl.number
  uint64_t *work;       // steps that may still be made; 0: given up, nothing is known
};

void domains_make(struct domains *d, struct arena *arena, const struct program *p, uint64_t *work);
// Takes from what may still be done; false: it is used up.
bool reach_spend(uint64_t *work, uint64_t steps);

// The days on which a set holds an item, latest first.
struct days {
  const struct set_decl *set;
  const struct domain *domain; // NULL: the item is none of a class
  uint64_t item;               // that one
  uint32_t at;
};
struct days domain_days(const struct domain *d, uint32_t item, const struct set_decl *set);
bool days_next(struct days *days, int32_t *from, int32_t *to);

// ------------------------------------------------------------------ variables and trials (reach.c)

enum { OPEN = -1, NO_VARIABLE = -1 };

enum variable_kind {
  VARIABLE_FACT, // which class its value is in
  VARIABLE_ITEM, // whether a list that is not empty has an item of a class: 0, 1
  VARIABLE_TRUTH // the state of a condition that the classes of what it reads leave open: soc_truth
};
struct variable {
  const void *of; // struct fact_decl, struct expr
  enum variable_kind kind;
  uint32_t row, item; // row 1: of the row in a loop; 0: of any other row, of the case
  uint32_t choices, reads;
};

struct reach_state {
  struct arena *arena;
  const struct program *program;
  struct domains domains;
  struct vec variables; // struct variable
  uint32_t *slots;      // open addressing: 1 + variable, 0: free
  uint32_t slot_count;
  struct vec bodies; // struct body
  bool switches;     // are open
  uint64_t work;     // conditions that may still be evaluated
};

// The states that are possible, and a variable that it depends on if there are several.
struct possible {
  uint8_t states; // none: what is held contradicts itself
  int32_t variable;
};
struct memo {
  uint32_t round;
  struct possible possible;
};

// One search: what each variable is held to, and what the evaluation in progress has found.
struct trial {
  struct reach_state *state;
  struct vec held;     // int32_t by variable; OPEN, or not there: any
  uint32_t round;      // of evaluation, from 1
  uint32_t depth;      // of conditions in one another
  uint32_t nested;     // trials around it
  struct memo *memo;   // by cell, then row
  struct trial *inner; // for bodies of loops
};

int32_t trial_held(const struct trial *t, int32_t variable);
int32_t trial_variable(const struct trial *t, struct variable v);
const struct variable *trial_variable_at(const struct trial *t, int32_t variable);
static inline const struct domain *trial_domain(const struct trial *t, const struct fact_decl *f) {
  return &t->state->domains.items[f->number];
}

// ------------------------------------------------------------------ evaluation (reach_eval.c, reach_values.c)

static inline uint8_t reach_negated(uint8_t states) {
  return (uint8_t)((states & REACH_UNKNOWN) | (states & REACH_MET ? REACH_NOT_MET : 0) |
                   (states & REACH_NOT_MET ? REACH_MET : 0));
}

// Where an expression is evaluated: the row of a list, and the row outside of a loop.
struct reach_frame {
  const struct fact_decl *list;
  uint32_t row;
  const struct reach_frame *outer;
};

struct possible reach_condition(struct trial *t, const struct reach_frame *at,
                                const struct expr *e);
struct possible reach_cell(struct trial *t, const struct reach_frame *at, const struct cell *cell);
// Whether the row in a loop, the innermost frame, is one that is meant and meets the loop's condition.
struct possible reach_row(struct trial *t, const struct reach_frame *at, const struct expr *loop);
// The states that it takes in some row, whatever the case; asks a trial inside of this one.
uint8_t reach_body(struct trial *t, const struct reach_frame *at, const struct expr *loop);

// What a fact can read as.
enum reading_kind { READ_UNKNOWN, READ_NONE, READ_VALUE, READ_EMPTY, READ_FILLED };
struct reading {
  enum reading_kind kind;
  int64_t lo, hi;
  const struct domain
      *domain; // of codes and texts: `item` is a class of its items. NULL: lo is the item
  uint32_t item;
};
typedef void reading_fn(void *ctx, struct reading r);
// Calls `fn` for each; returns a variable that tells them apart.
int32_t reach_readings(const struct trial *t, const struct reach_frame *at,
                       const struct fact_decl *f, bool if_given, reading_fn *fn, void *ctx);
int32_t reach_fact_variable(const struct trial *t, const struct reach_frame *at,
                            const struct fact_decl *f);
bool reach_may_be_unknown(const struct fact_decl *f);

// What a value can be.
enum {
  MAY_UNKNOWN = 1,
  MAY_NONE = 2,
  MAY_KNOWN = 4,
  MAY_SPAN = 8
}; // span: known within bounds only
struct amount {
  uint32_t may;
  int64_t lo, hi; // if it is known
  int32_t variable;
};
struct amount reach_amount(struct trial *t, const struct reach_frame *at, const struct expr *e);
struct amount reach_fact_amount(const struct trial *t, const struct reach_frame *at,
                                const struct fact_decl *f, bool if_given);
uint8_t reach_relation(enum rel_kind rel, struct amount a, struct amount b);

// The sets of candidates that a derived enumeration can be left with.
enum { MOST_MASKS = 32 };
struct masks {
  uint64_t items[MOST_MASKS];
  uint32_t count;
  bool many; // more than are listed
  int32_t variable;
};
struct masks reach_masks(struct trial *t, const struct reach_frame *at, const struct cell *cell);

int32_t reach_better(const struct trial *t, int32_t a, int32_t b); // the variable to hold first
const struct reach_frame *reach_read_at(const struct reach_frame *at, const struct expr *e);
// The frame in which a cell is worked out: its own row and nothing else. NULL: the case.
const struct reach_frame *reach_cell_frame(const struct reach_frame *at, const struct cell *cell,
                                           struct reach_frame *own);

#endif
