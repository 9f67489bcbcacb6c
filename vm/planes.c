// SPDX-License-Identifier: Apache-2.0
//
// Deciding by a plan: readers fill the planes, the program goes on from there, and what a pending decision lacks is
// found by going back from open rules to the literals that keep them open.
#include <string.h>

#include "vm/planes.h"

#define WORD_BITS 64u

// ------------------------------------------------------------------------------------------ readers

static inline uint32_t place_row(const vm_reader *r, int64_t value) {
  uint64_t place = (uint64_t)value + r->bias;
  return r->rows + (place < r->count ? (uint32_t)place : r->count - 1u);
}

#define FEW_STEPS 6u

// The row of the last step that is not above the value, without a branch on the outcome.
static inline uint32_t step_row(const vm_plan *plan, const vm_reader *r, int64_t value) {
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
  return r->rows + found;
}

VM_APART void put_many(const vm_reader *r, const uint64_t *row, uint64_t *met, uint64_t *not_met,
                       uint64_t yes, uint64_t no) {
  for (uint32_t w = 0; w < r->span; w++, row++) {
    uint64_t yes_bits = 0, no_bits = 0;
    const uint64_t *table = row + r->span;
    for (uint64_t y = yes, n = no; (y | n) != 0; y >>= 4, n >>= 4) {
      yes_bits |= table[(y & 15) * r->span];
      no_bits |= table[(n & 15) * r->span];
      table += (size_t)VM_SPREAD_ROWS * r->span;
    }
    met[w] = (met[w] & ~*row) | yes_bits;
    not_met[w] = (not_met[w] & ~*row) | no_bits;
  }
}

VM_INLINE void put_few(const vm_plan *plan, uint64_t *planes, const vm_reader *r, uint64_t yes,
                       uint64_t no) {
  const uint64_t *row = plan->spreads + r->spread;
  uint64_t *met = planes + r->word, *not_met = met + plan->words, others = ~row[0];
  *met = (*met & others) | row[1 + yes];
  *not_met = (*not_met & others) | row[1 + no];
}

// Writes what a fact's tests say over what they said before, into the plane of those that are met and the one behind it.
static void put_tests(const vm_plan *plan, uint64_t *planes, const vm_reader *r, uint64_t yes,
                      uint64_t known) {
  uint64_t *met = planes + r->word, no = known & ~yes;
  if (r->few) {
    put_few(plan, planes, r, yes, no);
  } else {
    put_many(r, plan->spreads + r->spread, met, met + plan->words, yes, no);
  }
}

// What tests of a list say of items, by what those that are met by any and by every item are.
static inline uint64_t list_row(const vm_reader *r, uint64_t any, uint64_t every) {
  return (any & ~r->only) | (every & r->only);
}

static uint64_t enumeration_row(const vm_plan *plan, const vm_reader *r, int64_t value) {
  uint64_t any = 0, every = UINT64_MAX;
  for (uint64_t left = (uint64_t)value; left != 0; left &= left - 1) {
    uint64_t row = plan->rows[place_row(r, (int64_t)vm_lowest_bit(left))];
    any |= row;
    every &= row;
  }
  return list_row(r, any, every);
}

// What the tests of a list of codes say now that it has one more item.
static uint64_t longer_list_row(soc_case *c, const vm_plan *plan, const vm_reader *r) {
  uint64_t *so_far = &c->list_tests[r - plan->readers];
  int64_t count = c->values[r->fact];
  uint64_t item = c->item_values[c->columns[r->fact].items + count - 1];
  uint64_t row = plan->rows[step_row(plan, r, vm_i64_of(item))];
  return *so_far = count == 1 ? row : list_row(r, *so_far | row, *so_far & row);
}

