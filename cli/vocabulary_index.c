// SPDX-License-Identifier: Apache-2.0
//
// The tree of the vocabulary's names; see vocabulary_index.h.
#include "cli/vocabulary_index.h"

#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------------------- building

struct step {
  const char *data;
  size_t length;
  bool rows; // written with []
};

// Cuts the next segment off a dotted name. False: nothing is left.
static bool next_step(const char **at, const char *end, struct step *s) {
  if (*at >= end) return false;
  const char *dot = memchr(*at, '.', (size_t)(end - *at));
  const char *stop = dot ? dot : end;
  s->data = *at;
  s->rows = stop - *at > 2 && stop[-1] == ']';
  s->length = (size_t)(stop - *at) - (s->rows ? 2 : 0);
  *at = dot ? dot + 1 : end;
  return true;
}

static bool same(soc_text text, const char *data, size_t length) {
  return text.length == length && memcmp(text.data, data, length) == 0;
}

static uint32_t find_or_add(struct vocabulary_index *v, uint32_t parent, const struct step *s) {
  for (uint32_t i = 1; i < v->node_count; i++) {
    if (v->nodes[i].parent == parent && same(v->nodes[i].name, s->data, s->length)) return i;
  }
  v->nodes[v->node_count] = (struct vocabulary_node){
      .name = {s->data, s->length}, .parent = parent, .fact = SOC_NO_INDEX};
  return v->node_count++;
}

static void add_fact(struct vocabulary_index *v, uint32_t fact) {
  soc_text name = v->facts[fact].name;
  const char *at = name.data;
  uint32_t node = 0;
  struct step s;
  while (next_step(&at, name.data + name.length, &s)) node = find_or_add(v, node, &s);
  v->nodes[node].fact = fact;
  v->node_of_fact[fact] = node;
}

static int compare_text(soc_text a, const char *b, size_t b_length) {
  size_t least = a.length < b_length ? a.length : b_length;
  int order = memcmp(a.data, b, least);
  if (order) return order;
  return (a.length > b_length) - (a.length < b_length);
}

// Insertion sort: a few dozen children, once.
static void sort_children(struct vocabulary_index *v, uint32_t first, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    uint32_t node = v->order[first + i], j = i;
    soc_text name = v->nodes[node].name;
    for (; j > 0; j--) {
      soc_text before = v->nodes[v->order[first + j - 1]].name;
      if (compare_text(before, name.data, name.length) <= 0) break;
      v->order[first + j] = v->order[first + j - 1];
    }
    v->order[first + j] = node;
  }
}

static void order_children(struct vocabulary_index *v) {
  uint32_t used = 0;
  for (uint32_t parent = 0; parent < v->node_count; parent++) {
    struct vocabulary_node *p = &v->nodes[parent];
    p->first_child = used;
    for (uint32_t i = 1; i < v->node_count; i++) {
      if (v->nodes[i].parent == parent) v->order[used++] = i;
    }
    p->child_count = used - p->first_child;
    sort_children(v, p->first_child, p->child_count);
  }
}

static size_t count_steps(const struct vocabulary_index *v) {
  size_t steps = 1;
  for (uint32_t i = 0; i < v->fact_count; i++) {
    for (size_t k = 0; k < v->facts[i].name.length; k++) steps += v->facts[i].name.data[k] == '.';
    steps++;
  }
  return steps;
}

// The names that the object of a node can hold; gives how many.
static uint32_t collect_names(const struct vocabulary_index *v, uint32_t node, soc_text *names,
                              uint32_t *index) {
  const uint32_t *children = v->order + v->nodes[node].first_child;
  uint32_t count = v->nodes[node].child_count;
  for (uint32_t k = 0; k < count; k++) names[k] = v->nodes[index[k] = children[k]].name;
  if (node == 0 && vocabulary_child(v, 0, "id", 2) == SOC_NO_INDEX) {
    names[count] = (soc_text){"id", 2};
    index[count++] = v->node_count;
  }
  return count;
}

