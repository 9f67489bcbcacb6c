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

// Rows that a comparison or a cell settles are passed over; what the loop comes to is the same.
static void passed_over(void **state) {
  (void)state;
#define TURNED "load.fact^ lines[].number; load.fact lines[].number; cmp "
  const char *ok = THREE "lines[0].ok=true lines[1].ok=false lines[2].ok=false";
  expect_states("each any lines; begin all; " TURNED
                "gt; join; fact.true lines[].ok; join; end; each.end",
                ok, "not met met");
  expect_states("each any lines; begin all; " TURNED
                "le; join; fact.true lines[].ok; join; end; each.end",
                ok, "met not not");
  expect_states("each all lines; begin any; " TURNED
                "lt; not; join; fact.true lines[].ok; not; join; end; each.end",
                ok, "met met met");
  expect_states("each all lines; begin any; " TURNED
                "ge; not; join; fact.true lines[].ok; not; join; end; each.end",
                ok, "not not not");
  // none is equal to nothing, not even to none
#define SAME_CODE "load.fact lines[].code; load.fact^ lines[].code; cmp eq"
  expect_states("each any lines; begin all; " SAME_CODE
                "; join; fact.true lines[].ok; join; end; each.end",
                THREE "lines[0].code=A1000 lines[1].code=A1000 lines[0].ok=true lines[1].ok=true "
                      "lines[2].ok=true",
                "met met not");
  expect_states("each all lines; begin any; " SAME_CODE
                "; not; join; fact.true lines[].ok; join; end; each.end",
                THREE "lines[0].code=A1000 lines[1].code=A1000 lines[0].ok=true lines[1].ok=false "
                      "lines[2].ok=false",
                "not not met");
  // in a block inside the block, by a cell, in a count whose most has to go down with each row that is passed over
  for (int negated = 0; negated < 2; negated++) {
    builder *b = claim();
    build_list(b, "lines");
    build_cell(b, "OK", negated ? "fact.true lines[].ok; not" : "fact.true lines[].ok");
    char code[512];
    snprintf(code, sizeof code,
             "each count lines; begin all; begin all; " EARLIER
             "; join; row OK; %sjoin; end; join; fact.true status; join; end; each.end; "
             "load.const 1; cmp lt",
             negated ? "not; " : "");
    fixture f = one_cell(b, code);
    decide(&f, THREE "lines[0].ok=false lines[1].ok=true lines[2].ok=true");
    assert_string_equal(states_of(&f), "met met unknown(status)");
    fixture_close(&f);
  }
}

// What does not tell of a row whether it is passed over, or only under conditions: the answer is the same.
static void nearly_passed_over(void **state) {
  (void)state;
#define ALL_OK "lines[0].ok=true lines[1].ok=true lines[2].ok=true "
#define SOME(condition) \
  "each any lines; begin all; " condition "; join; fact.true lines[].ok; join; end; each.end"
#define EVERY(condition) \
  "each all lines; begin any; " condition "; join; fact.true lines[].ok; join; end; each.end"
  // negated twice
  expect_states(SOME(EARLIER "; not; not"), THREE ALL_OK, "not met met");
  // in this order and in the other one
  expect_states(SOME("load.fact lines[].number; load.fact^ lines[].number; cmp gt"), THREE ALL_OK,
                "met met not");
  // more comparisons than are looked at
  expect_states(SOME(EARLIER "; join; " OTHER "; join; " EARLIER "; join; " OTHER "; join; " EARLIER
                             "; join; " OTHER "; join; " SAME_DATE),
                THREE ALL_OK "lines[0].date=2024-01-01 lines[1].date=2024-01-02 "
                             "lines[2].date=2024-01-01",
                "not not met");
  // a fact of the case against this line's
  expect_states(SOME("load.fact date; load.fact^ lines[].date; cmp eq"),
                THREE ALL_OK "date=2024-01-01 lines[1].date=2024-01-02", "met not met");
  // none is equal to nothing, which settles no row that any of its members would do for
  expect_states(EVERY(SAME_CODE), THREE ALL_OK "lines[0].code=A1000", "met met met");
  expect_states(EVERY(SAME_CODE),
                THREE "lines[0].code=A1000 lines[1].code=A1000 lines[2].code=A1000 "
                      "lines[0].ok=false lines[1].ok=false lines[2].ok=false",
                "met met met");
  expect_states(EVERY(SAME_CODE),
                THREE "lines[0].code=A1000 lines[1].code=A1000 "
                      "lines[0].ok=true lines[1].ok=true lines[2].ok=false",
                "not not not");
}

// By a derived enumeration: all, none or some of its candidates are in the mask.
static void passed_over_by_candidates(void **state) {
  (void)state;
  static const char *const conditions[] = {"row.in_mask C drug|blood",
                                           "row.in_mask C drug|blood; not; not"};
  static const char *const rows[][2] = {
      {"lines[2].category=drug", "met met met"},
      {"lines[2].category=fee", "not not not"},
      {"", "unknown(lines[2].category) unknown(lines[2].category) unknown(lines[2].category)"}};
  for (size_t i = 0; i < 2; i++) {
    builder *b = build_new();
    build_enum(b, "category", "drug blood fee");
    build_fact(b, "lines", "records");
    build_fact(b, "lines[].category", "enum category");
    build_fact(b, "lines[].ok", "bool");
    build_list(b, "lines");
    build_mask(b, "C", "category", "lines[].category", "mask.fact lines[].category");
    char code[256];
    (void)snprintf(code, sizeof code, EVERY("%s"), conditions[i]);
    fixture f = one_cell(b, code);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
      char facts[256];
      (void)snprintf(facts, sizeof facts,
                     "lines=3 lines[0].category=drug lines[1].category=blood lines[0].ok=false "
                     "lines[1].ok=false lines[2].ok=false%s%s",
                     *rows[k][0] ? " " : "", rows[k][0]);
      decide(&f, facts);
      assert_string_equal(states_of(&f), rows[k][1]);
    }
    fixture_close(&f);
  }
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

// Lines that name two others each.
static void two_references(void **state) {
  (void)state;
#define UP(fact) "each any related lines[]." fact "; fact.true lines[].ok; each.end; join; "
  static const char *const codes[] = {
      "begin all; " UP("parent") UP("related") "end",
      "begin any; " UP("parent") UP("related") UP("parent") "end",
  };
  static const char *const states[] = {"unknown(lines[1].ok) not not",
                                       "met met unknown(lines[1].ok)"};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    builder *b = claim();
    build_fact(b, "lines[].parent", "line null none");
    fixture f = one_cell(b, codes[i]);
    decide(&f, THREE "lines[0].ok=false lines[2].ok=true lines[0].parent=2 lines[0].related=1 "
                     "lines[1].parent=0 lines[1].related=2 lines[2].parent=1");
    assert_string_equal(states_of(&f), states[i]);
    fixture_close(&f);
  }
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

