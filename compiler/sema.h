// SPDX-License-Identifier: Apache-2.0
//
// From syntax trees to a checked program. Shared by the sema_*.c files and by nobody else but compile.c, which
// calls sema_run. The order of the work stands in sema.c; each file does one part of it:
//   sema_uses.c       which files belong to the policy        sema_names.c      the tables of names
//   sema_vocabulary.c enumerations, facts, lists, reasons     sema_literals.c   one literal to one number
//   sema_sets.c       code and text sets                      sema_expr.c       conditions
//   sema_operand.c    values: dates, numbers, windows         sema_criteria.c   criteria and derived facts
//   sema_rules.c      rules and decisions                     sema_order.c      order of cells, manifest
//   sema_window.c     facts that a window may read            sema_tests.c      samples, tests
//   sema_lines.c      what is said of each line of a list  sema_tables.c     tables of tests
//   sema_csv.c        tables of members                    sema_import.c     which rows a version takes
#ifndef SOC_COMPILER_SEMA_H
#define SOC_COMPILER_SEMA_H

#include "compiler/front.h"
#include "compiler/program.h"
#include "compiler/types.h"

// ------------------------------------------------------------------ growing arrays

struct vec {
  void *items;
  uint32_t count, capacity;
};
void *vec_add(struct arena *arena, struct vec *v, size_t size); // a zeroed place, NULL: no memory
bool vec_reserve(struct arena *arena, struct vec *v, uint32_t count,
                 size_t size); // so many in all; false: no memory
bool vec_push(struct arena *arena, struct vec *v,
              const void *pointer); // of pointers; false: no memory
#define VEC_AT(v, type, i) (&((type *)(v).items)[i])

// ------------------------------------------------------------------ names

struct symbol {
  struct str name;
  enum decl_kind kind;
  struct span span; // of the name where it is declared
  void *decl;       // struct fact_decl, cell_node, constant_node, set_node, derived_node, ...
  uint32_t number;  // of its entry in the table
  bool used;
};
// The hash stands beside its symbol, so that a lookup looks at one symbol, and growing at none.
struct name_slot {
  struct symbol *symbol; // NULL: free
  uint32_t hash;
};
struct names {
  struct arena *arena;
  struct name_slot *slots; // open addressing, power of two
  uint32_t capacity;
  struct vec all; // struct symbol *, in order of declaration
};
void names_init(struct names *n, struct arena *arena);
struct symbol *names_find(const struct names *n, struct str name);
struct symbol *names_add(struct names *n,
                         struct str name); // new or existing; `existing->decl` tells

// ------------------------------------------------------------------ what sema keeps beside the program

enum visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE };

// All cells are made as nodes, so that a cell pointer can be turned into one.
struct cell_node {
  struct cell cell;
  const struct decl *decl; // criterion or derivation; NULL: a part, a rule
  struct vec deps;         // struct cell_node *, in order of reading
  enum visit visit;
  uint32_t next_dep;   // of the walk in progress
  uint32_t rule_stamp; // decision in which a rule with this condition has decided for good
  bool placed;         // in the order of cells, or on the way there
};
struct constant_node {
  struct constant_decl constant;
  bool failed;
};
struct derived_node {
  struct derived_value value;
  struct expr *expr;
  const struct decl *decl;
  const struct type *type;
  enum visit visit;
  struct vec deps;              // struct cell_node *, that it reads
  uint32_t size;                // expressions once expanded
  bool rows;                    // has a loop over records
  const struct fact_decl *list; // inside `each line of L`: its fields are bare names
};
// What a set holds before dates and overlaps are settled; `set` is what the program sees.
struct set_node {
  struct set_decl set;
  struct str cite;
  struct vec includes; // struct set_node *
  bool told;           // its tables are in the artifact
  enum visit visit;
  bool failed;
  uint32_t prefix_length;
  uint32_t min_length, max_length; // of its codes; prefixes: of the prefixes
  struct span shortest, longest;   // where those stand
  uint32_t max_prefix;             // longest prefix (PREFIX*), 0: none
  struct span prefix_span;
};
struct table; // sema_csv.c
struct import_row {
  struct word member;
  int32_t first, last;     // days in; INT32_MIN, INT32_MAX: no such day
  const struct word *cite; // NULL: none
};
struct import_rows { // what an import can take
  const struct table *table;
  struct vec rows;      // struct import_row, that its conditions pick, whatever the day
  struct names removed; // what versions have taken out again, by sema_member_key
  struct vec
      removed_from; // const struct word *, by number of the symbol: from which day; NULL: from its own first
};

