// SPDX-License-Identifier: Apache-2.0
//
// Cells: one for each criterion, for each labelled part of one, for each derived enumeration, and for the conditions
// of rules (sema_rules.c). Checks what they say and that none depends on itself.
#include "compiler/sema.h"

#include <stdlib.h>
#include <string.h>

#include "vm/code.h"

// ------------------------------------------------------------------ cells and their parts

struct cell_node *cell_new(struct sema *s, struct str name, struct span span) {
  struct cell_node *node = ARENA_NEW(s->arena, struct cell_node);
  if (node == NULL || !vec_push(s->arena, &s->cells, node)) return NULL;
  node->cell.name = name;
  node->cell.span = span;
  node->cell.index = SOC_NO_INDEX;
  return node;
}

static struct str label_text(struct sema *s, struct str label) {
  struct str text = arena_copy(s->arena, label.data, label.length);
  if (text.data == NULL) return label;
  for (uint32_t i = 0; i < text.length; i++)
    if (text.data[i] == '_') ((char *)(uintptr_t)text.data)[i] = ' ';
  return text;
}

static struct cell_node *part_new(struct sema *s, struct cell_node *parent, struct expr *member) {
  struct word name = {name_join(s, parent->cell.name, member->label.text), member->label.span};
  struct cell_node *part = cell_new(s, name.text, member->label.span);
  if (part == NULL) return NULL;
  part->cell.text = label_text(s, member->label.text);
  part->cell.cite = parent->cell.cite;
  part->cell.when = member;
  part->cell.parent = &parent->cell;
  part->cell.rows = parent->cell.rows; // a criterion has its list later, see sema_frames
  sema_enter(s, &s->names, name, KIND_CRITERION, part);
  return part;
}

// Makes a cell of each labelled member outside `record of`, where there is one state for each record, not one.
void cell_parts(struct sema *s, struct cell_node *node, struct expr *e) {
  if (e->kind == EXPR_NOT) cell_parts(s, node, e->as.not_.operand);
  if (e->kind != EXPR_BLOCK) return;
  for (struct expr *member = e->as.block.first; member != NULL; member = member->next) {
    struct cell_node *owner = node;
    if (member->label.text.length > 0 && (owner = part_new(s, node, member)) != NULL)
      member->cell = &owner->cell;
    if (owner != NULL) cell_parts(s, owner, member);
  }
}

// ------------------------------------------------------------------ entering

static struct str text_or(const struct word *w, struct str other) {
  return w != NULL ? w->text : other;
}

void sema_enter_criterion(struct sema *s, const struct decl_criterion *d) {
  struct cell_node *node = cell_new(s, d->d.name.text, d->d.name.span);
  if (node == NULL || sema_enter(s, &s->names, d->d.name, KIND_CRITERION, node) == NULL) return;
  node->decl = &d->d;
  node->cell.text = text_or(d->d.text, (struct str){"", 0});
  node->cell.cite = text_or(d->d.cite, (struct str){"", 0});
  node->cell.when = d->when;
  cell_parts(s, node, d->when);
}

// A field that is `left out means derived` has its meaning from here, and its name stands for it.
static struct fact_decl *derived_field(struct sema *s, const struct decl_derive_site *d) {
  struct symbol *symbol = d->d.rows != NULL ? names_find(&s->names, d->d.rows->text) : NULL;
  const struct fact_decl *list = symbol != NULL && symbol->kind == KIND_FACT ? symbol->decl : NULL;
  const struct fact_decl *field = list != NULL ? fact_field(list, d->d.name.text) : NULL;
  if (field == NULL || field->decl->left_out != LEFT_DERIVED) return NULL;
  return *VEC_AT(s->facts, struct fact_decl *, field->number);
}

