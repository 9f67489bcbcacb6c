// SPDX-License-Identifier: Apache-2.0
//
// What a block is made of, for block.c and for the direct reader, which puts values into columns without a list of them
// in between; nobody else includes it.
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
  uint32_t first;    // lists: before the case at hand
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

// ---------------------------------------------------------------------------------------- putting

// One value of the case at hand: as struct case_value has it, with its text.
struct block_value {
  enum case_value_kind kind;
  uint32_t row;
  int64_t number;
  const char *text;
  uint32_t length;
};

static inline void block_set_bit(uint8_t *bits, uint32_t at, unsigned value) {
  bits[at / 8] |= (uint8_t)(value << at % 8);
}

static inline bool block_put_text(const struct block *b, const struct block_column *c, uint32_t at,
                                  const struct block_value *v) {
  return find_entry(b, c, v->text, v->length, (uint16_t *)c->values + at);
}

static inline bool block_put_named(const struct block_column *c, uint32_t at, int64_t number) {
  uint32_t value = c->map[number];
  ((uint8_t *)c->values)[at] = (uint8_t)value;
  return value <= UINT8_MAX;
}

static inline bool block_in_range(const struct block_column *c, int64_t number) {
  return number >= c->minimum && number <= c->maximum && (!c->whole || number % 1000000 == 0);
}

// Room for so many rows behind those before the case at hand.
static inline bool block_has_rows(const struct block_column *list, uint64_t rows) {
  return rows <= MOST_ELEMENTS - list->first;
}

// False: columns cannot hold it; the fact counts as left out, an item is not there. Where it is called the kind is a
// constant, which leaves little of it.
BLOCK_INLINE bool block_put(const struct block *b, struct block_column *c,
                            const struct block_value *v) {
  uint32_t at = c->list ? c->list->first + v->row : b->count;
  bool fits = !c->refused;
  if (!fits) return false;
  switch (v->kind) {
  case CASE_BOOL: block_set_bit(c->values, at, v->number != 0); break;
  case CASE_ENUM: fits = block_put_named(c, at, v->number); break;
  case CASE_DATE:
    ((int32_t *)c->values)[at] = (int32_t)v->number;
    fits = block_in_range(c, v->number);
    break;
  case CASE_NUMBER:
    ((int64_t *)c->values)[at] = v->number;
    fits = block_in_range(c, v->number);
    break;
  case CASE_CODE:
  case CASE_TEXT: fits = block_put_text(b, c, at, v); break;
  case CASE_LIST:
    fits = c->type != SOC_RECORDS || block_has_rows(c, (uint64_t)v->number);
    c->elements += fits && c->type == SOC_RECORDS ? (uint32_t)v->number : 0;
    break;
  case CASE_NONE: block_set_bit(c->none, at, c->nullable); return c->nullable;
  case CASE_CODE_ITEM:
    fits = c->elements < MOST_ELEMENTS && block_put_text(b, c, c->elements, v);
    c->elements += fits;
    return fits;
  case CASE_ENUM_ITEM:
    fits = c->elements < MOST_ELEMENTS && block_put_named(c, c->elements, v->number);
    c->elements += fits;
    return fits;
  case CASE_LINE: return false;
  }
  block_set_bit(c->given, at, fits);
  return fits;
}

// A case begins, for which there is room, and ends. One that turns out not to fit takes a place all the same: what was
// put of it is in order, and nobody asks for it.
bool block_begin(struct block *b);
void block_end(struct block *b);

#endif
