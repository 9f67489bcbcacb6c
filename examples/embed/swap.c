// SPDX-License-Identifier: Apache-2.0
//
// Other versions of a policy without stopping: swap OLD.socb NEW.socb... Readers decide one request after the other; in
// the meantime an artifact that is refused changes nothing, and a good one is loaded, verified and put in place. The
// old one is given back when no reader is in it: each reader shows which version it uses (a hazard pointer), and
// whoever swaps waits until nobody shows the old one.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <soc/names.h>

#include "host.h"

enum { READERS = 3, DECISIONS = 200 };

struct version {
  host_policy host;
  unsigned number; // tells a version from one that stood in the same memory before
};

struct shared {
  struct version *_Atomic current;
  struct version *_Atomic used[READERS]; // by each reader, now; NULL: none
  atomic_uint decided[READERS];          // under the current version
  atomic_bool stop, failed;              // a reader failed: nobody waits for it
};

struct reader {
  struct shared *shared;
  unsigned number;
  char first[64], last[64]; // what it was told under its first and its last version
};

// ---------------------------------------------------------------------------- readers

// The current version, which is not given back before `leave`. It may have been replaced between reading it and showing
// it: look again.
static struct version *enter(struct reader *r) {
  struct version *v = atomic_load(&r->shared->current), *again = NULL;
  while (v != again) {
    again = v;
    atomic_store(&r->shared->used[r->number], v);
    v = atomic_load(&r->shared->current);
  }
  return v;
}

static void leave(struct reader *r) {
  atomic_store(&r->shared->used[r->number], NULL);
}

static bool decide(const struct version *v, soc_case *c, char said[64]) {
  soc_policy_info info;
  soc_result result;
  soc_policy_describe(&v->host.policy, &info);
  soc_case_clear(c);
  const soc_policy *policy = &v->host.policy;
  if (soc_case_set_date_named(c, policy, SOC_FACT_SERVICE_DATE, 0, 2024, 12, 10) != SOC_OK ||
      soc_case_set_code_named(c, policy, SOC_FACT_SERVICE_CODE, 0, "J3247") != SOC_OK ||
      soc_case_decide(c, 0) != SOC_OK || soc_case_result(c, 0, 0, &result) != SOC_OK) {
    return false;
  }
  snprintf(said, 64, "%s: %s", info.version.data, soc_determination_name(result.determination));
  return true;
}

// A case belongs to the version that it was laid out for: another version, another case.
static void *read_on(void *argument) {
  struct reader *r = argument;
  const soc_case_limits limits = {.rows = 10, .items = 10};
  unsigned laid_out_for = 0;
  soc_case *c = NULL;
  while (!atomic_load(&r->shared->failed) && !atomic_load(&r->shared->stop)) {
    struct version *v = enter(r);
    if (v->number != laid_out_for) {
      free(c);
      c = host_case(&v->host.policy, &limits);
      laid_out_for = v->number;
    }
    if (!c || !decide(v, c, r->last)) {
      atomic_store(&r->shared->failed, true);
    }
    if (r->first[0] == '\0') {
      memcpy(r->first, r->last, sizeof r->first);
    }
    leave(r);
    atomic_fetch_add(&r->shared->decided[r->number], 1);
  }
  free(c);
  return NULL;
}

// ---------------------------------------------------------------------------- the one who swaps

static struct version *open_version(const char *path, unsigned number) {
  struct version *v = malloc(sizeof *v);
  if (!v || !host_open(&v->host, path)) {
    free(v);
    return NULL;
  }
  v->number = number;
  return v;
}

static void close_version(struct version *v) {
  host_close(&v->host);
  free(v);
}

static void swap(struct shared *s, struct version *next) {
  struct version *old = atomic_exchange(&s->current, next);
  for (unsigned i = 0; i < READERS; i++) {
    while (atomic_load(&s->used[i]) == old) {
      sched_yield();
    }
  }
  close_version(old);
}

// Waits until each reader has decided on; what came before does not count.
static void let_decide(struct shared *s) {
  for (unsigned i = 0; i < READERS; i++) {
    atomic_store(&s->decided[i], 0);
  }
  for (unsigned i = 0; i < READERS; i++) {
    while (atomic_load(&s->decided[i]) < DECISIONS && !atomic_load(&s->failed)) {
      sched_yield();
    }
  }
}

static void replace_by(struct shared *s, char **paths, unsigned count) {
  let_decide(s);
  for (unsigned i = 0; i < count; i++) {
    struct version *next = open_version(paths[i], i + 2);
    if (next) {
      swap(s, next);
    } else {
      printf("kept the version as it is\n");
    }
    let_decide(s);
  }
}

int main(int argc, char **argv) {
  static struct shared s;
  pthread_t threads[READERS];
  struct reader readers[READERS];
  struct version *first = argc > 2 ? open_version(argv[1], 1) : NULL;
  if (!first) {
    fprintf(stderr, "usage: swap OLD.socb NEW.socb... (one after the other)\n");
    return 2;
  }
  atomic_store(&s.current, first);
  unsigned started = 0;
  while (started < READERS) {
    readers[started] = (struct reader){.shared = &s, .number = started};
    if (pthread_create(&threads[started], NULL, read_on, &readers[started]) != 0) {
      atomic_store(&s.failed, true);
      break;
    }
    started++;
  }
  replace_by(&s, argv + 2, (unsigned)argc - 2);
  atomic_store(&s.stop, true);
  for (unsigned i = 0; i < started; i++) {
    pthread_join(threads[i], NULL);
    printf("reader %u: %s, then %s\n", i + 1, readers[i].first, readers[i].last);
  }
  close_version(atomic_load(&s.current));
  return atomic_load(&s.failed) ? 1 : 0;
}
