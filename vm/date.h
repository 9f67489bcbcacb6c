// SPDX-License-Identifier: Apache-2.0
//
// Calendar arithmetic for the executor, on days since 0001-01-01 of the proleptic Gregorian calendar. Every function
// takes days inside the calendar and answers inside it: what would leave it stops at its first or last day.
// soc_date_make and soc_date_split are public and stand in soc/vm.h.
#ifndef SOC_VM_DATE_H
#define SOC_VM_DATE_H

#include <stdbool.h>
#include <stdint.h>

#define VM_MARCH_0000 306 // days from 0000-03-01 to 0001-01-01

static inline bool vm_is_leap(int32_t year) {
  return year % 4 == 0 && (year % 16 == 0 || year % 25 != 0); // of full centuries every fourth
}

static inline int32_t vm_month_length(int32_t year, int32_t month) {
  static const int8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && vm_is_leap(year) ? 29 : lengths[month - 1];
}

// Is there such a day in the years 1 to 9999?
static inline bool vm_date_is(int32_t year, int32_t month, int32_t day) {
  return (uint32_t)year - 1 <= 9998 && (uint32_t)month - 1 <= 11 && day >= 1 &&
         (day <= 28 || day <= vm_month_length(year, month));
}

// Of a day that there is.
static inline int32_t vm_days_of(int32_t year, int32_t month, int32_t day) {
  uint32_t before_march = month <= 2, months = (uint32_t)month + 12 * before_march - 3;
  uint32_t years = (uint32_t)year - before_march, centuries = years / 100;
  uint32_t days = 365 * years + years / 4 - centuries + centuries / 4 + (153 * months + 2) / 5;
  return (int32_t)days + day - 1 - VM_MARCH_0000;
}

int64_t vm_date_add_days(int64_t day, int64_t days);
// The day of the month is clamped to the length of the month that is reached.
int64_t vm_date_add_months(int64_t day, int64_t months);
// Completed years from `earlier` to `later`; rounds down, so negative if `later` comes first.
// Who is born on 29 February completes the year on 1 March where there is no 29 February.
int64_t vm_date_years(int64_t later, int64_t earlier);

#endif
