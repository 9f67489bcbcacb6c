// SPDX-License-Identifier: Apache-2.0
//
// Samples and tests: every fact that a test gives has its type and range, every name that it expects exists. The
// tests are run by run_test.c, which relies on what is checked here.
#include "compiler/layout.h"
#include "compiler/sema.h"

// ------------------------------------------------------------------ facts that a case gives

// As in a case, a number may stand without its unit.
struct type given_type(const struct literal *l, const struct fact_decl *fact) {
  struct type type = fact->type;
  if (l->kind == LIT_NUMBER && l->unit == UNIT_MISSING) type.unit = SOC_UNIT_NONE;
  return type;
}

// `service.date version`: the first day of the version that is tested, so that versions can share what they test.
// A library has none, nor tests that would run.
static bool is_version(const struct sema *s, struct literal *l, const struct fact_decl *fact) {
  const struct word *version = s->main->kind == FILE_POLICY ? s->main->head.version : NULL;
  bool said = l->kind == LIT_NAME && str_is(l->word.text, "version");
  if (!said || fact->type.base != SOC_DATE) return false;
  if (version == NULL) return true;
  l->kind = LIT_DATE;
  l->word.text = version->text;
  return true;
}

// Reads like one value of the fact; texts and codes are handed to the VM as written.
static bool given_value(struct sema *s, struct literal *l, const struct fact_decl *fact) {
  int64_t value;
  if (is_version(s, l, fact)) return true;
  struct type type = given_type(l, fact);
  if (fact->type.base == SOC_TEXT) {
    if (l->kind == LIT_STRING) return true;
    diag_report(s->diags, DIAG_LITERAL_TYPE, l->span, "a text in quotes", source_of(s, l->span));
    return false;
  }
  if (!literal_value(s, l, &type, &value)) return false;
  if (fact->type.base == SOC_CODE || fact->type.base == SOC_CODE_LIST)
    return sema_check_code_length(s, l->word.text, l->span, fact);
  return sema_check_range(s, l, fact, value);
}

static void check_items(struct sema *s, const struct given *g, const struct fact_decl *fact) {
  if (fact->type.base != SOC_CODE_LIST && fact->type.base != SOC_ENUM_LIST) {
    diag_report(s->diags, DIAG_GIVEN_SHAPE, g->span, fact->name, type_words(s->arena, &fact->type));
    return;
  }
  for (struct literal *l = g->value; l != NULL; l = l->next) given_value(s, l, fact);
}

const struct fact_decl *sema_given_field(struct sema *s, const struct fact_decl *list,
                                         struct word name) {
  const struct fact_decl *field = fact_field(list, name.text);
  if (field != NULL) return field;
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_FIELD, name.span, name.text, list->name);
  struct suggestion near = suggest_for(name.text);
  for (uint32_t i = 0; i < list->field_count; i++) suggest_offer(&near, list->fields[i]->field);
  if (d != NULL) diag_suggest(s->diags, d, &near);
  return NULL;
}

static void check_record(struct sema *s, const struct given_record *record,
                         const struct fact_decl *list) {
  bool key = list->key == NULL;
  for (const struct given *g = record->fields; g != NULL; g = g->next) {
    const struct fact_decl *field = sema_given_field(s, list, g->fact);
    if (field == NULL) continue;
    key = key || (field == list->key && g->kind == GIVEN_VALUE);
    sema_check_given(s, g, field);
  }
  if (!key) diag_report(s->diags, DIAG_RECORD_KEY, record->span, list->key->field);
}

static void check_records(struct sema *s, const struct given *g, const struct fact_decl *fact) {
  if (fact->type.base != SOC_RECORDS) {
    diag_report(s->diags, DIAG_GIVEN_SHAPE, g->span, fact->name, type_words(s->arena, &fact->type));
    return;
  }
  for (const struct given_record *r = g->records; r != NULL; r = r->next) check_record(s, r, fact);
}

bool given_none_is_value(const struct fact_decl *fact) {
  uint32_t value;
  return !fact->nullable && fact->type.base == SOC_ENUM &&
         enum_find(fact->type.values, (struct str){"none", 4}, &value);
}

