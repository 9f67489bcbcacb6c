// SPDX-License-Identifier: Apache-2.0
//
// The direct reader: one pass over a case that has nothing unusual in it, straight into values. It gives what the
// reader behind json.h gives for the same bytes, or nothing: at the first byte that is not plainly right (an escape, an
// exponent, a name or value that the vocabulary does not have, any error) it gives up, and case_reader.c reads the case
// from the beginning, with all messages. So it need only be right where it accepts;
// tests/fuzz/fuzz_case.c holds the two against each other.
//
// Functions take the place to read at and return the place behind what they read, NULL to give up. No end is watched:
// reading stops at a NUL at the latest, of which CASE_PADDING stand behind the text or behind the cases that follow it,
// and a case that does not end where its text does is given up. There are two of each function, by `into`, which is
// constant: for a list of values, and for the columns of a block.
#include "cli/case_internal.h"
#include "cli/digits.h"
#include "cli/plain.h"
#include "vm/date.h"

#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#define UNUSUAL(condition) __builtin_expect(condition, 0)
#define UNREACHABLE __builtin_unreachable()
#else
#define NOINLINE
#define UNUSUAL(condition) (condition)
#define UNREACHABLE return NULL
#endif

enum { LEVELS = 8 }; // of objects; those of the vocabulary are a case, a group, a record
enum { DEPTH = 5 };  // case, group, list, record, list in it

// An object whose fields are read, and where their values go.
struct level {
  struct direct_field *object;
  uint64_t serial; // of this object among all
  uint32_t row;
  struct block_place place;
  size_t list; // of whose records it is one: among the values
};

// A case that is read.
struct reading {
  struct case_reader *r;
  struct block *block;           // NULL: values go into the list
  struct level *level, *outside; // the innermost one; what is around the case
  struct direct_field **guess;   // which field comes next
  bool at_name;                  // a name comes next, else what stands behind a value
  const char *end;               // of the case, where it ended
};

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

