// SPDX-License-Identifier: Apache-2.0
//
// The scanner: one token a call, and no memory of what came before but the start of the line. It
// works on bytes; characters that are not allowed at all were reported by check_characters, and are
// passed over here. A bad character becomes TK_BAD, which no rule of the grammar takes: the parser
// recovers without a second message.
#include "compiler/tokens.h"

#include "grammar.h"

static struct token token_of(struct lexer *lx, uint32_t kind, const unsigned char *start) {
  struct token t = {
    .kind = kind,
    .start = (uint32_t)(start - lx->text),
    .end = (uint32_t)(lx->cursor - lx->text),
    .line_start = lx->fresh_line,
    .column_one = lx->fresh_line && start == lx->line,
  };
  lx->fresh_line = false;
  return t;
}

static struct token reported(struct lexer *lx, uint32_t kind, const unsigned char *start, enum diag_code code) {
  struct token t = token_of(lx, kind, start);
  struct span span = {lx->file, t.start, t.end};
  struct str text = {(const char *)start, t.end - t.start};
  diag_report(&lx->front->diags, code, span, text);
  return t;
}

static uint32_t word_or_name(const struct lexer *lx, const unsigned char *start) {
  struct str text = {(const char *)start, (uint32_t)(lx->cursor - start)};
  return word_kind(text);
}

struct token lexer_next(struct lexer *lx) {
  const unsigned char *start, *YYMARKER;
again:
  start = lx->cursor;
  /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = lx->cursor;
    re2c:define:YYLIMIT = lx->limit;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    small   = [a-z][a-z0-9_]*;
    part    = small ("[" [0-9]+ "]")?;
    name    = part ("." part)*;
    digits  = [0-9]+;
    code    = [0-9]* [A-Z] [A-Z0-9_]*;
    string  = ["] ([^"\\\n\r] | "\\" [^\n\r])*;
    mixed   = [A-Za-z_][A-Za-z0-9_]* ("." [A-Za-z_][A-Za-z0-9_]*)* | digits [A-Z] [A-Za-z0-9_]*;

    $                    { return token_of(lx, 0, start); }
    "\r"? "\n" | "\r"    { lx->line = lx->cursor; lx->fresh_line = true; goto again; }
    [ \t]+               { goto again; }
    "#" [^\n\r]*         { goto again; }
    [\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+  { goto again; }

    name                 { return token_of(lx, word_or_name(lx, start), start); }
    "line's"             { return token_of(lx, TK_LINES_OWN, start); }
    digits               { return token_of(lx, TK_NUMBER, start); }
    digits "." digits    { return token_of(lx, TK_NUMBER, start); }
    code                 { return token_of(lx, TK_CODE, start); }
    (code | digits) "*"  { return token_of(lx, TK_PREFIX, start); }
    [0-9]{4} "-" [0-9]{2} "-" [0-9]{2} { return token_of(lx, TK_DATE, start); }
    string ["]           {
      struct token t = token_of(lx, TK_STRING, start);
      lexer_check_string(lx, t.start, t.end);
      return t;
    }
    string "\\"?         { return reported(lx, TK_STRING, start, DIAG_STRING_NOT_CLOSED); }

    digits "-" digits "-" digits       { return reported(lx, TK_DATE, start, DIAG_BAD_DATE); }
    digits "/" digits "/" digits       { return reported(lx, TK_DATE, start, DIAG_BAD_DATE); }
    digits "." digits "." digits       { return reported(lx, TK_DATE, start, DIAG_BAD_DATE); }
    code "." [A-Z0-9]+                 { return reported(lx, TK_CODE, start, DIAG_CODE_WITH_DOT); }
    mixed                { return reported(lx, start[0] >= 'a' ? TK_NAME : TK_CODE, start, DIAG_BAD_WORD); }

    "{"                  { return token_of(lx, TK_LBRACE, start); }
    "}"                  { return token_of(lx, TK_RBRACE, start); }
    "("                  { return token_of(lx, TK_LPAREN, start); }
    ")"                  { return token_of(lx, TK_RPAREN, start); }
    ","                  { return token_of(lx, TK_COMMA, start); }
    ":"                  { return token_of(lx, TK_COLON, start); }
    ";"                  { return token_of(lx, TK_SEMICOLON, start); }
    "="                  { return token_of(lx, TK_EQ, start); }
    "<="                 { return token_of(lx, TK_LE, start); }
    "<"                  { return token_of(lx, TK_LT, start); }
    ">="                 { return token_of(lx, TK_GE, start); }
    ">"                  { return token_of(lx, TK_GT, start); }
    "+"                  { return token_of(lx, TK_PLUS, start); }
    "-"                  { return token_of(lx, TK_MINUS, start); }
    "/"                  { return token_of(lx, TK_SLASH, start); }
    "->"                 { return token_of(lx, TK_ARROW, start); }
    ".."                 { return token_of(lx, TK_DOTDOT, start); }
    "%"                  { return token_of(lx, TK_PERCENT, start); }
    "|"                  { return token_of(lx, TK_BAR, start); }

    "==" | "!=" | "<>" | "=<" | "=>"   {
      struct token t = token_of(lx, TK_EQ, start);
      lexer_bad_operator(lx, t.start, t.end);
      return t;
    }
    "\xe2\x80" [\x9c-\x9f] [^\xe2\n\r]* "\xe2\x80" [\x9c-\x9f] { // a text in typographic quotes
      struct token t = token_of(lx, TK_STRING, start);
      lexer_bad_character(lx, t.start, t.end);
      return t;
    }
    ['] [^'"\n\r]* [']   {
      struct token t = token_of(lx, TK_STRING, start);
      lexer_bad_character(lx, t.start, t.end);
      return t;
    }
    "&&" | "//"          { goto bad; }
    [\x80-\xff]+         { goto bad; }
    *                    { goto bad; }
  */
bad:;
  struct token t = token_of(lx, TK_BAD, start);
  lexer_bad_character(lx, t.start, t.end);
  return t;
}
