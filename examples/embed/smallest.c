// SPDX-License-Identifier: Apache-2.0
//
// The smallest embedding: what does a policy ask first of someone of whom only the date and the code of the service are
// known? Works with any artifact that has decisions over the case. No heap: everything stands in fixed memory.
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>

#include <soc/names.h>

static unsigned char artifact[1 << 17];
static alignas(max_align_t) unsigned char memory[1 << 16];

static soc_status state(const soc_policy *policy, soc_case *c) {
  soc_status status = soc_case_set_date_named(c, policy, SOC_FACT_SERVICE_DATE, 0, 2024, 12, 10);
  return status == SOC_OK ? soc_case_set_code_named(c, policy, SOC_FACT_SERVICE_CODE, 0, "J1745")
                          : status;
}

static void print(const soc_policy *policy, const soc_case *c) {
  soc_decision_info decision;
  soc_result result;
  soc_fact_ref missing;
  soc_fact_info fact;
  for (uint32_t i = 0; soc_policy_decision(policy, i, &decision) == SOC_OK; i++) {
    if (soc_case_result(c, i, 0, &result) == SOC_OK) {
      printf("%s: %s %s", decision.name.data, soc_determination_name(result.determination),
             result.reason.data);
      if (soc_case_missing(c, i, 0, 0, &missing) == SOC_OK &&
          soc_policy_fact(policy, missing.fact, &fact) == SOC_OK) {
        printf(", ask %s first", fact.name.data);
      }
      printf("\n");
    }
  }
}

int main(int argc, char **argv) {
  const soc_case_limits limits = {.rows = 10, .items = 10};
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  size_t length = file ? fread(artifact, 1, sizeof artifact, file) : 0;
  soc_policy policy;
  soc_error error = {"argument", "usage: smallest POLICY.socb", 0};
  soc_case *c;
  if (!file || soc_policy_load(&policy, artifact, length, &error) != SOC_OK ||
      soc_case_init(&c, &policy, &limits, memory, sizeof memory, &error) != SOC_OK) {
    fprintf(stderr, "%s: %s\n", error.code, error.message);
    return 1;
  }
  fclose(file);
  if (state(&policy, c) != SOC_OK || soc_case_decide(c, 0) != SOC_OK) {
    return 1;
  }
  print(&policy, c);
  return 0;
}
