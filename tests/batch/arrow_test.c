// SPDX-License-Identifier: Apache-2.0
//
// Columns from arrays of the Arrow C Data Interface, written out by hand: every kind of array that a fact can be read
// from, slices, nulls, and arrays that are refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "prepared.h"

static const char source[] =
    "soc 1\n"
    "policy \"tests/arrow\" { title \"T\"; version 2024-01-01; basis service.date }\n"
    "use \"vocabulary/case\"\n"
    "decision d medical {\n"
    "  not applicable NOT_IN_SCOPE_DRUG unless service.code in { J1745, Q5103 } cite \"L1\"\n"
    "  approve CLINICAL_CARDIAC when clinical.cardiac_condition cite \"L2\"\n"
    "  approve ACCESS_NO_ALTERNATIVE when access.infusion_center_miles > 50 miles cite \"L3\"\n"
    "  approve PREFERRED_SITE when therapy.concurrent_iv_cancer_drugs is empty cite \"L4\"\n"
    "  approve CLINICAL_VASCULAR when clinical.vascular_access = severe_issues cite \"L5\"\n"
    "  approve CLINICAL_ADVERSE_REACTION when some record of clinical.adverse_events has\n"
    "    kind = anaphylaxis cite \"L6\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L7\"\n"
    "}\n";

enum { COUNT = 3, CHILDREN = 7, MOST_FACTS = 32 };
enum { DATE, CODE, CARDIAC, MILES, DRUGS, VASCULAR, EVENTS };

// One record batch.
struct batch {
  struct ArrowSchema schema, children[CHILDREN], code_words, drug_items, event, kind;
  struct ArrowArray array, child_arrays[CHILDREN], code_entries, drug_entries, events, kinds;
  struct ArrowSchema *child_list[CHILDREN], *drug_list[1], *event_list[1], *kind_list[1];
  struct ArrowArray *array_list[CHILDREN], *drug_array_list[1], *event_array_list[1],
      *kind_array_list[1];
  const void *buffers[CHILDREN][3], *code_buffers[3], *drug_buffers[3], *event_buffers[1],
      *kind_buffers[3];
  const void *none[1];
};

struct fixture {
  struct prepared p;
  struct batch a;
  soc_column columns[MOST_FACTS];
  uint8_t determination[COUNT];
  uint16_t code[COUNT];
};

static int open_policy(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  prepare(&f->p, source, NULL);
  *state = f;
  return 0;
}

static int close_policy(void **state) {
  struct fixture *f = *state;
  release(&f->p);
  free(f);
  return 0;
}

// ------------------------------------------------------------------ the arrays

static const int32_t dates[] = {19700, 19800, 19900}; // from December 2023 on
static const uint8_t all_dates[] = {6};               // the first one is null
static const int8_t codes[] = {1, 0, 1};
static const char code_bytes[] = "A0000J1745";
static const int32_t code_offsets[] = {0, 5, 10};
static const uint8_t cardiac[] = {2};
static const int64_t miles[] = {505, 500, 501}; // tenths
static const uint8_t miles_given[] = {3};
static const int32_t drug_offsets[] = {0, 1, 1, 2};
static const char drug_bytes[] = "J9271J9299";
static const int32_t drug_text_offsets[] = {0, 5, 10};
static const char vascular_bytes[] = "adequatesevere_issues";
static const int32_t vascular_offsets[] = {0, 8, 8, 21};
static const uint8_t vascular_given[] = {5};
static const int32_t event_offsets[] = {0, 0, 0, 1};
static const char kind_bytes[] = "anaphylaxis";
static const int32_t kind_offsets[] = {0, 11};

static void set(struct batch *a, int at, const char *format, const char *name, int64_t buffers) {
  a->children[at] = (struct ArrowSchema){.format = format, .name = name, .flags = 2};
  a->child_arrays[at] = (struct ArrowArray){
      .length = COUNT, .null_count = -1, .n_buffers = buffers, .buffers = a->buffers[at]};
  a->child_list[at] = &a->children[at];
  a->array_list[at] = &a->child_arrays[at];
}

static void set_values(struct batch *a, int at, const void *given, const void *first,
                       const void *second) {
  a->buffers[at][0] = given;
  a->buffers[at][1] = first;
  a->buffers[at][2] = second;
}

static struct ArrowArray texts(const void **buffers, const void *offsets, const void *bytes,
                               int64_t length) {
  buffers[1] = offsets;
  buffers[2] = bytes;
  return (struct ArrowArray){.length = length, .n_buffers = 3, .buffers = buffers};
}

