// SPDX-License-Identifier: Apache-2.0
//
// See layout.h. Works on the tokens and on what stands between them, so that it knows no more of the grammar than where
// items begin and end, and no construct is ever in its way. The author's line breaks stay: where a long condition is
// broken is part of how it reads.
//
//   - a line is indented by two more than the line of the brace around it; a line that goes on with an item by two more
//     than the item; a closing brace stands under the line of its opening brace;
//   - one space between words, as one writes them; three in front of a comment behind something;
//   - no more than one empty line, and none next to a brace;
//   - the bars of a table stand below one another. How wide its columns are is known when it has been laid out once,
//     so a source with tables is laid out twice.
#include "compiler/layout.h"

#include <string.h>

#include "compiler/tokens.h"
#include "grammar.h"

enum { STEP = 2, BEFORE_COMMENT = 3, HEAD_WORD = 8, MOST_WIDTH = 100 };

// ------------------------------------------------------------------ growing text

void out_bytes(struct out *o, const char *text, size_t length) {
  if (o->length + length > o->capacity) {
    size_t capacity = o->capacity == 0 ? 1024 : o->capacity;
    while (capacity < o->length + length) capacity *= 2;
    char *grown = arena_grow(o->arena, o->text, o->length, capacity, 1);
    if (grown == NULL) return;
    o->text = grown;
    o->capacity = capacity;
  }
  if (length > 0) memcpy(o->text + o->length, text, length);
  o->length += length;
}

void out_text(struct out *o, const char *text) {
  out_bytes(o, text, strlen(text));
}
void out_str(struct out *o, struct str text) {
  out_bytes(o, text.data, text.length);
}

void out_quoted(struct out *o, struct str text) {
  out_text(o, "\"");
  for (uint32_t i = 0; i < text.length; i++) {
    if (text.data[i] == '"' || text.data[i] == '\\') out_text(o, "\\");
    out_bytes(o, text.data + i, 1);
  }
  out_text(o, "\"");
}

const char *out_string(struct out *o) {
  const char *text = arena_copy(o->arena, o->text, o->length).data;
  return text != NULL ? text : "";
}

void out_spaces(struct out *o, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) out_bytes(o, " ", 1);
}

// ------------------------------------------------------------------ where a token stands

struct level {           // inside of a brace; the file itself is the outermost
  uint32_t indent;       // of what begins in it
  uint32_t brace_indent; // of the line of its brace
  uint32_t first;        // kind of the first token of the present item; 0: none is open
  bool head, fields;     // the head of a policy; the fields of a list
  bool table;            // rows of a table have begun
};

struct layout {
  struct front *front;
  const char *text;
  struct out *out;
  struct vec levels;   // struct level
  struct token before; // put out last; kind 0: none
  uint32_t line_indent;
  bool semicolon; // one waits for something behind it on its line
  // tables
  struct vec widths; // uint32_t: of the columns of all tables, one table after the other
  uint32_t first;    // column of the present table
  uint32_t column;   // of the present row
  uint32_t next;     // behind all columns so far
  size_t cell;       // where the present cell begins in `out`
};

static struct level *inner(struct layout *l) {
  return VEC_AT(l->levels, struct level, l->levels.count - 1);
}

static bool goes_on(struct layout *l, struct token t) {
  uint32_t before = l->before.kind;
  if (inner(l)->first == TK_TESTS) return true;
  if (inner(l)->first == 0 || before == TK_COMMA || before == TK_LBRACE) return false;
  if (t.kind == TK_WITH && inner(l)->first == TK_GIVEN) return false; // of a test: its second line
  if (t.kind == TK_STRING && inner(l)->first == TK_STRING) return false; // the next member
  return !(t.kind == TK_LBRACE && before == TK_RBRACE);                  // the next record
}

static uint32_t indent_of(struct layout *l, struct token t) {
  if (t.kind == TK_RBRACE) return inner(l)->brace_indent;
  return inner(l)->indent + (goes_on(l, t) ? STEP : 0u);
}

// ------------------------------------------------------------------ what stands between two tokens

struct gap {
  struct str trailing; // comment behind the token before; length 0: none
  const char *at;      // behind the end of that line, NULL: the line has not ended
  const char *end;
};

static const char *line_end(const char *at, const char *end) {
  while (at < end && *at != '\n' && *at != '\r') at++;
  return at;
}

static const char *next_line(const char *at, const char *end) {
  if (at + 1 < end && at[0] == '\r' && at[1] == '\n') return at + 2;
  return at < end ? at + 1 : at;
}

static struct str comment_in(const char *at, const char *end) {
  const char *mark = memchr(at, '#', (size_t)(end - at));
  if (mark == NULL) return (struct str){"", 0};
  while (end > mark && (end[-1] == ' ' || end[-1] == '\t')) end--;
  return (struct str){mark, (uint32_t)(end - mark)};
}

