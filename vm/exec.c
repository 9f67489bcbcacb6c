// SPDX-License-Identifier: Apache-2.0
//
// The executor: one loop over instructions that the verifier has proved, so it checks nothing. One body serves cells of
// the case, cells of rows and gathering: `rowed` and `gather` are constants in each of the three functions that are
// made from it, so that a cell of the case pays nothing for rows. Gathering takes no short cuts and keeps a list of
// what comparisons could not know: each stack slot remembers how long the list was before its operands, and a truth
// that turns out to be known takes back what was added since.
#include "vm/exec.h"
#include "vm/date.h"
#include "vm/plan.h"

// --------------------------------------------------------------------------------------- truths

static inline int64_t truth_of(bool condition) {
  return condition ? SOC_MET : SOC_NOT_MET;
}

static inline int64_t lesser(int64_t a, int64_t b) {
  return a < b ? a : b;
}

static inline int64_t greater(int64_t a, int64_t b) {
  return a > b ? a : b;
}

// A comparison with a fact that is not given: with none not met, else unknown.
static inline int64_t not_given(soc_state state, uint8_t a) {
  return state == SOC_NONE || (a & SOC_IF_GIVEN) ? SOC_NOT_MET : SOC_UNKNOWN_TRUTH;
}

static inline int64_t related(unsigned relation, int64_t x, int64_t y) {
  switch (relation) {
  case SOC_EQ: return truth_of(x == y);
  case SOC_NE: return truth_of(x != y);
  case SOC_LT: return truth_of(x < y);
  case SOC_LE: return truth_of(x <= y);
  case SOC_GT: return truth_of(x > y);
  default: return truth_of(x >= y);
  }
}

// Met if it holds for all pairs of the two intervals, not met if for none.
static inline int64_t both_ways(bool all, bool none) {
  return all ? SOC_MET : none ? SOC_NOT_MET : SOC_UNKNOWN_TRUTH;
}

int64_t vm_related_values(unsigned relation, vm_value x, vm_value y) {
  if (x.hi == INT64_MIN || y.hi == INT64_MIN) {
    return SOC_NOT_MET; // none
  }
  bool apart = x.hi < y.lo || y.hi < x.lo;
  bool same = x.lo == y.hi && x.hi == y.lo;
  switch (relation) {
  case SOC_EQ: return both_ways(same, apart);
  case SOC_NE: return both_ways(apart, same);
  case SOC_LT: return both_ways(x.hi < y.lo, x.lo >= y.hi);
  case SOC_LE: return both_ways(x.hi <= y.lo, x.lo > y.hi);
  case SOC_GT: return both_ways(x.lo > y.hi, x.hi <= y.lo);
  default: return both_ways(x.lo >= y.hi, x.hi < y.lo);
  }
}

static int64_t between(const vm_policy *p, vm_value x, uint32_t c) {
  int64_t lo = vm_constant_at(p, c & 0xffffu), hi = vm_constant_at(p, c >> 16);
  if (x.hi == INT64_MIN) {
    return SOC_NOT_MET;
  }
  return both_ways(x.lo >= lo && x.hi <= hi, x.hi < lo || x.lo > hi);
}

// ----------------------------------------------------------------------------------- membership

// The code stands in this range and perhaps, with other days, in equal ones after it.
static int64_t dated_member(const soc_case *c, const uint8_t *range, const uint8_t *end,
                            uint32_t date, uint32_t row) {
  int64_t day;
  soc_state state = vm_read(c, date, row, &day);
  if (state != SOC_GIVEN) {
    return state == SOC_NONE ? SOC_NOT_MET : SOC_UNKNOWN_TRUTH;
  }
  uint64_t lo = vm_u64(range);
  for (; range < end && vm_u64(range) == lo; range += VM_SET_RANGES_BYTES) {
    if (day >= vm_i32(range + 16) && day < vm_i32(range + 20)) {
      return SOC_MET;
    }
  }
  return SOC_NOT_MET;
}

static inline int64_t member(const soc_case *c, uint32_t operand, int64_t code, uint32_t row) {
  vm_set set = vm_set_at(c->policy, vm_set_index(operand));
  const uint8_t *ranges = VM_AT(c->policy, SET_RANGES, set.first);
  const uint8_t *range = vm_find_range(ranges, set.count, VM_SET_RANGES_BYTES, (uint64_t)code);
  if (!range) {
    return SOC_NOT_MET;
  }
  if (vm_i32(range + 16) == INT32_MIN && vm_i32(range + 20) == INT32_MAX) {
    return SOC_MET;
  }
  const uint8_t *end = ranges + (size_t)set.count * VM_SET_RANGES_BYTES;
  return dated_member(c, range, end, vm_set_date(operand), row);
}