// Facts that loops hold against each other: two of them, in either order; one with several others; all by arithmetic.
static void different_facts(void **state) {
  (void)state;
#define UNITS_AND_AMOUNTS                                                          \
  THREE "lines[0].units=3 lines[1].units=5 lines[2].units=none lines[0].amount=4 " \
        "lines[1].amount=2 "
  expect_states(
      "each any lines; load.fact lines[].units; load.fact^ lines[].amount; cmp lt; each.end",
      UNITS_AND_AMOUNTS, "met not unknown(lines[2].amount)");
  expect_states(
      "each any lines; load.fact^ lines[].units; load.fact lines[].amount; cmp ge; each.end",
      UNITS_AND_AMOUNTS, "met met not");
  expect_states(
      "each any lines; load.fact^ lines[].units; load.fact lines[].amount; cmp eq; each.end",
      UNITS_AND_AMOUNTS, "unknown(lines[2].amount) unknown(lines[2].amount) not");
  expect_states(
      "each any lines; begin all; load.fact lines[].units; load.fact^ lines[].units; cmp ne; "
      "join; load.fact lines[].units; load.fact^ lines[].amount; cmp gt; join; end; each.end",
      UNITS_AND_AMOUNTS "lines[2].amount=1", "met met not");
  expect_states(
      "each any lines; begin all; "
      "load.fact lines[].units; load.fact^ lines[].units; num.add; load.const 8; cmp eq; join; "
      "load.fact lines[].amount; load.fact^ lines[].amount; num.sub; load.const 0; cmp gt; "
      "join; end; each.end",
      UNITS_AND_AMOUNTS, "not met not");
  // what such arithmetic lacks
  expect_states("each any lines; begin all; " EARLIER
                "; join; load.fact lines[].amount; load.fact^ lines[].amount; num.add; "
                "load.const 12; cmp eq; join; end; each.end",
                THREE "lines[0].amount=5 lines[2].amount=8",
                "not unknown(lines[1].amount) unknown(lines[1].amount)");
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

// A quantity held against a fact of its row rather than a constant.
static void quantity_and_fact(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, "lines");
  build_quantity(b, "BEFORE", false, NUMBER);
  fixture f = one_cell(b, "row.value BEFORE; load.fact lines[].units; cmp ge");
  decide(&f, THREE "lines[0].ok=true lines[1].ok=true lines[0].units=1 lines[1].units=1 "
                   "lines[2].units=2");
  assert_string_equal(states_of(&f), "not met met");
  decide(&f, THREE "lines[1].ok=true lines[0].units=0 lines[1].units=1 lines[2].units=1");
  assert_string_equal(states_of(&f), "met unknown(lines[0].ok) met");
  fixture_close(&f);
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
  assert_int_equal(soc_case_rows(NULL, 0), 0);
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

// How much stands of a row: an amount that is none, or not certain, is not told.
static void amounts_that_stand(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, "lines");
  build_decision(b, "lines", "administrative");
  build_rule(b,
             (rule){.determination = SOC_DENY, .code = "D", .stands = "load.fact lines[].amount"});
  fixture f = fixture_open(b);
  decide(&f, THREE "lines[0].amount=2.5 lines[1].amount=none");
  assert_string_equal(units_of(&f, 0), "2.5");
  f.row = 1;
  assert_string_equal(units_of(&f, 0), "");
  f.row = 2;
  assert_string_equal(units_of(&f, 0), "");
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

// A fact that is none leaves no candidates: not met, whatever is asked of them.
static void no_candidates(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, "lines");
  build_mask(b, "BASIS", "basis", "lines[].basis", "mask.fact lines[].basis");
  build_cell(b, "HOUR", "row.in_mask BASIS hour");
  fixture f = one_cell(b, "begin any; row.in_mask BASIS day; join; row HOUR; join; end");
  decide(&f, THREE "lines[0].basis=day lines[1].basis=none lines[2].basis=hour");
  assert_string_equal(states_of(&f), "met not met");
  decide(&f, THREE "lines[0].basis=none lines[2].basis=none");
  assert_string_equal(states_of(&f), "not unknown(lines[1].basis) not");
  fixture_close(&f);
}

// Two enumerations of one fact, one of them open whatever is assumed of it.
static void two_derived_of_one_fact(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, "lines");
  build_mask(b, "OPEN", "category", "lines[].category",
             "fact.in_set lines[].code drugs; mask.const drug|blood; mask.const other; select");
  build_mask(b, "CATEGORY", "category", "lines[].category",
             "fact.left_out lines[].category; mask.assumed lines[].category; "
             "mask.fact lines[].category; select");
  fixture f = one_cell(b, "begin all; row.in_mask OPEN drug; join; begin any; "
                          "row.in_mask CATEGORY other; join; fact.true lines[].ok; join; end; "
                          "join; end");
  decide(&f, THREE "lines[0].code=J1000 lines[1].code=J1000 lines[1].category=fee "
                   "lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f), "pend:lines[0].category pend: eligible:");
  assert_string_equal(states_of(&f), "unknown(lines[0].category) unknown(lines[1].ok) not");
  fixture_close(&f);
}

// Of each decision for rows, whichever is asked first; `if given` of what is assumed, and without.
static void assumed_in_two_decisions(void **state) {
  (void)state;
  for (uint32_t turn = 0; turn < 4; turn++) {
    uint32_t first = turn % 2;
    builder *b = build_new();
    build_fact(b, "lines", "records");
    build_fact(b, "lines[].ok", "bool assume true");
    build_fact(b, "lines[].seen", "bool");
    build_list(b, "lines");
    build_cell(b, "BOTH",
               turn < 2
                   ? "begin all; fact.true? lines[].ok; join; fact.true lines[].seen; join; end"
                   : "begin all; fact.true lines[].ok; join; fact.true lines[].seen; join; end");
    for (int i = 0; i < 2; i++) {
      build_decision(b, i == 0 ? "pay" : "review", "administrative");
      build_rule(b, (rule){.determination = SOC_DENY, .when = "BOTH"});
      build_rule(b, (rule){.determination = SOC_ELIGIBLE});
    }
    fixture f = fixture_open(b);
    decide(&f, "lines=1");
    assert_string_equal(assumed_of(&f, first), "lines[0].ok");
    assert_string_equal(missing_of(&f, first), "lines[0].seen");
    assert_string_equal(assumed_of(&f, 1 - first), "lines[0].ok");
    assert_string_equal(missing_of(&f, 1 - first), "lines[0].seen");
    fixture_close(&f);
  }
}

// What ends the reasons rests on one assumption, what would come behind it on another: without both nothing shows.
static void assumed_at_the_end_of_reasons(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "ends", "bool assume true");
  build_fact(b, "behind", "bool assume true");
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].ok", "bool");
  build_list(b, "lines");
  build_cell(b, "OK", "fact.true lines[].ok");
  build_cell(b, "ENDS", "begin all; fact.true lines[].ok; join; fact.true ends; join; end");
  build_cell(b, "BEHIND", "begin all; fact.true lines[].ok; join; fact.true behind; join; end");
  build_decision(b, "lines", "administrative every");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "A", .when = "OK"});
  build_rule(b, (rule){.determination = SOC_NOT_ADDRESSED, .when = "ENDS", .stop = true});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "C", .when = "BEHIND"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  decide(&f, "lines=1 lines[0].ok=true");
  assert_string_equal(determination_of(&f, 0), "deny");
  assert_string_equal(reasons_of(&f, 0), "A(A)");
  assert_string_equal(assumed_of(&f, 0), "ends");
  decide(&f, "lines=1 lines[0].ok=true ends=true");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "lines=1 lines[0].ok=true ends=false");
  assert_string_equal(assumed_of(&f, 0), "behind");
  fixture_close(&f);
}

