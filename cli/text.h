// SPDX-License-Identifier: Apache-2.0
//
// Growing byte buffers, checks of UTF-8 and near names: what every file of the command line uses for text.
// Memory that cannot be had is remembered in the buffer, so that a run of appends is checked once at its end.
#ifndef SOC_CLI_TEXT_H
#define SOC_CLI_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TEXT_PRINTF(format_index, first_index) \
  __attribute__((format(printf, format_index, first_index)))
#else
#define TEXT_PRINTF(format_index, first_index)
#endif

struct buffer {
  char *data; // NULL or NUL-terminated
  size_t length, capacity;
  bool failed; // out of memory; sticky until buffer_free
};

// Makes room for `more` bytes and a NUL after what is there.
bool buffer_grow(struct buffer *b, size_t more);
static inline bool buffer_reserve(struct buffer *b, size_t more) {
  return (!b->failed && more < b->capacity - b->length) || buffer_grow(b, more);
}
static inline bool buffer_append(struct buffer *b, const char *data, size_t length) {
  if (!buffer_reserve(b, length)) return false;
  if (length) memcpy(b->data + b->length, data, length);
  b->length += length;
  b->data[b->length] = '\0';
  return true;
}
static inline bool buffer_text(struct buffer *b, const char *text) {
  return buffer_append(b, text, strlen(text));
}
static inline bool buffer_char(struct buffer *b, char c) {
  if (b->failed || b->length + 1 >= b->capacity) return buffer_append(b, &c, 1);
  b->data[b->length++] = c;
  b->data[b->length] = '\0';
  return true;
}
bool buffer_format(struct buffer *b, const char *format, ...) TEXT_PRINTF(2, 3);
bool buffer_vformat(struct buffer *b, const char *format, va_list args);
void buffer_clear(struct buffer *b); // empty; keeps the memory
void buffer_free(struct buffer *b);
static inline const char *buffer_get(const struct buffer *b) { // never NULL
  return b->data ? b->data : "";
}

// Length in bytes of the character of well-formed UTF-8 at `text`, 0 if there is none.
size_t text_character(const char *text, size_t length);
bool text_valid(const char *text, size_t length);
// Columns a text takes when each character takes one.
size_t text_columns(const char *text, size_t length);

// Appends text so that it cannot do anything to a terminal: control characters and bytes that are no UTF-8 made
// visible.
void visible_append(struct buffer *b, const char *text, size_t length);
// Appends `text` in quotation marks for a message: visible, and cut after about 60 bytes.
void quote_append(struct buffer *b, const char *text, size_t length);

// The candidate nearest to a mistyped name: at most a third of its letters differ. Ties go to the one offered first.
struct near {
  const char *wanted;
  size_t wanted_length;
  const char *best; // NULL: none is near
  size_t best_length;
  unsigned distance;
};
struct near near_to(const char *wanted, size_t length);
void near_offer(struct near *n, const char *candidate, size_t length);

#ifdef __cplusplus
}
#endif

#endif
