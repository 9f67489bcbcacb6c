// SPDX-License-Identifier: Apache-2.0
//
// The columnar executor inside: a plan (vm/plan.h) turned by a quarter. There one case has a bit for every literal; here
// every literal has a plane, a bit for each case of a block, met and not met. program.c makes the program from the plan,
// tables.c checks an input and looks every dictionary up, block.inc runs the program over one block and is compiled once
// for each kind of processor, single.c decides by the scalar executor what the program has no form for.
#ifndef SOC_BATCH_INTERNAL_H
#define SOC_BATCH_INTERNAL_H

#include "soc/batch.h"
#include "vm/plan.h"

#define BATCH_WORDS 16u
#define BATCH_CASES (BATCH_WORDS * 64u) // of a block
// Bits that one fact's value is asked for; a policy that asks for more is decided case by case.
#define BATCH_BITS 63u

typedef struct batch_plane {
  uint64_t word[BATCH_WORDS];
} batch_plane;

// A test of one fact: its value plane where the fact is given, and what it says of the other two states.
typedef struct batch_test {
  uint32_t literal;
  uint32_t plane;                                  // value plane
  uint64_t none_met, none_not, left_met, left_not; // all ones or none
} batch_test;

// A fact of the case and what is asked of its value: bits, each of which becomes a value plane.
typedef struct batch_fact {
  uint8_t type, left_out;
  bool nullable, whole;
  uint16_t list, other; // SOC_NONE16
  int64_t minimum, maximum;
  uint32_t values;            // of an enumeration
  uint32_t bits, plane;       // how many; the first
  const vm_reader *reader;    // NULL: none
  uint32_t tests, test_count; // the reader's, in the order of the bits
  uint32_t leaves;            // fields: the first test of a loop; there are `bits` of them
  uint32_t steps, step_count; // dates, numbers, numbers of rows
  uint64_t at_start;          // bits below the first step
  uint64_t only, empty;       // lists: bits that every item must meet; bits of a list of none
} batch_fact;

// From this value on these bits are the other way round.
typedef struct batch_step {
  int64_t from;
  uint64_t flips;
} batch_step;

// A test of a derived enumeration: of the fact's own value; left out, of what the code stands for.
typedef struct batch_mask_test {
  uint32_t bit[2]; // literals
  uint32_t cell, fact, code, asks;
  uint32_t own, code_met, code_not;                // value planes
  uint64_t none_met, none_not, left_met, left_not; // of the code
} batch_mask_test;

// A quantifier over a record list.
typedef struct batch_loop {
  uint32_t first, count; // code, from EACH_BEGIN to EACH_END; count 0: none
  uint32_t list;
  uint32_t slot; // of its first instruction, among those of all loops
  bool all;      // every row, not some row
} batch_loop;

struct soc_batch {
  soc_policy policy; // with the plan
  const vm_policy *p;
  const vm_plan *plan; // NULL: every case is decided one by one
  uint32_t fact_count, decision_count;
  uint32_t literals, value_planes;
  uint32_t test_count, step_count, mask_count;
  batch_fact *facts;
  batch_test *tests;           // fact by fact
  batch_step *steps;           // fact by fact, rising
  batch_mask_test *mask_tests; // as the plan numbers them
  uint8_t *native;             // by expression of the plan: it has a form here
  batch_loop *loops;           // the same
  uint32_t slots;              // instructions of all loops
  uint8_t *leaf_bits;          // by slot: which bit of its field's value a test is
  uint32_t *leaves;            // field by field: instructions that test its value
  uint32_t leaf_count;
};

// Literal, of a rule of a decision.
static inline uint32_t batch_rule_literal(const soc_batch *b, uint32_t decision, uint32_t rule) {
  return b->plan->decisions[decision].bit + rule;
}

// All bits that are asked of a value; `value` as a case holds it.
uint64_t batch_bits_of(const soc_batch *b, uint32_t fact, int64_t value);
// Is the fact one that code can read at its column alone?
bool batch_is_plain(const batch_fact *f);

// A column while an input is being decided.
typedef struct batch_column {
  const soc_column *column; // NULL: every case leaves it out
  // By entry of the dictionary or number of a value, and one more for what is neither: bits, eight of them a byte, one
  // row of bytes after the other. The last bit says that the entry is no value of the fact.
  uint8_t *table;
  uint32_t entries;
  uint32_t groups; // rows of bytes
  uint64_t *items; // lists: by entry, all bits
} batch_column;

