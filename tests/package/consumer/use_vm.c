// SPDX-License-Identifier: Apache-2.0
//
// use_vm POLICY.socb: the artifact loads, the same cut short is refused.
#include <soc/vm.h>

#include "use.h"

int main(int argc, char **argv) {
  size_t length = 0;
  void *bytes = argc == 2 ? read_file(argv[1], &length) : NULL;
  soc_policy policy;
  soc_policy_info info;
  soc_error error;
  if (!bytes || soc_policy_load(&policy, bytes, length, NULL) != SOC_OK) {
    return 1;
  }
  soc_policy_describe(&policy, &info);
  printf("%s %s: %s\n", SOC_VERSION, soc_vm_version(), info.id.data);
  if (soc_policy_load(&policy, bytes, length / 2, &error) != SOC_ERR_ARTIFACT) {
    return 1;
  }
  printf("%s\n", error.code);
  return 0;
}
