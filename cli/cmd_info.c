// SPDX-License-Identifier: Apache-2.0
//
// soc info: what an artifact says about itself: identity, digests, the facts it may read and what leaving each out
// means, its decisions, its bounds, and where absence may change an answer.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/places.h"
#include "cli/values.h"

#include <stdlib.h>
#include <string.h>

struct info {
  const struct artifact *a;
  struct json_writer *w;
  struct buffer out, scratch;
  uint8_t behaviour[32]; // worked out
  uint32_t *use_files;   // of each place where absence may change an answer; SOC_NONE32: not known
};

// What an artifact says of its behaviour may be anything.
static bool states_other(const struct info *i) {
  return memcmp(i->behaviour, i->a->info.behaviour_digest, sizeof i->behaviour) != 0;
}

enum { ROWS = 10, ROWS_MOST = CASE_ITEMS };

static size_t case_bytes(const struct artifact *a, uint32_t rows) {
  soc_case_limits limits = {.rows = rows, .items = rows};
  return soc_case_bytes(&a->policy, &limits);
}

// "unknown", "none", "empty", "assumed silent", "service.date"
static void left_out_append(struct info *i, uint32_t index, const soc_fact_info *f) {
  struct buffer *s = &i->scratch;
  soc_fact_info other;
  switch (f->left_out) {
  case SOC_LEFT_OUT_UNKNOWN: buffer_text(s, "unknown"); break;
  case SOC_LEFT_OUT_NONE: buffer_text(s, "none"); break;
  case SOC_LEFT_OUT_EMPTY: buffer_text(s, "empty"); break;
  case SOC_LEFT_OUT_REQUIRED: buffer_text(s, "required"); break;
  case SOC_LEFT_OUT_DERIVED: buffer_text(s, "derived"); break;
  case SOC_LEFT_OUT_OTHER_FACT:
    if (soc_policy_fact(&i->a->policy, f->other, &other) == SOC_OK) text_append(s, other.name);
    break;
  case SOC_LEFT_OUT_ASSUMED:
    buffer_text(s, "assumed ");
    if (f->type == SOC_ENUM)
      text_append(s, soc_policy_fact_value(&i->a->policy, index, (uint32_t)f->assumed));
    else if (f->type == SOC_BOOL)
      buffer_text(s, f->assumed ? "true" : "false");
    else if (f->type == SOC_DATE)
      date_append(s, (int32_t)f->assumed);
    else
      decimal_append(s, f->assumed);
  }
}

static void type_append(struct info *i, uint32_t index, const soc_fact_info *f) {
  const char *unit = unit_word(f->unit);
  buffer_text(&i->scratch, type_word(f->type, f->flags));
  if (*unit) buffer_format(&i->scratch, ", %s", unit);
  for (uint32_t k = 0; k < f->value_count; k++) {
    buffer_text(&i->scratch, k == 0 ? " " : ", ");
    text_append(&i->scratch, soc_policy_fact_value(&i->a->policy, index, k));
  }
  if (f->flags & SOC_FACT_NULLABLE) buffer_text(&i->scratch, ", or none");
}

// What is met or not. Labelled parts are those of criteria and those of rules.
struct conditions {
  uint32_t criteria, parts, of_rules;
};

static struct conditions conditions_count(const struct artifact *a) {
  struct conditions count = {0};
  for (uint32_t k = 0; k < a->info.cell_count; k++) {
    soc_cell_info cell;
    if (soc_policy_cell(&a->policy, k, &cell) != SOC_OK || cell.derived || cell.quantity ||
        !cell.name.length)
      continue;
    if (vm_cell_at(vm_of(&a->policy), k).flags & SOC_CELL_RULE)
      count.of_rules++;
    else if (cell.parent != SOC_NO_INDEX)
      count.parts++;
    else
      count.criteria++;
  }
  return count;
}

// ---------------------------------------------------------------------------------------- text

