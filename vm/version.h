// SPDX-License-Identifier: Apache-2.0
//
// For the libraries above the VM, which share some of its internals (what a policy, a plan and a case are made of, a
// few functions that are not exported): as shared libraries they may meet a soc_vm that is not of their release or
// build.
#ifndef SOC_VM_VERSION_H
#define SOC_VM_VERSION_H

#include <string.h>

#include "soc/vm.h"

// Made of what is shared (cmake/SocLayout.cmake). Who compiles without CMake compiles all from one tree.
#ifndef SOC_VM_LAYOUT
#define SOC_VM_LAYOUT 0u
#endif

// Is that of this release and build?
static inline bool vm_is_own(uint32_t layout, const char *version) {
  return layout == SOC_VM_LAYOUT && strlen(version) == sizeof SOC_VERSION - 1 &&
         memcmp(version, SOC_VERSION, sizeof SOC_VERSION) == 0;
}

static inline bool vm_matches(void) {
  return vm_is_own(soc_vm_layout(), soc_vm_version());
}

#endif
