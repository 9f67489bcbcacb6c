// SPDX-License-Identifier: Apache-2.0
//
// Code to nodes. One pass over each cell with a stack of what its instructions leave; members of a block stay on the
// stack until it ends. What only depends on the loop's row, or only on the cell's, becomes a node of rows, so that it
// is worked out once and not for each pair. Code and loops wait until they are used: in a block they come last, guarded
// by the other members.
#include <string.h>

#include "vm/lanes_build.h"

enum lane_item_kind {
  ITEM_NODE,
  ITEM_PAIR,
  ITEM_LATER,
  ITEM_VALUE,
  ITEM_PART,
  ITEM_BLOCK,
  ITEM_LOOP
};

// Which rows it depends on, in a loop over rows.
#define SEES_LOOP 1u
#define SEES_FRAME 2u

typedef struct vm_lane_item {
  uint8_t kind, sees;
  uint32_t
      ref; // node or pair, with its negation; later: index of what waits; part; block, loop: its instruction
  uint32_t first; // of its code
} vm_lane_item;

typedef struct lane_parser {
  vm_lane_builder *b;
  vm_lanes *l;
  const vm_policy *p;
  vm_lane_item *stack;
  vm_lane *later; // code and loops that wait
  uint32_t depth, later_count;
  uint32_t pc, term; // the next instruction, the next test
  vm_cell cell;
  uint32_t index;      // of the cell
  uint32_t first_part; // of the cell's parts
  // The loop that is open.
  bool in_loop, over_rows;
  uint32_t loop_end;                                 // past it
  uint32_t loop_depth, loop_lanes, loop_later, pair; // as they were at its begin; its first pair
} lane_parser;

void vm_lanes_take_stack(vm_lane_builder *b) {
  size_t code = VM_COUNT(b->p, CODE) + 1;
  b->stack = vm_pool_take(&b->plan.pool, code, sizeof *b->stack);
  b->later = vm_pool_take(&b->plan.pool, code, sizeof *b->later);
}

static void push_item(lane_parser *x, vm_lane_item i) {
  x->stack[x->depth++] = i;
}

static uint32_t add_lane(lane_parser *x, vm_lane lane) {
  x->l->lanes[x->l->lane_count] = lane;
  return x->l->lane_count++;
}

static vm_ref *add_members(lane_parser *x, uint32_t count, uint32_t *first) {
  *first = x->b->members;
  x->b->members += count;
  return x->l->members + *first;
}

// A truth that waits: code, or a loop.
static void push_later(lane_parser *x, vm_lane lane, uint8_t sees, uint32_t first) {
  x->later[x->later_count] = lane;
  push_item(x, (vm_lane_item){ITEM_LATER, sees, 2 * x->later_count++, first});
}

// Code up to the next instruction.
static void push_code(lane_parser *x, uint8_t sees, uint32_t first) {
  push_later(x,
             (vm_lane){.kind = VM_LANE_CODE,
                       .first = first,
                       .count = x->pc - first,
                       .case_wide = x->cell.list == SOC_NONE16,
                       .of = SOC_NONE32},
             sees, first);
}

// Makes what waits a node.
static vm_ref settle_later(lane_parser *x, vm_ref ref, vm_ref guard) {
  vm_lane lane = x->later[ref / 2];
  lane.guard = guard;
  return 2 * add_lane(x, lane) + ref % 2;
}

static vm_ref node_of(lane_parser *x, vm_lane_item i) {
  return i.kind == ITEM_LATER ? settle_later(x, i.ref, SOC_NONE32) : i.ref;
}

// Where this is met the other members of a block settle it; SOC_NONE32: there are none.
static vm_ref guard_of(vm_ref others, uint8_t fold) {
  return others == SOC_NONE32 ? SOC_NONE32 : fold == SOC_FOLD_ANY ? others : others ^ 1;
}

// ------------------------------------------------------------------------------------- blocks of rows

