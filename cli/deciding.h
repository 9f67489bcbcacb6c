// SPDX-License-Identifier: Apache-2.0
//
// Batches of cases decided in one thread or several; what they print comes out in the order in which they were taken.
#ifndef SOC_CLI_DECIDING_H
#define SOC_CLI_DECIDING_H

#include "cli/cases.h"
#include "cli/results.h"

// How cases are decided: the same for all threads and not changed while they run.
struct deciding {
  bool json, color, explain;
  struct case_limits limits;
  const struct vocabulary_index *vocabulary;
  struct policies *policies;
};

struct batch_job {
  struct case_batch batch;
  uint64_t number;     // of the batch
  uint64_t first;      // index of its first case
  uint64_t bytes_read; // of all input when it was cut
  struct buffer out;   // what is printed for it
  bool invalid;        // some case is
  bool trouble;        // a message was given; `out` holds what came before
  bool done;
};

// Where batches come from and go to: these are called by any of the threads, one at a time, in order.
struct job_queue;
struct batch_flow {
  bool (*take)(void *context, struct job_queue *q, struct batch_job *job); // false: none is left
  // Of the first part of what the next batch prints; `put` has the rest. False: it cannot be written, nor can the rest.
  bool (*write)(void *context, const struct buffer *out);
  bool (*put)(void *context, const struct batch_job *job); // false: no more is to be decided
  void *context;
};

// Decides in so many threads, the caller's among them. False: trouble, a message was given; what take and put did not
// wish to go on with is for the caller to know.
bool decide_batches(const struct deciding *how, size_t jobs, const struct batch_flow *flow);
// For take: waits until all batches before are put. False: no more is to be decided, and some may still be in use.
bool job_queue_settle(struct job_queue *q);

#endif
