// SPDX-License-Identifier: Apache-2.0
//
// What the rows of loops come to, kept so that one row can be changed without going through the others: trying without
// an assumption changes what one row of the list adds, and a cell that looks at all rows of the list is then computed
// from its tallies. Only loops over the rows of the cell's own list whose body reads, of what the assumptions reach,
// nothing but the loop's row; the others are run.
#include <string.h>

#include "vm/quick.h"

static bool reaches(const soc_case *c, const uint64_t *bits, uint32_t cell) {
  for (uint32_t i = 0; i < c->quick->depend_words; i++) {
    if (bits[(size_t)cell * c->quick->depend_words + i] != 0) {
      return true;
    }
  }
  return false;
}

// Can an assumption reach the instruction's cell in a way that is not its row's own?
static bool reads_widely(const soc_case *c, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->b != B_CELL && shape->c != C_CELL && shape->c != C_VALUE) {
    return false;
  }
  uint32_t cell = shape->b == B_CELL ? i.b : i.c;
  return reaches(c, c->places[cell].list == SOC_NONE16 ? c->quick->depends : c->quick->spreads,
                 cell);
}

// A loop over the rows of the cell's list, whose body sees assumptions in the loop's row and in the cell's own alone.
static bool has_tally(const soc_case *c, uint32_t cell, uint32_t pc, vm_instruction i) {
  if (i.op != SOC_OP_EACH_BEGIN || (i.a & ~SOC_EACH_FOLD) != SOC_EACH_ROWS ||
      i.b != c->places[cell].list) {
    return false;
  }
  for (uint32_t n = pc + 1; n < pc + i.c; n++) {
    if (reads_widely(c, vm_instruction_at(c->policy, n))) {
      return false;
    }
  }
  return true;
}

// 128 bits are enough for any number of rows.
static void change(uint64_t sum[2], int64_t amount, bool in) {
  uint64_t value = (uint64_t)amount, low = sum[0];
  if (in) {
    sum[0] = low + value;
    sum[1] += sum[0] < low;
  } else {
    sum[0] = low - value;
    sum[1] -= low < value;
  }
}

static void change_sum(vm_tally *tally, int64_t t, vm_value v, bool in) {
  if (t == SOC_NOT_MET || v.hi == INT64_MIN || v.hi == 0) {
    return;
  }
  bool unknown = v.lo == INT64_MIN;
  if (t == SOC_MET && !unknown) {
    change(tally->lo, v.lo, in);
  }
  if (unknown) {
    tally->unbounded += in ? 1 : -1;
  } else {
    change(tally->hi, v.hi, in);
  }
}

// What one row adds to a loop.
static void change_by_row(soc_case *c, vm_tally *tally, vm_instruction begin, uint32_t pc,
                          uint32_t frame, const vm_aimed *aimed, uint32_t row, bool in) {
  uint8_t fold = begin.a & SOC_EACH_FOLD;
  bool settled = aimed->filters && !vm_passes(c, aimed, row);
  int64_t t = !settled               ? vm_run_body(c, begin, pc, frame, row)
              : fold == SOC_FOLD_ALL ? SOC_MET
                                     : SOC_NOT_MET;
  if (fold == SOC_FOLD_SUM) {
    change_sum(tally, t, c->stack[1], in);
  } else {
    change(tally->lo, t == SOC_MET, in);
    change(tally->hi, t == SOC_UNKNOWN_TRUTH, in);
  }
}

static int64_t limited(const uint64_t sum[2]) {
  return sum[1] != 0 || sum[0] > (uint64_t)SOC_NUMBER_MAX ? SOC_NUMBER_MAX : (int64_t)sum[0];
}

