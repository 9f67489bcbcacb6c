// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary: enumerations, facts and record lists, with what leaving a fact out means.
#include "compiler/sema.h"

#include "vm/code.h"
#include "vm/pack.h"

enum { ENUM_VALUES = 64, FACTS = 4096 };

#define NUMBER_LIMIT (INT64_C(999999999) * SOC_MICRO)
#define DECIMAL_LIMIT (NUMBER_LIMIT + SOC_MICRO - 1)

// ------------------------------------------------------------------ enumerations

static struct enum_decl *enum_of(struct sema *s, struct str name, const struct literal *values) {
  struct enum_decl *e = ARENA_NEW(s->arena, struct enum_decl);
  struct str *names = ARENA_ARRAY(s->arena, struct str, ENUM_VALUES);
  if (e == NULL || names == NULL) return NULL;
  *e = (struct enum_decl){.name = name, .values = names};
  for (const struct literal *l = values; l != NULL; l = l->next) {
    uint32_t taken;
    if (enum_find(e, l->word.text, &taken)) {
      diag_report(s->diags, DIAG_VALUE_TWICE, l->span, l->word.text);
    } else if (e->count == ENUM_VALUES) {
      diag_report(s->diags, DIAG_TOO_MANY_VALUES, l->span, name, (uint32_t)ENUM_VALUES);
      break;
    } else {
      names[e->count++] =
          arena_copy(s->arena, l->word.text.data, l->word.text.length); // with a NUL, for tools
    }
  }
  return e;
}

void sema_enter_enumeration(struct sema *s, const struct decl_enumeration *d) {
  struct enum_decl *e = enum_of(s, d->d.name.text, d->values);
  if (e == NULL) return;
  sema_enter(s, &s->enumerations, d->d.name, KIND_NONE, e);
}

const struct enum_decl *sema_enumeration(struct sema *s, struct word name) {
  struct symbol *symbol = names_find(&s->enumerations, name.text);
  if (symbol != NULL) return symbol->decl;
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_ENUMERATION, name.span, name.text);
  sema_suggest_names(s, d, &s->enumerations, name.text);
  return NULL;
}

// ------------------------------------------------------------------ entering facts

static struct str field_name(struct sema *s, struct str list, struct str field) {
  struct str rows = {"[]", 2};
  char *text = arena_alloc(s->arena, (size_t)list.length + field.length + 4);
  if (text == NULL) return field;
  uint32_t n = 0;
  for (uint32_t i = 0; i < list.length; i++) text[n++] = list.data[i];
  for (uint32_t i = 0; i < rows.length; i++) text[n++] = rows.data[i];
  text[n++] = '.';
  for (uint32_t i = 0; i < field.length; i++) text[n++] = field.data[i];
  return (struct str){text, n};
}

static struct fact_decl *fact_new(struct sema *s, struct str name) {
  struct fact_decl *fact = ARENA_NEW(s->arena, struct fact_decl);
  if (fact == NULL || !vec_push(s->arena, &s->facts, fact)) return NULL;
  fact->name = arena_copy(s->arena, name.data, name.length);
  fact->number = s->facts.count - 1;
  fact->manifest = SOC_NO_INDEX;
  fact->type = type_poison;
  return fact;
}

// With a NUL behind it, as tools want it.
static struct str kept(struct sema *s, const struct word *w) {
  struct str empty = {"", 0};
  return w != NULL ? arena_copy(s->arena, w->text.data, w->text.length) : empty;
}

static struct fact_decl *enter_fact(struct sema *s, const struct decl_fact *d, struct word full,
                                    const struct fact_decl *list) {
  struct fact_decl *fact = fact_new(s, full.text);
  if (fact == NULL) return NULL;
  fact->decl = d;
  fact->list = list;
  if (list != NULL) fact->field = d->d.name.text;
  fact->doc = kept(s, d->d.text);
  fact->standard = kept(s, d->standard);
  return sema_enter(s, &s->names, full, KIND_FACT, fact) != NULL ? fact : NULL;
}

void sema_enter_fact(struct sema *s, const struct decl_fact *d) {
  if (s->facts.count == FACTS)
    diag_report(s->diags, DIAG_TOO_MANY_FACTS, d->d.name.span, (uint32_t)FACTS);
  if (s->facts.count >= FACTS) return;
  enter_fact(s, d, d->d.name, NULL);
}

static uint32_t count_fields(const struct decl_list *d) {
  uint32_t count = 0;
  for (const struct decl *f = &d->fields->d; d->fields != NULL && f != NULL; f = f->next) count++;
  return count;
}

