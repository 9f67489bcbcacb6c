// SPDX-License-Identifier: Apache-2.0
//
// Perfect hashing of a set of names that is known when the program starts: one multiplication and one comparison find
// a name as it stands in JSON, in front of its closing quotation mark, or show that it is not there. Built once,
// read-only afterwards.
#ifndef SOC_CLI_NAME_TABLE_H
#define SOC_CLI_NAME_TABLE_H

#include "cli/plain.h"
#include "soc/vm.h"

#include <string.h>

enum {
  NAME_PADDING = 24
}; // bytes that must be readable behind the first one of a text that is looked up

// Names of up to 15 characters are told apart by 16 bytes: the name, a quotation mark, zeros. Longer ones by their
// first 16 bytes, their last 8 and their length; names that agree in all that cannot share a table.
enum { SHORT_NAME = 15 };
struct name_key {
  uint64_t word[2], digest;
};
struct name_slot {
  uint64_t word[2];       // zeros: empty
  const char *name;       // without quotation marks
  uint32_t length, index; // length: of a long name, else 0
};
struct name_table {
  struct name_slot *slots;
  char *text; // of the names
  uint64_t factor;
  unsigned shift; // 64 less the bits of a slot's number
  bool complete;  // false: some names cannot be told apart, and none is in it
};

// A zeroed table takes names[0..count), each different and without quotation marks, and index[i] with names[i]. False:
// out of memory.
bool name_table_build(struct name_table *t, const soc_text *names, const uint32_t *index,
                      uint32_t count);
void name_table_free(struct name_table *t);

// A name, and how long it is; index SOC_NO_INDEX: it is not in the table, the length means nothing.
struct named {
  uint32_t index;
  uint32_t length;
};
struct named name_table_find_long(const struct name_table *t, const char *text);

static inline uint64_t name_word(const char *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return word;
}

// The key of the first `size` bytes, the quotation mark among them; at most 16.
static inline struct name_key name_key(const char *text, size_t size) {
  static const unsigned char kept[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                         255, 255, 255, 255, 255, 255, 255, 255};
  const char *mask = (const char *)kept + 16 - size;
  uint64_t first = name_word(text) & name_word(mask);
  uint64_t second = name_word(text + 8) & name_word(mask + 8);
  return (struct name_key){{first, second}, first + second * 3};
}

static inline struct name_slot *name_slot(const struct name_table *t, uint64_t digest) {
  return &t->slots[digest * t->factor >> t->shift];
}

// Looks up what stands in front of the next quotation mark. A table that was built.
static inline struct named name_table_find(const struct name_table *t, const char *text) {
  unsigned quotes = quotation_marks(text);
  if (quotes == 0) return name_table_find_long(t, text);
  uint32_t length = (uint32_t)__builtin_ctz(quotes);
  struct name_key key = name_key(text, length + 1);
  const struct name_slot *s = name_slot(t, key.digest);
  bool same = s->word[0] == key.word[0] && s->word[1] == key.word[1];
  return (struct named){same ? s->index : SOC_NO_INDEX, length};
}

#endif
