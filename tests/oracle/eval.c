// SPDX-License-Identifier: Apache-2.0
//
// Expressions of the checked program, evaluated by recursion.
#include "calendar.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum { MICRO = 1000000 };
static const int64_t NUMBER_LIMIT = INT64_C(1000000000000000000); // sums and differences stop here

// ------------------------------------------------------------------ reading facts

enum known { ABSENT_UNKNOWN, ABSENT_NONE, PRESENT };

struct reading {
  enum known known;
  const struct oracle_fact *fact; // PRESENT, unless assumed
  int64_t number;                 // PRESENT
};

// `this line's` is read at the row outside of the loop, which is the innermost frame.
static const struct frame *read_at(const struct frame *at, const struct expr *e) {
  return e->kind == EXPR_NAME && e->as.name.own ? at->outer : at;
}

// The row at which a cell of a list is asked.
static uint32_t cell_row(const struct frame *at, const struct cell *cell) {
  if (cell->rows == NULL) return 0;
  while (at != NULL && at->list != cell->rows) at = at->outer;
  if (at == NULL) abort(); // sema lets no cell of a list be read outside of it
  return at->row;
}

static const struct oracle_fact *place_of(const struct world *w, const struct frame *at,
                                          const struct fact_decl *f) {
  const struct oracle_fact *place = &w->given->facts[f->number];
  if (f->list == NULL) return place;
  while (at != NULL && at->list != f->list) at = at->outer;
  if (at == NULL || at->row >= place->count) abort(); // sema lets no field be read outside its list
  return &place->rows[at->row];
}

static uint32_t row_of(const struct frame *at, const struct fact_decl *f) {
  if (f->list == NULL) return SOC_NO_INDEX;
  while (at->list != f->list) at = at->outer;
  return at->row;
}

bool fact_left_out(const struct world *w, const struct frame *at, const struct fact_decl *f) {
  return place_of(w, at, f)->state == ORACLE_LEFT_OUT;
}

static bool doubted(const struct world *w, const struct frame *at, const struct fact_decl *f) {
  return w->doubted == f && (f->list == NULL || w->doubted_row == row_of(at, f));
}

static struct reading read_left_out(const struct world *w, const struct frame *at,
                                    const struct fact_decl *f);

static struct reading read_fact(const struct world *w, const struct frame *at,
                                const struct fact_decl *f) {
  const struct oracle_fact *place = place_of(w, at, f);
  if (place->state == ORACLE_LEFT_OUT) return read_left_out(w, at, f);
  struct reading r = {place->state == ORACLE_NONE ? ABSENT_NONE : PRESENT, place, place->number};
  return r;
}

static struct reading read_left_out(const struct world *w, const struct frame *at,
                                    const struct fact_decl *f) {
  static const struct oracle_fact empty = {.state = ORACLE_GIVEN};
  struct reading r = {ABSENT_UNKNOWN, &empty, 0};
  switch (f->left_out) {
  case SOC_LEFT_OUT_NONE: r.known = ABSENT_NONE; break;
  case SOC_LEFT_OUT_EMPTY: r.known = PRESENT; break;
  case SOC_LEFT_OUT_ASSUMED:
    if (!doubted(w, at, f)) r.known = PRESENT;
    r.number = f->assumed;
    break;
  case SOC_LEFT_OUT_OTHER_FACT: return read_fact(w, at, f->other);
  default: break;
  }
  return r;
}

// `F if given`: a fact that is unknown counts as none.
static struct reading read_name(const struct world *w, const struct frame *at,
                                const struct expr *e) {
  struct reading r = read_fact(w, read_at(at, e), e->decl);
  if (e->as.name.if_given && r.known == ABSENT_UNKNOWN) r.known = ABSENT_NONE;
  return r;
}

static bool is_mask(const struct expr *e) {
  return e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_ENUM;
}

// ------------------------------------------------------------------ texts

static char fold_char(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// Next character of a text read without regard to case, to repeated spaces and to spaces at either end; 0: the end.
static char fold_next(const char **at, const char *end) {
  if (*at == end) return 0;
  char c = *(*at)++;
  if (c != ' ') return fold_char(c);
  while (*at != end && **at == ' ') (*at)++;
  return *at == end ? 0 : ' ';
}

static bool same_text(const char *a, size_t a_length, struct str b) {
  const char *a_end = a + a_length, *b_at = b.data, *b_end = b.data + b.length;
  while (a != a_end && *a == ' ') a++;
  while (b_at != b_end && *b_at == ' ') b_at++;
  for (;;) {
    char x = fold_next(&a, a_end), y = fold_next(&b_at, b_end);
    if (x != y) return false;
    if (x == 0) return true;
  }
}

static int64_t text_number(const struct program *p, const char *text) {
  for (uint32_t i = 0; i < p->text_count; i++) {
    if (same_text(text, strlen(text), p->texts[i])) return i;
  }
  return -1; // no text of the policy
}

static int64_t *numbers_of(const struct world *w, const struct fact_decl *f) {
  const struct oracle_fact *place = &w->given->facts[f->number];
  uint32_t rows = f->list != NULL ? place->count : 1;
  int64_t *numbers = oracle_allocate(NULL, rows, sizeof *numbers);
  for (uint32_t r = 0; r < rows; r++) {
    const struct oracle_fact *given = f->list != NULL ? &place->rows[r] : place;
    numbers[r] = given->state == ORACLE_GIVEN ? text_number(w->program, given->text) : -1;
  }
  return numbers;
}

void texts_begin(struct world *w) {
  const struct program *p = w->program;
  w->texts = oracle_allocate(NULL, p->fact_count, sizeof *w->texts);
  for (uint32_t i = 0; i < p->fact_count; i++) w->texts[i] = NULL;
}

void texts_end(struct world *w) {
  for (uint32_t i = 0; i < w->program->fact_count; i++) free(w->texts[i]);
  free(w->texts);
  w->texts = NULL;
}

// ------------------------------------------------------------------ values

struct value {
  enum known known;
  int64_t lo,
      hi; // what it can be; a count of records that are not all known spans more than one number
};

static struct value value_of(enum known known, int64_t number) {
  struct value v = {known, number, number};
  return v;
}

static int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}
static int64_t larger(int64_t a, int64_t b) {
  return a > b ? a : b;
}

