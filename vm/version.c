// SPDX-License-Identifier: Apache-2.0
//
// The version of this library. A file of its own, so that soc_batch, which takes a few internal functions of vm/ into
// its shared library, still gets the answer of the soc_vm that it runs with.
#include "vm/version.h"

const char *soc_vm_version(void) {
  return SOC_VERSION;
}

uint32_t soc_vm_layout(void) {
  return SOC_VM_LAYOUT;
}