struct set_member {
  struct set_range range;
  struct span span;
  bool own; // written here rather than included
};

// Where an expression stands.
struct scope {
  struct str name, cite;  // labelled parts are `name.label` and cite what the whole cites
  struct cell_node *cell; // reads are entered here; NULL: a window, which has none
  struct vec *deps;       // windows: cells read
  const struct fact_decl
      *rows; // whose row is looked at: its fields are bare names; NULL: the case alone
  const struct fact_decl
      *outer; // in a loop: whose row was looked at outside of it, `this line's`; NULL: none
  bool loop;  // in a loop over rows
  bool parts; // labelled members become cells
};

struct used_file {
  struct source_file *file;
  struct str canonical; // name in the artifact, without machine paths
  struct span from;     // the `use` that brought it in
  enum visit visit;
  const struct used_file *amends; // the version that it amends; NULL: it stands alone
  bool amended;                   // a newer version amends it
};

struct group { // a rules block or a decision, by name
  const struct decl_rules *rules;
  const struct decl_decision *decision;
  enum visit visit;
  uint32_t stamp;               // decision in which it was last included
  const struct fact_decl *list; // for each row of which its rules are tried; NULL: the case
};

// Kept beside struct rule: rules of a block are checked once, however many decisions include them.
struct rule_node {
  const struct rule *rule;
  struct str name, text, cite;
  const struct fact_decl *rows; // for each row of which it is tried; NULL: the case
  const struct cell *criterion; // `when` or `unless` is exactly this criterion; NULL: it is not
  struct cell_node
      *holder; // of the condition; the rule's own cell unless it has a better one. NULL: otherwise
  const struct expr *within; // under which `within_cell` was made
  const struct cell *within_cell;
  const struct cell *open_cell;
  struct vec
      window_deps; // struct cell_node *, that windows read; of a `within`: that its condition reads
  struct vec actions, grounds; // struct required_action, struct ground
  uint64_t redirect;
  const struct fact_decl *except; // list of sites left out of it
  bool windows_read;              // in the manifest already
};

enum {
  SEMA_SET_MEMBERS = 1000000,
  SEMA_TABLE_ROWS = 4000000,
  SEMA_SET_DEPTH = 32,
  SEMA_BLOCK_MEMBERS = 65535,
  SEMA_QUANTITY_DEPTH = 64,
  SEMA_SAMPLE_DEPTH = 32
};

struct sema {
  struct front *front;
  struct arena *arena;
  struct diag_sink *diags;
  struct program *program;
  soc_use_fn *use;
  void *use_ctx;
  uint32_t version; // of those that a file of tests is for, from 0
  soc_near_fn *near;
  int32_t next_day; // first day of the version after this one; INT32_MAX: there is none

