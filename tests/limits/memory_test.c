// SPDX-License-Identifier: Apache-2.0
//
// Out of memory: for every public entry point that allocates, allocation 1, 2, 3, ... fails, once or from then on. The
// compiler must say so, hand everything back, and work again with the same allocator afterwards.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "soc/compiler.h"

// Requests below this count are granted; the first that is not is the one under test.
struct failing {
  uint64_t requests, fail_at; // fail_at 0: never
  bool once;
  uint64_t failures;
  size_t held; // bytes out
};

static void *resize(void *ctx, void *p, size_t old_size, size_t new_size) {
  struct failing *f = ctx;
  if (new_size == 0) {
    f->held -= old_size;
    free(p);
    return NULL;
  }
  f->requests++;
  if (f->fail_at != 0 && (f->once ? f->requests == f->fail_at : f->requests >= f->fail_at)) {
    f->failures++;
    return NULL;
  }
  void *moved = realloc(p, new_size);
  if (moved == NULL) return NULL;
  f->held = f->held - old_size + new_size;
  return moved;
}

typedef soc_compilation *maker(const char *text, size_t length, const char *place,
                               const soc_compile_options *options);

static const char POLICY[] =
    "soc 1\n"
    "policy \"memory/policy\" {\n  title \"t\"\n  payer \"p\"\n  version 2024-01-01\n  basis "
    "service.date\n"
    "  source \"s\" revised 2023-12-01\n}\n"
    "use \"vocabulary/case\"\nuse \"lists\"\n"
    "constant far = 50 miles \"far\" cite \"c\"\n"
    "set brands of texts \"brands\" cite \"c\" { \"Actemra\", \"Simponi Aria\" }\n"
    "set table of codes cite \"c\" { rows of \"./t.csv\" column \"code\" first day in column "
    "\"from\" last day in column \"to\" cite in column \"cite\" where column \"list\" = \"a\" "
    "through 2024-12-31 }\n"
    "criterion near \"near\" cite \"c\" met when all of {\n"
    "  reach: any of { access.infusion_center_miles is none; access.infusion_center_miles > far }\n"
    "  not service.code in listed\n  not service.code in table\n  service.drug in brands\n"
    "  some record of clinical.adverse_events has severity in { severe, life_threatening }\n}\n"
    "decision site_of_care medical {\n"
    "  longest approval decides\n"
    "  approve INITIAL_COURSE when service.date in first 90 days from therapy.course_start_date\n"
    "    \"first course\" cite \"c\" through therapy.course_start_date + 89 days\n"
    "  approve ACCESS_NO_ALTERNATIVE when near\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise \"none is met\" cite \"c\" redirect { home }\n"
    "    action choose_alternative_site\n}\n"
    "test \"one\" {\n  with { service.date 2024-02-01; therapy.course_start_date 2024-01-01 }\n"
    "  expect site_of_care approve INITIAL_COURSE missing { }\n}\n";

static const char BROKEN[] =
    "soc 1\npolicy \"memory/broken\" {\n  title \"t\"\n  version 2024-13-01\n}\n"
    "use \"vocabulary/case\"\nuse \"nowhere\"\n"
    "criterion a \"a\" cite \"c\" met when all of { service.cod = J1745; b; "
    "access.infusion_center_miles > 5 days }\n"
    "criterion b \"b\" cite \"c\" met when a\n"
    "set t of codes cite \"c\" { rows of \"./broken.csv\" column \"code\" first day in column "
    "\"from\" where column \"list\" = \"b\" rows of \"./t.csv\" column \"cod\" }\n"
    "decision d medical { deny X when a }\n";

// A version of POLICY, each kind of change once.
static const char AMENDING[] =
    "soc 1\npolicy \"memory/policy\" {\n  version 2024-06-01\n  amends \"./2024-01-01\"\n}\n"
    "change set brands cite \"c\" { add \"Avsola\"; remove \"actemra\"; remove \"Simponi Aria\" "
    "from 2024-08-01 }\n"
    "change set table cite \"c\" { remove J0003; add rows of \"./t.csv\" column \"code\" where "
    "column \"list\" = \"b\" }\n"
    "replace constant far = 60 miles cite \"c\"\n"
    "criterion late \"late\" cite \"c\" met when service.date after 2024-07-01\n"
    "set spare of codes cite \"c\" { J9999 }\n"
    "change decision site_of_care cite \"c\" {\n"
    "  add before ACCESS_NO_ALTERNATIVE refer SITE_CRITERIA_NOT_MET as late when late\n"
    "  replace INITIAL_COURSE with approve INITIAL_COURSE when service.code in { spare, table } "
    "\"x\" cite "
    "\"c\"\n"
    "  remove ACCESS_NO_ALTERNATIVE\n}\n"
    "remove criterion near cite \"c\"\n"
    "test \"two\" {\n  with { service.date 2024-06-01; service.code J9999 }\n"
    "  expect site_of_care approve INITIAL_COURSE missing { }\n}\n";

