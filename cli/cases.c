// SPDX-License-Identifier: Apache-2.0
//
// Cuts input into cases and reads them; see cases.h. Of an array it finds the ends of the elements by quotation marks
// and brackets and leaves all else to the JSON reader, so that a malformed element spoils no other.
#include "cli/cases.h"

#include <stdlib.h>
#include <string.h>

bool case_format_by_name(const char *name, enum case_format *format) {
  static const struct {
    const char *name;
    enum case_format format;
  } formats[] = {
      {"array", CASES_ARRAY}, {"object", CASES_OBJECT}, {"lines", CASES_LINES}, {"csv", CASES_CSV}};
  for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
    if (strcmp(name, formats[i].name) == 0) return *format = formats[i].format, true;
  }
  return false;
}

// ---------------------------------------------------------------------------------------- bytes

static bool is_space(int c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// How much of the case being cut is kept so far.
static size_t kept(const struct case_stream *s) {
  return s->batch->text.length - s->from;
}

static void keep(struct case_stream *s, int c) {
  if (kept(s) >= s->limits->bytes)
    s->overflow = true;
  else
    buffer_char(&s->batch->text, (char)c);
}

// Forgets what was kept behind the first `length` bytes of the case being cut.
static void keep_only(struct case_stream *s, size_t length) {
  if (s->batch->text.failed || kept(s) <= length) return;
  s->batch->text.length = s->from + length;
  s->batch->text.data[s->batch->text.length] = '\0';
}

static void restart(struct case_stream *s) {
  s->from = s->batch->text.length;
  s->overflow = false;
}

static int skip_space(struct input *in) {
  while (is_space(input_peek(in))) input_take(in);
  return input_peek(in);
}

static void skip_mark(struct input *in) { // the byte order mark that some programs write
  if (input_peek(in) == 0xef && in->end - in->at >= 3 &&
      memcmp(in->bytes + in->at, "\xef\xbb\xbf", 3) == 0)
    in->at += 3;
}

static bool is_blank(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (!is_space((unsigned char)text[i])) return false;
  }
  return true;
}

// Appends a run of bytes of the input, as far as the limit allows, and takes them.
static void keep_run(struct case_stream *s, size_t length) {
  size_t room = s->limits->bytes - kept(s);
  buffer_append(&s->batch->text, s->in.bytes + s->in.at, length < room ? length : room);
  if (length > room) s->overflow = true;
  s->in.at += length;
}

// Appends the rest of the line, without its end.
static void keep_line(struct case_stream *s) {
  while (input_peek(&s->in) >= 0) {
    const char *from = s->in.bytes + s->in.at;
    size_t there = s->in.end - s->in.at;
    const char *stop = memchr(from, '\n', there);
    keep_run(s, stop ? (size_t)(stop - from) : there);
    if (!stop) continue;
    input_take(&s->in);
    return;
  }
}

// ---------------------------------------------------------------------------------------- items

static bool no_memory(struct case_stream *s) {
  trouble_memory();
  s->trouble = true;
  return false;
}

// Makes room for `more` things of `size` bytes behind `count`. False: out of memory.
static bool room(void **things, size_t count, size_t more, size_t *capacity, size_t size) {
  if (more <= *capacity - count) return true;
  size_t bigger = *capacity ? *capacity * 2 : 64;
  while (bigger - count < more) bigger *= 2;
  void *grown = realloc(*things, bigger * size);
  if (!grown) return false;
  *things = grown;
  *capacity = bigger;
  return true;
}

// Each of the following adds a case to the batch. False: out of memory, a message was given.
static bool add(struct case_stream *s, struct case_item item) {
  struct case_batch *b = s->batch;
  void *items = b->items;
  bool ok = room(&items, b->count, 1, &b->capacity, sizeof *b->items) && !b->text.failed;
  b->items = items;
  if (!ok) return no_memory(s);
  b->items[b->count++] = item;
  return true;
}

static bool add_too_large(struct case_stream *s) {
  return add(s, (struct case_item){.kind = ITEM_TOO_LARGE});
}

static bool add_malformed(struct case_stream *s, const char *code, const char *message) {
  return add(s, (struct case_item){.kind = ITEM_MALFORMED,
                                   .code = code,
                                   .message = message,
                                   .offset = s->in.before + s->in.at});
}

