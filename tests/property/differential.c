// SPDX-License-Identifier: Apache-2.0
//
// Random policies and cases: the VM, columns and the oracle must agree on everything, and the properties must hold.
//     differential [PROGRAMS] [FIRST_SEED]     a range of seeds
//     differential --source SEED               prints the policy of a seed
//     differential --bytes SEED                prints a seed for the fuzz target
#include "batches.h"
#include "generate.h"
#include "properties.h"
#include "shrink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
  SOURCE_BYTES = 4096,
  CASE_BYTES = 2048,
  CASES =
      20, // of a program; one in LARGE_EVERY gets up to LARGE, so that a batch has several blocks
  LARGE_EVERY = 40,
  LARGE = 2500,
  MOST_FAILURES = 5,
  MOST_REFUSED_PERCENT = 5,
  LEAST_PLANNED_PERCENT = 25,
  LEAST_COLUMNAR_PERCENT = 10
};

struct count {
  const char *name;
  uint32_t checked, failed;
};
enum {
  COMPILES,
  AGREES,
  EXPLAINS,
  COLUMNS,
  FILLING_IN,
  MISSING,
  ASKING,
  AGAIN,
  BY_KEY,
  REACH,
  COUNTS
};

struct run {
  struct count counts[COUNTS];
  uint32_t programs, refused, planned, columnar_programs, cases, decided, pending;
  uint64_t columnar, single;
};

// A case and the choices that its properties are checked with.
struct drawn {
  uint8_t bytes[CASE_BYTES];
  struct choices choices;
  struct oracle_case given;
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

// With choices of its own, as those of the case may be used up.
static bool check_keys(struct subject *s, const struct drawn *drawn) {
  uint8_t bytes[CASE_BYTES];
  uint64_t random;
  memcpy(&random, drawn->bytes, sizeof random);
  random |= 1;
  random_fill(&random, bytes, sizeof bytes);
  struct choices choices = {bytes, sizeof bytes, 0};
  return property_by_key(s, &choices, &drawn->given, stdout);
}

static bool check_properties(struct run *run, struct subject *s, struct drawn *drawn) {
  const struct oracle_case *c = &drawn->given;
  struct choices *choices = &drawn->choices;
  bool filling = property_filling_in(s, choices, c, stdout),
       missing = property_missing(s, c, stdout);
  bool asking = property_asking_ends(s, choices, c, stdout), again = property_again(s, c, stdout),
       by_key = check_keys(s, drawn), reach = property_reach(s, c, stdout);
  note(run, FILLING_IN, filling);
  note(run, MISSING, missing);
  note(run, ASKING, asking);
  note(run, AGAIN, again);
  note(run, BY_KEY, by_key);
  note(run, REACH, reach);
  return filling && missing && asking && again && by_key && reach;
}

// `index`: of the case among those of the batch.
static bool check_case(struct run *run, struct subject *s, const struct generated *g,
                       struct batches *b, struct drawn *drawn, uint32_t index) {
  struct oracle_result result;
  bool explain = index % 4 == 0;
  oracle_decide(subject_program(s), &drawn->given, &result);
  bool ok = agree_with(&s->machine, &drawn->given, &result, explain, NULL);
  note(run, explain ? EXPLAINS : AGREES, ok);
  if (ok) count_results(run, s);
  bool columns = batches_agree(b, &drawn->given, &result, stdout);
  note(run, COLUMNS, columns);
  oracle_result_free(&result);
  run->cases++;
  if (!ok || !columns) {
    shrink_and_print(g->vocabulary.data, g->policy.data, &drawn->given, stdout);
    return false;
  }
  if (index >= CASES || check_properties(run, s, drawn)) return true;
  printf("%s%s", g->vocabulary.data ? g->vocabulary.data : "", g->policy.data);
  return false;
}

static void draw(struct drawn *drawn, struct subject *s, uint64_t *random) {
  random_fill(random, drawn->bytes, sizeof drawn->bytes);
  drawn->choices = (struct choices){drawn->bytes, sizeof drawn->bytes, 0};
  oracle_case_init(&drawn->given, subject_program(s));
  random_case(&drawn->choices, &s->constants, &drawn->given);
}

// The number of the first case that fails; `count`: none does.
static uint32_t check_cases(struct run *run, struct subject *s, const struct generated *g,
                            uint64_t *random, uint32_t count) {
  struct drawn *drawn = malloc(count * sizeof *drawn);
  struct oracle_case *cases = malloc(count * sizeof *cases);
  if (!drawn || !cases) abort();
  for (uint32_t i = 0; i < count; i++) {
    draw(&drawn[i], s, random);
    cases[i] = drawn[i].given;
  }
  struct batches b;
  uint32_t done = 0;
  bool ok = batches_open(&b, s, stdout) && batches_decide(&b, cases, count, random, stdout);
  while (ok && done < count && check_case(run, s, g, &b, &drawn[done], done)) done++;
  run->columnar_programs += b.batch && soc_batch_is_columnar(b.batch);
  run->columnar += b.columnar;
  run->single += b.single;
  batches_done(&b);
  batches_close(&b);
  for (uint32_t i = 0; i < count; i++) oracle_case_free(&drawn[i].given);
  free(drawn);
  free(cases);
  return done;
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
  if (state == SUBJECT_READY) {
    bool large = seed % LARGE_EVERY == 0;
    uint32_t count = large ? 1 + (uint32_t)(random_next(&random) >> 40) % LARGE : CASES;
    uint32_t done = check_cases(run, &s, &g, &random, count);
    ok = done == count;
    if (!ok) printf("seed %" PRIu64 ", case %" PRIu32 " of %" PRIu32 "\n\n", seed, done, count);
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

// Enough of what it is for?
static bool enough(uint64_t part, uint64_t whole, uint32_t percent, const char *what) {
  if (part * 100 >= whole * percent) return true;
  printf("less than %" PRIu32 " %% of the %s\n", percent, what);
  return false;
}

static int summary(const struct run *run) {
  int passed = 0, failed = 0;
  printf("%" PRIu32 " programs, %" PRIu32 " refused by the compiler, %" PRIu32
         " with a plan, %" PRIu32 " with a form for columns; %" PRIu32 " cases; %" PRIu32
         " decisions, %" PRIu32 " pends\n",
         run->programs, run->refused, run->planned, run->columnar_programs, run->cases,
         run->decided, run->pending);
  printf("decided by columns %" PRIu64 ", one by one %" PRIu64 "\n", run->columnar, run->single);
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
  bool planned = enough(run->planned, run->programs, LEAST_PLANNED_PERCENT, "programs have a plan");
  *(planned ? &passed : &failed) += 1;
  bool columnar =
      enough(run->columnar, run->cases, LEAST_COLUMNAR_PERCENT, "cases are decided by columns");
  *(columnar ? &passed : &failed) += 1;
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv) {
  struct run run = {.counts = {{"compiles and loads", 0, 0},
                               {"VM and oracle agree", 0, 0},
                               {"so do states of criteria", 0, 0},
                               {"columns and oracle agree", 0, 0},
                               {"filling in changes no decided case", 0, 0},
                               {"missing facts were left out", 0, 0},
                               {"asking ends", 0, 0},
                               {"explaining changes nothing", 0, 0},
                               {"results by key", 0, 0},
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
