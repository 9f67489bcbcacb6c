// SPDX-License-Identifier: Apache-2.0
//
// Memory runs out at every single allocation in turn, once and for good: the command line's parts must say so, and
// neither crash nor leak (the sanitizer build sees a leak). The linker sends our calls of malloc here (--wrap).
#include "cli_test.h"
#include "decide_lines.h"

#include "cli/block_columns.h"
#include "cli/cases.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static long left = -1; // allocations until the first that fails; negative: none fails
static bool persistent, failed;

static bool fails(void) {
  if (left < 0 || (left > 0 && left--)) return false;
  failed = true;
  if (!persistent) left = -1;
  return true;
}

void *__wrap_malloc(size_t size) {
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
  return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size) {
  return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

// Runs `task` with the n-th allocation failing, n = 1, 2, ... until none fails any more. The task says whether it came
// through; it must not claim so if an allocation failed for good.
static void exhaust(bool (*task)(void)) {
  for (int mode = 0; mode < 2; mode++) {
    for (long n = 0;; n++) {
      assert_true(n < 100000);
      left = n;
      persistent = mode == 1;
      failed = false;
      bool ok = task();
      left = -1;
      if (!failed) {
        assert_true(ok);
        break;
      }
      if (ok) fail_msg("allocation %ld failed and nobody noticed", n);
    }
  }
}

static const char shipped[] = "policies/premera/11.01.523/2024-12-05.socb";

static const char lines[] = "{\"id\":\"a\",\"clinical\":{\"diagnosis_codes\":[\"K5090\",\"G35\"]},"
                            "\"service\":{\"drug\":\"Remicade\"}}\n"
                            "{\"id\":\"b\",\"x\":{\"y\":[1,{\"z\":2}]},\"claim\":{\"lines\":[{"
                            "\"number\":1},{\"number\":2,\"related_line\":1}]}}\n"
                            "{\"id\":\"c\",\"member\":{\"birth_date\":\"soon\"}}\n"
                            "{\"id\":\"d\",\"member\":{\"line_of_business\":\"comercial\"}}\n";

static bool stream_cases(const struct vocabulary_index *v, const char *path,
                         enum case_format format, int expected) {
  struct case_limits limits = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, true};
  struct case_reader *reader = case_reader_new(v, &limits);
  struct case_stream *s = __real_malloc(sizeof *s);
  int count = 0;
  bool ok = reader && case_stream_open(s, path, format, reader, &limits);
  if (ok) {
    struct case_batch batch = {0};
    while (ok && case_stream_fill(s, &batch)) {
      for (size_t i = 0; ok && i < batch.count; i++, count++)
        ok = !case_batch_read(&batch, i, reader)->no_memory;
    }
    ok = ok && !s->trouble;
    case_batch_free(&batch);
    case_stream_close(s);
  }
  free(s);
  case_reader_free(reader);
  return ok && count == expected;
}

static bool read_cases(void) {
  struct vocabulary_index v;
  if (!vocabulary_index_open(&v)) return false;
  bool ok = stream_cases(&v, "memory_test.jsonl", CASES_AUTO, 4) &&
            stream_cases(&v, "memory_test.csv", CASES_CSV, 2);
  vocabulary_index_close(&v);
  return ok;
}

static void reading(void **state) {
  static const char csv[] =
      "id,service.drug,clinical.diagnosis_codes\na,\"x,y\",K5090;G35\nb,,[]\n";
  (void)state;
  assert_true(file_write("memory_test.jsonl", lines, sizeof lines - 1));
  assert_true(file_write("memory_test.csv", csv, sizeof csv - 1));
  exhaust(read_cases);
  remove("memory_test.jsonl");
  remove("memory_test.csv");
}

static bool write_json(void) {
  struct buffer out = {0};
  struct json_writer *w = json_writer_new(&out, true);
  if (w) {
    json_object(w);
    for (int i = 0; i < 100; i++) {
      json_key(w, "a long enough name for a member");
      json_text(w, "bad \xff UTF-8", 11);
      if (i % 10 == 0) json_key(w, "x"), json_array(w), json_array_end(w);
    }
    json_object_end(w);
  }
  bool ok = w && json_writer_ok(w);
  json_writer_free(w);
  buffer_free(&out);
  return ok;
}

static void writing(void **state) {
  (void)state;
  exhaust(write_json);
}

// Cases that are decided together, from opening their policy on. False: some step had no memory, and said so.
static bool decide_block(const char *text, struct buffer *out) {
  enum { TOGETHER = 40 };
  struct option_texts libraries = {0};
  struct vocabulary_index v;
  struct policies policies;
  struct lines_source s = {.text = text, .length = strlen(text), .per_batch = TOGETHER};
  *out = (struct buffer){0};
  if (!vocabulary_index_open(&v)) return false;
  bool ok = policies_open(&policies, shipped, "policies", NULL, &libraries, &v);
  ok = ok && decide_lines(&s, &v, &policies);
  policies_close(&policies);
  vocabulary_index_close(&v);
  *out = s.out;
  return ok;
}

