// SPDX-License-Identifier: Apache-2.0
//
// Code and text sets: members as written, ranges and prefixes become intervals of packed codes; intervals that
// overlap are split so that what remains is disjoint in code and date, in order, and as few as possible. A range runs
// over decimal digits only, so D37..D49 does not catch D3A.
#include "compiler/sema.h"

#include <stdlib.h>
#include <string.h>

#include "vm/code.h"
#include "vm/pack.h"

enum { RANGE_POINTS = 100000, OVERLAPS = 64 };

#define OPEN_FROM INT32_MIN
#define OPEN_TO INT32_MAX

// ------------------------------------------------------------------ members

static void note_length(struct set_node *set, struct str code, struct span span) {
  if (set->max_length == 0 || code.length < set->min_length) {
    set->min_length = code.length;
    set->shortest = span;
  }
  if (code.length > set->max_length) {
    set->max_length = code.length;
    set->longest = span;
  }
}

static bool add_member(struct sema *s, struct set_node *set, uint64_t lo, uint64_t hi,
                       const struct literal *l, int32_t from, int32_t to) {
  if (s->set_budget == 0) {
    if (!set->failed)
      diag_report(s->diags, DIAG_SETS_TOO_LARGE, l->span, (uint32_t)SEMA_SET_MEMBERS);
    set->failed = true;
    return false;
  }
  s->set_budget--;
  struct set_member *m = vec_add(s->arena, &s->members, sizeof *m);
  if (m == NULL) return false;
  *m = (struct set_member){{lo, hi, from, to}, l->span, true};
  return true;
}

struct days {
  int32_t from, to;
};

// One code, or a prefix in a set `by first n characters`.
static bool add_code(struct sema *s, struct set_node *set, struct str code, const struct literal *l,
                     struct days days) {
  uint64_t lo = code_pack(code);
  uint64_t hi = set->prefix_length > 0 ? code_prefix_end(code) : lo;
  return add_member(s, set, lo, hi, l, days.from, days.to);
}

static bool code_word(struct sema *s, const struct word *w, struct span span) {
  if (code_is_word(w->text)) return true;
  bool dot = w->text.length > 0 && memchr(w->text.data, '.', w->text.length) != NULL;
  bool hyphen = w->text.length > 0 && memchr(w->text.data, '-', w->text.length) != NULL;
  struct diag *d = diag_report(s->diags, dot ? DIAG_CODE_WITH_DOT : DIAG_NOT_A_CODE, span, w->text);
  if (hyphen && !dot) diag_help(s->diags, d, "a range is written with two dots: 96360..96379");
  return false;
}

// Of a code, both ends of a range, or a prefix.
bool sema_check_code_words(struct sema *s, const struct literal *l) {
  return code_word(s, &l->word, l->span) &&
         (l->kind != LIT_RANGE || code_word(s, rest_of(l)->high, l->span));
}

static bool prefix_fits(struct sema *s, const struct set_node *set, const struct word *w) {
  if (set->prefix_length == 0 || w->text.length == set->prefix_length) return true;
  diag_report(s->diags, DIAG_PREFIX_LENGTH, w->span, w->text, w->text.length, set->prefix_length);
  return false;
}

// ------------------------------------------------------------------ ranges

static bool is_digit(char ch) {
  return ch >= '0' && ch <= '9';
}

// Letters of both ends must stand at the same places and be the same; the digits between them are what runs.
static bool same_shape(struct str lo, struct str hi) {
  if (lo.length != hi.length) return false;
  bool digits = false;
  for (uint32_t i = 0; i < lo.length; i++) {
    if (is_digit(lo.data[i]) != is_digit(hi.data[i])) return false;
    if (!is_digit(lo.data[i]) && lo.data[i] != hi.data[i]) return false;
    digits = digits || is_digit(lo.data[i]);
  }
  return digits;
}

static int64_t digits_of(struct str code) {
  int64_t value = 0;
  for (uint32_t i = 0; i < code.length; i++)
    if (is_digit(code.data[i])) value = value * 10 + (code.data[i] - '0');
  return value;
}

