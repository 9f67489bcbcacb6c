// SPDX-License-Identifier: Apache-2.0
//
// Tables of tests: every row below the top one is a test of its own. What the rows share and the columns are checked
// once, each cell where it stands; what a row gives and expects is put together when it is run.
#include "compiler/sema.h"

#include <string.h>

enum { MOST_COLUMNS = 256 };

struct tabling {
  struct sema *s;
  const struct decl_table *table;
  struct column *columns;
  uint32_t count;
  bool expects; // some column does
};

// ------------------------------------------------------------------ fields of records

// claim.lines[0].code: the field `code` of the first record of claim.lines.
static bool split_name(struct str name, struct str *list, uint32_t *record, struct str *field) {
  uint32_t at = 0;
  uint64_t number = 0;
  while (at < name.length && name.data[at] != '[') at++;
  *list = (struct str){name.data, at};
  for (at++; at < name.length && name.data[at] != ']'; at++)
    number = number < UINT32_MAX ? number * 10 + (uint64_t)(name.data[at] - '0') : number;
  *record = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
  if (at + 1 >= name.length || name.data[at + 1] != '.') return false;
  *field = (struct str){name.data + at + 2, name.length - at - 2};
  return true;
}

static const struct given *given_in(const struct given *first, struct str name) {
  const struct given *last = NULL;
  for (const struct given *g = first; g != NULL; g = g->next)
    if (str_equal(g->fact.text, name)) last = g;
  return last;
}

// What the table, its sample, or what that is like says of a list.
static const struct given *shared_list(const struct tabling *t, struct str name) {
  const struct given *found = given_in(t->table->facts, name);
  struct str sample = t->table->sample.text;
  for (uint32_t depth = 0; found == NULL && sample.length > 0 && depth < SEMA_SAMPLE_DEPTH;
       depth++) {
    const struct symbol *symbol = names_find(&t->s->samples, sample);
    const struct decl_sample *decl = symbol != NULL ? symbol->decl : NULL;
    found = decl != NULL ? given_in(decl->facts, name) : NULL;
    sample = decl != NULL ? decl->base.text : (struct str){"", 0};
  }
  return found;
}

static uint32_t record_count(const struct given *list) {
  uint32_t count = 0;
  const struct given_record *r = list != NULL && list->kind == GIVEN_RECORDS ? list->records : NULL;
  for (; r != NULL; r = r->next) count++;
  return count;
}

static void resolve_field(struct tabling *t, struct column *c) {
  struct sema *s = t->s;
  struct str name, field;
  if (!split_name(c->head->name.text, &name, &c->record, &field)) {
    report_unknown_name(s, NULL, c->head->name, "fact");
    return;
  }
  const struct fact_decl *list = sema_given_fact(s, (struct word){name, c->head->name.span});
  if (list == NULL) return;
  const struct fact_decl *found =
      sema_given_field(s, list, (struct word){field, c->head->name.span});
  if (found == NULL) return;
  uint32_t count = record_count(shared_list(t, name));
  c->list = list;
  if (found == list->key)
    diag_report(s->diags, DIAG_COLUMN_KEY, c->head->name.span, field, name);
  else if (c->record >= count)
    diag_report(s->diags, DIAG_COLUMN_RECORD, c->head->name.span, name, count);
  else
    c->fact = found;
}

// ------------------------------------------------------------------ the top row

static bool same_line(const struct word *a, const struct word *b) {
  return a != NULL && b != NULL ? str_equal(a->text, b->text) : a == b;
}

// Also a list as a whole and a field of it.
static bool same_column(const struct column *a, const struct column *b) {
  if (a->kind != b->kind) return false;
  const struct table_head *x = a->head, *y = b->head;
  if (str_equal(x->name.text, y->name.text)) return same_line(x->line, y->line);
  return a->fact != NULL && b->fact != NULL && (a->list == b->fact || a->fact == b->list);
}

static void check_twice(struct tabling *t, const struct column *c) {
  for (const struct column *other = t->columns; other < c; other++)
    if (same_column(other, c)) {
      diag_report(t->s->diags, DIAG_COLUMN_TWICE, c->head->name.span, other->head->name.text);
      return;
    }
}

