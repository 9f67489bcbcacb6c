// SPDX-License-Identifier: Apache-2.0
//
// Every limit of the language, once at the limit and once just over it: the first compiles, the second is one clear
// diagnostic. The limits stand in docs/limits.md.
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

// ------------------------------------------------------------------ sources

static void head(struct text *t) {
  text_put(t,
           "soc 1\npolicy \"limits/policy\" {\n  title \"t\"\n  payer \"p\"\n  version 2024-01-01\n"
           "  basis service.date\n  source \"s\"\n}\nuse \"vocabulary/case\"\n");
}

static void tail(struct text *t) {
  text_put(t, "decision d medical {\n  approve PREFERRED_SITE when c\n"
              "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n");
}

static void criterion(struct text *t) {
  text_put(t, "criterion c \"c\" cite \"c\" met when ");
}

static void simple(struct text *t) {
  criterion(t);
  text_put(t, "clinical.cardiac_condition\n");
}

static void source_bytes(struct text *t, uint32_t n) {
  head(t);
  simple(t);
  tail(t);
  text_put(t, "#");
  text_repeat(t, "x", n - t->length);
}

static void nesting(struct text *t, uint32_t n) {
  head(t);
  criterion(t);
  for (uint32_t i = 0; i < n; i++) text_put(t, "all of { ");
  text_put(t, "clinical.cardiac_condition");
  for (uint32_t i = 0; i < n; i++) text_put(t, " }");
  text_put(t, "\n");
  tail(t);
}

static void negations(struct text *t, uint32_t n) {
  head(t);
  criterion(t);
  text_repeat(t, "not ", n);
  text_put(t, "clinical.cardiac_condition\n");
  tail(t);
}

static void block_members(struct text *t, uint32_t n) {
  head(t);
  criterion(t);
  text_put(t, "any of {\n");
  text_repeat(t, "clinical.cardiac_condition\n", n);
  text_put(t, "}\n");
  tail(t);
}

static void enumeration_values(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nvocabulary \"limits\"\nenumeration e {\n");
  for (uint32_t i = 0; i < n; i++) text_put(t, "  v%u\n", i);
  text_put(t, "}\nfact f : e\n");
}

static void facts(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nvocabulary \"limits\"\n");
  for (uint32_t i = 0; i < n; i++) text_put(t, "fact f%u : boolean\n", i);
}

static void code_length(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nvocabulary \"limits\"\nfact f : code(%u)\n", n);
}

static void set_members(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nlibrary \"limits\"\nset s of codes \"s\" cite \"c\" {\n");
  for (uint32_t i = 0; i < n; i++) text_put(t, "A%07u\n", 2 * i);
  text_put(t, "}\n");
}

static void range_codes(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nlibrary \"limits\"\nset s of codes \"s\" cite \"c\" { A00000001..A%08u }\n",
           n);
}

// The outermost first, so that none is settled before it is reached through the others.
static void set_depth(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nlibrary \"limits\"\n");
  for (uint32_t i = n - 1; i > 0; i--) {
    text_put(t, "set s%u of codes \"s\" cite \"c\" { s%u, A%u }\n", i, i - 1, i);
  }
  text_put(t, "set s0 of codes \"s\" cite \"c\" { A0 }\n");
}

static void sample_depth(struct text *t, uint32_t n) {
  head(t);
  simple(t);
  tail(t);
  text_put(t, "sample s0 { clinical.cardiac_condition true }\n");
  for (uint32_t i = 1; i < n; i++)
    text_put(t, "sample s%u like s%u { service.date 2024-01-01 }\n", i, i - 1);
  text_put(t, "test \"t\" {\n  given s%u\n  expect d approve PREFERRED_SITE\n}\n", n - 1);
}

static void include_depth(struct text *t, uint32_t n) {
  head(t);
  simple(t);
  text_put(t, "rules r0 \"r\" {\n  approve PREFERRED_SITE when c\n}\n");
  for (uint32_t i = 1; i < n; i++) text_put(t, "rules r%u \"r\" {\n  include r%u\n}\n", i, i - 1);
  text_put(t, "decision d medical {\n  include r%u\n", n - 1);
  text_put(t, "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n");
}

