// SPDX-License-Identifier: Apache-2.0
//
// The tree behind a decision, written as one line a node: rules at the left, their criteria indented below, the facts
// that each node itself reads in brackets.
#include "support.h"

#include <stdio.h>
#include <string.h>

typedef struct tree {
  const fixture *f;
  char text[8192];
  int stop_after; // calls; 0: never
  int calls;
} tree;

static void write_fact(tree *t, const soc_fact_ref *ref) {
  soc_fact_info info;
  char one[128];
  assert_int_equal(soc_policy_fact(&t->f->policy, ref->fact, &info), SOC_OK);
  if (ref->row == SOC_NO_INDEX) {
    snprintf(one, sizeof one, " [%s]", info.name.data);
  } else {
    snprintf(one, sizeof one, " [%s#%u]", info.name.data, ref->row);
  }
  strcat(t->text, one);
}

static void write_node(tree *t, const soc_explain_node *node) {
  static const char *const states[] = {"not", "?", "met"};
  char one[256];
  snprintf(one, sizeof one, "%s%*s%s %s%s%s%s", *t->text ? "\n" : "", (int)(2 * node->depth), "",
           node->name.data, states[node->state], node->deciding ? " decides" : "",
           node->reached ? "" : " after", node->repeated ? " again" : "");
  strcat(t->text, one);
  if (node->row != SOC_NO_INDEX && !node->is_rule) {
    snprintf(one, sizeof one, " #%u", node->row);
    strcat(t->text, one);
  }
  if (node->quantity) {
    snprintf(one, sizeof one, " %g..%g", (double)node->low / 1e6, (double)node->high / 1e6);
    strcat(t->text, one);
  }
  if (node->derived) {
    for (uint32_t v = 0; v < 64; v++) {
      if (node->candidates >> v & 1) {
        strcat(t->text, " ");
        strcat(t->text, soc_policy_cell_value(&t->f->policy, node->cell, v).data);
      }
    }
  }
}

static bool on_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  tree *t = context;
  assert_true((node == NULL) != (fact == NULL));
  if (node) {
    write_node(t, node);
  } else {
    write_fact(t, fact);
  }
  return ++t->calls != t->stop_after;
}

static const char *explain(fixture *f, uint32_t decision, int stop_after) {
  static tree t;
  memset(&t, 0, sizeof t);
  t.f = f;
  t.stop_after = stop_after;
  assert_int_equal(soc_case_explain(f->c, decision, f->row, on_node, &t), SOC_OK);
  return t.text;
}

