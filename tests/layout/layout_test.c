// SPDX-License-Identifier: Apache-2.0
//
// Layout: what it makes of untidy texts, and of every source of the project that can be parsed: laid out twice it is
// the same, and it compiles to the same behaviour. Versions written out whole decide what their artifacts decide.
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soc/compiler.h"

enum { PATH_SIZE = 512, MOST_USED = 80 };

// ------------------------------------------------------------------ files

static char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  enum { MOST = 1 << 21 };
  char *text = malloc(MOST);
  assert_non_null(text);
  *length = fread(text, 1, MOST - 1, file);
  text[*length] = '\0';
  (void)fclose(file);
  return text;
}

struct used {
  size_t count;
  char *texts[MOST_USED], *places[MOST_USED];
};

static bool is_table(const char *name) {
  const char *ending = strrchr(name, '.');
  return strcmp(ending, ".csv") == 0 || strcmp(ending, ".tsv") == 0;
}

// What a file uses or amends beside it.
static bool use_file(void *ctx, const char *name, const char *from, const char **text,
                     size_t *length, const char **place) {
  struct used *used = ctx;
  const char *slash = strrchr(from, '/');
  char path[PATH_SIZE];
  if (name[0] != '.' || slash == NULL || used->count == MOST_USED) return false;
  (void)snprintf(path, sizeof path, "%.*s/%s%s", (int)(slash - from), from, name,
                 is_table(name) ? "" : ".soc");
  char *found = read_file(path, length);
  if (found == NULL) return false;
  used->texts[used->count] = found;
  used->places[used->count] = strdup(path);
  *text = found;
  *place = used->places[used->count++];
  return true;
}

static void free_used(struct used *used) {
  for (size_t i = 0; i < used->count; i++) {
    free(used->texts[i]);
    free(used->places[i]);
  }
}

typedef soc_compilation *maker(const char *text, size_t length, const char *place,
                               const soc_compile_options *options);

// What soc_format or soc_expand makes of a text, NULL after errors.
static char *made_by(maker *make, const char *text, size_t length, const char *place) {
  struct used used = {0};
  const soc_compile_options options = {.use = use_file, .use_ctx = &used};
  soc_compilation *c = make(text, length, place, &options);
  assert_non_null(c);
  size_t made_length;
  const char *made = soc_compilation_text(c, &made_length);
  char *copy = NULL;
  if (made != NULL) {
    copy = calloc(made_length + 1, 1);
    assert_non_null(copy);
    memcpy(copy, made, made_length);
  }
  soc_compilation_free(c);
  free_used(&used);
  return copy;
}

// The behaviour digest of a policy. False: it is no policy, or has errors.
static bool behaviour(const char *text, const char *place, uint8_t digest[32], bool tests) {
  struct used used = {0};
  const soc_compile_options options = {.use = use_file, .use_ctx = &used};
  soc_compilation *c = soc_compile(text, strlen(text), place, &options);
  assert_non_null(c);
  size_t length;
  const void *image = soc_compilation_artifact(c, &length);
  soc_policy policy;
  soc_policy_info info;
  if (image != NULL) {
    assert_int_equal(soc_policy_load(&policy, image, length, NULL), SOC_OK);
    soc_policy_describe(&policy, &info);
    memcpy(digest, info.behaviour_digest, 32);
    for (uint32_t i = 0; tests && i < soc_compilation_test_count(c); i++) {
      soc_test_outcome outcome;
      assert_true(soc_compilation_run_test(c, i, &outcome));
      if (!outcome.passed) fail_msg("%s: %s: %s", place, outcome.title, outcome.difference);
    }
  }
  soc_compilation_free(c);
  free_used(&used);
  return image != NULL;
}

// ------------------------------------------------------------------ untidy texts

static void becomes(const char *untidy, const char *tidy) {
  char *made = made_by(soc_format, untidy, strlen(untidy), "test.soc");
  assert_non_null(made);
  assert_string_equal(made, tidy);
  char *again = made_by(soc_format, made, strlen(made), "test.soc");
  assert_non_null(again);
  assert_string_equal(again, tidy);
  free(again);
  free(made);
}

static void indentation(void **state) {
  (void)state;
  becomes("soc 1\nlibrary \"x\"\ncriterion a   \"A\"\ncite \"c\"\n      met when all of\n{\nb "
          ";c;\n    at least 1 of { d; e\n }\n}",
          "soc 1\nlibrary \"x\"\ncriterion a \"A\"\n  cite \"c\"\n  met when all of {\n    b; c\n  "
          "  at least 1 of { d; e\n    }\n  }\n");
  becomes(
      "soc 1\npolicy \"x\" {\ntitle \"t\"\n    version 2026-01-01\n basis service.date\n}\n",
      "soc 1\npolicy \"x\" {\n  title   \"t\"\n  version 2026-01-01\n  basis   service.date\n}\n");
  becomes("soc 1\npolicy \"x\" { title \"t\"; version 2026-01-01; }\n",
          "soc 1\npolicy \"x\" { title \"t\"; version 2026-01-01 }\n");
}

