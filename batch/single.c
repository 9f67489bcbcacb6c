// SPDX-License-Identifier: Apache-2.0
//
// One case of an input, set and decided by the scalar executor: for policies and cases that have no form for columns.
#include "batch/batch.h"

#define WORD_BITS 64u

// ------------------------------------------------------------------------------------------- setting

// Where an element goes.
typedef struct place {
  const soc_batch *b;
  const soc_column *column;
  soc_case *c;
  uint32_t fact, row;
  bool in_row;
} place;

static bool entry_at(const place *at, uint64_t index, soc_text *text) {
  const soc_dictionary *d = &at->column->dictionary;
  if (index >= d->count || d->offsets[index] < 0 || d->offsets[index + 1] < d->offsets[index]) {
    return false;
  }
  *text =
      (soc_text){d->bytes + d->offsets[index], (size_t)(d->offsets[index + 1] - d->offsets[index])};
  return true;
}

static soc_status value_at(const place *at, uint64_t element, uint32_t *value) {
  uint64_t index = batch_index_at(at->column, element);
  soc_text text;
  int64_t named;
  if (at->column->dictionary.count == 0) {
    *value = (uint32_t)index;
    return index <= UINT32_MAX ? SOC_OK : SOC_ERR_VALUE;
  }
  if (!entry_at(at, index, &text) ||
      !batch_value_named(at->b, at->fact, text.data, text.length, &named)) {
    return SOC_ERR_VALUE;
  }
  *value = (uint32_t)named;
  return SOC_OK;
}

static soc_status set_enum(const place *at, uint64_t element) {
  uint32_t value;
  soc_status status = value_at(at, element, &value);
  return status == SOC_OK ? soc_case_set_enum(at->c, at->fact, at->row, value) : status;
}

static soc_status set_text(const place *at, uint64_t element, uint8_t type) {
  soc_text text;
  if (!entry_at(at, batch_index_at(at->column, element), &text)) {
    return SOC_ERR_VALUE;
  }
  return type == SOC_CODE ? soc_case_set_code(at->c, at->fact, at->row, text.data, text.length)
                          : soc_case_set_text(at->c, at->fact, at->row, text.data, text.length);
}

static soc_status set_number(const place *at, uint64_t element) {
  const soc_column *c = at->column;
  int64_t unit = c->unit != 0 ? c->unit : 1;
  int64_t value = c->layout == SOC_LAYOUT_INT32 ? ((const int32_t *)c->values)[element]
                                                : ((const int64_t *)c->values)[element];
  if (value > SOC_NUMBER_MAX / unit || value < -SOC_NUMBER_MAX / unit) {
    return SOC_ERR_VALUE;
  }
  return soc_case_set_number(at->c, at->fact, at->row, value * unit);
}

static soc_status set_date(const place *at, uint64_t element) {
  int64_t day = (int64_t)((const int32_t *)at->column->values)[element] + at->column->day_zero;
  return day < 0 || day > SOC_DAY_MAX ? SOC_ERR_VALUE
                                      : soc_case_set_date(at->c, at->fact, at->row, (int32_t)day);
}

static soc_status add_item(const place *at, uint64_t item, uint8_t type) {
  soc_text text;
  uint32_t value;
  if (type == SOC_ENUM_LIST) {
    soc_status status = value_at(at, item, &value);
    return status != SOC_OK ? status
           : at->in_row     ? soc_case_add_row_enum(at->c, at->fact, at->row, value)
                            : soc_case_add_enum(at->c, at->fact, value);
  }
  if (!entry_at(at, batch_index_at(at->column, item), &text)) {
    return SOC_ERR_VALUE;
  }
  return at->in_row ? soc_case_add_row_code(at->c, at->fact, at->row, text.data, text.length)
                    : soc_case_add_code(at->c, at->fact, text.data, text.length);
}

