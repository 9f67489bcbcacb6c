// SPDX-License-Identifier: Apache-2.0
//
// A case inside the VM: facts, states of criteria, scratch and results, all in the caller's memory. case.c lays it out
// and fills the facts; exec.c computes cells; decide.c, gather.c and assume.c make the results; result.c and explain.c
// read them.
#ifndef SOC_VM_CASE_H
#define SOC_VM_CASE_H

#include "vm/policy.h"

// Where a fact's values lie, and what they can be. Value slots: one for each fact in manifest order (those of fields
// stay unused), then for each field a column of `rows` slots.
typedef struct vm_column {
  uint32_t base;     // slot of the fact, or of the field in row 0
  uint32_t row_mask; // 0 for a fact of the case, all ones for a field
  uint8_t type, left_out;
  uint16_t list;        // of a field; SOC_NONE16
  uint16_t other;       // SOC_LEFT_OUT_OTHER_FACT
  uint16_t first_field; // RECORDS and fields: first field of the list; SOC_NONE16
  uint16_t next_field;  // fields: the next one of the list; SOC_NONE16
  uint16_t
      assumption; // SOC_LEFT_OUT_ASSUMED, SOC_LEFT_OUT_DERIVED: number among the facts that have one
  uint32_t
      items; // CODE_LIST: index of its first item; as a field: of that index for row 0 in row_items
  int64_t assumed;
  int64_t minimum, maximum; // truths, values of an enumeration, days, numbers
  bool whole, nullable;
  uint8_t min_length, max_length; // codes
  bool tested;                    // the plan reads it when it is set
} vm_column;

// Where a cell's states lie: its slot in truth and needed, and of a mask or value cell its place among those. Cells of
// the case stand at their own number, in masks too; those of a list have one for each row behind them.
typedef struct vm_place {
  uint32_t slot, wide;
  uint32_t row_mask; // 0 for a cell of the case, all ones for one of a list
  uint16_t list;
  uint8_t kind; // enum soc_cell_kind
} vm_place;

// A value on the stack: an interval of numbers, a truth (lo), a mask (lo), or the state of a block or loop.
typedef struct vm_value {
  int64_t lo, hi;
} vm_value;

// What a comparison could not know while gathering: a fact in a row, or with VM_ENTRY_CELL a cell.
typedef struct vm_entry {
  uint32_t what, row;
} vm_entry;
#define VM_ENTRY_CELL 0x80000000u

// A cell on the way down while explaining: the instruction that comes next, and where its loop stands.
typedef struct vm_step {
  uint32_t cell, row, next, begin; // begin: of the loop it is in; SOC_NONE32
  uint32_t loop_row, loop_step;
  int64_t loop_rows; // 0: the loop has no row, its body is walked for the cells of the case
} vm_step;

// A reason of a result: a rule's own code, or one of its grounds.
typedef struct vm_reason {
  uint32_t rule, extra; // extra: SOC_NONE32 for the rule's own code
} vm_reason;

// A text that is not in the artifact.
typedef struct vm_text {
  uint32_t at, length;
} vm_text;

typedef struct vm_outcome {
  // Which rules, up to `reason`: compared as bytes (assume.c).
  uint32_t met;     // first met rule
  uint32_t decider; // rule that decides; SOC_NONE32 if missing facts do
  uint32_t speaker; // rule that gives the reason; SOC_NONE32 for FACT_MISSING
  // pending for facts: first open rule, last one that differs; else SOC_NONE32
  uint32_t first_open, last_open;
  uint32_t ended;  // last rule that was looked at for the result
  uint32_t reason; // name; SOC_NONE32: none (or FACT_MISSING)
  uint32_t possible;
  uint32_t reason_count, action_count, missing_count, assumed_count;
  uint32_t row; // that this is about; SOC_NO_INDEX: the case; VM_NO_ROW: nothing yet
  uint8_t determination;
  bool lacks_facts; // pends because facts are missing
  bool has_approval, has_from, has_through, one_time;
  bool has_units;
  int32_t from, through;
  int64_t units; // that stand
} vm_outcome;
#define VM_NO_ROW 0xfffffffeu

// Where a loop stands.
typedef struct vm_loop {
  uint32_t row, step; // the row it is at; how many it has taken
  int64_t rows;       // how many it takes at most
  bool filtered;      // some of them are passed over
} vm_loop;

