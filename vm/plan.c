// SPDX-License-Identifier: Apache-2.0
//
// Building a plan. Bits are given out first (rules, tests fact by fact, code, blocks phase by phase), then the masks of
// the blocks and the rows of the readers are filled in.
#include <string.h>

#include "vm/literals.h"

#define WORD_BITS 64u
#define WORD_TABLES (UINT64_C(64) / 4)

typedef struct sorted {
  uint64_t key;
  uint32_t value;
} sorted;

typedef struct builder {
  const vm_policy *p;
  vm_plan *plan;
  vm_pool pool;
  vm_graph g;
  uint32_t bits;         // given out
  sorted *tests;         // by fact and instruction; value: 2 * term + polarity
  uint32_t test_count;   // may hold one test more than once
  sorted *blocks;        // by phase and kind; value: 2 * term + polarity
  uint32_t block_count;  // without those of rules
  uint32_t *cell_phases; // from which on a cell can be read
  uint32_t *bit_phases;
  uint64_t *members; // by 2 * term + polarity: what a block of that kind takes in
  uint32_t expression_count, mask_count, derivation_count, row_count, run_count;
  soc_case *sample; // to run tests on
} builder;

// ------------------------------------------------------------------------------------------ sorting

static bool before(sorted a, sorted b) {
  return a.key != b.key ? a.key < b.key : a.value < b.value;
}

static void sift(sorted *a, uint32_t from, uint32_t count) {
  for (uint32_t at = from, child; (child = 2 * at + 1) < count; at = child) {
    child += child + 1 < count && before(a[child], a[child + 1]);
    if (!before(a[at], a[child])) {
      return;
    }
    sorted moved = a[at];
    a[at] = a[child];
    a[child] = moved;
  }
}

// Heapsort: no memory, no bad cases.
static void sort(sorted *a, uint32_t count) {
  for (uint32_t i = count / 2; i-- > 0;) {
    sift(a, i, count);
  }
  for (uint32_t end = count; end-- > 1;) {
    sorted last = a[end];
    a[end] = a[0];
    a[0] = last;
    sift(a, 0, end);
  }
}

// ------------------------------------------------------------------------------------------- phases

static uint32_t later(uint32_t a, uint32_t b) {
  return a > b ? a : b;
}

static uint32_t phase_of_cell(const builder *b, uint32_t cell) {
  if (!vm_is_condition(b->p, cell)) {
    return b->cell_phases[cell];
  }
  vm_root root = b->g.roots[cell];
  return b->g.terms[root.term].phase[root.negated];
}

static uint32_t phase_of_code(const builder *b, uint32_t first, uint32_t count) {
  uint32_t phase = 0;
  for (uint32_t pc = first; pc < first + count; pc++) {
    uint32_t cell = vm_cell_read(vm_instruction_at(b->p, pc));
    phase = cell == SOC_NONE32 ? phase : later(phase, phase_of_cell(b, cell));
  }
  return phase;
}

// The polarity of a child in a block that is wanted in `polarity`.
static unsigned child_polarity(const vm_term *t, vm_edge edge, unsigned polarity) {
  return t->kind == VM_TERM_COUNT ? edge.negated : polarity ^ edge.negated;
}

static uint32_t phase_of_members(const builder *b, const vm_term *t, unsigned polarity) {
  uint32_t phase = 0;
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    vm_edge edge = b->g.edges[e];
    phase = later(phase, b->g.terms[edge.term].phase[child_polarity(t, edge, polarity)]);
  }
  return phase;
}

static void find_term_phases(builder *b, vm_term *t) {
  for (unsigned polarity = 0; polarity < 2; polarity++) {
    if (t->want[polarity] == 0) {
      continue;
    }
    switch ((enum vm_term_kind)t->kind) {
    case VM_TERM_TEST: t->phase[polarity] = 0; break;
    case VM_TERM_EXPRESSION:
    case VM_TERM_MASK: t->phase[polarity] = phase_of_code(b, t->first, t->count) + 1; break;
    default:
      t->phase[polarity] =
          phase_of_members(b, t, polarity) + ((t->want[polarity] & VM_WANT_BIT) != 0);
    }
  }
}

static void find_phases(builder *b) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    for (uint32_t t = b->g.cell_terms[cell]; t < b->g.cell_terms[cell + 1]; t++) {
      find_term_phases(b, &b->g.terms[t]);
    }
    vm_cell c = vm_cell_at(b->p, cell);
    b->cell_phases[cell] = b->g.cell_wanted[cell] && !vm_is_condition(b->p, cell)
                               ? phase_of_code(b, c.first, c.count)
                               : 0;
  }
}

// --------------------------------------------------------------------------------------------- bits

// So many bits in one word.
static uint32_t take_bits(builder *b, uint32_t count) {
  uint32_t used = b->bits % WORD_BITS;
  if (used + count > WORD_BITS) {
    b->bits += WORD_BITS - used;
  }
  b->bits += count;
  return b->bits - count;
}

static bool give_rules_bits(builder *b) {
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

static void sort_terms(builder *b) {
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
        b->tests[b->test_count++] = (sorted){key, value};
      } else if (t->kind >= VM_TERM_ALL) {
        uint64_t key = (uint64_t)(t->phase[polarity] - 1) << 8 | vm_kind_in(t, polarity);
        b->blocks[b->block_count++] = (sorted){key, value};
      }
    }
  }
  sort(b->tests, b->test_count);
  sort(b->blocks, b->block_count);
}

