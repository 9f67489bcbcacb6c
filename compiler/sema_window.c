// SPDX-License-Identifier: Apache-2.0
//
// Which facts are certain once a rule has decided. A window (`from`, `through`) is worked out after the decision and
// must not depend on a fact that is still missing then, so it may read only a fact that the rule's own condition
// settles, or that an earlier rule with another determination settled by not being met, or one read `if given`.
#include "compiler/sema.h"

struct certainty {
  bool met, not_met; // the fact has a value when the condition is met, when it is not met
};

struct windows {
  struct sema *s;
  const struct fact_decl *fact; // the one being asked about
  struct certainty *cells;      // by index
};

// ------------------------------------------------------------------ one condition

struct search {
  const struct fact_decl *fact;
  bool found;
  bool other_none; // some other fact it reads may be none, which settles it by itself
};

// May the fact be known and still have no value?
static bool can_be_none(const struct fact_decl *fact) {
  return fact->nullable || fact->left_out == SOC_LEFT_OUT_NONE ||
         (fact->other != NULL && fact->other->nullable);
}

static void seek(void *context, const struct fact_decl *fact, const struct expr *where) {
  struct search *search = context;
  if (where == NULL) return; // the date of a set: an undated member needs none
  bool given = where->kind == EXPR_NAME && where->as.name.if_given;
  if (fact == search->fact && !given)
    search->found = true;
  else
    search->other_none = search->other_none || given || can_be_none(fact);
}

static struct search search_for(const struct expr *e, const struct fact_decl *fact) {
  struct search search = {.fact = fact};
  expr_facts(e, seek, &search);
  return search;
}

static bool reads(const struct expr *e, const struct fact_decl *fact) {
  return search_for(e, fact).found;
}

// `earliest of` and `latest of` let a none drop out, and a count may be settled before every row is known.
static bool has_pick(const struct expr *e) {
  if (e->kind == EXPR_PICK || e->kind == EXPR_ROWS) return true;
  if (e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_VALUE)
    return has_pick(((const struct derived_value *)e->decl)->value);
  struct children children = expr_children(e);
  for (uint32_t i = 0; i < 3; i++)
    if (children.one[i] != NULL && has_pick(children.one[i])) return true;
  return false;
}

static struct certainty of_comparison(const struct windows *w, const struct expr *e) {
  struct search search = search_for(e, w->fact);
  if (!search.found || has_pick(e)) return (struct certainty){false, false};
  return (struct certainty){true, !search.other_none && !can_be_none(w->fact)};
}

static struct certainty of_state(const struct windows *w, const struct expr *e) {
  struct certainty c = {false, false};
  if (e->as.state.operand->decl == w->fact) {
    if (e->as.state.state == STATE_NONE) c.not_met = true;
    if (e->as.state.state == STATE_LEFT_OUT) c.not_met = !can_be_none(w->fact);
  }
  if (!e->as.state.negated) return c;
  return (struct certainty){c.not_met, c.met};
}

static struct certainty of_expr(const struct windows *w, const struct expr *e);

static struct certainty of_member(const struct windows *w, const struct expr *m) {
  return m->cell != NULL ? w->cells[m->cell->index] : of_expr(w, m);
}

static struct certainty of_block(const struct windows *w, const struct expr *e) {
  struct certainty some = {false, false}, every = {true, true};
  for (const struct expr *m = e->as.block.first; m != NULL; m = m->next) {
    struct certainty c = of_member(w, m);
    some.met = some.met || c.met, some.not_met = some.not_met || c.not_met;
    every.met = every.met && c.met, every.not_met = every.not_met && c.not_met;
  }
  uint32_t need = e->as.block.need, count = e->as.block.count;
  switch (e->as.block.kind) {
  case BLOCK_ALL: return (struct certainty){some.met, every.not_met};
  case BLOCK_ANY: return (struct certainty){every.met, some.not_met};
  case BLOCK_NONE: return (struct certainty){some.not_met, every.met};
  case BLOCK_AT_LEAST:
    return (struct certainty){need == count ? some.met : every.met,
                              need == 1 ? some.not_met : every.not_met};
  }
  return (struct certainty){false, false};
}

