// SPDX-License-Identifier: Apache-2.0
//
// See load.h.
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soc/compiler.h"

static char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  enum { MOST = 1 << 24 };
  char *text = malloc(MOST);
  *length = text ? fread(text, 1, MOST, file) : 0;
  bool failed = ferror(file) != 0 || *length == MOST;
  (void)fclose(file);
  if (!text || failed) {
    free(text);
    return NULL;
  }
  return text;
}

static void *copy_of(const void *bytes, size_t length) {
  void *copy = bytes ? malloc(length) : NULL;
  if (copy) memcpy(copy, bytes, length);
  return copy;
}

// The versions that the policy amends, which lie beside it: "./2023-03-01".
enum { MOST_BESIDE = 64 };
struct beside {
  size_t count;
  struct {
    char *text, *path;
  } files[MOST_BESIDE];
};

static bool find_beside(void *ctx, const char *name, const char *from, const char **text,
                        size_t *length, const char **place) {
  struct beside *b = ctx;
  const char *slash = strrchr(from, '/');
  size_t folder = slash ? (size_t)(slash - from) + 1 : 0;
  if (strncmp(name, "./", 2) != 0 || b->count == MOST_BESIDE) return false;
  size_t size = folder + strlen(name) + sizeof ".soc";
  char *path = malloc(size);
  if (!path) return false;
  (void)snprintf(path, size, "%.*s%s.soc", (int)folder, from, name + 2);
  b->files[b->count].path = path;
  b->files[b->count].text = read_file(path, length);
  *text = b->files[b->count].text;
  *place = path;
  return b->files[b->count++].text != NULL;
}

static void free_beside(struct beside *b) {
  for (size_t i = 0; i < b->count; i++) {
    free(b->files[i].text);
    free(b->files[i].path);
  }
}

static void *compile(const char *text, size_t length, const char *path, size_t *artifact_length) {
  struct beside beside = {.count = 0};
  soc_compile_options options = {.use = find_beside, .use_ctx = &beside};
  soc_compilation *c = soc_compile(text, length, path, &options);
  if (!c) return NULL;
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    char line[1024];
    (void)soc_diagnostic_render(soc_compilation_diagnostic(c, i), line, sizeof line);
    (void)fputs(line, stderr);
  }
  const void *bytes = soc_compilation_artifact(c, artifact_length);
  void *artifact = copy_of(bytes, *artifact_length);
  soc_compilation_free(c);
  free_beside(&beside);
  return artifact;
}

static bool is_artifact(const char *path) {
  size_t name = strlen(path);
  return name > 5 && strcmp(path + name - 5, ".socb") == 0;
}

static void *read_artifact(const char *path, size_t *length) {
  char *text = read_file(path, length);
  if (!text) (void)fprintf(stderr, "bench: cannot read %s\n", path);
  if (!text || is_artifact(path)) return text;
  size_t artifact_length = 0;
  void *artifact = compile(text, *length, path, &artifact_length);
  *length = artifact_length;
  free(text);
  if (!artifact) (void)fprintf(stderr, "bench: %s does not compile\n", path);
  return artifact;
}

bool load_policy(const char *path, soc_policy *policy, void **artifact, size_t *length,
                 void **plan) {
  soc_error error;
  *plan = NULL;
  *artifact = read_artifact(path, length);
  if (!*artifact) return false;
  if (soc_policy_load(policy, *artifact, *length, &error) != SOC_OK) {
    (void)fprintf(stderr, "bench: %s: %s\n", path, error.message);
    return false;
  }
  size_t size = soc_policy_plan_bytes(policy);
  if (size == 0) return true;
  *plan = malloc(size);
  bool planned = *plan && soc_policy_plan(policy, *plan, size, &error) == SOC_OK;
  if (!planned) (void)fprintf(stderr, "bench: %s: no plan\n", path);
  return planned;
}

enum { CACHE_LINE = 64 };

size_t load_case_bytes(const soc_policy *policy, const soc_case_limits *limits) {
  return (soc_case_bytes(policy, limits) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

bool load_cases(const soc_policy *policy, const soc_case_limits *limits, uint32_t count,
                void **block, soc_case **cases) {
  size_t bytes = load_case_bytes(policy, limits);
  *block = aligned_alloc(CACHE_LINE, bytes * count);
  for (uint32_t i = 0; *block && i < count; i++) {
    soc_error error;
    if (soc_case_init(&cases[i], policy, limits, (char *)*block + i * bytes, bytes, &error) !=
        SOC_OK) {
      (void)fprintf(stderr, "bench: no room for a case: %s\n", error.message);
      free(*block);
      *block = NULL;
      return false;
    }
  }
  return *block != NULL;
}
