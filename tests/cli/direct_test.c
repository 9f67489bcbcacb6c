// SPDX-License-Identifier: Apache-2.0
//
// The direct reader: what it takes and what it leaves to the library, and that both make the same of a text, also of
// one with random changes.
#include "cli_test.h"
#include "same_case.h"

#include "cli/case_internal.h"

#include <stdio.h>
#include <stdlib.h>

static const struct case_limits plain = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, false};
static struct vocabulary_index vocabulary;
static struct case_reader *reader, *library;

static int open_readers(void **state) {
  (void)state;
  if (!vocabulary_index_open(&vocabulary)) return -1;
  reader = case_reader_new(&vocabulary, &plain);
  library = case_reader_new(&vocabulary, &plain);
  return reader && library ? 0 : -1;
}

static int close_readers(void **state) {
  (void)state;
  case_reader_free(reader);
  case_reader_free(library);
  vocabulary_index_close(&vocabulary);
  return 0;
}

// Read first as any case is, so that nothing of the case before is left.
static bool takes(struct case_reader *r, const char *text) {
  char padded[4096] = {0};
  size_t length = strlen(text);
  assert_true(length < sizeof padded - CASE_PADDING);
  memcpy(padded, text, length);
  (void)case_read_json(r, "{}", 2);
  return case_read_direct(r, padded, length);
}

// Looks a name up as it stands in JSON.
static uint32_t find(const struct name_table *t, soc_text name) {
  char text[256] = {0};
  assert_true(name.length + NAME_PADDING < sizeof text);
  memcpy(text, name.data, name.length);
  text[name.length] = '"';
  struct named named = name_table_find(t, text);
  if (named.index != SOC_NO_INDEX) assert_int_equal(named.length, name.length);
  return named.index;
}

static void every_name_has_its_place(void **state) {
  (void)state;
  for (uint32_t i = 1; i < vocabulary.node_count; i++) {
    const struct vocabulary_node *n = &vocabulary.nodes[i];
    assert_int_equal(find(&vocabulary.child_names[n->parent], n->name), i);
  }
  assert_int_equal(find(&vocabulary.child_names[0], (soc_text){"id", 2}), vocabulary.node_count);
  for (uint32_t i = 0; i < vocabulary.fact_count; i++) {
    for (uint32_t k = 0; k < vocabulary.facts[i].value_count; k++)
      assert_int_equal(
          find(&vocabulary.value_names[i], soc_vocabulary_value(vocabulary.vocabulary, i, k)), k);
  }
}

static void names_are_found(void **state) {
  static const soc_text names[] = {{"a", 1},
                                   {"ab", 2},
                                   {"abcdefg", 7},
                                   {"abcdefgh", 8},
                                   {"abcdefghijklmno", 15},
                                   {"abcdefghijklmnop", 16},
                                   {"abcdefghijklmnopqrstuvwxyz", 26},
                                   {"abcdefgx", 8},
                                   {"", 0}};
  static const uint32_t index[] = {8, 7, 6, 5, 4, 3, 2, 1, 0};
  static const soc_text others[] = {{"b", 1},
                                    {"abc", 3},
                                    {"ab\0", 3}, // bytes behind a name are zeros, these are not
                                    {"abcdefgi", 8},
                                    {"abcdefghijklmn", 14},
                                    {"abcdefghijklmnoq", 16},
                                    {"abcdefghijklmnopqrztuvwxyz", 26},
                                    {"abcdefghijklmnop\\", 17}};
  struct name_table t = {0};
  (void)state;
  assert_true(name_table_build(&t, names, index, 9));
  assert_true(t.complete);
  for (uint32_t i = 0; i < 9; i++) assert_int_equal(find(&t, names[i]), index[i]);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    assert_int_equal(find(&t, others[i]), SOC_NO_INDEX);
  name_table_free(&t);
}

static void no_name_is_found_where_none_is(void **state) {
  struct name_table t = {0};
  (void)state;
  assert_true(name_table_build(&t, NULL, NULL, 0));
  assert_int_equal(find(&t, (soc_text){"", 0}), SOC_NO_INDEX);
  assert_int_equal(find(&t, (soc_text){"abc", 3}), SOC_NO_INDEX);
  name_table_free(&t);
}

static void gives_up_names_that_cannot_be_told_apart(void **state) {
  // The same first sixteen and last eight bytes and length.
  static const soc_text names[] = {{"aaaaaaaabbbbbbbb1cccccccc", 25},
                                   {"aaaaaaaabbbbbbbb2cccccccc", 25}};
  static const uint32_t index[] = {0, 1};
  struct name_table t = {0};
  (void)state;
  assert_true(name_table_build(&t, names, index, 2));
  assert_false(t.complete);
  assert_int_equal(find(&t, names[0]), SOC_NO_INDEX);
  name_table_free(&t);
}

