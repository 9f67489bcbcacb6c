// SPDX-License-Identifier: Apache-2.0
//
// Policies as a library built with SOC_VM_WITHOUT_PLAN has them.
#ifndef SOC_TESTS_PLAINLY_H
#define SOC_TESTS_PLAINLY_H

#include "soc/vm.h"

// Cases that are laid out for the policy from now on are decided without what makes long lists quick (vm/quick.h).
static inline void decide_plainly(soc_policy *policy) {
  policy->opaque.parts.quick = NULL;
}

#endif
