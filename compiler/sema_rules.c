// SPDX-License-Identifier: Apache-2.0
//
// Rules and decisions: a rule is checked once, where it stands; then each decision is written out with its includes
// and `within` blocks, names are made, and the shape of the whole is checked.
#include "compiler/sema.h"

#include <string.h>

enum { INCLUDE_DEPTH = 32, RULES = 65536 };

// ------------------------------------------------------------------ small things

static struct str empty(void) {
  return (struct str){"", 0};
}

static struct str text_or(const struct word *w, struct str other) {
  return w != NULL ? w->text : other;
}

static struct str determination_text(enum determination_word word) {
  return str_of(soc_determination_name((soc_determination)word));
}

static const struct decl_reason *check_code(struct sema *s, struct word code) {
  struct symbol *symbol = names_find(&s->reasons, code.text);
  if (symbol != NULL) return symbol->decl;
  if (sema_vocabulary_missing(s)) return NULL;
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_REASON, code.span, code.text);
  if (!sema_help_vocabulary(s, d)) sema_suggest_names(s, d, &s->reasons, code.text);
  return NULL;
}

static const struct cell *named_criterion(const struct expr *e) {
  bool named = e != NULL && e->kind == EXPR_NAME && e->decl_kind == KIND_CRITERION;
  return named ? e->decl : NULL;
}

// What a rule's condition is checked in: its cell, or, for what no cell holds, a list of the cells read.
static struct scope scope_of(const struct rule_node *node, struct str name,
                             struct cell_node *cell) {
  return (struct scope){
      .name = name, .cite = node->cite, .cell = cell, .rows = node->rows, .parts = cell != NULL};
}

// The cell of a condition beside the rule's own: a named criterion, or one made for it.
static const struct cell *side_cell(struct sema *s, const struct rule_node *node, const char *what,
                                    struct str code, struct expr *e) {
  struct str name = name_join(s, node->name, str_of(what));
  struct cell_node *cell = cell_new(s, code.length > 0 ? name_join(s, name, code) : name, e->span);
  if (cell == NULL) return NULL;
  cell->cell.is_rule = true;
  cell->cell.text = node->text;
  cell->cell.cite = node->cite;
  cell->cell.when = e;
  cell->cell.rows = node->rows;
  cell_parts(s, cell, e);
  struct scope scope = scope_of(node, cell->cell.name, cell);
  check_truth(s, &scope, e);
  const struct cell *named = named_criterion(e);
  return named != NULL ? named : &cell->cell;
}

// ------------------------------------------------------------------ one rule

static void name_rule(struct sema *s, struct rule_node *node, struct str group) {
  const struct rule *rule = node->rule;
  struct str own = rule->label.text.length > 0  ? rule->label.text
                   : rule->code.text.length > 0 ? rule->code.text
                                                : determination_text(rule->determination);
  node->name = name_join(s, group, own);
}

static void check_condition(struct sema *s, struct rule_node *node) {
  const struct rule *rule = node->rule;
  if (rule->when == NULL) return;
  struct cell_node *cell = cell_new(s, node->name, rule->span);
  if (cell == NULL) return;
  node->holder = cell;
  cell->cell.is_rule = true;
  cell->cell.when = rule->when;
  cell->cell.negated = rule->unless;
  cell->cell.cite = text_or(rule->cite, empty()); // before its parts, which take both over
  cell->cell.rows = node->rows;
  cell_parts(s, cell, rule->when);
  struct scope scope = scope_of(node, node->name, cell);
  scope.cite = cell->cell.cite;
  check_truth(s, &scope, rule->when);
  node->criterion = named_criterion(rule->when);
}

static void report_no_cite(struct sema *s, const struct rule_node *node) {
  const struct rule *rule = node->rule;
  struct diag *d = diag_report(s->diags, DIAG_NO_CITE, rule->span, node->name);
  const struct expr *when = rule->when;
  if (when != NULL && !rule->unless && when->kind == EXPR_NOT &&
      named_criterion(when->as.not_.operand) != NULL)
    diag_help(s->diags, d,
              "only a bare criterion lends its citation; write `unless %w`, or `cite` and a place "
              "of its own",
              source_of(s, when->as.not_.operand->span));
  else if (when != NULL)
    diag_help(s->diags, d,
              "only a bare criterion lends its citation: write `cite` and where it stands in the "
              "payer's text");
}

