// SPDX-License-Identifier: Apache-2.0
//
// How the benchmarks measure. Cases are taken in small groups: the facts of a group are bound, then the clock runs for
// one side after the other, so that all sides meet facts in the cache, branches that cannot be learnt, and the same
// changes of the machine's speed.
#ifndef SOC_BENCH_CLOCK_H
#define SOC_BENCH_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLOCK_REPETITIONS = 15, CLOCK_MOST_SIDES = 8 };

double now(void);                             // nanoseconds
double median(double *figures, size_t count); // sorts them

struct race {
  void *bench;
  uint32_t count, group; // cases, and how many a group takes
  uint32_t sides;        // at most CLOCK_MOST_SIDES
  // Binds the group that begins at case `first`; false: refused.
  bool (*take_group)(void *bench, uint32_t first);
  // Runs one side over the group at hand.
  void (*run)(void *bench, uint32_t side);
};

// Nanoseconds a case of every side: the median of each group, added up. A group that another program interrupted
// in one repetition thus does no harm.
bool run_race(const struct race *r, double ns[]);

// A figure for the table of ratios, as table.sh picks it out of the output.
void figure(const char *name, double value);

#endif
