// SPDX-License-Identifier: Apache-2.0
//
// See literals.h.
#include "vm/literals.h"

bool vm_is_condition(const vm_policy *p, uint32_t cell) {
  vm_cell c = vm_cell_at(p, cell);
  return c.kind == SOC_CELL_TRUTH && c.list == SOC_NONE16;
}

uint32_t vm_count_truths(const vm_policy *p) {
  uint32_t count = 0;
  for (uint32_t cell = 0; cell < VM_COUNT(p, CELLS); cell++) {
    vm_cell c = vm_cell_at(p, cell);
    for (uint32_t pc = c.first; vm_is_condition(p, cell) && pc < c.first + c.count; pc++) {
      count += vm_op_shapes[vm_instruction_at(p, pc).op].pushes[0] != '-';
    }
  }
  return count;
}

// ------------------------------------------------------------------------------------------ parsing

// What stands on the stack: a truth, a value that begins at an instruction, or an open block with its members.
typedef struct vm_item {
  uint32_t term; // block: first edge
  uint32_t first;
  bool negated;
} vm_item;

typedef struct parser {
  vm_graph *g;
  vm_item *stack;
  uint32_t depth;
} parser;

static void push_term(parser *x, vm_term term) {
  vm_graph *g = x->g;
  term.bit[0] = term.bit[1] = SOC_NONE32;
  term.children = term.kind >= VM_TERM_ALL ? term.children : SOC_NONE32;
  g->terms[g->term_count] = term;
  x->stack[x->depth++] = (vm_item){.term = g->term_count++, .first = term.first};
}

// A test of one fact of the case, whose answer depends on that fact's value alone.
static bool reads_one_fact(const vm_policy *p, vm_instruction i) {
  if (vm_op_shapes[i.op].b != B_FACT || vm_op_shapes[i.op].pushes[0] != 'T' ||
      vm_fact_at(p, i.b).left_out == SOC_LEFT_OUT_OTHER_FACT) {
    return false;
  }
  return vm_op_shapes[i.op].c != C_SET || vm_set_date(i.c) == SOC_NONE16;
}

static void take_member(parser *x) {
  vm_graph *g = x->g;
  vm_item member = x->stack[--x->depth];
  vm_item *block = &x->stack[x->depth - 1];
  g->edges[g->edge_count] = (vm_edge){member.term, block->term, member.negated};
  block->term = g->edge_count++;
}

static void close_block(parser *x, vm_instruction i) {
  static const uint8_t kinds[] = {VM_TERM_ALL, VM_TERM_ANY, VM_TERM_COUNT};
  vm_item block = x->stack[--x->depth];
  push_term(x, (vm_term){.kind = kinds[i.a], .at_least = i.b, .children = block.term});
}

// Code from the first of its operands to `end`, of which the last instruction leaves a truth or a value.
static void close_code(parser *x, uint32_t first, uint32_t end, bool truth) {
  if (truth) {
    push_term(x, (vm_term){.kind = VM_TERM_EXPRESSION, .first = first, .count = end - first});
  } else {
    x->stack[x->depth++] = (vm_item){.first = first};
  }
}

static void take_other(parser *x, vm_instruction i, uint32_t pc) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  uint32_t first = pc;
  for (const char *pop = shape->pops; *pop != '-' && *pop != '\0'; pop++) {
    first = x->stack[--x->depth].first;
  }
  close_code(x, first, pc + 1, shape->pushes[0] == 'T');
}

// Takes one instruction, or a whole loop; returns the next.
static uint32_t take_instruction(parser *x, uint32_t pc) {
  const vm_graph *g = x->g;
  vm_instruction i = vm_instruction_at(g->policy, pc);
  switch ((enum soc_op)i.op) {
  case SOC_OP_CELL_TRUTH:
    x->stack[x->depth++] = (vm_item){.term = g->roots[i.c].term, .negated = g->roots[i.c].negated};
    break;
  case SOC_OP_CELL_IN_MASK:
    push_term(x, (vm_term){.kind = VM_TERM_MASK, .first = pc, .count = 1});
    break;
  case SOC_OP_NOT: x->stack[x->depth - 1].negated = !x->stack[x->depth - 1].negated; break;
  case SOC_OP_FOLD_BEGIN: x->stack[x->depth++] = (vm_item){.term = SOC_NONE32}; break;
  case SOC_OP_FOLD_JOIN: take_member(x); break;
  case SOC_OP_FOLD_END: close_block(x, i); break;
  case SOC_OP_EACH_BEGIN:
    close_code(x, pc, pc + i.c + 1, (i.a & SOC_EACH_FOLD) < SOC_FOLD_COUNT);
    return pc + i.c + 1;
  default:
    if (reads_one_fact(g->policy, i)) {
      push_term(x, (vm_term){.kind = VM_TERM_TEST, .first = pc, .count = 1});
    } else {
      take_other(x, i, pc);
    }
  }
  return pc + 1;
}

static void parse_cell(parser *x, uint32_t index) {
  vm_cell cell = vm_cell_at(x->g->policy, index);
  x->depth = 0;
  for (uint32_t pc = cell.first; pc < cell.first + cell.count;) {
    pc = take_instruction(x, pc);
  }
  x->g->roots[index] = (vm_root){x->stack[0].term, x->stack[0].negated};
}

