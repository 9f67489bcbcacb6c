// SPDX-License-Identifier: Apache-2.0
//
// Constructors of the syntax tree, one for each action of dsl/grammar.y; only the generated parser
// calls them. None fails: when memory is out they hand out one spare node, whose contents mean
// nothing, and parse_file says so.
#ifndef SOC_COMPILER_BUILD_H
#define SOC_COMPILER_BUILD_H

#include "compiler/tokens.h"

struct lexeme { // a token's place, the parser's value for it
  uint32_t start, end;
};

// State of one parse. The lists that grow at the top are here and not on the parser's stack, so
// that the parser can be restarted in the middle of a file.
struct parse {
  struct front *front;
  uint32_t file;
  const char *text;
  struct source_file *out;
  struct decl *last_decl;
  struct {
    char *at, *end;           // free bytes
    size_t next_block;        // 0: none yet
  } decls;                    // where declarations are put
  struct action *last_action; // of the rule being read; its list is not empty then
  struct because *last_because;
  uint32_t depth; // of nesting
  bool stop;      // a limit is reached
  // the driver's
  struct yyParser *parser;
  struct tokens tokens;
  struct token previous;    // fed before the present one
  bool error;               // the present token was refused
  uint32_t braces_at_error; // open before recovery closed some
  struct {
    struct tokens at;    // ready to read the declaration
    struct lexeme brace; // innermost open one there
    uint32_t depth;      // braces open there; 0: nothing is suspected
  } suspect;             // a declaration seems to begin inside of braces
  union {
    struct expr expr;
    struct literal literal;
    struct import import;
    struct rule rule;
    struct decl_fact fact;
    struct decl_decision decision;
    struct expectation expectation;
    struct derive_step step;
    struct derive_row row;
    struct decl_derive_site site;
    struct decl_test test;
    struct decl_table table;
    struct table_cell cell;
    struct decl_list list;
    struct decl_set set;
    struct type_expr type;
  } spare;
};

// ------------------------------------------------------------------ values of the parser

struct literals {
  struct literal *first, *last;
  uint32_t end;
}; // end: of the closing brace, where it matters
struct exprs {
  struct expr *first, *last;
  uint32_t count;
};
struct facts {
  struct decl_fact *first, *last;
};
struct steps {
  struct derive_step *first, *last;
};
struct rows {
  struct derive_row *first, *last;
};
struct decls {
  struct decl *first, *last;
};
struct rules {
  struct rule *first, *last;
};
struct value { // that a fact is given
  enum given_kind kind;
  enum literal_kind literal_kind; // GIVEN_VALUE without `literal`: of the one token `at`
  struct lexeme at;
  struct literal *literal;      // as in struct given
  struct given_record *records; // GIVEN_RECORDS
};
struct givens {
  struct given *first, *last;
};
struct records {
  struct given_record *first, *last;
};
struct expects {
  struct expectation *first, *last;
};
struct left_out {
  enum left_out_word word;
  struct literal *assumed;
  struct lexeme other;
};
struct range {
  struct literal *min, *max;
  bool min_exclusive;
  struct lexeme end;
};
struct unit {
  enum unit_word word;
  struct lexeme at;
};
struct state {
  enum state_kind kind;
  struct lexeme at;
};
struct determination {
  enum determination_word word;
  struct lexeme at;
};
struct decision_items {
  struct rules rules;
  bool longest, every_match;
  struct lexeme longest_at, every_match_at;
};
struct set_changes {
  struct set_change *first, *last;
};
struct rule_changes {
  struct rule_change *first, *last;
};
struct which { // some, every, no
  enum rows_kind kind;
  struct lexeme at;
};
struct lines {
  enum rows_over over;
  enum lines_which which;
  struct lexeme date; // of `on the same date`; empty: not said
  struct lexeme by;   // of a chain
};
struct test_start {
  struct word sample; // length 0: none
  struct givens givens;
};
struct table_rows {
  struct table_row *first, *last;
};

// ------------------------------------------------------------------ limits and files

