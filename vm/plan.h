// SPDX-License-Identifier: Apache-2.0
//
// A plan: what the case-wide part of a policy's bytecode comes to, laid out so that deciding a case takes the same
// straight path whatever the case says. Built once from verified bytecode (plan.c, literals.c), read by any number of
// cases (planes.c), never changed. It is a second form of the same logic and not a second logic: what a test of one
// fact says of each class of values is found by running that very instruction.
//
// Every literal (a test, a block, or the negation of one) has a bit in two planes, met and not met; unknown is neither.
// Readers turn one fact each into the bits of all tests of it with one lookup. Then come phases: blocks, which are word
// operations over the planes, and code that looks at several facts, which the executor runs. Each rule has a bit too,
// those of a decision side by side, so that the first met rule and the open ones before it are found at once.
#ifndef SOC_VM_PLAN_H
#define SOC_VM_PLAN_H

#include "vm/exec.h"

// Policies beyond these are decided without a plan.
#define VM_PLAN_TESTS 1024u  // truths that the code makes
#define VM_PLAN_ROWS 131072u // classes of values
#define VM_PLAN_LEAST_WORDS 2u
#define VM_PLAN_BITS 64u // rules of one decision, tests of one fact

// Which row a fact takes: by the place of its value among `count` of them (the last one for any other), or by the
// number of `steps` that are not above it.
enum vm_reader_kind { VM_READ_PLACE, VM_READ_STEPS };

typedef struct vm_reader {
  uint32_t fact;
  uint32_t rows;  // its first one: tests that are met, at their places in the word
  uint32_t count; // of rows
  uint32_t steps; // first one; there is one less than rows
  uint64_t bias;  // added to the value, so that places begin at 0 and steps ascend without sign
  // By soc_state, nothing met for SOC_GIVEN; and for an assumption that is put aside.
  uint64_t met_in[3], known_in[3], aside_met, aside_known;
  uint64_t only, empty_met; // lists: tests that every item must meet; those that none needs
  uint16_t word;            // of the planes
  uint8_t kind, type;
} vm_reader;

// Blocks of one kind in one phase, their bits side by side in one word.
typedef struct vm_block_run {
  uint32_t first, count; // masks
  uint32_t bit;
  uint16_t at_least; // VM_BLOCK_COUNT
  uint8_t kind;
  uint32_t tables, table_count; // long runs: tables instead of masks
} vm_block_run;
#define VM_LONG_RUN 12u

// The blocks of a run that take in some of four neighbouring literals, by which of the four are given.
typedef struct vm_block_table {
  uint16_t word, in_word; // of the first one of a word: how many tables it has
  uint32_t shift;
  uint64_t blocks[16];
} vm_block_table;

enum vm_block_kind { VM_BLOCK_ALL, VM_BLOCK_ANY, VM_BLOCK_COUNT, VM_BLOCK_NOT_COUNT };

// Usual shapes of code that are worked out without the executor, with two facts of the case, a and b.
enum vm_shape {
  VM_SHAPE_OTHER,
  VM_SHAPE_BETWEEN, // a - b in days or years, lo..hi
  VM_SHAPE_SHIFTED  // a in a relation to b plus or minus lo days or months
};
typedef struct vm_shaped {
  uint8_t shape, op, relation;
  bool given[2]; // `if given`
  uint32_t fact[2];
  int64_t lo, hi;
} vm_shaped;

// Code that the executor runs; bits for what it leaves and for the negation, SOC_NONE32: nobody asks for that.
typedef struct vm_expression {
  uint32_t first, count;
  uint32_t bit[2];
  vm_shaped shaped;
  uint32_t guard; // a mask: with one of these literals not met nobody asks; SOC_NONE32
} vm_expression;

// A derived enumeration that is a fact's own value, or if that was left out what a code stands for.
typedef struct vm_derivation {
  uint32_t cell, fact, code;
  uint64_t every; // all values
  uint32_t map;
} vm_derivation;

// A test of a derived enumeration.
typedef struct vm_mask_test {
  uint32_t cell, asks;
  uint32_t bit[2];
  uint64_t mask;
} vm_mask_test;

