// SPDX-License-Identifier: Apache-2.0
//
// Calendar arithmetic; see vm/date.h. Years are counted from 1 March inside, so that the leap day comes last.
#include "vm/date.h"

#include "soc/vm.h"
#include "vm/code.h"

#define DAYS_400_YEARS 146097
#define LAST_MONTH 119987 // months from 0001-01 to 9999-12

typedef struct date {
  int32_t year, month, day;
} date;

// Multiplications in place of divisions, after Neri and Schneider, "Euclidean affine functions and their application to
// calendar algorithms" (2021); the test of dates compares it for every day there is.
static date date_of(int32_t days) {
  uint32_t quarters = 4 * (uint32_t)(days + VM_MARCH_0000) + 3; // of days
  uint32_t century = quarters / DAYS_400_YEARS, in_century = quarters % DAYS_400_YEARS | 3;
  uint64_t years = UINT64_C(2939745) * in_century; // 2^32 to a year
  uint32_t in_year = (uint32_t)years / 2939745 / 4;
  uint32_t months = 2141 * in_year + 197913; // 2^16 to a month, from 3 on
  uint32_t after_december = in_year >= 306;
  return (date){(int32_t)(100 * century + (uint32_t)(years >> 32) + after_december),
                (int32_t)((months >> 16) - 12 * after_december),
                (int32_t)((months & 0xffff) / 2141 + 1)};
}

bool soc_date_make(int32_t year, int32_t month, int32_t day, int32_t *days) {
  if (!vm_date_is(year, month, day)) {
    return false;
  }
  *days = vm_days_of(year, month, day);
  return true;
}

void soc_date_split(int32_t days, int32_t *year, int32_t *month, int32_t *day) {
  int32_t inside = days < 0 ? 0 : days > SOC_DAY_MAX ? SOC_DAY_MAX : days;
  date d = date_of(inside);
  *year = d.year;
  *month = d.month;
  *day = d.day;
}

int64_t vm_date_add_days(int64_t day, int64_t days) {
  if (days > SOC_DAY_MAX - day) {
    return SOC_DAY_MAX;
  }
  return days < -day ? 0 : day + days;
}

int64_t vm_date_add_months(int64_t day, int64_t months) {
  date d = date_of((int32_t)day);
  int64_t month = (int64_t)(d.year - 1) * 12 + d.month - 1;
  if (months > LAST_MONTH - month) {
    return SOC_DAY_MAX;
  }
  if (months < -month) {
    return 0;
  }
  month += months;
  d.year = (int32_t)(month / 12) + 1;
  d.month = (int32_t)(month % 12) + 1;
  int32_t length = vm_month_length(d.year, d.month);
  d.day = d.day < length ? d.day : length;
  return vm_days_of(d.year, d.month, d.day);
}

// So many days around the end of a year may the calendar differ from years of 365.2425 days each; the true figure is
// below 3.
#define YEAR_DOUBT INT64_C(4)

int64_t vm_date_years(int64_t later, int64_t earlier) {
  int64_t parts =
      (later - earlier) * 400; // of which a mean year has as many as 400 years have days
  int64_t years = parts / DAYS_400_YEARS, rest = parts % DAYS_400_YEARS;
  if (rest >= YEAR_DOUBT * 400 && rest <= DAYS_400_YEARS - YEAR_DOUBT * 400) {
    return years;
  }
  date a = date_of((int32_t)later), b = date_of((int32_t)earlier);
  bool before = a.month < b.month || (a.month == b.month && a.day < b.day);
  return a.year - b.year - before;
}