// Everything that is common in cases: if one of these were left to the library, it would only be slow.
static const char *const common[] = {
    "{}",
    " { } \r\n",
    "{\"id\":\"p-1\"}",
    "{\"id\":\"\",\"member\":{}}",
    "{\"id\":\"J\xc3\xbcrgen \xe2\x80\x93 \xf0\x9f\x92\x89\",\"service\":{\"drug\":\"\xc3\xbc\"}}",
    "{\"member\":{\"birth_date\":\"1980-05-01\",\"line_of_business\":\"commercial\"}}",
    "{ \"service\" : { \"code\" : \"J1745\" ,\t\"drug\" : \"Inflectra 100 mg (IV)\" } }",
    "{\"service\":{\"provider_in_network\":true,\"self_administered\":false}}",
    "{\"clinical\":{\"diagnosis_codes\":[],\"fvc_percent_predicted\":null}}",
    "{\"clinical\":{\"diagnosis_codes\":[ \"K5090\" , \"M1A9XX1\" ]}}",
    "{\"clinical\":{\"unsafe_sites\":[\"home\"]}}",
    "{\"clinical\":{\"fvc_percent_predicted\":39.999999}}",
    "{\"access\":{\"infusion_center_miles\":0}}",
    "{\"access\":{\"infusion_center_miles\":0.5}}",
    "{\"access\":{\"infusion_center_miles\":12.50}}",
    "{\"therapy\":{\"dosing_interval_days\":56,\"previous_course_last_dose_date\":null}}",
    "{\"therapy\":{\"dosing_interval_days\":56.0}}",
    "{\"clinical\":{\"adverse_events\":[]}}",
    "{\"clinical\":{\"adverse_events\":[{},{\"severity\":\"mild\",\"date\":\"2024-02-29\"}]}}",
    "{\"claim\":{\"lines\":[{\"number\":1,\"modifiers\":[\"59\",\"JW\"],\"units\":1.5}]}}",
    "{\"claim\":{\"lines\":[{\"number\":1},\n{\"number\":2,\"related_line\":1}]}}",
    "{\"claim\":{\"lines\":[{\"number\":7,\"code\":\"96365\",\"drug_name\":\"x\"}]}}",
};

// What is rare, and what is wrong.
static const char *const rare[] = {
    "",
    "7",
    "[]",
    "{",
    "{}}",
    "{} x",
    "{,}",
    "{\"id\":\"a\",}",
    "{\"id\":\"a\" \"member\":{}}",
    "{\"id\" \"a\"}",
    "{id:1}",
    "{\"id\":7}",
    "{\"id\":\"a\",\"id\":\"a\"}",
    "{\"id\":\"\\u0041\"}",
    "{\"id\":\"J\xc3rgen\"}",
    "{\"id\":\"J\xc3\"}",
    "{\"id\":\"\xed\xa0\x80\"}",
    "{\"id\":\"\xe2\x80",
    "{\"id\":\"a\tb\"}",
    "{\"id\":\"a",
    "{\"i\\u0064\":\"a\"}",
    "{\"member\":null}",
    "{\"member\":[]}",
    "{\"member\":{\"birth_date\":null}}",
    "{\"member\":{\"birth_date\":\"1980-5-01\"}}",
    "{\"member\":{\"birth_date\":\"1980-02-30\"}}",
    "{\"member\":{\"birth_date\":\"19800501\"}}",
    "{\"member\":{\"birth_date\":\"0000-05-01\"}}",
    "{\"member\":{\"birth_date\":19800501}}",
    "{\"member\":{\"birth_date\":\"1980-05-01\",\"birth_date\":\"1980-05-01\"}}",
    "{\"member\":{},\"member\":{}}",
    "{\"member\":{\"nickname\":\"x\"}}",
    "{\"member\":{\"line_of_business\":\"Commercial\"}}",
    "{\"member\":{\"line_of_business\":1}}",
    "{\"service\":{\"code\":\"j1745\"}}",
    "{\"service\":{\"code\":\"J17450\"}}",
    "{\"service\":{\"code\":\"J174\"}}",
    "{\"service\":{\"code\":\"J174 \"}}",
    "{\"service\":{\"code\":\"\"}}",
    "{\"service\":{\"code\":1745}}",
    "{\"service\":{\"drug\":5}}",
    "{\"service\":{\"drug\":\"a\\\"b\"}}",
    "{\"service\":{\"self_administered\":falsy}}",
    "{\"service\":{\"self_administered\":\"true\"}}",
    "{\"clinical\":{\"fvc_percent_predicted\":nul}}",
    "{\"clinical\":{\"fvc_percent_predicted\":-1}}",
    "{\"clinical\":{\"fvc_percent_predicted\":1e2}}",
    "{\"clinical\":{\"fvc_percent_predicted\":01}}",
    "{\"clinical\":{\"fvc_percent_predicted\":1.}}",
    "{\"clinical\":{\"fvc_percent_predicted\":.5}}",
    "{\"clinical\":{\"fvc_percent_predicted\":1.0000000}}",
    "{\"clinical\":{\"fvc_percent_predicted\":1234567890}}",
    "{\"clinical\":{\"fvc_percent_predicted\":\"40\"}}",
    "{\"clinical\":{\"diagnosis_codes\":\"K5090\"}}",
    "{\"clinical\":{\"diagnosis_codes\":[\"K5090\",]}}",
    "{\"clinical\":{\"diagnosis_codes\":[\"K5090\" \"K5090\"]}}",
    "{\"clinical\":{\"diagnosis_codes\":[null]}}",
    "{\"clinical\":{\"unsafe_sites\":[\"moon\"]}}",
    "{\"clinical\":{\"adverse_events\":[1]}}",
    "{\"clinical\":{\"adverse_events\":[{}",
    "{\"clinical\":{\"adverse_events\":{}}}",
    "{\"therapy\":{\"dosing_interval_days\":1.5}}",
    "{\"claim\":{\"lines\":[{\"code\":\"96365\"}]}}",
    "{\"claim\":{\"lines\":[{\"number\":1},{\"number\":1}]}}",
    "{\"claim\":{\"lines\":[{\"number\":1,\"related_line\":1}]}}",
    "{\"claim\":{\"lines\":[{\"number\":1,\"related_line\":2}]}}",
};