// Tests beside POLICY, with a table that has every kind of cell and column.
static const char TESTS[] =
    "soc 1\ntests for \"./2024-01-01\"\n"
    "sample first_course { service.date 2024-02-01; therapy.course_start_date 2024-01-01\n"
    "  clinical.adverse_events { { severity severe, kind seizure }, { kind anaphylaxis } } }\n"
    "test \"one\" { given first_course\n expect site_of_care approve INITIAL_COURSE }\n"
    "test table \"rows\" cite \"c\" {\n  given first_course\n  with { service.code J1745 }\n"
    "  | \"row\" | therapy.course_start_date | clinical.diagnosis_codes | service.code | "
    "clinical.adverse_events[1].severity | expect site_of_care |\n"
    "  | \"a\" | 2024-01-02 | { K5090, M0579 } | | mild | approve INITIAL_COURSE through "
    "2024-03-31 |\n"
    "  | | 2023-01-01 | unknown | J1599 | unknown | refer also { } missing { } |\n}\n";
static const char BROKEN_TESTS[] =
    "soc 1\ntests for \"./2024-01-01\", \"./2024-01-01\"\nuse \"lists\"\n"
    "test table \"rows\" {\n  | service.cod | service.code | x[0].y | expect d | expect e |\n"
    "  | 1 | home | | | |\n  | approve X | |\n}\n";

static bool use(void *ctx, const char *name, const char *from, const char **text, size_t *length,
                const char **place) {
  static const char lists[] = "soc 1\nlibrary \"lists\"\nset listed of codes \"l\" cite \"c\" { "
                              "J1745, J1599 from 2024-01-01 }\n";
  static const char table[] = "list,code,from,to,cite\na,J0001,2024-02-01,2024-11-30,p. 1\n"
                              "a,J0003,,,\"p. \"\"2\"\"\"\nb,J0005,,,\n";
  static const char broken[] = "list,code,from\na,J0001,x\nb,j1,y\na,J2,\nb\n";
  (void)ctx;
  (void)from;
  if (strcmp(name, "./2024-01-01") == 0) {
    *text = POLICY;
    *length = sizeof POLICY - 1;
    *place = "older.soc";
    return true;
  }
  if (strcmp(name, "./t.csv") == 0 || strcmp(name, "./broken.csv") == 0) {
    *text = name[2] == 't' ? table : broken;
    *length = strlen(*text);
    *place = name;
    return true;
  }
  if (strcmp(name, "lists") != 0) return false;
  *text = lists;
  *length = sizeof lists - 1;
  *place = "lists.soc";
  return true;
}

static bool any_citation(void *ctx, const soc_citation *citation) {
  (void)ctx;
  return citation->place != NULL;
}

static void see_case(void *ctx, const soc_policy *policy, soc_case *c) {
  uint32_t *seen = ctx;
  soc_truth state;
  assert_non_null(policy);
  assert_int_equal(soc_case_criterion(c, 0, 0, &state), SOC_OK); // decided, with all criteria
  ++*seen;
}

// Every test twice: plainly, and watched.
static bool run_each_test(soc_compilation *c) {
  soc_test_outcome outcome;
  uint32_t seen = 0, watched = 0;
  bool enough = true;
  for (uint32_t i = 0; i < soc_compilation_test_count(c); i++) {
    if (!soc_compilation_run_test(c, i, &outcome))
      enough = false;
    else
      assert_true(outcome.passed);
    if (!soc_compilation_watch_test(c, i, &outcome, see_case, &seen))
      enough = false;
    else
      watched++;
  }
  assert_true(seen >= watched);
  return enough;
}

// Compiles with the allocator as it stands. Returns whether memory was enough.
static bool compile(struct failing *f, const char *source, size_t length, bool expect_errors) {
  const soc_allocator allocator = {resize, f};
  const soc_compile_options options = {.allocator = &allocator, .use = use, .thorough = true};
  bool tests = source == TESTS || source == BROKEN_TESTS;
  soc_compilation *c =
      soc_compile(source, length, tests ? "memory.test.soc" : "memory.soc", &options);
  if (c == NULL) return false;
  bool enough = !soc_compilation_out_of_memory(c);
  size_t size = 0;
  if (enough) {
    assert_int_equal(soc_compilation_error_count(c) != 0, expect_errors);
    assert_int_equal(soc_compilation_artifact(c, &size) == NULL, expect_errors || tests);
    assert_int_equal(soc_compilation_policy(c) == NULL, expect_errors);
    soc_reach reach;
    if (!expect_errors) enough = soc_compilation_reach(c, &reach);
    if (!soc_compilation_citations(c, any_citation, NULL)) enough = false;
    if (!expect_errors && !run_each_test(c)) enough = false;
  } else {
    assert_null(soc_compilation_artifact(c, &size));
  }
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    assert_non_null(soc_compilation_diagnostic(c, i)->message);
  }
  soc_compilation_free(c);
  return enough;
}

