// SPDX-License-Identifier: Apache-2.0
//
// Plans as hosts ask for them: who can have one, what is refused. What they decide is compared with bytecode and oracle
// by the differential test, and by the tests of opcodes, rules, cases and explanations, which are run with plans too.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

static fixture open_small(void) {
  builder *b = build_new();
  build_fact(b, "a", "bool null");
  build_cell(b, "A", "fact.true a");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_NOT_APPLICABLE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NOT_MET"});
  return fixture_open(b);
}

static void expect_none(fixture *f) {
  size_t size = soc_policy_plan_bytes(&f->policy);
  void *memory = malloc(size + 8);
  soc_error error = {0};
  assert_int_equal(soc_policy_plan(&f->policy, memory, size, &error), SOC_ERR_LIMIT);
  assert_string_equal(error.code, "plan");
  free(memory);
}

static void decide_rows(builder *b, const char *name, const char *list) {
  build_list(b, list);
  build_decision(b, name, "administrative");
  build_rule(b, (rule){.determination = SOC_NOT_ADDRESSED, .code = "ANY"});
}

// Rows of one list are decided by lanes; of two lists by the bytecode.
static void rows_of_two_lists_have_none(void **state) {
  (void)state;
  for (int lists = 1; lists <= 2; lists++) {
    builder *b = build_new();
    build_fact(b, "events", "records");
    build_fact(b, "events[].bad", "bool");
    build_fact(b, "lines", "records");
    build_fact(b, "lines[].bad", "bool");
    decide_rows(b, "first", "events");
    decide_rows(b, "second", lists == 1 ? "events" : "lines");
    fixture f = fixture_open(b);
    if (lists == 1) {
      assert_true(soc_policy_plan_bytes(&f.policy) > 0);
    } else {
      assert_int_equal(soc_policy_plan_bytes(&f.policy), 0);
      expect_none(&f);
    }
    fixture_close(&f);
  }
}

// A case without rows needs nothing for deciding them.
static void no_rows(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  decide_rows(b, "first", "events");
  fixture f = fixture_open(b);
  size_t size = soc_policy_plan_bytes(&f.policy);
  void *plan = malloc(size);
  soc_case_limits none = {0}, one = {.rows = 1};
  assert_int_equal(soc_policy_plan(&f.policy, plan, size, NULL), SOC_OK);
  assert_true(soc_case_bytes(&f.policy, &none) < soc_case_bytes(&f.policy, &one));
  size = soc_case_bytes(&f.policy, &none);
  void *memory = malloc(size);
  soc_case *c;
  assert_int_equal(soc_case_init(&c, &f.policy, &none, memory, size, NULL), SOC_OK);
  assert_int_equal(soc_case_set_list(c, 0, 0), SOC_OK);
  assert_int_equal(soc_case_decide(c, 0), SOC_OK);
  assert_int_equal(soc_case_rows(c, 0), 0);
  free(memory);
  free(plan);
  fixture_close(&f);
}

