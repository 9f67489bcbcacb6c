// SPDX-License-Identifier: Apache-2.0
//
// Follows the events of one case through the tree of the vocabulary; see case_reader.h. It knows objects, lists, names
// and places; what a single value may be is the business of case_values.c.
#include "cli/case_internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------------------- errors and memory

static bool fail_with(struct case_reader *r, const char *code, const char *format, va_list args) {
  if (r->data.error.code) return false;
  r->data.error.code = code;
  buffer_vformat(&r->data.error.message, format, args);
  return false;
}

bool case_fail(struct case_reader *r, const char *code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (!r->data.error.code)
    buffer_append(&r->data.error.pointer, buffer_get(&r->path), r->path.length);
  fail_with(r, code, format, args);
  va_end(args);
  return false;
}

bool case_fail_at(struct case_reader *r, const char *code, uint32_t fact, uint32_t row,
                  const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (!r->data.error.code)
    vocabulary_pointer(r->v, fact, row, SOC_NO_INDEX, &r->data.error.pointer);
  fail_with(r, code, format, args);
  va_end(args);
  return false;
}

bool case_no_memory(struct case_reader *r) {
  r->data.no_memory = true;
  return false;
}

bool case_grow_more(struct case_reader *r, void **items, size_t *capacity, size_t size) {
  size_t more = *capacity ? *capacity * 2 : 32;
  void *grown = realloc(*items, more * size);
  if (!grown) return case_no_memory(r);
  *items = grown;
  *capacity = more;
  return true;
}

bool case_more_values(struct case_reader *r) {
  struct case_data *d = &r->data;
  size_t count = case_value_count(r);
  void *values = d->values;
  if (!case_grow_more(r, &values, &d->capacity, sizeof *d->values)) return false;
  d->values = values;
  r->next = d->values + count;
  r->values_end = d->values + d->capacity;
  return true;
}

void case_note_items(struct case_reader *r, uint32_t fact, size_t items) {
  if (items > r->data.most_items) r->data.most_items = items;
  if (r->v->facts[fact].list != SOC_NO_INDEX) r->data.row_items += items;
}

static void forget(struct case_reader *r) {
  struct case_data *d = &r->data;
  r->cells = false;
  d->has_id = false;
  d->count = d->most_rows = d->most_items = d->row_items = 0;
  r->next = d->values;
  buffer_clear(&d->id);
  buffer_clear(&d->texts);
  buffer_clear(&d->error.pointer);
  buffer_clear(&d->error.message);
  d->error.code = NULL;
  d->error.has_offset = false;
  buffer_clear(&r->path);
  buffer_clear(&r->other_text);
  r->depth = r->other_count = r->skip_depth = 0;
  r->skip_id = r->id_seen = false;
  r->lines.key_count = r->lines.reference_count = 0;
}

struct case_reader *case_reader_new(const struct vocabulary_index *v,
                                    const struct case_limits *limits) {
  struct case_reader *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  r->v = v;
  r->limits = *limits;
  r->frames = calloc(limits->depth, sizeof *r->frames);
  if (r->frames && case_make_fields(r)) return r;
  case_reader_free(r);
  return NULL;
}

void case_reader_free(struct case_reader *r) {
  if (!r) return;
  json_scratch_free(&r->scratch);
  buffer_free(&r->data.id);
  buffer_free(&r->data.texts);
  buffer_free(&r->data.error.pointer);
  buffer_free(&r->data.error.message);
  buffer_free(&r->path);
  buffer_free(&r->other_text);
  free(r->data.values);
  free(r->frames);
  free(r->fields);
  free(r->copy);
  free(r->lines.keys);
  free(r->lines.references);
  free(r->others);
  free(r);
}

// ---------------------------------------------------------------------------------------- names

static void path_cut(struct case_reader *r, size_t length) {
  if (r->path.length <= length) return;
  r->path.length = length;
  r->path.data[length] = '\0';
}

