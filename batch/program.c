// SPDX-License-Identifier: Apache-2.0
//
// Makes a batch from a policy's plan: which bits each fact's value is asked for, where dates and numbers turn, and
// which code has a form for columns.
#include <string.h>

#include "batch/batch.h"
#include "vm/literals.h"
#include "vm/version.h"

#define WORD_BITS 64u

// ------------------------------------------------------------------------------------------- values

// Row of a value in the plan's reader; see vm/plan.h.
static uint64_t row_of(const vm_plan *plan, const vm_reader *r, int64_t value) {
  uint64_t key = (uint64_t)value + r->bias;
  if (r->kind == VM_READ_PLACE || r->type == SOC_ENUM_LIST) {
    return plan->rows[r->rows + (key < r->count ? key : r->count - 1u)];
  }
  uint32_t low = 0, high = r->count - 1;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    bool reached = plan->steps[r->steps + middle] <= key;
    *(reached ? &low : &high) = reached ? middle + 1 : middle;
  }
  return plan->rows[r->rows + low];
}

// What a code stands for, by the map of a derivation.
static uint64_t candidates_of(const vm_policy *p, const vm_derivation *d, uint64_t code) {
  vm_map map = vm_map_at(p, d->map);
  const uint8_t *range =
      vm_find_range(VM_AT(p, MAP_RANGES, map.first), map.count, VM_MAP_RANGES_BYTES, code);
  return range ? vm_u64(range + 16) : map.other;
}

// An empty set of candidates comes from a fact that is none: not met.
static bool all_in(uint64_t candidates, uint64_t mask) {
  return candidates != 0 && (candidates & ~mask) == 0;
}

static const vm_derivation *derivation_of(const soc_batch *b, uint32_t cell) {
  for (uint32_t i = 0; i < b->plan->derivation_count; i++) {
    if (b->plan->derivations[i].cell == cell) {
      return &b->plan->derivations[i];
    }
  }
  return NULL;
}

static uint64_t leaf_bits_of(const soc_batch *b, const batch_fact *f, int64_t value) {
  uint64_t bits = 0;
  for (uint32_t i = 0; i < f->bits; i++) {
    bits |= (uint64_t)batch_leaf(b, b->leaves[f->leaves + i], value) << i;
  }
  return bits;
}

uint64_t batch_bits_of(const soc_batch *b, uint32_t fact, int64_t value) {
  const batch_fact *f = &b->facts[fact];
  if (f->list != SOC_NONE16) {
    return leaf_bits_of(b, f, value);
  }
  uint64_t bits = f->reader ? row_of(b->plan, f->reader, value) & f->reader->plain : 0;
  for (uint32_t i = 0; i < b->mask_count; i++) {
    const batch_mask_test *t = &b->mask_tests[i];
    const vm_mask_test *planned = &b->plan->mask_tests[i];
    if (t->fact == fact) {
      bits |= (planned->mask >> value & 1) << (t->own - f->plane);
    }
    if (t->code == fact) {
      uint64_t candidates = candidates_of(b->p, derivation_of(b, planned->cell), (uint64_t)value);
      bits |= (uint64_t)all_in(candidates, planned->mask) << (t->code_met - f->plane);
      bits |= (uint64_t)((candidates & planned->mask) == 0) << (t->code_not - f->plane);
    }
  }
  for (uint32_t i = 0; i < b->plan->expression_count; i++) {
    if (b->forms[i] == BATCH_DATED && b->dated[i].fact == fact) {
      bits |= batch_dated_bits(b, &b->dated[i], (uint64_t)value) << (b->dated[i].plane - f->plane);
    }
  }
  return bits;
}

// ------------------------------------------------------------------------------------------- making

static uint64_t filled(bool bit) {
  return bit ? UINT64_MAX : 0;
}