static void take_column(struct tabling *t, struct column *c, const struct table_cell *cell) {
  *c = (struct column){.kind = cell->kind, .head = cell->as.head};
  if (cell->kind == COLUMN_NAMES) {
    if (c != t->columns) diag_report(t->s->diags, DIAG_COLUMN_NAMES, cell->span);
  } else if (cell->kind == COLUMN_EXPECT) {
    t->expects = true;
    sema_check_decision(t->s, &c->head->name, c->head->line, cell->span);
  } else if (memchr(c->head->name.text.data, '[', c->head->name.text.length) != NULL) {
    resolve_field(t, c);
  } else {
    c->fact = sema_given_fact(t->s, c->head->name);
  }
  check_twice(t, c);
}

// False: the table cannot be read.
static bool take_columns(struct tabling *t) {
  const struct table_row *top = t->table->rows;
  for (const struct table_cell *cell = top->cells; cell != NULL; cell = cell->next) t->count++;
  if (t->count > MOST_COLUMNS) {
    diag_report(t->s->diags, DIAG_TOO_MANY_COLUMNS, top->span, t->count, (uint32_t)MOST_COLUMNS);
    return false;
  }
  t->columns = ARENA_ARRAY(t->s->arena, struct column, t->count);
  if (t->columns == NULL) return false;
  uint32_t i = 0;
  for (const struct table_cell *cell = top->cells; cell != NULL; cell = cell->next)
    take_column(t, &t->columns[i++], cell);
  if (!t->expects) diag_report(t->s->diags, DIAG_TABLE_EXPECTS, top->span);
  if (top->next == NULL) diag_report(t->s->diags, DIAG_TABLE_ROWS, top->span);
  return true;
}

// ------------------------------------------------------------------ cells

// The one token in a cell, as a literal.
static void read_token(struct sema *s, const struct table_cell *cell, enum literal_kind kind,
                       struct literal *out) {
  struct str text = source_of(s, cell->span);
  if (kind == LIT_STRING) text = (struct str){text.data + 1, text.length - 2}; // it has no escapes
  *out = (struct literal){.kind = kind, .span = cell->span, .word = {text, cell->span}};
}

// What a cell of a column of facts says; `token` has room for its literal. `approve`, `pend` and the like are also
// words that an enumeration may have. False: it is no value.
static bool value_of(struct sema *s, const struct column *c, const struct table_cell *cell,
                     struct literal *token, struct given *value) {
  *value = (struct given){.kind = cell->given, .span = cell->span};
  if (cell->kind == CELL_OUTCOME) {
    struct str words = source_of(s, cell->span);
    if (memchr(words.data, ' ', words.length) != NULL) return false;
    value->kind = GIVEN_VALUE, value->value = token;
    read_token(s, cell, LIT_NAME, token);
  } else if (cell->given == GIVEN_RECORDS) {
    value->records = cell->as.records;
  } else if (cell->given == GIVEN_VALUE && cell->as.value == NULL) {
    value->value = token;
    read_token(s, cell, cell->literal, token);
  } else {
    value->value = cell->as.value;
  }
  value->fact = c->head->name;
  if (c->list != NULL) value->fact.text = c->fact->field;
  value->list = c->list;
  value->record = c->record;
  return true;
}

static void check_fact(struct tabling *t, const struct column *c, const struct table_cell *cell) {
  struct given value;
  struct literal token;
  if (!value_of(t->s, c, cell, &token, &value))
    diag_report(t->s->diags, DIAG_CELL_VALUE, cell->span, c->head->name.text);
  else if (c->fact != NULL)
    sema_check_given(t->s, &value, c->fact);
}

static void report_no_outcome(struct tabling *t, const struct column *c,
                              const struct table_cell *cell) {
  static const char *const words[] = {"approve", "refer", "pend", "eligible", "deny", "resubmit"};
  struct str said = source_of(t->s, cell->span);
  struct diag *d =
      diag_report(t->s->diags, DIAG_CELL_OUTCOME, cell->span, said, c->head->name.text);
  struct suggestion near = suggest_for(said);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) suggest_offer(&near, str_of(words[i]));
  if (d != NULL) diag_suggest(t->s->diags, d, &near);
}

