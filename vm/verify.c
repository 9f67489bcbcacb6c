// SPDX-License-Identifier: Apache-2.0
//
// The third part of the loader: the bytecode verifier. One linear pass over each cell and window with a stack of
// types; what it does not know to be right it refuses. It proves what the executor (exec.c) takes for granted:
// operands lead where they say, the stack never runs over or under and holds what is taken, blocks and loops are
// closed, skips lead to their ends, fields and cells of lists are read at a row that is there, cells only backwards.
// Sets the bounds.
#include <string.h>

#include "vm/check.h"

enum slot_type { TRUTH = 'T', VALUE = 'V', MASK = 'M', BLOCK = 'F', LOOP = 'L' };

// A value may be read as one of these; a constant often as a date or a number. The last says more about a number.
enum {
  AS_DATE = 1,
  AS_NUMBER = 2,
  AS_CODE = 4,
  AS_TEXT = 8,
  AS_ENUM = 16,
  AS_BOOL = 32,
  AS_NOT_NEGATIVE = 64
};
#define AS_ORDERED (AS_DATE | AS_NUMBER)
#define AS_ANY (AS_ORDERED | AS_CODE | AS_TEXT | AS_ENUM | AS_BOOL)

typedef struct slot {
  uint8_t type, as; // as: VALUE
  uint8_t fold;     // BLOCK, LOOP
  uint16_t
      need; // BLOCK: of `at least n`; LOOP: what it goes over; VALUE that is AS_ENUM: of which enumeration
  uint32_t left; // BLOCK: members still to come
  uint32_t end;  // where a skip of it led; 0: none yet
} slot;

typedef struct verifier {
  vm_check *k;
  const vm_policy *p;
  uint32_t readable;    // cells below this may be read
  uint32_t maps;        // that instructions have named
  uint16_t enumeration; // of the mask cell; SOC_NONE16
  uint16_t frame;       // list of the cell or decision; SOC_NONE16: the case
  bool in_loop, once;   // once: a loop over the related row
  uint16_t list;        // of the loop
  uint32_t entries, entries_row;
  uint32_t depth;
  slot stack[SOC_MAX_STACK];
} verifier;

const vm_op_shape vm_op_shapes[SOC_OP_COUNT] = {
#define SOC_OP(name, mnemonic, a, b, c, pops, pushes, flags, meaning) {a, b, c, pops, pushes},
#include "vm/opcodes.def"
#undef SOC_OP
};

#define REFUSE(error) vm_refuse(v->k, VM_E_##error, at)
#define NEED(condition, error) \
  do {                         \
    if (!(condition)) {        \
      return REFUSE(error);    \
    }                          \
  } while (0)

// ---------------------------------------------------------------------------------------- operands

static bool is_iterator(uint8_t a) {
  unsigned fold = a & SOC_EACH_FOLD, iterator = a & ~SOC_EACH_FOLD;
  return iterator == SOC_EACH_ROWS
             ? fold <= SOC_FOLD_SUM
             : fold <= SOC_FOLD_ANY && (iterator == SOC_EACH_RELATED || iterator == SOC_EACH_CHAIN);
}

static bool check_a(verifier *v, const uint8_t *at, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  unsigned a = shape->b == B_FACT ? i.a & ~SOC_OUTER : i.a;
  unsigned plain = a & ~SOC_IF_GIVEN;
  switch (shape->a) {
  case A_REL:
    NEED(plain < SOC_REL_COUNT && (i.op == SOC_OP_FACT_CMP || plain == a), OPERAND_A);
    return true;
  case A_GIVEN: NEED(plain == 0, OPERAND_A); return true;
  case A_LIST: NEED(plain <= SOC_LIST_ONLY, OPERAND_A); return true;
  case A_FOLD: NEED(a <= SOC_FOLD_COUNT, OPERAND_A); return true;
  case A_EACH: NEED(is_iterator(i.a), OPERAND_A); return true;
  case A_ROW: NEED((a & ~SOC_OUTER) == 0, OPERAND_A); return true;
  default: NEED(a == 0, OPERAND_A); return true;
  }
}