static int64_t list_in_set(const soc_case *c, vm_instruction i, int64_t count, uint32_t row) {
  const uint64_t *items = vm_items(c, &c->columns[i.b], row);
  bool only = (i.a & ~SOC_IF_GIVEN) == SOC_LIST_ONLY;
  int64_t state = only ? SOC_MET : SOC_NOT_MET;
  for (int64_t n = 0; n < count; n++) {
    int64_t t = member(c, i.c, (int64_t)items[n], row);
    state = only ? lesser(state, t) : greater(state, t);
  }
  return state;
}

static int64_t list_in_mask(vm_instruction i, uint64_t items, uint64_t mask) {
  return truth_of((i.a & ~SOC_IF_GIVEN) == SOC_LIST_ONLY ? (items & ~mask) == 0
                                                         : (items & mask) != 0);
}

static int64_t list_has(const soc_case *c, vm_instruction i, int64_t list, int64_t wanted,
                        uint32_t row) {
  if (c->columns[i.b].type == SOC_ENUM_LIST) {
    return truth_of(((uint64_t)list >> wanted & 1) != 0);
  }
  const uint64_t *items = vm_items(c, &c->columns[i.b], row);
  for (int64_t n = 0; n < list; n++) {
    if (items[n] == (uint64_t)wanted) {
      return SOC_MET;
    }
  }
  return SOC_NOT_MET;
}

// An empty set of candidates comes from a fact that is none: not met.
static int64_t mask_in(uint64_t candidates, uint64_t mask) {
  if ((candidates & mask) == 0) {
    return SOC_NOT_MET;
  }
  return (candidates & ~mask) == 0 ? SOC_MET : SOC_UNKNOWN_TRUTH;
}

// ------------------------------------------------------------------------------------ candidates

static uint64_t mask_fact(const soc_case *c, uint32_t fact, uint32_t row) {
  int64_t value;
  switch (vm_read(c, fact, row, &value)) {
  case SOC_GIVEN: return UINT64_C(1) << value;
  case SOC_NONE: return 0;
  default: return vm_enum_mask(c->policy, vm_fact_at(c->policy, fact).enumeration);
  }
}

// What a derivation assumes at its end.
static uint64_t mask_assumed(const soc_case *c, uint32_t fact, uint32_t row) {
  const vm_column *column = &c->columns[fact];
  return vm_is_held(c, column, row)
             ? vm_enum_mask(c->policy, vm_fact_at(c->policy, fact).enumeration)
             : UINT64_C(1) << column->assumed;
}

// What a map says of a code, or of none.
static uint64_t map_of(const vm_policy *p, uint32_t index, bool given, int64_t code) {
  vm_map map = vm_map_at(p, index);
  const uint8_t *ranges = VM_AT(p, MAP_RANGES, map.first);
  const uint8_t *range =
      given ? vm_find_range(ranges, map.count, VM_MAP_RANGES_BYTES, (uint64_t)code) : NULL;
  return range ? vm_u64(range + 16) : map.other;
}

static uint64_t mask_map(const soc_case *c, vm_instruction i, uint32_t row, uint32_t enumeration) {
  int64_t value = 0;
  soc_state state = vm_read(c, i.b, row, &value);
  if (state == SOC_LEFT_OUT) {
    return vm_enum_mask(c->policy, enumeration);
  }
  return map_of(c->policy, i.c, state == SOC_GIVEN, value);
}

uint64_t vm_candidates(const soc_case *c, vm_instruction i, uint32_t row, uint16_t enumeration) {
  switch (i.op) {
  case SOC_OP_MASK_FACT: return mask_fact(c, i.b, row);
  case SOC_OP_MASK_ASSUMED: return mask_assumed(c, i.b, row);
  case SOC_OP_MASK_MAP: return mask_map(c, i, row, enumeration);
  default: return vm_mask_at(c->policy, i.c);
  }
}

static uint64_t selected(int64_t truth, uint64_t met, uint64_t not_met) {
  return (truth != SOC_NOT_MET ? met : 0) | (truth != SOC_MET ? not_met : 0);
}

// ---------------------------------------------------------------------------------------- values

