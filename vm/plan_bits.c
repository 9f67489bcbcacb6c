// SPDX-License-Identifier: Apache-2.0
//
// Which literal gets which bit of the planes, and in which phase it is worked out.
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

// ------------------------------------------------------------------------------------------- phases

uint32_t vm_phase_of_cell(const vm_builder *b, uint32_t cell) {
  if (!vm_is_condition(b->p, cell)) {
    return b->cell_phases[cell];
  }
  vm_root root = b->g.roots[cell];
  return b->g.terms[root.term].phase[root.negated];
}

uint32_t vm_phase_of_code(const vm_builder *b, uint32_t first, uint32_t count) {
  uint32_t phase = 0;
  for (uint32_t pc = first; pc < first + count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(b->p, pc));
    phase = cell == SOC_NONE32 ? phase : vm_later(phase, vm_phase_of_cell(b, cell));
  }
  return phase;
}

static uint32_t phase_of_members(const vm_builder *b, const vm_term *t, unsigned polarity) {
  uint32_t phase = 0;
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    vm_edge edge = b->g.edges[e];
    phase = vm_later(phase, b->g.terms[edge.term].phase[vm_child_polarity(t, edge, polarity)]);
  }
  return phase;
}

static void find_term_phases(vm_builder *b, vm_term *t) {
  for (unsigned polarity = 0; polarity < 2; polarity++) {
    if (t->want[polarity] == 0) {
      continue;
    }
    switch ((enum vm_term_kind)t->kind) {
    case VM_TERM_TEST: t->phase[polarity] = 0; break;
    case VM_TERM_EXPRESSION:
    case VM_TERM_MASK: t->phase[polarity] = vm_phase_of_code(b, t->first, t->count) + 1; break;
    default:
      t->phase[polarity] =
          phase_of_members(b, t, polarity) + ((t->want[polarity] & VM_WANT_BIT) != 0);
    }
  }
}

void vm_find_phases(vm_builder *b) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    for (uint32_t t = b->g.cell_terms[cell]; t < b->g.cell_terms[cell + 1]; t++) {
      find_term_phases(b, &b->g.terms[t]);
    }
    vm_cell c = vm_cell_at(b->p, cell);
    b->cell_phases[cell] = b->g.cell_wanted[cell] && !vm_is_condition(b->p, cell)
                               ? vm_phase_of_code(b, c.first, c.count)
                               : 0;
  }
}

// --------------------------------------------------------------------------------------------- bits

// So many bits in one word.
static uint32_t take_bits(vm_builder *b, uint32_t count) {
  uint32_t used = b->bits % WORD_BITS;
  if (used + count > WORD_BITS) {
    b->bits += WORD_BITS - used;
  }
  b->bits += count;
  return b->bits - count;
}

bool vm_give_rules_bits(vm_builder *b) {
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    vm_decision decision = vm_decision_at(b->p, d);
    if (decision.count > VM_PLAN_BITS) {
      return false;
    }
    vm_plan_decision *out = &b->plan->decisions[d];
    *out = (vm_plan_decision){.bit = take_bits(b, decision.count),
                              .first = decision.first,
                              .count = decision.count,
                              .first_reason = vm_first_reason(b->p, d),
                              .first_action = vm_first_action(b->p, d)};
    for (uint32_t i = 0; i < decision.count; i++) {
      vm_rule *rule = &b->plan->rules[decision.first + i];
      *rule = vm_rule_at(b->p, decision.first + i);
      if (out->of[rule->determination] == 0) {
        out->used[out->used_count++] = rule->determination;
      }
      out->of[rule->determination] |= UINT64_C(1) << i;
      out->speaks |= (uint64_t)(rule->open_code != SOC_NONE32) << i;
    }
  }
  return true;
}

void vm_sort_terms(vm_builder *b) {
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    const vm_term *t = &b->g.terms[i];
    for (uint32_t polarity = 0; polarity < 2; polarity++) {
      uint32_t value = 2 * i + polarity;
      if (!(t->want[polarity] & VM_WANT_BIT)) {
        continue;
      }
      if (t->kind == VM_TERM_TEST) {
        vm_instruction in = vm_instruction_at(b->p, t->first);
        uint64_t key = (uint64_t)in.b << 48 | (uint64_t)in.op << 40 | (uint64_t)in.a << 32 | in.c;
        b->tests[b->test_count++] = (vm_sorted){key, value};
      } else if (t->kind >= VM_TERM_ALL) {
        uint64_t key = (uint64_t)(t->phase[polarity] - 1) << 8 | vm_kind_in(t, polarity);
        b->blocks[b->block_count++] = (vm_sorted){key, value};
      }
    }
  }
  vm_sort(b->tests, b->test_count);
  vm_sort(b->blocks, b->block_count);
}

