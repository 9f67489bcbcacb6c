// SPDX-License-Identifier: Apache-2.0
//
// bench_embed PREMERA.socb ARTIFACT...: what an embedding pays. For each artifact how long loading takes, which
// verifies all of it (the digest is not computed: that is for soc_compiler's users), and how much memory a plan and a
// case want; and how many cases two threads decide beside one (threads.c), of the first artifact.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "load.h"
#include "soc/vm.h"
#include "threads.h"

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

int main(int argc, char **argv) {
  if (argc < 3) {
    (void)fprintf(stderr, "usage: bench_embed PREMERA.socb ARTIFACT...\n");
    return 2;
  }
  return print_artifacts(argc - 2, argv + 2) && threads_measure(argv[1]) ? 0 : 1;
}