static bool give_meaning(struct sema *s, struct fact_decl *field, struct cell_node *node,
                         const struct decl_derive_site *d) {
  node->cell.name = name_join(s, field->list->name, field->field);
  if (field->meaning == NULL) {
    field->meaning = &node->cell;
    return true;
  }
  struct diag *twice = diag_report(s->diags, DIAG_NAME_TWICE, d->d.name.span, d->d.name.text);
  diag_note(s->diags, twice, field->meaning->span, "the first stands");
  return false;
}

static bool enter_site_name(struct sema *s, struct cell_node *node,
                            const struct decl_derive_site *d) {
  struct fact_decl *field = derived_field(s, d);
  if (field != NULL) return give_meaning(s, field, node, d);
  return sema_enter(s, &s->names, d->d.name, KIND_DERIVED_ENUM, node) != NULL;
}

void sema_enter_site(struct sema *s, const struct decl_derive_site *d) {
  struct cell_node *node = cell_new(s, d->d.name.text, d->d.name.span);
  if (node == NULL || !enter_site_name(s, node, d)) return;
  node->decl = &d->d;
  node->cell.text = text_or(d->d.text, (struct str){"", 0});
  node->cell.cite = text_or(d->d.cite, (struct str){"", 0});
  node->cell.mask = true;
  node->cell.derive = d;
  for (struct derive_step *step = d->steps; step != NULL; step = step->next)
    if (step->when != NULL) cell_parts(s, node, step->when);
}

void sema_enter_derived(struct sema *s, const struct decl_derive_value *d) {
  struct derived_node *node = ARENA_NEW(s->arena, struct derived_node);
  if (node == NULL || sema_enter(s, &s->names, d->d.name, KIND_DERIVED_VALUE, node) == NULL) return;
  node->value = (struct derived_value){.name = d->d.name.text, .value = d->value};
  node->expr = d->value;
  node->decl = &d->d;
  vec_push(s->arena, &s->derived, node);
}

// ------------------------------------------------------------------ constants and derived values

static void check_constant(struct sema *s, struct constant_node *node) {
  const struct literal *l = node->constant.decl->value;
  const struct type *type = literal_type(s, l);
  node->failed = true;
  if (type == NULL) {
    diag_report(s->diags, DIAG_CONSTANT_VALUE, l->span, source_of(s, l->span));
    return;
  }
  node->constant.type = *type;
  node->failed = !literal_value(s, l, type, &node->constant.value);
  if (!node->failed && type->base == SOC_TEXT) vec_push(s->arena, &s->text_constants, node);
}

void sema_constants(struct sema *s) {
  for (uint32_t i = 0; i < s->constants.count; i++)
    check_constant(s, *VEC_AT(s->constants, struct constant_node *, i));
}

// ------------------------------------------------------------------ derived enumerations

static const struct fact_decl *case_fact(struct sema *s, struct word name) {
  struct symbol *symbol = names_find(&s->names, name.text);
  if (symbol == NULL) report_unknown_name(s, NULL, name, "fact");
  if (symbol == NULL) return NULL;
  symbol->used = true;
  if (symbol->kind == KIND_FACT && ((struct fact_decl *)symbol->decl)->list == NULL)
    return symbol->decl;
  diag_report(s->diags, DIAG_NOT_A_CASE_FACT, name.span, name.text);
  return NULL;
}

// In `each line of L` a field of L, too.
static const struct fact_decl *fact_for(struct sema *s, const struct cell_node *node,
                                        struct word name) {
  const struct fact_decl *rows = node->cell.rows;
  const struct fact_decl *field = rows != NULL ? sema_line_fact(s, rows, name) : NULL;
  return field != NULL ? field : case_fact(s, name);
}

// The fact that a step reads; NULL after an error.
static const struct fact_decl *step_fact(struct sema *s, const struct cell_node *node,
                                         struct derive_step *step) {
  struct expr *e = step->fact;
  if (e->kind != EXPR_NAME) return NULL;
  const struct fact_decl *fact = fact_for(s, node, e->as.name.name);
  if (fact == NULL || fact->failed) return NULL;
  e->decl = fact;
  e->decl_kind = KIND_FACT;
  e->type = &fact->type;
  return fact;
}

