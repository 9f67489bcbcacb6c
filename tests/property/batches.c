// SPDX-License-Identifier: Apache-2.0
//
// See batches.h.
#include "batches.h"

#include "batch/batch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// What a key stood for when it came first: numbers of the scalar executor.
enum { SCALAR_WORDS = 192 };
struct keyed {
  uint64_t scalar[SCALAR_WORDS];
  uint32_t count; // of these
  uint64_t key[]; // soc_batch_key_words
};

// What one kind of block executor answers: for each decision the arrays, and where the next case stands in them. Now
// and then an array is not asked for.
struct answers {
  soc_batch_result *of; // by decision
  uint64_t *next, *words;
  uint32_t decisions;
  struct keyed **keyed; // all decisions' in one list
  uint32_t *keyed_of;   // their decisions
  uint32_t keyed_count;
};

static void *room(size_t size) {
  void *memory = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
  if (!memory) abort();
  memset(memory, 0xa5, size);
  return memory;
}

static void *wanted(size_t size, uint64_t *random) {
  return random_next(random) >> 61 == 0 ? NULL : room(size);
}

static void open_answers(struct answers *a, const struct batches *b, uint64_t *random) {
  const soc_batch_input *input = &b->columns.input;
  const struct program *p = subject_program(b->subject);
  a->decisions = p->decision_count;
  a->of = calloc(a->decisions + 1u, sizeof *a->of);
  a->next = calloc(a->decisions + 1u, sizeof *a->next);
  a->words = calloc(a->decisions + 1u, sizeof *a->words);
  a->keyed_count = 0;
  a->keyed = calloc((size_t)b->count * a->decisions + 1u, sizeof *a->keyed);
  a->keyed_of = calloc((size_t)b->count * a->decisions + 1u, sizeof *a->keyed_of);
  if (!a->keyed || !a->keyed_of) abort();
  if (!a->of || !a->next || !a->words) abort();
  bool keys_alone = random_next(random) >> 61 == 0;
  for (uint32_t d = 0; d < a->decisions; d++) {
    size_t n = (size_t)soc_batch_results_count(b->batch, input, d);
    a->words[d] = soc_batch_missing_words(b->batch, input, d);
    bool by_rows = n != b->count || !soc_batch_is_columnar(b->batch);
    a->of[d].keys = by_rows ? NULL : wanted(8 * n * soc_batch_key_words(b->batch, d), random);
    a->of[d].from = by_rows ? NULL : wanted(4 * n, random);
    a->of[d].through = by_rows ? NULL : wanted(4 * n, random);
    if (keys_alone && a->of[d].keys) continue;
    a->of[d].determination = wanted(n, random);
    a->of[d].code = wanted(2 * n, random);
    a->of[d].rule = wanted(2 * n, random);
    a->of[d].possible = wanted(2 * n, random);
    a->of[d].reasons = wanted(8 * n * soc_batch_reason_words(b->batch, d), random);
    a->of[d].missing = wanted(8 * (size_t)a->words[d] * p->manifest_count, random);
    a->of[d].assumed = wanted(8 * (size_t)a->words[d] * p->manifest_count, random);
  }
}

static void close_answers(struct answers *a) {
  for (uint32_t d = 0; d < a->decisions; d++) {
    free(a->of[d].determination);
    free(a->of[d].code);
    free(a->of[d].rule);
    free(a->of[d].possible);
    free(a->of[d].reasons);
    free(a->of[d].missing);
    free(a->of[d].assumed);
    free(a->of[d].keys);
    free(a->of[d].from);
    free(a->of[d].through);
  }
  for (uint32_t i = 0; i < a->keyed_count; i++) free(a->keyed[i]);
  free(a->keyed);
  free(a->keyed_of);
  free(a->of);
  free(a->next);
  free(a->words);
}

// ------------------------------------------------------------------ comparing one result

static bool same_code(const struct batches *b, uint32_t d, uint16_t number, struct str code) {
  soc_text text = soc_batch_code(b->batch, d, number);
  return text.length == code.length &&
         (code.length == 0 || !memcmp(text.data, code.data, code.length));
}

// Rules whose own code is a reason; none while facts are missing.
static bool has_reason(const struct oracle_outcome *o, uint32_t rule) {
  for (uint32_t i = 0; o->rule != SOC_NO_INDEX && i < o->reason_count; i++) {
    if (o->reasons[i].rule == rule && !o->reasons[i].ground) return true;
  }
  return false;
}

