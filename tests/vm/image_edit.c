// SPDX-License-Identifier: Apache-2.0
//
// See image_edit.h.
#include "image_edit.h"

#include <stdlib.h>
#include <string.h>

#include "vm/image.h"

static const struct {
  const char *name;
  uint32_t id;
  size_t bytes;
} shapes[] = {
#define SECTION(name, id, bytes, ...) {#name, id, bytes},
    SOC_SECTIONS(SECTION)
#undef SECTION
};

enum { SHAPE_COUNT = sizeof shapes / sizeof *shapes };

uint64_t get_number(const uint8_t *at, size_t width) {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;) {
    value = value << 8 | at[i];
  }
  return value;
}

void set_number(uint8_t *at, size_t width, uint64_t value) {
  for (size_t i = 0; i < width; i++) {
    at[i] = (uint8_t)(value >> 8 * i);
  }
}

uint32_t section_id(const char *name) {
  for (size_t i = 0; i < SHAPE_COUNT; i++) {
    if (strcmp(shapes[i].name, name) == 0) {
      return shapes[i].id;
    }
  }
  return 0;
}

size_t section_record_bytes(uint32_t id) {
  for (size_t i = 0; i < SHAPE_COUNT; i++) {
    if (shapes[i].id == id) {
      return shapes[i].bytes;
    }
  }
  return 1;
}

static uint8_t *entry_number(image im, size_t i) {
  return im.bytes + SOC_HEADER_BYTES + i * SOC_SECTION_ENTRY_BYTES;
}

static size_t section_count(image im) {
  return (size_t)get_number(im.bytes + 12, 4);
}

uint8_t *section_entry(image im, uint32_t id) {
  for (size_t i = 0; i < section_count(im); i++) {
    if (get_number(entry_number(im, i), 4) == id) {
      return entry_number(im, i);
    }
  }
  return NULL;
}

uint8_t *section_record(image im, uint32_t id, size_t record) {
  uint64_t offset = get_number(section_entry(im, id) + 8, 8);
  return im.bytes + offset + record * section_record_bytes(id);
}

static image zeros(size_t length) {
  image im = {calloc(1, length ? length : 1), length};
  if (!im.bytes) {
    abort();
  }
  return im;
}

image image_copy(image im) {
  return image_longer(im, 0);
}

image image_longer(image im, size_t by) {
  image out = zeros(im.length + by);
  memcpy(out.bytes, im.bytes, im.length);
  if (by > 0) {
    set_number(out.bytes + 16, 8, out.length);
  }
  return out;
}

image image_shorter(image im, size_t length) {
  image out = zeros(length);
  memcpy(out.bytes, im.bytes, length);
  return out;
}

typedef struct section {
  uint32_t id, count;
  const uint8_t *bytes;
  size_t length;
} section;

static section section_number(image im, size_t i) {
  const uint8_t *entry = entry_number(im, i);
  return (section){(uint32_t)get_number(entry, 4), (uint32_t)get_number(entry + 4, 4),
                   im.bytes + get_number(entry + 8, 8), (size_t)get_number(entry + 16, 8)};
}

// Appends a section to `out`, whose length is where the one before ends.
static void append(image *out, size_t number, section s) {
  uint8_t *entry = entry_number(*out, number);
  out->length = (out->length + 7) / 8 * 8;
  set_number(entry, 4, s.id);
  set_number(entry + 4, 4, s.count);
  set_number(entry + 8, 8, out->length);
  set_number(entry + 16, 8, s.length);
  if (s.length > 0) {
    memcpy(out->bytes + out->length, s.bytes, s.length);
  }
  out->length += s.length;
}

// A header alone, with room for everything.
static image begin(image im, size_t sections, size_t more) {
  image out = zeros(im.length + more + SOC_SECTION_ENTRY_BYTES + 16);
  memcpy(out.bytes, im.bytes, SOC_HEADER_BYTES);
  set_number(out.bytes + 12, 4, sections);
  out.length = SOC_HEADER_BYTES + sections * SOC_SECTION_ENTRY_BYTES;
  return out;
}

image image_with_section(image im, uint32_t id, const uint8_t *bytes, size_t length,
                         uint32_t count) {
  image out = begin(im, section_count(im), length);
  for (size_t i = 0; i < section_count(im); i++) {
    section s = section_number(im, i);
    append(&out, i, s.id == id ? (section){id, count, bytes, length} : s);
  }
  set_number(out.bytes + 16, 8, out.length);
  return out;
}

image image_with_new_section(image im, uint32_t id) {
  static const uint8_t content[6] = {0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a};
  const section new = {id, 3, content, sizeof content};
  size_t count = section_count(im), place = 0;
  while (place < count && section_number(im, place).id < id) {
    place++;
  }
  image out = begin(im, count + 1, sizeof content);
  for (size_t i = 0; i <= count; i++) {
    append(&out, i, i == place ? new : section_number(im, i - (i > place)));
  }
  set_number(out.bytes + 16, 8, out.length);
  return out;
}
