// SPDX-License-Identifier: Apache-2.0
//
// Policies as commands use them: a source compiled in memory or an artifact read from a file, verified, with its digest
// and the memory for one case. Everything that goes wrong is told on standard error.
#ifndef SOC_CLI_ARTIFACTS_H
#define SOC_CLI_ARTIFACTS_H

#include "cli/case_reader.h"
#include "cli/files.h"
#include "cli/options.h"

#include <pthread.h>

enum { SOURCE_BYTES = 64 * 1024 * 1024, ARTIFACT_BYTES = 64 * 1024 * 1024 };

// ---------------------------------------------------------------------------------------- sources

// Texts that a compilation reads through `use`, kept until it is freed.
struct used_text {
  struct buffer text, place;
  struct used_text *before; // in order of reading
};
struct compiling {
  const struct option_texts *libraries; // directories for names that do not begin with a dot
  struct used_text *used;               // the last one
  struct buffer text;                   // of the file itself
  soc_compilation *compilation;
  bool no_memory;
};

// Compiles a file; the compilation is in *c even if it found errors. False: trouble, a message was given.
bool source_compile(struct compiling *c, const char *path, const struct option_texts *libraries);
// The same with another function of the compiler.
typedef soc_compilation *source_maker(const char *text, size_t length, const char *place,
                                      const soc_compile_options *options);
bool source_make(struct compiling *c, const char *path, const struct option_texts *libraries,
                 source_maker *make);
// The same for one of the policies that a file of tests is for.
bool source_make_for(struct compiling *c, const char *path, const struct option_texts *libraries,
                     source_maker *make, uint32_t version);
void source_free(struct compiling *c);
// Writes all diagnostics to standard error as people read them. False: out of memory.
bool source_report(const struct compiling *c);

// ---------------------------------------------------------------------------------------- artifacts

enum { DIGEST_TEXT = 64 };
void digest_text(const uint8_t digest[32], char text[DIGEST_TEXT + 1]); // hexadecimal

// The behaviour digest that the bytes of a loaded artifact come to; what they state of it may be anything. False: out
// of memory.
bool behaviour_digest(const char *image, uint8_t digest[32]);

// How a case of the vocabulary becomes a case of one policy.
struct bound_fact {
  uint32_t manifest;    // index in the manifest, SOC_NO_INDEX: not read
  uint32_t first_value; // of an enumeration, in the binding's `values`
  bool list_in_row;     // a list that is a field of a record
};
struct binding {
  const struct vocabulary_index *v;
  const soc_policy *policy;
  struct bound_fact *facts; // by fact of the vocabulary
  uint32_t *vocabulary;     // by index in the manifest: fact of the vocabulary
  uint32_t *values; // by value of the vocabulary: value of the policy, SOC_NO_INDEX: unknown to it
  soc_case *c;      // of the size of `limits`
  void *memory;
  soc_case_limits limits;
};
// False: a message was given, but without a name none about facts that the vocabulary does not have.
bool binding_open(struct binding *b, const struct vocabulary_index *v, const soc_policy *policy,
                  const char *name);
void binding_close(struct binding *b);
enum binding_status { BINDING_DONE, BINDING_REFUSED, BINDING_NO_MEMORY };
// Sets the values of a case that has no error. REFUSED: the policy cannot take one of them; it becomes the case's
// error.
enum binding_status binding_set(struct binding *b, struct case_data *data);

struct block;
struct artifact {
  struct buffer path, bytes;
  soc_policy policy;
  void *plan; // NULL: it can have none
  soc_policy_info info;
  soc_decision_info *decisions; // info.decision_count of them
  char digest[DIGEST_TEXT + 1]; // of the whole file
  struct buffer heading;        // members that tell policy and version in a result as JSON
  size_t version_at;            // in it: those of the version
  struct binding binding;
  struct block *block; // for cases that are decided together; NULL: not made yet
};
// From a .soc or .socb file. NULL: a message was given. With v NULL nothing can be bound.
struct artifact *artifact_open(const char *path, const struct option_texts *libraries,
                               const struct vocabulary_index *v);
// The same artifact with memory for a case of its own, for another thread; `a` outlives it. NULL: a message was given.
struct artifact *artifact_share(const struct artifact *a);
void artifact_free(struct artifact *a);
// Is a decision one about each row of a list? Else it is one over the case.
static inline bool decides_rows(const struct artifact *a, uint32_t decision) {
  return a->decisions[decision].list != SOC_NO_INDEX;
}

// ---------------------------------------------------------------------------------------- versions

struct policy_version {
  char name[11]; // "2024-12-05"
  int32_t day;
  struct artifact *artifact; // NULL until it is needed
  bool refused;              // it cannot be loaded, and that was told
  bool source_only;          // there is no .socb
};
// What POLICY on the command line stands for: one file, or all versions of a policy id.
struct policies {
  const struct vocabulary_index *v;
  const struct option_texts *libraries;
  const char *id;                  // looked up; NULL for one file
  struct buffer directory;         // of the versions; empty for one file
  struct policy_version *versions; // by date
  size_t count;
  // Facts of the vocabulary: the date that chooses the version (SOC_NO_INDEX: none, the newest decides); the list whose
  // rows are decided one by one (SOC_NO_INDEX: none), the field that numbers them and the date of each.
  uint32_t basis, lines, line_key, line_date;
  bool forced;          // a version was named, or there is one file
  struct policies *of;  // that this shares artifacts with; NULL: these are its own
  pthread_mutex_t lock; // over loading a version for those that share it
};
// `directory` is where policy ids are looked up, `version` NULL: by the date of the case. False: a message was given.
bool policies_open(struct policies *p, const char *policy, const char *directory,
                   const char *version, const struct option_texts *libraries,
                   const struct vocabulary_index *v);
// The same policies for another thread, which loads what it needs from `of`, where it is loaded once. `of` outlives it.
// False: a message was given.
bool policies_share(struct policies *p, struct policies *of);
void policies_close(struct policies *p);
// The version for a case. NULL: it cannot be loaded, a message was given.
struct artifact *policies_choose(struct policies *p, const struct case_data *data);
// The version in force on a day; if one is forced, that one. NULL: as above.
struct artifact *policies_on(struct policies *p, int32_t day);
// The newest version, to name the policy when no case could be read.
struct artifact *policies_newest(struct policies *p);

// "2024-12-05" as days. False: no such date.
bool version_day(const char *name, size_t length, int32_t *day);

#endif
