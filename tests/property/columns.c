// SPDX-License-Identifier: Apache-2.0
//
// See columns.h.
#include "columns.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BLOCKS = 4096, MOST_BEFORE = 70 };

static void *block(struct columns *c, size_t bytes) {
  void *memory = malloc(bytes > 0 ? bytes : 1);
  if (!memory || c->block_count == MOST_BLOCKS) abort();
  memset(memory, 0x5a, bytes > 0 ? bytes : 1);
  c->blocks[c->block_count++] = memory;
  return memory;
}

static uint32_t below(uint64_t *random, uint32_t n) {
  return (uint32_t)((random_next(random) >> 33) % n);
}

// All elements of one fact: of every case, or of every row of every case.
struct elements {
  const struct oracle_fact **at;
  const struct oracle_case **of;
  uint32_t count;
};

static uint32_t rows_in(const struct oracle_case *c, const struct fact_decl *list) {
  const struct oracle_fact *f = &c->facts[list->number];
  return f->state == ORACLE_GIVEN ? f->count : 0;
}

static struct elements elements_of(struct columns *out, const struct fact_decl *f,
                                   const struct oracle_case *cases, uint32_t count) {
  struct elements e = {.count = 0};
  uint32_t total = 0;
  for (uint32_t i = 0; i < count; i++) total += f->list ? rows_in(&cases[i], f->list) : 1;
  e.at = block(out, total * sizeof(void *));
  e.of = block(out, total * sizeof(void *));
  for (uint32_t i = 0; i < count; i++) {
    const struct oracle_fact *place = &cases[i].facts[f->number];
    uint32_t rows = f->list ? rows_in(&cases[i], f->list) : 1;
    for (uint32_t r = 0; r < rows; r++) {
      e.of[e.count] = &cases[i];
      e.at[e.count++] = f->list ? &place->rows[r] : place;
    }
  }
  return e;
}

// ------------------------------------------------------------------ states

static uint8_t *bits_of(struct columns *out, const struct elements *e, uint64_t first,
                        enum oracle_state state) {
  uint8_t *bits = block(out, (first + e->count + 7) / 8);
  for (uint32_t i = 0; i < e->count; i++) {
    uint8_t bit = (uint8_t)(1u << (first + i) % 8);
    bool set = e->at[i]->state == state;
    uint8_t *byte = &bits[(first + i) / 8];
    *byte = set ? *byte | bit : *byte & (uint8_t)~bit;
  }
  return bits;
}

static bool any_in(const struct elements *e, enum oracle_state state) {
  for (uint32_t i = 0; i < e->count; i++) {
    if (e->at[i]->state == state) return true;
  }
  return false;
}

static void put_states(struct columns *out, soc_column *c, const struct elements *e) {
  bool all = !any_in(e, ORACLE_LEFT_OUT) && !any_in(e, ORACLE_NONE);
  c->given = all ? NULL : bits_of(out, e, c->first, ORACLE_GIVEN);
  c->none = any_in(e, ORACLE_NONE) ? bits_of(out, e, c->first, ORACLE_NONE) : NULL;
}

// ------------------------------------------------------------------ dictionaries

struct entries {
  char *bytes;
  int32_t *offsets;
  uint32_t count;
  uint32_t *slots, slot_count; // entries by hash, 0 for none, else one more than the entry
};

static void open_entries(struct columns *out, struct entries *d, size_t most, size_t bytes) {
  d->bytes = block(out, bytes);
  d->offsets = block(out, (most + 1) * sizeof *d->offsets);
  d->offsets[0] = 0;
  d->count = 0;
  d->slot_count = 16;
  while (d->slot_count < 2 * most) d->slot_count *= 2;
  d->slots = block(out, d->slot_count * sizeof *d->slots);
  memset(d->slots, 0, d->slot_count * sizeof *d->slots);
}

static uint32_t add_entry(struct entries *d, const char *text, size_t length) {
  memcpy(d->bytes + d->offsets[d->count], text, length);
  d->offsets[d->count + 1] = d->offsets[d->count] + (int32_t)length;
  return d->count++;
}