void build_enter(struct parse *cx);
void build_leave(struct parse *cx);
void build_too_deep(struct parse *cx);
void parse_syntax_error(struct parse *cx, uint32_t kind, struct lexeme at); // parse.c

void build_kind(struct parse *cx, enum file_kind kind, struct lexeme name);
void build_tests(struct parse *cx, struct lexeme keyword, struct lexeme version);
void build_policy(struct parse *cx, struct lexeme keyword, struct lexeme id);
void build_title(struct parse *cx, struct lexeme keyword, struct lexeme text);
void build_payer(struct parse *cx, struct lexeme keyword, struct lexeme text);
void build_version(struct parse *cx, struct lexeme keyword, struct lexeme date);
void build_basis(struct parse *cx, struct lexeme keyword, struct lexeme name);
void build_source(struct parse *cx, struct lexeme keyword, struct lexeme text);
void build_source_revised(struct parse *cx, struct lexeme keyword, struct lexeme text,
                          struct lexeme date);
void build_amends(struct parse *cx, struct lexeme keyword, struct lexeme path);
void build_add_decl(struct parse *cx, struct decl *decl);

// ------------------------------------------------------------------ words and declarations

struct word *build_word(struct parse *cx, struct lexeme at);
struct word *build_text(struct parse *cx, struct lexeme at);

struct decl *build_use(struct parse *cx, struct lexeme keyword, struct lexeme path);
struct decl *build_enumeration(struct parse *cx, struct lexeme keyword, struct lexeme name,
                               struct literals values, struct word *text);
struct decl *build_reason(struct parse *cx, struct lexeme keyword, struct lexeme code,
                          struct lexeme text);
struct decl *build_not_computed(struct parse *cx, struct lexeme keyword, struct lexeme ids,
                                struct lexeme why);
struct decl *build_constant(struct parse *cx, struct lexeme keyword, struct lexeme name,
                            struct literal *value, struct word *text, struct word *cite);
struct decl *build_ask_order(struct parse *cx, struct lexeme keyword, struct lexeme end,
                             struct literals facts);
struct decl *build_criterion(struct parse *cx, struct lexeme keyword, struct lexeme name,
                             struct lexeme text, struct word *cite, struct expr *when);

struct decl *build_fact_decl(struct parse *cx, struct lexeme keyword, struct decl_fact *fact);
struct decl_fact *build_fact(struct parse *cx, struct lexeme name, struct type_expr *type,
                             struct left_out left_out, bool required, struct word *text,
                             struct word *standard);
struct left_out build_left_out(struct parse *cx, enum left_out_word word);
struct left_out build_left_out_assumed(struct parse *cx, struct literal *value);
struct left_out build_left_out_fact(struct parse *cx, struct lexeme name);
struct decl_list *build_list_head(struct parse *cx, struct lexeme keyword, struct lexeme name);
struct decl_list *build_list_keyed(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                   struct lexeme key);
struct decl *build_list(struct parse *cx, struct decl_list *list, struct word *text,
                        struct facts fields);
struct facts build_fields(struct parse *cx, struct decl_fact *field);
struct facts build_fields_add(struct parse *cx, struct facts fields, struct decl_fact *field);
struct facts build_no_fields(void);

struct decl *build_derive_value(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                struct expr *value, struct word *text, struct word *cite);
struct decl *build_derive_site(struct parse *cx, struct lexeme keyword, struct lexeme name,
                               struct lexeme type, struct lexeme asks, struct word *text,
                               struct word *cite, struct steps steps);
struct steps build_steps(struct parse *cx, struct derive_step *step);
struct steps build_steps_add(struct parse *cx, struct steps steps, struct derive_step *step);
struct steps build_no_steps(void);
struct derive_step *build_step_given(struct parse *cx, struct literals values, struct lexeme when,
                                     struct lexeme end);
struct derive_step *build_step_when(struct parse *cx, struct literals values, struct expr *when);
struct derive_step *build_step_otherwise(struct parse *cx, struct literals values,
                                         struct lexeme end);
