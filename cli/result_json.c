// SPDX-License-Identifier: Apache-2.0
//
// A result or an error as one line of JSON; the names and their order are fixed by the contract, things are only added.
#include "cli/block_columns.h"
#include "cli/results.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void put_text(struct json_writer *w, const char *key, soc_text text) {
  json_key(w, key);
  json_text(w, text.data, text.length);
}

static void put_number(struct result_printer *p, const char *key, int64_t millionths) {
  buffer_clear(&p->scratch);
  decimal_append(&p->scratch, millionths);
  json_key(p->json, key);
  json_raw(p->json, buffer_get(&p->scratch), p->scratch.length);
}

// The case's id, else its index.
static void put_case(struct json_writer *w, const struct outcome *o) {
  json_key(w, "case");
  if (o->data->has_id)
    json_text(w, buffer_get(&o->data->id), o->data->id.length);
  else
    json_unsigned(w, o->index);
}

static void put_error(struct json_writer *w, const struct outcome *o) {
  const struct case_error *e = &o->data->error;
  json_object(w);
  if (o->data->has_id) {
    put_case(w, o);
  } else {
    json_key(w, "case");
    json_null(w);
  }
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

static void put_determination(struct json_writer *w, const soc_result *result) {
  json_key(w, "determination");
  json_string(w, soc_determination_name(result->determination));
  json_key(w, "reason");
  if (result->reason.length)
    json_text(w, result->reason.data, result->reason.length);
  else
    json_null(w);
}

static void put_reasons(struct json_writer *w, const struct place *at, const soc_result *result) {
  json_key(w, "reasons");
  json_array(w);
  for (uint32_t i = 0; i < result->reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(case_of(at), at->decision, at->row, i, &reason) != SOC_OK) break;
    json_object(w);
    put_text(w, "code", reason.code);
    put_text(w, "criterion", reason.criterion);
    put_text(w, "text", reason.text);
    put_text(w, "cite", reason.cite);
    json_object_end(w);
  }
  json_array_end(w);
}

// What stands between the two parts of a result that approves.
struct approval {
  bool has_from, has_through, one_time;
  int32_t from, through;
};

JSON_INLINE char *copy_words(char *to, const char *words) {
  size_t length = strlen(words);
  memcpy(to, words, length);
  return to + length;
}

static char *write_date(char *to, int32_t days) {
  *to++ = '"';
  date_write(to, days);
  to += DATE_LENGTH;
  *to++ = '"';
  return to;
}

enum { APPROVAL_BYTES = 128 }; // with room for what stands around it
static size_t write_approval(char text[APPROVAL_BYTES], const struct approval *a) {
  char *at = copy_words(text, "\"approval\":{");
  if (a->has_from) at = write_date(copy_words(at, "\"from\":"), a->from);
  if (a->has_from && a->has_through) *at++ = ',';
  if (a->has_through) at = write_date(copy_words(at, "\"through\":"), a->through);
  if ((a->has_from || a->has_through) && a->one_time) *at++ = ',';
  if (a->one_time) at = copy_words(at, "\"one_time\":true");
  *at++ = '}';
  return (size_t)(at - text);
}

static void put_approval(struct json_writer *w, const struct approval *a) {
  char text[APPROVAL_BYTES];
  json_raw(w, text, write_approval(text, a));
}

static void put_redirect(struct json_writer *w, const struct place *at, const soc_result *result) {
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
  json_key(w, "actions");
  json_array(w);
  for (uint32_t i = 0; i < result->action_count; i++) {
    soc_text name = soc_case_action(case_of(at), at->decision, at->row, i);
    json_text(w, name.data, name.length);
  }
  json_array_end(w);
}

static void put_fact_name(struct result_printer *p, struct json_writer *w, const struct place *at,
                          const soc_fact_ref *ref) {
  buffer_clear(&p->scratch);
  fact_ref_name(at->a, ref, &p->scratch);
  json_text(w, buffer_get(&p->scratch), p->scratch.length);
}

static void put_missing(struct result_printer *p, struct json_writer *w, const struct place *at,
                        const soc_result *result) {
  json_key(w, "missing");
  json_array(w);
  for (uint32_t i = 0; i < result->missing_count; i++) {
    soc_fact_ref ref;
    if (soc_case_missing(case_of(at), at->decision, at->row, i, &ref) != SOC_OK) break;
    put_fact_name(p, w, at, &ref);
  }
  json_array_end(w);
}

static void put_possible(struct json_writer *w, const soc_result *result) {
  json_key(w, "possible");
  json_array(w);
  for (unsigned i = 0; i < SOC_DETERMINATION_COUNT; i++) {
    if (result->possible >> i & 1) json_string(w, soc_determination_name((soc_determination)i));
  }
  json_array_end(w);
}

static void put_assumption(struct result_printer *p, struct json_writer *w, const struct place *at,
                           const soc_fact_ref *ref) {
  struct fact_reading reading = {at->a, at->o->data};
  json_object(w);
  json_key(w, "fact");
  put_fact_name(p, w, at, ref);
  fact_assumption_json(&reading, ref, w, &p->scratch);
  json_object_end(w);
}

