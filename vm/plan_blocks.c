// SPDX-License-Identifier: Apache-2.0
//
// What the blocks of a plan take in, the program that works them out, and what guards the code that is run.
#include <string.h>

#include "vm/plan_build.h"

// ------------------------------------------------------------------------------------------- blocks

static uint64_t *members_of(const vm_builder *b, uint32_t value) {
  return b->members + (size_t)value * b->plan->words;
}

// Takes a child into a mask. False: a count would count one literal twice.
static bool add_member(const vm_builder *b, uint64_t *mask, uint8_t kind, uint32_t term,
                       unsigned polarity) {
  const vm_term *child = &b->g.terms[term];
  if (vm_takes_members(kind, child, polarity)) {
    const uint64_t *members = members_of(b, 2 * term + polarity);
    for (uint32_t w = 0; w < b->plan->words; w++) {
      mask[w] |= members[w];
    }
    return true;
  }
  uint32_t bit = child->bit[polarity];
  bool fresh = !vm_has_bit(mask, bit);
  vm_add_bit(mask, bit);
  return fresh || kind != VM_TERM_COUNT;
}

static bool find_members(vm_builder *b, uint32_t index, unsigned polarity) {
  const vm_term *t = &b->g.terms[index];
  uint64_t *mask = members_of(b, 2 * index + polarity);
  bool good = true;
  memset(mask, 0, b->plan->words * sizeof *mask);
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    vm_edge edge = b->g.edges[e];
    good = add_member(b, mask, vm_kind_in(t, polarity), edge.term,
                      vm_child_polarity(t, edge, polarity)) &&
           good;
  }
  return good;
}

bool vm_find_members(vm_builder *b) {
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    for (unsigned polarity = 0; polarity < 2; polarity++) {
      if (b->g.terms[i].kind >= VM_TERM_ALL && b->g.terms[i].want[polarity] != 0 &&
          !find_members(b, i, polarity)) {
        return false;
      }
    }
  }
  return true;
}

// ------------------------------------------------------------------------------------------ program

static void add_step(vm_builder *b, enum vm_step_kind kind, uint32_t first, uint32_t count) {
  b->plan->program[b->plan->step_count++] = (vm_plan_step){kind, first, count};
}

static void add_column_step(vm_builder *b, enum vm_step_kind kind, uint32_t first, uint32_t count) {
  b->plan->column_program[b->plan->column_step_count++] = (vm_plan_step){kind, first, count};
}

// Cells that are worked out at the beginning of a phase, or conditions that code will read behind its trees.
static void add_cells(vm_builder *b, uint32_t phase, bool conditions) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (!b->g.cell_wanted[cell] || vm_phase_of_cell(b, cell) != phase ||
        vm_is_condition(b->p, cell) != conditions) {
      continue;
    }
    if (conditions) {
      add_step(b, VM_STEP_PUBLISH, cell, b->plan->conditions[cell]);
    } else {
      add_step(b, VM_STEP_CELL, cell, 1);
    }
  }
}

static void add_masks(vm_builder *b, uint32_t phase) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    vm_cell c = vm_cell_at(b->p, cell);
    if (c.kind == SOC_CELL_MASK && c.list == SOC_NONE16 && b->cell_phases[cell] == phase) {
      add_column_step(b, VM_STEP_MASKS, cell, 1);
    }
  }
  for (uint32_t i = 0; i < b->mask_reader_count; i++) {
    if (b->cell_phases[b->plan->mask_readers[i].cell] == phase) {
      add_step(b, VM_STEP_MASKS, i, 1);
    }
  }
}

// From the first to the last adder with something that becomes known in this phase or later.
static void add_trees(vm_builder *b, uint32_t phase) {
  uint32_t first = 0, end = b->plan->adder_count;
  while (first < end && b->plan->adders[first].phase < phase) {
    first++;
  }
  while (end > first && b->plan->adders[end - 1].phase < phase) {
    end--;
  }
  if (end > first) {
    add_step(b, VM_STEP_TREES, first, end - first);
  }
}

// The blocks of one phase, from number `first` on; returns the next. Those apart, from number `apart` on.
static uint32_t add_blocks(vm_builder *b, uint32_t first, uint32_t *apart, uint32_t phase) {
  uint32_t end = first, first_apart = *apart;
  for (; end < b->block_count && b->blocks[end].key == phase; end++) {
    memcpy(vm_plan_mask(b->plan, end), members_of(b, b->blocks[end].value),
           b->plan->words * sizeof(uint64_t));
    *apart += b->nodes[b->blocks[end].value].apart;
  }
  if (*apart > first_apart) {
    add_step(b, VM_STEP_APART, first_apart, *apart - first_apart);
  }
  add_trees(b, phase);
  if (end > first) {
    add_column_step(b, VM_STEP_BLOCKS, first, end - first);
  }
  return end;
}

