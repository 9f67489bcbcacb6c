// SPDX-License-Identifier: Apache-2.0
//
// soc_compilation_citations: reads the tokens of every source that the compilation has read, and the rows of tables. A
// version that amends others reads their sources whole, so that what a change has taken away is told too.
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

static bool tell_rows(const struct telling *t, const struct source_file *file) {
  bool go_on = true;
  for (const struct decl *d = file->decls; go_on && d != NULL; d = d->next) {
    const struct literal *l = d->tag == DECL_SET ? ((const struct decl_set *)d)->members : NULL;
    for (; go_on && l != NULL; l = l->next)
      if (rest_of(l)->import != NULL && rest_of(l)->cite != NULL)
        go_on = tell_row(t, rest_of(l)->cite);
  }
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
