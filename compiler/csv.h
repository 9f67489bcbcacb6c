// SPDX-License-Identifier: Apache-2.0
//
// Where the cells of a table begin and end: RFC 4180, byte by byte, for whoever holds the bytes. The compiler reads
// tables of codes with it, the command line cases. Tables separated by tabs know no quotation marks. Allocates nothing
// and reports nothing.
#ifndef SOC_COMPILER_CSV_H
#define SOC_COMPILER_CSV_H

#include <stdbool.h>

enum csv_event {
  CSV_KEEP,      // the byte belongs to the cell
  CSV_SKIP,      // it does not, and the cell goes on
  CSV_CELL_ENDS, // it is the separator behind a cell
  CSV_ROW_ENDS,  // it is the line end, or the end of the text, behind the last cell of a row
  CSV_STRAY, // a quotation mark inside of a cell without them, or something behind the closing one
  CSV_NOT_CLOSED, // the text ends inside of quotation marks
};

enum csv_place { CSV_START, CSV_PLAIN, CSV_QUOTED, CSV_DOUBLED, CSV_CLOSED };

struct csv {
  char separator;
  bool quotes; // cells may stand in quotation marks
  enum csv_place place;
};

static inline enum csv_event csv_quoted(struct csv *csv, int c, int next) {
  if (c < 0) return CSV_NOT_CLOSED;
  if (csv->place == CSV_DOUBLED || c != '"') {
    csv->place = CSV_QUOTED;
    return CSV_KEEP;
  }
  csv->place = next == '"' ? CSV_DOUBLED : CSV_CLOSED;
  return CSV_SKIP;
}

// Tells what the byte `c` is; `next` is the one behind it, which matters where `c` is a quotation mark or a carriage
// return. -1: the end of the text. After STRAY and NOT_CLOSED the caller begins anew where it likes.
static inline enum csv_event csv_step(struct csv *csv, int c, int next) {
  if (csv->place == CSV_QUOTED || csv->place == CSV_DOUBLED) return csv_quoted(csv, c, next);
  if (c < 0 || c == '\n' || c == csv->separator) {
    csv->place = CSV_START;
    return c == csv->separator ? CSV_CELL_ENDS : CSV_ROW_ENDS;
  }
  if (c == '\r' && (next < 0 || next == '\n')) return CSV_SKIP;
  if (csv->quotes && c == '"' && csv->place == CSV_START) {
    csv->place = CSV_QUOTED;
    return CSV_SKIP;
  }
  if (csv->place == CSV_CLOSED || (csv->quotes && c == '"')) return CSV_STRAY;
  csv->place = CSV_PLAIN;
  return CSV_KEEP;
}

#endif
