// SPDX-License-Identifier: Apache-2.0
//
// The search: which states can a condition take? One variable after the other is held to one of its choices until the
// condition is certain; what no way of holding them gives is out of reach. See reach.h.
#include "compiler/reach.h"

#include <string.h>

#include "compiler/reach_parts.h"

enum {
  SEARCH_STEPS = 4000, // choices tried for one state of one condition; then it counts as possible
  TRIALS_NESTED = 4,   // loops looked into from within one another
  FIRST_SLOTS = 1024
};
// Steps of the search for a policy; a large one takes 100,000. Then everything counts as possible.
static const uint64_t all_work = 20000000;

// States of a loop's condition in its rows, by where the loop stands.
struct body {
  const struct expr *loop;
  const struct fact_decl *around; // list of the row outside of the loop; NULL: the case
  uint8_t states;
};

// ------------------------------------------------------------------ variables

static uint32_t hash_of(const struct variable *v) {
  uint64_t h = (uint64_t)(uintptr_t)v->of * UINT64_C(0x9e3779b97f4a7c15);
  h ^= (uint64_t)v->item * UINT64_C(0xc2b2ae3d27d4eb4f) + (uint64_t)v->row * 2 +
       (uint64_t)v->kind * 8;
  return (uint32_t)((h * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

static bool same_variable(const struct variable *a, const struct variable *b) {
  return a->of == b->of && a->kind == b->kind && a->row == b->row && a->item == b->item;
}

// The slot that names it, or the free one where it belongs.
static uint32_t *slot_of(const struct reach_state *s, const struct variable *v) {
  uint32_t at = hash_of(v) & (s->slot_count - 1);
  while (s->slots[at] != 0 &&
         !same_variable(VEC_AT(s->variables, struct variable, s->slots[at] - 1), v))
    at = (at + 1) & (s->slot_count - 1);
  return &s->slots[at];
}

static bool grow_slots(struct reach_state *s) {
  uint32_t count = s->slot_count == 0 ? FIRST_SLOTS : 2 * s->slot_count;
  uint32_t *slots = ARENA_ARRAY(s->arena, uint32_t, count);
  if (slots == NULL) return false;
  s->slots = slots;
  s->slot_count = count;
  for (uint32_t i = 0; i < s->variables.count; i++)
    *slot_of(s, VEC_AT(s->variables, struct variable, i)) = i + 1;
  return true;
}

int32_t trial_variable(const struct trial *t, struct variable v) {
  struct reach_state *s = t->state;
  if (2 * s->variables.count >= s->slot_count && !grow_slots(s)) return NO_VARIABLE;
  uint32_t *slot = slot_of(s, &v);
  if (*slot == 0) {
    struct variable *new = vec_add(s->arena, &s->variables, sizeof *new);
    if (new == NULL) return NO_VARIABLE;
    *new = v;
    *slot = s->variables.count;
  }
  return (int32_t)*slot - 1;
}

const struct variable *trial_variable_at(const struct trial *t, int32_t variable) {
  return VEC_AT(t->state->variables, struct variable, variable);
}

int32_t trial_held(const struct trial *t, int32_t variable) {
  if (variable < 0 || (uint32_t)variable >= t->held.count) return OPEN;
  return *VEC_AT(t->held, int32_t, variable);
}

static void hold(struct trial *t, int32_t variable, int32_t choice) {
  if (variable == NO_VARIABLE) return;
  while (t->held.count <= (uint32_t)variable) {
    int32_t *held = vec_add(t->state->arena, &t->held, sizeof *held);
    if (held == NULL) return;
    *held = OPEN;
  }
  *VEC_AT(t->held, int32_t, variable) = choice;
}

// ------------------------------------------------------------------ trials

static struct trial *trial_new(struct reach_state *s, uint32_t nested) {
  struct trial *t = ARENA_NEW(s->arena, struct trial);
  if (t == NULL) return NULL;
  *t = (struct trial){.state = s, .nested = nested};
  t->memo = ARENA_ARRAY(s->arena, struct memo, 2 * (size_t)s->program->cell_count);
  return t->memo != NULL ? t : NULL;
}

// Where there is a row, its list has one.
static void hold_rows(struct trial *t, const struct fact_decl *list) {
  if (list == NULL) return;
  const struct domain *d = trial_domain(t, list);
  for (uint32_t i = 0; i < d->class_count; i++)
    if (d->classes[i].kind == CLASS_FILLED) hold(t, reach_fact_variable(t, NULL, list), (int32_t)i);
}

static void begin(struct trial *t, const struct fact_decl *list, const struct fact_decl *outer) {
  for (uint32_t i = 0; i < t->held.count; i++) *VEC_AT(t->held, int32_t, i) = OPEN;
  hold_rows(t, list);
  hold_rows(t, outer);
}

// What is searched: a cell, or the condition of a loop in one of its rows.
struct goal {
  const struct reach_frame *at;
  const struct cell *cell;
  const struct expr *loop;
  uint32_t steps; // that are left
};

static struct possible evaluate(struct trial *t, const struct goal *g) {
  t->round++;
  return g->cell != NULL ? reach_cell(t, g->at, g->cell) : reach_row(t, g->at, g->loop);
}

static bool can_be(struct trial *t, struct goal *g, uint8_t state) {
  struct possible p = evaluate(t, g);
  if ((p.states & state) == 0) return false;
  if (p.states == state || p.variable == NO_VARIABLE || g->steps == 0) return true;
  bool found = false;
  int32_t choices = (int32_t)trial_variable_at(t, p.variable)->choices;
  for (int32_t i = 0; i < choices && !found; i++) {
    if (g->steps > 0) g->steps--;
    hold(t, p.variable, i);
    found = can_be(t, g, state);
  }
  hold(t, p.variable, OPEN);
  return found;
}

static uint8_t search(struct trial *t, const struct goal *goal) {
  uint8_t states = 0;
  for (unsigned state = REACH_NOT_MET; state <= REACH_MET; state <<= 1) {
    struct goal g = *goal;
    g.steps = SEARCH_STEPS;
    if (can_be(t, &g, (uint8_t)state)) states |= (uint8_t)state;
  }
  return t->state->arena->out_of_memory ? REACH_ALL : states;
}

// ------------------------------------------------------------------ loops

static uint8_t search_body(struct trial *t, const struct reach_frame *at, const struct expr *loop) {
  if (t->inner == NULL && t->nested < TRIALS_NESTED) t->inner = trial_new(t->state, t->nested + 1);
  if (t->inner == NULL) return REACH_ALL;
  struct reach_frame outer = {at != NULL ? at->list : NULL, 0, NULL};
  struct reach_frame row = {loop->decl, 1, at != NULL ? &outer : NULL};
  t->inner->depth = t->depth;
  begin(t->inner, row.list, outer.list);
  return search(t->inner, &(struct goal){.at = &row, .loop = loop});
}

uint8_t reach_body(struct trial *t, const struct reach_frame *at, const struct expr *loop) {
  struct reach_state *s = t->state;
  const struct fact_decl *around = at != NULL ? at->list : NULL;
  for (uint32_t i = 0; i < s->bodies.count; i++) {
    const struct body *b = VEC_AT(s->bodies, struct body, i);
    if (b->loop == loop && b->around == around) return b->states;
  }
  uint8_t states = search_body(t, at, loop);
  struct body *b = vec_add(s->arena, &s->bodies, sizeof *b);
  if (b != NULL) *b = (struct body){loop, around, states};
  return states;
}

// ------------------------------------------------------------------ all of it

// `list`: of the decision that asks; NULL: whoever asks.
static uint8_t states_of(struct trial *t, const struct cell *cell, const struct fact_decl *list) {
  struct reach_frame at = {cell->rows, 0, NULL};
  begin(t, cell->rows, list);
  return search(t, &(struct goal){.at = cell->rows != NULL ? &at : NULL, .cell = cell});
}

static soc_reach_rule rule_of(struct trial *t, const struct rule_decl *r,
                              const struct fact_decl *list, const uint8_t *cells) {
  const struct cell *cell = r->condition;
  soc_reach_rule rule = {
      .name = {r->name.data, r->name.length}, .cell = SOC_NO_INDEX, .states = REACH_MET};
  if (cell == NULL) return rule;
  rule.cell = cell->index;
  rule.own = cell->is_rule && str_equal(cell->name, r->name);
  rule.states = cell->rows == list ? cells[cell->index] : states_of(t, cell, list);
  return rule;
}

static soc_reach_rule *find_rules(struct trial *t, const uint8_t *cells) {
  const struct program *p = t->state->program;
  uint32_t count = 0, at = 0;
  for (uint32_t i = 0; i < p->decision_count; i++) count += p->decisions[i].rule_count;
  soc_reach_rule *rules = ARENA_ARRAY(t->state->arena, soc_reach_rule, count);
  for (uint32_t i = 0; rules != NULL && i < p->decision_count; i++)
    for (uint32_t j = 0; j < p->decisions[i].rule_count; j++)
      rules[at++] = rule_of(t, &p->decisions[i].rules[j], p->decisions[i].list, cells);
  return rules;
}

// In their order, so that the loops of what a cell reads have been looked into before.
static uint8_t *find_cells(struct trial *t) {
  const struct program *p = t->state->program;
  uint8_t *cells = ARENA_ARRAY(t->state->arena, uint8_t, p->cell_count);
  for (uint32_t i = 0; cells != NULL && i < p->cell_count; i++) {
    bool truth = !p->cells[i]->mask && p->cells[i]->value == NULL;
    cells[i] = truth ? states_of(t, p->cells[i], NULL) : REACH_ALL;
  }
  return cells;
}

bool reach_program(soc_reach *reach, struct arena *arena, const struct program *p, bool switches) {
  struct reach_state s = {.arena = arena, .program = p, .work = all_work, .switches = switches};
  domains_make(&s.domains, arena, p, &s.work);
  struct trial *t = trial_new(&s, 0);
  if (t == NULL || arena->out_of_memory) return false;
  uint8_t *cells = find_cells(t);
  if (cells == NULL) return false;
  *reach = (soc_reach){cells, find_rules(t, cells)};
  return !arena->out_of_memory;
}
