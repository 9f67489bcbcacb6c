// SPDX-License-Identifier: Apache-2.0
//
// A hash table of pieces of JSON; see phrases.h. A piece stands in one place with its key, since most of the time goes
// into fetching it from memory.
#include "cli/phrases.h"

#include <assert.h>
#include <stdlib.h>

#if defined(__GNUC__)
#define FETCH(at) __builtin_prefetch(at)
#else
#define FETCH(at) ((void)(at))
#endif

enum { ALIGNMENT = 8 };

struct phrases *phrases_new(void) {
  return calloc(1, sizeof(struct phrases));
}

void phrases_free(struct phrases *t) {
  if (!t) return;
  buffer_free(&t->pieces);
  free(t);
}

static void forget(struct phrases *t) {
  memset(t->table, 0, sizeof t->table);
  t->count = t->kept = 0;
}

// Every bit of a key reaches the highest ones, which choose the slot.
uint64_t phrase_hash(struct phrase_key key) {
  const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
  uint64_t hash = (key.kind ^ key.owner << 8) * factor;
  for (uint32_t i = 0; i < key.count; i++) hash = ((hash ^ hash >> 32) + key.words[i]) * factor;
  return (hash ^ hash >> 32) * factor;
}

static size_t first_slot(uint64_t hash) {
  return (size_t)(hash >> 49);
}
static_assert(PHRASES == 1 << 15, "slots are chosen by 15 bits");

// The bits behind those, and where the piece begins.
static uint64_t entry_of(uint64_t hash, size_t at) {
  return hash >> 17 << 32 | (uint32_t)(at + 1);
}

static const struct phrase *piece_at(const struct phrases *t, size_t at) {
  return (const struct phrase *)(const void *)(t->pieces.data + at);
}

static struct phrase *last_piece(struct phrases *t) {
  return (struct phrase *)(void *)(t->pieces.data + t->kept);
}

static bool is_kept_by(const struct phrase *p, struct phrase_key key) {
  const uint64_t *words = (const uint64_t *)(const void *)(p + 1);
  uint64_t different = (p->kind ^ key.kind) | (p->owner ^ key.owner) | (p->words ^ key.count);
  for (uint32_t i = 0; i < key.count && !different; i++) different = words[i] ^ key.words[i];
  return !different;
}

const struct phrase *phrase_find_by(const struct phrases *t, struct phrase_key key, uint64_t hash) {
  uint64_t entry, half = entry_of(hash, 0) >> 32;
  if (key.count == 0) return NULL;
  for (size_t slot = first_slot(hash); (entry = t->table[slot]); slot = (slot + 1) % PHRASES) {
    const struct phrase *p = piece_at(t, (uint32_t)entry - 1u);
    if (entry >> 32 == half && is_kept_by(p, key)) return p;
  }
  return NULL;
}

const struct phrase *phrase_find(const struct phrases *t, struct phrase_key key) {
  return phrase_find_by(t, key, phrase_hash(key));
}

void phrase_expect(const struct phrases *t, uint64_t hash) {
  FETCH(&t->table[first_slot(hash)]);
}

void phrase_fetch(const struct phrases *t, uint64_t hash) {
  enum { CACHE_LINE = 64, LINES = 4 }; // the processor finds out by itself what is behind them
  uint64_t entry = t->table[first_slot(hash)];
  if (!entry) return;
  const char *piece = t->pieces.data + ((uint32_t)entry - 1u);
  for (size_t i = 0; i < LINES; i++) FETCH(piece + i * CACHE_LINE);
}

// What follows the last piece that was kept is one that was not.
void phrase_begin(struct phrases *t, struct phrase_key key) {
  if (t->count >= PHRASES / 2 || t->kept >= PHRASE_BYTES) forget(t);
  struct phrase p = {.kind = key.kind, .owner = key.owner, .words = key.count};
  t->pieces.length = t->kept;
  buffer_append(&t->pieces, (const char *)&p, sizeof p);
  buffer_append(&t->pieces, (const char *)key.words, key.count * sizeof *key.words);
  t->hash = phrase_hash(key);
}

static uint32_t length_since(const struct phrases *t, size_t at) {
  return (uint32_t)(t->pieces.length - t->kept - at);
}

void phrase_text(struct phrases *t) {
  if (!t->pieces.failed) last_piece(t)->at = length_since(t, 0);
}

void phrase_second(struct phrases *t) {
  if (!t->pieces.failed) last_piece(t)->head = length_since(t, last_piece(t)->at);
}

void phrase_mark(struct phrases *t, uint64_t mark) {
  if (!t->pieces.failed) last_piece(t)->mark = mark;
}

static void enter(struct phrases *t, size_t at) {
  size_t slot = first_slot(t->hash);
  while (t->table[slot]) slot = (slot + 1) % PHRASES; // it is never full
  t->table[slot] = entry_of(t->hash, at);
  t->count++;
}

const struct phrase *phrase_keep(struct phrases *t) {
  static const char padding[ALIGNMENT];
  if (t->pieces.failed) return NULL;
  size_t at = t->kept;
  struct phrase *p = last_piece(t);
  p->length = length_since(t, p->at);
  if (p->words == 0) return p;
  buffer_append(&t->pieces, padding, (ALIGNMENT - t->pieces.length % ALIGNMENT) % ALIGNMENT);
  if (t->pieces.failed) return NULL;
  t->kept = t->pieces.length;
  enter(t, at);
  return piece_at(t, at);
}
