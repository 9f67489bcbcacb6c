// SPDX-License-Identifier: Apache-2.0
//
// Single values of a case: type, range, value of an enumeration, calendar, spelling of codes, exact decimals. Every
// message says what was expected and what was found. No value passes through floating point.
#include "cli/case_internal.h"
#include "cli/digits.h"
#include "cli/values.h"

#include <string.h>

enum { WHOLE_DIGITS = 9, FRACTION_DIGITS = 6, VALUES_LISTED = 12 };

// ---------------------------------------------------------------------------------------- messages

static void expected_values(struct case_reader *r, uint32_t fact, struct buffer *out) {
  uint32_t count = r->v->facts[fact].value_count;
  if (count > VALUES_LISTED) {
    buffer_format(out, "one of its %u values", (unsigned)count);
    return;
  }
  buffer_text(out, "one of ");
  for (uint32_t i = 0; i < count; i++) {
    soc_text value = soc_vocabulary_value(r->v->vocabulary, fact, i);
    buffer_format(out, "%s%.*s", i ? ", " : "", (int)value.length, value.data);
  }
}

static void expected_code(const soc_vocabulary_fact *f, bool cell, struct buffer *out) {
  buffer_text(out, "a code of ");
  uint32_t least = f->min_length ? f->min_length : 1, most = f->max_length ? f->max_length : 12;
  if (least == most)
    buffer_format(out, "%u", (unsigned)most);
  else
    buffer_format(out, "%u to %u", (unsigned)least, (unsigned)most);
  buffer_text(out, " capital letters and digits");
  if (!cell) buffer_text(out, " in quotation marks");
}

static void expected_number(const soc_vocabulary_fact *f, struct buffer *out) {
  const char *unit = unit_word(f->unit);
  buffer_text(out, f->flags & SOC_FACT_WHOLE ? "a whole number" : "a number");
  if (*unit) buffer_format(out, " of %s", strcmp(unit, "%") == 0 ? "percent" : unit);
}

static void expected_append(struct case_reader *r, uint32_t fact, bool item, struct buffer *out) {
  const soc_vocabulary_fact *f = &r->v->facts[fact];
  switch (f->type) {
  case SOC_BOOL: buffer_text(out, "true or false"); break;
  case SOC_ENUM: expected_values(r, fact, out); break;
  case SOC_CODE: expected_code(f, r->cells, out); break;
  case SOC_TEXT: buffer_text(out, "a text in quotation marks"); break;
  case SOC_DATE: buffer_text(out, "a date YYYY-MM-DD"); break;
  case SOC_NUMBER: expected_number(f, out); break;
  case SOC_CODE_LIST:
    if (item)
      expected_code(f, r->cells, out);
    else
      buffer_text(out, "a list of codes");
    break;
  case SOC_ENUM_LIST:
    if (!item) buffer_text(out, "a list of names, each ");
    expected_values(r, fact, out);
    break;
  case SOC_RECORDS: buffer_text(out, "a list of records"); break;
  case SOC_LINE: buffer_text(out, "the number of a line"); break;
  }
  if (!item && f->flags & SOC_FACT_NULLABLE) buffer_text(out, ", or null if there is none");
}

static void found_append(const struct json_event *found, struct buffer *out) {
  switch (found->kind) {
  case JSON_NULL: buffer_text(out, "null"); break;
  case JSON_FALSE: buffer_text(out, "false"); break;
  case JSON_TRUE: buffer_text(out, "true"); break;
  case JSON_OBJECT: buffer_text(out, "an object"); break;
  case JSON_ARRAY: buffer_text(out, "a list"); break;
  case JSON_NUMBER:
    buffer_append(out, found->text, found->length < 40 ? found->length : 40);
    if (found->length > 40) buffer_text(out, "...");
    break;
  default: quote_append(out, found->text, found->length);
  }
}

static bool fail_expected(struct case_reader *r, const char *code, uint32_t fact, bool item,
                          const struct json_event *found, const char *hint) {
  struct buffer message = {0};
  buffer_text(&message, "expected ");
  expected_append(r, fact, item, &message);
  buffer_text(&message, ", found ");
  found_append(found, &message);
  buffer_text(&message, hint);
  if (message.failed)
    case_no_memory(r);
  else
    case_fail(r, code, "%s", message.data);
  buffer_free(&message);
  return false;
}

bool case_expected(struct case_reader *r, const char *code, uint32_t fact,
                   const struct json_event *found) {
  return fail_expected(r, code, fact, false, found, "");
}

// ---------------------------------------------------------------------------------------- numbers

struct decimal {
  bool negative;
  int64_t digits;   // significant digits without trailing zeros
  int count;        // how many; beyond 15 is not counted further
  int64_t exponent; // value = digits * 10^exponent
};

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes one digit; zeros wait until a later digit shows that they are not trailing.
static void take_digit(struct decimal *d, int64_t *zeros, char c) {
  if (c == '0') {
    if (d->count) ++*zeros;
    return;
  }
  if (d->count + *zeros >= WHOLE_DIGITS + FRACTION_DIGITS) {
    d->count = WHOLE_DIGITS + FRACTION_DIGITS + 1;
    *zeros = 0;
    return;
  }
  for (; *zeros > 0; --*zeros, d->count++) d->digits *= 10;
  d->digits = d->digits * 10 + (c - '0');
  d->count++;
}

