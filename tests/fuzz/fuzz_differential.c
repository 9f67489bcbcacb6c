// SPDX-License-Identifier: Apache-2.0
//
// The bytes drive the generators of policies and cases: VM, columns and oracle must agree on whatever comes out.
#include "fuzz.h"

#include "tests/property/batches.h"
#include "tests/property/generate.h"
#include "tests/property/properties.h"

enum { CASES = 4 };

static void check(struct subject *s, const struct generated *g, struct choices *choices) {
  for (int i = 0; i < CASES; i++) {
    struct oracle_case c;
    oracle_case_init(&c, subject_program(s));
    random_case(choices, &s->constants, &c);
    bool ok = agree_three_ways(s, &c, stderr) && property_missing(s, &c, stderr) &&
              property_filling_in(s, choices, &c, stderr);
    if (!ok) fprintf(stderr, "%s%s", g->vocabulary.data ? g->vocabulary.data : "", g->policy.data);
    FUZZ_ASSERT(ok);
    oracle_case_free(&c);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  size_t half = size - size / 3;
  struct choices source = {data, half, 0}, cases = {data + half, size - half, 0};
  struct generated g;
  generate_policy(&source, &g);
  struct subject s;
  enum subject_state state = subject_open(&s, g.vocabulary.data, g.policy.data, NULL);
  if (state == SUBJECT_BROKEN)
    fprintf(stderr, "%s%s", g.vocabulary.data ? g.vocabulary.data : "", g.policy.data);
  FUZZ_ASSERT(state != SUBJECT_BROKEN);
  if (state == SUBJECT_READY) check(&s, &g, &cases);
  subject_close(&s);
  generated_free(&g);
  return 0;
}