// The text that was kept.
static bool add_text(struct case_stream *s) {
  if (s->overflow) {
    keep_only(s, 0);
    return add_too_large(s);
  }
  return add(s, (struct case_item){.kind = ITEM_JSON, .at = s->from, .length = kept(s)});
}

// ---------------------------------------------------------------------------------------- forms

// Lines, or one object over several lines? The first line that is not blank is kept; the first byte of the second one
// decides.
static void detect_by_lines(struct case_stream *s) {
  keep_line(s); // not blank: its first byte was seen
  s->pending = true;
  bool line_start = true;
  size_t first_line = kept(s);
  bool first_overflow = s->overflow;
  keep(s, '\n');
  while (is_space(input_peek(&s->in))) {
    int c = input_take(&s->in);
    line_start = c == '\n';
    keep(s, c);
  }
  int c = input_peek(&s->in);
  if (c >= 0 && !(c == '{' && line_start)) {
    s->format = CASES_OBJECT;
    return;
  }
  s->format = CASES_LINES;
  s->overflow = first_overflow;
  keep_only(s, first_line);
}

static void start(struct case_stream *s) {
  s->started = true;
  restart(s);
  skip_mark(&s->in);
  if (s->format == CASES_AUTO) {
    int c = skip_space(&s->in);
    if (c < 0)
      s->ended = true;
    else if (c == '[')
      s->format = CASES_ARRAY;
    else
      detect_by_lines(s);
  }
}

// Each of the following takes the next case, if there is one, and adds it.
static void next_object(struct case_stream *s) {
  int c;
  if (!s->pending) restart(s);
  while ((c = input_take(&s->in)) >= 0) keep(s, c);
  s->ended = true;
  add_text(s);
}

static void array_error(struct case_stream *s, const char *message) {
  s->ended = true;
  add_malformed(s, "json_syntax", message);
}

// The end of an array: nothing may follow.
static void end_array(struct case_stream *s) {
  s->ended = true;
  if (skip_space(&s->in) >= 0) array_error(s, "the array ends before this; nothing may follow it");
}

// Where the reading of an element stands.
struct element {
  size_t depth;
  bool quoted, escaped;
};

// How many of the bytes belong to the element; fewer than all: a comma or bracket ends it.
static size_t element_length(struct element *e, const char *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char c = bytes[i];
    if (e->quoted) {
      if (c == '"' && !e->escaped) e->quoted = false;
      e->escaped = c == '\\' && !e->escaped;
    } else if (c == '"') {
      e->quoted = true;
    } else if (c == '{' || c == '[') {
      e->depth++;
    } else if (e->depth == 0 && (c == ',' || c == ']')) {
      return i;
    } else if (e->depth > 0 && (c == '}' || c == ']')) {
      e->depth--;
    }
  }
  return count;
}

// Copies an element up to the comma or bracket that ends it, and takes that. Gives the byte; -1: the input ended.
static int keep_element(struct case_stream *s) {
  struct element e = {0};
  while (input_peek(&s->in) >= 0) {
    size_t there = s->in.end - s->in.at;
    size_t length = element_length(&e, s->in.bytes + s->in.at, there);
    keep_run(s, length);
    if (length < there) return input_take(&s->in);
  }
  return -1;
}

// What the input ended in is an error already if it is no case.
static bool is_whole(struct case_stream *s) {
  if (s->overflow || s->batch->text.failed) return false;
  const char *text = buffer_get(&s->batch->text) + s->from;
  const struct case_data *data = case_read_json(s->reader, text, kept(s));
  return !data->no_memory && !data->error.code;
}

static void take_element(struct case_stream *s) {
  restart(s);
  int end = keep_element(s);
  s->closed = end == ']';
  if (end < 0 && !is_whole(s)) s->ended = true;
  add_text(s);
}