static void text_identity(const struct info *i) {
  const struct artifact *a = i->a;
  char digest[DIGEST_TEXT + 1];
  printf(
      "policy        %s\nversion       %s\ntitle         %s\npayer         %s\nsource        %s\n",
      a->info.id.data, a->info.version.data, a->info.title.data, a->info.payer.data,
      a->info.source_title.data);
  printf("format        %u\nlanguage      %u\n", (unsigned)a->info.format,
         (unsigned)a->info.language);
  printf("bytes         %zu\nartifact      sha256:%s\n", a->bytes.length, a->digest);
  digest_text(i->behaviour, digest);
  printf("behaviour     sha256:%s\n", digest);
  if (states_other(i)) {
    digest_text(a->info.behaviour_digest, digest);
    printf("  it states   sha256:%s, which is not what its bytes come to\n", digest);
  }
  for (uint32_t k = 0; k < a->info.source_count; k++) {
    soc_source_info source;
    if (soc_policy_source(&a->policy, k, &source) != SOC_OK) continue;
    digest_text(source.digest, digest);
    printf("from          sha256:%s  %s\n", digest, source.name.data);
  }
}

static void text_tables(const struct artifact *a) {
  char digest[DIGEST_TEXT + 1];
  for (uint32_t i = 0; i < a->info.table_count; i++) {
    soc_table_info table;
    if (soc_policy_table(&a->policy, i, &table) != SOC_OK) continue;
    digest_text(table.digest, digest);
    printf("rows from     sha256:%s  %s, %u in %s: %s\n", digest, table.name.data,
           (unsigned)table.row_count, table.set.data, table.rows.data);
  }
}

// "" for a decision over the case.
static soc_text list_name(const struct artifact *a, uint32_t list) {
  soc_fact_info f;
  if (list == SOC_NO_INDEX || soc_policy_fact(&a->policy, list, &f) != SOC_OK)
    return (soc_text){"", 0};
  return f.name;
}

static void text_decisions(const struct artifact *a) {
  printf("\ndecisions (a medical decision cannot deny: its adverse outcome is a referral)\n");
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    soc_decision_info d;
    if (soc_policy_decision(&a->policy, i, &d) != SOC_OK) continue;
    printf("  %-24s %s, %u rules%s%s\n", d.name.data,
           d.administrative ? "administrative" : "medical", (unsigned)d.rule_count,
           d.list != SOC_NO_INDEX ? ", for each row of " : "", list_name(a, d.list).data);
  }
  const struct conditions count = conditions_count(a);
  printf("  %u criteria, %u labelled parts, %u conditions of rules, %u sets\n",
         (unsigned)count.criteria, (unsigned)count.parts, (unsigned)count.of_rules,
         (unsigned)a->info.set_count);
}

static void text_facts(struct info *i) {
  printf("\nfacts it may read, in the order in which they are best asked\n");
  printf("  %-46s %-22s %s\n", "fact", "when left out", "type");
  for (uint32_t k = 0; k < i->a->info.fact_count; k++) {
    soc_fact_info f;
    if (soc_policy_fact(&i->a->policy, k, &f) != SOC_OK) continue;
    buffer_clear(&i->scratch);
    left_out_append(i, k, &f);
    printf("  %-46s %-22s ", f.name.data, buffer_get(&i->scratch));
    buffer_clear(&i->scratch);
    type_append(i, k, &f);
    printf("%s%s\n", buffer_get(&i->scratch),
           k == i->a->info.basis_fact ? " (chooses the version)" : "");
  }
}

