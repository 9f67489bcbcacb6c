// SPDX-License-Identifier: Apache-2.0
//
// Building lanes: what its three files share. lanes_build.c has the memory, the tests of facts and the rules;
// lanes_parse.c turns the code of cells into nodes; lanes_users.c finds out who reads them.
#ifndef SOC_VM_LANES_BUILD_H
#define SOC_VM_LANES_BUILD_H

#include "vm/lanes.h"
#include "vm/plan_build.h"

#define VM_LANES_MOST_CODE 16384u // instructions; policies with more decide their rows one by one

typedef struct vm_lane_builder {
  const vm_policy *p;
  vm_lanes *l;
  vm_builder plan;                        // the tests of facts
  uint32_t members, pairs, parts, groups; // given out; groups: of candidates
  uint32_t seeds, seed_groups, seed_steps;
  uint8_t *needed;            // by cell: decisions for rows need it
  struct vm_lane_item *stack; // while code is parsed
  vm_lane *later;             // code and loops that wait
  uint32_t *next_users;       // by node
  uint64_t *reached;          // a bit for each node
} vm_lane_builder;

// lanes_build.c: does the instruction look at one fact alone, of the case or of the list?
bool vm_lanes_is_test(const vm_lane_builder *b, vm_instruction i);

// lanes_parse.c: nodes of all cells that are needed. Takes the memory for it.
void vm_lanes_take_stack(vm_lane_builder *b);
void vm_lanes_parse(vm_lane_builder *b);

// lanes_users.c: who reads what.
void vm_lanes_find_users(vm_lane_builder *b);

#endif