void sema_enter_list(struct sema *s, const struct decl_list *d) {
  uint32_t count = count_fields(d);
  if (s->facts.count + count + 1 > FACTS) {
    diag_report(s->diags, DIAG_TOO_MANY_FACTS, d->d.name.span, (uint32_t)FACTS);
    return;
  }
  struct fact_decl *list = fact_new(s, d->d.name.text);
  const struct fact_decl **fields = ARENA_ARRAY(s->arena, const struct fact_decl *, count);
  if (list == NULL || fields == NULL) return;
  list->type = (struct type){.base = SOC_RECORDS};
  list->doc = kept(s, d->d.text);
  list->fields = fields;
  list->list_decl = d;
  if (sema_enter(s, &s->names, d->d.name, KIND_FACT, list) == NULL) return;
  for (const struct decl *f = count > 0 ? &d->fields->d : NULL; f != NULL; f = f->next) {
    struct word full = {field_name(s, list->name, f->name.text), f->name.span};
    struct fact_decl *field = enter_fact(s, (const struct decl_fact *)f, full, list);
    if (field != NULL) fields[list->field_count++] = field;
  }
}

const struct fact_decl *fact_field(const struct fact_decl *list, struct str name) {
  for (uint32_t i = 0; i < list->field_count; i++)
    if (str_equal(list->fields[i]->field, name)) return list->fields[i];
  return NULL;
}

// ------------------------------------------------------------------ types

// `list of T` in terms of T; the grammar allows it for codes and values only.
static soc_type listed(soc_type base, bool list) {
  if (!list) return base;
  return base == SOC_ENUM ? SOC_ENUM_LIST : SOC_CODE_LIST;
}

static bool reference_type(struct sema *s, struct fact_decl *fact, const struct type_expr *t) {
  struct symbol *symbol = names_find(&s->names, t->name.text);
  const struct fact_decl *list = symbol != NULL && symbol->kind == KIND_FACT ? symbol->decl : NULL;
  if (list == NULL || list->type.base != SOC_RECORDS || list->list_decl->key.text.length == 0) {
    diag_report(s->diags, DIAG_NOT_A_KEYED_LIST, t->name.span, t->name.text);
    return false;
  }
  fact->line_of = list;
  fact->type = type_count;
  return true;
}

static bool set_type(struct sema *s, struct fact_decl *fact, const struct type_expr *t) {
  const struct enum_decl *values = NULL;
  switch (t->word) {
  case TYPE_BOOLEAN: fact->type = type_bool; return true;
  case TYPE_TEXT: fact->type = type_text; return true;
  case TYPE_DATE: fact->type = type_date; return true;
  case TYPE_CODE: fact->type = (struct type){.base = listed(SOC_CODE, t->list)}; return true;
  case TYPE_INTEGER:
  case TYPE_DECIMAL:
    fact->type = (struct type){
        .base = SOC_NUMBER, .unit = unit_of(t->unit), .whole = t->word == TYPE_INTEGER};
    return true;
  case TYPE_LINE: return reference_type(s, fact, t);
  case TYPE_ENUM_NAMED: values = sema_enumeration(s, t->name); break;
  case TYPE_ENUM_INLINE: values = enum_of(s, fact->name, t->values); break;
  }
  if (values == NULL) return false;
  fact->type = (struct type){.base = listed(SOC_ENUM, t->list), .values = values};
  return true;
}

static void code_lengths(struct sema *s, struct fact_decl *fact, const struct type_expr *t) {
  fact->min_length = t->max_length == 0 ? 1 : t->min_length;
  fact->max_length = t->max_length == 0 ? SOC_CODE_MAX : t->max_length;
  if (t->max_length != 0 && t->min_length == 0) fact->min_length = 1;
  if (t->max_length > SOC_CODE_MAX || t->min_length > t->max_length)
    diag_report(s->diags, DIAG_CODE_TYPE_LENGTH, t->span, (uint32_t)SOC_CODE_MAX);
}

static bool bound(struct sema *s, const struct fact_decl *fact, const struct literal *l,
                  int64_t *value) {
  if (!literal_number(s, l, value)) return false;
  if (!fact->type.whole || number_is_whole(*value)) return true;
  diag_report(s->diags, DIAG_NOT_WHOLE, l->span, l->word.text, fact->name);
  return false;
}

static void set_range_of(struct sema *s, struct fact_decl *fact, const struct type_expr *t) {
  switch (fact->type.base) {
  case SOC_DATE: fact->maximum = SOC_DAY_MAX; return;
  case SOC_NUMBER: break;
  default: return;
  }
  int64_t step = fact->type.whole ? SOC_MICRO : 1;
  fact->maximum = fact->type.whole ? NUMBER_LIMIT : DECIMAL_LIMIT;
  fact->minimum = fact->line_of != NULL ? 0 : -fact->maximum;
  if (t->min != NULL && bound(s, fact, t->min, &fact->minimum) && t->min_exclusive)
    fact->minimum += step;
  if (t->max != NULL) bound(s, fact, t->max, &fact->maximum);
  if (fact->minimum > fact->maximum) diag_report(s->diags, DIAG_RANGE_REVERSED, t->span);
}

// ------------------------------------------------------------------ left out

