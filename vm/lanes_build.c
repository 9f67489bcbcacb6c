// SPDX-License-Identifier: Apache-2.0
//
// Building lanes: their memory, which cells are needed, the tests of facts and the rules. lanes_parse.c turns code into
// nodes, lanes_users.c finds out who reads them.
#include <string.h>

#include "vm/lanes_build.h"

// ------------------------------------------------------------------------------------------- memory

// Upper bounds of what building takes.
typedef struct lane_bounds {
  uint64_t code, cells, facts, rules, decisions, rows, lanes, assumptions, groups, mask_groups;
} lane_bounds;

// The list of which rows are decided. SOC_NONE16: none, or two.
static uint16_t decided_list(const vm_policy *p) {
  uint16_t list = SOC_NONE16;
  for (uint32_t i = 0; i < VM_COUNT(p, DECISIONS); i++) {
    uint16_t own = vm_decision_at(p, i).list;
    if (own != SOC_NONE16 && list != SOC_NONE16 && own != list) {
      return SOC_NONE16;
    }
    list = own != SOC_NONE16 ? own : list;
  }
  return list;
}

static lane_bounds lane_bounds_of(const vm_policy *p) {
  lane_bounds n = {.code = VM_COUNT(p, CODE),
                   .cells = VM_COUNT(p, CELLS),
                   .facts = VM_COUNT(p, FACTS),
                   .rules = VM_COUNT(p, RULES),
                   .decisions = VM_COUNT(p, DECISIONS),
                   .rows = vm_count_classes(p)};
  for (uint32_t i = 0; i < n.facts; i++) {
    vm_fact fact = vm_fact_at(p, i);
    n.assumptions += vm_has_assumption(&fact);
  }
  n.lanes = 4 * n.code; // a test each, and up to three other nodes
  n.mask_groups = n.cells + n.code / WORD_BITS + 1;
  n.groups = n.facts + n.mask_groups;
  return n;
}

static void lay_out_tests(vm_lane_builder *b, const lane_bounds *n) {
  vm_plan *plan = b->plan.plan = &b->l->tests;
  vm_pool *pool = &b->plan.pool;
  plan->readers = vm_pool_take(pool, n->facts, sizeof *plan->readers);
  plan->reader_of = vm_pool_take(pool, n->facts, sizeof *plan->reader_of);
  plan->rows = vm_pool_take(pool, n->rows, sizeof *plan->rows);
  plan->steps = vm_pool_take(pool, n->rows, sizeof *plan->steps);
  plan->test_literals = vm_pool_take(pool, n->code, sizeof *plan->test_literals);
  plan->decisions = vm_pool_take(pool, n->decisions, sizeof *plan->decisions);
  plan->rules = vm_pool_take(pool, n->rules, sizeof *plan->rules);
  plan->rule_words = vm_pool_take(pool, n->decisions, sizeof *plan->rule_words);
  plan->rule_numbers = vm_pool_take(pool, n->decisions, WORD_BITS);
  plan->rule_bits = vm_pool_take(pool, n->rules, sizeof *plan->rule_bits);
  plan->outcomes = vm_pool_take(pool, n->rules, sizeof *plan->outcomes);
}

