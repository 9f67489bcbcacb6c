// SPDX-License-Identifier: Apache-2.0
//
// See expand.h. Nothing is printed from the tree that can be taken from a source: a declaration that no version touched
// stands as it was written, and of a changed one the members and rules do. So a new construct of the language needs
// nothing here, and the reader finds the words that the auditor signed. Where a piece of text begins and ends is known
// from the tokens: an item, at any depth of braces, goes up to its NL.
#include "compiler/expand.h"

#include <string.h>

#include "compiler/tokens.h"
#include "grammar.h"

struct item {
  uint32_t start, end;
  uint32_t depth, first; // braces around it; kind of its first token
  uint32_t body;         // the `{` whose `}` ends it; 0: none does
  uint32_t lead;         // where the comments in front of it begin
};

struct expanding {
  struct sema *s;
  struct out *out;
  struct vec *items; // by source: struct item, by start; empty until asked for
};

// ------------------------------------------------------------------ the items of a source

struct scan {
  struct vec *items;
  const char *text;
  struct vec open;   // uint32_t by depth: number of the item + 1, 0: none
  struct vec braces; // uint32_t by depth: the `{`
  uint32_t before;   // end of the token before
};

static uint32_t *open_at(struct scan *c) {
  return VEC_AT(c->open, uint32_t, c->open.count - 1);
}

// Behind the line on which the item before, or the brace, ends: the comment there belongs to that.
static uint32_t lead_of(const struct scan *c, struct token t) {
  uint32_t at = c->before;
  if (!t.line_start) return t.start;
  while (at < t.start && c->text[at] != '\n') at++;
  return at < t.start ? at + 1 : t.start;
}

static void scan_token(struct sema *s, struct scan *c, struct token t) {
  uint32_t *open = open_at(c);
  if (t.kind == TK_RBRACE && c->open.count > 1) {
    c->open.count--;
    c->braces.count--;
    open = open_at(c);
    if (*open > 0)
      VEC_AT(*c->items, struct item, *open - 1)->body =
          *VEC_AT(c->braces, uint32_t, c->braces.count);
  } else if (*open == 0) {
    struct item *item = vec_add(s->arena, c->items, sizeof *item);
    if (item == NULL) return;
    *item = (struct item){t.start, t.end, c->open.count - 1, t.kind, 0, lead_of(c, t)};
    *open = c->items->count;
  } else {
    VEC_AT(*c->items, struct item, *open - 1)->body = 0;
  }
  if (*open > 0) VEC_AT(*c->items, struct item, *open - 1)->end = t.end;
  c->before = t.end;
  if (t.kind != TK_LBRACE) return;
  uint32_t *brace = vec_add(s->arena, &c->braces, sizeof *brace);
  if (brace != NULL) *brace = t.start;
  vec_add(s->arena, &c->open, sizeof(uint32_t));
}

static const struct vec *items_of(struct expanding *x, uint32_t source) {
  struct vec *items = &x->items[source];
  if (items->count > 0) return items;
  struct scan c = {.items = items, .text = x->s->front->sources.items[source].text};
  struct tokens tokens;
  tokens_init(&tokens, x->s->front, source);
  vec_add(x->s->arena, &c.open, sizeof(uint32_t));
  for (struct token t = tokens_next(&tokens); t.kind != 0 && !x->s->arena->out_of_memory;
       t = tokens_next(&tokens)) {
    if (t.kind == TK_NL)
      *open_at(&c) = 0;
    else
      scan_token(x->s, &c, t);
  }
  return items;
}

// The innermost item around a place, at most `depth` braces deep. NULL: there is none.
static const struct item *item_at(struct expanding *x, uint32_t source, uint32_t offset,
                                  uint32_t depth) {
  const struct vec *items = items_of(x, source);
  uint32_t low = 0, high = items->count; // the last one that begins at or before the offset
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (VEC_AT(*items, struct item, middle)->start <= offset)
      low = middle + 1;
    else
      high = middle;
  }
  for (uint32_t i = low; i-- > 0;) {
    const struct item *item = VEC_AT(*items, struct item, i);
    if (item->depth <= depth && item->end > offset) return item;
  }
  return NULL;
}

// ------------------------------------------------------------------ pieces of text

static const char *text_at(struct expanding *x, uint32_t source, uint32_t offset) {
  return x->s->front->sources.items[source].text + offset;
}

static void copy(struct expanding *x, uint32_t source, uint32_t start, uint32_t end) {
  out_bytes(x->out, text_at(x, source, start), end - start);
}

