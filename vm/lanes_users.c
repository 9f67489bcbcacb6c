// SPDX-License-Identifier: Apache-2.0
//
// Who reads what: for each node those that read it, so that a change goes no further than it reaches; for each
// assumption the nodes that read it; which nodes say more than whether a rule is met.
#include <string.h>

#include "vm/lanes_build.h"

typedef void visit_fn(void *context, uint32_t node);

// ------------------------------------------------------------------------------- what a node reads

static void visit_code(const vm_lane_builder *b, uint32_t first, uint32_t count, visit_fn *visit,
                       void *context) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(b->p, pc));
    if (cell != SOC_NONE32) {
      visit(context, b->l->roots[cell] / 2);
    }
  }
}

static void visit_pairs(const vm_lane_builder *b, const vm_lane *lane, visit_fn *visit,
                        void *context) {
  for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
    const vm_pair *pair = &b->l->pairs[i];
    if (pair->kind == VM_PAIR_LOOP || pair->kind == VM_PAIR_FRAME) {
      visit(context, pair->first / 2);
    } else if (pair->kind == VM_PAIR_CODE) {
      visit_code(b, pair->first, pair->count, visit, context);
    }
  }
  visit_code(b, lane->value_first, lane->value_count, visit, context);
}

static void visit_parts(const vm_lane_builder *b, const vm_lane *lane, visit_fn *visit,
                        void *context) {
  for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
    if (b->l->parts[i].chooses != SOC_NONE32) {
      visit(context, b->l->parts[i].chooses / 2);
    }
  }
}

// Every node that a node reads, perhaps more than once. Candidates come with their derived enumeration.
static void visit_operands(const vm_lane_builder *b, uint32_t node, visit_fn *visit,
                           void *context) {
  const vm_lane *lane = &b->l->lanes[node];
  if (lane->guard != SOC_NONE32) {
    visit(context, lane->guard / 2);
  }
  switch ((enum vm_lane_kind)lane->kind) {
  case VM_LANE_TEST:
  case VM_LANE_LEFT_OUT:
  case VM_LANE_CANDIDATE: break;
  case VM_LANE_ALL:
  case VM_LANE_COUNT:
  case VM_LANE_RELATED:
  case VM_LANE_CHAIN:
    for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
      visit(context, b->l->members[i] / 2);
    }
    break;
  case VM_LANE_COMPARE: visit(context, b->l->roots[lane->of] / 2); break;
  case VM_LANE_MASK: visit_parts(b, lane, visit, context); break;
  case VM_LANE_LOOP: visit_pairs(b, lane, visit, context); break;
  default: visit_code(b, lane->first, lane->count, visit, context); // VM_LANE_VALUE, VM_LANE_CODE
  }
}

typedef struct count_users {
  vm_lanes *l;
  uint32_t node, *next;
} count_users;

static void count_user(void *context, uint32_t operand) {
  count_users *x = context;
  x->l->lanes[operand].user_count++;
}

static void add_user(void *context, uint32_t operand) {
  count_users *x = context;
  x->l->users[x->next[operand]++] = x->node;
}

static void find_users(vm_lane_builder *b) {
  vm_lanes *l = b->l;
  count_users x = {l, 0, b->next_users};
  for (uint32_t node = 0; node < l->lane_count; node++) {
    visit_operands(b, node, count_user, &x);
  }
  uint32_t used = 0;
  for (uint32_t node = 0; node < l->lane_count; node++) {
    l->lanes[node].users = x.next[node] = used;
    used += l->lanes[node].user_count;
  }
  for (x.node = 0; x.node < l->lane_count; x.node++) {
    visit_operands(b, x.node, add_user, &x);
  }
}

// -------------------------------------------------------------------------------------- assumptions

static bool code_reads(const vm_lane_builder *b, uint32_t first, uint32_t count, uint32_t fact) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(b->p, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    if ((shape->b == B_FACT && vm_takes_value_of(b->p, i.b, fact)) ||
        (shape->c == C_SET && vm_set_date(i.c) != SOC_NONE16 &&
         vm_takes_value_of(b->p, vm_set_date(i.c), fact))) {
      return true;
    }
  }
  return false;
}

static bool pairs_read(const vm_lane_builder *b, const vm_lane *lane, uint32_t fact) {
  for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
    const vm_pair *pair = &b->l->pairs[i];
    if (pair->kind == VM_PAIR_CODE && code_reads(b, pair->first, pair->count, fact)) {
      return true;
    }
  }
  return code_reads(b, lane->value_first, lane->value_count, fact);
}

