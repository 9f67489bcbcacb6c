// SPDX-License-Identifier: Apache-2.0
//
// soc_compiler: turns a .soc policy source into an artifact (.socb), and explains in an analyst's words
// what is wrong with one. For tools; an engine that only decides cases needs soc/vm.h alone.
//
// No global state and no input or output of its own: the caller supplies the texts. All memory of a
// compilation has one owner, the soc_compilation, and is released by soc_compilation_free; what the functions
// here give out lives as long. A compilation belongs to one thread at a time; different ones are independent.
// A pointer must not be NULL unless its function says what NULL means.
#ifndef SOC_COMPILER_H
#define SOC_COMPILER_H

#include "soc/vm.h"

#ifdef __cplusplus
extern "C" {
#endif

// "0.1.0": the version of the library that the program runs with. Static storage.
SOC_API const char *soc_compiler_version(void);

// Memory. `resize(ctx, NULL, 0, n)` allocates, `resize(ctx, p, old, n)` grows or shrinks, n == 0 frees and returns
// NULL. NULL for n > 0 means out of memory; p is then still valid.
typedef struct soc_allocator {
  void *(*resize)(void *ctx, void *p, size_t old_size, size_t new_size);
  void *ctx;
} soc_allocator;

// The text of a file that a source names with `use`. `name` is as written ("vocabulary/case", "./lists"), `from` is the
// `place` that the using file was given under. On success fills *text, *length (owned by the provider, kept until the
// compilation is freed), *place (a name for messages and for nested uses, likewise kept) and returns true; false: there
// is no such file. A name that ends in .csv or .tsv is a table of members (`rows of "./codes.tsv"`): the provider gives
// that very file, whereas it adds .soc to others. The standard library ("vocabulary/case", ...) is built in and asked
// for only if this returns false.
typedef bool soc_use_fn(void *ctx, const char *name, const char *from, const char **text,
                        size_t *length, const char **place);

// Names of files that a source may have meant by one that is not there, for a suggestion: calls `offer(offer_ctx,
// NAME)` for each as it would be written, in any order. `name` and `from` as above.
typedef void soc_near_fn(void *ctx, const char *name, const char *from,
                         void (*offer)(void *offer_ctx, const char *name), void *offer_ctx);

// 0: the default (docs/limits.md).
typedef struct soc_compile_limits {
  uint32_t source_bytes; // of one file
  uint32_t nesting;      // depth of blocks; more than 400 counts as 400
  uint32_t diagnostics;  // reported at most; then one line says how many more
} soc_compile_limits;

typedef struct soc_compile_options {
  const soc_allocator *allocator; // NULL: malloc family
  soc_use_fn *use;                // NULL: only the standard library can be used
  void *use_ctx;
  soc_compile_limits limits;
  bool thorough;     // also warn of conditions that are the same whatever a case says; takes longer
  uint32_t version;  // of a file of tests: which of the policies that it names, from 0
  soc_near_fn *near; // called with use_ctx; NULL: only the standard library is suggested
  // "2027-01-01", first day of the version after this one; NULL: there is none yet. Only a warning about rows of tables
  // looks at it
  const char *next_version;
} soc_compile_options;

typedef enum soc_severity { SOC_SEVERITY_ERROR, SOC_SEVERITY_WARNING } soc_severity;

typedef struct soc_diagnostic {
  const char *code; // "E0103"; stable
  soc_severity severity;
  const char *message; // what is wrong, in plain words; NUL-terminated
  const char *help;    // how to mend it; "" if there is nothing to add
  // a second place that matters ("`x` is first declared at a.soc:12:3"); "" if there is none
  const char *note;
  const char *place;                // the file, as the caller named it
  uint32_t start, end;              // byte offsets in that file, end exclusive
  uint32_t line, column;            // 1 upward; column counts characters (code points)
  const char *line_text;            // the source line without its end, not NUL-terminated
  uint32_t line_length;             // bytes
  uint32_t mark_start, mark_length; // characters of the line to underline; length at least 1
} soc_diagnostic;

typedef struct soc_compilation soc_compilation;

// Compiles `text` (UTF-8, `length` bytes; need not be NUL-terminated; must stay until the compilation is freed).
// `place` names it in messages and is given to `use` as `from`. `options` NULL: all defaults. Returns a compilation
// that must be freed, whether or not there were errors; NULL if memory runs out at once, or if the program runs with a
// soc_vm that is not of the same build: libraries of one release belong together (soc_vm_layout).
SOC_API SOC_MUST_CHECK soc_compilation *
soc_compile(const char *text, size_t length, const char *place, const soc_compile_options *options);
SOC_API void soc_compilation_free(soc_compilation *c); // NULL: nothing happens

// Only reads a source: its kind, and of a file of tests the policies that it is for. Reads no other file. Arguments and
// result of this and the next two as of soc_compile.
SOC_API SOC_MUST_CHECK soc_compilation *soc_read(const char *text, size_t length, const char *place,
                                                 const soc_compile_options *options);

// The canonical layout of a source: indentation, spaces and empty lines; words and comments stay. Reads no other file,
// and needs words that can be parsed, not a policy without mistakes. The diagnostics say what cannot be parsed.
SOC_API SOC_MUST_CHECK soc_compilation *
soc_format(const char *text, size_t length, const char *place, const soc_compile_options *options);
// A version of a policy written out whole, with the changes made that it and the versions it amends make. What it
// compiles to decides the same; its tests are those of the version. Any other file is merely laid out.
SOC_API SOC_MUST_CHECK soc_compilation *
soc_expand(const char *text, size_t length, const char *place, const soc_compile_options *options);
// The text that these two made, owned by the compilation, not NUL-terminated; NULL after errors, of soc_compile always.
SOC_API const char *soc_compilation_text(const soc_compilation *c, size_t *length);

// True: memory ran out on the way, and nothing else that the compilation says is complete.
SOC_API SOC_MUST_CHECK bool soc_compilation_out_of_memory(const soc_compilation *c);
SOC_API uint32_t soc_compilation_error_count(const soc_compilation *c);
SOC_API uint32_t soc_compilation_diagnostic_count(const soc_compilation *c);
// In order of file and place. index < count. Lives as long as the compilation.
SOC_API const soc_diagnostic *soc_compilation_diagnostic(const soc_compilation *c, uint32_t index);

// A diagnostic as people read it on a terminal: the message, place, source line with the part underlined, help, note;
// every line ends with \n. Works as snprintf: writes at most `size` bytes with the NUL, returns the bytes of the whole
// text without it; `buffer` may be NULL if `size` is 0.
SOC_API size_t soc_diagnostic_render(const soc_diagnostic *d, char *buffer, size_t size);

// What kind of file it was: only a policy makes an artifact; a vocabulary or library is merely checked. A file of tests
// (`tests for "./2024-12-05"`) is compiled with one of the policies that it is for, which the compile option `version`
// says; it is never part of the artifact.
typedef enum soc_file_kind {
  SOC_FILE_POLICY,
  SOC_FILE_VOCABULARY,
  SOC_FILE_LIBRARY,
  SOC_FILE_TESTS
} soc_file_kind;
SOC_API soc_file_kind soc_compilation_kind(const soc_compilation *c);

// The policies that a file of tests is for, as it writes them ("./2024-12-05"); 0 of any other file. index < count.
SOC_API uint32_t soc_compilation_version_count(const soc_compilation *c);
SOC_API soc_text soc_compilation_version(const soc_compilation *c, uint32_t index);

// The artifact's bytes, owned by the compilation, and their number; NULL and 0 after errors or for a file that is no
// policy.
SOC_API const void *soc_compilation_artifact(const soc_compilation *c, size_t *length);
// The policy, loaded from the artifact; of a file of tests, the one that it was compiled with. Lives as long as the
// compilation. NULL after errors or without a policy.
SOC_API const soc_policy *soc_compilation_policy(const soc_compilation *c);

// SHA-256 of any bytes (GNU Nettle). `bytes` may be NULL if `length` is 0. May be called by any number of threads.
SOC_API void soc_digest(const void *bytes, size_t length, uint8_t digest[32]);

// ---------------------------------------------------------------------------------------- vocabulary

// The shared vocabulary of the standard library, "vocabulary/case". Facts stand in the order of that file. What is read
// from it lives until it is closed; reading changes nothing, so threads may share it.
typedef struct soc_vocabulary soc_vocabulary;
// `allocator` as for soc_compile (NULL: malloc family). NULL: out of memory. Close it.
SOC_API SOC_MUST_CHECK soc_vocabulary *soc_vocabulary_open(const soc_allocator *allocator);
SOC_API void soc_vocabulary_close(soc_vocabulary *v); // NULL: nothing happens

typedef struct soc_vocabulary_fact {
  soc_text name; // "clinical.adverse_events[].kind"
  soc_text doc, standard;
  soc_type type;
  soc_unit unit;
  uint32_t flags; // SOC_FACT_*
  soc_left_out left_out;
  int64_t assumed;
  uint32_t list;        // index of the record list it is a field of; SOC_NO_INDEX
  uint32_t other;       // SOC_LEFT_OUT_OTHER_FACT: index
  bool key;             // numbers the rows of its list: required and unique
  uint32_t line_of;     // refers to a row of this list by its key; SOC_NO_INDEX
  uint32_t value_count; // enumerations
  int64_t minimum, maximum;
  uint32_t min_length, max_length; // codes
} soc_vocabulary_fact;
SOC_API uint32_t soc_vocabulary_count(const soc_vocabulary *v); // of facts
// False: index is not below the count.
SOC_API SOC_MUST_CHECK bool soc_vocabulary_fact_at(const soc_vocabulary *v, uint32_t index,
                                                   soc_vocabulary_fact *fact);
// Name of a value of an enumeration; empty text if there is no such fact or value.
SOC_API soc_text soc_vocabulary_value(const soc_vocabulary *v, uint32_t fact, uint32_t value);

// ---------------------------------------------------------------------------------------- citations

// What a source says of the document that it comes from, and all it uses and amends say: each `cite`, each title of a
// test or row of a table, and what `not computed` lists.
typedef enum soc_citation_kind {
  SOC_CITATION_CITE,
  SOC_CITATION_TEST,
  SOC_CITATION_NOT_COMPUTED
} soc_citation_kind;
typedef struct soc_citation {
  soc_citation_kind kind;
  soc_text text;     // as written
  const char *place; // the file
  uint32_t line;
} soc_citation;
// Calls `each` for one after the other, in order of file and place, then for the citations of rows that were taken from
// tables, until it returns false. Nothing after errors in the source. False: out of memory, or `each` ended it. What
// `each` is given lives until it returns, its texts as long as the compilation.
SOC_API SOC_MUST_CHECK bool soc_compilation_citations(soc_compilation *c,
                                                      bool (*each)(void *ctx, const soc_citation *),
                                                      void *ctx);

// ---------------------------------------------------------------------------------------- tests in policies

// The `test` blocks and the rows of test tables of a policy, run against its own artifact by soc_compilation_run_test;
// of a file of tests, those that it holds, run against the artifact of the policy that it was compiled with.
SOC_API uint32_t soc_compilation_test_count(const soc_compilation *c);
typedef struct soc_test_outcome {
  const char *title;
  uint32_t line; // where it is written, from 1
  bool passed;
  // what differed, one sentence a line; "" if it passed; lives as long as the compilation
  const char *difference;
} soc_test_outcome;
// index < count; false: out of memory. Takes some memory that is released with the compilation.
SOC_API SOC_MUST_CHECK bool soc_compilation_run_test(soc_compilation *c, uint32_t index,
                                                     soc_test_outcome *outcome);
// The same, and calls `watch` (NULL: nobody) with the test's case, decided with SOC_DECIDE_EXPLAIN, and its policy,
// which lives as long as the compilation. The case is gone afterwards; `watch` may ask it anything, but set no fact
// and not decide it again. Not called if the case cannot be decided.
typedef void soc_test_case_fn(void *ctx, const soc_policy *policy, soc_case *c);
SOC_API SOC_MUST_CHECK bool soc_compilation_watch_test(soc_compilation *c, uint32_t index,
                                                       soc_test_outcome *outcome,
                                                       soc_test_case_fn *watch, void *ctx);

// ---------------------------------------------------------------------------------------- what can occur

// Which states the criteria and rules of a policy can ever have, as sets of 1u << soc_truth. What is not in a set
// occurs in no case; what is in it may still be impossible in a way that was not found.
typedef struct soc_reach_rule {
  soc_text name;
  uint32_t cell; // its condition; SOC_NO_INDEX: `otherwise`
  bool own;      // the condition is the rule's own and bears its name
  uint8_t states;
} soc_reach_rule;
typedef struct soc_reach {
  // by cell; all three states for derived enumerations and quantities, which have none
  const uint8_t *cells;
  const soc_reach_rule *rules; // of all decisions, in order
} soc_reach;
// Lives as long as the compilation. False: out of memory, or there is no artifact.
SOC_API SOC_MUST_CHECK bool soc_compilation_reach(soc_compilation *c, soc_reach *reach);

#ifdef __cplusplus
}
#endif
#endif