static void put_assumed(struct result_printer *p, struct json_writer *w, const struct place *at,
                        const soc_result *result) {
  json_key(w, "assumed");
  json_array(w);
  for (uint32_t i = 0; i < result->assumed_count; i++) {
    soc_fact_ref ref;
    if (soc_case_assumed(case_of(at), at->decision, at->row, i, &ref) != SOC_OK) break;
    put_assumption(p, w, at, &ref);
  }
  json_array_end(w);
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
    put_fact_name(p, p->json, at, ref);
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

// ---------------------------------------------------------------------------------------- results

enum { KEY_WORDS = 128 };    // of a result; what has more is written anew each time
enum { DECISION_SHIFT = 2 }; // behind the kind

// A version is known by its address, for it lives as long as what is kept.
static struct phrase_key key_by(enum phrase_kind kind, const struct artifact *a, uint32_t decision,
                                const uint64_t *words, uint32_t count) {
  return (struct phrase_key){(uint64_t)kind | (uint64_t)decision << DECISION_SHIFT,
                             (uint64_t)(uintptr_t)a, words, words ? count : 0};
}

// By a block: other numbers than those of a result, which stand for as much.
static struct phrase_key gathered_key(const struct gathered *g, uint32_t decision,
                                      const struct block_result *r) {
  return key_by(PHRASE_BLOCK, g->artifact, decision, r->key, r->words);
}

// The numbers of a result.
static struct phrase_key key_of(const struct place *at, uint64_t words[KEY_WORDS]) {
  const struct gathered *g = at->o->gathered;
  if (g) {
    struct block_result r = block_result(g->artifact->block, at->decision, g->index);
    if (r.key) return gathered_key(g, at->decision, &r);
  }
  uint32_t count = soc_case_result_key(case_of(at), at->decision, at->row, words, KEY_WORDS);
  return key_by(PHRASE_RESULT, at->a, at->decision, words, count);
}

// A piece begins inside of an object that is opened elsewhere: without its bracket.
static void begin_piece(struct result_printer *p, struct phrase_key key) {
  phrase_begin(p->phrases, key);
  json_writer_reset(p->wording);
  json_object(p->wording);
  phrase_text(p->phrases);
}

enum { MARK_APPROVAL = 1, MARK_ONE_TIME = 2 }; // of a result

// The members of a result that are the same whenever it comes: those before and those behind the approval, in one order
// for decisions over the case, which are named, and for those about a claim line.
static const struct phrase *word_result(struct result_printer *p, const struct place *at,
                                        struct phrase_key key) {
  struct json_writer *w = p->wording;
  soc_text name = at->a->decisions[at->decision].name;
  soc_result result;
  if (soc_case_result(case_of(at), at->decision, at->row, &result) != SOC_OK) return NULL;
  begin_piece(p, key);
  phrase_mark(p->phrases,
              (result.has_approval ? MARK_APPROVAL : 0u) | (result.one_time ? MARK_ONE_TIME : 0u));
  if (!at->line) {
    json_key_text(w, name.data, name.length);
    json_object(w);
  }
  put_determination(w, &result);
  put_reasons(w, at, &result);
  phrase_second(p->phrases);
  if (!at->line) put_redirect(w, at, &result);
  put_actions(w, at, &result);
  put_missing(p, w, at, &result);
  put_possible(w, &result);
  put_assumed(p, w, at, &result);
  return phrase_keep(p->phrases);
}

// `result` NULL: it has no approval and no units.
static void put_result(struct result_printer *p, const struct place *at, struct phrase_key key,
                       const soc_result *result) {
  const struct phrase *words = phrase_find(p->phrases, key);
  if (!words) words = word_result(p, at, key);
  if (!words) return; // out of memory, as result_print will say
  bool parted = result && result->has_approval && !at->line;
  json_raw(p->json, phrase_head(words), parted ? words->head : words->length);
  if (parted) {
    struct approval approval = {result->has_from, result->has_through, result->one_time,
                                result->from, result->through};
    put_approval(p->json, &approval);
    buffer_append(&p->out, phrase_tail(words), words->length - words->head);
  }
  if (result && result->has_units_allowed) put_number(p, "units_allowed", result->units_allowed);
  if (at->o->explain && explain_gather(&p->tree, case_of(at), at->decision, at->row))
    put_explanation(p, at);
}

static void put_decision(struct result_printer *p, const struct place *at) {
  uint64_t words[KEY_WORDS];
  struct phrase_key key = key_of(at, words);
  soc_result result;
  bool settled = key.count > 0 && !at->o->gathered && (words[0] & 0xff) != SOC_APPROVE;
  if (!settled && soc_case_result(case_of(at), at->decision, at->row, &result) != SOC_OK) return;
  put_result(p, at, key, settled ? NULL : &result);
  buffer_char(&p->out, '}'); // its first part opens the object
}

static void put_decisions(struct result_printer *p, const struct outcome *o) {
  const struct artifact *a = o->claim->artifact;
  json_key(p->json, "decisions");
  json_object(p->json);
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    struct place at = {o, a, i, 0, false};
    if (!decides_rows(a, i)) put_decision(p, &at);
  }
  json_object_end(p->json);
}

