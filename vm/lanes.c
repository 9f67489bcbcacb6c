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

static work work_of(soc_case *c) {
  return (work){c, c->policy->lanes, c->lanes};
}

// -------------------------------------------------------------------------------------------- tests

// Writes what tests say in some lanes: `unknown` goes where `not met` will stand.
static inline void scatter(const vm_lane_state *s, uint32_t base, uint64_t met, uint64_t unknown,
                           uint64_t lanes) {
  for (; met != 0; met &= met - 1) {
    s->planes[2 * (base + vm_lowest_bit(met))] |= lanes;
  }
  for (; unknown != 0; unknown &= unknown - 1) {
    s->planes[2 * (base + vm_lowest_bit(unknown)) + 1] |= lanes;
  }
}

static void clear_tests(const vm_lane_state *s, uint32_t base, uint64_t tests, uint64_t lanes) {
  for (; tests != 0; tests &= tests - 1) {
    uint64_t *planes = s->planes + 2 * (size_t)(base + vm_lowest_bit(tests));
    planes[0] &= s->valid & ~lanes;
    planes[1] &= s->valid & ~lanes;
  }
}

// Lanes that are neither met nor unknown are not met.
static void close_tests(const vm_lane_state *s, uint32_t base, uint64_t tests, uint64_t lanes) {
  for (; tests != 0; tests &= tests - 1) {
    uint64_t *planes = s->planes + 2 * (size_t)(base + vm_lowest_bit(tests));
    planes[1] ^= lanes & ~planes[0];
  }
}

// What the tests of a fact say in a row; leaves those that are unknown.
static uint64_t read_tests(work x, const vm_lane_group *g, uint32_t row, uint64_t *unknown) {
  const vm_reader *r = &x.l->tests.readers[g->reader];
  const vm_column *column = &x.c->columns[g->of];
  int64_t value;
  *unknown = 0;
  if (x.c->states[vm_slot_of(column, row)] == SOC_LEFT_OUT && !x.s->trying_aside &&
      column->left_out != SOC_LEFT_OUT_OTHER_FACT) {
    *unknown = r->known_in[SOC_NONE] & ~r->known_in[SOC_LEFT_OUT];
    return r->met_in[SOC_LEFT_OUT];
  }
  switch (vm_read(x.c, g->of, row, &value)) {
  case SOC_GIVEN: return vm_reader_row(x.c, &x.l->tests, r, row, value);
  case SOC_NONE: return r->met_in[SOC_NONE];
  default: *unknown = r->known_in[SOC_NONE] & ~g->if_given; return 0;
  }
}

// A fact of the case says the same in every lane.
static void read_group(work x, const vm_lane_group *g, uint64_t lanes) {
  uint64_t unknown;
  if (x.c->columns[g->of].list == SOC_NONE16) {
    uint64_t met = read_tests(x, g, 0, &unknown);
    scatter(x.s, g->base, met, unknown, lanes);
    return;
  }
  for (; lanes != 0; lanes &= lanes - 1) {
    uint64_t met = read_tests(x, g, vm_lowest_bit(lanes), &unknown);
    scatter(x.s, g->base, met, unknown, lanes & (0 - lanes));
  }
}

static void read_all_tests(work x) {
  uint64_t *planes = x.s->planes, valid = x.s->valid;
  memset(planes, 0, 2 * (size_t)x.l->test_count * sizeof *planes);
  for (uint32_t i = 0; i < x.l->fact_groups; i++) {
    read_group(x, &x.l->groups[i], valid);
  }
  for (uint32_t node = 0; node < x.l->test_count; node++) {
    planes[2 * node + 1] ^= valid & ~planes[2 * node];
  }
}

void vm_lanes_read_tests(soc_case *c, const vm_lane_group *g, uint64_t scope) {
  work x = work_of(c);
  uint64_t tests = x.l->tests.readers[g->reader].known_in[SOC_NONE];
  uint64_t lanes = c->columns[g->of].list == SOC_NONE16 ? x.s->valid : scope;
  clear_tests(x.s, g->base, tests, lanes);
  read_group(x, g, lanes);
  close_tests(x.s, g->base, tests, lanes);
}

// ------------------------------------------------------------------------------------------- blocks

static inline void work_all(work x, const vm_lane *lane, uint32_t node) {
  const uint64_t *planes = x.s->planes;
  const vm_ref *member = x.l->members + lane->first, *end = member + lane->count;
  uint64_t every = x.s->valid, one = 0; // all of them met, some not met
  for (; member < end; member++) {
    every &= planes[*member];
    one |= planes[*member ^ 1];
  }
  vm_ref ref = 2 * node + lane->negated;
  x.s->planes[ref] = every;
  x.s->planes[ref ^ 1] = one;
}

static void work_count(work x, const vm_lane *lane, uint64_t *met) {
  met[0] = met[1] = 0;
  for (uint64_t left = x.s->valid; left != 0; left &= left - 1) {
    uint64_t bit = left & (0 - left);
    uint32_t least = 0, most = lane->count;
    for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
      least += (x.s->planes[x.l->members[i]] & bit) != 0;
      most -= (x.s->planes[x.l->members[i] ^ 1] & bit) != 0;
    }
    met[0] |= least >= lane->need ? bit : 0;
    met[1] |= most < lane->need ? bit : 0;
  }
}

