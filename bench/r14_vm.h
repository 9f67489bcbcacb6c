// SPDX-License-Identifier: Apache-2.0
//
// The VM's side of the comparison on claims: cigna/R14 from a file, claims bound to it, and its answers held against
// those of the C reference. Used by the benchmark and its test; prints what is wrong to standard error.
#ifndef SOC_BENCH_R14_VM_H
#define SOC_BENCH_R14_VM_H

#include "r14_cases.h"
#include "soc/vm.h"

#define R14_LINE_FACTS 24 // fields that are bound

struct r14_vm {
  void *artifact; // owned; verified bytes
  size_t length;
  soc_policy policy;
  void *plan;                // owned; NULL: the policy is decided without
  uint32_t facts[R14_FACTS]; // by r14_fact
  uint32_t lines;
  uint32_t fields[R14_LINE_FACTS];
};

// False: the file cannot be read or compiled, or is not this policy. A path that ends in .socb is loaded as it is.
bool r14_vm_open(struct r14_vm *vm, const char *path);
void r14_vm_close(struct r14_vm *vm);
size_t r14_vm_case_bytes(const struct r14_vm *vm);
// Lays out `count` cases in one block; free *block.
bool r14_vm_cases(const struct r14_vm *vm, uint32_t count, void **block, soc_case **cases);
// Sets all facts of one case that is clear; false: a setter refused a value.
bool r14_vm_bind(const struct r14_vm *vm, const struct r14_case *from, soc_case *c);
// Decides the claim and asks for the result of each line, as a host does; what it returns keeps the work from being
// left out.
uint32_t r14_vm_decide(soc_case *c, uint32_t flags);
// Compares the decided case with the reference's answer. If they differ, writes what to `text`.
bool r14_vm_agrees(const struct r14_vm *vm, const soc_case *c, uint32_t line_count,
                   const struct r14_result *expected, char *text, size_t size);

#endif
