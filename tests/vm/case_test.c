// SPDX-License-Identifier: Apache-2.0
//
// A case: memory, setters and their refusals, limits, what a fact says after its rule for being left out, clearing;
// and what a policy tells about itself.
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "vm/code.h"

static builder *start(void) {
  builder *b = build_new();
  build_enum(b, "site", "office center home");
  build_texts(b, "alpha,beta gamma,delta");
  build_fact(b, "flag", "bool");
  build_fact(b, "site", "enum site null");
  build_fact(b, "code", "code 3 5");
  build_fact(b, "brand", "text");
  build_fact(b, "when", "date in 2000-01-01 2030-12-31");
  build_fact(b, "amount", "number in 0 100");
  build_fact(b, "whole", "number whole");
  build_fact(b, "codes", "codes 1 4");
  build_fact(b, "sites", "enums site");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  build_fact(b, "events[].size", "number null");
  build_fact(b, "plan", "enum site assume center");
  build_fact(b, "copy", "date from when");
  build_fact(b, "gone", "number none");
  build_fact(b, "empty", "codes 1 4 empty");
  build_fact(b, "others", "records");
  build_fact(b, "others[].x", "bool");
  build_fact(b, "copyplan", "enum site from plan");
  build_basis(b, "when");
  build_cell(b, "A", "fact.true flag");
  build_cell(b, "BAD", "each any events; fact.true events[].bad; each.end");
  build_mask(b, "PLACE", "site", "site", "mask.fact site");
  build_part(b, "A", "BAD");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER});
  build_decision(b, "second", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "BAD", .when = "BAD"});
  build_rule(b, (rule){.determination = SOC_REFER});
  return b;
}

#define REFUSES(status, call) assert_int_equal((call), SOC_ERR_##status)
#define TAKES(call) assert_int_equal((call), SOC_OK)

static void scalar_setters(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  uint32_t flag = fact_index(&f, "flag"), site = fact_index(&f, "site"),
           code = fact_index(&f, "code");
  uint32_t brand = fact_index(&f, "brand"), when = fact_index(&f, "when"),
           amount = fact_index(&f, "amount");
  uint32_t whole = fact_index(&f, "whole");
  TAKES(soc_case_set_bool(f.c, flag, 0, true));
  REFUSES(ARGUMENT, soc_case_set_bool(f.c, flag, 1, true));
  REFUSES(ARGUMENT, soc_case_set_bool(f.c, site, 0, true));
  REFUSES(ARGUMENT, soc_case_set_bool(f.c, 999, 0, true));
  REFUSES(ARGUMENT, soc_case_set_bool(NULL, flag, 0, true));
  TAKES(soc_case_set_enum(f.c, site, 0, 2));
  REFUSES(VALUE, soc_case_set_enum(f.c, site, 0, 3));
  REFUSES(ARGUMENT, soc_case_set_enum(f.c, flag, 0, 0));
  TAKES(soc_case_set_none(f.c, site, 0));
  REFUSES(ARGUMENT, soc_case_set_none(f.c, flag, 0));
  REFUSES(ARGUMENT, soc_case_set_none(f.c, 999, 0));
  TAKES(soc_case_set_code(f.c, code, 0, "j1745", 5));
  REFUSES(VALUE, soc_case_set_code(f.c, code, 0, "J1", 2));
  REFUSES(VALUE, soc_case_set_code(f.c, code, 0, "J17455", 6));
  REFUSES(VALUE, soc_case_set_code(f.c, code, 0, "J-745", 5));
  REFUSES(ARGUMENT, soc_case_set_code(f.c, code, 0, NULL, 0));
  REFUSES(ARGUMENT, soc_case_set_code(f.c, flag, 0, "J1745", 5));
  TAKES(soc_case_set_text(f.c, brand, 0, "Beta  GAMMA", 11));
  REFUSES(ARGUMENT, soc_case_set_text(f.c, brand, 0, NULL, 0));
  REFUSES(ARGUMENT, soc_case_set_text(f.c, code, 0, "x", 1));
  TAKES(soc_case_set_date(f.c, when, 0, 738000));
  REFUSES(VALUE, soc_case_set_date(f.c, when, 0, 1));
  REFUSES(VALUE, soc_case_set_date(f.c, when, 0, 800000));
  REFUSES(ARGUMENT, soc_case_set_date(f.c, amount, 0, 738000));
  TAKES(soc_case_set_number(f.c, amount, 0, 100000000));
  REFUSES(VALUE, soc_case_set_number(f.c, amount, 0, 100000001));
  REFUSES(VALUE, soc_case_set_number(f.c, amount, 0, -1));
  REFUSES(ARGUMENT, soc_case_set_number(f.c, when, 0, 0));
  TAKES(soc_case_set_number(f.c, whole, 0, -3000000));
  REFUSES(VALUE, soc_case_set_number(f.c, whole, 0, 2500000));
  fixture_close(&f);
}

