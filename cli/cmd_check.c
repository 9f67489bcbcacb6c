// SPDX-License-Identifier: Apache-2.0
//
// soc check: what is wrong with sources, for people or for tools. Findings are the command's result and go to standard
// output.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/json.h"

#include <limits.h>
#include <string.h>

struct checking {
  bool json, strict;
  struct option_texts libraries;
  struct paths files;
  struct paths told; // what was printed: a finding may be met in many files
  uint64_t errors, warnings;
  struct buffer out;
  struct json_writer *writer;
};

static void put_number(struct json_writer *w, const char *key, uint64_t value) {
  json_key(w, key);
  json_unsigned(w, value);
}

static void put_string(struct json_writer *w, const char *key, const char *value) {
  json_key(w, key);
  json_string(w, value);
}

static void print_json(struct checking *c, const soc_diagnostic *d) {
  struct json_writer *w = c->writer;
  buffer_clear(&c->out);
  json_writer_reset(w);
  json_object(w);
  put_string(w, "file", d->place);
  put_string(w, "code", d->code);
  put_string(w, "severity", d->severity == SOC_SEVERITY_ERROR ? "error" : "warning");
  put_string(w, "message", d->message);
  put_string(w, "help", d->help);
  put_string(w, "note", d->note);
  put_number(w, "line", d->line);
  put_number(w, "column", d->column);
  put_number(w, "length", d->mark_length);
  put_number(w, "start", d->start);
  put_number(w, "end", d->end);
  json_object_end(w);
  buffer_char(&c->out, '\n');
}

static void print_text(struct checking *c, const soc_diagnostic *d) {
  buffer_clear(&c->out);
  size_t length = soc_diagnostic_render(d, NULL, 0);
  if (!buffer_reserve(&c->out, length)) return;
  soc_diagnostic_render(d, c->out.data, c->out.capacity);
  c->out.length = length;
}

// The file as it was named on the command line, if it was.
static const char *name_of(const struct checking *c, const char *file, const char *place) {
  if (strcmp(file, place) == 0) return place;
  for (size_t i = 0; i < c->files.count; i++)
    if (path_same(c->files.items[i], place)) return c->files.items[i];
  return place;
}

// Everyone who uses a library, and every version that amends another, meets what is wrong there; it is told once.
static bool told_before(struct checking *c, const char *file, const soc_diagnostic *d) {
  struct buffer key = {0};
  bool told = false;
  buffer_format(&key, "%s:%u:%s:%s", name_of(c, file, d->place), (unsigned)d->start, d->code,
                d->message);
  for (size_t i = 0; !told && !key.failed && i < c->told.count; i++)
    told = strcmp(c->told.items[i], key.data) == 0;
  if (!told && !key.failed) paths_add(&c->told, key.data, key.length);
  buffer_free(&key);
  return told;
}

static soc_compilation *compile_thoroughly(const char *text, size_t length, const char *place,
                                           const soc_compile_options *options) {
  soc_compile_options thorough = *options;
  thorough.thorough = true;
  return soc_compile(text, length, place, &thorough);
}

// `version`: of a file of tests, which of the policies that it is for; *more: there is another after it.
static bool check_version(struct checking *c, const char *file, uint32_t version, bool *more) {
  struct compiling compiling;
  bool ok = source_make_for(&compiling, file, &c->libraries, compile_thoroughly, version);
  uint32_t count = ok ? soc_compilation_diagnostic_count(compiling.compilation) : 0;
  for (uint32_t i = 0; ok && i < count; i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(compiling.compilation, i);
    if (told_before(c, file, d)) continue;
    if (d->severity == SOC_SEVERITY_ERROR)
      c->errors++;
    else
      c->warnings++;
    if (c->json)
      print_json(c, d);
    else
      print_text(c, d);
    if (c->out.failed)
      ok = false, trouble_memory();
    else
      output_write(&c->out);
  }
  *more = ok && version + 1 < soc_compilation_version_count(compiling.compilation);
  source_free(&compiling);
  return ok;
}

static bool check_file(struct checking *c, const char *file) {
  bool ok = true, more = true;
  for (uint32_t version = 0; ok && more; version++) ok = check_version(c, file, version, &more);
  return ok;
}

static int check_all(struct checking *c) {
  bool ok = true;
  size_t read = 0;
  for (size_t i = 0; i < c->files.count && !output_failed(); i++)
    read += check_file(c, c->files.items[i]);
  ok = read == c->files.count;
  fflush(stdout); // the count stands after what it counts, also where both go to one file
  if (!c->json && (ok || read > 0))
    fprintf(stderr, "soc: %zu file%s, %llu error%s, %llu warning%s\n", read, read == 1 ? "" : "s",
            (unsigned long long)c->errors, c->errors == 1 ? "" : "s",
            (unsigned long long)c->warnings, c->warnings == 1 ? "" : "s");
  if (!ok) return EXIT_TROUBLE;
  return c->errors || (c->strict && c->warnings) ? EXIT_FINDINGS : EXIT_DONE;
}

static int run(const struct command *self, int argc, char **argv) {
  struct checking c = {0};
  const struct option options[] = {
      {"--json", 0, OPTION_FLAG, &c.json, NULL, "one JSON object a finding, on a line of its own"},
      {"--strict", 0, OPTION_FLAG, &c.strict, NULL, "warnings count as findings, too"},
      {"--library", 0, OPTION_TEXTS, &c.libraries, "DIR",
       "where a source finds what it uses; may be repeated"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  bool ok = true;
  for (int i = 0; ok && i < count; i++) ok = source_files(argv[i], &c.files);
  c.writer = json_writer_new(&c.out, false);
  if (!c.writer) ok = false, trouble_memory();
  status = ok ? check_all(&c) : EXIT_TROUBLE;
  json_writer_free(c.writer);
  buffer_free(&c.out);
  paths_free(&c.files);
  paths_free(&c.told);
  return status;
}

const struct command command_check = {
    "check",
    "tells what is wrong with sources",
    "PATH...",
    "Checks files, and all .soc files below directories, without writing anything: policies, "
    "vocabularies and\n"
    "libraries. Exit status: 0 clean, 1 errors (--strict: or warnings), 2 trouble.",
    "  soc check policies/\n"
    "  soc check --json policies/premera/11.01.523/2024-12-05.soc",
    run};
