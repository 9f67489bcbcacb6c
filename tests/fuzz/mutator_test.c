// SPDX-License-Identifier: Apache-2.0
//
// The mutator of the artifact targets does what it is for: most of what it makes loads, and what it makes of what does
// not load stays inside its memory. Each seed is changed again and again; what loads is decided.
#include "artifact_mutator.h"
#include "fuzz.h"

#include "tests/property/choice.h"

#include <string.h>

enum { MOST = 16384, CHANGES = 300 };

static int made, loaded;

// In place of libFuzzer's own mutation: one byte.
static size_t change_byte(uint8_t *data, size_t size, size_t max_size) {
  (void)max_size;
  if (size > 0) data[size / 2] ^= 0x11;
  return size;
}

static void decide(const uint8_t *data, size_t size) {
  soc_policy policy;
  made++;
  if (soc_policy_load(&policy, data, size, NULL) != SOC_OK) return;
  loaded++;
  fuzz_decide(&policy, data, size, FUZZ_EMPTY | FUZZ_EXPLAIN);
}

// Half of the changes are made to the seed, half to what the change before made, whether it loads or not.
static void change_seed(const uint8_t *seed, size_t seed_size, uint64_t random) {
  uint8_t *data = malloc(MOST);
  FUZZ_ASSERT(data != NULL);
  size_t size = 0;
  for (int i = 0; i < CHANGES; i++) {
    uint64_t next = random_next(&random);
    if (size == 0 || next % 2 == 0) {
      memcpy(data, seed, seed_size);
      size = seed_size;
    }
    size = artifact_mutate(data, size, MOST, (unsigned)(next >> 32), change_byte);
    if (size != 0) decide(data, size);
  }
  free(data);
}

int main(int argc, char **argv) {
  static uint8_t seed[MOST];
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    FUZZ_ASSERT(file != NULL);
    size_t size = fread(seed, 1, sizeof seed, file);
    fclose(file);
    change_seed(seed, size, (uint64_t)i);
  }
  bool enough = loaded * 2 > made;
  printf("%d of %d changed artifacts load\n%d passed, %d failed\n", loaded, made, enough, !enough);
  return enough ? EXIT_SUCCESS : EXIT_FAILURE;
}