static struct value eval_value(const struct world *w, const struct frame *at, const struct expr *e);
static struct value eval_quantity(const struct world *w, const struct frame *at,
                                  const struct cell *cell);

// Which text of the program a fact that is given, or the fact whose value it takes, has.
static int64_t text_read(const struct world *w, const struct frame *at, const struct fact_decl *f) {
  while (fact_left_out(w, at, f) && f->left_out == SOC_LEFT_OUT_OTHER_FACT) f = f->other;
  int64_t **numbers = &w->texts[f->number];
  if (*numbers == NULL) *numbers = numbers_of(w, f);
  return (*numbers)[f->list != NULL ? row_of(at, f) : 0];
}

static struct value eval_name(const struct world *w, const struct frame *at, const struct expr *e) {
  if (e->decl_kind == KIND_CONSTANT) {
    const struct constant_decl *constant = e->decl;
    return value_of(PRESENT, constant->value);
  }
  if (e->decl_kind == KIND_DERIVED_VALUE) {
    const struct derived_value *derived = e->decl;
    return eval_value(w, at, derived->value);
  }
  if (e->decl_kind == KIND_QUANTITY) return eval_quantity(w, read_at(at, e), e->decl);
  struct reading r = read_name(w, at, e);
  const struct fact_decl *f = e->decl;
  if (r.known == PRESENT && f->type.base == SOC_TEXT) {
    return value_of(PRESENT, text_read(w, read_at(at, e), f));
  }
  return value_of(r.known, r.number);
}

static int64_t clamp_number(int64_t n) {
  if (n > NUMBER_LIMIT) return NUMBER_LIMIT;
  return n < -NUMBER_LIMIT ? -NUMBER_LIMIT : n;
}

static int64_t date_plus(int64_t day, int64_t amount, soc_unit unit) {
  int64_t n = amount / MICRO;
  if (unit == SOC_MONTHS) return oracle_add_months(day, n);
  if (unit == SOC_YEARS) return oracle_add_months(day, 12 * n);
  return oracle_clamp_day(day + n);
}

static bool certain(struct value v) {
  return v.known == PRESENT && v.lo == v.hi;
}

static void tell(const struct world *w, const struct expr *e, int64_t a, int64_t b) {
  if (w->watch != NULL) w->watch(w->watcher, e, a, b);
}

static struct value eval_arith(const struct world *w, const struct frame *at,
                               const struct expr *e) {
  struct value a = eval_value(w, at, e->as.arith.left), b = eval_value(w, at, e->as.arith.right);
  if (a.known == ABSENT_NONE || b.known == ABSENT_NONE) return value_of(ABSENT_NONE, 0);
  if (a.known != PRESENT || b.known != PRESENT) return value_of(ABSENT_UNKNOWN, 0);
  if (e->as.arith.minus) {
    int64_t lo = b.lo;
    b.lo = -b.hi;
    b.hi = -lo;
  }
  if (e->as.arith.left->type->base == SOC_DATE) {
    soc_unit unit = e->as.arith.right->type->unit;
    int64_t months = unit == SOC_YEARS ? 12 : unit == SOC_MONTHS ? 1 : 0;
    if (months != 0 && certain(a)) tell(w, e, a.lo, b.lo / MICRO * months);
    a.lo = date_plus(a.lo, b.lo, unit);
    a.hi = date_plus(a.hi, b.hi, unit);
  } else {
    a.lo = clamp_number(a.lo + b.lo);
    a.hi = clamp_number(a.hi + b.hi);
  }
  return a;
}

// earliest of, latest of: none drops out.
static struct value eval_pick(const struct world *w, const struct frame *at, const struct expr *e) {
  struct value best = value_of(ABSENT_NONE, 0);
  for (const struct expr *m = e->as.pick.first; m != NULL; m = m->next) {
    struct value v = eval_value(w, at, m);
    if (v.known == ABSENT_NONE) continue;
    if (v.known == ABSENT_UNKNOWN || best.known == ABSENT_UNKNOWN) {
      best = value_of(ABSENT_UNKNOWN, 0);
    } else if (best.known == ABSENT_NONE) {
      best = v;
    } else {
      best.lo = e->as.pick.latest ? larger(best.lo, v.lo) : smaller(best.lo, v.lo);
      best.hi = e->as.pick.latest ? larger(best.hi, v.hi) : smaller(best.hi, v.hi);
    }
  }
  return best;
}

static struct value eval_span(const struct world *w, const struct frame *at, const struct expr *e) {
  struct value a = eval_value(w, at, e->as.span_of.from), b = eval_value(w, at, e->as.span_of.to);
  if (a.known == ABSENT_NONE || b.known == ABSENT_NONE) return value_of(ABSENT_NONE, 0);
  if (a.known != PRESENT || b.known != PRESENT) return value_of(ABSENT_UNKNOWN, 0);
  if (e->kind == EXPR_AGE) tell(w, e, a.lo, b.lo);
  int64_t n = e->kind == EXPR_AGE ? oracle_completed_years(a.lo, b.lo) : b.lo - a.lo;
  return value_of(PRESENT, n * MICRO);
}

static const struct fact_decl *find_fact(const struct program *p, struct str name) {
  for (uint32_t i = 0; i < p->fact_count; i++) {
    struct str n = p->facts[i]->name;
    if (n.length == name.length && memcmp(n.data, name.data, n.length) == 0) return p->facts[i];
  }
  return NULL;
}

uint32_t rows_of(const struct world *w, const struct fact_decl *list, bool *known) {
  struct reading r = read_fact(w, NULL, list);
  *known = r.known == PRESENT;
  return r.known == PRESENT ? r.fact->count : 0;
}

