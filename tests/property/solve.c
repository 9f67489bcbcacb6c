// SPDX-License-Identifier: Apache-2.0
//
// See aim.h. Goes back from what an expression should come to, to the facts that it reads; what it sets for one part
// may undo another, which is all right for a generator.
#include "aim.h"

#include "tests/oracle/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { MICRO = 1000000, MOST_VALUES = 8 };

// ------------------------------------------------------------------ facts

uint32_t solve_row(const struct oracle_place *at, const struct fact_decl *f, bool own) {
  if (f->list == NULL) return 0;
  return at->loop == f->list && !own ? at->loop_row : at->row;
}

void solve_rows(struct solver *s, const struct fact_decl *list, uint32_t rows) {
  const struct oracle_fact *place = &s->given->facts[list->number];
  if (place->state == ORACLE_GIVEN && place->count >= rows) return;
  uint32_t most = list->key != NULL ? MOST_LINES : MOST_ROWS;
  uint32_t count = rows < most ? rows + choose(s->choices, most - rows + 1) : most;
  random_rows(s->choices, s->constants, s->given, list, count);
}

static bool is_row(const struct solver *s, const struct fact_decl *f, uint32_t row) {
  return f->list == NULL || row < s->given->facts[f->number].count;
}

static bool takes(const struct fact_decl *f, int64_t value) {
  switch (f->type.base) {
  case SOC_BOOL: return value == 0 || value == 1;
  case SOC_ENUM: return value >= 0 && value < f->type.values->count;
  case SOC_DATE: return value >= 0 && value <= ORACLE_LAST_DAY;
  case SOC_CODE: return value != 0 && boundaries_fitted(f, (uint64_t)value) == (uint64_t)value;
  case SOC_NUMBER:
    return value >= f->minimum && value <= f->maximum && !(f->type.whole && value % MICRO != 0);
  default: return false;
  }
}

bool solve_fact(struct solver *s, const struct fact_decl *f, uint32_t row, int64_t value) {
  bool key = f->list != NULL && f == f->list->key;
  if (key || f->line_of != NULL || f->manifest == SOC_NO_INDEX || !is_row(s, f, row)) return false;
  if (!takes(f, value)) return false;
  oracle_set_number(s->given, f, row, value);
  return true;
}

static const struct oracle_fact *place_of(const struct solver *s, const struct fact_decl *f,
                                          uint32_t row) {
  const struct oracle_fact *place = &s->given->facts[f->number];
  return f->list != NULL ? &place->rows[row] : place;
}

static int64_t key_of(const struct solver *s, const struct fact_decl *list, uint32_t row) {
  return s->given->facts[list->key->number].rows[row].number;
}

static uint32_t row_of_key(const struct solver *s, const struct fact_decl *list, int64_t key) {
  uint32_t row = 0;
  while (key_of(s, list, row) != key) row++;
  return row;
}

bool solve_reference(struct solver *s, const struct fact_decl *f, uint32_t row, uint32_t to) {
  uint32_t rows = s->given->facts[f->number].count, at = to;
  if (row >= rows || to >= rows) return false;
  for (uint32_t i = 0; i <= rows; i++) { // would it lead back?
    if (at == row) return false;
    const struct oracle_fact *next = place_of(s, f, at);
    if (next->state != ORACLE_GIVEN) break;
    at = row_of_key(s, f->line_of, next->number);
  }
  oracle_set_number(s->given, f, row, key_of(s, f->line_of, to));
  return true;
}

// ------------------------------------------------------------------ reading

static void fill(struct solver *s, const struct expr *e, const struct oracle_place *at);

static void fill_fact(struct solver *s, const struct expr *e, const struct oracle_place *at) {
  const struct fact_decl *f = e->decl;
  uint32_t row = solve_row(at, f, e->as.name.own);
  if (f->manifest == SOC_NO_INDEX || !is_row(s, f, row)) return;
  if (place_of(s, f, row)->state != ORACLE_GIVEN)
    random_value(s->choices, s->constants, s->given, f, row);
}

static struct oracle_place place_in(const struct cell *cell, uint32_t row) {
  return (struct oracle_place){.list = cell->rows, .row = row};
}

