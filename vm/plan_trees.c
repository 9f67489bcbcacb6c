// SPDX-License-Identifier: Apache-2.0
//
// Where the literals of a plan stand: conditions as trees in one word each (vm/plan.h), in the order of the rules; and
// in which phase each becomes known.
#include <string.h>

#include "vm/plan_build.h"

#define TREE_MOST 32u   // bits of a tree; a longer block stands apart
#define SHARED_MOST 12u // bits of a tree that stands wherever it is asked for

// ------------------------------------------------------------------------------------------- phases

uint32_t vm_phase_of_cell(const vm_builder *b, uint32_t cell) {
  if (!vm_is_condition(b->p, cell)) {
    return b->cell_phases[cell];
  }
  vm_root root = b->g.roots[cell];
  return b->g.terms[root.term].phase[root.negated];
}

uint32_t vm_phase_of_code(const vm_builder *b, uint32_t first, uint32_t count) {
  uint32_t phase = 0;
  for (uint32_t pc = first; pc < first + count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(b->p, pc));
    phase = cell == SOC_NONE32 ? phase : vm_later(phase, vm_phase_of_cell(b, cell));
  }
  return phase;
}

// A quantity or an enumeration is worked out at the beginning of a phase, conditions are known at its end.
static uint32_t phase_for_cell(const vm_builder *b, vm_cell c) {
  uint32_t phase = 0;
  for (uint32_t pc = c.first; pc < c.first + c.count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(b->p, pc));
    if (cell != SOC_NONE32) {
      phase = vm_later(phase, vm_phase_of_cell(b, cell) + vm_is_condition(b->p, cell));
    }
  }
  return phase;
}

static void find_block_phase(const vm_builder *b, vm_term *t, uint32_t value) {
  uint32_t phase = 0, case_phase = 0;
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    vm_edge edge = b->g.edges[e];
    const vm_term *child = &b->g.terms[edge.term];
    unsigned polarity = vm_child_polarity(t, edge, value % 2);
    phase = vm_later(phase, child->phase[polarity]);
    case_phase = vm_later(case_phase, child->case_phase[polarity]);
  }
  bool apart = b->nodes[value].apart; // which is worked out in the same step for both
  t->phase[value % 2] = phase + apart;
  t->case_phase[value % 2] = apart ? phase + 1 : case_phase;
}

static void find_phase(vm_builder *b, uint32_t value) {
  vm_term *t = vm_term_of(b, value);
  uint32_t phase = 0;
  switch ((enum vm_term_kind)t->kind) {
  case VM_TERM_TEST: break;
  case VM_TERM_EXPRESSION: phase = vm_phase_of_code(b, t->first, t->count) + 1; break;
  case VM_TERM_MASK: phase = vm_phase_of_code(b, t->first, t->count); break;
  default: find_block_phase(b, t, value); return;
  }
  t->phase[value % 2] = phase;
  t->case_phase[value % 2] = t->kind == VM_TERM_EXPRESSION && vm_is_pair(b->p, t) ? 0 : phase;
}

// ------------------------------------------------------------------------------------------- sizes

static uint32_t child_value(const vm_term *t, vm_edge edge, uint32_t value) {
  return 2 * edge.term + vm_child_polarity(t, edge, value % 2);
}

static bool takes_in(const vm_builder *b, uint32_t value, uint32_t child) {
  return vm_takes_members(vm_kind_in(vm_term_of(b, value), value % 2), vm_term_of(b, child),
                          child % 2);
}

// A tree's height, odd for all of, even for any of.
static uint16_t height_above(uint8_t kind, uint16_t members) {
  uint16_t odd = kind == VM_TERM_ALL;
  return (uint16_t)(members + 1 + ((members + 1) % 2 != odd));
}

static void measure_tree(vm_builder *b, uint32_t value) {
  const vm_term *t = vm_term_of(b, value);
  vm_node *n = &b->nodes[value];
  uint8_t kind = vm_kind_in(t, value % 2);
  uint16_t height = 0; // of the members
  n->bits = 1;
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    uint32_t child = child_value(t, b->g.edges[e], value);
    const vm_node *m = &b->nodes[child];
    bool in = takes_in(b, value, child);
    uint16_t below = in ? (uint16_t)(m->height - 1) : m->apart ? 0 : m->height;
    n->members += in ? m->members : m->bits;
    height = below > height ? below : height;
  }
  if (kind < VM_TERM_ALL) {
    return;
  }
  n->height = height_above(kind, height);
  n->apart = kind == VM_TERM_COUNT || n->members >= TREE_MOST ||
             (n->uses > 1 && n->members >= SHARED_MOST);
  if (!n->apart) {
    n->bits = n->members + 1;
  }
}