static builder *start(void) {
  builder *b = build_new();
  build_enum(b, "site", "office center home");
  build_fact(b, "a", "bool");
  build_fact(b, "b", "bool");
  build_fact(b, "code", "code 1 5");
  build_fact(b, "when", "date");
  build_fact(b, "site", "enum site");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  build_basis(b, "when");
  build_set(b, "drugs", "J1@2024-01-01..");
  build_set(b, "plain", "J1");
  build_map(b, "pos", "site", "11=office|center", "office|center|home");
  build_cell(b, "a", "fact.true a");
  build_mask(b, "place", "site", "site", "mask.map code pos");
  build_cell(b, "both", "begin all; cell a; join; fact.true b; join; fact.true b; join; end");
  build_cell(b, "drug", "fact.in_set code drugs@when");
  build_cell(b, "bad",
             "each any events; begin any; fact.true events[].bad; join; fact.in_set code "
             "plain@when; join; end; each.end");
  build_rule_cell(b, "main.one",
                  "begin all; cell both; join; cell a; join; cell.in_mask place home; join; "
                  "fact.true a; join; end");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "ONE",
                       .when = "main.one",
                       .text = "The first",
                       .cite = "L1"});
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "TWO", .when = "both", .stop = true});
  build_rule(b, (rule){.determination = SOC_PEND, .code = "THREE", .when = "drug"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "FOUR", .when = "bad"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "FIVE", .when = "main.one"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  return b;
}

static void the_whole_tree(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  decide_explained(&f, "a=true b=false code=11 when=2024-06-01 events=2 events[1].bad=true");
  assert_string_equal(explain(&f, 0, 0),
                      "ONE not [a]\n"
                      "  both not [b]\n"
                      "    a met [a]\n"
                      "  a met again\n"
                      "  place ? office center [code]\n"
                      "TWO not\n"
                      "  both not again\n"
                      "THREE not\n"
                      "  drug not [code] [when]\n"
                      "FOUR met decides\n"
                      "  bad met [events] [events[].bad#0] [events[].bad#1] [code]\n"
                      "FIVE not after again\n"
                      "NO met after");
  fixture_close(&f);
}

static void a_stopping_rule(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  decide_explained(&f, "a=true b=true code=12 site=office when=2024-06-01");
  assert_string_equal(explain(&f, 0, 0), "ONE ? [a]\n"
                                         "  both met [b]\n"
                                         "    a met [a]\n"
                                         "  a met again\n"
                                         "  place ? office center home [code]\n"
                                         "TWO met decides\n"
                                         "  both met again\n"
                                         "THREE not after\n"
                                         "  drug not [code] [when]\n"
                                         "FOUR ? after\n"
                                         "  bad ? [events] [code]\n"
                                         "FIVE ? after again\n"
                                         "NO met after");
  fixture_close(&f);
}

static void pending_for_facts(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  decide_explained(&f, "");
  assert_string_equal(determination_of(&f, 0), "pend");
  assert_null(strstr(explain(&f, 0, 0), "decides"));
  fixture_close(&f);
}

static void stopping_early(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  decide_explained(&f, "a=true b=true code=12");
  for (int n = 1; n < 20; n++) {
    (void)explain(&f, 0, n);
  }
  assert_string_equal(explain(&f, 0, 1), "ONE ?");
  assert_string_equal(explain(&f, 0, 4), "ONE ? [a]\n  both met [b]");
  fixture_close(&f);
}

// At any call, in loops over rows too, and never called again.
static void stopping_in_a_loop(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  decide_explained(&f, "a=false code=11 when=2024-06-01 events=3 events[1].bad=true");
  tree t = {.f = &f};
  assert_int_equal(soc_case_explain(f.c, 0, 0, on_node, &t), SOC_OK);
  for (int n = 1, all = t.calls; n <= all; n++) {
    t = (tree){.f = &f, .stop_after = n};
    assert_int_equal(soc_case_explain(f.c, 0, 0, on_node, &t), SOC_OK);
    assert_int_equal(t.calls, n);
  }
  fixture_close(&f);
}

// How a host reads one criterion without the tree.
static void one_criterion(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  soc_truth met;
  decide(&f, "a=true");
  assert_int_equal(soc_case_criterion(f.c, 0, 0, &met), SOC_ERR_ARGUMENT); // not explained
  decide_explained(&f, "a=true");
  assert_int_equal(soc_case_criterion(f.c, 0, 0, &met), SOC_OK);
  assert_int_equal(met, SOC_MET);
  assert_int_equal(soc_case_criterion(f.c, 0, 1, &met), SOC_ERR_ARGUMENT);  // no row
  assert_int_equal(soc_case_criterion(f.c, 1, 0, &met), SOC_ERR_ARGUMENT);  // a category
  assert_int_equal(soc_case_criterion(f.c, 99, 0, &met), SOC_ERR_ARGUMENT); // no cell
  assert_int_equal(soc_case_criterion(f.c, 0, 0, NULL), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_criterion(NULL, 0, 0, &met), SOC_ERR_ARGUMENT);
  fixture_close(&f);
}

// And which values of a derived enumeration are left.
static void one_category(void **state) {
  (void)state;
  builder *b = build_new();
  build_enum(b, "kind", "x y z");
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].kind", "enum kind derive -");
  build_fact(b, "kind", "enum kind");
  build_cell(b, "KNOWN", "fact.in_mask kind x");
  build_mask(b, "KIND", "kind", "kind", "mask.fact kind");
  build_list(b, "lines");
  build_mask(b, "LINE", "kind", "lines[].kind", "mask.fact lines[].kind");
  build_list(b, NULL);
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "A", .when = "KNOWN"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "R"});
  fixture f = fixture_open(b);
  uint64_t left = 0;
  decide(&f, "kind=y lines=2 lines[1].kind=z");
  assert_int_equal(soc_case_candidates(f.c, 1, 0, &left), SOC_ERR_ARGUMENT); // not explained
  decide_explained(&f, "kind=y lines=2 lines[1].kind=z");
  assert_int_equal(soc_case_candidates(f.c, 1, 0, &left), SOC_OK);
  assert_int_equal(left, 2);
  assert_int_equal(soc_case_candidates(f.c, 2, 0, &left), SOC_OK);
  assert_int_equal(left, 7);
  assert_int_equal(soc_case_candidates(f.c, 2, 1, &left), SOC_OK);
  assert_int_equal(left, 4);
  assert_int_equal(soc_case_candidates(f.c, 1, 1, &left), SOC_ERR_ARGUMENT); // no row
  assert_int_equal(soc_case_candidates(f.c, 2, 2, &left), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_candidates(f.c, 0, 0, &left), SOC_ERR_ARGUMENT); // a criterion
  assert_int_equal(soc_case_candidates(f.c, 9, 0, &left), SOC_ERR_ARGUMENT); // no cell
  assert_int_equal(soc_case_candidates(f.c, 1, 0, NULL), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_candidates(NULL, 1, 0, &left), SOC_ERR_ARGUMENT);
  assert_int_equal(left, 4);
  fixture_close(&f);
}

static void needs_an_explained_decision(void **state) {
  (void)state;
  fixture f = fixture_open(start());
  tree t = {.f = &f};
  assert_int_equal(soc_case_explain(f.c, 0, 0, on_node, &t), SOC_ERR_ARGUMENT);
  decide(&f, "a=true");
  assert_int_equal(soc_case_explain(f.c, 0, 0, on_node, &t), SOC_ERR_ARGUMENT);
  decide_explained(&f, "a=true");
  assert_int_equal(soc_case_explain(f.c, 1, 0, on_node, &t), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_explain(f.c, 0, 1, on_node, &t), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_explain(f.c, 0, 0, NULL, &t), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_explain(NULL, 0, 0, on_node, &t), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_case_explain(f.c, 0, 0, on_node, &t), SOC_OK);
  fixture_close(&f);
}