static uint32_t cell_row(const struct oracle_place *at, const struct cell *cell, bool own) {
  if (cell->rows == NULL) return 0;
  return at->loop == cell->rows && !own ? at->loop_row : at->row;
}

static void fill_name(struct solver *s, const struct expr *e, const struct oracle_place *at) {
  if (e->decl_kind == KIND_FACT) fill_fact(s, e, at);
  if (e->decl_kind == KIND_DERIVED_VALUE)
    fill(s, ((const struct derived_value *)e->decl)->value, at);
  if (e->decl_kind == KIND_QUANTITY) {
    const struct cell *cell = e->decl;
    struct oracle_place inside = place_in(cell, cell_row(at, cell, e->as.name.own));
    fill(s, cell->value, &inside);
  }
}

static void fill(struct solver *s, const struct expr *e, const struct oracle_place *at) {
  switch (e->kind) {
  case EXPR_NAME: fill_name(s, e, at); break;
  case EXPR_ARITH:
    fill(s, e->as.arith.left, at);
    fill(s, e->as.arith.right, at);
    break;
  case EXPR_AGE:
  case EXPR_DAYS:
    fill(s, e->as.span_of.from, at);
    fill(s, e->as.span_of.to, at);
    break;
  case EXPR_QUOTIENT:
    fill(s, e->as.quotient.left, at);
    fill(s, e->as.quotient.right, at);
    break;
  case EXPR_PICK:
    for (const struct expr *m = e->as.pick.first; m != NULL; m = m->next) fill(s, m, at);
    break;
  default: break;
  }
}

// What is solved deeper down may have given a list fewer rows.
static bool is_there(const struct solver *s, const struct oracle_place *at) {
  return (at->list == NULL || at->row < s->given->facts[at->list->number].count) &&
         (at->loop == NULL || at->loop_row < s->given->facts[at->loop->number].count);
}

bool solve_read(struct solver *s, const struct expr *e, const struct oracle_place *at,
                bool fill_first, int64_t *value) {
  int64_t hi;
  if (fill_first) fill(s, e, at);
  return is_there(s, at) &&
         oracle_value(s->constants->program, s->given, e, at, value, &hi) == ORACLE_GIVEN &&
         *value == hi;
}

// ------------------------------------------------------------------ numbers and dates

static bool solve_name(struct solver *s, const struct expr *e, const struct oracle_place *at,
                       int64_t value) {
  switch (e->decl_kind) {
  case KIND_FACT: {
    const struct fact_decl *f = e->decl;
    return solve_fact(s, f, solve_row(at, f, e->as.name.own), value);
  }
  case KIND_DERIVED_VALUE:
    return solve_value(s, ((const struct derived_value *)e->decl)->value, at, value);
  case KIND_QUANTITY: {
    const struct cell *cell = e->decl;
    struct oracle_place inside = place_in(cell, cell_row(at, cell, e->as.name.own));
    return solve_value(s, cell->value, &inside, value);
  }
  default: return false;
  }
}

static bool is_date(const struct expr *e) {
  return e->type != NULL && e->type->base == SOC_DATE;
}

// date + months: a day from which the months lead there, if there is one.
static int64_t day_before(int64_t day, int64_t amount, soc_unit unit) {
  int64_t n = amount / MICRO;
  if (unit == SOC_MONTHS || unit == SOC_YEARS)
    return oracle_add_months(oracle_clamp_day(day), unit == SOC_YEARS ? -12 * n : -n);
  return day - n;
}

static bool solve_left(struct solver *s, const struct expr *e, const struct oracle_place *at,
                       int64_t value) {
  const struct expr *left = e->as.arith.left, *right = e->as.arith.right;
  int64_t b;
  if (!solve_read(s, right, at, true, &b)) return false;
  if (e->as.arith.minus) b = -b;
  if (is_date(e)) return solve_value(s, left, at, day_before(value, b, right->type->unit));
  return solve_value(s, left, at, value - b);
}

static bool solve_right(struct solver *s, const struct expr *e, const struct oracle_place *at,
                        int64_t value) {
  int64_t a;
  if (!solve_read(s, e->as.arith.left, at, true, &a)) return false;
  int64_t apart = (value - a) * (is_date(e) ? MICRO : 1);
  return solve_value(s, e->as.arith.right, at, e->as.arith.minus ? -apart : apart);
}