static void arguments_are_checked(void **state) {
  (void)state;
  fixture f = open_small();
  size_t size = soc_policy_plan_bytes(&f.policy);
  assert_true(size > 0);
  assert_int_equal(soc_policy_plan_bytes(NULL), 0);
  uint64_t *memory = malloc(size + 8);
  soc_error error = {0};
  assert_int_equal(soc_policy_plan(NULL, memory, size, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_policy_plan(&f.policy, NULL, size, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_policy_plan(&f.policy, (char *)memory + 1, size, NULL), SOC_ERR_ARGUMENT);
  assert_string_equal(error.code, "argument");
  assert_int_equal(soc_policy_plan(&f.policy, memory, size - 1, &error), SOC_ERR_MEMORY);
  assert_string_equal(error.code, "memory");
  assert_int_equal(soc_policy_plan(&f.policy, memory, size, &error), SOC_OK);
  free(memory);
  fixture_close(&f);
}

// Building takes no more than it says, whatever lies behind.
static void memory_is_enough(void **state) {
  (void)state;
  fixture f = open_small();
  size_t size = soc_policy_plan_bytes(&f.policy);
  void *exact = malloc(size); // a sanitizer sees what leaves it
  assert_int_equal(soc_policy_plan(&f.policy, exact, size, NULL), SOC_OK);
  free(exact);
  fixture_close(&f);
}

static soc_status plan_of(fixture *f, void **memory) {
  size_t size = soc_policy_plan_bytes(&f->policy);
  *memory = malloc(size + 8);
  return soc_policy_plan(&f->policy, *memory, size, NULL);
}

// A case for the policy as it is now, with its plan if it has one.
static void begin_case(fixture *f) {
  soc_case_limits limits = {.rows = 8, .items = 8};
  size_t size = soc_case_bytes(&f->policy, &limits);
  free(f->memory);
  f->memory = malloc(size);
  assert_int_equal(soc_case_init(&f->c, &f->policy, &limits, f->memory, size, NULL), SOC_OK);
}

// What criteria come to may be all that is asked for.
static void no_decisions(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "a", "bool");
  build_cell(b, "A", "fact.true a");
  fixture f = fixture_open(b);
  void *plan;
  soc_truth truth;
  assert_int_equal(plan_of(&f, &plan), SOC_OK);
  begin_case(&f);
  decide_explained(&f, "a=true");
  assert_int_equal(soc_case_rows(f.c, 0), 0);
  assert_int_equal(soc_case_criterion(f.c, 0, 0, &truth), SOC_OK);
  assert_int_equal(truth, SOC_MET);
  free(plan);
  fixture_close(&f);
}

// A count of what is asked twice counts it twice, which bits cannot.
static void counts_of_one_test_twice(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "a", "bool");
  build_fact(b, "b", "bool");
  build_cell(b, "TWO",
             "begin count 2; fact.true a; join; fact.true b; join; fact.true a; join; end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_REFER, .code = "TWO", .when = "TWO"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  fixture f = fixture_open(b);
  expect_none(&f);
  decide(&f, "a=true b=false");
  assert_string_equal(line_of(&f, 0), "refer TWO");
  decide(&f, "a=false b=true");
  assert_string_equal(line_of(&f, 0), "pend NONE");
  fixture_close(&f);
}

// One fact's tests stand in one word; so do the rules of a decision. One more, and the bytecode decides.
static fixture open_tests(int tests) {
  builder *b = build_new();
  build_fact(b, "amount", "number");
  static char code[65 * 40 + 64];
  size_t used = (size_t)snprintf(code, sizeof code, "begin count %d", tests);
  for (int i = 0; i < tests; i++) {
    used += (size_t)snprintf(code + used, sizeof code - used, "; fact.cmp ge amount %d; join", i);
  }
  (void)snprintf(code + used, sizeof code - used, "; end");
  build_cell(b, "ALL", code);
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_REFER, .code = "ALL", .when = "ALL"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  return fixture_open(b);
}

static void too_many_tests(void **state) {
  (void)state;
  fixture most = open_tests(64), more = open_tests(65);
  void *plan;
  expect_none(&more);
  assert_int_equal(plan_of(&most, &plan), SOC_OK);
  begin_case(&most);
  decide(&most, "amount=63");
  assert_string_equal(line_of(&most, 0), "refer ALL");
  decide(&most, "amount=62");
  assert_string_equal(line_of(&most, 0), "pend NONE");
  free(plan);
  fixture_close(&most);
  fixture_close(&more);
}

static fixture open_large(int tests, int rules) {
  builder *b = build_new();
  build_fact(b, "amount", "number");
  for (int i = 0; i < tests; i++) {
    char name[16], code[40];
    (void)snprintf(name, sizeof name, "C%d", i);
    (void)snprintf(code, sizeof code, "fact.cmp ge amount %d", i);
    build_cell(b, name, code);
  }
  build_decision(b, "main", "");
  for (int i = 0; i < rules; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "C%d", i % tests);
    build_rule(b, (rule){.determination = SOC_REFER, .code = "MORE", .when = name});
  }
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  return fixture_open(b);
}

