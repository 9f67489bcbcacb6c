// SPDX-License-Identifier: Apache-2.0
//
// The benchmark: the VM beside hand-written C on the same random cases of premera/11.01.523, one table. All facts are
// bound before the clock starts. Every case is first decided by both and compared; a difference ends the run. The
// sides take turns, so that a change of the machine's speed meets all of them; figures are medians.
//
//     bench_vm POLICY [CASES]          the table
//     bench_vm POLICY --count SIDE N   decides N cases once (vm, switch, hash); count.sh counts instructions with it
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vm_side.h"

enum { CASES = 100000, FEW = 1000, REPETITIONS = 15, WARM_UP = 2, LOADS = 200 };

#ifndef BENCH_FLAGS
#define BENCH_FLAGS "not known"
#endif

struct bench {
  struct vm_side vm;
  uint32_t count;
  struct bench_case *cases;
  struct premera_facts *facts;
  struct premera_result *results;
  soc_case **vm_cases;
  void *block;
  soc_case *one; // for the side that binds
  void *one_block;
  uint64_t sink; // what the sides return, so that no work can be left out
};

// ------------------------------------------------------------------ the sides

typedef void side_fn(struct bench *b, uint32_t count);

static void run_switch(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    premera_decide_switch(&b->facts[i], &b->results[i]);
  }
}

static void run_hash(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    premera_decide_hash(&b->facts[i], &b->results[i]);
  }
}

static void run_determination(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    struct premera_determinations d = premera_determine(&b->facts[i]);
    b->sink += d.site + d.drug;
  }
}

static void run_vm(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    b->sink += soc_case_decide(b->vm_cases[i], 0);
  }
}

static void run_explain(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    b->sink += soc_case_decide(b->vm_cases[i], SOC_DECIDE_EXPLAIN);
  }
}

static void run_results(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    soc_result site, drug;
    b->sink += soc_case_decide(b->vm_cases[i], 0);
    b->sink += soc_case_result(b->vm_cases[i], b->vm.site_decision, 0, &site);
    b->sink += soc_case_result(b->vm_cases[i], b->vm.drug_decision, 0, &drug);
    b->sink += site.missing_count + drug.missing_count;
  }
}

static void run_bound(struct bench *b, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    soc_case_clear(b->one);
    b->sink += vm_side_bind(&b->vm, &b->cases[i], b->one);
    b->sink += soc_case_decide(b->one, 0);
  }
}

enum {
  SIDE_VM,
  SIDE_SWITCH,
  SIDE_HASH,
  SIDE_DETERMINATION,
  SIDE_EXPLAIN,
  SIDE_RESULTS,
  SIDE_BOUND,
  SIDES
};

static const struct {
  const char *name;
  side_fn *run;
} sides[SIDES] = {
    [SIDE_VM] = {"VM", run_vm},
    [SIDE_SWITCH] = {"C, switch", run_switch},
    [SIDE_HASH] = {"C, perfect hash", run_hash},
    [SIDE_DETERMINATION] = {"C, determination only", run_determination},
    [SIDE_EXPLAIN] = {"VM, all criteria (explain)", run_explain},
    [SIDE_RESULTS] = {"VM, results read", run_results},
    [SIDE_BOUND] = {"VM, cleared, set, decided", run_bound},
};

// ------------------------------------------------------------------ setting up

static void tear_down(struct bench *b) {
  free(b->cases);
  free(b->facts);
  free(b->results);
  free(b->vm_cases);
  free(b->block);
  free(b->one_block);
  vm_side_close(&b->vm);
}

static bool allocate(struct bench *b) {
  b->cases = malloc(b->count * sizeof *b->cases);
  b->facts = malloc(b->count * sizeof *b->facts);
  b->results = malloc(b->count * sizeof *b->results);
  b->vm_cases = malloc(b->count * sizeof *b->vm_cases);
  return b->cases && b->facts && b->results && b->vm_cases;
}

static bool bind_all(struct bench *b) {
  for (uint32_t i = 0; i < b->count; i++) {
    b->facts[i] = b->cases[i].facts;
    if (!vm_side_bind(&b->vm, &b->cases[i], b->vm_cases[i])) {
      (void)fprintf(stderr, "bench: the VM refused a fact of case %u\n", i);
      return false;
    }
  }
  return true;
}

static bool set_up(struct bench *b, const char *policy, uint32_t count) {
  b->count = count;
  if (!vm_side_open(&b->vm, policy)) return false;
  if (!allocate(b) || !vm_side_cases(&b->vm, count, &b->block, b->vm_cases) ||
      !vm_side_cases(&b->vm, 1, &b->one_block, &b->one)) {
    (void)fprintf(stderr, "bench: not enough memory\n");
    return false;
  }
  cases_make(b->cases, count, CASES_SEED);
  return bind_all(b);
}

// ------------------------------------------------------------------ are they right?

static bool agree(struct bench *b) {
  uint32_t differing = 0;
  run_vm(b, b->count);
  for (int hash = 0; hash < 2; hash++) {
    (hash ? run_hash : run_switch)(b, b->count);
    for (uint32_t i = 0; i < b->count; i++) {
      char text[512];
      if (vm_side_agrees(&b->vm, b->vm_cases[i], &b->results[i], text, sizeof text)) continue;
      if (differing++ < 5) (void)fprintf(stderr, "bench: case %u: %s\n", i, text);
    }
  }
  if (differing > 0) (void)fprintf(stderr, "bench: %u answers differ\n", differing);
  return differing == 0;
}

