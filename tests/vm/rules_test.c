// SPDX-License-Identifier: Apache-2.0
//
// Rules: the first that is met, open ones, what is possible and missing, codes while open, further reasons, grounds,
// windows, redirect, actions, assumptions.
#include "support.h"

#include <stdio.h>
#include <string.h>

// Facts a, b, c, d (booleans), when and end (dates), and a cell of each boolean's name.
static builder *start(void) {
  builder *b = build_new();
  build_enum(b, "site", "office center home");
  build_fact(b, "when", "date");
  build_fact(b, "end", "date null");
  build_fact(b, "plan", "bool assume false");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  build_fact(b, "events[].mild", "bool assume true");
  const char *names[] = {"a", "b", "c", "d"};
  for (int i = 0; i < 4; i++) {
    build_fact(b, names[i], "bool null");
  }
  build_cell(b, "A", "fact.true a");
  build_cell(b, "B", "fact.true b");
  build_cell(b, "C", "fact.true c");
  build_cell(b, "D", "fact.true d");
  build_cell(b, "PLAN", "fact.true plan");
  build_basis(b, "when");
  return b;
}

typedef struct expected {
  const char *facts, *determination, *reasons, *possible, *missing;
} expected;

static void expect(fixture *f, const expected *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    decide(f, rows[i].facts);
    if (strcmp(determination_of(f, 0), rows[i].determination) != 0 ||
        strcmp(reasons_of(f, 0), rows[i].reasons) != 0 ||
        strcmp(possible_of(f, 0), rows[i].possible) != 0 ||
        strcmp(missing_of(f, 0), rows[i].missing) != 0) {
      fail_msg("'%s' gives %s %s possible %s missing '%s'", rows[i].facts, determination_of(f, 0),
               reasons_of(f, 0), possible_of(f, 0), missing_of(f, 0));
    }
    size_t n = strcspn(rows[i].reasons, "(");
    assert_int_equal(strlen(reason_of(f, 0)), n);
    assert_memory_equal(reason_of(f, 0), rows[i].reasons, n);
  }
}
#define EXPECT(f, rows) expect(f, rows, sizeof(rows) / sizeof *(rows))

static void order_and_open_rules(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_REFER, .code = "GOVERNS", .when = "A"});
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = "SCOPE", .when = "B"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "C", .stop = true});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"a=true", "refer", "GOVERNS(GOVERNS)", "refer", ""},
      {"a=false b=true", "not_applicable", "SCOPE(SCOPE)", "not_applicable", ""},
      {"a=false b=false c=true", "approve", "OK(OK)", "approve", ""},
      {"a=false b=false c=false", "refer", "NOT_MET(NOT_MET)", "refer", ""},
      // every open rule has k's determination: k decides
      {"b=false c=false", "refer", "NOT_MET(NOT_MET)", "refer", ""},
      // an open rule after the last that differs is not asked for
      {"c=false", "pend", "FACT_MISSING(GOVERNS)", "refer|not_applicable", "a b"},
      {"a=false c=false", "pend", "FACT_MISSING(SCOPE)", "refer|not_applicable", "b"},
      {"", "pend", "FACT_MISSING(GOVERNS)", "approve|refer|not_applicable", "a b c"},
      {"c=true", "pend", "FACT_MISSING(GOVERNS)", "approve|refer|not_applicable", "a b"},
      {"b=true", "pend", "FACT_MISSING(GOVERNS)", "refer|not_applicable", "a"},
      {"a=none b=none c=none", "refer", "NOT_MET(NOT_MET)", "refer", ""},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void open_rule_after_the_last_that_differs(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "LATE", .when = "B"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"", "pend", "FACT_MISSING(OK)", "approve|refer", "a"},
      {"a=false", "refer", "NOT_MET(NOT_MET)", "refer", ""},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void pend_with_its_own_code(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "drug", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "MET", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET", .when = "B"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "PENDING", .actions = "review"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"", "pend", "PENDING(PENDING)", "approve|refer|pend", "a b"},
      {"a=false b=false", "pend", "PENDING(PENDING)", "pend", ""},
      {"a=true", "approve", "MET(MET)", "approve", ""},
  };
  EXPECT(&f, rows);
  decide(&f, "");
  assert_string_equal(actions_of(&f, 0), "review");
  decide(&f, "a=false b=false");
  assert_string_equal(actions_of(&f, 0), "review");
  fixture_close(&f);
}

static void all_open_rules_pend_too(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_PEND, .code = "FIRST", .when = "A"});
  build_rule(b, (rule){.determination = SOC_PEND, .when = "B"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"b=true", "pend", "", "pend", ""}, // no fact can lift it; the rule has no code
      {"a=true", "pend", "FIRST(FIRST)", "pend", ""},
      {"", "pend", "FACT_MISSING(FIRST)", "refer|pend", "a b"},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void pend_without_code_leaves_fact_missing(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_PEND});
  fixture f = fixture_open(b);
  static const expected rows[] = {{"", "pend", "FACT_MISSING(OK)", "approve|pend", "a"}};
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void code_while_open(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(
      b, (rule){.determination = SOC_REFER, .code = "GOVERNS", .when = "A", .actions = "verify"});
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE,
                       .code = "SCOPE",
                       .when = "B",
                       .open_code = "IDENTITY",
                       .open_when = "D",
                       .actions = "identify_drug",
                       .text = "The drug",
                       .cite = "P-34",
                       .redirect_enum = "site",
                       .redirect = "home"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "OK",
                       .when = "C",
                       .open_code = "ALWAYS",
                       .actions = "x"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET", .actions = "choose"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"a=false c=false d=true", "pend", "IDENTITY(SCOPE)", "refer|not_applicable", "b"},
      {"a=false c=false d=false", "pend", "FACT_MISSING(SCOPE)", "refer|not_applicable", "b"},
      {"a=false c=false", "pend", "FACT_MISSING(SCOPE)", "refer|not_applicable", "b"},
      {"a=false d=true", "pend", "IDENTITY(SCOPE)", "approve|refer|not_applicable", "b c"},
      {"a=false d=false", "pend", "ALWAYS(OK)", "approve|refer|not_applicable", "b c"},
      {"d=true", "pend", "IDENTITY(SCOPE)", "approve|refer|not_applicable", "a b c"},
  };
  EXPECT(&f, rows);
  decide(&f, "a=false c=false d=true");
  assert_string_equal(actions_of(&f, 0), "identify_drug");
  assert_string_equal(redirect_of(&f, 0), ""); // nothing is decided yet
  soc_reason reason;
  assert_int_equal(soc_case_reason(f.c, 0, 0, 0, &reason), SOC_OK);
  assert_string_equal(reason.text.data, "The drug");
  assert_string_equal(reason.cite.data, "P-34");
  decide(&f, "a=false c=false d=false");
  assert_string_equal(actions_of(&f, 0), "");
  decide(&f, "a=true");
  assert_string_equal(actions_of(&f, 0), "verify");
  fixture_close(&f);
}

