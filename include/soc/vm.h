// SPDX-License-Identifier: Apache-2.0
//
// soc_vm: loads a compiled coverage policy (.socb) and decides cases with it.
//
// The library allocates nothing, keeps no global state, does no input or output and needs nothing of libc but
// <string.h>. What holds for every function, unless it says otherwise:
// - Threads. A loaded policy is read-only and may be shared by any number of threads. A case belongs to one thread at a
//   time, also where a function takes it as const: results are worked out in its own memory when they are first asked
//   for. Functions that take neither may be called from anywhere. Only soc_policy_load and soc_policy_plan write to a
//   policy; no other thread may use it meanwhile.
// - Errors. A function that can fail returns soc_status, which must be looked at; a failed call changed nothing and
//   left what it writes to alone. It has no other effect than its status and, where there is one, the caller's
//   soc_error, which is written on failure only and may be NULL.
// - NULL. A policy, case, text, limits or place for an answer that is NULL is SOC_ERR_ARGUMENT; without a status it
//   gives 0, "" or SOC_NO_INDEX. A policy must have been loaded, a case laid out.
// - Memory. It is all the caller's. A soc_text lives as long as the artifact's bytes, or always.
// - Lengths and sizes are bytes. Texts that are handed in need no NUL at their end.
#ifndef SOC_VM_H
#define SOC_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "soc/version.h"