static bool solve_arith(struct solver *s, const struct expr *e, const struct oracle_place *at,
                        int64_t value) {
  bool right_first = choose_one_in(s->choices, 4);
  if (right_first && solve_right(s, e, at, value)) return true;
  return solve_left(s, e, at, value) || solve_right(s, e, at, value);
}

// Completed years or days between two dates: one of them moves.
static bool solve_span(struct solver *s, const struct expr *e, const struct oracle_place *at,
                       int64_t value) {
  const struct expr *from = e->as.span_of.from, *to = e->as.span_of.to;
  bool years = e->kind == EXPR_AGE;
  int64_t n = value / MICRO, day;
  if (choose(s->choices, 2) && solve_read(s, from, at, true, &day) &&
      solve_value(s, to, at, years ? oracle_add_months(day, 12 * n) : day + n))
    return true;
  return solve_read(s, to, at, true, &day) &&
         solve_value(s, from, at, years ? oracle_add_months(day, -12 * n) : day - n);
}

static bool solve_pick(struct solver *s, const struct expr *e, const struct oracle_place *at,
                       int64_t value) {
  const struct expr *m = e->as.pick.first;
  for (uint32_t n = choose(s->choices, e->as.pick.count ? e->as.pick.count : 1); n > 0 && m->next;
       n--)
    m = m->next;
  return solve_value(s, m, at, value);
}

static bool solve_quotient(struct solver *s, const struct expr *e, const struct oracle_place *at,
                           int64_t value) {
  int64_t per;
  if (value < 0 || !solve_read(s, e->as.quotient.right, at, true, &per)) return false;
  if (per > INT64_MAX / (value / MICRO + 1)) return false;
  return solve_value(s, e->as.quotient.left, at, value / MICRO * per);
}

// Is the row one that a loop over lines means?
static bool is_meant(const struct solver *s, const struct expr *e, const struct oracle_place *at,
                     uint32_t row) {
  const struct fact_decl *list = e->decl;
  if (e->as.rows->key == NULL) return true;
  int64_t mine = key_of(s, list, row), own = key_of(s, list, at->row);
  return e->as.rows->which == LINES_OTHER ? mine != own : mine < own;
}

// The row is, or is not, one of those that have the condition, and on the same date if that is asked.
static void solve_body(struct solver *s, const struct expr *e, const struct oracle_place *inside,
                       bool met) {
  const struct fact_decl *date = e->as.rows->date;
  if (met && date != NULL && inside->list != NULL) {
    const struct oracle_fact *own = place_of(s, date, inside->row);
    if (own->state == ORACLE_GIVEN) {
      (void)solve_fact(s, date, inside->loop_row, own->number);
    } else {
      oracle_set_left_out(s->given, date, inside->loop_row);
    }
  }
  solve_truth(s, e->as.rows->body, inside, met);
}

// `wanted` of the rows have the condition. The amount of the first of them is `amount`, unless it is negative.
static bool solve_loop(struct solver *s, const struct expr *e, const struct oracle_place *at,
                       int64_t wanted, int64_t amount) {
  const struct fact_decl *list = e->decl;
  uint32_t need = (uint32_t)(wanted < MOST_LINES ? wanted : MOST_LINES);
  if (at->list == NULL) solve_rows(s, list, need);
  struct oracle_place inside = *at;
  inside.loop = list;
  if (e->as.rows->over == OVER_RELATED || e->as.rows->over == OVER_CHAIN) {
    inside.loop_row = choose(s->choices, MOST_LINES);
    if (!solve_reference(s, e->as.rows->reference, at->row, inside.loop_row)) return false;
    solve_body(s, e, &inside, wanted > 0);
    return true;
  }
  for (uint32_t row = 0; row < s->given->facts[list->number].count; row++) {
    if (!is_meant(s, e, at, row)) continue;
    inside.loop_row = row;
    solve_body(s, e, &inside, wanted > 0);
    if (wanted-- > 0 && amount >= 0) (void)solve_value(s, e->as.rows->value, &inside, amount);
  }
  return wanted <= 0;
}