static bool is_of_type(const struct cell_node *node, const struct fact_decl *fact) {
  return fact->type.base == SOC_ENUM && fact->type.values == node->cell.values;
}

static struct diag *report_derive_fact(struct sema *s, const struct cell_node *node,
                                       const struct fact_decl *fact, struct span span) {
  return diag_report(s->diags, DIAG_DERIVE_FACT, span, fact->name,
                     type_words(s->arena, &fact->type), node->cell.values->name);
}

static void check_fact_step(struct sema *s, struct cell_node *node, struct derive_step *step) {
  const struct fact_decl *fact = step_fact(s, node, step);
  const struct str type = node->cell.values->name;
  if (fact == NULL) return;
  if (!is_of_type(node, fact)) {
    struct diag *d = report_derive_fact(s, node, fact, step->span);
    if (fact->type.base == SOC_CODE)
      diag_help(s->diags, d, "say what its codes stand for: `from %w { CODE -> VALUE }`",
                fact->name);
    else
      diag_help(s->diags, d, "say when each value of `%w` holds: `VALUE when` and a condition",
                type);
  } else if (fact->nullable) {
    diag_report(s->diags, DIAG_DERIVE_NONE, step->span, fact->name, type);
  }
}

static void check_map_row(struct sema *s, struct cell_node *node, struct derive_row *row,
                          const struct fact_decl *fact) {
  row->mask = 0;
  literal_mask(s, row->values, node->cell.values, &row->mask);
  const struct set_decl *set = sema_set_in_place(s, row->codes, false);
  if (set == NULL || !set_fits_fact(s, set, fact, row->span)) return;
  row->ranges = set->ranges;
  row->range_count = set->count;
}

static int by_low(const void *a, const void *b) {
  const struct set_range *x = a, *y = b;
  return x->lo < y->lo ? -1 : x->lo > y->lo;
}

// All codes of the map, so that the steps behind it answer for the others.
static void list_map(struct sema *s, struct derive_step *step) {
  uint32_t count = 0;
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next)
    count += row->range_count;
  struct set_node *set = ARENA_NEW(s->arena, struct set_node);
  struct set_range *ranges = ARENA_ARRAY(s->arena, struct set_range, count);
  if (set == NULL || ranges == NULL || count == 0) return;
  set->set = (struct set_decl){.name = {"", 0}, .ranges = ranges, .index = SOC_NO_INDEX};
  set->visit = VISIT_DONE;
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next)
    for (uint32_t i = 0; i < row->range_count; i++) ranges[set->set.count++] = row->ranges[i];
  qsort(ranges, count, sizeof *ranges, by_low);
  step->listed = &set->set;
}

static void check_map_step(struct sema *s, struct cell_node *node, struct derive_step *step) {
  const struct fact_decl *fact = step_fact(s, node, step);
  if (fact == NULL) return;
  if (fact->type.base != SOC_CODE) {
    diag_report(s->diags, DIAG_DERIVE_MAP, step->fact->span, fact->name,
                type_words(s->arena, &fact->type));
    return;
  }
  for (struct derive_row *row = step->rows; row != NULL; row = row->next)
    check_map_row(s, node, row, fact);
  sema_check_map(s, step);
  if (step->next != NULL) list_map(s, step);
}

// What is assumed is kept with the field: it is its value until something says otherwise.
static void check_assumed(struct sema *s, const struct cell_node *node,
                          const struct derive_step *step) {
  const struct fact_decl *asks = node->cell.asks;
  if (asks == NULL) return;
  if (asks->meaning != &node->cell) {
    diag_report(s->diags, DIAG_ASSUMED_STEP, step->span, asks->name);
    return;
  }
  if (step->values->next != NULL) diag_report(s->diags, DIAG_ASSUMED_ONE, step->span);
  struct fact_decl *fact = *VEC_AT(s->facts, struct fact_decl *, asks->number);
  for (fact->assumed = 0; fact->assumed < 63 && (step->mask >> fact->assumed & 1) == 0;)
    fact->assumed++;
}

