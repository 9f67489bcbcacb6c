// SPDX-License-Identifier: Apache-2.0
//
// Threads that decide batches; see deciding.h. Each thread takes a batch, decides it and has it put, so that a batch
// stays in the cache of one processor and no thread hands work to another. There are so many batches and no more, which
// bounds memory, and the one that was put last is filled next, as its memory is still near. Whoever has decided the
// batch that comes next puts it and those behind it that are done.
#define _POSIX_C_SOURCE 200809L
#include "cli/deciding.h"
#include "cli/block.h"

#include <stdlib.h>
#include <string.h>

struct job_queue {
  const struct deciding *how;
  const struct batch_flow *flow;
  size_t jobs;
  struct batch_job *batches;
  size_t size;             // how many there are
  pthread_mutex_t reading; // held while a batch is taken
  bool ended;              // nothing is left to take; belongs to who holds `reading`
  pthread_mutex_t lock;    // over all that follows
  pthread_cond_t changed;
  struct batch_job **free; // `free_count` of them
  size_t free_count;
  struct batch_job **ring; // by number, those that were taken and not put yet
  uint64_t taken, put;     // batches so far
  bool putting;            // a thread does
  bool stopped;            // no more is to be decided
  bool trouble;            // a message was given
};

// One thread's own.
struct decider {
  struct job_queue *queue;
  struct policies shared, *policies; // its own, or the only ones
  struct case_reader *reader;
  struct claim claim;
  struct result_printer printer;
  struct gathered *gathered; // by case of a batch
  size_t gathered_capacity;
  struct buffer ids; // of those that were not read directly
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
  free(d->gathered);
  buffer_free(&d->ids);
  case_reader_free(d->reader);
  policies_close(&d->shared);
}

