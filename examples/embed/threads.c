// SPDX-License-Identifier: Apache-2.0
//
// A claims loop over many threads: threads POLICY.socb COUNT. One policy is shared by all and never written; each
// thread has a case of its own, cleared for each claim, and takes the next claim from a counter. The claims are made
// up, for Cigna's R14; a real host reads them from its queue. What is printed is the same for any number of threads.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <soc/names.h>

#include "host.h"

enum { CLAIMS = 5000, LINES = 3, MOST_THREADS = 64 };

// ---------------------------------------------------------------------------- claims

static const struct claim {
  const char *place;
  bool reviewed;            // and the drug's criteria are met
  const char *lines[LINES]; // codes; the last one is of a supply
} examples[] = {
    {"11", true, {"96365", "J1745", "A4206"}},
    {"12", true, {"S9373", "J7050", "A4223"}},
    {"11", false, {"96409", "J9035", "S1016"}},
    {"22", true, {"96365", "J1745", "A4216"}},
};

// Facts and values by their place in the policy: names are looked up once for all claims.
struct facts {
  uint32_t date, place, form, review, lines, number, code, category;
  uint32_t cms1500, met, not_met, other;
};

// SOC_NO_INDEX: the policy does not read it. This example then ends at the first claim; a host that serves any policy
// does not state it.
static uint32_t find(const soc_policy *policy, const char *name) {
  return soc_policy_find_fact(policy, name, strlen(name));
}

static uint32_t find_value(const soc_policy *policy, uint32_t fact, const char *name) {
  return soc_policy_find_value(policy, fact, name, strlen(name));
}

static struct facts find_facts(const soc_policy *policy) {
  struct facts f = {.date = find(policy, SOC_FACT_SERVICE_DATE),
                    .place = find(policy, SOC_FACT_SERVICE_PLACE_OF_SERVICE),
                    .form = find(policy, SOC_FACT_CLAIM_FORM),
                    .review = find(policy, SOC_FACT_THERAPY_DRUG_CRITERIA_STATUS),
                    .lines = find(policy, SOC_FACT_CLAIM_LINES),
                    .number = find(policy, SOC_FACT_CLAIM_LINES_NUMBER),
                    .code = find(policy, SOC_FACT_CLAIM_LINES_CODE),
                    .category = find(policy, SOC_FACT_CLAIM_LINES_CATEGORY)};
  f.cms1500 = find_value(policy, f.form, "cms1500");
  f.met = find_value(policy, f.review, "met");
  f.not_met = find_value(policy, f.review, "not_met");
  f.other = find_value(policy, f.category, "other");
  return f;
}

static bool state_line(const struct facts *f, soc_case *c, uint32_t row, const char *code) {
  return soc_case_set_number(c, f->number, row, (row + 1) * INT64_C(1000000)) == SOC_OK &&
         soc_case_set_code(c, f->code, row, code, strlen(code)) == SOC_OK &&
         (row < LINES - 1 || soc_case_set_enum(c, f->category, row, f->other) == SOC_OK);
}

static bool state_claim(const struct facts *f, soc_case *c, unsigned claim) {
  const struct claim *example = &examples[claim % (sizeof examples / sizeof *examples)];
  int32_t day;
  bool good =
      soc_date_make(2018, 6, 1 + (int32_t)(claim % 28), &day) &&
      soc_case_set_date(c, f->date, 0, day) == SOC_OK &&
      soc_case_set_code(c, f->place, 0, example->place, strlen(example->place)) == SOC_OK &&
      soc_case_set_enum(c, f->form, 0, f->cms1500) == SOC_OK &&
      soc_case_set_enum(c, f->review, 0, example->reviewed ? f->met : f->not_met) == SOC_OK &&
      soc_case_set_list(c, f->lines, LINES) == SOC_OK;
  for (uint32_t row = 0; good && row < LINES; row++) {
    good = state_line(f, c, row, example->lines[row]);
  }
  return good;
}

// ---------------------------------------------------------------------------- threads

struct work {
  const soc_policy *policy; // shared
  const struct facts *facts;
  atomic_uint *next;
  unsigned counts[SOC_DETERMINATION_COUNT]; // of this thread alone
  bool failed;
};

static bool decide(struct work *w, soc_case *c, unsigned claim) {
  soc_case_clear(c);
  if (!state_claim(w->facts, c, claim) || soc_case_decide(c, 0) != SOC_OK) {
    return false;
  }
  for (uint32_t row = 0; row < soc_case_rows(c, 0); row++) {
    soc_result result;
    if (soc_case_result(c, 0, row, &result) != SOC_OK) {
      return false;
    }
    w->counts[result.determination]++;
  }
  return true;
}

static void *run(void *argument) {
  struct work *w = argument;
  const soc_case_limits limits = {.rows = LINES, .items = 10};
  soc_case *c = host_case(w->policy, &limits);
  w->failed = !c;
  while (!w->failed) {
    unsigned claim = atomic_fetch_add(w->next, 1);
    if (claim >= CLAIMS) {
      break;
    }
    w->failed = !decide(w, c, claim);
  }
  free(c);
  return NULL;
}

static bool run_all(const soc_policy *policy, unsigned count,
                    unsigned total[SOC_DETERMINATION_COUNT]) {
  struct facts facts = find_facts(policy);
  atomic_uint next = 0;
  pthread_t threads[MOST_THREADS];
  struct work work[MOST_THREADS];
  unsigned started = 0;
  for (; started < count; started++) {
    work[started] = (struct work){.policy = policy, .facts = &facts, .next = &next};
    if (pthread_create(&threads[started], NULL, run, &work[started]) != 0) {
      break;
    }
  }
  bool good = started == count;
  for (unsigned i = 0; i < started; i++) {
    pthread_join(threads[i], NULL);
    good = good && !work[i].failed;
    for (unsigned d = 0; d < SOC_DETERMINATION_COUNT; d++) {
      total[d] += work[i].counts[d];
    }
  }
  return good;
}

int main(int argc, char **argv) {
  host_policy p;
  unsigned total[SOC_DETERMINATION_COUNT] = {0};
  int count = argc == 3 ? atoi(argv[2]) : 0;
  if (count < 1 || count > MOST_THREADS) {
    fprintf(stderr, "usage: threads POLICY.socb COUNT (of threads, 1 to %d)\n", MOST_THREADS);
    return 2;
  }
  if (!host_open(&p, argv[1])) {
    return 1;
  }
  bool good = run_all(&p.policy, (unsigned)count, total);
  host_close(&p);
  printf("%d claims of %d lines\n", CLAIMS, LINES);
  for (unsigned d = 0; d < SOC_DETERMINATION_COUNT; d++) {
    if (total[d] > 0) {
      printf("%6u %s\n", total[d], soc_determination_name((soc_determination)d));
    }
  }
  return good ? 0 : 1;
}
