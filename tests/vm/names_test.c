// SPDX-License-Identifier: Apache-2.0
//
// soc/names.h: facts by name. What is set by a name is what the setter that takes an index sets; names that nobody
// knows are told from facts that a policy does not read.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include <stdalign.h>
#include <stdio.h>

#include "soc/names.h"

static uint8_t bytes[1 << 17];
static alignas(max_align_t) uint8_t memory[1 << 20];
static soc_policy policy;
static soc_case *c;

static void open(const char *path) {
  const soc_case_limits limits = {.rows = 3, .items = 3};
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  size_t length = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  assert_int_equal(soc_policy_load(&policy, bytes, length, NULL), SOC_OK);
  assert_int_equal(soc_case_init(&c, &policy, &limits, memory, sizeof memory, NULL), SOC_OK);
}

static int open_premera(void **state) {
  (void)state;
  open("tests/golden/premera.socb");
  return 0;
}

static int open_r14(void **state) {
  (void)state;
  open("tests/golden/r14.socb");
  return 0;
}

static soc_value value_of(const char *name, uint32_t row) {
  soc_value value;
  uint32_t fact = soc_policy_find_fact(&policy, name, strlen(name));
  assert_int_not_equal(fact, SOC_NO_INDEX);
  assert_int_equal(soc_case_get(c, fact, row, &value), SOC_OK);
  return value;
}

static void holds(const char *name, uint32_t row, int64_t number) {
  soc_value value = value_of(name, row);
  assert_int_equal(value.state, SOC_GIVEN);
  assert_false(value.assumed);
  assert_int_equal(value.number, number);
}

static void facts_of_the_case(void **state) {
  (void)state;
  int32_t day;
  uint64_t code;
  assert_true(soc_date_make(2024, 12, 10, &day));
  assert_int_equal(soc_case_set_date_named(c, &policy, SOC_FACT_SERVICE_DATE, 0, 2024, 12, 10),
                   SOC_OK);
  holds("service.date", 0, day);
  assert_int_equal(soc_case_set_code_named(c, &policy, SOC_FACT_SERVICE_CODE, 0, "j1745"), SOC_OK);
  assert_true(soc_code_pack("J1745", 5, &code));
  holds("service.code", 0, (int64_t)code);
  assert_int_equal(
      soc_case_set_enum_named(c, &policy, SOC_FACT_MEMBER_LINE_OF_BUSINESS, 0, "marketplace"),
      SOC_OK);
  uint32_t fact = soc_policy_find_fact(&policy, "member.line_of_business", 23);
  holds("member.line_of_business", 0, soc_policy_find_value(&policy, fact, "marketplace", 11));
  assert_int_equal(
      soc_case_set_number_named(c, &policy, SOC_FACT_ACCESS_INFUSION_CENTER_MILES, 0, 8400000),
      SOC_OK);
  holds("access.infusion_center_miles", 0, 8400000);
  assert_int_equal(
      soc_case_set_bool_named(c, &policy, SOC_FACT_ACCESS_HOSPITAL_ONLY_SOURCE, 0, true), SOC_OK);
  holds("access.hospital_only_source", 0, 1);
  assert_int_equal(soc_case_set_text_named(c, &policy, SOC_FACT_SERVICE_DRUG, 0, "Remicade"),
                   SOC_OK);
  assert_int_equal(value_of("service.drug", 0).state, SOC_GIVEN);
  assert_int_equal(soc_case_set_none_named(c, &policy, SOC_FACT_CLINICAL_FVC_PERCENT_PREDICTED, 0),
                   SOC_OK);
  assert_int_equal(value_of("clinical.fvc_percent_predicted", 0).state, SOC_NONE);
}

static void lists_of_the_case(void **state) {
  (void)state;
  assert_int_equal(
      soc_case_set_list_named(c, &policy, SOC_FACT_THERAPY_CONCURRENT_IV_CANCER_DRUGS, 0), SOC_OK);
  assert_int_equal(
      soc_case_add_code_named(c, &policy, SOC_FACT_THERAPY_CONCURRENT_IV_CANCER_DRUGS, "J9035"),
      SOC_OK);
  holds("therapy.concurrent_iv_cancer_drugs", 0, 1);
}

