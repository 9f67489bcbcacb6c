// SPDX-License-Identifier: Apache-2.0
//
// An artifact and a case together, as a host gets them: four bytes of length, the artifact, the case as JSON.
#include "artifact_mutator.h"
#include "fuzz.h"

#include "cli/artifacts.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static size_t artifact_length(const uint8_t *data, size_t size) {
  if (size < 4) return 0;
  size_t length = data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16 | (size_t)data[3] << 24;
  return length <= size - 4 ? length : size - 4;
}

static struct {
  struct vocabulary_index vocabulary;
  struct case_reader *reader;
} tool;

static void start(void) {
  static const struct case_limits limits = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, true};
  if (tool.reader != NULL) return;
  FUZZ_ASSERT(vocabulary_index_open(&tool.vocabulary));
  tool.reader = case_reader_new(&tool.vocabulary, &limits);
  FUZZ_ASSERT(tool.reader != NULL);
}

// Is it a case, so that it is decided?
static bool decide(struct binding *b, const char *text, size_t length) {
  const struct case_data *c = case_read_json(tool.reader, text, length);
  FUZZ_ASSERT(!c->no_memory);
  if (c->error.code != NULL) return false;
  if (binding_set(b, (struct case_data *)(uintptr_t)c) != BINDING_DONE) return false;
  fuzz_decide_case(b->policy, b->c, SOC_DECIDE_EXPLAIN);
  return true;
}

// Does the artifact load and is the text a case, so that it was decided?
static bool run(const uint8_t *data, size_t size) {
  size_t length = artifact_length(data, size);
  if (length == 0) return false;
  uint8_t *artifact = (uint8_t *)fuzz_text(data + 4, length);
  char *text = fuzz_text(data + 4 + length, size - 4 - length);
  soc_policy policy;
  struct binding binding;
  bool decided = false;
  if (soc_policy_load(&policy, artifact, length, NULL) == SOC_OK &&
      binding_open(&binding, &tool.vocabulary, &policy, NULL)) {
    decided = decide(&binding, text, size - 4 - length);
    binding_close(&binding);
  }
  free(text);
  free(artifact);
  return decided;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  start();
  bool decided = run(data, size);
  if (decided) fuzz_keep(data, size);
  fuzz_count(decided);
  return 0;
}

#ifdef SOC_LIBFUZZER
static void set_length(uint8_t *data, size_t length) {
  for (int i = 0; i < 4; i++) data[i] = (uint8_t)(length >> (8 * i));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  start();
  if (seed % 8 != 0 && !run(data, size)) size = fuzz_kept(data, size, max_size);
  seed /= 8;
  size_t length = artifact_length(data, size);
  if (length == 0) return LLVMFuzzerMutate(data, size, max_size);
  if (seed % 4 == 0) { // the case
    size_t tail = LLVMFuzzerMutate(data + 4 + length, size - 4 - length, max_size - 4 - length);
    return 4 + length + tail;
  }
  size_t tail = size - 4 - length;
  uint8_t *copy = malloc(max_size + tail);
  FUZZ_ASSERT(copy != NULL);
  memcpy(copy, data + 4, length);
  size_t changed = artifact_mutate(copy, length, max_size - 4 - tail, seed / 4, LLVMFuzzerMutate);
  if (changed != 0) {
    memmove(data + 4 + changed, data + 4 + length, tail);
    memcpy(data + 4, copy, changed);
    set_length(data, changed);
    size = 4 + changed + tail;
  }
  free(copy);
  return size;
}
#endif