static void add_tests(soc_batch *b, batch_fact *f, const vm_reader *r) {
  f->reader = r;
  f->tests = b->test_count;
  for (uint32_t at = 0; at < VM_PLAN_BITS && r->plain >> at != 0; at++) {
    bool none = r->met_in[SOC_NONE] >> at & 1, out = r->met_in[SOC_LEFT_OUT] >> at & 1;
    b->tests[b->test_count++] = (batch_test){
        .literal = b->plan->test_literals[r->literals + at],
        .plane = f->plane + f->bits++,
        .none_met = filled(none),
        .none_not = filled(!none && (r->known_in[SOC_NONE] >> at & 1)),
        .left_met = filled(out),
        .left_not = filled(!out && (r->known_in[SOC_LEFT_OUT] >> at & 1)),
        .aside_met = filled(r->aside_met >> at & 1),
        .aside_not = filled((r->aside_known & ~r->aside_met) >> at & 1),
    };
  }
  f->test_count = b->test_count - f->tests;
  f->only = r->only;
  f->empty = r->empty_met;
}

// Dates, numbers and numbers of rows: where the reader's row changes.
static void add_steps(soc_batch *b, batch_fact *f) {
  const vm_reader *r = f->reader;
  f->steps = b->step_count;
  uint64_t last = f->at_start = b->plan->rows[r->rows] & r->plain;
  for (uint32_t i = 0; i + 1 < r->count; i++) {
    uint64_t bits = b->plan->rows[r->rows + i + 1] & r->plain;
    if (bits != last) {
      b->steps[b->step_count++] =
          (batch_step){vm_i64_of(b->plan->steps[r->steps + i] - r->bias), bits ^ last};
    }
    last = bits;
  }
  f->step_count = b->step_count - f->steps;
}

// Bits for the derived enumerations that read the fact.
static void add_mask_bits(soc_batch *b, uint32_t fact) {
  batch_fact *f = &b->facts[fact];
  for (uint32_t i = 0; i < b->mask_count; i++) {
    batch_mask_test *t = &b->mask_tests[i];
    if (t->fact == fact) {
      t->own = f->plane + f->bits++;
    }
    if (t->code == fact) {
      t->code_met = f->plane + f->bits++;
      t->code_not = f->plane + f->bits++;
    }
  }
}

// Bits for the dated sets that the fact is looked up in.
static void add_dated_bits(soc_batch *b, uint32_t fact) {
  batch_fact *f = &b->facts[fact];
  for (uint32_t i = 0; i < b->plan->expression_count; i++) {
    if (b->forms[i] == BATCH_DATED && b->dated[i].fact == fact) {
      b->dated[i].plane = f->plane + f->bits;
      f->bits += b->dated[i].day_count + 3;
    }
  }
}

static const vm_reader *reader_of(const vm_plan *plan, uint32_t fact) {
  for (uint32_t i = 0; i < plan->own_readers; i++) {
    if (plan->readers[i].fact == fact) {
      return &plan->readers[i];
    }
  }
  return NULL;
}

static void describe_facts(soc_batch *b) {
  for (uint32_t i = 0; i < b->fact_count; i++) {
    vm_fact f = vm_fact_at(b->p, i);
    bool chosen = f.type == SOC_ENUM || f.type == SOC_ENUM_LIST;
    b->facts[i] = (batch_fact){.type = f.type,
                               .left_out = f.left_out,
                               .nullable = (f.flags & SOC_FACT_NULLABLE) != 0,
                               .whole = (f.flags & SOC_FACT_WHOLE) != 0,
                               .list = f.list,
                               .other = f.other,
                               .minimum = f.minimum,
                               .maximum = f.maximum,
                               .values = chosen ? vm_enum_at(b->p, f.enumeration).count : 0};
  }
}

static bool by_steps(uint8_t type) {
  return type == SOC_DATE || type == SOC_NUMBER || type == SOC_RECORDS;
}

// Tests of a field's value in all loops.
static void add_leaves(soc_batch *b, uint32_t fact) {
  batch_fact *f = &b->facts[fact];
  f->leaves = b->leaf_count;
  for (uint32_t i = 0; i < b->plan->expression_count; i++) {
    const batch_loop *loop = &b->loops[i];
    for (uint32_t at = 0; b->forms[i] == BATCH_LOOP && at < loop->count; at++) {
      vm_instruction in = vm_instruction_at(b->p, loop->first + at);
      if (vm_op_shapes[in.op].b == B_FACT && in.b == fact && in.op != SOC_OP_FACT_NONE &&
          in.op != SOC_OP_FACT_LEFT_OUT) {
        b->leaf_bits[loop->slot + at] = (uint8_t)f->bits++;
        b->leaves[b->leaf_count++] = loop->first + at;
      }
    }
  }
}

