// SPDX-License-Identifier: Apache-2.0
//
// Quantifiers over record lists: the body runs over the rows of all cases of a block at once, with a bit for each row,
// and is then gathered by the list's offsets. What is missing goes the same way back: from a case to its unknown rows,
// and over the unknown members of their blocks to the fields that were left out.
#include <string.h>

#include "batch/batch.h"

#define WORD_BITS 64u

// ---------------------------------------------------------------------------------------- which loops

static bool tests_value(uint8_t op) {
  return op == SOC_OP_FACT_TRUE || op == SOC_OP_FACT_CMP || op == SOC_OP_FACT_IN_MASK ||
         op == SOC_OP_FACT_IN_SET;
}

static bool tests_state(uint8_t op) {
  return op == SOC_OP_FACT_NONE || op == SOC_OP_FACT_LEFT_OUT;
}

static bool leaf_fits(const soc_batch *b, vm_instruction i, uint16_t list) {
  const batch_fact *f = &b->facts[i.b];
  bool plain = f->left_out == SOC_LEFT_OUT_UNKNOWN || f->left_out == SOC_LEFT_OUT_REQUIRED ||
               f->left_out == SOC_LEFT_OUT_NONE;
  bool dated = i.op == SOC_OP_FACT_IN_SET && vm_set_date(i.c) != SOC_NONE16;
  return f->list == list && plain && !dated && (i.a & SOC_OUTER) == 0 && f->type != SOC_LINE;
}

// Some or every row of a list with tests of its own fields: nothing of the case, no other rows.
bool batch_loop_fits(const soc_batch *b, const vm_expression *e) {
  vm_instruction begin = vm_instruction_at(b->p, e->first);
  const batch_fact *list = &b->facts[begin.b];
  if (begin.op != SOC_OP_EACH_BEGIN || (begin.a & SOC_EACH_FOLD) > SOC_FOLD_ANY ||
      (begin.a & ~SOC_EACH_FOLD) != SOC_EACH_ROWS || e->count != begin.c + 1 ||
      (list->left_out != SOC_LEFT_OUT_UNKNOWN && list->left_out != SOC_LEFT_OUT_REQUIRED &&
       list->left_out != SOC_LEFT_OUT_EMPTY)) {
    return false;
  }
  for (uint32_t pc = e->first + 1; pc < e->first + e->count - 1; pc++) {
    vm_instruction i = vm_instruction_at(b->p, pc);
    bool block = i.op == SOC_OP_NOT || i.op == SOC_OP_FOLD_BEGIN || i.op == SOC_OP_FOLD_JOIN ||
                 i.op == SOC_OP_FOLD_END;
    bool leaf = tests_value(i.op) || tests_state(i.op);
    if (!block && !(leaf && leaf_fits(b, i, begin.b))) {
      return false;
    }
  }
  return true;
}

// ------------------------------------------------------------------------------------ tests of values

static bool in_relation(uint8_t relation, int64_t x, int64_t y) {
  switch (relation) {
  case SOC_EQ: return x == y;
  case SOC_NE: return x != y;
  case SOC_LT: return x < y;
  case SOC_LE: return x <= y;
  case SOC_GT: return x > y;
  default: return x >= y;
  }
}

static bool in_set(const vm_policy *p, uint32_t index, uint64_t code) {
  vm_set set = vm_set_at(p, index);
  uint32_t low = 0, high = set.count;
  while (low < high) { // the first range that ends at or after the code
    uint32_t middle = low + (high - low) / 2;
    bool below = vm_u64(VM_AT(p, SET_RANGES, set.first + middle) + 8) < code;
    *(below ? &low : &high) = below ? middle + 1 : middle;
  }
  return low < set.count && vm_u64(VM_AT(p, SET_RANGES, set.first + low)) <= code;
}

