// SPDX-License-Identifier: Apache-2.0
//
// What is said of each line of a list: each construct decides small claims as its words say, and cells have the frames
// and the order that the VM relies on. A larger policy with tests of its own stands in data/lines.soc.
#include "support.h"

static void run_source(const char *source) {
  soc_compilation *c = compile_text(source);
  bool failed = soc_compilation_error_count(c) > 0;
  for (uint32_t i = 0; failed && i < soc_compilation_diagnostic_count(c); i++)
    print_message("%s\n", soc_compilation_diagnostic(c, i)->message);
  assert_false(failed);
  assert_true(soc_compilation_test_count(c) > 0);
  for (uint32_t i = 0; i < soc_compilation_test_count(c); i++) {
    soc_test_outcome outcome;
    assert_true(soc_compilation_run_test(c, i, &outcome));
    if (!outcome.passed) fail_msg("%s: %s", outcome.title, outcome.difference);
  }
  soc_compilation_free(c);
}

// One condition of a line; `lines` of the claim; what is expected of them.
static void decides(const char *condition, const char *lines, const char *expected) {
  char source[8192];
  snprintf(
      source, sizeof source,
      HEAD
      "each line of claim.lines {\n"
      "  derive category : line_category asks claim.lines.category \"t\" cite \"L1\" {\n"
      "    category when given\n"
      "    from revenue_code { 0250 -> drug\n 0390 -> blood_product or blood_administration }\n"
      "    other otherwise assumed\n"
      "  }\n"
      "  criterion fee \"t\" cite \"L1\" met when category = blood_administration\n"
      "  criterion jw \"t\" cite \"L1\" met when modifiers includes { JW }\n"
      "  quantity before = number of earlier lines with fee \"t\" cite \"L1\"\n"
      "  derive double = units + units \"t\" cite \"L1\"\n"
      "}\n"
      "decision l administrative for each line of claim.lines {\n"
      "  deny NO_ORDER when %s cite \"L1\"\n  eligible otherwise cite \"L1\"\n}\n"
      "test \"t\" { with { service.date 2024-06-01; claim.lines { %s } }\n%s }\n",
      condition, lines, expected);
  run_source(source);
}
#define DENY(n) "expect line " #n " of l deny NO_ORDER missing { }\n"
#define STAYS(n) "expect line " #n " of l eligible missing { }\n"
#define OPEN(n, facts) \
  "expect line " #n " of l pend FACT_MISSING missing { " facts " } possible { deny, eligible }\n"

static void a_line_among_others(void **state) {
  (void)state;
  static const char two[] = "{ number 1, code J1745 } { number 2, code J0897 }";
  decides("code = J1745", two, DENY(1) STAYS(2));
  decides("some line has code = J1745", two, DENY(1) DENY(2));
  decides("some other line has code = J1745", two, STAYS(1) DENY(2));
  decides("some earlier line has code = J1745", two, STAYS(1) DENY(2));
  decides("no other line has code = J1745", two, DENY(1) STAYS(2));
  decides("every other line has code = J1745", two, STAYS(1) DENY(2));
  decides("every earlier line has code = J0897", two, DENY(1) STAYS(2));
  decides("no line has code = J3380", two, DENY(1) DENY(2));
  decides("some record of claim.lines has code = this line's code", two, DENY(1) DENY(2));
  decides("some other line with code = J1745 has not jw", two, STAYS(1) DENY(2));
  decides("every line with code = J1745 has jw", two, STAYS(1) STAYS(2));
  decides("no other line with code = J1745 has not jw", two, DENY(1) STAYS(2));
  // the number is the order, not the place
  decides("some earlier line has code = J1745", "{ number 9, code J1745 } { number 2, code J0897 }",
          STAYS(9) STAYS(2));
}

static void the_same_date(void **state) {
  (void)state;
  static const char lines[] = "{ number 1, code J1745 } { number 2, date 2024-06-02 } { number 3 }";
  decides("some other line on the same date has code = J1745", lines, STAYS(1) STAYS(2) DENY(3));
  decides("every other line on the same date has code = J1745", lines, STAYS(1) DENY(2) DENY(3));
  char source[4096];
  snprintf(source, sizeof source,
           HEAD
           "decision l administrative for each line of claim.lines {\n"
           "  deny NO_ORDER when some other line on the same date has code = J1745 cite \"L1\"\n"
           "  eligible otherwise cite \"L1\"\n}\n"
           "test \"t\" { with { claim.lines { { number 1, code J1745, date 2024-06-01 }\n"
           "  { number 2, date 2024-06-01 } { number 3, date 2024-06-02 } { number 4 } } }\n"
           "  expect line 2 of l deny\n expect line 3 of l eligible missing { }\n"
           "  expect line 4 of l pend FACT_MISSING missing { service.date }\n}\n");
  run_source(source);
}

