// SPDX-License-Identifier: Apache-2.0
//
// A hash table of pieces of JSON; see phrases.h.
#include "cli/phrases.h"

static size_t slot_of(const struct phrase_key *key) {
  uint64_t hash = key->kind;
  for (int i = 0; i < 4; i++) hash = (hash ^ key->of[i]) * UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(hash >> 32) % PHRASES;
}

static bool same_key(const struct phrase_key *a, const struct phrase_key *b) {
  return a->kind == b->kind && a->of[0] == b->of[0] && a->of[1] == b->of[1] &&
         a->of[2] == b->of[2] && a->of[3] == b->of[3];
}

// The slot that holds the key, or the empty one for it; the table is never full.
static size_t find(const struct phrases *t, const struct phrase_key *key) {
  size_t slot = slot_of(key);
  while (t->table[slot].key.kind && !same_key(&t->table[slot].key, key))
    slot = (slot + 1) % PHRASES;
  return slot;
}

bool phrase_put(const struct phrases *t, const struct phrase_key *key, struct json_writer *w) {
  const struct phrase *p = &t->table[find(t, key)];
  if (!p->key.kind) return false;
  json_raw(w, t->text.data + p->at, p->length);
  return true;
}

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
  t->table[find(t, key)] = p;
  t->count++;
}

void phrases_free(struct phrases *t) {
  forget(t);
  buffer_free(&t->text);
}
