// SPDX-License-Identifier: Apache-2.0
//
// The interface of soc_batch: answers of a small policy written out by hand, and everything that is refused.
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
    "policy \"tests/batch\" { title \"T\"; version 2024-01-01; basis service.date }\n"
    "use \"vocabulary/case\"\n"
    "decision d medical {\n"
    "  not applicable NOT_IN_SCOPE_DRUG unless service.code in { J1745, Q5103 } cite \"L1\"\n"
    "  approve CLINICAL_CARDIAC when clinical.cardiac_condition cite \"L2\"\n"
    "  approve ACCESS_NO_ALTERNATIVE when access.infusion_center_miles > 50 miles cite \"L3\"\n"
    "  approve PREFERRED_SITE when therapy.concurrent_iv_cancer_drugs is empty cite \"L4\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L5\"\n"
    "}\n";

enum { COUNT = 3, MOST_FACTS = 16 };

struct fixture {
  struct prepared p;
  uint32_t date, code, cardiac, miles, drugs;
  soc_column columns[MOST_FACTS];
  soc_batch_input input;
  soc_batch_result result;
  void *scratch;
  size_t size;
  uint8_t determination[COUNT];
  uint16_t code_out[COUNT], rule[COUNT], possible[COUNT];
  uint64_t reasons[COUNT], missing[MOST_FACTS], assumed[MOST_FACTS];
};

static void close_source(struct fixture *f) {
  release(&f->p);
  free(f->scratch);
}

static void take_scratch(struct fixture *f) {
  free(f->scratch);
  f->size = soc_batch_scratch_bytes(f->p.batch, &f->input);
  f->scratch = malloc(f->size > 0 ? f->size : 1);
}

static int open_policy(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  prepare(&f->p, source, NULL);
  f->date = fact_named(&f->p, "service.date");
  f->code = fact_named(&f->p, "service.code");
  f->cardiac = fact_named(&f->p, "clinical.cardiac_condition");
  f->miles = fact_named(&f->p, "access.infusion_center_miles");
  f->drugs = fact_named(&f->p, "therapy.concurrent_iv_cancer_drugs");
  *state = f;
  return 0;
}

static int close_policy(void **state) {
  struct fixture *f = *state;
  close_source(f);
  free(f);
  return 0;
}

// ------------------------------------------------------------------ three cases

static const char code_bytes[] = "J1745A0000q5103";
static const int32_t code_offsets[] = {0, 5, 10, 15};
static const int32_t dates[COUNT] = {739000, 739001, 739002};
static const uint8_t codes[COUNT] = {0, 1, 2};
static const uint8_t cardiac[] = {1};             // the first one alone
static const uint8_t cardiac_given[] = {1};       // and known of that one alone
static const int64_t miles[COUNT] = {51, 50, 51}; // whole miles
static const uint8_t miles_given[] = {3};
static const uint8_t miles_none[] = {4};
static const int32_t drug_offsets[] = {0, 0, 1, 1};
static const uint8_t drug_items[] = {0};
static const uint8_t drugs_given[] = {3};

static void lay_columns(struct fixture *f) {
  soc_dictionary names = {code_bytes, code_offsets, 3};
  memset(f->columns, 0, sizeof f->columns);
  f->columns[f->date] = (soc_column){.layout = SOC_LAYOUT_INT32, .values = dates, .length = COUNT};
  f->columns[f->code] = (soc_column){
      .layout = SOC_LAYOUT_INT8, .values = codes, .length = COUNT, .dictionary = names};
  f->columns[f->cardiac] = (soc_column){
      .layout = SOC_LAYOUT_BITS, .values = cardiac, .given = cardiac_given, .length = COUNT};
  f->columns[f->miles] = (soc_column){.layout = SOC_LAYOUT_INT64,
                                      .values = miles,
                                      .given = miles_given,
                                      .none = miles_none,
                                      .length = COUNT,
                                      .unit = 1000000};
  f->columns[f->drugs] = (soc_column){.layout = SOC_LAYOUT_INT8,
                                      .values = drug_items,
                                      .given = drugs_given,
                                      .offsets = drug_offsets,
                                      .length = COUNT,
                                      .item_count = 1,
                                      .dictionary = names};
  f->input = (soc_batch_input){COUNT, f->columns};
  f->result = (soc_batch_result){.determination = f->determination,
                                 .code = f->code_out,
                                 .rule = f->rule,
                                 .possible = f->possible,
                                 .reasons = f->reasons,
                                 .missing = f->missing,
                                 .assumed = f->assumed};
}