static const struct fact_decl *rows_list(const struct world *w, const struct expr *e) {
  const struct fact_decl *list = e->decl;
  if (list == NULL) list = find_fact(w->program, e->as.rows->list.text);
  if (list == NULL) abort();
  return list;
}

// The rows that a loop goes over. `open`: the list, or what follows the last row of the chain, is unknown; `asks` at
// `asks_row` is what leaves it open.
struct rows {
  const struct fact_decl *list, *asks;
  uint32_t *items, count, asks_row;
  bool open;
};

// Row of the line that a reference names, by its key.
static uint32_t line_numbered(const struct world *w, const struct fact_decl *list, int64_t number) {
  const struct oracle_fact *keys = &w->given->facts[list->key->number];
  for (uint32_t i = 0; i < keys->count; i++) {
    if (keys->rows[i].state == ORACLE_GIVEN && keys->rows[i].number == number) return i;
  }
  abort(); // the reader lets no reference to a line pass that is not there
}

static void add_row(struct rows *r, uint32_t row) {
  r->items = oracle_allocate(r->items, r->count + 1, sizeof *r->items);
  r->items[r->count++] = row;
}

static void follow_references(const struct world *w, const struct frame *at, const struct expr *e,
                              struct rows *r) {
  const struct fact_decl *reference = e->as.rows->reference;
  struct frame from = {r->list, 0, NULL};
  uint32_t most = w->given->facts[r->list->number].count; // should a chain return to itself
  while (r->count < most) {
    struct reading next = read_fact(w, at, reference);
    if (next.known == ABSENT_UNKNOWN) {
      r->open = true;
      r->asks = reference;
      r->asks_row = row_of(at, reference);
    }
    if (next.known != PRESENT) return;
    from.row = line_numbered(w, r->list, next.number);
    add_row(r, from.row);
    at = &from;
    if (e->as.rows->over == OVER_RELATED) return;
  }
}

static struct rows rows_over(const struct world *w, const struct frame *at, const struct expr *e) {
  struct rows r = {.list = rows_list(w, e), .asks_row = SOC_NO_INDEX};
  if (e->as.rows->over == OVER_RELATED || e->as.rows->over == OVER_CHAIN) {
    follow_references(w, at, e, &r);
    return r;
  }
  bool known;
  uint32_t count = rows_of(w, r.list, &known);
  for (uint32_t i = 0; i < count; i++) add_row(&r, i);
  r.open = !known;
  r.asks = r.list;
  return r;
}

static int64_t key_of(const struct world *w, const struct fact_decl *list, uint32_t row) {
  return w->given->facts[list->key->number].rows[row].number;
}

static enum truth relate(enum rel_kind rel, struct value a, struct value b);

// Is the row of the innermost frame on the date of the line outside?
static enum truth on_same_date(const struct world *w, const struct frame *row,
                               const struct expr *e) {
  const struct fact_decl *date = e->as.rows->date;
  if (date == NULL) return MET;
  struct reading a = read_fact(w, row, date), b = read_fact(w, row->outer, date);
  return relate(REL_EQ, value_of(a.known, a.number), value_of(b.known, b.number));
}

// Is the row of the innermost frame one of those that are meant?
static enum truth is_meant(const struct world *w, const struct frame *row, const struct expr *e) {
  if (e->as.rows->key != NULL) {
    int64_t mine = key_of(w, row->list, row->row), own = key_of(w, row->list, row->outer->row);
    if (e->as.rows->which == LINES_OTHER ? mine == own : mine >= own) return NOT_MET;
  }
  return on_same_date(w, row, e);
}

struct tally {
  bool open; // there may be more rows than those that were looked at
  uint32_t met, unknown, rows;
};

// `every`: of the rows that are meant, so that one which is not meant counts as met.
static enum truth row_truth(const struct world *w, const struct frame *row, const struct expr *e) {
  enum truth meant = is_meant(w, row, e);
  if (w->hasty && meant == NOT_MET) return e->as.rows->kind == ROWS_EVERY ? MET : NOT_MET;
  enum truth body = eval_truth(w, row, e->as.rows->body);
  if (e->as.rows->kind != ROWS_EVERY) return meant < body ? meant : body;
  meant = (enum truth)(MET - meant);
  return meant > body ? meant : body;
}

static struct tally tally_rows(const struct world *w, const struct frame *at,
                               const struct expr *e) {
  struct rows rows = rows_over(w, at, e);
  struct tally t = {.open = rows.open, .rows = rows.count};
  for (uint32_t i = 0; i < rows.count; i++) {
    struct frame row = {rows.list, rows.items[i], at};
    enum truth state = row_truth(w, &row, e);
    if (state == MET) t.met++;
    if (state == UNKNOWN) t.unknown++;
  }
  free(rows.items);
  return t;
}

static struct value eval_count(const struct world *w, const struct frame *at,
                               const struct expr *e) {
  struct tally t = tally_rows(w, at, e);
  if (t.open) return value_of(ABSENT_UNKNOWN, 0);
  struct value v = {PRESENT, (int64_t)t.met * MICRO, ((int64_t)t.met + t.unknown) * MICRO};
  return v;
}

// What a row adds to a sum: nothing if its amount is none; an amount that is unknown is anything from 0 up.
static struct value summand(const struct world *w, const struct frame *row, const struct expr *e) {
  enum truth t = row_truth(w, row, e);
  struct value v = eval_value(w, row, e->as.rows->value);
  if (t == NOT_MET || v.known == ABSENT_NONE) return value_of(PRESENT, 0);
  if (v.known == ABSENT_UNKNOWN) {
    v.lo = 0;
    v.hi = NUMBER_LIMIT;
  }
  v.known = PRESENT;
  if (t == MET) return v;
  v.lo = smaller(v.lo, 0);
  v.hi = larger(v.hi, 0);
  return v;
}

