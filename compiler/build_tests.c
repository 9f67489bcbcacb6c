// SPDX-License-Identifier: Apache-2.0
//
// Samples, tests, tables of tests. See build.h and build.c.
#include "compiler/build_parts.h"

// ------------------------------------------------------------------ samples and tests

void build_begin_test(struct parse *cx, struct decl *d, enum decl_tag tag, struct lexeme keyword,
                      struct lexeme title, struct word *cite) {
  begin(cx, d, tag, keyword, title);
  d->name = build_quoted(cx, title);
  d->cite = cite;
}

struct givens build_no_givens(void) {
  struct givens none = {NULL, NULL};
  return none;
}

struct givens build_givens(struct given *given) {
  return build_givens_add(build_no_givens(), given);
}

struct givens build_givens_add(struct givens givens, struct given *given) {
  if (givens.last == NULL)
    givens.first = given;
  else
    givens.last->next = given;
  givens.last = given;
  return givens;
}

struct given *build_given(struct parse *cx, struct lexeme fact, struct given *value) {
  value->fact = word_of(cx, fact);
  value->span = value->fact.span;
  return value;
}

static struct given *new_value(struct parse *cx, enum given_kind kind, struct span span) {
  struct given *value = TAKE(cx, struct given);
  value->kind = kind;
  value->span = span;
  return value;
}

struct given *build_value(struct parse *cx, struct literal *literal) {
  struct given *value = new_value(cx, GIVEN_VALUE, literal->span);
  value->value = literal;
  return value;
}

struct given *build_value_word(struct parse *cx, struct lexeme start, struct lexeme end,
                               enum given_kind kind) {
  return new_value(cx, kind, span_from(cx, start, end));
}

struct given *build_value_items(struct parse *cx, struct lexeme open, struct literals items,
                                struct lexeme close) {
  struct given *value = new_value(cx, GIVEN_ITEMS, span_from(cx, open, close));
  value->value = items.first;
  return value;
}

struct given *build_value_records(struct parse *cx, struct lexeme open, struct records records,
                                  struct lexeme close) {
  struct given *value = new_value(cx, GIVEN_RECORDS, span_from(cx, open, close));
  value->records = records.first;
  return value;
}

struct records build_records(struct given_record *record) {
  struct records records = {record, record};
  return records;
}

struct records build_records_add(struct records records, struct given_record *record) {
  records.last->next = record;
  records.last = record;
  return records;
}

struct given_record *build_record(struct parse *cx, struct lexeme open, struct givens fields,
                                  struct lexeme close) {
  struct given_record *record = TAKE(cx, struct given_record);
  record->fields = fields.first;
  record->span = span_from(cx, open, close);
  return record;
}

struct test_start build_test_start(struct parse *cx, struct lexeme sample, struct givens givens) {
  struct test_start start = {word_of(cx, sample), givens};
  return start;
}

struct test_start build_test_with(struct givens givens) {
  struct test_start start = {.givens = givens};
  return start;
}

struct expects build_no_expects(void) {
  struct expects none = {NULL, NULL};
  return none;
}

struct expects build_expects(struct expectation *expect) {
  return build_expects_add(build_no_expects(), expect);
}

struct expects build_expects_add(struct expects expects, struct expectation *expect) {
  if (expects.last == NULL)
    expects.first = expect;
  else
    expects.last->next = expect;
  expects.last = expect;
  return expects;
}

struct expectation *build_outcome(struct parse *cx, struct determination say) {
  struct expectation *e = TAKE(cx, struct expectation);
  e->span = span_of(cx, say.at);
  e->determination = say.word;
  return e;
}

struct expectation *build_outcome_code(struct parse *cx, struct determination say,
                                       struct lexeme code) {
  struct expectation *e = build_outcome(cx, say);
  e->code = word_of(cx, code);
  extend(cx, &e->span, code);
  return e;
}

struct expectation *build_expect(struct parse *cx, struct lexeme keyword, struct lexeme decision,
                                 struct expectation *e) {
  e->span = span_join(span_of(cx, keyword), e->span);
  e->decision = word_of(cx, decision);
  return e;
}

struct expectation *build_expect_line(struct parse *cx, struct lexeme keyword, struct lexeme line,
                                      struct lexeme decision, struct expectation *e) {
  e->line = word_of(cx, line);
  return build_expect(cx, keyword, decision, e);
}

struct expectation *build_expect_units(struct parse *cx, struct expectation *e,
                                       struct lexeme keyword, struct lexeme units) {
  if (e->units != NULL) twice(cx, keyword, "the units");
  e->units = build_word(cx, units);
  return e;
}

struct expectation *build_expect_through(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct lexeme date) {
  if (e->through != NULL || e->through_none) twice(cx, keyword, "the last day");
  e->through = build_word(cx, date);
  return e;
}

struct expectation *build_expect_no_limit(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct lexeme end) {
  (void)end;
  if (e->through != NULL || e->through_none) twice(cx, keyword, "the last day");
  e->through_none = true;
  return e;
}

static struct expectation *expect_list(struct parse *cx, struct expectation *e,
                                       struct lexeme keyword, bool *has, struct literal **slot,
                                       struct literals list, const char *what) {
  if (*has) twice(cx, keyword, what);
  *has = true;
  *slot = list.first;
  return e;
}