// What results say of the rule: its own words, else those of the criterion that is all of its condition.
static void word_rule(struct sema *s, struct rule_node *node, const struct decl_reason *reason) {
  const struct rule *rule = node->rule;
  const struct cell *criterion = node->criterion;
  node->cite = text_or(rule->cite, criterion != NULL ? criterion->cite : empty());
  node->text = text_or(rule->text, criterion != NULL && !rule->unless ? criterion->text : empty());
  if (node->text.length == 0 && reason != NULL) node->text = text_or(reason->d.text, empty());
  if (node->cite.length == 0 && rule->cite == NULL && criterion == NULL) report_no_cite(s, node);
  if (node->holder == NULL) return;
  node->holder->cell.text = node->text;
  node->holder->cell.cite = node->cite;
}

static const struct expr *check_window_end(struct sema *s, struct rule_node *node, struct expr *e) {
  if (e == NULL) return NULL;
  struct scope scope = scope_of(node, node->name, NULL);
  scope.deps = &node->window_deps;
  const struct type *type = check_operand(s, &scope, e);
  if (type_is_poison(type)) return e;
  if (type->base != SOC_DATE)
    diag_report(s->diags, DIAG_DATE_WANTED, e->span, source_of(s, e->span),
                type_words(s->arena, type));
  return e;
}

static void check_approval(struct sema *s, struct rule_node *node) {
  const struct rule *rule = node->rule;
  check_window_end(s, node, rule->from);
  check_window_end(s, node, rule->through);
  bool limits = rule->from != NULL || rule->through != NULL || rule->one_time;
  if (limits && rule->determination != SAY_APPROVE)
    diag_report(s->diags, DIAG_WINDOW_NOT_APPROVE, rule->span);
}

// Units of the line, or a plain number of them.
static void check_stands(struct sema *s, struct rule_node *node) {
  struct expr *e = node->rule->stands;
  if (e == NULL) return;
  if (node->rows == NULL) {
    diag_report(s->diags, DIAG_STANDS_CASE, e->span);
    return;
  }
  struct scope scope = scope_of(node, node->name, NULL);
  scope.deps = &node->window_deps;
  const struct type *type = check_operand(s, &scope, e);
  if (type_is_poison(type)) return;
  bool units = type->unit == SOC_UNIT_NONE || type->unit == SOC_CODE_UNITS;
  if (type->base != SOC_NUMBER || !units)
    diag_report(s->diags, DIAG_STANDS_TYPE, e->span, source_of(s, e->span),
                type_words(s->arena, type));
}

static void check_actions(struct sema *s, struct rule_node *node) {
  for (const struct action *a = node->rule->actions; a != NULL; a = a->next) {
    uint32_t value;
    if (s->actions == NULL || !enum_find(s->actions, a->name.text, &value)) {
      struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_ACTION, a->name.span, a->name.text);
      if (s->actions != NULL) sema_suggest_values(s, d, s->actions, a->name.text);
    }
    struct required_action *action = vec_add(s->arena, &node->actions, sizeof *action);
    if (action == NULL) return;
    action->name = a->name.text;
    if (a->when != NULL) action->cell = side_cell(s, node, "action", a->name.text, a->when);
  }
}

static void check_grounds(struct sema *s, struct rule_node *node) {
  for (const struct because *b = node->rule->grounds; b != NULL; b = b->next) {
    check_code(s, b->code);
    struct ground *ground = vec_add(s->arena, &node->grounds, sizeof *ground);
    if (ground == NULL) return;
    ground->code = b->code.text;
    if (b->when != NULL) ground->cell = side_cell(s, node, "because", b->code.text, b->when);
  }
}

