// SPDX-License-Identifier: Apache-2.0
//
// Put in front of libsoc_vm with LD_PRELOAD: a soc_vm that is not of the release of the libraries above it.
const char *soc_vm_version(void);
const char *soc_vm_version(void) {
  return "99.0.0";
}
