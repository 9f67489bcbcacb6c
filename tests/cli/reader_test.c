// SPDX-License-Identifier: Apache-2.0
//
// The case reader: what is accepted and stored, and for each way to be wrong the code, the place and a word of the
// message. Everything here goes through the same JSON reader as `soc decide`.
#include "cli_test.h"

#include "cli/case_reader.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct vocabulary_index vocabulary;
static const struct case_limits plain = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, false};

static int open_vocabulary(void **state) {
  (void)state;
  return vocabulary_index_open(&vocabulary) ? 0 : -1;
}

static int close_vocabulary(void **state) {
  (void)state;
  vocabulary_index_close(&vocabulary);
  return 0;
}

struct wrong {
  const char *text, *code, *pointer, *message;
};

static void expect_error(struct case_reader *r, const char *text, size_t length,
                         const struct wrong *w) {
  const struct case_data *d = case_read_json(r, text, length);
  if (!d->error.code) fail_msg("accepted: %s", text);
  if (strcmp(d->error.code, w->code) != 0 ||
      strcmp(buffer_get(&d->error.pointer), w->pointer) != 0 ||
      !strstr(buffer_get(&d->error.message), w->message))
    fail_msg("%s\n  gave %s at \"%s\": %s", text, d->error.code, buffer_get(&d->error.pointer),
             buffer_get(&d->error.message));
}

static void expect_errors(const struct wrong *wrongs, size_t count) {
  struct case_reader *r = case_reader_new(&vocabulary, &plain);
  for (size_t i = 0; i < count; i++)
    expect_error(r, wrongs[i].text, strlen(wrongs[i].text), &wrongs[i]);
  case_reader_free(r);
}

#define EXPECT_ERRORS(wrongs) expect_errors(wrongs, sizeof(wrongs) / sizeof *(wrongs))

// The value that a fact of an accepted case has, as text; NULL if it has none.
static const char *value_of(const struct case_data *d, const char *name, uint32_t row,
                            struct buffer *out) {
  uint32_t fact = vocabulary_find(&vocabulary, name, strlen(name));
  assert_int_not_equal(fact, SOC_NO_INDEX);
  const struct case_value *v = case_find(d, fact, row);
  buffer_clear(out);
  if (!v) return NULL;
  switch (v->kind) {
  case CASE_BOOL: buffer_text(out, v->number ? "true" : "false"); break;
  case CASE_ENUM:
    text_append(out, soc_vocabulary_value(vocabulary.vocabulary, fact, (uint32_t)v->number));
    break;
  case CASE_DATE: date_append(out, (int32_t)v->number); break;
  case CASE_LINE:
  case CASE_NUMBER: decimal_append(out, v->number); break;
  case CASE_NONE: buffer_text(out, "none"); break;
  case CASE_LIST: buffer_format(out, "list %d", (int)v->number); break;
  default: buffer_append(out, case_text(d, v), v->text_length);
  }
  return buffer_get(out);
}

struct right {
  const char *text, *fact;
  uint32_t row;
  const char *value;
};

static void check_value(struct case_reader *r, const struct right *right) {
  struct buffer out = {0};
  const struct case_data *d = case_read_json(r, right->text, strlen(right->text));
  if (d->error.code)
    fail_msg("%s\n  refused at %s: %s", right->text, buffer_get(&d->error.pointer),
             buffer_get(&d->error.message));
  const char *value = value_of(d, right->fact, right->row, &out);
  if (!value || strcmp(value, right->value) != 0)
    fail_msg("%s\n  gave %s", right->text, value ? value : "nothing");
  buffer_free(&out);
}

// ---------------------------------------------------------------------------------------- values

