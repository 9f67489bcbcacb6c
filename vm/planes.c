// SPDX-License-Identifier: Apache-2.0
//
// Deciding by a plan: readers fill the planes, the program goes on from there, and what a pending decision lacks is
// found by going back from open rules to the literals that keep them open.
#include <string.h>

#include "vm/plan.h"

#define WORD_BITS 64u

// ------------------------------------------------------------------------------------------ readers

static inline uint64_t place_row(const vm_plan *plan, const vm_reader *r, int64_t value) {
  uint64_t place = (uint64_t)value + r->bias;
  return plan->rows[r->rows + (place < r->count ? place : r->count - 1u)];
}

#define FEW_STEPS 6u

// The row of the last step that is not above the value, without a branch on the outcome.
static inline uint64_t step_row(const vm_plan *plan, const vm_reader *r, int64_t value) {
  const uint64_t *steps = plan->steps + r->steps;
  uint64_t key = (uint64_t)value + r->bias;
  uint32_t at = 0, left = r->count - 1;
  while (left > FEW_STEPS) {
    uint32_t half = left / 2;
    at += half & (0 - (uint32_t)(steps[at + half - 1] <= key));
    left -= half;
  }
  uint32_t found = at;
  for (uint32_t i = 0; i < left; i++) {
    found += steps[at + i] <= key;
  }
  return plan->rows[r->rows + found];
}

// Writes what a fact's tests say over what they said before.
static inline void put_tests(uint64_t *met, uint64_t *not_met, const vm_reader *r, uint64_t yes,
                             uint64_t known) {
  uint64_t others = ~r->known_in[SOC_GIVEN];
  met[r->word] = (met[r->word] & others) | yes;
  not_met[r->word] = (not_met[r->word] & others) | (known & ~yes);
}

static uint64_t list_row(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t at,
                         int64_t value) {
  uint64_t any = 0, every = UINT64_MAX;
  if (value == 0) {
    return r->empty_met;
  }
  if (r->type == SOC_CODE_LIST) {
    const uint64_t *items = vm_items(c, &c->columns[r->fact], at);
    for (int64_t i = 0; i < value; i++) {
      uint64_t row = step_row(plan, r, (int64_t)items[i]);
      any |= row;
      every &= row;
    }
  } else {
    for (uint64_t left = (uint64_t)value; left != 0; left &= left - 1) {
      uint64_t row = place_row(plan, r, (int64_t)vm_lowest_bit(left));
      any |= row;
      every &= row;
    }
  }
  return (any & ~r->only) | (every & r->only);
}

uint64_t vm_reader_row(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t row,
                       int64_t value) {
  return r->type == SOC_CODE_LIST || r->type == SOC_ENUM_LIST ? list_row(c, plan, r, row, value)
         : r->kind == VM_READ_PLACE                           ? place_row(plan, r, value)
                                                              : step_row(plan, r, value);
}

static uint32_t reader_count(const vm_plan *plan) {
  return plan->place_readers + plan->step_readers + plan->list_readers;
}

void vm_clear_facts(soc_case *c) {
  const vm_plan *plan = c->policy->plan;
  memcpy(c->facts_met, plan->left_met, plan->words * sizeof *c->facts_met);
  memcpy(c->facts_not_met, plan->left_not_met, plan->words * sizeof *c->facts_not_met);
}

void vm_plan_left_out(vm_plan *plan) {
  memset(plan->left_met, 0, plan->words * sizeof *plan->left_met);
  memset(plan->left_not_met, 0, plan->words * sizeof *plan->left_not_met);
  for (uint32_t i = 0; i < reader_count(plan); i++) {
    const vm_reader *r = &plan->readers[i];
    put_tests(plan->left_met, plan->left_not_met, r, r->met_in[SOC_LEFT_OUT],
              r->known_in[SOC_LEFT_OUT]);
  }
}

soc_status vm_take_fact(soc_case *c, uint32_t fact) {
  const vm_plan *plan = c->policy->plan;
  uint32_t index = plan->reader_of[fact];
  if (index >= plan->place_readers + plan->step_readers) {
    return SOC_OK; // nothing tests it, or a list, which is read when all its items are there
  }
  const vm_reader *r = &plan->readers[index];
  uint8_t state = c->states[fact];
  uint64_t yes = r->met_in[state];
  if (state == SOC_GIVEN) {
    yes = r->kind == VM_READ_PLACE ? place_row(plan, r, c->values[fact])
                                   : step_row(plan, r, c->values[fact]);
  }
  put_tests(c->facts_met, c->facts_not_met, r, yes, r->known_in[state]);
  return SOC_OK;
}

