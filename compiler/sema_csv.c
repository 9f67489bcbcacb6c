// SPDX-License-Identifier: Apache-2.0
//
// Tables of members (`rows of "./codes.tsv" ...`): finds the file, checks that it is a table and that the columns
// that a set asks for are there, and reads the rows that its conditions pick, with their days. Everything that is
// wrong is told at its cell, for all rows in one run. Which of the rows a version takes is the affair of
// sema_import.c.
#include "compiler/csv.h"
#include "compiler/sema.h"
#include "compiler/tokens.h"

#include <string.h>

enum { TABLE_COLUMNS = 256 };

struct table {
  struct str canonical;
  uint32_t source;
  char separator;
  struct word *columns; // as the first line names them
  uint32_t column_count;
  uint32_t first_row; // where the rows begin
  bool failed;        // cannot be read; told
};

// ------------------------------------------------------------------ rows of cells

struct cell_place {
  uint32_t start, end; // inside of quotation marks
  bool doubled;        // holds doubled quotation marks
};

enum row_status { ROW_GOOD, ROW_STRAY, ROW_NOT_CLOSED, ROW_NONE };

struct reading {
  struct sema *s;
  const struct table *table;
  const char *text;
  uint32_t at, end;
  uint32_t start, fault;                  // of the present row; where it is malformed
  struct cell_place cells[TABLE_COLUMNS]; // as many as fit
  uint32_t count;                         // that there are
};

static void begin_reading(struct reading *r, struct sema *s, const struct table *table,
                          uint32_t at) {
  const struct source *source = &s->front->sources.items[table->source];
  r->s = s;
  r->table = table;
  r->text = source->text;
  r->at = at;
  r->end = source->length;
}

static int byte_at(const struct reading *r, uint32_t at) {
  return at < r->end ? (unsigned char)r->text[at] : -1;
}

static void keep_cell(struct reading *r, struct cell_place *cell) {
  if (r->count < TABLE_COLUMNS) r->cells[r->count] = *cell;
  r->count++;
  *cell = (struct cell_place){r->at + 1, r->at + 1, false};
}

static void to_next_line(struct reading *r, uint32_t from) {
  const char *line = memchr(r->text + from, '\n', r->end - from);
  r->at = line != NULL ? (uint32_t)(line + 1 - r->text) : r->end;
}

static enum row_status read_row(struct reading *r) {
  struct csv csv = {.separator = r->table->separator, .quotes = r->table->separator == ','};
  struct cell_place cell = {r->at, r->at, false};
  bool empty = true;
  r->start = r->fault = r->at;
  r->count = 0;
  for (;; r->at++) {
    int c = byte_at(r, r->at);
    if (c == '"' && csv.place == CSV_START) r->fault = r->at;
    switch (csv_step(&csv, c, byte_at(r, r->at + 1))) {
    case CSV_KEEP:
      if (empty) cell.start = r->at;
      cell.end = r->at + 1;
      cell.doubled |= c == '"' && csv.quotes;
      empty = false;
      break;
    case CSV_SKIP:
      if (empty && c == '"') cell.start = cell.end = r->at + 1;
      break;
    case CSV_CELL_ENDS:
      keep_cell(r, &cell);
      empty = true;
      break;
    case CSV_ROW_ENDS:
      keep_cell(r, &cell);
      if (c >= 0) r->at++;
      return ROW_GOOD;
    case CSV_STRAY:
      r->fault = r->at;
      to_next_line(r, r->at);
      return ROW_STRAY;
    case CSV_NOT_CLOSED: to_next_line(r, r->fault); return ROW_NOT_CLOSED;
    }
  }
}

// The next row that is no empty line.
static enum row_status next_row(struct reading *r) {
  while (r->at < r->end) {
    enum row_status status = read_row(r);
    bool empty_line = status == ROW_GOOD && r->count == 1 && r->cells[0].start == r->start &&
                      r->cells[0].end == r->start;
    if (!empty_line) return status;
  }
  return ROW_NONE;
}

static bool is_space(char ch) {
  return ch == ' ' || ch == '\t';
}

