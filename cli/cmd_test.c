// SPDX-License-Identifier: Apache-2.0
//
// soc test: runs the `test` blocks of policies and tells which fail, where and how.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/coverage.h"

#include <limits.h>
#include <string.h>

struct testing {
  struct option_texts libraries;
  uint64_t passed, failed;
  bool coverage, json;
  struct buffer told; // of the coverage; printed at the end
  struct json_writer *w;
  struct coverage_sum sum;
};

static void print_failure(FILE *to, const char *file, const soc_test_outcome *outcome) {
  fprintf(to, "%s:%u: %s\n", file, (unsigned)outcome->line, outcome->title);
  for (const char *line = outcome->difference; *line;) {
    size_t length = strcspn(line, "\n");
    fprintf(to, "    %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static bool run_tests(struct testing *t, const char *file, soc_compilation *c,
                      struct coverage *coverage) {
  soc_test_case_fn *watch = t->coverage ? coverage_take : NULL;
  uint32_t count = soc_compilation_test_count(c);
  for (uint32_t i = 0; i < count; i++) {
    soc_test_outcome outcome;
    if (!soc_compilation_watch_test(c, i, &outcome, watch, coverage) || coverage->failed)
      return trouble_memory(), false;
    if (outcome.passed) {
      t->passed++;
    } else {
      t->failed++;
      print_failure(t->json ? stderr : stdout, file, &outcome);
    }
  }
  return true;
}

static bool run_and_tell(struct testing *t, const char *file, soc_compilation *c) {
  struct coverage coverage = {0};
  bool ok = run_tests(t, file, c, &coverage);
  if (ok && coverage.policy != NULL && t->w != NULL) coverage_json(&coverage, t->w, &t->sum);
  if (ok && coverage.policy != NULL && t->w == NULL) coverage_text(&coverage, &t->told, &t->sum);
  coverage_free(&coverage);
  return ok;
}

// `named`: the user named this very file, so that one without tests is worth a word even if it is no policy.
static bool test_file(struct testing *t, const char *file, bool named) {
  struct compiling c;
  bool ok = source_compile(&c, file, &t->libraries);
  if (ok && soc_compilation_error_count(c.compilation)) {
    source_report(&c);
    trouble("%s has errors, its tests cannot be run", file);
    ok = false;
  } else if (ok && soc_compilation_test_count(c.compilation) == 0) {
    bool policy = soc_compilation_kind(c.compilation) == SOC_FILE_POLICY;
    if (policy || named) fprintf(stderr, "soc: %s has no tests\n", file);
  } else if (ok) {
    ok = run_and_tell(t, file, c.compilation);
  }
  source_free(&c);
  return ok;
}

static bool test_path(struct testing *t, const char *path) {
  struct paths files = {0};
  bool ok = tree_files(path, ".soc", &files), named = !path_is_directory(path);
  for (size_t i = 0; i < files.count && !output_failed(); i++)
    ok = test_file(t, files.items[i], named) && ok;
  paths_free(&files);
  return ok;
}

static bool begin_json(struct testing *t) {
  if (!t->json) return true;
  t->w = json_writer_new(&t->told, true);
  if (t->w == NULL) return trouble_memory(), false;
  json_object(t->w);
  json_key(t->w, "policies");
  json_array(t->w);
  return true;
}

static void put(struct json_writer *w, const char *key, uint64_t value) {
  json_key(w, key);
  json_unsigned(w, value);
}

static bool end_json(struct testing *t) {
  json_array_end(t->w);
  put(t->w, "passed", t->passed);
  put(t->w, "failed", t->failed);
  put(t->w, "states", t->sum.states);
  put(t->w, "reached", t->sum.reached);
  json_object_end(t->w);
  bool ok = json_writer_ok(t->w);
  json_writer_free(t->w);
  return ok && buffer_char(&t->told, '\n');
}

static void end_text(struct testing *t) {
  printf("%llu passed, %llu failed\n", (unsigned long long)t->passed,
         (unsigned long long)t->failed);
  if (t->coverage)
    buffer_format(&t->told, "\n%llu of %llu states reached\n", (unsigned long long)t->sum.reached,
                  (unsigned long long)t->sum.states);
}

// False: trouble, a message was given.
static bool finish(struct testing *t) {
  bool ok = true;
  if (t->json)
    ok = end_json(t);
  else
    end_text(t);
  if (!ok || t->told.failed) ok = (trouble_memory(), false);
  if (ok && t->told.length > 0) ok = output_write(&t->told);
  buffer_free(&t->told);
  return ok;
}

static int run(const struct command *self, int argc, char **argv) {
  struct testing t = {0};
  const struct option options[] = {
      {"--library", 0, OPTION_TEXTS, &t.libraries, "DIR",
       "where a source finds what it uses; may be repeated"},
      {"--coverage", 0, OPTION_FLAG, &t.coverage, NULL,
       "then in how many tests each criterion and rule was met, not met, unknown"},
      {"--json", 0, OPTION_FLAG, &t.json, NULL, "the coverage and the counts as a JSON object"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  if (t.json && !t.coverage) return trouble("--json needs --coverage");
  bool ok = begin_json(&t);
  if (!ok) return EXIT_TROUBLE;
  for (int i = 0; i < count; i++) ok = test_path(&t, argv[i]) && ok;
  ok = finish(&t) && ok;
  if (!ok) return EXIT_TROUBLE;
  return t.failed ? EXIT_FINDINGS : EXIT_DONE;
}

const struct command command_test = {
    "test",
    "runs the tests written in policies",
    "PATH...",
    "Runs the test blocks of policy sources, files or all .soc "
    "files below directories, and prints each that\n"
    "fails with what differed. The last line is the count; --coverage "
    "tells more after it. Exit\n"
    "status: 0 all pass, 1 some fail, 2 trouble.",
    "  soc test policies/",
    run};