static void too_many_rules_of_a_decision(void **state) {
  (void)state;
  fixture most = open_large(63, 63), rules = open_large(1, 64);
  uint64_t *memory = malloc(soc_policy_plan_bytes(&most.policy));
  assert_int_equal(soc_policy_plan(&most.policy, memory, soc_policy_plan_bytes(&most.policy), NULL),
                   SOC_OK);
  expect_none(&rules);
  free(memory);
  fixture_close(&most);
  fixture_close(&rules);
}

static fixture open_decisions(int decisions, int rules) {
  builder *b = build_new();
  build_fact(b, "a", "bool");
  build_cell(b, "A", "fact.true a");
  for (int d = 0; d < decisions; d++) {
    char name[16];
    (void)snprintf(name, sizeof name, "d%d", d);
    build_decision(b, name, "");
    for (int i = 1; i < rules; i++) {
      build_rule(b, (rule){.determination = SOC_REFER, .code = "A", .when = "A"});
    }
    build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  }
  return fixture_open(b);
}

static void too_many_rules(void **state) {
  (void)state;
  fixture most = open_decisions(16, 64), more = open_decisions(41, 25);
  void *plan;
  expect_none(&more);
  decide(&more, "a=true");
  assert_string_equal(line_of(&more, 40), "refer A");
  assert_int_equal(plan_of(&most, &plan), SOC_OK);
  begin_case(&most);
  decide(&most, "a=false");
  assert_string_equal(line_of(&most, 15), "pend NONE");
  free(plan);
  fixture_close(&most);
  fixture_close(&more);
}

// Each test of a set has room for all of its ranges, though one row is enough for all.
static fixture open_set(int tests) {
  enum { CODES = 1000 };
  static char code[80 * 40 + 64], members[CODES * 8];
  builder *b = build_new();
  build_fact(b, "code", "code 5 5");
  for (int i = 0; i < CODES; i++) {
    (void)snprintf(members + 6 * (size_t)i, 8, "A%04d ", 2 * i);
  }
  build_set(b, "many", members);
  size_t used = (size_t)snprintf(code, sizeof code, "begin any");
  for (int i = 0; i < tests; i++) {
    used += (size_t)snprintf(code + used, sizeof code - used, "; fact.in_set code many; join");
  }
  (void)snprintf(code + used, sizeof code - used, "; end");
  build_cell(b, "IN", code);
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_REFER, .code = "IN", .when = "IN"});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  return fixture_open(b);
}

static void too_many_classes_of_values(void **state) {
  (void)state;
  fixture most = open_set(65), more = open_set(66);
  void *plan;
  expect_none(&more);
  assert_int_equal(plan_of(&most, &plan), SOC_OK);
  begin_case(&most);
  for (int planned = 0; planned < 2; planned++) {
    fixture *f = planned ? &most : &more;
    decide(f, "code=A1998");
    assert_string_equal(line_of(f, 0), "refer IN");
    decide(f, "code=A1997");
    assert_string_equal(line_of(f, 0), "pend NONE");
  }
  free(plan);
  fixture_close(&most);
  fixture_close(&more);
}

// The same of rows, which the bytecode then decides one by one.
static fixture open_rows(int tests, int rules, int members) {
  builder *b = build_new();
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].amount", "number");
  build_list(b, "lines");
  for (int i = 0; i < tests; i++) {
    char name[16], code[40];
    (void)snprintf(name, sizeof name, "C%d", i);
    (void)snprintf(code, sizeof code, "fact.cmp ge lines[].amount %d", i);
    build_cell(b, name, code);
  }
  static char code[64 * 16384];
  size_t used =
      (size_t)snprintf(code, sizeof code, "begin all; fact.cmp ge lines[].amount 0; join");
  for (int i = 0; i < members; i++) {
    used += (size_t)snprintf(code + used, sizeof code - used,
                             "; fact.cmp ge lines[].amount %d; join", 100 + i % 4);
  }
  (void)snprintf(code + used, sizeof code - used, "; end");
  build_cell(b, "ALL", code);
  build_decision(b, "main", "administrative");
  for (int i = 0; i < rules; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "C%d", i % tests);
    build_rule(b, (rule){.determination = SOC_ELIGIBLE, .code = "MORE", .when = name});
  }
  build_rule(b, (rule){.determination = SOC_DENY, .code = "ALL", .when = "ALL"});
  build_rule(b, (rule){.determination = SOC_NOT_ADDRESSED, .code = "NONE"});
  return fixture_open(b);
}

