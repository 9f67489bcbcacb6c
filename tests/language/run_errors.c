// SPDX-License-Identifier: Apache-2.0
//
// Compiles every .soc file of a folder and compares what is reported with the comments that expect
// it:
//     aprove X when a      #! E0203 "aprove" not a word -> did you mean `approve`
// is an error on this line with this code, this underlined text, these words in its message and,
// behind an arrow, these in its help or note. Message and help may be left out. A line that holds
// nothing but such a comment speaks of the next line that holds something else. \xE9 in the
// underlined text stands for a byte. Everything that is reported must be expected, and in the order
// of the lines. The files a source uses are looked for in the folder `lib` beside it. One case a
// file.
#include "soc/compiler.h"
#ifndef SOC_HAS_COMPILE
#include "compiler/parse.h"
#endif

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 512, MOST_EXPECTED = 512, PATH_SIZE = 600 };

struct piece {
  const char *text;
  size_t length;
};

struct expected {
  uint32_t line;
  struct piece code, mark, message, help;
};

// ------------------------------------------------------------------ reading

static char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *text = malloc(1 << 20);
  *length = text != NULL ? fread(text, 1, (1 << 20) - 1, file) : 0;
  if (text != NULL) text[*length] = '\0';
  fclose(file);
  return text;
}

static struct piece trimmed(const char *from, const char *to) {
  while (from < to && (*from == ' ' || *from == '\t')) from++;
  while (to > from && (to[-1] == ' ' || to[-1] == '\r')) to--;
  struct piece piece = {from, (size_t)(to - from)};
  return piece;
}

static const char *find(const char *from, const char *end, const char *what) {
  size_t length = strlen(what);
  for (; from + length <= end; from++)
    if (memcmp(from, what, length) == 0) return from;
  return NULL;
}

// `at` is behind the `#!`.
static struct expected read_expectation(uint32_t line, const char *at, const char *end) {
  struct expected e = {.line = line};
  struct piece rest = trimmed(at, end);
  const char *code_end = find(rest.text, end, " ");
  e.code = trimmed(rest.text, code_end != NULL ? code_end : end);
  const char *open = find(e.code.text + e.code.length, end, "\"");
  const char *close = open != NULL ? find(open + 1, end, "\" ") : NULL;
  if (open != NULL && close == NULL) close = end[-1] == '"' ? end - 1 : find(open + 1, end, "\"");
  if (close == NULL) return e;
  e.mark = (struct piece){open + 1, (size_t)(close - open - 1)};
  const char *arrow = find(close + 1, end, " -> ");
  e.message = trimmed(close + 1, arrow != NULL ? arrow : end);
  if (arrow != NULL) e.help = trimmed(arrow + 4, end);
  return e;
}

static size_t read_expectations(const char *text, size_t length, struct expected *list) {
  size_t count = 0, waiting = 0; // the last `waiting` of them speak of the next line
  uint32_t line = 0;
  for (const char *at = text, *limit = text + length; at < limit;) {
    const char *end = memchr(at, '\n', (size_t)(limit - at));
    end = end != NULL ? end : limit;
    line++;
    const char *mark = find(at, end, "#!");
    bool alone = mark != NULL && trimmed(at, mark).length == 0;
    for (size_t i = count - waiting; !alone && i < count; i++) list[i].line = line;
    waiting = alone ? waiting + 1 : 0;
    if (mark != NULL && count < MOST_EXPECTED)
      list[count++] = read_expectation(line, mark + 2, end);
    at = end + 1;
  }
  for (size_t i = count - waiting; i < count; i++) list[i].line = line;
  return count;
}

// ------------------------------------------------------------------ comparing

static bool is_hex(const char *at) {
  return strspn(at, "0123456789ABCDEF") >= 2;
}

// The underlined text: bytes may be written as \xE9.
static bool is_mark(struct piece mark, const char *text, size_t length) {
  size_t at = 0;
  for (size_t i = 0; i < mark.length; i++, at++) {
    unsigned char byte = (unsigned char)mark.text[i];
    if (mark.length - i >= 4 && memcmp(mark.text + i, "\\x", 2) == 0 && is_hex(mark.text + i + 2)) {
      char digits[3] = {mark.text[i + 2], mark.text[i + 3], '\0'};
      byte = (unsigned char)strtoul(digits, NULL, 16);
      i += 3;
    }
    if (at >= length || (unsigned char)text[at] != byte) return false;
  }
  return at == length;
}

static bool is_same(struct piece piece, const char *text, size_t length) {
  return piece.length == length && memcmp(piece.text, text, length) == 0;
}

static bool is_part(struct piece piece, const char *text) {
  char part[512];
  if (piece.length >= sizeof part) return false;
  memcpy(part, piece.text, piece.length);
  part[piece.length] = '\0';
  return strstr(text, part) != NULL;
}

static const char *difference(const struct expected *e, const soc_diagnostic *d, const char *text) {
  const char *marked = text + d->start, *end = memchr(marked, '\n', d->end - d->start);
  size_t length = end != NULL ? (size_t)(end - marked) : d->end - d->start;
  if (e->line != d->line) return "is on another line";
  if (!is_same(e->code, d->code, strlen(d->code))) return "has another code";
  if (!is_mark(e->mark, marked, length)) return "underlines something else";
  if (!is_part(e->message, d->message)) return "has another message";
  if (e->help.length > 0 && !is_part(e->help, d->help) && !is_part(e->help, d->note))
    return "has another help";
  return NULL;
}