// ------------------------------------------------------------------------------ derived enumerations

// Candidates in each lane that asks for a part.
static void derive_part(work x, uint64_t *masks, const vm_lane *lane, const vm_mask_part *part,
                        uint64_t asked) {
  uint16_t enumeration = vm_cell_at(x.c->policy, lane->of).enumeration;
  for (; asked != 0; asked &= asked - 1) {
    uint32_t row = vm_lowest_bit(asked);
    masks[row] |= vm_candidates(x.c, part->code, row, enumeration);
  }
}

// From the last part, which is the whole, to the first.
static void derive(work x, const vm_lane *lane, uint64_t *masks, uint64_t scope) {
  uint64_t *asked = x.s->parts;
  asked[lane->count - 1] = scope;
  for (uint32_t i = lane->count; i-- > 0;) {
    const vm_mask_part *part = &x.l->parts[lane->first + i];
    if (part->chooses == SOC_NONE32) {
      derive_part(x, masks, lane, part, asked[i]);
      continue;
    }
    asked[part->met] = asked[i] & ~x.s->planes[part->chooses ^ 1];
    asked[part->not_met] = asked[i] & ~x.s->planes[part->chooses];
  }
}

// Tests of candidates: met where all of them pass, not met where none does.
static void test_candidates(work x, const vm_lane_group *g, uint64_t candidates, uint64_t lanes) {
  const uint64_t *passing = x.l->passing + g->passing;
  uint64_t any = 0, every = candidates == 0 ? 0 : UINT64_MAX;
  for (uint64_t left = candidates; left != 0; left &= left - 1) {
    uint64_t row = passing[vm_lowest_bit(left)];
    any |= row;
    every &= row;
  }
  scatter(x.s, g->base, any & every, any & ~every, lanes);
}

static void test_masks(work x, const vm_lane_group *g, const uint64_t *masks, uint64_t lanes,
                       bool wide) {
  uint64_t tests = UINT64_MAX >> (64 - g->count);
  clear_tests(x.s, g->base, tests, lanes);
  if (wide) {
    test_candidates(x, g, masks[0], lanes);
  }
  for (uint64_t left = wide ? 0 : lanes; left != 0; left &= left - 1) {
    test_candidates(x, g, masks[vm_lowest_bit(left)], left & (0 - left));
  }
  close_tests(x.s, g->base, tests, lanes);
}

void vm_lanes_derive(soc_case *c, const vm_lane *lane, uint64_t scope) {
  work x = work_of(c);
  const vm_place *place = &c->places[lane->of];
  uint64_t *masks = c->masks + place->wide;
  bool wide = place->list == SOC_NONE16;
  if (wide) {
    vm_cell cell = vm_cell_at(c->policy, lane->of);
    vm_lanes_publish_code(c, cell.first, cell.count);
    vm_compute_cells(c, lane->of, lane->of + 1);
    scope = x.s->valid;
  } else {
    for (uint64_t left = scope; left != 0; left &= left - 1) {
      masks[vm_lowest_bit(left)] = 0;
    }
    derive(x, lane, masks, scope);
  }
  for (uint32_t i = lane->value_first; i < lane->value_first + lane->value_count; i++) {
    test_masks(x, &x.l->groups[i], masks, scope, wide);
  }
}

// ---------------------------------------------------------------------------------------- executor

static void put_lanes(uint64_t *met, uint64_t lanes, int64_t t) {
  met[0] |= t == SOC_MET ? lanes : 0;
  met[1] |= t == SOC_NOT_MET ? lanes : 0;
}

static void work_by_rows(work x, const vm_lane *lane, uint64_t *met) {
  uint64_t left = vm_open_lanes(x.s, lane->guard);
  met[0] = met[1] = 0;
  if (left != 0) {
    vm_lanes_publish_code(x.c, lane->first, lane->count);
  }
  if (lane->case_wide && left != 0) {
    put_lanes(met, left, vm_run_code(x.c, lane->first, lane->count).lo);
    return;
  }
  for (; left != 0; left &= left - 1) {
    uint32_t row = vm_lowest_bit(left);
    put_lanes(met, left & (0 - left), vm_run_row(x.c, lane->first, lane->count, row, row).lo);
  }
}

static void work_compare(work x, const vm_lane *lane, uint64_t *met) {
  const vm_value *quantities = x.c->quantities + x.c->places[lane->of].wide;
  int64_t constant = vm_constant_at(x.c->policy, lane->first);
  met[0] = met[1] = 0;
  for (uint32_t row = 0; row < x.s->rows; row++) {
    int64_t t = vm_related_values(lane->fold, quantities[row], (vm_value){constant, constant});
    put_lanes(met, UINT64_C(1) << row, t);
  }
}

