// SPDX-License-Identifier: Apache-2.0
//
// See build.h. Every constructor is straight-line: take a node, fill it in, join the spans. Lists
// grow at their tail, so the tree costs time and memory in proportion to the text.
#include "compiler/build.h"

#include <assert.h>
#include <string.h>

enum { MOST_VERSIONS = 64 }; // that one file of tests is for

// ------------------------------------------------------------------ nodes, words, spans

static void *take(struct parse *cx, size_t size) {
  assert(size <= sizeof cx->spare);
  void *node = arena_alloc(&cx->front->arena, size);
  return node != NULL ? node : memset(&cx->spare, 0, sizeof cx->spare);
}
#define TAKE(cx, type) ((type *)take((cx), sizeof(type)))

static struct span span_of(const struct parse *cx, struct lexeme at) {
  struct span span = {cx->file, at.start, at.end};
  return span;
}

static struct span span_from(const struct parse *cx, struct lexeme start, struct lexeme end) {
  return span_join(span_of(cx, start), span_of(cx, end));
}

static void extend(const struct parse *cx, struct span *span, struct lexeme end) {
  *span = span_join(*span, span_of(cx, end));
}

static struct word word_of(const struct parse *cx, struct lexeme at) {
  struct word word = {{cx->text + at.start, at.end - at.start}, span_of(cx, at)};
  return word;
}

// What a text in quotes says: mostly a piece of the source; a copy if it has escapes.
static struct word text_of(struct parse *cx, struct lexeme at) {
  struct word word = word_of(cx, at);
  const char *from = word.text.data + 1, *end = word.text.data + word.text.length;
  if (end > from && end[-1] == '"') end--;
  word.text = (struct str){from, (uint32_t)(end - from)};
  if (word.text.length == 0 || memchr(from, '\\', word.text.length) == NULL) return word;
  struct str copy = arena_copy(&cx->front->arena, from, word.text.length);
  if (copy.data == NULL) return word;
  char *to = (char *)(uintptr_t)copy.data; // just made, nobody else has it
  uint32_t length = 0;
  for (; from < end; from++) {
    if (*from == '\\' && from + 1 < end) from++;
    to[length++] = *from;
  }
  word.text = (struct str){to, length};
  return word;
}

struct word *build_word(struct parse *cx, struct lexeme at) {
  struct word *word = TAKE(cx, struct word);
  *word = word_of(cx, at);
  return word;
}

struct word *build_text(struct parse *cx, struct lexeme at) {
  struct word *word = TAKE(cx, struct word);
  *word = text_of(cx, at);
  return word;
}

static void twice(struct parse *cx, struct lexeme at, const char *what) {
  diag_report(&cx->front->diags, DIAG_SAID_TWICE, span_of(cx, at), what);
}

// A whole number in a place where only that makes sense; 0 after an error.
static uint32_t whole_number(struct parse *cx, struct lexeme at, uint32_t low, uint32_t high) {
  uint64_t value = 0;
  bool good = at.end - at.start <= 9;
  for (uint32_t i = at.start; good && i < at.end; i++) {
    good = cx->text[i] >= '0' && cx->text[i] <= '9';
    value = value * 10 + (uint64_t)(cx->text[i] - '0');
  }
  if (good && value >= low && value <= high) return (uint32_t)value;
  diag_report(&cx->front->diags, DIAG_WHOLE_NUMBER, span_of(cx, at), word_of(cx, at).text, low,
              high);
  return 0;
}

static struct literal *first_of(struct literals literals) {
  return literals.first;
}

// ------------------------------------------------------------------ nesting

void build_too_deep(struct parse *cx) {
  if (!cx->stop) {
    struct span span = {cx->file, cx->previous.start, cx->previous.end};
    diag_report(&cx->front->diags, DIAG_TOO_DEEP, span, cx->front->limits.nesting);
  }
  cx->stop = true;
}

void build_enter(struct parse *cx) {
  if (++cx->depth > cx->front->limits.nesting) build_too_deep(cx);
}

void build_leave(struct parse *cx) {
  cx->depth--;
}

// ------------------------------------------------------------------ files

void build_kind(struct parse *cx, enum file_kind kind, struct lexeme name) {
  cx->out->kind = kind;
  cx->out->name = text_of(cx, name);
}