static vm_term *term_of(const builder *b, uint32_t value) {
  return &b->g.terms[value / 2];
}

// Tests of one fact from `first` on: gives each its place; how many there are.
static uint32_t number_tests(builder *b, uint32_t first, uint32_t end) {
  uint32_t count = 0;
  for (uint32_t at = first; at < end;) {
    uint64_t key = b->tests[at].key;
    uint32_t place[2] = {SOC_NONE32, SOC_NONE32}; // of this test in each polarity
    for (; at < end && b->tests[at].key == key; at++) {
      unsigned polarity = b->tests[at].value % 2;
      place[polarity] = place[polarity] == SOC_NONE32 ? count++ : place[polarity];
      term_of(b, b->tests[at].value)->bit[polarity] = place[polarity];
    }
  }
  return count;
}

enum reader_class { BY_PLACE, BY_STEPS, BY_ITEMS, READER_CLASSES };

static enum reader_class class_of(const vm_policy *p, uint32_t fact) {
  switch (vm_fact_at(p, fact).type) {
  case SOC_BOOL:
  case SOC_ENUM:
  case SOC_TEXT: return BY_PLACE;
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST: return BY_ITEMS;
  default: return BY_STEPS;
  }
}

static bool add_reader(builder *b, vm_reader *r, uint32_t first, uint32_t end) {
  uint32_t fact = (uint32_t)(b->tests[first].key >> 48), count = number_tests(b, first, end);
  if (count > VM_PLAN_BITS) {
    return false;
  }
  uint32_t base = take_bits(b, count);
  *r = (vm_reader){
      .fact = fact, .word = (uint16_t)(base / WORD_BITS), .type = vm_fact_at(b->p, fact).type};
  for (uint32_t i = first; i < end; i++) {
    uint32_t *bit = &term_of(b, b->tests[i].value)->bit[b->tests[i].value % 2];
    *bit += base;
    b->plan->origins[*bit] = VM_ORIGIN_FACT | fact;
  }
  return true;
}

// Readers of one class, in the order of facts.
static bool add_readers(builder *b, enum reader_class class, vm_reader *readers, uint32_t *count) {
  for (uint32_t first = 0, end; first < b->test_count; first = end) {
    uint64_t fact = b->tests[first].key >> 48;
    for (end = first + 1; end < b->test_count && b->tests[end].key >> 48 == fact; end++) {
    }
    if (class_of(b->p, (uint32_t)fact) == class &&
        !add_reader(b, &readers[(*count)++], first, end)) {
      return false;
    }
  }
  return true;
}

static bool give_tests_bits(builder *b) {
  vm_plan *plan = b->plan;
  return add_readers(b, BY_PLACE, plan->readers, &plan->place_readers) &&
         add_readers(b, BY_STEPS, plan->readers + plan->place_readers, &plan->step_readers) &&
         add_readers(b, BY_ITEMS, plan->readers + plan->place_readers + plan->step_readers,
                     &plan->list_readers);
}

