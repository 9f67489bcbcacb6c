// SPDX-License-Identifier: Apache-2.0
//
// Declarations, and changes to the version that is amended. See build.h and build.c.
#include "compiler/build_parts.h"

// ------------------------------------------------------------------ declarations

struct decl *build_use(struct parse *cx, struct lexeme keyword, struct lexeme path) {
  struct decl_use *use = TAKE_DECL(cx, struct decl_use);
  begin(cx, &use->d, DECL_USE, keyword, path);
  use->d.name = build_quoted(cx, path);
  return &use->d;
}

struct decl *build_enumeration(struct parse *cx, struct lexeme keyword, struct lexeme name,
                               struct literals values, struct word *text) {
  struct decl_enumeration *e = TAKE_DECL(cx, struct decl_enumeration);
  begin(cx, &e->d, DECL_ENUMERATION, keyword, name);
  e->d.text = text;
  e->values = first_of(values);
  return &e->d;
}

struct decl *build_reason(struct parse *cx, struct lexeme keyword, struct lexeme code,
                          struct lexeme text) {
  struct decl_reason *reason = TAKE_DECL(cx, struct decl_reason);
  begin(cx, &reason->d, DECL_REASON, keyword, code);
  reason->d.text = build_text(cx, text);
  return &reason->d;
}

struct decl *build_not_computed(struct parse *cx, struct lexeme keyword, struct lexeme ids,
                                struct lexeme why) {
  struct decl_not_computed *d = TAKE_DECL(cx, struct decl_not_computed);
  begin(cx, &d->d, DECL_NOT_COMPUTED, keyword, ids);
  d->d.name = build_quoted(cx, ids);
  d->d.text = build_text(cx, why);
  return &d->d;
}

struct decl *build_constant(struct parse *cx, struct lexeme keyword, struct lexeme name,
                            struct literal *value, struct word *text, struct word *cite) {
  struct decl_constant *constant = TAKE_DECL(cx, struct decl_constant);
  begin(cx, &constant->d, DECL_CONSTANT, keyword, name);
  constant->d.text = text;
  constant->d.cite = cite;
  constant->value = value;
  return &constant->d;
}

struct decl *build_ask_order(struct parse *cx, struct lexeme keyword, struct lexeme end,
                             struct literals facts) {
  struct decl_ask_order *order = TAKE_DECL(cx, struct decl_ask_order);
  order->d.tag = DECL_ASK_ORDER;
  order->d.span = span_from(cx, keyword, end);
  order->facts = first_of(facts);
  return &order->d;
}

struct decl *build_criterion(struct parse *cx, struct lexeme keyword, struct lexeme name,
                             struct lexeme text, struct word *cite, struct expr *when) {
  struct decl_criterion *criterion = TAKE_DECL(cx, struct decl_criterion);
  begin(cx, &criterion->d, DECL_CRITERION, keyword, name);
  criterion->d.text = build_text(cx, text);
  criterion->d.cite = cite;
  criterion->when = when;
  return &criterion->d;
}

struct decl *build_fact_decl(struct parse *cx, struct lexeme keyword, struct decl_fact *fact) {
  fact->d.span = span_join(span_of(cx, keyword), fact->d.span);
  return &fact->d;
}

struct decl_fact *build_fact(struct parse *cx, struct lexeme name, struct type_expr *type,
                             struct left_out left_out, bool required, struct word *text,
                             struct word *standard) {
  struct decl_fact *fact = TAKE_DECL(cx, struct decl_fact);
  begin(cx, &fact->d, DECL_FACT, name, name);
  fact->d.text = text;
  fact->type = *type;
  fact->left_out = left_out.word;
  fact->assumed = left_out.assumed;
  if (left_out.word == LEFT_FACT) fact->other = word_of(cx, left_out.other);
  fact->required = required;
  fact->standard = standard;
  return fact;
}

struct left_out build_left_out(struct parse *cx, enum left_out_word word) {
  (void)cx;
  struct left_out left_out = {.word = word};
  return left_out;
}