// Is there a row of the list to read a field or cell at, `outer`: outside the loop? The case needs none.
static bool in_frame(const verifier *v, uint16_t list, bool outer) {
  if (list == SOC_NONE16) {
    return !outer;
  }
  if (outer) {
    return v->in_loop && list == v->frame;
  }
  return list == (v->in_loop ? v->list : v->frame);
}

static bool is_outer(vm_instruction i) {
  return (i.a & SOC_OUTER) != 0;
}

// A loop over rows names a list, the others a reference in the cell's own list.
static bool check_each_operand(verifier *v, const uint8_t *at, vm_instruction i) {
  NEED(i.b < VM_COUNT(v->p, FACTS), OPERAND_B);
  vm_fact fact = vm_fact_at(v->p, i.b);
  if ((i.a & ~SOC_EACH_FOLD) == SOC_EACH_ROWS) {
    NEED(fact.type == SOC_RECORDS, OPERAND_TYPE);
    return true;
  }
  NEED(fact.type == SOC_LINE, OPERAND_TYPE);
  NEED(fact.list == v->frame, FRAME);
  return true;
}

// An earlier cell of this kind, of the case or in a row as the instruction says.
static bool check_cell_operand(verifier *v, const uint8_t *at, vm_instruction i, uint32_t cell,
                               uint8_t kind) {
  NEED(cell < v->readable, CELL_ORDER);
  vm_cell read = vm_cell_at(v->p, cell);
  bool row = vm_op_shapes[i.op].a == A_ROW;
  NEED(read.kind == kind && (read.list != SOC_NONE16) == row, OPERAND_TYPE);
  NEED(in_frame(v, read.list, is_outer(i)), FRAME);
  return true;
}

static bool check_b(verifier *v, const uint8_t *at, vm_instruction i) {
  switch (vm_op_shapes[i.op].b) {
  case B_FACT:
    NEED(i.b < VM_COUNT(v->p, FACTS), OPERAND_B);
    NEED(in_frame(v, vm_fact_at(v->p, i.b).list, is_outer(i)), FRAME);
    return true;
  case B_EACH: return check_each_operand(v, at, i);
  case B_CELL: return check_cell_operand(v, at, i, i.b, SOC_CELL_MASK);
  case B_NEED: NEED(i.a == SOC_FOLD_COUNT || i.b == 0, OPERAND_B); return true;
  default: NEED(i.b == 0, OPERAND_B); return true;
  }
}

static bool check_set_operand(verifier *v, const uint8_t *at, vm_instruction i) {
  uint32_t index = vm_set_index(i.c), date = vm_set_date(i.c);
  NEED(index < VM_COUNT(v->p, SETS), OPERAND_C);
  vm_set set = vm_set_at(v->p, index);
  NEED((set.kind == 1) == (vm_fact_at(v->p, i.b).type == SOC_TEXT), OPERAND_SET);
  if (date == SOC_NONE16) {
    NEED((set.flags & SOC_SET_DATED) == 0, OPERAND_SET);
    return true;
  }
  NEED(date < VM_COUNT(v->p, FACTS), OPERAND_C);
  vm_fact fact = vm_fact_at(v->p, date);
  NEED(fact.type == SOC_DATE, OPERAND_TYPE);
  NEED(fact.list == SOC_NONE16 || in_frame(v, fact.list, is_outer(i)), FRAME);
  return true;
}

static bool check_c(verifier *v, const uint8_t *at, vm_instruction i) {
  const vm_policy *p = v->p;
  switch (vm_op_shapes[i.op].c) {
  case C_CONST: NEED(i.c < VM_COUNT(p, CONSTANTS), OPERAND_C); return true;
  case C_CONST2:
    NEED((i.c & 0xffffu) <= i.c >> 16 && i.c >> 16 < VM_COUNT(p, CONSTANTS), OPERAND_C);
    return true;
  case C_SET: return check_set_operand(v, at, i);
  case C_MAP: NEED(i.c < VM_COUNT(p, MAPS) && i.c == v->maps, OPERAND_C); return true;
  case C_CELL: return check_cell_operand(v, at, i, i.c, SOC_CELL_TRUTH);
  case C_VALUE: return check_cell_operand(v, at, i, i.c, SOC_CELL_VALUE);
  case C_SIZE:
  case C_SKIP: return true; // with the block
  default: NEED(i.c == 0, OPERAND_C); return true;
  }
}

