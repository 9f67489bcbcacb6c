// SPDX-License-Identifier: Apache-2.0
//
// What a set holds: ranges, prefixes, dates, inclusion, and what a version keeps of it.
#include "support.h"

static const char today[] = "2024-06-01";

static soc_compilation *compile_set(const char *kind, const char *members) {
  char source[2048];
  snprintf(source, sizeof source, LIBRARY "set s of codes %s \"t\" cite \"L1\" { %s }\n", kind,
           members);
  soc_compilation *c = compile_text(source);
  assert_int_equal(soc_compilation_error_count(c), 0);
  return c;
}

static void check_members(const char *kind, const char *members, const char *const in[],
                          const char *const out[]) {
  soc_compilation *c = compile_set(kind, members);
  const struct set_decl *set = set_named(c, "s");
  for (int i = 0; in[i] != NULL; i++)
    if (!set_holds(set, in[i], today)) fail_msg("%s is not in { %s }", in[i], members);
  for (int i = 0; out[i] != NULL; i++)
    if (set_holds(set, out[i], today)) fail_msg("%s is in { %s }", out[i], members);
  for (uint32_t i = 1; i < set->count; i++) assert_true(set->ranges[i - 1].hi < set->ranges[i].lo);
  soc_compilation_free(c);
}

#define LIST(...)         \
  (const char *const[]) { \
    __VA_ARGS__, NULL     \
  }

static void whole_codes(void **state) {
  (void)state;
  check_members("", "J1745", LIST("J1745"), LIST("J174", "J17450", "J1746"));
  check_members("", "96360..96379", LIST("96360", "96369", "96370", "96379"),
                LIST("9636", "963600", "963601", "96380", "9637", "9636A", "96359"));
  check_members("", "J0999..J1001", LIST("J0999", "J1000", "J1001"),
                LIST("J099", "J09990", "J0998", "J1002", "J100A"));
  check_members("", "0001A..0010A", LIST("0001A", "0009A", "0010A"),
                LIST("0001B", "0011A", "00010", "0001"));
  check_members("", "0250, 0630..0639", LIST("0250", "0635"), LIST("250", "0640", "02500"));
}

static void prefixes(void **state) {
  (void)state;
  check_members(
      "by first 3 characters", "C00..C96, D00..D09, D37..D49",
      LIST("C00", "C509", "C50912", "C79A", "D37", "D371", "D39", "D3910", "D40", "D49", "D499",
           "D00", "D09Z"),
      LIST("D3A", "D3A00", "D3", "D36", "D50", "D10", "C97", "C4A", "C7A0", "D", "E00", "D4A"));
}

static void prefixes_leave_letters_out(void **state) {
  (void)state;
  check_members("by first 3 characters", "D37..D49",
                LIST("D37", "D38", "D39", "D40", "D49", "D37A", "D39ZZZZZZZZZ"),
                LIST("D3A", "D3A0", "D3Z", "D4A", "D36Z", "D50"));
}

static void wildcards(void **state) {
  (void)state;
  check_members("", "011*, 012*", LIST("011", "0111", "0119", "012A"),
                LIST("01", "0130", "010", "0211"));
  check_members("", "J1*, J1745", LIST("J1", "J1745", "J1999"), LIST("J", "J2", "J0999"));
}

static void overlaps_are_merged(void **state) {
  (void)state;
  soc_compilation *c = compile_set("", "J1*, J1745, J1745, J17*, 96360..96365, 96363..96369");
  const struct set_decl *set = set_named(c, "s");
  assert_int_equal(set->count, 11); // ten single codes and one prefix
  assert_false(set->dated);
  soc_compilation_free(c);
  c = compile_set("by first 2 characters", "D1..D9");
  assert_int_equal(set_named(c, "s")->count, 1);
  soc_compilation_free(c);
}

static void dates_are_first_in_and_first_out(void **state) {
  (void)state;
  soc_compilation *c = compile_set(
      "", "J1745 from 2024-01-01 to 2024-03-01, J1746 to 2024-03-01, J1747 from 2024-03-01");
  const struct set_decl *set = set_named(c, "s");
  assert_true(set->dated);
  assert_false(set_holds(set, "J1745", "2023-12-31"));
  assert_true(set_holds(set, "J1745", "2024-01-01"));
  assert_true(set_holds(set, "J1745", "2024-02-29"));
  assert_false(set_holds(set, "J1745", "2024-03-01"));
  assert_true(set_holds(set, "J1746", "0001-01-01"));
  assert_false(set_holds(set, "J1746", "2024-03-01"));
  assert_false(set_holds(set, "J1747", "2024-02-29"));
  assert_true(set_holds(set, "J1747", "9999-12-31"));
  soc_compilation_free(c);
}

