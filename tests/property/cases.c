// SPDX-License-Identifier: Apache-2.0
//
// Random cases: constants of the program exactly, a little less and a little more, dates apart by just the lengths
// that the program names, none, empty, left out.
#include "cases.h"
#include "aim.h"

#include "tests/oracle/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { MICRO = 1000000, MOST_AIMS = 3 };

// ------------------------------------------------------------------ constants

static void pool_add(struct pool *p, int64_t item) {
  for (uint32_t i = 0; i < p->count; i++) {
    if (p->items[i] == item) return;
  }
  if (p->count == p->capacity) {
    p->capacity = p->capacity ? 2 * p->capacity : 16;
    p->items = realloc(p->items, p->capacity * sizeof *p->items);
    if (p->items == NULL) abort();
  }
  p->items[p->count++] = item;
}

static void collect_set(struct constants *k, const struct set_decl *set) {
  if (set == NULL) return;
  for (uint32_t i = 0; i < set->count; i++) {
    const struct set_range *r = &set->ranges[i];
    if (r->from >= 0 && r->from <= ORACLE_LAST_DAY) pool_add(&k->days, r->from);
    if (r->to >= 0 && r->to <= ORACLE_LAST_DAY) pool_add(&k->days, r->to);
    if (set->texts) continue;
    pool_add(&k->codes, (int64_t)r->lo);
    pool_add(&k->codes, (int64_t)r->hi);
  }
}

static void collect_literal(struct constants *k, const struct type *type, int64_t value) {
  if (type == NULL) return;
  switch (type->base) {
  case SOC_DATE: pool_add(&k->days, value); break;
  case SOC_CODE:
  case SOC_CODE_LIST: pool_add(&k->codes, value); break;
  case SOC_NUMBER:
    pool_add(&k->numbers, value);
    if (type->unit == SOC_DAYS || type->unit == SOC_MONTHS) pool_add(&k->lengths, value / MICRO);
    break;
  default: break;
  }
}

static void collect(struct constants *k, const struct expr *e, struct around around);

static void collect_chain(struct constants *k, const struct expr *e, struct around around) {
  for (; e != NULL; e = e->next) collect(k, e, around);
}

static void collect_name(struct constants *k, const struct expr *e, struct around around) {
  if (e->decl_kind == KIND_CONSTANT) {
    const struct constant_decl *constant = e->decl;
    collect_literal(k, &constant->type, constant->value);
  } else if (e->decl_kind == KIND_DERIVED_VALUE) {
    const struct derived_value *derived = e->decl;
    collect(k, derived->value, around);
  }
}

static void collect(struct constants *k, const struct expr *e, struct around around) {
  if (e == NULL) return;
  boundaries_add(&k->boundaries, e, around);
  switch (e->kind) {
  case EXPR_BLOCK: collect_chain(k, e->as.block.first, around); break;
  case EXPR_NOT: collect(k, e->as.not_.operand, around); break;
  case EXPR_NAME: collect_name(k, e, around); break;
  case EXPR_LITERAL: collect_literal(k, e->type, e->value); break;
  case EXPR_COMPARE:
    collect(k, e->as.compare.left, around);
    collect(k, e->as.compare.right, around);
    break;
  case EXPR_IN:
  case EXPR_INCLUDES: collect_set(k, e->set); break;
  case EXPR_FIRST:
  case EXPR_WITHIN:
    collect(k, e->as.window.date, around);
    collect(k, e->as.window.length, around);
    collect(k, e->as.window.start, around);
    break;
  case EXPR_ROWS:
    around.loop = e->decl;
    collect(k, e->as.rows->value, around);
    collect(k, e->as.rows->body, around);
    break;
  case EXPR_QUOTIENT:
    collect(k, e->as.quotient.left, around);
    collect(k, e->as.quotient.right, around);
    break;
  case EXPR_ARITH:
    collect(k, e->as.arith.left, around);
    collect(k, e->as.arith.right, around);
    break;
  case EXPR_PICK: collect_chain(k, e->as.pick.first, around); break;
  case EXPR_AGE:
  case EXPR_DAYS:
    collect(k, e->as.span_of.from, around);
    collect(k, e->as.span_of.to, around);
    break;
  case EXPR_STATE: break;
  }
}

