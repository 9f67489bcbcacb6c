// SPDX-License-Identifier: Apache-2.0
//
// What a soc_compilation holds, for compile.c, vocabulary.c and run_test.c; and what tests that look inside use.
#ifndef SOC_COMPILER_COMPILATION_H
#define SOC_COMPILER_COMPILATION_H

#include "compiler/sema.h"

struct soc_compilation {
  soc_allocator allocator;
  struct front front;
  struct sema sema;
  bool checked; // sema has finished without errors
  soc_file_kind kind;
  bool thorough; // as the option
  soc_diagnostic *diagnostics;
  uint32_t diagnostic_count;
  const uint8_t *artifact; // NULL: none
  size_t artifact_length;
  soc_policy policy; // loaded from it
  // of the tests: one case after the other
  void *case_memory;
  size_t case_bytes;
  const struct given **given; // by number of the fact
  const char *text;           // of soc_format and soc_expand; NULL: none
  size_t text_length;
};

// The checked program; NULL after errors.
const struct program *compilation_program(const soc_compilation *c);

#endif
