// SPDX-License-Identifier: Apache-2.0
//
// Which rows of a table a version takes: those in force on its first day, without dates; with `through D` those in
// force on any day up to D, with the dates that lie between. What a row says of later days is not looked at, so that
// a row that is added or ended later leaves the artifacts of older versions as they are. Rows become members like
// written ones, each with its place in the table; behind this file nothing knows of tables but what tells where
// members are from.
#include "compiler/layout.h"
#include "compiler/sema.h"

#include <stdlib.h>
#include <string.h>

#include "vm/code.h"
#include "vm/pack.h"

// ------------------------------------------------------------------ members by what they say

static struct str text_key(struct sema *s, struct str text) {
  char *folded = arena_alloc(s->arena, (size_t)text.length + 2);
  if (folded == NULL) return text;
  folded[0] = '"';
  size_t length = text.length == 0 ? 0 : soc_text_fold(text.data, text.length, folded + 1);
  return (struct str){folded, (uint32_t)length + 1};
}

static struct str join(struct sema *s, struct str a, const char *between, struct str b) {
  size_t middle = strlen(between);
  char *joined = arena_alloc(s->arena, a.length + middle + b.length + 1);
  if (joined == NULL) return a;
  if (a.length > 0) memcpy(joined, a.data, a.length);
  memcpy(joined + a.length, between, middle);
  if (b.length > 0) memcpy(joined + a.length + middle, b.data, b.length);
  return (struct str){joined, (uint32_t)(a.length + middle + b.length)};
}

struct str sema_member_key(struct sema *s, const struct literal *l) {
  switch (l->kind) {
  case LIT_STRING: return text_key(s, l->word.text);
  case LIT_RANGE: return join(s, l->word.text, "..", range_end(l)->text);
  case LIT_PREFIX: return join(s, l->word.text, "*", (struct str){"", 0});
  default: return l->word.text;
  }
}

// ------------------------------------------------------------------ rows that versions take out again

void sema_remove_row(struct sema *s, const struct literal *l, const struct word *from) {
  struct import_rows *rows = import_of(l)->rows;
  struct symbol *symbol = names_add(&rows->removed, sema_member_key(s, l));
  while (symbol != NULL && rows->removed_from.count <= symbol->number)
    if (!vec_push(s->arena, &rows->removed_from, NULL)) return;
  if (symbol != NULL) *VEC_AT(rows->removed_from, const struct word *, symbol->number) = from;
}

// False: the member is out on the version's first day.
static bool still_in(struct sema *s, const struct import_rows *rows, struct literal *l,
                     int32_t day) {
  const struct symbol *symbol = names_find(&rows->removed, sema_member_key(s, l));
  if (symbol == NULL || symbol->number >= rows->removed_from.count) return true;
  struct word *from =
      (struct word *)(uintptr_t)*VEC_AT(rows->removed_from, const struct word *, symbol->number);
  int32_t out;
  uint32_t month_days;
  if (from == NULL || !date_parse(from->text, &out, &month_days) || out <= day) return false;
  struct literal_rest *rest = l->rest; // every row has one
  if (rest->to == NULL || str_order(from->text, rest->to->text) < 0) rest->to = from;
  return rest->from == NULL || str_order(rest->from->text, rest->to->text) < 0;
}

// ------------------------------------------------------------------ one row

// 2024-12-05, where the row stands.
static struct word *day_word(struct sema *s, int32_t day, struct span span) {
  int32_t parts[3];
  struct word *word = ARENA_NEW(s->arena, struct word);
  char *text = arena_alloc(s->arena, 11);
  if (word == NULL || text == NULL) return NULL;
  soc_date_split(day, &parts[0], &parts[1], &parts[2]);
  static const uint32_t ends[] = {4, 7, 10};
  for (uint32_t i = 0; i < 3; i++) {
    uint32_t start = i == 0 ? 0 : ends[i - 1] + 1;
    for (uint32_t at = ends[i]; at-- > start; parts[i] /= 10)
      text[at] = (char)('0' + parts[i] % 10);
  }
  text[4] = text[7] = '-';
  *word = (struct word){{text, 10}, span};
  return word;
}

