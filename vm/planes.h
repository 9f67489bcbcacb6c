// SPDX-License-Identifier: Apache-2.0
//
// What deciding by a plan calls in planes.c: the part of vm_ways that is about plans, and what building needs.
#ifndef SOC_VM_PLANES_H
#define SOC_VM_PLANES_H

#include "vm/plan.h"

// As vm_ways says.
void vm_clear_facts(soc_case *c);
soc_status vm_take_fact(soc_case *c, uint32_t fact, uint32_t row);
void vm_run_plan(soc_case *c, uint32_t aside);
// Runs the last code for rules that wait for it and can matter. True: something has become known.
bool vm_run_late(soc_case *c);
soc_truth vm_planned_condition(const soc_case *c, uint32_t cell);
void vm_gather_planned(soc_case *c, uint32_t decision, uint32_t last);
void vm_want_condition(soc_case *c, uint32_t cell);
// Writes what the pairs of a fact come to by the case's facts.
void vm_put_pairs(const soc_case *c, const vm_plan *plan, uint32_t fact, vm_truths *truths);
// The tests that are met by a value; of a list, in this row.
uint64_t vm_reader_row(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t row,
                       int64_t value);
// The same of a fact that has just been set; of a list of codes by what it was before the last one.
uint64_t vm_reader_grown(const soc_case *c, const vm_plan *plan, const vm_reader *r, uint32_t row,
                         int64_t value, uint64_t so_far);

// Writes the states of all cells down, as running them would, from what deciding found out.
void vm_state_cells(soc_case *c);

// plan_assume.c, as vm_ways says.
void vm_planned_assumed(soc_case *c);
// rule_bits.c, as vm_ways says.
void vm_decide_planned(soc_case *c);
void vm_settle_bits(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o, vm_reason *reasons,
                    uint32_t *actions);
// Would a decision be another one than c->outcomes says, by its rules as they are now?
typedef enum vm_likeness { VM_SAME, VM_DIFFERS, VM_MAY_DIFFER } vm_likeness;
vm_likeness vm_compare_planned(soc_case *c, uint32_t decision);
uint32_t vm_next_reason(const soc_case *c, uint32_t decision, uint32_t row, uint32_t rule,
                        bool *stops);
uint32_t vm_next_speaker(const soc_case *c, uint32_t decision, uint32_t row, uint32_t rule,
                         uint32_t last);

#endif