#ifdef __cplusplus
extern "C" {
#endif

#if !defined(SOC_API) && defined(__GNUC__)
#define SOC_API __attribute__((visibility("default")))
#elif !defined(SOC_API)
#define SOC_API
#endif
#if defined(__GNUC__)
#define SOC_MUST_CHECK __attribute__((warn_unused_result))
#else
#define SOC_MUST_CHECK
#endif

// "0.1.0": the version of the library that the program runs with; SOC_VERSION is that of this header. Static storage.
SOC_API const char *soc_vm_version(void);

// For soc_batch and soc_compiler, which share more with this library than the header: a number that another build has
// which lays policies or cases out differently. They refuse to run with another one than theirs.
SOC_API uint32_t soc_vm_layout(void);

// ---------------------------------------------------------------------------------------- status

typedef enum soc_status {
  SOC_OK = 0,
  SOC_ERR_ARTIFACT, // the bytes are not a policy this library can run; error.code and offset say why
  SOC_ERR_MEMORY,   // the memory that the caller supplied is too small
  SOC_ERR_ARGUMENT, // a NULL, an index or a type that does not fit; the call changed nothing
  SOC_ERR_VALUE,    // a value outside the fact's range
  SOC_ERR_LIMIT     // more rows or items than the case was made for
} soc_status;

typedef struct soc_error {
  // stable short name, e.g. "section_bounds"; static storage; never NULL after a failure
  const char *code;
  const char *message; // one English sentence; static storage
  uint64_t offset;     // SOC_ERR_ARTIFACT: byte of the image at which the check failed; else 0
} soc_error;

// A piece of text inside the artifact: UTF-8, length bytes, also NUL-terminated. Lives as long as the artifact.
typedef struct soc_text {
  const char *data; // never NULL; "" if absent
  size_t length;
} soc_text;

#define SOC_NO_INDEX 0xffffffffu

// ---------------------------------------------------------------------------------------- policy

// What the library keeps of a policy. It stands here only because C asks for the true type of what lies in the caller's
// memory: all of it is the library's own, not to be read or written, and any part can become another one.
struct soc_plan;
struct soc_lanes;
struct soc_ways;
struct soc_quick_ways;
struct soc_policy_section {
  const uint8_t *bytes;
  uint32_t count; // records
};
// The bounds that the verifier proves and the image states (POLICY in docs/artifact-format.md).
struct soc_policy_bounds {
  uint32_t max_stack, gather_entries;
  uint64_t instructions, instructions_row, instructions_row_squared;
  uint32_t gather_entries_row;
};
struct soc_policy_parts {
  const uint8_t *image;
  // near the beginning, where instructions that read it are short
  struct soc_policy_section section[24];
  const struct soc_plan *plan;        // NULL: cells are run one by one
  const struct soc_lanes *lanes;      // NULL: rows are decided one by one
  const struct soc_plan *row_plan;    // of the lanes: their rules
  const struct soc_ways *ways;        // of either
  const struct soc_quick_ways *quick; // NULL: every row is looked at, every assumption tried
  struct soc_policy_bounds bounds;
  // Entries of a gathering run of any code, that of rules too: without rows; per row.
  uint32_t gather_room, gather_row;
  // Some code compares the texts of two facts, so texts that are not in the table have to be told apart.
  bool compares_texts;
};
union soc_policy_memory {
  uint64_t size[96]; // which stays, whatever the parts become
  struct soc_policy_parts parts;
};

// A verified policy. Opaque, but of this size so that it can stand in the caller's memory. Holds pointers
// into the artifact's bytes, which must stay as they are and outlive it. May be copied and needs no release.
typedef struct soc_policy {
  union soc_policy_memory opaque;
} soc_policy;

// Checks `length` bytes completely (any bytes may be given) and makes *policy ready for use. SOC_ERR_ARTIFACT: they are
// no policy that this library can run; *policy is then zeroed and must not be used. The bytes stay the caller's and
// need no alignment.
SOC_API SOC_MUST_CHECK soc_status soc_policy_load(soc_policy *policy, const void *bytes,
                                                  size_t length, soc_error *error);

// A plan makes decisions several times faster: what the bytecode comes to, laid out once for all cases. It is optional
// and changes no result. Bytes that soc_policy_plan needs, an upper bound; 0: a policy that decides the rows of two
// lists, or one too large, is decided without. Never more than SOC_MAX_PLAN_BYTES, whatever the artifact.
// (A program that compiles soc_vm.c with SOC_VM_WITHOUT_PLAN has neither function.)
#ifndef SOC_VM_WITHOUT_PLAN
#define SOC_MAX_PLAN_BYTES 16777216u
SOC_API size_t soc_policy_plan_bytes(const soc_policy *policy);
// Builds the plan in `memory` (aligned to 8 bytes, as malloc's is, `size` bytes, owned by the caller, must outlive the
// policy and its cases). Cases made from the policy afterwards use it, in any number of threads. SOC_ERR_MEMORY: `size`
// is below soc_policy_plan_bytes. SOC_ERR_LIMIT: the policy can have none and is decided without. SOC_ERR_ARGUMENT: also
// memory that is not aligned; the policy is then what it was. After other failures it has no plan and can be used.
SOC_API SOC_MUST_CHECK soc_status soc_policy_plan(soc_policy *policy, void *memory, size_t size,
                                                  soc_error *error);
#endif

typedef struct soc_policy_info {
  soc_text id, version, title, payer, source_title;
  int32_t version_day; // first date of service that it governs, in days since 0001-01-01
  uint16_t format, language;
  // SHA-256 over what decisions depend on, as the artifact states it. It is not computed again, so a changed artifact
  // can state that of another: what decided is proved by the SHA-256 of the whole file.
  uint8_t behaviour_digest[32];
  // manifest index of the date that chooses the version; SOC_NO_INDEX: none
  uint32_t basis_fact;
  // Indices of soc_policy_fact, _decision, _cell, _source, _given_use and _table are below the count of their kind;
  // rules and code sets are those of all decisions and of all files, instructions those of all bytecode.
  uint32_t fact_count, decision_count, cell_count, rule_count, source_count, set_count,
      given_use_count, instruction_count, table_count;
  uint32_t max_stack; // proved: values on the bytecode's stack, in the case's memory
  // Of one pass over everything; soc_policy_max_instructions is what a case comes to.
  uint64_t max_instructions;     // proved: worst case of all decisions together, lists empty
  uint64_t max_instructions_row; // proved: added for each row, with as many in every list
  // proved: added for each pair of rows
  uint64_t max_instructions_row_squared;
} soc_policy_info;
// What the artifact says of itself as a whole. Neither may be NULL. Takes no time worth mentioning.
SOC_API void soc_policy_describe(const soc_policy *policy, soc_policy_info *info);
// Proved: instructions that a case with at most `rows` rows in each of its lists comes to at most: soc_case_decide,
// then all results read, row after row, with what they lack and assume, and explained. UINT64_MAX: that or more.
SOC_API uint64_t soc_policy_max_instructions(const soc_policy *policy, uint32_t rows);
// Index of the version that governs a day, in days since 0001-01-01, among `count` versions of one policy in any order:
// the one with the latest version_day that is not after it. SOC_NO_INDEX: the day is before all of them, and none may
// decide its cases. An artifact decides cases of other days as well if it is asked to, by rules that did not hold then.
SOC_API uint32_t soc_policy_choose(const soc_policy *const *versions, uint32_t count, int32_t day);

typedef enum soc_type {
  SOC_BOOL = 1,
  SOC_ENUM,
  SOC_CODE,
  SOC_TEXT,
  SOC_DATE,
  SOC_NUMBER,
  SOC_CODE_LIST,
  SOC_ENUM_LIST,
  SOC_RECORDS,
  SOC_LINE // a field that names a row of its own list
} soc_type;

typedef enum soc_unit {
  SOC_UNIT_NONE = 0,
  SOC_DAYS,
  SOC_MONTHS,
  SOC_YEARS,
  SOC_MILES,
  SOC_PERCENT,
  SOC_HOURS,
  SOC_MILLILITRES,
  SOC_BASE_UNITS,
  SOC_BASE_UNITS_PER_UNIT,
  SOC_CODE_UNITS
} soc_unit;

// What it means that a case leaves a fact out.
typedef enum soc_left_out {
  SOC_LEFT_OUT_UNKNOWN = 0, // it is not known; decisions that need it pend
  SOC_LEFT_OUT_NONE,        // looked up, there is none
  SOC_LEFT_OUT_EMPTY,       // the list is empty
  SOC_LEFT_OUT_ASSUMED,     // it has the value `assumed`
  SOC_LEFT_OUT_OTHER_FACT,  // it has the value of the fact `other`
  SOC_LEFT_OUT_REQUIRED,    // hosts refuse such a case, as soc does; here it is not known
  SOC_LEFT_OUT_DERIVED      // the policy derives it from others
} soc_left_out;

#define SOC_FACT_NULLABLE 1u // JSON null ("looked up, there is none") is allowed
#define SOC_FACT_WHOLE 2u    // a number without fraction

typedef struct soc_fact_info {
  soc_text name; // "service.date", "clinical.adverse_events[].kind"
  soc_type type;
  soc_unit unit;
  soc_left_out left_out;
  uint32_t flags;
  // manifest index of the record list it is a field of; SOC_NO_INDEX: a fact of the case
  uint32_t list;
  uint32_t other;           // SOC_LEFT_OUT_OTHER_FACT: manifest index
  uint32_t value_count;     // SOC_ENUM, SOC_ENUM_LIST: number of values, at most 64
  int64_t minimum, maximum; // SOC_NUMBER (millionths), SOC_DATE (days); both inclusive
  // SOC_LEFT_OUT_ASSUMED: the value; SOC_LEFT_OUT_DERIVED: what the derivation may assume, or -1
  int64_t assumed;
  uint32_t min_length, max_length; // SOC_CODE, SOC_CODE_LIST: characters, both inclusive
} soc_fact_info;

// Describes a fact of the manifest; the policy reads no others. SOC_ERR_ARGUMENT: index is not below fact_count. Facts
// stand in the order in which they are best asked.
SOC_API SOC_MUST_CHECK soc_status soc_policy_fact(const soc_policy *policy, uint32_t index,
                                                  soc_fact_info *fact);
// Manifest index of a fact by its full name, or SOC_NO_INDEX: the policy cannot read it, as also for a name that is
// misspelt. Looks through all names: do it once for each policy, not for each case. `name` NULL here and in the two
// below: no such name.
SOC_API uint32_t soc_policy_find_fact(const soc_policy *policy, const char *name, size_t length);
// Name of value `value` of an enumeration fact; empty text if out of range.
SOC_API soc_text soc_policy_fact_value(const soc_policy *policy, uint32_t fact, uint32_t value);
// The other way round: index of a value by its name; SOC_NO_INDEX: the fact has no such value.
SOC_API uint32_t soc_policy_find_value(const soc_policy *policy, uint32_t fact, const char *name,
                                       size_t length);

typedef struct soc_decision_info {
  soc_text name;
  bool administrative; // false: medical, which never denies
  uint32_t list;       // decided for each row of this list; SOC_NO_INDEX: once for the case
  uint32_t rule_count;
} soc_decision_info;
// SOC_ERR_ARGUMENT: index is not below decision_count.
SOC_API SOC_MUST_CHECK soc_status soc_policy_decision(const soc_policy *policy, uint32_t index,
                                                      soc_decision_info *decision);
// Index of a decision by its name, or SOC_NO_INDEX.
SOC_API uint32_t soc_policy_find_decision(const soc_policy *policy, const char *name,
                                          size_t length);

// A criterion, or a value that criteria read.
typedef struct soc_cell_info {
  soc_text name, text, cite; // text and cite "" if the source gives none
  uint32_t source, line;     // where it is written: index for soc_policy_source, line from 1
  uint32_t parent;           // cell of which it is a labelled part; SOC_NO_INDEX
  bool derived;              // a derived enumeration rather than a criterion
  bool quantity;             // a value rather than a criterion
  // worked out for each row of this list; SOC_NO_INDEX: once for the case
  uint32_t list;
} soc_cell_info;
// SOC_ERR_ARGUMENT: index is not below cell_count.
SOC_API SOC_MUST_CHECK soc_status soc_policy_cell(const soc_policy *policy, uint32_t index,
                                                  soc_cell_info *cell);

// Name of candidate value `value` of a derived enumeration; empty text if out of range or the cell is a criterion.
SOC_API soc_text soc_policy_cell_value(const soc_policy *policy, uint32_t cell, uint32_t value);

typedef enum soc_determination {
  SOC_APPROVE = 0,
  SOC_REFER,
  SOC_PEND,
  SOC_NOT_APPLICABLE,
  SOC_ELIGIBLE,
  SOC_DENY,
  SOC_NOT_SEPARATELY_REIMBURSED,
  SOC_CORRECT_AND_RESUBMIT,
  SOC_NOT_ADDRESSED,
  SOC_DETERMINATION_COUNT
} soc_determination;
// "approve", "refer", ... as in results; "" for any other number. Static storage.
SOC_API const char *soc_determination_name(soc_determination determination);

typedef struct soc_source_info {
  soc_text name;
  uint8_t digest[32]; // SHA-256 of the source file
} soc_source_info;
// A file that the artifact was compiled from. SOC_ERR_ARGUMENT: index is not below source_count.
SOC_API SOC_MUST_CHECK soc_status soc_policy_source(const soc_policy *policy, uint32_t index,
                                                    soc_source_info *source);

// Rows of a table that members of a set were made of.
typedef struct soc_table_info {
  soc_text name; // of the file
  soc_text set;
  soc_text rows; // how the set asks for them: `column "code" where column "list" = "reviewed"`
  uint32_t row_count;
  uint8_t digest[32]; // SHA-256 of the rows taken, in the form of docs/artifact-format.md
} soc_table_info;
// SOC_ERR_ARGUMENT: index is not below table_count.
SOC_API SOC_MUST_CHECK soc_status soc_policy_table(const soc_policy *policy, uint32_t index,
                                                   soc_table_info *table);

// A place where leaving a fact out has a meaning that the policy gives it.
typedef struct soc_given_use {
  uint32_t fact; // manifest index
  bool left_out; // `is left out` rather than `if given`
  soc_text cite;
  uint32_t line; // where it is written, from 1; not told: in which of the sources
} soc_given_use;
// SOC_ERR_ARGUMENT: index is not below given_use_count.
SOC_API SOC_MUST_CHECK soc_status soc_policy_given_use(const soc_policy *policy, uint32_t index,
                                                       soc_given_use *use);

// ---------------------------------------------------------------------------------------- case

// How much a case can hold. The same capacity serves every list of its kind.
typedef struct soc_case_limits {
  uint32_t rows;  // rows of each record list, at most SOC_MAX_ROWS
  uint32_t items; // items of each code list of the case, at most SOC_MAX_ROWS
  // Code lists that are fields of rows share room for so many codes; 0: 8 for each row. Texts that are not in the
  // artifact share so many bytes where the policy compares texts of two facts; 0: 64 for each row and 1024.
  uint32_t row_items, text_bytes;
} soc_case_limits;
#define SOC_MAX_ROWS 100000u

typedef struct soc_case soc_case; // lives in the caller's memory; needs no release

// Bytes that soc_case_init needs for this policy and these limits, exactly; 0 if the limits are too large. A policy
// with a plan wants more: ask after soc_policy_plan.
SOC_API size_t soc_case_bytes(const soc_policy *policy, const soc_case_limits *limits);
// Lays a case out in `memory` (aligned to 8 bytes, as malloc's is, `size` bytes, owned by the caller, must outlive it).
// The artifact's bytes and the plan must outlive the case; *policy is copied. *out is then the start of `memory`, and
// all facts are left out. SOC_ERR_MEMORY: `size` is below soc_case_bytes. SOC_ERR_ARGUMENT: also limits that are too
// large or memory that is not aligned. On failure *out is NULL, unless `out` itself is.
SOC_API SOC_MUST_CHECK soc_status soc_case_init(soc_case **out, const soc_policy *policy,
                                                const soc_case_limits *limits, void *memory,
                                                size_t size, soc_error *error);
// Forgets all facts and results; keeps the memory. `c` must not be NULL.
SOC_API void soc_case_clear(soc_case *c);

// Setters. `fact` is a manifest index; `row` is the row from 0 for a field of a record list, and 0 for a fact of the
// case. A later call replaces an earlier one. SOC_ERR_ARGUMENT: no such fact, other type or row beyond the list's
// length. SOC_ERR_VALUE: a value that the fact cannot have. Every setter makes results invalid until the next
// soc_case_decide.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_bool(soc_case *c, uint32_t fact, uint32_t row,
                                                    bool value);
