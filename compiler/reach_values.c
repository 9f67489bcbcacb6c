// SPDX-License-Identifier: Apache-2.0
//
// What facts, values and derived enumerations can be while some facts are held to a class of values; see reach.h.
#include "compiler/reach_parts.h"
#include "vm/code.h"

int32_t reach_better(const struct trial *t, int32_t a, int32_t b) {
  if (a == NO_VARIABLE || b == NO_VARIABLE || a == b) return a == NO_VARIABLE ? b : a;
  return trial_variable_at(t, b)->reads > trial_variable_at(t, a)->reads ? b : a;
}

// ------------------------------------------------------------------ where something is read

const struct reach_frame *reach_read_at(const struct reach_frame *at, const struct expr *e) {
  return e->kind == EXPR_NAME && e->as.name.own ? at->outer : at;
}

static uint32_t row_of(const struct reach_frame *at, const struct fact_decl *list) {
  while (at != NULL && at->list != list) at = at->outer;
  return at != NULL ? at->row : 0;
}

const struct reach_frame *reach_cell_frame(const struct reach_frame *at, const struct cell *cell,
                                           struct reach_frame *own) {
  if (cell->rows == NULL) return NULL;
  *own = (struct reach_frame){cell->rows, row_of(at, cell->rows), NULL};
  return own;
}

// ------------------------------------------------------------------ facts

bool reach_may_be_unknown(const struct fact_decl *f) {
  if (f->left_out == SOC_LEFT_OUT_OTHER_FACT) return reach_may_be_unknown(f->other);
  return f->left_out == SOC_LEFT_OUT_UNKNOWN || f->left_out == SOC_LEFT_OUT_DERIVED;
}

static int32_t read_left_out(const struct trial *t, const struct reach_frame *at,
                             const struct fact_decl *f, bool if_given, reading_fn *fn, void *ctx) {
  struct reading r = {.kind = if_given ? READ_NONE : READ_UNKNOWN};
  switch (f->left_out) {
  case SOC_LEFT_OUT_NONE: r.kind = READ_NONE; break;
  case SOC_LEFT_OUT_EMPTY: r.kind = READ_EMPTY; break;
  case SOC_LEFT_OUT_ASSUMED:
    r = (struct reading){.kind = READ_VALUE, .lo = f->assumed, .hi = f->assumed};
    break;
  case SOC_LEFT_OUT_OTHER_FACT: return reach_readings(t, at, f->other, if_given, fn, ctx);
  case SOC_LEFT_OUT_UNKNOWN:
  case SOC_LEFT_OUT_REQUIRED:
  case SOC_LEFT_OUT_DERIVED: break;
  }
  fn(ctx, r);
  return NO_VARIABLE;
}

int32_t reach_fact_variable(const struct trial *t, const struct reach_frame *at,
                            const struct fact_decl *f) {
  const struct domain *d = trial_domain(t, f);
  return trial_variable(t, (struct variable){.of = f,
                                             .kind = VARIABLE_FACT,
                                             .row = row_of(at, f->list),
                                             .choices = d->class_count,
                                             .reads = d->reads});
}

int32_t reach_readings(const struct trial *t, const struct reach_frame *at,
                       const struct fact_decl *f, bool if_given, reading_fn *fn, void *ctx) {
  static const enum reading_kind kinds[] = {[CLASS_NONE] = READ_NONE,
                                            [CLASS_VALUE] = READ_VALUE,
                                            [CLASS_EMPTY] = READ_EMPTY,
                                            [CLASS_FILLED] = READ_FILLED};
  const struct domain *d = trial_domain(t, f);
  int32_t variable = reach_fact_variable(t, at, f), held = trial_held(t, variable);
  int32_t behind = NO_VARIABLE;
  (void)reach_spend(&t->state->work, held == OPEN ? d->class_count : 1);
  for (uint32_t i = 0; i < d->class_count; i++) {
    const struct value_class *c = &d->classes[i];
    if (held != OPEN && held != (int32_t)i) continue;
    if (c->kind == CLASS_LEFT_OUT)
      behind = read_left_out(t, at, f, if_given, fn, ctx);
    else
      fn(ctx, (struct reading){kinds[c->kind], c->lo, c->hi, d->items != NULL ? d : NULL, c->item});
  }
  return held == OPEN && d->class_count > 1 ? variable : behind;
}