static void rows(void **state) {
  (void)state;
  uint64_t code;
  assert_int_equal(soc_case_set_list_named(c, &policy, SOC_FACT_CLAIM_LINES, 2), SOC_OK);
  assert_int_equal(soc_case_set_number_named(c, &policy, SOC_FACT_CLAIM_LINES_NUMBER, 1, 2000000),
                   SOC_OK);
  holds("claim.lines[].number", 1, 2000000);
  assert_int_equal(soc_case_set_line_named(c, &policy, SOC_FACT_CLAIM_LINES_RELATED_LINE, 1, 0),
                   SOC_OK);
  holds("claim.lines[].related_line", 1, 0);
  assert_int_equal(soc_case_set_row_list_named(c, &policy, SOC_FACT_CLAIM_LINES_MODIFIERS, 1),
                   SOC_OK);
  assert_int_equal(soc_case_add_row_code_named(c, &policy, SOC_FACT_CLAIM_LINES_MODIFIERS, 1, "JW"),
                   SOC_OK);
  uint32_t fact = soc_policy_find_fact(&policy, "claim.lines[].modifiers", 23);
  assert_int_equal(soc_case_row_list_code(c, fact, 1, 0, &code), SOC_OK);
  char text[13];
  assert_int_equal(soc_code_unpack(code, text), 2);
  assert_string_equal(text, "JW");
  assert_int_equal(soc_case_set_code_named(c, &policy, SOC_FACT_CLAIM_LINES_CODE, 2, "96365"),
                   SOC_ERR_ARGUMENT); // no such row
}

// A fact of the vocabulary that the policy does not read is passed over, whatever is to be set.
static void not_read(void **state) {
  (void)state;
  static const char name[] = SOC_FACT_CLAIM_LINES_UNITS;
  uint32_t fact = 0;
  assert_int_equal(soc_find_named(&policy, name, &fact), SOC_OK);
  assert_int_equal(fact, SOC_NO_INDEX);
  assert_int_equal(soc_case_set_bool_named(c, &policy, name, 0, true), SOC_OK);
  assert_int_equal(soc_case_set_date_named(c, &policy, name, 0, 2024, 1, 1), SOC_OK);
  assert_int_equal(soc_case_set_number_named(c, &policy, name, 0, 1), SOC_OK);
  assert_int_equal(soc_case_set_code_named(c, &policy, name, 0, "J1745"), SOC_OK);
  assert_int_equal(soc_case_set_text_named(c, &policy, name, 0, "text"), SOC_OK);
  assert_int_equal(soc_case_set_enum_named(c, &policy, name, 0, "any"), SOC_OK);
  assert_int_equal(soc_case_set_none_named(c, &policy, name, 0), SOC_OK);
  assert_int_equal(soc_case_set_list_named(c, &policy, name, 1), SOC_OK);
  assert_int_equal(soc_case_add_code_named(c, &policy, name, "J1745"), SOC_OK);
  assert_int_equal(soc_case_add_enum_named(c, &policy, name, "any"), SOC_OK);
  assert_int_equal(soc_case_set_line_named(c, &policy, name, 0, 1), SOC_OK);
  assert_int_equal(soc_case_set_row_list_named(c, &policy, name, 0), SOC_OK);
  assert_int_equal(soc_case_add_row_code_named(c, &policy, name, 0, "JW"), SOC_OK);
  assert_int_equal(soc_case_add_row_enum_named(c, &policy, name, 0, "any"), SOC_OK);
}