static bool same_reasons(const uint64_t *bits, uint32_t words, const struct oracle_outcome *o) {
  for (uint32_t i = 0; i < words * 64; i++) {
    if ((bits[i / 64] >> i % 64 & 1) != has_reason(o, i)) return false;
  }
  return true;
}

static bool lists(const struct oracle_refs *refs, const struct fact_decl *f) {
  for (uint32_t i = 0; i < refs->count; i++) {
    if (refs->items[i].fact == f) return true;
  }
  return false;
}

// What is missing or assumed.
static bool same_facts(const struct batches *b, const uint64_t *bits, uint64_t words, uint64_t at,
                       const struct oracle_refs *refs) {
  const struct program *p = subject_program(b->subject);
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    uint32_t fact = machine_fact(&b->subject->machine, p->manifest[i]);
    bool set = (bits[fact * words + at / 64] >> at % 64 & 1) != 0;
    if (set != lists(refs, p->manifest[i])) return false;
  }
  return true;
}

static bool same_days(const soc_batch_result *r, uint64_t at, const struct oracle_outcome *o) {
  if (!o->has_approval) return true;
  int32_t from = o->has_from ? o->from : SOC_BATCH_NO_DAY,
          through = o->has_through ? o->through : SOC_BATCH_NO_DAY;
  return (!r->from || r->from[at] == from) && (!r->through || r->through[at] == through);
}

// Does a key stand for the same numbers each time? The machine has just decided the case.
static bool same_by_key(const struct batches *b, struct answers *a, uint32_t d, uint64_t at) {
  uint32_t words = soc_batch_key_words(b->batch, d);
  const uint64_t *key = a->of[d].keys + at * words;
  size_t size = sizeof(struct keyed) + words * sizeof *key;
  struct keyed *now = malloc(size);
  if (!now) abort();
  memcpy(now->key, key, words * sizeof *key);
  now->count = soc_case_result_key(b->subject->machine.input, d, 0, now->scalar, SCALAR_WORDS);
  for (uint32_t i = 0; i < a->keyed_count; i++) {
    const struct keyed *k = a->keyed[i];
    if (a->keyed_of[i] != d || memcmp(k->key, key, words * sizeof *key) != 0) continue;
    bool same = k->count == now->count &&
                memcmp(k->scalar, now->scalar, now->count * sizeof *now->scalar) == 0;
    free(now);
    return same;
  }
  a->keyed_of[a->keyed_count] = d;
  a->keyed[a->keyed_count++] = now;
  return true;
}

static const char *wrong_by_key(const struct batches *b, struct answers *a, uint32_t d, uint64_t at,
                                const struct oracle_outcome *o) {
  const soc_batch_result *r = &a->of[d];
  if (!r->keys || (r->keys[at * soc_batch_key_words(b->batch, d)] & SOC_BATCH_NO_KEY)) return NULL;
  if (!same_days(r, at, o)) return "window";
  return same_by_key(b, a, d, at) ? NULL : "what a key stands for";
}

// What is wrong with one answer; NULL: nothing.
static const char *wrong(const struct batches *b, const struct answers *a, uint32_t d, uint64_t at,
                         const struct oracle_outcome *o) {
  const soc_batch_result *r = &a->of[d];
  uint16_t rule = o->rule == SOC_NO_INDEX ? SOC_NO_RULE : (uint16_t)o->rule;
  uint32_t words = soc_batch_reason_words(b->batch, d);
  if (r->determination && r->determination[at] != o->determination) return "determination";
  if (r->possible && r->possible[at] != o->possible) return "possible";
  if (r->rule && r->rule[at] != rule) return "rule";
  if (r->code && !same_code(b, d, r->code[at], o->reason)) return "code";
  if (r->reasons && !same_reasons(r->reasons + at * words, words, o)) return "reasons";
  if (r->missing && !same_facts(b, r->missing, a->words[d], at, &o->missing)) return "missing";
  if (r->assumed && !same_facts(b, r->assumed, a->words[d], at, &o->assumed)) return "assumed";
  return NULL;
}

