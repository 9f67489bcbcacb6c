// SPDX-License-Identifier: Apache-2.0
//
// See boundaries.h.
#include "boundaries.h"

#include "tests/oracle/calendar.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MICRO = 1000000 };
static const int64_t FAR = INT64_C(1000000000000000000);

// Sites of one expression: a chain, as one set can be asked by many and years completed can be compared twice.
struct expr_site {
  const struct expr *expr; // NULL: free
  uint32_t site;
};

static void *larger_room(void *old, size_t count, size_t size) {
  void *memory = realloc(old, count * size);
  if (memory == NULL) abort();
  return memory;
}

// ------------------------------------------------------------------ sites by expression

static uint32_t slot_of(const struct boundaries *b, const struct expr *e) {
  return (uint32_t)(((uintptr_t)e >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (b->table_size - 1);
}

static void put_in_table(struct boundaries *b, const struct expr *e, uint32_t site) {
  uint32_t at = slot_of(b, e);
  while (b->table[at].expr != NULL) at = (at + 1) & (b->table_size - 1);
  b->table[at] = (struct expr_site){e, site};
}

static void grow_table(struct boundaries *b) {
  struct expr_site *old = b->table;
  uint32_t size = b->table_size;
  b->table_size = size ? 2 * size : 256;
  b->table = calloc(b->table_size, sizeof *b->table);
  if (b->table == NULL) abort();
  for (uint32_t i = 0; i < size; i++)
    if (old[i].expr != NULL) put_in_table(b, old[i].expr, old[i].site);
  free(old);
}

static void remember(struct boundaries *b, const struct expr *e, uint32_t site) {
  if (2 * ++b->table_count > b->table_size) grow_table(b);
  put_in_table(b, e, site);
}

// The next site of an expression from slot *at on; begin with slot_of.
static struct site *next_site(const struct boundaries *b, const struct expr *e, uint32_t *at) {
  while (b->table_size > 0 && b->table[*at].expr != NULL) {
    const struct expr_site *entry = &b->table[*at];
    *at = (*at + 1) & (b->table_size - 1);
    if (entry->expr == e) return &b->sites[entry->site];
  }
  return NULL;
}

static bool has_site(const struct boundaries *b, const struct expr *e, enum site_kind kind,
                     int64_t number) {
  uint32_t at = b->table_size ? slot_of(b, e) : 0;
  for (struct site *s; (s = next_site(b, e, &at)) != NULL;)
    if (s->kind == kind && s->number == number) return true;
  return false;
}

// ------------------------------------------------------------------ making sites

static struct site *add_site(struct boundaries *b, struct site site) {
  if (b->site_count == b->site_capacity) {
    b->site_capacity = b->site_capacity ? 2 * b->site_capacity : 64;
    b->sites = larger_room(b->sites, b->site_capacity, sizeof *b->sites);
  }
  if (site.expr != NULL) remember(b, site.expr, b->site_count);
  b->sites[b->site_count] = site;
  return &b->sites[b->site_count++];
}

static void add_point(struct site *s, int64_t value, int64_t day) {
  for (uint32_t i = s->kind == SITE_SET ? s->count : 0; i < s->count; i++)
    if (s->points[i].value == value && s->points[i].day == day) return;
  if (s->count == s->capacity) {
    s->capacity = s->capacity ? 2 * s->capacity : 8;
    s->points = larger_room(s->points, s->capacity, sizeof *s->points);
  }
  s->points[s->count++] = (struct point){value, day, 0};
}

// ------------------------------------------------------------------ what numbers can be

struct ends {
  int64_t lo, hi;
};

static struct ends ends_of(const struct expr *e);

static struct ends ends_of_rows(const struct expr *e) {
  if (e->as.rows->kind == ROWS_SUM) return (struct ends){0, FAR};
  const struct fact_decl *list = e->decl;
  int64_t rows = list->key != NULL ? MOST_LINES : MOST_ROWS;
  if (e->as.rows->over == OVER_RELATED) rows = 1;
  if (e->as.rows->over == OVER_CHAIN || e->as.rows->which != LINES_ALL) rows = MOST_LINES - 1;
  return (struct ends){0, rows * MICRO};
}

static struct ends ends_of_name(const struct expr *e) {
  const struct fact_decl *f = e->decl;
  switch (e->decl_kind) {
  case KIND_CONSTANT: {
    int64_t value = ((const struct constant_decl *)e->decl)->value;
    return (struct ends){value, value};
  }
  case KIND_DERIVED_VALUE: return ends_of(((const struct derived_value *)e->decl)->value);
  case KIND_QUANTITY: return ends_of(((const struct cell *)e->decl)->value);
  default:
    if (f->type.base == SOC_DATE) return (struct ends){0, ORACLE_LAST_DAY};
    return (struct ends){f->minimum, f->maximum};
  }
}

static struct ends ends_of_arith(const struct expr *e) {
  if (e->type != NULL && e->type->base == SOC_DATE) return (struct ends){0, ORACLE_LAST_DAY};
  struct ends a = ends_of(e->as.arith.left), b = ends_of(e->as.arith.right);
  if (e->as.arith.minus) return (struct ends){a.lo - b.hi, a.hi - b.lo};
  return (struct ends){a.lo + b.lo, a.hi + b.hi};
}

static struct ends ends_of(const struct expr *e) {
  switch (e->kind) {
  case EXPR_LITERAL: return (struct ends){e->value, e->value};
  case EXPR_NAME: return ends_of_name(e);
  case EXPR_ROWS: return ends_of_rows(e);
  case EXPR_QUOTIENT: return (struct ends){0, FAR};
  case EXPR_ARITH: return ends_of_arith(e);
  default: return (struct ends){-FAR, FAR};
  }
}

bool constant_value(const struct expr *e, int64_t *value) {
  if (e->kind == EXPR_LITERAL) *value = e->value;
  if (e->kind == EXPR_NAME && e->decl_kind == KIND_CONSTANT)
    *value = ((const struct constant_decl *)e->decl)->value;
  return e->kind == EXPR_LITERAL || (e->kind == EXPR_NAME && e->decl_kind == KIND_CONSTANT);
}

static bool is_whole(const struct expr *e);

static bool is_whole_name(const struct expr *e) {
  switch (e->decl_kind) {
  case KIND_DERIVED_VALUE: return is_whole(((const struct derived_value *)e->decl)->value);
  case KIND_QUANTITY: return is_whole(((const struct cell *)e->decl)->value);
  default: return ((const struct fact_decl *)e->decl)->type.whole;
  }
}

static bool is_whole(const struct expr *e) {
  int64_t value;
  if (constant_value(e, &value)) return value % MICRO == 0;
  switch (e->kind) {
  case EXPR_NAME: return is_whole_name(e);
  case EXPR_ARITH: return is_whole(e->as.arith.left) && is_whole(e->as.arith.right);
  case EXPR_ROWS: return e->as.rows->kind != ROWS_SUM || is_whole(e->as.rows->value);
  default: return e->kind != EXPR_PICK;
  }
}

// ------------------------------------------------------------------ comparisons, windows, calculations

static const struct expr *behind_name(const struct expr *e) {
  while (e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_VALUE)
    e = ((const struct derived_value *)e->decl)->value;
  return e;
}

static const struct type *type_of(const struct expr *e) {
  if (e->kind != EXPR_NAME || e->decl_kind != KIND_FACT) return e->type;
  return &((const struct fact_decl *)e->decl)->type;
}

// One step, and where numbers have a fraction the smallest one.
static void add_steps(struct site *s, bool day, bool whole, struct ends apart) {
  static const int64_t steps[] = {0, -1, 1, -MICRO, MICRO};
  for (int i = 0; i < 5; i++) {
    bool wanted = day ? i < 3 : whole ? i == 0 || i > 2 : true;
    if (wanted && steps[i] >= apart.lo && steps[i] <= apart.hi) add_point(s, steps[i], 0);
  }
}

static void add_anniversary(struct boundaries *b, struct site site, const struct expr *age,
                            int64_t years) {
  age = behind_name(age);
  if (age->kind != EXPR_AGE || has_site(b, age, SITE_ANNIVERSARY, years / MICRO)) return;
  site.kind = SITE_ANNIVERSARY;
  site.expr = age;
  site.number = years / MICRO;
  struct site *s = add_site(b, site);
  for (int64_t day = -1; day <= 1; day++) add_point(s, day, 0);
}

static void add_compare(struct boundaries *b, struct site site) {
  const struct expr *left = site.expr->as.compare.left, *right = site.expr->as.compare.right;
  const struct type *type = type_of(left);
  if (type == NULL || (type->base != SOC_DATE && type->base != SOC_NUMBER)) return;
  struct ends l = ends_of(left), r = ends_of(right), apart = {l.lo - r.hi, l.hi - r.lo};
  site.kind = SITE_COMPARE;
  add_steps(add_site(b, site), type->base == SOC_DATE, is_whole(left) && is_whole(right), apart);
  int64_t years;
  if (constant_value(right, &years)) add_anniversary(b, site, left, years);
  if (constant_value(left, &years)) add_anniversary(b, site, right, years);
}

static void add_window(struct boundaries *b, struct site site) {
  site.kind = SITE_WINDOW;
  struct site *s = add_site(b, site);
  for (int64_t end = 0; end < 2; end++)
    for (int64_t day = -1; day <= 1; day++) add_point(s, day, end);
}

static void add_months(struct boundaries *b, struct site site) {
  const struct expr *e = site.expr;
  const struct type *added = type_of(e->as.arith.right);
  if (added == NULL || (added->unit != SOC_MONTHS && added->unit != SOC_YEARS)) return;
  site.kind = SITE_MONTHS;
  struct site *s = add_site(b, site);
  for (int64_t i = MONTHS_CLAMPED; i <= MONTHS_LAST_DAY; i++) add_point(s, i, 0);
}

static void add_quotient(struct boundaries *b, struct site site) {
  site.kind = SITE_QUOTIENT;
  struct site *s = add_site(b, site);
  for (int64_t i = QUOTIENT_WHOLE; i <= QUOTIENT_JUST_LESS; i++) add_point(s, i, 0);
}

// ------------------------------------------------------------------ sets

uint64_t boundaries_fitted(const struct fact_decl *f, uint64_t code) {
  char text[14];
  size_t length = soc_code_unpack(code, text);
  if (f->max_length != 0 && length > f->max_length) length = f->max_length;
  while (length < f->min_length) text[length++] = '0';
  return soc_code_pack(text, length, &code) ? code : 0;
}

// The code before or after it of the same length; 0: none.
static uint64_t neighbour(uint64_t code, bool after) {
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  char text[14];
  size_t length = soc_code_unpack(code, text);
  for (size_t i = length; i-- > 0;) {
    size_t digit = (size_t)(strchr(letters, text[i]) - letters);
    bool carries = digit == (after ? 35u : 0u);
    text[i] = carries ? letters[after ? 0 : 35] : letters[after ? digit + 1 : digit - 1];
    if (!carries) return soc_code_pack(text, length, &code) ? code : 0;
  }
  return 0;
}

struct ranges {
  const struct set_range *items;
  uint32_t count;
};

static bool in_ranges(struct ranges r, uint64_t code) {
  for (uint32_t i = 0; i < r.count && r.items[i].lo <= code; i++)
    if (code <= r.items[i].hi) return true;
  return false;
}

static void add_range(struct site *s, struct ranges r, const struct set_range *range) {
  uint64_t lo = boundaries_fitted(s->fact, range->lo), hi = boundaries_fitted(s->fact, range->hi);
  if (lo < range->lo || lo > range->hi || hi < range->lo || hi > range->hi) return;
  uint64_t below = neighbour(lo, false), above = neighbour(hi, true);
  add_point(s, (int64_t)lo, INT64_MIN);
  if (hi != lo) add_point(s, (int64_t)hi, INT64_MIN);
  if (below != 0 && !in_ranges(r, below)) add_point(s, (int64_t)below, INT64_MIN);
  if (above != 0 && !in_ranges(r, above)) add_point(s, (int64_t)above, INT64_MIN);
}

// The days on which membership begins and ends, and those before them.
static void add_days(struct site *s, uint64_t member, int64_t day) {
  if (day > 0 && day <= ORACLE_LAST_DAY) {
    add_point(s, (int64_t)member, day - 1);
    add_point(s, (int64_t)member, day);
  }
}

static int by_value(const void *a, const void *b) {
  const struct point *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return x->day == y->day ? 0 : x->day < y->day ? -1 : 1;
}

// In order, each once.
static void sort_points(struct site *s) {
  if (s->count == 0) return;
  qsort(s->points, s->count, sizeof *s->points, by_value);
  uint32_t kept = 1;
  for (uint32_t i = 1; i < s->count; i++)
    if (by_value(&s->points[kept - 1], &s->points[i]) != 0) s->points[kept++] = s->points[i];
  s->count = kept;
}

static void add_ranges(struct site *s, struct ranges r, bool texts) {
  for (uint32_t i = 0; i < r.count; i++) {
    const struct set_range *range = &r.items[i];
    uint64_t member = texts ? range->lo : boundaries_fitted(s->fact, range->lo);
    if (texts) {
      add_point(s, (int64_t)member, INT64_MIN);
    } else {
      add_range(s, r, range);
    }
    if (s->as_of != NULL && (texts || (member >= range->lo && member <= range->hi))) {
      add_days(s, member, range->from);
      add_days(s, member, range->to);
    }
  }
  if (texts) add_point(s, -1, INT64_MIN); // no text of the policy
  sort_points(s);
}

static struct site *site_of_set(const struct boundaries *b, const struct site *like) {
  for (uint32_t i = 0; i < b->site_count; i++) {
    struct site *s = &b->sites[i];
    if (s->kind == SITE_SET && s->set == like->set && s->set != NULL && s->fact == like->fact &&
        s->as_of == like->as_of && s->around.loop == like->around.loop)
      return s;
  }
  return NULL;
}

static void add_set(struct boundaries *b, struct site site, const struct expr *operand) {
  const struct expr *e = site.expr;
  if (e->set == NULL || operand->kind != EXPR_NAME || operand->decl_kind != KIND_FACT) return;
  site.kind = SITE_SET;
  site.operand = operand;
  site.fact = operand->decl;
  site.set = e->set;
  site.as_of = e->as_of;
  struct site *same = site_of_set(b, &site);
  if (same != NULL) {
    remember(b, e, (uint32_t)(same - b->sites));
  } else {
    add_ranges(add_site(b, site), (struct ranges){e->set->ranges, e->set->count}, e->set->texts);
  }
}

void boundaries_add_map(struct boundaries *b, const struct derive_step *step,
                        struct around around) {
  struct site *s = add_site(b, (struct site){.kind = SITE_SET,
                                             .expr = step->fact,
                                             .operand = step->fact,
                                             .fact = step->fact->decl,
                                             .around = around});
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next) {
    struct ranges r = {row->ranges, row->range_count};
    for (uint32_t i = 0; i < r.count; i++) add_range(s, r, &r.items[i]);
  }
  sort_points(s);
}

void boundaries_add(struct boundaries *b, const struct expr *e, struct around around) {
  struct site site = {.expr = e, .around = around};
  uint32_t at = b->table_size ? slot_of(b, e) : 0;
  if (next_site(b, e, &at) != NULL && e->kind != EXPR_AGE) return; // a labelled part is a cell, too
  switch (e->kind) {
  case EXPR_COMPARE: add_compare(b, site); break;
  case EXPR_FIRST:
  case EXPR_WITHIN: add_window(b, site); break;
  case EXPR_ARITH: add_months(b, site); break;
  case EXPR_QUOTIENT: add_quotient(b, site); break;
  case EXPR_IN: add_set(b, site, e->as.in.operand); break;
  case EXPR_INCLUDES: add_set(b, site, e->as.includes.list); break;
  default: break;
  }
}

// ------------------------------------------------------------------ facts

static void add_values(struct site *s, const struct fact_decl *f, int64_t kind) {
  for (uint32_t i = 0; i < f->type.values->count; i++) add_point(s, i, kind);
}

static void add_counts(struct site *s, int64_t most) {
  for (int64_t n = 0; n <= most; n++) add_point(s, n, FACT_ITEMS);
}

static void add_day_points(struct site *s, const struct fact_decl *f) {
  static const int64_t days[] = {229, 228, 301, 131, 430, 1231, 101};
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) add_point(s, days[i], FACT_DAY);
  if (f->list == NULL) return;
  add_point(s, 0, FACT_DAYS_APART);
  add_point(s, 1, FACT_DAYS_APART);
}

