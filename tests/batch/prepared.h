// SPDX-License-Identifier: Apache-2.0
//
// A policy of a test from its source: compiled, loaded, made ready for columns. A test includes cmocka.h before.
#ifndef SOC_TESTS_BATCH_PREPARED_H
#define SOC_TESTS_BATCH_PREPARED_H

#include "soc/batch.h"
#include "soc/compiler.h"

struct prepared {
  soc_compilation *compilation; // the policy points into its artifact
  soc_policy policy;
  void *memory; // of the batch
  size_t bytes; // soc_batch_bytes
  soc_batch *batch;
};

void prepare(struct prepared *p, const char *source, const soc_compile_options *options);
void release(struct prepared *p);
uint32_t fact_named(const struct prepared *p, const char *name); // which the policy reads

#endif
