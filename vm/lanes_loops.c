// SPDX-License-Identifier: Apache-2.0
//
// Loops over rows: a truth for each pair of a row of the cell (frame) and a row of the loop. Pairs are worked out in
// strips: up to eight rows, one strip of one word holds them all, a byte for each row of the cell; else each row of the
// cell has a strip of its own, a bit for each row of the loop.
#include <string.h>

#include "vm/lanes.h"

#define EVERY_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)
#define OWN_PAIRS UINT64_C(0x8040201008040201) // of a row with itself

typedef struct strip {
  soc_case *c;
  const vm_lanes *l;
  vm_lane_state *s;
  const vm_lane *loop;
  uint32_t row;   // of the cell, where strips are by row
  bool joined;    // all rows in one word
  uint64_t valid; // pairs that there are
} strip;

static uint64_t *pair_plane(const strip *x, vm_ref pair) {
  return x->s->pairs + pair;
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
  return (used_bytes(in_every_byte(plane) & OWN_PAIRS) >> 7) * 0xff;
}

// A bit for each byte that is not 0.
static uint64_t as_bits(uint64_t word) {
  return (used_bytes(word) >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

uint64_t vm_lanes_all_pairs(uint64_t rows) {
  return in_every_byte(rows) & as_bytes(rows);
}

// The pairs of these rows of the loop; of the cell.
static uint64_t loop_pairs(const strip *x, uint64_t rows) {
  return x->joined ? in_every_byte(rows) & x->valid : rows;
}

static uint64_t frame_pairs(const strip *x, uint64_t rows) {
  return (x->joined ? as_bytes(rows) : 0 - (rows >> x->row & 1)) & x->valid;
}

static strip strip_of(soc_case *c, const vm_lane *loop) {
  vm_lane_state *s = c->lanes;
  return (strip){c, c->policy->lanes, s, loop, 0, s->strips == 1, s->pair_valid};
}

// -------------------------------------------------------------------------------------- comparisons

// A fact in all rows.
typedef struct column {
  int64_t *values;
  uint64_t given, unknown;
} column;

static void read_column(soc_case *c, uint32_t fact, column *out) {
  for (uint32_t row = 0; row < c->lanes->rows; row++) {
    out->values[row] = 0;
    soc_state state = vm_read(c, fact, row, &out->values[row]);
    out->given |= (uint64_t)(state == SOC_GIVEN) << row;
    out->unknown |= (uint64_t)(state == SOC_LEFT_OUT) << row;
  }
}

// What a comparison comes to for the pairs of one strip; pairs that are neither given nor unknown have a none.
enum matrix { SAME, LESS, GIVEN, UNKNOWN, MATRICES };

static uint64_t *matrices_of(const strip *x, uint32_t comparison) {
  uint32_t at = comparison * x->s->strips + (x->joined ? 0 : x->row);
  return x->s->matrices + (size_t)MATRICES * at;
}

// The bits of one row of the cell.
static uint64_t compare_row(const vm_lane_state *s, const int64_t *loop, int64_t frame,
                            uint64_t *less) {
  uint64_t same_bits = 0, less_bits = 0;
  for (uint32_t n = s->rows; n-- > 0;) {
    same_bits = same_bits << 1 | (loop[n] == frame);
    less_bits = less_bits << 1 | (loop[n] < frame);
  }
  *less = less_bits;
  return same_bits;
}

// Swaps the rows of all pairs in one word: bits that stand `step` apart in a row with those as far apart in a column.
static uint64_t swap_bits(uint64_t word, uint64_t these, uint32_t step) {
  uint64_t other = (word ^ word >> step) & these;
  return word ^ other ^ other << step;
}

static uint64_t swap_rows(uint64_t word) {
  word = swap_bits(word, UINT64_C(0x00aa00aa00aa00aa), 7);
  word = swap_bits(word, UINT64_C(0x0000cccc0000cccc), 14);
  return swap_bits(word, UINT64_C(0x00000000f0f0f0f0), 28);
}

// All pairs of one fact with itself, in one word: a half of them tells the other one.
static void compare_self(const vm_lane_state *s, const int64_t *values, uint64_t *m) {
  uint64_t same = 0, less = 0, more = 0; // of lower rows of the loop
  for (uint32_t row = s->rows; row-- > 1;) {
    uint64_t same_bits = 0, less_bits = 0;
    for (uint32_t n = row; n-- > 0;) {
      same_bits = same_bits << 1 | (values[n] == values[row]);
      less_bits = less_bits << 1 | (values[n] < values[row]);
    }
    same = (same | same_bits) << 8;
    less = (less | less_bits) << 8;
    more = (more | (~(same_bits | less_bits) & ((UINT64_C(1) << row) - 1))) << 8;
  }
  m[SAME] = same | swap_rows(same) | OWN_PAIRS;
  m[LESS] = less | swap_rows(more);
}

static void compare_rows(const strip *x, const column *loop, const column *frame, uint64_t *m) {
  uint32_t first = x->joined ? 0 : x->row, end = x->joined ? x->s->rows : x->row + 1;
  m[SAME] = m[LESS] = 0;
  for (uint32_t row = first; row < end; row++) {
    uint64_t less, same = compare_row(x->s, loop->values, frame->values[row], &less);
    m[SAME] |= same << 8 * (row - first);
    m[LESS] |= less << 8 * (row - first);
  }
}

// Of rows whose fact is not given, what stands for its value does not count.
static void compare_strip(const strip *x, uint64_t *m, const column *loop, const column *frame) {
  if (x->joined && loop->values == frame->values) {
    compare_self(x->s, loop->values, m);
  } else {
    compare_rows(x, loop, frame, m);
  }
  uint64_t a = loop_pairs(x, loop->given), b = frame_pairs(x, frame->given),
           c = loop_pairs(x, loop->unknown), d = frame_pairs(x, frame->unknown);
  m[GIVEN] = a & b;
  m[UNKNOWN] = (c & (b | d)) | (d & a);
}

static void compare_facts(const strip *loop, uint32_t comparison) {
  const vm_comparison *k = &loop->l->comparisons[comparison];
  strip x = *loop;
  column own = {.values = x.s->values}, other = {.values = x.s->values + x.s->rows};
  x.s->compared[comparison] = 1;
  read_column(x.c, k->fact, &own);
  if (k->fact != k->frame_fact) {
    read_column(x.c, k->frame_fact, &other);
  } else {
    other = own;
  }
  for (x.row = 0; x.row < x.s->strips; x.row++) {
    compare_strip(&x, matrices_of(&x, comparison), &own, &other);
  }
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
  if (!x->s->compared[pair->first]) {
    compare_facts(x, pair->first);
  }
  const uint64_t *m = matrices_of(x, pair->first);
  met[0] = m[GIVEN] & holds(pair->relation, m[SAME], m[LESS]);
  met[1] = x->valid & ~met[0] & ~m[UNKNOWN];
}

// --------------------------------------------------------------------------------------- one strip

static void work_copy(const strip *x, const vm_pair *pair, uint64_t *met) {
  const uint64_t *planes = x->s->planes;
  bool own = pair->kind == VM_PAIR_LOOP;
  for (uint32_t n = 0; n < 2; n++) {
    uint64_t rows = planes[pair->first ^ n];
    met[n] = own ? loop_pairs(x, rows) : frame_pairs(x, rows);
  }
}

static void work_pair_block(const strip *x, const vm_pair *pair, uint64_t *met) {
  bool any = pair->kind == VM_PAIR_ANY;
  const vm_ref *members = x->l->members + pair->first;
  uint64_t every = x->valid, one = 0;
  for (uint32_t i = 0; i < pair->count; i++) {
    every &= *pair_plane(x, members[i] ^ any);
    one |= *pair_plane(x, members[i] ^ !any);
  }
  met[any] = every;
  met[!any] = one;
}

// The rows of a pair that a bit stands for.
static uint32_t loop_row(const strip *x, uint32_t bit) {
  return x->joined ? bit % 8 : bit;
}
static uint32_t frame_row(const strip *x, uint32_t bit) {
  return x->joined ? bit / 8 : x->row;
}

static void work_pair_code(const strip *x, const vm_pair *pair, uint64_t *met) {
  uint64_t left = x->valid;
  met[0] = met[1] = 0;
  if (pair->guard != SOC_NONE32) {
    left &= ~*pair_plane(x, pair->guard);
  }
  for (; left != 0; left &= left - 1) {
    uint32_t bit = vm_lowest_bit(left);
    int64_t t = vm_run_row(x->c, pair->first, pair->count, frame_row(x, bit), loop_row(x, bit)).lo;
    met[0] |= t == SOC_MET ? left & (0 - left) : 0;
    met[1] |= t == SOC_NOT_MET ? left & (0 - left) : 0;
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
    default: work_pair_code(x, pair, met); // VM_PAIR_CODE
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

// Those of one row of the cell.
static uint64_t pairs_of(const strip *x, uint64_t pairs, uint32_t row) {
  return x->joined ? pairs >> 8 * row & 0xff : pairs;
}

// `good` as in a block: any is the negation of all of the negations.
static void reduce_truth(const strip *x, uint64_t *met) {
  bool any = x->loop->fold == SOC_FOLD_ANY;
  const uint64_t *body = body_of(x);
  uint64_t rest = x->valid & ~body[any], hit = body[!any];
  if (x->joined) {
    met[any] = x->s->valid & ~as_bits(rest);
    met[!any] = as_bits(hit);
    return;
  }
  met[any] |= (uint64_t)(rest == 0) << x->row;
  met[!any] |= (uint64_t)(hit != 0) << x->row;
}

static void count_row(const strip *x, uint32_t row, vm_value *out) {
  const uint64_t *body = body_of(x);
  int64_t least = count_pairs(pairs_of(x, body[0], row)),
          most = count_pairs(pairs_of(x, x->valid & ~body[1], row));
  *out = (vm_value){least * SOC_MICRO, most * SOC_MICRO};
}

static void sum_row(const strip *x, uint32_t row, vm_value *out) {
  const uint64_t *body = body_of(x);
  uint64_t certain = pairs_of(x, body[0], row);
  *out = (vm_value){0, 0};
  for (uint64_t left = pairs_of(x, x->valid & ~body[1], row); left != 0; left &= left - 1) {
    vm_value v =
        vm_run_row(x->c, x->loop->value_first, x->loop->value_count, row, vm_lowest_bit(left));
    int64_t t = certain & left & (0 - left) ? SOC_MET : SOC_UNKNOWN_TRUTH;
    (void)vm_sum_join(out, t, v);
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

static bool no_row_counts(const soc_case *c, const vm_lane *loop) {
  uint64_t open = c->lanes->valid;
  for (uint32_t i = loop->gates; i < loop->gates + loop->gate_count; i++) {
    open &= ~c->lanes->planes[c->policy->lanes->members[i]];
  }
  return open == 0;
}

static void settle_loop(const soc_case *c, const vm_lane *loop, uint64_t *met) {
  bool all = loop->fold == SOC_FOLD_ALL;
  met[!all] = c->lanes->valid;
  met[all] = 0;
  if (!is_truth(loop)) {
    vm_value *out = c->quantities + c->places[loop->of].wide;
    memset(out, 0, c->lanes->rows * sizeof *out);
  }
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
  if (no_row_counts(c, lane)) {
    settle_loop(c, lane, met);
    return;
  }
  uint64_t open = vm_open_lanes(c->lanes, lane->guard);
  met[0] = met[1] = 0;
  if (open == 0) {
    return; // nobody asks
  }
  strip x = strip_of(c, lane);
  if (lane->runs_code) {
    publish(&x);
  }
  for (x.row = 0; x.row < x.s->strips; x.row++) {
    if (!x.joined && (open >> x.row & 1) == 0) {
      continue;
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

static void want_pairs(const strip *x, const vm_pair *pair, uint64_t wanted) {
  for (uint32_t i = 0; i < pair->count; i++) {
    vm_ref member = x->l->members[pair->first + i];
    x->s->strip_wanted[member / 2] |=
        wanted & ~*pair_plane(x, member) & ~*pair_plane(x, member ^ 1);
  }
}

// Asks for something in every row of the cell, or of the loop, that one of these pairs has.
typedef void ask_fn(soc_case *c, uint32_t what, uint32_t row);

static void ask_rows(const strip *x, uint64_t rows, ask_fn *ask, uint32_t what) {
  for (; rows != 0; rows &= rows - 1) {
    ask(x->c, what, vm_lowest_bit(rows));
  }
}

static uint64_t loop_rows(const strip *x, uint64_t pairs) {
  if (!x->joined) {
    return pairs;
  }
  pairs |= pairs >> 32;
  pairs |= pairs >> 16;
  return (pairs | pairs >> 8) & 0xff;
}

static uint64_t frame_rows(const strip *x, uint64_t pairs) {
  return x->joined ? as_bits(pairs) : (uint64_t)(pairs != 0) << x->row;
}

static void ask_code(const strip *x, const vm_pair *pair, uint64_t wanted) {
  for (; wanted != 0; wanted &= wanted - 1) {
    uint32_t bit = vm_lowest_bit(wanted);
    vm_gather_row(x->c, pair->first, pair->count, frame_row(x, bit), loop_row(x, bit));
    vm_take_entries(x->c);
  }
}

static void ask_pair(const strip *x, const vm_pair *pair, uint64_t wanted) {
  const vm_comparison *facts = &x->l->comparisons[pair->first];
  switch ((enum vm_pair_kind)pair->kind) {
  case VM_PAIR_LOOP: ask_rows(x, loop_rows(x, wanted), vm_lanes_want, pair->first); break;
  case VM_PAIR_FRAME: ask_rows(x, frame_rows(x, wanted), vm_lanes_want, pair->first); break;
  case VM_PAIR_RELATION:
    ask_rows(x, loop_rows(x, wanted), vm_ask_row_fact, facts->fact);
    ask_rows(x, frame_rows(x, wanted), vm_ask_row_fact, facts->frame_fact);
    break;
  case VM_PAIR_ALL:
  case VM_PAIR_ANY: want_pairs(x, pair, wanted); break;
  default: ask_code(x, pair, wanted); // VM_PAIR_CODE
  }
}

// What a sum's row adds where that is not certain; leaves the pairs whose truth is unknown.
static uint64_t ask_amounts(const strip *x, uint64_t wanted) {
  const uint64_t *body = body_of(x);
  uint64_t unknown = 0;
  for (uint64_t left = wanted & ~body[1]; left != 0; left &= left - 1) {
    uint32_t bit = vm_lowest_bit(left), frame = frame_row(x, bit), row = loop_row(x, bit);
    int64_t t = body[0] & left & (0 - left) ? SOC_MET : SOC_UNKNOWN_TRUTH;
    vm_value sum = {0, 0};
    vm_value v = vm_gather_row(x->c, x->loop->value_first, x->loop->value_count, frame, row);
    if (vm_sum_join(&sum, t, v)) {
      vm_take_entries(x->c);
      unknown |= t == SOC_UNKNOWN_TRUTH ? left & (0 - left) : 0;
    }
  }
  return unknown;
}

// The pairs of a strip of which an unknown loop asks something, for these rows of the cell.
static uint64_t want_body(const strip *x, uint64_t rows) {
  const uint64_t *body = body_of(x);
  uint64_t wanted = frame_pairs(x, rows);
  return x->loop->fold == SOC_FOLD_SUM ? ask_amounts(x, wanted) : wanted & ~body[0] & ~body[1];
}

void vm_lanes_want_loop(soc_case *c, const vm_lane *lane, uint64_t rows) {
  strip x = strip_of(c, lane);
  if (lane->runs_code) {
    publish(&x);
  }
  for (x.row = 0; x.row < x.s->strips; x.row++) {
    if (!x.joined && (rows >> x.row & 1) == 0) {
      continue;
    }
    work_strip(&x);
    memset(x.s->strip_wanted, 0, lane->count * sizeof *x.s->strip_wanted);
    x.s->strip_wanted[lane->count - 1] = want_body(&x, rows);
    for (uint32_t i = lane->count; i-- > 0;) {
      ask_pair(&x, &x.l->pairs[lane->first + i], x.s->strip_wanted[i]);
    }
  }
}
