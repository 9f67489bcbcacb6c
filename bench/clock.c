// SPDX-License-Identifier: Apache-2.0
//
// See clock.h.
#define _POSIX_C_SOURCE 200809L

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WARM_UP = 1 };

double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double median(double *figures, size_t count) {
  qsort(figures, count, sizeof *figures, by_size);
  return figures[count / 2];
}

struct times {
  double of[CLOCK_MOST_SIDES][CLOCK_REPETITIONS];
};

// Times each side over one group; who begins changes with the group.
static void time_group(const struct race *r, uint32_t turn, double spent[CLOCK_MOST_SIDES]) {
  for (uint32_t i = 0; i < r->sides; i++) {
    uint32_t side = (turn + i) % r->sides;
    double start = now();
    r->run(r->bench, side);
    spent[side] = now() - start;
  }
}

static bool time_groups(const struct race *r, struct times *groups) {
  for (int turn = -WARM_UP; turn < CLOCK_REPETITIONS; turn++) {
    for (uint32_t first = 0; first < r->count; first += r->group) {
      double spent[CLOCK_MOST_SIDES];
      if (!r->take_group(r->bench, first)) return false;
      time_group(r, first / r->group, spent);
      for (size_t side = 0; turn >= 0 && side < r->sides; side++) {
        groups[first / r->group].of[side][turn] = spent[side];
      }
    }
  }
  return true;
}

bool run_race(const struct race *r, double ns[]) {
  uint32_t count = (r->count + r->group - 1) / r->group;
  struct times *groups = malloc(count * sizeof *groups);
  bool good = groups && time_groups(r, groups);
  for (size_t side = 0; good && side < r->sides; side++) {
    ns[side] = 0;
    for (uint32_t g = 0; g < count; g++) {
      ns[side] += median(groups[g].of[side], CLOCK_REPETITIONS);
    }
    ns[side] /= r->count;
  }
  free(groups);
  return good;
}

void figure(const char *name, double value) {
  printf("= %s %.9g\n", name, value);
}