static void explaining_changes_no_result(void **state) {
  (void)state;
  static const char *const cases[] = {"", "a=true", "a=true b=true",
                                      "a=false code=J1 when=2024-06-01", "b=true events=1"};
  fixture f = fixture_open(start());
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char before[512], after[512];
    decide(&f, cases[i]);
    snprintf(before, sizeof before, "%s %s / %s / %s", determination_of(&f, 0), reasons_of(&f, 0),
             possible_of(&f, 0), missing_of(&f, 0));
    decide_explained(&f, cases[i]);
    (void)explain(&f, 0, 0);
    snprintf(after, sizeof after, "%s %s / %s / %s", determination_of(&f, 0), reasons_of(&f, 0),
             possible_of(&f, 0), missing_of(&f, 0));
    assert_string_equal(before, after);
  }
  fixture_close(&f);
}

// A decision for each line: what loops read of other lines are leaves, row by row; the line's own cells are taken
// apart.
static void a_line(void **state) {
  (void)state;
  builder *b = build_new();
  build_enum(b, "kind", "x y");
  build_fact(b, "flag", "bool");
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].n", "number in 0 99");
  build_fact(b, "lines[].ok", "bool");
  build_fact(b, "lines[].kind", "enum kind derive -");
  build_fact(b, "lines[].to", "line null");
  build_cell(b, "FLAG", "fact.true flag");
  build_list(b, "lines");
  build_cell(b, "OK", "fact.true lines[].ok");
  build_mask(b, "KIND", "kind", "lines[].kind", "mask.fact lines[].kind");
  build_quantity(b, "BEFORE", false,
                 "each count lines; begin all; load.fact lines[].n; load.fact^ lines[].n; cmp lt; "
                 "join; row OK; join; cell FLAG; join; end; each.end");
  build_cell(b, "UP",
             "each any chain lines[].to; begin all; row OK; join; row^ OK; join; end; each.end");
  build_rule_cell(b, "main.D",
                  "begin any; row.value BEFORE; load.const 1; cmp ge; join; row UP; "
                  "join; row.in_mask KIND x; join; end");
  build_decision(b, "main", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .code = "D", .when = "main.D"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE, .name = "eligible"});
  build_list(b, NULL);
  build_cell(b, "ANY", "each any lines; begin all; row OK; join; cell FLAG; join; end; each.end");
  build_decision(b, "whole", "administrative");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "A", .when = "ANY"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "R"});
  fixture f = fixture_open(b);
  decide_explained(
      &f, "flag=true lines=3 lines[0].n=1 lines[1].n=2 lines[2].n=3 lines[0].ok=true "
          "lines[1].ok=false lines[2].ok=false lines[0].to=none lines[1].to=0 lines[2].to=1 "
          "lines[0].kind=y lines[1].kind=y lines[2].kind=y");
  f.row = 1;
  assert_string_equal(explain(&f, 0, 0),
                      "D met decides\n"
                      "  BEFORE met #1 1..1 [lines] [lines[].n#0] [lines[].n#1] [lines[].n#2]\n"
                      "    OK met #0\n"
                      "    FLAG met [flag]\n"
                      "    OK not #1 [lines[].ok#1]\n"
                      "    OK not #2\n"
                      "  UP not #1 [lines[].to#1]\n"
                      "    OK met #0\n"
                      "    OK not again #1\n"
                      "  KIND met #1 y [lines[].kind#1]\n"
                      "eligible met after");
  f.row = 0;
  assert_string_equal(explain(&f, 1, 0), "A met decides\n"
                                         "  ANY met [lines]\n"
                                         "    OK met #0 [lines[].ok#0]\n"
                                         "    FLAG met [flag]\n"
                                         "    OK not #1 [lines[].ok#1]\n"
                                         "    OK not #2 [lines[].ok#2]\n"
                                         "R met");
  soc_status status = soc_case_explain(f.c, 0, 3, on_node, NULL);
  assert_int_equal(status, SOC_ERR_ARGUMENT);
  decide_explained(&f, ""); // no rows: the cells of the case that loops read are told all the same
  assert_string_equal(explain(&f, 1, 0), "A ?\n  ANY ? [lines]\n    FLAG ? [flag]\nR met");
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_whole_tree),
      cmocka_unit_test(a_stopping_rule),
      cmocka_unit_test(pending_for_facts),
      cmocka_unit_test(stopping_early),
      cmocka_unit_test(stopping_in_a_loop),
      cmocka_unit_test(one_criterion),
      cmocka_unit_test(one_category),
      cmocka_unit_test(needs_an_explained_decision),
      cmocka_unit_test(explaining_changes_no_result),
      cmocka_unit_test(a_line),
  };
  return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
