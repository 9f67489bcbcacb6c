// SPDX-License-Identifier: Apache-2.0
//
// Sections of an artifact under construction: bytes in little-endian order, strings stored once, and the final
// layout with its behaviour digest. Knows the container of vm/image.h and nothing of programs; see emit_image.c.
#ifndef SOC_COMPILER_IMAGE_WRITE_H
#define SOC_COMPILER_IMAGE_WRITE_H

#include "compiler/sema.h"
#include "vm/image.h"

enum section {
#define SECTION(name, ...) SECTION_##name,
  SOC_SECTIONS(SECTION)
#undef SECTION
      SECTION_COUNT
};

// A section grows by pieces, so that nothing is copied before the layout is known.
struct piece {
  struct piece *next;
  uint8_t *bytes;
  size_t length, capacity;
};

struct image {
  struct arena *arena;
  struct {
    struct piece *first, *last;
    size_t length;
  } sections[SECTION_COUNT];
  struct names names, words;    // strings of NAMES and WORDING by their text
  struct vec name_at, words_at; // uint32_t: their offsets
  bool failed;                  // out of memory, or larger than 32 bits can say
};

void image_init(struct image *image, struct arena *arena);

void put_u8(struct image *image, enum section section, uint8_t value);
void put_u16(struct image *image, enum section section, uint32_t value); // asserts that it fits
void put_u32(struct image *image, enum section section, uint32_t value);
void put_u64(struct image *image, enum section section, uint64_t value);
void put_i32(struct image *image, enum section section, int32_t value);
void put_i64(struct image *image, enum section section, int64_t value);
void put_bytes(struct image *image, enum section section, const void *bytes, size_t length);

uint32_t image_name(struct image *image, struct str text); // offset in NAMES
uint32_t image_words(struct image *image,
                     struct str text); // in WORDING; SOC_NONE32 for an empty text
uint32_t image_count(const struct image *image, enum section section); // records so far

// Lays everything out and works out bounds and behaviour digest. NULL: memory is out or the artifact is refused by
// the loader's own checks; `error` then says why (code NULL: memory).
uint8_t *image_finish(struct image *image, uint32_t language, size_t *length, soc_error *error);

#endif