struct soc_case {
  // First what deciding by a plan touches, and the setters: a host that holds many cases has few lines of each at hand.
  // What is used most stands within 128 bytes, where instructions that read it are short.
  const vm_policy *policy;     // of the case's own, so that the host may move its soc_policy
  const struct soc_plan *plan; // the policy's; NULL: none
  uint32_t fact_count, cell_count, decision_count;
  uint32_t assumptions; // facts with an assumed value
  uint32_t slots;       // value slots
  uint32_t known;       // cells [0, known) are computed
  // slot whose assumption is put aside; SOC_NONE32: none; VM_HELD_ALL: all of them; VM_HELD_OTHERS: those of rows other
  // than held_but
  uint32_t held, held_but;
  bool decided, explained;
  bool assumed_known; // the assumptions that mattered to the decisions over the case are listed
  bool tallied;       // quick: the tallies belong to these facts
  bool shadow_known;  // quick: the shadow states belong to these facts
  bool row_decisions; // there is a decision for each row of a list
  bool needs_cells;   // `needed` says which ones
  bool through_masks; // gathering goes on below derived enumerations
  bool lanes_on, by_lanes; // rows were worked out as lanes; cells are asked for as lanes
  // `if given` asks for a fact with an assumption, so that less known can be more met; or what is gathered does not name
  // what is assumed (quick.c).
  bool odd_assumptions;
  bool late_run;               // of the plan: the last code was run
  bool remembers_gathered;     // `needed` says which cells were, until all that is lacking is found
  struct vm_lane_state *lanes; // NULL: rows are decided one by one
  vm_column *columns;          // by fact
  // by slot: value, rows of a record list, items of a code list, mask of an enum list
  int64_t *values;
  uint8_t *states;  // by slot: soc_state as the case gave it
  vm_place *places; // by cell
  uint8_t *truth;   // by slot of cells: soc_truth
  uint64_t *masks;  // candidates
  vm_outcome
      *outcomes; // by decision; for each row of a list: that of the row that was asked for last
  struct vm_truths
      *facts; // of the plan: what tests of facts say; and once more for readers with a base
  struct vm_truths *truths; // while it decides
  uint64_t *live; // rules for which code is run; while it gathers: code that was asked for
  struct vm_rule_bits
      *rules;       // of the decision that is settled, by word of the plan's that has its rules
  uint64_t *wanted; // literals that are asked for
  // bit per fact; for a field the bit of the list's first field; zero between uses
  uint64_t *missing_facts;
  // by decision: room for its rules and their extras; and as much again as scratch
  vm_reason *reasons;
  uint32_t *actions; // by decision: room for the extras of its rules; and as much again as scratch
  soc_fact_ref *missing; // by decision: `slots` each; and once more as scratch
  soc_fact_ref *assumed; // by decision: `assumed_slots` each

  const vm_column *held_column; // assumptions of this fact are put aside in all rows; NULL
  uint32_t rows, items;         // limits
  uint32_t assumed_slots;       // of facts with an assumed value
  uint32_t cell_slots;          // slots of cells
  uint32_t mask_slots, value_slots;
  uint32_t row_items, row_lists; // codes in lists of rows: most, and how many such lists can be
  uint32_t row_items_used;
  uint32_t code_items;            // in lists of the case
  uint32_t text_bytes, text_most; // room for texts that are not in the artifact
  uint32_t text_used, text_count;
  uint32_t ready_count; // quick: loops whose results are known beforehand
  uint32_t entry_count;
  uint64_t *item_values;
  uint32_t *row_items_at; // by list in a row: its first code in row_item_values
  uint64_t *row_item_values;
  char *texts;        // folded, one after the other
  vm_text *text_list; // interned texts: number n stands for the value -2 - n
  vm_value *quantities;
  uint8_t *shadow_truth; // quick and lanes: other states, to put assumptions aside
  uint64_t *shadow_masks;
  vm_value *shadow_quantities;
  uint16_t *assumption_facts; // by assumption: its fact
  struct vm_quick *quick;     // NULL: the policy has none of it

  vm_loop
      loop; // the one that is open while code runs; here, so that code without loops pays nothing for it
  vm_value *stack;
  uint32_t *marks; // by stack slot: entries before its operands
  vm_entry *entries;
  uint8_t *
      needed; // by slot of cells, all zero between uses; of a list's cell its own number says whether any is
  uint64_t *missing_rows;            // bit per slot of a column; zero between uses
  uint32_t *seen_cells, *seen_facts; // explain: stamps
  vm_step *path;                     // explain: cells on the way down
};