static struct str undouble(struct sema *s, struct str text) {
  char *copy = arena_alloc(s->arena, (size_t)text.length + 1);
  uint32_t length = 0;
  if (copy == NULL) return text;
  for (uint32_t i = 0; i < text.length; i++) {
    copy[length++] = text.data[i];
    if (text.data[i] == '"' && i + 1 < text.length && text.data[i + 1] == '"') i++;
  }
  return (struct str){copy, length};
}

// What a cell says, without the spaces around it.
static struct word cell_word(const struct reading *r, uint32_t column) {
  struct cell_place cell = r->cells[column];
  while (cell.start < cell.end && is_space(r->text[cell.start])) cell.start++;
  while (cell.end > cell.start && is_space(r->text[cell.end - 1])) cell.end--;
  struct word word = {{r->text + cell.start, cell.end - cell.start},
                      {r->table->source, cell.start, cell.end}};
  if (cell.doubled) word.text = undouble(r->s, word.text);
  return word;
}

// The row as people see it: without its line end.
static struct span row_span(const struct reading *r) {
  uint32_t end = r->at;
  while (end > r->start && (r->text[end - 1] == '\n' || r->text[end - 1] == '\r')) end--;
  return (struct span){r->table->source, r->start, end};
}

// ------------------------------------------------------------------ a file that is a table

static void report_fault(const struct reading *r, enum row_status status) {
  diag_report(r->s->diags, status == ROW_STRAY ? DIAG_STRAY_QUOTE : DIAG_QUOTE_NOT_CLOSED,
              (struct span){r->table->source, r->fault, r->fault + 1});
}

static bool is_quoted(struct str text) {
  return text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"';
}

// Quotation marks around a cell would be taken for part of what it says.
static void check_quotes(const struct reading *r) {
  for (uint32_t i = 0; r->table->separator == '\t' && i < r->count && i < TABLE_COLUMNS; i++) {
    struct word word = cell_word(r, i);
    if (is_quoted(word.text)) diag_report(r->s->diags, DIAG_QUOTED_IN_TSV, word.span);
  }
}

// Some programs save a table so where the comma stands in numbers.
static bool has_semicolons(const struct reading *r) {
  const char *line = r->text + r->at, *end = memchr(line, '\n', r->end - r->at);
  size_t length = end != NULL ? (size_t)(end - line) : r->end - r->at;
  return r->table->separator == ',' && memchr(line, ';', length) != NULL &&
         memchr(line, ',', length) == NULL;
}

static bool read_columns(struct reading *r, struct table *table) {
  bool semicolons = has_semicolons(r);
  enum row_status status = next_row(r);
  if (semicolons) {
    diag_report(r->s->diags, DIAG_TABLE_SEMICOLONS, row_span(r));
    return false;
  }
  if (status == ROW_NONE) {
    diag_report(r->s->diags, DIAG_TABLE_EMPTY, (struct span){table->source, 0, 0});
    return false;
  }
  if (status != ROW_GOOD) {
    report_fault(r, status);
    return false;
  }
  if (r->count > TABLE_COLUMNS) {
    diag_report(r->s->diags, DIAG_TABLE_TOO_WIDE, row_span(r), (uint32_t)TABLE_COLUMNS);
    return false;
  }
  check_quotes(r);
  table->columns = ARENA_ARRAY(r->s->arena, struct word, r->count);
  if (table->columns == NULL) return false;
  for (uint32_t i = 0; i < r->count; i++) table->columns[i] = cell_word(r, i);
  table->column_count = r->count;
  table->first_row = r->at;
  return true;
}

static bool spend(struct sema *s, uint64_t cost, struct span span) {
  if (s->table_budget < cost) {
    diag_report(s->diags, DIAG_TABLES_TOO_LONG, span, (uint32_t)SEMA_TABLE_ROWS);
    s->table_budget = 0;
    return false;
  }
  s->table_budget -= cost;
  return true;
}

