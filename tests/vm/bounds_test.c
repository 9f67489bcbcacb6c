// SPDX-License-Identifier: Apache-2.0
//
// Instructions that cases run, counted: no more than soc_policy_max_instructions says where one piece of code, of which
// the answer is unknown, is nearly all that there is, and is asked for in several ways.
#include "support.h"
#include "tests/steps/steps.h"

enum { EVENTS = 100 };

// Facts f0 to f3, and events with two numbers that no plan makes a table of.
static builder *with_events(void) {
  builder *b = build_new();
  build_fact(b, "x", "number in 0 9");
  build_fact(b, "y", "number in 0 9");
  build_fact(b, "kept", "bool assume true");
  build_fact(b, "events", "records");
  build_fact(b, "events[].a", "number in 0 9");
  build_fact(b, "events[].b", "number in 0 9");
  char name[] = "f0";
  for (; name[1] < '4'; name[1]++) {
    build_fact(b, name, "bool");
  }
  return b;
}

#define LONG "each any events; load.fact events[].a; load.fact events[].b; cmp gt; each.end"

static void refer_when(builder *b, const char *name) {
  build_rule(b, (rule){.determination = SOC_REFER, .code = name, .when = name});
}

static void decision_of(builder *b, const char *name, const char *const *conditions,
                        uint32_t count) {
  build_decision(b, name, "");
  for (uint32_t i = 0; i < count; i++) {
    refer_when(b, conditions[i]);
  }
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK"});
}

// Facts of the case that the first decision lacks, beside fields of events.
static uint32_t missing_of_case(const fixture *f) {
  soc_fact_ref ref;
  uint32_t count = 0;
  for (uint32_t i = 0; soc_case_missing(f->c, 0, 0, i, &ref) == SOC_OK; i++) {
    count += ref.row == SOC_NO_INDEX;
  }
  return count;
}

// Everything is asked of the case that there is to ask.
static void run_all(fixture *f, uint32_t flags, uint32_t missing) {
  soc_policy_info info;
  soc_policy_describe(&f->policy, &info);
  give(f, "events=100");
  steps_run = 0;
  assert_int_equal(soc_case_decide(f->c, flags), SOC_OK);
  for (uint32_t d = 0; d < info.decision_count; d++) {
    assert_string_equal(determination_of(f, d), "pend");
    (void)assumed_of(f, d);
  }
  assert_in_range(steps_run, 1, steps_most(&f->policy, f->c));
  assert_int_equal(missing_of_case(f), missing);
}

static void stays_within(builder *b, uint32_t missing) {
  fixture f = fixture_open_limits(b, (soc_case_limits){.rows = EVENTS});
  run_all(&f, 0, missing);
  run_all(&f, SOC_DECIDE_EXPLAIN, missing);
  fixture_close(&f);
}

static void read_by_several_decisions(void **state) {
  (void)state;
  builder *b = with_events();
  build_cell(b, "LONG", LONG);
  build_cell(b, "KEPT", "begin all; cell LONG; join; fact.true kept; join; end");
  decision_of(b, "first", (const char *const[]){"LONG"}, 1);
  decision_of(b, "second", (const char *const[]){"KEPT"}, 1);
  decision_of(b, "third", (const char *const[]){"LONG"}, 1);
  stays_within(b, 0);
}

static void asked_for_with_its_negation(void **state) {
  (void)state;
  builder *b = with_events();
  build_cell(b, "LONG", LONG);
  build_cell(b, "A", "begin all; cell LONG; join; fact.true f0; join; end");
  build_cell(b, "B", "begin all; cell LONG; not; join; fact.true f1; join; end");
  build_cell(b, "C", "begin any; cell LONG; not; join; fact.true f2; join; end");
  decision_of(b, "main", (const char *const[]){"A", "B", "C"}, 3);
  stays_within(b, 3);
}

// Code that asks for a cell of which the plan has no literal; the cell asks for code again.
static void asked_for_by_way_of_cells(void **state) {
  (void)state;
  builder *b = with_events();
  build_quantity(b, "Q", false, "load.fact x; load.fact y; num.add");
  build_cell(b, "LONG", "each any events; load.fact events[].a; cell.value Q; cmp gt; each.end");
  build_quantity(b, "OF", false, "each count events; cell LONG; each.end");
  build_cell(b, "MANY", "cell.value OF; cell.value Q; cmp gt");
  decision_of(b, "main", (const char *const[]){"LONG", "MANY"}, 2);
  stays_within(b, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(read_by_several_decisions),
      cmocka_unit_test(asked_for_with_its_negation),
      cmocka_unit_test(asked_for_by_way_of_cells),
  };
  return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
