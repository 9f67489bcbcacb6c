// SPDX-License-Identifier: Apache-2.0
//
// Decisions, word by word from section 2 of the design: the first rule that is met, the open rules before it, what
// is possible and missing, further reasons, windows, assumptions.
#include "calendar.h"
#include "compiler/source.h"
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct trial {
  const struct world *world;
  const struct frame *at;
  const struct decision_decl *decision;
  uint32_t k;              // the first rule that is met
  uint32_t last;           // open rules before this one matter; 0: none does
  const enum truth *state; // of every rule
};

// ------------------------------------------------------------------ small lists

static void add_name(struct oracle_names *names, struct str name) {
  if (names->count == names->capacity) {
    names->capacity = names->capacity ? 2 * names->capacity : 4;
    names->items = oracle_allocate(names->items, names->capacity, sizeof *names->items);
  }
  names->items[names->count++] = name;
}

static void add_reason(struct oracle_outcome *o, struct oracle_reason reason) {
  if (o->reason_count == o->reason_capacity) {
    o->reason_capacity = o->reason_capacity ? 2 * o->reason_capacity : 4;
    o->reasons = oracle_allocate(o->reasons, o->reason_capacity, sizeof *o->reasons);
  }
  o->reasons[o->reason_count++] = reason;
}

static void free_outcome(struct oracle_outcome *o) {
  free(o->reasons);
  free(o->missing.items);
  free(o->assumed.items);
  free(o->actions.items);
}

void oracle_result_free(struct oracle_result *result) {
  for (uint32_t i = 0; i < result->count; i++) free_outcome(&result->outcomes[i]);
  free(result->outcomes);
  memset(result, 0, sizeof *result);
}

// In the manifest's order, where fields of one list stand together; those of one record before those of the next.
static int by_manifest(const void *a, const void *b) {
  const struct oracle_ref *x = a, *y = b;
  bool same_list = x->fact->list != NULL && x->fact->list == y->fact->list;
  if (same_list && x->row != y->row) return x->row < y->row ? -1 : 1;
  if (x->fact == y->fact) return 0;
  return x->fact->manifest < y->fact->manifest ? -1 : 1;
}

static void sort_refs(struct oracle_refs *refs) {
  if (refs->count) qsort(refs->items, refs->count, sizeof *refs->items, by_manifest);
}

// ------------------------------------------------------------------ one rule

static const struct rule_decl *rule_at(const struct trial *t, uint32_t i) {
  return &t->decision->rules[i];
}

static enum truth cell_state(const struct trial *t, const struct cell *cell) {
  return cell == NULL ? MET : eval_cell(t->world, t->at, cell);
}

static bool approves(const struct rule_decl *rule) {
  return rule->determination == SOC_APPROVE;
}

static struct str criterion_of(const struct rule_decl *rule) {
  return rule->criterion != NULL ? rule->criterion->name : rule->name;
}

// A rule's code and its grounds.
static void add_rule_reasons(const struct trial *t, struct oracle_outcome *o, uint32_t index) {
  const struct rule_decl *rule = rule_at(t, index);
  struct str criterion = criterion_of(rule);
  struct oracle_reason reason = {rule->code, criterion, index, false};
  if (rule->code.length) add_reason(o, reason);
  reason.ground = true;
  for (uint32_t i = 0; i < rule->ground_count; i++) {
    const struct ground *g = &rule->grounds[i];
    reason.code = g->code;
    reason.criterion = g->cell ? g->cell->name : criterion;
    if (cell_state(t, g->cell) == MET) add_reason(o, reason);
  }
}

static void add_actions(const struct trial *t, struct oracle_outcome *o,
                        const struct rule_decl *rule) {
  for (uint32_t i = 0; i < rule->action_count; i++) {
    if (cell_state(t, rule->actions[i].cell) == MET) add_name(&o->actions, rule->actions[i].name);
  }
}

struct window {
  bool has_from, has_through, uncertain;
  int32_t from, through;
};