static void text_absence(const struct info *i) {
  const struct artifact *a = i->a;
  printf("\nwhere absence may change an answer\n");
  if (a->info.given_use_count == 0) printf("  nowhere\n");
  for (uint32_t k = 0; k < a->info.given_use_count; k++) {
    soc_given_use use;
    soc_fact_info f;
    if (soc_policy_given_use(&a->policy, k, &use) != SOC_OK ||
        soc_policy_fact(&a->policy, use.fact, &f) != SOC_OK)
      continue;
    uint32_t source = i->use_files[k];
    if (source != SOC_NONE32) printf("  %s:", place_file(vm_of(&a->policy), source).data);
    printf("%s%u: %s %s [%s]\n", source != SOC_NONE32 ? "" : "  line ", (unsigned)use.line,
           f.name.data, use.left_out ? "is left out" : "if given", use.cite.data);
  }
}

static uint64_t instructions(const struct artifact *a, uint32_t rows) {
  return soc_policy_max_instructions(&a->policy, rows);
}

// "216 + 12 r", without what is 0.
static void polynomial_append(struct buffer *out, const uint64_t parts[3]) {
  static const char *const powers[3] = {"", " r", " r^2"};
  char room[COUNT_ROOM];
  for (int k = 0; k < 3; k++) {
    if (parts[k] == 0) continue;
    if (out->length > 0) buffer_text(out, " + ");
    buffer_text(out, bound_write(room, parts[k]));
    buffer_text(out, powers[k]);
  }
  if (out->length == 0) buffer_text(out, "0");
}

static void text_instructions(struct info *i) {
  const soc_policy_info *p = &i->a->info;
  const uint64_t pass[3] = {p->max_instructions, p->max_instructions_row,
                            p->max_instructions_row_squared};
  char none[COUNT_ROOM], few[COUNT_ROOM], most[COUNT_ROOM], rows[COUNT_ROOM];
  buffer_clear(&i->scratch);
  polynomial_append(&i->scratch, pass);
  printf("  one pass      at most %s instructions, where each list of records has at most r rows\n",
         buffer_get(&i->scratch));
  printf("  all passes    at most %s instructions without rows, %s with %d, %s with %s:\n"
         "                a case decided, and all that it lacks and assumes found\n",
         bound_write(none, instructions(i->a, 0)), bound_write(few, instructions(i->a, ROWS)), ROWS,
         bound_write(most, instructions(i->a, ROWS_MOST)), count_write(rows, ROWS_MOST));
}

static void text_bounds(struct info *i) {
  const struct artifact *a = i->a;
  char code[COUNT_ROOM], few[COUNT_ROOM], most[COUNT_ROOM], rows[COUNT_ROOM];
  printf("\nbounds, proved when the artifact is loaded\n");
  text_instructions(i);
  printf("  stack         %u slots\n", (unsigned)a->info.max_stack);
  printf("  code          %s instructions, %u cells\n",
         count_write(code, a->info.instruction_count), (unsigned)a->info.cell_count);
  printf("  a case        %s bytes with lists of up to %d, %s with up to %s\n",
         count_write(few, case_bytes(a, ROWS)), ROWS, count_write(most, case_bytes(a, ROWS_MOST)),
         count_write(rows, ROWS_MOST));
}

// ---------------------------------------------------------------------------------------- JSON

static void put(struct info *i, const char *key, const char *value) {
  json_key(i->w, key);
  json_string(i->w, value);
}

static void put_number(struct info *i, const char *key, uint64_t value) {
  json_key(i->w, key);
  json_unsigned(i->w, value);
}

static void put_digest(struct info *i, const char *key, const char *digest) {
  buffer_clear(&i->scratch);
  buffer_format(&i->scratch, "sha256:%s", digest);
  put(i, key, buffer_get(&i->scratch));
}