static void put_digits(char *code, uint32_t length, int64_t value) {
  for (uint32_t i = length; i-- > 0;) {
    if (!is_digit(code[i])) continue;
    code[i] = (char)('0' + value % 10);
    value /= 10;
  }
}

static bool add_range(struct sema *s, struct set_node *set, const struct literal *l,
                      struct days days) {
  const struct word *high = rest_of(l)->high;
  struct str lo = l->word.text, hi = high->text;
  if (!code_word(s, &l->word, l->word.span) || !code_word(s, high, high->span)) return false;
  if (!prefix_fits(s, set, &l->word) || !prefix_fits(s, set, high)) return false;
  if (!same_shape(lo, hi)) {
    diag_report(s->diags, DIAG_RANGE_SHAPE, l->span, lo, hi);
    return false;
  }
  int64_t first = digits_of(lo), last = digits_of(hi);
  if (first > last) {
    struct diag *d = diag_report(s->diags, DIAG_CODES_REVERSED, l->span, lo, hi);
    diag_help(s->diags, d, "write `%w..%w`", hi, lo);
    return false;
  }
  if (last - first >= RANGE_POINTS) {
    diag_report(s->diags, DIAG_RANGE_TOO_LONG, l->span, last - first + 1, (uint32_t)RANGE_POINTS);
    return false;
  }
  char text[SOC_CODE_MAX];
  memcpy(text, lo.data, lo.length);
  struct str code = {text, lo.length};
  note_length(set, lo, l->span);
  for (int64_t at = first; at <= last; at++) {
    put_digits(text, lo.length, at);
    if (!add_code(s, set, code, l, days)) return false;
  }
  return true;
}

static bool add_prefix(struct sema *s, struct set_node *set, const struct literal *l,
                       struct days days) {
  if (!code_word(s, &l->word, l->span)) return false;
  if (l->word.text.length > set->max_prefix) {
    set->max_prefix = l->word.text.length;
    set->prefix_span = l->span;
  }
  return add_member(s, set, code_pack(l->word.text), code_prefix_end(l->word.text), l, days.from,
                    days.to);
}

static bool add_codes(struct sema *s, struct set_node *set, const struct literal *l,
                      struct days days) {
  switch (l->kind) {
  case LIT_RANGE: return add_range(s, set, l, days);
  case LIT_PREFIX: return add_prefix(s, set, l, days);
  case LIT_NUMBER:
  case LIT_CODE:
    if (l->kind == LIT_NUMBER && l->unit != UNIT_MISSING) break;
    if (!code_word(s, &l->word, l->span) || !prefix_fits(s, set, &l->word)) return false;
    note_length(set, l->word.text, l->span);
    return add_code(s, set, l->word.text, l, days);
  default: break;
  }
  sema_report_no_code(s, l);
  return false;
}

// ------------------------------------------------------------------ dates, inclusions

// A version keeps what can be in force on or after its first day, and only dates that fall inside it.
static bool in_force(const struct sema *s, struct days *days) {
  if (s->main->kind != FILE_POLICY) return true;
  if (days->to <= s->program->version_day) return false;
  if (days->from <= s->program->version_day) days->from = OPEN_FROM;
  return true;
}

static bool member_days(struct sema *s, const struct literal *l, struct days *days) {
  *days = (struct days){OPEN_FROM, OPEN_TO};
  const struct literal_rest *rest = rest_of(l);
  if (rest->from != NULL && !literal_date(s, *rest->from, &days->from)) return false;
  if (rest->to != NULL && !literal_date(s, *rest->to, &days->to)) return false;
  if (rest->to == NULL || days->from < days->to) return true;
  diag_report(s->diags, DIAG_MEMBER_DATES, rest->to->span);
  return false;
}

// Members of a set by prefix are prefixes here, too.
static void take_lengths(struct set_node *set, const struct set_node *other) {
  bool prefixes = other->prefix_length > 0;
  uint32_t prefix = prefixes ? other->max_length : other->max_prefix;
  if (prefix > set->max_prefix) {
    set->max_prefix = prefix;
    set->prefix_span = prefixes ? other->longest : other->prefix_span;
  }
  if (other->prefix_length > 0 || other->max_length == 0) return;
  if (set->max_length == 0 || other->min_length < set->min_length) {
    set->min_length = other->min_length;
    set->shortest = other->shortest;
  }
  if (other->max_length > set->max_length) {
    set->max_length = other->max_length;
    set->longest = other->longest;
  }
}

