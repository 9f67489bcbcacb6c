// SPDX-License-Identifier: Apache-2.0
//
// In place of soc_compiler where that cannot be had (another processor, without its libraries): nothing compiles, so
// that the benchmarks' sides (bench/load.c) take artifacts alone.
#include "soc/compiler.h"

soc_compilation *soc_compile(const char *text, size_t length, const char *path,
                             const soc_compile_options *options) {
  (void)text, (void)length, (void)path, (void)options;
  return NULL;
}

uint32_t soc_compilation_diagnostic_count(const soc_compilation *c) {
  (void)c;
  return 0;
}

const soc_diagnostic *soc_compilation_diagnostic(const soc_compilation *c, uint32_t index) {
  (void)c, (void)index;
  return NULL;
}

size_t soc_diagnostic_render(const soc_diagnostic *d, char *out, size_t size) {
  (void)d, (void)out, (void)size;
  return 0;
}

const void *soc_compilation_artifact(const soc_compilation *c, size_t *length) {
  (void)c;
  *length = 0;
  return NULL;
}

void soc_compilation_free(soc_compilation *c) {
  (void)c;
}