static void lists_and_rows(void **state) {
  (void)state;
  fixture f = fixture_open_limits(start(), (soc_case_limits){.rows = 3, .items = 2});
  uint32_t codes = fact_index(&f, "codes"), sites = fact_index(&f, "sites"),
           events = fact_index(&f, "events");
  uint32_t bad = fact_index(&f, "events[].bad"), flag = fact_index(&f, "flag");
  uint64_t packed;
  REFUSES(ARGUMENT, soc_case_add_code(f.c, codes, "A1", 2)); // the list is unknown
  REFUSES(ARGUMENT, soc_case_list_code(f.c, codes, 0, &packed));
  TAKES(soc_case_set_list(f.c, codes, 0));
  TAKES(soc_case_add_code(f.c, codes, "A1", 2));
  REFUSES(VALUE, soc_case_add_code(f.c, codes, "A-", 2));
  REFUSES(VALUE, soc_case_add_code(f.c, codes, "A1234", 5));
  REFUSES(ARGUMENT, soc_case_add_code(f.c, codes, NULL, 0));
  REFUSES(ARGUMENT, soc_case_add_code(f.c, sites, "A1", 2));
  TAKES(soc_case_add_code(f.c, codes, "B2", 2));
  REFUSES(LIMIT, soc_case_add_code(f.c, codes, "C3", 2));
  TAKES(soc_case_list_code(f.c, codes, 1, &packed));
  char text[13];
  soc_code_unpack(packed, text);
  assert_string_equal(text, "B2");
  REFUSES(ARGUMENT, soc_case_list_code(f.c, codes, 2, &packed));
  REFUSES(ARGUMENT, soc_case_list_code(f.c, codes, 0, NULL));
  REFUSES(ARGUMENT, soc_case_list_code(f.c, flag, 0, &packed));
  REFUSES(ARGUMENT, soc_case_add_enum(f.c, sites, 0));
  TAKES(soc_case_set_list(f.c, sites, 7));
  TAKES(soc_case_add_enum(f.c, sites, 2));
  TAKES(soc_case_add_enum(f.c, sites, 0));
  REFUSES(VALUE, soc_case_add_enum(f.c, sites, 3));
  REFUSES(ARGUMENT, soc_case_add_enum(f.c, codes, 0));
  REFUSES(ARGUMENT, soc_case_set_list(f.c, flag, 0));
  REFUSES(ARGUMENT, soc_case_set_list(f.c, bad, 0));
  REFUSES(ARGUMENT, soc_case_set_list(f.c, 999, 0));
  REFUSES(ARGUMENT, soc_case_set_bool(f.c, bad, 0, true));
  REFUSES(LIMIT, soc_case_set_list(f.c, events, 4));
  TAKES(soc_case_set_list(f.c, events, 3));
  TAKES(soc_case_set_bool(f.c, bad, 2, true));
  REFUSES(ARGUMENT, soc_case_set_bool(f.c, bad, 3, true));
  soc_value value;
  TAKES(soc_case_get(f.c, bad, 2, &value));
  assert_int_equal(value.state, SOC_GIVEN);
  TAKES(soc_case_get(f.c, bad, 1, &value));
  assert_int_equal(value.state, SOC_LEFT_OUT);
  TAKES(soc_case_set_list(f.c, events, 3)); // rows start again
  TAKES(soc_case_get(f.c, bad, 2, &value));
  assert_int_equal(value.state, SOC_LEFT_OUT);
  TAKES(soc_case_set_list(f.c, codes, 0));
  TAKES(soc_case_get(f.c, codes, 0, &value));
  assert_int_equal(value.number, 0);
  TAKES(soc_case_get(f.c, sites, 0, &value));
  assert_int_equal(value.number, 5);
  fixture_close(&f);
}