void build_tests(struct parse *cx, struct lexeme keyword, struct lexeme version) {
  struct literal *literal = build_literal(cx, LIT_STRING, version), **link = &cx->out->versions;
  if (cx->out->version_count == 0) cx->out->name = word_of(cx, keyword);
  cx->out->kind = FILE_TESTS;
  if (cx->front->arena.out_of_memory) return;
  if (cx->out->version_count == MOST_VERSIONS) {
    diag_report(&cx->front->diags, DIAG_TESTS_FOR_MANY, literal->span, (uint32_t)MOST_VERSIONS);
    return;
  }
  for (; *link != NULL; link = &(*link)->next)
    if (str_equal((*link)->word.text, literal->word.text)) twice(cx, version, "this policy");
  *link = literal;
  cx->out->version_count++;
}

void build_policy(struct parse *cx, struct lexeme keyword, struct lexeme id) {
  cx->out->kind = FILE_POLICY;
  cx->out->head.span = span_from(cx, keyword, id);
  cx->out->head.id = text_of(cx, id);
}

static void head_item(struct parse *cx, struct lexeme keyword, struct word **slot,
                      struct word *value, const char *what) {
  if (*slot != NULL) twice(cx, keyword, what);
  *slot = value;
}

void build_title(struct parse *cx, struct lexeme keyword, struct lexeme text) {
  head_item(cx, keyword, &cx->out->head.title, build_text(cx, text), "the title");
}

void build_payer(struct parse *cx, struct lexeme keyword, struct lexeme text) {
  head_item(cx, keyword, &cx->out->head.payer, build_text(cx, text), "the payer");
}

void build_version(struct parse *cx, struct lexeme keyword, struct lexeme date) {
  head_item(cx, keyword, &cx->out->head.version, build_word(cx, date), "the version");
}

void build_basis(struct parse *cx, struct lexeme keyword, struct lexeme name) {
  head_item(cx, keyword, &cx->out->head.basis, build_word(cx, name), "the basis");
}

void build_source(struct parse *cx, struct lexeme keyword, struct lexeme text) {
  head_item(cx, keyword, &cx->out->head.source, build_text(cx, text), "the source");
}

void build_source_revised(struct parse *cx, struct lexeme keyword, struct lexeme text,
                          struct lexeme date) {
  build_source(cx, keyword, text);
  cx->out->head.revised = build_word(cx, date);
}

void build_amends(struct parse *cx, struct lexeme keyword, struct lexeme path) {
  head_item(cx, keyword, &cx->out->head.amends, build_text(cx, path), "what is amended");
}

// `each line of L { .. }` gives several, chained, or none.
void build_add_decl(struct parse *cx, struct decl *decl) {
  if (decl == NULL) return;
  if (cx->last_decl == NULL)
    cx->out->decls = decl;
  else
    cx->last_decl->next = decl;
  while (decl->next != NULL && !cx->front->arena.out_of_memory) decl = decl->next;
  cx->last_decl = decl;
}

// ------------------------------------------------------------------ declarations

static void begin(struct parse *cx, struct decl *d, enum decl_tag tag, struct lexeme keyword,
                  struct lexeme name) {
  d->tag = tag;
  d->span = span_from(cx, keyword, name);
  d->name = word_of(cx, name);
}

struct decl *build_use(struct parse *cx, struct lexeme keyword, struct lexeme path) {
  struct decl_use *use = TAKE(cx, struct decl_use);
  begin(cx, &use->d, DECL_USE, keyword, path);
  use->d.name = text_of(cx, path);
  return &use->d;
}

struct decl *build_enumeration(struct parse *cx, struct lexeme keyword, struct lexeme name,
                               struct literals values, struct word *text) {
  struct decl_enumeration *e = TAKE(cx, struct decl_enumeration);
  begin(cx, &e->d, DECL_ENUMERATION, keyword, name);
  e->d.text = text;
  e->values = first_of(values);
  return &e->d;
}

struct decl *build_reason(struct parse *cx, struct lexeme keyword, struct lexeme code,
                          struct lexeme text) {
  struct decl_reason *reason = TAKE(cx, struct decl_reason);
  begin(cx, &reason->d, DECL_REASON, keyword, code);
  reason->d.text = build_text(cx, text);
  return &reason->d;
}

struct decl *build_not_computed(struct parse *cx, struct lexeme keyword, struct lexeme ids,
                                struct lexeme why) {
  struct decl_not_computed *d = TAKE(cx, struct decl_not_computed);
  begin(cx, &d->d, DECL_NOT_COMPUTED, keyword, ids);
  d->d.name = text_of(cx, ids);
  d->d.text = build_text(cx, why);
  return &d->d;
}