static void give_bits(builder *b, vm_term *t, uint32_t origin) {
  for (unsigned polarity = 0; polarity < 2; polarity++) {
    if (t->want[polarity] & VM_WANT_BIT) {
      t->bit[polarity] = take_bits(b, 1);
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

static void give_code_bits(builder *b) {
  vm_plan *plan = b->plan;
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    vm_term *t = &b->g.terms[i];
    if (!((t->want[0] | t->want[1]) & VM_WANT_BIT)) {
      continue;
    }
    if (t->kind == VM_TERM_MASK) {
      give_bits(b, t, VM_ORIGIN_MASK | b->mask_count);
      vm_instruction in = vm_instruction_at(b->p, t->first);
      plan->mask_tests[b->mask_count++] = (vm_mask_test){.cell = in.b,
                                                         .asks = vm_cell_at(b->p, in.b).asks,
                                                         .bit = {t->bit[0], t->bit[1]},
                                                         .mask = vm_mask_at(b->p, in.c)};
    } else if (t->kind == VM_TERM_EXPRESSION) {
      give_bits(b, t, VM_ORIGIN_EXPRESSION | b->expression_count);
      plan->expressions[b->expression_count++] =
          (vm_expression){.first = t->first,
                          .count = t->count,
                          .bit = {t->bit[0], t->bit[1]},
                          .shaped = shape_of(b->p, t->first, t->count),
                          .guard = SOC_NONE32};
    }
  }
}

static void give_block_bits(builder *b) {
  for (uint32_t i = 0; i < b->block_count; i++) {
    uint32_t value = b->blocks[i].value;
    vm_term *t = term_of(b, value);
    t->bit[value % 2] = take_bits(b, 1);
    b->plan->origins[t->bit[value % 2]] = VM_ORIGIN_BLOCK | i;
    b->bit_phases[t->bit[value % 2]] = t->phase[value % 2];
  }
}

// Blocks of rules come after the others.
static void give_rules_origins(builder *b) {
  uint32_t block = b->block_count;
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    for (uint32_t i = 0; i < b->plan->decisions[d].count; i++) {
      b->plan->origins[b->plan->decisions[d].bit + i] = VM_ORIGIN_BLOCK | block++;
    }
  }
}

// ------------------------------------------------------------------------------------------- blocks

static uint64_t *members_of(const builder *b, uint32_t value) {
  return b->members + (size_t)value * b->plan->words;
}

static void add_bit(uint64_t *mask, uint32_t bit) {
  mask[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

static bool has_bit(const uint64_t *mask, uint32_t bit) {
  return (mask[bit / WORD_BITS] >> bit % WORD_BITS & 1) != 0;
}

// Takes a child into a mask. False: a count would count one literal twice.
static bool add_member(const builder *b, uint64_t *mask, uint8_t kind, uint32_t term,
                       unsigned polarity) {
  const vm_term *child = &b->g.terms[term];
  if (vm_takes_members(kind, child, polarity)) {
    const uint64_t *members = members_of(b, 2 * term + polarity);
    for (uint32_t w = 0; w < b->plan->words; w++) {
      mask[w] |= members[w];
    }
    return true;
  }
  uint32_t bit = child->bit[polarity];
  bool fresh = !has_bit(mask, bit);
  add_bit(mask, bit);
  return fresh || kind != VM_TERM_COUNT;
}

static bool find_members(builder *b, uint32_t index, unsigned polarity) {
  const vm_term *t = &b->g.terms[index];
  uint64_t *mask = members_of(b, 2 * index + polarity);
  bool good = true;
  memset(mask, 0, b->plan->words * sizeof *mask);
  for (uint32_t e = t->children; e != SOC_NONE32; e = b->g.edges[e].next) {
    vm_edge edge = b->g.edges[e];
    good = add_member(b, mask, vm_kind_in(t, polarity), edge.term,
                      child_polarity(t, edge, polarity)) &&
           good;
  }
  return good;
}

static bool find_all_members(builder *b) {
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    for (unsigned polarity = 0; polarity < 2; polarity++) {
      if (b->g.terms[i].kind >= VM_TERM_ALL && b->g.terms[i].want[polarity] != 0 &&
          !find_members(b, i, polarity)) {
        return false;
      }
    }
  }
  return true;
}

static uint64_t *mask_of_block(const builder *b, uint32_t block) {
  return b->plan->masks + (size_t)block * b->plan->words;
}

static enum vm_block_kind block_kind(const vm_term *t, unsigned polarity) {
  switch (vm_kind_in(t, polarity)) {
  case VM_TERM_ALL: return VM_BLOCK_ALL;
  case VM_TERM_ANY: return VM_BLOCK_ANY;
  default: return polarity ? VM_BLOCK_NOT_COUNT : VM_BLOCK_COUNT;
  }
}

// The next block of the same kind, with the next bit of the same word.
static bool goes_on(const vm_block_run *run, uint32_t bit, enum vm_block_kind kind) {
  return run->kind == kind && kind <= VM_BLOCK_ANY && run->bit + run->count == bit &&
         run->bit / WORD_BITS == bit / WORD_BITS;
}

// `first`: of its phase, so that it begins a run.
static void add_block(builder *b, vm_block_run block, bool first) {
  vm_block_run *next = b->plan->runs + b->run_count;
  if (!first && goes_on(next - 1, block.bit, (enum vm_block_kind)block.kind)) {
    next[-1].count++;
    return;
  }
  *next = block;
  b->run_count++;
}

static void add_step(builder *b, enum vm_step_kind kind, uint32_t first, uint32_t count) {
  b->plan->program[b->plan->step_count++] = (vm_plan_step){kind, first, count};
}

// The blocks of one phase, from number `first` on; returns the next.
static uint32_t add_blocks(builder *b, uint32_t first, uint32_t phase) {
  uint32_t runs = b->run_count, i = first;
  for (; i < b->block_count && b->blocks[i].key >> 8 == phase; i++) {
    uint32_t value = b->blocks[i].value;
    const vm_term *t = term_of(b, value);
    memcpy(mask_of_block(b, i), members_of(b, value), b->plan->words * sizeof(uint64_t));
    add_block(b,
              (vm_block_run){.first = i,
                             .count = 1,
                             .bit = t->bit[value % 2],
                             .at_least = t->at_least,
                             .kind = (uint8_t)block_kind(t, value % 2)},
              i == first);
  }
  if (b->run_count > runs) {
    add_step(b, VM_STEP_BLOCKS, runs, b->run_count - runs);
  }
  return i;
}

static void add_rules(builder *b) {
  uint32_t runs = b->run_count, block = b->block_count;
  for (uint32_t d = 0; d < VM_COUNT(b->p, DECISIONS); d++) {
    vm_decision decision = vm_decision_at(b->p, d);
    for (uint32_t i = 0; i < decision.count; i++, block++) {
      uint32_t cell = vm_rule_at(b->p, decision.first + i).cell;
      memset(mask_of_block(b, block), 0, b->plan->words * sizeof(uint64_t));
      if (cell != SOC_NONE32) {
        vm_root root = b->g.roots[cell];
        (void)add_member(b, mask_of_block(b, block), VM_TERM_ALL, root.term, root.negated);
      }
      add_block(b,
                (vm_block_run){.first = block,
                               .count = 1,
                               .bit = b->plan->decisions[d].bit + i,
                               .kind = VM_BLOCK_ALL},
                d + i == 0);
    }
  }
  add_step(b, VM_STEP_BLOCKS, runs, b->run_count - runs);
}

// Fills the table of four literals; false: no block takes one of them in.
static bool fill_table(const builder *b, const vm_block_run *run, vm_block_table *table) {
  uint64_t of[4] = {0}, any = 0;
  for (uint32_t i = 0; i < run->count; i++) {
    uint64_t mask = mask_of_block(b, run->first + i)[table->word] >> table->shift;
    for (uint32_t n = 0; n < 4; n++) {
      of[n] |= (mask >> n & 1) << i;
    }
  }
  for (uint32_t given = 0; given < 16; given++) {
    table->blocks[given] = 0;
    for (uint32_t n = 0; n < 4; n++) {
      table->blocks[given] |= given >> n & 1 ? of[n] : 0;
    }
    any |= table->blocks[given];
  }
  return any != 0;
}

static void add_tables(const builder *b, vm_block_run *run, uint32_t *next) {
  run->tables = *next;
  for (uint32_t bit = 0; bit < b->plan->words * WORD_BITS; bit += 4) {
    vm_block_table *table = &b->plan->tables[*next];
    table->word = bit / WORD_BITS;
    table->shift = bit % WORD_BITS;
    *next += fill_table(b, run, table);
  }
  run->table_count = *next - run->tables;
}

static uint32_t is_long(const vm_block_run *run) {
  return run->count >= VM_LONG_RUN;
}

// Long runs read tables.
static bool make_tables(builder *b) {
  uint32_t count = 0, next = 0;
  for (uint32_t i = 0; i < b->run_count; i++) {
    count += is_long(&b->plan->runs[i]);
  }
  size_t most = (size_t)count * b->plan->words * WORD_TABLES;
  b->plan->tables = vm_pool_keep(&b->pool, most, sizeof *b->plan->tables);
  for (uint32_t i = 0; b->plan->tables && i < b->run_count; i++) {
    if (is_long(&b->plan->runs[i])) {
      add_tables(b, &b->plan->runs[i], &next);
    }
  }
  return b->plan->tables != NULL;
}

// ------------------------------------------------------------------------------------------ program

// fact.left_out, not, mask.fact, mask.map, select.
static bool derives_plainly(const vm_policy *p, uint32_t cell, vm_derivation *out) {
  static const uint8_t shape[] = {SOC_OP_FACT_LEFT_OUT, SOC_OP_NOT, SOC_OP_MASK_FACT,
                                  SOC_OP_MASK_MAP, SOC_OP_SELECT};
  vm_cell c = vm_cell_at(p, cell);
  if (c.kind != SOC_CELL_MASK || c.list != SOC_NONE16 || c.count != sizeof shape) {
    return false;
  }
  for (uint32_t i = 0; i < c.count; i++) {
    if (vm_instruction_at(p, c.first + i).op != shape[i]) {
      return false;
    }
  }
  vm_instruction map = vm_instruction_at(p, c.first + 3);
  *out = (vm_derivation){.cell = cell,
                         .fact = vm_instruction_at(p, c.first).b,
                         .code = map.b,
                         .every = vm_enum_mask(p, c.enumeration),
                         .map = map.c};
  return vm_instruction_at(p, c.first + 2).b == out->fact;
}

static void add_cell(builder *b, uint32_t cell) {
  vm_derivation *derivation = &b->plan->derivations[b->derivation_count];
  if (derives_plainly(b->p, cell, derivation)) {
    add_step(b, VM_STEP_DERIVE, b->derivation_count++, 1);
  } else {
    add_step(b, VM_STEP_CELL, cell, 1);
  }
}

static void add_cells(builder *b, uint32_t phase) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (!b->g.cell_wanted[cell] || phase_of_cell(b, cell) != phase) {
      continue;
    }
    if (vm_is_condition(b->p, cell)) {
      vm_root root = b->g.roots[cell];
      add_step(b, VM_STEP_PUBLISH, cell, b->g.terms[root.term].bit[root.negated]);
    } else {
      add_cell(b, cell);
    }
  }
}

