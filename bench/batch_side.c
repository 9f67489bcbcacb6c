// SPDX-License-Identifier: Apache-2.0
//
// See batch_side.h.
#include "batch_side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64, MOST_ENTRIES = 4096, ENTRY_BYTES = 48 };

// ------------------------------------------------------------------ memory

static void *block(struct batch_side *b, size_t bytes) {
  size_t size = (bytes + LINE) / LINE * LINE;
  void *memory =
      b->block_count < sizeof b->blocks / sizeof *b->blocks ? aligned_alloc(LINE, size) : NULL;
  if (!memory) abort(); // a benchmark without memory has nothing to tell
  memset(memory, 0, size);
  b->blocks[b->block_count++] = memory;
  return memory;
}

// A part of a column, which a decision reads.
static void *part(struct batch_side *b, size_t bytes) {
  b->column_bytes += bytes;
  return block(b, bytes);
}

static void *answer(struct batch_side *b, size_t bytes) {
  b->result_bytes += bytes;
  return block(b, bytes);
}

// ------------------------------------------------------------------ columns of facts

static void set_bit(uint8_t *bits, uint32_t at, bool bit) {
  bits[at / 8] |= (uint8_t)(bit << at % 8);
}

static soc_column *column(struct batch_side *b, enum premera_fact fact, soc_layout layout,
                          const struct bench_case *cases, uint32_t count) {
  soc_column *c = &b->columns[b->vm->facts[fact]];
  uint8_t *given = part(b, (count + 7) / 8), *none = NULL;
  soc_fact_info info;
  if (soc_policy_fact(&b->vm->policy, b->vm->facts[fact], &info) == SOC_OK &&
      (info.flags & SOC_FACT_NULLABLE)) {
    none = part(b, (count + 7) / 8);
  }
  for (uint32_t i = 0; i < count; i++) {
    set_bit(given, i, cases[i].facts.given >> fact & 1);
    if (none) set_bit(none, i, cases[i].facts.none >> fact & 1);
  }
  *c = (soc_column){.layout = layout, .given = given, .none = none, .length = count};
  return c;
}

#define FILL(fact, layout_, type, value)                                    \
  do {                                                                      \
    soc_column *c = column(b, fact, layout_, cases, count);                 \
    type *v = part(b, count * sizeof *v);                                   \
    for (uint32_t i = 0; i < count; i++) v[i] = (type)cases[i].facts.value; \
    c->values = v;                                                          \
  } while (0)

#define FILL_BITS(fact, value)                                                \
  do {                                                                        \
    soc_column *c = column(b, fact, SOC_LAYOUT_BITS, cases, count);           \
    uint8_t *v = part(b, (count + 7) / 8);                                    \
    for (uint32_t i = 0; i < count; i++) set_bit(v, i, cases[i].facts.value); \
    c->values = v;                                                            \
  } while (0)

static void put_plain(struct batch_side *b, const struct bench_case *cases, uint32_t count) {
  FILL(FACT_LANGUAGE, SOC_LAYOUT_INT8, uint8_t, language);
  FILL(FACT_LINE_OF_BUSINESS, SOC_LAYOUT_INT8, uint8_t, line_of_business);
  FILL(FACT_ROUTE, SOC_LAYOUT_INT8, uint8_t, route);
  FILL(FACT_SITE, SOC_LAYOUT_INT8, uint8_t, site);
  FILL(FACT_STATUS, SOC_LAYOUT_INT8, uint8_t, status);
  FILL(FACT_VASCULAR, SOC_LAYOUT_INT8, uint8_t, vascular);
  FILL(FACT_DATE, SOC_LAYOUT_INT32, int32_t, date);
  FILL(FACT_BIRTH, SOC_LAYOUT_INT32, int32_t, birth);
  FILL(FACT_START, SOC_LAYOUT_INT32, int32_t, start);
  FILL(FACT_PREVIOUS, SOC_LAYOUT_INT32, int32_t, previous);
  FILL(FACT_INTERVAL, SOC_LAYOUT_INT64, int64_t, interval_days * INT64_C(1000000));
  FILL(FACT_MILES, SOC_LAYOUT_INT64, int64_t, miles);
  FILL(FACT_FVC, SOC_LAYOUT_INT64, int64_t, fvc);
  FILL_BITS(FACT_HOME, home);
  FILL_BITS(FACT_HOSPITAL_ONLY, hospital_only);
  FILL_BITS(FACT_CARDIAC, cardiac);
  FILL_BITS(FACT_PULMONARY, pulmonary);
  FILL_BITS(FACT_RENAL, renal);
  FILL_BITS(FACT_COGNITIVE, cognitive);
}

