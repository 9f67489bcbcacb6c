// SPDX-License-Identifier: Apache-2.0
//
// The scanner: one token a call, and no memory of what came before but the start of the line. The
// words and signs come from words.def, by way of a file of rules that the build writes. It works on bytes; characters that are not allowed at all were reported by check_characters, and are
// passed over here. A bad character becomes TK_BAD, which no rule of the grammar takes: the parser
// recovers without a second message.
#include "compiler/tokens.h"

#include "grammar.h"

// The present token, from `start` to `cursor`; the next one begins there.
static struct token token_of(struct lexer *lx, uint32_t kind, const unsigned char *start, const unsigned char *cursor) {
  struct token t = {
    .kind = kind,
    .start = (uint32_t)(start - lx->text),
    .end = (uint32_t)(cursor - lx->text),
    .line_start = lx->fresh_line,
    .column_one = lx->fresh_line && start == lx->line,
  };
  lx->fresh_line = false;
  lx->cursor = cursor;
  return t;
}

static struct token reported(struct lexer *lx, uint32_t kind, const unsigned char *start, const unsigned char *cursor,
                             enum diag_code code) {
  struct token t = token_of(lx, kind, start, cursor);
  lexer_reported(lx, code, t.start, t.end);
  return t;
}

struct token lexer_next(struct lexer *lx) {
  const unsigned char *cursor = lx->cursor, *const limit = lx->limit, *start, *YYMARKER;
again:
  start = cursor;
  /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYLIMIT = limit;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    small   = [a-z][a-z0-9_]*;
    part    = small ("[" [0-9]+ "]")?;
    name    = part ("." part)*;
    digits  = [0-9]+;
    code    = [0-9]* [A-Z] [A-Z0-9_]*;
    string  = ["] ([^"\\\n\r] | "\\" [^\n\r])*;
    mixed   = [A-Za-z_][A-Za-z0-9_]* ("." [A-Za-z_][A-Za-z0-9_]*)* | digits [A-Z] [A-Za-z0-9_]*;

    $                    { return token_of(lx, 0, start, cursor); }
    "\r"? "\n" | "\r"    { lx->line = cursor; lx->fresh_line = true; goto again; }
    [ \t]+               { goto again; }
    "#" [^\n\r]*         { goto again; }
    [\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+  { goto again; }

    !include "words.re";
    name                 { return token_of(lx, TK_NAME, start, cursor); }
    digits               { return token_of(lx, TK_NUMBER, start, cursor); }
    digits "." digits    { return token_of(lx, TK_NUMBER, start, cursor); }
    code                 { return token_of(lx, TK_CODE, start, cursor); }
    (code | digits) "*"  { return token_of(lx, TK_PREFIX, start, cursor); }
    [0-9]{4} "-" [0-9]{2} "-" [0-9]{2} { return token_of(lx, TK_DATE, start, cursor); }
    string ["]           {
      struct token t = token_of(lx, TK_STRING, start, cursor);
      lexer_check_string(lx, t.start, t.end);
      return t;
    }
    string "\\"?         { return reported(lx, TK_STRING, start, cursor, DIAG_STRING_NOT_CLOSED); }

    digits "-" digits "-" digits       { return reported(lx, TK_DATE, start, cursor, DIAG_BAD_DATE); }
    digits "/" digits "/" digits       { return reported(lx, TK_DATE, start, cursor, DIAG_BAD_DATE); }
    digits "." digits "." digits       { return reported(lx, TK_DATE, start, cursor, DIAG_BAD_DATE); }
    code "." [A-Z0-9]+                 { return reported(lx, TK_CODE, start, cursor, DIAG_CODE_WITH_DOT); }
    mixed                { return reported(lx, start[0] >= 'a' ? TK_NAME : TK_CODE, start, cursor, DIAG_BAD_WORD); }

    ";"                  { return token_of(lx, TK_SEMICOLON, start, cursor); }
    "=>"                 { return token_of(lx, TK_GE, start, cursor); } // the parser tells which sign was meant
    "==" | "!=" | "<>" | "=<"          {
      struct token t = token_of(lx, TK_EQ, start, cursor);
      lexer_bad_operator(lx, t.start, t.end);
      return t;
    }
    "\xe2\x80" [\x9c-\x9f] [^\xe2\n\r]* "\xe2\x80" [\x9c-\x9f] { // a text in typographic quotes
      struct token t = token_of(lx, TK_STRING, start, cursor);
      lexer_bad_character(lx, t.start, t.end);
      return t;
    }
    ['] [^'"\n\r]* [']   {
      struct token t = token_of(lx, TK_STRING, start, cursor);
      lexer_bad_character(lx, t.start, t.end);
      return t;
    }
    "//" [^\n\r]*        { lexer_bad_comment(lx, start); goto again; }
    "&&"                 { goto bad; }
    [\x80-\xff]+         { goto bad; }
    *                    { goto bad; }
  */
bad:;
  struct token t = token_of(lx, TK_BAD, start, cursor);
  lexer_bad_character(lx, t.start, t.end);
  return t;
}