// Without one assumption a window begins with the basis and is the longest; without both it is not stated.
static void assumed_of_a_longer_window(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "date", "date");
  build_fact(b, "begins", "date assume 2024-06-01");
  build_fact(b, "ends", "date assume 2024-06-02");
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].ok", "bool");
  build_basis(b, "date");
  build_list(b, "lines");
  build_cell(b, "OK", "fact.true lines[].ok");
  build_decision(b, "lines", "administrative longest");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "A",
                       .when = "OK",
                       .through = "load.const 2024-05-10"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "B",
                       .when = "OK",
                       .from = "load.fact begins",
                       .through = "load.fact ends"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  decide(&f, "lines=1 lines[0].ok=true date=2024-05-01");
  assert_string_equal(reasons_of(&f, 0), "A(A) B(B)");
  assert_string_equal(assumed_of(&f, 0), "begins");
  decide(&f, "lines=1 lines[0].ok=true date=2024-05-01 begins=2024-06-01");
  assert_string_equal(assumed_of(&f, 0), "");
  fixture_close(&f);
}

// A rule is open without one assumption, and gives its code for that with another; without both there is nothing to see.
static void assumed_of_a_code_for_being_open(void **state) {
  (void)state;
  builder *b = build_new();
  build_enum(b, "site", "office center home");
  build_fact(b, "away", "bool assume false");
  build_fact(b, "told", "bool assume true");
  build_fact(b, "site", "enum site");
  build_fact(b, "lines", "records");
  build_mask(b, "STAYS", "site", "site",
             "fact.true away; mask.const office; mask.const home; select");
  build_mask(b, "SITE", "site", "site", "mask.fact site");
  build_cell(b, "TOLD", "fact.true told");
  build_cell(b, "AWAY", "cell.in_mask STAYS office");
  build_cell(b, "OFFICE", "cell.in_mask SITE office");
  build_list(b, "lines");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY,
                       .code = "A",
                       .when = "AWAY",
                       .open_code = "OPEN",
                       .open_when = "TOLD"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "B", .when = "OFFICE"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  decide(&f, "lines=1");
  assert_string_equal(reason_of(&f, 0), "FACT_MISSING");
  assert_string_equal(missing_of(&f, 0), "site");
  assert_string_equal(assumed_of(&f, 0), "away");
  decide(&f, "lines=1 told=false");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "lines=1 away=false");
  assert_string_equal(assumed_of(&f, 0), "");
  fixture_close(&f);
}

// A field takes its value from another one of its line, which is assumed; the decision rests on all lines.
static void assumed_of_a_field_that_stands_in(void **state) {
  (void)state;
  builder *b = claim();
  build_fact(b, "lines[].usual", "bool assume true");
  build_fact(b, "lines[].stated", "bool from lines[].usual");
  fixture f = one_cell(b, "each all lines; fact.true lines[].stated; each.end");
  decide(&f, "lines=2");
  assert_string_equal(lines_assumed(&f), "deny:lines[0].usual lines[1].usual "
                                         "deny:lines[0].usual lines[1].usual");
  decide(&f, "lines=2 lines[0].stated=true");
  assert_string_equal(lines_assumed(&f), "deny:lines[1].usual deny:lines[1].usual");
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
  // through a cell that looks at other lines, read in its own row by one that a loop reads
  b = with_category();
  build_cell(b, "DRUG_ELSEWHERE",
             "each any lines; begin all; " OTHER
             "; join; row.in_mask CATEGORY drug; join; end; each.end");
  build_cell(b, "OK_BESIDE",
             "begin all; row DRUG_ELSEWHERE; join; fact.true lines[].ok; join; end");
  f = one_cell(b, "each any lines; begin all; " OTHER "; join; row OK_BESIDE; join; end; each.end");
  decide(&f, THREE "lines[0].code=P9000 lines[1].code=P9000 lines[2].code=A1000 "
                   "lines[0].ok=false lines[1].ok=true lines[2].ok=false");
  assert_string_equal(lines_assumed(&f), "eligible:lines[2].category eligible: "
                                         "eligible:lines[2].category");
  fixture_close(&f);
}

// By loops of which some are worked out beside the others: that of one assumed line is put in place of what it was.
static void assumed_in_several_loops(void **state) {
  (void)state;
  const char *drug_elsewhere =
      "each any lines; begin all; " OTHER "; join; row.in_mask CATEGORY drug; join; end; each.end";
  // beside it one along a reference
  char code[512];
  (void)snprintf(
      code, sizeof code,
      "begin any; each any related lines[].related; row.in_mask CATEGORY drug; each.end; "
      "join; %s; join; end",
      drug_elsewhere);
  fixture f = one_cell(with_category(), code);
  decide(&f, THREE "lines[0].code=P9000 lines[1].code=P9000 lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f),
                      "eligible:lines[2].category eligible:lines[2].category eligible:");
  decide(&f, THREE "lines[0].code=J1000 lines[1].code=A1000 lines[2].code=P9000 "
                   "lines[0].related=1 lines[2].related=1");
  assert_string_equal(lines_assumed(&f), "eligible:lines[1].category deny: deny:");
  fixture_close(&f);
  // whose body reads what is assumed of the case, by one of its criteria
  builder *b = with_category();
  build_list(b, NULL);
  build_cell(b, "SILENT", "fact.cmp eq plan silent");
  build_list(b, "lines");
  f = one_cell(b, "each any lines; begin all; " OTHER
                  "; join; cell SILENT; join; row.in_mask CATEGORY other; join; end; each.end");
  decide(&f, THREE "lines[0].code=P9000 lines[1].code=P9000 lines[2].code=A1000");
  assert_string_equal(lines_assumed(&f), "deny:plan lines[2].category "
                                         "deny:plan lines[2].category eligible:");
  fixture_close(&f);
}

// Sums over lines that any of them may be taken out of stop at the largest number, however many lines there are.
static void assumed_in_large_sums(void **state) {
  (void)state;
  enum { MOST = 24 };
  builder *b = with_category();
  build_cell(b, "CELL",
             "each sum lines; begin all; " OTHER "; join; row.in_mask CATEGORY other; join; end; "
             "load.fact lines[].units; load.const 999999999999; num.add; each.end; "
             "load.const 999999999999; cmp ge");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "CELL"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  fixture f = fixture_open_limits(b, (soc_case_limits){.rows = MOST});
  static const struct {
    uint32_t lines, assumed;
  } rows[] = {
      {2, 1}, {3, 0}, {MOST, 0}}; // of each line: those without which it comes to something else
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    soc_case_clear(f.c);
    assert_int_equal(soc_case_set_list(f.c, fact_index(&f, "lines"), rows[i].lines), SOC_OK);
    for (uint32_t row = 0; row < rows[i].lines; row++) {
      assert_int_equal(
          soc_case_set_number(f.c, fact_index(&f, "lines[].number"), row, (row + 1) * 1000000),
          SOC_OK);
      assert_int_equal(
          soc_case_set_number(f.c, fact_index(&f, "lines[].units"), row, INT64_C(999999999000000)),
          SOC_OK);
    }
    assert_int_equal(soc_case_decide(f.c, 0), SOC_OK);
    for (uint32_t row = 0; row < rows[i].lines; row++) {
      soc_result result;
      assert_int_equal(soc_case_result(f.c, 0, row, &result), SOC_OK);
      assert_int_equal(result.determination, SOC_DENY);
      assert_int_equal(result.assumed_count, rows[i].assumed);
    }
  }
  fixture_close(&f);
}

