// SPDX-License-Identifier: Apache-2.0
//
// Gathers the tree of criteria; see explain.h.
#include "cli/explain.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *items, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity) return items;
  size_t more = *capacity ? *capacity * 2 : 64;
  void *bigger = realloc(items, more * size);
  if (bigger) *capacity = more;
  return bigger;
}

static bool take(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  struct explain_tree *t = context;
  if (node) {
    void *entries = grown(t->entries, t->count, &t->capacity, sizeof *t->entries);
    if (!entries) return t->failed = true, false;
    t->entries = entries;
    t->entries[t->count++] = (struct explain_entry){*node, t->fact_count, 0};
  } else if (fact && t->count) {
    void *facts = grown(t->facts, t->fact_count, &t->fact_capacity, sizeof *t->facts);
    if (!facts) return t->failed = true, false;
    t->facts = facts;
    t->facts[t->fact_count++] = *fact;
    t->entries[t->count - 1].fact_count++;
  }
  return true;
}

bool explain_gather(struct explain_tree *t, soc_case *c, uint32_t decision, uint32_t row) {
  t->count = t->fact_count = 0;
  t->failed = false;
  return soc_case_explain(c, decision, row, take, t) == SOC_OK && !t->failed;
}

void explain_forget(struct explain_tree *t) {
  if (t->cell_count) memset(t->cells, 0, t->cell_count * sizeof *t->cells);
  t->cells_of = NULL;
  t->serial = 0;
}

void explain_free(struct explain_tree *t) {
  free(t->entries);
  free(t->facts);
  free(t->cells);
  *t = (struct explain_tree){0};
}

uint32_t explain_list(const struct artifact *a, const soc_explain_node *node) {
  soc_cell_info cell;
  if (node->cell == SOC_NO_INDEX || soc_policy_cell(&a->policy, node->cell, &cell) != SOC_OK)
    return SOC_NO_INDEX;
  return cell.list;
}

const char *truth_name(soc_truth truth) {
  switch (truth) {
  case SOC_MET: return "met";
  case SOC_NOT_MET: return "not_met";
  case SOC_UNKNOWN_TRUTH: break;
  }
  return "unknown";
}
