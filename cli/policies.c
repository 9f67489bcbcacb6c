// SPDX-License-Identifier: Apache-2.0
//
// Finds the policy that POLICY on the command line names: a file, or a policy id below a directory, whose version is
// the one in force on the date of each case. Versions are loaded when a case first needs them.
#include "cli/artifacts.h"
#include "cli/digits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool version_day(const char *name, size_t length, int32_t *day) {
  int32_t year, month, of_month;
  return length == 10 && date_digits(name, &year, &month, &of_month) &&
         soc_date_make(year, month, of_month, day);
}

// ---------------------------------------------------------------------------------------- scanning

// The version of a file name such as "2024-12-05.socb".
static bool version_of_file(const char *file, int32_t *day, bool *source_only) {
  *source_only = path_ends_with(file, ".soc");
  return (*source_only || path_ends_with(file, ".socb")) &&
         version_day(file, strlen(file) - (*source_only ? 4 : 5), day);
}

static bool holds_versions(const char *directory) {
  struct paths files = {0};
  bool found = false, source_only;
  int32_t day;
  if (directory_list(directory, &files)) {
    for (size_t i = 0; i < files.count; i++)
      found = found || version_of_file(files.items[i], &day, &source_only);
  }
  paths_free(&files);
  return found;
}

enum { ID_DEPTH = 4 }; // payer/policy, and room for more

// All policy ids below a directory.
static void collect_ids(const char *root, const char *id, int depth, struct paths *ids) {
  struct buffer path = {0};
  struct paths entries = {0};
  buffer_format(&path, "%s%s%s", root, *id ? "/" : "", id);
  if (!path.failed && *id && holds_versions(path.data)) paths_add(ids, id, strlen(id));
  if (!path.failed && depth < ID_DEPTH && directory_list(path.data, &entries)) {
    for (size_t i = 0; i < entries.count; i++) {
      struct buffer child = {0}, full = {0};
      buffer_format(&child, "%s%s%s", id, *id ? "/" : "", entries.items[i]);
      buffer_format(&full, "%s/%s", root, buffer_get(&child));
      if (!child.failed && !full.failed && path_is_directory(full.data))
        collect_ids(root, child.data, depth + 1, ids);
      buffer_free(&child);
      buffer_free(&full);
    }
  }
  paths_free(&entries);
  buffer_free(&path);
}

static void tell_unknown(const char *policy, const char *directory) {
  struct paths ids = {0};
  struct buffer message = {0};
  if (path_exists(policy) && !path_is_directory(policy)) {
    trouble("%s is neither a policy id nor a file whose name ends in .soc or .socb", policy);
    return;
  }
  if (!path_is_directory(directory)) {
    trouble("there is no directory %s to look policy %s up in; name it with --policies DIR",
            directory, policy);
    return;
  }
  collect_ids(directory, "", 0, &ids);
  struct near near = near_to(policy, strlen(policy));
  for (size_t i = 0; i < ids.count; i++) near_offer(&near, ids.items[i], strlen(ids.items[i]));
  buffer_format(&message, "there is no policy %s in %s", policy, directory);
  if (near.best)
    buffer_format(&message, "; did you mean %.*s?", (int)near.best_length, near.best);
  else if (ids.count)
    buffer_text(&message, "; there is");
  for (size_t i = 0; !near.best && i < ids.count && i < 10; i++)
    buffer_format(&message, "%s %s", i ? "," : "", ids.items[i]);
  if (message.failed)
    trouble_memory();
  else
    trouble("%s", message.data);
  buffer_free(&message);
  paths_free(&ids);
}

// An id is a relative path without "." and "..".
static bool is_id(const char *policy) {
  for (const char *at = policy;;) {
    const char *slash = strchr(at, '/');
    size_t length = slash ? (size_t)(slash - at) : strlen(at);
    if (length == 0 || at[0] == '.') return false;
    if (!slash) return true;
    at = slash + 1;
  }
}

static void add_version(struct policies *p, const char *file, int32_t day, bool source_only) {
  struct policy_version *last = p->count ? &p->versions[p->count - 1] : NULL;
  if (last && last->day == day) { // "X.soc" and "X.socb" stand beside each other
    last->source_only = last->source_only && source_only;
    return;
  }
  struct policy_version *v = &p->versions[p->count++];
  *v = (struct policy_version){.day = day, .source_only = source_only};
  memcpy(v->name, file, 10);
}

