// SPDX-License-Identifier: Apache-2.0
//
// The tables of an artifact, one function for each kind of record, in the byte order of vm/image.h. Strings get
// their places in the order in which these functions run, so that order is part of the format.
#include "compiler/emit_image.h"

#include "compiler/digest.h"
#include "compiler/image_write.h"

struct writer {
  struct lowered *l;
  const struct program *p;
  struct image image;
  struct vec enums; // const struct enum_decl *, by first use
};

#define U8(section, value) put_u8(&w->image, SECTION_##section, (uint8_t)(value))
#define U16(section, value) put_u16(&w->image, SECTION_##section, (value))
#define U32(section, value) put_u32(&w->image, SECTION_##section, (value))
#define U64(section, value) put_u64(&w->image, SECTION_##section, (value))
#define I32(section, value) put_i32(&w->image, SECTION_##section, (value))
#define I64(section, value) put_i64(&w->image, SECTION_##section, (value))
#define NAME(text) image_name(&w->image, (text))
#define OPTIONAL(text) ((text).length > 0 ? NAME(text) : SOC_NONE32)
#define WORDS(text) image_words(&w->image, (text))

// ------------------------------------------------------------------ enumerations

static uint32_t enum_index(struct writer *w, const struct enum_decl *e) {
  if (e == NULL) return SOC_NONE16;
  for (uint32_t i = 0; i < w->enums.count; i++)
    if (*VEC_AT(w->enums, const struct enum_decl *, i) == e) return i;
  vec_push(w->l->s->arena, &w->enums, e);
  return w->enums.count - 1;
}

static bool has_values(const struct type *t) {
  return t->base == SOC_ENUM || t->base == SOC_ENUM_LIST;
}

// Facts first, then what cells and rules speak of besides.
static void collect_enums(struct writer *w) {
  for (uint32_t i = 0; i < w->p->manifest_count; i++)
    if (has_values(&w->p->manifest[i]->type)) enum_index(w, w->p->manifest[i]->type.values);
  for (uint32_t i = 0; i < w->p->cell_count; i++)
    if (w->p->cells[i]->mask) enum_index(w, w->p->cells[i]->values);
  for (uint32_t i = 0; i < w->p->decision_count; i++)
    for (uint32_t j = 0; j < w->p->decisions[i].rule_count; j++)
      if (w->p->decisions[i].rules[j].redirect != 0)
        enum_index(w, w->p->decisions[i].rules[j].redirect_values);
}

// ENUMS counts in 16 bits.
static bool enums_fit(const struct writer *w) {
  uint32_t values = 0;
  for (uint32_t i = 0; i < w->enums.count && values <= UINT16_MAX; i++)
    values += (*VEC_AT(w->enums, const struct enum_decl *, i))->count;
  if (values <= UINT16_MAX) return true;
  diag_report(w->l->s->diags, DIAG_TOO_MUCH_CODE, w->l->s->main->head.id.span, (uint32_t)UINT16_MAX,
              "values of enumerations");
  return false;
}

static void put_enums(struct writer *w) {
  uint32_t first = 0;
  for (uint32_t i = 0; i < w->enums.count; i++) {
    const struct enum_decl *e = *VEC_AT(w->enums, const struct enum_decl *, i);
    U32(ENUMS, NAME(e->name));
    U16(ENUMS, first);
    U16(ENUMS, e->count);
    for (uint32_t v = 0; v < e->count; v++) U32(ENUM_VALUES, NAME(e->values[v]));
    first += e->count;
  }
}

// ------------------------------------------------------------------ policy and facts

static void put_policy(struct writer *w) {
  U32(POLICY, NAME(w->p->id));
  U32(POLICY, NAME(w->p->version));
  I32(POLICY, w->p->version_day);
  U16(POLICY, w->p->basis != NULL ? w->p->basis->manifest : SOC_NONE16);
  U16(POLICY, 0);
  for (int i = 0; i < 10; i++) U32(POLICY, 0); // bounds, see image_finish
}

static uint32_t index_or_none(const struct fact_decl *fact) {
  return fact != NULL ? fact->manifest : SOC_NONE16;
}