static void work_value(work x, const vm_lane *lane) {
  vm_lanes_publish_code(x.c, lane->first, lane->count);
  vm_compute_cells(x.c, lane->of, lane->of + 1);
}

// ----------------------------------------------------------------------------------- related rows

// What the rows of a chain come to, or one related row.
static int64_t follow(work x, const vm_lane *lane, uint32_t row) {
  vm_ref body = x.l->members[lane->first];
  int64_t target, t = lane->fold == SOC_FOLD_ALL ? SOC_MET : SOC_NOT_MET;
  uint32_t most = lane->kind == VM_LANE_CHAIN ? x.s->rows : 1;
  for (uint32_t step = 0; step < most; step++) {
    soc_state state = vm_read(x.c, lane->of, row, &target);
    if (state == SOC_NONE) {
      break;
    }
    int64_t own = state == SOC_LEFT_OUT ? SOC_UNKNOWN_TRUTH
                                        : (int64_t)vm_lane_truth(x.c, body, (uint32_t)target);
    t = (lane->fold == SOC_FOLD_ALL) == (own < t) ? own : t;
    if (state == SOC_LEFT_OUT) {
      break;
    }
    row = (uint32_t)target;
  }
  return t;
}

static void work_related(work x, const vm_lane *lane, uint64_t *met) {
  met[0] = met[1] = 0;
  for (uint32_t row = 0; row < x.s->rows; row++) {
    put_lanes(met, UINT64_C(1) << row, follow(x, lane, row));
  }
}

static void work_left_out(work x, const vm_lane *lane, uint64_t *met) {
  const vm_column *column = &x.c->columns[lane->of];
  met[0] = 0;
  for (uint32_t row = 0; row < x.s->rows; row++) {
    met[0] |= (uint64_t)(x.c->states[vm_slot_of(column, row)] == SOC_LEFT_OUT) << row;
  }
  met[1] = x.s->valid & ~met[0];
}

// --------------------------------------------------------------------------------------- all nodes

static inline void work_node(work x, uint32_t node) {
  const vm_lane *lane = &x.l->lanes[node];
  uint64_t *met = x.s->planes + 2 * (size_t)node;
  switch ((enum vm_lane_kind)lane->kind) {
  case VM_LANE_TEST:
  case VM_LANE_CANDIDATE: break; // their readers did
  case VM_LANE_LEFT_OUT: work_left_out(x, lane, met); break;
  case VM_LANE_ALL: work_all(x, lane, node); break;
  case VM_LANE_COUNT: work_count(x, lane, met); break;
  case VM_LANE_MASK: vm_lanes_derive(x.c, lane, x.s->valid); break;
  case VM_LANE_COMPARE: work_compare(x, lane, met); break;
  case VM_LANE_RELATED:
  case VM_LANE_CHAIN: work_related(x, lane, met); break;
  case VM_LANE_LOOP: vm_lanes_loop(x.c, lane, met); break;
  case VM_LANE_VALUE: work_value(x, lane); break;
  case VM_LANE_CODE: work_by_rows(x, lane, met); break;
  }
}

void vm_lanes_work_out(soc_case *c, uint32_t node) {
  work_node(work_of(c), node);
}

static void measure_lanes(vm_lane_state *s, uint32_t rows) {
  s->rows = rows;
  s->strips = rows <= VM_LANES_IN_WORD ? 1 : rows;
  s->valid = UINT64_MAX >> (64 - rows);
}

static void take_rules(work x, uint32_t decision) {
  const vm_plan_decision *d = &x.l->tests.decisions[decision];
  vm_rule_bits *out = x.s->rules + vm_lane_at(x.c, decision, 0);
  memset(out, 0, x.s->rows * sizeof *out);
  for (uint32_t i = 0; i < d->count; i++) {
    vm_ref ref = x.l->rules[d->first + i];
    uint64_t bit = UINT64_C(1) << i;
    uint64_t met = ref == SOC_NONE32 ? x.s->valid : x.s->planes[ref];
    uint64_t open = ref == SOC_NONE32 ? 0 : x.s->valid & ~met & ~x.s->planes[ref ^ 1];
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
  x.s->assumed_known = x.s->trying = x.s->trying_aside = false;
  if (!c->lanes_on) {
    return;
  }
  measure_lanes(x.s, rows);
  memset(x.s->compared, 0, x.l->comparison_count);
  read_all_tests(x);
  for (uint32_t node = x.l->test_count; node < x.l->lane_count; node++) {
    work_node(x, node);
  }
  for (uint32_t d = 0; d < c->decision_count; d++) {
    if (vm_decision_at(c->policy, d).list != SOC_NONE16) {
      take_rules(x, d);
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
  vm_ref ref = c->lanes_on ? c->policy->lanes->roots[cell] : SOC_NONE32;
  if (ref == SOC_NONE32) {
    return false;
  }
  const vm_lane *lane = &c->policy->lanes->lanes[ref / 2];
  if (place->kind != SOC_CELL_TRUTH || (lane->kind == VM_LANE_VALUE && lane->of == cell)) {
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
