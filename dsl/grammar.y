// SPDX-License-Identifier: Apache-2.0
//
// The grammar of soc sources. Each action is one call of a constructor in compiler/build*.c, nothing
// more. Words of the language are soft: where none is expected as itself, it is taken as a name
// (%fallback).
//
// Lines end items: compiler/tokens.c puts NL after each item of a list, also before a `}`. After an
// error the driver (compiler/parse.c) skips to the end of the item, minding braces, and gives SYNC,
// which only the `error` rules take. `enter` stands where something can nest without end: it
// counts, and its destructor counts down again on every way out, recovery included. It comes before
// the `{`, since after it the parser must be in a state that takes `error`; for the same reason a
// list is never empty here and `{ }` has a rule of its own.
%include {
#include "compiler/build.h"
#include "compiler/parser.h"

#include <assert.h>
}
%name SocParse
%token_prefix TK_
%token_type {struct lexeme}
%extra_context {struct parse *cx}
%stack_size 4096
%token NL NAME STRING NUMBER DATE CODE PREFIX SYNC RESUME BAD SEMICOLON.
%token
  LBRACE RBRACE LPAREN RPAREN COMMA COLON EQ LE LT GE GT PLUS MINUS SLASH ARROW DOTDOT PERCENT BAR.
%token
  A ABOVE ACTION ADD ADDRESSED ADMINISTRATIVE AFTER ALL ALSO AMENDS AND ANY APPLICABLE APPROVAL APPROVE AS ASK ASKS ASSUMED
  AT BASE BASIS BECAUSE BEFORE BOOLEAN BY CHAIN CHANGE CHARACTERS CITE CODE_TYPE CODES COLUMN COMPLETED COMPUTED CONSTANT CRITERION DATE_TYPE
  DAYS DECIDES DECIMAL DECISION DENY DERIVE DERIVED DIFFERS EACH EARLIER EARLIEST ELIGIBLE EMPTY ENUMERATION EVERY
  EXPECT FACT FIRST FOR FROM GIVEN HAS HOURS IF IN INCLUDE INCLUDES INTEGER IS KEYED LAST LATEST LEAST LEFT LIBRARY
  LIKE LINE LINES LINES_OWN LIST LONGEST MATCH MEANS MEDICAL MET MILES MISSING ML MONTHS NO NONE NOT NUMBER_OF OF ON ONE ONLY
  OPEN OR ORDER OTHER OTHERWISE OUT PAYER PEND PER POLICY POSSIBLE QUANTITY REASON RECORD RECORDS REDIRECT REFER RELATED REMOVE REPLACE REPORT
  REQUIRED RESUBMIT REVISED ROUNDED ROWS RULES SAME SAMPLE SEPARATE SET SOC SOME SOURCE STANDARD STANDS STOP SUM TABLE TEST
  TESTS TEXT_TYPE TEXTS THE THIS THROUGH
  TIME TITLE TO UNITS UNKNOWN UNLESS UP USE VERSION VOCABULARY WHEN WHERE WHILE WHOLE WITH WITHIN YEARS.
%token KINDS. // no token: the count of them
%fallback NAME
  A ABOVE ACTION ADD ADDRESSED ADMINISTRATIVE AFTER ALL ALSO AMENDS AND ANY APPLICABLE APPROVAL APPROVE AS ASK ASKS ASSUMED
  AT BASE BASIS BECAUSE BEFORE BOOLEAN BY CHAIN CHANGE CHARACTERS CITE CODE_TYPE CODES COLUMN COMPLETED COMPUTED CONSTANT CRITERION DATE_TYPE
  DAYS DECIDES DECIMAL DECISION DENY DERIVE DERIVED DIFFERS EACH EARLIER EARLIEST ELIGIBLE EMPTY ENUMERATION EVERY
  EXPECT FACT FIRST FOR FROM GIVEN HAS HOURS IF IN INCLUDE INCLUDES INTEGER IS KEYED LAST LATEST LEAST LEFT LIBRARY
  LIKE LINE LINES LINES_OWN LIST LONGEST MATCH MEANS MEDICAL MET MILES MISSING ML MONTHS NO NONE NOT NUMBER_OF OF ON ONE ONLY
  OPEN OR ORDER OTHER OTHERWISE OUT PAYER PEND PER POLICY POSSIBLE QUANTITY REASON RECORD RECORDS REDIRECT REFER RELATED REMOVE REPLACE REPORT
  REQUIRED RESUBMIT REVISED ROUNDED ROWS RULES SAME SAMPLE SEPARATE SET SOC SOME SOURCE STANDARD STANDS STOP SUM TABLE TEST
  TESTS TEXT_TYPE TEXTS THE THIS THROUGH
  TIME TITLE TO UNITS UNKNOWN UNLESS UP USE VERSION VOCABULARY WHEN WHERE WHILE WHOLE WITH WITHIN YEARS.
%syntax_error { parse_syntax_error(cx, (uint32_t)yymajor, TOKEN); (void)yypParser; }
%stack_overflow { build_too_deep(cx); }
%destructor enter { build_leave(cx); }

// ------------------------------------------------------------------ files

file ::= kind.
file ::= kind decls.
file ::= RESUME.
file ::= RESUME decls.

kind ::= VOCABULARY STRING(S) NL. { build_kind(cx, FILE_VOCABULARY, S); }
kind ::= LIBRARY STRING(S) NL.    { build_kind(cx, FILE_LIBRARY, S); }
kind ::= tests NL.
kind ::= policy LBRACE heads RBRACE NL.
kind ::= policy LBRACE RBRACE NL.
kind ::= error SYNC.

tests ::= TESTS(K) FOR STRING(S).   { build_tests(cx, K, S); }
tests ::= tests COMMA(K) STRING(S). { build_tests(cx, K, S); }

policy ::= POLICY(P) STRING(S). { build_policy(cx, P, S); }
heads ::= head NL.
heads ::= heads head NL.
heads ::= error SYNC.
heads ::= heads error SYNC.
head ::= TITLE(K) STRING(S).   { build_title(cx, K, S); }
head ::= PAYER(K) STRING(S).   { build_payer(cx, K, S); }
head ::= VERSION(K) DATE(D).   { build_version(cx, K, D); }
head ::= BASIS(K) NAME(N).     { build_basis(cx, K, N); }
head ::= SOURCE(K) STRING(S).  { build_source(cx, K, S); }
head ::= SOURCE(K) STRING(S) REVISED DATE(D). { build_source_revised(cx, K, S, D); }
head ::= AMENDS(K) STRING(S).  { build_amends(cx, K, S); }

decls ::= decl(D) NL.       { build_add_decl(cx, D); }
decls ::= decls decl(D) NL. { build_add_decl(cx, D); }
decls ::= error SYNC.
decls ::= decls error SYNC.

// ------------------------------------------------------------------ declarations

