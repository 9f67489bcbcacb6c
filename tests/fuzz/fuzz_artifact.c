// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an artifact: refused with a code and an offset, or a policy that can be asked anything and decides any
// case. Case bytes are taken from the artifact itself, so that one input is both.
#include "artifact_mutator.h"
#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

#ifdef SOC_LIBFUZZER
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  if (seed % 8 != 0) {
    size_t changed = artifact_mutate(data, size, max_size, seed / 8, LLVMFuzzerMutate);
    if (changed) return changed;
  }
  return LLVMFuzzerMutate(data, size, max_size);
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  soc_policy policy;
  soc_error error = {0};
  soc_status status = soc_policy_load(&policy, data, size, &error);
  if (status != SOC_OK) {
    FUZZ_ASSERT(status == SOC_ERR_ARTIFACT || (size == 0 && status == SOC_ERR_ARGUMENT));
    FUZZ_ASSERT(error.code != NULL && error.code[0] != 0 && error.message != NULL &&
                error.offset <= size);
    return 0;
  }
  fuzz_describe(&policy);
  fuzz_decide(&policy, data + size / 2, size - size / 2);
  return 0;
}