// --------------------------------------------------------------------------- facts and constants

#define TYPE(t) (UINT32_C(1) << SOC_##t)
#define LISTS (TYPE(CODE_LIST) | TYPE(ENUM_LIST) | TYPE(RECORDS))
#define VALUES (TYPE(BOOL) | TYPE(ENUM) | TYPE(CODE) | TYPE(TEXT) | TYPE(DATE) | TYPE(NUMBER))
#define ALL_TYPES (LISTS | VALUES | TYPE(LINE))

// Of the fact that an instruction names.
static const uint16_t fact_types[SOC_OP_COUNT] = {[SOC_OP_FACT_TRUE] = TYPE(BOOL),
                                                  [SOC_OP_FACT_CMP] = VALUES,
                                                  [SOC_OP_FACT_IN_MASK] = TYPE(ENUM),
                                                  [SOC_OP_FACT_IN_SET] = TYPE(CODE) | TYPE(TEXT),
                                                  [SOC_OP_FACT_NONE] = ALL_TYPES & ~LISTS,
                                                  [SOC_OP_FACT_LEFT_OUT] = ALL_TYPES,
                                                  [SOC_OP_LIST_EMPTY] = LISTS,
                                                  [SOC_OP_LIST_IN_SET] = TYPE(CODE_LIST),
                                                  [SOC_OP_LIST_IN_MASK] = TYPE(ENUM_LIST),
                                                  [SOC_OP_LIST_HAS] =
                                                      TYPE(CODE_LIST) | TYPE(ENUM_LIST),
                                                  [SOC_OP_LOAD_FACT] = VALUES,
                                                  [SOC_OP_MASK_FACT] = TYPE(ENUM),
                                                  [SOC_OP_MASK_ASSUMED] = TYPE(ENUM),
                                                  [SOC_OP_MASK_MAP] = TYPE(CODE)};

static uint8_t value_as(int64_t value) {
  uint8_t date = value >= 0 && value <= SOC_DAY_MAX ? AS_DATE : 0;
  uint8_t number = value >= -SOC_NUMBER_MAX && value <= SOC_NUMBER_MAX ? AS_NUMBER : 0;
  uint8_t sign = number && value >= 0 ? AS_NOT_NEGATIVE : 0;
  return date | number | sign;
}

static bool is_value_of(const vm_policy *p, const vm_fact *fact, int64_t value) {
  switch (fact->type) {
  case SOC_BOOL: return value == 0 || value == 1;
  case SOC_ENUM:
  case SOC_ENUM_LIST: return value >= 0 && value < vm_enum_at(p, fact->enumeration).count;
  case SOC_CODE:
  case SOC_CODE_LIST: return true; // wildcards are no codes; comparing with any number is safe
  case SOC_TEXT: return value >= 0 && value < VM_COUNT(p, TEXTS);
  case SOC_DATE: return (value_as(value) & AS_DATE) != 0;
  default: return (value_as(value) & AS_NUMBER) != 0;
  }
}

static bool is_mask_of(const vm_policy *p, uint32_t enumeration, uint64_t mask) {
  return (mask & ~vm_enum_mask(p, enumeration)) == 0;
}

// The fact operand's type against the instruction, and its constant against the fact.
static bool check_fact_use(verifier *v, const uint8_t *at, vm_instruction i) {
  const vm_policy *p = v->p;
  vm_fact fact = vm_fact_at(p, i.b);
  NEED(((UINT32_C(1) << fact.type) & fact_types[i.op]) != 0, OPERAND_TYPE);
  switch (i.op) {
  case SOC_OP_FACT_CMP:
    NEED((i.a & ~(SOC_IF_GIVEN | SOC_OUTER)) <= SOC_NE || fact.type == SOC_DATE ||
             fact.type == SOC_NUMBER,
         OPERAND_RELATION);
    NEED(is_value_of(p, &fact, vm_constant_at(p, i.c)), OPERAND_VALUE);
    return true;
  case SOC_OP_LIST_HAS:
    NEED(is_value_of(p, &fact, vm_constant_at(p, i.c)), OPERAND_VALUE);
    return true;
  case SOC_OP_FACT_IN_MASK:
  case SOC_OP_LIST_IN_MASK:
    NEED(is_mask_of(p, fact.enumeration, vm_mask_at(p, i.c)), OPERAND_VALUE);
    return true;
  case SOC_OP_MASK_ASSUMED:
    NEED(fact.left_out == SOC_LEFT_OUT_DERIVED && fact.assumed >= 0, OPERAND_VALUE);
    NEED(fact.enumeration == v->enumeration, OPERAND_TYPE);
    return true;
  case SOC_OP_MASK_FACT: NEED(fact.enumeration == v->enumeration, OPERAND_TYPE); return true;
  default: return true;
  }
}

