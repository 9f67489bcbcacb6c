// SPDX-License-Identifier: Apache-2.0
//
// A claims loop over many threads: threads POLICY.socb COUNT. One policy is shared by all and never written; each
// thread has a case of its own, cleared for each claim, and takes the next claim from a counter. The claims are made
// up, for Cigna's R14; a real host reads them from its queue. What is printed is the same for any number of threads.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "host.h"

enum { CLAIMS = 5000, LINES = 3, MOST_THREADS = 64 };

// ---------------------------------------------------------------------------- claims

static const struct claim {
  const char *place, *review;
  struct {
    const char *code, *category;
  } lines[LINES];
} examples[] = {
    {"11", "met", {{"96365", NULL}, {"J1745", NULL}, {"A4206", "other"}}},
    {"12", "met", {{"S9373", NULL}, {"J7050", NULL}, {"A4223", "other"}}},
    {"11", "not_met", {{"96409", NULL}, {"J9035", NULL}, {"S1016", "other"}}},
    {"22", "met", {{"96365", NULL}, {"J1745", NULL}, {"A4216", "other"}}},
};

struct facts {
  uint32_t date, place, form, review, lines, number, code, category;
};

static struct facts find_facts(const soc_policy *policy) {
  return (struct facts){.date = host_find(policy, "service.date"),
                        .place = host_find(policy, "service.place_of_service"),
                        .form = host_find(policy, "claim.form"),
                        .review = host_find(policy, "therapy.drug_criteria_status"),
                        .lines = host_find(policy, "claim.lines"),
                        .number = host_find(policy, "claim.lines[].number"),
                        .code = host_find(policy, "claim.lines[].code"),
                        .category = host_find(policy, "claim.lines[].category")};
}

static bool state_claim(const soc_policy *policy, const struct facts *f, soc_case *c,
                        unsigned claim) {
  const struct claim *example = &examples[claim % (sizeof examples / sizeof *examples)];
  bool good = host_set_date(c, f->date, 0, 2018, 6, 1 + (int)(claim % 28)) &&
              host_set_code(c, f->place, 0, example->place) &&
              host_set_word(policy, c, f->form, 0, "cms1500") &&
              host_set_word(policy, c, f->review, 0, example->review) &&
              soc_case_set_list(c, f->lines, LINES) == SOC_OK;
  for (uint32_t row = 0; good && row < LINES; row++) {
    good = soc_case_set_number(c, f->number, row, (row + 1) * INT64_C(1000000)) == SOC_OK &&
           host_set_code(c, f->code, row, example->lines[row].code) &&
           (!example->lines[row].category ||
            host_set_word(policy, c, f->category, row, example->lines[row].category));
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
  if (!state_claim(w->policy, w->facts, c, claim) || soc_case_decide(c, 0) != SOC_OK) {
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