// What is assumed of records, for lines of which there are more than records.
static void assumed_of_fewer_rows(void **state) {
  (void)state;
  builder *b = claim();
  build_fact(b, "events", "records");
  build_fact(b, "events[].mild", "bool assume true");
  build_list(b, "events");
  build_cell(b, "MILD", "fact.true events[].mild");
  fixture f = one_cell(b, "each any events; row MILD; each.end");
  decide(&f, THREE "events=1");
  assert_string_equal(lines_assumed(&f),
                      "deny:events[0].mild deny:events[0].mild deny:events[0].mild");
  decide(&f, THREE "events=2 events[1].mild=false");
  assert_string_equal(lines_assumed(&f),
                      "deny:events[0].mild deny:events[0].mild deny:events[0].mild");
  decide(&f, THREE "events=2");
  assert_string_equal(lines_assumed(&f), "deny: deny: deny:");
  fixture_close(&f);
}

// What is assumed of numbers and dates of lines: held against each other's, said by rules, the day of a set.
static builder *with_assumed_fields(void) {
  builder *b = claim();
  build_fact(b, "lines[].share", "number in 0 9 assume 2");
  build_fact(b, "lines[].seen", "date assume 2024-06-01");
  return b;
}

static void expect_assumed(const char *code, const char *facts, const char *assumed) {
  fixture f = one_cell(with_assumed_fields(), code);
  decide(&f, facts);
  assert_string_equal(lines_assumed(&f), assumed);
  fixture_close(&f);
}

static void assumed_in_comparisons(void **state) {
  (void)state;
  const char *facts = THREE "lines[0].share=1 lines[0].units=5 lines[1].units=1";
  expect_assumed(
      "each any lines; load.fact lines[].share; load.fact^ lines[].share; cmp gt; each.end", facts,
      "deny: eligible:lines[1].share lines[2].share eligible:lines[1].share lines[2].share");
  expect_assumed(
      "each any lines; load.fact lines[].units; load.fact^ lines[].share; cmp lt; each.end", facts,
      "eligible: deny:lines[1].share deny:lines[2].share");
  expect_assumed(
      "each any lines; load.fact^ lines[].units; load.fact lines[].share; cmp lt; each.end", facts,
      "eligible:lines[1].share lines[2].share deny: eligible:");
}

static void assumed_day_of_a_set(void **state) {
  (void)state;
  expect_assumed("begin all; fact.in_set lines[].code dated@lines[].seen; join; "
                 "fact.cmp ge lines[].share 2; join; end",
                 THREE
                 "lines[0].code=A1000 lines[0].share=3 lines[1].code=A1000 lines[2].code=A1000 "
                 "lines[2].seen=2025-01-01",
                 "deny:lines[0].seen deny:lines[1].share lines[1].seen eligible:");
}

// Every other line has a share, so that none of theirs matters alone; its own is what stands.
static void assumed_in_loops_and_rules(void **state) {
  (void)state;
  builder *b = with_assumed_fields();
  build_list(b, "lines");
  build_cell(b, "OTHERS",
             "each any lines; begin all; " OTHER
             "; join; fact.cmp ge lines[].share 2; join; end; each.end");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY,
                       .code = "D",
                       .when = "OTHERS",
                       .stands = "load.fact lines[].share"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  decide(&f, THREE "lines[2].share=9");
  assert_string_equal(lines_assumed(&f), "deny:lines[0].share deny:lines[1].share deny:");
  decide(&f, "lines=2 lines[0].number=1 lines[1].number=2");
  assert_string_equal(lines_assumed(&f),
                      "deny:lines[0].share lines[1].share deny:lines[0].share lines[1].share");
  assert_string_equal(units_of(&f, 0), "2");
  fixture_close(&f);
}

static void assumed_in_windows(void **state) {
  (void)state;
  builder *b = with_assumed_fields();
  build_list(b, "lines");
  build_cell(b, "OK", "fact.true lines[].ok");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "A",
                       .when = "OK",
                       .from = "load.fact lines[].date",
                       .through = "load.fact lines[].seen"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  decide(&f, THREE "date=2024-05-01 lines[0].ok=true lines[1].ok=true lines[2].ok=false "
                   "lines[1].seen=2024-07-01");
  assert_string_equal(lines_assumed(&f), "approve:lines[0].seen approve: eligible:");
  assert_string_equal(window_of(&f, 0), "2024-05-01..2024-06-01");
  fixture_close(&f);
}

// Lines that pend all the same, and would lack one more fact.
static void assumed_where_more_is_missing(void **state) {
  (void)state;
  const char *code = "begin all; each any lines; begin all; " OTHER
                     "; join; fact.cmp ge lines[].share 2; join; end; each.end; join; "
                     "fact.true lines[].ok; join; end";
  expect_assumed(code, "lines=2 lines[0].number=1 lines[1].number=2",
                 "pend:lines[1].share pend:lines[0].share");
  expect_assumed(code, "lines=2 lines[0].number=1 lines[1].number=2 lines[0].ok=false",
                 "eligible: pend:lines[0].share");
}

// More criteria than are listed one by one see what is assumed.
static void assumed_for_many_criteria(void **state) {
  (void)state;
  enum { CRITERIA = 20 };
  builder *b = with_assumed_fields();
  build_list(b, "lines");
  char name[16], code[128];
  for (int i = 0; i < CRITERIA; i++) {
    (void)snprintf(name, sizeof name, "C%d", i);
    (void)snprintf(code, sizeof code,
                   "begin all; fact.cmp le lines[].share 2; join; fact.cmp eq lines[].number %d; "
                   "join; end",
                   i);
    build_cell(b, name, code);
  }
  build_decision(b, "lines", "administrative");
  for (int i = 0; i < CRITERIA; i++) {
    (void)snprintf(name, sizeof name, "C%d", i);
    build_rule(b, (rule){.determination = SOC_DENY, .code = name, .when = name});
  }
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  decide(&f, "lines=4 lines[0].number=19 lines[1].number=3 lines[2].number=21 lines[3].number=5 "
             "lines[3].share=1");
  assert_string_equal(lines_assumed(&f), "deny:lines[0].share deny:lines[1].share eligible: deny:");
  assert_string_equal(reason_of(&f, 0), "C19");
  fixture_close(&f);
}

