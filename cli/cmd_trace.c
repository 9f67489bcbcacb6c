// SPDX-License-Identifier: Apache-2.0
//
// soc trace: whether every item of a list of requirements is cited by the policy that it belongs to, or listed there as
// not computed. Versions of one policy count together. The letters of an id, up to its dash, tell which policy it is
// of: the one that cites ids with these letters.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/json.h"
#include "compiler/citations.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { IDS_BYTES = 16 * 1024 * 1024, DIGITS_MOST = 6 };

// "R-H07": letters "R", then a dash, a letter or none, digits.
struct id {
  const char *text;
  size_t letters, stem, length; // stem: all before the digits
  unsigned number;
};

enum {
  CITED = 1,
  NOT_COMPUTED = 2,
  READ = 4
}; // READ: cited by what a decision reads, or by a test
struct place {
  char *file; // NULL: none
  uint32_t line;
};
struct traced {
  char *policy;
  unsigned char *how;   // by id of the list: CITED, NOT_COMPUTED, READ
  struct place *unread; // by id of the list: where what no decision reads cites it first
  struct paths unknown;
};

struct tracing {
  struct option_texts libraries;
  bool json;
  struct paths ids;
  struct traced *policies;
  size_t policy_count;
  struct traced *current;
  const soc_citation *citation; // being read
  const char **unread; // texts of the citations of the present compilation that no decision reads
  size_t unread_count, unread_capacity;
  bool no_memory;
};

// ------------------------------------------------------------------ ids

// The id that begins at `at`. False: none does.
static bool read_id(const char *at, const char *end, struct id *id) {
  const char *p = at;
  while (p < end && (isupper((unsigned char)*p) || (p > at && isdigit((unsigned char)*p)))) p++;
  id->text = at;
  id->letters = (size_t)(p - at);
  if (p == at || p == end || *p++ != '-') return false;
  if (p < end && isupper((unsigned char)*p)) p++;
  id->stem = (size_t)(p - at);
  id->number = 0;
  while (p < end && isdigit((unsigned char)*p) && (size_t)(p - at) - id->stem < DIGITS_MOST)
    id->number = id->number * 10 + (unsigned)(*p++ - '0');
  id->length = (size_t)(p - at);
  return id->length > id->stem && (p == end || !isalnum((unsigned char)*p));
}

static bool same_letters(const struct id *a, const struct id *b) {
  return a->letters == b->letters && memcmp(a->text, b->text, a->letters) == 0;
}

static struct id id_at(const struct tracing *t, size_t i) {
  struct id id;
  const char *text = t->ids.items[i];
  read_id(text, text + strlen(text), &id);
  return id;
}

// Whether the list has ids with these letters; if not it is none of its ids, but a name of something else.
static bool letters_known(const struct tracing *t, const struct id *id) {
  for (size_t i = 0; i < t->ids.count; i++) {
    struct id other = id_at(t, i);
    if (same_letters(&other, id)) return true;
  }
  return false;
}

static void note_unread(struct tracing *t, struct place *place) {
  if (place->file) return;
  size_t size = strlen(t->citation->place) + 1;
  place->line = t->citation->line;
  place->file = malloc(size);
  if (place->file)
    memcpy(place->file, t->citation->place, size);
  else
    t->no_memory = true;
}

static void mark(struct tracing *t, const char *text, size_t length, unsigned char how) {
  struct traced *policy = t->current;
  for (size_t i = 0; i < t->ids.count; i++) {
    if (strlen(t->ids.items[i]) != length || memcmp(t->ids.items[i], text, length) != 0) continue;
    policy->how[i] |= how;
    if (how == CITED) note_unread(t, &policy->unread[i]);
    return;
  }
  for (size_t i = 0; i < policy->unknown.count; i++)
    if (strlen(policy->unknown.items[i]) == length &&
        memcmp(policy->unknown.items[i], text, length) == 0)
      return;
  paths_add(&policy->unknown, text, length);
}

// Those between the two ends of `P-14 to P-16`.
static void mark_between(struct tracing *t, const struct id *from, const struct id *to,
                         unsigned char how) {
  struct buffer name = {0};
  for (unsigned n = from->number + 1; n < to->number; n++) {
    buffer_clear(&name);
    buffer_format(&name, "%.*s%0*u", (int)from->stem, from->text, (int)(from->length - from->stem),
                  n);
    if (name.failed) break;
    mark(t, name.data, name.length, how);
  }
  t->no_memory |= name.failed;
  buffer_free(&name);
}