static void add_code(builder *b, uint32_t phase) {
  for (uint32_t i = 0; i < b->mask_count; i++) {
    if (b->cell_phases[b->plan->mask_tests[i].cell] == phase) {
      add_step(b, VM_STEP_MASKS, i, 1);
    }
  }
  for (uint32_t i = 0; i < b->expression_count; i++) {
    const vm_expression *e = &b->plan->expressions[i];
    if (phase_of_code(b, e->first, e->count) == phase) {
      add_step(b, VM_STEP_EXPRESSIONS, i, 1);
    }
  }
}

static uint32_t last_phase(const builder *b) {
  uint32_t phase = 0;
  for (uint32_t i = 0; i < b->g.term_count; i++) {
    phase = later(phase, later(b->g.terms[i].phase[0], b->g.terms[i].phase[1]));
  }
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    phase = later(phase, b->cell_phases[cell]);
  }
  return phase;
}

static void add_program(builder *b) {
  uint32_t block = 0, last = last_phase(b);
  for (uint32_t phase = 0; phase <= last; phase++) {
    block = add_blocks(b, block, phase);
    add_cells(b, phase);
    add_code(b, phase);
  }
  add_rules(b);
}

// Steps of one kind in a row that follow one another become one.
static void join_steps(vm_plan *plan) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < plan->step_count; i++) {
    vm_plan_step step = plan->program[i];
    vm_plan_step *last = count > 0 ? &plan->program[count - 1] : NULL;
    if (last && last->kind == step.kind && step.kind != VM_STEP_PUBLISH &&
        last->first + last->count == step.first) {
      last->count += step.count;
    } else {
      plan->program[count++] = step;
    }
  }
  plan->step_count = count;
}

