// SPDX-License-Identifier: Apache-2.0
// main() of a fuzz target in builds without libFuzzer: runs the target once on every file given, or
// found in a folder given, and on the empty input. Each input is announced before it runs, so that
// the last line before a crash names it.
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replayed;
static int unreadable;

// A buffer of exactly the input's size lets AddressSanitizer see a read past its end.
static void run(const char *name, const uint8_t *data, size_t size) {
  printf("%s\n", name);
  fflush(stdout);
  uint8_t *copy = malloc(size ? size : 1);
  if (copy == NULL) abort();
  if (size) memcpy(copy, data, size);
  (void)LLVMFuzzerTestOneInput(copy, size);
  free(copy);
  replayed++;
}

static void replay_file(const char *path) {
  FILE *file = fopen(path, "rb");
  uint8_t *data = NULL;
  size_t size = 0;
  size_t capacity = 0;
  while (file != NULL && !feof(file) && !ferror(file)) {
    if (size == capacity) {
      capacity = capacity ? 2 * capacity : 65536;
      data = realloc(data, capacity);
      if (data == NULL) abort();
    }
    size += fread(data + size, 1, capacity - size, file);
  }
  if (file == NULL || ferror(file)) {
    fprintf(stderr, "%s: cannot be read\n", path);
    unreadable++;
  } else {
    run(path, data, size);
  }
  if (file != NULL) fclose(file);
  free(data);
}

static void replay(const char *path) {
  DIR *dir = opendir(path);
  if (dir == NULL) {
    replay_file(path);
    return;
  }
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    char child[4096];
    snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
    replay(child);
  }
  closedir(dir);
}

int main(int argc, char **argv) {
  run("(empty input)", NULL, 0);
  for (int i = 1; i < argc; i++) replay(argv[i]);
  printf("%d passed, %d failed\n", replayed, unreadable);
  return unreadable ? EXIT_FAILURE : EXIT_SUCCESS;
}
