// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a source: the compiler answers with an artifact or with diagnostics whose places lie in the source. What
// compiles is loaded, decides an empty and a random case like the oracle, and its tests are run.
#include "compiled.h"

#include "tests/property/subject.h"

#include <string.h>

enum { MOST_BYTES_FOR_ORACLE = 8192 };

static void check_diagnostics(const soc_compilation *c) {
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    FUZZ_ASSERT(d->code[0] != 0 && d->message[0] != 0 && d->help != NULL && d->place != NULL);
    FUZZ_ASSERT(d->start <= d->end && d->line >= 1 && d->column >= 1 && d->mark_length >= 1);
    FUZZ_ASSERT(memchr(d->line_text, '\n', d->line_length) == NULL);
  }
}

static void compare(const uint8_t *data, size_t size) {
  char *text = fuzz_text(data, size);
  struct subject s;
  if (subject_open(&s, NULL, text, NULL) == SUBJECT_READY) {
    for (size_t skip = 0; skip < 2; skip++) { // the second case is the empty one
      struct choices choices = {data, skip ? 0 : size, 0};
      struct oracle_case c;
      oracle_case_init(&c, subject_program(&s));
      if (!skip) random_case(&choices, &s.constants, &c);
      FUZZ_ASSERT(agree(&s.machine, &c, stderr));
      oracle_case_free(&c);
    }
  }
  subject_close(&s);
  free(text);
}

// What can be laid out is as it should be the second time.
static void lay_out(const char *text, size_t size) {
  size_t length, again_length;
  soc_compilation *c = soc_format(text, size, "fuzz.soc", NULL);
  FUZZ_ASSERT(c != NULL);
  check_diagnostics(c);
  const char *made = soc_compilation_text(c, &length);
  FUZZ_ASSERT((made != NULL) == (soc_compilation_error_count(c) == 0));
  if (made != NULL) {
    soc_compilation *again = soc_format(made, length, "fuzz.soc", NULL);
    FUZZ_ASSERT(again != NULL);
    const char *same = soc_compilation_text(again, &again_length);
    FUZZ_ASSERT(same != NULL && again_length == length && memcmp(made, same, length) == 0);
    soc_compilation_free(again);
  }
  soc_compilation_free(c);
}

// What a file is can be told of any bytes, and what tests are for of any file of tests.
static void read_only(const char *text, size_t size) {
  soc_compilation *c = soc_read(text, size, "fuzz.soc", NULL);
  FUZZ_ASSERT(c != NULL);
  check_diagnostics(c);
  uint32_t count = soc_compilation_version_count(c);
  FUZZ_ASSERT(count == 0 || soc_compilation_kind(c) == SOC_FILE_TESTS);
  for (uint32_t i = 0; i < count; i++) FUZZ_ASSERT(soc_compilation_version(c, i).length <= size);
  soc_compilation_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  lay_out((const char *)data, size);
  read_only((const char *)data, size);
  soc_compilation *c = soc_compile((const char *)data, size, "fuzz.soc", NULL);
  FUZZ_ASSERT(c != NULL);
  check_diagnostics(c);
  size_t length = 0;
  const void *artifact = soc_compilation_artifact(c, &length);
  bool errors = soc_compilation_error_count(c) != 0;
  FUZZ_ASSERT((artifact != NULL) == (!errors && soc_compilation_kind(c) == SOC_FILE_POLICY));
  if (artifact != NULL) {
    soc_policy policy;
    soc_error error;
    FUZZ_ASSERT(soc_policy_load(&policy, artifact, length, &error) == SOC_OK);
    fuzz_run_tests(c);
  }
  soc_compilation_free(c);
  if (artifact != NULL && size <= MOST_BYTES_FOR_ORACLE && memchr(data, 0, size) == NULL)
    compare(data, size);
  return 0;
}
