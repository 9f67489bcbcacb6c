// SPDX-License-Identifier: Apache-2.0
//
// Test: the VM and the hand-written reference give the same answer for every line of every random claim, so that the
// benchmark compares like with like. Also holds the VM to a second opinion on a whole policy. Usage: bench_agree_r14
// POLICY
#include <stdio.h>
#include <stdlib.h>

#include "r14_vm.h"

enum { CLAIMS = 20000, SHOWN = 10 };
#define SEED (R14_SEED + 1)

static bool agrees(const struct r14_vm *vm, const struct r14_case *from, soc_case *c, char *text,
                   size_t size) {
  struct r14_result expected[R14_LINES], by_hash[R14_LINES];
  r14_decide_switch(&from->facts, expected);
  r14_decide_hash(&from->facts, by_hash);
  soc_case_clear(c);
  if (!r14_vm_bind(vm, from, c) || soc_case_decide(c, 0) != SOC_OK) {
    (void)snprintf(text, size, "the VM refused a fact");
    return false;
  }
  uint32_t lines = from->facts.line_count;
  return r14_vm_agrees(vm, c, lines, expected, text, size) &&
         r14_vm_agrees(vm, c, lines, by_hash, text, size);
}

// Of every code that there can be.
static bool lists_agree(void) {
  uint32_t differing = 0;
  for (uint32_t code = 0; code < R14_CODES_END; code++) {
    bool same = r14_hash_agrees(code);
    differing += !same;
    if (!same && differing <= SHOWN) printf("code %u: hash and switch differ\n", code);
  }
  return differing == 0;
}

int main(int argc, char **argv) {
  struct r14_vm vm;
  if (argc != 2 || !r14_vm_open(&vm, argv[1])) return 2;
  void *block = NULL;
  soc_case *c = NULL;
  struct r14_case *claims = malloc(CLAIMS * sizeof *claims);
  uint32_t passed = 0, failed = 0;
  if (claims && r14_vm_cases(&vm, 1, &block, &c)) {
    r14_cases_make(claims, CLAIMS, SEED);
    for (uint32_t i = 0; i < CLAIMS; i++) {
      char text[1024];
      bool right = agrees(&vm, &claims[i], c, text, sizeof text);
      passed += right;
      failed += !right;
      if (!right && failed <= SHOWN) printf("claim %u: %s\n", i, text);
    }
    free(block);
  }
  free(claims);
  r14_vm_close(&vm);
  bool lists = lists_agree();
  printf("%u passed, %u failed\n", passed + lists, failed + !lists);
  return failed > 0 || passed != CLAIMS || !lists;
}
