// SPDX-License-Identifier: Apache-2.0
//
// Artifacts that are right and crowded: what a plan asks of its host stays within bounds, counted in 64 bits wherever
// it runs, and what is decided stays the same. No test library, so that it runs on other processors, too
// (tests/package/machine.sh); prints what passed and failed.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"

static unsigned passed, failed;

static void check(bool good, const char *what) {
  passed += good;
  failed += !good;
  if (!good) {
    printf("not so: %s\n", what);
  }
}

static soc_policy load(const image *im) {
  soc_policy policy;
  soc_error error = {"", "", 0};
  if (soc_policy_load(&policy, im->bytes, im->length, &error) != SOC_OK) {
    printf("refused: %s\n", error.code);
    exit(2);
  }
  return policy;
}

static builder *begin_sites(void) {
  builder *b = build_new();
  build_enum(b, "site", "home office center");
  build_fact(b, "site", "enum site");
  build_fact(b, "flag", "bool");
  return b;
}

// ------------------------------------------------------------------------------- masks that nobody reads

static soc_determination decide(const soc_policy *policy, bool given, uint32_t site) {
  const soc_case_limits limits = {0};
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = malloc(size);
  soc_case *c;
  soc_determination answer = SOC_DETERMINATION_COUNT;
  if (memory && soc_case_init(&c, policy, &limits, memory, size, NULL) == SOC_OK &&
      (!given || soc_case_set_enum(c, 0, 0, site) == SOC_OK) && soc_case_decide(c, 0) == SOC_OK) {
    soc_result result;
    answer = soc_case_result(c, 0, 0, &result) == SOC_OK ? result.determination : answer;
  }
  free(memory);
  return answer;
}

// So many that rows for each of them would take more bytes than 32 bits can count.
static void unread_masks_need_no_rows(void) {
  builder *b = begin_sites();
  build_mask(b, "place", "site", "site", "fact.true flag; mask.const home; mask.fact site; select");
  build_cell(b, "At home", "cell.in_mask place home");
  build_unread_masks(b, 40000, "site", "site", "mask.fact site");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE, .code = "HOME", .when = "At home"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "ELSEWHERE"});
  image im = build_finish(b);
  soc_policy plain = load(&im), planned = plain;
  size_t size = soc_policy_plan_bytes(&planned);
  check(size > 0 && size <= SOC_MAX_PLAN_BYTES, "a plan with masks that nobody reads fits");
  void *memory = size <= SOC_MAX_PLAN_BYTES ? malloc(size) : NULL;
  check(memory && soc_policy_plan(&planned, memory, size, NULL) == SOC_OK, "it can be made");
  for (uint32_t site = 0; memory && site < 4; site++) {
    soc_determination one = decide(&plain, site < 3, site),
                      other = decide(&planned, site < 3, site);
    check(one == other && one < SOC_DETERMINATION_COUNT, "it decides as the bytecode does");
  }
  free(memory);
  free(im.bytes);
}

// ------------------------------------------------------------------------------------- a plan too large

enum { MASKS = 245, TESTS = 1008, TESTS_OF_CELL = 126 };

// A condition of tests of masks, from number `first` on, each mask in its turn.
static void add_condition(builder *b, const char *name, unsigned first) {
  static const char *const sites[] = {"home", "office", "center", "home|office", "office|center"};
  char *code = malloc(TESTS_OF_CELL * 40 + 40);
  size_t used = (size_t)sprintf(code, "begin any");
  for (unsigned i = first; i < first + TESTS_OF_CELL; i++) {
    used +=
        (size_t)sprintf(code + used, "; cell.in_mask m%u %s; join", i % MASKS, sites[i / MASKS]);
  }
  (void)sprintf(code + used, "; end");
  build_cell(b, name, code);
  free(code);
}

static void too_large_a_plan_is_none(void) {
  builder *b = begin_sites();
  char name[16];
  for (unsigned i = 0; i < MASKS; i++) {
    (void)sprintf(name, "m%u", i);
    build_mask(b, name, "site", "site", "fact.true flag; mask.const home; mask.fact site; select");
  }
  for (unsigned i = 0; i < TESTS / TESTS_OF_CELL; i++) {
    (void)sprintf(name, "C%u", i);
    add_condition(b, name, i * TESTS_OF_CELL);
  }
  build_decision(b, "main", "");
  for (unsigned i = 0; i < TESTS / TESTS_OF_CELL; i++) {
    (void)sprintf(name, "C%u", i);
    build_rule(b, (rule){.determination = SOC_APPROVE, .code = "SOME", .when = name});
  }
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NONE"});
  image im = build_finish(b);
  soc_policy policy = load(&im);
  check(soc_policy_plan_bytes(&policy) == 0, "a plan beyond SOC_MAX_PLAN_BYTES is none");
  uint64_t memory[8] = {0};
  soc_error error = {"", "", 0};
  check(soc_policy_plan(&policy, memory, sizeof memory, &error) == SOC_ERR_LIMIT &&
            strcmp(error.code, "plan") == 0,
        "it is refused as one too large");
  check(decide(&policy, true, 0) == SOC_APPROVE, "the policy decides without");
  free(im.bytes);
}

int main(void) {
  unread_masks_need_no_rows();
  too_large_a_plan_is_none();
  printf("%u passed, %u failed\n", passed, failed);
  return failed != 0;
}
