// SPDX-License-Identifier: Apache-2.0
//
// What the checker knows about types: units, names of types in plain words, and how the text of a literal becomes
// a number, a day or a packed code. Knows nothing of names or declarations and reports nothing itself.
#ifndef SOC_COMPILER_TYPES_H
#define SOC_COMPILER_TYPES_H

#include "compiler/arena.h"
#include "compiler/program.h"

// The type of anything that has been reported already: fits everything, so that one mistake is told once.
extern const struct type type_poison;
static inline bool type_is_poison(const struct type *t) {
  return t == &type_poison;
}

extern const struct type type_bool, type_date, type_text, type_code, type_count;

bool type_is_list(const struct type *t);                     // of codes, values or records
bool type_is_ordered(const struct type *t);                  // dates and numbers
bool type_equal(const struct type *a, const struct type *b); // wholeness aside

soc_unit unit_of(enum unit_word word);
const char *unit_counts(soc_unit unit); // "days", "percent"; "" for none

// "a date", "a number of days", "a value of `site`"
const char *type_words(struct arena *arena, const struct type *t);

// Exact millionths of `digits[.digits]`: at most 9 digits before and 6 after the point.
enum number_fault { NUMBER_FINE, NUMBER_MALFORMED, NUMBER_TOO_LONG, NUMBER_TOO_FINE };
enum number_fault number_parse(struct str text, int64_t *micro);
bool number_is_whole(int64_t micro);

// Days of YYYY-MM-DD. `month_days` is the length of the month when the day does not exist, else 0.
bool date_parse(struct str text, int32_t *days, uint32_t *month_days);

struct str str_capitals(struct arena *arena, struct str text); // small letters a-z as capitals
bool code_is_word(struct str text);                            // 1 to 12 characters of A-Z and 0-9
uint64_t code_pack(struct str text);                           // of a code word
uint64_t code_prefix_end(struct str prefix);                   // the last code that begins with it
uint64_t code_after(uint64_t packed); // the next code in order; 0: there is none

#endif
