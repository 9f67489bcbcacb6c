// SPDX-License-Identifier: Apache-2.0
//
// What all constructors are made of, for build.c and build_*.c alone. Inline, since the size of a node is known
// where it is made.
#ifndef SOC_COMPILER_BUILD_PARTS_H
#define SOC_COMPILER_BUILD_PARTS_H

#include "compiler/build.h"

#include <assert.h>
#include <string.h>

// A zeroed node; when memory is out, the spare one, which nobody reads: what hangs on it is the spare one again.
static inline void *take(struct parse *cx, size_t size) {
  assert(size <= sizeof cx->spare);
  void *node = arena_alloc(&cx->front->arena, size);
  return node != NULL ? node : memset(&cx->spare, 0, sizeof cx->spare);
}
#define TAKE(cx, type) ((type *)take((cx), sizeof(type)))

// Declarations stand together, apart from what hangs on them, since many passes walk over the list of them.
void *take_decl(struct parse *cx, size_t size);
#define TAKE_DECL(cx, type) ((type *)take_decl((cx), sizeof(type)))

static inline struct span span_of(const struct parse *cx, struct lexeme at) {
  struct span span = {cx->file, at.start, at.end};
  return span;
}

static inline struct span span_from(const struct parse *cx, struct lexeme start,
                                    struct lexeme end) {
  return span_join(span_of(cx, start), span_of(cx, end));
}

static inline void extend(const struct parse *cx, struct span *span, struct lexeme end) {
  *span = span_join(*span, span_of(cx, end));
}

static inline struct word word_of(const struct parse *cx, struct lexeme at) {
  struct word word = {{cx->text + at.start, at.end - at.start}, span_of(cx, at)};
  return word;
}

static inline void twice(struct parse *cx, struct lexeme at, const char *what) {
  diag_report(&cx->front->diags, DIAG_SAID_TWICE, span_of(cx, at), what);
}

static inline struct literal *first_of(struct literals literals) {
  return literals.first;
}

static inline void begin(struct parse *cx, struct decl *d, enum decl_tag tag, struct lexeme keyword,
                         struct lexeme name) {
  d->tag = tag;
  d->span = span_from(cx, keyword, name);
  d->name = word_of(cx, name);
}

static inline struct expr *new_expr(struct parse *cx, enum expr_kind kind, struct span span) {
  struct expr *expr = TAKE(cx, struct expr);
  expr->kind = kind;
  expr->span = span;
  return expr;
}

// What a text in quotes says: mostly a piece of the source; a copy if it has escapes.
struct word build_quoted(struct parse *cx, struct lexeme at);
// A whole number in a place where only that makes sense; 0 after an error.
uint32_t build_whole_number(struct parse *cx, struct lexeme at, uint32_t low, uint32_t high);
void build_begin_test(struct parse *cx, struct decl *d, enum decl_tag tag, struct lexeme keyword,
                      struct lexeme title, struct word *cite);

#endif
