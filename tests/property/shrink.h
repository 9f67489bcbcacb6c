// SPDX-License-Identifier: Apache-2.0
//
// Makes a disagreement between the VM, columns and the oracle smaller before it is shown: lines of the policy, then
// facts of the case.
#ifndef SOC_TESTS_SHRINK_H
#define SOC_TESTS_SHRINK_H

#include "subject.h"

// Prints policy, case and both results to `out`. Facts that do not matter are taken out of `c`.
void shrink_and_print(const char *vocabulary, const char *policy, struct oracle_case *c, FILE *out);

#endif
