// SPDX-License-Identifier: Apache-2.0
//
// Plans: their memory and the public functions; see plan_build.h.
#include <string.h>

#include "vm/lanes_build.h"
#include "vm/plan_build.h"

// ------------------------------------------------------------------------------------------- memory

// Upper bounds of what building takes.
typedef struct bounds {
  uint64_t truths, rules, rows, words, mask_readers;
} bounds;

static uint64_t rows_of_test(const vm_policy *p, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->b != B_FACT) {
    return 0;
  }
  return shape->c == C_SET ? 2 * (uint64_t)vm_set_at(p, vm_set_index(i.c)).count : 2;
}

uint64_t vm_count_classes(const vm_policy *p) {
  uint64_t rows = 0;
  for (uint32_t pc = 0; pc < VM_COUNT(p, CODE); pc++) {
    rows += rows_of_test(p, vm_instruction_at(p, pc));
  }
  for (uint32_t fact = 0; fact < VM_COUNT(p, FACTS); fact++) {
    rows += vm_reader_class(p, fact) == VM_BY_STEPS || vm_fact_at(p, fact).type == SOC_CODE_LIST
                ? 1
                : vm_place_count(p, fact);
  }
  return rows;
}

// One for each derived enumeration, and one more for each full word.
static uint64_t count_mask_readers(const vm_policy *p, uint64_t truths) {
  uint64_t count = 2 * truths / WORD_BITS + 1;
  for (uint32_t cell = 0; cell < VM_COUNT(p, CELLS); cell++) {
    count += vm_cell_at(p, cell).kind == SOC_CELL_MASK;
  }
  return count;
}

// False: the policy is decided without a plan.
static bool find_bounds(const vm_policy *p, bounds *n) {
  if (vm_decides_rows(p)) {
    return false;
  }
  *n = (bounds){
      .truths = vm_count_truths(p), .rules = VM_COUNT(p, RULES), .rows = vm_count_classes(p)};
  // Both polarities of each truth, and the rest of a word behind each decision and each fact.
  uint64_t bits = 2 * n->truths + n->rules;
  n->words = 2 * (bits / WORD_BITS + 1) + VM_COUNT(p, DECISIONS);
  n->mask_readers = count_mask_readers(p, n->truths);
  return n->truths <= VM_PLAN_TESTS && n->rows <= VM_PLAN_ROWS && n->rules <= VM_PLAN_TESTS;
}

static size_t whole_words(uint64_t count, size_t bytes) {
  return (size_t)(count * bytes + 7) / 8 * 8;
}

size_t soc_policy_plan_bytes(const soc_policy *policy) {
  static const soc_case_limits limits = {.rows = 1, .items = 1};
  bounds n;
  if (!policy) {
    return 0;
  }
  const vm_policy *p = vm_of(policy);
  if (!find_bounds(p, &n)) {
    return vm_lanes_bytes(p);
  }
  uint64_t cells = VM_COUNT(p, CELLS), blocks = 2 * n.truths + n.rules;
  uint64_t steps = 2 * (cells + n.truths) + blocks + 2;
  size_t kept =
      whole_words(1, sizeof(vm_plan)) + whole_words(VM_COUNT(p, FACTS), sizeof(vm_reader)) +
      whole_words(VM_COUNT(p, FACTS), 4) + 2 * whole_words(n.words, 8) +
      2 * whole_words(n.rows, 8) + whole_words(steps, sizeof(vm_plan_step)) +
      whole_words(blocks, sizeof(vm_block_run)) +
      whole_words((blocks + n.truths + 1) * n.words, 8) +
      whole_words(n.truths, sizeof(vm_expression)) + whole_words(n.truths, sizeof(vm_mask_test)) +
      whole_words(n.mask_readers, sizeof(vm_mask_reader)) +
      whole_words(n.mask_readers * WORD_BITS, 8) + whole_words(n.words * WORD_BITS, 4) +
      whole_words(VM_COUNT(p, DECISIONS), sizeof(vm_plan_decision)) +
      whole_words(n.rules, sizeof(vm_rule)) + 2 * whole_words(cells, 4) +
      whole_words(cells + 1, sizeof(vm_derivation)) +
      blocks / VM_LONG_RUN * n.words * WORD_TABLES * sizeof(vm_block_table);
  size_t borrowed =
      whole_words(n.truths, sizeof(vm_term)) + whole_words(n.truths, sizeof(vm_edge)) +
      whole_words(cells, sizeof(vm_root)) + 2 * whole_words(cells + 1, 4) + whole_words(cells, 1) +
      whole_words(p->bounds.max_stack, 16) + 2 * whole_words(2 * n.truths, sizeof(vm_sorted)) +
      whole_words(n.words * WORD_BITS, 4) + whole_words(2 * n.truths * n.words, 8) +
      whole_words(n.words, 8) + soc_case_bytes(policy, &limits) + 8 +
      whole_words(n.rows, sizeof(vm_sorted));
  return kept + borrowed;
}