// Which action it is, which facts are missing and which rule is asked for are part of the key; what a fact says is not.
static void keys_of_results(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE,
                       .code = "SCOPE",
                       .when = "A",
                       .open_code = "IDENTITY",
                       .open_when = "D",
                       .actions = "identify_drug"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET", .actions = "choose"});
  fixture f = fixture_open(b);
  static const char *const cases[] = {"", "d=false", "d=true", "a=true", "a=false"};
  uint64_t keys[5][64], same[5][64];
  uint32_t counts[5];
  for (uint32_t i = 0; i < 5; i++) {
    decide(&f, cases[i]);
    counts[i] = soc_case_result_key(f.c, 0, 0, keys[i], 64);
    assert_true(counts[i] > 0);
    soc_result result;
    assert_int_equal(soc_case_result(f.c, 0, 0, &result), SOC_OK);
    assert_int_equal(keys[i][0] & 0xff, result.determination);
    assert_int_equal(soc_case_result_key(f.c, 0, 0, same[i], counts[i]), counts[i]);
    assert_memory_equal(keys[i], same[i], counts[i] * sizeof **keys);
    assert_int_equal(soc_case_result_key(f.c, 0, 0, same[i], counts[i] - 1), 0);
  }
  assert_int_equal(counts[0], counts[1]);
  assert_memory_equal(keys[0], keys[1], counts[0] * sizeof **keys);
  for (uint32_t i = 2; i < 5; i++) {
    for (uint32_t k = 1; k < i; k++) {
      assert_true(counts[i] != counts[k] ||
                  memcmp(keys[i], keys[k], counts[i] * sizeof **keys) != 0);
    }
  }
  assert_int_equal(soc_case_result_key(f.c, 1, 0, keys[0], 64), 0);
  assert_int_equal(soc_case_result_key(f.c, 0, 1, keys[0], 64), 0);
  assert_int_equal(soc_case_result_key(f.c, 0, 0, NULL, 64), 0);
  assert_int_equal(soc_case_result_key(NULL, 0, 0, keys[0], 64), 0);
  fixture_close(&f);
}

static void a_differing_rule_bounds_codes_while_open(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "R", .when = "B", .open_code = "LATER"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET"});
  fixture f = fixture_open(b);
  static const expected rows[] = {{"", "pend", "FACT_MISSING(OK)", "approve|refer", "a"}};
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void further_reasons(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "ONE", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "BAD", .when = "B"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "TWO", .when = "C", .stop = true});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "THREE", .when = "D"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OTHERWISE"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"a=true b=true c=true d=true", "approve", "ONE(ONE) TWO(TWO)", "approve", ""},
      {"a=true b=true c=false d=true", "approve", "ONE(ONE) THREE(THREE)", "approve", ""},
      {"a=true", "approve", "ONE(ONE)", "approve", ""},
      {"a=false b=false c=true d=true", "approve", "TWO(TWO)", "approve", ""},
      {"a=false b=true c=true d=true", "refer", "BAD(BAD)", "refer", ""},
      {"a=false b=false c=false d=false", "approve", "OTHERWISE(OTHERWISE)", "approve", ""},
      // open approving rules before k do not matter, and are no reasons
      {"b=false c=true", "approve", "TWO(TWO)", "approve", ""},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void every_match(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "every administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "ONE", .when = "A"});
  build_rule(
      b,
      (rule){.determination = SOC_CORRECT_AND_RESUBMIT, .code = "TWO", .when = "B", .stop = true});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "THREE", .when = "C"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"a=true b=false c=true", "deny", "ONE(ONE) THREE(THREE)", "deny", ""},
      {"a=true b=true c=true", "deny", "ONE(ONE) TWO(TWO)", "deny", ""},
      {"a=false b=true c=true", "correct_and_resubmit", "TWO(TWO)", "correct_and_resubmit", ""},
      {"a=false b=false c=false", "eligible", "", "eligible", ""},
      {"a=true c=true", "deny", "ONE(ONE) THREE(THREE)", "deny", ""},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void grounds_and_words(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.name = "main.ok",
                       .determination = SOC_APPROVE,
                       .code = "OK",
                       .when = "A",
                       .criterion = "B",
                       .grounds = "G1/B G2/C G3",
                       .actions = "act1/C act2 act3/B",
                       .redirect_enum = "site",
                       .redirect = "office|home"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .when = "D",
                       .grounds = "LAST",
                       .text = "Words",
                       .cite = "L1"});
  build_rule(b, (rule){.determination = SOC_REFER});
  fixture f = fixture_open(b);
  decide(&f, "a=true b=true d=true");
  assert_string_equal(reasons_of(&f, 0), "OK(B) G1(B) G3(B) LAST(D)");
  assert_string_equal(actions_of(&f, 0), "act2 act3");
  assert_string_equal(redirect_of(&f, 0), "office|home");
  assert_int_equal(soc_case_redirect(f.c, 0, 0, 3).length, 0); // the enumeration has three values
  soc_reason reason;
  assert_int_equal(soc_case_reason(f.c, 0, 0, 0, &reason), SOC_OK);
  assert_string_equal(reason.text.data, "About B"); // the rule has no words of its own
  assert_string_equal(reason.cite.data, "L-B");
  assert_int_equal(soc_case_reason(f.c, 0, 0, 3, &reason), SOC_OK);
  assert_string_equal(reason.text.data, "Words");
  decide(&f, "a=false b=false c=false d=false");
  assert_string_equal(reasons_of(&f, 0), "");
  assert_string_equal(reason_of(&f, 0), "");
  fixture_close(&f);
}

static void redirect_without_listed_places(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "unsafe", "enums site");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER,
                       .code = "NO",
                       .redirect_enum = "site",
                       .redirect = "office|home",
                       .except = "unsafe"});
  fixture f = fixture_open(b);
  static const char *const rows[][2] = {
      {"a=false", "office|home"},
      {"a=false unsafe=empty", "office|home"},
      {"a=false unsafe=home,center", "office"},
      {"a=false unsafe=home,office", ""},
      {"unsafe=home", ""}, // pends: nothing is decided
      {"a=true unsafe=home", ""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    decide(&f, rows[i][0]);
    assert_string_equal(redirect_of(&f, 0), rows[i][1]);
  }
  fixture_close(&f);
}

static void windows(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "ONE",
                       .when = "A",
                       .through = "load.fact when; load.const 89; add.days"});
  build_rule(
      b, (rule){.determination = SOC_APPROVE,
                .code = "TWO",
                .when = "B",
                .one_time = true,
                .from = "load.fact when; load.fact? end; latest",
                .through = "load.fact when; load.const 1; add.months; load.fact? end; earliest"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "THREE",
                       .when = "C",
                       .through = "load.fact? end"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "FOUR",
                       .when = "D",
                       .from = "load.fact end",
                       .through = "load.fact end"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "a=true when=2024-12-01");
  assert_string_equal(window_of(&f, 0), "2024-12-01..2025-02-28");
  decide(&f, "a=false b=true when=2024-12-01");
  assert_string_equal(window_of(&f, 0), "2024-12-01..2025-01-01 once");
  decide(&f, "a=false b=true when=2024-12-01 end=2024-12-15");
  assert_string_equal(window_of(&f, 0), "2024-12-15..2024-12-15 once");
  decide(&f, "a=false b=false c=true when=2024-12-01");
  assert_string_equal(window_of(&f, 0), "2024-12-01.."); // the only term dropped out: no limit
  decide(&f, "a=false b=false c=true");
  assert_string_equal(window_of(&f, 0), ".."); // no basis either
  decide(&f, "a=false b=false c=false d=true when=2024-12-01 end=none");
  assert_string_equal(window_of(&f, 0), "2024-12-01..");
  decide(&f, "a=false b=false c=false d=true when=2024-12-01"); // an uncertain end: no window
  assert_string_equal(determination_of(&f, 0), "approve");
  assert_string_equal(window_of(&f, 0), "none");
  decide(&f, "a=false b=false c=false d=false");
  assert_string_equal(window_of(&f, 0), "none");
  fixture_close(&f);
}

