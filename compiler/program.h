// SPDX-License-Identifier: Apache-2.0
//
// The checked, typed program that sema.c makes from the syntax trees of a policy and the files it uses.
// lower.c/emit.c turn it into an image; the naive evaluator of tests/oracle walks it directly. Everything
// lives in the compilation's arena and is read-only once sema has finished without errors.
#ifndef SOC_COMPILER_PROGRAM_H
#define SOC_COMPILER_PROGRAM_H

#include "ast.h"
#include "soc/vm.h"

enum decl_kind {
  KIND_NONE,
  KIND_FACT,
  KIND_CRITERION,
  KIND_DERIVED_ENUM,
  KIND_DERIVED_VALUE,
  KIND_CONSTANT,
  KIND_SET,
  KIND_QUANTITY
};

struct enum_decl {
  struct str name; // "site"; inline enumerations: the fact's name
  const struct str *values;
  uint32_t count; // 1..64
};

struct type {
  soc_type base;                  // SOC_BOOL ... SOC_RECORDS
  const struct enum_decl *values; // SOC_ENUM, SOC_ENUM_LIST
  soc_unit unit;                  // SOC_NUMBER
  bool whole;
};

struct fact_decl {
  struct str name;  // "service.date", "clinical.adverse_events[].kind"
  struct str field; // "kind" for a field of a list, else empty
  struct type type;
  bool nullable, required;
  soc_left_out left_out;
  int64_t minimum, maximum; // encoded, inclusive
  int64_t assumed;
  const struct fact_decl *other;         // SOC_LEFT_OUT_OTHER_FACT
  const struct fact_decl *list;          // the record list it is a field of
  const struct fact_decl *const *fields; // SOC_RECORDS: its fields
  uint32_t field_count;
  const struct fact_decl *key; // SOC_RECORDS: the field that numbers its rows, unique and required
  const struct fact_decl *line_of; // a reference to a row of this list by its key
  uint32_t min_length, max_length; // SOC_CODE
  struct str doc, standard;
  const struct decl_fact *decl;
  uint32_t number;                   // position in the vocabulary
  uint32_t manifest;                 // manifest index, SOC_NO_INDEX: the policy does not read it
  const struct decl_list *list_decl; // SOC_RECORDS: its declaration (decl is NULL then)
  const struct cell
      *meaning; // `left out means derived`: the policy's derivation; what its name stands for
  bool failed;  // its declaration has an error; nothing more is said about it
};

struct set_range {
  uint64_t lo, hi;  // packed codes, inclusive; texts: index into program.texts, lo == hi
  int32_t from, to; // first day in, first day out; INT32_MIN / INT32_MAX open
};
struct set_decl {
  struct str name; // "" for a set written in place
  bool texts, dated;
  struct set_range *ranges; // ascending; disjoint in code x date
  uint32_t count;
  const struct decl_set *decl; // NULL: written in place
  uint32_t index;              // in program.sets
};

struct constant_decl {
  struct str name;
  struct type type;
  int64_t value;
  const struct decl_constant *decl;
};
struct derived_value {
  struct str name;
  const struct expr *value;
};

// A cell holds one state per case, or per row of a list: a criterion, a labelled part of one, a rule's own condition;
// or the candidates of a derived enumeration; or the value of a quantity. A cell reads only cells of lower index, a
// cell of the case reads cells of a list inside a loop over it alone.
struct cell {
  struct str
      name; // "hospital.initial_course", "access.no_alternative.center", "site_of_care.PREFERRED_SITE"
  struct str text, cite;
  struct span span;
  bool is_rule; // a rule's own condition
  bool mask;    // derived enumeration
  const struct expr
      *when;    // truth cells: the condition (labelled members inside have expr.cell set)
  bool negated; // the condition is `not when` (unless)
  const struct expr *within;             // rules in a `within`: conjoined before `when`; NULL: none
  const struct decl_derive_site *derive; // mask cells
  const struct enum_decl *values;        // mask cells
  const struct fact_decl *asks;          // mask cells
  const struct fact_decl *rows; // worked out for each row of this list; NULL: once for the case
  const struct expr *value;     // quantities; `when` is NULL then
  const struct type *type;      // quantities: a number or a date
  const struct cell *parent;    // of a labelled part
  uint32_t index;               // position in program.cells; SOC_NO_INDEX: not used by any rule
};

struct ground {
  struct str code;
  const struct cell *cell;
}; // cell NULL: always
struct required_action {
  struct str name;
  const struct cell *cell;
};

struct rule_decl {
  struct str name; // "scope.NOT_IN_SCOPE_LOB", "site_of_care.PREFERRED_SITE"
  struct str text, cite;
  struct span span;
  soc_determination determination;
  struct str code;              // "" none
  const struct cell *condition; // NULL: otherwise
  const struct cell *criterion; // what results name; NULL: the rule itself
  bool stop, one_time;
  struct str open_code;              // "" none
  const struct cell *open_cell;      // NULL: always
  const struct expr *from, *through; // NULL: basis; no limit
  const struct expr *stands; // units that stand when this rule decides about a line; NULL: not said
  uint64_t redirect;
  const struct enum_decl *redirect_values;
  const struct fact_decl
      *except; // list whose values are left out of it, if it is given; NULL: none
  struct required_action *actions;
  uint32_t action_count;
  struct ground *grounds;
  uint32_t ground_count;
  const struct rule
      *decl; // NULL: the rule about a missing date that every policy with a basis has in front
};

struct decision_decl {
  struct str name, text;
  bool administrative, longest, every_match;
  const struct fact_decl *list; // decided for each of its rows; NULL: once for the case
  struct rule_decl *rules;      // includes and withins expanded, in order, ends with `otherwise`
  uint32_t rule_count;
};

struct given_use {
  const struct fact_decl *fact;
  bool left_out;
  struct str cite;
  struct span span;
};

struct column { // of a table of tests, in the order of the top row
  enum cell_kind kind;
  uint32_t record; // of which record of `list`, from 0
  const struct table_head *head;
  const struct fact_decl *fact; // COLUMN_FACT; NULL: an error, which has been reported
  const struct fact_decl *list; // the fact is a field of it; NULL: a fact of the case
};
struct test {                   // a block, or a row of a table
  const struct decl *decl;      // struct decl_test, struct decl_table
  const struct table_row *row;  // NULL: a block
  const struct column *columns; // of the table: one for each cell of the row
};

struct program {
  const struct source_file *policy;
  struct str id, version, title, payer, source_title;
  int32_t version_day, source_revised; // INT32_MIN: not said
  const struct fact_decl *basis;       // NULL: none
  struct fact_decl **facts;
  uint32_t fact_count; // whole vocabulary, in its order
  struct fact_decl **manifest;
  uint32_t manifest_count; // those the policy reads: ask order, then first use
  struct cell **cells;
  uint32_t cell_count; // order of first use by the rules
  struct set_decl **sets;
  uint32_t set_count; // those that are read
  struct str *texts;
  uint32_t text_count; // folded, ascending, unique
  struct decision_decl *decisions;
  uint32_t decision_count;
  struct given_use *given_uses;
  uint32_t given_use_count;
  const struct test *tests;
  uint32_t test_count;
  const struct decl_sample **samples;
  uint32_t sample_count;
  const struct set_decl **declared_sets;
  uint32_t declared_set_count; // all of them, for tests of lists
};

#endif
