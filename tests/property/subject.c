// SPDX-License-Identifier: Apache-2.0
//
// See subject.h.
#include "subject.h"

#include "compiler/compilation.h"

#include <inttypes.h>
#include <string.h>

static bool use(void *context, const char *name, const char *from, const char **text,
                size_t *length, const char **place) {
  const struct subject *s = context;
  (void)from;
  if (s->vocabulary == NULL || strcmp(name, "gen") != 0) return false;
  *text = s->vocabulary;
  *length = strlen(s->vocabulary);
  *place = "gen.soc";
  return true;
}

static void print_errors(const soc_compilation *c, FILE *out) {
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    if (d->severity != SOC_SEVERITY_ERROR) continue;
    fprintf(out, "%s:%" PRIu32 ":%" PRIu32 ": %s: %s\n  %.*s\n", d->place, d->line, d->column,
            d->code, d->message, (int)d->line_length, d->line_text);
  }
}

enum subject_state subject_take(struct subject *s, soc_compilation *compilation, FILE *out) {
  s->compilation = compilation;
  if (s->compilation == NULL) return SUBJECT_BROKEN;
  if (soc_compilation_error_count(s->compilation) != 0) {
    if (out) print_errors(s->compilation, out);
    return SUBJECT_REFUSED;
  }
  size_t length = 0;
  const void *artifact = soc_compilation_artifact(s->compilation, &length);
  const struct program *program = compilation_program(s->compilation);
  soc_error why = {"no_artifact", "compiled without an artifact", 0};
  if (artifact == NULL || !machine_open(&s->machine, program, artifact, length, &why)) {
    if (out) fprintf(out, "%s at %" PRIu64 ": %s\n", why.code, why.offset, why.message);
    return SUBJECT_BROKEN;
  }
  constants_collect(&s->constants, program);
  return soc_compilation_reach(s->compilation, &s->reach) ? SUBJECT_READY : SUBJECT_BROKEN;
}

enum subject_state subject_open(struct subject *s, const char *vocabulary, const char *policy,
                                FILE *out) {
  memset(s, 0, sizeof *s);
  s->vocabulary = vocabulary;
  soc_compile_options options = {.use = use, .use_ctx = s};
  return subject_take(s, soc_compile(policy, strlen(policy), "policy.soc", &options), out);
}

void subject_close(struct subject *s) {
  constants_free(&s->constants);
  machine_close(&s->machine);
  soc_compilation_free(s->compilation);
  memset(s, 0, sizeof *s);
}