// A block of `any` takes the negations in; one without members is a count, of which `all` needs none and `any` one.
static vm_ref add_lane_block(lane_parser *x, uint32_t first, uint32_t count, uint8_t fold,
                             uint32_t need) {
  bool any = fold == SOC_FOLD_ANY, counts = fold == SOC_FOLD_COUNT || count == 0;
  for (uint32_t i = first; i < first + count && !counts; i++) {
    x->l->members[i] ^= any;
  }
  return 2 * add_lane(x, (vm_lane){.kind = counts ? VM_LANE_COUNT : VM_LANE_ALL,
                                   .negated = any && !counts,
                                   .need = fold == SOC_FOLD_COUNT ? need : any,
                                   .first = first,
                                   .count = count,
                                   .of = SOC_NONE32,
                                   .guard = SOC_NONE32});
}

// The members that need no waiting, as a block of their own; SOC_NONE32: there are none.
static vm_ref early_block(lane_parser *x, const vm_lane_item *members, uint32_t count,
                          uint8_t fold) {
  uint32_t first, early = 0;
  for (uint32_t i = 0; i < count; i++) {
    early += members[i].kind == ITEM_NODE;
  }
  vm_ref *refs = add_members(x, early, &first), *next = refs;
  for (uint32_t i = 0; i < count; i++) {
    if (members[i].kind == ITEM_NODE) {
      *next++ = members[i].ref;
    }
  }
  if (early <= 1) {
    return early == 0 ? SOC_NONE32 : refs[0];
  }
  return add_lane_block(x, first, early, fold, 0);
}

static bool has_later(const vm_lane_item *members, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (members[i].kind == ITEM_LATER) {
      return true;
    }
  }
  return false;
}

static vm_ref row_block(lane_parser *x, const vm_lane_item *members, uint32_t count, uint8_t fold,
                        uint32_t need) {
  bool guarded = fold != SOC_FOLD_COUNT && has_later(members, count);
  vm_ref early = guarded ? early_block(x, members, count, fold) : SOC_NONE32;
  uint32_t first, taken = 0;
  vm_ref *refs = add_members(x, count + 1, &first);
  if (early != SOC_NONE32) {
    refs[taken++] = early;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (members[i].kind == ITEM_LATER) {
      refs[taken++] = settle_later(x, members[i].ref, guard_of(early, fold));
    } else if (early == SOC_NONE32) {
      refs[taken++] = members[i].ref;
    }
  }
  if (taken == 1 && fold != SOC_FOLD_COUNT) {
    refs[taken++] = refs[0]; // there are two, at least
  }
  return add_lane_block(x, first, taken, fold, need);
}

// ------------------------------------------------------------------------------------ blocks of pairs

static vm_ref add_pair(lane_parser *x, vm_pair pair) {
  x->l->pairs[x->b->pairs] = pair;
  return 2 * (x->b->pairs++ - x->pair);
}

// What stands on the stack as a truth of pairs. Code that looks at both rows has a guard.
static vm_ref as_pair(lane_parser *x, vm_lane_item i, vm_ref guard) {
  if (i.kind == ITEM_PAIR) {
    return i.ref;
  }
  if (i.kind == ITEM_LATER && i.sees == (SEES_LOOP | SEES_FRAME)) {
    const vm_lane *code = &x->later[i.ref / 2];
    return add_pair(x, (vm_pair){.kind = VM_PAIR_CODE,
                                 .first = code->first,
                                 .count = code->count,
                                 .guard = guard}) +
           i.ref % 2;
  }
  uint8_t kind = i.sees == SEES_FRAME ? VM_PAIR_FRAME : VM_PAIR_LOOP;
  return add_pair(x, (vm_pair){.kind = kind, .first = node_of(x, i), .guard = SOC_NONE32});
}

static bool is_costly(vm_lane_item i) {
  return i.kind == ITEM_LATER && i.sees == (SEES_LOOP | SEES_FRAME);
}

static vm_ref add_pair_block(lane_parser *x, const vm_ref *members, uint32_t count, uint8_t fold) {
  uint32_t first;
  vm_ref *refs = add_members(x, count, &first);
  memcpy(refs, members, count * sizeof *refs);
  uint8_t kind = fold == SOC_FOLD_ALL ? VM_PAIR_ALL : VM_PAIR_ANY;
  return add_pair(x, (vm_pair){.kind = kind, .first = first, .count = count, .guard = SOC_NONE32});
}

