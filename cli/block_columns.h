// SPDX-License-Identifier: Apache-2.0
//
// What a block is made of: for block.c, for the direct reader, which puts values into columns without a list of them in
// between, and for results that a block decided; nobody else includes it.
#ifndef SOC_CLI_BLOCK_COLUMNS_H
#define SOC_CLI_BLOCK_COLUMNS_H

#include "cli/block.h"

#include <string.h>

#if defined(__GNUC__)
#define BLOCK_INLINE static inline __attribute__((always_inline))
#else
#define BLOCK_INLINE static inline
#endif

// Rows or items of one list, and entries of one dictionary; what does not fit is decided alone.
enum { MOST_ELEMENTS = 8192, MOST_ENTRIES = 4096, ENTRY_BYTES = 1 << 16, MOST_TEXT = 64 };
enum { FIRST_ENTRY = 1 };
enum { FIRST_BITS = 7, MOST_BITS = 13 }; // of a slot's number; twice as many slots as entries
// Texts that came, in order.
struct entry {
  uint64_t first, last; // its first bytes and its last ones, up to 8 each
  uint32_t length;
};
struct dictionary {
  soc_dictionary public; // bytes and offsets are these
  char bytes[ENTRY_BYTES];
  int32_t offsets[MOST_ENTRIES + 1];
  struct entry entries[MOST_ENTRIES];
  unsigned bits;                  // few at first, so that slots lie close together
  uint16_t slots[1 << MOST_BITS]; // 1 + entry; 0: empty
  bool full;                      // an entry did not fit
};

// One fact of the manifest.
struct block_column {
  soc_column *column;
  uint8_t *given, *none;
  void *values; // of elements, or of the items of a list
  int32_t *offsets;
  struct dictionary *dictionary;
  struct block_column *list; // whose field this is; NULL: of the case
  uint32_t manifest;
  uint32_t elements; // lists: rows or items so far
  uint32_t first;    // lists: where that of the case at hand begins
  int64_t minimum, maximum;
  const uint32_t *map; // value of the vocabulary to value of the policy
  uint8_t type;
  bool nullable, whole;
  bool refused; // a list that is a field of a record, a reference to a line
};

struct block {
  const struct binding *binding;
  soc_batch *batch;
  void *memory; // the batch's
  uint32_t fact_count, decision_count;
  struct block_column *columns;  // by manifest index
  struct block_column **by_fact; // by fact of the vocabulary; NULL: not read
  struct block_column **lists;   // of the case
  uint32_t list_count;
  soc_column *public;
  void *arrays; // that columns are made of
  size_t array_bytes;
  uint32_t count;
  soc_batch_result *results;
  uint32_t *key_words; // by decision
  void *scratch;
  size_t scratch_bytes;
  bool again; // the scratch memory holds what the last call left
};

enum { TEXT_PADDING = 8 }; // bytes that can be read behind a text

static inline uint64_t eight_bytes(const char *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return word;
}

// No branch on how long the text is: nearly every one has another length.
static inline struct entry entry_of(const char *text, uint32_t length) {
  static const unsigned char kept[16] = {255, 255, 255, 255, 255, 255, 255, 255};
  uint32_t first = length < 8 ? length : 8;
  uint64_t mask = eight_bytes((const char *)kept + 8 - first);
  return (struct entry){eight_bytes(text) & mask, eight_bytes(text + length - first) & mask,
                        length};
}

static inline uint32_t slot_of(const struct dictionary *d, struct entry e) {
  const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
  uint64_t hash = (e.first * factor ^ (e.last >> 3 | e.last << 61) ^ e.length) * factor;
  return (uint32_t)(hash >> (64 - d->bits));
}

static inline uint32_t next_slot(const struct dictionary *d, uint32_t slot) {
  return (slot + 1) & ((1u << d->bits) - 1);
}

static inline bool is_entry(const struct dictionary *d, uint32_t index, struct entry e,
                            const char *text) {
  const struct entry *here = &d->entries[index];
  return here->first == e.first && here->last == e.last && here->length == e.length &&
         (e.length <= 16 || memcmp(d->bytes + d->offsets[index], text, e.length) == 0);
}

// Adds an entry. False: there is no room, or the policy takes no such text.
bool block_add_entry(const struct block *b, const struct block_column *c, struct entry e,
                     const char *text);

// Number of a text's entry, TEXT_PADDING bytes behind the text being readable. False: it has none and gets none.
static inline bool find_entry(const struct block *b, const struct block_column *c, const char *text,
                              uint32_t length, uint16_t *index) {
  const struct dictionary *d = c->dictionary;
  struct entry e = entry_of(text, length);
  for (uint32_t slot = slot_of(d, e); d->slots[slot] != 0; slot = next_slot(d, slot)) {
    *index = (uint16_t)(d->slots[slot] - 1);
    if (is_entry(d, *index, e, text)) return true;
  }
  *index = (uint16_t)d->public.count;
  return block_add_entry(b, c, e, text);
}