static struct word part_of(struct word word, uint32_t start, uint32_t end) {
  while (start < end && word.text.data[start] == ' ') start++;
  while (end > start && word.text.data[end - 1] == ' ') end--;
  return (struct word){{word.text.data + start, end - start}, word.span};
}

static void be_codes(struct arena *arena, struct literal *l, struct word cell) {
  uint32_t length = cell.text.length;
  l->kind = LIT_CODE;
  for (uint32_t i = 0; i + 1 < length; i++) {
    if (cell.text.data[i] != '.' || cell.text.data[i + 1] != '.') continue;
    struct word *high = ARENA_NEW(arena, struct word);
    if (high == NULL) return;
    *high = part_of(cell, i + 2, length);
    l->kind = LIT_RANGE;
    l->word = part_of(cell, 0, i);
    l->rest->high = high;
    return;
  }
  if (length < 2 || cell.text.data[length - 1] != '*') return;
  l->kind = LIT_PREFIX;
  l->word.text.length--;
}

static struct literal *member_of(struct sema *s, struct import *import,
                                 const struct import_row *row, bool texts) {
  struct literal *l = ARENA_NEW(s->arena, struct literal);
  struct literal_rest *rest = l != NULL ? sema_rest_for(s, l) : NULL;
  if (rest == NULL) return NULL;
  l->word = row->member;
  l->span = row->member.span;
  rest->import = import;
  rest->cite = (struct word *)(uintptr_t)row->cite; // nobody changes a citation
  l->kind = LIT_STRING;
  if (!texts) be_codes(s->arena, l, row->member);
  return l;
}

static struct str text_of(const struct word *word) {
  return word != NULL ? word->text : (struct str){"", 0};
}

// ------------------------------------------------------------------ the rows in force

struct period {
  int32_t first, last; // both in
};

static struct period period_of(const struct import *import, int32_t day) {
  int32_t last;
  uint32_t month_days;
  if (day == INT32_MIN) return (struct period){INT32_MIN, INT32_MAX};
  bool through = import->through != NULL && date_parse(import->through->text, &last, &month_days);
  return (struct period){day, through && last > day ? last : day};
}

// Dates outside of the period are not looked at.
static void set_days(struct sema *s, struct literal *l, const struct import_row *row,
                     struct period period) {
  l->rest->from = l->rest->to = NULL;
  if (row->first > period.first) l->rest->from = day_word(s, row->first, l->span);
  if (row->last < period.last && row->last < SOC_DAY_MAX)
    l->rest->to = day_word(s, row->last + 1, l->span);
}

struct taken {
  struct str key;
  const struct literal *literal;
};

static int by_key(const void *a, const void *b) {
  const struct taken *x = a, *y = b;
  const struct word *x_from = rest_of(x->literal)->from, *y_from = rest_of(y->literal)->from;
  int order = str_order(x->key, y->key);
  if (order != 0) return order;
  if (x_from != NULL && y_from != NULL)
    order = str_order(x_from->text, y_from->text);
  else
    order = (x_from != NULL) - (y_from != NULL);
  if (order != 0) return order;
  return x->literal->span.start < y->literal->span.start ? -1 : 1;
}

// Two rows of a member on one day: one of them was meant to end.
static void refuse_overlaps(struct sema *s, struct vec *all) {
  const struct literal *longest = NULL; // of the present key, the one that ends last
  const struct word *end = NULL;        // its `to`
  if (all->count > 1) qsort(all->items, all->count, sizeof(struct taken), by_key);
  for (uint32_t i = 0; i < all->count; i++) {
    const struct taken *t = VEC_AT(*all, struct taken, i);
    const struct literal *l = t->literal;
    const struct word *from = rest_of(l)->from, *to = rest_of(l)->to;
    bool same = i > 0 && str_equal(t[-1].key, t->key);
    if (same && (end == NULL || from == NULL || str_order(from->text, end->text) < 0)) {
      struct diag *d = diag_report(s->diags, DIAG_ROW_TWICE, l->span, l->word.text);
      diag_note(s->diags, d, longest->span, "the other stands");
    }
    bool later = !same || (end != NULL && (to == NULL || str_order(end->text, to->text) < 0));
    if (later) longest = l, end = to;
  }
}

