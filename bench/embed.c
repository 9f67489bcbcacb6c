// SPDX-License-Identifier: Apache-2.0
//
// bench_embed PREMERA.socb ARTIFACT...: what an embedding pays. For each artifact how long loading takes, which
// verifies all of it (the digest is not computed: that is for soc_compiler's users), and how much memory a plan and a
// case want; and how many cases two threads decide beside one, of the first artifact.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "load.h"
#include "vm_side.h"

// ------------------------------------------------------------------------------------------ loading

enum { LOAD_REPETITIONS = 101 };
static const soc_case_limits limits = {.rows = 32, .items = 32};

// Microseconds of one load: the median. Negative: refused.
static double load_time(const void *artifact, size_t length, soc_policy *policy) {
  double times[LOAD_REPETITIONS];
  for (size_t i = 0; i < LOAD_REPETITIONS; i++) {
    soc_error error;
    double start = now();
    if (soc_policy_load(policy, artifact, length, &error) != SOC_OK) return -1;
    times[i] = (now() - start) / 1e3;
  }
  return median(times, LOAD_REPETITIONS);
}

static const char *short_name(const char *path) {
  const char *found = strstr(path, "policies/");
  return found ? found + strlen("policies/") : path;
}

// Prints a row; returns the time, or a negative one.
static double print_artifact(const char *path) {
  soc_policy policy;
  void *artifact = NULL, *plan = NULL;
  size_t length = 0;
  double time = -1;
  if (load_policy(path, &policy, &artifact, &length, &plan)) {
    size_t planned = soc_case_bytes(&policy, &limits);
    time = load_time(artifact, length, &policy); // which leaves it without a plan
    printf("%-44s %9zu %8.1f %10zu %10zu %10zu\n", short_name(path), length, time,
           soc_case_bytes(&policy, &limits), planned, soc_policy_plan_bytes(&policy));
  }
  free(plan);
  free(artifact);
  return time;
}

static bool print_artifacts(int count, char **paths) {
  double worst = 0;
  printf("%-44s %9s %8s %10s %10s %10s\n", "", "artifact", "load", "a case", "a case", "plan");
  printf("%-44s %9s %8s %10s %10s %10s\n", "lists of 32 rows, 32 codes", "bytes", "us", "no plan",
         "with plan", "bytes");
  for (int i = 0; i < count; i++) {
    double time = print_artifact(paths[i]);
    if (time < 0) return false;
    worst = time > worst ? time : worst;
  }
  figure("load", worst);
  return true;
}

// ------------------------------------------------------------------------------------------ threads

enum { CASES = 64, ROUNDS = 2000, THREADS = 2, TRIALS = 15 };

struct worker {
  const struct vm_side *vm;
  soc_case **cases;
  uint64_t determinations; // so that nothing is left out
  bool failed;
};

static void *decide_all(void *arg) {
  struct worker *w = arg;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    for (uint32_t i = 0; i < CASES; i++) {
      soc_result result;
      w->failed |= soc_case_decide(w->cases[i], 0) != SOC_OK ||
                   soc_case_result(w->cases[i], w->vm->drug_decision, 0, &result) != SOC_OK;
      w->determinations += result.determination;
    }
  }
  return NULL;
}

// Nanoseconds until `count` threads have decided their cases; negative: a thread did not start or a case was refused.
static double time_threads(struct worker *workers, uint32_t count) {
  pthread_t threads[THREADS];
  double start = now();
  uint32_t started = 1; // this thread is the first
  bool failed = false;
  for (; started < count && !failed; started++) {
    failed = pthread_create(&threads[started], NULL, decide_all, &workers[started]) != 0;
  }
  (void)decide_all(&workers[0]);
  for (uint32_t i = 1; i < started - failed; i++) failed |= pthread_join(threads[i], NULL) != 0;
  for (uint32_t i = 0; i < count; i++) failed |= workers[i].failed;
  return failed ? -1 : now() - start;
}

static bool compare_threads(struct worker *workers) {
  double ratios[TRIALS];
  for (size_t i = 0; i < TRIALS; i++) {
    double one = time_threads(workers, 1), two = time_threads(workers, THREADS);
    if (one < 0 || two < 0) return false;
    ratios[i] = THREADS * one / two;
  }
  double rate = median(ratios, TRIALS);
  printf("two threads decide %.2f times the cases of one (one policy, cases of their own)\n", rate);
  figure("threads", rate);
  return true;
}

static bool take_cases(const struct vm_side *vm, const struct bench_case *drawn, void **block,
                       soc_case **cases) {
  if (!vm_side_cases(vm, CASES, block, cases)) return false;
  for (uint32_t i = 0; i < CASES; i++) {
    if (!vm_side_bind(vm, &drawn[i], cases[i])) return false;
  }
  return true;
}

static bool measure_threads(const char *path) {
  struct vm_side vm;
  if (!vm_side_open(&vm, path)) return false;
  struct bench_case *drawn = calloc(CASES, sizeof *drawn);
  soc_case **cases = calloc((size_t)THREADS * CASES, sizeof *cases);
  void *blocks[THREADS] = {NULL};
  struct worker workers[THREADS];
  bool ready = drawn && cases;
  if (ready) cases_make(drawn, CASES, CASES_SEED);
  for (uint32_t i = 0; ready && i < THREADS; i++) {
    workers[i] = (struct worker){&vm, cases + (size_t)i * CASES, 0, false};
    ready = take_cases(&vm, drawn, &blocks[i], workers[i].cases);
  }
  bool measured = ready && compare_threads(workers);
  for (uint32_t i = 0; i < THREADS; i++) free(blocks[i]);
  free(cases);
  free(drawn);
  vm_side_close(&vm);
  return measured;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    (void)fprintf(stderr, "usage: bench_embed PREMERA.socb ARTIFACT...\n");
    return 2;
  }
  return print_artifacts(argc - 2, argv + 2) && measure_threads(argv[1]) ? 0 : 1;
}
