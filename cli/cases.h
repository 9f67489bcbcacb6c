// SPDX-License-Identifier: Apache-2.0
//
// The cases of a file or of standard input, one after the other, whatever form they come in: a JSON array, one object,
// JSON Lines or CSV. A case that is wrong is one error; those after it are still read. Memory is that of one case.
#ifndef SOC_CLI_CASES_H
#define SOC_CLI_CASES_H

#include "cli/case_reader.h"
#include "cli/csv.h"
#include "cli/files.h"

enum case_format { CASES_AUTO, CASES_ARRAY, CASES_OBJECT, CASES_LINES, CASES_CSV };
// "array", "object", "lines", "csv". False: no such form.
bool case_format_by_name(const char *name, enum case_format *format);

struct case_stream {
  struct case_reader *reader;
  const struct case_limits *limits;
  enum case_format format;
  struct buffer text; // of the case being read
  bool overflow;      // text was cut: the case is too large
  bool pending;       // text holds the first case already
  bool started, ended;
  bool first_read; // array: an element, CSV: the header
  bool closed;     // array: its ] was read
  bool trouble;    // reading failed; a message was given
  struct csv_record header, record;
  struct input in;
};

// False: a message was given. The reader and the limits outlive the stream.
bool case_stream_open(struct case_stream *s, const char *path, enum case_format format,
                      struct case_reader *reader, const struct case_limits *limits);
void case_stream_close(struct case_stream *s);
// The next case; NULL: there is none left, or s->trouble.
struct case_data *case_stream_next(struct case_stream *s);

#endif