static struct window window_of(const struct trial *t, const struct rule_decl *rule) {
  struct window window = {0};
  const struct world *w = t->world;
  if (rule->from != NULL)
    window.has_from = eval_day(w, t->at, rule->from, &window.from, &window.uncertain);
  if (!window.has_from && w->program->basis != NULL) {
    const struct oracle_fact *basis = &w->given->facts[w->program->basis->number];
    window.has_from = basis->state == ORACLE_GIVEN;
    window.from = window.has_from ? (int32_t)basis->number : 0;
  }
  if (rule->through != NULL)
    window.has_through = eval_day(w, t->at, rule->through, &window.through, &window.uncertain);
  return window;
}

// ------------------------------------------------------------------ the rule that decides

// After a rule that does not stop, later rules that are met are further reasons: approving ones only, or all under
// `report every match`. `otherwise` is for when no other rule is met and is no further reason.
static bool stops(const struct trial *t, const struct rule_decl *rule) {
  return rule->stop || !(approves(rule) || t->decision->every_match);
}

static bool is_further(const struct trial *t, uint32_t i) {
  const struct rule_decl *rule = rule_at(t, i);
  if (rule->condition == NULL || t->state[i] != MET) return false;
  return t->decision->every_match || approves(rule);
}

static bool longer(const struct trial *t, const struct rule_decl *a, const struct rule_decl *b) {
  struct window x = window_of(t, a), y = window_of(t, b);
  if (!y.has_through) return false;
  return !x.has_through || (int64_t)x.through - x.from > (int64_t)y.through - y.from;
}

// The rules that hold: k, then the further reasons in order.
static uint32_t matching(const struct trial *t, uint32_t *rules) {
  uint32_t count = 0;
  rules[count++] = t->k;
  if (stops(t, rule_at(t, t->k))) return count;
  for (uint32_t i = t->k + 1; i < t->decision->rule_count; i++) {
    if (!is_further(t, i)) continue;
    rules[count++] = i;
    if (stops(t, rule_at(t, i))) break;
  }
  return count;
}

static uint32_t decider(const struct trial *t, const uint32_t *rules, uint32_t count) {
  uint32_t best = rules[0];
  if (!t->decision->longest || !approves(rule_at(t, best))) return best;
  for (uint32_t i = 1; i < count; i++) {
    const struct rule_decl *rule = rule_at(t, rules[i]);
    if (approves(rule) && longer(t, rule, rule_at(t, best))) best = rules[i];
  }
  return best;
}

// The places that the list after `except` names, if the case gives it.
static uint64_t excepted(const struct world *w, const struct rule_decl *rule) {
  uint64_t places = 0;
  if (rule->except == NULL) return 0;
  const struct oracle_fact *list = &w->given->facts[rule->except->number];
  if (list->state != ORACLE_GIVEN) return 0;
  for (uint32_t i = 0; i < list->count; i++) places |= UINT64_C(1) << list->items[i];
  return places;
}

static void decided(const struct trial *t, struct oracle_outcome *o) {
  uint32_t *rules = oracle_allocate(NULL, t->decision->rule_count, sizeof *rules);
  uint32_t count = matching(t, rules), best = decider(t, rules, count);
  const struct rule_decl *rule = rule_at(t, best);
  o->rule = best;
  o->determination = rule->determination;
  o->reason = rule->code;
  o->possible = 1u << rule->determination;
  o->redirect = rule->redirect & ~excepted(t->world, rule);
  if (rule->stands != NULL) o->has_units = eval_units(t->world, t->at, rule->stands, &o->units);
  if (!o->has_units) o->units = 0;
  add_rule_reasons(t, o, best);
  for (uint32_t i = 0; i < count; i++) {
    if (rules[i] != best) add_rule_reasons(t, o, rules[i]);
  }
  add_actions(t, o, rule);
  if (approves(rule)) {
    struct window window = window_of(t, rule);
    o->has_approval = true;
    o->has_from = window.has_from;
    o->from = window.from;
    o->uncertain = window.uncertain;
    o->has_through = window.has_through;
    o->through = window.through;
    o->one_time = rule->one_time;
  }
  free(rules);
}

// ------------------------------------------------------------------ the case that pends

static struct str text_str(const char *text) {
  struct str s = {text, (uint32_t)strlen(text)};
  return s;
}