// The first fact whose last segment is that name, wherever it stands; empty: none.
static soc_text fact_by_last_segment(const struct vocabulary_index *v, const char *name,
                                     size_t length) {
  for (uint32_t i = 0; i < v->fact_count; i++) {
    soc_text segment = v->nodes[v->node_of_fact[i]].name;
    if (segment.length == length && memcmp(segment.data, name, length) == 0)
      return v->facts[i].name;
  }
  return (soc_text){"", 0};
}

// A name that the vocabulary does not have, with the best hint there is.
static bool unknown_name(struct case_reader *r, uint32_t node, const char *name, size_t length) {
  const struct vocabulary_index *v = r->v;
  struct buffer message = {0};
  struct near near = near_to(name, length);
  soc_text elsewhere = fact_by_last_segment(v, name, length);
  for (uint32_t i = 0; i < v->nodes[node].child_count; i++) {
    soc_text child = v->nodes[v->order[v->nodes[node].first_child + i]].name;
    near_offer(&near, child.data, child.length);
  }
  if (node == 0) near_offer(&near, "id", 2);
  buffer_text(&message, "no fact has the name ");
  quote_append(&message, name, length);
  if (vocabulary_find(v, name, length) != SOC_NO_INDEX && node == 0) {
    buffer_text(&message, "; facts are nested objects: {\"member\": {\"birth_date\": ...}}");
  } else if (near.best) {
    buffer_format(&message, "; did you mean \"%.*s\"?", (int)near.best_length, near.best);
  } else if (elsewhere.length) {
    buffer_format(&message, "; did you mean %.*s?", (int)elsewhere.length, elsewhere.data);
  }
  if (message.failed)
    case_no_memory(r);
  else
    case_fail(r, "fact_unknown", "%s", message.data);
  buffer_free(&message);
  return false;
}

static bool repeated(struct case_reader *r) {
  return case_fail(r, "key_repeated", "this name is given twice in the same object");
}

// Names outside the vocabulary are kept until their object ends and are then compared with each other.
static bool note_other(struct case_reader *r, const char *name, size_t length) {
  void *others = r->others;
  if (!case_grow(r, &others, r->other_count, &r->other_capacity, sizeof *r->others)) return false;
  r->others = others;
  r->others[r->other_count] =
      (struct other_name){r->other_text.length, length, r->other_count, NULL};
  r->other_count++;
  return buffer_append(&r->other_text, name, length) || case_no_memory(r);
}

static int compare_others(const void *a, const void *b) {
  const struct other_name *x = a, *y = b;
  if (x->length != y->length) return x->length < y->length ? -1 : 1;
  int order = memcmp(x->text, y->text, x->length);
  if (order) return order;
  return (x->order > y->order) - (x->order < y->order);
}

// The earliest of `count` names, sorted, that repeats another; NULL: none does.
static const struct other_name *find_repeated(const struct other_name *names, size_t count) {
  const struct other_name *twice = NULL;
  for (size_t i = 1; i < count; i++) {
    const struct other_name *last = &names[i - 1], *now = &names[i];
    bool same = last->length == now->length && memcmp(last->text, now->text, now->length) == 0;
    if (same && (!twice || now->order < twice->order)) twice = now;
  }
  return twice;
}

static bool check_others(struct case_reader *r, const struct frame *f) {
  size_t count = r->other_count - f->first_other;
  if (count == 0) return true;
  struct other_name *names = r->others + f->first_other;
  size_t text_start = names[0].at;
  for (size_t i = 0; i < count; i++) names[i].text = buffer_get(&r->other_text) + names[i].at;
  if (count > 1) qsort(names, count, sizeof *names, compare_others);
  const struct other_name *twice = find_repeated(names, count);
  if (twice) {
    path_cut(r, f->path);
    pointer_step(&r->path, twice->text, twice->length);
    return repeated(r);
  }
  r->other_count = f->first_other;
  r->other_text.length = text_start;
  return true;
}

static bool take_known_key(struct case_reader *r, struct frame *f, uint32_t child) {
  r->target = TARGET_NODE;
  r->target_node = child;
  if (r->fields[child].seen == f->serial) return repeated(r);
  r->fields[child].seen = f->serial;
  return true;
}

