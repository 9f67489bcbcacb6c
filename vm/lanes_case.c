// SPDX-License-Identifier: Apache-2.0
//
// The part of a case that lanes need: its layout.
#include <string.h>

#include "vm/lanes.h"

// Hands out parts one after the other; without memory it only measures.
typedef struct parts {
  unsigned char *memory;
  uint64_t size;
} parts;

static void *take_lane_part(parts *x, uint64_t count, uint64_t bytes) {
  void *at = x->memory ? x->memory + x->size : NULL;
  x->size += (count * bytes + 7) / 8 * 8;
  return at;
}

static void lay_out_lanes(vm_lane_state *s, parts *x, const vm_policy *p, uint64_t rows,
                          uint64_t assumed_slots) {
  const vm_lanes *l = p->lanes;
  uint64_t nodes = l->lane_count, decisions = VM_COUNT(p, DECISIONS);
  rows = rows < VM_LANES_MOST_ROWS ? rows : VM_LANES_MOST_ROWS;
  uint64_t strips = rows <= VM_LANES_IN_WORD ? 1 : rows;
  s->room = (uint32_t)rows;
  s->assumed_words = (uint32_t)((assumed_slots + 63) / 64);
  (void)take_lane_part(x, 1, sizeof *s);
  s->planes = take_lane_part(x, 2 * nodes, 8);
  s->aside = take_lane_part(x, assumed_slots > 0 ? 2 * nodes : 0, 8);
  s->facts = take_lane_part(x, 2 * (rows + 1) * l->test_words, 8);
  s->rules = take_lane_part(x, decisions * rows, sizeof *s->rules);
  s->tried_rules = take_lane_part(x, decisions * rows, sizeof *s->tried_rules);
  s->tried = take_lane_part(x, decisions, 8);
  s->verdicts = take_lane_part(x, decisions * rows, sizeof *s->verdicts);
  s->lacking = take_lane_part(x, decisions, 8);
  s->visited = take_lane_part(x, l->lane_words, 8);
  s->targets = take_lane_part(x, l->reference_count * rows, 1);
  s->referring = take_lane_part(x, l->reference_count, 8);
  s->parts = take_lane_part(x, l->part_most, 8);
  s->pairs = take_lane_part(x, 2 * l->pair_most, 8);
  s->matrices = take_lane_part(x, 4 * l->comparison_count * strips, 8);
  s->compared = take_lane_part(x, l->comparison_count, 1);
  s->values = take_lane_part(x, 2 * rows, sizeof *s->values);
  s->wanted = take_lane_part(x, nodes, 8);
  s->wants = take_lane_part(x, l->lane_words, 8);
  s->strip_wanted = take_lane_part(x, l->pair_most, 8);
  s->changed = take_lane_part(x, l->lane_words, 8);
  s->touched = take_lane_part(x, nodes, sizeof *s->touched);
  s->assumed = take_lane_part(x, decisions * rows * s->assumed_words, 8);
}

uint64_t vm_lanes_case_bytes(const vm_policy *p, uint32_t rows, uint32_t assumed_slots) {
  vm_lane_state s;
  parts x = {NULL, 0};
  lay_out_lanes(&s, &x, p, rows, assumed_slots);
  return x.size;
}

void vm_lanes_init(soc_case *c) {
  vm_lane_state *s = c->lanes;
  parts x = {(unsigned char *)s, 0};
  lay_out_lanes(s, &x, c->policy, c->rows, c->assumed_slots);
  memset(s->wanted, 0, (size_t)c->policy->lanes->lane_count * sizeof *s->wanted);
  memset(s->wants, 0, c->policy->lanes->lane_words * sizeof *s->wants);
  memset(s->changed, 0, c->policy->lanes->lane_words * sizeof *s->changed);
}
