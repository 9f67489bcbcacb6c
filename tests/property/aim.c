// SPDX-License-Identifier: Apache-2.0
//
// See aim.h.
#include "aim.h"

#include "tests/oracle/calendar.h"

#include <string.h>

enum { MOST_STEPS = 300, MOST_RULES = 256, MOST_TRIES = 6 };

// ------------------------------------------------------------------ at tests

static void aim_compare(struct solver *s, const struct site *site, const struct oracle_place *at,
                        int64_t apart) {
  const struct expr *left = site->expr->as.compare.left, *right = site->expr->as.compare.right;
  int64_t value;
  bool left_first = choose(s->choices, 4) != 3;
  if (left_first && solve_read(s, right, at, true, &value) &&
      solve_value(s, left, at, value + apart))
    return;
  if (solve_read(s, left, at, true, &value) && solve_value(s, right, at, value - apart)) return;
  if (solve_read(s, right, at, true, &value)) (void)solve_value(s, left, at, value + apart);
}

static void aim_window(struct solver *s, const struct site *site, const struct oracle_place *at,
                       const struct point *p) {
  const struct expr *e = site->expr;
  int64_t start, length, apart = p->value;
  if (!solve_read(s, e->as.window.length, at, true, &length)) return;
  bool first = e->kind == EXPR_FIRST;
  if (p->day == 0) apart -= first ? 0 : length / 1000000;
  if (p->day == 1) apart += length / 1000000 - first;
  if (choose(s->choices, 2) && solve_read(s, e->as.window.start, at, true, &start) &&
      solve_value(s, e->as.window.date, at, start + apart))
    return;
  if (solve_read(s, e->as.window.date, at, true, &start) &&
      solve_value(s, e->as.window.start, at, start - apart))
    return;
  if (solve_read(s, e->as.window.start, at, true, &start))
    (void)solve_value(s, e->as.window.date, at, start + apart);
}

static void aim_anniversary(struct solver *s, const struct site *site,
                            const struct oracle_place *at, int64_t days) {
  const struct expr *from = site->expr->as.span_of.from, *to = site->expr->as.span_of.to;
  int64_t day, months = 12 * site->number;
  if (choose(s->choices, 2) && solve_read(s, from, at, true, &day) &&
      solve_value(s, to, at, oracle_add_months(day, months) + days))
    return;
  if (solve_read(s, to, at, true, &day))
    (void)solve_value(s, from, at, oracle_add_months(oracle_clamp_day(day - days), -months));
}

static int64_t leap_day(struct choices *c) {
  return oracle_day_of((struct oracle_date){1988 + 4 * (int32_t)choose(c, 12), 2, 29});
}

// The last of some month of a time that policies speak of.
static int64_t last_of_month(struct choices *c) {
  struct oracle_date d = {1990 + (int32_t)choose(c, 40), 1 + (int32_t)choose(c, 12), 1};
  d.day = oracle_month_length(d.year, d.month);
  return oracle_day_of(d);
}

static void aim_months(struct solver *s, const struct site *site, const struct oracle_place *at,
                       int64_t what) {
  bool leap = what == MONTHS_LEAP_DAY || (what == MONTHS_CLAMPED && choose(s->choices, 2));
  int64_t day = leap ? leap_day(s->choices) : last_of_month(s->choices);
  (void)solve_value(s, site->expr->as.arith.left, at, day);
}

static void aim_quotient(struct solver *s, const struct site *site, const struct oracle_place *at,
                         int64_t what) {
  int64_t per, times = choose(s->choices, 4) + 1;
  if (!solve_read(s, site->expr->as.quotient.right, at, true, &per)) return;
  if (per > INT64_MAX / 8) return;
  int64_t more = what == QUOTIENT_JUST_MORE ? 1 : what == QUOTIENT_JUST_LESS ? -1 : 0;
  (void)solve_value(s, site->expr->as.quotient.left, at, times * per + more);
}

// ------------------------------------------------------------------ at facts

static void aim_day(struct solver *s, const struct fact_decl *f, uint32_t row, int64_t what) {
  struct oracle_date d = {1989 + (int32_t)choose(s->choices, 40), (int32_t)(what / 100),
                          (int32_t)(what % 100)};
  if (what == 228 && d.year % 4 == 0) d.year++;
  (void)solve_fact(s, f, row, what == 229 ? leap_day(s->choices) : oracle_day_of(d));
}

