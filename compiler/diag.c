// SPDX-License-Identifier: Apache-2.0
//
// See diag.h. Texts are formatted into a fixed buffer and copied to the arena, so a diagnostic
// costs little however long the words are that it quotes.
#include "compiler/diag.h"

#include <stdarg.h>
#include <string.h>

static const struct diag_info infos[] = {
#define ERROR SOC_SEVERITY_ERROR
#define WARNING SOC_SEVERITY_WARNING
#define DIAG(code_, severity_, name_, message_, help_) {#code_, #name_, message_, help_, severity_},
#include "compiler/diagnostics.def"
#undef DIAG
#undef WARNING
#undef ERROR
};

const struct diag_info *diag_info_of(enum diag_code code) {
  return &infos[code];
}

// ------------------------------------------------------------------ formatting

enum { TEXT_SIZE = 1024, WORD_CHARACTERS = 80 };

struct text {
  char bytes[TEXT_SIZE];
  uint32_t length;
};

static void put(struct text *t, const char *bytes, size_t length) {
  size_t room = TEXT_SIZE - 1 - t->length;
  if (length > room) {
    for (length = room; length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80; length--)
      ; // not in the middle of a character
  }
  memcpy(t->bytes + t->length, bytes, length);
  t->length += (uint32_t)length;
}

static void put_string(struct text *t, const char *s) {
  put(t, s, strlen(s));
}

static void put_unsigned(struct text *t, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  put(t, digits + at, sizeof digits - at);
}