// Tests of one fact from `first` on: gives each its place; how many there are.
static uint32_t number_tests(vm_builder *b, uint32_t first, uint32_t end) {
  uint32_t count = 0;
  for (uint32_t at = first; at < end;) {
    uint64_t key = b->tests[at].key;
    uint32_t place[2] = {SOC_NONE32, SOC_NONE32}; // of this test in each polarity
    for (; at < end && b->tests[at].key == key; at++) {
      unsigned polarity = b->tests[at].value % 2;
      place[polarity] = place[polarity] == SOC_NONE32 ? count++ : place[polarity];
      vm_term_of(b, b->tests[at].value)->bit[polarity] = place[polarity];
    }
  }
  return count;
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

static bool add_reader(vm_builder *b, vm_reader *r, uint32_t first, uint32_t end) {
  uint32_t fact = (uint32_t)(b->tests[first].key >> 48), count = number_tests(b, first, end);
  if (count > VM_PLAN_BITS) {
    return false;
  }
  uint32_t base = take_bits(b, count);
  *r = (vm_reader){
      .fact = fact, .word = (uint16_t)(base / WORD_BITS), .type = vm_fact_at(b->p, fact).type};
  for (uint32_t i = first; i < end; i++) {
    uint32_t *bit = &vm_term_of(b, b->tests[i].value)->bit[b->tests[i].value % 2];
    *bit += base;
    b->plan->origins[*bit] = VM_ORIGIN_FACT | fact;
  }
  return true;
}

// Readers of one class, in the order of facts.
static bool add_readers(vm_builder *b, enum vm_reader_class class, vm_reader *readers,
                        uint32_t *count) {
  for (uint32_t first = 0, end; first < b->test_count; first = end) {
    uint64_t fact = b->tests[first].key >> 48;
    for (end = first + 1; end < b->test_count && b->tests[end].key >> 48 == fact; end++) {
    }
    if (vm_reader_class(b->p, (uint32_t)fact) == class &&
        !add_reader(b, &readers[(*count)++], first, end)) {
      return false;
    }
  }
  return true;
}

bool vm_give_tests_bits(vm_builder *b) {
  vm_plan *plan = b->plan;
  return add_readers(b, VM_BY_PLACE, plan->readers, &plan->place_readers) &&
         add_readers(b, VM_BY_STEPS, plan->readers + plan->place_readers, &plan->step_readers) &&
         add_readers(b, VM_BY_ITEMS, plan->readers + plan->place_readers + plan->step_readers,
                     &plan->list_readers);
}

// Both polarities stand in one word.
static void give_bits(vm_builder *b, vm_term *t, uint32_t origin) {
  uint32_t count = (t->want[0] & VM_WANT_BIT ? 1u : 0u) + (t->want[1] & VM_WANT_BIT ? 1u : 0u);
  uint32_t next = take_bits(b, count);
  for (unsigned polarity = 0; polarity < 2; polarity++) {
    if (t->want[polarity] & VM_WANT_BIT) {
      t->bit[polarity] = next++;
      b->plan->origins[t->bit[polarity]] = origin;
      b->bit_phases[t->bit[polarity]] = t->phase[polarity];
    }
  }
}

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

// load, load, days or years from, then between, or a constant and a relation.
static bool is_between(const vm_policy *p, uint32_t first, uint32_t count, vm_shaped *out) {
  vm_instruction from = vm_instruction_at(p, first + 2),
                 last = vm_instruction_at(p, first + count - 1);
  out->op = from.op;
  if (from.op != SOC_OP_DAYS_FROM && from.op != SOC_OP_YEARS_FROM) {
    return false;
  }
  if (count == 4 && last.op == SOC_OP_BETWEEN) {
    out->lo = vm_constant_at(p, last.c & 0xffffu);
    out->hi = vm_constant_at(p, last.c >> 16);
    return true;
  }
  vm_instruction value = vm_instruction_at(p, first + 3);
  return count == 5 && value.op == SOC_OP_LOAD_CONST && last.op == SOC_OP_CMP &&
         range_of(last.a, vm_constant_at(p, value.c), out);
}

// load, load, a constant, days or months added or taken away, a relation.
static bool is_shifted(const vm_policy *p, uint32_t first, uint32_t count, vm_shaped *out) {
  if (count != 5 || vm_instruction_at(p, first + 2).op != SOC_OP_LOAD_CONST ||
      vm_instruction_at(p, first + 4).op != SOC_OP_CMP) {
    return false;
  }
  out->op = vm_instruction_at(p, first + 3).op;
  out->lo = vm_constant_at(p, vm_instruction_at(p, first + 2).c);
  out->relation = vm_instruction_at(p, first + 4).a;
  return out->op >= SOC_OP_ADD_DAYS && out->op <= SOC_OP_SUB_MONTHS;
}

static vm_shaped shape_of(const vm_policy *p, uint32_t first, uint32_t count) {
  vm_shaped out = {0};
  if (count < 4 || !two_loads(p, first, &out)) {
    return (vm_shaped){0};
  }
  out.shape = is_between(p, first, count, &out)   ? VM_SHAPE_BETWEEN
              : is_shifted(p, first, count, &out) ? VM_SHAPE_SHIFTED
                                                  : VM_SHAPE_OTHER;
  return out;
}

// A test of a derived enumeration: its places in the rows.
static void add_mask_test(vm_builder *b, vm_mask_reader *r, const vm_term *t) {
  vm_instruction in = vm_instruction_at(b->p, t->first);
  uint64_t mask = vm_mask_at(b->p, in.c);
  for (unsigned polarity = 0; polarity < 2; polarity++) {
    if (!(t->want[polarity] & VM_WANT_BIT)) {
      continue;
    }
    uint64_t bit = UINT64_C(1) << t->bit[polarity] % WORD_BITS;
    r->tests |= bit;
    r->empty_met |= polarity ? bit : 0;
    for (uint32_t value = 0; value < WORD_BITS; value++) {
      bool passes = (mask >> value & 1) != polarity;
      b->plan->mask_rows[r->rows + value] |= passes ? bit : 0;
    }
  }
  b->plan->mask_tests[b->mask_count++] = (vm_mask_test){.cell = in.b,
                                                        .asks = vm_cell_at(b->p, in.b).asks,
                                                        .bit = {t->bit[0], t->bit[1]},
                                                        .mask = mask};
}

static bool tests_cell(const vm_builder *b, const vm_term *t, uint32_t cell) {
  return t->kind == VM_TERM_MASK && ((t->want[0] | t->want[1]) & VM_WANT_BIT) != 0 &&
         vm_instruction_at(b->p, t->first).b == cell;
}

// The tests of one derived enumeration, as many to a reader as a word has room for.
static void give_mask_bits(vm_builder *b, uint32_t cell) {
  vm_plan *plan = b->plan;
  vm_mask_reader *r = NULL;
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    vm_term *t = &b->g.terms[i];
    if (!tests_cell(b, t, cell)) {
      continue;
    }
    give_bits(b, t, VM_ORIGIN_MASK | b->mask_count);
    uint32_t bit = t->bit[0] != SOC_NONE32 ? t->bit[0] : t->bit[1];
    if (!r || r->word != bit / WORD_BITS) {
      r = &plan->mask_readers[b->mask_reader_count];
      *r = (vm_mask_reader){
          .cell = cell, .rows = b->mask_reader_count++ * WORD_BITS, .word = bit / WORD_BITS};
      memset(plan->mask_rows + r->rows, 0, WORD_BITS * sizeof *plan->mask_rows);
    }
    add_mask_test(b, r, t);
  }
}

