// SPDX-License-Identifier: Apache-2.0
//
// Loops over rows that a plan knows as tables: where a row comes to what a few of its fields say, truths and
// enumerations, every combination of their values is found beforehand, by running the body on a sample case.
#include "vm/plan_build.h"

static bool add_field(const vm_builder *b, vm_row_table *t, uint32_t index) {
  vm_fact fact = vm_fact_at(b->p, index);
  for (uint32_t n = 0; n < t->field_count; n++) {
    if (t->fields[n] == index) {
      return true;
    }
  }
  if (t->field_count == VM_TABLE_FIELDS || fact.list != t->list ||
      (fact.type != SOC_BOOL && fact.type != SOC_ENUM) || !vm_stands_for_itself(b->p, index)) {
    return false;
  }
  t->fields[t->field_count++] = index;
  return true;
}

// The fields that the body reads; false: it reads something else.
static bool find_fields(const vm_builder *b, vm_row_table *t, uint32_t first, uint32_t end) {
  for (uint32_t pc = first; pc < end; pc++) {
    vm_instruction i = vm_instruction_at(b->p, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    if (vm_cell_read(i) != SOC_NONE32 || (shape->b == B_FACT && !add_field(b, t, i.b))) {
      return false;
    }
  }
  return true;
}

// Left out, none, or a value.
static uint32_t class_count(const vm_builder *b, uint32_t field) {
  return SOC_GIVEN + vm_place_count(b->p, field);
}

// How many entries a table has, or would have if there was room for more than VM_TABLE_MOST.
static uint32_t count_entries(const vm_builder *b, vm_row_table *t) {
  uint32_t count = 1;
  for (uint32_t n = 0; n < t->field_count && count <= VM_TABLE_MOST; n++) {
    t->strides[n] = count;
    count *= class_count(b, t->fields[n]);
  }
  return count;
}

// Gives the sample's row the values of one entry.
static void put_fields(const vm_builder *b, const vm_row_table *t, uint32_t entry) {
  for (uint32_t n = 0; n < t->field_count; n++) {
    uint32_t class = entry / t->strides[n] % class_count(b, t->fields[n]);
    uint32_t slot = b->sample->columns[t->fields[n]].base;
    b->sample->states[slot] = (uint8_t)(class < SOC_GIVEN ? class : SOC_GIVEN);
    b->sample->values[slot] = class < SOC_GIVEN ? 0 : class - SOC_GIVEN;
  }
}

// The fields that keep the row open as it is, from bit VM_TABLE_ASKS on.
static uint8_t asked_fields(const vm_builder *b, const vm_row_table *t, uint32_t first,
                            uint32_t count) {
  uint32_t asked = 0;
  (void)vm_gather_row(b->sample, first, count, 0, 0);
  for (uint32_t i = 0; i < b->sample->entry_count; i++) {
    for (uint32_t n = 0; n < t->field_count; n++) {
      asked |= (uint32_t)(b->sample->entries[i].what == t->fields[n]) << n;
    }
  }
  return (uint8_t)(asked << VM_TABLE_ASKS);
}

static void fill_table(const vm_builder *b, const vm_row_table *t, uint32_t count, uint32_t body,
                       uint32_t body_count) {
  uint8_t *entries = b->plan->table_entries + t->first;
  for (uint32_t i = 0; i < count; i++) {
    put_fields(b, t, i);
    int64_t truth = vm_run_row(b->sample, body, body_count, 0, 0).lo;
    entries[i] = (uint8_t)truth;
    if (truth == SOC_UNKNOWN_TRUTH) {
      entries[i] |= asked_fields(b, t, body, body_count);
    }
  }
  put_fields(b, t, 0); // the sample has no fact
}

static void add_table(vm_builder *b, vm_expression *e) {
  vm_plan *plan = b->plan;
  vm_instruction begin = vm_instruction_at(b->p, e->first);
  vm_row_table *t = &plan->tables[b->table_count];
  *t = (vm_row_table){.list = begin.b, .all = (begin.a & SOC_EACH_FOLD) == SOC_FOLD_ALL};
  if (begin.op != SOC_OP_EACH_BEGIN || begin.c + 1u != e->count ||
      !find_fields(b, t, e->first + 1, e->first + begin.c)) {
    return;
  }
  uint32_t count = count_entries(b, t);
  if (count > VM_TABLE_MOST || count > b->most_entries - b->entry_count) {
    return;
  }
  t->first = b->entry_count;
  b->entry_count += count;
  e->table = b->table_count++;
  fill_table(b, t, count, e->first + 1, begin.c - 1u);
}

void vm_add_tables(vm_builder *b) {
  for (uint32_t i = 0; i < b->plan->expression_count; i++) {
    add_table(b, &b->plan->expressions[i]);
  }
}