bool solve_value(struct solver *s, const struct expr *e, const struct oracle_place *at,
                 int64_t value) {
  if (s->steps == 0) return false;
  s->steps--;
  switch (e->kind) {
  case EXPR_NAME: return solve_name(s, e, at, value);
  case EXPR_ARITH: return solve_arith(s, e, at, value);
  case EXPR_AGE:
  case EXPR_DAYS: return solve_span(s, e, at, value);
  case EXPR_PICK: return solve_pick(s, e, at, value);
  case EXPR_QUOTIENT: return solve_quotient(s, e, at, value);
  case EXPR_ROWS:
    if (value < 0) return false;
    if (e->as.rows->kind == ROWS_SUM) return solve_loop(s, e, at, value > 0, value);
    return solve_loop(s, e, at, value / MICRO, -1);
  default: return false;
  }
}

// ------------------------------------------------------------------ derived enumerations

void solve_steps_before(struct solver *s, const struct cell *cell, const struct derive_step *end,
                        uint32_t row) {
  struct oracle_place at = place_in(cell, row);
  for (const struct derive_step *step = cell->derive->steps; step != end; step = step->next) {
    const struct fact_decl *f = step->fact != NULL ? step->fact->decl : NULL;
    uint32_t of = f != NULL ? solve_row(&at, f, false) : 0;
    if (step->kind == DERIVE_VALUE && step->when != NULL) solve_truth(s, step->when, &at, false);
    if (f == NULL || f->manifest == SOC_NO_INDEX || !is_row(s, f, of)) continue;
    if (step->kind == DERIVE_FACT && !f->required) oracle_set_left_out(s->given, f, of);
    if (step->kind == DERIVE_MAP) random_value(s->choices, s->constants, s->given, f, of);
  }
}

void solve_mask(struct solver *s, const struct cell *cell, uint32_t row, uint32_t value) {
  struct oracle_place at = place_in(cell, row);
  const struct derive_step *step = cell->derive->steps, *found = NULL;
  for (uint32_t seen = 0; step != NULL; step = step->next) {
    bool can = step->kind == DERIVE_FACT || (step->mask >> value & 1) != 0;
    for (const struct derive_row *r = step->rows; r != NULL; r = r->next)
      can = can || (r->mask >> value & 1) != 0;
    if (can && choose(s->choices, ++seen) == 0) found = step; // each with the same chance
  }
  if (found == NULL) return;
  solve_steps_before(s, cell, found, row);
  const struct fact_decl *f = found->fact != NULL ? found->fact->decl : NULL;
  uint32_t of = f != NULL ? solve_row(&at, f, false) : 0;
  if (found->kind == DERIVE_VALUE && found->when != NULL) solve_truth(s, found->when, &at, true);
  if (found->kind == DERIVE_FACT) (void)solve_fact(s, f, of, value);
  for (const struct derive_row *r = found->rows; r != NULL; r = r->next) {
    if (!(r->mask >> value & 1) || r->range_count == 0) continue;
    uint64_t code = r->ranges[choose(s->choices, r->range_count)].lo;
    (void)solve_fact(s, f, of, (int64_t)boundaries_fitted(f, code));
  }
}

static const struct cell *mask_of(const struct expr *e) {
  return e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_ENUM ? e->decl : NULL;
}

// Some bit of the mask; 64: it has none.
static uint32_t some_bit(struct choices *c, uint64_t mask) {
  uint32_t found = 64, seen = 0;
  for (uint32_t i = 0; i < 64; i++)
    if ((mask >> i & 1) && choose(c, ++seen) == 0) found = i;
  return found;
}

static void solve_value_in(struct solver *s, const struct expr *operand,
                           const struct oracle_place *at, uint64_t mask, bool met) {
  const struct cell *cell = mask_of(operand);
  const struct fact_decl *f =
      cell == NULL && operand->decl_kind == KIND_FACT ? operand->decl : NULL;
  const struct enum_decl *values = cell ? cell->values : f ? f->type.values : NULL;
  if (values == NULL) return;
  uint64_t all = values->count >= 64 ? UINT64_MAX : (UINT64_C(1) << values->count) - 1;
  uint32_t value = some_bit(s->choices, met ? mask & all : all & ~mask);
  if (value == 64) return;
  if (cell != NULL) {
    solve_mask(s, cell, cell_row(at, cell, operand->as.name.own), value);
  } else {
    (void)solve_fact(s, f, solve_row(at, f, operand->as.name.own), value);
  }
}