struct left_out build_left_out_assumed(struct parse *cx, struct literal *value) {
  (void)cx;
  struct left_out left_out = {.word = LEFT_ASSUMED, .assumed = value};
  return left_out;
}

struct left_out build_left_out_fact(struct parse *cx, struct lexeme name) {
  (void)cx;
  struct left_out left_out = {.word = LEFT_FACT, .other = name};
  return left_out;
}

struct decl_list *build_list_head(struct parse *cx, struct lexeme keyword, struct lexeme name) {
  struct decl_list *list = TAKE_DECL(cx, struct decl_list);
  begin(cx, &list->d, DECL_LIST, keyword, name);
  return list;
}

struct decl_list *build_list_keyed(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                   struct lexeme key) {
  struct decl_list *list = build_list_head(cx, keyword, name);
  list->key = word_of(cx, key);
  return list;
}

struct decl *build_list(struct parse *cx, struct decl_list *list, struct word *text,
                        struct facts fields) {
  (void)cx;
  list->d.text = text;
  list->fields = fields.first;
  return &list->d;
}

struct facts build_no_fields(void) {
  struct facts none = {NULL, NULL};
  return none;
}

struct facts build_fields(struct parse *cx, struct decl_fact *field) {
  return build_fields_add(cx, build_no_fields(), field);
}

struct facts build_fields_add(struct parse *cx, struct facts fields, struct decl_fact *field) {
  (void)cx;
  if (fields.last == NULL)
    fields.first = field;
  else
    fields.last->d.next = &field->d;
  fields.last = field;
  return fields;
}

struct decl *build_derive_value(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                struct expr *value, struct word *text, struct word *cite) {
  struct decl_derive_value *derive = TAKE_DECL(cx, struct decl_derive_value);
  begin(cx, &derive->d, DECL_DERIVE_VALUE, keyword, name);
  derive->d.text = text;
  derive->d.cite = cite;
  derive->value = value;
  return &derive->d;
}

struct decl *build_derive_site(struct parse *cx, struct lexeme keyword, struct lexeme name,
                               struct lexeme type, struct lexeme asks, struct word *text,
                               struct word *cite, struct steps steps) {
  struct decl_derive_site *derive = TAKE_DECL(cx, struct decl_derive_site);
  begin(cx, &derive->d, DECL_DERIVE_SITE, keyword, name);
  derive->d.text = text;
  derive->d.cite = cite;
  derive->type_name = word_of(cx, type);
  derive->asks = word_of(cx, asks);
  derive->steps = steps.first;
  return &derive->d;
}

struct steps build_no_steps(void) {
  struct steps none = {NULL, NULL};
  return none;
}

struct steps build_steps(struct parse *cx, struct derive_step *step) {
  return build_steps_add(cx, build_no_steps(), step);
}

struct steps build_steps_add(struct parse *cx, struct steps steps, struct derive_step *step) {
  (void)cx;
  if (steps.last == NULL)
    steps.first = step;
  else
    steps.last->next = step;
  steps.last = step;
  return steps;
}

static struct derive_step *new_step(struct parse *cx, enum derive_kind kind, struct span span) {
  struct derive_step *step = TAKE(cx, struct derive_step);
  step->kind = kind;
  step->span = span;
  return step;
}

struct derive_step *build_step_given(struct parse *cx, struct literals values, struct lexeme when,
                                     struct lexeme end) {
  struct span span = span_join(values.first->span, span_of(cx, end));
  struct lexeme name = {values.first->span.start, values.first->span.end};
  if (values.first != values.last)
    diag_report(&cx->front->diags, DIAG_ONE_VALUE, span_from(cx, when, end));
  struct derive_step *step = new_step(cx, DERIVE_FACT, span);
  step->fact = build_name(cx, name);
  return step;
}

