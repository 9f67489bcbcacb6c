// SPDX-License-Identifier: Apache-2.0
//
// The columnar executor inside: a plan (vm/plan.h) turned by a quarter. There one case has a bit for every literal;
// here every literal has a plane, a bit for each case of a block, met and not met. program.c makes the program from the
// plan, columns.c checks an input and looks every dictionary up, block.inc runs the program over one block and is
// compiled once for each kind of processor, single.c decides by the scalar executor what the program has no form for.
#ifndef SOC_BATCH_INTERNAL_H
#define SOC_BATCH_INTERNAL_H

#include "soc/batch.h"
#include "vm/plan.h"
#include "vm/pool.h"

// So many that what it takes to find the next plane is little beside working on it, and that the planes of a block stay
// in the second cache.
#define BATCH_CASES 2048u // of a block
#define BATCH_WORDS (BATCH_CASES / 64u)
// Bits that one fact's value is asked for; a policy that asks for more is decided case by case.
#define BATCH_BITS 63u

typedef struct batch_plane {
  _Alignas(64) uint64_t word[BATCH_WORDS];
} batch_plane;

// A test of one fact: its value plane where the fact is given, and what it says of the other two states.
typedef struct batch_test {
  uint32_t literal;
  uint32_t plane;                                  // value plane
  uint64_t none_met, none_not, left_met, left_not; // all ones or none
  uint64_t aside_met, aside_not;                   // left out, and its assumption is put aside
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
  uint64_t no, yes;           // yes or no: bits of either
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

// How code that looks at several facts is worked out.
enum batch_form {
  BATCH_SINGLE, // not at all: cases in which it matters are decided one by one
  BATCH_DATES,  // two dates are compared
  BATCH_DATED,  // a code is looked up in a set as of a date
  BATCH_LOOP    // a quantifier over a record list
};

// A code in a set as of a date: value planes of the code, one for before the first day and each one from a day on, then
// for codes that are always members, and for those that are members on some day.
#define BATCH_DAYS 8u
typedef struct batch_dated {
  uint32_t fact, date;
  bool given; // `if given`
  uint32_t set, plane, day_count;
  int32_t days[BATCH_DAYS]; // on which members come or go, rising
} batch_dated;

// A quantifier over a record list.
typedef struct batch_loop {
  uint32_t first, count; // code, from EACH_BEGIN to EACH_END
  uint32_t list;
  uint32_t slot; // of its first instruction, among those of all loops
  bool all;      // every row, not some row
} batch_loop;

// A fact of the case with an assumed value. What planes cannot tell about it (what derived enumerations, windows and
// redirects read) is decided one by one where it was left out.
typedef struct batch_assumption {
  uint32_t fact;
  bool apart;
} batch_assumption;

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
  // By expression of the plan.
  uint8_t *forms;     // enum batch_form
  uint32_t *same;     // the first one that says the same
  batch_loop *loops;  // BATCH_LOOP
  batch_dated *dated; // BATCH_DATED
  uint32_t slots;     // instructions of all loops
  uint8_t *leaf_bits; // by slot: which bit of its field's value a test is
  uint32_t *leaves;   // field by field: instructions that test its value
  uint32_t leaf_count;
  batch_assumption *assumptions;
  uint32_t assumption_count;
};

// A rule's literal.
static inline uint32_t batch_rule_literal(const vm_plan *plan, uint32_t decision, uint32_t rule) {
  uint32_t cell = plan->rules[plan->decisions[decision].first + rule].cell;
  return cell == SOC_NONE32 ? plan->always : plan->conditions[cell];
}

// All bits that are asked of a value; `value` as a case holds it.
uint64_t batch_bits_of(const soc_batch *b, uint32_t fact, int64_t value);
// Is the fact one that code can read at its column alone?
bool batch_is_plain(const batch_fact *f);

