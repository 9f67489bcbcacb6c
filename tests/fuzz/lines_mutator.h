// SPDX-License-Identifier: Apache-2.0
//
// A mutator of JSON Lines that knows the vocabulary, so that many lines are cases: for the fuzz targets of readers.
#ifndef SOC_TESTS_LINES_MUTATOR_H
#define SOC_TESTS_LINES_MUTATOR_H

#include "cli/vocabulary_index.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

// As LLVMFuzzerCustomMutator: gives the new size.
size_t lines_mutate(const struct vocabulary_index *v, uint8_t *data, size_t size, size_t max_size,
                    unsigned seed);

#endif
