// SPDX-License-Identifier: Apache-2.0
//
// JSON in and out. Behind the reader stands RapidJSON (json_shim.cpp, the only C++ file); it hands out events with
// numbers as they are spelled; it refuses repeated roots, NULs, bad UTF-8, lone surrogates and anything RFC 8259 does
// not allow. What the events mean, repeated keys included, is the caller's affair.
#ifndef SOC_CLI_JSON_H
#define SOC_CLI_JSON_H

#include "cli/text.h"

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

enum json_kind {
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_NUMBER, // text: as spelled
  JSON_STRING, // text: decoded, may hold NULs
  JSON_KEY,    // likewise
  JSON_OBJECT,
  JSON_OBJECT_END,
  JSON_ARRAY,
  JSON_ARRAY_END
};

struct json_event {
  enum json_kind kind;
  const char *text; // valid during the call only
  size_t length;
};

// Returns false to end reading (JSON_STOPPED).
typedef bool json_event_fn(void *ctx, const struct json_event *event);

enum json_status {
  JSON_OK,
  JSON_STOPPED,
  JSON_MALFORMED,
  JSON_TOO_DEEP,
  JSON_NUMBER_HUGE,
  JSON_NO_MEMORY
};

struct json_error {
  size_t offset;       // byte at which the trouble was found
  const char *message; // what was expected; static storage
};

// Working memory of the reader, kept from one text to the next. Zero-initialise; release with json_scratch_free.
struct json_scratch {
  void *block;
  size_t size;
};
void json_scratch_free(struct json_scratch *scratch);

// Reads `length` bytes as one JSON text. Arrays and objects nested deeper than max_depth give JSON_TOO_DEEP.
// JSON_NUMBER_HUGE: a number with an exponent beyond any use; it is well-formed, and the event for it was not sent.
enum json_status json_read(const char *text, size_t length, unsigned max_depth,
                           struct json_scratch *scratch, json_event_fn *fn, void *ctx,
                           struct json_error *error);

// -------------------------------------------------------------------------------- writer

enum { JSON_WRITER_DEPTH = 4096 }; // what is nested deeper fails

// Only the functions below know what it holds.
struct json_writer {
  struct buffer *out;
  bool pretty, failed;
  bool after_key; // a value comes next
  unsigned depth;
  bool filled[JSON_WRITER_DEPTH + 1]; // by depth: the array or object holds something
};
// Writes into *out (owned by the caller, which must outlive the writer). NULL: out of memory.
struct json_writer *json_writer_new(struct buffer *out, bool pretty);
void json_writer_free(struct json_writer *w);
void json_writer_reset(struct json_writer *w); // starts another text after what *out holds
// False: memory ran out or the nesting went too deep; the output is not to be used.
bool json_writer_ok(const struct json_writer *w);

void json_null(struct json_writer *w);
void json_bool(struct json_writer *w, bool value);
void json_unsigned(struct json_writer *w, uint64_t value);
void json_text(struct json_writer *w, const char *text, size_t length); // bad UTF-8 becomes U+FFFD
void json_key_text(struct json_writer *w, const char *key, size_t length);
// A text as JSON spells it, without a writer.
void json_string_append(struct buffer *out, const char *text, size_t length);

// The rest is inline, as there are dozens of each in a result, and lengths of names are then known beforehand.
#if defined(__GNUC__)
#define JSON_INLINE static inline __attribute__((always_inline))
#else
#define JSON_INLINE static inline
#endif

void json_new_line(struct json_writer *w); // and the indentation
// What stands between the value or name before and the next one.
JSON_INLINE void json_separate(struct json_writer *w) {
  if (w->after_key) {
    w->after_key = false;
    return;
  }
  if (w->filled[w->depth]) buffer_char(w->out, ',');
  w->filled[w->depth] = w->depth > 0;
  if (w->pretty && w->depth > 0) json_new_line(w);
}

// A value, or members of an object, as JSON spells it.
JSON_INLINE void json_raw(struct json_writer *w, const char *text, size_t length) {
  if (w->failed) return;
  json_separate(w);
  buffer_append(w->out, text, length);
}

JSON_INLINE void json_open(struct json_writer *w, char bracket) {
  if (w->depth >= JSON_WRITER_DEPTH) w->failed = true;
  if (w->failed) return;
  json_separate(w);
  buffer_char(w->out, bracket);
  w->filled[++w->depth] = false;
}
JSON_INLINE void json_close(struct json_writer *w, char bracket) {
  if (w->failed) return;
  bool filled = w->filled[w->depth--];
  if (w->pretty && filled) json_new_line(w);
  buffer_char(w->out, bracket);
}
JSON_INLINE void json_object(struct json_writer *w) {
  json_open(w, '{');
}
JSON_INLINE void json_object_end(struct json_writer *w) {
  json_close(w, '}');
}
JSON_INLINE void json_array(struct json_writer *w) {
  json_open(w, '[');
}
JSON_INLINE void json_array_end(struct json_writer *w) {
  json_close(w, ']');
}

JSON_INLINE void json_string(struct json_writer *w, const char *text) {
  json_text(w, text, strlen(text));
}

// A name in the program's own source, which needs no escapes.
JSON_INLINE void json_key(struct json_writer *w, const char *key) {
  size_t length = strlen(key);
  struct buffer *out = w->out;
  if (w->pretty || w->failed || w->depth == 0 || !buffer_reserve(out, length + 4)) {
    json_key_text(w, key, length);
    return;
  }
  char *at = out->data + out->length;
  if (w->filled[w->depth]) *at++ = ',';
  *at++ = '"';
  memcpy(at, key, length);
  at += length;
  *at++ = '"';
  *at++ = ':';
  *at = '\0';
  out->length = (size_t)(at - out->data);
  w->filled[w->depth] = w->after_key = true;
}

// A member that is an empty array.
JSON_INLINE void json_empty(struct json_writer *w, const char *key) {
  json_key(w, key);
  json_raw(w, "[]", 2);
}

#ifdef __cplusplus
}
#endif
#endif
