// SPDX-License-Identifier: Apache-2.0
//
// Cuts input into cases; see cases.h. Of an array it finds the ends of the elements by quotation marks and brackets and
// leaves all else to the JSON reader, so that a malformed element spoils no other.
#include "cli/cases.h"

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

static void keep(struct case_stream *s, int c) {
  if (s->text.length >= s->limits->bytes)
    s->overflow = true;
  else
    buffer_char(&s->text, (char)c);
}

static void restart(struct case_stream *s) {
  buffer_clear(&s->text);
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

static bool is_blank(const struct buffer *b) {
  for (size_t i = 0; i < b->length; i++) {
    if (!is_space((unsigned char)b->data[i])) return false;
  }
  return true;
}

// Appends a run of bytes of the input, as far as the limit allows, and takes them.
static void keep_run(struct case_stream *s, size_t length) {
  size_t room = s->limits->bytes - s->text.length;
  buffer_append(&s->text, s->in.bytes + s->in.at, length < room ? length : room);
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

static struct case_data *give(struct case_stream *s) {
  if (s->overflow) return case_too_large(s->reader);
  if (s->text.failed) return trouble_memory(), s->trouble = true, NULL;
  return case_read_json(s->reader, buffer_get(&s->text), s->text.length);
}

// ---------------------------------------------------------------------------------------- forms

// Lines, or one object over several lines? The first line that is not blank is kept; the first byte of the second one
// decides.
static void detect_by_lines(struct case_stream *s) {
  keep_line(s); // not blank: its first byte was seen
  s->pending = true;
  bool line_start = true;
  size_t first_line = s->text.length;
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
  if (s->text.failed || s->text.length <= first_line) return;
  s->text.length = first_line;
  s->text.data[first_line] = '\0';
}

static void start(struct case_stream *s) {
  s->started = true;
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

static struct case_data *next_object(struct case_stream *s) {
  int c;
  if (!s->pending) restart(s);
  while ((c = input_take(&s->in)) >= 0) keep(s, c);
  s->ended = true;
  return give(s);
}

static struct case_data *next_line(struct case_stream *s) {
  if (s->pending) {
    s->pending = false;
    return give(s);
  }
  for (;;) {
    restart(s);
    if (input_peek(&s->in) < 0) return s->ended = true, NULL;
    keep_line(s);
    if (s->overflow || !is_blank(&s->text)) return give(s);
  }
}

static struct case_data *array_error(struct case_stream *s, const char *message) {
  s->ended = true;
  return case_malformed(s->reader, "json_syntax", message, s->in.before + s->in.at);
}

// The end of an array: nothing may follow.
static struct case_data *end_array(struct case_stream *s) {
  s->ended = true;
  if (skip_space(&s->in) < 0) return NULL;
  return array_error(s, "the array ends before this; nothing may follow it");
}

// Copies an element up to the comma or bracket that ends it, and takes that. Gives the byte; -1: the input ended.
static int keep_element(struct case_stream *s) {
  size_t depth = 0;
  bool quoted = false, escaped = false;
  for (;;) {
    int c = input_take(&s->in);
    if (c < 0) return c;
    if (quoted) {
      if (c == '"' && !escaped) quoted = false;
      escaped = c == '\\' && !escaped;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      depth++;
    } else if (depth == 0 && (c == ',' || c == ']')) {
      return c;
    } else if (depth > 0 && (c == '}' || c == ']')) {
      depth--;
    }
    keep(s, c);
  }
}

static struct case_data *next_element(struct case_stream *s) {
  if (s->closed) return end_array(s);
  int c = skip_space(&s->in);
  if (!s->first_read) {
    if (c != '[') return array_error(s, "expected an array of cases, which begins with [");
    input_take(&s->in);
    c = skip_space(&s->in);
    if (c == ']') {
      input_take(&s->in);
      return end_array(s);
    }
    s->first_read = true;
  }
  if (c < 0) return array_error(s, "the array is not closed; expected another case or ]");
  restart(s);
  int end = keep_element(s);
  s->closed = end == ']';
  struct case_data *data = give(s);
  if (end < 0 && data && data->error.code) s->ended = true; // cut inside a case, which says so
  return data;
}

// ---------------------------------------------------------------------------------------- CSV

static bool read_header(struct case_stream *s) {
  enum csv_status status = csv_read(&s->header, &s->in, s->limits->bytes);
  if (status == CSV_RECORD) return true;
  s->ended = true;
  if (status == CSV_END || s->in.failed) return false;
  if (status == CSV_NO_MEMORY)
    trouble_memory();
  else
    trouble("%s: the first line of CSV must hold the names of facts", s->in.name);
  s->trouble = true;
  return false;
}

static struct case_data *refuse_row(struct case_stream *s) {
  struct buffer message = {0};
  buffer_format(&message, "this row has %zu cells, the first line names %zu", s->record.count,
                s->header.count);
  struct case_data *data =
      case_malformed(s->reader, "csv_cells", buffer_get(&message), s->in.before + s->in.at);
  buffer_free(&message);
  return data;
}

static struct case_data *next_row(struct case_stream *s) {
  if (!s->first_read && !read_header(s)) return NULL;
  s->first_read = true;
  switch (csv_read(&s->record, &s->in, s->limits->bytes)) {
  case CSV_END: return s->ended = true, NULL;
  case CSV_NO_MEMORY: return trouble_memory(), s->trouble = true, NULL;
  case CSV_TOO_LARGE: return case_too_large(s->reader);
  case CSV_MALFORMED:
    return case_malformed(s->reader, "csv_syntax",
                          "a quotation mark that is not closed, or stands inside a cell",
                          s->in.before + s->in.at);
  case CSV_RECORD: break;
  }
  if (s->record.count != s->header.count) return refuse_row(s);
  case_cells_begin(s->reader);
  for (size_t i = 0; i < s->header.count; i++) {
    size_t name_length, length;
    const char *name = csv_cell(&s->header, i, &name_length);
    const char *cell = csv_cell(&s->record, i, &length);
    case_cell(s->reader, name, name_length, cell, length);
  }
  return case_cells_end(s->reader);
}

// ---------------------------------------------------------------------------------------- streams

bool case_stream_open(struct case_stream *s, const char *path, enum case_format format,
                      struct case_reader *reader, const struct case_limits *limits) {
  s->reader = reader;
  s->limits = limits;
  s->format = format;
  s->text = (struct buffer){0};
  s->overflow = s->pending = s->started = s->ended = s->trouble = s->first_read = s->closed = false;
  s->header = s->record = (struct csv_record){0};
  return input_open(&s->in, path);
}

void case_stream_close(struct case_stream *s) {
  buffer_free(&s->text);
  csv_free(&s->header);
  csv_free(&s->record);
  input_close(&s->in);
}

static struct case_data *next(struct case_stream *s) {
  if (!s->started) start(s);
  if (s->ended || s->in.failed) return NULL;
  switch (s->format) {
  case CASES_ARRAY: return next_element(s);
  case CASES_OBJECT: return next_object(s);
  case CASES_CSV: return next_row(s);
  case CASES_LINES:
  case CASES_AUTO: break;
  }
  return next_line(s);
}

struct case_data *case_stream_next(struct case_stream *s) {
  struct case_data *data = next(s);
  if (s->in.failed) s->trouble = true;
  if (data && data->no_memory) trouble_memory(), s->trouble = true;
  return s->trouble ? NULL : data;
}
