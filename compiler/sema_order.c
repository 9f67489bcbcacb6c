// SPDX-License-Identifier: Apache-2.0
//
// Puts the program into the order in which it is decided: cells by first use, what they read before them; facts in
// the order they are best asked; texts in the order of their bytes. Only what some rule reaches is kept.
#include "compiler/sema.h"

#include <stdlib.h>
#include <string.h>

#include "vm/code.h"

struct order {
  struct sema *s;
  struct vec cells;    // struct cell *, finished
  struct vec read;     // struct fact_decl *, by first use
  struct vec manifest; // struct fact_decl *
  struct str cite;     // of what is being walked
};

// fact_decl.manifest until it has its place
#define NOT_READ SOC_NO_INDEX
#define READ (SOC_NO_INDEX - 1)

// ------------------------------------------------------------------ facts

static void read_fact(struct order *o, const struct fact_decl *fact) {
  struct fact_decl *f = *VEC_AT(o->s->facts, struct fact_decl *, fact->number);
  if (f->manifest != NOT_READ) return;
  f->manifest = READ;
  vec_push(o->s->arena, &o->read, f);
  if (f->list != NULL) read_fact(o, f->list);
  if (f->other != NULL) read_fact(o, f->other);
}

static void note_given(struct order *o, const struct fact_decl *fact, bool left_out,
                       struct span span) {
  struct given_use *use = vec_add(o->s->arena, &o->s->given_uses, sizeof *use);
  if (use != NULL) *use = (struct given_use){fact, left_out, o->cite, span};
}

static void on_fact(void *context, const struct fact_decl *fact, const struct expr *where) {
  struct order *o = context;
  read_fact(o, fact);
  if (where == NULL) return;
  if (where->kind == EXPR_NAME && where->as.name.if_given) note_given(o, fact, false, where->span);
  if (where->kind != EXPR_STATE) return;
  if (where->as.state.state == STATE_LEFT_OUT) note_given(o, fact, true, where->span);
  if (where->as.state.operand->as.name.if_given) note_given(o, fact, false, where->span);
}

static void read_set(struct order *o, const struct set_decl *decl) {
  if (decl == NULL || decl->index != SOC_NO_INDEX) return;
  struct set_node *set = (struct set_node *)(uintptr_t)decl;
  set->set.index = o->s->used_sets.count;
  vec_push(o->s->arena, &o->s->used_sets, set);
}

static void read_lists(struct order *o, const struct expr *e) {
  read_set(o, e->set);
  int64_t value;
  if (e->type != NULL && e->type->base == SOC_TEXT && expr_constant(e, &value))
    vec_push(o->s->arena, &o->s->used_texts, e);
  struct children children = expr_children(e);
  for (uint32_t i = 0; i < 3; i++)
    if (children.one[i] != NULL) read_lists(o, children.one[i]);
  for (const struct expr *m = children.list; m != NULL; m = m->next)
    if (m->cell == NULL) read_lists(o, m);
  if (e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_VALUE)
    read_lists(o, ((const struct derived_value *)e->decl)->value);
}

static void read_expr(struct order *o, const struct expr *e) {
  if (e == NULL) return;
  expr_facts(e, on_fact, o);
  read_lists(o, e);
}

// ------------------------------------------------------------------ cells

static void read_derivation(struct order *o, const struct cell *cell) {
  for (const struct derive_step *step = cell->derive->steps; step != NULL; step = step->next) {
    if (step->fact != NULL) read_fact(o, step->fact->decl);
    read_set(o, step->listed);
    read_expr(o, step->when);
  }
  read_fact(o, cell->asks);
}

static void finish_cell(struct order *o, struct cell_node *node) {
  node->cell.index = o->cells.count;
  if (node->cell.rows != NULL) read_fact(o, node->cell.rows);
  vec_push(o->s->arena, &o->cells, &node->cell);
  o->cite = node->cell.cite;
  if (node->cell.mask) {
    read_derivation(o, &node->cell);
    return;
  }
  read_expr(o, node->cell.within);
  read_expr(o, node->cell.when);
  read_expr(o, node->cell.value);
}

// What a cell reads comes before it; without recursion, as a chain of criteria may be as long as the file.
static void add_cell(struct order *o, const struct cell *cell) {
  struct vec path = {0};
  if (cell == NULL || node_of(cell)->placed) return;
  node_of(cell)->placed = true;
  node_of(cell)->next_dep = 0;
  vec_push(o->s->arena, &path, cell);
  while (path.count > 0 && !o->s->arena->out_of_memory) {
    struct cell_node *node = *VEC_AT(path, struct cell_node *, path.count - 1);
    if (node->next_dep == node->deps.count) {
      finish_cell(o, node);
      path.count--;
      continue;
    }
    struct cell_node *dep = *VEC_AT(node->deps, struct cell_node *, node->next_dep++);
    if (dep->placed) continue;
    dep->placed = true;
    dep->next_dep = 0;
    vec_push(o->s->arena, &path, dep);
  }
}

