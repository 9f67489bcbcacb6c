// SPDX-License-Identifier: Apache-2.0
//
// Runs the tests of a policy, or those beside it: builds the case that the sample and the test describe, lets the VM
// decide it with the policy's own artifact, and says in sentences where the result is not what the test expects.
#include <string.h>

#include "compiler/compilation.h"

enum { TEST_ROWS = 1000, CHAIN = 33 };

struct run {
  soc_compilation *c;
  struct sema *s;
  const struct test *test;
  struct str sample;          // that it begins with; length 0: none
  const struct given *shared; // of a block; those that all rows of a table share
  struct test_row own;        // of a row; of a block, what it expects
  soc_case *facts;
  const struct given **given; // by number of the fact: the last word about it
  uint32_t row;               // whose result is looked at; 0 for one over the case
  struct vec text;            // char: differences, a line each
  bool failed;                // memory is out
  soc_test_case_fn *watch;    // NULL: nobody does
  void *watch_ctx;
};

// ------------------------------------------------------------------ sentences

static void say(struct run *r, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    char *place = vec_add(r->s->arena, &r->text, 1);
    if (place == NULL) {
      r->failed = true;
      return;
    }
    *place = text[i];
  }
}

static void say_text(struct run *r, const char *text) {
  say(r, text, strlen(text));
}
static void say_str(struct run *r, struct str text) {
  say(r, text.data, text.length);
}

// What has been said so far, with a NUL behind it.
static struct str take_text(struct run *r) {
  struct str text =
      arena_copy(r->s->arena, r->text.items != NULL ? r->text.items : "", r->text.count);
  r->text.count = 0;
  return text;
}

static void begin(struct run *r, const struct expectation *e, const char *what) {
  if (r->text.count > 0) say_text(r, "\n");
  say_str(r, e->decision->text);
  if (e->line != NULL) {
    say_text(r, ", line ");
    say_str(r, e->line->text);
  }
  say_text(r, ": ");
  say_text(r, what);
}

// "site_of_care: expected the reason A, found B"
static void differ(struct run *r, const struct expectation *e, const char *what,
                   struct str expected, struct str found) {
  begin(r, e, "expected ");
  say_text(r, what);
  say_text(r, expected.length > 0 ? " " : " none");
  say_str(r, expected);
  say_text(r, ", found ");
  if (found.length == 0) say_text(r, "none");
  say_str(r, found);
}

static struct str str_from(soc_text text) {
  return (struct str){text.data, (uint32_t)text.length};
}

// ------------------------------------------------------------------ what the case holds

static const struct fact_decl *fact_named(struct run *r, struct str name) {
  return names_find(&r->s->names, name)->decl; // sema has checked that it is one
}

static void take(struct run *r, const struct given *first) {
  for (const struct given *g = first; g != NULL; g = g->next)
    if (g->list == NULL) r->given[fact_named(r, g->fact.text)->number] = g;
}

// The sample, what it is like before what it says itself, then the test's own facts.
static void collect(struct run *r) {
  const struct decl_sample *chain[CHAIN];
  uint32_t count = 0;
  struct str name = r->sample;
  while (name.length > 0 && count < CHAIN) {
    chain[count] = names_find(&r->s->samples, name)->decl;
    name = chain[count++]->base.text;
  }
  while (count > 0) take(r, chain[--count]->facts);
  take(r, r->shared);
  take(r, r->own.facts);
}

static soc_status set_value(struct run *r, const struct fact_decl *fact, uint32_t row,
                            const struct literal *l) {
  struct str text = l->word.text;
  int64_t value = 0;
  if (fact->type.base == SOC_CODE)
    return soc_case_set_code(r->facts, fact->manifest, row, text.data, text.length);
  if (fact->type.base == SOC_TEXT)
    return soc_case_set_text(r->facts, fact->manifest, row, text.data, text.length);
  struct type type = given_type(l, fact);
  literal_value(r->s, l, &type, &value);
  switch (fact->type.base) {
  case SOC_BOOL: return soc_case_set_bool(r->facts, fact->manifest, row, value != 0);
  case SOC_ENUM: return soc_case_set_enum(r->facts, fact->manifest, row, (uint32_t)value);
  case SOC_DATE: return soc_case_set_date(r->facts, fact->manifest, row, (int32_t)value);
  default: return soc_case_set_number(r->facts, fact->manifest, row, value);
  }
}

