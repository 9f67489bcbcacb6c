// SPDX-License-Identifier: Apache-2.0
//
// Values as they are printed: dates, exact decimals, names of enumeration values, for people and as JSON.
#ifndef SOC_CLI_VALUES_H
#define SOC_CLI_VALUES_H

#include "cli/artifacts.h"

enum { DATE_LENGTH = 10 };
void date_write(char text[DATE_LENGTH], int32_t days); // "2024-12-05", without an end
void date_append(struct buffer *out, int32_t days);
enum { COUNT_ROOM = 27 };
const char *count_write(char room[COUNT_ROOM], uint64_t number); // "1,234,567", somewhere in `room`
// The same of a bound; UINT64_MAX, which stands for all that a number cannot hold: "no bound below 2^64".
const char *bound_write(char room[COUNT_ROOM], uint64_t bound);
// Millionths as a plain decimal without trailing zeros: "8.4".
void decimal_append(struct buffer *out, int64_t millionths);
void text_append(struct buffer *out, soc_text text);
bool text_same(soc_text a, soc_text b);

// A fact of a decided case, as the policy took it (assumptions and defaults included).
struct fact_reading {
  const struct artifact *artifact;
  const struct case_data *data;
};
// Value for people: "2024-12-10", "8.4 miles", "none", "unknown". ref->row SOC_NO_INDEX: a fact of the case.
void fact_value_text(const struct fact_reading *reading, const soc_fact_ref *ref,
                     struct buffer *out);
// As JSON: a value, null for none; nothing is written and false returned if it is unknown.
bool fact_value_json(const struct fact_reading *reading, const soc_fact_ref *ref,
                     struct json_writer *w, struct buffer *scratch);
// What was taken for a fact that a result lists as assumed.
void fact_assumption_text(const struct fact_reading *reading, const soc_fact_ref *ref,
                          struct buffer *out);
void fact_assumption_json(const struct fact_reading *reading, const soc_fact_ref *ref,
                          struct json_writer *w, struct buffer *scratch);
bool fact_is_assumed(const struct fact_reading *reading, const soc_fact_ref *ref);

// Name of a fact with the row in place of [].
void fact_ref_name(const struct artifact *a, const soc_fact_ref *ref, struct buffer *out);

#endif
