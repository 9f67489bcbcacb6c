// SPDX-License-Identifier: Apache-2.0
//
// A hash table of pieces of JSON; see phrases.h.
#include "cli/phrases.h"

static void forget(struct phrases *t) {
  memset(t->table, 0, sizeof t->table);
  buffer_clear(&t->text);
  t->count = 0;
}

void phrase_keep(struct phrases *t, const struct phrase_key *key, const struct json_writer *w,
                 size_t start) {
  const struct buffer *out = w->out;
  if (out->failed || w->failed || out->length <= start) return;
  if (t->count == PHRASES / 2) forget(t);
  if (out->data[start] == ',') start++;
  struct phrase p = {*key, t->text.length, out->length - start};
  if (!buffer_append(&t->text, out->data + start, p.length)) {
    phrases_free(t); // written anew each time
    return;
  }
  t->table[phrase_slot(t, key)] = p;
  t->count++;
}

void phrases_free(struct phrases *t) {
  forget(t);
  buffer_free(&t->text);
}
