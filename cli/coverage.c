// SPDX-License-Identifier: Apache-2.0
//
// Counts states of criteria and rules over tests; see coverage.h.
#include "cli/coverage.h"

#include <stdlib.h>

static const soc_truth order[COVERAGE_STATES] = {SOC_MET, SOC_NOT_MET, SOC_UNKNOWN_TRUTH};
static const char *const words[COVERAGE_STATES] = {"not met", "unknown", "met"};
static const char *const keys[COVERAGE_STATES] = {"not_met", "unknown", "met"};

// ------------------------------------------------------------------ counting

bool coverage_begin(struct coverage *v, soc_compilation *c) {
  v->policy = soc_compilation_policy(c);
  if (v->policy == NULL) return true;
  if (!soc_compilation_reach(c, &v->reach)) return false;
  soc_policy_describe(v->policy, &v->info);
  v->cells = calloc((size_t)v->info.cell_count + 1, sizeof *v->cells);
  v->rules = calloc((size_t)v->info.rule_count + 1, sizeof *v->rules);
  if (v->cells == NULL || v->rules == NULL) return false;
  for (uint32_t i = 0; i < v->info.rule_count; i++)
    if (v->reach.rules[i].own) v->cells[v->reach.rules[i].cell].rule = true;
  return true;
}

static void count(const struct coverage *v, struct coverage_count *c, soc_truth state) {
  if (c->last[state] == v->test) return;
  c->last[state] = v->test;
  c->tests[state]++;
}

static void take_criteria(struct coverage *v, const soc_case *c) {
  soc_truth state;
  for (uint32_t i = 0; i < v->info.cell_count; i++)
    for (uint32_t row = 0; soc_case_criterion(c, i, row, &state) == SOC_OK; row++)
      count(v, &v->cells[i], state);
}

static void take_rule(struct coverage *v, const soc_case *c, uint32_t rule, uint32_t row) {
  uint32_t cell = v->reach.rules[rule].cell;
  soc_truth state = SOC_MET;
  soc_cell_info info;
  if (cell != SOC_NO_INDEX) {
    if (soc_policy_cell(v->policy, cell, &info) != SOC_OK) return;
    if (soc_case_criterion(c, cell, info.list == SOC_NO_INDEX ? 0 : row, &state) != SOC_OK) return;
  }
  count(v, &v->rules[rule], state);
}

void coverage_take(void *ctx, const soc_policy *policy, soc_case *c) {
  struct coverage *v = ctx;
  uint32_t rule = 0;
  (void)policy; // the same, perhaps compiled once more with a file of tests
  v->test++;
  take_criteria(v, c);
  for (uint32_t d = 0; d < v->info.decision_count; d++) {
    soc_decision_info decision;
    if (soc_policy_decision(v->policy, d, &decision) != SOC_OK) return;
    for (uint32_t i = 0; i < decision.rule_count; i++, rule++)
      for (uint32_t row = 0, rows = soc_case_rows(c, d); row < rows; row++)
        take_rule(v, c, rule, row);
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
  uint8_t reach;           // states that can occur
  const struct coverage_count *count;
};
typedef void item_fn(void *ctx, const struct item *item);

static void each_criterion(const struct coverage *v, item_fn *fn, void *ctx) {
  for (uint32_t i = 0; i < v->info.cell_count; i++) {
    soc_cell_info cell;
    if (soc_policy_cell(v->policy, i, &cell) != SOC_OK) continue;
    if (cell.derived || cell.quantity || cell.name.length == 0 || v->cells[i].rule) continue;
    fn(ctx, &(struct item){.name = cell.name, .reach = v->reach.cells[i], .count = &v->cells[i]});
  }
}

static void each_rule(const struct coverage *v, item_fn *fn, void *ctx) {
  uint32_t at = 0;
  for (uint32_t d = 0; d < v->info.decision_count; d++) {
    soc_decision_info decision;
    if (soc_policy_decision(v->policy, d, &decision) != SOC_OK) continue;
    for (uint32_t i = 0; i < decision.rule_count && at < v->info.rule_count; i++, at++) {
      const soc_reach_rule *rule = &v->reach.rules[at];
      fn(ctx, &(struct item){decision.name, rule->name, i + 1, rule->states, &v->rules[at]});
    }
  }
}

// A state that occurred can occur, whatever was proved.
static bool can_occur(const struct item *item, soc_truth state) {
  return (item->reach >> state & 1) != 0 || item->count->tests[state] > 0;
}

static bool is_missed(const struct item *item, soc_truth state) {
  return can_occur(item, state) && item->count->tests[state] == 0;
}

static void add(struct coverage_sum *sum, const struct item *item) {
  for (int i = 0; i < COVERAGE_STATES; i++) {
    bool possible = can_occur(item, order[i]);
    sum->states += possible;
    sum->out_of_reach += !possible;
    sum->reached += item->count->tests[order[i]] > 0;
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
  for (int i = 0; i < COVERAGE_STATES; i++) {
    if (can_occur(item, order[i]))
      buffer_format(t->out, "%9u", (unsigned)item->count->tests[order[i]]);
    else
      buffer_format(t->out, "%9s", "-");
  }
  buffer_text(t->out, "  ");
  append_name(t->out, item);
  buffer_char(t->out, '\n');
  add(&t->sum, item);
}

static void append_missed(void *ctx, const struct item *item) {
  struct table *t = ctx;
  int said = 0;
  for (int i = 0; i < COVERAGE_STATES; i++) {
    if (!is_missed(item, order[i])) continue;
    if (said == 0) buffer_text(t->out, "  not reached: ");
    if (said == 0) append_name(t->out, item);
    buffer_format(t->out, "%s %s", said++ > 0 ? "," : ":", words[order[i]]);
  }
  if (said > 0) buffer_char(t->out, '\n');
}

static void add_sum(struct coverage_sum *sum, const struct coverage_sum *more) {
  sum->states += more->states;
  sum->reached += more->reached;
  sum->out_of_reach += more->out_of_reach;
}

void coverage_text(const struct coverage *v, struct buffer *out, struct coverage_sum *sum) {
  struct table t = {out, {0, 0, 0}};
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
    json_key(l->w, keys[order[i]]);
    json_unsigned(l->w, item->count->tests[order[i]]);
  }
  json_key(l->w, "out_of_reach");
  json_array(l->w);
  for (int i = 0; i < COVERAGE_STATES; i++)
    if (!can_occur(item, order[i])) json_string(l->w, keys[order[i]]);
  json_array_end(l->w);
  json_object_end(l->w);
  add(&l->sum, item);
}

void coverage_json(const struct coverage *v, struct json_writer *w, struct coverage_sum *sum) {
  struct listing l = {w, {0, 0, 0}};
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
