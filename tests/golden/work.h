// SPDX-License-Identifier: Apache-2.0
//
// Included before vm/exec.c where decide.c counts the instructions that are run.
#ifndef SOC_TESTS_GOLDEN_WORK_H
#define SOC_TESTS_GOLDEN_WORK_H

#include <stdbool.h>

void golden_step(bool gather);
#define VM_STEP(gather) golden_step(gather)

#endif
