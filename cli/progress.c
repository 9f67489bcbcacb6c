// SPDX-License-Identifier: Apache-2.0
//
// The line of progress; see progress.h.
#define _POSIX_C_SOURCE 200809L
#include "cli/progress.h"

#include "cli/files.h"
#include "cli/values.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

// Seconds before the first line, so that short runs show none, and between two.
static const double FIRST = 0.5, BETWEEN = 0.25;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_open(struct progress *p, char *const *paths, int count) {
  *p = (struct progress){.on = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO)};
  if (!p->on) return;
  p->begin = p->shown = now();
  for (int i = 0; i < count; i++) {
    uint64_t size;
    if (path_size(paths[i], &size)) {
      p->total += size;
    } else {
      p->total = 0;
      return;
    }
  }
}

void progress_line(char line[100], uint64_t cases, uint64_t bytes, uint64_t total, double seconds) {
  char count[COUNT_ROOM], rate[COUNT_ROOM];
  uint64_t a_second = seconds > 0 ? (uint64_t)((double)cases / seconds) : 0;
  int at = snprintf(line, 100, "%s cases, %s a second", count_write(count, cases),
                    count_write(rate, a_second));
  if (total == 0 || bytes == 0 || bytes > total) return;
  uint64_t left = (uint64_t)(seconds * (double)(total - bytes) / (double)bytes + 0.5);
  uint64_t percent = bytes / (total / 100 + 1);
  snprintf(line + at, 100 - (size_t)at, ", %" PRIu64 " %%, %" PRIu64 ":%02" PRIu64 " left", percent,
           left / 60, left % 60);
}

void progress_tell(struct progress *p, uint64_t cases, uint64_t bytes) {
  if (!p->on) return;
  double time = now();
  if (time - p->begin < FIRST || time - p->shown < BETWEEN) return;
  char line[100];
  progress_line(line, cases, bytes, p->total, time - p->begin);
  status_show(line);
  p->shown = time;
}

void progress_close(struct progress *p) {
  if (p->on) status_show("");
}