static void add_code_steps(vm_builder *b, uint32_t phase) {
  for (uint32_t i = 0; i < b->expression_count; i++) {
    const vm_expression *e = &b->plan->expressions[i];
    if (vm_phase_of_code(b, e->first, e->count) == phase) {
      if (i >= b->plan->pair_count) {
        add_step(b, VM_STEP_EXPRESSIONS, i, 1);
      }
      add_column_step(b, VM_STEP_EXPRESSIONS, i, 1);
    }
  }
}

static uint32_t last_phase(const vm_builder *b) {
  uint32_t phase = 0;
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    phase = vm_later(phase, vm_later(b->g.terms[i].phase[0], b->g.terms[i].phase[1]));
  }
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    phase = vm_later(phase, b->cell_phases[cell]);
  }
  return phase;
}

// Steps of one kind in a row that follow one another become one. Returns how many are left.
static uint32_t join(vm_plan_step *steps, uint32_t steps_count) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < steps_count; i++) {
    vm_plan_step step = steps[i], *last = count > 0 ? &steps[count - 1] : NULL;
    if (last && last->kind == step.kind && step.kind != VM_STEP_PUBLISH &&
        step.kind != VM_STEP_TREES && last->first + last->count == step.first) {
      last->count += step.count;
    } else {
      steps[count++] = step;
    }
  }
  return count;
}

// Do the trees hold what the first `count` steps make known? Nothing that they read has come since they were worked
// out.
static bool is_settled(const vm_plan_step *steps, uint32_t count) {
  while (count > 0 &&
         (steps[count - 1].kind == VM_STEP_PUBLISH || steps[count - 1].kind == VM_STEP_CELL)) {
    count--;
  }
  return count == 0 || steps[count - 1].kind == VM_STEP_TREES;
}

// Takes the last code out of the program, with the trees that read it.
static void find_late(vm_plan *plan) {
  const vm_plan_step *steps = plan->program;
  uint32_t count = plan->step_count;
  bool trees = count > 0 && steps[count - 1].kind == VM_STEP_TREES;
  uint32_t code = count - 1 - trees; // its step
  if (count <= trees || steps[code].kind != VM_STEP_EXPRESSIONS || !is_settled(steps, code)) {
    return;
  }
  plan->late_first = steps[code].first;
  plan->late_end = steps[code].first + steps[code].count;
  if (trees) {
    plan->late_adders = steps[count - 1].first;
    plan->late_adders_end = steps[count - 1].first + steps[count - 1].count;
  }
  plan->step_count = code;
}

// Most programs are trees, or trees, code and the trees that read it. The first trees are those of phase 0, which are
// all that there are.
static void find_ends(vm_plan *plan) {
  find_late(plan);
  if (plan->step_count > 0 && plan->program[0].kind == VM_STEP_TREES) {
    plan->first_adders = plan->program[0].count;
    plan->program++;
    plan->step_count--;
  }
}

void vm_add_program(vm_builder *b) {
  uint32_t block = 0, apart = 0, last = last_phase(b);
  for (uint32_t phase = 0; phase <= last; phase++) {
    add_cells(b, phase, false);
    add_masks(b, phase);
    block = add_blocks(b, block, &apart, phase);
    add_cells(b, phase, true);
    add_code_steps(b, phase);
  }
  if (b->plan->always != SOC_NONE32) {
    memset(vm_plan_mask(b->plan, block), 0, b->plan->words * sizeof(uint64_t));
    add_column_step(b, VM_STEP_BLOCKS, block, 1);
  }
  b->plan->step_count = join(b->plan->program, b->plan->step_count);
  find_ends(b->plan);
  b->plan->column_step_count = join(b->plan->column_program, b->plan->column_step_count);
}

// ------------------------------------------------------------------------------------------- guards

static void add_condition(const vm_builder *b, uint64_t *asked, uint32_t cell) {
  if (cell < VM_COUNT(b->p, CELLS) && b->plan->conditions[cell] != SOC_NONE32) {
    vm_add_bit(asked, b->plan->conditions[cell]);
  }
}

// Literals that are read one by one, not only by blocks and rules.
static void find_asked(const vm_builder *b, uint64_t *asked) {
  memset(asked, 0, b->plan->words * sizeof *asked);
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (b->g.cell_wanted[cell]) {
      add_condition(b, asked, cell);
    }
  }
  for (uint32_t i = 0; i < VM_COUNT(b->p, EXTRAS); i++) {
    add_condition(b, asked, vm_extra_at(b->p, i).cell);
  }
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES); i++) {
    add_condition(b, asked, vm_rule_at(b->p, i).open_cell);
  }
}

