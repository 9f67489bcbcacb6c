// SPDX-License-Identifier: Apache-2.0
//
// Changes an artifact so that it mostly still loads: operands, constants, facts, rules and blocks become others of
// their kind, and what would otherwise stop the loader at once is mended: section table, padding, lengths and the
// proved bounds. Sometimes records are changed without regard to what they mean.
#ifndef SOC_TESTS_ARTIFACT_MUTATOR_H
#define SOC_TESTS_ARTIFACT_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

// libFuzzer's own mutation of a few bytes, or any other one.
typedef size_t mutate_bytes(uint8_t *data, size_t size, size_t max_size);

// Returns the new size, at most max_size; 0: `data` is no artifact that could be taken apart.
size_t artifact_mutate(uint8_t *data, size_t size, size_t max_size, unsigned seed,
                       mutate_bytes *mutate);

#endif
