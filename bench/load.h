// SPDX-License-Identifier: Apache-2.0
//
// A policy from a .soc or .socb file, ready to decide, and room for its cases: what the VM's sides of all comparisons
// share. Prints what is wrong to standard error.
#ifndef SOC_BENCH_LOAD_H
#define SOC_BENCH_LOAD_H

#include "soc/vm.h"

// Compiles a source, or takes an artifact as it is if the path ends in .socb, loads it and makes its plan if it can
// have one (else *plan is NULL). Free *artifact and *plan, whatever comes back.
bool load_policy(const char *path, soc_policy *policy, void **artifact, size_t *length,
                 void **plan);

// Room for one case, in whole cache lines, so that neighbours do not share one.
size_t load_case_bytes(const soc_policy *policy, const soc_case_limits *limits);
// Lays out `count` cases in one block, load_case_bytes each; false: out of memory or refused. Free *block.
bool load_cases(const soc_policy *policy, const soc_case_limits *limits, uint32_t count,
                void **block, soc_case **cases);

#endif
