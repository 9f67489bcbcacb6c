// SPDX-License-Identifier: Apache-2.0
//
// Deciding an input: lays the scratch memory out, chooses the block executor for this processor, and goes through the
// cases block by block; cases that a block leaves apart are decided one by one.
#include <string.h>

#include "batch/batch.h"

#define WORD_BITS 64u
#define MISSING ((soc_text){"FACT_MISSING", 12})

// -------------------------------------------------------------------------------------------- memory

#define LINE 64u
#define ROW 128u // what is looked up at once in a table

static void *take(vm_pool *r, uint64_t count, uint64_t bytes) {
  return batch_take(r, count, bytes, LINE);
}

static bool is_list(const soc_batch *b, uint32_t fact) {
  uint8_t type = b->facts[fact].type;
  return b->facts[fact].list == SOC_NONE16 &&
         (type == SOC_CODE_LIST || type == SOC_ENUM_LIST || type == SOC_RECORDS);
}

// Words of a plane over the items or rows of a block, whichever list and block has most: whole lines, and one at least.
static uint32_t row_words(const soc_batch *b, const soc_batch_input *input) {
  uint32_t most = 0;
  for (uint32_t fact = 0; b->plan && fact < b->fact_count; fact++) {
    const soc_column *c = &input->columns[fact];
    bool list = is_list(b, fact) && c->layout != SOC_LAYOUT_LEFT_OUT;
    for (uint64_t at = 0; list && at < input->count; at += BATCH_CASES) {
      uint64_t end = at + BATCH_CASES < input->count ? at + BATCH_CASES : input->count;
      uint32_t rows = (uint32_t)(c->offsets[c->first + end] - c->offsets[c->first + at]);
      most = rows > most ? rows : most;
    }
  }
  return (most / BATCH_CASES + 1) * BATCH_WORDS;
}

// Entries of the call before that are entries still: a dictionary may have grown behind them.
static uint32_t known_entries(const batch_column *last, const batch_column *t) {
  bool same = last->table == t->table && last->stride == t->stride && last->entries <= t->entries &&
              last->dictionary.bytes == t->dictionary.bytes &&
              last->dictionary.offsets == t->dictionary.offsets;
  return same ? last->entries : 0;
}

// So long that a dictionary which grows seldom moves the tables.
static uint32_t stride_of(uint32_t row) {
  uint32_t stride = row;
  while ((stride & (stride - 1)) != 0) {
    stride += stride & (0 - stride);
  }
  return stride;
}

// The tables lie where they lay in the call before if the entries are about as many.
static void lay_out_columns(batch_run *run, vm_pool *r) {
  const soc_batch *b = run->batch;
  run->columns = take(r, b->fact_count, sizeof *run->columns);
  for (uint32_t fact = 0; fact < b->fact_count; fact++) {
    const soc_column *c = &run->input->columns[fact];
    uint32_t entries = batch_entries(b, fact, c), groups = batch_groups(b, fact);
    uint32_t row = entries > 0 ? (entries / ROW + 1) * ROW : 0; // one more, and whole parts
    batch_column t = {.column = c->layout == SOC_LAYOUT_LEFT_OUT ? NULL : c,
                      .dictionary = c->dictionary,
                      .entries = entries,
                      .groups = groups,
                      .row = row,
                      .stride = stride_of(row),
                      .table = take(r, stride_of(row), groups + 1)};
    if (r->memory) {
      const batch_column *last = &run->columns[fact];
      bool again = run->again && last->looked_up_for == b;
      t.known = again ? known_entries(last, &t) : 0;
      t.lacks_value = t.known > 0 && last->lacks_value;
      run->columns[fact] = t;
    }
  }
}

