// SPDX-License-Identifier: Apache-2.0
//
// soc test: runs the `test` blocks of policies and tells which fail, where and how.
#include "cli/artifacts.h"
#include "cli/commands.h"

#include <limits.h>
#include <string.h>

struct testing {
  struct option_texts libraries;
  uint64_t passed, failed;
};

static void print_failure(const char *file, const soc_test_outcome *outcome) {
  printf("%s:%u: %s\n", file, (unsigned)outcome->line, outcome->title);
  for (const char *line = outcome->difference; *line;) {
    size_t length = strcspn(line, "\n");
    printf("    %.*s\n", (int)length, line);
    line += length + (line[length] == '\n');
  }
}

static bool run_tests(struct testing *t, const char *file, soc_compilation *c) {
  uint32_t count = soc_compilation_test_count(c);
  for (uint32_t i = 0; i < count; i++) {
    soc_test_outcome outcome;
    if (!soc_compilation_run_test(c, i, &outcome)) return trouble_memory(), false;
    if (outcome.passed) {
      t->passed++;
    } else {
      t->failed++;
      print_failure(file, &outcome);
    }
  }
  return true;
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
    ok = run_tests(t, file, c.compilation);
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

static int run(const struct command *self, int argc, char **argv) {
  struct testing t = {0};
  const struct option options[] = {
      {"--library", 0, OPTION_TEXTS, &t.libraries, "DIR",
       "where a source finds what it uses; may be repeated"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  bool ok = true;
  for (int i = 0; i < count; i++) ok = test_path(&t, argv[i]) && ok;
  printf("%llu passed, %llu failed\n", (unsigned long long)t.passed, (unsigned long long)t.failed);
  if (!ok) return EXIT_TROUBLE;
  return t.failed ? EXIT_FINDINGS : EXIT_DONE;
}

const struct command command_test = {"test",
                                     "runs the tests written in policies",
                                     "PATH...",
                                     "Runs the test blocks of policy sources, files or all .soc "
                                     "files below directories, and prints each that\n"
                                     "fails with what differed. The last line is the count. Exit "
                                     "status: 0 all pass, 1 some fail, 2 trouble.",
                                     "  soc test policies/",
                                     run};
