// SPDX-License-Identifier: Apache-2.0
//
// Settling by rules as bits, in the order of the rules: those of a decision over the case stand in the words of its
// plan's conditions, those of a row have a word of their own (lanes). What is not plain goes on in decide.c.
#include "vm/lanes.h"
#include "vm/planes.h"

#define WORD_BITS 64u

// A decision's rules with what is known of them.
typedef struct rule_view {
  const vm_plan *plan;
  const vm_plan_decision *d;
  const vm_rule_word *words;
  const vm_rule_bits *rules;
} rule_view;

// As they were taken last.
VM_INLINE rule_view view_of(const soc_case *c, uint32_t decision, uint32_t row) {
  const vm_plan *plan = row == SOC_NO_INDEX ? c->plan : c->policy->row_plan;
  const vm_plan_decision *d = &plan->decisions[decision];
  return (rule_view){plan, d, plan->rule_words + d->words,
                     row == SOC_NO_INDEX ? c->rules : vm_lane_rules(c, decision, row)};
}

// The rules of one word; those of a decision over the case are taken from the planes.
VM_INLINE vm_rule_bits read_word(soc_case *c, const rule_view *v, uint32_t row, uint32_t word) {
  if (row != SOC_NO_INDEX) {
    return v->rules[word];
  }
  uint64_t all = v->words[word].all;
  vm_truths t = c->truths[v->d->word + word];
  return c->rules[word] = (vm_rule_bits){all & t.met, all & ~(t.met | t.not_met)};
}

// The first met rule: its word, counted from the decision's first one, its bit, whether open ones stand before it, and
// whether code may matter.
typedef struct first_met {
  uint32_t word;
  uint64_t own;
  bool open, stirs;
} first_met;

// `otherwise` is met, at the latest. Reads the words up to that one.
VM_INLINE first_met find_first_met(soc_case *c, const rule_view *v, uint32_t row) {
  uint32_t word = 0;
  uint64_t open = 0, stirs = 0;
  vm_rule_bits r;
  while ((r = read_word(c, v, row, word)).met == 0) {
    open |= r.open;
    stirs |= r.open & v->words[word].stirring;
    word++;
  }
  uint64_t own = r.met & (0 - r.met), before = r.open & (own - 1);
  stirs |= (before | own) & v->words[word].stirring;
  return (first_met){word, own, (open | before) != 0, stirs != 0};
}

// The same when the code that can matter to it was run.
VM_INLINE first_met find_met(soc_case *c, uint32_t row, const rule_view *v) {
  first_met first = find_first_met(c, v, row);
  bool late = row == SOC_NO_INDEX && v->d->waits && first.stirs;
  return late && vm_run_late(c) ? find_first_met(c, v, row) : first;
}

// Those behind a word, for further reasons.
VM_INLINE void read_behind(soc_case *c, const rule_view *v, uint32_t row, uint32_t word) {
  while (++word < v->d->end - v->d->word) {
    (void)read_word(c, v, row, word);
  }
}

VM_INLINE uint32_t rule_with(const rule_view *v, uint32_t word, uint32_t bit) {
  return v->d->first + v->plan->rule_numbers[v->d->numbers + word * WORD_BITS + bit];
}

// Where a rule stands, counted from the decision's first word.
static uint32_t bit_of(const rule_view *v, uint32_t rule) {
  return v->plan->rule_bits[rule] - v->d->word * WORD_BITS;
}

// The open rules of one word.
VM_INLINE void scan_word(const rule_view *v, uint32_t word, uint64_t open, uint8_t determination,
                         vm_scan *s) {
  const vm_rule_word *r = &v->words[word];
  uint64_t differing = open & ~r->as[determination];
  if (s->first_open == SOC_NONE32) {
    s->first_open = rule_with(v, word, vm_lowest_bit(open));
  }
  if (differing != 0) {
    s->last_open = rule_with(v, word, vm_highest_bit(differing));
  }
  for (uint32_t i = 0; i < v->d->used_count; i++) {
    s->possible |= (uint32_t)((open & r->as[v->d->used[i]]) != 0) << v->d->used[i];
  }
  s->speaks = s->speaks || (open & r->speaking) != 0;
}

static vm_scan scan_rules_of(const rule_view *v, first_met first) {
  vm_scan s = {.met = rule_with(v, first.word, vm_lowest_bit(first.own)), .first_open = SOC_NONE32};
  uint8_t determination = v->plan->rules[s.met].determination;
  for (uint32_t w = 0; first.open && w <= first.word; w++) {
    uint64_t open = v->rules[w].open & (w < first.word ? UINT64_MAX : first.own - 1);
    if (open != 0) {
      scan_word(v, w, open, determination, &s);
    }
  }
  return s;
}

