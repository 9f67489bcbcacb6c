// SPDX-License-Identifier: Apache-2.0
//
// Sorts the values of each fact into classes that no condition of the policy tells apart: numbers and days by the
// constants that they are compared with, codes and texts by the lists in which they stand and when.
#include <stdlib.h>

#include "compiler/reach_parts.h"
#include "vm/code.h"

// ------------------------------------------------------------------ what conditions ask

// A fact that takes its value from another is told apart where the other is.
static void cut(struct domains *d, const struct fact_decl *f, int64_t at) {
  for (; f != NULL; f = f->other) {
    int64_t *place = vec_add(d->arena, &d->items[f->number].cuts, sizeof *place);
    if (place != NULL) *place = at;
  }
}

static bool has_slice(const struct domain *dom, const struct set_range *ranges) {
  for (uint32_t i = 0; i < dom->slices.count; i++)
    if (VEC_AT(dom->slices, struct slice, i)->ranges == ranges) return true;
  return false;
}

static void slice(struct domains *d, const struct fact_decl *f, const struct set_range *ranges,
                  uint32_t count) {
  for (; f != NULL; f = f->other) {
    struct domain *dom = &d->items[f->number];
    if (has_slice(dom, ranges)) continue;
    struct slice *s = vec_add(d->arena, &dom->slices, sizeof *s);
    if (s != NULL) *s = (struct slice){ranges, count};
  }
}

static void slice_one(struct domains *d, const struct fact_decl *f, uint64_t value) {
  struct set_range *range = ARENA_NEW(d->arena, struct set_range);
  if (range == NULL) return;
  *range = (struct set_range){value, value, INT32_MIN, INT32_MAX};
  slice(d, f, range, 1);
}

static void note_read(struct domains *d, const struct fact_decl *f) {
  for (; f != NULL; f = f->other) d->items[f->number].reads++;
}

static void cut_dates(struct domains *d, const struct fact_decl *date, const struct set_decl *set) {
  if (date == NULL) return;
  note_read(d, date);
  for (uint32_t i = 0; i < set->count; i++) {
    cut(d, date, set->ranges[i].from);
    cut(d, date, set->ranges[i].to);
  }
}

static void ask_against(struct domains *d, const struct expr *side, const struct expr *other) {
  const struct fact_decl *f = expr_fact(side);
  int64_t value;
  if (f == NULL || !expr_constant(other, &value)) return;
  if (type_is_ordered(&f->type)) {
    cut(d, f, value);
    cut(d, f, value + 1);
  } else if (f->type.base == SOC_CODE || f->type.base == SOC_TEXT) {
    slice_one(d, f, (uint64_t)value);
  }
}

static void ask_set(struct domains *d, const struct expr *operand, const struct expr *e) {
  const struct fact_decl *f = expr_fact(operand);
  if (f == NULL || e->set == NULL) return;
  cut_dates(d, e->as_of, e->set);
  if (e->kind != EXPR_INCLUDES || e->as.includes.mode != INCLUDE_ALL) {
    slice(d, f, e->set->ranges, e->set->count);
    return;
  }
  for (uint32_t i = 0; i < e->set->count; i++) slice_one(d, f, e->set->ranges[i].lo);
}

static void ask(struct domains *d, const struct expr *e) {
  if (e == NULL) return;
  switch (e->kind) {
  case EXPR_NAME:
    if (e->decl_kind == KIND_FACT) note_read(d, e->decl);
    if (e->decl_kind == KIND_DERIVED_VALUE) ask(d, ((const struct derived_value *)e->decl)->value);
    break;
  case EXPR_COMPARE:
    ask_against(d, e->as.compare.left, e->as.compare.right);
    ask_against(d, e->as.compare.right, e->as.compare.left);
    break;
  case EXPR_IN: ask_set(d, e->as.in.operand, e); break;
  case EXPR_INCLUDES: ask_set(d, e->as.includes.list, e); break;
  default: break;
  }
  struct children children = expr_children(e);
  for (uint32_t i = 0; i < 3; i++) ask(d, children.one[i]);
  for (const struct expr *m = children.list; m != NULL; m = m->next) ask(d, m);
}

static void ask_steps(struct domains *d, const struct derive_step *step) {
  for (; step != NULL; step = step->next) {
    ask(d, step->when);
    ask(d, step->fact);
    for (const struct derive_row *row = step->rows; row != NULL; row = row->next)
      slice(d, step->fact->decl, row->ranges, row->range_count);
  }
}