static void counts_and_sums(void **state) {
  (void)state;
  static const char lines[] = "{ number 1, category blood_administration, units 2 }"
                              "{ number 2, revenue_code 0390, units 3 }"
                              "{ number 3, units 4 }";
  decides("before >= 1", lines, STAYS(1) DENY(2) DENY(3));
  decides("before = 2", lines, STAYS(1) STAYS(2) OPEN(3, "claim.lines[1].category"));
  decides("before >= 3", lines, STAYS(1) STAYS(2) STAYS(3));
  decides("number of other lines with { fee } = 0", lines,
          OPEN(1, "claim.lines[1].category") STAYS(2) STAYS(3));
  decides("sum of units of lines with { fee } >= 5 units", lines,
          OPEN(1, "claim.lines[1].category") OPEN(2, "claim.lines[1].category")
              OPEN(3, "claim.lines[1].category"));
  decides("sum of units of lines with { fee } < 2 units", lines, STAYS(1) STAYS(2) STAYS(3));
  decides("sum of units of earlier lines with { code is none } + units > 8 units", lines,
          STAYS(1) STAYS(2) DENY(3));
  decides("some other line has before > this line's before", lines,
          DENY(1) OPEN(2, "claim.lines[1].category") STAYS(3));
  decides("double > 5 units", lines, STAYS(1) DENY(2) DENY(3));
  decides("some other line has double > 7 units", lines, DENY(1) DENY(2) STAYS(3));
}

// Dates, numbers of the case, labels of a rule's own condition.
static void other_quantities(void **state) {
  (void)state;
  run_source(
      HEAD
      "each line of claim.lines {\n"
      "  criterion a \"t\" cite \"L1\" met when code = J1745\n"
      "  quantity first_day = earliest of { date, service.end_date if given } \"t\" cite \"L1\"\n"
      "}\n"
      "quantity drugs = number of records of claim.lines with { a } \"t\" cite \"L1\"\n"
      "decision l administrative for each line of claim.lines {\n"
      "  deny NO_ORDER when first_day before service.date cite \"L1\"\n"
      "  deny NOT_ADMINISTERED when all of { one: a; two: some other line has a; drugs >= 2 } "
      "cite \"L1\"\n"
      "  eligible otherwise cite \"L1\"\n"
      "}\n"
      "test \"t\" { with { service.date 2024-06-02; claim.lines {\n"
      "  { number 1, code J1745 } { number 2, code J1745, date 2024-06-01 } { number 3 } } }\n"
      "  expect line 1 of l deny NOT_ADMINISTERED\n  expect line 2 of l deny NO_ORDER\n"
      "  expect line 3 of l eligible\n}\n");
}

static void related_lines(void **state) {
  (void)state;
  static const char lines[] = "{ number 1, revenue_code 0250 } { number 2, related_line 1 }"
                              "{ number 3, related_line 2 } { number 4 }";
  decides("the related line has category = drug", lines, STAYS(1) DENY(2) STAYS(3) STAYS(4));
  decides("the related line by related_line has related_line is none", lines,
          STAYS(1) DENY(2) STAYS(3) STAYS(4));
  decides("some line up the chain of related_line has category = drug", lines,
          STAYS(1) DENY(2) DENY(3) STAYS(4));
  decides("no line up the chain of related_line has category = drug", lines,
          DENY(1) STAYS(2) STAYS(3) DENY(4));
  decides("every line up the chain of related_line has category = drug", lines,
          DENY(1) DENY(2) STAYS(3) DENY(4));
  decides("the related line has fee",
          "{ number 1, revenue_code 0390 } { number 2, related_line 1 }",
          STAYS(1) OPEN(2, "claim.lines[0].category"));
}

static void lists_in_lines(void **state) {
  (void)state;
  static const char lines[] =
      "{ number 1, modifiers { 59, SH } } { number 2, modifiers { 59 } } { number 3 }";
  decides("modifiers includes all of { 59, SH }", lines, DENY(1) STAYS(2) STAYS(3));
  decides("modifiers includes { 59 }", lines, DENY(1) DENY(2) STAYS(3));
  decides("modifiers includes only { 59 }", lines, STAYS(1) DENY(2) DENY(3));
  decides("modifiers includes none of { SH }", lines, STAYS(1) DENY(2) DENY(3));
  decides("modifiers is empty", lines, STAYS(1) STAYS(2) DENY(3));
  decides("some other line has this line's modifiers is empty", lines, STAYS(1) STAYS(2) DENY(3));
}

