// SPDX-License-Identifier: Apache-2.0
//
// Random policies and cases: the VM and the oracle must agree on everything, and the properties must hold.
//     differential [PROGRAMS] [FIRST_SEED]     a range of seeds
//     differential --source SEED               prints the policy of a seed
//     differential --bytes SEED                prints a seed for the fuzz target
#include "generate.h"
#include "properties.h"
#include "shrink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
  SOURCE_BYTES = 4096,
  CASE_BYTES = 512,
  CASES = 20,
  MOST_FAILURES = 5,
  MOST_REFUSED_PERCENT = 5,
  LEAST_PLANNED_PERCENT = 25
};

struct count {
  const char *name;
  uint32_t checked, failed;
};
enum { COMPILES, AGREES, EXPLAINS, FILLING_IN, MISSING, ASKING, AGAIN, REACH, COUNTS };

struct run {
  struct count counts[COUNTS];
  uint32_t programs, refused, planned, cases, decided, pending;
};

static void note(struct run *run, int which, bool ok) {
  run->counts[which].checked++;
  if (!ok) run->counts[which].failed++;
}

static uint64_t state_of(uint64_t seed) {
  return seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

static void count_results(struct run *run, const struct subject *s) {
  for (uint32_t d = 0; d < subject_program(s)->decision_count; d++) {
    soc_result r;
    if (soc_case_result(s->machine.input, d, 0, &r) != SOC_OK) continue;
    if (r.determination == SOC_PEND) {
      run->pending++;
    } else {
      run->decided++;
    }
  }
}

static bool check_case(struct run *run, struct subject *s, const struct generated *g,
                       uint64_t *random, bool explain) {
  uint8_t bytes[CASE_BYTES];
  random_fill(random, bytes, sizeof bytes);
  struct choices choices = {bytes, sizeof bytes, 0};
  struct oracle_case c;
  oracle_case_init(&c, subject_program(s));
  random_case(&choices, &s->constants, &c);
  bool ok = explain ? agree_explained(&s->machine, &c, NULL) : agree(&s->machine, &c, NULL);
  note(run, explain ? EXPLAINS : AGREES, ok);
  run->cases++;
  if (ok) count_results(run, s);
  if (!ok) {
    shrink_and_print(g->vocabulary.data, g->policy.data, &c, stdout);
  } else {
    bool filling = property_filling_in(s, &choices, &c, stdout),
         missing = property_missing(s, &c, stdout);
    bool asking = property_asking_ends(s, &choices, &c, stdout),
         again = property_again(s, &c, stdout), reach = property_reach(s, &c, stdout);
    note(run, FILLING_IN, filling);
    note(run, MISSING, missing);
    note(run, ASKING, asking);
    note(run, AGAIN, again);
    note(run, REACH, reach);
    ok = filling && missing && asking && again && reach;
    if (!ok) printf("%s%s", g->vocabulary.data ? g->vocabulary.data : "", g->policy.data);
  }
  oracle_case_free(&c);
  return ok;
}

static bool check_program(struct run *run, uint64_t seed, bool verbose) {
  uint8_t bytes[SOURCE_BYTES];
  uint64_t random = state_of(seed);
  random_fill(&random, bytes, sizeof bytes);
  struct choices choices = {bytes, sizeof bytes, 0};
  struct generated g;
  generate_policy(&choices, &g);
  struct subject s;
  run->programs++;
  enum subject_state state =
      subject_open(&s, g.vocabulary.data, g.policy.data, verbose ? stdout : NULL);
  note(run, COMPILES, state != SUBJECT_BROKEN);
  bool ok = state != SUBJECT_BROKEN;
  if (state == SUBJECT_REFUSED) run->refused++;
  if (state == SUBJECT_READY && s.machine.planned) run->planned++;
  if (state == SUBJECT_BROKEN) {
    printf("seed %" PRIu64 ": compiled, but not loaded\n%s%s", seed,
           g.vocabulary.data ? g.vocabulary.data : "", g.policy.data);
    subject_close(&s);
    (void)subject_open(&s, g.vocabulary.data, g.policy.data, stdout);
  }
  for (uint32_t i = 0; state == SUBJECT_READY && i < CASES && ok; i++) {
    ok = check_case(run, &s, &g, &random, i % 4 == 0);
    if (!ok) printf("seed %" PRIu64 ", case %" PRIu32 "\n\n", seed, i);
  }
  subject_close(&s);
  generated_free(&g);
  return ok;
}

static void print_source(uint64_t seed) {
  uint8_t bytes[SOURCE_BYTES];
  uint64_t random = state_of(seed);
  random_fill(&random, bytes, sizeof bytes);
  struct choices choices = {bytes, sizeof bytes, 0};
  struct generated g;
  generate_policy(&choices, &g);
  printf("%s%s", g.vocabulary.data ? g.vocabulary.data : "", g.policy.data);
  struct subject s;
  (void)subject_open(&s, g.vocabulary.data, g.policy.data, stdout);
  subject_close(&s);
  generated_free(&g);
}

// Input of the fuzz target for a seed: a policy's bytes, then half as many for cases.
static void print_bytes(uint64_t seed) {
  uint8_t bytes[1500];
  uint64_t random = state_of(seed);
  random_fill(&random, bytes, sizeof bytes);
  fwrite(bytes, 1, sizeof bytes, stdout);
}

static int summary(const struct run *run) {
  int passed = 0, failed = 0;
  printf("%" PRIu32 " programs, %" PRIu32 " refused by the compiler, %" PRIu32
         " with a plan; %" PRIu32 " cases; %" PRIu32 " decisions, %" PRIu32 " pends\n",
         run->programs, run->refused, run->planned, run->cases, run->decided, run->pending);
  for (int i = 0; i < COUNTS; i++) {
    const struct count *c = &run->counts[i];
    printf("%s: %" PRIu32 " checked, %" PRIu32 " failed\n", c->name, c->checked, c->failed);
    if (c->failed || c->checked == 0) {
      failed++;
    } else {
      passed++;
    }
  }
  if (run->refused * 100 > run->programs * MOST_REFUSED_PERCENT) {
    printf("the compiler refuses more than %d %% of what is generated\n", MOST_REFUSED_PERCENT);
    failed++;
  } else {
    passed++;
  }
  bool planned = run->planned * 100 >= run->programs * LEAST_PLANNED_PERCENT;
  if (!planned) printf("less than %d %% of the programs have a plan\n", LEAST_PLANNED_PERCENT);
  *(planned ? &passed : &failed) += 1;
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv) {
  struct run run = {.counts = {{"compiles and loads", 0, 0},
                               {"VM and oracle agree", 0, 0},
                               {"so do states of criteria", 0, 0},
                               {"filling in changes no decided case", 0, 0},
                               {"missing facts were left out", 0, 0},
                               {"asking ends", 0, 0},
                               {"explaining changes nothing", 0, 0},
                               {"what is out of reach does not occur", 0, 0}}};
  if (argc > 2 && strcmp(argv[1], "--source") == 0) {
    print_source(strtoull(argv[2], NULL, 10));
    return EXIT_SUCCESS;
  }
  if (argc > 2 && strcmp(argv[1], "--bytes") == 0) {
    print_bytes(strtoull(argv[2], NULL, 10));
    return EXIT_SUCCESS;
  }
  uint64_t programs = argc > 1 ? strtoull(argv[1], NULL, 10) : 1500;
  uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  bool verbose = getenv("SOC_SHOW_REFUSED") != NULL;
  uint32_t failures = 0;
  for (uint64_t i = 0; i < programs && failures < MOST_FAILURES; i++) {
    if (!check_program(&run, first + i, verbose)) failures++;
  }
  return summary(&run);
}