static void spaces(void **state) {
  (void)state;
  becomes(
      "soc 1\nlibrary \"x\"\nset s of codes\"S\"cite\"c\"{A1 ,A2..A9   B* from 2026-01-01}\n",
      "soc 1\nlibrary \"x\"\nset s of codes \"S\" cite \"c\" { A1, A2..A9 B* from 2026-01-01 }\n");
  becomes("soc 1\nvocabulary \"x\"\nfact a.b:code ( 3 .. 7 ) or none\nlist l { f :text\n}\n",
          "soc 1\nvocabulary \"x\"\nfact a.b : code(3..7) or none\nlist l { f : text\n}\n");
  becomes("soc 1\nlibrary \"x\"\ncriterion a \"A\" cite \"c\" met when any of {\nfar :b>50 "
          "miles\nc<=40%\n}\n",
          "soc 1\nlibrary \"x\"\ncriterion a \"A\" cite \"c\" met when any of {\n  far: b > 50 "
          "miles\n  c <= 40 %\n}\n");
}

static void rows(void **state) {
  (void)state;
  becomes("soc 1\nlibrary \"x\"\nset s of codes cite \"c\" {\nrows   of \"./t.csv\"\ncolumn "
          "\"a\"\nfirst day in\ncolumn \"b\" # b\n# c\nwhere column \"d\"=\"e\"\nthrough "
          "2025-01-01\nJ1\n}\n",
          "soc 1\nlibrary \"x\"\nset s of codes cite \"c\" {\n  rows of \"./t.csv\"\n    column "
          "\"a\"\n    first day in\n    column \"b\"   # b\n    # c\n    where column \"d\" = "
          "\"e\"\n    through 2025-01-01\n  J1\n}\n");
}

static void comments(void **state) {
  (void)state;
  becomes("#one\n\n\n\nsoc 1 # two \n   # three\n\nlibrary \"x\"\nset s of codes cite \"c\" {# "
          "four\n\n # five\nA1# six\n\n\n   # seven\n\n}# eight\n\n\n# nine",
          "#one\n\nsoc 1   # two\n# three\n\nlibrary \"x\"\nset s of codes cite \"c\" {   # four\n "
          " # five\n  A1   # six\n\n  # seven\n}   # eight\n\n# nine\n");
  becomes(
      "soc 1\nlibrary \"x\"\ncriterion a \"A\" # why\n# not here\ncite \"c\" met when b\n",
      "soc 1\nlibrary \"x\"\ncriterion a \"A\"   # why\n  # not here\n  cite \"c\" met when b\n");
  becomes("soc 1\nlibrary \"x\"\nset s of texts cite \"c\"  # a brace\n  # below\n{\n\"A\"\n\"B\" "
          "cite \"d\"\n}\n",
          "soc 1\nlibrary \"x\"\nset s of texts cite \"c\"   # a brace\n  # below\n  {\n    "
          "\"A\"\n    \"B\" cite \"d\"\n  }\n");
}

static void records(void **state) {
  (void)state;
  becomes(
      "soc 1\nlibrary \"x\"\nsample s {\nclaim.lines {\n{ number 1, code A1 }\n{number 2}\n}\n}\n",
      "soc 1\nlibrary \"x\"\nsample s {\n  claim.lines {\n    { number 1, code A1 }\n    { number "
      "2 }\n  }\n}\n");
}

static void tables(void **state) {
  (void)state;
  becomes("soc 1\npolicy \"x\" { }\ntest table \"t\"   cite \"c\" {\ngiven s\nwith { a 1 "
          "}\n|\"n\"|a|expect d|\n"
          "  # one\n| \"caf\xC3\xA9\"|{ A1;A2 }||# two\n\n|||refer|\n}\n"
          "test table \"u\" {\n|a|expect d|\n|1|pend|\n}\n",
          "soc 1\npolicy \"x\" { }\ntest table \"t\" cite \"c\" {\n  given s\n  with { a 1 }\n"
          "  | \"n\"    | a          | expect d |\n  # one\n"
          "  | \"caf\xC3\xA9\" | { A1; A2 } |          |   # two\n\n"
          "  |        |            | refer    |\n}\n"
          "test table \"u\" {\n  | a | expect d |\n  | 1 | pend     |\n}\n");
  becomes("soc 1\npolicy \"x\" { }\ntest table \"t\" { | a | expect d |; | 100 | refer A | }\n",
          "soc 1\npolicy \"x\" { }\ntest table \"t\" { | a   | expect d |; | 100 | refer A  | }\n");
  becomes("soc 1\ntests for \"./a\",\n\"./b\"\nsample s { }\n",
          "soc 1\ntests for \"./a\",\n  \"./b\"\nsample s { }\n");
}

