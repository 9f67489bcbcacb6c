// SPDX-License-Identifier: Apache-2.0
//
// Reads CSV record by record; see csv.h.
#include "cli/csv.h"

#include <stdlib.h>

struct reading {
  struct csv_record *record;
  struct input *in;
  size_t limit;
  bool too_large, no_memory;
};

static void keep(struct reading *r, int c) {
  if (r->too_large) return;
  if (r->record->text.length >= r->limit)
    r->too_large = true;
  else if (!buffer_char(&r->record->text, (char)c))
    r->no_memory = true;
}

static void end_cell(struct reading *r) {
  struct csv_record *record = r->record;
  if (r->too_large || r->no_memory) return;
  if (record->count >= r->limit) { // a cell is a byte at least: its comma
    r->too_large = true;
    return;
  }
  if (record->count == record->capacity) {
    size_t capacity = record->capacity ? record->capacity * 2 : 64;
    size_t *ends = realloc(record->ends, capacity * sizeof *ends);
    if (!ends) {
      r->no_memory = true;
      return;
    }
    record->ends = ends;
    record->capacity = capacity;
  }
  record->ends[record->count++] = record->text.length;
}

// After the opening quotation mark. False: the file ends before the closing one.
static bool read_quoted(struct reading *r) {
  for (;;) {
    int c = input_take(r->in);
    if (c < 0) return false;
    if (c == '"') {
      if (input_peek(r->in) != '"') return true;
      input_take(r->in);
    }
    keep(r, c);
  }
}

static bool at_line_end(struct input *in) {
  int c = input_peek(in);
  return c < 0 || c == '\n';
}

// An unquoted cell, or what is wrong after a quoted one. False: a stray quotation mark.
static bool read_plain(struct reading *r, bool after_quotes) {
  for (;;) {
    int c = input_peek(r->in);
    if (c < 0 || c == ',' || c == '\n') return true;
    input_take(r->in);
    if (c == '\r' && at_line_end(r->in)) return true;
    if (c == '"' || after_quotes) return false;
    keep(r, c);
  }
}

static void skip_line(struct input *in) {
  int c;
  do c = input_take(in);
  while (c >= 0 && c != '\n');
}

static bool read_cell(struct reading *r) {
  bool quoted = input_peek(r->in) == '"';
  if (quoted) {
    input_take(r->in);
    if (!read_quoted(r)) return false;
  }
  if (!read_plain(r, quoted)) return false;
  end_cell(r);
  return true;
}

static enum csv_status read_record(struct reading *r) {
  for (;;) {
    if (!read_cell(r)) {
      skip_line(r->in);
      return CSV_MALFORMED;
    }
    int c = input_take(r->in);
    if (c != ',') break;
  }
  if (r->no_memory) return CSV_NO_MEMORY;
  return r->too_large ? CSV_TOO_LARGE : CSV_RECORD;
}

enum csv_status csv_read(struct csv_record *record, struct input *in, size_t limit) {
  for (;;) {
    struct reading r = {record, in, limit, false, false};
    buffer_clear(&record->text);
    record->count = 0;
    if (input_peek(in) < 0) return CSV_END;
    bool quoted = input_peek(in) == '"';
    enum csv_status status = read_record(&r);
    bool empty_line =
        status == CSV_RECORD && record->count == 1 && record->text.length == 0 && !quoted;
    if (!empty_line) return status;
  }
}

void csv_free(struct csv_record *record) {
  buffer_free(&record->text);
  free(record->ends);
  *record = (struct csv_record){0};
}

const char *csv_cell(const struct csv_record *record, size_t index, size_t *length) {
  size_t start = index ? record->ends[index - 1] : 0;
  *length = record->ends[index] - start;
  return buffer_get(&record->text) + start;
}
