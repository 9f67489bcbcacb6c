// SPDX-License-Identifier: Apache-2.0
//
// `assumed`: the assumptions that mattered. One is put aside at a time: everything is decided again with the fact
// unknown, and the assumption is listed where it would have been missing or the decision another one. Then the real
// states are computed once more. A plan, lanes and vm/quick.h know shorter ways to the same.
#include <stddef.h>
#include <string.h>

#include "vm/exec.h"

// One outcome with the lists that stand outside of it.
typedef struct full_outcome {
  const vm_outcome *o;
  const vm_reason *reasons;
  const uint32_t *actions;
  const soc_fact_ref *missing;
} full_outcome;

static full_outcome real_outcome(const soc_case *c, uint32_t decision) {
  return (full_outcome){&c->outcomes[decision], c->reasons + vm_first_reason(c->policy, decision),
                        c->actions + vm_first_action(c->policy, decision),
                        c->missing + (size_t)decision * c->slots};
}

static full_outcome settle_again(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o) {
  const vm_policy *p = c->policy;
  vm_reason *reasons = c->reasons + VM_COUNT(p, RULES) + VM_COUNT(p, EXTRAS);
  uint32_t *actions = c->actions + VM_COUNT(p, EXTRAS);
  full_outcome f = {.o = o, .reasons = reasons, .actions = actions};
  vm_settle(c, decision, row, o, reasons, actions);
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
  if (a->o->reason_count != b->o->reason_count || a->o->action_count != b->o->action_count) {
    return false;
  }
  for (uint32_t i = 0; !a->o->lacks_facts && i < a->o->reason_count; i++) {
    if (!same_reason(p, a->reasons[i], b->reasons[i])) {
      return false;
    }
  }
  for (uint32_t i = 0; i < a->o->action_count; i++) {
    if (vm_extra_at(p, a->actions[i]).name != vm_extra_at(p, b->actions[i]).name) {
      return false;
    }
  }
  return true;
}

static bool same_window(const vm_outcome *a, const vm_outcome *b) {
  return a->has_approval == b->has_approval && a->has_from == b->has_from &&
         a->has_through == b->has_through && a->from == b->from && a->through == b->through &&
         a->one_time == b->one_time && a->has_units == b->has_units && a->units == b->units;
}

// A rule can say FACT_MISSING itself.
static bool same_code(const soc_case *c, const vm_outcome *a, const vm_outcome *b) {
  return a->reason == b->reason || same_text(vm_reason_text(c, a), vm_reason_text(c, b));
}

static bool same_decision(const soc_case *c, const full_outcome *a, const full_outcome *b) {
  return a->o->determination == b->o->determination && a->o->lacks_facts == b->o->lacks_facts &&
         same_code(c, a->o, b->o) && a->o->possible == b->o->possible && same_window(a->o, b->o) &&
         vm_redirect(c, a->o) == vm_redirect(c, b->o) && same_lists(c->policy, a, b);
}

// Does the outcome without the assumption lack the same facts? An assumed fact is never missing in the real one.
static bool same_missing(soc_case *c, uint32_t decision, const full_outcome *real,
                         const full_outcome *without) {
  if (!real->o->lacks_facts) {
    return true;
  }
  soc_fact_ref *again = c->missing + (size_t)c->decision_count * c->slots;
  uint32_t count = vm_missing(c, decision, without->o, again);
  return count == real->o->missing_count &&
         memcmp(again, real->missing, count * sizeof *again) == 0;
}

// Can what lies between knowing all and knowing less lead elsewhere than both? A rule may be open without one
// assumption, and the condition of its code for being open be met by another; a window without its first day begins
// with the basis, and may be longer than it was.
static bool may_lead_elsewhere(const vm_policy *p, uint32_t decision, const vm_outcome *o) {
  if (!o->lacks_facts) {
    return (vm_decision_at(p, decision).flags & SOC_DECISION_LONGEST) != 0;
  }
  for (uint32_t rule = o->first_open; rule <= o->last_open; rule++) {
    if (vm_rule_at(p, rule).open_cell != SOC_NONE32) {
      return true;
    }
  }
  return false;
}

_Static_assert(offsetof(vm_outcome, reason) == 6 * sizeof(uint32_t), "compared as bytes");