// The places that a list names are left out of the redirect. It is always read `if given`: what is left out names none.
static void check_except(struct sema *s, struct rule_node *node) {
  struct expr *except = node->rule->except;
  if (except == NULL) return;
  struct scope scope = {.name = node->name, .deps = &node->window_deps};
  const struct type *type = check_operand(s, &scope, except);
  if (type_is_poison(type)) return;
  node->except = expr_fact(except);
  bool sites =
      type->base == SOC_ENUM_LIST && type->values == s->sites && node->except->list == NULL;
  if (!sites) diag_report(s->diags, DIAG_EXCEPT_SITES, except->span, except->as.name.name.text);
}

static void check_redirect(struct sema *s, struct rule_node *node) {
  const struct rule *rule = node->rule;
  if (rule->redirect == NULL) return;
  if (s->sites == NULL) {
    diag_report(s->diags, DIAG_NO_SITES, rule->redirect->span);
    return;
  }
  literal_mask(s, rule->redirect, s->sites, &node->redirect);
  check_except(s, node);
}

static void check_open(struct sema *s, struct rule_node *node) {
  const struct rule *rule = node->rule;
  if (rule->open_code.text.length == 0) return;
  check_code(s, rule->open_code);
  if (rule->when == NULL) diag_report(s->diags, DIAG_OPEN_OTHERWISE, rule->open_code.span);
  if (rule->open_when != NULL)
    node->open_cell = side_cell(s, node, "open", empty(), rule->open_when);
}

static struct rule_node *node_new(struct sema *s, struct rule *rule, const struct group *group) {
  struct rule_node *node = ARENA_NEW(s->arena, struct rule_node);
  if (node == NULL) return NULL;
  rule->node = node;
  node->rule = rule;
  node->rows = group->list;
  return node;
}

static void check_rule(struct sema *s, struct rule *rule, struct str name,
                       const struct group *group) {
  struct rule_node *node = node_new(s, rule, group);
  if (node == NULL) return;
  name_rule(s, node, name);
  const struct decl_reason *reason = rule->code.text.length > 0 ? check_code(s, rule->code) : NULL;
  check_condition(s, node);
  word_rule(s, node, reason);
  check_approval(s, node);
  check_redirect(s, node);
  check_open(s, node);
  check_grounds(s, node);
  check_stands(s, node);
  check_actions(s, node);
}

static void check_within(struct sema *s, struct rule *rule, struct str name,
                         const struct group *group) {
  struct rule_node *node = node_new(s, rule, group);
  if (node == NULL) return;
  node->name = name;
  struct scope scope = scope_of(node, name, NULL);
  scope.deps = &node->window_deps;
  check_truth(s, &scope, rule->when);
}

static void check_rules(struct sema *s, struct rule *first, struct str name,
                        const struct group *group) {
  for (struct rule *rule = first; rule != NULL; rule = rule->next) {
    if (rule->kind == RULE_RULE) check_rule(s, rule, name, group);
    if (rule->kind != RULE_WITHIN) continue;
    check_within(s, rule, name, group);
    check_rules(s, rule->body, name, group);
  }
}

// ------------------------------------------------------------------ writing a decision out

// What stands around a rule when it is written out.
struct around {
  const struct expr *within;    // NULL: nothing
  const struct vec *deps;       // struct cell_node *, that `within` reads
  const struct fact_decl *rows; // for each row of which it is asked; NULL: the case
};

struct writer {
  struct sema *s;
  struct decision_decl *decision;
  struct names names;
  uint32_t stamp;
  bool ended; // after `otherwise`
  uint32_t depth;
};

static void expand(struct writer *w, struct rule *first, struct around around);

static void copy_deps(struct sema *s, struct vec *to, const struct vec *from) {
  for (uint32_t i = 0; from != NULL && i < from->count; i++)
    vec_push(s->arena, to, *VEC_AT(*from, struct cell_node *, i));
}

// The rule's condition under `within`: a cell of its own, shared by decisions that include the same block.
static const struct cell *cell_within(struct sema *s, struct rule_node *node,
                                      struct around around) {
  if (node->within == around.within && node->within_cell != NULL) return node->within_cell;
  struct cell_node *cell = cell_new(s, node->name, node->rule->span);
  if (cell == NULL) return NULL;
  struct cell made = node->holder->cell;
  made.within = around.within;
  cell->cell = made;
  if (around.rows != NULL) cell->cell.rows = around.rows;
  copy_deps(s, &cell->deps, around.deps);
  copy_deps(s, &cell->deps, &node->holder->deps);
  node->within = around.within;
  node->within_cell = &cell->cell;
  return node->within_cell;
}