// ------------------------------------------------------------------ the clock

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *figures, size_t count) {
  qsort(figures, count, sizeof *figures, by_size);
  return figures[count / 2];
}

// Nanoseconds a case of every side, over the first `count` cases, `passes` times in a row.
static void measure(struct bench *b, uint32_t count, uint32_t passes, double ns[SIDES]) {
  double figures[SIDES][REPETITIONS];
  for (int r = -WARM_UP; r < REPETITIONS; r++) {
    for (size_t side = 0; side < SIDES; side++) {
      double start = now();
      for (uint32_t pass = 0; pass < passes; pass++) {
        sides[side].run(b, count);
      }
      if (r >= 0) figures[side][r] = (now() - start) / ((double)count * passes);
    }
  }
  for (size_t side = 0; side < SIDES; side++) {
    ns[side] = median(figures[side], REPETITIONS);
  }
}

static double load_microseconds(struct bench *b) {
  double figures[LOADS];
  for (int i = 0; i < LOADS; i++) {
    static soc_policy policy;
    double start = now();
    b->sink += soc_policy_load(&policy, b->vm.artifact, b->vm.length, NULL);
    figures[i] = (now() - start) / 1e3;
  }
  return median(figures, LOADS);
}

// ------------------------------------------------------------------ the table

static void print_processor(void) {
  char line[256], name[256] = "not known";
  FILE *file = fopen("/proc/cpuinfo", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (sscanf(line, "model name : %255[^\n]", name) == 1) break;
  }
  if (file) (void)fclose(file);
  printf("processor  %s\n", name);
}

static void print_mix(const struct bench *b) {
  uint32_t seen[SOC_DETERMINATION_COUNT] = {0};
  for (uint32_t i = 0; i < b->count; i++) {
    seen[b->results[i].site.determination]++;
  }
  printf("cases      %u random ones; site of care:", b->count);
  for (int d = SOC_APPROVE; d <= SOC_NOT_APPLICABLE; d++) {
    printf(" %s %.0f %%%s", soc_determination_name((soc_determination)d),
           100.0 * seen[d] / b->count, d < SOC_NOT_APPLICABLE ? "," : "\n");
  }
}

static void print_head(const struct bench *b) {
#if defined(__clang__)
  printf("compiler   clang %s\n", __clang_version__);
#elif defined(__GNUC__)
  printf("compiler   gcc %s\n", __VERSION__);
#endif
  printf("flags      %s\n", BENCH_FLAGS);
  print_processor();
  print_mix(b);
  printf("figures    median of %d interleaved repetitions; one case, both decisions\n\n",
         REPETITIONS);
}

static void print_table(struct bench *b, const double all[SIDES], const double few[SIDES]) {
  printf("%-28s %14s %9s %14s %9s\n", "", "ns, in memory", "VM : it", "ns, in cache", "VM : it");
  for (size_t side = 0; side < SIDES; side++) {
    printf("%-28s %14.1f %9.2f %14.1f %9.2f\n", sides[side].name, all[side],
           all[SIDE_VM] / all[side], few[side], few[SIDE_VM] / few[side]);
  }
  printf("\n%-28s %14.2f times the plain decision\n", "cost of all criteria",
         few[SIDE_EXPLAIN] / few[SIDE_VM]);
  printf("%-28s %14.1f us for %zu bytes\n", "load and verify", load_microseconds(b), b->vm.length);
  printf("%-28s %14zu bytes (C: %zu and %zu for the answer)\n", "a case of the VM",
         vm_side_case_bytes(&b->vm), sizeof *b->facts, sizeof *b->results);
  printf("in memory: %u cases one after the other; in cache: the first %u again and again\n",
         b->count, b->count < FEW ? b->count : FEW);
}

static int run_table(struct bench *b) {
  if (!agree(b)) return 1;
  double all[SIDES], few[SIDES];
  uint32_t fewer = b->count < FEW ? b->count : FEW;
  print_head(b);
  (void)fflush(stdout);
  measure(b, b->count, 1, all);
  measure(b, fewer, 50, few);
  print_table(b, all, few);
  return 0;
}

// ------------------------------------------------------------------ counting instructions

static int run_once(struct bench *b, const char *name) {
  if (strcmp(name, "vm") == 0) {
    run_vm(b, b->count);
  } else if (strcmp(name, "switch") == 0) {
    run_switch(b, b->count);
  } else if (strcmp(name, "hash") == 0) {
    run_hash(b, b->count);
  } else {
    (void)fprintf(stderr, "bench: no side %s\n", name);
    return 2;
  }
  return 0;
}

static uint32_t number_of(const char *text) {
  unsigned long n = strtoul(text, NULL, 10);
  return n >= 1 && n <= 10000000 ? (uint32_t)n : 0;
}

int main(int argc, char **argv) {
  bool once = argc == 5 && strcmp(argv[2], "--count") == 0;
  uint32_t count = once ? number_of(argv[4]) : argc == 3 ? number_of(argv[2]) : CASES;
  if (count == 0 || (!once && argc != 2 && argc != 3)) {
    (void)fprintf(stderr, "usage: bench_vm POLICY [CASES]\n"
                          "       bench_vm POLICY --count vm|switch|hash CASES\n");
    return 2;
  }
  static struct bench b;
  int status = 2;
  if (set_up(&b, argv[1], count)) status = once ? run_once(&b, argv[3]) : run_table(&b);
  tear_down(&b);
  return status;
}
