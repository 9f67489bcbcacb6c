// SPDX-License-Identifier: Apache-2.0
//
// A plan: what the case-wide part of a policy's bytecode comes to, laid out so that deciding a case takes the same
// straight path whatever the case says. Built once from verified bytecode (plan_build.h), read by any number of cases
// (planes.c), never changed. It is a second form of the same logic and not a second logic: what a test of one fact says
// of each class of values is found by running that very instruction.
//
// Every literal (a test, a block, or the negation of one) has a bit in two planes, met and not met; unknown is neither.
// Readers turn one fact each into the bits of all tests of it with one lookup, which has the words as they will stand.
// A rule's condition is a tree that stands in one word: the members of a block, whole trees themselves, and right
// behind them the block's own bit. So one addition works out all blocks of one height in a word: its carry runs through
// a block's members into the block's bit. What is asked for in several places stands in each of them (copies); the
// first one is the literal's own bit.
//
// The rules of a decision stand in order, so that the first met rule is the lowest bit and the open ones are those
// below.
#ifndef SOC_VM_PLAN_H
#define SOC_VM_PLAN_H

#include "vm/exec.h"

// Policies beyond these are decided without a plan.
#define VM_PLAN_TESTS 1024u  // truths that the code makes
#define VM_PLAN_ROWS 131072u // classes of values
#define VM_PLAN_BITS 64u     // rules of one decision, tests of one fact

// Which row a fact takes: by the place of its value among `count` of them (the last one for any other), or by the
// number of `steps` that are not above it; a list has a row for each item.
enum vm_reader_kind { VM_READ_PLACE, VM_READ_STEPS, VM_READ_ITEMS };

// 64 literals; what is neither met nor not met is unknown.
typedef struct vm_truths {
  uint64_t met, not_met;
} vm_truths;

// The tests of one fact. Among them are those of an enumeration that is the fact's own value, and what is derived of
// another one, the code, if the fact was left out: the code's reader for these has the fact as `base`, writes planes of
// its own, and counts where the fact was left out.
typedef struct vm_reader {
  uint32_t fact;
  uint32_t base; // SOC_NONE32: the tests are the fact's own
  uint64_t bias; // added to the value, so that places begin at 0 and steps ascend without sign
  uint32_t
      rows; // first one: tests that are met; with a base as many rows behind them for those that are known
  uint32_t count;    // of rows
  uint32_t steps;    // first one; there is one less than rows
  uint32_t patterns; // of a plan: first one of plan->patterns, `span` truths each, see VM_PATTERN_*
  uint16_t word, span; // of the planes
  uint8_t kind, type;
  bool alone;    // one word, no list, no base; of a fact with another reader that one comes first
  bool paired;   // the fact is one of a pair
  uint32_t next; // another one of the same fact; SOC_NONE32
  uint32_t literals; // first one of plan->test_literals, in order
  uint64_t tests;    // all
  uint64_t plain;    // without those of a derived enumeration
  // By soc_state, nothing met for SOC_GIVEN; and for an assumption that is put aside.
  uint64_t met_in[3], known_in[3], aside_met, aside_known;
  uint64_t only, empty_met; // lists: tests that every item must meet; those that none needs
} vm_reader;

// What a fact writes into the words of its tests. Before the patterns of its values: all tests, by soc_state (in the
// place of SOC_GIVEN that of an empty list), an assumption that is put aside, and tests of a list that every item must
// meet.
#define VM_PATTERN_TESTS 0u
#define VM_PATTERN_STATE 1u
#define VM_PATTERN_ASIDE 4u
#define VM_PATTERN_ONLY 5u
#define VM_PATTERN_VALUES 6u
#define VM_PLAN_PATTERNS 16384u // truths in them; a policy with more is decided without a plan

enum vm_block_kind { VM_BLOCK_ALL, VM_BLOCK_ANY, VM_BLOCK_COUNT, VM_BLOCK_NOT_COUNT };

// A block; plan->masks has what it takes in, by its number. Those that are no part of a tree stand apart: counts, long
// ones, and ones that many ask for.
typedef struct vm_block {
  uint32_t bit;
  uint16_t at_least; // VM_BLOCK_COUNT
  uint8_t kind;
} vm_block;

