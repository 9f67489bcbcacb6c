// SPDX-License-Identifier: Apache-2.0
//
// From source to decision: each construct of the language in a small policy with tests of its own, which the compiler
// runs through the VM; and what a test says when it fails.
#include "support.h"

static void run_all(const char *body) {
  char source[8192];
  snprintf(source, sizeof source, HEAD "%s", body);
  soc_compilation *c = compile_text(source);
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++)
    print_message("%s\n", soc_compilation_diagnostic(c, i)->message);
  assert_int_equal(soc_compilation_error_count(c), 0);
  assert_true(soc_compilation_test_count(c) > 0);
  for (uint32_t i = 0; i < soc_compilation_test_count(c); i++) {
    soc_test_outcome outcome;
    assert_true(soc_compilation_run_test(c, i, &outcome));
    if (!outcome.passed) fail_msg("%s: %s", outcome.title, outcome.difference);
  }
  soc_compilation_free(c);
}

#define DECISION(when)                                                   \
  "decision d medical {\n"                                               \
  "  approve PREFERRED_SITE when " when " cite \"L1\"\n" OTHERWISE "}\n" \
  "sample s { service.date 2024-06-01 }\n"
#define MET(title, with) "test \"" title "\" { given s with { " with " }\n expect d approve }\n"
#define NOT_MET(title, with) "test \"" title "\" { given s with { " with " }\n expect d refer }\n"
#define UNKNOWN(title, with, facts)                                                              \
  "test \"" title "\" { given s with { " with " }\n expect d pend FACT_MISSING missing { " facts \
  " } possible { approve, refer } }\n"

static void comparisons(void **state) {
  (void)state;
  run_all(DECISION("access.infusion_center_miles > 50 miles")
              MET("more", "access.infusion_center_miles 50.000001")
                  NOT_MET("exactly", "access.infusion_center_miles 50")
                      NOT_MET("none is not more", "access.infusion_center_miles none")
                          UNKNOWN("unknown", "service.code J1745", "access.infusion_center_miles"));
  run_all(DECISION("50 miles < access.infusion_center_miles")
              MET("more", "access.infusion_center_miles 51"));
  run_all(DECISION("service.route differs from intravenous")
              MET("other", "service.route subcutaneous")
                  NOT_MET("same", "service.route intravenous")
                      UNKNOWN("unknown", "service.code J1745", "service.route"));
  run_all(DECISION("service.route if given differs from intravenous")
              MET("other", "service.route subcutaneous") NOT_MET("left out", "service.code J1745"));
  run_all(DECISION("service.drug = \"infliximab (janssen)\"")
              MET("folded", "service.drug \"Infliximab  (JANSSEN) \"")
                  NOT_MET("other", "service.drug \"Infliximab\""));
}

static void blocks(void **state) {
  (void)state;
  static const char three[] =
      DECISION("at least 2 of { clinical.cardiac_condition; clinical.pulmonary_condition; "
               "access.hospital_only_source }")
          MET("two of three settle it",
              "clinical.cardiac_condition true; access.hospital_only_source true")
              NOT_MET("two against settle it",
                      "clinical.cardiac_condition false; access.hospital_only_source false")
                  UNKNOWN("one each",
                          "clinical.cardiac_condition true; access.hospital_only_source false",
                          "clinical.pulmonary_condition");
  run_all(three);
  run_all(DECISION("none of { clinical.cardiac_condition; access.hospital_only_source }")
              MET("neither", "clinical.cardiac_condition false; access.hospital_only_source false")
                  NOT_MET("one", "access.hospital_only_source true")
                      UNKNOWN("unknown", "access.hospital_only_source false",
                              "clinical.cardiac_condition"));
}