static void count_uses(vm_builder *b, uint32_t value) {
  const vm_term *t = vm_term_of(b, value);
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    b->nodes[child_value(t, b->g.edges[e], value)].uses++;
  }
}

void vm_measure_trees(vm_builder *b) {
  for (uint32_t value = 0; value < 2 * b->g.term_count; value++) {
    if (vm_term_of(b, value)->want[value % 2] != 0) {
      count_uses(b, value);
    }
  }
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    for (uint32_t value = 2 * b->g.cell_terms[cell]; value < 2 * b->g.cell_terms[cell + 1];
         value++) {
      if (vm_term_of(b, value)->want[value % 2] != 0) {
        measure_tree(b, value);
        find_phase(b, value);
      }
    }
    b->cell_phases[cell] = b->g.cell_wanted[cell] && !vm_is_condition(b->p, cell)
                               ? phase_for_cell(b, vm_cell_at(b->p, cell))
                               : 0;
  }
}

// ------------------------------------------------------------------------------------------ placing

static bool is_tree(const vm_builder *b, uint32_t value) {
  return vm_term_of(b, value)->kind >= VM_TERM_ALL && !b->nodes[value].apart;
}

// The next bit, for a literal.
static uint32_t put_literal(vm_builder *b, uint32_t of) {
  uint32_t value = b->nodes[of].same, bit = b->bits++;
  uint32_t *first = &vm_term_of(b, value)->bit[value % 2];
  b->values[bit] = value;
  b->plan->copies[bit] = SOC_NONE32;
  if (*first == SOC_NONE32) {
    *first = bit;
  } else {
    b->plan->copies[bit] = b->plan->copies[*first];
    b->plan->copies[*first] = bit;
  }
  return bit;
}

static bool comes_behind(const vm_adder *a, uint32_t height, uint32_t word) {
  return a->word == word && a->height > height;
}

// The blocks of one height in one word; by word, of which none but the last one grows, in the order of heights.
static vm_adder *adder_of(vm_plan *plan, uint32_t height, uint32_t word) {
  uint32_t at = plan->adder_count;
  for (uint32_t i = 0; i < plan->adder_count; i++) {
    if (plan->adders[i].height == height && plan->adders[i].word == word) {
      return &plan->adders[i];
    }
  }
  for (; at > 0 && comes_behind(&plan->adders[at - 1], height, word); at--) {
    plan->adders[at] = plan->adders[at - 1];
  }
  plan->adders[at] = (vm_adder){.height = height, .word = word};
  plan->adder_count++;
  return &plan->adders[at];
}

// A block whose members stand below the next bit. Returns that bit.
static uint32_t place_block(vm_builder *b, const vm_frame *f) {
  uint32_t bit = put_literal(b, f->value), from = f->low % WORD_BITS;
  uint64_t out = UINT64_C(1) << bit % WORD_BITS;
  vm_adder *a = adder_of(b->plan, b->nodes[f->value].height, bit / WORD_BITS);
  a->members[0] |= f->members;
  a->full[0] |= out - (UINT64_C(1) << from);
  a->out[0] |= out;
  a->phase = vm_later(a->phase, vm_term_of(b, f->value)->case_phase[f->value % 2]);
  return bit;
}

// Places the next member, or says what has to be placed first: the top of the stack, one more than before.
static bool place_member(vm_builder *b, vm_frame *f) {
  vm_edge edge = b->g.edges[f->edge];
  uint32_t child = child_value(vm_term_of(b, f->value), edge, f->value);
  bool in = takes_in(b, f->value, child);
  f->edge = edge.next;
  if (!in && !is_tree(b, child)) {
    f->members |= UINT64_C(1) << put_literal(b, child) % WORD_BITS;
    return false;
  }
  f[1] = (vm_frame){child, vm_term_of(b, child)->children, b->bits, 0, in};
  return true;
}