static void longest_approval(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "main", "longest");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "SHORT",
                       .when = "A",
                       .through = "load.fact when; load.const 10; add.days"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "LONG",
                       .when = "B",
                       .actions = "late",
                       .through = "load.fact when; load.const 20; add.days"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "SAME",
                       .when = "C",
                       .grounds = "G",
                       .through = "load.fact when; load.const 20; add.days"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "FOREVER", .when = "D"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"when=2024-01-01 a=true b=true c=true d=true", "approve",
       "FOREVER(FOREVER) SHORT(SHORT) LONG(LONG) SAME(SAME) G(SAME)", "approve", ""},
      {"when=2024-01-01 a=true b=true c=true d=false", "approve",
       "LONG(LONG) SHORT(SHORT) SAME(SAME) G(SAME)", "approve", ""},
      {"when=2024-01-01 a=true b=false c=true d=false", "approve",
       "SAME(SAME) G(SAME) SHORT(SHORT)", "approve", ""},
      {"when=2024-01-01 a=true", "approve", "SHORT(SHORT)", "approve", ""},
      {"when=2024-01-01 a=false b=false c=false d=false", "refer", "NO(NO)", "refer", ""},
  };
  EXPECT(&f, rows);
  decide(&f, "when=2024-01-01 a=true b=true c=true d=false");
  assert_string_equal(window_of(&f, 0), "2024-01-01..2024-01-21");
  assert_string_equal(actions_of(&f, 0), "late");
  decide(&f, "when=2024-01-01 a=true b=true c=true d=true");
  assert_string_equal(window_of(&f, 0), "2024-01-01..");
  fixture_close(&f);
}

static void two_decisions(void **state) {
  (void)state;
  builder *b = start();
  build_decision(b, "one", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "ONE", .when = "A", .actions = "x y"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  build_cell(b, "E", "begin all; cell A; join; cell B; join; end");
  build_decision(b, "two", "");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "TWO",
                       .when = "E",
                       .actions = "z",
                       .grounds = "G/A"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO", .actions = "w"});
  fixture f = fixture_open(b);
  decide(&f, "a=true b=true");
  assert_string_equal(reasons_of(&f, 0), "ONE(ONE)");
  assert_string_equal(actions_of(&f, 0), "x y");
  assert_string_equal(reasons_of(&f, 1), "TWO(TWO) G(A)");
  assert_string_equal(actions_of(&f, 1), "z");
  decide(&f, "a=true");
  assert_string_equal(missing_of(&f, 0), "");
  assert_string_equal(missing_of(&f, 1), "b");
  decide(&f, "a=false");
  assert_string_equal(actions_of(&f, 1), "w");
  soc_result result;
  assert_int_equal(soc_case_result(f.c, 2, 0, &result), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_result(f.c, 0, 1, &result), SOC_ERR_ARGUMENT);
  fixture_close(&f);
}

static void nested_criteria_are_asked_once(void **state) {
  (void)state;
  builder *b = start();
  build_cell(b, "E", "begin any; cell A; join; cell B; join; end");
  build_cell(b, "F", "begin all; cell E; join; cell A; not; join; cell C; join; end");
  build_cell(b, "G", "begin any; cell F; join; cell E; join; cell D; join; end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "G"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"", "pend", "FACT_MISSING(OK)", "approve|refer", "a b c d"},
      {"c=false", "pend", "FACT_MISSING(OK)", "approve|refer", "a b d"},
      {"b=false d=false", "pend", "FACT_MISSING(OK)", "approve|refer", "a c"},
      {"a=false b=true c=true d=false", "approve", "OK(OK)", "approve", ""},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

static void assumptions(void **state) {
  (void)state;
  builder *b = start();
  build_cell(b, "MILD", "each any events; fact.true events[].mild; each.end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_REFER, .code = "GOVERNS", .when = "PLAN"});
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = "SCOPE", .when = "B"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "MILD", .when = "MILD"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "a=true b=false events=0");
  assert_string_equal(determination_of(&f, 0), "approve");
  assert_string_equal(assumed_of(&f, 0), "plan"); // had it been unknown, it would be missing
  decide(&f, "a=true b=false plan=false events=0");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "a=false b=false events=0"); // unknown, rule 1 is open but refers as the last does
  assert_string_equal(determination_of(&f, 0), "refer");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "a=true b=false plan=true events=0");
  assert_string_equal(reason_of(&f, 0), "GOVERNS");
  decide(&f, "a=true");
  assert_string_equal(missing_of(&f, 0), "b");
  assert_string_equal(assumed_of(&f, 0), "plan");
  decide(
      &f,
      "a=true b=false plan=false events=2"); // a further reason rests on either row, so on none alone
  assert_string_equal(reasons_of(&f, 0), "OK(OK) MILD(MILD)");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "a=true b=false plan=false events=2 events[0].mild=false"); // now on the second row
  assert_string_equal(reasons_of(&f, 0), "OK(OK) MILD(MILD)");
  assert_string_equal(assumed_of(&f, 0), "events[1].mild");
  decide(&f, "a=false b=false plan=false events=2 events[1].mild=false");
  assert_string_equal(determination_of(&f, 0), "approve");
  assert_string_equal(assumed_of(&f, 0), "events[0].mild");
  assert_string_equal(reasons_of(&f, 0), "MILD(MILD)"); // the real run's results stand
  fixture_close(&f);
}

// A rule reads a number that the policy works out.
static void quantity_of_the_case(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "n", "number");
  build_quantity(b, "TOTAL", false, "load.fact n; load.const 2; num.add");
  build_quantity(b, "LESS", false, "cell.value TOTAL; load.const 1; num.sub");
  build_cell(b, "MUCH", "cell.value LESS; load.const 4; cmp gt");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_REFER, .code = "MUCH", .when = "MUCH"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"n=4", "refer", "MUCH(MUCH)", "refer", ""},
      {"n=3", "approve", "OK(OK)", "approve", ""},
      {"", "pend", "FACT_MISSING(MUCH)", "approve|refer", "n"},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

// A decision for rows asks for what rows of another list are missing.
static void rows_of_another_list(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].ok", "bool");
  build_list(b, "events");
  build_cell(b, "BAD", "fact.true events[].bad");
  build_cell(b, "WORSE", "begin all; row BAD; join; fact.true a; join; end");
  build_list(b, NULL);
  build_cell(b, "SOME", "each any events; row WORSE; each.end");
  build_list(b, "lines");
  build_cell(b, "OK", "begin any; fact.true lines[].ok; join; cell SOME; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "OK", .when = "OK"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "lines=1 lines[0].ok=false events=3 events[0].bad=false");
  assert_string_equal(missing_of(&f, 0), "events[1].bad events[2].bad a");
  decide(&f, "lines=1 lines[0].ok=false events=3 events[0].bad=false a=true");
  assert_string_equal(missing_of(&f, 0), "events[1].bad events[2].bad");
  decide(&f, "lines=1 events=3 events[0].bad=true a=false");
  assert_string_equal(missing_of(&f, 0), "lines[0].ok");
  decide(&f, "lines=1 lines[0].ok=false");
  assert_string_equal(missing_of(&f, 0), "events");
  fixture_close(&f);
}

