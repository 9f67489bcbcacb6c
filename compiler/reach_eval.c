// SPDX-License-Identifier: Apache-2.0
//
// Conditions over sets of states: which of met, not met and unknown a condition can be while some facts are held to a
// class of values; see reach.h. Follows section 2 of the design construct by construct, as tests/oracle does for one
// case; tests/property/reach_test.c holds both against each other.
#include "compiler/reach_parts.h"
#include "vm/code.h"

enum { DEEPEST = 1000 }; // conditions in one another; what lies deeper can be anything

static struct possible certain(uint8_t states) {
  return (struct possible){states, NO_VARIABLE};
}

static uint8_t state_of(bool met) {
  return met ? REACH_MET : REACH_NOT_MET;
}

static bool several(uint8_t states) {
  return (states & (states - 1)) != 0;
}

static struct possible negate(struct possible p, bool negate) {
  return negate ? (struct possible){reach_negated(p.states), p.variable} : p;
}

static struct possible either_of(const struct trial *t, const void *of, uint32_t row,
                                 uint8_t states) {
  int32_t variable = trial_variable(
      t, (struct variable){.of = of, .kind = VARIABLE_TRUTH, .row = row, .choices = SOC_MET + 1});
  int32_t held = trial_held(t, variable);
  if (held == OPEN) return (struct possible){states, variable};
  return certain((uint8_t)(states & 1u << held));
}

// What the facts leave open is a variable of its own, so that it is the same wherever the condition is asked again.
static struct possible settle(struct trial *t, const struct reach_frame *at, const struct expr *e,
                              uint8_t states, int32_t variable) {
  if (!several(states)) return certain(states);
  if (variable != NO_VARIABLE) return (struct possible){states, variable};
  return either_of(t, e, at != NULL ? at->row : 0, states);
}

// ------------------------------------------------------------------ blocks

// Members of a block, counted by what they can be.
struct fold {
  uint32_t members, can_met, can_not, unknown, must_met, met_or_not;
  bool contradiction;
  int32_t variable;
};

static void fold_add(const struct trial *t, struct fold *f, struct possible p) {
  f->members++;
  f->can_met += (p.states & REACH_MET) != 0;
  f->can_not += (p.states & REACH_NOT_MET) != 0;
  f->unknown += (p.states & REACH_UNKNOWN) != 0;
  f->must_met += p.states == REACH_MET;
  f->met_or_not += p.states == (REACH_MET | REACH_NOT_MET);
  f->contradiction = f->contradiction || p.states == 0;
  f->variable = reach_better(t, f->variable, p.variable);
}

// At least `need` of them. Unknown: fewer are met, and enough could still be. Most could be if every member that can be
// unknown is, and of the others as many are met as may be.
static struct possible fold_end(const struct fold *f, uint32_t need) {
  uint8_t states = 0;
  if (f->contradiction) return certain(0);
  if (need == 0) return certain(REACH_MET);
  uint32_t met = f->must_met + f->met_or_not < need ? f->must_met + f->met_or_not : need - 1;
  if (f->can_met >= need) states |= REACH_MET;
  if (f->can_not + need > f->members) states |= REACH_NOT_MET;
  if (f->must_met < need && f->unknown + met >= need) states |= REACH_UNKNOWN;
  return (struct possible){states, several(states) ? f->variable : NO_VARIABLE};
}

static struct possible reach_block(struct trial *t, const struct reach_frame *at,
                                   const struct expr *e) {
  struct fold fold = {.variable = NO_VARIABLE};
  uint32_t need = e->as.block.need;
  for (const struct expr *m = e->as.block.first; m != NULL; m = m->next)
    fold_add(t, &fold, reach_condition(t, at, m));
  if (e->as.block.kind == BLOCK_ALL) need = fold.members;
  if (e->as.block.kind == BLOCK_ANY || e->as.block.kind == BLOCK_NONE) need = 1;
  return negate(fold_end(&fold, need), e->as.block.kind == BLOCK_NONE);
}

static struct possible both_met(const struct trial *t, struct possible a, struct possible b) {
  struct fold fold = {.variable = NO_VARIABLE};
  fold_add(t, &fold, a);
  fold_add(t, &fold, b);
  return fold_end(&fold, 2);
}

// ------------------------------------------------------------------ comparisons