static inline vm_value point(int64_t value) {
  return (vm_value){value, value};
}

static int64_t clamp_number(int64_t value) {
  return value > SOC_NUMBER_MAX    ? SOC_NUMBER_MAX
         : value < -SOC_NUMBER_MAX ? -SOC_NUMBER_MAX
                                   : value;
}

// Whole days or months of a number in millionths, rounded down.
static int64_t whole(int64_t number) {
  int64_t n = number / SOC_MICRO;
  return n - (number % SOC_MICRO < 0);
}

// First amount by second, rounded up; neither is negative. By 0 there is no upper end.
static int64_t quotient(int64_t x, int64_t y) {
  int64_t q = y == 0 ? SOC_NUMBER_MAX : x / y + (x % y != 0);
  return q > SOC_NUMBER_MAX / SOC_MICRO ? SOC_NUMBER_MAX : q * SOC_MICRO;
}

static int64_t arithmetic(uint8_t op, int64_t x, int64_t y) {
  switch (op) {
  case SOC_OP_ADD_DAYS: return vm_date_add_days(x, whole(y));
  case SOC_OP_SUB_DAYS: return vm_date_add_days(x, -whole(y));
  case SOC_OP_ADD_MONTHS: return vm_date_add_months(x, whole(y));
  case SOC_OP_SUB_MONTHS: return vm_date_add_months(x, -whole(y));
  case SOC_OP_DAYS_FROM: return (x - y) * SOC_MICRO;
  case SOC_OP_YEARS_FROM: return vm_date_years(x, y) * SOC_MICRO;
  case SOC_OP_NUM_ADD: return clamp_number(x + y);
  case SOC_OP_QUOTIENT_UP: return quotient(x, y);
  default: return clamp_number(x - y);
  }
}

// All of these rise with x; the additions rise with y and the others fall. A quotient by 0 is none.
static vm_value arithmetic_values(uint8_t op, vm_value x, vm_value y) {
  if (x.hi == INT64_MIN || y.hi == INT64_MIN || (op == SOC_OP_QUOTIENT_UP && y.hi == 0)) {
    return VM_NONE_VALUE;
  }
  if (x.lo == INT64_MIN || y.lo == INT64_MIN) {
    return VM_UNKNOWN_VALUE;
  }
  bool rises = op == SOC_OP_ADD_DAYS || op == SOC_OP_ADD_MONTHS || op == SOC_OP_NUM_ADD;
  return (vm_value){arithmetic(op, x.lo, rises ? y.lo : y.hi),
                    arithmetic(op, x.hi, rises ? y.hi : y.lo)};
}

static vm_value extreme(bool latest, vm_value x, vm_value y) {
  if (x.hi == INT64_MIN) {
    return y;
  }
  if (y.hi == INT64_MIN) {
    return x;
  }
  if (x.lo == INT64_MIN || y.lo == INT64_MIN) {
    return VM_UNKNOWN_VALUE;
  }
  return latest ? (vm_value){greater(x.lo, y.lo), greater(x.hi, y.hi)}
                : (vm_value){lesser(x.lo, y.lo), lesser(x.hi, y.hi)};
}

// Packed codes use all 64 bits: shifted so that none of them looks like the ends that stand for none and unknown.
#define CODE_SHIFT (UINT64_C(8) * 1000 * 1000 * 1000 * 1000 * 1000 * 1000)

VM_INLINE vm_value load(const soc_case *c, vm_instruction i, uint32_t row) {
  int64_t value;
  soc_state state = vm_read(c, i.b, row, &value);
  if (state == SOC_GIVEN) {
    return point(c->columns[i.b].type == SOC_CODE ? vm_i64_of((uint64_t)value - CODE_SHIFT)
                                                  : value);
  }
  return state == SOC_NONE || (i.a & SOC_IF_GIVEN) ? VM_NONE_VALUE : VM_UNKNOWN_VALUE;
}

// ------------------------------------------------------------------------------------- gathering

static void note(soc_case *c, uint32_t what, uint32_t row) {
  c->entries[c->entry_count++] = (vm_entry){what, row};
}

// Asks for a fact if it is unknown; for the case's fact where a field takes its value from there.
static void note_fact(soc_case *c, uint32_t fact, uint32_t row) {
  int64_t value;
  if (vm_read(c, fact, row, &value) != SOC_LEFT_OUT) {
    return;
  }
  const vm_column *column = &c->columns[fact];
  if (column->left_out == SOC_LEFT_OUT_OTHER_FACT && c->columns[column->other].list == SOC_NONE16) {
    note(c, column->other, 0);
    return;
  }
  note(c, fact, row & column->row_mask);
}