%type decl {struct decl *}
decl(D) ::= replaceable(D).
%type replaceable {struct decl *}
%type opt_text {struct word *}
opt_text(R) ::= .          { R = NULL; }
opt_text(R) ::= STRING(S). { R = build_text(cx, S); }
%type opt_cite {struct word *}
opt_cite(R) ::= .       { R = NULL; }
opt_cite(C) ::= cite(C).
%type cite {struct word *}
cite(R) ::= CITE STRING(S). { R = build_text(cx, S); }

decl(R) ::= USE(K) STRING(S). { R = build_use(cx, K, S); }
decl(R) ::= ENUMERATION(K) NAME(N) name_set(V) opt_text(T). { R = build_enumeration(cx, K, N, V, T); }
decl(R) ::= REASON(K) CODE(C) STRING(S). { R = build_reason(cx, K, C, S); }
replaceable(R) ::= CONSTANT(K) NAME(N) EQ literal(L) opt_text(T) cite(C). { R = build_constant(cx, K, N, L, T, C); }
decl(R) ::= ASK(K) ORDER(E) name_set(V). { R = build_ask_order(cx, K, E, V); }
replaceable(R) ::= CRITERION(K) NAME(N) STRING(S) cite(C) MET WHEN expr(E). { R = build_criterion(cx, K, N, S, C, E); }

decl(R) ::= FACT(K) fact(F). { R = build_fact_decl(cx, K, F); }
%type fact {struct decl_fact *}
fact(R) ::= NAME(N) COLON type(Y) opt_left_out(L) opt_required(Q) opt_text(T) opt_standard(S).
            { R = build_fact(cx, N, Y, L, Q, T, S); }
%type opt_left_out {struct left_out}
opt_left_out(R) ::= . { R = build_left_out(cx, LEFT_UNKNOWN); }
opt_left_out(R) ::= LEFT OUT MEANS UNKNOWN. { R = build_left_out(cx, LEFT_UNKNOWN); }
opt_left_out(R) ::= LEFT OUT MEANS NONE.    { R = build_left_out(cx, LEFT_NONE); }
opt_left_out(R) ::= LEFT OUT MEANS EMPTY.   { R = build_left_out(cx, LEFT_EMPTY); }
opt_left_out(R) ::= LEFT OUT MEANS DERIVED. { R = build_left_out(cx, LEFT_DERIVED); }
opt_left_out(R) ::= LEFT OUT MEANS ASSUMED literal(L). { R = build_left_out_assumed(cx, L); }
opt_left_out(R) ::= LEFT OUT MEANS NAME(N). { R = build_left_out_fact(cx, N); }
%type opt_required {bool}
opt_required(R) ::= .         { R = false; }
opt_required(R) ::= REQUIRED. { R = true; }
%type opt_standard {struct word *}
opt_standard(R) ::= . { R = NULL; }
opt_standard(R) ::= STANDARD STRING(S). { R = build_text(cx, S); }

decl(R) ::= list_head(H) opt_text(T) LBRACE fields(F) RBRACE. { R = build_list(cx, H, T, F); }
%type list_head {struct decl_list *}
list_head(R) ::= LIST(K) NAME(N). { R = build_list_head(cx, K, N); }
list_head(R) ::= LIST(K) NAME(N) KEYED BY NAME(Y). { R = build_list_keyed(cx, K, N, Y); }
%type fields {struct facts}
fields(R) ::= fact(F) NL.           { R = build_fields(cx, F); }
fields(R) ::= fields(A) fact(F) NL. { R = build_fields_add(cx, A, F); }
fields(R) ::= error SYNC. { R = build_no_fields(); }
fields(A) ::= fields(A) error SYNC.

replaceable(R) ::= DERIVE(K) NAME(N) EQ operand(E) opt_text(T) cite(C). { R = build_derive_value(cx, K, N, E, T, C); }
replaceable(R) ::= DERIVE(K) NAME(N) COLON NAME(Y) ASKS NAME(A) opt_text(T) cite(C) LBRACE steps(S) RBRACE.
            { R = build_derive_site(cx, K, N, Y, A, T, C, S); }
%type steps {struct steps}
steps(R) ::= step(S) NL.           { R = build_steps(cx, S); }
steps(R) ::= steps(A) step(S) NL.  { R = build_steps_add(cx, A, S); }
steps(R) ::= error SYNC. { R = build_no_steps(); }
steps(A) ::= steps(A) error SYNC.
%type step {struct derive_step *}
step(R) ::= choice(V) WHEN(K) GIVEN(G). { R = build_step_given(cx, V, K, G); }
step(R) ::= choice(V) WHEN expr(E).     { R = build_step_when(cx, V, E); }
step(R) ::= choice(V) OTHERWISE(K).     { R = build_step_otherwise(cx, V, K); }
step(R) ::= choice(V) OTHERWISE ASSUMED(K). { R = build_step_assumed(cx, V, K); }
step(R) ::= FROM(K) NAME(N) LBRACE rows(W) RBRACE(E). { R = build_step_map(cx, K, N, W, E); }
%type choice {struct literals}
choice(R) ::= NAME(N).              { R = build_names(cx, N); }
choice(R) ::= choice(A) OR NAME(N). { R = build_names_add(cx, A, N); }
%type rows {struct rows}
rows(R) ::= row(W) NL.           { R = build_rows(cx, W); }
rows(R) ::= rows(A) row(W) NL.   { R = build_rows_add(cx, A, W); }
rows(R) ::= error SYNC. { R = build_no_rows(); }
rows(A) ::= rows(A) error SYNC.
%type row {struct derive_row *}
row(R) ::= row_codes(C) ARROW choice(V). { R = build_row(cx, C, V); }
%type row_codes {struct literals}
row_codes(R) ::= codes(C).                    { R = build_literals(cx, C); }
row_codes(R) ::= row_codes(A) COMMA codes(C). { R = build_literals_add(cx, A, C); }

replaceable(R) ::= set_head(H) opt_text(T) opt_cite(C) set_members(M). { R = build_set(cx, H, T, C, M); }
%type set_head {struct decl_set *}
set_head(R) ::= SET(K) NAME(N) OF set_of(S). { R = build_set_head(cx, K, N, S); }
set_head(R) ::= SET(K) NAME(N) OF set_of(S) BY FIRST NUMBER(C) CHARACTERS.
                { R = build_set_by_prefix(cx, K, N, S, C); }
%type set_of {bool}
set_of(R) ::= CODES. { R = false; }
set_of(R) ::= TEXTS. { R = true; }

replaceable(R) ::= QUANTITY(K) NAME(N) EQ quantity(E) opt_text(T) cite(C). { R = build_quantity(cx, K, N, E, T, C); }
%type quantity {struct expr *}
quantity(E) ::= operand(E).
quantity(R) ::= NUMBER_OF(K) OF lines(L) WITH condition(E).       { R = build_lines_number(cx, K, L, E); }
quantity(R) ::= SUM(K) OF NAME(F) OF lines(L) WITH condition(E).  { R = build_lines_sum(cx, K, F, L, E); }