struct decl *build_constant(struct parse *cx, struct lexeme keyword, struct lexeme name,
                            struct literal *value, struct word *text, struct word *cite) {
  struct decl_constant *constant = TAKE(cx, struct decl_constant);
  begin(cx, &constant->d, DECL_CONSTANT, keyword, name);
  constant->d.text = text;
  constant->d.cite = cite;
  constant->value = value;
  return &constant->d;
}

struct decl *build_ask_order(struct parse *cx, struct lexeme keyword, struct lexeme end,
                             struct literals facts) {
  struct decl_ask_order *order = TAKE(cx, struct decl_ask_order);
  order->d.tag = DECL_ASK_ORDER;
  order->d.span = span_from(cx, keyword, end);
  order->facts = first_of(facts);
  return &order->d;
}

struct decl *build_criterion(struct parse *cx, struct lexeme keyword, struct lexeme name,
                             struct lexeme text, struct word *cite, struct expr *when) {
  struct decl_criterion *criterion = TAKE(cx, struct decl_criterion);
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
  struct decl_fact *fact = TAKE(cx, struct decl_fact);
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
  struct decl_list *list = TAKE(cx, struct decl_list);
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
  struct decl_derive_value *derive = TAKE(cx, struct decl_derive_value);
  begin(cx, &derive->d, DECL_DERIVE_VALUE, keyword, name);
  derive->d.text = text;
  derive->d.cite = cite;
  derive->value = value;
  return &derive->d;
}

struct decl *build_derive_site(struct parse *cx, struct lexeme keyword, struct lexeme name,
                               struct lexeme type, struct lexeme asks, struct word *text,
                               struct word *cite, struct steps steps) {
  struct decl_derive_site *derive = TAKE(cx, struct decl_derive_site);
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
  struct decl_quantity *quantity = TAKE(cx, struct decl_quantity);
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
  struct decl_set *set = TAKE(cx, struct decl_set);
  begin(cx, &set->d, DECL_SET, keyword, name);
  set->texts = texts;
  return set;
}

struct decl_set *build_set_by_prefix(struct parse *cx, struct lexeme keyword, struct lexeme name,
                                     bool texts, struct lexeme length) {
  struct decl_set *set = build_set_head(cx, keyword, name, texts);
  set->prefix_length = whole_number(cx, length, 1, 12);
  return set;
}

struct decl *build_set(struct parse *cx, struct decl_set *set, struct word *text, struct word *cite,
                       struct literals members) {
  (void)cx;
  set->d.text = text;
  set->d.cite = cite;
  set->members = members.first;
  return &set->d;
}

struct decl *build_rules(struct parse *cx, struct lexeme keyword, struct lexeme name,
                         struct word *text, struct rules list) {
  struct decl_rules *rules = TAKE(cx, struct decl_rules);
  begin(cx, &rules->d, DECL_RULES, keyword, name);
  rules->d.text = text;
  rules->rules = list.first;
  return &rules->d;
}

struct decl_decision *build_decision_head(struct parse *cx, struct lexeme keyword,
                                          struct lexeme name, bool administrative) {
  struct decl_decision *decision = TAKE(cx, struct decl_decision);
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
  struct decl_sample *sample = TAKE(cx, struct decl_sample);
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

static void begin_test(struct parse *cx, struct decl *d, enum decl_tag tag, struct lexeme keyword,
                       struct lexeme title, struct word *cite) {
  begin(cx, d, tag, keyword, title);
  d->name = text_of(cx, title);
  d->cite = cite;
}

struct decl_test *build_test_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                  struct word *cite) {
  struct decl_test *test = TAKE(cx, struct decl_test);
  begin_test(cx, &test->d, DECL_TEST, keyword, title, cite);
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
  struct decl_replace *replace = TAKE(cx, struct decl_replace);
  replace->d.tag = DECL_REPLACE;
  replace->d.span = span_join(span_of(cx, keyword), with->span);
  replace->d.name = with->name;
  replace->d.cite = with->cite;
  replace->with = with;
  return &replace->d;
}

struct decl *build_remove(struct parse *cx, struct lexeme keyword, enum decl_tag of,
                          struct lexeme name, struct word *cite) {
  struct decl_remove *remove = TAKE(cx, struct decl_remove);
  begin(cx, &remove->d, DECL_REMOVE, keyword, name);
  remove->d.cite = cite;
  remove->of = of;
  return &remove->d;
}