static void fail_each(const char *source, size_t length, bool expect_errors, bool once) {
  struct failing f = {.once = once};
  assert_true(compile(&f, source, length, expect_errors));
  assert_int_equal(f.held, 0);
  uint64_t requests = f.requests;
  assert_true(requests > 1);
  for (uint64_t n = 1; n <= requests; n++) {
    struct failing g = {.fail_at = n, .once = once};
    bool enough = compile(&g, source, length, expect_errors);
    assert_int_equal(g.held, 0);
    assert_true(g.failures >= 1);
    assert_false(enough);
    g.fail_at = 0;
    assert_true(compile(&g, source, length, expect_errors));
    assert_int_equal(g.held, 0);
  }
}

static void compile_fails_once(void **state) {
  (void)state;
  fail_each(POLICY, sizeof POLICY - 1, false, true);
}

static void compile_fails_from_then_on(void **state) {
  (void)state;
  fail_each(POLICY, sizeof POLICY - 1, false, false);
}

static void amending_fails_once(void **state) {
  (void)state;
  fail_each(AMENDING, sizeof AMENDING - 1, false, true);
}

static void amending_fails_from_then_on(void **state) {
  (void)state;
  fail_each(AMENDING, sizeof AMENDING - 1, false, false);
}

static void tests_beside_fail_once(void **state) {
  (void)state;
  fail_each(TESTS, sizeof TESTS - 1, false, true);
  fail_each(BROKEN_TESTS, sizeof BROKEN_TESTS - 1, true, true);
}

static void tests_beside_fail_from_then_on(void **state) {
  (void)state;
  fail_each(TESTS, sizeof TESTS - 1, false, false);
  fail_each(BROKEN_TESTS, sizeof BROKEN_TESTS - 1, true, false);
}

static void reading(bool once, maker *make) {
  struct failing f = {.once = once};
  const soc_allocator allocator = {resize, &f};
  soc_compile_options options = {.allocator = &allocator};
  soc_compilation_free(make(TESTS, sizeof TESTS - 1, "memory.test.soc", &options));
  assert_int_equal(f.held, 0);
  for (uint64_t n = 1; n <= f.requests; n++) {
    struct failing g = {.fail_at = n, .once = once};
    const soc_allocator scarce = {resize, &g};
    options.allocator = &scarce;
    soc_compilation *c = make(TESTS, sizeof TESTS - 1, "memory.test.soc", &options);
    if (c != NULL) assert_true(soc_compilation_out_of_memory(c));
    if (c != NULL) soc_compilation_free(c);
    assert_int_equal(g.held, 0);
  }
}

static void reading_and_laying_out_fail(void **state) {
  (void)state;
  for (int once = 0; once < 2; once++) {
    reading(once, soc_read);
    reading(once, soc_format);
  }
}

static void errors_fail_once(void **state) {
  (void)state;
  fail_each(BROKEN, sizeof BROKEN - 1, true, true);
}

static void errors_fail_from_then_on(void **state) {
  (void)state;
  fail_each(BROKEN, sizeof BROKEN - 1, true, false);
}

static void vocabulary(bool once) {
  struct failing f = {.once = once};
  const soc_allocator allocator = {resize, &f};
  soc_vocabulary *v = soc_vocabulary_open(&allocator);
  assert_non_null(v);
  assert_true(soc_vocabulary_count(v) >= 89);
  soc_vocabulary_close(v);
  assert_int_equal(f.held, 0);
  uint64_t requests = f.requests;
  for (uint64_t n = 1; n <= requests; n++) {
    struct failing g = {.fail_at = n, .once = once};
    const soc_allocator other = {resize, &g};
    assert_null(soc_vocabulary_open(&other));
    assert_int_equal(g.held, 0);
  }
}

static void vocabulary_fails_once(void **state) {
  (void)state;
  vocabulary(true);
}

static void vocabulary_fails_from_then_on(void **state) {
  (void)state;
  vocabulary(false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(compile_fails_once),
      cmocka_unit_test(compile_fails_from_then_on),
      cmocka_unit_test(amending_fails_once),
      cmocka_unit_test(amending_fails_from_then_on),
      cmocka_unit_test(tests_beside_fail_once),
      cmocka_unit_test(tests_beside_fail_from_then_on),
      cmocka_unit_test(reading_and_laying_out_fail),
      cmocka_unit_test(errors_fail_once),
      cmocka_unit_test(errors_fail_from_then_on),
      cmocka_unit_test(vocabulary_fails_once),
      cmocka_unit_test(vocabulary_fails_from_then_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