void vm_take_graph(vm_graph *g, const vm_policy *p, vm_pool *pool) {
  uint32_t cells = VM_COUNT(p, CELLS), truths = vm_count_truths(p);
  *g = (vm_graph){.policy = p,
                  .terms = vm_pool_take(pool, truths, sizeof *g->terms),
                  .edges = vm_pool_take(pool, truths, sizeof *g->edges),
                  .roots = vm_pool_take(pool, cells, sizeof *g->roots),
                  .cell_terms = vm_pool_take(pool, (uint64_t)cells + 1, sizeof *g->cell_terms),
                  .cell_wanted = vm_pool_take(pool, cells, sizeof *g->cell_wanted),
                  .stack = vm_pool_take(pool, p->bounds.max_stack, sizeof *g->stack)};
}

void vm_make_graph(vm_graph *g) {
  const vm_policy *p = g->policy;
  uint32_t cells = VM_COUNT(p, CELLS);
  parser x = {.g = g, .stack = g->stack};
  for (uint32_t cell = 0; cell < cells; cell++) {
    g->cell_terms[cell] = g->term_count;
    g->cell_wanted[cell] = 0;
    if (vm_is_condition(p, cell)) {
      parse_cell(&x, cell);
    }
  }
  g->cell_terms[cells] = g->term_count;
}

// ------------------------------------------------------------------------------------------ marking

// fact.left_out, not, mask.fact, mask.map, select: which leaves a mask, so that the cell is a derived enumeration.
bool vm_derives_plainly(const vm_policy *p, uint32_t cell, vm_derivation *out) {
  static const uint8_t shape[] = {SOC_OP_FACT_LEFT_OUT, SOC_OP_NOT, SOC_OP_MASK_FACT,
                                  SOC_OP_MASK_MAP, SOC_OP_SELECT};
  vm_cell c = vm_cell_at(p, cell);
  bool fits = c.count == sizeof shape;
  for (uint32_t i = 0; fits && i < c.count; i++) {
    fits = vm_instruction_at(p, c.first + i).op == shape[i];
  }
  if (!fits) {
    return false;
  }
  vm_instruction map = vm_instruction_at(p, c.first + 3);
  *out = (vm_derivation){.cell = cell,
                         .fact = vm_instruction_at(p, c.first).b,
                         .code = map.b,
                         .every = vm_enum_mask(p, c.enumeration),
                         .map = map.c};
  return vm_instruction_at(p, c.first + 2).b == out->fact &&
         vm_fact_at(p, out->code).left_out != SOC_LEFT_OUT_OTHER_FACT;
}

static void want_condition(vm_graph *g, uint32_t cell) {
  vm_root root = g->roots[cell];
  g->terms[root.term].want[root.negated] |= VM_WANT_BIT;
}

static void want_cell(vm_graph *g, uint32_t cell) {
  g->cell_wanted[cell] = 1;
  if (vm_is_condition(g->policy, cell)) {
    want_condition(g, cell);
  }
}

static void want_code(vm_graph *g, uint32_t first, uint32_t count) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(g->policy, pc));
    if (cell != SOC_NONE32) {
      want_cell(g, cell);
    }
  }
}

static void want_rule(vm_graph *g, const vm_rule *rule) {
  if (rule->cell != SOC_NONE32) {
    want_condition(g, rule->cell);
  }
  if (rule->open_code != SOC_NONE32 && rule->open_cell != SOC_NONE32) {
    want_condition(g, rule->open_cell);
  }
  for (uint32_t i = rule->extra; i < rule->extra + rule->extra_count; i++) {
    uint32_t cell = vm_extra_at(g->policy, i).cell;
    if (cell != VM_EXTRA_ALWAYS) {
      want_condition(g, cell);
    }
  }
  want_code(g, rule->from, rule->from_count);
  want_code(g, rule->through, rule->through_count);
  want_code(g, rule->stands, rule->stands_count);
}

static void want_children(vm_graph *g, const vm_term *t, unsigned polarity) {
  uint8_t kind = vm_kind_in(t, polarity);
  for (uint32_t e = t->children; e != SOC_NONE32; e = g->edges[e].next) {
    vm_edge edge = g->edges[e];
    unsigned q = kind == VM_TERM_COUNT ? edge.negated : polarity ^ edge.negated;
    vm_term *child = &g->terms[edge.term];
    child->want[q] |= vm_takes_members(kind, child, q) ? VM_WANT_MEMBERS : VM_WANT_BIT;
  }
}

static void want_below(vm_graph *g, const vm_term *t) {
  vm_derivation plain; // readers find out what tests of it say
  if (t->want[0] == 0 && t->want[1] == 0) {
    return;
  }
  switch ((enum vm_term_kind)t->kind) {
  case VM_TERM_TEST: break;
  case VM_TERM_EXPRESSION: want_code(g, t->first, t->count); break;
  case VM_TERM_MASK:
    if (!vm_derives_plainly(g->policy, vm_instruction_at(g->policy, t->first).b, &plain)) {
      want_code(g, t->first, t->count);
    }
    break;
  default:
    for (unsigned polarity = 0; polarity < 2; polarity++) {
      if (t->want[polarity] != 0) {
        want_children(g, t, polarity);
      }
    }
  }
}

void vm_mark_graph(vm_graph *g) {
  const vm_policy *p = g->policy;
  for (uint32_t i = 0; i < VM_COUNT(p, RULES); i++) {
    vm_rule rule = vm_rule_at(p, i);
    want_rule(g, &rule);
  }
  for (uint32_t cell = VM_COUNT(p, CELLS); cell-- > 0;) {
    for (uint32_t t = g->cell_terms[cell + 1]; t-- > g->cell_terms[cell];) {
      want_below(g, &g->terms[t]);
    }
    if (g->cell_wanted[cell] && !vm_is_condition(p, cell)) {
      vm_cell c = vm_cell_at(p, cell);
      want_code(g, c.first, c.count);
    }
  }
}
