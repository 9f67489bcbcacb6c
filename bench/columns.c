// SPDX-License-Identifier: Apache-2.0
//
// soc_batch beside hand-written C on the same random cases: one batch again and again that stays in the cache, with its
// dictionaries looked up once or each time, and all cases at once, from memory. In processor time, since a batch takes
// so long that other programs get their turn.
//     bench_columns POLICY [CASES]
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "batch_side.h"
#include "clock.h"

enum { CASES = 100000, FEW = 8192, TURNS = 50 };

struct figures {
  double batch, c, sum; // nanoseconds a case
  double read, written; // bytes a case
  double single;        // percent of cases decided one by one
};

static double processor_time(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

// What a row measures.
struct row {
  const char *name, *ratio; // of the table of all benchmarks
  bool cached;              // decided once more right before
  bool again;               // the dictionaries are known
};

static bool decide(struct batch_side *side, const struct row *row, const struct bench_case *cases,
                   uint32_t count, struct figures *out) {
  double batch[TURNS], c[TURNS], sums[TURNS];
  static volatile uint64_t sink;
  for (int i = 0; i < TURNS; i++) {
    if ((i == 0 || row->cached) && batch_side_decide(side, false) != SOC_OK) return false;
    double start = processor_time();
    if (batch_side_decide(side, row->again) != SOC_OK) return false;
    double decided = processor_time();
    for (uint32_t n = 0; n < count; n++) {
      struct premera_result result;
      premera_decide_switch(&cases[n].facts, &result);
      sink = sink + result.site.determination;
    }
    double by_c = processor_time();
    sink = sink + batch_side_sum(side);
    sums[i] = processor_time() - by_c;
    batch[i] = decided - start;
    c[i] = by_c - decided;
  }
  *out = (struct figures){
      median(batch, TURNS) / count,       median(c, TURNS) / count,
      median(sums, TURNS) / count,        (double)side->column_bytes / count,
      (double)side->result_bytes / count, 100.0 * (double)side->report.single / count};
  return true;
}

static bool agree(const struct batch_side *side, const struct bench_case *cases, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    struct premera_result expected;
    char text[512];
    premera_decide_switch(&cases[i].facts, &expected);
    if (!batch_side_agrees(side, i, &expected, text, sizeof text)) {
      (void)fprintf(stderr, "bench: case %u: %s\n", i, text);
      return false;
    }
  }
  return true;
}

static bool run(const struct row *row, const struct vm_side *vm, const struct bench_case *cases,
                uint32_t count, struct figures *f) {
  static struct batch_side side;
  bool good = batch_side_open(&side, vm, cases, count) && decide(&side, row, cases, count, f) &&
              agree(&side, cases, count);
  if (good) {
    printf("%-16s %8.1f %8.1f %8.2f %8.1f %8.0f %8.0f %7.1f %%\n", row->name, f->batch, f->c,
           f->c / f->batch, f->sum, f->read, f->written, f->single);
    printf("= %s %.3f\n", row->ratio, f->c / f->batch);
  }
  batch_side_close(&side);
  return good;
}

int main(int argc, char **argv) {
  uint32_t count = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : CASES;
  static struct vm_side vm;
  if (argc < 2 || argc > 3 || count == 0 || !vm_side_open(&vm, argv[1])) {
    (void)fprintf(stderr, "usage: bench_columns POLICY [CASES]\n");
    return 2;
  }
  struct bench_case *cases = malloc(count * sizeof *cases);
  bool good = cases != NULL;
  static const struct row rows[] = {
      {"in the cache", "columns", true, true},
      {"new dictionaries", "columns-dictionaries", true, false},
      {"from memory", "columns-memory", false, true},
  };
  struct figures f = {0};
  if (good) {
    cases_make(cases, count, CASES_SEED);
    printf("%-16s %8s %8s %8s %8s %8s %8s %9s\n", "ns a case", "columns", "C", "C : it", "sum",
           "read", "written", "singly");
    good = run(&rows[0], &vm, cases, count < FEW ? count : FEW, &f) &&
           run(&rows[1], &vm, cases, count < FEW ? count : FEW, &f) &&
           run(&rows[2], &vm, cases, count, &f);
  }
  if (good) printf("= columns-sum %.3f\n", f.batch / f.sum);
  free(cases);
  vm_side_close(&vm);
  return good ? 0 : 1;
}