static uint64_t all_items_row(const soc_case *c, const vm_plan *plan, const vm_reader *r,
                              uint32_t at, int64_t count) {
  const uint64_t *items = vm_items(c, &c->columns[r->fact], at);
  uint64_t any = 0, every = UINT64_MAX;
  for (int64_t i = 0; i < count; i++) {
    uint64_t row = plan->rows[step_row(plan, r, vm_i64_of(items[i]))];
    any |= row;
    every &= row;
  }
  return list_row(r, any, every);
}

uint64_t vm_reader_row(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t row,
                       int64_t value) {
  switch ((enum vm_reader_kind)r->kind) {
  case VM_READ_PLACE: return plan->rows[place_row(r, value)];
  case VM_READ_STEPS: return plan->rows[step_row(plan, r, value)];
  default:
    return value == 0                 ? r->empty_met
           : r->type == SOC_CODE_LIST ? all_items_row(c, plan, r, row, value)
                                      : enumeration_row(plan, r, value);
  }
}

// Planes of facts: those that are met, those that are not, and both once more for readers with a base.
static uint64_t *plane_of(const vm_plan *plan, uint64_t *planes, const vm_reader *r) {
  return r->base == SOC_NONE32 ? planes : planes + 2 * (size_t)plan->words;
}

static size_t facts_words(const vm_plan *plan) {
  return (plan->own_readers == plan->reader_count ? 2 : 4) * (size_t)plan->words;
}

void vm_clear_facts(soc_case *c) {
  const vm_plan *plan = c->policy->plan;
  memcpy(c->facts, plan->left_out, facts_words(plan) * sizeof *c->facts);
}

void vm_plan_left_out(vm_plan *plan) {
  memset(plan->left_out, 0, facts_words(plan) * sizeof *plan->left_out);
  for (uint32_t i = 0; i < plan->reader_count; i++) {
    const vm_reader *r = &plan->readers[i];
    put_tests(plan, plane_of(plan, plan->left_out, r), r, r->met_in[SOC_LEFT_OUT],
              r->known_in[SOC_LEFT_OUT]);
  }
}

// What the tests of a reader say of the value that its fact has.
static void take_value(soc_case *c, const vm_plan *plan, const vm_reader *r) {
  uint64_t yes, known = r->tests;
  if (r->kind == VM_READ_ITEMS) {
    int64_t value = c->values[r->fact];
    yes = value == 0                 ? r->empty_met
          : r->type == SOC_CODE_LIST ? longer_list_row(c, plan, r)
                                     : enumeration_row(plan, r, value);
  } else {
    int64_t value = c->values[r->fact];
    uint32_t row = r->kind == VM_READ_PLACE ? place_row(r, value) : step_row(plan, r, value);
    yes = plan->rows[row];
    known = r->base == SOC_NONE32 ? known : plan->rows[row + r->count];
  }
  put_tests(plan, plane_of(plan, c->facts, r), r, yes, known);
}

VM_APART void take_all(soc_case *c, const vm_plan *plan, const vm_reader *r) {
  for (const vm_reader *next = r; next; r = next) {
    uint8_t state = c->states[r->fact];
    if (state == SOC_GIVEN) {
      take_value(c, plan, r);
    } else {
      put_tests(plan, plane_of(plan, c->facts, r), r, r->met_in[state], r->known_in[state]);
    }
    next = r->next == SOC_NONE32 ? NULL : &plan->readers[r->next];
  }
}

soc_status vm_take_fact(soc_case *c, uint32_t fact) {
  const vm_plan *plan = c->policy->plan;
  const vm_reader *r = &plan->readers[plan->reader_of[fact]];
  if (!r->alone || c->states[fact] != SOC_GIVEN) {
    take_all(c, plan, r);
    return SOC_OK;
  }
  int64_t value = c->values[fact];
  uint32_t row = r->kind == VM_READ_PLACE ? place_row(r, value) : step_row(plan, r, value);
  uint64_t yes = plan->rows[row];
  put_few(plan, c->facts, r, yes, r->tests & ~yes);
  return SOC_OK;
}