// What is said of each line stands among the other declarations, each with the list that it is about.
decl(R) ::= EACH(K) LINE OF NAME(L) LBRACE line_items(D) RBRACE. { R = build_each(cx, K, L, D); }
%type line_items {struct decls}
line_items(R) ::= line_item(D) NL.                { R = build_decls(D); }
line_items(R) ::= line_items(A) line_item(D) NL.  { R = build_decls_add(A, D); }
line_items(R) ::= error SYNC. { R = build_no_decls(); }
line_items(A) ::= line_items(A) error SYNC.
%type line_item {struct decl *}
line_item(D) ::= replaceable(D).
line_item(R) ::= REPLACE(K) replaceable(D). { R = build_replace(cx, K, D); }
line_item(D) ::= rules(D).

decl(D) ::= rules(D).
%type rules {struct decl *}
rules(R) ::= RULES(K) NAME(N) opt_text(T) rule_block(B). { R = build_rules(cx, K, N, T, B); }
decl(R) ::= decision_head(H) opt_text(T) LBRACE decision_items(B) RBRACE. { R = build_decision(cx, H, T, B); }
%type decision_head {struct decl_decision *}
decision_head(R) ::= DECISION(K) NAME(N) decision_kind(D). { R = build_decision_head(cx, K, N, D); }
decision_head(R) ::= DECISION(K) NAME(N) decision_kind(D) FOR EACH LINE OF NAME(L).
                     { R = build_decision_for_each(cx, K, N, D, L); }
%type decision_kind {bool}
decision_kind(R) ::= MEDICAL.        { R = false; }
decision_kind(R) ::= ADMINISTRATIVE. { R = true; }
%type decision_items {struct decision_items}
decision_items(I) ::= decision_item(I) NL.
decision_items(R) ::= decision_items(A) decision_item(I) NL. { R = build_items_add(cx, A, I); }
decision_items(R) ::= error SYNC. { R = build_no_items(); }
decision_items(A) ::= decision_items(A) error SYNC.
%type decision_item {struct decision_items}
decision_item(R) ::= LONGEST(K) APPROVAL DECIDES. { R = build_longest(K); }
decision_item(R) ::= REPORT(K) EVERY MATCH.       { R = build_every_match(K); }
decision_item(R) ::= rule(U).                     { R = build_item(U); }

decl(R) ::= NOT(K) COMPUTED STRING(I) STRING(T). { R = build_not_computed(cx, K, I, T); }

decl(R) ::= sample_head(H) LBRACE givens(G) RBRACE. { R = build_sample(cx, H, G); }
decl(R) ::= sample_head(H) LBRACE RBRACE.           { R = build_sample_empty(H); }
%type sample_head {struct decl_sample *}
sample_head(R) ::= SAMPLE(K) NAME(N).              { R = build_sample_head(cx, K, N); }
sample_head(R) ::= SAMPLE(K) NAME(N) LIKE NAME(B). { R = build_sample_like(cx, K, N, B); }

decl(R) ::= test_head(T) LBRACE test_start(H) expects(X) RBRACE. { R = build_test(T, H, X); }
decl(R) ::= test_head(T) LBRACE expects(X) RBRACE.               { R = build_test_bare(T, X); }
%type test_head {struct decl_test *}
test_head(R) ::= TEST(K) STRING(S) opt_cite(C). { R = build_test_head(cx, K, S, C); }

decl(R) ::= table_head(T) LBRACE test_start(H) table(W) RBRACE. { R = build_table(T, H, W); }
decl(R) ::= table_head(T) LBRACE table(W) RBRACE.               { R = build_table_bare(T, W); }
%type table_head {struct decl_table *}
table_head(R) ::= TEST(K) TABLE STRING(S) opt_cite(C). { R = build_table_head(cx, K, S, C); }

// ------------------------------------------------------------------ changes to the version that is amended

decl(R) ::= REPLACE(K) replaceable(D).        { R = build_replace(cx, K, D); }
decl(R) ::= REMOVE(K) CRITERION NAME(N) cite(C). { R = build_remove(cx, K, DECL_CRITERION, N, C); }
decl(R) ::= REMOVE(K) CONSTANT NAME(N) cite(C).  { R = build_remove(cx, K, DECL_CONSTANT, N, C); }
decl(R) ::= REMOVE(K) SET NAME(N) cite(C).       { R = build_remove(cx, K, DECL_SET, N, C); }
decl(R) ::= REMOVE(K) DERIVE NAME(N) cite(C).    { R = build_remove(cx, K, DECL_DERIVE_VALUE, N, C); }
decl(R) ::= REMOVE(K) QUANTITY NAME(N) cite(C).  { R = build_remove(cx, K, DECL_QUANTITY, N, C); }

decl(R) ::= CHANGE(K) SET NAME(N) opt_text(T) cite(C) LBRACE set_changes(H) RBRACE.
            { R = build_change_set(cx, K, N, T, C, H); }
%type set_changes {struct set_changes}
set_changes(R) ::= set_change(H) NL.                { R = build_set_changes(build_no_set_changes(), H); }
set_changes(R) ::= set_changes(A) set_change(H) NL. { R = build_set_changes(A, H); }
set_changes(R) ::= error SYNC. { R = build_no_set_changes(); }
set_changes(A) ::= set_changes(A) error SYNC.
%type set_change {struct set_change *}
set_change(R) ::= ADD(K) member(M).    { R = build_set_change(cx, false, K, M); }
set_change(R) ::= ADD(K) import(I).    { R = build_set_change(cx, false, K, build_import_member(cx, I)); }
set_change(R) ::= ROWS(K) THROUGH DATE(D). { R = build_rows_through(cx, K, D); }
set_change(R) ::= REMOVE(K) member(M). { R = build_set_change(cx, true, K, M); }

decl(R) ::= CHANGE(K) RULES NAME(N) opt_text(T) cite(C) LBRACE rule_changes(H) RBRACE.
            { R = build_change_rules(cx, false, K, N, T, C, H); }
decl(R) ::= CHANGE(K) DECISION NAME(N) opt_text(T) cite(C) LBRACE rule_changes(H) RBRACE.
            { R = build_change_rules(cx, true, K, N, T, C, H); }
%type rule_changes {struct rule_changes}
rule_changes(R) ::= rule_change(H) NL.                 { R = build_rule_changes(build_no_rule_changes(), H); }
rule_changes(R) ::= rule_changes(A) rule_change(H) NL. { R = build_rule_changes(A, H); }
rule_changes(R) ::= error SYNC. { R = build_no_rule_changes(); }
rule_changes(A) ::= rule_changes(A) error SYNC.
// Where a rule goes stands before it: behind it, `before NAME` would go on with a comparison of dates.
%type rule_change {struct rule_change *}
rule_change(R) ::= ADD(K) rule(U).                       { R = build_rule_add(cx, RULE_LAST, K, K, U); }
rule_change(R) ::= ADD(K) BEFORE rule_name(N) rule(U).   { R = build_rule_add(cx, RULE_BEFORE, K, N, U); }
rule_change(R) ::= ADD(K) AFTER rule_name(N) rule(U).    { R = build_rule_add(cx, RULE_AFTER, K, N, U); }
rule_change(R) ::= REPLACE(K) rule_name(N) WITH rule(U). { R = build_rule_replace(cx, K, N, U); }
rule_change(R) ::= REMOVE(K) rule_name(N).               { R = build_rule_remove(cx, K, N); }
%type rule_name {struct lexeme}
rule_name(R) ::= NAME(N). { R = N; }
rule_name(R) ::= CODE(C). { R = C; }