static void place_tree(vm_builder *b, uint32_t value) {
  vm_frame *f = b->frames;
  *f = (vm_frame){value, vm_term_of(b, value)->children, b->bits, 0, false};
  for (;;) {
    if (f->edge != SOC_NONE32) {
      f += place_member(b, f);
      continue;
    }
    uint64_t members = f->taken_in ? f->members : UINT64_C(1) << place_block(b, f) % WORD_BITS;
    if (f-- == b->frames) {
      return;
    }
    f->members |= members;
  }
}

static bool has_room(const vm_builder *b, uint32_t count) {
  return b->bits + count + WORD_BITS <= b->most_bits;
}

// Begins the next word if the bits do not fit into this one.
static bool make_room(vm_builder *b, uint32_t count) {
  uint32_t used = b->bits % WORD_BITS;
  if (!has_room(b, count)) {
    return false;
  }
  for (; used + count > WORD_BITS && b->bits % WORD_BITS != 0; b->bits++) {
    b->values[b->bits] = SOC_NONE32;
  }
  return true;
}

static bool place(vm_builder *b, uint32_t value) {
  if (!make_room(b, b->nodes[value].bits)) {
    return false;
  }
  if (is_tree(b, value)) {
    place_tree(b, value);
  } else {
    (void)put_literal(b, value);
  }
  return true;
}

// `otherwise`: a bit that is always met.
static bool place_always(vm_builder *b, uint32_t *bit) {
  if (!make_room(b, 1)) {
    return false;
  }
  *bit = b->bits;
  b->values[b->bits++] = SOC_NONE32;
  b->plan->always = b->plan->always == SOC_NONE32 ? *bit : b->plan->always;
  return true;
}

// A rule's bit, above that of the rule before it (`after`): one that another decision has already, or a new one.
static bool place_rule(vm_builder *b, const vm_rule *rule, uint32_t after, uint32_t *bit) {
  if (rule->cell == SOC_NONE32) {
    return place_always(b, bit);
  }
  vm_root root = b->g.roots[rule->cell];
  uint32_t value = b->nodes[2 * root.term + root.negated].same;
  *bit = vm_term_of(b, value)->bit[value % 2];
  if (*bit != SOC_NONE32 && *bit >= after) {
    return true;
  }
  if (!place(b, value)) {
    return false;
  }
  *bit = b->bits - 1;
  return true;
}

static bool place_rules(vm_builder *b, uint32_t decision) {
  const vm_plan_decision *d = &b->plan->decisions[decision];
  for (uint32_t i = d->first, after = 0; i < d->first + d->count; i++) {
    if (!place_rule(b, &b->plan->rules[i], after, &b->plan->rule_bits[i])) {
      return false;
    }
    after = b->plan->rule_bits[i] + 1;
  }
  return true;
}

bool vm_place_trees(vm_builder *b) {
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    if (!place_rules(b, d)) {
      return false;
    }
  }
  // What is asked for otherwise, and what blocks apart take in; parents first, so that children stand in their trees.
  for (uint32_t value = 2 * b->g.term_count; value-- > 0;) {
    const vm_term *t = vm_term_of(b, b->nodes[value].same);
    if ((vm_term_of(b, value)->want[value % 2] & VM_WANT_BIT) && t->bit[value % 2] == SOC_NONE32 &&
        !place(b, value)) {
      return false;
    }
  }
  for (uint32_t value = 0; value < 2 * b->g.term_count; value++) {
    uint32_t same = b->nodes[value].same;
    vm_term_of(b, value)->bit[value % 2] = vm_term_of(b, same)->bit[same % 2];
  }
  return true;
}

void vm_add_copies(const vm_builder *b, uint64_t *mask, uint32_t bit) {
  for (; bit != SOC_NONE32; bit = b->plan->copies[bit]) {
    vm_add_bit(mask, bit);
  }
}

// ------------------------------------------------------------------------------------------ rules

