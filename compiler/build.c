// SPDX-License-Identifier: Apache-2.0
//
// Words, nesting, and what a file says of itself; the other constructors stand in build_*.c by construct. See build.h.
// Every constructor is straight-line: take a node, fill it in, join the spans. Lists grow at their tail, so the tree
// costs time and memory in proportion to the text.
#include "compiler/build_parts.h"

enum { MOST_VERSIONS = 64 }; // that one file of tests is for

// ------------------------------------------------------------------ nodes, words, spans

struct word build_quoted(struct parse *cx, struct lexeme at) {
  struct word word = word_of(cx, at);
  const char *from = word.text.data + 1, *end = word.text.data + word.text.length;
  if (end > from && end[-1] == '"') end--;
  word.text = (struct str){from, (uint32_t)(end - from)};
  if (word.text.length == 0 || memchr(from, '\\', word.text.length) == NULL) return word;
  struct str copy = arena_copy(&cx->front->arena, from, word.text.length);
  if (copy.data == NULL) return word;
  char *to = (char *)(uintptr_t)copy.data; // just made, nobody else has it
  uint32_t length = 0;
  for (; from < end; from++) {
    if (*from == '\\' && from + 1 < end) from++;
    to[length++] = *from;
  }
  word.text = (struct str){to, length};
  return word;
}

enum { FIRST_DECLS = 2 * 1024, MOST_DECLS = 64 * 1024 };

void *take_decl(struct parse *cx, size_t size) {
  size = (size + ARENA_ALIGNMENT - 1) & ~(size_t)(ARENA_ALIGNMENT - 1);
  if (size > (size_t)(cx->decls.end - cx->decls.at)) {
    size_t block = cx->decls.next_block == 0 ? FIRST_DECLS : cx->decls.next_block;
    char *at = arena_alloc(&cx->front->arena, block);
    if (at == NULL) return take(cx, size); // the spare one
    cx->decls.at = at;
    cx->decls.end = at + block;
    cx->decls.next_block = block < MOST_DECLS ? block * 2 : block;
  }
  void *decl = cx->decls.at;
  cx->decls.at += size;
  return decl;
}

struct word *build_word(struct parse *cx, struct lexeme at) {
  struct word *word = TAKE(cx, struct word);
  *word = word_of(cx, at);
  return word;
}

struct word *build_text(struct parse *cx, struct lexeme at) {
  struct word *word = TAKE(cx, struct word);
  *word = build_quoted(cx, at);
  return word;
}

uint32_t build_whole_number(struct parse *cx, struct lexeme at, uint32_t low, uint32_t high) {
  uint64_t value = 0;
  bool good = at.end - at.start <= 9;
  for (uint32_t i = at.start; good && i < at.end; i++) {
    good = cx->text[i] >= '0' && cx->text[i] <= '9';
    value = value * 10 + (uint64_t)(cx->text[i] - '0');
  }
  if (good && value >= low && value <= high) return (uint32_t)value;
  diag_report(&cx->front->diags, DIAG_WHOLE_NUMBER, span_of(cx, at), word_of(cx, at).text, low,
              high);
  return 0;
}

// ------------------------------------------------------------------ nesting

void build_too_deep(struct parse *cx) {
  if (!cx->stop) {
    struct span span = {cx->file, cx->previous.start, cx->previous.end};
    diag_report(&cx->front->diags, DIAG_TOO_DEEP, span, cx->front->limits.nesting);
  }
  cx->stop = true;
}

void build_enter(struct parse *cx) {
  if (++cx->depth > cx->front->limits.nesting) build_too_deep(cx);
}

void build_leave(struct parse *cx) {
  cx->depth--;
}

// ------------------------------------------------------------------ files

void build_kind(struct parse *cx, enum file_kind kind, struct lexeme name) {
  cx->out->kind = kind;
  cx->out->name = build_quoted(cx, name);
}

void build_tests(struct parse *cx, struct lexeme keyword, struct lexeme version) {
  struct literal *literal = build_literal(cx, LIT_STRING, version), **link = &cx->out->versions;
  if (cx->out->version_count == 0) cx->out->name = word_of(cx, keyword);
  cx->out->kind = FILE_TESTS;
  if (cx->front->arena.out_of_memory) return;
  if (cx->out->version_count == MOST_VERSIONS) {
    diag_report(&cx->front->diags, DIAG_TESTS_FOR_MANY, literal->span, (uint32_t)MOST_VERSIONS);
    return;
  }
  for (; *link != NULL; link = &(*link)->next)
    if (str_equal((*link)->word.text, literal->word.text)) twice(cx, version, "this policy");
  *link = literal;
  cx->out->version_count++;
}

void build_policy(struct parse *cx, struct lexeme keyword, struct lexeme id) {
  cx->out->kind = FILE_POLICY;
  cx->out->head.span = span_from(cx, keyword, id);
  cx->out->head.id = build_quoted(cx, id);
}

static void head_item(struct parse *cx, struct lexeme keyword, struct word **slot,
                      struct word *value, const char *what) {
  if (*slot != NULL) twice(cx, keyword, what);
  *slot = value;
}

void build_title(struct parse *cx, struct lexeme keyword, struct lexeme text) {
  head_item(cx, keyword, &cx->out->head.title, build_text(cx, text), "the title");
}

void build_payer(struct parse *cx, struct lexeme keyword, struct lexeme text) {
  head_item(cx, keyword, &cx->out->head.payer, build_text(cx, text), "the payer");
}

void build_version(struct parse *cx, struct lexeme keyword, struct lexeme date) {
  head_item(cx, keyword, &cx->out->head.version, build_word(cx, date), "the version");
}

void build_basis(struct parse *cx, struct lexeme keyword, struct lexeme name) {
  head_item(cx, keyword, &cx->out->head.basis, build_word(cx, name), "the basis");
}

void build_source(struct parse *cx, struct lexeme keyword, struct lexeme text) {
  head_item(cx, keyword, &cx->out->head.source, build_text(cx, text), "the source");
}

void build_source_revised(struct parse *cx, struct lexeme keyword, struct lexeme text,
                          struct lexeme date) {
  build_source(cx, keyword, text);
  cx->out->head.revised = build_word(cx, date);
}

void build_amends(struct parse *cx, struct lexeme keyword, struct lexeme path) {
  head_item(cx, keyword, &cx->out->head.amends, build_text(cx, path), "what is amended");
}

// `each line of L { .. }` gives several, chained, or none.
void build_add_decl(struct parse *cx, struct decl *decl) {
  if (decl == NULL) return;
  if (cx->last_decl == NULL)
    cx->out->decls = decl;
  else
    cx->last_decl->next = decl;
  while (decl->next != NULL && !cx->front->arena.out_of_memory) decl = decl->next;
  cx->last_decl = decl;
}
