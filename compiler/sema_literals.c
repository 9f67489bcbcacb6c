// SPDX-License-Identifier: Apache-2.0
//
// One literal to one number: what 50 miles, 2024-02-29, J1745, "Actemra" or physician_office mean once the type
// that is wanted is known. Every function reports what is wrong at the literal and then answers false.
#include "compiler/sema.h"

#include <string.h>

#include "vm/code.h"
#include "vm/pack.h"

// ------------------------------------------------------------------ numbers and dates

bool literal_number(struct sema *s, const struct literal *l, int64_t *micro) {
  switch (number_parse(l->word.text, micro)) {
  case NUMBER_FINE: return true;
  case NUMBER_TOO_LONG: diag_report(s->diags, DIAG_NUMBER_TOO_LONG, l->span, l->word.text); break;
  case NUMBER_TOO_FINE: diag_report(s->diags, DIAG_NUMBER_TOO_FINE, l->span, l->word.text); break;
  case NUMBER_MALFORMED: diag_report(s->diags, DIAG_NOT_A_NUMBER, l->span, l->word.text); break;
  }
  return false;
}

bool literal_date(struct sema *s, struct word word, int32_t *days) {
  uint32_t month_days;
  if (date_parse(word.text, days, &month_days)) return true;
  if (month_days > 0)
    diag_report(s->diags, DIAG_NO_SUCH_DAY, word.span, word.text, month_days);
  else
    diag_report(s->diags, DIAG_NO_SUCH_DATE, word.span, word.text);
  return false;
}

// ------------------------------------------------------------------ texts

// Texts are numbered as they come; sema_order puts them into order at the end.
uint32_t text_number(struct sema *s, struct str text) {
  char *folded = arena_alloc(s->arena, (size_t)text.length + 1);
  if (folded == NULL) return 0;
  size_t length = text.length == 0 ? 0 : soc_text_fold(text.data, text.length, folded);
  struct symbol *symbol = names_add(&s->texts, (struct str){folded, (uint32_t)length});
  return symbol != NULL ? symbol->number : 0;
}

// ------------------------------------------------------------------ values of enumerations

bool enum_find(const struct enum_decl *e, struct str name, uint32_t *value) {
  for (uint32_t i = 0; i < e->count; i++) {
    if (str_equal(e->values[i], name)) {
      *value = i;
      return true;
    }
  }
  return false;
}

enum { VALUES_LISTED = 12 };

// "office, center, home"; NULL: there are too many to read, or no memory.
static const char *list_values(struct sema *s, const struct enum_decl *e) {
  size_t length = 0, at = 0;
  for (uint32_t i = 0; i < e->count; i++) length += e->values[i].length + 2;
  char *text = e->count <= VALUES_LISTED ? arena_alloc(s->arena, length + 1) : NULL;
  if (text == NULL) return NULL;
  for (uint32_t i = 0; i < e->count; i++) {
    if (i > 0) text[at++] = ',';
    if (i > 0) text[at++] = ' ';
    memcpy(text + at, e->values[i].data, e->values[i].length);
    at += e->values[i].length;
  }
  text[at] = '\0';
  return text;
}

void sema_suggest_values(struct sema *s, struct diag *d, const struct enum_decl *e,
                         struct str wanted) {
  if (d == NULL) return;
  struct suggestion near = suggest_for(wanted);
  for (uint32_t i = 0; i < e->count; i++) suggest_offer(&near, e->values[i]);
  diag_suggest(s->diags, d, &near);
  const char *values = near.best.length == 0 ? list_values(s, e) : NULL;
  if (values != NULL) diag_help(s->diags, d, "its values are %s", values);
}

static bool enum_value(struct sema *s, const struct literal *l, const struct enum_decl *e,
                       int64_t *value) {
  uint32_t index = 0;
  bool word = l->kind == LIT_NAME || l->kind == LIT_NUMBER || l->kind == LIT_CODE;
  if (word && enum_find(e, l->word.text, &index)) {
    *value = index;
    return true;
  }
  struct diag *d = diag_report(s->diags, DIAG_NO_SUCH_VALUE, l->span, l->word.text, e->name);
  sema_suggest_values(s, d, e, l->word.text);
  return false;
}

bool literal_mask(struct sema *s, const struct literal *values, const struct enum_decl *e,
                  uint64_t *mask) {
  bool good = true;
  *mask = 0;
  for (const struct literal *l = values; l != NULL; l = l->next) {
    int64_t value;
    if (!enum_value(s, l, e, &value)) {
      good = false;
      continue;
    }
    uint64_t bit = UINT64_C(1) << value;
    if ((*mask & bit) != 0) diag_report(s->diags, DIAG_VALUE_TWICE, l->span, l->word.text);
    *mask |= bit;
  }
  return good;
}

// ------------------------------------------------------------------ codes

// "5 characters", "3 to 7 characters"
const char *code_length_words(struct sema *s, const struct fact_decl *fact) {
  static const char after[] = " characters";
  char *text = arena_alloc(s->arena, 8 + sizeof after),
       *at = text; // lengths have at most two digits
  if (text == NULL) return "";
  uint32_t ends[] = {fact->min_length, fact->max_length};
  for (int i = fact->min_length == fact->max_length; i < 2; i++) {
    if (ends[i] >= 10) *at++ = '1';
    *at++ = (char)('0' + ends[i] % 10);
    if (i == 0) at = (char *)memcpy(at, " to ", 4) + 4;
  }
  memcpy(at, after, ends[1] == 1 ? sizeof after - 2 : sizeof after - 1);
  return text;
}

