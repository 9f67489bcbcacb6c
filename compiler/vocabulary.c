// SPDX-License-Identifier: Apache-2.0
//
// The shared vocabulary as tools see it: which facts a case may hold, of what type, and what leaving one out means.
// It is the checked program of the built-in file "vocabulary/case".
#include <assert.h>

#include "compiler/compilation.h"
#include "compiler/stdlib.h"

// No state of its own: a vocabulary is the compilation of its file.
struct soc_vocabulary;

static const soc_compilation *of(const soc_vocabulary *v) {
  return (const soc_compilation *)(const void *)v;
}

soc_vocabulary *soc_vocabulary_open(const soc_allocator *allocator) {
  const struct stdlib_file *file = stdlib_find(str_of("vocabulary/case"));
  if (file == NULL) return NULL;
  soc_compile_options options = {.allocator = allocator};
  soc_compilation *c = soc_compile(file->text, *file->length, file->place, &options);
  if (c == NULL) return NULL;
  assert(soc_compilation_out_of_memory(c) || soc_compilation_error_count(c) == 0);
  if (!c->checked) {
    soc_compilation_free(c);
    return NULL;
  }
  return (soc_vocabulary *)(void *)c;
}

void soc_vocabulary_close(soc_vocabulary *v) {
  soc_compilation_free((soc_compilation *)(void *)v);
}

static const struct fact_decl *fact_at(const soc_vocabulary *v, uint32_t index) {
  return *VEC_AT(of(v)->sema.facts, struct fact_decl *, index);
}

uint32_t soc_vocabulary_count(const soc_vocabulary *v) {
  return of(v)->sema.facts.count;
}

// Every str here stands in the arena or in a source text; the length tells where it ends.
static soc_text text_of(struct str s) {
  return (soc_text){s.length > 0 ? s.data : "", s.length};
}

static uint32_t number_of(const struct fact_decl *fact) {
  return fact != NULL ? fact->number : SOC_NO_INDEX;
}

bool soc_vocabulary_fact_at(const soc_vocabulary *v, uint32_t index, soc_vocabulary_fact *out) {
  if (index >= soc_vocabulary_count(v)) return false;
  const struct fact_decl *fact = fact_at(v, index);
  *out = (soc_vocabulary_fact){.name = text_of(fact->name),
                               .doc = text_of(fact->doc),
                               .standard = text_of(fact->standard),
                               .type = fact->type.base,
                               .unit = fact->type.unit,
                               .left_out = fact->left_out,
                               .assumed = fact->assumed,
                               .list = number_of(fact->list),
                               .other = number_of(fact->other),
                               .key = fact->list != NULL && fact->list->key == fact,
                               .line_of = number_of(fact->line_of),
                               .minimum = fact->minimum,
                               .maximum = fact->maximum,
                               .min_length = fact->min_length,
                               .max_length = fact->max_length};
  if (fact->nullable) out->flags |= SOC_FACT_NULLABLE;
  if (fact->type.whole) out->flags |= SOC_FACT_WHOLE;
  if (fact->type.values != NULL) out->value_count = fact->type.values->count;
  return true;
}

soc_text soc_vocabulary_value(const soc_vocabulary *v, uint32_t fact, uint32_t value) {
  if (fact >= soc_vocabulary_count(v)) return (soc_text){"", 0};
  const struct enum_decl *values = fact_at(v, fact)->type.values;
  return values != NULL && value < values->count ? text_of(values->values[value])
                                                 : (soc_text){"", 0};
}
