// SPDX-License-Identifier: Apache-2.0
//
// What the blocks of a plan take in, the program that works them out, and what guards the code that is run.
#include <string.h>

#include "vm/plan_build.h"

// ------------------------------------------------------------------------------------------- blocks

static uint64_t *members_of(const vm_builder *b, uint32_t value) {
  return b->members + (size_t)value * b->plan->words;
}

static void add_bit(uint64_t *mask, uint32_t bit) {
  mask[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
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
  add_bit(mask, bit);
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

static uint64_t *mask_of_block(const vm_builder *b, uint32_t block) {
  return b->plan->masks + (size_t)block * b->plan->words;
}

static enum vm_block_kind block_kind(const vm_term *t, unsigned polarity) {
  switch (vm_kind_in(t, polarity)) {
  case VM_TERM_ALL: return VM_BLOCK_ALL;
  case VM_TERM_ANY: return VM_BLOCK_ANY;
  default: return polarity ? VM_BLOCK_NOT_COUNT : VM_BLOCK_COUNT;
  }
}

// The next block of the same kind, with the next bit of the same word.
static bool continues(const vm_block_run *run, uint32_t bit, enum vm_block_kind kind) {
  return run->kind == kind && kind <= VM_BLOCK_ANY && run->bit + run->count == bit &&
         run->bit / WORD_BITS == bit / WORD_BITS;
}

// `first`: of its phase, so that it begins a run.
static void add_block(vm_builder *b, vm_block_run block, bool first) {
  vm_block_run *next = b->plan->runs + b->run_count;
  if (!first && continues(next - 1, block.bit, (enum vm_block_kind)block.kind)) {
    next[-1].count++;
    return;
  }
  *next = block;
  b->run_count++;
}

static void add_step(vm_builder *b, enum vm_step_kind kind, uint32_t first, uint32_t count) {
  b->plan->program[b->plan->step_count++] = (vm_plan_step){kind, first, count};
}

// The blocks of one phase, from number `first` on; returns the next.
static uint32_t add_blocks(vm_builder *b, uint32_t first, uint32_t phase) {
  uint32_t runs = b->run_count, i = first;
  for (; i < b->block_count && b->blocks[i].key >> 8 == phase; i++) {
    uint32_t value = b->blocks[i].value;
    const vm_term *t = vm_term_of(b, value);
    memcpy(mask_of_block(b, i), members_of(b, value), b->plan->words * sizeof(uint64_t));
    add_block(b,
              (vm_block_run){.first = i,
                             .count = 1,
                             .bit = t->bit[value % 2],
                             .at_least = t->at_least,
                             .kind = (uint8_t)block_kind(t, value % 2)},
              i == first);
  }
  if (b->run_count > runs) {
    add_step(b, VM_STEP_BLOCKS, runs, b->run_count - runs);
  }
  return i;
}

static void add_rules(vm_builder *b) {
  uint32_t runs = b->run_count, block = b->block_count;
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    vm_decision decision = vm_decision_at(b->p, d);
    for (uint32_t i = 0; i < decision.count; i++, block++) {
      uint32_t cell = vm_rule_at(b->p, decision.first + i).cell;
      memset(mask_of_block(b, block), 0, b->plan->words * sizeof(uint64_t));
      if (cell != SOC_NONE32) {
        vm_root root = b->g.roots[cell];
        (void)add_member(b, mask_of_block(b, block), VM_TERM_ALL, root.term, root.negated);
      }
      add_block(b,
                (vm_block_run){.first = block,
                               .count = 1,
                               .bit = b->plan->decisions[d].bit + i,
                               .kind = VM_BLOCK_ALL},
                d + i == 0);
    }
  }
  add_step(b, VM_STEP_BLOCKS, runs, b->run_count - runs);
}

// Fills the table of four literals; false: no block takes one of them in.
static bool fill_table(const vm_builder *b, const vm_block_run *run, vm_block_table *table) {
  uint64_t of[4] = {0}, any = 0;
  for (uint32_t i = 0; i < run->count; i++) {
    uint64_t mask = mask_of_block(b, run->first + i)[table->word] >> table->shift;
    for (uint32_t n = 0; n < 4; n++) {
      of[n] |= (mask >> n & 1) << i;
    }
  }
  for (uint32_t given = 0; given < 16; given++) {
    table->blocks[given] = 0;
    for (uint32_t n = 0; n < 4; n++) {
      table->blocks[given] |= given >> n & 1 ? of[n] : 0;
    }
    any |= table->blocks[given];
  }
  return any != 0;
}

static void add_tables(const vm_builder *b, vm_block_run *run, uint32_t *next) {
  uint32_t first = *next; // of the word
  run->tables = *next;
  for (uint32_t bit = 0; bit < b->plan->words * WORD_BITS; bit += 4) {
    vm_block_table *table = &b->plan->tables[*next];
    table->word = (uint16_t)(bit / WORD_BITS);
    table->shift = bit % WORD_BITS;
    table->in_word = 0;
    first = bit % WORD_BITS == 0 ? *next : first;
    if (fill_table(b, run, table)) {
      *next += 1;
      b->plan->tables[first].in_word++;
    }
  }
  run->table_count = *next - run->tables;
}

static uint32_t is_long(const vm_block_run *run) {
  return run->count >= VM_LONG_RUN;
}

// Long runs read tables.
bool vm_make_tables(vm_builder *b) {
  uint32_t count = 0, next = 0;
  for (uint32_t i = 0; i < b->run_count; i++) {
    count += is_long(&b->plan->runs[i]);
  }
  size_t most = (size_t)count * b->plan->words * WORD_TABLES;
  b->plan->tables = vm_pool_keep(&b->pool, most, sizeof *b->plan->tables);
  for (uint32_t i = 0; b->plan->tables && i < b->run_count; i++) {
    if (is_long(&b->plan->runs[i])) {
      add_tables(b, &b->plan->runs[i], &next);
    }
  }
  return b->plan->tables != NULL;
}

// ------------------------------------------------------------------------------------------ program

// fact.left_out, not, mask.fact, mask.map, select.
static bool derives_plainly(const vm_policy *p, uint32_t cell, vm_derivation *out) {
  static const uint8_t shape[] = {SOC_OP_FACT_LEFT_OUT, SOC_OP_NOT, SOC_OP_MASK_FACT,
                                  SOC_OP_MASK_MAP, SOC_OP_SELECT};
  vm_cell c = vm_cell_at(p, cell);
  if (c.kind != SOC_CELL_MASK || c.list != SOC_NONE16 || c.count != sizeof shape) {
    return false;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    if (vm_instruction_at(p, c.first + i).op != shape[i]) {
      return false;
    }
  }
  vm_instruction map = vm_instruction_at(p, c.first + 3);
  *out = (vm_derivation){.cell = cell,
                         .fact = vm_instruction_at(p, c.first).b,
                         .code = map.b,
                         .every = vm_enum_mask(p, c.enumeration),
                         .map = map.c};
  return vm_instruction_at(p, c.first + 2).b == out->fact;
}

static void add_cell(vm_builder *b, uint32_t cell) {
  vm_derivation *derivation = &b->plan->derivations[b->derivation_count];
  if (derives_plainly(b->p, cell, derivation)) {
    add_step(b, VM_STEP_DERIVE, b->derivation_count++, 1);
  } else {
    add_step(b, VM_STEP_CELL, cell, 1);
  }
}

static void add_cells(vm_builder *b, uint32_t phase) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (!b->g.cell_wanted[cell] || vm_phase_of_cell(b, cell) != phase) {
      continue;
    }
    if (vm_is_condition(b->p, cell)) {
      vm_root root = b->g.roots[cell];
      add_step(b, VM_STEP_PUBLISH, cell, b->g.terms[root.term].bit[root.negated]);
    } else {
      add_cell(b, cell);
    }
  }
}

