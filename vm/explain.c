// SPDX-License-Identifier: Apache-2.0
//
// The tree behind a decision: rules in order, the criteria they read, the facts those read. Everything is known after
// soc_case_decide with SOC_DECIDE_EXPLAIN; this only walks the code of the cells. A cell is taken apart once in each
// row and decision, so the walk is linear in the code and rows; the way down is kept in the case's own memory, not on
// the C stack. What a loop reads in other rows is told row by row; in a decision for a row those are leaves, since the
// explanation of that row takes them apart.
#include <string.h>

#include "vm/exec.h"

typedef struct walk {
  soc_case *c;
  const vm_policy *p;
  soc_explain_fn *fn;
  void *context;
  uint32_t row;        // that is decided; SOC_NO_INDEX
  uint32_t depth;      // cells on the way down
  uint32_t base_depth; // depth of a node whose cell is the first of them
} walk;

// While walking, seen_cells[slot] is 1 once the cell has been taken apart in that row; seen_facts[fact] is twice the
// last node, from 1, that listed the fact, and 1 more if it did so for the rows of a loop.

static bool is_of_list(const walk *w, uint32_t cell) {
  return w->c->places[cell].list != SOC_NONE16;
}

static void describe_state(const soc_case *c, uint32_t index, uint32_t row,
                           soc_explain_node *node) {
  uint8_t kind = c->places[index].kind;
  if (kind == SOC_CELL_TRUTH) {
    node->state = (soc_truth)c->truth[vm_cell_slot(c, index, row)];
  } else if (kind == SOC_CELL_MASK) {
    uint64_t left = c->masks[vm_wide_slot(c, index, row)];
    node->derived = true;
    node->candidates = left;
    node->state = left == 0 ? SOC_NOT_MET : (left & (left - 1)) == 0 ? SOC_MET : SOC_UNKNOWN_TRUTH;
  } else {
    vm_value v = c->quantities[vm_wide_slot(c, index, row)];
    node->quantity = true;
    node->low = v.lo;
    node->high = v.hi;
    node->state = v.hi == INT64_MIN ? SOC_NOT_MET : v.lo == v.hi ? SOC_MET : SOC_UNKNOWN_TRUTH;
  }
}

static bool tell(const walk *w, uint32_t fact, uint32_t row) {
  return w->fn(w->context, NULL, &(soc_fact_ref){fact, row});
}

// A field in the rows that a loop goes over, but for the one that was told already.
static bool tell_in_rows(const walk *w, uint32_t fact, vm_instruction begin, uint32_t row,
                         uint32_t told) {
  vm_loop l;
  soc_state state = vm_loop_start(w->c, begin, row, &l);
  for (bool go = state == SOC_GIVEN && l.rows > 0; go;
       go = vm_loop_next(w->c, begin, &l) == SOC_GIVEN) {
    if (l.row != told && !tell(w, fact, l.row)) {
      return false;
    }
  }
  return true;
}

// A place that facts are read from: a cell's code in a row, perhaps inside a loop.
typedef struct reader {
  uint32_t stamp, row;
  const vm_instruction *loop; // NULL: outside
} reader;

static bool tell_fact(const walk *w, reader r, uint32_t fact) {
  soc_case *c = w->c;
  bool own = c->seen_facts[fact] == r.stamp;
  if (c->seen_facts[fact] == r.stamp + 1) {
    return true;
  }
  if (c->columns[fact].list != SOC_NONE16 && r.loop) {
    c->seen_facts[fact] = r.stamp + 1;
    return tell_in_rows(w, fact, *r.loop, r.row, own ? r.row : SOC_NO_INDEX);
  }
  c->seen_facts[fact] = r.stamp;
  return own || tell(w, fact, c->columns[fact].list == SOC_NONE16 ? SOC_NO_INDEX : r.row);
}

static bool tell_operands(const walk *w, reader r, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  r.loop = i.a & SOC_OUTER && shape->b == B_FACT ? NULL : r.loop;
  if ((shape->b == B_FACT || i.op == SOC_OP_EACH_BEGIN) && !tell_fact(w, r, i.b)) {
    return false;
  }
  bool dated = shape->c == C_SET && (vm_set_at(w->p, vm_set_index(i.c)).flags & SOC_SET_DATED) != 0;
  return !dated || tell_fact(w, r, vm_set_date(i.c));
}

