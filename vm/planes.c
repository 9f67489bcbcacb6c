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

uint64_t vm_reader_grown(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t row,
                         int64_t value, uint64_t so_far) {
  if (r->type != SOC_CODE_LIST || value < 2) {
    return vm_reader_row(c, plan, r, row, value);
  }
  uint64_t item = vm_items(c, &c->columns[r->fact], row)[value - 1];
  uint64_t last = plan->rows[step_row(plan, r, vm_i64_of(item))];
  return list_row(r, so_far | last, so_far & last);
}

// Writes a pattern over what a fact's tests said before.
VM_INLINE void put_pattern(vm_truths *t, const vm_truths *tests, const vm_truths *pattern) {
  t->met = (t->met & ~tests->met) | pattern->met;
  t->not_met = (t->not_met & ~tests->met) | pattern->not_met;
}

static void put_patterns(const vm_plan *plan, vm_truths *planes, const vm_reader *r,
                         uint32_t pattern) {
  const vm_truths *tests = plan->patterns + r->patterns;
  for (uint32_t w = 0; w < r->span; w++) {
    put_pattern(planes + r->word + w, tests + w, tests + pattern + w);
  }
}

// Takes one more item into what the tests of a list say. `only`: they are met if all items meet them.
static void join_patterns(const vm_plan *plan, vm_truths *planes, const vm_reader *r,
                          uint32_t pattern) {
  const vm_truths *tests = plan->patterns + r->patterns, *item = tests + pattern;
  const vm_truths *only = tests + (size_t)VM_PATTERN_ONLY * r->span;
  vm_truths *t = planes + r->word;
  for (uint32_t w = 0; w < r->span; w++, t++) {
    uint64_t any = tests[w].met & ~only[w].met, every = only[w].met;
    t->met = (t->met | (item[w].met & any)) & (item[w].met | ~every);
    t->not_met = (t->not_met | (item[w].not_met & every)) & (item[w].not_met | ~any);
  }
}

// Readers with a base have planes of their own.
static vm_truths *fact_planes(const soc_case *c, const vm_plan *plan, const vm_reader *r) {
  return r->base == SOC_NONE32 ? c->facts : c->facts + plan->words;
}

void vm_clear_facts(soc_case *c) {
  const vm_plan *plan = c->plan;
  size_t words = (plan->own_readers == plan->reader_count ? 1 : 2) * (size_t)plan->words;
  memcpy(c->facts, plan->left_out, words * sizeof *c->facts);
}

static uint32_t value_pattern(const vm_plan *plan, const vm_reader *r, int64_t value) {
  return plan
      ->row_patterns[r->kind == VM_READ_PLACE ? place_row(r, value) : step_row(plan, r, value)];
}

// A list of codes has one more item.
static void take_item(const soc_case *c, const vm_plan *plan, const vm_reader *r) {
  int64_t count = c->values[r->fact];
  uint64_t item = c->item_values[c->columns[r->fact].items + count - 1];
  uint32_t pattern = plan->row_patterns[step_row(plan, r, vm_i64_of(item))];
  (count == 1 ? put_patterns : join_patterns)(plan, fact_planes(c, plan, r), r, pattern);
}

static void take_values(const soc_case *c, const vm_plan *plan, const vm_reader *r) {
  vm_truths *planes = fact_planes(c, plan, r);
  uint64_t left = (uint64_t)c->values[r->fact];
  put_patterns(plan, planes, r, plan->row_patterns[place_row(r, vm_lowest_bit(left))]);
  while ((left &= left - 1) != 0) {
    join_patterns(plan, planes, r, plan->row_patterns[place_row(r, vm_lowest_bit(left))]);
  }
}

static void take_fact(const soc_case *c, const vm_plan *plan, const vm_reader *r) {
  uint8_t state = c->states[r->fact];
  bool items = r->kind == VM_READ_ITEMS;
  if (state != SOC_GIVEN || (items && c->values[r->fact] == 0)) {
    put_patterns(plan, fact_planes(c, plan, r), r, (VM_PATTERN_STATE + state) * r->span);
  } else if (items && r->type == SOC_CODE_LIST) {
    take_item(c, plan, r);
  } else if (items) {
    take_values(c, plan, r);
  } else {
    put_patterns(plan, fact_planes(c, plan, r), r, value_pattern(plan, r, c->values[r->fact]));
  }
}