static void lay_out_nodes(vm_lane_builder *b, const lane_bounds *n) {
  vm_lanes *l = b->l;
  vm_pool *pool = &b->plan.pool;
  uint64_t words = (n->lanes + WORD_BITS - 1) / WORD_BITS;
  l->assumptions = (uint32_t)n->assumptions;
  l->lanes = vm_pool_take(pool, n->lanes, sizeof *l->lanes);
  l->steps = vm_pool_take(pool, n->lanes, sizeof *l->steps);
  l->members = vm_pool_take(pool, 4 * n->code, sizeof *l->members);
  l->users = vm_pool_take(pool, 16 * n->code + n->lanes, sizeof *l->users);
  l->pairs = vm_pool_take(pool, 4 * n->code, sizeof *l->pairs);
  l->comparisons = vm_pool_take(pool, n->code, sizeof *l->comparisons);
  l->parts = vm_pool_take(pool, n->code, sizeof *l->parts);
  l->groups = vm_pool_take(pool, n->groups, sizeof *l->groups);
  l->borrowing = vm_pool_take(pool, n->facts, sizeof *l->borrowing);
  l->left_out = vm_pool_take(pool, 4 * (n->code / WORD_BITS + 1), sizeof *l->left_out);
  l->passing = vm_pool_take(pool, n->mask_groups * WORD_BITS, sizeof *l->passing);
  l->roots = vm_pool_take(pool, n->cells, sizeof *l->roots);
  l->rules = vm_pool_take(pool, n->rules, sizeof *l->rules);
  l->matters = vm_pool_take(pool, words, sizeof *l->matters);
  l->next_rules = vm_pool_take(pool, n->rules, sizeof *l->next_rules);
  l->seeds = vm_pool_take(pool, n->assumptions, sizeof *l->seeds);
  l->seed_nodes = vm_pool_take(pool, n->assumptions * words, sizeof *l->seed_nodes);
  l->candidates = vm_pool_take(pool, words, sizeof *l->candidates);
  l->seed_groups = vm_pool_take(pool, n->assumptions * n->facts, sizeof *l->seed_groups);
  l->seed_steps = vm_pool_take(pool, n->assumptions * VM_LANES_FEW, sizeof *l->seed_steps);
  l->speech = vm_pool_take(pool, n->decisions, sizeof *l->speech);
  l->references = vm_pool_take(pool, n->facts, sizeof *l->references);
  l->stored = vm_pool_take(pool, n->cells, sizeof *l->stored);
}

// All that building takes; without memory it only measures. The lanes stand first.
static void lay_out_build(vm_lane_builder *b, const lane_bounds *n) {
  vm_builder *x = &b->plan;
  vm_pool *pool = &x->pool;
  (void)vm_pool_take(pool, 1, sizeof *b->l);
  *b->l = (vm_lanes){.list = decided_list(b->p)};
  lay_out_tests(b, n);
  lay_out_nodes(b, n);
  b->needed = vm_pool_take(pool, n->cells, sizeof *b->needed);
  x->g.terms = vm_pool_take(pool, n->code, sizeof *x->g.terms);
  x->tests = vm_pool_take(pool, n->code, sizeof *x->tests);
  x->nodes = vm_pool_take(pool, 2 * n->code, sizeof *x->nodes);
  x->edges = vm_pool_take(pool, n->rows, sizeof *x->edges);
  vm_take_sample(x);
  vm_lanes_take_stack(b);
  b->next_users = vm_pool_take(pool, n->lanes, sizeof *b->next_users);
  b->reached = vm_pool_take(pool, (n->lanes + WORD_BITS - 1) / WORD_BITS, sizeof *b->reached);
}

size_t vm_lanes_bytes(const vm_policy *p) {
  lane_bounds n = lane_bounds_of(p);
  vm_lanes measured;
  vm_lane_builder b = {.p = p, .l = &measured, .plan = {.p = p}};
  if (decided_list(p) == SOC_NONE16 || n.rows > VM_PLAN_ROWS || n.code > VM_LANES_MOST_CODE) {
    return 0; // rows are decided without lanes
  }
  lay_out_build(&b, &n);
  return vm_pool_bytes(&b.plan.pool);
}

// ----------------------------------------------------------------------------------- what is needed

static void need(vm_lane_builder *b, uint32_t cell) {
  if (cell < VM_COUNT(b->p, CELLS)) {
    b->needed[cell] = 1;
  }
}

static void need_in_code(vm_lane_builder *b, uint32_t first, uint32_t count) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    need(b, vm_cell_read(vm_instruction_at(b->p, pc)));
  }
}

static void need_of_rule(vm_lane_builder *b, const vm_rule *rule) {
  need(b, rule->cell);
  need(b, rule->open_cell);
  for (uint32_t i = rule->extra; i < rule->extra + rule->extra_count; i++) {
    need(b, vm_extra_at(b->p, i).cell);
  }
  need_in_code(b, rule->from, rule->from_count);
  need_in_code(b, rule->through, rule->through_count);
  need_in_code(b, rule->stands, rule->stands_count);
}