static void widen(struct amount *a, int64_t lo, int64_t hi) {
  bool first = (a->may & MAY_KNOWN) == 0;
  a->lo = first || lo < a->lo ? lo : a->lo;
  a->hi = first || hi > a->hi ? hi : a->hi;
  a->may |= MAY_KNOWN;
}

static void add_reading(void *ctx, struct reading r) {
  struct amount *a = ctx;
  if (r.kind == READ_UNKNOWN) a->may |= MAY_UNKNOWN;
  if (r.kind == READ_NONE) a->may |= MAY_NONE;
  if (r.kind == READ_VALUE) widen(a, r.lo, r.hi);
}

struct amount reach_fact_amount(const struct trial *t, const struct reach_frame *at,
                                const struct fact_decl *f, bool if_given) {
  struct amount a = {.may = 0};
  a.variable = reach_readings(t, at, f, if_given, add_reading, &a);
  return a;
}

// ------------------------------------------------------------------ values

static struct amount amount_of(uint32_t may, int64_t lo, int64_t hi) {
  return (struct amount){may, lo, hi, NO_VARIABLE};
}

// Of two values: none if one is none, unknown if one is unknown.
static struct amount both(const struct trial *t, struct amount a, struct amount b) {
  uint32_t may = (a.may | b.may) & (MAY_NONE | MAY_SPAN);
  bool a_there = (a.may & (MAY_UNKNOWN | MAY_KNOWN)) != 0,
       b_there = (b.may & (MAY_UNKNOWN | MAY_KNOWN)) != 0;
  if (((a.may & MAY_UNKNOWN) && b_there) || ((b.may & MAY_UNKNOWN) && a_there)) may |= MAY_UNKNOWN;
  if (a.may & b.may & MAY_KNOWN) may |= MAY_KNOWN;
  struct amount r = amount_of(may, -SOC_NUMBER_MAX, SOC_NUMBER_MAX);
  r.variable = reach_better(t, a.variable, b.variable);
  return r;
}

// By nothing there is no quotient; by what may be nothing, none that is bounded.
static struct amount quotient(struct trial *t, const struct reach_frame *at, const struct expr *e) {
  struct amount a = reach_amount(t, at, e->as.quotient.left),
                b = reach_amount(t, at, e->as.quotient.right), r = both(t, a, b);
  if ((b.may & MAY_KNOWN) && b.lo <= 0) r.may |= MAY_NONE;
  return r;
}

// Earliest or latest of what is not none.
static struct amount pick(struct trial *t, const struct reach_frame *at, const struct expr *e) {
  struct amount best = amount_of(MAY_NONE, 0, 0);
  for (const struct expr *m = e->as.pick.first; m != NULL; m = m->next) {
    struct amount v = reach_amount(t, at, m);
    uint32_t may = (best.may & v.may & MAY_NONE) | ((best.may | v.may) & (MAY_UNKNOWN | MAY_SPAN));
    if (((best.may & MAY_KNOWN) && (v.may & (MAY_KNOWN | MAY_NONE))) ||
        ((v.may & MAY_KNOWN) && (best.may & (MAY_KNOWN | MAY_NONE))))
      may |= MAY_KNOWN;
    if (v.may & MAY_KNOWN) widen(&best, v.lo, v.hi);
    best.may = may;
    best.variable = reach_better(t, best.variable, v.variable);
  }
  return best;
}

struct counting {
  const struct expr *loop;
  uint8_t body; // states that a row can have
  struct amount amount;
};

static bool adds_unknown(const struct expr *loop) {
  if (loop->as.rows->kind != ROWS_SUM) return false;
  const struct fact_decl *f = expr_fact(loop->as.rows->value);
  return f == NULL || reach_may_be_unknown(f);
}

