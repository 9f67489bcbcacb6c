// SPDX-License-Identifier: Apache-2.0
//
// The benchmark of one case: the VM beside hand-written C on the same random cases of premera/11.01.523. Figures are
// medians of each group over all repetitions (clock.h). Every answer is compared first; a difference ends the run.
//
//     bench_vm POLICY [CASES]          the table
//     bench_vm POLICY --count SIDE N   decides N cases once (vm, switch, hash); count.sh counts instructions with it
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "vm_side.h"

enum { CASES = 100000, GROUP = 128, LOADS = 200 };

#ifndef BENCH_FLAGS
#define BENCH_FLAGS "not known"
#endif

struct bench {
  struct vm_side vm;
  uint32_t count;
  struct bench_case *cases;
  // The group at hand.
  const struct bench_case *group;
  uint32_t size;
  struct premera_facts facts[GROUP];
  struct premera_result results[GROUP];
  soc_case *vm_cases[GROUP];
  void *block;
  soc_case *one; // for the sides that bind
  void *one_block;
  uint64_t sink; // what the sides return, so that no work can be left out
};

// ------------------------------------------------------------------ the sides, over one group

static void run_vm(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    b->sink += soc_case_decide(b->vm_cases[i], 0);
  }
}

static void run_switch(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    premera_decide_switch(&b->facts[i], &b->results[i]);
  }
}

static void run_hash(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    premera_decide_hash(&b->facts[i], &b->results[i]);
  }
}

static void run_determination(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    struct premera_determinations d = premera_determine(&b->facts[i]);
    b->sink += d.site + d.drug;
  }
}

static void run_explain(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    b->sink += soc_case_decide(b->vm_cases[i], SOC_DECIDE_EXPLAIN);
  }
}

static void run_results(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    soc_result site, drug;
    b->sink += soc_case_decide(b->vm_cases[i], 0);
    b->sink += soc_case_result(b->vm_cases[i], b->vm.site_decision, 0, &site);
    b->sink += soc_case_result(b->vm_cases[i], b->vm.drug_decision, 0, &drug);
    b->sink += site.missing_count + drug.missing_count;
  }
}