// What is derived of a code, where the fact itself was left out.
static void take_derived(soc_case *c, const vm_plan *plan, const vm_reader *r) {
  const uint64_t *tests = plan->spreads + r->spread, *met = c->facts + 2 * (size_t)plan->words;
  uint64_t left_out = 0 - (uint64_t)(c->states[r->base] == SOC_LEFT_OUT);
  for (uint32_t i = 0, w = r->word; i < r->span; i++, w++) {
    c->met[w] |= met[w] & tests[i] & left_out;
    c->not_met[w] |= met[w + plan->words] & tests[i] & left_out;
  }
}

// Takes back what was assumed of a fact.
static void put_fact_aside(soc_case *c, const vm_plan *plan, uint32_t fact) {
  for (uint32_t i = plan->reader_of[fact]; i != SOC_NONE32; i = plan->readers[i].next) {
    const vm_reader *r = &plan->readers[i];
    if (r->base == SOC_NONE32 || c->states[r->base] == SOC_LEFT_OUT) {
      put_tests(plan, c->met, r, r->aside_met, r->aside_known);
    }
  }
}

// ------------------------------------------------------------------------------------------- blocks

// Trees: from a block's members the carry of an addition runs through to the block's bit if one of them is there.
static void do_trees(soc_case *c, const vm_adder *a, const vm_adder *end) {
  uint64_t *planes = c->met;
  for (; a < end; a++) {
    uint64_t good = planes[a->good], bad = planes[a->bad];
    planes[a->good] = good | (a->out & ~((~good & a->members) + a->full));
    planes[a->bad] = bad | (a->out & ((bad & a->members) + a->full));
  }
}

static uint32_t count_bits(uint64_t word) {
  uint32_t count = 0;
  for (; word != 0; word &= word - 1) {
    count++;
  }
  return count;
}

typedef struct members {
  uint32_t all, met, not_met;
} members;

static members count_members(const soc_case *c, const vm_plan *plan, const uint64_t *mask) {
  members m = {0, 0, 0};
  for (uint32_t w = 0; w < plan->words; w++) {
    m.all += count_bits(mask[w]);
    m.met += count_bits(mask[w] & c->met[w]);
    m.not_met += count_bits(mask[w] & c->not_met[w]);
  }
  return m;
}

