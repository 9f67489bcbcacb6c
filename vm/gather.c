// SPDX-License-Identifier: Apache-2.0
//
// `missing`: which facts keep a pending decision open. Starts from the conditions of its open rules and goes down:
// a criterion contributes what its own code, run once more without short cuts, could not know. Criteria read only
// lower ones, so one walk from high to low asks each of them once in each row that is needed. Facts are collected as
// bits and then listed in the order of the manifest, records of a list together, row by row. With a plan the walk goes
// over its literals (planes.c), and comes here only for code that the executor runs.
#include <string.h>

#include "vm/plan.h"

void vm_mark_missing(soc_case *c, uint32_t fact, uint32_t row) {
  const vm_column *column = &c->columns[fact];
  if (column->list != SOC_NONE16) {
    uint32_t bit = column->base + row - c->fact_count;
    c->missing_rows[bit / 64] |= UINT64_C(1) << bit % 64;
    fact = column->first_field;
  }
  c->missing_facts[fact / 64] |= UINT64_C(1) << fact % 64;
}

void vm_need_cell(soc_case *c, uint32_t cell, uint32_t row) {
  if (vm_has_lanes(c) && c->by_lanes && c->policy->ways->lanes_want_cell(c, cell, row)) {
    return;
  }
  if (vm_has_plan(c) && c->plan->conditions[cell] != SOC_NONE32) {
    c->policy->ways->want_condition(c, cell);
    return;
  }
  uint8_t *needed = &c->needed[vm_cell_slot(c, cell, row)];
  if (*needed == 0) {
    c->needs_cells = true;
    c->needed[cell] = 1; // some row of it, if it is of a list
    *needed = 1;
  }
}

void vm_take_entries(soc_case *c) {
  for (uint32_t i = 0; i < c->entry_count; i++) {
    vm_entry entry = c->entries[i];
    if (entry.what & VM_ENTRY_CELL) {
      vm_need_cell(c, entry.what & ~VM_ENTRY_CELL, entry.row);
    } else {
      vm_mark_missing(c, entry.what, entry.row);
    }
  }
}

#define GATHERED 2 // a cell in `needed` that was gathered already; 1: that is to be

static void gather_cell(soc_case *c, uint32_t cell, uint32_t row, uint8_t *needed) {
  if (*needed == 1) {
    *needed = VM_BESIDE && c->remembers_gathered ? GATHERED : 0;
    vm_gather_cell(c, cell, row);
    vm_take_entries(c);
  }
}

// Each reads lower ones only, so that none is left.
void vm_gather_needed(soc_case *c, uint32_t end) {
  for (uint32_t cell = end; cell-- > 0;) {
    if (c->places[cell].list == SOC_NONE16) {
      gather_cell(c, cell, 0, &c->needed[cell]);
    } else if (c->needed[cell]) {
      uint32_t rows = vm_rows(c, c->places[cell].list);
      c->needed[cell] = 0;
      for (uint32_t row = 0; row < rows; row++) {
        gather_cell(c, cell, row, &c->needed[vm_cell_slot(c, cell, row)]);
      }
    }
  }
  c->needs_cells = false;
}

void vm_gather_once(soc_case *c) {
  if (c->needs_cells) {
    c->remembers_gathered = true;
    vm_gather_needed(c, c->cell_count);
  }
}

void vm_forget_gathered(soc_case *c) {
  if (c->remembers_gathered) {
    c->remembers_gathered = false;
    memset(c->needed, 0, c->cell_count);
    for (uint32_t cell = 0; cell < c->cell_count; cell++) {
      if (c->places[cell].list != SOC_NONE16) {
        memset(&c->needed[vm_cell_slot(c, cell, 0)], 0, vm_rows(c, c->places[cell].list));
      }
    }
  }
}

