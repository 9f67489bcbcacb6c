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

typedef void side_fn(void *bench); // decides the group at hand

struct racer {
  const char *name; // in the table
  side_fn *run;
  const char *word; // on the command line; NULL: it is not run alone
};

struct race {
  void *bench;
  uint32_t count, group; // cases, and how many a group takes
  const struct racer *sides;
  uint32_t side_count; // at most CLOCK_MOST_SIDES
  // Binds the group that begins at case `first`; false: refused.
  bool (*take_group)(void *bench, uint32_t first);
};

// Nanoseconds a case of every side: the median of each group, added up. A group that another program interrupted
// in one repetition thus does no harm.
bool run_race(const struct race *r, double ns[]);
// The same as a table, each beside the first one.
void print_race(const struct race *r, const char *unit, const double ns[]);
// Decides all cases once by the side of this word, for count.sh; the program's status.
int run_once(const struct race *r, const char *word);

// PROGRAM POLICY [COUNT], PROGRAM POLICY --count SIDE COUNT
struct arguments {
  const char *policy;
  const char *side; // NULL: the table
  uint32_t count;
};
// False: wrong ones, and how they should be was told; `what` is counted.
bool take_arguments(int argc, char **argv, const char *what, uint32_t usual, struct arguments *a);

// A figure for the table of ratios, as table.sh picks it out of the output.
void figure(const char *name, double value);

#endif