// ------------------------------------------------------------------ classes of codes and texts

static int by_value(const void *a, const void *b) {
  const uint64_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

static int by_day(const void *a, const void *b) {
  const int64_t *x = a, *y = b;
  return *x < *y ? -1 : *x > *y;
}

static uint32_t unique(uint64_t *items, uint32_t count) {
  uint32_t kept = 0;
  qsort(items, count, sizeof *items, by_value);
  for (uint32_t i = 0; i < count; i++)
    if (kept == 0 || items[kept - 1] != items[i]) items[kept++] = items[i];
  return kept;
}

// Where another class may begin, ascending from 0.
struct starts {
  uint64_t *items; // NULL: no memory
  uint32_t count;
};

static struct starts find_starts(struct domains *d, const struct domain *dom) {
  const struct slice *slices = dom->slices.items;
  struct starts starts = {NULL, 1};
  size_t most = 1;
  for (uint32_t i = 0; i < dom->slices.count; i++) most += 2 * (size_t)slices[i].count;
  starts.items = ARENA_ARRAY(d->arena, uint64_t, most);
  if (starts.items == NULL) return starts;
  for (uint32_t i = 0; i < dom->slices.count; i++) {
    for (uint32_t r = 0; r < slices[i].count; r++) {
      starts.items[starts.count++] = slices[i].ranges[r].lo;
      if (slices[i].ranges[r].hi < UINT64_MAX)
        starts.items[starts.count++] = slices[i].ranges[r].hi + 1;
    }
  }
  starts.count = unique(starts.items, starts.count);
  return starts;
}

// Next range of a slice that holds the value; they ascend.
static const struct set_range *range_holding(const struct slice *s, uint32_t *at, uint64_t value) {
  while (*at < s->count && s->ranges[*at].lo <= value) {
    const struct set_range *r = &s->ranges[(*at)++];
    if (value <= r->hi) return r;
  }
  return NULL;
}

static bool same_in(const struct slice *s, uint64_t a, uint64_t b) {
  uint32_t i = 0, j = 0;
  for (;;) {
    const struct set_range *x = range_holding(s, &i, a), *y = range_holding(s, &j, b);
    if (x == NULL || y == NULL) return x == y;
    if (x->from != y->from || x->to != y->to) return false;
  }
}

static bool same_item(const struct domain *dom, uint64_t a, uint64_t b) {
  for (uint32_t i = 0; i < dom->slices.count; i++)
    if (!same_in(VEC_AT(dom->slices, struct slice, i), a, b)) return false;
  return true;
}

static uint32_t start_at(const struct starts *starts, uint64_t value) {
  uint32_t low = 0, high = starts->count; // it begins at items[low] or before items[high]
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (starts->items[middle] <= value)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static uint64_t mixed(uint64_t hash, uint64_t more) {
  hash = (hash ^ more) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}

// Items that differ here differ in where they stand; equal ones are looked at closely.
static uint64_t *hash_items(struct domains *d, const struct domain *dom,
                            const struct starts *starts) {
  uint64_t *hash = ARENA_ARRAY(d->arena, uint64_t, starts->count);
  for (uint32_t i = 0; hash != NULL && i < dom->slices.count; i++) {
    const struct slice *s = VEC_AT(dom->slices, struct slice, i);
    for (uint32_t r = 0; r < s->count; r++) {
      const struct set_range *range = &s->ranges[r];
      uint64_t days = (uint64_t)(uint32_t)range->from << 32 | (uint32_t)range->to;
      uint32_t end = start_at(starts, range->hi);
      for (uint32_t at = start_at(starts, range->lo); at <= end; at++)
        hash[at] = mixed(mixed(hash[at], i + 1), days);
    }
  }
  return hash;
}

static void class_items(struct domains *d, struct domain *dom) {
  struct starts starts = find_starts(d, dom);
  uint64_t *hash = starts.items != NULL ? hash_items(d, dom, &starts) : NULL;
  uint64_t *known = ARENA_ARRAY(d->arena, uint64_t, starts.count);
  dom->example = ARENA_ARRAY(d->arena, uint64_t, starts.count);
  if (hash == NULL || known == NULL || dom->example == NULL) return;
  for (uint32_t i = 0; i < starts.count; i++) {
    uint32_t item = 0;
    while (item < dom->item_count &&
           (known[item] != hash[i] || !same_item(dom, dom->example[item], starts.items[i])))
      item++;
    if (item < dom->item_count) continue;
    known[item] = hash[i];
    dom->example[dom->item_count++] = starts.items[i];
  }
}

// ------------------------------------------------------------------ classes of facts

static void add_class(struct domain *dom, enum class_kind kind, int64_t lo, int64_t hi) {
  dom->classes[dom->class_count++] = (struct value_class){kind, lo, hi};
}

static bool has_value(const struct fact_decl *f, int64_t lo, int64_t hi) {
  if (lo > hi) return false;
  if (f->type.base != SOC_NUMBER || !f->type.whole) return true;
  int64_t first = lo - lo % SOC_MICRO;
  if (first < lo) first += SOC_MICRO;
  return first <= hi;
}

static void class_ordered(const struct fact_decl *f, struct domain *dom) {
  bool date = f->type.base == SOC_DATE;
  int64_t lo = date ? 0 : f->minimum, last = date ? SOC_DAY_MAX : f->maximum;
  if (dom->cuts.count > 0) qsort(dom->cuts.items, dom->cuts.count, sizeof(int64_t), by_day);
  for (uint32_t i = 0; i < dom->cuts.count; i++) {
    int64_t at = *VEC_AT(dom->cuts, int64_t, i);
    if (at <= lo || at > last) continue;
    if (has_value(f, lo, at - 1)) add_class(dom, CLASS_VALUE, lo, at - 1);
    lo = at;
  }
  if (has_value(f, lo, last)) add_class(dom, CLASS_VALUE, lo, last);
}

static uint32_t value_count(const struct fact_decl *f, const struct domain *dom) {
  switch (f->type.base) {
  case SOC_BOOL: return 2;
  case SOC_ENUM:
  case SOC_ENUM_LIST: return f->type.values->count;
  case SOC_CODE:
  case SOC_TEXT:
  case SOC_CODE_LIST: return dom->item_count;
  case SOC_DATE:
  case SOC_NUMBER: return dom->cuts.count + 1;
  case SOC_RECORDS:
  case SOC_LINE: return 1;
  }
  return 0;
}

static void class_values(const struct fact_decl *f, struct domain *dom) {
  if (type_is_list(&f->type)) {
    add_class(dom, CLASS_EMPTY, 0, 0);
    add_class(dom, CLASS_FILLED, 0, 0);
    dom->item_count = value_count(f, dom);
  } else if (type_is_ordered(&f->type)) {
    class_ordered(f, dom);
  } else {
    for (uint32_t i = 0, count = value_count(f, dom); i < count; i++) {
      int64_t value = dom->example != NULL ? (int64_t)dom->example[i] : (int64_t)i;
      add_class(dom, CLASS_VALUE, value, value);
    }
  }
}

static void class_fact(struct domains *d, const struct fact_decl *f) {
  struct domain *dom = &d->items[f->number];
  bool items =
      f->type.base == SOC_CODE || f->type.base == SOC_TEXT || f->type.base == SOC_CODE_LIST;
  if (items) class_items(d, dom);
  dom->classes = ARENA_ARRAY(d->arena, struct value_class, (size_t)value_count(f, dom) + 4);
  if (dom->classes == NULL || d->arena->out_of_memory) return;
  if (f->left_out != SOC_LEFT_OUT_REQUIRED) add_class(dom, CLASS_LEFT_OUT, 0, 0);
  if (f->nullable) add_class(dom, CLASS_NONE, 0, 0);
  class_values(f, dom);
}

void domains_make(struct domains *d, struct arena *arena, const struct program *p) {
  *d = (struct domains){.arena = arena};
  d->items = ARENA_ARRAY(arena, struct domain, p->fact_count);
  if (d->items == NULL) return;
  for (uint32_t i = 0; i < p->cell_count; i++) {
    const struct cell *cell = p->cells[i];
    ask(d, cell->within);
    ask(d, cell->when);
    ask(d, cell->value);
    if (cell->mask) ask_steps(d, cell->derive->steps);
  }
  for (uint32_t i = 0; i < p->fact_count; i++)
    if (p->facts[i]->manifest != SOC_NO_INDEX) class_fact(d, p->facts[i]);
}