bool batch_leaf(const soc_batch *b, uint32_t pc, int64_t value) {
  vm_instruction i = vm_instruction_at(b->p, pc);
  switch (i.op) {
  case SOC_OP_FACT_TRUE: return value != 0;
  case SOC_OP_FACT_CMP:
    return in_relation(i.a & (uint8_t)~SOC_IF_GIVEN, value, vm_constant_at(b->p, i.c));
  case SOC_OP_FACT_IN_MASK: return (vm_mask_at(b->p, i.c) >> value & 1) != 0;
  default: return in_set(b->p, vm_set_index(i.c), (uint64_t)value);
  }
}

// ------------------------------------------------------------------------------------------ row planes

// The rows of the block at hand.
typedef struct rows {
  batch_run *run;
  const batch_loop *loop;
  const int32_t *offsets; // of the block's cases
  uint64_t first;         // row
  uint32_t count, words;
} rows;

static rows rows_of(batch_run *run, const batch_loop *loop) {
  const soc_column *c = run->columns[loop->list].column;
  rows r = {.run = run, .loop = loop};
  if (c) {
    r.offsets = c->offsets + c->first + run->first;
    r.first = (uint64_t)r.offsets[0];
    r.count = (uint32_t)(r.offsets[run->count] - r.offsets[0]);
    r.words = (r.count + WORD_BITS - 1) / WORD_BITS;
  }
  return r;
}

// Planes of an instruction, by its place in the loop.
static uint64_t *met_at(const rows *r, uint32_t at) {
  return r->run->rows + (size_t)(r->loop->slot + at) * 3 * r->run->row_words;
}
static uint64_t *not_met_at(const rows *r, uint32_t at) {
  return met_at(r, at) + r->run->row_words;
}
static uint64_t *wanted_at(const rows *r, uint32_t at) {
  return met_at(r, at) + 2 * (size_t)r->run->row_words;
}

static uint64_t up_to(const rows *r, uint32_t word) {
  uint32_t left = r->count - word * WORD_BITS;
  return left >= WORD_BITS ? UINT64_MAX : (UINT64_C(1) << left) - 1;
}

// Which rows of a word give the field, which say that there is none.
static void states_of(const rows *r, uint32_t fact, uint32_t word, uint64_t *given,
                      uint64_t *none) {
  const soc_column *c = r->run->columns[fact].column;
  uint32_t left = r->count - word * WORD_BITS;
  left = left < WORD_BITS ? left : WORD_BITS;
  *given = *none = 0;
  if (c) {
    uint64_t at = c->first + r->first + (uint64_t)word * WORD_BITS;
    *given = c->given ? batch_bits_at(c->given, at, left) : up_to(r, word);
    *none = c->rest_is_none ? up_to(r, word) : c->none ? batch_bits_at(c->none, at, left) : 0;
    *none &= ~*given;
  }
}

// What a row's value says to all tests of the field; the highest bit: it is no value of the field.
static uint64_t row_bits(const rows *r, uint32_t fact, uint64_t row) {
  const soc_batch *b = r->run->batch;
  const batch_fact *f = &b->facts[fact];
  const batch_column *t = &r->run->columns[fact];
  uint64_t at = t->column->first + row;
  int64_t value;
  if (t->items) {
    uint64_t index = batch_index_at(t->column, at);
    return t->items[index < t->entries ? index : t->entries];
  }
  return batch_number_at(f, t->column, at, &value) ? batch_bits_of(b, fact, value) : BATCH_NO_VALUE;
}

static bool value_word(const rows *r, uint32_t fact, uint32_t bit, uint32_t word, uint64_t given,
                       uint64_t *value) {
  *value = 0;
  for (uint64_t left = given; left != 0; left &= left - 1) {
    uint32_t i = vm_lowest_bit(left);
    uint64_t bits = row_bits(r, fact, r->first + word * WORD_BITS + i);
    if (bits & BATCH_NO_VALUE) {
      (void)batch_refuse(r->run, SOC_ERR_VALUE, fact, r->first + word * WORD_BITS + i, "value",
                         "a value is not one that the fact can have");
      return false;
    }
    *value |= (bits >> bit & 1) << i;
  }
  return true;
}

