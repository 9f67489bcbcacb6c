// SPDX-License-Identifier: Apache-2.0
//
// The oracle's own calendar: counts years and months one by one instead of by formula, so that it shares no idea
// with vm/date.c. Days are counted from 0001-01-01, which is day 0.
#ifndef SOC_TESTS_ORACLE_CALENDAR_H
#define SOC_TESTS_ORACLE_CALENDAR_H

#include <stdint.h>

enum { ORACLE_LAST_DAY = 3652058 }; // 9999-12-31

struct oracle_date {
  int32_t year, month, day;
};

struct oracle_date oracle_date_of(int64_t day); // day must lie in the calendar
int64_t oracle_day_of(struct oracle_date date); // the date must exist
int32_t oracle_month_length(int32_t year, int32_t month);
int64_t oracle_clamp_day(int64_t day);                  // into the calendar
int64_t oracle_add_months(int64_t day, int64_t months); // day of month clamped to the month's end
int64_t oracle_completed_years(int64_t from, int64_t to);

#endif
