// SPDX-License-Identifier: Apache-2.0
//
// Writes JSON, on one line or laid out; see json.h. Results are most of what the program puts out, so that a text is
// copied as it is and looked at afterwards: hardly any needs escapes.
#include "cli/json.h"
#include "cli/plain.h"

#include <stdlib.h>
#include <string.h>

struct json_writer *json_writer_new(struct buffer *out, bool pretty) {
  struct json_writer *w = malloc(sizeof *w);
  if (!w) return NULL;
  w->out = out;
  w->pretty = pretty;
  json_writer_reset(w);
  return w;
}

void json_writer_free(struct json_writer *w) {
  free(w);
}

void json_writer_reset(struct json_writer *w) {
  w->failed = w->after_key = w->filled[0] = false;
  w->depth = 0;
}

bool json_writer_ok(const struct json_writer *w) {
  return !w->failed && !w->out->failed;
}

void json_new_line(struct json_writer *w) {
  buffer_char(w->out, '\n');
  for (unsigned i = 0; i < w->depth; i++) buffer_text(w->out, "  ");
}

// ---------------------------------------------------------------------------------------- texts

static void put_escaped(struct buffer *out, unsigned char c) {
  static const char hex[] = "0123456789ABCDEF", names[] = "btn\0fr"; // of 8 to 13
  buffer_char(out, '\\');
  if (c == '"' || c == '\\') {
    buffer_char(out, (char)c);
  } else if (c >= 8 && c <= 13 && c != 11) {
    buffer_char(out, names[c - 8]);
  } else {
    buffer_text(out, "u00");
    buffer_char(out, hex[c >> 4]);
    buffer_char(out, hex[c & 15]);
  }
}

// A text with something in it that is not plain.
static void put_with_care(struct buffer *out, const char *text, size_t length) {
  for (size_t at = 0; at < length;) {
    unsigned char c = (unsigned char)text[at];
    size_t n = text_character(text + at, length - at);
    if (c < ' ' || c == '"' || c == '\\')
      put_escaped(out, c);
    else if (n)
      buffer_append(out, text + at, n);
    else
      buffer_text(out, "\xef\xbf\xbd");
    at += n ? n : 1;
  }
}

void json_string_append(struct buffer *out, const char *text, size_t length) {
  if (!buffer_reserve(out, length + 2 + PLAIN_PADDING)) return;
  char *at = out->data + out->length;
  *at++ = '"';
  if (length) memcpy(at, text, length);
  at[length] = '"'; // ends what is plain
  if (plain_length(at) == length) {
    out->length += length + 2;
  } else {
    out->length++;
    put_with_care(out, text, length);
    buffer_char(out, '"');
  }
  if (!out->failed) out->data[out->length] = '\0';
}

void json_text(struct json_writer *w, const char *text, size_t length) {
  if (w->failed) return;
  json_separate(w);
  json_string_append(w->out, text, length);
}

void json_key_text(struct json_writer *w, const char *key, size_t length) {
  if (w->failed) return;
  json_separate(w);
  json_string_append(w->out, key, length);
  buffer_char(w->out, ':');
  if (w->pretty) buffer_char(w->out, ' ');
  w->after_key = true;
}

// ---------------------------------------------------------------------------------------- other values

void json_null(struct json_writer *w) {
  json_raw(w, "null", 4);
}

void json_bool(struct json_writer *w, bool value) {
  json_raw(w, value ? "true" : "false", value ? 4 : 5);
}

void json_unsigned(struct json_writer *w, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + value % 10);
  while (value /= 10);
  json_raw(w, digits + at, sizeof digits - at);
}
