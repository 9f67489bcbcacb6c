// SPDX-License-Identifier: Apache-2.0
//
// How input is cut into cases: the four forms, how they are told apart, what a broken case costs, and CSV.
#include "cli_test.h"

#include "cli/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct vocabulary_index vocabulary;
static struct case_limits limits = {200, CASE_DEPTH, CASE_ITEMS, false};

static int open_vocabulary(void **state) {
  (void)state;
  return vocabulary_index_open(&vocabulary) ? 0 : -1;
}

static int close_vocabulary(void **state) {
  (void)state;
  vocabulary_index_close(&vocabulary);
  return 0;
}

static void tell(const struct case_data *d, struct buffer *out) {
  if (out->length) buffer_char(out, ' ');
  buffer_text(out, d->has_id ? d->id.data : "-");
  if (d->error.code) buffer_format(out, "!%s", d->error.code);
  if (d->error.pointer.length) buffer_text(out, d->error.pointer.data);
}

// The cases of a text: for each its id or -, and the code of its error if it has one, joined by spaces.
static void cut(const char *text, size_t length, enum case_format format, struct buffer *out) {
  struct case_reader *reader = case_reader_new(&vocabulary, &limits);
  struct case_stream *s = malloc(sizeof *s);
  const char *path = "streams_test.tmp";
  assert_true(file_write(path, text, length));
  assert_true(case_stream_open(s, path, format, reader, &limits));
  remove(path);
  buffer_clear(out);
  struct case_batch batch = {0};
  while (case_stream_fill(s, &batch)) {
    for (size_t i = 0; i < batch.count; i++) tell(case_batch_read(&batch, i, reader), out);
  }
  case_batch_free(&batch);
  if (s->trouble) buffer_text(out, " trouble");
  case_stream_close(s);
  free(s);
  case_reader_free(reader);
}

struct sample {
  const char *text, *cases;
};

static void check_samples(const struct sample *samples, size_t count, enum case_format format) {
  struct buffer out = {0};
  for (size_t i = 0; i < count; i++) {
    cut(samples[i].text, strlen(samples[i].text), format, &out);
    if (strcmp(buffer_get(&out), samples[i].cases) != 0)
      fail_msg("%s\n  gave \"%s\", expected \"%s\"", samples[i].text, buffer_get(&out),
               samples[i].cases);
  }
  buffer_free(&out);
}

#define CHECK(samples, format) check_samples(samples, sizeof(samples) / sizeof *(samples), format)

static void tells_forms_apart(void **state) {
  static const struct sample samples[] = {
      {"", ""},
      {" \n\t\r\n ", ""},
      {"{\"id\":\"a\"}", "a"},
      {"{\"id\":\"a\"}\n", "a"},
      {"\n\n  {\"id\":\"a\"}\r\n\r\n", "a"},
      {"{\"id\":\"a\"}\n{\"id\":\"b\"}\n", "a b"},
      {"{\"id\":\"a\"}\n\n \n{\"id\":\"b\"}", "a b"},
      {"{\"id\":\"a\"}\r\n{\"id\":\"b\"}\r\n", "a b"},
      {"nonsense\n{\"id\":\"b\"}", "-!json_syntax b"},
      {"{\n\"id\":\"a\"\n}", "a"},
      {"{\n  \"id\":\"a\",\n  \"member\":{\n}\n}\n", "a"},
      {"{\"id\":\"a\",\"member\":\n {}}", "a"},
      {"{\"id\":\"a\"}\nnonsense", "a!json_syntax"},
      {"[{\"id\":\"a\"},{\"id\":\"b\"}]", "a b"},
      {" \n [\n{\"id\":\"a\"}\n,\n{\"id\":\"b\"}\n]\n ", "a b"},
      {"[]", ""},
      {"[ ] ", ""},
      {"\xef\xbb\xbf{\"id\":\"a\"}", "a"},
      {"7", "-!fact_type"},
  };
  (void)state;
  CHECK(samples, CASES_AUTO);
}

static void lines(void **state) {
  static const struct sample samples[] = {
      {"{\"id\":\"a\"}\n{\"id\":}\nx\n{\"id\":\"d\"} {}\n{\"id\":\"e\"}\n",
       "a -!json_syntax -!json_syntax d!json_syntax e"},
      {"{\"id\":\"a\",\n\"member\":{}}", "a!json_syntax -!fact_type"},
      {"{}\n[]\n{}", "- -!fact_type -"},
  };
  (void)state;
  CHECK(samples, CASES_LINES);
}

