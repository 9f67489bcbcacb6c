// SPDX-License-Identifier: Apache-2.0
//
// How far a long run is: one line on standard error that is rewritten a few times a second, only on a terminal and only
// where results do not go to one.
#ifndef SOC_CLI_PROGRESS_H
#define SOC_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
  bool on;
  uint64_t total;      // bytes of all input; 0: not known
  double begin, shown; // seconds
};
// `paths` are what will be read.
void progress_open(struct progress *p, char *const *paths, int count);
// So many cases are decided, for which so many bytes were read.
void progress_tell(struct progress *p, uint64_t cases, uint64_t bytes);
void progress_close(struct progress *p);

// The line itself, at most 100 bytes: "1,234,567 cases, 812,000 a second, 41 %, 2:05 left".
void progress_line(char line[100], uint64_t cases, uint64_t bytes, uint64_t total, double seconds);

#endif