static bool take_key(struct case_reader *r, const struct json_event *event) {
  struct frame *f = &r->frames[r->depth - 1];
  path_cut(r, f->path);
  pointer_step(&r->path, event->text, event->length);
  if (f->kind == FRAME_OBJECT) {
    uint32_t child = vocabulary_child(r->v, f->node, event->text, event->length);
    if (child != SOC_NO_INDEX) return take_known_key(r, f, child);
    if (f->node == 0 && event->length == 2 && memcmp(event->text, "id", 2) == 0) {
      r->target = TARGET_ID;
      if (r->id_seen) return repeated(r);
      r->id_seen = true;
      return true;
    }
    if (!r->limits.ignore_unknown) return unknown_name(r, f->node, event->text, event->length);
  }
  r->target = TARGET_IGNORED;
  return note_other(r, event->text, event->length);
}

// ---------------------------------------------------------------------------------------- values

static bool is_list(soc_type type) {
  return type == SOC_CODE_LIST || type == SOC_ENUM_LIST || type == SOC_RECORDS;
}

// Before each value: inside a list it is the next item, whose place and target follow from the list.
static bool next_item(struct case_reader *r) {
  if (r->depth == 0) return true;
  struct frame *f = &r->frames[r->depth - 1];
  if (f->kind == FRAME_OBJECT || f->kind == FRAME_IGNORED_OBJECT) return true;
  path_cut(r, f->path);
  if (f->items >= r->limits.items)
    return case_fail(r, "list_too_long", "a list holds at most %zu items (--max-items changes it)",
                     r->limits.items);
  pointer_number(&r->path, f->items++);
  r->target = f->kind == FRAME_IGNORED_LIST ? TARGET_IGNORED : TARGET_NODE;
  r->target_node = f->node;
  return true;
}

static bool take_id(struct case_reader *r, const struct json_event *event) {
  if (event->kind != JSON_STRING)
    return case_fail(r, "fact_type", "expected the case's id as a text in quotation marks");
  r->data.has_id = true;
  return buffer_append(&r->data.id, event->text, event->length) || case_no_memory(r);
}

static bool take_scalar(struct case_reader *r, const struct json_event *event) {
  if (r->depth == 0) return case_fail(r, "fact_type", "expected a case, which is a JSON object");
  if (!next_item(r)) return false;
  const struct frame *f = &r->frames[r->depth - 1];
  if (r->target == TARGET_IGNORED) return true;
  if (r->target == TARGET_ID) return take_id(r, event);
  uint32_t fact = r->v->nodes[r->target_node].fact;
  if (fact == SOC_NO_INDEX) {
    return case_fail(r, event->kind == JSON_NULL ? "fact_null" : "fact_type",
                     "expected an object with the facts of %.*s",
                     (int)r->v->nodes[r->target_node].name.length,
                     r->v->nodes[r->target_node].name.data);
  }
  if (f->kind == FRAME_ROWS)
    return case_fail(r, event->kind == JSON_NULL ? "fact_null" : "fact_type",
                     "expected an object, one record of the list");
  if (f->kind == FRAME_LIST) return case_take_item(r, fact, f->row, event);
  return case_take_scalar(r, fact, f->row, event);
}

static struct frame *push(struct case_reader *r, enum frame_kind kind, uint32_t node,
                          uint32_t row) {
  struct frame *f = &r->frames[r->depth++];
  *f = (struct frame){.kind = kind,
                      .node = node,
                      .row = row,
                      .serial = ++r->serial,
                      .path = r->path.length,
                      .first_other = r->other_count};
  return f;
}

static bool open_object(struct case_reader *r, const struct json_event *event) {
  if (r->depth == 0) return push(r, FRAME_OBJECT, 0, 0), true;
  if (!next_item(r)) return false;
  const struct frame *f = &r->frames[r->depth - 1];
  if (r->target == TARGET_IGNORED) return push(r, FRAME_IGNORED_OBJECT, 0, 0), true;
  if (r->target == TARGET_ID) return take_id(r, event);
  uint32_t fact = r->v->nodes[r->target_node].fact;
  if (f->kind == FRAME_ROWS) {
    uint32_t row = f->items - 1;
    r->data.values[f->list_value].number = f->items;
    if (f->items > r->data.most_rows) r->data.most_rows = f->items;
    return push(r, FRAME_OBJECT, r->target_node, row), true;
  }
  if (f->kind == FRAME_LIST) return case_take_item(r, fact, f->row, event);
  if (fact != SOC_NO_INDEX) return case_expected(r, "fact_type", fact, event);
  return push(r, FRAME_OBJECT, r->target_node, f->row), true;
}