struct expectation *build_expect_also(struct parse *cx, struct expectation *e,
                                      struct lexeme keyword, struct literals codes) {
  return expect_list(cx, e, keyword, &e->has_also, &e->also, codes, "`also`");
}

struct expectation *build_expect_missing(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts) {
  return expect_list(cx, e, keyword, &e->has_missing, &e->missing, facts, "`missing`");
}

struct expectation *build_expect_redirect(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals to) {
  return expect_list(cx, e, keyword, &e->has_redirect, &e->redirect, to, "`redirect`");
}

struct expectation *build_expect_actions(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals actions) {
  return expect_list(cx, e, keyword, &e->has_actions, &e->actions, actions, "`action`");
}

struct expectation *build_expect_assumed(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts) {
  return expect_list(cx, e, keyword, &e->has_assumed, &e->assumed, facts, "`assumed`");
}

struct expectation *build_expect_possible(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals says) {
  return expect_list(cx, e, keyword, &e->has_possible, &e->possible, says, "`possible`");
}

struct literals build_says(struct parse *cx, struct determination say) {
  return build_says_add(cx, build_no_literals(), say);
}

struct literals build_says_add(struct parse *cx, struct literals says, struct determination say) {
  struct literal *literal = build_literal(cx, LIT_NAME, say.at);
  literal->determination = (unsigned char)say.word;
  return build_literals_add(cx, says, literal);
}

// ------------------------------------------------------------------ tables of tests

static struct table_cell *new_cell(struct parse *cx, enum cell_kind kind) {
  struct table_cell *cell = TAKE(cx, struct table_cell);
  cell->kind = kind;
  return cell;
}

struct table_cell *build_cell_empty(struct parse *cx) {
  return new_cell(cx, CELL_EMPTY);
}

struct table_cell *build_cell_value(struct parse *cx, struct given *value) {
  struct table_cell *cell = new_cell(cx, CELL_VALUE);
  cell->value = value;
  return cell;
}

struct table_cell *build_cell_outcome(struct parse *cx, struct expectation *outcome) {
  struct table_cell *cell = new_cell(cx, CELL_OUTCOME);
  cell->outcome = outcome;
  return cell;
}

struct table_cell *build_column_names(struct parse *cx, struct lexeme text) {
  struct table_cell *cell = new_cell(cx, COLUMN_NAMES);
  cell->name = build_text(cx, text);
  return cell;
}

struct table_cell *build_column_fact(struct parse *cx, struct lexeme fact) {
  struct table_cell *cell = new_cell(cx, COLUMN_FACT);
  cell->name = build_word(cx, fact);
  return cell;
}

struct table_cell *build_column_expect(struct parse *cx, struct lexeme decision) {
  struct table_cell *cell = new_cell(cx, COLUMN_EXPECT);
  cell->name = build_word(cx, decision);
  return cell;
}

struct table_cell *build_column_expect_line(struct parse *cx, struct lexeme line,
                                            struct lexeme decision) {
  struct table_cell *cell = build_column_expect(cx, decision);
  cell->line = build_word(cx, line);
  return cell;
}

struct table_row *build_table_row(struct parse *cx, struct lexeme bar) {
  struct table_row *row = TAKE(cx, struct table_row);
  row->span = span_of(cx, bar);
  return row;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Between two bars, without the spaces; of an empty cell, the bars.
static struct span span_of_cell(const struct parse *cx, uint32_t start, uint32_t end) {
  struct span span = {cx->file, start, end};
  while (span.start < end && is_blank(cx->text[span.start])) span.start++;
  while (span.end > span.start && is_blank(cx->text[span.end - 1])) span.end--;
  return span.start < span.end ? span : (struct span){cx->file, start - 1, end + 1};
}

struct table_row *build_table_cell(struct parse *cx, struct table_row *row, struct table_cell *cell,
                                   struct lexeme bar) {
  uint32_t start = row->span.end;
  if (memchr(cx->text + start, '\n', bar.start - start) != NULL)
    diag_report(&cx->front->diags, DIAG_ROW_LINES, (struct span){cx->file, start - 1, start});
  cell->span = span_of_cell(cx, start, bar.start);
  if (row->last == NULL)
    row->cells = cell;
  else
    row->last->next = cell;
  row->last = cell;
  extend(cx, &row->span, bar);
  return row;
}

struct table_rows build_no_table_rows(void) {
  struct table_rows none = {NULL, NULL};
  return none;
}

struct table_rows build_table_rows(struct table_row *row) {
  struct table_rows rows = {row, row};
  return rows;
}

struct table_rows build_table_rows_add(struct table_rows rows, struct table_row *row) {
  if (rows.last == NULL) return build_table_rows(row);
  rows.last->next = row;
  rows.last = row;
  return rows;
}

struct decl_table *build_table_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                    struct word *cite) {
  struct decl_table *table = TAKE(cx, struct decl_table);
  build_begin_test(cx, &table->d, DECL_TABLE, keyword, title, cite);
  return table;
}

struct decl *build_table_bare(struct decl_table *table, struct table_rows rows) {
  table->rows = rows.first;
  return &table->d;
}

struct decl *build_table(struct decl_table *table, struct test_start start,
                         struct table_rows rows) {
  table->sample = start.sample;
  table->facts = start.givens.first;
  return build_table_bare(table, rows);
}