// With its own code alone, and for certain?
VM_INLINE bool decides_plainly(const rule_view *v, const first_met *first) {
  return !first->open && (first->own & v->words[first->word].plain) != 0;
}

static void settle_plainly(const soc_case *c, const vm_plan *plan, uint32_t rule, uint32_t row,
                           vm_outcome *o, vm_reason *reasons) {
  *o = plan->outcomes[rule];
  o->row = row;
  reasons[0] = (vm_reason){rule, SOC_NONE32};
  if (o->has_approval) {
    o->has_from = vm_basis_day(c, &o->from);
  }
}

// `row` is a constant for decisions over the case.
VM_INLINE void settle(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o,
                      vm_reason *reasons, uint32_t *actions) {
  rule_view v = view_of(c, decision, row);
  first_met first = find_met(c, row, &v);
  if (decides_plainly(&v, &first)) {
    settle_plainly(c, v.plan, rule_with(&v, first.word, vm_lowest_bit(first.own)), row, o, reasons);
    return;
  }
  read_behind(c, &v, row, first.word);
  vm_scan s = scan_rules_of(&v, first);
  vm_settle_scanned(c, decision, row, &s, o, reasons, actions);
}

void vm_settle_bits(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o, vm_reason *reasons,
                    uint32_t *actions) {
  settle(c, decision, row, o, reasons, actions);
}

// What a pending decision lacks.
static uint32_t find_missing(soc_case *c, uint32_t decision, const vm_outcome *o) {
  vm_gather_planned(c, decision, o->last_open);
  return vm_list_marked(c, c->missing + (size_t)decision * c->slots);
}

void vm_decide_planned(soc_case *c) {
  const vm_plan_decision *d = c->plan->decisions;
  vm_run_plan(c, SOC_NO_INDEX);
  if (c->explained) {
    vm_state_cells(c);
  }
  for (uint32_t i = 0; i < c->decision_count; i++, d++) {
    vm_outcome *o = &c->outcomes[i];
    settle(c, i, SOC_NO_INDEX, o, c->reasons + d->first_reason, c->actions + d->first_action);
    if (o->lacks_facts) {
      o->missing_count = find_missing(c, i, o);
    }
  }
}

vm_likeness vm_compare_planned(soc_case *c, uint32_t decision) {
  const vm_outcome *real = &c->outcomes[decision];
  rule_view v = view_of(c, decision, SOC_NO_INDEX);
  first_met first = find_met(c, SOC_NO_INDEX, &v);
  vm_scan s = scan_rules_of(&v, first);
  uint32_t possible = s.possible | UINT32_C(1) << v.plan->rules[s.met].determination;
  // A plain rule alone is possible, then and now: nothing was missing.
  bool same = decides_plainly(&v, &first) && s.met == real->met; // of it no more is told
  return possible != real->possible ? VM_DIFFERS : same ? VM_SAME : VM_MAY_DIFFER;
}

uint32_t vm_next_reason(const soc_case *c, uint32_t decision, uint32_t row, uint32_t rule,
                        bool *stops) {
  rule_view v = view_of(c, decision, row);
  uint32_t bit = bit_of(&v, rule);
  uint64_t above = UINT64_MAX << bit % WORD_BITS << 1;
  for (uint32_t w = bit / WORD_BITS; w < v.d->end - v.d->word; w++, above = UINT64_MAX) {
    uint64_t left = v.rules[w].met & v.words[w].further & above;
    if (left != 0) {
      *stops = (left & (0 - left) & v.words[w].stopping) != 0;
      return rule_with(&v, w, vm_lowest_bit(left));
    }
  }
  return SOC_NONE32;
}

uint32_t vm_next_speaker(const soc_case *c, uint32_t decision, uint32_t row, uint32_t rule,
                         uint32_t last) {
  rule_view v = view_of(c, decision, row);
  uint32_t bit = bit_of(&v, rule), past = bit_of(&v, last) + 1;
  uint64_t from = UINT64_MAX << bit % WORD_BITS;
  for (uint32_t w = bit / WORD_BITS; w * WORD_BITS < past; w++, from = UINT64_MAX) {
    bool whole = past - w * WORD_BITS >= WORD_BITS;
    uint64_t upto = whole ? UINT64_MAX : (UINT64_C(1) << past % WORD_BITS) - 1;
    uint64_t left = v.rules[w].open & v.words[w].speaking & from & upto;
    if (left != 0) {
      return rule_with(&v, w, vm_lowest_bit(left));
    }
  }
  return SOC_NONE32;
}