// A field that takes its value from a fact of the case that has none, from another field, from what is assumed.
static void values_of_others(void **state) {
  (void)state;
  builder *b = claim();
  build_fact(b, "place", "code 2 2 null");
  build_fact(b, "lines[].place", "code 2 2 from place");
  build_fact(b, "lines[].amended", "date");
  build_fact(b, "lines[].billed", "date from lines[].amended");
  build_fact(b, "lines[].plan", "enum plan from plan");
  build_set(b, "places", "11 22");
  fixture f = one_cell(b, "begin all; fact.in_set lines[].place places; join; "
                          "fact.cmp ge lines[].billed 2024-01-01; join; "
                          "fact.cmp eq lines[].plan silent; join; end");
  decide(&f, THREE "place=11 lines[0].place=33 lines[0].billed=2024-01-01 "
                   "lines[1].amended=2024-02-01 lines[2].amended=2023-02-01");
  assert_string_equal(lines_assumed(&f), "eligible: deny:plan eligible:");
  decide(&f, THREE "place=none lines[0].place=22 lines[0].amended=2024-02-01 "
                   "lines[1].amended=2024-02-01 lines[2].place=11");
  assert_string_equal(lines_assumed(&f), "deny:plan eligible: pend:plan");
  f.row = 2;
  assert_string_equal(missing_of(&f, 0), "lines[2].billed");
  fixture_close(&f);
}

// An enumeration that is derived for the case, and read by its lines.
static void derived_for_the_case(void **state) {
  (void)state;
  builder *b = claim();
  build_list(b, NULL);
  build_mask(b, "PLAN", "plan", "plan", "mask.fact plan");
  fixture f =
      one_cell(b, "begin all; cell.in_mask PLAN silent; join; fact.true lines[].ok; join; end");
  decide(&f, THREE "lines[0].ok=true lines[1].ok=false");
  assert_string_equal(lines_assumed(&f), "deny:plan eligible: pend:plan");
  decide(&f, THREE "lines[0].ok=true lines[1].ok=false plan=excludes");
  assert_string_equal(lines_assumed(&f), "eligible: eligible: eligible:");
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
  // a condition of both
  b = with_category();
  build_list(b, NULL);
  build_cell(b, "EXCLUDED", "fact.cmp eq plan excludes");
  build_decision(b, "whole", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "EXCLUDED"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .code = "E"});
  build_list(b, "lines");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "EXCLUDED"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .code = "E"});
  f = fixture_open(b);
  decide(&f, THREE "");
  assert_string_equal(line_of(&f, 0), "eligible E");
  assert_string_equal(assumed_of(&f, 0), "plan");
  assert_string_equal(line_of(&f, 1), "eligible E");
  assert_string_equal(assumed_of(&f, 1), "plan");
  fixture_close(&f);
}

// ---------------------------------------------------------------------------- a claim of five lines