static void unknown_names(void **state) {
  (void)state;
  uint32_t fact = 0;
  assert_int_equal(soc_find_named(&policy, "service.dat", &fact), SOC_ERR_ARGUMENT);
  assert_int_equal(fact, SOC_NO_INDEX);
  assert_int_equal(soc_find_named(&policy, NULL, &fact), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_find_named(NULL, SOC_FACT_SERVICE_DATE, &fact), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_date_named(c, &policy, "service.dat", 0, 2024, 1, 1),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_code_named(c, &policy, "", 0, "J1745"), SOC_ERR_ARGUMENT);
  assert_false(soc_vocabulary_has(NULL));
  assert_false(soc_vocabulary_has("claim.lines[]"));
  assert_true(soc_vocabulary_has("claim.lines"));
}

// A text that is NULL is refused where it would be read.
static void no_text(void **state) {
  (void)state;
  assert_int_equal(soc_case_set_code_named(c, &policy, SOC_FACT_SERVICE_CODE, 0, NULL),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_text_named(c, &policy, SOC_FACT_SERVICE_DRUG, 0, NULL),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_enum_named(c, &policy, SOC_FACT_MEMBER_LINE_OF_BUSINESS, 0, NULL),
                   SOC_ERR_ARGUMENT);
  static const char list[] = SOC_FACT_THERAPY_CONCURRENT_IV_CANCER_DRUGS;
  assert_int_equal(soc_case_set_list_named(c, &policy, list, 0), SOC_OK);
  assert_int_equal(soc_case_add_code_named(c, &policy, list, NULL), SOC_ERR_ARGUMENT);
  holds(list, 0, 0);
  assert_int_equal(soc_case_set_code_named(NULL, &policy, SOC_FACT_SERVICE_CODE, 0, "J1745"),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_code_named(c, NULL, SOC_FACT_SERVICE_CODE, 0, "J1745"),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_code_named(c, &policy, NULL, 0, "J1745"), SOC_ERR_ARGUMENT);
  static const char not_read[] = SOC_FACT_CLAIM_LINES_UNITS;
  assert_int_equal(soc_case_set_text_named(c, &policy, not_read, 0, NULL), SOC_OK);
  assert_int_equal(soc_case_set_date_named(c, &policy, not_read, 0, 2023, 2, 29), SOC_OK);
}

static void no_text_in_rows(void **state) {
  (void)state;
  static const char list[] = SOC_FACT_CLAIM_LINES_MODIFIERS;
  assert_int_equal(soc_case_set_list_named(c, &policy, SOC_FACT_CLAIM_LINES, 1), SOC_OK);
  assert_int_equal(soc_case_set_row_list_named(c, &policy, list, 0), SOC_OK);
  assert_int_equal(soc_case_add_row_code_named(c, &policy, list, 0, NULL), SOC_ERR_ARGUMENT);
  holds(list, 0, 0);
}

static void wrong_values(void **state) {
  (void)state;
  assert_int_equal(soc_case_set_date_named(c, &policy, SOC_FACT_SERVICE_DATE, 0, 2023, 2, 29),
                   SOC_ERR_VALUE);
  assert_int_equal(soc_case_set_code_named(c, &policy, SOC_FACT_SERVICE_DATE, 0, "J1745"),
                   SOC_ERR_ARGUMENT); // another type
  assert_int_equal(soc_case_set_enum_named(c, &policy, SOC_FACT_SERVICE_DATE, 0, "commercial"),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(
      soc_case_set_enum_named(c, &policy, SOC_FACT_MEMBER_LINE_OF_BUSINESS, 0, "commercia"),
      SOC_ERR_VALUE);
  assert_int_equal(value_of("service.date", 0).state, SOC_LEFT_OUT);
  assert_int_equal(value_of("member.line_of_business", 0).state, SOC_LEFT_OUT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(facts_of_the_case, open_premera),
      cmocka_unit_test_setup(lists_of_the_case, open_premera),
      cmocka_unit_test_setup(rows, open_r14),
      cmocka_unit_test_setup(not_read, open_premera),
      cmocka_unit_test_setup(unknown_names, open_premera),
      cmocka_unit_test_setup(no_text, open_premera),
      cmocka_unit_test_setup(no_text_in_rows, open_r14),
      cmocka_unit_test_setup(wrong_values, open_premera),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