static void read_lists(soc_case *c, const vm_plan *plan) {
  const vm_reader *r = plan->readers + plan->place_readers + plan->step_readers;
  for (const vm_reader *end = r + plan->list_readers; r < end; r++) {
    if (c->states[r->fact] == SOC_GIVEN) {
      put_tests(c->met, c->not_met, r, list_row(c, plan, r, 0, c->values[r->fact]),
                r->known_in[SOC_GIVEN]);
    } else if (c->states[r->fact] == SOC_NONE) {
      put_tests(c->met, c->not_met, r, r->met_in[SOC_NONE], r->known_in[SOC_NONE]);
    }
  }
}

// Takes back what was assumed of a fact.
static void put_fact_aside(soc_case *c, const vm_plan *plan, uint32_t fact) {
  if (plan->reader_of[fact] != SOC_NONE32) {
    const vm_reader *r = &plan->readers[plan->reader_of[fact]];
    put_tests(c->met, c->not_met, r, r->aside_met, r->aside_known);
  }
}

// ------------------------------------------------------------------------------------------- blocks

static inline void put_bit(soc_case *c, uint32_t bit, bool met, bool not_met) {
  c->met[bit / WORD_BITS] |= (uint64_t)met << bit % WORD_BITS;
  c->not_met[bit / WORD_BITS] |= (uint64_t)not_met << bit % WORD_BITS;
}

static uint32_t count_bits(uint64_t word) {
  uint32_t count = 0;
  for (; word != 0; word &= word - 1) {
    count++;
  }
  return count;
}

static void count_block(soc_case *c, const vm_plan *plan, const vm_block_run *run) {
  const uint64_t *mask = plan->masks + (size_t)run->first * plan->words;
  uint32_t met = 0, open = 0;
  for (uint32_t w = 0; w < plan->words; w++) {
    met += count_bits(mask[w] & c->met[w]);
    open += count_bits(mask[w] & ~(c->met[w] | c->not_met[w]));
  }
  bool enough = met >= run->at_least, never = met + open < run->at_least;
  bool negated = run->kind == VM_BLOCK_NOT_COUNT;
  put_bit(c, run->bit, negated ? never : enough, negated ? enough : never);
}

// Which blocks of a run have good members only, and which have a bad one. From the last block to the first, so that
// each bit is added by one doubling. `words` is a constant where planes are short.
VM_INLINE void run_blocks(const uint64_t *good, const uint64_t *bad, const uint64_t *masks,
                          uint32_t count, uint64_t *every, uint64_t *one, const uint32_t words) {
  uint64_t every_bits = 0, one_bits = 0;
  for (const uint64_t *mask = masks + (size_t)count * words; mask > masks;) {
    uint64_t rest = 0, hit = 0;
    mask -= words;
    for (uint32_t w = 0; w < words; w++) {
      rest |= mask[w] & ~good[w];
      hit |= mask[w] & bad[w];
    }
    every_bits += every_bits + (rest == 0);
    one_bits += one_bits + (hit != 0);
  }
  *every = every_bits;
  *one = one_bits;
}

// The same for a long run, by tables.
VM_INLINE void read_tables(const vm_plan *plan, const vm_block_run *run, const uint64_t *good,
                           const uint64_t *bad, uint64_t *every, uint64_t *one) {
  uint64_t rest = 0, hit = 0;
  const vm_block_table *t = &plan->tables[run->tables], *end = t + run->table_count;
  while (t < end) {
    uint64_t other = ~good[t->word], wrong = bad[t->word];
    for (const vm_block_table *word_end = t + t->in_word; t < word_end; t++) {
      rest |= t->blocks[other >> t->shift & 15];
      hit |= t->blocks[wrong >> t->shift & 15];
    }
  }
  *every = ~rest & UINT64_MAX >> (WORD_BITS - run->count);
  *one = hit;
}