static bool is_entry(const struct entries *d, uint32_t i, const char *text, size_t length) {
  size_t size = (size_t)(d->offsets[i + 1] - d->offsets[i]);
  return size == length && memcmp(d->bytes + d->offsets[i], text, length) == 0;
}

static uint32_t find_entry(struct entries *d, const char *text, size_t length) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)text[i]) * 16777619u;
  for (uint32_t at = hash;; at++) {
    uint32_t *slot = &d->slots[at & (d->slot_count - 1)];
    if (*slot == 0) {
      *slot = add_entry(d, text, length) + 1;
      return *slot - 1;
    }
    if (is_entry(d, *slot - 1, text, length)) return *slot - 1;
  }
}

// The text of a code or of an enumeration's value.
static size_t spell(const struct subject *s, const struct fact_decl *f, int64_t value,
                    char text[256]) {
  if (f->type.base == SOC_CODE || f->type.base == SOC_CODE_LIST) {
    return soc_code_unpack((uint64_t)value, text);
  }
  soc_text name =
      soc_policy_fact_value(&s->machine.policy, machine_fact(&s->machine, f), (uint32_t)value);
  memcpy(text, name.data, name.length);
  return name.length;
}

static void put_index(soc_column *c, uint64_t at, uint32_t index) {
  switch (c->layout) {
  case SOC_LAYOUT_INT8: ((uint8_t *)(uintptr_t)c->values)[at] = (uint8_t)index; break;
  case SOC_LAYOUT_INT16: ((uint16_t *)(uintptr_t)c->values)[at] = (uint16_t)index; break;
  case SOC_LAYOUT_INT32: ((uint32_t *)(uintptr_t)c->values)[at] = index; break;
  default: break;
  }
}

static size_t width_of(soc_layout layout) {
  return layout == SOC_LAYOUT_INT8    ? 1
         : layout == SOC_LAYOUT_INT16 ? 2
         : layout == SOC_LAYOUT_INT32 ? 4
         : layout == SOC_LAYOUT_INT64 ? 8
                                      : 0;
}

// Values of entries that stand one after the other behind `first` others: by index, or plain.
struct writer {
  struct columns *out;
  const struct subject *s;
  const struct fact_decl *f;
  soc_column *c;
  struct entries d;
  uint64_t first;
  bool numbered; // enumerations without names
};

static void open_writer(struct writer *w, uint32_t count, size_t bytes, uint64_t *random) {
  bool chosen = w->f->type.base == SOC_ENUM || w->f->type.base == SOC_ENUM_LIST;
  w->numbered = chosen && below(random, 2) == 0;
  uint32_t kind = below(random, 4);
  bool few = count < 200;
  w->c->layout = kind == 0 && !w->numbered           ? SOC_LAYOUT_PLAIN
                 : kind == 1 && (few || w->numbered) ? SOC_LAYOUT_INT8
                 : kind == 2                         ? SOC_LAYOUT_INT16
                                                     : SOC_LAYOUT_INT32;
  w->c->values = block(w->out, (w->first + count) * width_of(w->c->layout));
  if (w->numbered) return;
  open_entries(w->out, &w->d, w->first + count + 1, bytes + 2);
  if (w->c->layout == SOC_LAYOUT_PLAIN) {
    for (uint64_t i = 0; i < w->first; i++) (void)add_entry(&w->d, "", 0);
  } else {
    (void)add_entry(&w->d, "!!", 2); // nobody's
  }
}

static void write_text(struct writer *w, uint64_t at, const char *text, size_t length) {
  bool plain = w->c->layout == SOC_LAYOUT_PLAIN;
  uint32_t entry = plain ? add_entry(&w->d, text, length) : find_entry(&w->d, text, length);
  put_index(w->c, w->first + at, entry);
}