static void note_unknown(soc_case *c, vm_instruction i, uint32_t row) {
  if (i.op == SOC_OP_CELL_TRUTH || i.op == SOC_OP_ROW_TRUTH) {
    note(c, i.c | VM_ENTRY_CELL, row);
    return;
  }
  if (i.op == SOC_OP_CELL_IN_MASK || i.op == SOC_OP_ROW_IN_MASK) {
    note_fact(c, vm_cell_at(c->policy, i.b).asks, row);
    if (c->through_masks) {
      note(c, i.b | VM_ENTRY_CELL, row);
    }
    return;
  }
  note_fact(c, i.b, row);
  if (vm_op_shapes[i.op].c == C_SET &&
      (vm_set_at(c->policy, vm_set_index(i.c)).flags & SOC_SET_DATED)) {
    note_fact(c, vm_set_date(i.c), row);
  }
}

// ---------------------------------------------------------------------------------- blocks, loops

static inline int64_t count_state(vm_value block, uint32_t need) {
  return both_ways(block.lo >= need, block.hi < need);
}

static inline vm_value block_begin(vm_instruction i, int64_t members) {
  return (vm_value){i.a == SOC_FOLD_ALL ? SOC_MET : SOC_NOT_MET, members};
}

// Takes a truth into a block. True: its state is settled whatever comes.
static inline bool block_join(vm_value *block, uint8_t fold, uint32_t need, int64_t t) {
  if (fold == SOC_FOLD_ALL) {
    block->lo = lesser(block->lo, t);
    return t == SOC_NOT_MET;
  }
  if (fold == SOC_FOLD_ANY) {
    block->lo = greater(block->lo, t);
    return t == SOC_MET;
  }
  block->lo += t == SOC_MET;     // so many at least
  block->hi -= t == SOC_NOT_MET; // so many at most
  return count_state(*block, need) != SOC_UNKNOWN_TRUTH;
}

// Takes a row's amount into a sum. Amounts are not negative; one that is not known has no upper end, and one of a row
// that may not count is there or not. False: what the row adds is certain.
bool vm_sum_join(vm_value *sum, int64_t t, vm_value v) {
  if (t == SOC_NOT_MET || v.hi == INT64_MIN || v.hi == 0) {
    return false;
  }
  bool unknown = v.lo == INT64_MIN;
  if (t == SOC_MET && !unknown) {
    sum->lo = clamp_number(sum->lo + v.lo);
  }
  sum->hi = unknown ? SOC_NUMBER_MAX : clamp_number(sum->hi + v.hi);
  return t != SOC_MET || v.lo != v.hi;
}

// A sum begins with nothing; the others as blocks do.
static inline vm_value loop_begin(uint8_t fold, int64_t rows) {
  return (vm_value){fold == SOC_FOLD_ALL ? SOC_MET : SOC_NOT_MET, fold == SOC_FOLD_SUM ? 0 : rows};
}

// The loop's result over rows that have all been taken in, or were settled early.
static inline vm_value loop_result(vm_value block, uint8_t fold) {
  return fold == SOC_FOLD_COUNT ? (vm_value){block.lo * SOC_MICRO, block.hi * SOC_MICRO} : block;
}

static inline bool is_known(vm_value v, bool truth) {
  return truth ? v.lo != SOC_UNKNOWN_TRUTH : v.lo == v.hi;
}

static uint32_t pc_of(const soc_case *c, const uint8_t *ip) {
  return (uint32_t)((size_t)(ip - VM_AT(c->policy, CODE, 0)) / SOC_INSTRUCTION_BYTES);
}

// Begins a loop of a row's cell. False: it takes no row.
VM_APART bool begin_rows(soc_case *c, vm_instruction i, const uint8_t *ip, uint32_t frame,
                         vm_value *block) {
  vm_loop *l = &c->loop;
  l->filtered = false;
  if (vm_is_quick(c) && (i.a & ~SOC_EACH_FOLD) == SOC_EACH_ROWS && l->rows > 0) {
    c->policy->quick->begin_rows(c, pc_of(c, ip), frame, i.a & SOC_EACH_FOLD, block);
  }
  return l->step < l->rows;
}

