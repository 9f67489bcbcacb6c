// SPDX-License-Identifier: Apache-2.0
//
// A result or an error as one line of JSON; the names and their order are fixed by the contract, things are only added.
#include "cli/results.h"

#include <stdlib.h>
#include <string.h>

static void put_text(struct json_writer *w, const char *key, soc_text text) {
  json_key(w, key);
  json_text(w, text.data, text.length);
}

static void put_date(struct result_printer *p, const char *key, int32_t days) {
  buffer_clear(&p->scratch);
  date_append(&p->scratch, days);
  json_key(p->json, key);
  json_text(p->json, buffer_get(&p->scratch), p->scratch.length);
}

static void put_number(struct result_printer *p, const char *key, int64_t millionths) {
  buffer_clear(&p->scratch);
  decimal_append(&p->scratch, millionths);
  json_key(p->json, key);
  json_raw(p->json, buffer_get(&p->scratch), p->scratch.length);
}

// The case's id, else its index.
static void put_case(struct json_writer *w, const struct outcome *o, bool is_error) {
  json_key(w, "case");
  if (o->data->has_id)
    json_text(w, o->data->id.data, o->data->id.length);
  else if (is_error)
    json_null(w);
  else
    json_unsigned(w, o->index);
}

static void put_error(struct json_writer *w, const struct outcome *o) {
  const struct case_error *e = &o->data->error;
  json_object(w);
  put_case(w, o, true);
  json_key(w, "index");
  json_unsigned(w, o->index);
  json_key(w, "error");
  json_object(w);
  json_key(w, "code");
  json_string(w, e->code);
  json_key(w, "pointer");
  json_text(w, buffer_get(&e->pointer), e->pointer.length);
  if (e->has_offset) {
    json_key(w, "offset");
    json_unsigned(w, e->offset);
  }
  json_key(w, "message");
  json_text(w, buffer_get(&e->message), e->message.length);
  json_object_end(w);
  json_object_end(w);
}

// ---------------------------------------------------------------------------------------- a decision

// A number that stands for a place in memory.
static uint64_t address(const void *place) {
  return (uint64_t)(uintptr_t)place;
}

static void put_determination(struct result_printer *p, const soc_result *result) {
  struct json_writer *w = p->json;
  struct phrase_key key = {
      PHRASE_OUTCOME,
      {(uint64_t)result->determination, result->reason.length, address(result->reason.data)}};
  size_t start = w->out->length;
  if (phrase_put(&p->phrases, &key, w)) return;
  json_key(w, "determination");
  json_string(w, soc_determination_name(result->determination));
  json_key(w, "reason");
  if (result->reason.length)
    json_text(w, result->reason.data, result->reason.length);
  else
    json_null(w);
  phrase_keep(&p->phrases, &key, w, start);
}

static void put_reason(struct result_printer *p, const soc_reason *reason) {
  struct json_writer *w = p->json;
  struct phrase_key key = {PHRASE_REASON,
                           {address(reason->code.data), address(reason->criterion.data),
                            address(reason->text.data), address(reason->cite.data)}};
  size_t start = w->out->length;
  if (phrase_put(&p->phrases, &key, w)) return;
  json_object(w);
  put_text(w, "code", reason->code);
  put_text(w, "criterion", reason->criterion);
  put_text(w, "text", reason->text);
  put_text(w, "cite", reason->cite);
  json_object_end(w);
  phrase_keep(&p->phrases, &key, w, start);
}

static void put_reasons(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  struct json_writer *w = p->json;
  json_key(w, "reasons");
  json_array(w);
  for (uint32_t i = 0; i < result->reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(case_of(at), at->decision, at->row, i, &reason) != SOC_OK) break;
    put_reason(p, &reason);
  }
  json_array_end(w);
}

static void put_approval(struct result_printer *p, const soc_result *result) {
  if (!result->has_approval) return;
  json_key(p->json, "approval");
  json_object(p->json);
  if (result->has_from) put_date(p, "from", result->from);
  if (result->has_through) put_date(p, "through", result->through);
  if (result->one_time) {
    json_key(p->json, "one_time");
    json_bool(p->json, true);
  }
  json_object_end(p->json);
}