// value: index below value_count; soc_policy_fact_value gives the names.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_enum(soc_case *c, uint32_t fact, uint32_t row,
                                                    uint32_t value);
// days since 0001-01-01, up to 3652058 (9999-12-31), inside the fact's range; soc_date_make counts them.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_date(soc_case *c, uint32_t fact, uint32_t row,
                                                    int32_t days);
// value in millionths, inside the fact's range; whole if the fact is.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_number(soc_case *c, uint32_t fact, uint32_t row,
                                                      int64_t millionths);
// 1 to 12 characters of A-Z a-z 0-9, between min_length and max_length of the fact; lower case is folded to upper case.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_code(soc_case *c, uint32_t fact, uint32_t row,
                                                    const char *text, size_t length);
// Any bytes, meant to be UTF-8, which is not checked; compared without regard to case of ASCII letters and to repeated
// spaces. Copied if it is needed later. SOC_ERR_LIMIT: no room left (soc_case_limits.text_bytes).
SOC_API SOC_MUST_CHECK soc_status soc_case_set_text(soc_case *c, uint32_t fact, uint32_t row,
                                                    const char *text, size_t length);
// "Looked up, there is none". SOC_ERR_ARGUMENT: also facts without SOC_FACT_NULLABLE.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_none(soc_case *c, uint32_t fact, uint32_t row);
// Makes a list known: a code or enumeration list becomes empty, a record list gets `length` rows whose fields are
// all left out (`length` of others is not looked at). Needed before items or fields are set. SOC_ERR_LIMIT: more rows
// than the case was made for.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_list(soc_case *c, uint32_t fact, uint32_t length);
// Adds one item to a list of the case that soc_case_set_list made known, at its end; an enumeration list holds each
// value once. Codes and values as in soc_case_set_code and soc_case_set_enum. SOC_ERR_LIMIT: more codes than the case
// was made for.
SOC_API SOC_MUST_CHECK soc_status soc_case_add_code(soc_case *c, uint32_t fact, const char *text,
                                                    size_t length);
