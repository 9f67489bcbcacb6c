// SPDX-License-Identifier: Apache-2.0
//
// soc_compile: from a text to an artifact that the loader has accepted, and the diagnostics on the way there.
#include <string.h>

#include "compiler/compilation.h"
#include "compiler/emit_image.h"
#include "compiler/expand.h"
#include "compiler/parse.h"
#include "compiler/reach.h"
#include "compiler/types.h"
#include "vm/version.h"

const char *soc_compiler_version(void) {
  return SOC_VERSION;
}

// ------------------------------------------------------------------ memory

static soc_compilation *compilation_new(const soc_allocator *allocator) {
  if (allocator == NULL) allocator = &arena_malloc_family;
  soc_compilation *c = allocator->resize(allocator->ctx, NULL, 0, sizeof *c);
  if (c == NULL) return NULL;
  *c = (soc_compilation){.allocator = *allocator};
  return c;
}

void soc_compilation_free(soc_compilation *c) {
  if (c == NULL) return;
  soc_allocator allocator = c->allocator;
  front_free(&c->front);
  allocator.resize(allocator.ctx, c, sizeof *c, 0);
}

// ------------------------------------------------------------------ compiling

static void set_kind(soc_compilation *c) {
  static const soc_file_kind kinds[] = {[FILE_POLICY] = SOC_FILE_POLICY,
                                        [FILE_VOCABULARY] = SOC_FILE_VOCABULARY,
                                        [FILE_LIBRARY] = SOC_FILE_LIBRARY,
                                        [FILE_TESTS] = SOC_FILE_TESTS};
  const struct source_file *file = c->sema.tests != NULL ? c->sema.tests : c->sema.main;
  c->kind = file != NULL ? kinds[file->kind] : SOC_FILE_POLICY;
}

// The loader has the last word on every artifact, the compiler's own included.
static void self_check(soc_compilation *c) {
  soc_error error;
  if (soc_policy_load(&c->policy, c->artifact, c->artifact_length, &error) == SOC_OK) return;
  diag_report(&c->front.diags, DIAG_SELF_CHECK, c->sema.main->head.id.span, error.code,
              error.message);
  c->artifact = NULL;
}

static void make_artifact(soc_compilation *c) {
  struct lowered lowered;
  if (!lower_program(&lowered, &c->sema)) return;
  c->artifact = emit_image(&lowered, &c->artifact_length);
  if (c->artifact != NULL) self_check(c);
}

static void compile(soc_compilation *c, const char *text, size_t length, const char *place) {
  uint32_t source;
  if (!front_add_source(&c->front, text, length, place != NULL ? place : "", &source)) return;
  c->checked = sema_run(&c->sema, source);
  set_kind(c);
  if (c->checked && c->sema.main->kind == FILE_POLICY) make_artifact(c);
  if (c->artifact != NULL && c->thorough) reach_check(&c->sema);
  if (c->front.arena.out_of_memory) c->artifact = NULL;
}

static void finish_diagnostics(soc_compilation *c) {
  diag_finish(&c->front.diags);
  uint32_t count = c->front.diags.count;
  c->diagnostics = ARENA_ARRAY(&c->front.arena, soc_diagnostic, count);
  for (uint32_t i = 0; c->diagnostics != NULL && i < count; i++)
    diag_view(&c->front.diags, i, &c->diagnostics[i]);
  c->diagnostic_count = c->diagnostics != NULL ? count : 0;
}

static int32_t day_of(const char *version) {
  int32_t day;
  uint32_t month_days;
  bool good = version != NULL &&
              date_parse((struct str){version, (uint32_t)strlen(version)}, &day, &month_days);
  return good ? day : INT32_MAX;
}

static soc_compilation *begin(const soc_compile_options *options) {
  static const soc_compile_options none = {0};
  if (options == NULL) options = &none;
  soc_compilation *c = vm_matches() ? compilation_new(options->allocator) : NULL;
  if (c == NULL) return NULL;
  front_init(&c->front, &c->allocator, &options->limits);
  c->sema.front = &c->front;
  c->sema.use = options->use;
  c->sema.use_ctx = options->use_ctx;
  c->sema.version = options->version;
  c->sema.near = options->near;
  c->sema.next_day = day_of(options->next_version);
  c->thorough = options->thorough;
  return c;
}