static void membership(void **state) {
  (void)state;
  run_all("set codes of codes \"t\" cite \"L1\" { J1745 J1746 to 2024-07-01; J2*; J3000..J3010 "
          "}\n" DECISION("service.code in codes") MET("undated", "service.code J1745")
              MET("before the end", "service.code J1746")
                  NOT_MET("after the end", "service.code J1746; service.date 2024-07-01")
                      MET("prefix", "service.code J2999") MET("range", "service.code J3010")
                          NOT_MET("past the range", "service.code J3011"));
  run_all("set codes of codes \"t\" cite \"L1\" { J1746 to 2024-07-01 }\n" DECISION(
      "service.code in codes as of service.end_date")
              UNKNOWN("the date is asked", "service.code J1746", "service.end_date")
                  NOT_MET("no date needed", "service.code J1745"));
  run_all(DECISION("clinical.diagnosis_codes includes all of { C509, D37 }")
              MET("both", "clinical.diagnosis_codes { D37 C509 E11 }")
                  NOT_MET("one", "clinical.diagnosis_codes { C509 }")
                      UNKNOWN("unknown", "service.code J1745", "clinical.diagnosis_codes"));
  run_all(DECISION("clinical.diagnosis_codes includes only { C50*, D37 }")
              MET("all", "clinical.diagnosis_codes { C509 D37 }")
                  MET("empty", "clinical.diagnosis_codes empty")
                      NOT_MET("another", "clinical.diagnosis_codes { C509 E11 }"));
  run_all(DECISION("clinical.diagnosis_codes if given includes none of { C509 }") MET(
      "others", "clinical.diagnosis_codes { E11 }") NOT_MET("left out", "service.code J1745"));
  run_all(DECISION("clinical.diagnosis_codes if given is not empty")
              MET("some", "clinical.diagnosis_codes { E11 }")
                  NOT_MET("none", "clinical.diagnosis_codes empty")
                      NOT_MET("left out", "service.code J1745"));
  run_all(DECISION("documentation.submitted includes all of { office_notes, drug_label }")
              MET("both", "documentation.submitted { drug_label office_notes }")
                  NOT_MET("one", "documentation.submitted { drug_label }"));
}

static void dates(void **state) {
  (void)state;
  run_all(DECISION("service.date in first 90 days from therapy.course_start_date")
              MET("first day", "therapy.course_start_date 2024-06-01")
                  MET("day 90", "therapy.course_start_date 2024-03-04")
                      NOT_MET("day 91", "therapy.course_start_date 2024-03-03")
                          NOT_MET("before", "therapy.course_start_date 2024-06-02"));
  run_all(DECISION("service.date within 3 days of therapy.course_start_date")
              MET("3 before", "therapy.course_start_date 2024-06-04")
                  MET("3 after", "therapy.course_start_date 2024-05-29")
                      NOT_MET("4 after", "therapy.course_start_date 2024-05-28"));
  run_all(DECISION("service.date on or after therapy.course_start_date + 1 month")
              MET("clamped", "service.date 2024-02-29; therapy.course_start_date 2024-01-31")
                  NOT_MET("too early",
                          "service.date 2024-02-28; therapy.course_start_date 2024-01-31"));
  run_all(DECISION("service.date on or after therapy.course_start_date + 1 year")
              MET("leap day", "service.date 2025-02-28; therapy.course_start_date 2024-02-29"));
  run_all(DECISION("age >= 13 years") MET("birthday", "member.birth_date 2011-06-01")
              NOT_MET("day before", "member.birth_date 2011-06-02")
                  UNKNOWN("unknown", "service.code J1745", "member.birth_date"));
  run_all(DECISION(
      "earliest of { service.end_date if given, therapy.course_start_date } before 2024-07-01")
              MET("drops out", "therapy.course_start_date 2024-06-01") MET(
                  "earlier", "therapy.course_start_date 2024-08-01; service.end_date 2024-06-30"));
}

static void records(void **state) {
  (void)state;
  run_all(DECISION(
      "some record of clinical.adverse_events has all of { kind = anaphylaxis; severity = severe }")
              MET("one record", "clinical.adverse_events { { kind seizure } { kind anaphylaxis, "
                                "severity severe } }")
                  NOT_MET("two halves", "clinical.adverse_events { { kind anaphylaxis, severity "
                                        "mild } { kind seizure, severity severe } }")
                      NOT_MET("empty", "clinical.adverse_events empty")
                          UNKNOWN("list", "service.code J1745", "clinical.adverse_events") UNKNOWN(
                              "field",
                              "clinical.adverse_events { { kind seizure } { kind anaphylaxis } }",
                              "clinical.adverse_events[1].severity"));
  run_all(DECISION("number of records of claim.lines with { code = J1745 } >= 2")
              MET("two", "claim.lines { { number 1, code J1745 } { number 2, code J1745 } }")
                  NOT_MET("one", "claim.lines { { number 1, code J1745 } { number 2 } }"));
  run_all(DECISION("every record of claim.lines has date = 2024-06-01")
              MET("from the case", "claim.lines { { number 1 } { number 2, date 2024-06-01 } }")
                  NOT_MET("its own", "claim.lines { { number 1, date 2024-06-02 } }"));
}

