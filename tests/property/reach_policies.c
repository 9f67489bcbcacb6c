// SPDX-License-Identifier: Apache-2.0
//
// Random cases of real policies: no criterion or rule is ever in a state that the compiler holds to be out of reach.
//     reach_policies [--rest] CASES POLICY.soc...
// --rest prints what is held to be possible and did not occur: a state that is rare, or one that could be proved.
#include "cli/artifacts.h"
#include "properties.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RANDOM_BYTES = 4096 };

// States that occurred, by cell.
static void note_states(struct subject *s, uint8_t *seen) {
  soc_truth state;
  for (uint32_t i = 0; i < subject_program(s)->cell_count; i++)
    for (uint32_t row = 0; soc_case_criterion(s->machine.input, i, row, &state) == SOC_OK; row++)
      seen[i] |= (uint8_t)(1u << state);
}

static void print_rest(const struct subject *s, const uint8_t *seen) {
  static const char *const words[] = {"not met", "unknown", "met"};
  for (uint32_t i = 0; i < subject_program(s)->cell_count; i++) {
    const struct cell *cell = subject_program(s)->cells[i];
    bool truth = !cell->mask && cell->value == NULL;
    for (int state = 0; state < 3 && truth; state++)
      if ((s->reach.cells[i] & ~seen[i]) >> state & 1)
        printf("  %.*s: %s\n", (int)cell->name.length, cell->name.data, words[state]);
  }
}

static bool check_cases(struct subject *s, uint64_t cases, uint8_t *seen) {
  uint64_t random = 1;
  uint8_t bytes[RANDOM_BYTES];
  bool ok = true;
  for (uint64_t i = 0; i < cases && ok; i++) {
    random_fill(&random, bytes, sizeof bytes);
    struct choices choices = {bytes, sizeof bytes, 0};
    struct oracle_case c;
    oracle_case_init(&c, subject_program(s));
    random_case(&choices, &s->constants, &c);
    ok = property_reach(s, &c, stdout);
    if (ok) note_states(s, seen);
    oracle_case_free(&c);
  }
  return ok;
}

static bool check_policy(const char *path, uint64_t cases, bool rest) {
  struct option_texts none = {0};
  struct compiling c;
  struct subject s = {0};
  if (!source_compile(&c, path, &none)) return false;
  bool ok = subject_take(&s, c.compilation, stdout) == SUBJECT_READY;
  uint8_t *seen = ok ? calloc(subject_program(&s)->cell_count + 1u, 1) : NULL;
  ok = seen != NULL && check_cases(&s, cases, seen);
  printf("%s: %s\n", path, ok ? "nothing out of reach occurs" : "failed");
  if (ok && rest) print_rest(&s, seen);
  free(seen);
  c.compilation = NULL; // the subject's
  subject_close(&s);
  source_free(&c);
  return ok;
}

int main(int argc, char **argv) {
  int passed = 0, failed = 0, at = 1;
  bool rest = argc > at && strcmp(argv[at], "--rest") == 0;
  at += rest;
  if (argc < at + 2) return EXIT_FAILURE;
  uint64_t cases = strtoull(argv[at], NULL, 10);
  for (at++; at < argc; at++) {
    if (check_policy(argv[at], cases, rest))
      passed++;
    else
      failed++;
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
