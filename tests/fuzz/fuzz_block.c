// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as JSON Lines, decided under Premera's policy together in a block, and one by one: the same bytes come out.
// The lines come again until there are enough of them for a block, so that a case also meets what broken ones left.
#include "fuzz.h"
#include "lines_mutator.h"

#include "tests/cli/decide_lines.h"

static const char POLICY[] =
    "policies/premera/11.01.523/2024-12-05.socb"; // the program runs in the checkout

enum { TOGETHER = 64, ALONE = 16 }; // cases of a batch

static struct {
  struct vocabulary_index vocabulary;
  struct option_texts libraries;
  struct policies policies;
} tool;

static void start(void) {
  if (tool.vocabulary.vocabulary != NULL) return;
  FUZZ_ASSERT(vocabulary_index_open(&tool.vocabulary));
  FUZZ_ASSERT(
      policies_open(&tool.policies, POLICY, "policies", NULL, &tool.libraries, &tool.vocabulary));
}

static struct buffer repeat(const uint8_t *data, size_t size) {
  struct buffer lines = {0};
  size_t count = 1, copies;
  for (size_t i = 0; i < size; i++) count += data[i] == '\n';
  copies = (TOGETHER + count - 1) / count;
  for (size_t i = 0; i < copies; i++) {
    buffer_append(&lines, (const char *)data, size);
    if (i + 1 < copies) buffer_char(&lines, '\n');
  }
  FUZZ_ASSERT(!lines.failed);
  return lines;
}

static struct buffer decide(const struct buffer *lines, size_t per_batch) {
  struct lines_source s = {
      .text = buffer_get(lines), .length = lines->length, .per_batch = per_batch};
  FUZZ_ASSERT(decide_lines(&s, &tool.vocabulary, &tool.policies));
  return s.out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  start();
  struct buffer lines = repeat(data, size);
  struct buffer together = decide(&lines, TOGETHER), alone = decide(&lines, ALONE);
  FUZZ_ASSERT(together.length == alone.length &&
              memcmp(together.data, alone.data, alone.length) == 0);
  buffer_free(&together);
  buffer_free(&alone);
  buffer_free(&lines);
  return 0;
}

#ifdef SOC_LIBFUZZER
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  start();
  return lines_mutate(&tool.vocabulary, data, size, max_size, seed);
}
#endif