// First what costs little, which guards the rest.
static vm_ref pair_block(lane_parser *x, const vm_lane_item *members, uint32_t count,
                         uint8_t fold) {
  uint32_t first, taken = 0;
  vm_ref *refs = add_members(x, count + 1, &first), early = SOC_NONE32;
  for (uint32_t i = 0; i < count; i++) {
    if (!is_costly(members[i])) {
      refs[taken++] = as_pair(x, members[i], SOC_NONE32);
    }
  }
  if (taken < count && taken > 0) {
    early = add_pair_block(x, refs, taken, fold);
    refs[0] = early;
    taken = 1;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (is_costly(members[i])) {
      refs[taken++] = as_pair(x, members[i], guard_of(early, fold));
    }
  }
  return add_pair_block(x, refs, taken, fold);
}

// ---------------------------------------------------------------------------------------------- loops

// Takes the open loop back and leaves it to the executor, all of it.
static void abandon_loop(lane_parser *x) {
  x->depth = x->loop_depth;
  x->l->lane_count = x->loop_lanes;
  x->later_count = x->loop_later;
  x->b->pairs = x->pair;
  uint32_t begin = x->stack[x->depth].ref;
  x->pc = x->loop_end;
  x->in_loop = false;
  if ((vm_instruction_at(x->p, begin).a & SOC_EACH_FOLD) >= SOC_FOLD_COUNT) {
    push_item(x, (vm_lane_item){ITEM_VALUE, SEES_LOOP, 0, begin});
  } else {
    push_code(x, SEES_LOOP, begin);
  }
}

static void begin_loop(lane_parser *x, vm_instruction i) {
  x->over_rows = (i.a & ~SOC_EACH_FOLD) == SOC_EACH_ROWS;
  x->loop_depth = x->depth;
  x->loop_lanes = x->l->lane_count;
  x->loop_later = x->later_count;
  x->pair = x->b->pairs;
  x->loop_end = x->pc + i.c + 1;
  x->in_loop = true;
  push_item(x, (vm_lane_item){ITEM_LOOP, 0, x->pc, x->pc});
  x->pc++;
  bool fit = x->cell.list == x->l->list && (!x->over_rows || i.b == x->l->list);
  bool value = (i.a & SOC_EACH_FOLD) >= SOC_FOLD_COUNT; // as a cell of its own alone
  if (!fit || (value && (x->stack[x->depth - 1].ref != x->cell.first ||
                         x->loop_end != x->cell.first + x->cell.count))) {
    abandon_loop(x);
  }
}

// Members of the body that settle it and look at the loop's row alone.
static uint32_t add_gates(lane_parser *x, uint8_t fold, uint32_t *first) {
  bool all = fold == SOC_FOLD_ALL;
  const vm_pair *body = &x->l->pairs[x->b->pairs - 1];
  uint32_t count = 0;
  *first = x->b->members;
  for (uint32_t i = 0; body->kind == (all ? VM_PAIR_ANY : VM_PAIR_ALL) && i < body->count; i++) {
    vm_ref member = x->l->members[body->first + i];
    const vm_pair *pair = &x->l->pairs[x->pair + member / 2];
    if (pair->kind == VM_PAIR_LOOP) {
      x->l->members[x->b->members++] = pair->first ^ (member % 2) ^ !all;
      count++;
    }
  }
  return count;
}

static bool has_code(const lane_parser *x) {
  for (uint32_t i = x->pair; i < x->b->pairs; i++) {
    if (x->l->pairs[i].kind == VM_PAIR_CODE) {
      return true;
    }
  }
  return false;
}