// A derived enumeration of the case that ends in an assumption.
static void derived_may_assume(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "place", "enum site derive home");
  build_mask(b, "PLACE", "site", "place",
             "fact.left_out place; mask.assumed place; mask.fact place; select");
  build_cell(b, "HOME", "cell.in_mask PLACE home");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "HOME"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "");
  assert_string_equal(determination_of(&f, 0), "approve");
  assert_string_equal(assumed_of(&f, 0), "place");
  decide(&f, "place=home");
  assert_string_equal(determination_of(&f, 0), "approve");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "place=office");
  assert_string_equal(determination_of(&f, 0), "refer");
  fixture_close(&f);
}

// Like a fact's own value or what a code stands for, and yet not: of two facts, or of a code that takes another's
// value.
static void derived_nearly_plainly(void **state) {
  (void)state;
  static const char *const codes[] = {
      "fact.left_out place; not; mask.fact place; mask.map code pos; select",
      "fact.left_out place; not; mask.fact other; mask.map code pos; select",
      "fact.left_out place; not; mask.fact place; mask.map copy pos; select",
      "fact.left_out place; not; mask.fact place; mask.const home; select",
  };
  static const expected rows[][5] = {
      {{"place=home", "approve", "OK(OK)", "approve", ""},
       {"code=12", "approve", "OK(OK)", "approve", ""},
       {"code=11", "refer", "NO(NO)", "refer", ""},
       {"copy=12", "pend", "FACT_MISSING(OK)", "approve|refer", "place"},
       {"place=office code=12", "refer", "NO(NO)", "refer", ""}},
      {{"place=home", "pend", "FACT_MISSING(OK)", "approve|refer", "other"},
       {"code=12", "approve", "OK(OK)", "approve", ""},
       {"place=office other=home", "approve", "OK(OK)", "approve", ""},
       {"place=home other=office", "refer", "NO(NO)", "refer", ""},
       {"code=11 other=home", "refer", "NO(NO)", "refer", ""}},
      {{"place=home", "approve", "OK(OK)", "approve", ""},
       {"code=12", "approve", "OK(OK)", "approve", ""},
       {"code=12 copy=11", "refer", "NO(NO)", "refer", ""},
       {"", "pend", "FACT_MISSING(OK)", "approve|refer", "place"},
       {"copy=12", "approve", "OK(OK)", "approve", ""}},
      {{"place=home", "approve", "OK(OK)", "approve", ""},
       {"place=office", "refer", "NO(NO)", "refer", ""},
       {"", "approve", "OK(OK)", "approve", ""},
       {"code=11", "approve", "OK(OK)", "approve", ""},
       {"place=center", "refer", "NO(NO)", "refer", ""}},
  };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    builder *b = start();
    build_fact(b, "place", "enum site");
    build_fact(b, "other", "enum site");
    build_fact(b, "code", "code 2 2");
    build_fact(b, "copy", "code 2 2 from code");
    build_map(b, "pos", "site", "11=office 12=home", "office|center");
    build_mask(b, "PLACE", "site", i == 1 ? "other" : "place", codes[i]);
    build_cell(b, "HOME", "cell.in_mask PLACE home");
    build_decision(b, "main", "");
    build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "HOME"});
    build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
    fixture f = fixture_open(b);
    EXPECT(&f, rows[i]);
    fixture_close(&f);
  }
}

// What a code stands for, where the code itself is assumed.
static void derived_of_an_assumed_code(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "place", "enum site");
  build_fact(b, "code", "code 2 2 assume 12");
  build_map(b, "pos", "site", "11=office 12=home", "office|center");
  build_mask(b, "PLACE", "site", "place",
             "fact.left_out place; not; mask.fact place; mask.map code pos; select");
  build_cell(b, "HOME", "cell.in_mask PLACE home");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "HOME"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  static const char *const cases[][3] = {{"", "approve", "code"},
                                         {"place=home", "approve", ""},
                                         {"place=office", "refer", ""},
                                         {"code=12", "approve", ""},
                                         {"code=11", "refer", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    decide(&f, cases[i][0]);
    assert_string_equal(determination_of(&f, 0), cases[i][1]);
    assert_string_equal(assumed_of(&f, 0), cases[i][2]);
  }
  fixture_close(&f);
}

// What a code stands for where the place was left out, which is assumed as well (the compiler has none of this): the
// assumption plays no part in it, and the place is not asked for.
static void derived_behind_an_assumption(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "place", "enum site assume center");
  build_fact(b, "code", "code 2 2");
  build_map(b, "pos", "site", "11=office 12=home", "office|center");
  build_mask(b, "PLACE", "site", "place",
             "fact.left_out place; not; mask.fact place; mask.map code pos; select");
  build_cell(b, "HOME", "cell.in_mask PLACE home");
  build_cell(b, "CENTER", "fact.in_mask place center");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "HOME"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  build_decision(b, "own", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "CENTER"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  static const char *const cases[][5] = {{"code=12", "approve", "", "", "place"},
                                         {"code=11", "refer", "", "", "place"},
                                         {"", "pend", "place", "", "place"},
                                         {"place=home", "approve", "", "", ""},
                                         {"place=office code=12", "refer", "", "", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    decide(&f, cases[i][0]);
    assert_string_equal(determination_of(&f, 0), cases[i][1]);
    assert_string_equal(assumed_of(&f, 0), cases[i][2]);
    assert_string_equal(missing_of(&f, 0), cases[i][3]);
    assert_string_equal(assumed_of(&f, 1), cases[i][4]);
  }
  fixture_close(&f);
}

// A fact that a case must give is asked for like any other where it does not.
static void required_facts_are_asked_for(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "place", "enum site required");
  build_mask(b, "PLACE", "site", "place", "fact.true a; mask.const home; mask.fact place; select");
  build_cell(b, "HOME", "cell.in_mask PLACE home");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "HOME"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  static const expected rows[] = {{"a=true", "approve", "OK(OK)", "approve", ""},
                                  {"a=false", "pend", "FACT_MISSING(OK)", "approve|refer", "place"},
                                  {"a=false place=home", "approve", "OK(OK)", "approve", ""},
                                  {"a=false place=office", "refer", "NO(NO)", "refer", ""}};
  EXPECT(&f, rows);
  fixture_close(&f);
}

// A policy need not have a date that it is decided by.
static void assumed_without_basis(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "when", "date");
  build_fact(b, "events", "records");
  build_fact(b, "events[].day", "date from when");
  build_fact(b, "events[].bad", "bool");
  build_fact(b, "events[].mild", "bool assume true");
  build_list(b, "events");
  build_cell(b, "MILD", "fact.true events[].mild");
  build_cell(b, "SOME", "each any events; fact.true events[].mild; each.end");
  build_cell(
      b, "BAD",
      "begin any; fact.true events[].bad; join; load.fact events[].day; load.const 2024-01-01; "
      "cmp lt; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "BAD", .when = "BAD"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "MILD", .when = "MILD"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "SOME", .when = "SOME"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f,
         "when=2024-01-01 events=2 events[0].bad=false events[0].mild=false events[1].bad=false");
  assert_string_equal(reasons_of(&f, 0), "SOME(SOME)");
  assert_string_equal(assumed_of(&f, 0), "events[1].mild");
  f.row = 1;
  assert_string_equal(reasons_of(&f, 0), "MILD(MILD) SOME(SOME)");
  assert_string_equal(assumed_of(&f, 0), "events[1].mild");
  fixture_close(&f);
}

