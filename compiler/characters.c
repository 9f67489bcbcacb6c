// SPDX-License-Identifier: Apache-2.0
//
// Characters that may not stand in a source, and what to say about those that have no meaning. A
// text is checked as a whole before it is scanned, so that comments and texts in quotes are held to
// the same rules as everything else.
#include "compiler/tokens.h"

#include <string.h>

#include "vm/image.h"

enum character { FINE, MALFORMED, CONTROL, HIDDEN };

static uint32_t code_point(const unsigned char *at, uint32_t length) {
  static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t value = at[0] & masks[length];
  for (uint32_t i = 1; i < length; i++) value = value << 6 | (at[i] & 0x3FU);
  return value;
}

// Marks that turn the direction of writing, joiners, and other characters without a width: a reader
// sees another text than the compiler.
static bool is_hidden(uint32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0x00AD || c == 0x061C || c == 0x180E ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

static enum character classify(const unsigned char *at, const unsigned char *end,
                               uint32_t *length) {
  *length = utf8_length((const char *)at, (const char *)end);
  if (*length == 0) {
    *length = 1;
    return MALFORMED;
  }
  uint32_t c = code_point(at, *length);
  if (c == '\r') return at + 1 < end && at[1] == '\n' ? FINE : CONTROL;
  if ((c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0)) return CONTROL;
  return is_hidden(c) ? HIDDEN : FINE;
}

static const char *describe(uint32_t c, char buffer[8]) { // U+200B
  static const char digits[] = "0123456789ABCDEF";
  uint32_t count = c > 0xFFFF ? 5 : 4;
  buffer[0] = 'U';
  buffer[1] = '+';
  for (uint32_t i = 0; i < count; i++) buffer[2 + i] = digits[c >> 4 * (count - 1 - i) & 0xF];
  buffer[2 + count] = '\0';
  return buffer;
}

static void report(struct front *front, enum character kind, struct span span,
                   const unsigned char *at) {
  char name[8];
  if (kind == MALFORMED) {
    diag_report(&front->diags, DIAG_BAD_UTF8, span);
    return;
  }
  uint32_t length = utf8_length((const char *)at, (const char *)at + 4);
  const char *described = *at == 0 ? "NUL" : describe(code_point(at, length), name);
  diag_report(&front->diags, kind == CONTROL ? DIAG_CONTROL_CHARACTER : DIAG_HIDDEN_CHARACTER, span,
              described);
}

// Most of a source: bytes of which none can be wrong. The number is fixed, so that a compiler can test many at once.
enum { PLAIN = 32 };
static bool is_plain(const unsigned char *at) {
  unsigned char other = 0;
  for (int i = 0; i < PLAIN; i++) other |= (at[i] < 0x20) & (at[i] != '\n');
  for (int i = 0; i < PLAIN; i++) other |= at[i] >= 0x7F;
  return !other;
}

// A mark of the order of bytes, or every other byte of the first character zero.
static bool is_utf16(const struct source *source) {
  const unsigned char *text = (const unsigned char *)source->text;
  if (source->length < 2) return false;
  return (text[0] == 0xFF && text[1] == 0xFE) || (text[0] == 0xFE && text[1] == 0xFF) ||
         (text[0] == 0) != (text[1] == 0);
}

// One error for a file that is no text at all, or none that is read here.
static bool is_text(struct front *front, uint32_t file) {
  const struct source *source = &front->sources.items[file];
  struct span start = {file, 0, source->length < 2 ? source->length : 2};
  bool artifact = source->length >= sizeof SOC_IMAGE_MAGIC - 1 &&
                  memcmp(source->text, SOC_IMAGE_MAGIC, sizeof SOC_IMAGE_MAGIC - 1) == 0;
  if (artifact)
    diag_report(&front->diags, DIAG_ARTIFACT, start);
  else if (is_utf16(source))
    diag_report(&front->diags, DIAG_UTF16, start);
  else
    return true;
  return false;
}

bool check_characters(struct front *front, uint32_t file) {
  const struct source *source = &front->sources.items[file];
  const unsigned char *text = (const unsigned char *)source->text, *end = text + source->length,
                      *at = text;
  if (!is_text(front, file)) return false;
  if (source->length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) at += 3;
  while (at < end && front->diags.errors < front->limits.diagnostics) {
    if (end - at >= PLAIN && is_plain(at)) {
      at += PLAIN;
      continue;
    }
    if (*at >= 0x20 && *at < 0x7F) {
      at++;
      continue;
    }
    uint32_t length;
    enum character kind = classify(at, end, &length);
    const unsigned char *start = at;
    at += length;
    if (kind == FINE) continue;
    while (at < end && classify(at, end, &length) == kind) // a run is one error
      at += length;
    report(front, kind, (struct span){file, (uint32_t)(start - text), (uint32_t)(at - text)},
           start);
  }
  return true;
}

// ------------------------------------------------------------------ for the scanner

static const char *help_for(uint32_t c) {
  switch (c) {
  case 0x201C:
  case 0x201D:
  case 0x201E:
  case 0x00AB:
  case 0x00BB:
  case '\'':
  case 0x2018:
  case 0x2019:
  case '`': return "texts are written in straight double quotes: \"like this\"";
  case 0x00A0:
  case 0x2007:
  case 0x202F: return "this is a no-break space; write an ordinary one";
  case 0x2010:
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2014:
  case 0x2212: return "write an ordinary hyphen: -";
  case 0x2264: return "write <=";
  case 0x2265: return "write >=";
  case 0x2260: return "write `differs from`";
  case 0x2026: return "write a range with two dots: 10..19";
  case '&':
  case '|': return "conditions are joined by `all of { ... }` and `any of { ... }`";
  case '!': return "write `not`";
  case '.': return "a range has two dots: 10..19; the parts of a name are joined without spaces";
  case '*': return "a star stands directly after the beginning of a code: 011*";
  case '[':
  case ']': return "lists are written in braces: { J1745, J9312 }";
  default: return "";
  }
}

// ------------------------------------------------------------------ texts that are not closed

static bool is_typographic(const unsigned char *at, const unsigned char *end) { // U+201C to U+201F
  return end - at >= 3 && at[0] == 0xE2 && at[1] == 0x80 && at[2] >= 0x9C && at[2] <= 0x9F;
}

// Behind the text that begins at `at`; *closed: with its quotation mark.
static const unsigned char *skip_text(const unsigned char *at, const unsigned char *end,
                                      bool *closed) {
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\' && at + 1 < end) at++;
  *closed = at < end;
  return at < end ? at + 1 : end;
}

// On a line with an odd number of quotation marks, what is to blame: a typographic mark outside of all texts; else the
// first text that is followed by a word without a space, since its last mark was meant to begin the next one; else the
// last text.
static bool find_open_text(const unsigned char *at, const unsigned char *end,
                           const unsigned char **start, const unsigned char **stop) {
  bool closed = true;
  *start = *stop = NULL;
  while (at < end && *at != '#') {
    const unsigned char *from = at;
    bool text = *at == '"', mark = is_typographic(at, end);
    at = text ? skip_text(at, end, &closed) : at + 1;
    bool glued = text && at < end && strchr(" \t\r;,}|)#", *at) == NULL;
    if (*start != NULL || (!mark && !glued && (!text || closed))) continue;
    *start = from;
    *stop = at;
  }
  return *start != NULL && !closed;
}

static void report_open(struct front *front, struct span span, const char *text) {
  const unsigned char *at = (const unsigned char *)text + span.start,
                      *end = (const unsigned char *)text + span.end;
  while (at < end && !is_typographic(at, end)) at++; // it was meant to end the text
  if (at < end) span.end = (uint32_t)(at + 3 - (const unsigned char *)text);
  struct diag *d = diag_report(&front->diags, DIAG_STRING_NOT_CLOSED, span);
  if (at < end) diag_help(&front->diags, d, "%s", help_for(0x201C));
}

bool report_open_text(struct front *front, uint32_t file, uint32_t at) {
  const struct source *source = &front->sources.items[file];
  const unsigned char *text = (const unsigned char *)source->text, *line = text + at,
                      *limit = text + source->length, *start, *stop;
  while (line > text && line[-1] != '\n') line--;
  const unsigned char *end = memchr(line, '\n', (size_t)(limit - line));
  if (!find_open_text(line, end != NULL ? end : limit, &start, &stop) || start > text + at)
    return false;
  bool mark = *start != '"'; // which the scanner tells
  if (mark) return start < text + at;
  report_open(front, (struct span){file, (uint32_t)(start - text), (uint32_t)(stop - text)},
              source->text);
  return true;
}

void lexer_reported(struct lexer *lexer, enum diag_code code, uint32_t start, uint32_t end) {
  struct span span = {lexer->file, start, end};
  struct str text = {(const char *)lexer->text + start, end - start};
  if (report_open_text(lexer->front, lexer->file, start)) return;
  diag_report(&lexer->front->diags, code, span, text);
}

void lexer_bad_character(struct lexer *lexer, uint32_t start, uint32_t end) {
  const unsigned char *at = lexer->text + start;
  uint32_t length;
  if (classify(at, lexer->limit, &length) != FINE) return; // check_characters has told
  struct span span = {lexer->file, start, end};
  char shown[8] = "`";
  if (length > 4 || report_open_text(lexer->front, lexer->file, start)) return;
  memcpy(shown + 1, at, length);
  shown[1 + length] = '`';
  struct diag *d = diag_report(&lexer->front->diags, DIAG_BAD_CHARACTER, span, shown);
  const char *help = help_for(code_point(at, length));
  if (help[0] != '\0') diag_help(&lexer->front->diags, d, "%s", help);
}

void lexer_bad_comment(struct lexer *lexer, const unsigned char *start) {
  uint32_t at = (uint32_t)(start - lexer->text);
  struct diag *d = diag_report(&lexer->front->diags, DIAG_BAD_CHARACTER,
                               (struct span){lexer->file, at, at + 2}, "`//`");
  diag_help(&lexer->front->diags, d, "a comment begins with #");
}

void lexer_bad_operator(struct lexer *lexer, uint32_t start, uint32_t end) {
  struct span span = {lexer->file, start, end};
  struct str text = {(const char *)lexer->text + start, end - start};
  if (report_open_text(lexer->front, lexer->file, start)) return;
  struct diag *d = diag_report(&lexer->front->diags, DIAG_BAD_OPERATOR, span, text);
  const char *right = str_is(text, "==") ? "=" : str_is(text, "=<") ? "<=" : "differs from";
  diag_help(&lexer->front->diags, d, "write `%s`", right);
}

void lexer_check_string(struct lexer *lexer, uint32_t start, uint32_t end) {
  for (uint32_t i = start + 1; i + 1 < end; i++) {
    if (lexer->text[i] != '\\') continue;
    if (lexer->text[i + 1] != '"' && lexer->text[i + 1] != '\\')
      diag_report(&lexer->front->diags, DIAG_BAD_ESCAPE, (struct span){lexer->file, i, i + 2});
    i++;
  }
}
