// SPDX-License-Identifier: Apache-2.0
//
// Deciding by lanes: readers fill the planes of tests, then each node is worked out from lower ones. lanes_loops.c has
// loops over rows, lanes_missing.c what keeps a row open, lanes_assume.c what was assumed.
#include "vm/lanes.h"

#include <string.h>

#include "vm/literals.h"

// One node at hand, with what everything here needs.
typedef struct work {
  soc_case *c;
  const vm_lanes *l;
  vm_lane_state *s;
} work;

static inline work work_of(soc_case *c) {
  return (work){c, c->policy->lanes, c->lanes};
}

// -------------------------------------------------------------------------------------------- tests

// In these lanes no test is met; those of an earlier case with more rows go.
static void fail_tests(const vm_lane_state *s, uint32_t base, uint64_t tests, uint64_t lanes) {
  for (; tests != 0; tests &= tests - 1) {
    uint64_t *planes = s->planes + 2 * (size_t)(base + vm_lowest_bit(tests));
    planes[0] &= s->valid & ~lanes;
    planes[1] = (planes[1] & s->valid) | lanes;
  }
}

// Writes what tests say in some lanes, in which none was met.
static inline void scatter(const vm_lane_state *s, uint32_t base, uint64_t met, uint64_t unknown,
                           uint64_t lanes) {
  uint64_t *planes = s->planes + 2 * (size_t)base;
  for (; met != 0; met &= met - 1) {
    planes[2 * (size_t)vm_lowest_bit(met)] ^= lanes;
    planes[2 * (size_t)vm_lowest_bit(met) + 1] ^= lanes;
  }
  for (; unknown != 0; unknown &= unknown - 1) {
    planes[2 * (size_t)vm_lowest_bit(unknown) + 1] ^= lanes;
  }
}

static const vm_reader *group_reader(const vm_lanes *l, const vm_lane_group *g) {
  return &l->tests.readers[g - l->groups];
}

// The tests that are unknown where their fact is.
static uint64_t unknown_tests(const vm_lanes *l, const vm_lane_group *g) {
  return group_reader(l, g)->tests & ~g->if_given;
}

// What the tests of a fact say in these lanes, by its value in the first of them.
static void read_lanes(const work *x, const vm_lane_group *g, uint64_t lanes) {
  const vm_reader *r = group_reader(x->l, g);
  uint32_t row = vm_lowest_bit(lanes);
  int64_t value;
  switch (vm_read(x->c, g->of, row, &value)) {
  case SOC_GIVEN:
    scatter(x->s, g->base, vm_reader_row(x->c, &x->l->tests, r, row, value), 0, lanes);
    break;
  case SOC_NONE: scatter(x->s, g->base, r->met_in[SOC_NONE], 0, lanes); break;
  default: scatter(x->s, g->base, 0, unknown_tests(x->l, g), lanes);
  }
}

// Lanes in which a fact was left out.
static uint64_t left_out_lanes(const work *x, uint32_t fact) {
  const vm_column *column = &x->c->columns[fact];
  uint64_t lanes = 0;
  if (column->list == SOC_NONE16) {
    return x->c->states[fact] == SOC_LEFT_OUT ? x->s->valid : 0;
  }
  for (uint32_t row = 0; row < x->s->rows; row++) {
    lanes |= (uint64_t)(x->c->states[column->base + row] == SOC_LEFT_OUT) << row;
  }
  return lanes;
}

// A fact that takes the value of another one in some of these lanes; mostly that of one of the case.
static void read_borrowing(const work *x, const vm_lane_group *g, uint64_t lanes) {
  const vm_column *column = &x->c->columns[g->of];
  if (x->c->columns[column->other].list == SOC_NONE16 && lanes != 0) {
    read_lanes(x, g, lanes);
    return;
  }
  for (; lanes != 0; lanes &= lanes - 1) {
    read_lanes(x, g, lanes & (0 - lanes));
  }
}

// Adds a node to `touched` if it differs from the planes aside.
static inline void note_change(vm_lane_state *s, uint32_t node) {
  const uint64_t *own = s->planes + 2 * (size_t)node, *other = s->aside + 2 * (size_t)node;
  s->touched[s->touched_count] = node;
  s->touched_count += ((own[0] ^ other[0]) | (own[1] ^ other[1])) != 0;
}

