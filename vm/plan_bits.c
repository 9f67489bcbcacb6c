// SPDX-License-Identifier: Apache-2.0
//
// What facts, code and blocks are told of the bits that their literals have got.
#include <string.h>

#include "vm/plan_build.h"

// ------------------------------------------------------------------------------------------ sorting

static bool before(vm_sorted a, vm_sorted b) {
  return a.key != b.key ? a.key < b.key : a.value < b.value;
}

static void sift(vm_sorted *a, uint32_t from, uint32_t count) {
  for (uint32_t at = from, child; (child = 2 * at + 1) < count; at = child) {
    child += child + 1 < count && before(a[child], a[child + 1]);
    if (!before(a[at], a[child])) {
      return;
    }
    vm_sorted moved = a[at];
    a[at] = a[child];
    a[child] = moved;
  }
}

// Heapsort: no memory, no bad cases.
void vm_sort(vm_sorted *a, uint32_t count) {
  for (uint32_t i = count / 2; i-- > 0;) {
    sift(a, i, count);
  }
  for (uint32_t end = count; end-- > 1;) {
    vm_sorted last = a[end];
    a[end] = a[0];
    a[0] = last;
    sift(a, 0, end);
  }
}

// -------------------------------------------------------------------------------------------- tests

static bool wants_bit(const vm_builder *b, uint32_t value) {
  return (vm_term_of(b, value)->want[value % 2] & VM_WANT_BIT) != 0;
}

// The first of equal tests in each polarity stands for the others.
static void find_same(vm_builder *b) {
  uint32_t first[2] = {SOC_NONE32, SOC_NONE32};
  for (uint32_t i = 0; i < b->test_count; i++) {
    uint32_t value = b->tests[i].value, *same = &first[value % 2];
    if (i > 0 && b->tests[i].key != b->tests[i - 1].key) {
      first[0] = first[1] = SOC_NONE32;
    }
    *same = *same == SOC_NONE32 ? value : *same;
    b->nodes[value].same = *same;
  }
}

// The tests of a derived enumeration come last in their reader.
static uint64_t test_key(uint32_t fact, vm_instruction in) {
  bool derived = in.op == SOC_OP_CELL_IN_MASK;
  uint64_t op = derived ? 0xff : in.op, what = derived ? (uint64_t)in.b << 16 | in.c : in.c;
  return (uint64_t)fact << 48 | op << 40 | (uint64_t)(derived ? 0 : in.a) << 32 | what;
}

// A test as one of its fact; or those of a derived enumeration as one of its code.
static void add_test(vm_builder *b, uint32_t value, bool of_code) {
  const vm_term *t = vm_term_of(b, value);
  vm_instruction in = vm_instruction_at(b->p, t->first);
  vm_derivation d = {.fact = in.b};
  bool derived = t->kind == VM_TERM_MASK && vm_derives_plainly(b->p, in.b, &d);
  if (wants_bit(b, value) && (derived || (t->kind == VM_TERM_TEST && !of_code))) {
    b->tests[b->all_test_count++] = (vm_sorted){test_key(of_code ? d.code : d.fact, in), value};
  }
}

void vm_join_tests(vm_builder *b) {
  b->all_test_count = b->test_count;
  vm_sort(b->tests, b->test_count);
  find_same(b);
}

void vm_sort_tests(vm_builder *b) {
  for (uint32_t value = 0; value < 2 * b->g.term_count; value++) {
    b->nodes[value] = (vm_node){.same = value};
    add_test(b, value, false);
  }
  b->test_count = b->all_test_count;
  vm_join_tests(b);
  for (uint32_t value = 0; value < 2 * b->g.term_count; value++) {
    add_test(b, value, true);
  }
  vm_sort(b->tests + b->test_count, b->all_test_count - b->test_count);
}

enum vm_reader_class vm_reader_class(const vm_policy *p, uint32_t fact) {
  switch (vm_fact_at(p, fact).type) {
  case SOC_BOOL:
  case SOC_ENUM:
  case SOC_TEXT: return VM_BY_PLACE;
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST: return VM_BY_ITEMS;
  default: return VM_BY_STEPS;
  }
}

