// SPDX-License-Identifier: Apache-2.0
//
// See front.h: sets up what the stages share and enforces the limit on the length of a text.
#include "compiler/front.h"

static uint32_t or_default(uint32_t value, uint32_t otherwise) {
  return value != 0 ? value : otherwise;
}

void front_init(struct front *f, const soc_allocator *allocator, const soc_compile_limits *limits) {
  soc_compile_limits asked = limits != NULL ? *limits : (soc_compile_limits){0};
  *f = (struct front){0};
  f->limits.source_bytes = or_default(asked.source_bytes, FRONT_SOURCE_BYTES);
  f->limits.nesting = or_default(asked.nesting, FRONT_NESTING);
  if (f->limits.nesting > FRONT_NESTING_MOST) f->limits.nesting = FRONT_NESTING_MOST;
  f->limits.diagnostics = or_default(asked.diagnostics, FRONT_DIAGNOSTICS);
  arena_init(&f->arena, allocator);
  sources_init(&f->sources, &f->arena);
  diag_init(&f->diags, &f->arena, &f->sources, f->limits.diagnostics);
}

void front_free(struct front *f) {
  arena_free(&f->arena);
}

// A text that is too long is not kept: its place is enough to say so.
static bool too_long(struct front *f, const char *place) {
  uint32_t index;
  if (sources_add(&f->sources, "", 0, place, &index))
    diag_report(&f->diags, DIAG_SOURCE_TOO_LONG, (struct span){index, 0, 0},
                f->limits.source_bytes);
  return false;
}

bool front_add_source(struct front *f, const char *text, size_t length, const char *place,
                      uint32_t *index) {
  if (length > f->limits.source_bytes || length >= UINT32_MAX) return too_long(f, place);
  return sources_add(&f->sources, text, length, place, index);
}
