// SPDX-License-Identifier: Apache-2.0
//
// The benchmark of claims: the VM beside hand-written C on the same random claims of five lines under cigna/R14, every
// line decided and its result asked for. Measured as single cases are (clock.h). Every answer is compared first; a
// difference ends the run.
//
//     bench_claims POLICY [CLAIMS]         the table
//     bench_claims POLICY --count SIDE N   decides N claims once (vm, switch, hash); count.sh counts with it
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "r14_vm.h"

enum { CLAIMS = 4000, GROUP = 32 };

struct bench {
  struct r14_vm vm;
  uint32_t count;
  struct r14_case *claims;
  // The group at hand.
  const struct r14_case *group;
  uint32_t size;
  struct r14_facts facts[GROUP];
  struct r14_result results[GROUP][R14_LINES];
  soc_case *vm_cases[GROUP];
  void *block;
  soc_case *one; // for the side that binds
  void *one_block;
  uint64_t sink; // what the sides return, so that no work can be left out
};

// ------------------------------------------------------------------ the sides, over one group

static void run_vm(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    b->sink += r14_vm_decide(b->vm_cases[i], 0);
  }
}

static void run_decide(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    b->sink += soc_case_decide(b->vm_cases[i], 0);
  }
}

static void run_switch(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    r14_decide_switch(&b->facts[i], b->results[i]);
  }
}

static void run_hash(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    r14_decide_hash(&b->facts[i], b->results[i]);
  }
}

static void run_explain(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    b->sink += r14_vm_decide(b->vm_cases[i], SOC_DECIDE_EXPLAIN);
  }
}

static void run_bound(void *bench) {
  struct bench *b = bench;
  for (uint32_t i = 0; i < b->size; i++) {
    soc_case_clear(b->one);
    b->sink += r14_vm_bind(&b->vm, &b->group[i], b->one);
    b->sink += r14_vm_decide(b->one, 0);
  }
}

enum { SIDE_VM, SIDE_SWITCH, SIDE_HASH, SIDE_DECIDE, SIDE_EXPLAIN, SIDE_BOUND, SIDES };

static const struct racer sides[SIDES] = {
    [SIDE_VM] = {"VM, results read", run_vm, "vm"},
    [SIDE_SWITCH] = {"C, switch", run_switch, "switch"},
    [SIDE_HASH] = {"C, perfect hash", run_hash, "hash"},
    [SIDE_DECIDE] = {"VM, criteria without results", run_decide, NULL},
    [SIDE_EXPLAIN] = {"VM, all criteria (explain)", run_explain, NULL},
    [SIDE_BOUND] = {"VM, cleared and set too", run_bound, NULL},
};

// ------------------------------------------------------------------ setting up

static void tear_down(struct bench *b) {
  free(b->claims);
  free(b->block);
  free(b->one_block);
  r14_vm_close(&b->vm);
}

static bool set_up(struct bench *b, const char *policy, uint32_t count) {
  b->count = count;
  if (!r14_vm_open(&b->vm, policy)) return false;
  b->claims = malloc(count * sizeof *b->claims);
  if (!b->claims || !r14_vm_cases(&b->vm, GROUP, &b->block, b->vm_cases) ||
      !r14_vm_cases(&b->vm, 1, &b->one_block, &b->one)) {
    (void)fprintf(stderr, "bench: not enough memory\n");
    return false;
  }
  r14_cases_make(b->claims, count, R14_SEED);
  return true;
}

static bool take_group(void *bench, uint32_t first) {
  struct bench *b = bench;
  b->group = b->claims + first;
  b->size = b->count - first < GROUP ? b->count - first : GROUP;
  bool good = true;
  for (uint32_t i = 0; i < b->size; i++) {
    b->facts[i] = b->group[i].facts;
    soc_case_clear(b->vm_cases[i]);
    good = good && r14_vm_bind(&b->vm, &b->group[i], b->vm_cases[i]);
  }
  if (!good) (void)fprintf(stderr, "bench: the VM refused a fact from claim %u on\n", first);
  return good;
}

// ------------------------------------------------------------------ are they right?

struct tally {
  uint32_t differing, lines;
  uint32_t of[SOC_DETERMINATION_COUNT];
};

static void compare_claim(struct bench *b, uint32_t i, uint32_t number, struct tally *t) {
  char text[1024];
  uint32_t lines = b->facts[i].line_count;
  if (!r14_vm_agrees(&b->vm, b->vm_cases[i], lines, b->results[i], text, sizeof text) &&
      t->differing++ < 5) {
    (void)fprintf(stderr, "bench: claim %u: %s\n", number, text);
  }
  for (uint32_t line = 0; line < lines; line++) {
    t->of[b->results[i][line].determination]++;
  }
  t->lines += lines;
}

static void compare_group(struct bench *b, uint32_t first, struct tally *t) {
  for (uint32_t i = 0; i < b->size; i++) {
    compare_claim(b, i, first + i, t);
  }
}

static bool agree(struct bench *b, struct tally *t) {
  for (uint32_t first = 0; first < b->count; first += GROUP) {
    if (!take_group(b, first)) return false;
    run_vm(b);
    run_switch(b);
    compare_group(b, first, t);
    run_hash(b);
    compare_group(b, first, t);
  }
  if (t->differing > 0) (void)fprintf(stderr, "bench: %u answers differ\n", t->differing);
  return t->differing == 0;
}

// ------------------------------------------------------------------ the table

static int run_table(struct bench *b, const struct race *r) {
  struct tally t = {0};
  double ns[SIDES];
  if (!agree(b, &t)) return 1;
  printf("claims     %u random ones of %d lines;", b->count, R14_LINES);
  for (int d = 0; d < SOC_DETERMINATION_COUNT; d++) {
    if (t.of[d] == 0) continue;
    printf(" %s %.0f %%", soc_determination_name((soc_determination)d), 100.0 * t.of[d] / t.lines);
  }
  printf("\nanswers    of every line the same from VM, C with switch and C with hash\n\n");
  if (!run_race(r, ns)) return 1;
  print_race(r, "ns a claim", ns);
  printf("\n%-28s %10zu bytes (C: %zu, and %zu for the answer)\n", "a claim of the VM",
         r14_vm_case_bytes(&b->vm), sizeof b->facts[0], sizeof b->results[0]);
  figure("r14", ns[SIDE_VM] / ns[SIDE_SWITCH]);
  figure("r14-hash", ns[SIDE_VM] / ns[SIDE_HASH]);
  figure("r14-explain", ns[SIDE_EXPLAIN] / ns[SIDE_VM]);
  return 0;
}

int main(int argc, char **argv) {
  static struct bench b;
  struct arguments a;
  if (!take_arguments(argc, argv, "CLAIMS", CLAIMS, &a)) return 2;
  int status = 2;
  if (set_up(&b, a.policy, a.count)) {
    struct race r = {&b, b.count, GROUP, sides, SIDES, take_group};
    status = a.side ? run_once(&r, a.side) : run_table(&b, &r);
  }
  tear_down(&b);
  return status;
}