static void assumption_in_a_window_or_another_fact(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "when", "date assume 2024-01-01");
  build_fact(b, "copy", "date from when");
  build_fact(b, "a", "bool");
  build_cell(b, "A", "fact.true a");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "OK",
                       .when = "A",
                       .from = "load.fact when",
                       .through = "load.fact copy; load.const 1; add.days"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "a=true");
  assert_string_equal(window_of(&f, 0), "2024-01-01..2024-01-02");
  assert_string_equal(assumed_of(&f, 0), "when");
  decide(&f, "a=true copy=2025-01-01");
  assert_string_equal(window_of(&f, 0), "2024-01-01..2025-01-02");
  assert_string_equal(assumed_of(&f, 0), "when");
  decide(&f, "a=false");
  assert_string_equal(assumed_of(&f, 0), "");
  soc_value value;
  assert_int_equal(soc_case_get(f.c, fact_index(&f, "copy"), 0, &value), SOC_OK);
  assert_int_equal(value.state, SOC_GIVEN);
  assert_true(value.assumed);
  fixture_close(&f);
}

static void an_assumption_that_only_changes_what_is_asked(void **state) {
  (void)state;
  builder *b = start();
  build_cell(b, "E",
             "begin any; cell A; join; begin all; cell PLAN; join; cell B; join; end; join; end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "E"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "");
  assert_string_equal(missing_of(&f, 0), "a");
  assert_string_equal(assumed_of(&f, 0), "plan");
  decide(&f, "a=true");
  assert_string_equal(assumed_of(&f, 0), "");
  decide(&f, "b=false a=false");
  assert_string_equal(assumed_of(&f, 0), "");
  fixture_close(&f);
}

// The plan is assumed not to be special. What each part of a result says may rest on that.
static void assumptions_by_any_part_of_the_result(void **state) {
  (void)state;
  static const struct {
    const char *what;
    rule first, second;
    const char *assumed;
  } rows[] = {
      {"nothing",
       {.determination = SOC_APPROVE, .code = "OK", .when = "A"},
       {.determination = SOC_REFER, .code = "NO"},
       ""},
      {"a ground",
       {.determination = SOC_APPROVE, .code = "OK", .when = "A", .grounds = "G/NORMAL"},
       {.determination = SOC_REFER, .code = "NO"},
       "plan"},
      {"an action",
       {.determination = SOC_APPROVE, .code = "OK", .when = "A", .actions = "x/NORMAL"},
       {.determination = SOC_REFER, .code = "NO"},
       "plan"},
      {"one of two actions",
       {.determination = SOC_APPROVE, .code = "OK", .when = "A", .actions = "x/NORMAL y"},
       {.determination = SOC_REFER, .code = "NO"},
       "plan"},
      {"redirect",
       {.determination = SOC_APPROVE,
        .code = "OK",
        .when = "NORMAL",
        .criterion = "A",
        .redirect_enum = "site",
        .redirect = "home"},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       "plan"},
      {"the criterion of the reason",
       {.determination = SOC_APPROVE, .code = "OK", .when = "NORMAL"},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       "plan"},
      {"the rule, but nothing that is told",
       {.determination = SOC_APPROVE, .code = "OK", .when = "NORMAL", .criterion = "A"},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       ""},
      {"the code",
       {.determination = SOC_APPROVE, .code = "OK", .when = "NORMAL", .criterion = "A"},
       {.determination = SOC_APPROVE, .code = "ALSO_OK", .criterion = "A"},
       "plan"},
      {"one-time",
       {.determination = SOC_APPROVE,
        .code = "OK",
        .when = "NORMAL",
        .criterion = "A",
        .one_time = true},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       "plan"},
      {"a limit",
       {.determination = SOC_APPROVE,
        .code = "OK",
        .when = "NORMAL",
        .criterion = "A",
        .through = "load.fact when"},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       "plan"},
      {"another limit",
       {.determination = SOC_APPROVE,
        .code = "OK",
        .when = "NORMAL",
        .criterion = "A",
        .through = "load.fact when"},
       {.determination = SOC_APPROVE,
        .code = "OK",
        .criterion = "A",
        .through = "load.const 2030-01-01"},
       "plan"},
      {"another first day",
       {.determination = SOC_APPROVE,
        .code = "OK",
        .when = "NORMAL",
        .criterion = "A",
        .from = "load.const 2020-01-01"},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       "plan"},
      {"an uncertain limit",
       {.determination = SOC_APPROVE,
        .code = "OK",
        .when = "NORMAL",
        .criterion = "A",
        .through = "load.fact end"},
       {.determination = SOC_APPROVE, .code = "OK", .criterion = "A"},
       "plan"},
      {"what is possible",
       {.determination = SOC_NOT_APPLICABLE, .code = "OUT", .when = "ODD"},
       {.determination = SOC_REFER, .code = "NO"},
       "plan"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    builder *b = start();
    build_cell(b, "NORMAL", "cell PLAN; not");
    build_cell(b, "ODD", "begin all; cell B; join; cell PLAN; join; end");
    build_decision(b, "main", "");
    build_rule(b, rows[i].first);
    build_rule(b, rows[i].second);
    fixture f = fixture_open(b);
    decide(&f, "a=true when=2024-01-01");
    if (strcmp(assumed_of(&f, 0), rows[i].assumed) != 0) {
      fail_msg("%s: assumed '%s'", rows[i].what, assumed_of(&f, 0));
    }
    decide(&f, "a=true when=2024-01-01 plan=false");
    assert_string_equal(assumed_of(&f, 0), "");
    fixture_close(&f);
  }
}

static void a_pend_for_more_facts_than_before(void **state) {
  (void)state;
  builder *b = start();
  build_cell(
      b, "E",
      "begin any; cell A; join; begin all; cell PLAN; not; join; cell B; join; end; join; end");
  build_cell(b, "LAST", "begin all; cell PLAN; join; cell C; join; end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "E"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  build_decision(b, "other", "");
  build_rule(b, (rule){.determination = SOC_PEND, .code = "P", .when = "LAST"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "P", .when = "C", .actions = "a"});
  build_rule(b, (rule){.determination = SOC_PEND});
  fixture f = fixture_open(b);
  decide(&f, "");
  assert_string_equal(missing_of(&f, 0), "a b");
  assert_string_equal(assumed_of(&f, 0), "plan");
  assert_string_equal(assumed_of(&f, 1), "");
  decide(&f, "a=false b=true");
  assert_string_equal(determination_of(&f, 0), "approve");
  assert_string_equal(assumed_of(&f, 0), "plan");
  fixture_close(&f);
}

static void missing_rows_stand_row_by_row(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "first", "bool");
  build_fact(b, "events", "records");
  build_fact(b, "events[].x", "bool");
  build_fact(b, "middle", "bool");
  build_fact(b, "events[].y", "bool");
  build_fact(b, "last", "bool");
  build_cell(b, "E",
             "each any events; begin all; fact.true events[].y; join; fact.true events[].x; join; "
             "end; each.end");
  build_cell(b, "F",
             "begin all; fact.true last; join; fact.true middle; join; fact.true first; join; cell "
             "E; join; end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "F"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  fixture f = fixture_open(b);
  decide(&f, "events=2");
  assert_string_equal(missing_of(&f, 0),
                      "first events[0].x events[0].y events[1].x events[1].y middle last");
  decide(&f, "events=2 events[0].x=true events[1].x=true");
  assert_string_equal(missing_of(&f, 0), "first events[0].y events[1].y middle last");
  decide(&f, "events=2 events[0].x=true events[0].y=true");
  assert_string_equal(missing_of(&f, 0), "first middle last");
  decide(&f, "");
  assert_string_equal(missing_of(&f, 0), "first events middle last");
  fixture_close(&f);
}

// "begin all; fact.true f0; join; ...; end" over the facts first..end-1.
static void build_block(builder *b, const char *name, const char *kind, int first, int end) {
  char code[4096];
  size_t used = (size_t)snprintf(code, sizeof code, "begin %s", kind);
  for (int i = first; i < end; i++) {
    used += (size_t)snprintf(code + used, sizeof code - used, "; fact.true f%d; join", i);
  }
  (void)snprintf(code + used, sizeof code - used, "; end");
  build_cell(b, name, code);
}

// All of f0..f69, as text, but for one that is left out or false.
static const char *all_but(int left_out, int not_met) {
  static char facts[2048];
  size_t used = 0;
  for (int i = 0; i < 70; i++) {
    if (i != left_out) {
      used += (size_t)snprintf(facts + used, sizeof facts - used, " f%d=%s", i,
                               i == not_met ? "false" : "true");
    }
  }
  return facts + 1;
}

static fixture open_blocks(void) {
  builder *b = build_new();
  for (int i = 0; i < 70; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "f%d", i);
    build_fact(b, name, "bool");
  }
  build_block(b, "EVERY", "all", 0, 70);
  build_block(b, "MANY", "count 60", 0, 70);
  build_block(b, "SHARED", "any", 0, 20);
  // The same block in several conditions, and a condition of several heights.
  build_cell(b, "FIRST",
             "begin all; cell SHARED; join; fact.true f40; join; fact.true f41; join; end");
  build_cell(b, "SECOND", "begin all; cell SHARED; join; fact.true f42; join; end");
  build_cell(
      b, "HIGH",
      "begin any; begin all; fact.true f50; join; begin any; fact.true f51; join; begin all; "
      "fact.true f52; join; cell SHARED; not; join; end; join; end; join; end; join; "
      "fact.true f53; not; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "EVERY", .when = "EVERY"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "HIGH", .when = "HIGH"});
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = "MANY", .when = "MANY"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "FIRST", .when = "FIRST"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "SECOND", .when = "SECOND"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  build_decision(b, "other", "every administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "SECOND", .when = "SECOND"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "EVERY", .when = "EVERY"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "FIRST", .when = "FIRST"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  return fixture_open(b);
}

static void long_high_and_shared_blocks(void **state) {
  (void)state;
  fixture f = open_blocks();
  decide(&f, all_but(-1, -1));
  assert_string_equal(line_of(&f, 0), "approve EVERY");
  assert_string_equal(reasons_of(&f, 1), "SECOND(SECOND) EVERY(EVERY) FIRST(FIRST)");
  decide(&f, all_but(69, -1));
  assert_string_equal(possible_of(&f, 0), "approve|refer");
  assert_string_equal(missing_of(&f, 0), "f69");
  decide(&f, all_but(-1, 69));
  assert_string_equal(line_of(&f, 0), "refer HIGH");
  decide(&f, all_but(53, 51));
  assert_string_equal(possible_of(&f, 0), "refer|not_applicable");
  assert_string_equal(missing_of(&f, 0), "f53");
  decide(&f, all_but(-1, 53));
  assert_string_equal(line_of(&f, 0), "refer HIGH");
  decide(&f, "f50=false f53=true f42=true f7=true");
  assert_string_equal(possible_of(&f, 0), "not_applicable|deny");
  assert_string_equal(line_of(&f, 1), "deny SECOND");
  fixture_close(&f);
}

// Rules that stand far from one another, so that a plan has them in several words, read the same code.
static void code_that_distant_rules_read(void **state) {
  (void)state;
  builder *b = build_new();
  char name[16];
  for (int i = 0; i < 70; i++) {
    (void)snprintf(name, sizeof name, "f%d", i);
    build_fact(b, name, "bool");
  }
  build_fact(b, "when", "date");
  build_fact(b, "end", "date");
  build_cell(b, "LATE", "load.fact when; load.fact end; cmp gt");
  build_cell(b, "FIRST", "begin all; cell LATE; join; fact.true f0; join; end");
  build_block(b, "SECOND", "all", 1, 31);
  build_block(b, "THIRD", "all", 31, 61);
  build_cell(b, "LAST", "begin all; cell LATE; not; join; fact.true f61; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "FIRST", .when = "FIRST"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "SECOND", .when = "SECOND"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "THIRD", .when = "THIRD"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "LAST", .when = "LAST"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  fixture f = fixture_open(b);
  decide(&f, "f0=true f1=false f31=false f61=false when=2025-01-02 end=2025-01-01");
  assert_string_equal(line_of(&f, 0), "approve FIRST");
  decide(&f, "f0=true f1=false f31=false f61=false when=2025-01-02 end=2025-01-02");
  assert_string_equal(line_of(&f, 0), "pend NONE");
  decide(&f, "f0=false f1=false f31=false f61=true when=2025-01-02 end=2025-01-02");
  assert_string_equal(line_of(&f, 0), "deny LAST");
  decide(&f, "f0=true f1=false f31=false f61=true when=2025-01-02");
  assert_string_equal(possible_of(&f, 0), "approve|pend|deny");
  fixture_close(&f);
}

// Code that reads what other code has found, in two places with more of that other code between: what the first finds
// counts though the last finds nothing.
static void code_in_two_places(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "flag", "bool");
  build_fact(b, "own", "bool");
  build_fact(b, "when", "date");
  build_fact(b, "end", "date");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  build_fact(b, "others", "records");
  build_fact(b, "others[].bad", "bool");
  build_fact(b, "birth", "date");
  build_cell(b, "BORN", "load.fact birth; load.fact when; cmp lt");
  build_cell(b, "FLAG", "begin all; cell BORN; join; fact.true flag; join; end");
  build_cell(b, "SOME",
             "each any events; begin all; fact.true events[].bad; join; cell FLAG; join; end; "
             "each.end");
  build_cell(b, "LATE", "load.fact when; load.fact end; cmp gt");
  build_cell(b, "OTHER",
             "each any others; begin all; fact.true others[].bad; join; cell FLAG; join; end; "
             "each.end");
  build_cell(b, "FIRST", "begin all; cell SOME; join; fact.true own; join; end");
  build_cell(b, "SECOND", "begin all; cell LATE; join; fact.true own; join; end");
  build_cell(b, "THIRD", "begin all; cell OTHER; join; fact.true own; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "FIRST", .when = "FIRST"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "SECOND", .when = "SECOND"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "THIRD", .when = "THIRD"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  fixture f = fixture_open(b);
  decide(&f, "flag=true own=true events=1 events[0].bad=true birth=2000-01-01 when=2025-01-01");
  assert_string_equal(line_of(&f, 0), "approve FIRST");
  decide(&f, "flag=true own=true events=1 events[0].bad=false birth=2000-01-01 when=2025-01-01 "
             "end=2025-01-01");
  assert_string_equal(missing_of(&f, 0), "others");
  fixture_close(&f);
}

// What rows come to by their truths and enumerations, in loops of which plans make tables.
static void loops_over_plain_fields(void **state) {
  (void)state;
  builder *b = start();
  build_enum(b, "level", "low middle high");
  build_fact(b, "events[].level", "enum level null");
  build_fact(b, "events[].worst", "enum level none");
  build_cell(b, "SOME",
             "each any events; begin all; fact.true events[].bad; join; begin any; "
             "fact.in_mask events[].level middle|high; join; fact.in_mask events[].worst high; "
             "join; end; join; end; each.end");
  build_cell(b, "EVERY", "each all events; fact.none events[].level; each.end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = "SOME", .when = "SOME"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "EVERY", .when = "EVERY"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "ELSE"});
  fixture f = fixture_open(b);
  const expected rows[] = {
      {"", "pend", "FACT_MISSING(SOME)", "approve|refer|not_applicable", "events"},
      {"events=0", "refer", "EVERY(EVERY)", "refer", ""},
      {"events=1 events[0].bad=true events[0].level=high", "not_applicable", "SOME(SOME)",
       "not_applicable", ""},
      {"events=1 events[0].bad=true events[0].level=low", "approve", "ELSE(ELSE)", "approve", ""},
      {"events=1 events[0].bad=true events[0].level=none events[0].worst=high", "not_applicable",
       "SOME(SOME)", "not_applicable", ""},
      {"events=1 events[0].level=none", "refer", "EVERY(EVERY)", "refer", ""},
      {"events=2 events[0].bad=true events[1].bad=false events[1].level=low", "pend",
       "FACT_MISSING(SOME)", "approve|not_applicable", "events[0].level"},
      {"events=2 events[1].level=middle events[0].level=none", "pend", "FACT_MISSING(SOME)",
       "approve|not_applicable", "events[1].bad"},
      {"events=2 events[1].worst=high", "pend", "FACT_MISSING(SOME)",
       "approve|refer|not_applicable",
       "events[0].bad events[0].level events[1].bad events[1].level"},
  };
  EXPECT(&f, rows);
  fixture_close(&f);
}

// Too many fields, too many values, too many such loops: what is too much for tables is run.
static void loops_beyond_tables(void **state) {
  (void)state;
  char values[400] = "", code[400];
  builder *b = start();
  for (int i = 0; i < 30; i++) {
    (void)snprintf(values + strlen(values), sizeof values - strlen(values), " v%d", i);
  }
  build_enum(b, "many", values + 1);
  build_fact(b, "events[].one", "enum many");
  build_fact(b, "events[].other", "enum many");
  build_fact(b, "events[].last", "enum many");
  build_fact(b, "events[].day", "date");
  build_cell(
      b, "FIELDS",
      "each any events; begin all; fact.true events[].bad; join; fact.in_mask events[].one v1; "
      "join; fact.in_mask events[].other v1; join; fact.in_mask events[].last v1; join; "
      "fact.true a; join; end; each.end");
  build_cell(
      b, "VALUES",
      "each any events; begin all; fact.in_mask events[].one v2; join; "
      "fact.in_mask events[].other v2; join; fact.in_mask events[].last v2; join; end; each.end");
  build_cell(b, "MORE",
             "each any events; begin all; fact.in_mask events[].one v0; join; "
             "fact.in_mask events[].other v0; join; fact.in_mask events[].last v0; join; "
             "fact.true events[].bad; join; end; each.end");
  build_cell(b, "DAY", "each any events; fact.cmp ge events[].day 2024-01-31; each.end");
  build_cell(b, "ASSUMED",
             "each any events; begin all; fact.true events[].mild; not; join; end; each.end");
  build_cell(
      b, "CELL",
      "each any events; begin all; cell A; join; fact.true events[].bad; join; end; each.end");
  build_decision(b, "main", "");
  const char *names[] = {"FIELDS", "VALUES", "MORE", "DAY", "ASSUMED", "CELL"};
  for (int i = 0; i < 6; i++) {
    build_rule(b, (rule){.determination = SOC_REFER, .code = names[i], .when = names[i]});
  }
  for (int i = 3; i < 20; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "L%d", i);
    (void)snprintf(code, sizeof code,
                   "each any events; begin all; fact.in_mask events[].one v%d; join; "
                   "fact.in_mask events[].other v%d; join; end; each.end",
                   i, i);
    build_cell(b, name, code);
    build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = name, .when = name});
  }
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "ELSE"});
  fixture f = fixture_open(b);
  for (int i = 3; i < 20; i++) {
    char facts[200], name[16];
    (void)snprintf(name, sizeof name, "L%d", i);
    (void)snprintf(
        facts, sizeof facts,
        "events=1 a=false events[0].bad=false events[0].mild=true events[0].day=2020-01-31 "
        "events[0].last=v0 events[0].one=v%d events[0].other=v%d",
        i, i);
    decide(&f, facts);
    assert_string_equal(reason_of(&f, 0), name);
  }
  decide(&f, "events=1 a=true events[0].bad=false events[0].mild=false");
  assert_string_equal(reason_of(&f, 0), "ASSUMED");
  decide(&f, "events=1 a=true events[0].bad=true");
  assert_string_equal(reason_of(&f, 0), "CELL");
  decide(&f, "events=1 a=false events[0].day=2024-01-31");
  assert_string_equal(reason_of(&f, 0), "DAY");
  decide(&f, "events=1 a=false events[0].bad=true events[0].one=v0 events[0].other=v0 "
             "events[0].last=v0");
  assert_string_equal(reason_of(&f, 0), "MORE");
  decide(&f, "events=1 events[0].one=v2 events[0].other=v2 events[0].last=v2");
  assert_string_equal(reason_of(&f, 0), "VALUES");
  fixture_close(&f);
}

static void set_day(fixture *f, const char *fact, int32_t year) {
  int32_t day;
  assert_true(soc_date_make(year, 1, 31, &day));
  assert_int_equal(soc_case_set_date(f->c, fact_index(f, fact), 0, day), SOC_OK);
}

static void expect_now(fixture *f, const char *reason, const char *missing) {
  assert_int_equal(soc_case_decide(f->c, 0), SOC_OK);
  assert_string_equal(reason_of(f, 0), reason);
  assert_string_equal(missing_of(f, 0), missing);
}

// Without an assumption one ground or action takes the place of another: that matters where results tell them apart.
static void grounds_and_actions_that_change_places(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "kept", "bool assume true");
  build_cell(b, "KEPT", "fact.true? kept");
  build_cell(b, "NOT_KEPT", "fact.true? kept; not");
  static const struct {
    const char *grounds, *actions;
  } of[] = {{"G1/KEPT G2/NOT_KEPT", NULL},
            {"G/KEPT G/NOT_KEPT", NULL},
            {NULL, "a1/KEPT a2/NOT_KEPT"},
            {NULL, "a/KEPT a/NOT_KEPT"}};
  for (int i = 0; i < 4; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "d%d", i);
    build_decision(b, name, "");
    build_rule(b, (rule){.determination = SOC_REFER,
                         .code = "R",
                         .when = "A",
                         .grounds = of[i].grounds,
                         .actions = of[i].actions});
    build_rule(b, (rule){.determination = SOC_PEND, .code = "P"});
  }
  fixture f = fixture_open(b);
  decide(&f, "a=true");
  assert_string_equal(reasons_of(&f, 0), "R(R) G1(KEPT)");
  assert_string_equal(assumed_of(&f, 0), "kept");
  assert_string_equal(reasons_of(&f, 1), "R(R) G(KEPT)");
  assert_string_equal(assumed_of(&f, 1), "kept");
  assert_string_equal(actions_of(&f, 2), "a1");
  assert_string_equal(assumed_of(&f, 2), "kept");
  assert_string_equal(actions_of(&f, 3), "a");
  assert_string_equal(assumed_of(&f, 3), "");
  decide(&f, "a=true kept=false");
  assert_string_equal(reasons_of(&f, 0), "R(R) G2(NOT_KEPT)");
  assert_string_equal(actions_of(&f, 2), "a2");
  assert_string_equal(assumed_of(&f, 2), "");
  fixture_close(&f);
}

