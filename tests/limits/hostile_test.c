// SPDX-License-Identifier: Apache-2.0
//
// Sources that nobody writes: 64 MiB of nesting, NULs, bad UTF-8, a million alternatives. Each ends in a clear error or
// a correct answer; ctest's time limit stands for "no hang". With arguments (SHAPE MEBIBYTES) one shape of any size is
// tried alone, for ./dev fuzz.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/diag.h"
#include "soc/compiler.h"
#include "tests/property/text.h"

enum { MEBIBYTE = 1024 * 1024, DEEP_MEBIBYTES = 64, WIDE_MEBIBYTES = 4 };

static const char HEAD[] =
    "soc 1\npolicy \"limits/hostile\" {\n  title \"t\"\n  payer \"p\"\n  version 2024-01-01\n"
    "  basis service.date\n  source \"s\"\n}\nuse \"vocabulary/case\"\n";

static const struct shape {
  const char *name, *start, *piece;
  bool deep; // nesting: at the full size in the suite
} SHAPES[] = {
    {"blocks", "criterion c \"c\" cite \"c\" met when ", "all of { ", true},
    {"negations", "criterion c \"c\" cite \"c\" met when ", "not ", true},
    {"braces", "", "{", true},
    {"closing braces", "", "}", false},
    {"records", "criterion c \"c\" cite \"c\" met when ",
     "some record of clinical.adverse_events has ", true},
    {"numbers of records", "criterion c \"c\" cite \"c\" met when ",
     "1 = number of records of clinical.adverse_events with ", true},
    {"earliest", "criterion c \"c\" cite \"c\" met when service.date before ", "earliest of { ",
     true},
    {"sums", "criterion c \"c\" cite \"c\" met when service.date before service.date ", "+ 1 day ",
     false},
    {"withins", "decision d medical {\n", "within clinical.cardiac_condition {\n", true},
    {"derivations",
     "derive x : site asks service.site_of_care \"s\" cite \"c\" { from service.place_of_service {",
     "{", false},
    {"given records", "test \"t\" { with { clinical.adverse_events ", "{ ", true},
    {"bars", "test table \"t\" {\n  | service.code |", "|", false},
    {"rows", "test table \"t\" {\n  | service.code | expect d |\n", "| A1 | pend |\n", false},
    {"tested versions", "tests for \"./a\"", ", \"./a\"", false},
    {"policies", "", "policy \"x\" {\n", false},
    {"quotes", "", "\"", false},
    {"backslashes", "criterion c \"", "\\\\", false},
    {"dots", "criterion ", "a.", false},
    {"digits", "constant c = ", "1", false},
    {"newlines", "", "\n", false},
    {"NULs", "", "\0", false},
    {"bad UTF-8", "", "\xff", false},
    {"cut UTF-8", "# ", "\xf0\x9f", false},
    {"byte order marks", "", "\xef\xbb\xbf", false},
};
enum { SHAPE_COUNT = sizeof SHAPES / sizeof SHAPES[0] };

static void fill(struct text *t, const struct shape *shape, size_t bytes) {
  text_put(t, "%s%s", HEAD, shape->start);
  size_t length = strlen(shape->piece);
  if (length != 0) {
    text_repeat(t, shape->piece, bytes / length);
    return;
  }
  static const char zeros[4096];
  for (size_t i = 0; i < bytes; i += sizeof zeros) text_bytes(t, zeros, sizeof zeros);
}

// Errors, all of them in place, within the number that is reported.
static bool refused(const char *text, size_t length, uint32_t source_bytes) {
  const soc_compile_options options = {.limits = {.source_bytes = source_bytes}};
  soc_compilation *c = soc_compile(text, length, "hostile.soc", &options);
  assert_non_null(c);
  bool ok = !soc_compilation_out_of_memory(c) && soc_compilation_error_count(c) != 0;
  uint32_t count = soc_compilation_diagnostic_count(c);
  if (count == 0 || count > 101) ok = false;
  for (uint32_t i = 0; i < count; i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    if (d->start > d->end || d->end > length || d->line < 1 || d->column < 1) ok = false;
    if (strlen(d->message) > 2000) ok = false;
  }
  size_t size;
  if (soc_compilation_artifact(c, &size) != NULL) ok = false;
  soc_compilation_free(c);
  return ok;
}

