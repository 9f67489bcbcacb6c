// SPDX-License-Identifier: Apache-2.0
//
// A result or an error as people read it: what was decided and why, from when to when, what to do, what to ask next.
// Plain ASCII of its own; texts of the policy are UTF-8. Nothing here is meant for programs.
#include "cli/results.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 96, LABEL = 14, TREE_INDENT = 2, TREE_INDENT_MAX = 40 };

// ---------------------------------------------------------------------------------------- layout

static void pad(struct buffer *out, size_t columns) {
  for (size_t i = 0; i < columns; i++) buffer_char(out, ' ');
}

// Appends words, broken so that lines end before WIDTH; later lines begin at `indent`. `column` is where it starts.
static void wrap(struct buffer *out, const char *text, size_t length, size_t indent,
                 size_t column) {
  size_t at = 0;
  bool first = true;
  while (at < length) {
    while (at < length && text[at] == ' ') at++;
    size_t start = at;
    while (at < length && text[at] != ' ') at++;
    size_t columns = text_columns(text + start, at - start);
    if (columns == 0) break;
    if (!first && column + 1 + columns > WIDTH) {
      buffer_char(out, '\n');
      pad(out, indent);
      column = indent;
    } else if (!first) {
      buffer_char(out, ' ');
      column++;
    }
    buffer_append(out, text + start, at - start);
    column += columns;
    first = false;
  }
  buffer_char(out, '\n');
}

// "  label        text", with the text wrapped under itself.
static void labelled(struct buffer *out, const char *label, const struct buffer *text) {
  buffer_format(out, "    %-*s", LABEL, label);
  wrap(out, buffer_get(text), text->length, 4 + LABEL, 4 + LABEL);
}

static const char *plain_name(soc_determination determination) {
  switch (determination) {
  case SOC_NOT_APPLICABLE: return "not applicable";
  case SOC_NOT_SEPARATELY_REIMBURSED: return "not separately reimbursed";
  case SOC_CORRECT_AND_RESUBMIT: return "correct and resubmit";
  case SOC_NOT_ADDRESSED: return "not addressed";
  default: return soc_determination_name(determination);
  }
}

static const char *color_of(soc_determination determination) {
  switch (determination) {
  case SOC_APPROVE:
  case SOC_ELIGIBLE: return "\x1b[1;32m";
  case SOC_PEND: return "\x1b[1;33m";
  default: return "\x1b[1m";
  }
}

static void put_determination(struct result_printer *p, soc_determination determination) {
  if (p->color) buffer_text(&p->out, color_of(determination));
  for (const char *c = plain_name(determination); *c; c++)
    buffer_char(&p->out, *c >= 'a' && *c <= 'z' ? (char)(*c - ('a' - 'A')) : *c);
  if (p->color) buffer_text(&p->out, "\x1b[0m");
}

// ---------------------------------------------------------------------------------------- parts of a result

static void put_because(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  for (uint32_t i = 0; i < result->reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(case_of(at), at->decision, at->row, i, &reason) != SOC_OK) return;
    buffer_clear(&p->scratch);
    if (i > 0) buffer_format(&p->scratch, "%s: ", reason.code.data);
    text_append(&p->scratch, reason.text);
    if (reason.cite.length) buffer_format(&p->scratch, " [%s]", reason.cite.data);
    const char *first = result->missing_count ? "depends on" : "because";
    if (p->scratch.length) labelled(&p->out, i == 0 ? first : i == 1 ? "also" : "", &p->scratch);
  }
}

static void put_window(struct result_printer *p, const soc_result *result) {
  if (!result->has_approval) return;
  buffer_clear(&p->scratch);
  if (result->has_from) date_append(&p->scratch, result->from);
  if (result->has_through) {
    buffer_text(&p->scratch, result->has_from ? " through " : "through ");
    date_append(&p->scratch, result->through);
  } else {
    buffer_text(&p->scratch,
                result->has_from ? " on; the policy states no end" : "the policy states no days");
  }
  if (result->one_time) buffer_text(&p->scratch, "; once only");
  labelled(&p->out, result->has_from ? "approved from" : "approved", &p->scratch);
}

static void put_redirect(struct result_printer *p, const struct place *at,
                         const soc_result *result) {
  buffer_clear(&p->scratch);
  for (uint32_t i = 0; i < 64; i++) {
    if (!(result->redirect >> i & 1)) continue;
    if (p->scratch.length) buffer_text(&p->scratch, ", ");
    text_append(&p->scratch, soc_case_redirect(case_of(at), at->decision, at->row, i));
  }
  if (p->scratch.length) labelled(&p->out, "redirect to", &p->scratch);
}