// False: a fact is asked for too much.
static bool add_bits(soc_batch *b) {
  for (uint32_t i = 0; i < b->fact_count; i++) {
    batch_fact *f = &b->facts[i];
    const vm_reader *r = reader_of(b->plan, i);
    f->plane = b->value_planes;
    if (r) {
      add_tests(b, f, r);
    }
    if (r && by_steps(f->type)) {
      add_steps(b, f);
    }
    add_mask_bits(b, i);
    add_dated_bits(b, i);
    if (f->list != SOC_NONE16) {
      add_leaves(b, i);
    } else {
      b->value_planes += f->bits;
    }
    if (f->bits > BATCH_BITS) {
      return false;
    }
  }
  return true;
}

bool batch_is_plain(const batch_fact *f) {
  return f->list == SOC_NONE16 &&
         (f->left_out == SOC_LEFT_OUT_UNKNOWN || f->left_out == SOC_LEFT_OUT_REQUIRED ||
          f->left_out == SOC_LEFT_OUT_NONE);
}

// What a mask test says if the code is none or left out. False: the derivation has no form here.
static bool add_mask_test(soc_batch *b, uint32_t index) {
  const vm_mask_test *t = &b->plan->mask_tests[index];
  const vm_derivation *d = derivation_of(b, t->cell);
  if (!d || !batch_is_plain(&b->facts[d->code]) || b->facts[d->fact].list != SOC_NONE16) {
    return false;
  }
  uint64_t none = vm_map_at(b->p, d->map).other;
  uint64_t out = b->facts[d->code].left_out == SOC_LEFT_OUT_NONE ? none : d->every;
  b->mask_tests[index] = (batch_mask_test){
      .bit = {t->bit[0], t->bit[1]},
      .cell = t->cell,
      .fact = d->fact,
      .code = d->code,
      .asks = t->asks,
      .none_met = filled(all_in(none, t->mask)),
      .none_not = filled((none & t->mask) == 0),
      .left_met = filled(all_in(out, t->mask)),
      .left_not = filled((out & t->mask) == 0),
  };
  return true;
}

static uint32_t count_masks(const vm_plan *plan) {
  uint32_t count = 0;
  for (uint32_t bit = 0; bit < plan->words * WORD_BITS; bit++) {
    uint32_t index = plan->origins[bit] & ~VM_ORIGIN_KIND;
    if ((plan->origins[bit] & VM_ORIGIN_KIND) == VM_ORIGIN_MASK && index >= count) {
      count = index + 1;
    }
  }
  return count;
}

static bool add_masks(soc_batch *b) {
  b->mask_count = count_masks(b->plan);
  for (uint32_t i = 0; i < b->mask_count; i++) {
    if (!add_mask_test(b, i)) {
      return false;
    }
  }
  return true;
}

static void add_loop(soc_batch *b, uint32_t index) {
  const vm_expression *e = &b->plan->expressions[index];
  vm_instruction begin = vm_instruction_at(b->p, e->first);
  b->loops[index] = (batch_loop){.first = e->first,
                                 .count = e->count,
                                 .list = begin.b,
                                 .slot = b->slots,
                                 .all = (begin.a & SOC_EACH_FOLD) == SOC_FOLD_ALL};
  b->slots += e->count;
}

static bool same_dates(const vm_shaped *s, const vm_shaped *t) {
  return s->op == t->op && s->relation == t->relation && s->given[0] == t->given[0] &&
         s->given[1] == t->given[1] && s->fact[0] == t->fact[0] && s->fact[1] == t->fact[1] &&
         s->lo == t->lo && s->hi == t->hi;
}