static void too_much_for_lanes(void **state) {
  (void)state;
  fixture most = open_rows(62, 62, 1), tests = open_rows(61, 61, 4), rules = open_rows(62, 63, 1),
          code = open_rows(1, 1, 8192);
  size_t size = soc_policy_plan_bytes(&most.policy);
  uint64_t *memory = malloc(size);
  assert_int_equal(soc_policy_plan(&most.policy, memory, size, NULL), SOC_OK);
  expect_none(&tests);
  expect_none(&rules);
  assert_int_equal(soc_policy_plan_bytes(&code.policy), 0);
  expect_none(&code);
  free(memory);
  fixture_close(&most);
  fixture_close(&tests);
  fixture_close(&rules);
  fixture_close(&code);
}

// Rows of which each test looks a code up among 1,024: two classes of values for each of them.
static fixture open_lookups(int tests) {
  builder *b = build_new();
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].code", "code 5 5");
  char text[8192];
  size_t used = 0;
  for (int i = 0; i < 1024; i++) {
    used += (size_t)snprintf(text + used, sizeof text - used, "A%04d ", i);
  }
  build_set(b, "known", text);
  build_list(b, "lines");
  used = (size_t)snprintf(text, sizeof text, "begin all");
  for (int i = 0; i < tests; i++) {
    used +=
        (size_t)snprintf(text + used, sizeof text - used, "; fact.in_set lines[].code known; join");
  }
  (void)snprintf(text + used, sizeof text - used, "; end");
  build_cell(b, "KNOWN", text);
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .code = "KNOWN", .when = "KNOWN"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "UNKNOWN"});
  return fixture_open(b);
}

static void too_many_classes_for_lanes(void **state) {
  (void)state;
  fixture most = open_lookups(63), more = open_lookups(64);
  assert_true(soc_policy_plan_bytes(&most.policy) > 0);
  assert_int_equal(soc_policy_plan_bytes(&more.policy), 0);
  expect_none(&more);
  decide(&more, "lines=2 lines[0].code=A1023 lines[1].code=A1024");
  assert_string_equal(determination_of(&more, 0), "eligible");
  more.row = 1;
  assert_string_equal(determination_of(&more, 0), "deny");
  fixture_close(&most);
  fixture_close(&more);
}

static void build_wide_decision(builder *b, const char *name, int rules, bool backwards) {
  build_decision(b, name, "");
  for (int r = 0; r < rules; r++) {
    char when[16];
    (void)snprintf(when, sizeof when, "C%d", backwards ? rules - 1 - r : r);
    build_rule(b, (rule){.determination = SOC_REFER, .code = "MORE", .when = when});
  }
  build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
}

// A block that is too long for a tree.
static void build_long_block(builder *b, int facts, int members) {
  static char code[400 * 40 + 64];
  size_t used = (size_t)snprintf(code, sizeof code, "begin any");
  for (int i = 0; i < members; i++) {
    used += (size_t)snprintf(code + used, sizeof code - used, "; fact.cmp eq n%d %d; join",
                             i % facts, 100 + i);
  }
  (void)snprintf(code + used, sizeof code - used, "; end");
  build_cell(b, "LONG", code);
}

