// SPDX-License-Identifier: Apache-2.0
//
// See types.h.
#include "compiler/types.h"

#include <string.h>

#include "compiler/source.h"
#include "vm/code.h"
#include "vm/pack.h"

const struct type type_poison = {.base = SOC_BOOL};
const struct type type_bool = {.base = SOC_BOOL};
const struct type type_date = {.base = SOC_DATE};
const struct type type_text = {.base = SOC_TEXT};
const struct type type_code = {.base = SOC_CODE};
const struct type type_count = {.base = SOC_NUMBER, .unit = SOC_UNIT_NONE, .whole = true};

bool type_is_list(const struct type *t) {
  return t->base == SOC_CODE_LIST || t->base == SOC_ENUM_LIST || t->base == SOC_RECORDS;
}

bool type_is_ordered(const struct type *t) {
  return t->base == SOC_DATE || t->base == SOC_NUMBER;
}

bool type_equal(const struct type *a, const struct type *b) {
  return a->base == b->base && a->unit == b->unit && a->values == b->values;
}

// ------------------------------------------------------------------ units

soc_unit unit_of(enum unit_word word) {
  static const soc_unit units[] = {
      [UNIT_MISSING] = SOC_UNIT_NONE,     [UNIT_DAYS] = SOC_DAYS,
      [UNIT_MONTHS] = SOC_MONTHS,         [UNIT_YEARS] = SOC_YEARS,
      [UNIT_MILES] = SOC_MILES,           [UNIT_PERCENT] = SOC_PERCENT,
      [UNIT_HOURS] = SOC_HOURS,           [UNIT_MILLILITRES] = SOC_MILLILITRES,
      [UNIT_BASE_UNITS] = SOC_BASE_UNITS, [UNIT_BASE_UNITS_PER_UNIT] = SOC_BASE_UNITS_PER_UNIT,
      [UNIT_UNITS] = SOC_CODE_UNITS};
  return units[word];
}

const char *unit_counts(soc_unit unit) {
  static const char *const words[] = {[SOC_UNIT_NONE] = "",
                                      [SOC_DAYS] = "days",
                                      [SOC_MONTHS] = "months",
                                      [SOC_YEARS] = "years",
                                      [SOC_MILES] = "miles",
                                      [SOC_PERCENT] = "percent",
                                      [SOC_HOURS] = "hours",
                                      [SOC_MILLILITRES] = "ml",
                                      [SOC_BASE_UNITS] = "base units",
                                      [SOC_BASE_UNITS_PER_UNIT] = "base units per unit",
                                      [SOC_CODE_UNITS] = "units"};
  return words[unit];
}

static const char *join(struct arena *arena, const char *a, struct str b, const char *c) {
  size_t la = strlen(a), lc = strlen(c);
  char *text = arena_alloc(arena, la + b.length + lc + 1);
  if (text == NULL) return a;
  memcpy(text, a, la);
  if (b.length > 0) memcpy(text + la, b.data, b.length);
  memcpy(text + la + b.length, c, lc);
  return text;
}

const char *type_words(struct arena *arena, const struct type *t) {
  if (t == NULL) return "true or false";
  switch (t->base) {
  case SOC_BOOL: return "true or false";
  case SOC_ENUM: return join(arena, "a value of `", t->values->name, "`");
  case SOC_CODE: return "a code";
  case SOC_TEXT: return "a text";
  case SOC_DATE: return "a date";
  case SOC_NUMBER:
    if (t->unit == SOC_UNIT_NONE) return "a plain number";
    return join(arena, "a number of ", str_of(unit_counts(t->unit)), "");
  case SOC_CODE_LIST: return "a list of codes";
  case SOC_ENUM_LIST: return join(arena, "a list of values of `", t->values->name, "`");
  case SOC_RECORDS: return "a list of records";
  case SOC_LINE: return "a line";
  }
  return "";
}

// ------------------------------------------------------------------ numbers and dates