// A chain of files: the policy uses f1, which uses f2, ...; the provider below writes them.
static uint32_t last_file;

// Version n of a policy, the first of the month n: it amends version n - 1, the first stands alone.
static void version(struct text *t, uint32_t n) {
  text_put(t, "soc 1\npolicy \"limits/policy\" {\n  version 20%02u-%02u-01\n", 10 + n / 12,
           n % 12 + 1);
  if (n > 1) text_put(t, "  amends \"./%u\"\n}\n", n - 1);
  if (n > 1) return;
  text_put(t, "  title \"t\"\n}\nuse \"vocabulary/case\"\n");
  simple(t);
  tail(t);
}

static bool use_version(uint32_t n, const char **text, size_t *length, const char **place) {
  static struct text files[80];
  if (n >= 80) return false;
  text_free(&files[n]);
  version(&files[n], n);
  *text = files[n].data;
  *length = files[n].length;
  *place = "version";
  return true;
}

// A vocabulary with that many values in enumerations of at most 64, and a policy that reads every fact of it.
static uint32_t value_total;

static uint32_t value_facts(void) {
  return (value_total + 63) / 64;
}

static bool use_values(const char **text, size_t *length, const char **place) {
  static struct text t;
  text_free(&t);
  text_put(&t, "soc 1\nvocabulary \"values\"\n");
  for (uint32_t i = 0; i < value_facts(); i++) {
    text_put(&t, "fact g%u : one of { ", i);
    for (uint32_t v = 0; v < 64 && i * 64 + v < value_total; v++)
      text_put(&t, v ? ", v%u" : "v%u", v);
    text_put(&t, " }\n");
  }
  *text = t.data;
  *length = t.length;
  *place = "values";
  return true;
}

static void values_in_all(struct text *t, uint32_t n) {
  value_total = n;
  text_put(t,
           "soc 1\npolicy \"limits/policy\" {\n  title \"t\"\n  payer \"p\"\n  version 2024-01-01\n"
           "  source \"s\"\n}\nuse \"values\"\n"
           "reason PREFERRED_SITE \"r\"\nreason SITE_CRITERIA_NOT_MET \"r\"\n");
  criterion(t);
  text_put(t, "any of {\n");
  for (uint32_t i = 0; i < value_facts(); i++) text_put(t, "g%u = v0\n", i);
  text_put(t, "}\n");
  tail(t);
}

// A table of single characters; the set takes the one row that is no `a`, a 7. Each row is read once for the table and,
// with its condition, twice for the set.
static struct text table_text;

static void file_rows(struct text *t, uint32_t n) {
  text_free(&table_text);
  text_put(&table_text, "c\n7\n");
  text_repeat(&table_text, "a\n", n / 3 - 1 + n % 3 / 2);
  text_put(t, "soc 1\nlibrary \"limits\"\nset s of codes \"s\" cite \"c\" {\n"
              "  rows of \"table.csv\" column \"c\" where column \"c\" = \"7\"\n}\n");
}

static void file_columns(struct text *t, uint32_t n) {
  text_free(&table_text);
  text_put(&table_text, "c");
  text_repeat(&table_text, ",x", n - 1);
  text_put(&table_text, "\nJ1");
  text_repeat(&table_text, ",", n - 1);
  text_put(t, "soc 1\nlibrary \"limits\"\nset s of codes \"s\" cite \"c\" {\n"
              "  rows of \"table.csv\" column \"c\"\n}\n");
}

static bool use_table(const char **text, size_t *length, const char **place) {
  *text = table_text.data;
  *length = table_text.length;
  *place = "table";
  return true;
}