// A transfusion fee once a date, drugs by their units, a supply that serves a drug that is not necessary.
static builder *five_lines(void) {
  builder *b = with_category();
  build_quantity(b, "FEES_BEFORE", false,
                 "each count lines; begin all; " EARLIER "; join; " SAME_DATE
                 "; join; row.in_mask CATEGORY fee; join; end; each.end");
  build_cell(b, "UNNECESSARY",
             "begin all; row.in_mask CATEGORY drug; join; fact.true status; not; join; end");
  build_cell(
      b, "UNITS_WRONG",
      "begin all; row.in_mask CATEGORY drug; join; list.has lines[].modifiers JW; not; join; "
      "load.fact lines[].units; load.fact lines[].amount; load.fact lines[].per_unit; quotient.up; "
      "cmp ne; join; end");
  build_cell(b, "SERVES", "each any chain lines[].related; row UNNECESSARY; each.end");
  build_cell(b, "OVER_LIMIT",
             "begin all; row.in_mask CATEGORY fee; join; begin any; row.value FEES_BEFORE; "
             "load.const 1; cmp ge; "
             "join; fact.cmp gt lines[].units 1; join; end; join; end");
  build_cell(b, "EXCLUDED", "fact.cmp eq plan excludes");
  build_decision(b, "lines", "administrative every");
  build_rule(b,
             (rule){.determination = SOC_DENY, .code = "PLAN", .when = "EXCLUDED", .stop = true});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "DRUG", .when = "UNNECESSARY"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "RELATED", .when = "SERVES"});
  build_rule(
      b, (rule){.determination = SOC_DENY,
                .code = "LIMIT",
                .when = "OVER_LIMIT",
                .stands = "load.const 1; row.value FEES_BEFORE; num.sub; load.const 0; latest"});
  build_rule(b, (rule){.determination = SOC_CORRECT_AND_RESUBMIT,
                       .code = "UNITS",
                       .when = "UNITS_WRONG",
                       .actions = "correct_units"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  return b;
}

#define FIVE                                                                           \
  "date=2024-06-01 lines=5 lines[0].number=1 lines[1].number=2 lines[2].number=3 "     \
  "lines[3].number=4 "                                                                 \
  "lines[4].number=5 lines[0].code=J1745 lines[1].category=fee lines[2].category=fee " \
  "lines[3].code=A4000 lines[4].code=A4001 lines[3].related=0 lines[4].related=3 "     \
  "lines[1].units=1 "                                                                  \
  "lines[2].units=1 lines[0].units=3 lines[0].amount=101 lines[0].per_unit=50 "

static const char *claim_of(fixture *f) {
  static char out[4096];
  *out = '\0';
  for (f->row = 0; f->row < soc_case_rows(f->c, 0); f->row++) {
    char one[512];
    snprintf(one, sizeof one, "%s%s [%s]", f->row ? "; " : "", determination_of(f, 0),
             reasons_of(f, 0));
    strcat(out, one);
    if (*units_of(f, 0)) {
      strcat(strcat(out, " stands "), units_of(f, 0));
    }
    if (*missing_of(f, 0)) {
      strcat(strcat(out, " ask "), missing_of(f, 0));
    }
    if (*assumed_of(f, 0)) {
      strcat(strcat(out, " assumed "), assumed_of(f, 0));
    }
  }
  f->row = 0;
  return out;
}

static void a_claim(void **state) {
  (void)state;
  fixture f = fixture_open(five_lines());
  decide(&f, FIVE "status=true plan=silent");
  assert_string_equal(claim_of(&f), "eligible []; eligible []; deny [LIMIT(LIMIT)] stands 0; "
                                    "eligible [] assumed lines[3].category; "
                                    "eligible [] assumed lines[4].category");
  decide(&f, FIVE "status=false plan=silent");
  assert_string_equal(claim_of(&f), "deny [DRUG(DRUG)]; eligible []; deny [LIMIT(LIMIT)] stands 0; "
                                    "deny [RELATED(RELATED)]; deny [RELATED(RELATED)]");
  decide(&f, FIVE
         "plan=silent"); // what the drug's line is missing, those that serve it are missing too
  assert_string_equal(claim_of(&f),
                      "pend [FACT_MISSING(DRUG)] ask status; eligible []; "
                      "deny [LIMIT(LIMIT)] stands 0; "
                      "pend [FACT_MISSING(RELATED)] ask status assumed lines[3].category; "
                      "pend [FACT_MISSING(RELATED)] ask status assumed lines[3].category "
                      "lines[4].category");
  decide(&f, FIVE "status=true plan=excludes");
  assert_string_equal(claim_of(&f), "deny [PLAN(PLAN)]; deny [PLAN(PLAN)]; deny [PLAN(PLAN)]; "
                                    "deny [PLAN(PLAN)]; deny [PLAN(PLAN)]");
  // every match: a drug that is not necessary and whose units are wrong
  decide(&f, FIVE "status=false plan=silent lines[0].units=2");
  f.row = 0;
  assert_string_equal(reasons_of(&f, 0), "DRUG(DRUG) UNITS(UNITS)");
  decide(&f, FIVE "status=true plan=silent lines[0].units=2 lines[0].modifiers=59");
  assert_string_equal(line_of(&f, 0), "correct_and_resubmit UNITS");
  assert_string_equal(actions_of(&f, 0), "correct_units");
  fixture_close(&f);
}

// Results of rows may be read in any order and again.
static void any_order(void **state) {
  (void)state;
  fixture f = fixture_open(five_lines());
  decide(&f, FIVE "plan=silent");
  for (int i = 0; i < 3; i++) {
    f.row = 4;
    assert_string_equal(missing_of(&f, 0), "status");
    f.row = 2;
    assert_string_equal(missing_of(&f, 0), "");
    assert_string_equal(line_of(&f, 0), "deny LIMIT");
    f.row = 0;
    assert_string_equal(assumed_of(&f, 0), "");
  }
  assert_int_equal(soc_case_set_bool(f.c, fact_index(&f, "status"), 0, true), SOC_OK);
  soc_result result;
  assert_int_equal(soc_case_result(f.c, 0, 0, &result),
                   SOC_ERR_ARGUMENT); // until it is decided again
  assert_int_equal(soc_case_decide(f.c, 0), SOC_OK);
  f.row = 4;
  assert_string_equal(line_of(&f, 0), "eligible ");
  fixture_close(&f);
}

// Many lines, all of them assumed and each looking at all others.
static void many_lines(void **state) {
  (void)state;
  enum { LINES = 300 };
  builder *b = with_category();
  build_cell(b, "CELL",
             "each any lines; begin all; " OTHER
             "; join; row.in_mask CATEGORY drug; join; end; each.end");
  build_cell(b, "UP", "each any chain lines[].related; fact.true lines[].ok; each.end");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "CELL"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "U", .when = "UP"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  fixture f = fixture_open_limits(b, (soc_case_limits){.rows = LINES});
  soc_case_clear(f.c);
  uint32_t number = fact_index(&f, "lines[].number"), related = fact_index(&f, "lines[].related"),
           ok = fact_index(&f, "lines[].ok");
  assert_int_equal(soc_case_set_list(f.c, fact_index(&f, "lines"), LINES), SOC_OK);
  for (uint32_t row = 0; row < LINES; row++) {
    assert_int_equal(soc_case_set_number(f.c, number, row, (row + 1) * 1000000), SOC_OK);
    assert_int_equal(soc_case_set_line(f.c, related, row, (row + 1) % LINES), SOC_OK); // a ring
    assert_int_equal(soc_case_set_bool(f.c, ok, row, false), SOC_OK);
  }
  assert_int_equal(soc_case_decide(f.c, SOC_DECIDE_EXPLAIN), SOC_OK);
  for (uint32_t row = 0; row < LINES; row += LINES / 2) { // without vm/quick.h each costs its cube
    soc_result result;
    assert_int_equal(soc_case_result(f.c, 0, row, &result), SOC_OK);
    assert_int_equal(result.determination, SOC_ELIGIBLE);
    assert_int_equal(result.assumed_count, LINES - 1);
  }
  fixture_close(&f);
}

// Lines of which the pairs do not fit one word, against a plain count of them: a line of each of three dates in turn,
// of which every fourth is ok and the last but one says nothing of itself.
enum { WIDE = 12 };

static const char *wide_lines(void) {
  static char facts[2048];
  int used = snprintf(facts, sizeof facts, "lines=%d", WIDE);
  for (int i = 0; i < WIDE; i++) {
    used += snprintf(facts + used, sizeof facts - (size_t)used,
                     " lines[%d].number=%d lines[%d].date=2024-01-0%d lines[%d].units=%d", i, i + 1,
                     i, 1 + i % 3, i, i);
    if (i != WIDE - 2) {
      used += snprintf(facts + used, sizeof facts - (size_t)used, " lines[%d].ok=%s", i,
                       i % 4 == 0 ? "true" : "false");
    }
  }
  return facts;
}

static bool wide_ok(int i) {
  return i != WIDE - 2 && i % 4 == 0;
}

typedef struct wide {
  int ok, earlier, units,
      twelve; // lines of the same date: others that are ok; earlier ones; their units; earlier
              // ones of any date whose units and this one's are twelve
  int named;  // lines whose number this one's units are
} wide;

static wide wide_of(int line) {
  wide w = {0};
  for (int i = 0; i < WIDE; i++) {
    bool same = i % 3 == line % 3;
    w.ok += same && i != line && wide_ok(i);
    w.earlier += same && i < line;
    w.units += same && i < line ? i : 0;
    w.twelve += i < line && i + line == 12;
    w.named += i + 1 == line;
  }
  return w;
}

static void expect_wide(fixture *f, const char *cell, bool (*met)(wide w)) {
  decide(f, wide_lines());
  for (f->row = 0; f->row < WIDE; f->row++) {
    bool asks = strcmp(cell, "ok") == 0 && wide_of((int)f->row).ok == 0 &&
                (int)f->row % 3 == (WIDE - 2) % 3 && (int)f->row != WIDE - 2;
    assert_string_equal(determination_of(f, 0), asks                        ? "pend"
                                                : met(wide_of((int)f->row)) ? "deny"
                                                                            : "eligible");
    assert_string_equal(missing_of(f, 0), asks ? "lines[10].ok" : "");
  }
  f->row = 0;
}

static bool any_ok(wide w) {
  return w.ok > 0;
}
static bool two_earlier(wide w) {
  return w.earlier >= 2;
}
static bool ten_units(wide w) {
  return w.units >= 10;
}
static bool twelve_together(wide w) {
  return w.twelve > 0;
}
static bool is_named(wide w) {
  return w.named > 0;
}
static bool none_earlier(wide w) {
  return w.earlier == 0;
}

static fixture one_quantity(const char *code, const char *cell) {
  builder *b = claim();
  build_list(b, "lines");
  build_quantity(b, "N", false, code);
  build_cell(b, "CELL", cell);
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "CELL"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  return fixture_open_limits(b, (soc_case_limits){.rows = WIDE});
}

static fixture one_loop(const char *code) {
  return one_quantity("each count lines; " EARLIER "; each.end", code);
}

static void more_lines_than_fit_a_word(void **state) {
  (void)state;
  fixture f = one_loop("each any lines; begin all; " OTHER "; join; " SAME_DATE
                       "; join; fact.true lines[].ok; join; end; each.end");
  expect_wide(&f, "ok", any_ok);
  fixture_close(&f);
  f = one_loop("each all lines; begin any; " EARLIER "; not; join; " SAME_DATE
               "; not; join; end; each.end");
  expect_wide(&f, "none", none_earlier);
  fixture_close(&f);
  f = one_loop("each any lines; begin all; " EARLIER
               "; join; load.fact lines[].units; load.fact^ lines[].units; num.add; load.const 12; "
               "cmp eq; join; end; each.end");
  expect_wide(&f, "twelve", twelve_together);
  fixture_close(&f);
  f = one_loop(
      "each any lines; load.fact lines[].number; load.fact^ lines[].units; cmp eq; each.end");
  expect_wide(&f, "named", is_named);
  fixture_close(&f);
  f = one_quantity("each count lines; begin all; " EARLIER "; join; " SAME_DATE
                   "; join; end; each.end",
                   "row.value N; load.const 2; cmp ge");
  expect_wide(&f, "earlier", two_earlier);
  fixture_close(&f);
  f = one_quantity("each sum lines; begin all; " EARLIER "; join; " SAME_DATE
                   "; join; end; load.fact lines[].units; each.end",
                   "row.value N; load.const 10; cmp ge");
  expect_wide(&f, "units", ten_units);
  fixture_close(&f);
}

// ------------------------------------------------------------------------------- setters and bounds

static void setters(void **state) {
  (void)state;
  builder *b = claim();
  build_fact(b, "codes", "codes 2 2");
  build_list(b, "lines");
  build_cell(b, "CELL", "load.fact lines[].npi; load.fact lines[].npi; cmp eq");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "CELL"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  fixture f = fixture_open_limits(
      b, (soc_case_limits){.rows = 3, .items = 1, .row_items = 4, .text_bytes = 8});
  soc_case *c = f.c;
  uint32_t lines = fact_index(&f, "lines"), tags = fact_index(&f, "lines[].modifiers"),
           flags = fact_index(&f, "lines[].flags"), codes = fact_index(&f, "codes"),
           to = fact_index(&f, "lines[].related"), npi = fact_index(&f, "lines[].npi");
  soc_case_clear(c);
  assert_int_equal(soc_case_set_row_list(c, tags, 0), SOC_ERR_ARGUMENT); // no rows yet
  assert_int_equal(soc_case_set_line(c, to, 0, 0), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_list(c, lines, 3), SOC_OK);
  assert_int_equal(soc_case_set_row_list(c, tags, 3), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_row_list(c, codes, 0), SOC_ERR_ARGUMENT); // a list of the case
  assert_int_equal(soc_case_set_row_list(c, npi, 0), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_list(c, tags, 0), SOC_ERR_ARGUMENT); // a list of rows
  assert_int_equal(soc_case_add_code(c, tags, "JW", 2), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_add_enum(c, flags, 0), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "JW", 2), SOC_ERR_ARGUMENT); // not set yet
  // codes of rows share their room: lists move behind the last one when they grow
  uint64_t packed, wanted;
  assert_true(soc_code_pack("AB", 2, &wanted));
  assert_int_equal(soc_case_set_row_list(c, tags, 0), SOC_OK);
  assert_int_equal(soc_case_set_row_list(c, tags, 1), SOC_OK);
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "AB", 2), SOC_OK);
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "ABC", 3), SOC_ERR_VALUE);
  assert_int_equal(soc_case_add_row_code(c, tags, 1, "CD", 2), SOC_OK);
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "EF", 2), SOC_OK); // moves
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "GH", 2), SOC_ERR_LIMIT);
  assert_int_equal(soc_case_add_row_code(c, tags, 1, "GH", 2), SOC_ERR_LIMIT);
  assert_int_equal(soc_case_row_list_code(c, tags, 0, 0, &packed), SOC_OK);
  assert_true(packed == wanted);
  assert_int_equal(soc_case_row_list_code(c, tags, 0, 1, &packed), SOC_OK);
  assert_int_equal(soc_case_row_list_code(c, tags, 0, 2, &packed), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_list_code(c, tags, 0, &packed), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_row_list_code(c, tags, 2, 0, &packed), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_row_list(c, tags, 0), SOC_OK); // the last one gives its room back
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "GH", 2), SOC_OK);
  assert_int_equal(soc_case_row_list_code(c, tags, 1, 0, &packed), SOC_OK);
  assert_true(soc_code_pack("CD", 2, &wanted) && packed == wanted);
  assert_int_equal(soc_case_set_row_list(c, flags, 2), SOC_OK);
  assert_int_equal(soc_case_add_row_enum(c, flags, 2, 2), SOC_ERR_VALUE);
  assert_int_equal(soc_case_add_row_enum(c, flags, 2, 1), SOC_OK);
  assert_int_equal(soc_case_add_row_enum(c, flags, 1, 1), SOC_ERR_ARGUMENT);
  soc_value value;
  assert_int_equal(soc_case_get(c, flags, 2, &value), SOC_OK);
  assert_int_equal(value.number, 2);
  // a row of the same list, another one
  assert_int_equal(soc_case_set_line(c, to, 1, 1), SOC_ERR_VALUE);
  assert_int_equal(soc_case_set_line(c, to, 1, 3), SOC_ERR_VALUE);
  assert_int_equal(soc_case_set_line(c, npi, 1, 0), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_set_line(c, to, 1, 2), SOC_OK);
  assert_int_equal(soc_case_get(c, to, 1, &value), SOC_OK);
  assert_int_equal(value.number, 2);
  // texts that the artifact does not name, as long as there is room for them
  assert_int_equal(soc_case_set_text(c, npi, 0, "123456789", 9), SOC_ERR_LIMIT);
  assert_int_equal(soc_case_set_text(c, npi, 0, "123", 3), SOC_OK);
  assert_int_equal(soc_case_set_text(c, npi, 1, "123", 3), SOC_OK);
  assert_int_equal(soc_case_set_text(c, npi, 2, "45", 2), SOC_OK);
  assert_int_equal(soc_case_set_text(c, npi, 2, "6", 1), SOC_OK);
  assert_int_equal(soc_case_set_text(c, npi, 2, "7", 1), SOC_ERR_LIMIT);
  assert_int_equal(soc_case_set_text(c, npi, 2, "alpha", 5), SOC_OK); // which it names
  soc_case_clear(c);
  assert_int_equal(soc_case_set_list(c, lines, 1), SOC_OK);
  assert_int_equal(soc_case_set_text(c, npi, 0, "7", 1), SOC_OK);
  fixture_close(&f);
}