static void overlapping_dates_are_joined(void **state) {
  (void)state;
  soc_compilation *c =
      compile_set("", "J1745 from 2024-01-01 to 2024-06-01, J1745 from 2024-03-01 to 2024-09-01, "
                      "J17* from 2025-01-01, J1745 from 2024-10-01 to 2024-11-01");
  const struct set_decl *set = set_named(c, "s");
  assert_true(set_holds(set, "J1745", "2024-01-01"));
  assert_true(set_holds(set, "J1745", "2024-08-31"));
  assert_false(set_holds(set, "J1745", "2024-09-01"));
  assert_true(set_holds(set, "J1745", "2024-10-31"));
  assert_false(set_holds(set, "J1745", "2024-12-31"));
  assert_true(set_holds(set, "J1745", "2025-01-01"));
  assert_false(set_holds(set, "J1744", "2024-10-31"));
  assert_true(set_holds(set, "J1744", "2025-01-01"));
  assert_true(set_holds(set, "J17459", "2025-01-01"));
  for (uint32_t i = 1; i < set->count; i++) {
    const struct set_range *before = &set->ranges[i - 1], *r = &set->ranges[i];
    assert_true(before->hi < r->lo ||
                (before->lo == r->lo && before->hi == r->hi && before->to <= r->from));
  }
  soc_compilation_free(c);
}

static void a_version_keeps_what_can_be_in_force(void **state) {
  (void)state;
  soc_compilation *c = compile_clean(
      HEAD // version 2024-01-01
      "set s of codes \"t\" cite \"L1\" {\n"
      "  J0001 to 2023-12-31; J0002 to 2024-01-01; J0003 to 2024-01-02\n"
      "  J0004 from 2023-01-01; J0005 from 2024-01-01; J0006 from 2024-01-02\n"
      "}\n"
      "decision d medical {\n"
      "  approve PREFERRED_SITE when service.code in s cite \"L1\"\n" OTHERWISE "}\n");
  const struct set_decl *set = set_named(c, "s");
  assert_int_equal(set->count, 4);
  assert_false(set_holds(set, "J0001", "2023-01-01"));
  assert_false(set_holds(set, "J0002", "2023-01-01"));
  assert_true(set_holds(set, "J0003", "2024-01-01"));
  assert_false(set_holds(set, "J0003", "2024-01-02"));
  assert_true(set_holds(set, "J0004", "2000-01-01")); // its date lies before the version: undated
  assert_true(set_holds(set, "J0005", "2000-01-01"));
  assert_false(set_holds(set, "J0006", "2024-01-01"));
  soc_compilation_free(c);
}

static void sets_include_sets(void **state) {
  (void)state;
  soc_compilation *c = compile_clean(
      LIBRARY "set all of codes \"t\" cite \"L1\" { first\n second from 2024-01-01, J0003 }\n"
              "set first of codes \"t\" cite \"L1\" { J0001 }\n"
              "set second of codes \"t\" cite \"L1\" { J0002 to 2025-01-01, first }\n");
  const struct set_decl *set = set_named(c, "all");
  assert_true(set_holds(set, "J0001", "2000-01-01"));
  assert_false(set_holds(set, "J0002", "2023-12-31"));
  assert_true(set_holds(set, "J0002", "2024-12-31"));
  assert_false(set_holds(set, "J0002", "2025-01-01"));
  assert_true(set_holds(set, "J0003", "2000-01-01"));
  soc_compilation_free(c);
}

static void texts_are_folded_sorted_and_unique(void **state) {
  (void)state;
  soc_compilation *c = compile_clean(
      HEAD "set b of texts \"t\" cite \"L1\" { \"Rituxan\", \"Actemra\", \"  INFLIXIMAB  (Janssen "
           "- unbranded) \" }\n"
           "decision d medical {\n"
           "  approve PREFERRED_SITE as a when service.drug in b cite \"L1\"\n"
           "  approve PREFERRED_SITE as c when service.drug = \"ACTEMRA\" cite \"L1\"\n" OTHERWISE
           "}\n");
  const struct program *p = compilation_program(c);
  assert_int_equal(p->text_count, 3);
  assert_true(str_is(p->texts[0], "actemra"));
  assert_true(str_is(p->texts[1], "infliximab (janssen - unbranded)"));
  assert_true(str_is(p->texts[2], "rituxan"));
  const struct set_decl *set = set_named(c, "b");
  for (uint32_t i = 0; i < 3; i++) assert_int_equal(set->ranges[i].lo, i);
  soc_compilation_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(whole_codes),
      cmocka_unit_test(prefixes),
      cmocka_unit_test(prefixes_leave_letters_out),
      cmocka_unit_test(wildcards),
      cmocka_unit_test(overlaps_are_merged),
      cmocka_unit_test(dates_are_first_in_and_first_out),
      cmocka_unit_test(overlapping_dates_are_joined),
      cmocka_unit_test(a_version_keeps_what_can_be_in_force),
      cmocka_unit_test(sets_include_sets),
      cmocka_unit_test(texts_are_folded_sorted_and_unique),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
