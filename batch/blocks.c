// SPDX-License-Identifier: Apache-2.0
//
// The blocks of a plan as lists of planes. A literal that says the same as another one, or the opposite, has no planes
// of its own: the negation of a test or of code, and a block of one member. Made in scratch memory, since how much it
// takes is known only when the plan is there.
#include <string.h>

#include "batch/batch.h"

#define WORD_BITS 64u

static const uint64_t *mask_of(const vm_plan *plan, uint32_t block) {
  return plan->masks + (size_t)block * plan->words;
}

static uint32_t count_members(const vm_plan *plan, uint32_t block) {
  uint32_t count = 0;
  for (uint32_t w = 0; w < plan->words; w++) {
    for (uint64_t left = mask_of(plan, block)[w]; left != 0; left &= left - 1) {
      count++;
    }
  }
  return count;
}

static bool folds(const vm_block *block) {
  return block->kind < VM_BLOCK_COUNT;
}

void batch_count_blocks(const soc_batch *b, uint32_t *blocks, uint32_t *members) {
  const vm_plan *plan = b->plan;
  *blocks = *members = 0;
  for (uint32_t i = 0; plan && i < plan->column_step_count; i++) {
    const vm_plan_step *step = &plan->column_program[i];
    for (uint32_t n = 0; step->kind == VM_STEP_BLOCKS && n < step->count; n++) {
      *blocks += 1;
      *members += count_members(plan, step->first + n);
    }
  }
}

// The negation of a truth that has a literal of its own.
static void join_negation(const batch_run *run, const uint32_t bit[2]) {
  if (bit[0] != SOC_NONE32 && bit[1] != SOC_NONE32) {
    run->planes[bit[1]] = run->planes[bit[0]] ^ 1u;
  }
}

static void join_negations(const batch_run *run) {
  const soc_batch *b = run->batch;
  for (uint32_t i = 0; i < b->plan->expression_count; i++) {
    join_negation(run, b->plan->expressions[i].bit);
  }
  for (uint32_t i = 0; i < b->mask_count; i++) {
    join_negation(run, b->mask_tests[i].bit);
  }
}

// Members by the plane that is met where they are good for the block. A block of none is `all of` nothing, or `any of`.
static void add_block(const batch_run *run, uint32_t index, batch_layer *layer, uint32_t *next) {
  const vm_plan *plan = run->batch->plan;
  const vm_block *planned = &plan->blocks[index];
  uint32_t other = planned->kind == VM_BLOCK_ANY, literal = planned->bit;
  batch_block block = {.out = (uint16_t)(2 * literal + other), .first = *next};
  for (uint32_t w = 0; w < plan->words; w++) {
    for (uint64_t left = mask_of(plan, index)[w]; left != 0; left &= left - 1) {
      uint32_t plane = run->planes[w * WORD_BITS + vm_lowest_bit(left)] ^ other;
      run->members[(*next)++] = (uint16_t)plane;
    }
  }
  block.count = *next - block.first;
  if (folds(planned) && block.count == 1) {
    run->planes[literal] = (uint16_t)(run->members[block.first] ^ other);
    return;
  }
  block.folds = folds(planned);
  block.at_least = planned->at_least;
  block.negated = planned->kind == VM_BLOCK_NOT_COUNT;
  run->blocks[layer->end++] = block;
}

// Of all decisions: each of their rules, each member of each block.
size_t batch_count_askers(const soc_batch *b, uint32_t members) {
  size_t count = 0;
  for (uint32_t d = 0; b->plan && d < b->decision_count; d++) {
    count += (size_t)members + b->plan->decisions[d].count;
  }
  return count;
}

// Counts or fills in.
static void add_asker(const batch_run *run, batch_asked *a, uint32_t asker, bool fill) {
  if (fill) {
    run->askers[a->first + a->filled++] = asker;
  } else {
    a->count++;
  }
}

// Which rules and blocks ask for a literal: from the rules back over what blocks take in.
static void link_askers(const batch_run *run, uint32_t decision, batch_asked *asked, bool fill) {
  const soc_batch *b = run->batch;
  for (uint32_t r = 0; r < b->plan->decisions[decision].count; r++) {
    uint32_t literal = batch_rule_literal(b->plan, decision, r);
    add_asker(run, &asked[run->planes[literal] / 2], b->literals + r, fill);
  }
  for (uint32_t i = run->layers[b->plan->column_step_count - 1].end; i-- > 0;) {
    const batch_block *block = &run->blocks[i];
    bool wanted = asked[block->out / 2].count > 0;
    for (uint32_t n = block->first; wanted && n < block->first + block->count; n++) {
      add_asker(run, &asked[run->members[n] / 2], block->out / 2u, fill);
    }
  }
}

static void find_askers(const batch_run *run) {
  uint32_t next = 0, literals = run->batch->literals;
  for (uint32_t d = 0; d < run->batch->decision_count; d++) {
    batch_asked *asked = run->asked + (size_t)d * literals;
    memset(asked, 0, literals * sizeof *asked);
    link_askers(run, d, asked, false);
    for (uint32_t literal = 0; literal < literals; literal++) {
      asked[literal].first = next;
      next += asked[literal].count;
    }
    link_askers(run, d, asked, true);
  }
}

// Which assumptions a literal can depend on: from the tests of their facts on over what blocks take in.
static void find_readers(const batch_run *run) {
  const soc_batch *b = run->batch;
  for (uint32_t literal = 0; literal < b->literals; literal++) {
    run->reads[literal] = 0;
  }
  for (uint32_t i = 0; i < b->assumption_count; i++) {
    const batch_fact *f = &b->facts[b->assumptions[i].fact];
    for (uint32_t t = f->tests; t < f->tests + f->test_count; t++) {
      run->reads[run->planes[b->tests[t].literal] / 2] |= BATCH_BIT_OF(i);
    }
  }
  for (uint32_t i = 0; i < run->layers[b->plan->column_step_count - 1].end; i++) {
    const batch_block *block = &run->blocks[i];
    for (uint32_t n = block->first; n < block->first + block->count; n++) {
      run->reads[block->out / 2] |= run->reads[run->members[n] / 2];
    }
  }
}

void batch_find_blocks(batch_run *run) {
  const vm_plan *plan = run->batch->plan;
  uint32_t next = 0, end = 0;
  for (uint32_t literal = 0; literal < run->batch->literals; literal++) {
    run->planes[literal] = (uint16_t)(2 * literal);
  }
  join_negations(run);
  for (uint32_t i = 0; i < plan->column_step_count; i++) {
    const vm_plan_step *step = &plan->column_program[i];
    batch_layer layer = {end, end};
    for (uint32_t n = 0; step->kind == VM_STEP_BLOCKS && n < step->count; n++) {
      add_block(run, step->first + n, &layer, &next);
    }
    run->layers[i] = layer;
    end = layer.end;
  }
  find_askers(run);
  find_readers(run);
}