static soc_status set_list(const place *at, uint64_t element, uint8_t type) {
  const int32_t *offsets = at->column->offsets + element;
  soc_status status = at->in_row ? soc_case_set_row_list(at->c, at->fact, at->row)
                                 : soc_case_set_list(at->c, at->fact, 0);
  for (int32_t i = offsets[0]; i < offsets[1] && status == SOC_OK; i++) {
    status = add_item(at, at->column->first_item + (uint64_t)i, type);
  }
  return status;
}

static soc_status set_given(const place *at, uint64_t element) {
  const soc_column *c = at->column;
  uint8_t type = at->b->facts[at->fact].type;
  switch (type) {
  case SOC_BOOL: return soc_case_set_bool(at->c, at->fact, at->row, batch_bit(c->values, element));
  case SOC_ENUM: return set_enum(at, element);
  case SOC_CODE:
  case SOC_TEXT: return set_text(at, element, type);
  case SOC_DATE: return set_date(at, element);
  case SOC_NUMBER: return set_number(at, element);
  case SOC_LINE:
    return soc_case_set_line(at->c, at->fact, at->row, ((const uint32_t *)c->values)[element]);
  case SOC_RECORDS:
    return soc_case_set_list(at->c, at->fact,
                             (uint32_t)(c->offsets[element + 1] - c->offsets[element]));
  default: return set_list(at, element, type);
  }
}

static soc_status set_element(const place *at, uint64_t element) {
  switch (batch_state_at(at->column, element)) {
  case SOC_GIVEN: return set_given(at, at->column->first + element);
  case SOC_NONE:
    return at->b->facts[at->fact].nullable ? soc_case_set_none(at->c, at->fact, at->row)
                                           : SOC_ERR_VALUE;
  default: return SOC_OK;
  }
}

// Rows of a record list in one case, and the first one's number over all cases.
uint32_t batch_rows_in(const soc_column *list, uint64_t index, uint64_t *first) {
  if (list->layout != SOC_LAYOUT_ROWS || batch_state_at(list, index) != SOC_GIVEN) {
    return 0;
  }
  const int32_t *offsets = list->offsets + list->first + index;
  *first = (uint64_t)offsets[0];
  return (uint32_t)(offsets[1] - offsets[0]);
}

// One column: its only element for the case, or those of all rows.
static soc_status fill_column(place *at, const soc_batch_input *input, uint64_t index,
                              uint64_t *element) {
  uint16_t list = at->b->facts[at->fact].list;
  uint64_t first = index;
  uint32_t rows = at->in_row ? batch_rows_in(&input->columns[list], index, &first) : 1;
  soc_status status = SOC_OK;
  for (; at->row < rows && status == SOC_OK; at->row++) {
    *element = first + at->row;
    status = set_element(at, *element);
  }
  return status;
}

// Lists before their fields.
soc_status batch_fill(const soc_batch *b, const soc_batch_input *input, uint64_t index, soc_case *c,
                      uint32_t *fact, uint64_t *element) {
  for (uint32_t fields = 0; fields < 2; fields++) {
    for (*fact = 0; *fact < b->fact_count; ++*fact) {
      place at = {b, &input->columns[*fact], c, *fact, 0, b->facts[*fact].list != SOC_NONE16};
      if (at.in_row != (fields == 1) || at.column->layout == SOC_LAYOUT_LEFT_OUT) {
        continue;
      }
      soc_status status = fill_column(&at, input, index, element);
      if (status != SOC_OK) {
        return status;
      }
    }
  }
  *fact = SOC_NO_INDEX;
  return SOC_OK;
}

soc_status soc_batch_case(const soc_batch *b, const soc_batch_input *input, uint64_t index,
                          soc_case *c, uint32_t *fact) {
  uint64_t element;
  batch_run run = {.batch = b, .input = input};
  if (!b || !input || !input->columns || !c || index >= input->count ||
      c->fact_count != b->fact_count) {
    return SOC_ERR_ARGUMENT;
  }
  soc_status status = batch_check_case(&run, index);
  if (status == SOC_OK) {
    status = batch_fill(b, input, index, c, &run.report.fact, &element);
  }
  if (fact) {
    *fact = run.report.fact;
  }
  return status;
}

// -------------------------------------------------------------------------------------------- limits

#define SHORT_LISTS 256u