static void collect_map(struct constants *k, const struct derive_step *step, struct around around) {
  if (step->kind == DERIVE_MAP) boundaries_add_map(&k->boundaries, step, around);
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next) {
    for (const struct literal *l = row->codes; l != NULL; l = l->next) {
      uint64_t packed;
      if (soc_code_pack(l->word.text.data, l->word.text.length, &packed))
        pool_add(&k->codes, (int64_t)packed);
    }
  }
}

static void collect_cell(struct constants *k, const struct cell *cell) {
  struct around around = {.name = cell->name, .list = cell->rows};
  collect(k, cell->when, around);
  collect(k, cell->value, around);
  collect(k, cell->within, around);
  if (!cell->mask) return;
  around.mask = cell;
  for (const struct derive_step *s = cell->derive->steps; s != NULL; s = s->next) {
    collect(k, s->when, around);
    collect_map(k, s, around);
  }
}

static void collect_rule(struct constants *k, const struct decision_decl *d,
                         const struct rule_decl *rule) {
  struct around around = {.name = rule->name, .list = d->list, .rule = rule->condition};
  collect(k, rule->from, around);
  collect(k, rule->through, around);
  collect(k, rule->stands, around);
}

void constants_collect(struct constants *k, const struct program *p) {
  memset(k, 0, sizeof *k);
  k->program = p;
  k->left_out = 4;
  boundaries_begin(&k->boundaries, p);
  for (uint32_t i = 0; i < p->cell_count; i++) collect_cell(k, p->cells[i]);
  for (uint32_t i = 0; i < p->decision_count; i++) {
    for (uint32_t r = 0; r < p->decisions[i].rule_count; r++)
      collect_rule(k, &p->decisions[i], &p->decisions[i].rules[r]);
  }
  for (uint32_t i = 0; i < p->set_count; i++) collect_set(k, p->sets[i]);
  boundaries_end(&k->boundaries);
}

void constants_free(struct constants *k) {
  free(k->days.items);
  free(k->numbers.items);
  free(k->codes.items);
  free(k->lengths.items);
  boundaries_free(&k->boundaries);
}

// ------------------------------------------------------------------ values

static int64_t pick(struct choices *c, const struct pool *p, int64_t otherwise) {
  return p->count ? p->items[choose(c, p->count < 60000 ? p->count : 60000)] : otherwise;
}

// Some date that the case already holds.
static bool other_day(struct choices *c, const struct program *p, const struct oracle_case *given,
                      int64_t *day) {
  uint32_t start = choose(c, 256);
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    const struct fact_decl *f = p->manifest[(start + i) % p->manifest_count];
    const struct oracle_fact *place = &given->facts[f->number];
    if (f->type.base != SOC_DATE || f->list != NULL || place->state != ORACLE_GIVEN) continue;
    *day = place->number;
    return true;
  }
  return false;
}

static int64_t random_day(struct choices *c, const struct constants *k,
                          const struct oracle_case *given) {
  int64_t day = pick(c, &k->days, 738886); // 2024-01-01
  if (choose(c, 2)) (void)other_day(c, k->program, given, &day);
  int64_t length = pick(c, &k->lengths, 1);
  switch (choose(c, 6)) {
  default: break;
  case 2: day += length; break;
  case 3: day -= length; break;
  case 4: day = oracle_add_months(oracle_clamp_day(day), length % 1200); break;
  case 5: day = oracle_add_months(oracle_clamp_day(day), -(length % 1200)); break;
  }
  day += (int64_t)choose(c, 4) - 1;
  return oracle_clamp_day(day == 0 && choose(c, 4) ? 738886 : day);
}

static int64_t random_number(struct choices *c, const struct constants *k,
                             const struct fact_decl *f) {
  int64_t n = pick(c, &k->numbers, MICRO);
  int64_t step = f->type.whole || choose(c, 2) ? MICRO : 1;
  n += step * ((int64_t)choose(c, 3) - 1);
  if (choose_one_in(c, 8)) n = (int64_t)choose(c, 400) * MICRO;
  if (choose_one_in(c, 16)) n = choose(c, 2) ? f->minimum : f->maximum;
  if (f->type.whole) n -= n % MICRO;
  if (n < f->minimum) n = f->minimum;
  return n > f->maximum ? f->maximum : n;
}