VM_INLINE void do_run(soc_case *c, const vm_plan *plan, const vm_block_run *run,
                      const uint32_t words) {
  if (run->kind >= VM_BLOCK_COUNT) {
    count_block(c, plan, run);
    return;
  }
  bool all = run->kind == VM_BLOCK_ALL;
  uint64_t *good = all ? c->met : c->not_met, *bad = all ? c->not_met : c->met;
  uint64_t every, one;
  if (run->table_count > 0) {
    read_tables(plan, run, good, bad, &every, &one);
  } else {
    const uint64_t *masks = plan->masks + (size_t)run->first * words;
    run_blocks(good, bad, masks, run->count, &every, &one, words);
  }
  good[run->bit / WORD_BITS] |= every << run->bit % WORD_BITS;
  bad[run->bit / WORD_BITS] |= one << run->bit % WORD_BITS;
}

static void do_runs(soc_case *c, const vm_plan *plan, uint32_t first, uint32_t end) {
  const vm_block_run *run = plan->runs + first, *last = plan->runs + end;
  if (plan->words == VM_PLAN_LEAST_WORDS) {
    for (; run < last; run++) {
      do_run(c, plan, run, VM_PLAN_LEAST_WORDS);
    }
    return;
  }
  for (; run < last; run++) {
    do_run(c, plan, run, plan->words);
  }
}

// --------------------------------------------------------------------------------------------- code

static soc_truth truth_at(const soc_case *c, uint32_t bit) {
  uint32_t word = bit / WORD_BITS, shift = bit % WORD_BITS;
  return (c->met[word] >> shift & 1)       ? SOC_MET
         : (c->not_met[word] >> shift & 1) ? SOC_NOT_MET
                                           : SOC_UNKNOWN_TRUTH;
}

static void put_truth(soc_case *c, const uint32_t bit[2], bool met, bool not_met) {
  if (bit[0] != SOC_NONE32) {
    put_bit(c, bit[0], met, not_met);
  }
  if (bit[1] != SOC_NONE32) {
    put_bit(c, bit[1], not_met, met);
  }
}

// Tests of a derived enumeration: met where all candidates pass, not met where none does.
static void read_candidates(soc_case *c, const vm_plan *plan, const vm_mask_reader *r) {
  uint64_t left = c->masks[r->cell], every = left == 0 ? r->empty_met : r->tests;
  uint64_t any = left == 0 ? r->empty_met : 0;
  for (; left != 0; left &= left - 1) {
    uint64_t row = plan->mask_rows[r->rows + vm_lowest_bit(left)];
    every &= row;
    any |= row;
  }
  c->met[r->word] |= every;
  c->not_met[r->word] |= r->tests & ~any;
}

static bool nobody_asks(const soc_case *c, const vm_plan *plan, uint32_t guard) {
  uint64_t hit = 0;
  for (uint32_t w = 0; w < plan->words; w++) {
    hit |= plan->masks[(size_t)guard * plan->words + w] & c->not_met[w];
  }
  return hit != 0;
}

static void work_out(soc_case *c, const vm_expression *e) {
  int64_t state = e->shaped.shape != VM_SHAPE_OTHER ? vm_run_shaped(c, &e->shaped)
                                                    : vm_run_code(c, e->first, e->count).lo;
  put_truth(c, e->bit, state == SOC_MET, state == SOC_NOT_MET);
}

static void do_step(soc_case *c, const vm_plan *plan, const vm_plan_step *step) {
  uint32_t end = step->first + step->count;
  switch ((enum vm_step_kind)step->kind) {
  case VM_STEP_BLOCKS: do_runs(c, plan, step->first, end); break;
  case VM_STEP_PUBLISH: c->truth[step->first] = (uint8_t)truth_at(c, step->count); break;
  case VM_STEP_DERIVE:
    for (uint32_t i = step->first; i < end; i++) {
      vm_derive(c, &plan->derivations[i]);
    }
    break;
  case VM_STEP_CELL: vm_compute_cells(c, step->first, end); break;
  case VM_STEP_MASKS:
    for (uint32_t i = step->first; i < end; i++) {
      read_candidates(c, plan, &plan->mask_readers[i]);
    }
    break;
  case VM_STEP_EXPRESSIONS:
    for (uint32_t i = step->first; i < end; i++) {
      const vm_expression *e = &plan->expressions[i];
      if (e->guard == SOC_NONE32 || !nobody_asks(c, plan, e->guard)) {
        work_out(c, e);
      }
    }
    break;
  }
}

