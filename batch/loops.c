// SPDX-License-Identifier: Apache-2.0
//
// Quantifiers over record lists: which of them have a form for columns, and what a test of a field says of a value.
#include "batch/batch.h"

// ---------------------------------------------------------------------------------------- which loops

static bool tests_value(uint8_t op) {
  return op == SOC_OP_FACT_TRUE || op == SOC_OP_FACT_CMP || op == SOC_OP_FACT_IN_MASK ||
         op == SOC_OP_FACT_IN_SET;
}

static bool tests_state(uint8_t op) {
  return op == SOC_OP_FACT_NONE || op == SOC_OP_FACT_LEFT_OUT;
}

static bool leaf_fits(const soc_batch *b, vm_instruction i, uint16_t list) {
  const batch_fact *f = &b->facts[i.b];
  bool plain = f->left_out == SOC_LEFT_OUT_UNKNOWN || f->left_out == SOC_LEFT_OUT_REQUIRED ||
               f->left_out == SOC_LEFT_OUT_NONE;
  bool dated = i.op == SOC_OP_FACT_IN_SET && vm_set_date(i.c) != SOC_NONE16;
  return f->list == list && plain && !dated && (i.a & SOC_OUTER) == 0 && f->type != SOC_LINE;
}

// Some or every row of a list with tests of its own fields: nothing of the case, no other rows.
bool batch_loop_fits(const soc_batch *b, const vm_expression *e) {
  vm_instruction begin = vm_instruction_at(b->p, e->first);
  const batch_fact *list = &b->facts[begin.b];
  if (begin.op != SOC_OP_EACH_BEGIN || (begin.a & SOC_EACH_FOLD) > SOC_FOLD_ANY ||
      (begin.a & ~SOC_EACH_FOLD) != SOC_EACH_ROWS || e->count != begin.c + 1 ||
      (list->left_out != SOC_LEFT_OUT_UNKNOWN && list->left_out != SOC_LEFT_OUT_REQUIRED &&
       list->left_out != SOC_LEFT_OUT_EMPTY)) {
    return false;
  }
  for (uint32_t pc = e->first + 1; pc < e->first + e->count - 1; pc++) {
    vm_instruction i = vm_instruction_at(b->p, pc);
    bool block = i.op == SOC_OP_NOT || i.op == SOC_OP_FOLD_BEGIN || i.op == SOC_OP_FOLD_JOIN ||
                 i.op == SOC_OP_FOLD_END;
    bool leaf = tests_value(i.op) || tests_state(i.op);
    if (!block && !(leaf && leaf_fits(b, i, begin.b))) {
      return false;
    }
  }
  return true;
}

// ------------------------------------------------------------------------------------ tests of values

static bool in_set(const vm_policy *p, uint32_t index, uint64_t code) {
  vm_set set = vm_set_at(p, index);
  return vm_find_range(VM_AT(p, SET_RANGES, set.first), set.count, VM_SET_RANGES_BYTES, code) !=
         NULL;
}

bool batch_leaf(const soc_batch *b, uint32_t pc, int64_t value) {
  vm_instruction i = vm_instruction_at(b->p, pc);
  switch (i.op) {
  case SOC_OP_FACT_TRUE: return value != 0;
  case SOC_OP_FACT_CMP:
    return batch_in_relation(i.a & (uint8_t)~SOC_IF_GIVEN, value, vm_constant_at(b->p, i.c));
  case SOC_OP_FACT_IN_MASK: return (vm_mask_at(b->p, i.c) >> value & 1) != 0;
  default: return in_set(b->p, vm_set_index(i.c), (uint64_t)value);
  }
}
