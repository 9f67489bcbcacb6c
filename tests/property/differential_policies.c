// SPDX-License-Identifier: Apache-2.0
//
// Random cases of real policies, each decided four ways: by the oracle, by the VM's bytecode, by its plan and by
// columns. All must agree on everything that they answer.
//     differential_policies [--seed N] CASES POLICY.soc...
#include "batches.h"
#include "cli/artifacts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RANDOM_BYTES = 4096, MOST_IN_BATCH = 2500, EXPLAIN_EVERY = 64 };

struct tally {
  uint64_t cases, failures, pends, results;
};

static void count_results(struct tally *t, const struct oracle_result *result) {
  t->results += result->count;
  for (uint32_t i = 0; i < result->count; i++)
    t->pends += result->outcomes[i].determination == SOC_PEND;
}

static void check_case(struct subject *s, struct batches *b, const struct oracle_case *c,
                       struct tally *t) {
  struct oracle_result result;
  oracle_decide(subject_program(s), c, &result);
  bool scalar = agree_with(&s->machine, c, &result, t->cases % EXPLAIN_EVERY == 0, stdout);
  bool columns = batches_agree(b, c, &result, stdout);
  if (!scalar || !columns) t->failures++;
  count_results(t, &result);
  t->cases++;
  oracle_result_free(&result);
}

static void check_batch(struct subject *s, struct batches *b, uint32_t count, uint64_t *random,
                        struct tally *t) {
  struct oracle_case *cases = calloc(count, sizeof *cases);
  uint8_t bytes[RANDOM_BYTES];
  if (!cases) abort();
  for (uint32_t i = 0; i < count; i++) {
    random_fill(random, bytes, sizeof bytes);
    struct choices choices = {bytes, sizeof bytes, 0};
    oracle_case_init(&cases[i], subject_program(s));
    random_case(&choices, &s->constants, &cases[i]);
  }
  if (!batches_decide(b, cases, count, random, stdout)) t->failures++;
  for (uint32_t i = 0; i < count && t->failures == 0; i++) check_case(s, b, &cases[i], t);
  batches_done(b);
  for (uint32_t i = 0; i < count; i++) oracle_case_free(&cases[i]);
  free(cases);
}

static double seconds(void) {
  return (double)clock() / CLOCKS_PER_SEC;
}

static bool check_cases(struct subject *s, uint64_t cases, uint64_t seed, const char *path) {
  uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
  struct tally t = {0};
  struct batches b;
  double begin = seconds();
  if (!batches_open(&b, s, stdout)) t.failures++;
  while (t.cases < cases && t.failures == 0) {
    uint64_t count = 1 + (random_next(&random) >> 40) % MOST_IN_BATCH, rest = cases - t.cases;
    check_batch(s, &b, (uint32_t)(count < rest ? count : rest), &random, &t);
  }
  printf("%s: %" PRIu64 " cases, %" PRIu64 " results, %" PRIu64
         " of them pend; %s; by columns %" PRIu64 ", one by one %" PRIu64 "; %.1f s\n",
         path, t.cases, t.results, t.pends, t.failures ? "DIFFERENT" : "no difference", b.columnar,
         b.single, seconds() - begin);
  batches_close(&b);
  return t.failures == 0;
}

static bool check_policy(const char *path, uint64_t cases, uint64_t seed) {
  struct option_texts none = {0};
  struct compiling c;
  struct subject s = {0};
  if (!source_compile(&c, path, &none)) return false;
  bool ok = subject_take(&s, c.compilation, stdout) == SUBJECT_READY &&
            check_cases(&s, cases, seed, path);
  c.compilation = NULL; // the subject's
  subject_close(&s);
  source_free(&c);
  return ok;
}

int main(int argc, char **argv) {
  int passed = 0, failed = 0, at = 1;
  uint64_t seed = 1;
  if (argc > 2 && strcmp(argv[1], "--seed") == 0) {
    seed = strtoull(argv[2], NULL, 10);
    at = 3;
  }
  if (argc < at + 2) return EXIT_FAILURE;
  uint64_t cases = strtoull(argv[at], NULL, 10);
  for (at++; at < argc; at++) {
    bool ok = check_policy(argv[at], cases, seed);
    *(ok ? &passed : &failed) += 1;
    fflush(stdout);
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
