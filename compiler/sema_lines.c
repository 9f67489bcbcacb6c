// SPDX-License-Identifier: Apache-2.0
//
// What is said of each line of a list. A frame is a type: a criterion, quantity or derivation of a list has one state
// for each row and can be read only where a row of that list is looked at; a loop looks at one row after another, and
// `this line's` reaches back to the row outside of it.
#include "compiler/sema.h"

#include "vm/code.h"

// ------------------------------------------------------------------ which list

static const struct fact_decl *record_list(struct sema *s, struct str name) {
  struct symbol *symbol = names_find(&s->names, name);
  const struct fact_decl *list = symbol != NULL && symbol->kind == KIND_FACT ? symbol->decl : NULL;
  return list != NULL && list->type.base == SOC_RECORDS ? list : NULL;
}

// Told once for all that stands inside of one `each line of`.
const struct fact_decl *sema_rows_of(struct sema *s, const struct word *rows) {
  if (rows == NULL) return NULL;
  const struct fact_decl *list = record_list(s, rows->text);
  if (list != NULL || s->bad_rows == rows) return list;
  s->bad_rows = rows;
  if (names_find(&s->names, rows->text) == NULL)
    report_unknown_name(s, NULL, *rows, "list");
  else
    diag_report(s->diags, DIAG_NOT_RECORDS, rows->span, rows->text);
  return NULL;
}

static void frame_cells(struct sema *s) {
  for (uint32_t i = 0; i < s->cells.count; i++) { // a part comes after what it is a part of
    struct cell_node *node = *VEC_AT(s->cells, struct cell_node *, i);
    if (node->decl != NULL)
      node->cell.rows = sema_rows_of(s, node->decl->rows);
    else if (node->cell.parent != NULL)
      node->cell.rows = node->cell.parent->rows;
  }
}

static void frame_groups(struct sema *s) {
  for (uint32_t i = 0; i < s->groups.all.count; i++) {
    struct group *group = (*VEC_AT(s->groups.all, struct symbol *, i))->decl;
    if (group->rules != NULL) group->list = sema_rows_of(s, group->rules->d.rows);
    if (group->decision != NULL && group->decision->list.text.length > 0)
      group->list = sema_rows_of(s, &group->decision->list);
  }
}

void sema_frames(struct sema *s) {
  frame_cells(s);
  frame_groups(s);
  for (uint32_t i = 0; i < s->derived.count; i++) {
    struct derived_node *d = *VEC_AT(s->derived, struct derived_node *, i);
    d->list = sema_rows_of(s, d->decl->rows);
  }
}

// ------------------------------------------------------------------ reading across frames

bool sema_check_frame(struct sema *s, const struct scope *scope, const struct expr *e,
                      const struct fact_decl *rows) {
  struct word name = e->as.name.name;
  if (rows == NULL || rows == (e->as.name.own ? scope->outer : scope->rows)) return true;
  struct diag *d = diag_report(s->diags, DIAG_NO_ROW, e->span, name.text, rows->name);
  if (scope->outer == rows)
    diag_help(s->diags, d, "write `this line's %w`", name.text);
  else if (!scope->loop)
    diag_help(s->diags, d, "write `some record of %w has %w`, or `every` or `no`", rows->name,
              name.text);
  return false;
}

static void report_own(struct sema *s, const struct scope *scope, const struct expr *e) {
  struct word name = e->as.name.name;
  struct diag *d = diag_report(s->diags, DIAG_OWN_OUTSIDE, e->span, name.text);
  if (scope->rows != NULL && !scope->loop)
    diag_help(s->diags, d, "no other line is looked at here: write `%w` alone", name.text);
  else
    diag_help(s->diags, d, "it stands inside of `some other line has ...` and its like");
}

struct symbol *sema_find_own(struct sema *s, const struct scope *scope, const struct expr *e,
                             const struct fact_decl **field) {
  struct word name = e->as.name.name;
  *field = NULL;
  if (scope->outer == NULL) {
    report_own(s, scope, e);
    return NULL;
  }
  *field = fact_field(scope->outer, name.text);
  if (*field != NULL) return NULL;
  struct symbol *symbol = names_find(&s->names, name.text);
  if (symbol == NULL) {
    struct scope row = {.rows = scope->outer};
    report_unknown_name(s, &row, name, "name");
    return NULL;
  }
  symbol->used = true;
  bool of_rows = symbol->kind == KIND_CRITERION || symbol->kind == KIND_DERIVED_ENUM ||
                 symbol->kind == KIND_QUANTITY;
  if (of_rows && ((const struct cell_node *)symbol->decl)->cell.rows != NULL) return symbol;
  struct diag *d = diag_report(s->diags, DIAG_NOT_OF_LINE, e->span, name.text, scope->outer->name);
  if (symbol->kind == KIND_DERIVED_VALUE)
    diag_help(s->diags, d, "make it a `quantity`, which has a value for each line");
  else
    diag_help(s->diags, d, "write `%w` alone", name.text);
  return NULL;
}

