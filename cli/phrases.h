// SPDX-License-Identifier: Apache-2.0
//
// Pieces of JSON that were written before and come again, a reason with its text and citation say: kept by what they
// were made of. There are as many as a policy has; should they still be too many, all are forgotten.
#ifndef SOC_CLI_PHRASES_H
#define SOC_CLI_PHRASES_H

#include "cli/json.h"

enum phrase_kind {
  PHRASE_POLICY = 1,
  PHRASE_OUTCOME,
  PHRASE_REASON,
  PHRASE_FACT,
  PHRASE_ASSUMPTION,
  PHRASE_POSSIBLE
};

// What a piece is made of: its kind, and addresses of texts or of an artifact, which live as long, or numbers.
struct phrase_key {
  uint64_t kind, of[4];
};
struct phrase {
  struct phrase_key key; // kind 0: empty
  size_t at, length;
};
enum { PHRASES = 256 };
struct phrases {
  struct buffer text;
  size_t count;
  struct phrase table[PHRASES];
};
void phrases_free(struct phrases *t);

static inline bool phrase_same(const struct phrase_key *a, const struct phrase_key *b) {
  return ((a->kind ^ b->kind) | (a->of[0] ^ b->of[0]) | (a->of[1] ^ b->of[1]) |
          (a->of[2] ^ b->of[2]) | (a->of[3] ^ b->of[3])) == 0;
}

// The slot that holds the key, or the empty one for it; the table is never full.
static inline size_t phrase_slot(const struct phrases *t, const struct phrase_key *key) {
  uint64_t sum = key->kind + key->of[0] * 3 + key->of[1] * 5 + key->of[2] * 7 + key->of[3] * 9;
  size_t slot = (size_t)(sum * UINT64_C(0x9e3779b97f4a7c15) >> 32) % PHRASES;
  while (t->table[slot].key.kind && !phrase_same(&t->table[slot].key, key))
    slot = (slot + 1) % PHRASES;
  return slot;
}

// Puts the piece, if it was kept. False: write it, and then have it kept.
static inline bool phrase_put(const struct phrases *t, const struct phrase_key *key,
                              struct json_writer *w) {
  const struct phrase *p = &t->table[phrase_slot(t, key)];
  if (!p->key.kind) return false;
  json_raw(w, t->text.data + p->at, p->length);
  return true;
}
// Keeps what was written since `*w->out` was `start` long; a comma in front is not part of it.
void phrase_keep(struct phrases *t, const struct phrase_key *key, const struct json_writer *w,
                 size_t start);

#endif