// Of texts and codes, what else may have been meant.
static void report_no_set(struct sema *s, const struct literal *l, bool texts) {
  struct diag *d = report_unknown_name(s, NULL, l->word, "set");
  struct str capitals = str_capitals(s->arena, l->word.text);
  if (d == NULL || d->help[0] != '\0') return;
  if (texts)
    diag_help(s->diags, d, "texts stand in quotes: \"%w\"", l->word.text);
  else if (code_is_word(capitals))
    diag_help(s->diags, d, "if it is a code, write it in capitals: `%w`", capitals);
}

static void include_set(struct sema *s, struct set_node *set, const struct literal *l,
                        struct days days) {
  struct symbol *symbol = names_find(&s->names, l->word.text);
  if (symbol == NULL || symbol->kind != KIND_SET) {
    report_no_set(s, l, set->set.texts);
    set->failed = true;
    return;
  }
  symbol->used = true;
  struct set_node *other = symbol->decl;
  sema_resolve_set(s, other);
  if (other->visit == VISIT_OPEN) {
    diag_report(s->diags, DIAG_SET_CYCLE, l->span, l->word.text);
    set->failed = true;
    return;
  }
  if (other->set.texts != set->set.texts || other->failed) {
    if (!other->failed) diag_report(s->diags, DIAG_SET_KIND, l->span, l->word.text);
    set->failed = true;
    return;
  }
  for (uint32_t i = 0; i < other->set.count; i++) {
    const struct set_range *r = &other->set.ranges[i];
    int32_t from = r->from > days.from ? r->from : days.from,
            to = r->to < days.to ? r->to : days.to;
    if (from >= to) continue;
    if (!add_member(s, set, r->lo, r->hi, l, from, to)) return;
    VEC_AT(s->members, struct set_member, s->members.count - 1)->own = false;
  }
  take_lengths(set, other);
  vec_push(s->arena, &set->includes, other);
}

static void add_literal(struct sema *s, struct set_node *set, const struct literal *l) {
  struct days days;
  if (l->kind == LIT_IMPORT) return; // its rows follow
  if (!member_days(s, l, &days)) {
    set->failed = true;
    return;
  }
  if (!in_force(s, &days)) return;
  if (l->kind == LIT_NAME) {
    include_set(s, set, l, days);
  } else if (set->set.texts) {
    int64_t text;
    if (literal_value(s, l, &type_text, &text))
      add_member(s, set, (uint64_t)text, (uint64_t)text, l, days.from, days.to);
    else
      set->failed = true;
  } else if (!add_codes(s, set, l, days)) {
    set->failed = true;
  }
}

// ------------------------------------------------------------------ disjoint and in order

static int by_code(const void *a, const void *b) {
  const struct set_member *x = a, *y = b;
  if (x->range.lo != y->range.lo) return x->range.lo < y->range.lo ? -1 : 1;
  if (x->range.hi != y->range.hi) return x->range.hi < y->range.hi ? -1 : 1;
  if (x->range.from != y->range.from) return x->range.from < y->range.from ? -1 : 1;
  if (x->span.file != y->span.file) return x->span.file < y->span.file ? -1 : 1;
  return x->span.start < y->span.start ? -1 : x->span.start > y->span.start;
}

static int by_days(const void *a, const void *b) {
  const struct days *x = a, *y = b;
  return x->from < y->from ? -1 : x->from > y->from;
}

// The members that cover the codes being looked at.
struct sweep {
  const struct set_member *active[OVERLAPS];
  uint32_t count;
};

static void drop_ended(struct sweep *w, uint64_t at) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < w->count; i++)
    if (w->active[i]->range.hi >= at) w->active[kept++] = w->active[i];
  w->count = kept;
}

// Up to which code the active members and the next one to come leave nothing changed.
static uint64_t stretch(const struct sweep *w, uint64_t next) {
  uint64_t hi = w->active[0]->range.hi;
  for (uint32_t i = 1; i < w->count; i++)
    if (w->active[i]->range.hi < hi) hi = w->active[i]->range.hi;
  return next != 0 && next - 1 < hi ? next - 1 : hi;
}