static void takes_what_is_common(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
    if (!takes(reader, common[i])) fail_msg("left to the library: %s", common[i]);
  }
}

static void leaves_what_is_rare(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rare / sizeof *rare; i++) {
    // Some of these are right; the direct reader may learn them, but not by accident.
    if (takes(reader, rare[i])) fail_msg("taken: %s", rare[i]);
  }
}

static void check_same(const char *text, size_t length) {
  const struct case_data *a = case_read_json(reader, text, length);
  const struct case_data *b = case_read_by_library(library, text, length);
  if (!same_case(a, b))
    fail_msg("%.*s\n  directly: %s, by the library: %s", (int)length, text,
             a->error.code ? a->error.code : "values", b->error.code ? b->error.code : "values");
}

static void both_read_the_same(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof common / sizeof *common; i++)
    check_same(common[i], strlen(common[i]));
  for (size_t i = 0; i < sizeof rare / sizeof *rare; i++) check_same(rare[i], strlen(rare[i]));
}

static uint32_t draw(uint64_t *state, uint32_t below) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(*state >> 33) % below;
}

// Every text cut at every place, and with one, two or three bytes put in the place of others.
static void both_read_the_same_of_broken_texts(void **state) {
  static const char bytes[] = "{}[]\":,\\ \n0123456789.-eEanJ\x01\x7f\xc3\xbc\xed\xa0";
  uint64_t seed = 1;
  (void)state;
  for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
    char text[512];
    size_t length = strlen(common[i]);
    for (size_t cut = 0; cut < length; cut++) check_same(common[i], cut);
    for (int turn = 0; turn < 1500; turn++) {
      memcpy(text, common[i], length);
      for (uint32_t n = draw(&seed, 3) + 1; n > 0; n--)
        text[draw(&seed, (uint32_t)length)] = bytes[draw(&seed, sizeof bytes)];
      check_same(text, length);
    }
  }
}

static void respects_limits(void **state) {
  static const struct case_limits limits[] = {{CASE_BYTES, 4, CASE_ITEMS, false},
                                              {CASE_BYTES, CASE_DEPTH, 1, false},
                                              {40, CASE_DEPTH, CASE_ITEMS, false},
                                              {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, true}};
  (void)state;
  for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
    struct case_reader *r = case_reader_new(&vocabulary, &limits[k]);
    struct case_reader *l = case_reader_new(&vocabulary, &limits[k]);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
      assert_true(same_case(case_read_json(r, common[i], strlen(common[i])),
                            case_read_by_library(l, common[i], strlen(common[i]))));
    case_reader_free(r);
    case_reader_free(l);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_name_has_its_place),
      cmocka_unit_test(names_are_found),
      cmocka_unit_test(no_name_is_found_where_none_is),
      cmocka_unit_test(gives_up_names_that_cannot_be_told_apart),
      cmocka_unit_test(takes_what_is_common),
      cmocka_unit_test(leaves_what_is_rare),
      cmocka_unit_test(both_read_the_same),
      cmocka_unit_test(both_read_the_same_of_broken_texts),
      cmocka_unit_test(respects_limits),
  };
  return cmocka_run_group_tests(tests, open_readers, close_readers);
}
