// SPDX-License-Identifier: Apache-2.0
//
// See places.h.
#include "cli/places.h"

uint32_t place_line(const vm_policy *p, uint32_t pc) {
  uint32_t low = 0, high = VM_COUNT(p, LINES);
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (vm_u32(VM_AT(p, LINES, middle)) <= pc)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? vm_u32(VM_AT(p, LINES, low - 1) + 4) : 0;
}

soc_text place_file(const vm_policy *p, uint32_t source) {
  return vm_wording(p, source == SOC_NONE32 ? SOC_NONE32 : vm_u32(VM_AT(p, SOURCES, source)));
}

// ---------------------------------------------------------------------------------------- uses of `if given`

struct search {
  const vm_policy *p;
  uint32_t fact, cite, line;
  uint32_t source; // found; SOC_NONE32: none yet
  bool several;
};

static bool reads_there(const struct search *s, uint32_t pc) {
  vm_instruction i = vm_instruction_at(s->p, pc);
  uint8_t operand = vm_op_shapes[i.op].b;
  return (operand == B_FACT || operand == B_EACH) && i.b == s->fact &&
         place_line(s->p, pc) == s->line;
}

static void found(struct search *s, vm_words words) {
  if (words.cite != s->cite) return;
  s->several = s->several || (s->source != SOC_NONE32 && s->source != words.source);
  s->source = words.source;
}

static void look(struct search *s, vm_words words, uint32_t first, uint32_t count) {
  bool there = false;
  for (uint32_t pc = first; pc < first + count && !there; pc++) there = reads_there(s, pc);
  if (there) found(s, words);
}

static void look_in_rule(struct search *s, uint32_t index) {
  vm_rule rule = vm_rule_at(s->p, index);
  vm_words words = vm_words_of(VM_AT(s->p, RULE_WORDS, index));
  look(s, words, rule.from, rule.from_count);
  look(s, words, rule.through, rule.through_count);
  look(s, words, rule.stands, rule.stands_count);
  if (rule.except == s->fact + 1 && words.line <= s->line) found(s, words); // no code reads it
}

uint32_t place_of_use(const vm_policy *p, uint32_t use) {
  const uint8_t *r = VM_AT(p, GIVEN_USES, use);
  struct search s = {p, vm_u16(r), vm_u32(r + 4), vm_u32(r + 8), SOC_NONE32, false};
  for (uint32_t i = 0; i < VM_COUNT(p, CELLS); i++) {
    vm_cell cell = vm_cell_at(p, i);
    look(&s, vm_words_of(VM_AT(p, CELL_WORDS, i)), cell.first, cell.count);
  }
  for (uint32_t i = 0; i < VM_COUNT(p, RULES); i++) look_in_rule(&s, i);
  return s.several ? SOC_NONE32 : s.source;
}
