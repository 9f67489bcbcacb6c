// SPDX-License-Identifier: Apache-2.0
//
// See clock.h.
#define _POSIX_C_SOURCE 200809L

#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
  for (uint32_t i = 0; i < r->side_count; i++) {
    uint32_t side = (turn + i) % r->side_count;
    double start = now();
    r->sides[side].run(r->bench);
    spent[side] = now() - start;
  }
}

static bool time_groups(const struct race *r, struct times *groups) {
  for (int turn = -WARM_UP; turn < CLOCK_REPETITIONS; turn++) {
    for (uint32_t first = 0; first < r->count; first += r->group) {
      double spent[CLOCK_MOST_SIDES];
      if (!r->take_group(r->bench, first)) return false;
      time_group(r, first / r->group, spent);
      for (size_t side = 0; turn >= 0 && side < r->side_count; side++) {
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
  for (size_t side = 0; good && side < r->side_count; side++) {
    ns[side] = 0;
    for (uint32_t g = 0; g < count; g++) {
      ns[side] += median(groups[g].of[side], CLOCK_REPETITIONS);
    }
    ns[side] /= r->count;
  }
  free(groups);
  return good;
}

void print_race(const struct race *r, const char *unit, const double ns[]) {
  printf("%-28s %10s %10s\n", "", unit, "VM : it");
  for (uint32_t side = 0; side < r->side_count; side++) {
    printf("%-28s %10.1f %10.2f\n", r->sides[side].name, ns[side], ns[0] / ns[side]);
  }
}

int run_once(const struct race *r, const char *word) {
  uint32_t side = 0;
  while (side < r->side_count && !(r->sides[side].word && strcmp(r->sides[side].word, word) == 0)) {
    side++;
  }
  if (side == r->side_count) {
    (void)fprintf(stderr, "bench: no side %s\n", word);
    return 2;
  }
  for (uint32_t first = 0; first < r->count; first += r->group) {
    if (!r->take_group(r->bench, first)) return 1;
    r->sides[side].run(r->bench);
  }
  return 0;
}

static uint32_t number_of(const char *text) {
  unsigned long n = strtoul(text, NULL, 10);
  return n <= 10000000 ? (uint32_t)n : 0;
}

bool take_arguments(int argc, char **argv, const char *what, uint32_t usual, struct arguments *a) {
  bool once = argc == 5 && strcmp(argv[2], "--count") == 0;
  uint32_t count = once ? number_of(argv[4]) : argc == 3 ? number_of(argv[2]) : usual;
  if (count == 0 || (!once && argc != 2 && argc != 3)) {
    (void)fprintf(stderr,
                  "usage: %s POLICY [%s]\n"
                  "       %s POLICY --count vm|switch|hash %s\n",
                  argv[0], what, argv[0], what);
    return false;
  }
  *a = (struct arguments){argv[1], once ? argv[3] : NULL, count};
  return true;
}

void figure(const char *name, double value) {
  printf("= %s %.9g\n", name, value);
}
