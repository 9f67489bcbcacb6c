// SPDX-License-Identifier: Apache-2.0
//
// Rules. See build.h and build.c.
#include "compiler/build_parts.h"

// ------------------------------------------------------------------ rules

struct rules build_no_rules(void) {
  struct rules none = {NULL, NULL};
  return none;
}

struct rules build_rule_list(struct rule *rule) {
  struct rules rules = {rule, rule};
  return rules;
}

struct rules build_rule_list_add(struct parse *cx, struct rules rules, struct rule *rule) {
  (void)cx;
  if (rules.last == NULL) return build_rule_list(rule);
  rules.last->next = rule;
  rules.last = rule;
  return rules;
}

struct rule *build_include(struct parse *cx, struct lexeme keyword, struct lexeme name) {
  struct rule *rule = TAKE(cx, struct rule);
  rule->kind = RULE_INCLUDE;
  rule->span = span_from(cx, keyword, name);
  rule->include = word_of(cx, name);
  return rule;
}

struct rule *build_within(struct parse *cx, struct lexeme keyword, struct expr *when,
                          struct rules body) {
  struct rule *rule = TAKE(cx, struct rule);
  rule->kind = RULE_WITHIN;
  rule->span = span_join(span_of(cx, keyword), when->span);
  rule->when = when;
  rule->body = body.first;
  return rule;
}

struct determination build_say(enum determination_word word, struct lexeme start,
                               struct lexeme end) {
  struct determination say = {word, {start.start, end.end}};
  return say;
}

struct rule *build_rule(struct parse *cx, struct determination say) {
  struct rule *rule = TAKE(cx, struct rule);
  rule->kind = RULE_RULE;
  rule->span = span_of(cx, say.at);
  rule->determination = say.word;
  return rule;
}

struct rule *build_rule_code(struct parse *cx, struct determination say, struct lexeme code) {
  struct rule *rule = build_rule(cx, say);
  rule->code = word_of(cx, code);
  extend(cx, &rule->span, code);
  return rule;
}

struct rule *build_rule_as(struct parse *cx, struct determination say, struct lexeme code,
                           struct lexeme label) {
  struct rule *rule = build_rule_code(cx, say, code);
  rule->label = word_of(cx, label);
  extend(cx, &rule->span, label);
  return rule;
}

struct rule *build_rule_named(struct parse *cx, struct determination say, struct lexeme label) {
  struct rule *rule = build_rule(cx, say);
  rule->label = word_of(cx, label);
  extend(cx, &rule->span, label);
  return rule;
}

struct rule *build_rule_when(struct parse *cx, struct rule *rule, struct expr *when) {
  (void)cx;
  rule->when = when;
  rule->span = span_join(rule->span, when->span);
  return rule;
}

struct rule *build_rule_unless(struct parse *cx, struct rule *rule, struct expr *when) {
  rule->unless = true;
  return build_rule_when(cx, rule, when);
}

struct rule *build_rule_otherwise(struct parse *cx, struct rule *rule, struct lexeme end) {
  extend(cx, &rule->span, end);
  return rule;
}

struct rule *build_rule_text(struct parse *cx, struct rule *rule, struct lexeme text) {
  if (rule->text != NULL) twice(cx, text, "the sentence of a rule");
  rule->text = build_text(cx, text);
  extend(cx, &rule->span, text);
  return rule;
}

struct rule *build_rule_cite(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct lexeme text) {
  if (rule->cite != NULL) twice(cx, keyword, "the citation");
  rule->cite = build_text(cx, text);
  extend(cx, &rule->span, text);
  return rule;
}

struct rule *build_rule_stop(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct lexeme end) {
  if (rule->stop) twice(cx, keyword, "`and stop`");
  rule->stop = true;
  extend(cx, &rule->span, end);
  return rule;
}

struct rule *build_rule_one_time(struct parse *cx, struct rule *rule, struct lexeme keyword,
                                 struct lexeme end) {
  if (rule->one_time) twice(cx, keyword, "`one time`");
  rule->one_time = true;
  extend(cx, &rule->span, end);
  return rule;
}

struct rule *build_rule_from(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct expr *date) {
  if (rule->from != NULL) twice(cx, keyword, "the first day");
  rule->from = date;
  rule->span = span_join(rule->span, date->span);
  return rule;
}

struct rule *build_rule_through(struct parse *cx, struct rule *rule, struct lexeme keyword,
                                struct expr *date) {
  if (rule->through != NULL) twice(cx, keyword, "the last day");
  rule->through = date;
  rule->span = span_join(rule->span, date->span);
  return rule;
}

struct rule *build_rule_stands(struct parse *cx, struct rule *rule, struct lexeme keyword,
                               struct expr *units, struct expr *least) {
  if (rule->stands != NULL) twice(cx, keyword, "`stands`");
  rule->stands = units;
  if (least != NULL) {
    units->next = least;
    rule->stands = new_expr(cx, EXPR_PICK, span_join(units->span, least->span));
    rule->stands->as.pick.latest = true;
    rule->stands->as.pick.first = units;
    rule->stands->as.pick.count = 2;
  }
  rule->span = span_join(rule->span, least != NULL ? least->span : units->span);
  return rule;
}

struct rule *build_rule_redirect(struct parse *cx, struct rule *rule, struct lexeme keyword,
                                 struct literals to, struct expr *except) {
  if (rule->redirect != NULL) twice(cx, keyword, "`redirect`");
  rule->redirect = to.first;
  rule->except = except;
  if (to.last != NULL) rule->span = span_join(rule->span, to.last->span);
  if (except != NULL) rule->span = span_join(rule->span, except->span);
  return rule;
}

struct rule *build_rule_action(struct parse *cx, struct rule *rule, struct lexeme name,
                               struct expr *when) {
  struct action *action = TAKE(cx, struct action);
  action->name = word_of(cx, name);
  action->when = when;
  if (rule->actions == NULL)
    rule->actions = action;
  else
    cx->last_action->next = action;
  cx->last_action = action;
  rule->span = span_join(rule->span, when != NULL ? when->span : span_of(cx, name));
  return rule;
}

struct rule *build_rule_because(struct parse *cx, struct rule *rule, struct lexeme code,
                                struct expr *when) {
  struct because *because = TAKE(cx, struct because);
  because->code = word_of(cx, code);
  because->when = when;
  if (rule->grounds == NULL)
    rule->grounds = because;
  else
    cx->last_because->next = because;
  cx->last_because = because;
  rule->span = span_join(rule->span, when != NULL ? when->span : span_of(cx, code));
  return rule;
}

struct rule *build_rule_open(struct parse *cx, struct rule *rule, struct lexeme keyword,
                             struct lexeme code, struct expr *when) {
  if (rule->open_code.text.length > 0) twice(cx, keyword, "`while open`");
  rule->open_code = word_of(cx, code);
  rule->open_when = when;
  rule->span = span_join(rule->span, when != NULL ? when->span : span_of(cx, code));
  return rule;
}