// ------------------------------------------------------------------ types

%type type {struct type_expr *}
type(Y) ::= plain_type(Y).
type(R) ::= plain_type(Y) OR NONE(E). { R = build_type_or_none(cx, Y, E); }
%type plain_type {struct type_expr *}
plain_type(R) ::= BOOLEAN(K).   { R = build_type(cx, TYPE_BOOLEAN, K); }
plain_type(R) ::= TEXT_TYPE(K). { R = build_type(cx, TYPE_TEXT, K); }
plain_type(R) ::= DATE_TYPE(K). { R = build_type(cx, TYPE_DATE, K); }
plain_type(R) ::= INTEGER(K) opt_unit(U) opt_range(G). { R = build_type_number(cx, TYPE_INTEGER, K, U, G); }
plain_type(R) ::= DECIMAL(K) opt_unit(U) opt_range(G). { R = build_type_number(cx, TYPE_DECIMAL, K, U, G); }
plain_type(R) ::= LINE(K) OF NAME(N).   { R = build_type_line(cx, K, N); }
plain_type(Y) ::= item_type(Y).
plain_type(R) ::= LIST(K) OF item_type(Y). { R = build_type_list(cx, K, Y); }
%type item_type {struct type_expr *}
item_type(R) ::= CODE_TYPE(K). { R = build_type(cx, TYPE_CODE, K); }
item_type(R) ::= CODE_TYPE(K) LPAREN NUMBER(N) RPAREN(E). { R = build_type_code(cx, K, N, N, E); }
item_type(R) ::= CODE_TYPE(K) LPAREN NUMBER(A) DOTDOT NUMBER(B) RPAREN(E). { R = build_type_code(cx, K, A, B, E); }
item_type(R) ::= ONE(K) OF name_set(V). { R = build_type_one_of(cx, K, V); }
item_type(R) ::= NAME(N).               { R = build_type_named(cx, N); }
%type opt_range {struct range}
opt_range(R) ::= .                             { R = build_no_range(); }
opt_range(R) ::= FROM NUMBER(A).               { R = build_range(cx, A, A, false, false); }
opt_range(R) ::= FROM NUMBER(A) TO NUMBER(B).  { R = build_range(cx, A, B, true, false); }
opt_range(R) ::= ABOVE NUMBER(A).              { R = build_range(cx, A, A, false, true); }
opt_range(R) ::= ABOVE NUMBER(A) TO NUMBER(B). { R = build_range(cx, A, B, true, true); }

%type opt_unit {struct unit}
opt_unit(R) ::= .        { R = build_no_unit(); }
opt_unit(U) ::= unit(U).
%type unit {struct unit}
unit(R) ::= DAYS(K).    { R = build_unit(UNIT_DAYS, K); }
unit(R) ::= MONTHS(K).  { R = build_unit(UNIT_MONTHS, K); }
unit(R) ::= YEARS(K).   { R = build_unit(UNIT_YEARS, K); }
unit(R) ::= MILES(K).   { R = build_unit(UNIT_MILES, K); }
unit(R) ::= PERCENT(K). { R = build_unit(UNIT_PERCENT, K); }
unit(R) ::= HOURS(K).   { R = build_unit(UNIT_HOURS, K); }
unit(R) ::= ML(K).      { R = build_unit(UNIT_MILLILITRES, K); }
unit(R) ::= UNITS(K).   { R = build_unit(UNIT_UNITS, K); }
unit(R) ::= BASE UNITS(K).           { R = build_unit(UNIT_BASE_UNITS, K); }
unit(R) ::= BASE UNITS PER UNITS(K). { R = build_unit(UNIT_BASE_UNITS_PER_UNIT, K); }

// ------------------------------------------------------------------ literals and sets

%type value {struct literal *}
value(R) ::= NUMBER(N).         { R = build_literal(cx, LIT_NUMBER, N); }
value(R) ::= NUMBER(N) unit(U). { R = build_number(cx, N, U); }
value(R) ::= DATE(D).           { R = build_literal(cx, LIT_DATE, D); }
value(R) ::= STRING(S).         { R = build_literal(cx, LIT_STRING, S); }
value(R) ::= CODE(C).           { R = build_literal(cx, LIT_CODE, C); }
%type literal {struct literal *}
literal(V) ::= value(V).
literal(R) ::= NAME(N).  { R = build_literal(cx, LIT_NAME, N); }

%type codes {struct literal *}
codes(R) ::= NUMBER(N). { R = build_literal(cx, LIT_NUMBER, N); }
codes(R) ::= CODE(C).   { R = build_literal(cx, LIT_CODE, C); }
codes(G) ::= range_or_prefix(G).
%type range_or_prefix {struct literal *}
range_or_prefix(R) ::= NUMBER(A) DOTDOT NUMBER(B). { R = build_code_range(cx, A, B); }
range_or_prefix(R) ::= NUMBER(A) DOTDOT CODE(B).   { R = build_code_range(cx, A, B); }
range_or_prefix(R) ::= CODE(A) DOTDOT CODE(B).     { R = build_code_range(cx, A, B); }
range_or_prefix(R) ::= CODE(A) DOTDOT NUMBER(B).   { R = build_code_range(cx, A, B); }
range_or_prefix(R) ::= PREFIX(P).                  { R = build_prefix(cx, P); }