SOC_API SOC_MUST_CHECK soc_status soc_case_add_enum(soc_case *c, uint32_t fact, uint32_t value);
// The same for a code or enumeration list that is a field of a record list, whose codes share the room of
// soc_case_limits.row_items. Setting a list again gives the room of its codes back only if it was the last one;
// soc_case_clear gives all back.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_row_list(soc_case *c, uint32_t fact, uint32_t row);
SOC_API SOC_MUST_CHECK soc_status soc_case_add_row_code(soc_case *c, uint32_t fact, uint32_t row,
                                                        const char *text, size_t length);
SOC_API SOC_MUST_CHECK soc_status soc_case_add_row_enum(soc_case *c, uint32_t fact, uint32_t row,
                                                        uint32_t value);
// The row of the same list that a SOC_LINE field names; below the list's length, not the row itself. The host refuses
// cases whose chain returns to itself; if it does not, a chain is followed for as many steps as there are rows.
SOC_API SOC_MUST_CHECK soc_status soc_case_set_line(soc_case *c, uint32_t fact, uint32_t row,
                                                    uint32_t target);

typedef enum soc_state { SOC_LEFT_OUT = 0, SOC_NONE, SOC_GIVEN } soc_state;
typedef struct soc_value {
  soc_state state; // after the rules of left-out facts (assumption, none, another fact's value)
  bool assumed;    // the value is an assumption
  // bool, enum index, days, millionths, packed code, mask of an enumeration list, rows or codes of a list, target of a
  // line; of a text nothing but whether two are equal: it cannot be read back
  int64_t number;
} soc_value;
// What a decision reads of a fact; of a fact of the case with row 0 or, as soc_fact_ref has it, SOC_NO_INDEX. One that
// the policy derives is SOC_LEFT_OUT: see soc_case_candidates. SOC_ERR_ARGUMENT: no such fact or row.
SOC_API SOC_MUST_CHECK soc_status soc_case_get(const soc_case *c, uint32_t fact, uint32_t row,
                                               soc_value *value);
