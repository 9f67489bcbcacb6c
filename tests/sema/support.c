// SPDX-License-Identifier: Apache-2.0
#include "support.h"

soc_compilation *compile_text(const char *text) {
  soc_compilation *c = soc_compile(text, strlen(text), "test.soc", NULL);
  assert_non_null(c);
  return c;
}

soc_compilation *compile_clean(const char *text) {
  soc_compilation *c = compile_text(text);
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    print_message("%u:%u: %s: %s\n", d->line, d->column, d->code, d->message);
  }
  assert_int_equal(soc_compilation_diagnostic_count(c), 0);
  return c;
}

const char *first_code(const char *text, char code[8]) {
  soc_compilation *c = compile_text(text);
  code[0] = '\0';
  if (soc_compilation_diagnostic_count(c) > 0)
    snprintf(code, 8, "%s", soc_compilation_diagnostic(c, 0)->code);
  soc_compilation_free(c);
  return code;
}

const struct cell *cell_named(const soc_compilation *c, const char *name) {
  const struct program *p = compilation_program(c);
  for (uint32_t i = 0; i < p->cell_count; i++)
    if (str_is(p->cells[i]->name, name)) return p->cells[i];
  fail_msg("no cell %s", name);
  return NULL;
}

const struct set_decl *set_named(const soc_compilation *c, const char *name) {
  const struct program *p = compilation_program(c);
  assert_non_null(p);
  for (uint32_t i = 0; i < p->declared_set_count; i++)
    if (str_is(p->declared_sets[i]->name, name)) return p->declared_sets[i];
  fail_msg("no set %s", name);
  return NULL;
}

bool set_holds(const struct set_decl *set, const char *code, const char *day) {
  uint64_t packed = 0;
  int32_t days = 0;
  uint32_t month_days;
  assert_true(soc_code_pack(code, strlen(code), &packed));
  assert_true(date_parse(str_of(day), &days, &month_days));
  bool found = false;
  for (uint32_t i = 0; i < set->count; i++) {
    const struct set_range *r = &set->ranges[i];
    if (packed < r->lo || packed > r->hi || days < r->from || days >= r->to) continue;
    assert_false(found); // ranges are disjoint
    found = true;
  }
  return found;
}

static const char *join(char *out, size_t size, size_t used, struct str name) {
  snprintf(out + used, size - used, "%.*s ", (int)name.length, name.data);
  return out;
}

const char *manifest_names(const soc_compilation *c, char *out, size_t size) {
  const struct program *p = compilation_program(c);
  out[0] = '\0';
  for (uint32_t i = 0; i < p->manifest_count; i++)
    join(out, size, strlen(out), p->manifest[i]->name);
  return out;
}

const char *cell_names(const soc_compilation *c, char *out, size_t size) {
  const struct program *p = compilation_program(c);
  out[0] = '\0';
  for (uint32_t i = 0; i < p->cell_count; i++) join(out, size, strlen(out), p->cells[i]->name);
  return out;
}
