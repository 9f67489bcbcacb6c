// SPDX-License-Identifier: Apache-2.0
//
// soc compile: one policy source to one artifact.
#include "cli/artifacts.h"
#include "cli/commands.h"

#include <string.h>

static int tell_digest(const void *image, size_t length, const char *path) {
  uint8_t digest[32];
  char text[DIGEST_TEXT + 1];
  soc_digest(image, length, digest);
  digest_text(digest, text);
  printf("sha256:%s  %s\n", text, path);
  return EXIT_DONE;
}

static int write_artifact(const struct compiling *c, const char *source, const char *output) {
  size_t length;
  struct buffer path = {0};
  const void *image = soc_compilation_artifact(c->compilation, &length);
  if (!image) return trouble_memory();
  if (output)
    buffer_text(&path, output);
  else
    buffer_format(&path, "%sb", source);
  int status = EXIT_TROUBLE;
  if (path.failed)
    trouble_memory();
  else if (file_write(path.data, image, length))
    status = tell_digest(image, length, path.data);
  buffer_free(&path);
  return status;
}

static int finish(const struct compiling *c, const char *source, const char *output) {
  if (!source_report(c)) return EXIT_TROUBLE;
  uint32_t errors = soc_compilation_error_count(c->compilation);
  if (errors) {
    trouble("%s: %u error%s, nothing was written", source, (unsigned)errors,
            errors == 1 ? "" : "s");
    return EXIT_FINDINGS;
  }
  if (soc_compilation_kind(c->compilation) == SOC_FILE_TESTS)
    return trouble("%s holds tests: they are run (soc test) and never become part of an artifact",
                   source);
  if (soc_compilation_kind(c->compilation) != SOC_FILE_POLICY)
    return trouble("%s is a vocabulary or library: policies that use it are compiled, it is only "
                   "checked (soc check)",
                   source);
  return write_artifact(c, source, output);
}

static int run(const struct command *self, int argc, char **argv) {
  const char *output = NULL;
  struct option_texts libraries = {0};
  const struct option options[] = {
      {"--output", 'o', OPTION_TEXT, &output, "FILE",
       "where the artifact goes (FILE.socb beside the source)"},
      {"--library", 0, OPTION_TEXTS, &libraries, "DIR",
       "where the source finds what it uses; may be repeated"},
  };
  int status;
  if (options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, 1, &status) < 0)
    return status;
  if (!output && !path_ends_with(argv[0], ".soc"))
    return trouble("%s does not end in .soc; name the artifact with -o FILE.socb", argv[0]);
  if (output && path_ends_with(output, ".soc"))
    return trouble("%s would overwrite a source; the name of an artifact ends in .socb", output);
  if (output && path_same(argv[0], output))
    return trouble("%s is the source itself; name another file", output);
  struct compiling c;
  status = source_compile(&c, argv[0], &libraries) ? finish(&c, argv[0], output) : EXIT_TROUBLE;
  source_free(&c);
  return status;
}

const struct command command_compile = {
    "compile",
    "makes the artifact of a policy version",
    "FILE.soc",
    "Compiles a policy version to an artifact and prints the SHA-256 of the artifact's bytes, as "
    "sha256sum\n"
    "does. What a source names with `use` is found beside it (./ and ../), in the directories of "
    "--library, and\n"
    "in the standard library. Exit status: 0 done, 1 the source has errors, 2 trouble.",
    "  soc compile policies/premera/11.01.523/2024-12-05.soc -o /tmp/premera.socb",
    run};