static bool use(void *ctx, const char *name, const char *from, const char **text, size_t *length,
                const char **place) {
  static struct text files[40];
  (void)ctx;
  (void)from;
  if (name[0] == '.')
    return use_version((uint32_t)strtoul(name + 2, NULL, 10), text, length, place);
  if (strcmp(name, "table.csv") == 0) return use_table(text, length, place);
  if (strcmp(name, "values") == 0) return use_values(text, length, place);
  if (name[0] != 'f') return false;
  unsigned long number = strtoul(name + 1, NULL, 10);
  if (number >= 40) return false;
  struct text *t = &files[number];
  text_free(t);
  text_put(t, "soc 1\nlibrary \"f%lu\"\n", number);
  if (number < last_file) text_put(t, "use \"f%lu\"\n", number + 1);
  text_put(t, "constant c%lu = 1 day \"c\" cite \"c\"\n", number);
  *text = t->data;
  *length = t->length;
  *place = "file";
  return true;
}

static void use_depth(struct text *t, uint32_t n) {
  last_file = n;
  text_put(t, "soc 1\nlibrary \"f0\"\nuse \"f1\"\n");
}

static void derived_depth(struct text *t, uint32_t n) {
  head(t);
  for (uint32_t i = n - 1; i > 0; i--) {
    text_put(t, "derive d%u = d%u + 1 day \"d\" cite \"c\"\n", i, i - 1);
  }
  text_put(t, "derive d0 = service.date + 1 day \"d\" cite \"c\"\n");
  criterion(t);
  text_put(t, "d%u after 2024-01-01\n", n - 1);
  tail(t);
}

// One date and n - 1 parts of two expressions each, itself the last one.
static void derived_size(struct text *t, uint32_t n) {
  head(t);
  text_put(t, "derive d = earliest of {\n");
  for (uint32_t i = 0; i < n - 1; i++) text_put(t, "service.date\n");
  text_put(t, "} \"d\" cite \"c\"\n");
  criterion(t);
  text_put(t, "d after 2024-01-01\n");
  tail(t);
}

// One code in on days that overlap, none of which holds another's.
static void overlaps(struct text *t, uint32_t n) {
  text_put(t, "soc 1\nlibrary \"limits\"\nset s of codes \"s\" cite \"c\" {\n");
  for (uint32_t i = 0; i < n; i++) {
    text_put(t, "A1 from 2024-%02u-%02u to 2025-%02u-%02u\n", 1 + i / 28, 1 + i % 28, 1 + i / 28,
             1 + i % 28);
  }
  text_put(t, "}\n");
}

static void whole_digits(struct text *t, uint32_t n) {
  head(t);
  criterion(t);
  text_put(t, "access.infusion_center_miles < ");
  text_repeat(t, "1", n);
  text_put(t, " miles\n");
  tail(t);
}

static void fraction_digits(struct text *t, uint32_t n) {
  head(t);
  criterion(t);
  text_put(t, "access.infusion_center_miles < 0.");
  text_repeat(t, "1", n);
  text_put(t, " miles\n");
  tail(t);
}

static void rules(struct text *t, uint32_t n) {
  head(t);
  simple(t);
  text_put(t, "decision d medical {\n");
  for (uint32_t i = 0; i < n - 1; i++) text_put(t, "  approve PREFERRED_SITE as r%u when c\n", i);
  text_put(t, "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n");
}

// Each criterion is one cell; a rule whose condition is a criterion needs none of its own.
static void cells(struct text *t, uint32_t n) {
  head(t);
  text_put(t, "criterion c0 \"c\" cite \"c\" met when clinical.cardiac_condition\n");
  for (uint32_t i = 1; i < n - 2; i++) {
    text_put(t, "criterion c%u \"c\" cite \"c\" met when not c%u\n", i, i - 1);
  }
  text_put(t, "criterion c \"c\" cite \"c\" met when c%u\n", n - 3);
  tail(t);
}

