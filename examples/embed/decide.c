// SPDX-License-Identifier: Apache-2.0
//
// Embeds soc_vm: loads an artifact, states the facts of one made-up request, decides it, and prints the result and
// the criteria behind it. docs/embedding.md walks through this file. A real host keeps the policy and the fact
// indices for as long as it runs, and one case and its memory for each thread.
#include <stdio.h>
#include <stdlib.h>

#include "host.h"

// ---------------------------------------------------------------------------- facts

// Names are looked up once for each policy. A fact that the policy cannot read has no index and is not stated.
struct facts {
  uint32_t birth_date, business, code, drug, date, place, course_start, earlier_course, events,
      relation, kind, severity;
};

static struct facts find_facts(const soc_policy *policy) {
  return (struct facts){
      .birth_date = host_find(policy, "member.birth_date"),
      .business = host_find(policy, "member.line_of_business"),
      .code = host_find(policy, "service.code"),
      .drug = host_find(policy, "service.drug"),
      .date = host_find(policy, "service.date"),
      .place = host_find(policy, "service.place_of_service"),
      .course_start = host_find(policy, "therapy.course_start_date"),
      .earlier_course = host_find(policy, "therapy.previous_course_last_dose_date"),
      .events = host_find(policy, "clinical.adverse_events"),
      .relation = host_find(policy, "clinical.adverse_events[].drug_relation"),
      .kind = host_find(policy, "clinical.adverse_events[].kind"),
      .severity = host_find(policy, "clinical.adverse_events[].severity"),
  };
}

// What is not stated here is left out: nobody knows.
static bool state_facts(const soc_policy *policy, const struct facts *f, soc_case *c) {
  return host_set_date(c, f->birth_date, 0, 1980, 5, 1) &&
         host_set_word(policy, c, f->business, 0, "commercial") &&
         host_set_code(c, f->code, 0, "J1745") &&
         (f->drug == SOC_NO_INDEX || soc_case_set_text(c, f->drug, 0, "Remicade", 8) == SOC_OK) &&
         host_set_date(c, f->date, 0, 2024, 12, 10) && host_set_code(c, f->place, 0, "22") &&
         host_set_date(c, f->course_start, 0, 2023, 5, 2) &&
         (f->earlier_course == SOC_NO_INDEX ||
          soc_case_set_none(c, f->earlier_course, 0) == SOC_OK) &&
         (f->events == SOC_NO_INDEX || soc_case_set_list(c, f->events, 1) == SOC_OK) &&
         host_set_word(policy, c, f->relation, 0, "same_drug") &&
         host_set_word(policy, c, f->kind, 0, "anaphylaxis") &&
         host_set_word(policy, c, f->severity, 0, "severe");
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

// The criteria that are met, each where it is first read. The facts that a node reads are not printed here.
static bool print_criterion(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  (void)context;
  (void)fact;
  if (node && !node->is_rule && !node->derived && !node->repeated && node->state == SOC_MET) {
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
  return soc_case_explain(c, decision, 0, print_criterion, NULL) == SOC_OK;
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
  struct facts facts = find_facts(policy);
  soc_case *c = host_case(policy, &limits);
  bool done = c && state_facts(policy, &facts, c) && decide(policy, c);
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