static void set_columns(struct fixture *f) {
  lay_columns(f);
  take_scratch(f);
}

static soc_status decide(struct fixture *f, soc_batch_report *report, soc_error *error) {
  return soc_batch_decide(f->p.batch, &f->input, &f->result, f->scratch, f->size, report, error);
}

static void assert_code(const struct fixture *f, uint32_t index, const char *code) {
  assert_string_equal(soc_batch_code(f->p.batch, 0, f->code_out[index]).data, code);
}

static void columns_are_decided(void **state) {
  struct fixture *f = *state;
  soc_batch_report report;
  set_columns(f);
  assert_true(soc_batch_is_columnar(f->p.batch));
  assert_int_equal(decide(f, &report, NULL), SOC_OK);
  assert_int_equal(report.columnar, COUNT);
  assert_int_equal(report.single, 0);
  // All three grounds hold; the first decides. Rule 0 is that of the version's dates of service.
  assert_int_equal(f->determination[0], SOC_APPROVE);
  assert_code(f, 0, "CLINICAL_CARDIAC");
  assert_int_equal(f->rule[0], 2);
  assert_int_equal(f->possible[0], 1u << SOC_APPROVE);
  assert_int_equal(f->reasons[0], 4 | 8 | 16);
  assert_int_equal(f->determination[1], SOC_NOT_APPLICABLE);
  assert_code(f, 1, "NOT_IN_SCOPE_DRUG");
  assert_int_equal(f->reasons[1], 2);
  // Nothing is known but that there is no infusion center.
  assert_int_equal(f->determination[2], SOC_PEND);
  assert_code(f, 2, "FACT_MISSING");
  assert_int_equal(f->rule[2], SOC_NO_RULE);
  assert_int_equal(f->possible[2], 1u << SOC_APPROVE | 1u << SOC_REFER);
  assert_int_equal(f->reasons[2], 0);
  soc_policy_info info;
  soc_policy_describe(&f->p.policy, &info);
  for (uint32_t fact = 0; fact < info.fact_count; fact++) {
    bool missing = fact == f->cardiac || fact == f->drugs;
    assert_int_equal(f->missing[fact], missing ? 4 : 0);
    assert_int_equal(f->assumed[fact], 0); // nothing is assumed in this policy
  }
}

static void results_may_be_left_out(void **state) {
  struct fixture *f = *state;
  set_columns(f);
  f->result = (soc_batch_result){.determination = f->determination};
  assert_int_equal(decide(f, NULL, NULL), SOC_OK);
  assert_int_equal(f->determination[2], SOC_PEND);
  f->input.count = 0;
  assert_int_equal(decide(f, NULL, NULL), SOC_OK);
}

static void one_case_can_be_taken_out(void **state) {
  struct fixture *f = *state;
  static const soc_case_limits limits = {.rows = 1, .items = 1};
  set_columns(f);
  size_t size = soc_case_bytes(&f->p.policy, &limits);
  void *memory = malloc(size);
  soc_case *c;
  soc_value value;
  uint32_t fact;
  assert_int_equal(soc_case_init(&c, &f->p.policy, &limits, memory, size, NULL), SOC_OK);
  assert_int_equal(soc_batch_case(f->p.batch, &f->input, 1, c, &fact), SOC_OK);
  assert_int_equal(soc_case_get(c, f->miles, 0, &value), SOC_OK);
  assert_int_equal(value.number, 50000000);
  assert_int_equal(soc_case_get(c, f->cardiac, 0, &value), SOC_OK);
  assert_int_equal(value.state, SOC_LEFT_OUT);
  assert_int_equal(soc_batch_case(f->p.batch, &f->input, COUNT, c, &fact), SOC_ERR_ARGUMENT);
  f->columns[f->code].dictionary.bytes = "---------------";
  assert_int_equal(soc_batch_case(f->p.batch, &f->input, 1, c, &fact), SOC_ERR_VALUE);
  assert_int_equal(fact, f->code);
  free(memory);
}