// More members than one block may have.
static void members(struct text *t, uint32_t n, const char *before, const char *after) {
  head(t);
  criterion(t);
  text_put(t, "any of {\n");
  for (uint32_t i = 0; i < n; i++) {
    if (i % 60000 == 0) text_put(t, i == 0 ? "any of {\n" : "}\nany of {\n");
    text_put(t, "%s%u%s\n", before, i + 1, after);
  }
  text_put(t, "}\n}\n");
  tail(t);
}

static void sets(struct text *t, uint32_t n) {
  members(t, n, "service.drug in { \"B\", \"A", "\" }");
}

// Each window has a constant of its own, the first of them 0, which all have in common.
static void window_constants(struct text *t, uint32_t n) {
  members(t, n, "service.date in first ", " days from therapy.course_start_date");
}

// Each choice is a truth and a set of candidates below those that follow, and behind the last stands one set more.
static void stack_slots(struct text *t, uint32_t n) {
  uint32_t choices = (n - 1) / 2 + (n - 1) % 2;
  head(t);
  text_put(t, "derive place : site asks service.site_of_care \"d\" cite \"c\" {\n");
  for (uint32_t i = 0; i < choices; i++) text_put(t, "  home when clinical.cardiac_condition\n");
  text_put(t, "}\n");
  criterion(t);
  text_put(t, "place = home\n");
  tail(t);
}

static void table_columns(struct text *t, uint32_t n) {
  head(t);
  simple(t);
  tail(t);
  text_put(t, "test table \"t\" {\n  with { claim.lines {");
  for (uint32_t i = 0; i < n - 1; i++) text_put(t, " { number %u }", i);
  text_put(t, " } }\n  |");
  for (uint32_t i = 0; i < n - 1; i++) text_put(t, " claim.lines[%u].units |", i);
  text_put(t, " expect d |\n  |");
  text_repeat(t, " 1 |", n - 1);
  text_put(t, " pend |\n}\n");
}

static void tested_versions(struct text *t, uint32_t n) {
  text_put(t, "soc 1\ntests for \"./0\"");
  for (uint32_t i = 1; i < n; i++) text_put(t, ", \"./%u\"", i);
  text_put(t, "\n");
}

// ------------------------------------------------------------------ the check

struct limit {
  const char *name;
  uint32_t at;
  enum diag_code over;
  void (*write)(struct text *t, uint32_t n);
};

static soc_compilation *compile(const struct limit *limit, uint32_t n) {
  struct text t = {0};
  limit->write(&t, n);
  const soc_compile_options options = {.use = use};
  bool tests = limit->write == tested_versions;
  soc_compilation *c =
      soc_compile(t.data, t.length, tests ? "limits.test.soc" : "limits.soc", &options);
  assert_non_null(c);
  assert_false(soc_compilation_out_of_memory(c));
  text_free(&t);
  return c;
}

static void print_first(const soc_compilation *c, const char *name, const char *wanted) {
  if (soc_compilation_diagnostic_count(c) == 0) {
    print_error("%s: no diagnostic, wanted %s\n", name, wanted);
    return;
  }
  const soc_diagnostic *d = soc_compilation_diagnostic(c, 0);
  print_error("%s: %s %s, wanted %s\n", name, d->code, d->message, wanted);
}

static bool reports(const soc_compilation *c, const char *code) {
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    if (strcmp(soc_compilation_diagnostic(c, i)->code, code) == 0) return true;
  }
  return false;
}

static void at_and_over(void **state) {
  const struct limit *limit = *state;
  const char *code = diag_info_of(limit->over)->code;
  soc_compilation *c = compile(limit, limit->at);
  bool fine = soc_compilation_error_count(c) == 0;
  if (!fine) print_first(c, limit->name, "none");
  soc_compilation_free(c);
  assert_true(fine);
  c = compile(limit, limit->at + 1);
  bool refused = soc_compilation_error_count(c) != 0 && reports(c, code);
  if (!refused) print_first(c, limit->name, code);
  soc_compilation_free(c);
  assert_true(refused);
}