// ------------------------------------------------------------------------------------------- guards

static void add_condition(const builder *b, uint64_t *asked, uint32_t cell) {
  if (cell < VM_COUNT(b->p, CELLS) && b->plan->conditions[cell] != SOC_NONE32) {
    add_bit(asked, b->plan->conditions[cell]);
  }
}

// Literals that are read one by one, not only by blocks.
static void find_asked(const builder *b, uint64_t *asked) {
  memset(asked, 0, b->plan->words * sizeof *asked);
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    if (b->g.cell_wanted[cell]) {
      add_condition(b, asked, cell);
    }
  }
  for (uint32_t i = 0; i < VM_COUNT(b->p, EXTRAS); i++) {
    add_condition(b, asked, vm_extra_at(b->p, i).cell);
  }
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES); i++) {
    add_condition(b, asked, vm_rule_at(b->p, i).open_cell);
  }
}

static bool has_either(const uint64_t *mask, const uint32_t bit[2]) {
  return (bit[0] != SOC_NONE32 && has_bit(mask, bit[0])) ||
         (bit[1] != SOC_NONE32 && has_bit(mask, bit[1]));
}

// What all blocks that take the expression in have in common, if they are all blocks of the kind all. False: nothing.
static bool find_common(const builder *b, const vm_expression *e, uint64_t *common,
                        uint32_t blocks) {
  bool found = false;
  for (uint32_t i = 0; i < blocks; i++) {
    const uint64_t *mask = mask_of_block(b, i);
    if (!has_either(mask, e->bit)) {
      continue;
    }
    if (i < b->block_count && (b->blocks[i].key & 0xff) != VM_TERM_ALL) {
      return false;
    }
    for (uint32_t w = 0; w < b->plan->words; w++) {
      common[w] = found ? common[w] & mask[w] : mask[w];
    }
    found = true;
  }
  return found;
}

// Leaves what is known when the expression is run; expressions guard nothing.
static bool keep_known(const builder *b, uint64_t *common, uint32_t phase) {
  bool any = false;
  for (uint32_t bit = 0; bit < b->plan->words * WORD_BITS; bit++) {
    if (has_bit(common, bit) &&
        (b->bit_phases[bit] > phase ||
         (b->plan->origins[bit] & VM_ORIGIN_KIND) == VM_ORIGIN_EXPRESSION)) {
      common[bit / WORD_BITS] &= ~(UINT64_C(1) << bit % WORD_BITS);
    }
    any = any || has_bit(common, bit);
  }
  return any;
}

static bool find_guards(builder *b, uint32_t blocks) {
  uint64_t *asked = vm_pool_borrow(&b->pool, b->plan->words, sizeof *asked);
  if (!asked) {
    return false;
  }
  find_asked(b, asked);
  for (uint32_t i = 0, next = blocks; i < b->expression_count; i++) {
    vm_expression *e = &b->plan->expressions[i];
    uint32_t phase = phase_of_code(b, e->first, e->count);
    if (!has_either(asked, e->bit) && find_common(b, e, mask_of_block(b, next), blocks) &&
        keep_known(b, mask_of_block(b, next), phase + 1)) {
      e->guard = next++;
    }
  }
  return true;
}

// --------------------------------------------------------------------------------------------- rows

static vm_instruction test_of(const builder *b, uint32_t test) {
  return vm_instruction_at(b->p, term_of(b, b->tests[test].value)->first);
}

// Where the tests of a reader's fact stand in the list.
static uint32_t first_test(const builder *b, const vm_reader *r, uint32_t *end) {
  uint32_t first = 0;
  while (b->tests[first].key >> 48 != r->fact) {
    first++;
  }
  for (*end = first; *end < b->test_count && b->tests[*end].key >> 48 == r->fact; ++*end) {
  }
  return first;
}

// Asks every test of the fact about the sample as it is: which are met, which known.
static uint64_t ask_sample(const builder *b, const vm_reader *r, uint64_t *known) {
  uint32_t end;
  uint64_t met = 0;
  *known = 0;
  for (uint32_t i = first_test(b, r, &end); i < end; i++) {
    const vm_term *t = term_of(b, b->tests[i].value);
    unsigned polarity = b->tests[i].value % 2;
    uint64_t bit = UINT64_C(1) << t->bit[polarity] % WORD_BITS;
    int64_t state = vm_run_code(b->sample, t->first, t->count).lo;
    *known |= state != SOC_UNKNOWN_TRUTH ? bit : 0;
    met |= state == (polarity ? SOC_NOT_MET : SOC_MET) ? bit : 0;
  }
  return met;
}

// The row of a value; for lists, of a list of this item alone.
static uint64_t row_of(const builder *b, const vm_reader *r, uint64_t place) {
  soc_case *c = b->sample;
  int64_t value = vm_i64_of(place - r->bias);
  uint64_t known;
  c->states[r->fact] = SOC_GIVEN;
  c->values[r->fact] = r->type == SOC_CODE_LIST   ? 1
                       : r->type == SOC_ENUM_LIST ? vm_i64_of(UINT64_C(1) << value)
                                                  : value;
  if (r->type == SOC_CODE_LIST) {
    c->item_values[c->columns[r->fact].items] = (uint64_t)value;
  }
  return ask_sample(b, r, &known);
}

