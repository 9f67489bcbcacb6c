// SPDX-License-Identifier: Apache-2.0
//
// Which versions decide a case; see claim.h.
#include "cli/claim.h"

#include <stdlib.h>

// Makes room for `count` items. False: out of memory.
static bool room(void **items, size_t *capacity, size_t count, size_t size) {
  if (count <= *capacity) return true;
  size_t more = *capacity ? *capacity * 2 : 16;
  if (more < count) more = count;
  void *bigger = realloc(*items, more * size);
  if (!bigger) return false;
  *items = bigger;
  *capacity = more;
  return true;
}

static bool add_version(struct claim *c, struct artifact *a) {
  for (size_t i = 0; i < c->version_count; i++) {
    if (c->versions[i] == a) return true;
  }
  void *versions = c->versions;
  if (!room(&versions, &c->version_capacity, c->version_count + 1, sizeof *c->versions))
    return trouble_memory(), false;
  c->versions = versions;
  c->versions[c->version_count++] = a;
  return true;
}

// The lines that the case gives, each with its number and its date.
static bool read_lines(struct claim *c, const struct policies *p, const struct case_data *data) {
  const struct case_value *list = p->lines == SOC_NO_INDEX ? NULL : case_find(data, p->lines, 0);
  if (!list || list->kind != CASE_LIST) return true;
  uint32_t count = (uint32_t)list->number;
  void *lines = c->lines;
  if (!room(&lines, &c->line_capacity, count, sizeof *c->lines)) return trouble_memory(), false;
  c->lines = lines;
  c->line_count = count;
  for (uint32_t i = 0; i < count; i++) c->lines[i] = (struct claim_line){.artifact = c->artifact};
  for (size_t i = 0; i < data->count; i++) {
    const struct case_value *v = &data->values[i];
    if (v->fact == p->line_key) c->lines[v->row].number = v->number;
    if (v->fact != p->line_date || v->kind != CASE_DATE) continue;
    c->lines[v->row].dated = true;
    c->lines[v->row].day = (int32_t)v->number;
  }
  return true;
}

static bool choose(struct claim *c, struct policies *p, const struct case_data *data) {
  c->line_count = 0;
  c->list = p->lines;
  c->version_count = 0;
  c->artifact = policies_choose(p, data);
  if (!c->artifact || !add_version(c, c->artifact) || !read_lines(c, p, data)) return false;
  for (uint32_t i = 0; i < c->line_count; i++) {
    struct claim_line *line = &c->lines[i];
    if (line->dated) line->artifact = policies_on(p, line->day);
    if (!line->artifact || !add_version(c, line->artifact)) return false;
  }
  return true;
}

static enum claim_status decide_under(struct artifact *a, struct case_data *data, uint32_t flags) {
  enum binding_status status = binding_set(&a->binding, data);
  if (status == BINDING_REFUSED) return CLAIM_REFUSED;
  if (status == BINDING_NO_MEMORY) return trouble_memory(), CLAIM_TROUBLE;
  if (soc_case_decide(a->binding.c, flags) == SOC_OK) return CLAIM_DONE;
  trouble("%s cannot be run", a->path.data);
  return CLAIM_TROUBLE;
}

enum claim_status claim_decide(struct claim *c, struct policies *p, struct case_data *data,
                               uint32_t flags) {
  enum claim_status status = choose(c, p, data) ? CLAIM_DONE : CLAIM_TROUBLE;
  for (size_t i = 0; status == CLAIM_DONE && i < c->version_count; i++)
    status = decide_under(c->versions[i], data, flags);
  return status;
}

void claim_free(struct claim *c) {
  free(c->lines);
  free(c->versions);
  *c = (struct claim){0};
}

uint32_t line_decisions(const struct artifact *a) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < a->info.decision_count; i++) count += decides_rows(a, i);
  return count;
}