struct derive_step *build_step_assumed(struct parse *cx, struct literals values, struct lexeme end);
struct derive_step *build_step_map(struct parse *cx, struct lexeme keyword, struct lexeme fact,
                                   struct rows rows, struct lexeme end);
struct rows build_rows(struct parse *cx, struct derive_row *row);
struct rows build_rows_add(struct parse *cx, struct rows rows, struct derive_row *row);
struct rows build_no_rows(void);
struct derive_row *build_row(struct parse *cx, struct literals codes, struct literals values);

struct decl *build_quantity(struct parse *cx, struct lexeme keyword, struct lexeme name,
                            struct expr *value, struct word *text, struct word *cite);
struct decls build_no_decls(void);
struct decls build_decls(struct decl *decl);
struct decls build_decls_add(struct decls decls, struct decl *decl);
struct decl *build_each(struct parse *cx, struct lexeme keyword, struct lexeme list,
                        struct decls decls);

struct decl_set *build_set_head(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                bool texts);
struct decl_set *build_set_by_prefix(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                     bool texts, struct lexeme length);
struct decl *build_set(struct parse *cx, struct decl_set *set, struct word *text, struct word *cite,
                       struct literals members);

struct decl *build_rules(struct parse *cx, struct lexeme keyword, struct lexeme name,
                         struct word *text, struct rules rules);
struct decl_decision *build_decision_head(struct parse *cx, struct lexeme keyword,
                                          struct lexeme name, bool administrative);
struct decl_decision *build_decision_for_each(struct parse *cx, struct lexeme keyword,
                                              struct lexeme name, bool administrative,
                                              struct lexeme list);
struct decl *build_decision(struct parse *cx, struct decl_decision *decision, struct word *text,
                            struct decision_items items);
struct decision_items build_longest(struct lexeme keyword);
struct decision_items build_every_match(struct lexeme keyword);
struct decision_items build_item(struct rule *rule);
struct decision_items build_no_items(void);
struct decision_items build_items_add(struct parse *cx, struct decision_items items,
                                      struct decision_items item);

struct decl_sample *build_sample_head(struct parse *cx, struct lexeme keyword, struct lexeme name);
struct decl_sample *build_sample_like(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                      struct lexeme base);
struct decl *build_sample(struct parse *cx, struct decl_sample *sample, struct givens givens);
struct decl *build_sample_empty(struct decl_sample *sample);
struct decl_test *build_test_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                  struct word *cite);
struct decl *build_test(struct decl_test *test, struct test_start start, struct expects expects);
struct decl *build_test_bare(struct decl_test *test, struct expects expects);
struct decl_table *build_table_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                    struct word *cite);
struct decl *build_table(struct decl_table *table, struct test_start start, struct table_rows rows);
struct decl *build_table_bare(struct decl_table *table, struct table_rows rows);

// ------------------------------------------------------------------ changes to an older version

struct decl *build_replace(struct parse *cx, struct lexeme keyword, struct decl *with);
struct decl *build_remove(struct parse *cx, struct lexeme keyword, enum decl_tag of,
                          struct lexeme name, struct word *cite);
struct decl *build_change_set(struct parse *cx, struct lexeme keyword, struct lexeme name,
                              struct word *text, struct word *cite, struct set_changes changes);
struct set_changes build_no_set_changes(void);
struct set_changes build_set_changes(struct set_changes changes, struct set_change *change);
struct set_change *build_rows_through(struct parse *cx, struct lexeme keyword, struct lexeme date);
struct set_change *build_set_change(struct parse *cx, bool remove, struct lexeme keyword,
                                    struct literal *member);
struct decl *build_change_rules(struct parse *cx, bool decision, struct lexeme keyword,
                                struct lexeme name, struct word *text, struct word *cite,
                                struct rule_changes changes);
struct rule_changes build_no_rule_changes(void);
struct rule_changes build_rule_changes(struct rule_changes changes, struct rule_change *change);
struct rule_change *build_rule_add(struct parse *cx, enum rule_place place, struct lexeme keyword,
                                   struct lexeme name, struct rule *rule);
