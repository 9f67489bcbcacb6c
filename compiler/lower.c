// SPDX-License-Identifier: Apache-2.0
//
// Cells, windows and maps to instructions, in the order of the program.
#include "compiler/lower.h"

#include <stdlib.h>

// ------------------------------------------------------------------ maps from code to candidates

static int by_low(const void *a, const void *b) {
  const struct map_entry *x = a, *y = b;
  return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static uint32_t lower_map(struct lowered *l, const struct derive_step *step,
                          const struct enum_decl *values) {
  struct lowered_map *map = vec_add(l->s->arena, &l->maps, sizeof *map);
  if (map == NULL) return 0;
  map->other = enum_all(values);
  for (const struct derive_row *row = step->rows; row != NULL; row = row->next) {
    for (uint32_t i = 0; i < row->range_count; i++) {
      struct map_entry *entry = vec_add(l->s->arena, &map->entries, sizeof *entry);
      if (entry != NULL)
        *entry = (struct map_entry){row->ranges[i].lo, row->ranges[i].hi, row->mask};
    }
  }
  if (map->entries.count > 0)
    qsort(map->entries.items, map->entries.count, sizeof(struct map_entry), by_low);
  return l->maps.count - 1;
}

// ------------------------------------------------------------------ texts

int64_t lower_text(const struct lowered *l, const struct type *type, int64_t value) {
  return type->base == SOC_TEXT ? (int64_t)l->text_places[value] : value;
}

// Only what an instruction or a set in use compares with goes into the artifact, in the order of program.texts.
static bool place_texts(struct lowered *l) {
  const struct program *p = l->program;
  struct sema *s = l->s;
  bool *used = ARENA_ARRAY(s->arena, bool, p->text_count);
  l->text_places = ARENA_ARRAY(s->arena, uint32_t, p->text_count);
  if (used == NULL || l->text_places == NULL) return false;
  for (uint32_t i = 0; i < p->set_count; i++)
    for (uint32_t r = 0; p->sets[i]->texts && r < p->sets[i]->count; r++)
      used[p->sets[i]->ranges[r].lo] = true;
  for (uint32_t i = 0; i < s->used_texts.count; i++) {
    int64_t value = 0;
    expr_constant(*VEC_AT(s->used_texts, const struct expr *, i), &value);
    used[value] = true;
  }
  uint32_t next = 0;
  for (uint32_t i = 0; i < p->text_count; i++) l->text_places[i] = used[i] ? next++ : SOC_NO_INDEX;
  return true;
}

// ------------------------------------------------------------------ cells

// What is expanded from another file keeps the line of the place that reads it.
void lower_line(struct lowered *l, struct span span) {
  if (span.file == l->file) l->code.line = sources_line(&l->s->front->sources, span);
}

static void lower_step(struct lowered *l, const struct cell *cell, const struct derive_step *step) {
  switch (step->kind) {
  case DERIVE_FACT: {
    const struct fact_decl *fact = step->fact->decl;
    emit(&l->code, SOC_OP_FACT_LEFT_OUT, 0, fact->manifest, 0);
    emit(&l->code, SOC_OP_NOT, 0, 0, 0);
    emit(&l->code, SOC_OP_MASK_FACT, 0, fact->manifest, 0);
    break;
  }
  case DERIVE_VALUE:
    if (step->when != NULL) lower_truth(l, step->when);
    if (step->assumed) {
      emit(&l->code, SOC_OP_MASK_ASSUMED, 0, cell->asks->manifest, 0);
      break;
    }
    emit_constant(&l->code, SOC_OP_MASK_CONST, 0, 0, (int64_t)step->mask);
    break;
  case DERIVE_MAP: {
    const struct fact_decl *fact = step->fact->decl;
    if (step->listed != NULL)
      emit(&l->code, SOC_OP_FACT_IN_SET, 0, fact->manifest, lower_set(l, step->listed, NULL));
    emit(&l->code, SOC_OP_MASK_MAP, 0, fact->manifest, lower_map(l, step, cell->values));
    break;
  }
  }
}

// Steps in order: each is a choice between its own candidates and those of all steps after it.
static void lower_derivation(struct lowered *l, const struct cell *cell) {
  uint32_t choices = 0;
  bool ended = false;
  for (const struct derive_step *step = cell->derive->steps; step != NULL && !ended;
       step = step->next) {
    lower_line(l, step->span);
    lower_step(l, cell, step);
    ended = step->kind == DERIVE_MAP ? step->listed == NULL
                                     : step->kind == DERIVE_VALUE && step->when == NULL;
    if (!ended) choices++;
  }
  lower_line(l, cell->span);
  if (!ended) emit_constant(&l->code, SOC_OP_MASK_CONST, 0, 0, (int64_t)enum_all(cell->values));
  for (; choices > 0; choices--) emit(&l->code, SOC_OP_SELECT, 0, 0, 0);
}

static void lower_condition(struct lowered *l, const struct cell *cell) {
  lower_truth(l, cell->when);
  if (cell->negated) emit(&l->code, SOC_OP_NOT, 0, 0, 0);
}

static void lower_cell(struct lowered *l, const struct cell *cell) {
  lower_line(l, cell->span);
  if (cell->mask) {
    lower_derivation(l, cell);
  } else if (cell->value != NULL) {
    lower_value(l, cell->value);
  } else if (cell->within == NULL) {
    lower_condition(l, cell);
  } else {
    struct block block = emit_begin(&l->code, SOC_FOLD_ALL, 0, 2);
    lower_truth(l, cell->within);
    emit_join(&l->code, &block);
    lower_condition(l, cell);
    emit_join(&l->code, &block);
    emit_end(&l->code, &block);
  }
}

// One cell or window; its stack starts empty.
static struct code_span lower_span(struct lowered *l, const struct cell *cell,
                                   const struct expr *window, struct span span) {
  struct code_span at = {l->code.items.count, 0};
  l->code.depth = 0;
  l->code.max_depth = 0;
  l->file = span.file;
  if (cell != NULL) {
    lower_cell(l, cell);
  } else {
    lower_line(l, span);
    lower_value(l, window);
  }
  at.count = l->code.items.count - at.first;
  if (l->code.max_depth > SOC_MAX_STACK)
    diag_report(l->s->diags, DIAG_STACK_TOO_DEEP, span, source_of(l->s, span));
  return at;
}

// ------------------------------------------------------------------ all of it

static uint32_t count_rules(const struct program *p) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < p->decision_count; i++) count += p->decisions[i].rule_count;
  return count;
}