static bool code_fits(const struct fact_decl *f, size_t length) {
  return length >= 1 && length >= f->min_length && (f->max_length == 0 || length <= f->max_length);
}

// A code of the program, or one that differs from it in its last character or by one character more.
static int64_t random_code(struct choices *c, const struct constants *k,
                           const struct fact_decl *f) {
  static const char filler[] = "0123456789AZ";
  char code[13] = "J1745";
  size_t length = 5;
  int64_t packed = pick(c, &k->codes, 0);
  if (packed != 0) length = soc_code_unpack((uint64_t)packed, code);
  uint32_t change = choose(c, 8);
  if (change == 5 && length < 12) code[length++] = filler[choose(c, 12)];
  if (change == 6) code[length - 1] = filler[choose(c, 12)];
  if (change == 7 && length > 1) length--;
  while (!code_fits(f, length)) {
    if (length > f->min_length && length > 1) {
      length--;
    } else {
      code[length++] = '1';
    }
  }
  uint64_t result;
  if (!soc_code_pack(code, length, &result)) abort();
  return (int64_t)result;
}

void spelled_text(struct choices *c, struct str s, char text[128]) {
  size_t n = 0;
  for (uint32_t i = 0; i < s.length && n < 100; i++) {
    char ch = s.data[i];
    if (ch >= 'a' && ch <= 'z' && choose_one_in(c, 4)) ch = (char)(ch - 'a' + 'A');
    text[n++] = ch;
    if (ch == ' ' && choose_one_in(c, 4)) text[n++] = ' ';
  }
  text[n] = 0;
}

static void random_text(struct choices *c, const struct constants *k, char text[128]) {
  strcpy(text, "something else");
  if (k->program->text_count == 0 || choose_one_in(c, 5)) return;
  struct str s =
      k->program->texts[choose(c, k->program->text_count < 256 ? k->program->text_count : 256)];
  spelled_text(c, s, text);
  if (choose_one_in(c, 8)) strcat(text, "q");
}

static uint32_t random_choice(struct choices *c, const struct fact_decl *f) {
  return choose(c, f->type.values->count);
}

static void random_items(struct choices *c, const struct constants *k, struct oracle_case *given,
                         const struct fact_decl *f, uint32_t row) {
  oracle_set_list(given, f, row);
  bool codes = f->type.base == SOC_CODE_LIST;
  for (uint32_t n = choose(c, MOST_ITEMS + 1), seen = 0; n > 0; n--) {
    int64_t item = codes ? random_code(c, k, f) : (int64_t)random_choice(c, f);
    if (!codes && (seen >> item & 1)) continue; // a list of values names each once
    if (!codes) seen |= 1u << item;
    oracle_add_item(given, f, row, item);
  }
}

int64_t random_item(struct choices *c, const struct constants *k, const struct fact_decl *f) {
  return random_code(c, k, f);
}

static void random_fact(struct choices *c, const struct constants *k, struct oracle_case *given,
                        const struct fact_decl *f, uint32_t row);

// A row of the list, by its key, other than `row` itself and on the one side of it on which no chain returns.
static void random_reference(struct choices *c, struct oracle_case *given,
                             const struct fact_decl *f, uint32_t row, bool upwards) {
  const struct oracle_fact *keys = &given->facts[f->line_of->key->number];
  uint32_t first = upwards ? row + 1 : 0, end = upwards ? keys->count : row;
  if (first >= end) {
    if (f->nullable) oracle_set_none(given, f, row);
    return;
  }
  oracle_set_number(given, f, row, keys->rows[first + choose(c, end - first)].number);
}

// Lines have keys that rise, fall or leave some out.
static void random_keys(struct choices *c, struct oracle_case *given, const struct fact_decl *key,
                        uint32_t rows) {
  uint32_t step = 1 + choose(c, 3);
  bool falls = choose_one_in(c, 3);
  for (uint32_t r = 0; r < rows; r++)
    oracle_set_number(given, key, r, (int64_t)step * (falls ? rows - r : r + 1) * MICRO);
}