struct rule_change *build_rule_replace(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                       struct rule *rule);
struct rule_change *build_rule_remove(struct parse *cx, struct lexeme keyword, struct lexeme name);

// ------------------------------------------------------------------ types

struct type_expr *build_type(struct parse *cx, enum type_word word, struct lexeme at);
struct type_expr *build_type_or_none(struct parse *cx, struct type_expr *type, struct lexeme end);
struct type_expr *build_type_number(struct parse *cx, enum type_word word, struct lexeme keyword,
                                    struct unit unit, struct range range);
struct type_expr *build_type_line(struct parse *cx, struct lexeme keyword, struct lexeme list);
struct type_expr *build_type_list(struct parse *cx, struct lexeme keyword, struct type_expr *item);
struct type_expr *build_type_code(struct parse *cx, struct lexeme keyword, struct lexeme min,
                                  struct lexeme max, struct lexeme end);
struct type_expr *build_type_one_of(struct parse *cx, struct lexeme keyword,
                                    struct literals values);
struct type_expr *build_type_named(struct parse *cx, struct lexeme name);
struct range build_no_range(void);
struct range build_range(struct parse *cx, struct lexeme min, struct lexeme max, bool has_max,
                         bool min_exclusive);
struct unit build_no_unit(void);
struct unit build_unit(enum unit_word word, struct lexeme at);

// ------------------------------------------------------------------ literals

struct literal *build_literal(struct parse *cx, enum literal_kind kind, struct lexeme at);
struct literal *build_number(struct parse *cx, struct lexeme number, struct unit unit);
struct literal *build_code_range(struct parse *cx, struct lexeme low, struct lexeme high);
struct literal *build_prefix(struct parse *cx, struct lexeme prefix);
struct literals build_no_literals(void);
struct literals build_literals(struct parse *cx, struct literal *literal);
struct literals build_literals_add(struct parse *cx, struct literals literals,
                                   struct literal *literal);
struct literals build_names(struct parse *cx, struct lexeme name);
struct literals build_names_add(struct parse *cx, struct literals names, struct lexeme name);
struct literals build_codes(struct parse *cx, struct lexeme code);
struct literals build_codes_add(struct parse *cx, struct literals codes, struct lexeme code);
struct literals build_inline_set(struct lexeme open, struct literals members, struct lexeme close);
struct import *build_import(struct parse *cx, struct lexeme keyword, struct lexeme file,
                            struct lexeme column);
struct import *build_import_first_day(struct parse *cx, struct import *import,
                                      struct lexeme keyword, struct lexeme column);
struct import *build_import_last_day(struct parse *cx, struct import *import, struct lexeme keyword,
                                     struct lexeme column);
struct import *build_import_cite(struct parse *cx, struct import *import, struct lexeme keyword,
                                 struct lexeme column);
struct import *build_import_where(struct parse *cx, struct import *import, struct lexeme column,
                                  struct lexeme value);
struct import *build_import_through(struct parse *cx, struct import *import, struct lexeme keyword,
                                    struct lexeme date);
struct literal *build_import_member(struct parse *cx, struct import *import);
struct literal *build_member_from(struct parse *cx, struct literal *member, struct lexeme keyword,
                                  struct lexeme date);
struct literal *build_member_to(struct parse *cx, struct literal *member, struct lexeme keyword,
                                struct lexeme date);
struct literal *build_member_cite(struct parse *cx, struct literal *member, struct lexeme keyword,
                                  struct lexeme text);

// ------------------------------------------------------------------ conditions

struct exprs build_no_exprs(void);
struct exprs build_exprs(struct parse *cx, struct expr *expr);
struct exprs build_exprs_add(struct parse *cx, struct exprs exprs, struct expr *expr);
struct expr *build_not(struct parse *cx, struct lexeme keyword, struct expr *operand);
struct expr *build_rows_of(struct parse *cx, enum rows_kind kind, struct lexeme keyword,
                           struct lexeme list, struct expr *body);