// Members may be separated by anything. A set that is declared can take some of them from tables.
%type set_members {struct literals}
set_members(R) ::= LBRACE set_items(M) RBRACE. { R = M; }
set_members(R) ::= LBRACE RBRACE.              { R = build_no_literals(); }
%type set_items {struct literals}
set_items(R) ::= set_item(M).              { R = build_literals(cx, M); }
set_items(R) ::= set_items(A) set_item(M). { R = build_literals_add(cx, A, M); }
set_items(A) ::= set_items(A) COMMA.
set_items(A) ::= set_items(A) NL.
set_items(R) ::= error SYNC. { R = build_no_literals(); }
set_items(A) ::= set_items(A) error SYNC.
%type set_item {struct literal *}
set_item(M) ::= member(M).
set_item(R) ::= import(I). { R = build_import_member(cx, I); }
%type import {struct import *}
import(R) ::= ROWS(K) OF STRING(S) COLUMN STRING(C). { R = build_import(cx, K, S, C); }
import(R) ::= import(A) FIRST(K) DAYS IN COLUMN STRING(C). { R = build_import_first_day(cx, A, K, C); }
import(R) ::= import(A) LAST(K) DAYS IN COLUMN STRING(C).  { R = build_import_last_day(cx, A, K, C); }
import(R) ::= import(A) CITE(K) IN COLUMN STRING(C).       { R = build_import_cite(cx, A, K, C); }
import(R) ::= import(A) WHERE COLUMN STRING(C) EQ STRING(V). { R = build_import_where(cx, A, C, V); }
import(R) ::= import(A) THROUGH(K) DATE(D).                { R = build_import_through(cx, A, K, D); }
%type members {struct literals}
members(R) ::= member(M).            { R = build_literals(cx, M); }
members(R) ::= members(A) member(M). { R = build_literals_add(cx, A, M); }
members(A) ::= members(A) COMMA.
members(A) ::= members(A) NL.
members(R) ::= error SYNC. { R = build_no_literals(); }
members(A) ::= members(A) error SYNC.
%type member {struct literal *}
member(L) ::= literal(L).
member(L) ::= range_or_prefix(L).
member(R) ::= member(A) FROM(K) DATE(D).   { R = build_member_from(cx, A, K, D); }
member(R) ::= member(A) TO(K) DATE(D).     { R = build_member_to(cx, A, K, D); }
member(R) ::= member(A) CITE(K) STRING(S). { R = build_member_cite(cx, A, K, S); }

%type name_set {struct literals}
name_set(R) ::= LBRACE names(V) RBRACE. { R = V; }
name_set(R) ::= LBRACE RBRACE.          { R = build_no_literals(); }
%type names {struct literals}
names(R) ::= NAME(N).            { R = build_names(cx, N); }
names(R) ::= names(A) NAME(N).   { R = build_names_add(cx, A, N); }
names(A) ::= names(A) COMMA.
names(A) ::= names(A) NL.
names(R) ::= error SYNC. { R = build_no_literals(); }
names(A) ::= names(A) error SYNC.

%type code_set {struct literals}
code_set(R) ::= LBRACE reason_codes(V) RBRACE. { R = V; }
code_set(R) ::= LBRACE RBRACE.                 { R = build_no_literals(); }
%type reason_codes {struct literals}
reason_codes(R) ::= CODE(C).                 { R = build_codes(cx, C); }
reason_codes(R) ::= reason_codes(A) CODE(C). { R = build_codes_add(cx, A, C); }
reason_codes(A) ::= reason_codes(A) COMMA.
reason_codes(A) ::= reason_codes(A) NL.
reason_codes(R) ::= error SYNC. { R = build_no_literals(); }
reason_codes(A) ::= reason_codes(A) error SYNC.

// ------------------------------------------------------------------ conditions

%type enter {int}
enter ::= . { build_enter(cx); }

%type expr {struct expr *}
expr(B) ::= block(B).
expr(C) ::= condition(C).
%type condition {struct expr *}
condition(C) ::= comparison(C).
condition(N) ::= fact_name(N).
condition(R) ::= NOT(K) enter expr(E). { R = build_not(cx, K, E); }
condition(R) ::= SOME(K) RECORD OF NAME(L) HAS enter expr(E).  { R = build_rows_of(cx, ROWS_SOME, K, L, E); }
condition(R) ::= EVERY(K) RECORD OF NAME(L) HAS enter expr(E). { R = build_rows_of(cx, ROWS_EVERY, K, L, E); }
condition(R) ::= NO(K) RECORD OF NAME(L) HAS enter expr(E).    { R = build_rows_of(cx, ROWS_NO, K, L, E); }
condition(R) ::= which(W) line(L) HAS enter expr(E).              { R = build_lines(cx, W, L, NULL, E); }
condition(R) ::= which(W) line(L) WITH enter expr(F) HAS expr(E). { R = build_lines(cx, W, L, F, E); }
condition(R) ::= THE(K) RELATED LINE HAS enter expr(E).            { R = build_related(cx, K, NULL, E); }
condition(R) ::= THE(K) RELATED LINE BY NAME(F) HAS enter expr(E). { R = build_related(cx, K, &F, E); }

// Lines of the list whose line is being looked at.
%type which {struct which}
which(R) ::= SOME(K).  { R = build_which(ROWS_SOME, K); }
which(R) ::= EVERY(K). { R = build_which(ROWS_EVERY, K); }
which(R) ::= NO(K).    { R = build_which(ROWS_NO, K); }
%type line {struct lines}
line(R) ::= LINE same_date(D).                 { R = build_line(LINES_ALL, D); }
line(R) ::= OTHER LINE same_date(D).           { R = build_line(LINES_OTHER, D); }
line(R) ::= EARLIER LINE same_date(D).         { R = build_line(LINES_EARLIER, D); }
line(R) ::= LINE UP THE CHAIN OF NAME(F).      { R = build_chain(F); }
%type lines {struct lines}
lines(R) ::= LINES same_date(D).               { R = build_line(LINES_ALL, D); }
lines(R) ::= OTHER LINES same_date(D).         { R = build_line(LINES_OTHER, D); }
lines(R) ::= EARLIER LINES same_date(D).       { R = build_line(LINES_EARLIER, D); }
%type same_date {struct lexeme}
same_date(R) ::= .                         { R = build_no_lexeme(); }
same_date(R) ::= ON THE SAME DATE_TYPE(D). { R = D; }

%type block {struct expr *}
block(R) ::= block_head(H) enter LBRACE block_members(M) RBRACE(E). { R = build_block(cx, H, M, E); }
%type block_head {struct expr *}
block_head(R) ::= ALL(K) OF.                { R = build_block_head(cx, BLOCK_ALL, K); }
block_head(R) ::= ANY(K) OF.                { R = build_block_head(cx, BLOCK_ANY, K); }
block_head(R) ::= NONE(K) OF.               { R = build_block_head(cx, BLOCK_NONE, K); }
block_head(R) ::= AT(K) LEAST NUMBER(N) OF. { R = build_at_least_head(cx, K, N); }
%type block_members {struct exprs}
block_members(R) ::= block_member(M) NL.                  { R = build_exprs(cx, M); }
block_members(R) ::= block_members(A) block_member(M) NL. { R = build_exprs_add(cx, A, M); }
block_members(R) ::= error SYNC. { R = build_no_exprs(); }
block_members(A) ::= block_members(A) error SYNC.
%type block_member {struct expr *}
block_member(E) ::= expr(E).
block_member(R) ::= NAME(L) COLON expr(E). { R = build_labelled(cx, L, E); }

