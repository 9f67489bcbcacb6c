// SPDX-License-Identifier: Apache-2.0
//
// Which states are proved to be out of reach: where the proof must succeed, and where it must not. That none is ever
// claimed that occurs is checked over random policies by tests/property.
#include "support.h"

#include <stdlib.h>

#define SETS                                                                 \
  "set drugs of codes \"S\" cite \"L1\" { J1745, J1746 }\n"                  \
  "set later of codes \"S\" cite \"L1\" { J1745 from 2024-06-01\n J1746 }\n" \
  "set brands of texts \"S\" cite \"L1\" { \"Remicade\", \"Avsola\" }\n"     \
  "constant off = false \"C\" cite \"L1\"\n"                                 \
  "derive place : site asks service.site_of_care \"D\" cite \"L1\" {\n"      \
  "  from service.place_of_service { 11 -> home } }\n"

// States of the criterion `c` of a policy, as letters: m met, n not met, u unknown.
static const char *states_of(const char *declarations, const char *rules) {
  static char text[4];
  char source[8192];
  soc_reach reach;
  snprintf(source, sizeof source, HEAD "%s\n%s", declarations, rules);
  soc_compilation *c = compile_text(source);
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++)
    if (soc_compilation_diagnostic(c, i)->severity == SOC_SEVERITY_ERROR)
      fail_msg("%s\n%s", declarations, soc_compilation_diagnostic(c, i)->message);
  assert_true(soc_compilation_reach(c, &reach));
  uint8_t states = reach.cells[cell_named(c, "c")->index];
  snprintf(text, sizeof text, "%s%s%s", states >> SOC_MET & 1 ? "m" : "",
           states >> SOC_NOT_MET & 1 ? "n" : "", states >> SOC_UNKNOWN_TRUTH & 1 ? "u" : "");
  soc_compilation_free(c);
  return text;
}

static void reaches(const char *condition, const char *expected) {
  char declarations[4096];
  snprintf(declarations, sizeof declarations, SETS "criterion c \"C\" cite \"L1\" met when %s",
           condition);
  const char *found = states_of(declarations, "decision d medical {\n  approve PREFERRED_SITE when "
                                              "c\n" OTHERWISE "}\n");
  if (strcmp(found, expected) != 0) fail_msg("%s: %s, not %s", condition, found, expected);
}

static void of_line(const char *condition, const char *expected) {
  char declarations[4096];
  snprintf(declarations, sizeof declarations,
           "each line of claim.lines {\n"
           "criterion fee \"t\" cite \"L1\" met when code = J1745\n"
           "criterion c \"C\" cite \"L1\" met when %s\n}\n",
           condition);
  const char *found =
      states_of(declarations, "decision l administrative for each line of claim.lines {\n"
                              "  deny NO_ORDER when c\n  eligible otherwise cite \"L1\"\n}\n");
  if (strcmp(found, expected) != 0) fail_msg("%s: %s, not %s", condition, found, expected);
}

static void what_is_left_out(void **state) {
  (void)state;
  reaches("clinical.cardiac_condition", "mnu");
  reaches("service.self_administered", "mn"); // assumed
  reaches("member.benefit_plan_language = silent", "mn");
  reaches("service.route if given = intravenous", "mn");
  reaches("service.route is left out", "mn");
  reaches("access.infusion_center_miles is none", "mnu");
  reaches("clinical.diagnosis_codes is empty", "mnu");
  reaches("clinical.diagnosis_codes if given is empty", "mn");
  reaches("off", "n");
  reaches("not off", "m");
}

static void values_of_one_fact(void **state) {
  (void)state;
  reaches("all of { service.route = intravenous; service.route = subcutaneous }", "nu");
  reaches("any of { service.route = intravenous; service.route differs from intravenous }", "mu");
  reaches("all of { service.code in drugs; not service.code in drugs }", "nu");
  reaches("all of { service.code in drugs; service.code = J1745 }", "mnu");
  reaches("all of { service.code in drugs; service.code = J3380 }", "nu");
  reaches("all of { service.drug in brands; service.drug = \"Stelara IV\" }", "nu");
  reaches("all of { access.infusion_center_miles > 50 miles; access.infusion_center_miles <= 50 "
          "miles }",
          "nu");
  reaches("any of { access.infusion_center_miles > 50 miles; access.infusion_center_miles <= 50 "
          "miles }",
          "mnu"); // none is neither
  reaches("all of { service.date before 2024-06-01; service.date after 2024-05-31 }", "nu");
  reaches("all of { service.date before 2024-06-01; service.date after 2024-05-30 }", "mnu");
  reaches("service.date before 0001-01-01", "nu");
  reaches("all of { service.code is left out; service.code = J1745 }", "nu");
  reaches("all of { service.code is left out; service.code if given = J1745 }", "n");
}

