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

static struct literal *literal_of(struct parse *cx, struct value value) {
  if (value.kind != GIVEN_VALUE || value.literal != NULL) return value.literal;
  return build_literal(cx, value.literal_kind, value.at);
}

struct given *build_given(struct parse *cx, struct lexeme fact, struct value value) {
  struct given *given = TAKE(cx, struct given);
  given->kind = value.kind;
  given->fact = word_of(cx, fact);
  given->span = given->fact.span;
  given->value = literal_of(cx, value);
  given->records = value.records;
  return given;
}

struct value build_value(enum literal_kind kind, struct lexeme at) {
  return (struct value){.kind = GIVEN_VALUE, .literal_kind = kind, .at = at};
}

struct value build_value_number(struct parse *cx, struct lexeme number, struct unit unit) {
  struct literal *literal = build_number(cx, number, unit);
  return (struct value){.kind = GIVEN_VALUE, .literal_kind = LIT_NUMBER, .literal = literal};
}

struct value build_value_word(enum given_kind kind) {
  return (struct value){.kind = kind};
}

struct value build_value_items(struct literals items) {
  return (struct value){.kind = GIVEN_ITEMS, .literal = items.first};
}

struct value build_value_records(struct records records) {
  return (struct value){.kind = GIVEN_RECORDS, .records = records.first};
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
  e->decision = build_word(cx, decision);
  return e;
}

struct expectation *build_expect_line(struct parse *cx, struct lexeme keyword, struct lexeme line,
                                      struct lexeme decision, struct expectation *e) {
  e->line = build_word(cx, line);
  return build_expect(cx, keyword, decision, e);
}

static struct expected *expected_for(struct parse *cx, struct expectation *e) {
  if (e->more == NULL || cx->front->arena.out_of_memory) e->more = TAKE(cx, struct expected);
  return e->more;
}

struct expectation *build_expect_units(struct parse *cx, struct expectation *e,
                                       struct lexeme keyword, struct lexeme units) {
  struct expected *more = expected_for(cx, e);
  if (more->units != NULL) twice(cx, keyword, "the units");
  more->units = build_word(cx, units);
  return e;
}

struct expectation *build_expect_through(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct lexeme date) {
  struct expected *more = expected_for(cx, e);
  if (more->through != NULL || more->through_none) twice(cx, keyword, "the last day");
  more->through = build_word(cx, date);
  return e;
}

struct expectation *build_expect_no_limit(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct lexeme end) {
  (void)end;
  struct expected *more = expected_for(cx, e);
  if (more->through != NULL || more->through_none) twice(cx, keyword, "the last day");
  more->through_none = true;
  return e;
}

static void expect_list(struct parse *cx, struct lexeme keyword, bool *has, struct literal **slot,
                        struct literals list, const char *what) {
  if (*has) twice(cx, keyword, what);
  *has = true;
  *slot = list.first;
}

struct expectation *build_expect_also(struct parse *cx, struct expectation *e,
                                      struct lexeme keyword, struct literals codes) {
  struct expected *more = expected_for(cx, e);
  expect_list(cx, keyword, &more->has_also, &more->also, codes, "`also`");
  return e;
}

struct expectation *build_expect_missing(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts) {
  struct expected *more = expected_for(cx, e);
  expect_list(cx, keyword, &more->has_missing, &more->missing, facts, "`missing`");
  return e;
}

struct expectation *build_expect_redirect(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals to) {
  struct expected *more = expected_for(cx, e);
  expect_list(cx, keyword, &more->has_redirect, &more->redirect, to, "`redirect`");
  return e;
}

struct expectation *build_expect_actions(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals actions) {
  struct expected *more = expected_for(cx, e);
  expect_list(cx, keyword, &more->has_actions, &more->actions, actions, "`action`");
  return e;
}

struct expectation *build_expect_assumed(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts) {
  struct expected *more = expected_for(cx, e);
  expect_list(cx, keyword, &more->has_assumed, &more->assumed, facts, "`assumed`");
  return e;
}

struct expectation *build_expect_possible(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals says) {
  struct expected *more = expected_for(cx, e);
  expect_list(cx, keyword, &more->has_possible, &more->possible, says, "`possible`");
  return e;
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

static bool has_escape(const struct parse *cx, struct value value) {
  return value.literal_kind == LIT_STRING &&
         memchr(cx->text + value.at.start, '\\', value.at.end - value.at.start) != NULL;
}

struct table_cell *build_cell_value(struct parse *cx, struct value value) {
  struct table_cell *cell = new_cell(cx, CELL_VALUE);
  cell->given = value.kind;
  cell->literal = value.literal_kind;
  if (value.kind == GIVEN_RECORDS)
    cell->as.records = value.records;
  else
    cell->as.value = has_escape(cx, value) ? literal_of(cx, value) : value.literal;
  return cell;
}

struct table_cell *build_cell_outcome(struct parse *cx, struct expectation *outcome) {
  struct table_cell *cell = new_cell(cx, CELL_OUTCOME);
  cell->as.outcome = outcome;
  return cell;
}

static struct table_cell *new_head(struct parse *cx, enum cell_kind kind, struct word name) {
  struct table_cell *cell = new_cell(cx, kind);
  struct table_head *head = TAKE(cx, struct table_head);
  head->name = name;
  cell->as.head = head;
  return cell;
}

struct table_cell *build_column_names(struct parse *cx, struct lexeme text) {
  return new_head(cx, COLUMN_NAMES, build_quoted(cx, text));
}

struct table_cell *build_column_fact(struct parse *cx, struct lexeme fact) {
  return new_head(cx, COLUMN_FACT, word_of(cx, fact));
}

struct table_cell *build_column_expect(struct parse *cx, struct lexeme decision) {
  return new_head(cx, COLUMN_EXPECT, word_of(cx, decision));
}

struct table_cell *build_column_expect_line(struct parse *cx, struct lexeme line,
                                            struct lexeme decision) {
  const struct word *said = build_word(cx, line);
  struct table_cell *cell = build_column_expect(cx, decision);
  cell->as.head->line = said;
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
  row->number = rows.last->number + 1;
  rows.last->next = row;
  rows.last = row;
  return rows;
}

struct decl_table *build_table_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                    struct word *cite) {
  struct decl_table *table = TAKE_DECL(cx, struct decl_table);
  build_begin_test(cx, &table->d, DECL_TABLE, keyword, title, cite);
  return table;
}

struct decl *build_table_bare(struct decl_table *table, struct table_rows rows) {
  table->rows = rows.first;
  table->row_count = rows.last != NULL ? rows.last->number : 0;
  return &table->d;
}

struct decl *build_table(struct decl_table *table, struct test_start start,
                         struct table_rows rows) {
  table->sample = start.sample;
  table->facts = start.givens.first;
  return build_table_bare(table, rows);
}