// Code number `index`, from 0, of a code list that is given, for soc_code_unpack. SOC_ERR_ARGUMENT: past its end, which
// soc_value.number tells. The second for lists that are fields of rows.
SOC_API SOC_MUST_CHECK soc_status soc_case_list_code(const soc_case *c, uint32_t fact,
                                                     uint32_t index, uint64_t *packed);
SOC_API SOC_MUST_CHECK soc_status soc_case_row_list_code(const soc_case *c, uint32_t fact,
                                                         uint32_t row, uint32_t index,
                                                         uint64_t *packed);

// ---------------------------------------------------------------------------------------- decide

#define SOC_DECIDE_EXPLAIN 1u // also work out every criterion, for soc_case_explain

// Decides every decision of the policy. No allocation; time and memory are bounded by the artifact's proved bounds.
// Setting a fact afterwards makes the results invalid until the next call. `flags` is 0 or SOC_DECIDE_EXPLAIN, all else
// SOC_ERR_ARGUMENT; there is no other failure.
SOC_API SOC_MUST_CHECK soc_status soc_case_decide(soc_case *c, uint32_t flags);

// How many results a decision has: 1 for one over the case, else the rows of its list, 0 if that is unknown or there is
// no such decision.
// The results of rows are worked out when they are asked for, one row at a time in the case's own memory: ask for
// everything about one row before the next.
SOC_API uint32_t soc_case_rows(const soc_case *c, uint32_t decision);