%type comparison {struct expr *}
comparison(R) ::= operand(A) EQ operand(B). { R = build_compare(cx, REL_EQ, false, A, B); }
comparison(R) ::= operand(A) LT operand(B). { R = build_compare(cx, REL_LT, false, A, B); }
comparison(R) ::= operand(A) LE operand(B). { R = build_compare(cx, REL_LE, false, A, B); }
comparison(R) ::= operand(A) GT operand(B). { R = build_compare(cx, REL_GT, false, A, B); }
comparison(R) ::= operand(A) GE operand(B). { R = build_compare(cx, REL_GE, false, A, B); }
comparison(R) ::= operand(A) DIFFERS FROM operand(B). { R = build_compare(cx, REL_NE, false, A, B); }
comparison(R) ::= operand(A) BEFORE operand(B).       { R = build_compare(cx, REL_LT, true, A, B); }
comparison(R) ::= operand(A) AFTER operand(B).        { R = build_compare(cx, REL_GT, true, A, B); }
comparison(R) ::= operand(A) ON OR BEFORE operand(B). { R = build_compare(cx, REL_LE, true, A, B); }
comparison(R) ::= operand(A) ON OR AFTER operand(B).  { R = build_compare(cx, REL_GE, true, A, B); }
comparison(R) ::= operand(A) IN FIRST operand(B) FROM operand(C). { R = build_window(cx, EXPR_FIRST, A, B, C); }
comparison(R) ::= operand(A) WITHIN operand(B) OF operand(C).     { R = build_window(cx, EXPR_WITHIN, A, B, C); }
comparison(R) ::= operand(A) IN set(S) opt_as_of(D).              { R = build_in(cx, A, S, D); }
comparison(R) ::= operand(A) INCLUDES include_mode(M) set(S) opt_as_of(D). { R = build_includes(cx, A, M, S, D); }
comparison(R) ::= operand(A) IS state(S).                         { R = build_state(cx, A, S, false); }
comparison(R) ::= operand(A) IS NOT state(S).                     { R = build_state(cx, A, S, true); }

%type include_mode {enum include_kind}
include_mode(R) ::= .        { R = INCLUDE_ANY; }
include_mode(R) ::= ANY OF.  { R = INCLUDE_ANY; }
include_mode(R) ::= ALL OF.  { R = INCLUDE_ALL; }
include_mode(R) ::= ONLY.    { R = INCLUDE_ONLY; }
include_mode(R) ::= NONE OF. { R = INCLUDE_NONE; }
%type state {struct state}
state(R) ::= NONE(K).     { R = build_state_word(STATE_NONE, K); }
state(R) ::= EMPTY(K).    { R = build_state_word(STATE_EMPTY, K); }
state(R) ::= LEFT OUT(K). { R = build_state_word(STATE_LEFT_OUT, K); }
%type set {struct literals}
set(R) ::= NAME(N).       { R = build_names(cx, N); }
set(R) ::= LBRACE(B) members(M) RBRACE(E). { R = build_inline_set(B, M, E); }
%type opt_as_of {struct word *}
opt_as_of(R) ::= .              { R = NULL; }
opt_as_of(R) ::= AS OF NAME(N). { R = build_word(cx, N); }

%type operand {struct expr *}
operand(T) ::= term(T).
operand(R) ::= operand(A) PLUS term(B).  { R = build_arith(cx, false, A, B); }
operand(R) ::= operand(A) MINUS term(B). { R = build_arith(cx, true, A, B); }
%type term {struct expr *}
term(F) ::= factor(F).
term(R) ::= factor(A) SLASH factor(B) ROUNDED UP TO A WHOLE UNITS(E). { R = build_quotient(cx, A, B, E); }
%type factor {struct expr *}
factor(N) ::= fact_name(N).
factor(R) ::= value(V).     { R = build_literal_expr(cx, V); }
term(R) ::= EARLIEST(K) OF enter LBRACE operands(P) opt_separator RBRACE(E). { R = build_pick(cx, false, K, P, E); }
term(R) ::= LATEST(K) OF enter LBRACE operands(P) opt_separator RBRACE(E).   { R = build_pick(cx, true, K, P, E); }
term(R) ::= COMPLETED(K) YEARS FROM enter operand(A) TO term(B). { R = build_span_of(cx, EXPR_AGE, K, A, B); }
term(R) ::= DAYS(K) FROM enter operand(A) TO term(B).            { R = build_span_of(cx, EXPR_DAYS, K, A, B); }
term(R) ::= NUMBER_OF(K) OF RECORDS OF NAME(L) WITH block(E).    { R = build_rows_of(cx, ROWS_NUMBER, K, L, E); }
term(R) ::= NUMBER_OF(K) OF RECORDS OF NAME(L) WITH enter LBRACE expr(E) NL RBRACE.
            { R = build_rows_of(cx, ROWS_NUMBER, K, L, E); }
term(R) ::= NUMBER_OF(K) OF lines(L) WITH block(E).                       { R = build_lines_number(cx, K, L, E); }
term(R) ::= NUMBER_OF(K) OF lines(L) WITH enter LBRACE expr(E) NL RBRACE. { R = build_lines_number(cx, K, L, E); }
term(R) ::= SUM(K) OF NAME(F) OF lines(L) WITH block(E).                  { R = build_lines_sum(cx, K, F, L, E); }
term(R) ::= SUM(K) OF NAME(F) OF lines(L) WITH enter LBRACE expr(E) NL RBRACE.
            { R = build_lines_sum(cx, K, F, L, E); }
%type fact_name {struct expr *}
fact_name(R) ::= NAME(N).             { R = build_name(cx, N); }
fact_name(R) ::= NAME(N) IF GIVEN(E). { R = build_name_if_given(cx, N, E); }
fact_name(R) ::= THIS(K) LINES_OWN NAME(N).             { R = build_own(cx, K, N, N, false); }
fact_name(R) ::= THIS(K) LINES_OWN NAME(N) IF GIVEN(E). { R = build_own(cx, K, N, E, true); }
%type operands {struct exprs}
operands(R) ::= operand(E).                   { R = build_exprs(cx, E); }
operands(R) ::= operands(A) COMMA operand(E). { R = build_exprs_add(cx, A, E); }
operands(R) ::= operands(A) NL operand(E).    { R = build_exprs_add(cx, A, E); }
opt_separator ::= NL.
opt_separator ::= COMMA NL.

// ------------------------------------------------------------------ rules

%type rule_block {struct rules}
rule_block(R) ::= LBRACE rule_list(L) RBRACE. { R = L; }
%type rule_list {struct rules}
rule_list(R) ::= rule(U) NL.              { R = build_rule_list(U); }
rule_list(R) ::= rule_list(A) rule(U) NL. { R = build_rule_list_add(cx, A, U); }
rule_list(R) ::= error SYNC. { R = build_no_rules(); }
rule_list(A) ::= rule_list(A) error SYNC.
%type rule {struct rule *}
rule(U) ::= plain_rule(U).
rule(R) ::= INCLUDE(K) NAME(N).   { R = build_include(cx, K, N); }
rule(R) ::= WITHIN(K) expr(E) enter rule_block(B). { R = build_within(cx, K, E, B); }