// ------------------------------------------------------------------ scratch memory of a call before

static void assert_determinations(const struct fixture *f, unsigned first, unsigned second,
                                  unsigned third) {
  assert_int_equal(f->determination[0], first);
  assert_int_equal(f->determination[1], second);
  assert_int_equal(f->determination[2], third);
}

static soc_status decide_again(struct fixture *f) {
  memset(f->determination, 0xff, sizeof f->determination);
  return soc_batch_decide_again(f->p.batch, &f->input, &f->result, f->scratch, f->size, NULL, NULL);
}

// Refused at its arguments, a call leaves the scratch memory as it was: here, never written.
static void a_refused_call_is_followed_by_a_plain_one(void **state) {
  struct fixture *f = *state;
  set_columns(f);
  unsigned char *before = malloc(f->size);
  memset(f->scratch, 0xa5, f->size);
  memset(before, 0xa5, f->size);
  f->columns[f->date].length = COUNT - 1;
  assert_int_equal(decide(f, NULL, NULL), SOC_ERR_ARGUMENT);
  f->columns[f->date].length = COUNT;
  f->size--;
  assert_int_equal(decide(f, NULL, NULL), SOC_ERR_MEMORY);
  f->size++;
  assert_memory_equal(f->scratch, before, f->size);
  assert_int_equal(decide(f, NULL, NULL), SOC_OK);
  assert_determinations(f, SOC_APPROVE, SOC_NOT_APPLICABLE, SOC_PEND);
  assert_int_equal(decide_again(f), SOC_OK);
  assert_determinations(f, SOC_APPROVE, SOC_NOT_APPLICABLE, SOC_PEND);
  free(before);
}

static void again_takes_other_inputs(void **state) {
  struct fixture *f = *state;
  static const uint8_t turned[COUNT] = {1, 0, 3}, beyond[COUNT] = {0, 1, 200};
  static const int32_t other_offsets[] = {0, 5, 10, 15, 20};
  set_columns(f);
  assert_int_equal(decide(f, NULL, NULL), SOC_OK);
  f->columns[f->code].values = turned; // the same dictionary, the last one in none of it
  assert_int_equal(decide_again(f), SOC_ERR_VALUE);
  f->input.count = 2;
  assert_int_equal(decide_again(f), SOC_OK); // after a value that was refused
  assert_determinations(f, SOC_NOT_APPLICABLE, SOC_PEND, 0xff);
  lay_columns(f); // other entries lie elsewhere: as many, then more
  f->columns[f->code].dictionary.bytes = "A0000J1745A0000";
  assert_int_equal(decide_again(f), SOC_OK);
  assert_determinations(f, SOC_NOT_APPLICABLE, SOC_PEND, SOC_NOT_APPLICABLE);
  f->columns[f->code].dictionary = (soc_dictionary){"A0000J1745A0000Q5103", other_offsets, 4};
  f->columns[f->code].values = turned;
  assert_int_equal(decide_again(f), SOC_OK);
  assert_determinations(f, SOC_APPROVE, SOC_NOT_APPLICABLE, SOC_PEND);
  memset(&f->columns[f->code], 0, sizeof(soc_column)); // left out, and there again
  assert_int_equal(decide_again(f), SOC_OK);
  assert_determinations(f, SOC_PEND, SOC_PEND, SOC_PEND);
  lay_columns(f);
  assert_int_equal(decide_again(f), SOC_OK);
  assert_determinations(f, SOC_APPROVE, SOC_NOT_APPLICABLE, SOC_PEND);
  f->columns[f->code].values = beyond;
  assert_int_equal(decide_again(f), SOC_ERR_VALUE);
}

