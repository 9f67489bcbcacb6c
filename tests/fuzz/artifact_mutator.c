// SPDX-License-Identifier: Apache-2.0
//
// See artifact_mutator.h.
#include "artifact_mutator.h"

#include "mutator_parts.h"

#include "vm/bounds.h"
#include "vm/image.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SECTIONS = 64 };

struct section {
  uint32_t id, count, record, records;
  uint64_t length;
  uint8_t *bytes;
};

struct image {
  uint32_t count;
  struct section sections[MOST_SECTIONS];
};

// ------------------------------------------------------------------ apart and together

static uint32_t record_bytes(uint32_t id) {
#define RECORD(name, number, bytes, ...) \
  if (id == (number)) return (bytes);
  SOC_SECTIONS(RECORD)
#undef RECORD
  return 1;
}

static int take_apart(struct image *image, const uint8_t *data, size_t size) {
  if (size < SOC_HEADER_BYTES) return 0;
  image->count = (uint32_t)get(data + 12, 4);
  if (image->count == 0 || image->count > MOST_SECTIONS) return 0;
  if (SOC_HEADER_BYTES + (size_t)image->count * SOC_SECTION_ENTRY_BYTES > size) return 0;
  for (uint32_t i = 0; i < image->count; i++) {
    const uint8_t *entry = data + SOC_HEADER_BYTES + (size_t)i * SOC_SECTION_ENTRY_BYTES;
    uint64_t offset = get(entry + 8, 8);
    struct section *s = &image->sections[i];
    s->id = (uint32_t)get(entry, 4);
    s->count = (uint32_t)get(entry + 4, 4);
    s->length = get(entry + 16, 8);
    s->record = record_bytes(s->id);
    s->records =
        (uint32_t)(s->length / s->record); // what the table calls the count may be anything
    if (offset > size || s->length > size - offset) return 0;
  }
  for (uint32_t i = 0; i < image->count; i++) {
    const uint8_t *entry = data + SOC_HEADER_BYTES + (size_t)i * SOC_SECTION_ENTRY_BYTES;
    struct section *s = &image->sections[i];
    s->bytes = malloc(s->length + 256);
    if (s->bytes == NULL) abort();
    memset(s->bytes, 0, s->length + 256);
    memcpy(s->bytes, data + get(entry + 8, 8), s->length);
  }
  return 1;
}

static size_t put_together(const struct image *image, uint8_t *data, size_t max_size) {
  size_t at = SOC_HEADER_BYTES + (size_t)image->count * SOC_SECTION_ENTRY_BYTES;
  for (uint32_t i = 0; i < image->count; i++) {
    const struct section *s = &image->sections[i];
    while (at % 8 != 0 && at < max_size) data[at++] = 0;
    if (at + s->length > max_size) return 0;
    uint8_t *entry = data + SOC_HEADER_BYTES + (size_t)i * SOC_SECTION_ENTRY_BYTES;
    set(entry, s->id, 4);
    set(entry + 4, s->count, 4);
    set(entry + 8, at, 8);
    set(entry + 16, s->length, 8);
    if (s->length) memcpy(data + at, s->bytes, s->length);
    at += s->length;
  }
  set(data + 16, at, 8);
  return at;
}

// The bounds are worked out by the verifier itself, as the emitter does.
static void mend_bounds(uint8_t *data, size_t size) {
  enum { POLICY = 1 }; // in the table of sections
  soc_bounds bounds;
  if (soc_image_bounds(data, size, &bounds, NULL) != SOC_OK) return;
  const uint8_t *entry = data + SOC_HEADER_BYTES + POLICY * SOC_SECTION_ENTRY_BYTES;
  soc_bounds_store(data + get(entry + 8, 8), &bounds);
}

// ------------------------------------------------------------------ changes

static uint8_t *record(const struct section *s, uint32_t index) {
  return s->bytes + (size_t)index * s->record;
}

// A field of a record becomes small, large or that of another record.
static void change_field(struct section *s, struct dice *d) {
  uint8_t *r = record(s, roll(d, s->records));
  uint32_t width = 1u << roll(d, 4);
  if (width > s->record) width = s->record;
  uint32_t at = roll(d, s->record / width) * width;
  switch (roll(d, 5)) {
  case 0: set(r + at, get(r + at, (int)width) + 1, (int)width); break;
  case 1: set(r + at, get(r + at, (int)width) - 1, (int)width); break;
  case 2: set(r + at, roll(d, 64), (int)width); break;
  case 3: memcpy(r + at, record(s, roll(d, s->records)) + at, width); break;
  default: r[roll(d, s->record)] ^= (uint8_t)(1u << roll(d, 8)); break;
  }
}

static void swap_records(struct section *s, struct dice *d) {
  uint8_t *a = record(s, roll(d, s->records)), *b = record(s, roll(d, s->records));
  for (uint32_t i = 0; i < s->record; i++) {
    uint8_t byte = a[i];
    a[i] = b[i];
    b[i] = byte;
  }
}

static void repeat_record(struct section *s, struct dice *d) {
  uint32_t at = roll(d, s->records);
  if (s->record > 256) return;
  memmove(record(s, at) + s->record, record(s, at), (size_t)(s->records - at) * s->record);
  s->records++;
  s->count++;
  s->length += s->record;
}

static void drop_record(struct section *s, struct dice *d) {
  uint32_t at = roll(d, s->records);
  memmove(record(s, at), record(s, at) + s->record, (size_t)(s->records - at - 1) * s->record);
  s->records--;
  s->count--;
  s->length -= s->record;
}

static void change(struct section *s, struct dice *d, mutate_bytes *mutate) {
  if (s->records == 0) return;
  switch (roll(d, 12)) {
  case 0: repeat_record(s, d); break;
  case 1: drop_record(s, d); break;
  case 2: swap_records(s, d); break;
  case 3: (void)mutate(s->bytes, s->length, s->length); break;
  default: change_field(s, d); break;
  }
}

static size_t mutate_records(uint8_t *data, size_t size, size_t max_size, struct dice *dice,
                             mutate_bytes *mutate) {
  struct image image;
  if (!take_apart(&image, data, size)) return 0;
  for (uint32_t n = 1 + roll(dice, 3); n > 0; n--)
    change(&image.sections[roll(dice, image.count)], dice, mutate);
  size_t length = put_together(&image, data, max_size);
  if (length) mend_bounds(data, length);
  for (uint32_t i = 0; i < image.count; i++) free(image.sections[i].bytes);
  return length;
}

// Mostly changes of meaning, one to three; one in sixteen becomes one of records, which the loader mostly refuses.
size_t artifact_mutate(uint8_t *data, size_t size, size_t max_size, unsigned seed,
                       mutate_bytes *mutate) {
  struct dice dice = {seed};
  struct artifact a = {data, size, max_size, false};
  if (!artifact_has_sections(&a) || roll(&dice, 16) == 0)
    return mutate_records(data, size, max_size, &dice, mutate);
  for (uint32_t n = 1 + roll(&dice, 3); n > 0; n--) artifact_change_meaning(&a, &dice);
  if (a.other_bounds) mend_bounds(data, a.size);
  return a.size;
}
