// SPDX-License-Identifier: Apache-2.0
//
// Cases of the oracle: one plain structure per fact. Nothing is checked against ranges; the tests fill in what a
// reader would accept.
#include "calendar.h"
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void *oracle_allocate(void *old, size_t count, size_t size) {
  if (count != 0 && size > SIZE_MAX / count) abort();
  size_t bytes = count * size;
  void *p = realloc(old, bytes != 0 ? bytes : 1);
  if (p == NULL) abort();
  return p;
}

static void clear(struct oracle_fact *f) {
  free(f->text);
  free(f->items);
  f->text = NULL;
  f->items = NULL;
  f->number = 0;
  f->count = 0;
  f->state = ORACLE_LEFT_OUT;
}

void oracle_case_init(struct oracle_case *c, const struct program *p) {
  c->fact_count = p->fact_count;
  c->facts = oracle_allocate(NULL, p->fact_count, sizeof *c->facts);
  if (p->fact_count) memset(c->facts, 0, p->fact_count * sizeof *c->facts);
}

static void free_rows(struct oracle_fact *f, uint32_t rows) {
  for (uint32_t r = 0; f->rows != NULL && r < rows; r++) clear(&f->rows[r]);
  free(f->rows);
  f->rows = NULL;
  f->count = 0;
}

void oracle_case_free(struct oracle_case *c) {
  for (uint32_t i = 0; i < c->fact_count; i++) {
    if (c->facts[i].rows != NULL) free_rows(&c->facts[i], c->facts[i].count);
    clear(&c->facts[i]);
  }
  free(c->facts);
  c->facts = NULL;
  c->fact_count = 0;
}

struct oracle_fact *oracle_case_fact(struct oracle_case *c, const struct fact_decl *f,
                                     uint32_t row) {
  if (f->number >= c->fact_count) abort();
  struct oracle_fact *place = &c->facts[f->number];
  if (f->list == NULL) return place;
  if (row >= place->count) abort();
  return &place->rows[row];
}

void oracle_set_left_out(struct oracle_case *c, const struct fact_decl *f, uint32_t row) {
  clear(oracle_case_fact(c, f, row));
}

void oracle_set_none(struct oracle_case *c, const struct fact_decl *f, uint32_t row) {
  struct oracle_fact *place = oracle_case_fact(c, f, row);
  clear(place);
  place->state = ORACLE_NONE;
}

void oracle_set_number(struct oracle_case *c, const struct fact_decl *f, uint32_t row,
                       int64_t number) {
  struct oracle_fact *place = oracle_case_fact(c, f, row);
  clear(place);
  place->state = ORACLE_GIVEN;
  place->number = number;
}

void oracle_set_text(struct oracle_case *c, const struct fact_decl *f, uint32_t row,
                     const char *text) {
  struct oracle_fact *place = oracle_case_fact(c, f, row);
  size_t size = strlen(text) + 1;
  char *copy = oracle_allocate(NULL, size, 1);
  memcpy(copy, text, size);
  clear(place);
  place->state = ORACLE_GIVEN;
  place->text = copy;
}

void oracle_set_list(struct oracle_case *c, const struct fact_decl *f, uint32_t row) {
  struct oracle_fact *place = oracle_case_fact(c, f, row);
  clear(place);
  place->state = ORACLE_GIVEN;
}

void oracle_add_item(struct oracle_case *c, const struct fact_decl *f, uint32_t row, int64_t item) {
  struct oracle_fact *place = oracle_case_fact(c, f, row);
  place->items = oracle_allocate(place->items, place->count + 1, sizeof *place->items);
  place->items[place->count++] = item;
}

void oracle_set_rows(struct oracle_case *c, const struct program *p, const struct fact_decl *list,
                     uint32_t rows) {
  struct oracle_fact *place = oracle_case_fact(c, list, 0);
  uint32_t old = place->state == ORACLE_GIVEN ? place->count : 0;
  for (uint32_t i = 0; i < p->fact_count; i++) {
    if (p->facts[i]->list != list) continue;
    struct oracle_fact *field = &c->facts[p->facts[i]->number];
    free_rows(field, old);
    field->rows = oracle_allocate(NULL, rows, sizeof *field->rows);
    if (rows) memset(field->rows, 0, rows * sizeof *field->rows);
    field->count = rows;
  }
  clear(place);
  place->state = ORACLE_GIVEN;
  place->count = rows;
}

// ------------------------------------------------------------------ printing

static void print_number(FILE *out, const struct fact_decl *f, int64_t number) {
  switch (f->type.base) {
  case SOC_BOOL: fputs(number ? "true" : "false", out); break;
  case SOC_ENUM:
  case SOC_ENUM_LIST: {
    struct str name = f->type.values->values[number];
    fprintf(out, "%.*s", (int)name.length, name.data);
    break;
  }
  case SOC_DATE: {
    struct oracle_date d = oracle_date_of(number);
    fprintf(out, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, d.year, d.month, d.day);
    break;
  }
  case SOC_NUMBER: fprintf(out, "%" PRId64 " millionths", number); break;
  default: {
    char code[13];
    soc_code_unpack((uint64_t)number, code);
    fputs(code, out);
    break;
  }
  }
}

static void print_fact(FILE *out, const struct fact_decl *f, const struct oracle_fact *given) {
  if (given->state == ORACLE_NONE) {
    fputs("none", out);
  } else if (f->type.base == SOC_TEXT) {
    fprintf(out, "\"%s\"", given->text);
  } else if (f->type.base == SOC_RECORDS) {
    fprintf(out, "%" PRIu32 " rows", given->count);
  } else if (f->type.base == SOC_CODE_LIST || f->type.base == SOC_ENUM_LIST) {
    fputc('{', out);
    for (uint32_t i = 0; i < given->count; i++) {
      fputc(' ', out);
      print_number(out, f, given->items[i]);
    }
    fputs(" }", out);
  } else {
    print_number(out, f, given->number);
  }
}

static void print_row(FILE *out, const struct fact_decl *f, const struct oracle_fact *given,
                      uint32_t row) {
  if (given->state == ORACLE_LEFT_OUT) return;
  fprintf(out, "  %.*s", (int)f->name.length, f->name.data);
  if (f->list != NULL) fprintf(out, " (row %" PRIu32 ")", row);
  fputs(" = ", out);
  print_fact(out, f, given);
  fputc('\n', out);
}

void oracle_case_print(FILE *out, const struct program *p, const struct oracle_case *c) {
  for (uint32_t i = 0; i < p->fact_count; i++) {
    const struct fact_decl *f = p->facts[i];
    const struct oracle_fact *given = &c->facts[f->number];
    if (f->list == NULL) {
      print_row(out, f, given, 0);
      continue;
    }
    for (uint32_t r = 0; r < given->count; r++) print_row(out, f, &given->rows[r], r);
  }
}