static bool scan(struct policies *p, const char *policy, const char *directory) {
  struct paths files = {0};
  buffer_format(&p->directory, "%s/%s", directory, policy);
  if (p->directory.failed) return trouble_memory(), false;
  if (!is_id(policy) || !directory_list(p->directory.data, &files)) {
    paths_free(&files);
    tell_unknown(policy, directory);
    return false;
  }
  p->versions = calloc(files.count + 1, sizeof *p->versions);
  for (size_t i = 0; p->versions && i < files.count; i++) { // sorted by name, hence by date
    int32_t day;
    bool source_only;
    if (version_of_file(files.items[i], &day, &source_only))
      add_version(p, files.items[i], day, source_only);
  }
  paths_free(&files);
  if (!p->versions) return trouble_memory(), false;
  if (p->count == 0) tell_unknown(policy, directory);
  return p->count > 0;
}

// ---------------------------------------------------------------------------------------- loading

// Says so if the .soc beside a .socb is not the text that it was compiled from: by id, the .socb decides all the same.
static void tell_stale(const struct artifact *a) {
  struct buffer source = {0}, text = {0};
  soc_source_info compiled; // the first is the policy's own file
  uint8_t digest[32];
  buffer_append(&source, a->path.data, a->path.length - strlen("b")); // FILE.socb: FILE.soc
  if (!source.failed && path_exists(source.data) &&
      soc_policy_source(&a->policy, 0, &compiled) == SOC_OK &&
      file_read(source.data, SOURCE_BYTES, false, &text)) {
    soc_digest(buffer_get(&text), text.length, digest);
    if (memcmp(digest, compiled.digest, sizeof digest) != 0)
      trouble("%s decides, but %s has changed since it was compiled; to decide by the new text: "
              "soc compile %s",
              a->path.data, source.data, source.data);
  }
  buffer_free(&source);
  buffer_free(&text);
}

static struct artifact *load_own(const struct policies *p, const struct policy_version *v) {
  struct buffer path = {0};
  struct artifact *a = NULL;
  buffer_format(&path, "%s/%s.%s", p->directory.data, v->name, v->source_only ? "soc" : "socb");
  if (path.failed)
    trouble_memory();
  else
    a = artifact_open(path.data, p->libraries, p->v);
  buffer_free(&path);
  if (a && (a->info.version_day != v->day || strcmp(a->info.id.data, p->id) != 0)) {
    trouble("%s holds %s of %s; a file below the policies stands under its policy's id and bears "
            "its version's name",
            a->path.data, a->info.id.data, a->info.version.data);
    artifact_free(a);
    a = NULL;
  }
  if (a && !v->source_only) tell_stale(a);
  return a;
}

static struct artifact *load_version(struct policies *p, struct policy_version *v);

static struct artifact *load_shared(struct policies *of, struct policy_version *v) {
  pthread_mutex_lock(&of->lock);
  const struct artifact *a = load_version(of, v);
  pthread_mutex_unlock(&of->lock);
  return a ? artifact_share(a) : NULL;
}

static struct artifact *load_version(struct policies *p, struct policy_version *v) {
  if (v->artifact || v->refused) return v->artifact;
  v->artifact = p->of ? load_shared(p->of, &p->of->versions[v - p->versions]) : load_own(p, v);
  v->refused = !v->artifact;
  return v->artifact;
}

static bool force_version(struct policies *p, const char *policy, const char *version) {
  for (size_t i = 0; i < p->count; i++) {
    if (strcmp(p->versions[i].name, version) != 0) continue;
    p->versions[0] = p->versions[i];
    p->count = 1;
    p->forced = true;
    return true;
  }
  struct buffer message = {0};
  buffer_format(&message, "there is no version %s of %s; there is", version, policy);
  for (size_t i = 0; i < p->count; i++)
    buffer_format(&message, "%s %s", i ? "," : "", p->versions[i].name);
  if (message.failed)
    trouble_memory();
  else
    trouble("%s", message.data);
  buffer_free(&message);
  return false;
}

// The claim lines of a policy that decides about them: the vocabulary says which field numbers them and which is their
// date, the one that falls back on the date of service.
static void find_lines(struct policies *p, const struct artifact *a) {
  for (uint32_t i = 0; i < a->info.decision_count && p->lines == SOC_NO_INDEX; i++) {
    if (decides_rows(a, i)) p->lines = a->binding.vocabulary[a->decisions[i].list];
  }
  for (uint32_t i = 0; i < p->v->fact_count && p->lines != SOC_NO_INDEX; i++) {
    const soc_vocabulary_fact *f = &p->v->facts[i];
    if (f->list != p->lines) continue;
    if (f->key) p->line_key = i;
    if (f->type == SOC_DATE && f->left_out == SOC_LEFT_OUT_OTHER_FACT) p->line_date = i;
  }
}