static bool try_shape(const struct shape *shape, size_t bytes) {
  struct text t = {0};
  fill(&t, shape, bytes);
  bool ok =
      refused(t.data, t.length, UINT32_MAX); // past the length check, so that the parser sees it
  if (ok) ok = refused(t.data, t.length, 0);
  text_free(&t);
  return ok;
}

static void hostile(void **state) {
  const struct shape *shape = *state;
  assert_true(try_shape(shape, 100));
  assert_true(try_shape(shape, (size_t)(shape->deep ? DEEP_MEBIBYTES : WIDE_MEBIBYTES) * MEBIBYTE));
}

// ------------------------------------------------------------------ bytes that do not belong into a source

static void stray_bytes(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t length;
    enum diag_code code;
  } STRAY[] = {{"\0", 1, DIAG_CONTROL_CHARACTER},
               {"\x01", 1, DIAG_CONTROL_CHARACTER},
               {"\xff", 1, DIAG_BAD_UTF8},
               {"\xc0\x80", 2, DIAG_BAD_UTF8},
               {"\xed\xa0\x80", 3, DIAG_BAD_UTF8},
               {"\xf4\x90\x80\x80", 4, DIAG_BAD_UTF8},
               {"\xe2\x80\xae", 3, DIAG_HIDDEN_CHARACTER}};
  for (size_t i = 0; i < sizeof STRAY / sizeof STRAY[0]; i++) {
    for (int comment = 0; comment < 2; comment++) {
      struct text t = {0};
      text_put(&t, "%s%s", HEAD, comment ? "# " : "");
      text_bytes(&t, STRAY[i].bytes, STRAY[i].length);
      text_put(&t, "\ncriterion c \"c\" cite \"c\" met when clinical.cardiac_condition\n");
      soc_compilation *c = soc_compile(t.data, t.length, "stray.soc", NULL);
      assert_non_null(c);
      assert_true(soc_compilation_diagnostic_count(c) >= 1);
      const soc_diagnostic *d = soc_compilation_diagnostic(c, 0);
      assert_string_equal(d->code, diag_info_of(STRAY[i].code)->code);
      assert_int_equal(d->line, 10);
      assert_true(d->start == strlen(HEAD) + (comment ? 2 : 0));
      soc_compilation_free(c);
      text_free(&t);
    }
  }
}

// What stands behind a NUL is not silently cut off.
static void nul_does_not_end_a_source(void **state) {
  (void)state;
  struct text t = {0};
  text_put(&t, "%scriterion c \"c\" cite \"c\" met when clinical.cardiac_condition\n", HEAD);
  text_put(&t, "decision d medical {\n  approve PREFERRED_SITE when c\n"
               "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n");
  soc_compilation *c = soc_compile(t.data, t.length, "whole.soc", NULL);
  assert_int_equal(soc_compilation_error_count(c), 0);
  soc_compilation_free(c);
  text_bytes(&t, "\0", 1);
  text_put(&t, "decision e medical {\n  approve PREFERRED_SITE when nothing_like_that\n}\n");
  assert_true(refused(t.data, t.length, 0));
  text_free(&t);
}

// ------------------------------------------------------------------ large and right

static void large_policy(struct text *t, uint32_t groups, uint32_t members) {
  text_put(t, "%scriterion c \"c\" cite \"c\" met when any of {\n", HEAD);
  for (uint32_t g = 0; g < groups; g++) {
    text_put(t, "  any of {\n");
    for (uint32_t m = 0; m < members; m++)
      text_put(t, "    service.code = A%04u\n", (g * members + m) % 10000);
    text_put(t, "  }\n");
  }
  text_put(t, "}\ndecision d medical {\n  approve PREFERRED_SITE when c\n"
              "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n");
}

