// SPDX-License-Identifier: Apache-2.0
//
// Artifacts from text: a program is a file of lines, each of which is one call of builder.h, and further lines that
// belong to it, indented.
//
//   enum place office center home        set NAME MEMBERS      part NAME WHOLE
//   fact site enum place                 texts a,b             list FACT      (alone: of the case from here on)
//   basis when                           textset NAME 0 1      decision NAME FLAGS
//   map NAME ENUM ROWS / OTHER           cell NAME, mask NAME ENUM ASKS, number NAME: the code on indented lines
//   rule DETERMINATION NAME              indented: code, when, criterion, from, through, stands, redirect ENUM VALUES,
//                                        actions, grounds, open, open_when, one_time
#ifndef SOC_TESTS_VM_ASSEMBLY_H
#define SOC_TESTS_VM_ASSEMBLY_H

#include "builder.h"

// Code that stands instead of that of a cell, or of a rule's window ("RULE.through"). NULL: none.
typedef struct replaced_code {
  const char *name, *code;
} replaced_code;

// A mistake in the text aborts with a message, as in builder.h.
image assemble_program(const char *text, replaced_code instead);
// The program that a file holds, for free(), and what it makes.
char *read_program(const char *path);
image assemble_file(const char *path);

#endif
