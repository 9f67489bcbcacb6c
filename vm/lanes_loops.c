// SPDX-License-Identifier: Apache-2.0
//
// Loops over rows: a truth for each pair of a row of the cell (frame) and a row of the loop. Pairs are worked out in
// strips: up to eight rows, one strip of one word holds them all, a byte for each row of the cell; else each row of the
// cell has a strip of its own, a bit for each row of the loop.
#include <string.h>

#include "vm/lanes.h"

#define EVERY_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

typedef struct strip {
  soc_case *c;
  const vm_lanes *l;
  vm_lane_state *s;
  const vm_lane *loop;
  uint32_t words;
  uint32_t row; // of the cell, where strips are by row
  bool joined;  // all rows in one word
} strip;

static strip strip_of(soc_case *c, const vm_lane *loop) {
  vm_lane_state *s = c->lanes;
  return (strip){c, c->policy->lanes, s, loop, s->words, 0, s->strips == 1};
}

static const uint64_t *loop_plane(const vm_lane_state *s, vm_ref ref) {
  return s->planes + (size_t)ref * s->words;
}

static uint64_t *pair_plane(const strip *x, vm_ref pair) {
  return x->s->pairs + (size_t)pair * x->words;
}

// ---------------------------------------------------------------------------- eight rows in one word

// A plane in every byte: the loop's rows.
static uint64_t in_every_byte(uint64_t plane) {
  return plane * EVERY_BYTE;
}

// 0x80 in each byte that is not 0.
static uint64_t used_bytes(uint64_t word) {
  return (((word & ~HIGH_BITS) + ~HIGH_BITS) | word) & HIGH_BITS;
}

// A byte for each bit of a plane: the cell's rows.
static uint64_t as_bytes(uint64_t plane) {
  return (used_bytes(in_every_byte(plane) & UINT64_C(0x8040201008040201)) >> 7) * 0xff;
}