// The next row of such a loop, as vm_loop_next.
VM_INLINE soc_state next_row(soc_case *c, vm_instruction i, vm_value *block) {
  vm_loop *l = &c->loop;
  soc_state state = vm_loop_next(c, i, l);
  if (VM_BESIDE && state == SOC_GIVEN && l->filtered) {
    c->policy->quick->pass_rows(c, i.a & SOC_EACH_FOLD, block);
    return l->step < l->rows ? SOC_GIVEN : SOC_NONE;
  }
  return state;
}

// Is the loop's result known beforehand? Then it is put on the stack.
VM_INLINE bool is_ready(const soc_case *c, const uint8_t *ip, vm_value *sp) {
  return VM_BESIDE && c->ready_count > 0 && c->policy->quick->is_ready(c, pc_of(c, ip), sp);
}

// ---------------------------------------------------------------------------------- the one loop

// A test counts the instructions that are run (tests/steps); nobody else does.
#ifndef VM_STEP
#define VM_STEP() ((void)0)
#endif

// Runs `count` instructions and returns what they leave. A truth goes by way of `truth`: most are members of a block,
// so that the join behind them needs no dispatch of its own. `frame` is the row outside loops, `first_row` the one
// to begin in: another one only for the body of a loop.
// NOLINTNEXTLINE(readability-function-size): the dispatch loop is the one accepted giant
VM_INLINE vm_value run(soc_case *c, uint32_t first, uint32_t count, uint32_t enumeration,
                       uint32_t frame, uint32_t first_row, const bool rowed, const bool gather) {
  const vm_policy *p = c->policy;
  const uint8_t *ip = VM_AT(p, CODE, first);
  const uint8_t *const end = VM_AT(p, CODE, first + count);
  vm_value *sp = c->stack; // one past the top
  uint32_t *marks = c->marks;
  uint32_t row = first_row, outer_or_row = first_row;
  vm_loop *const l = &c->loop;
  int64_t rows = 0; // of the loop, in cells of the case
  int64_t value, t;
  soc_state state;
  vm_instruction i;

// The row that the instruction reads at. Gathering code knows rows always.
#define AT (rowed ? outer_or_row : row)
#define PUSH_VALUE(v)                        \
  do {                                       \
    *sp = (v);                               \
    if (gather) {                            \
      marks[sp - c->stack] = c->entry_count; \
    }                                        \
    sp++;                                    \
  } while (0)
// The top is the result of operands from its own slot up: if it is known, nothing of them is asked for.
#define RESULT_KNOWN(is_truth)                   \
  do {                                           \
    if (gather && is_known(sp[-1], is_truth)) {  \
      c->entry_count = marks[sp - 1 - c->stack]; \
    }                                            \
  } while (0)
#define ON_FACT(expression)                                        \
  do {                                                             \
    state = vm_read(c, i.b, AT, &value);                           \
    t = state == SOC_GIVEN ? (expression) : not_given(state, i.a); \
    goto truth;                                                    \
  } while (0)

  for (; ip < end; ip += SOC_INSTRUCTION_BYTES) {
    i = vm_instruction_of(ip);
    VM_STEP();
    if (rowed) {
      outer_or_row = i.a & SOC_OUTER ? frame : row;
      i.a &= (uint8_t)~SOC_OUTER;
    }
    switch ((enum soc_op)i.op) { // NEVER: the verifier lets no other number pass
    case SOC_OP_FACT_TRUE: ON_FACT(truth_of(value != 0));
    case SOC_OP_FACT_CMP: ON_FACT(related(i.a & ~SOC_IF_GIVEN, value, vm_constant_at(p, i.c)));
    case SOC_OP_FACT_IN_MASK: ON_FACT(truth_of((vm_mask_at(p, i.c) >> value & 1) != 0));
    case SOC_OP_FACT_IN_SET: ON_FACT(member(c, i.c, value, AT));
    case SOC_OP_FACT_NONE:
      state = vm_read(c, i.b, AT, &value);
      t = state == SOC_LEFT_OUT ? SOC_UNKNOWN_TRUTH : truth_of(state == SOC_NONE);
      goto truth;
    case SOC_OP_FACT_LEFT_OUT:
      t = truth_of(c->states[vm_slot_of(&c->columns[i.b], AT)] == SOC_LEFT_OUT);
      goto truth;
    case SOC_OP_LIST_EMPTY: ON_FACT(truth_of(value == 0));
    case SOC_OP_LIST_IN_SET: ON_FACT(list_in_set(c, i, value, AT));
    case SOC_OP_LIST_IN_MASK: ON_FACT(list_in_mask(i, (uint64_t)value, vm_mask_at(p, i.c)));
    case SOC_OP_LIST_HAS: ON_FACT(list_has(c, i, value, vm_constant_at(p, i.c), AT));
    case SOC_OP_CELL_TRUTH: t = c->truth[i.c]; goto truth;
    case SOC_OP_CELL_IN_MASK: t = mask_in(c->masks[i.b], vm_mask_at(p, i.c)); goto truth;
    case SOC_OP_ROW_TRUTH: t = c->truth[vm_cell_slot(c, i.c, AT)]; goto truth;
    case SOC_OP_ROW_IN_MASK:
      t = mask_in(c->masks[vm_wide_slot(c, i.b, AT)], vm_mask_at(p, i.c));
      goto truth;

    truth:
      if (gather) {
        marks[sp - c->stack] = c->entry_count;
        if (t == SOC_UNKNOWN_TRUTH) {
          note_unknown(c, i, outer_or_row);
        }
      } else if (ip + SOC_INSTRUCTION_BYTES < end &&
                 ip[SOC_INSTRUCTION_BYTES] == SOC_OP_FOLD_JOIN) {
        ip += SOC_INSTRUCTION_BYTES;
        i = vm_instruction_of(ip);
        VM_STEP();
        goto join;
      }
      sp++->lo = t;
      break;

    case SOC_OP_LOAD_FACT:
      PUSH_VALUE(load(c, i, AT));
      if (gather && sp[-1].hi == INT64_MAX) {
        note_fact(c, i.b, outer_or_row);
      }
      break;
    case SOC_OP_CELL_VALUE:
    case SOC_OP_ROW_VALUE:
      PUSH_VALUE(c->quantities[vm_wide_slot(c, i.c, AT)]);
      if (gather && sp[-1].lo != sp[-1].hi) {
        note(c, i.c | VM_ENTRY_CELL, outer_or_row);
      }
      break;
    case SOC_OP_LOAD_CONST:
    case SOC_OP_MASK_CONST: PUSH_VALUE(point(vm_constant_at(p, i.c))); break;
    case SOC_OP_ADD_DAYS:
    case SOC_OP_SUB_DAYS:
    case SOC_OP_ADD_MONTHS:
    case SOC_OP_SUB_MONTHS:
    case SOC_OP_DAYS_FROM:
    case SOC_OP_YEARS_FROM:
    case SOC_OP_NUM_ADD:
    case SOC_OP_NUM_SUB:
    case SOC_OP_QUOTIENT_UP:
    case SOC_OP_EARLIEST:
    case SOC_OP_LATEST:
      sp--;
      sp[-1] = i.op == SOC_OP_EARLIEST || i.op == SOC_OP_LATEST
                   ? extreme(i.op == SOC_OP_LATEST, sp[-1], sp[0])
                   : arithmetic_values(i.op, sp[-1], sp[0]);
      RESULT_KNOWN(false);
      break;
    case SOC_OP_CMP:
      sp--;
      sp[-1].lo = vm_related_values(i.a, sp[-1], sp[0]);
      RESULT_KNOWN(true);
      break;
    case SOC_OP_BETWEEN:
      sp[-1].lo = between(p, sp[-1], i.c);
      RESULT_KNOWN(true);
      break;
    case SOC_OP_NOT: sp[-1].lo = SOC_MET - sp[-1].lo; break;

    case SOC_OP_FOLD_BEGIN: PUSH_VALUE(block_begin(i, i.c)); break;
    case SOC_OP_FOLD_JOIN:
      RESULT_KNOWN(true);
      t = (--sp)->lo;
    join:
      if (block_join(&sp[-1], i.a, i.b, t) && !gather) {
        ip += (size_t)(i.c - 1) * SOC_INSTRUCTION_BYTES; // to the END
      }
      break;
    case SOC_OP_FOLD_END:
      if (i.a == SOC_FOLD_COUNT) {
        sp[-1].lo = count_state(sp[-1], i.b);
      }
      RESULT_KNOWN(true);
      break;

    case SOC_OP_EACH_BEGIN: {
      uint8_t fold = i.a & SOC_EACH_FOLD;
      if (rowed && !gather && is_ready(c, ip, sp)) {
        sp++;
        ip += (size_t)i.c * SOC_INSTRUCTION_BYTES; // past the END
        break;
      }
      state = rowed ? vm_loop_start(c, i, frame, l) : vm_read(c, i.b, 0, &rows);
      if (state == SOC_GIVEN) {
        rows = rowed ? l->rows : rows;
        PUSH_VALUE(loop_begin(fold, rows));
        if (rowed ? begin_rows(c, i, ip, frame, &sp[-1]) : rows > 0) {
          row = rowed ? l->row : 0;
          break;
        }
        sp[-1] = loop_result(sp[-1], fold);
      } else {
        PUSH_VALUE(fold >= SOC_FOLD_COUNT ? VM_UNKNOWN_VALUE : point(SOC_UNKNOWN_TRUTH));
        if (gather) {
          note_fact(c, i.b, frame);
        }
      }
      ip += (size_t)i.c * SOC_INSTRUCTION_BYTES; // past the END
      break;
    }
    case SOC_OP_EACH_END: {
      uint8_t fold = i.a & SOC_EACH_FOLD;
      bool settled = false;
      if (fold == SOC_FOLD_SUM) {
        sp -= 2;
        bool open = vm_sum_join(&sp[-1], sp[0].lo, sp[1]);
        if (gather && !open) {
          c->entry_count = marks[sp - c->stack];
        }
      } else {
        RESULT_KNOWN(true);
        sp--;
        settled = block_join(&sp[-1], fold, 0, sp[0].lo) && fold != SOC_FOLD_COUNT && !gather;
      }
      state = settled ? SOC_NONE
              : rowed ? next_row(c, i, &sp[-1])
                      : (++row < rows ? SOC_GIVEN : SOC_NONE);
      if (state == SOC_GIVEN) {
        row = rowed ? l->row : row;
        ip -= (size_t)i.c * SOC_INSTRUCTION_BYTES; // to the BEGIN; the loop goes on with the body
        break;
      }
      if (state ==
          SOC_LEFT_OUT) { // a chain of which the rest is unknown; there is no counting along chains
        (void)block_join(&sp[-1], fold, 0, SOC_UNKNOWN_TRUTH);
        if (gather) {
          note_fact(c, i.b, l->row);
        }
      }
      row = frame;
      sp[-1] = loop_result(sp[-1], fold);
      RESULT_KNOWN(fold < SOC_FOLD_COUNT);
      break;
    }

    case SOC_OP_MASK_FACT:
    case SOC_OP_MASK_ASSUMED:
    case SOC_OP_MASK_MAP:
      PUSH_VALUE(point((int64_t)vm_candidates(c, i, AT, (uint16_t)enumeration)));
      if (gather) {
        note_fact(c, i.b, outer_or_row);
      }
      break;
    case SOC_OP_SELECT:
      sp -= 2;
      sp[-1].lo = (int64_t)selected(sp[-1].lo, (uint64_t)sp[0].lo, (uint64_t)sp[1].lo);
      break;
    case SOC_OP_COUNT: break; // keeps the compilers' check that every opcode is here
    }
  }
  return sp[-1];
#undef PUSH_VALUE
#undef RESULT_KNOWN
#undef ON_FACT
#undef AT
}