// A window of which the end is not certain is none: shorter than any other, and not stated.
static void longest_approval_without_a_certain_end(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "last", "date");
  build_decision(b, "main", "longest");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "OPEN",
                       .when = "A",
                       .through = "load.fact last"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "SURE",
                       .when = "B",
                       .through = "load.const 2024-01-31"});
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "TOO",
                       .when = "C",
                       .through = "load.fact last"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "R"});
  fixture f = fixture_open(b);
  decide(&f, "a=true b=true c=true when=2024-01-01");
  assert_string_equal(reasons_of(&f, 0), "SURE(SURE) OPEN(OPEN) TOO(TOO)");
  assert_string_equal(window_of(&f, 0), "2024-01-01..2024-01-31");
  decide(&f, "a=true b=false c=true when=2024-01-01");
  assert_string_equal(reasons_of(&f, 0), "OPEN(OPEN) TOO(TOO)");
  assert_string_equal(window_of(&f, 0), "none");
  decide(&f, "a=true b=true c=true when=2024-01-01 last=2024-02-01");
  assert_string_equal(reasons_of(&f, 0), "OPEN(OPEN) SURE(SURE) TOO(TOO)");
  assert_string_equal(window_of(&f, 0), "2024-01-01..2024-02-01");
  fixture_close(&f);
}

