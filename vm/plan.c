// SPDX-License-Identifier: Apache-2.0
//
// Plans: their memory and the public functions; see plan_build.h.
#include <string.h>

#include "vm/lanes_build.h"
#include "vm/plan_build.h"

#define WORD_LEAST \
  32u // bits of a word that are surely used: the longest tree always fits into the rest

// ------------------------------------------------------------------------------------------- memory

// Upper bounds of what building takes.
typedef struct bounds {
  uint64_t truths, rules, rows, words, mask_readers, loops;
} bounds;

static uint64_t rows_of_test(const vm_policy *p, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->b != B_FACT) {
    return 0;
  }
  if (shape->c == C_MAP) { // those that are met, and those that are known
    return 2 * (1 + 2 * (uint64_t)vm_map_at(p, i.c).count);
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

// Derived enumerations that something tests: no more than there are, nor than there are tests of them.
static uint64_t count_mask_readers(const vm_policy *p) {
  uint64_t masks = 0, tests = 0;
  for (uint32_t cell = 0; cell < VM_COUNT(p, CELLS); cell++) {
    masks += vm_cell_at(p, cell).kind == SOC_CELL_MASK;
  }
  for (uint32_t pc = 0; pc < VM_COUNT(p, CODE); pc++) {
    tests += vm_instruction_at(p, pc).op == SOC_OP_CELL_IN_MASK;
  }
  return masks < tests ? masks : tests;
}

static uint64_t count_all_loops(const vm_policy *p) {
  uint64_t count = 0;
  for (uint32_t pc = 0; pc < VM_COUNT(p, CODE); pc++) {
    count += vm_instruction_at(p, pc).op == SOC_OP_EACH_BEGIN;
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
  // Room for each truth twice, as a member and as what it comes to, and for what stands in several places.
  n->words = 2 + (4 * n->truths + 2 * n->rules) / WORD_LEAST + VM_COUNT(p, DECISIONS);
  n->mask_readers = count_mask_readers(p);
  n->loops = count_all_loops(p);
  return n->truths <= VM_PLAN_TESTS && n->rows <= VM_PLAN_ROWS && n->rules <= VM_PLAN_TESTS;
}

// What stays.
static void lay_out_plan(vm_builder *b, const bounds *n) {
  const vm_policy *p = b->p;
  vm_pool *pool = &b->pool;
  vm_plan *plan = b->plan = vm_pool_take(pool, 1, sizeof *plan), measured;
  plan = plan ? plan : &measured;
  uint64_t facts = VM_COUNT(p, FACTS), cells = VM_COUNT(p, CELLS), truths = n->truths;
  uint64_t decisions = VM_COUNT(p, DECISIONS), bits = n->words * WORD_BITS;
  uint64_t readers = facts + n->mask_readers, tests = 4 * truths;
  uint64_t patterns = (n->rows + VM_PATTERN_VALUES * readers) * n->words;
  b->most_patterns = (uint32_t)(patterns < VM_PLAN_PATTERNS ? patterns : VM_PLAN_PATTERNS);
  *plan = (vm_plan){.always = SOC_NONE32};
  plan->readers = vm_pool_take(pool, readers, sizeof *plan->readers);
  plan->reader_of = vm_pool_take(pool, facts, sizeof *plan->reader_of);
  plan->pairs = vm_pool_take(pool, 2 * truths, sizeof *plan->pairs);
  plan->first_pair = vm_pool_take(pool, facts + 1, sizeof *plan->first_pair);
  plan->rows = vm_pool_take(pool, n->rows, sizeof *plan->rows);
  plan->steps = vm_pool_take(pool, n->rows, sizeof *plan->steps);
  plan->test_literals = vm_pool_take(pool, tests, sizeof *plan->test_literals);
  plan->row_patterns = vm_pool_take(pool, n->rows, sizeof *plan->row_patterns);
  plan->patterns = vm_pool_take(pool, b->most_patterns, sizeof *plan->patterns);
  plan->left_out = vm_pool_take(pool, 2 * n->words, sizeof *plan->left_out);
  // Each phase has its trees and what stands apart, or its blocks; each cell and each truth may be a step.
  plan->program = vm_pool_take(pool, 3 * (cells + truths + 1), sizeof *plan->program);
  plan->column_program = vm_pool_take(pool, 2 * (cells + truths + 1), sizeof *plan->program);
  plan->adders = vm_pool_take(pool, n->words * (WORD_BITS / 2 + 2), sizeof *plan->adders);
  plan->blocks = vm_pool_take(pool, 2 * truths + 1, sizeof *plan->blocks);
  plan->apart = vm_pool_take(pool, 2 * truths, sizeof *plan->apart);
  plan->masks = vm_pool_take(pool, (2 * truths + 1) * n->words, sizeof *plan->masks);
  plan->expressions = vm_pool_take(pool, truths, sizeof *plan->expressions);
  uint64_t entries = n->loops * VM_TABLE_MOST;
  b->most_entries = (uint32_t)(entries < VM_PLAN_TABLES ? entries : VM_PLAN_TABLES);
  plan->tables = vm_pool_take(pool, n->loops + 1, sizeof *plan->tables);
  plan->table_entries = vm_pool_take(pool, b->most_entries, sizeof *plan->table_entries);
  plan->mask_tests = vm_pool_take(pool, truths, sizeof *plan->mask_tests);
  plan->mask_readers = vm_pool_take(pool, n->mask_readers, sizeof *plan->mask_readers);
  plan->mask_rows =
      vm_pool_take(pool, n->mask_readers * VM_MASK_ROWS * n->words, sizeof *plan->mask_rows);
  plan->derivations = vm_pool_take(pool, cells + 1, sizeof *plan->derivations);
  plan->origins = vm_pool_take(pool, bits, sizeof *plan->origins);
  plan->copies = vm_pool_take(pool, bits, sizeof *plan->copies);
  plan->decisions = vm_pool_take(pool, decisions, sizeof *plan->decisions);
  plan->rule_words = vm_pool_take(pool, decisions * n->words, sizeof *plan->rule_words);
  plan->rule_numbers = vm_pool_take(pool, decisions * bits, sizeof *plan->rule_numbers);
  plan->rule_bits = vm_pool_take(pool, n->rules, sizeof *plan->rule_bits);
  plan->outcomes = vm_pool_take(pool, n->rules, sizeof *plan->outcomes);
  plan->rules = vm_pool_take(pool, n->rules, sizeof *plan->rules);
  plan->conditions = vm_pool_take(pool, cells, sizeof *plan->conditions);
  plan->states = vm_pool_take(pool, cells, sizeof *plan->states);
}

// All that building takes; without memory it only measures.
static void lay_out_building(vm_builder *b, const bounds *n) {
  vm_pool *pool = &b->pool;
  uint64_t truths = n->truths, bits = n->words * WORD_BITS;
  lay_out_plan(b, n);
  vm_take_graph(&b->g, b->p, pool);
  b->nodes = vm_pool_take(pool, 2 * truths, sizeof *b->nodes);
  b->frames = vm_pool_take(pool, truths + 1, sizeof *b->frames);
  b->values = vm_pool_take(pool, bits, sizeof *b->values);
  b->tests = vm_pool_take(pool, 4 * truths, sizeof *b->tests);
  b->blocks = vm_pool_take(pool, 2 * truths, sizeof *b->blocks);
  b->cell_phases = vm_pool_take(pool, VM_COUNT(b->p, CELLS), sizeof *b->cell_phases);
  b->members = vm_pool_take(pool, 2 * truths * n->words, sizeof *b->members);
  b->scratch = vm_pool_take(pool, 2 * n->words, sizeof *b->scratch);
  b->edges = vm_pool_take(pool, n->rows, sizeof *b->edges);
  vm_take_sample(b);
  b->most_bits = (uint32_t)bits;
}

// 0: neither a plan nor lanes.
static size_t count_plan_bytes(const vm_policy *p) {
  bounds n;
  if (!find_bounds(p, &n)) {
    return vm_lanes_bytes(p);
  }
  vm_builder b = {.p = p};
  lay_out_building(&b, &n);
  return vm_pool_bytes(&b.pool);
}

size_t soc_policy_plan_bytes(const soc_policy *policy) {
  size_t bytes = policy ? count_plan_bytes(vm_of(policy)) : 0;
  return bytes <= SOC_MAX_PLAN_BYTES ? bytes : 0;
}

// ------------------------------------------------------------------------------------------ building

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

static bool build(vm_builder *b) {
  vm_plan *plan = b->plan;
  vm_make_graph(&b->g);
  vm_mark_graph(&b->g);
  vm_sort_tests(b);
  vm_measure_trees(b);
  if (!vm_add_decisions(b) || !vm_place_trees(b)) {
    return false;
  }
  plan->words = b->bits / WORD_BITS + 1;
  vm_point_adders(plan);
  vm_point_decisions(b);
  vm_add_blocks(b);
  vm_add_code(b);
  find_conditions(b);
  if (!vm_add_readers(b) || !vm_find_members(b)) {
    return false;
  }
  vm_begin_sample(b);
  vm_find_origins(b);
  vm_add_program(b);
  plan->expression_count = b->expression_count;
  vm_find_guards(b);
  vm_fill_rows(b);
  vm_add_tables(b);
  return vm_fill_patterns(b);
}

// A policy has a plan or lanes.
static const vm_ways plan_ways = {.clear_facts = vm_clear_facts,
                                  .take_fact = vm_take_fact,
                                  .decide = vm_decide_planned,
                                  .planned_condition = vm_planned_condition,
                                  .settle = vm_settle_bits,
                                  .find_assumed = vm_planned_assumed,
                                  .next_reason = vm_next_reason,
                                  .next_speaker = vm_next_speaker,
                                  .gather = vm_gather_planned,
                                  .want_condition = vm_want_condition};

static const vm_ways lane_ways = {.clear_facts = vm_lanes_clear_facts,
                                  .take_fact = vm_lanes_take_fact,
                                  .settle = vm_settle_bits,
                                  .next_reason = vm_next_reason,
                                  .next_speaker = vm_next_speaker,
                                  .lanes_case_bytes = vm_lanes_case_bytes,
                                  .lanes_init = vm_lanes_init,
                                  .lanes_run = vm_lanes_run,
                                  .lanes_publish_code = vm_lanes_publish_code,
                                  .lanes_publish_cell = vm_lanes_publish_cell,
                                  .lane_condition = vm_lane_condition,
                                  .lane_rules = vm_lane_rules,
                                  .lanes_want_rules = vm_lanes_want_rules,
                                  .lanes_want_cell = vm_lanes_want_cell,
                                  .lanes_ask_wanted = vm_lanes_ask_wanted,
                                  .lanes_find_assumed = vm_lanes_find_assumed,
                                  .lanes_list_assumed = vm_lanes_list_assumed};

soc_status soc_policy_plan(soc_policy *policy, void *memory, size_t size, soc_error *error) {
  static const char none[] = "the policy is decided without a plan";
  bounds n;
  if (!policy || !memory || (uintptr_t)memory % 8 != 0) {
    return vm_fail(error, SOC_ERR_ARGUMENT, "argument",
                   "an argument is NULL or the memory is not aligned");
  }
  vm_policy *p = &policy->opaque.parts;
  p->plan = NULL;
  p->lanes = NULL;
  p->row_plan = NULL;
  size_t needed = soc_policy_plan_bytes(policy);
  if (needed == 0) {
    return vm_fail(error, SOC_ERR_LIMIT, "plan", none);
  }
  if (size < needed) {
    return vm_fail(error, SOC_ERR_MEMORY, "memory",
                   "the memory is smaller than soc_policy_plan_bytes says");
  }
  if (!find_bounds(p, &n)) {
    p->ways = &lane_ways;
    p->lanes = vm_lanes_build(p, memory);
    p->row_plan = p->lanes ? &p->lanes->tests : NULL;
    return p->lanes ? SOC_OK : vm_fail(error, SOC_ERR_LIMIT, "plan", none);
  }
  vm_builder b = {.p = p, .pool = {.memory = memory}};
  lay_out_building(&b, &n);
  if (!build(&b)) {
    return vm_fail(error, SOC_ERR_LIMIT, "plan", none);
  }
  p->ways = &plan_ways;
  p->plan = b.plan;
  return SOC_OK;
}
