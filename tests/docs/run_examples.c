// SPDX-License-Identifier: Apache-2.0
//
// Runs the examples of documents: `run_examples FILE.md...` compiles every ```soc block and runs the tests in it. An
// HTML comment on a line of its own before a block says how it is to be read:
//     <!-- soc: complete -->          a whole file
//     <!-- soc: tests -->             a file of tests, run on each policy that it is for
//     <!-- soc: declarations -->      declarations of a policy that uses the standard vocabulary
//     <!-- soc: in policy -->         the same, with a decision of their own
//     <!-- soc: condition -->         one condition
//     <!-- soc: rules -->             rules of a decision
//     <!-- soc: start F -->           the first part of file F, which stays
//     <!-- soc: append F -->          more of F, checked together with what is there
//     <!-- soc: try F -->             the same, but F stays as it was
//     <!-- soc: table F -->           a table (a ```csv block) that later blocks can take rows of
// after which may follow `, expect error E0301 E0416` (these codes and no others) or `, file NAME` (later blocks can
// `use` it). A ```text block after <!-- soc: messages --> must be what the compiler says about the block before, after
// <!-- soc: errors here --> its errors at places in that block. Every block and every test in one is a case; a document
// without a block fails. The last line is `N passed, N failed`.
#include <soc/compiler.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------- text

struct text {
  char *data; // NUL-terminated once something was added
  size_t length, capacity;
};

static void text_add(struct text *t, const char *data, size_t length) {
  size_t needed = t->length + length + 1;
  if (needed > t->capacity) {
    t->capacity = needed * 2;
    t->data = length < SIZE_MAX / 4 ? realloc(t->data, t->capacity) : NULL;
    if (!t->data) {
      fputs("out of memory\n", stderr);
      exit(2);
    }
  }
  memcpy(t->data + t->length, data, length);
  t->length += length;
  t->data[t->length] = '\0';
}

static void text_clear(struct text *t) {
  t->length = 0;
  if (t->data) {
    t->data[0] = '\0';
  }
}

static const char *text_of(const struct text *t) {
  return t->data ? t->data : "";
}

static void text_string(struct text *t, const char *string) {
  text_add(t, string, strlen(string));
}

static bool text_read(struct text *t, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    return false;
  }
  char block[4096];
  for (size_t n = fread(block, 1, sizeof block, file); n > 0;
       n = fread(block, 1, sizeof block, file)) {
    text_add(t, block, n);
  }
  fclose(file);
  return true;
}

// ---------------------------------------------------------------------------- the run

enum { FILES_MAX = 32, NAME_MAX_LENGTH = 64 };

struct named_text {
  char name[NAME_MAX_LENGTH];
  struct text text;
};

struct run {
  const char *path; // of the document
  unsigned line;    // of the block
  unsigned passed, failed;
  struct named_text files[FILES_MAX]; // what `start` and `file` left, for this document
  unsigned file_count;
  struct text messages;    // of the last block
  struct text errors_here; // those errors that lie in the block itself
};