static void put_actions(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  buffer_clear(&p->scratch);
  for (uint32_t i = 0; i < result->action_count; i++) {
    if (i) buffer_text(&p->scratch, ", ");
    text_append(&p->scratch, soc_case_action(case_of(at), at->decision, at->row, i));
  }
  if (p->scratch.length) labelled(&p->out, "to do", &p->scratch);
}

static void put_possible(struct result_printer *p, const soc_result *result) {
  buffer_clear(&p->scratch);
  if (result->determination != SOC_PEND) return;
  for (unsigned i = 0; i < SOC_DETERMINATION_COUNT; i++) {
    if (!(result->possible >> i & 1)) continue;
    if (p->scratch.length) buffer_text(&p->scratch, ", ");
    buffer_text(&p->scratch, plain_name((soc_determination)i));
  }
  if (p->scratch.length) labelled(&p->out, "may become", &p->scratch);
}

static void values_append(const struct vocabulary_index *v, uint32_t fact, struct buffer *out) {
  const soc_vocabulary_fact *f = &v->facts[fact];
  if ((f->type != SOC_ENUM && f->type != SOC_ENUM_LIST) || f->value_count > 8) return;
  for (uint32_t i = 0; i < f->value_count; i++) {
    buffer_text(out, i ? ", " : " {");
    text_append(out, soc_vocabulary_value(v->vocabulary, fact, i));
  }
  buffer_char(out, '}');
}

// What to ask next, the sentence of the vocabulary beside the name.
static void put_missing(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  const struct binding *b = &at->a->binding;
  for (uint32_t i = 0; i < result->missing_count; i++) {
    soc_fact_ref ref;
    if (soc_case_missing(case_of(at), at->decision, at->row, i, &ref) != SOC_OK) return;
    uint32_t fact = b->vocabulary[ref.fact];
    buffer_clear(&p->scratch);
    fact_ref_name(at->a, &ref, &p->scratch);
    if (b->v->facts[fact].doc.length)
      buffer_format(&p->scratch, ": %s", b->v->facts[fact].doc.data);
    values_append(b->v, fact, &p->scratch);
    labelled(&p->out, i == 0 ? "ask" : "", &p->scratch);
  }
}

static void put_assumed(struct result_printer *p, const struct place *at,
                        const soc_result *result) {
  struct fact_reading reading = {at->a, at->o->data};
  for (uint32_t i = 0; i < result->assumed_count; i++) {
    soc_fact_ref ref;
    if (soc_case_assumed(case_of(at), at->decision, at->row, i, &ref) != SOC_OK) return;
    buffer_clear(&p->scratch);
    fact_ref_name(at->a, &ref, &p->scratch);
    buffer_text(&p->scratch, " = ");
    fact_value_text(&reading, &ref, &p->scratch);
    labelled(&p->out, i == 0 ? "assumed" : "", &p->scratch);
  }
}

// ---------------------------------------------------------------------------------------- explanation

static const char *mark_of(const soc_explain_node *node) {
  if (node->is_rule && !node->reached) return "-";
  if (node->quantity) return node->low == node->high ? "is" : "may be";
  switch (node->state) {
  case SOC_MET: return node->derived ? "is" : "met";
  case SOC_NOT_MET: return "not met";
  case SOC_UNKNOWN_TRUTH: break;
  }
  return node->derived ? "may be" : "unknown";
}

static void candidates_append(struct buffer *out, const struct artifact *a,
                              const soc_explain_node *node) {
  const char *separator = " = ";
  for (uint32_t i = 0; i < 64; i++) {
    if (!(node->candidates >> i & 1)) continue;
    buffer_text(out, separator);
    text_append(out, soc_policy_cell_value(&a->policy, node->cell, i));
    separator = " or ";
  }
}

static void quantity_append(struct buffer *out, const soc_explain_node *node) {
  buffer_text(out, " = ");
  if (node->low == INT64_MIN) {
    buffer_text(out, node->high == INT64_MIN ? "none" : "unknown");
    return;
  }
  decimal_append(out, node->low);
  if (node->low == node->high) return;
  buffer_text(out, " to ");
  decimal_append(out, node->high);
}