// The last names of the artifact have fewer bytes behind them than are compared at once.
static void texts_at_the_end(void **state) {
  (void)state;
  builder *b = build_new();
  build_fact(b, "brand", "text");
  build_cell(b, "A", "fact.cmp eq brand 1");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "OK", .when = "A"});
  build_rule(b, (rule){.determination = SOC_REFER});
  build_texts(b, "2024-12-05,alpha,beta,gam"); // the first one is the policy's version, too
  fixture f = fixture_open(b);
  static const char *const texts[] = {
      "alpha", "beta",
      "gam",   "gamma",
      "bet",   "z",
      "a",     "a text of more than sixty-four letters, which is folded for each comparison"};
  static const int64_t found[] = {1, 2, 3, -1, -1, -1, -1, -1};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    soc_value value;
    TAKES(soc_case_set_text(f.c, 0, 0, texts[i], strlen(texts[i])));
    TAKES(soc_case_get(f.c, 0, 0, &value));
    assert_int_equal(value.number, found[i]);
  }
  fixture_close(&f);
}

static void check_value(const fixture *f, const char *fact, soc_state state, bool assumed,
                        int64_t number) {
  soc_value value;
  TAKES(soc_case_get(f->c, fact_index(f, fact), 0, &value));
  if (value.state != state || value.assumed != assumed || value.number != number) {
    fail_msg("%s: state %d assumed %d number %lld", fact, (int)value.state, value.assumed,
             (long long)value.number);
  }
}

static void values_by_their_rules(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  give(&f, "");
  check_value(&f, "flag", SOC_LEFT_OUT, false, 0);
  check_value(&f, "plan", SOC_GIVEN, true, 1);
  check_value(&f, "copyplan", SOC_GIVEN, true, 1);
  check_value(&f, "copy", SOC_LEFT_OUT, false, 0);
  check_value(&f, "gone", SOC_NONE, false, 0);
  check_value(&f, "empty", SOC_GIVEN, false, 0);
  give(&f, "plan=home site=none when=2024-01-01 gone=2 brand=beta_gamma events=2");
  check_value(&f, "plan", SOC_GIVEN, false, 2);
  check_value(&f, "copyplan", SOC_GIVEN, false, 2);
  check_value(&f, "site", SOC_NONE, false, 0);
  check_value(&f, "copy", SOC_GIVEN, false, 738885);
  check_value(&f, "gone", SOC_GIVEN, false, 2000000);
  check_value(&f, "brand", SOC_GIVEN, false, 1);
  check_value(&f, "events", SOC_GIVEN, false, 2);
  give(&f, "copyplan=office brand=delta");
  check_value(&f, "copyplan", SOC_GIVEN, false, 0);
  check_value(&f, "brand", SOC_GIVEN, false, 2);
  give(&f, "brand=alph");
  check_value(&f, "brand", SOC_GIVEN, false, -1);
  soc_value value;
  REFUSES(ARGUMENT, soc_case_get(NULL, 0, 0, &value));
  REFUSES(ARGUMENT, soc_case_get(f.c, 0, 0, NULL));
  REFUSES(ARGUMENT, soc_case_get(f.c, 999, 0, &value));
  REFUSES(ARGUMENT, soc_case_get(f.c, 0, 1, &value));
  TAKES(soc_case_get(f.c, 0, SOC_NO_INDEX, &value)); // as a soc_fact_ref names it
  REFUSES(ARGUMENT, soc_case_get(f.c, 999, SOC_NO_INDEX, &value));
  REFUSES(ARGUMENT, soc_case_get(f.c, fact_index(&f, "events[].bad"), SOC_NO_INDEX, &value));
  REFUSES(ARGUMENT, soc_case_get(NULL, 0, SOC_NO_INDEX, &value));
  REFUSES(ARGUMENT,
          soc_case_get(f.c, fact_index(&f, "events[].bad"), 0, &value)); // the list is unknown
  fixture_close(&f);
}