static void add_own_points(struct site *s, const struct fact_decl *f) {
  if (f->line_of != NULL) {
    for (int64_t i = -1; i <= 2; i++)
      if (i != 0) add_point(s, i, FACT_REFERENCE);
    return;
  }
  switch (f->type.base) {
  case SOC_BOOL:
    add_point(s, 0, FACT_VALUE);
    add_point(s, 1, FACT_VALUE);
    break;
  case SOC_ENUM: add_values(s, f, FACT_VALUE); break;
  case SOC_DATE: add_day_points(s, f); break;
  case SOC_NUMBER:
    add_point(s, f->minimum, FACT_VALUE);
    add_point(s, f->maximum, FACT_VALUE);
    break;
  case SOC_ENUM_LIST:
    add_values(s, f, FACT_ITEM); // and how many
  // fall through
  case SOC_CODE_LIST: add_counts(s, 2); break;
  case SOC_RECORDS: add_counts(s, f->key != NULL ? MOST_LINES : MOST_ROWS); break;
  default: break;
  }
}

static void add_fact(struct boundaries *b, const struct fact_decl *f) {
  if (f->list != NULL && f == f->list->key) return; // always given, each another
  struct site *s =
      add_site(b, (struct site){.kind = SITE_FACT, .fact = f, .around = {.list = f->list}});
  if (!f->required) add_point(s, 0, FACT_LEFT_OUT);
  if (f->nullable) add_point(s, 0, FACT_NONE);
  add_own_points(s, f);
}

