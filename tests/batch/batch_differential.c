// SPDX-License-Identifier: Apache-2.0
//
// Batches of random cases: every case has the answer that the scalar executor gives, by the block executor for every
// kind of processor that this machine has.
//     batch_differential --random PROGRAMS [FIRST_SEED]
//     batch_differential CASES POLICY.soc...
#include "batch/batch.h"
#include "cli/artifacts.h"
#include "columns.h"
#include "tests/property/generate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAM_BYTES = 4096, CHOICE_BYTES = 4096, MOST_FAILURES = 5 };

struct answers {
  soc_batch_result of[16];
  uint64_t counts[16], words[16];
};

struct tally {
  int passed, failed;
  uint64_t columnar, single;
  uint32_t batches, columnar_batches;
};

static void *room(size_t size) {
  void *memory = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
  if (!memory) abort();
  memset(memory, 0xa5, size);
  return memory;
}

static void open_answers(struct answers *a, const soc_batch *b, const soc_batch_input *input) {
  for (uint32_t d = 0; d < b->decision_count; d++) {
    size_t n = (size_t)soc_batch_results_count(b, input, d);
    a->counts[d] = n;
    a->words[d] = soc_batch_missing_words(b, input, d);
    a->of[d] = (soc_batch_result){
        .determination = room(n),
        .code = room(2 * n),
        .rule = room(2 * n),
        .possible = room(2 * n),
        .reasons = room(8 * n * soc_batch_reason_words(b, d)),
        .missing = room(8 * (size_t)a->words[d] * b->fact_count),
    };
  }
}

static void close_answers(struct answers *a, const soc_batch *b) {
  for (uint32_t d = 0; d < b->decision_count; d++) {
    free(a->of[d].determination);
    free(a->of[d].code);
    free(a->of[d].rule);
    free(a->of[d].possible);
    free(a->of[d].reasons);
    free(a->of[d].missing);
  }
}

// ------------------------------------------------------------------ comparing one result

// What is wrong with one answer; NULL: nothing.
static const char *wrong(const soc_batch *b, const soc_case *c, uint32_t d, uint32_t row,
                         const struct answers *a, uint64_t at) {
  const vm_outcome *o = vm_outcome_of(c, d, row);
  vm_decision decision = vm_decision_at(b->p, d);
  const soc_batch_result *r = &a->of[d];
  soc_result expected;
  if (soc_case_result(c, d, row, &expected) != SOC_OK) return "result";
  if (r->determination[at] != expected.determination) return "determination";
  if (r->possible[at] != expected.possible) return "possible";
  uint32_t rule = o->decider == SOC_NONE32 ? SOC_NO_RULE : o->decider - decision.first;
  if (r->rule[at] != rule) return "rule";
  soc_text code = soc_batch_code(b, d, r->code[at]);
  if (code.length != expected.reason.length ||
      memcmp(code.data, expected.reason.data, code.length) != 0)
    return "code";
  uint32_t words = soc_batch_reason_words(b, d);
  uint64_t reasons[64] = {0};
  const vm_reason *list = c->reasons + vm_first_reason(c->policy, d);
  for (uint32_t i = 0; i < o->reason_count && !o->lacks_facts; i++) {
    uint32_t index = list[i].rule - decision.first;
    if (list[i].extra == SOC_NONE32) reasons[index / 64] |= UINT64_C(1) << index % 64;
  }
  if (memcmp(reasons, r->reasons + at * words, words * sizeof *reasons) != 0) return "reasons";
  for (uint32_t fact = 0; fact < b->fact_count; fact++) {
    bool missing = false;
    for (uint32_t i = 0; i < expected.missing_count; i++) {
      soc_fact_ref ref;
      if (soc_case_missing(c, d, row, i, &ref) != SOC_OK) return "missing";
      missing = missing || ref.fact == fact;
    }
    bool mine = (r->missing[fact * a->words[d] + at / 64] >> at % 64 & 1) != 0;
    if (mine != missing) return "missing";
  }
  return NULL;
}

static bool same_case(const soc_batch *b, struct subject *s, const struct oracle_case *given,
                      const struct answers *a, uint64_t first[16], uint64_t index) {
  if (!machine_decide(&s->machine, given, stdout)) return false;
  for (uint32_t d = 0; d < b->decision_count; d++) {
    uint32_t rows = soc_case_rows(s->machine.input, d);
    for (uint32_t row = 0; row < rows; row++) {
      const char *what = wrong(b, s->machine.input, d, row, a, first[d] + row);
      if (!what) continue;
      printf("case %" PRIu64 ", decision %" PRIu32 ", row %" PRIu32 ": %s\n", index, d, row, what);
      oracle_case_print(stdout, subject_program(s), given);
      return false;
    }
    first[d] += rows;
  }
  return true;
}

// ------------------------------------------------------------------ one batch

static bool decide_batch(const soc_batch *b, const struct columns *c, struct answers *a,
                         batch_block_fn *block, soc_batch_report *report) {
  size_t size = soc_batch_scratch_bytes(b, &c->input);
  void *scratch = size > 0 ? room(size) : NULL;
  soc_error error = {"none", "no scratch memory", 0};
  soc_status status =
      scratch ? batch_decide_by(block, b, &c->input, a->of, scratch, size, report, &error)
              : SOC_ERR_LIMIT;
  free(scratch);
  if (status != SOC_OK) {
    printf("status %d: %s, fact %" PRIu32 ", element %" PRIu64 "\n", (int)status, error.message,
           report->fact, report->element);
  }
  return status == SOC_OK;
}