// The expectations of a row hang together; `end` is where the next one goes.
static struct expectation **take_outcome(struct tabling *t, struct expectation **end,
                                         const struct column *c, const struct table_cell *cell) {
  struct expectation *e = cell->kind == CELL_OUTCOME ? cell->as.outcome : NULL;
  if (e == NULL) {
    report_no_outcome(t, c, cell);
    return end;
  }
  e->decision = &c->head->name;
  e->line = c->head->line;
  sema_check_outcome(t->s, e);
  *end = e;
  return &e->next;
}

static bool is_name(const struct table_cell *cell) {
  return cell->kind == CELL_VALUE && cell->given == GIVEN_VALUE && cell->literal == LIT_STRING;
}

// ------------------------------------------------------------------ rows

static bool has_cells(struct tabling *t, const struct table_row *row) {
  uint32_t count = 0;
  struct span span = row->span;
  for (const struct table_cell *cell = row->cells; cell != NULL; cell = cell->next)
    if (count++ == t->count) span = cell->span;
  if (count != t->count) diag_report(t->s->diags, DIAG_ROW_CELLS, span, count, t->count);
  return count == t->count;
}

static void take_row(struct tabling *t, const struct table_row *row) {
  uint32_t errors = t->s->diags->errors;
  struct expectation *expect = NULL, **end = &expect;
  const struct column *c = t->columns;
  for (const struct table_cell *cell = row->cells; cell != NULL; cell = cell->next, c++) {
    if (cell->kind == CELL_EMPTY) continue;
    if (c->kind == COLUMN_FACT)
      check_fact(t, c, cell);
    else if (c->kind == COLUMN_EXPECT)
      end = take_outcome(t, end, c, cell);
    else if (!is_name(cell))
      diag_report(t->s->diags, DIAG_ROW_NAME, cell->span);
  }
  if (t->expects && expect == NULL && t->s->diags->errors == errors)
    diag_report(t->s->diags, DIAG_ROW_EXPECTS, row->span);
}

void sema_table(struct sema *s, const struct decl_table *table, struct vec *tests) {
  struct tabling t = {.s = s, .table = table};
  sema_check_shared(s, table->sample, table->facts);
  if (table->rows == NULL || !take_columns(&t)) return;
  for (const struct table_row *row = table->rows->next; row != NULL; row = row->next) {
    struct test *test = vec_add(s->arena, tests, sizeof *test);
    if (test == NULL) return;
    *test = (struct test){&table->d, row, t.columns};
    if (has_cells(&t, row)) take_row(&t, row);
  }
}

// ------------------------------------------------------------------ a row that is to be run

static struct str name_of(struct sema *s, const struct table_cell *cell) {
  struct literal token;
  if (cell->as.value != NULL) return cell->as.value->word.text;
  read_token(s, cell, LIT_STRING, &token);
  return token.word.text;
}

static bool give(struct sema *s, const struct column *c, const struct table_cell *cell,
                 struct test_row *out) {
  struct given *value = ARENA_NEW(s->arena, struct given);
  struct literal *token = ARENA_NEW(s->arena, struct literal);
  if (value == NULL || token == NULL) return false;
  value_of(s, c, cell, token, value);
  sema_check_given(s, value, c->fact); // finds no error any more, and puts the date for `version`
  value->next = out->facts;
  out->facts = value;
  return true;
}

bool sema_test_row(struct sema *s, const struct test *test, struct test_row *out) {
  const struct column *c = test->columns;
  *out = (struct test_row){.name = {"", 0}};
  for (const struct table_cell *cell = test->row->cells; cell != NULL; cell = cell->next, c++) {
    if (cell->kind == CELL_EMPTY) continue;
    if (c->kind == COLUMN_FACT && !give(s, c, cell, out)) return false;
    if (c->kind == COLUMN_NAMES) out->name = name_of(s, cell);
    if (c->kind == COLUMN_EXPECT && out->expect == NULL) out->expect = cell->as.outcome;
  }
  return true;
}
