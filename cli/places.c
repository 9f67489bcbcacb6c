// SPDX-License-Identifier: Apache-2.0
//
// See places.h.
#include "cli/places.h"

#include <stdlib.h>

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

// Some artifacts have a million uses and a million instructions: the uses are sorted, and code is walked once.
struct use {
  uint32_t fact, cite, line, index;
  uint32_t source;  // what reads the fact on this line
  uint32_t onwards; // what reads it here and behind, under the same citation
};

struct uses {
  const vm_policy *p;
  struct use *items;
  uint32_t count;
};

static const uint32_t SEVERAL = SOC_NONE32 - 1; // no file has this number: there are not as many

static uint32_t either(uint32_t a, uint32_t b) {
  if (a == SOC_NONE32 || a == b) return b;
  return b == SOC_NONE32 ? a : SEVERAL;
}

static int compare_numbers(uint32_t a, uint32_t b) {
  return (a > b) - (a < b);
}

static int compare_uses(const void *left, const void *right) {
  const struct use *a = left, *b = right;
  int order = compare_numbers(a->fact, b->fact);
  if (order == 0) order = compare_numbers(a->cite, b->cite);
  return order ? order : compare_numbers(a->line, b->line);
}

// The first use that does not stand before this place.
static struct use *first_from(const struct uses *u, uint32_t fact, uint32_t cite, uint32_t line) {
  struct use sought = {.fact = fact, .cite = cite, .line = line};
  uint32_t low = 0, high = u->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (compare_uses(&u->items[middle], &sought) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < u->count ? &u->items[low] : NULL;
}

static void look(const struct uses *u, vm_words words, uint32_t first, uint32_t count) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(u->p, pc);
    uint8_t operand = vm_op_shapes[i.op].b;
    if (operand != B_FACT && operand != B_EACH) continue;
    uint32_t line = place_line(u->p, pc);
    struct use *use = first_from(u, i.b, words.cite, line);
    if (use && use->fact == i.b && use->cite == words.cite && use->line == line)
      use->source = either(use->source, words.source);
  }
}

static void look_in_rule(const struct uses *u, uint32_t index) {
  vm_rule rule = vm_rule_at(u->p, index);
  vm_words words = vm_words_of(VM_AT(u->p, RULE_WORDS, index));
  look(u, words, rule.from, rule.from_count);
  look(u, words, rule.through, rule.through_count);
  look(u, words, rule.stands, rule.stands_count);
  if (rule.except == 0) return;
  // No code reads it: it stands somewhere behind the rule's first line.
  uint32_t fact = rule.except - 1u;
  struct use *use = first_from(u, fact, words.cite, words.line);
  if (use && use->fact == fact && use->cite == words.cite)
    use->onwards = either(use->onwards, words.source);
}

// Of uses in the same place the first was told; what goes onwards ends with the citation.
static void spread(const struct uses *u, uint32_t *sources) {
  for (uint32_t i = 0; i < u->count; i++) {
    struct use *use = &u->items[i];
    const struct use *before = i ? use - 1 : NULL;
    if (before && before->fact == use->fact && before->cite == use->cite) {
      use->onwards = either(use->onwards, before->onwards);
      if (before->line == use->line) use->source = before->source;
    }
    uint32_t source = either(use->source, use->onwards);
    sources[use->index] = source == SEVERAL ? SOC_NONE32 : source;
  }
}

bool places_of_uses(const vm_policy *p, uint32_t *sources) {
  struct uses u = {.p = p, .count = VM_COUNT(p, GIVEN_USES)};
  if (u.count == 0) return true;
  u.items = calloc(u.count, sizeof *u.items);
  if (!u.items) return false;
  for (uint32_t i = 0; i < u.count; i++) {
    const uint8_t *r = VM_AT(p, GIVEN_USES, i);
    u.items[i] = (struct use){vm_u16(r), vm_u32(r + 4), vm_u32(r + 8), i, SOC_NONE32, SOC_NONE32};
  }
  qsort(u.items, u.count, sizeof *u.items, compare_uses);
  for (uint32_t i = 0; i < VM_COUNT(p, CELLS); i++) {
    vm_cell cell = vm_cell_at(p, i);
    look(&u, vm_words_of(VM_AT(p, CELL_WORDS, i)), cell.first, cell.count);
  }
  for (uint32_t i = 0; i < VM_COUNT(p, RULES); i++) look_in_rule(&u, i);
  spread(&u, sources);
  free(u.items);
  return true;
}