static void show(const soc_diagnostic *d) {
  char shown[4096];
  soc_diagnostic_render(d, shown, sizeof shown);
  fputs(shown, stdout);
}

struct check {
  const char *path, *text;
  const struct expected *expected;
  size_t count, seen;
  bool good;
};

static void check_diagnostic(struct check *check, const soc_diagnostic *d) {
  const char *problem = "is not expected";
  if (strcmp(d->place, check->path) != 0)
    problem = "is in another file";
  else if (check->seen < check->count)
    problem = difference(&check->expected[check->seen], d, check->text);
  check->seen++;
  if (problem == NULL) return;
  if (check->good || check->seen <= check->count)
    printf("%s:%u: what is reported %s:\n", check->path, d->line, problem);
  if (check->seen <= check->count) {
    const struct expected *e = &check->expected[check->seen - 1];
    printf("  expected on line %u: %.*s \"%.*s\" %.*s\n", e->line, (int)e->code.length,
           e->code.text, (int)e->mark.length, e->mark.text, (int)e->message.length,
           e->message.text);
  }
  show(d);
  check->good = false;
}

static void check_end(struct check *check) {
  for (; check->seen < check->count; check->seen++) {
    const struct expected *e = &check->expected[check->seen];
    printf("%s:%u: %.*s is not reported\n", check->path, e->line, (int)e->code.length,
           e->code.text);
    check->good = false;
  }
}

// ------------------------------------------------------------------ compiling

#ifdef SOC_HAS_COMPILE
struct library {
  const char *folder;
  struct {
    char *text;
    char place[PATH_SIZE];
  } files[16];
  size_t count;
};

static bool use_file(void *ctx, const char *name, const char *from, const char **text,
                     size_t *length, const char **place) {
  struct library *library = ctx;
  (void)from;
  if (library->count == 16) return false;
  char *path = library->files[library->count].place;
  size_t name_length = strlen(name);
  bool table = name_length > 4 && strcmp(name + name_length - 4, ".csv") == 0;
  snprintf(path, PATH_SIZE, "%s/lib/%s%s", library->folder, name, table ? "" : ".soc");
  char *found = read_file(path, length);
  if (found == NULL) return false;
  library->files[library->count++].text = found;
  *text = found;
  *place = path;
  return true;
}

static void report_all(struct check *check, const char *folder, size_t length) {
  struct library library = {.folder = folder};
  soc_compile_options options = {.use = use_file, .use_ctx = &library, .thorough = true};
  soc_compilation *c = soc_compile(check->text, length, check->path, &options);
  for (uint32_t i = 0; c != NULL && i < soc_compilation_diagnostic_count(c); i++)
    check_diagnostic(check, soc_compilation_diagnostic(c, i));
  soc_compilation_free(c);
  for (size_t i = 0; i < library.count; i++) free(library.files[i].text);
}
#else
static void report_all(struct check *check, const char *folder, size_t length) {
  struct front front;
  struct source_file *tree;
  uint32_t file;
  (void)folder;
  front_init(&front, NULL, NULL);
  if (front_add_source(&front, check->text, length, check->path, &file))
    parse_file(&front, file, &tree);
  diag_finish(&front.diags);
  for (uint32_t i = 0; i < front.diags.count; i++) {
    soc_diagnostic d;
    diag_view(&front.diags, i, &d);
    check_diagnostic(check, &d);
  }
  front_free(&front);
}
#endif

static bool check_file(const char *folder, const char *name) {
  static struct expected expected[MOST_EXPECTED];
  char path[PATH_SIZE];
  size_t length = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  char *text = read_file(path, &length);
  if (text == NULL) {
    printf("%s cannot be read\n", path);
    return false;
  }
  struct check check = {.path = path, .text = text, .expected = expected, .good = true};
  check.count = read_expectations(text, length, expected);
  report_all(&check, folder, length);
  check_end(&check);
  free(text);
  return check.good;
}

// ------------------------------------------------------------------ folders

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_files(const char *folder, char **names) {
  DIR *directory = opendir(folder);
  size_t count = 0;
  for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
    size_t length = strlen(entry->d_name);
    if (count == MOST_FILES || length < 5 || strcmp(entry->d_name + length - 4, ".soc") != 0)
      continue;
    if ((names[count] = malloc(length + 1)) != NULL)
      memcpy(names[count++], entry->d_name, length + 1);
  }
  if (directory != NULL) closedir(directory);
  qsort(names, count, sizeof names[0], by_name);
  return count;
}

int main(int argc, char **argv) {
  static char *names[MOST_FILES];
  unsigned passed = 0, failed = 0;
  for (int i = 1; i < argc; i++) {
    size_t count = list_files(argv[i], names);
    for (size_t n = 0; n < count; n++) {
      if (check_file(argv[i], names[n]))
        passed++;
      else
        failed++;
      free(names[n]);
    }
  }
  printf("%u passed, %u failed\n", passed, failed);
  return failed > 0 || passed == 0;
}
