// SPDX-License-Identifier: Apache-2.0
//
// See parse.h. The driver feeds the generated parser and decides what to skip after an error: to
// the end of the item if the error is inside of braces, to the next declaration if it is not. A
// declaration that begins a line inside of braces makes it likely that a `}` was forgotten; if an
// error follows, that is what is reported, and reading goes on from there.
#include "compiler/parse.h"

#include "compiler/syntax.h"
#include "grammar.h"

#include <string.h>

enum { LANGUAGE_VERSION = 1 };

static struct span span_of(const struct parse *cx, struct token t) {
  struct span span = {cx->file, t.start, t.end};
  return span;
}

// Whether there is no point in reading on. Counts what other files reported too: the sink has one
// limit.
static bool is_over(const struct parse *cx) {
  return cx->stop || cx->front->arena.out_of_memory ||
         cx->front->diags.errors >= cx->front->limits.diagnostics;
}

// ------------------------------------------------------------------ feeding and errors

// `=>`, which the scanner gives as `>=`: people also write it for the arrow of a map.
static void mend_double_arrow(struct parse *cx, struct token *t) {
  struct str text = {cx->text + t->start, t->end - t->start};
  if (!str_is(text, "=>")) return;
  if (parser_expects(cx->parser, TK_ARROW)) t->kind = TK_ARROW;
  struct diag *d = diag_report(&cx->front->diags, DIAG_BAD_OPERATOR, span_of(cx, *t), text);
  diag_help(&cx->front->diags, d, "write `%s`", kind_text(t->kind));
}

static void feed(struct parse *cx, struct token t) {
  if (t.kind == TK_GE) mend_double_arrow(cx, &t);
  struct lexeme lexeme = {t.start, t.end};
  parser_feed(cx->parser, t.kind, lexeme);
  cx->previous = t;
}

static void report_not_closed(struct parse *cx, struct lexeme brace) {
  struct span span = {cx->file, brace.start, brace.end};
  diag_report(&cx->front->diags, DIAG_NOT_CLOSED, span);
}

// Whether a text in quotes that is not closed begins on the rest of a line: the scanner tells of it, and whatever else
// seems wrong before it on that line mostly comes from a quote that is missing there.
static bool quote_open_behind(const struct parse *cx, uint32_t at) {
  bool open = false;
  for (const char *c = cx->text + at; *c != '\0' && *c != '\n' && *c != '\r'; c++) {
    if (!open && *c == '#') return false;
    if (open && *c == '\\' && c[1] != '\0')
      c++;
    else if (*c == '"')
      open = !open;
  }
  return open;
}

void parse_syntax_error(struct parse *cx, uint32_t kind, struct lexeme at) {
  struct lexeme brace;
  struct span span = {cx->file, at.start, at.end};
  cx->error = true;
  cx->braces_at_error = parser_open_braces(cx->parser, &brace);
  if (cx->suspect.depth > 0)
    report_not_closed(cx, cx->suspect.brace);
  else if (kind == 0 && cx->braces_at_error > 0)
    report_not_closed(cx, brace);
  else if (kind != TK_BAD && (kind == TK_NL || !quote_open_behind(cx, at.end)))
    syntax_report(cx, kind, span);
}

// ------------------------------------------------------------------ declarations inside of braces

static bool declaration_is_next(struct tokens *tokens) {
  struct token first = tokens_peek(tokens, 0);
  if (!first.line_start) return false;
  uint32_t second = tokens_peek(tokens, 1).kind;
  switch (first.kind) {
  case TK_CRITERION:
  case TK_FACT:
  case TK_LIST:
  case TK_SET:
  case TK_RULES:
  case TK_DECISION:
  case TK_SAMPLE:
  case TK_CONSTANT:
  case TK_ENUMERATION:
  case TK_DERIVE:
  case TK_QUANTITY:
    return second == TK_NAME || (kind_text(second) != NULL && kind_text(second)[0] >= 'a');
  case TK_TEST: return second == TK_STRING || second == TK_TABLE;
  case TK_USE: return second == TK_STRING;
  case TK_REASON: return second == TK_CODE;
  case TK_NOT: return second == TK_COMPUTED && tokens_peek(tokens, 2).kind == TK_STRING;
  case TK_ASK: return second == TK_ORDER;
  case TK_EACH: return second == TK_LINE;
  case TK_REPLACE:
  case TK_REMOVE:
    return second == TK_CRITERION || second == TK_CONSTANT || second == TK_DERIVE ||
           second == TK_SET || second == TK_QUANTITY;
  case TK_CHANGE: return second == TK_SET || second == TK_RULES || second == TK_DECISION;
  default: return false;
  }
}

static void look_for_declaration(struct parse *cx) {
  if (cx->suspect.depth > 0 || !tokens_peek(&cx->tokens, 0).column_one ||
      !declaration_is_next(&cx->tokens))
    return;
  cx->suspect.depth = parser_open_braces(cx->parser, &cx->suspect.brace);
  cx->suspect.at = cx->tokens;
  cx->suspect.at.last.kind = TK_NL;
}