  const struct source_file *main;
  const struct source_file
      *tests;         // beside the policy, whose tests are run instead of its own; NULL: none
  struct vec files;   // struct used_file *, used files before those that use them
  struct names names; // facts, criteria, constants, sets, derived values and enumerations
  struct names enumerations, groups, reasons, samples, file_names, table_names;
  struct vec facts;          // struct fact_decl *
  struct vec cells;          // struct cell_node *, all of them
  struct vec derived;        // struct derived_node *
  struct vec constants;      // struct constant_node *
  struct vec sets;           // struct set_node *, declared
  struct vec used_sets;      // struct set_node *, read by some expression
  struct names no_decisions; // that tests name and the policy does not have; told
  struct names texts;        // folded texts; decl is unused, the position is the number
  struct vec text_literals;  // struct expr *, whose value is a text's number
  struct vec text_constants; // struct constant_node *, likewise
  struct vec text_sets;      // struct set_node *, likewise
  struct vec
      used_texts; // const struct expr *: literals and constants that cells compare texts with
  uint32_t *source_places; // by source: its number in the artifact
  struct vec decisions;    // struct decision_decl
  struct vec given_uses;   // struct given_use
  struct vec members;      // struct set_member, of the sets being resolved: included ones last
  struct vec ranges;       // struct set_range, of the set being settled
  struct vec rules;        // struct rule_decl, of the decision being written out
  uint32_t set_budget;     // members that may still be made
  uint64_t table_budget;   // rows of tables that may still be read
  uint32_t set_depth, derived_depth;
  bool vocabulary_missing; // which has been told
  uint32_t stamp;          // of the decision being written out
  uint32_t *given_in;      // by number of a fact: the last list of given facts that had it, from 1
  uint32_t given_lists;    // so far
  const struct word *bad_rows; // `each line of` something that is no list, told once
  const struct enum_decl *sites, *actions;
};

// ------------------------------------------------------------------ the parts

// The main file, what it amends and what these use, parsed. False: errors were reported.
bool sema_load(struct sema *s, uint32_t main_source);

void sema_declare(struct sema *s);    // enters every name
void sema_vocabulary(struct sema *s); // types of facts, enumerations
void sema_constants(struct sema *s);
void sema_sets(struct sema *s);
void sema_criteria(struct sema *s);
void sema_cycles(struct sema *s);
void sema_rules(struct sema *s);
void sema_tests(struct sema *s); // collects and checks samples and tests
void sema_order(struct sema *s);
void sema_windows(struct sema *s);
void sema_unused(struct sema *s);

// Everything. False: errors were reported or memory is out.
bool sema_run(struct sema *s, uint32_t main_source);

// ---- declarations (sema_names.c, sema_vocabulary.c)
struct symbol *sema_enter(struct sema *s, struct names *names, struct word name,
                          enum decl_kind kind, void *decl);
void sema_enter_enumeration(struct sema *s, const struct decl_enumeration *d);
void sema_enter_fact(struct sema *s, const struct decl_fact *d);
const struct enum_decl *
sema_enumeration(struct sema *s, struct word name); // NULL: unknown, which has been reported
// ---- lines (sema_lines.c)
// The list of an `each line of L`; NULL: of the case, or an error.
const struct fact_decl *sema_rows_of(struct sema *s, const struct word *rows);
static inline bool sema_rows_failed(const struct word *said, const struct fact_decl *list) {
  return said != NULL && list == NULL;
}
void sema_frames(struct sema *s); // gives every cell, derived value and group its list
bool sema_check_frame(struct sema *s, const struct scope *scope, const struct expr *e,
                      const struct fact_decl *rows);
// The field that `this line's` names, or the symbol; both NULL: an error, which has been reported.
struct symbol *sema_find_own(struct sema *s, const struct scope *scope, const struct expr *e,
                             const struct fact_decl **field);
const struct fact_decl *sema_lines(struct sema *s, const struct scope *scope, struct expr *e);
// The date by which sets are looked up at a row: the field that takes the basis when it is left out, else the basis.
const struct fact_decl *sema_date_of_row(const struct sema *s, const struct fact_decl *rows);
const struct fact_decl *sema_line_fact(struct sema *s, const struct fact_decl *rows,
                                       struct word name);
void sema_enter_quantity(struct sema *s, const struct decl_quantity *d);
const struct type *quantity_type(struct sema *s, struct cell_node *node);

bool sema_check_range(struct sema *s, const struct literal *l, const struct fact_decl *fact,
                      int64_t value);
void sema_enter_list(struct sema *s, const struct decl_list *d);
bool enum_find(const struct enum_decl *e, struct str name, uint32_t *value);
void sema_suggest_values(struct sema *s, struct diag *d, const struct enum_decl *e,
                         struct str wanted);