static bool take_memory(vm_builder *b, const bounds *n) {
  const vm_policy *p = b->p;
  vm_plan *plan = b->plan;
  vm_pool *pool = &b->pool;
  size_t truths = (size_t)n->truths, bits = (size_t)n->words * WORD_BITS;
  size_t masks = (size_t)n->mask_readers;
  plan->readers = vm_pool_keep(pool, VM_COUNT(p, FACTS), sizeof *plan->readers);
  plan->reader_of = vm_pool_keep(pool, VM_COUNT(p, FACTS), sizeof *plan->reader_of);
  plan->rows = vm_pool_keep(pool, (size_t)n->rows, sizeof *plan->rows);
  plan->steps = vm_pool_keep(pool, (size_t)n->rows, sizeof *plan->steps);
  plan->expressions = vm_pool_keep(pool, truths, sizeof *plan->expressions);
  plan->mask_tests = vm_pool_keep(pool, truths, sizeof *plan->mask_tests);
  plan->mask_readers = vm_pool_keep(pool, masks, sizeof *plan->mask_readers);
  plan->mask_rows = vm_pool_keep(pool, masks * WORD_BITS, sizeof *plan->mask_rows);
  plan->derivations = vm_pool_keep(pool, VM_COUNT(p, CELLS) + 1, sizeof *plan->derivations);
  plan->origins = vm_pool_keep(pool, bits, sizeof *plan->origins);
  plan->decisions = vm_pool_keep(pool, VM_COUNT(p, DECISIONS), sizeof *plan->decisions);
  plan->rules = vm_pool_keep(pool, VM_COUNT(p, RULES), sizeof *plan->rules);
  plan->conditions = vm_pool_keep(pool, VM_COUNT(p, CELLS), sizeof *plan->conditions);
  plan->states = vm_pool_keep(pool, VM_COUNT(p, CELLS), sizeof *plan->states);
  b->tests = vm_pool_borrow(pool, 2 * truths, sizeof *b->tests);
  b->blocks = vm_pool_borrow(pool, 2 * truths, sizeof *b->blocks);
  b->cell_phases = vm_pool_borrow(pool, VM_COUNT(p, CELLS), sizeof *b->cell_phases);
  b->bit_phases = vm_pool_borrow(pool, bits, sizeof *b->bit_phases);
  if (!plan->readers || !plan->reader_of || !plan->rows || !plan->steps || !plan->expressions ||
      !plan->mask_tests || !plan->mask_readers || !plan->mask_rows || !plan->derivations ||
      !plan->origins || !plan->decisions || !plan->rules || !plan->conditions || !plan->states ||
      !b->tests || !b->blocks || !b->cell_phases || !b->bit_phases) {
    return false;
  }
  memset(plan->origins, 0, bits * sizeof *plan->origins);
  memset(b->bit_phases, 0, bits * sizeof *b->bit_phases);
  return true;
}

