// SPDX-License-Identifier: Apache-2.0
//
// Puts fields of the vocabulary into JSON Lines; see lines_mutator.h.
#include "lines_mutator.h"

#include <string.h>

#ifdef SOC_LIBFUZZER
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

static void put_name(const struct vocabulary_index *v, struct buffer *out, uint32_t fact,
                     uint64_t *random) {
  uint32_t value = draw(random, v->facts[fact].value_count);
  soc_text name = soc_vocabulary_value(v->vocabulary, fact, value);
  buffer_format(out, "\"%.*s\"", (int)name.length, name.data);
}

static void put_number(struct buffer *out, uint64_t *random) {
  static const uint32_t sizes[] = {2, 10, 100, 1000, 100000, 200000000};
  buffer_format(out, "%u", (unsigned)draw(random, sizes[draw(random, 6)]));
  if (draw(random, 3) == 0) buffer_format(out, ".%u", (unsigned)draw(random, 10000000));
}

// A value that a fact may have, or nearly.
static void put_value(const struct vocabulary_index *v, struct buffer *out, uint32_t fact,
                      uint64_t *random) {
  const soc_vocabulary_fact *f = &v->facts[fact];
  if (draw(random, 12) == 0) {
    buffer_text(out, "null");
    return;
  }
  switch (f->type) {
  case SOC_BOOL: buffer_text(out, draw(random, 2) ? "true" : "false"); break;
  case SOC_ENUM: put_name(v, out, fact, random); break;
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
        put_name(v, out, fact, random);
      if (n > 1) buffer_char(out, ',');
    }
    buffer_char(out, ']');
    break;
  case SOC_RECORDS: buffer_text(out, draw(random, 2) ? "[{}]" : "[]"); break;
  }
}

// A name and its value, for a place behind an opening brace.
static void put_field(const struct vocabulary_index *v, struct buffer *out, uint64_t *random) {
  uint32_t node = 1 + draw(random, v->node_count - 1);
  soc_text name = v->nodes[node].name;
  buffer_format(out, "\"%.*s\":", (int)name.length, name.data);
  if (v->nodes[node].fact == SOC_NO_INDEX)
    buffer_text(out, "{}");
  else
    put_value(v, out, v->nodes[node].fact, random);
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

static size_t add_field(const struct vocabulary_index *v, uint8_t *data, size_t size,
                        size_t max_size, uint64_t *random) {
  struct buffer field = {0};
  size_t at = find_brace(data, size, random);
  put_field(v, &field, random);
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

size_t lines_mutate(const struct vocabulary_index *v, uint8_t *data, size_t size, size_t max_size,
                    unsigned seed) {
  uint64_t random = seed;
  uint32_t what = draw(&random, 8);
  size_t changed = 0;
  if (what < 4) changed = add_field(v, data, size, max_size, &random);
  if (what == 4) changed = repeat_line(data, size, max_size);
  return changed != 0 ? changed : LLVMFuzzerMutate(data, size, max_size);
}
#endif