void boundaries_begin(struct boundaries *b, const struct program *p) {
  memset(b, 0, sizeof *b);
  b->program = p;
}

void boundaries_end(struct boundaries *b) {
  for (uint32_t i = 0; i < b->program->manifest_count; i++) add_fact(b, b->program->manifest[i]);
  for (uint32_t i = 0; i < b->site_count; i++) {
    b->sites[i].before = b->point_count;
    b->point_count += b->sites[i].count;
  }
}

void boundaries_free(struct boundaries *b) {
  for (uint32_t i = 0; i < b->site_count; i++) free(b->sites[i].points);
  free(b->sites);
  free(b->table);
  memset(b, 0, sizeof *b);
}

struct point *boundaries_point(const struct boundaries *b, uint32_t number, struct site **site) {
  uint32_t first = 0, end = b->site_count;
  while (end - first > 1) {
    uint32_t middle = first + (end - first) / 2;
    if (b->sites[middle].before <= number) {
      first = middle;
    } else {
      end = middle;
    }
  }
  *site = &b->sites[first];
  return &b->sites[first].points[number - b->sites[first].before];
}

// ------------------------------------------------------------------ counting

static void draw(struct site *s, int64_t value, int64_t day) {
  for (uint32_t i = 0; i < s->count; i++)
    if (s->points[i].value == value && s->points[i].day == day) s->points[i].drawn++;
}

