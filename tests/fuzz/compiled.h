// SPDX-License-Identifier: Apache-2.0
//
// What the fuzz targets that compile share.
#ifndef SOC_TESTS_FUZZ_COMPILED_H
#define SOC_TESTS_FUZZ_COMPILED_H

#include "fuzz.h"
#include "soc/compiler.h"

// The behaviour digest of what was compiled, which has to load; false: there is no artifact.
bool fuzz_behaviour(const soc_compilation *c, uint8_t digest[32]);
// Runs all tests of a source: each passes or says in what it does not.
void fuzz_run_tests(soc_compilation *c);

#endif
