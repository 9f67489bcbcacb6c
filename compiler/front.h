// SPDX-License-Identifier: Apache-2.0
//
// What every stage from text to checked program shares: memory, texts, diagnostics, limits. The
// compilation owns one; nothing in here outlives it.
#ifndef SOC_COMPILER_FRONT_H
#define SOC_COMPILER_FRONT_H

#include "compiler/arena.h"
#include "compiler/diag.h"
#include "compiler/source.h"

enum {
  FRONT_SOURCE_BYTES = 64 * 1024 * 1024, // of one file
  FRONT_NESTING = 200,
  FRONT_NESTING_MOST =
      400, // whatever is asked for: the parser's stack and all walks over the tree are sized for it
  FRONT_DIAGNOSTICS = 100
};

struct front {
  struct arena arena;
  struct sources sources;
  struct diag_sink diags;
  soc_compile_limits limits; // no zeros: defaults filled in
};

// allocator NULL: malloc family; limits NULL or zero fields: defaults. `f` must not move
// afterwards.
void front_init(struct front *f, const soc_allocator *allocator, const soc_compile_limits *limits);
void front_free(struct front *f);

// Adds a text. False: out of memory, or the text is longer than the limit, which is reported.
bool front_add_source(struct front *f, const char *text, size_t length, const char *place,
                      uint32_t *index);

#endif