static bool is_range(const struct id *from, const struct id *to) {
  const char *between = from->text + from->length;
  return to->text - between == 4 && memcmp(between, " to ", 4) == 0 && from->stem == to->stem &&
         memcmp(from->text, to->text, from->stem) == 0;
}

static bool keep_unread(void *ctx, const soc_citation *citation) {
  struct tracing *t = ctx;
  if (t->unread_count == t->unread_capacity) {
    size_t capacity = t->unread_capacity ? t->unread_capacity * 2 : 16;
    const char **more = realloc(t->unread, capacity * sizeof *more);
    if (!more) return false;
    t->unread = more;
    t->unread_capacity = capacity;
  }
  t->unread[t->unread_count++] = citation->text.data;
  return true;
}

static unsigned char how_cited(const struct tracing *t, const soc_citation *citation) {
  if (citation->kind == SOC_CITATION_NOT_COMPUTED) return NOT_COMPUTED;
  for (size_t i = 0; i < t->unread_count; i++)
    if (t->unread[i] == citation->text.data) return CITED;
  return CITED | READ;
}

static bool read_citation(void *ctx, const soc_citation *citation) {
  struct tracing *t = ctx;
  t->citation = citation;
  unsigned char how = how_cited(t, citation);
  const char *at = citation->text.data, *end = at + citation->text.length;
  struct id id, before = {0};
  for (bool word = false; at < end;
       word = isalnum((unsigned char)*at) || *at == '-' || *at == '.', at++) {
    if (word || !read_id(at, end, &id) || !letters_known(t, &id)) continue;
    mark(t, id.text, id.length, how);
    if (before.text && is_range(&before, &id)) mark_between(t, &before, &id, how);
    before = id;
    at += id.length - 1;
  }
  return true;
}

// ------------------------------------------------------------------ files

// First column of each line; what is no id, such as the name of the column, is passed over.
static bool read_ids(struct tracing *t, const char *path) {
  struct buffer text = {0};
  bool ok = file_read(path, IDS_BYTES, false, &text);
  const char *at = buffer_get(&text), *end = at + text.length;
  while (ok && at < end) {
    size_t length = 0;
    struct id id;
    while (at + length < end && !strchr("\t\r\n", at[length])) length++;
    if (read_id(at, at + length, &id) && id.length == length) paths_add(&t->ids, at, length);
    const char *line = memchr(at, '\n', (size_t)(end - at));
    at = line ? line + 1 : end;
  }
  buffer_free(&text);
  if (ok && t->ids.failed) return trouble_memory(), false;
  if (ok && t->ids.count == 0)
    return trouble("%s has no ids in its first column; an id is letters, a hyphen and digits, like "
                   "P-14, "
                   "and cells are separated by tabs",
                   path),
           false;
  return ok;
}

static struct traced *policy_named(struct tracing *t, soc_text id) {
  for (size_t i = 0; i < t->policy_count; i++)
    if (strlen(t->policies[i].policy) == id.length &&
        memcmp(t->policies[i].policy, id.data, id.length) == 0)
      return &t->policies[i];
  struct traced *more = realloc(t->policies, (t->policy_count + 1) * sizeof *more);
  if (!more) return NULL;
  t->policies = more;
  struct traced *added = &more[t->policy_count];
  *added = (struct traced){.policy = malloc(id.length + 1),
                           .how = calloc(t->ids.count, 1),
                           .unread = calloc(t->ids.count, sizeof *added->unread)};
  t->policy_count++;
  if (!added->policy || !added->how || !added->unread) return NULL;
  memcpy(added->policy, id.data, id.length);
  added->policy[id.length] = '\0';
  return added;
}

static bool trace_policy(struct tracing *t, soc_compilation *c) {
  soc_policy_info info;
  soc_policy_describe(soc_compilation_policy(c), &info);
  t->current = policy_named(t, info.id);
  t->unread_count = 0;
  if (!t->current || !citations_unread(c, keep_unread, t) ||
      !soc_compilation_citations(c, read_citation, t) || t->no_memory || t->current->unknown.failed)
    return trouble_memory(), false;
  return true;
}