// A loop over rows: its body is the last of its pairs, as the last thing that became one already is.
static void end_rows(lane_parser *x, vm_instruction i, vm_lane_item body, vm_lane_item value) {
  if (body.kind != ITEM_PAIR || body.ref % 2) {
    vm_ref only = as_pair(x, body, SOC_NONE32);
    (void)add_pair_block(x, &only, 1, SOC_FOLD_ALL);
  }
  uint8_t fold = i.a & SOC_EACH_FOLD;
  uint32_t gates, gate_count = add_gates(x, fold, &gates), count = x->b->pairs - x->pair;
  x->l->pair_most = x->l->pair_most < count ? count : x->l->pair_most;
  push_later(x,
             (vm_lane){.kind = VM_LANE_LOOP,
                       .fold = fold,
                       .first = x->pair,
                       .count = count,
                       .value_first = value.first,
                       .value_count = fold == SOC_FOLD_SUM ? x->pc - value.first : 0,
                       .gates = gates,
                       .gate_count = gate_count,
                       .runs_code = fold == SOC_FOLD_SUM || has_code(x),
                       .of = fold >= SOC_FOLD_COUNT ? x->index : SOC_NONE32},
             SEES_LOOP, x->loop_end - i.c - 1);
}

static uint32_t reference_of(vm_lanes *l, uint32_t fact) {
  uint32_t n = 0;
  while (n < l->reference_count && l->references[n] != fact) {
    n++;
  }
  l->references[n] = fact;
  l->reference_count += n == l->reference_count;
  return n;
}

static void end_loop(lane_parser *x, vm_instruction i) {
  vm_lane_item value = {.first = 0};
  if ((i.a & SOC_EACH_FOLD) == SOC_FOLD_SUM) {
    value = x->stack[--x->depth];
  }
  vm_lane_item body = x->stack[--x->depth];
  x->depth--; // the loop's own item
  x->in_loop = false;
  if (x->over_rows) {
    end_rows(x, i, body, value);
  } else {
    vm_ref ref = node_of(x, body);
    uint32_t first, chain = (i.a & SOC_EACH_CHAIN) != 0;
    *add_members(x, 1, &first) = ref;
    uint32_t node = add_lane(x, (vm_lane){.kind = chain ? VM_LANE_CHAIN : VM_LANE_RELATED,
                                          .fold = i.a & SOC_EACH_FOLD,
                                          .need = reference_of(x->l, i.b),
                                          .of = i.b,
                                          .first = first,
                                          .count = 1,
                                          .guard = SOC_NONE32});
    push_item(x, (vm_lane_item){ITEM_NODE, SEES_LOOP, 2 * node, x->stack[x->depth].first});
  }
  x->pc++;
}

// ------------------------------------------------------------------------------------------- closing

// A block whose only reader is a block of the same kind gives its members to that one.
static bool joins_alike(const lane_parser *x, uint32_t marker, vm_instruction end) {
  if (x->pc + 1 >= VM_COUNT(x->p, CODE) || marker == 0 || end.a == SOC_FOLD_COUNT) {
    return false;
  }
  vm_instruction next = vm_instruction_at(x->p, x->pc + 1);
  return next.op == SOC_OP_FOLD_JOIN && next.a == end.a;
}

static void end_block(lane_parser *x, vm_instruction i) {
  uint32_t marker = x->depth;
  uint8_t sees = 0;
  while (x->stack[--marker].kind != ITEM_BLOCK) {
    sees |= x->stack[marker].sees;
  }
  vm_lane_item *members = &x->stack[marker + 1];
  uint32_t count = x->depth - marker - 1;
  if (joins_alike(x, marker, i)) {
    memmove(members - 1, members, count * sizeof *members);
    x->depth--;
    x->pc += 2; // its join, too
    return;
  }
  bool pairs = x->in_loop && sees == (SEES_LOOP | SEES_FRAME);
  if (pairs && i.a == SOC_FOLD_COUNT) {
    abandon_loop(x);
    return;
  }
  vm_ref ref = pairs ? pair_block(x, members, count, i.a) : row_block(x, members, count, i.a, i.b);
  x->depth = marker;
  push_item(x, (vm_lane_item){pairs ? ITEM_PAIR : ITEM_NODE, sees, ref, members[-1].first});
  x->pc++;
}

// -------------------------------------------------------------------------------------- instructions