// A file that takes in no facts has most likely left out the vocabulary; true: the help says so.
bool sema_help_vocabulary(struct sema *s, struct diag *d);
// Whether that has been said: nothing is gained by saying of each further name that it is not known.
bool sema_vocabulary_missing(const struct sema *s);
void sema_suggest_names(struct sema *s, struct diag *d, const struct names *n, struct str wanted);
const struct fact_decl *fact_field(const struct fact_decl *list, struct str name);

// ---- literals (sema_literals.c). Each reports what is wrong and answers false.
bool literal_value(struct sema *s, const struct literal *l, const struct type *want,
                   int64_t *value);
bool literal_date(struct sema *s, struct word word, int32_t *days);
bool literal_number(struct sema *s, const struct literal *l, int64_t *micro);
bool literal_mask(struct sema *s, const struct literal *values, const struct enum_decl *e,
                  uint64_t *mask);
const struct type *
literal_type(struct sema *s, const struct literal *l); // of a number, date, text or code by itself
uint32_t text_number(struct sema *s, struct str text); // folds and keeps
struct literal *literal_of_name(struct sema *s, struct word name);
struct literal_rest *sema_rest_for(struct sema *s,
                                   struct literal *l); // to write to; NULL: no memory
const char *code_length_words(struct sema *s, const struct fact_decl *fact); // "3 to 7 characters"
void sema_report_no_code(struct sema *s, const struct literal *l);           // that it is none
bool sema_check_code_length(struct sema *s, struct str code, struct span span,
                            const struct fact_decl *fact);

// ---- members from tables (sema_uses.c, sema_csv.c, sema_import.c)
// Name of a table in the artifact, and its text.
struct str sema_table_name(struct sema *s, const struct used_file *used, struct str name);
bool sema_table_text(struct sema *s, struct word name, const struct source_file *from,
                     uint32_t *source);
struct str table_name(const struct table *table);
bool sema_is_table(const struct sema *s, uint32_t source);
// Reads the tables that a file's sets take rows of. False: errors were reported.
bool sema_read_imports(struct sema *s, const struct used_file *used);
// Puts the rows that a version with this first day takes behind each import of a set, in place of those that an older
// one took. INT32_MIN: all rows, with their dates.
void sema_take_rows(struct sema *s, struct decl_set *set, int32_t day);
// The same for what an amendment adds: the members, the last one's `next` is NULL.
struct literal *sema_rows_taken(struct sema *s, struct import *import, bool texts, int32_t day);
// A version takes a row out again: from a day on, or (NULL) from its own first.
void sema_remove_row(struct sema *s, const struct literal *l, const struct word *from);
void sema_import(struct sema *s); // the rows of all sets
void sema_other_facts(
    const struct sema *s); // warns of facts that are not of the standard vocabulary
// Tells what else is wrong with the rows that would be taken.
void sema_check_rows(struct sema *s, struct import *import, bool texts);
// The rows that an import took, as they are in the set, each as a line of the canonical form (docs/artifact-format.md),
// in order.
const struct str *sema_import_lines(struct sema *s, const struct literal *import, uint32_t *count);
// The import as one writes it, without the name of the file.
struct str sema_import_text(struct sema *s, const struct import *import);
// Two members are the same if this is: as written, but for the layout of texts and ranges.
struct str sema_member_key(struct sema *s, const struct literal *l);

// ---- sets (sema_sets.c)
struct set_node *sema_enter_set(struct sema *s, const struct decl_set *d);
const struct set_decl *sema_set_in_place(struct sema *s, const struct literal *members, bool texts);
void sema_resolve_set(struct sema *s, struct set_node *set);
bool sema_check_code_words(struct sema *s, const struct literal *l);
bool set_fits_fact(struct sema *s, const struct set_decl *set, const struct fact_decl *fact,
                   struct span span);
// Refuses codes that stand in two rows of a map.
void sema_check_map(struct sema *s, const struct derive_step *step);