struct derive_step *build_step_when(struct parse *cx, struct literals values, struct expr *when) {
  struct derive_step *step = new_step(cx, DERIVE_VALUE, span_join(values.first->span, when->span));
  step->values = values.first;
  step->when = when;
  return step;
}

struct derive_step *build_step_otherwise(struct parse *cx, struct literals values,
                                         struct lexeme end) {
  struct derive_step *step =
      new_step(cx, DERIVE_VALUE, span_join(values.first->span, span_of(cx, end)));
  step->values = values.first;
  return step;
}

struct derive_step *build_step_assumed(struct parse *cx, struct literals values,
                                       struct lexeme end) {
  struct derive_step *step = build_step_otherwise(cx, values, end);
  step->assumed = true;
  return step;
}

struct derive_step *build_step_map(struct parse *cx, struct lexeme keyword, struct lexeme fact,
                                   struct rows rows, struct lexeme end) {
  struct derive_step *step = new_step(cx, DERIVE_MAP, span_from(cx, keyword, end));
  step->fact = build_name(cx, fact);
  step->rows = rows.first;
  return step;
}

struct rows build_no_rows(void) {
  struct rows none = {NULL, NULL};
  return none;
}

struct rows build_rows(struct parse *cx, struct derive_row *row) {
  return build_rows_add(cx, build_no_rows(), row);
}

struct rows build_rows_add(struct parse *cx, struct rows rows, struct derive_row *row) {
  (void)cx;
  if (rows.last == NULL)
    rows.first = row;
  else
    rows.last->next = row;
  rows.last = row;
  return rows;
}

struct derive_row *build_row(struct parse *cx, struct literals codes, struct literals values) {
  struct derive_row *row = TAKE(cx, struct derive_row);
  row->codes = codes.first;
  row->values = values.first;
  row->span = span_join(codes.first->span, values.last->span);
  return row;
}

// ------------------------------------------------------------------ each line

struct decl *build_quantity(struct parse *cx, struct lexeme keyword, struct lexeme name,
                            struct expr *value, struct word *text, struct word *cite) {
  struct decl_quantity *quantity = TAKE_DECL(cx, struct decl_quantity);
  begin(cx, &quantity->d, DECL_QUANTITY, keyword, name);
  quantity->d.text = text;
  quantity->d.cite = cite;
  quantity->value = value;
  return &quantity->d;
}

struct decls build_no_decls(void) {
  struct decls none = {NULL, NULL};
  return none;
}

struct decls build_decls(struct decl *decl) {
  struct decls decls = {decl, decl};
  return decls;
}

struct decls build_decls_add(struct decls decls, struct decl *decl) {
  if (decls.last == NULL) return build_decls(decl);
  decls.last->next = decl;
  decls.last = decl;
  return decls;
}

struct decl *build_each(struct parse *cx, struct lexeme keyword, struct lexeme list,
                        struct decls decls) {
  const struct word *rows = build_word(cx, list);
  (void)keyword;
  for (struct decl *d = decls.first; d != NULL; d = d->next) {
    d->rows = rows;
    if (d->tag == DECL_REPLACE) ((struct decl_replace *)d)->with->rows = rows;
    if (d == decls.last) break;
  }
  return decls.first;
}

// ------------------------------------------------------------------ sets, rules, decisions

struct decl_set *build_set_head(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                bool texts) {
  struct decl_set *set = TAKE_DECL(cx, struct decl_set);
  begin(cx, &set->d, DECL_SET, keyword, name);
  set->texts = texts;
  return set;
}

struct decl_set *build_set_by_prefix(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                     bool texts, struct lexeme length) {
  struct decl_set *set = build_set_head(cx, keyword, name, texts);
  set->prefix_length = build_whole_number(cx, length, 1, 12);
  return set;
}

struct decl *build_set(struct parse *cx, struct decl_set *set, struct word *text, struct word *cite,
                       struct literals members) {
  (void)cx;
  set->d.text = text;
  set->d.cite = cite;
  set->members = members.first;
  for (const struct literal *l = set->members; l != NULL; l = l->next)
    set->imports |= l->kind == LIT_IMPORT;
  return &set->d;
}