// Which rows the instruction itself reads.
static uint8_t sees_of(const lane_parser *x, vm_instruction i) {
  uint32_t cell = vm_cell_read(i);
  bool of_row = cell != SOC_NONE32               ? vm_cell_at(x->p, cell).list != SOC_NONE16
                : vm_op_shapes[i.op].b == B_FACT ? vm_fact_at(x->p, i.b).list != SOC_NONE16
                                                 : false;
  return !of_row ? 0 : i.a & SOC_OUTER ? SEES_FRAME : SEES_LOOP;
}

// An instruction of which the whole answer is a node.
static void push_node(lane_parser *x, vm_ref ref, vm_instruction i) {
  push_item(x, (vm_lane_item){ITEM_NODE, sees_of(x, i), ref, x->pc});
  x->pc++;
}

static void take_test(lane_parser *x, vm_instruction i) {
  const vm_builder *tests = &x->b->plan;
  while (tests->g.terms[x->term].first < x->pc) {
    x->term++; // of loops that the executor runs
  }
  push_node(x, 2 * tests->g.terms[x->term].bit[0], i);
}

// The node of a test of a derived enumeration.
static vm_ref find_candidate(const lane_parser *x, vm_instruction i) {
  for (uint32_t n = x->l->roots[i.b] / 2 + 1;; n++) {
    if (x->l->lanes[n].first == i.c) {
      return 2 * n;
    }
  }
}

static void take_left_out(lane_parser *x, vm_instruction i) {
  uint32_t node = add_lane(x, (vm_lane){.kind = VM_LANE_LEFT_OUT, .of = i.b, .guard = SOC_NONE32});
  push_node(x, 2 * node, i);
}

// Two loads of facts, one in each row, and a relation: a comparison of pairs. Not where something is assumed of a fact.
static bool take_relation(lane_parser *x, vm_instruction i, const vm_lane_item *operands) {
  vm_instruction a = vm_instruction_at(x->p, operands[0].first),
                 b = vm_instruction_at(x->p, operands[1].first);
  if (!x->in_loop || !x->over_rows || a.op != SOC_OP_LOAD_FACT || b.op != SOC_OP_LOAD_FACT ||
      operands[1].first != operands[0].first + 1 || x->pc != operands[1].first + 1 ||
      ((a.a | b.a) & SOC_IF_GIVEN) || operands[0].sees == operands[1].sees) {
    return false;
  }
  bool turned = operands[0].sees == SEES_FRAME;
  vm_comparison wanted = turned ? (vm_comparison){b.b, a.b} : (vm_comparison){a.b, b.b};
  if (vm_takes_assumption(x->p, wanted.fact) || vm_takes_assumption(x->p, wanted.frame_fact) ||
      vm_fact_at(x->p, wanted.fact).list != x->l->list ||
      vm_fact_at(x->p, wanted.frame_fact).list != x->l->list) {
    return false;
  }
  static const uint8_t other_way[] = {SOC_EQ, SOC_NE, SOC_GT, SOC_GE, SOC_LT, SOC_LE};
  uint32_t n = 0;
  while (n < x->l->comparison_count && (x->l->comparisons[n].fact != wanted.fact ||
                                        x->l->comparisons[n].frame_fact != wanted.frame_fact)) {
    n++;
  }
  x->l->comparisons[n] = wanted;
  x->l->comparison_count += n == x->l->comparison_count;
  vm_ref pair = add_pair(x, (vm_pair){.kind = VM_PAIR_RELATION,
                                      .relation = turned ? other_way[i.a] : i.a,
                                      .first = n,
                                      .guard = SOC_NONE32});
  x->depth -= 2;
  push_item(x, (vm_lane_item){ITEM_PAIR, SEES_LOOP | SEES_FRAME, pair, operands[0].first});
  x->pc++;
  return true;
}

