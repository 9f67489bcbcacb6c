// SPDX-License-Identifier: Apache-2.0
//
// The syntax tree as the parser leaves it: what was written, in the order it was written, each node with
// its span. Nothing here is checked beyond the grammar; sema.c resolves names and types into the fields
// marked "sema" and into struct program (program.h). All nodes live in the compilation's arena.
#ifndef SOC_COMPILER_AST_H
#define SOC_COMPILER_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Byte offsets into source `file` (index into the compilation's sources); end is exclusive.
struct span {
  uint32_t file, start, end;
};

// Bytes inside the arena or a source text; not NUL-terminated.
struct str {
  const char *data;
  uint32_t length;
};

// A name, string, code, date or number as written. `text` is the name itself, a string's content without
// quotes (escapes resolved), a code or number's characters.
struct word {
  struct str text;
  struct span span;
};

enum unit_word { // unit after a number; UNIT_MISSING: none was written
  UNIT_MISSING,
  UNIT_DAYS,
  UNIT_MONTHS,
  UNIT_YEARS,
  UNIT_MILES,
  UNIT_PERCENT,
  UNIT_HOURS,
  UNIT_MILLILITRES,
  UNIT_BASE_UNITS,
  UNIT_BASE_UNITS_PER_UNIT,
  UNIT_UNITS
};

// ------------------------------------------------------------------ literals and sets

enum literal_kind {
  LIT_NAME, // enum value, true/false, or the name of a constant or set: home, far. (As an operand of a condition
            // each of these is an EXPR_NAME: the grammar cannot tell them from facts.)
  LIT_NUMBER, // 50 miles, 0.5, 11  (digits may also be a code, as the type asks)
  LIT_CODE,   // J1745, K5090, 0001A
  LIT_STRING, // "Actemra"
  LIT_DATE,   // 2024-12-05
  LIT_RANGE,  // lo .. hi, codes
  LIT_PREFIX, // 011*
  LIT_IMPORT  // rows of a table, a member of a set declaration; what it takes follows it
};

struct import;
struct import_rows; // sema.h

// What few literals have, apart from them, as a large policy has a million of these.
struct literal_rest {
  const struct word *high; // LIT_RANGE
  // A member of a set declaration may carry its own dates and citation:
  struct word *from, *to; // `from D` first day in, `to D` first day out; NULL: open
  struct word *cite;      // NULL: the set's
  struct import *import; // LIT_IMPORT: itself; a member that it took: that import; NULL: as written
};

struct literal {
  enum literal_kind kind : 8;
  enum unit_word unit : 8; // LIT_NUMBER
  uint8_t
      determination; // in `possible { .. }` of a test: enum determination_word (word: as written)
  struct span span;  // all of it
  struct word word;  // lo of a range; a prefix without its star
  struct literal_rest *rest; // NULL: nothing; read it by rest_of
  struct literal *next;
};

static inline const struct literal_rest *rest_of(const struct literal *l) {
  static const struct literal_rest nothing = {NULL, NULL, NULL, NULL, NULL};
  return l->rest != NULL ? l->rest : &nothing;
}
// Of a range and of an import, which have it.
static inline const struct word *range_end(const struct literal *l) {
  return l->rest->high;
}
static inline struct import *import_of(const struct literal *l) {
  return l->rest->import;
}

// `rows of "./codes.tsv" column "code" ...`: members of a set that stand in a table.
struct import_condition { // where column "list" = "reviewed"
  struct word column, value;
  struct import_condition *next;
};
struct import {
  struct span span;
  struct word file, column;                 // the file as written; the column of the members
  struct word *first_day, *last_day, *cite; // columns; NULL: none
  struct import_condition *where, *last_where;
  struct word *through; // a date: rows in force on any day up to it; NULL: on the first day alone
  struct import_rows *rows; // sema_csv.c: what it may take from; NULL: not read, or not readable
};

// ------------------------------------------------------------------ expressions