static vm_value run_gather(soc_case *c, uint32_t first, uint32_t count, uint32_t enumeration,
                           uint32_t frame, uint32_t row) {
  return run(c, first, count, enumeration, frame, row, true, true);
}

VM_APART void keep(soc_case *c, const vm_place *place, uint32_t row, vm_value v) {
  if (place->kind == SOC_CELL_TRUTH) {
    c->truth[place->slot + row] = (uint8_t)v.lo;
  } else if (place->kind == SOC_CELL_MASK) {
    c->masks[place->wide + row] = (uint64_t)v.lo;
  } else {
    c->quantities[place->wide + row] = v;
  }
}

// Cells of rows, and bodies of their loops.
static vm_value run_row(soc_case *c, uint32_t first, uint32_t count, uint32_t enumeration,
                        uint32_t frame, uint32_t row) {
  return run(c, first, count, enumeration, frame, row, true, false);
}

int64_t vm_run_body(soc_case *c, vm_instruction begin, uint32_t pc, uint32_t frame, uint32_t row) {
  (void)run_row(c, pc + 1, begin.c - 1, SOC_NONE16, frame, row);
  return c->stack[0].lo;
}

vm_value vm_run_row(soc_case *c, uint32_t first, uint32_t count, uint32_t frame, uint32_t row) {
  return run_row(c, first, count, SOC_NONE16, frame, row);
}

