// SPDX-License-Identifier: Apache-2.0
//
// What the tests of a fact say of each class of its values: found by running them on a sample case.
#include "vm/plan_build.h"

// --------------------------------------------------------------------------------------------- rows

static vm_instruction test_of(const vm_builder *b, uint32_t test) {
  return vm_instruction_at(b->p, vm_term_of(b, b->tests[test].value)->first);
}

// Where the tests of a reader's fact stand in the list.
static uint32_t first_test(const vm_builder *b, const vm_reader *r, uint32_t *end) {
  uint32_t first = 0;
  while (b->tests[first].key >> 48 != r->fact) {
    first++;
  }
  for (*end = first; *end < b->test_count && b->tests[*end].key >> 48 == r->fact; ++*end) {
  }
  return first;
}

// Asks every test of the fact about the sample as it is: which are met, which known.
static uint64_t ask_sample(const vm_builder *b, const vm_reader *r, uint64_t *known) {
  uint32_t end;
  uint64_t met = 0;
  *known = 0;
  for (uint32_t i = first_test(b, r, &end); i < end; i++) {
    const vm_term *t = vm_term_of(b, b->tests[i].value);
    unsigned polarity = b->tests[i].value % 2;
    uint64_t bit = UINT64_C(1) << t->bit[polarity] % WORD_BITS;
    int64_t state = vm_run_row(b->sample, t->first, t->count, 0, 0).lo;
    *known |= state != SOC_UNKNOWN_TRUTH ? bit : 0;
    met |= state == (polarity ? SOC_NOT_MET : SOC_MET) ? bit : 0;
  }
  return met;
}

// The row of a value; for lists, of a list of this item alone.
static uint64_t row_of(const vm_builder *b, const vm_reader *r, uint64_t place) {
  soc_case *c = b->sample;
  int64_t value = vm_i64_of(place - r->bias);
  uint64_t known;
  const vm_column *column = &c->columns[r->fact];
  c->states[column->base] = SOC_GIVEN;
  c->values[column->base] = r->type == SOC_CODE_LIST   ? 1
                            : r->type == SOC_ENUM_LIST ? vm_i64_of(UINT64_C(1) << value)
                                                       : value;
  if (r->type == SOC_CODE_LIST && column->row_mask != 0) {
    c->row_items_at[column->items] = 0;
    c->row_item_values[0] = (uint64_t)value;
  } else if (r->type == SOC_CODE_LIST) {
    c->item_values[column->items] = (uint64_t)value;
  }
  return ask_sample(b, r, &known);
}

static void find_other_rows(const vm_builder *b, vm_reader *r) {
  soc_case *c = b->sample;
  uint64_t known;
  uint32_t slot = c->columns[r->fact].base;
  c->states[slot] = SOC_NONE;
  r->met_in[SOC_NONE] = ask_sample(b, r, &r->known_in[SOC_NONE]);
  r->known_in[SOC_GIVEN] = r->known_in[SOC_NONE];
  if (vm_reader_class(b->p, r->fact) == VM_BY_ITEMS) {
    c->states[slot] = SOC_GIVEN;
    c->values[slot] = 0;
    r->empty_met = ask_sample(b, r, &known);
  }
  c->states[slot] = SOC_LEFT_OUT;
  r->met_in[SOC_LEFT_OUT] = ask_sample(b, r, &r->known_in[SOC_LEFT_OUT]);
  c->held = slot;
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

uint32_t vm_place_count(const vm_policy *p, uint32_t fact) {
  vm_fact f = vm_fact_at(p, fact);
  return f.type == SOC_BOOL   ? 2
         : f.type == SOC_TEXT ? VM_COUNT(p, TEXTS) + 2
                              : vm_enum_at(p, f.enumeration).count;
}

static void add_edge(vm_sorted *steps, uint32_t *count, uint64_t at) {
  steps[(*count)++] = (vm_sorted){at, 0};
}

// Where what a test says can change.
static void add_edges(const vm_builder *b, const vm_reader *r, vm_instruction i, vm_sorted *steps,
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

static uint32_t find_steps(vm_builder *b, vm_reader *r, vm_sorted *scratch) {
  uint32_t count = 0, kept = 0, end;
  for (uint32_t i = first_test(b, r, &end); i < end; i++) {
    if (i == 0 || b->tests[i].key != b->tests[i - 1].key) { // not once more for its negation
      add_edges(b, r, test_of(b, i), scratch, &count);
    }
  }
  vm_sort(scratch, count);
  uint64_t *steps = b->plan->steps + b->row_count;
  for (uint32_t i = 0; i < count; i++) {
    if (scratch[i].key != 0 && (kept == 0 || steps[kept - 1] != scratch[i].key)) {
      steps[kept++] = scratch[i].key;
    }
  }
  return kept;
}

static bool is_only(vm_instruction i) {
  return vm_op_shapes[i.op].a == A_LIST && (i.a & ~(SOC_IF_GIVEN | SOC_OUTER)) == SOC_LIST_ONLY;
}

// Tests of a list that every item must meet: `only`, and the negation of the others.
static void find_only(const vm_builder *b, vm_reader *r) {
  uint32_t end;
  for (uint32_t i = first_test(b, r, &end); i < end; i++) {
    unsigned polarity = b->tests[i].value % 2;
    if (is_only(test_of(b, i)) != (polarity == 1)) {
      r->only |= UINT64_C(1) << vm_term_of(b, b->tests[i].value)->bit[polarity] % WORD_BITS;
    }
  }
}

static void fill_reader(vm_builder *b, vm_reader *r, vm_sorted *scratch) {
  bool places = r->type == SOC_ENUM_LIST || vm_reader_class(b->p, r->fact) == VM_BY_PLACE;
  r->kind = places ? VM_READ_PLACE : VM_READ_STEPS;
  r->bias = bias_of(b->p, r->fact);
  r->rows = r->steps = b->row_count;
  r->count = places ? vm_place_count(b->p, r->fact) : find_steps(b, r, scratch) + 1;
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

bool vm_fill_readers(vm_builder *b, uint32_t most) {
  static const soc_case_limits limits = {.rows = 1, .items = 1};
  vm_plan *plan = b->plan;
  const soc_policy *policy = (const soc_policy *)(const void *)b->p;
  size_t size = soc_case_bytes(policy, &limits);
  void *memory = size > 0 ? vm_pool_borrow(&b->pool, size, 1) : NULL;
  vm_sorted *scratch = vm_pool_borrow(&b->pool, most, sizeof *scratch);
  if (!memory || !scratch ||
      soc_case_init(&b->sample, policy, &limits, memory, size, NULL) != SOC_OK) {
    return false;
  }
  uint32_t readers = plan->place_readers + plan->step_readers + plan->list_readers;
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) {
    plan->reader_of[fact] = SOC_NONE32;
    if (vm_fact_at(b->p, fact).type == SOC_RECORDS &&
        soc_case_set_list(b->sample, fact, 1) != SOC_OK) { // a row for tests of fields
      return false;
    }
  }
  for (uint32_t i = 0; i < readers; i++) {
    fill_reader(b, &plan->readers[i], scratch);
    plan->reader_of[plan->readers[i].fact] = i;
  }
  vm_plan_left_out(plan);
  return true;
}
