// SPDX-License-Identifier: Apache-2.0
//
// Reads CSV record by record; see csv.h.
#include "cli/csv.h"

#include "compiler/csv.h"

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

static void skip_line(struct input *in) {
  int c;
  do c = input_take(in);
  while (c >= 0 && c != '\n');
}

static enum csv_status read_record(struct reading *r) {
  struct csv csv = {.separator = ',', .quotes = true};
  for (;;) {
    int c = input_take(r->in);
    // Looking ahead where it does not matter would wait for a line that nobody has typed yet.
    int next = c == '"' || c == '\r' ? input_peek(r->in) : 0;
    switch (csv_step(&csv, c, next)) {
    case CSV_KEEP: keep(r, c); break;
    case CSV_SKIP: break;
    case CSV_CELL_ENDS: end_cell(r); break;
    case CSV_ROW_ENDS:
      end_cell(r);
      if (r->no_memory) return CSV_NO_MEMORY;
      return r->too_large ? CSV_TOO_LARGE : CSV_RECORD;
    case CSV_STRAY: skip_line(r->in); return CSV_MALFORMED;
    case CSV_NOT_CLOSED: return CSV_MALFORMED;
    }
  }
}

enum csv_status csv_read(struct csv_record *record, struct input *in, size_t limit) {
  for (;;) {
    struct reading r = {record, in, limit, false, false};
    buffer_clear(&record->text);
    record->count = 0;
    if (input_peek(in) < 0) return CSV_END;
    record->row++;
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
