// SPDX-License-Identifier: Apache-2.0
//
// What the host reads after a decision: results, reasons, facts, actions. Nothing is computed that soc_case_decide did
// not find, but for the places that a list of the case takes out of a redirect; texts are looked up in the artifact
// when they are asked for.
#include <string.h>

#include "vm/exec.h"

static const soc_text no_text = {"", 0};
static const soc_text fact_missing = {"FACT_MISSING", 12};

uint64_t vm_redirect(const soc_case *c, const vm_outcome *o) {
  if (o->lacks_facts) {
    return 0;
  }
  vm_rule rule = vm_rule_at(c->policy, o->decider);
  int64_t left_out;
  bool except = rule.except != 0 && vm_read(c, rule.except - 1u, 0, &left_out) == SOC_GIVEN;
  return except ? rule.redirect & ~(uint64_t)left_out : rule.redirect;
}

soc_text vm_reason_text(const soc_case *c, const vm_outcome *o) {
  return o->lacks_facts && o->reason == SOC_NONE32 ? fact_missing : vm_name(c->policy, o->reason);
}

soc_status soc_case_result(const soc_case *c, uint32_t decision, uint32_t row, soc_result *result) {
  const vm_outcome *o = vm_outcome_of(c, decision, row);
  if (!o || !result) {
    return SOC_ERR_ARGUMENT;
  }
  *result = (soc_result){.determination = (soc_determination)o->determination,
                         .reason = vm_reason_text(c, o),
                         .possible = o->possible,
                         .reason_count = o->reason_count,
                         .missing_count = o->missing_count,
                         .assumed_count = o->assumed_count,
                         .action_count = o->action_count,
                         .redirect_fact_enum = SOC_NO_INDEX,
                         .has_approval = o->has_approval,
                         .has_from = o->has_from,
                         .has_through = o->has_through,
                         .one_time = o->one_time,
                         .from = o->from,
                         .through = o->through,
                         .has_units_allowed = o->has_units,
                         .units_allowed = o->units};
  if (!o->lacks_facts) {
    vm_rule rule = vm_rule_at(c->policy, o->decider);
    result->redirect = vm_redirect(c, o);
    result->redirect_fact_enum = rule.redirect == 0 ? SOC_NO_INDEX : rule.redirect_enum;
  }
  return SOC_OK;
}

// ----------------------------------------------------------------------------------------- reasons

static soc_text either(soc_text first, soc_text second) {
  return first.length > 0 ? first : second;
}

static void describe_cell(const vm_policy *p, uint32_t cell, soc_reason *reason) {
  vm_words words = vm_words_of(VM_AT(p, CELL_WORDS, cell));
  reason->criterion = vm_name(p, vm_cell_at(p, cell).name);
  reason->text = vm_wording(p, words.text);
  reason->cite = vm_wording(p, words.cite);
}

static void describe_rule(const vm_policy *p, uint32_t index, soc_reason *reason) {
  vm_rule rule = vm_rule_at(p, index);
  vm_words words = vm_words_of(VM_AT(p, RULE_WORDS, index));
  soc_reason cell = {no_text, no_text, no_text, no_text};
  if (rule.criterion != SOC_NONE32) {
    describe_cell(p, rule.criterion, &cell);
  }
  reason->criterion = either(cell.criterion, vm_name(p, rule.name));
  reason->text = either(vm_wording(p, words.text), cell.text);
  reason->cite = either(vm_wording(p, words.cite), cell.cite);
}

void vm_describe_reason(const vm_policy *p, vm_reason entry, soc_reason *reason) {
  if (entry.extra == SOC_NONE32) {
    describe_rule(p, entry.rule, reason);
    reason->code = vm_name(p, vm_rule_at(p, entry.rule).code);
    return;
  }
  vm_extra extra = vm_extra_at(p, entry.extra);
  if (extra.cell == VM_EXTRA_ALWAYS) {
    describe_rule(p, entry.rule, reason);
  } else {
    describe_cell(p, extra.cell, reason);
  }
  reason->code = vm_name(p, extra.name);
}

// While facts are missing: the rule whose criterion the one reason tells.
static uint32_t described_while_open(const vm_outcome *o) {
  return o->speaker != SOC_NONE32 ? o->speaker : o->first_open;
}