// The rule that says why a case pends, and its code: the first open rule that gives one for being open, else k if k
// pends with a code of its own; they bring their actions. Else the first open rule, with FACT_MISSING and no actions.
static const struct rule_decl *pending_rule(const struct trial *t, struct str *code, bool *says) {
  const struct rule_decl *k = rule_at(t, t->k), *first = NULL;
  *says = true;
  for (uint32_t i = 0; i < t->last; i++) {
    const struct rule_decl *rule = rule_at(t, i);
    if (t->state[i] != UNKNOWN) continue;
    if (first == NULL) first = rule;
    *code = rule->open_code;
    if (code->length != 0 && cell_state(t, rule->open_cell) == MET) return rule;
  }
  *code = k->code;
  if (k->determination == SOC_PEND && code->length != 0) return k;
  *code = text_str("FACT_MISSING");
  *says = false;
  return first;
}

static void pends(const struct trial *t, struct oracle_outcome *o) {
  bool says;
  const struct rule_decl *rule = pending_rule(t, &o->reason, &says);
  o->determination = SOC_PEND;
  o->rule = SOC_NO_INDEX;
  struct oracle_reason reason = {o->reason, criterion_of(rule),
                                 (uint32_t)(rule - t->decision->rules), false};
  add_reason(o, reason);
  if (says) add_actions(t, o, rule);
  o->possible = 1u << rule_at(t, t->k)->determination;
  for (uint32_t i = 0; i < t->k; i++) {
    if (t->state[i] == UNKNOWN) o->possible |= 1u << rule_at(t, i)->determination;
  }
  for (uint32_t i = 0; i < t->last; i++) {
    if (t->state[i] == UNKNOWN)
      missing_cell(t->world, t->at, rule_at(t, i)->condition, &o->missing);
  }
  sort_refs(&o->missing);
}

// ------------------------------------------------------------------ one decision

static void begin_memo(struct world *w) {
  const struct program *p = w->program;
  w->memo_rows = 1;
  for (uint32_t i = 0; i < p->fact_count; i++) {
    const struct oracle_fact *place = &w->given->facts[p->facts[i]->number];
    bool longest = p->facts[i]->type.base == SOC_RECORDS && place->count > w->memo_rows;
    if (longest) w->memo_rows = place->count;
  }
  size_t count = (size_t)p->cell_count * w->memo_rows;
  w->memo = oracle_allocate(NULL, count, sizeof *w->memo);
  if (count) memset(w->memo, 0, count * sizeof *w->memo);
}

static struct oracle_outcome decide_once(struct world *w, const struct frame *at,
                                         const struct decision_decl *d) {
  w->gathering++;
  enum truth *state = oracle_allocate(NULL, d->rule_count, sizeof *state);
  struct trial t = {w, at, d, d->rule_count, 0, state};
  struct oracle_outcome o = {.decision = d, .row = d->list != NULL ? at->row : 0};
  for (uint32_t i = 0; i < d->rule_count; i++) {
    state[i] = cell_state(&t, d->rules[i].condition);
    if (state[i] == MET && t.k == d->rule_count) t.k = i;
  }
  if (t.k == d->rule_count) abort(); // a decision ends with `otherwise`
  for (uint32_t i = 0; i < t.k; i++) {
    bool differs = d->rules[i].determination != d->rules[t.k].determination;
    if (state[i] == UNKNOWN && differs) t.last = i + 1;
  }
  if (t.last == 0) {
    decided(&t, &o);
  } else {
    pends(&t, &o);
  }
  free(state);
  return o;
}

// ------------------------------------------------------------------ assumptions

static bool same_refs(const struct oracle_refs *a, const struct oracle_refs *b) {
  if (a->count != b->count) return false;
  for (uint32_t i = 0; i < a->count; i++) {
    if (a->items[i].fact != b->items[i].fact || a->items[i].row != b->items[i].row) return false;
  }
  return true;
}

static bool same_lists(const struct oracle_outcome *a, const struct oracle_outcome *b) {
  if (a->reason_count != b->reason_count || a->actions.count != b->actions.count) return false;
  for (uint32_t i = 0; i < a->reason_count; i++) {
    if (!str_equal(a->reasons[i].code, b->reasons[i].code)) return false;
    bool pends = a->missing.count !=
                 0; // whichever open rule comes first, a pend with the same code is the same
    if (!pends && !str_equal(a->reasons[i].criterion, b->reasons[i].criterion)) return false;
  }
  for (uint32_t i = 0; i < a->actions.count; i++) {
    if (!str_equal(a->actions.items[i], b->actions.items[i])) return false;
  }
  return same_refs(&a->missing, &b->missing);
}