static uint8_t mask_state(uint64_t candidates, uint64_t set) {
  if ((candidates & ~set) == 0) return REACH_MET;
  return (candidates & set) == 0 ? REACH_NOT_MET : REACH_UNKNOWN;
}

static uint8_t masks_in(const struct masks *m, uint64_t set) {
  uint8_t states = m->many ? REACH_ALL : 0;
  for (uint32_t i = 0; i < m->count; i++) states |= mask_state(m->items[i], set);
  return states;
}

static struct possible compare_mask(struct trial *t, const struct reach_frame *at,
                                    const struct expr *e, const struct expr *mask,
                                    const struct expr *other) {
  int64_t value;
  if (!expr_constant(other, &value)) return settle(t, at, e, REACH_ALL, NO_VARIABLE);
  struct masks m = reach_masks(t, reach_read_at(at, mask), mask->decl);
  uint8_t states = masks_in(&m, UINT64_C(1) << value);
  return settle(t, at, e, e->as.compare.rel == REL_EQ ? states : reach_negated(states), m.variable);
}

// Classes say which listed text it is, not whether two texts that are not listed are the same.
static uint8_t related_texts(struct amount a, struct amount b) {
  uint8_t states = reach_relation(REL_EQ, a, b);
  return a.may & b.may & MAY_KNOWN ? (uint8_t)(states | REACH_MET | REACH_NOT_MET) : states;
}

static struct possible reach_compare(struct trial *t, const struct reach_frame *at,
                                     const struct expr *e) {
  const struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  if (expr_mask_cell(left) != NULL) return compare_mask(t, at, e, left, right);
  if (expr_mask_cell(right) != NULL) return compare_mask(t, at, e, right, left);
  struct amount a = reach_amount(t, at, left), b = reach_amount(t, at, right);
  const struct fact_decl *f = expr_fact(left), *g = expr_fact(right);
  bool by_example = f != NULL && g != NULL && !type_is_ordered(&f->type);
  uint8_t states = by_example ? related_texts(a, b) : reach_relation(e->as.compare.rel, a, b);
  return settle(t, at, e, states, reach_better(t, a.variable, b.variable));
}

static struct possible reach_window(struct trial *t, const struct reach_frame *at,
                                    const struct expr *e) {
  struct amount date = reach_amount(t, at, e->as.window.date),
                start = reach_amount(t, at, e->as.window.start);
  uint8_t states = reach_relation(REL_EQ, date, start);
  if (date.may & start.may & MAY_KNOWN) states |= REACH_MET | REACH_NOT_MET;
  return settle(t, at, e, states, reach_better(t, date.variable, start.variable));
}

// ------------------------------------------------------------------ sets

// The day as of which a dated set is asked.
struct as_of {
  bool dated;
  struct amount day;
};

static struct as_of read_as_of(const struct trial *t, const struct reach_frame *at,
                               const struct fact_decl *date) {
  struct as_of as_of = {.dated = date != NULL, .day = {MAY_KNOWN, 0, 0, NO_VARIABLE}};
  if (date != NULL) as_of.day = reach_fact_amount(t, at, date, false);
  return as_of;
}

// On the days from lo to hi: on all, some or none of them.
static uint8_t member_from_to(struct days days, int64_t lo, int64_t hi) {
  int64_t at = hi + 1; // it is in the set on every day from this one on
  int32_t from, to;
  bool some = false;
  while (days_next(&days, &from, &to)) {
    if (to <= lo || from > hi) continue;
    some = true;
    if (from < at && to >= at) at = from;
  }
  if (!some) return REACH_NOT_MET;
  return at <= lo ? REACH_MET : REACH_MET | REACH_NOT_MET;
}

// A day that is not known leaves open what is in the set on some days only.
static uint8_t member(struct days days, const struct as_of *as_of) {
  int32_t from, to;
  struct days first = days;
  if (!as_of->dated) return state_of(days_next(&first, &from, &to));
  uint8_t states = 0;
  if (as_of->day.may & MAY_NONE) states |= REACH_NOT_MET;
  if (as_of->day.may & MAY_KNOWN) states |= member_from_to(days, as_of->day.lo, as_of->day.hi);
  if ((as_of->day.may & MAY_UNKNOWN) == 0) return states;
  uint8_t ever = member_from_to(days, 0, SOC_DAY_MAX);
  return (uint8_t)(states | (several(ever) ? REACH_UNKNOWN : ever));
}