static void derived_values(void **state) {
  (void)state;
  run_all("derive place : site asks service.site_of_care \"t\" cite \"L1\" {\n"
          "  service.site_of_care when given\n"
          "  inpatient when claim.type_of_bill if given in { 011* }\n"
          "  home or pharmacy when service.self_administered\n"
          "  from service.place_of_service { 11 -> physician_office or infusion_center; 2* -> "
          "hospital_outpatient }\n"
          "}\n" DECISION("place in { physician_office, infusion_center, home }") MET(
              "stated", "service.site_of_care home") NOT_MET("by bill", "claim.type_of_bill 0111")
              MET("either", "service.place_of_service 11") NOT_MET("by prefix",
                                                                   "service.place_of_service 23")
                  UNKNOWN("one of two", "service.self_administered true", "service.site_of_care")
                      UNKNOWN("unlisted", "service.place_of_service 99", "service.site_of_care"));
}

static void rules(void **state) {
  (void)state;
  run_all(
      "criterion a \"t\" cite \"L1\" met when clinical.cardiac_condition\n"
      "criterion b \"t\" cite \"L1\" met when access.hospital_only_source\n"
      "decision d medical {\n"
      "  longest approval decides\n"
      "  pend DRUG_IDENTITY_MISSING when service.code is left out cite \"L1\" action identify_drug "
      "if b\n"
      "  not applicable NOT_IN_SCOPE_DRUG unless service.code = J1745 cite \"L1\"\n"
      "    while open INDICATION_UNCLEAR if a\n"
      "  within a {\n"
      "    approve INITIAL_COURSE when service.date in first 90 days from "
      "therapy.course_start_date cite \"L1\"\n"
      "      through therapy.course_start_date + 89 days\n"
      "    approve ACCESS_HOSPITAL_ONLY when b because CLINICAL_CARDIAC when a because "
      "CLINICAL_RENAL\n"
      "  }\n"
      "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L1\" redirect { home, pharmacy } action "
      "choose_alternative_site\n"
      "}\n"
      "sample s {\n  service.date 2024-06-01\n  service.code J1745\n  clinical.cardiac_condition "
      "true\n"
      "  access.hospital_only_source false\n  therapy.course_start_date 2024-05-01\n}\n"
      "sample t like s { access.hospital_only_source true }\n"
      "test \"window\" { given s\n expect d approve INITIAL_COURSE through 2024-07-29 also { } }\n"
      "test \"longest\" { given t\n expect d approve ACCESS_HOSPITAL_ONLY through none also { "
      "CLINICAL_CARDIAC CLINICAL_RENAL INITIAL_COURSE } }\n"
      "test \"within\" { given t with { clinical.cardiac_condition false }\n"
      "  expect d refer SITE_CRITERIA_NOT_MET redirect { pharmacy, home } action { "
      "choose_alternative_site } }\n"
      "test \"action\" { given t with { service.code unknown }\n expect d pend "
      "DRUG_IDENTITY_MISSING action { identify_drug } }\n"
      "test \"date\" { given t with { service.date unknown }\n"
      "  expect d pend FACT_MISSING missing { service.date } possible { approve, pend } }\n");
}

static void failing_tests_say_what_differs(void **state) {
  (void)state;
  soc_compilation *c = compile_clean(HEAD DECISION(
      "access.hospital_only_source") "test \"wrong\" {\n given s\n expect d approve PREFERRED_SITE "
                                     "through 2024-07-01 also { INITIAL_COURSE } missing { } "
                                     "possible { approve } redirect { home } action { "
                                     "identify_drug } assumed { service.code }\n}\n");
  soc_test_outcome outcome;
  assert_true(soc_compilation_run_test(c, 0, &outcome));
  assert_false(outcome.passed);
  assert_string_equal(outcome.title, "wrong");
  assert_string_equal(outcome.difference,
                      "d: expected the determination approve, found pend\n"
                      "d: expected the reason PREFERRED_SITE, found FACT_MISSING\n"
                      "d: expected the last day 2024-07-01, found none\n"
                      "d: expected also { INITIAL_COURSE }, found { }\n"
                      "d: expected missing { }, found { access.hospital_only_source }\n"
                      "d: expected assumed { service.code }, found { }\n"
                      "d: expected redirect { home }, found { }\n"
                      "d: expected action { identify_drug }, found { }\n"
                      "d: expected possible { approve }, found { approve, refer }\n"
                      "  depends on d.PREFERRED_SITE: Place is preferred or less intensive");
  assert_true(soc_compilation_run_test(c, 0, &outcome)); // again: nothing is left over
  assert_false(outcome.passed);
  soc_compilation_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(comparisons), cmocka_unit_test(blocks),
      cmocka_unit_test(membership),  cmocka_unit_test(dates),
      cmocka_unit_test(records),     cmocka_unit_test(derived_values),
      cmocka_unit_test(rules),       cmocka_unit_test(failing_tests_say_what_differs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