vm_value vm_gather_row(soc_case *c, uint32_t first, uint32_t count, uint32_t frame, uint32_t row) {
  c->entry_count = 0;
  return run_gather(c, first, count, SOC_NONE16, frame, row);
}

void vm_compute_rows(soc_case *c, uint32_t index, uint32_t first, uint32_t end) {
  vm_cell cell = vm_cell_at(c->policy, index);
  for (uint32_t row = first; row < end; row++) {
    vm_value v = run_row(c, cell.first, cell.count, cell.enumeration, row, row);
    keep(c, &c->places[index], row, v);
  }
}

VM_APART void compute_all_rows(soc_case *c, uint32_t index) {
  vm_compute_rows(c, index, 0, vm_rows(c, c->places[index].list));
}

static vm_value run_case(soc_case *c, uint32_t first, uint32_t count, uint32_t enumeration) {
  return run(c, first, count, enumeration, 0, 0, false, false);
}

vm_value vm_run_code(soc_case *c, uint32_t first, uint32_t count) {
  return run_case(c, first, count, SOC_NONE16);
}

// A fact of the case stands at its own number.
static inline soc_state read_of_case(const soc_case *c, uint32_t fact, int64_t *value) {
  *value = c->values[fact];
  return c->states[fact] == SOC_LEFT_OUT ? vm_left_out(c, fact, 0, value)
                                         : (soc_state)c->states[fact];
}