static const struct cell *condition_of(struct sema *s, struct rule_node *node,
                                       struct around around) {
  if (node->holder == NULL) return NULL;
  if (around.within != NULL) return cell_within(s, node, around);
  if (node->criterion != NULL && !node->rule->unless) return node->criterion;
  return &node->holder->cell;
}

static bool said_of_cases(enum determination_word word) {
  return word == SAY_APPROVE || word == SAY_REFER || word == SAY_PEND || word == SAY_NOT_APPLICABLE;
}

static void check_determination(struct sema *s, const struct decision_decl *d,
                                const struct rule *rule) {
  enum determination_word word = rule->determination;
  struct str text = determination_text(word);
  if (d->list != NULL && said_of_cases(word) && word != SAY_PEND)
    diag_report(s->diags, DIAG_LINE_SAYS, rule->span, text);
  if (d->list != NULL || d->administrative || said_of_cases(word)) return;
  diag_report(s->diags, word == SAY_DENY ? DIAG_MEDICAL_DENIES : DIAG_MEDICAL_SAYS, rule->span,
              d->name, text);
}

static void check_place(struct writer *w, const struct rule *rule, struct around around) {
  struct sema *s = w->s;
  check_determination(s, w->decision, rule);
  if (w->ended) diag_report(s->diags, DIAG_AFTER_OTHERWISE, rule->span);
  if (rule->when == NULL && around.within != NULL)
    diag_report(s->diags, DIAG_OTHERWISE_WITHIN, rule->span);
  w->ended = w->ended || (rule->when == NULL && around.within == NULL);
}

static void check_name(struct writer *w, const struct rule_node *node) {
  struct sema *s = w->s;
  uint32_t before = w->names.all.count;
  struct symbol *symbol = names_add(&w->names, node->name);
  if (symbol == NULL) return;
  if (w->names.all.count > before) {
    symbol->span = node->rule->span;
    return;
  }
  struct diag *d = diag_report(s->diags, DIAG_RULE_TWICE, node->rule->span, node->name);
  diag_note(s->diags, d, symbol->span, "the other stands");
}

// A condition that an earlier rule has decided for good.
static void check_reached(struct writer *w, const struct rule_decl *r) {
  if (r->condition == NULL) return;
  struct cell_node *cell = node_of(r->condition);
  if (cell->rule_stamp == w->stamp) diag_report(w->s->diags, DIAG_RULE_UNREACHED, r->span, r->name);
  bool decides = r->determination != SOC_APPROVE && !w->decision->every_match;
  if (decides || r->stop) cell->rule_stamp = w->stamp;
}

static void add_rule(struct writer *w, struct rule *rule, struct around around) {
  struct sema *s = w->s;
  struct rule_node *node = rule->node;
  if (node == NULL) return;
  check_place(w, rule, around);
  check_name(w, node);
  struct rule_decl *r = vec_add(s->arena, &w->s->rules, sizeof *r);
  if (r == NULL) return;
  *r = (struct rule_decl){.name = node->name,
                          .text = node->text,
                          .cite = node->cite,
                          .span = rule->span,
                          .determination = (soc_determination)rule->determination,
                          .code = rule->code.text,
                          .condition = condition_of(s, node, around),
                          .stop = rule->stop,
                          .one_time = rule->one_time,
                          .open_code = rule->open_code.text,
                          .open_cell = node->open_cell,
                          .from = rule->from,
                          .through = rule->through,
                          .stands = rule->stands,
                          .redirect = node->redirect,
                          .decl = rule};
  if (r->redirect != 0) r->redirect_values = s->sites, r->except = node->except;
  if (!rule->unless) r->criterion = node->criterion;
  r->actions = node->actions.items, r->action_count = node->actions.count;
  r->grounds = node->grounds.items, r->ground_count = node->grounds.count;
  check_reached(w, r);
}