static struct value eval_sum(const struct world *w, const struct frame *at, const struct expr *e) {
  struct rows rows = rows_over(w, at, e);
  struct value sum = value_of(rows.open ? ABSENT_UNKNOWN : PRESENT, 0);
  for (uint32_t i = 0; i < rows.count; i++) {
    struct frame row = {rows.list, rows.items[i], at};
    struct value v = summand(w, &row, e);
    sum.lo = clamp_number(sum.lo + v.lo);
    sum.hi = clamp_number(sum.hi + v.hi);
  }
  free(rows.items);
  return sum;
}

static int64_t divided(int64_t a, int64_t b) {
  int64_t whole = 0, rest = a;
  whole = rest / b;
  rest -= whole * b;
  if (rest > 0) whole++;
  return whole > NUMBER_LIMIT / MICRO ? NUMBER_LIMIT : whole * MICRO;
}

// Amounts are not negative: most by the least, least by the most. By nothing there is no quotient.
static struct value eval_quotient(const struct world *w, const struct frame *at,
                                  const struct expr *e) {
  struct value a = eval_value(w, at, e->as.quotient.left);
  struct value b = eval_value(w, at, e->as.quotient.right);
  bool by_nothing = b.known == PRESENT && b.hi == 0;
  if (a.known == ABSENT_NONE || b.known == ABSENT_NONE || by_nothing)
    return value_of(ABSENT_NONE, 0);
  if (a.known != PRESENT || b.known != PRESENT) return value_of(ABSENT_UNKNOWN, 0);
  if (certain(a) && certain(b)) tell(w, e, a.lo, b.lo);
  struct value v = {PRESENT, divided(a.lo, b.hi), b.lo == 0 ? NUMBER_LIMIT : divided(a.hi, b.lo)};
  return v;
}

static struct value eval_value(const struct world *w, const struct frame *at,
                               const struct expr *e) {
  switch (e->kind) {
  case EXPR_LITERAL: return value_of(PRESENT, e->value);
  case EXPR_NAME: return eval_name(w, at, e);
  case EXPR_ARITH: return eval_arith(w, at, e);
  case EXPR_PICK: return eval_pick(w, at, e);
  case EXPR_AGE:
  case EXPR_DAYS: return eval_span(w, at, e);
  case EXPR_ROWS: return e->as.rows->kind == ROWS_SUM ? eval_sum(w, at, e) : eval_count(w, at, e);
  case EXPR_QUOTIENT: return eval_quotient(w, at, e);
  default: abort();
  }
}

bool eval_day(const struct world *w, const struct frame *at, const struct expr *e, int32_t *day,
              bool *uncertain) {
  struct value v = eval_value(w, at, e);
  if (v.known == ABSENT_UNKNOWN) *uncertain = true;
  *day = v.known == PRESENT ? (int32_t)v.lo : 0;
  return v.known == PRESENT;
}

bool eval_units(const struct world *w, const struct frame *at, const struct expr *e,
                int64_t *units) {
  struct value v = eval_value(w, at, e);
  *units = v.lo;
  return v.known == PRESENT && v.lo == v.hi;
}

// ------------------------------------------------------------------ derived enumerations

static uint64_t every_value(const struct enum_decl *values) {
  return values->count >= 64 ? UINT64_MAX : (UINT64_C(1) << values->count) - 1;
}

static bool same_name(struct str a, struct str b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

// Values named in the source: `office or infusion_center`.
static uint64_t named_values(const struct enum_decl *values, const struct literal *names) {
  uint64_t mask = 0;
  for (; names != NULL; names = names->next) {
    for (uint32_t i = 0; i < values->count; i++) {
      if (same_name(values->values[i], names->word.text)) mask |= UINT64_C(1) << i;
    }
  }
  return mask;
}

// A code written in a map: one code, lo .. hi over decimal digits, or 011*. Compared character by character.
static bool row_has_code(const struct literal *l, uint64_t packed) {
  char code[13];
  size_t length = soc_code_unpack(packed, code);
  struct str lo = l->word.text, hi = l->kind == LIT_RANGE ? rest_of(l)->high->text : l->word.text;
  if (l->kind == LIT_PREFIX) return length >= lo.length && memcmp(code, lo.data, lo.length) == 0;
  if (length != lo.length) return false;
  for (size_t i = 0; i < length; i++) {
    bool digit = lo.data[i] >= '0' && lo.data[i] <= '9';
    if (digit ? code[i] < '0' || code[i] > '9' : code[i] != lo.data[i]) return false;
  }
  return memcmp(code, lo.data, length) >= 0 && memcmp(code, hi.data, length) <= 0;
}

// The row of a map in which a code stands; NULL: in none.
static const struct derive_row *map_row(const struct derive_step *step, uint64_t packed) {
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next) {
    for (const struct literal *l = row->codes; l != NULL; l = l->next) {
      if (row_has_code(l, packed)) return row;
    }
  }
  return NULL;
}

static uint64_t eval_steps(const struct world *w, const struct frame *at, const struct cell *cell,
                           const struct derive_step *step);

static uint64_t eval_choice(const struct world *w, const struct frame *at, const struct cell *cell,
                            const struct derive_step *step) {
  uint64_t mine = named_values(cell->values, step->values);
  if (step->assumed && doubted(w, at, cell->asks)) return every_value(cell->values);
  enum truth when = step->when == NULL ? MET : eval_truth(w, at, step->when);
  if (when == MET) return mine;
  uint64_t rest = eval_steps(w, at, cell, step->next);
  return when == UNKNOWN ? mine | rest : rest;
}