static void write_value(struct writer *w, uint64_t at, int64_t value) {
  char text[256];
  if (w->numbered) {
    put_index(w->c, w->first + at, (uint32_t)value);
  } else {
    size_t length = spell(w->s, w->f, value, text);
    write_text(w, at, text, length);
  }
}

// An element that nobody looks at; plain entries need one all the same.
static void write_nothing(struct writer *w, uint64_t at) {
  if (w->c->layout == SOC_LAYOUT_PLAIN) {
    (void)add_entry(&w->d, "", 0);
  } else {
    put_index(w->c, w->first + at, 0xffffffffu);
  }
}

static void close_writer(struct writer *w) {
  if (w->numbered) return;
  w->c->dictionary = (soc_dictionary){w->d.bytes, w->d.offsets, w->d.count};
}

// ------------------------------------------------------------------ columns

static void put_entries(struct writer *w, const struct elements *e, uint64_t *random) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < e->count; i++) {
    bytes += e->at[i]->text ? strlen(e->at[i]->text) : 64;
  }
  w->first = w->c->first;
  open_writer(w, e->count, bytes, random);
  for (uint32_t i = 0; i < e->count; i++) {
    if (e->at[i]->state != ORACLE_GIVEN) {
      write_nothing(w, i);
    } else if (w->f->type.base == SOC_TEXT) {
      write_text(w, i, e->at[i]->text, strlen(e->at[i]->text));
    } else {
      write_value(w, i, e->at[i]->number);
    }
  }
  close_writer(w);
}

static uint32_t length_of(const struct oracle_fact *f) {
  return f->state == ORACLE_GIVEN ? f->count : 0;
}

static uint32_t put_offsets(struct columns *out, soc_column *c, const struct elements *e) {
  int32_t *offsets = block(out, (c->first + e->count + 1) * sizeof *offsets);
  offsets[c->first] = 0;
  for (uint32_t i = 0; i < e->count; i++) {
    offsets[c->first + i + 1] = offsets[c->first + i] + (int32_t)length_of(e->at[i]);
  }
  c->offsets = offsets;
  return (uint32_t)offsets[c->first + e->count];
}

static void put_list(struct writer *w, const struct elements *e, uint64_t *random) {
  uint32_t total = put_offsets(w->out, w->c, e);
  w->first = w->c->first_item = below(random, MOST_BEFORE);
  w->c->item_count = total;
  open_writer(w, total, (size_t)total * 64, random);
  uint64_t at = 0;
  for (uint32_t i = 0; i < e->count; i++) {
    for (uint32_t n = 0; n < length_of(e->at[i]); n++) write_value(w, at++, e->at[i]->items[n]);
  }
  close_writer(w);
}

static void put_booleans(struct columns *out, soc_column *c, const struct elements *e) {
  uint8_t *bits = block(out, (c->first + e->count + 7) / 8);
  for (uint32_t i = 0; i < e->count; i++) {
    uint8_t bit = (uint8_t)(1u << (c->first + i) % 8);
    uint8_t *byte = &bits[(c->first + i) / 8];
    *byte = e->at[i]->number ? *byte | bit : *byte & (uint8_t)~bit;
  }
  c->layout = SOC_LAYOUT_BITS;
  c->values = bits;
}

static uint32_t row_of_key(const struct oracle_case *c, const struct fact_decl *f, int64_t key) {
  const struct oracle_fact *keys = &c->facts[f->line_of->key->number];
  uint32_t row = 0;
  while (keys->rows[row].number != key) row++;
  return row;
}

static void put_narrow(struct columns *out, soc_column *c, const struct fact_decl *f,
                       const struct elements *e, uint64_t *random) {
  int32_t *values = block(out, (c->first + e->count) * sizeof *values);
  bool date = f->line_of == NULL;
  c->day_zero = date && below(random, 2) == 0 ? SOC_DAY_1970 : 0;
  for (uint32_t i = 0; i < e->count; i++) {
    if (e->at[i]->state != ORACLE_GIVEN) continue;
    values[c->first + i] = date ? (int32_t)e->at[i]->number - c->day_zero
                                : (int32_t)row_of_key(e->of[i], f, e->at[i]->number);
  }
  c->layout = SOC_LAYOUT_INT32;
  c->values = values;
}