// A cell that no line can hold does not push the others away.
static void long_cells(void **state) {
  (void)state;
  char untidy[512], tidy[512], text[102];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  for (size_t length = 97; length <= 98; length++) {
    const char *shown = text + (sizeof text - 1 - length);
    int pad = length == 97 ? (int)length + 2 : 5;
    (void)snprintf(untidy, sizeof untidy,
                   "soc 1\npolicy \"x\" { }\ntest table \"t\" {\n|\"n\"|expect "
                   "d|\n|\"%s\"|refer|\n|\"abc\"||\n}\n",
                   shown);
    (void)snprintf(tidy, sizeof tidy,
                   "soc 1\npolicy \"x\" { }\ntest table \"t\" {\n  | %-*s | expect d |\n  | \"%s\" "
                   "| refer    |\n  | %-*s |          |\n}\n",
                   pad, "\"n\"", shown, pad, "\"abc\"");
    becomes(untidy, tidy);
  }
}

static void line_ends(void **state) {
  (void)state;
  becomes("\xEF\xBB\xBFsoc 1\r\nlibrary \"x\"\r\n\r\n\r\nsample s {\r\na 1\r\n}\r\n",
          "soc 1\nlibrary \"x\"\n\nsample s {\n  a 1\n}\n");
}

static void errors(void **state) {
  (void)state;
  static const char broken[] = "soc 1\nlibrary \"x\"\ncriterion {\n";
  soc_compilation *c = soc_format(broken, sizeof broken - 1, "test.soc", NULL);
  assert_non_null(c);
  size_t length;
  assert_null(soc_compilation_text(c, &length));
  assert_int_equal(length, 0);
  assert_true(soc_compilation_error_count(c) > 0);
  soc_compilation_free(c);
  assert_null(made_by(soc_expand, broken, sizeof broken - 1, "test.soc"));
}

// ------------------------------------------------------------------ every source of the project

static unsigned laid_out, expanded;

static void check_expanded(const char *text, const char *path) {
  uint8_t before[32], after[32];
  if (!behaviour(text, path, before, false)) return;
  char *whole = made_by(soc_expand, text, strlen(text), path);
  assert_non_null(whole);
  assert_null(strstr(whole, "\n  amends "));
  assert_true(behaviour(whole, path, after, strncmp(path, "policies/", 9) == 0));
  if (memcmp(before, after, sizeof before) != 0)
    fail_msg("%s: written out whole it decides differently", path);
  expanded++;
  free(whole);
}

static void check_file(const char *path) {
  uint8_t before[32], after[32];
  size_t length = 0;
  char *text = read_file(path, &length);
  assert_non_null(text);
  char *made = strlen(text) == length ? made_by(soc_format, text, length, path) : NULL;
  if (made != NULL) {
    char *again = made_by(soc_format, made, strlen(made), path);
    assert_non_null(again);
    if (strcmp(made, again) != 0) fail_msg("%s: laid out twice it differs", path);
    bool policy = behaviour(text, path, before, false);
    assert_int_equal(behaviour(made, path, after, false), policy);
    if (policy && memcmp(before, after, sizeof before) != 0)
      fail_msg("%s: laid out it decides differently", path);
    check_expanded(text, path);
    laid_out++;
    free(again);
  }
  free(made);
  free(text);
}

static void check_tree(const char *path) {
  DIR *folder = opendir(path);
  assert_non_null(folder);
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    char inner[PATH_SIZE];
    size_t length = strlen(entry->d_name);
    if (entry->d_name[0] == '.') continue;
    (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    DIR *below = opendir(inner);
    if (below != NULL) {
      closedir(below);
      check_tree(inner);
    } else if (length > 4 && strcmp(entry->d_name + length - 4, ".soc") == 0) {
      check_file(inner);
    }
  }
  closedir(folder);
}

static void every_source(void **state) {
  (void)state;
  static const char *const trees[] = {"policies",
                                      "dsl/lib",
                                      "examples",
                                      "tests/cli/data",
                                      "tests/front/data",
                                      "tests/fuzz/seeds",
                                      "tests/language/errors",
                                      "tests/layout/data"};
  for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) check_tree(trees[i]);
  assert_true(laid_out > 20);
  assert_true(expanded > 12);
}

// ------------------------------------------------------------------ a version written out

static void written_out(void **state) {
  (void)state;
  size_t length = 0, wanted_length = 0;
  char *text = read_file("tests/layout/data/2026-03-01.soc", &length);
  char *wanted = read_file("tests/layout/data/2026-03-01.expanded", &wanted_length);
  assert_non_null(text);
  assert_non_null(wanted);
  char *whole = made_by(soc_expand, text, length, "tests/layout/data/2026-03-01.soc");
  assert_non_null(whole);
  assert_string_equal(whole, wanted);
  free(whole);
  free(wanted);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(indentation),  cmocka_unit_test(spaces),      cmocka_unit_test(comments),
      cmocka_unit_test(rows),         cmocka_unit_test(records),     cmocka_unit_test(line_ends),
      cmocka_unit_test(errors),       cmocka_unit_test(tables),      cmocka_unit_test(long_cells),
      cmocka_unit_test(every_source), cmocka_unit_test(written_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