static void put_fact(struct writer *w, const struct fact_decl *fact) {
  bool code = fact->type.base == SOC_CODE || fact->type.base == SOC_CODE_LIST;
  bool assumed = fact->left_out == SOC_LEFT_OUT_ASSUMED || fact->left_out == SOC_LEFT_OUT_DERIVED;
  U32(FACTS, NAME(fact->name));
  U8(FACTS, fact->line_of != NULL ? SOC_LINE : fact->type.base);
  U8(FACTS, fact->type.unit);
  bool whole = fact->type.whole && fact->line_of == NULL;
  U8(FACTS, (fact->nullable ? SOC_FACT_NULLABLE : 0u) | (whole ? SOC_FACT_WHOLE : 0u));
  U8(FACTS, fact->left_out);
  U16(FACTS, has_values(&fact->type) ? enum_index(w, fact->type.values) : SOC_NONE16);
  U16(FACTS, index_or_none(fact->list));
  U16(FACTS, index_or_none(fact->other));
  U16(FACTS, 0);
  I64(FACTS, fact->line_of != NULL ? 0 : fact->minimum);
  I64(FACTS, fact->line_of != NULL ? 0 : fact->maximum);
  I64(FACTS, assumed ? fact->assumed : 0);
  U32(FACTS, fact->manifest);
  U8(FACTS, code ? fact->min_length : 0);
  U8(FACTS, code ? fact->max_length : 0);
  U16(FACTS, 0);
  U64(FACTS, 0);
}

// ------------------------------------------------------------------ constants, texts, sets, maps

static void put_texts(struct writer *w) {
  for (uint32_t i = 0; i < w->p->text_count; i++)
    if (w->l->text_places[i] != SOC_NO_INDEX) U32(TEXTS, NAME(w->p->texts[i]));
}

static void put_range(struct writer *w, const struct set_decl *set, const struct set_range *r) {
  U64(SET_RANGES, set->texts ? w->l->text_places[r->lo] : r->lo);
  U64(SET_RANGES, set->texts ? w->l->text_places[r->hi] : r->hi);
  I32(SET_RANGES, r->from);
  I32(SET_RANGES, r->to);
}

static void put_set(struct writer *w, const struct set_decl *set) {
  U32(SETS, OPTIONAL(set->name));
  U8(SETS, set->texts);
  U8(SETS, set->dated ? SOC_SET_DATED : 0u);
  U16(SETS, 0);
  U32(SETS, image_count(&w->image, SECTION_SET_RANGES));
  U32(SETS, set->count);
  for (uint32_t i = 0; i < set->count; i++) put_range(w, set, &set->ranges[i]);
}

static void put_map(struct writer *w, const struct lowered_map *map) {
  U32(MAPS, image_count(&w->image, SECTION_MAP_RANGES));
  U32(MAPS, map->entries.count);
  U64(MAPS, map->other);
  for (uint32_t i = 0; i < map->entries.count; i++) {
    const struct map_entry *entry = VEC_AT(map->entries, struct map_entry, i);
    U64(MAP_RANGES, entry->lo);
    U64(MAP_RANGES, entry->hi);
    U64(MAP_RANGES, entry->mask);
  }
}

static void put_pools(struct writer *w) {
  for (uint32_t i = 0; i < w->l->code.pool_count; i++) I64(CONSTANTS, w->l->code.pool[i]);
  for (uint32_t i = 0; i < w->l->sets.count; i++)
    put_set(w, *VEC_AT(w->l->sets, const struct set_decl *, i));
  for (uint32_t i = 0; i < w->l->maps.count; i++)
    put_map(w, VEC_AT(w->l->maps, struct lowered_map, i));
}

// ------------------------------------------------------------------ code and cells

static void put_code(struct writer *w) {
  uint32_t line = 0;
  for (uint32_t i = 0; i < w->l->code.items.count; i++) {
    const struct instruction *at = VEC_AT(w->l->code.items, struct instruction, i);
    U8(CODE, at->op);
    U8(CODE, at->a);
    U16(CODE, at->b);
    U32(CODE, at->c);
    if (at->line == line) continue;
    line = at->line;
    U32(LINES, i);
    U32(LINES, line);
  }
}

static void put_words(struct writer *w, enum section section, struct str text, struct str cite,
                      struct span span) {
  put_u32(&w->image, section, WORDS(text));
  put_u32(&w->image, section, WORDS(cite));
  put_u32(&w->image, section, w->l->s->source_places[span.file]);
  put_u32(&w->image, section, sources_line(&w->l->s->front->sources, span));
}

static unsigned cell_flags(const struct cell *cell) {
  if (cell->value != NULL) return cell->type->base == SOC_DATE ? SOC_CELL_DATE : 0u;
  return cell->is_rule && !cell->mask ? SOC_CELL_RULE : 0u;
}

static void put_cell(struct writer *w, const struct cell *cell) {
  const struct code_span *code = &w->l->cells[cell->index];
  U32(CELLS, NAME(cell->name));
  U8(CELLS, cell->mask ? SOC_CELL_MASK : cell->value != NULL ? SOC_CELL_VALUE : SOC_CELL_TRUTH);
  U8(CELLS, cell_flags(cell));
  U16(CELLS, cell->mask ? cell->asks->manifest : SOC_NONE16);
  U32(CELLS, code->first);
  U32(CELLS, code->count);
  U16(CELLS, cell->mask ? enum_index(w, cell->values) : SOC_NONE16);
  U16(CELLS, index_or_none(cell->rows));
  U32(CELLS, cell->parent != NULL ? cell->parent->index : SOC_NONE32);
  put_words(w, SECTION_CELL_WORDS, cell->text, cell->cite, cell->span);
}

