// SPDX-License-Identifier: Apache-2.0
//
// Lines in memory decided as `soc decide --json` decides them, so many to a batch: few are decided one by one, many
// together.
#ifndef SOC_TESTS_DECIDE_LINES_H
#define SOC_TESTS_DECIDE_LINES_H

#include "cli/deciding.h"

#include <stdlib.h>
#include <string.h>

struct lines_source {
  const char *text;
  size_t length, at; // at: of the next line; behind the text: none is left
  size_t per_batch;
  uint64_t index;
  struct buffer out;
};

static inline bool lines_take(void *context, struct job_queue *q, struct batch_job *job) {
  struct lines_source *s = context;
  struct case_batch *b = &job->batch;
  (void)q;
  buffer_clear(&b->text);
  b->count = 0;
  free(b->items);
  b->items = s->at <= s->length ? calloc(s->per_batch, sizeof *b->items) : NULL;
  for (; b->items && b->count < s->per_batch && s->at <= s->length; b->count++) {
    const char *from = s->text + s->at, *stop = memchr(from, '\n', s->length - s->at);
    size_t length = stop ? (size_t)(stop - from) : s->length - s->at;
    b->items[b->count] =
        (struct case_item){.kind = ITEM_JSON, .at = b->text.length, .length = length};
    buffer_append(&b->text, from, length);
    buffer_char(&b->text, '\n');
    s->at += length + 1;
  }
  static const char padding[CASE_PADDING];
  size_t whole = b->text.length;
  if (!buffer_append(&b->text, padding, sizeof padding)) return false;
  b->text.length = whole;
  job->first = s->index;
  s->index += b->count;
  return b->count > 0;
}

static inline bool lines_write(void *context, const struct buffer *out) {
  struct lines_source *s = context;
  return buffer_append(&s->out, buffer_get(out), out->length);
}

static inline bool lines_put(void *context, const struct batch_job *job) {
  return lines_write(context, &job->out) && !job->trouble;
}

// Results are in s->out, to be freed. False: out of memory, which can leave some results out, or all.
static inline bool decide_lines(struct lines_source *s, const struct vocabulary_index *v,
                                struct policies *policies) {
  const struct deciding how = {.json = true,
                               .limits = {CASE_BYTES, CASE_DEPTH, CASE_ITEMS, false},
                               .vocabulary = v,
                               .policies = policies};
  const struct batch_flow flow = {lines_take, lines_write, lines_put, s};
  return decide_batches(&how, 1, &flow) && s->at > s->length && !s->out.failed;
}

#endif