static void add_rule(struct order *o, const struct rule_decl *r) {
  add_cell(o, r->condition);
  add_cell(o, r->criterion);
  add_cell(o, r->open_cell);
  for (uint32_t i = 0; i < r->ground_count; i++) add_cell(o, r->grounds[i].cell);
  for (uint32_t i = 0; i < r->action_count; i++) add_cell(o, r->actions[i].cell);
  struct rule_node *node = r->decl != NULL ? r->decl->node : NULL;
  for (uint32_t i = 0; node != NULL && i < node->window_deps.count; i++)
    add_cell(o, &(*VEC_AT(node->window_deps, struct cell_node *, i))->cell);
  o->cite = r->cite;
  if (node != NULL && node->windows_read) return;
  if (node != NULL) node->windows_read = true;
  read_expr(o, r->from);
  read_expr(o, r->through);
  read_expr(o, r->stands);
  if (r->except != NULL && r->decl != NULL) read_expr(o, r->decl->except);
}

// A part shown under a parent that no rule reaches would lead nowhere.
static void drop_lost_parents(struct order *o) {
  for (uint32_t i = 0; i < o->cells.count; i++) {
    struct cell *cell = *VEC_AT(o->cells, struct cell *, i);
    if (cell->parent != NULL && cell->parent->index == SOC_NO_INDEX) cell->parent = NULL;
  }
}

// ------------------------------------------------------------------ manifest

static void place_one(struct order *o, struct fact_decl *fact) {
  fact->manifest = o->manifest.count;
  vec_push(o->s->arena, &o->manifest, fact);
}

// A record list stands before its fields, and they stand together.
static void place_fact(struct order *o, struct fact_decl *fact) {
  if (fact->manifest != READ) return;
  if (fact->list != NULL) fact = *VEC_AT(o->s->facts, struct fact_decl *, fact->list->number);
  if (fact->manifest != READ) return;
  place_one(o, fact);
  if (fact->type.base != SOC_RECORDS) return;
  for (uint32_t i = 0; i < o->read.count; i++) {
    struct fact_decl *field = *VEC_AT(o->read, struct fact_decl *, i);
    if (field->list == fact) place_one(o, field);
  }
}

static void place_asked(struct order *o, const struct decl_ask_order *d) {
  struct sema *s = o->s;
  for (const struct literal *l = d->facts; l != NULL; l = l->next) {
    struct symbol *symbol = names_find(&s->names, l->word.text);
    if (symbol == NULL || symbol->kind != KIND_FACT) {
      report_unknown_name(s, NULL, l->word, "fact");
      continue;
    }
    struct fact_decl *fact = symbol->decl;
    if (fact->manifest == NOT_READ)
      diag_report(s->diags, DIAG_ASKED_UNREAD, l->span, fact->name);
    else if (fact->manifest != READ)
      diag_report(s->diags, DIAG_ASKED_TWICE, l->span, fact->name);
    else
      place_fact(o, fact);
  }
}

static void place_facts(struct order *o) {
  const struct decl_ask_order *seen = NULL;
  for (const struct decl *d = o->s->main->decls; d != NULL; d = d->next) {
    if (d->tag != DECL_ASK_ORDER) continue;
    if (seen != NULL) diag_report(o->s->diags, DIAG_ASK_ORDER_TWICE, d->span);
    if (seen == NULL) place_asked(o, (const struct decl_ask_order *)d);
    seen = (const struct decl_ask_order *)d;
  }
  for (uint32_t i = 0; i < o->read.count; i++)
    place_fact(o, *VEC_AT(o->read, struct fact_decl *, i));
  for (uint32_t i = 0; i < o->s->facts.count; i++) { // after errors nothing may be left half done
    struct fact_decl *fact = *VEC_AT(o->s->facts, struct fact_decl *, i);
    if (fact->manifest == READ) fact->manifest = NOT_READ;
  }
}

// ------------------------------------------------------------------ texts

static int by_bytes(const void *a, const void *b) {
  const struct symbol *const *x = a, *const *y = b;
  return str_order((*x)->name, (*y)->name);
}

static int by_number(const void *a, const void *b) {
  const struct set_range *x = a, *y = b;
  if (x->lo != y->lo) return x->lo < y->lo ? -1 : 1;
  return x->from < y->from ? -1 : x->from > y->from;
}

