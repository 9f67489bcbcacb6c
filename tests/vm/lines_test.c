// SPDX-License-Identifier: Apache-2.0
//
// Decisions for each row of a list: cells of rows, loops over other rows and along references, quantities, what is
// missing and assumed row by row, explanations.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

// A claim: a document whose lines leave nothing open but dates (the case's, if they give none), the professional and
// the category, which is derived.
static builder *claim(void) {
  builder *b = build_new();
  build_enum(b, "category", "drug blood fee other");
  build_enum(b, "basis", "day hour");
  build_enum(b, "plan", "silent excludes");
  build_texts(b, "alpha");
  build_fact(b, "date", "date");
  build_fact(b, "status", "bool");
  build_fact(b, "plan", "enum plan assume silent");
  build_fact(b, "lines", "records empty");
  build_fact(b, "lines[].number", "number whole in 1 9999 required");
  build_fact(b, "lines[].code", "code 4 5 null none");
  build_fact(b, "lines[].modifiers", "codes 2 2 empty");
  build_fact(b, "lines[].flags", "enums basis empty");
  build_fact(b, "lines[].units", "number in 0 999999999 null none");
  build_fact(b, "lines[].amount", "number in 0 999999999 null");
  build_fact(b, "lines[].per_unit", "number in 0 999999999 null");
  build_fact(b, "lines[].date", "date from date");
  build_fact(b, "lines[].category", "enum category derive other");
  build_fact(b, "lines[].basis", "enum basis null");
  build_fact(b, "lines[].npi", "text null");
  build_fact(b, "lines[].ok", "bool");
  build_fact(b, "lines[].related", "line null none");
  build_basis(b, "date");
  build_set(b, "drugs", "J0000..J9999");
  build_set(b, "dated", "A1000@2024-01-01..2025-01-01");
  build_map(b, "rev", "category", "P9000..P9099=blood", "other");
  return b;
}

// One decision for each line: deny if the cell is met.
static fixture one_cell(builder *b, const char *code) {
  build_list(b, "lines");
  build_cell(b, "CELL", code);
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "CELL"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  return fixture_open(b);
}

// "met unknown not" of the lines, and what is missing behind an unknown one: "unknown(lines[0].date)".
static const char *states_of(fixture *f) {
  static char out[4096];
  *out = '\0';
  for (f->row = 0; f->row < soc_case_rows(f->c, 0); f->row++) {
    const char *d = determination_of(f, 0);
    char one[512];
    if (strcmp(d, "pend") == 0) {
      snprintf(one, sizeof one, "unknown(%s)", missing_of(f, 0));
    } else {
      snprintf(one, sizeof one, "%s", strcmp(d, "deny") == 0 ? "met" : "not");
    }
    strcat(strcat(out, *out ? " " : ""), one);
  }
  f->row = 0;
  return out;
}

static void expect_states(const char *code, const char *facts, const char *states) {
  fixture f = one_cell(claim(), code);
  decide(&f, facts);
  assert_string_equal(states_of(&f), states);
  fixture_close(&f);
}

#define THREE "lines=3 lines[0].number=1 lines[1].number=2 lines[2].number=3 "
#define OTHER "load.fact lines[].number; load.fact^ lines[].number; cmp ne"
#define EARLIER "load.fact lines[].number; load.fact^ lines[].number; cmp lt"
#define SAME_DATE "load.fact lines[].date; load.fact^ lines[].date; cmp eq"

