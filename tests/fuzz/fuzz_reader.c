// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as JSON Lines: the direct reader, which reads each line where it stands among the others and learns from
// those before it, and the library's make the same of it. The mutator knows the vocabulary, so that many lines are
// cases.
#include "fuzz.h"
#include "lines_mutator.h"

#include "cli/cases.h"
#include "tests/cli/same_case.h"

#include <string.h>

static struct {
  struct vocabulary_index vocabulary;
  struct case_reader *direct, *library;
} tool;

static void start(void) {
  static const struct case_limits limits = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, false};
  if (tool.direct != NULL) return;
  FUZZ_ASSERT(vocabulary_index_open(&tool.vocabulary));
  tool.direct = case_reader_new(&tool.vocabulary, &limits);
  tool.library = case_reader_new(&tool.vocabulary, &limits);
  FUZZ_ASSERT(tool.direct != NULL && tool.library != NULL);
}

// The text as a batch of its lines, as a stream would have cut it.
static void cut(struct case_batch *b, const uint8_t *data, size_t size) {
  *b = (struct case_batch){.items = calloc(size + 1, sizeof *b->items)};
  FUZZ_ASSERT(b->items != NULL && buffer_reserve(&b->text, size + CASE_PADDING));
  buffer_append(&b->text, (const char *)data, size);
  for (size_t at = 0; at <= size;) {
    const char *from = b->text.data + at, *stop = memchr(from, '\n', size - at);
    size_t length = stop != NULL ? (size_t)(stop - from) : size - at;
    b->items[b->count++] = (struct case_item){.kind = ITEM_JSON, .at = at, .length = length};
    at += length + 1;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct case_batch batch;
  start();
  cut(&batch, data, size);
  for (size_t i = 0; i < batch.count; i++) {
    const struct case_item *item = &batch.items[i];
    // The library sees a copy that ends with the line.
    char *line = fuzz_text((const uint8_t *)batch.text.data + item->at, item->length);
    const struct case_data *a = case_batch_read(&batch, i, tool.direct);
    FUZZ_ASSERT(same_case(a, case_read_by_library(tool.library, line, item->length)));
    free(line);
  }
  case_batch_free(&batch);
  return 0;
}

#ifdef SOC_LIBFUZZER
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  start();
  return lines_mutate(&tool.vocabulary, data, size, max_size, seed);
}
#endif