static bool same_text(soc_text a, soc_text b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

// Is the sentence only the last part of the name over again ("by_code": "by code")?
static bool repeats_name(soc_text text, soc_text name) {
  if (text.length > name.length) return false;
  const char *tail = name.data + (name.length - text.length);
  for (size_t i = 0; i < text.length; i++) {
    if ((tail[i] == '_' ? ' ' : tail[i]) != text.data[i]) return false;
  }
  return true;
}

// Which row of its list a criterion is about, unless it is the line that is being decided.
static void row_append(struct buffer *out, const struct place *at, const soc_explain_node *node) {
  const struct claim *claim = at->o->claim;
  uint32_t list = explain_list(at->a, node);
  if (list == SOC_NO_INDEX) return;
  bool of_claim = at->a->binding.vocabulary[list] == claim->list && node->row < claim->line_count;
  if (of_claim && at->line && node->row == at->row) return;
  if (of_claim) {
    buffer_text(out, " of line ");
    decimal_append(out, claim->lines[node->row].number);
  } else {
    buffer_format(out, "[%u]", (unsigned)node->row);
  }
}

// What the node above says is not said again.
static void node_append(struct buffer *out, const struct place *at, const soc_explain_node *node,
                        const soc_explain_node *above) {
  bool brief = node->repeated || (node->is_rule && !node->reached);
  text_append(out, node->name);
  if (node->is_rule) buffer_format(out, " (%s)", plain_name(node->determination));
  row_append(out, at, node);
  if (node->derived) candidates_append(out, at->a, node);
  if (node->quantity) quantity_append(out, node);
  if (!brief && node->text.length && !repeats_name(node->text, node->name) &&
      !(above && same_text(node->text, above->text)))
    buffer_format(out, ": %s", node->text.data);
  if (!brief && node->cite.length && !(above && same_text(node->cite, above->cite)))
    buffer_format(out, " [%s]", node->cite.data);
  if (node->deciding) buffer_text(out, " <- decides");
  if (node->repeated) buffer_text(out, " (see above)");
}

// The facts of a node, one after the other.
static void put_facts(struct result_printer *p, const struct place *at,
                      const struct explain_entry *e, size_t indent) {
  struct fact_reading reading = {at->a, at->o->data};
  if (e->fact_count == 0) return;
  buffer_clear(&p->scratch);
  for (size_t i = 0; i < e->fact_count; i++) {
    const soc_fact_ref *ref = &p->tree.facts[e->first_fact + i];
    if (i) buffer_text(&p->scratch, "; ");
    fact_ref_name(at->a, ref, &p->scratch);
    buffer_text(&p->scratch, " = ");
    fact_value_text(&reading, ref, &p->scratch);
    if (fact_is_assumed(&reading, ref)) buffer_text(&p->scratch, " (assumed)");
  }
  pad(&p->out, indent);
  wrap(&p->out, buffer_get(&p->scratch), p->scratch.length, indent + 2, indent);
}

static void put_entry(struct result_printer *p, const struct place *at,
                      const struct explain_entry *e, const soc_explain_node *above) {
  size_t indent = 4 + (size_t)e->node.depth * TREE_INDENT;
  if (indent > TREE_INDENT_MAX) indent = TREE_INDENT_MAX;
  pad(&p->out, indent);
  buffer_format(&p->out, "%-8s ", mark_of(&e->node));
  buffer_clear(&p->scratch);
  node_append(&p->scratch, at, &e->node, above);
  wrap(&p->out, buffer_get(&p->scratch), p->scratch.length, indent + 11, indent + 9);
  put_facts(p, at, e, indent + 11);
}

enum { NODES_ABOVE = 64 }; // deeper nodes say everything again

static void put_explanation(struct result_printer *p, const struct place *at) {
  const soc_explain_node *path[NODES_ABOVE] = {NULL};
  bool after_end = false; // below a rule that was not reached
  buffer_text(&p->out, "    rules in the order in which they are tried (-: not reached)\n");
  for (size_t i = 0; i < p->tree.count; i++) {
    const struct explain_entry *e = &p->tree.entries[i];
    uint32_t depth = e->node.depth;
    if (depth == 0)
      after_end = !e->node.reached;
    else if (after_end)
      continue;
    put_entry(p, at, e, depth > 0 && depth <= NODES_ABOVE ? path[depth - 1] : NULL);
    if (depth < NODES_ABOVE) path[depth] = &e->node;
  }
}

// ---------------------------------------------------------------------------------------- cases

static void put_case(struct buffer *out, const struct outcome *o) {
  buffer_text(out, "Case ");
  if (o->data->has_id)
    visible_append(out, o->data->id.data, o->data->id.length);
  else
    buffer_format(out, "%llu (without id)", (unsigned long long)o->index);
}

static void put_error(struct result_printer *p, const struct outcome *o) {
  const struct case_error *e = &o->data->error;
  put_case(&p->out, o);
  buffer_text(&p->out, "\n  ");
  if (p->color) buffer_text(&p->out, "\x1b[1;31m");
  buffer_text(&p->out, "NOT DECIDED");
  if (p->color) buffer_text(&p->out, "\x1b[0m");
  buffer_text(&p->out, ": the input is wrong");
  if (e->pointer.length) {
    buffer_text(&p->out, " at ");
    visible_append(&p->out, e->pointer.data, e->pointer.length);
  }
  if (e->has_offset) buffer_format(&p->out, " at byte %zu", e->offset);
  buffer_format(&p->out, " (%s)\n    ", e->code);
  wrap(&p->out, buffer_get(&e->message), e->message.length, 4, 4);
}

static void put_decision(struct result_printer *p, const struct place *at, const char *title) {
  soc_result result;
  if (soc_case_result(case_of(at), at->decision, at->row, &result) != SOC_OK) return;
  buffer_format(&p->out, "  %s: ", title);
  put_determination(p, result.determination);
  if (result.reason.length) buffer_format(&p->out, " (%s)", result.reason.data);
  buffer_char(&p->out, '\n');
  put_because(p, at, &result);
  put_window(p, &result);
  put_redirect(p, at, &result);
  put_actions(p, at, &result);
  put_possible(p, &result);
  put_missing(p, at, &result);
  put_assumed(p, at, &result);
  if (at->o->explain && explain_gather(&p->tree, case_of(at), at->decision, at->row))
    put_explanation(p, at);
}

// "line 3", "line 3 under 2018-04-15", "line 3, payment"
static void put_line(struct result_printer *p, const struct outcome *o, uint32_t row) {
  const struct claim_line *line = &o->claim->lines[row];
  const struct artifact *a = line->artifact;
  struct buffer title = {0};
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    struct place at = {o, a, i, row, true};
    soc_decision_info decision;
    if (soc_policy_decision(&a->policy, i, &decision) != SOC_OK || decision.list == SOC_NO_INDEX)
      continue;
    buffer_clear(&title);
    buffer_text(&title, "line ");
    decimal_append(&title, line->number);
    if (a != o->claim->artifact) buffer_format(&title, " under %s", a->info.version.data);
    if (line_decisions(a) > 1) buffer_format(&title, ", %s", decision.name.data);
    put_decision(p, &at, buffer_get(&title));
    p->out.failed = p->out.failed || title.failed;
  }
  buffer_free(&title);
}