int64_t vm_compare_shaped(const vm_shaped *s, int64_t a, int64_t b) {
  if (s->shape == VM_SHAPE_SHIFTED) {
    return related(s->relation, a, arithmetic(s->op, b, s->lo));
  }
  int64_t difference =
      s->op == SOC_OP_DAYS_FROM ? (a - b) * SOC_MICRO : vm_date_years(a, b) * SOC_MICRO;
  return truth_of(difference >= s->lo && difference <= s->hi);
}

int64_t vm_run_shaped(const soc_case *c, const vm_shaped *s) {
  int64_t a, b;
  soc_state first = read_of_case(c, s->fact[0], &a), second = read_of_case(c, s->fact[1], &b);
  if (first == SOC_GIVEN && second == SOC_GIVEN) {
    return vm_compare_shaped(s, a, b);
  }
  bool none = first == SOC_NONE || second == SOC_NONE || (first == SOC_LEFT_OUT && s->given[0]) ||
              (second == SOC_LEFT_OUT && s->given[1]);
  return none ? SOC_NOT_MET : SOC_UNKNOWN_TRUTH;
}

void vm_compute_cells(soc_case *c, uint32_t first, uint32_t end) {
  for (uint32_t index = first; index < end; index++) {
    vm_cell cell = vm_cell_at(c->policy, index);
    if (cell.list != SOC_NONE16) {
      compute_all_rows(c, index);
      continue;
    }
    vm_value v = run_case(c, cell.first, cell.count, cell.enumeration);
    if (cell.kind == SOC_CELL_TRUTH) {
      c->truth[index] = (uint8_t)v.lo;
    } else if (cell.kind == SOC_CELL_MASK) {
      c->masks[index] = (uint64_t)v.lo;
    } else {
      keep(c, &c->places[index], 0, v);
    }
  }
}

// Code of a rule is rare: the gathering run serves, so that the loop is there three times and not four.
vm_value vm_compute_value(soc_case *c, uint32_t first, uint32_t count, uint32_t row) {
  row = row == SOC_NO_INDEX ? 0 : row;
  return vm_gather_row(c, first, count, row, row);
}

void vm_ask_row_fact(soc_case *c, uint32_t fact, uint32_t row) {
  c->entry_count = 0;
  note_fact(c, fact, row);
  vm_take_entries(c);
}

void vm_ask_fact(soc_case *c, uint32_t fact) {
  vm_ask_row_fact(c, fact, 0);
}

void vm_gather_code(soc_case *c, uint32_t first, uint32_t count) {
  (void)vm_gather_row(c, first, count, 0, 0);
}

void vm_gather_cell(soc_case *c, uint32_t index, uint32_t row) {
  vm_cell cell = vm_cell_at(c->policy, index);
  c->entry_count = 0;
  (void)run_gather(c, cell.first, cell.count, cell.enumeration, row, row);
}
