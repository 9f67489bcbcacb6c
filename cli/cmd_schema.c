// SPDX-License-Identifier: Apache-2.0
//
// soc schema: the JSON Schema (2020-12) of a case or of a result, made from the vocabulary that this program reads
// cases by, so that the two cannot differ.
#include "cli/artifacts.h"
#include "cli/case_reader.h"
#include "cli/commands.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

struct schema {
  struct json_writer *w;
  struct buffer out, scratch;
  struct vocabulary_index v;
};

static void put(struct schema *s, const char *key, const char *value) {
  json_key(s->w, key);
  json_string(s->w, value);
}

static void put_unsigned(struct schema *s, const char *key, uint64_t value) {
  json_key(s->w, key);
  json_unsigned(s->w, value);
}

static void put_bool(struct schema *s, const char *key, bool value) {
  json_key(s->w, key);
  json_bool(s->w, value);
}

// "key": {"type": "string"}
static void put_typed(struct schema *s, const char *key, const char *type) {
  json_key(s->w, key);
  json_object(s->w);
  put(s, "type", type);
  json_object_end(s->w);
}

static void put_reference(struct schema *s, const char *key, const char *definition) {
  json_key(s->w, key);
  json_object(s->w);
  put(s, "$ref", definition);
  json_object_end(s->w);
}

// "key": {"type": "array", "items": {"$ref": definition}}
static void put_array_of(struct schema *s, const char *key, const char *definition) {
  json_key(s->w, key);
  json_object(s->w);
  put(s, "type", "array");
  put_reference(s, "items", definition);
  json_object_end(s->w);
}

static void put_required(struct schema *s, const char *const *names) {
  json_key(s->w, "required");
  json_array(s->w);
  for (; *names; names++) json_string(s->w, *names);
  json_array_end(s->w);
}

// ---------------------------------------------------------------------------------------- values of facts

static void put_decimal(struct schema *s, const char *key, int64_t millionths) {
  buffer_clear(&s->scratch);
  decimal_append(&s->scratch, millionths);
  json_key(s->w, key);
  json_raw(s->w, buffer_get(&s->scratch), s->scratch.length);
}

static void put_enum(struct schema *s, uint32_t fact) {
  put(s, "type", "string");
  json_key(s->w, "enum");
  json_array(s->w);
  for (uint32_t i = 0; i < s->v.facts[fact].value_count; i++) {
    soc_text value = soc_vocabulary_value(s->v.vocabulary, fact, i);
    json_text(s->w, value.data, value.length);
  }
  json_array_end(s->w);
}

static void put_code(struct schema *s, const soc_vocabulary_fact *f) {
  put(s, "type", "string");
  buffer_clear(&s->scratch);
  buffer_format(&s->scratch, "^[0-9A-Z]{%u,%u}$", (unsigned)(f->min_length ? f->min_length : 1),
                (unsigned)(f->max_length ? f->max_length : 12));
  put(s, "pattern", buffer_get(&s->scratch));
}

