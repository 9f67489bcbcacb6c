// SPDX-License-Identifier: Apache-2.0
//
// Which states the criteria and rules of a policy had in its tests: met, not met, unknown.
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
struct coverage_rule {
  soc_text name;  // empty until a test tells it
  bool otherwise; // always met
  struct coverage_count count;
};
// Of one policy version. Zero-initialise, release with coverage_free.
struct coverage {
  const soc_policy *policy; // NULL until the first test
  soc_policy_info info;
  struct coverage_count *cells;
  struct coverage_rule *rules; // of all decisions, in order
  uint32_t test;               // number of the one that runs, from 1
  uint32_t rule;               // while a decision is told: the next one
  bool failed;                 // out of memory
};
struct coverage_sum {
  uint64_t states, reached;
};

// A soc_test_case_fn; ctx is a struct coverage.
void coverage_take(void *ctx, const soc_policy *policy, soc_case *c);
// Appends a version's table and what was not reached, and adds to the sum.
void coverage_text(const struct coverage *v, struct buffer *out, struct coverage_sum *sum);
void coverage_json(const struct coverage *v, struct json_writer *w, struct coverage_sum *sum);
void coverage_free(struct coverage *v);

#endif