struct decl *build_change_set(struct parse *cx, struct lexeme keyword, struct lexeme name,
                              struct word *text, struct word *cite, struct set_changes changes) {
  struct decl_change_set *change = TAKE(cx, struct decl_change_set);
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
  struct decl_change_rules *change = TAKE(cx, struct decl_change_rules);
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
  type->min_length = whole_number(cx, min, 1, 12);
  type->max_length = whole_number(cx, max, type->min_length > 0 ? type->min_length : 1, 12);
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
  literal->word = kind == LIT_STRING ? text_of(cx, at) : word_of(cx, at);
  return literal;
}

struct literal *build_number(struct parse *cx, struct lexeme number, struct unit unit) {
  struct literal *literal = build_literal(cx, LIT_NUMBER, number);
  literal->unit = unit.word;
  extend(cx, &literal->span, unit.at);
  return literal;
}

struct literal *build_code_range(struct parse *cx, struct lexeme low, struct lexeme high) {
  struct literal *literal = build_literal(cx, LIT_RANGE, low);
  literal->high = build_word(cx, high);
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
  if (member->from != NULL) twice(cx, keyword, "the first day in");
  member->from = build_word(cx, date);
  extend(cx, &member->span, date);
  return member;
}

struct literal *build_member_to(struct parse *cx, struct literal *member, struct lexeme keyword,
                                struct lexeme date) {
  if (member->to != NULL) twice(cx, keyword, "the first day out");
  member->to = build_word(cx, date);
  extend(cx, &member->span, date);
  return member;
}

struct literal *build_member_cite(struct parse *cx, struct literal *member, struct lexeme keyword,
                                  struct lexeme text) {
  if (member->cite != NULL) twice(cx, keyword, "the citation");
  member->cite = build_text(cx, text);
  extend(cx, &member->span, text);
  return member;
}

// ------------------------------------------------------------------ rows of tables

struct import *build_import(struct parse *cx, struct lexeme keyword, struct lexeme file,
                            struct lexeme column) {
  struct import *import = TAKE(cx, struct import);
  import->span = span_from(cx, keyword, column);
  import->file = text_of(cx, file);
  import->column = text_of(cx, column);
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
  condition->column = text_of(cx, column);
  condition->value = text_of(cx, value);
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
  literal->import = import;
  return literal;
}

// ------------------------------------------------------------------ conditions

static struct expr *new_expr(struct parse *cx, enum expr_kind kind, struct span span) {
  struct expr *expr = TAKE(cx, struct expr);
  expr->kind = kind;
  expr->span = span;
  return expr;
}

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
  expr->as.block.need = whole_number(cx, number, 1, 1000000);
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

// ------------------------------------------------------------------ samples and tests

struct givens build_no_givens(void) {
  struct givens none = {NULL, NULL};
  return none;
}

struct givens build_givens(struct given *given) {
  return build_givens_add(build_no_givens(), given);
}

struct givens build_givens_add(struct givens givens, struct given *given) {
  if (givens.last == NULL)
    givens.first = given;
  else
    givens.last->next = given;
  givens.last = given;
  return givens;
}

struct given *build_given(struct parse *cx, struct lexeme fact, struct given *value) {
  value->fact = word_of(cx, fact);
  value->span = value->fact.span;
  return value;
}

static struct given *new_value(struct parse *cx, enum given_kind kind, struct span span) {
  struct given *value = TAKE(cx, struct given);
  value->kind = kind;
  value->span = span;
  return value;
}

struct given *build_value(struct parse *cx, struct literal *literal) {
  struct given *value = new_value(cx, GIVEN_VALUE, literal->span);
  value->value = literal;
  return value;
}

struct given *build_value_word(struct parse *cx, struct lexeme start, struct lexeme end,
                               enum given_kind kind) {
  return new_value(cx, kind, span_from(cx, start, end));
}

struct given *build_value_items(struct parse *cx, struct lexeme open, struct literals items,
                                struct lexeme close) {
  struct given *value = new_value(cx, GIVEN_ITEMS, span_from(cx, open, close));
  value->value = items.first;
  return value;
}

struct given *build_value_records(struct parse *cx, struct lexeme open, struct records records,
                                  struct lexeme close) {
  struct given *value = new_value(cx, GIVEN_RECORDS, span_from(cx, open, close));
  value->records = records.first;
  return value;
}