// Tests of a fact of which nothing is known in these lanes.
static void forget_tests(const vm_lane_state *s, const vm_lane_group *g, uint64_t tests,
                         uint64_t lanes) {
  for (; tests != 0; tests &= tests - 1) {
    uint32_t test = vm_lowest_bit(tests);
    uint64_t *planes = s->planes + 2 * (size_t)(g->base + test);
    planes[0] &= ~lanes;
    planes[1] = (planes[1] & ~lanes) | (lanes & (0 - (g->if_given >> test & 1)));
  }
}

// Those of one that takes the value of the fact.
static void read_tests_again(const work *x, const vm_lane_group *g, uint64_t tests,
                             uint64_t lanes) {
  fail_tests(x->s, g->base, tests, lanes);
  read_borrowing(x, g, lanes);
}

void vm_lanes_hold_tests(soc_case *c, const vm_lane_group *g, uint32_t assumed, uint64_t scope) {
  work x = work_of(c);
  uint64_t tests = group_reader(x.l, g)->tests;
  uint64_t lanes = c->columns[g->of].list == SOC_NONE16 ? x.s->valid : scope;
  if (g->of == assumed) {
    forget_tests(x.s, g, tests, lanes);
  } else {
    read_tests_again(&x, g, tests, lanes & left_out_lanes(&x, g->of));
  }
  for (; tests != 0; tests &= tests - 1) {
    note_change(x.s, g->base + vm_lowest_bit(tests));
  }
}

static void scatter_facts(const work *x, const uint64_t *facts, uint64_t lanes) {
  for (uint32_t w = 0; w < x->l->test_words; w++) {
    scatter(x->s, w * 64, facts[w], facts[w + x->l->test_words], lanes);
  }
}

static void read_all_tests(const work *x) {
  uint64_t *planes = x->s->planes, valid = x->s->valid;
  const uint64_t *facts = x->s->facts;
  for (uint32_t test = 0; test < x->l->test_count; test++) {
    planes[2 * (size_t)test] = 0;
    planes[2 * (size_t)test + 1] = valid;
  }
  scatter_facts(x, facts, valid);
  for (uint32_t row = 0; row < x->s->rows; row++) {
    facts += 2 * (size_t)x->l->test_words;
    scatter_facts(x, facts, UINT64_C(1) << row);
  }
  for (uint32_t i = 0; i < x->l->borrowing_count; i++) {
    const vm_lane_group *g = &x->l->groups[x->l->borrowing[i]];
    read_borrowing(x, g, left_out_lanes(x, g->of));
  }
}

// ------------------------------------------------------------------------------------------ setters

static void clear_facts(const soc_case *c, uint32_t at, uint32_t count, const uint64_t *left_out) {
  size_t words = 2 * (size_t)c->policy->lanes->test_words;
  uint64_t *facts = c->lanes->facts + at * words;
  for (uint32_t i = 0; i < count; i++, facts += words) {
    memcpy(facts, left_out, words * sizeof *facts);
  }
}

void vm_lanes_clear_facts(soc_case *c) {
  clear_facts(c, 0, 1, c->policy->lanes->left_out);
}

static void clear_rows(const soc_case *c, uint64_t rows) {
  const vm_lanes *l = c->policy->lanes;
  uint32_t room = c->lanes->room;
  clear_facts(c, 1, rows < room ? (uint32_t)rows : room, l->left_out + 2 * (size_t)l->test_words);
}

// Tests of a group may go on in the next word.
static uint64_t group_bits(const uint64_t *words, const vm_lane_group *g) {
  uint32_t shift = g->base % 64;
  uint64_t high = shift + g->count > 64 ? words[g->base / 64 + 1] << (64 - shift) : 0;
  return words[g->base / 64] >> shift | high;
}

static void put_group_bits(uint64_t *words, const vm_lane_group *g, uint64_t tests, uint64_t bits) {
  uint32_t shift = g->base % 64;
  uint64_t *word = words + g->base / 64;
  word[0] = (word[0] & ~(tests << shift)) | bits << shift;
  if (shift + g->count > 64) {
    word[1] = (word[1] & ~(tests >> (64 - shift))) | bits >> (64 - shift);
  }
}