static void fields_and_case_facts(void **state) {
  (void)state;
  expect_states("fact.true lines[].ok", THREE "lines[0].ok=true lines[1].ok=false",
                "met not unknown(lines[2].ok)");
  expect_states("fact.true status", THREE "", "unknown(status) unknown(status) unknown(status)");
  expect_states("fact.cmp ge lines[].date 2024-06-01",
                THREE "date=2024-07-01 lines[1].date=2024-05-01", "met not met");
  // a line without a date asks for the case's
  expect_states("fact.cmp ge lines[].date 2024-06-01", THREE "lines[1].date=2024-05-01",
                "unknown(date) not unknown(date)");
  expect_states(
      "fact.in_set lines[].code dated@lines[].date",
      THREE "lines[0].code=A1000 lines[0].date=2024-05-01 lines[1].code=A1000 lines[2].code=A1001",
      "met unknown(date) not");
  expect_states("fact.left_out lines[].date", THREE "lines[0].date=2024-01-01", "not met met");
  expect_states("fact.true lines[].ok", "lines=0", "");
  expect_states("fact.true lines[].ok", "", ""); // left out: empty
}

static void lists_in_rows(void **state) {
  (void)state;
  expect_states("list.has lines[].modifiers JW",
                THREE "lines[1].modifiers=59,JW lines[2].modifiers=SH,59", "not met not");
  expect_states("list.empty lines[].modifiers",
                THREE "lines[1].modifiers=59,JW lines[2].modifiers=empty", "met not met");
  expect_states("list.has lines[].flags hour", THREE "lines[1].flags=day,hour", "not met not");
  expect_states("list.in_mask only lines[].flags hour",
                THREE "lines[1].flags=day,hour lines[2].flags=hour", "met not met");
  builder *b = claim();
  build_set(b, "wanted", "JW SH");
  fixture f = one_cell(b, "begin any; list.in_set only lines[].modifiers wanted; join; end");
  decide(&f, THREE "lines[0].modifiers=JW,SH lines[1].modifiers=59,JW");
  assert_string_equal(states_of(&f), "met not met");
  fixture_close(&f);
}

static void some_every_no(void **state) {
  (void)state;
  expect_states("each any lines; fact.true lines[].ok; each.end", THREE "lines[2].ok=true",
                "met met met");
  expect_states("each any lines; begin all; " OTHER
                "; join; fact.true lines[].ok; join; end; each.end",
                THREE "lines[0].ok=false lines[1].ok=false lines[2].ok=true", "met met not");
  expect_states("each any lines; begin all; " OTHER
                "; join; fact.true lines[].ok; join; end; each.end",
                THREE "lines[0].ok=false lines[2].ok=true", "met met unknown(lines[1].ok)");
  expect_states("each any lines; begin all; " EARLIER
                "; join; fact.true lines[].ok; join; end; each.end",
                THREE "lines[0].ok=false lines[2].ok=true", "not not unknown(lines[1].ok)");
  expect_states("each all lines; begin any; " EARLIER
                "; not; join; fact.true lines[].ok; join; end; each.end",
                THREE "lines[0].ok=true lines[2].ok=true", "met met unknown(lines[1].ok)");
  expect_states("each any lines; begin all; " OTHER "; join; " SAME_DATE
                "; join; fact.true lines[].ok; join; end; each.end",
                THREE
                "lines[0].ok=true lines[1].ok=false lines[2].ok=false lines[0].date=2024-01-01 "
                "lines[1].date=2024-01-01 lines[2].date=2024-01-02",
                "not met not");
  // the date of this line is the case's, and unknown
  expect_states("each any lines; begin all; " OTHER "; join; " SAME_DATE
                "; join; fact.true lines[].ok; join; end; each.end",
                THREE
                "lines[0].ok=true lines[1].ok=false lines[2].ok=false lines[0].date=2024-01-01 "
                "lines[1].date=2024-01-01",
                "not met unknown(date)");
}

static void counts(void **state) {
  (void)state;
#define NUMBER \
  "each count lines; begin all; " EARLIER "; join; fact.true lines[].ok; join; end; each.end; "
  expect_states(NUMBER "load.const 1; cmp ge",
                THREE "lines[0].ok=true lines[1].ok=true lines[2].ok=true", "not met met");
  expect_states(NUMBER "load.const 1; cmp eq",
                THREE "lines[0].ok=true lines[1].ok=true lines[2].ok=true", "not met not");
  expect_states(NUMBER "load.const 1; cmp ge", THREE "lines[0].ok=true lines[2].ok=true",
                "not met met");
  expect_states(NUMBER "load.const 2; cmp ge", THREE "lines[0].ok=true lines[2].ok=true",
                "not not unknown(lines[1].ok)");
}

