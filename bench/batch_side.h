// SPDX-License-Identifier: Apache-2.0
//
// The columnar side of the comparison: the benchmark's cases as columns, and what soc_batch answers held against the C
// reference. Used by the benchmark and its test; prints what is wrong to standard error.
#ifndef SOC_BENCH_BATCH_SIDE_H
#define SOC_BENCH_BATCH_SIDE_H

#include "soc/batch.h"
#include "vm_side.h"

struct batch_side {
  const struct vm_side *vm;
  soc_batch *batch;
  soc_batch_input input;
  soc_batch_result results[2];
  soc_batch_report report;
  size_t scratch_bytes;
  void *scratch;
  size_t column_bytes, result_bytes; // what a decision reads and writes
  uint64_t *same_bytes;              // as many as the columns have
  void *blocks[512];                 // owned
  uint32_t block_count;
  soc_column columns[64];
};

// Columns of `count` cases; false: out of memory or refused. Close it all the same.
bool batch_side_open(struct batch_side *b, const struct vm_side *vm, const struct bench_case *cases,
                     uint32_t count);
void batch_side_close(struct batch_side *b);
// `again`: the entries of the dictionaries have been looked up by the call before.
soc_status batch_side_decide(struct batch_side *b, bool again);

// Compares the answers to one case with the reference's. If they differ, says what in `text`.
bool batch_side_agrees(const struct batch_side *b, uint32_t index,
                       const struct premera_result *expected, char *text, size_t size);
// Adds up as many bytes as the columns have, eight at a time: what reading them costs at least.
uint64_t batch_side_sum(const struct batch_side *b);

#endif
