// SPDX-License-Identifier: Apache-2.0
//
// Runs the examples of documents: `run_examples FILE.md...` compiles every ```soc block and runs the tests in it. An
// HTML comment on a line of its own before a block says how it is to be read:
//     <!-- soc: complete -->          a whole file
//     <!-- soc: declarations -->      declarations of a policy that uses the standard vocabulary
//     <!-- soc: in policy -->         the same, with a decision of their own
//     <!-- soc: condition -->         one condition
//     <!-- soc: rules -->             rules of a decision
//     <!-- soc: start F -->           the first part of file F, which stays
//     <!-- soc: append F -->          more of F, checked together with what is there
//     <!-- soc: try F -->             the same, but F stays as it was
// after which may follow `, expect error E0301` (that code and no other), `, expect error` (any) or `, file NAME`
// (later blocks can `use` it). A ```text block after <!-- soc: messages --> must be what the compiler says about the
// block before. Every block and every test in one is a case; a document without a block fails. The last line is
// `N passed, N failed`.
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
  if (t->length + length + 1 > t->capacity) {
    t->capacity = (t->length + length + 1) * 2;
    t->data = realloc(t->data, t->capacity);
    if (!t->data) {
      fputs("out of memory\n", stderr);
      exit(2);
    }
  }
  memcpy(t->data + t->length, data, length);
  t->length += length;
  t->data[t->length] = '\0';
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
  struct text messages; // of the last block
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
  MODE_DECLARATIONS,
  MODE_POLICY,
  MODE_CONDITION,
  MODE_RULES,
  MODE_START,
  MODE_APPEND,
  MODE_TRY,
  MODE_MESSAGES
};

struct directive {
  enum mode mode;
  char name[NAME_MAX_LENGTH]; // start, append, try, file; "": none
  bool keep;                  // `, file NAME`
  bool error;                 // an error is expected
  char code[16];              // "": any
};

static const struct {
  const char *word;
  enum mode mode;
} modes[] = {
    {"complete", MODE_COMPLETE}, {"declarations", MODE_DECLARATIONS},
    {"in policy", MODE_POLICY},  {"condition", MODE_CONDITION},
    {"rules", MODE_RULES},       {"start ", MODE_START},
    {"append ", MODE_APPEND},    {"try ", MODE_TRY},
    {"messages", MODE_MESSAGES},
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
    if (strncmp(at, "expect error", 12) == 0) {
      d->error = true;
      at += 12;
      at = *at == ' ' && at[1] != '-' ? take_name(at + 1, d->code, sizeof d->code) : at;
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
  if (mode != MODE_COMPLETE) {
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

static void keep_messages(struct run *r, const soc_compilation *c) {
  r->messages.length = 0;
  text_add(&r->messages, "", 0);
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    size_t length = soc_diagnostic_render(d, NULL, 0);
    char *rendered = malloc(length + 1);
    if (rendered) {
      soc_diagnostic_render(d, rendered, length + 1);
      text_add(&r->messages, rendered, length);
    }
    free(rendered);
  }
}

static bool errors_are(const soc_compilation *c, const char *code) {
  for (uint32_t i = 0; i < soc_compilation_diagnostic_count(c); i++) {
    const soc_diagnostic *d = soc_compilation_diagnostic(c, i);
    if (d->severity == SOC_SEVERITY_ERROR && code[0] != '\0' && strcmp(d->code, code) != 0) {
      return false;
    }
  }
  return true;
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

static void compile(struct run *r, const struct text *source, const char *place,
                    const struct directive *d) {
  soc_compile_options options = {.use = use_file, .use_ctx = r};
  soc_compilation *c = soc_compile(source->data, source->length, place, &options);
  if (!c) {
    verdict(r, false, "out of memory");
    return;
  }
  keep_messages(r, c);
  bool failed = soc_compilation_error_count(c) > 0;
  if (d->error) {
    verdict(r, failed && errors_are(c, d->code), "expected error %s, the compiler says:\n%s",
            d->code, r->messages.data);
  } else {
    verdict(r, !failed, "does not compile:\n%s", r->messages.data);
    if (!failed) {
      run_tests(r, c);
    }
  }
  soc_compilation_free(c);
}

static void run_block(struct run *r, const struct directive *d, const char *block, size_t length) {
  struct text source = {0};
  if (d->mode == MODE_START || d->mode == MODE_APPEND || d->mode == MODE_TRY) {
    struct text *file = file_of(r, d->name);
    if (d->mode == MODE_START) {
      file->length = 0;
    }
    text_add(&source, file->data ? file->data : "", file->length);
    text_add(&source, block, length);
    if (d->mode != MODE_TRY) {
      text_add(file, block, length);
    }
    compile(r, &source, d->name, d);
  } else {
    wrap(&source, d->mode, block, length);
    if (d->keep) {
      text_add(file_of(r, d->name), block, length);
    }
    compile(r, &source, d->keep ? d->name : "example.soc", d);
  }
  free(source.data);
}

static void check_messages(struct run *r, const char *block, size_t length) {
  bool same = length == r->messages.length && memcmp(block, r->messages.data, length) == 0;
  verdict(r, same, "the messages differ; the compiler says:\n%s",
          r->messages.data ? r->messages.data : "");
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
        if (d.mode == MODE_NONE || d.mode == MODE_MESSAGES) {
          verdict(r, false, "no comment says how to read this block");
        } else {
          run_block(r, &d, block, length);
        }
      } else if (is_fence(at, "text") && d.mode == MODE_MESSAGES) {
        check_messages(r, block, length);
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
  } else if (run_document(r, text.data ? text.data : "") == 0) {
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
  printf("%u passed, %u failed\n", run.passed, run.failed);
  return run.failed > 0 || run.passed == 0;
}
