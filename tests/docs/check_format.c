// SPDX-License-Identifier: Apache-2.0
//
// Compares the table of sections in docs/artifact-format.md with vm/image.h: id, name and size of a record of every
// section must stand in it, in order, and no others. `check_format FILE.md`
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vm/image.h"

struct section {
  const char *name;
  unsigned id, bytes;
};

static const struct section sections[] = {
#define SECTION(name, id, bytes, ...) {#name, id, bytes},
    SOC_SECTIONS(SECTION)
#undef SECTION
};
enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static bool row_is(const char *line, const struct section *s) {
  char row[64];
  char rest[2];
  unsigned id, bytes;
  return sscanf(line, "| %u | %60[A-Z_] | %u %1[|]", &id, row, &bytes, rest) == 4 && id == s->id &&
         bytes == s->bytes && strcmp(row, s->name) == 0;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  if (!file) {
    fputs("usage: check_format FILE.md\n", stderr);
    return 2;
  }
  char line[1024];
  unsigned found = 0, failed = 0;
  bool inside = false;
  while (fgets(line, sizeof line, file)) {
    if (strncmp(line, "| id | section |", 16) == 0) {
      inside = true;
      if (!fgets(line, sizeof line, file)) { // the rule below the heading
        break;
      }
    } else if (inside && line[0] == '|') {
      if (found >= SECTION_COUNT || !row_is(line, &sections[found])) {
        printf("vm/image.h has %s here: %s",
               found < SECTION_COUNT ? sections[found].name : "no more", line);
        failed++;
      }
      found++;
    } else {
      inside = false;
    }
  }
  fclose(file);
  if (found < SECTION_COUNT) {
    printf("%u sections are missing\n", SECTION_COUNT - found);
    failed++;
  }
  printf("%u passed, %u failed\n", found - (failed < found ? failed : found), failed);
  return failed > 0;
}