static void put_bits(const vm_plan *plan, uint64_t *plane, uint32_t bit) {
  for (; bit != SOC_NONE32; bit = plan->copies[bit]) {
    plane[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
  }
}

// A block that stands apart: met when enough members are, not met when too few are left.
static void do_apart(soc_case *c, const vm_plan *plan, uint32_t index) {
  const vm_block *b = &plan->blocks[index];
  members m = count_members(c, plan, plan->masks + (size_t)index * plan->words);
  uint32_t need = b->kind == VM_BLOCK_ALL ? m.all : b->kind == VM_BLOCK_ANY ? 1 : b->at_least;
  bool negated = b->kind == VM_BLOCK_NOT_COUNT;
  if (m.met >= need) {
    put_bits(plan, negated ? c->not_met : c->met, b->bit);
  } else if (m.all - m.not_met < need) {
    put_bits(plan, negated ? c->met : c->not_met, b->bit);
  }
}

// --------------------------------------------------------------------------------------------- code

static soc_truth truth_at(const soc_case *c, uint32_t bit) {
  uint32_t word = bit / WORD_BITS, shift = bit % WORD_BITS;
  return (c->met[word] >> shift & 1)       ? SOC_MET
         : (c->not_met[word] >> shift & 1) ? SOC_NOT_MET
                                           : SOC_UNKNOWN_TRUTH;
}

// Tests of a derived enumeration: met where all candidates pass, not met where none does.
static void read_candidates(soc_case *c, const vm_plan *plan, const vm_mask_reader *r) {
  const uint64_t *row = plan->mask_rows + r->rows, *values = row + 2 * (size_t)plan->words;
  for (uint32_t w = 0; w < plan->words; w++, row++, values++) {
    uint64_t left = c->masks[r->cell], tests = *row;
    uint64_t any = left == 0 ? row[plan->words] : 0, every = left == 0 ? any : tests;
    for (; left != 0; left &= left - 1) {
      uint64_t passed = values[(size_t)vm_lowest_bit(left) * plan->words];
      every &= passed;
      any |= passed;
    }
    c->met[w] |= every;
    c->not_met[w] |= tests & ~any;
  }
}

// The rules of a decision that wait for code, are unknown and can matter to it: those before the first met one, and if
// one of these may decide without ending the reasons, all that would be further ones. Any?
static uint64_t find_live(soc_case *c, const vm_plan *plan, const vm_plan_decision *d) {
  const vm_rule_word *r = &plan->rule_words[d->words];
  uint64_t before = UINT64_MAX, more = 0, any = 0;
  for (uint32_t w = d->word; w < d->end; w++, r++) {
    uint64_t met = c->met[w] & r->all, open = r->all & ~(met | c->not_met[w]);
    uint64_t upto = (met ^ (met - 1)) & before; // the first met one, too
    more |= (met | open) & upto & r->going_on;
    uint64_t live = open & (upto | (more != 0 ? r->further : 0)) & r->waiting;
    c->live[w] |= live;
    any |= live;
    before = met != 0 ? 0 : before;
    if ((before | more) == 0) {
      break;
    }
  }
  return any;
}

static void work_out(soc_case *c, const vm_plan *plan, const vm_expression *e) {
  int64_t state = e->shaped.shape != VM_SHAPE_OTHER ? vm_run_shaped(c, &e->shaped)
                                                    : vm_run_code(c, e->first, e->count).lo;
  if (state != SOC_UNKNOWN_TRUTH) {
    put_bits(plan, state == SOC_MET ? c->met : c->not_met, e->bit[0]);
    put_bits(plan, state == SOC_MET ? c->not_met : c->met, e->bit[1]);
  }
}

// Code for which somebody asks; explanations show the states of all.
static void do_expressions(soc_case *c, const vm_plan *plan, uint32_t first, uint32_t end) {
  uint64_t any = c->explained || plan->asked_code;
  for (uint32_t w = 0; w < plan->words; w++) {
    c->live[w] = 0;
  }
  for (uint32_t d = 0; d < c->decision_count; d++) {
    if (plan->decisions[d].waits) {
      any |= find_live(c, plan, &plan->decisions[d]);
    }
  }
  for (uint32_t i = first; any != 0 && i < end; i++) {
    const vm_expression *e = &plan->expressions[i];
    if (c->explained || e->always || (e->rules & c->live[e->word]) != 0) {
      work_out(c, plan, e);
    }
  }
}

static void do_step(soc_case *c, const vm_plan *plan, const vm_plan_step *step) {
  uint32_t end = step->first + step->count;
  switch ((enum vm_step_kind)step->kind) {
  case VM_STEP_BLOCKS: break; // for columns
  case VM_STEP_TREES: do_trees(c, plan->adders + step->first, plan->adders + end); break;
  case VM_STEP_APART:
    for (uint32_t i = step->first; i < end; i++) {
      do_apart(c, plan, plan->apart[i]);
    }
    break;
  case VM_STEP_PUBLISH: c->truth[step->first] = (uint8_t)truth_at(c, step->count); break;
  case VM_STEP_CELL: vm_compute_cells(c, step->first, end); break;
  case VM_STEP_MASKS:
    for (uint32_t i = step->first; i < end; i++) {
      read_candidates(c, plan, &plan->mask_readers[i]);
    }
    break;
  case VM_STEP_EXPRESSIONS: do_expressions(c, plan, step->first, end); break;
  }
}

void vm_run_plan(soc_case *c, uint32_t aside) {
  const vm_plan *plan = c->policy->plan;
  for (uint32_t w = 0; w < 2 * plan->words; w++) { // not met ones stand behind the met ones
    c->met[w] = c->facts[w];
  }
  for (uint32_t i = plan->own_readers; i < plan->reader_count; i++) {
    take_derived(c, plan, &plan->readers[i]);
  }
  if (aside != SOC_NO_INDEX) {
    put_fact_aside(c, plan, aside);
  }
  for (uint32_t i = 0; i < plan->step_count; i++) {
    do_step(c, plan, &plan->program[i]);
  }
}

void vm_state_cells(soc_case *c) {
  const vm_plan *plan = c->policy->plan;
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

// Of a plane's word to those of the rules: the numbers of these.
static uint64_t rule_numbers(const uint8_t *numbers, uint64_t bits) {
  uint64_t rules = 0;
  for (; bits != 0; bits &= bits - 1) {
    rules |= UINT64_C(1) << numbers[vm_lowest_bit(bits)];
  }
  return rules;
}

vm_rule_bits vm_planned_rules(const soc_case *c, uint32_t decision) {
  const vm_plan *plan = c->policy->plan;
  const vm_plan_decision *d = &plan->decisions[decision];
  const uint8_t *numbers = plan->rule_numbers + d->numbers;
  vm_rule_bits rules = {0, 0};
  for (uint32_t w = d->word; w < d->end; w++) {
    uint64_t all = plan->rule_words[d->words + w - d->word].all, met = all & c->met[w];
    if (rules.met == 0) { // up to the first met one
      rules.open |= rule_numbers(numbers + w * WORD_BITS, all & ~c->not_met[w] & ~met & (met - 1));
    }
    rules.met |= rule_numbers(numbers + w * WORD_BITS, met);
  }
  return rules;
}

// ------------------------------------------------------------------------------------------ missing

// The unknown members of a block.
static void want_members(soc_case *c, const vm_plan *plan, uint32_t block) {
  const uint64_t *mask = plan->masks + (size_t)block * plan->words;
  for (uint32_t w = 0; w < plan->words; w++) {
    c->wanted[w] |= mask[w] & ~(c->met[w] | c->not_met[w]);
  }
}

static void mark_missing(soc_case *c, uint32_t fact) {
  c->missing_facts[fact / 64] |= UINT64_C(1) << fact % 64;
}

// A fact of the case, if it is unknown.
static void ask_fact(soc_case *c, uint32_t fact) {
  uint8_t left_out = c->columns[fact].left_out;
  if (left_out != SOC_LEFT_OUT_UNKNOWN && left_out != SOC_LEFT_OUT_REQUIRED) {
    vm_ask_fact(c, fact);
  } else if (c->states[fact] == SOC_LEFT_OUT) {
    mark_missing(c, fact);
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
      ask_fact(c, e->shaped.fact[n]);
    }
  }
}

// Asks for what an unknown literal depends on.
static void ask(soc_case *c, const vm_plan *plan, uint32_t origin) {
  uint32_t index = origin & ~VM_ORIGIN_KIND;
  switch (origin & VM_ORIGIN_KIND) {
  case VM_ORIGIN_FACT: mark_missing(c, index); break;
  case VM_ORIGIN_EXPRESSION: ask_expression(c, &plan->expressions[index]); break;
  case VM_ORIGIN_MASK: ask_fact(c, plan->mask_tests[index].asks); break;
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

void vm_want_rules(soc_case *c, uint32_t decision, uint32_t last) {
  const vm_plan *plan = c->policy->plan;
  const vm_plan_decision *d = &plan->decisions[decision];
  const vm_rule_word *r = &plan->rule_words[d->words];
  uint32_t bit = plan->rule_bits[last];
  for (uint32_t w = d->word; w <= bit / WORD_BITS; w++, r++) {
    uint64_t upto =
        w < bit / WORD_BITS ? UINT64_MAX : UINT64_MAX >> (WORD_BITS - 1 - bit % WORD_BITS);
    c->wanted[w] |= r->all & upto & ~(c->met[w] | c->not_met[w]);
  }
}