static void put_redirect(struct json_writer *w, const struct place *at, const soc_result *result) {
  if (!result->redirect) {
    json_empty(w, "redirect");
    return;
  }
  json_key(w, "redirect");
  json_array(w);
  for (uint32_t i = 0; i < 64; i++) {
    if (!(result->redirect >> i & 1)) continue;
    soc_text name = soc_case_redirect(case_of(at), at->decision, at->row, i);
    json_text(w, name.data, name.length);
  }
  json_array_end(w);
}

static void put_actions(struct json_writer *w, const struct place *at, const soc_result *result) {
  if (result->action_count == 0) {
    json_empty(w, "actions");
    return;
  }
  json_key(w, "actions");
  json_array(w);
  for (uint32_t i = 0; i < result->action_count; i++) {
    soc_text name = soc_case_action(case_of(at), at->decision, at->row, i);
    json_text(w, name.data, name.length);
  }
  json_array_end(w);
}

static void put_fact_name(struct result_printer *p, const struct place *at,
                          const soc_fact_ref *ref) {
  struct phrase_key key = {PHRASE_FACT, {address(at->a), ref->fact}};
  bool of_row = ref->row != SOC_NO_INDEX; // there are too many of those to keep
  size_t start = p->out.length;
  if (!of_row && phrase_put(&p->phrases, &key, p->json)) return;
  buffer_clear(&p->scratch);
  fact_ref_name(at->a, ref, &p->scratch);
  json_text(p->json, buffer_get(&p->scratch), p->scratch.length);
  if (!of_row) phrase_keep(&p->phrases, &key, p->json, start);
}

static void put_missing(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  if (result->missing_count == 0) {
    json_empty(p->json, "missing");
    return;
  }
  json_key(p->json, "missing");
  json_array(p->json);
  for (uint32_t i = 0; i < result->missing_count; i++) {
    soc_fact_ref ref;
    if (soc_case_missing(case_of(at), at->decision, at->row, i, &ref) != SOC_OK) break;
    put_fact_name(p, at, &ref);
  }
  json_array_end(p->json);
}

static void put_possible(struct result_printer *p, const soc_result *result) {
  struct json_writer *w = p->json;
  struct phrase_key key = {PHRASE_POSSIBLE, {result->possible}};
  size_t start = w->out->length;
  if (phrase_put(&p->phrases, &key, w)) return;
  json_key(w, "possible");
  json_array(w);
  for (unsigned i = 0; i < SOC_DETERMINATION_COUNT; i++) {
    if (result->possible >> i & 1) json_string(w, soc_determination_name((soc_determination)i));
  }
  json_array_end(w);
  phrase_keep(&p->phrases, &key, w, start);
}

// The assumption about a fact of the case is the same whenever it is made, but for one that a derivation ended with.
static bool is_fixed(const struct place *at, const soc_fact_ref *ref) {
  soc_fact_info about;
  return ref->row == SOC_NO_INDEX && soc_policy_fact(&at->a->policy, ref->fact, &about) == SOC_OK &&
         about.left_out == SOC_LEFT_OUT_ASSUMED;
}

static void put_assumption(struct result_printer *p, const struct place *at,
                           const soc_fact_ref *ref) {
  struct fact_reading reading = {at->a, at->o->data};
  struct phrase_key key = {PHRASE_ASSUMPTION, {address(at->a), ref->fact}};
  size_t start = p->out.length;
  if (ref->row == SOC_NO_INDEX && phrase_put(&p->phrases, &key, p->json)) return;
  json_object(p->json);
  json_key(p->json, "fact");
  put_fact_name(p, at, ref);
  fact_assumption_json(&reading, ref, p->json, &p->scratch);
  json_object_end(p->json);
  if (is_fixed(at, ref)) phrase_keep(&p->phrases, &key, p->json, start);
}