struct literal *sema_rows_taken(struct sema *s, struct import *import, bool texts, int32_t day) {
  struct literal *first = NULL, **link = &first;
  struct vec all = {0};
  struct period period = period_of(import, day);
  for (uint32_t i = 0; import->rows != NULL && i < import->rows->rows.count; i++) {
    const struct import_row *row = VEC_AT(import->rows->rows, struct import_row, i);
    if (row->first > period.last || row->last < period.first) continue;
    struct literal *l = member_of(s, import, row, texts);
    struct taken *t = l != NULL ? vec_add(s->arena, &all, sizeof *t) : NULL;
    if (t == NULL) return NULL;
    set_days(s, l, row, period);
    *t = (struct taken){sema_member_key(s, l), l};
    if (!still_in(s, import->rows, l, day)) continue;
    *link = l;
    link = &l->next;
  }
  refuse_overlaps(s, &all);
  return first;
}

void sema_check_rows(struct sema *s, struct import *import, bool texts) {
  const struct policy_head *head = &s->main->head;
  int32_t day;
  uint32_t month_days;
  bool version = s->main->kind == FILE_POLICY && head->version != NULL &&
                 date_parse(head->version->text, &day, &month_days);
  const struct literal *l = sema_rows_taken(s, import, texts, version ? day : INT32_MIN);
  for (; !texts && l != NULL; l = l->next) sema_check_code_words(s, l);
}

// Rows stand directly behind the import that took them.
static bool is_row_of(const struct literal *l, const struct literal *import) {
  return l != NULL && rest_of(l)->import == rest_of(import)->import && l->kind != LIT_IMPORT;
}

void sema_take_rows(struct sema *s, struct decl_set *set, int32_t day) {
  struct literal **link = &set->members;
  while (*link != NULL) {
    struct literal *l = *link;
    link = &l->next;
    if (l->kind != LIT_IMPORT) continue;
    struct literal *rest = l->next;
    while (is_row_of(rest, l)) rest = rest->next; // of an older version
    *link = sema_rows_taken(s, import_of(l), set->texts, day);
    while (*link != NULL) link = &(*link)->next;
    *link = rest;
    set->d.edited = true;
  }
}

// What an amended version asks for may have ended.
static void warn_of_none(struct sema *s, const struct source_file *file,
                         const struct decl_set *set) {
  for (const struct literal *l = set->members; l != NULL; l = l->next)
    if (l->kind == LIT_IMPORT && l->span.file == file->index && !is_row_of(l->next, l))
      diag_report(s->diags, DIAG_NO_ROW_TAKEN, l->span, import_of(l)->file.text);
}

// An older version may have asked for days that are over when this one begins.
static void warn_of_past_through(struct sema *s, const struct import *import) {
  const struct word *version = s->main->head.version;
  struct diag *d = diag_report(s->diags, DIAG_THROUGH_PAST, version->span, import->file.text,
                               import->through->text, version->text);
  diag_note(s->diags, d, import->through->span, "`through` stands");
}

// A last day that has no effect, as it lies within the version's period and nothing says how far days are looked at.
static void warn_of_last_days(struct sema *s, const struct literal *import) {
  const struct import_rows *rows = import_of(import)->rows;
  const struct literal *l = import->next;
  for (uint32_t i = 0; rows != NULL && i < rows->rows.count && is_row_of(l, import); i++) {
    const struct import_row *row = VEC_AT(rows->rows, struct import_row, i);
    if (row->member.span.start != l->span.start) continue; // not taken
    if (rest_of(l)->to == NULL && row->last < SOC_DAY_MAX && row->last < s->next_day - 1)
      diag_report(s->diags, DIAG_ROW_ENDS, l->span, row->member.text,
                  text_of(day_word(s, row->last, l->span)));
    l = l->next;
  }
}