// The masks of the next map. It belongs to one instruction, so that no mask is read twice.
static bool check_map(verifier *v, const uint8_t *at) {
  const vm_policy *p = v->p;
  NEED(v->enumeration != SOC_NONE16, OPERAND_TYPE);
  vm_map map = vm_map_at(p, v->maps);
  at = VM_AT(p, MAPS, v->maps++) + 8;
  NEED(is_mask_of(p, v->enumeration, map.other), OPERAND_VALUE);
  for (uint32_t i = 0; i < map.count; i++) {
    at = VM_AT(p, MAP_RANGES, map.first + i) + 16;
    NEED(is_mask_of(p, v->enumeration, vm_u64(at)), OPERAND_VALUE);
  }
  return true;
}

static bool check_constant_use(verifier *v, const uint8_t *at, vm_instruction i) {
  const vm_policy *p = v->p;
  switch (i.op) {
  case SOC_OP_CELL_IN_MASK:
  case SOC_OP_ROW_IN_MASK:
    NEED(is_mask_of(p, vm_cell_at(p, i.b).enumeration, vm_mask_at(p, i.c)), OPERAND_VALUE);
    return true;
  case SOC_OP_MASK_CONST:
    NEED(v->enumeration != SOC_NONE16 && is_mask_of(p, v->enumeration, vm_mask_at(p, i.c)),
         OPERAND_VALUE);
    return true;
  case SOC_OP_LOAD_CONST: NEED(value_as(vm_constant_at(p, i.c)) != 0, OPERAND_VALUE); return true;
  case SOC_OP_MASK_MAP: return check_map(v, at);
  default: return true;
  }
}

static bool check_operands(verifier *v, const uint8_t *at, vm_instruction i) {
  NEED(i.op < SOC_OP_COUNT, OPCODE);
  return check_a(v, at, i) && check_b(v, at, i) && check_c(v, at, i) &&
         (vm_op_shapes[i.op].b != B_FACT || check_fact_use(v, at, i)) &&
         check_constant_use(v, at, i);
}

// ------------------------------------------------------------------------------------------- stack

// Puts a slot of this type on the stack, all else zero; NULL: there is no room.
static slot *push(verifier *v, const uint8_t *at, uint8_t type) {
  if (v->depth == SOC_MAX_STACK) {
    (void)REFUSE(STACK_DEPTH);
    return NULL;
  }
  slot *s = &v->stack[v->depth++];
  *s = (slot){.type = type};
  soc_bounds *b = &v->k->policy->bounds;
  b->max_stack = b->max_stack < v->depth ? v->depth : b->max_stack;
  return s;
}

static bool push_value(verifier *v, const uint8_t *at, uint8_t type, uint8_t as) {
  slot *s = push(v, at, type);
  if (s) {
    s->as = as;
  }
  return s != NULL;
}

static bool push_block(verifier *v, const uint8_t *at, uint8_t type, vm_instruction i) {
  slot *s = push(v, at, type);
  if (s) {
    s->fold = i.a;
    s->left = i.c;
  }
  return s != NULL;
}

// Slot number `below` from the top, if it is of this type.
static slot *peek(verifier *v, uint32_t below, char type) {
  if (v->depth <= below) {
    return NULL;
  }
  slot *s = &v->stack[v->depth - 1 - below];
  return s->type == (uint8_t)type ? s : NULL;
}