static void put_assumed(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  if (result->assumed_count == 0) {
    json_empty(p->json, "assumed");
    return;
  }
  json_key(p->json, "assumed");
  json_array(p->json);
  for (uint32_t i = 0; i < result->assumed_count; i++) {
    soc_fact_ref ref;
    if (soc_case_assumed(case_of(at), at->decision, at->row, i, &ref) != SOC_OK) break;
    put_assumption(p, at, &ref);
  }
  json_array_end(p->json);
}

// ---------------------------------------------------------------------------------------- explanation

static void put_flag(struct json_writer *w, const char *key, bool value) {
  json_key(w, key);
  json_bool(w, value);
}

static void put_facts(struct result_printer *p, const struct place *at,
                      const struct explain_entry *e) {
  struct fact_reading reading = {at->a, at->o->data};
  json_key(p->json, "facts");
  json_array(p->json);
  for (size_t i = 0; i < e->fact_count; i++) {
    const soc_fact_ref *ref = &p->tree.facts[e->first_fact + i];
    json_object(p->json);
    json_key(p->json, "fact");
    put_fact_name(p, at, ref);
    if (!fact_value_json(&reading, ref, p->json, &p->scratch)) put_flag(p->json, "unknown", true);
    if (fact_is_assumed(&reading, ref)) put_flag(p->json, "assumed", true);
    json_object_end(p->json);
  }
  json_array_end(p->json);
}

static void put_candidates(struct json_writer *w, const struct place *at,
                           const soc_explain_node *node) {
  json_key(w, "candidates");
  json_array(w);
  for (uint32_t i = 0; i < 64; i++) {
    if (!(node->candidates >> i & 1)) continue;
    soc_text name = soc_policy_cell_value(&at->a->policy, node->cell, i);
    json_text(w, name.data, name.length);
  }
  json_array_end(w);
}

// A quantity: its value, null if there is none, or the ends between which it lies.
static void put_quantity(struct result_printer *p, const soc_explain_node *node) {
  if (node->low == INT64_MIN && node->high == INT64_MAX) return;
  if (node->low == INT64_MIN) {
    json_key(p->json, "value");
    json_null(p->json);
  } else if (node->low == node->high) {
    put_number(p, "value", node->low);
  } else {
    put_number(p, "at_least", node->low);
    put_number(p, "at_most", node->high);
  }
}

static void put_node(struct result_printer *p, const struct place *at,
                     const struct explain_entry *e) {
  const soc_explain_node *node = &e->node;
  put_text(p->json, node->is_rule ? "rule" : "criterion", node->name);
  if (node->is_rule) {
    json_key(p->json, "determination");
    json_string(p->json, soc_determination_name(node->determination));
  }
  put_text(p->json, "text", node->text);
  put_text(p->json, "cite", node->cite);
  json_key(p->json, "state");
  json_string(p->json, truth_name(node->state));
  if (node->is_rule) {
    put_flag(p->json, "deciding", node->deciding);
    put_flag(p->json, "reached", node->reached);
  }
  if (node->derived) put_candidates(p->json, at, node);
  if (node->quantity) put_quantity(p, node);
  if (explain_list(at->a, node) != SOC_NO_INDEX) {
    json_key(p->json, "row");
    json_unsigned(p->json, node->row);
  }
  if (node->repeated) put_flag(p->json, "repeated", true);
  put_facts(p, at, e);
}

// What is nested deeper than this is left out: no reader follows, and the writer's levels are bounded.
enum { EXPLAIN_DEPTH = 1000 };

static void put_explanation(struct result_printer *p, const struct place *at) {
  struct json_writer *w = p->json;
  uint32_t open = 0; // objects that are open: one for each depth
  json_key(w, "explanation");
  json_array(w);
  for (size_t i = 0; i < p->tree.count; i++) {
    const struct explain_entry *e = &p->tree.entries[i];
    if (e->node.depth >= EXPLAIN_DEPTH || e->node.depth > open) continue;
    for (; open > e->node.depth; open--) {
      json_array_end(w); // its parts
      json_object_end(w);
    }
    json_object(w);
    put_node(p, at, e);
    json_key(w, e->node.depth == 0 ? "criteria" : "parts");
    json_array(w);
    open++;
  }
  for (; open > 0; open--) {
    json_array_end(w);
    json_object_end(w);
  }
  json_array_end(w);
}