// The tests from `first` up to `end` as one reader. False: too many.
static bool add_reader(vm_builder *b, uint32_t first, uint32_t end) {
  vm_reader *r = &b->plan->readers[b->plan->reader_count++];
  uint32_t fact = (uint32_t)(b->tests[first].key >> 48), count = 0;
  *r = (vm_reader){.fact = fact,
                   .base = SOC_NONE32,
                   .type = vm_fact_at(b->p, fact).type,
                   .literals = b->literal_count};
  for (uint32_t i = first; i < end; i++) {
    uint32_t value = b->tests[i].value;
    vm_term *t = vm_term_of(b, value);
    if (b->nodes[value].same != value) {
      continue;
    }
    b->plan->test_literals[b->literal_count++] = t->bit[value % 2];
    if (t->kind == VM_TERM_TEST) {
      t->origin[value % 2] = VM_ORIGIN_FACT | fact;
      r->plain = 2 * r->plain + 1;
    }
    r->tests = 2 * r->tests + 1;
    count++;
  }
  return count <= VM_PLAN_BITS;
}

// Tests of one fact, or of one enumeration that is derived from a code.
static uint64_t group_at(const vm_builder *b, uint32_t test) {
  return b->tests[test].key >> (test < b->test_count ? 48 : 16);
}

static uint32_t end_of_group(const vm_builder *b, uint32_t first) {
  uint32_t end = first + 1, last = first < b->test_count ? b->test_count : b->all_test_count;
  while (end < last && group_at(b, end) == group_at(b, first)) {
    end++;
  }
  return end;
}

uint32_t vm_first_test(const vm_builder *b, const vm_reader *r, uint32_t *end) {
  uint32_t first = 0, reader = 0;
  while (&b->plan->readers[reader] != r) {
    first = end_of_group(b, first);
    reader++;
  }
  *end = end_of_group(b, first);
  return first;
}

bool vm_add_readers(vm_builder *b) {
  for (uint32_t first = 0, end; first < b->all_test_count; first = end) {
    end = end_of_group(b, first);
    if (!add_reader(b, first, end)) {
      return false;
    }
    vm_derivation d;
    if (first >= b->test_count) {
      uint32_t cell = vm_instruction_at(b->p, vm_term_of(b, b->tests[first].value)->first).b;
      (void)vm_derives_plainly(b->p, cell, &d);
      b->plan->readers[b->plan->reader_count - 1].base = d.fact;
    } else {
      b->plan->own_readers++;
    }
  }
  return true;
}

// -------------------------------------------------------------------------------------------- rules

static void add_decision(vm_builder *b, uint32_t index) {
  vm_decision decision = vm_decision_at(b->p, index);
  vm_plan_decision *d = &b->plan->decisions[index];
  *d = (vm_plan_decision){.first = decision.first,
                          .count = decision.count,
                          .first_reason = vm_first_reason(b->p, index),
                          .first_action = vm_first_action(b->p, index)};
  for (uint32_t i = 0; i < decision.count; i++) {
    vm_rule *rule = &b->plan->rules[decision.first + i];
    *rule = vm_rule_at(b->p, decision.first + i);
    if (d->of[rule->determination] == 0) {
      d->used[d->used_count++] = rule->determination;
    }
    d->of[rule->determination] |= UINT64_C(1) << i;
    d->speaks |= (uint64_t)(rule->open_code != SOC_NONE32) << i;
  }
}

bool vm_add_decisions(vm_builder *b) {
  for (uint32_t i = 0; i < VM_COUNT(b->p, DECISIONS); i++) {
    if (vm_decision_at(b->p, i).count > VM_PLAN_BITS) {
      return false;
    }
    add_decision(b, i);
  }
  return true;
}

// --------------------------------------------------------------------------------------------- code

// The facts that two loads read; false: something else, or fields.
static bool two_loads(const vm_policy *p, uint32_t first, vm_shaped *out) {
  for (uint32_t n = 0; n < 2; n++) {
    vm_instruction load = vm_instruction_at(p, first + n);
    if (load.op != SOC_OP_LOAD_FACT) {
      return false;
    }
    out->fact[n] = load.b;
    out->given[n] = (load.a & SOC_IF_GIVEN) != 0;
  }
  return true;
}