struct decl *build_rules(struct parse *cx, struct lexeme keyword, struct lexeme name,
                         struct word *text, struct rules list) {
  struct decl_rules *rules = TAKE_DECL(cx, struct decl_rules);
  begin(cx, &rules->d, DECL_RULES, keyword, name);
  rules->d.text = text;
  rules->rules = list.first;
  return &rules->d;
}

struct decl_decision *build_decision_head(struct parse *cx, struct lexeme keyword,
                                          struct lexeme name, bool administrative) {
  struct decl_decision *decision = TAKE_DECL(cx, struct decl_decision);
  begin(cx, &decision->d, DECL_DECISION, keyword, name);
  decision->administrative = administrative;
  return decision;
}

struct decl_decision *build_decision_for_each(struct parse *cx, struct lexeme keyword,
                                              struct lexeme name, bool administrative,
                                              struct lexeme list) {
  struct decl_decision *decision = build_decision_head(cx, keyword, name, administrative);
  decision->list = word_of(cx, list);
  return decision;
}

struct decl *build_decision(struct parse *cx, struct decl_decision *decision, struct word *text,
                            struct decision_items items) {
  (void)cx;
  decision->d.text = text;
  decision->longest = items.longest;
  decision->every_match = items.every_match;
  decision->rules = items.rules.first;
  return &decision->d;
}

struct decision_items build_no_items(void) {
  struct decision_items none = {.longest = false};
  return none;
}

struct decision_items build_longest(struct lexeme keyword) {
  struct decision_items items = {.longest = true, .longest_at = keyword};
  return items;
}

struct decision_items build_every_match(struct lexeme keyword) {
  struct decision_items items = {.every_match = true, .every_match_at = keyword};
  return items;
}

struct decision_items build_item(struct rule *rule) {
  struct decision_items items = {.rules = build_rule_list(rule)};
  return items;
}

struct decision_items build_items_add(struct parse *cx, struct decision_items items,
                                      struct decision_items item) {
  if (item.rules.first != NULL)
    items.rules = build_rule_list_add(cx, items.rules, item.rules.first);
  if (items.longest && item.longest) twice(cx, item.longest_at, "`longest approval decides`");
  if (items.every_match && item.every_match) twice(cx, item.every_match_at, "`report every match`");
  items.longest |= item.longest;
  items.every_match |= item.every_match;
  return items;
}

struct decl_sample *build_sample_head(struct parse *cx, struct lexeme keyword, struct lexeme name) {
  struct decl_sample *sample = TAKE_DECL(cx, struct decl_sample);
  begin(cx, &sample->d, DECL_SAMPLE, keyword, name);
  return sample;
}

struct decl_sample *build_sample_like(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                      struct lexeme base) {
  struct decl_sample *sample = build_sample_head(cx, keyword, name);
  sample->base = word_of(cx, base);
  return sample;
}

struct decl *build_sample(struct parse *cx, struct decl_sample *sample, struct givens givens) {
  (void)cx;
  sample->facts = givens.first;
  return &sample->d;
}

struct decl *build_sample_empty(struct decl_sample *sample) {
  return &sample->d;
}

struct decl_test *build_test_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                  struct word *cite) {
  struct decl_test *test = TAKE_DECL(cx, struct decl_test);
  build_begin_test(cx, &test->d, DECL_TEST, keyword, title, cite);
  return test;
}

struct decl *build_test_bare(struct decl_test *test, struct expects expects) {
  test->expect = expects.first;
  return &test->d;
}

struct decl *build_test(struct decl_test *test, struct test_start start, struct expects expects) {
  test->sample = start.sample;
  test->facts = start.givens.first;
  return build_test_bare(test, expects);
}

// ------------------------------------------------------------------ changes to an older version

