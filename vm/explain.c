// SPDX-License-Identifier: Apache-2.0
//
// The tree behind a decision: rules in order, the criteria they read, the facts those read. Everything is known after
// soc_case_decide with SOC_DECIDE_EXPLAIN; this only walks the code of the cells. A cell is taken apart once in each
// decision, so the walk is linear in the code; the way down is kept in the case's own memory, not on the C stack.
#include <string.h>

#include "vm/exec.h"

typedef struct walk {
  soc_case *c;
  const vm_policy *p;
  soc_explain_fn *fn;
  void *context;
  uint32_t depth;      // cells on the way down
  uint32_t base_depth; // depth of a node whose cell is the first of them
} walk;

// While walking, seen_cells[cell] is 1 once the cell has been taken apart; seen_facts[fact] the last node, from 1,
// that listed the fact.

static soc_explain_node cell_node(const walk *w, uint32_t index, uint32_t depth) {
  const soc_case *c = w->c;
  vm_cell cell = vm_cell_at(w->p, index);
  vm_words words = vm_words_of(VM_AT(w->p, CELL_WORDS, index));
  soc_explain_node node = {.depth = depth,
                           .name = vm_name(w->p, cell.name),
                           .text = vm_wording(w->p, words.text),
                           .cite = vm_wording(w->p, words.cite),
                           .state = SOC_MET,
                           .reached = true,
                           .derived = cell.kind == SOC_CELL_MASK,
                           .repeated = c->seen_cells[index] != 0,
                           .cell = index,
                           .line = words.line};
  if (node.derived) {
    uint64_t left = c->masks[index];
    node.candidates = left;
    node.state = left == 0 ? SOC_NOT_MET : (left & (left - 1)) == 0 ? SOC_MET : SOC_UNKNOWN_TRUTH;
  } else {
    node.state = (soc_truth)c->truth[index];
  }
  return node;
}

static bool tell_fact(const walk *w, uint32_t fact, uint32_t stamp) {
  soc_case *c = w->c;
  const vm_column *column = &c->columns[fact];
  if (c->seen_facts[fact] == stamp) {
    return true;
  }
  c->seen_facts[fact] = stamp;
  if (column->list == SOC_NONE16) {
    return w->fn(w->context, NULL, &(soc_fact_ref){fact, SOC_NO_INDEX});
  }
  int64_t rows = c->states[column->list] == SOC_GIVEN ? c->values[column->list] : 0;
  for (uint32_t row = 0; row < rows; row++) {
    if (!w->fn(w->context, NULL, &(soc_fact_ref){fact, row})) {
      return false;
    }
  }
  return true;
}

// The facts that a cell's own code reads, each once. Cells have distinct stamps, and are taken apart once.
static bool tell_facts(const walk *w, uint32_t index) {
  vm_cell cell = vm_cell_at(w->p, index);
  for (uint32_t pc = cell.first; pc < cell.first + cell.count; pc++) {
    vm_instruction i = vm_instruction_at(w->p, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    if ((shape->b == B_FACT || i.op == SOC_OP_EACH_BEGIN) && !tell_fact(w, i.b, index + 1)) {
      return false;
    }
    if (shape->c == C_SET && (vm_set_at(w->p, vm_set_index(i.c)).flags & SOC_SET_DATED) &&
        !tell_fact(w, vm_set_date(i.c), index + 1)) {
      return false;
    }
  }
  return true;
}

// Tells the facts of a cell and puts it on the way down, so that its parts come next.
static bool take_apart(walk *w, uint32_t index) {
  w->c->seen_cells[index] = 1;
  if (!tell_facts(w, index)) {
    return false;
  }
  w->c->path[w->depth++] = (vm_entry){index, vm_cell_at(w->p, index).first};
  return true;
}

static bool tell_cell(walk *w, uint32_t index) {
  soc_explain_node node = cell_node(w, index, w->base_depth + w->depth);
  return w->fn(w->context, &node, NULL) && (node.repeated || take_apart(w, index));
}

// The next cell that the cell at the end of the way reads, or SOC_NONE32.
static uint32_t next_part(walk *w) {
  vm_entry *at = &w->c->path[w->depth - 1];
  vm_cell cell = vm_cell_at(w->p, at->what);
  while (at->row < cell.first + cell.count) {
    vm_instruction i = vm_instruction_at(w->p, at->row++);
    if (i.op == SOC_OP_CELL_TRUTH) {
      return i.c;
    }
    if (i.op == SOC_OP_CELL_IN_MASK) {
      return i.b;
    }
  }
  return SOC_NONE32;
}

static bool walk_parts(walk *w) {
  while (w->depth > 0) {
    uint32_t part = next_part(w);
    if (part == SOC_NONE32) {
      w->depth--;
    } else if (!tell_cell(w, part)) {
      return false;
    }
  }
  return true;
}

static soc_explain_node rule_node(const walk *w, const vm_outcome *o, uint32_t index) {
  vm_rule rule = vm_rule_at(w->p, index);
  vm_words words = vm_words_of(VM_AT(w->p, RULE_WORDS, index));
  bool decides = o->lacks_facts ? index == o->speaker && index == o->met : index == o->decider;
  return (soc_explain_node){.name = vm_name(w->p, rule.name),
                            .text = vm_wording(w->p, words.text),
                            .cite = vm_wording(w->p, words.cite),
                            .state = vm_condition(w->c, rule.cell),
                            .is_rule = true,
                            .deciding = decides,
                            .reached = index <= o->ended,
                            .cell = rule.cell,
                            .line = words.line,
                            .determination = (soc_determination)rule.determination};
}

static bool tell_rule(walk *w, const vm_outcome *o, uint32_t index) {
  soc_explain_node node = rule_node(w, o, index);
  bool own = node.cell != SOC_NONE32 && (vm_cell_at(w->p, node.cell).flags & SOC_CELL_RULE) != 0;
  node.repeated = own && w->c->seen_cells[node.cell] != 0;
  if (!w->fn(w->context, &node, NULL)) {
    return false;
  }
  w->depth = 0;
  if (node.cell == SOC_NONE32 || node.repeated) {
    return true;
  }
  w->base_depth = own ? 0 : 1; // the rule stands for its own condition
  return (own ? take_apart(w, node.cell) : tell_cell(w, node.cell)) && walk_parts(w);
}

soc_status soc_case_explain(soc_case *c, uint32_t decision, uint32_t row, soc_explain_fn *fn,
                            void *context) {
  if (!c || !fn || !c->explained || decision >= c->decision_count || row != 0) {
    return SOC_ERR_ARGUMENT;
  }
  walk w = {c, c->policy, fn, context, 0, 0};
  memset(c->seen_cells, 0, c->cell_count * sizeof *c->seen_cells);
  memset(c->seen_facts, 0, c->fact_count * sizeof *c->seen_facts);
  vm_decision d = vm_decision_at(c->policy, decision);
  for (uint32_t i = d.first; i < d.first + d.count; i++) {
    if (!tell_rule(&w, &c->outcomes[decision], i)) {
      break;
    }
  }
  return SOC_OK;
}