static vm_value value_of(const vm_tally *tally, uint8_t fold, uint32_t rows) {
  int64_t met = (int64_t)tally->lo[0], unknown = (int64_t)tally->hi[0];
  int64_t any = met > 0 ? SOC_MET : unknown > 0 ? SOC_UNKNOWN_TRUTH : SOC_NOT_MET;
  int64_t all = met + unknown < rows ? SOC_NOT_MET : unknown > 0 ? SOC_UNKNOWN_TRUTH : SOC_MET;
  switch (fold) {
  case SOC_FOLD_ALL: return (vm_value){all, all};
  case SOC_FOLD_ANY: return (vm_value){any, any};
  case SOC_FOLD_COUNT: return (vm_value){met * SOC_MICRO, (met + unknown) * SOC_MICRO};
  default:
    return (vm_value){limited(tally->lo),
                      tally->unbounded > 0 ? SOC_NUMBER_MAX : limited(tally->hi)};
  }
}

// The tallies of a cell in a row, one after the other as its loops come: c->rows apart.
static vm_tally *tally_at(const soc_case *c, uint32_t cell, uint32_t loop, uint32_t row) {
  return &c->quick->tallies[(size_t)(c->quick->tally_at[cell] + loop) * c->rows + row];
}

static void tally_row(soc_case *c, vm_tally *tally, uint32_t pc, vm_instruction i, uint32_t row) {
  uint32_t rows = vm_rows(c, i.b);
  vm_aimed aimed;
  memset(tally, 0, sizeof *tally);
  vm_aim_at(c, &aimed, pc, row);
  for (uint32_t other = 0; other < rows; other++) {
    change_by_row(c, tally, i, pc, row, &aimed, other, true);
  }
}

static void tally_cell(soc_case *c, uint32_t index, uint32_t first, uint32_t end) {
  vm_cell cell = vm_cell_at(c->policy, index);
  uint32_t loop = 0;
  for (uint32_t pc = cell.first; pc < cell.first + cell.count; pc++) {
    vm_instruction i = vm_instruction_at(c->policy, pc);
    if (!has_tally(c, index, pc, i)) {
      continue;
    }
    for (uint32_t row = first; row < end; row++) {
      tally_row(c, tally_at(c, index, loop, row), pc, i, row);
    }
    loop++;
  }
}

void vm_take_tallies(soc_case *c, uint32_t focus) {
  for (uint32_t index = 0; index < c->known; index++) {
    uint32_t list = c->places[index].list;
    if (!reaches(c, c->quick->spreads, index) || list == SOC_NONE16) {
      continue;
    }
    if (!(c->quick->uses[index] & VM_USED_LOOP)) {
      tally_cell(c, index, focus, focus + (focus < vm_rows(c, list)));
    } else if (!c->tallied) {
      tally_cell(c, index, 0, vm_rows(c, list));
    }
  }
  c->tallied = true;
}

void vm_tally_change(soc_case *c, uint32_t index, uint32_t row, uint32_t other, bool in) {
  vm_cell cell = vm_cell_at(c->policy, index);
  uint32_t loop = 0;
  for (uint32_t pc = cell.first; pc < cell.first + cell.count; pc++) {
    vm_instruction i = vm_instruction_at(c->policy, pc);
    if (has_tally(c, index, pc, i)) {
      vm_aimed aimed;
      vm_aim_at(c, &aimed, pc, row);
      change_by_row(c, tally_at(c, index, loop++, row), i, pc, row, &aimed, other, in);
    }
  }
}

void vm_compute_tallied(soc_case *c, uint32_t index, uint32_t row) {
  vm_cell cell = vm_cell_at(c->policy, index);
  uint32_t loop = 0;
  for (uint32_t pc = cell.first; pc < cell.first + cell.count; pc++) {
    vm_instruction i = vm_instruction_at(c->policy, pc);
    if (has_tally(c, index, pc, i)) {
      vm_value v = value_of(tally_at(c, index, loop, row), i.a & SOC_EACH_FOLD, vm_rows(c, i.b));
      c->quick->ready[loop++] = (vm_ready){pc, v};
    }
  }
  c->ready_count = loop;
  vm_compute_rows(c, index, row, row + 1);
  c->ready_count = 0;
}

bool vm_is_ready(const soc_case *c, uint32_t pc, vm_value *result) {
  const vm_ready *ready = c->quick->ready;
  for (uint32_t n = 0; n < c->ready_count; n++) {
    if (ready[n].pc == pc) {
      *result = ready[n].value;
      return true;
    }
  }
  return false;
}