static soc_determination decide(const soc_policy *policy, const char *code) {
  const soc_case_limits limits = {.rows = 1, .items = 1};
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = malloc(size);
  assert_non_null(memory);
  soc_case *c;
  soc_result result;
  assert_int_equal(soc_case_init(&c, policy, &limits, memory, size, NULL), SOC_OK);
  assert_int_equal(
      soc_case_set_date(c, soc_policy_find_fact(policy, "service.date", 12), 0, 738900), SOC_OK);
  assert_int_equal(
      soc_case_set_code(c, soc_policy_find_fact(policy, "service.code", 12), 0, code, 5), SOC_OK);
  assert_int_equal(soc_case_decide(c, 0), SOC_OK);
  assert_int_equal(soc_case_result(c, 0, 0, &result), SOC_OK);
  free(memory);
  return result.determination;
}

// A million alternatives in blocks of a legal size: compiled and decided.
static void a_million_alternatives(void **state) {
  (void)state;
  struct text t = {0};
  large_policy(&t, 20, 25000);
  soc_compilation *c = soc_compile(t.data, t.length, "large.soc", NULL);
  text_free(&t);
  assert_non_null(c);
  size_t size = 0;
  const void *artifact = soc_compilation_artifact(c, &size);
  if (artifact == NULL) { // a limit may say no, clearly
    assert_true(soc_compilation_error_count(c) != 0);
    print_message("500,000 alternatives: %s\n", soc_compilation_diagnostic(c, 0)->message);
  } else {
    soc_policy policy;
    assert_int_equal(soc_policy_load(&policy, artifact, size, NULL), SOC_OK);
    assert_int_equal(decide(&policy, "A0001"), SOC_APPROVE);
    assert_int_equal(decide(&policy, "B0001"), SOC_REFER);
  }
  soc_compilation_free(c);
}

static void a_million_in_one_block(void **state) {
  (void)state;
  struct text t = {0};
  large_policy(&t, 1, 1000000);
  assert_true(refused(t.data, t.length, UINT32_MAX));
  text_free(&t);
}

// Close to the limit of a million, of which the vocabulary's own maps take a few.
static void a_million_set_members(void **state) {
  (void)state;
  struct text t = {0};
  text_put(&t, "%sset s of codes \"s\" cite \"c\" {\n", HEAD);
  for (uint32_t i = 0; i < 990000; i++)
    text_put(&t, "%05u%c\n", i % 100000, (char)('A' + i / 100000));
  text_put(&t,
           "}\ncriterion c \"c\" cite \"c\" met when clinical.diagnosis_codes includes any of s\n"
           "decision d medical {\n  approve PREFERRED_SITE when c\n"
           "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n");
  soc_compilation *c = soc_compile(t.data, t.length, "set.soc", NULL);
  text_free(&t);
  assert_non_null(c);
  size_t size = 0;
  const void *artifact = soc_compilation_artifact(c, &size);
  if (artifact == NULL) print_message("%s\n", soc_compilation_diagnostic(c, 0)->message);
  assert_non_null(artifact);
  soc_policy policy;
  assert_int_equal(soc_policy_load(&policy, artifact, size, NULL), SOC_OK);
  soc_compilation_free(c);
}

// ------------------------------------------------------------------ one shape of any size

static int alone(const char *name, size_t mebibytes) {
  for (size_t i = 0; i < SHAPE_COUNT; i++) {
    if (strcmp(SHAPES[i].name, name) != 0) continue;
    bool ok = try_shape(&SHAPES[i], mebibytes * MEBIBYTE);
    printf("%s, %zu MiB: %s\n%d passed, %d failed\n", name, mebibytes,
           ok ? "refused" : "NOT refused", ok, !ok);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  return 2;
}

int main(int argc, char **argv) {
  if (argc == 3) return alone(argv[1], strtoul(argv[2], NULL, 10));
  struct CMUnitTest tests[SHAPE_COUNT + 5] = {
      cmocka_unit_test(stray_bytes), cmocka_unit_test(nul_does_not_end_a_source),
      cmocka_unit_test(a_million_alternatives), cmocka_unit_test(a_million_in_one_block),
      cmocka_unit_test(a_million_set_members)};
  for (size_t i = 0; i < SHAPE_COUNT; i++) {
    struct CMUnitTest test = {SHAPES[i].name, hostile, NULL, NULL, (void *)(uintptr_t)&SHAPES[i]};
    tests[5 + i] = test;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
