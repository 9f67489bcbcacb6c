// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a case, JSON or (behind a byte "C") cells of CSV: an error with its place, or values that fit the
// vocabulary; of JSON the same as from the library alone; then Premera's policy decides it.
#include "fuzz.h"

#include "cli/artifacts.h"
#include "soc/compiler.h"
#include "tests/cli/same_case.h"

#include <string.h>

static const char POLICY[] =
    "policies/premera/11.01.523/2024-12-05.soc"; // the program runs in the checkout

static struct {
  struct vocabulary_index vocabulary;
  struct case_reader *reader, *library;
  struct option_texts libraries;
  struct artifact *artifact;
} tool;

static void start(void) {
  static const struct case_limits limits = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, false};
  if (tool.reader != NULL) return;
  FUZZ_ASSERT(vocabulary_index_open(&tool.vocabulary));
  tool.reader = case_reader_new(&tool.vocabulary, &limits);
  tool.library = case_reader_new(&tool.vocabulary, &limits);
  FUZZ_ASSERT(tool.reader != NULL && tool.library != NULL);
  tool.artifact = artifact_open(POLICY, &tool.libraries, &tool.vocabulary);
  FUZZ_ASSERT(tool.artifact != NULL);
}

static void check_error(const struct case_data *c, size_t size) {
  FUZZ_ASSERT(c->error.code[0] != 0 && c->error.message.length != 0);
  FUZZ_ASSERT(c->error.pointer.length == 0 || c->error.pointer.data[0] == '/');
  FUZZ_ASSERT(!c->error.has_offset || c->error.offset <= size);
}

static void check_value(const struct case_data *c, const struct case_value *value) {
  FUZZ_ASSERT(value->fact < tool.vocabulary.fact_count);
  const soc_vocabulary_fact *fact = &tool.vocabulary.facts[value->fact];
  switch (value->kind) {
  case CASE_BOOL:
    FUZZ_ASSERT(fact->type == SOC_BOOL && (value->number == 0 || value->number == 1));
    break;
  case CASE_ENUM: FUZZ_ASSERT(fact->type == SOC_ENUM && value->number < fact->value_count); break;
  case CASE_DATE:
    FUZZ_ASSERT(fact->type == SOC_DATE && value->number >= 0 && value->number <= 3652058);
    break;
  case CASE_NUMBER:
    FUZZ_ASSERT(fact->type == SOC_NUMBER && value->number >= fact->minimum &&
                value->number <= fact->maximum);
    FUZZ_ASSERT(!(fact->flags & SOC_FACT_WHOLE) || value->number % 1000000 == 0);
    break;
  case CASE_CODE:
  case CASE_CODE_ITEM:
    FUZZ_ASSERT(value->text_length >= 1 && value->text_length <= 12);
    FUZZ_ASSERT(value->text + value->text_length <= c->texts.length);
    break;
  case CASE_TEXT: FUZZ_ASSERT(value->text + value->text_length <= c->texts.length); break;
  case CASE_NONE:
    FUZZ_ASSERT(fact->flags & SOC_FACT_NULLABLE || fact->left_out == SOC_LEFT_OUT_NONE);
    break;
  case CASE_LIST: FUZZ_ASSERT(value->number <= CASE_ITEMS); break;
  case CASE_ENUM_ITEM: FUZZ_ASSERT(value->number < fact->value_count); break;
  case CASE_LINE:
    FUZZ_ASSERT(fact->line_of != SOC_NO_INDEX && value->target < CASE_ITEMS &&
                value->target != value->row);
    break;
  }
}

static void decide(struct case_data *c) {
  struct binding *b = &tool.artifact->binding;
  enum binding_status status = binding_set(b, c);
  FUZZ_ASSERT(status != BINDING_NO_MEMORY);
  if (status != BINDING_DONE) return;
  fuzz_decide_case(b->policy, b->c, SOC_DECIDE_EXPLAIN);
}

// "name=cell,name=cell"; what it looks like does not matter, only that names and cells are any bytes.
static const struct case_data *read_cells(const char *text, size_t length) {
  case_cells_begin(tool.reader);
  while (length != 0) {
    const char *comma = memchr(text, ',', length);
    size_t piece = comma != NULL ? (size_t)(comma - text) : length;
    const char *equals = memchr(text, '=', piece);
    size_t name = equals != NULL ? (size_t)(equals - text) : piece;
    size_t cell = name < piece ? piece - name - 1 : 0;
    char *column = fuzz_text((const uint8_t *)text, name);
    struct case_columns columns = {0};
    FUZZ_ASSERT(case_columns_add(&columns, tool.reader, column, name));
    case_cell(tool.reader, &columns, 0, text + piece - cell, cell);
    case_columns_free(&columns);
    free(column);
    text += piece + (comma != NULL);
    length -= piece + (comma != NULL);
  }
  return case_cells_end(tool.reader);
}

static const struct case_data *read_json(const char *text, size_t length) {
  const struct case_data *c = case_read_json(tool.reader, text, length);
  FUZZ_ASSERT(same_case(c, case_read_by_library(tool.library, text, length)));
  return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  start();
  char *text = fuzz_text(data, size);
  bool cells = size != 0 && text[0] == 'C';
  const struct case_data *c = cells ? read_cells(text + 1, size - 1) : read_json(text, size);
  FUZZ_ASSERT(!c->no_memory);
  if (c->error.code != NULL) {
    check_error(c, size);
  } else {
    for (size_t i = 0; i < c->count; i++) check_value(c, &c->values[i]);
    decide((struct case_data *)(uintptr_t)c);
  }
  free(text);
  return 0;
}
