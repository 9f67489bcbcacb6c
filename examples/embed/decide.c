// SPDX-License-Identifier: Apache-2.0
//
// Embeds soc_vm: loads an artifact, states the facts of one made-up request, decides it, and prints the result and
// the criteria behind it. docs/embedding.md walks through this file. A real host keeps the policy and the fact
// indices for as long as it runs, and one case and its memory for each thread.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <soc/vm.h>

// ---------------------------------------------------------------------------- loading

static unsigned char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  unsigned char *bytes = NULL;
  if (file && fseek(file, 0, SEEK_END) == 0) {
    long end = ftell(file);
    rewind(file);
    bytes = end > 0 ? malloc((size_t)end) : NULL;
    if (bytes && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
      free(bytes);
      bytes = NULL;
    }
    *length = bytes ? (size_t)end : 0;
  }
  if (file) {
    fclose(file);
  }
  return bytes;
}

static bool load(soc_policy *policy, const unsigned char *bytes, size_t length) {
  soc_error error;
  if (soc_policy_load(policy, bytes, length, &error) != SOC_OK) {
    fprintf(stderr, "refused: %s at byte %llu: %s\n", error.code, (unsigned long long)error.offset,
            error.message);
    return false;
  }
  return true;
}

// A plan makes decisions faster; a policy that cannot have one decides without. Keep the memory as long as the policy.
static void *make_plan(soc_policy *policy) {
  size_t size = soc_policy_plan_bytes(policy);
  void *plan = size > 0 ? malloc(size) : NULL;
  if (plan && soc_policy_plan(policy, plan, size, NULL) != SOC_OK) {
    free(plan);
    plan = NULL;
  }
  return plan;
}

// ---------------------------------------------------------------------------- facts

// Names are looked up once for each policy. A fact that the policy cannot read has no index and is not stated.
struct facts {
  uint32_t birth_date, business, code, drug, date, place, course_start, earlier_course, events,
      relation, kind, severity;
};

static uint32_t find(const soc_policy *policy, const char *name) {
  return soc_policy_find_fact(policy, name, strlen(name));
}

static struct facts find_facts(const soc_policy *policy) {
  return (struct facts){
      .birth_date = find(policy, "member.birth_date"),
      .business = find(policy, "member.line_of_business"),
      .code = find(policy, "service.code"),
      .drug = find(policy, "service.drug"),
      .date = find(policy, "service.date"),
      .place = find(policy, "service.place_of_service"),
      .course_start = find(policy, "therapy.course_start_date"),
      .earlier_course = find(policy, "therapy.previous_course_last_dose_date"),
      .events = find(policy, "clinical.adverse_events"),
      .relation = find(policy, "clinical.adverse_events[].drug_relation"),
      .kind = find(policy, "clinical.adverse_events[].kind"),
      .severity = find(policy, "clinical.adverse_events[].severity"),
  };
}

static bool set_date(soc_case *c, uint32_t fact, int year, int month, int day) {
  int32_t days;
  return fact == SOC_NO_INDEX ||
         (soc_date_make(year, month, day, &days) && soc_case_set_date(c, fact, 0, days) == SOC_OK);
}

static bool set_code(soc_case *c, uint32_t fact, const char *code) {
  return fact == SOC_NO_INDEX || soc_case_set_code(c, fact, 0, code, strlen(code)) == SOC_OK;
}

// An enumeration's value by its name; the index of a value is the policy's own affair.
static bool set_word(const soc_policy *policy, soc_case *c, uint32_t fact, uint32_t row,
                     const char *word) {
  if (fact == SOC_NO_INDEX) {
    return true;
  }
  soc_fact_info info;
  if (soc_policy_fact(policy, fact, &info) != SOC_OK) {
    return false;
  }
  for (uint32_t value = 0; value < info.value_count; value++) {
    if (strcmp(soc_policy_fact_value(policy, fact, value).data, word) == 0) {
      return soc_case_set_enum(c, fact, row, value) == SOC_OK;
    }
  }
  return false;
}

// What is not stated here is left out: nobody knows.
static bool state_facts(const soc_policy *policy, const struct facts *f, soc_case *c) {
  return set_date(c, f->birth_date, 1980, 5, 1) &&
         set_word(policy, c, f->business, 0, "commercial") && set_code(c, f->code, "J1745") &&
         (f->drug == SOC_NO_INDEX || soc_case_set_text(c, f->drug, 0, "Remicade", 8) == SOC_OK) &&
         set_date(c, f->date, 2024, 12, 10) && set_code(c, f->place, "22") &&
         set_date(c, f->course_start, 2023, 5, 2) &&
         (f->earlier_course == SOC_NO_INDEX ||
          soc_case_set_none(c, f->earlier_course, 0) == SOC_OK) &&
         (f->events == SOC_NO_INDEX || soc_case_set_list(c, f->events, 1) == SOC_OK) &&
         set_word(policy, c, f->relation, 0, "same_drug") &&
         set_word(policy, c, f->kind, 0, "anaphylaxis") &&
         set_word(policy, c, f->severity, 0, "severe");
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
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = size > 0 ? malloc(size) : NULL;
  struct facts facts = find_facts(policy);
  soc_case *c;
  bool done = memory && soc_case_init(&c, policy, &limits, memory, size, NULL) == SOC_OK &&
              state_facts(policy, &facts, c) && decide(policy, c);
  free(memory);
  return done;
}

int main(int argc, char **argv) {
  size_t length = 0;
  unsigned char *bytes = argc == 2 ? read_file(argv[1], &length) : NULL;
  soc_policy policy;
  if (!bytes) {
    fprintf(stderr, "usage: %s POLICY.socb\n", argc > 0 ? argv[0] : "decide");
    return 2;
  }
  bool done = load(&policy, bytes, length);
  void *plan = done ? make_plan(&policy) : NULL;
  done = done && run(&policy);
  free(plan);
  free(bytes); // not earlier: the policy points into the bytes
  return done ? 0 : 1;
}
