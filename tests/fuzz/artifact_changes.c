// SPDX-License-Identifier: Apache-2.0
//
// Changes of an artifact that keep to the rules of the format as far as that is cheap: an operand becomes another of
// its kind, a block of another kind, a member comes or goes with all distances put right. Most results load, so that
// what is fuzzed is what runs behind the loader. See mutator_parts.h.
#include "mutator_parts.h"

#include "vm/policy.h"

#include <string.h>

struct work {
  struct artifact *a;
  vm_policy p; // where the sections lie
  struct dice *d;
};

static uint8_t *entry_of(const struct artifact *a, int section) {
  return a->data + SOC_HEADER_BYTES + (size_t)section * SOC_SECTION_ENTRY_BYTES;
}

static const struct {
  uint32_t id, bytes;
} shapes[VM_SECTION_COUNT] = {
#define SHAPE(name, id, bytes, ...) {id, bytes},
    SOC_SECTIONS(SHAPE)
#undef SHAPE
};

bool artifact_has_sections(const struct artifact *a) {
  const size_t table = SOC_HEADER_BYTES + (size_t)VM_SECTION_COUNT * SOC_SECTION_ENTRY_BYTES;
  if (a->size < table || get(a->data + 12, 4) != VM_SECTION_COUNT) return false;
  uint64_t end = table;
  for (int i = 0; i < VM_SECTION_COUNT; i++) {
    const uint8_t *entry = entry_of(a, i);
    uint64_t offset = get(entry + 8, 8), length = get(entry + 16, 8);
    if (get(entry, 4) != shapes[i].id || length != get(entry + 4, 4) * shapes[i].bytes)
      return false;
    if (offset < end || offset > a->size || length > a->size - offset) return false;
    end = offset + length;
  }
  return true;
}

static void look(struct work *w) {
  w->p = (vm_policy){.image = w->a->data};
  for (int i = 0; i < VM_SECTION_COUNT; i++) {
    const uint8_t *entry = entry_of(w->a, i);
    w->p.section[i] = (vm_section){w->a->data + get(entry + 8, 8), (uint32_t)get(entry + 4, 4)};
  }
}

static uint8_t *at(const struct work *w, int section, uint32_t record) {
  size_t offset = (size_t)(w->p.section[section].bytes - w->a->data);
  return w->a->data + offset + (size_t)record * shapes[section].bytes;
}

static uint32_t count_of(const struct work *w, int section) {
  return w->p.section[section].count;
}

// A record of the section; false: it has none.
static bool any_record(const struct work *w, int section, uint32_t *index, uint8_t **record) {
  if (count_of(w, section) == 0) return false;
  *index = roll(w->d, count_of(w, section));
  *record = at(w, section, *index);
  return true;
}

// ------------------------------------------------------------------ indices of the same kind

// Another fact that can stand where this one does.
static uint16_t other_fact(const struct work *w, uint16_t index) {
  uint32_t count = count_of(w, VM_FACTS), start = roll(w->d, count);
  if (index >= count) return index;
  vm_fact f = vm_fact_at(&w->p, index);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t n = (start + i) % count;
    vm_fact o = vm_fact_at(&w->p, n);
    if (n != index && o.type == f.type && o.list == f.list && o.enumeration == f.enumeration)
      return (uint16_t)n;
  }
  return index;
}

// Another cell below `limit` that can stand where this one does.
static uint32_t other_cell(const struct work *w, uint32_t index, uint32_t limit) {
  if (limit == 0 || limit > count_of(w, VM_CELLS) || index >= limit) return index;
  vm_cell cell = vm_cell_at(&w->p, index);
  uint32_t start = roll(w->d, limit);
  for (uint32_t i = 0; i < limit; i++) {
    uint32_t n = (start + i) % limit;
    vm_cell o = vm_cell_at(&w->p, n);
    if (n != index && o.kind == cell.kind && o.list == cell.list && o.flags == cell.flags &&
        o.enumeration == cell.enumeration)
      return n;
  }
  return index;
}

// The cell that an instruction is of; the number of cells if it is of a window.
static uint32_t owner_of(const struct work *w, uint32_t pc) {
  uint32_t n = 0;
  while (n < count_of(w, VM_CELLS)) {
    vm_cell cell = vm_cell_at(&w->p, n);
    if (pc >= cell.first && pc - cell.first < cell.count) break;
    n++;
  }
  return n;
}