// ------------------------------------------------------------------ sets

static void put_item(struct solver *s, const struct fact_decl *f, uint32_t row, int64_t member) {
  const struct oracle_fact *place = place_of(s, f, row);
  if (place->state != ORACLE_GIVEN || place->count >= MOST_ITEMS) oracle_set_list(s->given, f, row);
  oracle_add_item(s->given, f, row, member);
}

static void put_text(struct solver *s, const struct fact_decl *f, uint32_t row, int64_t member) {
  char text[128] = "something else";
  if (member >= 0) spelled_text(s->choices, s->constants->program->texts[member], text);
  oracle_set_text(s->given, f, row, text);
}

bool solve_member(struct solver *s, const struct expr *operand, const struct fact_decl *as_of,
                  const struct oracle_place *at, int64_t member, int64_t day) {
  if (operand->kind != EXPR_NAME || operand->decl_kind != KIND_FACT) return false;
  const struct fact_decl *f = operand->decl;
  uint32_t row = solve_row(at, f, operand->as.name.own);
  if (f->manifest == SOC_NO_INDEX || !is_row(s, f, row)) return false;
  if (f->type.base == SOC_TEXT) {
    put_text(s, f, row, member);
  } else if (f->type.base == SOC_CODE_LIST) {
    put_item(s, f, row, member);
  } else if (f->type.base == SOC_CODE) {
    oracle_set_number(s->given, f, row, member);
  }
  if (day == INT64_MIN || as_of == NULL) return true;
  return solve_fact(s, as_of, solve_row(at, as_of, operand->as.name.own), day);
}

// A random member, on a day on which it is one; or anything.
static void solve_in_set(struct solver *s, const struct expr *e, const struct expr *operand,
                         const struct oracle_place *at, bool met) {
  if (operand->kind != EXPR_NAME || operand->decl_kind != KIND_FACT || e->set->count == 0) return;
  const struct fact_decl *f = operand->decl;
  uint32_t row = solve_row(at, f, operand->as.name.own);
  if (!met) {
    if (f->manifest != SOC_NO_INDEX && is_row(s, f, row))
      random_value(s->choices, s->constants, s->given, f, row);
    return;
  }
  uint32_t count = e->set->count < 60000 ? e->set->count : 60000;
  const struct set_range *range = &e->set->ranges[choose(s->choices, count)];
  bool from = range->from > 0 && range->from <= ORACLE_LAST_DAY;
  uint64_t member = e->set->texts ? range->lo : boundaries_fitted(f, range->lo);
  if (member != 0 || e->set->texts)
    (void)solve_member(s, operand, e->as_of, at, (int64_t)member, from ? range->from : INT64_MIN);
}

// The values of a list of them, as bits.
static uint64_t solve_values(struct solver *s, uint64_t bits, enum include_kind mode, uint64_t mask,
                             uint64_t all, bool met) {
  if (mode == INCLUDE_NONE) met = !met;
  uint32_t of_mask = some_bit(s->choices, mask & all), of_rest = some_bit(s->choices, all & ~mask);
  uint64_t one = of_mask < 64 ? UINT64_C(1) << of_mask : 0,
           other = of_rest < 64 ? UINT64_C(1) << of_rest : 0;
  switch (mode) {
  case INCLUDE_ALL: return met ? bits | (mask & all) : bits & ~one;
  case INCLUDE_ONLY: return met ? bits & mask : bits | other;
  default: return met ? bits | one : bits & ~mask;
  }
}

static void solve_list_of_values(struct solver *s, const struct expr *e, const struct fact_decl *f,
                                 uint32_t row, bool met) {
  const struct oracle_fact *place = place_of(s, f, row);
  uint32_t count = f->type.values->count;
  uint64_t bits = 0, all = count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
  for (uint32_t i = 0; place->state == ORACLE_GIVEN && i < place->count; i++)
    bits |= UINT64_C(1) << place->items[i];
  bits = solve_values(s, bits, e->as.includes.mode, (uint64_t)e->value, all, met);
  oracle_set_list(s->given, f, row);
  for (uint32_t i = 0; i < count && place->count < MOST_VALUES; i++)
    if (bits >> i & 1) oracle_add_item(s->given, f, row, i);
}