static uint8_t fact_as(const vm_fact *fact) {
  switch (fact->type) {
  case SOC_DATE: return AS_DATE;
  case SOC_NUMBER: return fact->minimum >= 0 ? AS_NUMBER | AS_NOT_NEGATIVE : AS_NUMBER;
  case SOC_CODE: return AS_CODE;
  case SOC_TEXT: return AS_TEXT;
  case SOC_ENUM: return AS_ENUM;
  default: return AS_BOOL;
  }
}

// Two values of one type; those that are not ordered only for equal and unequal, enumerations of one kind.
static uint8_t compared_as(vm_instruction i, const slot *x, const slot *y) {
  uint8_t both = x->as & y->as & AS_ANY;
  if (i.a > SOC_NE) {
    both &= AS_ORDERED;
  }
  return both & AS_ENUM && x->need != y->need ? 0 : both;
}

// Numbers that have at least these properties, and what is true of both.
static uint8_t numbers_as(uint8_t first, uint8_t second, uint8_t least) {
  uint8_t both = first & second;
  return (both & least) == least ? both & (AS_NUMBER | AS_NOT_NEGATIVE) : 0;
}

// A none drops out, so that either may be the result.
static uint8_t extreme_as(uint8_t first, uint8_t second) {
  uint8_t both = first & second;
  return both & AS_ORDERED ? both & (AS_ORDERED | AS_NOT_NEGATIVE) : 0;
}

// What the value on the stack may be read as after the operation; 0: it does not fit its operands.
static uint8_t result_as(const verifier *v, vm_instruction i, const slot *x, const slot *y) {
  uint8_t first = x->as, second = y->as;
  switch (i.op) {
  case SOC_OP_LOAD_CONST: return value_as(vm_constant_at(v->p, i.c));
  case SOC_OP_CELL_VALUE:
  case SOC_OP_ROW_VALUE: return vm_cell_at(v->p, i.c).flags & SOC_CELL_DATE ? AS_DATE : AS_NUMBER;
  case SOC_OP_ADD_DAYS:
  case SOC_OP_SUB_DAYS:
  case SOC_OP_ADD_MONTHS:
  case SOC_OP_SUB_MONTHS: return (first & AS_DATE) && (second & AS_NUMBER) ? AS_DATE : 0;
  case SOC_OP_DAYS_FROM:
  case SOC_OP_YEARS_FROM: return (first & second & AS_DATE) ? AS_NUMBER : 0;
  case SOC_OP_NUM_ADD: return numbers_as(first, second, AS_NUMBER);
  case SOC_OP_NUM_SUB: return first & second & AS_NUMBER;
  case SOC_OP_QUOTIENT_UP: return numbers_as(first, second, AS_NUMBER | AS_NOT_NEGATIVE);
  case SOC_OP_EARLIEST:
  case SOC_OP_LATEST: return extreme_as(first, second);
  case SOC_OP_CMP: return compared_as(i, x, y);
  case SOC_OP_BETWEEN:
    return first & AS_ORDERED & value_as(vm_constant_at(v->p, i.c & 0xffffu)) &
           value_as(vm_constant_at(v->p, i.c >> 16));
  default: return AS_ORDERED; // no values involved
  }
}

static bool check_load(verifier *v, const uint8_t *at, vm_instruction i) {
  vm_fact fact = vm_fact_at(v->p, i.b);
  v->k->policy->compares_texts = v->k->policy->compares_texts || fact.type == SOC_TEXT;
  if (!push_value(v, at, VALUE, fact_as(&fact))) {
    return false;
  }
  v->stack[v->depth - 1].need = fact.enumeration;
  return true;
}

// Instructions that only take and give: their pops and pushes stand in the table.
static bool check_plain(verifier *v, const uint8_t *at, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  uint32_t pops = shape->pops[0] == '-' ? 0 : (uint32_t)strlen(shape->pops);
  slot taken[3] = {{0}};
  for (uint32_t n = 0; n < pops; n++) {
    slot *s = peek(v, pops - 1 - n, shape->pops[n]);
    NEED(s, STACK_TYPE);
    taken[n] = *s;
  }
  v->depth -= pops;
  uint8_t result = result_as(v, i, &taken[0], &taken[1]);
  NEED(result != 0, STACK_TYPE);
  return push_value(v, at, (uint8_t)shape->pushes[0], result);
}