void vm_lanes_put_tests(const vm_lanes *l, uint64_t *facts, const vm_lane_group *g, uint64_t tests,
                        uint64_t met, uint64_t unknown) {
  put_group_bits(facts, g, tests, met);
  put_group_bits(facts + l->test_words, g, tests, unknown);
}

soc_status vm_lanes_take_fact(soc_case *c, uint32_t fact, uint32_t row) {
  const vm_lanes *l = c->policy->lanes;
  const vm_column *column = &c->columns[fact];
  uint32_t index = l->tests.reader_of[fact], slot = vm_slot_of(column, row);
  uint32_t at = column->list == SOC_NONE16 ? 0 : row + 1;
  if (fact == l->list) {
    clear_rows(c, (uint64_t)c->values[fact]);
  }
  if (index == VM_LANES_ROWS || at > c->lanes->room) {
    return SOC_OK; // with more rows there are no lanes
  }
  uint64_t *facts = c->lanes->facts + 2 * (size_t)at * l->test_words;
  const vm_lane_group *g = &l->groups[index];
  const vm_reader *r = &l->tests.readers[index];
  uint64_t met = r->met_in[SOC_NONE];
  if (c->states[slot] == SOC_GIVEN) {
    met = vm_reader_grown(c, &l->tests, r, row, c->values[slot], group_bits(facts, g));
  }
  vm_lanes_put_tests(l, facts, g, r->tests, met, 0);
  return SOC_OK;
}

// ------------------------------------------------------------------------------------------- blocks

VM_INLINE void work_all(const vm_ref *members, const uint64_t *planes, const vm_lane_step *step,
                        uint64_t *met) {
  const vm_ref *member = members + step->first, *end = member + step->count;
  uint64_t every = planes[member[0]] & planes[member[1]];       // all of them met
  uint64_t one = planes[member[0] ^ 1] | planes[member[1] ^ 1]; // some not met
  for (member += 2; member < end; member++) {
    every &= planes[*member];
    one |= planes[*member ^ 1];
  }
  met[step->negated] = every;
  met[step->negated ^ 1] = one;
}

static void work_count(const work *x, const vm_lane *lane, uint64_t *met) {
  met[0] = met[1] = 0;
  for (uint64_t left = x->s->valid; left != 0; left &= left - 1) {
    uint64_t bit = left & (0 - left);
    uint32_t least = 0, most = lane->count;
    for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
      least += (x->s->planes[x->l->members[i]] & bit) != 0;
      most -= (x->s->planes[x->l->members[i] ^ 1] & bit) != 0;
    }
    met[0] |= least >= lane->need ? bit : 0;
    met[1] |= most < lane->need ? bit : 0;
  }
}

// ------------------------------------------------------------------------------ derived enumerations

// Candidates in each lane that asks for a part.
static void derive_part(const work *x, uint64_t *masks, const vm_lane *lane,
                        const vm_mask_part *part, uint64_t asked) {
  uint16_t enumeration = vm_cell_at(x->c->policy, lane->of).enumeration;
  for (; asked != 0; asked &= asked - 1) {
    uint32_t row = vm_lowest_bit(asked);
    masks[row] |= vm_candidates(x->c, part->code, row, enumeration);
  }
}

// From the last part, which is the whole, to the first.
static void derive(const work *x, const vm_lane *lane, uint64_t *masks, uint64_t scope) {
  uint64_t *asked = x->s->parts;
  asked[lane->count - 1] = scope;
  for (uint32_t i = lane->count; i-- > 0;) {
    const vm_mask_part *part = &x->l->parts[lane->first + i];
    if (part->chooses == SOC_NONE32) {
      derive_part(x, masks, lane, part, asked[i]);
      continue;
    }
    asked[part->met] = asked[i] & ~x->s->planes[part->chooses ^ 1];
    asked[part->not_met] = asked[i] & ~x->s->planes[part->chooses];
  }
}

// Tests of candidates: met where all of them pass, not met where none does.
static void test_candidates(const work *x, const vm_lane_group *g, uint64_t candidates,
                            uint64_t lanes) {
  const uint64_t *passing = x->l->passing + g->passing;
  uint64_t any = 0, every = candidates == 0 ? 0 : UINT64_MAX;
  for (uint64_t left = candidates; left != 0; left &= left - 1) {
    uint64_t row = passing[vm_lowest_bit(left)];
    any |= row;
    every &= row;
  }
  scatter(x->s, g->base, any & every, any & ~every, lanes);
}