static bool open_list(struct case_reader *r, const struct json_event *event) {
  if (r->depth == 0)
    return case_fail(r, "fact_type", "expected a case, which is a JSON object, found a list");
  if (!next_item(r)) return false;
  const struct frame *f = &r->frames[r->depth - 1];
  if (r->target == TARGET_IGNORED) return push(r, FRAME_IGNORED_LIST, 0, 0), true;
  if (r->target == TARGET_ID) return take_id(r, event);
  uint32_t fact = r->v->nodes[r->target_node].fact;
  if (fact == SOC_NO_INDEX || f->kind == FRAME_ROWS || f->kind == FRAME_LIST ||
      !is_list(r->v->facts[fact].type)) {
    if (fact == SOC_NO_INDEX) return case_fail(r, "fact_type", "expected an object, found a list");
    if (f->kind == FRAME_ROWS)
      return case_fail(r, "fact_type", "expected an object, one record of the list");
    if (f->kind == FRAME_LIST) return case_take_item(r, fact, f->row, event);
    return case_expected(r, "fact_type", fact, event);
  }
  size_t index = case_value_count(r);
  uint32_t row = f->row;
  if (!case_add(r, fact, row, CASE_LIST, 0)) return false;
  struct frame *list =
      push(r, r->v->facts[fact].type == SOC_RECORDS ? FRAME_ROWS : FRAME_LIST, r->target_node, row);
  list->list_value = index;
  return true;
}

static bool close_frame(struct case_reader *r) {
  const struct frame *f = &r->frames[r->depth - 1];
  bool ok = true;
  path_cut(r, f->path);
  if (f->kind == FRAME_OBJECT || f->kind == FRAME_IGNORED_OBJECT) ok = check_others(r, f);
  if (ok && f->kind == FRAME_OBJECT) ok = case_check_row(r, f->node, f->row, f->serial);
  if (f->kind == FRAME_LIST) case_note_items(r, r->v->nodes[f->node].fact, f->items);
  r->depth--;
  return ok;
}

// After an error: the rest is read for the case's id alone, so that the error can carry it.
static bool skip(struct case_reader *r, const struct json_event *event) {
  bool opens = event->kind == JSON_OBJECT || event->kind == JSON_ARRAY;
  bool closes = event->kind == JSON_OBJECT_END || event->kind == JSON_ARRAY_END;
  if (r->skip_id && event->kind == JSON_STRING) {
    r->data.has_id = true;
    buffer_append(&r->data.id, event->text, event->length);
  }
  r->skip_id = r->skip_depth == 1 && event->kind == JSON_KEY && event->length == 2 &&
               memcmp(event->text, "id", 2) == 0;
  if (opens) r->skip_depth++;
  if (closes) r->skip_depth--;
  return !r->data.has_id && r->skip_depth > 0;
}

static bool take_event(void *ctx, const struct json_event *event) {
  struct case_reader *r = ctx;
  if (r->data.error.code) return skip(r, event);
  size_t depth = r->depth;
  bool ok;
  switch (event->kind) {
  case JSON_KEY: ok = take_key(r, event); break;
  case JSON_OBJECT: ok = open_object(r, event); break;
  case JSON_ARRAY: ok = open_list(r, event); break;
  case JSON_OBJECT_END:
  case JSON_ARRAY_END: ok = close_frame(r); break;
  default: ok = take_scalar(r, event);
  }
  if (ok) return !r->data.no_memory;
  if (r->data.no_memory || r->data.has_id || depth == 0) return false;
  // How many objects and lists are open after this event, whether or not its frame was pushed.
  bool opened = event->kind == JSON_OBJECT || event->kind == JSON_ARRAY;
  bool closed = event->kind == JSON_OBJECT_END || event->kind == JSON_ARRAY_END;
  r->skip_depth = depth + opened - closed;
  return r->skip_depth > 0;
}