// A fact where a value stands: what it says is taken over by `F when given`.
static bool is_fact_named(struct sema *s, const struct cell_node *node, const struct literal *l) {
  uint32_t value;
  if (enum_find(node->cell.values, l->word.text, &value)) return false;
  const struct symbol *symbol = names_find(&s->names, l->word.text);
  bool field = node->cell.rows != NULL && fact_field(node->cell.rows, l->word.text) != NULL;
  if (!field && (symbol == NULL || symbol->kind != KIND_FACT)) return false;
  struct diag *d =
      diag_report(s->diags, DIAG_NO_SUCH_VALUE, l->span, l->word.text, node->cell.values->name);
  diag_help(s->diags, d, "it is a fact; to take over what a case says of it, write `%w when given`",
            l->word.text);
  return true;
}

static void check_value_step(struct sema *s, struct cell_node *node, struct derive_step *step) {
  for (const struct literal *l = step->values; l != NULL; l = l->next)
    if (is_fact_named(s, node, l)) return;
  bool good = literal_mask(s, step->values, node->cell.values, &step->mask);
  if (step->assumed && good) check_assumed(s, node, step);
  if (step->when == NULL) return;
  struct scope scope = {.name = node->cell.name,
                        .cite = node->cell.cite,
                        .cell = node,
                        .rows = node->cell.rows,
                        .parts = true};
  check_truth(s, &scope, step->when);
}

// Does the vocabulary leave open what it means that the fact is left out?
static bool is_open(const struct fact_decl *fact) {
  return fact->left_out == SOC_LEFT_OUT_UNKNOWN || fact->left_out == SOC_LEFT_OUT_REQUIRED ||
         fact->left_out == SOC_LEFT_OUT_DERIVED;
}

static void check_asks(struct sema *s, struct cell_node *node, struct word name) {
  const struct fact_decl *fact = fact_for(s, node, name);
  if (fact == NULL || fact->failed) return;
  if (fact->list != node->cell.rows) {
    diag_report(s->diags, DIAG_ASKS_OF_LINE, name.span, name.text, node->cell.rows->name);
    return;
  }
  node->cell.asks = fact;
  if (!is_of_type(node, fact))
    diag_help(s->diags, report_derive_fact(s, node, fact, name.span),
              "a derived enumeration asks for a fact of its own type, `%w`",
              node->cell.values->name);
  else if (!is_open(fact)) // or it would pend and have nothing to ask for
    diag_report(s->diags, DIAG_DERIVE_LEFT_OUT, name.span, fact->name);
}

// Criteria ask for the values before the steps are looked at.
static void find_values(struct sema *s, struct cell_node *node) {
  node->cell.values = sema_enumeration(s, node->cell.derive->type_name);
}

static void check_site(struct sema *s, struct cell_node *node) {
  const struct decl_derive_site *d = node->cell.derive;
  if (node->cell.values == NULL) return;
  check_asks(s, node, d->asks);
  bool ended = false;
  for (struct derive_step *step = d->steps; step != NULL; step = step->next) {
    if (ended) diag_report(s->diags, DIAG_DERIVE_UNREACHED, step->span);
    ended = ended || (step->kind == DERIVE_VALUE && step->when == NULL);
    switch (step->kind) {
    case DERIVE_FACT: check_fact_step(s, node, step); break;
    case DERIVE_VALUE: check_value_step(s, node, step); break;
    case DERIVE_MAP: check_map_step(s, node, step); break;
    }
  }
}

// ------------------------------------------------------------------ criteria

