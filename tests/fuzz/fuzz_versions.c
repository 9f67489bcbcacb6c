// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a version that amends another, or as tests of it, which is always the same one: diagnostics whose places
// lie in one of the two texts, or an artifact, or tests that run; written out whole, the version compiles to the same
// behaviour, tests included.
#include "compiled.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char OLDER[] = "tests/layout/data/2026-01-01.soc"; // the program runs in the checkout

static const char TESTS[] = "soc 1\ntests for "; // what a file of tests begins with

enum { MOST_OLDER_BYTES = 1 << 16 };
static struct {
  char text[MOST_OLDER_BYTES];
  size_t length;
} older;

static bool use_older(void *ctx, const char *name, const char *from, const char **text,
                      size_t *length, const char **place) {
  (void)ctx;
  (void)from;
  if (strncmp(name, "./", 2) != 0) return false;
  *text = older.text;
  *length = older.length;
  *place = OLDER;
  return true;
}

static void start(void) {
  if (older.length > 0) return;
  FILE *file = fopen(OLDER, "rb");
  FUZZ_ASSERT(file != NULL);
  older.length = fread(older.text, 1, sizeof older.text, file);
  (void)fclose(file);
  FUZZ_ASSERT(older.length > 0 && older.length < sizeof older.text);
}

static const soc_compile_options options = {.use = use_older};

static void check_diagnostics(const soc_compilation *c) {
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    FUZZ_ASSERT(d->start <= d->end && d->line >= 1 && d->column >= 1);
  }
}

static void write_out(const char *text, size_t size, const soc_compilation *c,
                      const uint8_t digest[32]) {
  uint8_t again[32];
  size_t length;
  soc_compilation *whole = soc_expand(text, size, "versions/2030-01-01.soc", &options);
  FUZZ_ASSERT(whole != NULL);
  const char *written = soc_compilation_text(whole, &length);
  FUZZ_ASSERT(written != NULL);
  soc_compilation *compiled = soc_compile(written, length, "versions/2030-01-01.soc", &options);
  FUZZ_ASSERT(compiled != NULL);
  FUZZ_ASSERT(fuzz_behaviour(compiled, again) && memcmp(digest, again, sizeof again) == 0);
  FUZZ_ASSERT(soc_compilation_test_count(c) == soc_compilation_test_count(compiled));
  soc_compilation_free(compiled);
  soc_compilation_free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint8_t digest[32];
  start();
  bool tests = size > sizeof TESTS && memcmp(data, TESTS, sizeof TESTS - 1) == 0;
  const char *place = tests ? "versions/2030-01-01.test.soc" : "versions/2030-01-01.soc";
  soc_compilation *c = soc_compile((const char *)data, size, place, &options);
  FUZZ_ASSERT(c != NULL);
  check_diagnostics(c);
  if (fuzz_behaviour(c, digest)) write_out((const char *)data, size, c, digest);
  if (tests) fuzz_run_tests(c);
  soc_compilation_free(c);
  return 0;
}
