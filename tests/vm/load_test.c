// SPDX-License-Identifier: Apache-2.0
//
// What the loader accepts at its limits and of later releases; then any prefix and any changed byte of an artifact:
// refused, or accepted and run safely. What it must refuse, with which code and where, is data: refusals_test.c.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "image_edit.h"
#include "vm/bounds.h"
#include "vm/code.h"
#include "vm/image.h"

static image good(void) {
  return assemble_file("tests/vm/refusals/artifact.base");
}

static void expect_accepted(image im) {
  soc_policy policy;
  soc_error error = {"", "", 0};
  soc_status status = soc_policy_load(&policy, im.bytes, im.length, &error);
  if (status != SOC_OK) {
    fail_msg("refused with %s at %llu", error.code, (unsigned long long)error.offset);
  }
}

// What a later release may add is skipped.
static void sections_of_later_releases(void **state) {
  (void)state;
  image base = good();
  const uint32_t skipped[] = {128, 129, UINT32_MAX};
  for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++) {
    image im = image_with_new_section(base, skipped[i]);
    expect_accepted(im);
    image two = image_with_new_section(im, 200);
    expect_accepted(two);
    free(two.bytes);
    free(im.bytes);
  }
  free(base.bytes);
}

// As many sections as an image may have, and one more.
static void most_sections(void **state) {
  (void)state;
  image im = good();
  soc_policy policy;
  soc_error error;
  for (uint32_t id = 1000; get_number(im.bytes + 12, 4) < SOC_MAX_SECTIONS; id++) {
    image more = image_with_new_section(im, id);
    free(im.bytes);
    im = more;
  }
  expect_accepted(im);
  image more = image_with_new_section(im, UINT32_MAX);
  assert_int_equal(soc_policy_load(&policy, more.bytes, more.length, &error), SOC_ERR_ARTIFACT);
  assert_string_equal(error.code, "section_count");
  free(more.bytes);
  free(im.bytes);
}

// Sections that the compiler writes and the artifact of these tests leaves empty.
static void tables_of_their_own(void **state) {
  (void)state;
  image base = good();
  const uint8_t lines[16] = {0, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0};
  const uint8_t use[12] = {4, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0};
  uint8_t table[48];
  memset(table, 0xff, sizeof table);
  const struct {
    const char *section;
    const uint8_t *bytes;
    size_t length;
  } sections[] = {
      {"LINES", lines, sizeof lines}, {"GIVEN_USES", use, sizeof use}, {"TABLES", table, 48}};
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
    uint32_t id = section_id(sections[i].section);
    image im = image_with_section(base, id, sections[i].bytes, sections[i].length,
                                  (uint32_t)(sections[i].length / section_record_bytes(id)));
    expect_accepted(im);
    free(im.bytes);
  }
  free(base.bytes);
}

// An image without any names is refused where the first one is asked for.
static void no_strings(void **state) {
  (void)state;
  image base = good();
  static const char *const sections[] = {"NAMES", "WORDING"};
  for (size_t i = 0; i < 2; i++) {
    image im = image_with_section(base, section_id(sections[i]), NULL, 0, 0);
    soc_policy policy;
    soc_error error;
    assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, &error), SOC_ERR_ARTIFACT);
    assert_string_equal(error.code, "string");
    free(im.bytes);
  }
  free(base.bytes);
}

// Words may come from no file of the policy.
static void words_of_no_source(void **state) {
  (void)state;
  image im = good();
  set_number(section_record(im, section_id("CELL_WORDS"), 0) + 8, 4, UINT32_MAX);
  set_number(section_record(im, section_id("RULE_WORDS"), 0) + 8, 4, UINT32_MAX);
  soc_policy policy;
  soc_cell_info cell;
  expect_accepted(im);
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  assert_int_equal(soc_policy_cell(&policy, 0, &cell), SOC_OK);
  assert_int_equal(cell.source, SOC_NO_INDEX);
  free(im.bytes);
}

// A tab, and letters and signs beside those of ASCII, the ones behind C1 among them.
static void words_in_any_alphabet(void **state) {
  (void)state;
  static const char *const texts[] = {"Section\t3", "\xc2\xa7 3", "\xc2\xa0", "\xc3\xa9t\xc3\xa9"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    builder *b = build_new();
    build_decision(b, "main", "");
    build_rule(b, (rule){.determination = SOC_REFER, .code = "R", .text = texts[i]});
    fixture f = fixture_open(b);
    decide(&f, "");
    soc_reason reason;
    assert_int_equal(soc_case_reason(f.c, 0, 0, 0, &reason), SOC_OK);
    assert_string_equal(reason.text.data, texts[i]);
    fixture_close(&f);
  }
}

