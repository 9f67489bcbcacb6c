// SPDX-License-Identifier: Apache-2.0
//
// What the readers of a plan write into the planes: patterns, the truths of their words as they will stand there.
#include <string.h>

#include "vm/plan_build.h"

static uint32_t test_count(const vm_reader *r) {
  return vm_highest_bit(r->tests) + 1;
}

// The words that the tests of a reader stand in.
static void find_words(const vm_plan *plan, vm_reader *r) {
  uint32_t first = UINT32_MAX, last = 0;
  for (uint32_t i = 0; i < test_count(r); i++) {
    uint32_t bit = plan->test_literals[r->literals + i];
    for (; bit != SOC_NONE32; bit = plan->copies[bit]) {
      first = bit / WORD_BITS < first ? bit / WORD_BITS : first;
      last = vm_later(last, bit / WORD_BITS);
    }
  }
  r->word = (uint16_t)first;
  r->span = (uint16_t)(last - first + 1);
}

// Tests that are met and those that are not, by number, in all places where they stand.
static void spread(const vm_plan *plan, const vm_reader *r, uint64_t met, uint64_t not_met,
                   vm_truths *out) {
  memset(out, 0, r->span * sizeof *out);
  for (uint32_t i = 0; i < test_count(r); i++) {
    uint32_t bit = plan->test_literals[r->literals + i];
    for (; bit != SOC_NONE32; bit = plan->copies[bit]) {
      vm_truths *t = &out[bit / WORD_BITS - r->word];
      t->met |= (met >> i & 1) << bit % WORD_BITS;
      t->not_met |= (not_met >> i & 1) << bit % WORD_BITS;
    }
  }
}

// Room for so many more patterns of a reader; NULL: there is none.
static vm_truths *take_patterns(vm_builder *b, const vm_reader *r, uint32_t count) {
  uint32_t at = b->pattern_count;
  if (b->most_patterns - at < count * r->span) {
    return NULL;
  }
  b->pattern_count += count * r->span;
  return b->plan->patterns + at;
}

static bool fill_first_patterns(vm_builder *b, vm_reader *r) {
  r->patterns = b->pattern_count;
  vm_truths *out = take_patterns(b, r, VM_PATTERN_VALUES);
  if (!out) {
    return false;
  }
  const vm_plan *plan = b->plan;
  spread(plan, r, r->tests, r->tests, out + (size_t)VM_PATTERN_TESTS * r->span);
  for (uint32_t state = 0; state < SOC_GIVEN; state++) {
    uint64_t met = r->met_in[state];
    spread(plan, r, met, r->known_in[state] & ~met,
           out + (size_t)(VM_PATTERN_STATE + state) * r->span);
  }
  spread(plan, r, r->empty_met, r->tests & ~r->empty_met,
         out + (size_t)(VM_PATTERN_STATE + SOC_GIVEN) * r->span);
  spread(plan, r, r->aside_met, r->aside_known & ~r->aside_met,
         out + (size_t)VM_PATTERN_ASIDE * r->span);
  spread(plan, r, r->only, r->only, out + (size_t)VM_PATTERN_ONLY * r->span);
  return true;
}

#define PATTERNS_COMPARED 64u // so that the time does not grow with the square of the rows

// The last pattern that was taken, or one before it that is the same; then the last one is given back.
static const vm_truths *same_pattern(vm_builder *b, const vm_reader *r, const vm_truths *last) {
  const vm_truths *first = b->plan->patterns + r->patterns + (size_t)VM_PATTERN_VALUES * r->span;
  const vm_truths *other = last;
  for (uint32_t n = 0; n < PATTERNS_COMPARED && other > first; n++) {
    other -= r->span;
    if (memcmp(other, last, r->span * sizeof *other) == 0) {
      b->pattern_count -= r->span;
      return other;
    }
  }
  return last;
}

static bool fill_value_patterns(vm_builder *b, const vm_reader *r) {
  const vm_plan *plan = b->plan;
  for (uint32_t row = r->rows; row < r->rows + r->count; row++) {
    vm_truths *out = take_patterns(b, r, 1);
    if (!out) {
      return false;
    }
    uint64_t met = plan->rows[row];
    uint64_t known = r->base == SOC_NONE32 ? r->tests : plan->rows[row + r->count];
    spread(plan, r, met, known & ~met, out);
    const vm_truths *at = same_pattern(b, r, out);
    plan->row_patterns[row] = (uint16_t)(at - (plan->patterns + r->patterns));
  }
  return true;
}

// Several readers of one fact are a chain, in which the one without a base comes last.
static void link_reader(vm_plan *plan, uint32_t index) {
  vm_reader *r = &plan->readers[index];
  r->next = plan->reader_of[r->fact];
  r->alone = r->span == 1 && r->kind != VM_READ_ITEMS && r->base == SOC_NONE32;
  r->paired = plan->first_pair[r->fact] != plan->first_pair[r->fact + 1];
  plan->reader_of[r->fact] = index;
}

static void leave_out(vm_plan *plan, const vm_reader *r) {
  const vm_truths *out =
      plan->patterns + r->patterns + (size_t)(VM_PATTERN_STATE + SOC_LEFT_OUT) * r->span;
  vm_truths *at = plan->left_out + r->word + (r->base == SOC_NONE32 ? 0 : plan->words);
  for (uint32_t w = 0; w < r->span; w++) {
    at[w].met |= out[w].met;
    at[w].not_met |= out[w].not_met;
  }
}

bool vm_fill_patterns(vm_builder *b) {
  vm_plan *plan = b->plan;
  memset(plan->left_out, 0, 2 * (size_t)plan->words * sizeof *plan->left_out);
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) {
    plan->reader_of[fact] = SOC_NONE32;
  }
  for (uint32_t i = 0; i < plan->reader_count; i++) {
    vm_reader *r = &plan->readers[i];
    find_words(plan, r);
    if (!fill_first_patterns(b, r) || !fill_value_patterns(b, r)) {
      return false;
    }
    link_reader(plan, i);
    leave_out(plan, r);
  }
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) { // the sample has none
    vm_put_pairs(b->sample, plan, fact, plan->left_out);
  }
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES); i++) { // `otherwise`
    if (plan->rules[i].cell == SOC_NONE32) {
      plan->left_out[plan->rule_bits[i] / WORD_BITS].met |= UINT64_C(1)
                                                            << plan->rule_bits[i] % WORD_BITS;
    }
  }
  return true;
}