static void set_lists(struct batch *a) {
  set(a, DRUGS, "+l", "therapy.concurrent_iv_cancer_drugs", 2);
  set_values(a, DRUGS, NULL, drug_offsets, NULL);
  a->drug_items = (struct ArrowSchema){.format = "u", .name = "item"};
  a->drug_entries = texts(a->drug_buffers, drug_text_offsets, drug_bytes, 2);
  a->drug_list[0] = &a->drug_items;
  a->drug_array_list[0] = &a->drug_entries;
  set(a, EVENTS, "+l", "clinical.adverse_events", 2);
  set_values(a, EVENTS, NULL, event_offsets, NULL);
  a->event = (struct ArrowSchema){
      .format = "+s", .name = "item", .n_children = 1, .children = a->kind_list};
  a->events = (struct ArrowArray){.length = 1,
                                  .n_buffers = 1,
                                  .n_children = 1,
                                  .buffers = a->event_buffers,
                                  .children = a->kind_array_list};
  a->kind = (struct ArrowSchema){.format = "u", .name = "kind"};
  a->kinds = texts(a->kind_buffers, kind_offsets, kind_bytes, 1);
  a->kind_list[0] = &a->kind;
  a->kind_array_list[0] = &a->kinds;
  a->event_list[0] = &a->event;
  a->event_array_list[0] = &a->events;
  for (int at = DRUGS; at <= EVENTS; at += EVENTS - DRUGS) {
    a->children[at].n_children = a->child_arrays[at].n_children = 1;
    a->children[at].children = at == DRUGS ? a->drug_list : a->event_list;
    a->child_arrays[at].children = at == DRUGS ? a->drug_array_list : a->event_array_list;
  }
}

static void set_arrays(struct fixture *f) {
  struct batch *a = &f->a;
  memset(a, 0, sizeof *a);
  set(a, DATE, "tdD", "service.date", 2);
  set_values(a, DATE, all_dates, dates, NULL);
  set(a, CODE, "c", "service.code", 2);
  set_values(a, CODE, NULL, codes, NULL);
  a->code_words = (struct ArrowSchema){.format = "u"};
  a->code_entries = texts(a->code_buffers, code_offsets, code_bytes, 2);
  a->children[CODE].dictionary = &a->code_words;
  a->child_arrays[CODE].dictionary = &a->code_entries;
  set(a, CARDIAC, "b", "clinical.cardiac_condition", 2);
  set_values(a, CARDIAC, NULL, cardiac, NULL);
  set(a, MILES, "d:9,1,64", "access.infusion_center_miles", 2);
  set_values(a, MILES, miles_given, miles, NULL);
  set(a, VASCULAR, "u", "clinical.vascular_access", 3);
  set_values(a, VASCULAR, vascular_given, vascular_offsets, vascular_bytes);
  set_lists(a);
  a->schema =
      (struct ArrowSchema){.format = "+s", .n_children = CHILDREN, .children = a->child_list};
  a->array = (struct ArrowArray){.length = COUNT,
                                 .n_buffers = 1,
                                 .n_children = CHILDREN,
                                 .buffers = a->none,
                                 .children = a->array_list};
}

static soc_status import_arrays(struct fixture *f, uint32_t flags, soc_batch_input *input,
                                uint32_t *fact) {
  soc_error error;
  return soc_batch_from_arrow(&f->p.policy, &f->a.schema, &f->a.array, flags, f->columns, input,
                              fact, &error);
}

static void decide(struct fixture *f, const soc_batch_input *input) {
  soc_batch_result result = {.determination = f->determination, .code = f->code};
  size_t size = soc_batch_scratch_bytes(f->p.batch, input);
  void *scratch = malloc(size);
  assert_true(size > 0);
  assert_int_equal(soc_batch_decide(f->p.batch, input, &result, scratch, size, NULL, NULL), SOC_OK);
  free(scratch);
}

static void assert_answer(const struct fixture *f, int at, soc_determination d, const char *code) {
  assert_int_equal(f->determination[at], d);
  assert_string_equal(soc_batch_code(f->p.batch, 0, f->code[at]).data, code);
}

// ------------------------------------------------------------------ what is read

static void arrays_are_read_where_they_lie(void **state) {
  struct fixture *f = *state;
  soc_batch_input input;
  set_arrays(f);
  assert_int_equal(import_arrays(f, 0, &input, NULL), SOC_OK);
  assert_int_equal(input.count, COUNT);
  uint32_t date = fact_named(&f->p, "service.date");
  assert_ptr_equal(f->columns[date].values, dates);
  decide(f, &input);
  assert_answer(f, 0, SOC_PEND, "FACT_MISSING"); // without a date of service
  assert_answer(f, 1, SOC_NOT_APPLICABLE, "NOT_IN_SCOPE_DRUG");
  assert_answer(f, 2, SOC_APPROVE, "CLINICAL_VASCULAR");
}

