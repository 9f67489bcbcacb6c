// SPDX-License-Identifier: Apache-2.0
//
// Prints values; see values.h.
#include "cli/values.h"

#include <string.h>

static char *put_digits(char *end, uint64_t value, int least) {
  for (; value > 0 || least > 0; value /= 10, least--) *--end = (char)('0' + value % 10);
  return end;
}

static void put_two(char text[2], int32_t value) {
  static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                              "25262728293031323334353637383940414243444546474849"
                              "50515253545556575859606162636465666768697071727374"
                              "75767778798081828384858687888990919293949596979899";
  memcpy(text, pairs + (size_t)value * 2, 2);
}

void date_write(char text[DATE_LENGTH], int32_t days) {
  int32_t year, month, day;
  soc_date_split(days, &year, &month, &day);
  put_two(text, year / 100);
  put_two(text + 2, year % 100);
  put_two(text + 5, month);
  put_two(text + 8, day);
  text[4] = text[7] = '-';
}

void date_append(struct buffer *out, int32_t days) {
  char text[DATE_LENGTH];
  date_write(text, days);
  buffer_append(out, text, sizeof text);
}

const char *count_write(char room[COUNT_ROOM], uint64_t number) {
  char *at = room + COUNT_ROOM - 1;
  *at = '\0';
  for (int digits = 0;; digits++) {
    if (digits && digits % 3 == 0) *--at = ',';
    *--at = (char)('0' + number % 10);
    if (!(number /= 10)) return at;
  }
}

const char *bound_write(char room[COUNT_ROOM], uint64_t bound) {
  return bound == UINT64_MAX ? "no bound below 2^64" : count_write(room, bound);
}

void decimal_append(struct buffer *out, int64_t millionths) {
  uint64_t size = millionths < 0 ? (uint64_t)0 - (uint64_t)millionths : (uint64_t)millionths;
  uint64_t fraction = size % 1000000;
  int digits = 6;
  char text[32], *end = text + sizeof text, *at = end;
  for (; fraction && fraction % 10 == 0; digits--) fraction /= 10;
  if (fraction) {
    at = put_digits(at, fraction, digits);
    *--at = '.';
  }
  at = put_digits(at, size / 1000000, 1);
  if (millionths < 0) *--at = '-';
  buffer_append(out, at, (size_t)(end - at));
}

