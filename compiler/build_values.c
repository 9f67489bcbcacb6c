// SPDX-License-Identifier: Apache-2.0
//
// Types, literals, and rows of tables. See build.h and build.c.
#include "compiler/build_parts.h"

// ------------------------------------------------------------------ types

struct type_expr *build_type(struct parse *cx, enum type_word word, struct lexeme at) {
  struct type_expr *type = TAKE(cx, struct type_expr);
  type->word = word;
  type->span = span_of(cx, at);
  return type;
}

struct type_expr *build_type_or_none(struct parse *cx, struct type_expr *type, struct lexeme end) {
  type->or_none = true;
  extend(cx, &type->span, end);
  return type;
}

struct type_expr *build_type_number(struct parse *cx, enum type_word word, struct lexeme keyword,
                                    struct unit unit, struct range range) {
  struct type_expr *type = build_type(cx, word, keyword);
  type->unit = unit.word;
  type->min = range.min;
  type->max = range.max;
  type->min_exclusive = range.min_exclusive;
  if (unit.word != UNIT_MISSING) extend(cx, &type->span, unit.at);
  if (range.min != NULL) extend(cx, &type->span, range.end);
  return type;
}

struct type_expr *build_type_line(struct parse *cx, struct lexeme keyword, struct lexeme list) {
  struct type_expr *type = build_type(cx, TYPE_LINE, keyword);
  type->name = word_of(cx, list);
  extend(cx, &type->span, list);
  return type;
}

struct type_expr *build_type_list(struct parse *cx, struct lexeme keyword, struct type_expr *item) {
  item->list = true;
  item->span = span_join(span_of(cx, keyword), item->span);
  return item;
}

struct type_expr *build_type_code(struct parse *cx, struct lexeme keyword, struct lexeme min,
                                  struct lexeme max, struct lexeme end) {
  struct type_expr *type = build_type(cx, TYPE_CODE, keyword);
  type->min_length = build_whole_number(cx, min, 1, 12);
  type->max_length = build_whole_number(cx, max, type->min_length > 0 ? type->min_length : 1, 12);
  extend(cx, &type->span, end);
  return type;
}

struct type_expr *build_type_one_of(struct parse *cx, struct lexeme keyword,
                                    struct literals values) {
  struct type_expr *type = build_type(cx, TYPE_ENUM_INLINE, keyword);
  type->values = values.first;
  if (values.last != NULL) type->span = span_join(type->span, values.last->span);
  return type;
}

struct type_expr *build_type_named(struct parse *cx, struct lexeme name) {
  struct type_expr *type = build_type(cx, TYPE_ENUM_NAMED, name);
  type->name = word_of(cx, name);
  return type;
}

struct range build_no_range(void) {
  struct range none = {.min = NULL};
  return none;
}

struct range build_range(struct parse *cx, struct lexeme min, struct lexeme max, bool has_max,
                         bool min_exclusive) {
  struct range range = {build_literal(cx, LIT_NUMBER, min), NULL, min_exclusive, max};
  if (has_max) range.max = build_literal(cx, LIT_NUMBER, max);
  return range;
}

struct unit build_no_unit(void) {
  struct unit none = {.word = UNIT_MISSING};
  return none;
}

struct unit build_unit(enum unit_word word, struct lexeme at) {
  struct unit unit = {word, at};
  return unit;
}

// ------------------------------------------------------------------ literals

struct literal *build_literal(struct parse *cx, enum literal_kind kind, struct lexeme at) {
  struct literal *literal = TAKE(cx, struct literal);
  literal->kind = kind;
  literal->span = span_of(cx, at);
  literal->word = kind == LIT_STRING ? build_quoted(cx, at) : word_of(cx, at);
  return literal;
}

static struct literal_rest *rest_for(struct parse *cx, struct literal *literal) {
  if (literal->rest == NULL || cx->front->arena.out_of_memory)
    literal->rest = TAKE(cx, struct literal_rest);
  return literal->rest;
}

struct literal *build_number(struct parse *cx, struct lexeme number, struct unit unit) {
  struct literal *literal = build_literal(cx, LIT_NUMBER, number);
  literal->unit = unit.word;
  extend(cx, &literal->span, unit.at);
  return literal;
}

struct literal *build_code_range(struct parse *cx, struct lexeme low, struct lexeme high) {
  struct literal *literal = build_literal(cx, LIT_RANGE, low);
  rest_for(cx, literal)->high = build_word(cx, high);
  extend(cx, &literal->span, high);
  return literal;
}

