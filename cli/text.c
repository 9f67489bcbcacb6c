// SPDX-License-Identifier: Apache-2.0
//
// Byte buffers, UTF-8 and near names; see text.h.
#include "cli/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTE_MAX = 60, NEAR_MAX = 64 };

bool buffer_grow(struct buffer *b, size_t more) {
  if (b->failed || more > SIZE_MAX / 2 - b->length) {
    b->failed = true;
    return false;
  }
  size_t needed = b->length + more + 1;
  if (needed <= b->capacity) return true;
  size_t capacity = b->capacity < 64 ? 64 : b->capacity;
  while (capacity < needed) capacity += capacity / 2;
  char *data = realloc(b->data, capacity);
  if (!data) {
    b->failed = true;
    return false;
  }
  b->data = data;
  b->capacity = capacity;
  return true;
}

bool buffer_vformat(struct buffer *b, const char *format, va_list args) {
  va_list counting;
  va_copy(counting, args);
  // NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang 14 loses sight of it here
  int length = vsnprintf(NULL, 0, format, counting);
  va_end(counting);
  if (length < 0 || !buffer_reserve(b, (size_t)length)) return false;
  vsnprintf(b->data + b->length, (size_t)length + 1, format, args);
  b->length += (size_t)length;
  return true;
}

bool buffer_format(struct buffer *b, const char *format, ...) {
  va_list args;
  va_start(args, format);
  bool ok = buffer_vformat(b, format, args);
  va_end(args);
  return ok;
}

void buffer_clear(struct buffer *b) {
  b->length = 0;
  if (b->data) b->data[0] = '\0';
}

void buffer_free(struct buffer *b) {
  free(b->data);
  *b = (struct buffer){0};
}

// ---------------------------------------------------------------------------------------- UTF-8

static bool is_tail(unsigned char c) {
  return (c & 0xc0) == 0x80;
}

static size_t three_bytes(const unsigned char *s) {
  if (!is_tail(s[1]) || !is_tail(s[2])) return 0;
  if (s[0] == 0xe0 && s[1] < 0xa0) return 0; // overlong
  if (s[0] == 0xed && s[1] > 0x9f) return 0; // surrogate
  return 3;
}

static size_t four_bytes(const unsigned char *s) {
  if (!is_tail(s[1]) || !is_tail(s[2]) || !is_tail(s[3])) return 0;
  if (s[0] == 0xf0 && s[1] < 0x90) return 0; // overlong
  if (s[0] == 0xf4 && s[1] > 0x8f) return 0; // above U+10FFFF
  return 4;
}

size_t text_character(const char *text, size_t length) {
  const unsigned char *s = (const unsigned char *)text;
  if (length == 0) return 0;
  if (s[0] < 0x80) return 1;
  if (s[0] >= 0xc2 && s[0] <= 0xdf) return length >= 2 && is_tail(s[1]) ? 2 : 0;
  if (s[0] >= 0xe0 && s[0] <= 0xef) return length >= 3 ? three_bytes(s) : 0;
  if (s[0] >= 0xf0 && s[0] <= 0xf4) return length >= 4 ? four_bytes(s) : 0;
  return 0;
}

bool text_valid(const char *text, size_t length) {
  while (length) {
    uint64_t eight;
    if (length >= sizeof eight) {
      memcpy(&eight, text, sizeof eight);
      if (!(eight & UINT64_C(0x8080808080808080))) {
        text += sizeof eight;
        length -= sizeof eight;
        continue;
      }
    }
    size_t n = text_character(text, length);
    if (!n) return false;
    text += n;
    length -= n;
  }
  return true;
}

size_t text_columns(const char *text, size_t length) {
  size_t columns = 0;
  for (size_t i = 0; i < length; i++) columns += !is_tail((unsigned char)text[i]);
  return columns;
}

// One character, or one byte that is none. Gives the bytes taken.
static size_t visible_character(struct buffer *b, const char *text, size_t length) {
  unsigned char c = (unsigned char)text[0];
  size_t n = text_character(text, length);
  bool control = c < 0x20 || c == 0x7f || (n == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0);
  if (n && !control) {
    buffer_append(b, text, n);
    return n;
  }
  buffer_format(b, "\\x%02x", c);
  return 1;
}

void visible_append(struct buffer *b, const char *text, size_t length) {
  for (size_t at = 0; at < length;) at += visible_character(b, text + at, length - at);
}

void quote_append(struct buffer *b, const char *text, size_t length) {
  size_t at = 0;
  buffer_char(b, '"');
  while (at < length && at < QUOTE_MAX) at += visible_character(b, text + at, length - at);
  buffer_text(b, at < length ? "...\"" : "\"");
}

// ---------------------------------------------------------------------------------------- near names

static unsigned smallest(unsigned a, unsigned b, unsigned c) {
  unsigned least = a < b ? a : b;
  return least < c ? least : c;
}

// Edits (insert, delete, replace, swap two neighbours) from a to b; both are at most NEAR_MAX long.
static unsigned edits(const char *a, size_t a_length, const char *b, size_t b_length) {
  unsigned rows[3][NEAR_MAX + 1];
  unsigned *before = rows[0], *last = rows[1], *now = rows[2];
  for (size_t j = 0; j <= b_length; j++) last[j] = (unsigned)j;
  for (size_t i = 1; i <= a_length; i++) {
    now[0] = (unsigned)i;
    for (size_t j = 1; j <= b_length; j++) {
      now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          before[j - 2] + 1 < now[j])
        now[j] = before[j - 2] + 1;
    }
    unsigned *oldest = before;
    before = last;
    last = now;
    now = oldest;
  }
  return last[b_length];
}

struct near near_to(const char *wanted, size_t length) {
  return (struct near){
      .wanted = wanted, .wanted_length = length, .distance = (unsigned)length / 3 + 1};
}

void near_offer(struct near *n, const char *candidate, size_t length) {
  if (n->wanted_length > NEAR_MAX || length > NEAR_MAX || n->wanted_length == 0) return;
  unsigned distance = edits(n->wanted, n->wanted_length, candidate, length);
  if (distance < n->distance || (distance == n->distance && !n->best && n->wanted_length > 3)) {
    n->best = candidate;
    n->best_length = length;
    n->distance = distance;
  }
}