static void dated_sets(void **state) {
  (void)state;
  reaches("all of { service.code in later; service.code = J1745; service.date before 2024-06-01 }",
          "nu");
  reaches("all of { service.code in later; service.code = J1745; service.date before 2024-06-02 }",
          "mnu");
  reaches("all of { service.code in later; service.code = J1746; service.date before 2024-06-01 }",
          "mnu");
}

// Without the date of service it is not known whether a dated member is one.
static void dates_left_out(void **state) {
  (void)state;
  reaches("service.code if given in drugs", "mn");
  reaches("service.code if given in later", "mnu");
}

static void lists(void **state) {
  (void)state;
  reaches("all of { clinical.diagnosis_codes is empty; clinical.diagnosis_codes includes any of { "
          "K5090 } }",
          "nu");
  reaches("all of { clinical.diagnosis_codes includes only { K5090 }; "
          "clinical.diagnosis_codes includes any of { K5091 } }",
          "nu");
  reaches("all of { clinical.diagnosis_codes includes any of { K5090 }; "
          "clinical.diagnosis_codes includes any of { K5091 } }",
          "mnu");
  reaches("all of { clinical.diagnosis_codes includes all of { K5090, K5091 }; "
          "clinical.diagnosis_codes includes none of { K5091 } }",
          "nu");
  reaches(
      "some record of clinical.adverse_events has all of { severity = mild; severity = severe }",
      "nu");
  reaches("every record of clinical.adverse_events has severity = mild", "mnu");
  reaches("number of records of clinical.adverse_events with { severity = mild } >= 0", "mu");
}

static void derived_values(void **state) {
  (void)state;
  reaches("all of { site = home; site = inpatient }", "nu");
  reaches("all of { site = home; site in { home, inpatient } }", "mnu");
  reaches("all of { site = inpatient; service.site_of_care = home }", "nu");
  reaches("place = home", "mu"); // any other code leaves every place open
  reaches("place = inpatient", "nu");
}

// A map that leaves more sets of places than are kept apart: 35 codes three of seven places each, the last one home.
static void many_candidates(void **state) {
  (void)state;
  static const char *const p[] = {"physician_office",
                                  "infusion_center",
                                  "hospital_outpatient",
                                  "hospital_affiliated_suite",
                                  "ambulatory_surgical_center",
                                  "pharmacy",
                                  "inpatient"};
  char declarations[4096] = "derive place : site asks service.site_of_care \"D\" cite \"L1\" {\n"
                            "  from service.place_of_service {\n";
  size_t at = strlen(declarations);
  int code = 10;
  for (int i = 0; i < 7; i++)
    for (int j = i + 1; j < 7; j++)
      for (int k = j + 1; k < 7; k++)
        at += (size_t)snprintf(declarations + at, sizeof declarations - at,
                               "    %d -> %s or %s or %s\n", code++, p[i], p[j], p[k]);
  snprintf(declarations + at, sizeof declarations - at,
           "    %d -> home\n  }\n}\ncriterion c \"C\" cite \"L1\" met when place = home", code);
  assert_string_equal(states_of(declarations, "decision d medical {\n  approve PREFERRED_SITE when "
                                              "c\n" OTHERWISE "}\n"),
                      "mnu");
}

// What the analysis does not see counts as possible.
static void what_is_not_proved(void **state) {
  (void)state;
  reaches("all of { age < 13 years; age > 13 years }", "mnu");
  reaches("all of { service.date before therapy.course_start_date; "
          "service.date after therapy.course_start_date }",
          "mnu");
}

static void counts(void **state) {
  (void)state;
#define THREE \
  "clinical.cardiac_condition; clinical.pulmonary_condition; clinical.renal_function_unstable"
  reaches("at least 2 of { " THREE " }", "mnu");
  reaches("at least 2 of { service.self_administered; off; clinical.cardiac_condition }", "mnu");
  reaches("at least 2 of { service.self_administered; off; not off }", "mn");
  reaches("at least 2 of { off; off; " THREE " }", "mnu");
  reaches("at least 2 of { off; not off; not off }", "m");
  reaches("at least 2 of { off; off; clinical.cardiac_condition }", "n");
  reaches("none of { off; not off }", "n");
}