static bool read_exponent(const char **at, const char *end, int64_t *exponent) {
  bool minus = false;
  int64_t value = 0;
  ++*at;
  if (*at < end && (**at == '+' || **at == '-')) minus = *(*at)++ == '-';
  if (*at >= end || !is_digit(**at)) return false;
  for (; *at < end && is_digit(**at); ++*at) {
    if (value < 1000000000) value = value * 10 + (**at - '0');
  }
  *exponent += minus ? -value : value;
  return true;
}

// The grammar of RFC 8259, section 6.
static bool read_decimal(const char *text, size_t length, struct decimal *d) {
  const char *at = text, *end = text + length;
  int64_t zeros = 0;
  *d = (struct decimal){0};
  if (at < end && *at == '-') d->negative = true, at++;
  if (at >= end || !is_digit(*at)) return false;
  if (*at == '0' && at + 1 < end && is_digit(at[1])) return false;
  for (; at < end && is_digit(*at); at++) take_digit(d, &zeros, *at);
  if (at < end && *at == '.') {
    if (++at >= end || !is_digit(*at)) return false;
    for (; at < end && is_digit(*at); at++, d->exponent--) take_digit(d, &zeros, *at);
  }
  d->exponent += zeros; // the trailing ones; those after the point take back what the loop counted
  if (at < end && (*at == 'e' || *at == 'E') && !read_exponent(&at, end, &d->exponent))
    return false;
  return at == end;
}

bool case_number(const char *text, size_t length, int64_t *millionths) {
  struct decimal d;
  *millionths = 0;
  if (!read_decimal(text, length, &d)) return false;
  if (d.count == 0) return true; // zero, however it is written
  if (d.count > WHOLE_DIGITS + FRACTION_DIGITS) return false;
  if (d.exponent < -FRACTION_DIGITS || d.count + d.exponent > WHOLE_DIGITS) return false;
  int64_t value = d.digits;
  for (int64_t i = -FRACTION_DIGITS; i < d.exponent; i++) value *= 10;
  *millionths = d.negative ? -value : value;
  return true;
}

static bool range_error(struct case_reader *r, uint32_t fact, const struct json_event *event,
                        const char *hint) {
  return fail_expected(r, "fact_range", fact, false, event, hint);
}

static bool out_of_range(struct case_reader *r, uint32_t fact, const struct json_event *event) {
  const soc_vocabulary_fact *f = &r->v->facts[fact];
  struct buffer hint = {0};
  buffer_text(&hint, "; it lies between ");
  decimal_append(&hint, f->minimum);
  buffer_text(&hint, " and ");
  decimal_append(&hint, f->maximum);
  range_error(r, fact, event, buffer_get(&hint));
  buffer_free(&hint);
  return false;
}

static bool take_number(struct case_reader *r, uint32_t fact, uint32_t row,
                        const struct json_event *event) {
  const soc_vocabulary_fact *f = &r->v->facts[fact];
  int64_t value;
  if (event->kind != JSON_NUMBER) return case_expected(r, "fact_type", fact, event);
  if (!case_number(event->text, event->length, &value))
    return range_error(r, fact, event, "; at most 9 digits before the point and 6 after it");
  if (f->flags & SOC_FACT_WHOLE && value % 1000000)
    return case_expected(r, "fact_type", fact, event);
  if (value < f->minimum || value > f->maximum) return out_of_range(r, fact, event);
  return case_add(r, fact, row, CASE_NUMBER, value) && case_note_line(r, fact, row, value);
}

// ---------------------------------------------------------------------------------------- other scalars

static bool take_date(struct case_reader *r, uint32_t fact, uint32_t row,
                      const struct json_event *event) {
  const soc_vocabulary_fact *f = &r->v->facts[fact];
  int32_t year, month, day, days;
  if (event->kind != JSON_STRING || event->length != 10 ||
      !date_digits(event->text, &year, &month, &day))
    return case_expected(r, "fact_type", fact, event);
  if (!soc_date_make(year, month, day, &days))
    return fail_expected(r, "fact_date", fact, false, event, ", a day that does not exist");
  if (days < f->minimum || days > f->maximum)
    return range_error(r, fact, event, "; outside the dates allowed for it");
  return case_add(r, fact, row, CASE_DATE, days);
}

static bool keep_text(struct case_reader *r, uint32_t fact, uint32_t row, enum case_value_kind kind,
                      const struct json_event *event) {
  if (!case_add_text(r, fact, row, kind, event->length)) return false;
  return buffer_append(&r->data.texts, event->text, event->length) || case_no_memory(r);
}

