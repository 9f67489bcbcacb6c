// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a record batch of the Arrow C Data Interface: they say which children there are, of which form, how long
// and where they begin, and what is missing or wrong about them. Every buffer is as long as its array says, and no
// longer: that is all that a producer promises. What is taken is decided, and again case by case.
#include "fuzz.h"

#include "soc/batch.h"
#include "soc/compiler.h"

#include <stdlib.h>
#include <string.h>

static const char SOURCE[] =
    "soc 1\n"
    "policy \"fuzz/arrow\" { title \"T\"; version 2024-01-01; basis service.date }\n"
    "use \"vocabulary/case\"\n"
    "decision d medical {\n"
    "  not applicable NOT_IN_SCOPE_DRUG unless service.code in { J1745, Q5103 } cite \"L1\"\n"
    "  approve CLINICAL_CARDIAC when clinical.cardiac_condition cite \"L2\"\n"
    "  approve ACCESS_NO_ALTERNATIVE when access.infusion_center_miles > 50 miles cite \"L3\"\n"
    "  approve PREFERRED_SITE when therapy.concurrent_iv_cancer_drugs is empty cite \"L4\"\n"
    "  approve CLINICAL_VASCULAR when clinical.vascular_access = severe_issues cite \"L5\"\n"
    "  approve CLINICAL_ADVERSE_REACTION when some record of clinical.adverse_events has\n"
    "    kind = anaphylaxis cite \"L6\"\n"
    "  approve INITIAL_COURSE when some record of claim.lines has\n"
    "    modifiers includes any of { JW } cite \"L7\"\n"
    "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L8\"\n"
    "}\n";

enum { MOST_CASES = 40, MOST_PARTS = 512, MOST_BYTES = 1 << 26 };

static struct {
  soc_compilation *compilation; // owns the artifact
  soc_policy policy;
  soc_policy_info info;
  soc_batch *batch;
  soc_column *columns;
} use;

static void start(void) {
  size_t length;
  if (use.batch) {
    return;
  }
  use.compilation = soc_compile(SOURCE, sizeof SOURCE - 1, "arrow.soc", NULL);
  FUZZ_ASSERT(use.compilation != NULL && soc_compilation_error_count(use.compilation) == 0);
  const void *artifact = soc_compilation_artifact(use.compilation, &length);
  FUZZ_ASSERT(soc_policy_load(&use.policy, artifact, length, NULL) == SOC_OK);
  soc_policy_describe(&use.policy, &use.info);
  size_t bytes = soc_batch_bytes(&use.policy);
  use.columns = calloc(use.info.fact_count, sizeof *use.columns);
  FUZZ_ASSERT(soc_batch_init(&use.batch, &use.policy, malloc(bytes), bytes, NULL) == SOC_OK);
}

// ------------------------------------------------------------------------------------------ what bytes say

typedef struct maker {
  const uint8_t *data;
  size_t size, at;
  void *parts[MOST_PARTS]; // all memory of the batch
  size_t part_count;
} maker;

static uint8_t take_byte(maker *m) {
  return m->at < m->size ? m->data[m->at++] : 0;
}

// Something unusual, now and then.
static bool odd(maker *m) {
  return take_byte(m) >= 0xf8;
}

// Just as many bytes, so that a sanitizer sees who goes past them.
static void *make_part(maker *m, size_t bytes) {
  FUZZ_ASSERT(m->part_count < MOST_PARTS);
  void *part = calloc(bytes > 0 ? bytes : 1, 1);
  FUZZ_ASSERT(part != NULL);
  m->parts[m->part_count++] = part;
  return part;
}

// ---------------------------------------------------------------------------------------------- the forms

typedef struct form {
  const char *name, *format; // format with '!': values are indexes into the words
  const char *words;         // each behind a blank
  uint8_t most;              // values are below this
  const struct form *children;
  uint32_t child_count;
} form;

static const form code_item[] = {{"item", "u", " J9271 J9299", 2, NULL, 0}};
static const form event[] = {{"item", "+s", NULL, 0,
                              (const form[]){{"kind", "c!", " anaphylaxis seizure", 2, NULL, 0},
                                             {"severity", "u", " severe mild", 2, NULL, 0}},
                              2}};