VM_INLINE void put_state(vm_truths *t, uint64_t bits, bool met, bool not_met) {
  t->met = (t->met & ~bits) | (bits & (0 - (uint64_t)met));
  t->not_met = (t->not_met & ~bits) | (bits & (0 - (uint64_t)not_met));
}

// Writes what an expression has become at all places of its literals.
VM_APART void put_states(const vm_plan *plan, const vm_expression *e, vm_truths *truths,
                         int64_t state) {
  for (unsigned turned = 0; turned < 2; turned++) {
    bool met = state == (turned ? SOC_NOT_MET : SOC_MET);
    bool not_met = state == (turned ? SOC_MET : SOC_NOT_MET);
    for (uint32_t bit = e->bit[turned]; bit != SOC_NONE32; bit = plan->copies[bit]) {
      put_state(&truths[bit / WORD_BITS], UINT64_C(1) << bit % WORD_BITS, met, not_met);
    }
  }
}

VM_INLINE int64_t state_of_pair(const soc_case *c, const vm_fact_pair *pair, uint32_t fact) {
  uint8_t own = c->states[fact], other = c->states[pair->other];
  if (own == SOC_GIVEN && other == SOC_GIVEN) {
    int64_t a = c->values[fact], b = c->values[pair->other];
    return vm_compare_shaped(&pair->shaped, pair->second ? b : a, pair->second ? a : b);
  }
  return !pair->plain                           ? vm_run_shaped(c, &pair->shaped)
         : own == SOC_NONE || other == SOC_NONE ? SOC_NOT_MET
                                                : SOC_UNKNOWN_TRUTH;
}

VM_INLINE void put_pair(const soc_case *c, const vm_plan *plan, const vm_fact_pair *pair,
                        uint32_t fact, vm_truths *truths) {
  int64_t state = state_of_pair(c, pair, fact);
  if (pair->bit != 0) {
    put_state(&truths[pair->word], pair->bit, state == pair->as_met,
              state == SOC_MET - pair->as_met);
  } else {
    put_states(plan, &plan->expressions[pair->expression], truths, state);
  }
}

void vm_put_pairs(const soc_case *c, const vm_plan *plan, uint32_t fact, vm_truths *truths) {
  for (uint32_t i = plan->first_pair[fact]; i < plan->first_pair[fact + 1]; i++) {
    put_pair(c, plan, &plan->pairs[i], fact, truths);
  }
}

VM_APART soc_status take_pairs(const soc_case *c, uint32_t fact) {
  const vm_plan *plan = c->plan;
  const vm_fact_pair *pair = plan->pairs + plan->first_pair[fact];
  const vm_fact_pair *end = plan->pairs + plan->first_pair[fact + 1];
  for (; pair < end; pair++) {
    if (!pair->waits || c->states[pair->other] != SOC_LEFT_OUT) {
      put_pair(c, plan, pair, fact, c->facts);
    }
  }
  return SOC_OK;
}

VM_APART soc_status take_by_all(soc_case *c, const vm_plan *plan, uint32_t fact) {
  for (uint32_t i = plan->reader_of[fact]; i != SOC_NONE32; i = plan->readers[i].next) {
    take_fact(c, plan, &plan->readers[i]);
  }
  return plan->first_pair[fact] == plan->first_pair[fact + 1] ? SOC_OK : take_pairs(c, fact);
}

// The usual: one value, one reader, whose tests stand in one word.
soc_status vm_take_fact(soc_case *c, uint32_t fact, uint32_t row) {
  (void)row; // of the case
  const vm_plan *plan = c->plan;
  uint32_t index = plan->reader_of[fact];
  if (index == SOC_NONE32 || !plan->readers[index].alone || c->states[fact] != SOC_GIVEN) {
    return take_by_all(c, plan, fact);
  }
  const vm_reader *r = &plan->readers[index];
  const vm_truths *tests = plan->patterns + r->patterns;
  put_pattern(c->facts + r->word, tests, tests + value_pattern(plan, r, c->values[fact]));
  return r->paired ? take_pairs(c, fact) : SOC_OK;
}

// What is derived of a code, where the fact itself was left out.
static void take_derived(soc_case *c, const vm_plan *plan, const vm_reader *r) {
  const vm_truths *tests = plan->patterns + r->patterns;
  const vm_truths *from = c->facts + plan->words + r->word;
  vm_truths *to = c->truths + r->word;
  uint64_t left_out = 0 - (uint64_t)(c->states[r->base] == SOC_LEFT_OUT);
  for (uint32_t w = 0; w < r->span; w++) {
    uint64_t own = tests[w].met & left_out;
    to[w] = (vm_truths){to[w].met | (from[w].met & own), to[w].not_met | (from[w].not_met & own)};
  }
}

