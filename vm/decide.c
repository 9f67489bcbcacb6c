// SPDX-License-Identifier: Apache-2.0
//
// Rules: from the states of cells to one outcome for each decision. Rules are tried in order and cells are computed
// when a rule that needs them is reached; what is met, what is open and what follows is what docs/language.md says of
// decisions (11). With a plan, planes.c has worked out every rule's bit beforehand. What a pending outcome lacks is
// gather.c's affair; what was assumed is assume.c's, and found when a result is first read.
#include <string.h>

#include "vm/plan.h"

#define BIT(determination) (UINT32_C(1) << (determination))

typedef struct window {
  bool stated, begins, limited; // stated: there is no doubt about its end
  int32_t from, through;
} window;

// A date that the compiler promises to be certain; false if it is not.
static bool certain_day(vm_value v, int32_t *day) {
  if (v.lo != v.hi || v.lo == INT64_MIN) {
    return false;
  }
  *day = (int32_t)v.lo;
  return true;
}

bool vm_basis_day(const soc_case *c, int32_t *day) {
  int64_t value;
  uint16_t basis = vm_u16(VM_AT(c->policy, POLICY, 0) + 12);
  if (basis == SOC_NONE16 || vm_read(c, basis, 0, &value) != SOC_GIVEN) {
    return false;
  }
  *day = (int32_t)value;
  return true;
}

static vm_value compute_value(soc_case *c, uint32_t first, uint32_t count, uint32_t row) {
  if (row != SOC_NO_INDEX && vm_lanes_on(c)) {
    c->policy->ways->lanes_publish_code(c, first, count);
  }
  return vm_compute_value(c, first, count, row);
}

// An uncertain first day falls back to the basis; with an uncertain last one no window is stated, so that nothing is
// approved without limit by accident. Neither happens in what the compiler makes.
static window window_of(soc_case *c, const vm_rule *rule, uint32_t row) {
  window w = {.stated = true};
  w.begins = rule->from_count > 0 &&
             certain_day(compute_value(c, rule->from, rule->from_count, row), &w.from);
  w.begins = w.begins || vm_basis_day(c, &w.from);
  if (rule->through_count > 0) {
    vm_value through = compute_value(c, rule->through, rule->through_count, row);
    w.limited = certain_day(through, &w.through);
    w.stated = w.limited || through.hi == INT64_MIN; // none: every term dropped out, no limit
  }
  return w;
}

// Days of a window; without limit the most, if not stated the least.
static int64_t window_length(const window *w) {
  return !w->stated ? INT64_MIN : w->limited ? (int64_t)w->through - w->from : INT64_MAX;
}

static void set_window(vm_outcome *o, const window *w) {
  o->has_approval = w->stated;
  o->has_from = w->stated && w->begins;
  o->has_through = w->stated && w->limited;
  o->from = o->has_from ? w->from : 0;
  o->through = o->has_through ? w->through : 0;
}

// How much of the row stands, if that is certain.
static void set_stands(soc_case *c, vm_outcome *o, const vm_rule *rule) {
  if (rule->stands_count == 0) {
    return;
  }
  vm_value v = compute_value(c, rule->stands, rule->stands_count, o->row);
  o->has_units = v.lo == v.hi && v.lo != INT64_MIN;
  o->units = o->has_units ? v.lo : 0;
}

// The rules as bits: of the plan, for a row of its lanes. NULL: there are none.
VM_INLINE const vm_plan *plan_for(const soc_case *c, uint32_t row) {
  return row != SOC_NO_INDEX ? (vm_lanes_on(c) ? c->policy->row_plan : NULL)
         : vm_has_plan(c)    ? c->plan
                             : NULL;
}

VM_APART const vm_rule *read_rule(const vm_policy *p, uint32_t index, vm_rule *room) {
  *room = vm_rule_at(p, index);
  return room;
}

// A rule as the plan holds it, or read into `room`.
VM_INLINE const vm_rule *rule_at(const soc_case *c, uint32_t index, uint32_t row, vm_rule *room) {
  const vm_plan *plan = plan_for(c, row);
  return plan ? &plan->rules[index] : read_rule(c->policy, index, room);
}

// ------------------------------------------------------------------------------------ further reasons

typedef struct further {
  uint32_t decision, row;
  uint32_t end; // of the decision's rules
  bool every_match;
  bool stopped;
} further;

static further after(uint32_t decision, const vm_decision *d, const vm_rule *met, uint32_t row) {
  bool every = (d->flags & SOC_DECISION_EVERY_MATCH) != 0;
  bool stops = (met->flags & SOC_RULE_STOP) || (met->determination != SOC_APPROVE && !every);
  return (further){decision, row, d->first + d->count, every, stops};
}

