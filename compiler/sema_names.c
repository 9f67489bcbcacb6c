// SPDX-License-Identifier: Apache-2.0
//
// Tables of names, and the first walk over all declarations, which enters every name before any is looked up, so
// that the order of declarations in a file does not matter.
#include "compiler/sema.h"

#include <string.h>

// ------------------------------------------------------------------ growing arrays

void *vec_add(struct arena *arena, struct vec *v, size_t size) {
  if (v->count == v->capacity) {
    uint32_t capacity = v->capacity == 0 ? 8 : v->capacity * 2;
    if (!vec_reserve(arena, v, capacity, size)) return NULL;
  }
  void *place = (char *)v->items + (size_t)v->count * size;
  memset(place, 0, size);
  v->count++;
  return place;
}

bool vec_reserve(struct arena *arena, struct vec *v, uint32_t count, size_t size) {
  if (count <= v->capacity) return true;
  void *items = arena_grow(arena, v->items, v->count, count, size);
  if (items == NULL) return false;
  v->items = items;
  v->capacity = count;
  return true;
}

bool vec_push(struct arena *arena, struct vec *v, const void *pointer) {
  const void **place = vec_add(arena, v, sizeof *place);
  if (place == NULL) return false;
  *place = pointer;
  return true;
}

// ------------------------------------------------------------------ hash table

void names_init(struct names *n, struct arena *arena) {
  *n = (struct names){.arena = arena};
}

static uint64_t mix(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x9e3779b97f4a7c15u;
  return h ^ h >> 32;
}

// Eight bytes at a time; where the bytes end, the rest and their number.
static uint32_t hash_of(struct str name) {
  uint64_t h = 0xcbf29ce484222325u, word;
  const char *at = name.data;
  uint32_t left = name.length;
  for (; left >= sizeof word; left -= (uint32_t)sizeof word, at += sizeof word) {
    memcpy(&word, at, sizeof word);
    h = mix(h, word);
  }
  word = 0;
  if (left > 0) memcpy(&word, at, left);
  return (uint32_t)(mix(mix(h, word), name.length) >> 16);
}

static struct name_slot *slot_of(const struct names *n, struct str name, uint32_t hash) {
  for (uint32_t at = hash;; at++) {
    struct name_slot *slot = &n->slots[at & (n->capacity - 1)];
    if (slot->symbol == NULL || (slot->hash == hash && str_equal(slot->symbol->name, name)))
      return slot;
  }
}

struct symbol *names_find(const struct names *n, struct str name) {
  return n->capacity == 0 ? NULL : slot_of(n, name, hash_of(name))->symbol;
}

enum { FIRST_SLOTS = 8 }; // most tables are small, such as the names of one decision's rules

static bool grow(struct names *n) {
  uint32_t capacity = n->capacity == 0 ? FIRST_SLOTS : n->capacity * 2;
  struct name_slot *slots = ARENA_ARRAY(n->arena, struct name_slot, capacity);
  if (slots == NULL) return false;
  for (uint32_t i = 0; i < n->capacity; i++) {
    if (n->slots[i].symbol == NULL) continue;
    uint32_t at = n->slots[i].hash;
    while (slots[at & (capacity - 1)].symbol != NULL) at++;
    slots[at & (capacity - 1)] = n->slots[i];
  }
  n->slots = slots;
  n->capacity = capacity;
  return true;
}

struct symbol *names_add(struct names *n, struct str name) {
  if (n->all.count * 2 >= n->capacity && !grow(n)) return NULL;
  uint32_t hash = hash_of(name);
  struct name_slot *slot = slot_of(n, name, hash);
  if (slot->symbol != NULL) return slot->symbol;
  struct symbol *symbol = ARENA_NEW(n->arena, struct symbol);
  if (symbol == NULL || !vec_push(n->arena, &n->all, symbol)) return NULL;
  symbol->name = name;
  symbol->number = n->all.count - 1;
  *slot = (struct name_slot){symbol, hash};
  return symbol;
}

// ------------------------------------------------------------------ names of one program

const char *kind_words(enum decl_kind kind) {
  switch (kind) {
  case KIND_FACT: return "a fact";
  case KIND_CRITERION: return "a criterion";
  case KIND_DERIVED_ENUM: return "a derived value";
  case KIND_DERIVED_VALUE: return "a derived value";
  case KIND_CONSTANT: return "a constant";
  case KIND_SET: return "a set";
  case KIND_QUANTITY: return "a quantity";
  case KIND_NONE: break;
  }
  return "something";
}

// NULL: the name is taken, which has been reported, or memory is out.
struct symbol *sema_enter(struct sema *s, struct names *names, struct word name,
                          enum decl_kind kind, void *decl) {
  uint32_t before = names->all.count;
  struct symbol *symbol = names_add(names, name.text);
  if (symbol == NULL) return NULL;
  if (names->all.count == before) {
    struct diag *d = diag_report(s->diags, DIAG_NAME_TWICE, name.span, name.text);
    if (names == &s->names)
      diag_note(s->diags, d, symbol->span, "`%w` is already %s", name.text,
                kind_words(symbol->kind));
    else
      diag_note(s->diags, d, symbol->span, "`%w` is first declared", name.text);
    return NULL;
  }
  symbol->kind = kind;
  symbol->span = name.span;
  symbol->decl = decl;
  return symbol;
}

bool sema_help_vocabulary(struct sema *s, struct diag *d) {
  if (d == NULL || s->facts.count > 0) return false;
  diag_help(s->diags, d, "facts and reason codes come with `use \"vocabulary/case\"`");
  s->vocabulary_missing = true;
  return true;
}

