// SPDX-License-Identifier: Apache-2.0
//
// Scanner and NL wrapper: a source is written as the line of its tokens, and compared with one.
#include "compiler/tokens.h"

#include "grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *kind_name(uint32_t kind) {
  switch (kind) {
  case 0: return "END";
  case TK_NL: return "NL";
  case TK_NAME: return "NAME";
  case TK_STRING: return "STRING";
  case TK_NUMBER: return "NUMBER";
  case TK_DATE: return "DATE";
  case TK_CODE: return "CODE";
  case TK_PREFIX: return "PREFIX";
  case TK_BAD: return "BAD";
  default: return kind_text(kind);
  }
}

static struct front front;

// Tokens of `text`, separated by spaces; general kinds with what they stand for.
static const char *tokens_of(const char *text, size_t length) {
  static char line[4096];
  struct tokens tokens;
  uint32_t file;
  front_init(&front, NULL, NULL);
  assert_true(front_add_source(&front, text, length, "test.soc", &file));
  check_characters(&front, file);
  tokens_init(&tokens, &front, file);
  line[0] = '\0';
  for (;;) {
    struct token t = tokens_next(&tokens);
    if (t.kind == 0) return line;
    size_t used = strlen(line);
    bool general = t.kind >= TK_NAME && t.kind <= TK_PREFIX;
    snprintf(line + used, sizeof line - used, "%s%s%s%.*s", used > 0 ? " " : "", kind_name(t.kind),
             general ? ":" : "", general ? (int)(t.end - t.start) : 0, text + t.start);
  }
}

static void check_length(const char *text, size_t length, const char *expected, uint32_t errors) {
  assert_string_equal(tokens_of(text, length), expected);
  assert_int_equal(front.diags.errors, errors);
  front_free(&front);
}

static void check(const char *text, const char *expected) {
  check_length(text, strlen(text), expected, 0);
}

static void check_bad(const char *text, const char *expected, const char *code) {
  assert_string_equal(tokens_of(text, strlen(text)), expected);
  assert_int_equal(front.diags.errors, 1);
  diag_finish(&front.diags);
  soc_diagnostic d;
  diag_view(&front.diags, 0, &d);
  assert_string_equal(d.code, code);
  front_free(&front);
}

// ------------------------------------------------------------------ words

static void test_general_kinds(void **state) {
  (void)state;
  check("a a1 a_b a.b.c", "NAME:a NAME:a1 NAME:a_b NAME:a.b.c NL");
  check("clinical.adverse_events[0].severity", "NAME:clinical.adverse_events[0].severity NL");
  check("J1745 C00 0001A INITIAL_COURSE A",
        "CODE:J1745 CODE:C00 CODE:0001A CODE:INITIAL_COURSE CODE:A NL");
  check("0 11 0.5 2024", "NUMBER:0 NUMBER:11 NUMBER:0.5 NUMBER:2024 NL");
  check("2024-12-05", "DATE:2024-12-05 NL");
  check("011* J17* 0*", "PREFIX:011* PREFIX:J17* PREFIX:0* NL");
  check("10..19 C00..C96 J1 .. J2",
        "NUMBER:10 .. NUMBER:19 CODE:C00 .. CODE:C96 CODE:J1 .. CODE:J2 NL");
  check("\"a \\\" b \\\\\"", "STRING:\"a \\\" b \\\\\" NL");
  check("\"# no comment\" # one", "STRING:\"# no comment\" NL");
  check("50 % >= <= < > = + - -> ( )", "NUMBER:50 % >= <= < > = + - -> ( ) NL");
  check("a-1", "NAME:a - NUMBER:1 NL");
  check("", "");
  check("# only a comment", "");
}

static void test_words_of_the_language(void **state) {
  (void)state;
  check("approve approved met.when day days", "approve NAME:approved NAME:met.when days days NL");
  check("date: number: from: a", "NAME:date : NAME:number : NAME:from : NAME:a NL");
  for (uint32_t kind = TK_LBRACE; kind < TK_KINDS; kind++) {
    const char *text = kind_text(kind);
    assert_non_null(text); // the grammar and dsl/words.def have the same words
    struct lexer lexer;
    uint32_t file;
    front_init(&front, NULL, NULL);
    assert_true(front_add_source(&front, text, strlen(text), "test.soc", &file));
    lexer_init(&lexer, &front, file);
    assert_int_equal(lexer_next(&lexer).kind, kind);
    front_free(&front);
  }
}

static void test_bad_characters_do_not_end_scanning(void **state) {
  (void)state;
  check_bad("a @ b", "NAME:a BAD NAME:b NL", "E0102");
  check_bad("a \xC3\xA9 b", "NAME:a BAD NAME:b NL", "E0102");
  check_bad("a \xFF\xFE b", "NAME:a BAD NAME:b NL", "E0101");
  check_bad("# \xC0\xAF", "", "E0101");
  check_bad("# \xE2\x82", "", "E0101");
  check_bad("# \xED\xA0\x80", "", "E0101");
  check_bad("\"\xF4\x90\x80\x80\"", "STRING:\"\xF4\x90\x80\x80\" NL", "E0101");
  check_bad("a # \xE2\x80\xAE hidden", "NAME:a NL", "E0105");
  check_bad("a \x01\x02 b", "NAME:a NAME:b NL", "E0104");
  check_bad("a \r b", "NAME:a NL NAME:b NL", "E0104");
  check_bad("a\xC2\xA0"
            "b",
            "NAME:a BAD NAME:b NL", "E0102");
  check_bad("\xE2\x80\x9Ctext\xE2\x80\x9D a", "STRING:\xE2\x80\x9Ctext\xE2\x80\x9D NAME:a NL",
            "E0102");
  check_length("a\0b", 3, "NAME:a NAME:b NL", 1);
  check_length("\0", 1, "", 1);
}