static const form modifier_item[] = {{"item", "i!", " JW JZ 59", 3, NULL, 0}};
static const form line[] = {{"item", "+s", NULL, 0,
                             (const form[]){{"modifiers", "+l", NULL, 0, modifier_item, 1},
                                            {"code", "u", " 96365 J1745", 2, NULL, 0}},
                             2}};
static const form fields[] = {
    {"service.date", "tdD", NULL, 255, NULL, 0},
    {"service.code", "c!", " J1745 A0000 Q5103", 3, NULL, 0},
    {"service.code", "u", " J1745 A0000 Q5103", 3, NULL, 0},
    {"clinical.cardiac_condition", "b", NULL, 255, NULL, 0},
    {"access.infusion_center_miles", "d:9,1,64", NULL, 255, NULL, 0},
    {"access.infusion_center_miles", "i", NULL, 99, NULL, 0},
    {"therapy.concurrent_iv_cancer_drugs", "+l", NULL, 0, code_item, 1},
    {"clinical.vascular_access", "C", NULL, 2, NULL, 0},
    {"clinical.vascular_access", "s!", " adequate severe_issues", 2, NULL, 0},
    {"clinical.adverse_events", "+l", NULL, 0, event, 1},
    {"claim.lines", "+l", NULL, 0, line, 1},
    {"nobody.reads.this", "z", NULL, 255, NULL, 0},
};
enum { FIELDS = sizeof fields / sizeof *fields };
static const form rows[] = {{"batch", "+s", NULL, 0, fields, FIELDS}};

static const char *const other_formats[] = {
    "b",    "c",  "S",  "i",  "I",   "l", "u",        "U",        "z",         "g", "d",
    "d:9,", "+l", "+L", "+s", "tdm", "",  "d:9,7,64", "d:9,2,32", "d:9,2,128", NULL};
enum { OTHER_FORMATS = sizeof other_formats / sizeof *other_formats };

// Of all formats but texts and structs; those that nobody knows have eight, too.
static size_t bits_of(const char *format) {
  static const struct {
    const char *format;
    size_t bits;
  } known[] = {{"b", 1},  {"c", 8},  {"C", 8},   {"s", 16},        {"S", 16},
               {"i", 32}, {"I", 32}, {"+l", 32}, {"d:9,2,32", 32}, {"tdD", 32}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].format, format) == 0) {
      return known[i].bits;
    }
  }
  return 64;
}

// ------------------------------------------------------------------------------------------- one array

static int64_t make_array(maker *m, const form *f, int64_t least, struct ArrowSchema *s,
                          struct ArrowArray *a);

static void put_number(uint8_t *at, size_t bytes, int64_t value) {
  for (size_t i = 0; i < bytes; i++) {
    at[i] = (uint8_t)((uint64_t)value >> 8 * (i < 7 ? i : 7));
  }
}

static void *make_values(maker *m, const char *format, int64_t count, uint8_t most) {
  size_t bits = bits_of(format);
  uint8_t *values = make_part(m, ((size_t)count * bits + 7) / 8);
  for (size_t i = 0; i < (size_t)count * bits / (bits < 8 ? 8 : bits); i++) {
    uint8_t byte = take_byte(m);
    int64_t value = byte < 0xf8 && most > 0 ? byte % most : byte - 0xfc;
    put_number(values + i * (bits < 8 ? 8 : bits) / 8, (bits + 7) / 8, value);
  }
  return values;
}

// Rising from 0 in steps up to two, or not; none past `most`.
static int32_t *make_offsets(maker *m, int64_t count, int32_t most) {
  int32_t *offsets = make_part(m, ((size_t)count + 1) * sizeof *offsets);
  for (int64_t i = 0; i < count; i++) {
    uint8_t byte = take_byte(m);
    int32_t next = offsets[i] + byte % 3;
    offsets[i + 1] = byte >= 0xfc ? byte - 0xfd : next < most ? next : most;
  }
  return offsets;
}