// What hangs in a policy beside its bytecode. Without plans it is known beforehand that there is nothing, so that what
// only serves it is left out.
#ifdef SOC_VM_WITHOUT_PLAN
#define VM_BESIDE 0
#else
#define VM_BESIDE 1
#endif
static inline bool vm_has_plan(const soc_case *c) {
  return VM_BESIDE && c->plan;
}
static inline bool vm_has_lanes(const soc_case *c) {
  return VM_BESIDE && c->lanes;
}
static inline bool vm_lanes_on(const soc_case *c) {
  return VM_BESIDE && c->lanes_on;
}
static inline bool vm_is_quick(const soc_case *c) {
  return VM_BESIDE && c->quick;
}

static inline bool vm_has_bit(const uint64_t *bits, uint32_t bit) {
  return (bits[bit / 64] >> bit % 64 & 1) != 0;
}

static inline uint32_t vm_lowest_bit(uint64_t word) {
#if defined(__GNUC__)
  return (uint32_t)__builtin_ctzll(word);
#else
  uint32_t n = 0;
  for (; (word & 1) == 0; word >>= 1) {
    n++;
  }
  return n;
#endif
}

static inline uint32_t vm_highest_bit(uint64_t word) {
#if defined(__GNUC__)
  return 63u - (uint32_t)__builtin_clzll(word);
#else
  uint32_t n = 0;
  for (; word > 1; word >>= 1) {
    n++;
  }
  return n;
#endif
}

// The slot of a fact; `row` is ignored for a fact of the case.
static inline uint32_t vm_slot_of(const vm_column *column, uint32_t row) {
  return column->base + (row & column->row_mask);
}

static inline uint32_t vm_cell_slot(const soc_case *c, uint32_t cell, uint32_t row) {
  const vm_place *place = &c->places[cell];
  return place->slot + (row & place->row_mask);
}

static inline uint32_t vm_wide_slot(const soc_case *c, uint32_t cell, uint32_t row) {
  const vm_place *place = &c->places[cell];
  return place->wide + (row & place->row_mask);
}

// Codes of a code list.
static inline const uint64_t *vm_items(const soc_case *c, const vm_column *column, uint32_t row) {
  return column->row_mask ? c->row_item_values + c->row_items_at[column->items + row]
                          : c->item_values + column->items;
}

// case.c: state of a fact that the case left out, by its rule; *value is set for SOC_GIVEN.
soc_state vm_left_out(const soc_case *c, uint32_t fact, uint32_t row, int64_t *value);

static inline soc_state vm_read(const soc_case *c, uint32_t fact, uint32_t row, int64_t *value) {
  const vm_column *column = &c->columns[fact];
  uint32_t slot = vm_slot_of(column, row);
  if (c->states[slot] == SOC_GIVEN) {
    *value = c->values[slot];
    return SOC_GIVEN;
  }
  return c->states[slot] == SOC_NONE ? SOC_NONE : vm_left_out(c, fact, row, value);
}

// result.c: where a decided case is redirected to, as bits; 0 for one that lacks facts.
uint64_t vm_redirect(const soc_case *c, const vm_outcome *o);
// The deciding code as results tell it.
soc_text vm_reason_text(const soc_case *c, const vm_outcome *o);

// Rows of a list; 0 if it is unknown.
static inline uint32_t vm_rows(const soc_case *c, uint32_t list) {
  int64_t rows;
  return vm_read(c, list, 0, &rows) == SOC_GIVEN ? (uint32_t)rows : 0;
}

#define VM_HELD_ALL 0xfffffffeu
#define VM_HELD_OTHERS 0xfffffffdu
static inline bool vm_is_held(const soc_case *c, const vm_column *column, uint32_t row) {
  return c->held == vm_slot_of(column, row) || c->held_column == column || c->held == VM_HELD_ALL ||
         (c->held == VM_HELD_OTHERS && column->row_mask != 0 && row != c->held_but);
}

// Room for actions and for reasons before those of a decision.
static inline uint32_t vm_first_action(const vm_policy *p, uint32_t decision) {
  return vm_rule_at(p, vm_decision_at(p, decision).first).extra;
}
static inline uint32_t vm_first_reason(const vm_policy *p, uint32_t decision) {
  return vm_decision_at(p, decision).first + vm_first_action(p, decision);
}

#endif
