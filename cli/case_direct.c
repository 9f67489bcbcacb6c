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
#include "cli/digits.h"
#include "cli/plain.h"

#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

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

// ---------------------------------------------------------------------------------------- scalars

// A value that was read. False: no memory, or the block cannot hold it.
static inline bool note(struct case_reader *r, const struct direct_field *f, uint32_t row,
                        enum case_value_kind kind, int64_t number) {
  if (!r->into) return case_add(r, f->fact, row, kind, number);
  struct block_value v = {.kind = kind, .row = row, .number = number};
  return !f->column || block_put(r->into, f->column, &v);
}

static inline uint32_t four_bytes(const char *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

static const char *read_null(struct case_reader *r, const char *at, const struct direct_field *f,
                             uint32_t row) {
  if (four_bytes(at) != four_bytes("null") || !(f->flags & SOC_FACT_NULLABLE)) return NULL;
  return note(r, f, row, CASE_NONE, 0) ? at + 4 : NULL;
}

// Which of the two it is no processor can foresee, so nothing branches on it.
static inline const char *read_bool(struct case_reader *r, const char *at,
                                    const struct direct_field *f, uint32_t row) {
  uint32_t word = four_bytes(at);
  bool yes = word == four_bytes("true");
  bool no = (word == four_bytes("fals")) & (at[4] == 'e');
  if (!(yes | no)) return read_null(r, at, f, row);
  return note(r, f, row, CASE_BOOL, yes) ? at + 5 - yes : NULL;
}

static inline const char *read_enum(struct case_reader *r, const char *at,
                                    const struct direct_field *f, uint32_t row,
                                    enum case_value_kind kind) {
  if (*at++ != '"') return read_null(r, at - 1, f, row);
  struct named value = name_table_find(f->names, at);
  if (value.index == SOC_NO_INDEX || !note(r, f, row, kind, value.index)) return NULL;
  return at + value.length + 1;
}

// Texts are copied in steps of so many bytes; there is room for them, and behind the text they can be read.
enum { COPY = 16 };
static inline void copy_text(char *to, const char *from, size_t length) {
  for (size_t at = 0; at < length; at += COPY) memcpy(to + at, from + at, COPY);
}

// Keeps a text for which there is room: as much as the whole case has.
BLOCK_INLINE bool keep_text(struct case_reader *r, const struct direct_field *f, uint32_t row,
                            enum case_value_kind kind, const char *text, size_t length) {
  struct buffer *texts = &r->data.texts;
  if (r->into) {
    struct block_value v = {.kind = kind, .row = row, .text = text, .length = (uint32_t)length};
    return !f->column || block_put(r->into, f->column, &v);
  }
  if (!case_add_text(r, f->fact, row, kind, length)) return false;
  copy_text(texts->data + texts->length, text, length);
  texts->length += length;
  return true;
}

BLOCK_INLINE const char *read_code(struct case_reader *r, const char *at,
                                   const struct direct_field *f, uint32_t row,
                                   enum case_value_kind kind) {
  if (*at++ != '"') return read_null(r, at - 1, f, row);
  size_t length = code_length(at);
  if (at[length] != '"' || length < f->min_length || length > f->max_length) return NULL;
  return keep_text(r, f, row, kind, at, length) ? at + length + 1 : NULL;
}

static inline const char *read_text(struct case_reader *r, const char *at,
                                    const struct direct_field *f, uint32_t row) {
  if (*at++ != '"') return read_null(r, at - 1, f, row);
  size_t length = text_length(at);
  if (at[length] != '"') return NULL;
  return keep_text(r, f, row, CASE_TEXT, at, length) ? at + length + 1 : NULL;
}

static const char *read_id(struct case_reader *r, const char *at) {
  struct buffer *id = &r->data.id;
  if (*at++ != '"') return NULL;
  size_t length = text_length(at);
  if (at[length] != '"' || !buffer_reserve(id, length + COPY)) return NULL;
  copy_text(id->data, at, length);
  id->data[id->length = length] = '\0';
  r->data.has_id = true;
  return at + length + 1;
}

static inline const char *read_date(struct case_reader *r, const char *at,
                                    const struct direct_field *f, uint32_t row) {
  int32_t year, month, day, days;
  if (*at != '"') return read_null(r, at, f, row);
  if (!date_digits(at + 1, &year, &month, &day) || at[11] != '"') return NULL;
  if (!soc_date_make(year, month, day, &days)) return NULL;
  if (days < f->minimum || days > f->maximum) return NULL;
  return note(r, f, row, CASE_DATE, days) ? at + 12 : NULL;
}

// What follows a number that goes on is no comma and no bracket, so that the caller gives up.
static inline const char *read_decimal(const char *at, int64_t *millionths) {
  static const int64_t scale[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  struct digits whole = digits_of(at);
  if (whole.count == 0 || (at[0] == '0' && whole.count > 1)) return NULL;
  *millionths = (int64_t)whole.value * scale[0];
  at += whole.count;
  if (*at != '.') return at;
  struct digits part = digits_of(at + 1);
  if (part.count == 0 || part.count > 6) return NULL;
  *millionths += (int64_t)part.value * scale[part.count];
  return at + 1 + part.count;
}

static const char *read_number(struct case_reader *r, const char *at, const struct direct_field *f,
                               uint32_t row) {
  int64_t value;
  const char *end = read_decimal(at, &value);
  if (!end) return read_null(r, at, f, row);
  if (value < f->minimum || value > f->maximum) return NULL;
  if (f->flags & SOC_FACT_WHOLE && value % 1000000) return NULL;
  if (!note(r, f, row, CASE_NUMBER, value)) return NULL;
  if (!f->numbers_rows) return end;
  return !r->into && case_note_line(r, f->fact, row, value) ? end : NULL;
}

// ---------------------------------------------------------------------------------------- lists and objects

static const char *read_object(struct case_reader *r, const char *at, struct direct_field *object,
                               uint32_t row);

// Behind an item: the beginning of the next one, or the bracket that ends them.
static inline const char *next_item(const char *at) {
  at = skip_space(at);
  if (*at == ']') return at;
  if (*at != ',') return NULL;
  at = skip_space(at + 1);
  return *at == ']' ? NULL : at;
}

static inline const char *read_items(struct case_reader *r, const char *at,
                                     const struct direct_field *f, uint32_t row) {
  size_t items = 0;
  if (*at != '[') return read_null(r, at, f, row);
  if (!note(r, f, row, CASE_LIST, 0)) return NULL;
  for (at = skip_space(at + 1); *at != ']';) {
    if (*at != '"' || items++ == r->limits.items) return NULL;
    at = f->form == SOC_CODE_LIST ? read_code(r, at, f, row, CASE_CODE_ITEM)
                                  : read_enum(r, at, f, row, CASE_ENUM_ITEM);
    if (!at || !(at = next_item(at))) return NULL;
  }
  case_note_items(r, f->fact, items);
  return at + 1;
}

// A row takes its place as soon as it begins, so that what is put of a case that is given up stays apart from the next.
static inline bool begin_row(const struct case_reader *r, const struct direct_field *f,
                             uint32_t row) {
  if (row == r->limits.items) return false;
  if (!r->into || !f->column) return true;
  if (!block_has_rows(f->column, row + UINT64_C(1))) return false;
  f->column->elements++;
  return true;
}

static const char *read_rows(struct case_reader *r, const char *at, struct direct_field *f) {
  if (*at != '[') return read_null(r, at, f, 0);
  size_t list = case_value_count(r);
  uint32_t rows = 0;
  if (!note(r, f, 0, CASE_LIST, 0)) return NULL;
  for (at = skip_space(at + 1); *at != ']';) {
    if (*at != '{' || !begin_row(r, f, rows)) return NULL;
    at = read_object(r, at + 1, f, rows++);
    if (!at || !(at = next_item(at))) return NULL;
  }
  if (!r->into) r->data.values[list].number = rows;
  if (rows > r->data.most_rows) r->data.most_rows = rows;
  return at + 1;
}

static inline const char *read_value(struct case_reader *r, const char *at, struct direct_field *f,
                                     uint32_t row) {
  switch (f->form) {
  case FIELD_OBJECT: return *at == '{' ? read_object(r, at + 1, f, row) : NULL;
  case FIELD_ID: return read_id(r, at);
  case SOC_BOOL: return read_bool(r, at, f, row);
  case SOC_ENUM: return read_enum(r, at, f, row, CASE_ENUM);
  case SOC_CODE: return read_code(r, at, f, row, CASE_CODE);
  case SOC_TEXT: return read_text(r, at, f, row);
  case SOC_DATE: return read_date(r, at, f, row);
  case SOC_LINE:
  case SOC_NUMBER: return read_number(r, at, f, row);
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST: return read_items(r, at, f, row);
  case SOC_RECORDS: return read_rows(r, at, f);
  default: return NULL;
  }
}

// Whether a name, from its quotation mark to its colon, is that of a field.
static inline bool is_field(const char *name, const struct direct_field *f) {
  return (common_bytes(name, f->name) & f->name_mask) == f->name_mask &&
         (f->name_size <= 32 || memcmp(name + 32, f->name + 32, f->name_size - 32u) == 0);
}

// A field, and where its value begins.
struct found {
  struct direct_field *field; // NULL: none has that name
  const char *at;
};

// Which field of an object has the name that stands there, if it is not the one that came here last. Kept out of the
// way of the usual.
static NOINLINE struct found find_field(const struct case_reader *r, const char *at,
                                        const struct direct_field *object,
                                        struct direct_field **guess) {
  static const struct found nothing;
  struct direct_field *f = *guess;
  at = skip_space(at);
  for (int turn = 0; turn < 3; turn++, f = f->follower) {
    if (is_field(at, f)) return (struct found){f, skip_space(at + f->name_size)};
  }
  if (*at++ != '"') return nothing;
  struct named name = name_table_find(object->names, at);
  if (name.index == SOC_NO_INDEX) return nothing;
  at = skip_space(at + name.length + 1);
  if (*at != ':') return nothing;
  f = &r->fields[name.index];
  if (f->name_size) *guess = f;
  return (struct found){f, skip_space(at + 1)};
}

// Most programs write their objects in one order and without space, so the name that came here last is compared with
// before anything is looked up, and if it was left out now, the ones that came after it.
static const char *read_object(struct case_reader *r, const char *at, struct direct_field *object,
                               uint32_t row) {
  uint64_t serial = ++r->serial;
  struct direct_field **guess = &object->first;
  at = skip_space(at);
  bool open = *at != '}';
  while (open) {
    struct found found = {*guess, at + (*guess)->name_size};
    if (!is_field(at, found.field) || (unsigned char)*found.at <= ' ')
      found = find_field(r, at, object, guess);
    if (!found.field || found.field->seen == serial) return NULL;
    found.field->seen = serial;
    guess = &found.field->follower;
    at = read_value(r, found.at, found.field, row);
    if (!at) return NULL;
    if (*at != ',') at = skip_space(at);
    open = *at == ',';
    if (!open && *at != '}') return NULL;
    at += open;
  }
  bool whole =
      !object->needs_fields || case_check_row(r, (uint32_t)(object - r->fields), row, serial);
  return whole ? at + 1 : NULL;
}

bool case_read_direct(struct case_reader *r, const char *text, size_t length) {
  if (r->limits.depth < DEPTH || !buffer_reserve(&r->data.texts, length + COPY)) return false;
  const char *at = skip_space(text);
  at = *at == '{' ? read_object(r, at + 1, r->fields, 0) : NULL;
  if (!at || skip_space(at) != text + length) return false;
  r->data.texts.data[r->data.texts.length] = '\0';
  r->data.count = case_value_count(r);
  return case_check_lines(r);
}

static void map_columns(struct case_reader *r, struct block *b) {
  for (uint32_t i = 0; i < r->v->node_count; i++) {
    uint32_t fact = r->fields[i].fact;
    r->fields[i].column = fact == SOC_NO_INDEX ? NULL : b->by_fact[fact];
  }
  r->mapped = b;
}

bool case_read_into(struct case_reader *r, struct block *b, const char *text, size_t length) {
  if (r->mapped != b) map_columns(r, b);
  if (!block_begin(b)) return false;
  r->into = b;
  bool ok = case_read_direct(r, text, length);
  r->into = NULL;
  block_end(b);
  return ok;
}

// ---------------------------------------------------------------------------------------- fields

enum { CODE_MOST = 12 }; // characters of any code

// A name that is too long has no size and is looked up each time.
static void name_field(struct direct_field *field, soc_text name) {
  size_t size = name.length + strlen("\"\":");
  if (size > FIELD_NAME) return;
  memcpy(field->name + 1, name.data, name.length);
  field->name[0] = field->name[1 + name.length] = '"';
  field->name[2 + name.length] = ':';
  field->name_size = (uint8_t)size;
  field->name_mask = size < 32 ? (UINT32_C(1) << size) - 1 : UINT32_MAX;
}

static void fill_field(struct direct_field *field, const soc_vocabulary_fact *fact) {
  field->minimum = fact->minimum;
  field->maximum = fact->maximum;
  field->form = (uint8_t)fact->type;
  field->flags = (uint8_t)fact->flags;
  field->min_length = (uint8_t)(fact->min_length ? fact->min_length : 1);
  field->max_length = (uint8_t)(fact->max_length ? fact->max_length : CODE_MOST);
  field->numbers_rows = fact->key || fact->line_of != SOC_NO_INDEX;
}

static void make_field(struct case_reader *r, uint32_t node) {
  const struct vocabulary_index *v = r->v;
  struct direct_field *f = &r->fields[node];
  f->fact = v->nodes[node].fact;
  f->names = v->nodes[node].child_count ? &v->child_names[node] : &v->value_names[f->fact];
  name_field(f, v->nodes[node].name);
  if (f->fact != SOC_NO_INDEX) fill_field(f, &v->facts[f->fact]);
}

bool case_make_fields(struct case_reader *r) {
  const struct vocabulary_index *v = r->v;
  size_t count = v->node_count + (size_t)2;
  r->fields = aligned_alloc(_Alignof(struct direct_field), count * sizeof *r->fields);
  if (!r->fields) return false;
  memset(r->fields, 0, count * sizeof *r->fields);
  struct direct_field *id = &r->fields[v->node_count], *none = id + 1;
  for (uint32_t i = 0; i < v->node_count; i++) make_field(r, i);
  for (uint32_t i = 0; i < v->fact_count; i++) {
    const soc_vocabulary_fact *f = &v->facts[i];
    if (f->list != SOC_NO_INDEX && (f->key || f->left_out == SOC_LEFT_OUT_REQUIRED))
      r->fields[v->node_of_fact[f->list]].needs_fields = true;
  }
  name_field(id, (soc_text){"id", 2});
  id->form = FIELD_ID;
  none->form = FIELD_NONE;
  none->name_mask = 1; // no name begins with NUL, and what does is given up
  for (size_t i = 0; i < count; i++) r->fields[i].follower = r->fields[i].first = none;
  return true;
}
