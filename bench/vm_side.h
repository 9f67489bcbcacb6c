// SPDX-License-Identifier: Apache-2.0
//
// The VM's side of the comparison: a policy from a .soc or .socb file, cases bound to it, and its answers held against
// those of the C reference. Used by the benchmark and its test; prints what is wrong to standard error.
#ifndef SOC_BENCH_VM_SIDE_H
#define SOC_BENCH_VM_SIDE_H

#include "cases.h"
#include "soc/vm.h"

struct vm_side {
  void *artifact; // owned; verified bytes
  size_t length;
  soc_policy policy;
  void *plan; // owned
  uint32_t facts[FACT_COUNT];
  uint32_t event_fields[EVENT_FIELDS];
  uint32_t site_decision, drug_decision;
};

// False: the file cannot be read or compiled, or is not this policy. A path that ends in .socb is loaded as it is.
bool vm_side_open(struct vm_side *vm, const char *path);
void vm_side_close(struct vm_side *vm);
const char *vm_side_fact_name(enum premera_fact fact); // "service.date"

// Room for one case, a multiple of the alignment that a case needs.
size_t vm_side_case_bytes(const struct vm_side *vm);
// Lays out `count` cases in one block, vm_side_case_bytes each; false: out of memory or refused. Free the block
// (cases[0] is not it) with free(*block).
bool vm_side_cases(const struct vm_side *vm, uint32_t count, void **block, soc_case **cases);
// Sets all facts of one case that is clear; false: a setter refused a value.
bool vm_side_bind(const struct vm_side *vm, const struct bench_case *from, soc_case *c);

// The reference's number of a reason's code; REASON_COUNT: it has none.
uint32_t vm_side_reason(const char *name);
// Compares the decided case with the reference's answer. If they differ, appends what to `text`.
bool vm_side_agrees(const struct vm_side *vm, const soc_case *c,
                    const struct premera_result *expected, char *text, size_t size);

#endif