static bool none_fits(const rows *r, uint32_t fact, uint32_t word, uint64_t none) {
  if (none == 0 || r->run->batch->facts[fact].nullable) {
    return true;
  }
  (void)batch_refuse(r->run, SOC_ERR_VALUE, fact, r->first + word * WORD_BITS + vm_lowest_bit(none),
                     "value", "a value is not one that the fact can have");
  return false;
}

static bool run_leaf(const rows *r, vm_instruction i, uint32_t at) {
  uint64_t *met = met_at(r, at), *not_met = not_met_at(r, at);
  bool as_none = r->run->batch->facts[i.b].left_out == SOC_LEFT_OUT_NONE;
  for (uint32_t w = 0; w < r->words; w++) {
    uint64_t given, none, value, all = up_to(r, w);
    states_of(r, i.b, w, &given, &none);
    if (!none_fits(r, i.b, w, none)) {
      return false;
    }
    uint64_t out = all & ~(given | none);
    if (i.op == SOC_OP_FACT_LEFT_OUT) {
      met[w] = out;
      not_met[w] = given | none;
      continue;
    }
    none |= as_none ? out : 0;
    if (i.op == SOC_OP_FACT_NONE) {
      met[w] = none;
      not_met[w] = given;
      continue;
    }
    if (!value_word(r, i.b, r->run->batch->leaf_bits[r->loop->slot + at], w, given, &value)) {
      return false;
    }
    met[w] = value;
    not_met[w] = (given & ~value) | none | (i.a & SOC_IF_GIVEN ? out : 0);
  }
  return true;
}

// --------------------------------------------------------------------------------------------- blocks

// Members of the block that ends at `at` are what stands before its joins.
typedef struct members {
  const rows *r;
  uint32_t at, depth;
} members;

// The next member, from the last to the first; 0: there is none.
static uint32_t next_member(members *m) {
  while (m->at > 0) {
    m->at--;
    uint8_t op = vm_instruction_at(m->r->run->batch->p, m->r->loop->first + m->at).op;
    if (op == SOC_OP_FOLD_END) {
      m->depth++;
    } else if (op == SOC_OP_FOLD_BEGIN) {
      if (m->depth == 0) {
        return 0;
      }
      m->depth--;
    } else if (op == SOC_OP_FOLD_JOIN && m->depth == 0) {
      return m->at - 1; // what a join takes stands right before it
    }
  }
  return 0;
}

static void fold_word(const rows *r, uint32_t at, vm_instruction end, uint32_t w) {
  members m = {r, at, 0};
  uint64_t every_met = up_to(r, w), every_not = every_met, some_met = 0, some_not = 0;
  for (uint32_t i = next_member(&m); i != 0; i = next_member(&m)) {
    uint64_t met = met_at(r, i)[w], not_met = not_met_at(r, i)[w];
    every_met &= met;
    every_not &= not_met;
    some_met |= met;
    some_not |= not_met;
  }
  met_at(r, at)[w] = end.a == SOC_FOLD_ALL ? every_met : some_met;
  not_met_at(r, at)[w] = end.a == SOC_FOLD_ALL ? some_not : every_not;
}

static void count_row(const rows *r, uint32_t at, uint32_t need, uint32_t w, uint64_t bit) {
  members m = {r, at, 0};
  uint32_t met = 0, open = 0;
  for (uint32_t i = next_member(&m); i != 0; i = next_member(&m)) {
    met += (met_at(r, i)[w] & bit) != 0;
    open += ((met_at(r, i)[w] | not_met_at(r, i)[w]) & bit) == 0;
  }
  met_at(r, at)[w] |= met >= need ? bit : 0;
  not_met_at(r, at)[w] |= met + open < need ? bit : 0;
}

static void run_fold(const rows *r, vm_instruction end, uint32_t at) {
  for (uint32_t w = 0; w < r->words; w++) {
    if (end.a != SOC_FOLD_COUNT) {
      fold_word(r, at, end, w);
      continue;
    }
    met_at(r, at)[w] = not_met_at(r, at)[w] = 0;
    for (uint64_t left = up_to(r, w); left != 0; left &= left - 1) {
      count_row(r, at, end.b, w, left & (0 - left));
    }
  }
}