struct literal *build_prefix(struct parse *cx, struct lexeme prefix) {
  struct literal *literal = build_literal(cx, LIT_PREFIX, prefix);
  literal->word.text.length--; // the star
  literal->word.span.end--;
  return literal;
}

struct literals build_no_literals(void) {
  struct literals none = {NULL, NULL, 0};
  return none;
}

struct literals build_literals(struct parse *cx, struct literal *literal) {
  return build_literals_add(cx, build_no_literals(), literal);
}

struct literals build_literals_add(struct parse *cx, struct literals literals,
                                   struct literal *literal) {
  (void)cx;
  if (literals.last == NULL)
    literals.first = literal;
  else
    literals.last->next = literal;
  literals.last = literal;
  return literals;
}

struct literals build_names(struct parse *cx, struct lexeme name) {
  return build_literals(cx, build_literal(cx, LIT_NAME, name));
}

struct literals build_names_add(struct parse *cx, struct literals names, struct lexeme name) {
  return build_literals_add(cx, names, build_literal(cx, LIT_NAME, name));
}

struct literals build_codes(struct parse *cx, struct lexeme code) {
  return build_literals(cx, build_literal(cx, LIT_CODE, code));
}

struct literals build_codes_add(struct parse *cx, struct literals codes, struct lexeme code) {
  return build_literals_add(cx, codes, build_literal(cx, LIT_CODE, code));
}

struct literal *build_member_from(struct parse *cx, struct literal *member, struct lexeme keyword,
                                  struct lexeme date) {
  if (rest_of(member)->from != NULL) twice(cx, keyword, "the first day in");
  rest_for(cx, member)->from = build_word(cx, date);
  extend(cx, &member->span, date);
  return member;
}

struct literal *build_member_to(struct parse *cx, struct literal *member, struct lexeme keyword,
                                struct lexeme date) {
  if (rest_of(member)->to != NULL) twice(cx, keyword, "the first day out");
  rest_for(cx, member)->to = build_word(cx, date);
  extend(cx, &member->span, date);
  return member;
}

struct literal *build_member_cite(struct parse *cx, struct literal *member, struct lexeme keyword,
                                  struct lexeme text) {
  if (rest_of(member)->cite != NULL) twice(cx, keyword, "the citation");
  rest_for(cx, member)->cite = build_text(cx, text);
  extend(cx, &member->span, text);
  return member;
}

// ------------------------------------------------------------------ rows of tables

struct import *build_import(struct parse *cx, struct lexeme keyword, struct lexeme file,
                            struct lexeme column) {
  struct import *import = TAKE(cx, struct import);
  import->span = span_from(cx, keyword, column);
  import->file = build_quoted(cx, file);
  import->column = build_quoted(cx, column);
  return import;
}

static struct import *add_column(struct parse *cx, struct import *import, struct word **slot,
                                 struct lexeme keyword, const char *what, struct lexeme column) {
  if (*slot != NULL) twice(cx, keyword, what);
  *slot = build_text(cx, column);
  extend(cx, &import->span, column);
  return import;
}

struct import *build_import_first_day(struct parse *cx, struct import *import,
                                      struct lexeme keyword, struct lexeme column) {
  return add_column(cx, import, &import->first_day, keyword, "the column of the first day", column);
}

struct import *build_import_last_day(struct parse *cx, struct import *import, struct lexeme keyword,
                                     struct lexeme column) {
  return add_column(cx, import, &import->last_day, keyword, "the column of the last day", column);
}

struct import *build_import_cite(struct parse *cx, struct import *import, struct lexeme keyword,
                                 struct lexeme column) {
  return add_column(cx, import, &import->cite, keyword, "the column of the citation", column);
}

struct import *build_import_where(struct parse *cx, struct import *import, struct lexeme column,
                                  struct lexeme value) {
  struct import_condition *condition = TAKE(cx, struct import_condition);
  condition->column = build_quoted(cx, column);
  condition->value = build_quoted(cx, value);
  if (import->where == NULL)
    import->where = condition;
  else
    import->last_where->next = condition;
  import->last_where = condition;
  extend(cx, &import->span, value);
  return import;
}

struct import *build_import_through(struct parse *cx, struct import *import, struct lexeme keyword,
                                    struct lexeme date) {
  if (import->through != NULL) twice(cx, keyword, "the last day");
  import->through = build_word(cx, date);
  extend(cx, &import->span, date);
  return import;
}

struct literal *build_import_member(struct parse *cx, struct import *import) {
  struct literal *literal = TAKE(cx, struct literal);
  literal->kind = LIT_IMPORT;
  literal->span = import->span;
  literal->word = (struct word){{"", 0}, import->span};
  rest_for(cx, literal)->import = import;
  return literal;
}