static void next_element(struct case_stream *s) {
  if (s->closed) {
    end_array(s);
    return;
  }
  int c = skip_space(&s->in);
  if (!s->first_read && c != '[') {
    array_error(s, "expected an array of cases, which begins with [");
    return;
  }
  if (!s->first_read) {
    input_take(&s->in);
    c = skip_space(&s->in);
  }
  if (!s->first_read && c == ']') {
    input_take(&s->in);
    end_array(s);
    return;
  }
  s->first_read = true;
  if (c < 0)
    array_error(s, "the array is not closed; expected another case or ]");
  else
    take_element(s);
}

// ---------------------------------------------------------------------------------------- lines

// Lines are read where they stay: into the batch's text as they come, for most input consists of them. What is behind
// the last whole line is kept for the next batch.

// The line that begins where the last one was cut ends in front of this byte of the text.
static bool add_line(struct case_stream *s, size_t end) {
  const char *line = buffer_get(&s->batch->text) + s->from;
  struct case_item item = {.kind = ITEM_JSON, .at = s->from, .length = end - s->from};
  bool ok = true;
  if (s->overflow || item.length > s->limits->bytes)
    ok = add_too_large(s);
  else if (!is_blank(line, item.length))
    ok = add(s, item);
  s->from = end + 1;
  s->overflow = false;
  return ok;
}

// Adds the lines that end in the text behind its first `at` bytes, as far as there is room for them.
static bool add_lines(struct case_stream *s, size_t at) {
  const struct buffer *text = &s->batch->text;
  while (s->batch->count < BATCH_CASES) {
    const char *end = NULL;
    if (at < text->length) end = memchr(text->data + at, '\n', text->length - at);
    if (!end) break;
    at = (size_t)(end - text->data) + 1;
    if (!add_line(s, at - 1)) return false;
  }
  return true;
}

// Reads more behind what there is of a line, of which no more is kept than a case may have.
static size_t read_lines(struct case_stream *s) {
  struct buffer *text = &s->batch->text;
  if (text->length - s->from > s->limits->bytes) {
    s->overflow = true;
    text->length = s->from;
  }
  size_t wanted = text->length < BATCH_BYTES ? BATCH_BYTES - text->length : BATCH_BYTES;
  if (!buffer_reserve(text, wanted + CASE_PADDING)) return no_memory(s), 0;
  size_t length = input_read(&s->in, text->data + text->length, wanted);
  text->length += length;
  text->data[text->length] = '\0';
  if (length == 0) s->ended = true;
  return length;
}

// What was read and not cut goes to the next batch.
static void keep_rest(struct case_stream *s) {
  struct buffer *text = &s->batch->text;
  if (s->from >= text->length) return;
  if (!buffer_append(&s->rest, text->data + s->from, text->length - s->from)) no_memory(s);
  text->length = s->from;
}

// Takes a batch of lines.
static void next_lines(struct case_stream *s) {
  struct case_batch *b = s->batch;
  if (s->pending) add_text(s); // the first, which told what the input is
  s->pending = s->overflow = false;
  s->from = b->text.length;
  buffer_append(&b->text, buffer_get(&s->rest), s->rest.length);
  buffer_clear(&s->rest);
  size_t seen = s->from;
  while (!s->trouble && add_lines(s, seen) && b->count < BATCH_CASES &&
         (b->count == 0 || b->text.length < BATCH_BYTES)) {
    size_t length = read_lines(s);
    seen = b->text.length - length;
    if (!s->ended) continue;
    if (!s->in.failed && s->from < b->text.length + s->overflow) add_line(s, b->text.length);
    return;
  }
  keep_rest(s);
}

// ---------------------------------------------------------------------------------------- CSV

static bool look_up_columns(struct case_stream *s) {
  bool ok = true;
  for (size_t i = 0; ok && i < s->header.count; i++) {
    size_t length;
    const char *name = csv_cell(&s->header, i, &length);
    ok = case_columns_add(&s->columns, s->reader, name, length);
  }
  return ok || no_memory(s);
}

// Does the line that comes have semicolons where the commas belong?
static bool has_semicolons(struct input *in) {
  if (input_peek(in) < 0) return false;
  const char *line = in->bytes + in->at, *end = memchr(line, '\n', in->end - in->at);
  size_t length = end ? (size_t)(end - line) : in->end - in->at;
  return memchr(line, ';', length) && !memchr(line, ',', length);
}