void result_text(struct result_printer *p, const struct outcome *o) {
  if (!p->first) buffer_char(&p->out, '\n');
  p->first = false;
  if (!o->claim) {
    put_error(p, o);
    return;
  }
  const struct artifact *a = o->claim->artifact;
  put_case(&p->out, o);
  buffer_format(&p->out, " under %s of %s", a->info.id.data, a->info.version.data);
  if (a->info.title.length) buffer_format(&p->out, ", %s", a->info.title.data);
  buffer_char(&p->out, '\n');
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    struct place at = {o, a, i, 0, false};
    soc_decision_info decision;
    if (soc_policy_decision(&a->policy, i, &decision) == SOC_OK && decision.list == SOC_NO_INDEX)
      put_decision(p, &at, decision.name.data);
  }
  for (uint32_t row = 0; row < o->claim->line_count; row++) put_line(p, o, row);
}

// ---------------------------------------------------------------------------------------- either form

bool result_printer_open(struct result_printer *p, bool json, bool color) {
  *p = (struct result_printer){.color = color, .first = true};
  if (json) p->json = json_writer_new(&p->out, false);
  return !json || p->json;
}

void result_printer_close(struct result_printer *p) {
  json_writer_free(p->json);
  buffer_free(&p->out);
  buffer_free(&p->scratch);
  explain_free(&p->tree);
}

bool result_print(struct result_printer *p, const struct outcome *o) {
  buffer_clear(&p->out);
  if (p->json)
    result_json(p, o);
  else
    result_text(p, o);
  return !p->out.failed && !p->scratch.failed && !p->tree.failed &&
         (!p->json || json_writer_ok(p->json));
}
