// SPDX-License-Identifier: Apache-2.0
//
// Conditions and values. See build.h and build.c.
#include "compiler/build_parts.h"

// ------------------------------------------------------------------ conditions

struct exprs build_no_exprs(void) {
  struct exprs none = {NULL, NULL, 0};
  return none;
}

struct exprs build_exprs(struct parse *cx, struct expr *expr) {
  return build_exprs_add(cx, build_no_exprs(), expr);
}

struct exprs build_exprs_add(struct parse *cx, struct exprs exprs, struct expr *expr) {
  (void)cx;
  if (exprs.last == NULL)
    exprs.first = expr;
  else
    exprs.last->next = expr;
  exprs.last = expr;
  exprs.count++;
  return exprs;
}

struct expr *build_not(struct parse *cx, struct lexeme keyword, struct expr *operand) {
  struct expr *expr = new_expr(cx, EXPR_NOT, span_join(span_of(cx, keyword), operand->span));
  expr->as.not_.operand = operand;
  return expr;
}

static struct expr *new_rows(struct parse *cx, struct lexeme keyword, struct expr *body) {
  struct expr *expr = new_expr(cx, EXPR_ROWS, span_join(span_of(cx, keyword), body->span));
  expr->as.rows = TAKE(cx, struct expr_rows);
  expr->as.rows->body = body;
  return expr;
}

struct expr *build_rows_of(struct parse *cx, enum rows_kind kind, struct lexeme keyword,
                           struct lexeme list, struct expr *body) {
  struct expr *expr = new_rows(cx, keyword, body);
  expr->as.rows->kind = kind;
  expr->as.rows->list = word_of(cx, list);
  return expr;
}

// ------------------------------------------------------------------ lines of the list at hand

struct lexeme build_no_lexeme(void) {
  struct lexeme none = {0, 0};
  return none;
}

struct which build_which(enum rows_kind kind, struct lexeme keyword) {
  struct which which = {kind, keyword};
  return which;
}

struct lines build_line(enum lines_which which, struct lexeme date) {
  struct lines lines = {.over = OVER_LINES, .which = which, .date = date};
  return lines;
}

struct lines build_chain(struct lexeme field) {
  struct lines lines = {.over = OVER_CHAIN, .by = field};
  return lines;
}

static struct expr *new_lines(struct parse *cx, enum rows_kind kind, struct lexeme keyword,
                              struct lines lines, struct expr *body) {
  struct expr *expr = new_rows(cx, keyword, body);
  expr->as.rows->kind = kind;
  expr->as.rows->over = lines.over;
  expr->as.rows->which = lines.which;
  expr->as.rows->same_date = lines.date.end > 0;
  if (lines.by.end > 0) expr->as.rows->by = word_of(cx, lines.by);
  return expr;
}

// `some line with F has E`: all of { F; E }. `every line with F has E`: any of { not F; E }.
static struct expr *with_filter(struct parse *cx, enum rows_kind kind, struct expr *filter,
                                struct expr *body) {
  bool every = kind == ROWS_EVERY;
  struct expr *block = new_expr(cx, EXPR_BLOCK, span_join(filter->span, body->span));
  struct expr *first = filter;
  if (every) {
    first = new_expr(cx, EXPR_NOT, filter->span);
    first->as.not_.operand = filter;
  }
  first->next = body;
  block->as.block.kind = every ? BLOCK_ANY : BLOCK_ALL;
  block->as.block.first = first;
  block->as.block.count = 2;
  return block;
}

struct expr *build_lines(struct parse *cx, struct which which, struct lines lines,
                         struct expr *filter, struct expr *body) {
  if (filter != NULL) body = with_filter(cx, which.kind, filter, body);
  return new_lines(cx, which.kind, which.at, lines, body);
}

struct expr *build_lines_number(struct parse *cx, struct lexeme keyword, struct lines lines,
                                struct expr *body) {
  return new_lines(cx, ROWS_NUMBER, keyword, lines, body);
}

struct expr *build_lines_sum(struct parse *cx, struct lexeme keyword, struct lexeme value,
                             struct lines lines, struct expr *body) {
  struct expr *expr = new_lines(cx, ROWS_SUM, keyword, lines, body);
  expr->as.rows->value = build_name(cx, value);
  return expr;
}

struct expr *build_related(struct parse *cx, struct lexeme keyword, const struct lexeme *field,
                           struct expr *body) {
  struct lines lines = {.over = OVER_RELATED};
  if (field != NULL) lines.by = *field;
  return new_lines(cx, ROWS_SOME, keyword, lines, body);
}

struct expr *build_own(struct parse *cx, struct lexeme keyword, struct lexeme name,
                       struct lexeme end, bool if_given) {
  struct expr *expr = build_name(cx, name);
  expr->span = span_from(cx, keyword, end);
  expr->as.name.own = true;
  expr->as.name.if_given = if_given;
  return expr;
}

// ------------------------------------------------------------------ blocks and comparisons

struct expr *build_block_head(struct parse *cx, enum block_kind kind, struct lexeme keyword) {
  struct expr *expr = new_expr(cx, EXPR_BLOCK, span_of(cx, keyword));
  expr->as.block.kind = kind;
  return expr;
}

struct expr *build_at_least_head(struct parse *cx, struct lexeme keyword, struct lexeme number) {
  struct expr *expr = build_block_head(cx, BLOCK_AT_LEAST, keyword);
  expr->as.block.need = build_whole_number(cx, number, 1, 1000000);
  return expr;
}