// The next met rule after `rule` that is a further reason, or SOC_NONE32.
static uint32_t next_further(soc_case *c, further *f, uint32_t rule) {
  if (f->stopped) {
    return SOC_NONE32;
  }
  if (plan_for(c, f->row)) {
    return c->policy->ways->next_reason(c, f->decision, f->row, rule, &f->stopped);
  }
  while (++rule < f->end) {
    vm_rule r = vm_rule_at(c->policy, rule);
    if (r.cell == SOC_NONE32 || (r.determination != SOC_APPROVE && !f->every_match)) {
      continue;
    }
    vm_need(c, r.needed);
    if (vm_truth(c, r.cell, f->row) == SOC_MET) {
      f->stopped = (r.flags & SOC_RULE_STOP) != 0;
      return rule;
    }
  }
  return SOC_NONE32;
}

static void find_longest(soc_case *c, uint32_t decision, const vm_decision *d, const vm_rule *met,
                         vm_outcome *o) {
  window best = window_of(c, met, o->row);
  further f = after(decision, d, met, o->row);
  for (uint32_t i = o->met; (i = next_further(c, &f, i)) != SOC_NONE32;) {
    vm_rule room;
    const vm_rule *rule = rule_at(c, i, o->row, &room);
    if (window_length(&best) == INT64_MAX) {
      break; // none is longer
    }
    if (rule->determination == SOC_APPROVE) {
      window w = window_of(c, rule, o->row);
      if (window_length(&w) > window_length(&best)) {
        best = w;
        o->decider = i;
      }
    }
  }
  set_window(o, &best);
}

static void add_reasons(const soc_case *c, vm_outcome *o, uint32_t index, const vm_rule *rule,
                        vm_reason *reasons) {
  if (rule->code != SOC_NONE32) {
    reasons[o->reason_count++] = (vm_reason){index, SOC_NONE32};
  }
  for (uint32_t i = rule->extra; i < rule->extra + rule->extra_count; i++) {
    vm_extra extra = vm_extra_at(c->policy, i);
    if (extra.ground && vm_condition(c, extra.cell, o->row) == SOC_MET) {
      reasons[o->reason_count++] = (vm_reason){index, i};
    }
  }
}

static void list_reasons(soc_case *c, uint32_t decision, const vm_decision *d, const vm_rule *met,
                         const vm_rule *decider, vm_outcome *o, vm_reason *reasons) {
  add_reasons(c, o, o->decider, decider, reasons);
  if (o->decider != o->met) {
    add_reasons(c, o, o->met, met, reasons);
  }
  further f = after(decision, d, met, o->row);
  for (uint32_t i = o->met; (i = next_further(c, &f, i)) != SOC_NONE32;) {
    vm_rule room;
    o->ended = i;
    if (i != o->decider) {
      add_reasons(c, o, i, rule_at(c, i, o->row, &room), reasons);
    }
  }
  if (!f.stopped) {
    o->ended = f.end - 1;
  }
}

// --------------------------------------------------------------------------------- met and open rules

// The last open rule whose determination is another one than this.
static uint32_t last_differing(const uint32_t *last_open, uint32_t possible,
                               uint8_t determination) {
  uint32_t last = 0;
  for (uint32_t i = 0; i < SOC_DETERMINATION_COUNT; i++) {
    if (i != determination && (possible & BIT(i)) && last_open[i] > last) {
      last = last_open[i];
    }
  }
  return last;
}

// `by_row` is a constant, so that decisions over the case look up no rows.
VM_INLINE void scan_rules(soc_case *c, const vm_decision *d, uint32_t row, vm_scan *s,
                          const bool by_row) {
  uint32_t last_open[SOC_DETERMINATION_COUNT] = {0}; // where possible has the bit
  *s = (vm_scan){.first_open = SOC_NONE32, .speaks = true};
  for (uint32_t i = d->first;; i++) {
    const uint8_t *r = VM_AT(c->policy, RULES, i);
    uint32_t cell = vm_u32(r + 12);
    vm_need(c, vm_u32(r + 20));
    soc_truth t = cell == SOC_NONE32 ? SOC_MET
                  : by_row           ? vm_truth(c, cell, row)
                                     : (soc_truth)c->truth[cell];
    if (t == SOC_MET) {
      s->met = i; // `otherwise` at the latest
      s->last_open = last_differing(last_open, s->possible, r[4]);
      return;
    }
    if (t == SOC_UNKNOWN_TRUTH) {
      s->first_open = s->possible == 0 ? i : s->first_open;
      s->possible |= BIT(r[4]);
      last_open[r[4]] = i;
    }
  }
}

static bool speaks(const soc_case *c, const vm_rule *rule, uint32_t row) {
  return rule->open_code != SOC_NONE32 && vm_condition(c, rule->open_cell, row) == SOC_MET;
}