// A comment behind something, on its line.
static void copy_trailing(struct expanding *x, uint32_t source, uint32_t end) {
  const char *text = text_at(x, source, 0), *at = text + end;
  while (*at == ' ' || *at == '\t' || *at == ',') at++;
  const char *stop = at;
  while (*stop != '\0' && *stop != '\n' && *stop != '\r') stop++;
  if (*at == '#') {
    out_text(x->out, " ");
    out_bytes(x->out, at, (size_t)(stop - at));
  }
  out_text(x->out, "\n");
}

// From `start` on, with the comments in front of the item.
static void copy_item(struct expanding *x, uint32_t source, const struct item *item,
                      uint32_t start) {
  copy(x, source, item->lead, item->start);
  copy(x, source, start, item->end);
  copy_trailing(x, source, item->end);
}

static void put_word(struct expanding *x, const char *before, const struct word *word) {
  if (word == NULL) return;
  out_text(x->out, before);
  copy(x, word->span.file, word->span.start, word->span.end);
}

// ------------------------------------------------------------------ sets

// Comments on lines of their own, directly above the line on which a member begins; `add` may stand before it.
static void copy_above(struct expanding *x, const struct literal *l) {
  const char *text = text_at(x, l->span.file, 0), *at = text + l->span.start;
  while (at > text && at[-1] != '\n') at--;
  const char *line = at;
  while (line > text) {
    const char *above = line - 1;
    while (above > text && above[-1] != '\n') above--;
    const char *first = above + strspn(above, " \t");
    if (*first != '#') break;
    line = above;
  }
  const char *word = at + strspn(at, " \t");
  if (strncmp(word, "add ", 4) == 0) word += 4 + strspn(word + 4, " \t");
  if (word == text + l->span.start) out_bytes(x->out, line, (size_t)(at - line));
}

// A row of a table: it is no source of the language, and its dates may be no words of it.
static void put_row(struct expanding *x, const struct literal *l) {
  const struct literal_rest *rest = rest_of(l);
  if (l->kind == LIT_STRING)
    out_quoted(x->out, l->word.text);
  else
    out_str(x->out, sema_member_key(x->s, l));
  if (rest->from != NULL) out_text(x->out, " from ");
  if (rest->from != NULL) out_str(x->out, rest->from->text);
  if (rest->to != NULL) out_text(x->out, " to ");
  if (rest->to != NULL) out_str(x->out, rest->to->text);
  if (rest->cite != NULL) out_text(x->out, " cite ");
  if (rest->cite != NULL) out_quoted(x->out, rest->cite->text);
  out_text(x->out, "\n");
}

static void put_import(struct expanding *x, const struct literal *l) {
  copy_above(x, l);
  out_text(x->out, "# rows of ");
  out_quoted(x->out, import_of(l)->file.text);
  out_text(x->out, " ");
  out_str(x->out, sema_import_text(x->s, import_of(l)));
  out_text(x->out, "\n");
}

static void put_member(struct expanding *x, const struct literal *l) {
  const struct literal_rest *rest = rest_of(l);
  const struct word *last = l->kind == LIT_RANGE ? range_end(l) : &l->word;
  uint32_t end = last->span.end + (l->kind == LIT_PREFIX);
  copy_above(x, l);
  copy(x, l->span.file, l->span.start, end);
  put_word(x, " from ", rest->from);
  put_word(x, " to ", rest->to);
  put_word(x, " cite ", rest->cite);
  copy_trailing(x, l->span.file, l->span.end);
}

static void put_set(struct expanding *x, const struct decl_set *set, const struct item *item) {
  uint32_t source = set->d.span.file;
  copy(x, source, item->lead, item->start);
  copy(x, source, set->d.span.start, item->body);
  if (set->members == NULL) {
    out_text(x->out, "{ }\n");
    return;
  }
  out_text(x->out, "{\n");
  for (const struct literal *l = set->members; l != NULL; l = l->next) {
    if (l->kind == LIT_IMPORT)
      put_import(x, l);
    else if (rest_of(l)->import != NULL)
      put_row(x, l);
    else
      put_member(x, l);
  }
  out_text(x->out, "}\n");
}

// ------------------------------------------------------------------ rules

static void put_rules(struct expanding *x, const struct rule *first) {
  for (const struct rule *r = first; r != NULL; r = r->next) {
    uint32_t source = r->span.file;
    const struct item *item = item_at(x, source, r->span.start, UINT32_MAX);
    if (item == NULL) continue;
    if (r->kind != RULE_WITHIN || item->body == 0) {
      copy_item(x, source, item, r->span.start);
      continue;
    }
    copy(x, source, item->lead, item->start);
    copy(x, source, r->span.start, item->body);
    out_text(x->out, "{\n");
    put_rules(x, r->body);
    out_text(x->out, "}\n");
  }
}

