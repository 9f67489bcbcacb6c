// SPDX-License-Identifier: Apache-2.0
//
// The calendar of the VM against the oracle's, which counts: every day for two centuries, the ends, and random days.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "choice.h"
#include "soc/vm.h"
#include "tests/oracle/calendar.h"

static void compare(int32_t day) {
  struct oracle_date mine = oracle_date_of(day);
  int32_t year, month, d, back;
  soc_date_split(day, &year, &month, &d);
  assert_int_equal(year, mine.year);
  assert_int_equal(month, mine.month);
  assert_int_equal(d, mine.day);
  assert_true(soc_date_make(year, month, d, &back));
  assert_int_equal(back, day);
  assert_int_equal(oracle_day_of(mine), day);
}

static void known_days(void **state) {
  (void)state;
  int32_t day;
  assert_true(soc_date_make(1, 1, 1, &day));
  assert_int_equal(day, 0);
  assert_true(soc_date_make(1970, 1, 1, &day));
  assert_int_equal(day, 719162); // the same in every proleptic Gregorian calendar
  assert_true(soc_date_make(9999, 12, 31, &day));
  assert_int_equal(day, ORACLE_LAST_DAY);
}

static void every_day_of_two_centuries(void **state) {
  (void)state;
  for (int32_t day = 693000; day < 767000; day++) compare(day);
}

static void the_ends_and_random_days(void **state) {
  (void)state;
  uint64_t random = 20241122;
  for (int32_t day = 0; day < 1500; day++) compare(day);
  for (int32_t day = ORACLE_LAST_DAY - 1500; day <= ORACLE_LAST_DAY; day++) compare(day);
  for (int i = 0; i < 50000; i++) compare((int32_t)(random_next(&random) % (ORACLE_LAST_DAY + 1)));
}

// Dates that do not exist, around every month of every kind of year.
static void dates_that_do_not_exist(void **state) {
  (void)state;
  static const int32_t years[] = {-1, 0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999, 10000};
  int32_t day;
  for (size_t y = 0; y < sizeof years / sizeof years[0]; y++) {
    for (int32_t month = -1; month <= 14; month++) {
      for (int32_t d = -1; d <= 33; d++) {
        bool exists = years[y] >= 1 && years[y] <= 9999 && month >= 1 && month <= 12 && d >= 1 &&
                      d <= oracle_month_length(years[y], month);
        assert_int_equal(soc_date_make(years[y], month, d, &day), exists);
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_days),
      cmocka_unit_test(every_day_of_two_centuries),
      cmocka_unit_test(the_ends_and_random_days),
      cmocka_unit_test(dates_that_do_not_exist),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