static uint32_t first_same(const soc_batch *b, uint32_t index) {
  const vm_expression *all = b->plan->expressions;
  uint32_t i = 0;
  while (i < index &&
         (b->forms[i] != BATCH_DATES || !same_dates(&all[i].shaped, &all[index].shaped))) {
    i++;
  }
  return i;
}

static bool has_plain_facts(const soc_batch *b, const vm_shaped *s) {
  return batch_is_plain(&b->facts[s->fact[0]]) && batch_is_plain(&b->facts[s->fact[1]]);
}

static void find_forms(soc_batch *b) {
  for (uint32_t i = 0; i < b->plan->expression_count; i++) {
    const vm_expression *e = &b->plan->expressions[i];
    const vm_shaped *s = &e->shaped;
    b->forms[i] = BATCH_SINGLE;
    b->same[i] = i;
    if (s->shape != VM_SHAPE_OTHER && has_plain_facts(b, s)) {
      b->forms[i] = BATCH_DATES;
      b->same[i] = first_same(b, i);
    } else if (batch_find_dated(b, i)) {
      b->forms[i] = BATCH_DATED;
    } else if (s->shape == VM_SHAPE_OTHER && batch_loop_fits(b, e)) {
      b->forms[i] = BATCH_LOOP;
      add_loop(b, i);
    }
  }
}

// ---------------------------------------------------------------------------------------- assumptions

// Can code read the fact, if only by a cell?
static bool may_read(const soc_batch *b, uint32_t first, uint32_t count, uint32_t fact) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(b->p, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    bool cell = shape->b == B_CELL || shape->c == C_CELL || shape->c == C_VALUE;
    bool dated = shape->c == C_SET && vm_set_date(i.c) != SOC_NONE16 &&
                 vm_takes_value_of(b->p, vm_set_date(i.c), fact);
    if (cell || dated || (shape->b == B_FACT && vm_takes_value_of(b->p, i.b, fact))) {
      return true;
    }
  }
  return false;
}

// Can the window or the redirect of some rule read the fact?
static bool rules_read(const soc_batch *b, uint32_t fact) {
  uint16_t basis = vm_u16(VM_AT(b->p, POLICY, 0) + 12);
  bool read = basis != SOC_NONE16 && vm_takes_value_of(b->p, basis, fact);
  for (uint32_t i = 0; i < VM_COUNT(b->p, RULES) && !read; i++) {
    vm_rule rule = vm_rule_at(b->p, i);
    read = may_read(b, rule.from, rule.from_count, fact) ||
           may_read(b, rule.through, rule.through_count, fact) || rule.except == fact + 1;
  }
  return read;
}

static void find_assumptions(soc_batch *b) {
  for (uint32_t i = 0; i < b->fact_count; i++) {
    vm_fact fact = vm_fact_at(b->p, i);
    if (!vm_has_assumption(&fact) || fact.list != SOC_NONE16) {
      continue; // of a field: read by loops that have no form
    }
    bool apart = fact.left_out != SOC_LEFT_OUT_ASSUMED || rules_read(b, i);
    for (uint32_t m = 0; m < b->mask_count; m++) {
      apart = apart || b->mask_tests[m].fact == i || b->mask_tests[m].code == i;
    }
    b->assumptions[b->assumption_count++] = (batch_assumption){i, apart};
  }
}

// -------------------------------------------------------------------------------------------- memory

#define ALIGN 16u

static void *take(vm_pool *r, uint64_t count, uint64_t bytes) {
  return batch_take(r, count, bytes, ALIGN);
}

static size_t count_steps(const vm_policy *p) {
  size_t count = 0;
  for (uint32_t i = 0; i < VM_COUNT(p, CODE); i++) {
    const vm_op_shape *shape = &vm_op_shapes[vm_instruction_at(p, i).op];
    count += shape->b == B_FACT && shape->c != C_SET ? 2 : 0;
  }
  return count;
}

