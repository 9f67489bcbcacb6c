// SPDX-License-Identifier: Apache-2.0
//
// What the driver (parse.c) uses of the generated parser: feeding it, and looking into its stack,
// which the code at the end of dsl/grammar.y does.
#ifndef SOC_COMPILER_PARSER_H
#define SOC_COMPILER_PARSER_H

#include "compiler/build.h"

struct yyParser;

struct yyParser *parser_new(struct parse *cx); // NULL: out of memory
void parser_start(struct yyParser *p, struct parse *cx);
void parser_feed(struct yyParser *p, uint32_t kind, struct lexeme lexeme);
void parser_recovered(
    struct yyParser *p); // the next error is reported again; without, Lemon waits 3 tokens
void parser_stop(struct yyParser *p); // unwinds; parser_start may follow

// `{` that have been read and not been closed; *innermost, if not NULL, gets the last of them.
uint32_t parser_open_braces(const struct yyParser *p, struct lexeme *innermost);
// Whether `kind` could come next as itself, not as a name. Meant for after an error: it simulates
// the reductions.
bool parser_expects(const struct yyParser *p, uint32_t kind);

#endif