// ------------------------------------------------------------------ dictionaries

struct words {
  char *bytes;
  int32_t *offsets;
  uint32_t count;
};

static struct words new_words(struct batch_side *b) {
  struct words w = {block(b, MOST_ENTRIES * ENTRY_BYTES),
                    block(b, (MOST_ENTRIES + 1) * sizeof(int32_t)), 0};
  return w;
}

static uint32_t number_of(struct words *w, const char *text) {
  size_t length = strlen(text);
  for (uint32_t i = 0; i < w->count; i++) {
    size_t size = (size_t)(w->offsets[i + 1] - w->offsets[i]);
    if (size == length && memcmp(w->bytes + w->offsets[i], text, length) == 0) return i;
  }
  if (w->count == MOST_ENTRIES) abort();
  memcpy(w->bytes + w->offsets[w->count], text, length);
  w->offsets[w->count + 1] = w->offsets[w->count] + (int32_t)length;
  return w->count++;
}

static soc_dictionary dictionary(const struct words *w) {
  return (soc_dictionary){w->bytes, w->offsets, w->count};
}

// A text of each case at an offset of its struct; indexes of one byte if there are few, else of two.
static void put_words(struct batch_side *b, enum premera_fact fact, const struct bench_case *cases,
                      uint32_t count, size_t offset) {
  struct words w = new_words(b);
  soc_column *c = column(b, fact, SOC_LAYOUT_INT16, cases, count);
  uint16_t *wide = block(b, count * sizeof *wide);
  for (uint32_t i = 0; i < count; i++) {
    bool given = (cases[i].facts.given >> fact & 1) != 0;
    wide[i] = (uint16_t)(given ? number_of(&w, (const char *)&cases[i] + offset) : 0);
  }
  c->dictionary = dictionary(&w);
  c->values = wide;
  if (w.count > 256) {
    b->column_bytes += count * sizeof *wide;
    return;
  }
  uint8_t *narrow = part(b, count);
  for (uint32_t i = 0; i < count; i++) narrow[i] = (uint8_t)wide[i];
  c->layout = SOC_LAYOUT_INT8;
  c->values = narrow;
}

// Lists: `counted` says how many texts a case has, `stride` bytes each.
static void put_lists(struct batch_side *b, enum premera_fact fact, const struct bench_case *cases,
                      uint32_t count, size_t offset, size_t stride, size_t counted) {
  struct words w = new_words(b);
  soc_column *c = column(b, fact, SOC_LAYOUT_INT16, cases, count);
  int32_t *offsets = part(b, (count + 1) * sizeof *offsets);
  uint16_t *items = block(b, count * PREMERA_MAX_DIAGNOSES * sizeof *items);
  uint32_t at = 0;
  for (uint32_t i = 0; i < count; i++) {
    bool given = (cases[i].facts.given >> fact & 1) != 0;
    const char *text = (const char *)&cases[i];
    uint32_t length = given ? (uint8_t)text[counted] : 0;
    for (uint32_t n = 0; n < length; n++) {
      items[at++] = (uint16_t)number_of(&w, text + offset + n * stride);
    }
    offsets[i + 1] = (int32_t)at;
  }
  b->column_bytes += at * sizeof *items;
  c->values = items;
  c->offsets = offsets;
  c->item_count = at;
  c->dictionary = dictionary(&w);
}