static void warn_of_days(struct sema *s, const struct decl_set *set) {
  for (const struct literal *l = set->members; l != NULL && s->main->kind == FILE_POLICY;
       l = l->next) {
    if (l->kind != LIT_IMPORT) continue;
    const struct word *through = import_of(l)->through, *version = s->main->head.version;
    if (through == NULL)
      warn_of_last_days(s, l);
    else if (version != NULL && str_order(through->text, version->text) < 0)
      warn_of_past_through(s, import_of(l));
  }
}

// A version that amends another has the rows of its own sets already.
void sema_import(struct sema *s) {
  for (uint32_t i = 0; i < s->files.count; i++) {
    const struct used_file *used = *VEC_AT(s->files, struct used_file *, i);
    bool amends = used->file->kind == FILE_POLICY && used->file->head.amends != NULL;
    for (struct decl *d = used->file->decls; d != NULL; d = d->next) {
      if (d->tag != DECL_SET) continue;
      struct decl_set *set = (struct decl_set *)d;
      if (!set->imports) continue;
      if (!amends) sema_take_rows(s, set, s->program->version_day);
      warn_of_none(s, used->file, set);
      warn_of_days(s, set);
    }
  }
}

// ------------------------------------------------------------------ what is told of them

static int by_bytes(const void *a, const void *b) {
  return str_order(*(const struct str *)a, *(const struct str *)b);
}

static struct str last_day(struct sema *s, const struct word *to) {
  int32_t day;
  uint32_t month_days;
  if (to == NULL || !date_parse(to->text, &day, &month_days)) return (struct str){"", 0};
  const struct word *word = day_word(s, day - 1, to->span);
  return text_of(word);
}

// What the cell says; of a text too, since how it is spelt is part of what was signed.
static struct str member_text(struct sema *s, const struct literal *l) {
  return l->kind == LIT_STRING ? l->word.text : sema_member_key(s, l);
}

const struct str *sema_import_lines(struct sema *s, const struct literal *import, uint32_t *count) {
  struct vec lines = {0};
  for (const struct literal *l = import->next; is_row_of(l, import); l = l->next) {
    struct str *line = vec_add(s->arena, &lines, sizeof *line);
    if (line == NULL) break;
    const struct literal_rest *rest = rest_of(l);
    *line = join(s, member_text(s, l), "\t", text_of(rest->from));
    *line = join(s, *line, "\t", last_day(s, rest->to));
    *line = join(s, join(s, *line, "\t", text_of(rest->cite)), "\n", (struct str){"", 0});
  }
  if (lines.count > 1) qsort(lines.items, lines.count, sizeof(struct str), by_bytes);
  *count = lines.count;
  return lines.items;
}

static void put_quoted(struct out *o, const char *words, const struct word *text) {
  if (text == NULL) return;
  out_text(o, words);
  out_quoted(o, text->text);
}

struct str sema_import_text(struct sema *s, const struct import *import) {
  struct out o = {.arena = s->arena};
  put_quoted(&o, "column ", &import->column);
  put_quoted(&o, " first day in column ", import->first_day);
  put_quoted(&o, " last day in column ", import->last_day);
  put_quoted(&o, " cite in column ", import->cite);
  for (const struct import_condition *c = import->where; c != NULL; c = c->next) {
    put_quoted(&o, " where column ", &c->column);
    put_quoted(&o, " = ", &c->value);
  }
  if (import->through != NULL) {
    out_text(&o, " through ");
    out_str(&o, import->through->text);
  }
  return (struct str){o.text != NULL ? o.text : "", (uint32_t)o.length};
}