// A field by its own name or after the list's: `category`, `claim.lines.category`.
const struct fact_decl *sema_line_fact(struct sema *s, const struct fact_decl *rows,
                                       struct word name) {
  uint32_t length = name.text.length;
  while (length > 0 && name.text.data[length - 1] != '.') length--;
  struct str last = {name.text.data + length, name.text.length - length};
  (void)s;
  if (length == 0) return fact_field(rows, name.text);
  struct str before = {name.text.data, length - 1};
  return str_equal(before, rows->name) ? fact_field(rows, last) : NULL;
}

const struct fact_decl *sema_date_of_row(const struct sema *s, const struct fact_decl *rows) {
  const struct fact_decl *basis = s->program->basis;
  for (uint32_t i = 0; basis != NULL && rows != NULL && i < rows->field_count; i++)
    if (rows->fields[i]->other == basis) return rows->fields[i];
  return basis;
}

// ------------------------------------------------------------------ lines of the list at hand

static bool find_reference(struct sema *s, const struct fact_decl *list, struct expr *e) {
  struct word by = e->as.rows->by;
  const struct fact_decl *found = NULL;
  bool named = by.text.length > 0, several = false;
  for (uint32_t i = 0; i < list->field_count; i++) {
    const struct fact_decl *field = list->fields[i];
    if (field->line_of != list || (named && !str_equal(field->field, by.text))) continue;
    several = several || found != NULL;
    found = field;
  }
  struct span span = named ? by.span : e->span;
  if (several)
    diag_report(s->diags, DIAG_SEVERAL_REFERENCES, span, list->name);
  else if (found == NULL && named)
    diag_report(s->diags, DIAG_NO_SUCH_REFERENCE, span, by.text, list->name);
  else if (found == NULL)
    diag_report(s->diags, DIAG_NO_REFERENCE, span, list->name);
  e->as.rows->reference = found;
  return found != NULL && !several;
}

static bool find_order(struct sema *s, const struct fact_decl *list, struct expr *e) {
  if (e->as.rows->which != LINES_ALL) e->as.rows->key = list->key;
  if (e->as.rows->same_date) e->as.rows->date = fact_field(list, (struct str){"date", 4});
  if (e->as.rows->which != LINES_ALL && list->key == NULL) {
    diag_report(s->diags, DIAG_NO_LINE_KEY, e->span, list->name);
    return false;
  }
  const struct fact_decl *date = e->as.rows->date;
  if (!e->as.rows->same_date || (date != NULL && date->type.base == SOC_DATE)) return true;
  diag_report(s->diags, DIAG_NO_LINE_DATE, e->span, list->name);
  return false;
}

// The list over whose rows `e` goes, NULL after an error.
const struct fact_decl *sema_lines(struct sema *s, const struct scope *scope, struct expr *e) {
  if (scope->loop) {
    diag_report(s->diags, DIAG_ROWS_NESTED, e->span);
    return NULL;
  }
  if (scope->rows == NULL) {
    diag_report(s->diags, DIAG_NO_LINE, e->span);
    return NULL;
  }
  bool lines = e->as.rows->over == OVER_LINES;
  if (lines ? find_order(s, scope->rows, e) : find_reference(s, scope->rows, e)) return scope->rows;
  return NULL;
}

// ------------------------------------------------------------------ quantities

void sema_enter_quantity(struct sema *s, const struct decl_quantity *d) {
  struct cell_node *node = cell_new(s, d->d.name.text, d->d.name.span);
  if (node == NULL || sema_enter(s, &s->names, d->d.name, KIND_QUANTITY, node) == NULL) return;
  node->decl = &d->d;
  node->cell.text = d->d.text != NULL ? d->d.text->text : (struct str){"", 0};
  node->cell.cite = d->d.cite != NULL ? d->d.cite->text : (struct str){"", 0};
  node->cell.value = d->value;
}

static void check_quantity(struct sema *s, struct cell_node *node) {
  const struct decl_quantity *d = (const struct decl_quantity *)node->decl;
  struct scope scope = {
      .name = node->cell.name, .cite = node->cell.cite, .cell = node, .rows = node->cell.rows};
  const struct type *type = check_operand(s, &scope, d->value);
  if (type_is_poison(type)) return;
  if (type_is_ordered(type))
    node->cell.type = type;
  else
    diag_report(s->diags, DIAG_QUANTITY_TYPE, d->value->span, node->cell.name,
                type_words(s->arena, type));
}

// One that depends on itself has been read already and is told of by sema_cycles.
const struct type *quantity_type(struct sema *s, struct cell_node *node) {
  if (node->cell.type != NULL) return node->cell.type;
  if (sema_rows_failed(node->decl->rows, node->cell.rows)) return &type_poison;
  if (s->derived_depth >= SEMA_QUANTITY_DEPTH) {
    diag_report(s->diags, DIAG_DERIVED_TOO_LARGE, node->cell.span, node->cell.name);
    return &type_poison;
  }
  node->cell.type = &type_poison;
  s->derived_depth++;
  check_quantity(s, node);
  s->derived_depth--;
  return node->cell.type;
}