static void sums(void **state) {
  (void)state;
#define SUM                             \
  "each sum lines; begin all; " EARLIER \
  "; join; fact.true lines[].ok; join; end; load.fact lines[].units; each.end; "
#define KNOWN "lines[0].ok=true lines[1].ok=true lines[2].ok=true "
  expect_states(SUM "load.const 3; cmp ge",
                THREE KNOWN "lines[0].units=1.5 lines[1].units=1.5 lines[2].units=9",
                "not not met");
  expect_states(SUM "load.fact lines[].units; num.add; load.const 3; cmp gt",
                THREE KNOWN "lines[0].units=1.5 lines[1].units=1.5 lines[2].units=0.1",
                "not not met");
  // no units on a line of a closed document: it adds nothing
  expect_states(SUM "load.const 1; cmp ge", THREE KNOWN "lines[1].units=1", "not not met");
  // whether the line counts is unknown: from nothing to its units
  expect_states(SUM "load.const 1; cmp ge",
                THREE "lines[0].ok=true lines[0].units=1 lines[1].units=2", "not met met");
  expect_states(SUM "load.const 2; cmp ge",
                THREE "lines[0].ok=true lines[0].units=1 lines[1].units=2",
                "not not unknown(lines[1].ok)");
  expect_states(SUM "load.const 4; cmp ge",
                THREE "lines[0].ok=true lines[0].units=1 lines[1].units=2", "not not not");
  // a line that may count and has no units, or none, is not asked for
  expect_states(SUM "load.const 2; cmp ge",
                THREE "lines[0].ok=true lines[0].units=1 lines[1].units=0", "not not not");
#define AMOUNTS                         \
  "each sum lines; begin all; " EARLIER \
  "; join; fact.true lines[].ok; join; end; load.fact lines[].amount; each.end; "
  expect_states(AMOUNTS "load.const 5; cmp ge", THREE KNOWN "lines[0].amount=1",
                "not not unknown(lines[1].amount)");
  expect_states(AMOUNTS "load.const 1; cmp ge", THREE KNOWN "lines[0].amount=1", "not met met");
  expect_states(AMOUNTS "load.const 2; cmp ge", THREE "lines[0].ok=true lines[0].amount=1",
                "not not unknown(lines[1].amount lines[1].ok)");
  expect_states(AMOUNTS "load.const 2; cmp ge",
                THREE "lines[0].ok=true lines[0].amount=1 lines[1].ok=false", "not not not");
}

static void large_sums(void **state) {
  (void)state;
  fixture f = one_cell(
      claim(), "each sum lines; fact.cmp ge lines[].number 1; load.fact lines[].units; "
               "load.const 999999999999; num.add; each.end; load.const 999999999999; cmp gt");
  decide(&f, THREE "lines[0].units=999999999 lines[1].units=999999999");
  assert_string_equal(states_of(&f), "met met met");
  fixture_close(&f);
}

static void related_lines(void **state) {
  (void)state;
  const char *the = "each any related lines[].related; fact.true lines[].ok; each.end";
  expect_states(the, THREE "lines[0].related=1 lines[1].ok=true lines[1].related=2",
                "met unknown(lines[2].ok) not");
  expect_states(the, THREE "lines[0].related=none lines[1].related=0 lines[0].ok=false",
                "not not not");
  expect_states("each all related lines[].related; fact.true lines[].ok; each.end",
                THREE "lines[0].related=1 lines[1].ok=false", "not met met");
  // of the related line and this one
  expect_states(
      "each any related lines[].related; load.fact lines[].units; load.fact^ lines[].units; cmp "
      "gt; each.end",
      THREE
      "lines[0].related=1 lines[0].units=1 lines[1].units=2 lines[2].related=1 lines[2].units=3",
      "met not not");
}