// A quantity of the list's rows in a relation to a constant.
static bool take_compare(lane_parser *x, vm_instruction i, const vm_lane_item *operands) {
  vm_instruction a = vm_instruction_at(x->p, operands[0].first),
                 b = vm_instruction_at(x->p, operands[1].first);
  if (a.op != SOC_OP_ROW_VALUE || b.op != SOC_OP_LOAD_CONST || x->pc != operands[0].first + 2) {
    return false;
  }
  uint32_t node = add_lane(
      x, (vm_lane){
             .kind = VM_LANE_COMPARE, .fold = i.a, .of = a.c, .first = b.c, .guard = SOC_NONE32});
  x->depth -= 2;
  push_item(x, (vm_lane_item){ITEM_NODE, operands[0].sees, 2 * node, operands[0].first});
  x->pc++;
  return true;
}

// Anything else is code for the executor, from the first of its operands on.
static void take_code(lane_parser *x, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  uint32_t first = x->pc;
  uint8_t sees = sees_of(x, i);
  for (const char *pops = shape->pops; *pops != '-' && *pops != '\0'; pops++) {
    vm_lane_item operand = x->stack[--x->depth];
    first = operand.first;
    sees |= operand.sees;
  }
  x->pc++;
  if (shape->pushes[0] != 'T') {
    push_item(x, (vm_lane_item){ITEM_VALUE, sees, 0, first});
  } else {
    push_code(x, sees, first);
  }
}

static void take_part(lane_parser *x, vm_instruction i) {
  vm_mask_part part = {.code = i, .chooses = SOC_NONE32};
  if (i.op == SOC_OP_SELECT) {
    x->depth -= 3;
    const vm_lane_item *operands = &x->stack[x->depth];
    part.chooses = node_of(x, operands[0]);
    part.met = operands[1].ref;
    part.not_met = operands[2].ref;
  }
  x->l->parts[x->b->parts++] = part;
  push_item(x, (vm_lane_item){ITEM_PART, 0, x->b->parts - 1 - x->first_part, x->pc});
  x->pc++;
}

static bool leaves_candidates(uint8_t op) {
  return vm_op_shapes[op].pushes[0] == 'M';
}

// In a loop that is no loop over rows there is one row: what reads the row outside of it is left to the executor, so
// that nothing there sees both.
static void check_frame(lane_parser *x) {
  const vm_lane_item *top = &x->stack[x->depth - 1];
  if (x->in_loop && !x->over_rows && (top->sees & SEES_FRAME)) {
    abandon_loop(x);
  }
}

static void take_leaf(lane_parser *x, vm_instruction i) {
  if (leaves_candidates(i.op)) {
    take_part(x, i);
  } else if (i.op == SOC_OP_FACT_LEFT_OUT) {
    take_left_out(x, i);
  } else if (i.op == SOC_OP_CELL_TRUTH || i.op == SOC_OP_ROW_TRUTH) {
    push_node(x, x->l->roots[i.c], i);
  } else if (i.op == SOC_OP_CELL_IN_MASK || i.op == SOC_OP_ROW_IN_MASK) {
    push_node(x, find_candidate(x, i), i);
  } else if (vm_lanes_is_test(x->b, i)) {
    take_test(x, i);
  } else {
    take_code(x, i);
  }
  check_frame(x);
}

static void take_comparison(lane_parser *x, vm_instruction i) {
  const vm_lane_item *operands = &x->stack[x->depth - 2];
  if (!take_relation(x, i, operands) && !take_compare(x, i, operands)) {
    take_code(x, i);
  }
  check_frame(x);
}

static void parse_instruction(lane_parser *x) {
  vm_instruction i = vm_instruction_at(x->p, x->pc);
  switch ((enum soc_op)i.op) {
  case SOC_OP_NOT:
    x->stack[x->depth - 1].ref ^= 1;
    x->pc++;
    break;
  case SOC_OP_FOLD_BEGIN:
    push_item(x, (vm_lane_item){ITEM_BLOCK, 0, x->pc, x->pc});
    x->pc++;
    break;
  case SOC_OP_FOLD_JOIN: x->pc++; break;
  case SOC_OP_FOLD_END: end_block(x, i); break;
  case SOC_OP_EACH_BEGIN: begin_loop(x, i); break;
  case SOC_OP_EACH_END: end_loop(x, i); break;
  case SOC_OP_CMP: take_comparison(x, i); break;
  default: take_leaf(x, i);
  }
}

// -------------------------------------------------------------------------------------------- cells