// Takes back what was assumed of a fact: by its own readers, or by those of what is derived where the base was left
// out.
static void put_fact_aside(soc_case *c, const vm_plan *plan, uint32_t fact, bool derived) {
  for (uint32_t i = plan->reader_of[fact]; i != SOC_NONE32; i = plan->readers[i].next) {
    const vm_reader *r = &plan->readers[i];
    bool with_base = r->base != SOC_NONE32;
    if (with_base == derived && (!derived || c->states[r->base] == SOC_LEFT_OUT)) {
      put_patterns(plan, c->truths, r, VM_PATTERN_ASIDE * r->span);
    }
  }
}

// ------------------------------------------------------------------------------------------- blocks

VM_INLINE vm_truths add_up(vm_truths t, const vm_adder *a) {
  uint64_t met = t.met ^ a->turn[0], not_met = t.not_met ^ a->turn[1];
  met = (((met & a->members[0]) + a->full[0]) ^ a->turn[0]) & a->out[0];
  not_met = (((not_met & a->members[1]) + a->full[1]) ^ a->turn[1]) & a->out[1];
  return (vm_truths){t.met | met, t.not_met | not_met};
}

// Trees: from a block's members the carry of an addition runs through to the block's bit if one of them is there. The
// heights of a word follow one another, so that each need not wait for the memory of the one before.
VM_INLINE void do_trees(vm_truths *truths, const vm_adder *a, const vm_adder *end) {
  while (a < end) {
    uint32_t word = a->word;
    vm_truths t = truths[word];
    do {
      t = add_up(t, a++);
    } while (a < end && a->word == word);
    truths[word] = t;
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
    m.met += count_bits(mask[w] & c->truths[w].met);
    m.not_met += count_bits(mask[w] & c->truths[w].not_met);
  }
  return m;
}

// Writes what came out at all places of a literal.
static void put_truth(soc_case *c, const vm_plan *plan, uint32_t bit, bool met) {
  for (; bit != SOC_NONE32; bit = plan->copies[bit]) {
    vm_truths *t = &c->truths[bit / WORD_BITS];
    t->met |= (uint64_t)met << bit % WORD_BITS;
    t->not_met |= (uint64_t)!met << bit % WORD_BITS;
  }
}

// A block that stands apart: met when enough members are, not met when too few are left.
static void do_apart(soc_case *c, const vm_plan *plan, uint32_t index) {
  const vm_block *b = &plan->blocks[index];
  members m = count_members(c, plan, plan->masks + (size_t)index * plan->words);
  uint32_t need = b->kind == VM_BLOCK_ALL ? m.all : b->kind == VM_BLOCK_ANY ? 1 : b->at_least;
  bool negated = b->kind == VM_BLOCK_NOT_COUNT;
  if (m.met >= need) {
    put_truth(c, plan, b->bit, !negated);
  } else if (m.all - m.not_met < need) {
    put_truth(c, plan, b->bit, negated);
  }
}

// --------------------------------------------------------------------------------------------- code

static soc_truth truth_at(const soc_case *c, uint32_t bit) {
  uint32_t word = bit / WORD_BITS, shift = bit % WORD_BITS;
  return (c->truths[word].met >> shift & 1)       ? SOC_MET
         : (c->truths[word].not_met >> shift & 1) ? SOC_NOT_MET
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
    c->truths[w].met |= every;
    c->truths[w].not_met |= tests & ~any;
  }
}

// The rules of a decision that wait for code, are unknown and can matter to it: those before the first met one, and if
// one of these may decide without ending the reasons, all that would be further ones.
VM_APART void find_live(soc_case *c, const vm_plan *plan, const vm_plan_decision *d) {
  const vm_rule_word *r = &plan->rule_words[d->words];
  uint64_t before = UINT64_MAX, more = 0;
  for (uint32_t w = d->word; w < d->end; w++, r++) {
    uint64_t met = c->truths[w].met & r->all, open = r->all & ~(met | c->truths[w].not_met);
    uint64_t upto = (met ^ (met - 1)) & before; // the first met one, too
    more |= (met | open) & upto & r->going_on;
    c->live[w] |= open & (upto | (more != 0 ? r->further : 0)) & r->waiting;
    before = met != 0 ? 0 : before;
    if ((before | more) == 0) {
      break;
    }
  }
}