// Words one after the other, a word or two or none in an entry.
static void make_texts(maker *m, const char *words, int64_t count, const void **buffers,
                       int64_t buffer_count) {
  int32_t *offsets = make_part(m, ((size_t)count + 1) * sizeof *offsets);
  char *bytes = make_part(m, (size_t)count * 16);
  for (int64_t i = 0; i < count; i++) {
    const char *word = words ? words + 1 : "";
    for (uint8_t skip = take_byte(m) % 4; skip > 0 && strchr(word, ' '); skip--) {
      word = strchr(word, ' ') + 1;
    }
    size_t length = strcspn(word, " ");
    length = length < 16 ? length : 16;
    memcpy(bytes + offsets[i], word, length);
    offsets[i + 1] = offsets[i] + (int32_t)length;
  }
  if (count > 0 && odd(m)) {
    offsets[take_byte(m) % count] = take_byte(m) % (offsets[count] + 2) - 1;
  }
  if (buffer_count > 1) buffers[1] = offsets;
  if (buffer_count > 2) buffers[2] = bytes;
}

// Counts that do not fit one another, pointers that are not there.
static void spoil(maker *m, struct ArrowSchema *s, struct ArrowArray *a) {
  switch (take_byte(m) % 12) {
  case 0: s->format = NULL; break;
  case 1: s->name = NULL; break;
  case 2: s->children = NULL; break;
  case 3: a->children = NULL; break;
  case 4: a->buffers = NULL; break;
  case 5: s->dictionary = NULL; break;
  case 6: a->dictionary = NULL; break;
  case 7: a->length = -1; break;
  case 8: a->offset = -1; break;
  case 9: s->n_children = -1; break;
  case 10: s->n_children = a->n_children = 0; break;
  default:
    if (a->n_buffers > 0) {
      a->buffers[take_byte(m) % a->n_buffers] = NULL;
    }
  }
}

static void make_dictionary(maker *m, const form *f, struct ArrowSchema *s, struct ArrowArray *a) {
  const form words = {f->name, "u", f->words, 0, NULL, 0};
  s->dictionary = make_part(m, sizeof *s->dictionary);
  a->dictionary = make_part(m, sizeof *a->dictionary);
  (void)make_array(m, &words, f->most, s->dictionary, a->dictionary);
}

// Children of a struct have its elements; the one of a list has what the offsets say, as a rule.
static void make_children(maker *m, const form *f, int64_t least, struct ArrowSchema *s,
                          struct ArrowArray *a) {
  uint32_t most = f->child_count;
  bool chosen = f == rows;
  s->n_children = a->n_children = chosen ? take_byte(m) % (most + 1) : most;
  s->children = make_part(m, most * sizeof *s->children);
  a->children = make_part(m, most * sizeof *a->children);
  for (int64_t i = 0; i < a->n_children; i++) {
    const form *child = &f->children[chosen ? take_byte(m) % most : (uint32_t)i];
    if (odd(m)) {
      continue; // no child at all
    }
    s->children[i] = make_part(m, sizeof **s->children);
    a->children[i] = odd(m) ? NULL : make_part(m, sizeof **a->children);
    struct ArrowArray unused = {0};
    (void)make_array(m, child, least, s->children[i], a->children[i] ? a->children[i] : &unused);
  }
}

static void make_buffers(maker *m, const form *f, const char *format, struct ArrowArray *a) {
  int64_t count = a->offset + a->length;
  bool texts = strcmp(format, "u") == 0, group = strcmp(format, "+s") == 0;
  a->n_buffers = odd(m) ? take_byte(m) % 4 : texts ? 3 : group ? 1 : 2;
  a->buffers = make_part(m, (size_t)a->n_buffers * sizeof *a->buffers);
  a->null_count = (int64_t)(take_byte(m) % 4) - 1;
  if (a->n_buffers > 0 && take_byte(m) % 2 == 1) {
    a->buffers[0] = make_values(m, "b", (count + 7) / 8 * 8, 0);
  }
  if (texts) {
    make_texts(m, f->words, count, a->buffers, a->n_buffers);
  } else if (strcmp(format, "+l") == 0 && a->n_buffers > 1) {
    a->buffers[1] = make_offsets(m, count, MOST_CASES);
  } else if (!group && a->n_buffers > 1) {
    a->buffers[1] = make_values(m, format, count, f->most);
  }
}