static void a_slice_begins_at_its_offset(void **state) {
  struct fixture *f = *state;
  soc_batch_input input;
  set_arrays(f);
  f->a.array.offset = 2;
  f->a.array.length = 1;
  assert_int_equal(import_arrays(f, 0, &input, NULL), SOC_OK);
  f->a.children[VASCULAR].name = "nobody.reads.this";
  assert_int_equal(import_arrays(f, 0, &input, NULL), SOC_OK);
  decide(f, &input);
  assert_answer(f, 0, SOC_APPROVE, "CLINICAL_ADVERSE_REACTION");
}

// Whether nothing is near decides the third case: left out it may be far away, none it is not.
static void a_null_can_be_none(void **state) {
  struct fixture *f = *state;
  soc_batch_input input;
  set_arrays(f);
  f->a.children[VASCULAR].name = "nobody.reads.this";
  f->a.children[EVENTS].name = NULL;
  for (uint32_t flags = 0; flags <= SOC_NULL_IS_NONE; flags += SOC_NULL_IS_NONE) {
    assert_int_equal(import_arrays(f, flags, &input, NULL), SOC_OK);
    uint32_t fact = fact_named(&f->p, "access.infusion_center_miles");
    soc_case_limits limits = {1, 2, 0, 0};
    size_t size = soc_case_bytes(&f->p.policy, &limits);
    void *memory = malloc(size);
    soc_case *c;
    soc_value value;
    assert_int_equal(soc_case_init(&c, &f->p.policy, &limits, memory, size, NULL), SOC_OK);
    assert_int_equal(soc_batch_case(f->p.batch, &input, 2, c, NULL), SOC_OK);
    assert_int_equal(soc_case_get(c, fact, 0, &value), SOC_OK);
    assert_int_equal(value.state, flags ? SOC_NONE : SOC_LEFT_OUT);
    free(memory);
  }
}

// ------------------------------------------------------------------ what is refused

static void assert_refused(struct fixture *f, const char *name) {
  soc_batch_input input;
  uint32_t fact;
  assert_int_equal(import_arrays(f, 0, &input, &fact), SOC_ERR_ARGUMENT);
  assert_int_equal(fact, name ? fact_named(&f->p, name) : SOC_NO_INDEX);
  set_arrays(f);
}

static void other_formats_are_refused(void **state) {
  static const struct {
    int child;
    const char *format;
  } bad[] = {{DATE, "tdm"},        {DATE, "i"},   {CODE, "l"},      {CODE, "U"},
             {CARDIAC, "c"},       {MILES, "g"},  {MILES, "d:9,1"}, {MILES, "d:9,7,64"},
             {MILES, "d:9,1,128"}, {DRUGS, "+L"}, {VASCULAR, "z"},  {EVENTS, "+s"}};
  struct fixture *f = *state;
  set_arrays(f);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    f->a.children[bad[i].child].format = bad[i].format;
    assert_refused(f, f->a.children[bad[i].child].name);
  }
}

static void arrays_that_do_not_fit_are_refused(void **state) {
  struct fixture *f = *state;
  static const uint8_t one[] = {1};
  set_arrays(f);
  f->a.child_arrays[DATE].length = COUNT - 1;
  assert_refused(f, "service.date");
  f->a.child_arrays[DATE].offset = -1;
  assert_refused(f, "service.date");
  f->a.child_arrays[DATE].n_buffers = 0;
  assert_refused(f, "service.date");
  f->a.child_arrays[CODE].dictionary = NULL;
  assert_refused(f, "service.code");
  f->a.drug_entries.null_count = 1;
  f->a.drug_buffers[0] = one;
  assert_refused(f, "therapy.concurrent_iv_cancer_drugs");
  f->a.event.format = "u";
  assert_refused(f, "clinical.adverse_events");
  f->a.kinds.length = 0;
  assert_refused(f, "clinical.adverse_events[].kind");
  f->a.schema.format = "+l";
  assert_refused(f, NULL);
  f->a.array.n_children--;
  assert_refused(f, NULL);
  f->a.array.length = -1;
  assert_refused(f, NULL);
}