static void lay_out_lists(batch_run *run, vm_pool *r) {
  const soc_batch *b = run->batch;
  uint64_t words = run->row_words = b->plan ? row_words(b, run->input) : 0;
  run->splits = take(r, b->plan ? b->fact_count : 0, sizeof *run->splits);
  for (uint32_t fact = 0; b->plan && fact < b->fact_count; fact++) {
    batch_split s = {0};
    if (is_list(b, fact)) {
      s.ends = take(r, words, sizeof *s.ends);
      s.before = take(r, words, sizeof *s.before);
    }
    if (r->memory) {
      run->splits[fact] = s;
    }
  }
  run->rows = take(r, (size_t)b->slots * 3 * words, sizeof *run->rows);
  run->asking = take(r, b->slots, sizeof *run->asking);
  run->hits = take(r, 8 * words, sizeof *run->hits);
  run->row_given = take(r, words, sizeof *run->row_given);
  run->row_none = take(r, words, sizeof *run->row_none);
  run->bytes = take(r, LINE + (size_t)4 * BATCH_CASES + words * WORD_BITS, 1);
  run->bytes = r->memory ? run->bytes + LINE : NULL;
  run->outcomes = take(r, b->plan ? b->decision_count + 1u : 0, sizeof *run->outcomes);
  run->days = take(r, BATCH_CASES, sizeof *run->days);
}

static void lay_out(batch_run *run, vm_pool *r) {
  const soc_batch *b = run->batch;
  uint32_t facts = b->plan ? b->fact_count : 0, literals = b->literals;
  uint32_t blocks, members;
  lay_out_columns(run, r);
  run->single_memory = take(r, run->single_bytes, 1);
  run->given = take(r, facts, sizeof *run->given);
  run->none = take(r, facts, sizeof *run->none);
  run->all_missing = take(r, facts * (b->decision_count + UINT64_C(1)), sizeof *run->all_missing);
  run->all_assumed =
      take(r, (uint64_t)b->decision_count * b->assumption_count, sizeof *run->all_assumed);
  run->values = take(r, b->value_planes, sizeof *run->values);
  run->states = take(r, 2 * (uint64_t)literals, sizeof *run->states);
  run->wanted = take(r, b->plan ? literals + VM_PLAN_BITS : 0, sizeof *run->wanted);
  run->planes = take(r, literals, sizeof *run->planes);
  run->reads = take(r, literals, sizeof *run->reads);
  batch_count_blocks(b, &blocks, &members);
  run->asked = take(r, b->decision_count * (uint64_t)literals, sizeof *run->asked);
  run->askers = take(r, batch_count_askers(b, members), sizeof *run->askers);
  run->blocks = take(r, blocks, sizeof *run->blocks);
  run->members = take(r, members, sizeof *run->members);
  run->layers = take(r, b->plan ? b->plan->column_step_count : 0, sizeof *run->layers);
  lay_out_lists(run, r);
}

static size_t measure(batch_run *run) {
  batch_limits(run->batch, run->input, &run->limits);
  run->single_bytes = soc_case_bytes(&run->batch->policy, &run->limits);
  vm_pool r = {.used = LINE}; // to align it
  if (run->single_bytes == 0) {
    return 0;
  }
  lay_out(run, &r);
  return vm_pool_bytes(&r);
}

static bool is_input(const soc_batch *b, const soc_batch_input *input) {
  return b && input && input->columns && input->count <= SOC_BATCH_MOST;
}

size_t soc_batch_scratch_bytes(const soc_batch *b, const soc_batch_input *input) {
  batch_run run = {.batch = b, .input = input};
  return is_input(b, input) && batch_check_input(&run) == SOC_OK ? measure(&run) : 0;
}

// ------------------------------------------------------------------------------------------ deciding

// Kinds of processors: any, AVX2, AVX-512; each can do what the ones before it can.
static uint32_t best_kind(void) {
  uint32_t kind = 0;
#if defined(BATCH_X86)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
      __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt")) {
    kind = 1;
  }
  if (kind == 1 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
      __builtin_cpu_supports("gfni")) {
    kind = 2;
  }
#endif
  return kind;
}

uint32_t batch_blocks(batch_block_fn *blocks[BATCH_KINDS]) {
  blocks[0] = batch_block_plain;
#if defined(BATCH_X86)
  blocks[1] = batch_block_avx2;
  blocks[2] = batch_block_avx512;
#endif
  return best_kind() + 1;
}