static bool read_header(struct case_stream *s) {
  if (has_semicolons(&s->in)) {
    trouble("%s: cells are separated by commas here, not by semicolons; save the table with commas",
            s->in.name);
    s->ended = s->trouble = true;
    return false;
  }
  enum csv_status status = csv_read(&s->header, &s->in, s->limits->bytes);
  if (status == CSV_RECORD) return look_up_columns(s);
  s->ended = true;
  if (status == CSV_END || s->in.failed) return false;
  if (status == CSV_NO_MEMORY)
    trouble_memory();
  else
    trouble("%s: the first line of CSV must hold the names of facts", s->in.name);
  s->trouble = true;
  return false;
}

// The row that was read; of one that could not be, the first cell, which may hold its id.
static void add_row(struct case_stream *s, struct case_item item) {
  struct case_batch *b = s->batch;
  item.at = b->text.length;
  item.first_cell = b->end_count;
  item.cells = item.kind == ITEM_CELLS || s->record.count < 1 ? s->record.count : 1;
  item.row = s->record.row;
  item.offset = s->in.before + s->in.at;
  void *ends = b->ends;
  bool ok = room(&ends, b->end_count, item.cells, &b->end_capacity, sizeof *b->ends);
  b->ends = ends;
  if (!ok) {
    no_memory(s);
    return;
  }
  for (size_t i = 0; i < item.cells; i++) b->ends[b->end_count++] = item.at + s->record.ends[i];
  size_t length = item.cells > 0 ? s->record.ends[item.cells - 1] : 0;
  buffer_append(&b->text, buffer_get(&s->record.text), length);
  b->columns = &s->columns;
  add(s, item);
}

static const struct case_item stray_quotation_mark = {
    .kind = ITEM_MALFORMED,
    .code = "csv_syntax",
    .message = "a quotation mark that is not closed, or stands inside a cell"};

static void next_row(struct case_stream *s) {
  if (!s->first_read && !read_header(s)) return;
  if (!s->first_read) s->record.row = s->header.row;
  s->first_read = true;
  switch (csv_read(&s->record, &s->in, s->limits->bytes)) {
  case CSV_END: s->ended = true; break;
  case CSV_NO_MEMORY: no_memory(s); break;
  case CSV_TOO_LARGE: add_row(s, (struct case_item){.kind = ITEM_TOO_LARGE}); break;
  case CSV_MALFORMED: add_row(s, stray_quotation_mark); break;
  case CSV_RECORD: add_row(s, (struct case_item){.kind = ITEM_CELLS}); break;
  }
}

// ---------------------------------------------------------------------------------------- streams

bool case_stream_open(struct case_stream *s, const char *path, enum case_format format,
                      struct case_reader *reader, const struct case_limits *limits) {
  s->reader = reader;
  s->limits = limits;
  s->format = format;
  s->batch = NULL;
  s->overflow = s->pending = s->started = s->ended = s->trouble = s->first_read = s->closed = false;
  s->header = s->record = (struct csv_record){0};
  s->columns = (struct case_columns){0};
  s->rest = (struct buffer){0};
  return input_open(&s->in, path);
}

void case_stream_close(struct case_stream *s) {
  buffer_free(&s->rest);
  case_columns_free(&s->columns);
  csv_free(&s->header);
  csv_free(&s->record);
  input_close(&s->in);
}

static void next(struct case_stream *s) {
  switch (s->format) {
  case CASES_ARRAY: next_element(s); break;
  case CASES_OBJECT: next_object(s); break;
  case CASES_CSV: next_row(s); break;
  case CASES_LINES: next_lines(s); break;
  case CASES_AUTO: break; // nothing but space
  }
}

// Memory that a single large case took is given back.
static void batch_clear(struct case_batch *b) {
  if (b->text.capacity > (size_t)8 * BATCH_BYTES) buffer_free(&b->text);
  buffer_clear(&b->text);
  b->count = b->end_count = 0;
}

// A first case that is still to be added does not count. Lines are taken by the batch.
static bool is_full(const struct case_stream *s) {
  const struct case_batch *b = s->batch;
  return b->count > 0 &&
         (s->format == CASES_LINES || b->text.length >= BATCH_BYTES || b->count >= BATCH_CASES);
}