// All given numbers are multiples of the unit and, narrow, fit.
static bool fits_unit(const struct elements *e, int64_t unit, bool narrow) {
  for (uint32_t i = 0; i < e->count; i++) {
    int64_t n = e->at[i]->number;
    if (e->at[i]->state != ORACLE_GIVEN) continue;
    if (n % unit != 0 || (narrow && (n / unit > INT32_MAX || n / unit < INT32_MIN))) return false;
  }
  return true;
}

static void put_numbers(struct columns *out, soc_column *c, const struct elements *e,
                        uint64_t *random) {
  static const int64_t units[] = {1, 10, 100000, 1000000};
  int64_t unit = units[below(random, 4)];
  unit = fits_unit(e, unit, false) ? unit : 1;
  bool narrow = below(random, 2) == 0 && fits_unit(e, unit, true);
  c->layout = narrow ? SOC_LAYOUT_INT32 : SOC_LAYOUT_INT64;
  c->unit = unit == 1 && below(random, 2) == 0 ? 0 : unit;
  c->values = block(out, (c->first + e->count) * width_of(c->layout));
  for (uint32_t i = 0; i < e->count; i++) {
    if (e->at[i]->state != ORACLE_GIVEN) continue;
    int64_t value = e->at[i]->number / unit;
    if (narrow) {
      ((int32_t *)(uintptr_t)c->values)[c->first + i] = (int32_t)value;
    } else {
      ((int64_t *)(uintptr_t)c->values)[c->first + i] = value;
    }
  }
}

static void put_column(struct columns *out, const struct subject *s, const struct fact_decl *f,
                       const struct oracle_case *cases, uint32_t count, uint64_t *random) {
  soc_column *c = &out->columns[machine_fact(&s->machine, f)];
  struct elements e = elements_of(out, f, cases, count);
  if (!any_in(&e, ORACLE_GIVEN) && !any_in(&e, ORACLE_NONE) && below(random, 2) == 0) return;
  c->first = f->list && f->type.base == SOC_RECORDS ? 0 : below(random, MOST_BEFORE);
  c->length = e.count;
  put_states(out, c, &e);
  struct writer w = {.out = out, .s = s, .f = f, .c = c};
  if (f->line_of) {
    put_narrow(out, c, f, &e, random);
    return;
  }
  switch (f->type.base) {
  case SOC_BOOL: put_booleans(out, c, &e); break;
  case SOC_DATE: put_narrow(out, c, f, &e, random); break;
  case SOC_NUMBER: put_numbers(out, c, &e, random); break;
  case SOC_RECORDS:
    (void)put_offsets(out, c, &e);
    c->layout = SOC_LAYOUT_ROWS;
    break;
  case SOC_CODE_LIST:
  case SOC_ENUM_LIST: put_list(&w, &e, random); break;
  default: put_entries(&w, &e, random);
  }
}

void columns_make(struct columns *out, const struct subject *s, const struct oracle_case *cases,
                  uint32_t count, uint64_t *random) {
  const struct program *p = s->machine.program;
  soc_policy_info info;
  soc_policy_describe(&s->machine.policy, &info);
  *out = (struct columns){.blocks = calloc(MOST_BLOCKS, sizeof *out->blocks),
                          .columns = calloc(info.fact_count + 1u, sizeof *out->columns)};
  if (!out->blocks || !out->columns) abort();
  for (uint32_t i = 0; i < p->manifest_count; i++) {
    put_column(out, s, p->manifest[i], cases, count, random);
  }
  out->input = (soc_batch_input){count, out->columns};
}

void columns_free(struct columns *c) {
  for (uint32_t i = 0; i < c->block_count; i++) free(c->blocks[i]);
  free(c->blocks);
  free(c->columns);
}