static void random_field(struct choices *c, const struct constants *k, struct oracle_case *given,
                         const struct fact_decl *f, uint32_t rows) {
  bool upwards = f->line_of != NULL && choose_one_in(c, 3);
  const struct oracle_fact *place = given->facts[f->number].rows;
  for (uint32_t r = 0; r < rows; r++) {
    bool again = f->type.base == SOC_DATE && r > 0 && place[r - 1].state == ORACLE_GIVEN;
    if (again && choose(c, 2)) {
      oracle_set_number(given, f, r, place[r - 1].number);
    } else if (f->line_of == NULL) {
      random_fact(c, k, given, f, r);
    } else if (f->nullable && choose_one_in(c, 4)) {
      oracle_set_none(given, f, r);
    } else if (choose(c, 3)) {
      random_reference(c, given, f, r, upwards);
    }
  }
}

void random_rows(struct choices *c, const struct constants *k, struct oracle_case *given,
                 const struct fact_decl *list, uint32_t rows) {
  oracle_set_rows(given, k->program, list, rows);
  if (list->key != NULL) random_keys(c, given, list->key, rows);
  for (uint32_t i = 0; i < list->field_count; i++) {
    const struct fact_decl *f = list->fields[i];
    if (f != list->key && f->manifest != SOC_NO_INDEX) random_field(c, k, given, f, rows);
  }
}

// Of lines at times so many that the VM's lanes lay their pairs out in another way.
static uint32_t random_count(struct choices *c, const struct fact_decl *list) {
  uint32_t count = choose(c, (list->key != NULL ? MOST_LINES : MOST_ROWS) + 1);
  return count == MOST_LINES && choose_one_in(c, 3) ? 9 + choose(c, 5) : count;
}

void random_value(struct choices *c, const struct constants *k, struct oracle_case *given,
                  const struct fact_decl *f, uint32_t row) {
  char text[128];
  if (f->line_of != NULL) {
    random_reference(c, given, f, row, false);
    return;
  }
  switch (f->type.base) {
  case SOC_BOOL: oracle_set_number(given, f, row, choose(c, 2)); break;
  case SOC_ENUM: oracle_set_number(given, f, row, random_choice(c, f)); break;
  case SOC_CODE: oracle_set_number(given, f, row, random_code(c, k, f)); break;
  case SOC_TEXT:
    random_text(c, k, text);
    oracle_set_text(given, f, row, text);
    break;
  case SOC_DATE: oracle_set_number(given, f, row, random_day(c, k, given)); break;
  case SOC_NUMBER: oracle_set_number(given, f, row, random_number(c, k, f)); break;
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST: random_items(c, k, given, f, row); break;
  case SOC_RECORDS: random_rows(c, k, given, f, random_count(c, f)); break;
  case SOC_LINE: break; // no policy here reads one
  }
}

static void random_fact(struct choices *c, const struct constants *k, struct oracle_case *given,
                        const struct fact_decl *f, uint32_t row) {
  if (choose_one_in(c, k->left_out)) return;
  if (f->nullable && choose_one_in(c, 4)) {
    oracle_set_none(given, f, row);
    return;
  }
  random_value(c, k, given, f, row);
}

void random_case(struct choices *c, struct constants *k, struct oracle_case *given) {
  const struct program *p = k->program;
  static const uint32_t left_out[] = {3, 6, 12, 60};
  k->left_out = left_out[choose(c, 4)];
  if (p->basis != NULL && choose(c, 16)) random_value(c, k, given, p->basis, 0);
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    const struct fact_decl *f = p->manifest[i];
    if (f->list == NULL && f != p->basis) random_fact(c, k, given, f, 0);
  }
  for (uint32_t aims = choose(c, MOST_AIMS); aims > 0; aims--) aim_at_boundary(c, k, given);
  if (choose(c, 3) == 0) return;
  aim_at_rule(c, k, given);
  if (choose_one_in(c, 4)) aim_at_boundary(c, k, given);
}
