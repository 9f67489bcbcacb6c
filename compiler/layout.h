// SPDX-License-Identifier: Apache-2.0
//
// The canonical layout of a source: indentation, spaces and blank lines, nothing else. Words, their order, the ends of
// lines between them and all comments stay.
#ifndef SOC_COMPILER_LAYOUT_H
#define SOC_COMPILER_LAYOUT_H

#include "compiler/front.h"
#include "compiler/sema.h"

// Growing text in the arena.
struct out {
  struct arena *arena;
  char *text;
  size_t length, capacity;
};
void out_bytes(struct out *o, const char *text,
               size_t length); // what does not fit is dropped: out of memory
void out_text(struct out *o, const char *text);
void out_str(struct out *o, struct str text);
void out_quoted(struct out *o, struct str text); // as a text of the language
const char *out_string(struct out *o); // what there is, NUL-terminated; "" if memory is out
void out_spaces(struct out *o, uint32_t count);

// Lays out source number `source`, which has been parsed without errors. False: memory is out, or the result would not
// read as the same words, which is reported.
bool layout(struct front *f, uint32_t source, struct out *o);

#endif