static void json_identity(struct info *i) {
  const struct artifact *a = i->a;
  char digest[DIGEST_TEXT + 1];
  put(i, "policy", a->info.id.data);
  put(i, "version", a->info.version.data);
  put(i, "title", a->info.title.data);
  put(i, "payer", a->info.payer.data);
  put(i, "source", a->info.source_title.data);
  put_number(i, "format", a->info.format);
  put_number(i, "language", a->info.language);
  put_number(i, "bytes", a->bytes.length);
  put_digest(i, "artifact", a->digest);
  digest_text(i->behaviour, digest);
  put_digest(i, "behaviour", digest);
  if (states_other(i)) {
    digest_text(a->info.behaviour_digest, digest);
    put_digest(i, "behaviour_stated", digest);
  }
  json_key(i->w, "sources");
  json_array(i->w);
  for (uint32_t k = 0; k < a->info.source_count; k++) {
    soc_source_info source;
    if (soc_policy_source(&a->policy, k, &source) != SOC_OK) continue;
    json_object(i->w);
    put(i, "name", source.name.data);
    digest_text(source.digest, digest);
    put_digest(i, "digest", digest);
    json_object_end(i->w);
  }
  json_array_end(i->w);
}

static void json_tables(struct info *i) {
  char digest[DIGEST_TEXT + 1];
  json_key(i->w, "tables");
  json_array(i->w);
  for (uint32_t k = 0; k < i->a->info.table_count; k++) {
    soc_table_info table;
    if (soc_policy_table(&i->a->policy, k, &table) != SOC_OK) continue;
    json_object(i->w);
    put(i, "name", table.name.data);
    put(i, "set", table.set.data);
    put(i, "asked_for", table.rows.data);
    put_number(i, "rows", table.row_count);
    digest_text(table.digest, digest);
    put_digest(i, "digest", digest);
    json_object_end(i->w);
  }
  json_array_end(i->w);
}

static void json_decisions(struct info *i) {
  json_key(i->w, "decisions");
  json_array(i->w);
  for (uint32_t k = 0; k < i->a->info.decision_count; k++) {
    soc_decision_info d;
    if (soc_policy_decision(&i->a->policy, k, &d) != SOC_OK) continue;
    json_object(i->w);
    put(i, "name", d.name.data);
    put(i, "kind", d.administrative ? "administrative" : "medical");
    json_key(i->w, "may_deny");
    json_bool(i->w, d.administrative);
    put_number(i, "rules", d.rule_count);
    if (d.list != SOC_NO_INDEX) put(i, "for_each_row_of", list_name(i->a, d.list).data);
    json_object_end(i->w);
  }
  json_array_end(i->w);
  const struct conditions count = conditions_count(i->a);
  put_number(i, "criteria", count.criteria + count.parts + count.of_rules);
  put_number(i, "named_criteria", count.criteria);
  put_number(i, "labelled_parts", count.parts);
  put_number(i, "rule_conditions", count.of_rules);
  put_number(i, "sets", i->a->info.set_count);
}

static void json_facts(struct info *i) {
  json_key(i->w, "facts");
  json_array(i->w);
  for (uint32_t k = 0; k < i->a->info.fact_count; k++) {
    soc_fact_info f;
    if (soc_policy_fact(&i->a->policy, k, &f) != SOC_OK) continue;
    json_object(i->w);
    put(i, "name", f.name.data);
    put(i, "type", type_word(f.type, f.flags));
    if (f.unit != SOC_UNIT_NONE) put(i, "unit", unit_word(f.unit));
    json_key(i->w, "null_allowed");
    json_bool(i->w, (f.flags & SOC_FACT_NULLABLE) != 0);
    buffer_clear(&i->scratch);
    left_out_append(i, k, &f);
    put(i, "left_out", buffer_get(&i->scratch));
    json_object_end(i->w);
  }
  json_array_end(i->w);
}

static void json_absence(struct info *i) {
  json_key(i->w, "absence");
  json_array(i->w);
  for (uint32_t k = 0; k < i->a->info.given_use_count; k++) {
    soc_given_use use;
    soc_fact_info f;
    if (soc_policy_given_use(&i->a->policy, k, &use) != SOC_OK ||
        soc_policy_fact(&i->a->policy, use.fact, &f) != SOC_OK)
      continue;
    json_object(i->w);
    put(i, "fact", f.name.data);
    put(i, "use", use.left_out ? "is left out" : "if given");
    put(i, "cite", use.cite.data);
    uint32_t source = i->use_files[k];
    if (source != SOC_NONE32) put(i, "source", place_file(vm_of(&i->a->policy), source).data);
    put_number(i, "line", use.line);
    json_object_end(i->w);
  }
  json_array_end(i->w);
}

