// SPDX-License-Identifier: Apache-2.0
//
// Building a plan, which is done once for each policy: bits are given out first (plan_bits.c: rules, tests fact by fact,
// code, blocks phase by phase), then the masks and tables of blocks and the program follow (plan_blocks.c), and last
// the rows of the readers (plan_rows.c). plan.c has the memory and the public functions.
#ifndef SOC_VM_PLAN_BUILD_H
#define SOC_VM_PLAN_BUILD_H

#include "vm/literals.h"

#define WORD_BITS 64u
#define WORD_TABLES (UINT64_C(64) / 4)

typedef struct vm_sorted {
  uint64_t key;
  uint32_t value;
} vm_sorted;

typedef struct vm_builder {
  const vm_policy *p;
  vm_plan *plan;
  vm_pool pool;
  vm_graph g;
  uint32_t bits;         // given out
  vm_sorted *tests;      // by fact and instruction; value: 2 * term + polarity
  uint32_t test_count;   // may hold one test more than once
  vm_sorted *blocks;     // by phase and kind; value: 2 * term + polarity
  uint32_t block_count;  // without those of rules
  uint32_t *cell_phases; // from which on a cell can be read
  uint32_t *bit_phases;
  uint64_t *members; // by 2 * term + polarity: what a block of that kind takes in
  uint32_t expression_count, mask_count, mask_reader_count, derivation_count, row_count, run_count;
  soc_case *sample; // to run tests on
} vm_builder;

// Heapsort: no memory, no bad cases. By key, then by value.
void vm_sort(vm_sorted *a, uint32_t count);

static inline uint32_t vm_later(uint32_t a, uint32_t b) {
  return a > b ? a : b;
}

// The polarity of a child in a block that is wanted in `polarity`.
static inline unsigned vm_child_polarity(const vm_term *t, vm_edge edge, unsigned polarity) {
  return t->kind == VM_TERM_COUNT ? edge.negated : polarity ^ edge.negated;
}

static inline vm_term *vm_term_of(const vm_builder *b, uint32_t value) {
  return &b->g.terms[value / 2];
}

// plan_bits.c. Phases: from which on a cell, or what code leaves, can be read.
void vm_find_phases(vm_builder *b);
uint32_t vm_phase_of_cell(const vm_builder *b, uint32_t cell);
uint32_t vm_phase_of_code(const vm_builder *b, uint32_t first, uint32_t count);
// Bits, in this order; false: more than a word has room for.
bool vm_give_rules_bits(vm_builder *b);
void vm_sort_terms(vm_builder *b);
bool vm_give_tests_bits(vm_builder *b);
void vm_give_code_bits(vm_builder *b);
void vm_give_block_bits(vm_builder *b);
void vm_give_rules_origins(vm_builder *b);
enum vm_reader_class { VM_BY_PLACE, VM_BY_STEPS, VM_BY_ITEMS };
enum vm_reader_class vm_reader_class(const vm_policy *p, uint32_t fact);

// plan_blocks.c. What blocks take in; false: a count would count one literal twice.
bool vm_find_members(vm_builder *b);
void vm_add_program(vm_builder *b);
void vm_join_steps(vm_plan *plan);
// False: no room.
bool vm_make_tables(vm_builder *b);
bool vm_find_guards(vm_builder *b, uint32_t blocks);

// plan.c: classes of values of all facts, at most.
uint64_t vm_count_classes(const vm_policy *p);
// plan_rows.c. Values that a fact can have, as a reader by place counts them.
uint32_t vm_place_count(const vm_policy *p, uint32_t fact);
// `most`: an upper bound of classes of values. False: no room.
bool vm_fill_readers(vm_builder *b, uint32_t most);

#endif
