// SPDX-License-Identifier: Apache-2.0
//
// Finds a factor under which no two names fall on one slot; see name_table.h.
#include "cli/name_table.h"

#include <stdlib.h>

enum { FACTORS = 256, MOST_BITS = 16 };

static struct name_key long_key(const char *text, size_t length) {
  struct name_key key = name_key(text, 16);
  key.digest += name_word(text + length - 8) * 5 + length;
  return key;
}

struct named name_table_find_long(const struct name_table *t, const char *text) {
  struct named none = {SOC_NO_INDEX, 0};
  size_t length = plain_length(text);
  if (text[length] != '"' || length <= SHORT_NAME || length > UINT32_MAX) return none;
  struct name_key key = long_key(text, length);
  const struct name_slot *s = name_slot(t, key.digest);
  if (s->length != length || memcmp(s->name, text, length) != 0) return none;
  return (struct named){s->index, s->length};
}

// ---------------------------------------------------------------------------------------- building

// With the quotation mark that ends each.
static bool copy_names(struct name_table *t, const soc_text *names, uint32_t count) {
  size_t size = NAME_PADDING;
  for (uint32_t i = 0; i < count; i++) size += names[i].length + 1;
  t->text = calloc(1, size);
  char *at = t->text;
  for (uint32_t i = 0; at && i < count; i++) {
    memcpy(at, names[i].data, names[i].length);
    at += names[i].length;
    *at++ = '"';
  }
  return at != NULL;
}

// Puts each name into its slot. False: two names fall on one.
static bool place(struct name_table *t, const soc_text *names, const uint32_t *index,
                  uint32_t count) {
  const char *at = t->text;
  for (uint32_t i = 0; i < count; i++) {
    size_t length = names[i].length;
    bool is_long = length > SHORT_NAME;
    struct name_key key = is_long ? long_key(at, length) : name_key(at, length + 1);
    struct name_slot *s = name_slot(t, key.digest);
    if (s->name) return false;
    *s = (struct name_slot){
        {key.word[0], key.word[1]}, at, is_long ? (uint32_t)length : 0, index[i]};
    at += length + 1;
  }
  return true;
}

// Tries a table of `bits` bits with one factor after the other. False: a larger one is needed. Without memory the
// table has no slots.
static bool try_size(struct name_table *t, const soc_text *names, const uint32_t *index,
                     uint32_t count, unsigned bits) {
  size_t size = (size_t)1 << bits;
  uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
  free(t->slots);
  t->slots = malloc(size * sizeof *t->slots);
  t->shift = 64 - bits;
  for (int i = 0; t->slots && i < FACTORS; i++) {
    memset(t->slots, 0, size * sizeof *t->slots);
    t->factor = factor | 1;
    if (place(t, names, index, count)) return t->complete = true;
    factor = factor * UINT64_C(0xbf58476d1ce4e5b9) + UINT64_C(0x94d049bb133111eb);
  }
  return !t->slots;
}

bool name_table_build(struct name_table *t, const soc_text *names, const uint32_t *index,
                      uint32_t count) {
  unsigned bits = 1;
  if (!copy_names(t, names, count)) return false;
  while ((uint32_t)1 << bits < 2 * count) bits++;
  while (bits <= MOST_BITS && !try_size(t, names, index, count, bits)) bits++;
  if (bits <= MOST_BITS) return t->complete;
  bool ok = try_size(t, names, index, 0, 1) && t->slots; // an empty one
  t->complete = false;
  return ok;
}

void name_table_free(struct name_table *t) {
  free(t->slots);
  free(t->text);
  *t = (struct name_table){0};
}
