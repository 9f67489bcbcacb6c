// SPDX-License-Identifier: Apache-2.0
//
// The tree of criteria behind a decision, gathered from the VM once for printing in either form.
#ifndef SOC_CLI_EXPLAIN_H
#define SOC_CLI_EXPLAIN_H

#include "cli/values.h"

struct explain_entry {
  soc_explain_node node;
  size_t first_fact, fact_count; // in `facts`
};
struct explain_tree {
  struct explain_entry *entries; // parents first; depth says who belongs to whom
  size_t count, capacity;
  soc_fact_ref *facts;
  size_t fact_count, fact_capacity;
  bool failed; // out of memory
};

// Replaces what the tree held. False: out of memory.
bool explain_gather(struct explain_tree *t, soc_case *c, uint32_t decision, uint32_t row);
void explain_free(struct explain_tree *t);

const char *truth_name(soc_truth truth); // "met", "not_met", "unknown"

#endif
