// SPDX-License-Identifier: Apache-2.0
//
// soc test: runs the tests in policies and beside them, and tells which fail, where and how.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/coverage.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct testing {
  struct option_texts libraries;
  uint64_t passed, failed;
  bool met_policy;     // below the path that is looked at
  struct paths broken; // files of tests with errors, which are told once
  bool coverage, strict, json;
  struct buffer told; // of the coverage; printed at the end
  struct json_writer *w;
  struct coverage_sum sum;
};

// The tests of a policy, or those of a file of tests for one of the policies that it names.
struct run {
  char *policy;     // the file that they are run on
  char *tests;      // NULL: the policy's own
  uint32_t version; // of those that the file of tests is for
  bool named;       // on the command line
};
struct runs {
  struct run *items;
  size_t count, capacity;
};

// ------------------------------------------------------------------ which tests there are

static void runs_free(struct runs *runs) {
  for (size_t i = 0; i < runs->count; i++) {
    free(runs->items[i].policy);
    free(runs->items[i].tests);
  }
  free(runs->items);
}

static char *copy_of(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

static bool room_for_one(struct runs *runs) {
  if (runs->count < runs->capacity) return true;
  size_t capacity = runs->capacity ? runs->capacity * 2 : 16;
  struct run *items = realloc(runs->items, capacity * sizeof *items);
  if (!items) return false;
  runs->items = items;
  runs->capacity = capacity;
  return true;
}

static bool add_run(struct runs *runs, const char *policy, const char *tests, uint32_t version,
                    bool named) {
  if (!room_for_one(runs)) return trouble_memory(), false;
  struct run *run = &runs->items[runs->count++];
  *run = (struct run){.policy = copy_of(policy), .version = version, .named = named};
  if (tests) run->tests = copy_of(tests);
  if (run->policy && (!tests || run->tests)) return true;
  free(run->policy);
  free(run->tests);
  runs->count--;
  return trouble_memory(), false;
}

// "dir/" of "dir/file", nothing of "file".
static void put_folder(struct buffer *path, const char *file) {
  size_t length = path_directory(file);
  if (length > 0 || file[0] == '/') buffer_format(path, "%.*s/", (int)length, file);
}

// "dir/a.test.soc" and "./2024-12-05": "dir/2024-12-05.soc".
static void put_policy(struct buffer *path, const char *tests, soc_text version) {
  size_t skip = version.length > 2 ? 2 : 0;
  put_folder(path, tests);
  buffer_append(path, version.data + skip, version.length - skip);
  buffer_text(path, ".soc");
}

static bool told_errors(const struct compiling *c, const char *file) {
  if (soc_compilation_error_count(c->compilation) == 0) return false;
  source_report(c);
  trouble("%s has errors, its tests cannot be run", file);
  return true;
}

// The runs of a file of tests; `only`: on this policy and no other, NULL: on all. *tests: it is such a file.
static bool add_tests(struct testing *t, struct runs *runs, const char *file, const char *only,
                      bool *tests) {
  struct compiling c;
  bool ok = source_make(&c, file, &t->libraries, soc_read) && !told_errors(&c, file);
  *tests = ok && soc_compilation_kind(c.compilation) == SOC_FILE_TESTS;
  uint32_t count = *tests ? soc_compilation_version_count(c.compilation) : 0;
  struct buffer policy = {0};
  for (uint32_t i = 0; ok && i < count; i++) {
    buffer_clear(&policy);
    put_policy(&policy, file, soc_compilation_version(c.compilation, i));
    if (policy.failed)
      ok = (trouble_memory(), false);
    else if (!only || strcmp(policy.data, only) == 0)
      ok = add_run(runs, policy.data, file, i, !only);
  }
  buffer_free(&policy);
  source_free(&c);
  return ok;
}

// Files of tests in the folder of a policy.
static bool add_beside(struct testing *t, struct runs *runs, const char *policy) {
  struct paths files = {0};
  struct buffer path = {0};
  put_folder(&path, policy);
  const char *folder = path.length > 0 ? path.data : ".";
  bool ok = directory_list(folder, &files), tests;
  if (!ok) trouble("cannot read the directory %s to find tests beside %s", folder, policy);
  for (size_t i = 0; ok && i < files.count; i++) {
    if (!path_ends_with(files.items[i], TESTS_ENDING)) continue;
    buffer_clear(&path);
    put_folder(&path, policy);
    buffer_text(&path, files.items[i]);
    if (path.failed) trouble_memory();
    ok = !path.failed && add_tests(t, runs, path.data, policy, &tests);
  }
  buffer_free(&path);
  paths_free(&files);
  return ok;
}

static bool add_file(struct testing *t, struct runs *runs, const char *file, bool named) {
  bool tests = false;
  if (path_ends_with(file, TESTS_ENDING) && !add_tests(t, runs, file, NULL, &tests)) return false;
  if (tests) return true;
  bool ok = !named || !path_exists(file) || add_beside(t, runs, file);
  return add_run(runs, file, NULL, 0, named) && ok;
}

// By policy; first its own tests.
static int compare_runs(const void *a, const void *b) {
  const struct run *x = a, *y = b;
  int order = strcmp(x->policy, y->policy);
  if (order != 0) return order;
  if (!x->tests || !y->tests) return (x->tests != NULL) - (y->tests != NULL);
  order = strcmp(x->tests, y->tests);
  return order != 0 ? order : (x->version > y->version) - (x->version < y->version);
}

// ------------------------------------------------------------------ running them

// "places.test.soc:12: Places, row 2 (2024-12-05)"
static void print_failure(FILE *to, const struct run *run, const soc_test_outcome *outcome) {
  const char *version = strrchr(run->policy, '/');
  version = version ? version + 1 : run->policy;
  fprintf(to, "%s:%u: %s", run->tests ? run->tests : run->policy, (unsigned)outcome->line,
          outcome->title);
  if (run->tests) fprintf(to, " (%.*s)", (int)(strlen(version) - strlen(".soc")), version);
  fputc('\n', to);
  for (const char *line = outcome->difference; *line;) {
    size_t length = strcspn(line, "\n");
    fprintf(to, "    %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static bool run_tests(struct testing *t, const struct run *run, soc_compilation *c,
                      struct coverage *coverage) {
  soc_test_case_fn *watch = t->coverage ? coverage_take : NULL;
  uint32_t count = soc_compilation_test_count(c);
  for (uint32_t i = 0; i < count; i++) {
    soc_test_outcome outcome;
    if (!soc_compilation_watch_test(c, i, &outcome, watch, coverage))
      return trouble_memory(), false;
    if (outcome.passed) {
      t->passed++;
    } else {
      t->failed++;
      print_failure(t->json ? stderr : stdout, run, &outcome);
    }
  }
  return true;
}

// `c` is in use until it is freed, also if there was trouble.
static bool compile_and_run(struct testing *t, const struct run *run, struct compiling *c,
                            struct coverage *coverage) {
  const char *file = run->tests ? run->tests : run->policy;
  if (!source_make_for(c, file, &t->libraries, soc_compile, run->version)) return false;
  if (!told_errors(c, file)) {
    bool begun = !t->coverage || coverage->policy || coverage_begin(coverage, c->compilation);
    return begun ? run_tests(t, run, c->compilation, coverage) : (trouble_memory(), false);
  }
  if (run->tests) paths_add(&t->broken, file, strlen(file));
  return false;
}

static bool is_broken(const struct testing *t, const char *tests) {
  for (size_t i = 0; tests && i < t->broken.count; i++)
    if (strcmp(t->broken.items[i], tests) == 0) return true;
  return false;
}

static bool is_policy(const struct compiling *c) {
  return c->compilation != NULL && soc_compilation_kind(c->compilation) == SOC_FILE_POLICY;
}

// A policy without tests is worth a word, and so is any file that the user named.
static void tell_none(const struct run *run, const struct compiling *c) {
  if (is_policy(c) || run->named)
    fprintf(stderr, "soc: %s has no tests\n", run->tests ? run->tests : run->policy);
}

// The runs of one policy. The coverage speaks of the policy in the first compilation, so all are kept until it is told.
static bool run_group(struct testing *t, const struct run *runs, size_t count) {
  struct coverage coverage = {0};
  struct compiling *c = calloc(count, sizeof *c);
  uint32_t tests = 0;
  bool ok = c || (trouble_memory(), false);
  for (size_t i = 0; i < count && ok && !output_failed(); i++) {
    if (is_broken(t, runs[i].tests)) continue;
    ok = compile_and_run(t, &runs[i], &c[i], &coverage);
    if (ok) tests += soc_compilation_test_count(c[i].compilation);
  }
  if (ok && tests == 0 && c[0].compilation) tell_none(&runs[0], &c[0]);
  if (runs[0].tests != NULL || (c && is_policy(&c[0]))) t->met_policy = true;
  if (ok && coverage.policy != NULL && t->w != NULL) coverage_json(&coverage, t->w, &t->sum);
  if (ok && coverage.policy != NULL && t->w == NULL) coverage_text(&coverage, &t->told, &t->sum);
  coverage_free(&coverage);
  for (size_t i = 0; c && i < count; i++) source_free(&c[i]);
  free(c);
  return ok;
}

static bool test_path(struct testing *t, const char *path) {
  struct paths files = {0};
  struct runs runs = {0};
  t->met_policy = false;
  bool ok = source_files(path, &files), named = !path_is_directory(path);
  for (size_t i = 0; i < files.count; i++) ok = add_file(t, &runs, files.items[i], named) && ok;
  if (runs.count > 1) qsort(runs.items, runs.count, sizeof *runs.items, compare_runs);
  for (size_t i = 0, count; i < runs.count && !output_failed(); i += count) {
    count = 1;
    while (i + count < runs.count &&
           strcmp(runs.items[i].policy, runs.items[i + count].policy) == 0)
      count++;
    ok = run_group(t, runs.items + i, count) && ok;
  }
  if (ok && !named && !t->met_policy && !output_failed())
    ok = (trouble("%s holds no policy, so there is nothing to test", path), false);
  runs_free(&runs);
  paths_free(&files);
  return ok;
}

// ------------------------------------------------------------------ the command

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
  put(t->w, "out_of_reach", t->sum.out_of_reach);
  json_object_end(t->w);
  bool ok = json_writer_ok(t->w);
  json_writer_free(t->w);
  return ok && buffer_char(&t->told, '\n');
}

static void end_text(struct testing *t) {
  printf("%llu passed, %llu failed\n", (unsigned long long)t->passed,
         (unsigned long long)t->failed);
  if (t->coverage && t->sum.states > 0) // else there was no policy to tell of
    buffer_format(&t->told, "\n%llu of %llu states reached, %llu proven out of reach\n",
                  (unsigned long long)t->sum.reached, (unsigned long long)t->sum.states,
                  (unsigned long long)t->sum.out_of_reach);
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
      {"--strict", 0, OPTION_FLAG, &t.strict, NULL,
       "with --coverage: exit status 1 also if a state that can occur is not reached"},
      {"--json", 0, OPTION_FLAG, &t.json, NULL, "the coverage and the counts as a JSON object"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  if (t.json && !t.coverage) return trouble("--json needs --coverage");
  if (t.strict && !t.coverage) return trouble("--strict needs --coverage");
  bool ok = begin_json(&t);
  if (!ok) return EXIT_TROUBLE;
  for (int i = 0; i < count; i++) ok = test_path(&t, argv[i]) && ok;
  ok = finish(&t) && ok;
  paths_free(&t.broken);
  if (!ok) return EXIT_TROUBLE;
  bool missed = t.strict && t.sum.reached < t.sum.states;
  return t.failed || missed ? EXIT_FINDINGS : EXIT_DONE;
}

const struct command command_test = {"test",
                                     "runs the tests in policies and beside them",
                                     "PATH...",
                                     "Runs the tests of policy sources, files or all .soc files "
                                     "below directories: test blocks and rows "
                                     "of test tables,\n"
                                     "in the policy and in the files NAME.test.soc beside it that "
                                     "are for it. Of a file of tests, it runs "
                                     "that file alone.\n"
                                     "Prints each test that fails with what differed. The last "
                                     "line is the count; --coverage tells more "
                                     "after it, where a\n"
                                     "dash is a state that no case can bring about. Exit status: 0 "
                                     "all pass, 1 some fail, 2 trouble.",
                                     "  soc test policies/",
                                     run};
