// SPDX-License-Identifier: Apache-2.0
//
// Compiles .soc files: reads them, finds what they `use`, and tells diagnostics on standard error. The search rule: a
// name that begins with ./ or ../ is a file relative to the using one; any other name is looked up in the directories
// of --library and then in the standard library, which is part of the compiler.
#include "cli/artifacts.h"

#include <stdlib.h>
#include <string.h>

static bool is_relative(const char *name) {
  return strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0;
}

// A library name stays inside its directory.
static bool is_library_name(const char *name) {
  if (name[0] == '/' || name[0] == '\0') return false;
  for (const char *at = name; at; at = strchr(at, '/')) {
    if (*at == '/') at++;
    if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0')) return false;
  }
  return true;
}

// A table of members keeps its ending where it is named.
static bool is_table(const char *name) {
  return path_ends_with(name, ".csv") || path_ends_with(name, ".tsv");
}

static struct used_text *add_used(struct compiling *c) {
  struct used_text *added = calloc(1, sizeof *added);
  if (!added) return NULL;
  added->before = c->used;
  c->used = added;
  return added;
}

static void drop_last_used(struct compiling *c) {
  struct used_text *last = c->used;
  c->used = last->before;
  buffer_free(&last->text);
  buffer_free(&last->place);
  free(last);
}

// Reads DIRECTORY/NAME.soc, or the table DIRECTORY/NAME, if there is such a file.
static bool try_file(struct compiling *c, const char *directory, size_t length, const char *name,
                     const char **text, size_t *text_length, const char **place) {
  struct used_text *used = add_used(c);
  if (!used) return c->no_memory = true, false;
  if (length) buffer_format(&used->place, "%.*s/", (int)length, directory);
  buffer_format(&used->place, "%s%s", name, is_table(name) ? "" : ".soc");
  bool found = !used->place.failed && path_is_file(used->place.data) &&
               file_read(used->place.data, SOURCE_BYTES, true, &used->text);
  if (used->place.failed || used->text.failed) c->no_memory = true;
  if (!found) return drop_last_used(c), false;
  *text = buffer_get(&used->text);
  *text_length = used->text.length;
  *place = used->place.data;
  return true;
}

static bool find_used(void *ctx, const char *name, const char *from, const char **text,
                      size_t *length, const char **place) {
  struct compiling *c = ctx;
  if (is_relative(name)) {
    if (strncmp(name, "./", 2) == 0) name += 2;
    return try_file(c, from, path_directory(from), name, text, length, place);
  }
  if (!is_library_name(name)) return false;
  for (size_t i = 0; c->libraries && i < c->libraries->count; i++) {
    const char *directory = c->libraries->items[i];
    if (try_file(c, directory, strlen(directory), name, text, length, place)) return true;
  }
  return false;
}

// ---------------------------------------------------------------------------------------- names that may be meant

struct offering {
  void (*offer)(void *ctx, const char *name);
  void *ctx;
  const char *name; // that is not there
};

// Of a file in the folder of the missing one, as the missing one is written.
static void offer_entry(const struct offering *o, const char *entry) {
  struct buffer name = {0};
  bool table = is_table(o->name);
  size_t length = strlen(entry);
  if (table ? !is_table(entry) : !path_ends_with(entry, ".soc")) return;
  buffer_append(&name, o->name, path_directory(o->name));
  if (name.length > 0) buffer_char(&name, '/');
  buffer_append(&name, entry, table ? length : length - strlen(".soc"));
  buffer_char(&name, '\0');
  bool other = !name.failed && strcmp(name.data, o->name) != 0; // it may be there, but no file
  if (other) o->offer(o->ctx, name.data);
  buffer_free(&name);
}

static void offer_folder(const struct offering *o, const char *directory, size_t length) {
  struct buffer path = {0};
  struct paths entries = {0};
  buffer_append(&path, directory, length);
  if (length > 0) buffer_char(&path, '/');
  buffer_append(&path, o->name, path_directory(o->name));
  if (path.length == 0) buffer_char(&path, '.');
  buffer_char(&path, '\0');
  bool listed = !path.failed && directory_list(path.data, &entries);
  for (size_t i = 0; listed && i < entries.count; i++) offer_entry(o, entries.items[i]);
  paths_free(&entries);
  buffer_free(&path);
}

