// SPDX-License-Identifier: Apache-2.0
//
// Rows of lists that are numbered (claim lines): every row has its number, no two have the same, a reference names a
// row that exists and is another one, and a chain of references never returns to itself. Which lists and fields those
// are is said by the vocabulary.
#include "cli/case_internal.h"

#include <stdlib.h>
#include <string.h>

bool case_note_line(struct case_reader *r, uint32_t fact, uint32_t row, int64_t millionths) {
  const soc_vocabulary_fact *f = &r->v->facts[fact];
  struct lines *l = &r->lines;
  if (f->key && f->list != SOC_NO_INDEX) {
    void *keys = l->keys;
    if (!case_grow(r, &keys, l->key_count, &l->key_capacity, sizeof *l->keys)) return false;
    l->keys = keys;
    l->keys[l->key_count++] = (struct line_key){f->list, row, millionths};
  }
  if (f->line_of != SOC_NO_INDEX) {
    void *references = l->references;
    if (!case_grow(r, &references, l->reference_count, &l->reference_capacity,
                   sizeof *l->references))
      return false;
    l->references = references;
    l->references[l->reference_count++] =
        (struct line_reference){fact, row, millionths, case_value_count(r) - 1};
  }
  return true;
}

bool case_check_row(struct case_reader *r, uint32_t node, uint32_t row, uint64_t serial) {
  const struct vocabulary_index *v = r->v;
  uint32_t fact = v->nodes[node].fact;
  if (fact == SOC_NO_INDEX || v->facts[fact].type != SOC_RECORDS) return true;
  for (uint32_t i = 0; i < v->nodes[node].child_count; i++) {
    uint32_t child = v->order[v->nodes[node].first_child + i];
    uint32_t field = v->nodes[child].fact;
    if (field == SOC_NO_INDEX || r->fields[child].seen == serial) continue;
    if (v->facts[field].key)
      return case_fail_at(r, "line_number", field, row,
                          "every line needs its number, and this one has none");
    if (v->facts[field].left_out == SOC_LEFT_OUT_REQUIRED)
      return case_fail_at(r, "fact_required", field, row, "this field cannot be left out");
  }
  return true;
}

// ---------------------------------------------------------------------------------------- after the whole case

static int compare_keys(const void *a, const void *b) {
  const struct line_key *x = a, *y = b;
  if (x->list != y->list) return x->list < y->list ? -1 : 1;
  if (x->number != y->number) return x->number < y->number ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static uint32_t key_field(const struct vocabulary_index *v, uint32_t list) {
  for (uint32_t i = 0; i < v->fact_count; i++) {
    if (v->facts[i].list == list && v->facts[i].key) return i;
  }
  return SOC_NO_INDEX;
}

static bool check_unique(struct case_reader *r) {
  const struct line_key *twice = NULL, *keys = r->lines.keys;
  for (size_t i = 1; i < r->lines.key_count; i++) {
    bool same = keys[i].list == keys[i - 1].list && keys[i].number == keys[i - 1].number;
    if (same && (!twice || keys[i].row < twice->row)) twice = &keys[i];
  }
  if (!twice) return true;
  return case_fail_at(r, "line_number", key_field(r->v, twice->list), twice->row,
                      "another line has the number %lld", (long long)(twice->number / 1000000));
}

static const struct line_key *find_line(const struct lines *l, uint32_t list, int64_t number) {
  size_t low = 0, high = l->key_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct line_key *k = &l->keys[middle];
    if (k->list == list && k->number == number) return k;
    if (k->list < list || (k->list == list && k->number < number))
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

// Every reference names a line that exists; its value becomes the row of that line.
static bool check_targets(struct case_reader *r) {
  for (size_t i = 0; i < r->lines.reference_count; i++) {
    const struct line_reference *ref = &r->lines.references[i];
    const soc_vocabulary_fact *f = &r->v->facts[ref->fact];
    const struct line_key *line = find_line(&r->lines, f->line_of, ref->number);
    long long number = (long long)(ref->number / 1000000);
    if (!line)
      return case_fail_at(r, "line_reference", ref->fact, ref->row,
                          "there is no line with the number %lld", number);
    if (f->list == f->line_of && line->row == ref->row)
      return case_fail_at(r, "line_reference", ref->fact, ref->row,
                          "a line cannot be related to itself");
    r->data.values[ref->value].kind = CASE_LINE;
    r->data.values[ref->value].target = line->row;
  }
  return true;
}

// Follows the references of one field from every row; a row that is met again on its own walk closes a cycle.
// next[row]: the row it refers to; walk[row]: 0 not visited, else the number of the walk that visited it.
static bool check_chains(struct case_reader *r, uint32_t fact, const uint32_t *next, uint32_t *walk,
                         uint32_t rows) {
  for (uint32_t start = 0; start < rows; start++) {
    uint32_t row = start;
    while (row != SOC_NO_INDEX && walk[row] == 0) {
      walk[row] = start + 1;
      row = next[row];
    }
    if (row == SOC_NO_INDEX || walk[row] != start + 1) continue;
    uint32_t first = row; // the first line in order of those on the cycle is named
    for (uint32_t at = next[row]; at != row; at = next[at]) {
      if (at < first) first = at;
    }
    return case_fail_at(r, "line_cycle", fact, first,
                        "the chain of related lines returns to this line");
  }
  return true;
}

static bool check_cycles_of(struct case_reader *r, uint32_t fact) {
  uint32_t rows = (uint32_t)r->data.most_rows;
  uint32_t *next = malloc((size_t)rows * 2 * sizeof *next);
  if (!next) return case_no_memory(r);
  uint32_t *walk = next + rows;
  for (uint32_t i = 0; i < rows; i++) {
    next[i] = SOC_NO_INDEX;
    walk[i] = 0;
  }
  for (size_t i = 0; i < r->lines.reference_count; i++) {
    const struct line_reference *ref = &r->lines.references[i];
    if (ref->fact == fact)
      next[ref->row] = find_line(&r->lines, r->v->facts[fact].line_of, ref->number)->row;
  }
  bool ok = check_chains(r, fact, next, walk, rows);
  free(next);
  return ok;
}

bool case_check_lines(struct case_reader *r) {
  struct lines *l = &r->lines;
  if (l->key_count > 1) qsort(l->keys, l->key_count, sizeof *l->keys, compare_keys);
  if (!check_unique(r) || !check_targets(r)) return false;
  for (size_t i = 0; i < l->reference_count; i++) {
    uint32_t fact = l->references[i].fact;
    bool first = true; // of its field
    for (size_t k = 0; k < i && first; k++) first = l->references[k].fact != fact;
    if (first && r->v->facts[fact].list == r->v->facts[fact].line_of && !check_cycles_of(r, fact))
      return false;
  }
  return true;
}
