// SPDX-License-Identifier: Apache-2.0
//
// Finds the files that belong to a policy: follows `amends` and `use`, asks the caller's provider and then the built-in
// library, parses each file once, and gives each the name that it has in the artifact, which never contains a machine's
// path.
#include "compiler/sema.h"

#include <string.h>

#include "compiler/parse.h"
#include "compiler/stdlib.h"

enum { USE_DEPTH = 32, AMEND_DEPTH = 64 };

static bool load(struct sema *s, struct used_file *used, uint32_t source, uint32_t depth);

// ------------------------------------------------------------------ names of files

// The folder of a canonical name: "premera/11.01.523/2024-12-05.soc" gives "premera/11.01.523".
static struct str folder_of(struct str name) {
  uint32_t length = name.length;
  while (length > 0 && name.data[length - 1] != '/') length--;
  return (struct str){name.data, length > 0 ? length - 1 : 0};
}

static bool is_relative(struct str name) {
  return name.length >= 2 && name.data[0] == '.' &&
         (name.data[1] == '/' || (name.length >= 3 && name.data[1] == '.' && name.data[2] == '/'));
}

// Appends the steps of `path` to out[0, length): "." stays, ".." goes up.
static uint32_t append_path(char *out, uint32_t length, struct str path) {
  for (uint32_t at = 0; at <= path.length;) {
    uint32_t end = at;
    while (end < path.length && path.data[end] != '/') end++;
    struct str step = {path.data + at, end - at};
    at = end + 1;
    if (step.length == 0 || str_is(step, ".")) continue;
    if (str_is(step, "..") && length > 0) {
      length = folder_of((struct str){out, length}).length;
      continue;
    }
    if (length > 0) out[length++] = '/';
    memcpy(out + length, step.data, step.length);
    length += step.length;
  }
  return length;
}

static struct str canonical_path(struct sema *s, struct str from, struct str name) {
  char *out = arena_alloc(s->arena, (size_t)from.length + name.length + sizeof ".soc" + 2);
  if (out == NULL) return name;
  uint32_t length = 0;
  if (is_relative(name)) length = append_path(out, 0, folder_of(from));
  return (struct str){out, append_path(out, length, name)};
}

static struct str canonical_name(struct sema *s, struct str from, struct str name) {
  static const char suffix[] = ".soc";
  struct str path = canonical_path(s, from, name);
  bool named = path.length >= 4 && memcmp(path.data + path.length - 4, suffix, 4) == 0;
  if (named || s->arena->out_of_memory) return path;
  memcpy((char *)(uintptr_t)path.data + path.length, suffix, sizeof suffix); // there is room
  return (struct str){path.data, path.length + 4};
}

struct str sema_table_name(struct sema *s, const struct used_file *used, struct str name) {
  return canonical_path(s, used->canonical, name);
}

static struct str main_name(struct sema *s, const struct source_file *file) {
  if (file->kind != FILE_POLICY) return canonical_name(s, (struct str){"", 0}, file->name.text);
  struct str version = file->head.version != NULL ? file->head.version->text : (struct str){"", 0};
  char *name = arena_alloc(s->arena, (size_t)file->head.id.text.length + version.length + 6);
  if (name == NULL) return version;
  struct str id = file->head.id.text;
  uint32_t length = 0;
  if (id.length > 0) memcpy(name, id.data, id.length);
  length += id.length;
  name[length++] = '/';
  if (version.length > 0) memcpy(name + length, version.data, version.length);
  length += version.length;
  memcpy(name + length, ".soc", 5);
  return (struct str){name, length + 4};
}

// ------------------------------------------------------------------ finding a text

static const char *place_of(struct sema *s, const struct source_file *file) {
  return s->front->sources.items[file->index].place;
}

static const struct stdlib_file *find_built_in(struct str canonical) {
  struct str name = {canonical.data, canonical.length - 4}; // without ".soc"
  return stdlib_find(name);
}

static bool of_this_file(const struct fact_decl *fact, const struct used_file *used) {
  uint32_t file = fact->list_decl != NULL ? fact->list_decl->d.name.span.file
                  : fact->decl != NULL    ? fact->decl->d.name.span.file
                                          : used->file->index;
  return file == used->file->index;
}

// Tells once for each vocabulary, where it is taken in, the first fact of it that is read.
static void tell_first_fact(const struct sema *s, const struct used_file *used) {
  const struct program *p = s->program;
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    if (!of_this_file(p->manifest[i], used)) continue;
    diag_report(s->diags, DIAG_OTHER_VOCABULARY, used->from, p->manifest[i]->name);
    return;
  }
}

void sema_other_facts(const struct sema *s) {
  for (uint32_t i = 0; s->main->kind == FILE_POLICY && i < s->files.count; i++) {
    const struct used_file *used = *VEC_AT(s->files, struct used_file *, i);
    if (used->file->kind == FILE_VOCABULARY && find_built_in(used->canonical) == NULL)
      tell_first_fact(s, used);
  }
}

struct offering {
  struct sema *s;
  struct suggestion near;
};