static void count_reading(void *ctx, struct reading r) {
  struct counting *c = ctx;
  bool sum = c->loop->as.rows->kind == ROWS_SUM, any = (c->body & ~(unsigned)REACH_NOT_MET) != 0;
  if (r.kind == READ_UNKNOWN || r.kind == READ_NONE) c->amount.may |= MAY_UNKNOWN;
  if (r.kind == READ_EMPTY) widen(&c->amount, 0, 0);
  if (r.kind != READ_FILLED) return;
  if (any && ((c->body & REACH_UNKNOWN) || adds_unknown(c->loop))) c->amount.may |= MAY_SPAN;
  int64_t least = c->body == REACH_MET ? SOC_MICRO : 0, most = any ? SOC_NUMBER_MAX : 0;
  widen(&c->amount, sum ? -most : least, most);
}

static struct amount count_rows(struct trial *t, const struct reach_frame *at,
                                const struct expr *e) {
  struct counting c = {.loop = e, .body = reach_body(t, at, e)};
  c.amount.variable = reach_readings(t, at, e->decl, false, count_reading, &c);
  return c.amount;
}

static struct amount named_amount(struct trial *t, const struct reach_frame *at,
                                  const struct expr *e) {
  if (e->decl_kind == KIND_DERIVED_VALUE)
    return reach_amount(t, at, ((const struct derived_value *)e->decl)->value);
  if (e->decl_kind == KIND_QUANTITY) {
    const struct cell *cell = e->decl;
    struct reach_frame own;
    return reach_amount(t, reach_cell_frame(reach_read_at(at, e), cell, &own), cell->value);
  }
  return reach_fact_amount(t, reach_read_at(at, e), e->decl, e->as.name.if_given);
}

struct amount reach_amount(struct trial *t, const struct reach_frame *at, const struct expr *e) {
  int64_t value;
  if (expr_constant(e, &value)) return amount_of(MAY_KNOWN, value, value);
  switch (e->kind) {
  case EXPR_NAME: return named_amount(t, at, e);
  case EXPR_ARITH:
    return both(t, reach_amount(t, at, e->as.arith.left), reach_amount(t, at, e->as.arith.right));
  case EXPR_AGE:
  case EXPR_DAYS:
    return both(t, reach_amount(t, at, e->as.span_of.from), reach_amount(t, at, e->as.span_of.to));
  case EXPR_QUOTIENT: return quotient(t, at, e);
  case EXPR_PICK: return pick(t, at, e);
  case EXPR_ROWS: return count_rows(t, at, e);
  default: return amount_of(15, -SOC_NUMBER_MAX, SOC_NUMBER_MAX);
  }
}

// ------------------------------------------------------------------ comparing values

static uint8_t either(bool met, bool not_met) {
  return (uint8_t)((met ? REACH_MET : 0) | (not_met ? REACH_NOT_MET : 0));
}

static uint8_t related(enum rel_kind rel, struct amount a, struct amount b) {
  bool apart = a.hi < b.lo || b.hi < a.lo, single = a.lo == a.hi && b.lo == b.hi;
  switch (rel) {
  case REL_EQ: return either(!apart, apart || !single);
  case REL_NE: return either(apart || !single, !apart);
  case REL_LT: return either(a.lo < b.hi, a.hi >= b.lo);
  case REL_GE: return reach_negated(either(a.lo < b.hi, a.hi >= b.lo));
  case REL_GT: return either(b.lo < a.hi, b.hi >= a.lo);
  case REL_LE: return reach_negated(either(b.lo < a.hi, b.hi >= a.lo));
  }
  return REACH_ALL;
}

uint8_t reach_relation(enum rel_kind rel, struct amount a, struct amount b) {
  uint8_t states = 0;
  bool a_there = (a.may & (MAY_UNKNOWN | MAY_KNOWN)) != 0,
       b_there = (b.may & (MAY_UNKNOWN | MAY_KNOWN)) != 0;
  if ((a.may | b.may) & MAY_NONE) states |= REACH_NOT_MET;
  if (((a.may & MAY_UNKNOWN) && b_there) || ((b.may & MAY_UNKNOWN) && a_there))
    states |= REACH_UNKNOWN;
  if ((a.may & b.may & MAY_KNOWN) == 0) return states;
  uint8_t known = related(rel, a, b);
  bool open = ((a.may | b.may) & MAY_SPAN) && known == (REACH_MET | REACH_NOT_MET);
  return (uint8_t)(states | known | (open ? REACH_UNKNOWN : 0));
}