// Two blocks of cases: lists, records, texts, what is decided alone and what is wrong.
static const char *many_lines(struct buffer *text) {
  for (int i = 0; i < 20; i++) {
    buffer_format(text,
                  "{\"id\":\"%d\",\"service\":{\"date\":\"2025-03-%02d\",\"code\":\"J1745\","
                  "\"drug\":\"Remicade\"},"
                  "\"clinical\":{\"diagnosis_codes\":[\"K5090\"],\"adverse_events\":[{\"kind\":"
                  "\"other\"}]}}\n",
                  i % 7, 1 + i % 5);
    buffer_format(
        text,
        "{\"service\":{\"drug\":\"A\\\"%d\"}}\n{\"id\":\"x\",\"member\":{\"birth_date\":1}}\n", i);
    buffer_format(text, "{\"id\":\"x\",\"access\":{\"infusion_center_miles\":%d}}\n", i);
  }
  return buffer_get(text);
}

// A block for which there is no memory is no trouble, as its cases can be decided alone; the answers stay.
static void deciding(void **state) {
  (void)state;
  struct buffer text = {0}, expected, out;
  const char *cases = many_lines(&text);
  assert_true(decide_block(cases, &expected));
  for (int mode = 0; mode < 2; mode++) {
    failed = true;
    for (long n = 0; failed; n++) {
      left = n;
      persistent = mode == 1;
      failed = false;
      bool ok = decide_block(cases, &out);
      left = -1;
      assert_true(ok || failed);
      if (ok) assert_int_equal(out.length, expected.length);
      if (ok) assert_memory_equal(out.data, expected.data, expected.length);
      buffer_free(&out);
    }
  }
  buffer_free(&expected);
  buffer_free(&text);
}

// ---------------------------------------------------------------------------------------- a block by itself

static struct vocabulary_index block_vocabulary;
static struct artifact *block_policy;
static struct buffer block_text; // cases, one a line
static struct buffer block_keys; // what they come to with memory enough

static bool fill_block(struct block *b, struct case_reader *r) {
  const char *at = block_text.data, *end = at + block_text.length;
  block_clear(b);
  while (at < end) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    struct case_data *data = case_read_json(r, at, (size_t)(stop - at));
    if (data->no_memory || (!data->error.code && !block_add(b, data))) return false;
    at = stop + 1;
  }
  return true;
}

static void append_keys(const struct block *b, struct buffer *out) {
  for (uint32_t d = 0; d < b->decision_count; d++)
    buffer_append(out, (const char *)b->results[d].keys,
                  (size_t)b->count * b->key_words[d] * sizeof *b->results[d].keys);
}

static bool has_expected_keys(const struct block *b) {
  struct buffer keys = {0};
  append_keys(b, &keys);
  bool same = keys.length == block_keys.length &&
              memcmp(buffer_get(&keys), buffer_get(&block_keys), keys.length) == 0;
  buffer_free(&keys);
  return same;
}

static const struct case_limits block_limits = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, false};

// A block that was made decides all the same, later, when there is memory. (A reader says once and for all that it has
// none.)
static bool decide_later(struct block *b) {
  left = -1;
  struct case_reader *r = case_reader_new(&block_vocabulary, &block_limits);
  bool ok = r && fill_block(b, r) && block_decide(b) && has_expected_keys(b);
  case_reader_free(r);
  return ok;
}

static bool make_and_decide(void) {
  struct case_reader *r = case_reader_new(&block_vocabulary, &block_limits);
  struct block *b = r ? block_new(&block_policy->binding) : NULL;
  bool ok = b && fill_block(b, r) && block_decide(b);
  if (b) assert_true(decide_later(b));
  block_free(b);
  case_reader_free(r);
  return ok;
}

static void blocks(void **state) {
  (void)state;
  struct option_texts libraries = {0};
  assert_true(vocabulary_index_open(&block_vocabulary));
  block_policy = artifact_open(shipped, &libraries, &block_vocabulary);
  assert_non_null(block_policy);
  many_lines(&block_text);
  struct case_reader *r = case_reader_new(&block_vocabulary, &block_limits);
  struct block *b = block_new(&block_policy->binding);
  assert_true(r && b && block_is_columnar(b) && fill_block(b, r) && block_decide(b));
  append_keys(b, &block_keys);
  assert_true(block_keys.length > 0);
  block_free(b);
  case_reader_free(r);
  exhaust(make_and_decide);
  buffer_free(&block_keys);
  buffer_free(&block_text);
  artifact_free(block_policy);
  vocabulary_index_close(&block_vocabulary);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(reading), cmocka_unit_test(writing),
                                     cmocka_unit_test(deciding), cmocka_unit_test(blocks)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