struct asking {
  const struct expr *e;
  struct as_of as_of;
  uint8_t states;
  // of lists
  struct trial *t;
  const struct reach_frame *at;
  int32_t variable;
};

static void ask_in(void *ctx, struct reading r) {
  struct asking *a = ctx;
  const struct expr *e = a->e;
  bool day_none = a->as_of.dated && (a->as_of.day.may & MAY_NONE);
  if (r.kind == READ_NONE || (day_none && e->set != NULL)) a->states |= REACH_NOT_MET;
  if (r.kind == READ_UNKNOWN) a->states |= REACH_UNKNOWN;
  if (r.kind != READ_VALUE) return;
  if (e->set == NULL)
    a->states |= state_of((uint64_t)e->value >> r.lo & 1);
  else if (r.domain != NULL)
    a->states |= member(domain_days(r.domain, r.item, e->set), &a->as_of);
  else
    a->states |= member((struct days){.set = e->set, .item = (uint64_t)r.lo}, &a->as_of);
}

static struct possible reach_in(struct trial *t, const struct reach_frame *at,
                                const struct expr *e) {
  const struct expr *operand = e->as.in.operand;
  const struct cell *mask = expr_mask_cell(operand);
  const struct reach_frame *read = reach_read_at(at, operand);
  if (mask != NULL) {
    struct masks m = reach_masks(t, read, mask);
    return settle(t, at, e, masks_in(&m, (uint64_t)e->value), m.variable);
  }
  struct asking a = {.e = e, .as_of = read_as_of(t, read, e->as_of)};
  int32_t variable = reach_readings(t, read, operand->decl, operand->as.name.if_given, ask_in, &a);
  return settle(t, at, e, a.states, reach_better(t, variable, a.as_of.day.variable));
}

// ------------------------------------------------------------------ lists of codes and values

static uint8_t item_in(const struct asking *a, const struct domain *d, uint32_t item) {
  if (a->e->set == NULL) return state_of((uint64_t)a->e->value >> item & 1);
  return member(domain_days(d, item, a->e->set), &a->as_of);
}

// Is there an item of the class in the list?
static struct possible item_there(const struct asking *a, const struct fact_decl *list,
                                  uint32_t item) {
  const struct reach_frame *at = reach_read_at(a->at, a->e->as.includes.list);
  const struct domain *d = trial_domain(a->t, list);
  while (list->list != NULL && at != NULL && at->list != list->list) at = at->outer;
  int32_t variable =
      trial_variable(a->t, (struct variable){.of = list,
                                             .kind = VARIABLE_ITEM,
                                             .row = list->list != NULL && at != NULL ? at->row : 0,
                                             .item = item,
                                             .choices = 2,
                                             .reads = d->reads});
  int32_t held = trial_held(a->t, variable);
  if (held != OPEN) return certain(state_of(held != 0));
  return (struct possible){REACH_MET | REACH_NOT_MET, variable};
}

// What one class of items makes of the list: an item that is not there changes nothing.
static struct possible item_counts(const struct asking *a, const struct fact_decl *list,
                                   uint32_t item) {
  enum include_kind mode = a->e->as.includes.mode;
  uint8_t without = mode == INCLUDE_ONLY ? REACH_MET : REACH_NOT_MET;
  uint8_t with = item_in(a, trial_domain(a->t, list), item);
  if (with == without) return certain(without);
  struct possible there = item_there(a, list, item), p = {0, NO_VARIABLE};
  if (there.states & REACH_NOT_MET) p.states |= without;
  if (there.states & REACH_MET) p.states |= with;
  if (several(p.states)) p.variable = reach_better(a->t, there.variable, a->as_of.day.variable);
  return p;
}

// `includes all of`: is it asked for? Each item that is has a class of its own.
static bool is_wanted(const struct expr *e, const struct domain *d, uint32_t item) {
  if (e->set == NULL) return (uint64_t)e->value >> item & 1;
  for (uint32_t i = 0; i < e->set->count; i++)
    if (e->set->ranges[i].lo == d->items[item].example) return true;
  return false;
}

