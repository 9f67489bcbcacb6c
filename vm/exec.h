// SPDX-License-Identifier: Apache-2.0
//
// Running bytecode (exec.c) and the passes over its results, one file each.
#ifndef SOC_VM_EXEC_H
#define SOC_VM_EXEC_H

#include "vm/case.h"

// Values on the stack that are not intervals.
#define VM_NONE_VALUE ((vm_value){INT64_MIN, INT64_MIN})
#define VM_UNKNOWN_VALUE ((vm_value){INT64_MIN, INT64_MAX})

// exec.c: computes cells [first, end) from the lower ones.
void vm_compute_cells(soc_case *c, uint32_t first, uint32_t end);
// exec.c: runs a window; all cells that it reads are known.
vm_value vm_compute_window(soc_case *c, uint32_t first, uint32_t count);
// exec.c: runs the code of an unknown criterion without short cuts and leaves in c->entries what makes it unknown.
void vm_gather_cell(soc_case *c, uint32_t cell);

// Makes cells [0, count) known.
static inline void vm_need(soc_case *c, uint32_t count) {
  if (c->known < count) {
    vm_compute_cells(c, c->known, count);
    c->known = count;
  }
}

// A condition that may be absent (SOC_NONE32 or VM_EXTRA_ALWAYS): always met.
static inline soc_truth vm_condition(const soc_case *c, uint32_t cell) {
  return cell < c->cell_count ? (soc_truth)c->truth[cell] : SOC_MET;
}

// decide.c: decides by the cells. Room for reasons and actions: see struct soc_case.
void vm_settle(soc_case *c, uint32_t decision, vm_outcome *outcome, vm_reason *reasons,
               uint32_t *actions);

// gather.c: what a pending outcome lacks, in ask order, to `missing` (room for c->slots); returns how many.
uint32_t vm_missing(soc_case *c, const vm_outcome *outcome, soc_fact_ref *missing);

// result.c: a reason as results tell it.
void vm_describe_reason(const vm_policy *p, vm_reason entry, soc_reason *reason);

// assume.c: the assumptions that mattered, for every decision. Leaves the results of the real run alone.
void vm_find_assumed(soc_case *c);
// assume.c: which cells can read which assumption; once for each case.
void vm_find_dependents(soc_case *c);

#endif
