// SPDX-License-Identifier: Apache-2.0
//
// Sorts the values of each fact into classes that no condition of the policy tells apart: numbers and days by the
// constants that they are compared with, codes and texts by the lists in which they stand and when.
#include <stdlib.h>

#include "compiler/reach_parts.h"
#include "vm/code.h"

enum { SLICES_COMPARED = 256, FIRST_PLACES = 256 };

// ------------------------------------------------------------------ what conditions ask

// A fact that takes its value from another is told apart where the other is.
static void cut(struct domains *d, const struct fact_decl *f, int64_t at) {
  for (; f != NULL; f = f->other) {
    int64_t *place = vec_add(d->arena, &d->items[f->number].cuts, sizeof *place);
    if (place != NULL) *place = at;
  }
}

bool reach_spend(uint64_t *work, uint64_t steps) {
  *work = steps < *work ? *work - steps : 0;
  return *work > 0;
}

// Looks at the last ones only: one that stands there twice does no harm.
static bool has_slice(const struct domain *dom, const struct set_range *ranges) {
  for (uint32_t i = dom->slices.count, seen = 0; i > 0 && seen < SLICES_COMPARED; i--, seen++)
    if (VEC_AT(dom->slices, struct slice, i - 1)->ranges == ranges) return true;
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

static bool has_dates(const struct domain *dom, const struct set_decl *set) {
  for (uint32_t i = dom->dated.count, seen = 0; i > 0 && seen < SLICES_COMPARED; i--, seen++)
    if (*VEC_AT(dom->dated, const struct set_decl *, i - 1) == set) return true;
  return false;
}

static void cut_dates(struct domains *d, const struct fact_decl *date, const struct set_decl *set) {
  if (date == NULL) return;
  struct domain *dom = &d->items[date->number];
  note_read(d, date);
  if (has_dates(dom, set) || !vec_push(d->arena, &dom->dated, set)) return;
  for (uint32_t i = 0; i < set->count && reach_spend(d->work, 2); i++) {
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

// Every standing is kept once, so that two items are of one class if their standing is the same number.
struct standings {
  struct domains *d;
  struct vec *all;               // struct standing
  uint32_t *places, place_count; // open addressing: a standing, 0: free
};

static uint32_t place_of(const struct standings *k, const struct standing *s) {
  uint64_t h = ((uint64_t)s->before << 32 | s->slice) * UINT64_C(0x9e3779b97f4a7c15);
  h ^= ((uint64_t)(uint32_t)s->from << 32 | (uint32_t)s->to) * UINT64_C(0xc2b2ae3d27d4eb4f);
  uint32_t at = (uint32_t)((h * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (k->place_count - 1);
  for (; k->places[at] != 0; at = (at + 1) & (k->place_count - 1)) {
    const struct standing *other = VEC_AT(*k->all, struct standing, k->places[at]);
    if (other->before == s->before && other->slice == s->slice && other->from == s->from &&
        other->to == s->to)
      break;
  }
  return at;
}

static bool grow_places(struct standings *k) {
  k->place_count = k->place_count == 0 ? FIRST_PLACES : 2 * k->place_count;
  k->places = ARENA_ARRAY(k->d->arena, uint32_t, k->place_count);
  for (uint32_t i = 1; k->places != NULL && i < k->all->count; i++)
    k->places[place_of(k, VEC_AT(*k->all, struct standing, i))] = i;
  return k->places != NULL;
}

static uint32_t standing_number(struct standings *k, struct standing s) {
  if (2 * k->all->count >= k->place_count && !grow_places(k)) return 0;
  uint32_t *place = &k->places[place_of(k, &s)];
  if (*place != 0) return *place;
  struct standing *new = vec_add(k->d->arena, k->all, sizeof *new);
  if (new == NULL) return 0;
  *new = s;
  *place = k->all->count - 1;
  return *place;
}

// Where the items stand that begin at each start.
static uint32_t *find_standings(struct domains *d, struct domain *dom,
                                const struct starts *starts) {
  struct standings k = {.d = d, .all = &dom->standings};
  uint32_t *standing = ARENA_ARRAY(d->arena, uint32_t, starts->count);
  if (standing == NULL || vec_add(d->arena, &dom->standings, sizeof(struct standing)) == NULL)
    return NULL;
  for (uint32_t i = 0; i < dom->slices.count; i++) {
    const struct slice *s = VEC_AT(dom->slices, struct slice, i);
    for (uint32_t r = 0; r < s->count && !d->arena->out_of_memory; r++) {
      const struct set_range *range = &s->ranges[r];
      uint32_t at = start_at(starts, range->lo), end = start_at(starts, range->hi);
      if (!reach_spend(d->work, 1 + end - at)) return NULL;
      for (; at <= end; at++)
        standing[at] =
            standing_number(&k, (struct standing){standing[at], i, range->from, range->to});
    }
  }
  return standing;
}

static void class_items(struct domains *d, struct domain *dom) {
  struct starts starts = find_starts(d, dom);
  uint32_t *standing = starts.items != NULL ? find_standings(d, dom, &starts) : NULL;
  bool *seen = ARENA_ARRAY(d->arena, bool, dom->standings.count);
  dom->items = ARENA_ARRAY(d->arena, struct item_class, dom->standings.count);
  if (standing == NULL || seen == NULL || dom->items == NULL) return;
  for (uint32_t i = 0; i < starts.count; i++) {
    if (seen[standing[i]]) continue;
    seen[standing[i]] = true;
    dom->items[dom->item_count++] = (struct item_class){starts.items[i], standing[i]};
  }
}

struct days domain_days(const struct domain *d, uint32_t item, const struct set_decl *set) {
  return (struct days){.set = set, .domain = d, .at = d->items[item].standing};
}

static bool next_standing(struct days *days, int32_t *from, int32_t *to) {
  while (days->at != 0) {
    const struct standing *s = VEC_AT(days->domain->standings, struct standing, days->at);
    days->at = s->before;
    *from = s->from;
    *to = s->to;
    if (VEC_AT(days->domain->slices, struct slice, s->slice)->ranges == days->set->ranges)
      return true;
  }
  return false;
}

static bool next_range(struct days *days, int32_t *from, int32_t *to) {
  while (days->at < days->set->count) {
    const struct set_range *r = &days->set->ranges[days->set->count - ++days->at];
    *from = r->from;
    *to = r->to;
    if (days->item >= r->lo && days->item <= r->hi) return true;
  }
  return false;
}

bool days_next(struct days *days, int32_t *from, int32_t *to) {
  return days->domain != NULL ? next_standing(days, from, to) : next_range(days, from, to);
}

// ------------------------------------------------------------------ classes of facts

static void add_class(struct domain *dom, enum class_kind kind, int64_t lo, int64_t hi) {
  dom->classes[dom->class_count++] = (struct value_class){kind, lo, hi, 0};
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
      int64_t value = dom->items != NULL ? (int64_t)dom->items[i].example : (int64_t)i;
      add_class(dom, CLASS_VALUE, value, value);
      dom->classes[dom->class_count - 1].item = i;
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

void domains_make(struct domains *d, struct arena *arena, const struct program *p, uint64_t *work) {
  *d = (struct domains){.arena = arena};
  d->work = work;
  d->items = ARENA_ARRAY(arena, struct domain, p->fact_count);
  if (d->items == NULL) return;
  for (uint32_t i = 0; i < p->cell_count; i++) {
    const struct cell *cell = p->cells[i];
    ask(d, cell->within);
    ask(d, cell->when);
    ask(d, cell->value);
    if (cell->mask) ask_steps(d, cell->derive->steps);
  }
  for (uint32_t i = 0; i<p->fact_count && * work> 0; i++)
    if (p->facts[i]->manifest != SOC_NO_INDEX) class_fact(d, p->facts[i]);
}
