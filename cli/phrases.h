// SPDX-License-Identifier: Apache-2.0
//
// Pieces of JSON that were written before and come again, a result with its reasons, texts and citations say: kept by
// numbers that stand for what they tell. Should they become too many, all are forgotten.
#ifndef SOC_CLI_PHRASES_H
#define SOC_CLI_PHRASES_H

#include "cli/text.h"

enum { PHRASES = 32768, PHRASE_BYTES = 1 << 23 }; // slots, of which half are used; pieces together

// A piece in two parts, between which something may stand that is another one each time. Behind this stand the words
// of its key and then, from `at` on, its text.
struct phrase {
  uint64_t kind, owner;      // of its key
  uint32_t words;            // of 8 bytes
  uint32_t at, head, length; // of the text: from the piece's beginning; its first part; all of it
  uint64_t mark;             // whoever made it says what it means
};
struct phrases {
  struct buffer pieces;    // one after the other
  size_t kept;             // bytes of those in the table
  size_t count;            // in the table
  uint64_t hash;           // of the piece that is being made
  uint64_t table[PHRASES]; // half of the hash of a key, and 1 + where its piece begins; 0: empty
};
// NULL: out of memory.
struct phrases *phrases_new(void);
void phrases_free(struct phrases *t);

enum phrase_kind { PHRASE_RESULT, PHRASE_BLOCK };

// What a piece is kept by; equal numbers stand for equal texts. Without words it is not kept.
struct phrase_key {
  uint64_t kind, owner; // phrase_kind and more; an address
  const uint64_t *words;
  uint32_t count;
};
// The piece that was kept by these words; NULL: none. It can be read until the next one is made.
const struct phrase *phrase_find(const struct phrases *t, struct phrase_key key);
// The same in steps, for whoever knows beforehand what comes: pieces lie far apart, so that the processor is told to
// fetch the place where one is entered, later the piece itself.
uint64_t phrase_hash(struct phrase_key key);
void phrase_expect(const struct phrases *t, uint64_t hash);
void phrase_fetch(const struct phrases *t, uint64_t hash);
const struct phrase *phrase_find_by(const struct phrases *t, struct phrase_key key, uint64_t hash);

// Making a piece: begin, then text appended to t->pieces, with a word where its first byte is and where its second part
// begins, then keep, which gives the piece.
void phrase_begin(struct phrases *t, struct phrase_key key);
void phrase_text(struct phrases *t);
void phrase_second(struct phrases *t);
void phrase_mark(struct phrases *t, uint64_t mark);
const struct phrase *phrase_keep(struct phrases *t); // NULL: out of memory

static inline const char *phrase_head(const struct phrase *p) {
  return (const char *)p + p->at;
}
static inline const char *phrase_tail(const struct phrase *p) {
  return phrase_head(p) + p->head;
}

#endif