// Entries are added behind those of the call before.
static void again_takes_a_dictionary_that_grew(void **state) {
  struct fixture *f = *state;
  static const char bytes[] = "J1745A0000q5103J1745";
  static const int32_t offsets[] = {0, 5, 10, 15, 20};
  static const uint8_t first[COUNT] = {0, 1, 2}, then[COUNT] = {3, 1, 0};
  set_columns(f);
  f->columns[f->code].dictionary = (soc_dictionary){bytes, offsets, 3};
  f->columns[f->code].values = first;
  assert_int_equal(decide(f, NULL, NULL), SOC_OK);
  assert_determinations(f, SOC_APPROVE, SOC_NOT_APPLICABLE, SOC_PEND);
  f->columns[f->code].dictionary.count = 4;
  f->columns[f->code].values = then;
  assert_int_equal(decide_again(f), SOC_OK);
  assert_determinations(f, SOC_APPROVE, SOC_NOT_APPLICABLE, SOC_PEND);
  f->columns[f->code].dictionary.count = 3; // and is smaller again
  assert_int_equal(decide_again(f), SOC_ERR_VALUE);
}

// ------------------------------------------------------------------ what is refused

static void assert_refused(struct fixture *f, soc_status status, uint32_t fact, uint64_t element) {
  soc_batch_report report;
  soc_error error = {0};
  assert_int_equal(decide(f, &report, &error), status);
  assert_int_equal(report.fact, fact);
  assert_int_equal(report.element, element);
  assert_non_null(error.code);
  set_columns(f);
}

static void values_out_of_range_are_refused(void **state) {
  struct fixture *f = *state;
  static const int32_t past[COUNT] = {739000, 739001, 3652059};
  static const int64_t far[COUNT] = {51, INT64_MAX, 51};
  static const uint8_t beyond[COUNT] = {0, 1, 3};
  static const uint8_t all[] = {7};
  set_columns(f);
  f->columns[f->date].values = past;
  assert_refused(f, SOC_ERR_VALUE, f->date, 2);
  f->columns[f->miles].values = far;
  assert_refused(f, SOC_ERR_VALUE, f->miles, 1);
  f->columns[f->code].values = beyond;
  assert_refused(f, SOC_ERR_VALUE, f->code, 2);
  f->columns[f->code].dictionary.bytes = "J1745A0000q5 03";
  assert_refused(f, SOC_ERR_VALUE, f->code, 2);
  f->columns[f->drugs].dictionary.bytes = "J 745A0000q5103";
  assert_refused(f, SOC_ERR_VALUE, f->drugs, 1);
  f->columns[f->cardiac].none = all; // it cannot be none
  assert_refused(f, SOC_ERR_VALUE, f->cardiac, 1);
}

static void values_that_are_not_given_are_not_looked_at(void **state) {
  struct fixture *f = *state;
  static const int64_t far[COUNT] = {51, 50, INT64_MAX};
  static const uint8_t beyond[COUNT] = {255, 1, 2}, given[] = {6};
  set_columns(f);
  f->columns[f->miles].values = far;
  f->columns[f->code].values = beyond;
  f->columns[f->code].given = given;
  assert_int_equal(decide(f, NULL, NULL), SOC_OK);
  assert_int_equal(f->possible[0], 1u << SOC_APPROVE | 1u << SOC_NOT_APPLICABLE);
}

