// SPDX-License-Identifier: Apache-2.0
//
// `assumed`: the assumptions that mattered. One is put aside at a time: the cells that can read it are computed again
// with the fact unknown, the rules are settled again, and the assumption is listed where it would have been missing or
// the decision another one. Then the saved states come back, so that the results of the real run stay as they are.
#include <string.h>

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

// The next cell from `cell` on and below `end` that can read the assumption; `end` if there is none.
static uint32_t next_dependent(const soc_case *c, uint32_t cell, uint32_t end,
                               uint32_t assumption) {
  const uint64_t *row = c->depends + (size_t)cell * c->depend_words + assumption / 64;
  uint64_t bit = UINT64_C(1) << assumption % 64;
  for (; cell < end && (*row & bit) == 0; cell++) {
    row += c->depend_words;
  }
  return cell;
}

// ------------------------------------------------------------------------------- putting one aside

// Computes what can read the assumption again without it. False: nothing can.
static bool put_aside(soc_case *c, uint32_t assumption, uint32_t slot) {
  uint32_t known = c->known;
  uint32_t cell = next_dependent(c, 0, known, assumption);
  bool any = cell < known ||
             next_dependent(c, c->cell_count, c->cell_count + 1, assumption) == c->cell_count;
  c->held = slot;
  for (; cell < known; cell = next_dependent(c, cell + 1, known, assumption)) {
    c->saved_truth[cell] = c->truth[cell];
    c->saved_masks[cell] = c->masks[cell];
    vm_compute_cells(c, cell, cell + 1);
  }
  return any;
}

static void bring_back(soc_case *c, uint32_t assumption, uint32_t known) {
  c->held = SOC_NONE32;
  c->known = known;
  for (uint32_t cell = next_dependent(c, 0, known, assumption); cell < known;
       cell = next_dependent(c, cell + 1, known, assumption)) {
    c->truth[cell] = c->saved_truth[cell];
    c->masks[cell] = c->saved_masks[cell];
  }
}

// One outcome with the lists that stand outside of it.
typedef struct full_outcome {
  vm_outcome o;
  const vm_reason *reasons;
  const uint32_t *actions;
  const soc_fact_ref *missing;
} full_outcome;

static full_outcome real_outcome(const soc_case *c, uint32_t decision) {
  return (full_outcome){c->outcomes[decision], c->reasons + vm_first_reason(c->policy, decision),
                        c->actions + vm_first_action(c->policy, decision),
                        c->missing + (size_t)decision * c->slots};
}

static full_outcome settle_again(soc_case *c, uint32_t decision) {
  const vm_policy *p = c->policy;
  vm_reason *reasons = c->reasons + VM_COUNT(p, RULES) + VM_COUNT(p, EXTRAS);
  uint32_t *actions = c->actions + VM_COUNT(p, EXTRAS);
  full_outcome f = {.reasons = reasons, .actions = actions};
  vm_settle(c, decision, &f.o, reasons, actions);
  return f;
}

static bool same_text(soc_text a, soc_text b) {
  return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

// Do two rules or grounds give the same reason, as results tell it?
static bool same_reason(const vm_policy *p, vm_reason a, vm_reason b) {
  if (a.rule == b.rule && a.extra == b.extra) {
    return true;
  }
  soc_reason x, y;
  vm_describe_reason(p, a, &x);
  vm_describe_reason(p, b, &y);
  return same_text(x.code, y.code) && same_text(x.criterion, y.criterion);
}

static bool same_lists(const vm_policy *p, const full_outcome *a, const full_outcome *b) {
  if (a->o.reason_count != b->o.reason_count || a->o.action_count != b->o.action_count) {
    return false;
  }
  for (uint32_t i = 0; !a->o.lacks_facts && i < a->o.reason_count; i++) {
    if (!same_reason(p, a->reasons[i], b->reasons[i])) {
      return false;
    }
  }
  for (uint32_t i = 0; i < a->o.action_count; i++) {
    if (vm_extra_at(p, a->actions[i]).name != vm_extra_at(p, b->actions[i]).name) {
      return false;
    }
  }
  return true;
}

static bool same_window(const vm_outcome *a, const vm_outcome *b) {
  return a->has_approval == b->has_approval && a->has_from == b->has_from &&
         a->has_through == b->has_through && a->from == b->from && a->through == b->through &&
         a->one_time == b->one_time;
}

static bool same_decision(const soc_case *c, const full_outcome *a, const full_outcome *b) {
  return a->o.determination == b->o.determination && a->o.lacks_facts == b->o.lacks_facts &&
         a->o.reason == b->o.reason && a->o.possible == b->o.possible &&
         same_window(&a->o, &b->o) && vm_redirect(c, &a->o) == vm_redirect(c, &b->o) &&
         same_lists(c->policy, a, b);
}

// Does the outcome without the assumption lack the same facts? An assumed fact is never missing in the real one.
static bool same_missing(soc_case *c, const full_outcome *real, const full_outcome *without) {
  if (!real->o.lacks_facts) {
    return true;
  }
  soc_fact_ref *again = c->missing + (size_t)c->decision_count * c->slots;
  uint32_t count = vm_missing(c, &without->o, again);
  return count == real->o.missing_count && memcmp(again, real->missing, count * sizeof *again) == 0;
}

static void settle_without(soc_case *c, uint32_t fact, uint32_t row) {
  for (uint32_t i = 0; i < c->decision_count; i++) {
    full_outcome real = real_outcome(c, i), without = settle_again(c, i);
    if (!same_decision(c, &real, &without) || !same_missing(c, &real, &without)) {
      uint32_t n = c->outcomes[i].assumed_count++;
      c->assumed[(size_t)i * c->assumed_slots + n] = (soc_fact_ref){fact, row};
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
  for (uint32_t i = 0; i < c->assumptions; i++) {
    uint32_t fact = c->assumption_facts[i];
    const vm_column *column = &c->columns[fact];
    if (column->list == SOC_NONE16) {
      try_without(c, fact, SOC_NO_INDEX);
    } else if (c->states[column->list] == SOC_GIVEN) {
      for (uint32_t row = 0; row < c->values[column->list]; row++) {
        try_without(c, fact, row);
      }
    }
  }
}