static bool same_decision(const struct oracle_outcome *a, const struct oracle_outcome *b) {
  if (a->determination != b->determination || a->possible != b->possible) return false;
  if (a->redirect != b->redirect || a->one_time != b->one_time) return false;
  if (a->has_approval != b->has_approval || a->has_through != b->has_through) return false;
  if (a->has_from != b->has_from || a->from != b->from || a->through != b->through) return false;
  if (a->has_units != b->has_units || a->units != b->units) return false;
  return str_equal(a->reason, b->reason) && same_lists(a, b);
}

static bool is_missing(const struct oracle_outcome *o, const struct fact_decl *f, uint32_t row) {
  for (uint32_t i = 0; i < o->missing.count; i++) {
    if (o->missing.items[i].fact == f && o->missing.items[i].row == row) return true;
  }
  return false;
}

// Had the fact been unknown instead: would it be missing, or the decision another? What a derivation assumes at its end
// can be asked for already, where an earlier step is open too; then the assumption makes no difference.
static void try_assumption(const struct world *w, struct oracle_result *result,
                           const struct fact_decl *f, uint32_t row) {
  struct world other = *w;
  other.doubted = f;
  other.doubted_row = row;
  other.watch = NULL;
  other.hasty = true;
  begin_memo(&other);
  for (uint32_t i = 0; i < result->count; i++) {
    struct oracle_outcome *o = &result->outcomes[i];
    struct frame at = {o->decision->list, o->row, NULL};
    struct oracle_outcome without = decide_once(&other, at.list != NULL ? &at : NULL, o->decision);
    bool asked = is_missing(&without, f, row) && !is_missing(o, f, row);
    if (asked || !same_decision(&without, o)) refs_add(&o->assumed, f, row);
    free_outcome(&without);
  }
  free(other.memo);
}

// Those of every outcome, in the order of what is missing.
static void assumptions(const struct world *w, struct oracle_result *result) {
  for (uint32_t i = 0; i < w->program->manifest_count; i++) {
    const struct fact_decl *f = w->program->manifest[i];
    bool derived = f->left_out == SOC_LEFT_OUT_DERIVED && f->assumed >= 0;
    if (f->left_out != SOC_LEFT_OUT_ASSUMED && !derived) continue;
    const struct oracle_fact *place = &w->given->facts[f->number];
    if (f->list == NULL) {
      if (place->state == ORACLE_LEFT_OUT) try_assumption(w, result, f, SOC_NO_INDEX);
      continue;
    }
    for (uint32_t r = 0; r < place->count; r++) {
      if (place->rows[r].state == ORACLE_LEFT_OUT) try_assumption(w, result, f, r);
    }
  }
  for (uint32_t i = 0; i < result->count; i++) sort_refs(&result->outcomes[i].assumed);
}

static void add_outcome(struct oracle_result *result, struct world *w, const struct frame *at,
                        const struct decision_decl *d) {
  if (result->count == result->capacity) {
    result->capacity = result->capacity ? 2 * result->capacity : 4;
    result->outcomes =
        oracle_allocate(result->outcomes, result->capacity, sizeof *result->outcomes);
  }
  result->outcomes[result->count++] = decide_once(w, at, d);
}

static struct world world_of(const struct program *p, const struct oracle_case *c) {
  struct world w = {.program = p, .given = c, .doubted_row = SOC_NO_INDEX};
  texts_begin(&w);
  begin_memo(&w);
  return w;
}

static void end_world(struct world *w) {
  free(w->memo);
  texts_end(w);
}

void oracle_decide(const struct program *p, const struct oracle_case *c,
                   struct oracle_result *result) {
  oracle_decide_watched(p, c, result, NULL, NULL);
}