static void gather_lanes(soc_case *c, uint32_t decision, const vm_outcome *o) {
  const vm_ways *ways = c->policy->ways;
  uint32_t first = vm_decision_at(c->policy, decision).first;
  uint64_t upto = UINT64_MAX >> (63 - (o->last_open - first));
  c->by_lanes = true;
  ways->lanes_want_rules(c, decision, o->row, ways->lane_rules(c, decision, o->row)->open & upto);
  while (ways->lanes_ask_wanted(c)) {
    vm_gather_once(c); // cells of other lists
  }
  vm_forget_gathered(c);
  c->by_lanes = false;
}

static void gather(soc_case *c, uint32_t decision, const vm_outcome *o) {
  uint32_t end = 0;
  if (o->row != SOC_NO_INDEX && vm_lanes_on(c)) {
    gather_lanes(c, decision, o);
    return;
  }
  if (vm_has_plan(c)) {
    c->policy->ways->gather(c, decision, o->last_open);
    return;
  }
  for (uint32_t i = o->first_open; i <= o->last_open; i++) {
    uint32_t cell = vm_u32(VM_AT(c->policy, RULES, i) + 12);
    if (vm_truth(c, cell, o->row) == SOC_UNKNOWN_TRUTH) {
      vm_need_cell(c, cell, o->row);
      end = cell >= end ? cell + 1 : end;
    }
  }
  vm_gather_needed(c, end);
}

// Where a field's bits begin.
static uint32_t first_bit(const soc_case *c, uint32_t field) {
  return c->columns[field].base - c->fact_count;
}

// Up to 64 bits from `bit` on; those behind the last one of the column are those of the next.
static uint64_t bits_from(const soc_case *c, uint32_t bit) {
  const uint64_t *word = c->missing_rows + bit / 64;
  uint64_t low = word[0] >> bit % 64;
  bool more = bit % 64 != 0 && bit / 64 + 1 < (c->slots - c->fact_count + 63) / 64;
  return more ? low | word[1] << (64 - bit % 64) : low;
}

static bool take_row_bit(soc_case *c, uint32_t field, uint32_t row) {
  uint32_t bit = first_bit(c, field) + row;
  uint64_t mask = UINT64_C(1) << bit % 64;
  bool set = (c->missing_rows[bit / 64] & mask) != 0;
  c->missing_rows[bit / 64] &= ~mask;
  return set;
}

// Takes the bits of one list's fields back and lists them; 64 rows that nothing is asked of are passed over at once.
static uint32_t list_rows(soc_case *c, uint32_t first_field, soc_fact_ref *out) {
  uint32_t count = 0, rows = (uint32_t)c->values[c->columns[first_field].list];
  for (uint32_t row = 0; row < rows; row += 64) {
    uint64_t any = 0;
    for (uint16_t f = (uint16_t)first_field; f != SOC_NONE16; f = c->columns[f].next_field) {
      any |= bits_from(c, first_bit(c, f) + row);
    }
    any &= rows - row < 64 ? (UINT64_C(1) << (rows - row)) - 1 : UINT64_MAX;
    for (; any != 0; any &= any - 1) {
      uint32_t at = row + vm_lowest_bit(any);
      for (uint16_t f = (uint16_t)first_field; f != SOC_NONE16; f = c->columns[f].next_field) {
        if (take_row_bit(c, f, at)) {
          out[count++] = (soc_fact_ref){f, at};
        }
      }
    }
  }
  return count;
}

// The facts that were marked, in ask order; takes the marks back.
uint32_t vm_list_marked(soc_case *c, soc_fact_ref *out) {
  uint32_t count = 0;
  for (uint32_t word = 0; word < (c->fact_count + 63) / 64; word++) {
    for (; c->missing_facts[word] != 0; c->missing_facts[word] &= c->missing_facts[word] - 1) {
      uint32_t fact = word * 64 + vm_lowest_bit(c->missing_facts[word]);
      if (c->columns[fact].list == SOC_NONE16) {
        out[count++] = (soc_fact_ref){fact, SOC_NO_INDEX};
      } else {
        count += list_rows(c, fact, out + count);
      }
    }
  }
  return count;
}

uint32_t vm_missing(soc_case *c, uint32_t decision, const vm_outcome *o, soc_fact_ref *missing) {
  gather(c, decision, o);
  return vm_list_marked(c, missing);
}
