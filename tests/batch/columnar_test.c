// SPDX-License-Identifier: Apache-2.0
//
// Which derived enumerations a policy may read and still run by columns: what docs/batch.md, section 3, lists.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "prepared.h"

static const char places[] =
    "soc 1\n\nvocabulary \"places\"\n\n"
    "enumeration place { home, office } \"A place\"\n"
    "fact x.place : place \"Stated\"\n"
    "fact x.other : place left out means assumed home \"Stated elsewhere\"\n"
    "fact x.code : code(2) \"Billed\"\n"
    "fact x.code_or_none : code(2) left out means none \"Billed, or nothing\"\n"
    "fact x.assumed_code : code(2) left out means assumed 11 \"Billed, else 11\"\n"
    "fact x.code_of_other : code(2) left out means x.code \"Billed, else as the first\"\n"
    "fact x.flag : boolean \"Any\"\n"
    "reason NEAR \"Near\"\n"
    "reason FAR \"Far\"\n";

static bool use_places(void *ctx, const char *name, const char *from, const char **text,
                       size_t *length, const char **place) {
  (void)ctx;
  (void)from;
  *text = places;
  *length = strlen(places);
  *place = "places.soc";
  return strcmp(name, "./places") == 0;
}

// Does a policy run by columns that derives `spot` in these steps, and reads it in one rule?
static bool runs_by_columns(const char *steps, const char *condition) {
  static const char form[] = "soc 1\npolicy \"tests/places\" { title \"T\"; version 2024-01-01 }\n"
                             "use \"./places\"\n"
                             "derive spot : place asks x.place \"At\" cite \"L1\" {\n%s}\n"
                             "decision d medical {\n"
                             "  approve NEAR when %s cite \"L2\"\n"
                             "  refer FAR otherwise cite \"L3\"\n}\n";
  const soc_compile_options options = {.use = use_places};
  struct prepared p = {0};
  char source[1024];
  int length = snprintf(source, sizeof source, form, steps, condition);
  assert_in_range(length, 1, sizeof source - 1);
  prepare(&p, source, &options);
  bool columnar = soc_batch_is_columnar(p.batch);
  release(&p);
  return columnar;
}

#define GIVEN "x.place when given\n"
#define MAP_OF(code) "from " code " { 11 -> office }\n"

static void a_fact_and_then_a_map_run_by_columns(void **state) {
  (void)state;
  assert_true(runs_by_columns(GIVEN MAP_OF("x.code"), "spot = home"));
  assert_true(runs_by_columns(GIVEN MAP_OF("x.code_or_none"), "spot = home"));
  assert_true(runs_by_columns("x.other when given\n" MAP_OF("x.code"), "spot = home"));
}

static void other_steps_do_not(void **state) {
  static const char *const steps[] = {
      GIVEN,
      MAP_OF("x.code"),
      "home otherwise\n",
      "home when x.flag\n",
      GIVEN "home otherwise\n",
      MAP_OF("x.code") "home otherwise\n",
      GIVEN MAP_OF("x.code") "home otherwise\n",
      GIVEN "home when x.flag\n" MAP_OF("x.code"),
      GIVEN MAP_OF("x.code") "home when x.flag\n",
      GIVEN MAP_OF("x.code") MAP_OF("x.code_or_none"),
      GIVEN MAP_OF("x.assumed_code"),
      GIVEN MAP_OF("x.code_of_other"),
  };
  (void)state;
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    if (runs_by_columns(steps[i], "spot = home")) {
      fail_msg("runs by columns:\n%s", steps[i]);
    }
  }
}

static void what_no_rule_reads_does_not_matter(void **state) {
  (void)state;
  assert_true(runs_by_columns("home otherwise\n", "x.place = home"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_fact_and_then_a_map_run_by_columns),
      cmocka_unit_test(other_steps_do_not),
      cmocka_unit_test(what_no_rule_reads_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