static void arrays(void **state) {
  static const struct sample samples[] = {
      {"[{\"id\":\"a\"},{\"id\":\"b\",},{\"id\":\"c\"}]", "a b!json_syntax c"},
      {"[{\"id\":\"a\"},{\"id\":\"b\"]},{\"id\":\"c\"}]", "a b!json_syntax c"},
      {"[{\"id\":\"a],[\"},{\"id\":\"\\\"]\"}]", "a],[ \"]"},
      {"[{\"id\":\"a\"},]", "a -!json_syntax"},
      {"[,{\"id\":\"a\"}]", "-!json_syntax a"},
      {"[1,\"a\",[],null]", "-!fact_type -!fact_type -!fact_type -!fact_type"},
      {"[{\"id\":\"a\"}] x", "a -!json_syntax"},
      {"[{\"id\":\"a\"}]]", "a -!json_syntax"},
      {"[{\"id\":\"a\"}", "a -!json_syntax"},
      {"[{\"id\":\"a\"},", "a -!json_syntax"},
      {"[{\"id\":\"a\"},{\"id\":\"b\"", "a b!json_syntax"},
      {"[", "-!json_syntax"},
      {"[{\"id\":\"a},\n{\"id\":\"b\"}]", "-!json_syntax"},
      {"{\"id\":\"a\"}", "-!json_syntax"},
      {"", "-!json_syntax"},
  };
  (void)state;
  CHECK(samples, CASES_ARRAY);
}

static void objects(void **state) {
  static const struct sample samples[] = {
      {"{\"id\":\"a\"}\n{\"id\":\"b\"}", "a!json_syntax"},
      {"", "-!json_syntax"},
      {"[{}]", "-!fact_type"},
  };
  (void)state;
  CHECK(samples, CASES_OBJECT);
}

static void csv(void **state) {
  static const struct sample samples[] = {
      {"id,member.birth_date\na,1980-05-01\nb,\n", "a b"},
      {"id,member.birth_date\r\na,1980-05-01\r\nb,soon\r\nc,1980-05-01",
       "a b!fact_type/member/birth_date c"},
      {"member.birth_date,id\nsoon,a\n", "a!fact_type/member/birth_date"},
      {"id,service.drug\na,\"x,\"\"y\"\"\nz\"\nb,z\n", "a b"},
      {"id,therapy.previous_course_last_dose_date\na,null\n", "a"},
      {"id,member.birth_date\na,null\n", "a!fact_null/member/birth_date"},
      {"id,clinical.diagnosis_codes\na,K5090;K51\nb,[]\nc,K5090;\n",
       "a b c!fact_code/clinical/diagnosis_codes/1"},
      {"id,service.self_administered\na,TRUE\nb,false\nc,yes\n",
       "a b c!fact_type/service/self_administered"},
      {"id,access.infusion_center_miles\na,8.40\nb,8x\nc,1e9\n",
       "a b!fact_type/access/infusion_center_miles c!fact_range/access/infusion_center_miles"},
      {"id,membr.birth_date\na,x\n", "a!fact_unknown/membr/birth_date"},
      {"id,member.birth_date,member.birth_date\na,,\n", "a!key_repeated/member/birth_date"},
      {"id,clinical.adverse_events\na,x\n", "a!csv_records/clinical/adverse_events"},
      {"id,claim.lines[].code\na,x\n", "a!csv_records/claim/lines[]/code"},
      {"id,service.drug\na\nb,c,d\ne,f\n", "a!csv_cells b!csv_cells e"},
      {"id,service.drug\n\na,\"b\"c\nd,e\"f\ng,h\n", "a!csv_syntax d!csv_syntax g"},
      {"id,service.drug\na,\"never closed\n", "a!csv_syntax"},
      {"id,service.drug\n\xff,x\nb,\xff\n", "-!csv_syntax/id b!csv_syntax/service/drug"},
      {"id\na\n\nb\n", "a b"},
      {"", ""},
      {"\"id\nx", " trouble"},
  };
  (void)state;
  CHECK(samples, CASES_CSV);
}

// A case that is too large is one error, whatever the form, and costs none of the others.
static void too_large(void **state) {
  static const struct {
    enum case_format format;
    const char *before, *after, *cases;
  } forms[] = {
      {CASES_AUTO, "{\"id\":\"", "\"}\n{\"id\":\"b\"}\n", "-!case_too_large b"},
      {CASES_AUTO, "{\"id\":\"a\"}\n{\"id\":\"", "\"}\n{\"id\":\"c\"}\n", "a -!case_too_large c"},
      {CASES_LINES, "{\"id\":\"a\"}\n{\"id\":\"", "", "a -!case_too_large"},
      {CASES_AUTO, "[{\"id\":\"", "\"},{\"id\":\"b\"}]", "-!case_too_large b"},
      {CASES_AUTO, "{\n\"id\":\"", "\"\n}", "-!case_too_large"},
      {CASES_CSV, "id\n", "\nb\n", "-!case_too_large b"},
  };
  struct buffer text = {0}, out = {0};
  (void)state;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    buffer_clear(&text);
    buffer_text(&text, forms[i].before);
    for (int k = 0; k < 100000; k++) buffer_char(&text, 'x');
    buffer_text(&text, forms[i].after);
    cut(text.data, text.length, forms[i].format, &out);
    assert_string_equal(buffer_get(&out), forms[i].cases);
  }
  buffer_free(&text);
  buffer_free(&out);
}

static void nul_bytes(void **state) {
  static const char text[] = "{\"id\":\"a\"}\n{\"id\":\"b\"}\0\n{\"id\":\"c\"}\n";
  struct buffer out = {0};
  (void)state;
  cut(text, sizeof text - 1, CASES_AUTO, &out);
  assert_string_equal(buffer_get(&out), "a b!json_syntax c");
  buffer_free(&out);
}