static bool check_join(verifier *v, const uint8_t *at, vm_instruction i, uint32_t pc) {
  slot *block = peek(v, 1, BLOCK);
  NEED(block && peek(v, 0, TRUTH), STACK_TYPE);
  NEED(block->fold == i.a, BLOCK_KIND);
  NEED(block->left > 0, BLOCK_SIZE);
  NEED(i.c > 0 && i.c <= UINT32_MAX - pc, BLOCK_SKIP);
  if (block->end == 0) {
    block->end = pc + i.c;
    block->need = i.b;
  }
  NEED(block->end == pc + i.c, BLOCK_SKIP);
  NEED(block->need == i.b, BLOCK_KIND);
  block->left--;
  v->depth--;
  return true;
}

static bool check_end(verifier *v, const uint8_t *at, vm_instruction i, uint32_t pc) {
  slot *block = peek(v, 0, BLOCK);
  NEED(block, STACK_TYPE);
  NEED(block->left == 0, BLOCK_SIZE);
  NEED(block->end == 0 || block->end == pc, BLOCK_SKIP);
  NEED(block->fold == i.a && (block->end == 0 || block->need == i.b), BLOCK_KIND);
  v->depth--;
  return push(v, at, TRUTH) != NULL;
}

static bool check_each(verifier *v, const uint8_t *at, vm_instruction i, uint32_t pc) {
  NEED(!v->in_loop, LOOP_NESTED);
  NEED(i.c > 0 && i.c <= UINT32_MAX - pc, BLOCK_SKIP);
  unsigned iterator = i.a & ~SOC_EACH_FOLD;
  v->in_loop = true;
  v->once = iterator == SOC_EACH_RELATED;
  v->list = iterator == SOC_EACH_ROWS ? i.b : v->frame;
  if (!push_block(v, at, LOOP, i)) {
    return false;
  }
  slot *loop = &v->stack[v->depth - 1];
  loop->need = i.b;
  loop->end = pc + i.c;
  return true;
}

// A row of a sum leaves a truth and an amount that is not negative, of other loops a truth.
static bool check_each_end(verifier *v, const uint8_t *at, vm_instruction i, uint32_t pc) {
  uint8_t fold = i.a & SOC_EACH_FOLD;
  uint32_t values = fold == SOC_FOLD_SUM;
  slot *loop = peek(v, values + 1, LOOP);
  NEED(loop && peek(v, values, TRUTH), STACK_TYPE);
  if (values) {
    slot *amount = peek(v, 0, VALUE);
    NEED(amount && numbers_as(amount->as, amount->as, AS_NUMBER | AS_NOT_NEGATIVE), STACK_TYPE);
  }
  NEED(loop->fold == i.a && loop->need == i.b, BLOCK_KIND);
  NEED(loop->end == pc && loop->left == i.c, BLOCK_SKIP);
  v->in_loop = false;
  v->depth -= values + 2;
  return push_value(v, at, fold >= SOC_FOLD_COUNT ? VALUE : TRUTH, AS_NUMBER | AS_NOT_NEGATIVE);
}

static bool check_stack(verifier *v, const uint8_t *at, vm_instruction i, uint32_t pc) {
  switch (i.op) {
  case SOC_OP_LOAD_FACT: return check_load(v, at, i);
  case SOC_OP_FOLD_BEGIN: return push_block(v, at, BLOCK, i);
  case SOC_OP_FOLD_JOIN: return check_join(v, at, i, pc);
  case SOC_OP_FOLD_END: return check_end(v, at, i, pc);
  case SOC_OP_EACH_BEGIN: return check_each(v, at, i, pc);
  case SOC_OP_EACH_END: return check_each_end(v, at, i, pc);
  default: return check_plain(v, at, i);
  }
}

// ------------------------------------------------------------------------------------------ bounds

// What the instruction may add to the list of a gathering run (vm/image.h, POLICY).
static uint32_t entries_of(vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->c == C_SET || shape->b == B_CELL) {
    return 2;
  }
  return i.op == SOC_OP_EACH_BEGIN || shape->b == B_FACT || shape->c == C_CELL ||
         shape->c == C_VALUE;
}