struct lexeme build_no_lexeme(void);
struct which build_which(enum rows_kind kind, struct lexeme keyword);
struct lines build_line(enum lines_which which, struct lexeme date);
struct lines build_chain(struct lexeme field);
// `filter`: `some line with FILTER has BODY`, NULL: none; it becomes part of the body.
struct expr *build_lines(struct parse *cx, struct which which, struct lines lines,
                         struct expr *filter, struct expr *body);
struct expr *build_lines_number(struct parse *cx, struct lexeme keyword, struct lines lines,
                                struct expr *body);
struct expr *build_lines_sum(struct parse *cx, struct lexeme keyword, struct lexeme value,
                             struct lines lines, struct expr *body);
struct expr *build_related(struct parse *cx, struct lexeme keyword, const struct lexeme *field,
                           struct expr *body);
struct expr *build_own(struct parse *cx, struct lexeme keyword, struct lexeme name,
                       struct lexeme end, bool if_given);
struct expr *build_quotient(struct parse *cx, struct expr *left, struct expr *right,
                            struct lexeme end);
struct expr *build_block_head(struct parse *cx, enum block_kind kind, struct lexeme keyword);
struct expr *build_at_least_head(struct parse *cx, struct lexeme keyword, struct lexeme number);
struct expr *build_block(struct parse *cx, struct expr *head, struct exprs members,
                         struct lexeme end);
struct expr *build_labelled(struct parse *cx, struct lexeme label, struct expr *expr);
struct expr *build_compare(struct parse *cx, enum rel_kind rel, bool date_words, struct expr *left,
                           struct expr *right);
struct expr *build_window(struct parse *cx, enum expr_kind kind, struct expr *date,
                          struct expr *length, struct expr *start);
struct expr *build_in(struct parse *cx, struct expr *operand, struct literals set,
                      struct word *as_of);
struct expr *build_includes(struct parse *cx, struct expr *list, enum include_kind mode,
                            struct literals set, struct word *as_of);
struct state build_state_word(enum state_kind kind, struct lexeme at);
struct expr *build_state(struct parse *cx, struct expr *operand, struct state state, bool negated);
struct expr *build_arith(struct parse *cx, bool minus, struct expr *left, struct expr *right);
struct expr *build_literal_expr(struct parse *cx, struct literal *literal);
struct expr *build_pick(struct parse *cx, bool latest, struct lexeme keyword, struct exprs operands,
                        struct lexeme end);
struct expr *build_span_of(struct parse *cx, enum expr_kind kind, struct lexeme keyword,
                           struct expr *from, struct expr *to);
struct expr *build_name(struct parse *cx, struct lexeme name);
struct expr *build_name_if_given(struct parse *cx, struct lexeme name, struct lexeme end);

// ------------------------------------------------------------------ rules

struct rules build_no_rules(void);
struct rules build_rule_list(struct rule *rule);
struct rules build_rule_list_add(struct parse *cx, struct rules rules, struct rule *rule);
struct rule *build_include(struct parse *cx, struct lexeme keyword, struct lexeme name);
struct rule *build_within(struct parse *cx, struct lexeme keyword, struct expr *when,
                          struct rules body);
struct determination build_say(enum determination_word word, struct lexeme start,
                               struct lexeme end);
struct rule *build_rule(struct parse *cx, struct determination say);
struct rule *build_rule_code(struct parse *cx, struct determination say, struct lexeme code);
struct rule *build_rule_as(struct parse *cx, struct determination say, struct lexeme code,
                           struct lexeme label);
struct rule *build_rule_named(struct parse *cx, struct determination say, struct lexeme label);
struct rule *build_rule_stands(struct parse *cx, struct rule *rule, struct lexeme keyword,
                               struct expr *units, struct expr *least);
struct rule *build_rule_when(struct parse *cx, struct rule *rule, struct expr *when);
struct rule *build_rule_unless(struct parse *cx, struct rule *rule, struct expr *when);
struct rule *build_rule_otherwise(struct parse *cx, struct rule *rule, struct lexeme end);
struct rule *build_rule_text(struct parse *cx, struct rule *rule, struct lexeme text);
struct rule *build_rule_cite(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct lexeme text);
struct rule *build_rule_stop(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct lexeme end);
struct rule *build_rule_one_time(struct parse *cx, struct rule *rule, struct lexeme keyword,
                                 struct lexeme end);