// ---- expressions (sema_expr.c, sema_operand.c)
void check_truth(struct sema *s, struct scope *scope, struct expr *e);
// The type of a value; type_poison after an error.
const struct type *check_operand(struct sema *s, struct scope *scope, struct expr *e);
const struct type *check_operand_or_criterion(struct sema *s, struct scope *scope, struct expr *e);
const struct fact_decl *check_rows(struct sema *s, struct scope *scope, struct expr *e);
// Gives a literal or a name on one side of a comparison the type of the other side.
bool check_against(struct sema *s, struct scope *scope, struct expr *e, const struct type *want,
                   const struct fact_decl *fact);
bool expr_is_bare(struct sema *s, const struct scope *scope,
                  const struct expr *e); // a literal or an unknown name
struct symbol *scope_find(struct sema *s, const struct scope *scope, struct word name,
                          const struct fact_decl **field);
const struct fact_decl *expr_fact(const struct expr *e); // the fact it names, NULL: none
const struct cell *expr_mask_cell(const struct expr *e); // the derived enumeration it names
bool is_amount(
    const struct expr *e); // never negative: a fact whose range begins with 0 or above, a number
bool expr_constant(const struct expr *e, int64_t *value); // a literal or a constant
void scope_reads(struct sema *s, struct scope *scope, struct cell_node *cell);
struct diag *report_unknown_name(struct sema *s, const struct scope *scope, struct word name,
                                 const char *wanted);
void report_mismatch(struct sema *s, const struct expr *left, const struct type *lt,
                     const struct expr *right, const struct type *rt, struct span span);
const struct type *derived_type(struct sema *s, struct derived_node *d);
const char *kind_words(enum decl_kind kind); // "a criterion"
struct str source_of(struct sema *s, struct span span);

// ---- cells
struct cell_node *cell_new(struct sema *s, struct str name, struct span span);
static inline struct cell_node *node_of(const struct cell *c) {
  return (struct cell_node *)(uintptr_t)c;
}
struct str name_join(struct sema *s, struct str a, struct str b); // a.b
void sema_enter_criterion(struct sema *s, const struct decl_criterion *d);
void sema_enter_site(struct sema *s, const struct decl_derive_site *d);
void sema_enter_derived(struct sema *s, const struct decl_derive_value *d);
void cell_parts(struct sema *s, struct cell_node *node,
                struct expr *e); // makes cells of labelled members
struct type given_type(const struct literal *l,
                       const struct fact_decl *fact);   // that a test's value is read by
bool given_none_is_value(const struct fact_decl *fact); // `F none` of a test means the value `none`

// ---- tests (sema_tests.c, sema_tables.c)
// NULL: there is no such fact or field, which has been reported.
const struct fact_decl *sema_given_fact(struct sema *s, struct word name);
const struct fact_decl *sema_given_field(struct sema *s, const struct fact_decl *list,
                                         struct word name);
void sema_check_given(struct sema *s, const struct given *g, const struct fact_decl *fact);
void sema_check_shared(struct sema *s, struct word sample, const struct given *facts);
// line: NULL, over the case
void sema_check_decision(struct sema *s, const struct word *decision, const struct word *line,
                         struct span span);
void sema_check_outcome(struct sema *s, const struct expectation *e); // all but its decision
void sema_table(struct sema *s, const struct decl_table *table, struct vec *tests); // struct test
struct test_row {      // what a row of a table says of its own
  struct given *facts; // they come after what the rows share
  const struct expectation *expect;
  struct str name; // length 0: none
};
bool sema_test_row(struct sema *s, const struct test *test,
                   struct test_row *out); // of one without errors; false: no memory

// What an expression is made of: up to three parts, and the members of a block or pick.
struct children {
  const struct expr *one[3], *list;
};
struct children expr_children(const struct expr *e);
enum rel_kind rel_mirrored(enum rel_kind rel);

// Calls `fn` for every fact that an expression reads, parts in cells of their own aside, derived values expanded.
typedef void fact_read_fn(void *context, const struct fact_decl *fact, const struct expr *where);
void expr_facts(const struct expr *e, fact_read_fn *fn, void *context);

#endif
