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
#define WORD(kind, text, flags) [TK_##kind] = (text),
#define ALIAS(kind, text)
#define SIGN(kind, text, flags) [TK_##kind] = (text),
#include "dsl/words.def"
#undef WORD
#undef ALIAS
#undef SIGN
};

static const uint8_t flags_of[256] = {
// by kind
#define WORD(kind, text, flags) [TK_##kind] = (flags),
#define ALIAS(kind, text)
#define SIGN(kind, text, flags) [TK_##kind] = (flags),
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

static bool is_word(const struct tokens *tokens, const struct token *t) {
  unsigned char first = tokens->lexer.text[t->start]; // NUL at the end of the file
  return first >= 'a' && first <= 'z';
}

void tokens_read(struct tokens *tokens, uint32_t count) {
  for (; tokens->ahead_count < count; tokens->ahead_count++)
    tokens->ahead[(tokens->first + tokens->ahead_count) % TOKENS_RING] = lexer_next(&tokens->lexer);
}

// Words that mean something only before a certain other; elsewhere each is a name that a fact may have. The n-th token
// to come is the other.
static inline bool stands_alone(struct tokens *tokens, uint32_t kind, uint32_t n) {
  uint32_t next;
  switch (kind) {
  case TK_A: return tokens_peek(tokens, n).kind != TK_WHOLE;
  case TK_NUMBER_OF:
  case TK_SUM: return tokens_peek(tokens, n).kind != TK_OF;
  case TK_ROWS: next = tokens_peek(tokens, n).kind; return next != TK_OF && next != TK_THROUGH;
  case TK_THIS: return tokens_peek(tokens, n).kind != TK_LINES_OWN;
  case TK_THE:
    next = tokens_peek(tokens, n).kind;
    return next != TK_RELATED && next != TK_SAME && next != TK_CHAIN;
  case TK_WHERE: return tokens_peek(tokens, n).kind != TK_COLUMN;
  case TK_LAST: return tokens_peek(tokens, n).kind != TK_DAYS;
  default: return false;
  }
}

// `first day in column` goes on with the rows of a table; any other `first` at the start of a line is a name.
static bool begins_item(struct tokens *tokens, const struct token *next) {
  if ((flags_of[next->kind] & CONTINUES) == 0 || stands_alone(tokens, next->kind, 1)) return true;
  if (tokens->last.kind == TK_BAR) return true;
  uint32_t behind = tokens_peek(tokens, 1).kind;
  if (next->kind == TK_FIRST && behind != TK_DAYS) return true;
  if (is_word(tokens, next) && behind == TK_COLON) return true;
  return next->kind == TK_FROM && behind == TK_NAME && tokens_peek(tokens, 2).kind == TK_LBRACE;
}

static bool item_ends(struct tokens *tokens, const struct token *next) {
  bool closes = next->kind == TK_RBRACE || next->kind == 0;
  if (!closes && !next->line_start) return false;
  uint32_t last = tokens->last.kind;
  if (last == TK_NL || last == TK_LBRACE) return false;
  return closes || ((flags_of[last] & NEEDS_MORE) == 0 && begins_item(tokens, next));
}

static void drop_ahead(struct tokens *tokens) {
  tokens->first = (tokens->first + 1) % TOKENS_RING;
  tokens->ahead_count--;
}

// A word of the language where it can only be a name.
static bool is_only_name(struct tokens *tokens, uint32_t kind) {
  return tokens_peek(tokens, 0).kind == TK_COLON || stands_alone(tokens, kind, 0);
}

// The next one, where it stands: it is still there when it has been dropped and one more was read.
static const struct token *front_of(struct tokens *tokens) {
  if (tokens->ahead_count == 0) tokens_read(tokens, 1);
  return &tokens->ahead[tokens->first];
}

struct token tokens_next(struct tokens *tokens) {
  const struct token *next = front_of(tokens);
  struct token *last = &tokens->last;
  while (next->kind == TK_SEMICOLON && (last->kind == TK_NL || last->kind == TK_LBRACE)) {
    drop_ahead(tokens);
    next = front_of(tokens);
  }
  if (next->kind == TK_SEMICOLON) {
    drop_ahead(tokens);
    *last = *next;
    last->kind = TK_NL;
  } else if (item_ends(tokens, next)) {
    *last = (struct token){.kind = TK_NL, .start = last->end, .end = last->end};
  } else {
    drop_ahead(tokens);
    *last = *next;
    if (is_word(tokens, next) && is_only_name(tokens, next->kind)) last->kind = TK_NAME;
  }
  return *last;
}
