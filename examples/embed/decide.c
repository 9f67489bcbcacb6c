// SPDX-License-Identifier: Apache-2.0
//
// Embeds soc_vm: loads an artifact, states the facts of one made-up request, decides it, and prints the result and
// the criteria behind it. docs/embedding.md walks through this file. A real host keeps the policy for
// as long as it runs, and one case and its memory for each thread; one that decides many cases finds the facts' indices
// once, as threads.c does.
#include <stdio.h>
#include <stdlib.h>

#include <soc/names.h>

#include "host.h"

// ---------------------------------------------------------------------------- facts

// What is not stated here is left out: nobody knows.
static bool state_request(const soc_policy *policy, soc_case *c) {
  return soc_case_set_date_named(c, policy, SOC_FACT_SERVICE_DATE, 0, 2024, 12, 10) == SOC_OK &&
         soc_case_set_code_named(c, policy, SOC_FACT_SERVICE_CODE, 0, "J1745") == SOC_OK &&
         soc_case_set_text_named(c, policy, SOC_FACT_SERVICE_DRUG, 0, "Remicade") == SOC_OK &&
         soc_case_set_code_named(c, policy, SOC_FACT_SERVICE_PLACE_OF_SERVICE, 0, "22") == SOC_OK &&
         soc_case_set_date_named(c, policy, SOC_FACT_MEMBER_BIRTH_DATE, 0, 1980, 5, 1) == SOC_OK &&
         soc_case_set_enum_named(c, policy, SOC_FACT_MEMBER_LINE_OF_BUSINESS, 0, "commercial") ==
             SOC_OK;
}

static bool state_course(const soc_policy *policy, soc_case *c) {
  return soc_case_set_date_named(c, policy, SOC_FACT_THERAPY_COURSE_START_DATE, 0, 2023, 5, 2) ==
             SOC_OK &&
         soc_case_set_none_named(c, policy, SOC_FACT_THERAPY_PREVIOUS_COURSE_LAST_DOSE_DATE, 0) ==
             SOC_OK;
}

// One record, whose fields are set in its row.
static bool state_event(const soc_policy *policy, soc_case *c) {
  return soc_case_set_list_named(c, policy, SOC_FACT_CLINICAL_ADVERSE_EVENTS, 1) == SOC_OK &&
         soc_case_set_enum_named(c, policy, SOC_FACT_CLINICAL_ADVERSE_EVENTS_DRUG_RELATION, 0,
                                 "same_drug") == SOC_OK &&
         soc_case_set_enum_named(c, policy, SOC_FACT_CLINICAL_ADVERSE_EVENTS_KIND, 0,
                                 "anaphylaxis") == SOC_OK &&
         soc_case_set_enum_named(c, policy, SOC_FACT_CLINICAL_ADVERSE_EVENTS_SEVERITY, 0,
                                 "severe") == SOC_OK;
}

// ---------------------------------------------------------------------------- results

static void print_facts(const soc_policy *policy, const soc_case *c, uint32_t decision,
                        uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    soc_fact_ref missing;
    soc_fact_info info;
    if (soc_case_missing(c, decision, 0, i, &missing) == SOC_OK &&
        soc_policy_fact(policy, missing.fact, &info) == SOC_OK) {
      printf("  missing: %s", info.name.data);
      if (missing.row != SOC_NO_INDEX) {
        printf(" of record %u", missing.row);
      }
      printf("\n");
    }
  }
}

struct reader {
  const soc_policy *policy;
};

// The values of a derived enumeration that are still possible: one, if it is settled.
static void print_derived(const soc_policy *policy, const soc_explain_node *node) {
  printf("  derived: %s:", node->name.data);
  for (uint32_t value = 0; value < 64; value++) {
    if (node->candidates >> value & 1) {
      printf(" %s", soc_policy_cell_value(policy, node->cell, value).data);
    }
  }
  printf("\n");
}

// What is derived and the criteria that are met, each where it is first read. The facts that a node reads are not
// printed here.
static bool print_criterion(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  const struct reader *reader = context;
  (void)fact;
  if (node && !node->repeated && node->derived) {
    print_derived(reader->policy, node);
  } else if (node && !node->repeated && !node->is_rule && node->state == SOC_MET) {
    printf("  met: %s (%s)\n", node->name.data, node->cite.data);
  }
  return true;
}

static bool print_decision(const soc_policy *policy, soc_case *c, uint32_t decision) {
  soc_decision_info info;
  soc_result result;
  if (soc_policy_decision(policy, decision, &info) != SOC_OK ||
      soc_case_result(c, decision, 0, &result) != SOC_OK) {
    return false;
  }
  printf("%s: %s %s\n", info.name.data, soc_determination_name(result.determination),
         result.reason.data);
  for (uint32_t i = 0; i < result.reason_count; i++) {
    soc_reason reason;
    if (soc_case_reason(c, decision, 0, i, &reason) == SOC_OK) {
      printf("  %s: %s (%s)\n", reason.code.data, reason.text.data, reason.cite.data);
    }
  }
  print_facts(policy, c, decision, result.missing_count);
  struct reader reader = {policy};
  return soc_case_explain(c, decision, 0, print_criterion, &reader) == SOC_OK;
}

static bool decide(const soc_policy *policy, soc_case *c) {
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  if (soc_case_decide(c, SOC_DECIDE_EXPLAIN) != SOC_OK) {
    return false;
  }
  printf("%s, version %s\n", info.id.data, info.version.data);
  for (uint32_t decision = 0; decision < info.decision_count; decision++) {
    if (!print_decision(policy, c, decision)) {
      return false;
    }
  }
  return true;
}

static bool run(const soc_policy *policy) {
  const soc_case_limits limits = {.rows = 100, .items = 100};
  soc_case *c = host_case(policy, &limits);
  bool done = c && state_request(policy, c) && state_course(policy, c) && state_event(policy, c) &&
              decide(policy, c);
  free(c);
  return done;
}

int main(int argc, char **argv) {
  host_policy p;
  if (argc != 2) {
    fprintf(stderr, "usage: decide POLICY.socb\n");
    return 2;
  }
  if (!host_open(&p, argv[1])) {
    return 1;
  }
  bool done = run(&p.policy);
  host_close(&p);
  return done ? 0 : 1;
}
