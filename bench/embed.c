// SPDX-License-Identifier: Apache-2.0
//
// bench_embed PREMERA.socb ARTIFACT...: what an embedding pays. For each artifact how long loading takes, which
// verifies all of it (the digest is not computed: that is for soc_compiler's users), and how much memory a plan, a case
// and a batch want; and how many cases two threads decide beside one (threads.c), of the first artifact.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "load.h"
#include "soc/batch.h"
#include "soc/vm.h"
#include "threads.h"

// ------------------------------------------------------------------------------------------- batches

enum { BATCH_CASES = 8192 };

// Scratch memory for cases that give nothing, whose lists of records are empty: without tables of dictionaries.
static size_t scratch_bytes(const soc_policy *policy, const soc_batch *batch) {
  static const int32_t no_rows[BATCH_CASES + 1] = {0};
  soc_policy_info info;
  soc_policy_describe(policy, &info);
  soc_column *columns = calloc(info.fact_count, sizeof *columns);
  soc_fact_info fact;
  for (uint32_t i = 0; columns && soc_policy_fact(policy, i, &fact) == SOC_OK; i++) {
    if (fact.type == SOC_RECORDS)
      columns[i] =
          (soc_column){.layout = SOC_LAYOUT_ROWS, .offsets = no_rows, .length = BATCH_CASES};
  }
  size_t size =
      columns ? soc_batch_scratch_bytes(batch, &(soc_batch_input){BATCH_CASES, columns}) : 0;
  free(columns);
  return size;
}

// Of a policy that has its plan if it can have one; `alone`: what a batch needs that makes it.
static bool print_batch(const soc_policy *policy, size_t alone) {
  size_t size = soc_batch_bytes(policy);
  soc_batch *batch = NULL;
  void *memory = malloc(size);
  bool made = memory && soc_batch_init(&batch, policy, memory, size, NULL) == SOC_OK;
  if (made)
    printf(" %8s %8zu %8zu %8zu", soc_batch_is_columnar(batch) ? "yes" : "no", alone, size,
           scratch_bytes(policy, batch));
  free(memory);
  return made;
}

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
    soc_policy planned = policy;
    time = load_time(artifact, length, &policy); // which leaves it without a plan
    printf("%-44s %9zu %8.1f %10zu %10zu %10zu", short_name(path), length, time,
           soc_case_bytes(&policy, &limits), soc_case_bytes(&planned, &limits),
           soc_policy_plan_bytes(&policy));
    if (!print_batch(&planned, soc_batch_bytes(&policy))) time = -1;
    printf("\n");
  }
  free(plan);
  free(artifact);
  return time;
}

static bool print_artifacts(int count, char **paths) {
  double worst = 0;
  printf("%-44s %9s %8s %10s %10s %10s %8s %8s %8s %8s\n", "", "artifact", "load", "a case",
         "a case", "plan", "columnar", "a batch", "a batch", "scratch");
  printf("%-44s %9s %8s %10s %10s %10s %8s %8s %8s %8s\n", "lists of 32 rows, 32 codes", "bytes",
         "us", "no plan", "with plan", "bytes", "", "no plan", "has plan", "bytes");
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
