// SPDX-License-Identifier: Apache-2.0
//
// Where in its sources something of an artifact is written. The lines of instructions are those of the file in which
// their cell or rule stands; a version that amends another has cells and rules of several files.
#ifndef SOC_CLI_PLACES_H
#define SOC_CLI_PLACES_H

#include "vm/policy.h"

// Line of an instruction; 0: not known.
uint32_t place_line(const vm_policy *p, uint32_t pc);
// Name of a source file; "" for SOC_NONE32.
soc_text place_file(const vm_policy *p, uint32_t source);
// For each given use the file that its line belongs to, as the code tells that reads the fact on that line under that
// citation. SOC_NONE32: none does, since the line is that of a value declared in another file, or code of two files.
// `sources` has room for as many as the policy has uses. False: no memory.
bool places_of_uses(const vm_policy *p, uint32_t *sources);

#endif
