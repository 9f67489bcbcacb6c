// SPDX-License-Identifier: Apache-2.0
//
// Facts by name: the setters of soc/vm.h for those who have a name and a value rather than indices. All of it is in
// this header, above soc_vm; C11 and C++17. Each call looks through the names of the policy, which takes up to 0.3
// microseconds: where many cases are decided, find the indices once (soc_policy_find_fact) and use the setters that
// take them.
//
// What holds for every function here:
// - `name` is that of soc/vocabulary.h (SOC_FACT_SERVICE_DATE) or, for a policy with facts of its own, written out
//   ("service.date", "claim.lines[].units"). It and other texts are NUL-terminated; they are not kept.
// - `policy` is the one that the case was laid out for, `row` as for the setters of soc/vm.h.
// - SOC_OK: the fact is set, or it is a fact of the vocabulary that this policy does not read: nothing was set, and no
//   result would change if it could be. Case, row and what was to be set are not looked at then. soc_policy_find_fact
//   tells the two apart.
// - SOC_ERR_ARGUMENT: neither the policy nor the vocabulary knows the name, a text or anything else is NULL, or as the
//   setter of soc/vm.h says.
// - SOC_ERR_VALUE: no such date or value of the enumeration, or as the setter says.
// - Threads, and what a failed call changes: as soc/vm.h says.
#ifndef SOC_NAMES_H
#define SOC_NAMES_H

#include <string.h>

#ifndef SOC_VM_H // nor soc_vm.h
#include "soc/vm.h"
#endif
#include "soc/vocabulary.h"

#ifdef __cplusplus
extern "C" {
#endif

// *fact is the manifest index; SOC_NO_INDEX after SOC_OK: a fact that the policy does not read. After a failure it is
// SOC_NO_INDEX, too. `fact` must not be NULL.
SOC_MUST_CHECK static inline soc_status soc_find_named(const soc_policy *policy, const char *name,
                                                       uint32_t *fact) {
  *fact = name ? soc_policy_find_fact(policy, name, strlen(name)) : SOC_NO_INDEX;
  return *fact != SOC_NO_INDEX || (policy && name && soc_vocabulary_has(name)) ? SOC_OK
                                                                               : SOC_ERR_ARGUMENT;
}

// *index is that of the fact's value of this name; SOC_NO_INDEX if it has none, which the setters below refuse.
SOC_MUST_CHECK static inline soc_status
soc_find_value_named(const soc_policy *policy, uint32_t fact, const char *value, uint32_t *index) {
  *index = value ? soc_policy_find_value(policy, fact, value, strlen(value)) : SOC_NO_INDEX;
  return value ? SOC_OK : SOC_ERR_ARGUMENT;
}

// The setters refuse a text that is NULL whatever its length.
static inline size_t soc_length_named(const char *text) {
  return text ? strlen(text) : 0;
}

SOC_MUST_CHECK static inline soc_status soc_case_set_bool_named(soc_case *c,
                                                                const soc_policy *policy,
                                                                const char *name, uint32_t row,
                                                                bool value) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_set_bool(c, fact, row, value);
}

// The day as a date of the calendar.
SOC_MUST_CHECK static inline soc_status
soc_case_set_date_named(soc_case *c, const soc_policy *policy, const char *name, uint32_t row,
                        int32_t year, int32_t month, int32_t day) {
  uint32_t fact;
  int32_t days;
  soc_status status = soc_find_named(policy, name, &fact);
  if (fact == SOC_NO_INDEX) {
    return status;
  }
  return soc_date_make(year, month, day, &days) ? soc_case_set_date(c, fact, row, days)
                                                : SOC_ERR_VALUE;
}

SOC_MUST_CHECK static inline soc_status soc_case_set_number_named(soc_case *c,
                                                                  const soc_policy *policy,
                                                                  const char *name, uint32_t row,
                                                                  int64_t millionths) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_set_number(c, fact, row, millionths);
}