VM_INLINE uint32_t table_entry(const soc_case *c, const vm_plan *plan, const vm_row_table *t,
                               uint32_t row) {
  uint32_t at = t->first;
  for (uint32_t n = 0; n < t->field_count; n++) {
    uint32_t slot = c->columns[t->fields[n]].base + row;
    uint32_t state = c->states[slot], given = 0 - (uint32_t)(state == SOC_GIVEN);
    at += t->strides[n] * (state + (given & (uint32_t)c->values[slot]));
  }
  return plan->table_entries[at];
}

#define TABLE_TRUTH ((1u << VM_TABLE_ASKS) - 1u)

static int64_t run_table(const soc_case *c, const vm_plan *plan, const vm_row_table *t) {
  int64_t rows;
  if (vm_read(c, t->list, 0, &rows) != SOC_GIVEN) {
    return SOC_UNKNOWN_TRUTH;
  }
  uint32_t least = SOC_MET, most = SOC_NOT_MET;
  for (uint32_t row = 0; row < rows; row++) {
    uint32_t truth = table_entry(c, plan, t, row) & TABLE_TRUTH;
    least = truth < least ? truth : least;
    most = truth > most ? truth : most;
  }
  return t->all ? least : most;
}

// False: what it leaves is unknown.
static bool work_out(soc_case *c, const vm_plan *plan, const vm_expression *e) {
  int64_t state = e->table != SOC_NONE32              ? run_table(c, plan, &plan->tables[e->table])
                  : e->shaped.shape != VM_SHAPE_OTHER ? vm_run_shaped(c, &e->shaped)
                                                      : vm_run_code(c, e->first, e->count).lo;
  if (state != SOC_UNKNOWN_TRUTH) {
    put_truth(c, plan, e->bit[0], state == SOC_MET);
    put_truth(c, plan, e->bit[1], state != SOC_MET);
  }
  return state != SOC_UNKNOWN_TRUTH;
}

static bool is_live(const soc_case *c, const vm_expression *e) {
  return (e->rules & c->live[e->word]) != 0;
}

static void find_all_live(soc_case *c, const vm_plan *plan) {
  memset(c->live, 0, plan->words * sizeof *c->live);
  for (uint32_t i = 0; i < c->decision_count; i++) {
    if (plan->decisions[i].waits) {
      find_live(c, plan, &plan->decisions[i]);
    }
  }
}

// Code for which somebody asks; explanations show the states of all.
VM_APART void do_expressions(soc_case *c, const vm_plan *plan, uint32_t first, uint32_t end) {
  find_all_live(c, plan);
  for (uint32_t i = first; i < end; i++) {
    const vm_expression *e = &plan->expressions[i];
    if (c->explained || e->always || is_live(c, e)) {
      (void)work_out(c, plan, e);
    }
  }
}

static void do_late_trees(soc_case *c, const vm_plan *plan) {
  do_trees(c->truths, plan->adders + plan->late_adders, plan->adders + plan->late_adders_end);
}

// The last code, as far as it is not for rules alone.
VM_APART void do_asked_late(soc_case *c, const vm_plan *plan) {
  bool news = false;
  for (uint32_t i = plan->late_first; i < plan->late_end; i++) {
    const vm_expression *e = &plan->expressions[i];
    news = ((c->explained || e->always) && work_out(c, plan, e)) || news;
  }
  if (news) {
    do_late_trees(c, plan);
  }
}

// Once, for all decisions, since code can matter to rules of several: what was unknown then is so still. What others
// ask for, and in explanations all, was run before.
bool vm_run_late(soc_case *c) {
  const vm_plan *plan = c->plan;
  bool news = false;
  if (c->explained || c->late_run) {
    return false;
  }
  c->late_run = true;
  find_all_live(c, plan);
  for (uint32_t i = plan->late_first; i < plan->late_end; i++) {
    const vm_expression *e = &plan->expressions[i];
    news = (!e->always && is_live(c, e) && work_out(c, plan, e)) || news;
  }
  if (news) {
    do_late_trees(c, plan);
  }
  return news;
}

// Of all but VM_STEP_BLOCKS, which are for columns.
static void do_step(soc_case *c, const vm_plan *plan, const vm_plan_step *step) {
  uint32_t end = step->first + step->count;
  switch ((enum vm_step_kind)step->kind) {
  case VM_STEP_TREES: do_trees(c->truths, plan->adders + step->first, plan->adders + end); break;
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
  default: do_expressions(c, plan, step->first, end); // VM_STEP_EXPRESSIONS
  }
}