// An array of the form with at least so many elements, as a rule. Returns how many there are.
static int64_t make_array(maker *m, const form *f, int64_t least, struct ArrowSchema *s,
                          struct ArrowArray *a) {
  const char *other = other_formats[take_byte(m) % OTHER_FORMATS];
  bool usual = !odd(m), indexes = strchr(f->format, '!') != NULL;
  char *own = make_part(m, strlen(f->format) + 1);
  memcpy(own, f->format, strcspn(f->format, "!"));
  s->format = usual ? own : other;
  s->name = f->name;
  a->offset = take_byte(m) % 8;
  a->length = odd(m) ? take_byte(m) % MOST_CASES : least;
  const char *format = s->format ? s->format : own;
  make_buffers(m, f, format, a);
  if (indexes && !odd(m)) {
    make_dictionary(m, f, s, a);
  }
  if (f->child_count > 0) {
    int64_t elements = a->offset + a->length;
    if (strcmp(format, "+l") == 0 && a->n_buffers > 1) {
      int32_t last = ((const int32_t *)a->buffers[1])[elements];
      elements = last > 0 ? last : 0;
    }
    make_children(m, f, elements, s, a);
  }
  if (odd(m)) {
    spoil(m, s, a);
  }
  return a->length;
}

// ------------------------------------------------------------------------------------------- deciding

// One case alone answers as the batch did, if all of its values can be set.
static void check_case(const soc_batch_input *input, uint32_t index, uint8_t determination) {
  const soc_case_limits limits = {.rows = 256, .items = 256, .row_items = 4096};
  static soc_case *c;
  soc_result result;
  if (!c) {
    size_t bytes = soc_case_bytes(&use.policy, &limits);
    FUZZ_ASSERT(soc_case_init(&c, &use.policy, &limits, malloc(bytes), bytes, NULL) == SOC_OK);
  }
  soc_case_clear(c);
  soc_status status = soc_batch_case(use.batch, input, index, c, NULL);
  if (status == SOC_OK) {
    FUZZ_ASSERT(soc_case_decide(c, 0) == SOC_OK);
    FUZZ_ASSERT(soc_case_result(c, 0, 0, &result) == SOC_OK);
    FUZZ_ASSERT(result.determination == determination);
  } else { // fields that no decision reads are looked at here alone
    FUZZ_ASSERT(status == SOC_ERR_VALUE || status == SOC_ERR_LIMIT);
  }
}

static void decide(const soc_batch_input *input) {
  size_t size = soc_batch_scratch_bytes(use.batch, input);
  if (size > MOST_BYTES) {
    return;
  }
  uint8_t *determination = malloc(input->count + 1);
  void *scratch = malloc(size + 1);
  FUZZ_ASSERT(determination && scratch);
  const soc_batch_result result = {.determination = determination};
  soc_status status = soc_batch_decide(use.batch, input, &result, scratch, size, NULL, NULL);
  FUZZ_ASSERT(size > 0 || status != SOC_OK);
  for (uint32_t i = 0; i < input->count && status == SOC_OK; i++) {
    check_case(input, i, determination[i]);
  }
  fuzz_count(status == SOC_OK && input->count > 0);
  free(scratch);
  free(determination);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  maker *m = malloc(sizeof *m);
  struct ArrowSchema schema = {0};
  struct ArrowArray array = {0};
  soc_batch_input input;
  soc_error error;
  uint32_t fact;
  FUZZ_ASSERT(m != NULL);
  start();
  *m = (maker){.data = data, .size = size};
  uint32_t flags = take_byte(m) % 2;
  (void)make_array(m, rows, take_byte(m) % MOST_CASES, &schema, &array);
  soc_status status =
      soc_batch_from_arrow(&use.policy, &schema, &array, flags, use.columns, &input, &fact, &error);
  FUZZ_ASSERT(status == SOC_OK ||
              (status == SOC_ERR_ARGUMENT && (fact < use.info.fact_count || fact == SOC_NO_INDEX)));
  if (status == SOC_OK) {
    decide(&input);
  }
  while (m->part_count > 0) {
    free(m->parts[--m->part_count]);
  }
  free(m);
  return 0;
}