// ------------------------------------------------------------------ decisions and rules

static uint32_t cell_or_none(const struct cell *cell) {
  return cell != NULL ? cell->index : SOC_NONE32;
}

static void need(uint32_t *needed, const struct cell *cell) {
  if (cell != NULL && cell->index >= *needed) *needed = cell->index + 1;
}

static uint32_t cells_needed(const struct rule_decl *r) {
  uint32_t needed = 0;
  need(&needed, r->condition);
  need(&needed, r->open_cell);
  for (uint32_t i = 0; i < r->ground_count; i++) need(&needed, r->grounds[i].cell);
  for (uint32_t i = 0; i < r->action_count; i++) need(&needed, r->actions[i].cell);
  const struct vec *deps = r->decl != NULL ? &r->decl->node->window_deps : NULL;
  for (uint32_t i = 0; deps != NULL && i < deps->count; i++)
    need(&needed, &(*VEC_AT(*deps, struct cell_node *, i))->cell);
  return needed;
}

#define GROUND 0x80000000u
#define NO_CELL 0x7fffffffu // in EXTRAS, where bit 31 tells grounds from actions

static void put_extras(struct writer *w, const struct rule_decl *r) {
  for (uint32_t i = 0; i < r->action_count; i++) {
    U32(EXTRAS, NAME(r->actions[i].name));
    U32(EXTRAS, r->actions[i].cell != NULL ? r->actions[i].cell->index : NO_CELL);
  }
  for (uint32_t i = 0; i < r->ground_count; i++) {
    U32(EXTRAS, NAME(r->grounds[i].code));
    U32(EXTRAS, GROUND | (r->grounds[i].cell != NULL ? r->grounds[i].cell->index : NO_CELL));
  }
}

static void put_span(struct writer *w, struct code_span code) {
  U32(RULES, code.count > 0 ? code.first : 0);
  U32(RULES, code.count);
}

static void put_rule(struct writer *w, const struct rule_decl *r, uint32_t index) {
  uint32_t extra = image_count(&w->image, SECTION_EXTRAS);
  U32(RULES, NAME(r->name));
  U8(RULES, r->determination);
  U8(RULES, (r->stop ? SOC_RULE_STOP : 0u) | (r->one_time ? SOC_RULE_ONE_TIME : 0u));
  U16(RULES, 0);
  U32(RULES, OPTIONAL(r->code));
  U32(RULES, cell_or_none(r->condition));
  U32(RULES, cell_or_none(r->criterion));
  U32(RULES, cells_needed(r));
  U32(RULES, OPTIONAL(r->open_code));
  U32(RULES, cell_or_none(r->open_cell));
  put_span(w, w->l->from[index]);
  put_span(w, w->l->through[index]);
  U64(RULES, r->redirect);
  U32(RULES, extra);
  U32(RULES, r->action_count + r->ground_count);
  U16(RULES, r->redirect != 0 ? enum_index(w, r->redirect_values) : SOC_NONE16);
  U16(RULES, r->except != NULL ? r->except->manifest + 1 : 0);
  put_span(w, w->l->stands[index]);
  U32(RULES, 0);
  put_extras(w, r);
  put_words(w, SECTION_RULE_WORDS, r->text, r->cite, r->span);
}

static void put_decision(struct writer *w, const struct decision_decl *d) {
  uint32_t first = image_count(&w->image, SECTION_RULES);
  U32(DECISIONS, NAME(d->name));
  U8(DECISIONS, d->administrative);
  U8(DECISIONS,
     (d->longest ? SOC_DECISION_LONGEST : 0u) | (d->every_match ? SOC_DECISION_EVERY_MATCH : 0u));
  U16(DECISIONS, 0);
  U32(DECISIONS, first);
  U32(DECISIONS, d->rule_count);
  U16(DECISIONS, index_or_none(d->list));
  U16(DECISIONS, 0);
  U32(DECISIONS, 0);
  for (uint32_t i = 0; i < d->rule_count; i++) put_rule(w, &d->rules[i], first + i);
}

// ------------------------------------------------------------------ provenance

static void put_about(struct writer *w) {
  U32(ABOUT, WORDS(w->p->title));
  U32(ABOUT, WORDS(w->p->payer));
  U32(ABOUT, WORDS(w->p->source_title));
  I32(ABOUT, w->p->source_revised);
  U64(ABOUT, 0);
}