static struct possible filled(struct asking *a, const struct fact_decl *list) {
  const struct domain *d = trial_domain(a->t, list);
  struct fold fold = {.variable = NO_VARIABLE};
  enum include_kind mode = a->e->as.includes.mode;
  for (uint32_t i = 0; i < d->item_count; i++) {
    if (mode != INCLUDE_ALL)
      fold_add(a->t, &fold, item_counts(a, list, i));
    else if (is_wanted(a->e, d, i))
      fold_add(a->t, &fold, item_there(a, list, i));
  }
  bool all = mode == INCLUDE_ALL || mode == INCLUDE_ONLY;
  return negate(fold_end(&fold, all ? fold.members : 1), mode == INCLUDE_NONE);
}

static void ask_includes(void *ctx, struct reading r) {
  struct asking *a = ctx;
  enum include_kind mode = a->e->as.includes.mode;
  if (r.kind == READ_NONE || (a->as_of.dated && (a->as_of.day.may & MAY_NONE)))
    a->states |= REACH_NOT_MET;
  if (r.kind == READ_UNKNOWN) a->states |= REACH_UNKNOWN;
  if (r.kind == READ_EMPTY) a->states |= state_of(mode == INCLUDE_ONLY || mode == INCLUDE_NONE);
  if (r.kind != READ_FILLED) return;
  struct possible p = filled(a, a->e->as.includes.list->decl);
  a->states |= p.states;
  a->variable = p.variable;
}

static struct possible reach_includes(struct trial *t, const struct reach_frame *at,
                                      const struct expr *e) {
  const struct expr *list = e->as.includes.list;
  const struct reach_frame *read = reach_read_at(at, list);
  struct asking a = {
      .e = e, .as_of = read_as_of(t, read, e->as_of), .t = t, .at = at, .variable = NO_VARIABLE};
  int32_t variable = reach_readings(t, read, list->decl, list->as.name.if_given, ask_includes, &a);
  return settle(t, at, e, a.states, variable != NO_VARIABLE ? variable : a.variable);
}

// ------------------------------------------------------------------ left out, none, empty

struct asking_state {
  enum state_kind state;
  uint8_t states;
};

static void ask_state(void *ctx, struct reading r) {
  struct asking_state *a = ctx;
  enum reading_kind wanted = a->state == STATE_NONE ? READ_NONE : READ_EMPTY;
  a->states |= r.kind == READ_UNKNOWN ? (uint8_t)REACH_UNKNOWN : state_of(r.kind == wanted);
}

static struct possible left_out(const struct trial *t, const struct reach_frame *at,
                                const struct fact_decl *f) {
  const struct domain *d = trial_domain(t, f);
  int32_t variable = reach_fact_variable(t, at, f), held = trial_held(t, variable);
  if (d->class_count == 0 || d->classes[0].kind != CLASS_LEFT_OUT) return certain(REACH_NOT_MET);
  if (held == OPEN) return (struct possible){REACH_MET | REACH_NOT_MET, variable};
  return certain(state_of(held == 0));
}

static struct possible reach_state(struct trial *t, const struct reach_frame *at,
                                   const struct expr *e) {
  const struct expr *operand = e->as.state.operand;
  const struct reach_frame *read = reach_read_at(at, operand);
  if (e->as.state.state == STATE_LEFT_OUT)
    return negate(left_out(t, read, operand->decl), e->as.state.negated);
  struct asking_state a = {e->as.state.state, 0};
  int32_t variable =
      reach_readings(t, read, operand->decl, operand->as.name.if_given, ask_state, &a);
  return negate(settle(t, at, e, a.states, variable), e->as.state.negated);
}

// ------------------------------------------------------------------ rows

static struct possible same_date(struct trial *t, const struct reach_frame *at,
                                 const struct expr *loop) {
  const struct fact_decl *date = loop->as.rows->date;
  if (date == NULL) return certain(REACH_MET);
  struct amount here = reach_fact_amount(t, at, date, false),
                there = reach_fact_amount(t, at->outer, date, false);
  uint8_t states = reach_relation(REL_EQ, here, there);
  return (struct possible){states, reach_better(t, here.variable, there.variable)};
}

struct possible reach_row(struct trial *t, const struct reach_frame *at, const struct expr *loop) {
  struct possible meant = same_date(t, at, loop),
                  body = reach_condition(t, at, loop->as.rows->body);
  bool every = loop->as.rows->kind == ROWS_EVERY;
  if (loop->as.rows->key != NULL) meant = both_met(t, meant, certain(REACH_MET | REACH_NOT_MET));
  return negate(both_met(t, meant, negate(body, every)), every);
}