static void accepts(void **state) {
  static const struct right rights[] = {
      {"{\"member\":{\"birth_date\":\"1980-05-01\"}}", "member.birth_date", 0, "1980-05-01"},
      {"{\"member\":{\"birth_date\":\"2024-02-29\"}}", "member.birth_date", 0, "2024-02-29"},
      {"{\"member\":{\"birth_date\":\"0001-01-01\"}}", "member.birth_date", 0, "0001-01-01"},
      {"{\"member\":{\"birth_date\":\"9999-12-31\"}}", "member.birth_date", 0, "9999-12-31"},
      {"{\"member\":{\"line_of_business\":\"aso\"}}", "member.line_of_business", 0, "aso"},
      {"{\"service\":{\"code\":\"J1745\"}}", "service.code", 0, "J1745"},
      {"{\"service\":{\"drug\":\"Caf\\u00e9 \\ud83d\\ude00\"}}", "service.drug", 0,
       "Caf\xc3\xa9 \xf0\x9f\x98\x80"},
      {"{\"service\":{\"self_administered\":true}}", "service.self_administered", 0, "true"},
      {"{\"therapy\":{\"previous_course_last_dose_date\":null}}",
       "therapy.previous_course_last_dose_date", 0, "none"},
      {"{\"therapy\":{\"dosing_interval_days\":56}}", "therapy.dosing_interval_days", 0, "56"},
      {"{\"therapy\":{\"dosing_interval_days\":3.0}}", "therapy.dosing_interval_days", 0, "3"},
      {"{\"therapy\":{\"dosing_interval_days\":5.6e1}}", "therapy.dosing_interval_days", 0, "56"},
      {"{\"therapy\":{\"dosing_interval_days\":999999999}}", "therapy.dosing_interval_days", 0,
       "999999999"},
      {"{\"access\":{\"infusion_center_miles\":8.4}}", "access.infusion_center_miles", 0, "8.4"},
      {"{\"access\":{\"infusion_center_miles\":123456789.123456}}", "access.infusion_center_miles",
       0, "123456789.123456"},
      {"{\"access\":{\"infusion_center_miles\":0.100000000}}", "access.infusion_center_miles", 0,
       "0.1"},
      {"{\"access\":{\"infusion_center_miles\":-0}}", "access.infusion_center_miles", 0, "0"},
      {"{\"clinical\":{\"adverse_events\":[]}}", "clinical.adverse_events", 0, "list 0"},
      {"{\"clinical\":{\"adverse_events\":[{},{\"severity\":\"mild\"}]}}",
       "clinical.adverse_events[].severity", 1, "mild"},
      {"{\"claim\":{\"lines\":[{\"number\":1},{\"number\":2,\"related_line\":1}]}}",
       "claim.lines[].related_line", 1, "1"},
      {"{\"claim\":{\"lines\":[{\"number\":1,\"modifiers\":[\"JW\"]}]}}", "claim.lines[].modifiers",
       0, "list 0"},
  };
  (void)state;
  struct case_reader *r = case_reader_new(&vocabulary, &plain);
  for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) check_value(r, &rights[i]);
  case_reader_free(r);
}

static void refuses_types(void **state) {
  static const struct wrong wrongs[] = {
      {"{\"member\":{\"birth_date\":\"soon\"}}", "fact_type", "/member/birth_date",
       "expected a date YYYY-MM-DD, found \"soon\""},
      {"{\"member\":{\"birth_date\":19800501}}", "fact_type", "/member/birth_date",
       "found 19800501"},
      {"{\"member\":{\"birth_date\":\"1980-5-1\"}}", "fact_type", "/member/birth_date", "1980-5-1"},
      {"{\"member\":{\"birth_date\":{}}}", "fact_type", "/member/birth_date", "found an object"},
      {"{\"member\":{\"birth_date\":[]}}", "fact_type", "/member/birth_date", "found a list"},
      {"{\"member\":[]}", "fact_type", "/member", "expected an object"},
      {"{\"member\":5}", "fact_type", "/member", "facts of member"},
      {"{\"member\":null}", "fact_null", "/member", "facts of member"},
      {"{\"service\":{\"code\":96365}}", "fact_type", "/service/code", "a code of 5 capital"},
      {"{\"service\":{\"self_administered\":\"true\"}}", "fact_type", "/service/self_administered",
       "expected true or false, found \"true\""},
      {"{\"service\":{\"drug\":true}}", "fact_type", "/service/drug", "a text"},
      {"{\"therapy\":{\"dosing_interval_days\":\"56\"}}", "fact_type",
       "/therapy/dosing_interval_days", "whole number of days"},
      {"{\"therapy\":{\"dosing_interval_days\":3.5}}", "fact_type", "/therapy/dosing_interval_days",
       "found 3.5"},
      {"{\"clinical\":{\"diagnosis_codes\":\"K5090\"}}", "fact_type", "/clinical/diagnosis_codes",
       "a list of codes"},
      {"{\"clinical\":{\"diagnosis_codes\":[[]]}}", "fact_type", "/clinical/diagnosis_codes/0",
       "found a list"},
      {"{\"clinical\":{\"adverse_events\":[1]}}", "fact_type", "/clinical/adverse_events/0",
       "one record"},
      {"{\"clinical\":{\"adverse_events\":[[]]}}", "fact_type", "/clinical/adverse_events/0",
       "one record"},
      {"[]", "fact_type", "", "a JSON object"},
      {"7", "fact_type", "", "a JSON object"},
      {"{\"id\":7}", "fact_type", "/id", "the case's id"},
  };
  (void)state;
  EXPECT_ERRORS(wrongs);
}