static void check_criterion(struct sema *s, struct cell_node *node) {
  const struct decl_criterion *d = (const struct decl_criterion *)node->decl;
  if (d->d.cite == NULL) diag_report(s->diags, DIAG_NO_CITE, d->d.name.span, d->d.name.text);
  struct scope scope = {.name = node->cell.name,
                        .cite = node->cell.cite,
                        .cell = node,
                        .rows = node->cell.rows,
                        .parts = true};
  check_truth(s, &scope, d->when);
}

void sema_criteria(struct sema *s) {
  sema_frames(s);
  for (uint32_t i = 0; i < s->cells.count; i++) {
    struct cell_node *node = *VEC_AT(s->cells, struct cell_node *, i);
    if (node->cell.mask) find_values(s, node);
  }
  for (uint32_t i = 0; i < s->derived.count; i++)
    derived_type(s, *VEC_AT(s->derived, struct derived_node *, i));
  uint32_t declared = s->cells.count;
  for (uint32_t i = 0; i < declared; i++) {
    struct cell_node *node = *VEC_AT(s->cells, struct cell_node *, i);
    if (node->decl != NULL && sema_rows_failed(node->decl->rows, node->cell.rows)) continue;
    if (node->cell.mask)
      check_site(s, node);
    else if (node->cell.value != NULL)
      quantity_type(s, node);
    else if (node->decl != NULL)
      check_criterion(s, node);
  }
}

// ------------------------------------------------------------------ cycles

static struct str text_join(struct sema *s, struct str a, const char *between, struct str b) {
  size_t gap = strlen(between);
  char *text = arena_alloc(s->arena, (size_t)a.length + gap + b.length + 1);
  if (text == NULL) return a;
  memcpy(text, a.data, a.length);
  memcpy(text + a.length, between, gap);
  memcpy(text + a.length + gap, b.data, b.length);
  return (struct str){text, (uint32_t)(a.length + gap + b.length)};
}

static void report_cycle(struct sema *s, const struct vec *path, struct cell_node *from) {
  uint32_t start = path->count;
  while (start > 0 && *VEC_AT(*path, struct cell_node *, start - 1) != from) start--;
  const char *what = from->cell.mask            ? "derived value"
                     : from->cell.value != NULL ? "quantity"
                                                : "criterion";
  struct diag *d =
      diag_report(s->diags, DIAG_CRITERIA_CYCLE, from->cell.span, what, from->cell.name);
  if (d == NULL) return;
  struct str way = from->cell.name;
  for (uint32_t i = start; i < path->count && i < start + 8; i++)
    way = text_join(s, way, " -> ", (*VEC_AT(*path, struct cell_node *, i))->cell.name);
  diag_help(s->diags, d, "it reads %w -> %w", way, from->cell.name);
}

// Depth first without recursion: a chain of criteria may be as long as the file.
static void walk(struct sema *s, struct cell_node *root) {
  struct vec path = {0};
  root->visit = VISIT_OPEN;
  vec_push(s->arena, &path, root);
  while (path.count > 0 && !s->arena->out_of_memory) {
    struct cell_node *node = *VEC_AT(path, struct cell_node *, path.count - 1);
    if (node->next_dep == node->deps.count) {
      node->visit = VISIT_DONE;
      path.count--;
      continue;
    }
    struct cell_node *dep = *VEC_AT(node->deps, struct cell_node *, node->next_dep++);
    if (dep->visit == VISIT_NEW) {
      dep->visit = VISIT_OPEN;
      vec_push(s->arena, &path, dep);
    } else if (dep->visit == VISIT_OPEN) {
      report_cycle(s, &path, dep);
    }
  }
}

void sema_cycles(struct sema *s) {
  for (uint32_t i = 0; i < s->cells.count; i++) {
    struct cell_node *node = *VEC_AT(s->cells, struct cell_node *, i);
    if (node->visit == VISIT_NEW) walk(s, node);
  }
}