static void lower_windows(struct lowered *l) {
  const struct program *p = l->program;
  uint32_t at = 0;
  for (uint32_t i = 0; i < p->decision_count; i++) {
    for (uint32_t j = 0; j < p->decisions[i].rule_count; j++, at++) {
      const struct rule_decl *r = &p->decisions[i].rules[j];
      if (r->from != NULL) l->from[at] = lower_span(l, NULL, r->from, r->from->span);
      if (r->through != NULL) l->through[at] = lower_span(l, NULL, r->through, r->through->span);
      if (r->stands != NULL) l->stands[at] = lower_span(l, NULL, r->stands, r->stands->span);
    }
  }
}

bool lower_program(struct lowered *l, struct sema *s) {
  const struct program *p = s->program;
  uint32_t rules = count_rules(p);
  *l = (struct lowered){.s = s, .program = p};
  code_init(&l->code, s->arena);
  l->cells = ARENA_ARRAY(s->arena, struct code_span, p->cell_count);
  l->from = ARENA_ARRAY(s->arena, struct code_span, rules);
  l->through = ARENA_ARRAY(s->arena, struct code_span, rules);
  l->stands = ARENA_ARRAY(s->arena, struct code_span, rules);
  l->set_places = ARENA_ARRAY(s->arena, uint32_t, p->set_count);
  if (l->cells == NULL || l->from == NULL || l->through == NULL || l->stands == NULL ||
      l->set_places == NULL || !place_texts(l))
    return false;
  for (uint32_t i = 0; i < p->cell_count && !l->code.too_large; i++)
    l->cells[i] = lower_span(l, p->cells[i], NULL, p->cells[i]->span);
  lower_windows(l);
  bool good = code_finish(&l->code);
  if (!good && !s->arena->out_of_memory)
    diag_report(s->diags, DIAG_TOO_MUCH_CODE, s->main->head.id.span, (uint32_t)UINT16_MAX,
                "constants, sets, or instructions");
  return good && s->diags->errors == 0 && !s->arena->out_of_memory;
}