struct decl *build_replace(struct parse *cx, struct lexeme keyword, struct decl *with) {
  struct decl_replace *replace = TAKE_DECL(cx, struct decl_replace);
  replace->d.tag = DECL_REPLACE;
  replace->d.span = span_join(span_of(cx, keyword), with->span);
  replace->d.name = with->name;
  replace->d.cite = with->cite;
  replace->with = with;
  return &replace->d;
}

struct decl *build_remove(struct parse *cx, struct lexeme keyword, enum decl_tag of,
                          struct lexeme name, struct word *cite) {
  struct decl_remove *remove = TAKE_DECL(cx, struct decl_remove);
  begin(cx, &remove->d, DECL_REMOVE, keyword, name);
  remove->d.cite = cite;
  remove->of = of;
  return &remove->d;
}

struct decl *build_change_set(struct parse *cx, struct lexeme keyword, struct lexeme name,
                              struct word *text, struct word *cite, struct set_changes changes) {
  struct decl_change_set *change = TAKE_DECL(cx, struct decl_change_set);
  begin(cx, &change->d, DECL_CHANGE_SET, keyword, name);
  change->d.text = text;
  change->d.cite = cite;
  change->changes = changes.first;
  return &change->d;
}

struct set_changes build_no_set_changes(void) {
  struct set_changes none = {NULL, NULL};
  return none;
}

struct set_changes build_set_changes(struct set_changes changes, struct set_change *change) {
  if (changes.last == NULL)
    changes.first = change;
  else
    changes.last->next = change;
  changes.last = change;
  return changes;
}

struct set_change *build_set_change(struct parse *cx, bool remove, struct lexeme keyword,
                                    struct literal *member) {
  struct set_change *change = TAKE(cx, struct set_change);
  change->remove = remove;
  change->span = span_join(span_of(cx, keyword), member->span);
  change->member = member;
  return change;
}

struct set_change *build_rows_through(struct parse *cx, struct lexeme keyword, struct lexeme date) {
  struct set_change *change = TAKE(cx, struct set_change);
  change->through = build_word(cx, date);
  change->span = span_join(span_of(cx, keyword), span_of(cx, date));
  return change;
}

struct decl *build_change_rules(struct parse *cx, bool decision, struct lexeme keyword,
                                struct lexeme name, struct word *text, struct word *cite,
                                struct rule_changes changes) {
  struct decl_change_rules *change = TAKE_DECL(cx, struct decl_change_rules);
  begin(cx, &change->d, DECL_CHANGE_RULES, keyword, name);
  change->d.text = text;
  change->d.cite = cite;
  change->decision = decision;
  change->changes = changes.first;
  return &change->d;
}

struct rule_changes build_no_rule_changes(void) {
  struct rule_changes none = {NULL, NULL};
  return none;
}

struct rule_changes build_rule_changes(struct rule_changes changes, struct rule_change *change) {
  if (changes.last == NULL)
    changes.first = change;
  else
    changes.last->next = change;
  changes.last = change;
  return changes;
}

static struct rule_change *rule_change(struct parse *cx, enum rule_change_kind kind,
                                       struct lexeme keyword, struct lexeme name) {
  struct rule_change *change = TAKE(cx, struct rule_change);
  change->kind = kind;
  change->span = span_from(cx, keyword, name);
  change->name = word_of(cx, name);
  return change;
}

struct rule_change *build_rule_add(struct parse *cx, enum rule_place place, struct lexeme keyword,
                                   struct lexeme name, struct rule *rule) {
  struct rule_change *change = rule_change(cx, RULE_ADD, keyword, name);
  change->place = place;
  if (place == RULE_LAST) change->name.text.length = 0;
  change->rule = rule;
  return change;
}

struct rule_change *build_rule_replace(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                       struct rule *rule) {
  struct rule_change *change = rule_change(cx, RULE_REPLACE, keyword, name);
  change->rule = rule;
  return change;
}

struct rule_change *build_rule_remove(struct parse *cx, struct lexeme keyword, struct lexeme name) {
  return rule_change(cx, RULE_REMOVE, keyword, name);
}