static void test_masks(const work *x, const vm_lane_group *g, const uint64_t *masks, uint64_t lanes,
                       bool wide) {
  uint64_t tests = UINT64_MAX >> (64 - g->count);
  fail_tests(x->s, g->base, tests, lanes);
  if (wide) {
    test_candidates(x, g, masks[0], lanes);
  }
  for (uint64_t left = wide ? 0 : lanes; left != 0; left &= left - 1) {
    test_candidates(x, g, masks[vm_lowest_bit(left)], left & (0 - left));
  }
}

// Finds the candidates in these lanes. True: they are the same in all.
static bool find_masks(const work *x, const vm_lane *lane, uint64_t scope) {
  const vm_place *place = &x->c->places[lane->of];
  if (place->list == SOC_NONE16) {
    vm_cell cell = vm_cell_at(x->c->policy, lane->of);
    vm_lanes_publish_code(x->c, cell.first, cell.count);
    vm_compute_cells(x->c, lane->of, lane->of + 1);
    return true;
  }
  uint64_t *masks = x->c->masks + place->wide;
  for (uint64_t left = scope; left != 0; left &= left - 1) {
    masks[vm_lowest_bit(left)] = 0;
  }
  derive(x, lane, masks, scope);
  return false;
}

static void test_all_masks(const work *x, const vm_lane *lane, const uint64_t *masks,
                           uint64_t lanes, bool wide) {
  for (uint32_t i = lane->value_first; i < lane->value_first + lane->value_count; i++) {
    test_masks(x, &x->l->groups[i], masks, lanes, wide);
  }
}

static void work_masks(const work *x, const vm_lane *lane) {
  bool wide = find_masks(x, lane, x->s->valid);
  test_all_masks(x, lane, x->c->masks + x->c->places[lane->of].wide, x->s->valid, wide);
}

bool vm_lanes_derive_again(soc_case *c, const vm_lane *lane, uint64_t scope,
                           const uint64_t *other) {
  work x = work_of(c);
  const uint64_t *masks = c->masks + c->places[lane->of].wide;
  bool wide = find_masks(&x, lane, scope);
  uint64_t changed = 0;
  for (uint64_t left = wide ? 1 : scope; left != 0; left &= left - 1) {
    uint32_t row = vm_lowest_bit(left);
    changed |= (uint64_t)(masks[row] != other[row]) << row;
  }
  if (changed != 0) {
    test_all_masks(&x, lane, masks, wide ? x.s->valid : changed, wide);
  }
  return changed != 0;
}

// ---------------------------------------------------------------------------------------- executor

static void put_lanes(uint64_t *met, uint64_t lanes, int64_t t) {
  met[0] |= t == SOC_MET ? lanes : 0;
  met[1] |= t == SOC_NOT_MET ? lanes : 0;
}

static void work_by_rows(const work *x, const vm_lane *lane, uint64_t *met) {
  uint64_t left = vm_open_lanes(x->s, lane->guard);
  met[0] = met[1] = 0;
  if (left != 0) {
    vm_lanes_publish_code(x->c, lane->first, lane->count);
  }
  if (lane->case_wide && left != 0) {
    put_lanes(met, left, vm_run_code(x->c, lane->first, lane->count).lo);
    return;
  }
  for (; left != 0; left &= left - 1) {
    uint32_t row = vm_lowest_bit(left);
    put_lanes(met, left & (0 - left), vm_run_row(x->c, lane->first, lane->count, row, row).lo);
  }
}

static void work_compare(const work *x, const vm_lane *lane, uint64_t *met) {
  const vm_value *quantities = x->c->quantities + x->c->places[lane->of].wide;
  int64_t constant = vm_constant_at(x->c->policy, lane->first);
  vm_value last = quantities[0];
  int64_t t = vm_related_values(lane->fold, last, (vm_value){constant, constant});
  met[0] = met[1] = 0;
  put_lanes(met, 1, t);
  for (uint32_t row = 1; row < x->s->rows; row++) {
    if (quantities[row].lo != last.lo || quantities[row].hi != last.hi) { // mostly no row counts
      last = quantities[row];
      t = vm_related_values(lane->fold, last, (vm_value){constant, constant});
    }
    put_lanes(met, UINT64_C(1) << row, t);
  }
}