// All tests of one derived enumeration. A row has the tests that a value passes; an empty set of candidates comes from a
// fact that is none, and passes negated ones alone.
typedef struct vm_mask_reader {
  uint32_t cell;
  uint32_t rows; // first one of plan->mask_rows, by value
  uint32_t word;
  uint64_t tests, empty_met;
} vm_mask_reader;

enum vm_step_kind {
  VM_STEP_BLOCKS,
  VM_STEP_PUBLISH, // a state that code will read: cell `first`, literal `count`
  VM_STEP_CELL,    // a quantity, a derived enumeration, or a cell of a list: cell `first`
  VM_STEP_DERIVE,  // a derived enumeration of the usual shape: derivation `first`
  VM_STEP_MASKS,
  VM_STEP_EXPRESSIONS
};
typedef struct vm_plan_step {
  uint32_t kind, first, count;
} vm_plan_step;

typedef struct vm_plan_decision {
  uint32_t bit;                                      // of the first rule; all are in one word
  uint32_t first;                                    // rule
  uint32_t count;                                    // rules
  uint32_t first_reason, first_action;               // as vm_first_reason and vm_first_action say
  uint8_t used[SOC_DETERMINATION_COUNT], used_count; // determinations that a rule has
  uint64_t of[SOC_DETERMINATION_COUNT];
  uint64_t speaks; // rules with a code for being open
} vm_plan_decision;

typedef struct vm_plan {
  uint32_t words;                                     // of a plane
  uint32_t place_readers, step_readers, list_readers; // in this order
  uint32_t step_count, expression_count;
  vm_reader *readers;
  uint64_t *rows, *steps;
  uint32_t *reader_of;               // by fact; SOC_NONE32: nothing tests it
  uint64_t *left_met, *left_not_met; // planes of a case without facts
  vm_plan_step *program;
  vm_block_run *runs;
  uint64_t *masks; // by block: `words` words
  vm_block_table *tables;
  vm_expression *expressions;
  vm_mask_test *mask_tests; // one after the other for each cell
  vm_mask_reader *mask_readers;
  uint64_t *mask_rows;
  vm_derivation *derivations;
  uint32_t *origins; // by bit: VM_ORIGIN_* and what it stands for
  vm_plan_decision *decisions;
  vm_rule *rules;       // as vm_rule_at reads them
  uint32_t *conditions; // by cell: its literal; SOC_NONE32: it has none of its own
  // By cell: a literal that has its state, a rule's too; VM_CELL_RUN: deciding works it out; SOC_NONE32: explaining does.
  uint32_t *states;
} vm_plan;

// Rules of a decision, a bit for each.
typedef struct vm_rule_bits {
  uint64_t met, open;
} vm_rule_bits;

static inline vm_rule_bits vm_planned_rules(const soc_case *c, uint32_t decision) {
  const vm_plan_decision *d = &c->policy->plan->decisions[decision];
  uint32_t word = d->bit / 64, shift = d->bit % 64;
  uint64_t rules = UINT64_MAX >> (64 - d->count);
  uint64_t met = c->met[word] >> shift & rules;
  return (vm_rule_bits){met, rules & ~met & ~(c->not_met[word] >> shift)};
}

// planes.c: the tests that are met by a value; of a list, in this row.
uint64_t vm_reader_row(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t row,
                       int64_t value);
// planes.c: fills in the planes of a case without facts.
void vm_plan_left_out(vm_plan *plan);
// exec.c: a truth. Code of that shape would leave the same.
int64_t vm_run_shaped(const soc_case *c, const vm_shaped *s);
// exec.c: works the candidates out.
void vm_derive(soc_case *c, const vm_derivation *d);
// exec.c: asks for a fact if it is unknown.
void vm_ask_fact(soc_case *c, uint32_t fact);

#define VM_CELL_RUN 0xfffffffeu

// What an unknown literal asks for.
#define VM_ORIGIN_FACT 0x00000000u
#define VM_ORIGIN_EXPRESSION 0x40000000u
#define VM_ORIGIN_MASK 0x80000000u
#define VM_ORIGIN_BLOCK 0xc0000000u
#define VM_ORIGIN_KIND 0xc0000000u

#endif
