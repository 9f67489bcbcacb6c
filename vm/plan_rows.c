// SPDX-License-Identifier: Apache-2.0
//
// What the tests of a fact say of each class of its values: found by running them on a sample case.
#include "vm/plan_build.h"

// --------------------------------------------------------------------------------------------- rows

static vm_instruction test_of(const vm_builder *b, uint32_t test) {
  return vm_instruction_at(b->p, vm_term_of(b, b->tests[test].value)->first);
}

// The test at a place of the list, or NULL if it is one more of a literal that was there.
static const vm_term *test_at(const vm_builder *b, uint32_t i) {
  uint32_t value = b->tests[i].value;
  return b->nodes[value].same == value ? vm_term_of(b, value) : NULL;
}

// Asks every test of the fact about the sample as it is: which are met, which known.
static uint64_t ask_sample(const vm_builder *b, const vm_reader *r, uint64_t *known) {
  uint32_t end;
  uint64_t met = 0, bit = 1;
  *known = 0;
  for (uint32_t i = vm_first_test(b, r, &end); i < end; i++) {
    const vm_term *t = test_at(b, i);
    if (t) {
      vm_instruction in = vm_instruction_at(b->p, t->first);
      if (in.op == SOC_OP_CELL_IN_MASK) {
        vm_compute_cells(b->sample, in.b, in.b + 1u);
      }
      int64_t state = vm_run_row(b->sample, t->first, t->count, 0, 0).lo;
      *known |= state != SOC_UNKNOWN_TRUTH ? bit : 0;
      met |= state == (b->tests[i].value % 2 ? SOC_NOT_MET : SOC_MET) ? bit : 0;
      bit <<= 1;
    }
  }
  return met;
}

// The row of a value; for lists, of a list of this item alone.
static uint64_t row_of(const vm_builder *b, const vm_reader *r, uint64_t place, uint64_t *known) {
  soc_case *c = b->sample;
  int64_t value = vm_i64_of(place - r->bias);
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
  return ask_sample(b, r, known);
}

static void find_other_rows(const vm_builder *b, vm_reader *r) {
  soc_case *c = b->sample;
  uint64_t known;
  uint32_t slot = c->columns[r->fact].base;
  c->states[slot] = SOC_NONE;
  r->met_in[SOC_NONE] = ask_sample(b, r, &r->known_in[SOC_NONE]);
  r->known_in[SOC_GIVEN] = r->tests;
  if (vm_reader_class(b->p, r->fact) == VM_BY_ITEMS) {
    c->states[slot] = SOC_GIVEN;
    c->values[slot] = 0;
    r->empty_met = ask_sample(b, r, &known);
  }
  // What is derived of a code if the fact was left out, that code's reader tells.
  uint64_t told = r->base == SOC_NONE32 ? r->plain : r->tests;
  c->states[slot] = SOC_LEFT_OUT;
  r->met_in[SOC_LEFT_OUT] = ask_sample(b, r, &r->known_in[SOC_LEFT_OUT]) & told;
  r->known_in[SOC_LEFT_OUT] &= told;
  c->held = slot;
  r->aside_met = ask_sample(b, r, &r->aside_known) & told;
  r->aside_known &= told;
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
  if (i.op == SOC_OP_CELL_IN_MASK) {
    vm_derivation d;
    (void)vm_derives_plainly(b->p, i.b, &d);
    vm_map map = vm_map_at(b->p, d.map);
    for (uint32_t n = map.first; n < map.first + map.count; n++) {
      add_edge(steps, count, vm_u64(VM_AT(b->p, MAP_RANGES, n)));
      add_edge(steps, count, vm_u64(VM_AT(b->p, MAP_RANGES, n) + 8) + 1);
    }
  } else if (vm_op_shapes[i.op].c == C_SET) {
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

static uint32_t find_steps(vm_builder *b, vm_reader *r) {
  vm_sorted *scratch = b->edges;
  uint32_t count = 0, kept = 0, end;
  for (uint32_t i = vm_first_test(b, r, &end); i < end; i++) {
    // Not once more for its negation; tests of a derived enumeration have those of its map.
    bool first = i == 0 || b->tests[i].key != b->tests[i - 1].key;
    if (first && (r->base == SOC_NONE32 || count == 0)) {
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
  uint64_t bit = 1;
  for (uint32_t i = vm_first_test(b, r, &end); i < end; i++) {
    if (test_at(b, i)) {
      r->only |= is_only(test_of(b, i)) != (b->tests[i].value % 2 == 1) ? bit : 0;
      bit <<= 1;
    }
  }
}

static void fill_reader(vm_builder *b, vm_reader *r) {
  r->rows = r->steps = b->row_count;
  bool places = r->type == SOC_ENUM_LIST || vm_reader_class(b->p, r->fact) == VM_BY_PLACE;
  bool items = vm_reader_class(b->p, r->fact) == VM_BY_ITEMS;
  r->kind = items ? VM_READ_ITEMS : places ? VM_READ_PLACE : VM_READ_STEPS;
  r->bias = bias_of(b->p, r->fact);
  r->count = places ? vm_place_count(b->p, r->fact) : find_steps(b, r) + 1;
  uint64_t *rows = b->plan->rows + r->rows;
  const uint64_t *steps = b->plan->steps + r->steps;
  for (uint32_t i = 0; i < r->count; i++) {
    uint64_t below = r->count > 1 ? steps[0] - 1 : 0;
    uint64_t known, met = row_of(b, r, places ? i : i == 0 ? below : steps[i - 1], &known);
    rows[i] = met;
    if (r->base != SOC_NONE32) {
      rows[r->count + i] = known;
    }
  }
  b->row_count += r->base != SOC_NONE32 ? 2 * r->count : r->count;
  find_only(b, r);
  find_other_rows(b, r);
}

static const soc_case_limits sample_limits = {.rows = 1, .items = 1};

// Of whole words: one byte less takes as many. A case that no memory holds has none, and asks for more than there is.
void vm_take_sample(vm_builder *b) {
  b->sample_bytes = soc_case_bytes((const soc_policy *)(const void *)b->p, &sample_limits);
  b->sample_memory = vm_pool_take(&b->pool, (uint64_t)b->sample_bytes - 1, 1);
}

// What it needs was taken, so that nothing is refused.
void vm_begin_sample(vm_builder *b) {
  const soc_policy *policy = (const soc_policy *)(const void *)b->p;
  soc_status status =
      soc_case_init(&b->sample, policy, &sample_limits, b->sample_memory, b->sample_bytes, NULL);
  for (uint32_t fact = 0; fact < VM_COUNT(b->p, FACTS); fact++) {
    if (vm_fact_at(b->p, fact).type == SOC_RECORDS) {
      status = soc_case_set_list(b->sample, fact, 1); // a row for tests of fields
    }
  }
  (void)status;
}

void vm_fill_rows(vm_builder *b) {
  for (uint32_t i = 0; i < b->plan->reader_count; i++) {
    fill_reader(b, &b->plan->readers[i]);
  }
}