static soc_status set_none(struct run *r, const struct fact_decl *fact, uint32_t row) {
  uint32_t value = 0;
  if (!given_none_is_value(fact)) return soc_case_set_none(r->facts, fact->manifest, row);
  enum_find(fact->type.values, (struct str){"none", 4}, &value);
  return soc_case_set_enum(r->facts, fact->manifest, row, value);
}

static soc_status set_items(struct run *r, const struct fact_decl *fact,
                            const struct literal *first) {
  soc_status status = soc_case_set_list(r->facts, fact->manifest, 0);
  for (const struct literal *l = first; l != NULL && status == SOC_OK; l = l->next) {
    int64_t value;
    if (fact->type.base == SOC_CODE_LIST)
      status = soc_case_add_code(r->facts, fact->manifest, l->word.text.data, l->word.text.length);
    else if (literal_value(r->s, l, &fact->type, &value))
      status = soc_case_add_enum(r->facts, fact->manifest, (uint32_t)value);
  }
  return status;
}

// A list that is a field.
static soc_status set_row_items(struct run *r, const struct fact_decl *fact, uint32_t row,
                                const struct literal *first) {
  soc_status status = soc_case_set_row_list(r->facts, fact->manifest, row);
  for (const struct literal *l = first; l != NULL && status == SOC_OK; l = l->next) {
    struct str text = l->word.text;
    int64_t value;
    if (fact->type.base == SOC_CODE_LIST)
      status = soc_case_add_row_code(r->facts, fact->manifest, row, text.data, text.length);
    else if (literal_value(r->s, l, &fact->type, &value))
      status = soc_case_add_row_enum(r->facts, fact->manifest, row, (uint32_t)value);
  }
  return status;
}

// The row of a keyed list that has this number; SOC_NO_INDEX: there is none.
static uint32_t row_of(struct run *r, const struct fact_decl *list, struct word number) {
  const struct given *given = r->given[list->number];
  struct literal wanted = {.kind = LIT_NUMBER, .word = number, .span = number.span};
  int64_t want, value;
  uint32_t row = 0;
  if (given == NULL || list->key == NULL || !literal_number(r->s, &wanted, &want))
    return SOC_NO_INDEX;
  for (const struct given_record *c = given->records; c != NULL; c = c->next, row++)
    for (const struct given *g = c->fields; g != NULL; g = g->next)
      if (str_equal(g->fact.text, list->key->field) && g->kind == GIVEN_VALUE &&
          literal_number(r->s, g->value, &value) && value == want)
        return row;
  return SOC_NO_INDEX;
}

static soc_status set_field(struct run *r, const struct fact_decl *list, uint32_t row,
                            const struct given *g) {
  const struct fact_decl *field = fact_field(list, g->fact.text);
  if (field->manifest == SOC_NO_INDEX) return SOC_OK;
  if (g->kind == GIVEN_VALUE && field->line_of != NULL)
    return soc_case_set_line(r->facts, field->manifest, row,
                             row_of(r, field->line_of, g->value->word));
  if (g->kind == GIVEN_VALUE) return set_value(r, field, row, g->value);
  if (g->kind == GIVEN_NONE) return set_none(r, field, row);
  if (g->kind == GIVEN_ITEMS || g->kind == GIVEN_EMPTY)
    return set_row_items(r, field, row, g->kind == GIVEN_ITEMS ? g->value : NULL);
  return SOC_OK;
}

// What a row of a table says of a field of a record, instead of what the rows share. NULL: nothing.
static const struct given *next_of_row(const struct given *g, const struct fact_decl *list,
                                       uint32_t record) {
  while (g != NULL && (g->list != list || g->record != record)) g = g->next;
  return g;
}

static bool said_by_row(struct run *r, const struct fact_decl *list, uint32_t record,
                        const struct given *shared) {
  const struct given *g = next_of_row(r->own.facts, list, record);
  while (g != NULL && !str_equal(g->fact.text, shared->fact.text))
    g = next_of_row(g->next, list, record);
  return g != NULL;
}

static soc_status set_record(struct run *r, const struct fact_decl *list, uint32_t row,
                             const struct given_record *record) {
  soc_status status = SOC_OK;
  for (const struct given *g = record->fields; g != NULL && status == SOC_OK; g = g->next)
    if (!said_by_row(r, list, row, g)) status = set_field(r, list, row, g);
  const struct given *g = next_of_row(r->own.facts, list, row);
  for (; g != NULL && status == SOC_OK; g = next_of_row(g->next, list, row))
    status = set_field(r, list, row, g);
  return status;
}

