// SPDX-License-Identifier: Apache-2.0
//
// A case's part of what makes long lists quick (quick.h), and the table that the executor and assume.c call it by.
#include "vm/quick.h"

#include <string.h>

static uint32_t count_loops(const vm_policy *p, const vm_cell *cell) {
  uint32_t loops = 0;
  for (uint32_t pc = cell->first; cell->list != SOC_NONE16 && pc < cell->first + cell->count;
       pc++) {
    loops += VM_AT(p, CODE, pc)[0] == SOC_OP_EACH_BEGIN;
  }
  return loops;
}

static vm_quick measure_quick(const soc_case *c) {
  vm_quick q = {.depend_words = (c->assumptions + 63) / 64};
  for (uint32_t i = 0; i < c->cell_count; i++) {
    vm_cell cell = vm_cell_at(c->policy, i);
    uint32_t loops = count_loops(c->policy, &cell);
    q.loops += loops;
    q.ready_most = q.ready_most < loops ? loops : q.ready_most;
  }
  return q;
}

// Two more states of cells to put assumptions aside, one only for decisions by row.
static void lay_out_quick(soc_case *c, vm_pool *l) {
  uint64_t assume = c->assumptions > 0, shadow = assume && c->row_decisions, cells = c->cell_count;
  uint64_t truth = c->cell_slots, masks = c->mask_slots, values = c->value_slots;
  vm_quick q = measure_quick(c);
  c->quick = vm_pool_take(l, 1, sizeof q);
  q.uses = vm_pool_take(l, cells, sizeof *q.uses);
  q.tally_at = vm_pool_take(l, cells, sizeof *q.tally_at);
  q.depends = vm_pool_take(l, (cells + 1) * q.depend_words, sizeof *q.depends);
  q.spreads = vm_pool_take(l, (cells + 1) * q.depend_words, sizeof *q.spreads);
  q.filters = vm_pool_take(l, q.loops, sizeof *q.filters);
  q.tallies = vm_pool_take(l, (uint64_t)q.loops * c->rows * assume, sizeof *q.tallies);
  q.ready = vm_pool_take(l, q.ready_most, sizeof *q.ready);
  q.saved_truth = vm_pool_take(l, truth * assume, sizeof *c->truth);
  q.saved_masks = vm_pool_take(l, masks * assume, sizeof *c->masks);
  q.saved_quantities = vm_pool_take(l, values * assume, sizeof *c->quantities);
  q.candidates = vm_pool_take(l, c->slots * shadow, sizeof *q.candidates);
  c->shadow_truth = vm_pool_take(l, truth * shadow, sizeof *c->truth);
  c->shadow_masks = vm_pool_take(l, masks * shadow, sizeof *c->masks);
  c->shadow_quantities = vm_pool_take(l, values * shadow, sizeof *c->quantities);
  if (c->quick) {
    *c->quick = q;
  }
}

// What is gathered names a field that takes its value from another one of its row, and not the one that is assumed, so
// that all have to be tried. (Sources take values from facts of the case alone.)
static bool takes_assumed_field(const soc_case *c) {
  for (uint32_t i = 0; i < c->fact_count; i++) {
    if (c->columns[i].left_out == SOC_LEFT_OUT_OTHER_FACT) {
      const vm_column *other = &c->columns[c->columns[i].other];
      if (other->list != SOC_NONE16 && other->assumption != SOC_NONE16) {
        return true;
      }
    }
  }
  return false;
}

static void init_quick(soc_case *c) {
  c->odd_assumptions = c->odd_assumptions || takes_assumed_field(c);
  uint32_t loops = 0;
  for (uint32_t i = 0; i < c->cell_count; i++) {
    vm_cell cell = vm_cell_at(c->policy, i);
    c->quick->tally_at[i] = loops;
    loops += count_loops(c->policy, &cell);
  }
  memset(c->quick->uses, 0, c->cell_count);
  vm_find_dependents(c);
  vm_find_filters(c);
}

static const vm_quick_ways quick_ways = {.lay_out = lay_out_quick,
                                         .init = init_quick,
                                         .begin_rows = vm_begin_filtered,
                                         .pass_rows = vm_pass_rows,
                                         .is_ready = vm_is_ready,
                                         .find_assumed = vm_quick_assumed,
                                         .find_assumed_row = vm_quick_assumed_row};

const vm_quick_ways *vm_quickly(void) {
  return &quick_ways;
}