enum expr_kind {
  EXPR_BLOCK, // all of / any of / none of / at least n of { members }
  EXPR_NOT,   // not E
  EXPR_NAME,  // a boolean fact, a criterion, or (as an operand) any fact, derived value or constant
  EXPR_LITERAL,  // operand only
  EXPR_COMPARE,  // left REL right
  EXPR_IN,       // operand in set
  EXPR_STATE,    // F is [not] none / empty / left out
  EXPR_INCLUDES, // L includes [any of | all of | only | none of] set
  EXPR_FIRST,    // D in first N days from E      (0 <= D - E <= N-1)
  EXPR_WITHIN,   // D within N days of E          (-N <= D - E <= N)
  EXPR_ROWS, // some / every / no record of L has E; number of records of L with E (operand); the same of lines
  EXPR_ARITH,    // operand + operand, operand - operand
  EXPR_QUOTIENT, // operand / operand rounded up to a whole unit
  EXPR_PICK,     // earliest of { .. }, latest of { .. }
  EXPR_AGE,      // completed years from A to B
  EXPR_DAYS      // days from A to B
};

enum block_kind { BLOCK_ALL, BLOCK_ANY, BLOCK_NONE, BLOCK_AT_LEAST };
enum rel_kind {
  REL_EQ,
  REL_NE,
  REL_LT,
  REL_LE,
  REL_GT,
  REL_GE
}; // before <, after >, on or before <=, on or after >=
enum state_kind { STATE_NONE, STATE_EMPTY, STATE_LEFT_OUT };
enum include_kind { INCLUDE_ANY, INCLUDE_ALL, INCLUDE_ONLY, INCLUDE_NONE };
enum rows_kind { ROWS_SOME, ROWS_EVERY, ROWS_NO, ROWS_NUMBER, ROWS_SUM };
// Which rows: those of a named list, or, where a row is current (`each line of L`), of its own list: its lines, the
// line that it relates to, or that line, the line that this one relates to, and so on.
enum rows_over { OVER_LIST, OVER_LINES, OVER_RELATED, OVER_CHAIN };
enum lines_which {
  LINES_ALL,
  LINES_OTHER,
  LINES_EARLIER
}; // by the list's key: any; another; a smaller one

struct cell; // program.h
struct fact_decl;
struct set_range;
struct rule_node;

// Apart from its expression, as it is larger than any other kind and rarer than most.
struct expr_rows {
  enum rows_kind kind;
  enum rows_over over;
  enum lines_which which; // which: OVER_LINES
  bool same_date;         // OVER_LINES: `on the same date`, the field `date` of both lines
  struct word list;       // OVER_LIST
  struct word by;     // OVER_RELATED, OVER_CHAIN: the field; length 0: the only one that there is
  struct expr *value; // ROWS_SUM: what is added up, an EXPR_NAME of the row
  struct expr *body;
  // sema
  const struct fact_decl *reference, *key, *date; // fields: by; of `which`; of same_date
};

struct expr {
  enum expr_kind kind;
  struct span span;
  struct expr *next; // next member of a block or of a pick
  struct word label; // member of a block: `label: E`; text.length 0: none
  union {
    struct {
      enum block_kind kind;
      uint32_t need;
      struct expr *first;
      uint32_t count;
    } block;
    struct {
      struct expr *operand;
    } not_;
    struct {
      struct word name;
      bool if_given;
      bool dates_in_words;
      bool own;
    } name; // own: `this line's NAME`, read at the row outside the loop
    struct literal *literal;
    struct {
      enum rel_kind rel;
      struct expr *left, *right;
      bool date_words;
    } compare;
    struct {
      struct expr *operand;
      struct literal *set;
      struct word *as_of;
    } in; // set: braces list, or one LIT_NAME
    struct {
      struct expr *operand;
      enum state_kind state;
      bool negated;
    } state;
    struct {
      struct expr *list;
      enum include_kind mode;
      struct literal *set;
      struct word *as_of;
    } includes;
    struct {
      struct expr *date, *length, *start;
    } window; // EXPR_FIRST, EXPR_WITHIN
    struct expr_rows *rows;
    struct {
      bool minus;
      struct expr *left, *right;
    } arith;
    struct {
      struct expr *left, *right;
    } quotient;
    struct {
      bool latest;
      struct expr *first;
      uint32_t count;
    } pick;
    struct {
      struct expr *from, *to;
    } span_of; // EXPR_AGE, EXPR_DAYS
  } as;
  // ---- sema
  const struct type *type; // NULL for truth values
  const void
      *decl; // EXPR_NAME: struct fact_decl, struct cell, struct constant_decl (see decl_kind)
  uint8_t decl_kind; // enum decl_kind of program.h
  struct cell *cell; // a labelled member: its own cell
  uint32_t index;    // free for the emitter
  int64_t value; // EXPR_LITERAL: encoded constant; EXPR_IN on an enumeration, EXPR_INCLUDES: mask
  const struct set_decl
      *set; // EXPR_IN, EXPR_INCLUDES on codes and texts: the set (anonymous ones included)
  const struct fact_decl
      *as_of; // EXPR_IN, EXPR_INCLUDES on a dated set: the date it is asked as of; else NULL
};