struct expr *build_block(struct parse *cx, struct expr *head, struct exprs members,
                         struct lexeme end) {
  extend(cx, &head->span, end);
  head->as.block.first = members.first;
  head->as.block.count = members.count;
  return head;
}

struct expr *build_labelled(struct parse *cx, struct lexeme label, struct expr *expr) {
  expr->label = word_of(cx, label);
  return expr;
}

struct expr *build_compare(struct parse *cx, enum rel_kind rel, bool date_words, struct expr *left,
                           struct expr *right) {
  struct expr *expr = new_expr(cx, EXPR_COMPARE, span_join(left->span, right->span));
  expr->as.compare.rel = rel;
  expr->as.compare.left = left;
  expr->as.compare.right = right;
  expr->as.compare.date_words = date_words;
  return expr;
}

struct expr *build_window(struct parse *cx, enum expr_kind kind, struct expr *date,
                          struct expr *length, struct expr *start) {
  struct expr *expr = new_expr(cx, kind, span_join(date->span, start->span));
  expr->as.window.date = date;
  expr->as.window.length = length;
  expr->as.window.start = start;
  return expr;
}

struct literals build_inline_set(struct lexeme open, struct literals members, struct lexeme close) {
  (void)open;
  members.end = close.end;
  return members;
}

static struct span span_with_set(struct span span, struct literals set, const struct word *as_of) {
  if (set.last != NULL) span = span_join(span, set.last->span);
  if (set.end > span.end) span.end = set.end;
  return as_of != NULL ? span_join(span, as_of->span) : span;
}

struct expr *build_in(struct parse *cx, struct expr *operand, struct literals set,
                      struct word *as_of) {
  struct expr *expr = new_expr(cx, EXPR_IN, span_with_set(operand->span, set, as_of));
  expr->as.in.operand = operand;
  expr->as.in.set = set.first;
  expr->as.in.as_of = as_of;
  return expr;
}

struct expr *build_includes(struct parse *cx, struct expr *list, enum include_kind mode,
                            struct literals set, struct word *as_of) {
  struct expr *expr = new_expr(cx, EXPR_INCLUDES, span_with_set(list->span, set, as_of));
  expr->as.includes.list = list;
  expr->as.includes.mode = mode;
  expr->as.includes.set = set.first;
  expr->as.includes.as_of = as_of;
  return expr;
}

struct state build_state_word(enum state_kind kind, struct lexeme at) {
  struct state state = {kind, at};
  return state;
}

struct expr *build_state(struct parse *cx, struct expr *operand, struct state state, bool negated) {
  struct expr *expr = new_expr(cx, EXPR_STATE, span_join(operand->span, span_of(cx, state.at)));
  expr->as.state.operand = operand;
  expr->as.state.state = state.kind;
  expr->as.state.negated = negated;
  return expr;
}

// Sums are read from the left, so a long one is a deep tree: it counts against the nesting limit
// like any other.
static void check_sum(struct parse *cx, const struct expr *left) {
  uint32_t depth = 0, limit = cx->front->limits.nesting;
  for (; depth <= limit && left->kind == EXPR_ARITH; depth++) left = left->as.arith.left;
  if (cx->depth + depth > limit) build_too_deep(cx);
}

struct expr *build_arith(struct parse *cx, bool minus, struct expr *left, struct expr *right) {
  if (!cx->front->arena.out_of_memory) check_sum(cx, left);
  struct expr *expr = new_expr(cx, EXPR_ARITH, span_join(left->span, right->span));
  expr->as.arith.minus = minus;
  expr->as.arith.left = left;
  expr->as.arith.right = right;
  return expr;
}

struct expr *build_quotient(struct parse *cx, struct expr *left, struct expr *right,
                            struct lexeme end) {
  struct expr *expr = new_expr(cx, EXPR_QUOTIENT, span_join(left->span, span_of(cx, end)));
  expr->as.quotient.left = left;
  expr->as.quotient.right = right;
  return expr;
}

struct expr *build_literal_expr(struct parse *cx, struct literal *literal) {
  struct expr *expr = new_expr(cx, EXPR_LITERAL, literal->span);
  expr->as.literal = literal;
  return expr;
}

struct expr *build_pick(struct parse *cx, bool latest, struct lexeme keyword, struct exprs operands,
                        struct lexeme end) {
  struct expr *expr = new_expr(cx, EXPR_PICK, span_from(cx, keyword, end));
  expr->as.pick.latest = latest;
  expr->as.pick.first = operands.first;
  expr->as.pick.count = operands.count;
  return expr;
}

struct expr *build_span_of(struct parse *cx, enum expr_kind kind, struct lexeme keyword,
                           struct expr *from, struct expr *to) {
  struct expr *expr = new_expr(cx, kind, span_join(span_of(cx, keyword), to->span));
  expr->as.span_of.from = from;
  expr->as.span_of.to = to;
  return expr;
}

struct expr *build_name(struct parse *cx, struct lexeme name) {
  struct expr *expr = new_expr(cx, EXPR_NAME, span_of(cx, name));
  expr->as.name.name = word_of(cx, name);
  return expr;
}

struct expr *build_name_if_given(struct parse *cx, struct lexeme name, struct lexeme end) {
  struct expr *expr = build_name(cx, name);
  expr->as.name.if_given = true;
  extend(cx, &expr->span, end);
  return expr;
}