struct rule *build_rule_from(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct expr *date);
struct rule *build_rule_through(struct parse *cx, struct rule *rule, struct lexeme keyword,
                                struct expr *date);
struct rule *build_rule_redirect(struct parse *cx, struct rule *rule, struct lexeme keyword,
                                 struct literals to, struct expr *except);
struct rule *build_rule_action(struct parse *cx, struct rule *rule, struct lexeme name,
                               struct expr *when);
struct rule *build_rule_because(struct parse *cx, struct rule *rule, struct lexeme code,
                                struct expr *when);
struct rule *build_rule_open(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct lexeme code, struct expr *when);

// ------------------------------------------------------------------ samples and tests

struct givens build_no_givens(void);
struct givens build_givens(struct given *given);
struct givens build_givens_add(struct givens givens, struct given *given);
struct given *build_given(struct parse *cx, struct lexeme fact, struct value value);
struct value build_value(enum literal_kind kind, struct lexeme at);
struct value build_value_number(struct parse *cx, struct lexeme number, struct unit unit);
struct value build_value_word(enum given_kind kind);
struct value build_value_items(struct literals items);
struct value build_value_records(struct records records);
struct records build_records(struct given_record *record);
struct records build_records_add(struct records records, struct given_record *record);
struct given_record *build_record(struct parse *cx, struct lexeme open, struct givens fields,
                                  struct lexeme close);
struct test_start build_test_start(struct parse *cx, struct lexeme sample, struct givens givens);
struct test_start build_test_with(struct givens givens);
struct expects build_no_expects(void);
struct expects build_expects(struct expectation *expect);
struct expects build_expects_add(struct expects expects, struct expectation *expect);
struct expectation *build_outcome(struct parse *cx, struct determination say);
struct expectation *build_outcome_code(struct parse *cx, struct determination say,
                                       struct lexeme code);
struct expectation *build_expect(struct parse *cx, struct lexeme keyword, struct lexeme decision,
                                 struct expectation *outcome);
struct expectation *build_expect_line(struct parse *cx, struct lexeme keyword, struct lexeme line,
                                      struct lexeme decision, struct expectation *outcome);
struct expectation *build_expect_units(struct parse *cx, struct expectation *e,
                                       struct lexeme keyword, struct lexeme units);
struct expectation *build_expect_through(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct lexeme date);
struct expectation *build_expect_no_limit(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct lexeme end);
struct expectation *build_expect_also(struct parse *cx, struct expectation *e,
                                      struct lexeme keyword, struct literals codes);
struct expectation *build_expect_missing(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts);
struct expectation *build_expect_redirect(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals to);
struct expectation *build_expect_actions(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals actions);
struct expectation *build_expect_assumed(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts);
struct expectation *build_expect_possible(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals says);
struct literals build_says(struct parse *cx, struct determination say);
struct literals build_says_add(struct parse *cx, struct literals says, struct determination say);

// ------------------------------------------------------------------ tables of tests

struct table_cell *build_cell_empty(struct parse *cx);
struct table_cell *build_cell_value(struct parse *cx, struct value value);
struct table_cell *build_cell_outcome(struct parse *cx, struct expectation *outcome);
struct table_cell *build_column_names(struct parse *cx, struct lexeme text);
struct table_cell *build_column_fact(struct parse *cx, struct lexeme fact);
struct table_cell *build_column_expect(struct parse *cx, struct lexeme decision);
struct table_cell *build_column_expect_line(struct parse *cx, struct lexeme line,
                                            struct lexeme decision);
struct table_row *build_table_row(struct parse *cx, struct lexeme bar);
struct table_row *build_table_cell(struct parse *cx, struct table_row *row, struct table_cell *cell,
                                   struct lexeme bar);
struct table_rows build_no_table_rows(void);
struct table_rows build_table_rows(struct table_row *row);
struct table_rows build_table_rows_add(struct table_rows rows, struct table_row *row);

#endif