typedef struct soc_result {
  soc_determination determination;
  soc_text reason;             // deciding code; empty if the rule has none
  uint32_t possible;           // bit per soc_determination: those still open
  uint32_t reason_count;       // for soc_case_reason
  uint32_t missing_count;      // for soc_case_missing
  uint32_t assumed_count;      // for soc_case_assumed
  uint32_t action_count;       // for soc_case_action
  uint32_t redirect_fact_enum; // internal enumeration of redirect; see soc_case_redirect
  uint64_t redirect;           // bit per value of the redirect enumeration; 0: none
  // with SOC_APPROVE; false if its last day is uncertain, which no compiled policy does
  bool has_approval;
  bool has_through, one_time;
  int32_t from, through; // days since 0001-01-01; inclusive
  // false: the policy has neither a `from` nor a basis that the case gives; from is 0
  bool has_from;
  bool has_units_allowed; // the rule that decides says how much stands, and that is certain
  int64_t units_allowed;  // millionths
} soc_result;
// `decision` is an index as for soc_policy_decision; `row` is below soc_case_rows, 0 for a decision over the case.
// SOC_ERR_ARGUMENT: no such result, or the case was not decided since its facts were set. The same holds for what
// follows.
SOC_API SOC_MUST_CHECK soc_status soc_case_result(const soc_case *c, uint32_t decision,
                                                  uint32_t row, soc_result *result);