static builder *open_references(void) {
  builder *b = build_new();
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].ok", "bool");
  build_fact(b, "lines[].related", "line null");
  return b;
}

static void unknown_references(void **state) {
  (void)state;
  fixture f = one_cell(open_references(),
                       "each any related lines[].related; fact.true lines[].ok; each.end");
  decide(&f, "lines=2 lines[0].related=none");
  assert_string_equal(states_of(&f), "not unknown(lines[1].related)");
  decide(&f, "");
  assert_int_equal(soc_case_rows(f.c, 0), 0);
  soc_result result;
  assert_int_equal(soc_case_result(f.c, 0, 0, &result), SOC_ERR_ARGUMENT);
  fixture_close(&f);
  f = one_cell(open_references(), "each any chain lines[].related; fact.true lines[].ok; each.end");
  decide(&f, "lines=3 lines[0].related=1 lines[1].related=2 lines[1].ok=false lines[2].ok=false");
  assert_string_equal(
      states_of(&f),
      "unknown(lines[2].related) unknown(lines[2].related) unknown(lines[2].related)");
  decide(&f, "lines=3 lines[0].related=1 lines[1].related=2 lines[1].ok=true lines[2].ok=false");
  assert_string_equal(states_of(&f), "met unknown(lines[2].related) unknown(lines[2].related)");
  decide(&f,
         "lines=3 lines[0].related=1 lines[1].related=2 lines[2].related=none lines[1].ok=false");
  assert_string_equal(states_of(&f), "unknown(lines[2].ok) unknown(lines[2].ok) not");
  fixture_close(&f);
  f = one_cell(open_references(), "each all chain lines[].related; fact.true lines[].ok; each.end");
  decide(&f, "lines=3 lines[0].related=1 lines[1].ok=true lines[2].related=none");
  assert_string_equal(states_of(&f), "unknown(lines[1].related) unknown(lines[1].related) met");
  fixture_close(&f);
}

static void chains(void **state) {
  (void)state;
  const char *up = "each any chain lines[].related; fact.true lines[].ok; each.end";
  expect_states(
      up,
      THREE
      "lines[0].related=1 lines[1].related=2 lines[2].ok=true lines[0].ok=true lines[1].ok=false",
      "met met not");
  // a chain that returns to itself ends after as many steps as there are lines
  expect_states(up,
                THREE "lines[0].related=1 lines[1].related=0 lines[0].ok=false lines[1].ok=false",
                "not not not");
  expect_states(up, THREE "lines[0].related=1 lines[1].related=0 lines[0].ok=false",
                "unknown(lines[1].ok) unknown(lines[1].ok) not");
}

static void equal_facts(void **state) {
  (void)state;
#define SOME_OTHER(comparison) \
  "each any lines; begin all; " OTHER "; join; " comparison "; join; end; each.end"
  const char *code = SOME_OTHER("load.fact lines[].code; load.fact^ lines[].code; cmp eq");
  expect_states(code, THREE "lines[0].code=J1745 lines[1].code=J1746 lines[2].code=J1745",
                "met not met");
  expect_states(code, THREE "lines[0].code=ZZZZZ lines[1].code=ZZZZ",
                "not not not"); // none equals nothing
  const char *differs = SOME_OTHER("load.fact lines[].basis; load.fact^ lines[].basis; cmp ne");
  expect_states(differs, THREE "lines[0].basis=day lines[1].basis=hour lines[2].basis=none",
                "met met not");
  const char *npi = SOME_OTHER("load.fact lines[].npi; load.fact^ lines[].npi; cmp eq");
  expect_states(npi,
                THREE "lines[0].npi=1234567890 lines[1].npi=__1234567890_ lines[2].npi=1234567891",
                "met met not");
  expect_states(npi, THREE "lines[0].npi=Alpha lines[1].npi=ALPHA lines[2].npi=beta",
                "met met not");
  expect_states(npi, THREE "lines[0].npi=1 lines[1].npi=2",
                "unknown(lines[2].npi) unknown(lines[2].npi) unknown(lines[2].npi)");
}

