// SPDX-License-Identifier: Apache-2.0
//
// The arena: alignment, growth, its sticky failure, and that everything goes back to the allocator.
#include "compiler/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct counter {
  size_t live, calls, fail_at; // fail_at 0: never
};

static void *counted(void *ctx, void *p, size_t old_size, size_t new_size) {
  struct counter *counter = ctx;
  if (new_size > 0 && ++counter->calls == counter->fail_at) return NULL;
  counter->live = counter->live - old_size + new_size;
  if (new_size == 0) {
    free(p);
    return NULL;
  }
  return realloc(p, new_size);
}

static void test_memory_is_zeroed_aligned_and_apart(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, NULL);
  char *before = NULL;
  for (size_t size = 0; size < 5000; size += 7) {
    char *p = arena_alloc(&arena, size);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % ARENA_ALIGNMENT, 0);
    for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
    memset(p, 0x55, size);
    assert_ptr_not_equal(p, before);
    before = size > 0 ? p : NULL;
  }
  arena_free(&arena);
}

static void test_everything_is_given_back(void **state) {
  (void)state;
  struct counter counter = {0};
  struct arena arena;
  arena_init(&arena, &(soc_allocator){counted, &counter});
  for (size_t size = 1; size < 1000000; size *= 3) assert_non_null(arena_alloc(&arena, size));
  assert_int_equal(counter.live, arena.used);
  arena_free(&arena);
  assert_int_equal(counter.live, 0);
}

static void test_memory_stays_within_a_factor_of_what_is_asked_for(void **state) {
  (void)state;
  struct counter counter = {0};
  struct arena arena;
  arena_init(&arena, &(soc_allocator){counted, &counter});
  for (size_t i = 0; i < 1000000; i++) assert_non_null(arena_alloc(&arena, 64));
  assert_true(arena.used < 64000000 * 3 / 2);
  assert_true(counter.calls < 40);
  arena_free(&arena);
}

static void test_failure_is_sticky_and_freeing_ends_it(void **state) {
  (void)state;
  struct counter counter = {.fail_at = 2};
  struct arena arena;
  arena_init(&arena, &(soc_allocator){counted, &counter});
  assert_non_null(arena_alloc(&arena, 100));
  assert_null(arena_alloc(&arena, 1000000));
  assert_true(arena.out_of_memory);
  assert_null(arena_alloc(&arena, 1));
  assert_null(arena_copy(&arena, "x", 1).data);
  arena_free(&arena);
  assert_int_equal(counter.live, 0);
  assert_non_null(arena_alloc(&arena, 1));
  arena_free(&arena);
}

static void test_sizes_are_checked(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, NULL);
  assert_null(arena_array(&arena, SIZE_MAX / 8, 16));
  assert_true(arena.out_of_memory);
  arena_free(&arena);
  assert_null(arena_alloc(&arena, SIZE_MAX));
  arena_free(&arena);
}

static void test_growing_keeps_the_items(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, NULL);
  int *items = NULL;
  for (int count = 0, capacity = 0; count < 1000; count++) {
    if (count == capacity) {
      capacity = capacity == 0 ? 1 : capacity * 2;
      items = arena_grow(&arena, items, (size_t)count, (size_t)capacity, sizeof *items);
      assert_non_null(items);
    }
    items[count] = count;
  }
  for (int i = 0; i < 1000; i++) assert_int_equal(items[i], i);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_memory_is_zeroed_aligned_and_apart),
      cmocka_unit_test(test_everything_is_given_back),
      cmocka_unit_test(test_memory_stays_within_a_factor_of_what_is_asked_for),
      cmocka_unit_test(test_failure_is_sticky_and_freeing_ends_it),
      cmocka_unit_test(test_sizes_are_checked),
      cmocka_unit_test(test_growing_keeps_the_items),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