static uint32_t planned_speaker(const soc_case *c, const vm_plan *plan, uint32_t decision,
                                const vm_outcome *o) {
  for (uint32_t rule = o->first_open; rule <= o->last_open; rule++) {
    rule = c->policy->ways->next_speaker(c, decision, o->row, rule, o->last_open);
    if (rule == SOC_NONE32 || speaks(c, &plan->rules[rule], o->row)) {
      return rule;
    }
  }
  return SOC_NONE32;
}

// The first open rule with a code for being open, or SOC_NONE32.
static uint32_t open_speaker(const soc_case *c, uint32_t decision, const vm_outcome *o) {
  const vm_plan *plan = plan_for(c, o->row);
  if (plan) {
    return planned_speaker(c, plan, decision, o);
  }
  for (uint32_t i = o->first_open; i <= o->last_open; i++) {
    vm_rule rule = vm_rule_at(c->policy, i);
    if (vm_truth(c, rule.cell, o->row) == SOC_UNKNOWN_TRUTH && speaks(c, &rule, o->row)) {
      return i;
    }
  }
  return SOC_NONE32;
}

// Who gives the reason while facts are missing: an open rule with a code for that, a pending rule, or nobody.
static void find_speaker(const soc_case *c, uint32_t decision, const vm_scan *s, vm_outcome *o,
                         const vm_rule *met) {
  vm_rule room;
  o->speaker = s->speaks ? open_speaker(c, decision, o) : SOC_NONE32;
  if (o->speaker != SOC_NONE32) {
    o->reason = rule_at(c, o->speaker, o->row, &room)->open_code;
  } else if (met->determination == SOC_PEND && met->code != SOC_NONE32) {
    o->speaker = o->met;
    o->reason = met->code;
  }
}

static void settle_pending(const soc_case *c, uint32_t decision, const vm_scan *s,
                           const vm_rule *met, vm_outcome *o) {
  o->determination = SOC_PEND;
  o->lacks_facts = true;
  o->possible = s->possible | BIT(met->determination);
  o->first_open = s->first_open;
  o->last_open = s->last_open;
  o->decider = SOC_NONE32;
  o->reason_count = 1;
  find_speaker(c, decision, s, o, met);
}

static void settle_decided(soc_case *c, uint32_t decision, const vm_decision *d, const vm_rule *met,
                           vm_outcome *o, vm_reason *reasons) {
  vm_rule room;
  const vm_rule *decider = met;
  o->determination = met->determination;
  o->possible = BIT(met->determination);
  if (met->determination == SOC_APPROVE) {
    if (d->flags & SOC_DECISION_LONGEST) {
      find_longest(c, decision, d, met, o);
      decider = o->decider == o->met ? met : rule_at(c, o->decider, o->row, &room);
    } else {
      window w = window_of(c, met, o->row);
      set_window(o, &w);
    }
  }
  set_stands(c, o, decider);
  o->speaker = o->decider;
  o->reason = decider->code;
  o->one_time = o->has_approval && (decider->flags & SOC_RULE_ONE_TIME) != 0;
  list_reasons(c, decision, d, met, decider, o, reasons);
}

// The actions of the rule that gives the reason.
static void list_actions(const soc_case *c, vm_outcome *o, uint32_t *actions) {
  vm_rule room;
  const vm_rule *rule = rule_at(c, o->speaker, o->row, &room);
  for (uint32_t i = rule->extra; i < rule->extra + rule->extra_count; i++) {
    vm_extra extra = vm_extra_at(c->policy, i);
    if (!extra.ground && vm_condition(c, extra.cell, o->row) == SOC_MET) {
      actions[o->action_count++] = i;
    }
  }
}

static void begin(vm_outcome *o, uint32_t met, uint32_t row) {
  *o = (vm_outcome){.met = met,
                    .decider = met,
                    .speaker = SOC_NONE32,
                    .first_open = SOC_NONE32,
                    .last_open = SOC_NONE32,
                    .ended = met,
                    .reason = SOC_NONE32,
                    .row = row};
}

void vm_settle_scanned(soc_case *c, uint32_t decision, uint32_t row, const vm_scan *s,
                       vm_outcome *o, vm_reason *reasons, uint32_t *actions) {
  vm_rule room;
  begin(o, s->met, row);
  const vm_rule *met = rule_at(c, s->met, o->row, &room);
  if ((s->possible & ~BIT(met->determination)) != 0) {
    settle_pending(c, decision, s, met, o);
  } else {
    vm_decision d = vm_decision_at(c->policy, decision);
    settle_decided(c, decision, &d, met, o, reasons);
  }
  if (o->speaker != SOC_NONE32) {
    list_actions(c, o, actions);
  }
}

