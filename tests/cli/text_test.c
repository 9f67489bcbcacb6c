// SPDX-License-Identifier: Apache-2.0
//
// The small parts: buffers, UTF-8, near names, decimals and dates as text, the JSON writer, options of commands.
#include "cli_test.h"

#include "cli/files.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/phrases.h"
#include "cli/progress.h"
#include "cli/values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void buffers(void **state) {
  struct buffer b = {0};
  (void)state;
  assert_string_equal(buffer_get(&b), "");
  for (int i = 0; i < 1000; i++) assert_true(buffer_format(&b, "%03d", i));
  assert_int_equal(b.length, 3000);
  assert_memory_equal(b.data + 2997, "999", 4);
  assert_false(buffer_reserve(&b, SIZE_MAX - 10));
  assert_true(b.failed);
  assert_false(buffer_char(&b, 'x'));
  assert_int_equal(b.length, 3000);
  buffer_free(&b);
  assert_false(b.failed);
}

static void utf8(void **state) {
  static const struct {
    const char *text;
    size_t length;
  } texts[] = {
      {"a", 1},
      {"\x7f", 1},
      {"\xc2\x80", 2},
      {"\xdf\xbf", 2},
      {"\xe0\xa0\x80", 3},
      {"\xed\x9f\xbf", 3},
      {"\xee\x80\x80", 3},
      {"\xef\xbf\xbf", 3},
      {"\xf0\x90\x80\x80", 4},
      {"\xf4\x8f\xbf\xbf", 4},
      {"", 0},
      {"\x80", 0},
      {"\xc0\xaf", 0},
      {"\xc1\xbf", 0},
      {"\xc2", 0},
      {"\xc2\x41", 0},
      {"\xe0\x9f\xbf", 0},
      {"\xe2\x82", 0},
      {"\xed\xa0\x80", 0},
      {"\xf0\x8f\xbf\xbf", 0},
      {"\xf4\x90\x80\x80", 0},
      {"\xf5\x80\x80\x80", 0},
      {"\xff", 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_int_equal(text_character(texts[i].text, strlen(texts[i].text)), texts[i].length);
  assert_int_equal(text_columns("Caf\xc3\xa9", 5), 4);
}

static void quotes(void **state) {
  struct buffer b = {0};
  char longest[100];
  (void)state;
  quote_append(&b, "a\x1b[2J\n\xff\xc2\x9b", 9);
  assert_string_equal(b.data, "\"a\\x1b[2J\\x0a\\xff\\xc2\\x9b\"");
  buffer_clear(&b);
  memset(longest, 'x', sizeof longest);
  quote_append(&b, longest, sizeof longest);
  assert_int_equal(b.length, 60 + 5);
  assert_string_equal(b.data + 60, "x...\"");
  buffer_free(&b);
}

static const char *nearest(const char *wanted, const char *const *names) {
  static char best[64];
  struct near near = near_to(wanted, strlen(wanted));
  for (; *names; names++) near_offer(&near, *names, strlen(*names));
  if (!near.best) return NULL;
  memcpy(best, near.best, near.best_length);
  best[near.best_length] = '\0';
  return best;
}

static void near_names(void **state) {
  static const char *const names[] = {"compile", "check", "decide", "test", "dis", "info", NULL};
  (void)state;
  assert_string_equal(nearest("decied", names), "decide");
  assert_string_equal(nearest("chek", names), "check");
  assert_string_equal(nearest("dsi", names), "dis");
  assert_string_equal(nearest("tets", names), "test");
  assert_string_equal(nearest("compiler", names), "compile");
  assert_null(nearest("replay", names));
  assert_null(nearest("", names));
  assert_null(
      nearest("aVeryLongNameThatIsLongerThanAnyNameThatSomeoneWouldEverTypeByMistake", names));
}

static void counts_and_bounds(void **state) {
  char room[COUNT_ROOM];
  (void)state;
  assert_string_equal(count_write(room, 0), "0");
  assert_string_equal(count_write(room, 999), "999");
  assert_string_equal(count_write(room, 1000), "1,000");
  assert_string_equal(count_write(room, 1234567), "1,234,567");
  assert_string_equal(count_write(room, UINT64_MAX), "18,446,744,073,709,551,615");
  assert_string_equal(bound_write(room, UINT64_MAX - 1), "18,446,744,073,709,551,614");
  assert_string_equal(bound_write(room, UINT64_MAX), "no bound below 2^64");
}

static void decimals_and_dates(void **state) {
  static const struct {
    int64_t millionths;
    const char *text;
  } decimals[] = {
      {0, "0"},
      {1, "0.000001"},
      {-1, "-0.000001"},
      {1000000, "1"},
      {8400000, "8.4"},
      {-12500000, "-12.5"},
      {100, "0.0001"},
      {1000001, "1.000001"},
      {INT64_MIN, "-9223372036854.775808"},
      {999999999999999, "999999999.999999"},
  };
  struct buffer b = {0};
  (void)state;
  for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++) {
    buffer_clear(&b);
    decimal_append(&b, decimals[i].millionths);
    assert_string_equal(b.data, decimals[i].text);
  }
  buffer_clear(&b);
  date_append(&b, 0);
  date_append(&b, 3652058);
  assert_string_equal(b.data, "0001-01-019999-12-31");
  buffer_free(&b);
}

static void versions(void **state) {
  int32_t day;
  (void)state;
  assert_true(version_day("2024-02-29", 10, &day));
  assert_false(version_day("2023-02-29", 10, &day));
  assert_false(version_day("2024-2-29x", 10, &day));
  assert_false(version_day("2024-02-2", 9, &day));
  assert_false(version_day("2024/02/29", 10, &day));
}

// The piece of a number, found or made: the number and what is in it twice, in two parts.
static bool phrase_of(struct phrases *t, uint32_t number, uint32_t count, char *out) {
  uint64_t words[8] = {PHRASE_RESULT, number % 7, number, 0, number / 3};
  struct phrase_key key = {.words = words, .count = count};
  const struct phrase *p = phrase_find(t, key);
  bool found = p != NULL;
  if (!p) {
    phrase_begin(t, key);
    buffer_char(&t->pieces, '{');
    phrase_text(t);
    buffer_format(&t->pieces, "%u", number);
    phrase_second(t);
    buffer_format(&t->pieces, ":%u", number);
    p = phrase_keep(t);
  }
  snprintf(out, 64, "%.*s|%.*s", (int)p->head, phrase_head(p), (int)(p->length - p->head),
           phrase_tail(p));
  return found;
}

// Far more pieces than are kept: each is either what was kept under its key, or has been forgotten.
static void phrases_come_again(void **state) {
  struct phrases *t = phrases_new();
  size_t again = 0;
  char text[64], expected[64];
  (void)state;
  for (uint32_t turn = 0; turn < 5; turn++) {
    for (uint32_t i = 0; i < (turn < 2 ? 100u : PHRASES); i++) {
      again += phrase_of(t, i, i % 2 ? 4 : 8, text);
      snprintf(expected, sizeof expected, "%u|:%u", i, i);
      assert_string_equal(text, expected);
    }
    if (turn == 1) assert_int_equal(again, 100);
  }
  assert_true(t->count <= PHRASES / 2);
  phrases_free(t);
}

// Keys of other lengths are other keys; without a key a piece can be read and is not kept; too many bytes are
// forgotten.
static void phrases_by_key(void **state) {
  static const uint64_t large[] = {5};
  struct phrases *t = phrases_new();
  char text[64];
  (void)state;
  assert_false(phrase_of(t, 0, 8, text));
  assert_false(phrase_of(t, 0, 4, text));
  assert_true(phrase_of(t, 0, 8, text));
  for (uint32_t turn = 0; turn < 2; turn++) {
    assert_false(phrase_of(t, 9, 0, text));
    assert_string_equal(text, "9|:9");
  }
  assert_int_equal(t->count, 2);
  assert_true(phrase_of(t, 0, 4, text));
  phrase_begin(t, (struct phrase_key){.words = large, .count = 1});
  phrase_text(t);
  for (size_t i = 0; i < PHRASE_BYTES; i++) buffer_char(&t->pieces, 'x');
  assert_int_equal(phrase_keep(t)->length, PHRASE_BYTES);
  assert_false(phrase_of(t, 1, 8, text));
  assert_false(phrase_of(t, 0, 8, text));
  assert_int_equal(t->count, 2);
  phrases_free(t);
}

static void progress_lines(void **state) {
  char line[100];
  (void)state;
  progress_line(line, 0, 0, 0, 0);
  assert_string_equal(line, "0 cases, 0 a second");
  progress_line(line, 999, 5, 0, 2);
  assert_string_equal(line, "999 cases, 499 a second");
  progress_line(line, 1234567, 250000000, 1000000000, 2);
  assert_string_equal(line, "1,234,567 cases, 617,283 a second, 24 %, 0:06 left");
  progress_line(line, 1000, 1, 1000, 1);
  assert_string_equal(line, "1,000 cases, 1,000 a second, 0 %, 16:39 left");
  progress_line(line, UINT64_MAX, UINT64_MAX / 2, UINT64_MAX, 1e9);
  assert_non_null(strstr(line, "18,446,744,073,709,551,615 cases"));
  progress_line(line, 10, 1001, 1000, 1); // the file grew
  assert_string_equal(line, "10 cases, 10 a second");
}

static void json_output(void **state) {
  struct buffer b = {0};
  (void)state;
  struct json_writer *w = json_writer_new(&b, false);
  json_object(w);
  json_key_text(w, "a\"\\\n\x01", 5);
  json_array(w);
  json_null(w);
  json_bool(w, true);
  json_unsigned(w, UINT64_MAX);
  json_raw(w, "-8.40", 5);
  json_text(w, "x\0y\xff\xc3\xa9", 6);
  json_array_end(w);
  json_object_end(w);
  assert_true(json_writer_ok(w));
  assert_string_equal(b.data, "{\"a\\\"\\\\\\n\\u0001\":[null,true,18446744073709551615,-8.40,"
                              "\"x\\u0000y\xef\xbf\xbd\xc3\xa9\"]}");
  buffer_clear(&b);
  json_writer_reset(w);
  for (int i = 0; i < JSON_WRITER_DEPTH; i++) json_array(w);
  assert_true(json_writer_ok(w));
  json_array(w);
  assert_false(json_writer_ok(w));
  json_writer_free(w);
  buffer_free(&b);
}

static int parse(int argc, char **argv, bool *flag, const char **text, size_t *number,
                 struct option_texts *texts) {
  static const struct command command = {"name", "", "FILE", "", "", NULL};
  const struct option options[] = {
      {"--flag", 'f', OPTION_FLAG, flag, NULL, ""},
      {"--text", 't', OPTION_TEXT, text, "T", ""},
      {"--number", 0, OPTION_NUMBER, number, "N", ""},
      {"--more", 0, OPTION_TEXTS, texts, "M", ""},
  };
  int status;
  return options_parse(&command, options, 4, argc, argv, 0, 3, &status);
}

static void command_options(void **state) {
  char words[][12] = {"a", "-f", "--text=x", "--number", "42", "--more",
                      "m", "b",  "--more=n", "--",       "-t"};
  char *argv[11];
  bool flag = false;
  const char *text = NULL;
  size_t number = 0;
  struct option_texts texts = {0};
  (void)state;
  for (int i = 0; i < 11; i++) argv[i] = words[i];
  assert_int_equal(parse(11, argv, &flag, &text, &number, &texts), 3);
  assert_string_equal(argv[0], "a");
  assert_string_equal(argv[1], "b");
  assert_string_equal(argv[2], "-t");
  assert_true(flag);
  assert_string_equal(text, "x");
  assert_int_equal(number, 42);
  assert_int_equal(texts.count, 2);
  assert_string_equal(texts.items[1], "n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(buffers),
      cmocka_unit_test(utf8),
      cmocka_unit_test(quotes),
      cmocka_unit_test(near_names),
      cmocka_unit_test(versions),
      cmocka_unit_test(counts_and_bounds),
      cmocka_unit_test(decimals_and_dates),
      cmocka_unit_test(progress_lines),
      cmocka_unit_test(phrases_come_again),
      cmocka_unit_test(phrases_by_key),
      cmocka_unit_test(json_output),
      cmocka_unit_test(command_options),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