// Bytes may be left out where all texts are empty.
static void texts_without_bytes(void **state) {
  static const int32_t empty[COUNT + 1] = {0};
  struct fixture *f = *state;
  soc_batch_input input;
  set_arrays(f);
  set_values(&f->a, VASCULAR, NULL, empty, NULL);
  assert_int_equal(import_arrays(f, 0, &input, NULL), SOC_OK);
}

// Any pointer that an array may not lack: refused, not followed.
static void pointers_that_are_missing_are_refused(void **state) {
  struct fixture *f = *state;
  set_arrays(f);
  f->a.children[MILES].format = NULL;
  assert_refused(f, "access.infusion_center_miles");
  f->a.schema.format = NULL;
  assert_refused(f, NULL);
  f->a.schema.children = NULL;
  assert_refused(f, NULL);
  f->a.array.children = NULL;
  assert_refused(f, NULL);
  f->a.array.buffers = NULL;
  assert_refused(f, NULL);
  f->a.child_list[CODE] = NULL;
  assert_refused(f, "service.date"); // the one before it
  f->a.array_list[CODE] = NULL;
  assert_refused(f, "service.code");
  f->a.child_arrays[CARDIAC].buffers = NULL;
  assert_refused(f, "clinical.cardiac_condition");
  f->a.buffers[VASCULAR][1] = NULL;
  assert_refused(f, "clinical.vascular_access");
  f->a.code_buffers[1] = NULL;
  assert_refused(f, "service.code");
  f->a.code_buffers[2] = NULL;
  assert_refused(f, "service.code");
  f->a.buffers[VASCULAR][2] = NULL;
  assert_refused(f, "clinical.vascular_access");
  f->a.code_entries.buffers = NULL;
  assert_refused(f, "service.code");
  f->a.code_words.format = NULL;
  assert_refused(f, "service.code");
  f->a.drug_list[0] = NULL;
  assert_refused(f, "therapy.concurrent_iv_cancer_drugs");
  f->a.drug_items.format = NULL;
  assert_refused(f, "therapy.concurrent_iv_cancer_drugs");
  f->a.child_arrays[DRUGS].children = NULL;
  assert_refused(f, "therapy.concurrent_iv_cancer_drugs");
  f->a.event_array_list[0] = NULL;
  assert_refused(f, "clinical.adverse_events");
  f->a.event.children = NULL;
  assert_refused(f, "clinical.adverse_events");
  f->a.kind_array_list[0] = NULL;
  assert_refused(f, "clinical.adverse_events[].kind");
}

// A producer need not count its nulls: -1 with bits, all of which may be set.
static void nulls_that_nobody_counted_are_looked_for(void **state) {
  static const uint8_t all[] = {0xff, 0xff}, not_the_last[] = {0xfd, 0xff};
  struct fixture *f = *state;
  soc_batch_input input;
  for (int lacking = 0; lacking < 2; lacking++) {
    const void *given = lacking ? not_the_last : all;
    const soc_status status = lacking ? SOC_ERR_ARGUMENT : SOC_OK;
    set_arrays(f);
    f->a.drug_entries.null_count = -1;
    f->a.drug_buffers[0] = given;
    assert_int_equal(import_arrays(f, 0, &input, NULL), status);
    set_arrays(f);
    f->a.code_entries.null_count = -1;
    f->a.code_buffers[0] = given;
    assert_int_equal(import_arrays(f, 0, &input, NULL), status);
    set_arrays(f);
    f->a.events.null_count = -1;
    f->a.events.length = 2;
    f->a.kinds.length = 2;
    f->a.event_buffers[0] = given;
    assert_int_equal(import_arrays(f, 0, &input, NULL), status);
    set_arrays(f);
    f->a.array.null_count = -1;
    f->a.none[0] = given;
    assert_int_equal(import_arrays(f, 0, &input, NULL), status);
  }
  set_arrays(f);
  f->a.drug_entries.null_count = -1;
  f->a.drug_buffers[0] = not_the_last;
  f->a.drug_entries.length = 1; // before the one that is null
  assert_int_equal(import_arrays(f, 0, &input, NULL), SOC_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arrays_are_read_where_they_lie),
      cmocka_unit_test(a_slice_begins_at_its_offset),
      cmocka_unit_test(a_null_can_be_none),
      cmocka_unit_test(other_formats_are_refused),
      cmocka_unit_test(arrays_that_do_not_fit_are_refused),
      cmocka_unit_test(texts_without_bytes),
      cmocka_unit_test(pointers_that_are_missing_are_refused),
      cmocka_unit_test(nulls_that_nobody_counted_are_looked_for),
  };
  return cmocka_run_group_tests(tests, open_policy, close_policy);
}