// A column while an input is being decided.
typedef struct batch_column {
  const soc_column *column; // NULL: every case leaves it out
  // By entry of the dictionary or number of a value, and behind them for what is neither: bits, eight of them a byte,
  // one row of bytes after the other. The first bit of the last row says that the entry is no value of the fact.
  uint8_t *table;
  uint32_t entries;
  uint32_t groups; // rows of bytes, without the last one
  uint32_t row;    // bytes of a row that are used, and how far the next one is
  uint32_t stride;
  bool lacks_value;               // some entry is no value
  uint32_t known;                 // entries that are still those of the call before
  const soc_batch *looked_up_for; // NULL: not done
  soc_dictionary dictionary;
} batch_column;

// How the items or rows of the cases of a block follow one another: a bit for each of them.
typedef struct batch_split {
  uint64_t first; // of all items or rows
  uint32_t count, words;
  uint64_t *ends;                      // the last ones of a case
  uint32_t *before;                    // by word: how many end before it
  batch_plane filled;                  // cases that have any
  uint32_t filled_before[BATCH_WORDS]; // by word: how many before it
} batch_split;

// A block: from the planes of its members to its own. Of `all of` the planes are those of being met, of `any of` of not
// being met; the plane beside each is the other state.
typedef struct batch_block {
  uint16_t out;
  bool folds, negated;   // all or any of, not a count
  uint32_t first, count; // members
  uint32_t at_least;     // counts
} batch_block;

// Blocks of one step of the plan.
typedef struct batch_layer {
  uint32_t first, end;
} batch_layer;

// What a decision comes to, as planes. Those of one rule side by side.
typedef struct batch_rule {
  batch_plane met_by;  // the first met rule
  batch_plane open;    // unknown and before it
  batch_plane why;     // open and no later than the last one that differs
  batch_plane reason;  // gives reasons
  batch_plane decides; // as met_by, but for a longer approval
} batch_rule;

typedef struct batch_outcome {
  batch_rule rules[VM_PLAN_BITS];
  batch_plane possible[SOC_DETERMINATION_COUNT];
  batch_plane decided[SOC_DETERMINATION_COUNT]; // by the first met rule
  batch_plane pending;                          // for facts
  batch_plane unkeyed;                          // key and window do not tell the result
} batch_outcome;

// A bit for each assumption that something can depend on; later ones share the last bit.
#define BATCH_BIT_OF(d) (UINT64_C(1) << ((d) < 63 ? (d) : 63))

// Who asks for a literal when facts are missing: some of run->askers.
typedef struct batch_asked {
  uint32_t first, count, filled;
} batch_asked;

// One call of soc_batch_decide.
typedef struct batch_run {
  const soc_batch *batch;
  const soc_batch_input *input;
  const soc_batch_result *results;
  bool again; // the scratch memory is that of a call before
  batch_column *columns;
  soc_case *single; // NULL: not needed so far
  void *single_memory;
  size_t single_bytes;
  soc_case_limits limits; // that it needs
  // Of the block at hand.
  uint64_t first;            // case
  uint32_t count;            // cases
  batch_plane *given, *none; // by fact, disjoint
  batch_plane *values;       // value planes
  batch_plane *states;       // met, not met, for each literal that has planes of its own
  // By literal: it is asked for and unknown. Behind them, by rule: it keeps the decision open.
  batch_plane *wanted;
  uint16_t *planes;     // by literal: number of its plane of being met
  batch_asked *asked;   // by decision and literal with planes
  uint32_t *askers;     // numbers of planes of `wanted`
  uint64_t *reads;      // by literal with planes: assumptions
  batch_plane *missing; // by fact; of the decision at hand, among those of all and of one more
  batch_plane *all_missing;
  batch_plane *all_assumed; // by decision and assumption
  batch_split *splits;      // by fact: of lists
  batch_outcome *outcomes;  // by decision, and one more
  batch_block *blocks;
  uint16_t *members;
  batch_layer *layers; // by step of the plan
  uint64_t *rows;      // by slot of loops: planes met, not met, wanted over the rows of the block
  batch_plane *asking; // by slot of loops: cases that ask for the field, if they ask for the loop
  uint32_t row_words;  // of one such plane, and of one over items
  batch_plane apart;   // cases that have to be decided one by one
  // Scratch: a byte for each case, item or row, with a line before them; planes over items or rows, eight `hits`; a
  // number for each case.
  uint8_t *bytes;
  uint64_t *hits, *row_given, *row_none;
  int32_t *days;
  soc_batch_report report;
  soc_error error;
} batch_run;