static void run_not(const rows *r, uint32_t at) {
  memcpy(met_at(r, at), not_met_at(r, at - 1), r->words * sizeof(uint64_t));
  memcpy(not_met_at(r, at), met_at(r, at - 1), r->words * sizeof(uint64_t));
}

static bool run_body(const rows *r) {
  for (uint32_t at = 1; at + 1 < r->loop->count; at++) {
    vm_instruction i = vm_instruction_at(r->run->batch->p, r->loop->first + at);
    if (i.op == SOC_OP_NOT) {
      run_not(r, at);
    } else if (i.op == SOC_OP_FOLD_END) {
      run_fold(r, i, at);
    } else if (i.op != SOC_OP_FOLD_BEGIN && i.op != SOC_OP_FOLD_JOIN && !run_leaf(r, i, at)) {
      return false;
    }
  }
  return true;
}

// -------------------------------------------------------------------------------------- from rows to cases

// Is a bit of these rows set? Fewer than 64 rows, as nearly all cases have, without a loop; a plane has a word more than
// it needs.
static inline bool any_between(const uint64_t *plane, uint32_t from, uint32_t end) {
  if (end - from < WORD_BITS) {
    const uint64_t *at = plane + from / WORD_BITS;
    uint32_t shift = from % WORD_BITS;
    uint64_t bits = at[0] >> shift | at[1] << 1 << (WORD_BITS - 1 - shift);
    return (bits & ((UINT64_C(1) << (end - from)) - 1)) != 0;
  }
  uint32_t middle = from + (WORD_BITS - 1);
  return any_between(plane, from, middle) || any_between(plane, middle, end);
}

// Some row: met where a row is met; not met where none is open either. Every row: the other way round.
static void gather_word(const rows *r, const uint64_t *hit, const uint64_t *open, uint32_t word,
                        uint64_t cases, uint64_t *one, uint64_t *none) {
  uint64_t hits = 0, opens = 0;
  for (uint64_t left = cases; left != 0; left &= left - 1) {
    uint32_t bit = vm_lowest_bit(left);
    const int32_t *offsets = r->offsets + word * WORD_BITS + bit;
    uint32_t from = (uint32_t)(offsets[0] - r->offsets[0]),
             end = (uint32_t)(offsets[1] - r->offsets[0]);
    hits |= (uint64_t)any_between(hit, from, end) << bit;
    opens |= (uint64_t)any_between(open, from, end) << bit;
  }
  *one = hits;
  *none = cases & ~(hits | opens);
}

// Cases with a row.
static uint64_t filled_word(const rows *r, uint32_t word) {
  uint64_t bits = 0;
  uint32_t count = r->run->count - word * WORD_BITS;
  const int32_t *offsets = r->offsets + word * WORD_BITS;
  for (uint32_t i = 0; i < WORD_BITS && i < count; i++) {
    bits |= (uint64_t)(offsets[i] != offsets[i + 1]) << i;
  }
  return bits;
}

bool batch_run_loop(batch_run *run, uint32_t index, const batch_plane *asked, batch_plane *met,
                    batch_plane *not_met) {
  const batch_loop *loop = &run->batch->loops[index];
  rows r = rows_of(run, loop);
  uint32_t last = loop->count - 2; // leaves a row's truth
  uint64_t *open = wanted_at(&r, 0);
  bool left_empty = run->batch->facts[loop->list].left_out == SOC_LEFT_OUT_EMPTY;
  *met = *not_met = (batch_plane){{0}};
  if (r.count > 0 && !run_body(&r)) {
    return false;
  }
  for (uint32_t w = 0; w < r.words; w++) {
    open[w] = up_to(&r, w) & ~(met_at(&r, last)[w] | not_met_at(&r, last)[w]);
  }
  open[r.words] = met_at(&r, last)[r.words] = not_met_at(&r, last)[r.words] = 0;
  const uint64_t *hit = loop->all ? not_met_at(&r, last) : met_at(&r, last);
  for (uint32_t w = 0; w * WORD_BITS < run->count; w++) {
    uint64_t given = asked->word[w] & run->given[loop->list].word[w];
    uint64_t out = asked->word[w] & ~given & ~run->none[loop->list].word[w];
    uint64_t filled = given != 0 ? given & filled_word(&r, w) : 0, one, none;
    gather_word(&r, hit, open, w, filled, &one, &none);
    none |= (given & ~filled) | (left_empty ? out : 0);
    met->word[w] = loop->all ? none : one;
    not_met->word[w] = loop->all ? one : none;
  }
  return true;
}