// At least the length of the longest one; the bits of short ones together are near enough, and quickly found.
static uint32_t longest(const int32_t *offsets, uint64_t count) {
  uint32_t bits = batch_slopes(offsets, count);
  int32_t most = 0;
  if (bits < SHORT_LISTS) {
    return bits;
  }
  for (uint64_t i = 0; i < count; i++) {
    int32_t length = offsets[i + 1] - offsets[i];
    most = length > most ? length : most;
  }
  return (uint32_t)most;
}

static uint32_t longest_entry(const soc_dictionary *d) {
  return d->count > 0 ? longest(d->offsets, d->count) : 0;
}

// The most items that one case has in all rows of a list together.
static uint32_t most_in_rows(const soc_batch_input *input, const soc_column *list,
                             const soc_column *items) {
  int32_t most = 0;
  if (list->layout != SOC_LAYOUT_ROWS) {
    return 0;
  }
  const int32_t *rows = list->offsets + list->first, *at = items->offsets + items->first;
  for (uint64_t i = 0; i < input->count; i++) {
    int32_t count = at[rows[i + 1]] - at[rows[i]];
    most = count > most ? count : most;
  }
  return (uint32_t)most;
}

static uint32_t at_most_32_bits(uint64_t n) {
  return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

void batch_limits(const soc_batch *b, const soc_batch_input *input, soc_case_limits *limits) {
  uint64_t row_items = 1, text_bytes = 1;
  *limits = (soc_case_limits){.rows = 1, .items = 1};
  for (uint32_t i = 0; i < b->fact_count; i++) {
    const soc_column *c = &input->columns[i];
    if (c->layout == SOC_LAYOUT_ROWS && b->facts[i].type == SOC_RECORDS) {
      uint32_t rows = longest(c->offsets + c->first, input->count);
      limits->rows = rows > limits->rows ? rows : limits->rows;
    }
  }
  for (uint32_t i = 0; i < b->fact_count; i++) {
    const soc_column *c = &input->columns[i];
    uint8_t type = b->facts[i].type;
    bool in_row = b->facts[i].list != SOC_NONE16;
    if (c->layout == SOC_LAYOUT_LEFT_OUT) {
      continue;
    }
    if (type == SOC_TEXT) {
      text_bytes += (uint64_t)longest_entry(&c->dictionary) * (in_row ? limits->rows : 1);
    } else if (type == SOC_CODE_LIST && in_row) {
      row_items += most_in_rows(input, &input->columns[b->facts[i].list], c);
    } else if (type == SOC_CODE_LIST) {
      uint32_t items = longest(c->offsets + c->first, input->count);
      limits->items = items > limits->items ? items : limits->items;
    }
  }
  limits->row_items = at_most_32_bits(row_items);
  limits->text_bytes = at_most_32_bits(text_bytes);
}

// ------------------------------------------------------------------------------------------- results

static uint16_t code_of(const vm_policy *p, const vm_decision *d, const vm_outcome *o) {
  if (o->speaker == SOC_NONE32) {
    return SOC_BATCH_FACT_MISSING;
  }
  uint32_t rule = o->speaker - d->first;
  if (o->lacks_facts && o->speaker != o->met) {
    return (uint16_t)(2 + d->count + rule);
  }
  return vm_rule_at(p, o->speaker).code != SOC_NONE32 ? (uint16_t)(2 + rule) : 0;
}

static void put_reasons(const batch_run *run, uint32_t decision, const vm_decision *d,
                        const vm_outcome *o, uint64_t *out) {
  const soc_case *c = run->single;
  const vm_reason *reasons = c->reasons + vm_first_reason(c->policy, decision);
  uint32_t words = (d->count + WORD_BITS - 1) / WORD_BITS;
  for (uint32_t w = 0; w < words; w++) {
    out[w] = 0;
  }
  for (uint32_t i = 0; !o->lacks_facts && i < o->reason_count; i++) {
    uint32_t rule = reasons[i].rule - d->first;
    if (reasons[i].extra == SOC_NONE32) {
      out[rule / WORD_BITS] |= UINT64_C(1) << rule % WORD_BITS;
    }
  }
}

// A bit of the case or row for each of some facts.
static void put_facts(const batch_run *run, uint32_t decision, const soc_fact_ref *refs,
                      uint32_t count, uint64_t at, uint64_t *out) {
  uint64_t words = soc_batch_missing_words(run->batch, run->input, decision);
  uint64_t bit = UINT64_C(1) << at % WORD_BITS;
  for (uint32_t fact = 0; fact < run->batch->fact_count; fact++) {
    out[fact * words + at / WORD_BITS] &= ~bit;
  }
  for (uint32_t i = 0; i < count; i++) {
    out[refs[i].fact * words + at / WORD_BITS] |= bit;
  }
}

static void put_results(const batch_run *run, uint32_t decision, const vm_outcome *o, uint64_t at) {
  const soc_batch_result *r = &run->results[decision];
  vm_decision d = vm_decision_at(run->batch->p, decision);
  if (r->determination) {
    r->determination[at] = o->determination;
  }
  if (r->code) {
    r->code[at] = code_of(run->batch->p, &d, o);
  }
  if (r->rule) {
    r->rule[at] = o->decider == SOC_NONE32 ? SOC_NO_RULE : (uint16_t)(o->decider - d.first);
  }
  if (r->possible) {
    r->possible[at] = (uint16_t)o->possible;
  }
  if (r->reasons) {
    put_reasons(run, decision, &d, o, r->reasons + at * ((d.count + WORD_BITS - 1) / WORD_BITS));
  }
  if (r->missing) {
    put_facts(run, decision, run->single->missing + (size_t)decision * run->single->slots,
              o->missing_count, at, r->missing);
  }
  if (r->keys && !run->batch->plan) {
    r->keys[at] = SOC_BATCH_NO_KEY;
  }
  if (r->assumed) {
    put_facts(run, decision, run->single->assumed + (size_t)decision * run->single->assumed_slots,
              o->assumed_count, at, r->assumed);
  }
}

// Where the results of a case begin: its own number, or that of its first row.
static uint64_t first_result(const batch_run *run, uint32_t decision, uint64_t index) {
  uint16_t list = vm_decision_at(run->batch->p, decision).list;
  if (list == SOC_NONE16) {
    return index;
  }
  const soc_column *c = &run->input->columns[list];
  const int32_t *offsets = c->offsets + c->first;
  return (uint64_t)(offsets[index] - offsets[0]);
}

static bool asks_assumed(const batch_run *run) {
  bool asked = false;
  for (uint32_t d = 0; d < run->batch->decision_count; d++) {
    asked = asked || run->results[d].assumed;
  }
  return asked;
}

soc_status batch_open_single(batch_run *run) {
  if (run->single) {
    return SOC_OK;
  }
  soc_status status = soc_case_init(&run->single, &run->batch->policy, &run->limits,
                                    run->single_memory, run->single_bytes, &run->error);
  if (status == SOC_OK && !asks_assumed(run)) {
    run->single->assumptions = 0;
  }
  return status;
}

soc_status batch_single(batch_run *run, uint64_t index) {
  uint32_t fact;
  uint64_t element;
  soc_status status = batch_open_single(run);
  if (status != SOC_OK) {
    return status;
  }
  soc_case *c = run->single;
  soc_case_clear(c);
  status = batch_fill(run->batch, run->input, index, c, &fact, &element);
  if (status != SOC_OK) {
    return status == SOC_ERR_LIMIT
               ? batch_refuse(run, status, fact, element, "limit", "the case is too small for it")
               : batch_refuse(run, status, fact, element, "value",
                              "a value is not one that the fact can have");
  }
  status = soc_case_decide(c, 0);
  for (uint32_t d = 0; d < run->batch->decision_count && status == SOC_OK; d++) {
    uint32_t rows = soc_case_rows(c, d);
    for (uint32_t row = 0; row < rows; row++) {
      put_results(run, d, vm_outcome_of(c, d, row), first_result(run, d, index) + row);
    }
  }
  run->report.single++;
  return status;
}