uint32_t batch_slopes(const int32_t *offsets, uint64_t count) {
#if defined(BATCH_X86)
  static batch_slopes_fn *const kinds[BATCH_KINDS] = {batch_slopes_plain, batch_slopes_avx2,
                                                      batch_slopes_avx512};
  return kinds[best_kind()](offsets, count);
#else
  return batch_slopes_plain(offsets, count);
#endif
}

static uint32_t count_apart(const batch_run *run) {
  uint32_t count = 0;
  for (uint32_t w = 0; w < BATCH_WORDS; w++) {
    for (uint64_t left = run->apart.word[w]; left != 0; left &= left - 1) {
      count++;
    }
  }
  return count;
}

// A result of which nothing but the key is wanted; that tells by itself that the case has to be decided alone.
static bool wants_key_alone(const soc_batch_result *r) {
  return r->keys && !r->determination && !r->code && !r->rule && !r->possible && !r->reasons &&
         !r->missing && !r->assumed;
}

static bool wants_keys_alone(const batch_run *run) {
  bool alone = run->batch->decision_count > 0;
  for (uint32_t d = 0; d < run->batch->decision_count; d++) {
    alone = alone && wants_key_alone(&run->results[d]);
  }
  return alone;
}

static soc_status decide_apart(batch_run *run) {
  if (wants_keys_alone(run)) {
    run->report.single += count_apart(run);
    return SOC_OK;
  }
  for (uint32_t w = 0; w < BATCH_WORDS; w++) {
    for (uint64_t left = run->apart.word[w]; left != 0; left &= left - 1) {
      soc_status status =
          batch_single(run, run->first + (uint64_t)w * WORD_BITS + vm_lowest_bit(left));
      if (status != SOC_OK) {
        return status;
      }
    }
  }
  return SOC_OK;
}

static soc_status decide_blocks(batch_run *run, batch_block_fn *block) {
  for (run->first = 0; run->first < run->input->count; run->first += BATCH_CASES) {
    uint64_t left = run->input->count - run->first;
    run->count = left < BATCH_CASES ? (uint32_t)left : BATCH_CASES;
    if (!block(run)) {
      return SOC_ERR_VALUE;
    }
    soc_status status = decide_apart(run);
    if (status != SOC_OK) {
      return status;
    }
  }
  run->report.columnar = run->input->count - run->report.single;
  return SOC_OK;
}

static soc_status decide_singly(batch_run *run) {
  for (uint64_t i = 0; i < run->input->count; i++) {
    soc_status status = batch_single(run, i);
    if (status != SOC_OK) {
      return status;
    }
  }
  return SOC_OK;
}

static soc_status prepare(batch_run *run, void *scratch, size_t size) {
  soc_status status = batch_check_input(run);
  if (status != SOC_OK) {
    return status;
  }
  size_t needed = measure(run);
  if (needed == 0) {
    return batch_refuse(run, SOC_ERR_LIMIT, SOC_NO_INDEX, 0, "limit",
                        "a case has more rows, items or text than a case can hold, or the input "
                        "more than memory");
  }
  if (size < needed) {
    return batch_refuse(run, SOC_ERR_MEMORY, SOC_NO_INDEX, 0, "memory",
                        "the memory is smaller than soc_batch_scratch_bytes says");
  }
  uintptr_t at = ((uintptr_t)scratch + LINE - 1) / LINE * LINE;
  vm_pool r = {.memory = (unsigned char *)at};
  lay_out(run, &r);
  if (run->batch->plan) {
    batch_find_blocks(run);
  }
  return batch_look_up(run);
}

soc_status batch_decide_by(batch_block_fn *block, const soc_batch *b, const soc_batch_input *input,
                           const soc_batch_result *results, batch_memory memory,
                           soc_batch_report *report, soc_error *error) {
  batch_run run = {.batch = b, .input = input, .results = results, .again = memory.again};
  run.report.fact = SOC_NO_INDEX;
  run.error = (soc_error){"argument", "an argument is NULL or the input is too large", 0};
  soc_status status = SOC_ERR_ARGUMENT;
  if (is_input(b, input) && results && memory.scratch) {
    status = prepare(&run, memory.scratch, memory.size);
    status = status != SOC_OK ? status : b->plan ? decide_blocks(&run, block) : decide_singly(&run);
  }
  if (report) {
    *report = run.report;
  }
  if (error && status != SOC_OK) {
    *error = run.error;
  }
  return status;
}

