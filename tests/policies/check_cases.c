// SPDX-License-Identifier: Apache-2.0
//
// Runs worked cases against the program and tells where its results differ from what is expected.
//
//     check_cases --soc PROGRAM --policies DIR [--version V] CASES.jsonl...
//
// Each line of a case file holds {"id", "policy", "why", "case", "expect"}; "case_text", where present, is sent instead
// of "case" (for input that a JSON writer cannot produce). What "expect" leaves out is not compared. "also" is the set
// of reason codes besides the deciding one; "missing", "possible" and "redirect" are sets; "through" null means that
// the approval states no limit. With --version only cases that expect this version or name none are run. The last line
// is `N passed, N failed`.
#define _POSIX_C_SOURCE 200809L
#include "cli/files.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH = 64, FILE_BYTES = 64 * 1024 * 1024 };

// ---------------------------------------------------------------------------------------- values

struct value {
  enum json_kind kind; // JSON_OBJECT, JSON_ARRAY or a scalar
  char *key, *text;    // NUL-terminated
  size_t length;       // of the text
  struct value *first, *last, *next;
};

static void *checked(void *p) {
  if (p) return p;
  trouble_memory();
  exit(EXIT_TROUBLE);
}

static char *copy(const char *text, size_t length) {
  char *made = checked(malloc(length + 1));
  memcpy(made, text, length);
  made[length] = '\0';
  return made;
}

static void value_free(struct value *v) {
  while (v) {
    struct value *next = v->next;
    value_free(v->first);
    free(v->key);
    free(v->text);
    free(v);
    v = next;
  }
}

struct building {
  struct value *open[DEPTH + 1];
  size_t depth;
  char *key;
};

static bool build(void *ctx, const struct json_event *e) {
  struct building *b = ctx;
  if (e->kind == JSON_OBJECT_END || e->kind == JSON_ARRAY_END) return b->depth--, true;
  if (e->kind == JSON_KEY) return b->key = copy(e->text, e->length), true;
  struct value *v = checked(calloc(1, sizeof *v)), *parent = b->open[b->depth];
  v->kind = e->kind;
  v->key = b->key;
  b->key = NULL;
  if (e->text) v->text = copy(e->text, e->length);
  v->length = e->length;
  if (parent->last)
    parent->last->next = v;
  else
    parent->first = v;
  parent->last = v;
  if (e->kind == JSON_OBJECT || e->kind == JSON_ARRAY) b->open[++b->depth] = v;
  return true;
}

// NULL: not JSON.
static struct value *parse(const char *text, size_t length) {
  struct value root = {.kind = JSON_ARRAY};
  struct building b = {.open = {&root}};
  struct json_scratch scratch = {0};
  struct json_error error;
  bool ok = json_read(text, length, DEPTH, &scratch, build, &b, &error) == JSON_OK;
  json_scratch_free(&scratch);
  free(b.key);
  if (ok) return root.first;
  value_free(root.first);
  return NULL;
}

static const struct value *get(const struct value *object, const char *key) {
  const struct value *v = object && object->kind == JSON_OBJECT ? object->first : NULL;
  while (v && strcmp(v->key, key) != 0) v = v->next;
  return v;
}

static const char *text_of(const struct value *v) {
  return v && v->kind == JSON_STRING ? v->text : NULL;
}

static bool same_scalar(const struct value *a, const struct value *b) {
  bool no_a = !a || a->kind == JSON_NULL, no_b = !b || b->kind == JSON_NULL;
  if (no_a || no_b) return no_a == no_b;
  return a->kind == b->kind && a->text && b->text && strcmp(a->text, b->text) == 0;
}

static void put_json(struct json_writer *w, const struct value *v) {
  switch (v->kind) {
  case JSON_NULL: json_null(w); return;
  case JSON_TRUE: json_bool(w, true); return;
  case JSON_FALSE: json_bool(w, false); return;
  case JSON_NUMBER: json_raw(w, v->text, v->length); return;
  case JSON_OBJECT: json_object(w); break;
  case JSON_ARRAY: json_array(w); break;
  default: json_text(w, v->text, v->length); return;
  }
  for (const struct value *member = v->first; member; member = member->next) {
    if (v->kind == JSON_OBJECT) json_key_text(w, member->key, strlen(member->key));
    put_json(w, member);
  }
  if (v->kind == JSON_OBJECT)
    json_object_end(w);
  else
    json_array_end(w);
}

// ---------------------------------------------------------------------------------------- differences

static void quote(struct buffer *out, const struct value *v) {
  if (!v || v->kind == JSON_NULL)
    buffer_text(out, "none");
  else if (v->text)
    buffer_format(out, "\"%s\"", v->text);
  else
    buffer_text(out, "a list");
}

static void compare(struct buffer *out, const char *where, const char *key,
                    const struct value *want, const struct value *have) {
  if (same_scalar(want, have)) return;
  buffer_format(out, "%s%s%s ", where, *where ? "." : "", key);
  quote(out, have);
  buffer_text(out, ", expected ");
  quote(out, want);
  buffer_text(out, "; ");
}

