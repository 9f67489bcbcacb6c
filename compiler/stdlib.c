// SPDX-License-Identifier: Apache-2.0
//
// See stdlib.h. A further file needs its lines here and a soc_embed in compiler/CMakeLists.txt.
#include "compiler/stdlib.h"

#include "compiler/source.h"

extern const char soc_embedded_vocabulary_case[];
extern const size_t soc_embedded_vocabulary_case_size;

static const struct stdlib_file files[] = {
    {"vocabulary/case", "<standard library>/vocabulary/case.soc", soc_embedded_vocabulary_case,
     &soc_embedded_vocabulary_case_size},
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
