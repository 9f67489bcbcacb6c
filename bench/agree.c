// SPDX-License-Identifier: Apache-2.0
//
// Test: the VM and both hand-written references give the same answer to every random case, so that the benchmark
// compares like with like. Also holds the VM to a second opinion on a whole policy. Usage: bench_agree POLICY
#include <stdio.h>
#include <stdlib.h>

#include "batch_side.h"

enum { CASES = 20000, SHOWN = 10 };
#define SEED (CASES_SEED + 1)

struct tally {
  uint32_t passed, failed;
};

static void count(struct tally *t, uint32_t number, bool right, const char *text) {
  t->passed += right;
  t->failed += !right;
  if (!right && t->failed <= SHOWN) printf("case %u: %s\n", number, text);
}

static bool same_determinations(const struct premera_facts *f, const struct premera_result *r) {
  struct premera_determinations d = premera_determine(f);
  return d.site == r->site.determination && d.drug == r->drug.determination;
}

static void try_case(const struct vm_side *vm, const struct bench_case *from, soc_case *c,
                     uint32_t number, struct tally *t) {
  char text[512] = "the VM refused a fact";
  struct premera_result by_switch, by_hash;
  premera_decide_switch(&from->facts, &by_switch);
  premera_decide_hash(&from->facts, &by_hash);
  soc_case_clear(c);
  if (!vm_side_bind(vm, from, c) || soc_case_decide(c, 0) != SOC_OK) {
    count(t, number, false, text);
    return;
  }
  bool right = vm_side_agrees(vm, c, &by_switch, text, sizeof text) &&
               vm_side_agrees(vm, c, &by_hash, text, sizeof text);
  if (right && !same_determinations(&from->facts, &by_switch)) {
    right = false;
    (void)snprintf(text, sizeof text, "determination-only C differs from the full C");
  }
  count(t, number, right, text);
}

// The same cases as columns.
static void try_batch(const struct vm_side *vm, const struct bench_case *cases, struct tally *t) {
  static struct batch_side b;
  char text[512] = "the batch was refused";
  if (!batch_side_open(&b, vm, cases, CASES) || batch_side_decide(&b, false) != SOC_OK) {
    count(t, 0, false, text);
  }
  for (uint32_t i = 0; t->failed == 0 && i < CASES; i++) {
    struct premera_result expected;
    premera_decide_switch(&cases[i].facts, &expected);
    count(t, i, batch_side_agrees(&b, i, &expected, text, sizeof text), text);
  }
  batch_side_close(&b);
}

int main(int argc, char **argv) {
  struct vm_side vm;
  if (argc != 2 || !vm_side_open(&vm, argv[1])) return 2;
  void *block = NULL;
  soc_case *c = NULL;
  struct bench_case *cases = malloc(CASES * sizeof *cases);
  struct tally t = {0, 0};
  if (cases && vm_side_cases(&vm, 1, &block, &c)) {
    cases_make(cases, CASES, SEED);
    for (uint32_t i = 0; i < CASES; i++) {
      try_case(&vm, &cases[i], c, i, &t);
    }
    try_batch(&vm, cases, &t);
    free(block);
  }
  free(cases);
  vm_side_close(&vm);
  printf("%u passed, %u failed\n", t.passed, t.failed);
  return t.failed > 0 || t.passed != 2 * CASES;
}