// `version`: of a file of tests, which of the policies that it is for; *more: there is another after it.
static bool trace_version(struct tracing *t, const char *file, uint32_t version, bool *more) {
  struct compiling c;
  bool ok = source_make_for(&c, file, &t->libraries, soc_compile, version);
  if (ok && soc_compilation_error_count(c.compilation)) {
    source_report(&c);
    trouble("%s has errors and cannot be traced", file);
    ok = false;
  } else if (ok && soc_compilation_policy(c.compilation)) {
    ok = trace_policy(t, c.compilation);
  }
  *more = ok && version + 1 < soc_compilation_version_count(c.compilation);
  source_free(&c);
  return ok;
}

static bool trace_file(struct tracing *t, const char *file) {
  bool ok = true, more = true;
  for (uint32_t version = 0; ok && more; version++) ok = trace_version(t, file, version, &more);
  return ok;
}

// ------------------------------------------------------------------ what is told

// An id is of the policies that name ids with its letters.
static bool is_of(const struct tracing *t, const struct traced *policy, size_t i) {
  struct id id = id_at(t, i);
  for (size_t k = 0; k < t->ids.count; k++) {
    struct id other = id_at(t, k);
    if (policy->how[k] && same_letters(&other, &id)) return true;
  }
  return false;
}

static bool is_of_any(const struct tracing *t, size_t i) {
  for (size_t p = 0; p < t->policy_count; p++)
    if (is_of(t, &t->policies[p], i)) return true;
  return false;
}

struct sums {
  size_t all, cited, not_computed, unread;
  struct paths lost;
};

static bool is_unread(unsigned char how) {
  return (how & (CITED | READ)) == CITED;
}

static void sum_up(const struct tracing *t, const struct traced *policy, struct sums *s) {
  for (size_t i = 0; i < t->ids.count; i++) {
    if (policy ? !is_of(t, policy, i) : is_of_any(t, i)) continue;
    unsigned char how = policy ? policy->how[i] : 0;
    s->all++;
    s->cited += (how & CITED) != 0;
    s->not_computed += how == NOT_COMPUTED;
    s->unread += is_unread(how);
    if (!how) paths_add(&s->lost, t->ids.items[i], strlen(t->ids.items[i]));
  }
}

static const char *name_of(const struct traced *policy) {
  return policy ? policy->policy : "no policy";
}

static void put_ids(struct json_writer *w, const char *key, const struct paths *ids) {
  json_key(w, key);
  json_array(w);
  for (size_t i = 0; i < ids->count; i++) json_string(w, ids->items[i]);
  json_array_end(w);
}

static void put_number(struct json_writer *w, const char *key, size_t value) {
  json_key(w, key);
  json_unsigned(w, value);
}

static void put_unread(struct json_writer *w, const struct tracing *t,
                       const struct traced *policy) {
  json_key(w, "unread");
  json_array(w);
  for (size_t i = 0; policy && i < t->ids.count; i++) {
    if (!is_unread(policy->how[i])) continue;
    json_object(w);
    json_key(w, "id");
    json_string(w, t->ids.items[i]);
    json_key(w, "file");
    json_string(w, policy->unread[i].file);
    put_number(w, "line", policy->unread[i].line);
    json_object_end(w);
  }
  json_array_end(w);
}

// `policy` NULL: the ids that are of no policy.
static void print_json(struct buffer *out, const struct tracing *t, const struct traced *policy,
                       const struct sums *s, const struct paths *unknown) {
  struct json_writer *w = json_writer_new(out, false);
  if (!w) {
    out->failed = true;
    return;
  }
  json_object(w);
  json_key(w, "policy");
  json_string(w, name_of(policy));
  put_number(w, "ids", s->all);
  put_number(w, "cited", s->cited);
  put_number(w, "not_computed", s->not_computed);
  put_ids(w, "lost", &s->lost);
  put_ids(w, "unknown", unknown);
  put_unread(w, t, policy);
  json_object_end(w);
  out->failed |= !json_writer_ok(w);
  json_writer_free(w);
  buffer_char(out, '\n');
}