// A bit for each byte that is not 0.
static uint64_t as_bits(uint64_t word) {
  return (used_bytes(word) >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

// Pairs that there are.
static uint64_t valid_pairs(const strip *x, uint32_t word) {
  return x->joined ? in_every_byte(x->s->valid[0]) & as_bytes(x->s->valid[0]) : x->s->valid[word];
}

static uint64_t loop_word(const strip *x, const uint64_t *plane, uint32_t word) {
  return x->joined ? in_every_byte(plane[0]) & as_bytes(x->s->valid[0]) : plane[word];
}

static uint64_t frame_word(const strip *x, const uint64_t *plane, uint32_t word) {
  return x->joined                    ? as_bytes(plane[0]) & in_every_byte(x->s->valid[0])
         : vm_lane_bit(plane, x->row) ? x->s->valid[word]
                                      : 0;
}

// -------------------------------------------------------------------------------------- comparisons

enum column { LOOP_GIVEN, LOOP_UNKNOWN, FRAME_GIVEN, FRAME_UNKNOWN };

static uint64_t *pair_column(const vm_lane_state *s, uint32_t comparison, enum column which) {
  return s->columns + ((size_t)comparison * 4 + which) * s->words;
}

static void read_column(soc_case *c, uint32_t fact, int64_t *values, uint64_t *given) {
  const vm_lane_state *s = c->lanes;
  uint64_t *unknown = given + s->words;
  memset(given, 0, 2 * (size_t)s->words * sizeof *given);
  for (uint32_t row = 0; row < s->rows; row++) {
    soc_state state = vm_read(c, fact, row, &values[row]);
    if (state != SOC_NONE) {
      vm_set_lane(state == SOC_GIVEN ? given : unknown, row);
    }
  }
}

// Where the matrices of a comparison stand: what is the same, what is less.
static uint64_t *matrix_of(const vm_lane_state *s, uint32_t comparison, uint32_t row, bool less) {
  size_t strips = s->strips == 1 ? 1 : s->rows;
  size_t at = ((size_t)comparison * 2 + less) * strips + (s->strips == 1 ? 0 : row);
  return s->matrices + at * s->words;
}

// Compares all pairs of which both facts are given; what stands for others does not count.
static void compare_all(soc_case *c, uint32_t comparison, const int64_t *loop,
                        const int64_t *frame) {
  const vm_lane_state *s = c->lanes;
  uint32_t shift = s->strips == 1 ? 8 : 0;
  for (uint32_t row = 0; row < s->rows; row++) {
    uint64_t *same = matrix_of(s, comparison, row, false),
             *less = matrix_of(s, comparison, row, true);
    for (uint32_t w = 0; w < s->words; w++) {
      uint64_t same_bits = 0, less_bits = 0;
      uint32_t end = s->rows - w * 64 < 64 ? s->rows - w * 64 : 64;
      for (uint32_t n = end; n-- > 0;) {
        int64_t value = loop[w * 64 + n];
        same_bits = same_bits << 1 | (value == frame[row]);
        less_bits = less_bits << 1 | (value < frame[row]);
      }
      bool first = shift == 0 || row == 0;
      same[w] = (first ? 0 : same[w]) | same_bits << shift * row;
      less[w] = (first ? 0 : less[w]) | less_bits << shift * row;
    }
  }
}

static void need_comparison(const strip *x, uint32_t comparison) {
  const vm_comparison *k = &x->l->comparisons[comparison];
  vm_lane_state *s = x->s;
  if (s->compared[comparison]) {
    return;
  }
  int64_t *frame = k->fact == k->frame_fact ? s->values : s->values + s->rows;
  memset(s->values, 0, 2 * (size_t)s->rows * sizeof *s->values);
  read_column(x->c, k->fact, s->values, pair_column(s, comparison, LOOP_GIVEN));
  read_column(x->c, k->frame_fact, frame, pair_column(s, comparison, FRAME_GIVEN));
  compare_all(x->c, comparison, s->values, frame);
  s->compared[comparison] = 1;
}

static uint64_t holds(uint8_t relation, uint64_t same, uint64_t less) {
  switch (relation) {
  case SOC_EQ: return same;
  case SOC_NE: return ~same;
  case SOC_LT: return less;
  case SOC_LE: return less | same;
  case SOC_GT: return ~(less | same);
  default: return ~less;
  }
}

// With a none on either side not met; else unknown if one is.
static void work_relation(const strip *x, const vm_pair *pair, uint64_t *met) {
  need_comparison(x, pair->first);
  const uint64_t *same = matrix_of(x->s, pair->first, x->row, false),
                 *less = matrix_of(x->s, pair->first, x->row, true);
  for (uint32_t w = 0; w < x->words; w++) {
    uint64_t a = loop_word(x, pair_column(x->s, pair->first, LOOP_GIVEN), w),
             b = frame_word(x, pair_column(x->s, pair->first, FRAME_GIVEN), w),
             c = loop_word(x, pair_column(x->s, pair->first, LOOP_UNKNOWN), w),
             d = frame_word(x, pair_column(x->s, pair->first, FRAME_UNKNOWN), w);
    uint64_t unknown = (c & (b | d)) | (d & a);
    met[w] = a & b & holds(pair->relation, same[w], less[w]);
    met[x->words + w] = valid_pairs(x, w) & ~met[w] & ~unknown;
  }
}

// --------------------------------------------------------------------------------------- one strip

static void work_copy(const strip *x, const vm_pair *pair, uint64_t *met) {
  const uint64_t *yes = loop_plane(x->s, pair->first), *no = loop_plane(x->s, pair->first ^ 1);
  for (uint32_t w = 0; w < x->words; w++) {
    bool own = pair->kind == VM_PAIR_LOOP;
    met[w] = own ? loop_word(x, yes, w) : frame_word(x, yes, w);
    met[x->words + w] = own ? loop_word(x, no, w) : frame_word(x, no, w);
  }
}

static void work_pair_block(const strip *x, const vm_pair *pair, uint64_t *met) {
  bool all = pair->kind == VM_PAIR_ALL;
  const vm_ref *members = x->l->members + pair->first;
  for (uint32_t w = 0; w < x->words; w++) {
    uint64_t every = valid_pairs(x, w), one = 0;
    for (uint32_t i = 0; i < pair->count; i++) {
      vm_ref good = all ? members[i] : members[i] ^ 1;
      every &= pair_plane(x, good)[w];
      one |= pair_plane(x, good ^ 1)[w];
    }
    met[w] = all ? every : one;
    met[x->words + w] = all ? one : every;
  }
}

// The rows of a pair that a bit stands for.
static uint32_t loop_row(const strip *x, uint32_t word, uint32_t bit) {
  return x->joined ? bit % 8 : word * 64 + bit;
}
static uint32_t frame_row(const strip *x, uint32_t bit) {
  return x->joined ? bit / 8 : x->row;
}

static void work_pair_code(const strip *x, const vm_pair *pair, uint64_t *met) {
  for (uint32_t w = 0; w < x->words; w++) {
    met[w] = met[x->words + w] = 0;
    uint64_t left = valid_pairs(x, w);
    if (pair->guard != SOC_NONE32) {
      left &= ~pair_plane(x, pair->guard ^ !pair->guard_any)[w];
    }
    for (; left != 0; left &= left - 1) {
      uint32_t bit = vm_lowest_bit(left);
      int64_t t =
          vm_run_row(x->c, pair->first, pair->count, frame_row(x, bit), loop_row(x, w, bit)).lo;
      met[w] |= t == SOC_MET ? left & (0 - left) : 0;
      met[x->words + w] |= t == SOC_NOT_MET ? left & (0 - left) : 0;
    }
  }
}

static void work_strip(const strip *x) {
  for (uint32_t i = 0; i < x->loop->count; i++) {
    const vm_pair *pair = &x->l->pairs[x->loop->first + i];
    uint64_t *met = pair_plane(x, 2 * i);
    switch ((enum vm_pair_kind)pair->kind) {
    case VM_PAIR_LOOP:
    case VM_PAIR_FRAME: work_copy(x, pair, met); break;
    case VM_PAIR_RELATION: work_relation(x, pair, met); break;
    case VM_PAIR_ALL:
    case VM_PAIR_ANY: work_pair_block(x, pair, met); break;
    case VM_PAIR_CODE: work_pair_code(x, pair, met); break;
    }
  }
}

// The body: the last pair.
static const uint64_t *body_of(const strip *x) {
  return pair_plane(x, 2 * (x->loop->count - 1));
}

// ------------------------------------------------------------------------------------------ results

static uint32_t count_pairs(uint64_t word) {
  uint32_t count = 0;
  for (; word != 0; word &= word - 1) {
    count++;
  }
  return count;
}

// The pairs of one row of the cell, in one word of a plane of the strip.
static uint64_t pairs_of(const strip *x, uint64_t word, uint32_t row) {
  return x->joined ? word >> 8 * row & 0xff : word;
}

// `good` as in a block: any is the negation of all of the negations.
static void reduce_truth(const strip *x, uint64_t *met) {
  bool all = x->loop->fold == SOC_FOLD_ALL;
  const uint64_t *body = body_of(x), *bad = all ? body + x->words : body,
                 *good = all ? body : body + x->words;
  uint64_t rest = 0, hit = 0;
  for (uint32_t w = 0; w < x->words; w++) {
    rest |= valid_pairs(x, w) & ~good[w];
    hit |= bad[w];
  }
  uint64_t *every = all ? met : met + x->s->words, *one = all ? met + x->s->words : met;
  if (x->joined) {
    *every = x->s->valid[0] & ~as_bits(rest);
    *one = as_bits(hit);
    return;
  }
  uint64_t bit = UINT64_C(1) << x->row % 64;
  every[x->row / 64] |= rest == 0 ? bit : 0;
  one[x->row / 64] |= hit != 0 ? bit : 0;
}

static void count_row(const strip *x, uint32_t row, vm_value *out) {
  const uint64_t *met = body_of(x), *not_met = met + x->words;
  int64_t least = 0, most = 0;
  for (uint32_t w = 0; w < x->words; w++) {
    least += count_pairs(pairs_of(x, met[w], row));
    most += count_pairs(pairs_of(x, valid_pairs(x, w) & ~not_met[w], row));
  }
  *out = (vm_value){least * SOC_MICRO, most * SOC_MICRO};
}

static void sum_row(const strip *x, uint32_t row, vm_value *out) {
  const uint64_t *met = body_of(x), *not_met = met + x->words;
  *out = (vm_value){0, 0};
  for (uint32_t w = 0; w < x->words; w++) {
    uint64_t left = pairs_of(x, valid_pairs(x, w) & ~not_met[w], row);
    uint64_t certain = pairs_of(x, met[w], row);
    for (; left != 0; left &= left - 1) {
      vm_value v = vm_run_row(x->c, x->loop->value_first, x->loop->value_count, row,
                              w * 64 + vm_lowest_bit(left));
      int64_t t = certain & left & (0 - left) ? SOC_MET : SOC_UNKNOWN_TRUTH;
      (void)vm_sum_join(out, t, v);
    }
  }
}

static void reduce_quantity(const strip *x) {
  vm_value *out = x->c->quantities + x->c->places[x->loop->of].wide;
  uint32_t first = x->joined ? 0 : x->row, end = x->joined ? x->s->rows : x->row + 1;
  for (uint32_t row = first; row < end; row++) {
    if (x->loop->fold == SOC_FOLD_COUNT) {
      count_row(x, row, &out[row]);
    } else {
      sum_row(x, row, &out[row]);
    }
  }
}

// ------------------------------------------------------------------------------------------- loops

static bool is_truth(const vm_lane *loop) {
  return loop->fold < SOC_FOLD_COUNT;
}

// Is the body settled in the same way for every row of the loop, by a member that looks at nothing else?
static bool no_row_counts(const strip *x) {
  bool all = x->loop->fold == SOC_FOLD_ALL;
  const vm_pair *body = &x->l->pairs[x->loop->first + x->loop->count - 1];
  if (body->kind != (all ? VM_PAIR_ANY : VM_PAIR_ALL)) {
    return false;
  }
  uint64_t open = 0;
  for (uint32_t w = 0; w < x->s->words; w++) {
    uint64_t left = x->s->valid[w];
    for (uint32_t i = 0; i < body->count; i++) {
      vm_ref member = x->l->members[body->first + i];
      const vm_pair *pair = &x->l->pairs[x->loop->first + member / 2];
      if (pair->kind == VM_PAIR_LOOP) {
        left &= ~loop_plane(x->s, pair->first ^ (member % 2) ^ !all)[w];
      }
    }
    open |= left;
  }
  return open == 0;
}

static void settle_loop(const strip *x, uint64_t *met) {
  bool all = x->loop->fold == SOC_FOLD_ALL;
  for (uint32_t w = 0; w < x->s->words; w++) {
    met[w] = all ? x->s->valid[w] : 0;
    met[x->s->words + w] = all ? 0 : x->s->valid[w];
  }
  if (!is_truth(x->loop)) {
    vm_value *out = x->c->quantities + x->c->places[x->loop->of].wide;
    memset(out, 0, x->s->rows * sizeof *out);
  }
}

// Lanes that the guard leaves open.
static bool guard_leaves(const strip *x, uint32_t row) {
  const vm_lane *loop = x->loop;
  if (loop->guard == SOC_NONE32) {
    return true;
  }
  const uint64_t *closed = loop_plane(x->s, loop->guard ^ !loop->guard_any);
  return x->joined ? (x->s->valid[0] & ~closed[0]) != 0 : !vm_lane_bit(closed, row);
}

static bool runs_code(const strip *x) {
  for (uint32_t i = 0; i < x->loop->count; i++) {
    if (x->l->pairs[x->loop->first + i].kind == VM_PAIR_CODE) {
      return true;
    }
  }
  return x->loop->value_count > 0;
}

static void publish(const strip *x) {
  for (uint32_t i = 0; i < x->loop->count; i++) {
    const vm_pair *pair = &x->l->pairs[x->loop->first + i];
    if (pair->kind == VM_PAIR_CODE) {
      vm_lanes_publish_code(x->c, pair->first, pair->count);
    }
  }
  vm_lanes_publish_code(x->c, x->loop->value_first, x->loop->value_count);
}

void vm_lanes_loop(soc_case *c, const vm_lane *lane, uint64_t *met) {
  strip x = strip_of(c, lane);
  if (no_row_counts(&x)) {
    settle_loop(&x, met);
    return;
  }
  if (runs_code(&x)) {
    publish(&x);
  }
  memset(met, 0, 2 * (size_t)x.s->words * sizeof *met);
  for (x.row = 0; x.row < x.s->strips; x.row++) {
    if (!guard_leaves(&x, x.row)) {
      continue; // nobody asks
    }
    work_strip(&x);
    if (is_truth(lane)) {
      reduce_truth(&x, met);
    } else {
      reduce_quantity(&x);
    }
  }
}

// ------------------------------------------------------------------------------------------ missing

static void want_pairs(const strip *x, const vm_pair *pair, const uint64_t *wanted) {
  for (uint32_t i = 0; i < pair->count; i++) {
    vm_ref member = x->l->members[pair->first + i];
    const uint64_t *met = pair_plane(x, member), *not_met = pair_plane(x, member ^ 1);
    for (uint32_t w = 0; w < x->words; w++) {
      x->s->strip_wanted[(size_t)(member / 2) * x->words + w] |= wanted[w] & ~met[w] & ~not_met[w];
    }
  }
}

// Asks for something in every row of the cell, or of the loop, that one of these pairs has.
typedef void ask_fn(soc_case *c, uint32_t what, uint32_t row);

static void ask_loop_rows(const strip *x, const uint64_t *wanted, ask_fn *ask, uint32_t what) {
  for (uint32_t w = 0; w < x->words; w++) {
    uint64_t rows = wanted[w];
    if (x->joined) {
      rows |= rows >> 32;
      rows |= rows >> 16;
      rows = (rows | rows >> 8) & 0xff;
    }
    for (; rows != 0; rows &= rows - 1) {
      ask(x->c, what, w * 64 + vm_lowest_bit(rows));
    }
  }
}

static void ask_frame_rows(const strip *x, const uint64_t *wanted, ask_fn *ask, uint32_t what) {
  if (x->joined) {
    for (uint64_t rows = as_bits(wanted[0]); rows != 0; rows &= rows - 1) {
      ask(x->c, what, vm_lowest_bit(rows));
    }
    return;
  }
  for (uint32_t w = 0; w < x->words; w++) {
    if (wanted[w] != 0) {
      ask(x->c, what, x->row);
      return;
    }
  }
}

static void ask_code(const strip *x, const vm_pair *pair, const uint64_t *wanted) {
  for (uint32_t w = 0; w < x->words; w++) {
    for (uint64_t left = wanted[w]; left != 0; left &= left - 1) {
      uint32_t bit = vm_lowest_bit(left);
      vm_gather_row(x->c, pair->first, pair->count, frame_row(x, bit), loop_row(x, w, bit));
      vm_take_entries(x->c);
    }
  }
}

static void ask_pair(const strip *x, const vm_pair *pair, const uint64_t *wanted) {
  switch ((enum vm_pair_kind)pair->kind) {
  case VM_PAIR_LOOP: ask_loop_rows(x, wanted, vm_lanes_want, pair->first); break;
  case VM_PAIR_FRAME: ask_frame_rows(x, wanted, vm_lanes_want, pair->first); break;
  case VM_PAIR_RELATION:
    ask_loop_rows(x, wanted, vm_ask_row_fact, x->l->comparisons[pair->first].fact);
    ask_frame_rows(x, wanted, vm_ask_row_fact, x->l->comparisons[pair->first].frame_fact);
    break;
  case VM_PAIR_ALL:
  case VM_PAIR_ANY: want_pairs(x, pair, wanted); break;
  case VM_PAIR_CODE: ask_code(x, pair, wanted); break;
  }
}

// What a sum's row adds where that is not certain; pairs whose truth is unknown stay wanted.
static void ask_amounts(const strip *x, uint64_t *wanted) {
  const uint64_t *met = body_of(x), *not_met = met + x->words;
  for (uint32_t w = 0; w < x->words; w++) {
    uint64_t left = wanted[w] & ~not_met[w];
    wanted[w] = 0;
    for (; left != 0; left &= left - 1) {
      uint32_t bit = vm_lowest_bit(left), frame = frame_row(x, bit), row = loop_row(x, w, bit);
      int64_t t = met[w] & left & (0 - left) ? SOC_MET : SOC_UNKNOWN_TRUTH;
      vm_value sum = {0, 0};
      vm_value v = vm_gather_row(x->c, x->loop->value_first, x->loop->value_count, frame, row);
      if (vm_sum_join(&sum, t, v)) {
        vm_take_entries(x->c);
        wanted[w] |= t == SOC_UNKNOWN_TRUTH ? left & (0 - left) : 0;
      }
    }
  }
}

// The pairs of a strip of which an unknown loop asks something, for these rows of the cell.
static void want_body(const strip *x, const uint64_t *rows) {
  const uint64_t *met = body_of(x), *not_met = met + x->words;
  uint64_t *wanted = x->s->strip_wanted + (size_t)(x->loop->count - 1) * x->words;
  for (uint32_t w = 0; w < x->words; w++) {
    wanted[w] = x->joined ? as_bytes(rows[0]) & valid_pairs(x, w) : valid_pairs(x, w);
  }
  if (x->loop->fold == SOC_FOLD_SUM) {
    ask_amounts(x, wanted);
    return;
  }
  for (uint32_t w = 0; w < x->words; w++) {
    wanted[w] &= ~met[w] & ~not_met[w];
  }
}

void vm_lanes_want_loop(soc_case *c, const vm_lane *lane, const uint64_t *rows) {
  strip x = strip_of(c, lane);
  publish(&x);
  for (x.row = 0; x.row < x.s->strips; x.row++) {
    if (!x.joined && !vm_lane_bit(rows, x.row)) {
      continue;
    }
    work_strip(&x);
    memset(x.s->strip_wanted, 0, (size_t)lane->count * x.words * sizeof *x.s->strip_wanted);
    want_body(&x, rows);
    for (uint32_t i = lane->count; i-- > 0;) {
      ask_pair(&x, &x.l->pairs[lane->first + i], x.s->strip_wanted + (size_t)i * x.words);
    }
  }
}