static void results_end_with_a_change(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  soc_result result;
  soc_reason reason;
  REFUSES(ARGUMENT, soc_case_result(f.c, 0, 0, &result)); // not decided yet
  REFUSES(ARGUMENT, soc_case_decide(NULL, 0));
  REFUSES(ARGUMENT, soc_case_decide(f.c, 2));
  decide(&f, "flag=true");
  TAKES(soc_case_result(f.c, 0, 0, &result));
  REFUSES(ARGUMENT, soc_case_result(f.c, 0, 0, NULL));
  REFUSES(ARGUMENT, soc_case_reason(f.c, 0, 0, 0, NULL));
  REFUSES(ARGUMENT, soc_case_reason(f.c, 9, 0, 0, &reason));
  REFUSES(ARGUMENT, soc_case_missing(f.c, 0, 0, 0, NULL));
  REFUSES(ARGUMENT, soc_case_assumed(f.c, 9, 0, 0, NULL));
  assert_int_equal(soc_case_redirect(f.c, 0, 0, 0).length, 0);
  assert_int_equal(soc_case_action(f.c, 9, 0, 0).length, 0);
  soc_fact_ref fact;
  REFUSES(ARGUMENT, soc_case_missing(f.c, 0, 0, 99, &fact));
  REFUSES(ARGUMENT, soc_case_missing(NULL, 0, 0, 0, &fact));
  REFUSES(ARGUMENT, soc_case_assumed(f.c, 0, 0, 99, &fact));
  REFUSES(ARGUMENT, soc_case_assumed(f.c, 0, 0, 0, NULL));
  TAKES(soc_case_set_bool(f.c, fact_index(&f, "flag"), 0, false));
  REFUSES(ARGUMENT, soc_case_result(f.c, 0, 0, &result));
  assert_int_equal(soc_case_redirect(f.c, 0, 0, 0).length, 0);
  TAKES(soc_case_decide(f.c, 0));
  TAKES(soc_case_result(f.c, 0, 0, &result));
  assert_int_equal(result.determination, SOC_REFER);
  soc_case_clear(f.c);
  REFUSES(ARGUMENT, soc_case_result(f.c, 0, 0, &result));
  fixture_close(&f);
}

