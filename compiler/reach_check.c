// SPDX-License-Identifier: Apache-2.0
//
// Warns of conditions that are the same whatever a case says; see reach.h. What follows from another such condition, or
// from a comparison that has been warned of, is not told again.
#include "compiler/reach.h"
#include "compiler/sema.h"

static const char *state_words(uint8_t states) {
  switch (states) {
  case REACH_MET: return "met";
  case REACH_NOT_MET: return "not met";
  default: return "unknown";
  }
}

static bool one_state(const struct cell *cell, const soc_reach *reach) {
  uint8_t states = reach->cells[cell->index];
  return states != 0 && (states & (states - 1)) == 0;
}

static bool follows(const struct cell *cell, const soc_reach *reach) {
  const struct vec *deps = &node_of(cell)->deps;
  for (uint32_t i = 0; i < deps->count; i++)
    if (one_state(&(*VEC_AT(*deps, struct cell_node *, i))->cell, reach)) return true;
  return false;
}

static bool is_told(const struct sema *s, struct span span) {
  for (uint32_t i = 0; i < s->diags->count; i++) {
    struct span told = s->diags->items[i].span;
    if (told.file == span.file && told.start >= span.start && told.end <= span.end) return true;
  }
  return false;
}

void reach_check(struct sema *s) {
  const struct program *p = s->program;
  soc_reach reach;
  if (!reach_program(&reach, s->arena, p, true)) return;
  for (uint32_t i = 0; i < p->cell_count; i++) {
    const struct cell *cell = p->cells[i];
    if (cell->span.file != s->main->index || !one_state(cell, &reach)) continue;
    if (!follows(cell, &reach) && !is_told(s, cell->when->span))
      diag_report(s->diags, DIAG_ONE_STATE, cell->span, cell->name,
                  state_words(reach.cells[cell->index]));
  }
}