// Rules that each ask for every fact: what a fact writes goes to all words. All decisions but the first have them in
// the other order. With `members` there is one more decision, by a long block.
static fixture open_wide_and_long(int facts, int rules, int decisions, int members) {
  builder *b = build_new();
  for (int i = 0; i < facts; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "n%d", i);
    build_fact(b, name, "number");
  }
  if (members > 0) {
    build_long_block(b, facts, members);
    build_decision(b, "long", "");
    build_rule(b, (rule){.determination = SOC_REFER, .code = "LONG", .when = "LONG"});
    build_rule(b, (rule){.determination = SOC_PEND, .code = "NONE"});
  }
  for (int r = 0; r < rules; r++) {
    char name[16], code[1024];
    size_t used = (size_t)snprintf(code, sizeof code, "begin any");
    for (int i = 0; i < facts; i++) {
      used += (size_t)snprintf(code + used, sizeof code - used, "; fact.cmp ge n%d %d; join", i, r);
    }
    (void)snprintf(code + used, sizeof code - used, "; end");
    (void)snprintf(name, sizeof name, "C%d", r);
    build_cell(b, name, code);
  }
  for (int d = 0; d < decisions; d++) {
    char name[16];
    (void)snprintf(name, sizeof name, "d%d", d);
    build_wide_decision(b, name, rules, d > 0);
  }
  return fixture_open(b);
}

static fixture open_wide(int facts, int rules, int decisions) {
  return open_wide_and_long(facts, rules, decisions, 0);
}

// Conditions stand in the order of the rules, so that decisions with another order need them once more each.
static void too_many_places(void **state) {
  (void)state;
  for (int rules = 14; rules <= 15; rules++) {
    fixture more = open_wide(30, rules, 50);
    expect_none(&more);
    decide(&more, "n3=12");
    assert_string_equal(determination_of(&more, 49), "refer");
    fixture_close(&more);
  }
  // nor where it is `otherwise` or a long block's members that find none
  for (int decisions = 39; decisions <= 41; decisions++) {
    fixture more = open_wide(15, 8, decisions);
    expect_none(&more);
    decide(&more, "n3=7");
    assert_string_equal(line_of(&more, (uint32_t)decisions - 1), "refer MORE");
    fixture_close(&more);
  }
  for (int decisions = 48; decisions <= 50; decisions++) {
    fixture more = open_wide_and_long(12, 15, decisions, 400);
    expect_none(&more);
    decide(&more, "n11=111");
    assert_string_equal(line_of(&more, 0), "refer LONG");
    fixture_close(&more);
  }
}

static void too_much_to_write(void **state) {
  (void)state;
  fixture most = open_wide(12, 62, 1), truths = open_wide(15, 62, 1);
  size_t size = soc_policy_plan_bytes(&most.policy);
  uint64_t *memory = malloc(size);
  assert_int_equal(soc_policy_plan(&most.policy, memory, size, NULL), SOC_OK);
  expect_none(&truths);
  free(memory);
  fixture_close(&most);
  fixture_close(&truths);
  // too much where a fact begins, and in the midst of its values
  for (int rules = 42; rules <= 45; rules++) {
    fixture more = open_wide(16, rules, 2);
    expect_none(&more);
    decide(&more, "n3=41");
    assert_string_equal(line_of(&more, 1), "refer MORE");
    fixture_close(&more);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_of_two_lists_have_none),
      cmocka_unit_test(no_rows),
      cmocka_unit_test(arguments_are_checked),
      cmocka_unit_test(memory_is_enough),
      cmocka_unit_test(no_decisions),
      cmocka_unit_test(counts_of_one_test_twice),
      cmocka_unit_test(too_many_tests),
      cmocka_unit_test(too_many_rules_of_a_decision),
      cmocka_unit_test(too_many_rules),
      cmocka_unit_test(too_many_classes_of_values),
      cmocka_unit_test(too_much_to_write),
      cmocka_unit_test(too_many_places),
      cmocka_unit_test(too_much_for_lanes),
      cmocka_unit_test(too_many_classes_for_lanes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
