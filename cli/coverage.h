// SPDX-License-Identifier: Apache-2.0
//
// Which states the criteria and rules of a policy had in its tests: met, not met, unknown. States that no case can
// bring about are told as such and not asked for.
#ifndef SOC_CLI_COVERAGE_H
#define SOC_CLI_COVERAGE_H

#include "cli/json.h"
#include "soc/compiler.h"

enum { COVERAGE_STATES = 3 }; // by soc_truth

struct coverage_count {
  uint32_t tests[COVERAGE_STATES]; // in which it had that state, in any row
  uint32_t last[COVERAGE_STATES];  // test, from 1, that was counted last
  bool rule;                       // a cell that is a rule's own condition, told as the rule
};
// Of one policy version.
struct coverage {
  const soc_policy *policy; // NULL: not begun
  soc_policy_info info;
  soc_reach reach;
  struct coverage_count *cells;
  struct coverage_count *rules; // of all decisions, in order
  uint32_t test;                // number of the one that runs, from 1
};
struct coverage_sum {
  uint64_t states, reached; // that can occur; of these
  uint64_t out_of_reach;    // that cannot
};

// Of a compilation that has a policy, and only as long as it lives. A compilation without one is not begun. False: out
// of memory. Release with coverage_free.
bool coverage_begin(struct coverage *v, soc_compilation *c);
// A soc_test_case_fn; ctx is a struct coverage.
void coverage_take(void *ctx, const soc_policy *policy, soc_case *c);
// Appends a version's table and what was not reached, and adds to the sum.
void coverage_text(const struct coverage *v, struct buffer *out, struct coverage_sum *sum);
void coverage_json(const struct coverage *v, struct json_writer *w, struct coverage_sum *sum);
void coverage_free(struct coverage *v);

#endif