static void memory(void **state) {
  (void)state;
  image im = build_finish(start());
  soc_policy policy;
  TAKES(soc_policy_load(&policy, im.bytes, im.length, NULL));
  soc_case_limits limits = {0}, large = {.rows = SOC_MAX_ROWS, .items = SOC_MAX_ROWS},
                  over = {.rows = SOC_MAX_ROWS + 1};
  soc_case_limits over_items = {.items = SOC_MAX_ROWS + 1};
  size_t size = soc_case_bytes(&policy, &limits);
  assert_true(size > 0);
  assert_true(soc_case_bytes(&policy, &large) > 4 * SOC_MAX_ROWS * 8);
  assert_int_equal(soc_case_bytes(&policy, &over), 0);
  assert_int_equal(soc_case_bytes(&policy, &over_items), 0);
  assert_int_equal(soc_case_bytes(NULL, &limits), 0);
  assert_int_equal(soc_case_bytes(&policy, NULL), 0);
  unsigned char *memory_ = malloc(size + 8);
  soc_case *c = NULL;
  soc_error error;
  REFUSES(MEMORY, soc_case_init(&c, &policy, &limits, memory_, size - 1, &error));
  assert_string_equal(error.code, "memory");
  assert_null(c);
  REFUSES(ARGUMENT, soc_case_init(&c, &policy, &over, memory_, size, &error));
  assert_string_equal(error.code, "limits");
  REFUSES(ARGUMENT, soc_case_init(&c, &policy, &limits, memory_ + 1, size, NULL));
  assert_null(c);
  c = (void *)memory_;
  REFUSES(ARGUMENT, soc_case_init(&c, NULL, &limits, memory_, size, &error));
  assert_null(c);
  REFUSES(ARGUMENT, soc_case_init(NULL, &policy, &limits, memory_, size, &error));
  REFUSES(ARGUMENT, soc_case_init(&c, &policy, NULL, memory_, size, &error));
  REFUSES(ARGUMENT, soc_case_init(&c, &policy, &limits, NULL, size, &error));
  TAKES(soc_case_init(&c, &policy, &limits, memory_, size, &error));
  soc_policy moved = policy; // the case does not need the caller's
  memset(&policy, 0, sizeof policy);
  TAKES(soc_case_set_list(c, soc_policy_find_fact(&moved, "codes", 5), 0));
  REFUSES(LIMIT, soc_case_add_code(c, soc_policy_find_fact(&moved, "codes", 5), "A", 1));
  TAKES(soc_case_set_list(c, soc_policy_find_fact(&moved, "events", 6), 0));
  REFUSES(LIMIT, soc_case_set_list(c, soc_policy_find_fact(&moved, "events", 6), 1));
  TAKES(soc_case_decide(c, 0));
  free(memory_);
  free(im.bytes);
}

static void many_rows(void **state) {
  (void)state;
  fixture f = fixture_open_limits(start(), (soc_case_limits){.rows = 20000});
  uint32_t events = fact_index(&f, "events"), bad = fact_index(&f, "events[].bad");
  TAKES(soc_case_set_list(f.c, events, 20000));
  TAKES(soc_case_decide(f.c, 0));
  soc_result result;
  TAKES(soc_case_result(f.c, 1, 0, &result));
  assert_int_equal(result.missing_count, 20000);
  soc_fact_ref ref;
  TAKES(soc_case_missing(f.c, 1, 0, 19999, &ref));
  assert_int_equal(ref.fact, bad);
  assert_int_equal(ref.row, 19999);
  TAKES(soc_case_set_bool(f.c, bad, 19999, true));
  TAKES(soc_case_decide(f.c, 0));
  TAKES(soc_case_result(f.c, 1, 0, &result));
  assert_int_equal(result.determination, SOC_DENY);
  fixture_close(&f);
}

// A key counts each list in 16 bits: there is none of a result with more.
static void no_key_of_a_long_result(void **state) {
  (void)state;
  enum { ROWS = 65600 };
  fixture f = fixture_open_limits(start(), (soc_case_limits){.rows = ROWS});
  uint64_t *key = malloc((ROWS + 8) * sizeof *key);
  TAKES(soc_case_set_list(f.c, fact_index(&f, "events"), ROWS - 100));
  TAKES(soc_case_decide(f.c, 0));
  assert_int_equal(soc_case_result_key(f.c, 1, 0, key, ROWS + 8), ROWS - 100 + 4);
  TAKES(soc_case_set_list(f.c, fact_index(&f, "events"), ROWS));
  TAKES(soc_case_decide(f.c, 0));
  assert_int_equal(soc_case_result_key(f.c, 1, 0, key, ROWS + 8), 0);
  free(key);
  fixture_close(&f);
}

