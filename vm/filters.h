// SPDX-License-Identifier: Apache-2.0
//
// Loops over all rows of a list mostly look for few of them: "some other line on the same date with …". What their
// body asks for beside all else (of an `any`: against all else) is kept as filters, found once for each case; a row
// that one of them settles is passed over without running the body. What a row would have come to is the same either
// way, and so is what gathering lists, since a settled body asks for nothing.
#ifndef SOC_VM_FILTERS_H
#define SOC_VM_FILTERS_H

#include "vm/case.h"

// filters.c: finds the filters of all loops in cells of lists.
void vm_find_filters(soc_case *c);
// filters.c: the filters of a loop, NULL if it has none.
const vm_filters *vm_filters_at(const soc_case *c, uint32_t pc);

// Takes from the row that the loop stands in what its filters compare with.
static inline void vm_aim_at(const soc_case *c, vm_aimed *a, const vm_filters *filters,
                             uint32_t frame) {
  a->filters = filters;
  for (uint32_t i = 0; filters && i < filters->count; i++) {
    const vm_filter *f = &filters->list[i];
    if (f->kind == VM_FILTER_FACTS) {
      a->at[i].state = vm_read(c, f->frame, frame, &a->at[i].value);
      a->at[i].base = c->columns[f->index].base;
    }
  }
}

static inline bool vm_in_order(const vm_filter *f, int64_t x, int64_t y) {
  return (f->orders >> ((x >= y) + (x > y)) & 1) != 0;
}

// One of two facts is not given.
static inline bool vm_drops_other(const soc_case *c, const vm_filter *f, const vm_aim *at,
                                  uint32_t row) {
  int64_t value;
  soc_state state = vm_read(c, f->index, row, &value);
  if (state == SOC_GIVEN && at->state == SOC_GIVEN) {
    return vm_in_order(f, value, at->value);
  }
  return (state == SOC_NONE || at->state == SOC_NONE) && f->drops == SOC_NOT_MET;
}

// Does a filter settle what the row comes to?
static inline bool vm_drops(const soc_case *c, const vm_filter *f, const vm_aim *at, uint32_t row) {
  switch ((enum vm_filter_kind)f->kind) {
  case VM_FILTER_TRUTH: return c->truth[vm_cell_slot(c, f->index, row)] == f->drops;
  case VM_FILTER_MASK: {
    uint64_t candidates = c->masks[vm_wide_slot(c, f->index, row)];
    uint64_t in = candidates & f->mask;
    return f->drops == SOC_NOT_MET ? in == 0 : in != 0 && in == candidates;
  }
  default:
    return c->states[at->base + row] == SOC_GIVEN && at->state == SOC_GIVEN
               ? vm_in_order(f, c->values[at->base + row], at->value)
               : vm_drops_other(c, f, at, row);
  }
}

static inline bool vm_passes(const soc_case *c, const vm_aimed *a, uint32_t row) {
  const vm_filters *filters = a->filters;
  for (uint32_t i = 0; i < filters->count; i++) {
    if (vm_drops(c, &filters->list[i], &a->at[i], row)) {
      return false;
    }
  }
  return true;
}

// The first row from `row` on that no filter settles; `end` if there is none.
static inline uint32_t vm_pass(const soc_case *c, const vm_aimed *a, uint32_t row, uint32_t end) {
  if (a->filters) {
    while (row < end && !vm_passes(c, a, row)) {
      row++;
    }
  }
  return row;
}

#endif
