// SPDX-License-Identifier: Apache-2.0
//
// What keeps a row open: from the conditions of its open rules down to facts. Nodes read only lower ones, so one walk
// from high to low asks each of them once, in all rows that are needed.
#include <string.h>

#include "vm/lanes.h"

static void want_in(vm_lane_state *s, uint32_t node, uint64_t rows) {
  s->wanted[node] |= rows;
  s->wants[node / 64] |= UINT64_C(1) << node % 64;
}

void vm_lanes_want(soc_case *c, uint32_t ref, uint32_t row) {
  want_in(c->lanes, ref / 2, UINT64_C(1) << row);
}

static void want_lane_members(soc_case *c, const vm_lane *lane, uint64_t rows) {
  vm_lane_state *s = c->lanes;
  const vm_ref *members = c->policy->lanes->members + lane->first;
  for (uint32_t i = 0; i < lane->count; i++) {
    uint64_t unknown = rows & ~s->planes[members[i]] & ~s->planes[members[i] ^ 1];
    if (unknown != 0) {
      want_in(s, members[i] / 2, unknown);
    }
  }
}

// The related row, or those of a chain, as far as they are unknown; and the reference that is.
static void want_related(soc_case *c, const vm_lane *lane, uint32_t row) {
  vm_ref body = c->policy->lanes->members[lane->first];
  uint32_t most = lane->kind == VM_LANE_CHAIN ? c->lanes->rows : 1;
  for (uint32_t step = 0; step < most; step++) {
    int64_t target;
    soc_state state = vm_read(c, lane->of, row, &target);
    if (state != SOC_GIVEN) {
      vm_ask_row_fact(c, lane->of, row);
      return;
    }
    row = (uint32_t)target;
    if (vm_lane_truth(c, body, row) == SOC_UNKNOWN_TRUTH) {
      vm_lanes_want(c, body, row);
    }
  }
}

// The states that it reads may be others than those it was last run with.
static void gather_code(soc_case *c, const vm_lane *lane, uint32_t row) {
  vm_lanes_publish_code(c, lane->first, lane->count);
  (void)vm_gather_row(c, lane->first, lane->count, row, row);
  vm_take_entries(c);
}

// Of what can be unknown in one row by itself: what is left out or not is known, a derived enumeration asks by its
// tests. (What goes through masks, quick_assume.c, never asks by lanes.)
static void ask_row(soc_case *c, const vm_lane *lane, uint32_t row) {
  const vm_lanes *l = c->policy->lanes;
  switch ((enum vm_lane_kind)lane->kind) {
  case VM_LANE_TEST: vm_ask_row_fact(c, lane->of, row); break;
  case VM_LANE_CANDIDATE: vm_ask_row_fact(c, vm_cell_at(c->policy, lane->of).asks, row); break;
  case VM_LANE_COMPARE: vm_lanes_want(c, l->roots[lane->of], row); break;
  case VM_LANE_RELATED:
  case VM_LANE_CHAIN: want_related(c, lane, row); break;
  default: gather_code(c, lane, row); // VM_LANE_VALUE, VM_LANE_CODE
  }
}

static void ask_node(soc_case *c, uint32_t node) {
  vm_lane_state *s = c->lanes;
  const vm_lane *lane = &c->policy->lanes->lanes[node];
  uint64_t rows = s->wanted[node];
  s->wanted[node] = 0;
  if (lane->kind == VM_LANE_ALL || lane->kind == VM_LANE_COUNT) {
    want_lane_members(c, lane, rows);
  } else if (lane->kind == VM_LANE_LOOP) {
    vm_lanes_want_loop(c, lane, rows);
  } else {
    for (; rows != 0; rows &= rows - 1) {
      ask_row(c, lane, vm_lowest_bit(rows));
    }
  }
}

bool vm_lanes_ask_wanted(soc_case *c) {
  vm_lane_state *s = c->lanes;
  bool any = false;
  for (uint32_t w = c->policy->lanes->lane_words; w-- > 0;) {
    for (; s->wants[w] != 0; any = true) {
      uint32_t bit = vm_highest_bit(s->wants[w]);
      s->wants[w] &= ~(UINT64_C(1) << bit);
      s->visited[w] |= s->trying ? 0 : UINT64_C(1) << bit;
      ask_node(c, w * 64 + bit);
    }
  }
  return any;
}

bool vm_lanes_want_cell(soc_case *c, uint32_t cell, uint32_t row) {
  uint16_t list = c->places[cell].list;
  if (list != SOC_NONE16 && list != c->policy->lanes->list) {
    c->lanes->visits_others = true;
    return false;
  }
  vm_lanes_want(c, c->policy->lanes->roots[cell], list == SOC_NONE16 ? 0 : row);
  return true;
}

void vm_lanes_want_rules(soc_case *c, uint32_t decision, uint32_t row, uint64_t rules) {
  const vm_lanes *l = c->policy->lanes;
  uint32_t first = l->tests.decisions[decision].first;
  for (; rules != 0; rules &= rules - 1) {
    vm_lanes_want(c, l->rules[first + vm_lowest_bit(rules)], row);
  }
}
