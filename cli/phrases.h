// SPDX-License-Identifier: Apache-2.0
//
// Pieces of JSON that were written before and come again, a result with its reasons, texts and citations say: kept by
// numbers that stand for what they tell. Should they become too many, all are forgotten.
#ifndef SOC_CLI_PHRASES_H
#define SOC_CLI_PHRASES_H

#include "cli/text.h"

enum { PHRASES = 4096, PHRASE_BYTES = 1 << 20 }; // slots, of which half are used; texts together

// A piece in two parts, between which something may stand that is another one each time.
struct phrase {
  uint64_t hash;       // of its key; 0: empty
  size_t at;           // in `text`
  size_t head, length; // of the first part, of both
  uint32_t key, words; // where its words begin in `keys`, in bytes; how many
};
struct phrases {
  struct buffer text, keys; // keys: words, as they lie in memory
  size_t kept;              // bytes of `text` that belong to pieces in the table
  size_t count;
  struct phrase table[PHRASES];
};
// NULL: out of memory.
struct phrases *phrases_new(void);
void phrases_free(struct phrases *t);

enum phrase_kind { PHRASE_POLICY, PHRASE_RESULT }; // the first word of a key

// What a piece is kept by; equal words stand for equal texts. No words: it is not kept.
struct phrase_key {
  const uint32_t *words;
  uint32_t count;
};
// The piece that was kept by these words; NULL: none.
const struct phrase *phrase_find(const struct phrases *t, struct phrase_key key);
// Begins a piece, for the caller to append to t->text; pieces found before must not be used any more.
struct phrase phrase_begin(struct phrases *t);
// Keeps the piece that was appended since, if there is room for it. Its text can be used until the next one begins.
void phrase_keep(struct phrases *t, struct phrase_key key, struct phrase *p);

static inline const char *phrase_head(const struct phrases *t, const struct phrase *p) {
  return buffer_get(&t->text) + p->at;
}
static inline const char *phrase_tail(const struct phrases *t, const struct phrase *p) {
  return phrase_head(t, p) + p->head;
}

#endif