static struct gap gap_between(struct layout *l, uint32_t start, uint32_t end) {
  const char *at = l->text + start, *limit = l->text + end;
  struct gap gap = {.end = limit};
  const char *stop = line_end(at, limit);
  gap.trailing = comment_in(at, stop);
  gap.at = stop < limit ? next_line(stop, limit) : NULL;
  return gap;
}

static void put_trailing(struct layout *l, struct str comment) {
  if (comment.length == 0) return;
  if (l->before.kind != 0) out_spaces(l->out, BEFORE_COMMENT);
  out_str(l->out, comment);
}

static void blank_line(struct layout *l, bool *blank, bool wanted) {
  if (*blank && wanted && l->out->length > 0) out_text(l->out, "\n");
  *blank = false;
}

// Comments on lines of their own, each at the start of a line, and at most one empty line in a row. `closes`: a closing
// brace or the end of the file follows.
static void put_lines(struct layout *l, struct gap gap, uint32_t indent, bool closes) {
  bool blank = false, first = l->before.kind == TK_LBRACE;
  for (const char *at = gap.at; at != NULL && at < gap.end;) {
    const char *stop = line_end(at, gap.end);
    struct str comment = comment_in(at, stop);
    if (stop == gap.end && comment.length == 0) break; // the next token's own line
    if (comment.length > 0) {
      blank_line(l, &blank, !first);
      out_spaces(l->out, indent);
      out_str(l->out, comment);
      out_text(l->out, "\n");
      first = false;
    } else {
      blank = true;
    }
    at = stop < gap.end ? next_line(stop, gap.end) : gap.end;
  }
  blank_line(l, &blank, !first && !closes);
}

// ------------------------------------------------------------------ spaces on a line

static bool colon_apart(struct layout *l) {
  struct level *level = inner(l);
  return level->fields || level->first == TK_FACT || level->first == TK_DERIVE;
}

static bool tight(struct layout *l, struct token t) {
  uint32_t before = l->before.kind;
  if (t.kind == TK_COMMA || t.kind == TK_RPAREN || t.kind == TK_LPAREN) return true;
  if (t.kind == TK_DOTDOT || before == TK_DOTDOT || before == TK_LPAREN) return true;
  return t.kind == TK_COLON && !colon_apart(l);
}

// The words of a policy's head have their values in one column.
static uint32_t space_before(struct layout *l, struct token t) {
  uint32_t length = l->before.end - l->before.start;
  bool head_word = inner(l)->head && l->before.line_start && inner(l)->first == l->before.kind;
  if (head_word && l->before.kind != TK_STRING && length < HEAD_WORD) return HEAD_WORD - length;
  return tight(l, t) ? 0 : 1;
}

// ------------------------------------------------------------------ tables

// Characters, not bytes.
static uint32_t width_of(const char *text, size_t length) {
  uint32_t width = 0;
  for (size_t i = 0; i < length; i++) width += ((unsigned char)text[i] & 0xC0) != 0x80;
  return width;
}

static void begin_row(struct layout *l) {
  if (!inner(l)->table) l->first = l->next;
  inner(l)->table = true;
  l->column = l->first;
}

// Spaces up to the bar behind a cell. A cell that is too long for a line is left out of it, and so is its bar.
static void end_cell(struct layout *l) {
  uint32_t width = width_of(l->out->text + l->cell, l->out->length - l->cell);
  while (l->widths.count <= l->column)
    if (vec_add(&l->front->arena, &l->widths, sizeof(uint32_t)) == NULL) return;
  uint32_t *most = VEC_AT(l->widths, uint32_t, l->column);
  if (width > *most && width <= MOST_WIDTH) *most = width;
  out_spaces(l->out, (*most > width ? *most - width : 0) + 1);
  if (++l->column > l->next) l->next = l->column;
}

// ------------------------------------------------------------------ tokens

// A brace that opens something stands on the line of what it belongs to.
static bool joins_line(struct layout *l, struct token t, struct gap gap) {
  uint32_t before = l->before.kind;
  if (t.kind != TK_LBRACE || before == TK_LBRACE || before == TK_RBRACE || before == TK_COMMA)
    return false;
  if (inner(l)->first == 0 || gap.trailing.length > 0) return false;
  return gap.at == NULL || memchr(gap.at, '#', (size_t)(gap.end - gap.at)) == NULL;
}

static void put_on_new_line(struct layout *l, struct token t, struct gap gap) {
  bool closes = t.kind == TK_RBRACE;
  uint32_t indent = indent_of(l, t);
  put_trailing(l, gap.trailing);
  if (l->before.kind != 0 || gap.trailing.length > 0) out_text(l->out, "\n");
  put_lines(l, gap, closes ? inner(l)->indent : indent, closes);
  out_spaces(l->out, indent);
  l->line_indent = indent;
}