// `degree`: as often as there are rows, to this power.
static void count_runs(verifier *v, unsigned degree) {
  soc_bounds *b = &v->k->policy->bounds;
  *(degree == 0   ? &b->instructions
    : degree == 1 ? &b->instructions_row
                  : &b->instructions_row_squared) += 1;
}

static void count_instruction(verifier *v, vm_instruction i, bool inside) {
  unsigned frame = v->frame != SOC_NONE16;
  *(inside ? &v->entries_row : &v->entries) += entries_of(i);
  count_runs(v, frame + inside);
  if (i.op == SOC_OP_EACH_END) {
    count_runs(v, frame + !v->once);
    v->entries_row += (i.a & SOC_EACH_CHAIN) != 0;
  }
}

// ------------------------------------------------------------------------------------------- spans

static void raise_to(uint32_t *most, uint32_t value) {
  *most = *most < value ? value : *most;
}

static bool check_span(verifier *v, uint32_t first, uint32_t count, char result, uint8_t as) {
  v->depth = v->entries = v->entries_row = 0;
  v->in_loop = v->once = false;
  for (uint32_t pc = first; pc < first + count; pc++) {
    const uint8_t *at = VM_AT(v->p, CODE, pc);
    vm_instruction i = vm_instruction_at(v->p, pc);
    bool inside = v->in_loop && !v->once && i.op != SOC_OP_EACH_END;
    if (!check_operands(v, at, i) || !check_stack(v, at, i, pc)) {
      return false;
    }
    count_instruction(v, i, inside);
  }
  const uint8_t *at = VM_AT(v->p, CODE, first + count - 1);
  slot *top = peek(v, 0, result);
  NEED(v->depth == 1 && top && (result != VALUE || (top->as & as) != 0), CODE_END);
  raise_to(&v->k->policy->gather_room, v->entries);
  raise_to(&v->k->policy->gather_row, v->entries_row);
  return true;
}

static bool check_cell_code(verifier *v, uint32_t index) {
  static const char results[] = {
      [SOC_CELL_TRUTH] = TRUTH, [SOC_CELL_MASK] = MASK, [SOC_CELL_VALUE] = VALUE};
  vm_cell cell = vm_cell_at(v->p, index);
  v->readable = index;
  v->frame = cell.list;
  v->enumeration = cell.enumeration;
  uint8_t as = cell.flags & SOC_CELL_DATE ? AS_DATE : AS_NUMBER;
  if (!check_span(v, cell.first, cell.count, results[cell.kind], as)) {
    return false;
  }
  if (cell.kind != SOC_CELL_MASK) {
    raise_to(&v->k->policy->bounds.gather_entries, v->entries);
    raise_to(&v->k->policy->bounds.gather_entries_row, v->entries_row);
  }
  return true;
}

static bool check_value(verifier *v, uint32_t first, uint32_t count, uint8_t as) {
  return count == 0 || check_span(v, first, count, VALUE, as);
}

static bool check_rule_code(verifier *v, uint32_t index) {
  vm_rule rule = vm_rule_at(v->p, index);
  v->readable = rule.needed;
  v->enumeration = SOC_NONE16;
  return check_value(v, rule.from, rule.from_count, AS_DATE) &&
         check_value(v, rule.through, rule.through_count, AS_DATE) &&
         check_value(v, rule.stands, rule.stands_count, AS_NUMBER);
}

static bool check_decision_code(verifier *v, uint32_t index) {
  vm_decision d = vm_decision_at(v->p, index);
  v->frame = d.list;
  for (uint32_t i = d.first; i < d.first + d.count; i++) {
    if (!check_rule_code(v, i)) {
      return false;
    }
  }
  return true;
}

bool vm_check_code(vm_check *k) {
  verifier v = {.k = k, .p = k->policy};
  for (uint32_t i = 0; i < VM_COUNT(v.p, CELLS); i++) {
    if (!check_cell_code(&v, i)) {
      return false;
    }
  }
  for (uint32_t i = 0; i < VM_COUNT(v.p, DECISIONS); i++) {
    if (!check_decision_code(&v, i)) {
      return false;
    }
  }
  return true;
}