static bool same_answers(struct batches *b, uint32_t kind, const struct oracle_case *c,
                         const struct oracle_result *result, FILE *out) {
  const struct program *p = subject_program(b->subject);
  struct answers *a = &b->answers[kind];
  bool ok = true;
  for (uint32_t i = 0; i < result->count; i++) {
    const struct oracle_outcome *o = &result->outcomes[i];
    uint32_t d = (uint32_t)(o->decision - p->decisions);
    const char *what = wrong(b, a, d, a->next[d], o);
    if (!what) what = wrong_by_key(b, a, d, a->next[d], o);
    a->next[d]++;
    if (!what) continue;
    ok = false;
    if (!out) continue;
    fprintf(out, "by columns, block executor %" PRIu32 " of %" PRIu32 ": %s differs\ncase:\n",
            kind + 1, b->kinds, what);
    oracle_case_print(out, p, c);
    fputs("oracle:\n", out);
    oracle_outcome_print(out, o);
  }
  return ok;
}

bool batches_agree(struct batches *b, const struct oracle_case *c,
                   const struct oracle_result *result, FILE *out) {
  bool ok = true;
  for (uint32_t kind = 0; kind < b->kinds; kind++) {
    if (!same_answers(b, kind, c, result, ok ? out : NULL)) ok = false;
  }
  return ok;
}

// ------------------------------------------------------------------ deciding

static bool decide_by(struct batches *b, batch_block_fn *block, struct answers *a,
                      soc_batch_report *report, FILE *out) {
  size_t size = soc_batch_scratch_bytes(b->batch, &b->columns.input);
  void *scratch = size > 0 ? room(size) : NULL;
  soc_error error = {"none", "no scratch memory", 0};
  soc_status status = scratch ? SOC_OK : SOC_ERR_LIMIT;
  for (int again = 0; again < 2 && status == SOC_OK;
       again++) { // the tables of the first time serve the second
    batch_memory memory = {scratch, size, again == 1};
    status = batch_decide_by(block, b->batch, &b->columns.input, a->of, memory, report, &error);
  }
  free(scratch);
  if (status == SOC_OK) return true;
  if (out)
    fprintf(out, "by columns: status %d: %s, fact %" PRIu32 ", element %" PRIu64 "\n", (int)status,
            error.message, report->fact, report->element);
  return false;
}

bool batches_decide(struct batches *b, const struct oracle_case *cases, uint32_t count,
                    uint64_t *random, FILE *out) {
  batch_block_fn *blocks[BATCH_KINDS];
  uint32_t kinds = batch_blocks(blocks);
  if (!soc_batch_is_columnar(b->batch)) kinds = 1; // one by one they are all the same
  b->answers = calloc(kinds, sizeof *b->answers);
  if (!b->answers) abort();
  columns_make(&b->columns, b->subject, cases, count, random);
  b->count = count;
  b->kinds = kinds;
  bool ok = true;
  soc_batch_report report = {0};
  for (uint32_t i = 0; i < kinds; i++) {
    open_answers(&b->answers[i], b, random);
    ok = ok && decide_by(b, blocks[i], &b->answers[i], &report, out);
  }
  b->columnar += report.columnar;
  b->single += report.single;
  return ok;
}

void batches_done(struct batches *b) {
  for (uint32_t i = 0; i < b->kinds; i++) close_answers(&b->answers[i]);
  free(b->answers);
  columns_free(&b->columns);
  b->answers = NULL;
  b->kinds = b->count = 0;
}

bool batches_open(struct batches *b, const struct subject *s, FILE *out) {
  size_t size = soc_batch_bytes(&s->machine.policy);
  *b = (struct batches){.subject = s, .memory = room(size)};
  soc_error error = {0};
  if (soc_batch_init(&b->batch, &s->machine.policy, b->memory, size, &error) == SOC_OK) return true;
  if (out) fprintf(out, "by columns: %s: %s\n", error.code, error.message);
  return false;
}

void batches_close(struct batches *b) {
  free(b->memory);
  *b = (struct batches){0};
}

bool agree_three_ways(struct subject *s, const struct oracle_case *c, FILE *out) {
  struct batches b;
  struct oracle_result result;
  uint64_t random = 1;
  oracle_decide(subject_program(s), c, &result);
  bool ok = agree_with(&s->machine, c, &result, true, out) && batches_open(&b, s, out);
  if (ok) {
    ok = batches_decide(&b, c, 1, &random, out) && batches_agree(&b, c, &result, out);
    batches_done(&b);
    batches_close(&b);
  }
  oracle_result_free(&result);
  return ok;
}