bool text_same(soc_text a, soc_text b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

void text_append(struct buffer *out, soc_text text) {
  buffer_append(out, text.data, text.length);
}

// ---------------------------------------------------------------------------------------- readings

struct reading {
  soc_fact_info about;
  soc_value value;
  uint32_t fact, row;
};

static bool read_fact(const struct fact_reading *reading, const soc_fact_ref *ref,
                      struct reading *r) {
  r->fact = ref->fact;
  r->row = ref->row == SOC_NO_INDEX ? 0 : ref->row;
  return soc_policy_fact(&reading->artifact->policy, r->fact, &r->about) == SOC_OK &&
         soc_case_get(reading->artifact->binding.c, r->fact, r->row, &r->value) == SOC_OK;
}

// As read_fact; of an assumption that a derivation made, the value is the one that it ended with.
static bool read_assumption(const struct fact_reading *reading, const soc_fact_ref *ref,
                            struct reading *r) {
  if (!read_fact(reading, ref, r)) return false;
  if (r->value.state == SOC_LEFT_OUT && r->about.left_out == SOC_LEFT_OUT_DERIVED) {
    r->value.state = SOC_GIVEN;
    r->value.number = r->about.assumed;
  }
  return true;
}

// The VM keeps the row that a reference names; the case says by which number.
static int64_t line_number(const struct fact_reading *reading, const struct reading *r) {
  uint32_t fact = reading->artifact->binding.vocabulary[r->fact];
  const struct case_value *v = case_find(reading->data, fact, r->row);
  return v ? v->number : 0;
}

// The VM keeps of a text only what it is compared with, so the case itself is asked.
static soc_text given_text(const struct fact_reading *reading, const struct reading *r) {
  uint32_t fact = reading->artifact->binding.vocabulary[r->fact];
  const struct case_value *v = case_find(reading->data, fact, r->row);
  if (!v || v->kind != CASE_TEXT) return (soc_text){"", 0};
  return (soc_text){case_text(reading->data, v), v->text_length};
}

typedef void item_fn(void *ctx, const char *text, size_t length);

static bool list_code(const struct fact_reading *reading, const struct reading *r, uint32_t index,
                      uint64_t *packed) {
  const soc_case *c = reading->artifact->binding.c;
  if (r->about.list == SOC_NO_INDEX) return soc_case_list_code(c, r->fact, index, packed) == SOC_OK;
  return soc_case_row_list_code(c, r->fact, r->row, index, packed) == SOC_OK;
}

static void each_item(const struct fact_reading *reading, const struct reading *r, item_fn *fn,
                      void *ctx) {
  if (r->about.type == SOC_CODE_LIST) {
    uint64_t packed;
    char code[13];
    for (uint32_t i = 0; list_code(reading, r, i, &packed); i++)
      fn(ctx, code, soc_code_unpack(packed, code));
    return;
  }
  for (uint32_t i = 0; i < r->about.value_count; i++) {
    soc_text name = soc_policy_fact_value(&reading->artifact->policy, r->fact, i);
    if ((uint64_t)r->value.number >> i & 1) fn(ctx, name.data, name.length);
  }
}

static bool is_list(soc_type type) {
  return type == SOC_CODE_LIST || type == SOC_ENUM_LIST;
}

// Enumerations and codes as their text; false: another type.
static bool symbol(const struct fact_reading *reading, const struct reading *r, char code[13],
                   soc_text *out) {
  if (r->about.type == SOC_ENUM) {
    *out = soc_policy_fact_value(&reading->artifact->policy, r->fact, (uint32_t)r->value.number);
    return true;
  }
  if (r->about.type != SOC_CODE) return false;
  out->length = soc_code_unpack((uint64_t)r->value.number, code);
  out->data = code;
  return true;
}

// ---------------------------------------------------------------------------------------- for people

static void item_text(void *ctx, const char *text, size_t length) {
  struct buffer *out = ctx;
  char last = out->length ? out->data[out->length - 1] : '{';
  buffer_text(out, last == '{' ? " " : ", ");
  buffer_append(out, text, length);
}

static void list_text(const struct fact_reading *reading, const struct reading *r,
                      struct buffer *out) {
  if (r->value.number == 0 && r->about.type != SOC_CODE_LIST) {
    buffer_text(out, "empty");
    return;
  }
  size_t before = out->length;
  buffer_char(out, '{');
  each_item(reading, r, item_text, out);
  if (out->length == before + 1 && !out->failed) {
    out->length = before;
    buffer_text(out, "empty");
  } else {
    buffer_text(out, " }");
  }
}

static void given_value_text(const struct fact_reading *reading, const struct reading *r,
                             struct buffer *out) {
  char code[13];
  soc_text name;
  const char *unit = unit_word(r->about.unit);
  if (symbol(reading, r, code, &name)) {
    text_append(out, name);
    return;
  }
  switch (r->about.type) {
  case SOC_BOOL: buffer_text(out, r->value.number ? "true" : "false"); break;
  case SOC_DATE: date_append(out, (int32_t)r->value.number); break;
  case SOC_NUMBER:
    decimal_append(out, r->value.number);
    if (*unit) buffer_format(out, " %s", unit);
    break;
  case SOC_LINE:
    buffer_text(out, "line ");
    decimal_append(out, line_number(reading, r));
    break;
  case SOC_TEXT: {
    soc_text text = given_text(reading, r);
    quote_append(out, text.data, text.length);
    break;
  }
  case SOC_RECORDS:
    buffer_format(out, "%lld record%s", (long long)r->value.number,
                  r->value.number == 1 ? "" : "s");
    break;
  default: list_text(reading, r, out);
  }
}

void fact_value_text(const struct fact_reading *reading, const soc_fact_ref *ref,
                     struct buffer *out) {
  struct reading r;
  if (!read_fact(reading, ref, &r) || r.value.state == SOC_LEFT_OUT)
    buffer_text(out, "unknown");
  else if (r.value.state == SOC_NONE)
    buffer_text(out, "none");
  else
    given_value_text(reading, &r, out);
}

void fact_assumption_text(const struct fact_reading *reading, const soc_fact_ref *ref,
                          struct buffer *out) {
  struct reading r;
  if (read_assumption(reading, ref, &r)) given_value_text(reading, &r, out);
}

// ---------------------------------------------------------------------------------------- JSON

static void item_json(void *ctx, const char *text, size_t length) {
  json_text(ctx, text, length);
}

static void given_value_json(const struct fact_reading *reading, const struct reading *r,
                             struct json_writer *w, struct buffer *scratch) {
  char code[13];
  soc_text text;
  buffer_clear(scratch);
  if (r->about.type == SOC_BOOL) {
    json_bool(w, r->value.number != 0);
  } else if (r->about.type == SOC_RECORDS) {
    json_unsigned(w, (uint64_t)r->value.number);
  } else if (r->about.type == SOC_NUMBER || r->about.type == SOC_LINE) {
    decimal_append(scratch, r->about.type == SOC_LINE ? line_number(reading, r) : r->value.number);
    json_raw(w, buffer_get(scratch), scratch->length);
  } else if (r->about.type == SOC_DATE) {
    date_append(scratch, (int32_t)r->value.number);
    json_text(w, buffer_get(scratch), scratch->length);
  } else if (is_list(r->about.type)) {
    json_array(w);
    each_item(reading, r, item_json, w);
    json_array_end(w);
  } else {
    if (!symbol(reading, r, code, &text)) text = given_text(reading, r);
    json_text(w, text.data, text.length);
  }
}

bool fact_value_json(const struct fact_reading *reading, const soc_fact_ref *ref,
                     struct json_writer *w, struct buffer *scratch) {
  struct reading r;
  if (!read_fact(reading, ref, &r) || r.value.state == SOC_LEFT_OUT) return false;
  json_key(w, "value");
  if (r.value.state == SOC_NONE)
    json_null(w);
  else
    given_value_json(reading, &r, w, scratch);
  return true;
}

void fact_assumption_json(const struct fact_reading *reading, const soc_fact_ref *ref,
                          struct json_writer *w, struct buffer *scratch) {
  struct reading r;
  if (!read_assumption(reading, ref, &r)) return;
  json_key(w, "value");
  given_value_json(reading, &r, w, scratch);
}

bool fact_is_assumed(const struct fact_reading *reading, const soc_fact_ref *ref) {
  struct reading r;
  return read_fact(reading, ref, &r) && r.value.state != SOC_LEFT_OUT && r.value.assumed;
}

void fact_ref_name(const struct artifact *a, const soc_fact_ref *ref, struct buffer *out) {
  soc_fact_info about;
  if (soc_policy_fact(&a->policy, ref->fact, &about) == SOC_OK)
    fact_name_append(out, about.name, ref->row);
}