// What a relation to a constant asks for, as a range. False: it is none.
static bool range_of(uint8_t relation, int64_t value, vm_shaped *out) {
  out->lo = relation == SOC_GT                         ? value + 1
            : relation == SOC_LT || relation == SOC_LE ? INT64_MIN
                                                       : value;
  out->hi = relation == SOC_LT                         ? value - 1
            : relation == SOC_GT || relation == SOC_GE ? INT64_MAX
                                                       : value;
  return relation != SOC_NE;
}

// The code leaves a truth: what is said of its last instructions follows from what is on the stack before them. One
// value becomes a truth by `between` alone, two by a relation; three become two by arithmetic first.

// load, load, days or years from, then between, or a constant and a relation.
static bool is_between(const vm_policy *p, uint32_t first, uint32_t count, vm_shaped *out) {
  vm_instruction from = vm_instruction_at(p, first + 2),
                 last = vm_instruction_at(p, first + count - 1);
  out->op = from.op;
  if (from.op != SOC_OP_DAYS_FROM && from.op != SOC_OP_YEARS_FROM) {
    return false;
  }
  if (count == 4) {
    out->lo = vm_constant_at(p, last.c & 0xffffu);
    out->hi = vm_constant_at(p, last.c >> 16);
    return true;
  }
  vm_instruction value = vm_instruction_at(p, first + 3);
  return count == 5 && value.op == SOC_OP_LOAD_CONST &&
         range_of(last.a, vm_constant_at(p, value.c), out);
}

// What takes two values to one: the days and months stand first.
_Static_assert(SOC_OP_LOAD_CONST < SOC_OP_ADD_DAYS && SOC_OP_ADD_DAYS + 3 == SOC_OP_SUB_MONTHS &&
                   SOC_OP_SUB_MONTHS < SOC_OP_NUM_ADD,
               "arithmetic begins with days and months");

// load, load, a constant, days or months added or taken away, a relation.
static bool is_shifted(const vm_policy *p, uint32_t first, uint32_t count, vm_shaped *out) {
  if (count != 5 || vm_instruction_at(p, first + 2).op != SOC_OP_LOAD_CONST) {
    return false;
  }
  out->op = vm_instruction_at(p, first + 3).op;
  out->lo = vm_constant_at(p, vm_instruction_at(p, first + 2).c);
  out->relation = vm_instruction_at(p, first + 4).a;
  return out->op <= SOC_OP_SUB_MONTHS; // the first of arithmetic
}

// load, load, a relation: of dates, one of them moved by no days. Both facts are of one type.
static bool is_compared(const vm_policy *p, uint32_t first, uint32_t count, vm_shaped *out) {
  out->op = SOC_OP_ADD_DAYS;
  out->lo = 0;
  out->relation = vm_instruction_at(p, first + 2).a;
  return count == 3 && vm_fact_at(p, out->fact[0]).type == SOC_DATE;
}

static vm_shaped shape_of(const vm_policy *p, uint32_t first, uint32_t count) {
  vm_shaped out = {0};
  if (count < 3 || !two_loads(p, first, &out)) {
    return (vm_shaped){0};
  }
  bool shifted = is_compared(p, first, count, &out) || is_shifted(p, first, count, &out);
  out.shape = shifted                             ? VM_SHAPE_SHIFTED
              : is_between(p, first, count, &out) ? VM_SHAPE_BETWEEN
                                                  : VM_SHAPE_OTHER;
  return out;
}

// The candidates' rows: where a test of a derived enumeration has its bits.
static void fill_mask_rows(vm_builder *b, const vm_mask_reader *r, uint64_t mask, uint32_t bit,
                           unsigned polarity) {
  uint64_t *row = b->plan->mask_rows + r->rows;
  for (uint32_t i = 0; i < VM_MASK_ROWS; i++, row += b->plan->words) {
    bool in = i == 0 || (i == 1 ? polarity == 1 : (mask >> (i - 2) & 1) != polarity);
    if (in) {
      vm_add_copies(b, row, bit);
    }
  }
}