static void expect_again(fixture *f, const char *states) {
  assert_int_equal(soc_case_decide(f->c, 0), SOC_OK);
  assert_string_equal(states_of(f), states);
}

// What counts is what a row was set to last, and nothing of a row that the list had before.
static void set_again(void **state) {
  (void)state;
  fixture f = one_cell(
      claim(), "begin all; list.has lines[].modifiers JW; join; fact.true lines[].ok; join; "
               "fact.cmp ge lines[].date 2024-06-01; join; end");
  soc_case *c = f.c;
  uint32_t lines = fact_index(&f, "lines"), tags = fact_index(&f, "lines[].modifiers"),
           ok = fact_index(&f, "lines[].ok"), date = fact_index(&f, "date"),
           own_date = fact_index(&f, "lines[].date");
  decide(&f,
         "lines=2 lines[0].modifiers=59,JW lines[1].modifiers=JW lines[0].ok=true lines[1].ok=true "
         "date=2024-07-01");
  assert_string_equal(states_of(&f), "met met");
  assert_int_equal(soc_case_set_row_list(c, tags, 0), SOC_OK);
  expect_again(&f, "not met");
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "59", 2), SOC_OK);
  expect_again(&f, "not met");
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "JW", 2), SOC_OK);
  assert_int_equal(soc_case_set_bool(c, ok, 1, false), SOC_OK);
  expect_again(&f, "met not");
  assert_int_equal(soc_case_set_bool(c, ok, 1, true), SOC_OK);
  assert_int_equal(soc_case_set_date(c, date, 0, 700000), SOC_OK);
  expect_again(&f, "not not");
  assert_int_equal(soc_case_set_date(c, own_date, 1, 740000), SOC_OK);
  expect_again(&f, "not met");
  assert_int_equal(soc_case_set_list(c, lines, 2), SOC_OK);
  assert_int_equal(soc_case_set_row_list(c, tags, 1), SOC_OK);
  assert_int_equal(soc_case_add_row_code(c, tags, 1, "JW", 2), SOC_OK);
  assert_int_equal(soc_case_set_date(c, date, 0, 740000), SOC_OK);
  expect_again(&f, "not unknown(lines[1].ok)");
  soc_case_clear(c);
  assert_int_equal(soc_case_set_list(c, lines, 1), SOC_OK);
  assert_int_equal(soc_case_set_row_list(c, tags, 0), SOC_OK);
  assert_int_equal(soc_case_add_row_code(c, tags, 0, "JW", 2), SOC_OK);
  assert_int_equal(soc_case_set_bool(c, ok, 0, true), SOC_OK);
  expect_again(&f, "unknown(date)");
  fixture_close(&f);
}