typedef struct soc_reason {
  // the code; name, sentence and citation of the criterion or rule that gives it; "" where the source has none
  soc_text code, criterion, text, cite;
} soc_reason;
// Reason number `index` of reason_count, the deciding one first.
SOC_API SOC_MUST_CHECK soc_status soc_case_reason(const soc_case *c, uint32_t decision,
                                                  uint32_t row, uint32_t index, soc_reason *reason);

typedef struct soc_fact_ref {
  uint32_t fact; // manifest index
  uint32_t row;  // row of its list; SOC_NO_INDEX for a fact of the case
} soc_fact_ref;
// Facts that could still change the answer, number `index` of missing_count, in the order in which they are best asked;
// and facts whose assumed value mattered, number `index` of assumed_count.
SOC_API SOC_MUST_CHECK soc_status soc_case_missing(const soc_case *c, uint32_t decision,
                                                   uint32_t row, uint32_t index,
                                                   soc_fact_ref *missing);
// In the same order: that of the manifest, what belongs to a list row by row.
SOC_API SOC_MUST_CHECK soc_status soc_case_assumed(const soc_case *c, uint32_t decision,
                                                   uint32_t row, uint32_t index,
                                                   soc_fact_ref *assumed);
// Name of action number `index` of action_count; "" past the end.
SOC_API soc_text soc_case_action(const soc_case *c, uint32_t decision, uint32_t row,
                                 uint32_t index);
// Name of value `value` (a bit of soc_result.redirect) of the redirect enumeration of that result; "" if it has none.
SOC_API soc_text soc_case_redirect(const soc_case *c, uint32_t decision, uint32_t row,
                                   uint32_t value);
// What a result tells, as numbers: two results of one decision of one policy that have the same numbers tell the same
// in all but the days of the approval and the units that stand, so that a host can keep what it made of one for the
// next. The lowest byte of the first one is the soc_determination; the rest means nothing outside of this comparison.
// At most `room` numbers are written to `key`; returns how many, 0 if there are more or there is no such result.
SOC_API uint32_t soc_case_result_key(const soc_case *c, uint32_t decision, uint32_t row,
                                     uint64_t *key, uint32_t room);

// ---------------------------------------------------------------------------------------- explain

