// SPDX-License-Identifier: Apache-2.0
//
// See stdlib.h. A further file needs a line here and a soc_embed in compiler/CMakeLists.txt.
#include "compiler/stdlib.h"

#include "compiler/source.h"

#define FILES(X) X("vocabulary/case", soc_embedded_vocabulary_case)

#define DECLARE(name, symbol) \
  extern const char symbol[]; \
  extern const size_t symbol##_size;
FILES(DECLARE)
#undef DECLARE

static const struct stdlib_file files[] = {
#define ROW(name, symbol) {name, "<standard library>/" name ".soc", symbol, &symbol##_size},
    FILES(ROW)
#undef ROW
};
enum { FILE_COUNT = sizeof files / sizeof files[0] };

const struct stdlib_file *stdlib_file_at(uint32_t index) {
  return index < FILE_COUNT ? &files[index] : NULL;
}

const struct stdlib_file *stdlib_find(struct str name) {
  for (uint32_t i = 0; i < FILE_COUNT; i++)
    if (str_is(name, files[i].name)) return &files[i];
  return NULL;
}