// `r`: NULL for an enumeration that readers of facts know.
static void add_mask_test(vm_builder *b, const vm_mask_reader *r, uint32_t term) {
  vm_term *t = &b->g.terms[term];
  vm_instruction in = vm_instruction_at(b->p, t->first);
  vm_mask_test test = {.cell = in.b,
                       .asks = vm_cell_at(b->p, in.b).asks,
                       .bit = {SOC_NONE32, SOC_NONE32},
                       .mask = vm_mask_at(b->p, in.c)};
  for (uint32_t polarity = 0; polarity < 2; polarity++) {
    uint32_t value = 2 * term + polarity;
    if (!wants_bit(b, value) || b->nodes[value].same != value) {
      continue;
    }
    test.bit[polarity] = t->bit[polarity];
    t->origin[polarity] = VM_ORIGIN_MASK | b->mask_count;
    if (r) {
      fill_mask_rows(b, r, test.mask, t->bit[polarity], polarity);
    }
  }
  if (test.bit[0] != SOC_NONE32 || test.bit[1] != SOC_NONE32) {
    b->plan->mask_tests[b->mask_count++] = test;
  }
}

static bool is_mask_test(const vm_builder *b, uint32_t term, uint32_t cell) {
  const vm_term *t = &b->g.terms[term];
  return t->kind == VM_TERM_MASK && vm_instruction_at(b->p, t->first).b == cell;
}

// The tests of one derived enumeration. Without any it needs no reader: room is for those alone that are tested.
static void add_mask_tests(vm_builder *b, uint32_t cell) {
  uint32_t first = 0;
  while (first < b->g.term_count && !is_mask_test(b, first, cell)) {
    first++;
  }
  if (first == b->g.term_count) {
    return;
  }
  vm_plan *plan = b->plan;
  vm_mask_reader *r = NULL;
  if (vm_derives_plainly(b->p, cell, &plan->derivations[plan->derivation_count])) {
    plan->derivation_count++;
  } else {
    size_t words = (size_t)VM_MASK_ROWS * plan->words;
    r = &plan->mask_readers[b->mask_reader_count];
    *r = (vm_mask_reader){.cell = cell, .rows = (uint32_t)(b->mask_reader_count++ * words)};
    memset(plan->mask_rows + r->rows, 0, words * sizeof *plan->mask_rows);
  }
  for (uint32_t i = first; i < b->g.term_count; i++) {
    if (is_mask_test(b, i, cell)) {
      add_mask_test(b, r, i);
    }
  }
}

bool vm_stands_for_itself(const vm_policy *p, uint32_t fact) {
  uint8_t left_out = vm_fact_at(p, fact).left_out;
  return left_out == SOC_LEFT_OUT_UNKNOWN || left_out == SOC_LEFT_OUT_REQUIRED ||
         left_out == SOC_LEFT_OUT_NONE;
}

bool vm_is_pair(const vm_policy *p, const vm_term *t) {
  vm_shaped s = shape_of(p, t->first, t->count);
  return s.shape != VM_SHAPE_OTHER && vm_stands_for_itself(p, s.fact[0]) &&
         vm_stands_for_itself(p, s.fact[1]);
}

static void add_expression(vm_builder *b, vm_term *t) {
  t->origin[0] = t->origin[1] = VM_ORIGIN_EXPRESSION | b->expression_count;
  b->plan->expressions[b->expression_count++] =
      (vm_expression){.first = t->first,
                      .count = t->count,
                      .bit = {t->bit[0], t->bit[1]},
                      .shaped = shape_of(b->p, t->first, t->count),
                      .table = SOC_NONE32,
                      .guard = SOC_NONE32};
}

static void add_expressions(vm_builder *b, bool pairs) {
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    vm_term *t = &b->g.terms[i];
    if (t->kind == VM_TERM_EXPRESSION && ((t->want[0] | t->want[1]) & VM_WANT_BIT) != 0 &&
        vm_is_pair(b->p, t) == pairs) {
      add_expression(b, t);
    }
  }
}

static bool is_plain_pair(const vm_policy *p, const vm_shaped *s) {
  return !s->given[0] && !s->given[1] && vm_fact_at(p, s->fact[0]).left_out != SOC_LEFT_OUT_NONE &&
         vm_fact_at(p, s->fact[1]).left_out != SOC_LEFT_OUT_NONE;
}