soc_compilation *soc_compile(const char *text, size_t length, const char *place,
                             const soc_compile_options *options) {
  soc_compilation *c = begin(options);
  if (c == NULL) return NULL;
  compile(c, text, length, place);
  finish_diagnostics(c);
  return c;
}

// ------------------------------------------------------------------ layout

static void keep_text(soc_compilation *c, const struct out *o, bool good) {
  good = good && c->front.diags.errors == 0 && !c->front.arena.out_of_memory;
  c->text = good ? o->text : NULL;
  c->text_length = good ? o->length : 0;
  finish_diagnostics(c);
}

soc_compilation *soc_format(const char *text, size_t length, const char *place,
                            const soc_compile_options *options) {
  soc_compilation *c = begin(options);
  struct source_file *file;
  struct out o = {0};
  uint32_t source;
  if (c == NULL) return NULL;
  bool good = front_add_source(&c->front, text, length, place != NULL ? place : "", &source) &&
              parse_file(&c->front, source, &file) && layout(&c->front, source, &o);
  keep_text(c, &o, good);
  return c;
}

soc_compilation *soc_expand(const char *text, size_t length, const char *place,
                            const soc_compile_options *options) {
  soc_compilation *c = begin(options);
  struct out o = {0};
  uint32_t source;
  if (c == NULL) return NULL;
  bool good = front_add_source(&c->front, text, length, place != NULL ? place : "", &source) &&
              sema_run(&c->sema, source) && expand(&c->sema, &o);
  set_kind(c);
  keep_text(c, &o, good);
  return c;
}

// ------------------------------------------------------------------ what a file is

soc_compilation *soc_read(const char *text, size_t length, const char *place,
                          const soc_compile_options *options) {
  soc_compilation *c = begin(options);
  struct source_file *file = NULL;
  uint32_t source;
  if (c == NULL) return NULL;
  if (front_add_source(&c->front, text, length, place != NULL ? place : "", &source))
    parse_file(&c->front, source, &file);
  c->sema.main = file;
  set_kind(c);
  if (c->kind == SOC_FILE_TESTS) c->sema.tests = file;
  finish_diagnostics(c);
  return c;
}

uint32_t soc_compilation_version_count(const soc_compilation *c) {
  return c->sema.tests != NULL ? c->sema.tests->version_count : 0;
}

soc_text soc_compilation_version(const soc_compilation *c, uint32_t index) {
  const struct literal *version = c->sema.tests->versions;
  while (index-- > 0) version = version->next;
  return (soc_text){version->word.text.data, version->word.text.length};
}

// ------------------------------------------------------------------ what came of it

bool soc_compilation_out_of_memory(const soc_compilation *c) {
  return c->front.arena.out_of_memory;
}
uint32_t soc_compilation_error_count(const soc_compilation *c) {
  return c->front.diags.errors;
}
uint32_t soc_compilation_diagnostic_count(const soc_compilation *c) {
  return c->diagnostic_count;
}

const soc_diagnostic *soc_compilation_diagnostic(const soc_compilation *c, uint32_t index) {
  return &c->diagnostics[index];
}

soc_file_kind soc_compilation_kind(const soc_compilation *c) {
  return c->kind;
}

const void *soc_compilation_artifact(const soc_compilation *c, size_t *length) {
  bool own = c->artifact != NULL && c->kind == SOC_FILE_POLICY;
  *length = own ? c->artifact_length : 0;
  return own ? c->artifact : NULL;
}

const soc_policy *soc_compilation_policy(const soc_compilation *c) {
  return c->artifact != NULL ? &c->policy : NULL;
}

const char *soc_compilation_text(const soc_compilation *c, size_t *length) {
  *length = c->text_length;
  return c->text;
}

bool soc_compilation_reach(soc_compilation *c, soc_reach *reach) {
  *reach = (soc_reach){NULL, NULL};
  return c->artifact != NULL && reach_program(reach, &c->front.arena, c->sema.program, false);
}

const struct program *compilation_program(const soc_compilation *c) {
  return c->checked ? c->sema.program : NULL;
}
