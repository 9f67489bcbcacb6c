// SPDX-License-Identifier: Apache-2.0
//
// Calendar arithmetic for the executor, on days since 0001-01-01 of the proleptic Gregorian calendar. Every function
// takes days inside the calendar and answers inside it: what would leave it stops at its first or last day.
// soc_date_make and soc_date_split are public and stand in soc/vm.h.
#ifndef SOC_VM_DATE_H
#define SOC_VM_DATE_H

#include <stdint.h>

int64_t vm_date_add_days(int64_t day, int64_t days);
// The day of the month is clamped to the length of the month that is reached.
int64_t vm_date_add_months(int64_t day, int64_t months);
// Completed years from `earlier` to `later`; rounds down, so negative if `later` comes first.
// Who is born on 29 February completes the year on 1 March where there is no 29 February.
int64_t vm_date_years(int64_t later, int64_t earlier);

#endif
