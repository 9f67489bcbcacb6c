// SPDX-License-Identifier: Apache-2.0
//
// See threads.h. A trial lasts TRIAL_NS by the clock, and what counts is how many cases were decided in it: a thread
// that the system keeps from running for a while costs its own share and does not make the other one wait. The second
// thread is started once and waits at a barrier, so that starting it is no part of a trial. One thread and two take
// turns, and so do the VM and the C reference: what two threads of that reach, which share nothing either, is what the
// machine gives. Cases to the processor time that they took tell the same without what other programs took. Threads
// share the policy, which nobody writes; all that a thread writes lies in lines of its own.
#define _POSIX_C_SOURCE 200809L

#include "threads.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "vm_side.h"

enum {
  CASES = 64,
  TRIALS = 15,
  THREADS = 2,
  LINES = 128
}; // LINES: bytes that processors fetch together
static const double TRIAL_NS = 100e6;

struct worker {
  alignas(LINES) struct team *team;
  void *block; // of the VM's cases
  soc_case *cases[CASES];
  struct premera_facts facts[CASES];
  struct premera_result results[CASES];
  uint64_t determinations; // so that nothing is left out
  uint64_t done;           // cases of the last trial
  double busy;             // nanoseconds of a processor that they took
  bool failed;
};

enum side { SIDE_VM, SIDE_C, SIDES };

// What the threads share. It changes only while the second one waits.
struct team {
  struct vm_side vm;
  struct bench_case drawn[CASES];
  enum side side;
  double end; // of the trial, by the clock
  bool over;  // no trial follows
  pthread_barrier_t gate;
  struct worker workers[THREADS];
};

// ------------------------------------------------------------------------------------------ one thread

static void decide_by_vm(struct worker *w) {
  for (uint32_t i = 0; i < CASES; i++) {
    soc_result result = {0};
    w->failed |= soc_case_decide(w->cases[i], 0) != SOC_OK ||
                 soc_case_result(w->cases[i], w->team->vm.drug_decision, 0, &result) != SOC_OK;
    w->determinations += result.determination;
  }
}

static void decide_by_c(struct worker *w) {
  for (uint32_t i = 0; i < CASES; i++) {
    premera_decide_switch(&w->facts[i], &w->results[i]);
    w->determinations += w->results[i].drug.determination;
  }
}

static double thread_time(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

// Decides until the trial ends.
static void take_trial(struct worker *w) {
  const struct team *t = w->team;
  double start = thread_time();
  uint64_t done = 0;
  do {
    (t->side == SIDE_VM ? decide_by_vm : decide_by_c)(w);
    done += CASES;
  } while (now() < t->end);
  w->done = done;
  w->busy = thread_time() - start;
}

// The second thread: waits for a trial, and after it for the next.
static void *take_part(void *arg) {
  struct team *t = arg;
  for (;;) {
    (void)pthread_barrier_wait(&t->gate);
    if (t->over) return NULL;
    take_trial(&t->workers[1]);
    (void)pthread_barrier_wait(&t->gate);
  }
}

// ------------------------------------------------------------------------------------------ trials

// Cases in a nanosecond, by the clock and by the processor time of each thread.
struct rate {
  double by_clock, by_processor;
};

static struct rate rate_of(struct team *t, enum side side, bool both) {
  t->side = side;
  t->end = now() + TRIAL_NS;
  if (both) (void)pthread_barrier_wait(&t->gate);
  double start = now();
  take_trial(&t->workers[0]);
  double spent = now() - start;
  if (both) (void)pthread_barrier_wait(&t->gate);
  struct rate rate = {0, 0};
  for (size_t i = 0; i < (both ? THREADS : 1); i++) {
    rate.by_clock += (double)t->workers[i].done / spent;
    rate.by_processor += (double)t->workers[i].done / t->workers[i].busy;
  }
  return rate;
}

// Two threads to one, for each side: medians.
static void run_trials(struct team *t, struct rate ratios[SIDES]) {
  double by_clock[SIDES][TRIALS], by_processor[SIDES][TRIALS];
  for (size_t trial = 0; trial < TRIALS; trial++) {
    for (enum side side = 0; side < SIDES; side++) {
      struct rate one = rate_of(t, side, false), two = rate_of(t, side, true);
      by_clock[side][trial] = two.by_clock / one.by_clock;
      by_processor[side][trial] = two.by_processor / one.by_processor;
    }
  }
  for (enum side side = 0; side < SIDES; side++) {
    ratios[side] =
        (struct rate){median(by_clock[side], TRIALS), median(by_processor[side], TRIALS)};
  }
}

static bool run_team(struct team *t, struct rate ratios[SIDES]) {
  pthread_t second;
  if (pthread_barrier_init(&t->gate, NULL, THREADS) != 0) return false;
  bool started = pthread_create(&second, NULL, take_part, t) == 0;
  if (started) {
    run_trials(t, ratios);
    t->over = true;
    (void)pthread_barrier_wait(&t->gate);
    started = pthread_join(second, NULL) == 0;
  }
  (void)pthread_barrier_destroy(&t->gate);
  return started && !t->workers[0].failed && !t->workers[1].failed;
}

// ------------------------------------------------------------------------------------------ cases

static bool take_cases(struct team *t, struct worker *w) {
  w->team = t;
  if (!vm_side_cases(&t->vm, CASES, &w->block, w->cases)) return false;
  for (uint32_t i = 0; i < CASES; i++) {
    w->facts[i] = t->drawn[i].facts;
    if (!vm_side_bind(&t->vm, &t->drawn[i], w->cases[i])) return false;
  }
  return true;
}

static bool measure(struct team *t, const char *premera, struct rate ratios[SIDES]) {
  cases_make(t->drawn, CASES, CASES_SEED);
  if (!vm_side_open(&t->vm, premera)) return false;
  bool good = true;
  for (size_t i = 0; i < THREADS; i++) good = good && take_cases(t, &t->workers[i]);
  good = good && run_team(t, ratios);
  for (size_t i = 0; i < THREADS; i++) free(t->workers[i].block);
  vm_side_close(&t->vm);
  return good;
}

bool threads_measure(const char *premera) {
  struct team *t = aligned_alloc(LINES, sizeof *t);
  struct rate ratios[SIDES];
  if (t) memset(t, 0, sizeof *t);
  bool good = t && measure(t, premera, ratios);
  free(t);
  if (!good) return false;
  printf("two threads decide, to one (one policy, cases of their own)  by the clock  by processor "
         "time\n");
  printf("%-58s %13.2f %18.2f\n", "VM", ratios[SIDE_VM].by_clock, ratios[SIDE_VM].by_processor);
  printf("%-58s %13.2f %18.2f\n", "C reference", ratios[SIDE_C].by_clock,
         ratios[SIDE_C].by_processor);
  figure("threads", ratios[SIDE_VM].by_clock);
  figure("threads-c", ratios[SIDE_C].by_clock);
  figure("threads-processor", ratios[SIDE_VM].by_processor);
  return true;
}
