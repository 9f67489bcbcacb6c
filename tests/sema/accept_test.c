// SPDX-License-Identifier: Apache-2.0
//
// What may be compared with what: every kind of value against every other. The messages are pinned by the sources of
// tests/language/errors; here stands the whole table.
#include "support.h"

// One value of each kind; kinds that fit each other share a letter.
static const struct {
  const char *text;
  char fits;
} values[] = {
    {"service.date", 'd'},
    {"service.end_date + 6 months", 'd'},
    {"2024-02-29", 'd'},
    {"earliest of { service.date, service.end_date if given }", 'd'},
    {"therapy.dosing_interval_days", 'D'},
    {"90 days", 'D'},
    {"days from service.date to service.end_date", 'D'},
    {"6 months", 'M'},
    {"13 years", 'Y'},
    {"completed years from member.birth_date to service.date", 'Y'},
    {"age", 'Y'},
    {"access.infusion_center_miles", 'm'},
    {"50 miles", 'm'},
    {"clinical.fvc_percent_predicted", '%'},
    {"40 %", '%'},
    {"therapy.controlled_studies_count", 'n'},
    {"2", 'n'},
    {"number of records of clinical.adverse_events with { kind = seizure }", 'n'},
};
enum { VALUES = sizeof values / sizeof *values };

static void only_like_is_compared_with_like(void **state) {
  (void)state;
  char source[1024], code[8];
  for (int i = 0; i < VALUES; i++) {
    for (int j = 0; j < VALUES; j++) {
      snprintf(source, sizeof source, LIBRARY "criterion c \"t\" cite \"L1\" met when %s >= %s\n",
               values[i].text, values[j].text);
      first_code(source, code);
      bool accepted =
          code[0] == '\0' || code[0] == 'W'; // constants against constants are told about
      if (accepted != (values[i].fits == values[j].fits))
        fail_msg("%s >= %s: %s", values[i].text, values[j].text, code);
    }
  }
}

static const struct {
  const char *condition, *code; // "" accepted
} conditions[] = {
    {"service.code = J1745", ""},
    {"J1745 = service.code", ""},
    {"service.place_of_service = 11", ""},
    {"service.place_of_service differs from 01", ""},
    {"service.route = intravenous", ""},
    {"intravenous = service.route", ""},
    {"site = home", ""},
    {"site differs from home", ""},
    {"site in { home, pharmacy }", ""},
    {"member.line_of_business = medicare", ""},
    {"therapy.drug_criteria_status = met", ""}, // values may be words of the language
    {"claim.transfusion_mismatch = none", ""},
    {"service.drug = \"Actemra\"", ""},
    {"service.drug in { \"Actemra\", \"Rituxan\" }", ""},
    {"access.home_infusion_available", ""},
    {"access.home_infusion_available if given", ""},
    {"not access.home_infusion_available", ""},
    {"claim.type_of_bill in { 011*, 0131 }", ""},
    {"service.code in { J1745, J0100..J0200 }", ""},
    {"clinical.diagnosis_codes includes { C50* }", ""},
    {"clinical.diagnosis_codes includes any of { C509 }", ""},
    {"clinical.diagnosis_codes includes only { C509, D37 }", ""},
    {"clinical.diagnosis_codes includes none of { C509 }", ""},
    {"clinical.diagnosis_codes includes all of { C509, D37 }", ""},
    {"clinical.diagnosis_codes includes all of { C50* }", "E0516"},
    {"documentation.submitted includes all of { office_notes, drug_label }", ""},
    {"documentation.submitted includes only { office_notes }", ""},
    {"clinical.adverse_events is empty", ""},
    {"clinical.adverse_events if given is not empty", ""},
    {"therapy.previous_course_last_dose_date is not none", ""},
    {"clinical.adverse_events is left out", ""},
    {"service.date on or before service.end_date - 1 day", ""},
    {"service.date before request.received_date + 2 years", ""},
    {"service.date after service.end_date + therapy.dosing_interval_days", ""},
    {"service.date within 90 days of therapy.course_start_date", ""},
    {"service.date in first 90 days from therapy.course_start_date if given", ""},
    {"some record of clinical.adverse_events has date after service.date - 1 year", ""},
    {"every record of claim.lines has units >= 1 unit", ""},
    {"no record of claim.lines has date if given before service.date", ""},
    {"number of records of claim.lines with { code = J1745 } > 1", ""},
    {"at least 2 of { access.home_infusion_available; access.hospital_only_source; site = home }",
     ""},
    {"none of { access.home_infusion_available; access.hospital_only_source }", ""},
    {"therapy.dosing_interval_days + 90 days > 180 days", ""},
    {"service.code = 11 days", "E0310"},
    {"50 miles", "E0209"},
    {"service.date in first 6 months from therapy.course_start_date", "E0342"},
    {"service.code in { J0200..J0100 }", "E0506"},
    {"service.code in { J0100..K0200 }", "E0505"},
};

static void conditions_are_accepted_or_refused(void **state) {
  (void)state;
  char source[1024], code[8];
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
    snprintf(source, sizeof source, LIBRARY "criterion c \"t\" cite \"L1\" met when %s\n",
             conditions[i].condition);
    if (strcmp(first_code(source, code), conditions[i].code) != 0)
      fail_msg("%s: \"%s\" instead of \"%s\"", conditions[i].condition, code, conditions[i].code);
  }
}

static void one_mistake_is_told_once(void **state) {
  (void)state;
  soc_compilation *c = compile_text(
      LIBRARY "derive late = service.dat + 3 days \"t\" cite \"L1\"\n"
              "constant far = 2023-02-29 \"t\" cite \"L1\"\n"
              "set codes of codes \"t\" cite \"L1\" { J0200..J0100 }\n"
              "criterion a \"t\" cite \"L1\" met when any of {\n"
              "  late before service.date; late + 1 day after far; service.code in codes\n"
              "  earliest of { late, service.code } before far\n"
              "  b\n"
              "}\n"
              "criterion b \"t\" cite \"L1\" met when late before late\n");
  assert_int_equal(soc_compilation_error_count(c), 3);
  soc_compilation_free(c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_like_is_compared_with_like),
      cmocka_unit_test(conditions_are_accepted_or_refused),
      cmocka_unit_test(one_mistake_is_told_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