static bool build_child_names(struct vocabulary_index *v, soc_text *names, uint32_t *index) {
  v->child_names = calloc(v->node_count, sizeof *v->child_names);
  bool ok = v->child_names != NULL;
  for (uint32_t i = 0; ok && i < v->node_count; i++) {
    uint32_t count = collect_names(v, i, names, index);
    ok = name_table_build(&v->child_names[i], names, index, count);
  }
  return ok;
}

static bool build_value_names(struct vocabulary_index *v, soc_text *names, uint32_t *index) {
  v->value_names = calloc(v->fact_count + 1, sizeof *v->value_names);
  bool ok = v->value_names != NULL;
  for (uint32_t i = 0; ok && i < v->fact_count; i++) {
    for (uint32_t k = 0; k < v->facts[i].value_count; k++)
      names[index[k] = k] = soc_vocabulary_value(v->vocabulary, i, k);
    ok = name_table_build(&v->value_names[i], names, index, v->facts[i].value_count);
  }
  return ok;
}

static bool build_names(struct vocabulary_index *v) {
  size_t most = v->node_count + (size_t)1;
  for (uint32_t i = 0; i < v->fact_count; i++) {
    if (v->facts[i].value_count > most) most = v->facts[i].value_count;
  }
  soc_text *names = calloc(most, sizeof *names);
  uint32_t *index = calloc(most, sizeof *index);
  bool ok =
      names && index && build_child_names(v, names, index) && build_value_names(v, names, index);
  free(names);
  free(index);
  return ok;
}

bool vocabulary_index_open(struct vocabulary_index *v) {
  *v = (struct vocabulary_index){.vocabulary = soc_vocabulary_open(NULL)};
  if (!v->vocabulary) return false;
  v->fact_count = soc_vocabulary_count(v->vocabulary);
  v->facts = calloc(v->fact_count + 1, sizeof *v->facts);
  v->node_of_fact = calloc(v->fact_count + 1, sizeof *v->node_of_fact);
  bool ok = v->facts && v->node_of_fact;
  for (uint32_t i = 0; ok && i < v->fact_count; i++)
    ok = soc_vocabulary_fact_at(v->vocabulary, i, &v->facts[i]);
  if (ok) {
    size_t most = count_steps(v);
    v->nodes = calloc(most, sizeof *v->nodes);
    v->order = calloc(most, sizeof *v->order);
    ok = v->nodes && v->order;
  }
  if (!ok) return vocabulary_index_close(v), false;
  v->nodes[0] =
      (struct vocabulary_node){.name = {"", 0}, .parent = SOC_NO_INDEX, .fact = SOC_NO_INDEX};
  v->node_count = 1;
  for (uint32_t i = 0; i < v->fact_count; i++) add_fact(v, i);
  order_children(v);
  if (build_names(v)) return true;
  vocabulary_index_close(v);
  return false;
}

void vocabulary_index_close(struct vocabulary_index *v) {
  for (uint32_t i = 0; v->child_names && i < v->node_count; i++)
    name_table_free(&v->child_names[i]);
  for (uint32_t i = 0; v->value_names && i < v->fact_count; i++)
    name_table_free(&v->value_names[i]);
  free(v->child_names);
  free(v->value_names);
  free(v->facts);
  free(v->nodes);
  free(v->order);
  free(v->node_of_fact);
  soc_vocabulary_close(v->vocabulary);
  *v = (struct vocabulary_index){0};
}

// ---------------------------------------------------------------------------------------- look-up

uint32_t vocabulary_child(const struct vocabulary_index *v, uint32_t node, const char *name,
                          size_t length) {
  const uint32_t *children = v->order + v->nodes[node].first_child;
  uint32_t low = 0, high = v->nodes[node].child_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int order = compare_text(v->nodes[children[middle]].name, name, length);
    if (order == 0) return children[middle];
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return SOC_NO_INDEX;
}