// When the number of blocks and bits is known.
static bool take_masks(vm_builder *b, uint32_t blocks) {
  vm_plan *plan = b->plan;
  size_t words = (b->bits + WORD_BITS - 1) / WORD_BITS;
  plan->words = (uint32_t)(words = words < VM_PLAN_LEAST_WORDS ? VM_PLAN_LEAST_WORDS : words);
  size_t steps = 2 * ((size_t)VM_COUNT(b->p, CELLS) + b->g.term_count) + blocks + 2;
  plan->program = vm_pool_keep(&b->pool, steps, sizeof *plan->program);
  plan->runs = vm_pool_keep(&b->pool, blocks, sizeof *plan->runs);
  plan->masks =
      vm_pool_keep(&b->pool, (blocks + b->expression_count + 1) * words, sizeof *plan->masks);
  plan->left_met = vm_pool_keep(&b->pool, words, sizeof *plan->left_met);
  plan->left_not_met = vm_pool_keep(&b->pool, words, sizeof *plan->left_not_met);
  b->members = vm_pool_borrow(&b->pool, 2 * (size_t)b->g.term_count * words, sizeof *b->members);
  return plan->program && plan->runs && plan->masks && plan->left_met && plan->left_not_met &&
         b->members;
}

static void find_conditions(vm_builder *b) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    uint32_t bit = SOC_NONE32;
    if (vm_is_condition(b->p, cell)) {
      vm_root root = b->g.roots[cell];
      bit = b->g.terms[root.term].bit[root.negated];
    }
    b->plan->conditions[cell] = bit;
    b->plan->states[cell] =
        vm_is_condition(b->p, cell) || !b->g.cell_wanted[cell] ? bit : VM_CELL_RUN;
  }
}

// The state of a rule's condition is that of the rule.
static void find_rule_states(vm_builder *b) {
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    const vm_plan_decision *decision = &b->plan->decisions[d];
    for (uint32_t i = 0; i < decision->count; i++) {
      uint32_t cell = b->plan->rules[decision->first + i].cell;
      if (cell != SOC_NONE32) {
        b->plan->states[cell] = decision->bit + i;
      }
    }
  }
}

static bool build(vm_builder *b, const bounds *n) {
  if (!take_memory(b, n) || !vm_make_graph(&b->g, b->p, &b->pool)) {
    return false;
  }
  vm_mark_graph(&b->g);
  vm_find_phases(b);
  vm_sort_terms(b);
  if (!vm_give_rules_bits(b) || !vm_give_tests_bits(b)) {
    return false;
  }
  vm_give_code_bits(b);
  vm_give_block_bits(b);
  vm_give_rules_origins(b);
  find_conditions(b);
  find_rule_states(b);
  uint32_t blocks = b->block_count + VM_COUNT(b->p, RULES);
  if (!take_masks(b, blocks) || !vm_find_members(b)) {
    return false;
  }
  vm_add_program(b);
  vm_join_steps(b->plan);
  b->plan->expression_count = b->expression_count;
  return vm_make_tables(b) && vm_find_guards(b, blocks) && vm_fill_readers(b, (uint32_t)n->rows);
}

static soc_status refused(soc_error *error, soc_status status, const char *code,
                          const char *sentence) {
  if (error) {
    *error = (soc_error){code, sentence, 0};
  }
  return status;
}

soc_status soc_policy_plan(soc_policy *policy, void *memory, size_t size, soc_error *error) {
  bounds n;
  if (!policy || !memory || (uintptr_t)memory % 8 != 0) {
    return refused(error, SOC_ERR_ARGUMENT, "argument",
                   "an argument is NULL or the memory is not aligned");
  }
  vm_policy *p = (vm_policy *)(void *)policy;
  p->plan = NULL;
  p->lanes = NULL;
  if (size < soc_policy_plan_bytes(policy)) {
    return refused(error, SOC_ERR_MEMORY, "memory",
                   "the memory is smaller than soc_policy_plan_bytes says");
  }
  if (!find_bounds(p, &n)) {
    p->lanes = vm_lanes_build(p, memory, size);
    return p->lanes ? SOC_OK
                    : refused(error, SOC_ERR_LIMIT, "plan", "the policy is decided without a plan");
  }
  vm_builder b = {.p = p, .pool = {memory, (unsigned char *)memory + size / 8 * 8}};
  b.plan = vm_pool_keep(&b.pool, 1, sizeof *b.plan);
  *b.plan = (vm_plan){0};
  if (!build(&b, &n)) {
    return refused(error, SOC_ERR_LIMIT, "plan", "the policy is decided without a plan");
  }
  p->plan = b.plan;
  return SOC_OK;
}