static void print_text(struct buffer *out, const struct tracing *t, const struct traced *policy,
                       const struct sums *s, const struct paths *unknown) {
  buffer_format(out, "%s: %zu of %zu accounted for, cited %zu", name_of(policy),
                s->cited + s->not_computed, s->all, s->cited);
  if (s->unread) buffer_format(out, " (%zu only by what no decision reads)", s->unread);
  buffer_format(out, ", not computed %zu\n", s->not_computed);
  for (size_t i = 0; policy && i < t->ids.count; i++)
    if (is_unread(policy->how[i]))
      buffer_format(out, "  %s is cited only by what no decision reads, at %s:%u\n",
                    t->ids.items[i], policy->unread[i].file, (unsigned)policy->unread[i].line);
  for (size_t i = 0; i < s->lost.count; i++) buffer_format(out, "  %s is lost\n", s->lost.items[i]);
  for (size_t i = 0; i < unknown->count; i++)
    buffer_format(out, "  %s is cited and not in the list\n", unknown->items[i]);
}

// `policy` NULL: the ids that are of no policy.
static bool print(struct tracing *t, const struct traced *policy, struct sums *total) {
  static const struct paths none = {0};
  const struct paths *unknown = policy ? &policy->unknown : &none;
  struct sums s = {0};
  struct buffer out = {0};
  sum_up(t, policy, &s);
  if (policy || s.all) (t->json ? print_json : print_text)(&out, t, policy, &s, unknown);
  bool ok = !out.failed && !s.lost.failed;
  if (ok) output_write(&out);
  total->all += s.all + unknown->count;
  total->cited += s.cited + s.not_computed;
  buffer_free(&out);
  paths_free(&s.lost);
  return ok || (trouble_memory(), false);
}

static int tell(struct tracing *t, bool directory) {
  struct sums total = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < t->policy_count; i++) ok = print(t, &t->policies[i], &total);
  if (ok && directory) ok = print(t, NULL, &total);
  if (ok && !t->json) printf("%zu passed, %zu failed\n", total.cited, total.all - total.cited);
  if (!ok) return EXIT_TROUBLE;
  return total.all > total.cited ? EXIT_FINDINGS : EXIT_DONE;
}

static void release(struct tracing *t) {
  for (size_t i = 0; i < t->policy_count; i++) {
    free(t->policies[i].policy);
    free(t->policies[i].how);
    for (size_t k = 0; t->policies[i].unread && k < t->ids.count; k++)
      free(t->policies[i].unread[k].file);
    free(t->policies[i].unread);
    paths_free(&t->policies[i].unknown);
  }
  free(t->policies);
  free(t->unread);
  paths_free(&t->ids);
}

static int run(const struct command *self, int argc, char **argv) {
  struct tracing t = {0};
  const struct option options[] = {
      {"--json", 0, OPTION_FLAG, &t.json, NULL, "one JSON object a policy, on a line of its own"},
      {"--library", 0, OPTION_TEXTS, &t.libraries, "DIR",
       "where a source finds what it uses; may be repeated"},
  };
  int status;
  int count =
      options_parse(self, options, sizeof options / sizeof *options, argc, argv, 2, 2, &status);
  if (count < 0) return status;
  struct paths files = {0};
  bool ok = read_ids(&t, argv[1]) && source_files(argv[0], &files);
  for (size_t i = 0; ok && i < files.count; i++) ok = trace_file(&t, files.items[i]);
  if (ok && t.policy_count == 0) ok = false, trouble("%s holds no policy", argv[0]);
  status = ok ? tell(&t, path_is_directory(argv[0])) : EXIT_TROUBLE;
  paths_free(&files);
  release(&t);
  return status;
}

const struct command command_trace = {
    "trace",
    "tells which requirements no policy accounts for",
    "PATH IDS.tsv",
    "Looks for each id in the first column of a table, such as P-14 or R-H07, in what a policy, or "
    "all policies below\n"
    "a directory, cite, in the titles of their tests, and in what they list as `not computed`. "
    "`P-14 "
    "to P-16` is all\n"
    "three. Versions of one policy count together; an id is of the policy that names ids with the "
    "same letters. Prints\n"
    "each id that is lost, each cited one that the table does not have, and each that is cited "
    "only by what no\n"
    "decision reads. The last line is the count. Exit status: 0 all accounted for, 1 some not, 2 "
    "trouble.",
    "  soc trace policies/ requirements.tsv",
    run};