static void work_value(const work *x, const vm_lane *lane) {
  vm_lanes_publish_code(x->c, lane->first, lane->count);
  vm_compute_cells(x->c, lane->of, lane->of + 1);
}

// ----------------------------------------------------------------------------------- related rows

// The rows that references name, for all related rows and chains.
static void read_references(const work *x) {
  for (uint32_t i = 0; i < x->l->reference_count; i++) {
    uint8_t *targets = x->s->targets + (size_t)i * x->s->room;
    uint64_t referring = 0;
    for (uint32_t row = 0; row < x->s->rows; row++) {
      int64_t target;
      soc_state state = vm_read(x->c, x->l->references[i], row, &target);
      targets[row] = state == SOC_NONE ? VM_LANE_NO_ROW
                     : state == SOC_GIVEN
                         ? (uint8_t)target // the setter sees to it that there is one
                         : VM_LANE_ANY_ROW;
      referring |= (uint64_t)(state != SOC_NONE) << row;
    }
    x->s->referring[i] = referring;
  }
}

// One row that is `bad` settles it; it is the other thing if all that there are, are `good`.
static void work_related(const work *x, const vm_lane *lane, uint64_t *met) {
  bool all = lane->fold == SOC_FOLD_ALL;
  vm_ref body = x->l->members[lane->first] ^ all;
  uint64_t bad = x->s->planes[body], good = x->s->planes[body ^ 1], settled = 0, open = 0;
  const uint8_t *targets = x->s->targets + (size_t)lane->need * x->s->room;
  uint32_t most = lane->kind == VM_LANE_CHAIN ? x->s->rows : 1;
  for (uint64_t left = x->s->referring[lane->need]; left != 0; left &= left - 1) {
    uint32_t row = vm_lowest_bit(left), target = targets[row];
    for (uint32_t step = 0; step < most && target < VM_LANE_NO_ROW; step++) {
      settled |= (bad >> target & 1) << row;
      open |= (~(bad | good) >> target & 1) << row;
      target = targets[target];
    }
    open |= (uint64_t)(most == 1 ? targets[row] == VM_LANE_ANY_ROW : target == VM_LANE_ANY_ROW)
            << row;
  }
  met[all] = settled;
  met[!all] = x->s->valid & ~settled & ~open;
}

static void work_left_out(const work *x, const vm_lane *lane, uint64_t *met) {
  const vm_column *column = &x->c->columns[lane->of];
  met[0] = 0;
  for (uint32_t row = 0; row < x->s->rows; row++) {
    met[0] |= (uint64_t)(x->c->states[vm_slot_of(column, row)] == SOC_LEFT_OUT) << row;
  }
  met[1] = x->s->valid & ~met[0];
}

// --------------------------------------------------------------------------------------- all nodes

static void work_node(const work *x, const vm_lane *lane, uint64_t *met) {
  switch ((enum vm_lane_kind)lane->kind) {
  case VM_LANE_LEFT_OUT: work_left_out(x, lane, met); break;
  case VM_LANE_COUNT: work_count(x, lane, met); break;
  case VM_LANE_MASK: work_masks(x, lane); break;
  case VM_LANE_COMPARE: work_compare(x, lane, met); break;
  case VM_LANE_RELATED:
  case VM_LANE_CHAIN: work_related(x, lane, met); break;
  case VM_LANE_LOOP: vm_lanes_loop(x->c, lane, met); break;
  case VM_LANE_VALUE: work_value(x, lane); break;
  case VM_LANE_CODE: work_by_rows(x, lane, met); break;
  default: break; // tests: their readers did
  }
}

VM_INLINE void work_step(const work *x, const vm_lane_step *step, uint32_t node) {
  uint64_t *met = x->s->planes + 2 * (size_t)node;
  if (step->is_all) {
    work_all(x->l->members, x->s->planes, step, met);
  } else {
    work_node(x, &x->l->lanes[node], met);
  }
}

static void work_all_nodes(const work *x) {
  const vm_lane_step *step = x->l->steps + x->l->test_count, *end = x->l->steps + x->l->lane_count;
  const vm_lane *lane = x->l->lanes + x->l->test_count;
  const vm_ref *members = x->l->members;
  uint64_t *planes = x->s->planes, *met = planes + 2 * (size_t)x->l->test_count;
  for (; step < end; step++, lane++, met += 2) {
    if (step->is_all) {
      work_all(members, planes, step, met);
    } else {
      work_node(x, lane, met);
    }
  }
}