static bool take_code(struct case_reader *r, uint32_t fact, uint32_t row, bool item,
                      const struct json_event *event) {
  const soc_vocabulary_fact *f = &r->v->facts[fact];
  uint32_t least = f->min_length ? f->min_length : 1, most = f->max_length ? f->max_length : 12;
  if (event->kind != JSON_STRING)
    return fail_expected(r, event->kind == JSON_NULL ? "fact_null" : "fact_type", fact, item, event,
                         "");
  bool well_formed = event->length >= least && event->length <= most, lower = false, parted = false;
  for (size_t i = 0; i < event->length; i++) {
    char c = event->text[i];
    lower = lower || (c >= 'a' && c <= 'z');
    parted = parted || c == '.' || c == '-' || c == ' ';
    well_formed = well_formed && (is_digit(c) || (c >= 'A' && c <= 'Z'));
  }
  if (!well_formed)
    return fail_expected(r, "fact_code", fact, item, event,
                         lower    ? "; codes are written in capital letters"
                         : parted ? "; codes are written without points, hyphens and spaces"
                                  : "");
  return keep_text(r, fact, row, item ? CASE_CODE_ITEM : CASE_CODE, event);
}

static bool take_enum(struct case_reader *r, uint32_t fact, uint32_t row, bool item,
                      const struct json_event *event) {
  if (event->kind != JSON_STRING)
    return fail_expected(r, event->kind == JSON_NULL ? "fact_null" : "fact_type", fact, item, event,
                         "");
  uint32_t value = vocabulary_find_value(r->v, fact, event->text, event->length);
  if (value == SOC_NO_INDEX) {
    struct near near = near_to(event->text, event->length);
    for (uint32_t i = 0; i < r->v->facts[fact].value_count; i++) {
      soc_text name = soc_vocabulary_value(r->v->vocabulary, fact, i);
      near_offer(&near, name.data, name.length);
    }
    char hint[128] = "";
    if (near.best && near.best_length < 80) {
      memcpy(hint, "; did you mean \"", 16);
      memcpy(hint + 16, near.best, near.best_length);
      memcpy(hint + 16 + near.best_length, "\"?", 3);
    }
    return fail_expected(r, "fact_value", fact, item, event, hint);
  }
  return case_add(r, fact, row, item ? CASE_ENUM_ITEM : CASE_ENUM, value);
}

static bool take_bool(struct case_reader *r, uint32_t fact, uint32_t row,
                      const struct json_event *event) {
  if (event->kind != JSON_TRUE && event->kind != JSON_FALSE)
    return case_expected(r, "fact_type", fact, event);
  return case_add(r, fact, row, CASE_BOOL, event->kind == JSON_TRUE);
}

static bool take_null(struct case_reader *r, uint32_t fact, uint32_t row,
                      const struct json_event *event) {
  if (r->v->facts[fact].flags & SOC_FACT_NULLABLE) return case_add(r, fact, row, CASE_NONE, 0);
  return fail_expected(r, "fact_null", fact, false, event, "; leave it out if it is not known");
}

bool case_take_scalar(struct case_reader *r, uint32_t fact, uint32_t row,
                      const struct json_event *event) {
  if (event->kind == JSON_NULL) return take_null(r, fact, row, event);
  switch (r->v->facts[fact].type) {
  case SOC_BOOL: return take_bool(r, fact, row, event);
  case SOC_ENUM: return take_enum(r, fact, row, false, event);
  case SOC_CODE: return take_code(r, fact, row, false, event);
  case SOC_DATE: return take_date(r, fact, row, event);
  case SOC_LINE:
  case SOC_NUMBER: return take_number(r, fact, row, event);
  case SOC_TEXT:
    if (event->kind != JSON_STRING) return case_expected(r, "fact_type", fact, event);
    return keep_text(r, fact, row, CASE_TEXT, event);
  default: return case_expected(r, "fact_type", fact, event);
  }
}

bool case_take_item(struct case_reader *r, uint32_t fact, uint32_t row,
                    const struct json_event *event) {
  if (r->v->facts[fact].type == SOC_CODE_LIST) return take_code(r, fact, row, true, event);
  return take_enum(r, fact, row, true, event);
}

// ---------------------------------------------------------------------------------------- CSV

static bool is_word(const char *cell, size_t length, const char *word) {
  if (strlen(word) != length) return false;
  for (size_t i = 0; i < length; i++) {
    char c = cell[i] >= 'A' && cell[i] <= 'Z' ? (char)(cell[i] + ('a' - 'A')) : cell[i];
    if (c != word[i]) return false;
  }
  return true;
}

struct json_event case_event_of_cell(const soc_vocabulary_fact *fact, const char *cell,
                                     size_t length) {
  struct json_event event = {JSON_STRING, cell, length};
  struct decimal ignored;
  if (length == 4 && memcmp(cell, "null", 4) == 0)
    event.kind = JSON_NULL;
  else if (fact->type == SOC_BOOL && is_word(cell, length, "true"))
    event.kind = JSON_TRUE; // spreadsheets write TRUE
  else if (fact->type == SOC_BOOL && is_word(cell, length, "false"))
    event.kind = JSON_FALSE;
  else if (fact->type == SOC_NUMBER && read_decimal(cell, length, &ignored))
    event.kind = JSON_NUMBER;
  return event;
}