// Cases enough for several batches, with one among them that is larger than a batch.
static void fills_batches(void **state) {
  struct case_limits wide = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, true};
  struct case_reader *reader = case_reader_new(&vocabulary, &wide);
  struct case_stream *s = malloc(sizeof *s);
  struct case_batch batch = {0};
  struct buffer text = {0};
  uint64_t count = 0, batches = 0, bytes = 0;
  (void)state;
  for (int i = 0; i < 5000; i++) {
    buffer_format(&text, "{\"id\":\"%d\",\"note\":\"", i);
    for (int k = 0; k < (i == 2500 ? 200000 : 50); k++) buffer_text(&text, "note ");
    buffer_text(&text, "\"}\n");
  }
  assert_true(file_write("streams_test.tmp", text.data, text.length));
  assert_true(case_stream_open(s, "streams_test.tmp", CASES_AUTO, reader, &wide));
  remove("streams_test.tmp");
  while (case_stream_fill(s, &batch)) {
    for (size_t i = 0; i < batch.count; i++) {
      char expected[16];
      const struct case_data *d = case_batch_read(&batch, i, reader);
      snprintf(expected, sizeof expected, "%d", (int)count++);
      assert_null(d->error.code);
      assert_string_equal(d->id.data, expected);
    }
    assert_true(case_stream_bytes(s) > bytes);
    bytes = case_stream_bytes(s);
    batches++;
  }
  assert_false(s->trouble);
  assert_int_equal(count, 5000);
  assert_int_equal(bytes, text.length);
  assert_in_range(batches, 5, 15);
  assert_true(batch.text.capacity <= (size_t)8 * BATCH_BYTES);
  case_batch_free(&batch);
  case_stream_close(s);
  free(s);
  buffer_free(&text);
  case_reader_free(reader);
}

// How many cases lines give, all without an error, and that they come in order.
static uint64_t count_lines(const struct buffer *text, bool numbered) {
  struct case_limits wide = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, true};
  struct case_reader *reader = case_reader_new(&vocabulary, &wide);
  struct case_stream *s = malloc(sizeof *s);
  struct case_batch batch = {0};
  uint64_t count = 0;
  assert_true(file_write("streams_test.tmp", text->data, text->length));
  assert_true(case_stream_open(s, "streams_test.tmp", CASES_LINES, reader, &wide));
  remove("streams_test.tmp");
  while (case_stream_fill(s, &batch)) {
    assert_true(batch.count <= BATCH_CASES);
    for (size_t i = 0; i < batch.count; i++, count++) {
      const struct case_data *d = case_batch_read(&batch, i, reader);
      assert_null(d->error.code);
      if (numbered) assert_int_equal(strtoull(d->id.data, NULL, 10), count);
    }
  }
  assert_false(s->trouble);
  assert_int_equal(case_stream_bytes(s), text->length);
  case_batch_free(&batch);
  case_stream_close(s);
  free(s);
  case_reader_free(reader);
  return count;
}

// Lines of all lengths, so that what is read ends anywhere in them, with empty ones between and none at the end.
static void lines_across_batches(void **state) {
  struct buffer text = {0};
  (void)state;
  for (int i = 0; i < 3000; i++) {
    buffer_format(&text, "%s{\"id\":\"%d\",\"note\":\"", i ? "\r\n" : "", i);
    for (int k = 0; k < i % 701; k++) buffer_char(&text, 'x');
    buffer_text(&text, "\"}");
    if (i % 7 == 0) buffer_text(&text, "\n \t\n");
  }
  assert_int_equal(count_lines(&text, true), 3000);
  buffer_free(&text);
}

// More of them than a batch has room for, by number; and nothing but empty ones, longer than a batch.
static void short_lines(void **state) {
  struct buffer text = {0};
  (void)state;
  for (int i = 0; i < 5 * BATCH_CASES; i++) buffer_text(&text, "{}\n");
  assert_int_equal(count_lines(&text, false), 5 * BATCH_CASES);
  for (int i = 0; i < 2 * BATCH_BYTES; i++) buffer_char(&text, i % 80 ? ' ' : '\n');
  buffer_text(&text, "{}");
  assert_int_equal(count_lines(&text, false), 5 * BATCH_CASES + 1);
  buffer_clear(&text);
  for (int i = 0; i < 2 * BATCH_BYTES; i++) buffer_char(&text, '\n');
  assert_int_equal(count_lines(&text, false), 0);
  buffer_clear(&text);
  assert_int_equal(count_lines(&text, false), 0);
  buffer_free(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tells_forms_apart),
      cmocka_unit_test(lines),
      cmocka_unit_test(arrays),
      cmocka_unit_test(objects),
      cmocka_unit_test(csv),
      cmocka_unit_test(too_large),
      cmocka_unit_test(nul_bytes),
      cmocka_unit_test(fills_batches),
      cmocka_unit_test(lines_across_batches),
      cmocka_unit_test(short_lines),
  };
  return cmocka_run_group_tests(tests, open_vocabulary, close_vocabulary);
}
