// SPDX-License-Identifier: Apache-2.0
//
// Diagnostics: order, limit, repetition, places, the text for people, near names.
#include "compiler/front.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct front front;

static uint32_t start(const char *text, uint32_t limit) {
  uint32_t file;
  soc_compile_limits limits = {.diagnostics = limit};
  front_init(&front, NULL, &limits);
  assert_true(front_add_source(&front, text, strlen(text), "a.soc", &file));
  return file;
}

static struct diag *report(uint32_t from, uint32_t to) {
  return diag_report(&front.diags, DIAG_UNEXPECTED, (struct span){0, from, to}, str_of("x"), "y");
}

static soc_diagnostic view(uint32_t index) {
  soc_diagnostic d;
  diag_view(&front.diags, index, &d);
  return d;
}

static void test_sorted_by_place_without_repetition(void **state) {
  (void)state;
  start("one two three", 0);
  assert_non_null(report(8, 13));
  assert_non_null(report(0, 3));
  assert_null(report(8, 13));
  assert_non_null(report(4, 7));
  diag_finish(&front.diags);
  assert_int_equal(front.diags.count, 3);
  assert_int_equal(front.diags.errors, 3);
  assert_int_equal(view(0).start, 0);
  assert_int_equal(view(1).start, 4);
  assert_int_equal(view(2).start, 8);
  front_free(&front);
}

static void test_one_line_tells_how_many_are_not_shown(void **state) {
  (void)state;
  start("aaaaaaaaaa", 3);
  for (uint32_t i = 0; i < 10; i++) report(i, i + 1);
  diag_finish(&front.diags);
  diag_finish(&front.diags);
  assert_int_equal(front.diags.count, 4);
  assert_int_equal(front.diags.errors, 10);
  assert_string_equal(view(3).message, "7 more errors are not shown");
  front_free(&front);
}

static void test_places_count_characters(void **state) {
  (void)state;
  start("x\r\n\xC3\xA9\xE2\x89\xA4 bad\r\n", 0);
  report(9, 12);
  soc_diagnostic d = view(0);
  assert_int_equal(d.line, 2);
  assert_int_equal(d.column, 4);
  assert_int_equal(d.line_length, 9);
  assert_int_equal(d.mark_start, 3);
  assert_int_equal(d.mark_length, 3);
  front_free(&front);
}

static void test_a_span_over_lines_is_marked_on_its_first(void **state) {
  (void)state;
  start("abc\ndef", 0);
  report(1, 7);
  report(7, 7);
  assert_int_equal(view(0).mark_length, 2);
  assert_int_equal(view(1).mark_length, 1);
  assert_int_equal(view(1).line, 2);
  front_free(&front);
}

static void test_rendering(void **state) {
  (void)state;
  start("\xEF\xBB\xBF"
        "soc 1\n\tuse x # \x1B[31m\n",
        0);
  struct diag *d = report(14, 15);
  diag_suggest(&front.diags, d, &(struct suggestion){.best = str_of("y")});
  diag_note(&front.diags, d, (struct span){0, 3, 6}, "`%w` is first declared", str_of("x"));
  soc_diagnostic shown = view(0);
  char text[512];
  size_t length = soc_diagnostic_render(&shown, text, sizeof text);
  assert_int_equal(length, strlen(text));
  assert_string_equal(text, "error[E0201]: unexpected `x`; expected y\n"
                            " --> a.soc:2:6\n"
                            "  |\n"
                            "2 |  use x # \xEF\xBF\xBD[31m\n"
                            "  |      ^\n"
                            "  = help: did you mean `y`?\n"
                            "  = note: `x` is first declared at a.soc:1:1\n");
  assert_int_equal(soc_diagnostic_render(&shown, NULL, 0), length);
  char little[8];
  assert_int_equal(soc_diagnostic_render(&shown, little, sizeof little), length);
  assert_string_equal(little, "error[E");
  front_free(&front);
}

static void test_long_lines_and_words_are_cut(void **state) {
  (void)state;
  enum { LONG = 100000 };
  char *text = malloc(LONG + 1);
  assert_non_null(text);
  memset(text, 'a', LONG);
  text[LONG] = '\0';
  start(text, 0);
  diag_report(&front.diags, DIAG_UNEXPECTED, (struct span){0, LONG / 2, LONG}, str_of(text), text);
  soc_diagnostic d = view(0);
  assert_true(strlen(d.message) < 1100);
  assert_true(soc_diagnostic_render(&d, NULL, 0) < 2000);
  front_free(&front);
  free(text);
}

static uint32_t distance(const char *a, const char *b, uint32_t bound) {
  return edit_distance(str_of(a), str_of(b), bound);
}

static void test_edit_distance(void **state) {
  (void)state;
  assert_int_equal(distance("approve", "approve", 3), 0);
  assert_int_equal(distance("aprove", "approve", 3), 1);
  assert_int_equal(distance("approev", "approve", 3), 1);
  assert_int_equal(distance("refer", "redirect", 3), 4);
  assert_int_equal(distance("", "abc", 3), 3);
  assert_int_equal(distance("abc", "", 2), 3);
  assert_int_equal(distance("kitten", "sitting", 9), 3);
}

static void test_suggestions_do_not_depend_on_order(void **state) {
  (void)state;
  const char *names[] = {"site", "side", "size", "sight", "unrelated"};
  for (size_t first = 0; first < 5; first++) {
    struct suggestion s = suggest_for(str_of("sitee"));
    for (size_t i = 0; i < 5; i++) suggest_offer(&s, str_of(names[(first + i) % 5]));
    assert_true(str_is(s.best, "site"));
  }
  for (size_t first = 0; first < 2; first++) {
    struct suggestion s = suggest_for(str_of("sixe"));
    suggest_offer(&s, str_of(first == 0 ? "side" : "size"));
    suggest_offer(&s, str_of(first == 0 ? "size" : "side"));
    assert_true(str_is(s.best, "side")); // equally near: by the alphabet
  }
  struct suggestion none = suggest_for(str_of("zz"));
  suggest_offer(&none, str_of("zy"));
  assert_int_equal(none.best.length, 0);
}

static void test_every_code_is_told_apart(void **state) {
  (void)state;
  for (enum diag_code a = 0; a < DIAG_COUNT; a++) {
    const struct diag_info *info = diag_info_of(a);
    assert_int_equal(strlen(info->code), 5);
    assert_true(strlen(info->message) > 0);
    assert_int_equal(info->code[0], info->severity == SOC_SEVERITY_ERROR ? 'E' : 'W');
    for (enum diag_code b = 0; b < a; b++) {
      assert_string_not_equal(info->code, diag_info_of(b)->code);
      assert_string_not_equal(info->name, diag_info_of(b)->name);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sorted_by_place_without_repetition),
      cmocka_unit_test(test_one_line_tells_how_many_are_not_shown),
      cmocka_unit_test(test_places_count_characters),
      cmocka_unit_test(test_a_span_over_lines_is_marked_on_its_first),
      cmocka_unit_test(test_rendering),
      cmocka_unit_test(test_long_lines_and_words_are_cut),
      cmocka_unit_test(test_edit_distance),
      cmocka_unit_test(test_suggestions_do_not_depend_on_order),
      cmocka_unit_test(test_every_code_is_told_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