// ---------------------------------------------------------------------------------------- cases

static struct case_data *finish(struct case_reader *r) {
  struct case_data *d = &r->data;
  d->count = case_value_count(r);
  if (!d->error.code && !d->no_memory) case_check_lines(r);
  if (d->id.failed || d->texts.failed || r->path.failed || d->error.message.failed ||
      d->error.pointer.failed)
    d->no_memory = true;
  return d;
}

struct case_data *case_read_by_library(struct case_reader *r, const char *text, size_t length) {
  if (length > r->limits.bytes) return case_too_large(r);
  forget(r);
  struct json_error error;
  enum json_status status =
      json_read(text, length, (unsigned)r->limits.depth, &r->scratch, take_event, r, &error);
  if (status == JSON_NO_MEMORY) case_no_memory(r);
  if (status == JSON_TOO_DEEP && next_item(r))
    case_fail(r, "too_deep", "nested deeper than %zu levels (--max-depth changes it)",
              r->limits.depth);
  if (status == JSON_NUMBER_HUGE && next_item(r))
    case_fail(r, "fact_range",
              "expected a number of at most 9 digits before the point and 6 after it");
  if (status == JSON_MALFORMED && !r->data.error.code) {
    path_cut(r, 0);
    case_fail(r, "json_syntax", "%s", error.message);
    r->data.error.has_offset = true;
    r->data.error.offset = error.offset;
  }
  return finish(r);
}

struct case_data *case_read_padded(struct case_reader *r, const char *text, size_t length) {
  if (length > r->limits.bytes) return case_too_large(r);
  forget(r);
  if (case_read_direct(r, text, length)) return &r->data;
  return case_read_by_library(r, text, length);
}

struct case_data *case_read_json(struct case_reader *r, const char *text, size_t length) {
  if (length > r->limits.bytes) return case_too_large(r);
  if (length + CASE_PADDING > r->copy_size) {
    free(r->copy);
    r->copy_size = 2 * length + CASE_PADDING;
    r->copy = malloc(r->copy_size);
  }
  if (!r->copy) {
    r->copy_size = 0;
    forget(r);
    return case_no_memory(r), &r->data;
  }
  if (length) memcpy(r->copy, text, length);
  memset(r->copy + length, 0, CASE_PADDING);
  return case_read_padded(r, r->copy, length);
}

struct case_data *case_too_large(struct case_reader *r) {
  forget(r);
  case_fail(r, "case_too_large", "a case is at most %zu bytes (--max-case-bytes changes it)",
            r->limits.bytes);
  return finish(r);
}

struct case_data *case_malformed(struct case_reader *r, const char *code, const char *message,
                                 size_t offset) {
  forget(r);
  case_fail(r, code, "%s", message);
  r->data.error.has_offset = true;
  r->data.error.offset = offset;
  return finish(r);
}

const struct case_value *case_find(const struct case_data *c, uint32_t fact, uint32_t row) {
  for (size_t i = 0; i < c->count; i++) {
    if (c->values[i].fact == fact && c->values[i].row == row) return &c->values[i];
  }
  return NULL;
}

// ---------------------------------------------------------------------------------------- CSV

void case_cells_begin(struct case_reader *r) {
  forget(r);
  r->cells = true;
  r->serial++;
}

static bool cell_list(struct case_reader *r, uint32_t fact, const char *cell, size_t length) {
  size_t at = 0;
  uint32_t items = 0;
  if (!case_add(r, fact, 0, CASE_LIST, 0)) return false;
  if (length == 2 && memcmp(cell, "[]", 2) == 0) return true;
  size_t path = r->path.length;
  while (at <= length) {
    const char *semicolon = at < length ? memchr(cell + at, ';', length - at) : NULL;
    size_t end = semicolon ? (size_t)(semicolon - cell) : length;
    path_cut(r, path);
    if (items >= r->limits.items)
      return case_fail(r, "list_too_long",
                       "a list holds at most %zu items (--max-items changes it)", r->limits.items);
    pointer_number(&r->path, items++);
    struct json_event item = {JSON_STRING, cell + at, end - at};
    if (!case_take_item(r, fact, 0, &item)) return false;
    at = end + 1;
  }
  case_note_items(r, fact, items);
  return true;
}

