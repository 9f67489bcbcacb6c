// SPDX-License-Identifier: Apache-2.0
//
// For the libraries above the VM, which share some of its internals (a policy's layout, a few functions that are not
// exported): as shared libraries they may meet a soc_vm that is not of their release.
#ifndef SOC_VM_VERSION_H
#define SOC_VM_VERSION_H

#include <string.h>

#include "soc/vm.h"

static inline bool vm_matches(void) {
  return strcmp(soc_vm_version(), SOC_VERSION) == 0;
}

#endif