struct records build_records(struct given_record *record) {
  struct records records = {record, record};
  return records;
}

struct records build_records_add(struct records records, struct given_record *record) {
  records.last->next = record;
  records.last = record;
  return records;
}

struct given_record *build_record(struct parse *cx, struct lexeme open, struct givens fields,
                                  struct lexeme close) {
  struct given_record *record = TAKE(cx, struct given_record);
  record->fields = fields.first;
  record->span = span_from(cx, open, close);
  return record;
}

struct test_start build_test_start(struct parse *cx, struct lexeme sample, struct givens givens) {
  struct test_start start = {word_of(cx, sample), givens};
  return start;
}

struct test_start build_test_with(struct givens givens) {
  struct test_start start = {.givens = givens};
  return start;
}

struct expects build_no_expects(void) {
  struct expects none = {NULL, NULL};
  return none;
}

struct expects build_expects(struct expectation *expect) {
  return build_expects_add(build_no_expects(), expect);
}

struct expects build_expects_add(struct expects expects, struct expectation *expect) {
  if (expects.last == NULL)
    expects.first = expect;
  else
    expects.last->next = expect;
  expects.last = expect;
  return expects;
}

struct expectation *build_outcome(struct parse *cx, struct determination say) {
  struct expectation *e = TAKE(cx, struct expectation);
  e->span = span_of(cx, say.at);
  e->determination = say.word;
  return e;
}

struct expectation *build_outcome_code(struct parse *cx, struct determination say,
                                       struct lexeme code) {
  struct expectation *e = build_outcome(cx, say);
  e->code = word_of(cx, code);
  extend(cx, &e->span, code);
  return e;
}

struct expectation *build_expect(struct parse *cx, struct lexeme keyword, struct lexeme decision,
                                 struct expectation *e) {
  e->span = span_join(span_of(cx, keyword), e->span);
  e->decision = word_of(cx, decision);
  return e;
}

struct expectation *build_expect_line(struct parse *cx, struct lexeme keyword, struct lexeme line,
                                      struct lexeme decision, struct expectation *e) {
  e->line = word_of(cx, line);
  return build_expect(cx, keyword, decision, e);
}

struct expectation *build_expect_units(struct parse *cx, struct expectation *e,
                                       struct lexeme keyword, struct lexeme units) {
  if (e->units != NULL) twice(cx, keyword, "the units");
  e->units = build_word(cx, units);
  return e;
}

struct expectation *build_expect_through(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct lexeme date) {
  if (e->through != NULL || e->through_none) twice(cx, keyword, "the last day");
  e->through = build_word(cx, date);
  return e;
}

struct expectation *build_expect_no_limit(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct lexeme end) {
  (void)end;
  if (e->through != NULL || e->through_none) twice(cx, keyword, "the last day");
  e->through_none = true;
  return e;
}

static struct expectation *expect_list(struct parse *cx, struct expectation *e,
                                       struct lexeme keyword, bool *has, struct literal **slot,
                                       struct literals list, const char *what) {
  if (*has) twice(cx, keyword, what);
  *has = true;
  *slot = list.first;
  return e;
}

struct expectation *build_expect_also(struct parse *cx, struct expectation *e,
                                      struct lexeme keyword, struct literals codes) {
  return expect_list(cx, e, keyword, &e->has_also, &e->also, codes, "`also`");
}

struct expectation *build_expect_missing(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts) {
  return expect_list(cx, e, keyword, &e->has_missing, &e->missing, facts, "`missing`");
}

struct expectation *build_expect_redirect(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals to) {
  return expect_list(cx, e, keyword, &e->has_redirect, &e->redirect, to, "`redirect`");
}

struct expectation *build_expect_actions(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals actions) {
  return expect_list(cx, e, keyword, &e->has_actions, &e->actions, actions, "`action`");
}

struct expectation *build_expect_assumed(struct parse *cx, struct expectation *e,
                                         struct lexeme keyword, struct literals facts) {
  return expect_list(cx, e, keyword, &e->has_assumed, &e->assumed, facts, "`assumed`");
}

struct expectation *build_expect_possible(struct parse *cx, struct expectation *e,
                                          struct lexeme keyword, struct literals says) {
  return expect_list(cx, e, keyword, &e->has_possible, &e->possible, says, "`possible`");
}