static void find_near(void *ctx, const char *name, const char *from,
                      void (*offer)(void *ctx, const char *name), void *offer_ctx) {
  const struct compiling *c = ctx;
  const struct offering o = {offer, offer_ctx, name};
  if (is_relative(name)) offer_folder(&o, from, path_directory(from));
  if (is_relative(name) || !is_library_name(name)) return;
  for (size_t i = 0; c->libraries && i < c->libraries->count; i++)
    offer_folder(&o, c->libraries->items[i], strlen(c->libraries->items[i]));
}

// ---------------------------------------------------------------------------------------- compiling

bool source_compile(struct compiling *c, const char *path, const struct option_texts *libraries) {
  return source_make(c, path, libraries, soc_compile);
}

bool source_make(struct compiling *c, const char *path, const struct option_texts *libraries,
                 source_maker *make) {
  return source_make_for(c, path, libraries, make, 0);
}

// Of the files beside "2026-01-01.soc" that are named like versions, the first one after it.
static bool next_version(const char *path, char next[11]) {
  size_t folder = path_directory(path), length = strlen(path);
  size_t name = folder > 0 || path[0] == '/' ? folder + 1 : 0;
  struct paths files = {0};
  struct buffer directory = {0};
  int32_t day, own, found = INT32_MAX;
  if (!version_day(path + name, length - name - (length - name > 4 ? 4 : 0), &own)) return false;
  buffer_append(&directory, folder > 0 ? path : name > 0 ? "/" : ".", folder > 0 ? folder : 1);
  bool listed = !directory.failed && directory_list(directory.data, &files);
  for (size_t i = 0; listed && i < files.count; i++) {
    const char *file = files.items[i];
    if (strlen(file) != 14 || !path_ends_with(file, ".soc") || !version_day(file, 10, &day))
      continue;
    if (day <= own || day >= found) continue;
    found = day;
    memcpy(next, file, 10);
    next[10] = '\0';
  }
  paths_free(&files);
  buffer_free(&directory);
  return found < INT32_MAX;
}

bool source_make_for(struct compiling *c, const char *path, const struct option_texts *libraries,
                     source_maker *make, uint32_t version) {
  *c = (struct compiling){.libraries = libraries};
  if (!file_read(path, SOURCE_BYTES, true, &c->text)) return false;
  char next[11];
  soc_compile_options options = {.use = find_used,
                                 .near = find_near,
                                 .use_ctx = c,
                                 .limits = {.source_bytes = SOURCE_BYTES},
                                 .version = version,
                                 .next_version = next_version(path, next) ? next : NULL};
  c->compilation = make(buffer_get(&c->text), c->text.length, path, &options);
  if (c->compilation && !soc_compilation_out_of_memory(c->compilation) && !c->no_memory)
    return true;
  trouble("%s: out of memory", path);
  return false;
}

void source_free(struct compiling *c) {
  soc_compilation_free(c->compilation);
  while (c->used) drop_last_used(c);
  buffer_free(&c->text);
  *c = (struct compiling){0};
}

static bool report_one(const soc_diagnostic *d, struct buffer *text) {
  buffer_clear(text);
  size_t length = soc_diagnostic_render(d, NULL, 0);
  if (!buffer_reserve(text, length)) return trouble_memory(), false;
  soc_diagnostic_render(d, text->data, text->capacity);
  fwrite(text->data, 1, length, stderr);
  return true;
}

bool source_report(const struct compiling *c) {
  struct buffer text = {0};
  bool ok = true;
  uint32_t count = soc_compilation_diagnostic_count(c->compilation);
  for (uint32_t i = 0; ok && i < count; i++)
    ok = report_one(soc_compilation_diagnostic(c->compilation, i), &text);
  buffer_free(&text);
  return ok;
}
