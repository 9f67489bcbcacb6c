// SPDX-License-Identifier: Apache-2.0
//
// What a second thread is worth: cases that two threads decide in a time, beside those of one.
#ifndef SOC_BENCH_THREADS_H
#define SOC_BENCH_THREADS_H

#include <stdbool.h>

// Decides random cases of premera/11.01.523 by its artifact and by the C reference, prints the rates of two threads to
// one, and gives the figures `threads`, `threads-c` and `threads-processor`. False: refused, or no thread was started.
bool threads_measure(const char *premera);

#endif