static void find_other_rows(const builder *b, vm_reader *r) {
  soc_case *c = b->sample;
  uint64_t known;
  c->states[r->fact] = SOC_NONE;
  r->met_in[SOC_NONE] = ask_sample(b, r, &r->known_in[SOC_NONE]);
  r->known_in[SOC_GIVEN] = r->known_in[SOC_NONE];
  if (class_of(b->p, r->fact) == BY_ITEMS) {
    c->states[r->fact] = SOC_GIVEN;
    c->values[r->fact] = 0;
    r->empty_met = ask_sample(b, r, &known);
  }
  c->states[r->fact] = SOC_LEFT_OUT;
  r->met_in[SOC_LEFT_OUT] = ask_sample(b, r, &r->known_in[SOC_LEFT_OUT]);
  c->held = r->fact;
  r->aside_met = ask_sample(b, r, &r->aside_known);
  c->held = SOC_NONE32;
}

static uint64_t bias_of(const vm_policy *p, uint32_t fact) {
  switch (vm_fact_at(p, fact).type) {
  case SOC_TEXT: return 1; // -1: not in the table
  case SOC_DATE:
  case SOC_NUMBER:
  case SOC_RECORDS: return UINT64_C(1) << 63;
  default: return 0;
  }
}

static uint32_t place_count(const vm_policy *p, uint32_t fact) {
  vm_fact f = vm_fact_at(p, fact);
  return f.type == SOC_BOOL   ? 2
         : f.type == SOC_TEXT ? VM_COUNT(p, TEXTS) + 2
                              : vm_enum_at(p, f.enumeration).count;
}

static void add_edge(sorted *steps, uint32_t *count, uint64_t at) {
  steps[(*count)++] = (sorted){at, 0};
}

// Where what a test says can change.
static void add_edges(const builder *b, const vm_reader *r, vm_instruction i, sorted *steps,
                      uint32_t *count) {
  if (vm_op_shapes[i.op].c == C_SET) {
    vm_set set = vm_set_at(b->p, vm_set_index(i.c));
    for (uint32_t n = set.first; n < set.first + set.count; n++) {
      add_edge(steps, count, vm_u64(VM_AT(b->p, SET_RANGES, n)));
      add_edge(steps, count, vm_u64(VM_AT(b->p, SET_RANGES, n) + 8) + 1);
    }
  } else {
    uint64_t value = vm_op_shapes[i.op].c == C_CONST ? vm_mask_at(b->p, i.c) : 0;
    add_edge(steps, count, value + r->bias);
    add_edge(steps, count, value + r->bias + 1);
  }
}

static uint32_t find_steps(builder *b, vm_reader *r, sorted *scratch) {
  uint32_t count = 0, kept = 0, end;
  for (uint32_t i = first_test(b, r, &end); i < end; i++) {
    if (i == 0 || b->tests[i].key != b->tests[i - 1].key) { // not once more for its negation
      add_edges(b, r, test_of(b, i), scratch, &count);
    }
  }
  sort(scratch, count);
  uint64_t *steps = b->plan->steps + b->row_count;
  for (uint32_t i = 0; i < count; i++) {
    if (scratch[i].key != 0 && (kept == 0 || steps[kept - 1] != scratch[i].key)) {
      steps[kept++] = scratch[i].key;
    }
  }
  return kept;
}

static bool is_only(vm_instruction i) {
  return vm_op_shapes[i.op].a == A_LIST && (i.a & ~SOC_IF_GIVEN) == SOC_LIST_ONLY;
}

// Tests of a list that every item must meet: `only`, and the negation of the others.
static void find_only(const builder *b, vm_reader *r) {
  uint32_t end;
  for (uint32_t i = first_test(b, r, &end); i < end; i++) {
    unsigned polarity = b->tests[i].value % 2;
    if (is_only(test_of(b, i)) != (polarity == 1)) {
      r->only |= UINT64_C(1) << term_of(b, b->tests[i].value)->bit[polarity] % WORD_BITS;
    }
  }
}

static void fill_reader(builder *b, vm_reader *r, sorted *scratch) {
  bool places = r->type == SOC_ENUM_LIST || class_of(b->p, r->fact) == BY_PLACE;
  r->kind = places ? VM_READ_PLACE : VM_READ_STEPS;
  r->bias = bias_of(b->p, r->fact);
  r->rows = r->steps = b->row_count;
  r->count = places ? place_count(b->p, r->fact) : find_steps(b, r, scratch) + 1;
  uint64_t *rows = b->plan->rows + r->rows;
  const uint64_t *steps = b->plan->steps + r->steps;
  for (uint32_t i = 0; i < r->count; i++) {
    uint64_t below = r->count > 1 ? steps[0] - 1 : 0;
    rows[i] = row_of(b, r, places ? i : i == 0 ? below : steps[i - 1]);
  }
  b->row_count += r->count;
  find_only(b, r);
  find_other_rows(b, r);
}

static bool fill_readers(builder *b, uint32_t most) {
  static const soc_case_limits limits = {.rows = 1, .items = 1};
  vm_plan *plan = b->plan;
  const soc_policy *policy = (const soc_policy *)(const void *)b->p;
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = size > 0 ? vm_pool_borrow(&b->pool, size, 1) : NULL;
  sorted *scratch = vm_pool_borrow(&b->pool, most, sizeof *scratch);
  if (!memory || !scratch ||
      soc_case_init(&b->sample, policy, &limits, memory, size, NULL) != SOC_OK) {
    return false;
  }
  uint32_t readers = plan->place_readers + plan->step_readers + plan->list_readers;
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) {
    plan->reader_of[fact] = SOC_NONE32;
  }
  for (uint32_t i = 0; i < readers; i++) {
    fill_reader(b, &plan->readers[i], scratch);
    plan->reader_of[plan->readers[i].fact] = i;
  }
  vm_plan_left_out(plan);
  return true;
}

