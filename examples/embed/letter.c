// SPDX-License-Identifier: Apache-2.0
//
// A letter from a decision: letter POLICY.socb. Reasons and citations are the policy's own words; what is missing and
// what was taken as given are facts, for which the host has words of its own. The two requests are made up, under
// Premera's site of service guideline. A letter says what the decision says and no more: nothing here is a denial.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <soc/names.h>

#include "host.h"

// ---------------------------------------------------------------------------- requests

struct request {
  const char *title;
  bool home_known;
};

// Places and health of both: nothing speaks for a hospital.
static bool state_findings(const soc_policy *policy, soc_case *c) {
  static const char *const no[] = {
      SOC_FACT_ACCESS_HOSPITAL_ONLY_SOURCE, SOC_FACT_CLINICAL_CARDIAC_CONDITION,
      SOC_FACT_CLINICAL_PULMONARY_CONDITION, SOC_FACT_CLINICAL_RENAL_FUNCTION_UNSTABLE,
      SOC_FACT_CLINICAL_COGNITIVE_SAFETY_CONCERN};
  bool good =
      soc_case_set_number_named(c, policy, SOC_FACT_ACCESS_INFUSION_CENTER_MILES, 0,
                                INT64_C(62000000)) == SOC_OK &&
      soc_case_set_enum_named(c, policy, SOC_FACT_CLINICAL_VASCULAR_ACCESS, 0, "adequate") ==
          SOC_OK &&
      soc_case_set_list_named(c, policy, SOC_FACT_CLINICAL_ADVERSE_EVENTS, 0) == SOC_OK &&
      soc_case_set_none_named(c, policy, SOC_FACT_CLINICAL_FVC_PERCENT_PREDICTED, 0) == SOC_OK;
  for (size_t i = 0; good && i < sizeof no / sizeof *no; i++) {
    good = soc_case_set_bool_named(c, policy, no[i], 0, false) == SOC_OK;
  }
  return good;
}

static bool state_request(const soc_policy *policy, soc_case *c, const struct request *r) {
  return soc_case_set_date_named(c, policy, SOC_FACT_SERVICE_DATE, 0, 2024, 12, 10) == SOC_OK &&
         soc_case_set_code_named(c, policy, SOC_FACT_SERVICE_CODE, 0, "J1745") == SOC_OK &&
         soc_case_set_text_named(c, policy, SOC_FACT_SERVICE_DRUG, 0, "Remicade") == SOC_OK &&
         soc_case_set_code_named(c, policy, SOC_FACT_SERVICE_PLACE_OF_SERVICE, 0, "22") == SOC_OK &&
         soc_case_set_date_named(c, policy, SOC_FACT_MEMBER_BIRTH_DATE, 0, 1980, 5, 1) == SOC_OK &&
         soc_case_set_enum_named(c, policy, SOC_FACT_MEMBER_LINE_OF_BUSINESS, 0, "commercial") ==
             SOC_OK &&
         soc_case_set_date_named(c, policy, SOC_FACT_THERAPY_COURSE_START_DATE, 0, 2023, 5, 2) ==
             SOC_OK &&
         soc_case_set_none_named(c, policy, SOC_FACT_THERAPY_PREVIOUS_COURSE_LAST_DOSE_DATE, 0) ==
             SOC_OK &&
         state_findings(policy, c) &&
         (!r->home_known ||
          soc_case_set_bool_named(c, policy, SOC_FACT_ACCESS_HOME_INFUSION_AVAILABLE, 0, true) ==
              SOC_OK);
}

// ---------------------------------------------------------------------------- words

// What the host calls a fact; else its name.
static const char *words_for(const char *name) {
  static const struct {
    const char *name, *words;
  } known[] = {
      {SOC_FACT_ACCESS_HOME_INFUSION_AVAILABLE,
       "whether a contracted home infusion agency serves the member's home"},
      {SOC_FACT_MEMBER_BENEFIT_PLAN_LANGUAGE,
       "that the benefit plan has no terms of its own for this"},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].name, name) == 0) {
      return known[i].words;
    }
  }
  return name;
}

