// SPDX-License-Identifier: Apache-2.0
//
// How much stack the VM's calls take (docs/embedding.md): artifacts are loaded, planned, decided and explained in a
// thread whose stack was painted before, and what is no longer as it was painted was used. What a thread takes by
// itself is measured beside it. Sanitizers and missing optimisation make frames larger, so that nothing is held against
// them.
#define _XOPEN_SOURCE 700 // stacks of threads
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soc/vm.h"

enum { STACK = 256 * 1024, MOST = 16 * 1024, IMAGE_MOST = 1 << 20, ROWS = 4, PAINT = 0xa5 };

typedef struct task {
  const char *path;
  uint8_t *image, *plan, *memory;
  size_t length;
  bool failed;
} task;

static bool take_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  (void)context;
  (void)node;
  (void)fact;
  return true;
}

static void set_lists(const soc_policy *policy, soc_case *c, uint32_t facts) {
  for (uint32_t i = 0; i < facts; i++) {
    soc_fact_info fact;
    if (soc_policy_fact(policy, i, &fact) == SOC_OK && fact.type == SOC_RECORDS) {
      (void)!soc_case_set_list(c, i, ROWS);
    }
  }
}

// Nothing but lists is known, so that everything that can be asked for is.
static bool decide(const soc_policy *policy, uint8_t **memory) {
  const soc_case_limits limits = {.rows = ROWS, .items = ROWS};
  soc_policy_info info;
  soc_case *c;
  soc_result result;
  size_t size = soc_case_bytes(policy, &limits);
  free(*memory);
  *memory = malloc(size);
  soc_policy_describe(policy, &info);
  if (!*memory || soc_case_init(&c, policy, &limits, *memory, size, NULL) != SOC_OK) {
    return false;
  }
  set_lists(policy, c, info.fact_count);
  if (soc_case_decide(c, SOC_DECIDE_EXPLAIN) != SOC_OK) {
    return false;
  }
  for (uint32_t d = 0; d < info.decision_count; d++) {
    for (uint32_t row = 0; row < soc_case_rows(c, d); row++) {
      if (soc_case_result(c, d, row, &result) != SOC_OK ||
          soc_case_explain(c, d, row, take_node, NULL) != SOC_OK) {
        return false;
      }
    }
  }
  return true;
}

static void *run(void *context) {
  task *t = context;
  soc_policy policy;
  t->failed =
      soc_policy_load(&policy, t->image, t->length, NULL) != SOC_OK || !decide(&policy, &t->memory);
  size_t size = t->failed ? 0 : soc_policy_plan_bytes(&policy);
  t->plan = malloc(size + 1);
  if (size > 0 && t->plan) {
    t->failed = soc_policy_plan(&policy, t->plan, size, NULL) == SOC_ERR_MEMORY ||
                !decide(&policy, &t->memory);
  }
  return NULL;
}

static void *run_nothing(void *context) {
  free(malloc(*(const size_t *)context));
  return NULL;
}

// Bytes of its stack that a thread wrote to; 0: it could not be started.
static size_t stack_of(void *(*body)(void *), void *context) {
  pthread_attr_t attributes;
  pthread_t thread;
  void *memory = NULL;
  size_t unused = 0;
  if (posix_memalign(&memory, 4096, STACK) != 0 || pthread_attr_init(&attributes) != 0) {
    return 0;
  }
  memset(memory, PAINT, STACK);
  bool ran = pthread_attr_setstack(&attributes, memory, STACK) == 0 &&
             pthread_create(&thread, &attributes, body, context) == 0 &&
             pthread_join(thread, NULL) == 0;
  while (ran && unused < STACK && ((const uint8_t *)memory)[unused] == PAINT) {
    unused++;
  }
  pthread_attr_destroy(&attributes);
  free(memory);
  return ran ? STACK - unused : 0;
}

static bool read_image(task *t) {
  FILE *file = fopen(t->path, "rb");
  t->image = malloc(IMAGE_MOST);
  t->length = file && t->image ? fread(t->image, 1, IMAGE_MOST, file) : 0;
  if (file) {
    fclose(file);
  }
  return t->length > 0;
}

int main(int argc, char **argv) {
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const size_t most = MOST;
#else
  const size_t most = STACK;
#endif
  size_t bytes = 100, alone = stack_of(run_nothing, &bytes);
  int failed = 0;
  for (int i = 1; i < argc; i++) {
    task t = {.path = argv[i]};
    size_t used = read_image(&t) ? stack_of(run, &t) : 0;
    bool good = used > 0 && !t.failed && used - alone <= most;
    printf("%s: %zu bytes of stack, a thread alone %zu%s\n", t.path, used, alone,
           good ? "" : ": too much, or it could not be run");
    failed += !good;
    free(t.memory);
    free(t.plan);
    free(t.image);
  }
  printf("%d passed, %d failed\n", argc - 1 - failed, failed);
  return failed == 0 && argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
