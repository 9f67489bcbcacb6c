// SPDX-License-Identifier: Apache-2.0
//
// The part of a case that lanes need: its layout.
#include <string.h>

#include "vm/lanes.h"
#include "vm/pool.h"

static void lay_out_lanes(vm_lane_state *s, vm_pool *x, const vm_policy *p, uint64_t rows,
                          uint64_t assumed_slots) {
  const vm_lanes *l = p->lanes;
  uint64_t nodes = l->lane_count, decisions = VM_COUNT(p, DECISIONS);
  rows = rows < VM_LANES_MOST_ROWS ? rows : VM_LANES_MOST_ROWS;
  uint64_t strips = rows <= VM_LANES_IN_WORD ? 1 : rows;
  s->room = (uint32_t)rows;
  s->assumed_words = (uint32_t)((assumed_slots + 63) / 64);
  (void)vm_pool_take(x, 1, sizeof *s);
  s->planes = vm_pool_take(x, 2 * nodes, 8);
  s->aside = vm_pool_take(x, assumed_slots > 0 ? 2 * nodes : 0, 8);
  s->facts = vm_pool_take(x, 2 * (rows + 1) * l->test_words, 8);
  s->rules = vm_pool_take(x, decisions * rows, sizeof *s->rules);
  s->tried_rules = vm_pool_take(x, decisions * rows, sizeof *s->tried_rules);
  s->tried = vm_pool_take(x, decisions, 8);
  s->verdicts = vm_pool_take(x, decisions * rows, sizeof *s->verdicts);
  s->lacking = vm_pool_take(x, decisions, 8);
  s->visited = vm_pool_take(x, l->lane_words, 8);
  s->targets = vm_pool_take(x, l->reference_count * rows, 1);
  s->referring = vm_pool_take(x, l->reference_count, 8);
  s->parts = vm_pool_take(x, l->part_most, 8);
  s->pairs = vm_pool_take(x, 2 * (uint64_t)l->pair_most, 8);
  s->matrices = vm_pool_take(x, 4 * (uint64_t)l->comparison_count * strips, 8);
  s->compared = vm_pool_take(x, l->comparison_count, 1);
  s->values = vm_pool_take(x, 2 * rows, sizeof *s->values);
  s->wanted = vm_pool_take(x, nodes, 8);
  s->wants = vm_pool_take(x, l->lane_words, 8);
  s->strip_wanted = vm_pool_take(x, l->pair_most, 8);
  s->changed = vm_pool_take(x, l->lane_words, 8);
  s->touched = vm_pool_take(x, nodes, sizeof *s->touched);
  s->assumed = vm_pool_take(x, decisions * rows * s->assumed_words, 8);
}

uint64_t vm_lanes_case_bytes(const vm_policy *p, uint32_t rows, uint32_t assumed_slots) {
  vm_lane_state s;
  vm_pool x = {0};
  lay_out_lanes(&s, &x, p, rows, assumed_slots);
  return x.used;
}

void vm_lanes_init(soc_case *c) {
  vm_lane_state *s = c->lanes;
  vm_pool x = {.memory = (unsigned char *)s};
  lay_out_lanes(s, &x, c->policy, c->rows, c->assumed_slots);
  memset(s->wanted, 0, (size_t)c->policy->lanes->lane_count * sizeof *s->wanted);
  memset(s->wants, 0, c->policy->lanes->lane_words * sizeof *s->wants);
  memset(s->changed, 0, c->policy->lanes->lane_words * sizeof *s->changed);
}