static batch_block_fn *best_block(void) {
  batch_block_fn *blocks[BATCH_KINDS];
  uint32_t count = batch_blocks(blocks);
  return blocks[count - 1];
}

soc_status soc_batch_decide(const soc_batch *b, const soc_batch_input *input,
                            const soc_batch_result *results, void *scratch, size_t size,
                            soc_batch_report *report, soc_error *error) {
  batch_memory memory = {scratch, size, false};
  return batch_decide_by(best_block(), b, input, results, memory, report, error);
}

soc_status soc_batch_decide_again(const soc_batch *b, const soc_batch_input *input,
                                  const soc_batch_result *results, void *scratch, size_t size,
                                  soc_batch_report *report, soc_error *error) {
  batch_memory memory = {scratch, size, true};
  return batch_decide_by(best_block(), b, input, results, memory, report, error);
}

// -------------------------------------------------------------------------------------------- results

uint64_t soc_batch_results_count(const soc_batch *b, const soc_batch_input *input,
                                 uint32_t decision) {
  if (!is_input(b, input) || decision >= b->decision_count) {
    return 0;
  }
  uint16_t list = vm_decision_at(b->p, decision).list;
  if (list == SOC_NONE16) {
    return input->count;
  }
  const soc_column *c = &input->columns[list];
  if (c->layout != SOC_LAYOUT_ROWS || !c->offsets || c->length < input->count) {
    return 0;
  }
  const int32_t *offsets = c->offsets + c->first;
  int64_t rows = (int64_t)offsets[input->count] - offsets[0];
  return rows > 0 ? (uint64_t)rows : 0;
}

uint32_t soc_batch_reason_words(const soc_batch *b, uint32_t decision) {
  return b && decision < b->decision_count
             ? (vm_decision_at(b->p, decision).count + WORD_BITS - 1) / WORD_BITS
             : 0;
}

uint64_t soc_batch_missing_words(const soc_batch *b, const soc_batch_input *input,
                                 uint32_t decision) {
  return (soc_batch_results_count(b, input, decision) + WORD_BITS - 1) / WORD_BITS;
}

// Bits of keys as write_keys has them: no key, the ending, the first open rule, what is possible, reasons, conditions
// of grounds and actions, what is missing, what was assumed.
static uint32_t key_bits(const soc_batch *b, uint32_t decision) {
  const vm_plan_decision *d = &b->plan->decisions[decision];
  uint32_t bits = 1 + 8 + 6 + d->used_count + d->count + b->fact_count + b->assumption_count;
  for (uint32_t r = d->first; r < d->first + d->count; r++) {
    const vm_rule *rule = &b->plan->rules[r];
    for (uint32_t i = rule->extra; i < rule->extra + rule->extra_count; i++) {
      bits += vm_extra_at(b->p, i).cell < VM_COUNT(b->p, CELLS);
    }
  }
  return bits;
}

uint32_t soc_batch_key_words(const soc_batch *b, uint32_t decision) {
  if (!b || decision >= b->decision_count) {
    return 0;
  }
  return b->plan ? (key_bits(b, decision) + WORD_BITS - 1) / WORD_BITS : 1;
}

uint32_t soc_batch_code_count(const soc_batch *b, uint32_t decision) {
  return b && decision < b->decision_count ? 2 + 2 * vm_decision_at(b->p, decision).count : 0;
}

soc_text soc_batch_code(const soc_batch *b, uint32_t decision, uint16_t code) {
  if (code == 0 || code >= soc_batch_code_count(b, decision)) {
    return (soc_text){"", 0};
  }
  if (code == SOC_BATCH_FACT_MISSING) {
    return MISSING;
  }
  vm_decision d = vm_decision_at(b->p, decision);
  uint32_t number = code - 2u;
  vm_rule rule = vm_rule_at(b->p, d.first + number % d.count);
  return vm_name(b->p, number < d.count ? rule.code : rule.open_code);
}