// ------------------------------------------------------------------------------------------- memory

// Upper bounds of what building takes.
typedef struct bounds {
  uint64_t truths, rules, rows, words;
} bounds;

static uint64_t rows_of_test(const vm_policy *p, vm_instruction i) {
  const vm_op_shape *shape = &vm_op_shapes[i.op];
  if (shape->b != B_FACT) {
    return 0;
  }
  return shape->c == C_SET ? 2 * (uint64_t)vm_set_at(p, vm_set_index(i.c)).count : 2;
}

static uint64_t count_rows(const vm_policy *p) {
  uint64_t rows = 0;
  for (uint32_t pc = 0; pc < VM_COUNT(p, CODE); pc++) {
    rows += rows_of_test(p, vm_instruction_at(p, pc));
  }
  for (uint32_t fact = 0; fact < VM_COUNT(p, FACTS); fact++) {
    rows += class_of(p, fact) == BY_STEPS || vm_fact_at(p, fact).type == SOC_CODE_LIST
                ? 1
                : place_count(p, fact);
  }
  return rows;
}

static bool decides_rows(const vm_policy *p) {
  for (uint32_t i = 0; i < VM_COUNT(p, DECISIONS); i++) {
    if (vm_decision_at(p, i).list != SOC_NONE16) {
      return true;
    }
  }
  return false;
}

// False: the policy is decided without a plan.
static bool find_bounds(const vm_policy *p, bounds *n) {
  if (decides_rows(p)) {
    return false;
  }
  *n = (bounds){.truths = vm_count_truths(p), .rules = VM_COUNT(p, RULES), .rows = count_rows(p)};
  // Both polarities of each truth, and the rest of a word behind each decision and each fact.
  uint64_t bits = 2 * n->truths + n->rules;
  n->words = 2 * (bits / WORD_BITS + 1) + VM_COUNT(p, DECISIONS);
  return n->truths <= VM_PLAN_TESTS && n->rows <= VM_PLAN_ROWS && n->rules <= VM_PLAN_TESTS;
}

static size_t whole_words(uint64_t count, size_t bytes) {
  return (size_t)(count * bytes + 7) / 8 * 8;
}

size_t soc_policy_plan_bytes(const soc_policy *policy) {
  static const soc_case_limits limits = {.rows = 1, .items = 1};
  bounds n;
  if (!policy || !find_bounds(vm_of(policy), &n)) {
    return 0;
  }
  const vm_policy *p = vm_of(policy);
  uint64_t cells = VM_COUNT(p, CELLS), blocks = 2 * n.truths + n.rules;
  uint64_t steps = 2 * (cells + n.truths) + blocks + 2;
  size_t kept = whole_words(1, sizeof(vm_plan)) +
                whole_words(VM_COUNT(p, FACTS), sizeof(vm_reader)) +
                whole_words(VM_COUNT(p, FACTS), 4) + 2 * whole_words(n.words, 8) +
                2 * whole_words(n.rows, 8) + whole_words(steps, sizeof(vm_plan_step)) +
                whole_words(blocks, sizeof(vm_block_run)) +
                whole_words((blocks + n.truths + 1) * n.words, 8) +
                whole_words(n.truths, sizeof(vm_expression)) +
                whole_words(n.truths, sizeof(vm_mask_test)) + whole_words(n.words * WORD_BITS, 4) +
                whole_words(VM_COUNT(p, DECISIONS), sizeof(vm_plan_decision)) +
                whole_words(n.rules, sizeof(vm_rule)) + whole_words(cells, 4) +
                whole_words(cells + 1, sizeof(vm_derivation)) +
                blocks / VM_LONG_RUN * n.words * WORD_TABLES * sizeof(vm_block_table);
  size_t borrowed =
      whole_words(n.truths, sizeof(vm_term)) + whole_words(n.truths, sizeof(vm_edge)) +
      whole_words(cells, sizeof(vm_root)) + 2 * whole_words(cells + 1, 4) + whole_words(cells, 1) +
      whole_words(p->bounds.max_stack, 16) + 2 * whole_words(2 * n.truths, sizeof(sorted)) +
      whole_words(n.words * WORD_BITS, 4) + whole_words(2 * n.truths * n.words, 8) +
      whole_words(n.words, 8) + soc_case_bytes(policy, &limits) + 8 +
      whole_words(n.rows, sizeof(sorted));
  return kept + borrowed;
}

