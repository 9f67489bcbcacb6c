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
// What the text for people has said of a cell so far.
struct explain_cell {
  uint32_t tree; // the last that holds the cell, taken apart at `entry`
  size_t entry;
  uint32_t
      rule_in; // the first that showed a rule with it, the name of that rule, and whose tree that was
  soc_text rule;
  uint32_t decision, row;
  bool full; // its parts were shown in this case
};
struct explain_tree {
  struct explain_entry *entries; // parents first; depth says who belongs to whom
  size_t count, capacity;
  soc_fact_ref *facts;
  size_t fact_count, fact_capacity;
  struct explain_cell *cells; // explain_text.c
  size_t cell_count;
  const struct artifact *cells_of;
  uint32_t serial; // of the tree in its case, from 1; 0: none
  bool failed;     // out of memory
};

// Replaces what the tree held, but for what was said of the cells. False: out of memory.
bool explain_gather(struct explain_tree *t, soc_case *c, uint32_t decision, uint32_t row);
// Nothing has been said of any cell: another case, or another artifact.
void explain_forget(struct explain_tree *t);
void explain_free(struct explain_tree *t);

// Is the criterion of a node worked out for each row of a list (node->row says for which)? Then that list, a fact of
// the manifest; else SOC_NO_INDEX.
uint32_t explain_list(const struct artifact *a, const soc_explain_node *node);

const char *truth_name(soc_truth truth); // "met", "not_met", "unknown"

#endif