static uint64_t eval_steps(const struct world *w, const struct frame *at, const struct cell *cell,
                           const struct derive_step *step) {
  uint64_t all = every_value(cell->values);
  if (step == NULL) return all;
  if (step->kind == DERIVE_VALUE) return eval_choice(w, at, cell, step);
  struct reading r = read_name(w, at, step->fact);
  if (step->kind == DERIVE_FACT)
    return r.known == PRESENT ? UINT64_C(1) << r.number : eval_steps(w, at, cell, step->next);
  if (r.known == ABSENT_UNKNOWN) return all;
  if (r.known == PRESENT) tell(w, step->fact, r.number, INT64_MIN);
  const struct derive_row *row = r.known == PRESENT ? map_row(step, (uint64_t)r.number) : NULL;
  return row != NULL ? named_values(cell->values, row->values)
                     : eval_steps(w, at, cell, step->next);
}

static struct memo *memo_of(const struct world *w, const struct frame *at,
                            const struct cell *cell) {
  if (cell->index >= w->program->cell_count) return NULL;
  return &w->memo[(size_t)cell->index * w->memo_rows + cell_row(at, cell)];
}

// The frame in which a cell is worked out: the row of its own list, nothing else.
static struct frame frame_of(const struct frame *at, const struct cell *cell) {
  struct frame frame = {cell->rows, cell_row(at, cell), NULL};
  return frame;
}

uint64_t eval_mask(const struct world *w, const struct frame *at, const struct cell *cell) {
  struct memo *memo = memo_of(w, at, cell);
  if (memo != NULL && memo->known) return memo->value;
  struct frame frame = frame_of(at, cell);
  uint64_t mask = eval_steps(w, cell->rows != NULL ? &frame : NULL, cell, cell->derive->steps);
  if (memo != NULL) {
    memo->known = true;
    memo->value = mask;
  }
  return mask;
}

static struct value eval_quantity(const struct world *w, const struct frame *at,
                                  const struct cell *cell) {
  struct frame frame = frame_of(at, cell);
  return eval_value(w, cell->rows != NULL ? &frame : NULL, cell->value);
}

static enum truth mask_in(uint64_t candidates, uint64_t set) {
  if ((candidates & ~set) == 0) return MET;
  return (candidates & set) == 0 ? NOT_MET : UNKNOWN;
}

static enum oracle_state ends_of(struct value v, int64_t *lo, int64_t *hi) {
  *lo = v.lo;
  *hi = v.hi;
  return v.known == PRESENT ? ORACLE_GIVEN : v.known == ABSENT_NONE ? ORACLE_NONE : ORACLE_LEFT_OUT;
}

enum oracle_state eval_span_of(const struct world *w, const struct frame *at,
                               const struct cell *cell, int64_t *lo, int64_t *hi) {
  return ends_of(eval_quantity(w, at, cell), lo, hi);
}

enum oracle_state eval_ends(const struct world *w, const struct frame *at, const struct expr *e,
                            int64_t *lo, int64_t *hi) {
  return ends_of(eval_value(w, at, e), lo, hi);
}

// ------------------------------------------------------------------ comparisons

static enum truth truth_of(bool b) {
  return b ? MET : NOT_MET;
}
static enum truth not_truth(enum truth t) {
  return (enum truth)(MET - t);
}

static enum truth less(struct value a, struct value b) {
  if (a.hi < b.lo) return MET;
  return a.lo >= b.hi ? NOT_MET : UNKNOWN;
}

static enum truth equal(struct value a, struct value b) {
  if (a.hi < b.lo || b.hi < a.lo) return NOT_MET;
  return a.lo == a.hi && b.lo == b.hi ? MET : UNKNOWN;
}

static enum truth relate(enum rel_kind rel, struct value a, struct value b) {
  if (a.known == ABSENT_NONE || b.known == ABSENT_NONE) return NOT_MET;
  if (a.known != PRESENT || b.known != PRESENT) return UNKNOWN;
  switch (rel) {
  case REL_EQ: return equal(a, b);
  case REL_NE: return not_truth(equal(a, b));
  case REL_LT: return less(a, b);
  case REL_GE: return not_truth(less(a, b));
  case REL_GT: return less(b, a);
  case REL_LE: return not_truth(less(b, a));
  }
  abort();
}

static enum truth compare_mask(const struct world *w, const struct frame *at, const struct expr *e,
                               const struct expr *mask, const struct expr *other) {
  struct value v = eval_value(w, at, other);
  if (v.known == ABSENT_NONE) return NOT_MET;
  if (v.known == ABSENT_UNKNOWN) return UNKNOWN;
  enum truth is = mask_in(eval_mask(w, read_at(at, mask), mask->decl), UINT64_C(1) << v.lo);
  return e->as.compare.rel == REL_EQ ? is : not_truth(is);
}

static bool is_text(const struct expr *e) {
  if (e->kind != EXPR_NAME || e->decl_kind != KIND_FACT) return false;
  return ((const struct fact_decl *)e->decl)->type.base == SOC_TEXT;
}

// Two texts that were given, whether or not the policy names them.
static enum truth compare_texts(const struct world *w, const struct frame *at,
                                const struct expr *e) {
  struct reading a = read_name(w, at, e->as.compare.left);
  struct reading b = read_name(w, at, e->as.compare.right);
  if (a.known == ABSENT_NONE || b.known == ABSENT_NONE) return NOT_MET;
  if (a.known != PRESENT || b.known != PRESENT) return UNKNOWN;
  struct str text = {b.fact->text, (uint32_t)strlen(b.fact->text)};
  bool same = same_text(a.fact->text, strlen(a.fact->text), text);
  return truth_of(same == (e->as.compare.rel == REL_EQ));
}

static enum truth eval_compare(const struct world *w, const struct frame *at,
                               const struct expr *e) {
  const struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  if (is_mask(left)) return compare_mask(w, at, e, left, right);
  if (is_mask(right)) return compare_mask(w, at, e, right, left);
  if (is_text(left) && is_text(right)) return compare_texts(w, at, e);
  struct value a = eval_value(w, at, left), b = eval_value(w, at, right);
  if (certain(a) && certain(b)) tell(w, e, a.lo, b.lo);
  return relate(e->as.compare.rel, a, b);
}