// ------------------------------------------------------------------ operands

static bool is_ordered(const struct work *w, vm_instruction i) {
  if (i.op != SOC_OP_FACT_CMP || i.b >= count_of(w, VM_FACTS)) return i.a > SOC_NE;
  uint8_t type = vm_fact_at(&w->p, i.b).type;
  return type == SOC_DATE || type == SOC_NUMBER;
}

static void change_a(struct work *w, uint8_t *r, vm_instruction i) {
  uint8_t keep = i.a & (SOC_IF_GIVEN | SOC_OUTER);
  switch (vm_op_shapes[i.op].a) {
  case A_REL:
    if (i.op == SOC_OP_FACT_CMP && roll(w->d, 3) == 0) keep ^= SOC_IF_GIVEN;
    r[1] = (uint8_t)(keep | roll(w->d, is_ordered(w, i) ? SOC_REL_COUNT : 2));
    break;
  case A_LIST: r[1] ^= roll(w->d, 2) ? 1 : SOC_IF_GIVEN; break;
  case A_GIVEN: r[1] ^= SOC_IF_GIVEN; break;
  default: break;
  }
}

static void change_set(struct work *w, uint8_t *r) {
  uint16_t date = (uint16_t)get(r + 6, 2);
  if (roll(w->d, 2)) {
    set(r + 4, roll(w->d, count_of(w, VM_SETS)), 2);
  } else if (date != SOC_NONE16) {
    set(r + 6, other_fact(w, date), 2);
  }
}

static void change_c(struct work *w, uint8_t *r, vm_instruction i, uint32_t pc) {
  uint32_t constants = count_of(w, VM_CONSTANTS), step = 1 + roll(w->d, 3);
  switch (vm_op_shapes[i.op].c) {
  case C_CONST:
    set(r + 4, (i.c + (roll(w->d, 2) ? step : constants - step)) % (constants ? constants : 1), 4);
    break;
  case C_CONST2: set(r + (roll(w->d, 2) ? 4 : 6), roll(w->d, constants), 2); break;
  case C_SET: change_set(w, r); break;
  case C_MAP: set(r + 4, roll(w->d, count_of(w, VM_MAPS)), 4); break;
  case C_CELL:
  case C_VALUE: set(r + 4, other_cell(w, i.c, owner_of(w, pc)), 4); break;
  default: break;
  }
}

// Operations that take and leave the same.
static void change_op(struct work *w, uint8_t *r) {
  static const uint8_t groups[][4] = {
      {SOC_OP_ADD_DAYS, SOC_OP_SUB_DAYS, SOC_OP_ADD_MONTHS, SOC_OP_SUB_MONTHS},
      {SOC_OP_DAYS_FROM, SOC_OP_YEARS_FROM, SOC_OP_DAYS_FROM, SOC_OP_YEARS_FROM},
      {SOC_OP_NUM_ADD, SOC_OP_NUM_SUB, SOC_OP_QUOTIENT_UP, SOC_OP_NUM_ADD},
      {SOC_OP_EARLIEST, SOC_OP_LATEST, SOC_OP_EARLIEST, SOC_OP_LATEST},
      {SOC_OP_FACT_TRUE, SOC_OP_FACT_NONE, SOC_OP_FACT_LEFT_OUT, SOC_OP_FACT_TRUE}};
  for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
    for (size_t n = 0; n < 4; n++) {
      if (groups[g][n] != r[0]) continue;
      r[0] = groups[g][roll(w->d, 4)];
      if (vm_op_shapes[r[0]].a == A_NONE) r[1] &= SOC_OUTER;
      return;
    }
  }
}

// A condition on any fact becomes one on whether it is there.
static void ask_whether_there(struct work *w, uint8_t *r) {
  const vm_op_shape *shape = &vm_op_shapes[r[0]];
  if (shape->b != B_FACT || shape->pushes[0] != 'T') return;
  r[0] = roll(w->d, 2) ? SOC_OP_FACT_LEFT_OUT : SOC_OP_FACT_NONE;
  r[1] &= SOC_OUTER;
  set(r + 4, 0, 4);
  w->a->other_bounds = true;
}

