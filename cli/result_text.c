// SPDX-License-Identifier: Apache-2.0
//
// A result or an error as people read it: what was decided and why, from when to when, what to do, what to ask next.
// Plain ASCII of its own; texts of the policy are UTF-8. Nothing here is meant for programs.
#include "cli/results.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 96, LABEL = 14 };

// ---------------------------------------------------------------------------------------- layout

void layout_pad(struct buffer *out, size_t columns) {
  for (size_t i = 0; i < columns; i++) buffer_char(out, ' ');
}

static size_t word_end(const char *text, size_t length, size_t at) {
  while (at < length && text[at] != ' ') at++;
  return at;
}

// A fact stays with its value, or at least with the first word of it, where a line has room for them.
static void keep_value(const char *text, size_t length, size_t start, size_t room, size_t *at,
                       size_t *columns) {
  size_t first = word_end(text, length, *at + 3), all = first;
  while (all < length && text[all - 1] != ';') all = word_end(text, length, all + 1);
  for (size_t end = all;; end = first) {
    size_t more = text_columns(text + start, end - start);
    if (more <= room) {
      *at = end;
      *columns = more;
    }
    if (more <= room || end == first) return;
  }
}

void layout_wrap(struct buffer *out, const char *text, size_t length, size_t indent,
                 size_t column) {
  size_t at = 0;
  bool first = true;
  while (at < length) {
    while (at < length && text[at] == ' ') at++;
    size_t start = at;
    at = word_end(text, length, at);
    size_t columns = text_columns(text + start, at - start);
    if (length - at > 3 && memcmp(text + at, " = ", 3) == 0)
      keep_value(text, length, start, WIDTH - indent, &at, &columns);
    if (columns == 0) break;
    if (!first && column + 1 + columns > WIDTH) {
      buffer_char(out, '\n');
      layout_pad(out, indent);
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
  layout_wrap(out, buffer_get(text), text->length, 4 + LABEL, 4 + LABEL);
}

const char *determination_text(soc_determination determination) {
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
  for (const char *c = determination_text(determination); *c; c++)
    buffer_char(&p->out, *c >= 'a' && *c <= 'z' ? (char)(*c - ('a' - 'A')) : *c);
  if (p->color) buffer_text(&p->out, "\x1b[0m");
}

// ---------------------------------------------------------------------------------------- facts in words

void row_words_append(struct buffer *out, const struct place *at, uint32_t list, uint32_t row) {
  const struct claim *claim = at->o->claim;
  soc_fact_info about;
  if (at->a->binding.vocabulary[list] == claim->list && row < claim->line_count) {
    buffer_text(out, " of line ");
    decimal_append(out, claim->lines[row].number);
    return;
  }
  buffer_format(out, " of record %u", (unsigned)row + 1);
  if (soc_policy_fact(&at->a->policy, list, &about) != SOC_OK) return;
  buffer_text(out, " of ");
  text_append(out, about.name);
}

void fact_words_append(struct buffer *out, const struct place *at, const soc_fact_ref *ref) {
  soc_fact_info about;
  if (soc_policy_fact(&at->a->policy, ref->fact, &about) != SOC_OK) return;
  const char *bracket =
      ref->row != SOC_NO_INDEX ? memchr(about.name.data, '[', about.name.length) : NULL;
  size_t skipped = bracket ? (size_t)(bracket - about.name.data) + sizeof "[]." - 1 : 0;
  buffer_append(out, about.name.data + skipped, about.name.length - skipped);
  if (bracket) row_words_append(out, at, about.list, ref->row);
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

static void put_units(struct result_printer *p, const soc_result *result) {
  if (!result->has_units_allowed) return;
  buffer_clear(&p->scratch);
  decimal_append(&p->scratch, result->units_allowed);
  labelled(&p->out, "units allowed", &p->scratch);
}

static void put_possible(struct result_printer *p, const soc_result *result) {
  buffer_clear(&p->scratch);
  if (result->determination != SOC_PEND || result->possible == 1u << SOC_PEND) return;
  for (unsigned i = 0; i < SOC_DETERMINATION_COUNT; i++) {
    if (!(result->possible >> i & 1)) continue;
    if (p->scratch.length) buffer_text(&p->scratch, ", ");
    buffer_text(&p->scratch, determination_text((soc_determination)i));
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
    fact_words_append(&p->scratch, at, &ref);
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
    fact_words_append(&p->scratch, at, &ref);
    buffer_text(&p->scratch, " = ");
    fact_assumption_text(&reading, &ref, &p->scratch);
    labelled(&p->out, i == 0 ? "assumed" : "", &p->scratch);
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
  if (e->row) {
    buffer_format(&p->out, ", row %zu of ", e->row);
    visible_append(&p->out, e->file, strlen(e->file));
  }
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
  layout_wrap(&p->out, buffer_get(&e->message), e->message.length, 4, 4);
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
  put_units(p, &result);
  put_redirect(p, at, &result);
  put_actions(p, at, &result);
  put_possible(p, &result);
  put_missing(p, at, &result);
  put_assumed(p, at, &result);
  if (at->o->explain && explain_gather(&p->tree, case_of(at), at->decision, at->row))
    explain_text(p, at);
}

// "line 3", "line 3 under 2018-04-15", "line 3, payment"
static void put_line(struct result_printer *p, const struct outcome *o, uint32_t row) {
  const struct claim_line *line = &o->claim->lines[row];
  const struct artifact *a = line->artifact;
  struct buffer title = {0};
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    struct place at = {o, a, i, row, true};
    if (!decides_rows(a, i)) continue;
    buffer_clear(&title);
    buffer_text(&title, "line ");
    decimal_append(&title, line->number);
    if (a != o->claim->artifact) buffer_format(&title, " under %s", a->info.version.data);
    if (line_decisions(a) > 1) buffer_format(&title, ", %s", a->decisions[i].name.data);
    put_decision(p, &at, buffer_get(&title));
    p->out.failed = p->out.failed || title.failed;
  }
  buffer_free(&title);
}

void result_text(struct result_printer *p, const struct outcome *o) {
  if (o->index > 0) buffer_char(&p->out, '\n');
  if (!o->claim) {
    put_error(p, o);
    return;
  }
  const struct artifact *a = o->claim->artifact;
  put_case(&p->out, o);
  buffer_format(&p->out, " under %s of %s", a->info.id.data, a->info.version.data);
  if (a->info.title.length) buffer_format(&p->out, ", %s", a->info.title.data);
  buffer_char(&p->out, '\n');
  explain_forget(&p->tree);
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    struct place at = {o, a, i, 0, false};
    if (!decides_rows(a, i)) put_decision(p, &at, a->decisions[i].name.data);
  }
  for (uint32_t row = 0; row < o->claim->line_count; row++) put_line(p, o, row);
  if (o->claim->line_count == 0 && line_decisions(a) == a->info.decision_count)
    buffer_text(&p->out, "  nothing to decide: the case has no claim lines\n");
}

// ---------------------------------------------------------------------------------------- either form

bool result_printer_open(struct result_printer *p, bool json, bool color) {
  *p = (struct result_printer){.color = color};
  if (!json) return true;
  p->json = json_writer_new(&p->out, false);
  p->phrases = phrases_new();
  if (p->phrases) p->wording = json_writer_new(&p->phrases->pieces, false);
  return p->json && p->wording;
}

void result_printer_close(struct result_printer *p) {
  json_writer_free(p->json);
  buffer_free(&p->out);
  buffer_free(&p->scratch);
  explain_free(&p->tree);
  json_writer_free(p->wording);
  phrases_free(p->phrases);
}

bool result_print(struct result_printer *p, const struct outcome *o) {
  if (p->json)
    result_json(p, o);
  else
    result_text(p, o);
  return !p->out.failed && !p->scratch.failed && !p->tree.failed &&
         (!p->json || (json_writer_ok(p->json) && json_writer_ok(p->wording)));
}
