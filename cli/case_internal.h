// SPDX-License-Identifier: Apache-2.0
//
// What the files of the case reader share; nobody else includes it.
#ifndef SOC_CLI_CASE_INTERNAL_H
#define SOC_CLI_CASE_INTERNAL_H

#include "cli/block_columns.h"
#include "cli/case_reader.h"

// What an object or array that is being read stands for.
enum frame_kind { FRAME_OBJECT, FRAME_LIST, FRAME_ROWS, FRAME_IGNORED_OBJECT, FRAME_IGNORED_LIST };

struct frame {
  enum frame_kind kind;
  uint32_t node;      // of the vocabulary; FRAME_OBJECT, FRAME_LIST, FRAME_ROWS
  uint32_t row;       // of the list that the object is a row of
  uint32_t items;     // read so far
  uint64_t serial;    // tells this object from others of the same node, for repeated keys
  size_t path;        // length of the path of the array or object itself
  size_t list_value;  // FRAME_LIST, FRAME_ROWS: index of its CASE_LIST value
  size_t first_other; // objects: where its names outside the vocabulary begin in `others`
};

// A name that can stand in an object, for the direct reader: what its value must be, and what came after it.
enum { FIELD_NAME = 48, FIELDS_BEHIND = 2 };
enum field_form { // of a value, beside soc_type
  FIELD_OBJECT = 0,
  FIELD_ID = SOC_LINE + 1,
  FIELD_NONE // the direct reader gives up
};
// What is taken as its value: into a list of values, and into the columns of a block, which may take less.
struct field_taken {
  int64_t minimum, maximum;
  uint8_t form; // soc_type, field_form
  bool nullable, whole;
};
struct direct_field {
  _Alignas(16) char name[FIELD_NAME]; // in quotation marks, with the colon; the rest is zero
  uint32_t name_rest;                 // of 32 bits one for each behind its bytes
  uint32_t fact;                      // SOC_NO_INDEX: none
  uint64_t seen;                      // serial of the last object that held it
  // The field that followed this one in its object when last it was read, and the one that came first in the object
  // of this one; where nothing is known, a field without a name.
  struct direct_field *follower, *first;
  const struct name_table *names; // values of an enumeration, fields of an object or record
  struct block_column
      *column;       // of the block that was mapped; NULL: the policy does not read the fact
  uint8_t name_size; // with quotation marks and colon
  uint8_t min_length, max_length; // of codes
  bool numbers_rows;              // the key of a list or a reference to one
  bool needs_fields;              // a list whose records must have some of their fields
  struct field_taken taken[2];    // as values, in columns
};

enum target { TARGET_NODE, TARGET_ID, TARGET_IGNORED };

struct line_key {
  uint32_t list, row; // list: fact of the vocabulary
  int64_t number;
};
struct line_reference {
  uint32_t fact, row;
  int64_t number;
  size_t value; // of the case: the reference itself
};
struct lines {
  struct line_key *keys;
  size_t key_count, key_capacity;
  struct line_reference *references;
  size_t reference_count, reference_capacity;
};

struct other_name {         // a name that is not in the vocabulary
  size_t at, length, order; // at: in `other_text`
  const char *text;         // set when names are compared
};

struct case_reader {
  const struct vocabulary_index *v;
  struct case_limits limits;
  struct case_data data;                // its values are counted at the end
  struct case_value *next, *values_end; // where the next value goes; the end of the room
  struct json_scratch scratch;
  struct frame *frames; // limits.depth of them
  size_t depth;
  char *copy; // of a case that came without padding
  size_t copy_size;
  struct buffer path; // JSON pointer of the value being read
  enum target target; // of the value being read
  uint32_t target_node;
  struct direct_field *fields; // by node, and FIELDS_BEHIND: one for the id and one without a name
  struct case_id id;           // of a case that was read directly
  struct block *mapped;        // whose columns the fields have
  uint64_t serial;
  bool id_seen;
  struct lines lines;
  struct other_name *others;
  size_t other_count, other_capacity;
  struct buffer other_text;
  size_t skip_depth; // after an error: only the case's id is still looked for
  bool skip_id;      // the next value is that id
  bool cells;        // the case is a row of CSV, where nothing stands in quotation marks
};

// Makes this the case's error unless it has one. Returns false.
bool case_fail(struct case_reader *r, const char *code, const char *format, ...) TEXT_PRINTF(3, 4);
// The same at a fact rather than at the path being read.
bool case_fail_at(struct case_reader *r, const char *code, uint32_t fact, uint32_t row,
                  const char *format, ...) TEXT_PRINTF(5, 6);
bool case_no_memory(struct case_reader *r); // returns false
bool case_grow_more(struct case_reader *r, void **items, size_t *capacity, size_t size);
// Makes room for one more of `count` items of `size` bytes. False: out of memory, noted.
static inline bool case_grow(struct case_reader *r, void **items, size_t count, size_t *capacity,
                             size_t size) {
  return count < *capacity || case_grow_more(r, items, capacity, size);
}
bool case_more_values(struct case_reader *r);
// False: out of memory.
static inline bool case_add(struct case_reader *r, uint32_t fact, uint32_t row,
                            enum case_value_kind kind, int64_t number) {
  if (r->next == r->values_end && !case_more_values(r)) return false;
  struct case_value *v = r->next++;
  v->fact = fact;
  v->row = row;
  v->kind = kind;
  v->target = 0;
  v->number = number;
  return true;
}
static inline size_t case_value_count(const struct case_reader *r) {
  return (size_t)(r->next - r->data.values);
}
// The same with `length` bytes that will be the next ones in `texts`.
static inline bool case_add_text(struct case_reader *r, uint32_t fact, uint32_t row,
                                 enum case_value_kind kind, size_t length) {
  if (!case_add(r, fact, row, kind, 0)) return false;
  r->next[-1].text = (uint32_t)r->data.texts.length;
  r->next[-1].text_length = (uint32_t)length;
  return true;
}
// A list of codes or of values of an enumeration has so many items.
void case_note_items(struct case_reader *r, uint32_t fact, size_t items);

// case_values.c: one value for a fact, or one item of a list. False: the error is set.
bool case_take_scalar(struct case_reader *r, uint32_t fact, uint32_t row,
                      const struct json_event *event);
bool case_take_item(struct case_reader *r, uint32_t fact, uint32_t row,
                    const struct json_event *event);
bool case_expected(struct case_reader *r, const char *code, uint32_t fact,
                   const struct json_event *found);
// A cell of CSV as the event that JSON would have given for it.
struct json_event case_event_of_cell(const soc_vocabulary_fact *fact, const char *cell,
                                     size_t length);
// Value of a number as JSON spells it, in millionths. False: more digits than are allowed, or no number.
bool case_number(const char *text, size_t length, int64_t *millionths);

// case_direct.c: makes the fields. False: out of memory.
bool case_make_fields(struct case_reader *r);
// Reads a case that is as most are; false: it is not, and some of its values may have been noted. Behind the text,
// or behind further cases that follow it, stand CASE_PADDING NULs, at which reading stops.
bool case_read_direct(struct case_reader *r, const char *text, size_t length);

// case_lines.c
bool case_note_line(struct case_reader *r, uint32_t fact, uint32_t row, int64_t millionths);
bool case_check_row(struct case_reader *r, uint32_t node, uint32_t row, uint64_t serial);
bool case_check_lines(struct case_reader *r);

#endif