// `strictly`: also by rules that look alike in results, or by how far rules were looked at: what ends the reasons may
// rest on one assumption, and what would come behind it on another; or where that does not tell.
bool vm_differs(soc_case *c, uint32_t decision, uint32_t row, bool strictly) {
  vm_outcome o;
  full_outcome real = real_outcome(c, decision), without = settle_again(c, decision, row, &o);
  if (strictly && (memcmp(real.o, &o, offsetof(vm_outcome, reason)) != 0 ||
                   may_lead_elsewhere(c->policy, decision, &o))) {
    return true;
  }
  return !same_decision(c, &real, &without) || !same_missing(c, decision, &real, &without);
}

void vm_list_assumed(soc_case *c, uint32_t decision, soc_fact_ref ref) {
  uint32_t n = c->outcomes[decision].assumed_count++;
  c->assumed[(size_t)decision * c->assumed_slots + n] = ref;
}

static uint32_t list_of_assumption(const soc_case *c, uint32_t assumption) {
  return c->columns[c->assumption_facts[assumption]].list;
}

void vm_each_assumption(soc_case *c, vm_assumption_fn *fn, uint32_t decision, uint32_t row) {
  for (uint32_t first = 0, end = 0; first < c->assumptions; first = end) {
    uint32_t list = list_of_assumption(c, first), rows = list == SOC_NONE16 ? 1 : vm_rows(c, list);
    do {
      end++;
    } while (list != SOC_NONE16 && end < c->assumptions && list_of_assumption(c, end) == list);
    for (uint32_t at = 0; at < rows; at++) {
      for (uint32_t i = first; i < end; i++) {
        uint32_t fact = c->assumption_facts[i];
        if (c->states[vm_slot_of(&c->columns[fact], at)] == SOC_LEFT_OUT) {
          fn(c, (soc_fact_ref){fact, list == SOC_NONE16 ? SOC_NO_INDEX : at}, decision, row);
        }
      }
    }
  }
}

void vm_find_odd_assumptions(soc_case *c) {
  const vm_policy *p = c->policy;
  c->odd_assumptions = false;
  for (uint32_t pc = 0; pc < VM_COUNT(p, CODE); pc++) {
    vm_instruction i = vm_instruction_at(p, pc);
    if (vm_op_shapes[i.op].b == B_FACT && (i.a & SOC_IF_GIVEN) && vm_takes_assumption(p, i.b)) {
      c->odd_assumptions = true;
    }
  }
}

bool vm_decides_case(const soc_case *c) {
  for (uint32_t i = 0; i < c->decision_count; i++) {
    if (c->outcomes[i].row == SOC_NO_INDEX) {
      return true;
    }
  }
  return false;
}

// Puts assumptions aside; all states are computed anew when they are asked for.
static void hold(soc_case *c, uint32_t held) {
  c->held = held;
  c->known = 0;
}

// For one row's decision, or for all over the case.
static void try_without(soc_case *c, soc_fact_ref ref, uint32_t decision, uint32_t row) {
  hold(c, vm_slot_of(&c->columns[ref.fact], ref.row));
  for (uint32_t i = 0; i < c->decision_count; i++) {
    bool tried = row == SOC_NO_INDEX ? c->outcomes[i].row == row : i == decision;
    if (tried && vm_differs(c, i, row, false)) {
      vm_list_assumed(c, i, ref);
    }
  }
}

// Knowing less can only leave more open: a row that comes to the same with all assumptions put aside depends on none of
// them. At last the real states come back.
static void try_assumptions(soc_case *c, uint32_t decision, uint32_t row) {
  uint32_t known = c->known;
  hold(c, VM_HELD_ALL);
  if (row == SOC_NO_INDEX || c->odd_assumptions || vm_differs(c, decision, row, true)) {
    vm_each_assumption(c, try_without, decision, row);
  }
  hold(c, SOC_NONE32);
  vm_need(c, known);
}

void vm_find_assumed(soc_case *c) {
  if (vm_has_plan(c)) {
    c->policy->ways->find_assumed(c);
  } else if (vm_is_quick(c)) {
    c->policy->quick->find_assumed(c);
  } else if (vm_decides_case(c)) {
    try_assumptions(c, SOC_NO_INDEX, SOC_NO_INDEX);
  }
}

void vm_find_assumed_row(soc_case *c, uint32_t decision, uint32_t row) {
  if (vm_is_quick(c)) {
    c->policy->quick->find_assumed_row(c, decision, row);
  } else {
    try_assumptions(c, decision, row);
  }
}