static void test_bad_words(void **state) {
  (void)state;
  check_bad("\"open\na", "STRING:\"open NL NAME:a NL", "E0103");
  check_bad("\"open\\", "STRING:\"open\\ NL", "E0103");
  check_bad("\"a\\n\"", "STRING:\"a\\n\" NL", "E0106");
  check_bad("2024-1-5", "DATE:2024-1-5 NL", "E0107");
  check_bad("1/5/2024", "DATE:1/5/2024 NL", "E0107");
  check_bad("5.12.2024", "DATE:5.12.2024 NL", "E0107");
  check_bad("homeInfusion", "NAME:homeInfusion NL", "E0108");
  check_bad("J1745a", "CODE:J1745a NL", "E0108");
  check_bad("service.Date", "NAME:service.Date NL", "E0108");
  check_bad("C83.30", "CODE:C83.30 NL", "E0109");
  check_bad("a == b", "NAME:a = NAME:b NL", "E0110");
}

static void test_text_may_have_any_script_and_line_ends(void **state) {
  (void)state;
  check("\"\xC3\xA9\xE2\x89\xA4\xF0\x9F\x92\x89\"",
        "STRING:\"\xC3\xA9\xE2\x89\xA4\xF0\x9F\x92\x89\" NL");
  check("a\r\nb\r\n", "NAME:a NL NAME:b NL");
  check("\xEF\xBB\xBF"
        "a",
        "NAME:a NL");
  check("\ta\t b", "NAME:a NAME:b NL");
}

// ------------------------------------------------------------------ ends of items

static void test_lines_end_items(void **state) {
  (void)state;
  check("a\nb", "NAME:a NL NAME:b NL");
  check("a\n\n# x\n\nb", "NAME:a NL NAME:b NL");
  check("a; b", "NAME:a NL NAME:b NL");
  check(";;a;;b;;", "NAME:a NL NAME:b NL");
  check("{ a }", "{ NAME:a NL } NL");
  check("{ ; a; }", "{ NAME:a NL } NL");
  check("{ }", "{ } NL");
  check("{\na\nb\n}\n", "{ NAME:a NL NAME:b NL } NL");
}

static void test_tokens_that_need_more(void **state) {
  (void)state;
  check("a =\nb", "NAME:a = NAME:b NL");
  check("a,\nb", "NAME:a , NAME:b NL");
  check("met when\nall of\n{", "met when all of {");
  check("not\na", "not NAME:a NL");
  check("cite\n\"x\"", "cite STRING:\"x\" NL");
}

static void test_tokens_that_continue(void **state) {
  (void)state;
  check("a\n\"text\"\ncite \"x\"\nmet when b",
        "NAME:a STRING:\"text\" cite STRING:\"x\" met when NAME:b NL");
  check("refer A\n  through b\n  and stop", "refer CODE:A through NAME:b and stop NL");
  check("a\n+ b", "NAME:a + NAME:b NL");
  check("a\nbefore b", "NAME:a before NAME:b NL");
  check("derive x\n{\n", "derive NAME:x {");
  check("expect a refer\n missing { }", "expect NAME:a refer missing { } NL");
}

static void test_words_that_do_either(void **state) {
  (void)state;
  check("a\nwithin b {", "NAME:a NL within NAME:b {"); // at the start of a line it is a rule
  check("a\nnot b", "NAME:a NL not NAME:b NL");
  check("a\nfrom : date", "NAME:a NL NAME:from : date NL");
  check("a\nfrom b {", "NAME:a NL from NAME:b {");
  check("a\nfrom b", "NAME:a from NAME:b NL");
  check("a\nmissing: b", "NAME:a NL NAME:missing : NAME:b NL");
}

// ------------------------------------------------------------------ places

static void test_spans(void **state) {
  (void)state;
  static const char text[] = "ab\n  cd";
  struct tokens tokens;
  uint32_t file;
  front_init(&front, NULL, NULL);
  assert_true(front_add_source(&front, text, sizeof text - 1, "test.soc", &file));
  tokens_init(&tokens, &front, file);
  struct token a = tokens_next(&tokens), nl = tokens_next(&tokens), b = tokens_next(&tokens);
  assert_int_equal(a.start, 0);
  assert_int_equal(a.end, 2);
  assert_true(a.line_start && a.column_one);
  assert_int_equal(nl.start, 2);
  assert_int_equal(nl.end, 2);
  assert_int_equal(b.start, 5);
  assert_int_equal(b.end, 7);
  assert_true(b.line_start && !b.column_one);
  assert_int_equal(tokens_next(&tokens).kind, TK_NL);
  struct token end = tokens_next(&tokens);
  assert_int_equal(end.kind, 0);
  assert_int_equal(end.start, 7);
  assert_int_equal(end.end, 7);
  front_free(&front);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_general_kinds),
      cmocka_unit_test(test_words_of_the_language),
      cmocka_unit_test(test_bad_characters_do_not_end_scanning),
      cmocka_unit_test(test_bad_words),
      cmocka_unit_test(test_text_may_have_any_script_and_line_ends),
      cmocka_unit_test(test_lines_end_items),
      cmocka_unit_test(test_tokens_that_need_more),
      cmocka_unit_test(test_tokens_that_continue),
      cmocka_unit_test(test_words_that_do_either),
      cmocka_unit_test(test_spans),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