static bool is_leaf(vm_instruction i) {
  return i.op < SOC_OP_COUNT && vm_op_shapes[i.op].pops[0] == '-' &&
         vm_op_shapes[i.op].pushes[0] == 'T';
}

// A leaf becomes a copy of another one of cells of the same list.
static void copy_leaf(struct work *w, uint8_t *r, uint32_t pc) {
  uint32_t from = roll(w->d, count_of(w, VM_CODE)), owner = owner_of(w, pc),
           other = owner_of(w, from);
  uint32_t cells = count_of(w, VM_CELLS);
  if (owner >= cells || other >= cells || !is_leaf(vm_instruction_of(r)) ||
      !is_leaf(vm_instruction_at(&w->p, from)) ||
      vm_cell_at(&w->p, owner).list != vm_cell_at(&w->p, other).list)
    return;
  memcpy(r, at(w, VM_CODE, from), SOC_INSTRUCTION_BYTES);
  w->a->other_bounds = true;
}

static void change_instruction(struct work *w) {
  uint32_t pc;
  uint8_t *r;
  if (!any_record(w, VM_CODE, &pc, &r) || r[0] >= SOC_OP_COUNT) return;
  vm_instruction i = vm_instruction_of(r);
  switch (roll(w->d, 8)) {
  case 0:
  case 1: change_a(w, r, i); break;
  case 2:
    if (vm_op_shapes[i.op].b == B_FACT) set(r + 2, other_fact(w, i.b), 2);
    if (vm_op_shapes[i.op].b == B_CELL) set(r + 2, other_cell(w, i.b, owner_of(w, pc)), 2);
    break;
  case 3: change_op(w, r); break;
  case 4: ask_whether_there(w, r); break;
  case 5: copy_leaf(w, r, pc); break;
  default: change_c(w, r, i, pc); break;
  }
}

// ------------------------------------------------------------------ blocks

// The END of the block or loop that opens at `pc`; the number of instructions if there is none.
static uint32_t end_of(const struct work *w, uint32_t pc) {
  uint32_t depth = 0;
  for (; pc < count_of(w, VM_CODE); pc++) {
    uint8_t op = at(w, VM_CODE, pc)[0];
    depth += op == SOC_OP_FOLD_BEGIN || op == SOC_OP_EACH_BEGIN;
    if ((op == SOC_OP_FOLD_END || op == SOC_OP_EACH_END) && --depth == 0) break;
  }
  return pc;
}

// Some instruction with this operation, at or behind a random place.
static bool find_op(const struct work *w, uint8_t op, uint32_t *pc) {
  uint32_t count = count_of(w, VM_CODE), start = roll(w->d, count);
  for (uint32_t i = 0; i < count; i++) {
    *pc = (start + i) % count;
    if (at(w, VM_CODE, *pc)[0] == op) return true;
  }
  return false;
}

static void change_block(struct work *w) {
  uint32_t begin;
  if (!find_op(w, SOC_OP_FOLD_BEGIN, &begin)) return;
  uint32_t end = end_of(w, begin), depth = 0, members = (uint32_t)get(at(w, VM_CODE, begin) + 4, 4);
  uint8_t fold = (uint8_t)roll(w->d, SOC_FOLD_COUNT + 1);
  uint32_t need = fold == SOC_FOLD_COUNT ? roll(w->d, members + 2) : 0;
  for (uint32_t pc = begin; pc <= end && pc < count_of(w, VM_CODE); pc++) {
    uint8_t *r = at(w, VM_CODE, pc);
    depth += r[0] == SOC_OP_FOLD_BEGIN;
    if (depth == 1 && (pc == begin || r[0] == SOC_OP_FOLD_JOIN || r[0] == SOC_OP_FOLD_END)) {
      r[1] = fold;
      if (pc != begin) set(r + 2, need, 2);
    }
    depth -= r[0] == SOC_OP_FOLD_END;
  }
}

// Any and all change places; what counts or sums leaves something else.
static void change_loop(struct work *w) {
  uint32_t begin;
  if (!find_op(w, SOC_OP_EACH_BEGIN, &begin)) return;
  uint32_t end = end_of(w, begin);
  uint8_t *r = at(w, VM_CODE, begin);
  if (end == count_of(w, VM_CODE) || (r[1] & SOC_EACH_FOLD) > SOC_FOLD_ANY) return;
  r[1] ^= SOC_FOLD_ANY;
  at(w, VM_CODE, end)[1] = r[1];
}

