// SPDX-License-Identifier: Apache-2.0
//
// soc fmt: lays sources out, or tells which are not, or prints a version of a policy with its amendments made.
#include "cli/artifacts.h"
#include "cli/commands.h"

#include <limits.h>
#include <string.h>

struct formatting {
  struct option_texts libraries;
  bool check, expand;
  uint64_t changed;
};

// Tells what is in the way; errors in a source are trouble here.
static bool told_errors(const struct compiling *c, const char *file) {
  if (soc_compilation_error_count(c->compilation) == 0) return false;
  source_report(c);
  trouble("%s has errors and is left as it is", file);
  return true;
}

static bool rewrite(struct formatting *f, const struct compiling *c, const char *file,
                    const char *text, size_t length) {
  struct buffer line = {0};
  if (length == c->text.length && memcmp(text, buffer_get(&c->text), length) == 0) return true;
  f->changed++;
  if (!f->check && !file_write(file, text, length)) return false;
  bool ok = buffer_format(&line, "%s\n", file) || (trouble_memory(), false);
  if (ok) output_write(&line);
  buffer_free(&line);
  return ok;
}

static bool print(const char *text, size_t length) {
  struct buffer out = {0};
  bool ok = buffer_append(&out, text, length) || (trouble_memory(), false);
  if (ok) output_write(&out);
  buffer_free(&out);
  return ok;
}

static bool format_file(struct formatting *f, const char *file) {
  struct compiling c;
  bool ok = source_make(&c, file, &f->libraries, f->expand ? soc_expand : soc_format);
  if (ok && told_errors(&c, file)) ok = false;
  if (ok) {
    size_t length;
    const char *text = soc_compilation_text(c.compilation, &length);
    ok = f->expand ? print(text, length) : rewrite(f, &c, file, text, length);
  }
  source_free(&c);
  return ok;
}

static bool format_path(struct formatting *f, const char *path) {
  struct paths files = {0};
  bool ok = source_files(path, &files);
  for (size_t i = 0; i < files.count && !output_failed(); i++)
    ok = format_file(f, files.items[i]) && ok;
  paths_free(&files);
  return ok;
}

static int run(const struct command *self, int argc, char **argv) {
  struct formatting f = {0};
  const struct option options[] = {
      {"--check", 0, OPTION_FLAG, &f.check, NULL, "only tell which files are laid out differently"},
      {"--expand", 0, OPTION_FLAG, &f.expand, NULL,
       "print one file with its amendments made and its rows of tables, change nothing"},
      {"--library", 0, OPTION_TEXTS, &f.libraries, "DIR",
       "--expand: where a source finds what it uses; may be repeated"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  if (f.expand && (f.check || count > 1 || path_is_directory(argv[0])))
    return trouble("--expand prints one file, and stands without --check");
  bool ok = true;
  for (int i = 0; i < count; i++) ok = format_path(&f, argv[i]) && ok;
  if (!ok) return EXIT_TROUBLE;
  return f.check && f.changed > 0 ? EXIT_FINDINGS : EXIT_DONE;
}

const struct command command_fmt = {"fmt",
                                    "lays sources out, or writes a version out whole",
                                    "PATH...",
                                    "Gives files, and all .soc files below directories, the "
                                    "canonical layout: indentation, spaces and empty\n"
                                    "lines. Words, comments and the ends of lines between words "
                                    "stay. Prints the names of the files that were\n"
                                    "changed, with --check of those that would be. With --expand "
                                    "it prints one version of a policy with the\n"
                                    "amendments made that lead to it, so that it can be read "
                                    "alone; it decides the same. Exit status: 0, 1\n"
                                    "--check found some, 2 trouble.",
                                    "  soc fmt --check policies/\n"
                                    "  soc fmt --expand policies/premera/11.01.523/2024-12-05.soc",
                                    run};