static void find_needed(vm_lane_builder *b) {
  memset(b->needed, 0, VM_COUNT(b->p, CELLS));
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    vm_decision decision = vm_decision_at(b->p, d);
    for (uint32_t i = 0; decision.list != SOC_NONE16 && i < decision.count; i++) {
      vm_rule rule = vm_rule_at(b->p, decision.first + i);
      need_of_rule(b, &rule);
    }
  }
  for (uint32_t cell = VM_COUNT(b->p, CELLS); cell-- > 0;) {
    if (b->needed[cell]) {
      vm_cell c = vm_cell_at(b->p, cell);
      need_in_code(b, c.first, c.count);
    }
  }
}

// -------------------------------------------------------------------------------------------- tests

bool vm_lanes_is_test(const vm_lane_builder *b, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->b != B_FACT || shape->pushes[0] != 'T' || i.op == SOC_OP_FACT_LEFT_OUT ||
      (shape->c == C_SET && vm_set_date(i.c) != SOC_NONE16)) {
    return false;
  }
  uint16_t list = vm_fact_at(b->p, i.b).list;
  return list == SOC_NONE16 || list == b->l->list;
}

static void add_tests(vm_lane_builder *b, uint32_t cell) {
  vm_builder *x = &b->plan;
  vm_cell c = vm_cell_at(b->p, cell);
  for (uint32_t pc = c.first; pc < c.first + c.count; pc++) {
    vm_instruction i = vm_instruction_at(b->p, pc);
    if (!vm_lanes_is_test(b, i)) {
      continue;
    }
    uint64_t a = i.a & (uint8_t)~SOC_OUTER;
    uint64_t key = (uint64_t)i.b << 48 | (uint64_t)i.op << 40 | a << 32 | i.c;
    x->tests[x->test_count++] = (vm_sorted){key, 2 * x->g.term_count};
    x->g.terms[x->g.term_count++] = (vm_term){.first = pc, .count = 1, .kind = VM_TERM_TEST};
  }
}

// Tests that are not met where their fact is unknown.
static uint64_t if_given(const vm_lane_builder *b, const vm_lane_group *g) {
  uint64_t tests = 0;
  for (uint32_t i = 0; i < b->plan.g.term_count; i++) {
    const vm_term *t = &b->plan.g.terms[i];
    vm_instruction code = vm_instruction_at(b->p, t->first);
    bool of = code.b == g->of && (code.a & SOC_IF_GIVEN);
    tests |= of ? UINT64_C(1) << (t->bit[0] - g->base) : 0;
  }
  return tests;
}

// What a group's tests say where its fact is left out; one that takes the value of another fact is read once more.
static void leave_group_out(vm_lane_builder *b, uint32_t index) {
  vm_lanes *l = b->l;
  const vm_lane_group *g = &l->groups[index];
  const vm_reader *r = &l->tests.readers[index];
  vm_fact fact = vm_fact_at(b->p, g->of);
  uint64_t *facts = l->left_out + (fact.list == SOC_NONE16 ? 0 : 2 * (size_t)l->test_words);
  if (fact.left_out == SOC_LEFT_OUT_OTHER_FACT) {
    l->borrowing[l->borrowing_count++] = index;
    return;
  }
  vm_lanes_put_tests(l, facts, g, r->tests, r->met_in[SOC_LEFT_OUT],
                     r->tests & ~r->known_in[SOC_LEFT_OUT]);
}

static void leave_all_out(vm_lane_builder *b) {
  vm_lanes *l = b->l;
  l->test_words = (l->test_count + WORD_BITS - 1) / WORD_BITS;
  memset(l->left_out, 0, 4 * (size_t)l->test_words * sizeof *l->left_out);
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) {
    l->tests.reader_of[fact] = SOC_NONE32;
  }
  l->tests.reader_of[l->list] = VM_LANES_ROWS;
  for (uint32_t i = 0; i < l->fact_groups; i++) {
    l->tests.reader_of[l->groups[i].of] = i;
    leave_group_out(b, i);
  }
}