static void verdict(struct run *r, bool passed, const char *format, ...) {
  if (passed) {
    r->passed++;
    return;
  }
  r->failed++;
  va_list arguments;
  va_start(arguments, format);
  printf("%s:%u: ", r->path, r->line);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

static struct text *file_of(struct run *r, const char *name) {
  for (unsigned i = 0; i < r->file_count; i++) {
    if (strcmp(r->files[i].name, name) == 0) {
      return &r->files[i].text;
    }
  }
  if (r->file_count == FILES_MAX) {
    fprintf(stderr, "%s: more than %d files\n", r->path, FILES_MAX);
    exit(2);
  }
  struct named_text *file = &r->files[r->file_count++];
  snprintf(file->name, sizeof file->name, "%s", name);
  file->text = (struct text){0};
  return &file->text;
}

static bool use_file(void *ctx, const char *name, const char *from, const char **text,
                     size_t *length, const char **place) {
  struct run *r = ctx;
  (void)from;
  for (unsigned i = 0; i < r->file_count; i++) {
    struct named_text *file = &r->files[i];
    if (strcmp(file->name, name) == 0 && file->text.data) {
      *text = file->text.data;
      *length = file->text.length;
      *place = file->name;
      return true;
    }
  }
  return false;
}

// ---------------------------------------------------------------------------- what a comment says

enum mode {
  MODE_NONE,
  MODE_COMPLETE,
  MODE_TESTS,
  MODE_DECLARATIONS,
  MODE_POLICY,
  MODE_CONDITION,
  MODE_RULES,
  MODE_START,
  MODE_APPEND,
  MODE_TRY,
  MODE_TABLE,
  MODE_MESSAGES,
  MODE_ERRORS_HERE
};

struct directive {
  enum mode mode;
  char name[NAME_MAX_LENGTH];  // start, append, try, file; "": none
  bool keep;                   // `, file NAME`
  char codes[NAME_MAX_LENGTH]; // of the errors that are expected; "": none
};

static const struct {
  const char *word;
  enum mode mode;
} modes[] = {
    {"complete", MODE_COMPLETE}, {"declarations", MODE_DECLARATIONS},
    {"in policy", MODE_POLICY},  {"condition", MODE_CONDITION},
    {"rules", MODE_RULES},       {"start ", MODE_START},
    {"append ", MODE_APPEND},    {"try ", MODE_TRY},
    {"messages", MODE_MESSAGES}, {"errors here", MODE_ERRORS_HERE},
    {"tests", MODE_TESTS},       {"table ", MODE_TABLE},
};

static size_t word_length(const char *at) {
  return strcspn(at, " ,\n");
}

static const char *take_name(const char *at, char *out, size_t size) {
  size_t length = word_length(at);
  snprintf(out, size, "%.*s", (int)length, at);
  return at + length;
}

static const char *take_mode(const char *at, struct directive *d) {
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
    size_t length = strlen(modes[i].word);
    if (strncmp(at, modes[i].word, length) == 0) {
      d->mode = modes[i].mode;
      at += length;
      return modes[i].word[length - 1] == ' ' ? take_name(at, d->name, sizeof d->name) : at;
    }
  }
  return NULL;
}

// False: the line is a comment for this program, but not one it understands.
static bool read_directive(const char *line, struct directive *d) {
  static const char begin[] = "<!-- soc: ";
  *d = (struct directive){0};
  if (strncmp(line, begin, sizeof begin - 1) != 0) {
    return true;
  }
  const char *at = take_mode(line + sizeof begin - 1, d);
  while (at && strncmp(at, ", ", 2) == 0) {
    at += 2;
    if (strncmp(at, "expect error E", 14) == 0) {
      at += 13;
      size_t length = strcspn(at, ",-\n");
      length -= length > 0 && at[length - 1] == ' ';
      snprintf(d->codes, sizeof d->codes, "%.*s", (int)length, at);
      at += length;
    } else if (strncmp(at, "file ", 5) == 0) {
      d->keep = true;
      at = take_name(at + 5, d->name, sizeof d->name);
    } else {
      return false;
    }
  }
  return at && strncmp(at, " -->", 4) == 0;
}

// ---------------------------------------------------------------------------- wrapping

static const char head[] = "soc 1\n"
                           "policy \"example/fragment\" {\n"
                           "  title \"Example\"\n"
                           "  payer \"Example Health\"\n"
                           "  version 2026-01-01\n"
                           "  basis service.date\n"
                           "  source \"Example\"\n"
                           "}\n"
                           "use \"vocabulary/case\"\n";
static const char otherwise[] =
    "refer SITE_CRITERIA_NOT_MET otherwise \"Otherwise\" cite \"p. 1\"\n";