static void what_a_policy_tells(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  soc_policy_info info;
  soc_policy_describe(&f.policy, &info);
  assert_string_equal(info.id.data, "test/policy");
  assert_int_equal(info.id.length, 11);
  assert_string_equal(info.version.data, "2024-12-05");
  assert_string_equal(info.title.data, "A policy for tests");
  assert_string_equal(info.payer.data, "A payer");
  assert_string_equal(info.source_title.data, "");
  assert_int_equal(info.basis_fact, fact_index(&f, "when"));
  assert_int_equal(info.decision_count, 2);
  assert_int_equal(info.cell_count, 3);
  assert_int_equal(info.rule_count, 4);
  assert_int_equal(info.instruction_count, 5);
  assert_int_equal(info.max_stack, 2);
  assert_int_equal(info.max_instructions, 4);
  assert_int_equal(info.max_instructions_row, 2);
  // Two decisions, and of one fact something is assumed.
  const uint64_t passes = 1 + 2 + (1 + 2) + 1;
  assert_int_equal(soc_policy_max_instructions(&f.policy, 0), passes * 4);
  assert_int_equal(soc_policy_max_instructions(&f.policy, 5), passes * (4 + 5 * 2));
  assert_int_equal(soc_policy_max_instructions(NULL, 5), 0);
  soc_fact_info fact;
  TAKES(soc_policy_fact(&f.policy, fact_index(&f, "events[].size"), &fact));
  assert_int_equal(fact.list, fact_index(&f, "events"));
  assert_int_equal(fact.flags, SOC_FACT_NULLABLE);
  TAKES(soc_policy_fact(&f.policy, fact_index(&f, "copy"), &fact));
  assert_int_equal(fact.other, fact_index(&f, "when"));
  assert_int_equal(fact.left_out, SOC_LEFT_OUT_OTHER_FACT);
  TAKES(soc_policy_fact(&f.policy, fact_index(&f, "code"), &fact));
  assert_int_equal(fact.min_length * 10 + fact.max_length, 35);
  assert_int_equal(fact.value_count, 0);
  TAKES(soc_policy_fact(&f.policy, fact_index(&f, "plan"), &fact));
  assert_int_equal(fact.value_count, 3);
  assert_int_equal(fact.assumed, 1);
  REFUSES(ARGUMENT, soc_policy_fact(&f.policy, 999, &fact));
  REFUSES(ARGUMENT, soc_policy_fact(&f.policy, 0, NULL));
  assert_int_equal(soc_policy_find_fact(&f.policy, "fla", 3), SOC_NO_INDEX);
  assert_int_equal(soc_policy_find_fact(&f.policy, NULL, 3), SOC_NO_INDEX);
  assert_string_equal(soc_policy_fact_value(&f.policy, fact_index(&f, "sites"), 2).data, "home");
  assert_string_equal(soc_policy_fact_value(&f.policy, fact_index(&f, "sites"), 3).data, "");
  assert_string_equal(soc_policy_fact_value(&f.policy, fact_index(&f, "flag"), 0).data, "");
  assert_string_equal(soc_policy_fact_value(&f.policy, 999, 0).data, "");
  assert_int_equal(soc_policy_find_value(&f.policy, fact_index(&f, "sites"), "home", 4), 2);
  assert_int_equal(soc_policy_find_value(&f.policy, fact_index(&f, "sites"), "hom", 3),
                   SOC_NO_INDEX);
  assert_int_equal(soc_policy_find_value(&f.policy, fact_index(&f, "sites"), NULL, 4),
                   SOC_NO_INDEX);
  assert_int_equal(soc_policy_find_value(&f.policy, fact_index(&f, "flag"), "home", 4),
                   SOC_NO_INDEX);
  assert_int_equal(soc_policy_find_value(&f.policy, 999, "home", 4), SOC_NO_INDEX);
  soc_decision_info decision;
  TAKES(soc_policy_decision(&f.policy, 1, &decision));
  assert_int_equal(soc_policy_find_decision(&f.policy, "second", 6), 1);
  assert_int_equal(soc_policy_find_decision(&f.policy, "seconds", 7), SOC_NO_INDEX);
  assert_string_equal(decision.name.data, "second");
  assert_true(decision.administrative);
  assert_int_equal(decision.list, SOC_NO_INDEX);
  assert_int_equal(decision.rule_count, 2);
  REFUSES(ARGUMENT, soc_policy_decision(&f.policy, 2, &decision));
  soc_cell_info cell;
  TAKES(soc_policy_cell(&f.policy, 0, &cell));
  assert_string_equal(cell.name.data, "A");
  assert_string_equal(cell.text.data, "About A");
  assert_string_equal(cell.cite.data, "L-A");
  assert_int_equal(cell.parent, 1);
  assert_false(cell.derived);
  TAKES(soc_policy_cell(&f.policy, 2, &cell));
  assert_true(cell.derived);
  assert_int_equal(cell.parent, SOC_NO_INDEX);
  REFUSES(ARGUMENT, soc_policy_cell(&f.policy, 3, &cell));
  assert_string_equal(soc_policy_cell_value(&f.policy, 2, 1).data, "center");
  assert_string_equal(soc_policy_cell_value(&f.policy, 0, 1).data, "");
  assert_string_equal(soc_policy_cell_value(&f.policy, 9, 1).data, "");
  soc_source_info source;
  TAKES(soc_policy_source(&f.policy, 0, &source));
  assert_string_equal(source.name.data, "test.soc");
  REFUSES(ARGUMENT, soc_policy_source(&f.policy, 1, &source));
  soc_table_info table;
  REFUSES(ARGUMENT, soc_policy_table(&f.policy, 0, &table));
  soc_given_use use;
  REFUSES(ARGUMENT, soc_policy_given_use(&f.policy, 0, &use));
  fixture_close(&f);
}