static void refuses_values(void **state) {
  static const struct wrong wrongs[] = {
      {"{\"member\":{\"birth_date\":\"2023-02-29\"}}", "fact_date", "/member/birth_date",
       "does not exist"},
      {"{\"member\":{\"birth_date\":\"0000-01-01\"}}", "fact_date", "/member/birth_date", ""},
      {"{\"member\":{\"line_of_business\":\"comercial\"}}", "fact_value",
       "/member/line_of_business", "did you mean \"commercial\"?"},
      {"{\"service\":{\"code\":\"j1745\"}}", "fact_code", "/service/code", "capital letters"},
      {"{\"service\":{\"code\":\"J174\"}}", "fact_code", "/service/code", "5 capital"},
      {"{\"service\":{\"code\":\"J17.5\"}}", "fact_code", "/service/code", ""},
      {"{\"service\":{\"code\":\"\"}}", "fact_code", "/service/code", ""},
      {"{\"clinical\":{\"diagnosis_codes\":[\"K5090\",\"k51\"]}}", "fact_code",
       "/clinical/diagnosis_codes/1", "capital letters"},
      {"{\"therapy\":{\"dosing_interval_days\":-1}}", "fact_range", "/therapy/dosing_interval_days",
       "between 0"},
      {"{\"therapy\":{\"dosing_interval_days\":1000000000}}", "fact_range",
       "/therapy/dosing_interval_days", "9 digits"},
      {"{\"access\":{\"infusion_center_miles\":1.1234567}}", "fact_range",
       "/access/infusion_center_miles", "6 after"},
      {"{\"access\":{\"infusion_center_miles\":1e400}}", "fact_range",
       "/access/infusion_center_miles", "9 digits"},
      {"{\"access\":{\"infusion_center_miles\":1e-400}}", "fact_range",
       "/access/infusion_center_miles", "9 digits"},
      {"{\"clinical\":{\"fvc_percent_predicted\":200.000001}}", "fact_range",
       "/clinical/fvc_percent_predicted", "between 0 and 200"},
      {"{\"member\":{\"birth_date\":null}}", "fact_null", "/member/birth_date", "leave it out"},
      {"{\"clinical\":{\"adverse_events\":null}}", "fact_null", "/clinical/adverse_events", ""},
      {"{\"clinical\":{\"adverse_events\":[null]}}", "fact_null", "/clinical/adverse_events/0", ""},
      {"{\"clinical\":{\"diagnosis_codes\":[null]}}", "fact_null", "/clinical/diagnosis_codes/0",
       ""},
      {"{\"clinical\":{\"adverse_events\":[{},{\"severity\":\"bad\"}]}}", "fact_value",
       "/clinical/adverse_events/1/severity", "one of mild"},
  };
  (void)state;
  EXPECT_ERRORS(wrongs);
}