// From the policy alone; returns where the plan goes, if it has to be made.
static void *lay_out(soc_batch *b, vm_pool *r, const soc_policy *policy) {
  const vm_policy *p = vm_of(policy);
  size_t plan = soc_policy_plan_bytes(policy);
  uint64_t truths = plan > 0 ? vm_count_truths(p) : 0;
  (void)take(r, 1, sizeof *b);
  b->facts = take(r, VM_COUNT(p, FACTS), sizeof *b->facts);
  b->assumptions = take(r, VM_COUNT(p, FACTS), sizeof *b->assumptions);
  b->tests = take(r, 2 * truths, sizeof *b->tests);
  b->steps = take(r, plan > 0 ? count_steps(p) : 0, sizeof *b->steps);
  b->mask_tests = take(r, truths, sizeof *b->mask_tests);
  b->forms = take(r, truths, sizeof *b->forms);
  b->same = take(r, truths, sizeof *b->same);
  b->dated = take(r, truths, sizeof *b->dated);
  b->loops = take(r, truths, sizeof *b->loops);
  uint64_t code = plan > 0 ? VM_COUNT(p, CODE) : 0;
  b->leaf_bits = take(r, code, sizeof *b->leaf_bits);
  b->leaves = take(r, code, sizeof *b->leaves);
  return plan > 0 && !p->plan && !p->lanes ? take(r, plan, 1) : NULL;
}

const char *soc_batch_version(void) {
  return SOC_VERSION;
}

size_t soc_batch_bytes(const soc_policy *policy) {
  soc_batch measured;
  vm_pool r = {.used = ALIGN}; // to align it
  if (!policy || !vm_matches()) {
    return 0;
  }
  (void)lay_out(&measured, &r, policy);
  return vm_pool_bytes(&r);
}

static soc_status refused(soc_error *error, soc_status status, const char *code,
                          const char *sentence) {
  if (error) {
    *error = (soc_error){code, sentence, 0};
  }
  return status;
}

// A policy without a plan, or one that the program has no form for, is decided case by case.
static void make_program(soc_batch *b) {
  b->plan = b->p->plan;
  b->literals = b->plan ? b->plan->words * WORD_BITS : 0;
  if (!b->plan) {
    return;
  }
  find_forms(b);
  if (!add_masks(b) || !add_bits(b)) {
    b->plan = NULL;
    b->value_planes = b->literals = b->mask_count = b->slots = 0;
    describe_facts(b);
    return;
  }
  find_assumptions(b);
  for (uint32_t i = 0; i < b->fact_count; i++) {
    if (b->facts[i].type == SOC_BOOL) {
      b->facts[i].no = batch_bits_of(b, i, 0);
      b->facts[i].yes = batch_bits_of(b, i, 1);
    }
  }
}

soc_status soc_batch_init(soc_batch **out, const soc_policy *policy, void *memory, size_t size,
                          soc_error *error) {
  if (out) {
    *out = NULL;
  }
  if (!out || !policy || !memory) {
    return refused(error, SOC_ERR_ARGUMENT, "argument", "an argument is NULL");
  }
  if (!vm_matches()) {
    return refused(error, SOC_ERR_ARGUMENT, "version",
                   "soc_batch runs with a soc_vm of another version or build");
  }
  size_t needed = soc_batch_bytes(policy);
  if (needed == 0 || size < needed) {
    return refused(error, SOC_ERR_MEMORY, "memory",
                   "the memory is smaller than soc_batch_bytes says");
  }
  vm_pool r = {.memory = (unsigned char *)(((uintptr_t)memory + ALIGN - 1) / ALIGN * ALIGN)};
  soc_batch *b = (void *)r.memory;
  *b = (soc_batch){0};
  void *plan = lay_out(b, &r, policy);
  b->policy = *policy;
  b->p = vm_of(&b->policy);
  b->fact_count = VM_COUNT(b->p, FACTS);
  b->decision_count = VM_COUNT(b->p, DECISIONS);
  if (plan) {
    soc_status status = soc_policy_plan(&b->policy, plan, soc_policy_plan_bytes(policy), error);
    if (status != SOC_OK && status != SOC_ERR_LIMIT) {
      return status;
    }
  }
  describe_facts(b);
  make_program(b);
  *out = b;
  return SOC_OK;
}

bool soc_batch_is_columnar(const soc_batch *b) {
  return b && b->plan;
}
