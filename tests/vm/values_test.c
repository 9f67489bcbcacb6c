// SPDX-License-Identifier: Apache-2.0
//
// Dates, codes and texts as numbers.
#include "support.h"

#include <string.h>

#include "vm/code.h"
#include "vm/date.h"
#include "vm/pack.h"
#include "vm/pool.h"
#include "vm/version.h"

static int32_t day(int32_t y, int32_t m, int32_t d) {
  int32_t days = -1;
  assert_true(soc_date_make(y, m, d, &days));
  return days;
}

static void calendar_ends(void **state) {
  (void)state;
  assert_int_equal(day(1, 1, 1), 0);
  assert_int_equal(day(9999, 12, 31), SOC_DAY_MAX);
  assert_int_equal(day(1970, 1, 1), 719162);
  assert_int_equal(day(2000, 2, 29), 730178);
}

static void no_such_dates(void **state) {
  (void)state;
  static const int32_t bad[][3] = {{0, 1, 1},     {10000, 1, 1}, {2024, 0, 1},  {2024, 13, 1},
                                   {2024, 1, 0},  {2024, 1, 32}, {2023, 2, 29}, {1900, 2, 29},
                                   {2024, 2, 30}, {2024, 4, 31}, {-1, 5, 5}};
  int32_t days;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_false(soc_date_make(bad[i][0], bad[i][1], bad[i][2], &days));
  }
}

static void every_day_both_ways(void **state) {
  (void)state;
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int32_t expected = 0, y, m, d;
  for (int32_t year = 1; year <= 9999; year++) {
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int32_t month = 1; month <= 12; month++) {
      for (int32_t n = 1; n <= lengths[month - 1] + (month == 2 && leap); n++, expected++) {
        int32_t made = -1;
        if (!soc_date_make(year, month, n, &made) || made != expected) {
          fail_msg("%d-%d-%d", year, month, n);
        }
        soc_date_split(expected, &y, &m, &d);
        if (y != year || m != month || d != n) {
          fail_msg("day %d", expected);
        }
      }
    }
  }
  assert_int_equal(expected, SOC_DAY_MAX + 1);
  soc_date_split(-5, &y, &m, &d);
  assert_int_equal(y, 1);
  soc_date_split(SOC_DAY_MAX + 5, &y, &m, &d);
  assert_int_equal(y * 10000 + m * 100 + d, 99991231);
}