static void add_rule(const vm_builder *b, const vm_plan_decision *d, uint32_t index,
                     uint8_t flags) {
  bool every = (flags & SOC_DECISION_EVERY_MATCH) != 0,
       longest = (flags & SOC_DECISION_LONGEST) != 0;
  vm_plan *plan = b->plan;
  const vm_rule *rule = &plan->rules[index];
  uint32_t bit = plan->rule_bits[index], number = index - d->first;
  vm_rule_word *w = &plan->rule_words[d->words + bit / WORD_BITS - d->word];
  uint64_t own = UINT64_C(1) << bit % WORD_BITS;
  bool tells = every || rule->determination == SOC_APPROVE;
  bool stops = (rule->flags & SOC_RULE_STOP) != 0, speaks = rule->open_code != SOC_NONE32;
  w->all |= own;
  w->speaking |= speaks ? own : 0;
  w->to_end |= tells && !stops ? own : 0;
  w->further |= tells && number + 1 < d->count ? own : 0;
  w->stopping |= stops ? own : 0;
  w->as[rule->determination] |= own;
  bool windowed = rule->from_count + rule->through_count > 0 || longest;
  bool plain = rule->extra_count + rule->stands_count == 0 &&
               (rule->determination != SOC_APPROVE || !windowed);
  w->plain |= plain ? own : 0;
  plan->rule_numbers[d->numbers + bit - d->word * WORD_BITS] = (uint8_t)number;
}

// Those that do not end the reasons and have a rule behind them that could be one; all others but them may be plain.
static void find_going_on(vm_plan *plan, const vm_plan_decision *d) {
  uint64_t behind = 0; // all ones once a rule in a later word is a further one
  for (uint32_t w = d->end; w-- > d->word;) {
    vm_rule_word *r = &plan->rule_words[d->words + w - d->word];
    uint64_t last = r->further == 0 ? 0 : UINT64_C(1) << vm_highest_bit(r->further);
    r->going_on = r->to_end & (behind | (last == 0 ? 0 : last - 1));
    r->plain &= ~r->going_on;
    behind = r->further != 0 ? UINT64_MAX : behind;
  }
}

// What comes of a rule that decides by its own code alone.
static void add_outcome(const vm_plan *plan, const vm_plan_decision *d, uint32_t index) {
  const vm_rule *rule = &plan->rules[index];
  uint32_t bit = plan->rule_bits[index];
  const vm_rule_word *w = &plan->rule_words[d->words + bit / WORD_BITS - d->word];
  bool to_end = (w->to_end >> bit % WORD_BITS & 1) != 0;
  bool approves = rule->determination == SOC_APPROVE;
  plan->outcomes[index] = (vm_outcome){.met = index,
                                       .decider = index,
                                       .speaker = index,
                                       .first_open = SOC_NONE32,
                                       .last_open = SOC_NONE32,
                                       .ended = to_end ? d->first + d->count - 1 : index,
                                       .reason = rule->code,
                                       .possible = UINT32_C(1) << rule->determination,
                                       .reason_count = rule->code != SOC_NONE32,
                                       .determination = rule->determination,
                                       .has_approval = approves,
                                       .one_time = approves && (rule->flags & SOC_RULE_ONE_TIME)};
}

static void point_decision(vm_builder *b, uint32_t index) {
  vm_plan *plan = b->plan;
  vm_plan_decision *d = &plan->decisions[index];
  uint32_t last = d->first + d->count - 1;
  d->word = plan->rule_bits[d->first] / WORD_BITS;
  d->end = plan->rule_bits[last] / WORD_BITS + 1;
  d->words = index * plan->words;
  d->numbers = index * plan->words * WORD_BITS;
  memset(plan->rule_words + d->words, 0, plan->words * sizeof *plan->rule_words);
  for (uint32_t i = d->first; i <= last; i++) {
    add_rule(b, d, i, vm_decision_at(b->p, index).flags);
  }
  find_going_on(plan, d);
  for (uint32_t i = d->first; i <= last; i++) {
    add_outcome(plan, d, i);
  }
}

// While trees were placed, the first one of each pair alone was filled in.
void vm_point_adders(vm_plan *plan) {
  for (uint32_t i = 0; i < plan->adder_count; i++) {
    vm_adder *a = &plan->adders[i];
    a->members[1] = a->members[0];
    a->full[1] = a->full[0];
    a->out[1] = a->out[0];
    a->turn[0] = a->height % 2 == 1 ? UINT64_MAX : 0;
    a->turn[1] = ~a->turn[0];
  }
}

void vm_point_decisions(vm_builder *b) {
  for (uint32_t i = 0; i < VM_COUNT(b->p, DECISIONS); i++) {
    point_decision(b, i);
  }
}