bool case_stream_fill(struct case_stream *s, struct case_batch *b) {
  batch_clear(b);
  b->file = s->in.name;
  s->batch = b;
  if (!s->started) start(s);
  if (s->in.failed) s->trouble = true;
  while (!s->ended && !s->trouble && !is_full(s)) {
    size_t whole = b->count;
    next(s);
    if (s->in.failed) s->trouble = true;
    if (s->trouble && s->format != CASES_LINES) b->count = whole; // the last may lack its end
  }
  if (b->count == 0) return false;
  if (!buffer_reserve(&b->text, CASE_PADDING)) return no_memory(s);
  memset(b->text.data + b->text.length, 0, CASE_PADDING);
  return true;
}

// ---------------------------------------------------------------------------------------- batches

static struct case_data *refuse_cells(const struct case_batch *b, const struct case_item *item,
                                      struct case_reader *r) {
  struct buffer message = {0};
  buffer_format(&message, "this row has %zu cells, the first line names %zu", item->cells,
                b->columns->count);
  struct case_data *data = case_malformed(r, "csv_cells", buffer_get(&message), item->offset);
  buffer_free(&message);
  return data;
}

static struct case_data *read_cells(const struct case_batch *b, const struct case_item *item,
                                    struct case_reader *r) {
  if (item->cells != b->columns->count) return refuse_cells(b, item, r);
  case_cells_begin(r);
  size_t start = item->at;
  for (size_t i = 0; i < item->cells; i++) {
    size_t end = b->ends[item->first_cell + i];
    case_cell(r, b->columns, i, buffer_get(&b->text) + start, end - start);
    start = end;
  }
  return case_cells_end(r);
}

// Behind a case the next one may begin: those bytes are put aside while NULs stand there.
static void put_aside(char *behind, char aside[CASE_PADDING]) {
  memcpy(aside, behind, CASE_PADDING);
  memset(behind, 0, CASE_PADDING);
}

static struct case_data *read_json(struct case_batch *b, const struct case_item *item,
                                   struct case_reader *r) {
  char aside[CASE_PADDING], *text = b->text.data + item->at, *behind = text + item->length;
  put_aside(behind, aside);
  struct case_data *data = case_read_padded(r, text, item->length);
  memcpy(behind, aside, sizeof aside);
  return data;
}

const struct case_id *case_batch_gather(const struct case_batch *b, size_t index,
                                        struct case_reader *r, struct block *block) {
  const struct case_item *item = &b->items[index];
  if (item->kind != ITEM_JSON) return NULL;
  return case_gather(r, block, b->text.data + item->at, item->length);
}

static struct case_data *read_item(struct case_batch *b, const struct case_item *item,
                                   struct case_reader *r) {
  switch (item->kind) {
  case ITEM_TOO_LARGE: return case_too_large(r);
  case ITEM_MALFORMED: return case_malformed(r, item->code, item->message, item->offset);
  case ITEM_CELLS: return read_cells(b, item, r);
  case ITEM_JSON: break;
  }
  return read_json(b, item, r);
}

// A row that could not be taken apart keeps its id where that stands first: in front of it there is no comma too many.
static struct case_data *keep_id(const struct case_batch *b, const struct case_item *item,
                                 struct case_reader *r) {
  const char *first = buffer_get(&b->text) + item->at;
  return case_with_id(r, first, b->ends[item->first_cell] - item->at);
}

static bool is_torn_row(const struct case_batch *b, const struct case_item *item) {
  bool whole = item->kind == ITEM_CELLS && item->cells == b->columns->count;
  return item->cells > 0 && !whole && b->columns->items[0].is_id;
}

struct case_data *case_batch_read(struct case_batch *b, size_t index, struct case_reader *r) {
  const struct case_item *item = &b->items[index];
  struct case_data *data = read_item(b, item, r);
  if (is_torn_row(b, item)) data = keep_id(b, item, r);
  data->error.file = b->file;
  data->error.row = b->items[index].row;
  return data;
}

void case_batch_free(struct case_batch *b) {
  buffer_free(&b->text);
  free(b->items);
  free(b->ends);
  *b = (struct case_batch){0};
}