void vm_give_code_bits(vm_builder *b) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (vm_cell_at(b->p, cell).kind == SOC_CELL_MASK && b->g.cell_wanted[cell]) {
      give_mask_bits(b, cell);
    }
  }
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    vm_term *t = &b->g.terms[i];
    if (t->kind == VM_TERM_EXPRESSION && ((t->want[0] | t->want[1]) & VM_WANT_BIT) != 0) {
      give_bits(b, t, VM_ORIGIN_EXPRESSION | b->expression_count);
      b->plan->expressions[b->expression_count++] =
          (vm_expression){.first = t->first,
                          .count = t->count,
                          .bit = {t->bit[0], t->bit[1]},
                          .shaped = shape_of(b->p, t->first, t->count),
                          .guard = SOC_NONE32};
    }
  }
}

void vm_give_block_bits(vm_builder *b) {
  for (uint32_t i = 0; i < b->block_count; i++) {
    uint32_t value = b->blocks[i].value;
    vm_term *t = vm_term_of(b, value);
    t->bit[value % 2] = take_bits(b, 1);
    b->plan->origins[t->bit[value % 2]] = VM_ORIGIN_BLOCK | i;
    b->bit_phases[t->bit[value % 2]] = t->phase[value % 2];
  }
}

// Blocks of rules come after the others.
void vm_give_rules_origins(vm_builder *b) {
  uint32_t block = b->block_count;
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    for (uint32_t i = 0; i < b->plan->decisions[d].count; i++) {
      b->plan->origins[b->plan->decisions[d].bit + i] = VM_ORIGIN_BLOCK | block++;
    }
  }
}