// All blocks of one kind and one height in one word. `full`: from a block's lowest member up to its bit, `out`. A block
// is good, met for all of, if all members are, and bad if one is; for any of the other way round. Of each pair the
// first one is for what is met; `turn`: all ones for the good one.
typedef struct vm_adder {
  uint64_t turn[2], members[2], full[2], out[2];
  uint32_t word;
  uint32_t phase;  // the last one in which one of its members becomes known
  uint32_t height; // odd: all of, even: any of
} vm_adder;

// Usual shapes of code that are worked out without the executor, with two facts of the case, a and b.
enum vm_shape {
  VM_SHAPE_OTHER,
  VM_SHAPE_BETWEEN, // a - b in days or years, lo..hi
  VM_SHAPE_SHIFTED // a in a relation to b plus or minus lo days or months; to b itself: plus no days
};
typedef struct vm_shaped {
  uint8_t shape, op, relation;
  bool given[2]; // `if given`
  uint32_t fact[2];
  int64_t lo, hi;
} vm_shaped;

// Code that the executor runs; literals for what it leaves and for the negation, SOC_NONE32: nobody asks for that.
typedef struct vm_expression {
  uint32_t first, count;
  uint32_t bit[2];
  // Rules that depend on it; always: something else does, or rules in several words.
  uint64_t rules;
  uint32_t word;
  bool always;
  vm_shaped shaped;
  uint32_t table; // its number; SOC_NONE32
  uint32_t guard; // a mask: with one of these literals not met nobody asks; SOC_NONE32
} vm_expression;

// A loop over rows each of which comes to what a few of its fields say, truths and enumerations. A table has, by their
// values, the row's truth and from bit VM_TABLE_ASKS on the fields that keep it open. Other loops are run.
#define VM_TABLE_FIELDS 4u
#define VM_TABLE_ASKS 2u
_Static_assert(VM_TABLE_FIELDS + VM_TABLE_ASKS <= 8, "an entry is a byte");
#define VM_TABLE_MOST 1024u   // entries of one
#define VM_PLAN_TABLES 16384u // of all
typedef struct vm_row_table {
  uint32_t list;
  uint32_t first; // entry
  bool all;       // the loop's result: is every row met, or some row?
  uint32_t field_count;
  uint32_t fields[VM_TABLE_FIELDS], strides[VM_TABLE_FIELDS];
} vm_row_table;

// An expression that compares two facts which stand for themselves, as the setter of one of them sees it: known from
// when both are set.
typedef struct vm_fact_pair {
  uint32_t other;
  uint32_t word; // of its literal, if that is one and stands in one place; else no bit
  uint64_t bit;
  uint32_t expression;
  bool plain;     // unknown where one of the two was left out and none is none
  bool waits;     // surely unknown before and after the fact is set while the other one is left out
  bool second;    // the setter's fact is the second one
  uint8_t as_met; // the truth that the literal is met for
  vm_shaped shaped; // the expression's
} vm_fact_pair;

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

// All tests of one derived enumeration. Rows of as many words as a plane has: the bits of all tests; those that an
// empty set of candidates passes, which comes from a fact that is none: negated ones alone; then by value.
typedef struct vm_mask_reader {
  uint32_t cell;
  uint32_t rows; // first word of plan->mask_rows
} vm_mask_reader;
#define VM_MASK_ROWS (2 + 64u)

// Steps go phase by phase. A case takes those of trees and what stands apart, columns (soc_batch) take blocks one by
// one.
enum vm_step_kind {
  VM_STEP_BLOCKS,
  VM_STEP_TREES,   // adders
  VM_STEP_APART,   // place in plan->apart
  VM_STEP_PUBLISH, // a state that code will read: cell `first`, literal `count`
  VM_STEP_CELL,    // a quantity, a derived enumeration, or a cell of a list: cell `first`
  VM_STEP_MASKS,   // tests of a derived enumeration: mask reader `first`; for columns cell `first`
  VM_STEP_EXPRESSIONS
};
typedef struct vm_plan_step {
  uint32_t kind, first, count;
} vm_plan_step;

