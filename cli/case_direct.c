// SPDX-License-Identifier: Apache-2.0
//
// The direct reader: one pass over a case that has nothing unusual in it, straight into values. It gives what the
// reader behind json.h gives for the same bytes, or nothing: at the first byte that is not plainly right (an escape, an
// exponent, a name or value that the vocabulary does not have, any error) it gives up, and case_reader.c reads the case
// from the beginning, with all messages. So it need only be right where it accepts;
// tests/fuzz/fuzz_case.c holds the two against each other.
//
// Functions take the place to read at and return the place behind what they read, NULL to give up. The text ends with
// CASE_PADDING NULs, none of which any function goes past, so that no end needs to be watched.
#include "cli/case_internal.h"
#include "cli/plain.h"

#include <string.h>

enum { DEPTH = 5 }; // case, group, list, record, list in it

// ---------------------------------------------------------------------------------------- bytes

// How many bytes of a text stand in front of its closing quotation mark. A text with an escape or with bytes that are
// not UTF-8 does not end in a quotation mark.
static inline size_t text_length(const char *text) {
  size_t length = plain_length(text), more = 1;
  while ((unsigned char)text[length] >= 0x80 && more) {
    more = text_character(text + length, CASE_PADDING);
    length += more ? more + plain_length(text + length + more) : 0;
  }
  return length;
}

