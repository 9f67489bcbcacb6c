// SPDX-License-Identifier: Apache-2.0
//
// Tables of tests: every row below the top one becomes a test of its own, so that whoever runs, counts or reports
// tests need not know of tables. What the rows share and the columns are checked once, each cell where it stands.
#include "compiler/sema.h"

#include <string.h>

enum { MOST_COLUMNS = 256 };

struct column { // of a table, in the order of the top row
  enum cell_kind kind;
  struct word name, line;       // as in struct table_cell
  const struct fact_decl *fact; // COLUMN_FACT; NULL: an error, which has been reported
  const struct fact_decl *list; // the fact is a field of it; NULL: a fact of the case
  uint32_t record;              // of which record, from 0
};

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
  if (!split_name(c->name.text, &name, &c->record, &field)) {
    report_unknown_name(s, NULL, c->name, "fact");
    return;
  }
  const struct fact_decl *list = sema_given_fact(s, (struct word){name, c->name.span});
  if (list == NULL) return;
  const struct fact_decl *found = sema_given_field(s, list, (struct word){field, c->name.span});
  if (found == NULL) return;
  uint32_t count = record_count(shared_list(t, name));
  c->list = list;
  if (found == list->key)
    diag_report(s->diags, DIAG_COLUMN_KEY, c->name.span, field, name);
  else if (c->record >= count)
    diag_report(s->diags, DIAG_COLUMN_RECORD, c->name.span, name, count);
  else
    c->fact = found;
}

// ------------------------------------------------------------------ the top row

// Also a list as a whole and a field of it.
static bool same_column(const struct column *a, const struct column *b) {
  if (a->kind != b->kind) return false;
  if (str_equal(a->name.text, b->name.text)) return str_equal(a->line.text, b->line.text);
  return a->fact != NULL && b->fact != NULL && (a->list == b->fact || a->fact == b->list);
}

static void check_twice(struct tabling *t, const struct column *c) {
  for (const struct column *other = t->columns; other < c; other++)
    if (same_column(other, c)) {
      diag_report(t->s->diags, DIAG_COLUMN_TWICE, c->name.span, other->name.text);
      return;
    }
}

static void take_column(struct tabling *t, struct column *c, const struct table_cell *cell) {
  *c = (struct column){.kind = cell->kind, .name = *cell->name};
  if (cell->line != NULL) c->line = *cell->line;
  if (cell->kind == COLUMN_NAMES) {
    if (c != t->columns) diag_report(t->s->diags, DIAG_COLUMN_NAMES, cell->span);
  } else if (cell->kind == COLUMN_EXPECT) {
    t->expects = true;
    sema_check_decision(t->s, c->name, c->line, cell->span);
  } else if (memchr(c->name.text.data, '[', c->name.text.length) != NULL) {
    resolve_field(t, c);
  } else {
    c->fact = sema_given_fact(t->s, c->name);
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
  t->columns = ARENA_ARRAY(t->s->arena, struct column, t->count + 1);
  if (t->columns == NULL) return false;
  uint32_t i = 0;
  for (const struct table_cell *cell = top->cells; cell != NULL; cell = cell->next)
    take_column(t, &t->columns[i++], cell);
  if (!t->expects) diag_report(t->s->diags, DIAG_TABLE_EXPECTS, top->span);
  if (top->next == NULL) diag_report(t->s->diags, DIAG_TABLE_ROWS, top->span);
  return true;
}

// ------------------------------------------------------------------ cells

// `approve`, `pend` and the like are also words that an enumeration may have.
static struct given *value_of(struct tabling *t, const struct table_cell *cell) {
  if (cell->kind == CELL_VALUE) return cell->value;
  struct str words = source_of(t->s, cell->span);
  if (memchr(words.data, ' ', words.length) != NULL) return NULL;
  struct given *value = ARENA_NEW(t->s->arena, struct given);
  struct literal *literal = ARENA_NEW(t->s->arena, struct literal);
  if (value == NULL || literal == NULL) return NULL;
  *literal = (struct literal){.kind = LIT_NAME, .word = {words, cell->span}, .span = cell->span};
  *value = (struct given){.kind = GIVEN_VALUE, .span = cell->span, .value = literal};
  return value;
}

static void take_fact(struct tabling *t, struct decl_test *test, const struct column *c,
                      const struct table_cell *cell) {
  struct given *value = value_of(t, cell);
  if (value == NULL) {
    diag_report(t->s->diags, DIAG_CELL_VALUE, cell->span, c->name.text);
  } else if (c->fact != NULL) {
    value->fact = c->list != NULL ? (struct word){c->fact->field, c->name.span} : c->name;
    value->list = c->list;
    value->record = c->record;
    sema_check_given(t->s, value, c->fact);
    value->next = test->row_facts;
    test->row_facts = value;
  }
}

static void report_no_outcome(struct tabling *t, const struct column *c,
                              const struct table_cell *cell) {
  static const char *const words[] = {"approve", "refer", "pend", "eligible", "deny", "resubmit"};
  struct str said = source_of(t->s, cell->span);
  struct diag *d = diag_report(t->s->diags, DIAG_CELL_OUTCOME, cell->span, said, c->name.text);
  struct suggestion near = suggest_for(said);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) suggest_offer(&near, str_of(words[i]));
  if (d != NULL) diag_suggest(t->s->diags, d, &near);
}