static void put_events(struct batch_side *b, const struct bench_case *cases, uint32_t count) {
  soc_column *list = column(b, FACT_EVENTS, SOC_LAYOUT_ROWS, cases, count);
  int32_t *offsets = part(b, (count + 1) * sizeof *offsets);
  uint32_t most = count * PREMERA_MAX_EVENTS, rows = 0;
  uint8_t *values[EVENT_FIELDS], *given[EVENT_FIELDS];
  for (uint32_t f = 0; f < EVENT_FIELDS; f++) {
    values[f] = block(b, most);
    given[f] = block(b, most / 8 + 1);
  }
  for (uint32_t i = 0; i < count; i++) {
    const struct premera_facts *facts = &cases[i].facts;
    uint32_t length = facts->given >> FACT_EVENTS & 1 ? facts->event_count : 0;
    for (uint32_t n = 0; n < length; n++, rows++) {
      for (uint32_t f = 0; f < EVENT_FIELDS; f++) {
        values[f][rows] = facts->events[n].field[f];
        set_bit(given[f], rows, facts->events[n].given >> f & 1);
      }
    }
    offsets[i + 1] = (int32_t)rows;
  }
  list->offsets = offsets;
  for (uint32_t f = 0; f < EVENT_FIELDS; f++) {
    b->columns[b->vm->event_fields[f]] = (soc_column){
        .layout = SOC_LAYOUT_INT8, .values = values[f], .given = given[f], .length = rows};
    b->column_bytes += rows + (rows + 7) / 8;
  }
}

static void put_columns(struct batch_side *b, const struct bench_case *cases, uint32_t count) {
  put_plain(b, cases, count);
  put_words(b, FACT_CODE, cases, count, offsetof(struct bench_case, code));
  put_words(b, FACT_DRUG, cases, count, offsetof(struct bench_case, drug));
  put_words(b, FACT_PLACE, cases, count, offsetof(struct bench_case, place));
  put_words(b, FACT_BILL, cases, count, offsetof(struct bench_case, bill));
  put_lists(b, FACT_DIAGNOSES, cases, count, offsetof(struct bench_case, diagnoses),
            sizeof cases->diagnoses[0], offsetof(struct bench_case, facts.diagnosis_count));
  put_lists(b, FACT_CONCURRENT, cases, count, offsetof(struct bench_case, concurrent),
            sizeof cases->concurrent[0], offsetof(struct bench_case, facts.concurrent_count));
  put_events(b, cases, count);
  b->input = (soc_batch_input){count, b->columns};
}

// ------------------------------------------------------------------ deciding

static void put_results(struct batch_side *b, uint32_t count) {
  soc_policy_info info;
  soc_policy_describe(&b->vm->policy, &info);
  for (uint32_t d = 0; d < 2; d++) {
    uint64_t words = soc_batch_missing_words(b->batch, &b->input, d);
    b->results[d] = (soc_batch_result){.determination = answer(b, count),
                                       .code = answer(b, count * sizeof(uint16_t)),
                                       .rule = answer(b, count * sizeof(uint16_t)),
                                       .possible = answer(b, count * sizeof(uint16_t)),
                                       .reasons = answer(b, count * sizeof(uint64_t)),
                                       .missing = answer(b, words * info.fact_count * 8)};
  }
}

bool batch_side_open(struct batch_side *b, const struct vm_side *vm, const struct bench_case *cases,
                     uint32_t count) {
  *b = (struct batch_side){.vm = vm};
  size_t size = soc_batch_bytes(&vm->policy);
  soc_error error;
  if (soc_batch_init(&b->batch, &vm->policy, block(b, size), size, &error) != SOC_OK) {
    (void)fprintf(stderr, "bench: no batch: %s\n", error.message);
    return false;
  }
  put_columns(b, cases, count);
  put_results(b, count);
  b->scratch_bytes = soc_batch_scratch_bytes(b->batch, &b->input);
  b->scratch = block(b, b->scratch_bytes);
  b->same_bytes = block(b, b->column_bytes);
  return b->scratch_bytes > 0;
}