static bool parts_read(const vm_lane_builder *b, const vm_lane *lane, uint32_t fact) {
  for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
    vm_instruction code = b->l->parts[i].code;
    if (vm_op_shapes[code.op].b == B_FACT && vm_takes_value_of(b->p, code.b, fact)) {
      return true;
    }
  }
  return false;
}

static bool node_reads(const vm_lane_builder *b, const vm_lane *lane, uint32_t fact) {
  switch ((enum vm_lane_kind)lane->kind) {
  case VM_LANE_MASK: return parts_read(b, lane, fact);
  case VM_LANE_LOOP: return pairs_read(b, lane, fact);
  case VM_LANE_VALUE:
  case VM_LANE_CODE: return code_reads(b, lane->first, lane->count, fact);
  case VM_LANE_CANDIDATE: // asks for it where it is unknown, though it reads the derived enumeration alone
    return vm_takes_value_of(b->p, vm_cell_at(b->p, lane->of).asks, fact);
  default: return false;
  }
}

static bool has_loop(const vm_lane_builder *b, const vm_lane *lane) {
  for (uint32_t pc = lane->first; pc < lane->first + lane->count; pc++) {
    if (VM_AT(b->p, CODE, pc)[0] == SOC_OP_EACH_BEGIN) {
      return true;
    }
  }
  return false;
}

// Does the node look at other rows?
static bool looks_around(const vm_lane_builder *b, const vm_lane *lane) {
  switch ((enum vm_lane_kind)lane->kind) {
  case VM_LANE_RELATED:
  case VM_LANE_CHAIN:
  case VM_LANE_LOOP: return true;
  case VM_LANE_VALUE:
  case VM_LANE_CODE: return has_loop(b, lane);
  default: return false;
  }
}

// The policy's basis and what a redirect leaves out have no assumptions: the loader sees to it.
static bool rules_read(const vm_lane_builder *b, uint32_t fact) {
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES); i++) {
    const vm_rule *rule = &b->l->tests.rules[i];
    if (code_reads(b, rule->from, rule->from_count, fact) ||
        code_reads(b, rule->through, rule->through_count, fact) ||
        code_reads(b, rule->stands, rule->stands_count, fact)) {
      return true;
    }
  }
  return false;
}

static void set_bit(uint64_t *bits, uint32_t at) {
  bits[at / WORD_BITS] |= UINT64_C(1) << at % WORD_BITS;
}

// Follows an assumption up to all that can see it: do other rows?
static bool is_seen_around(const vm_lane_builder *b, const uint64_t *seeds, uint64_t *reached,
                           uint32_t fact) {
  const vm_lanes *l = b->l;
  bool around = false;
  memcpy(reached, seeds, l->lane_words * sizeof *reached);
  for (uint32_t node = 0; node < l->lane_count; node++) {
    const vm_lane *lane = &l->lanes[node];
    bool test = lane->kind == VM_LANE_TEST && vm_takes_value_of(b->p, lane->of, fact);
    if (!test && !vm_has_bit(reached, node)) {
      continue;
    }
    around = around || looks_around(b, lane);
    for (uint32_t i = 0; i < lane->user_count; i++) {
      set_bit(reached, l->users[lane->users + i]);
    }
    if (lane->kind == VM_LANE_MASK) {
      for (uint32_t n = node + 1; n < l->lane_count && l->lanes[n].kind == VM_LANE_CANDIDATE; n++) {
        set_bit(reached, n);
      }
    }
  }
  return around;
}

static bool is_assumed(const vm_lane_builder *b, uint32_t fact, uint16_t list) {
  vm_fact f = vm_fact_at(b->p, fact);
  return vm_has_assumption(&f) && f.list == list;
}

static void add_seed(vm_lane_builder *b, uint32_t fact, uint32_t first) {
  b->l->seeds[b->seeds++] = (vm_lane_seed){.fact = fact, .first = first};
}

// In the order in which facts are listed: fields stand where the first one of their list does.
static void order_seeds(vm_lane_builder *b) {
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) {
    uint16_t list = vm_fact_at(b->p, fact).list;
    uint32_t first = b->seeds, earlier = 0;
    while (vm_fact_at(b->p, earlier).list != list) {
      earlier++;
    }
    if (list == SOC_NONE16 && is_assumed(b, fact, SOC_NONE16)) {
      add_seed(b, fact, first);
    }
    for (uint32_t field = fact;
         list != SOC_NONE16 && earlier == fact && field < VM_COUNT(b->p, FACTS); field++) {
      if (is_assumed(b, field, list)) {
        add_seed(b, field, first);
      }
    }
    for (uint32_t i = first; i < b->seeds; i++) {
      b->l->seeds[i].together = b->seeds - first;
    }
  }
}