static void include(struct writer *w, const struct rule *rule, struct around around) {
  struct sema *s = w->s;
  struct symbol *symbol = names_find(&s->groups, rule->include.text);
  struct group *group = symbol != NULL ? symbol->decl : NULL;
  if (group == NULL || group->rules == NULL) {
    struct diag *d =
        diag_report(s->diags, DIAG_NO_SUCH_RULES, rule->include.span, rule->include.text);
    sema_suggest_names(s, d, &s->groups, rule->include.text);
    return;
  }
  symbol->used = true;
  if (group->list != NULL && group->list != w->decision->list) {
    diag_report(s->diags, DIAG_INCLUDE_LINES, rule->include.span, rule->include.text,
                group->list->name);
    return;
  }
  if (group->stamp == w->stamp) {
    diag_report(s->diags, DIAG_INCLUDED_TWICE, rule->include.span, rule->include.text);
    return;
  }
  group->stamp = w->stamp;
  if (w->depth >= INCLUDE_DEPTH) {
    diag_report(s->diags, DIAG_INCLUDE_TOO_DEEP, rule->include.span, (uint32_t)INCLUDE_DEPTH);
    return;
  }
  w->depth++;
  expand(w, group->rules->rules, around);
  w->depth--;
}

static struct expr *expr_copy(struct sema *s, const struct expr *e) {
  struct expr *copy = ARENA_NEW(s->arena, struct expr);
  if (copy == NULL) return NULL;
  *copy = *e;
  copy->next = NULL;
  copy->label = (struct word){{"", 0}, e->span};
  return copy;
}

// `within A { within B { .. } }` is all of { A, B }.
static struct around nest(struct writer *w, struct rule *rule, struct around outer) {
  struct sema *s = w->s;
  struct rule_node *node = rule->node;
  if (outer.within == NULL) return (struct around){rule->when, &node->window_deps, node->rows};
  struct expr *both = ARENA_NEW(s->arena, struct expr);
  struct vec *deps = ARENA_NEW(s->arena, struct vec);
  struct expr *a = expr_copy(s, outer.within), *b = expr_copy(s, rule->when);
  if (both == NULL || deps == NULL || a == NULL || b == NULL) return outer;
  a->next = b;
  both->kind = EXPR_BLOCK;
  both->span = rule->when->span;
  both->as.block.kind = BLOCK_ALL;
  both->as.block.first = a;
  both->as.block.count = 2;
  copy_deps(s, deps, outer.deps);
  copy_deps(s, deps, &node->window_deps);
  return (struct around){both, deps, node->rows != NULL ? node->rows : outer.rows};
}

static void expand(struct writer *w, struct rule *first, struct around around) {
  for (struct rule *rule = first; rule != NULL; rule = rule->next) {
    if (w->s->rules.count >= RULES) {
      diag_report(w->s->diags, DIAG_TOO_MANY_RULES, rule->span, (uint32_t)RULES);
      return;
    }
    switch (rule->kind) {
    case RULE_RULE: add_rule(w, rule, around); break;
    case RULE_INCLUDE: include(w, rule, around); break;
    case RULE_WITHIN:
      if (rule->node != NULL) expand(w, rule->body, nest(w, rule, around));
      break;
    }
  }
}

// ------------------------------------------------------------------ the rule about the date of service

static struct expr *expr_new(struct sema *s, enum expr_kind kind, struct span span,
                             const struct type *type) {
  struct expr *e = ARENA_NEW(s->arena, struct expr);
  if (e == NULL) return NULL;
  e->kind = kind;
  e->span = span;
  e->type = type;
  return e;
}

// `basis before 0001-01-01`: unknown while the date is left out, and otherwise not met. A line has a date of its own.
static struct expr *date_condition(struct sema *s, const struct fact_decl *date, struct span span) {
  struct expr *e = expr_new(s, EXPR_COMPARE, span, NULL);
  struct expr *left = expr_new(s, EXPR_NAME, span, &type_date),
              *right = expr_new(s, EXPR_LITERAL, span, &type_date);
  struct literal *first = ARENA_NEW(s->arena, struct literal);
  if (e == NULL || left == NULL || right == NULL || first == NULL) return NULL;
  left->as.name.name = (struct word){date->list != NULL ? date->field : date->name, span};
  left->decl = date;
  left->decl_kind = KIND_FACT;
  *first = (struct literal){.kind = LIT_DATE, .word = {{"0001-01-01", 10}, span}, .span = span};
  right->as.literal = first;
  e->as.compare.rel = REL_LT;
  e->as.compare.left = left;
  e->as.compare.right = right;
  e->as.compare.date_words = true;
  return e;
}

