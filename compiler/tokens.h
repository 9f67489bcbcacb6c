// SPDX-License-Identifier: Apache-2.0
//
// The way from characters to what the grammar sees: the scanner (dsl/lexer.re) makes words and
// signs, and the wrapper here puts a token NL at the end of each item. Kinds are the TK_ numbers of
// the generated grammar.h.
//
// A line ends an item unless its last token needs more or the next line's first token continues it
// (the flags of dsl/words.def; a text in quotes always continues). Beyond the table:
//   - a word followed by `:` is a name: it begins a labelled member or a field;
//   - `from NAME {` begins a step of a `derive`; any other `from` continues;
//   - `;` ends an item wherever it stands, and so do `}` and the end of the file;
//   - a line that ends with `|` ends an item, whatever the next one begins with;
//   - there is never an NL after `{` or after another NL.
#ifndef SOC_COMPILER_TOKENS_H
#define SOC_COMPILER_TOKENS_H

#include "compiler/front.h"

struct token {
  uint32_t kind;       // 0: end of the file
  uint32_t start, end; // bytes
  bool line_start;     // first token of its line
  bool column_one;     // and not indented
};

struct lexer {
  struct front *front;
  uint32_t file;
  const unsigned char *text, *cursor, *limit;
  const unsigned char *line; // start of the present line
  bool fresh_line;           // no token on it yet
};
void lexer_init(struct lexer *lexer, struct front *front, uint32_t file);
struct token lexer_next(struct lexer *lexer); // defined by dsl/lexer.re; `;` is TK_SEMICOLON here
// What is wrong with these bytes, told from the first of them; used by the scanner.
void lexer_bad_character(struct lexer *lexer, uint32_t start, uint32_t end);
void lexer_bad_comment(struct lexer *lexer, const unsigned char *start); // its text is passed over
void lexer_bad_operator(struct lexer *lexer, uint32_t start, uint32_t end);
void lexer_reported(struct lexer *lexer, enum diag_code code, uint32_t start, uint32_t end);
void lexer_check_string(struct lexer *lexer, uint32_t start, uint32_t end);

enum { TOKENS_AHEAD = 3, TOKENS_RING = 4 };
struct tokens { // may be copied to come back to a place
  struct lexer lexer;
  struct token ahead[TOKENS_RING]; // the next one at `first`, round and round
  uint32_t first, ahead_count;
  struct token last; // given out last; kind 0: none yet
};
void tokens_init(struct tokens *tokens, struct front *front, uint32_t file);
struct token tokens_next(struct tokens *tokens);
void tokens_read(struct tokens *tokens, uint32_t count); // until so many are there
// The n-th token to come (0: the next), before any NL is put in; n < TOKENS_AHEAD.
static inline struct token tokens_peek(struct tokens *tokens, uint32_t n) {
  if (tokens->ahead_count <= n) tokens_read(tokens, n + 1);
  return tokens->ahead[(tokens->first + n) % TOKENS_RING];
}

// How a kind is spelt, NULL for kinds with many spellings.
const char *kind_text(uint32_t kind);

// Reports a text that is not closed, if the line of the byte `at` has one that begins before it: what stands behind it
// was never meant as it reads. False: there is none.
bool report_open_text(struct front *front, uint32_t file, uint32_t at);

// Reports every character that may not stand in a source at all, comments and texts included.
// False: it is no text, which is all that is told.
bool check_characters(struct front *front, uint32_t file);

#endif