static void draw_member(struct site *s, int64_t value, int64_t day) {
  uint32_t first = 0, end = s->count;
  while (first < end) {
    uint32_t middle = first + (end - first) / 2;
    if (s->points[middle].value < value) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  for (; first < s->count && s->points[first].value == value; first++)
    if (s->points[first].day == INT64_MIN || s->points[first].day == day) s->points[first].drawn++;
}

// The first and the last day of a window, as days from its start.
static void draw_window(struct site *s, int64_t apart, int64_t n) {
  bool first = s->expr->kind == EXPR_FIRST;
  draw(s, apart - (first ? 0 : -n), 0);
  draw(s, apart - (first ? n - 1 : n), 1);
}

static void draw_months(struct site *s, int64_t day, int64_t months) {
  struct oracle_date from = oracle_date_of(day);
  struct oracle_date to = oracle_date_of(oracle_add_months(day, months));
  if (to.day != from.day) draw(s, MONTHS_CLAMPED, 0);
  if (from.month == 2 && from.day == 29) draw(s, MONTHS_LEAP_DAY, 0);
  if (from.day == oracle_month_length(from.year, from.month)) draw(s, MONTHS_LAST_DAY, 0);
}

static void draw_quotient(struct site *s, int64_t a, int64_t b) {
  if (b == 0) return;
  if (a % b == 0) draw(s, QUOTIENT_WHOLE, 0);
  if (a % b == 1) draw(s, QUOTIENT_JUST_MORE, 0);
  if (a % b == b - 1) draw(s, QUOTIENT_JUST_LESS, 0);
}

void boundaries_watch(void *context, const struct expr *e, int64_t a, int64_t b) {
  struct boundaries *all = context;
  uint32_t at = all->table_size ? slot_of(all, e) : 0;
  for (struct site *s; (s = next_site(all, e, &at)) != NULL;) {
    switch (s->kind) {
    case SITE_COMPARE: draw(s, a - b, 0); break;
    case SITE_WINDOW: draw_window(s, a, b); break;
    case SITE_ANNIVERSARY: draw(s, b - oracle_add_months(a, 12 * s->number), 0); break;
    case SITE_MONTHS: draw_months(s, a, b); break;
    case SITE_QUOTIENT: draw_quotient(s, a, b); break;
    case SITE_SET: draw_member(s, a, b); break;
    case SITE_FACT: break;
    }
  }
}

static void note_day(struct site *s, int64_t day) {
  struct oracle_date d = oracle_date_of(day);
  if (d.month == 2 && d.day == 28 && oracle_month_length(d.year, 2) == 29) return;
  draw(s, 100 * d.month + d.day, FACT_DAY);
}

static void note_items(struct site *s, const struct oracle_fact *place) {
  const struct fact_decl *f = s->fact;
  int64_t most = f->type.base != SOC_RECORDS ? 2 : f->key != NULL ? MOST_LINES : MOST_ROWS;
  draw(s, place->count < most ? place->count : most, FACT_ITEMS);
  for (uint32_t i = 0; f->type.base == SOC_ENUM_LIST && i < place->count; i++)
    draw(s, place->items[i], FACT_ITEM);
}

static void note_place(struct site *s, const struct oracle_fact *place) {
  if (place->state == ORACLE_LEFT_OUT) draw(s, 0, FACT_LEFT_OUT);
  if (place->state == ORACLE_NONE) draw(s, 0, FACT_NONE);
  if (place->state != ORACLE_GIVEN || s->fact->line_of != NULL) return;
  switch (s->fact->type.base) {
  case SOC_BOOL:
  case SOC_ENUM:
  case SOC_NUMBER: draw(s, place->number, FACT_VALUE); break;
  case SOC_DATE: note_day(s, place->number); break;
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST:
  case SOC_RECORDS: note_items(s, place); break;
  default: break;
  }
}

// Dates of two rows.
static void note_apart(struct site *s, const struct oracle_fact *place) {
  for (uint32_t i = 0; i < place->count; i++)
    for (uint32_t j = 0; j < i; j++) {
      const struct oracle_fact *a = &place->rows[i], *b = &place->rows[j];
      if (a->state != ORACLE_GIVEN || b->state != ORACLE_GIVEN) continue;
      draw(s, a->number > b->number ? a->number - b->number : b->number - a->number,
           FACT_DAYS_APART);
    }
}

static void note_reference(struct site *s, const struct oracle_fact *place, uint32_t row,
                           const struct oracle_fact *keys) {
  for (uint32_t i = 0; i < keys->count; i++) {
    if (place->rows[row].state != ORACLE_GIVEN || keys->rows[i].number != place->rows[row].number)
      continue;
    draw(s, i < row ? -1 : 1, FACT_REFERENCE);
    if (place->rows[i].state == ORACLE_GIVEN) draw(s, 2, FACT_REFERENCE);
  }
}

void boundaries_note_case(struct boundaries *b, const struct oracle_case *c) {
  for (uint32_t i = 0; i < b->site_count; i++) {
    struct site *s = &b->sites[i];
    if (s->kind != SITE_FACT) continue;
    const struct oracle_fact *place = &c->facts[s->fact->number];
    uint32_t rows = s->fact->list != NULL ? place->count : 1;
    for (uint32_t r = 0; r < rows; r++)
      note_place(s, s->fact->list != NULL ? &place->rows[r] : place);
    if (s->fact->list != NULL && s->fact->type.base == SOC_DATE) note_apart(s, place);
    for (uint32_t r = 0; s->fact->line_of != NULL && r < rows; r++)
      note_reference(s, place, r, &c->facts[s->fact->line_of->key->number]);
  }
}

// ------------------------------------------------------------------ telling

uint32_t boundaries_drawn(const struct boundaries *b) {
  uint32_t drawn = 0;
  for (uint32_t i = 0; i < b->site_count; i++)
    for (uint32_t n = 0; n < b->sites[i].count; n++) drawn += b->sites[i].points[n].drawn > 0;
  return drawn;
}

static void print_point(const struct site *s, const struct point *p, FILE *out) {
  static const char *const kinds[] = {
      "difference", "window", "days after anniversary", "months", "quotient", "member", "fact"};
  struct str fact = s->fact ? s->fact->name : s->around.name,
             set = s->set ? s->set->name : (struct str){"", 0};
  fprintf(out, "%.*s %.*s: %s %" PRId64, (int)fact.length, fact.data, (int)set.length, set.data,
          kinds[s->kind], p->value);
  if (s->kind == SITE_SET && (s->set == NULL || !s->set->texts)) {
    char text[14];
    soc_code_unpack((uint64_t)p->value, text);
    fprintf(out, " (%s)", text);
  }
  if (p->day != INT64_MIN && p->day != 0) fprintf(out, ", day %" PRId64, p->day);
  fputc('\n', out);
}

void boundaries_print_rest(const struct boundaries *b, FILE *out) {
  for (uint32_t i = 0; i < b->site_count; i++) {
    const struct site *s = &b->sites[i];
    for (uint32_t n = 0; n < s->count; n++) {
      if (s->points[n].drawn) continue;
      fputs("  not drawn: ", out);
      print_point(s, &s->points[n], out);
    }
  }
}