static void refuses_names(void **state) {
  static const struct wrong wrongs[] = {
      {"{\"member\":{\"birthdate\":\"1980-05-01\"}}", "fact_unknown", "/member/birthdate",
       "did you mean \"birth_date\"?"},
      {"{\"membr\":{}}", "fact_unknown", "/membr", "did you mean \"member\"?"},
      {"{\"birth_date\":\"1980-05-01\"}", "fact_unknown", "/birth_date",
       "did you mean member.birth_date?"},
      {"{\"member.birth_date\":\"1980-05-01\"}", "fact_unknown", "/member.birth_date",
       "nested objects"},
      {"{\"a/b~c\":1}", "fact_unknown", "/a~1b~0c", ""},
      {"{\"member\":{\"id\":\"x\"}}", "fact_unknown", "/member/id", ""},
      {"{\"\":1}", "fact_unknown", "/", ""},
      {"{\"member\":{\"birth_date\":\"1980-05-01\",\"birth_date\":\"1980-05-01\"}}", "key_repeated",
       "/member/birth_date", "twice"},
      {"{\"member\":{},\"member\":{}}", "key_repeated", "/member", "twice"},
      {"{\"id\":\"a\",\"id\":\"a\"}", "key_repeated", "/id", "twice"},
      {"{\"clinical\":{\"adverse_events\":[{\"kind\":\"other\"},{\"kind\":\"other\",\"kind\":"
       "\"seizure\"}]}}",
       "key_repeated", "/clinical/adverse_events/1/kind", "twice"},
  };
  (void)state;
  EXPECT_ERRORS(wrongs);
}

static void refuses_lines(void **state) {
  static const struct wrong wrongs[] = {
      {"{\"claim\":{\"lines\":[{\"code\":\"J1745\"}]}}", "line_number", "/claim/lines/0/number",
       "has none"},
      {"{\"claim\":{\"lines\":[{\"number\":1},{\"number\":2},{\"number\":1}]}}", "line_number",
       "/claim/lines/2/number", "number 1"},
      {"{\"claim\":{\"lines\":[{\"number\":1,\"related_line\":2}]}}", "line_reference",
       "/claim/lines/0/related_line", "number 2"},
      {"{\"claim\":{\"lines\":[{\"number\":1,\"related_line\":1}]}}", "line_reference",
       "/claim/lines/0/related_line", "itself"},
      {"{\"claim\":{\"lines\":[{\"number\":1},{\"number\":2,\"related_line\":3},{\"number\":3,"
       "\"related_line\":2}]}}",
       "line_cycle", "/claim/lines/1/related_line", "returns"},
      {"{\"claim\":{\"lines\":[{\"number\":1,\"related_line\":2},{\"number\":2,\"related_line\":3},"
       "{\"number\":3,\"related_line\":4},{\"number\":4,\"related_line\":2}]}}",
       "line_cycle", "/claim/lines/1/related_line", "returns"},
      {"{\"claim\":{\"lines\":[{\"number\":1,\"units\":-1}]}}", "fact_range",
       "/claim/lines/0/units", ""},
      {"{\"claim\":{\"lines\":[{\"number\":1,\"modifiers\":[\"JW\",5]}]}}", "fact_type",
       "/claim/lines/0/modifiers/1", ""},
  };
  (void)state;
  EXPECT_ERRORS(wrongs);
}

// ---------------------------------------------------------------------------------------- JSON