static bool meet(const vm_plan *plan, const uint64_t *a, const uint64_t *b) {
  uint64_t any = 0;
  for (uint32_t w = 0; w < plan->words; w++) {
    any |= a[w] & b[w];
  }
  return any != 0;
}

static void find_own(const vm_builder *b, const vm_expression *e, uint64_t *own) {
  memset(own, 0, b->plan->words * sizeof *own);
  for (unsigned polarity = 0; polarity < 2; polarity++) {
    if (e->bit[polarity] != SOC_NONE32) {
      vm_add_bit(own, e->bit[polarity]);
    }
  }
}

// Adds all literals that depend on those that are there.
static void find_reached(const vm_builder *b, uint64_t *reached) {
  for (uint32_t i = 0; i < b->block_count; i++) {
    if (meet(b->plan, vm_plan_mask(b->plan, i), reached)) {
      vm_add_bit(reached, b->plan->blocks[i].bit);
    }
  }
}

// The rules among them.
static void find_rules(vm_builder *b, vm_expression *e, const uint64_t *reached) {
  vm_plan *plan = b->plan;
  e->word = SOC_NONE32;
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES); i++) {
    uint32_t cell = plan->rules[i].cell, bit = plan->rule_bits[i], word = bit / WORD_BITS;
    if (cell != SOC_NONE32 && vm_has_bit(reached, plan->conditions[cell])) {
      e->rules |= UINT64_C(1) << bit % WORD_BITS;
      e->always = e->always || (e->word != SOC_NONE32 && e->word != word);
      e->word = word;
    }
  }
  e->word = e->word == SOC_NONE32 ? 0 : e->word; // no rule: something else asks
  bool is_pair = e < plan->expressions + plan->pair_count;
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    vm_plan_decision *decision = &plan->decisions[d];
    for (uint32_t w = decision->word; w < decision->end; w++) {
      vm_rule_word *r = &plan->rule_words[decision->words + w - decision->word];
      r->waiting |= w == e->word && !is_pair ? r->all & e->rules : 0;
      r->stirring = r->waiting | r->going_on;
      decision->waits = decision->waits || r->waiting != 0;
    }
  }
}

// What all blocks that take the expression in have in common, if they are all blocks of the kind all and no rule is the
// expression itself. False: nothing.
static bool find_common(const vm_builder *b, const uint64_t *own, uint64_t *common) {
  bool found = false;
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES); i++) {
    uint32_t cell = b->plan->rules[i].cell;
    if (cell != SOC_NONE32 && vm_has_bit(own, b->plan->conditions[cell])) {
      return false;
    }
  }
  for (uint32_t i = 0; i < b->block_count; i++) {
    const uint64_t *mask = vm_plan_mask(b->plan, i);
    if (!meet(b->plan, mask, own)) {
      continue;
    }
    if (b->plan->blocks[i].kind != VM_BLOCK_ALL) {
      return false;
    }
    for (uint32_t w = 0; w < b->plan->words; w++) {
      common[w] = found ? common[w] & mask[w] : mask[w];
    }
    found = true;
  }
  return found;
}

// Leaves what is known when the expression is run; expressions guard nothing.
static bool keep_known(const vm_builder *b, uint64_t *common, uint32_t phase) {
  bool any = false;
  for (uint32_t bit = 0; bit < b->bits; bit++) {
    uint32_t value = b->values[bit];
    if (vm_has_bit(common, bit) &&
        (vm_term_of(b, value)->phase[value % 2] > phase ||
         (b->plan->origins[bit] & VM_ORIGIN_KIND) == VM_ORIGIN_EXPRESSION)) {
      common[bit / WORD_BITS] &= ~(UINT64_C(1) << bit % WORD_BITS);
    }
    any = any || vm_has_bit(common, bit);
  }
  return any;
}

void vm_find_guards(vm_builder *b) {
  uint64_t *asked = b->scratch, *reached = b->scratch + b->plan->words;
  find_asked(b, asked);
  for (uint32_t i = 0; i < b->expression_count; i++) {
    vm_expression *e = &b->plan->expressions[i];
    uint64_t *common = vm_plan_mask(b->plan, b->next_mask);
    find_own(b, e, reached);
    if (!meet(b->plan, reached, asked) && find_common(b, reached, common) &&
        keep_known(b, common, vm_phase_of_code(b, e->first, e->count))) {
      e->guard = b->next_mask++;
    }
    find_reached(b, reached);
    e->always = meet(b->plan, reached, asked);
    find_rules(b, e, reached);
    b->plan->asked_code = b->plan->asked_code || (e->always && i >= b->plan->pair_count);
  }
}