static void two_facts(void **state) {
  (void)state;
  static const char lines[] = "{ number 1, billing_basis per_day, rendering_npi \"A b\" }"
                              "{ number 2, billing_basis per_hour, rendering_npi \"a  B\" }"
                              "{ number 3, rendering_npi \"c\" }";
  decides("some other line has billing_basis differs from this line's billing_basis", lines,
          DENY(1) DENY(2) STAYS(3));
  decides("some other line has rendering_npi = this line's rendering_npi", lines,
          DENY(1) DENY(2) STAYS(3));
  decides("some other line has rendering_npi = this line's rendering_npi",
          "{ number 1, rendering_npi \"a\" } { number 2 }",
          OPEN(1, "claim.lines[1].rendering_npi") OPEN(2, "claim.lines[1].rendering_npi"));
}

static void quotients(void **state) {
  (void)state;
  static const char lines[] =
      "{ number 1, units 10, administered_amount 95, hcpcs_unit_amount 10 }"
      "{ number 2, units 9, administered_amount 90.000001, hcpcs_unit_amount 10 }"
      "{ number 3, units 9, administered_amount 90, hcpcs_unit_amount 10 }"
      "{ number 4, units 9, administered_amount 90 }";
  decides("units = administered_amount / hcpcs_unit_amount rounded up to a whole unit", lines,
          DENY(1) STAYS(2) DENY(3) STAYS(4));
  decides("units differs from administered_amount / hcpcs_unit_amount rounded up to a whole unit",
          lines, STAYS(1) DENY(2) STAYS(3) STAYS(4));
  decides("units / 3 units rounded up to a whole unit = 4", lines,
          DENY(1) STAYS(2) STAYS(3) STAYS(4));
}

static void what_a_line_is_for(void **state) {
  (void)state;
  static const char lines[] = "{ number 1, category drug } { number 2, revenue_code 0250 }"
                              "{ number 3, revenue_code 0390 } { number 4, revenue_code 0999 }"
                              "{ number 5 }";
  decides("category = drug", lines, DENY(1) DENY(2) STAYS(3) STAYS(4) STAYS(5));
  decides("fee", lines,
          STAYS(1) STAYS(2) OPEN(3, "claim.lines[2].category")
              STAYS(4) "expect line 5 of l eligible assumed { claim.lines[4].category }\n");
  decides("category in { blood_product, blood_administration }", lines,
          STAYS(1) STAYS(2) DENY(3) STAYS(4) STAYS(5));
}

// Rows of another list, criteria of the case, rules for both kinds of decision.
static void frames_meet(void **state) {
  (void)state;
  run_source(
      HEAD
      "each line of claim.lines {\n"
      "  criterion drug_line \"t\" cite \"L1\" met when code = J1745\n"
      "  criterion both \"t\" cite \"L1\" met when all of {\n"
      "    drug_line\n"
      "    some record of clinical.adverse_events has all of { severity = severe; this line's "
      "drug_line }\n"
      "    part: service.route = intravenous\n"
      "  }\n"
      "  rules of_lines {\n"
      "    within both { deny NO_ORDER when units > 1 unit cite \"L1\" }\n"
      "    pend WASTE_REVIEW as a when units is none cite \"L1\" action append_modifier if "
      "drug_line\n"
      "  }\n"
      "}\n"
      "criterion any_line \"t\" cite \"L1\" met when some record of claim.lines has both\n"
      "rules plan { pend BENEFIT_PLAN_GOVERNS when member.benefit_plan_language = overrides_policy "
      "cite \"L1\" }\n"
      "decision c medical { include plan\n refer SITE_CRITERIA_NOT_MET when any_line\n"
      "  approve PREFERRED_SITE otherwise cite \"L1\" }\n"
      "decision l administrative for each line of claim.lines {\n"
      "  within any_line { include plan }\n include of_lines\n eligible otherwise cite \"L1\" }\n"
      "sample s { service.date 2024-06-01; service.route intravenous\n"
      "  clinical.adverse_events { { severity severe } }\n"
      "  claim.lines { { number 1, code J1745, units 2 } { number 2, code J1745 } { number 3 } } "
      "}\n"
      "test \"all\" { given s\n expect c refer\n expect line 1 of l deny NO_ORDER\n"
      "  expect line 2 of l pend WASTE_REVIEW action { append_modifier } missing { }\n"
      "  expect line 3 of l pend WASTE_REVIEW action { } }\n"
      "test \"plan\" { given s with { member.benefit_plan_language overrides_policy }\n"
      "  expect line 3 of l pend BENEFIT_PLAN_GOVERNS }\n"
      "test \"route\" { given s with { service.route unknown }\n"
      "  expect line 1 of l pend FACT_MISSING missing { service.route }\n"
      "  expect c pend FACT_MISSING missing { service.route } }\n");
}