void vm_lanes_work_out(soc_case *c, uint32_t node) {
  work x = work_of(c);
  work_step(&x, &x.l->steps[node], node);
}

void vm_lanes_work_out_few(soc_case *c, const uint32_t *nodes, uint32_t count) {
  work x = work_of(c);
  for (uint32_t i = 0; i < count; i++) {
    work_step(&x, &x.l->steps[nodes[i]], nodes[i]);
    note_change(x.s, nodes[i]);
  }
}

static void measure_lanes(vm_lane_state *s, uint32_t rows) {
  s->rows = rows;
  s->strips = rows <= VM_LANES_IN_WORD ? 1 : rows;
  s->valid = UINT64_MAX >> (64 - rows);
  s->pair_valid = s->strips == 1 ? vm_lanes_all_pairs(s->valid) : s->valid;
}

static void take_rules(const work *x, uint32_t decision) {
  const vm_plan_decision *d = &x->l->tests.decisions[decision];
  vm_rule_bits *out = x->s->rules + vm_lane_at(x->c, decision, 0);
  const uint64_t *planes = x->s->planes;
  uint64_t valid = x->s->valid;
  memset(out, 0, x->s->rows * sizeof *out);
  for (uint32_t i = 0; i < d->count; i++) {
    vm_ref ref = x->l->rules[d->first + i];
    uint64_t bit = UINT64_C(1) << i;
    uint64_t met = valid, open = 0;
    if (ref != SOC_NONE32) {
      met = planes[ref];
      open = valid ^ met ^ planes[ref ^ 1];
    }
    if ((met | open) == 0) {
      continue; // most rules
    }
    for (; met != 0; met &= met - 1) {
      out[vm_lowest_bit(met)].met |= bit;
    }
    for (; open != 0; open &= open - 1) {
      out[vm_lowest_bit(open)].open |= bit;
    }
  }
}

void vm_lanes_run(soc_case *c) {
  work x = work_of(c);
  uint32_t rows = vm_rows(c, x.l->list);
  c->lanes_on = rows > 0 && rows <= VM_LANES_MOST_ROWS;
  x.s->assumed_known = x.s->trying = false;
  if (!c->lanes_on) {
    return;
  }
  measure_lanes(x.s, rows);
  memset(x.s->compared, 0, x.l->comparison_count);
  read_all_tests(&x);
  read_references(&x);
  work_all_nodes(&x);
  for (uint32_t d = 0; d < c->decision_count; d++) {
    if (vm_decision_at(c->policy, d).list != SOC_NONE16) {
      take_rules(&x, d);
    }
  }
}

const vm_rule_bits *vm_lane_rules(const soc_case *c, uint32_t decision, uint32_t row) {
  const vm_lane_state *s = c->lanes;
  return (s->trying ? s->tried_rules : s->rules) + vm_lane_at(c, decision, row);
}

soc_truth vm_lane_condition(const soc_case *c, uint32_t cell, uint32_t row) {
  return vm_lane_truth(c, c->policy->lanes->roots[cell], row);
}

// ------------------------------------------------------------------------------------------- states

bool vm_lanes_publish_cell(soc_case *c, uint32_t cell) {
  const vm_lane_state *s = c->lanes;
  const vm_place *place = &c->places[cell];
  vm_ref ref = c->policy->lanes->roots[cell];
  if (ref == SOC_NONE32) {
    return false;
  }
  const vm_lane *lane = &c->policy->lanes->lanes[ref / 2];
  if (place->kind != SOC_CELL_TRUTH || lane->kind == VM_LANE_VALUE) {
    return true; // stands there already
  }
  uint32_t rows = place->list == SOC_NONE16 ? 1 : s->rows;
  for (uint32_t row = 0; row < rows; row++) {
    c->truth[place->slot + row] = (uint8_t)vm_lane_truth(c, ref, row);
  }
  return true;
}

void vm_lanes_publish_code(soc_case *c, uint32_t first, uint32_t count) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(c->policy, pc));
    if (cell != SOC_NONE32) {
      (void)vm_lanes_publish_cell(c, cell);
    }
  }
}
