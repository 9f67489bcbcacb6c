// SPDX-License-Identifier: Apache-2.0
//
// Calendar by counting; see calendar.h.
#include "calendar.h"

#include <stdbool.h>

static bool leap(int32_t year) {
  if (year % 400 == 0) return true;
  if (year % 100 == 0) return false;
  return year % 4 == 0;
}

static int32_t year_length(int32_t year) {
  return leap(year) ? 366 : 365;
}

int32_t oracle_month_length(int32_t year, int32_t month) {
  switch (month) {
  case 2: return leap(year) ? 29 : 28;
  case 4:
  case 6:
  case 9:
  case 11: return 30;
  default: return 31;
  }
}

struct oracle_date oracle_date_of(int64_t day) {
  struct oracle_date date = {1, 1, 1};
  while (day >= 146097) { // 400 years, only to be quick
    day -= 146097;
    date.year += 400;
  }
  while (day >= year_length(date.year)) day -= year_length(date.year++);
  while (day >= oracle_month_length(date.year, date.month)) {
    day -= oracle_month_length(date.year, date.month++);
  }
  date.day += (int32_t)day;
  return date;
}

int64_t oracle_day_of(struct oracle_date date) {
  int64_t day = date.day - 1;
  int32_t year = 1;
  while (year + 400 <= date.year) {
    day += 146097;
    year += 400;
  }
  for (; year < date.year; year++) day += year_length(year);
  for (int32_t month = 1; month < date.month; month++) day += oracle_month_length(date.year, month);
  return day;
}

int64_t oracle_clamp_day(int64_t day) {
  if (day < 0) return 0;
  return day > ORACLE_LAST_DAY ? ORACLE_LAST_DAY : day;
}

int64_t oracle_add_months(int64_t day, int64_t months) {
  struct oracle_date date = oracle_date_of(day);
  if (months > 12 * 10000) return ORACLE_LAST_DAY;
  if (months < -12 * 10000) return 0;
  for (; months > 0; months--) {
    if (++date.month > 12) {
      date.month = 1;
      date.year++;
    }
  }
  for (; months < 0; months++) {
    if (--date.month < 1) {
      date.month = 12;
      date.year--;
    }
  }
  if (date.year < 1) return 0;
  if (date.year > 9999) return ORACLE_LAST_DAY;
  int32_t last = oracle_month_length(date.year, date.month);
  if (date.day > last) date.day = last;
  return oracle_day_of(date);
}

// Whole years between two dates; a birthday on 29 February comes on 1 March in other years, which "month and day not
// yet reached" gives by itself.
int64_t oracle_completed_years(int64_t from, int64_t to) {
  struct oracle_date a = oracle_date_of(from), b = oracle_date_of(to);
  int64_t years = b.year - a.year;
  bool reached = b.month > a.month || (b.month == a.month && b.day >= a.day);
  return reached ? years : years - 1;
}
