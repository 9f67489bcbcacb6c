// SPDX-License-Identifier: Apache-2.0
//
// `missing`: which facts keep a pending decision open. Starts from the conditions of its open rules and goes down:
// a criterion contributes what its own code, run once more without short cuts, could not know. Criteria read only
// lower ones, so one walk from high to low asks each of them once. Facts are collected as bits and then listed in the
// order of the manifest, records of a list together, row by row.
#include "vm/exec.h"

static void mark_missing(soc_case *c, uint32_t fact, uint32_t row) {
  const vm_column *column = &c->columns[fact];
  if (column->list != SOC_NONE16) {
    uint32_t bit = column->base + row - c->fact_count;
    c->missing_rows[bit / 64] |= UINT64_C(1) << bit % 64;
    fact = column->first_field;
  }
  c->missing_facts[fact / 64] |= UINT64_C(1) << fact % 64;
}

static bool take_row_bit(soc_case *c, uint32_t field, uint32_t row) {
  uint32_t bit = c->columns[field].base + row - c->fact_count;
  uint64_t mask = UINT64_C(1) << bit % 64;
  bool set = (c->missing_rows[bit / 64] & mask) != 0;
  c->missing_rows[bit / 64] &= ~mask;
  return set;
}

static void gather_cell(soc_case *c, uint32_t cell) {
  vm_gather_cell(c, cell);
  for (uint32_t i = 0; i < c->entry_count; i++) {
    vm_entry entry = c->entries[i];
    if (entry.what & VM_ENTRY_CELL) {
      c->needed[entry.what & ~VM_ENTRY_CELL] = 1;
    } else {
      mark_missing(c, entry.what, entry.row);
    }
  }
}

static void gather(soc_case *c, const vm_outcome *o) {
  uint32_t top = 0;
  for (uint32_t i = o->first_open; i <= o->last_open; i++) {
    uint32_t cell = vm_u32(VM_AT(c->policy, RULES, i) + 12);
    if (c->truth[cell] == SOC_UNKNOWN_TRUTH) {
      c->needed[cell] = 1;
      top = cell > top ? cell : top;
    }
  }
  for (uint32_t cell = top + 1; cell-- > 0;) {
    if (c->needed[cell]) {
      c->needed[cell] = 0;
      gather_cell(c, cell);
    }
  }
}

// Takes the bits of one list's fields back and lists them.
static uint32_t list_rows(soc_case *c, uint32_t first_field, soc_fact_ref *out) {
  uint32_t count = 0;
  int64_t rows = c->values[c->columns[first_field].list];
  for (uint32_t row = 0; row < rows; row++) {
    for (uint16_t f = (uint16_t)first_field; f != SOC_NONE16; f = c->columns[f].next_field) {
      if (take_row_bit(c, f, row)) {
        out[count++] = (soc_fact_ref){f, row};
      }
    }
  }
  return count;
}

static uint32_t lowest_bit(uint64_t word) {
#if defined(__GNUC__)
  return (uint32_t)__builtin_ctzll(word);
#else
  uint32_t n = 0;
  for (; (word & 1) == 0; word >>= 1) {
    n++;
  }
  return n;
#endif
}

uint32_t vm_missing(soc_case *c, const vm_outcome *o, soc_fact_ref *missing) {
  gather(c, o);
  uint32_t count = 0;
  for (uint32_t word = 0; word < (c->fact_count + 63) / 64; word++) {
    for (; c->missing_facts[word] != 0; c->missing_facts[word] &= c->missing_facts[word] - 1) {
      uint32_t fact = word * 64 + lowest_bit(c->missing_facts[word]);
      if (c->columns[fact].list == SOC_NONE16) {
        missing[count++] = (soc_fact_ref){fact, SOC_NO_INDEX};
      } else {
        count += list_rows(c, fact, missing + count);
      }
    }
  }
  return count;
}