static void quotients(void **state) {
  (void)state;
  const char *wrong = "load.fact lines[].units; load.fact lines[].amount; load.fact "
                      "lines[].per_unit; quotient.up; cmp ne";
  expect_states(wrong,
                THREE "lines[0].units=3 lines[0].amount=101 lines[0].per_unit=50 "
                      "lines[1].units=2 lines[1].amount=100 lines[1].per_unit=50 "
                      "lines[2].units=2 lines[2].amount=100.000001 lines[2].per_unit=50",
                "not not met");
  expect_states(wrong,
                THREE "lines[0].units=3 lines[0].amount=none lines[0].per_unit=50 "
                      "lines[1].units=2 lines[1].amount=100 lines[1].per_unit=0 "
                      "lines[2].units=2 lines[2].amount=1 ",
                "not not unknown(lines[2].per_unit)");
  // bounds: a sum by an amount, an amount by a sum
#define SUM_OK "each sum lines; fact.true lines[].ok; load.fact lines[].units; each.end; "
  expect_states(SUM_OK "load.const 2; quotient.up; load.const 2; cmp ge",
                THREE "lines[0].ok=true lines[0].units=3 lines[1].units=9 lines[2].ok=false",
                "met met met");
  expect_states(SUM_OK "load.const 2; quotient.up; load.const 3; cmp ge",
                THREE "lines[0].ok=true lines[0].units=3 lines[1].units=9 lines[2].ok=false",
                "unknown(lines[1].ok) unknown(lines[1].ok) unknown(lines[1].ok)");
  expect_states("load.const 8; " SUM_OK "quotient.up; load.const 9; cmp ge",
                THREE "lines[1].units=9 lines[0].ok=false lines[2].ok=false",
                "unknown(lines[1].ok) unknown(lines[1].ok) unknown(lines[1].ok)");
  expect_states("load.const 999999999; load.fact lines[].per_unit; quotient.up; load.const "
                "999999999998; cmp gt",
                THREE "lines[0].per_unit=0.000001 lines[1].per_unit=1000",
                "met not unknown(lines[2].per_unit)");
}

// ---------------------------------------------------------------------------- cells of rows and the case