// ------------------------------------------------------------------ declarations

enum decl_tag {
  DECL_USE,
  DECL_ENUMERATION,
  DECL_FACT,
  DECL_LIST,
  DECL_REASON,
  DECL_DERIVE_SITE,
  DECL_DERIVE_VALUE,
  DECL_CONSTANT,
  DECL_SET,
  DECL_CRITERION,
  DECL_QUANTITY,
  DECL_RULES,
  DECL_DECISION,
  DECL_ASK_ORDER,
  DECL_SAMPLE,
  DECL_NOT_COMPUTED,
  DECL_TEST,
  DECL_TABLE,
  // changes to the version that is amended; amend.c carries them out before anything else looks at a policy
  DECL_REPLACE,
  DECL_REMOVE,
  DECL_CHANGE_SET,
  DECL_CHANGE_RULES
};

struct decl {
  enum decl_tag tag;
  struct span span;        // of the head, for messages
  struct word name;        // dotted; test: its title; ask order: none
  struct word *text;       // the plain sentence, NULL: none
  struct word *cite;       // NULL: none
  const struct word *rows; // inside `each line of L { .. }`: the list; NULL: of the case
  bool edited;             // amend: members or rules are no longer those of its own text
  struct decl *next;
};

struct decl_use {
  struct decl d;
}; // name: the path as written

struct decl_enumeration {
  struct decl d;
  struct literal *values;
}; // enumeration site { ... }; values LIT_NAME

enum type_word {
  TYPE_BOOLEAN,
  TYPE_CODE,
  TYPE_TEXT,
  TYPE_DATE,
  TYPE_INTEGER,
  TYPE_DECIMAL,
  TYPE_ENUM_NAMED,
  TYPE_ENUM_INLINE,
  TYPE_LINE
};
struct type_expr {
  struct span span;
  enum type_word word;
  bool list;                 // list of T
  bool or_none;              // T or none
  struct word name;          // TYPE_ENUM_NAMED; TYPE_LINE: the list
  struct literal *values;    // TYPE_ENUM_INLINE
  enum unit_word unit;       // numbers
  struct literal *min, *max; // `from A to B`, `from A`, `above A` (min_exclusive); NULL: none
  bool min_exclusive;
  uint32_t min_length, max_length; // code(5), code(3..7); 0: any
};
enum left_out_word { LEFT_UNKNOWN, LEFT_NONE, LEFT_EMPTY, LEFT_ASSUMED, LEFT_FACT, LEFT_DERIVED };
struct
    decl_fact { // `fact NAME : TYPE ...` or a field of a list (d.name is the bare field name then)
  struct decl d;
  struct type_expr type;
  enum left_out_word left_out;
  struct literal *assumed; // LEFT_ASSUMED
  struct word other;       // LEFT_FACT
  bool required;           // keyed field
  struct word *standard;   // text after `standard`: where the fact stands in X12, FHIR
};
struct decl_list { // list clinical.adverse_events { fields }
  struct decl d;
  struct word key;          // `keyed by number`; length 0: none
  struct decl_fact *fields; // chained by d.next
};
struct decl_reason {
  struct decl d;
}; // reason CODE "meaning"