// D in first N days from E: 0 <= D - E <= N - 1. D within N days of E: -N <= D - E <= N.
static enum truth eval_window(const struct world *w, const struct frame *at, const struct expr *e) {
  struct value date = eval_value(w, at, e->as.window.date);
  struct value length = eval_value(w, at, e->as.window.length);
  struct value start = eval_value(w, at, e->as.window.start);
  if (date.known == ABSENT_NONE || length.known == ABSENT_NONE || start.known == ABSENT_NONE)
    return NOT_MET;
  if (date.known != PRESENT || length.known != PRESENT || start.known != PRESENT) return UNKNOWN;
  int64_t apart = date.lo - start.lo, n = length.lo / MICRO;
  tell(w, e, apart, n);
  if (e->kind == EXPR_FIRST) return truth_of(apart >= 0 && apart <= n - 1);
  return truth_of(apart >= -n && apart <= n);
}

// ------------------------------------------------------------------ sets

struct as_of {
  bool dated;
  enum known known;
  int64_t day;
};

static struct as_of read_as_of(const struct world *w, const struct frame *at,
                               const struct fact_decl *f) {
  struct as_of as_of = {f != NULL, PRESENT, 0};
  if (f == NULL) return as_of;
  struct reading r = read_fact(w, at, f);
  as_of.known = r.known;
  as_of.day = r.number;
  return as_of;
}

static bool holds(const struct set_decl *set, int64_t item, bool dated, int64_t day) {
  for (uint32_t i = 0; i < set->count; i++) {
    const struct set_range *r = &set->ranges[i];
    if ((uint64_t)item < r->lo || (uint64_t)item > r->hi) continue;
    if (!dated || (day >= r->from && day < r->to)) return true;
  }
  return false;
}

// On a day that is not known: met if a member on every day, not met if on none.
static enum truth holds_some_day(const struct set_decl *set, int64_t item) {
  bool start = holds(set, item, true, 0);
  for (uint32_t i = 0; i < set->count; i++) {
    const struct set_range *r = &set->ranges[i];
    if (r->from > 0 && r->from <= ORACLE_LAST_DAY && holds(set, item, true, r->from) != start)
      return UNKNOWN;
    if (r->to > 0 && r->to <= ORACLE_LAST_DAY && holds(set, item, true, r->to) != start)
      return UNKNOWN;
  }
  return truth_of(start);
}

static enum truth member(const struct world *w, const struct expr *e, int64_t item,
                         struct as_of as_of) {
  const struct set_decl *set = e->set;
  tell(w, e, item, as_of.dated && as_of.known == PRESENT ? as_of.day : INT64_MIN);
  if (as_of.dated && as_of.known == ABSENT_UNKNOWN) return holds_some_day(set, item);
  return truth_of(holds(set, item, as_of.dated, as_of.day));
}

static enum truth eval_in(const struct world *w, const struct frame *at, const struct expr *e) {
  const struct expr *operand = e->as.in.operand;
  if (is_mask(operand))
    return mask_in(eval_mask(w, read_at(at, operand), operand->decl), (uint64_t)e->value);
  struct value v = eval_value(w, at, operand);
  if (v.known == ABSENT_NONE) return NOT_MET;
  if (e->set == NULL) {
    if (v.known != PRESENT) return UNKNOWN;
    return truth_of((uint64_t)e->value >> v.lo & 1);
  }
  struct as_of as_of = read_as_of(w, read_at(at, operand), e->as_of);
  if (as_of.known == ABSENT_NONE) return NOT_MET;
  if (v.known != PRESENT) return UNKNOWN;
  return member(w, e, v.lo, as_of);
}

static enum truth item_in(const struct world *w, const struct expr *e, int64_t item,
                          struct as_of as_of) {
  if (e->set == NULL) return truth_of((uint64_t)e->value >> item & 1);
  return member(w, e, item, as_of);
}

// includes all of { a, b }: every member of the set stands in the list.
static enum truth includes_all(const struct world *w, const struct expr *e,
                               const struct oracle_fact *list) {
  for (uint32_t i = 0; e->set != NULL && i < list->count; i++)
    tell(w, e, list->items[i], INT64_MIN);
  uint32_t members = e->set != NULL ? e->set->count : 64;
  for (uint32_t m = 0; m < members; m++) {
    bool found = false;
    if (e->set == NULL && !((uint64_t)e->value >> m & 1)) continue;
    for (uint32_t i = 0; i < list->count; i++) {
      uint64_t item = (uint64_t)list->items[i];
      if (e->set == NULL ? item == m : item >= e->set->ranges[m].lo && item <= e->set->ranges[m].hi)
        found = true;
    }
    if (!found) return NOT_MET;
  }
  return MET;
}

static enum truth eval_includes(const struct world *w, const struct frame *at,
                                const struct expr *e) {
  struct reading list = read_name(w, at, e->as.includes.list);
  struct as_of as_of = read_as_of(w, read_at(at, e->as.includes.list), e->as_of);
  if (list.known == ABSENT_NONE || as_of.known == ABSENT_NONE) return NOT_MET;
  if (list.known != PRESENT) return UNKNOWN;
  if (e->as.includes.mode == INCLUDE_ALL) return includes_all(w, e, list.fact);
  enum truth any = NOT_MET, only = MET;
  for (uint32_t i = 0; i < list.fact->count; i++) {
    enum truth t = item_in(w, e, list.fact->items[i], as_of);
    if (t > any) any = t;
    if (t < only) only = t;
  }
  if (e->as.includes.mode == INCLUDE_ONLY) return only;
  return e->as.includes.mode == INCLUDE_NONE ? not_truth(any) : any;
}

// ------------------------------------------------------------------ truth