// A decision's rules in one word.
typedef struct vm_rule_word {
  uint64_t all;
  uint64_t speaking; // with a code for being open
  uint64_t to_end;   // deciding by it does not end the reasons
  uint64_t going_on; // and there are rules behind it that could be further ones
  uint64_t further;  // a further reason if it is met
  uint64_t stopping; // the last reason
  uint64_t waiting;  // depends on code
  uint64_t stirring; // where one of these is met or open, code may matter
  uint64_t plain;    // deciding by it takes no more than to say so
  uint64_t as[SOC_DETERMINATION_COUNT];
} vm_rule_word;

typedef struct vm_plan_decision {
  uint32_t first;                      // rule
  uint32_t count;                      // rules
  uint32_t first_reason, first_action; // as vm_first_reason and vm_first_action say
  uint32_t word, end;                  // words with rules
  uint32_t words;                      // the first of these in plan->rule_words
  uint32_t numbers;                    // by bit of these, first one of plan->rule_numbers
  uint8_t used[SOC_DETERMINATION_COUNT], used_count; // determinations that a rule has
  bool waits;                                        // a rule depends on code
  uint64_t speaks;                                   // rules with a code for being open, by number
  uint64_t of[SOC_DETERMINATION_COUNT];              // by determination: its rules by number
} vm_plan_decision;

typedef struct soc_plan { // the tag stands in soc/vm.h
  uint32_t words;         // of a plane
  uint32_t reader_count, step_count, column_step_count, expression_count, derivation_count;
  uint32_t own_readers; // those behind them have a base
  bool asked_code;      // something else than rules depends on code
  vm_reader *readers;
  uint64_t *rows, *steps;
  uint32_t *reader_of;  // by fact; SOC_NONE32: nothing tests it
  uint32_t pair_count;  // expressions [0, pair_count) are pairs
  vm_fact_pair *pairs;  // by fact, twice each
  uint32_t *first_pair; // by fact, and one more: where they begin
  // By row of a reader: its pattern, from the reader's first one on.
  uint16_t *row_patterns;
  vm_truths *patterns;
  vm_truths *left_out; // of a case without facts; and once more for readers with a base
  vm_plan_step *program, *column_program;
  uint32_t adder_count;
  uint32_t first_adders; // that come before the program
  // The last code of the program, and the trees that read it (adders, 0: none); the program has them no more. They wait
  // until a decision turns out to depend on them, unless something else than rules does.
  uint32_t late_first, late_end, late_adders, late_adders_end;
  vm_adder *adders; // by word and height
  vm_block *blocks; // by phase, members before those that take them in
  uint32_t *apart;  // blocks
  uint64_t *masks;  // `words` words each: first by block
  uint32_t *test_literals;
  vm_expression *expressions;
  vm_row_table *tables;
  uint8_t *table_entries;
  vm_mask_test *mask_tests; // one after the other for each cell
  vm_mask_reader *mask_readers;
  uint64_t *mask_rows;
  vm_derivation *derivations;
  uint32_t *origins; // by bit: VM_ORIGIN_* and what it stands for
  uint32_t *copies;  // by bit: the next one of the same literal; SOC_NONE32
  vm_plan_decision *decisions;
  vm_rule_word *rule_words;
  uint8_t *rule_numbers; // by decision and bit: which of its rules
  uint32_t *rule_bits;   // of the planes; for lanes the rule's number
  vm_outcome *outcomes;  // by rule: what comes of it if it is plain, but for row and first day
  uint32_t always;       // a literal that is met, of `otherwise`; SOC_NONE32: nobody asks
  vm_rule *rules;        // as vm_rule_at reads them
  uint32_t *conditions;  // by cell: its literal; SOC_NONE32: it has none of its own
  // By cell: a literal that has its state; VM_CELL_RUN: deciding works it out; SOC_NONE32: explaining does.
  uint32_t *states;
} vm_plan;

// exec.c: a truth. Code of that shape would leave the same; if both facts are given, by their values.
int64_t vm_run_shaped(const soc_case *c, const vm_shaped *s);
int64_t vm_compare_shaped(const vm_shaped *s, int64_t a, int64_t b);
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
