// SPDX-License-Identifier: Apache-2.0
//
// soc_compilation_citations: reads the tokens of every source that the compilation has read, and the rows of tables. A
// version that amends others reads their sources whole, so that what a change has taken away is told too.
#include "compiler/citations.h"

#include "compiler/compilation.h"
#include "compiler/tokens.h"
#include "grammar.h"

struct telling {
  soc_compilation *c;
  bool (*each)(void *ctx, const soc_citation *citation);
  void *ctx;
};

static bool tell(const struct telling *t, uint32_t source, soc_citation_kind kind,
                 struct token string) {
  const struct source *s = &t->c->front.sources.items[source];
  struct span span = {source, string.start, string.end};
  const soc_citation citation = {kind,
                                 {s->text + string.start + 1, string.end - string.start - 2},
                                 s->place,
                                 sources_line(&t->c->front.sources, span)};
  return t->each(t->ctx, &citation);
}

static bool tell_source(const struct telling *t, uint32_t source) {
  struct tokens tokens;
  uint32_t before = 0, last = 0;
  bool go_on = true, of_test = false;
  tokens_init(&tokens, &t->c->front, source);
  for (struct token k = tokens_next(&tokens); go_on && k.kind != 0; k = tokens_next(&tokens)) {
    if (last == TK_NL || last == 0) of_test = k.kind == TK_TEST;
    bool title = last == TK_TEST || last == TK_TABLE, row = last == TK_BAR && before == TK_NL;
    if (k.kind == TK_STRING && last == TK_CITE)
      go_on = tell(t, source, of_test ? SOC_CITATION_TEST : SOC_CITATION_CITE, k);
    else if (k.kind == TK_STRING && (title || row))
      go_on = tell(t, source, SOC_CITATION_TEST, k);
    else if (k.kind == TK_STRING && last == TK_COMPUTED && before == TK_NOT)
      go_on = tell(t, source, SOC_CITATION_NOT_COMPUTED, k);
    before = last;
    last = k.kind;
  }
  return go_on;
}

static bool tell_row(const struct telling *t, const struct word *cite) {
  const struct sources *sources = &t->c->front.sources;
  const soc_citation citation = {SOC_CITATION_CITE,
                                 {cite->text.data, cite->text.length},
                                 sources->items[cite->span.file].place,
                                 sources_line(sources, cite->span)};
  return t->each(t->ctx, &citation);
}

static bool tell_set_rows(const struct telling *t, const struct decl_set *set) {
  bool go_on = true;
  for (const struct literal *l = set->members; go_on && l != NULL; l = l->next)
    if (rest_of(l)->import != NULL && rest_of(l)->cite != NULL)
      go_on = tell_row(t, rest_of(l)->cite);
  return go_on;
}

static bool tell_rows(const struct telling *t, const struct source_file *file) {
  bool go_on = true;
  for (const struct decl *d = file->decls; go_on && d != NULL; d = d->next)
    if (d->tag == DECL_SET) go_on = tell_set_rows(t, (const struct decl_set *)d);
  return go_on;
}

bool soc_compilation_citations(soc_compilation *c, bool (*each)(void *ctx, const soc_citation *),
                               void *ctx) {
  const struct telling t = {c, each, ctx};
  bool go_on = true;
  for (uint32_t i = 0; c->checked && go_on && i < c->front.sources.count; i++)
    if (!sema_is_table(&c->sema, i)) go_on = tell_source(&t, i);
  for (uint32_t i = 0; c->checked && go_on && i < c->sema.files.count; i++)
    go_on = tell_rows(&t, (*VEC_AT(c->sema.files, struct used_file *, i))->file);
  return go_on && !c->front.arena.out_of_memory;
}

// ------------------------------------------------------------------ what no decision reads

static bool tell_word(const struct telling *t, const struct word *cite) {
  if (cite == NULL) return true;
  const struct token string = {.start = cite->span.start, .end = cite->span.end};
  return tell(t, cite->span.file, SOC_CITATION_CITE, string);
}

// Of a criterion, a quantity or a derived enumeration: the order of cells is of those that are read.
static bool tell_unread_cells(const struct telling *t) {
  const struct vec *cells = &t->c->sema.cells;
  bool go_on = true;
  for (uint32_t i = 0; go_on && i < cells->count; i++) {
    const struct cell_node *node = *VEC_AT(*cells, struct cell_node *, i);
    if (node->decl != NULL && node->cell.index == SOC_NO_INDEX)
      go_on = tell_word(t, node->decl->cite);
  }
  return go_on;
}

static bool tell_set(const struct telling *t, const struct decl_set *set) {
  bool go_on = tell_word(t, set->d.cite) && tell_set_rows(t, set);
  for (const struct literal *l = set->members; go_on && l != NULL; l = l->next)
    if (rest_of(l)->import == NULL) go_on = tell_word(t, rest_of(l)->cite);
  return go_on;
}

static const struct decl *uncelled(const struct symbol *symbol) {
  switch (symbol->kind) {
  case KIND_SET: return &((const struct set_node *)symbol->decl)->set.decl->d;
  case KIND_CONSTANT: return &((const struct constant_node *)symbol->decl)->constant.decl->d;
  case KIND_DERIVED_VALUE: return ((const struct derived_node *)symbol->decl)->decl;
  default: return NULL;
  }
}

static bool tell_unread_values(const struct telling *t) {
  const struct vec *names = &t->c->sema.names.all;
  bool go_on = true;
  for (uint32_t i = 0; go_on && i < names->count; i++) {
    const struct symbol *symbol = *VEC_AT(*names, struct symbol *, i);
    const struct decl *d = symbol->used ? NULL : uncelled(symbol);
    if (d == NULL) continue;
    go_on = d->tag == DECL_SET ? tell_set(t, (const struct decl_set *)d) : tell_word(t, d->cite);
  }
  return go_on;
}

static bool tell_rules(const struct telling *t, const struct rule *rules) {
  bool go_on = true;
  for (const struct rule *r = rules; go_on && r != NULL; r = r->next)
    go_on = tell_word(t, r->cite) && tell_rules(t, r->body);
  return go_on;
}

static bool tell_unread_rules(const struct telling *t) {
  const struct vec *groups = &t->c->sema.groups.all;
  bool go_on = true;
  for (uint32_t i = 0; go_on && i < groups->count; i++) {
    const struct group *group = (*VEC_AT(*groups, struct symbol *, i))->decl;
    if (group->rules != NULL && group->stamp == 0) go_on = tell_rules(t, group->rules->rules);
  }
  return go_on;
}

bool citations_unread(soc_compilation *c, bool (*each)(void *ctx, const soc_citation *),
                      void *ctx) {
  const struct telling t = {c, each, ctx};
  return !c->checked || (tell_unread_cells(&t) && tell_unread_values(&t) && tell_unread_rules(&t));
}