// block.inc: runs the program over run->first, run->count; writes the results of the cases that are not apart. False: a
// value out of range; run->report says which.
typedef bool batch_block_fn(batch_run *run);
batch_block_fn batch_block_plain, batch_block_avx2, batch_block_avx512;
// block.inc: how offsets rise, all steps and offsets joined by "or": below 2^31 if none falls and none is negative.
typedef uint32_t batch_slopes_fn(const int32_t *offsets, uint64_t count);
batch_slopes_fn batch_slopes_plain, batch_slopes_avx2, batch_slopes_avx512;
// batch.c: by the best one.
batch_slopes_fn batch_slopes;
#define BATCH_KINDS 3u
// batch.c: those that this processor can run, the best one last; returns how many.
uint32_t batch_blocks(batch_block_fn *blocks[BATCH_KINDS]);
typedef struct batch_memory {
  void *scratch;
  size_t size;
  bool again; // it holds what the last call left
} batch_memory;
// batch.c: soc_batch_decide with one of them, or soc_batch_decide_again.
soc_status batch_decide_by(batch_block_fn *block, const soc_batch *b, const soc_batch_input *input,
                           const soc_batch_result *results, batch_memory memory,
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

// The pool's next part, which begins and ends at a multiple of `line` (8 to 64 bytes, a power of two) if all do.
static inline void *batch_take(vm_pool *pool, uint64_t count, uint64_t bytes, uint32_t line) {
  void *at = vm_pool_take(pool, count, bytes);
  pool->used = (pool->used + line - 1) / line * line;
  return at;
}

// blocks.c
void batch_count_blocks(const soc_batch *b, uint32_t *blocks, uint32_t *members);
size_t batch_count_askers(const soc_batch *b, uint32_t members);
void batch_find_blocks(batch_run *run);

// dated.c. False: no form for it. Otherwise b->dated[index] says which.
bool batch_find_dated(soc_batch *b, uint32_t index);
// Bits of a code, in the order of the planes.
uint64_t batch_dated_bits(const soc_batch *b, const batch_dated *d, uint64_t code);

static inline bool batch_in_relation(uint8_t relation, int64_t x, int64_t y) {
  switch (relation) {
  case SOC_EQ: return x == y;
  case SOC_NE: return x != y;
  case SOC_LT: return x < y;
  case SOC_LE: return x <= y;
  case SOC_GT: return x > y;
  default: return x >= y;
  }
}

// loops.c. Which loops have a form; what a test says of a value.
bool batch_loop_fits(const soc_batch *b, const vm_expression *e);
bool batch_leaf(const soc_batch *b, uint32_t pc, int64_t value);

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
// single.c: in one case, and the number of the first one.
uint32_t batch_rows_in(const soc_column *list, uint64_t index, uint64_t *first);
// Checks how the columns lie, not what they hold: all of them, or as far as one case reads them.
soc_status batch_check_input(batch_run *run);
soc_status batch_check_case(batch_run *run, uint64_t index);
// Looks the entries of every dictionary up.
soc_status batch_look_up(batch_run *run);
// The value of an enumeration by its name.
bool batch_value_named(const soc_batch *b, uint32_t fact, const char *text, size_t length,
                       int64_t *value);
uint32_t batch_entries(const soc_batch *b, uint32_t fact, const soc_column *c);
uint32_t batch_groups(const soc_batch *b, uint32_t fact);

// single.c: prepares the case that is decided alone.
soc_status batch_open_single(batch_run *run);
// How large it has to be; SOC_ERR_LIMIT comes of limits that no case can have.
void batch_limits(const soc_batch *b, const soc_batch_input *input, soc_case_limits *limits);
// Sets all facts of one case. *fact, *element: what was refused.
soc_status batch_fill(const soc_batch *b, const soc_batch_input *input, uint64_t index, soc_case *c,
                      uint32_t *fact, uint64_t *element);
// Decides one case and writes its results.
soc_status batch_single(batch_run *run, uint64_t index);

#endif
