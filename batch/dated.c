// SPDX-License-Identifier: Apache-2.0
//
// Sets that are looked up as of a date: between the days on which members come or go a set stays the same, so that a
// code has a bit for each such time, and the date says which of them counts.
#include "batch/batch.h"

#define NEVER INT32_MIN // as a first day: always
#define ALWAYS INT32_MAX

static const uint8_t *range_at(const soc_batch *b, const vm_set *set, uint32_t index) {
  return VM_AT(b->p, SET_RANGES, set->first + index);
}

// False: too many.
static bool add_day(batch_dated *d, int32_t day) {
  uint32_t at = 0;
  while (at < d->day_count && d->days[at] < day) {
    at++;
  }
  if (at < d->day_count && d->days[at] == day) {
    return true;
  }
  if (d->day_count == BATCH_DAYS) {
    return false;
  }
  for (uint32_t i = d->day_count++; i > at; i--) {
    d->days[i] = d->days[i - 1];
  }
  d->days[at] = day;
  return true;
}

static bool find_days(const soc_batch *b, batch_dated *d) {
  vm_set set = vm_set_at(b->p, d->set);
  for (uint32_t i = 0; i < set.count; i++) {
    int32_t in = vm_i32(range_at(b, &set, i) + 16), out = vm_i32(range_at(b, &set, i) + 20);
    if ((in != NEVER && !add_day(d, in)) || (out != ALWAYS && !add_day(d, out))) {
      return false;
    }
  }
  return true;
}

bool batch_find_dated(soc_batch *b, uint32_t index) {
  const vm_expression *e = &b->plan->expressions[index];
  vm_instruction i = vm_instruction_at(b->p, e->first);
  if (e->count != 1 || i.op != SOC_OP_FACT_IN_SET || vm_set_date(i.c) == SOC_NONE16) {
    return false;
  }
  batch_dated *d = &b->dated[index];
  *d = (batch_dated){.fact = i.b,
                     .date = vm_set_date(i.c),
                     .given = (i.a & SOC_IF_GIVEN) != 0,
                     .set = vm_set_index(i.c)};
  return batch_is_plain(&b->facts[d->fact]) && batch_is_plain(&b->facts[d->date]) &&
         find_days(b, d);
}

uint64_t batch_dated_bits(const soc_batch *b, const batch_dated *d, uint64_t code) {
  vm_set set = vm_set_at(b->p, d->set);
  const uint8_t *first = range_at(b, &set, 0), *end = range_at(b, &set, set.count);
  const uint8_t *range = vm_find_range(first, set.count, VM_SET_RANGES_BYTES, code);
  uint64_t bits = 0;
  for (; range && range < end && vm_u64(range) <= code; range += VM_SET_RANGES_BYTES) {
    int32_t in = vm_i32(range + 16), out = vm_i32(range + 20);
    for (uint32_t k = 0; k <= d->day_count; k++) {
      int32_t day = k == 0 ? NEVER : d->days[k - 1]; // the first one of that time
      bits |= (uint64_t)(in <= day && day < out) << k;
    }
    bits |= (uint64_t)(in == NEVER && out == ALWAYS) << (d->day_count + 1);
    bits |= UINT64_C(1) << (d->day_count + 2);
  }
  return bits;
}