static soc_status set_records(struct run *r, const struct fact_decl *list,
                              const struct given_record *first) {
  uint32_t count = 0, row = 0;
  for (const struct given_record *record = first; record != NULL; record = record->next) count++;
  soc_status status = soc_case_set_list(r->facts, list->manifest, count);
  for (const struct given_record *record = first; record != NULL && status == SOC_OK;
       record = record->next)
    status = set_record(r, list, row++, record);
  return status;
}

static soc_status set_fact(struct run *r, const struct fact_decl *fact, const struct given *g) {
  switch (g->kind) {
  case GIVEN_VALUE: return set_value(r, fact, 0, g->value);
  case GIVEN_NONE: return set_none(r, fact, 0);
  case GIVEN_EMPTY: return soc_case_set_list(r->facts, fact->manifest, 0);
  case GIVEN_UNKNOWN: return SOC_OK;
  case GIVEN_ITEMS: return set_items(r, fact, g->value);
  case GIVEN_RECORDS: return set_records(r, fact, g->records);
  }
  return SOC_OK;
}

// Facts that the policy does not read are checked like the others and change nothing.
static bool fill(struct run *r) {
  const struct program *p = r->s->program;
  collect(r);
  for (uint32_t i = 0; i < p->fact_count; i++) {
    const struct fact_decl *fact = p->facts[i];
    if (r->given[i] == NULL || fact->manifest == SOC_NO_INDEX) continue;
    if (set_fact(r, fact, r->given[i]) == SOC_OK) continue;
    if (r->text.count > 0) say_text(r, "\n");
    say_text(r, "the case cannot hold the value given for ");
    say_str(r, fact->name);
    return false;
  }
  return true;
}

// ------------------------------------------------------------------ lists of words

struct words {
  struct vec items; // struct str
};

static void add_word(struct run *r, struct words *w, struct str word) {
  struct str *place = vec_add(r->s->arena, &w->items, sizeof *place);
  if (place == NULL)
    r->failed = true;
  else
    *place = word;
}

static struct words words_of(struct run *r, const struct literal *first) {
  struct words w = {0};
  for (const struct literal *l = first; l != NULL; l = l->next) add_word(r, &w, l->word.text);
  return w;
}

static bool has_word(const struct words *w, struct str word) {
  for (uint32_t i = 0; i < w->items.count; i++)
    if (str_equal(*VEC_AT(w->items, struct str, i), word)) return true;
  return false;
}

static bool same_words(const struct words *a, const struct words *b, bool ordered) {
  if (a->items.count != b->items.count) return false;
  for (uint32_t i = 0; i < a->items.count; i++) {
    struct str x = *VEC_AT(a->items, struct str, i), y = *VEC_AT(b->items, struct str, i);
    if (ordered ? !str_equal(x, y) : !has_word(b, x) || !has_word(a, y)) return false;
  }
  return true;
}

static void say_words(struct run *r, const struct words *w) {
  say_text(r, "{ ");
  for (uint32_t i = 0; i < w->items.count; i++) {
    if (i > 0) say_text(r, ", ");
    say_str(r, *VEC_AT(w->items, struct str, i));
  }
  say_text(r, w->items.count > 0 ? " }" : "}");
}

static void compare_words(struct run *r, const struct expectation *e, const char *what,
                          struct words expected, struct words found, bool ordered) {
  if (r->failed || same_words(&expected, &found, ordered)) return;
  begin(r, e, "expected ");
  say_text(r, what);
  say_text(r, " ");
  say_words(r, &expected);
  say_text(r, ", found ");
  say_words(r, &found);
}

// ------------------------------------------------------------------ one expectation

static struct words reasons_after_first(struct run *r, uint32_t decision,
                                        const soc_result *result) {
  struct words w = {0};
  soc_reason reason;
  for (uint32_t i = 1; i < result->reason_count; i++)
    if (soc_case_reason(r->facts, decision, r->row, i, &reason) == SOC_OK)
      add_word(r, &w, str_from(reason.code));
  return w;
}

static struct str decimal(struct run *r, uint32_t value) {
  char digits[10];
  uint32_t at = sizeof digits;
  do digits[--at] = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  return arena_copy(r->s->arena, digits + at, sizeof digits - at);
}