static void months(void **state) {
  (void)state;
  assert_int_equal(vm_date_add_months(day(2024, 1, 31), 1), day(2024, 2, 29));
  assert_int_equal(vm_date_add_months(day(2023, 1, 31), 1), day(2023, 2, 28));
  assert_int_equal(vm_date_add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
  assert_int_equal(vm_date_add_months(day(2024, 2, 29), 48), day(2028, 2, 29));
  assert_int_equal(vm_date_add_months(day(2024, 8, 31), 6), day(2025, 2, 28));
  assert_int_equal(vm_date_add_months(day(2024, 12, 15), 1), day(2025, 1, 15));
  assert_int_equal(vm_date_add_months(day(2024, 1, 15), -1), day(2023, 12, 15));
  assert_int_equal(vm_date_add_months(day(2024, 3, 31), -1), day(2024, 2, 29));
  assert_int_equal(vm_date_add_months(day(9999, 12, 1), 1), SOC_DAY_MAX);
  assert_int_equal(vm_date_add_months(day(9999, 11, 5), 1), day(9999, 12, 5));
  assert_int_equal(vm_date_add_months(day(1, 1, 20), -1), 0);
  assert_int_equal(vm_date_add_months(day(1, 2, 20), -1), day(1, 1, 20));
  assert_int_equal(vm_date_add_months(day(2024, 1, 1), INT64_MAX), SOC_DAY_MAX);
  assert_int_equal(vm_date_add_months(day(2024, 1, 1), INT64_MIN), 0);
}

static void days(void **state) {
  (void)state;
  assert_int_equal(vm_date_add_days(day(2024, 2, 28), 1), day(2024, 2, 29));
  assert_int_equal(vm_date_add_days(day(2024, 3, 1), -1), day(2024, 2, 29));
  assert_int_equal(vm_date_add_days(SOC_DAY_MAX, 1), SOC_DAY_MAX);
  assert_int_equal(vm_date_add_days(0, -1), 0);
  assert_int_equal(vm_date_add_days(5, INT64_MAX), SOC_DAY_MAX);
  assert_int_equal(vm_date_add_days(5, INT64_MIN), 0);
}

static void years(void **state) {
  (void)state;
  assert_int_equal(vm_date_years(day(2024, 5, 1), day(2011, 5, 1)), 13);
  assert_int_equal(vm_date_years(day(2024, 4, 30), day(2011, 5, 1)), 12);
  assert_int_equal(vm_date_years(day(2025, 2, 28), day(2012, 2, 29)),
                   12); // 29 February, 13 on 1 March
  assert_int_equal(vm_date_years(day(2025, 3, 1), day(2012, 2, 29)), 13);
  assert_int_equal(vm_date_years(day(2028, 2, 28), day(2012, 2, 29)), 15);
  assert_int_equal(vm_date_years(day(2028, 2, 29), day(2012, 2, 29)), 16);
  assert_int_equal(vm_date_years(day(2024, 1, 1), day(2024, 1, 1)), 0);
  assert_int_equal(vm_date_years(day(2023, 12, 31), day(2024, 1, 1)), -1);
}

// ------------------------------------------------------------------------------------------- codes

static uint64_t packed(const char *text) {
  uint64_t value = 0;
  assert_true(soc_code_pack(text, strlen(text), &value));
  return value;
}

static void codes_round_trip(void **state) {
  (void)state;
  static const char *const codes[] = {
      "0", "Z", "J1745", "96365", "K5090", "123456789012", "ZZZZZZZZZZZZ", "A", "00", "0123"};
  char text[13];
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    assert_int_equal(soc_code_unpack(packed(codes[i]), text), strlen(codes[i]));
    assert_string_equal(text, codes[i]);
    assert_true(soc_code_valid(packed(codes[i])));
  }
  assert_true(packed("j1745") == packed("J1745"));
}

static void codes_keep_their_order(void **state) {
  (void)state;
  static const char *const ascending[] = {
      "0",     "00", "01",          "011",    "0110",         "011Z", "011ZZZZZZZZZ",
      "012",   "1",  "96360",       "963601", "96379",        "9Z",   "A",
      "A0",    "AA", "C96",         "C960",   "C96ZZZZZZZZZ", "D00",  "J1745",
      "J1746", "Z",  "ZZZZZZZZZZZZ"};
  for (size_t i = 1; i < sizeof ascending / sizeof *ascending; i++) {
    assert_true(packed(ascending[i - 1]) < packed(ascending[i]));
  }
}

static void no_codes(void **state) {
  (void)state;
  static const char *const bad[] = {
      "", "1234567890123", "J-1", "J 1", " J1", "\xc3\x84", "J1.5", "@", "[", "`", "{", "/", ":"};
  uint64_t value;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_false(soc_code_pack(bad[i], strlen(bad[i]), &value));
  }
  assert_false(soc_code_pack("A\0B", 3, &value));
  assert_false(soc_code_valid(0));
  assert_false(soc_code_valid(UINT64_MAX));
  assert_false(soc_code_valid(packed("ZZZZZZZZZZZZ") + 1));
  assert_false(soc_code_valid(packed("A") + 1)); // a hole inside
  assert_false(soc_code_valid(1));
  assert_false(soc_code_valid(packed("1") +
                              UINT64_C(419430400000000000) * 40)); // more than twelve characters
  char text[13] = "x";
  assert_int_equal(soc_code_unpack(0, text), 0);
  assert_string_equal(text, "");
}

// ------------------------------------------------------------------------------------------- texts