void sema_check_given(struct sema *s, const struct given *g, const struct fact_decl *fact) {
  if (fact->failed) return;
  switch (g->kind) {
  case GIVEN_VALUE:
    if (type_is_list(&fact->type))
      diag_report(s->diags, DIAG_GIVEN_SHAPE, g->span, fact->name,
                  type_words(s->arena, &fact->type));
    else
      given_value(s, g->value, fact);
    return;
  case GIVEN_NONE:
    if (!fact->nullable && !given_none_is_value(fact))
      diag_report(s->diags, DIAG_NEVER_NONE, g->span, fact->name);
    return;
  case GIVEN_EMPTY:
    if (!type_is_list(&fact->type))
      diag_report(s->diags, DIAG_NEVER_EMPTY, g->span, fact->name,
                  type_words(s->arena, &fact->type));
    return;
  case GIVEN_UNKNOWN: return;
  case GIVEN_ITEMS: check_items(s, g, fact); return;
  case GIVEN_RECORDS: check_records(s, g, fact); return;
  }
}

const struct fact_decl *sema_given_fact(struct sema *s, struct word name) {
  struct symbol *symbol = names_find(&s->names, name.text);
  if (symbol != NULL && symbol->kind == KIND_FACT) return symbol->decl;
  report_unknown_name(s, NULL, name, "fact");
  return NULL;
}

static void check_givens(struct sema *s, const struct given *first) {
  uint32_t list = ++s->given_lists;
  if (s->given_in == NULL) s->given_in = ARENA_ARRAY(s->arena, uint32_t, s->facts.count);
  if (s->given_in == NULL) return;
  for (const struct given *g = first; g != NULL; g = g->next) {
    const struct fact_decl *fact = sema_given_fact(s, g->fact);
    if (fact == NULL) continue;
    if (s->given_in[fact->number] == list)
      diag_report(s->diags, DIAG_GIVEN_TWICE, g->fact.span, g->fact.text);
    s->given_in[fact->number] = list;
    sema_check_given(s, g, fact);
  }
}

// ------------------------------------------------------------------ samples

static const struct decl_sample *find_sample(struct sema *s, struct word name) {
  struct symbol *symbol = names_find(&s->samples, name.text);
  if (symbol != NULL) return symbol->decl;
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_SAMPLE, name.span, name.text);
  sema_suggest_names(s, d, &s->samples, name.text);
  return NULL;
}

// The samples it is like, up to the one that is like none.
static void check_sample(struct sema *s, const struct decl_sample *sample) {
  check_givens(s, sample->facts);
  if (sample->base.text.length == 0 || find_sample(s, sample->base) == NULL) return;
  const struct decl_sample *base = sample;
  for (uint32_t depth = 0; depth < SEMA_SAMPLE_DEPTH; depth++) {
    struct symbol *symbol =
        base->base.text.length > 0 ? names_find(&s->samples, base->base.text) : NULL;
    if (symbol == NULL) return;
    base = symbol->decl;
  }
  diag_report(s->diags, DIAG_SAMPLE_CHAIN, sample->base.span, sample->d.name.text,
              (uint32_t)SEMA_SAMPLE_DEPTH);
}

// ------------------------------------------------------------------ what a test expects

static void help_decisions(struct sema *s, struct diag *d) {
  struct out names = {.arena = s->arena};
  for (uint32_t i = 0; i < s->groups.all.count; i++) {
    const struct symbol *symbol = *VEC_AT(s->groups.all, struct symbol *, i);
    if (((const struct group *)symbol->decl)->decision == NULL) continue;
    out_text(&names, names.length > 0 ? ", `" : "`");
    out_str(&names, symbol->name);
    out_text(&names, "`");
  }
  if (names.length > 0) diag_help(s->diags, d, "the policy decides %s", out_string(&names));
}

// A name that stands in many tests is told once.
static const struct decl_decision *find_decision(struct sema *s, struct word name) {
  struct symbol *symbol = names_find(&s->groups, name.text);
  const struct group *group = symbol != NULL ? symbol->decl : NULL;
  if (group != NULL && group->decision != NULL) return group->decision;
  uint32_t told = s->no_decisions.all.count;
  if (names_add(&s->no_decisions, name.text) == NULL || s->no_decisions.all.count == told)
    return NULL;
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_DECISION, name.span, name.text);
  help_decisions(s, d);
  sema_suggest_names(s, d, &s->groups, name.text);
  return NULL;
}

static void check_reason(struct sema *s, struct word code) {
  if (names_find(&s->reasons, code.text) != NULL || str_is(code.text, "FACT_MISSING")) return;
  if (sema_vocabulary_missing(s)) return;
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_REASON, code.span, code.text);
  sema_suggest_names(s, d, &s->reasons, code.text);
}

// clinical.adverse_events[0].severity is written with its row; the fact is clinical.adverse_events[].severity.
static struct str without_row(struct sema *s, struct str name) {
  char *text = arena_alloc(s->arena, (size_t)name.length + 1);
  uint32_t length = 0;
  if (text == NULL) return name;
  for (uint32_t i = 0; i < name.length; i++) {
    bool digit = name.data[i] >= '0' && name.data[i] <= '9';
    if (digit && length > 0 && text[length - 1] == '[') continue;
    text[length++] = name.data[i];
  }
  return (struct str){text, length};
}