static void restart(struct parse *cx) {
  struct token resume = {.kind = TK_RESUME};
  parser_stop(cx->parser);
  parser_start(cx->parser, cx);
  cx->tokens = cx->suspect.at;
  cx->suspect.depth = 0;
  feed(cx, resume);
}

// ------------------------------------------------------------------ recovery

static void synchronize(struct parse *cx) {
  struct token sync = {.kind = TK_SYNC};
  feed(cx, sync);
  parser_recovered(cx->parser);
  cx->previous.kind = TK_NL;
  cx->error = false;
}

// Whether a declaration is next, so that skipping ends there whatever braces were open.
static bool stops_at_declaration(struct parse *cx, bool between_items) {
  if (!(between_items || tokens_peek(&cx->tokens, 0).column_one) ||
      !declaration_is_next(&cx->tokens))
    return false;
  cx->tokens.last.kind = TK_NL; // SYNC stands for it
  return true;
}

// The token refused was `t`. Skips to the end of the item, or outside of braces to the next
// declaration, and lets the parser go on behind it.
static void skip_item(struct parse *cx, struct token t) {
  uint32_t open = parser_open_braces(cx->parser, NULL);
  uint32_t depth = cx->braces_at_error - open; // closed by the parser, but not by the text
  bool closes = false;
  while (t.kind != 0 && !(t.kind == TK_NL && depth == 0 && open > 0) && !is_over(cx)) {
    closes = t.kind == TK_RBRACE && depth == 0 && open > 0;
    if (closes) break;
    depth += t.kind == TK_LBRACE;
    depth -= t.kind == TK_RBRACE && depth > 0;
    if (stops_at_declaration(cx, open == 0 && depth == 0)) break;
    t = tokens_next(&cx->tokens);
  }
  synchronize(cx);
  if (closes) feed(cx, t);
  cx->stop |= t.kind == 0;
}

static void recover(struct parse *cx, struct token t) {
  cx->error = false;
  if (cx->suspect.depth > 0)
    restart(cx);
  else if (t.kind == 0)
    cx->stop = true;
  else
    skip_item(cx, t);
}

// ------------------------------------------------------------------ files

static void skip_line(struct parse *cx) {
  while (tokens_peek(&cx->tokens, 0).kind != 0 && tokens_next(&cx->tokens).kind != TK_NL)
    ;
}

// `soc 1`. False: the rest is not to be read.
static bool read_language_line(struct parse *cx) {
  struct diag_sink *diags = &cx->front->diags;
  struct token word = tokens_peek(&cx->tokens, 0), number = tokens_peek(&cx->tokens, 1);
  if (word.kind != TK_SOC || number.kind != TK_NUMBER) {
    struct span start = {cx->file, 0, 0};
    diag_report(diags, DIAG_NO_LANGUAGE_LINE, word.kind != 0 ? span_of(cx, word) : start);
    if (word.kind == TK_SOC) skip_line(cx);
    return true;
  }
  tokens_next(&cx->tokens);
  tokens_next(&cx->tokens);
  struct str version = {cx->text + number.start, number.end - number.start};
  if (!str_is(version, "1")) {
    diag_report(diags, DIAG_NEWER_LANGUAGE, span_of(cx, number), version);
    return false;
  }
  cx->out->language = LANGUAGE_VERSION;
  struct token end = tokens_next(&cx->tokens);
  if (end.kind != TK_NL) {
    struct str text = {cx->text + end.start, end.end - end.start};
    diag_report(diags, DIAG_UNEXPECTED, span_of(cx, end), text, "the end of the line");
    skip_line(cx);
  }
  return true;
}

static void read_items(struct parse *cx) {
  while (!is_over(cx)) {
    look_for_declaration(cx);
    struct token t = tokens_next(&cx->tokens);
    feed(cx, t);
    if (cx->error)
      recover(cx, t);
    else if (t.kind == 0)
      return;
    else if (t.kind == TK_RBRACE && cx->suspect.depth > 0 &&
             parser_open_braces(cx->parser, NULL) < cx->suspect.depth)
      cx->suspect.depth = 0; // closed after all
  }
}

static void read_file(struct parse *cx) {
  tokens_init(&cx->tokens, cx->front, cx->file);
  if (!read_language_line(cx) || (cx->out->language == 0 && tokens_peek(&cx->tokens, 0).kind == 0))
    return; // an empty file has been told once
  cx->parser = parser_new(cx);
  if (cx->parser == NULL) return;
  cx->previous = cx->tokens.last;
  parser_start(cx->parser, cx);
  read_items(cx);
  parser_stop(cx->parser);
}

bool parse_file(struct front *f, uint32_t source, struct source_file **out) {
  uint32_t errors = f->diags.errors;
  *out = NULL;
  struct source_file *file = ARENA_NEW(&f->arena, struct source_file);
  struct parse *cx = ARENA_NEW(&f->arena, struct parse);
  if (file == NULL || cx == NULL) return false;
  file->index = source;
  cx->front = f;
  cx->file = source;
  cx->text = f->sources.items[source].text;
  cx->out = file;
  if (check_characters(f, source)) read_file(cx);
  *out = file;
  return f->diags.errors == errors && !f->arena.out_of_memory;
}