static void limits(void **state) {
  (void)state;
  image im = build_finish(five_lines());
  soc_policy policy;
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  size_t none = soc_case_bytes(&policy, &(soc_case_limits){0});
  size_t some = soc_case_bytes(&policy, &(soc_case_limits){.rows = 1000});
  size_t twice = soc_case_bytes(&policy, &(soc_case_limits){.rows = 2000});
  assert_true(none > 0 && twice - some < some - none + 64 && some - none < 1000 * 4096); // linear
  assert_int_equal(soc_case_bytes(&policy, &(soc_case_limits){.row_items = UINT32_MAX}), 0);
  assert_int_equal(soc_case_bytes(&policy, &(soc_case_limits){.text_bytes = UINT32_MAX}), 0);
  free(im.bytes);
}

// One cell of each frame, counted by hand: outside of loops once, or once a row; inside once more for each row.
static void bounds(void **state) {
  (void)state;
  builder *b = open_references();
  build_cell(b, "CASE", "each any lines; fact.true lines[].ok; each.end"); // 1 + 1, and 2 a row
  build_list(b, "lines");
  build_cell(b, "ROW", "fact.true lines[].ok");               // 1 a row
  build_cell(b, "JOIN", "each any lines; row ROW; each.end"); // 1 + 1 a row, 2 a pair
  build_cell(b, "THE", "each any related lines[].related; row ROW; each.end"); // 4 a row
  build_cell(b, "UP", "each any chain lines[].related; row ROW; each.end");    // 2 a row, 2 a pair
  build_decision(b, "main", "administrative");
  build_rule(b,
             (rule){.determination = SOC_DENY, .when = "UP", .stands = "load.const 1"}); // 1 a row
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  soc_policy_info info;
  soc_policy_describe(&f.policy, &info);
  assert_int_equal(info.max_instructions, 2);
  assert_int_equal(info.max_instructions_row, 2 + 1 + 2 + 4 + 2 + 1);
  assert_int_equal(info.max_instructions_row_squared, 4);
  // One decision for each row, and nothing is assumed.
  assert_int_equal(soc_policy_max_instructions(&f.policy, 3), (1 + 3) * (2 + 3 * 12 + 9 * 4));
  assert_true(soc_policy_max_instructions(&f.policy, UINT32_MAX) == UINT64_MAX);
  soc_cell_info cell;
  assert_int_equal(soc_policy_cell(&f.policy, 0, &cell), SOC_OK);
  assert_int_equal(cell.list, SOC_NO_INDEX);
  assert_int_equal(soc_policy_cell(&f.policy, 1, &cell), SOC_OK);
  assert_int_equal(cell.list, fact_index(&f, "lines"));
  assert_false(cell.quantity || cell.derived);
  soc_decision_info decision;
  assert_int_equal(soc_policy_decision(&f.policy, 0, &decision), SOC_OK);
  assert_int_equal(decision.list, fact_index(&f, "lines"));
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_and_case_facts),
      cmocka_unit_test(lists_in_rows),
      cmocka_unit_test(some_every_no),
      cmocka_unit_test(passed_over),
      cmocka_unit_test(nearly_passed_over),
      cmocka_unit_test(passed_over_by_candidates),
      cmocka_unit_test(counts),
      cmocka_unit_test(sums),
      cmocka_unit_test(large_sums),
      cmocka_unit_test(related_lines),
      cmocka_unit_test(unknown_references),
      cmocka_unit_test(chains),
      cmocka_unit_test(two_references),
      cmocka_unit_test(equal_facts),
      cmocka_unit_test(different_facts),
      cmocka_unit_test(quotients),
      cmocka_unit_test(quantity_and_fact),
      cmocka_unit_test(cells_of_rows),
      cmocka_unit_test(amounts_that_stand),
      cmocka_unit_test(dates_in_rows),
      cmocka_unit_test(derived_categories),
      cmocka_unit_test(no_candidates),
      cmocka_unit_test(two_derived_of_one_fact),
      cmocka_unit_test(assumed_in_two_decisions),
      cmocka_unit_test(assumed_at_the_end_of_reasons),
      cmocka_unit_test(assumed_of_a_longer_window),
      cmocka_unit_test(assumed_of_a_code_for_being_open),
      cmocka_unit_test(assumed_of_a_field_that_stands_in),
      cmocka_unit_test(assumed_elsewhere),
      cmocka_unit_test(assumed_in_several_loops),
      cmocka_unit_test(assumed_in_large_sums),
      cmocka_unit_test(assumed_of_fewer_rows),
      cmocka_unit_test(assumed_of_the_case),
      cmocka_unit_test(assumed_in_comparisons),
      cmocka_unit_test(assumed_day_of_a_set),
      cmocka_unit_test(assumed_in_loops_and_rules),
      cmocka_unit_test(assumed_in_windows),
      cmocka_unit_test(assumed_where_more_is_missing),
      cmocka_unit_test(assumed_for_many_criteria),
      cmocka_unit_test(values_of_others),
      cmocka_unit_test(derived_for_the_case),
      cmocka_unit_test(a_claim),
      cmocka_unit_test(any_order),
      cmocka_unit_test(many_lines),
      cmocka_unit_test(more_lines_than_fit_a_word),
      cmocka_unit_test(setters),
      cmocka_unit_test(set_again),
      cmocka_unit_test(limits),
      cmocka_unit_test(bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