static void lines(void **state) {
  (void)state;
  of_line("fee", "mn"); // a line without a code has none
  of_line("order_documented", "mn");
  of_line("some line has fee", "mn"); // where a line is asked, lines are known
  of_line("some other line on the same date has fee", "mnu");
  of_line("the related line has fee", "mn");
  of_line("some line has dialysis_related", "mn");
  of_line("all of { fee; code = J0897 }", "n");
  of_line("some line has all of { fee; code = J0897 }", "n");
  of_line("some line has all of { fee; this line's code = J0897 }", "mn");
  of_line("number of lines with { all of { fee; code = J0897 } } >= 1", "n");
  of_line("number of lines with { any of { fee; not fee } } >= 1", "m");
  of_line("date before 2024-01-01", "mnu"); // the case's, which may be missing
}

// A rule reads what a criterion is; `unless` turns it, `otherwise` is always met.
static void rules(void **state) {
  (void)state;
  soc_reach reach;
  soc_compilation *c = compile_clean(
      HEAD "decision d medical {\n"
           "  not applicable NOT_IN_SCOPE_DRUG unless service.self_administered \"T\" cite \"L1\"\n"
           "  approve PREFERRED_SITE when clinical.cardiac_condition \"T\" cite \"L1\"\n" OTHERWISE
           "}\n");
  static const struct {
    const char *name;
    uint8_t states;
    bool own;
  } expected[] = {{"d.DATE_OF_SERVICE", 3, true},
                  {"d.NOT_IN_SCOPE_DRUG", 5, true},
                  {"d.PREFERRED_SITE", 7, true},
                  {"d.SITE_CRITERIA_NOT_MET", 4, false}};
  assert_true(soc_compilation_reach(c, &reach));
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    assert_int_equal(reach.rules[i].name.length, strlen(expected[i].name));
    assert_memory_equal(reach.rules[i].name.data, expected[i].name, strlen(expected[i].name));
    assert_int_equal(reach.rules[i].states, expected[i].states);
    assert_int_equal(reach.rules[i].own, expected[i].own);
  }
  soc_compilation_free(c);
}

// A chain of criteria longer than any stack is given up on, not followed.
static void long_chains(void **state) {
  (void)state;
  enum { LENGTH = 4000, ROOM = 120 };
  char *source = malloc(LENGTH * ROOM);
  assert_non_null(source);
  size_t at = (size_t)sprintf(
      source, HEAD "criterion c0 \"C\" cite \"L1\" met when service.self_administered\n");
  for (int i = 1; i < LENGTH; i++)
    at += (size_t)sprintf(source + at,
                          "criterion c%d \"C\" cite \"L1\" met when any of { not c%d; c%d }\n",
                          LENGTH - i, LENGTH - i == LENGTH - 1 ? 0 : LENGTH - i + 1,
                          LENGTH - i == LENGTH - 1 ? 0 : LENGTH - i + 1);
  sprintf(source + at, "decision d medical {\n  approve PREFERRED_SITE when c1\n" OTHERWISE "}\n");
  soc_compilation *c = compile_text(source);
  soc_reach reach;
  assert_int_equal(soc_compilation_error_count(c), 0);
  assert_true(soc_compilation_reach(c, &reach));
  assert_int_equal(reach.cells[cell_named(c, "c0")->index], 5);
  assert_int_equal(reach.cells[cell_named(c, "c3998")->index], 4);
  assert_int_equal(reach.cells[cell_named(c, "c1")->index], 7);
  soc_compilation_free(c);
  free(source);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_left_out),
                                     cmocka_unit_test(values_of_one_fact),
                                     cmocka_unit_test(dated_sets),
                                     cmocka_unit_test(dates_left_out),
                                     cmocka_unit_test(lists),
                                     cmocka_unit_test(derived_values),
                                     cmocka_unit_test(many_candidates),
                                     cmocka_unit_test(what_is_not_proved),
                                     cmocka_unit_test(counts),
                                     cmocka_unit_test(lines),
                                     cmocka_unit_test(rules),
                                     cmocka_unit_test(long_chains)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