static bool cell_fact(struct case_reader *r, uint32_t fact, const char *cell, size_t length) {
  const soc_vocabulary_fact *about = &r->v->facts[fact];
  uint32_t node = r->v->node_of_fact[fact];
  if (about->type == SOC_RECORDS || about->list != SOC_NO_INDEX)
    return case_fail(r, "csv_records", "records cannot be written in CSV; use JSON for such cases");
  if (r->fields[node].seen == r->serial) return repeated(r);
  r->fields[node].seen = r->serial;
  if (length == 0) return true;
  struct json_event event = case_event_of_cell(about, cell, length);
  if (event.kind != JSON_NULL && is_list(about->type)) return cell_list(r, fact, cell, length);
  return case_take_scalar(r, fact, 0, &event);
}

static void cell_id(struct case_reader *r, const char *cell, size_t length) {
  pointer_step(&r->path, "id", 2);
  bool ok = text_valid(cell, length) || case_fail(r, "csv_syntax", "bytes that are not UTF-8");
  if (r->id_seen) ok = repeated(r);
  r->id_seen = true;
  if (!ok || length == 0) return;
  r->data.has_id = true;
  buffer_append(&r->data.id, cell, length);
}

struct case_data *case_with_id(struct case_reader *r, const char *id, size_t length) {
  cell_id(r, id, length);
  return finish(r);
}

static void unknown_column(struct case_reader *r, const char *name, size_t length) {
  struct near near = near_to(name, length);
  for (uint32_t i = 0; i < r->v->fact_count; i++)
    near_offer(&near, r->v->facts[i].name.data, r->v->facts[i].name.length);
  case_fail(r, "fact_unknown", "no fact has the name of this column%s%.*s%s",
            near.best ? "; did you mean " : "", (int)near.best_length, near.best ? near.best : "",
            near.best ? "?" : "");
}

// "a.b" as the pointer "/a/b"
static void column_pointer(struct buffer *out, const char *name, size_t length) {
  const char *at = name, *end = name + length;
  for (const char *p = at; p <= end; p++) {
    if (p < end && *p != '.') continue;
    pointer_step(out, at, (size_t)(p - at));
    at = p + 1;
  }
}

bool case_columns_add(struct case_columns *c, const struct case_reader *r, const char *name,
                      size_t length) {
  if (c->count == c->capacity) {
    size_t capacity = c->capacity ? c->capacity * 2 : 32;
    void *items = realloc(c->items, capacity * sizeof *c->items);
    if (!items) return false;
    c->items = items;
    c->capacity = capacity;
  }
  struct case_column *column = &c->items[c->count++];
  *column = (struct case_column){.name = name,
                                 .name_length = length,
                                 .pointer = c->pointers.length,
                                 .fact = vocabulary_find(r->v, name, length),
                                 .is_id = length == 2 && memcmp(name, "id", 2) == 0};
  column_pointer(&c->pointers, name, length);
  column->pointer_length = c->pointers.length - column->pointer;
  return !c->pointers.failed;
}

void case_columns_free(struct case_columns *c) {
  buffer_free(&c->pointers);
  free(c->items);
  *c = (struct case_columns){0};
}

void case_cell(struct case_reader *r, const struct case_columns *columns, size_t column,
               const char *cell, size_t length) {
  const struct case_column *c = &columns->items[column];
  path_cut(r, 0);
  if (c->is_id) {
    cell_id(r, cell, length);
    return;
  }
  if (r->data.error.code) return;
  buffer_append(&r->path, buffer_get(&columns->pointers) + c->pointer, c->pointer_length);
  if (!text_valid(cell, length))
    case_fail(r, "csv_syntax", "bytes that are not UTF-8");
  else if (c->fact != SOC_NO_INDEX)
    cell_fact(r, c->fact, cell, length);
  else if (!r->limits.ignore_unknown)
    unknown_column(r, c->name, c->name_length);
}

struct case_data *case_cells_end(struct case_reader *r) {
  return finish(r);
}