// A case of so many fields that its places are not counted in 31 bits is refused, whatever memory there is.
static void more_places_than_are_counted(void **state) {
  (void)state;
  image base = good();
  uint32_t facts = section_id("FACTS");
  size_t bytes = section_record_bytes(facts),
         count = (size_t)get_number(section_entry(base, facts) + 4, 4), more = 22000;
  uint8_t *records = malloc((count + more) * bytes);
  memcpy(records, section_record(base, facts, 0), count * bytes);
  for (size_t i = 0; i < more; i++) { // each as lines[].name, the last one
    memcpy(records + (count + i) * bytes, section_record(base, facts, count - 1), bytes);
  }
  image im =
      image_with_section(base, facts, records, (count + more) * bytes, (uint32_t)(count + more));
  soc_policy policy;
  expect_accepted(im);
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  assert_true(soc_case_bytes(&policy, &(soc_case_limits){.rows = 90000}) > UINT32_MAX);
  assert_int_equal(soc_case_bytes(&policy, &(soc_case_limits){.rows = SOC_MAX_ROWS}), 0);
  free(im.bytes);
  free(records);
  free(base.bytes);
}

// One block less than what is refused with stack_depth.
static void deepest_stack(void **state) {
  (void)state;
  char code[SOC_MAX_STACK * 32] = "";
  int blocks = (int)SOC_MAX_STACK - 1;
  for (int i = 0; i < blocks; i++) {
    strcat(code, "begin all; ");
  }
  strcat(code, "fact.true flag");
  for (int i = 0; i < blocks; i++) {
    strcat(code, "; join; end");
  }
  builder *b = build_new();
  build_fact(b, "flag", "bool");
  build_cell(b, "DEEP", code);
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .when = "DEEP"});
  build_rule(b, (rule){.determination = SOC_REFER});
  fixture f = fixture_open(b);
  decide(&f, "");
  assert_string_equal(missing_of(&f, 0), "flag");
  fixture_close(&f);
}