// ------------------------------------------------------------------ code that comes and goes

static void add_to(uint8_t *field, int32_t n) {
  set(field, get(field, 4) + (uint64_t)(int64_t)n, 4);
}

// Distances over `pc` in the cell's code become longer by n: behind the coming of n instructions at `pc`, or before the
// going of those that end there.
static void stretch(struct work *w, const vm_cell *cell, uint32_t pc, int32_t n) {
  uint32_t come = n > 0 ? (uint32_t)n : 0;
  for (uint32_t i = cell->first; i - cell->first < cell->count && i < count_of(w, VM_CODE); i++) {
    uint8_t *r = at(w, VM_CODE, i);
    uint32_t c = (uint32_t)get(r + 4, 4);
    bool forward = r[0] == SOC_OP_FOLD_JOIN || r[0] == SOC_OP_EACH_BEGIN;
    if ((forward && i < pc && i + c >= pc) ||
        (r[0] == SOC_OP_EACH_END && i >= pc + come && i - c < pc + come))
      add_to(r + 4, n);
  }
}

// Whatever names an instruction from `pc` on moves by n; the cell's own code grows by as much.
static void move_names(struct work *w, uint32_t owner, uint32_t pc, int32_t n) {
  static const size_t windows[] = {32, 40, 68};
  add_to(at(w, VM_CELLS, owner) + 12, n);
  for (uint32_t i = owner + 1; i < count_of(w, VM_CELLS); i++) add_to(at(w, VM_CELLS, i) + 8, n);
  for (uint32_t i = 0; i < count_of(w, VM_RULES); i++) {
    for (size_t k = 0; k < 3; k++) {
      uint8_t *first = at(w, VM_RULES, i) + windows[k];
      if (get(first + 4, 4) != 0) add_to(first, n);
    }
  }
  for (uint32_t i = 0; i < count_of(w, VM_LINES); i++) {
    uint8_t *line = at(w, VM_LINES, i);
    if (get(line, 4) >= pc) add_to(line, n);
  }
}

// Room for n instructions at `pc`, or n of them less. Instructions take 8 bytes, so that no padding changes.
static bool resize_code(struct work *w, uint32_t pc, int32_t n) {
  struct artifact *a = w->a;
  ptrdiff_t bytes = (ptrdiff_t)n * SOC_INSTRUCTION_BYTES;
  uint8_t *from = at(w, VM_CODE, pc);
  if (n > 0 && a->max_size - a->size < (size_t)bytes) return false;
  uint8_t *end = a->data + a->size;
  if (n > 0) {
    memmove(from + bytes, from, (size_t)(end - from));
  } else {
    memmove(from, from - bytes, (size_t)(end - (from - bytes)));
  }
  a->size = (size_t)((ptrdiff_t)a->size + bytes);
  set(a->data + 16, a->size, 8);
  uint8_t *code = entry_of(a, VM_CODE);
  add_to(code + 4, n);
  set(code + 16, get(code + 4, 4) * SOC_INSTRUCTION_BYTES, 8);
  for (uint32_t i = VM_CODE + 1; i < get(a->data + 12, 4); i++) {
    uint8_t *entry = entry_of(a, (int)i);
    set(entry + 8, get(entry + 8, 8) + (uint64_t)(int64_t)bytes, 8);
  }
  a->other_bounds = true;
  look(w);
  return true;
}

// A member more in a block, the copy of any leaf; behind `begin`, so that it becomes the first one.
static void insert_member(struct work *w) {
  uint32_t begin, leaf = roll(w->d, count_of(w, VM_CODE));
  if (!find_op(w, SOC_OP_FOLD_BEGIN, &begin)) return;
  uint32_t owner = owner_of(w, begin), end = end_of(w, begin), pc = begin + 1;
  if (owner >= count_of(w, VM_CELLS) || end >= count_of(w, VM_CODE)) return;
  vm_cell cell = vm_cell_at(&w->p, owner);
  vm_instruction other = vm_instruction_at(&w->p, leaf), close = vm_instruction_at(&w->p, end);
  if (!is_leaf(other) || !resize_code(w, pc, 2)) return;
  move_names(w, owner, pc, 2);
  uint8_t *r = at(w, VM_CODE, pc);
  memset(r, 0, 16); // what stretch must not take for a distance
  cell.count += 2;
  stretch(w, &cell, pc, 2);
  r[0] = other.op;
  r[1] = other.a;
  set(r + 2, other.b, 2);
  set(r + 4, other.c, 4);
  r[8] = SOC_OP_FOLD_JOIN;
  r[9] = close.a;
  set(r + 10, close.b, 2);
  set(r + 12, end + 2 - (pc + 1), 4);
  add_to(at(w, VM_CODE, begin) + 4, 1);
}