static void texts_fold(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"", ""},
      {" ", ""},
      {"A", "a"},
      {"  Remicade  ", "remicade"},
      {"Stelara   SC", "stelara sc"},
      {" A  b   C ", "a b c"},
      {"\xc3\x84 B", "\xc3\x84 b"},
      {"a\tb", "a\tb"},
  };
  char out[64];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t n = soc_text_fold(rows[i][0], strlen(rows[i][0]), out);
    assert_int_equal(n, strlen(rows[i][1]));
    assert_memory_equal(out, rows[i][1], n);
    assert_int_equal(soc_text_compare(rows[i][0], strlen(rows[i][0]), rows[i][1], n), 0);
  }
  assert_true(soc_text_compare("ab", 2, "abc", 3) < 0);
  assert_true(soc_text_compare("abcd", 4, "abc", 3) > 0);
  assert_true(soc_text_compare("B", 1, "a", 1) > 0);
  assert_true(soc_text_compare("\xc3\xa4", 2, "z", 1) > 0);
}

static void names_of_determinations(void **state) {
  (void)state;
  assert_string_equal(soc_determination_name(SOC_APPROVE), "approve");
  assert_string_equal(soc_determination_name(SOC_NOT_ADDRESSED), "not_addressed");
  assert_string_equal(soc_determination_name(SOC_DETERMINATION_COUNT), "");
  assert_string_equal(soc_vm_version(), SOC_VERSION);
}

static void pools(void **state) {
  (void)state;
  uint64_t memory[4];
  vm_pool measured = {0}, taken = {.memory = (unsigned char *)memory};
  assert_null(vm_pool_take(&measured, 3, 4));
  assert_null(vm_pool_take(&measured, 2, 8));
  assert_int_equal(vm_pool_bytes(&measured), sizeof memory);
  assert_ptr_equal(vm_pool_take(&taken, 3, 4), memory);
  assert_ptr_equal(vm_pool_take(&taken, 2, 8), memory + 2);
  assert_int_equal(vm_pool_bytes(&taken), sizeof memory);
}

// Once more is asked for than memory can have, it stays so.
static void pools_of_more_than_there_is(void **state) {
  (void)state;
  static const uint64_t too_much[][2] = {
      {UINT64_MAX, 1}, {UINT64_MAX / 8 + 2, 8}, {UINT64_MAX, UINT64_MAX}, {(uint64_t)SIZE_MAX, 1}};
  for (size_t i = 0; i < sizeof too_much / sizeof *too_much; i++) {
    vm_pool pool = {0};
    assert_null(vm_pool_take(&pool, 1, 8));
    assert_null(vm_pool_take(&pool, too_much[i][0], too_much[i][1]));
    assert_int_equal(vm_pool_bytes(&pool), 0);
    assert_null(vm_pool_take(&pool, 1, 1));
    assert_int_equal(vm_pool_bytes(&pool), 0);
  }
}

// What libraries above soc_vm ask of the one that they meet.
static void libraries_of_one_release(void **state) {
  (void)state;
  assert_true(vm_is_own(SOC_VM_LAYOUT, SOC_VERSION));
  assert_false(vm_is_own(SOC_VM_LAYOUT + 1, SOC_VERSION));
  assert_false(vm_is_own(SOC_VM_LAYOUT, SOC_VERSION "0"));
  char other[] = SOC_VERSION;
  other[0]++;
  assert_false(vm_is_own(SOC_VM_LAYOUT, other));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calendar_ends),
      cmocka_unit_test(no_such_dates),
      cmocka_unit_test(every_day_both_ways),
      cmocka_unit_test(months),
      cmocka_unit_test(days),
      cmocka_unit_test(years),
      cmocka_unit_test(codes_round_trip),
      cmocka_unit_test(codes_keep_their_order),
      cmocka_unit_test(no_codes),
      cmocka_unit_test(texts_fold),
      cmocka_unit_test(names_of_determinations),
      cmocka_unit_test(pools),
      cmocka_unit_test(pools_of_more_than_there_is),
      cmocka_unit_test(libraries_of_one_release),
  };
  return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
