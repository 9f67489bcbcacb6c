// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as JSON Lines: the direct reader, which reads each line where it stands among the others and learns from
// those before it, and the library's make the same of it. The mutator knows the vocabulary, so that many lines are
// cases.
#include "fuzz.h"

#include "cli/cases.h"
#include "tests/cli/same_case.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

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
// ---------------------------------------------------------------------------------------- mutator

static uint32_t draw(uint64_t *state, uint32_t below) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(*state >> 33) % below;
}

static void put_code(struct buffer *out, const soc_vocabulary_fact *f, uint64_t *random) {
  uint32_t least = f->min_length ? f->min_length : 1, most = f->max_length ? f->max_length : 12;
  buffer_char(out, '"');
  for (uint32_t n = least + draw(random, most - least + 1); n > 0; n--)
    buffer_char(out, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[draw(random, 36)]);
  buffer_char(out, '"');
}

static void put_name(struct buffer *out, uint32_t fact, uint64_t *random) {
  uint32_t value = draw(random, tool.vocabulary.facts[fact].value_count);
  soc_text name = soc_vocabulary_value(tool.vocabulary.vocabulary, fact, value);
  buffer_format(out, "\"%.*s\"", (int)name.length, name.data);
}

static void put_number(struct buffer *out, uint64_t *random) {
  static const uint32_t sizes[] = {2, 10, 100, 1000, 100000, 200000000};
  buffer_format(out, "%u", (unsigned)draw(random, sizes[draw(random, 6)]));
  if (draw(random, 3) == 0) buffer_format(out, ".%u", (unsigned)draw(random, 10000000));
}

// A value that a fact may have, or nearly.
static void put_value(struct buffer *out, uint32_t fact, uint64_t *random) {
  const soc_vocabulary_fact *f = &tool.vocabulary.facts[fact];
  if (draw(random, 12) == 0) {
    buffer_text(out, "null");
    return;
  }
  switch (f->type) {
  case SOC_BOOL: buffer_text(out, draw(random, 2) ? "true" : "false"); break;
  case SOC_ENUM: put_name(out, fact, random); break;
  case SOC_CODE: put_code(out, f, random); break;
  case SOC_TEXT:
    buffer_text(out, draw(random, 2) ? "\"Inflectra 100 mg\"" : "\"J\xc3\xbcrgen\"");
    break;
  case SOC_DATE:
    buffer_format(out, "\"%04u-%02u-%02u\"", (unsigned)(1890 + draw(random, 220)),
                  (unsigned)draw(random, 14), (unsigned)draw(random, 33));
    break;
  case SOC_LINE:
  case SOC_NUMBER: put_number(out, random); break;
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST:
    buffer_char(out, '[');
    for (uint32_t n = draw(random, 4); n > 0; n--) {
      if (f->type == SOC_CODE_LIST)
        put_code(out, f, random);
      else
        put_name(out, fact, random);
      if (n > 1) buffer_char(out, ',');
    }
    buffer_char(out, ']');
    break;
  case SOC_RECORDS: buffer_text(out, draw(random, 2) ? "[{}]" : "[]"); break;
  }
}

// A name and its value, for a place behind an opening brace.
static void put_field(struct buffer *out, uint64_t *random) {
  const struct vocabulary_index *v = &tool.vocabulary;
  uint32_t node = 1 + draw(random, v->node_count - 1);
  soc_text name = v->nodes[node].name;
  buffer_format(out, "\"%.*s\":", (int)name.length, name.data);
  if (v->nodes[node].fact == SOC_NO_INDEX)
    buffer_text(out, "{}");
  else
    put_value(out, v->nodes[node].fact, random);
}

// Where a new field can stand: behind a random brace. `size`: there is none.
static size_t find_brace(const uint8_t *data, size_t size, uint64_t *random) {
  if (size == 0) return 0;
  size_t from = draw(random, (uint32_t)size);
  for (size_t i = 0; i < size; i++) {
    size_t at = (from + i) % size;
    if (data[at] == '{') return at + 1;
  }
  return size;
}

// Puts bytes into the data; gives its size, 0: there is no room.
static size_t insert(uint8_t *data, size_t size, size_t max_size, size_t at, const char *bytes,
                     size_t count) {
  if (count > max_size - size) return 0;
  memmove(data + at + count, data + at, size - at);
  memcpy(data + at, bytes, count);
  return size + count;
}

static size_t add_field(uint8_t *data, size_t size, size_t max_size, uint64_t *random) {
  struct buffer field = {0};
  size_t at = find_brace(data, size, random);
  put_field(&field, random);
  if (at < size && data[at] != '}') buffer_char(&field, ',');
  size_t changed = insert(data, size, max_size, at, buffer_get(&field), field.length);
  buffer_free(&field);
  return changed;
}

// The first line once more, in front, so that what was learnt from it is put to use.
static size_t repeat_line(uint8_t *data, size_t size, size_t max_size) {
  const uint8_t *stop = size != 0 ? memchr(data, '\n', size) : NULL;
  size_t length = stop != NULL ? (size_t)(stop - data) : size;
  struct buffer line = {0};
  buffer_append(&line, (const char *)data, length);
  buffer_char(&line, '\n');
  size_t changed = insert(data, size, max_size, 0, buffer_get(&line), line.length);
  buffer_free(&line);
  return changed;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  uint64_t random = seed;
  uint32_t what = draw(&random, 8);
  size_t changed = 0;
  start();
  if (what < 4) changed = add_field(data, size, max_size, &random);
  if (what == 4) changed = repeat_line(data, size, max_size);
  return changed != 0 ? changed : LLVMFuzzerMutate(data, size, max_size);
}
#endif