static bool check_by(batch_block_fn *block, const soc_batch *b, struct subject *s,
                     const struct oracle_case *cases, const struct columns *c, struct tally *t) {
  struct answers a;
  soc_batch_report report = {0};
  uint64_t first[16] = {0};
  open_answers(&a, b, &c->input);
  bool ok = decide_batch(b, c, &a, block, &report);
  for (uint32_t i = 0; ok && i < c->input.count; i++) {
    ok = same_case(b, s, &cases[i], &a, first, i);
  }
  t->columnar += report.columnar;
  t->single += report.single;
  close_answers(&a, b);
  return ok;
}

static bool check_batch(struct subject *s, const struct oracle_case *cases, uint32_t count,
                        uint64_t *random, struct tally *t) {
  size_t size = soc_batch_bytes(&s->machine.policy);
  void *memory = room(size);
  soc_batch *b = NULL;
  struct columns c;
  columns_make(&c, s, cases, count, random);
  bool ok = soc_batch_init(&b, &s->machine.policy, memory, size, NULL) == SOC_OK;
  batch_block_fn *blocks[BATCH_KINDS];
  uint32_t kinds = batch_blocks(blocks);
  for (uint32_t i = 0; ok && i < kinds; i++) {
    ok = check_by(blocks[i], b, s, cases, &c, t);
    if (!ok) printf("by block executor %" PRIu32 " of %" PRIu32 "\n", i + 1, kinds);
  }
  t->batches++;
  t->columnar_batches += soc_batch_is_columnar(b);
  columns_free(&c);
  free(memory);
  return ok;
}

static bool check_subject(struct subject *s, uint32_t count, uint64_t *random, struct tally *t) {
  struct oracle_case *cases = calloc(count + 1u, sizeof *cases);
  uint8_t *bytes = malloc(CHOICE_BYTES);
  if (!cases || !bytes) abort();
  for (uint32_t i = 0; i < count; i++) {
    random_fill(random, bytes, CHOICE_BYTES);
    struct choices choices = {bytes, CHOICE_BYTES, 0};
    oracle_case_init(&cases[i], subject_program(s));
    random_case(&choices, &s->constants, &cases[i]);
  }
  bool ok = check_batch(s, cases, count, random, t);
  for (uint32_t i = 0; i < count; i++) oracle_case_free(&cases[i]);
  free(cases);
  free(bytes);
  return ok;
}

// ------------------------------------------------------------------ generated programs, real policies

static void check_program(uint64_t seed, struct tally *t) {
  uint8_t bytes[PROGRAM_BYTES];
  uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
  random_fill(&random, bytes, sizeof bytes);
  struct choices choices = {bytes, sizeof bytes, 0};
  struct generated g;
  generate_policy(&choices, &g);
  struct subject s;
  if (subject_open(&s, g.vocabulary.data, g.policy.data, NULL) == SUBJECT_READY) {
    uint32_t count = seed % 8 == 0 ? 1 + (uint32_t)(random_next(&random) >> 40) % 2500 : 20;
    bool ok = check_subject(&s, count, &random, t);
    *(ok ? &t->passed : &t->failed) += 1;
    if (!ok) {
      printf("seed %" PRIu64 "\n%s%s\n", seed, g.vocabulary.data ? g.vocabulary.data : "",
             g.policy.data);
    }
  }
  subject_close(&s);
  generated_free(&g);
}

static void check_policy(const char *path, uint32_t cases, struct tally *t) {
  struct option_texts none = {0};
  struct compiling c;
  struct subject s = {0};
  uint64_t random = 1;
  if (!source_compile(&c, path, &none)) {
    t->failed++;
    return;
  }
  struct tally before = *t;
  bool ok = subject_take(&s, c.compilation, stdout) == SUBJECT_READY &&
            check_subject(&s, cases, &random, t);
  printf("%s: %s; decided by columns %" PRIu64 ", one by one %" PRIu64 "\n", path,
         ok ? "the same answers" : "failed", t->columnar - before.columnar,
         t->single - before.single);
  *(ok ? &t->passed : &t->failed) += 1;
  c.compilation = NULL; // the subject's
  subject_close(&s);
  source_free(&c);
}

int main(int argc, char **argv) {
  struct tally t = {0};
  if (argc < 3) return EXIT_FAILURE;
  if (strcmp(argv[1], "--random") == 0) {
    uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 10) : 1,
             count = strtoull(argv[2], NULL, 10);
    for (uint64_t seed = first; seed < first + count && t.failed < MOST_FAILURES; seed++) {
      check_program(seed, &t);
    }
    printf("%" PRIu32 " of %" PRIu32 " policies have a form for columns; cases by columns %" PRIu64
           ", one by one %" PRIu64 "\n",
           t.columnar_batches, t.batches, t.columnar, t.single);
  } else {
    for (int i = 2; i < argc; i++) check_policy(argv[i], (uint32_t)strtoul(argv[1], NULL, 10), &t);
  }
  printf("%d passed, %d failed\n", t.passed, t.failed);
  return t.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
