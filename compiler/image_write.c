// SPDX-License-Identifier: Apache-2.0
//
// See image_write.h.
#include "compiler/image_write.h"

#include <assert.h>
#include <string.h>

#include "compiler/digest.h"
#include "vm/bounds.h"

static const struct {
  uint32_t id, record;
} shapes[SECTION_COUNT] = {
#define SECTION(name, id, bytes, ...) {id, bytes},
    SOC_SECTIONS(SECTION)
#undef SECTION
};

enum { HEADER_DIGEST = 32, FIRST_PIECE = 256, MOST_PIECE = 1024 * 1024 };

void image_init(struct image *image, struct arena *arena) {
  *image = (struct image){.arena = arena};
  names_init(&image->names, arena);
  names_init(&image->words, arena);
}

// ------------------------------------------------------------------ bytes

static struct piece *add_piece(struct image *image, enum section section, size_t length) {
  struct piece *last = image->sections[section].last,
               *piece = ARENA_NEW(image->arena, struct piece);
  size_t capacity = last == NULL                  ? FIRST_PIECE
                    : last->capacity < MOST_PIECE ? last->capacity * 2
                                                  : MOST_PIECE;
  if (capacity < length) capacity = length;
  uint8_t *bytes = arena_alloc(image->arena, capacity);
  if (piece == NULL || bytes == NULL) return NULL;
  *piece = (struct piece){.bytes = bytes, .capacity = capacity};
  if (last == NULL)
    image->sections[section].first = piece;
  else
    last->next = piece;
  return image->sections[section].last = piece;
}

static struct piece *new_room(struct image *image, enum section section, size_t length) {
  bool fits =
      !image->failed && length <= UINT32_MAX - MOST_PIECE &&
      image->sections[section].length <= UINT32_MAX - MOST_PIECE - length; // when it is full, too
  struct piece *piece = fits ? add_piece(image, section, length) : NULL;
  image->failed |= piece == NULL;
  return piece;
}

static inline uint8_t *room(struct image *image, enum section section, size_t length) {
  struct piece *piece = image->sections[section].last;
  if (piece == NULL || length > piece->capacity - piece->length) {
    piece = new_room(image, section, length);
    if (piece == NULL) return NULL;
  }
  uint8_t *at = piece->bytes + piece->length;
  piece->length += length;
  image->sections[section].length += length;
  return at;
}