bool sema_vocabulary_missing(const struct sema *s) {
  return s->vocabulary_missing;
}

void sema_suggest_names(struct sema *s, struct diag *d, const struct names *n, struct str wanted) {
  if (d == NULL) return;
  struct suggestion near = suggest_for(wanted);
  for (uint32_t i = 0; i < n->all.count; i++)
    suggest_offer(&near, (*VEC_AT(n->all, struct symbol *, i))->name);
  diag_suggest(s->diags, d, &near);
}

struct str name_join(struct sema *s, struct str a, struct str b) {
  char *text = arena_alloc(s->arena, (size_t)a.length + b.length + 2);
  if (text == NULL) return a;
  if (a.length > 0) memcpy(text, a.data, a.length);
  text[a.length] = '.';
  if (b.length > 0) memcpy(text + a.length + 1, b.data, b.length);
  return (struct str){text, a.length + 1 + b.length};
}

struct str source_of(struct sema *s, struct span span) {
  return sources_text(&s->front->sources, span);
}

// ------------------------------------------------------------------ entering all declarations

static void enter_reason(struct sema *s, const struct decl *d) {
  sema_enter(s, &s->reasons, d->name, KIND_NONE, (void *)(uintptr_t)d);
}

static void enter_sample(struct sema *s, const struct decl *d) {
  sema_enter(s, &s->samples, d->name, KIND_NONE, (void *)(uintptr_t)d);
}

static void enter_group(struct sema *s, const struct decl *d) {
  struct group *group = ARENA_NEW(s->arena, struct group);
  if (group == NULL) return;
  if (d->tag == DECL_RULES)
    group->rules = (const struct decl_rules *)d;
  else
    group->decision = (const struct decl_decision *)d;
  sema_enter(s, &s->groups, d->name, KIND_NONE, group);
}

static void enter_constant(struct sema *s, const struct decl_constant *d) {
  struct constant_node *node = ARENA_NEW(s->arena, struct constant_node);
  if (node == NULL) return;
  node->constant = (struct constant_decl){.name = d->d.name.text, .decl = d};
  if (sema_enter(s, &s->names, d->d.name, KIND_CONSTANT, node) != NULL)
    vec_push(s->arena, &s->constants, node);
}

static bool belongs_to_lines(enum decl_tag tag) {
  return tag != DECL_SET && tag != DECL_CONSTANT;
}

// Facts, decisions and tests belong to one kind of file each; anything else may stand anywhere.
static bool in_its_place(struct sema *s, const struct used_file *file, const struct decl *d) {
  enum file_kind kind = file->file->kind;
  if (d->rows != NULL && !belongs_to_lines(d->tag)) {
    diag_report(s->diags, DIAG_NOT_OF_LINES, d->name.span, d->name.text);
    return false;
  }
  switch (d->tag) {
  case DECL_FACT:
  case DECL_LIST:
    if (kind == FILE_VOCABULARY) return true;
    diag_report(s->diags, DIAG_FACT_OUTSIDE, d->name.span, d->name.text);
    return false;
  case DECL_DECISION:
  case DECL_ASK_ORDER:
  case DECL_NOT_COMPUTED:
  case DECL_TEST:
  case DECL_TABLE:
    if (kind == FILE_POLICY) return true;
    diag_report(s->diags, DIAG_ONLY_IN_POLICY, d->span);
    return false;
  default: return true;
  }
}

static void enter(struct sema *s, const struct decl *d) {
  switch (d->tag) {
  case DECL_ENUMERATION: sema_enter_enumeration(s, (const struct decl_enumeration *)d); break;
  case DECL_FACT: sema_enter_fact(s, (const struct decl_fact *)d); break;
  case DECL_LIST: sema_enter_list(s, (const struct decl_list *)d); break;
  case DECL_REASON: enter_reason(s, d); break;
  case DECL_DERIVE_SITE: sema_enter_site(s, (const struct decl_derive_site *)d); break;
  case DECL_DERIVE_VALUE: sema_enter_derived(s, (const struct decl_derive_value *)d); break;
  case DECL_CONSTANT: enter_constant(s, (const struct decl_constant *)d); break;
  case DECL_SET: sema_enter_set(s, (const struct decl_set *)d); break;
  case DECL_CRITERION: sema_enter_criterion(s, (const struct decl_criterion *)d); break;
  case DECL_QUANTITY: sema_enter_quantity(s, (const struct decl_quantity *)d); break;
  case DECL_RULES:
  case DECL_DECISION: enter_group(s, d); break;
  case DECL_SAMPLE: enter_sample(s, d); break;
  case DECL_USE:
  case DECL_ASK_ORDER:
  case DECL_NOT_COMPUTED:
  case DECL_TEST:
  case DECL_TABLE: break;
  case DECL_REPLACE: // amend.c has carried them out
  case DECL_REMOVE:
  case DECL_CHANGE_SET:
  case DECL_CHANGE_RULES: break;
  }
}

void sema_declare(struct sema *s) {
  for (uint32_t i = 0; i < s->files.count; i++) {
    const struct used_file *file = *VEC_AT(s->files, struct used_file *, i);
    for (const struct decl *d = file->file->decls; d != NULL; d = d->next)
      if (in_its_place(s, file, d)) enter(s, d);
  }
  for (const struct decl *d = s->tests != NULL ? s->tests->decls : NULL; d != NULL; d = d->next)
    enter(s, d);
}
