// SPDX-License-Identifier: Apache-2.0
//
// See compiled.h.
#include "compiled.h"

#include <string.h>

bool fuzz_behaviour(const soc_compilation *c, uint8_t digest[32]) {
  soc_policy policy;
  soc_policy_info info;
  size_t length;
  const void *image = soc_compilation_artifact(c, &length);
  if (image == NULL) return false;
  FUZZ_ASSERT(soc_policy_load(&policy, image, length, NULL) == SOC_OK);
  soc_policy_describe(&policy, &info);
  memcpy(digest, info.behaviour_digest, 32);
  return true;
}

void fuzz_run_tests(soc_compilation *c) {
  for (uint32_t i = 0; i < soc_compilation_test_count(c); i++) {
    soc_test_outcome outcome;
    FUZZ_ASSERT(soc_compilation_run_test(c, i, &outcome));
    FUZZ_ASSERT(outcome.passed == (outcome.difference[0] == 0));
  }
}
