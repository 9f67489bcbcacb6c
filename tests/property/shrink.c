// SPDX-License-Identifier: Apache-2.0
//
// See shrink.h. The vocabulary stays as it is, so that a case fits every smaller policy.
#include "shrink.h"

#include "batches.h"

#include <stdlib.h>
#include <string.h>

static bool differs(const char *vocabulary, const char *policy, const struct oracle_case *c) {
  struct subject s;
  bool found = subject_open(&s, vocabulary, policy, NULL) == SUBJECT_READY &&
               subject_program(&s)->fact_count == c->fact_count && !agree_three_ways(&s, c, NULL);
  subject_close(&s);
  return found;
}

static char *without(const char *text, const char *line, size_t length) {
  size_t head = (size_t)(line - text), tail = strlen(line + length);
  char *copy = malloc(head + tail + 1);
  if (copy == NULL) abort();
  memcpy(copy, text, head);
  memcpy(copy + head, line + length, tail + 1);
  return copy;
}

static size_t line_length(const char *line) {
  const char *end = strchr(line, '\n');
  return end == NULL ? strlen(line) : (size_t)(end - line) + 1;
}

// Takes out what stands at `line` if the policy still differs without it.
static bool try_without(const char *vocabulary, char **policy, size_t at, size_t length,
                        const struct oracle_case *c) {
  char *shorter = without(*policy, *policy + at, length);
  bool found = differs(vocabulary, shorter, c);
  if (found) {
    free(*policy);
    *policy = shorter;
  } else {
    free(shorter);
  }
  return found;
}

static bool drop_lines(const char *vocabulary, char **policy, const struct oracle_case *c) {
  bool any = false;
  for (size_t at = 0; (*policy)[at] != 0;) {
    size_t length = line_length(*policy + at), block = length;
    if (length >= 2 &&
        (*policy)[at + length - 2] == '{') { // with its block, up to a line that begins with }
      do {
        block += line_length(*policy + at + block);
      } while ((*policy)[at + block] != 0 && strchr("}", (*policy)[at + block]) == NULL);
      block += line_length(*policy + at + block);
    }
    if (try_without(vocabulary, policy, at, block, c) ||
        try_without(vocabulary, policy, at, length, c)) {
      any = true;
    } else {
      at += length;
    }
  }
  return any;
}

static void drop_facts(const char *vocabulary, const char *policy, struct oracle_case *c) {
  for (uint32_t i = 0; i < c->fact_count; i++) {
    struct oracle_fact kept = c->facts[i];
    if (kept.state == ORACLE_LEFT_OUT || kept.rows != NULL || kept.count != 0) continue;
    struct oracle_fact nothing = {0};
    c->facts[i] = nothing;
    if (differs(vocabulary, policy, c)) {
      free(kept.text);
      free(kept.items);
    } else {
      c->facts[i] = kept;
    }
  }
}

void shrink_and_print(const char *vocabulary, const char *policy, struct oracle_case *c,
                      FILE *out) {
  char *text = without(policy, policy, 0);
  while (drop_lines(vocabulary, &text, c)) {
  }
  drop_facts(vocabulary, text, c);
  struct subject s;
  fprintf(out, "%s%s", vocabulary ? vocabulary : "", text);
  if (subject_open(&s, vocabulary, text, out) == SUBJECT_READY) (void)agree_three_ways(&s, c, out);
  subject_close(&s);
  free(text);
}