static void cells_of_rows(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, "lines");
  build_cell(b, "OK", "fact.true lines[].ok");
  build_quantity(b, "BEFORE", false, NUMBER);
  build_list(b, NULL);
  build_cell(b, "ANY", "each any lines; row OK; each.end");
  build_quantity(b, "TOTAL", false, "each count lines; row OK; each.end");
  build_list(b, "lines");
  build_cell(b, "SECOND", "row.value BEFORE; load.const 1; cmp eq");
  build_cell(b, "OTHERS",
             "each any lines; begin all; " OTHER
             "; join; row OK; join; row^ OK; not; join; end; each.end");
  build_cell(b, "CELL",
             "begin all; cell ANY; join; cell.value TOTAL; load.const 2; cmp ge; join; row SECOND; "
             "join; end");
  build_decision(b, "lines", "administrative");
  build_rule(b,
             (rule){.determination = SOC_NOT_SEPARATELY_REIMBURSED, .code = "N", .when = "OTHERS"});
  build_rule(b, (rule){.determination = SOC_DENY,
                       .code = "D",
                       .when = "CELL",
                       .stands = "row.value BEFORE; load.const 1; num.add"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  build_list(b, NULL);
  build_decision(b, "whole", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "A", .when = "ANY"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "R"});
  fixture f = fixture_open(b);
  decide(&f, THREE "lines[0].ok=true lines[1].ok=true lines[2].ok=false");
  assert_int_equal(soc_case_rows(f.c, 0), 3);
  assert_int_equal(soc_case_rows(f.c, 1), 1);
  assert_int_equal(soc_case_rows(f.c, 2), 0);
  assert_string_equal(line_of(&f, 0), "eligible ");
  assert_string_equal(line_of(&f, 1), "approve A");
  f.row = 1;
  assert_string_equal(line_of(&f, 0), "deny D");
  assert_string_equal(units_of(&f, 0), "2");
  f.row = 2;
  assert_string_equal(line_of(&f, 0), "not_separately_reimbursed N");
  assert_string_equal(units_of(&f, 0), "");
  f.row = 3;
  soc_result result;
  assert_int_equal(soc_case_result(f.c, 0, 3, &result), SOC_ERR_ARGUMENT);
  // what a quantity lacks is asked for
  decide(&f, THREE "lines[0].ok=true lines[2].ok=true");
  f.row = 2;
  assert_string_equal(determination_of(&f, 0), "pend");
  assert_string_equal(possible_of(&f, 0), "eligible|deny");
  assert_string_equal(missing_of(&f, 0), "lines[1].ok");
  // the case's decision is missing what rows are missing
  decide(&f, THREE "lines[0].ok=false lines[1].ok=false");
  f.row = 0;
  assert_string_equal(missing_of(&f, 1), "lines[2].ok");
  fixture_close(&f);
}

static void dates_in_rows(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, "lines");
  build_quantity(b, "LATER", true, "load.fact lines[].date; load.const 10; add.days");
  build_cell(b, "CELL", "row.value LATER; load.const 2024-02-01; cmp ge");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "A",
                       .when = "CELL",
                       .from = "load.fact lines[].date",
                       .through = "row.value LATER"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  fixture f = fixture_open(b);
  decide(&f, THREE "lines[0].date=2024-01-23 lines[1].date=2024-01-21");
  assert_string_equal(window_of(&f, 0), "2024-01-23..2024-02-02");
  f.row = 1;
  assert_string_equal(line_of(&f, 0), "eligible ");
  f.row = 2;
  assert_string_equal(missing_of(&f, 0), "date");
  fixture_close(&f);
}

// ------------------------------------------------------------------------------ derived, assumed

static const char *const derived =
    "fact.left_out lines[].category; fact.in_set lines[].code drugs; mask.const drug; "
    "fact.in_set lines[].code bloods; mask.map lines[].code rev; mask.assumed lines[].category; "
    "select; select; "
    "mask.fact lines[].category; select";

static builder *with_category(void) {
  builder *b = claim();
  build_set(b, "bloods", "P9000..P9099");
  build_list(b, "lines");
  build_mask(b, "CATEGORY", "category", "lines[].category", derived);
  return b;
}

static const char *lines_assumed(fixture *f) {
  static char out[2048];
  *out = '\0';
  for (f->row = 0; f->row < soc_case_rows(f->c, 0); f->row++) {
    const char *d = determination_of(f, 0);
    strcat(strcat(strcat(strcat(out, *out ? " " : ""), d), ":"), assumed_of(f, 0));
  }
  f->row = 0;
  return out;
}

static void derived_categories(void **state) {
  (void)state;
  fixture f = one_cell(with_category(), "row.in_mask CATEGORY drug|blood");
  decide(&f, "lines=4 lines[0].code=J1745 lines[1].code=P9010 lines[2].code=A1000 "
             "lines[3].code=A1000 lines[3].category=drug");
  assert_string_equal(lines_assumed(&f), "deny: deny: eligible:lines[2].category deny:");
  fixture_close(&f);
}

