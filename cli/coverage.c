// SPDX-License-Identifier: Apache-2.0
//
// Counts states of criteria and rules over tests; see coverage.h.
#include "cli/coverage.h"

#include <stdlib.h>
#include <string.h>

static const soc_truth order[COVERAGE_STATES] = {SOC_MET, SOC_NOT_MET, SOC_UNKNOWN_TRUTH};
static const char *const words[COVERAGE_STATES] = {"not met", "unknown", "met"};
static const char *const keys[COVERAGE_STATES] = {"not_met", "unknown", "met"};

// ------------------------------------------------------------------ counting

static bool begin(struct coverage *v, const soc_policy *policy) {
  v->policy = policy;
  soc_policy_describe(policy, &v->info);
  v->cells = calloc((size_t)v->info.cell_count + 1, sizeof *v->cells);
  v->rules = calloc((size_t)v->info.rule_count + 1, sizeof *v->rules);
  return v->cells != NULL && v->rules != NULL;
}

static void count(const struct coverage *v, struct coverage_count *c, soc_truth state) {
  if (c->last[state] == v->test) return;
  c->last[state] = v->test;
  c->tests[state]++;
}

// A rule's own condition bears the rule's name.
static void mark_own(const struct coverage *v, const soc_explain_node *rule) {
  soc_cell_info cell;
  if (rule->cell == SOC_NO_INDEX || soc_policy_cell(v->policy, rule->cell, &cell) != SOC_OK) return;
  v->cells[rule->cell].rule = cell.name.length == rule->name.length &&
                              memcmp(cell.name.data, rule->name.data, cell.name.length) == 0;
}

static bool take(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  struct coverage *v = context;
  if (fact != NULL || node == NULL) return true;
  if (!node->is_rule) {
    if (node->cell < v->info.cell_count) count(v, &v->cells[node->cell], node->state);
    return true;
  }
  if (v->rule >= v->info.rule_count) return false;
  struct coverage_rule *rule = &v->rules[v->rule++];
  mark_own(v, node);
  rule->name = node->name;
  rule->otherwise = node->cell == SOC_NO_INDEX;
  count(v, &rule->count, node->state);
  return true;
}

void coverage_take(void *ctx, const soc_policy *policy, soc_case *c) {
  struct coverage *v = ctx;
  uint32_t first = 0;
  if (v->policy == NULL) v->failed = !begin(v, policy);
  v->test++;
  for (uint32_t d = 0; d < v->info.decision_count && !v->failed; d++) {
    soc_decision_info decision;
    if (soc_policy_decision(policy, d, &decision) != SOC_OK) return;
    for (uint32_t row = 0, rows = soc_case_rows(c, d); row < rows; row++) {
      v->rule = first;
      if (soc_case_explain(c, d, row, take, v) != SOC_OK) return;
    }
    first += decision.rule_count;
  }
}

void coverage_free(struct coverage *v) {
  free(v->cells);
  free(v->rules);
  *v = (struct coverage){0};
}

// ------------------------------------------------------------------ what is told

// One criterion or rule.
struct item {
  soc_text decision, name; // decision: rules only
  uint32_t number;         // of the rule in its decision, from 1
  bool always;             // `otherwise` has no other state than met
  const struct coverage_count *count;
};
typedef void item_fn(void *ctx, const struct item *item);

static void each_criterion(const struct coverage *v, item_fn *fn, void *ctx) {
  for (uint32_t i = 0; i < v->info.cell_count; i++) {
    soc_cell_info cell;
    if (soc_policy_cell(v->policy, i, &cell) != SOC_OK) continue;
    if (cell.derived || cell.quantity || cell.name.length == 0 || v->cells[i].rule) continue;
    fn(ctx, &(struct item){.name = cell.name, .count = &v->cells[i]});
  }
}

static void each_rule(const struct coverage *v, item_fn *fn, void *ctx) {
  uint32_t at = 0;
  for (uint32_t d = 0; d < v->info.decision_count; d++) {
    soc_decision_info decision;
    if (soc_policy_decision(v->policy, d, &decision) != SOC_OK) continue;
    for (uint32_t i = 0; i < decision.rule_count && at < v->info.rule_count; i++, at++) {
      const struct coverage_rule *rule = &v->rules[at];
      soc_text name = rule->name.data != NULL ? rule->name : (soc_text){"", 0};
      fn(ctx, &(struct item){decision.name, name, i + 1, rule->otherwise, &rule->count});
    }
  }
}

