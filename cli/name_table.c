// SPDX-License-Identifier: Apache-2.0
//
// Finds a factor under which no two names fall on one slot; see name_table.h.
#include "cli/name_table.h"

#include <stdlib.h>

enum { FACTORS = 256, MOST_BITS = 16 };

static bool copy_names(struct name_table *t, const soc_text *names, uint32_t count) {
  size_t size = NAME_PADDING;
  for (uint32_t i = 0; i < count; i++) size += names[i].length;
  t->text = calloc(1, size);
  char *at = t->text;
  for (uint32_t i = 0; at && i < count; i++) {
    memcpy(at, names[i].data, names[i].length);
    at += names[i].length;
  }
  return at != NULL;
}

// Puts each name into its slot. False: two names fall on one.
static bool place(struct name_table *t, const soc_text *names, const uint32_t *index,
                  uint32_t count) {
  const char *at = t->text;
  for (uint32_t i = 0; i < count; i++) {
    size_t length = names[i].length;
    struct name_slot *s = &t->slots[name_digest(at, length) * t->factor >> t->shift];
    if (s->name) return false;
    *s = (struct name_slot){at, (uint32_t)length, index[i]};
    at += length;
  }
  return true;
}

// Tries a table of `bits` bits with one factor after the other. False: a larger one is needed. Without memory the table
// has no slots.
static bool try_size(struct name_table *t, const soc_text *names, const uint32_t *index,
                     uint32_t count, unsigned bits) {
  size_t size = (size_t)1 << bits;
  uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
  t->slots = malloc(size * sizeof *t->slots);
  t->shift = 64 - bits;
  for (int i = 0; t->slots && i < FACTORS; i++) {
    memset(t->slots, 0, size * sizeof *t->slots);
    t->factor = factor | 1;
    if (place(t, names, index, count)) return true;
    factor = factor * UINT64_C(0xbf58476d1ce4e5b9) + UINT64_C(0x94d049bb133111eb);
  }
  bool no_memory = !t->slots;
  free(t->slots);
  t->slots = NULL;
  return no_memory;
}

bool name_table_build(struct name_table *t, const soc_text *names, const uint32_t *index,
                      uint32_t count) {
  unsigned bits = 1;
  if (count == 0) return true;
  if (!copy_names(t, names, count)) return false;
  while ((uint32_t)1 << bits < 2 * count) bits++;
  while (bits <= MOST_BITS && !try_size(t, names, index, count, bits)) bits++;
  return t->slots != NULL || bits > MOST_BITS;
}

void name_table_free(struct name_table *t) {
  free(t->slots);
  free(t->text);
  *t = (struct name_table){0};
}
