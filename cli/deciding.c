// SPDX-License-Identifier: Apache-2.0
//
// Threads that decide batches; see deciding.h. The ring of batches bounds what is under way, and so memory. Everything
// in it changes hands under one lock: filled by the caller, taken by a thread, done, fetched by the caller in order.
#define _POSIX_C_SOURCE 200809L
#include "cli/deciding.h"

#include <stdlib.h>
#include <string.h>

struct decider {
  struct job_queue *queue;
  struct policies shared, *policies; // its own, or the only ones
  struct case_reader *reader;
  struct claim claim;
  struct result_printer printer;
  pthread_t thread;
};

// ---------------------------------------------------------------------------------------- one thread

static bool decider_open(struct decider *d, struct job_queue *q) {
  const struct deciding *how = q->how;
  *d = (struct decider){.queue = q, .policies = how->policies};
  if (q->jobs > 1) {
    if (!policies_share(&d->shared, how->policies)) return false;
    d->policies = &d->shared;
  }
  d->reader = case_reader_new(how->vocabulary, &how->limits);
  if (result_printer_open(&d->printer, how->json, how->color) && d->reader) return true;
  trouble_memory();
  return false;
}

static void decider_close(struct decider *d) {
  claim_free(&d->claim);
  result_printer_close(&d->printer);
  case_reader_free(d->reader);
  policies_close(&d->shared);
}

// False: trouble, a message was given.
static bool decide_case(struct decider *d, struct batch_job *job, size_t i) {
  const struct deciding *how = d->queue->how;
  struct case_data *data = case_batch_read(&job->batch, i, d->reader);
  struct outcome o = {.data = data, .index = job->first + i, .explain = how->explain};
  enum claim_status status = CLAIM_REFUSED;
  if (data->no_memory) return trouble_memory(), false;
  if (!data->error.code)
    status = claim_decide(&d->claim, d->policies, data, how->explain ? SOC_DECIDE_EXPLAIN : 0);
  if (status == CLAIM_TROUBLE) return false;
  if (status == CLAIM_DONE)
    o.claim = &d->claim;
  else
    job->invalid = true;
  return result_print(&d->printer, &o) || (trouble_memory(), false);
}

static void decide_batch(struct decider *d, struct batch_job *job) {
  struct buffer *out = &d->printer.out, empty = job->out;
  buffer_clear(out);
  job->invalid = job->trouble = false;
  for (size_t i = 0; i < job->batch.count && !job->trouble; i++) {
    size_t whole = out->length;
    job->trouble = !decide_case(d, job, i);
    if (job->trouble) out->length = whole;
  }
  job->out = *out; // the buffers change places
  *out = empty;
}

static void *work(void *arg) {
  struct decider *d = arg;
  struct job_queue *q = d->queue;
  pthread_mutex_lock(&q->lock);
  for (;;) {
    while (!q->stop && q->taken == q->filled) pthread_cond_wait(&q->work, &q->lock);
    if (q->stop) break;
    struct batch_job *job = &q->ring[q->taken++ % q->size];
    pthread_mutex_unlock(&q->lock);
    decide_batch(d, job);
    pthread_mutex_lock(&q->lock);
    job->done = true;
    pthread_cond_signal(&q->done);
  }
  pthread_mutex_unlock(&q->lock);
  return NULL;
}

// ---------------------------------------------------------------------------------------- the queue

static bool start_threads(struct job_queue *q) {
  for (size_t i = 0; q->jobs > 1 && i < q->jobs; i++, q->started++) {
    int error = pthread_create(&q->deciders[i].thread, NULL, work, &q->deciders[i]);
    if (error) return trouble("cannot start a thread: %s", strerror(error)), false;
  }
  return true;
}

bool job_queue_open(struct job_queue *q, const struct deciding *how, size_t jobs) {
  *q = (struct job_queue){.how = how,
                          .size = jobs > 1 ? 2 * jobs + 2 : 1,
                          .lock = PTHREAD_MUTEX_INITIALIZER,
                          .work = PTHREAD_COND_INITIALIZER,
                          .done = PTHREAD_COND_INITIALIZER};
  q->ring = calloc(q->size, sizeof *q->ring);
  q->deciders = calloc(jobs, sizeof *q->deciders);
  if (!q->ring || !q->deciders) return trouble_memory(), false;
  q->jobs = jobs;
  for (size_t i = 0; i < jobs; i++) {
    if (!decider_open(&q->deciders[i], q)) return false;
  }
  return start_threads(q);
}

void job_queue_close(struct job_queue *q) {
  if (!q->how) return; // never opened
  pthread_mutex_lock(&q->lock);
  q->stop = true;
  pthread_cond_broadcast(&q->work);
  pthread_mutex_unlock(&q->lock);
  for (size_t i = 0; i < q->started; i++) pthread_join(q->deciders[i].thread, NULL);
  for (size_t i = 0; i < q->jobs; i++) decider_close(&q->deciders[i]);
  for (size_t i = 0; q->ring && i < q->size; i++) {
    case_batch_free(&q->ring[i].batch);
    buffer_free(&q->ring[i].out);
  }
  free(q->deciders);
  free(q->ring);
}

struct batch_job *job_queue_empty(struct job_queue *q) {
  return q->filled - q->handed < q->size ? &q->ring[q->filled % q->size] : NULL;
}

void job_queue_give(struct job_queue *q, struct batch_job *job) {
  job->done = false;
  if (q->jobs == 1) {
    decide_batch(&q->deciders[0], job);
    job->done = true;
  }
  pthread_mutex_lock(&q->lock);
  q->filled++;
  pthread_cond_signal(&q->work);
  pthread_mutex_unlock(&q->lock);
}

struct batch_job *job_queue_fetch(struct job_queue *q) {
  if (q->handed == q->filled) return NULL;
  struct batch_job *job = &q->ring[q->handed++ % q->size];
  pthread_mutex_lock(&q->lock);
  while (!job->done) pthread_cond_wait(&q->done, &q->lock);
  pthread_mutex_unlock(&q->lock);
  return job;
}