static void put_signed(struct text *t, int64_t value) {
  if (value < 0) put(t, "-", 1);
  put_unsigned(t, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

// A word of the source: cut after WORD_CHARACTERS, anything unfit for a terminal replaced.
static void put_word(struct text *t, struct str word) {
  const char *at = word.data, *end = word.data + word.length;
  for (uint32_t characters = 0; at < end; characters++) {
    if (characters == WORD_CHARACTERS) {
      put_string(t, "\xE2\x80\xA6"); // …
      return;
    }
    uint32_t length = utf8_length(at, end);
    bool plain = length > 1 || (length == 1 && (unsigned char)*at >= 0x20 && *at != 0x7F);
    if (plain)
      put(t, at, length);
    else
      put_string(t, "\xEF\xBF\xBD"); // U+FFFD
    at += length > 0 ? length : 1;
  }
}

static void format(struct text *t, const char *pattern, va_list *arguments) {
  for (const char *at = pattern; *at != '\0'; at++) {
    if (*at != '%') {
      const char *next = strchr(at, '%');
      size_t length = next != NULL ? (size_t)(next - at) : strlen(at);
      put(t, at, length);
      at += length - 1;
      continue;
    }
    switch (*++at) {
    case 's': put_string(t, va_arg(*arguments, const char *)); break;
    case 'w': put_word(t, va_arg(*arguments, struct str)); break;
    case 'u': put_unsigned(t, va_arg(*arguments, uint32_t)); break;
    case 'd': put_signed(t, va_arg(*arguments, int64_t)); break;
    case '\0': return;
    default: put(t, at, 1); break; // %%
    }
  }
}

static const char *keep(struct diag_sink *sink, const struct text *t) {
  const char *kept = arena_copy(sink->arena, t->bytes, t->length).data;
  return kept != NULL ? kept : "";
}

// ------------------------------------------------------------------ reporting

void diag_init(struct diag_sink *sink, struct arena *arena, const struct sources *sources,
               uint32_t limit) {
  *sink = (struct diag_sink){.arena = arena, .sources = sources, .limit = limit};
}

static bool same_span(struct span a, struct span b) {
  return a.file == b.file && a.start == b.start && a.end == b.end;
}

// A further report at the same span is a consequence of the first, or the same thing found twice.
// Warnings give way to nothing but their own repetition.
static bool is_repeated(const struct diag_sink *sink, enum diag_code code, struct span span) {
  for (uint32_t i = 0; i < sink->count; i++) {
    const struct diag *d = &sink->items[i];
    if (same_span(d->span, span) &&
        (d->code == code || infos[d->code].severity == infos[code].severity))
      return true;
  }
  return false;
}

static struct diag *make_room(struct diag_sink *sink) {
  if (sink->count == sink->capacity) {
    uint32_t capacity = sink->capacity == 0 ? 16 : sink->capacity * 2;
    struct diag *items =
        arena_grow(sink->arena, sink->items, sink->count, capacity, sizeof(struct diag));
    if (items == NULL) return NULL;
    sink->items = items;
    sink->capacity = capacity;
  }
  return &sink->items[sink->count];
}

static struct diag *add(struct diag_sink *sink, enum diag_code code, struct span span,
                        va_list *arguments) {
  struct diag *d = make_room(sink);
  if (d == NULL) return NULL;
  struct text text = {.length = 0};
  format(&text, infos[code].message, arguments);
  *d = (struct diag){.code = code,
                     .span = span,
                     .message = keep(sink, &text),
                     .help = infos[code].help,
                     .note = "",
                     .order = sink->count};
  sink->count++;
  return d;
}

struct diag *diag_report(struct diag_sink *sink, enum diag_code code, struct span span, ...) {
  if (is_repeated(sink, code, span)) return NULL;
  if (infos[code].severity == SOC_SEVERITY_ERROR)
    sink->errors++;
  else
    sink->warnings++;
  if (sink->count >= sink->limit) return NULL;
  va_list arguments;
  va_start(arguments, span);
  struct diag *d = add(sink, code, span, &arguments);
  va_end(arguments);
  return d;
}

void diag_help(struct diag_sink *sink, struct diag *d, const char *pattern, ...) {
  if (d == NULL) return;
  struct text text = {.length = 0};
  va_list arguments;
  va_start(arguments, pattern);
  format(&text, pattern, &arguments);
  va_end(arguments);
  d->help = keep(sink, &text);
}

void diag_note(struct diag_sink *sink, struct diag *d, struct span where, const char *pattern,
               ...) {
  if (d == NULL) return;
  struct text text = {.length = 0};
  va_list arguments;
  va_start(arguments, pattern);
  format(&text, pattern, &arguments);
  va_end(arguments);
  struct source_place place = sources_place(sink->sources, where);
  put_string(&text, " at ");
  put_string(&text, place.name);
  put_string(&text, ":");
  put_unsigned(&text, place.line);
  put_string(&text, ":");
  put_unsigned(&text, place.column);
  d->note = keep(sink, &text);
}

void diag_suggest(struct diag_sink *sink, struct diag *d, const struct suggestion *s) {
  if (s->best.length > 0) diag_help(sink, d, "did you mean `%w`?", s->best);
}

// ------------------------------------------------------------------ reading

static bool is_before(const struct diag *a, const struct diag *b) {
  if (a->span.file != b->span.file) return a->span.file < b->span.file;
  if (a->span.start != b->span.start) return a->span.start < b->span.start;
  if (a->span.end != b->span.end) return a->span.end < b->span.end;
  return a->order < b->order;
}

static void report_rest(struct diag_sink *sink) {
  uint32_t hidden = sink->errors + sink->warnings - sink->count;
  if (hidden == 0 || sink->count == 0) return;
  sink->limit++;
  struct span span = sink->items[sink->count - 1].span;
  span.start = span.end; // where the last of them ends
  if (diag_report(sink, DIAG_MORE_ERRORS, span, hidden) != NULL)
    sink->errors--; // it is no further error
}

void diag_finish(struct diag_sink *sink) {
  if (sink->finished) return;
  sink->finished = true;
  for (uint32_t i = 1; i < sink->count; i++) { // insertion: they come nearly in order, and are few
    struct diag moved = sink->items[i];
    uint32_t to = i;
    for (; to > 0 && is_before(&moved, &sink->items[to - 1]); to--)
      sink->items[to] = sink->items[to - 1];
    sink->items[to] = moved;
  }
  report_rest(sink);
}

void diag_view(const struct diag_sink *sink, uint32_t index, soc_diagnostic *out) {
  const struct diag *d = &sink->items[index];
  const struct diag_info *info = &infos[d->code];
  struct source_place place = sources_place(sink->sources, d->span);
  *out = (soc_diagnostic){
      .code = info->code,
      .severity = info->severity,
      .message = d->message,
      .help = d->help,
      .note = d->note,
      .place = place.name,
      .start = d->span.start,
      .end = d->span.end,
      .line = place.line,
      .column = place.column,
      .line_text = place.line_text,
      .line_length = place.line_length,
      .mark_start = place.column - 1,
      .mark_length = place.mark_length,
  };
}

// ------------------------------------------------------------------ near names

enum { NAME_BYTES = 64 };

static uint32_t least(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

// Optimal string alignment over three rows; names longer than NAME_BYTES are no near names.
uint32_t edit_distance(struct str a, struct str b, uint32_t bound) {
  uint32_t rows[3][NAME_BYTES + 1], *above2 = rows[0], *above = rows[1], *row = rows[2];
  uint32_t apart = a.length > b.length ? a.length - b.length : b.length - a.length;
  if (a.length > NAME_BYTES || b.length > NAME_BYTES || apart > bound) return bound + 1;
  for (uint32_t j = 0; j <= b.length; j++) {
    above[j] = j;
    above2[j] = 0;
  }
  for (uint32_t i = 1; i <= a.length; i++) {
    uint32_t best = row[0] = i;
    for (uint32_t j = 1; j <= b.length; j++) {
      row[j] =
          least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a.data[i - 1] != b.data[j - 1]));
      if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
        row[j] = least(row[j], above2[j - 2] + 1);
      best = least(best, row[j]);
    }
    if (best > bound) return bound + 1;
    uint32_t *free_row = above2;
    above2 = above;
    above = row;
    row = free_row;
  }
  return least(above[b.length], bound + 1);
}

struct suggestion suggest_for(struct str wanted) {
  struct suggestion s = {.wanted = wanted};
  s.distance = wanted.length < 3 ? 0 : wanted.length < 6 ? 2 : 3; // one more than is near enough
  if (wanted.length >= 12) s.distance = 4;
  return s;
}

void suggest_offer(struct suggestion *s, struct str candidate) {
  if (s->distance == 0 || candidate.length == 0) return;
  uint32_t distance = edit_distance(s->wanted, candidate, s->distance);
  bool nearer = distance < s->distance;
  bool ties = distance == s->distance && s->best.length > 0 && str_order(candidate, s->best) < 0;
  if (nearer || ties) {
    s->best = candidate;
    s->distance = distance;
  }
}