static void offer_file(void *ctx, const char *name) {
  struct offering *o = ctx;
  struct str kept = arena_copy(o->s->arena, name, strlen(name));
  if (kept.data != NULL) suggest_offer(&o->near, kept);
}

static void report_no_file(struct sema *s, struct word name, const struct source_file *from) {
  struct diag *d = diag_report(s->diags, DIAG_USE_NOT_FOUND, name.span, name.text);
  struct str asked = arena_copy(s->arena, name.text.data, name.text.length);
  if (d == NULL || asked.data == NULL) return;
  struct offering o = {s, suggest_for(name.text)};
  const struct stdlib_file *file;
  for (uint32_t i = 0; (file = stdlib_file_at(i)) != NULL; i++)
    suggest_offer(&o.near, str_of(file->name));
  if (s->near != NULL) s->near(s->use_ctx, asked.data, place_of(s, from), offer_file, &o);
  diag_suggest(s->diags, d, &o.near);
}

// What the caller's provider has. `found`: it has the file, which may nevertheless be too long, or memory is out.
static bool ask(struct sema *s, struct word name, const struct source_file *from, bool *found,
                uint32_t *source) {
  const char *text = NULL, *place = NULL;
  size_t length = 0;
  struct str asked = arena_copy(s->arena, name.text.data, name.text.length);
  *found =
      asked.data == NULL ||
      (s->use != NULL && s->use(s->use_ctx, asked.data, place_of(s, from), &text, &length, &place));
  return asked.data != NULL && *found &&
         front_add_source(s->front, text, length, place != NULL ? place : asked.data, source);
}

bool sema_table_text(struct sema *s, struct word name, const struct source_file *from,
                     uint32_t *source) {
  bool found, good = ask(s, name, from, &found, source);
  if (!found) report_no_file(s, name, from);
  return good;
}

static bool add_text(struct sema *s, struct word name, const struct source_file *from,
                     struct str canonical, uint32_t *source) {
  bool found, good = ask(s, name, from, &found, source);
  if (found) return good;
  const struct stdlib_file *built_in = find_built_in(canonical);
  if (built_in == NULL) {
    report_no_file(s, name, from);
    return false;
  }
  return front_add_source(s->front, built_in->text, *built_in->length, built_in->place, source);
}

// ------------------------------------------------------------------ following uses

static bool seen_before(struct sema *s, const struct symbol *symbol, struct word name, bool *good) {
  const struct used_file *used = symbol->decl;
  if (used == NULL) return false;
  *good = used->visit != VISIT_OPEN;
  if (!*good) diag_report(s->diags, DIAG_USE_CYCLE, name.span, name.text);
  return true;
}

static bool follow(struct sema *s, const struct used_file *from, struct word name, uint32_t depth) {
  bool good = false;
  struct str canonical = canonical_name(s, from->canonical, name.text);
  if (name.text.length == 0) {
    report_no_file(s, name, from->file);
    return false;
  }
  struct symbol *symbol = names_add(&s->file_names, canonical);
  if (symbol == NULL) return false;
  if (seen_before(s, symbol, name, &good)) return good;
  if (depth >= USE_DEPTH) {
    diag_report(s->diags, DIAG_USE_TOO_DEEP, name.span, (uint32_t)USE_DEPTH);
    return false;
  }
  struct used_file *used = ARENA_NEW(s->arena, struct used_file);
  uint32_t source = 0;
  if (used == NULL) return false;
  used->canonical = canonical;
  used->from = name.span;
  symbol->decl = used;
  return add_text(s, name, from->file, canonical, &source) && load(s, used, source, depth + 1);
}

static bool follow_all(struct sema *s, struct used_file *used, uint32_t depth) {
  bool good = true;
  for (const struct decl *d = used->file->decls; d != NULL; d = d->next)
    if (d->tag == DECL_USE) good = follow(s, used, d->name, depth) && good;
  return good;
}

// ------------------------------------------------------------------ following what is amended

// "./2023-03-01": a file in the same folder, so that what it uses is found from here, too.
static bool is_sibling(struct str name) {
  if (name.length < 3 || name.data[0] != '.' || name.data[1] != '/') return false;
  return name.data[2] != '.' && memchr(name.data + 2, '/', name.length - 2) == NULL;
}

static bool may_amend(struct sema *s, const struct symbol *symbol, struct word name,
                      uint32_t length) {
  const struct used_file *seen = symbol->decl;
  if (seen != NULL)
    diag_report(s->diags, seen->visit == VISIT_OPEN ? DIAG_AMENDS_CYCLE : DIAG_AMENDS_KIND,
                name.span, name.text);
  else if (length >= AMEND_DEPTH)
    diag_report(s->diags, DIAG_AMENDS_TOO_LONG, name.span, (uint32_t)AMEND_DEPTH);
  else
    return true;
  return false;
}