%type plain_rule {struct rule *}
plain_rule(U) ::= rule_head(U).
plain_rule(R) ::= rule_head(U) WHEN expr(E).      { R = build_rule_when(cx, U, E); }
plain_rule(R) ::= rule_head(U) UNLESS expr(E).    { R = build_rule_unless(cx, U, E); }
plain_rule(R) ::= rule_head(U) OTHERWISE(K).      { R = build_rule_otherwise(cx, U, K); }
plain_rule(R) ::= plain_rule(U) STRING(S).        { R = build_rule_text(cx, U, S); }
plain_rule(R) ::= plain_rule(U) CITE(K) STRING(S). { R = build_rule_cite(cx, U, K, S); }
plain_rule(R) ::= plain_rule(U) AND(K) STOP(E).   { R = build_rule_stop(cx, U, K, E); }
plain_rule(R) ::= plain_rule(U) ONE(K) TIME(E).   { R = build_rule_one_time(cx, U, K, E); }
plain_rule(R) ::= plain_rule(U) FROM(K) operand(E).    { R = build_rule_from(cx, U, K, E); }
plain_rule(R) ::= plain_rule(U) THROUGH(K) operand(E). { R = build_rule_through(cx, U, K, E); }
plain_rule(R) ::= plain_rule(U) STANDS(K) operand(E).                     { R = build_rule_stands(cx, U, K, E, NULL); }
plain_rule(R) ::= plain_rule(U) STANDS(K) operand(E) AT LEAST operand(L). { R = build_rule_stands(cx, U, K, E, L); }
plain_rule(R) ::= plain_rule(U) REDIRECT(K) name_set(V). { R = build_rule_redirect(cx, U, K, V, NULL); }
plain_rule(R) ::= plain_rule(U) REDIRECT(K) name_set(V) EXCEPT NAME(N) IF GIVEN(E).
                  { R = build_rule_redirect(cx, U, K, V, build_name_if_given(cx, N, E)); }
plain_rule(R) ::= plain_rule(U) ACTION NAME(N).            { R = build_rule_action(cx, U, N, NULL); }
plain_rule(R) ::= plain_rule(U) ACTION NAME(N) IF expr(E). { R = build_rule_action(cx, U, N, E); }
plain_rule(R) ::= plain_rule(U) BECAUSE CODE(C).              { R = build_rule_because(cx, U, C, NULL); }
plain_rule(R) ::= plain_rule(U) BECAUSE CODE(C) WHEN expr(E). { R = build_rule_because(cx, U, C, E); }
plain_rule(R) ::= plain_rule(U) WHILE(K) OPEN CODE(C).            { R = build_rule_open(cx, U, K, C, NULL); }
plain_rule(R) ::= plain_rule(U) WHILE(K) OPEN CODE(C) IF expr(E). { R = build_rule_open(cx, U, K, C, E); }
%type rule_head {struct rule *}
rule_head(R) ::= determination(D).                     { R = build_rule(cx, D); }
rule_head(R) ::= determination(D) AS NAME(N).          { R = build_rule_named(cx, D, N); }
rule_head(R) ::= determination(D) CODE(C).             { R = build_rule_code(cx, D, C); }
rule_head(R) ::= determination(D) CODE(C) AS NAME(N).  { R = build_rule_as(cx, D, C, N); }

%type determination {struct determination}
determination(R) ::= APPROVE(K).           { R = build_say(SAY_APPROVE, K, K); }
determination(R) ::= REFER(K).             { R = build_say(SAY_REFER, K, K); }
determination(R) ::= PEND(K).              { R = build_say(SAY_PEND, K, K); }
determination(R) ::= NOT(K) APPLICABLE(E). { R = build_say(SAY_NOT_APPLICABLE, K, E); }
determination(R) ::= ELIGIBLE(K).          { R = build_say(SAY_ELIGIBLE, K, K); }
determination(R) ::= DENY(K).              { R = build_say(SAY_DENY, K, K); }
determination(R) ::= NOT(K) SEPARATE(E).   { R = build_say(SAY_NOT_SEPARATE, K, E); }
determination(R) ::= RESUBMIT(K).          { R = build_say(SAY_RESUBMIT, K, K); }
determination(R) ::= NOT(K) ADDRESSED(E).  { R = build_say(SAY_NOT_ADDRESSED, K, E); }

// ------------------------------------------------------------------ samples and tests

%type givens {struct givens}
givens(R) ::= given(G) NL.           { R = build_givens(G); }
givens(R) ::= givens(A) given(G) NL. { R = build_givens_add(A, G); }
givens(R) ::= error SYNC. { R = build_no_givens(); }
givens(A) ::= givens(A) error SYNC.
%type given {struct given *}
given(R) ::= NAME(N) given_value(V). { R = build_given(cx, N, V); }
%type given_value {struct value}
given_value(R) ::= NUMBER(N).                   { R = build_value(LIT_NUMBER, N); }
given_value(R) ::= NUMBER(N) unit(U).           { R = build_value_number(cx, N, U); }
given_value(R) ::= DATE(D).                     { R = build_value(LIT_DATE, D); }
given_value(R) ::= STRING(S).                   { R = build_value(LIT_STRING, S); }
given_value(R) ::= CODE(C).                     { R = build_value(LIT_CODE, C); }
given_value(R) ::= NAME(N).                     { R = build_value(LIT_NAME, N); }
given_value(R) ::= NONE.                    { R = build_value_word(GIVEN_NONE); }
given_value(R) ::= EMPTY.                   { R = build_value_word(GIVEN_EMPTY); }
given_value(R) ::= UNKNOWN.                 { R = build_value_word(GIVEN_UNKNOWN); }
given_value(R) ::= LBRACE RBRACE.             { R = build_value_word(GIVEN_EMPTY); }
given_value(R) ::= LBRACE members(M) RBRACE.  { R = build_value_items(M); }
given_value(R) ::= LBRACE records(C) RBRACE.  { R = build_value_records(C); }
%type records {struct records}
records(R) ::= record(C).            { R = build_records(C); }
records(R) ::= records(A) record(C). { R = build_records_add(A, C); }
records(A) ::= records(A) COMMA.
records(A) ::= records(A) NL.
%type record {struct given_record *}
record(R) ::= LBRACE(B) record_fields(G) NL RBRACE(E).       { R = build_record(cx, B, G, E); }
record(R) ::= LBRACE(B) record_fields(G) COMMA NL RBRACE(E). { R = build_record(cx, B, G, E); }
record(R) ::= LBRACE(B) RBRACE(E).                           { R = build_record(cx, B, build_no_givens(), E); }
%type record_fields {struct givens}
record_fields(R) ::= given(G).                        { R = build_givens(G); }
record_fields(R) ::= record_fields(A) COMMA given(G). { R = build_givens_add(A, G); }
record_fields(R) ::= record_fields(A) NL given(G).    { R = build_givens_add(A, G); }

