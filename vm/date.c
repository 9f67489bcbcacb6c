// SPDX-License-Identifier: Apache-2.0
//
// Calendar arithmetic; see vm/date.h. Years are counted from 1 March inside, so that the leap day comes last.
#include "vm/date.h"

#include <stdbool.h>

#include "soc/vm.h"
#include "vm/code.h"

#define DAYS_400_YEARS 146097
#define MARCH_0000 306    // days from 0000-03-01 to 0001-01-01
#define LAST_MONTH 119987 // months from 0001-01 to 9999-12

typedef struct date {
  int32_t year, month, day;
} date;

static bool leap(int32_t year) {
  return year % 4 == 0 && (year % 16 == 0 || year % 25 != 0); // of full centuries every fourth
}

static int32_t month_length(int32_t year, int32_t month) {
  static const int8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : lengths[month - 1];
}

static inline int32_t days_of(int32_t year, int32_t month, int32_t day) {
  uint32_t before_march = month <= 2, months = (uint32_t)month + 12 * before_march - 3;
  uint32_t years = (uint32_t)year - before_march, centuries = years / 100;
  uint32_t days = 365 * years + years / 4 - centuries + centuries / 4 + (153 * months + 2) / 5;
  return (int32_t)days + day - 1 - MARCH_0000;
}

static date date_of(int32_t days) {
  int32_t n = days + MARCH_0000;
  int32_t era = n / DAYS_400_YEARS;
  int32_t in_era = n % DAYS_400_YEARS;
  int32_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  int32_t in_year = in_era - (365 * year + year / 4 - year / 100);
  int32_t month = (5 * in_year + 2) / 153;
  date d = {era * 400 + year, month < 10 ? month + 3 : month - 9,
            in_year - (153 * month + 2) / 5 + 1};
  d.year += d.month <= 2;
  return d;
}

bool soc_date_make(int32_t year, int32_t month, int32_t day, int32_t *days) {
  if ((uint32_t)year - 1 > 9998 || (uint32_t)month - 1 > 11 || day < 1 ||
      (day > 28 && day > month_length(year, month))) {
    return false;
  }
  *days = days_of(year, month, day);
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
  int32_t length = month_length(d.year, d.month);
  d.day = d.day < length ? d.day : length;
  return days_of(d.year, d.month, d.day);
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