// What is assumed of one line can matter for another.
static void assumed_elsewhere(void **state) {
  (void)state;
  const char *some =
      "each any lines; begin all; " OTHER "; join; row.in_mask CATEGORY drug; join; end; each.end";
  fixture f = one_cell(with_category(), some);
  decide(&f, THREE "lines[0].code=J1745 lines[1].code=A1000 lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f),
                      "eligible:lines[1].category lines[2].category deny: deny:");
  decide(&f, THREE "lines[0].code=J1745 lines[1].code=J1746 lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f), "deny: deny: deny:");
  fixture_close(&f);
  // either of two assumptions is enough, so that neither matters alone
  f = one_cell(with_category(), "each any lines; row.in_mask CATEGORY other; each.end");
  decide(&f, THREE "lines[0].code=J1745 lines[1].code=A1000 lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f), "deny: deny: deny:");
  decide(&f, THREE "lines[0].code=J1745 lines[1].code=J1000 lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f),
                      "deny:lines[2].category deny:lines[2].category deny:lines[2].category");
  fixture_close(&f);
  // through a cell that looks at other lines itself
  builder *b = with_category();
  build_cell(b, "DRUG_BEFORE",
             "each any lines; begin all; " EARLIER
             "; join; row.in_mask CATEGORY drug; join; end; each.end");
  f = one_cell(b, "each all lines; row DRUG_BEFORE; not; each.end");
  decide(&f, THREE "lines[0].code=A1000 lines[1].code=A1000 lines[2].code=J1000");
  assert_string_equal(
      lines_assumed(&f),
      "deny:lines[0].category lines[1].category deny:lines[0].category lines[1].category "
      "deny:lines[0].category lines[1].category");
  fixture_close(&f);
}

static void assumed_of_the_case(void **state) {
  (void)state;
  builder *b = with_category();
  fixture f = one_cell(
      b, "begin any; fact.cmp eq plan excludes; join; row.in_mask CATEGORY drug; join; end");
  decide(&f, THREE "lines[0].code=J1745 lines[1].code=A1000 lines[2].code=P9000");
  assert_string_equal(lines_assumed(&f), "deny: eligible:plan lines[1].category eligible:plan");
  decide(&f, THREE "plan=silent lines[0].code=J1745 lines[1].code=A1000 lines[2].code=P9000");
  assert_string_equal(lines_assumed(&f), "deny: eligible:lines[1].category eligible:");
  fixture_close(&f);
  // `if given` of an assumed fact: with less known less is open
  f = one_cell(with_category(),
               "begin all; fact.cmp? eq plan silent; join; fact.true lines[].ok; join; end");
  decide(&f, THREE "lines[0].ok=true lines[1].ok=false");
  assert_string_equal(lines_assumed(&f), "deny:plan eligible: pend:plan");
  fixture_close(&f);
  // a decision over the case that reads rows
  b = with_category();
  build_list(b, NULL);
  build_cell(b, "SOME", "each any lines; row.in_mask CATEGORY drug; each.end");
  build_decision(b, "whole", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "A", .when = "SOME"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "R"});
  f = fixture_open(b);
  decide(&f, THREE "lines[0].code=P9000 lines[1].code=A1000 lines[2].code=A1000");
  assert_string_equal(line_of(&f, 0), "refer R");
  assert_string_equal(assumed_of(&f, 0), "lines[1].category lines[2].category");
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_and_case_facts),
      cmocka_unit_test(lists_in_rows),
      cmocka_unit_test(some_every_no),
      cmocka_unit_test(counts),
      cmocka_unit_test(sums),
      cmocka_unit_test(large_sums),
      cmocka_unit_test(related_lines),
      cmocka_unit_test(unknown_references),
      cmocka_unit_test(chains),
      cmocka_unit_test(equal_facts),
      cmocka_unit_test(quotients),
      cmocka_unit_test(cells_of_rows),
      cmocka_unit_test(dates_in_rows),
      cmocka_unit_test(derived_categories),
      cmocka_unit_test(assumed_elsewhere),
      cmocka_unit_test(assumed_of_the_case),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
