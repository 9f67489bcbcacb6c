// SPDX-License-Identifier: Apache-2.0
//
// What the programs here share: a file read into memory that is aligned for anything and stays until the program ends.
#include <stdio.h>
#include <stdlib.h>

static void *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  size_t most = 1u << 20;
  void *bytes = file ? malloc(most) : NULL;
  *length = bytes ? fread(bytes, 1, most, file) : 0;
  if (file) {
    fclose(file);
  }
  return bytes;
}
