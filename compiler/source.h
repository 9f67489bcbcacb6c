// SPDX-License-Identifier: Apache-2.0
//
// The texts of a compilation, numbered in the order they were added, and the way from a byte offset
// to a line and a column for people. A text is copied once, with a NUL behind it for the scanner,
// and never changes.
#ifndef SOC_COMPILER_SOURCE_H
#define SOC_COMPILER_SOURCE_H

#include "compiler/arena.h"

enum { SOURCE_STRETCH = 128 };

struct source {
  const char *text; // text[length] is NUL
  uint32_t length;
  const char *place;      // name for messages, NUL-terminated
  uint32_t *lines_before; // each stretch of SOURCE_STRETCH bytes: lines that end before it
};

struct sources {
  struct arena *arena;
  struct source *items;
  uint32_t count, capacity;
};

void sources_init(struct sources *s, struct arena *arena);

// Copies text and place. False: out of memory, or `length` does not fit 32 bits (the caller's limit
// is lower and has been checked before).
bool sources_add(struct sources *s, const char *text, size_t length, const char *place,
                 uint32_t *index);

// A place for people. `line_text` points into the source, without the line's end and without a byte
// order mark.
struct source_place {
  const char *name;
  uint32_t line, column; // 1 upward; columns count code points
  const char *line_text;
  uint32_t line_length; // bytes
  uint32_t mark_length; // code points of the span on this line, at least 1
};
struct source_place sources_place(const struct sources *s, struct span span);

uint32_t sources_line(const struct sources *s, struct span span); // of its start, 1 upward

struct str sources_text(const struct sources *s, struct span span); // what the span covers

// ------------------------------------------------------------------ spans and words

static inline struct span span_join(struct span a,
                                    struct span b) { // from the start of a to the end of b
  struct span joined = {a.file, a.start, b.end > a.start ? b.end : a.end};
  return joined;
}

bool str_equal(struct str a, struct str b);
bool str_is(struct str a, const char *text); // text: NUL-terminated
int str_order(struct str a, struct str b);   // by bytes: < 0, 0, > 0
struct str str_of(const char *text);         // of a NUL-terminated text; not copied

// ------------------------------------------------------------------ UTF-8

// Bytes of the well-formed code point at `at`, 0 if there is none (`at` must be before `end`).
uint32_t utf8_length(const char *at, const char *end);
uint32_t utf8_count(const char *at,
                    const char *end); // code points; a byte that is part of none counts as one

#endif
