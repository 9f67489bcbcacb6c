// SPDX-License-Identifier: Apache-2.0
//
// Reads one case, JSON or a row of CSV, and checks every fact against the shared vocabulary, whatever policy will
// decide it. The first thing wrong is the case's error; a case without error holds its values in the order given.
// case_direct.c reads at once what has nothing unusual in it, case_values.c reads single values, case_lines.c the keys
// and references of rows, case_bind.c hands a case to the VM.
#ifndef SOC_CLI_CASE_READER_H
#define SOC_CLI_CASE_READER_H

#include "cli/json.h"
#include "cli/vocabulary_index.h"

struct case_limits {
  size_t bytes;        // of a case
  size_t depth;        // of arrays and objects inside one another
  size_t items;        // of a list
  bool ignore_unknown; // names that are not in the vocabulary pass
};
enum { CASE_BYTES = 16 * 1024 * 1024, CASE_DEPTH = 64, CASE_ITEMS = 1000 };
enum { CASE_PADDING = 48 };

enum case_value_kind {
  CASE_BOOL,
  CASE_ENUM,
  CASE_DATE,
  CASE_NUMBER,
  CASE_LINE, // number: of the line that is named; target: its row
  CASE_CODE,
  CASE_TEXT,
  CASE_NONE,
  CASE_LIST, // number: rows of a list of records; comes before its rows and items
  CASE_CODE_ITEM,
  CASE_ENUM_ITEM
};
struct case_value {
  uint32_t fact; // of the vocabulary
  uint32_t row;  // 0 for a fact of the case
  enum case_value_kind kind;
  uint32_t target; // CASE_LINE
  union {
    int64_t number; // bool, value of the enumeration, days, millionths, rows; of other lists 0
    struct {
      uint32_t text, text_length; // CASE_CODE, CASE_TEXT, CASE_CODE_ITEM: in `texts`
    };
  };
};

struct case_error {
  const char *code; // stable short name; NULL: no error
  struct buffer pointer, message;
  bool has_offset;
  size_t offset;
  const char *file; // and row, of CSV; row 0: other input, or not known
  size_t row;
};

struct case_data {
  bool has_id;
  struct buffer id;
  struct case_value *values;
  size_t count, capacity;
  struct buffer texts;
  size_t most_rows, most_items; // of any list: what the VM's case must hold
  size_t row_items;             // of all lists inside records together
  struct case_error error;
  bool no_memory;
};

struct case_reader;
struct case_reader *case_reader_new(const struct vocabulary_index *v,
                                    const struct case_limits *limits);
void case_reader_free(struct case_reader *r);

// Reads a case; what was read before is forgotten. The result belongs to the reader.
struct case_data *case_read_json(struct case_reader *r, const char *text, size_t length);
// The same of a text behind which stand CASE_PADDING NULs, which spares a copy.
struct case_data *case_read_padded(struct case_reader *r, const char *text, size_t length);
// A case's id as its JSON spells it, with quotation marks; text NULL: it has none.
struct case_id {
  const char *text; // of the case
  size_t length;
};
// Puts the values of a case into a block that is the only one of this reader for a while, of a text behind which, or
// behind further cases that follow it, CASE_PADDING NULs stand. NULL: it cannot be read so, and nothing is said about
// it.
struct block;
const struct case_id *case_gather(struct case_reader *r, struct block *b, const char *text,
                                  size_t length);
// The same by the library alone, which is slower: what the direct reader is held against.
struct case_data *case_read_by_library(struct case_reader *r, const char *text, size_t length);
// A case that could not be read at all.
struct case_data *case_too_large(struct case_reader *r);
struct case_data *case_malformed(struct case_reader *r, const char *code, const char *message,
                                 size_t offset);

// The columns of CSV, whose names are looked up once.
struct case_column {
  const char *name; // belongs to the caller
  size_t name_length;
  size_t pointer, pointer_length; // JSON pointer, in `pointers`
  uint32_t fact;                  // SOC_NO_INDEX: no fact has that name
  bool is_id;
};
struct case_columns {
  struct case_column *items;
  size_t count, capacity;
  struct buffer pointers;
};
// False: out of memory.
bool case_columns_add(struct case_columns *c, const struct case_reader *r, const char *name,
                      size_t length);
void case_columns_free(struct case_columns *c);

// A row of CSV: begin, then each cell, then end. An empty cell is left out.
void case_cells_begin(struct case_reader *r);
void case_cell(struct case_reader *r, const struct case_columns *columns, size_t column,
               const char *cell, size_t length);
struct case_data *case_cells_end(struct case_reader *r);
// What was read last, a row with an error, gets the id that stood in it.
struct case_data *case_with_id(struct case_reader *r, const char *id, size_t length);

// The value given for a fact of the vocabulary; NULL: none was.
const struct case_value *case_find(const struct case_data *c, uint32_t fact, uint32_t row);

// Text of a value inside data->texts.
static inline const char *case_text(const struct case_data *c, const struct case_value *value) {
  return buffer_get(&c->texts) + value->text;
}

#endif