%type test_start {struct test_start}
test_start(R) ::= GIVEN NAME(N) NL.                         { R = build_test_start(cx, N, build_no_givens()); }
test_start(R) ::= GIVEN NAME(N) with(G) NL.                 { R = build_test_start(cx, N, G); }
test_start(R) ::= GIVEN NAME(N) NL with(G) NL.              { R = build_test_start(cx, N, G); }
test_start(R) ::= with(G) NL.                               { R = build_test_with(G); }
%type with {struct givens}
with(R) ::= WITH LBRACE givens(G) RBRACE. { R = G; }
%type expects {struct expects}
expects(R) ::= expect(X) NL.            { R = build_expects(X); }
expects(R) ::= expects(A) expect(X) NL. { R = build_expects_add(A, X); }
expects(R) ::= error SYNC. { R = build_no_expects(); }
expects(A) ::= expects(A) error SYNC.
%type expect {struct expectation *}
expect(R) ::= EXPECT(K) NAME(N) outcome(A).                   { R = build_expect(cx, K, N, A); }
expect(R) ::= EXPECT(K) LINE NUMBER(L) OF NAME(N) outcome(A). { R = build_expect_line(cx, K, L, N, A); }
%type outcome {struct expectation *}
outcome(R) ::= determination(D).                { R = build_outcome(cx, D); }
outcome(R) ::= determination(D) CODE(C).        { R = build_outcome_code(cx, D, C); }
outcome(R) ::= outcome(A) UNITS(K) NUMBER(N).   { R = build_expect_units(cx, A, K, N); }
outcome(R) ::= outcome(A) THROUGH(K) DATE(D).   { R = build_expect_through(cx, A, K, D); }
outcome(R) ::= outcome(A) THROUGH(K) NONE(E).   { R = build_expect_no_limit(cx, A, K, E); }
outcome(R) ::= outcome(A) ALSO(K) code_set(V).          { R = build_expect_also(cx, A, K, V); }
outcome(R) ::= outcome(A) MISSING(K) name_set(V).       { R = build_expect_missing(cx, A, K, V); }
outcome(R) ::= outcome(A) REDIRECT(K) name_set(V).      { R = build_expect_redirect(cx, A, K, V); }
outcome(R) ::= outcome(A) ACTION(K) name_set(V).        { R = build_expect_actions(cx, A, K, V); }
outcome(R) ::= outcome(A) ASSUMED(K) name_set(V).       { R = build_expect_assumed(cx, A, K, V); }
outcome(R) ::= outcome(A) POSSIBLE(K) LBRACE says(V) RBRACE. { R = build_expect_possible(cx, A, K, V); }
%type says {struct literals}
says(R) ::= determination(D).         { R = build_says(cx, D); }
says(R) ::= says(A) determination(D). { R = build_says_add(cx, A, D); }
says(A) ::= says(A) COMMA.
says(A) ::= says(A) NL.

// ------------------------------------------------------------------ tables of tests

// The first row says what the columns are; the others say it case by case.
%type table {struct table_rows}
table(R) ::= table_top(W) NL.           { R = build_table_rows(W); }
table(R) ::= table(A) table_row(W) NL.  { R = build_table_rows_add(A, W); }
table(R) ::= error SYNC. { R = build_no_table_rows(); }
table(A) ::= table(A) error SYNC.
%type table_top {struct table_row *}
table_top(R) ::= BAR(B).                       { R = build_table_row(cx, B); }
table_top(R) ::= table_top(A) column(C) BAR(B). { R = build_table_cell(cx, A, C, B); }
%type column {struct table_cell *}
column(R) ::= STRING(S).      { R = build_column_names(cx, S); }
column(R) ::= NAME(N).        { R = build_column_fact(cx, N); }
column(R) ::= EXPECT NAME(N). { R = build_column_expect(cx, N); }
column(R) ::= EXPECT LINE NUMBER(L) OF NAME(N). { R = build_column_expect_line(cx, L, N); }
%type table_row {struct table_row *}
table_row(R) ::= BAR(B).                      { R = build_table_row(cx, B); }
table_row(R) ::= table_row(A) cell(C) BAR(B). { R = build_table_cell(cx, A, C, B); }
%type cell {struct table_cell *}
cell(R) ::= .               { R = build_cell_empty(cx); }
cell(R) ::= given_value(V). { R = build_cell_value(cx, V); }
cell(R) ::= outcome(A).     { R = build_cell_outcome(cx, A); }

// ------------------------------------------------------------------ the parser as the driver sees it

%code {
struct yyParser *parser_new(struct parse *cx) {
  return arena_alloc(&cx->front->arena, sizeof(yyParser));
}

void parser_start(struct yyParser *p, struct parse *cx) {
  SocParseInit(p, cx);
}

void parser_feed(struct yyParser *p, uint32_t kind, struct lexeme lexeme) {
  SocParse(p, (int)kind, lexeme);
}

void parser_recovered(struct yyParser *p) {
  p->yyerrcnt = -1;
}

void parser_stop(struct yyParser *p) {
  SocParseFinalize(p);
}

uint32_t parser_open_braces(const struct yyParser *p, struct lexeme *innermost) {
  uint32_t open = 0, closed = 0; // a pair may wait on the stack for its NL
  for (const yyStackEntry *entry = p->yytos; entry > p->yystack; entry--) {
    if (entry->major == TK_RBRACE)
      closed++;
    else if (entry->major == TK_LBRACE && closed > 0)
      closed--;
    else if (entry->major == TK_LBRACE && open++ == 0 && innermost != NULL)
      *innermost = entry->minor.yy0;
  }
  return open;
}

// The action for `kind` itself; yy_find_shift_action would also try the fallback.
static YYACTIONTYPE own_action(YYACTIONTYPE state, YYCODETYPE kind) {
  if (state > YY_MAX_SHIFT)
    return state;
  size_t i = (size_t)yy_shift_ofst[state] + kind;
  return i < sizeof yy_lookahead / sizeof yy_lookahead[0] && yy_lookahead[i] == kind ? yy_action[i] : yy_default[state];
}

// The parser's stack is left alone: what the simulation pushes is kept aside, which is never much,
// as every reduction but that of an empty rule makes the stack shorter.
bool parser_expects(const struct yyParser *p, uint32_t kind) {
  enum { MOST_PUSHED = 16 };
  YYACTIONTYPE pushed[MOST_PUSHED];
  size_t count = 0;
  const yyStackEntry *top = p->yytos;
  for (;;) {
    YYACTIONTYPE state = count > 0 ? pushed[count - 1] : top->stateno;
    YYACTIONTYPE action = own_action(state, (YYCODETYPE)kind);
    if (action <= YY_MAX_SHIFTREDUCE || action == YY_ACCEPT_ACTION)
      return true;
    if (action < YY_MIN_REDUCE)
      return false;
    size_t rule = (size_t)(action - YY_MIN_REDUCE), length = (size_t)-yyRuleInfoNRhs[rule];
    size_t aside = length < count ? length : count;
    count -= aside;
    top -= length - aside;
    if (count == MOST_PUSHED)
      return false;
    state = count > 0 ? pushed[count - 1] : top->stateno;
    pushed[count++] = yy_find_reduce_action(state, yyRuleInfoLhs[rule]);
  }
}
}
