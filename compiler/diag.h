// SPDX-License-Identifier: Apache-2.0
//
// Diagnostics as data: diagnostics.def lists every code with its text, a stage reports a code at a
// span, and the sink keeps them in order of place, once each, up to a limit. Nothing is printed
// here.
#ifndef SOC_COMPILER_DIAG_H
#define SOC_COMPILER_DIAG_H

#include "compiler/source.h"

enum diag_code {
#define DIAG(code, severity, name, message, help) DIAG_##name,
#include "compiler/diagnostics.def"
#undef DIAG
  DIAG_COUNT
};

struct diag_info {
  const char *code, *name, *message, *help;
  soc_severity severity;
};
const struct diag_info *
diag_info_of(enum diag_code code); // for the generated page of all diagnostics

struct diag {
  enum diag_code code;
  struct span span;
  const char *message, *help, *note; // NUL-terminated, "" for none
  uint32_t order;                    // of reporting: breaks ties of place
};

struct diag_sink {
  struct arena *arena;
  const struct sources *sources;
  struct diag *items;
  uint32_t count, capacity;
  uint32_t limit;  // kept at most
  uint32_t errors; // reported, kept or not
  uint32_t warnings;
  bool finished;
};

void diag_init(struct diag_sink *sink, struct arena *arena, const struct sources *sources,
               uint32_t limit);

// Reports `code` at `span`. The message is the one of diagnostics.def, where
//     %s  const char *      %w  struct str (by value; long ones are cut short)
//     %u  uint32_t          %d  int64_t
// take the further arguments in turn. A second error at the same span is dropped, the first one is
// the cause. Returns the diagnostic, to be given help or a note; NULL if it was dropped, which the
// functions below accept.
struct diag *diag_report(struct diag_sink *sink, enum diag_code code, struct span span, ...);

// Replaces the help of diagnostics.def: diag_help(sink, d, "did you mean `%w`?", name).
void diag_help(struct diag_sink *sink, struct diag *d, const char *format, ...);
// Names a second place: diag_note(sink, d, first->span, "`%w` is first declared", name) gives
// "`x` is first declared at policies/a.soc:12:3".
void diag_note(struct diag_sink *sink, struct diag *d, struct span where, const char *format, ...);
// "did you mean `best`?" if there is a near name; else the help stays.
struct suggestion;
void diag_suggest(struct diag_sink *sink, struct diag *d, const struct suggestion *s);

// Sorts by file and place and adds the line that says how many were left out. Call once, before
// reading.
void diag_finish(struct diag_sink *sink);
// The public form of diagnostic `index` (< count, after diag_finish).
void diag_view(const struct diag_sink *sink, uint32_t index, soc_diagnostic *out);

// ------------------------------------------------------------------ near names

// Finds the candidate nearest to a mistyped name: offer all candidates in any order, the answer
// does not depend on it.
struct suggestion {
  struct str wanted;
  struct str best; // length 0: none is near enough
  uint32_t distance;
};
struct suggestion suggest_for(struct str wanted);
void suggest_offer(struct suggestion *s, struct str candidate);
// Edits (insert, delete, replace, swap two neighbours) from a to b; anything above `bound` is given
// as bound + 1.
uint32_t edit_distance(struct str a, struct str b, uint32_t bound);

#endif