// The policy itself first, then what it uses, each once.
static void put_source(struct writer *w, const struct used_file *file) {
  const struct source *source = &w->l->s->front->sources.items[file->file->index];
  uint8_t digest[DIGEST_BYTES];
  soc_digest(source->text, source->length, digest);
  U32(SOURCES, WORDS(file->canonical));
  U32(SOURCES, 0);
  put_bytes(&w->image, SECTION_SOURCES, digest, sizeof digest);
}

static void put_sources(struct writer *w) {
  const struct sema *s = w->l->s;
  for (uint32_t i = s->files.count; i-- > 0;)
    put_source(w, *VEC_AT(s->files, struct used_file *, i));
}

// The lines in order, so that it does not matter in which order a table has its rows.
static void put_table(struct writer *w, const struct decl_set *set, const struct literal *member) {
  uint32_t count;
  const struct import *import = rest_of(member)->import;
  const struct str *lines = sema_import_lines(w->l->s, member, &count);
  struct digest state;
  uint8_t digest[DIGEST_BYTES];
  digest_begin(&state);
  for (uint32_t i = 0; i < count; i++) digest_add(&state, lines[i].data, lines[i].length);
  digest_end(&state, digest);
  U32(TABLES, WORDS(table_name(import->rows->table)));
  U32(TABLES, WORDS(set->d.name.text));
  U32(TABLES, WORDS(sema_import_text(w->l->s, import)));
  U32(TABLES, count);
  put_bytes(&w->image, SECTION_TABLES, digest, sizeof digest);
}

static void put_tables_of(struct writer *w, struct set_node *set) {
  if (set->told) return;
  set->told = true;
  const struct decl_set *d = set->set.decl;
  for (const struct literal *l = d != NULL && d->imports ? d->members : NULL; l != NULL;
       l = l->next)
    if (l->kind == LIT_IMPORT) put_table(w, d, l);
  for (uint32_t i = 0; i < set->includes.count; i++)
    put_tables_of(w, *VEC_AT(set->includes, struct set_node *, i));
}

// Only of sets that are read, so that no other row of any table has a part in the artifact.
static void put_tables(struct writer *w) {
  const struct sema *s = w->l->s;
  for (uint32_t i = 0; i < s->used_sets.count; i++)
    put_tables_of(w, *VEC_AT(s->used_sets, struct set_node *, i));
}

static void put_given_uses(struct writer *w) {
  for (uint32_t i = 0; i < w->p->given_use_count; i++) {
    const struct given_use *use = &w->p->given_uses[i];
    U16(GIVEN_USES, use->fact->manifest);
    U8(GIVEN_USES, use->left_out);
    U8(GIVEN_USES, 0);
    U32(GIVEN_USES, WORDS(use->cite));
    U32(GIVEN_USES, sources_line(&w->l->s->front->sources, use->span));
  }
}

// ------------------------------------------------------------------ all of it

// Sources stand in the artifact from the policy down to what is used by all.
static bool place_sources(struct sema *s) {
  s->source_places = ARENA_ARRAY(s->arena, uint32_t, s->front->sources.count);
  if (s->source_places == NULL) return false;
  for (uint32_t i = 0; i < s->files.count; i++)
    s->source_places[(*VEC_AT(s->files, struct used_file *, i))->file->index] =
        s->files.count - 1 - i;
  return true;
}

static void put_all(struct writer *w) {
  put_policy(w);
  put_enums(w);
  for (uint32_t i = 0; i < w->p->manifest_count; i++) put_fact(w, w->p->manifest[i]);
  put_texts(w);
  put_pools(w);
  put_code(w);
  for (uint32_t i = 0; i < w->p->cell_count; i++) put_cell(w, w->p->cells[i]);
  for (uint32_t i = 0; i < w->p->decision_count; i++) put_decision(w, &w->p->decisions[i]);
  put_about(w);
  put_sources(w);
  put_given_uses(w);
  put_tables(w);
}

const uint8_t *emit_image(struct lowered *l, size_t *length) {
  struct sema *s = l->s;
  struct writer w = {.l = l, .p = s->program};
  soc_error error;
  image_init(&w.image, s->arena);
  collect_enums(&w);
  if (!place_sources(s) || !enums_fit(&w)) return NULL;
  put_all(&w);
  const uint8_t *bytes = image_finish(&w.image, s->main->language, length, &error);
  if (bytes != NULL || s->arena->out_of_memory) return bytes;
  if (error.code != NULL)
    diag_report(s->diags, DIAG_SELF_CHECK, s->main->head.id.span, error.code, error.message);
  else
    diag_report(s->diags, DIAG_TOO_MUCH_CODE, s->main->head.id.span, UINT32_MAX,
                "bytes in a section");
  return NULL;
}