static void refuses_malformed(void **state) {
  static const struct {
    const char *text;
    size_t length, offset;
  } texts[] = {
      {"", 0, 0},
      {"   ", 3, 3},
      {"{\"id\":}", 7, 6},
      {"{\"id\":\"a\"", 9, 9},
      {"{\"id\":\"a\"} x", 12, 11},
      {"{\"id\":\"a\"}{}", 12, 10},
      {"{\"id\":\"a\"}\0", 11, 10},
      {"{\"id\":\"a\"}\0{\"id\":\"b\"}", 21, 10},
      {"{\"id\":\"a\0b\"}", 12, 8},
      {"{\"id\":\"\xc0\xaf\"}", 11, 7},
      {"{\"id\":\"\xed\xa0\x80\"}", 12, 7},
      {"{\"id\":\"\xff\"}", 10, 7},
      {"{\"id\":\"\\ud800\"}", 15, 7},
      {"{\"id\":\"\\ud800x\"}", 16, 7},
      {"{\"id\":\"\\udc00\"}", 15, 14},
      {"{\"\\udc00\":1}", 12, 9},
      {"{\"id\":\"\\x\"}", 11, 7},
      {"{\"id\":\"a\nb\"}", 12, 8},
      {"{'id':1}", 8, 1},
      {"{\"id\":nul}", 10, 9},
      {"{\"therapy\":{\"dosing_interval_days\":01}}", 39, 36},
      {"{\"therapy\":{\"dosing_interval_days\":1.}}", 39, 37},
      {"{\"therapy\":{\"dosing_interval_days\":1e}}", 39, 37},
      {"{\"therapy\":{\"dosing_interval_days\":+1}}", 39, 35},
      {"{\"therapy\":{\"dosing_interval_days\":NaN}}", 40, 35},
      {"{\"id\":\"a\",}", 11, 10},
      {"{\"id\":\"a\"/**/}", 14, 9},
      {"\xef\xbb\xbf{}", 5, 0},
  };
  (void)state;
  struct case_reader *r = case_reader_new(&vocabulary, &plain);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    // A copy of just that size, so that a sanitizer sees a byte too many.
    char *copy = malloc(texts[i].length + !texts[i].length);
    if (texts[i].length) memcpy(copy, texts[i].text, texts[i].length);
    const struct case_data *d = case_read_json(r, copy, texts[i].length);
    if (!d->error.code || strcmp(d->error.code, "json_syntax") != 0 || !d->error.has_offset ||
        d->error.pointer.length)
      fail_msg("%zu: %s gave %s", i, texts[i].text, d->error.code ? d->error.code : "no error");
    if (d->error.offset != texts[i].offset)
      fail_msg("%zu: %s at %zu, expected %zu: %s", i, texts[i].text, d->error.offset,
               texts[i].offset, buffer_get(&d->error.message));
    free(copy);
  }
  case_reader_free(r);
}

static void errors_carry_the_id(void **state) {
  static const char *const texts[] = {
      "{\"id\":\"p\",\"member\":{\"birth_date\":1}}",
      "{\"member\":{\"birth_date\":1},\"id\":\"p\"}",
      "{\"member\":{\"birth_date\":{\"id\":\"q\"}},\"id\":\"p\"}",
      "{\"member\":[{\"id\":\"q\"}],\"service\":{\"id\":\"r\"},\"id\":\"p\"}",
      "{\"x\":{\"id\":\"q\"},\"id\":\"p\"}",
      "{\"claim\":{\"lines\":[{\"code\":\"J1745\"}]},\"id\":\"p\"}",
      "{\"clinical\":{\"adverse_events\":[1,{\"id\":\"q\"}]},\"id\":\"p\"}",
  };
  (void)state;
  struct case_reader *r = case_reader_new(&vocabulary, &plain);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const struct case_data *d = case_read_json(r, texts[i], strlen(texts[i]));
    assert_non_null(d->error.code);
    if (!d->has_id || strcmp(d->id.data, "p") != 0)
      fail_msg("%s: id %s", texts[i], buffer_get(&d->id));
  }
  case_reader_free(r);
}

// ---------------------------------------------------------------------------------------- limits

static void deep_text(struct buffer *out, const char *head, size_t levels, const char *tail) {
  buffer_clear(out);
  buffer_text(out, head);
  for (size_t i = 0; i < levels; i++) buffer_text(out, "[");
  for (size_t i = 0; i < levels; i++) buffer_text(out, "]");
  buffer_text(out, tail);
}

static void limits_depth(void **state) {
  struct case_limits limits = plain;
  struct buffer text = {0};
  (void)state;
  limits.ignore_unknown = true;
  struct case_reader *r = case_reader_new(&vocabulary, &limits);
  deep_text(&text, "{\"x\":", CASE_DEPTH - 1, "}");
  const struct case_data *d = case_read_json(r, text.data, text.length);
  assert_null(d->error.code);
  deep_text(&text, "{\"x\":", CASE_DEPTH, "}");
  d = case_read_json(r, text.data, text.length);
  assert_string_equal(d->error.code, "too_deep");
  deep_text(&text, "{\"id\":\"p\",\"x\":", 1000000, "}");
  d = case_read_json(r, text.data, text.length);
  assert_string_equal(d->error.code, "too_deep");
  assert_true(d->has_id);
  buffer_free(&text);
  case_reader_free(r);
}

static const struct case_data *read_items(struct case_reader *r, size_t count) {
  struct buffer text = {0};
  buffer_text(&text, "{\"clinical\":{\"diagnosis_codes\":[");
  for (size_t i = 0; i < count; i++) buffer_text(&text, i ? ",\"K5090\"" : "\"K5090\"");
  buffer_text(&text, "]}}");
  const struct case_data *d = case_read_json(r, text.data, text.length);
  buffer_free(&text);
  return d;
}

