// SPDX-License-Identifier: Apache-2.0
//
// Many cases of one subject at once: decided by columns, by every kind of block executor that this machine can run, and
// compared with the oracle case by case.
#ifndef SOC_TESTS_BATCHES_H
#define SOC_TESTS_BATCHES_H

#include "columns.h"

struct answers; // batches.c

struct batches {
  const struct subject *subject;
  soc_batch *batch;
  void *memory;
  // Of the cases decided last, between batches_decide and batches_done:
  struct columns columns;
  struct answers *answers; // by kind
  uint32_t kinds, count;
  uint64_t columnar,
      single; // of all batches: cases decided by columns, and one by one; by the last kind
};

// False: the batch library refuses the policy; said on `out`. Close it all the same.
bool batches_open(struct batches *b, const struct subject *s, FILE *out);
// Decides. False: refused; said on `out`.
bool batches_decide(struct batches *b, const struct oracle_case *cases, uint32_t count,
                    uint64_t *random, FILE *out);
// Does each kind answer for the next case, in the order of `cases`, as the oracle does?
bool batches_agree(struct batches *b, const struct oracle_case *c,
                   const struct oracle_result *result, FILE *out);
void batches_done(struct batches *b);
void batches_close(struct batches *b);

// One case: true if the oracle, the VM by bytecode and by plan, explanations included, and a batch of this one case
// give the same. Otherwise what differs is printed to `out` (NULL: nowhere).
bool agree_three_ways(struct subject *s, const struct oracle_case *c, FILE *out);

#endif