static enum truth eval_state(const struct world *w, const struct frame *at, const struct expr *e) {
  const struct expr *operand = e->as.state.operand;
  enum truth is = UNKNOWN;
  if (e->as.state.state == STATE_LEFT_OUT) {
    is = truth_of(fact_left_out(w, read_at(at, operand), operand->decl));
  } else {
    struct reading r = read_name(w, at, operand);
    if (r.known != ABSENT_UNKNOWN) {
      bool none = r.known == ABSENT_NONE;
      is = truth_of(e->as.state.state == STATE_NONE ? none : !none && r.fact->count == 0);
    }
  }
  return e->as.state.negated ? not_truth(is) : is;
}

static enum truth eval_block(const struct world *w, const struct frame *at, const struct expr *e) {
  uint32_t met = 0, open = 0, members = 0, need = e->as.block.need;
  for (const struct expr *m = e->as.block.first; m != NULL; m = m->next) members++;
  if (e->as.block.kind == BLOCK_ALL) need = members;
  if (e->as.block.kind == BLOCK_ANY || e->as.block.kind == BLOCK_NONE) need = 1;
  for (const struct expr *m = e->as.block.first; m != NULL; m = m->next) {
    enum truth t = eval_truth(w, at, m);
    met += t == MET;
    open += t == UNKNOWN;
    members--;
    if (w->hasty && (met >= need || met + open + members < need)) break;
  }
  enum truth enough = met >= need ? MET : met + open >= need ? UNKNOWN : NOT_MET;
  return e->as.block.kind == BLOCK_NONE ? not_truth(enough) : enough;
}

static enum truth eval_rows(const struct world *w, const struct frame *at, const struct expr *e) {
  struct tally t = tally_rows(w, at, e);
  if (e->as.rows->kind == ROWS_EVERY) {
    if (t.met + t.unknown < t.rows) return NOT_MET;
    return t.unknown || t.open ? UNKNOWN : MET;
  }
  enum truth some = t.met ? MET : t.unknown || t.open ? UNKNOWN : NOT_MET;
  return e->as.rows->kind == ROWS_NO ? not_truth(some) : some;
}

static enum truth eval_truth_name(const struct world *w, const struct frame *at,
                                  const struct expr *e) {
  if (e->decl_kind == KIND_CRITERION) return eval_cell(w, read_at(at, e), e->decl);
  struct value v = eval_name(w, at, e);
  if (v.known == ABSENT_UNKNOWN) return UNKNOWN;
  return truth_of(v.known == PRESENT && v.lo != 0);
}

enum truth eval_truth(const struct world *w, const struct frame *at, const struct expr *e) {
  switch (e->kind) {
  case EXPR_BLOCK: return eval_block(w, at, e);
  case EXPR_NOT: return not_truth(eval_truth(w, at, e->as.not_.operand));
  case EXPR_NAME: return eval_truth_name(w, at, e);
  case EXPR_LITERAL: return truth_of(e->value != 0);
  case EXPR_COMPARE: return eval_compare(w, at, e);
  case EXPR_IN: return eval_in(w, at, e);
  case EXPR_STATE: return eval_state(w, at, e);
  case EXPR_INCLUDES: return eval_includes(w, at, e);
  case EXPR_FIRST:
  case EXPR_WITHIN: return eval_window(w, at, e);
  case EXPR_ROWS: return eval_rows(w, at, e);
  default: abort();
  }
}

static enum truth cell_truth(const struct world *w, const struct frame *at,
                             const struct cell *cell) {
  enum truth t = eval_truth(w, at, cell->when);
  if (cell->negated) t = not_truth(t);
  if (cell->within == NULL) return t;
  enum truth within = eval_truth(w, at, cell->within);
  return within < t ? within : t;
}

enum truth eval_cell(const struct world *w, const struct frame *at, const struct cell *cell) {
  struct memo *memo = memo_of(w, at, cell);
  if (memo != NULL && memo->known) return (enum truth)memo->value;
  struct frame frame = frame_of(at, cell);
  enum truth t = cell_truth(w, cell->rows != NULL ? &frame : NULL, cell);
  if (memo != NULL) {
    memo->known = true;
    memo->value = t;
  }
  return t;
}

// ------------------------------------------------------------------ what is missing

void refs_add(struct oracle_refs *refs, const struct fact_decl *fact, uint32_t row) {
  for (uint32_t i = 0; i < refs->count; i++) {
    if (refs->items[i].fact == fact && refs->items[i].row == row) return;
  }
  if (refs->count == refs->capacity) {
    refs->capacity = refs->capacity ? 2 * refs->capacity : 8;
    refs->items = oracle_allocate(refs->items, refs->capacity, sizeof *refs->items);
  }
  struct oracle_ref ref = {fact, row};
  refs->items[refs->count++] = ref;
}

// Adds a fact if it is unknown; one that takes its value from another is asked for by the other's name.
static void missing_fact(const struct world *w, const struct frame *at, const struct fact_decl *f,
                         struct oracle_refs *out) {
  if (read_fact(w, at, f).known != ABSENT_UNKNOWN) return;
  while (f->left_out == SOC_LEFT_OUT_OTHER_FACT) f = f->other;
  refs_add(out, f, row_of(at, f));
}

static void missing_truth(const struct world *w, const struct frame *at, const struct expr *e,
                          struct oracle_refs *out);
static void missing_value(const struct world *w, const struct frame *at, const struct expr *e,
                          struct oracle_refs *out);

// A derived enumeration that is not settled asks for one fact, whatever left it open.
static void missing_mask(const struct world *w, const struct frame *at, const struct cell *cell,
                         struct oracle_refs *out) {
  uint64_t candidates = eval_mask(w, at, cell);
  if ((candidates & (candidates - 1)) == 0) return;
  const struct fact_decl *f = cell->asks;
  while (f->left_out == SOC_LEFT_OUT_OTHER_FACT) f = f->other;
  refs_add(out, f, row_of(at, f));
}