static bool holds(const struct value *list, const char *text) {
  for (const struct value *v = list ? list->first : NULL; v; v = v->next)
    if (v->text && strcmp(v->text, text) == 0) return true;
  return false;
}

static bool same_set(const struct value *a, const struct value *b) {
  for (const struct value *v = a ? a->first : NULL; v; v = v->next)
    if (!holds(b, v->text)) return false;
  for (const struct value *v = b ? b->first : NULL; v; v = v->next)
    if (!holds(a, v->text)) return false;
  return true;
}

static void list_append(struct buffer *out, const struct value *list) {
  buffer_text(out, "{");
  for (const struct value *v = list ? list->first : NULL; v; v = v->next)
    buffer_format(out, " %s", v->text ? v->text : "?");
  buffer_text(out, " }");
}

static void compare_set(struct buffer *out, const char *where, const char *key,
                        const struct value *want, const struct value *have) {
  if (same_set(want, have)) return;
  buffer_format(out, "%s.%s ", where, key);
  list_append(out, have);
  buffer_text(out, ", expected ");
  list_append(out, want);
  buffer_text(out, "; ");
}

// The codes of reasons but for the deciding one, as a list to compare.
static void compare_also(struct buffer *out, const char *where, const struct value *want,
                         const struct value *have) {
  struct value also = {.kind = JSON_ARRAY};
  const char *deciding = text_of(get(have, "reason"));
  const struct value *reasons = get(have, "reasons");
  for (const struct value *r = reasons ? reasons->first : NULL; r; r = r->next) {
    const char *code = text_of(get(r, "code"));
    if (!code || (deciding && strcmp(code, deciding) == 0)) continue;
    struct value *v = checked(calloc(1, sizeof *v));
    *v = (struct value){.kind = JSON_STRING, .text = copy(code, strlen(code)), .next = also.first};
    also.first = v;
  }
  compare_set(out, where, "also", want, &also);
  value_free(also.first);
}

static void compare_result(struct buffer *out, const char *where, const struct value *want,
                           const struct value *have) {
  static const char *const scalars[] = {"determination", "reason"};
  static const char *const sets[] = {"missing", "possible", "redirect"};
  for (size_t i = 0; i < 2; i++)
    if (get(want, scalars[i]))
      compare(out, where, scalars[i], get(want, scalars[i]), get(have, scalars[i]));
  if (get(want, "also")) compare_also(out, where, get(want, "also"), have);
  if (get(want, "through"))
    compare(out, where, "approval.through", get(want, "through"),
            get(get(have, "approval"), "through"));
  for (size_t i = 0; i < 3; i++)
    if (get(want, sets[i]))
      compare_set(out, where, sets[i], get(want, sets[i]), get(have, sets[i]));
}

static const struct value *line_numbered(const struct value *got, const struct value *number) {
  const struct value *lines = get(got, "lines");
  for (const struct value *line = lines ? lines->first : NULL; line; line = line->next)
    if (same_scalar(get(line, "number"), number)) return line;
  return NULL;
}

static void compare_lines(struct buffer *out, const struct value *want, const struct value *got) {
  for (const struct value *line = want ? want->first : NULL; line; line = line->next) {
    const struct value *have = line_numbered(got, get(line, "number"));
    char where[64];
    snprintf(where, sizeof where, "line %.32s",
             get(line, "number") ? get(line, "number")->text : "?");
    if (have)
      compare_result(out, where, line, have);
    else
      buffer_format(out, "%s: no result; ", where);
  }
}

static void differences(struct buffer *out, const struct value *expect, const struct value *got) {
  const struct value *error = get(expect, "error"), *decisions = get(expect, "decisions");
  if (error) {
    compare(out, "error", "pointer", get(error, "pointer"), get(get(got, "error"), "pointer"));
    return;
  }
  if (get(got, "error")) {
    buffer_format(out, "input error: %s; ", text_of(get(get(got, "error"), "message")));
    return;
  }
  if (get(expect, "version"))
    compare(out, "", "version", get(expect, "version"), get(got, "version"));
  for (const struct value *want = decisions ? decisions->first : NULL; want; want = want->next) {
    const struct value *have = get(get(got, "decisions"), want->key);
    if (have)
      compare_result(out, want->key, want, have);
    else
      buffer_format(out, "%s: no such decision; ", want->key);
  }
  compare_lines(out, get(expect, "lines"), got);
}

// ---------------------------------------------------------------------------------------- running

struct checking {
  const char *soc, *directory, *version;
  unsigned passed, failed;
};