static void what_stands(void **state) {
  (void)state;
  run_source(
      HEAD
      "each line of claim.lines {\n"
      "  quantity before = sum of units of earlier lines with code = B4185 \"t\" cite \"L1\"\n"
      "}\n"
      "decision l administrative for each line of claim.lines {\n"
      "  deny TPN_UNITS when before + units > 2 units stands 2 units - before at least 0 units "
      "cite \"L1\"\n"
      "  resubmit UNITS_WRONG when units = 0.5 units stands units cite \"L1\"\n"
      "  eligible as free when units = 0 units cite \"L1\"\n"
      "  eligible otherwise cite \"L1\"\n"
      "}\n"
      "test \"t\" { with { service.date 2024-06-01; claim.lines {\n"
      "  { number 1, code B4185, units 0.5 } { number 2, code B4185, units 2 }\n"
      "  { number 3, code B4185, units 2 } { number 4, units 0 } } }\n"
      "  expect line 1 of l resubmit UNITS_WRONG units 0.5\n"
      "  expect line 2 of l deny TPN_UNITS units 1.5\n"
      "  expect line 3 of l deny TPN_UNITS units 0\n"
      "  expect line 4 of l deny TPN_UNITS\n}\n");
}

// A test that expects something else says so line by line.
static void what_differs(void **state) {
  (void)state;
  soc_compilation *c = compile_text(
      HEAD "decision l administrative for each line of claim.lines {\n"
           "  deny NO_ORDER when units > 2 units stands 2.25 cite \"L1\"\n"
           "  eligible otherwise cite \"L1\"\n}\n"
           "test \"t\" { with { service.date 2024-06-01; claim.lines { { number 3, units 4 } } }\n"
           "  expect line 3 of l eligible units 1\n  expect line 4 of l deny\n}\n");
  soc_test_outcome outcome;
  assert_int_equal(soc_compilation_error_count(c), 0);
  assert_true(soc_compilation_run_test(c, 0, &outcome));
  assert_string_equal(outcome.difference,
                      "l, line 3: expected the determination eligible, found deny\n"
                      "l, line 3: expected units 1, found 2.25\n"
                      "  decided by l.NO_ORDER: No order on record\n"
                      "l, line 4: the case has no such line");
  soc_compilation_free(c);
}

static void cells_have_lists_and_stand_in_order(void **state) {
  (void)state;
  static char names[4096];
  soc_compilation *c = compile_clean(
      HEAD
      "each line of claim.lines {\n"
      "  criterion a \"t\" cite \"L1\" met when any of { part: units > 1 unit; b }\n"
      "  criterion b \"t\" cite \"L1\" met when some earlier line on the same date has q > 1 unit\n"
      "  quantity q = sum of units of other lines with code = J1745 \"t\" cite \"L1\"\n"
      "}\n"
      "criterion of_case \"t\" cite \"L1\" met when some record of claim.lines has a\n"
      "decision l administrative for each line of claim.lines {\n"
      "  deny NO_ORDER when a\n  deny NOT_ADMINISTERED when of_case\n"
      "  eligible otherwise cite \"L1\"\n}\n");
  assert_string_equal(cell_names(c, names, sizeof names),
                      "l.DATE_OF_SERVICE a.part q b a of_case ");
  assert_string_equal(manifest_names(c, names, sizeof names),
                      "claim.lines claim.lines[].date claim.lines[].units claim.lines[].number "
                      "claim.lines[].code service.date ");
  const struct fact_decl *list = compilation_program(c)->decisions[0].list;
  assert_true(str_is(list->name, "claim.lines"));
  assert_ptr_equal(cell_named(c, "a.part")->rows, list);
  assert_ptr_equal(cell_named(c, "q")->rows, list);
  assert_int_equal(cell_named(c, "q")->type->unit, SOC_CODE_UNITS);
  assert_ptr_equal(cell_named(c, "l.DATE_OF_SERVICE")->rows, list);
  assert_null(cell_named(c, "of_case")->rows);
  soc_compilation_free(c);
}

static void a_larger_policy(void **state) {
  (void)state;
  static char text[32768];
  FILE *file = fopen("tests/sema/data/lines.soc", "rb");
  assert_non_null(file);
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  run_source(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_among_others),
      cmocka_unit_test(the_same_date),
      cmocka_unit_test(counts_and_sums),
      cmocka_unit_test(other_quantities),
      cmocka_unit_test(related_lines),
      cmocka_unit_test(lists_in_lines),
      cmocka_unit_test(two_facts),
      cmocka_unit_test(quotients),
      cmocka_unit_test(what_a_line_is_for),
      cmocka_unit_test(frames_meet),
      cmocka_unit_test(what_stands),
      cmocka_unit_test(what_differs),
      cmocka_unit_test(cells_have_lists_and_stand_in_order),
      cmocka_unit_test(a_larger_policy),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