// One row: what leaves open whether it is meant, what its condition lacks, and, for a sum, its amount.
static void missing_row(const struct world *w, const struct frame *row, const struct expr *e,
                        struct oracle_refs *out) {
  enum truth state = row_truth(w, row, e);
  if (state == UNKNOWN && on_same_date(w, row, e) == UNKNOWN) {
    missing_fact(w, row, e->as.rows->date, out);
    missing_fact(w, row->outer, e->as.rows->date, out);
  }
  if (state == UNKNOWN) missing_truth(w, row, e->as.rows->body, out);
  if (e->as.rows->kind == ROWS_SUM && state != NOT_MET)
    missing_value(w, row, e->as.rows->value, out);
}

// Rows of a sum that add one certain amount lack nothing.
static bool row_is_settled(const struct world *w, const struct frame *row, const struct expr *e) {
  if (e->as.rows->kind != ROWS_SUM) return row_truth(w, row, e) != UNKNOWN;
  struct value v = summand(w, row, e);
  return v.lo == v.hi;
}

static void missing_rows(const struct world *w, const struct frame *at, const struct expr *e,
                         struct oracle_refs *out) {
  struct rows rows = rows_over(w, at, e);
  if (rows.open) refs_add(out, rows.asks, rows.asks_row);
  for (uint32_t i = 0; i < rows.count; i++) {
    struct frame row = {rows.list, rows.items[i], at};
    if (!row_is_settled(w, &row, e)) missing_row(w, &row, e, out);
  }
  free(rows.items);
}

static void missing_quantity(const struct world *w, const struct frame *at, const struct cell *cell,
                             struct oracle_refs *out) {
  struct memo *memo = memo_of(w, at, cell);
  if (memo != NULL && memo->gathered == w->gathering) return;
  if (memo != NULL) memo->gathered = w->gathering;
  struct frame frame = frame_of(at, cell);
  missing_value(w, cell->rows != NULL ? &frame : NULL, cell->value, out);
}

static void missing_name(const struct world *w, const struct frame *outer, const struct expr *e,
                         struct oracle_refs *out) {
  const struct frame *at = read_at(outer, e);
  switch (e->decl_kind) {
  case KIND_FACT:
    if (!e->as.name.if_given) missing_fact(w, at, e->decl, out);
    break;
  case KIND_CRITERION: missing_cell(w, at, e->decl, out); break;
  case KIND_DERIVED_ENUM: missing_mask(w, at, e->decl, out); break;
  case KIND_QUANTITY: missing_quantity(w, at, e->decl, out); break;
  case KIND_DERIVED_VALUE: {
    const struct derived_value *derived = e->decl;
    missing_value(w, at, derived->value, out);
    break;
  }
  default: break;
  }
}

// An operand that is none, or one number, whatever the facts in it are, misses nothing.
static bool open_value(const struct world *w, const struct frame *at, const struct expr *e) {
  struct value v = eval_value(w, at, e);
  return v.known == ABSENT_UNKNOWN || (v.known == PRESENT && v.lo != v.hi);
}

static void missing_value(const struct world *w, const struct frame *at, const struct expr *e,
                          struct oracle_refs *out) {
  bool mask = e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_ENUM;
  if (!mask && !open_value(w, at, e)) return;
  switch (e->kind) {
  case EXPR_NAME: missing_name(w, at, e, out); break;
  case EXPR_ARITH:
    missing_value(w, at, e->as.arith.left, out);
    missing_value(w, at, e->as.arith.right, out);
    break;
  case EXPR_PICK:
    for (const struct expr *m = e->as.pick.first; m != NULL; m = m->next)
      missing_value(w, at, m, out);
    break;
  case EXPR_AGE:
  case EXPR_DAYS:
    missing_value(w, at, e->as.span_of.from, out);
    missing_value(w, at, e->as.span_of.to, out);
    break;
  case EXPR_QUOTIENT:
    missing_value(w, at, e->as.quotient.left, out);
    missing_value(w, at, e->as.quotient.right, out);
    break;
  case EXPR_ROWS: missing_rows(w, at, e, out); break;
  default: break;
  }
}

static void missing_truth(const struct world *w, const struct frame *at, const struct expr *e,
                          struct oracle_refs *out) {
  if (eval_truth(w, at, e) != UNKNOWN) return;
  switch (e->kind) {
  case EXPR_BLOCK:
    for (const struct expr *m = e->as.block.first; m != NULL; m = m->next)
      missing_truth(w, at, m, out);
    break;
  case EXPR_NOT: missing_truth(w, at, e->as.not_.operand, out); break;
  case EXPR_NAME: missing_name(w, at, e, out); break;
  case EXPR_COMPARE:
    missing_value(w, at, e->as.compare.left, out);
    missing_value(w, at, e->as.compare.right, out);
    break;
  case EXPR_IN:
    missing_value(w, at, e->as.in.operand, out);
    if (e->as_of != NULL) missing_fact(w, read_at(at, e->as.in.operand), e->as_of, out);
    break;
  case EXPR_INCLUDES:
    missing_value(w, at, e->as.includes.list, out);
    if (e->as_of != NULL) missing_fact(w, read_at(at, e->as.includes.list), e->as_of, out);
    break;
  case EXPR_STATE: missing_value(w, at, e->as.state.operand, out); break;
  case EXPR_FIRST:
  case EXPR_WITHIN:
    missing_value(w, at, e->as.window.date, out);
    missing_value(w, at, e->as.window.length, out);
    missing_value(w, at, e->as.window.start, out);
    break;
  case EXPR_ROWS: missing_rows(w, at, e, out); break;
  default: break;
  }
}

void missing_cell(const struct world *w, const struct frame *at, const struct cell *cell,
                  struct oracle_refs *out) {
  struct memo *memo = memo_of(w, at, cell);
  if (eval_cell(w, at, cell) != UNKNOWN || (memo != NULL && memo->gathered == w->gathering)) return;
  if (memo != NULL) memo->gathered = w->gathering;
  struct frame frame = frame_of(at, cell), *inner = cell->rows != NULL ? &frame : NULL;
  if (cell->within != NULL) missing_truth(w, inner, cell->within, out);
  missing_truth(w, inner, cell->when, out);
}