// The tests of a derived enumeration that needed cells make, each once, behind its node.
static void add_candidate_nodes(lane_parser *x, uint32_t cell) {
  vm_lanes *l = x->l;
  uint32_t first = l->lane_count;
  for (uint32_t pc = 0; pc < VM_COUNT(x->p, CODE); pc++) {
    vm_instruction i = vm_instruction_at(x->p, pc);
    if (vm_op_shapes[i.op].b != B_CELL || i.b != cell) {
      continue;
    }
    uint32_t n = first;
    while (n < l->lane_count && l->lanes[n].first != i.c) {
      n++;
    }
    if (n == l->lane_count) {
      (void)add_lane(
          x, (vm_lane){.kind = VM_LANE_CANDIDATE, .of = cell, .first = i.c, .guard = SOC_NONE32});
    }
  }
}

static void add_candidate_groups(lane_parser *x, uint32_t cell, uint32_t first) {
  vm_lanes *l = x->l;
  for (uint32_t base = first; base < l->lane_count; base += WORD_BITS) {
    uint32_t left = l->lane_count - base;
    vm_lane_group g = {.base = base,
                       .count = left < WORD_BITS ? left : WORD_BITS,
                       .of = cell,
                       .passing = x->b->groups++ * WORD_BITS};
    for (uint32_t value = 0; value < WORD_BITS; value++) {
      uint64_t passes = 0;
      for (uint32_t i = 0; i < g.count; i++) {
        passes |= (vm_mask_at(x->p, l->lanes[base + i].first) >> value & 1) << i;
      }
      l->passing[g.passing + value] = passes;
    }
    l->groups[l->group_count++] = g;
  }
}

static void add_mask(lane_parser *x, uint32_t cell) {
  uint32_t parts = x->b->parts - x->first_part, groups = x->l->group_count;
  uint32_t node = add_lane(x, (vm_lane){.kind = VM_LANE_MASK,
                                        .of = cell,
                                        .first = x->first_part,
                                        .count = parts,
                                        .guard = SOC_NONE32});
  x->l->roots[cell] = 2 * node;
  x->l->part_most = x->l->part_most < parts ? parts : x->l->part_most;
  add_candidate_nodes(x, cell);
  add_candidate_groups(x, cell, node + 1);
  x->l->lanes[node].value_first = groups;
  x->l->lanes[node].value_count = x->l->group_count - groups;
}

// By the executor, with all that it reads.
static void leave_cell(lane_parser *x, uint32_t index) {
  vm_cell cell = vm_cell_at(x->p, index);
  x->l->roots[index] = 2 * add_lane(x, (vm_lane){.kind = VM_LANE_VALUE,
                                                 .of = index,
                                                 .first = cell.first,
                                                 .count = cell.count,
                                                 .guard = SOC_NONE32});
}

static void parse_lane_cell(lane_parser *x, uint32_t index) {
  vm_cell cell = x->cell = vm_cell_at(x->p, index);
  x->index = index;
  x->depth = x->later_count = 0;
  x->in_loop = x->over_rows = false;
  x->first_part = x->b->parts;
  for (x->pc = cell.first; x->pc < cell.first + cell.count;) {
    parse_instruction(x);
  }
  vm_lane_item root = x->stack[0];
  if (cell.kind == SOC_CELL_MASK) {
    add_mask(x, index);
  } else if (cell.kind == SOC_CELL_TRUTH || root.kind == ITEM_LATER) {
    x->l->roots[index] = node_of(x, root);
  } else {
    leave_cell(x, index);
  }
}

void vm_lanes_parse(vm_lane_builder *b) {
  lane_parser x = {.b = b, .l = b->l, .p = b->p, .stack = b->stack, .later = b->later};
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    uint16_t list = vm_cell_at(b->p, cell).list;
    b->l->roots[cell] = SOC_NONE32;
    if (b->needed[cell] && (list == SOC_NONE16 || list == b->l->list)) {
      parse_lane_cell(&x, cell);
    } else if (b->needed[cell]) {
      leave_cell(&x, cell); // of another list
    }
  }
}