static bool extends(const struct set_node *set, const struct set_range *r, bool texts) {
  if (set->set.count == 0 || texts) return false;
  const struct set_range *before = &set->set.ranges[set->set.count - 1];
  if (before->from != r->from || before->to != r->to) return false;
  if (set->set.count >= 2 && before[-1].lo == before->lo)
    return false;                           // several dates: left as they are
  if (r->lo <= before->hi + 1) return true; // split for a member that added nothing
  uint64_t after = soc_code_valid(before->hi) ? code_after(before->hi) : 0;
  return after != 0 && r->lo <= after;
}

static void put_range(struct sema *s, struct set_node *set, struct set_range r, bool merge) {
  if (merge && extends(set, &r, set->set.texts)) {
    set->set.ranges[set->set.count - 1].hi = r.hi;
    return;
  }
  struct set_range *place = vec_add(s->arena, &s->ranges, sizeof *place);
  if (place == NULL) return;
  *place = r;
  set->set.ranges = s->ranges.items;
  set->set.count = s->ranges.count;
  if (r.from != OPEN_FROM || r.to != OPEN_TO) set->set.dated = true;
}

// The days on which one stretch of codes is in the set: the union over the active members.
static void put_stretch(struct sema *s, struct set_node *set, const struct sweep *w, uint64_t lo,
                        uint64_t hi) {
  struct days days[OVERLAPS];
  for (uint32_t i = 0; i < w->count; i++)
    days[i] = (struct days){w->active[i]->range.from, w->active[i]->range.to};
  qsort(days, w->count, sizeof *days, by_days);
  uint32_t n = 0;
  for (uint32_t i = 1; i < w->count; i++) {
    if (days[i].from <= days[n].to)
      days[n].to = days[i].to > days[n].to ? days[i].to : days[n].to;
    else
      days[++n] = days[i];
  }
  for (uint32_t i = 0; i <= n; i++)
    put_range(s, set, (struct set_range){lo, hi, days[i].from, days[i].to}, n == 0);
}

static struct str member_text(struct sema *s, const struct set_member *m) {
  return source_of(s, m->span);
}

static void warn_overlap(struct sema *s, const struct set_member *a, const struct set_member *b) {
  if (!a->own && !b->own) return;
  if (a->range.to <= b->range.from || b->range.to <= a->range.from) return;
  const struct set_member *late = a->span.start > b->span.start ? a : b, *early = late == a ? b : a;
  bool same = a->range.lo == b->range.lo && a->range.hi == b->range.hi;
  struct diag *d = diag_report(s->diags, same ? DIAG_MEMBER_TWICE : DIAG_MEMBER_COVERED, late->span,
                               member_text(s, late), member_text(s, early));
  diag_note(s->diags, d, early->span, "`%w` stands", member_text(s, early));
}

static bool take_in(struct sema *s, struct set_node *set, struct sweep *w,
                    const struct set_member *m) {
  for (uint32_t i = 0; i < w->count; i++) warn_overlap(s, w->active[i], m);
  // What covers exactly the same codes on the same days adds nothing.
  for (uint32_t i = 0; i < w->count; i++) {
    const struct set_range *r = &w->active[i]->range;
    if (r->hi >= m->range.hi && r->from <= m->range.from && r->to >= m->range.to) return true;
  }
  if (w->count == OVERLAPS) {
    diag_report(s->diags, DIAG_TOO_MANY_OVERLAPS, m->span, (uint32_t)OVERLAPS);
    set->failed = true;
    return false;
  }
  w->active[w->count++] = m;
  return true;
}

static void sweep_members(struct sema *s, struct set_node *set, struct set_member *m,
                          uint32_t count) {
  struct sweep w = {.count = 0};
  uint32_t next = 0;
  qsort(m, count, sizeof *m, by_code);
  uint64_t at = 0;
  while (next < count || w.count > 0) {
    if (w.count == 0) at = m[next].range.lo;
    while (next < count && m[next].range.lo == at)
      if (!take_in(s, set, &w, &m[next++])) return;
    uint64_t hi = stretch(&w, next < count ? m[next].range.lo : 0);
    put_stretch(s, set, &w, at, hi);
    drop_ended(&w, hi + 1);
    at = hi + 1;
  }
}

