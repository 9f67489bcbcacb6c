// SPDX-License-Identifier: Apache-2.0
//
// soc verify: whether artifacts are what their sources say. Each is loaded, which checks every byte of it, and compared
// with what the compiler makes of the source beside it. Signatures do not exist yet; that they are not looked at has to
// be asked for, so that nobody takes the answer for more than it is.
#include "cli/artifacts.h"
#include "cli/commands.h"
#include "cli/values.h"

#include <limits.h>
#include <string.h>

struct verifying {
  struct option_texts libraries;
  uint64_t passed, failed;
  struct buffer line;
};

// ---------------------------------------------------------------------------------------- what is found

// "FILE: what is wrong", a result of the command.
static void finding(struct verifying *v, const char *file, const char *what) {
  v->failed++;
  buffer_clear(&v->line);
  buffer_format(&v->line, "%s: %s\n", file, what);
  if (v->line.failed)
    trouble_memory();
  else
    output_write(&v->line);
}

static void good(struct verifying *v, const char *file, const struct buffer *bytes) {
  uint8_t digest[32];
  char text[DIGEST_TEXT + 1];
  v->passed++;
  soc_digest(bytes->data, bytes->length, digest);
  digest_text(digest, text);
  buffer_clear(&v->line);
  buffer_format(&v->line, "sha256:%s  %s\n", text, file);
  if (v->line.failed)
    trouble_memory();
  else
    output_write(&v->line);
}

// ---------------------------------------------------------------------------------------- one artifact

// The name of the first source whose text is not the one that the artifact was made from; empty: there is none.
static soc_text changed_source(const soc_policy *was, const soc_policy *is, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    soc_source_info a = {0}, b = {0};
    if (soc_policy_source(was, i, &a) != SOC_OK || soc_policy_source(is, i, &b) != SOC_OK) break;
    if (!text_same(a.name, b.name) || memcmp(a.digest, b.digest, sizeof a.digest) != 0)
      return a.name;
  }
  return (soc_text){"", 0};
}

// The name of the first table of which other rows are taken now; empty: there is none.
static soc_text changed_table(const soc_policy *was, const soc_policy *is, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    soc_table_info a = {0}, b = {0};
    if (soc_policy_table(was, i, &a) != SOC_OK || soc_policy_table(is, i, &b) != SOC_OK) break;
    if (!text_same(a.name, b.name) || memcmp(a.digest, b.digest, sizeof a.digest) != 0)
      return a.name;
  }
  return (soc_text){"", 0};
}