// `length`: how many versions amend one another so far.
static bool follow_amended(struct sema *s, struct used_file *from, uint32_t length) {
  const struct word *name = from->file->kind == FILE_POLICY ? from->file->head.amends : NULL;
  uint32_t source = 0;
  if (name == NULL) return true;
  if (!is_sibling(name->text)) {
    diag_report(s->diags, DIAG_AMENDS_PATH, name->span, name->text);
    return false;
  }
  struct str canonical = canonical_name(s, from->canonical, name->text);
  struct symbol *symbol = names_add(&s->file_names, canonical);
  if (symbol == NULL || !may_amend(s, symbol, *name, length)) return false;
  struct used_file *used = ARENA_NEW(s->arena, struct used_file);
  if (used == NULL) return false;
  *used = (struct used_file){.canonical = canonical, .from = name->span, .amended = true};
  symbol->decl = used;
  from->amends = used;
  return add_text(s, *name, from->file, canonical, &source) && load(s, used, source, length + 1);
}

static bool is_policy(const struct used_file *used) {
  return used->file->kind == FILE_POLICY;
}

static bool in_its_role(struct sema *s, const struct used_file *used) {
  bool tests = used->file->kind == FILE_TESTS;
  if (used->amended && !is_policy(used))
    diag_report(s->diags, DIAG_AMENDS_KIND, used->from, used->canonical);
  else if (!used->amended && tests)
    diag_report(s->diags, DIAG_USE_OF_TESTS, used->from);
  else if (!used->amended && is_policy(used))
    diag_report(s->diags, DIAG_USE_OF_POLICY, used->from);
  return used->amended == is_policy(used) && !tests;
}

// `depth`: of files that use one another; of an amended version, how many amend one another.
static bool load(struct sema *s, struct used_file *used, uint32_t source, uint32_t depth) {
  bool good = parse_file(s->front, source, &used->file);
  if (used->file == NULL) return false;
  used->visit = VISIT_OPEN;
  good = in_its_role(s, used) && good;
  if (used->amended) good = follow_amended(s, used, depth) && good;
  good = follow_all(s, used, used->amended ? 0 : depth) && good;
  good = sema_read_imports(s, used) && good;
  used->visit = VISIT_DONE;
  return vec_push(s->arena, &s->files, used) && good;
}

// ------------------------------------------------------------------ tests beside a policy

static bool is_test_place(const char *place) {
  size_t length = strlen(place), ending = strlen(".test.soc");
  return length > ending && strcmp(place + length - ending, ".test.soc") == 0;
}

// A file of tests holds nothing that could become part of a policy.
static bool holds_tests(struct sema *s, const struct source_file *tests) {
  uint32_t errors = s->diags->errors;
  if (!is_test_place(place_of(s, tests))) diag_report(s->diags, DIAG_TESTS_NAME, tests->name.span);
  for (const struct decl *d = tests->decls; d != NULL; d = d->next)
    if (d->tag != DECL_SAMPLE && d->tag != DECL_TEST && d->tag != DECL_TABLE)
      diag_report(s->diags, DIAG_TESTS_ONLY, d->span);
  return s->diags->errors == errors;
}

static const struct literal *version_at(const struct source_file *tests, uint32_t index) {
  const struct literal *version = tests->versions;
  while (version != NULL && index-- > 0) version = version->next;
  return version;
}

// The policy that the tests are for, in place of the tests as the main file.
static bool load_tested(struct sema *s, struct source_file **file) {
  s->tests = *file;
  const struct literal *version = version_at(s->tests, s->version);
  bool good = holds_tests(s, s->tests);
  uint32_t source = 0;
  if (version == NULL) return false;
  if (!is_sibling(version->word.text)) {
    diag_report(s->diags, DIAG_TESTS_PATH, version->span, version->word.text);
    return false;
  }
  struct str canonical = canonical_name(s, (struct str){"", 0}, version->word.text);
  if (!add_text(s, version->word, s->tests, canonical, &source)) return false;
  good = parse_file(s->front, source, file) && good;
  if (*file == NULL || (*file)->kind == FILE_POLICY) return good && *file != NULL;
  diag_report(s->diags, DIAG_TESTS_KIND, version->span, version->word.text);
  return false;
}

bool sema_load(struct sema *s, uint32_t main_source) {
  struct used_file *used = ARENA_NEW(s->arena, struct used_file);
  if (used == NULL) return false;
  // The name of the main file comes from its head, and its relative uses from its name.
  bool good = parse_file(s->front, main_source, &used->file);
  if (used->file == NULL) return false;
  if (used->file->kind == FILE_TESTS && (!load_tested(s, &used->file) || used->file == NULL))
    return false;
  s->main = used->file;
  used->canonical = main_name(s, used->file);
  used->visit = VISIT_OPEN;
  struct symbol *symbol = names_add(&s->file_names, used->canonical);
  if (symbol == NULL) return false;
  symbol->decl = used;
  good = follow_amended(s, used, 1) && good;
  good = follow_all(s, used, 0) && good;
  good = sema_read_imports(s, used) && good;
  used->visit = VISIT_DONE;
  return vec_push(s->arena, &s->files, used) && good;
}