static void check_all_rows(struct reading *r) {
  const struct table *table = r->table;
  for (enum row_status status; (status = next_row(r)) != ROW_NONE;) {
    if (!spend(r->s, 1, row_span(r))) return;
    if (status != ROW_GOOD)
      report_fault(r, status);
    else if (r->count != table->column_count)
      diag_report(r->s->diags, DIAG_TABLE_CELLS, row_span(r), r->count, r->count == 1 ? "" : "s",
                  table->column_count, table->column_count == 1 ? "" : "s");
    else
      check_quotes(r);
  }
}

static bool ends_in(struct str name, const char *ending) {
  size_t length = strlen(ending);
  return name.length > length && memcmp(name.data + name.length - length, ending, length) == 0;
}

static void open_table(struct sema *s, struct table *table, struct word name,
                       const struct source_file *from) {
  struct reading r;
  uint32_t errors = s->diags->errors;
  table->failed = true;
  table->separator = ends_in(name.text, ".tsv") ? '\t' : ',';
  if (!sema_table_text(s, name, from, &table->source)) return;
  const struct source *source = &s->front->sources.items[table->source];
  bool mark = source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0;
  bool text = check_characters(s->front, table->source);
  begin_reading(&r, s, table, mark ? 3 : 0);
  if (text && read_columns(&r, table)) check_all_rows(&r);
  table->failed = s->diags->errors != errors || s->arena->out_of_memory;
}

// Each file is read once, however many sets take rows of it. NULL: out of memory.
static struct table *table_of(struct sema *s, const struct used_file *used, struct word name) {
  struct str canonical = sema_table_name(s, used, name.text);
  struct symbol *symbol = names_add(&s->table_names, canonical);
  if (symbol == NULL || symbol->decl != NULL) return symbol != NULL ? symbol->decl : NULL;
  struct table *table = ARENA_NEW(s->arena, struct table);
  if (table == NULL) return NULL;
  symbol->decl = table;
  table->canonical = canonical;
  open_table(s, table, name, used->file);
  return table;
}

struct str table_name(const struct table *table) {
  return table->canonical;
}

bool sema_is_table(const struct sema *s, uint32_t source) {
  for (uint32_t i = 0; i < s->table_names.all.count; i++) {
    const struct table *table = (*VEC_AT(s->table_names.all, struct symbol *, i))->decl;
    if (table != NULL && table->source == source) return true;
  }
  return false;
}

// ------------------------------------------------------------------ the columns that a set asks for

static void report_no_column(struct sema *s, const struct table *table, const struct word *name) {
  struct diag *d = diag_report(s->diags, DIAG_NO_COLUMN, name->span, name->text);
  if (d == NULL) return;
  struct suggestion near = suggest_for(name->text);
  for (uint32_t i = 0; i < table->column_count; i++) suggest_offer(&near, table->columns[i].text);
  if (table->column_count == 1)
    diag_help(
        s->diags, d,
        "the first line names one column; cells of a .csv are separated by commas, of a .tsv by "
        "tabs");
  diag_suggest(s->diags, d, &near);
  diag_note(s->diags, d, table->columns[0].span, "the columns are named");
}

static uint32_t find_column(struct sema *s, const struct table *table, const struct word *name) {
  uint32_t found = SOC_NO_INDEX;
  if (name == NULL) return SOC_NO_INDEX;
  for (uint32_t i = 0; i < table->column_count; i++) {
    if (!str_equal(table->columns[i].text, name->text)) continue;
    if (found != SOC_NO_INDEX) {
      struct diag *d =
          diag_report(s->diags, DIAG_COLUMNS_ALIKE, table->columns[i].span, name->text);
      diag_note(s->diags, d, table->columns[found].span, "the other stands");
      return SOC_NO_INDEX;
    }
    found = i;
  }
  if (found == SOC_NO_INDEX) report_no_column(s, table, name);
  return found;
}

struct picking { // the rows that the conditions of one import pick
  struct sema *s;
  const struct import *import;
  const struct table *table;
  uint32_t member, first_day, last_day, cite; // columns; SOC_NO_INDEX: none
  uint32_t *conditions;                       // columns, in the order of the conditions
  uint32_t condition_count;
  uint32_t most_met; // conditions, one after the other, that some row meets
};