typedef enum soc_truth { SOC_NOT_MET = 0, SOC_UNKNOWN_TRUTH = 1, SOC_MET = 2 } soc_truth;

typedef struct soc_explain_node {
  uint32_t depth;            // 0: a rule of the decision; below it the criteria it reads
  soc_text name, text, cite; // "" where the source has none
  soc_truth state;
  // deciding: the rule that gave the determination. reached: not after the rule that ended the decision; behind the
  // deciding one more rules are looked at for their reasons.
  bool is_rule, deciding, reached;
  // a derived enumeration: state says whether it is settled, candidates which values are left
  bool derived;
  uint64_t candidates;
  bool repeated; // shown in full earlier in this decision; its parts are not walked again
  // SOC_NO_INDEX for `otherwise`, which is always met and worth telling only if it is deciding
  uint32_t cell;
  uint32_t line; // where it is written, from 1; of a cell soc_policy_cell tells in which source
  soc_determination determination; // rules only
  uint32_t row; // of a cell that is worked out for each row of a list; else SOC_NO_INDEX
  // a quantity: a value from low to high (both INT64_MIN: none; INT64_MIN and INT64_MAX: unknown)
  bool quantity;
  int64_t low, high;
} soc_explain_node;

// State of a criterion in a case that was decided with SOC_DECIDE_EXPLAIN; `row` of its list, 0 for one of the case.
// SOC_ERR_ARGUMENT: not decided so, no such row, or no criterion but a derived enumeration or a quantity.
SOC_API SOC_MUST_CHECK soc_status soc_case_criterion(const soc_case *c, uint32_t cell, uint32_t row,
                                                     soc_truth *state);

// Values of a derived enumeration that are still possible, a bit for each (soc_policy_cell_value), in a case that was
// decided with SOC_DECIDE_EXPLAIN; one bit: it is settled. SOC_ERR_ARGUMENT: as above, or no derived enumeration.
SOC_API SOC_MUST_CHECK soc_status soc_case_candidates(const soc_case *c, uint32_t cell,
                                                      uint32_t row, uint64_t *candidates);

// Called for every node in reading order (parents first), then once for each fact the node itself reads (node NULL,
// `fact` not NULL). Return false to stop.
typedef bool soc_explain_fn(void *context, const soc_explain_node *node, const soc_fact_ref *fact);
// Tells a decision's rules and criteria one by one; what `fn` is given lives until it returns, its texts as long as the
// artifact. SOC_ERR_ARGUMENT: also `fn` NULL or a case that was not decided with SOC_DECIDE_EXPLAIN. `context` is
// handed on to `fn` and may be NULL. Uses the case's own scratch memory: `fn` may read the case, but not set, decide or
// explain it.
SOC_API SOC_MUST_CHECK soc_status soc_case_explain(soc_case *c, uint32_t decision, uint32_t row,
                                                   soc_explain_fn *fn, void *context);

// ---------------------------------------------------------------------------------------- values

// Days since 0001-01-01 of a date of the proleptic Gregorian calendar, years 1 to 9999; false: there is no such date,
// and *days is left alone. No pointer may be NULL here and below.
SOC_API SOC_MUST_CHECK bool soc_date_make(int32_t year, int32_t month, int32_t day, int32_t *days);
// The other way round; what is outside of the calendar becomes its first or last day.
SOC_API void soc_date_split(int32_t days, int32_t *year, int32_t *month, int32_t *day);
// Packs a code of 1 to 12 characters of A-Z a-z 0-9 into a number, lower case as upper case; false: not a code, and
// *packed is left alone. Numbers stand in the order of the codes.
SOC_API SOC_MUST_CHECK bool soc_code_pack(const char *text, size_t length, uint64_t *packed);
// Unpacks into 13 bytes, NUL-terminated; returns the length, 0 for the number 0, which is no code. What another number
// that soc_code_pack did not make becomes means nothing.
SOC_API size_t soc_code_unpack(uint64_t packed, char text[13]);

#ifdef __cplusplus
}
#endif
#endif