static void solve_includes(struct solver *s, const struct expr *e, const struct oracle_place *at,
                           bool met) {
  const struct expr *list = e->as.includes.list;
  const struct fact_decl *f = list->decl;
  uint32_t row = solve_row(at, f, list->as.name.own);
  if (f->manifest == SOC_NO_INDEX || !is_row(s, f, row)) return;
  if (e->set == NULL) {
    solve_list_of_values(s, e, f, row, met);
    return;
  }
  if (e->as.includes.mode == INCLUDE_NONE) met = !met;
  if (!met || e->as.includes.mode != INCLUDE_ANY) oracle_set_list(s->given, f, row);
  if (e->as.includes.mode == INCLUDE_ALL && met) {
    for (uint32_t i = 0; i < e->set->count && i < MOST_VALUES; i++)
      oracle_add_item(s->given, f, row, (int64_t)e->set->ranges[i].lo);
  } else {
    solve_in_set(s, e, list, at, met);
  }
}

// ------------------------------------------------------------------ conditions

// All of them, or some one: which is enough for what is wanted.
static void solve_members(struct solver *s, const struct expr *first, uint32_t need,
                          const struct oracle_place *at, bool met) {
  uint32_t left = 0;
  for (const struct expr *m = first; m != NULL; m = m->next) left++;
  for (const struct expr *m = first; m != NULL && need > 0; m = m->next, left--) {
    if (choose(s->choices, left) >= need) continue; // of those that are left, so many
    solve_truth(s, m, at, met);
    need--;
  }
}

static void solve_block(struct solver *s, const struct expr *e, const struct oracle_place *at,
                        bool met) {
  uint32_t members = 0, need = e->as.block.need;
  for (const struct expr *m = e->as.block.first; m != NULL; m = m->next) members++;
  if (e->as.block.kind == BLOCK_ALL) need = members;
  if (e->as.block.kind == BLOCK_ANY || e->as.block.kind == BLOCK_NONE) need = 1;
  if (e->as.block.kind == BLOCK_NONE) met = !met;
  solve_members(s, e->as.block.first, met ? need : members + 1 - need, at, met);
}

// Values that have no order: an enumeration's, codes.
static bool solve_equality(struct solver *s, const struct expr *e, const struct oracle_place *at,
                           bool met) {
  const struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  bool fact = left->kind == EXPR_NAME && left->decl_kind == KIND_FACT, equal;
  const struct fact_decl *f = fact ? left->decl : NULL;
  int64_t value;
  bool code = fact && f->type.base == SOC_CODE, chosen = fact && f->type.base == SOC_ENUM;
  if (!code && !chosen && mask_of(left) == NULL) return false;
  equal = met == (e->as.compare.rel == REL_EQ);
  if (!solve_read(s, right, at, true, &value)) return true;
  if (!code) {
    if (value < 64) solve_value_in(s, left, at, UINT64_C(1) << value, equal);
  } else if (equal) {
    (void)solve_fact(s, f, solve_row(at, f, left->as.name.own), value);
  } else {
    uint32_t row = solve_row(at, f, left->as.name.own);
    if (f->manifest != SOC_NO_INDEX && is_row(s, f, row))
      random_value(s->choices, s->constants, s->given, f, row);
  }
  return true;
}

static void solve_compare(struct solver *s, const struct expr *e, const struct oracle_place *at,
                          bool met) {
  static const int8_t steps[6][2] = {{1, 0}, {0, 1}, {0, -1},
                                     {1, 0}, {0, 1}, {-1, 0}}; // not met, met
  const struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  if (solve_equality(s, e, at, met)) return;
  bool date = is_date(left) || (left->kind == EXPR_NAME && left->decl_kind == KIND_FACT &&
                                ((const struct fact_decl *)left->decl)->type.base == SOC_DATE);
  int64_t value, step = steps[e->as.compare.rel][met] * (date ? 1 : MICRO);
  bool right_moves = choose(s->choices, 2);
  if (right_moves && solve_read(s, left, at, true, &value) &&
      solve_value(s, right, at, value - step))
    return;
  if (solve_read(s, right, at, true, &value) && solve_value(s, left, at, value + step)) return;
  if (solve_read(s, left, at, true, &value)) (void)solve_value(s, right, at, value - step);
}

