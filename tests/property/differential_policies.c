// SPDX-License-Identifier: Apache-2.0
//
// Random cases of real policies, each decided four ways: by the oracle, by the VM's bytecode, by its plan and by
// columns. All must agree on everything that they answer.
//     differential_policies [--complete] [--artifact FILE.socb] [--seed N] [--singly FILE] CASES POLICY.soc...
// --complete: every boundary of the policies (boundaries.h) must have been drawn; those that were not are told.
// --artifact: VM and columns decide by this one, the oracle by the source: is a change of a policy noticed?
// --singly: lines of a file, how many percent of a policy's cases may be decided one by one and the policy's path; a
// policy that is not listed is not to have a form for columns at all.
#include "batches.h"
#include "cli/artifacts.h"
#include "cli/files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RANDOM_BYTES = 4096, MOST_IN_BATCH = 2500, EXPLAIN_EVERY = 64, MOST_BYTES = 1 << 24 };

struct options {
  bool complete;
  const char *artifact; // NULL: what the source compiles to
  const char *singly;   // NULL: any number
  uint64_t seed, cases;
};

struct tally {
  uint64_t cases, failures, pends, results;
  bool *decided; // by rule, in the order of decisions
};

// Number of a rule among those of all decisions.
static uint32_t rule_number(const struct program *p, const struct decision_decl *d, uint32_t rule) {
  for (const struct decision_decl *before = p->decisions; before < d; before++)
    rule += before->rule_count;
  return rule;
}

static void count_results(const struct program *p, struct tally *t,
                          const struct oracle_result *result) {
  t->results += result->count;
  for (uint32_t i = 0; i < result->count; i++) {
    const struct oracle_outcome *o = &result->outcomes[i];
    t->pends += o->determination == SOC_PEND;
    if (o->rule != SOC_NO_INDEX) t->decided[rule_number(p, o->decision, o->rule)] = true;
  }
}

static void check_case(struct subject *s, struct batches *b, const struct oracle_case *c,
                       struct tally *t) {
  struct oracle_result result;
  struct boundaries *boundaries = &s->constants.boundaries;
  boundaries_note_case(boundaries, c);
  oracle_decide_watched(subject_program(s), c, &result, boundaries_watch, boundaries);
  bool scalar = agree_with(&s->machine, c, &result, t->cases % EXPLAIN_EVERY == 0, stdout);
  bool columns = batches_agree(b, c, &result, stdout);
  if (!scalar || !columns) t->failures++;
  count_results(subject_program(s), t, &result);
  t->cases++;
  oracle_result_free(&result);
}

static void check_batch(struct subject *s, struct batches *b, uint32_t count, uint64_t *random,
                        struct tally *t) {
  struct oracle_case *cases = calloc(count, sizeof *cases);
  uint8_t bytes[RANDOM_BYTES];
  if (!cases) abort();
  for (uint32_t i = 0; i < count; i++) {
    random_fill(random, bytes, sizeof bytes);
    struct choices choices = {bytes, sizeof bytes, 0};
    oracle_case_init(&cases[i], subject_program(s));
    random_case(&choices, &s->constants, &cases[i]);
  }
  if (!batches_decide(b, cases, count, random, stdout)) t->failures++;
  for (uint32_t i = 0; i < count && t->failures == 0; i++) check_case(s, b, &cases[i], t);
  batches_done(b);
  for (uint32_t i = 0; i < count; i++) oracle_case_free(&cases[i]);
  free(cases);
}

// Rules that never decided, though nothing proves that they cannot be met.
static uint32_t undecided(const struct subject *s, const struct tally *t, bool print) {
  const struct program *p = subject_program(s);
  uint32_t number = 0, count = 0;
  for (uint32_t d = 0; d < p->decision_count; d++) {
    for (uint32_t r = 0; r < p->decisions[d].rule_count; r++, number++) {
      if (t->decided[number] || !(s->reach.rules[number].states >> SOC_MET & 1)) continue;
      struct str name = p->decisions[d].rules[r].name;
      if (print) printf("  no case decided by %.*s\n", (int)name.length, name.data);
      count++;
    }
  }
  return count;
}

// False: something was never drawn, and that must not be.
static bool print_coverage(const struct subject *s, const struct tally *t, bool complete) {
  const struct boundaries *b = &s->constants.boundaries;
  uint32_t drawn = boundaries_drawn(b), rest = undecided(s, t, complete);
  printf("  %" PRIu32 " of %" PRIu32 " boundaries drawn; %" PRIu32 " rules decided no case\n",
         drawn, b->point_count, rest);
  if (complete) boundaries_print_rest(b, stdout);
  return !complete || drawn == b->point_count;
}