// Millionths as they are written: 1, 0.5, -2.25.
static struct str micro_text(struct run *r, int64_t micro) {
  char text[24], *at = text + sizeof text;
  uint64_t rest = micro < 0 ? 0u - (uint64_t)micro : (uint64_t)micro;
  bool shown = false;
  for (int digit = 0; digit < 6; digit++, rest /= 10) {
    shown = shown || rest % 10 != 0;
    if (shown) *--at = (char)('0' + rest % 10);
  }
  if (shown) *--at = '.';
  do *--at = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (micro < 0) *--at = '-';
  return arena_copy(r->s->arena, at, (size_t)(text + sizeof text - at));
}

// clinical.adverse_events[].severity in row 2 reads clinical.adverse_events[2].severity.
static struct str fact_text(struct run *r, soc_fact_ref ref) {
  struct str name = r->s->program->manifest[ref.fact]->name;
  if (ref.row == SOC_NO_INDEX) return name;
  struct str row = decimal(r, ref.row);
  char *text = arena_alloc(r->s->arena, (size_t)name.length + row.length + 1);
  uint32_t length = 0;
  if (text == NULL) return name;
  for (uint32_t i = 0; i < name.length; i++) {
    text[length++] = name.data[i];
    if (name.data[i] != '[') continue;
    memcpy(text + length, row.data, row.length);
    length += row.length;
  }
  return (struct str){text, length};
}

typedef soc_status list_fn(const soc_case *c, uint32_t decision, uint32_t row, uint32_t index,
                           soc_fact_ref *out);

static struct words facts_of(struct run *r, uint32_t decision, uint32_t count, list_fn *fn) {
  struct words w = {0};
  soc_fact_ref ref;
  for (uint32_t i = 0; i < count; i++)
    if (fn(r->facts, decision, r->row, i, &ref) == SOC_OK) add_word(r, &w, fact_text(r, ref));
  return w;
}

static struct words actions_of(struct run *r, uint32_t decision, const soc_result *result) {
  struct words w = {0};
  for (uint32_t i = 0; i < result->action_count; i++)
    add_word(r, &w, str_from(soc_case_action(r->facts, decision, r->row, i)));
  return w;
}

static struct words redirects_of(struct run *r, uint32_t decision, const soc_result *result) {
  struct words w = {0};
  for (uint32_t i = 0; i < 64; i++)
    if ((result->redirect >> i & 1) != 0)
      add_word(r, &w, str_from(soc_case_redirect(r->facts, decision, r->row, i)));
  return w;
}

static struct str determination_text(soc_determination d) {
  return str_of(soc_determination_name(d));
}

static void compare_possible(struct run *r, const struct expectation *e, const soc_result *result) {
  struct words expected = {0}, found = {0};
  for (const struct literal *l = expected_of(e)->possible; l != NULL; l = l->next)
    add_word(r, &expected, determination_text((soc_determination)l->determination));
  for (int d = 0; d < SOC_DETERMINATION_COUNT; d++)
    if ((result->possible >> d & 1) != 0)
      add_word(r, &found, determination_text((soc_determination)d));
  compare_words(r, e, "possible", expected, found, false);
}

static struct str date_text(struct run *r, int32_t days) {
  int32_t parts[3];
  soc_date_split(days, &parts[0], &parts[1], &parts[2]);
  char text[10] = {[4] = '-', [7] = '-'};
  for (int i = 3; i >= 0; i--, parts[0] /= 10) text[i] = (char)('0' + parts[0] % 10);
  for (int i = 0; i < 2; i++) {
    text[5 + 3 * i] = (char)('0' + parts[1 + i] / 10);
    text[6 + 3 * i] = (char)('0' + parts[1 + i] % 10);
  }
  return arena_copy(r->s->arena, text, sizeof text);
}

static void compare_through(struct run *r, const struct expectation *e, const soc_result *result) {
  bool has = result->has_approval && result->has_through;
  struct str found = has ? date_text(r, result->through) : (struct str){"", 0};
  const struct expected *more = expected_of(e);
  if (more->through_none && has)
    differ(r, e, "no last day, but", (struct str){"an open end", 11}, found);
  if (more->through == NULL || str_equal(more->through->text, found)) return;
  differ(r, e, "the last day", more->through->text, found);
}

