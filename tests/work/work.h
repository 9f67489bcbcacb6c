// SPDX-License-Identifier: Apache-2.0
//
// Instructions that the executor runs, counted: a program that links soc_counted has the executor once more, before
// that of the library, and with this file included in front of it.
#ifndef SOC_TESTS_WORK_H
#define SOC_TESTS_WORK_H

#include <stdint.h>

#include "soc/vm.h"

extern uint64_t work_steps;
#define VM_STEP() (work_steps++)

// What the policy says that a case with its lists comes to at most: in all, and of one pass.
uint64_t work_most(const soc_policy *policy, const soc_case *c);
uint64_t work_of_a_pass(const soc_policy *policy, const soc_case *c);

#endif