static void check_fact_names(struct sema *s, const struct literal *first) {
  for (const struct literal *l = first; l != NULL; l = l->next) {
    struct word name = {without_row(s, l->word.text), l->span};
    struct symbol *symbol = names_find(&s->names, name.text);
    if (symbol == NULL || symbol->kind != KIND_FACT) report_unknown_name(s, NULL, name, "fact");
  }
}

static void check_values(struct sema *s, const struct literal *first, const struct enum_decl *e) {
  uint64_t mask;
  if (e != NULL) literal_mask(s, first, e, &mask);
}

static void check_number(struct sema *s, const struct word *word) {
  struct literal l = {.kind = LIT_NUMBER, .word = *word, .span = word->span};
  int64_t number;
  literal_number(s, &l, &number);
}

void sema_check_decision(struct sema *s, const struct word *name, const struct word *line,
                         struct span span) {
  const struct decl_decision *decision = find_decision(s, *name);
  if (decision == NULL) return;
  bool lines = decision->list.text.length > 0, said = line != NULL;
  if (lines && !said) diag_report(s->diags, DIAG_EXPECT_LINE, span, name->text);
  if (!lines && said) diag_report(s->diags, DIAG_EXPECT_CASE, span, name->text);
  if (said) check_number(s, line);
}

void sema_check_outcome(struct sema *s, const struct expectation *e) {
  int32_t day;
  const struct expected *more = expected_of(e);
  if (more->units != NULL) check_number(s, more->units);
  if (e->code.text.length > 0) check_reason(s, e->code);
  if (more->through != NULL) literal_date(s, *more->through, &day);
  for (const struct literal *l = more->also; l != NULL; l = l->next) check_reason(s, l->word);
  check_fact_names(s, more->missing);
  check_fact_names(s, more->assumed);
  check_values(s, more->redirect, s->sites);
  check_values(s, more->actions, s->actions);
}

// ------------------------------------------------------------------ tests

void sema_check_shared(struct sema *s, struct word sample, const struct given *facts) {
  if (sample.text.length > 0) find_sample(s, sample);
  check_givens(s, facts);
}

static void check_test(struct sema *s, const struct decl_test *test) {
  sema_check_shared(s, test->sample, test->facts);
  if (test->expect == NULL) diag_report(s->diags, DIAG_TEST_EXPECTS, test->d.span);
  for (const struct expectation *e = test->expect; e != NULL; e = e->next) {
    sema_check_decision(s, e->decision, e->line, e->span);
    sema_check_outcome(s, e);
  }
}

static void take_samples(struct sema *s, struct vec *samples, const struct decl *first) {
  for (const struct decl *d = first; d != NULL; d = d->next)
    if (d->tag == DECL_SAMPLE) vec_push(s->arena, samples, d);
}

static uint32_t count_tests(const struct decl *first) {
  uint32_t count = 0;
  for (const struct decl *d = first; d != NULL; d = d->next) {
    if (d->tag == DECL_TABLE) count += ((const struct decl_table *)d)->row_count;
    count += d->tag == DECL_TEST;
  }
  return count;
}

static void take_tests(struct sema *s, struct vec *tests, const struct decl *first) {
  for (const struct decl *d = first; d != NULL; d = d->next) {
    if (d->tag == DECL_TABLE) sema_table(s, (const struct decl_table *)d, tests);
    if (d->tag != DECL_TEST) continue;
    check_test(s, (const struct decl_test *)d);
    struct test *test = vec_add(s->arena, tests, sizeof *test);
    if (test != NULL) test->decl = d;
  }
}

// The tests are those of the policy, or those of the file that is for it.
void sema_tests(struct sema *s) {
  struct program *p = s->program;
  struct vec tests = {0}, samples = {0};
  for (uint32_t i = 0; i < s->files.count; i++)
    take_samples(s, &samples, (*VEC_AT(s->files, struct used_file *, i))->file->decls);
  if (s->tests != NULL) take_samples(s, &samples, s->tests->decls);
  p->samples = samples.items, p->sample_count = samples.count;
  for (uint32_t i = 0; i < p->sample_count; i++) check_sample(s, p->samples[i]);
  const struct decl *first = s->tests != NULL ? s->tests->decls : s->main->decls;
  vec_reserve(s->arena, &tests, count_tests(first), sizeof(struct test));
  take_tests(s, &tests, first);
  p->tests = tests.items, p->test_count = tests.count;
}