uint32_t vocabulary_find(const struct vocabulary_index *v, const char *name, size_t length) {
  const char *at = name;
  uint32_t node = 0;
  struct step s;
  while (next_step(&at, name + length, &s)) {
    node = vocabulary_child(v, node, s.data, s.length);
    if (node == SOC_NO_INDEX) return SOC_NO_INDEX;
  }
  uint32_t fact = v->nodes[node].fact;
  return fact != SOC_NO_INDEX && same(v->facts[fact].name, name, length) ? fact : SOC_NO_INDEX;
}

uint32_t vocabulary_find_value(const struct vocabulary_index *v, uint32_t fact, const char *name,
                               size_t length) {
  for (uint32_t i = 0; i < v->facts[fact].value_count; i++) {
    if (same(soc_vocabulary_value(v->vocabulary, fact, i), name, length)) return i;
  }
  return SOC_NO_INDEX;
}

// ---------------------------------------------------------------------------------------- names

void pointer_step(struct buffer *out, const char *name, size_t length) {
  buffer_char(out, '/');
  if (!memchr(name, '~', length) && !memchr(name, '/', length)) {
    buffer_append(out, name, length);
    return;
  }
  for (size_t i = 0; i < length; i++) {
    if (name[i] == '~')
      buffer_text(out, "~0");
    else if (name[i] == '/')
      buffer_text(out, "~1");
    else
      buffer_char(out, name[i]);
  }
}

void pointer_number(struct buffer *out, uint32_t number) {
  buffer_format(out, "/%u", (unsigned)number);
}

void vocabulary_pointer(const struct vocabulary_index *v, uint32_t fact, uint32_t row,
                        uint32_t item, struct buffer *out) {
  soc_text name = v->facts[fact].name;
  const char *at = name.data;
  struct step s;
  while (next_step(&at, name.data + name.length, &s)) {
    pointer_step(out, s.data, s.length);
    if (s.rows) pointer_number(out, row);
  }
  if (item != SOC_NO_INDEX) pointer_number(out, item);
}

void fact_name_append(struct buffer *out, soc_text name, uint32_t row) {
  const char *bracket = row == SOC_NO_INDEX ? NULL : memchr(name.data, '[', name.length);
  size_t head = bracket ? (size_t)(bracket - name.data) + 1 : name.length;
  buffer_append(out, name.data, head);
  if (bracket) buffer_format(out, "%u", (unsigned)row);
  buffer_append(out, name.data + head, name.length - head);
}

const char *unit_word(soc_unit unit) {
  static const char *const words[] = {[SOC_UNIT_NONE] = "",
                                      [SOC_DAYS] = "days",
                                      [SOC_MONTHS] = "months",
                                      [SOC_YEARS] = "years",
                                      [SOC_MILES] = "miles",
                                      [SOC_PERCENT] = "%",
                                      [SOC_HOURS] = "hours",
                                      [SOC_MILLILITRES] = "ml",
                                      [SOC_BASE_UNITS] = "base units",
                                      [SOC_BASE_UNITS_PER_UNIT] = "base units per unit",
                                      [SOC_CODE_UNITS] = "units"};
  return (size_t)unit < sizeof words / sizeof *words ? words[unit] : "";
}

const char *type_word(soc_type type, uint32_t flags) {
  switch (type) {
  case SOC_BOOL: return "true or false";
  case SOC_ENUM: return "one of";
  case SOC_CODE: return "code";
  case SOC_TEXT: return "text";
  case SOC_DATE: return "date";
  case SOC_NUMBER: return flags & SOC_FACT_WHOLE ? "whole number" : "number";
  case SOC_CODE_LIST: return "list of codes";
  case SOC_ENUM_LIST: return "list of";
  case SOC_RECORDS: return "list of records";
  case SOC_LINE: return "line";
  }
  return "";
}