// How many percent of the policy's cases may be decided one by one. Negative: the file cannot be read.
static double most_singly(const char *file, const char *path) {
  FILE *lines = fopen(file, "r");
  char line[512], name[512];
  double percent, most = 100;
  if (!lines) return -1;
  while (fgets(line, sizeof line, lines)) {
    if (sscanf(line, "%lf %511s", &percent, name) == 2 && !strcmp(name, path)) most = percent;
  }
  fclose(lines);
  return most;
}

// False: more cases are decided one by one than may be, or some by columns of a policy that is not listed.
static bool check_singly(const struct batches *b, const struct options *options, const char *path) {
  if (!options->singly) return true;
  double most = most_singly(options->singly, path),
         percent = 100.0 * (double)b->single / (double)(b->single + b->columnar);
  bool good = percent <= most && (most < 100 || b->columnar == 0);
  if (!good) printf("  %.1f %% decided one by one, %s says %.1f\n", percent, options->singly, most);
  return good;
}

static double seconds(void) {
  return (double)clock() / CLOCKS_PER_SEC;
}

static bool check_cases(struct subject *s, const struct options *options, const char *path) {
  uint64_t random = options->seed * UINT64_C(0x9e3779b97f4a7c15) + 1, cases = options->cases;
  const struct program *p = subject_program(s);
  uint32_t rules = rule_number(p, p->decisions + p->decision_count, 0);
  struct tally t = {.decided = calloc(rules + 1u, sizeof *t.decided)};
  struct batches b;
  if (t.decided == NULL) abort();
  double begin = seconds();
  if (!batches_open(&b, s, stdout)) t.failures++;
  while (t.cases < cases && t.failures == 0) {
    uint64_t count = 1 + (random_next(&random) >> 40) % MOST_IN_BATCH, rest = cases - t.cases;
    check_batch(s, &b, (uint32_t)(count < rest ? count : rest), &random, &t);
  }
  printf("%s: %" PRIu64 " cases, %" PRIu64 " results, %" PRIu64
         " of them pend; %s; by columns %" PRIu64 ", one by one %" PRIu64 "; %.1f s\n",
         path, t.cases, t.results, t.pends, t.failures ? "DIFFERENT" : "no difference", b.columnar,
         b.single, seconds() - begin);
  bool ok = check_singly(&b, options, path);
  batches_close(&b);
  ok = print_coverage(s, &t, options->complete) && t.failures == 0 && ok;
  free(t.decided);
  return ok;
}

// Another artifact, of the same facts.
static bool open_artifact(struct subject *s, const struct buffer *bytes) {
  const struct program *p = subject_program(s);
  soc_error why = {0};
  machine_close(&s->machine);
  bool ok = machine_open(&s->machine, p, bytes->data, bytes->length, &why);
  if (!ok) printf("%s at %" PRIu64 ": %s\n", why.code, why.offset, why.message);
  return ok;
}

static bool check_policy(const char *path, const struct options *options) {
  struct option_texts none = {0};
  struct compiling c;
  struct subject s = {0};
  if (!source_compile(&c, path, &none)) return false;
  struct buffer bytes = {0};
  bool ok = subject_take(&s, c.compilation, stdout) == SUBJECT_READY;
  if (ok && options->artifact != NULL)
    ok = file_read(options->artifact, MOST_BYTES, false, &bytes) && open_artifact(&s, &bytes);
  ok = ok && check_cases(&s, options, path);
  c.compilation = NULL; // the subject's
  subject_close(&s);
  buffer_free(&bytes);
  source_free(&c);
  return ok;
}

int main(int argc, char **argv) {
  int passed = 0, failed = 0, at = 1;
  struct options options = {.seed = 1};
  if (argc > at && strcmp(argv[at], "--complete") == 0) {
    options.complete = true;
    at++;
  }
  if (argc > at + 1 && strcmp(argv[at], "--artifact") == 0) {
    options.artifact = argv[at + 1];
    at += 2;
  }
  if (argc > at + 1 && strcmp(argv[at], "--seed") == 0) {
    options.seed = strtoull(argv[at + 1], NULL, 10);
    at += 2;
  }
  if (argc > at + 1 && strcmp(argv[at], "--singly") == 0) {
    options.singly = argv[at + 1];
    at += 2;
  }
  if (argc < at + 2) return EXIT_FAILURE;
  options.cases = strtoull(argv[at], NULL, 10);
  for (at++; at < argc; at++) {
    bool ok = check_policy(argv[at], &options);
    *(ok ? &passed : &failed) += 1;
    fflush(stdout);
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