enum derive_kind { DERIVE_FACT, DERIVE_VALUE, DERIVE_MAP };
struct derive_step { // tried in order
  enum derive_kind kind;
  struct span span;
  struct expr *
      fact; // DERIVE_FACT `service.site_of_care when given`; DERIVE_MAP `from F { ... }`: EXPR_NAME
  struct literal *values;  // DERIVE_VALUE `inpatient when E` (a or b: several)
  struct expr *when;       // DERIVE_VALUE; NULL: otherwise
  bool assumed;            // DERIVE_VALUE: `otherwise assumed`
  struct derive_row *rows; // DERIVE_MAP
  struct derive_step *next;
  uint64_t mask; // sema: of `values`
  // sema: DERIVE_MAP before another step, which answers for the codes that are none of these, and where there is no
  // code; NULL: the last step, for which any other code leaves every value open
  const struct set_decl *listed;
};
struct derive_row { // 11 -> a or b
  struct literal *codes;
  struct literal *values;
  struct derive_row *next;
  struct span span;
  uint64_t mask;                  // sema: of `values`
  const struct set_range *ranges; // sema: the codes, packed, ascending
  uint32_t range_count;
};
struct
    decl_derive_site { // derive site : site asks service.site_of_care { steps }   (a derived enumeration)
  struct decl d;
  struct word type_name;
  struct word asks;
  struct derive_step *steps;
};
struct decl_derive_value {
  struct decl d;
  struct expr *value;
}; // derive age = completed years from A to B
struct decl_constant {
  struct decl d;
  struct literal *value;
};                // constant far = 50 miles "..." cite "..."
struct decl_set { // set reviewed_codes of codes { ... }  |  of texts
  struct decl d;
  bool texts;
  bool imports; // some member is, or was, a LIT_IMPORT
  uint32_t
      prefix_length; // `by first 3 characters`: ranges and members are prefixes; 0: whole codes
  struct literal *members; // a LIT_NAME member includes another set; LIT_IMPORT only here
};
struct decl_criterion {
  struct decl d;
  struct expr *when;
};
struct decl_not_computed {
  struct decl d;
}; // not computed "IDS" "why"; name: the ids; tells and does nothing
struct decl_quantity {
  struct decl d;
  struct expr *value;
}; // quantity before = number of earlier lines with E

enum determination_word {
  SAY_APPROVE,
  SAY_REFER,
  SAY_PEND,
  SAY_NOT_APPLICABLE,
  SAY_ELIGIBLE,
  SAY_DENY,
  SAY_NOT_SEPARATE,
  SAY_RESUBMIT,
  SAY_NOT_ADDRESSED
}; // same order as soc_determination

struct because {
  struct word code;
  struct expr *when;
  struct because *next;
};
struct action {
  struct word name;
  struct expr *when;
  struct action *next;
};

enum rule_kind { RULE_RULE, RULE_INCLUDE, RULE_WITHIN };
struct rule {
  enum rule_kind kind;
  struct span span;
  struct rule *next;
  // RULE_INCLUDE: name of the rules; RULE_WITHIN: condition and body
  struct word include;
  struct rule *body;
  // RULE_RULE; `when` is also the condition of RULE_WITHIN
  enum determination_word determination;
  struct word code;  // length 0: none
  struct word label; // `as wrong_form`; length 0: named by its code
  struct expr *when; // NULL: otherwise
  bool unless;       // `unless E`: the rule applies when E is not met
  bool stop;         // and stop
  bool one_time;
  struct word *text, *cite;
  struct expr *from, *through; // NULL: none
  struct expr
      *stands; // `stands Q`: units that stay; `at least N`: latest of { Q, N }; NULL: not said
  struct literal *redirect; // LIT_NAMEs
  struct expr *except;      // redirect { } except F if given; NULL: none
  struct action *actions;
  struct because *grounds;
  struct word open_code; // while open CODE [if E]; length 0: none
  struct expr *open_when;
  struct rule_node *node; // sema
  struct rule **link;     // amend: what points to it in its list
};
struct decl_rules {
  struct decl d;
  struct rule *rules;
};
struct decl_decision {
  struct decl d;
  bool administrative;
  struct word list; // `for each line of claim.lines`; length 0: over the case
  bool longest, every_match;
  struct rule *rules;
};
struct decl_ask_order {
  struct decl d;
  struct literal *facts;
}; // LIT_NAMEs

enum given_kind { GIVEN_VALUE, GIVEN_NONE, GIVEN_EMPTY, GIVEN_UNKNOWN, GIVEN_ITEMS, GIVEN_RECORDS };
struct given { // one fact in a sample or test
  enum given_kind kind;
  uint32_t record;       // sema: of `list`
  struct word fact;      // dotted, or bare field name inside a record
  struct span span;      // for messages: the fact, or the cell of a table
  struct literal *value; // GIVEN_VALUE; GIVEN_ITEMS: chained
  struct given_record *records;
  struct given *next;
  // sema: in a table, a field of this record of `list`; NULL: a fact of the case, or a field where it is written
  const struct fact_decl *list;
};
struct given_record {
  struct given *fields;
  struct given_record *next;
  struct span span;
};
struct decl_sample {
  struct decl d;
  struct word base;
  struct given *facts;
};                      // sample NAME [like OTHER] { facts }
struct expected {       // besides determination and reason
  struct word *units;   // units that stand; NULL: not compared
  struct word *through; // date
  bool through_none;    // `through none`: no limit stated
  struct literal *also, *missing, *possible, *redirect, *actions,
      *assumed; // NULL: not compared; see has_*
  bool has_also, has_missing, has_possible, has_redirect, has_actions,
      has_assumed; // { } compares with nothing
};
struct expectation {
  struct span span;
  enum determination_word determination;
  const struct word *decision; // in a table: sema
  const struct word *line;     // `line 2 of DECISION`: the key of the row; NULL: over the case
  struct word code;            // length 0: not compared
  struct expected *more;       // NULL: nothing; read it by expected_of
  struct expectation *next;
};