static bool is_rule_of_order(uint32_t first) {
  return first == TK_LONGEST || first == TK_REPORT;
}

// The rules as they are now, behind what the decision says about all of them.
static void put_group(struct expanding *x, const struct decl *d, const struct rule *rules,
                      const struct item *item) {
  uint32_t source = d->span.file;
  const struct vec *items = items_of(x, source);
  copy(x, source, item->lead, item->body);
  out_text(x->out, "{\n");
  for (uint32_t i = 0; i < items->count; i++) {
    const struct item *inner = VEC_AT(*items, struct item, i);
    bool own =
        inner->start > item->body && inner->end < item->end && inner->depth == item->depth + 1;
    if (own && is_rule_of_order(inner->first)) copy_item(x, source, inner, inner->start);
  }
  put_rules(x, rules);
  out_text(x->out, "}\n");
}

// ------------------------------------------------------------------ declarations

static void put_decl(struct expanding *x, const struct decl *d, const struct item *item) {
  bool whole = !d->edited || item->body == 0;
  if (!whole && d->tag == DECL_SET)
    put_set(x, (const struct decl_set *)d, item);
  else if (!whole && d->tag == DECL_DECISION)
    put_group(x, d, ((const struct decl_decision *)d)->rules, item);
  else if (!whole && d->tag == DECL_RULES)
    put_group(x, d, ((const struct decl_rules *)d)->rules, item);
  else
    copy_item(x, d->span.file, item, d->span.start);
}

// Declarations inside of a block that holds for all of them are put into one of its own kind again.
static const struct item *put_wrapper(struct expanding *x, const struct decl *d,
                                      const struct item *wrapper, const struct item *item) {
  const struct item *wanted = item->depth == 0 ? NULL : item_at(x, d->span.file, item->start, 0);
  if (wanted == wrapper) return wrapper;
  if (wrapper != NULL) out_text(x->out, "}\n");
  if (wanted != NULL) {
    copy(x, d->span.file, wanted->lead, wanted->body);
    out_text(x->out, "{\n");
  }
  return wanted;
}

static void put_decls(struct expanding *x) {
  const struct item *wrapper = NULL;
  struct names used;
  names_init(&used, x->s->arena);
  for (const struct decl *d = x->s->main->decls; d != NULL; d = d->next) {
    uint32_t before = used.all.count;
    if (d->tag == DECL_USE && (names_add(&used, d->name.text) == NULL || used.all.count == before))
      continue;
    const struct item *item = item_at(x, d->span.file, d->span.start, 1);
    if (item == NULL) continue;
    wrapper = put_wrapper(x, d, wrapper, item);
    put_decl(x, d, item);
  }
  if (wrapper != NULL) out_text(x->out, "}\n");
}

// ------------------------------------------------------------------ the head

static void put_head(struct expanding *x) {
  const struct policy_head *head = &x->s->main->head;
  out_text(x->out, "soc 1\n\n# Written out whole, with its amendments made, from\n");
  for (uint32_t i = x->s->files.count; i-- > 0;) {
    const struct used_file *file = *VEC_AT(x->s->files, struct used_file *, i);
    if (file->file->kind != FILE_POLICY) continue;
    out_text(x->out, "#   ");
    out_str(x->out, file->canonical);
    out_text(x->out, "\n");
  }
  out_text(x->out, "\npolicy ");
  put_word(x, "", &head->id);
  out_text(x->out, " {\n");
  put_word(x, "title ", head->title);
  put_word(x, "\npayer ", head->payer);
  put_word(x, "\nversion ", head->version);
  put_word(x, "\nbasis ", head->basis);
  put_word(x, "\nsource ", head->source);
  put_word(x, " revised ", head->revised);
  out_text(x->out, "\n}\n\n");
}

// Something in it does not stand in its own text.
static bool is_edited(const struct source_file *file) {
  if (file->kind != FILE_POLICY) return false;
  for (const struct decl *d = file->decls; d != NULL; d = d->next)
    if (d->edited) return true;
  return file->head.amends != NULL;
}

bool expand(struct sema *s, struct out *o) {
  struct out whole = {.arena = s->arena};
  struct expanding x = {.s = s, .out = &whole};
  uint32_t source = s->tests != NULL ? s->tests->index : s->main->index;
  *o = (struct out){.arena = s->arena};
  if (s->tests == NULL && is_edited(s->main)) {
    x.items = ARENA_ARRAY(s->arena, struct vec, s->front->sources.count);
    if (x.items == NULL) return false;
    put_head(&x);
    put_decls(&x);
    if (s->arena->out_of_memory ||
        !front_add_source(s->front, whole.text, whole.length, "expanded", &source))
      return false;
  }
  return layout(s->front, source, o);
}