// The facts that a cell's own code reads, each once. Cells have distinct stamps, and are taken apart once in a row.
static bool tell_facts(const walk *w, uint32_t index, uint32_t row) {
  vm_cell cell = vm_cell_at(w->p, index);
  vm_instruction begin;
  reader r = {2 * (vm_cell_slot(w->c, index, row) + 1), row, NULL};
  for (uint32_t pc = cell.first; pc < cell.first + cell.count; pc++) {
    vm_instruction i = vm_instruction_at(w->p, pc);
    if (!tell_operands(w, r, i)) {
      return false;
    }
    if (i.op == SOC_OP_EACH_BEGIN) {
      begin = i;
      r.loop = &begin;
    } else if (i.op == SOC_OP_EACH_END) {
      r.loop = NULL;
    }
  }
  return true;
}

// Tells the facts of a cell and puts it on the way down, so that its parts come next.
static bool take_apart(walk *w, uint32_t index, uint32_t row) {
  w->c->seen_cells[vm_cell_slot(w->c, index, row)] = 1;
  if (!tell_facts(w, index, row)) {
    return false;
  }
  w->c->path[w->depth++] = (vm_step){
      .cell = index, .row = row, .next = vm_cell_at(w->p, index).first, .begin = SOC_NONE32};
  return true;
}

// Not what stands in another row than the one that is decided.
static bool goes_on(const walk *w, const soc_explain_node *node) {
  bool elsewhere = w->row != SOC_NO_INDEX && node->row != SOC_NO_INDEX && node->row != w->row;
  return !node->repeated && !elsewhere;
}

static bool tell_cell(walk *w, uint32_t index, uint32_t row) {
  const soc_case *c = w->c;
  vm_words words = vm_words_of(VM_AT(w->p, CELL_WORDS, index));
  soc_explain_node node = {.depth = w->base_depth + w->depth,
                           .name = vm_name(w->p, vm_cell_at(w->p, index).name),
                           .text = vm_wording(w->p, words.text),
                           .cite = vm_wording(w->p, words.cite),
                           .reached = true,
                           .repeated = c->seen_cells[vm_cell_slot(c, index, row)] != 0,
                           .cell = index,
                           .line = words.line,
                           .row = is_of_list(w, index) ? row : SOC_NO_INDEX};
  describe_state(c, index, row, &node);
  return w->fn(w->context, &node, NULL) && (!goes_on(w, &node) || take_apart(w, index, row));
}

// ------------------------------------------------------------------------------------------ parts

static void enter_loop(const walk *w, vm_step *at, vm_instruction i) {
  vm_loop l;
  bool any = vm_loop_start(w->c, i, at->row, &l) == SOC_GIVEN;
  at->begin = at->next - 1;
  at->loop_row = l.row;
  at->loop_step = 0;
  at->loop_rows = any ? l.rows : 0;
}

// Goes back to the loop's body for its next row, or on behind it.
static void turn_loop(const walk *w, vm_step *at, vm_instruction i) {
  vm_loop l = {.row = at->loop_row, .step = at->loop_step, .rows = at->loop_rows};
  if (vm_loop_next(w->c, i, &l) == SOC_GIVEN) {
    at->next = at->begin + 1;
    at->loop_row = l.row;
    at->loop_step = l.step;
  } else {
    at->begin = SOC_NONE32;
  }
}

uint32_t vm_cell_read(vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  return shape->b == B_CELL ? i.b : shape->c == C_CELL || shape->c == C_VALUE ? i.c : SOC_NONE32;
}

// Is the cell to be told here, and in which row? One of the case once for all rows of a loop.
static bool is_part(const walk *w, const vm_step *at, vm_instruction i, uint32_t *row) {
  uint32_t cell = vm_cell_read(i);
  bool in_loop = at->begin != SOC_NONE32;
  if (cell == SOC_NONE32) {
    return false;
  }
  if (!is_of_list(w, cell)) {
    *row = 0;
    return !in_loop || at->loop_step == 0;
  }
  bool elsewhere = in_loop && !(i.a & SOC_OUTER);
  *row = elsewhere ? at->loop_row : at->row;
  return elsewhere ? at->loop_rows > 0 : !in_loop || at->loop_step == 0;
}