static void print_fact(const soc_policy *policy, soc_fact_ref fact) {
  soc_fact_info info;
  if (soc_policy_fact(policy, fact.fact, &info) == SOC_OK) {
    printf("  - %s\n", words_for(info.name.data));
  }
}

static const char *opening(soc_determination determination) {
  switch (determination) {
  case SOC_APPROVE: return "We approved this request.";
  case SOC_PEND:
    return "We cannot decide this request yet: we were not told all that it depends on.";
  case SOC_REFER:
    return "The guideline's criteria are not met as far as we were told. A licensed reviewer will "
           "look at\n"
           "this request and decide.";
  default: return "The guideline does not apply to this request.";
  }
}

// ---------------------------------------------------------------------------- the letter

// The ways to an approval that were looked at: rules that approve, with what became of each.
static bool print_way(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  (void)context;
  (void)fact;
  if (node && node->is_rule && node->determination == SOC_APPROVE && node->reached &&
      node->state != SOC_MET) {
    printf("  - %s [%s]%s\n", node->text.data, node->cite.data,
           node->state == SOC_UNKNOWN_TRUTH ? ": not known" : "");
  }
  return true;
}

static bool print_letter(const soc_policy *policy, soc_case *c, uint32_t decision) {
  soc_policy_info info;
  soc_result result;
  soc_reason reason;
  soc_fact_ref fact;
  soc_policy_describe(policy, &info);
  if (soc_case_result(c, decision, 0, &result) != SOC_OK) {
    return false;
  }
  printf("%s\nGuideline: %s, %s, in force from %s\n\n%s\n", info.payer.data, info.title.data,
         info.source_title.data, info.version.data, opening(result.determination));
  for (uint32_t i = 0; soc_case_reason(c, decision, 0, i, &reason) == SOC_OK; i++) {
    printf("%s%s [%s]\n", i == 0 ? "\nReason: " : "  also: ", reason.text.data, reason.cite.data);
  }
  for (uint32_t i = 0; soc_case_missing(c, decision, 0, i, &fact) == SOC_OK; i++) {
    printf("%s", i == 0 ? "\nPlease tell us:\n" : "");
    print_fact(policy, fact);
  }
  if (result.determination != SOC_APPROVE) {
    printf("\nIt would be approved for any of these, which we did not find:\n");
    if (soc_case_explain(c, decision, 0, print_way, NULL) != SOC_OK) {
      return false;
    }
  }
  for (uint32_t i = 0; soc_case_assumed(c, decision, 0, i, &fact) == SOC_OK; i++) {
    printf("%s", i == 0 ? "\nNobody told us, and we took as given:\n" : "");
    print_fact(policy, fact);
  }
  return true;
}

static bool write_letter(const soc_policy *policy, soc_case *c, const struct request *r) {
  soc_case_clear(c);
  printf("== %s\n", r->title);
  bool good = state_request(policy, c, r) && soc_case_decide(c, SOC_DECIDE_EXPLAIN) == SOC_OK &&
              print_letter(policy, c, 0);
  printf("\n");
  return good;
}

int main(int argc, char **argv) {
  static const struct request requests[] = {{"a fact is missing", false},
                                            {"all facts are known", true}};
  const soc_case_limits limits = {.rows = 20, .items = 20};
  host_policy p;
  if (argc != 2) {
    fprintf(stderr, "usage: letter POLICY.socb\n");
    return 2;
  }
  if (!host_open(&p, argv[1])) {
    return 1;
  }
  soc_case *c = host_case(&p.policy, &limits);
  bool good =
      c && write_letter(&p.policy, c, &requests[0]) && write_letter(&p.policy, c, &requests[1]);
  free(c);
  host_close(&p);
  return good ? 0 : 1;
}