static void compare_units(struct run *r, const struct expectation *e, const soc_result *result) {
  struct literal l = {.kind = LIT_NUMBER};
  int64_t value = 0;
  const struct word *units = expected_of(e)->units;
  if (units == NULL) return;
  l.word = *units, l.span = units->span;
  literal_number(r->s, &l, &value);
  if (result->has_units_allowed && result->units_allowed == value) return;
  struct str found = {"", 0};
  if (result->has_units_allowed) found = micro_text(r, result->units_allowed);
  differ(r, e, "units", units->text, found);
}

static void compare(struct run *r, const struct expectation *e, uint32_t decision,
                    const soc_result *result) {
  const struct expected *more = expected_of(e);
  if ((int)result->determination != (int)e->determination)
    differ(r, e, "the determination", determination_text((soc_determination)e->determination),
           determination_text(result->determination));
  struct str reason = str_from(result->reason);
  if (e->code.text.length > 0 && !str_equal(e->code.text, reason))
    differ(r, e, "the reason", e->code.text, reason);
  compare_through(r, e, result);
  compare_units(r, e, result);
  if (more->has_also)
    compare_words(r, e, "also", words_of(r, more->also), reasons_after_first(r, decision, result),
                  true);
  if (more->has_missing)
    compare_words(r, e, "missing", words_of(r, more->missing),
                  facts_of(r, decision, result->missing_count, soc_case_missing), true);
  if (more->has_assumed)
    compare_words(r, e, "assumed", words_of(r, more->assumed),
                  facts_of(r, decision, result->assumed_count, soc_case_assumed), false);
  if (more->has_redirect)
    compare_words(r, e, "redirect", words_of(r, more->redirect), redirects_of(r, decision, result),
                  false);
  if (more->has_actions)
    compare_words(r, e, "action", words_of(r, more->actions), actions_of(r, decision, result),
                  false);
  if (more->has_possible) compare_possible(r, e, result);
}

static void say_line(struct run *r, const char *what, struct str text) {
  say_text(r, "\n  ");
  say_text(r, what);
  say_str(r, text);
}

// Behind another determination or reason than expected: the rule that decided, and what a pend waits for.
static void say_why(struct run *r, const struct expectation *e, uint32_t decision,
                    const soc_result *result) {
  soc_reason why;
  if (result->reason_count > 0 && soc_case_reason(r->facts, decision, r->row, 0, &why) == SOC_OK &&
      why.criterion.length > 0) {
    say_line(r, result->missing_count > 0 ? "depends on " : "decided by ", str_from(why.criterion));
    if (why.text.length > 0) say_text(r, ": ");
    say_str(r, str_from(why.text));
  }
  if (expected_of(e)->has_missing) return; // compared, and told
  struct words missing = facts_of(r, decision, result->missing_count, soc_case_missing);
  for (uint32_t i = 0; i < missing.items.count; i++)
    say_line(r, "missing ", *VEC_AT(missing.items, struct str, i));
}

static bool as_expected(const struct expectation *e, const soc_result *result) {
  return (int)result->determination == (int)e->determination &&
         (e->code.text.length == 0 || str_equal(e->code.text, str_from(result->reason)));
}

static void check(struct run *r, const struct expectation *e) {
  const struct program *p = r->s->program;
  soc_result result;
  for (uint32_t i = 0; i < p->decision_count; i++) {
    const struct fact_decl *list = p->decisions[i].list;
    if (!str_equal(p->decisions[i].name, e->decision->text)) continue;
    r->row = list != NULL ? row_of(r, list, *e->line) : 0;
    if (soc_case_result(r->facts, i, r->row, &result) != SOC_OK) {
      begin(r, e, "the case has no such line");
      continue;
    }
    compare(r, e, i, &result);
    if (!as_expected(e, &result)) say_why(r, e, i, &result);
  }
}

// ------------------------------------------------------------------ one test

static void run(struct run *r) {
  if (!fill(r)) return;
  if (soc_case_decide(r->facts, r->watch != NULL ? SOC_DECIDE_EXPLAIN : 0) != SOC_OK) {
    say_text(r, "the case cannot be decided");
    return;
  }
  for (const struct expectation *e = r->own.expect; e != NULL; e = e->next) check(r, e);
  if (r->watch != NULL) r->watch(r->watch_ctx, &r->c->policy, r->facts);
}