static void run_bound(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    soc_case_clear(b->one);
    b->sink += vm_side_bind(&b->vm, &b->group[i], b->one);
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

static const struct racer sides[SIDES] = {
    [SIDE_VM] = {"VM", run_vm, "vm"},
    [SIDE_SWITCH] = {"C, switch", run_switch, "switch"},
    [SIDE_HASH] = {"C, perfect hash", run_hash, "hash"},
    [SIDE_DETERMINATION] = {"C, determination only", run_determination, NULL},
    [SIDE_EXPLAIN] = {"VM, all criteria (explain)", run_explain, NULL},
    [SIDE_RESULTS] = {"VM, results read too", run_results, NULL},
    [SIDE_BOUND] = {"VM, cleared and set too", run_bound, NULL},
};

// ------------------------------------------------------------------ setting up

static void tear_down(struct bench *b) {
  free(b->cases);
  free(b->block);
  free(b->one_block);
  vm_side_close(&b->vm);
}

static bool set_up(struct bench *b, const char *policy, uint32_t count) {
  b->count = count;
  if (!vm_side_open(&b->vm, policy)) return false;
  b->cases = malloc(count * sizeof *b->cases);
  if (!b->cases || !vm_side_cases(&b->vm, GROUP, &b->block, b->vm_cases) ||
      !vm_side_cases(&b->vm, 1, &b->one_block, &b->one)) {
    (void)fprintf(stderr, "bench: not enough memory\n");
    return false;
  }
  cases_make(b->cases, count, CASES_SEED);
  return true;
}

// Binds the group that begins at case `first`; false: the VM refused a fact.
static bool take_group(void *bench, uint32_t first) {
  struct bench *b = bench;
  b->group = b->cases + first;
  b->size = b->count - first < GROUP ? b->count - first : GROUP;
  bool good = true;
  for (uint32_t i = 0; i < b->size; i++) {
    b->facts[i] = b->group[i].facts;
    soc_case_clear(b->vm_cases[i]);
    good = good && vm_side_bind(&b->vm, &b->group[i], b->vm_cases[i]);
  }
  if (!good) (void)fprintf(stderr, "bench: the VM refused a fact from case %u on\n", first);
  return good;
}

// ------------------------------------------------------------------ are they right?

struct tally {
  uint32_t differing;
  uint32_t site[SOC_DETERMINATION_COUNT];
};

static void compare_group(struct bench *b, side_fn *reference, uint32_t first, struct tally *t) {
  reference(b);
  for (uint32_t i = 0; i < b->size; i++) {
    char text[512];
    t->site[b->results[i].site.determination]++;
    if (vm_side_agrees(&b->vm, b->vm_cases[i], &b->results[i], text, sizeof text)) continue;
    if (t->differing++ < 5) (void)fprintf(stderr, "bench: case %u: %s\n", first + i, text);
  }
}

static bool agree(struct bench *b, struct tally *t) {
  for (uint32_t first = 0; first < b->count; first += GROUP) {
    if (!take_group(b, first)) return false;
    run_vm(b);
    compare_group(b, run_switch, first, t);
    compare_group(b, run_hash, first, t);
  }
  if (t->differing > 0) (void)fprintf(stderr, "bench: %u answers differ\n", t->differing);
  return t->differing == 0;
}

// ------------------------------------------------------------------ the clock

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

static double plan_microseconds(struct bench *b) {
  double figures[LOADS];
  size_t size = soc_policy_plan_bytes(&b->vm.policy);
  void *memory = malloc(size);
  for (int i = 0; memory && i < LOADS; i++) {
    soc_policy policy = b->vm.policy;
    double start = now();
    b->sink += soc_policy_plan(&policy, memory, size, NULL);
    figures[i] = (now() - start) / 1e3;
  }
  free(memory);
  return memory ? median(figures, LOADS) : 0;
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

static void print_mix(const struct bench *b, const struct tally *t) {
  printf("cases      %u random ones; site of care:", b->count);
  for (int d = SOC_APPROVE; d <= SOC_NOT_APPLICABLE; d++) {
    printf(" %s %.0f %%%s", soc_determination_name((soc_determination)d),
           50.0 * t->site[d] / b->count, d < SOC_NOT_APPLICABLE ? "," : "\n");
  }
}

static void print_head(const struct bench *b, const struct tally *t) {
#if defined(__clang__)
  printf("compiler   clang %s\n", __clang_version__);
#elif defined(__GNUC__)
  printf("compiler   gcc %s\n", __VERSION__);
#endif
  printf("flags      %s\n", BENCH_FLAGS);
  print_processor();
  print_mix(b, t);
  printf("answers    all the same from VM, C with switch and C with hash\n");
  printf("figures    one case, both decisions; medians of %d repetitions\n\n", CLOCK_REPETITIONS);
  (void)fflush(stdout);
}

static void print_table(struct bench *b, const struct race *r, const double ns[SIDES]) {
  print_race(r, "ns a case", ns);
  printf("\n%-28s %10.2f times the plain decision\n", "cost of all criteria",
         ns[SIDE_EXPLAIN] / ns[SIDE_VM]);
  printf("%-28s %10.1f us for %zu bytes\n", "load and verify", load_microseconds(b), b->vm.length);
  printf("%-28s %10.1f us, %zu bytes\n", "make the plan", plan_microseconds(b),
         soc_policy_plan_bytes(&b->vm.policy));
  printf("%-28s %10zu bytes (C: %zu, and %zu for the answer)\n", "a case of the VM",
         vm_side_case_bytes(&b->vm), sizeof b->facts[0], sizeof b->results[0]);
}

static int run_table(struct bench *b, const struct race *r) {
  struct tally t = {0};
  double ns[SIDES];
  if (!agree(b, &t)) return 1;
  print_head(b, &t);
  if (!run_race(r, ns)) return 1;
  print_table(b, r, ns);
  figure("premera", ns[SIDE_VM] / ns[SIDE_SWITCH]);
  figure("premera-hash", ns[SIDE_VM] / ns[SIDE_HASH]);
  figure("premera-explain", ns[SIDE_EXPLAIN] / ns[SIDE_VM]);
  return 0;
}

int main(int argc, char **argv) {
  static struct bench b;
  struct arguments a;
  if (!take_arguments(argc, argv, "CASES", CASES, &a)) return 2;
  int status = 2;
  if (set_up(&b, a.policy, a.count)) {
    struct race r = {&b, b.count, GROUP, sides, SIDES, take_group};
    status = a.side ? run_once(&r, a.side) : run_table(&b, &r);
  }
  tear_down(&b);
  return status;
}