static void columns_that_do_not_fit_are_refused(void **state) {
  struct fixture *f = *state;
  static const int32_t falling[] = {0, 1, 0, 1}, below[] = {-1, 0, 1, 1};
  set_columns(f);
  f->columns[f->date].layout = SOC_LAYOUT_INT64;
  assert_refused(f, SOC_ERR_ARGUMENT, f->date, 0);
  f->columns[f->date].length = COUNT - 1;
  assert_refused(f, SOC_ERR_ARGUMENT, f->date, 0);
  f->columns[f->date].values = NULL;
  assert_refused(f, SOC_ERR_ARGUMENT, f->date, 0);
  f->columns[f->code].dictionary.count = 0;
  assert_refused(f, SOC_ERR_ARGUMENT, f->code, 0);
  f->columns[f->code].dictionary.bytes = NULL;
  assert_refused(f, SOC_ERR_ARGUMENT, f->code, 0);
  f->columns[f->drugs].offsets = NULL;
  assert_refused(f, SOC_ERR_ARGUMENT, f->drugs, 0);
  f->columns[f->drugs].offsets = falling;
  assert_refused(f, SOC_ERR_ARGUMENT, f->drugs, 0);
  f->columns[f->drugs].offsets = below;
  assert_refused(f, SOC_ERR_ARGUMENT, f->drugs, 0);
  f->columns[f->drugs].item_count = 0;
  assert_refused(f, SOC_ERR_ARGUMENT, f->drugs, 0);
  f->columns[f->miles].unit = -1;
  assert_refused(f, SOC_ERR_ARGUMENT, f->miles, 0);
  f->columns[f->code].dictionary.count = UINT32_MAX;
  assert_refused(f, SOC_ERR_ARGUMENT, f->code, 0);
  f->columns[f->code].layout = SOC_LAYOUT_PLAIN; // where it ends wraps
  f->columns[f->code].first = UINT64_MAX;
  assert_refused(f, SOC_ERR_ARGUMENT, f->code, 0);
  f->columns[f->drugs].layout = SOC_LAYOUT_PLAIN;
  f->columns[f->drugs].first_item = UINT64_MAX;
  assert_refused(f, SOC_ERR_ARGUMENT, f->drugs, 0);
  f->columns[f->miles].length = 0;
  assert_int_equal(soc_batch_scratch_bytes(f->p.batch, &f->input), 0);
}

static void arguments_are_checked(void **state) {
  struct fixture *f = *state;
  soc_batch *batch = f->p.batch;
  soc_error error;
  set_columns(f);
  assert_int_equal(soc_batch_decide(NULL, &f->input, &f->result, f->scratch, f->size, NULL, NULL),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_batch_decide(f->p.batch, &f->input, NULL, f->scratch, f->size, NULL, NULL),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_batch_decide(f->p.batch, &f->input, &f->result, NULL, f->size, NULL, NULL),
                   SOC_ERR_ARGUMENT);
  f->size--;
  assert_refused(f, SOC_ERR_MEMORY, SOC_NO_INDEX, 0);
  f->input.count = SOC_BATCH_MOST + 1;
  assert_refused(f, SOC_ERR_ARGUMENT, SOC_NO_INDEX, 0);
  assert_int_equal(soc_batch_bytes(NULL), 0);
  assert_int_equal(soc_batch_init(NULL, &f->p.policy, f->p.memory, f->p.bytes, &error),
                   SOC_ERR_ARGUMENT);
  assert_int_equal(soc_batch_init(&batch, &f->p.policy, f->p.memory, f->p.bytes - 1, &error),
                   SOC_ERR_MEMORY);
  assert_string_equal(error.code, "memory");
  assert_null(batch);
  assert_int_equal(soc_batch_code(f->p.batch, 0, 999).length, 0);
  assert_int_equal(soc_batch_code(f->p.batch, 1, 2).length, 0);
  assert_int_equal(soc_batch_reason_words(f->p.batch, 0), 1);
  assert_int_equal(soc_batch_reason_words(f->p.batch, 1), 0);
  assert_int_equal(soc_batch_results_count(f->p.batch, &f->input, 1), 0);
  assert_false(soc_batch_is_columnar(NULL));
}

