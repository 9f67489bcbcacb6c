// SPDX-License-Identifier: Apache-2.0
//
// Records of CSV as RFC 4180 has them: cells in quotation marks may hold commas, line ends and doubled quotation marks;
// lines end with LF or CRLF. What the cells mean is the caller's affair.
#ifndef SOC_CLI_CSV_H
#define SOC_CLI_CSV_H

#include "cli/files.h"

struct csv_record {
  struct buffer text; // of all cells, one after the other
  size_t *ends;       // of each cell in `text`
  size_t count, capacity;
  size_t row; // which one it is, empty lines counted, from 1
};
enum csv_status { CSV_RECORD, CSV_END, CSV_MALFORMED, CSV_TOO_LARGE, CSV_NO_MEMORY };

// Reads the next record that is no empty line, at most `limit` bytes of it. After MALFORMED and TOO_LARGE the next call
// goes on with the next line.
enum csv_status csv_read(struct csv_record *record, struct input *in, size_t limit);
void csv_free(struct csv_record *record);
const char *csv_cell(const struct csv_record *record, size_t index, size_t *length);

#endif