static void add(struct coverage_sum *sum, const struct item *item) {
  for (int s = 0; s < COVERAGE_STATES; s++) {
    if (item->always && s != SOC_MET) continue;
    sum->states++;
    sum->reached += item->count->tests[s] > 0;
  }
}

// ------------------------------------------------------------------ text

struct table {
  struct buffer *out;
  struct coverage_sum sum;
};

static void append_name(struct buffer *out, const struct item *item) {
  if (item->number == 0) {
    buffer_text(out, "criterion ");
  } else {
    buffer_text(out, "rule ");
    buffer_append(out, item->decision.data, item->decision.length);
    buffer_format(out, " %u%s", (unsigned)item->number, item->name.length > 0 ? " " : "");
  }
  buffer_append(out, item->name.data, item->name.length);
}

static void append_counts(void *ctx, const struct item *item) {
  struct table *t = ctx;
  for (int i = 0; i < COVERAGE_STATES; i++)
    buffer_format(t->out, "%9u", (unsigned)item->count->tests[order[i]]);
  buffer_text(t->out, "  ");
  append_name(t->out, item);
  buffer_char(t->out, '\n');
  add(&t->sum, item);
}

static void append_missed(void *ctx, const struct item *item) {
  struct table *t = ctx;
  struct coverage_sum own = {0, 0};
  add(&own, item);
  if (own.reached == own.states) return;
  buffer_text(t->out, "  not reached: ");
  append_name(t->out, item);
  for (int i = 0, said = 0; i < COVERAGE_STATES; i++) {
    soc_truth state = order[i];
    if (item->count->tests[state] > 0 || (item->always && state != SOC_MET)) continue;
    buffer_format(t->out, "%s %s", said++ > 0 ? "," : ":", words[state]);
  }
  buffer_char(t->out, '\n');
}

static void add_sum(struct coverage_sum *sum, const struct coverage_sum *more) {
  sum->states += more->states;
  sum->reached += more->reached;
}

void coverage_text(const struct coverage *v, struct buffer *out, struct coverage_sum *sum) {
  struct table t = {out, {0, 0}};
  buffer_format(out, "\n%s, %s: %u test%s\n", v->info.id.data, v->info.version.data,
                (unsigned)v->test, v->test == 1 ? "" : "s");
  buffer_text(out, "      met  not met  unknown\n");
  each_criterion(v, append_counts, &t);
  each_rule(v, append_counts, &t);
  each_criterion(v, append_missed, &t);
  each_rule(v, append_missed, &t);
  add_sum(sum, &t.sum);
}

// ------------------------------------------------------------------ JSON

struct listing {
  struct json_writer *w;
  struct coverage_sum sum;
};

static void write_item(void *ctx, const struct item *item) {
  struct listing *l = ctx;
  json_object(l->w);
  if (item->number > 0) {
    json_key(l->w, "decision");
    json_text(l->w, item->decision.data, item->decision.length);
    json_key(l->w, "number");
    json_unsigned(l->w, item->number);
  }
  json_key(l->w, "name");
  json_text(l->w, item->name.data, item->name.length);
  for (int i = 0; i < COVERAGE_STATES; i++) {
    if (item->always && order[i] != SOC_MET) continue;
    json_key(l->w, keys[order[i]]);
    json_unsigned(l->w, item->count->tests[order[i]]);
  }
  json_object_end(l->w);
  add(&l->sum, item);
}

void coverage_json(const struct coverage *v, struct json_writer *w, struct coverage_sum *sum) {
  struct listing l = {w, {0, 0}};
  json_object(w);
  json_key(w, "policy");
  json_text(w, v->info.id.data, v->info.id.length);
  json_key(w, "version");
  json_text(w, v->info.version.data, v->info.version.length);
  json_key(w, "tests");
  json_unsigned(w, v->test);
  json_key(w, "criteria");
  json_array(w);
  each_criterion(v, write_item, &l);
  json_array_end(w);
  json_key(w, "rules");
  json_array(w);
  each_rule(v, write_item, &l);
  json_array_end(w);
  json_object_end(w);
  add_sum(sum, &l.sum);
}
