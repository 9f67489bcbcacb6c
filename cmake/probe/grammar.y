// SPDX-License-Identifier: Apache-2.0
// What dsl/grammar.y relies on, tried when the build is configured.
%name SocProbe
%token_prefix TK_
%token NUM SEMI PLUS.
%token_type {int}
%extra_context {int *cx}
%stack_size 0
%left PLUS.
%type expr {int}
%syntax_error { *cx = yymajor; }
file ::= stmts.
stmts ::= .
stmts ::= stmts stmt.
stmt ::= expr(E) SEMI. { *cx = E; }
stmt ::= error SEMI. { yypParser->yyerrcnt = -1; }
expr(R) ::= expr(A) PLUS expr(B). { R = A + B; }
expr(R) ::= NUM(N). { R = N; }