static bool open_file(struct policies *p, const char *path, const char *version) {
  p->versions = calloc(1, sizeof *p->versions);
  if (!p->versions) return trouble_memory(), false;
  struct artifact *a = artifact_open(path, p->libraries, p->v);
  if (!a) return false;
  p->versions[0] = (struct policy_version){.day = a->info.version_day, .artifact = a};
  p->count = 1;
  p->forced = true;
  find_lines(p, a);
  if (!version || strcmp(version, a->info.version.data) == 0) return true;
  trouble("%s is version %s, not %s", path, a->info.version.data, version);
  return false;
}

bool policies_open(struct policies *p, const char *policy, const char *directory,
                   const char *version, const struct option_texts *libraries,
                   const struct vocabulary_index *v) {
  *p = (struct policies){.v = v,
                         .libraries = libraries,
                         .basis = SOC_NO_INDEX,
                         .lines = SOC_NO_INDEX,
                         .line_key = SOC_NO_INDEX,
                         .line_date = SOC_NO_INDEX,
                         .lock = PTHREAD_MUTEX_INITIALIZER};
  if (path_ends_with(policy, ".soc") || path_ends_with(policy, ".socb"))
    return open_file(p, policy, version);
  p->id = policy;
  if (!scan(p, policy, directory)) return false;
  if (version && !force_version(p, policy, version)) return false;
  struct artifact *newest = policies_newest(p);
  if (!newest) return false;
  uint32_t basis = newest->info.basis_fact;
  if (basis != SOC_NO_INDEX) p->basis = newest->binding.vocabulary[basis];
  find_lines(p, newest);
  return true;
}

static bool share(struct policies *p, struct policies *of) {
  *p = (struct policies){.v = of->v,
                         .libraries = of->libraries,
                         .id = of->id,
                         .basis = of->basis,
                         .lines = of->lines,
                         .line_key = of->line_key,
                         .line_date = of->line_date,
                         .forced = of->forced,
                         .of = of,
                         .lock = PTHREAD_MUTEX_INITIALIZER};
  p->versions = calloc(of->count, sizeof *p->versions);
  if (!p->versions) return trouble_memory(), false;
  p->count = of->count;
  for (size_t i = 0; i < p->count; i++) {
    p->versions[i] = of->versions[i];
    p->versions[i].artifact = NULL;
  }
  return true;
}

// The thread that shares first may load a version while the next one copies the list of them.
bool policies_share(struct policies *p, struct policies *of) {
  pthread_mutex_lock(&of->lock);
  bool ok = share(p, of);
  pthread_mutex_unlock(&of->lock);
  return ok;
}

void policies_close(struct policies *p) {
  for (size_t i = 0; i < p->count; i++) artifact_free(p->versions[i].artifact);
  free(p->versions);
  buffer_free(&p->directory);
  *p = (struct policies){0};
}

struct artifact *policies_newest(struct policies *p) {
  return load_version(p, &p->versions[p->count - 1]);
}

// The date of service; else, for a policy over claim lines, that of the first line.
static const struct case_value *date_of(const struct policies *p, const struct case_data *data) {
  const struct case_value *date = NULL;
  uint32_t basis = p->basis;
  if (basis != SOC_NO_INDEX && p->v->facts[basis].list != SOC_NO_INDEX)
    basis = p->v->facts[basis].other; // a line's own date stands for the case's
  if (basis != SOC_NO_INDEX) date = case_find(data, basis, 0);
  if (!date && p->line_date != SOC_NO_INDEX) date = case_find(data, p->line_date, 0);
  return date;
}

struct artifact *policies_on(struct policies *p, int32_t day) {
  size_t chosen = 0; // before the first version the first decides
  while (!p->forced && chosen + 1 < p->count && p->versions[chosen + 1].day <= day) chosen++;
  return load_version(p, &p->versions[chosen]);
}

struct artifact *policies_choose(struct policies *p, const struct case_data *data) {
  const struct case_value *date = p->forced ? NULL : date_of(p, data);
  if (!date || date->kind != CASE_DATE) return policies_newest(p);
  return policies_on(p, (int32_t)date->number);
}
