// SPDX-License-Identifier: Apache-2.0
//
// bench_compile [LINES]: how fast a made-up policy of so many lines (a million) is compiled on one core, from text in
// memory to an artifact that the loader has accepted, and its digest. The figure to compare is the ratio to SHA-256 of
// the same bytes, measured in turn with it. bench_compile --count LINES: compiles once and prints memory, for
// bench/linear.sh. bench_compile --print LINES: the policy itself.
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "soc/compiler.h"
#include "sources.h"

enum { LINES = 1000000, TURNS = 5 };

static double seconds(void) {
  return (double)clock() / CLOCKS_PER_SEC; // of this process, so that what else runs matters less
}

// ------------------------------------------------------------------ what is measured

// False: the policy did not compile, which has been told.
static bool compile(const struct text *t, const soc_allocator *allocator, size_t *size) {
  const soc_compile_options options = {.allocator = allocator};
  soc_compilation *c = soc_compile(t->data, t->length, "bench.soc", &options);
  const void *artifact = c != NULL ? soc_compilation_artifact(c, size) : NULL;
  uint8_t digest[32];
  if (artifact != NULL)
    soc_digest(artifact, *size, digest);
  else
    fprintf(stderr, "bench_compile: %s\n",
            c != NULL && soc_compilation_diagnostic_count(c) > 0
                ? soc_compilation_diagnostic(c, 0)->message
                : "out of memory");
  soc_compilation_free(c);
  return artifact != NULL;
}

static uint32_t count_lines(const struct text *t) {
  uint32_t lines = 0;
  const char *end = t->data + t->length;
  for (const char *at = t->data; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) lines++;
  return lines;
}

// ------------------------------------------------------------------ what it takes

struct figures {
  double compile, sha256, lines; // seconds
  uint32_t line_count;
  size_t artifact;
};

static bool measure(const struct text *t, struct figures *f) {
  double compiling[TURNS], hashing[TURNS], counting[TURNS];
  uint8_t digest[32];
  for (int i = 0; i < TURNS; i++) {
    double start = seconds();
    if (!compile(t, NULL, &f->artifact)) return false;
    compiling[i] = seconds() - start;
    start = seconds();
    soc_digest(t->data, t->length, digest);
    hashing[i] = seconds() - start;
    start = seconds();
    f->line_count = count_lines(t);
    counting[i] = seconds() - start;
  }
  f->compile = median(compiling, TURNS);
  f->sha256 = median(hashing, TURNS);
  f->lines = median(counting, TURNS);
  return true;
}

static int report(uint32_t lines) {
  struct text t = {0};
  struct figures f;
  bench_policy(&t, lines);
  if (!measure(&t, &f)) return EXIT_FAILURE;
  double megabytes = (double)t.length / 1e6;
  printf("compile: %" PRIu32 " lines, %.1f MB, artifact %.1f MB; median of %d\n", f.line_count,
         megabytes, (double)f.artifact / 1e6, TURNS);
  printf("%-28s %10s %14s %10s %16s\n", "", "seconds", "lines/s", "MB/s", "compile : it");
  const struct {
    const char *name;
    double time;
  } rows[] = {{"compile and digest", f.compile},
              {"SHA-256 of the source", f.sha256},
              {"lines by memchr", f.lines}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    printf("%-28s %10.3f %14.0f %10.1f %16.2f\n", rows[i].name, rows[i].time,
           f.line_count / rows[i].time, megabytes / rows[i].time, f.compile / rows[i].time);
  figure("compile", f.line_count / f.compile);
  text_free(&t);
  return EXIT_SUCCESS;
}

// ------------------------------------------------------------------ counting instead of timing

static void *counted_resize(void *ctx, void *p, size_t old_size, size_t new_size) {
  size_t *bytes = ctx;
  if (new_size > old_size) *bytes += new_size - old_size;
  if (new_size > 0) return realloc(p, new_size);
  free(p);
  return NULL;
}

static int count(uint32_t lines) {
  struct text t = {0};
  size_t bytes = 0, size;
  const soc_allocator allocator = {counted_resize, &bytes};
  bench_policy(&t, lines);
  bool good = compile(&t, &allocator, &size);
  printf("%" PRIu32 " lines, %zu bytes of source, %zu of memory\n", count_lines(&t), t.length,
         bytes);
  text_free(&t);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int print(uint32_t lines) {
  struct text t = {0};
  bench_policy(&t, lines);
  fwrite(t.data, 1, t.length, stdout);
  text_free(&t);
  return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "--count") == 0)
    return count((uint32_t)strtoul(argv[2], NULL, 10));
  if (argc == 3 && strcmp(argv[1], "--print") == 0)
    return print((uint32_t)strtoul(argv[2], NULL, 10));
  return report(argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : LINES);
}