static void take_outcome(struct tabling *t, struct decl_test *test, const struct column *c,
                         const struct table_cell *cell) {
  struct expectation *e = cell->outcome, **end = &test->expect;
  if (e == NULL) {
    report_no_outcome(t, c, cell);
    return;
  }
  e->decision = c->name;
  e->line = c->line;
  sema_check_outcome(t->s, e);
  while (*end != NULL) end = &(*end)->next;
  *end = e;
}

static void take_name(struct tabling *t, struct decl_test *test, const struct table_cell *cell) {
  const struct given *value = cell->kind == CELL_VALUE ? cell->value : NULL;
  if (value == NULL || value->kind != GIVEN_VALUE || value->value->kind != LIT_STRING)
    diag_report(t->s->diags, DIAG_ROW_NAME, cell->span);
  else
    test->row_name = value->value->word;
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

static void take_row(struct tabling *t, const struct table_row *row, struct decl_test *test) {
  uint32_t errors = t->s->diags->errors;
  const struct column *c = t->columns;
  for (const struct table_cell *cell = row->cells; cell != NULL; cell = cell->next, c++) {
    if (cell->kind == CELL_EMPTY) continue;
    if (c->kind == COLUMN_NAMES)
      take_name(t, test, cell);
    else if (c->kind == COLUMN_EXPECT)
      take_outcome(t, test, c, cell);
    else
      take_fact(t, test, c, cell);
  }
  if (t->expects && test->expect == NULL && t->s->diags->errors == errors)
    diag_report(t->s->diags, DIAG_ROW_EXPECTS, row->span);
}

void sema_table(struct sema *s, const struct decl_table *table, struct vec *tests) {
  struct tabling t = {.s = s, .table = table};
  sema_check_shared(s, table->sample, table->facts);
  if (table->rows == NULL || !take_columns(&t)) return;
  uint32_t number = 0;
  for (const struct table_row *row = table->rows->next; row != NULL; row = row->next) {
    struct decl_test *test = ARENA_NEW(s->arena, struct decl_test);
    if (test == NULL) return;
    *test = (struct decl_test){.d = table->d, .sample = table->sample, .facts = table->facts};
    test->d.tag = DECL_TEST;
    test->d.span = row->span;
    test->row = ++number;
    if (has_cells(&t, row)) take_row(&t, row, test);
    vec_push(s->arena, tests, test);
  }
}
