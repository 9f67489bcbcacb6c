// SPDX-License-Identifier: Apache-2.0
//
// See tokens.h: the table of words, the NL wrapper, and what is said about characters that have no
// meaning.
#include "compiler/tokens.h"

#include "grammar.h"

#include <string.h>

// ------------------------------------------------------------------ words and signs

enum { CONTINUES = 1, NEEDS_MORE = 2 };

static const char *const texts[256] = {
// by kind
#define WORD(kind, text, flags) [TK_##kind] = text,
#define ALIAS(kind, text)
#define SIGN(kind, text, flags) [TK_##kind] = text,
#include "dsl/words.def"
#undef WORD
#undef ALIAS
#undef SIGN
};

static const uint8_t flags_of[256] = {
// by kind
#define WORD(kind, text, flags) [TK_##kind] = flags,
#define ALIAS(kind, text)
#define SIGN(kind, text, flags) [TK_##kind] = flags,
    [TK_STRING] = CONTINUES,
#include "dsl/words.def"
#undef WORD
#undef ALIAS
#undef SIGN
};

const char *kind_text(uint32_t kind) {
  return texts[kind];
}

// ------------------------------------------------------------------ ends of items

void lexer_init(struct lexer *lexer, struct front *front, uint32_t file) {
  const struct source *source = &front->sources.items[file];
  const unsigned char *text = (const unsigned char *)source->text;
  uint32_t skipped =
      source->length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; // byte order mark
  *lexer = (struct lexer){
      .front = front,
      .file = file,
      .text = text,
      .cursor = text + skipped,
      .limit = text + source->length,
      .line = text + skipped,
      .fresh_line = true,
  };
}

void tokens_init(struct tokens *tokens, struct front *front, uint32_t file) {
  *tokens = (struct tokens){.last = {.kind = TK_NL}};
  lexer_init(&tokens->lexer, front, file);
}

static bool is_word(const struct tokens *tokens, struct token t) {
  unsigned char first = tokens->lexer.text[t.start]; // NUL at the end of the file
  return first >= 'a' && first <= 'z';
}

// Words that mean something only before a certain other; elsewhere each is a name that a fact may have.
static bool stands_alone(uint32_t kind, uint32_t next) {
  switch (kind) {
  case TK_A: return next != TK_WHOLE;
  case TK_NUMBER_OF:
  case TK_SUM: return next != TK_OF;
  case TK_ROWS: return next != TK_OF && next != TK_THROUGH;
  case TK_THIS: return next != TK_LINES_OWN;
  case TK_THE: return next != TK_RELATED && next != TK_SAME && next != TK_CHAIN;
  case TK_WHERE: return next != TK_COLUMN;
  case TK_LAST: return next != TK_DAYS;
  default: return false;
  }
}

// `first day in column` goes on with the rows of a table; any other `first` at the start of a line is a name.
static bool begins_item(struct tokens *tokens, struct token next) {
  uint32_t behind = tokens_peek(tokens, 1).kind;
  if ((flags_of[next.kind] & CONTINUES) == 0 || stands_alone(next.kind, behind)) return true;
  if (tokens->last.kind == TK_BAR) return true;
  if (next.kind == TK_FIRST && behind != TK_DAYS) return true;
  if (is_word(tokens, next) && behind == TK_COLON) return true;
  return next.kind == TK_FROM && behind == TK_NAME && tokens_peek(tokens, 2).kind == TK_LBRACE;
}

static bool item_ends(struct tokens *tokens, struct token next) {
  uint32_t last = tokens->last.kind;
  if (last == TK_NL || last == TK_LBRACE) return false;
  if (next.kind == TK_RBRACE || next.kind == 0) return true;
  return next.line_start && (flags_of[last] & NEEDS_MORE) == 0 && begins_item(tokens, next);
}

static void drop_ahead(struct tokens *tokens) {
  tokens->ahead_count--;
  for (int i = 1; i < TOKENS_AHEAD; i++) tokens->ahead[i - 1] = tokens->ahead[i];
}

struct token tokens_next(struct tokens *tokens) {
  struct token next = tokens_peek(tokens, 0);
  while (next.kind == TK_SEMICOLON &&
         (tokens->last.kind == TK_NL || tokens->last.kind == TK_LBRACE)) {
    drop_ahead(tokens);
    next = tokens_peek(tokens, 0);
  }
  if (next.kind == TK_SEMICOLON) {
    drop_ahead(tokens);
    next.kind = TK_NL;
  } else if (item_ends(tokens, next)) {
    next = (struct token){.kind = TK_NL, .start = tokens->last.end, .end = tokens->last.end};
  } else {
    drop_ahead(tokens);
    if (is_word(tokens, next) && tokens_peek(tokens, 0).kind == TK_COLON) next.kind = TK_NAME;
    if (stands_alone(next.kind, tokens_peek(tokens, 0).kind)) next.kind = TK_NAME;
  }
  tokens->last = next;
  return next;
}