static inline const char *skip_space(const char *at) {
  while ((unsigned char)*at <= ' ' && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    at++;
  return at;
}

static inline bool is_word(const char *at, const char word[4]) {
  return memcmp(at, word, 4) == 0;
}

// ---------------------------------------------------------------------------------------- scalars

static const char *read_null(struct case_reader *r, const char *at,
                             const struct vocabulary_field *f, uint32_t row) {
  if (!is_word(at, "null") || !(f->flags & SOC_FACT_NULLABLE)) return NULL;
  return case_add(r, f->fact, row, CASE_NONE) ? at + 4 : NULL;
}

static const char *read_bool(struct case_reader *r, const char *at,
                             const struct vocabulary_field *f, uint32_t row) {
  bool yes = is_word(at, "true");
  if (!yes && !(is_word(at, "fals") && at[4] == 'e')) return NULL;
  struct case_value *v = case_add(r, f->fact, row, CASE_BOOL);
  if (!v) return NULL;
  v->number = yes;
  return at + (yes ? 4 : 5);
}

static const char *read_enum(struct case_reader *r, const char *at,
                             const struct vocabulary_field *f, uint32_t row,
                             enum case_value_kind kind) {
  if (*at != '"') return NULL;
  size_t length = plain_length(++at);
  uint32_t value = name_table_find(&r->v->value_names[f->fact], at, length);
  if (at[length] != '"' || value == SOC_NO_INDEX) return NULL;
  struct case_value *v = case_add(r, f->fact, row, kind);
  if (!v) return NULL;
  v->number = value;
  return at + length + 1;
}

// Appends a text for which there is room: as much as the whole case has.
static void keep_text(struct case_reader *r, struct case_value *v, const char *text,
                      size_t length) {
  struct buffer *texts = &r->data.texts;
  v->text = texts->length;
  v->text_length = length;
  memcpy(texts->data + texts->length, text, length);
  texts->length += length;
}

static const char *read_code(struct case_reader *r, const char *at,
                             const struct vocabulary_field *f, uint32_t row,
                             enum case_value_kind kind) {
  if (*at++ != '"') return NULL;
  size_t length = 0;
  while ((unsigned)(at[length] - '0') < 10 || (unsigned)(at[length] - 'A') < 26) length++;
  if (at[length] != '"' || length < f->min_length || length > f->max_length) return NULL;
  struct case_value *v = case_add(r, f->fact, row, kind);
  if (!v) return NULL;
  keep_text(r, v, at, length);
  return at + length + 1;
}

static const char *read_text(struct case_reader *r, const char *at,
                             const struct vocabulary_field *f, uint32_t row) {
  if (*at++ != '"') return NULL;
  size_t length = text_length(at);
  struct case_value *v = at[length] == '"' ? case_add(r, f->fact, row, CASE_TEXT) : NULL;
  if (!v) return NULL;
  keep_text(r, v, at, length);
  return at + length + 1;
}

static const char *read_id(struct case_reader *r, const char *at) {
  if (r->id_seen || *at++ != '"') return NULL;
  size_t length = text_length(at);
  r->id_seen = r->data.has_id = true;
  if (at[length] != '"' || !buffer_append(&r->data.id, at, length)) return NULL;
  return at + length + 1;
}

// Two digits as a number; *wrong becomes true if they are none.
static inline int32_t two_digits(const char *at, bool *wrong) {
  unsigned tens = (unsigned)(at[0] - '0'), ones = (unsigned)(at[1] - '0');
  *wrong |= (tens > 9) | (ones > 9);
  return (int32_t)(tens * 10 + ones);
}

static const char *read_date(struct case_reader *r, const char *at,
                             const struct vocabulary_field *f, uint32_t row) {
  bool wrong = false;
  int32_t days;
  if (at[0] != '"' || plain_length(at + 1) != 10 || at[11] != '"' || at[5] != '-' || at[8] != '-')
    return NULL;
  int32_t year = two_digits(at + 1, &wrong) * 100 + two_digits(at + 3, &wrong);
  int32_t month = two_digits(at + 6, &wrong), day = two_digits(at + 9, &wrong);
  if (wrong || !soc_date_make(year, month, day, &days)) return NULL;
  if (days < f->minimum || days > f->maximum) return NULL;
  struct case_value *v = case_add(r, f->fact, row, CASE_DATE);
  if (!v) return NULL;
  v->number = days;
  return at + 12;
}

// Takes at most `most` digits into *value; gives how many.
static inline int take_digits(const char **at, int most, int64_t *value) {
  int count = 0;
  for (; count < most && (unsigned)(**at - '0') < 10; count++)
    *value = *value * 10 + (*(*at)++ - '0');
  return count;
}

// What follows a number that goes on is no comma and no bracket, so that the caller gives up.
static const char *read_decimal(const char *at, int64_t *millionths) {
  static const int64_t scale[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  int64_t value = 0;
  int fraction = 0;
  if (at[0] == '0' && (unsigned)(at[1] - '0') < 10) return NULL;
  if (take_digits(&at, 9, &value) == 0) return NULL;
  if (*at == '.') {
    at++;
    fraction = take_digits(&at, 6, &value);
    if (fraction == 0) return NULL;
  }
  *millionths = value * scale[fraction];
  return at;
}

static const char *read_number(struct case_reader *r, const char *at,
                               const struct vocabulary_field *f, uint32_t row) {
  int64_t value;
  at = read_decimal(at, &value);
  if (!at || value < f->minimum || value > f->maximum) return NULL;
  if (f->flags & SOC_FACT_WHOLE && value % 1000000) return NULL;
  struct case_value *v = case_add(r, f->fact, row, CASE_NUMBER);
  if (!v) return NULL;
  v->number = value;
  return !f->numbers_rows || case_note_line(r, f->fact, row, value) ? at : NULL;
}

// ---------------------------------------------------------------------------------------- lists and objects

static const char *read_object(struct case_reader *r, const char *at, uint32_t node, uint32_t row);

// Behind an item or field: the beginning of the next one, or the bracket that ends them.
static inline const char *next_part(const char *at, char end) {
  at = skip_space(at);
  if (*at == end) return at;
  if (*at != ',') return NULL;
  at = skip_space(at + 1);
  return *at == end ? NULL : at;
}

static const char *read_items(struct case_reader *r, const char *at,
                              const struct vocabulary_field *f, uint32_t row) {
  bool codes = f->type == SOC_CODE_LIST;
  size_t items = 0;
  if (*at != '[' || !case_add(r, f->fact, row, CASE_LIST)) return NULL;
  for (at = skip_space(at + 1); *at != ']';) {
    if (items++ == r->limits.items) return NULL;
    at =
        codes ? read_code(r, at, f, row, CASE_CODE_ITEM) : read_enum(r, at, f, row, CASE_ENUM_ITEM);
    if (!at || !(at = next_part(at, ']'))) return NULL;
  }
  case_note_items(r, f->fact, items);
  return at + 1;
}

static const char *read_rows(struct case_reader *r, const char *at, uint32_t node) {
  size_t list = r->data.count;
  uint32_t rows = 0;
  if (*at != '[' || !case_add(r, r->v->fields[node].fact, 0, CASE_LIST)) return NULL;
  for (at = skip_space(at + 1); *at != ']';) {
    if (*at != '{' || rows == r->limits.items) return NULL;
    at = read_object(r, at + 1, node, rows++);
    if (!at || !(at = next_part(at, ']'))) return NULL;
  }
  r->data.values[list].number = rows;
  if (rows > r->data.most_rows) r->data.most_rows = rows;
  return at + 1;
}

static const char *read_value(struct case_reader *r, const char *at, uint32_t node, uint32_t row) {
  const struct vocabulary_field *f = &r->v->fields[node];
  if (f->type == 0) return *at == '{' ? read_object(r, at + 1, node, row) : NULL;
  if (*at == 'n') return read_null(r, at, f, row);
  switch ((soc_type)f->type) {
  case SOC_BOOL: return read_bool(r, at, f, row);
  case SOC_ENUM: return read_enum(r, at, f, row, CASE_ENUM);
  case SOC_CODE: return read_code(r, at, f, row, CASE_CODE);
  case SOC_TEXT: return read_text(r, at, f, row);
  case SOC_DATE: return read_date(r, at, f, row);
  case SOC_LINE:
  case SOC_NUMBER: return read_number(r, at, f, row);
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST: return read_items(r, at, f, row);
  case SOC_RECORDS: return read_rows(r, at, node);
  }
  return NULL;
}

// The colon behind a name, and space around it. The place of the value.
static inline const char *skip_colon(const char *at) {
  if (*at != ':') at = skip_space(at);
  return *at == ':' ? skip_space(at + 1) : NULL;
}

static inline bool is_field(const struct case_reader *r, const char *name, uint32_t node) {
  const struct vocabulary_field *f = &r->v->fields[node];
  return f->name_size && begins_with(name, f->name, f->name_size);
}

// Which field has this name, and where the name ends. *guess is the one that came here last, to compare with before
// anything is looked up: most programs write their objects in one order. If that one was left out now, the next may
// come. 0: none has.
static uint32_t find_field(const struct case_reader *r, const char **at, uint32_t node,
                           uint32_t *guess) {
  const char *name = *at;
  for (uint32_t turn = 0, child = *guess; child && turn < 3; turn++, child = r->follower[child]) {
    if (!is_field(r, name, child)) continue;
    *at = name + r->v->fields[child].name_size;
    return child;
  }
  size_t length = plain_length(name);
  uint32_t child = name_table_find(&r->v->child_names[node], name, length);
  if (name[length] != '"' || child == SOC_NO_INDEX) return 0;
  *at = name + length + 1;
  return *guess = child;
}

static inline bool is_id(const char *name, uint32_t node) {
  return node == 0 && name[0] == 'i' && name[1] == 'd' && name[2] == '"';
}

static const char *read_object(struct case_reader *r, const char *at, uint32_t node, uint32_t row) {
  uint64_t serial = ++r->serial;
  uint32_t *guess = &r->first[node];
  for (at = skip_space(at); *at != '}';) {
    if (*at++ != '"') return NULL;
    if (is_id(at, node)) {
      at = skip_colon(at + 3);
      at = at ? read_id(r, at) : NULL;
    } else {
      uint32_t child = find_field(r, &at, node, guess);
      if (child == 0 || r->seen[child] == serial || !(at = skip_colon(at))) return NULL;
      r->seen[child] = serial;
      guess = &r->follower[child];
      at = read_value(r, at, child, row);
    }
    if (!at || !(at = next_part(at, '}'))) return NULL;
  }
  bool record = r->v->fields[node].type == SOC_RECORDS;
  return !record || case_check_row(r, node, row, serial) ? at + 1 : NULL;
}

bool case_read_direct(struct case_reader *r, const char *text, size_t length) {
  if (r->limits.depth < DEPTH || !buffer_reserve(&r->data.texts, length)) return false;
  const char *at = skip_space(text);
  at = *at == '{' ? read_object(r, at + 1, 0, 0) : NULL;
  if (!at || skip_space(at) != text + length) return false;
  r->data.texts.data[r->data.texts.length] = '\0';
  return case_check_lines(r);
}
