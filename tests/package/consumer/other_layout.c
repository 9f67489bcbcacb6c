// SPDX-License-Identifier: Apache-2.0
//
// Put in front of libsoc_vm with LD_PRELOAD: a soc_vm of the same release that lays its cases out differently.
#include <stdint.h>

uint32_t soc_vm_layout(void);
uint32_t soc_vm_layout(void) {
  return 1;
}
