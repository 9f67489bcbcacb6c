// SPDX-License-Identifier: Apache-2.0
//
// The first half of building a plan (literals.c): the truths that the code of the case's criteria makes, as a graph in
// which negations stand on the edges, and which of them, in which polarity, the rules ask for.
#ifndef SOC_VM_LITERALS_H
#define SOC_VM_LITERALS_H

#include "vm/plan.h"
#include "vm/pool.h"

enum vm_term_kind {
  VM_TERM_TEST,
  VM_TERM_EXPRESSION,
  VM_TERM_MASK,
  VM_TERM_ALL,
  VM_TERM_ANY,
  VM_TERM_COUNT
};

// How a truth is asked for: its members, by a block of the same kind that takes them in; or its own bit.
#define VM_WANT_MEMBERS 1u
#define VM_WANT_BIT 2u

typedef struct vm_term {
  uint32_t first, count; // code
  uint32_t children;     // first edge; SOC_NONE32
  uint16_t at_least;
  uint8_t kind;
  uint8_t want[2]; // by polarity: 0 as it is, 1 negated
  uint32_t bit[2];
  uint32_t phase[2];      // in which it becomes known
  uint32_t case_phase[2]; // the same for one case, whose setters work pairs out
  uint32_t origin[2];     // VM_ORIGIN_*
} vm_term;

typedef struct vm_edge {
  uint32_t term, next;
  bool negated;
} vm_edge;

typedef struct vm_root {
  uint32_t term;
  bool negated;
} vm_root;

typedef struct vm_graph {
  const vm_policy *policy;
  vm_term *terms; // children before parents
  vm_edge *edges;
  vm_root *roots;        // by cell: of a criterion of the case
  uint32_t *cell_terms;  // by cell: first term of its code
  uint8_t *cell_wanted;  // by cell: code that the executor runs reads it
  struct vm_item *stack; // while code is parsed
  uint32_t term_count, edge_count;
} vm_graph;

// Truths that code of the case makes; an upper bound of terms and of edges.
uint32_t vm_count_truths(const vm_policy *p);
// A criterion of the case?
bool vm_is_condition(const vm_policy *p, uint32_t cell);
// Takes the graph's memory.
void vm_take_graph(vm_graph *g, const vm_policy *p, vm_pool *pool);
void vm_make_graph(vm_graph *g);
// Marks what rules, extras and windows ask for.
void vm_mark_graph(vm_graph *g);

// The kind of a block in a polarity: `not all of` is `any of not`.
static inline uint8_t vm_kind_in(const vm_term *t, unsigned polarity) {
  return polarity == 0 || t->kind < VM_TERM_ALL || t->kind == VM_TERM_COUNT ? t->kind
         : t->kind == VM_TERM_ALL                                           ? VM_TERM_ANY
                                                                            : VM_TERM_ALL;
}

// Does a block of this kind take the members of that child in?
static inline bool vm_takes_members(uint8_t kind, const vm_term *child, unsigned polarity) {
  return kind != VM_TERM_COUNT && vm_kind_in(child, polarity) == kind;
}

// Is a derived enumeration of the case a fact's own value, or if that was left out what a code stands for?
bool vm_derives_plainly(const vm_policy *p, uint32_t cell, vm_derivation *out);

#endif
