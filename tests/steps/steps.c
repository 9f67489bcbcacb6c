// SPDX-License-Identifier: Apache-2.0
//
// See steps.h.
#include "steps.h"

uint64_t steps_run;

static uint64_t longest_list(const soc_policy *policy, const soc_case *c, uint32_t facts) {
  uint64_t rows = 0;
  for (uint32_t i = 0; i < facts; i++) {
    soc_fact_info fact;
    soc_value value;
    if (soc_policy_fact(policy, i, &fact) == SOC_OK && fact.type == SOC_RECORDS &&
        soc_case_get(c, i, 0, &value) == SOC_OK && value.state == SOC_GIVEN &&
        (uint64_t)value.number > rows) {
      rows = (uint64_t)value.number;
    }
  }
  return rows;
}

static uint64_t rows_of(const soc_policy *policy, const soc_case *c, soc_policy_info *info) {
  soc_policy_describe(policy, info);
  return longest_list(policy, c, info->fact_count);
}

uint64_t steps_of_a_pass(const soc_policy *policy, const soc_case *c) {
  soc_policy_info info;
  uint64_t rows = rows_of(policy, c, &info);
  return info.max_instructions + info.max_instructions_row * rows +
         info.max_instructions_row_squared * rows * rows;
}

uint64_t steps_most(const soc_policy *policy, const soc_case *c) {
  soc_policy_info info;
  return soc_policy_max_instructions(policy, (uint32_t)rows_of(policy, c, &info));
}