struct asking_rows {
  bool list;          // a list is asked, not a reference
  uint8_t none, body; // states without rows; of a row
  uint8_t states;
};

static void ask_rows(void *ctx, struct reading r) {
  struct asking_rows *a = ctx;
  if (r.kind == READ_UNKNOWN || (r.kind == READ_NONE && a->list))
    a->states |= REACH_UNKNOWN;
  else
    a->states |= r.kind == READ_FILLED || r.kind == READ_VALUE ? a->body : a->none;
}

// Over rows of which each is in one of some states, the most or the least of them is again one of these states.
static struct possible reach_rows(struct trial *t, const struct reach_frame *at,
                                  const struct expr *e) {
  bool chain = e->as.rows->over == OVER_CHAIN;
  const struct fact_decl *reference = e->as.rows->reference;
  struct asking_rows a = {.list = reference == NULL,
                          .none = state_of(e->as.rows->kind == ROWS_EVERY),
                          .body = reach_body(t, at, e)};
  if (chain && reach_may_be_unknown(reference)) a.body |= REACH_UNKNOWN;
  const struct fact_decl *over = reference != NULL ? reference : e->decl;
  int32_t variable = reach_readings(t, at, over, false, ask_rows, &a);
  return negate(settle(t, at, e, a.states, variable), e->as.rows->kind == ROWS_NO);
}

// ------------------------------------------------------------------ truth

static struct possible reach_name(struct trial *t, const struct reach_frame *at,
                                  const struct expr *e) {
  if (e->decl_kind == KIND_CONSTANT && t->state->switches)
    return either_of(t, e->decl, 0, REACH_MET | REACH_NOT_MET);
  if (e->decl_kind == KIND_CRITERION) return reach_cell(t, reach_read_at(at, e), e->decl);
  struct amount a = reach_amount(t, at, e);
  uint8_t states = a.may & MAY_UNKNOWN ? REACH_UNKNOWN : 0;
  if (a.may & MAY_NONE) states |= REACH_NOT_MET;
  if ((a.may & MAY_KNOWN) && a.lo == 0) states |= REACH_NOT_MET;
  if ((a.may & MAY_KNOWN) && a.hi != 0) states |= REACH_MET;
  return settle(t, at, e, states, a.variable);
}

static struct possible condition(struct trial *t, const struct reach_frame *at,
                                 const struct expr *e) {
  switch (e->kind) {
  case EXPR_BLOCK: return reach_block(t, at, e);
  case EXPR_NOT: return negate(reach_condition(t, at, e->as.not_.operand), true);
  case EXPR_NAME: return reach_name(t, at, e);
  case EXPR_LITERAL: return certain(state_of(e->value != 0));
  case EXPR_COMPARE: return reach_compare(t, at, e);
  case EXPR_IN: return reach_in(t, at, e);
  case EXPR_STATE: return reach_state(t, at, e);
  case EXPR_INCLUDES: return reach_includes(t, at, e);
  case EXPR_FIRST:
  case EXPR_WITHIN: return reach_window(t, at, e);
  case EXPR_ROWS: return reach_rows(t, at, e);
  default: return certain(REACH_ALL);
  }
}

struct possible reach_condition(struct trial *t, const struct reach_frame *at,
                                const struct expr *e) {
  if (t->depth >= DEEPEST || !reach_spend(&t->state->work, 1)) return certain(REACH_ALL);
  t->depth++;
  struct possible p = condition(t, at, e);
  t->depth--;
  return p;
}

static struct possible cell_condition(struct trial *t, const struct reach_frame *at,
                                      const struct cell *cell) {
  struct possible p = negate(reach_condition(t, at, cell->when), cell->negated);
  return cell->within == NULL ? p : both_met(t, p, reach_condition(t, at, cell->within));
}

struct possible reach_cell(struct trial *t, const struct reach_frame *at, const struct cell *cell) {
  struct reach_frame own;
  const struct reach_frame *frame = reach_cell_frame(at, cell, &own);
  if (cell->index == SOC_NO_INDEX) return cell_condition(t, frame, cell);
  struct memo *memo = &t->memo[2 * (size_t)cell->index + (frame != NULL ? frame->row : 0)];
  if (memo->round == t->round) return memo->possible;
  struct possible p = cell_condition(t, frame, cell);
  *memo = (struct memo){t->round, p};
  return p;
}