// ------------------------------------------------------------------------------------------- missing

// Wants what is unknown of a member where the block is wanted.
static void want(const rows *r, uint32_t member, const uint64_t *who) {
  uint64_t *wanted = wanted_at(r, member);
  for (uint32_t w = 0; w < r->words; w++) {
    wanted[w] |= who[w] & ~(met_at(r, member)[w] | not_met_at(r, member)[w]);
  }
}

static void want_rows(const rows *r, const batch_plane *who, uint32_t last) {
  uint64_t *wanted = wanted_at(r, last);
  for (uint32_t w = 0; w < BATCH_WORDS; w++) {
    for (uint64_t left = who->word[w] & r->run->given[r->loop->list].word[w]; left != 0;
         left &= left - 1) {
      uint32_t i = w * WORD_BITS + vm_lowest_bit(left);
      for (int32_t row = r->offsets[i]; row < r->offsets[i + 1]; row++) {
        uint32_t at = (uint32_t)(row - r->offsets[0]);
        wanted[at / WORD_BITS] |= UINT64_C(1) << at % WORD_BITS;
      }
    }
  }
  for (uint32_t w = 0; w < r->words; w++) {
    wanted[w] &= ~(met_at(r, last)[w] | not_met_at(r, last)[w]);
  }
}

// A field that is wanted in some row is missing in the case.
static void ask_field(const rows *r, uint32_t at, uint32_t fact, const batch_plane *who) {
  batch_plane *missing = &r->run->missing[fact];
  for (uint32_t w = 0; w < BATCH_WORDS; w++) {
    for (uint64_t left = who->word[w] & r->run->given[r->loop->list].word[w]; left != 0;
         left &= left - 1) {
      uint32_t i = w * WORD_BITS + vm_lowest_bit(left);
      bool any = any_between(wanted_at(r, at), (uint32_t)(r->offsets[i] - r->offsets[0]),
                             (uint32_t)(r->offsets[i + 1] - r->offsets[0]));
      missing->word[w] |= (uint64_t)any << i % WORD_BITS;
    }
  }
}

void batch_ask_loop(batch_run *run, uint32_t index, const batch_plane *who) {
  const batch_loop *loop = &run->batch->loops[index];
  rows r = rows_of(run, loop);
  uint32_t last = loop->count - 2;
  for (uint32_t at = 1; at <= last; at++) {
    memset(wanted_at(&r, at), 0, ((size_t)r.words + 1) * sizeof(uint64_t));
  }
  if (r.count == 0) {
    return;
  }
  want_rows(&r, who, last);
  for (uint32_t at = last; at > 0; at--) {
    vm_instruction i = vm_instruction_at(run->batch->p, loop->first + at);
    if (i.op == SOC_OP_NOT) {
      want(&r, at - 1, wanted_at(&r, at));
    } else if (i.op == SOC_OP_FOLD_END) {
      members m = {&r, at, 0};
      for (uint32_t n = next_member(&m); n != 0; n = next_member(&m)) {
        want(&r, n, wanted_at(&r, at));
      }
    } else if (i.op != SOC_OP_FOLD_BEGIN && i.op != SOC_OP_FOLD_JOIN) {
      ask_field(&r, at, i.b, who);
    }
  }
}
