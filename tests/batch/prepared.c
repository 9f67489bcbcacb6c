// SPDX-License-Identifier: Apache-2.0
//
// See prepared.h.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "prepared.h"

void prepare(struct prepared *p, const char *source, const soc_compile_options *options) {
  p->compilation = soc_compile(source, strlen(source), "test.soc", options);
  assert_int_equal(soc_compilation_error_count(p->compilation), 0);
  size_t length;
  const void *artifact = soc_compilation_artifact(p->compilation, &length);
  assert_int_equal(soc_policy_load(&p->policy, artifact, length, NULL), SOC_OK);
  p->bytes = soc_batch_bytes(&p->policy);
  p->memory = malloc(p->bytes);
  assert_int_equal(soc_batch_init(&p->batch, &p->policy, p->memory, p->bytes, NULL), SOC_OK);
}

void release(struct prepared *p) {
  soc_compilation_free(p->compilation);
  free(p->memory);
}

uint32_t fact_named(const struct prepared *p, const char *name) {
  uint32_t fact = soc_policy_find_fact(&p->policy, name, strlen(name));
  assert_int_not_equal(fact, SOC_NO_INDEX);
  return fact;
}