static void settle_by_code(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o,
                           vm_reason *reasons, uint32_t *actions) {
  vm_decision d = vm_decision_at(c->policy, decision);
  vm_scan s;
  if (row == SOC_NO_INDEX) {
    scan_rules(c, &d, row, &s, false);
  } else {
    scan_rules(c, &d, row, &s, true);
  }
  vm_settle_scanned(c, decision, row, &s, o, reasons, actions);
}

void vm_settle(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o, vm_reason *reasons,
               uint32_t *actions) {
  if (plan_for(c, row)) {
    c->policy->ways->settle(c, decision, row, o, reasons, actions);
  } else {
    settle_by_code(c, decision, row, o, reasons, actions);
  }
}

// Settles with what a pending decision lacks; assumptions are for the caller.
void vm_decide(soc_case *c, uint32_t decision, uint32_t row) {
  vm_outcome *o = &c->outcomes[decision];
  const vm_plan *plan = plan_for(c, row);
  if (plan) {
    const vm_plan_decision *d = &plan->decisions[decision];
    c->policy->ways->settle(c, decision, row, o, c->reasons + d->first_reason,
                            c->actions + d->first_action);
  } else {
    settle_by_code(c, decision, row, o, c->reasons + vm_first_reason(c->policy, decision),
                   c->actions + vm_first_action(c->policy, decision));
  }
  if (o->lacks_facts) {
    o->missing_count = vm_missing(c, decision, o, c->missing + (size_t)decision * c->slots);
  }
}

// Makes known what rows will be decided by; which row it is comes with the question.
static void prepare_rows(soc_case *c, uint32_t decision) {
  vm_decision d = vm_decision_at(c->policy, decision);
  c->outcomes[decision].row = VM_NO_ROW;
  for (uint32_t i = d.first; i < d.first + d.count && !vm_lanes_on(c) && vm_rows(c, d.list) > 0;
       i++) {
    vm_need(c, vm_u32(VM_AT(c->policy, RULES, i) + 20));
  }
}

static bool is_by_row(const soc_case *c, uint32_t decision) {
  return c->row_decisions && vm_decision_at(c->policy, decision).list != SOC_NONE16;
}

// Works out all cells: for an explanation.
static void state_cells(soc_case *c) {
  for (uint32_t cell = 0; cell < c->cell_count; cell++) {
    if (!vm_lanes_on(c) || !c->policy->ways->lanes_publish_cell(c, cell)) {
      vm_compute_cells(c, cell, cell + 1);
    }
  }
  c->known = c->cell_count;
}

static void decide_without_plan(soc_case *c, bool explain) {
  if (vm_has_lanes(c)) {
    c->policy->ways->lanes_run(c);
  }
  if (explain) {
    state_cells(c);
  }
  for (uint32_t i = 0; i < c->decision_count; i++) {
    if (is_by_row(c, i)) {
      prepare_rows(c, i);
    } else {
      vm_decide(c, i, SOC_NO_INDEX);
    }
  }
}

soc_status soc_case_decide(soc_case *c, uint32_t flags) {
  if (!c || (flags & ~SOC_DECIDE_EXPLAIN) != 0) {
    return SOC_ERR_ARGUMENT;
  }
  c->known = 0;
  c->held = SOC_NONE32;
  c->shadow_known = c->tallied = false;
  bool explain = c->explained = (flags & SOC_DECIDE_EXPLAIN) != 0;
  if (vm_has_plan(c)) {
    c->policy->ways->decide(c);
  } else {
    decide_without_plan(c, explain);
  }
  c->assumed_known = c->assumptions == 0;
  c->decided = true;
  return SOC_OK;
}

uint32_t soc_case_rows(const soc_case *c, uint32_t decision) {
  if (!c || decision >= c->decision_count) {
    return 0;
  }
  return is_by_row(c, decision) ? vm_rows(c, vm_decision_at(c->policy, decision).list) : 1;
}

// A row with what was assumed for it.
static void decide_row(soc_case *c, uint32_t decision, uint32_t row) {
  if (c->assumptions > 0 && vm_lanes_on(c)) {
    c->policy->ways->lanes_find_assumed(c);
    vm_decide(c, decision, row);
    c->policy->ways->lanes_list_assumed(c, decision, row);
    return;
  }
  vm_decide(c, decision, row);
  if (c->assumptions > 0) {
    vm_find_assumed_row(c, decision, row);
  }
}

const vm_outcome *vm_outcome_of(const soc_case *c, uint32_t decision, uint32_t row) {
  if (!c || !c->decided || row >= soc_case_rows(c, decision)) {
    return NULL;
  }
  vm_outcome *o = &c->outcomes[decision];
  soc_case *scratch = (soc_case *)(uintptr_t)c; // lives in the caller's memory, never constant
  if (!c->assumed_known) {
    vm_find_assumed(scratch);
    scratch->assumed_known = true;
  }
  if (is_by_row(c, decision) && o->row != row) {
    decide_row(scratch, decision, row);
  }
  return o;
}