static const struct limit LIMITS[] = {
    {"source bytes", 64 * 1024 * 1024, DIAG_SOURCE_TOO_LONG, source_bytes},
    {"nesting of blocks", 200, DIAG_TOO_DEEP, nesting},
    {"nesting of not", 200, DIAG_TOO_DEEP, negations},
    {"members of a block", 65535, DIAG_BLOCK_TOO_LARGE, block_members},
    {"values of an enumeration", 64, DIAG_TOO_MANY_VALUES, enumeration_values},
    {"values of all enumerations", 65535, DIAG_TOO_MUCH_CODE, values_in_all},
    {"facts", 4096, DIAG_TOO_MANY_FACTS, facts},
    {"length of a code", 12, DIAG_WHOLE_NUMBER, code_length},
    {"rows of tables", 4000000, DIAG_TABLES_TOO_LONG, file_rows},
    {"columns of a table", 256, DIAG_TABLE_TOO_WIDE, file_columns},
    {"set members", 1000000, DIAG_SETS_TOO_LARGE, set_members},
    {"codes of a range", 100000, DIAG_RANGE_TOO_LONG, range_codes},
    {"members in force together", 64, DIAG_TOO_MANY_OVERLAPS, overlaps},
    {"sets in sets", 32, DIAG_SETS_TOO_DEEP, set_depth},
    {"samples like samples", 32, DIAG_SAMPLE_CHAIN, sample_depth},
    {"rules in rules", 32, DIAG_INCLUDE_TOO_DEEP, include_depth},
    {"files that use files", 32, DIAG_USE_TOO_DEEP, use_depth},
    {"versions that amend one another", 64, DIAG_AMENDS_TOO_LONG, version},
    {"derived values in derived values", 64, DIAG_DERIVED_TOO_LARGE, derived_depth},
    {"size of a derived value", 256, DIAG_DERIVED_TOO_LARGE, derived_size},
    {"digits before the point", 9, DIAG_NUMBER_TOO_LONG, whole_digits},
    {"digits after the point", 6, DIAG_NUMBER_TOO_FINE, fraction_digits},
    {"rules of a decision", 65535, DIAG_TOO_MANY_RULES, rules},
    {"criteria", 65536, DIAG_TOO_MANY_CELLS, cells},
    {"sets", 65536, DIAG_TOO_MUCH_CODE, sets},
    {"constants of windows", 65536, DIAG_TOO_MUCH_CODE, window_constants},
    {"stack", 511, DIAG_STACK_TOO_DEEP, stack_slots},
    {"columns of a table of tests", 256, DIAG_TOO_MANY_COLUMNS, table_columns},
    {"versions that tests are for", 64, DIAG_TESTS_FOR_MANY, tested_versions},
};
enum { LIMIT_COUNT = sizeof LIMITS / sizeof LIMITS[0] };

// 100 errors are shown; one more, and a line says how many are not.
static void diagnostics(void **state) {
  (void)state;
  for (uint32_t n = 100; n <= 101; n++) {
    struct text t = {0};
    text_put(&t, "soc 1\nlibrary \"limits\"\nuse \"vocabulary/case\"\n");
    for (uint32_t i = 0; i < n; i++)
      text_put(&t, "criterion c%u \"c\" cite \"c\" met when nothing%u\n", i, i);
    soc_compilation *c = soc_compile(t.data, t.length, "limits.soc", NULL);
    text_free(&t);
    assert_non_null(c);
    assert_true(soc_compilation_error_count(c) >= n);
    assert_int_equal(soc_compilation_diagnostic_count(c), n);
    assert_int_equal(reports(c, diag_info_of(DIAG_MORE_ERRORS)->code), n > 100);
    soc_compilation_free(c);
  }
}

int main(void) {
  struct CMUnitTest tests[LIMIT_COUNT + 1] = {cmocka_unit_test(diagnostics)};
  for (size_t i = 0; i < LIMIT_COUNT; i++) {
    struct CMUnitTest test = {LIMITS[i].name, at_and_over, NULL, NULL,
                              (void *)(uintptr_t)&LIMITS[i]};
    tests[i + 1] = test;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