static vm_fact_pair fact_pair_of(const vm_builder *b, uint32_t expression, uint32_t which) {
  const vm_expression *e = &b->plan->expressions[expression];
  bool turned = e->bit[0] == SOC_NONE32;
  uint32_t bit = e->bit[turned];
  bool plain = is_plain_pair(b->p, &e->shaped);
  bool nullable = (vm_fact_at(b->p, e->shaped.fact[which]).flags & SOC_FACT_NULLABLE) != 0;
  bool single = e->bit[1 - turned] == SOC_NONE32 && b->plan->copies[bit] == SOC_NONE32;
  return (vm_fact_pair){.other = e->shaped.fact[1 - which],
                        .word = bit / WORD_BITS,
                        .bit = single ? UINT64_C(1) << bit % WORD_BITS : 0,
                        .expression = expression,
                        .plain = plain,
                        .waits = plain && !nullable,
                        .second = which == 1,
                        .as_met = turned ? SOC_NOT_MET : SOC_MET,
                        .shaped = e->shaped};
}

// By fact, in the order of the expressions.
static void add_pairs(vm_builder *b) {
  vm_plan *plan = b->plan;
  uint32_t facts = VM_COUNT(b->p, FACTS), count = 0;
  for (uint32_t fact = 0; fact < facts; fact++) {
    plan->first_pair[fact] = count;
    for (uint32_t at = 0; at < 2 * plan->pair_count; at++) {
      if (plan->expressions[at / 2].shaped.fact[at % 2] == fact) {
        plan->pairs[count++] = fact_pair_of(b, at / 2, at % 2);
      }
    }
  }
  plan->first_pair[facts] = count;
}

void vm_add_code(vm_builder *b) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    vm_cell c = vm_cell_at(b->p, cell);
    if (c.kind == SOC_CELL_MASK && c.list == SOC_NONE16) {
      add_mask_tests(b, cell);
    }
  }
  add_expressions(b, true);
  b->plan->pair_count = b->expression_count;
  add_expressions(b, false);
  add_pairs(b);
}

// ------------------------------------------------------------------------------------------- blocks

static enum vm_block_kind block_kind(const vm_term *t, unsigned polarity) {
  switch (vm_kind_in(t, polarity)) {
  case VM_TERM_ALL: return VM_BLOCK_ALL;
  case VM_TERM_ANY: return VM_BLOCK_ANY;
  default: return polarity ? VM_BLOCK_NOT_COUNT : VM_BLOCK_COUNT;
  }
}

static void sort_blocks(vm_builder *b) {
  for (uint32_t value = 0; value < 2 * b->g.term_count; value++) {
    const vm_term *t = vm_term_of(b, value);
    if (t->kind >= VM_TERM_ALL && wants_bit(b, value)) {
      b->blocks[b->block_count++] = (vm_sorted){t->phase[value % 2], value};
    }
  }
  vm_sort(b->blocks, b->block_count);
}

void vm_add_blocks(vm_builder *b) {
  vm_plan *plan = b->plan;
  sort_blocks(b);
  b->next_mask = b->block_count + 1;
  for (uint32_t i = 0; i < b->block_count; i++) {
    uint32_t value = b->blocks[i].value;
    vm_term *t = vm_term_of(b, value);
    uint32_t bit = t->bit[value % 2];
    plan->blocks[i] = (vm_block){bit, t->at_least, (uint8_t)block_kind(t, value % 2)};
    t->origin[value % 2] = VM_ORIGIN_BLOCK | i;
    if (b->nodes[value].apart) {
      plan->apart[b->apart_count++] = i;
    }
  }
  plan->blocks[b->block_count] = (vm_block){.bit = plan->always, .kind = VM_BLOCK_ALL};
}

void vm_find_origins(vm_builder *b) {
  for (uint32_t bit = 0; bit < b->plan->words * WORD_BITS; bit++) {
    uint32_t value = bit < b->bits ? b->values[bit] : SOC_NONE32;
    b->plan->origins[bit] = value == SOC_NONE32 ? 0 : vm_term_of(b, value)->origin[value % 2];
  }
}
