// SPDX-License-Identifier: Apache-2.0
//
// One policy version from a file: a .socb is read and verified, a .soc is compiled in memory to the very bytes that its
// .socb would hold, so that both decide alike and carry the same digest.
#include "cli/artifacts.h"
#include "cli/block.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>

enum { ENOUGH_TO_TELL = 64 }; // bytes, of an artifact or a text

void digest_text(const uint8_t digest[32], char text[DIGEST_TEXT + 1]) {
  static const char hex[] = "0123456789abcdef";
  for (size_t i = 0; i < 32; i++) {
    text[2 * i] = hex[digest[i] >> 4];
    text[2 * i + 1] = hex[digest[i] & 15];
  }
  text[DIGEST_TEXT] = '\0';
}

static uint64_t number_at(const char *bytes, size_t count) {
  uint64_t n = 0;
  for (size_t i = count; i-- > 0;) n = n << 8 | (unsigned char)bytes[i];
  return n;
}

// docs/artifact-format.md: the head without the number of sections and the length, then each section of behaviour.
bool behaviour_digest(const char *image, uint8_t digest[32]) {
  enum { HEAD = 32, COUNT = 12, HEADER = 64, ENTRY = 24, FIRST_WORDING = 64 };
  struct buffer said = {0};
  const char *entry = image + HEADER;
  buffer_append(&said, image, COUNT);
  while (said.length < HEAD && !said.failed) buffer_char(&said, '\0');
  for (uint64_t left = number_at(image + COUNT, 4); left > 0 && number_at(entry, 4) < FIRST_WORDING;
       left--, entry += ENTRY) {
    buffer_append(&said, entry, 8);
    buffer_append(&said, entry + 16, 8);
    buffer_append(&said, image + number_at(entry + 8, 8), (size_t)number_at(entry + 16, 8));
  }
  bool ok = !said.failed;
  if (ok) soc_digest(said.data, said.length, digest);
  buffer_free(&said);
  return ok;
}

static bool compile_bytes(const char *path, const struct option_texts *libraries,
                          struct buffer *bytes) {
  struct compiling c;
  bool ok = source_compile(&c, path, libraries);
  if (ok && soc_compilation_error_count(c.compilation) > 0) {
    source_report(&c);
    trouble("%s has errors and decides nothing", path);
    ok = false;
  } else if (ok && soc_compilation_kind(c.compilation) != SOC_FILE_POLICY) {
    trouble("%s is no policy: a vocabulary, library or file of tests decides nothing by itself",
            path);
    ok = false;
  }
  if (ok) {
    size_t length;
    const void *image = soc_compilation_artifact(c.compilation, &length);
    ok = image && buffer_append(bytes, image, length);
    if (!ok) trouble_memory();
  }
  source_free(&c);
  return ok;
}

// Numbers of the header make an artifact other than a text within its first bytes.
static bool is_text(const struct buffer *bytes) {
  size_t i = 0;
  while (i < bytes->length && i < ENOUGH_TO_TELL &&
         ((unsigned char)bytes->data[i] >= ' ' || memchr("\t\n\r", bytes->data[i], 3) != NULL))
    i++;
  return i > 0 && (i == bytes->length || i == ENOUGH_TO_TELL);
}

static void put_member(struct buffer *out, const char *name, soc_text text) {
  json_string_append(out, name, strlen(name));
  buffer_char(out, ':');
  json_string_append(out, text.data, text.length);
}

static bool make_heading(struct artifact *a) {
  struct buffer *out = &a->heading, digest = {0};
  put_member(out, "policy", a->info.id);
  buffer_char(out, ',');
  a->version_at = out->length;
  put_member(out, "version", a->info.version);
  buffer_char(out, ',');
  buffer_format(&digest, "sha256:%s", a->digest);
  put_member(out, "artifact", (soc_text){buffer_get(&digest), digest.length});
  bool ok = !out->failed && !digest.failed;
  buffer_free(&digest);
  return ok || (trouble_memory(), false);
}

static int compare_names(const void *x, const void *y) {
  return strcmp(((const soc_text *)x)->data, ((const soc_text *)y)->data);
}

