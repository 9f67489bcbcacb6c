// SPDX-License-Identifier: Apache-2.0
//
// Proof that a decision uses no heap: the linker sends every malloc, calloc, realloc and free of the program, soc_vm
// included, through the counters below (-Wl,--wrap). Cases are cleared, set, decided and explained on a real policy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "batch_side.h"

#define POLICY "policies/premera/11.01.523/2024-12-05.soc"
enum { CASES = 2000 };

// ------------------------------------------------------------------ counters

// Volatile, because compilers take it that malloc changes no variable of the program.
static volatile uint64_t heap_calls;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);

void *__wrap_malloc(size_t size) {
  heap_calls++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  heap_calls++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size) {
  heap_calls++;
  return __real_realloc(p, size);
}

void __wrap_free(void *p) {
  heap_calls++;
  __real_free(p);
}

// ------------------------------------------------------------------ what is under test

struct fixture {
  struct vm_side vm;
  struct bench_case cases[CASES];
  void *block;
  soc_case *c;
  uint64_t nodes; // explanation nodes seen
};
static struct fixture fixture;

static int open_policy(void **state) {
  *state = &fixture;
  cases_make(fixture.cases, CASES, CASES_SEED);
  return vm_side_open(&fixture.vm, POLICY) &&
                 vm_side_cases(&fixture.vm, 1, &fixture.block, &fixture.c)
             ? 0
             : -1;
}

static int close_policy(void **state) {
  (void)state;
  free(fixture.block);
  vm_side_close(&fixture.vm);
  return 0;
}

static bool see_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  (void)node;
  (void)fact;
  ++*(uint64_t *)context;
  return true;
}

static bool read_results(const struct fixture *f, uint32_t decision) {
  soc_result result;
  if (soc_case_result(f->c, decision, 0, &result) != SOC_OK) return false;
  bool good = true;
  for (uint32_t i = 0; i < result.reason_count; i++) {
    soc_reason reason;
    good = good && soc_case_reason(f->c, decision, 0, i, &reason) == SOC_OK;
  }
  for (uint32_t i = 0; i < result.missing_count; i++) {
    soc_fact_ref missing;
    good = good && soc_case_missing(f->c, decision, 0, i, &missing) == SOC_OK;
  }
  return good;
}

static bool explain(struct fixture *f, uint32_t decision) {
  return soc_case_explain(f->c, decision, 0, see_node, &f->nodes) == SOC_OK;
}

// ------------------------------------------------------------------ tests

static void a_deliberate_allocation_is_counted(void **state) {
  (void)state;
  uint64_t before = heap_calls;
  void *volatile p = malloc(1);
  free(p);
  assert_int_equal(heap_calls - before, 2);
}

static void clearing_setting_and_deciding_use_no_heap(void **state) {
  struct fixture *f = *state;
  uint64_t before = heap_calls;
  bool good = true;
  for (uint32_t i = 0; i < CASES; i++) {
    soc_case_clear(f->c);
    good = good && vm_side_bind(&f->vm, &f->cases[i], f->c) && soc_case_decide(f->c, 0) == SOC_OK &&
           read_results(f, f->vm.site_decision) && read_results(f, f->vm.drug_decision);
  }
  assert_true(good);
  assert_int_equal(heap_calls - before, 0);
}

static void explaining_uses_no_heap(void **state) {
  struct fixture *f = *state;
  uint64_t before = heap_calls;
  bool good = true;
  for (uint32_t i = 0; i < CASES; i++) {
    soc_case_clear(f->c);
    good = good && vm_side_bind(&f->vm, &f->cases[i], f->c) &&
           soc_case_decide(f->c, SOC_DECIDE_EXPLAIN) == SOC_OK && explain(f, f->vm.site_decision) &&
           explain(f, f->vm.drug_decision);
  }
  assert_true(good);
  assert_true(f->nodes > CASES);
  assert_int_equal(heap_calls - before, 0);
}

static void loading_uses_no_heap(void **state) {
  struct fixture *f = *state;
  static soc_policy policy;
  uint64_t before = heap_calls;
  soc_status status = soc_policy_load(&policy, f->vm.artifact, f->vm.length, NULL);
  assert_int_equal(status, SOC_OK);
  assert_int_equal(heap_calls - before, 0);
}

static void deciding_columns_uses_no_heap(void **state) {
  struct fixture *f = *state;
  static struct batch_side side;
  assert_true(batch_side_open(&side, &f->vm, f->cases, CASES));
  uint64_t before = heap_calls;
  soc_status status = batch_side_decide(&side, false);
  assert_int_equal(heap_calls, before);
  assert_int_equal(status, SOC_OK);
  assert_int_equal(side.report.columnar, CASES); // all by columns
  batch_side_close(&side);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_deliberate_allocation_is_counted),
      cmocka_unit_test(clearing_setting_and_deciding_use_no_heap),
      cmocka_unit_test(deciding_columns_uses_no_heap),
      cmocka_unit_test(explaining_uses_no_heap),
      cmocka_unit_test(loading_uses_no_heap),
  };
  return cmocka_run_group_tests(tests, open_policy, close_policy);
}
