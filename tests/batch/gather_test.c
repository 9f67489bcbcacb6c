// SPDX-License-Identifier: Apache-2.0
//
// Lists and records of any length: what is found in the items and rows of all cases has to come to the case that they
// belong to, by every block executor that this processor can run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "batch/batch.h"
#include "prepared.h"

static const char source[] =
    "soc 1\n"
    "policy \"tests/gather\" { title \"T\"; version 2024-01-01 }\n"
    "use \"vocabulary/case\"\n"
    "decision codes medical {\n"
    "  approve PREFERRED_SITE when clinical.diagnosis_codes includes any of { C50 } cite \"L1\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L2\"\n"
    "}\n"
    "decision events medical {\n"
    "  approve PREFERRED_SITE when some record of clinical.adverse_events has all of {\n"
    "    severity = severe\n    kind = seizure\n  } cite \"L3\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L4\"\n"
    "}\n";

enum {
  CASES = 5000,
  MOST = 700,
  FACTS = 16,
  SEVERE = 2,
  SEIZURE = 1
}; // blocks, the last one not full

// Stretches of short lists, of lists on both sides of what fits a lane of a register, and of all kinds.
enum { STRETCH = 100, KINDS = 3, LENGTHS = 12 };
static const uint32_t lengths[KINDS][LENGTHS] = {
    {0, 1, 2, 0, 3, 1, 0, 0, 2, 1, 5, 4},
    {24, 25, 0, 1, 2, 25, 0, 26, 3, 1, 26, 25},
    {0, 63, 64, 65, 1, 0, 2, 127, 1, 128, MOST, 3},
};

static uint32_t length_of(uint32_t at) {
  return lengths[at / STRETCH % KINDS][(at * UINT32_C(2654435761) >> 8) % LENGTHS];
}

struct lists {
  int32_t offsets[CASES + 1];
  uint8_t *codes, *kinds, *severities, *given; // by item or row; the severity is given or not
  bool has[CASES], meets[CASES], open[CASES];  // C50 among the codes; some row met; one unknown
};

// Where the case's one special item stands; the length itself: nowhere.
static uint32_t place_of(uint32_t at, uint32_t length) {
  return at % 3 == 0 ? length : at % 3 == 1 ? length - 1 : at * UINT32_C(2654435761) % length;
}

static void draw_case(struct lists *l, uint32_t i, uint32_t length) {
  uint32_t place = length > 0 ? place_of(i, length) : 0;
  bool open = i % 5 == 0;
  for (uint32_t n = 0; n < length; n++) {
    uint32_t at = (uint32_t)l->offsets[i] + n;
    l->codes[at] = n == place;
    l->kinds[at] = n == place ? SEIZURE : 4;
    l->severities[at] = SEVERE;
    l->given[at / 8] |= (uint8_t)((n != place || !open) << at % 8);
  }
  l->has[i] = place < length;
  l->meets[i] = place < length && !open;
  l->open[i] = place < length && open;
}

static struct lists *draw_lists(void) {
  struct lists *l = calloc(1, sizeof *l);
  size_t most = (size_t)CASES * MOST;
  l->codes = calloc(4, most);
  l->kinds = l->codes + most;
  l->severities = l->kinds + most;
  l->given = l->severities + most;
  for (uint32_t i = 0; i < CASES; i++) {
    uint32_t length = length_of(i);
    l->offsets[i + 1] = l->offsets[i] + (int32_t)length;
    draw_case(l, i, length);
  }
  return l;
}

struct fixture {
  struct prepared p;
  soc_column columns[FACTS];
  soc_batch_input input;
  struct lists *lists;
};

static soc_column *column(struct fixture *f, const char *name) {
  return &f->columns[fact_named(&f->p, name)];
}

static void lay_columns(struct fixture *f) {
  static const int32_t code_offsets[] = {0, 3, 6};
  const struct lists *l = f->lists;
  uint64_t rows = (uint64_t)l->offsets[CASES];
  *column(f, "clinical.diagnosis_codes") = (soc_column){.layout = SOC_LAYOUT_INT8,
                                                        .values = l->codes,
                                                        .offsets = l->offsets,
                                                        .length = CASES,
                                                        .item_count = rows,
                                                        .dictionary = {"A00C50", code_offsets, 2}};
  *column(f, "clinical.adverse_events") =
      (soc_column){.layout = SOC_LAYOUT_ROWS, .offsets = l->offsets, .length = CASES};
  *column(f, "clinical.adverse_events[].kind") =
      (soc_column){.layout = SOC_LAYOUT_INT8, .values = l->kinds, .length = rows};
  *column(f, "clinical.adverse_events[].severity") = (soc_column){
      .layout = SOC_LAYOUT_INT8, .values = l->severities, .given = l->given, .length = rows};
  f->input = (soc_batch_input){CASES, f->columns};
}

static int open_fixture(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  prepare(&f->p, source, NULL);
  f->lists = draw_lists();
  lay_columns(f);
  *state = f;
  return 0;
}

static int close_fixture(void **state) {
  struct fixture *f = *state;
  free(f->lists->codes);
  free(f->lists);
  release(&f->p);
  free(f);
  return 0;
}

struct answers {
  uint8_t determination[2][CASES];
  uint64_t missing[2][FACTS * (CASES / 64 + 1)];
};

static void decide(const struct fixture *f, batch_block_fn *block, struct answers *a) {
  soc_batch_result results[2] = {
      {.determination = a->determination[0], .missing = a->missing[0]},
      {.determination = a->determination[1], .missing = a->missing[1]},
  };
  size_t size = soc_batch_scratch_bytes(f->p.batch, &f->input);
  soc_batch_report report;
  batch_memory memory = {malloc(size), size, false};
  assert_int_equal(batch_decide_by(block, f->p.batch, &f->input, results, memory, &report, NULL),
                   SOC_OK);
  assert_int_equal(report.single, 0);
  free(memory.scratch);
}

static void assert_answers(struct fixture *f, const struct answers *a) {
  const struct lists *l = f->lists;
  size_t severity = (size_t)(column(f, "clinical.adverse_events[].severity") - f->columns);
  const uint64_t *missing = a->missing[1] + severity * (CASES / 64 + 1);
  for (uint32_t i = 0; i < CASES; i++) {
    assert_int_equal(a->determination[0][i], l->has[i] ? SOC_APPROVE : SOC_REFER);
    assert_int_equal(a->determination[1][i], l->open[i]    ? SOC_PEND
                                             : l->meets[i] ? SOC_APPROVE
                                                           : SOC_REFER);
    assert_int_equal(missing[i / 64] >> i % 64 & 1, l->open[i]);
  }
}

static void lists_of_any_length_are_gathered(void **state) {
  struct fixture *f = *state;
  struct answers *a = calloc(1, sizeof *a);
  batch_block_fn *blocks[BATCH_KINDS];
  uint32_t kinds = batch_blocks(blocks);
  assert_true(soc_batch_is_columnar(f->p.batch));
  for (uint32_t kind = 0; kind < kinds; kind++) {
    memset(a, 0xff, sizeof *a);
    decide(f, blocks[kind], a);
    assert_answers(f, a);
  }
  free(a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(lists_of_any_length_are_gathered, open_fixture,
                                      close_fixture),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
