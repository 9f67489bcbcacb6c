// SPDX-License-Identifier: Apache-2.0
//
// The cases of a file or of standard input, one after the other, whatever form they come in: a JSON array, one object,
// JSON Lines or CSV. A stream cuts them out and puts them into batches, which any thread can read. A case that is wrong
// is one error; those after it are still read. Memory is that of a batch, or of one case if that is larger.
#ifndef SOC_CLI_CASES_H
#define SOC_CLI_CASES_H

#include "cli/case_reader.h"
#include "cli/csv.h"
#include "cli/files.h"

enum case_format { CASES_AUTO, CASES_ARRAY, CASES_OBJECT, CASES_LINES, CASES_CSV };
// "array", "object", "lines", "csv". False: no such form.
bool case_format_by_name(const char *name, enum case_format *format);

// A case as it was cut out.
enum case_item_kind { ITEM_JSON, ITEM_CELLS, ITEM_TOO_LARGE, ITEM_MALFORMED };
struct case_item {
  enum case_item_kind kind;
  size_t at, length;          // JSON: its text
  size_t first_cell, cells;   // of CSV: in `ends`; the first begins at `at`
  const char *code, *message; // MALFORMED
  size_t offset;              // MALFORMED, CELLS: where it was noticed
  size_t row;                 // of CSV, the first line being row 1; 0: other input
};
struct case_batch {
  struct buffer text; // of all, one after the other, with CASE_PADDING NULs behind the last
  struct case_item *items;
  size_t count, capacity;
  size_t *ends; // of cells, in `text`
  size_t end_count, end_capacity;
  const char *file;                   // that all are from
  const struct case_columns *columns; // of CSV; belong to the stream
};
enum { BATCH_BYTES = 1024 * 1024, BATCH_CASES = 2048 };

struct case_stream {
  struct case_reader
      *reader; // looks at columns, and at an element that the end of the input cuts off
  const struct case_limits *limits;
  enum case_format format;
  struct case_batch *batch; // being filled
  size_t from;              // where the case being cut begins in its text
  bool overflow;            // text was cut: the case is too large
  struct buffer rest;       // lines: what was read and is not cut yet
  bool pending;             // the batch holds the text of the first case already
  bool started, ended;
  bool first_read; // array: an element, CSV: the header
  bool closed;     // array: its ] was read
  bool trouble;    // reading failed; a message was given
  struct csv_record header, record;
  struct case_columns columns; // of the header
  struct input in;
};

// False: a message was given. The reader and the limits outlive the stream, and the stream the batches that it filled.
bool case_stream_open(struct case_stream *s, const char *path, enum case_format format,
                      struct case_reader *reader, const struct case_limits *limits);
void case_stream_close(struct case_stream *s);
// Fills a batch with the next cases, replacing what it held. False: none were left; s->trouble says if reading failed,
// which can be so after the last good cases, too.
bool case_stream_fill(struct case_stream *s, struct case_batch *b);
// Bytes of the input that have been cut.
static inline uint64_t case_stream_bytes(const struct case_stream *s) {
  return s->in.before + s->in.at - s->rest.length;
}

// Reads case `index` of a batch, which no other thread may read meanwhile. The result belongs to the reader; its
// no_memory tells that there was no room.
struct case_data *case_batch_read(struct case_batch *b, size_t index, struct case_reader *r);
// The same into a block; see case_gather.
const struct case_id *case_batch_gather(const struct case_batch *b, size_t index,
                                        struct case_reader *r, struct block *block);
void case_batch_free(struct case_batch *b);

#endif