// What a decision over the case and one about a claim line have in common comes in one order.
static void put_result(struct result_printer *p, const struct place *at, const soc_result *result) {
  struct json_writer *w = p->json;
  put_determination(p, result);
  put_reasons(p, at, result);
  if (!at->line) {
    put_approval(p, result);
    put_redirect(w, at, result);
  }
  put_actions(w, at, result);
  put_missing(p, at, result);
  put_possible(p, result);
  put_assumed(p, at, result);
  if (result->has_units_allowed) put_number(p, "units_allowed", result->units_allowed);
  if (at->o->explain && explain_gather(&p->tree, case_of(at), at->decision, at->row))
    put_explanation(p, at);
}

static void put_decisions(struct result_printer *p, const struct outcome *o) {
  const struct artifact *a = o->claim->artifact;
  json_key(p->json, "decisions");
  json_object(p->json);
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    struct place at = {o, a, i, 0, false};
    soc_decision_info decision;
    soc_result result;
    if (soc_policy_decision(&a->policy, i, &decision) != SOC_OK || decision.list != SOC_NO_INDEX)
      continue;
    if (soc_case_result(case_of(&at), i, 0, &result) != SOC_OK) continue;
    json_key_text(p->json, decision.name.data, decision.name.length);
    json_object(p->json);
    put_result(p, &at, &result);
    json_object_end(p->json);
  }
  json_object_end(p->json);
}

// ---------------------------------------------------------------------------------------- claim lines

static void put_version(struct result_printer *p, const struct artifact *a) {
  put_text(p->json, "version", a->info.version);
  json_key(p->json, "artifact");
  buffer_clear(&p->scratch);
  buffer_format(&p->scratch, "sha256:%s", a->digest);
  json_text(p->json, buffer_get(&p->scratch), p->scratch.length);
}

static void put_line(struct result_printer *p, const struct place *at,
                     const soc_decision_info *decision, bool named) {
  const struct claim_line *line = &at->o->claim->lines[at->row];
  soc_result result;
  if (soc_case_result(case_of(at), at->decision, at->row, &result) != SOC_OK) return;
  json_object(p->json);
  put_number(p, "number", line->number);
  if (named) put_text(p->json, "decision", decision->name);
  if (at->a != at->o->claim->artifact) put_version(p, at->a);
  put_result(p, at, &result);
  json_object_end(p->json);
}

static void put_lines(struct result_printer *p, const struct outcome *o) {
  if (o->claim->line_count == 0) return;
  json_key(p->json, "lines");
  json_array(p->json);
  for (uint32_t row = 0; row < o->claim->line_count; row++) {
    const struct artifact *a = o->claim->lines[row].artifact;
    uint32_t count = line_decisions(a);
    for (uint32_t i = 0; i < a->info.decision_count; i++) {
      struct place at = {o, a, i, row, true};
      soc_decision_info decision;
      if (soc_policy_decision(&a->policy, i, &decision) == SOC_OK && decision.list != SOC_NO_INDEX)
        put_line(p, &at, &decision, count > 1);
    }
  }
  json_array_end(p->json);
}

static void put_policy(struct result_printer *p, const struct artifact *a) {
  struct phrase_key key = {PHRASE_POLICY, {address(a)}};
  size_t start = p->out.length;
  if (phrase_put(&p->phrases, &key, p->json)) return;
  put_text(p->json, "policy", a->info.id);
  put_version(p, a);
  phrase_keep(&p->phrases, &key, p->json, start);
}

void result_json(struct result_printer *p, const struct outcome *o) {
  struct json_writer *w = p->json;
  json_writer_reset(w);
  if (!o->claim) {
    put_error(w, o);
    buffer_char(&p->out, '\n');
    return;
  }
  json_object(w);
  put_case(w, o, false);
  put_policy(p, o->claim->artifact);
  put_decisions(p, o);
  put_lines(p, o);
  json_object_end(w);
  buffer_char(&p->out, '\n');
}
