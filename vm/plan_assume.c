// SPDX-License-Identifier: Apache-2.0
//
// `assumed` by a plan: one assumption after the other is put aside and everything is decided again, which costs less
// than keeping account of what reads what.
#include "vm/planes.h"

// Mostly it shows before anything is settled.
static bool decides_differently(soc_case *c, uint32_t decision) {
  vm_likeness likeness = vm_compare_planned(c, decision);
  return likeness == VM_DIFFERS ||
         (likeness == VM_MAY_DIFFER && vm_differs(c, decision, SOC_NO_INDEX, false));
}

static void try_planned(soc_case *c, soc_fact_ref ref, uint32_t decision, uint32_t row) {
  (void)decision; // all of them are over the case
  (void)row;
  c->held = vm_slot_of(&c->columns[ref.fact], ref.row);
  vm_run_plan(c, ref.fact);
  for (uint32_t i = 0; i < c->decision_count; i++) {
    if (decides_differently(c, i)) {
      vm_list_assumed(c, i, ref);
    }
  }
  c->held = SOC_NONE32;
}

void vm_planned_assumed(soc_case *c) {
  vm_each_assumption(c, try_planned, SOC_NO_INDEX, SOC_NO_INDEX);
  if (c->explained) {
    vm_run_plan(c, SOC_NO_INDEX); // states that were published are the real ones again
  }
}
