// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a table that sets take rows of: diagnostics whose places lie in the table, or an artifact; written out
// whole, the policy compiles to the same behaviour without the table. The first byte says whether it is a .csv or a
// .tsv and how the rows are asked for.
#include "compiled.h"

#include <stdio.h>
#include <string.h>

struct table {
  const char *text;
  size_t length;
  bool there;
};

static bool use_table(void *ctx, const char *name, const char *from, const char **text,
                      size_t *length, const char **place) {
  const struct table *table = ctx;
  (void)from;
  if (!table->there || strncmp(name, "./t.", 4) != 0) return false;
  *text = table->text;
  *length = table->length;
  *place = "t";
  return true;
}

static const char HEAD[] =
    "soc 1\npolicy \"fuzz/table\" { title \"t\"; version 2025-01-01; basis service.date }\n"
    "use \"vocabulary/case\"\n";
static const char DECISION[] =
    "decision d medical {\n"
    "  approve PREFERRED_SITE when service.code in c \"c\" cite \"c\"\n"
    "  approve INITIAL_COURSE when service.drug if given in t \"c\" cite \"c\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise \"o\" cite \"c\"\n}\n";

static void write_source(char *source, size_t size, unsigned how) {
  static const char *const more[] = {
      "",
      " first day in column \"from\" last day in column \"to\" cite in column \"cite\"",
      " first day in column \"from\" last day in column \"to\" through 2025-12-31",
      " where column \"list\" = \"a\" where column \"to\" = \"\" cite in column \"cite\"",
  };
  const char *kind = (how & 1U) != 0 ? "tsv" : "csv", *rest = more[how >> 1U & 3U];
  int length =
      snprintf(source, size,
               "%sset c of codes cite \"c\" { J9999 rows of \"./t.%s\" column \"code\"%s }\n"
               "set t of texts cite \"c\" { \"x\" rows of \"./t.%s\" column \"text\"%s }\n%s",
               HEAD, kind, rest, kind, rest, DECISION);
  FUZZ_ASSERT(length > 0 && (size_t)length < size);
}

static void check_diagnostics(const soc_compilation *c, size_t table_length) {
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    FUZZ_ASSERT(d->start <= d->end && d->line >= 1 && d->column >= 1 && d->mark_length >= 1);
    FUZZ_ASSERT(strcmp(d->place, "t") != 0 || d->end <= table_length);
    char shown[512];
    FUZZ_ASSERT(soc_diagnostic_render(d, shown, sizeof shown) > 0);
  }
}

static void write_out(const char *source, const soc_compile_options *options,
                      const uint8_t digest[32]) {
  uint8_t again[32];
  size_t length;
  struct table *table = options->use_ctx;
  soc_compilation *whole = soc_expand(source, strlen(source), "fuzz.soc", options);
  FUZZ_ASSERT(whole != NULL);
  const char *written = soc_compilation_text(whole, &length);
  FUZZ_ASSERT(written != NULL);
  table->there = false;
  soc_compilation *compiled = soc_compile(written, length, "fuzz.soc", options);
  FUZZ_ASSERT(compiled != NULL);
  FUZZ_ASSERT(fuzz_behaviour(compiled, again) && memcmp(digest, again, sizeof again) == 0);
  soc_compilation_free(compiled);
  soc_compilation_free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char source[2048];
  uint8_t digest[32];
  if (size == 0) return 0;
  struct table table = {(const char *)data + 1, size - 1, true};
  const soc_compile_options options = {.use = use_table, .use_ctx = &table};
  write_source(source, sizeof source, data[0]);
  soc_compilation *c = soc_compile(source, strlen(source), "fuzz.soc", &options);
  FUZZ_ASSERT(c != NULL);
  check_diagnostics(c, table.length);
  if (fuzz_behaviour(c, digest)) write_out(source, &options, digest);
  soc_compilation_free(c);
  return 0;
}