static bool names_differ(const struct artifact *a, soc_text *names, uint32_t count,
                         const char *what) {
  qsort(names, count, sizeof *names, compare_names);
  for (uint32_t i = 1; i < count; i++) {
    if (compare_names(&names[i - 1], &names[i]) == 0)
      return trouble("%s has two %s of the name %s", a->path.data, what, names[i].data), false;
  }
  return true;
}

// Results and cases know facts and decisions by name; the loader, which has no memory to sort them in, does not look.
static bool check_names(const struct artifact *a) {
  uint32_t facts = a->info.fact_count, decisions = a->info.decision_count;
  soc_text *names = calloc((size_t)facts + decisions + 1, sizeof *names);
  if (!names) return trouble_memory(), false;
  soc_fact_info fact;
  for (uint32_t i = 0; i < facts; i++)
    names[i] = soc_policy_fact(&a->policy, i, &fact) == SOC_OK ? fact.name : (soc_text){"", 0};
  for (uint32_t i = 0; i < decisions; i++) names[facts + i] = a->decisions[i].name;
  bool ok = names_differ(a, names, facts, "facts") &&
            names_differ(a, names + facts, decisions, "decisions");
  free(names);
  return ok;
}

static bool describe(struct artifact *a) {
  soc_policy_describe(&a->policy, &a->info);
  a->decisions = calloc(a->info.decision_count + (size_t)1, sizeof *a->decisions);
  if (!a->decisions) return trouble_memory(), false;
  for (uint32_t i = 0; i < a->info.decision_count; i++) {
    if (soc_policy_decision(&a->policy, i, &a->decisions[i]) != SOC_OK)
      return trouble("%s: cannot be read", a->path.data), false;
  }
  return check_names(a) && make_heading(a);
}

static bool load(struct artifact *a, const char *path) {
  soc_error error;
  if (soc_policy_load(&a->policy, buffer_get(&a->bytes), a->bytes.length, &error) != SOC_OK) {
    if (is_text(&a->bytes))
      trouble("%s is not an artifact but a text; is it a source, whose name must end in .soc?",
              path);
    else
      trouble("%s is not an artifact that can be run: %s (%s at byte %llu)", path, error.message,
              error.code, (unsigned long long)error.offset);
    return false;
  }
  uint8_t digest[32];
  soc_digest(a->bytes.data, a->bytes.length, digest);
  digest_text(digest, a->digest);
  return describe(a);
}

// Faster decisions for policies that can have them.
static bool plan(struct artifact *a) {
  soc_error error;
  size_t size = soc_policy_plan_bytes(&a->policy);
  if (size == 0) return true;
  a->plan = malloc(size);
  if (!a->plan) return trouble_memory(), false;
  return soc_policy_plan(&a->policy, a->plan, size, &error) != SOC_ERR_MEMORY;
}

struct artifact *artifact_open(const char *path, const struct option_texts *libraries,
                               const struct vocabulary_index *v) {
  struct artifact *a = calloc(1, sizeof *a);
  if (!a) return trouble_memory(), NULL;
  bool ok = buffer_text(&a->path, path);
  if (!ok) trouble_memory();
  if (ok && path_ends_with(path, ".soc"))
    ok = compile_bytes(path, libraries, &a->bytes);
  else if (ok)
    ok = file_read(path, ARTIFACT_BYTES, false, &a->bytes);
  ok = ok && load(a, path) && plan(a) && (!v || binding_open(&a->binding, v, &a->policy, path));
  if (ok) return a;
  artifact_free(a);
  return NULL;
}

struct artifact *artifact_share(const struct artifact *a) {
  struct artifact *copy = calloc(1, sizeof *copy);
  if (!copy) return trouble_memory(), NULL;
  copy->policy = a->policy; // whose bytes and plan stay those of `a`
  memcpy(copy->digest, a->digest, sizeof copy->digest);
  bool ok = buffer_text(&copy->path, buffer_get(&a->path));
  if (!ok) trouble_memory();
  if (ok && describe(copy) &&
      binding_open(&copy->binding, a->binding.v, &copy->policy, copy->path.data))
    return copy;
  artifact_free(copy);
  return NULL;
}

void artifact_free(struct artifact *a) {
  if (!a) return;
  block_free(a->block);
  binding_close(&a->binding);
  buffer_free(&a->bytes);
  free(a->plan);
  free(a->decisions);
  buffer_free(&a->heading);
  buffer_free(&a->path);
  free(a);
}