static void limits_items(void **state) {
  struct case_limits limits = plain;
  (void)state;
  struct case_reader *r = case_reader_new(&vocabulary, &limits);
  assert_null(read_items(r, CASE_ITEMS)->error.code);
  const struct case_data *d = read_items(r, CASE_ITEMS + 1);
  assert_string_equal(d->error.code, "list_too_long");
  assert_string_equal(d->error.pointer.data, "/clinical/diagnosis_codes");
  case_reader_free(r);
  limits.items = 2;
  r = case_reader_new(&vocabulary, &limits);
  assert_null(read_items(r, 2)->error.code);
  assert_non_null(read_items(r, 3)->error.code);
  case_reader_free(r);
}

static void limits_bytes(void **state) {
  struct case_limits limits = plain;
  static const char text[] = "{\"id\":\"p\"}";
  (void)state;
  limits.bytes = sizeof text - 1;
  struct case_reader *r = case_reader_new(&vocabulary, &limits);
  assert_null(case_read_json(r, text, sizeof text - 1)->error.code);
  const struct case_data *d = case_read_json(r, "{\"id\":\"pq\"}", sizeof text);
  assert_string_equal(d->error.code, "case_too_large");
  case_reader_free(r);
}

static void ignores_unknown_names(void **state) {
  static const struct right right = {"{\"note\":{\"a\":[1,{\"b\":null}],\"c\":1e999},\"member\":{"
                                     "\"x\":1,\"birth_date\":\"1980-05-01\"}}",
                                     "member.birth_date", 0, "1980-05-01"};
  static const struct wrong wrongs[] = {
      {"{\"x\":1,\"y\":2,\"x\":3}", "key_repeated", "/x", ""},
      {"{\"x\":{\"a\":1,\"b\":{\"a\":1},\"a\":2}}", "key_repeated", "/x/a", ""},
      {"{\"x\":[{\"a\":1},{\"a\":1},{\"a\":1,\"a\":1}]}", "key_repeated", "/x/2/a", ""},
      {"{\"x\":1,\"member\":{\"birth_date\":1}}", "fact_type", "/member/birth_date", ""},
  };
  struct case_limits limits = plain;
  (void)state;
  limits.ignore_unknown = true;
  struct case_reader *r = case_reader_new(&vocabulary, &limits);
  struct right without = right;
  without.text =
      "{\"note\":{\"a\":[1,{\"b\":null}]},\"member\":{\"x\":1,\"birth_date\":\"1980-05-01\"}}";
  check_value(r, &without);
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++)
    expect_error(r, wrongs[i].text, strlen(wrongs[i].text), &wrongs[i]);
  case_reader_free(r);
}

static void forgets_the_case_before(void **state) {
  struct buffer out = {0};
  (void)state;
  struct case_reader *r = case_reader_new(&vocabulary, &plain);
  static const char first[] = "{\"id\":\"a\",\"member\":{\"birth_date\":\"1980-05-01\"},\"x\":1}";
  static const char second[] = "{\"service\":{\"code\":\"J1745\"}}";
  assert_non_null(case_read_json(r, first, sizeof first - 1)->error.code);
  const struct case_data *d = case_read_json(r, second, sizeof second - 1);
  assert_null(d->error.code);
  assert_false(d->has_id);
  assert_null(value_of(d, "member.birth_date", 0, &out));
  buffer_free(&out);
  case_reader_free(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accepts),
      cmocka_unit_test(refuses_types),
      cmocka_unit_test(refuses_values),
      cmocka_unit_test(refuses_names),
      cmocka_unit_test(refuses_lines),
      cmocka_unit_test(refuses_malformed),
      cmocka_unit_test(errors_carry_the_id),
      cmocka_unit_test(limits_depth),
      cmocka_unit_test(limits_items),
      cmocka_unit_test(limits_bytes),
      cmocka_unit_test(ignores_unknown_names),
      cmocka_unit_test(forgets_the_case_before),
  };
  return cmocka_run_group_tests(tests, open_vocabulary, close_vocabulary);
}