static struct certainty of_expr(const struct windows *w, const struct expr *e) {
  struct certainty c;
  switch (e->kind) {
  case EXPR_BLOCK: return of_block(w, e);
  case EXPR_NOT: c = of_expr(w, e->as.not_.operand); return (struct certainty){c.not_met, c.met};
  case EXPR_NAME:
    if (e->decl_kind == KIND_CRITERION) return w->cells[((const struct cell *)e->decl)->index];
    return of_comparison(w, e);
  case EXPR_STATE: return of_state(w, e);
  case EXPR_ROWS: return (struct certainty){false, false};
  default: return of_comparison(w, e);
  }
}

static struct certainty of_cell(const struct windows *w, const struct cell *cell) {
  if (cell->mask || cell->value != NULL) return (struct certainty){false, false};
  struct certainty c = of_expr(w, cell->when);
  if (cell->negated) c = (struct certainty){c.not_met, c.met};
  if (cell->within == NULL) return c;
  struct certainty within = of_expr(w, cell->within);
  return (struct certainty){c.met || within.met, c.not_met && within.not_met};
}

// ------------------------------------------------------------------ the rules of one decision

static void check_read(const struct windows *w, const struct rule_decl *r, const struct expr *e,
                       bool certain) {
  if (e == NULL || certain || !reads(e, w->fact)) return;
  struct diag *d = diag_report(w->s->diags, DIAG_WINDOW_FACT, e->span, w->fact->name, r->name);
  diag_help(w->s->diags, d, "let the rule's condition depend on `%w`, or write `%w if given`",
            w->fact->name, w->fact->name);
}

// Under `longest approval decides` an approving rule may be looked at after another has decided. What stands between
// the two was not tried then, so it settles nothing.
static void check_decision(const struct windows *w, const struct decision_decl *d) {
  bool settled[SOC_DETERMINATION_COUNT] = {false}, tried = true;
  for (uint32_t i = 0; i < d->rule_count; i++) {
    const struct rule_decl *r = &d->rules[i];
    struct certainty c = {false, false};
    if (r->condition != NULL) c = w->cells[r->condition->index];
    bool certain = c.met || w->fact->left_out == SOC_LEFT_OUT_ASSUMED;
    for (int other = 0; other < SOC_DETERMINATION_COUNT; other++)
      certain = certain || (settled[other] && other != (int)r->determination);
    check_read(w, r, r->from, certain);
    check_read(w, r, r->through, certain);
    if (c.not_met && tried) settled[r->determination] = true;
    if (d->longest && r->determination == SOC_APPROVE && !r->stop) tried = false;
  }
}

static void check_fact(struct windows *w) {
  const struct program *p = w->s->program;
  for (uint32_t i = 0; i < p->cell_count; i++) w->cells[i] = of_cell(w, p->cells[i]);
  for (uint32_t i = 0; i < p->decision_count; i++) check_decision(w, &p->decisions[i]);
}

// ------------------------------------------------------------------ all facts that windows read

struct collect {
  struct sema *s;
  bool *seen;
  struct vec facts;
};

static void collect(void *context, const struct fact_decl *fact, const struct expr *where) {
  struct collect *c = context;
  if (where != NULL && where->kind == EXPR_NAME && where->as.name.if_given) return;
  if (fact->list != NULL || fact->type.base == SOC_RECORDS || c->seen[fact->number]) return;
  c->seen[fact->number] = true;
  vec_push(c->s->arena, &c->facts, fact);
}

void sema_windows(struct sema *s) {
  const struct program *p = s->program;
  struct windows w = {.s = s, .cells = ARENA_ARRAY(s->arena, struct certainty, p->cell_count)};
  struct collect c = {.s = s, .seen = ARENA_ARRAY(s->arena, bool, p->fact_count)};
  if (w.cells == NULL || c.seen == NULL) return;
  for (uint32_t i = 0; i < p->decision_count; i++) {
    for (uint32_t j = 0; j < p->decisions[i].rule_count; j++) {
      const struct rule_decl *r = &p->decisions[i].rules[j];
      if (r->from != NULL) expr_facts(r->from, collect, &c);
      if (r->through != NULL) expr_facts(r->through, collect, &c);
    }
  }
  for (uint32_t i = 0; i < c.facts.count && !s->arena->out_of_memory; i++) {
    w.fact = *VEC_AT(c.facts, const struct fact_decl *, i);
    check_fact(&w);
  }
}