struct literals build_says(struct parse *cx, struct determination say) {
  return build_says_add(cx, build_no_literals(), say);
}

struct literals build_says_add(struct parse *cx, struct literals says, struct determination say) {
  struct literal *literal = build_literal(cx, LIT_NAME, say.at);
  literal->determination = (unsigned char)say.word;
  return build_literals_add(cx, says, literal);
}

// ------------------------------------------------------------------ tables of tests

static struct table_cell *new_cell(struct parse *cx, enum cell_kind kind) {
  struct table_cell *cell = TAKE(cx, struct table_cell);
  cell->kind = kind;
  return cell;
}

struct table_cell *build_cell_empty(struct parse *cx) {
  return new_cell(cx, CELL_EMPTY);
}

struct table_cell *build_cell_value(struct parse *cx, struct given *value) {
  struct table_cell *cell = new_cell(cx, CELL_VALUE);
  cell->value = value;
  return cell;
}

struct table_cell *build_cell_outcome(struct parse *cx, struct expectation *outcome) {
  struct table_cell *cell = new_cell(cx, CELL_OUTCOME);
  cell->outcome = outcome;
  return cell;
}

struct table_cell *build_column_names(struct parse *cx, struct lexeme text) {
  struct table_cell *cell = new_cell(cx, COLUMN_NAMES);
  cell->name = build_text(cx, text);
  return cell;
}

struct table_cell *build_column_fact(struct parse *cx, struct lexeme fact) {
  struct table_cell *cell = new_cell(cx, COLUMN_FACT);
  cell->name = build_word(cx, fact);
  return cell;
}

struct table_cell *build_column_expect(struct parse *cx, struct lexeme decision) {
  struct table_cell *cell = new_cell(cx, COLUMN_EXPECT);
  cell->name = build_word(cx, decision);
  return cell;
}

struct table_cell *build_column_expect_line(struct parse *cx, struct lexeme line,
                                            struct lexeme decision) {
  struct table_cell *cell = build_column_expect(cx, decision);
  cell->line = build_word(cx, line);
  return cell;
}

struct table_row *build_table_row(struct parse *cx, struct lexeme bar) {
  struct table_row *row = TAKE(cx, struct table_row);
  row->span = span_of(cx, bar);
  return row;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Between two bars, without the spaces; of an empty cell, the bars.
static struct span span_of_cell(const struct parse *cx, uint32_t start, uint32_t end) {
  struct span span = {cx->file, start, end};
  while (span.start < end && is_blank(cx->text[span.start])) span.start++;
  while (span.end > span.start && is_blank(cx->text[span.end - 1])) span.end--;
  return span.start < span.end ? span : (struct span){cx->file, start - 1, end + 1};
}

struct table_row *build_table_cell(struct parse *cx, struct table_row *row, struct table_cell *cell,
                                   struct lexeme bar) {
  uint32_t start = row->span.end;
  if (memchr(cx->text + start, '\n', bar.start - start) != NULL)
    diag_report(&cx->front->diags, DIAG_ROW_LINES, (struct span){cx->file, start - 1, start});
  cell->span = span_of_cell(cx, start, bar.start);
  if (row->last == NULL)
    row->cells = cell;
  else
    row->last->next = cell;
  row->last = cell;
  extend(cx, &row->span, bar);
  return row;
}

struct table_rows build_no_table_rows(void) {
  struct table_rows none = {NULL, NULL};
  return none;
}

struct table_rows build_table_rows(struct table_row *row) {
  struct table_rows rows = {row, row};
  return rows;
}

struct table_rows build_table_rows_add(struct table_rows rows, struct table_row *row) {
  if (rows.last == NULL) return build_table_rows(row);
  rows.last->next = row;
  rows.last = row;
  return rows;
}

struct decl_table *build_table_head(struct parse *cx, struct lexeme keyword, struct lexeme title,
                                    struct word *cite) {
  struct decl_table *table = TAKE(cx, struct decl_table);
  begin_test(cx, &table->d, DECL_TABLE, keyword, title, cite);
  return table;
}

struct decl *build_table_bare(struct decl_table *table, struct table_rows rows) {
  table->rows = rows.first;
  return &table->d;
}

struct decl *build_table(struct decl_table *table, struct test_start start,
                         struct table_rows rows) {
  table->sample = start.sample;
  table->facts = start.givens.first;
  return build_table_bare(table, rows);
}
