// SPDX-License-Identifier: Apache-2.0
//
// From one text to its syntax tree (ast.h): checks the characters, scans, parses. Names and types
// are not looked at.
#ifndef SOC_COMPILER_PARSE_H
#define SOC_COMPILER_PARSE_H

#include "compiler/front.h"

// Parses source number `source` of f->sources. True: no error in this file, *out is its tree.
// False: errors were reported, or memory is out (f->arena.out_of_memory); *out is then NULL or a
// tree of what was understood, in which whatever stood around an error is missing.
bool parse_file(struct front *f, uint32_t source, struct source_file **out);

#endif
