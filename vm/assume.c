// SPDX-License-Identifier: Apache-2.0
//
// `assumed`: the assumptions that mattered. One is put aside at a time: the cells that can read it are computed again
// with the fact unknown, the rules are settled again, and the assumption is listed where it would have been missing or
// the decision another one. Then the saved states come back, so that the results of the real run stay as they are.
#include "vm/exec.h"

// --------------------------------------------------------------------- which cells can read which

static void depend_on_fact(const soc_case *c, uint64_t *row, uint32_t fact) {
  const vm_column *column = &c->columns[fact];
  if (column->left_out == SOC_LEFT_OUT_OTHER_FACT) {
    column = &c->columns[column->other];
  }
  if (column->assumption != SOC_NONE16) {
    row[column->assumption / 64] |= UINT64_C(1) << column->assumption % 64;
  }
}

static void depend_on_cell(const soc_case *c, uint64_t *row, uint32_t cell) {
  const uint64_t *other = c->depends + (size_t)cell * c->depend_words;
  for (uint32_t i = 0; i < c->depend_words; i++) {
    row[i] |= other[i];
  }
}

static void depend_on_code(const soc_case *c, uint64_t *row, uint32_t first, uint32_t count) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(c->policy, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    if (shape->b == B_FACT) {
      depend_on_fact(c, row, i.b);
    }
    if (shape->b == B_CELL) {
      depend_on_cell(c, row, i.b);
      depend_on_fact(c, row, vm_cell_at(c->policy, i.b).asks);
    }
    if (shape->c == C_CELL) {
      depend_on_cell(c, row, i.c);
    }
    if (shape->c == C_SET && vm_set_date(i.c) != SOC_NONE16) {
      depend_on_fact(c, row, vm_set_date(i.c));
    }
  }
}

static void depend_on_windows(const soc_case *c, uint64_t *row) {
  const vm_policy *p = c->policy;
  uint16_t basis = vm_u16(VM_AT(p, POLICY, 0) + 12);
  if (basis != SOC_NONE16) {
    depend_on_fact(c, row, basis);
  }
  for (uint32_t i = 0; i < VM_COUNT(p, RULES); i++) {
    vm_rule rule = vm_rule_at(p, i);
    depend_on_code(c, row, rule.from, rule.from_count);
    depend_on_code(c, row, rule.through, rule.through_count);
  }
}

void vm_find_dependents(soc_case *c) {
  if (c->depend_words == 0) {
    return;
  }
  for (uint64_t i = 0; i < ((uint64_t)c->cell_count + 1) * c->depend_words; i++) {
    c->depends[i] = 0;
  }
  for (uint32_t i = 0; i < c->cell_count; i++) {
    vm_cell cell = vm_cell_at(c->policy, i);
    depend_on_code(c, c->depends + (size_t)i * c->depend_words, cell.first, cell.count);
  }
  depend_on_windows(c, c->depends + (size_t)c->cell_count * c->depend_words);
}

static bool can_read(const soc_case *c, uint32_t cell, uint32_t assumption) {
  return (c->depends[(size_t)cell * c->depend_words + assumption / 64] >> assumption % 64 & 1) != 0;
}

// ------------------------------------------------------------------------------- putting one aside

// Computes what can read the assumption again without it. False: nothing can.
static bool put_aside(soc_case *c, uint32_t assumption, uint32_t slot) {
  bool any = can_read(c, c->cell_count, assumption);
  c->held = slot;
  for (uint32_t cell = 0; cell < c->known; cell++) {
    if (can_read(c, cell, assumption)) {
      c->saved_truth[cell] = c->truth[cell];
      c->saved_masks[cell] = c->masks[cell];
      vm_compute_cell(c, cell);
      any = true;
    }
  }
  return any;
}

static void bring_back(soc_case *c, uint32_t assumption, uint32_t known) {
  c->held = SOC_NONE32;
  c->known = known;
  for (uint32_t cell = 0; cell < known; cell++) {
    if (can_read(c, cell, assumption)) {
      c->truth[cell] = c->saved_truth[cell];
      c->masks[cell] = c->saved_masks[cell];
    }
  }
}

static bool one_time(const soc_case *c, const vm_outcome *o) {
  return o->has_approval && (vm_rule_at(c->policy, o->decider).flags & SOC_RULE_ONE_TIME);
}

static bool differs(const soc_case *c, const vm_outcome *a, const vm_outcome *b) {
  return a->determination != b->determination || a->reason != b->reason || a->lacks_facts != b->lacks_facts ||
         a->has_approval != b->has_approval || a->has_through != b->has_through || a->from != b->from ||
         a->through != b->through || one_time(c, a) != one_time(c, b);
}

static bool is_missing(soc_case *c, const vm_outcome *o, uint32_t fact, uint32_t row) {
  soc_fact_ref *scratch = c->missing + (size_t)c->decision_count * c->slots;
  uint32_t count = o->lacks_facts ? vm_missing(c, o, scratch) : 0;
  for (uint32_t i = 0; i < count; i++) {
    if (scratch[i].fact == fact && scratch[i].row == row) {
      return true;
    }
  }
  return false;
}

static void settle_without(soc_case *c, uint32_t fact, uint32_t row) {
  for (uint32_t i = 0; i < c->decision_count; i++) {
    vm_outcome *o = &c->outcomes[i];
    vm_outcome without;
    vm_settle(c, i, &without, NULL);
    if (differs(c, o, &without) || is_missing(c, &without, fact, row)) {
      c->assumed[(size_t)i * c->assumed_slots + o->assumed_count++] = (soc_fact_ref){fact, row};
    }
  }
}

// `row` is SOC_NO_INDEX for a fact of the case.
static void try_without(soc_case *c, uint32_t fact, uint32_t row) {
  const vm_column *column = &c->columns[fact];
  uint32_t slot = vm_slot_of(column, row);
  if (c->states[slot] != SOC_LEFT_OUT) {
    return;
  }
  uint32_t known = c->known;
  if (put_aside(c, column->assumption, slot)) {
    settle_without(c, fact, row);
  }
  bring_back(c, column->assumption, known);
}

void vm_find_assumed(soc_case *c) {
  for (uint32_t fact = 0; fact < c->fact_count; fact++) {
    const vm_column *column = &c->columns[fact];
    if (column->assumption == SOC_NONE16) {
      continue;
    }
    if (column->list == SOC_NONE16) {
      try_without(c, fact, SOC_NO_INDEX);
    } else if (c->states[column->list] == SOC_GIVEN) {
      for (uint32_t row = 0; row < c->values[column->list]; row++) {
        try_without(c, fact, row);
      }
    }
  }
}
