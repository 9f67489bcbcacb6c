// SPDX-License-Identifier: Apache-2.0
//
// A hash table of pieces of JSON; see phrases.h.
#include "cli/phrases.h"

#include <stdlib.h>

struct phrases *phrases_new(void) {
  return calloc(1, sizeof(struct phrases));
}

void phrases_free(struct phrases *t) {
  if (!t) return;
  buffer_free(&t->text);
  buffer_free(&t->keys);
  free(t);
}

static void forget(struct phrases *t) {
  memset(t->table, 0, sizeof t->table);
  buffer_clear(&t->text);
  buffer_clear(&t->keys);
  t->count = t->kept = 0;
}

static uint64_t hash_of(struct phrase_key key) {
  uint64_t sum = key.count, pair;
  for (uint32_t i = 0; i + 1 < key.count; i += 2) {
    memcpy(&pair, key.words + i, sizeof pair);
    sum = (sum ^ pair) * UINT64_C(0x9e3779b97f4a7c15);
    sum ^= sum >> 32;
  }
  if (key.count % 2) sum = (sum ^ key.words[key.count - 1]) * UINT64_C(0x9e3779b97f4a7c15);
  return (sum ^ sum >> 32) | 1;
}

static bool is_kept_by(const struct phrases *t, const struct phrase *p, struct phrase_key key) {
  return p->words == key.count &&
         memcmp(t->keys.data + p->key, key.words, key.count * sizeof *key.words) == 0;
}

// The slot that holds the key, or the empty one for it; the table is never full.
static size_t slot_of(const struct phrases *t, struct phrase_key key, uint64_t hash) {
  size_t slot = (size_t)(hash >> 8) % PHRASES;
  while (t->table[slot].hash &&
         (t->table[slot].hash != hash || !is_kept_by(t, &t->table[slot], key)))
    slot = (slot + 1) % PHRASES;
  return slot;
}

const struct phrase *phrase_find(const struct phrases *t, struct phrase_key key) {
  if (key.count == 0) return NULL;
  const struct phrase *p = &t->table[slot_of(t, key, hash_of(key))];
  return p->hash ? p : NULL;
}

// What follows the last piece that was kept is one that was not.
struct phrase phrase_begin(struct phrases *t) {
  if (t->count >= PHRASES / 2 || t->kept >= PHRASE_BYTES) forget(t);
  t->text.length = t->kept;
  return (struct phrase){.at = t->kept};
}

void phrase_keep(struct phrases *t, struct phrase_key key, struct phrase *p) {
  p->length = t->text.length - p->at;
  if (t->text.failed || key.count == 0) return;
  p->hash = hash_of(key);
  p->words = key.count;
  p->key = (uint32_t)t->keys.length;
  if (!buffer_append(&t->keys, (const char *)key.words, key.count * sizeof *key.words)) return;
  t->kept = t->text.length;
  t->table[slot_of(t, key, p->hash)] = *p;
  t->count++;
}
