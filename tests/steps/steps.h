// SPDX-License-Identifier: Apache-2.0
//
// Instructions that the executor runs, counted: a program that links soc_counted has the executor once more, before
// that of the library, and with this file included in front of it.
#ifndef SOC_TESTS_STEPS_H
#define SOC_TESTS_STEPS_H

#include <stdint.h>

#include "soc/vm.h"

extern uint64_t steps_run;
#define VM_STEP() (steps_run++)

// What the policy says that a case with its lists comes to at most: in all, and of one pass.
uint64_t steps_most(const soc_policy *policy, const soc_case *c);
uint64_t steps_of_a_pass(const soc_policy *policy, const soc_case *c);

#endif