// Lists the nodes that can see an assumption, if they are few and have planes alone.
static void list_few(vm_lane_builder *b, vm_lane_seed *seed, const uint64_t *reached) {
  const vm_lanes *l = b->l;
  seed->steps = b->seed_steps;
  for (uint32_t node = l->test_count; node < l->lane_count; node++) {
    if (!vm_has_bit(reached, node)) {
      continue;
    }
    if (seed->step_count == VM_LANES_FEW || l->lanes[node].stored) {
      return;
    }
    l->seed_steps[seed->steps + seed->step_count++] = node;
  }
  seed->few = true;
  b->seed_steps += seed->step_count;
}

static void find_seed(vm_lane_builder *b, vm_lane_seed *seed, uint64_t *nodes, uint64_t *reached) {
  vm_lanes *l = b->l;
  for (uint32_t node = l->test_count; node < l->lane_count; node++) {
    if (node_reads(b, &l->lanes[node], seed->fact)) {
      set_bit(nodes, node);
      seed->reads_more = true;
    }
  }
  seed->groups = b->seed_groups;
  for (uint32_t i = 0; i < l->fact_groups; i++) {
    if (vm_takes_value_of(b->p, l->groups[i].of, seed->fact)) {
      l->seed_groups[b->seed_groups++] = i;
    }
  }
  seed->group_count = b->seed_groups - seed->groups;
  seed->in_rules = rules_read(b, seed->fact);
  seed->spreads = is_seen_around(b, nodes, reached, seed->fact);
  list_few(b, seed, reached);
}

static void find_seeds(vm_lane_builder *b) {
  vm_lanes *l = b->l;
  memset(l->seed_nodes, 0, (size_t)l->assumptions * l->lane_words * sizeof *l->seed_nodes);
  order_seeds(b);
  for (uint32_t i = 0; i < l->assumptions; i++) {
    find_seed(b, &l->seeds[i], l->seed_nodes + (size_t)i * l->lane_words, b->reached);
  }
}

// ------------------------------------------------------------------------------------ what else is read

static void mark_cell(vm_lane_builder *b, uint32_t cell) {
  if (cell < VM_COUNT(b->p, CELLS)) {
    set_bit(b->l->matters, b->l->roots[cell] / 2);
  }
}

static void mark_code(vm_lane_builder *b, uint32_t first, uint32_t count) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    mark_cell(b, vm_cell_read(vm_instruction_at(b->p, pc)));
  }
}

// What a rule says beside that it is met.
static void note_speech(vm_lane_speech *speech, const vm_rule *rule, uint32_t number) {
  uint64_t bit = UINT64_C(1) << number;
  speech->stops |= rule->flags & SOC_RULE_STOP ? bit : 0;
  if (rule->extra_count + rule->from_count + rule->through_count + rule->stands_count > 0) {
    speech->says_more |= bit;
  }
}

// Rules of decisions for rows.
static void find_outputs(vm_lane_builder *b) {
  memset(b->l->matters, 0, b->l->lane_words * sizeof *b->l->matters);
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    vm_decision decision = vm_decision_at(b->p, d);
    vm_lane_speech *speech = &b->l->speech[d];
    *speech = (vm_lane_speech){.every_match = (decision.flags & SOC_DECISION_EVERY_MATCH) != 0};
    for (uint32_t i = 0; decision.list != SOC_NONE16 && i < decision.count; i++) {
      const vm_rule *rule = &b->l->tests.rules[decision.first + i];
      note_speech(speech, rule, i);
      mark_cell(b, rule->open_cell);
      for (uint32_t n = rule->extra; n < rule->extra + rule->extra_count; n++) {
        mark_cell(b, vm_extra_at(b->p, n).cell);
      }
      mark_code(b, rule->from, rule->from_count);
      mark_code(b, rule->through, rule->through_count);
      mark_code(b, rule->stands, rule->stands_count);
    }
  }
}

// States of derived enumerations and quantities are no planes. Notes the tests of the former, too.
static void find_stored(vm_lanes *l) {
  memset(l->candidates, 0, l->lane_words * sizeof *l->candidates);
  for (uint32_t node = l->test_count; node < l->lane_count; node++) {
    vm_lane *lane = &l->lanes[node];
    if (lane->kind == VM_LANE_CANDIDATE) {
      set_bit(l->candidates, node);
    }
    lane->stored = lane->kind == VM_LANE_MASK || lane->kind == VM_LANE_VALUE ||
                   (lane->kind == VM_LANE_LOOP && lane->fold >= SOC_FOLD_COUNT);
    if (lane->stored) {
      l->stored[l->stored_count++] = node;
    }
  }
}

void vm_lanes_find_users(vm_lane_builder *b) {
  find_outputs(b);
  find_stored(b->l);
  find_users(b);
  find_seeds(b);
}