soc_status soc_case_reason(const soc_case *c, uint32_t decision, uint32_t row, uint32_t index,
                           soc_reason *reason) {
  const vm_outcome *o = vm_outcome_of(c, decision, row);
  if (!o || !reason || index >= o->reason_count) {
    return SOC_ERR_ARGUMENT;
  }
  if (o->lacks_facts) { // one reason: of who gives it, else of the first open rule
    describe_rule(c->policy, described_while_open(o), reason);
    reason->code = vm_reason_text(c, o);
    return SOC_OK;
  }
  vm_describe_reason(c->policy, c->reasons[vm_first_reason(c->policy, decision) + index], reason);
  return SOC_OK;
}

// ----------------------------------------------------------------------------------- facts, actions

soc_status soc_case_missing(const soc_case *c, uint32_t decision, uint32_t row, uint32_t index,
                            soc_fact_ref *missing) {
  const vm_outcome *o = vm_outcome_of(c, decision, row);
  if (!o || !missing || index >= o->missing_count) {
    return SOC_ERR_ARGUMENT;
  }
  *missing = c->missing[(size_t)decision * c->slots + index];
  return SOC_OK;
}

soc_status soc_case_assumed(const soc_case *c, uint32_t decision, uint32_t row, uint32_t index,
                            soc_fact_ref *assumed) {
  const vm_outcome *o = vm_outcome_of(c, decision, row);
  if (!o || !assumed || index >= o->assumed_count) {
    return SOC_ERR_ARGUMENT;
  }
  *assumed = c->assumed[(size_t)decision * c->assumed_slots + index];
  return SOC_OK;
}

soc_text soc_case_action(const soc_case *c, uint32_t decision, uint32_t row, uint32_t index) {
  const vm_outcome *o = vm_outcome_of(c, decision, row);
  if (!o || index >= o->action_count) {
    return no_text;
  }
  uint32_t extra = c->actions[vm_first_action(c->policy, decision) + index];
  return vm_name(c->policy, vm_extra_at(c->policy, extra).name);
}

soc_text soc_case_redirect(const soc_case *c, uint32_t decision, uint32_t row, uint32_t value) {
  soc_result result;
  if (soc_case_result(c, decision, row, &result) != SOC_OK ||
      result.redirect_fact_enum == SOC_NO_INDEX) {
    return no_text;
  }
  vm_enum e = vm_enum_at(c->policy, result.redirect_fact_enum);
  return value < e.count
             ? vm_name(c->policy, vm_u32(VM_AT(c->policy, ENUM_VALUES, e.first + value)))
             : no_text;
}

// --------------------------------------------------------------------------------------------- key

static uint64_t pair_of(uint32_t low, uint32_t high) {
  return (uint64_t)high << 32 | low;
}

static uint64_t *put_facts(uint64_t *key, const soc_fact_ref *facts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    *key++ = pair_of(facts[i].fact, facts[i].row);
  }
  return key;
}

static uint64_t *put_reasons(uint64_t *key, const vm_reason *reasons, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    *key++ = pair_of(reasons[i].rule, reasons[i].extra);
  }
  return key;
}

// A result that lacks facts has one reason and no redirect; whose criterion the reason tells is what soc_case_reason
// looks up. The value that is assumed of a fact is the artifact's, so that its number says enough.
uint32_t soc_case_result_key(const soc_case *c, uint32_t decision, uint32_t row, uint64_t *key,
                             uint32_t room) {
  enum { HEAD = 4, MOST = 0xffff };
  const vm_outcome *o = vm_outcome_of(c, decision, row);
  if (!o || !key) {
    return 0;
  }
  uint32_t reasons = o->lacks_facts ? 0 : o->reason_count;
  uint64_t size = HEAD + (uint64_t)reasons + o->missing_count + o->assumed_count + o->action_count;
  if (size > room || size > MOST) {
    return 0;
  }
  *key++ = pair_of(o->determination | (uint32_t)o->lacks_facts << 8, o->possible);
  *key++ = pair_of(o->reason, o->lacks_facts ? described_while_open(o) : o->decider);
  *key++ = vm_redirect(c, o);
  *key++ = pair_of(reasons | o->missing_count << 16, o->assumed_count | o->action_count << 16);
  key = put_reasons(key, c->reasons + vm_first_reason(c->policy, decision), reasons);
  key = put_facts(key, c->missing + (size_t)decision * c->slots, o->missing_count);
  key = put_facts(key, c->assumed + (size_t)decision * c->assumed_slots, o->assumed_count);
  const uint32_t *actions = c->actions + vm_first_action(c->policy, decision);
  for (uint32_t i = 0; i < o->action_count; i++) {
    key[i] = actions[i];
  }
  return (uint32_t)size;
}