static void aim_items(struct solver *s, const struct fact_decl *f, uint32_t row, uint32_t count) {
  if (f->type.base == SOC_RECORDS) {
    random_rows(s->choices, s->constants, s->given, f, count);
    return;
  }
  oracle_set_list(s->given, f, row);
  for (uint32_t i = 0; i < count; i++) {
    bool codes = f->type.base == SOC_CODE_LIST;
    oracle_add_item(s->given, f, row, codes ? random_item(s->choices, s->constants, f) : i);
  }
}

// The field of another row as far away; the reference to another row.
static void aim_rows(struct solver *s, const struct fact_decl *f, uint32_t row,
                     const struct point *p) {
  const struct oracle_fact *place = &s->given->facts[f->number];
  uint32_t other = choose(s->choices, place->count);
  if (p->day == FACT_DAYS_APART && other != row && place->rows[other].state == ORACLE_GIVEN)
    (void)solve_fact(s, f, row, place->rows[other].number + p->value);
  if (p->day == FACT_REFERENCE) (void)solve_reference(s, f, row, other);
}

static void aim_fact(struct solver *s, const struct site *site, const struct oracle_place *at,
                     const struct point *p) {
  const struct fact_decl *f = site->fact;
  uint32_t row = f->list != NULL ? at->row : 0;
  switch (p->day) {
  case FACT_LEFT_OUT:
    if (f->type.base != SOC_RECORDS) oracle_set_left_out(s->given, f, row);
    break;
  case FACT_NONE: oracle_set_none(s->given, f, row); break;
  case FACT_VALUE: (void)solve_fact(s, f, row, p->value); break;
  case FACT_DAY: aim_day(s, f, row, p->value); break;
  case FACT_ITEMS: aim_items(s, f, row, (uint32_t)p->value); break;
  case FACT_ITEM:
    oracle_set_list(s->given, f, row);
    oracle_add_item(s->given, f, row, p->value);
    break;
  default: aim_rows(s, f, row, p);
  }
}

// ------------------------------------------------------------------ one point

// Rows for those around it; false: the case has none.
static bool choose_rows(struct solver *s, const struct site *site, struct oracle_place *at) {
  const struct fact_decl *list = site->around.list, *loop = site->around.loop;
  *at = (struct oracle_place){.list = list, .loop = loop};
  bool apart = site->kind == SITE_FACT && list != NULL; // two rows that are compared
  if (list != NULL) solve_rows(s, list, loop == list || apart ? 2 : 1);
  if (loop != NULL && loop != list) solve_rows(s, loop, 1);
  uint32_t rows = list != NULL ? s->given->facts[list->number].count : 1;
  uint32_t looped = loop != NULL ? s->given->facts[loop->number].count : 1;
  if (rows == 0 || looped == 0) return false;
  at->row = choose(s->choices, rows);
  at->loop_row = choose(s->choices, looped);
  return true;
}

// What has to hold so that it is looked at.
static void reach_site(struct solver *s, const struct site *site, const struct oracle_place *at) {
  if (site->around.rule != NULL) solve_cell(s, site->around.rule, at->row, true);
  if (site->around.mask == NULL) return;
  const struct derive_step *step = site->around.mask->derive->steps;
  while (step->next != NULL && step->fact != site->expr) step = step->next;
  if (step->fact == site->expr) solve_steps_before(s, site->around.mask, step, at->row);
}

static void aim_point(struct solver *s, const struct site *site, const struct oracle_place *at,
                      const struct point *p) {
  switch (site->kind) {
  case SITE_COMPARE: aim_compare(s, site, at, p->value); break;
  case SITE_WINDOW: aim_window(s, site, at, p); break;
  case SITE_ANNIVERSARY: aim_anniversary(s, site, at, p->value); break;
  case SITE_MONTHS: aim_months(s, site, at, p->value); break;
  case SITE_QUOTIENT: aim_quotient(s, site, at, p->value); break;
  case SITE_SET: (void)solve_member(s, site->operand, site->as_of, at, p->value, p->day); break;
  case SITE_FACT: aim_fact(s, site, at, p); break;
  }
}

