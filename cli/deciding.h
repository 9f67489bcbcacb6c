// SPDX-License-Identifier: Apache-2.0
//
// Batches of cases decided in one thread or several; what they print comes out in the order in which they were given.
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
  uint64_t first;      // index of its first case
  uint64_t bytes_read; // of all input when it was cut
  struct buffer out;   // what is printed for it
  bool invalid;        // some case is
  bool trouble;        // a message was given; `out` holds what came before
  bool done;
};

struct decider; // one thread's own
struct job_queue {
  const struct deciding *how;
  size_t jobs;              // threads; 1: none but the caller's
  struct decider *deciders; // `jobs` of them
  struct batch_job *ring;
  size_t size;                    // of the ring
  uint64_t filled, taken, handed; // batches so far: given to the queue, begun, handed back
  bool stop;
  size_t started; // threads that run
  pthread_mutex_t lock;
  pthread_cond_t work, done;
};

// False: a message was given; job_queue_close is called all the same.
bool job_queue_open(struct job_queue *q, const struct deciding *how, size_t jobs);
void job_queue_close(struct job_queue *q);
// A batch to fill; NULL: the oldest has to be fetched first.
struct batch_job *job_queue_empty(struct job_queue *q);
// Has the batch that job_queue_empty gave decided.
void job_queue_give(struct job_queue *q, struct batch_job *job);
// The oldest batch that was given and not fetched yet, decided; waits for it. NULL: there is none. It is the caller's
// until the next call of job_queue_empty.
struct batch_job *job_queue_fetch(struct job_queue *q);

#endif