static void json_bounds(struct info *i) {
  const struct artifact *a = i->a;
  json_key(i->w, "bounds");
  json_object(i->w);
  put_number(i, "instructions", a->info.max_instructions);
  put_number(i, "instructions_per_row", a->info.max_instructions_row);
  put_number(i, "instructions_per_pair_of_rows", a->info.max_instructions_row_squared);
  put_number(i, "case_instructions_0", instructions(a, 0));
  put_number(i, "case_instructions_10", instructions(a, ROWS));
  put_number(i, "case_instructions_1000", instructions(a, ROWS_MOST));
  put_number(i, "stack", a->info.max_stack);
  put_number(i, "code", a->info.instruction_count);
  put_number(i, "cells", a->info.cell_count);
  put_number(i, "case_bytes_10", case_bytes(a, ROWS));
  put_number(i, "case_bytes_1000", case_bytes(a, ROWS_MOST));
  json_object_end(i->w);
}

static bool print_json(struct info *i) {
  i->w = json_writer_new(&i->out, true);
  if (!i->w) return false;
  json_object(i->w);
  json_identity(i);
  json_tables(i);
  json_decisions(i);
  json_facts(i);
  json_absence(i);
  json_bounds(i);
  json_object_end(i->w);
  bool ok = json_writer_ok(i->w);
  if (ok) printf("%s\n", i->out.data);
  json_writer_free(i->w);
  return ok;
}

static void print_text(struct info *i) {
  text_identity(i);
  text_tables(i->a);
  text_decisions(i->a);
  text_facts(i);
  text_absence(i);
  text_bounds(i);
}

static bool work_out(struct info *i) {
  i->use_files = calloc(i->a->info.given_use_count + (size_t)1, sizeof *i->use_files);
  return i->use_files && places_of_uses(vm_of(&i->a->policy), i->use_files) &&
         behaviour_digest(buffer_get(&i->a->bytes), i->behaviour);
}

static void info_free(struct info *i) {
  free(i->use_files);
  buffer_free(&i->out);
  buffer_free(&i->scratch);
}

static int run(const struct command *self, int argc, char **argv) {
  bool json = false;
  struct option_texts libraries = {0};
  const struct option options[] = {
      {"--json", 0, OPTION_FLAG, &json, NULL, "as a JSON object"},
      {"--library", 0, OPTION_TEXTS, &libraries, "DIR",
       "where a .soc finds what it uses; may be repeated"},
  };
  int status;
  if (options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, 1, &status) < 0)
    return status;
  struct artifact *a = artifact_open(argv[0], &libraries, NULL);
  if (!a) return EXIT_TROUBLE;
  struct info i = {.a = a};
  bool ok = work_out(&i);
  if (ok && json) ok = print_json(&i);
  if (ok && !json) print_text(&i);
  ok = ok && !i.scratch.failed;
  if (!ok) trouble_memory();
  info_free(&i);
  artifact_free(a);
  return ok ? EXIT_DONE : EXIT_TROUBLE;
}

const struct command command_info = {
    "info",
    "tells what an artifact is and what it may read",
    "FILE.socb",
    "Prints the identity of an artifact, its digests and those of its sources, its decisions, the "
    "facts it may\n"
    "read and what leaving each out means, the places where absence may change an answer, and the "
    "bounds of its\n"
    "cost. A .soc file is compiled first. Exit status: 0, 2 trouble.",
    "  soc info policies/premera/11.01.523/2024-12-05.socb",
    run};