// `row`: of the list that is around it; SOC_NO_INDEX: any.
static void aim_at_site(struct solver *s, const struct site *site, const struct point *p,
                        uint32_t row) {
  struct oracle_place at;
  if (!choose_rows(s, site, &at)) return;
  if (site->around.list != NULL && row < s->given->facts[site->around.list->number].count)
    at.row = row;
  reach_site(s, site, &at);
  aim_point(s, site, &at, p);
}

void aim_at_boundary(struct choices *c, const struct constants *k, struct oracle_case *given) {
  struct solver s = {c, k, given, MOST_STEPS};
  const struct boundaries *b = &k->boundaries;
  struct site *site;
  if (b->point_count == 0) return;
  if (choose(c, 2)) { // any test, however many points it has
    site = &b->sites[choose(c, b->site_count)];
    if (site->count > 0) aim_at_site(&s, site, &site->points[choose(c, site->count)], SOC_NO_INDEX);
  } else {
    const struct point *p = boundaries_point(b, choose(c, b->point_count), &site);
    aim_at_site(&s, site, p, SOC_NO_INDEX);
  }
}

// ------------------------------------------------------------------ one rule that decides

// Brings one rule where it should be; false: it is there.
static bool move_rule(struct solver *s, const struct rule_decl *rule, uint32_t row, uint8_t state,
                      bool met) {
  if (rule->condition == NULL || state == (met ? SOC_MET : SOC_NOT_MET)) return false;
  s->steps = MOST_STEPS;
  solve_cell(s, rule->condition, row, met);
  return true;
}

// Of those with numbers below `end`, the one is met and the others are not.
static void move_rules(struct solver *s, const struct decision_decl *d, uint32_t row, uint32_t rule,
                       uint32_t end) {
  uint8_t states[MOST_RULES];
  bool moved = d->rule_count <= MOST_RULES;
  for (int tries = 0; tries < MOST_TRIES && moved; tries++) { // what helps one can harm another
    oracle_rules(s->constants->program, s->given, d, row, states);
    moved = false;
    for (uint32_t i = 0; i < end; i++)
      moved = move_rule(s, &d->rules[i], row, states[i], i == rule) || moved;
  }
}

// Stands it in the rule's condition, or in a labelled part of that?
static bool is_in(const struct site *site, struct str name) {
  struct str at = site->around.name;
  return at.length >= name.length && memcmp(at.data, name.data, name.length) == 0 &&
         (at.length == name.length || at.data[name.length] == '.');
}

static void aim_in_rule(struct solver *s, const struct rule_decl *rule, uint32_t row) {
  const struct boundaries *b = &s->constants->boundaries;
  const struct cell *cell = rule->criterion != NULL ? rule->criterion : rule->condition;
  const struct site *found = NULL;
  uint32_t seen = 0;
  for (uint32_t i = 0; cell != NULL && i < b->site_count; i++) {
    const struct site *site = &b->sites[i];
    bool mine = site->count > 0 && site->kind != SITE_FACT &&
                (is_in(site, cell->name) || is_in(site, rule->name));
    if (mine && choose(s->choices, ++seen) == 0) found = site; // each with the same chance
  }
  s->steps = MOST_STEPS;
  if (found != NULL) aim_at_site(s, found, &found->points[choose(s->choices, found->count)], row);
}

void aim_at_rule(struct choices *c, const struct constants *k, struct oracle_case *given) {
  struct solver s = {c, k, given, MOST_STEPS};
  const struct program *p = k->program;
  const struct decision_decl *d = &p->decisions[choose(c, p->decision_count)];
  uint32_t rule = choose(c, d->rule_count), row = 0;
  if (d->list != NULL) {
    solve_rows(&s, d->list, 1);
    row = choose(c, given->facts[d->list->number].count);
  }
  bool alone = choose(c, 2) != 0; // later rules that are met can decide, too, or give reasons
  move_rules(&s, d, row, rule, alone ? d->rule_count : rule + 1);
  if (choose(c, 2)) aim_in_rule(&s, &d->rules[rule], row);
}