// False: trouble, a message was given. `g`: what a block said of the case, NULL: nothing.
static bool decide_case(struct decider *d, struct batch_job *job, size_t i,
                        const struct gathered *g) {
  const struct deciding *how = d->queue->how;
  struct case_data *data = case_batch_read(&job->batch, i, d->reader);
  struct outcome o = {
      .data = data, .index = job->first + i, .explain = how->explain, .gathered = g};
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

// -------------------------------------------------------------------------------- cases together

// Where results come as JSON, cases are gathered in blocks, one for each version, and decided together; what was
// printed for a result is kept and copied where it comes again. A case that no block takes, or of which some result is
// new, is read once more and decided alone.
enum { FEW = 32 }; // of so few cases a block costs more than it saves

// The block that takes the case; NULL: none.
static struct block *block_for(struct artifact *a) {
  if (!a) return NULL;
  if (!a->block) a->block = block_new(&a->binding);
  return a->block && block_is_columnar(a->block) ? a->block : NULL;
}

static void keep_place(struct decider *d, size_t i, struct artifact *a) {
  d->gathered[i].artifact = a;
  d->gathered[i].index = block_count(a->block) - 1;
}

// Puts a case where its version's block has it.
static void gather_case(struct decider *d, struct batch_job *job, size_t i) {
  struct case_data *data = case_batch_read(&job->batch, i, d->reader);
  if (data->no_memory || data->error.code) return;
  struct artifact *a = policies_choose(d->policies, data);
  struct block *b = block_for(a);
  if (!b || !block_add(b, data)) return;
  struct gathered *g = &d->gathered[i];
  *g = (struct gathered){.has_id = data->has_id, .id = d->ids.length, .id_length = data->id.length};
  if (buffer_append(&d->ids, buffer_get(&data->id), data->id.length)) keep_place(d, i, a);
}

// The same of a case whose values can be put there while they are read. False: they cannot.
static bool gather_directly(struct decider *d, const struct batch_job *job, size_t i,
                            struct artifact *a) {
  const struct case_id *id = case_batch_gather(&job->batch, i, d->reader, a->block);
  if (!id) return false;
  struct gathered *g = &d->gathered[i];
  *g = (struct gathered){.has_id = id->text != NULL, .id_length = id->length, .spelled = true};
  if (id->text) g->id = (size_t)(id->text - job->batch.text.data);
  keep_place(d, i, a);
  return true;
}

// The only version there is, if there is one: values go into its columns as they are read.
static struct artifact *only_version(struct decider *d) {
  struct artifact *a = d->policies->forced ? policies_newest(d->policies) : NULL;
  return block_for(a) ? a : NULL;
}

static void gather_cases(struct decider *d, struct batch_job *job) {
  struct artifact *only = only_version(d);
  for (size_t i = 0; i < job->batch.count; i++) {
    if (only && gather_directly(d, job, i, only)) continue;
    d->gathered[i].artifact = NULL;
    gather_case(d, job, i);
  }
}

static void decide_blocks(struct decider *d, size_t count) {
  const struct policies *p = d->policies;
  for (size_t v = 0; v < p->count; v++) {
    struct artifact *a = p->versions[v].artifact;
    if (!a || !a->block || !block_is_columnar(a->block) || block_decide(a->block)) continue;
    for (size_t i = 0; i < count; i++) {
      if (d->gathered[i].artifact == a) d->gathered[i].artifact = NULL;
    }
  }
}

static void clear_blocks(struct decider *d) {
  const struct policies *p = d->policies;
  for (size_t v = 0; v < p->count; v++) {
    struct artifact *a = p->versions[v].artifact;
    if (a && a->block && block_is_columnar(a->block)) block_clear(a->block);
  }
}

static bool room_for(struct decider *d, size_t count) {
  if (count <= d->gathered_capacity) return true;
  struct gathered *more = realloc(d->gathered, count * sizeof *more);
  if (!more) return false;
  d->gathered = more;
  d->gathered_capacity = count;
  return true;
}

// Decides what can be decided together. False: all cases have to be decided alone.
static bool gather(struct decider *d, struct batch_job *job) {
  const struct deciding *how = d->queue->how;
  size_t count = job->batch.count;
  bool wanted = how->json && !how->explain && count >= FEW && d->policies->lines == SOC_NO_INDEX;
  if (!wanted || !room_for(d, count)) return false;
  clear_blocks(d);
  buffer_clear(&d->ids);
  gather_cases(d, job);
  decide_blocks(d, count);
  return !d->ids.failed;
}

// ---------------------------------------------------------------------------------------- batches

static bool decide_next(struct decider *d, struct batch_job *job, size_t i) {
  const struct gathered *g = &d->gathered[i];
  result_expect(&d->printer, d->gathered, i, job->batch.count);
  if (!g->artifact) return decide_case(d, job, i, NULL);
  const char *ids = buffer_get(g->spelled ? &job->batch.text : &d->ids);
  return result_print_gathered(&d->printer, g, i, ids, job->first + i) || decide_case(d, job, i, g);
}

enum { PART = 64 * 1024 };

// Is the batch the next one to be put? Then nobody else puts anything before it is done.
static bool is_next(struct job_queue *q, const struct batch_job *job) {
  pthread_mutex_lock(&q->lock);
  bool next = q->put == job->number;
  pthread_mutex_unlock(&q->lock);
  return next;
}

// What the batch that comes next prints is put part by part, while it is near.
static void decide_batch(struct decider *d, struct batch_job *job) {
  const struct batch_flow *flow = d->queue->flow;
  struct buffer *out = &d->printer.out, empty = job->out;
  bool together = gather(d, job);
  buffer_clear(out);
  job->invalid = job->trouble = false;
  for (size_t i = 0; i < job->batch.count && !job->trouble; i++) {
    size_t whole = out->length;
    job->trouble = !(together ? decide_next(d, job, i) : decide_case(d, job, i, NULL));
    if (job->trouble) out->length = whole;
    if (out->length >= PART && is_next(d->queue, job) && flow->write(flow->context, out))
      buffer_clear(out);
  }
  job->out = *out; // the buffers change places
  *out = empty;
}

// ---------------------------------------------------------------------------------------- the queue

bool job_queue_settle(struct job_queue *q) {
  pthread_mutex_lock(&q->lock);
  while (!q->stopped && q->put < q->taken) pthread_cond_wait(&q->changed, &q->lock);
  bool go_on = !q->stopped;
  pthread_mutex_unlock(&q->lock);
  return go_on;
}

// A batch to fill, when there is one. NULL: no more is to be decided.
static struct batch_job *free_job(struct job_queue *q) {
  pthread_mutex_lock(&q->lock);
  while (!q->stopped && q->free_count == 0) pthread_cond_wait(&q->changed, &q->lock);
  struct batch_job *job = q->stopped ? NULL : q->free[--q->free_count];
  pthread_mutex_unlock(&q->lock);
  return job;
}

static void count_taken(struct job_queue *q, struct batch_job *job) {
  pthread_mutex_lock(&q->lock);
  job->done = false;
  job->number = q->taken;
  q->ring[q->taken++ % q->size] = job;
  pthread_mutex_unlock(&q->lock);
}

static struct batch_job *take_job(struct job_queue *q) {
  pthread_mutex_lock(&q->reading);
  struct batch_job *job = q->ended ? NULL : free_job(q);
  if (job && !q->flow->take(q->flow->context, q, job)) job = NULL;
  if (job)
    count_taken(q, job);
  else
    q->ended = true;
  pthread_mutex_unlock(&q->reading);
  return job;
}

// Puts the batches that come next, as far as they are done; `lock` is held before and afterwards.
static void put_jobs(struct job_queue *q) {
  struct batch_job *job;
  while (!q->stopped && q->put < q->taken && (job = q->ring[q->put % q->size])->done) {
    pthread_mutex_unlock(&q->lock);
    bool go_on = q->flow->put(q->flow->context, job);
    pthread_mutex_lock(&q->lock);
    q->put++;
    q->free[q->free_count++] = job;
    q->stopped = q->stopped || !go_on;
    pthread_cond_broadcast(&q->changed);
  }
}

static void finish_job(struct job_queue *q, struct batch_job *job) {
  pthread_mutex_lock(&q->lock);
  job->done = true;
  if (!q->putting) {
    q->putting = true;
    put_jobs(q);
    q->putting = false;
  }
  pthread_mutex_unlock(&q->lock);
}

static void stop(struct job_queue *q) {
  pthread_mutex_lock(&q->lock);
  q->stopped = q->trouble = true;
  pthread_cond_broadcast(&q->changed);
  pthread_mutex_unlock(&q->lock);
}

// What one thread does; its memory is its own from the beginning, apart from that of the others.
static void *work(void *arg) {
  struct job_queue *q = arg;
  struct decider d;
  struct batch_job *job;
  if (decider_open(&d, q)) {
    while ((job = take_job(q))) {
      decide_batch(&d, job);
      finish_job(q, job);
    }
  } else {
    stop(q);
  }
  decider_close(&d);
  return NULL;
}

// Works in the caller's thread and in as many more as are wanted.
static void run_threads(struct job_queue *q, pthread_t *threads) {
  size_t started = 0;
  for (int error; started + 1 < q->jobs; started++) {
    error = pthread_create(&threads[started], NULL, work, q);
    if (!error) continue;
    trouble("cannot start a thread: %s", strerror(error));
    stop(q);
    break;
  }
  work(q);
  for (size_t i = 0; i < started; i++) pthread_join(threads[i], NULL);
}

static bool open_queue(struct job_queue *q) {
  q->batches = calloc(q->size, sizeof *q->batches);
  q->free = calloc(q->size, sizeof(struct batch_job *));
  q->ring = calloc(q->size, sizeof(struct batch_job *));
  if (!q->batches || !q->free || !q->ring) return trouble_memory(), false;
  while (q->free_count < q->size) {
    q->free[q->free_count] = &q->batches[q->free_count];
    q->free_count++;
  }
  return true;
}

static void close_queue(struct job_queue *q) {
  for (size_t i = 0; q->batches && i < q->size; i++) {
    case_batch_free(&q->batches[i].batch);
    buffer_free(&q->batches[i].out);
  }
  free(q->batches);
  free(q->free);
  free(q->ring);
}

// Enough batches for one thread to go on while another one has to wait for its processor.
static size_t batches_for(size_t jobs) {
  enum { AHEAD = 16 };
  return jobs == 1 ? 1 : jobs < AHEAD / 2 ? AHEAD : 2 * jobs;
}

bool decide_batches(const struct deciding *how, size_t jobs, const struct batch_flow *flow) {
  struct job_queue q = {.how = how,
                        .flow = flow,
                        .jobs = jobs,
                        .size = batches_for(jobs),
                        .reading = PTHREAD_MUTEX_INITIALIZER,
                        .lock = PTHREAD_MUTEX_INITIALIZER,
                        .changed = PTHREAD_COND_INITIALIZER};
  pthread_t *threads = calloc(jobs, sizeof *threads);
  if (!threads) trouble_memory();
  bool ok = threads && open_queue(&q);
  if (ok) run_threads(&q, threads);
  close_queue(&q);
  free(threads);
  return ok && !q.trouble;
}