static void solve_window(struct solver *s, const struct expr *e, const struct oracle_place *at,
                         bool met) {
  const struct expr *date = e->as.window.date, *start = e->as.window.start;
  int64_t length, day, apart;
  if (!solve_read(s, e->as.window.length, at, true, &length)) return;
  bool last = choose(s->choices, 2), start_moves = choose(s->choices, 2);
  if (e->kind == EXPR_FIRST) {
    apart = last ? length / MICRO - met : -!met;
  } else {
    apart = (length / MICRO + !met) * (last ? 1 : -1);
  }
  if (start_moves && solve_read(s, date, at, true, &day) && solve_value(s, start, at, day - apart))
    return;
  if (solve_read(s, start, at, true, &day)) (void)solve_value(s, date, at, day + apart);
}

static void solve_state(struct solver *s, const struct expr *e, const struct oracle_place *at,
                        bool met) {
  const struct expr *operand = e->as.state.operand;
  if (operand->kind != EXPR_NAME || operand->decl_kind != KIND_FACT) return;
  const struct fact_decl *f = operand->decl;
  uint32_t row = solve_row(at, f, operand->as.name.own);
  if (f->manifest == SOC_NO_INDEX || !is_row(s, f, row)) return;
  if (met == e->as.state.negated) {
    random_value(s->choices, s->constants, s->given, f, row);
  } else if (e->as.state.state == STATE_NONE && f->nullable) {
    oracle_set_none(s->given, f, row);
  } else if (e->as.state.state == STATE_EMPTY && f->type.base == SOC_RECORDS) {
    oracle_set_rows(s->given, s->constants->program, f, 0);
  } else if (e->as.state.state == STATE_EMPTY) {
    oracle_set_list(s->given, f, row);
  } else if (!f->required && f->type.base != SOC_RECORDS) {
    oracle_set_left_out(s->given, f, row);
  }
}

void solve_cell(struct solver *s, const struct cell *cell, uint32_t row, bool met) {
  struct oracle_place at = place_in(cell, row);
  if (cell->within != NULL && (met || choose(s->choices, 2)))
    solve_truth(s, cell->within, &at, met);
  if (cell->when != NULL) solve_truth(s, cell->when, &at, met != cell->negated);
}

static void solve_named(struct solver *s, const struct expr *e, const struct oracle_place *at,
                        bool met) {
  if (e->decl_kind == KIND_CRITERION) {
    const struct cell *cell = e->decl;
    solve_cell(s, cell, cell_row(at, cell, e->as.name.own), met);
  } else if (e->decl_kind == KIND_FACT) {
    const struct fact_decl *f = e->decl;
    (void)solve_fact(s, f, solve_row(at, f, e->as.name.own), met);
  }
}

static void solve_rows_truth(struct solver *s, const struct expr *e, const struct oracle_place *at,
                             bool met) {
  bool every = e->as.rows->kind == ROWS_EVERY;
  if (e->as.rows->kind == ROWS_NO) met = !met;
  (void)solve_loop(s, e, at, every == met ? (every ? MOST_LINES : 0) : 1, -1);
}

void solve_truth(struct solver *s, const struct expr *e, const struct oracle_place *at, bool met) {
  if (s->steps == 0) return;
  s->steps--;
  switch (e->kind) {
  case EXPR_BLOCK: solve_block(s, e, at, met); break;
  case EXPR_NOT: solve_truth(s, e->as.not_.operand, at, !met); break;
  case EXPR_NAME: solve_named(s, e, at, met); break;
  case EXPR_COMPARE: solve_compare(s, e, at, met); break;
  case EXPR_IN:
    if (e->set != NULL) {
      solve_in_set(s, e, e->as.in.operand, at, met);
    } else {
      solve_value_in(s, e->as.in.operand, at, (uint64_t)e->value, met);
    }
    break;
  case EXPR_INCLUDES: solve_includes(s, e, at, met); break;
  case EXPR_STATE: solve_state(s, e, at, met); break;
  case EXPR_FIRST:
  case EXPR_WITHIN: solve_window(s, e, at, met); break;
  case EXPR_ROWS: solve_rows_truth(s, e, at, met); break;
  default: break;
  }
}