// A first member that is a leaf goes, if others stay.
static void drop_member(struct work *w) {
  uint32_t begin;
  if (!find_op(w, SOC_OP_FOLD_BEGIN, &begin)) return;
  uint32_t owner = owner_of(w, begin), pc = begin + 1;
  if (owner >= count_of(w, VM_CELLS) || pc + 1 >= count_of(w, VM_CODE)) return;
  if (!is_leaf(vm_instruction_at(&w->p, pc)) || at(w, VM_CODE, pc + 1)[0] != SOC_OP_FOLD_JOIN ||
      get(at(w, VM_CODE, begin) + 4, 4) < 2)
    return;
  vm_cell cell = vm_cell_at(&w->p, owner);
  memset(at(w, VM_CODE, pc), 0, 16);
  stretch(w, &cell, pc + 2, -2);
  move_names(w, owner, pc + 2, -2);
  add_to(at(w, VM_CODE, begin) + 4, -1);
  (void)resize_code(w, pc, -2);
}

// A `not` behind a leaf.
static void insert_not(struct work *w) {
  uint32_t pc = roll(w->d, count_of(w, VM_CODE)), owner = owner_of(w, pc);
  if (owner >= count_of(w, VM_CELLS) || !is_leaf(vm_instruction_at(&w->p, pc))) return;
  vm_cell cell = vm_cell_at(&w->p, owner);
  if (!resize_code(w, ++pc, 1)) return;
  move_names(w, owner, pc, 1);
  uint8_t *r = at(w, VM_CODE, pc);
  memset(r, 0, SOC_INSTRUCTION_BYTES);
  cell.count++;
  stretch(w, &cell, pc, 1);
  r[0] = SOC_OP_NOT;
}

// ------------------------------------------------------------------ constants, sets, maps

static int64_t value_between(struct dice *d, int64_t low, int64_t high) {
  if (low > high) return low;
  uint64_t span = (uint64_t)high - (uint64_t)low;
  switch (roll(d, 4)) {
  case 0: return low;
  case 1: return high;
  case 2: return (int64_t)((uint64_t)low + roll(d, span < 1000 ? (uint32_t)span + 1 : 1000));
  default:
    return (int64_t)((uint64_t)low + (((uint64_t)roll(d, 1u << 31) << 32 | roll(d, 1u << 31)) %
                                      (span == UINT64_MAX ? span : span + 1)));
  }
}

// They still ascend.
static void change_constant(struct work *w) {
  uint32_t n;
  uint8_t *r;
  if (!any_record(w, VM_CONSTANTS, &n, &r)) return;
  int64_t value = (int64_t)get(r, 8), low = INT64_MIN, high = INT64_MAX;
  if (n > 0) low = vm_constant_at(&w->p, n - 1) + 1;
  if (n + 1 < count_of(w, VM_CONSTANTS)) high = vm_constant_at(&w->p, n + 1) - 1;
  if (roll(w->d, 2)) { // a step, or a unit
    int64_t step = (roll(w->d, 2) ? 1 : SOC_MICRO) * (roll(w->d, 2) ? 1 : -1);
    value = (int64_t)((uint64_t)value + (uint64_t)step);
  } else {
    value = value_between(w->d, low > -1000000000 ? low : -1000000000,
                          high < 4000000000 ? high : 4000000000);
  }
  if (value >= low && value <= high) set(r, (uint64_t)value, 8);
}

static void mend_set_flags(struct work *w) {
  for (uint32_t i = 0; i < count_of(w, VM_SETS); i++) {
    vm_set s = vm_set_at(&w->p, i);
    bool dated = false;
    for (uint32_t n = s.first; n - s.first < s.count && n < count_of(w, VM_SET_RANGES); n++) {
      const uint8_t *r = at(w, VM_SET_RANGES, n);
      dated = dated || get(r + 16, 4) != 0x80000000u || get(r + 20, 4) != 0x7fffffffu;
    }
    at(w, VM_SETS, i)[5] = dated;
  }
}