static uint32_t count_items(const struct given *g) {
  uint32_t count = 0;
  for (const struct literal *l = g->kind == GIVEN_ITEMS ? g->value : NULL; l != NULL; l = l->next)
    count++;
  return count;
}

// Rows and items as many as the longest list of the test needs; items of rows as many as there are.
static void measure(const struct given *first, uint32_t *most, uint32_t *row_items) {
  for (const struct given *g = first; g != NULL; g = g->next) {
    uint32_t count = count_items(g);
    if (g->list != NULL) *row_items += count;
    for (const struct given_record *c = g->kind == GIVEN_RECORDS ? g->records : NULL; c != NULL;
         c = c->next) {
      count++;
      for (const struct given *field = c->fields; field != NULL; field = field->next)
        *row_items += count_items(field);
    }
    if (count > *most) *most = count;
  }
}

// As much as the largest test so far needed: a table may have many rows.
static void *case_memory(soc_compilation *c, size_t size) {
  if (size <= c->case_bytes) return c->case_memory;
  c->case_memory = arena_alloc(&c->front.arena, size);
  c->case_bytes = c->case_memory != NULL ? size : 0;
  return c->case_memory;
}

static bool make_case(struct run *r) {
  const struct program *p = r->s->program;
  uint32_t most = 1, row_items = 1;
  for (uint32_t i = 0; i < p->sample_count; i++) measure(p->samples[i]->facts, &most, &row_items);
  measure(r->shared, &most, &row_items);
  measure(r->own.facts, &most, &row_items);
  if (most > TEST_ROWS) most = TEST_ROWS;
  if (row_items > SOC_MAX_ROWS) row_items = SOC_MAX_ROWS;
  soc_case_limits limits = {.rows = most, .items = most, .row_items = row_items};
  size_t size = soc_case_bytes(&r->c->policy, &limits);
  void *memory = case_memory(r->c, size);
  if (r->c->given == NULL)
    r->c->given = ARENA_ARRAY(r->s->arena, const struct given *, p->fact_count);
  r->given = r->c->given;
  if (memory == NULL || r->given == NULL) return false;
  memset(r->given, 0, p->fact_count * sizeof *r->given);
  return soc_case_init(&r->facts, &r->c->policy, &limits, memory, size, NULL) == SOC_OK;
}

// "Places, row 2: office"
static void say_title(struct run *r) {
  say_str(r, r->test->decl->name.text);
  if (r->test->row == NULL) return;
  say_text(r, ", row ");
  say_str(r, decimal(r, r->test->row->number));
  if (r->own.name.length > 0) say_text(r, ": ");
  say_str(r, r->own.name);
}

static bool open_test(struct run *r) {
  if (r->test->row != NULL) {
    const struct decl_table *table = (const struct decl_table *)r->test->decl;
    r->sample = table->sample.text, r->shared = table->facts;
    return sema_test_row(r->s, r->test, &r->own);
  }
  const struct decl_test *block = (const struct decl_test *)r->test->decl;
  r->sample = block->sample.text, r->shared = block->facts;
  r->own = (struct test_row){.expect = block->expect};
  return true;
}

uint32_t soc_compilation_test_count(const soc_compilation *c) {
  return c->artifact != NULL ? c->sema.program->test_count : 0;
}

bool soc_compilation_run_test(soc_compilation *c, uint32_t index, soc_test_outcome *outcome) {
  return soc_compilation_watch_test(c, index, outcome, NULL, NULL);
}

bool soc_compilation_watch_test(soc_compilation *c, uint32_t index, soc_test_outcome *outcome,
                                soc_test_case_fn *watch, void *ctx) {
  struct run r = {.c = c,
                  .s = &c->sema,
                  .test = &c->sema.program->tests[index],
                  .watch = watch,
                  .watch_ctx = ctx};
  if (!open_test(&r)) return false;
  say_title(&r);
  struct str title = take_text(&r);
  if (r.failed || title.data == NULL || !make_case(&r)) return false;
  run(&r);
  struct str difference = take_text(&r);
  if (r.failed || difference.data == NULL || r.s->arena->out_of_memory) return false;
  struct span span = r.test->row != NULL ? r.test->row->span : r.test->decl->span;
  *outcome = (soc_test_outcome){.title = title.data,
                                .line = sources_line(&c->front.sources, span),
                                .passed = difference.length == 0,
                                .difference = difference.data};
  return true;
}
