// SPDX-License-Identifier: Apache-2.0
//
// The standard library: the files under dsl/lib, compiled into the library so that `use
// "vocabulary/case"` works wherever the program is installed.
#ifndef SOC_COMPILER_STDLIB_H
#define SOC_COMPILER_STDLIB_H

#include "compiler/ast.h"

struct stdlib_file {
  const char *name;     // "vocabulary/case"
  const char *place;    // "<standard library>/vocabulary/case.soc"
  const char *text;     // UTF-8
  const size_t *length; // a pointer, so that the table is constant
};

const struct stdlib_file *stdlib_find(struct str name); // NULL: there is none
const struct stdlib_file *
stdlib_file_at(uint32_t index); // NULL: past the last; for near names and tests

#endif