static void put_scalar(struct schema *s, uint32_t fact) {
  const soc_vocabulary_fact *f = &s->v.facts[fact];
  switch (f->type) {
  case SOC_BOOL: put(s, "type", "boolean"); break;
  case SOC_ENUM:
  case SOC_ENUM_LIST: put_enum(s, fact); break;
  case SOC_CODE:
  case SOC_CODE_LIST: put_code(s, f); break;
  case SOC_DATE:
    put(s, "type", "string");
    put(s, "format", "date");
    put(s, "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    break;
  case SOC_LINE:
  case SOC_NUMBER:
    put(s, "type", f->flags & SOC_FACT_WHOLE ? "integer" : "number");
    put_decimal(s, "minimum", f->minimum);
    put_decimal(s, "maximum", f->maximum);
    break;
  case SOC_TEXT:
  case SOC_RECORDS: put(s, "type", "string"); break;
  }
}

static void put_value(struct schema *s, uint32_t fact) {
  if (!(s->v.facts[fact].flags & SOC_FACT_NULLABLE)) {
    put_scalar(s, fact);
    return;
  }
  json_key(s->w, "anyOf");
  json_array(s->w);
  json_object(s->w);
  put_scalar(s, fact);
  json_object_end(s->w);
  json_object(s->w);
  put(s, "type", "null");
  json_object_end(s->w);
  json_array_end(s->w);
}

static const char *left_out_text(soc_left_out rule) {
  switch (rule) {
  case SOC_LEFT_OUT_UNKNOWN: break;
  case SOC_LEFT_OUT_NONE: return "Left out: there is none.";
  case SOC_LEFT_OUT_EMPTY: return "Left out: empty.";
  case SOC_LEFT_OUT_ASSUMED: return "Left out: assumed.";
  case SOC_LEFT_OUT_OTHER_FACT: return "Left out: the value of another fact.";
  case SOC_LEFT_OUT_REQUIRED: return "Cannot be left out.";
  case SOC_LEFT_OUT_DERIVED: return "Left out: derived by the policy.";
  }
  return "Left out: unknown.";
}

static void put_description(struct schema *s, const soc_vocabulary_fact *f) {
  const char *unit = unit_word(f->unit);
  buffer_clear(&s->scratch);
  text_append(&s->scratch, f->doc);
  if (f->doc.length) buffer_text(&s->scratch, ". ");
  if (*unit) buffer_format(&s->scratch, "In %s. ", strcmp(unit, "%") == 0 ? "percent" : unit);
  buffer_text(&s->scratch, left_out_text(f->left_out));
  put(s, "description", buffer_get(&s->scratch));
  if (!f->standard.length) return;
  json_key(s->w, "$comment");
  json_text(s->w, f->standard.data, f->standard.length);
}

static void put_object(struct schema *s, uint32_t node);

static void put_fact(struct schema *s, uint32_t fact) {
  const soc_vocabulary_fact *f = &s->v.facts[fact];
  put_description(s, f);
  bool list = f->type == SOC_CODE_LIST || f->type == SOC_ENUM_LIST || f->type == SOC_RECORDS;
  if (!list) {
    put_value(s, fact);
    return;
  }
  put(s, "type", "array");
  put_unsigned(s, "maxItems", CASE_ITEMS);
  json_key(s->w, "items");
  json_object(s->w);
  if (f->type == SOC_RECORDS)
    put_object(s, s->v.node_of_fact[fact]);
  else
    put_scalar(s, fact);
  json_object_end(s->w);
}

static void put_required_fields(struct schema *s, uint32_t node) {
  const struct vocabulary_node *n = &s->v.nodes[node];
  bool open = false;
  for (uint32_t i = 0; i < n->child_count; i++) {
    const struct vocabulary_node *child = &s->v.nodes[s->v.order[n->first_child + i]];
    if (child->fact == SOC_NO_INDEX) continue;
    const soc_vocabulary_fact *f = &s->v.facts[child->fact];
    if (!f->key && f->left_out != SOC_LEFT_OUT_REQUIRED) continue;
    if (!open) json_key(s->w, "required"), json_array(s->w);
    open = true;
    json_text(s->w, child->name.data, child->name.length);
  }
  if (open) json_array_end(s->w);
}

// The members of a schema object for a group of facts, a record, or the case itself.
static void put_object(struct schema *s, uint32_t node) {
  const struct vocabulary_node *n = &s->v.nodes[node];
  put(s, "type", "object");
  put_bool(s, "additionalProperties", false);
  put_required_fields(s, node);
  json_key(s->w, "properties");
  json_object(s->w);
  if (node == 0) put_typed(s, "id", "string");
  for (uint32_t i = 0; i < n->child_count; i++) {
    uint32_t child = s->v.order[n->first_child + i];
    json_key_text(s->w, s->v.nodes[child].name.data, s->v.nodes[child].name.length);
    json_object(s->w);
    if (s->v.nodes[child].fact != SOC_NO_INDEX)
      put_fact(s, s->v.nodes[child].fact);
    else
      put_object(s, child); // as deep as the vocabulary's names
    json_object_end(s->w);
  }
  json_object_end(s->w);
}

static void begin(struct schema *s, const char *title) {
  json_object(s->w);
  put(s, "$schema", "https://json-schema.org/draft/2020-12/schema");
  put(s, "title", title);
}

static void case_schema(struct schema *s) {
  begin(s, "A case for soc decide");
  put_object(s, 0);
  json_object_end(s->w);
}

// ---------------------------------------------------------------------------------------- results

static void define(struct schema *s, const char *name, const char *type) {
  json_key(s->w, name);
  json_object(s->w);
  put(s, "type", type);
}

static void define_determination(struct schema *s) {
  define(s, "determination", "string");
  json_key(s->w, "enum");
  json_array(s->w);
  for (int i = 0; i < SOC_DETERMINATION_COUNT; i++)
    json_string(s->w, soc_determination_name((soc_determination)i));
  json_array_end(s->w);
  json_object_end(s->w);
}

// Names of facts as results write them: a field of a record with its index.
static void define_fact_name(struct schema *s) {
  define(s, "fact_name", "string");
  struct buffer pattern = {0};
  buffer_text(&pattern, "^(");
  for (uint32_t i = 0; i < s->v.fact_count; i++) {
    soc_text name = s->v.facts[i].name;
    buffer_text(&pattern, i ? "|" : "");
    for (size_t k = 0; k < name.length; k++) {
      if (name.data[k] == '.')
        buffer_text(&pattern, "\\.");
      else if (name.data[k] == '[')
        buffer_text(&pattern, "\\[[0-9]+");
      else if (name.data[k] == ']')
        buffer_text(&pattern, "\\]");
      else
        buffer_char(&pattern, name.data[k]);
    }
  }
  buffer_text(&pattern, ")$");
  put(s, "pattern", buffer_get(&pattern));
  if (pattern.failed) s->scratch.failed = true;
  buffer_free(&pattern);
  json_object_end(s->w);
}

static void define_reason(struct schema *s) {
  static const char *const required[] = {"code", "criterion", "text", "cite", NULL};
  define(s, "reason", "object");
  put_bool(s, "additionalProperties", false);
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  for (const char *const *name = required; *name; name++) put_typed(s, *name, "string");
  json_object_end(s->w);
  json_object_end(s->w);
}

static void define_date(struct schema *s) {
  define(s, "date", "string");
  put(s, "format", "date");
  json_object_end(s->w);
}

static void define_approval(struct schema *s) {
  define(s, "approval", "object");
  put(s, "description",
      "From is absent when the policy has neither a first day nor a date that chooses the version, "
      "through when it states no limit.");
  put_bool(s, "additionalProperties", false);
  json_key(s->w, "properties");
  json_object(s->w);
  put_reference(s, "from", "#/$defs/date");
  put_reference(s, "through", "#/$defs/date");
  put_typed(s, "one_time", "boolean");
  json_object_end(s->w);
  json_object_end(s->w);
}

static void define_assumption(struct schema *s) {
  static const char *const required[] = {"fact", "value", NULL};
  define(s, "assumption", "object");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_reference(s, "fact", "#/$defs/fact_name");
  json_key(s->w, "value");
  json_bool(s->w, true);
  json_object_end(s->w);
  json_object_end(s->w);
}

static void put_texts(struct schema *s, const char *name) {
  json_key(s->w, name);
  json_object(s->w);
  put(s, "type", "array");
  put_typed(s, "items", "string");
  json_object_end(s->w);
}

static void define_reading(struct schema *s) {
  static const char *const required[] = {"fact", NULL};
  define(s, "reading", "object");
  put(s, "description",
      "A fact that a criterion reads: its value, null if there is none, or unknown.");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_reference(s, "fact", "#/$defs/fact_name");
  json_key(s->w, "value");
  json_bool(s->w, true);
  put_typed(s, "unknown", "boolean");
  put_typed(s, "assumed", "boolean");
  json_object_end(s->w);
  json_object_end(s->w);
}

static void define_node(struct schema *s, const char *definition, const char *name,
                        const char *parts) {
  const char *const required[] = {name, "text", "cite", "state", "facts", parts, NULL};
  define(s, definition, "object");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_typed(s, name, "string");
  put_typed(s, "text", "string");
  put_typed(s, "cite", "string");
  json_key(s->w, "state");
  json_object(s->w);
  json_key(s->w, "enum");
  json_array(s->w);
  json_string(s->w, "met");
  json_string(s->w, "not_met");
  json_string(s->w, "unknown");
  json_array_end(s->w);
  json_object_end(s->w);
  if (strcmp(name, "rule") == 0) {
    put_reference(s, "determination", "#/$defs/determination");
    put_typed(s, "deciding", "boolean");
    put_typed(s, "reached", "boolean");
  } else {
    put_texts(s, "candidates");
    json_key(s->w, "value"); // of a quantity
    json_bool(s->w, true);
    put_typed(s, "at_least", "number");
    put_typed(s, "at_most", "number");
  }
  put_typed(s, "row", "integer");
  put_typed(s, "repeated", "boolean");
  put_array_of(s, "facts", "#/$defs/reading");
  put_array_of(s, parts, "#/$defs/criterion");
  json_object_end(s->w);
  json_object_end(s->w);
}

static void put_artifact(struct schema *s) {
  json_key(s->w, "artifact");
  json_object(s->w);
  put(s, "type", "string");
  put(s, "pattern", "^sha256:[0-9a-f]{64}$");
  json_object_end(s->w);
}

// `lines`: of a claim line, else of a decision over the case.
static void put_result_properties(struct schema *s, bool lines) {
  put_reference(s, "determination", "#/$defs/determination");
  json_key(s->w, "reason");
  json_object(s->w);
  json_key(s->w, "type");
  json_array(s->w);
  json_string(s->w, "string");
  json_string(s->w, "null");
  json_array_end(s->w);
  json_object_end(s->w);
  put_array_of(s, "reasons", "#/$defs/reason");
  if (!lines) {
    put_reference(s, "approval", "#/$defs/approval");
    put_texts(s, "redirect");
  }
  put_texts(s, "actions");
  put_array_of(s, "missing", "#/$defs/fact_name");
  put_array_of(s, "possible", "#/$defs/determination");
  put_array_of(s, "assumed", "#/$defs/assumption");
  put_array_of(s, "explanation", "#/$defs/rule");
}

static void define_decision(struct schema *s) {
  static const char *const required[] = {"determination", "reason",  "reasons",
                                         "redirect",      "actions", "missing",
                                         "possible",      "assumed", NULL};
  define(s, "decision", "object");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_result_properties(s, false);
  json_object_end(s->w);
  json_object_end(s->w);
}

static void define_line(struct schema *s) {
  static const char *const required[] = {"number",   "determination", "reason",
                                         "reasons",  "actions",       "missing",
                                         "possible", "assumed",       NULL};
  define(s, "line", "object");
  put(s, "description",
      "A claim line. Version and artifact are there when another version than the case's decided "
      "it, the decision's name when a policy makes several about each line, units_allowed when a "
      "part of the line stands.");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_typed(s, "number", "integer");
  put_typed(s, "decision", "string");
  put_reference(s, "version", "#/$defs/date");
  put_artifact(s);
  put_result_properties(s, true);
  put_typed(s, "units_allowed", "number");
  json_object_end(s->w);
  json_object_end(s->w);
}

static void define_all(struct schema *s) {
  json_key(s->w, "$defs");
  json_object(s->w);
  define_determination(s);
  define_fact_name(s);
  define_date(s);
  define_reason(s);
  define_approval(s);
  define_assumption(s);
  define_reading(s);
  define_node(s, "rule", "rule", "criteria");
  define_node(s, "criterion", "criterion", "parts");
  define_decision(s);
  define_line(s);
  json_object_end(s->w);
}

static void put_case_name(struct schema *s, const char *other) {
  json_key(s->w, "case");
  json_object(s->w);
  put(s, "description",
      "The case's id. A case without one is named by its index, in an error by null.");
  json_key(s->w, "type");
  json_array(s->w);
  json_string(s->w, "string");
  json_string(s->w, other);
  json_array_end(s->w);
  json_object_end(s->w);
}

static void put_decided(struct schema *s) {
  static const char *const required[] = {"case",     "policy",    "version",
                                         "artifact", "decisions", NULL};
  json_object(s->w);
  put(s, "title", "A case that was decided");
  put(s, "type", "object");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_case_name(s, "integer");
  put_typed(s, "policy", "string");
  put_reference(s, "version", "#/$defs/date");
  put_artifact(s);
  json_key(s->w, "decisions");
  json_object(s->w);
  put(s, "type", "object");
  put_reference(s, "additionalProperties", "#/$defs/decision");
  json_object_end(s->w);
  put_array_of(s, "lines", "#/$defs/line");
  json_object_end(s->w);
  json_object_end(s->w);
}

static void put_not_decided(struct schema *s) {
  static const char *const required[] = {"case", "index", "error", NULL};
  static const char *const error_required[] = {"code", "pointer", "message", NULL};
  json_object(s->w);
  put(s, "title", "A case that is not valid");
  put(s, "type", "object");
  put_required(s, required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_case_name(s, "null");
  put_typed(s, "index", "integer");
  json_key(s->w, "error");
  json_object(s->w);
  put(s, "type", "object");
  put_required(s, error_required);
  json_key(s->w, "properties");
  json_object(s->w);
  put_typed(s, "code", "string");
  put_typed(s, "pointer", "string");
  put_typed(s, "offset", "integer");
  put_typed(s, "message", "string");
  json_object_end(s->w);
  json_object_end(s->w);
  json_object_end(s->w);
  json_object_end(s->w);
}

static void result_schema(struct schema *s) {
  begin(s, "A line of soc decide --json");
  json_key(s->w, "oneOf");
  json_array(s->w);
  put_decided(s);
  put_not_decided(s);
  json_array_end(s->w);
  define_all(s);
  json_object_end(s->w);
}

// ---------------------------------------------------------------------------------------- command

static int print_schema(bool of_case) {
  struct schema s = {0};
  if (!vocabulary_index_open(&s.v)) return trouble_memory();
  s.w = json_writer_new(&s.out, true);
  if (s.w && of_case)
    case_schema(&s);
  else if (s.w)
    result_schema(&s);
  bool ok = s.w && json_writer_ok(s.w) && !s.scratch.failed;
  if (ok)
    printf("%s\n", s.out.data);
  else
    trouble_memory();
  json_writer_free(s.w);
  buffer_free(&s.out);
  buffer_free(&s.scratch);
  vocabulary_index_close(&s.v);
  return ok ? EXIT_DONE : EXIT_TROUBLE;
}

static int run(const struct command *self, int argc, char **argv) {
  int status;
  if (options_parse(self, NULL, 0, argc, argv, 1, 1, &status) < 0) return status;
  if (strcmp(argv[0], "case") == 0) return print_schema(true);
  if (strcmp(argv[0], "result") == 0) return print_schema(false);
  return trouble("there are schemas of case and result, not of \"%s\"", argv[0]);
}

const struct command command_schema = {
    "schema",
    "prints the JSON Schema of cases or results",
    "case|result",
    "Prints a JSON Schema (draft 2020-12) made from the vocabulary: `case` for what soc decide "
    "reads, `result`\n"
    "for a line that it writes with --json. Exit status: 0, 2 trouble.",
    "  soc schema case > case.schema.json",
    run};