static void arguments(void **state) {
  (void)state;
  image im = good();
  soc_policy policy;
  soc_error error;
  soc_bounds bounds;
  assert_int_equal(soc_policy_load(NULL, im.bytes, im.length, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_policy_load(&policy, NULL, 0, NULL), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_image_bounds(NULL, 0, &bounds, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_image_bounds(im.bytes, im.length, NULL, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_image_bounds(im.bytes, 10, &bounds, NULL), SOC_ERR_ARTIFACT);
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  assert_int_equal(soc_image_bounds(im.bytes, im.length, &bounds, &error), SOC_OK);
  assert_int_equal(bounds.max_stack,
                   get_number(section_record(im, section_id("POLICY"), 0) + 16, 4));
  free(im.bytes);
}

// ------------------------------------------------------------------------------------- any bytes

static void give_any(const soc_policy *policy, soc_case *c, uint32_t f) {
  soc_fact_info fact;
  assert_int_equal(soc_policy_fact(policy, f, &fact), SOC_OK);
  soc_status ignored = fact.type == SOC_DATE       ? soc_case_set_date(c, f, 0, 739000)
                       : fact.type == SOC_BOOL     ? soc_case_set_bool(c, f, 0, true)
                       : fact.type == SOC_NUMBER   ? soc_case_set_number(c, f, 0, 5000000)
                       : fact.type == SOC_RECORDS  ? soc_case_set_list(c, f, 2)
                       : fact.type == SOC_TEXT     ? soc_case_set_text(c, f, 0, "beta", 4)
                       : fact.type == SOC_CODE     ? soc_case_set_code(c, f, 0, "J3000", 5)
                       : fact.type == SOC_LINE     ? soc_case_set_line(c, f, 0, 1)
                       : fact.list != SOC_NO_INDEX ? soc_case_set_row_list(c, f, 0)
                                                   : soc_case_set_list(c, f, 0);
  if (fact.type == SOC_LINE) {
    ignored = soc_case_set_line(c, f, 1, 0); // and back again
  } else if (fact.type == SOC_CODE_LIST && fact.list != SOC_NO_INDEX) {
    ignored = soc_case_add_row_code(c, f, 0, "JW", 2);
  }
  (void)ignored;
}

static bool ignore_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  int *calls = context;
  return (node != NULL) + (fact != NULL) == 1 && ++*calls < 100000;
}

// Of the versions in any order the last one that has begun; none before the first.
static void choosing_a_version(void **state) {
  (void)state;
  enum { COUNT = 4 };
  static const int32_t days[COUNT] = {200, 100, 300, 200};
  image images[COUNT], im = good();
  soc_policy policies[COUNT];
  const soc_policy *versions[COUNT + 1] = {NULL};
  for (int i = 0; i < COUNT; i++) {
    images[i] = image_copy(im);
    set_number(section_record(images[i], section_id("POLICY"), 0) + 8, 4, (uint64_t)days[i]);
    assert_int_equal(soc_policy_load(&policies[i], images[i].bytes, images[i].length, NULL),
                     SOC_OK);
    versions[i + 1] = &policies[i];
  }
  assert_int_equal(soc_policy_choose(versions, COUNT + 1, 99), SOC_NO_INDEX);
  assert_int_equal(soc_policy_choose(versions, COUNT + 1, 100), 2);
  assert_int_equal(soc_policy_choose(versions, COUNT + 1, 199), 2);
  assert_int_equal(soc_policy_choose(versions, COUNT + 1, 299), 1); // the first of two alike
  assert_int_equal(soc_policy_choose(versions, COUNT + 1, 3000000), 3);
  assert_int_equal(soc_policy_choose(versions, 2, 3000000), 1);
  assert_int_equal(soc_policy_choose(versions, 0, 3000000), SOC_NO_INDEX);
  for (int i = 0; i < COUNT; i++) {
    free(images[i].bytes);
  }
  free(im.bytes);
}

static void read_all(soc_case *c, uint32_t decision) {
  for (uint32_t row = 0; row < soc_case_rows(c, decision); row++) {
    soc_result result;
    int calls = 0;
    assert_int_equal(soc_case_result(c, decision, row, &result), SOC_OK);
    for (uint32_t i = 0; i < result.missing_count; i++) {
      soc_fact_ref ref;
      assert_int_equal(soc_case_missing(c, decision, row, i, &ref), SOC_OK);
    }
    assert_int_equal(soc_case_explain(c, decision, row, ignore_node, &calls), SOC_OK);
    assert_true(calls < 100000);
  }
}

// Runs whatever was accepted on an empty and on a full case.
static void run_safely(const soc_policy *policy) {
  soc_case_limits limits = {.rows = 2, .items = 2};
  size_t size = soc_case_bytes(policy, &limits);
  if (size == 0 || size > 1 << 20) {
    return;
  }
  void *memory = malloc(size);
  soc_case *c;
  soc_policy_info info;
  assert_int_equal(soc_case_init(&c, policy, &limits, memory, size, NULL), SOC_OK);
  soc_policy_describe(policy, &info);
  for (int full = 0; full < 2; full++) {
    for (uint32_t f = 0; full && f < info.fact_count; f++) {
      give_any(policy, c, f);
    }
    assert_int_equal(soc_case_decide(c, SOC_DECIDE_EXPLAIN), SOC_OK);
    for (uint32_t d = 0; d < info.decision_count; d++) {
      read_all(c, d);
    }
  }
  free(memory);
}

static void load_any(const uint8_t *bytes, size_t length) {
  uint8_t *exact = malloc(length ? length : 1); // so that a sanitizer sees a read past the end
  memcpy(exact, bytes, length);
  soc_policy policy;
  soc_error error;
  soc_status status = soc_policy_load(&policy, exact, length, &error);
  if (status == SOC_OK) {
    run_safely(&policy);
  } else {
    assert_int_equal(status, SOC_ERR_ARTIFACT);
    assert_true(error.offset <= length || error.offset <= SOC_HEADER_BYTES);
  }
  free(exact);
}

// Also where the header tells the truth about it.
static void any_prefix(void **state) {
  (void)state;
  image im = good();
  for (size_t n = 0; n < im.length; n++) {
    for (int honest = 0; honest < 2; honest++) {
      set_number(im.bytes + 16, 8, honest ? n : im.length);
      load_any(im.bytes, n);
      soc_policy policy;
      assert_int_equal(soc_policy_load(&policy, im.bytes, n, NULL), SOC_ERR_ARTIFACT);
    }
  }
  free(im.bytes);
}

// Every byte set to a few values, with the stored bounds put right so that more gets past them.
static void any_byte(void **state) {
  (void)state;
  image im = good();
  static const uint8_t values[] = {0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff};
  uint8_t *stored = section_record(im, section_id("POLICY"), 0);
  for (size_t n = 0; n < im.length; n++) {
    uint8_t before = im.bytes[n];
    for (size_t v = 0; v < sizeof values; v++) {
      im.bytes[n] = values[v];
      uint8_t bounds_before[40];
      soc_bounds bounds;
      if (soc_image_bounds(im.bytes, im.length, &bounds, NULL) == SOC_OK) {
        memcpy(bounds_before, stored + 16, 40);
        soc_bounds_store(stored, &bounds);
        load_any(im.bytes, im.length);
        memcpy(stored + 16, bounds_before, 40);
      } else {
        load_any(im.bytes, im.length);
      }
    }
    im.bytes[n] = before;
  }
  free(im.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sections_of_later_releases),
      cmocka_unit_test(most_sections),
      cmocka_unit_test(tables_of_their_own),
      cmocka_unit_test(no_strings),
      cmocka_unit_test(words_of_no_source),
      cmocka_unit_test(words_in_any_alphabet),
      cmocka_unit_test(more_places_than_are_counted),
      cmocka_unit_test(deepest_stack),
      cmocka_unit_test(arguments),
      cmocka_unit_test(choosing_a_version),
      cmocka_unit_test(any_prefix),
      cmocka_unit_test(any_byte),
  };
  return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