// From the members of s->members from `first` on, which are the set's own.
static void settle(struct sema *s, struct set_node *set, uint32_t first) {
  uint32_t count = s->members.count - first;
  s->ranges.count = 0;
  if (count > 0) sweep_members(s, set, VEC_AT(s->members, struct set_member, first), count);
  struct set_range *ranges = ARENA_ARRAY(s->arena, struct set_range, set->set.count);
  if (ranges != NULL && set->set.count > 0)
    memcpy(ranges, set->set.ranges, set->set.count * sizeof *ranges);
  set->set.ranges = ranges;
  if (ranges == NULL) set->set.count = 0;
}

static bool on_one_line(struct sema *s, struct span a, struct span b) {
  if (a.file != b.file || a.start >= b.start) return false;
  struct str both = source_of(s, span_join(a, b));
  return memchr(both.data, '\n', both.length) == NULL;
}

// `J2916, Q0138 from 2026-07-01` reads as if the date were of both. (An amending version may have set the date.)
static void warn_of_one_date(struct sema *s, const struct literal *l, const struct literal *next) {
  const struct literal_rest *own = rest_of(l), *others = rest_of(next);
  const struct word *date = others->from != NULL ? others->from : others->to;
  if (own->import || own->from || own->to || own->cite || others->import || date == NULL) return;
  if (on_one_line(s, l->span, date->span))
    diag_report(s->diags, DIAG_DATES_OF_ONE, next->span, source_of(s, l->span));
}

static void resolve_members(struct sema *s, struct set_node *set, const struct literal *members) {
  uint32_t first = s->members.count;
  for (const struct literal *l = members; l != NULL; l = l->next) {
    add_literal(s, set, l);
    if (l->next != NULL) warn_of_one_date(s, l, l->next);
  }
  if (!set->failed) settle(s, set, first);
  s->members.count = first;
  if (set->set.texts) vec_push(s->arena, &s->text_sets, set);
}

// ------------------------------------------------------------------ declared sets and sets in place

struct set_node *sema_enter_set(struct sema *s, const struct decl_set *d) {
  struct set_node *set = ARENA_NEW(s->arena, struct set_node);
  if (set == NULL) return NULL;
  set->set.name = d->d.name.text;
  set->set.texts = d->texts;
  set->set.decl = d;
  set->set.index = SOC_NO_INDEX;
  set->prefix_length = d->prefix_length;
  if (sema_enter(s, &s->names, d->d.name, KIND_SET, set) == NULL) return NULL;
  vec_push(s->arena, &s->sets, set);
  return set;
}

static void check_head(struct sema *s, struct set_node *set) {
  const struct decl_set *d = set->set.decl;
  if (d->prefix_length > 0 && (d->texts || d->prefix_length > SOC_CODE_MAX)) {
    diag_report(s->diags, DIAG_PREFIX_SET, d->d.name.span, d->d.name.text);
    set->failed = true;
  }
}

void sema_resolve_set(struct sema *s, struct set_node *set) {
  if (set->visit != VISIT_NEW) return;
  if (s->set_depth >= SEMA_SET_DEPTH) {
    diag_report(s->diags, DIAG_SETS_TOO_DEEP, set->set.decl->d.name.span, (uint32_t)SEMA_SET_DEPTH);
    set->failed = true;
    set->visit = VISIT_DONE;
    return;
  }
  set->visit = VISIT_OPEN;
  s->set_depth++;
  check_head(s, set);
  resolve_members(s, set, set->set.decl->members);
  s->set_depth--;
  set->visit = VISIT_DONE;
}

void sema_sets(struct sema *s) {
  for (uint32_t i = 0; i < s->sets.count; i++) {
    struct set_node *set = *VEC_AT(s->sets, struct set_node *, i);
    sema_resolve_set(s, set);
    if (set->set.decl->members == NULL)
      diag_report(s->diags, DIAG_SET_EMPTY, set->set.decl->d.name.span, set->set.name);
  }
}

