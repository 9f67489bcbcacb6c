// SPDX-License-Identifier: Apache-2.0
//
// The order in which things are decided and asked for: cells by first use, the manifest, given uses.
#include "support.h"

static char names[4096];

static const char criteria[] =
    "criterion unused \"t\" cite \"L1\" met when c.first\n"
    "criterion c.second \"t\" cite \"L2\" met when any of {\n"
    "  deep: all of { inner_part: access.hospital_only_source; c.first }\n"
    "  access.home_infusion_available\n"
    "}\n"
    "criterion c.first \"t\" cite \"L3\" met when clinical.cardiac_condition\n";

static soc_compilation *compile_rules(const char *more) {
  char source[4096];
  snprintf(source, sizeof source, HEAD "%s%s", criteria, more);
  soc_compilation *c = compile_text(source);
  assert_int_equal(soc_compilation_error_count(c), 0);
  return c;
}

static void cells_stand_by_first_use(void **state) {
  (void)state;
  soc_compilation *c = compile_rules(
      "decision d medical {\n"
      "  approve PREFERRED_SITE when c.second\n"
      "  refer SITE_CRITERIA_NOT_MET as x when site = home cite \"L1\"\n" OTHERWISE "}\n");
  assert_string_equal(cell_names(c, names, sizeof names),
                      "d.DATE_OF_SERVICE c.second.deep.inner_part c.first "
                      "c.second.deep c.second site d.x ");
  const struct cell *part = cell_named(c, "c.second.deep.inner_part");
  assert_true(str_is(part->text, "inner part"));
  assert_true(str_is(part->cite, "L2"));
  assert_ptr_equal(part->parent, cell_named(c, "c.second.deep"));
  assert_string_equal(
      manifest_names(c, names, sizeof names),
      "service.date access.hospital_only_source clinical.cardiac_condition "
      "access.home_infusion_available service.site_of_care service.place_of_service ");
  soc_compilation_free(c);
}

static void what_is_asked_first_stands_first(void **state) {
  (void)state;
  soc_compilation *c =
      compile_rules("ask order { clinical.cardiac_condition, claim.lines, service.date }\n"
                    "decision d medical {\n"
                    "  approve PREFERRED_SITE when some record of claim.lines has all of { code = "
                    "J1745; date after 2024-01-01 } cite \"L1\"\n"
                    "  approve PREFERRED_SITE as second when c.second\n" OTHERWISE "}\n");
  assert_string_equal(
      manifest_names(c, names, sizeof names),
      "clinical.cardiac_condition claim.lines claim.lines[].code claim.lines[].date service.date "
      "access.hospital_only_source access.home_infusion_available ");
  soc_compilation_free(c);
}

static void rules_share_the_cells_of_an_included_block(void **state) {
  (void)state;
  soc_compilation *c =
      compile_rules("rules r {\n"
                    "  refer SITE_CRITERIA_NOT_MET as no when age < 13 years cite \"L1\"\n"
                    "  approve PREFERRED_SITE unless c.first\n"
                    "}\n"
                    "decision one medical { include r\n" OTHERWISE "}\n"
                    "decision two medical { within c.second { include r }\n" OTHERWISE "}\n"
                    "decision three medical { include r\n" OTHERWISE "}\n");
  const struct program *p = compilation_program(c);
  assert_int_equal(p->decisions[0].rule_count, 4);
  assert_ptr_equal(p->decisions[0].rules[1].condition, p->decisions[2].rules[1].condition);
  assert_ptr_not_equal(p->decisions[0].rules[1].condition, p->decisions[1].rules[1].condition);
  assert_non_null(p->decisions[1].rules[1].condition->within);
  assert_true(p->decisions[0].rules[2].condition->negated);
  assert_null(p->decisions[0].rules[2].criterion); // what is reported for `unless` is the rule
  assert_true(str_is(p->decisions[0].rules[2].cite, "L3"));
  soc_compilation_free(c);
}

static void the_date_of_service_comes_before_every_rule(void **state) {
  (void)state;
  soc_compilation *c =
      compile_rules("decision d medical { approve PREFERRED_SITE when c.first\n" OTHERWISE "}\n");
  const struct rule_decl *first = &compilation_program(c)->decisions[0].rules[0];
  assert_true(str_is(first->name, "d.DATE_OF_SERVICE"));
  assert_int_equal(first->determination, SOC_PEND);
  assert_int_equal(first->code.length, 0);
  assert_null(first->decl);
  soc_compilation_free(c);
}

static void given_uses_are_listed_with_their_citations(void **state) {
  (void)state;
  soc_compilation *c = compile_clean(
      HEAD
      "criterion a \"t\" cite \"L7\" met when any of {\n"
      "  service.code if given = J1745\n"
      "  part: service.drug is left out\n"
      "}\n"
      "decision d medical {\n"
      "  approve PREFERRED_SITE when a through service.end_date if given cite \"L8\"\n" OTHERWISE
      "}\n");
  const struct program *p = compilation_program(c);
  assert_int_equal(p->given_use_count, 3);
  assert_true(str_is(p->given_uses[0].fact->name,
                     "service.drug")); // the part is its own cell and comes first
  assert_true(p->given_uses[0].left_out);
  assert_true(str_is(p->given_uses[0].cite, "L7"));
  assert_true(str_is(p->given_uses[1].fact->name, "service.code"));
  assert_true(str_is(p->given_uses[2].fact->name, "service.end_date"));
  assert_true(str_is(p->given_uses[2].cite, "L8"));
  soc_compilation_free(c);
}

// A chain as long as this would overflow the stack of a walk that calls itself.
static void a_long_chain_of_criteria_is_no_matter(void **state) {
  (void)state;
  enum { LENGTH = 30000, LINE = 80 };
  char *source = test_malloc(LENGTH * LINE + 1000);
  size_t at = (size_t)sprintf(source, "%s", HEAD);
  for (int i = 0; i < LENGTH; i++) {
    if (i < LENGTH - 1)
      at += (size_t)sprintf(source + at, "criterion c%d \"t\" cite \"L1\" met when not c%d\n", i,
                            i + 1);
    else
      at +=
          (size_t)sprintf(source + at, "criterion c%d \"t\" cite \"L1\" met when site = home\n", i);
  }
  sprintf(source + at, "decision d medical { approve PREFERRED_SITE when c0\n%s}\n", OTHERWISE);
  soc_compilation *c = compile_clean(source);
  assert_int_equal(compilation_program(c)->cell_count,
                   LENGTH + 2); // the derived site and the date of service
  soc_compilation_free(c);
  test_free(source);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cells_stand_by_first_use),
      cmocka_unit_test(what_is_asked_first_stands_first),
      cmocka_unit_test(rules_share_the_cells_of_an_included_block),
      cmocka_unit_test(the_date_of_service_comes_before_every_rule),
      cmocka_unit_test(given_uses_are_listed_with_their_citations),
      cmocka_unit_test(a_long_chain_of_criteria_is_no_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
