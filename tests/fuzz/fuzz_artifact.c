// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as an artifact: refused with a code and an offset, or a policy that can be asked anything and decides any
// case.
#include "artifact_mutator.h"
#include "fuzz.h"
#include "guarded.h"

#include "vm/bounds.h"

#include "tests/property/choice.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

#ifdef SOC_LIBFUZZER
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  soc_bounds bounds;
  if (seed % 8 != 0 && soc_image_bounds(data, size, &bounds, NULL) != SOC_OK)
    size = fuzz_kept(data, size, max_size);
  if (seed / 8 % 32 != 0) {
    size_t changed = artifact_mutate(data, size, max_size, seed / 256, LLVMFuzzerMutate);
    if (changed) return changed;
  }
  return LLVMFuzzerMutate(data, size, max_size);
}
#endif

// The case and what is done with it come from the input by chance, so that a change anywhere is another case, too.
static void decide(const soc_policy *policy, uint64_t seed) {
  enum { CASE_BYTES = 512 };
  uint8_t bytes[CASE_BYTES];
  unsigned how = (unsigned)random_next(&seed);
  if (how % 256 / 32 == 0) fuzz_describe(policy);
  // A plan costs as much as ten decisions.
  how = (how & (FUZZ_EMPTY | FUZZ_EXPLAIN | FUZZ_FRONT | FUZZ_DIRT)) |
        (how >> 8 & 3 ? 0 : FUZZ_PLAN) | (how >> 10 & 3 ? 0 : FUZZ_PLAINLY);
  random_fill(&seed, bytes, sizeof bytes);
  fuzz_decide(policy, bytes, sizeof bytes, how);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct guarded memory;
  uint64_t seed = fuzz_hash(data, size) | 1;
  uint8_t *artifact = guarded_get(&memory, size, seed >> 63 != 0);
  if (size != 0) memcpy(artifact, data, size);
  soc_policy policy;
  soc_error error = {0};
  soc_status status = soc_policy_load(&policy, artifact, size, &error);
  fuzz_count(status == SOC_OK);
  if (status == SOC_OK) {
    fuzz_keep(data, size);
    decide(&policy, seed);
    FUZZ_ASSERT(size == 0 || memcmp(artifact, data, size) == 0);
  } else {
    FUZZ_ASSERT(status == SOC_ERR_ARTIFACT && error.code != NULL && error.code[0] != 0 &&
                error.message != NULL && error.offset <= size);
  }
  return 0;
}