static void wrap(struct text *source, enum mode mode, const char *block, size_t length) {
  if (mode != MODE_COMPLETE && mode != MODE_TESTS) {
    text_string(source, head);
  }
  if (mode == MODE_CONDITION) {
    text_string(source, "criterion example_condition \"Example\" cite \"p. 1\" met when\n");
  } else if (mode == MODE_RULES) {
    text_string(source, "decision example_decision medical {\n");
  }
  text_add(source, block, length);
  if (mode == MODE_DECLARATIONS || mode == MODE_CONDITION) {
    text_string(source, "decision example_decision medical {\n");
  }
  if (mode == MODE_CONDITION) {
    text_string(source, "approve PREFERRED_SITE when example_condition\n");
  }
  if (mode == MODE_DECLARATIONS || mode == MODE_CONDITION || mode == MODE_RULES) {
    text_string(source, otherwise);
    text_string(source, "}\n");
  }
}

// ---------------------------------------------------------------------------- compiling

static void keep_message(struct text *t, const soc_diagnostic *d) {
  size_t length = soc_diagnostic_render(d, NULL, 0);
  char *rendered = malloc(length + 1);
  if (rendered) {
    soc_diagnostic_render(d, rendered, length + 1);
    text_add(t, rendered, length);
  }
  free(rendered);
}

// `before`: lines of the source in front of the block.
static void keep_messages(struct run *r, const soc_compilation *c, unsigned before) {
  text_clear(&r->messages);
  text_clear(&r->errors_here);
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    keep_message(&r->messages, d);
    if (d->severity == SOC_SEVERITY_ERROR && d->line > before) {
      keep_message(&r->errors_here, d);
    }
  }
}

// Does every error have one of these codes (E0301 E0416), and is there an error with each?
static bool errors_are(const soc_compilation *c, const char *codes) {
  size_t expected = (strlen(codes) + 1) / 6, found = 0; // a code and a space are six characters
  bool seen[NAME_MAX_LENGTH / 6 + 1] = {false};
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    if (d->severity != SOC_SEVERITY_ERROR) {
      continue;
    }
    const char *place = strstr(codes, d->code);
    if (!place) {
      return false;
    }
    size_t index = (size_t)(place - codes) / 6;
    found += !seen[index];
    seen[index] = true;
  }
  return found == expected;
}

static void run_tests(struct run *r, soc_compilation *c) {
  for (uint32_t i = 0; i < soc_compilation_test_count(c); i++) {
    soc_test_outcome outcome;
    if (!soc_compilation_run_test(c, i, &outcome)) {
      verdict(r, false, "test %u: out of memory", i);
    } else {
      verdict(r, outcome.passed, "test \"%s\" fails:\n%s", outcome.title, outcome.difference);
    }
  }
}

static unsigned line_count(const char *data, size_t length) {
  unsigned lines = 0;
  for (size_t i = 0; i < length; i++) {
    lines += data[i] == '\n';
  }
  return lines;
}

// `version`: of those that a file of tests is for. Returns how many those are.
static uint32_t compile(struct run *r, const struct text *source, unsigned before,
                        const char *place, const struct directive *d, uint32_t version) {
  soc_compile_options options = {.use = use_file, .use_ctx = r, .version = version};
  soc_compilation *c = soc_compile(source->data, source->length, place, &options);
  if (!c) {
    verdict(r, false, "out of memory");
    return 0;
  }
  uint32_t versions = soc_compilation_version_count(c);
  keep_messages(r, c, before);
  if (d->codes[0] != '\0') {
    verdict(r, errors_are(c, d->codes), "expected error %s, the compiler says:\n%s", d->codes,
            text_of(&r->messages));
  } else if (soc_compilation_error_count(c) > 0) {
    verdict(r, false, "does not compile:\n%s", text_of(&r->messages));
  } else {
    verdict(r, true, "compiles");
    run_tests(r, c);
  }
  soc_compilation_free(c);
  return versions;
}