static uint32_t least(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static void tell_difference(struct verifying *v, const char *file, const soc_policy *was,
                            const void *image, size_t length) {
  soc_policy is;
  soc_policy_info a, b;
  struct buffer what = {0};
  if (soc_policy_load(&is, image, length, NULL) != SOC_OK) {
    finding(v, file, "cannot be rebuilt");
    return;
  }
  soc_policy_describe(was, &a);
  soc_policy_describe(&is, &b);
  bool same = memcmp(a.behaviour_digest, b.behaviour_digest, sizeof a.behaviour_digest) == 0;
  soc_text changed = changed_source(was, &is, least(a.source_count, b.source_count));
  soc_text table = changed_table(was, &is, least(a.table_count, b.table_count));
  buffer_text(&what, "its source gives other bytes");
  if (changed.length > 0)
    buffer_format(&what, ": %.*s has changed since it was compiled", (int)changed.length,
                  changed.data);
  else if (table.length > 0)
    buffer_format(&what, ": other rows of %.*s are taken than when it was compiled",
                  (int)table.length, table.data);
  buffer_text(&what, same ? " (it decides the same)" : " (and it decides differently)");
  if (changed.length == 0 && table.length > 0)
    buffer_text(&what, "; if the table is right, soc compile makes the artifact anew; a row that "
                       "is for newer versions only needs a first day in them");
  finding(v, file, what.failed ? "its source gives other bytes" : what.data);
  buffer_free(&what);
}

static void compare(struct verifying *v, const char *file, const struct buffer *bytes,
                    const soc_policy *policy, const struct compiling *c) {
  size_t length = 0;
  const void *image = soc_compilation_artifact(c->compilation, &length);
  if (image == NULL)
    finding(v, file,
            soc_compilation_kind(c->compilation) == SOC_FILE_POLICY
                ? "its source has errors (soc check tells which)"
                : "the source beside it is no policy");
  else if (length == bytes->length && memcmp(image, bytes->data, length) == 0)
    good(v, file, bytes);
  else
    tell_difference(v, file, policy, image, length);
}

static bool rebuild(struct verifying *v, const char *file, const struct buffer *bytes,
                    const soc_policy *policy) {
  struct buffer source = {0};
  struct compiling c;
  buffer_format(&source, "%.*s", (int)(strlen(file) - 1), file); // FILE.socb: FILE.soc
  bool ok = !source.failed;
  if (!ok) {
    trouble_memory();
  } else if (!path_exists(source.data)) {
    finding(v, file, "there is no source beside it");
  } else {
    ok = source_compile(&c, source.data, &v->libraries);
    if (ok) compare(v, file, bytes, policy, &c);
    source_free(&c);
  }
  buffer_free(&source);
  return ok;
}

// What it states of its behaviour is what tell_difference goes by. False: trouble, a message was given.
static bool check_behaviour(struct verifying *v, const char *file, const struct buffer *bytes,
                            const soc_policy *policy) {
  uint8_t digest[32];
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  if (!behaviour_digest(bytes->data, digest)) return trouble_memory(), false;
  if (memcmp(digest, info.behaviour_digest, sizeof digest) == 0)
    return rebuild(v, file, bytes, policy);
  finding(v, file, "states another behaviour digest than its bytes come to");
  return true;
}

// False: trouble, a message was given.
static bool verify_artifact(struct verifying *v, const char *file) {
  struct buffer bytes = {0}, what = {0};
  soc_policy policy;
  soc_error error;
  bool ok = file_read(file, ARTIFACT_BYTES, false, &bytes);
  if (ok && soc_policy_load(&policy, buffer_get(&bytes), bytes.length, &error) == SOC_OK) {
    ok = check_behaviour(v, file, &bytes, &policy);
  } else if (ok) {
    buffer_format(&what, "not well formed: %s (%s at byte %llu)", error.message, error.code,
                  (unsigned long long)error.offset);
    finding(v, file, what.failed ? "not well formed" : what.data);
  }
  buffer_free(&what);
  buffer_free(&bytes);
  return ok;
}

// ---------------------------------------------------------------------------------------- trees

// A policy below a directory that has no artifact is a lapse, too; tests have none.
static bool verify_source(struct verifying *v, const char *file) {
  struct buffer artifact = {0};
  struct compiling c;
  if (path_ends_with(file, TESTS_ENDING)) return true;
  buffer_format(&artifact, "%sb", file);
  bool ok = !artifact.failed || (trouble_memory(), false);
  if (ok && !path_exists(artifact.data)) {
    ok = source_compile(&c, file, &v->libraries);
    if (ok && soc_compilation_kind(c.compilation) == SOC_FILE_POLICY)
      finding(v, file, "there is no artifact beside it");
    source_free(&c);
  }
  buffer_free(&artifact);
  return ok;
}

static bool verify_path(struct verifying *v, const char *path) {
  struct paths files = {0};
  bool tree = path_is_directory(path);
  uint64_t before = v->passed + v->failed;
  if (!tree && !path_ends_with(path, ".socb"))
    return trouble("%s is neither a directory nor a file whose name ends in .socb", path), false;
  bool ok = tree_files(path, ".socb", &files);
  for (size_t i = 0; ok && i < files.count && !output_failed(); i++)
    ok = verify_artifact(v, files.items[i]);
  paths_free(&files);
  ok = ok && (!tree || tree_files(path, ".soc", &files));
  for (size_t i = 0; ok && tree && i < files.count && !output_failed(); i++)
    ok = verify_source(v, files.items[i]);
  paths_free(&files);
  if (ok && before == v->passed + v->failed)
    return trouble("there is no artifact below %s", path), false;
  return ok;
}

// ---------------------------------------------------------------------------------------- the command

static bool signatures_settled(bool unsigned_ok, const char *key) {
  if (key != NULL)
    trouble(
        "--key %s: artifacts cannot be signed yet, so none has the signature that this asks for",
        key);
  else if (!unsigned_ok)
    trouble("signatures were not checked: say --unsigned-ok to do without them, or --key FILE to "
            "require one");
  return key == NULL && unsigned_ok;
}

static int run(const struct command *self, int argc, char **argv) {
  struct verifying v = {0};
  bool unsigned_ok = false;
  const char *key = NULL;
  const struct option options[] = {
      {"--unsigned-ok", 0, OPTION_FLAG, &unsigned_ok, NULL, "check all but signatures"},
      {"--key", 0, OPTION_TEXT, &key, "FILE",
       "require a signature by this key (not there yet: always fails)"},
      {"--library", 0, OPTION_TEXTS, &v.libraries, "DIR",
       "where a source finds what it uses; may be repeated"},
  };
  int status;
  int count = options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, INT_MAX,
                            &status);
  if (count < 0) return status;
  if (unsigned_ok && key != NULL) return trouble("--unsigned-ok and --key exclude each other");
  bool ok = true;
  for (int i = 0; i < count; i++) ok = verify_path(&v, argv[i]) && ok;
  printf("%llu passed, %llu failed\n", (unsigned long long)v.passed, (unsigned long long)v.failed);
  buffer_free(&v.line);
  if (!ok) return EXIT_TROUBLE;
  return signatures_settled(unsigned_ok, key) && v.failed == 0 ? EXIT_DONE : EXIT_FINDINGS;
}

const struct command command_verify = {"verify",
                                       "whether artifacts are what their sources say",
                                       "PATH...",
                                       "Checks artifacts, files or all .socb files below "
                                       "directories: each is well formed and is, byte for byte,\n"
                                       "what the source beside it compiles to; below a directory, "
                                       "each policy has one. Prints the digest of each\n"
                                       "that passes and what is wrong with the others; the last "
                                       "line is the count. Artifacts cannot be signed\n"
                                       "yet; until then --unsigned-ok says that this is known. "
                                       "Exit status: 0 all pass, 1 some fail, or neither\n"
                                       "--unsigned-ok nor --key was said, 2 trouble.",
                                       "  soc verify --unsigned-ok policies/",
                                       run};
