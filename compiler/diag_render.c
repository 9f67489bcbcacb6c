// SPDX-License-Identifier: Apache-2.0
//
// A diagnostic as text for people; declared in soc/compiler.h. Whatever the source holds, the
// output is well-formed UTF-8 with no control characters but line ends, and of a very long line
// only the surroundings of the mark are shown.
#include "compiler/source.h"

#include <string.h>

enum { SHOWN_BEFORE = 60, SHOWN = 160 }; // characters of a line: before the mark, in all

struct output {
  char *buffer;
  size_t size, length;
};

static void put(struct output *o, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++, o->length++)
    if (o->length + 1 < o->size) o->buffer[o->length] = bytes[i];
}

static void put_string(struct output *o, const char *s) {
  put(o, s, strlen(s));
}

static void put_repeated(struct output *o, char byte, uint32_t count) {
  while (count-- > 0) put(o, &byte, 1);
}

static uint32_t put_number(struct output *o, uint32_t value) { // gives the number of digits
  char digits[10];
  uint32_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  put(o, digits + at, sizeof digits - at);
  return (uint32_t)sizeof digits - at;
}

static bool
is_hidden(const char *at,
          uint32_t length) { // direction marks and their like: E2 80 8B-8F, AA-AE, 81 A0-AF
  const unsigned char *p = (const unsigned char *)at;
  if (length == 2) return p[0] == 0xC2 && p[1] < 0xA0; // C1 controls
  if (length != 3 || p[0] != 0xE2)
    return length == 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF;
  return (p[1] == 0x80 && ((p[2] >= 0x8B && p[2] <= 0x8F) || (p[2] >= 0xA8 && p[2] <= 0xAE))) ||
         (p[1] == 0x81 && p[2] >= 0xA0 && p[2] <= 0xAF);
}

// One character of the source, always one column wide so that the mark below stays in place.
static const char *put_character(struct output *o, const char *at, const char *end) {
  uint32_t length = utf8_length(at, end);
  if (length == 1 && *at == '\t')
    put(o, " ", 1);
  else if (length == 0 || is_hidden(at, length) ||
           (length == 1 && ((unsigned char)*at < 0x20 || *at == 0x7F)))
    put_string(o, "\xEF\xBF\xBD");
  else
    put(o, at, length);
  return at + (length > 0 ? length : 1);
}

static void put_plain(struct output *o, const char *s) { // file names and messages
  for (const char *end = s + strlen(s); s < end;) s = put_character(o, s, end);
}

static uint32_t digits_of(uint32_t value) {
  uint32_t digits = 1;
  while (value >= 10) {
    value /= 10;
    digits++;
  }
  return digits;
}

static void put_source_line(struct output *o, const soc_diagnostic *d, uint32_t first) {
  const char *at = d->line_text, *end = at + d->line_length;
  for (uint32_t i = 0; i < first && at < end; i++) {
    uint32_t length = utf8_length(at, end);
    at += length > 0 ? length : 1;
  }
  if (at < end) put(o, " ", 1);
  if (first > 0) put_string(o, "...");
  for (uint32_t i = 0; i < SHOWN && at < end; i++) at = put_character(o, at, end);
  if (at < end) put_string(o, "...");
  put(o, "\n", 1);
}

static void put_mark(struct output *o, const soc_diagnostic *d, uint32_t first) {
  uint32_t before = d->mark_start - first, length = d->mark_length;
  if (before + length > SHOWN) length = before < SHOWN ? SHOWN - before : 1;
  put_repeated(o, ' ', 1 + before + (first > 0 ? 3 : 0));
  put_repeated(o, '^', length);
  put(o, "\n", 1);
}

static void put_extra(struct output *o, uint32_t margin, const char *kind, const char *text) {
  if (text == NULL || text[0] == '\0') return;
  put_repeated(o, ' ', margin);
  put_string(o, " = ");
  put_string(o, kind);
  put_plain(o, text);
  put(o, "\n", 1);
}

size_t soc_diagnostic_render(const soc_diagnostic *d, char *buffer, size_t size) {
  struct output output = {buffer, size, 0}, *o = &output;
  uint32_t margin = digits_of(d->line);
  uint32_t first =
      d->mark_start > SHOWN_BEFORE && d->line_length > SHOWN ? d->mark_start - SHOWN_BEFORE : 0;
  put_string(o, d->severity == SOC_SEVERITY_ERROR ? "error[" : "warning[");
  put_string(o, d->code);
  put_string(o, "]: ");
  put_plain(o, d->message);
  put(o, "\n", 1);
  put_repeated(o, ' ', margin);
  put_string(o, "--> ");
  put_plain(o, d->place);
  put(o, ":", 1);
  put_number(o, d->line);
  put(o, ":", 1);
  put_number(o, d->column);
  put(o, "\n", 1);
  put_repeated(o, ' ', margin);
  put_string(o, " |\n");
  put_number(o, d->line);
  put_string(o, " |");
  put_source_line(o, d, first);
  put_repeated(o, ' ', margin);
  put_string(o, " |");
  put_mark(o, d, first);
  put_extra(o, margin, "help: ", d->help);
  put_extra(o, margin, "note: ", d->note);
  if (size > 0) buffer[o->length < size ? o->length : size - 1] = '\0';
  return o->length;
}