static void change_range(struct work *w) {
  uint32_t n;
  uint8_t *r;
  if (!any_record(w, VM_SET_RANGES, &n, &r)) return;
  switch (roll(w->d, 5)) {
  case 0: set(r + 16, 735000 + roll(w->d, 6000), 4); break;
  case 1: set(r + 20, 735000 + roll(w->d, 6000), 4); break;
  case 2: set(r + 16, 0x80000000u, 4); break;
  case 3: set(r + 20, 0x7fffffffu, 4); break;
  default: set(r + 8, get(r + 8, 8) + roll(w->d, 100), 8); break;
  }
  mend_set_flags(w);
}

static void change_map(struct work *w) {
  uint32_t n;
  uint8_t *r;
  bool whole = roll(w->d, 3) == 0;
  if (any_record(w, whole ? VM_MAPS : VM_MAP_RANGES, &n, &r))
    set(r + (whole ? 8 : 16), roll(w->d, 16), 8);
}

// ------------------------------------------------------------------ facts

static bool is_list(uint8_t type) {
  return type == SOC_CODE_LIST || type == SOC_ENUM_LIST || type == SOC_RECORDS;
}

static int64_t value_of(const struct work *w, const vm_fact *f) {
  switch (f->type) {
  case SOC_BOOL: return roll(w->d, 2);
  case SOC_ENUM:
    return f->enumeration < count_of(w, VM_ENUMS)
               ? (int64_t)roll(w->d, vm_enum_at(&w->p, f->enumeration).count)
               : 0;
  case SOC_TEXT: return roll(w->d, count_of(w, VM_TEXTS));
  case SOC_CODE: return INT64_C(0x1000000000000000);
  default: return value_between(w->d, f->minimum, f->maximum);
  }
}

static void change_left_out(struct work *w, uint8_t *r, uint32_t index, const vm_fact *f) {
  static const uint8_t of_lists[] = {SOC_LEFT_OUT_UNKNOWN, SOC_LEFT_OUT_EMPTY,
                                     SOC_LEFT_OUT_REQUIRED};
  static const uint8_t of_values[] = {SOC_LEFT_OUT_UNKNOWN, SOC_LEFT_OUT_NONE, SOC_LEFT_OUT_ASSUMED,
                                      SOC_LEFT_OUT_OTHER_FACT};
  if (f->left_out == SOC_LEFT_OUT_DERIVED) {
    set(r + 32, roll(w->d, 2) ? (uint64_t)value_of(w, f) : UINT64_MAX, 8);
    return;
  }
  uint8_t how = is_list(f->type) ? of_lists[roll(w->d, 3)]
                                 : of_values[roll(w->d, f->type == SOC_LINE ? 2 : 4)];
  uint16_t other = other_fact(w, (uint16_t)index);
  if (how == SOC_LEFT_OUT_OTHER_FACT && other == index) how = SOC_LEFT_OUT_UNKNOWN;
  r[7] = how;
  set(r + 12, how == SOC_LEFT_OUT_OTHER_FACT ? other : SOC_NONE16, 2);
  set(r + 32, how == SOC_LEFT_OUT_ASSUMED ? (uint64_t)value_of(w, f) : 0, 8);
}

static void change_fact(struct work *w) {
  uint32_t n;
  uint8_t *r;
  if (!any_record(w, VM_FACTS, &n, &r)) return;
  vm_fact f = vm_fact_at(&w->p, n);
  switch (roll(w->d, 5)) {
  case 0:
  case 1: change_left_out(w, r, n, &f); break;
  case 2:
    if (!is_list(f.type)) r[6] ^= SOC_FACT_NULLABLE;
    if (f.type == SOC_NUMBER && roll(w->d, 2)) r[6] ^= SOC_FACT_WHOLE;
    break;
  case 3:
    if (f.type != SOC_NUMBER && f.type != SOC_DATE) break;
    set(r + (roll(w->d, 2) ? 16 : 24), (uint64_t)value_between(w->d, f.minimum, f.maximum), 8);
    break;
  default: set(r + 40, roll(w->d, 64), 4); break;
  }
}