static void run_block(struct run *r, const struct directive *d, const char *block, size_t length) {
  struct text source = {0};
  if (d->mode == MODE_START || d->mode == MODE_APPEND || d->mode == MODE_TRY) {
    struct text *file = file_of(r, d->name);
    if (d->mode == MODE_START) {
      text_clear(file);
    }
    text_add(&source, text_of(file), file->length);
    unsigned before = line_count(source.data, source.length);
    text_add(&source, block, length);
    if (d->mode != MODE_TRY) {
      text_add(file, block, length);
    }
    compile(r, &source, before, d->name, d, 0);
  } else {
    wrap(&source, d->mode, block, length);
    if (d->keep) {
      text_add(file_of(r, d->name), block, length);
    }
    const char *place = d->mode == MODE_TESTS ? "example.test.soc" : "example.soc";
    uint32_t versions = 1;
    for (uint32_t version = 0; version < versions; version++) {
      versions = compile(r, &source, 0, d->keep ? d->name : place, d, version);
    }
  }
  free(source.data);
}

static void check_messages(struct run *r, const struct text *real, const char *block,
                           size_t length) {
  bool same = real->data && length == real->length && memcmp(block, real->data, length) == 0;
  verdict(r, same, "the messages differ; the compiler says:\n%s", text_of(real));
}

// ---------------------------------------------------------------------------- documents

static const char *line_end(const char *at) {
  const char *end = strchr(at, '\n');
  return end ? end + 1 : at + strlen(at);
}

// The block that begins at `at`, up to its closing fence; *end is the line after that.
static size_t block_length(const char *at, const char **end, unsigned *lines) {
  const char *p = at;
  while (*p != '\0' && strncmp(p, "```", 3) != 0) {
    p = line_end(p);
    (*lines)++;
  }
  *end = line_end(p);
  return (size_t)(p - at);
}

static bool is_fence(const char *at, const char *language) {
  size_t length = strlen(language);
  return strncmp(at, "```", 3) == 0 && strncmp(at + 3, language, length) == 0 &&
         at[3 + length] == '\n';
}

// Returns how many blocks of the language there were.
static unsigned run_document(struct run *r, const char *text) {
  unsigned line = 1, blocks = 0;
  struct directive d = {0};
  for (const char *at = text; *at != '\0'; line++) {
    const char *next = line_end(at);
    if (strncmp(at, "<!-- soc:", 9) == 0) {
      r->line = line;
      if (!read_directive(at, &d)) {
        verdict(r, false, "a comment that says not how to read the block: %.*s",
                (int)(next - at - 1), at);
      }
    } else if (strncmp(at, "```", 3) == 0) {
      r->line = line;
      size_t length = block_length(next, &next, &line);
      const char *block = line_end(at);
      line++; // its closing fence
      if (is_fence(at, "soc")) {
        blocks++;
        if (d.mode == MODE_NONE || d.mode >= MODE_TABLE) {
          verdict(r, false, "no comment says how to read this block");
        } else {
          run_block(r, &d, block, length);
        }
      } else if (is_fence(at, "csv") && d.mode == MODE_TABLE) {
        struct text *table = file_of(r, d.name);
        text_clear(table);
        text_add(table, block, length);
      } else if (is_fence(at, "text") && d.mode >= MODE_MESSAGES) {
        check_messages(r, d.mode == MODE_MESSAGES ? &r->messages : &r->errors_here, block, length);
      }
      d.mode = MODE_NONE;
    }
    at = next;
  }
  return blocks;
}

static void run_file(struct run *r, const char *path) {
  struct text text = {0};
  r->path = path;
  r->line = 1;
  if (!text_read(&text, path)) {
    verdict(r, false, "cannot be read");
  } else if (run_document(r, text_of(&text)) == 0) {
    verdict(r, false, "no examples in this document");
  }
  for (unsigned i = 0; i < r->file_count; i++) {
    free(r->files[i].text.data);
  }
  r->file_count = 0;
  free(text.data);
}

int main(int argc, char **argv) {
  static struct run run;
  for (int i = 1; i < argc; i++) {
    run_file(&run, argv[i]);
  }
  free(run.messages.data);
  free(run.errors_here.data);
  printf("%u passed, %u failed\n", run.passed, run.failed);
  return run.failed > 0 || run.passed == 0;
}