bool sema_check_code_length(struct sema *s, struct str code, struct span span,
                            const struct fact_decl *fact) {
  if (fact == NULL || fact->max_length == 0) return true;
  if (code.length >= fact->min_length && code.length <= fact->max_length) return true;
  struct diag *d = diag_report(s->diags, DIAG_CODE_LENGTH, span, code, code.length, fact->name,
                               code_length_words(s, fact));
  if (code.length > fact->max_length) diag_help(s->diags, d, "look for a letter or digit too many");
  return false;
}

void sema_report_no_code(struct sema *s, const struct literal *l) {
  struct diag *d = diag_report(s->diags, DIAG_NOT_A_CODE, l->span, source_of(s, l->span));
  if (l->kind != LIT_STRING) return;
  if (code_is_word(l->word.text))
    diag_help(s->diags, d, "codes are written without quotation marks: `%w`", l->word.text);
  else
    diag_help(s->diags, d,
              "codes are written without quotation marks, as 1 to 12 capital letters and digits");
}

static bool code_value(struct sema *s, const struct literal *l, int64_t *value) {
  bool word = l->kind == LIT_CODE || (l->kind == LIT_NUMBER && l->unit == UNIT_MISSING);
  if (!word || !code_is_word(l->word.text)) {
    sema_report_no_code(s, l);
    return false;
  }
  *value = (int64_t)code_pack(l->word.text);
  return true;
}

// ------------------------------------------------------------------ by the type that is wanted

static bool wrong_kind(struct sema *s, const struct literal *l, const struct type *want) {
  struct str said = source_of(s, l->span);
  struct diag *d =
      diag_report(s->diags, DIAG_LITERAL_TYPE, l->span, type_words(s->arena, want), said);
  if (want->base == SOC_TEXT) diag_help(s->diags, d, "texts stand in quotes: \"%w\"", said);
  return false;
}

static bool bool_value(struct sema *s, const struct literal *l, int64_t *value) {
  *value = str_is(l->word.text, "true");
  if (l->kind == LIT_NAME && (*value == 1 || str_is(l->word.text, "false"))) return true;
  return wrong_kind(s, l, &type_bool);
}

static bool unit_fits(struct sema *s, const struct literal *l, const struct type *want) {
  soc_unit unit = unit_of(l->unit);
  if (unit == want->unit) return true;
  struct str text = source_of(s, l->span);
  if (want->unit == SOC_UNIT_NONE)
    diag_report(s->diags, DIAG_UNIT_NOT_WANTED, l->span, text, unit_counts(unit));
  else if (unit == SOC_UNIT_NONE)
    diag_report(s->diags, DIAG_UNIT_MISSING, l->span, text, unit_counts(want->unit), text,
                unit_counts(want->unit));
  else
    diag_report(s->diags, DIAG_UNIT_OTHER, l->span, text, unit_counts(unit),
                unit_counts(want->unit));
  return false;
}

static bool number_value(struct sema *s, const struct literal *l, const struct type *want,
                         int64_t *value) {
  if (l->kind != LIT_NUMBER) return wrong_kind(s, l, want);
  if (!literal_number(s, l, value) || !unit_fits(s, l, want)) return false;
  return true;
}

static bool date_value(struct sema *s, const struct literal *l, int64_t *value) {
  int32_t days;
  if (l->kind != LIT_DATE) return wrong_kind(s, l, &type_date);
  if (!literal_date(s, l->word, &days)) return false;
  *value = days;
  return true;
}

bool literal_value(struct sema *s, const struct literal *l, const struct type *want,
                   int64_t *value) {
  *value = 0;
  switch (want->base) {
  case SOC_BOOL: return bool_value(s, l, value);
  case SOC_ENUM:
  case SOC_ENUM_LIST: return enum_value(s, l, want->values, value);
  case SOC_CODE:
  case SOC_CODE_LIST: return code_value(s, l, value);
  case SOC_DATE: return date_value(s, l, value);
  case SOC_NUMBER: return number_value(s, l, want, value);
  case SOC_TEXT:
    if (l->kind != LIT_STRING) return wrong_kind(s, l, want);
    *value = text_number(s, l->word.text);
    return true;
  case SOC_RECORDS:
  case SOC_LINE: break;
  }
  return wrong_kind(s, l, want);
}

// The type that a literal has by itself, in a constant or on both sides; NULL for a bare name.
const struct type *literal_type(struct sema *s, const struct literal *l) {
  if (l->kind == LIT_DATE) return &type_date;
  if (l->kind == LIT_STRING) return &type_text;
  if (l->kind == LIT_CODE) return &type_code;
  if (l->kind == LIT_NAME && (str_is(l->word.text, "true") || str_is(l->word.text, "false")))
    return &type_bool;
  if (l->kind != LIT_NUMBER) return NULL;
  struct type *type = ARENA_NEW(s->arena, struct type);
  if (type == NULL) return NULL;
  int64_t micro;
  *type = (struct type){.base = SOC_NUMBER, .unit = unit_of(l->unit)};
  type->whole = number_parse(l->word.text, &micro) == NUMBER_FINE && number_is_whole(micro);
  return type;
}

struct literal_rest *sema_rest_for(struct sema *s, struct literal *l) {
  if (l->rest == NULL) l->rest = ARENA_NEW(s->arena, struct literal_rest);
  return l->rest;
}

struct literal *literal_of_name(struct sema *s, struct word name) {
  struct literal *l = ARENA_NEW(s->arena, struct literal);
  if (l != NULL) *l = (struct literal){.kind = LIT_NAME, .word = name, .span = name.span};
  return l;
}