// One call of soc_batch_decide.
typedef struct batch_run {
  const soc_batch *batch;
  const soc_batch_input *input;
  const soc_batch_result *results;
  batch_column *columns;
  soc_case *single;
  // Of the block at hand.
  uint64_t first;                      // case
  uint32_t count;                      // cases
  batch_plane *given, *none;           // by fact, disjoint
  batch_plane *values;                 // value planes
  batch_plane *met, *not_met, *wanted; // by literal
  batch_plane *open, *decides;         // by rule of one decision
  batch_plane *missing;                // by fact
  uint64_t *rows;     // by slot of loops: planes met, not met, wanted over the rows of the block
  uint32_t row_words; // of one such plane
  batch_plane apart;  // cases that have to be decided one by one
  uint8_t *bytes;     // scratch: BATCH_CASES of bytes, several rows
  soc_batch_report report;
  soc_error error;
} batch_run;

// block.inc: runs the program over run->first, run->count; writes the results of the cases that are not apart. False: a
// value out of range; run->report says which.
typedef bool batch_block_fn(batch_run *run);
batch_block_fn batch_block_plain, batch_block_avx2, batch_block_avx512;
#define BATCH_KINDS 3u
// batch.c: those that this processor can run, the best one last; returns how many.
uint32_t batch_blocks(batch_block_fn *blocks[BATCH_KINDS]);
// batch.c: soc_batch_decide with one of them.
soc_status batch_decide_by(batch_block_fn *block, const soc_batch *b, const soc_batch_input *input,
                           const soc_batch_result *results, void *scratch, size_t size,
                           soc_batch_report *report, soc_error *error);

// Up to 64 bits from bit `at` on; reads no byte that holds none of them.
static inline uint64_t batch_bits_at(const uint8_t *bits, uint64_t at, uint32_t count) {
  const uint8_t *from = bits + at / 8;
  uint32_t shift = (uint32_t)(at % 8), bytes = (shift + count + 7) / 8;
  uint64_t word = 0;
  if (bytes >= 8) {
    word = vm_u64(from) >> shift;
    word |= bytes > 8 ? (uint64_t)from[8] << (64 - shift) : 0;
  } else {
    for (uint32_t i = 0; i < bytes; i++) {
      word |= (uint64_t)from[i] << 8 * i;
    }
    word >>= shift;
  }
  return count < 64 ? word & ((UINT64_C(1) << count) - 1) : word;
}

// rows.c. Which loops have a form; what a test says of a value.
bool batch_loop_fits(const soc_batch *b, const vm_expression *e);
bool batch_leaf(const soc_batch *b, uint32_t pc, int64_t value);
// False: a value out of range.
bool batch_run_loop(batch_run *run, uint32_t index, const batch_plane *asked, batch_plane *met,
                    batch_plane *not_met);
void batch_ask_loop(batch_run *run, uint32_t index, const batch_plane *who);

// Beside the bits of a value: it is none of the fact.
#define BATCH_NO_VALUE (UINT64_C(1) << BATCH_BITS)

// columns.c: a truth, date or number; false: none of the fact.
bool batch_number_at(const batch_fact *f, const soc_column *c, uint64_t at, int64_t *value);
// columns.c: what stands in a column.
bool batch_bit(const uint8_t *bits, uint64_t at);
soc_state batch_state_at(const soc_column *c, uint64_t element);
uint64_t batch_index_at(const soc_column *c, uint64_t at);
soc_status batch_refuse(batch_run *run, soc_status status, uint32_t fact, uint64_t element,
                        const char *code, const char *sentence);
// Rows of a record list in all cases.
uint64_t batch_rows_of(const soc_batch_input *input, const soc_column *list);
// Checks how the columns lie, not what they hold.
soc_status batch_check_input(batch_run *run);
// Looks the entries of every dictionary up.
void batch_look_up(batch_run *run);
// The value of an enumeration by its name.
bool batch_value_named(const soc_batch *b, uint32_t fact, const char *text, size_t length,
                       int64_t *value);
uint32_t batch_entries(const soc_batch *b, uint32_t fact, const soc_column *c);
uint32_t batch_groups(const soc_batch *b, uint32_t fact);

// single.c: how large a case has to be.
void batch_limits(const soc_batch *b, const soc_batch_input *input, soc_case_limits *limits);
// Sets all facts of one case. *fact, *element: what was refused.
soc_status batch_fill(const soc_batch *b, const soc_batch_input *input, uint64_t index, soc_case *c,
                      uint32_t *fact, uint64_t *element);
// Decides one case and writes its results.
soc_status batch_single(batch_run *run, uint64_t index);

#endif