// The lines of a text as values. NULL in the middle: a line that is no JSON.
static size_t parse_lines(struct buffer *text, struct value ***out) {
  size_t count = 0, capacity = 0;
  struct value **values = NULL;
  char *line = text->data, *end = text->data + text->length;
  while (line && line < end) {
    char *stop = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((stop ? stop : end) - line);
    if (length > 0) {
      if (count == capacity) {
        capacity = capacity ? capacity * 2 : 64;
        values = checked(realloc(values, capacity * sizeof(struct value *)));
      }
      values[count++] = parse(line, length);
    }
    line += length + 1;
  }
  *out = values;
  return count;
}

static void send(struct buffer *input, const struct value *line) {
  const struct value *raw = get(line, "case_text");
  if (raw) {
    buffer_append(input, raw->text, raw->length);
  } else {
    struct json_writer *w = checked(json_writer_new(input, false));
    put_json(w, get(line, "case"));
    json_writer_free(w);
  }
  buffer_char(input, '\n');
}

// What the program prints for the cases in `input`.
static bool run(const struct checking *c, const char *policy, const struct buffer *input,
                struct buffer *output) {
  struct buffer command = {0};
  char path[] = "/tmp/check_cases.XXXXXX";
  int fd = mkstemp(path);
  if (fd < 0) return trouble("no temporary file"), false;
  close(fd);
  bool ok = file_write(path, buffer_get(input), input->length);
  buffer_format(&command, "'%s' decide --json --policies '%s' '%s' '%s'", c->soc, c->directory,
                policy, path);
  FILE *pipe = ok ? popen(buffer_get(&command), "r") : NULL;
  char chunk[4096];
  size_t n;
  while (pipe && (n = fread(chunk, 1, sizeof chunk, pipe)) > 0) buffer_append(output, chunk, n);
  if (pipe) pclose(pipe);
  unlink(path);
  buffer_free(&command);
  return pipe != NULL;
}

static bool wanted(const struct checking *c, const struct value *line, const char *policy) {
  const char *version = text_of(get(get(line, "expect"), "version"));
  const char *own = text_of(get(line, "policy"));
  return own && strcmp(own, policy) == 0 &&
         (!c->version || !version || strcmp(version, c->version) == 0);
}

static void report(struct checking *c, const struct value *line, const struct value *got) {
  struct buffer found = {0};
  if (got)
    differences(&found, get(line, "expect"), got);
  else
    buffer_text(&found, "no result; ");
  if (found.length == 0) {
    c->passed++;
  } else {
    c->failed++;
    printf("%s: %s\n    %s\n", text_of(get(line, "id")), found.data, text_of(get(line, "why")));
  }
  buffer_free(&found);
}

// All cases of one policy go through one run of the program, in order.
static bool check_policy(struct checking *c, struct value **lines, size_t count,
                         const char *policy) {
  struct buffer input = {0}, output = {0};
  struct value **results = NULL;
  for (size_t i = 0; i < count; i++)
    if (wanted(c, lines[i], policy)) send(&input, lines[i]);
  bool ok = run(c, policy, &input, &output);
  size_t result_count = ok ? parse_lines(&output, &results) : 0, next = 0;
  for (size_t i = 0; ok && i < count; i++)
    if (wanted(c, lines[i], policy)) {
      report(c, lines[i], next < result_count ? results[next] : NULL);
      next++;
    }
  for (size_t i = 0; i < result_count; i++) value_free(results[i]);
  free(results);
  buffer_free(&input);
  buffer_free(&output);
  return ok;
}

static bool check_file(struct checking *c, const char *path) {
  struct buffer text = {0};
  struct value **lines = NULL;
  if (!file_read(path, FILE_BYTES, false, &text)) return false;
  size_t count = parse_lines(&text, &lines);
  bool ok = true;
  for (size_t i = 0; ok && i < count; i++) {
    const char *policy = text_of(get(lines[i], "policy"));
    if (!policy) ok = false, trouble("%s: line %zu is no case", path, i + 1);
    bool seen = false; // under an earlier line
    for (size_t k = 0; ok && k < i; k++)
      seen = seen || strcmp(text_of(get(lines[k], "policy")), policy) == 0;
    if (ok && !seen) ok = check_policy(c, lines, count, policy);
  }
  for (size_t i = 0; i < count; i++) value_free(lines[i]);
  free(lines);
  buffer_free(&text);
  return ok;
}

int main(int argc, char **argv) {
  struct checking c = {.soc = "build/release/soc", .directory = "policies"};
  bool ok = true;
  for (int i = 1; ok && i < argc; i++) {
    const char **option = strcmp(argv[i], "--soc") == 0        ? &c.soc
                          : strcmp(argv[i], "--policies") == 0 ? &c.directory
                          : strcmp(argv[i], "--version") == 0  ? &c.version
                                                               : NULL;
    if (!option)
      ok = check_file(&c, argv[i]);
    else if (i + 1 < argc)
      *option = argv[++i];
    else
      ok = false, trouble("%s needs a value", argv[i]);
  }
  printf("%u passed, %u failed\n", c.passed, c.failed);
  if (!ok) return EXIT_TROUBLE;
  return c.failed ? EXIT_FINDINGS : EXIT_DONE;
}