// The next cell that the cell at the end of the way reads, or SOC_NONE32.
static uint32_t next_part(walk *w, uint32_t *row) {
  vm_step *at = &w->c->path[w->depth - 1];
  vm_cell cell = vm_cell_at(w->p, at->cell);
  while (at->next < cell.first + cell.count) {
    vm_instruction i = vm_instruction_at(w->p, at->next++);
    if (i.op == SOC_OP_EACH_BEGIN) {
      enter_loop(w, at, i);
    } else if (i.op == SOC_OP_EACH_END) {
      turn_loop(w, at, i);
    } else if (is_part(w, at, i, row)) {
      return vm_cell_read(i);
    }
  }
  return SOC_NONE32;
}

static bool walk_parts(walk *w) {
  while (w->depth > 0) {
    uint32_t row = 0, part = next_part(w, &row);
    if (part == SOC_NONE32) {
      w->depth--;
    } else if (!tell_cell(w, part, row)) {
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
                            .state = rule.cell == SOC_NONE32 ? SOC_MET
                                                             : vm_truth(w->c, rule.cell, w->row),
                            .is_rule = true,
                            .deciding = decides,
                            .reached = index <= o->ended,
                            .cell = rule.cell,
                            .line = words.line,
                            .determination = (soc_determination)rule.determination,
                            .row = w->row};
}

static bool tell_rule(walk *w, const vm_outcome *o, uint32_t index) {
  soc_explain_node node = rule_node(w, o, index);
  bool own = node.cell != SOC_NONE32 && (vm_cell_at(w->p, node.cell).flags & SOC_CELL_RULE) != 0;
  uint32_t row = w->row == SOC_NO_INDEX ? 0 : w->row;
  node.repeated = own && w->c->seen_cells[vm_cell_slot(w->c, node.cell, row)] != 0;
  if (!w->fn(w->context, &node, NULL)) {
    return false;
  }
  w->depth = 0;
  if (node.cell == SOC_NONE32 || node.repeated) {
    return true;
  }
  w->base_depth = own ? 0 : 1; // the rule stands for its own condition
  return (own ? take_apart(w, node.cell, row) : tell_cell(w, node.cell, row)) && walk_parts(w);
}

soc_status soc_case_explain(soc_case *c, uint32_t decision, uint32_t row, soc_explain_fn *fn,
                            void *context) {
  const vm_outcome *o = c && fn && c->explained ? vm_outcome_of(c, decision, row) : NULL;
  if (!o) {
    return SOC_ERR_ARGUMENT;
  }
  walk w = {.c = c, .p = c->policy, .fn = fn, .context = context, .row = o->row};
  memset(c->seen_cells, 0, c->cell_slots * sizeof *c->seen_cells);
  memset(c->seen_facts, 0, c->fact_count * sizeof *c->seen_facts);
  vm_decision d = vm_decision_at(c->policy, decision);
  for (uint32_t i = d.first; i < d.first + d.count; i++) {
    if (!tell_rule(&w, o, i)) {
      break;
    }
  }
  return SOC_OK;
}

// Is there a cell of that kind, worked out for the row?
static bool is_stated(const soc_case *c, uint32_t cell, uint32_t row, uint8_t kind) {
  if (!c || !c->explained || cell >= c->cell_count || c->places[cell].kind != kind) {
    return false;
  }
  uint16_t list = c->places[cell].list;
  return row < (list == SOC_NONE16 ? 1 : vm_rows(c, list));
}

soc_status soc_case_criterion(const soc_case *c, uint32_t cell, uint32_t row, soc_truth *state) {
  if (!state || !is_stated(c, cell, row, SOC_CELL_TRUTH)) {
    return SOC_ERR_ARGUMENT;
  }
  *state = (soc_truth)c->truth[vm_cell_slot(c, cell, row)];
  return SOC_OK;
}

soc_status soc_case_candidates(const soc_case *c, uint32_t cell, uint32_t row,
                               uint64_t *candidates) {
  if (!candidates || !is_stated(c, cell, row, SOC_CELL_MASK)) {
    return SOC_ERR_ARGUMENT;
  }
  *candidates = c->masks[vm_wide_slot(c, cell, row)];
  return SOC_OK;
}