void batch_side_close(struct batch_side *b) {
  for (uint32_t i = 0; i < b->block_count; i++) free(b->blocks[i]);
  b->block_count = 0;
}

soc_status batch_side_decide(struct batch_side *b, bool again) {
  return (again ? soc_batch_decide_again : soc_batch_decide)(
      b->batch, &b->input, b->results, b->scratch, b->scratch_bytes, &b->report, NULL);
}

// ------------------------------------------------------------------ comparing

// Codes by which rules of the decision give reasons, as bits of the reference.
static uint32_t reasons_of(const struct batch_side *b, uint32_t d, uint32_t index) {
  uint32_t bits = 0;
  for (uint64_t left = b->results[d].reasons[index]; left != 0; left &= left - 1) {
    uint16_t code = 2;
    for (uint64_t below = (left & (0 - left)) - 1; below != 0; below >>= 1) code++;
    bits |= UINT32_C(1) << vm_side_reason(soc_batch_code(b->batch, d, code).data);
  }
  return bits;
}

// The reference tells the rows of events apart; here a field is missing in some row.
static uint64_t missing_of(const struct batch_side *b, uint32_t d, uint32_t index) {
  uint64_t words = soc_batch_missing_words(b->batch, &b->input, d), bits = 0;
  const uint64_t *missing = b->results[d].missing + index / 64;
  for (uint32_t f = 0; f < FACT_COUNT; f++) {
    bits |= (missing[b->vm->facts[f] * words] >> index % 64 & 1) << f;
  }
  for (uint32_t f = 0; f < EVENT_FIELDS; f++) {
    bits |= (missing[b->vm->event_fields[f] * words] >> index % 64 & 1) << MISSING_EVENT(0, f);
  }
  return bits;
}

static uint64_t of_some_row(uint64_t missing) {
  uint64_t bits = missing & ((UINT64_C(1) << MISSING_EVENT(0, 0)) - 1);
  for (uint32_t row = 0; row < PREMERA_MAX_EVENTS; row++) {
    for (uint32_t f = 0; f < EVENT_FIELDS; f++) {
      bits |= (missing >> MISSING_EVENT(row, f) & 1) << MISSING_EVENT(0, f);
    }
  }
  return bits;
}

static const char *difference(const struct batch_side *b, uint32_t d, uint32_t index,
                              const struct premera_outcome *e) {
  const soc_batch_result *r = &b->results[d];
  uint32_t code = vm_side_reason(soc_batch_code(b->batch, d, r->code[index]).data);
  if (r->determination[index] != e->determination) return "determination";
  if (code != e->reason) return "reason";
  if (r->possible[index] != e->possible) return "possible";
  bool lacks_facts = r->rule[index] == SOC_NO_RULE;
  uint32_t reasons = lacks_facts ? UINT32_C(1) << code : reasons_of(b, d, index);
  if (reasons != e->reasons) return "reasons";
  return missing_of(b, d, index) != of_some_row(e->missing) ? "missing" : NULL;
}

bool batch_side_agrees(const struct batch_side *b, uint32_t index,
                       const struct premera_result *expected, char *text, size_t size) {
  const char *site = difference(b, b->vm->site_decision, index, &expected->site);
  const char *drug = difference(b, b->vm->drug_decision, index, &expected->drug);
  if (site || drug) {
    (void)snprintf(text, size, "the batch differs: site of care %s, drug %s", site ? site : "same",
                   drug ? drug : "same");
  }
  return !site && !drug;
}

uint64_t batch_side_sum(const struct batch_side *b) {
  uint64_t sum = 0;
  for (size_t i = 0; i < b->column_bytes / sizeof *b->same_bytes; i++) sum += b->same_bytes[i];
  return sum;
}
