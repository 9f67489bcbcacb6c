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
enum { PHRASES = 512 };
struct phrases {
  struct buffer text;
  size_t count;
  struct phrase table[PHRASES];
};
void phrases_free(struct phrases *t);

// Puts the piece, if it was kept. False: write it, and then have it kept.
bool phrase_put(const struct phrases *t, const struct phrase_key *key, struct json_writer *w);
// Keeps what was written since `*w->out` was `start` long; a comma in front is not part of it.
void phrase_keep(struct phrases *t, const struct phrase_key *key, const struct json_writer *w,
                 size_t start);

#endif