static bool use_levels(void *ctx, const char *name, const char *from, const char **text,
                       size_t *length, const char **place) {
  static const char levels[] = "soc 1\nvocabulary \"levels\"\n"
                               "fact x.level : decimal from 1 to 5\n"
                               "reason HIGH \"It is high\"\nreason LOW \"It is low\"\n";
  (void)ctx;
  (void)from;
  *text = levels;
  *length = strlen(levels);
  *place = "levels.soc";
  return strcmp(name, "./levels") == 0;
}

// In tens, nothing from 1 to 5 is a whole number.
static void a_unit_may_have_no_value_in_range(void **state) {
  static const char text[] = "soc 1\npolicy \"tests/levels\" { title \"T\"; version 2024-01-01 }\n"
                             "use \"./levels\"\n"
                             "decision d medical {\n"
                             "  approve HIGH when x.level > 2 cite \"L1\"\n"
                             "  refer LOW otherwise cite \"L2\"\n}\n";
  static const int32_t narrow[COUNT] = {0, 1, 7};
  static const int64_t wide[COUNT] = {0, 1, 7};
  static const uint8_t nothing[] = {0};
  const soc_compile_options options = {.use = use_levels};
  struct fixture f = {0};
  soc_batch_report report;
  (void)state;
  prepare(&f.p, text, &options);
  assert_true(soc_batch_is_columnar(f.p.batch));
  for (int i = 0; i < 2; i++) {
    soc_column *level = &f.columns[fact_named(&f.p, "x.level")];
    *level = (soc_column){.layout = i == 0 ? SOC_LAYOUT_INT32 : SOC_LAYOUT_INT64,
                          .values = i == 0 ? (const void *)narrow : wide,
                          .length = COUNT,
                          .unit = 10000000};
    f.input = (soc_batch_input){COUNT, f.columns};
    f.result = (soc_batch_result){.determination = f.determination};
    take_scratch(&f);
    assert_int_equal(decide(&f, &report, NULL), SOC_ERR_VALUE);
    assert_int_equal(report.element, 0);
    level->given = nothing;
    assert_int_equal(decide(&f, NULL, NULL), SOC_OK);
    assert_int_equal(f.determination[1], SOC_PEND);
  }
  close_source(&f);
}

static const char lines[] =
    "soc 1\npolicy \"tests/lines\" { title \"T\"; version 2024-01-01 }\n"
    "use \"vocabulary/case\"\n"
    "decision d administrative for each line of claim.lines {\n"
    "  deny JW_MISSING unless modifiers includes any of { JW } cite \"L1\"\n"
    "  eligible otherwise cite \"L2\"\n}\n";

// No case gives the list: a column of one of its fields has no rows.
static void a_field_may_come_without_its_list(void **state) {
  static const int32_t offsets[] = {0};
  struct fixture f = {0};
  (void)state;
  prepare(&f.p, lines, NULL);
  f.columns[fact_named(&f.p, "claim.lines[].modifiers")] =
      (soc_column){.layout = SOC_LAYOUT_INT8,
                   .values = codes,
                   .offsets = offsets,
                   .dictionary = {code_bytes, code_offsets, 3}};
  f.input = (soc_batch_input){1, f.columns};
  take_scratch(&f);
  assert_int_not_equal(f.size, 0);
  assert_int_equal(soc_batch_results_count(f.p.batch, &f.input, 0), 0);
  assert_int_equal(decide(&f, NULL, NULL), SOC_OK);
  close_source(&f);
}

