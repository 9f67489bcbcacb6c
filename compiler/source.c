// SPDX-License-Identifier: Apache-2.0
//
// See source.h. Where lines end is counted when a text is added, for short stretches of it: sources are short beside
// their trees, and looking a place up then needs no memory, so that an out-of-memory compilation can still say where it
// stood.
#include "compiler/source.h"

#include <string.h>

void sources_init(struct sources *s, struct arena *arena) {
  *s = (struct sources){.arena = arena};
}

static bool count_lines(struct arena *arena, struct source *source) {
  uint32_t stretches = source->length / SOURCE_STRETCH + 1, next = 0, lines = 0;
  const char *end = source->text + source->length;
  source->lines_before = ARENA_ARRAY(arena, uint32_t, stretches);
  if (source->lines_before == NULL) return false;
  for (const char *at = source->text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) {
    uint32_t stretch = (uint32_t)(at - source->text) / SOURCE_STRETCH;
    while (next <= stretch) source->lines_before[next++] = lines;
    lines++;
  }
  while (next < stretches) source->lines_before[next++] = lines;
  return true;
}

static bool make_room(struct sources *s) {
  if (s->count < s->capacity) return true;
  uint32_t capacity = s->capacity == 0 ? 8 : s->capacity * 2;
  struct source *items = arena_grow(s->arena, s->items, s->count, capacity, sizeof(struct source));
  if (items == NULL) return false;
  s->items = items;
  s->capacity = capacity;
  return true;
}

bool sources_add(struct sources *s, const char *text, size_t length, const char *place,
                 uint32_t *index) {
  if (!make_room(s)) return false;
  struct str copy = arena_copy(s->arena, text, length);
  struct str name = arena_copy(s->arena, place, strlen(place));
  if (copy.data == NULL || name.data == NULL) return false;
  struct source source = {.text = copy.data, .length = copy.length, .place = name.data};
  if (!count_lines(s->arena, &source)) return false;
  *index = s->count;
  s->items[s->count++] = source;
  return true;
}

// ------------------------------------------------------------------ places

static uint32_t at_most(uint32_t value, uint32_t bound) {
  return value < bound ? value : bound;
}

uint32_t sources_line(const struct sources *s, struct span span) {
  const struct source *source = &s->items[span.file];
  uint32_t offset = at_most(span.start, source->length), stretch = offset / SOURCE_STRETCH;
  uint32_t line = 1 + source->lines_before[stretch];
  const char *at = source->text + (size_t)stretch * SOURCE_STRETCH, *end = source->text + offset;
  for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) line++;
  return line;
}

static uint32_t line_start(const struct source *source, uint32_t offset) {
  while (offset > 0 && source->text[offset - 1] != '\n') offset--;
  bool mark = offset == 0 && source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0;
  return mark ? 3 : offset;
}

static uint32_t line_end(const struct source *source, uint32_t start) {
  const char *from = source->text + start, *end = memchr(from, '\n', source->length - start);
  uint32_t at = end != NULL ? (uint32_t)(end - source->text) : source->length;
  return at > start && source->text[at - 1] == '\r' ? at - 1 : at;
}

struct source_place sources_place(const struct sources *s, struct span span) {
  const struct source *source = &s->items[span.file];
  uint32_t offset = at_most(span.start, source->length);
  uint32_t start = line_start(source, offset), end = line_end(source, start);
  uint32_t mark = at_most(offset < start ? start : offset, end);
  uint32_t mark_end = at_most(span.end, end);
  struct source_place place = {
      .name = source->place,
      .line = sources_line(s, span),
      .column = 1 + utf8_count(source->text + start, source->text + mark),
      .line_text = source->text + start,
      .line_length = end - start,
      .mark_length = mark_end > mark ? utf8_count(source->text + mark, source->text + mark_end) : 1,
  };
  return place;
}

struct str sources_text(const struct sources *s, struct span span) {
  const struct source *source = &s->items[span.file];
  uint32_t end = at_most(span.end, source->length), start = at_most(span.start, end);
  struct str text = {source->text + start, end - start};
  return text;
}

// ------------------------------------------------------------------ words

bool str_equal(struct str a, struct str b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

struct str str_of(const char *text) {
  struct str s = {text, (uint32_t)strlen(text)};
  return s;
}

bool str_is(struct str a, const char *text) {
  return str_equal(a, str_of(text));
}

int str_order(struct str a, struct str b) {
  uint32_t shorter = at_most(a.length, b.length);
  int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
  if (order != 0) return order;
  return a.length < b.length ? -1 : a.length > b.length;
}

// ------------------------------------------------------------------ UTF-8

// By the table of well-formed byte sequences of the Unicode standard (3-7): the second byte's range
// depends on the first, which rules out overlong forms, surrogates and anything above U+10FFFF.
uint32_t utf8_length(const char *at, const char *end) {
  const unsigned char *p = (const unsigned char *)at;
  size_t left = (size_t)(end - at);
  unsigned char low = 0x80, high = 0xBF;
  uint32_t length = p[0] < 0x80   ? 1
                    : p[0] < 0xC2 ? 0
                    : p[0] < 0xE0 ? 2
                    : p[0] < 0xF0 ? 3
                    : p[0] < 0xF5 ? 4
                                  : 0;
  if (length < 2 || length > left) return length > left ? 0 : length;
  if (p[0] == 0xE0)
    low = 0xA0;
  else if (p[0] == 0xED)
    high = 0x9F;
  else if (p[0] == 0xF0)
    low = 0x90;
  else if (p[0] == 0xF4)
    high = 0x8F;
  if (p[1] < low || p[1] > high) return 0;
  for (uint32_t i = 2; i < length; i++)
    if ((p[i] & 0xC0) != 0x80) return 0;
  return length;
}

uint32_t utf8_count(const char *at, const char *end) {
  uint32_t count = 0;
  while (at < end) {
    uint32_t length = utf8_length(at, end);
    at += length > 0 ? length : 1;
    count++;
  }
  return count;
}
