// SPDX-License-Identifier: Apache-2.0
//
// What is said about a token the grammar refuses: what it is, what could stand there, what was
// probably meant.
#ifndef SOC_COMPILER_SYNTAX_H
#define SOC_COMPILER_SYNTAX_H

#include "compiler/parser.h"

void syntax_report(struct parse *cx, uint32_t kind, struct span span);

#endif