// ------------------------------------------------------------------ rules, decisions, names

static uint32_t some_cell(const struct work *w, uint32_t limit) {
  return limit == 0 || roll(w->d, 4) == 0 ? SOC_NONE32 : roll(w->d, limit);
}

static void change_rule(struct work *w) {
  static const uint8_t plain[] = {SOC_REFER, SOC_PEND, SOC_NOT_APPLICABLE, SOC_ELIGIBLE};
  uint32_t n;
  uint8_t *r;
  if (!any_record(w, VM_RULES, &n, &r)) return;
  vm_rule rule = vm_rule_at(&w->p, n);
  switch (roll(w->d, 8)) {
  case 0:
    if (rule.from_count + rule.through_count == 0 && !(rule.flags & SOC_RULE_ONE_TIME))
      r[4] = roll(w->d, 3) ? plain[roll(w->d, 4)] : (uint8_t)SOC_APPROVE;
    break;
  case 1: r[5] ^= SOC_RULE_STOP; break;
  case 2:
    set(r + 12, rule.cell == SOC_NONE32 ? rule.cell : other_cell(w, rule.cell, rule.needed), 4);
    break;
  case 3: set(r + 16, some_cell(w, count_of(w, VM_CELLS)), 4); break;
  case 4: memcpy(r + 8, at(w, VM_RULES, roll(w->d, count_of(w, VM_RULES))) + 8, 4); break;
  case 5: memcpy(r + 24, at(w, VM_RULES, roll(w->d, count_of(w, VM_RULES))) + 8, 4); break;
  case 6: set(r + 28, some_cell(w, rule.needed), 4); break;
  default:
    if (rule.redirect) set(r + 48, 1 + roll(w->d, 7), 8);
    break;
  }
}

static void change_decision(struct work *w) {
  uint32_t n;
  uint8_t *r;
  if (!any_record(w, VM_DECISIONS, &n, &r)) return;
  if (roll(w->d, 4)) {
    r[5] ^= (uint8_t)(1 + roll(w->d, 3));
  } else {
    r[4] ^= 1;
  }
}

static void change_extra(struct work *w) {
  uint32_t n;
  uint8_t *r;
  if (!any_record(w, VM_EXTRAS, &n, &r)) return;
  uint32_t cell = roll(w->d, 2) ? VM_EXTRA_ALWAYS : roll(w->d, count_of(w, VM_CELLS));
  set(r + 4, cell | (roll(w->d, 2) ? 0x80000000u : 0), 4);
}

// Two records of a kind come to be called alike.
static void change_name(struct work *w) {
  static const int named[] = {VM_FACTS,  VM_CELLS,       VM_RULES,
                              VM_EXTRAS, VM_ENUM_VALUES, VM_DECISIONS};
  int section = named[roll(w->d, 6)];
  uint32_t n;
  uint8_t *r;
  if (any_record(w, section, &n, &r))
    memcpy(r, at(w, section, roll(w->d, count_of(w, section))), 4);
}

static void change_basis(struct work *w) {
  if (count_of(w, VM_POLICY) == 0) return;
  uint8_t *r = at(w, VM_POLICY, 0);
  uint16_t basis = (uint16_t)get(r + 12, 2);
  if (basis != SOC_NONE16) set(r + 12, roll(w->d, 4) ? other_fact(w, basis) : SOC_NONE16, 2);
}

void artifact_change_meaning(struct artifact *a, struct dice *d) {
  struct work w = {.a = a, .d = d};
  look(&w);
  switch (roll(d, 24)) {
  case 0:
  case 1: change_constant(&w); break;
  case 2:
  case 3: change_block(&w); break;
  case 4: change_loop(&w); break;
  case 5:
  case 6: insert_member(&w); break;
  case 7: drop_member(&w); break;
  case 8: insert_not(&w); break;
  case 9: change_range(&w); break;
  case 10: change_map(&w); break;
  case 11:
  case 12: change_fact(&w); break;
  case 13:
  case 14: change_rule(&w); break;
  case 15: change_decision(&w); break;
  case 16: change_extra(&w); break;
  case 17: change_name(&w); break;
  case 18: change_basis(&w); break;
  default: change_instruction(&w); break;
  }
}