static void add_date_rule(struct writer *w) {
  struct sema *s = w->s;
  if (s->program->basis == NULL) return;
  struct span span = s->main->head.basis->span;
  struct str name = name_join(s, w->decision->name, str_of("DATE_OF_SERVICE"));
  struct cell_node *cell = cell_new(s, name, span);
  struct rule_decl *r = vec_add(s->arena, &w->s->rules, sizeof *r);
  const struct fact_decl *date = sema_date_of_row(s, w->decision->list);
  struct expr *when = date_condition(s, date, span);
  if (cell == NULL || r == NULL || when == NULL) return;
  cell->cell.is_rule = true;
  cell->cell.text = str_of("The date that chooses the version of the policy");
  cell->cell.cite = str_of("date of service chooses the version");
  cell->cell.when = when;
  cell->cell.rows = date->list;
  *r = (struct rule_decl){.name = name,
                          .text = cell->cell.text,
                          .cite = cell->cell.cite,
                          .span = span,
                          .determination = SOC_PEND,
                          .condition = &cell->cell};
  names_add(&w->names, name);
}

// ------------------------------------------------------------------ decisions

// `each line of` something that is no list, which has been reported.
static bool list_failed(const struct group *group) {
  if (group->list != NULL) return false;
  if (group->rules != NULL) return group->rules->d.rows != NULL;
  return group->decision != NULL && group->decision->list.text.length > 0;
}

static void write_decision(struct sema *s, struct group *group) {
  const struct decl_decision *d = group->decision;
  struct decision_decl *decision = vec_add(s->arena, &s->decisions, sizeof *decision);
  if (decision == NULL) return;
  decision->name = d->d.name.text;
  decision->text = text_or(d->d.text, empty());
  decision->administrative = d->administrative;
  decision->longest = d->longest;
  decision->every_match = d->every_match;
  struct writer w = {.s = s, .decision = decision, .stamp = ++s->stamp};
  s->rules.count = 0;
  names_init(&w.names, s->arena);
  decision->list = group->list;
  if (list_failed(group)) return;
  if (decision->list != NULL && !d->administrative)
    diag_report(s->diags, DIAG_LINE_MEDICAL, d->d.name.span, decision->name);
  add_date_rule(&w);
  expand(&w, d->rules, (struct around){NULL, NULL, NULL});
  if (!w.ended) diag_report(s->diags, DIAG_NO_OTHERWISE, d->d.name.span, decision->name);
  decision->rules = ARENA_ARRAY(s->arena, struct rule_decl, s->rules.count);
  if (decision->rules == NULL || s->rules.count == 0) return;
  memcpy(decision->rules, s->rules.items, s->rules.count * sizeof *decision->rules);
  decision->rule_count = s->rules.count;
}

void sema_rules(struct sema *s) {
  uint32_t decisions = 0;
  for (uint32_t i = 0; i < s->groups.all.count; i++) {
    struct symbol *symbol = *VEC_AT(s->groups.all, struct symbol *, i);
    struct group *group = symbol->decl;
    decisions += group->decision != NULL;
    if (list_failed(group)) continue;
    if (group->rules != NULL) check_rules(s, group->rules->rules, symbol->name, group);
    if (group->decision != NULL) check_rules(s, group->decision->rules, symbol->name, group);
  }
  if (s->main->kind != FILE_POLICY) return;
  for (uint32_t i = 0; i < s->groups.all.count; i++) {
    struct group *group = (*VEC_AT(s->groups.all, struct symbol *, i))->decl;
    if (group->decision != NULL) write_decision(s, group);
  }
  if (decisions == 0) diag_report(s->diags, DIAG_NO_DECISION, s->main->head.id.span);
}
