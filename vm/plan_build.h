// SPDX-License-Identifier: Apache-2.0
//
// Building a plan, which is done once for each policy: trees are measured and placed first, which gives every literal
// its bits (plan_trees.c), then facts, code and blocks are told their bits (plan_bits.c), masks and the program follow
// (plan_blocks.c), and last the rows of the readers (plan_rows.c). plan.c has the memory and the public functions.
#ifndef SOC_VM_PLAN_BUILD_H
#define SOC_VM_PLAN_BUILD_H

#include "vm/literals.h"
#include "vm/planes.h"

#define WORD_BITS 64u

typedef struct vm_sorted {
  uint64_t key;
  uint32_t value;
} vm_sorted;

// What is known of a term in one polarity, by its value: 2 * term + polarity.
typedef struct vm_node {
  uint32_t same; // the value that stands for it: of several terms that are one test the first one
  uint32_t bits; // that its tree takes; 1: no tree
  uint32_t members; // bits that the trees of its members take
  uint32_t uses;
  uint16_t height; // of its tree
  bool apart;
} vm_node;

// A block whose members are being placed; `taken_in`: into the block below it on the stack.
typedef struct vm_frame {
  uint32_t value, edge, low;
  uint64_t members;
  bool taken_in;
} vm_frame;

typedef struct vm_builder {
  const vm_policy *p;
  vm_plan *plan;
  vm_pool pool;
  vm_graph g;
  vm_node *nodes;
  vm_frame *frames;
  uint32_t bits, most_bits; // given out; as many as there may be
  uint32_t *values;         // by bit: what stands there; SOC_NONE32
  // By fact and instruction, value: 2 * term + polarity; may hold one test more than once. Then by code, cell and
  // instruction those of derived enumerations once more.
  vm_sorted *tests;
  uint32_t test_count, all_test_count;
  vm_sorted *blocks;     // by phase; value: 2 * term + polarity
  uint32_t block_count;  // without that of `otherwise`
  uint32_t *cell_phases; // from which on a cell can be read
  uint64_t *members;     // by 2 * term + polarity: what a block of that kind takes in
  uint32_t expression_count, mask_count, mask_reader_count, row_count;
  uint32_t table_count, entry_count, most_entries;
  uint32_t apart_count, next_mask, literal_count, pattern_count, most_patterns;
  uint64_t *scratch; // two masks
  vm_sorted *edges;  // of a reader's classes of values
  void *sample_memory;
  size_t sample_bytes;
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

static inline void vm_add_bit(uint64_t *mask, uint32_t bit) {
  mask[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

static inline uint64_t *vm_plan_mask(const vm_plan *plan, uint32_t mask) {
  return plan->masks + (size_t)mask * plan->words;
}

// plan_trees.c. Phases: from which on a cell, or what code leaves, can be read.
void vm_measure_trees(vm_builder *b);
uint32_t vm_phase_of_cell(const vm_builder *b, uint32_t cell);
uint32_t vm_phase_of_code(const vm_builder *b, uint32_t first, uint32_t count);
// Gives all literals their bits; false: there are too many.
bool vm_place_trees(vm_builder *b);
// When the number of words is known: where the words of blocks and of rules are.
void vm_point_adders(vm_plan *plan);
void vm_point_decisions(vm_builder *b);
// Adds all bits of a literal to a mask.
void vm_add_copies(const vm_builder *b, uint64_t *mask, uint32_t bit);

// plan_bits.c. Before anything is placed: tests, of which equal ones are one literal; when all is placed, blocks first,
// since their masks have their numbers.
void vm_sort_tests(vm_builder *b);
void vm_join_tests(vm_builder *b); // those of facts alone, without those of derived enumerations
// Reads decisions and their rules; false: more rules than a word has room for.
bool vm_add_decisions(vm_builder *b);
void vm_add_blocks(vm_builder *b);
// Does a fact that was left out stay so, or is it none, whatever else the case says?
bool vm_stands_for_itself(const vm_policy *p, uint32_t fact);
// Is it code that setters work out, a pair (vm/plan.h)?
bool vm_is_pair(const vm_policy *p, const vm_term *t);
void vm_add_code(vm_builder *b);
// False: more tests of a fact than a word has room for.
bool vm_add_readers(vm_builder *b);
// Where the tests of a reader stand in the list.
uint32_t vm_first_test(const vm_builder *b, const vm_reader *r, uint32_t *end);
void vm_find_origins(vm_builder *b);
enum vm_reader_class { VM_BY_PLACE, VM_BY_STEPS, VM_BY_ITEMS };
enum vm_reader_class vm_reader_class(const vm_policy *p, uint32_t fact);

// plan_blocks.c. What blocks take in; false: a count would count one literal twice.
bool vm_find_members(vm_builder *b);
void vm_add_program(vm_builder *b);
void vm_find_guards(vm_builder *b);

// plan.c: classes of values of all facts, at most.
uint64_t vm_count_classes(const vm_policy *p);
// plan_rows.c. Values that a fact can have, as a reader by place counts them.
uint32_t vm_place_count(const vm_policy *p, uint32_t fact);
// The sample case: its memory, and how tests begin with it.
void vm_take_sample(vm_builder *b);
void vm_begin_sample(vm_builder *b);
// What tests say of all classes of values.
void vm_fill_rows(vm_builder *b);
// plan_tables.c. Loops that are tables.
void vm_add_tables(vm_builder *b);
// plan_patterns.c. What readers write, and which of them a fact has; false: no room.
bool vm_fill_patterns(vm_builder *b);

#endif