static bool is_digit(char ch) {
  return ch >= '0' && ch <= '9';
}

enum number_fault number_parse(struct str text, int64_t *micro) {
  uint32_t before = 0, after = 0, i = 0;
  int64_t value = 0;
  *micro = 0;
  for (; i < text.length && is_digit(text.data[i]); i++) {
    if (before > 0 || text.data[i] != '0') before++;
    if (before > 9) return NUMBER_TOO_LONG;
    value = value * 10 + (text.data[i] - '0');
  }
  if (i == 0) return NUMBER_MALFORMED;
  value *= SOC_MICRO;
  if (i < text.length && text.data[i] == '.') {
    int64_t place = SOC_MICRO / 10;
    for (i++; i < text.length && is_digit(text.data[i]); i++, place /= 10) {
      if (++after > 6) return NUMBER_TOO_FINE;
      value += place * (text.data[i] - '0');
    }
  }
  *micro = value;
  return i == text.length ? NUMBER_FINE : NUMBER_MALFORMED;
}

bool number_is_whole(int64_t micro) {
  return micro % SOC_MICRO == 0;
}

static bool digits_at(struct str text, uint32_t from, uint32_t to, int32_t *value) {
  *value = 0;
  for (uint32_t i = from; i < to; i++) {
    if (!is_digit(text.data[i])) return false;
    *value = *value * 10 + (text.data[i] - '0');
  }
  return true;
}

bool date_parse(struct str text, int32_t *days, uint32_t *month_days) {
  int32_t year, month, day;
  *days = 0;
  *month_days = 0;
  if (text.length != 10 || text.data[4] != '-' || text.data[7] != '-') return false;
  if (!digits_at(text, 0, 4, &year) || !digits_at(text, 5, 7, &month) ||
      !digits_at(text, 8, 10, &day))
    return false;
  if (soc_date_make(year, month, day, days)) return true;
  for (int32_t last = 31; last >= 28 && day > 0; last--) {
    if (soc_date_make(year, month, last, days)) {
      *month_days = (uint32_t)last;
      break;
    }
  }
  return false;
}

// ------------------------------------------------------------------ codes

struct str str_capitals(struct arena *arena, struct str text) {
  char *capitals = arena_alloc(arena, text.length);
  if (capitals == NULL) return text;
  for (uint32_t i = 0; i < text.length; i++) {
    bool small = text.data[i] >= 'a' && text.data[i] <= 'z';
    capitals[i] = small ? (char)(text.data[i] - 'a' + 'A') : text.data[i];
  }
  return (struct str){capitals, text.length};
}

bool code_is_word(struct str text) {
  if (text.length == 0 || text.length > SOC_CODE_MAX) return false;
  for (uint32_t i = 0; i < text.length; i++) {
    char ch = text.data[i];
    if (!is_digit(ch) && !(ch >= 'A' && ch <= 'Z')) return false;
  }
  return true;
}

uint64_t code_pack(struct str text) {
  uint64_t packed = 0;
  return soc_code_pack(text.data, text.length, &packed) ? packed : 0;
}

uint64_t code_prefix_end(struct str prefix) {
  char last[SOC_CODE_MAX];
  memset(last, 'Z', sizeof last);
  memcpy(last, prefix.data, prefix.length < sizeof last ? prefix.length : sizeof last);
  struct str text = {last, sizeof last};
  return code_pack(text);
}

uint64_t code_after(uint64_t packed) {
  char text[13];
  size_t length = soc_code_unpack(packed, text);
  if (length < SOC_CODE_MAX) {
    text[length++] = '0';
  } else {
    while (length > 0 && text[length - 1] == 'Z') length--;
    if (length == 0) return 0;
    text[length - 1] = text[length - 1] == '9' ? 'A' : (char)(text[length - 1] + 1);
  }
  uint64_t next = 0;
  return soc_code_pack(text, length, &next) ? next : 0;
}