// A host asks how long its arrays have to be before anything is checked.
static void rows_of_a_bad_list_are_none(void **state) {
  static const int32_t offsets[] = {0, 2, 5}, falling[] = {0, 2, -1};
  static const int32_t widest[] = {INT32_MIN, 0, INT32_MAX};
  struct fixture f = {0};
  (void)state;
  prepare(&f.p, lines, NULL);
  soc_column *list = &f.columns[fact_named(&f.p, "claim.lines")];
  *list = (soc_column){.layout = SOC_LAYOUT_ROWS, .offsets = offsets, .length = 2};
  f.input = (soc_batch_input){2, f.columns};
  assert_int_equal(soc_batch_results_count(f.p.batch, &f.input, 0), 5);
  list->length = 1;
  assert_int_equal(soc_batch_results_count(f.p.batch, &f.input, 0), 0);
  list->length = 2;
  list->offsets = falling;
  assert_int_equal(soc_batch_results_count(f.p.batch, &f.input, 0), 0);
  list->offsets = widest;
  assert_int_equal(soc_batch_results_count(f.p.batch, &f.input, 0), UINT32_MAX);
  list->offsets = NULL;
  assert_int_equal(soc_batch_results_count(f.p.batch, &f.input, 0), 0);
  assert_int_equal(soc_batch_missing_words(f.p.batch, &f.input, 0), 0);
  close_source(&f);
}

// malloc aligns for 8 bytes on 32-bit processors; what is too little ends where a sanitizer sees it.
static void memory_needs_no_alignment(void **state) {
  struct fixture *f = *state;
  soc_batch *aligned = f->p.batch;
  for (size_t shift = 0; shift <= 16; shift++) {
    char *memory = malloc(f->p.bytes + shift);
    soc_error error;
    assert_int_equal(soc_batch_init(&f->p.batch, &f->p.policy, memory + shift, f->p.bytes, &error),
                     SOC_OK);
    assert_int_equal((uintptr_t)f->p.batch % 16, 0);
    set_columns(f);
    assert_int_equal(decide(f, NULL, NULL), SOC_OK);
    assert_int_equal(f->determination[0], SOC_APPROVE);
    free(memory);
  }
  f->p.batch = aligned;
}

// ------------------------------------------------------------------ one case of many

static soc_status take_out(const struct fixture *f, uint64_t index, soc_case_limits limits) {
  size_t size = soc_case_bytes(&f->p.policy, &limits);
  void *memory = malloc(size);
  soc_case *c;
  assert_int_equal(soc_case_init(&c, &f->p.policy, &limits, memory, size, NULL), SOC_OK);
  soc_status status = soc_batch_case(f->p.batch, &f->input, index, c, NULL);
  free(memory);
  return status;
}

// What others hold is not looked at: taking out one case after the other stays linear.
static void a_case_is_taken_out_by_its_own_elements(void **state) {
  static const int32_t falling[] = {0, 0, 1, -1}, texts_fall[] = {0, 5, 10, 9};
  struct fixture *f = *state;
  const soc_case_limits limits = {.rows = 1, .items = 2};
  set_columns(f);
  f->columns[f->drugs].offsets = falling;
  f->columns[f->drugs].given = NULL;
  assert_int_equal(decide(f, NULL, NULL), SOC_ERR_ARGUMENT);
  assert_int_equal(take_out(f, 1, limits), SOC_OK);
  assert_int_equal(take_out(f, 2, limits), SOC_ERR_ARGUMENT);
  set_columns(f);
  f->columns[f->code].dictionary.offsets = texts_fall;
  assert_int_equal(decide(f, NULL, NULL), SOC_ERR_ARGUMENT);
  assert_int_equal(take_out(f, 1, limits), SOC_OK);
  assert_int_equal(take_out(f, 2, limits), SOC_ERR_VALUE);
}