// Nothing is asked of a policy without a place for the answer.
static void no_place(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  REFUSES(ARGUMENT, soc_policy_fact(&f.policy, 0, NULL));
  REFUSES(ARGUMENT, soc_policy_decision(&f.policy, 0, NULL));
  REFUSES(ARGUMENT, soc_policy_cell(&f.policy, 0, NULL));
  REFUSES(ARGUMENT, soc_policy_source(&f.policy, 0, NULL));
  REFUSES(ARGUMENT, soc_policy_table(&f.policy, 0, NULL));
  REFUSES(ARGUMENT, soc_policy_given_use(&f.policy, 0, NULL));
  fixture_close(&f);
}

static void no_policy(void **state) {
  (void)state;
  soc_fact_info fact;
  soc_decision_info decision;
  soc_cell_info cell;
  soc_source_info source;
  soc_given_use use;
  soc_table_info table;
  REFUSES(ARGUMENT, soc_policy_table(NULL, 0, &table));
  REFUSES(ARGUMENT, soc_policy_fact(NULL, 0, &fact));
  REFUSES(ARGUMENT, soc_policy_decision(NULL, 0, &decision));
  REFUSES(ARGUMENT, soc_policy_cell(NULL, 0, &cell));
  REFUSES(ARGUMENT, soc_policy_source(NULL, 0, &source));
  REFUSES(ARGUMENT, soc_policy_given_use(NULL, 0, &use));
  assert_int_equal(soc_policy_find_fact(NULL, "x", 1), SOC_NO_INDEX);
  assert_int_equal(soc_policy_find_decision(NULL, "x", 1), SOC_NO_INDEX);
  assert_int_equal(soc_policy_find_value(NULL, 0, "x", 1), SOC_NO_INDEX);
  assert_int_equal(soc_policy_choose(NULL, 1, 0), SOC_NO_INDEX);
  assert_int_equal(soc_policy_fact_value(NULL, 0, 0).length, 0);
  assert_int_equal(soc_policy_cell_value(NULL, 0, 0).length, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scalar_setters),
      cmocka_unit_test(lists_and_rows),
      cmocka_unit_test(texts_at_the_end),
      cmocka_unit_test(values_by_their_rules),
      cmocka_unit_test(results_end_with_a_change),
      cmocka_unit_test(memory),
      cmocka_unit_test(many_rows),
      cmocka_unit_test(no_key_of_a_long_result),
      cmocka_unit_test(what_a_policy_tells),
      cmocka_unit_test(no_place),
      cmocka_unit_test(no_policy),
  };
  return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