static bool find_columns(struct picking *p) {
  const struct import *import = p->import;
  uint32_t errors = p->s->diags->errors, count = 0;
  p->member = find_column(p->s, p->table, &import->column);
  p->first_day = find_column(p->s, p->table, import->first_day);
  p->last_day = find_column(p->s, p->table, import->last_day);
  p->cite = find_column(p->s, p->table, import->cite);
  for (const struct import_condition *c = import->where; c != NULL; c = c->next) count++;
  p->conditions = ARENA_ARRAY(p->s->arena, uint32_t, count);
  if (p->conditions == NULL) return false;
  for (const struct import_condition *c = import->where; c != NULL; c = c->next)
    p->conditions[p->condition_count++] = find_column(p->s, p->table, &c->column);
  return p->s->diags->errors == errors;
}

// ------------------------------------------------------------------ the rows that it asks for

// How many of the conditions a row meets, one after the other.
static uint32_t conditions_met(const struct picking *p, const struct reading *r) {
  uint32_t met = 0;
  for (const struct import_condition *c = p->import->where; c != NULL; c = c->next, met++)
    if (!str_equal(cell_word(r, p->conditions[met]).text, c->value.text)) break;
  return met;
}

static bool one_line(struct sema *s, const struct word *cell) {
  for (uint32_t i = 0; i < cell->text.length; i++) {
    char ch = cell->text.data[i];
    if (ch != '\t' && ch != '\n' && ch != '\r') continue;
    diag_report(s->diags, DIAG_CELL_LINES, cell->span);
    return false;
  }
  return true;
}

static bool is_date_shape(struct str text) { // 2024-12-05
  for (uint32_t i = 0; i < text.length; i++) {
    bool dash = i == 4 || i == 7;
    if (dash ? text.data[i] != '-' : text.data[i] < '0' || text.data[i] > '9') return false;
  }
  return text.length == 10;
}

// An empty cell leaves the day as it is.
static bool read_day(const struct picking *p, const struct reading *r, uint32_t column,
                     int32_t *day) {
  if (column == SOC_NO_INDEX) return true;
  struct word cell = cell_word(r, column);
  if (cell.text.length == 0) return true;
  if (is_date_shape(cell.text)) return literal_date(p->s, cell, day);
  diag_report(p->s->diags, DIAG_BAD_DATE, cell.span, cell.text);
  return false;
}

static bool read_cite(const struct picking *p, const struct reading *r, const struct word **cite) {
  if (p->cite == SOC_NO_INDEX) return true;
  struct word cell = cell_word(r, p->cite);
  if (cell.text.length == 0) return true;
  struct word *kept = ARENA_NEW(p->s->arena, struct word);
  if (kept == NULL || !one_line(p->s, &cell)) return false;
  *kept = cell;
  *cite = kept;
  return true;
}

static void report_days(const struct picking *p, const struct reading *r) {
  struct word last = cell_word(r, p->last_day), first = cell_word(r, p->first_day);
  diag_report(p->s->diags, DIAG_ROW_DAYS, last.span, last.text, first.text);
}

// All that is wrong with a row is told, not only the first of it.
static void pick_row(const struct picking *p, const struct reading *r) {
  struct import_row row = {
      .member = cell_word(r, p->member), .first = INT32_MIN, .last = INT32_MAX};
  bool good = row.member.text.length > 0;
  if (!good) diag_report(p->s->diags, DIAG_CELL_EMPTY, row.member.span, p->import->column.text);
  good = one_line(p->s, &row.member) && good;
  bool days = read_day(p, r, p->first_day, &row.first);
  days = read_day(p, r, p->last_day, &row.last) && days;
  if (days && row.last < row.first) report_days(p, r);
  good = read_cite(p, r, &row.cite) && days && good;
  if (!good) return;
  struct import_row *place = vec_add(p->s->arena, &p->import->rows->rows, sizeof *place);
  if (place != NULL) *place = row;
}

