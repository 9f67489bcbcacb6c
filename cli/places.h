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
// The file that the line of a given use belongs to, as the code tells that reads the fact on that line under that
// citation. SOC_NONE32: none does, since the line is that of a value declared in another file, or code of two files.
uint32_t place_of_use(const vm_policy *p, uint32_t use);

#endif