static inline uint32_t four_bytes(const char *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

// ---------------------------------------------------------------------------------------- scalars

// A value for the list of values. False: no memory.
static inline bool note(const struct reading *d, const struct direct_field *f,
                        enum case_value_kind kind, int64_t number) {
  return case_add(d->r, f->fact, d->level->row, kind, number);
}

BLOCK_INLINE const char *read_null(const struct reading *d, const char *at,
                                   const struct direct_field *f, const bool into) {
  if (four_bytes(at) != four_bytes("null") || !f->taken[into].nullable) return NULL;
  if (!into) return note(d, f, CASE_NONE, 0) ? at + 4 : NULL;
  if (f->column) block_put_none(f->column, d->level->place);
  return at + 4;
}

// Which of the two it is no processor can foresee, so nothing branches on it.
BLOCK_INLINE const char *read_bool(const struct reading *d, const char *at,
                                   const struct direct_field *f, const bool into) {
  static const char spelled[2][8] = {"false", "true"};
  static const unsigned char kept[2][8] = {{255, 255, 255, 255, 255}, {255, 255, 255, 255}};
  bool yes = *at == 't';
  uint64_t word = name_word(at) & name_word((const char *)kept[yes]);
  if (word != name_word(spelled[yes])) return NULL;
  if (into && f->column) block_put_bool(f->column, d->level->place, yes);
  if (!into && !note(d, f, CASE_BOOL, yes)) return NULL;
  return at + 5 - yes;
}

BLOCK_INLINE const char *read_enum(const struct reading *d, const char *at,
                                   const struct direct_field *f, const bool into) {
  if (*at++ != '"') return NULL;
  struct named value = name_table_find(f->names, at);
  if (value.index == SOC_NO_INDEX) return NULL;
  if (into && f->column && !block_put_enum(f->column, d->level->place, value.index)) return NULL;
  if (!into && !note(d, f, CASE_ENUM, value.index)) return NULL;
  return at + value.length + 1;
}

// Texts are copied in steps of so many bytes; there is room for them, and behind the text they can be read.
enum { COPY = 16 };
static inline void copy_text(char *to, const char *from, size_t length) {
  for (size_t at = 0; at < length; at += COPY) memcpy(to + at, from + at, COPY);
}

// Keeps a text for which there is room: as much as the whole case has.
static inline bool note_text(const struct reading *d, const struct direct_field *f,
                             enum case_value_kind kind, const char *text, size_t length) {
  struct buffer *texts = &d->r->data.texts;
  if (!case_add_text(d->r, f->fact, d->level->row, kind, length)) return false;
  copy_text(texts->data + texts->length, text, length);
  texts->length += length;
  return true;
}

BLOCK_INLINE bool keep_text(const struct reading *d, const struct direct_field *f,
                            enum case_value_kind kind, const char *text, size_t length,
                            const bool into) {
  if (!into) return note_text(d, f, kind, text, length);
  if (!f->column) return true;
  if (kind == CASE_CODE_ITEM)
    return block_put_code_item(d->block, f->column, text, (uint32_t)length);
  return block_put_text(d->block, f->column, d->level->place, text, (uint32_t)length);
}

BLOCK_INLINE const char *read_code(const struct reading *d, const char *at,
                                   const struct direct_field *f, enum case_value_kind kind,
                                   const bool into) {
  if (*at++ != '"') return NULL;
  size_t length = code_length(at);
  if (at[length] != '"' || length < f->min_length || length > f->max_length) return NULL;
  return keep_text(d, f, kind, at, length, into) ? at + length + 1 : NULL;
}

BLOCK_INLINE const char *read_text(const struct reading *d, const char *at,
                                   const struct direct_field *f, const bool into) {
  if (*at++ != '"') return NULL;
  size_t length = text_length(at);
  if (at[length] != '"') return NULL;
  return keep_text(d, f, CASE_TEXT, at, length, into) ? at + length + 1 : NULL;
}

// As JSON spells it, which is how a result tells it.
static inline const char *read_id(const struct reading *d, const char *at) {
  if (*at != '"') return NULL;
  size_t length = text_length(at + 1) + 2;
  if (at[length - 1] != '"') return NULL;
  d->r->id = (struct case_id){at, length};
  return at + length;
}

BLOCK_INLINE const char *read_date(const struct reading *d, const char *at,
                                   const struct direct_field *f, const bool into) {
  int32_t year, month, day, days;
  if (!date_digits(at + 1, &year, &month, &day) || at[0] != '"' || at[11] != '"') return NULL;
  if (!vm_date_is(year, month, day)) return NULL;
  days = vm_days_of(year, month, day);
  if (days < f->taken[into].minimum || days > f->taken[into].maximum) return NULL;
  if (into && f->column) block_put_date(f->column, d->level->place, days);
  if (!into && !note(d, f, CASE_DATE, days)) return NULL;
  return at + 12;
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

BLOCK_INLINE const char *read_number(const struct reading *d, const char *at,
                                     const struct direct_field *f, const bool into) {
  const struct field_taken *taken = &f->taken[into];
  int64_t value;
  const char *end = read_decimal(at, &value);
  if (!end || value < taken->minimum || value > taken->maximum) return NULL;
  if (taken->whole && value % 1000000) return NULL;
  if (into && f->column) block_put_number(f->column, d->level->place, value);
  if (!into && !note(d, f, CASE_NUMBER, value)) return NULL;
  bool numbered = !into && f->numbers_rows;
  return !numbered || case_note_line(d->r, f->fact, d->level->row, value) ? end : NULL;
}

// ---------------------------------------------------------------------------------------- lists

// Behind an item: the beginning of the next one, or the bracket that ends them.
static inline const char *next_item(const char *at) {
  at = skip_space(at);
  if (*at == ']') return at;
  if (*at != ',') return NULL;
  at = skip_space(at + 1);
  return *at == ']' ? NULL : at;
}

BLOCK_INLINE const char *read_enum_item(const struct reading *d, const char *at,
                                        const struct direct_field *f, const bool into) {
  if (*at++ != '"') return NULL;
  struct named value = name_table_find(f->names, at);
  if (value.index == SOC_NO_INDEX) return NULL;
  if (into && f->column && !block_put_enum_item(f->column, value.index)) return NULL;
  if (!into && !note(d, f, CASE_ENUM_ITEM, value.index)) return NULL;
  return at + value.length + 1;
}

BLOCK_INLINE bool begin_list(const struct reading *d, const struct direct_field *f,
                             const bool into) {
  if (!into) return note(d, f, CASE_LIST, 0);
  if (f->column) block_put_list(f->column, d->level->place);
  return true;
}

BLOCK_INLINE const char *read_items(const struct reading *d, const char *at,
                                    const struct direct_field *f, const bool codes,
                                    const bool into) {
  size_t items = 0;
  if (*at != '[' || !begin_list(d, f, into)) return NULL;
  for (at = skip_space(at + 1); *at != ']';) {
    if (items++ == d->r->limits.items) return NULL;
    at = codes ? read_code(d, at, f, CASE_CODE_ITEM, into) : read_enum_item(d, at, f, into);
    if (!at || !(at = next_item(at))) return NULL;
  }
  if (!into) case_note_items(d->r, f->fact, items);
  return at + 1;
}

// ---------------------------------------------------------------------------------------- names

// Whether a name, from its quotation mark to its colon, is that of a field.
static inline bool is_field(const char *name, const struct direct_field *f) {
  return (common_bytes(name, f->name) | f->name_rest) == UINT32_MAX &&
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
static inline struct found next_field(struct reading *d, const char *at) {
  struct found found = {*d->guess, at + (*d->guess)->name_size};
  if (UNUSUAL(!is_field(at, found.field) || (unsigned char)*found.at <= ' ')) {
    found = find_field(d->r, at, d->level->object, d->guess);
    if (!found.field) return found;
  }
  if (UNUSUAL(found.field->seen == d->level->serial)) return (struct found){NULL, NULL};
  found.field->seen = d->level->serial;
  d->guess = &found.field->follower;
  return found;
}

// ---------------------------------------------------------------------------------------- objects

// Begins an object where its bracket stands: the place of its first name, or of the bracket that ends it.
static inline const char *begin_object(struct reading *d, const char *at) {
  if (*at != '{') return NULL;
  d->level->serial = ++d->r->serial;
  d->guess = &d->level->object->first;
  at = skip_space(at + 1);
  d->at_name = *at != '}';
  return at;
}

static inline bool push(struct reading *d, struct direct_field *object, size_t list) {
  const struct level *outer = d->level++;
  if (d->level == d->outside + LEVELS) return false;
  d->level->object = object;
  d->level->row = outer->row;
  d->level->place = outer->place;
  d->level->list = list;
  return true;
}

static inline const char *enter(struct reading *d, const char *at, struct direct_field *object) {
  return push(d, object, 0) ? begin_object(d, at) : NULL;
}

BLOCK_INLINE const char *enter_row(struct reading *d, const char *at, uint32_t row,
                                   const bool into) {
  struct block_column *list = d->level->object->column;
  if (row == d->r->limits.items) return NULL;
  d->level->row = row;
  if (into && list) {
    if (!block_put_row(list)) return NULL;
    d->level->place = block_row(list, row);
  }
  return begin_object(d, at);
}

BLOCK_INLINE const char *enter_rows(struct reading *d, const char *at, struct direct_field *f,
                                    const bool into) {
  size_t list = case_value_count(d->r);
  if (*at != '[' || !begin_list(d, f, into)) return NULL;
  at = skip_space(at + 1);
  if (*at == ']') return at + 1;
  if (!push(d, f, list)) return NULL;
  return enter_row(d, at, 0, into);
}

// Behind a record: the next one begins, or their list ends.
BLOCK_INLINE const char *leave_row(struct reading *d, const char *at, const bool into) {
  struct case_data *data = &d->r->data;
  uint32_t rows = d->level->row + 1;
  at = next_item(at);
  if (!at || *at != ']') return at ? enter_row(d, at, rows, into) : NULL;
  if (!into) data->values[d->level->list].number = rows;
  if (!into && rows > data->most_rows) data->most_rows = rows;
  d->guess = &d->level--->object->follower;
  return at + 1;
}

// Behind the bracket that ends an object.
BLOCK_INLINE const char *leave(struct reading *d, const char *at, const bool into) {
  const struct level *l = d->level;
  if (l->object->needs_fields &&
      !case_check_row(d->r, (uint32_t)(l->object - d->r->fields), l->row, l->serial))
    return NULL;
  if (l->object->taken[into].form == SOC_RECORDS) return leave_row(d, at, into);
  d->guess = &d->level--->object->follower;
  return at;
}

// Behind a value that no comma follows: ends objects until a name comes next. NULL also: the case has ended.
BLOCK_INLINE const char *end_objects(struct reading *d, const char *at, const bool into) {
  for (;;) {
    at = skip_space(at);
    if (*at == ',') return at + 1;
    if (*at != '}') return NULL;
    at = leave(d, at + 1, into);
    if (!at || d->at_name) return at;
    if (d->level == d->outside) {
      d->end = at;
      return NULL;
    }
  }
}

// From the value of a field to the next name. NULL also: the case has ended.
BLOCK_INLINE const char *read_value(struct reading *d, const char *at, struct direct_field *f,
                                    const bool into) {
  const char *from = at;
  d->at_name = false;
  switch (f->taken[into].form) {
  case FIELD_OBJECT:
    at = enter(d, at, f);
    if (d->at_name) return at;
    break;
  case SOC_RECORDS:
    at = enter_rows(d, at, f, into);
    if (d->at_name) return at;
    break;
  case FIELD_ID: at = read_id(d, at); break;
  case SOC_BOOL: at = read_bool(d, at, f, into); break;
  case SOC_ENUM: at = read_enum(d, at, f, into); break;
  case SOC_CODE: at = read_code(d, at, f, CASE_CODE, into); break;
  case SOC_TEXT: at = read_text(d, at, f, into); break;
  case SOC_DATE: at = read_date(d, at, f, into); break;
  case SOC_LINE:
  case SOC_NUMBER: at = read_number(d, at, f, into); break;
  case SOC_CODE_LIST: at = read_items(d, at, f, true, into); break;
  case SOC_ENUM_LIST: at = read_items(d, at, f, false, into); break;
  case FIELD_NONE: return NULL;
  default: UNREACHABLE;
  }
  if (UNUSUAL(!at)) at = read_null(d, from, f, into);
  if (UNUSUAL(!at)) return NULL;
  return *at == ',' ? at + 1 : end_objects(d, at, into);
}

// A whole case, which must end where its text does.
BLOCK_INLINE bool read_case(struct case_reader *r, struct block *b, const char *text, size_t length,
                            const bool into) {
  struct level levels[LEVELS];
  struct reading reading = {.r = r, .block = b, .level = levels, .outside = levels}, *d = &reading;
  levels[0].row = 0;
  levels[0].place = into ? block_case(b) : block_place(0);
  r->id = (struct case_id){0};
  const char *at = enter(d, skip_space(text), r->fields), *end = text + length;
  if (at && !d->at_name) at = end_objects(d, at, into);
  while (at) {
    struct found found = next_field(d, at);
    if (UNUSUAL(!found.field)) return false;
    at = read_value(d, found.at, found.field, into);
  }
  return d->end && d->end <= end && skip_space(d->end) >= end;
}

static bool take_id(struct case_reader *r) {
  struct buffer *id = &r->data.id;
  if (!r->id.text) return true;
  if (!buffer_reserve(id, r->id.length + COPY)) return false;
  copy_text(id->data, r->id.text + 1, r->id.length - 2);
  id->data[id->length = r->id.length - 2] = '\0';
  return r->data.has_id = true;
}

bool case_read_direct(struct case_reader *r, const char *text, size_t length) {
  if (r->limits.depth < DEPTH || !buffer_reserve(&r->data.texts, length + COPY)) return false;
  if (!read_case(r, NULL, text, length, false) || !take_id(r)) return false;
  r->data.texts.data[r->data.texts.length] = '\0';
  r->data.count = case_value_count(r);
  return case_check_lines(r);
}

// What a column takes: never more than the vocabulary allows. References among rows are for the list of values.
static void map_column(struct direct_field *f, struct block_column *c) {
  struct field_taken *taken = &f->taken[true];
  *taken = f->taken[false];
  f->column = c;
  if (f->numbers_rows || (c && c->refused)) taken->form = FIELD_NONE;
  if (!c) return;
  if (taken->minimum < c->minimum) taken->minimum = c->minimum;
  if (taken->maximum > c->maximum) taken->maximum = c->maximum;
  taken->nullable = taken->nullable && c->nullable;
  taken->whole = taken->whole || c->whole;
}

static void map_columns(struct case_reader *r, struct block *b) {
  for (uint32_t i = 0; i < r->v->node_count + FIELDS_BEHIND; i++) {
    uint32_t fact = r->fields[i].fact;
    map_column(&r->fields[i], fact == SOC_NO_INDEX ? NULL : b->by_fact[fact]);
  }
  r->mapped = b;
}

const struct case_id *case_gather(struct case_reader *r, struct block *b, const char *text,
                                  size_t length) {
  if (r->mapped != b) map_columns(r, b);
  if (length > r->limits.bytes || r->limits.depth < DEPTH || !block_has_room(b)) return NULL;
  bool ok = read_case(r, b, text, length, true);
  block_end(b);
  return ok ? &r->id : NULL;
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
  field->name_rest = size < 32 ? UINT32_MAX << size : 0;
}

static void fill_field(struct direct_field *field, const soc_vocabulary_fact *fact) {
  field->taken[false] = (struct field_taken){.minimum = fact->minimum,
                                             .maximum = fact->maximum,
                                             .form = (uint8_t)fact->type,
                                             .nullable = (fact->flags & SOC_FACT_NULLABLE) != 0,
                                             .whole = (fact->flags & SOC_FACT_WHOLE) != 0};
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
  size_t count = v->node_count + (size_t)FIELDS_BEHIND;
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
  id->fact = none->fact = SOC_NO_INDEX;
  id->taken[false].form = FIELD_ID;
  none->taken[false].form = FIELD_NONE;
  none->name_rest = UINT32_MAX << 1; // no name begins with NUL, and what does is given up
  for (size_t i = 0; i < count; i++) r->fields[i].follower = r->fields[i].first = none;
  return true;
}