// Code that begins as a comparison of two dates does and goes on in another way, and a fact that must be given.
static void nearly_pairs_of_dates(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "most", "number in 0 999");
  build_fact(b, "needed", "date required");
  build_cell(b, "MOST", "load.fact end; load.fact when; days.from; load.fact most; cmp gt");
  build_cell(b, "LATE",
             "load.fact end; load.fact when; days.from; load.const 10; num.add; load.const 30; "
             "cmp gt");
  build_cell(b, "NEEDED", "load.fact needed; load.fact when; cmp lt");
  build_cell(b, "UNREAD", "load.fact end; load.fact when; cmp ge");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = "NEEDED", .when = "NEEDED"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "MOST", .when = "MOST"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "LATE", .when = "LATE"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  fixture f = fixture_open(b);
  static const expected rows[] = {
      {"when=2024-01-01 end=2024-01-11 most=9 needed=2024-01-01", "refer", "MOST(MOST)", "refer",
       ""},
      {"when=2024-01-01 end=2024-01-11 most=10 needed=2024-01-01", "pend", "NONE(NONE)", "pend",
       ""},
      {"when=2024-01-01 end=2024-01-21 most=20 needed=2024-01-01", "pend", "NONE(NONE)", "pend",
       ""},
      {"when=2024-01-01 end=2024-01-22 most=21 needed=2024-01-01", "approve", "LATE(LATE)",
       "approve", ""},
      {"when=2024-01-01 end=2024-01-22 most=21 needed=2023-12-31", "not_applicable",
       "NEEDED(NEEDED)", "not_applicable", ""},
      {"when=2024-01-01 end=2024-01-22 most=21", "pend", "FACT_MISSING(NEEDED)",
       "approve|not_applicable", "needed"},
      {"when=2024-01-01 end=none needed=2024-01-01", "pend", "NONE(NONE)", "pend", ""},
  };
  EXPECT(&f, rows);
  decide_explained(&f, rows[0].facts); // what no rule reads, too
  soc_truth truth;
  assert_int_equal(soc_case_criterion(f.c, 8, 0, &truth), SOC_OK);
  assert_int_equal(truth, SOC_MET);
  fixture_close(&f);
}