static void add_code_steps(vm_builder *b, uint32_t phase) {
  for (uint32_t i = 0; i < b->mask_reader_count; i++) {
    if (b->cell_phases[b->plan->mask_readers[i].cell] == phase) {
      add_step(b, VM_STEP_MASKS, i, 1);
    }
  }
  for (uint32_t i = 0; i < b->expression_count; i++) {
    const vm_expression *e = &b->plan->expressions[i];
    if (vm_phase_of_code(b, e->first, e->count) == phase) {
      add_step(b, VM_STEP_EXPRESSIONS, i, 1);
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

void vm_add_program(vm_builder *b) {
  uint32_t block = 0, last = last_phase(b);
  for (uint32_t phase = 0; phase <= last; phase++) {
    block = add_blocks(b, block, phase);
    add_cells(b, phase);
    add_code_steps(b, phase);
  }
  add_rules(b);
}

// Steps of one kind in a row that follow one another become one.
void vm_join_steps(vm_plan *plan) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < plan->step_count; i++) {
    vm_plan_step step = plan->program[i];
    vm_plan_step *last = count > 0 ? &plan->program[count - 1] : NULL;
    if (last && last->kind == step.kind && step.kind != VM_STEP_PUBLISH &&
        last->first + last->count == step.first) {
      last->count += step.count;
    } else {
      plan->program[count++] = step;
    }
  }
  plan->step_count = count;
}

// ------------------------------------------------------------------------------------------- guards

static void add_condition(const vm_builder *b, uint64_t *asked, uint32_t cell) {
  if (cell < VM_COUNT(b->p, CELLS) && b->plan->conditions[cell] != SOC_NONE32) {
    add_bit(asked, b->plan->conditions[cell]);
  }
}

// Literals that are read one by one, not only by blocks.
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

static bool has_either(const uint64_t *mask, const uint32_t bit[2]) {
  return (bit[0] != SOC_NONE32 && vm_has_bit(mask, bit[0])) ||
         (bit[1] != SOC_NONE32 && vm_has_bit(mask, bit[1]));
}

// What all blocks that take the expression in have in common, if they are all blocks of the kind all. False: nothing.
static bool find_common(const vm_builder *b, const vm_expression *e, uint64_t *common,
                        uint32_t blocks) {
  bool found = false;
  for (uint32_t i = 0; i < blocks; i++) {
    const uint64_t *mask = mask_of_block(b, i);
    if (!has_either(mask, e->bit)) {
      continue;
    }
    if (i < b->block_count && (b->blocks[i].key & 0xff) != VM_TERM_ALL) {
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
  for (uint32_t bit = 0; bit < b->plan->words * WORD_BITS; bit++) {
    if (vm_has_bit(common, bit) &&
        (b->bit_phases[bit] > phase ||
         (b->plan->origins[bit] & VM_ORIGIN_KIND) == VM_ORIGIN_EXPRESSION)) {
      common[bit / WORD_BITS] &= ~(UINT64_C(1) << bit % WORD_BITS);
    }
    any = any || vm_has_bit(common, bit);
  }
  return any;
}

bool vm_find_guards(vm_builder *b, uint32_t blocks) {
  uint64_t *asked = vm_pool_borrow(&b->pool, b->plan->words, sizeof *asked);
  if (!asked) {
    return false;
  }
  find_asked(b, asked);
  for (uint32_t i = 0, next = blocks; i < b->expression_count; i++) {
    vm_expression *e = &b->plan->expressions[i];
    uint32_t phase = vm_phase_of_code(b, e->first, e->count);
    if (!has_either(asked, e->bit) && find_common(b, e, mask_of_block(b, next), blocks) &&
        keep_known(b, mask_of_block(b, next), phase + 1)) {
      e->guard = next++;
    }
  }
  return true;
}