static void begin_rows(const struct picking *p, struct reading *r) {
  begin_reading(r, p->s, p->table, p->table->first_row);
}

static void pick_rows(struct picking *p) {
  struct reading r;
  begin_rows(p, &r);
  while (next_row(&r) != ROW_NONE) {
    if (!spend(p->s, 1 + (uint64_t)p->condition_count, p->import->span)) return;
    uint32_t met = conditions_met(p, &r);
    if (met > p->most_met) p->most_met = met;
    if (met == p->condition_count) pick_row(p, &r);
  }
}

// A value that no row has is a slip: named with the nearest one that some row has.
static void report_no_rows(const struct picking *p) {
  const struct import_condition *c = p->import->where;
  for (uint32_t i = 0; i < p->most_met; i++) c = c->next;
  struct diag *d =
      diag_report(p->s->diags, DIAG_NO_ROW_WITH, c->value.span, c->value.text, c->column.text);
  struct suggestion near = suggest_for(c->value.text);
  struct reading r;
  begin_rows(p, &r);
  while (d != NULL && next_row(&r) != ROW_NONE)
    if (conditions_met(p, &r) == p->most_met)
      suggest_offer(&near, cell_word(&r, p->conditions[p->most_met]).text);
  if (d != NULL) diag_suggest(p->s->diags, d, &near);
}

static void read_import(struct sema *s, const struct used_file *used, struct import *import) {
  if (!ends_in(import->file.text, ".tsv") && !ends_in(import->file.text, ".csv")) {
    diag_report(s->diags, DIAG_TABLE_NAME, import->file.span, import->file.text);
    return;
  }
  const struct table *table = table_of(s, used, import->file);
  if (table == NULL || table->failed) return;
  struct picking p = {.s = s, .import = import, .table = table};
  import->rows = ARENA_NEW(s->arena, struct import_rows);
  if (import->rows == NULL || !find_columns(&p)) return;
  import->rows->table = table;
  names_init(&import->rows->removed, s->arena);
  pick_rows(&p);
  if (p.most_met < p.condition_count) report_no_rows(&p);
}

// ------------------------------------------------------------------ all of a file

static void check_through(struct sema *s, const struct source_file *file,
                          const struct word *through) {
  const struct word *version = file->kind == FILE_POLICY ? file->head.version : NULL;
  int32_t day;
  if (through == NULL || !literal_date(s, *through, &day)) return;
  if (version != NULL && str_order(through->text, version->text) < 0)
    diag_report(s->diags, DIAG_IMPORT_THROUGH, through->span, through->text, version->text);
}

static void read_member(struct sema *s, const struct used_file *used, const struct literal *l) {
  if (l->kind != LIT_IMPORT) return;
  check_through(s, used->file, import_of(l)->through);
  read_import(s, used, import_of(l));
}

static void read_set(struct sema *s, const struct used_file *used, const struct decl *d) {
  uint32_t errors = s->diags->errors;
  const struct decl_set *set = (const struct decl_set *)d;
  if (d->tag != DECL_SET || !set->imports) return;
  for (const struct literal *l = set->members; l != NULL; l = l->next) {
    read_member(s, used, l);
    if (l->kind == LIT_IMPORT && s->diags->errors != errors)
      sema_check_rows(s, import_of(l), set->texts); // this run ends here, and tells all
  }
}

bool sema_read_imports(struct sema *s, const struct used_file *used) {
  uint32_t errors = s->diags->errors;
  if (s->arena->out_of_memory) return false; // then the tree means nothing
  for (const struct decl *d = used->file->decls; d != NULL; d = d->next) {
    read_set(s, used, d);
    if (d->tag == DECL_REPLACE) read_set(s, used, ((const struct decl_replace *)d)->with);
    if (d->tag != DECL_CHANGE_SET) continue;
    const struct set_change *change = ((const struct decl_change_set *)d)->changes;
    for (; change != NULL; change = change->next) {
      check_through(s, used->file, change->through);
      if (change->member != NULL) read_member(s, used, change->member);
    }
  }
  return s->diags->errors == errors && !s->arena->out_of_memory;
}