void vm_run_plan(soc_case *c, uint32_t aside) {
  const vm_plan *plan = c->policy->plan;
  for (uint32_t w = 0; w < plan->words; w++) {
    c->met[w] = c->facts_met[w];
    c->not_met[w] = c->facts_not_met[w];
  }
  read_lists(c, plan);
  if (aside != SOC_NO_INDEX) {
    put_fact_aside(c, plan, aside);
  }
  for (uint32_t i = 0; i < plan->step_count; i++) {
    do_step(c, plan, &plan->program[i]);
  }
}

// Guards save work on states that no rule can depend on; explanations show them all the same.
static void run_guarded(soc_case *c, const vm_plan *plan) {
  for (uint32_t i = 0; i < plan->expression_count; i++) {
    const vm_expression *e = &plan->expressions[i];
    if (e->guard != SOC_NONE32 && nobody_asks(c, plan, e->guard)) {
      work_out(c, e);
    }
  }
}

void vm_state_cells(soc_case *c) {
  const vm_plan *plan = c->policy->plan;
  run_guarded(c, plan);
  for (uint32_t cell = 0; cell < c->cell_count; cell++) {
    uint32_t state = plan->states[cell];
    if (state == SOC_NONE32) {
      vm_compute_cells(c, cell, cell + 1);
    } else if (state != VM_CELL_RUN) {
      c->truth[cell] = (uint8_t)truth_at(c, state);
    }
  }
  c->known = c->cell_count;
}

soc_truth vm_planned_condition(const soc_case *c, uint32_t cell) {
  return truth_at(c, c->policy->plan->conditions[cell]);
}

// ------------------------------------------------------------------------------------------ missing

// The unknown members of a block.
static void want_members(soc_case *c, const vm_plan *plan, uint32_t block) {
  const uint64_t *mask = plan->masks + (size_t)block * plan->words;
  for (uint32_t w = 0; w < plan->words; w++) {
    c->wanted[w] |= mask[w] & ~(c->met[w] | c->not_met[w]);
  }
}

static void ask_expression(soc_case *c, const vm_expression *e) {
  if (e->shaped.shape == VM_SHAPE_OTHER) {
    vm_gather_code(c, e->first, e->count);
    vm_take_entries(c);
    return;
  }
  for (uint32_t n = 0; n < 2; n++) {
    if (!e->shaped.given[n]) {
      vm_ask_fact(c, e->shaped.fact[n]);
    }
  }
}

// Asks for what an unknown literal depends on.
static void ask(soc_case *c, const vm_plan *plan, uint32_t origin) {
  uint32_t index = origin & ~VM_ORIGIN_KIND;
  switch (origin & VM_ORIGIN_KIND) {
  case VM_ORIGIN_FACT: vm_mark_missing(c, index, 0); break;
  case VM_ORIGIN_EXPRESSION: ask_expression(c, &plan->expressions[index]); break;
  case VM_ORIGIN_MASK: vm_ask_fact(c, plan->mask_tests[index].asks); break;
  default: want_members(c, plan, index);
  }
}

void vm_want_condition(soc_case *c, uint32_t cell) {
  uint32_t bit = c->policy->plan->conditions[cell];
  c->wanted[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

// From high words to low ones: blocks stand above what they take in, so that nearly always one turn is enough.
bool vm_ask_wanted(soc_case *c) {
  const vm_plan *plan = c->policy->plan;
  bool any = false;
  for (uint32_t w = plan->words; w-- > 0;) {
    for (; c->wanted[w] != 0; any = true) {
      uint32_t bit = vm_highest_bit(c->wanted[w]);
      c->wanted[w] &= ~(UINT64_C(1) << bit);
      ask(c, plan, plan->origins[w * WORD_BITS + bit]);
    }
  }
  return any;
}

void vm_want_rules(soc_case *c, uint32_t decision, uint64_t rules) {
  const vm_plan *plan = c->policy->plan;
  const uint32_t *origins = plan->origins + plan->decisions[decision].bit;
  for (; rules != 0; rules &= rules - 1) {
    want_members(c, plan, origins[vm_lowest_bit(rules)] & ~VM_ORIGIN_KIND);
  }
}
