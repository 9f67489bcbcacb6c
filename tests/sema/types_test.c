// SPDX-License-Identifier: Apache-2.0
//
// From the text of a literal to its number: tables of what is read and what is refused.
#include "support.h"

#include "vm/pack.h"

static void numbers_are_exact(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum number_fault fault;
    int64_t micro;
  } rows[] = {
      {"0", NUMBER_FINE, 0},
      {"50", NUMBER_FINE, 50000000},
      {"0.5", NUMBER_FINE, 500000},
      {"0.000001", NUMBER_FINE, 1},
      {"999999999.999999", NUMBER_FINE, INT64_C(999999999999999)},
      {"000000000012", NUMBER_FINE, 12000000},
      {"1000000000", NUMBER_TOO_LONG, 0},
      {"0.0000001", NUMBER_TOO_FINE, 0},
      {"1.50000000", NUMBER_TOO_FINE, 0},
      {"", NUMBER_MALFORMED, 0},
      {".5", NUMBER_MALFORMED, 0},
      {"1x", NUMBER_MALFORMED, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int64_t micro;
    assert_int_equal(number_parse(str_of(rows[i].text), &micro), rows[i].fault);
    if (rows[i].fault == NUMBER_FINE) assert_int_equal(micro, rows[i].micro);
  }
}

static void dates_exist(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool exists;
    uint32_t month_days;
  } rows[] = {
      {"0001-01-01", true, 0},   {"9999-12-31", true, 0},   {"2024-02-29", true, 0},
      {"2000-02-29", true, 0},   {"2023-02-29", false, 28}, {"1900-02-29", false, 28},
      {"2024-02-30", false, 29}, {"2024-04-31", false, 30}, {"2024-12-32", false, 31},
      {"2024-13-01", false, 0},  {"2024-00-01", false, 0},  {"2024-01-00", false, 0},
      {"0000-01-01", false, 0},  {"2024-1-1", false, 0},    {"2024/01/01", false, 0},
      {"2024-01-0a", false, 0},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    int32_t days;
    uint32_t month_days;
    assert_int_equal(date_parse(str_of(rows[i].text), &days, &month_days), rows[i].exists);
    assert_int_equal(month_days, rows[i].month_days);
  }
}

static void codes_are_words(void **state) {
  (void)state;
  static const char *const good[] = {"J1745", "0", "001", "ABCDEFGHIJKL", "0001A"};
  static const char *const bad[] = {"", "ABCDEFGHIJKLM", "j1745", "J17.5", "J 1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_true(code_is_word(str_of(good[i])));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(code_is_word(str_of(bad[i])));
}

static void the_next_code_leaves_none_out(void **state) {
  (void)state;
  static const struct {
    const char *code, *next;
  } rows[] = {
      {"J1745", "J17450"},
      {"ABCDEFGHIJK0", "ABCDEFGHIJK1"},
      {"ABCDEFGHIJK9", "ABCDEFGHIJKA"},
      {"ABCDEFGHIJKZ", "ABCDEFGHIJL"},
      {"D37ZZZZZZZZZ", "D38"},
      {"D39ZZZZZZZZZ", "D3A"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(code_after(code_pack(str_of(rows[i].code))), code_pack(str_of(rows[i].next)));
  assert_int_equal(code_after(code_pack(str_of("ZZZZZZZZZZZZ"))), 0);
  assert_int_equal(code_prefix_end(str_of("D37")), code_pack(str_of("D37ZZZZZZZZZ")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_exact),
      cmocka_unit_test(dates_exist),
      cmocka_unit_test(codes_are_words),
      cmocka_unit_test(the_next_code_leaves_none_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
