// SPDX-License-Identifier: Apache-2.0
//
// A policy of any length, made up. Its lines are mixed as in the shipped policies and their files of tests
// (bench/README.md).
#ifndef SOC_BENCH_SOURCES_H
#define SOC_BENCH_SOURCES_H

#include <stdint.h>

#include "tests/property/text.h"

// Chapters of about 240 lines, with sets, criteria, a decision and tests each, until there are `lines` lines. The same
// number gives the same text on any machine. A million lines are close to the limit on cells.
void bench_policy(struct text *t, uint32_t lines);

#endif