void oracle_decide_watched(const struct program *p, const struct oracle_case *c,
                           struct oracle_result *result, oracle_watch_fn *watch, void *context) {
  struct world w = world_of(p, c);
  w.watch = watch;
  w.watcher = context;
  memset(result, 0, sizeof *result);
  for (uint32_t i = 0; i < p->decision_count; i++) {
    const struct decision_decl *d = &p->decisions[i];
    if (d->list == NULL) {
      add_outcome(result, &w, NULL, d);
      continue;
    }
    bool known;
    uint32_t rows = rows_of(&w, d->list, &known);
    for (uint32_t r = 0; r < rows; r++) {
      struct frame at = {d->list, r, NULL};
      add_outcome(result, &w, &at, d);
    }
  }
  assumptions(&w, result);
  end_world(&w);
}

void oracle_rules(const struct program *p, const struct oracle_case *c,
                  const struct decision_decl *d, uint32_t row, uint8_t *states) {
  struct world w = world_of(p, c);
  struct frame at = {d->list, row, NULL};
  w.hasty = true;
  struct trial t = {.world = &w, .at = &at, .decision = d};
  for (uint32_t i = 0; i < d->rule_count; i++)
    states[i] = (uint8_t)cell_state(&t, d->rules[i].condition);
  end_world(&w);
}

uint64_t oracle_cell(const struct program *p, const struct oracle_case *c, const struct cell *cell,
                     uint32_t row) {
  struct world w = world_of(p, c);
  struct frame at = {cell->rows, row, NULL};
  uint64_t value = cell->mask ? eval_mask(&w, &at, cell) : (uint64_t)eval_cell(&w, &at, cell);
  end_world(&w);
  return value;
}

enum oracle_state oracle_quantity(const struct program *p, const struct oracle_case *c,
                                  const struct cell *cell, uint32_t row, int64_t *lo, int64_t *hi) {
  struct world w = world_of(p, c);
  struct frame at = {cell->rows, row, NULL};
  enum oracle_state state = eval_span_of(&w, &at, cell, lo, hi);
  end_world(&w);
  return state;
}

enum oracle_state oracle_value(const struct program *p, const struct oracle_case *c,
                               const struct expr *e, const struct oracle_place *at, int64_t *lo,
                               int64_t *hi) {
  struct world w = world_of(p, c);
  struct frame row = {at->list, at->row, NULL};
  struct frame *outer = at->list != NULL ? &row : NULL;
  struct frame loop = {at->loop, at->loop_row, outer};
  enum oracle_state state = eval_ends(&w, at->loop != NULL ? &loop : outer, e, lo, hi);
  end_world(&w);
  return state;
}

// ------------------------------------------------------------------ printing

static void print_refs(FILE *out, const char *title, const struct oracle_refs *refs) {
  fprintf(out, "  %s:", title);
  for (uint32_t i = 0; i < refs->count; i++) {
    struct str name = refs->items[i].fact->name;
    fprintf(out, " %.*s", (int)name.length, name.data);
    if (refs->items[i].row != SOC_NO_INDEX) fprintf(out, "#%" PRIu32, refs->items[i].row);
  }
  fputc('\n', out);
}

void oracle_outcome_print(FILE *out, const struct oracle_outcome *o) {
  fprintf(out, "  %.*s row %" PRIu32 ": %s %.*s possible %03x redirect %" PRIx64 "\n",
          (int)o->decision->name.length, o->decision->name.data, o->row,
          soc_determination_name(o->determination), (int)o->reason.length, o->reason.data,
          o->possible, o->redirect);
  for (uint32_t i = 0; i < o->reason_count; i++) {
    const struct oracle_reason *r = &o->reasons[i];
    fprintf(out, "  reason %.*s (%.*s)\n", (int)r->code.length, r->code.data,
            (int)r->criterion.length, r->criterion.data);
  }
  print_refs(out, "missing", &o->missing);
  print_refs(out, "assumed", &o->assumed);
  for (uint32_t i = 0; i < o->actions.count; i++) {
    fprintf(out, "  action %.*s\n", (int)o->actions.items[i].length, o->actions.items[i].data);
  }
  if (o->has_units) fprintf(out, "  stands %" PRId64 " millionths\n", o->units);
  if (!o->has_approval) return;
  fprintf(out, "  from %" PRId32, o->from);
  if (o->has_through) fprintf(out, " through %" PRId32, o->through);
  fputs(o->one_time ? " one time\n" : "\n", out);
}