// A group of nodes for each reader: its tests.
static void add_groups(vm_lane_builder *b) {
  const vm_plan *plan = &b->l->tests;
  for (uint32_t i = 0; i < plan->reader_count; i++) {
    const vm_reader *r = &plan->readers[i];
    vm_lane_group *g = &b->l->groups[b->l->group_count++];
    *g = (vm_lane_group){.base = plan->test_literals[r->literals],
                         .count = vm_highest_bit(r->tests) + 1,
                         .of = r->fact};
    g->if_given = if_given(b, g);
  }
  b->l->fact_groups = b->l->group_count;
  b->l->lane_count = b->l->test_count;
  for (uint32_t i = 0; i < b->l->test_count; i++) {
    b->l->lanes[i] = (vm_lane){.kind = VM_LANE_TEST, .of = SOC_NONE32, .guard = SOC_NONE32};
  }
  for (uint32_t i = 0; i < b->plan.g.term_count; i++) {
    const vm_term *t = &b->plan.g.terms[i];
    b->l->lanes[t->bit[0]].of = vm_instruction_at(b->p, t->first).b;
  }
}

// A node for each test, those of a fact side by side; equal tests are one.
static void number_tests(vm_builder *x) {
  for (uint32_t i = 0; i < x->test_count; i++) {
    uint32_t value = x->tests[i].value, same = x->nodes[value].same;
    vm_term_of(x, value)->bit[0] = same == value ? x->bits++ : vm_term_of(x, same)->bit[0];
  }
}

// The rules of a decision have a word of their own.
static void number_rules(vm_builder *x) {
  for (uint32_t d = 0; d < VM_COUNT(x->p, DECISIONS); d++) {
    const vm_plan_decision *decision = &x->plan->decisions[d];
    for (uint32_t i = 0; i < decision->count; i++) {
      x->plan->rule_bits[decision->first + i] = i;
    }
  }
  x->plan->words = 1;
  vm_point_decisions(x);
}

static bool make_tests(vm_lane_builder *b) {
  vm_builder *x = &b->plan;
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (b->needed[cell]) {
      add_tests(b, cell);
    }
  }
  vm_join_tests(x);
  number_tests(x);
  b->l->test_count = x->bits;
  if (!vm_add_decisions(x) || !vm_add_readers(x)) {
    return false;
  }
  vm_begin_sample(x);
  number_rules(x);
  vm_fill_rows(x);
  return true;
}

// -------------------------------------------------------------------------------------------- rules

// Each node gets the list of the rules that it is the condition of, in order; those of the case are settled elsewhere,
// though rows may read their conditions.
static void link_decision(vm_lane_builder *b, vm_decision d) {
  vm_lanes *l = b->l;
  for (uint32_t i = d.first + d.count; i-- > d.first;) {
    uint32_t cell = l->tests.rules[i].cell;
    vm_ref ref = l->rules[i] = cell == SOC_NONE32 ? SOC_NONE32 : l->roots[cell];
    if (ref != SOC_NONE32 && d.list != SOC_NONE16) { // else always met
      l->next_rules[i] = l->lanes[ref / 2].rule;
      l->lanes[ref / 2].rule = i;
    }
  }
}

_Static_assert(VM_LANES_MOST_CODE < UINT16_MAX,
               "a step counts members, of which a block has at most one more than instructions");

static void make_steps(vm_lanes *l) {
  for (uint32_t node = 0; node < l->lane_count; node++) {
    const vm_lane *lane = &l->lanes[node];
    l->steps[node] = (vm_lane_step){.first = lane->first,
                                    .count = (uint16_t)lane->count,
                                    .is_all = lane->kind == VM_LANE_ALL,
                                    .negated = lane->negated};
  }
}

static void link_rules(vm_lane_builder *b) {
  vm_lanes *l = b->l;
  for (uint32_t node = 0; node < l->lane_count; node++) {
    l->lanes[node].rule = SOC_NONE32;
  }
  for (uint32_t d = VM_COUNT(b->p, DECISIONS); d-- > 0;) {
    link_decision(b, vm_decision_at(b->p, d));
  }
}

const vm_lanes *vm_lanes_build(const vm_policy *p, void *memory) {
  lane_bounds n = lane_bounds_of(p);
  vm_lane_builder b = {.p = p, .l = memory, .plan = {.p = p, .pool = {.memory = memory}}};
  lay_out_build(&b, &n);
  find_needed(&b);
  if (!make_tests(&b)) {
    return NULL;
  }
  add_groups(&b);
  leave_all_out(&b);
  vm_lanes_parse(&b);
  make_steps(b.l);
  link_rules(&b);
  b.l->lane_words = (b.l->lane_count + WORD_BITS - 1) / WORD_BITS;
  vm_lanes_find_users(&b);
  return b.l;
}