// ---------------------------------------------------------------------------------------- claim lines

static void put_version(struct json_writer *w, const struct artifact *a) {
  json_raw(w, buffer_get(&a->heading) + a->version_at, a->heading.length - a->version_at);
}

static void put_line(struct result_printer *p, const struct place *at, bool named) {
  const struct claim_line *line = &at->o->claim->lines[at->row];
  uint64_t words[KEY_WORDS];
  soc_result result;
  if (soc_case_result(case_of(at), at->decision, at->row, &result) != SOC_OK) return;
  json_object(p->json);
  put_number(p, "number", line->number);
  if (named) put_text(p->json, "decision", at->a->decisions[at->decision].name);
  if (at->a != at->o->claim->artifact) put_version(p->json, at->a);
  put_result(p, at, key_of(at, words), &result);
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
      if (decides_rows(a, i)) put_line(p, &at, count > 1);
    }
  }
  json_array_end(p->json);
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
  put_case(w, o);
  const struct buffer *heading = &o->claim->artifact->heading;
  json_raw(w, buffer_get(heading), heading->length);
  put_decisions(p, o);
  put_lines(p, o);
  json_object_end(w);
  buffer_char(&p->out, '\n');
}

// ---------------------------------------------------------------------------------------- blocks

// What is the same in every result is copied; the rest stands between.

static void put_start(struct buffer *out, const struct gathered *g, const char *texts,
                      uint64_t index) {
  static const char start[] = "{\"case\":", decisions[] = ",\"decisions\":{";
  const struct buffer *heading = &g->artifact->heading;
  buffer_append(out, start, sizeof start - 1);
  if (!g->has_id)
    buffer_format(out, "%" PRIu64, index);
  else if (g->spelled)
    buffer_append(out, texts + g->id, g->id_length);
  else
    json_string_append(out, texts + g->id, g->id_length);
  buffer_char(out, ',');
  buffer_append(out, heading->data, heading->length);
  buffer_append(out, decisions, sizeof decisions - 1);
}

void result_expect(struct result_printer *p, const struct gathered *all, size_t i, size_t count) {
  enum { FAR = 24, NEAR = 12 };
  struct expected *e = &p->expected;
  if (i == 0) e->far = e->near = 0;
  for (; e->far < count && e->far <= i + FAR; e->far++) {
    const struct gathered *g = &all[e->far];
    if (!g->artifact) continue;
    for (uint32_t d = 0; d < g->artifact->info.decision_count && d < HASHED; d++) {
      struct block_result r = block_result(g->artifact->block, d, g->index);
      uint64_t hash = phrase_hash(gathered_key(g, d, &r));
      e->hashes[e->far % EXPECTED][d] = hash;
      phrase_expect(p->phrases, hash);
    }
  }
  for (; e->near < count && e->near <= i + NEAR; e->near++) {
    const struct gathered *g = &all[e->near];
    if (!g->artifact) continue;
    for (uint32_t d = 0; d < g->artifact->info.decision_count && d < HASHED; d++)
      phrase_fetch(p->phrases, e->hashes[e->near % EXPECTED][d]);
  }
}

// False: what the decision comes to is new.
static bool put_gathered(struct result_printer *p, const struct gathered *g, uint32_t decision,
                         const uint64_t hashes[HASHED]) {
  struct buffer *out = &p->out;
  struct block_result r = block_result(g->artifact->block, decision, g->index);
  struct phrase_key key = gathered_key(g, decision, &r);
  uint64_t hash = decision < HASHED ? hashes[decision] : phrase_hash(key);
  const struct phrase *piece = phrase_find_by(p->phrases, key, hash);
  if (!piece || !buffer_reserve(out, piece->length + APPROVAL_BYTES)) return false;
  bool parted = (piece->mark & MARK_APPROVAL) != 0;
  uint32_t head = parted ? piece->head : piece->length;
  char *at = out->data + out->length;
  if (decision > 0) *at++ = ',';
  memcpy(at, phrase_head(piece), head);
  at += head;
  if (parted) {
    struct approval approval = {r.from != SOC_BATCH_NO_DAY, r.through != SOC_BATCH_NO_DAY,
                                (piece->mark & MARK_ONE_TIME) != 0, r.from, r.through};
    *at++ = ',';
    at += write_approval(at, &approval);
    memcpy(at, phrase_tail(piece), piece->length - piece->head);
    at += piece->length - piece->head;
  }
  *at++ = '}'; // its first part opens the object
  out->length = (size_t)(at - out->data);
  *at = '\0';
  return true;
}

bool result_print_gathered(struct result_printer *p, const struct gathered *g, size_t i,
                           const char *texts, uint64_t index) {
  struct buffer *out = &p->out;
  size_t before = out->length;
  bool known = true;
  put_start(out, g, texts, index);
  for (uint32_t d = 0; known && d < g->artifact->info.decision_count; d++)
    known = put_gathered(p, g, d, p->expected.hashes[i % EXPECTED]);
  buffer_append(out, "}}\n", 3);
  known = known && !out->failed;
  if (!known && !out->failed) out->length = before;
  return known;
}