static void put_on_line(struct layout *l, struct token t) {
  if (l->semicolon) out_text(l->out, ";");
  if (l->semicolon || space_before(l, t) > 0)
    out_spaces(l->out, l->semicolon ? 1 : space_before(l, t));
}

static void open_level(struct layout *l) {
  struct level *around = inner(l);
  bool outermost = l->levels.count == 1;
  struct level level = {.indent = l->line_indent + STEP, .brace_indent = l->line_indent};
  level.head = outermost && around->first == TK_POLICY;
  level.fields = outermost && around->first == TK_LIST;
  struct level *place = vec_add(&l->front->arena, &l->levels, sizeof *place);
  if (place != NULL) *place = level;
}

static void put(struct layout *l, struct token t) {
  struct gap gap = gap_between(l, l->before.end, t.start);
  bool bar = t.kind == TK_BAR, row = bar && inner(l)->first == 0;
  if (row) begin_row(l);
  if (bar && !row)
    end_cell(l);
  else if (l->before.kind == 0 || (t.line_start && !joins_line(l, t, gap)))
    put_on_new_line(l, t, gap);
  else
    put_on_line(l, t);
  l->semicolon = false;
  out_bytes(l->out, l->text + t.start, t.end - t.start);
  if (bar) l->cell = l->out->length;
  if (t.kind == TK_RBRACE) {
    if (l->levels.count > 1) l->levels.count--;
  } else if (inner(l)->first == 0) {
    inner(l)->first = t.kind;
  }
  if (t.kind == TK_LBRACE) open_level(l);
  l->before = t;
}

// The end of an item. A `;` is kept where something else follows on its line.
static void end_item(struct layout *l, struct token t, struct token next) {
  inner(l)->first = 0;
  if (t.end == t.start) return;
  l->semicolon = !next.line_start && next.kind != TK_RBRACE && next.kind != 0;
  uint32_t kind = l->before.kind;
  l->before = t;
  l->before.kind = kind; // what stands behind the `;` is a gap, too
}

static void put_end(struct layout *l, uint32_t length) {
  struct gap gap = gap_between(l, l->before.end, length);
  put_trailing(l, gap.trailing);
  if (l->before.kind != 0 || gap.trailing.length > 0) out_text(l->out, "\n");
  put_lines(l, gap, 0, true);
}

static void put_all(struct layout *l, uint32_t source) {
  struct tokens tokens;
  *l->out = (struct out){.arena = &l->front->arena};
  l->levels.count = 0;
  if (vec_add(&l->front->arena, &l->levels, sizeof(struct level)) == NULL) return;
  l->first = l->next = 0;
  tokens_init(&tokens, l->front, source);
  l->before = (struct token){.kind = 0};
  l->before.end = (uint32_t)(tokens.lexer.cursor - tokens.lexer.text); // behind a byte order mark
  for (;;) {
    struct token t = tokens_next(&tokens);
    if (t.kind == 0 || l->levels.count == 0) break;
    if (t.kind == TK_NL)
      end_item(l, t, tokens_peek(&tokens, 0));
    else
      put(l, t);
  }
  put_end(l, l->front->sources.items[source].length);
}

// ------------------------------------------------------------------ the same words

static bool same_token(const struct front *f, uint32_t a_source, struct token a, uint32_t b_source,
                       struct token b) {
  uint32_t length = a.end - a.start;
  if (a.kind != b.kind) return false;
  if (a.kind == TK_NL) return true;
  return length == b.end - b.start &&
         memcmp(f->sources.items[a_source].text + a.start,
                f->sources.items[b_source].text + b.start, length) == 0;
}

// Reads both texts side by side: a layout must never change what is said.
static bool reads_the_same(struct front *f, uint32_t source, const struct out *o) {
  uint32_t laid_out;
  struct tokens a, b;
  if (!front_add_source(f, o->text, o->length, "layout", &laid_out)) return false;
  tokens_init(&a, f, source);
  tokens_init(&b, f, laid_out);
  for (;;) {
    struct token x = tokens_next(&a), y = tokens_next(&b);
    if (!same_token(f, source, x, laid_out, y)) {
      diag_report(&f->diags, DIAG_LAYOUT, (struct span){source, x.start, x.end});
      return false;
    }
    if (x.kind == 0) return true;
  }
}

bool layout(struct front *f, uint32_t source, struct out *o) {
  struct layout l = {.front = f, .text = f->sources.items[source].text, .out = o};
  put_all(&l, source);
  if (l.widths.count > 0) put_all(&l, source);
  return !f->arena.out_of_memory && reads_the_same(f, source, o);
}