static const struct set_decl *set_by_name(struct sema *s, const struct literal *l, bool texts) {
  struct symbol *symbol = names_find(&s->names, l->word.text);
  if (symbol == NULL || symbol->kind != KIND_SET) {
    report_no_set(s, l, texts);
    return NULL;
  }
  symbol->used = true;
  struct set_node *set = symbol->decl;
  if (set->failed) return NULL;
  if (set->set.texts == texts) return &set->set;
  diag_report(s->diags, texts ? DIAG_SET_OF_CODES : DIAG_SET_OF_TEXTS, l->span, l->word.text);
  return NULL;
}

const struct set_decl *sema_set_in_place(struct sema *s, const struct literal *members,
                                         bool texts) {
  if (members != NULL && members->next == NULL && members->kind == LIT_NAME &&
      rest_of(members)->from == NULL && rest_of(members)->to == NULL)
    return set_by_name(s, members, texts);
  struct set_node *set = ARENA_NEW(s->arena, struct set_node);
  if (set == NULL) return NULL;
  set->set.name = (struct str){"", 0};
  set->set.texts = texts;
  set->set.index = SOC_NO_INDEX;
  set->visit = VISIT_DONE;
  resolve_members(s, set, members);
  return set->failed ? NULL : &set->set;
}

// ------------------------------------------------------------------ sets against facts

static bool all_digits(struct str text) {
  for (uint32_t i = 0; i < text.length; i++)
    if (!is_digit(text.data[i])) return false;
  return true;
}

// A code of a length that the fact cannot have is never found: a slip, told where the code stands if that is here or
// in a table, else where it is asked for.
bool set_fits_fact(struct sema *s, const struct set_decl *decl, const struct fact_decl *fact,
                   struct span span) {
  const struct set_node *set = (const struct set_node *)decl;
  if (decl->texts || fact == NULL || fact->max_length == 0) return true;
  bool here = decl->decl == NULL;
  uint32_t length = 0;
  struct span at = span;
  if (set->max_prefix > fact->max_length)
    length = set->max_prefix, at = set->prefix_span;
  else if (set->max_length > fact->max_length)
    length = set->max_length, at = set->longest;
  else if (set->max_length > 0 && set->prefix_length == 0 && set->min_length < fact->min_length)
    length = set->min_length, at = set->shortest;
  if (length > 0) {
    struct str code = source_of(s, at);
    bool told_there = here || sema_is_table(s, at.file);
    struct diag *d = diag_report(s->diags, DIAG_SET_CODE_LENGTH, told_there ? at : span, code,
                                 length, fact->name, code_length_words(s, fact));
    if (length < fact->min_length && all_digits(code))
      diag_help(s->diags, d, "a leading zero may be missing");
    if (!here)
      diag_note(s->diags, d, told_there ? span : at, told_there ? "it is asked for" : "it stands");
    return false;
  }
  return true;
}

// ------------------------------------------------------------------ maps

struct map_range {
  struct set_range range;
  struct span span;
};

static int by_low(const void *a, const void *b) {
  const struct map_range *x = a, *y = b;
  if (x->range.lo != y->range.lo) return x->range.lo < y->range.lo ? -1 : 1;
  return x->span.start < y->span.start ? -1 : x->span.start > y->span.start;
}

void sema_check_map(struct sema *s, const struct derive_step *step) {
  struct vec all = {0};
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next) {
    for (uint32_t i = 0; i < row->range_count; i++) {
      struct map_range *m = vec_add(s->arena, &all, sizeof *m);
      if (m != NULL) *m = (struct map_range){row->ranges[i], row->span};
    }
  }
  if (all.count == 0) return;
  qsort(all.items, all.count, sizeof(struct map_range), by_low);
  for (uint32_t i = 1; i < all.count; i++) {
    const struct map_range *before = VEC_AT(all, struct map_range, i - 1),
                           *m = VEC_AT(all, struct map_range, i);
    if (m->range.lo > before->range.hi) continue;
    char text[13];
    size_t length = soc_code_unpack(m->range.lo, text);
    struct diag *d =
        diag_report(s->diags, DIAG_MAP_OVERLAP, m->span, (struct str){text, (uint32_t)length});
    diag_note(s->diags, d, before->span, "the other stands");
  }
}