// ------------------------------------------------------------------ derived enumerations

static void add_mask(struct masks *m, uint64_t mask) {
  for (uint32_t i = 0; i < m->count; i++)
    if (m->items[i] == mask) return;
  if (m->count == MOST_MASKS)
    m->many = true;
  else
    m->items[m->count++] = mask;
}

static void add_masks(struct masks *m, const struct masks *more, uint64_t with) {
  for (uint32_t i = 0; i < more->count; i++) add_mask(m, more->items[i] | with);
  m->many = m->many || more->many;
}

struct stepping {
  const struct derive_step *step;
  struct masks masks;
  uint64_t all;
  bool next; // the steps after this one may answer
};

static void step_fact(void *ctx, struct reading r) {
  struct stepping *s = ctx;
  if (r.kind == READ_VALUE)
    add_mask(&s->masks, UINT64_C(1) << r.lo);
  else
    s->next = true;
}

static const struct derive_row *map_row(const struct derive_step *step, uint64_t code) {
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next)
    for (uint32_t i = 0; i < row->range_count; i++)
      if (code >= row->ranges[i].lo && code <= row->ranges[i].hi) return row;
  return NULL;
}

static void step_map(void *ctx, struct reading r) {
  struct stepping *s = ctx;
  const struct derive_row *row = r.kind == READ_VALUE ? map_row(s->step, (uint64_t)r.lo) : NULL;
  if (r.kind == READ_UNKNOWN)
    add_mask(&s->masks, s->all);
  else if (row != NULL)
    add_mask(&s->masks, row->mask);
  else
    s->next = true;
}

static void reach_steps(struct trial *t, const struct reach_frame *at, const struct cell *cell,
                        const struct derive_step *step, struct masks *out);

static void reach_choice(struct trial *t, const struct reach_frame *at, const struct cell *cell,
                         const struct derive_step *step, struct masks *out) {
  struct possible when = {REACH_MET, NO_VARIABLE};
  struct masks rest = {.variable = NO_VARIABLE};
  if (step->when != NULL) when = reach_condition(t, at, step->when);
  if (when.states & REACH_MET) add_mask(out, step->mask);
  out->variable = reach_better(t, out->variable, when.variable);
  if ((when.states & (REACH_NOT_MET | REACH_UNKNOWN)) == 0) return;
  reach_steps(t, at, cell, step->next, &rest);
  if (when.states & REACH_NOT_MET) add_masks(out, &rest, 0);
  if (when.states & REACH_UNKNOWN) add_masks(out, &rest, step->mask);
  out->variable = reach_better(t, out->variable, rest.variable);
}

static void reach_steps(struct trial *t, const struct reach_frame *at, const struct cell *cell,
                        const struct derive_step *step, struct masks *out) {
  uint32_t values = cell->values->count;
  struct stepping s = {.step = step,
                       .all = values >= 64 ? UINT64_MAX : (UINT64_C(1) << values) - 1};
  if (step == NULL) {
    add_mask(out, s.all);
    return;
  }
  if (step->kind == DERIVE_VALUE) {
    reach_choice(t, at, cell, step, out);
    return;
  }
  int32_t variable = reach_readings(t, reach_read_at(at, step->fact), step->fact->decl,
                                    step->fact->as.name.if_given,
                                    step->kind == DERIVE_FACT ? step_fact : step_map, &s);
  add_masks(out, &s.masks, 0);
  out->variable = reach_better(t, out->variable, variable);
  if (s.next) reach_steps(t, at, cell, step->next, out);
}

struct masks reach_masks(struct trial *t, const struct reach_frame *at, const struct cell *cell) {
  struct masks m = {.variable = NO_VARIABLE};
  struct reach_frame own;
  reach_steps(t, reach_cell_frame(at, cell, &own), cell, cell->derive->steps, &m);
  return m;
}
