// SPDX-License-Identifier: Apache-2.0
//
// What makes long lists quick where the bytecode decides. Nothing of it changes an answer: the executor and assume.c
// give the same without. Three parts, each of them in a file of its own:
// - Loops over all rows of a list mostly look for few of them: "some other line on the same date with …". What their
//   body asks for beside all else (of an `any`: against all else) is kept as filters, found once for each case; a row
//   that one of them settles is passed over without running the body. What a row would have come to is the same either
//   way, and so is what gathering lists, since a settled body asks for nothing.
// - What the rows of loops come to is kept, so that a row can be changed without going through the others (tallies).
// - Where assumptions are tried, only what can read them is computed again.
#ifndef SOC_VM_QUICK_H
#define SOC_VM_QUICK_H

#include "vm/exec.h"

// What a loop over rows asks of each row beside all else.
enum vm_filter_kind { VM_FILTER_FACTS, VM_FILTER_TRUTH, VM_FILTER_MASK };
typedef struct vm_filter {
  uint8_t kind;   // enum vm_filter_kind
  uint8_t drops;  // the truth that settles what the row comes to
  uint8_t orders; // facts: that truth is there where the row's is less (1), the same (2), more (4)
  uint32_t index; // fact or cell, at the loop's row
  uint32_t frame; // facts: the other one, at the row outside the loop
  uint64_t mask;
} vm_filter;

#define VM_FILTERS_MOST 6u
typedef struct vm_filters {
  uint32_t pc; // of the loop's EACH_BEGIN
  uint32_t count;
  vm_filter list[VM_FILTERS_MOST];
} vm_filters;

// A filter of facts with the other one's value, and where the row's stand, in row 0.
typedef struct vm_aim {
  soc_state state;
  int64_t value;
  uint32_t base;
} vm_aim;
typedef struct vm_aimed {
  const vm_filters *filters; // NULL: none
  vm_aim at[VM_FILTERS_MOST];
} vm_aimed;

// What the rows of a loop came to in one row of its cell: any, all, count: how many were met and how many unknown;
// sum: the lower and the finite upper ends, and how many rows have none. Without short cuts and without limit, so that
// a row can be taken out and another one put in.
typedef struct vm_tally {
  uint64_t lo[2], hi[2]; // low word first
  int64_t unbounded;
} vm_tally;

// The result of a loop that is known beforehand.
typedef struct vm_ready {
  uint32_t pc; // of its EACH_BEGIN
  vm_value value;
} vm_ready;

// Which cells an assumption is tried for.
#define VM_USED_CASE 1u // by a decision over the case
#define VM_USED_ROWS 2u // by a decision for each row
#define VM_USED_LOOP 4u // in a loop, so at rows other than the one that is decided

// A case's part.
typedef struct vm_quick {
  uint32_t loops, ready_most; // loops over rows in cells of lists: all, and most in one cell
  uint32_t depend_words;      // 64-bit words for one bit per assumption
  uint8_t *uses;              // by cell: VM_USED_*
  uint32_t *tally_at;  // by cell: of its first loop over rows, in row 0; each has one for every row
  uint64_t *depends;   // by cell: assumptions that it can read; then one row for all code of rules
  uint64_t *spreads;   // the same: those that it can read in rows other than its own
  vm_filters *filters; // by loop of cells of lists, in order of their code
  vm_tally *tallies;
  vm_ready *ready;      // for one cell's code
  uint8_t *saved_truth; // while an assumption is put aside
  uint64_t *saved_masks;
  vm_value *saved_quantities;
  soc_fact_ref *candidates; // assumptions that may matter to a row
  vm_aimed aimed;           // of the loop over rows that is being run
} vm_quick;

// quick_filters.c: finds the filters of all loops in cells of lists.
void vm_find_filters(soc_case *c);
// quick_filters.c: the filters of a loop, with what they compare with taken from the row that it stands in.
void vm_aim_at(const soc_case *c, vm_aimed *a, uint32_t pc, uint32_t frame);
// quick_filters.c: has the row to be looked at?
bool vm_passes(const soc_case *c, const vm_aimed *a, uint32_t row);
// quick_filters.c: as vm_quick_ways says.
void vm_begin_filtered(soc_case *c, uint32_t pc, uint32_t frame, uint8_t fold, vm_value *block);
void vm_pass_rows(soc_case *c, uint8_t fold, vm_value *block);

// quick_tallies.c: works out what the rows of loops come to, where assumptions can reach them, in the row that is
// decided and in all rows that other loops read.
void vm_take_tallies(soc_case *c, uint32_t focus);
// quick_tallies.c: takes what row `other` adds to the loops of a cell out of their tallies, or puts it in again.
void vm_tally_change(soc_case *c, uint32_t cell, uint32_t row, uint32_t other, bool in);
// quick_tallies.c: computes a cell of a list in one row from its tallies.
void vm_compute_tallied(soc_case *c, uint32_t cell, uint32_t row);
// quick_tallies.c: as vm_quick_ways says.
bool vm_is_ready(const soc_case *c, uint32_t pc, vm_value *result);

// quick_assume.c: which cells can read which assumption; once for each case.
void vm_find_dependents(soc_case *c);
// quick_assume.c: as vm_quick_ways says.
void vm_quick_assumed(soc_case *c);
void vm_quick_assumed_row(soc_case *c, uint32_t decision, uint32_t row);

#endif