static void renumber_set(struct set_node *set, const uint32_t *place) {
  for (uint32_t i = 0; i < set->set.count; i++) {
    struct set_range *r = &set->set.ranges[i];
    r->lo = place[r->lo];
    r->hi = r->lo;
  }
  if (set->set.count > 0)
    qsort(set->set.ranges, set->set.count, sizeof *set->set.ranges, by_number);
}

static void sort_texts(struct sema *s) {
  uint32_t count = s->texts.all.count;
  struct symbol **sorted = ARENA_ARRAY(s->arena, struct symbol *, count);
  uint32_t *place = ARENA_ARRAY(s->arena, uint32_t, count);
  struct str *texts = ARENA_ARRAY(s->arena, struct str, count);
  if (sorted == NULL || place == NULL || texts == NULL || count == 0) return;
  memcpy(sorted, s->texts.all.items, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, by_bytes);
  for (uint32_t i = 0; i < count; i++) {
    place[sorted[i]->number] = i;
    texts[i] = sorted[i]->name;
  }
  for (uint32_t i = 0; i < s->text_sets.count; i++)
    renumber_set(*VEC_AT(s->text_sets, struct set_node *, i), place);
  for (uint32_t i = 0; i < s->text_literals.count; i++) {
    struct expr *e = *VEC_AT(s->text_literals, struct expr *, i);
    e->value = place[e->value];
  }
  for (uint32_t i = 0; i < s->text_constants.count; i++) {
    struct constant_node *c = *VEC_AT(s->text_constants, struct constant_node *, i);
    c->constant.value = place[c->constant.value];
  }
  s->program->texts = texts;
  s->program->text_count = count;
}

// ------------------------------------------------------------------ all of it

static void declared_sets(struct sema *s) {
  const struct set_decl **all = ARENA_ARRAY(s->arena, const struct set_decl *, s->sets.count);
  for (uint32_t i = 0; all != NULL && i < s->sets.count; i++)
    all[i] = &(*VEC_AT(s->sets, struct set_node *, i))->set;
  s->program->declared_sets = all;
  s->program->declared_set_count = all != NULL ? s->sets.count : 0;
}

void sema_order(struct sema *s) {
  struct order o = {.s = s};
  struct program *p = s->program;
  const struct decision_decl *decisions = s->decisions.items;
  for (uint32_t i = 0; i < s->decisions.count; i++) {
    if (decisions[i].list != NULL) read_fact(&o, decisions[i].list);
    for (uint32_t j = 0; j < decisions[i].rule_count; j++) add_rule(&o, &decisions[i].rules[j]);
  }
  if (p->basis != NULL) read_fact(&o, p->basis);
  drop_lost_parents(&o);
  place_facts(&o);
  sort_texts(s);
  declared_sets(s);
  p->cells = o.cells.items, p->cell_count = o.cells.count;
  p->manifest = o.manifest.items, p->manifest_count = o.manifest.count;
  p->sets = s->used_sets.items, p->set_count = s->used_sets.count;
  p->facts = s->facts.items, p->fact_count = s->facts.count;
  p->decisions = s->decisions.items, p->decision_count = s->decisions.count;
  p->given_uses = s->given_uses.items, p->given_use_count = s->given_uses.count;
  if (p->cell_count > SOC_MAX_CELLS)
    diag_report(s->diags, DIAG_TOO_MANY_CELLS, s->main->head.id.span, p->cell_count,
                (uint32_t)SOC_MAX_CELLS);
}

// ------------------------------------------------------------------ what nothing uses

void sema_unused(struct sema *s) {
  for (uint32_t i = 0; i < s->names.all.count; i++) {
    const struct symbol *symbol = *VEC_AT(s->names.all, struct symbol *, i);
    if (symbol->used || symbol->span.file != s->main->index) continue;
    bool part =
        symbol->kind == KIND_CRITERION && ((const struct cell_node *)symbol->decl)->decl == NULL;
    if (symbol->kind == KIND_FACT || part) continue;
    if (symbol->kind == KIND_DERIVED_ENUM || symbol->kind == KIND_DERIVED_VALUE) continue;
    const char *what = symbol->kind == KIND_SET        ? "set"
                       : symbol->kind == KIND_CONSTANT ? "constant"
                       : symbol->kind == KIND_QUANTITY ? "quantity"
                                                       : "criterion";
    diag_report(s->diags, DIAG_UNUSED, symbol->span, what, symbol->name);
  }
  for (uint32_t i = 0; i < s->groups.all.count; i++) {
    const struct symbol *symbol = *VEC_AT(s->groups.all, struct symbol *, i);
    const struct group *group = symbol->decl;
    if (group->rules != NULL && !symbol->used && symbol->span.file == s->main->index)
      diag_report(s->diags, DIAG_UNUSED, symbol->span, "block of rules", symbol->name);
  }
}