void vm_run_plan(soc_case *c, uint32_t aside) {
  const vm_plan *plan = c->plan;
  for (uint32_t w = 0; w < plan->words; w++) {
    c->truths[w] = c->facts[w];
  }
  c->late_run = false;
  // What is derived where the fact was left out does not rest on what is assumed of it.
  if (aside != SOC_NO_INDEX) {
    put_fact_aside(c, plan, aside, false);
  }
  for (uint32_t i = plan->own_readers; i < plan->reader_count; i++) {
    take_derived(c, plan, &plan->readers[i]);
  }
  if (aside != SOC_NO_INDEX) {
    put_fact_aside(c, plan, aside, true);
  }
  do_trees(c->truths, plan->adders, plan->adders + plan->first_adders);
  for (const vm_plan_step *step = plan->program, *end = step + plan->step_count; step < end;
       step++) {
    do_step(c, plan, step);
  }
  if (c->explained || plan->asked_code) {
    do_asked_late(c, plan);
  }
}

void vm_state_cells(soc_case *c) {
  const vm_plan *plan = c->plan;
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
  return truth_at(c, c->plan->conditions[cell]);
}

// ------------------------------------------------------------------------------------------ missing

// The unknown members of a block.
static void want_members(soc_case *c, const vm_plan *plan, uint32_t block) {
  const uint64_t *mask = plan->masks + (size_t)block * plan->words;
  for (uint32_t w = 0; w < plan->words; w++) {
    c->wanted[w] |= mask[w] & ~(c->truths[w].met | c->truths[w].not_met);
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

// The list, or the fields that keep rows open.
static void ask_table(soc_case *c, const vm_plan *plan, const vm_row_table *t) {
  int64_t rows;
  if (vm_read(c, t->list, 0, &rows) != SOC_GIVEN) {
    ask_fact(c, t->list);
    return;
  }
  for (uint32_t row = 0; row < rows; row++) {
    uint32_t asked = table_entry(c, plan, t, row) >> VM_TABLE_ASKS;
    for (; asked != 0; asked &= asked - 1) {
      vm_mark_missing(c, t->fields[vm_lowest_bit(asked)], row);
    }
  }
}

// Code whose truth and whose negation are wanted, or that is wanted again later, is run once.
static bool asked_before(soc_case *c, const vm_expression *e) {
  uint32_t bit = e->bit[0] != SOC_NONE32 ? e->bit[0] : e->bit[1];
  bool before = vm_has_bit(c->live, bit);
  c->live[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
  return before;
}

static void ask_expression(soc_case *c, const vm_plan *plan, const vm_expression *e) {
  if (asked_before(c, e)) {
    return;
  }
  if (e->table != SOC_NONE32) {
    ask_table(c, plan, &plan->tables[e->table]);
    return;
  }
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
  case VM_ORIGIN_EXPRESSION: ask_expression(c, plan, &plan->expressions[index]); break;
  case VM_ORIGIN_MASK: ask_fact(c, plan->mask_tests[index].asks); break;
  default: want_members(c, plan, index);
  }
}

void vm_want_condition(soc_case *c, uint32_t cell) {
  uint32_t bit = c->plan->conditions[cell];
  c->wanted[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

// From high words to low ones: blocks stand above what they take in, so that nearly always one turn is enough.
static bool ask_wanted(soc_case *c) {
  const vm_plan *plan = c->plan;
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

static void want_rules(soc_case *c, uint32_t decision, uint32_t last) {
  const vm_plan *plan = c->plan;
  const vm_plan_decision *d = &plan->decisions[decision];
  const vm_rule_word *r = &plan->rule_words[d->words];
  uint32_t bit = plan->rule_bits[last];
  memset(c->live, 0, plan->words * sizeof *c->live);
  for (uint32_t w = d->word; w <= bit / WORD_BITS; w++, r++) {
    uint64_t upto =
        w < bit / WORD_BITS ? UINT64_MAX : UINT64_MAX >> (WORD_BITS - 1 - bit % WORD_BITS);
    c->wanted[w] |= r->all & upto & ~(c->truths[w].met | c->truths[w].not_met);
  }
}

void vm_gather_planned(soc_case *c, uint32_t decision, uint32_t last) {
  want_rules(c, decision, last);
  while (ask_wanted(c)) {
    vm_gather_once(c);
  }
  vm_forget_gathered(c);
}