static void rows_are_taken_out_by_their_own_elements(void **state) {
  static const int32_t rows[] = {0, 2, 4}, items[] = {0, 1, 2, 2, 1}, negative[] = {0, -1, 2};
  struct fixture f = {0};
  const soc_case_limits limits = {.rows = 4, .items = 4};
  (void)state;
  prepare(&f.p, lines, NULL);
  soc_column *list = &f.columns[fact_named(&f.p, "claim.lines")];
  soc_column *modifiers = &f.columns[fact_named(&f.p, "claim.lines[].modifiers")];
  *list = (soc_column){.layout = SOC_LAYOUT_ROWS, .offsets = rows, .length = 2};
  *modifiers = (soc_column){.layout = SOC_LAYOUT_INT8,
                            .values = codes,
                            .offsets = items,
                            .dictionary = {"JWJZJG", (const int32_t[]){0, 2, 4, 6}, 3},
                            .length = 4,
                            .item_count = 2};
  f.input = (soc_batch_input){2, f.columns};
  assert_int_equal(take_out(&f, 0, limits), SOC_OK);
  assert_int_equal(take_out(&f, 1, limits),
                   SOC_ERR_ARGUMENT); // its second row's items end before they begin
  modifiers->length = 3;
  assert_int_equal(take_out(&f, 0, limits), SOC_OK);
  assert_int_equal(take_out(&f, 1, limits), SOC_ERR_ARGUMENT); // there is no second row
  list->offsets = negative;
  assert_int_equal(take_out(&f, 0, limits), SOC_ERR_ARGUMENT);
  assert_int_equal(take_out(&f, 1, limits), SOC_ERR_ARGUMENT);
  close_source(&f);
}

// ------------------------------------------------------------------ sizes beyond 32 bits

static const char some_line[] =
    "soc 1\npolicy \"tests/some_line\" { title \"T\"; version 2024-01-01 }\n"
    "use \"vocabulary/case\"\n"
    "decision d medical {\n"
    "  approve PREFERRED_SITE when some record of claim.lines has modifiers includes any of { JW "
    "}\n"
    "    cite \"L1\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L2\"\n}\n";

// As many rows as items in one of them: a case needs room for the items that there are, not for their product.
static void one_row_may_have_all_items(void **state) {
  enum { MANY = 65536 };
  static int32_t items[MANY + 1];
  static uint8_t values[MANY];
  struct fixture f = {0};
  (void)state;
  prepare(&f.p, some_line, NULL);
  for (int i = 1; i <= MANY; i++) {
    items[i] = MANY;
  }
  values[MANY - 1] = 1;
  f.columns[fact_named(&f.p, "claim.lines")] =
      (soc_column){.layout = SOC_LAYOUT_ROWS, .offsets = (const int32_t[]){0, MANY}, .length = 1};
  f.columns[fact_named(&f.p, "claim.lines[].modifiers")] =
      (soc_column){.layout = SOC_LAYOUT_INT8,
                   .values = values,
                   .offsets = items,
                   .dictionary = {"JGJW", (const int32_t[]){0, 2, 4}, 2},
                   .length = MANY,
                   .item_count = MANY};
  f.input = (soc_batch_input){1, f.columns};
  f.result = (soc_batch_result){.determination = f.determination};
  take_scratch(&f);
  assert_int_not_equal(f.size, 0);
  assert_int_equal(decide(&f, NULL, NULL), SOC_OK);
  assert_int_equal(f.determination[0], SOC_APPROVE);
  close_source(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_are_decided),
      cmocka_unit_test(results_may_be_left_out),
      cmocka_unit_test(one_case_can_be_taken_out),
      cmocka_unit_test(a_refused_call_is_followed_by_a_plain_one),
      cmocka_unit_test(again_takes_other_inputs),
      cmocka_unit_test(again_takes_a_dictionary_that_grew),
      cmocka_unit_test(memory_needs_no_alignment),
      cmocka_unit_test(a_case_is_taken_out_by_its_own_elements),
      cmocka_unit_test(rows_are_taken_out_by_their_own_elements),
      cmocka_unit_test(one_row_may_have_all_items),
      cmocka_unit_test(values_out_of_range_are_refused),
      cmocka_unit_test(a_unit_may_have_no_value_in_range),
      cmocka_unit_test(values_that_are_not_given_are_not_looked_at),
      cmocka_unit_test(columns_that_do_not_fit_are_refused),
      cmocka_unit_test(arguments_are_checked),
      cmocka_unit_test(a_field_may_come_without_its_list),
      cmocka_unit_test(rows_of_a_bad_list_are_none),
  };
  return cmocka_run_group_tests(tests, open_policy, close_policy);
}
