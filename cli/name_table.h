// SPDX-License-Identifier: Apache-2.0
//
// Perfect hashing of a set of names that is known when the program starts: one multiplication and one comparison find
// a name or show that it is not there. Built once, read-only afterwards.
#ifndef SOC_CLI_NAME_TABLE_H
#define SOC_CLI_NAME_TABLE_H

#include "soc/vm.h"

#include <string.h>

enum {
  NAME_PADDING = 8
}; // bytes that must be readable from the beginning of a text that is looked up

struct name_slot {
  const char *name; // NULL: empty
  uint32_t length, index;
};
struct name_table {
  struct name_slot *slots; // NULL: no names, or such as cannot be told apart
  char *text;              // of the names
  uint64_t factor;
  unsigned shift; // 64 less the bits of a slot's number
};

// A zeroed table takes names[0..count), each different, and index[i] with names[i]. False: out of memory.
bool name_table_build(struct name_table *t, const soc_text *names, const uint32_t *index,
                      uint32_t count);
void name_table_free(struct name_table *t);

static inline uint64_t name_word(const char *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return word;
}

// Of the first 8 bytes, the last 8, the middle 8 and the length. Names that agree in all four cannot share a table.
static inline uint64_t name_digest(const char *text, size_t length) {
  uint64_t first = name_word(text);
  if (length >= 8)
    return first + name_word(text + length - 8) * 3 + name_word(text + (length - 8) / 2) * 5 +
           length;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return first & ((UINT64_C(1) << 8 * length) - 1);
#else
  return first & ~(UINT64_MAX >> 8 * length);
#endif
}

static inline bool name_same(const char *a, const char *b, size_t length) {
  if (length < 8) return name_digest(a, length) == name_digest(b, length);
  for (size_t at = 0; at + 8 < length; at += 8) {
    if (name_word(a + at) != name_word(b + at)) return false;
  }
  return name_word(a + length - 8) == name_word(b + length - 8);
}

// Index of a name, SOC_NO_INDEX: it is not there. NAME_PADDING bytes from `text` on can be read, whatever `length` is.
static inline uint32_t name_table_find(const struct name_table *t, const char *text,
                                       size_t length) {
  if (!t->slots) return SOC_NO_INDEX;
  const struct name_slot *s = &t->slots[name_digest(text, length) * t->factor >> t->shift];
  return s->name && s->length == length && name_same(s->name, text, length) ? s->index
                                                                            : SOC_NO_INDEX;
}

#endif