SOC_MUST_CHECK static inline soc_status soc_case_set_code_named(soc_case *c,
                                                                const soc_policy *policy,
                                                                const char *name, uint32_t row,
                                                                const char *code) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status
                              : soc_case_set_code(c, fact, row, code, soc_length_named(code));
}

SOC_MUST_CHECK static inline soc_status soc_case_set_text_named(soc_case *c,
                                                                const soc_policy *policy,
                                                                const char *name, uint32_t row,
                                                                const char *text) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status
                              : soc_case_set_text(c, fact, row, text, soc_length_named(text));
}

// An enumeration's value by its name ("commercial").
SOC_MUST_CHECK static inline soc_status soc_case_set_enum_named(soc_case *c,
                                                                const soc_policy *policy,
                                                                const char *name, uint32_t row,
                                                                const char *value) {
  uint32_t fact, index;
  soc_status status = soc_find_named(policy, name, &fact);
  if (fact == SOC_NO_INDEX) {
    return status;
  }
  status = soc_find_value_named(policy, fact, value, &index);
  return status == SOC_OK ? soc_case_set_enum(c, fact, row, index) : status;
}

SOC_MUST_CHECK static inline soc_status
soc_case_set_none_named(soc_case *c, const soc_policy *policy, const char *name, uint32_t row) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_set_none(c, fact, row);
}

// A list of the case becomes known, with `length` rows if it is one of records; items and fields come after it.
SOC_MUST_CHECK static inline soc_status
soc_case_set_list_named(soc_case *c, const soc_policy *policy, const char *name, uint32_t length) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_set_list(c, fact, length);
}

SOC_MUST_CHECK static inline soc_status
soc_case_add_code_named(soc_case *c, const soc_policy *policy, const char *name, const char *code) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_add_code(c, fact, code, soc_length_named(code));
}

SOC_MUST_CHECK static inline soc_status soc_case_add_enum_named(soc_case *c,
                                                                const soc_policy *policy,
                                                                const char *name,
                                                                const char *value) {
  uint32_t fact, index;
  soc_status status = soc_find_named(policy, name, &fact);
  if (fact == SOC_NO_INDEX) {
    return status;
  }
  status = soc_find_value_named(policy, fact, value, &index);
  return status == SOC_OK ? soc_case_add_enum(c, fact, index) : status;
}

// A field that names another row of its list.
SOC_MUST_CHECK static inline soc_status soc_case_set_line_named(soc_case *c,
                                                                const soc_policy *policy,
                                                                const char *name, uint32_t row,
                                                                uint32_t target) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_set_line(c, fact, row, target);
}

// A list that is a field of records becomes known, and empty, in one row; codes and values come after it.
SOC_MUST_CHECK static inline soc_status
soc_case_set_row_list_named(soc_case *c, const soc_policy *policy, const char *name, uint32_t row) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status : soc_case_set_row_list(c, fact, row);
}

SOC_MUST_CHECK static inline soc_status soc_case_add_row_code_named(soc_case *c,
                                                                    const soc_policy *policy,
                                                                    const char *name, uint32_t row,
                                                                    const char *code) {
  uint32_t fact;
  soc_status status = soc_find_named(policy, name, &fact);
  return fact == SOC_NO_INDEX ? status
                              : soc_case_add_row_code(c, fact, row, code, soc_length_named(code));
}

SOC_MUST_CHECK static inline soc_status soc_case_add_row_enum_named(soc_case *c,
                                                                    const soc_policy *policy,
                                                                    const char *name, uint32_t row,
                                                                    const char *value) {
  uint32_t fact, index;
  soc_status status = soc_find_named(policy, name, &fact);
  if (fact == SOC_NO_INDEX) {
    return status;
  }
  status = soc_find_value_named(policy, fact, value, &index);
  return status == SOC_OK ? soc_case_add_row_enum(c, fact, row, index) : status;
}

#ifdef __cplusplus
}
#endif
#endif