static bool take_memory(builder *b, const bounds *n) {
  const vm_policy *p = b->p;
  vm_plan *plan = b->plan;
  vm_pool *pool = &b->pool;
  size_t truths = (size_t)n->truths, bits = (size_t)n->words * WORD_BITS;
  plan->readers = vm_pool_keep(pool, VM_COUNT(p, FACTS), sizeof *plan->readers);
  plan->reader_of = vm_pool_keep(pool, VM_COUNT(p, FACTS), sizeof *plan->reader_of);
  plan->rows = vm_pool_keep(pool, (size_t)n->rows, sizeof *plan->rows);
  plan->steps = vm_pool_keep(pool, (size_t)n->rows, sizeof *plan->steps);
  plan->expressions = vm_pool_keep(pool, truths, sizeof *plan->expressions);
  plan->mask_tests = vm_pool_keep(pool, truths, sizeof *plan->mask_tests);
  plan->derivations = vm_pool_keep(pool, VM_COUNT(p, CELLS) + 1, sizeof *plan->derivations);
  plan->origins = vm_pool_keep(pool, bits, sizeof *plan->origins);
  plan->decisions = vm_pool_keep(pool, VM_COUNT(p, DECISIONS), sizeof *plan->decisions);
  plan->rules = vm_pool_keep(pool, VM_COUNT(p, RULES), sizeof *plan->rules);
  plan->conditions = vm_pool_keep(pool, VM_COUNT(p, CELLS), sizeof *plan->conditions);
  b->tests = vm_pool_borrow(pool, 2 * truths, sizeof *b->tests);
  b->blocks = vm_pool_borrow(pool, 2 * truths, sizeof *b->blocks);
  b->cell_phases = vm_pool_borrow(pool, VM_COUNT(p, CELLS), sizeof *b->cell_phases);
  b->bit_phases = vm_pool_borrow(pool, bits, sizeof *b->bit_phases);
  if (!plan->readers || !plan->reader_of || !plan->rows || !plan->steps || !plan->expressions ||
      !plan->mask_tests || !plan->derivations || !plan->origins || !plan->decisions ||
      !plan->rules || !plan->conditions || !b->tests || !b->blocks || !b->cell_phases ||
      !b->bit_phases) {
    return false;
  }
  memset(plan->origins, 0, bits * sizeof *plan->origins);
  memset(b->bit_phases, 0, bits * sizeof *b->bit_phases);
  return true;
}

// When the number of blocks and bits is known.
static bool take_masks(builder *b, uint32_t blocks) {
  vm_plan *plan = b->plan;
  size_t words = plan->words = (b->bits + WORD_BITS - 1) / WORD_BITS;
  size_t steps = 2 * ((size_t)VM_COUNT(b->p, CELLS) + b->g.term_count) + blocks + 2;
  plan->program = vm_pool_keep(&b->pool, steps, sizeof *plan->program);
  plan->runs = vm_pool_keep(&b->pool, blocks, sizeof *plan->runs);
  plan->masks =
      vm_pool_keep(&b->pool, (blocks + b->expression_count + 1) * words, sizeof *plan->masks);
  plan->left_met = vm_pool_keep(&b->pool, words, sizeof *plan->left_met);
  plan->left_not_met = vm_pool_keep(&b->pool, words, sizeof *plan->left_not_met);
  b->members = vm_pool_borrow(&b->pool, 2 * b->g.term_count * words, sizeof *b->members);
  return plan->program && plan->runs && plan->masks && plan->left_met && plan->left_not_met &&
         b->members;
}

static void find_conditions(builder *b) {
  for (uint32_t cell = 0; cell < VM_COUNT(b->p, CELLS); cell++) {
    uint32_t bit = SOC_NONE32;
    if (vm_is_condition(b->p, cell)) {
      vm_root root = b->g.roots[cell];
      bit = b->g.terms[root.term].bit[root.negated];
    }
    b->plan->conditions[cell] = bit;
  }
}

static bool build(builder *b, const bounds *n) {
  if (!take_memory(b, n) || !vm_make_graph(&b->g, b->p, &b->pool)) {
    return false;
  }
  vm_mark_graph(&b->g);
  find_phases(b);
  sort_terms(b);
  if (!give_rules_bits(b) || !give_tests_bits(b)) {
    return false;
  }
  give_code_bits(b);
  give_block_bits(b);
  give_rules_origins(b);
  find_conditions(b);
  uint32_t blocks = b->block_count + VM_COUNT(b->p, RULES);
  if (!take_masks(b, blocks) || !find_all_members(b)) {
    return false;
  }
  add_program(b);
  join_steps(b->plan);
  return make_tables(b) && find_guards(b, blocks) && fill_readers(b, (uint32_t)n->rows);
}

static soc_status refused(soc_error *error, soc_status status, const char *code,
                          const char *sentence) {
  if (error) {
    *error = (soc_error){code, sentence, 0};
  }
  return status;
}

soc_status soc_policy_plan(soc_policy *policy, void *memory, size_t size, soc_error *error) {
  bounds n;
  if (!policy || !memory || (uintptr_t)memory % 8 != 0) {
    return refused(error, SOC_ERR_ARGUMENT, "argument",
                   "an argument is NULL or the memory is not aligned");
  }
  vm_policy *p = (vm_policy *)(void *)policy;
  p->plan = NULL;
  if (!find_bounds(p, &n)) {
    return refused(error, SOC_ERR_LIMIT, "plan", "the policy is decided without a plan");
  }
  if (size < soc_policy_plan_bytes(policy)) {
    return refused(error, SOC_ERR_MEMORY, "memory",
                   "the memory is smaller than soc_policy_plan_bytes says");
  }
  builder b = {.p = p, .pool = {memory, (unsigned char *)memory + size / 8 * 8}};
  b.plan = vm_pool_keep(&b.pool, 1, sizeof *b.plan);
  *b.plan = (vm_plan){0};
  if (!build(&b, &n)) {
    return refused(error, SOC_ERR_LIMIT, "plan", "the policy is decided without a plan");
  }
  p->plan = b.plan;
  return SOC_OK;
}