static inline const struct expected *expected_of(const struct expectation *e) {
  static const struct expected nothing = {.units = NULL};
  return e->more != NULL ? e->more : &nothing;
}

struct decl_test {
  struct decl d;
  struct word sample;
  struct given *facts;
  struct expectation *expect;
};

// The top row of a table says what the columns are, the others say it of one case each.
struct table_head {        // of a column
  struct word name;        // fact; decision
  const struct word *line; // COLUMN_EXPECT: `line 2 of DECISION`; NULL: over the case
};
enum cell_kind { CELL_EMPTY, CELL_VALUE, CELL_OUTCOME, COLUMN_NAMES, COLUMN_FACT, COLUMN_EXPECT };
struct table_cell {
  enum cell_kind kind : 8;
  enum given_kind given : 8;     // CELL_VALUE
  enum literal_kind literal : 8; // CELL_VALUE, GIVEN_VALUE: what it is
  struct span span;              // between the bars, without the spaces
  union {
    struct literal
        *value; // CELL_VALUE: as in struct given; NULL: the one token in the cell says it
    struct given_record *records; // CELL_VALUE: likewise
    struct expectation *outcome;  // CELL_OUTCOME
    struct table_head *head;      // COLUMN_NAMES, COLUMN_FACT, COLUMN_EXPECT
  } as;
  struct table_cell *next;
};
struct table_row {
  struct span span;
  uint32_t number; // from 1; the top row: 0
  struct table_cell *cells, *last;
  struct table_row *next;
};
struct decl_table { // test table "..." { ... }
  struct decl d;
  struct word sample;
  struct given *facts;    // that all rows share
  struct table_row *rows; // the top row is the first
  uint32_t row_count;     // below it
};

// ------------------------------------------------------------------ changes to the version that is amended

struct decl_replace {
  struct decl d;
  struct decl *with;
}; // replace criterion NAME ...; d.name is its name
struct decl_remove {
  struct decl d;
  enum decl_tag of;
};                  // DECL_DERIVE_VALUE: a derivation of either kind
struct set_change { // add J1562 from D to D | remove J1562 [from D] | rows through D
  bool remove;
  struct span span;
  struct literal *member; // remove: its `from` is the first day out; NULL: `rows through`
  struct word *through;   // of all rows of tables that the set takes; NULL: not said
  struct set_change *next;
};
struct decl_change_set {
  struct decl d;
  struct set_change *changes;
};
enum rule_change_kind { RULE_ADD, RULE_REPLACE, RULE_REMOVE };
enum rule_place { RULE_LAST, RULE_BEFORE, RULE_AFTER };
struct rule_change {
  enum rule_change_kind kind;
  enum rule_place place; // RULE_ADD
  struct span span;
  struct word name;  // of the rule that is there; length 0: RULE_LAST
  struct rule *rule; // the new one; NULL: RULE_REMOVE
  struct rule_change *next;
};
struct decl_change_rules {
  struct decl d;
  bool decision;
  struct rule_change *changes;
};

// ------------------------------------------------------------------ files

struct policy_head { // policy "id" { ... }
  struct span span;
  struct word id;
  struct word *title, *payer, *version, *basis, *source, *revised;
  struct word *amends; // the version that this one amends, as written; NULL: it stands alone
};
enum file_kind { FILE_POLICY, FILE_VOCABULARY, FILE_LIBRARY, FILE_TESTS };
struct source_file {
  enum file_kind kind;
  uint32_t index;           // number of the source in the compilation
  uint32_t language;        // from the first line: soc 1
  struct policy_head head;  // FILE_POLICY
  struct word name;         // FILE_VOCABULARY, FILE_LIBRARY: name in quotes
  struct literal *versions; // FILE_TESTS: the policies that they are for, LIT_STRING
  uint32_t version_count;
  struct decl *decls; // in order
};

#endif