static inline void store(uint8_t *at, uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static inline void put(struct image *image, enum section section, uint64_t value, unsigned width) {
  uint8_t *at = room(image, section, width);
  if (at != NULL) store(at, value, width);
}

void put_u8(struct image *image, enum section section, uint8_t value) {
  put(image, section, value, 1);
}

void put_u16(struct image *image, enum section section, uint32_t value) {
  assert(value <= UINT16_MAX);
  put(image, section, value, 2);
}

void put_u32(struct image *image, enum section section, uint32_t value) {
  put(image, section, value, 4);
}
void put_u64(struct image *image, enum section section, uint64_t value) {
  put(image, section, value, 8);
}
void put_i32(struct image *image, enum section section, int32_t value) {
  put(image, section, (uint32_t)value, 4);
}
void put_i64(struct image *image, enum section section, int64_t value) {
  put(image, section, (uint64_t)value, 8);
}

void put_bytes(struct image *image, enum section section, const void *bytes, size_t length) {
  uint8_t *at = room(image, section, length);
  if (at != NULL && length > 0) memcpy(at, bytes, length);
}

uint32_t image_count(const struct image *image, enum section section) {
  return (uint32_t)(image->sections[section].length / shapes[section].record);
}

// ------------------------------------------------------------------ strings

static uint32_t string(struct image *image, enum section section, struct names *table,
                       struct vec *offsets, struct str text) {
  uint32_t before = table->all.count;
  const struct symbol *symbol = names_add(table, text);
  if (symbol == NULL) {
    image->failed = true;
    return 0;
  }
  if (table->all.count == before) return *VEC_AT(*offsets, uint32_t, symbol->number);
  uint32_t offset = (uint32_t)image->sections[section].length;
  uint32_t *place = vec_add(image->arena, offsets, sizeof *place);
  if (place == NULL) {
    image->failed = true;
    return 0;
  }
  *place = offset;
  put_bytes(image, section, text.data, text.length);
  put_u8(image, section, 0);
  return offset;
}

uint32_t image_name(struct image *image, struct str text) {
  return string(image, SECTION_NAMES, &image->names, &image->name_at, text);
}

uint32_t image_words(struct image *image, struct str text) {
  if (text.length == 0) return SOC_NONE32;
  return string(image, SECTION_WORDING, &image->words, &image->words_at, text);
}

// ------------------------------------------------------------------ layout

static size_t aligned(size_t at) {
  return (at + 7) / 8 * 8;
}

static size_t layout(const struct image *image, size_t offsets[SECTION_COUNT]) {
  size_t at = SOC_HEADER_BYTES + SECTION_COUNT * SOC_SECTION_ENTRY_BYTES;
  for (int i = 0; i < SECTION_COUNT; i++) {
    offsets[i] = aligned(at);
    at = offsets[i] + image->sections[i].length;
  }
  return at;
}

static void write_header(uint8_t *out, uint32_t language, size_t length) {
  memcpy(out, SOC_IMAGE_MAGIC, 8);
  store(out + 8, SOC_IMAGE_FORMAT, 2);
  store(out + 10, language, 2);
  store(out + 12, SECTION_COUNT, 4);
  store(out + 16, length, 8);
}

static void write_sections(const struct image *image, uint8_t *out,
                           const size_t offsets[SECTION_COUNT]) {
  for (int i = 0; i < SECTION_COUNT; i++) {
    uint8_t *entry = out + SOC_HEADER_BYTES + (size_t)i * SOC_SECTION_ENTRY_BYTES;
    size_t bytes = image->sections[i].length;
    store(entry, shapes[i].id, 4);
    store(entry + 4, image_count(image, (enum section)i), 4);
    store(entry + 8, offsets[i], 8);
    store(entry + 16, bytes, 8);
    uint8_t *to = out + offsets[i];
    for (const struct piece *p = image->sections[i].first; p != NULL; to += p->length, p = p->next)
      memcpy(to, p->bytes, p->length);
  }
}

// The image as it stands is checked as the loader will, which also tells the bounds that it must state.
static bool write_bounds(uint8_t *out, size_t length, size_t policy, soc_error *error) {
  soc_bounds bounds;
  if (soc_image_bounds(out, length, &bounds, error) != SOC_OK) return false;
  soc_bounds_store(out + policy, &bounds);
  return true;
}

static void write_digest(const struct image *image, uint8_t *out,
                         const size_t offsets[SECTION_COUNT]) {
  struct digest digest;
  uint8_t head[32], record[16];
  memcpy(head, out, sizeof head);
  memset(head + 12, 0, 12); // the number of sections and the total length depend on wording, too
  digest_begin(&digest);
  digest_add(&digest, head, sizeof head);
  for (int i = 0; i < SECTION_COUNT && shapes[i].id < SOC_FIRST_WORDING_SECTION; i++) {
    store(record, shapes[i].id, 4);
    store(record + 4, image_count(image, (enum section)i), 4);
    store(record + 8, image->sections[i].length, 8);
    digest_add(&digest, record, sizeof record);
    digest_add(&digest, out + offsets[i], image->sections[i].length);
  }
  digest_end(&digest, out + HEADER_DIGEST);
}

uint8_t *image_finish(struct image *image, uint32_t language, size_t *length, soc_error *error) {
  size_t offsets[SECTION_COUNT];
  *error = (soc_error){NULL, "", 0};
  if (image->failed) return NULL;
  *length = layout(image, offsets);
  uint8_t *out = arena_alloc(image->arena, *length);
  if (out == NULL) return NULL;
  write_header(out, language, *length);
  write_sections(image, out, offsets);
  if (!write_bounds(out, *length, offsets[SECTION_POLICY], error)) return NULL;
  write_digest(image, out, offsets);
  return out;
}