// Two dates are compared, as they are and with days, months and years between them: what is said of them follows each
// of them, in whatever order and however often they are set.
static void pairs_of_dates(void **state) {
  (void)state;
  builder *b = start();
  build_fact(b, "born", "date");
  build_fact(b, "over", "date none");
  build_cell(b, "ORDER", "load.fact when; load.fact end; cmp gt");
  build_cell(b, "SAME", "load.fact when; load.fact when; days.from; load.const 0; cmp gt");
  build_cell(b, "OVER", "load.fact over; load.fact when; cmp lt");
  build_cell(b, "AGE", "load.fact? end; load.fact born; years.from; between 18 64");
  build_cell(b, "BOTH", "begin all; cell AGE; not; join; cell A; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "ORDER", .when = "ORDER"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "SAME", .when = "SAME"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "OVER", .when = "OVER"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "BOTH", .when = "BOTH"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "AGE", .when = "AGE"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  fixture f = fixture_open(b);
  decide(&f, "a=true when=2020-01-31");
  expect_now(&f, "FACT_MISSING", "end");
  set_day(&f, "end", 2021);
  expect_now(&f, "NONE", "born");
  set_day(&f, "born", 1950);
  expect_now(&f, "BOTH", "");
  set_day(&f, "born", 1960);
  expect_now(&f, "AGE", "");
  set_day(&f, "over", 2019);
  expect_now(&f, "OVER", "");
  set_day(&f, "when", 2022);
  expect_now(&f, "ORDER", "");
  set_day(&f, "over", 2023);
  set_day(&f, "end", 2023);
  expect_now(&f, "AGE", "");
  assert_int_equal(soc_case_set_none(f.c, fact_index(&f, "end"), 0), SOC_OK);
  expect_now(&f, "BOTH", "");
  decide(&f, "a=true born=2000-01-31");
  expect_now(&f, "FACT_MISSING", "when end");
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(order_and_open_rules),
      cmocka_unit_test(open_rule_after_the_last_that_differs),
      cmocka_unit_test(pend_with_its_own_code),
      cmocka_unit_test(all_open_rules_pend_too),
      cmocka_unit_test(pend_without_code_leaves_fact_missing),
      cmocka_unit_test(code_while_open),
      cmocka_unit_test(keys_of_results),
      cmocka_unit_test(a_differing_rule_bounds_codes_while_open),
      cmocka_unit_test(further_reasons),
      cmocka_unit_test(every_match),
      cmocka_unit_test(grounds_and_words),
      cmocka_unit_test(redirect_without_listed_places),
      cmocka_unit_test(windows),
      cmocka_unit_test(longest_approval),
      cmocka_unit_test(two_decisions),
      cmocka_unit_test(nested_criteria_are_asked_once),
      cmocka_unit_test(assumptions),
      cmocka_unit_test(quantity_of_the_case),
      cmocka_unit_test(rows_of_another_list),
      cmocka_unit_test(derived_may_assume),
      cmocka_unit_test(derived_nearly_plainly),
      cmocka_unit_test(derived_of_an_assumed_code),
      cmocka_unit_test(derived_behind_an_assumption),
      cmocka_unit_test(required_facts_are_asked_for),
      cmocka_unit_test(assumed_without_basis),
      cmocka_unit_test(assumption_in_a_window_or_another_fact),
      cmocka_unit_test(an_assumption_that_only_changes_what_is_asked),
      cmocka_unit_test(assumptions_by_any_part_of_the_result),
      cmocka_unit_test(a_pend_for_more_facts_than_before),
      cmocka_unit_test(missing_rows_stand_row_by_row),
      cmocka_unit_test(long_high_and_shared_blocks),
      cmocka_unit_test(code_that_distant_rules_read),
      cmocka_unit_test(code_in_two_places),
      cmocka_unit_test(loops_over_plain_fields),
      cmocka_unit_test(loops_beyond_tables),
      cmocka_unit_test(pairs_of_dates),
      cmocka_unit_test(nearly_pairs_of_dates),
      cmocka_unit_test(grounds_and_actions_that_change_places),
      cmocka_unit_test(longest_approval_without_a_certain_end),
  };
  return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