// What a decision comes to for a case, after block_decide.
struct block_result {
  const uint64_t *key; // NULL: it has none
  uint32_t words;
  int32_t from, through; // of an approval; SOC_BATCH_NO_DAY
};
static inline struct block_result block_result(const struct block *b, uint32_t decision,
                                               uint32_t index) {
  const soc_batch_result *r = &b->results[decision];
  uint32_t words = b->key_words[decision];
  const uint64_t *key = r->keys + (size_t)index * words;
  return (struct block_result){*key & SOC_BATCH_NO_KEY ? NULL : key, words, r->from[index],
                               r->through[index]};
}

// ---------------------------------------------------------------------------------------- putting

// An element of columns, and its bit.
struct block_place {
  uint32_t at, byte;
  uint8_t bit;
};
static inline struct block_place block_place(uint32_t at) {
  return (struct block_place){at, at / 8, (uint8_t)(1u << at % 8)};
}
// Of the case at hand, and of a row of one of its lists.
static inline struct block_place block_case(const struct block *b) {
  return block_place(b->count);
}
static inline struct block_place block_row(const struct block_column *list, uint32_t row) {
  return block_place(list->first + row);
}

static inline void block_set_bit(uint8_t *bits, struct block_place p) {
  bits[p.byte] |= p.bit;
}

// Each of the following puts a value that the column's fact can have, by its type; the bits of an element that has none
// are zero. False: the column cannot hold it, and the fact counts as left out, an item is not there.
static inline void block_put_none(const struct block_column *c, struct block_place p) {
  block_set_bit(c->none, p);
}

// Which of the two it is no processor can foresee, so nothing branches on it.
static inline void block_put_bool(const struct block_column *c, struct block_place p, bool value) {
  block_set_bit(c->given, p);
  ((uint8_t *)c->values)[p.byte] |= (uint8_t)(p.bit & (0u - value));
}

static inline void block_put_date(const struct block_column *c, struct block_place p,
                                  int32_t days) {
  block_set_bit(c->given, p);
  ((int32_t *)c->values)[p.at] = days;
}

static inline void block_put_number(const struct block_column *c, struct block_place p,
                                    int64_t millionths) {
  block_set_bit(c->given, p);
  ((int64_t *)c->values)[p.at] = millionths;
}

// A value of an enumeration, as the vocabulary numbers it.
static inline bool block_keep_named(const struct block_column *c, uint32_t at, uint32_t value) {
  uint32_t own = c->map[value];
  ((uint8_t *)c->values)[at] = (uint8_t)own;
  return own <= UINT8_MAX;
}

static inline bool block_put_enum(const struct block_column *c, struct block_place p,
                                  uint32_t value) {
  if (!block_keep_named(c, p.at, value)) return false;
  block_set_bit(c->given, p);
  return true;
}

// A code or a text, behind which TEXT_PADDING bytes can be read.
static inline bool block_put_text(const struct block *b, const struct block_column *c,
                                  struct block_place p, const char *text, uint32_t length) {
  if (!find_entry(b, c, text, length, (uint16_t *)c->values + p.at)) return false;
  block_set_bit(c->given, p);
  return true;
}

// A list; its items or rows come next.
static inline void block_put_list(struct block_column *c, struct block_place p) {
  block_set_bit(c->given, p);
  c->first = c->elements;
}

static inline bool block_put_enum_item(struct block_column *c, uint32_t value) {
  bool fits = c->elements < MOST_ELEMENTS && block_keep_named(c, c->elements, value);
  c->elements += fits;
  return fits;
}

static inline bool block_put_code_item(const struct block *b, struct block_column *c,
                                       const char *text, uint32_t length) {
  bool fits = c->elements < MOST_ELEMENTS &&
              find_entry(b, c, text, length, (uint16_t *)c->values + c->elements);
  c->elements += fits;
  return fits;
}

// Another row, whose place is taken even if its case turns out not to fit: what is put in it stays apart from what
// comes next.
static inline bool block_put_row(struct block_column *c) {
  bool fits = c->elements < MOST_ELEMENTS;
  c->elements += fits;
  return fits;
}

// A case for which there is room ends. One that turns out not to fit takes a place all the same: what was put of it is
// in order, and nobody asks for it.
static inline bool block_has_room(const struct block *b) {
  return b->count < BLOCK_CASES;
}
static inline void block_end(struct block *b) {
  b->count++;
  for (uint32_t i = 0; i < b->list_count; i++) {
    struct block_column *c = b->lists[i];
    c->offsets[b->count] = (int32_t)c->elements;
  }
}

#endif