static void takes_other(struct sema *s, struct fact_decl *fact, const struct decl_fact *d) {
  struct symbol *symbol = names_find(&s->names, d->other.text);
  const struct fact_decl *other = symbol != NULL && symbol->kind == KIND_FACT ? symbol->decl : NULL;
  if (other == NULL) {
    report_unknown_name(s, NULL, d->other, "fact");
    return;
  }
  bool chained = other->decl == NULL || other->decl->left_out == LEFT_FACT;
  if (other->list != NULL || chained || !type_equal(&other->type, &fact->type) ||
      type_is_list(&fact->type)) {
    diag_report(s->diags, DIAG_OTHER_FACT, d->other.span, d->other.text, fact->name);
    return;
  }
  fact->left_out = SOC_LEFT_OUT_OTHER_FACT;
  fact->other = other;
}

static void set_left_out(struct sema *s, struct fact_decl *fact, const struct decl_fact *d) {
  bool list = type_is_list(&fact->type);
  switch (d->left_out) {
  case LEFT_UNKNOWN: break;
  case LEFT_DERIVED:
    if (fact->list != NULL) fact->left_out = SOC_LEFT_OUT_DERIVED;
    if (fact->type.base != SOC_ENUM || fact->nullable)
      diag_report(s->diags, DIAG_DERIVED_TYPE, d->d.name.span, fact->name);
    fact->assumed = -1;
    break;
  case LEFT_NONE:
    fact->left_out = SOC_LEFT_OUT_NONE;
    if (list) diag_report(s->diags, DIAG_LEFT_OUT_LIST, d->d.name.span, fact->name);
    break;
  case LEFT_EMPTY:
    fact->left_out = SOC_LEFT_OUT_EMPTY;
    if (!list) diag_report(s->diags, DIAG_LEFT_OUT_EMPTY, d->d.name.span, fact->name);
    break;
  case LEFT_ASSUMED:
    fact->left_out = SOC_LEFT_OUT_ASSUMED;
    if (list || fact->type.base == SOC_TEXT)
      diag_report(s->diags, DIAG_ASSUMED_TYPE, d->assumed->span, fact->name);
    else if (literal_value(s, d->assumed, &fact->type, &fact->assumed))
      sema_check_range(s, d->assumed, fact, fact->assumed);
    break;
  case LEFT_FACT: takes_other(s, fact, d); break;
  }
  if (d->required) fact->left_out = SOC_LEFT_OUT_REQUIRED;
  if (d->required && (fact->list == NULL || d->left_out != LEFT_UNKNOWN))
    diag_report(s->diags, DIAG_REQUIRED_FIELD, d->d.name.span, fact->name);
}

bool sema_check_range(struct sema *s, const struct literal *l, const struct fact_decl *fact,
                      int64_t value) {
  if (fact->type.base != SOC_NUMBER) return true;
  if (fact->type.whole && !number_is_whole(value)) {
    diag_report(s->diags, DIAG_NOT_WHOLE, l->span, l->word.text, fact->name);
    return false;
  }
  if (value >= fact->minimum && value <= fact->maximum) return true;
  diag_report(s->diags, DIAG_OUT_OF_RANGE, l->span, source_of(s, l->span), fact->name);
  return false;
}

// ------------------------------------------------------------------ all of it

static void check_fact(struct sema *s, struct fact_decl *fact) {
  const struct decl_fact *d = fact->decl;
  if (!set_type(s, fact, &d->type)) {
    fact->failed = true;
    return;
  }
  if (fact->type.base == SOC_CODE || fact->type.base == SOC_CODE_LIST)
    code_lengths(s, fact, &d->type);
  set_range_of(s, fact, &d->type);
  fact->nullable = d->type.or_none;
  fact->required = d->required;
  if (fact->nullable && type_is_list(&fact->type))
    diag_report(s->diags, DIAG_LIST_OR_NONE, d->type.span, fact->name);
}

static void check_key(struct sema *s, struct fact_decl *list) {
  const struct word *key = &list->list_decl->key;
  if (key->text.length == 0) return;
  list->key = fact_field(list, key->text);
  if (list->key == NULL)
    diag_report(s->diags, DIAG_NO_SUCH_FIELD, key->span, key->text, list->name);
  else if (!list->key->required || list->key->type.base != SOC_NUMBER || !list->key->type.whole)
    diag_report(s->diags, DIAG_KEY_FIELD, key->span, key->text);
}

void sema_vocabulary(struct sema *s) {
  for (uint32_t i = 0; i < s->facts.count; i++) {
    struct fact_decl *fact = *VEC_AT(s->facts, struct fact_decl *, i);
    if (fact->decl != NULL) check_fact(s, fact);
  }
  for (uint32_t i = 0; i < s->facts.count; i++) { // other facts' types are known now
    struct fact_decl *fact = *VEC_AT(s->facts, struct fact_decl *, i);
    if (fact->decl != NULL && !fact->failed) set_left_out(s, fact, fact->decl);
    if (fact->list_decl != NULL) check_key(s, fact);
  }
  struct symbol *sites = names_find(&s->enumerations, (struct str){"site", 4});
  struct symbol *actions = names_find(&s->enumerations, (struct str){"required_action", 15});
  s->sites = sites != NULL ? sites->decl : NULL;
  s->actions = actions != NULL ? actions->decl : NULL;
}
