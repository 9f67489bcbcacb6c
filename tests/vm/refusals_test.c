// SPDX-License-Identifier: Apache-2.0
//
// What the loader refuses, from data: each file refusals/CODE.txt holds changes that must be refused with that code,
// and where. Every code of vm/errors.def must have a file. A line is
//
//   base NAME                    the artifact that the lines below change: refusals/NAME.base, see assembly.h
//   CHANGE & CHANGE -> PLACE     changed so, it is refused with the file's code, at this offset
//
// PLACE     SECTION [RECORD] [+N], HEADER [+N], ENTRY SECTION [+N] (in the section table), STRING text. A record is a
//           number, `end`, the name of a fact, cell, rule and so on, or in CODE a cell or window and the instruction
//           in it: C:2, R.from:0.
// CHANGE    PLACE = u8|u16|u32|u64 VALUE       VALUE: a number, none (all ones), op:MNEMONIC, or the index of a record,
//                                              FACTS:flag; FACTS:end is the first that is not there
//           PLACE = bytes HEX...               PLACE = copy N PLACE
//           section NAME bytes HEX...          the section holds this; section NAME records N or +N: so many or so
//                                              many more, zero if new
//           new ID                             one section more
//           longer N, shorter N                N zero bytes more, the first N bytes only
//           code NAME: CODE                    the program is made with this code
//           code NAME nested N                 with a condition inside N blocks, or nested N CODE: with this one
//           `code` comes first, then what changes sections or the length, then bytes: names in places and values are
//           those of the image before any byte was changed.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "image_edit.h"
#include "vm/image.h"

enum { NAME_MOST = 128, SECTION_MOST = 4 << 20 };

static const char *const codes[] = {
#define VM_ERROR(name, code, sentence) code,
#include "vm/errors.def"
#undef VM_ERROR
};

static const char *const mnemonics[] = {
#define SOC_OP(name, mnemonic, ...) mnemonic,
#include "vm/opcodes.def"
#undef SOC_OP
};

enum { CODE_COUNT = sizeof codes / sizeof *codes };

static const char *folder;
static char place_of_line[512]; // file and line, for messages
static int passed, failed;

static _Noreturn void wrong(const char *what, const char *where) {
  fprintf(stderr, "%s: %s: '%s'\n", place_of_line, what, where);
  exit(EXIT_FAILURE);
}

static char *read_text(const char *name, const char *end) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s%s", folder, name, end);
  return read_program(path);
}

// ------------------------------------------------------------------------------------------- words

// The next word, copied; false at the end of the text.
static bool word(const char **at, char *token) {
  *at += strspn(*at, " ");
  size_t n = strcspn(*at, " ");
  if (n >= NAME_MOST) {
    wrong("too long", *at);
  }
  memcpy(token, *at, n);
  token[n] = '\0';
  *at += n;
  return n > 0;
}

static void need_word(const char **at, char *token) {
  if (!word(at, token)) {
    wrong("a word is missing", *at);
  }
}

static bool is_next(const char **at, const char *what) {
  const char *before = *at;
  char token[NAME_MOST];
  if (word(at, token) && strcmp(token, what) == 0) {
    return true;
  }
  *at = before;
  return false;
}

static uint64_t number_of(const char *token) {
  char *end;
  uint64_t value = token[0] == '-' ? (uint64_t)strtoll(token, &end, 0) : strtoull(token, &end, 0);
  if (*end != '\0' || end == token) {
    wrong("no number", token);
  }
  return value;
}

static uint64_t need_number(const char **at) {
  char token[NAME_MOST];
  need_word(at, token);
  return number_of(token);
}

static size_t bytes_of(const char *at, uint8_t *out, size_t most) {
  char token[NAME_MOST];
  size_t n = 0;
  while (word(&at, token)) {
    for (const char *p = token; *p != '\0'; p += 2) {
      char two[3] = {p[0], p[1], '\0'}, *end;
      if (n == most || (out[n++] = (uint8_t)strtoul(two, &end, 16), end != two + 2)) {
        wrong("no bytes", token);
      }
    }
  }
  return n;
}

// ------------------------------------------------------------------------------------------ places

static uint32_t need_section(const char *name) {
  uint32_t id = section_id(name);
  if (id == 0) {
    wrong("no such section", name);
  }
  return id;
}

static size_t records_in(image im, uint32_t id) {
  return (size_t)get_number(section_entry(im, id) + 4, 4);
}

static const char *string_at(image im, uint64_t offset) {
  return (const char *)section_record(im, section_id("NAMES"), (size_t)offset);
}

// A record by its name, which stands first in it.
static size_t named_record(image im, uint32_t id, const char *name) {
  for (size_t i = 0; i < records_in(im, id); i++) {
    uint64_t offset = get_number(section_record(im, id, i), 4);
    if (offset != SOC_NONE32 && strcmp(string_at(im, offset), name) == 0) {
      return i;
    }
  }
  wrong("no record of this name", name);
}

// Of a cell, or of a rule's window: "RULE.through".
static size_t first_instruction(image im, char *name) {
  static const struct {
    const char *name;
    size_t at;
  } windows[] = {{".from", 32}, {".through", 40}, {".stands", 68}};
  uint32_t rules = section_id("RULES"), cells = section_id("CELLS");
  for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
    char *end = strstr(name, windows[i].name);
    if (end) {
      *end = '\0';
      return (size_t)get_number(
          section_record(im, rules, named_record(im, rules, name)) + windows[i].at, 4);
    }
  }
  return (size_t)get_number(section_record(im, cells, named_record(im, cells, name)) + 8, 4);
}

static size_t record_number(image im, uint32_t id, const char *token) {
  if (strcmp(token, "end") == 0) {
    return records_in(im, id);
  }
  if (strspn(token, "0123456789") == strlen(token)) {
    return (size_t)number_of(token);
  }
  const char *colon = strchr(token, ':');
  if (id != section_id("CODE") || !colon) {
    return named_record(im, id, token);
  }
  char name[NAME_MOST];
  snprintf(name, sizeof name, "%.*s", (int)(colon - token), token);
  return first_instruction(im, name) + (size_t)number_of(colon + 1);
}

static size_t string_place(image im, const char *text) {
  uint32_t names = section_id("NAMES");
  size_t length = strlen(text) + 1;
  for (size_t i = 0; i + length <= records_in(im, names); i++) {
    if ((i == 0 || *string_at(im, i - 1) == '\0') && strcmp(string_at(im, i), text) == 0) {
      return (size_t)(section_record(im, names, i) - im.bytes);
    }
  }
  wrong("no such string", text);
}

// An offset in the image.
static size_t read_place(image im, const char **at) {
  char token[NAME_MOST];
  size_t place = 0;
  need_word(at, token);
  if (strcmp(token, "STRING") == 0) {
    need_word(at, token);
    return string_place(im, token);
  }
  if (strcmp(token, "ENTRY") == 0) {
    need_word(at, token);
    place = (size_t)(section_entry(im, need_section(token)) - im.bytes);
  } else if (strcmp(token, "HEADER") != 0) {
    uint32_t id = need_section(token);
    const char *before = *at;
    size_t record = 0;
    if (word(at, token) && !strchr("+-=<", token[0])) {
      record = record_number(im, id, token);
    } else {
      *at = before;
    }
    place = (size_t)(section_record(im, id, record) - im.bytes);
  }
  const char *before = *at;
  if (word(at, token) && strchr("+-", token[0]) && token[1] != '\0' && token[1] != '>') {
    return place + (size_t)number_of(token[0] == '+' ? token + 1 : token);
  }
  *at = before;
  return place;
}

// ----------------------------------------------------------------------------------------- changes

static uint64_t value_of(image im, const char *token) {
  if (strcmp(token, "none") == 0) {
    return UINT64_MAX;
  }
  const char *colon = strchr(token, ':');
  if (!colon) {
    return number_of(token);
  }
  if (strncmp(token, "op:", 3) != 0) {
    char name[NAME_MOST];
    snprintf(name, sizeof name, "%.*s", (int)(colon - token), token);
    return record_number(im, need_section(name), colon + 1);
  }
  for (size_t i = 0; i < sizeof mnemonics / sizeof *mnemonics; i++) {
    if (strcmp(mnemonics[i], colon + 1) == 0) {
      return i;
    }
  }
  wrong("no such instruction", token);
}

static void put_value(image named, uint8_t *to, const char *kind, const char **at) {
  static const char *const kinds[] = {"u8", "u16", "u32", "u64"};
  char token[NAME_MOST];
  for (size_t i = 0; i < 4; i++) {
    if (strcmp(kinds[i], kind) == 0) {
      need_word(at, token);
      set_number(to, (size_t)1 << i, value_of(named, token));
      return;
    }
  }
  wrong("neither a width nor `bytes` nor `copy`", kind);
}

// Names are those of `named`, the image before any byte of it was changed.
static void change_bytes(image im, image named, const char *at) {
  char kind[NAME_MOST];
  size_t place = read_place(named, &at);
  if (!is_next(&at, "=")) {
    wrong("a `=` is missing", at);
  }
  need_word(&at, kind);
  if (place > im.length - 8) {
    wrong("not inside the image", at);
  }
  if (strcmp(kind, "bytes") == 0) {
    (void)bytes_of(at, im.bytes + place, im.length - place);
  } else if (strcmp(kind, "copy") == 0) {
    size_t count = (size_t)need_number(&at);
    memmove(im.bytes + place, im.bytes + read_place(named, &at), count);
  } else {
    put_value(named, im.bytes + place, kind, &at);
  }
}

static image change_section(image im, const char *at) {
  char token[NAME_MOST];
  need_word(&at, token);
  uint32_t id = need_section(token);
  size_t record = section_record_bytes(id), length;
  uint8_t *content = calloc(1, SECTION_MOST);
  need_word(&at, token);
  if (strcmp(token, "bytes") == 0) {
    length = bytes_of(at, content, SECTION_MOST);
  } else {
    size_t kept = records_in(im, id) * record;
    need_word(&at, token);
    length = token[0] == '+' ? kept + (size_t)number_of(token + 1) * record
                             : (size_t)number_of(token) * record;
    memcpy(content, section_record(im, id, 0), kept < length ? kept : length);
  }
  image out = image_with_section(im, id, content, length, (uint32_t)(length / record));
  free(content);
  return out;
}

// A change of the sections or of the length, by which the image becomes another; false: it is one of bytes.
static bool change_whole(image *im, const char *at) {
  image out;
  if (is_next(&at, "section")) {
    out = change_section(*im, at);
  } else if (is_next(&at, "new")) {
    out = image_with_new_section(*im, (uint32_t)need_number(&at));
  } else if (is_next(&at, "longer")) {
    out = image_longer(*im, (size_t)need_number(&at));
  } else if (is_next(&at, "shorter")) {
    out = image_shorter(*im, (size_t)need_number(&at));
  } else {
    return false;
  }
  free(im->bytes);
  *im = out;
  return true;
}

static char *nested_code(size_t depth, const char *inside) {
  static const char before[] = "begin all; ", after[] = "; join; end";
  char *code = calloc(1, depth * (sizeof before + sizeof after) + strlen(inside) + 1), *to = code;
  for (size_t i = 0; i < depth; i++) {
    to = strcpy(to, before) + strlen(before);
  }
  to = strcpy(to, inside) + strlen(inside);
  for (size_t i = 0; i < depth; i++) {
    to = strcpy(to, after) + strlen(after);
  }
  return code;
}

// `code NAME: CODE`, `code NAME nested N` or `code NAME nested N CODE`: the image is made anew from the base.
static image with_code(const char *base, const char *at) {
  char name[NAME_MOST];
  need_word(&at, name);
  size_t n = strlen(name);
  if (name[n - 1] == ':') {
    name[n - 1] = '\0';
    return assemble_program(base, (replaced_code){name, at});
  }
  if (!is_next(&at, "nested")) {
    wrong("neither code nor nested blocks", at);
  }
  size_t depth = (size_t)need_number(&at);
  at += strspn(at, " ");
  char *code = nested_code(depth, *at != '\0' ? at : "fact.true flag");
  image im = assemble_program(base, (replaced_code){name, code});
  free(code);
  return im;
}

enum { CHANGES_MOST = 8 };

static size_t split_changes(char *line, char **changes) {
  size_t count = 0;
  for (char *next; line; line = next) {
    next = strstr(line, " & ");
    if (next) {
      *next = '\0';
      next += 3;
    }
    if (count == CHANGES_MOST) {
      wrong("too many changes", line);
    }
    changes[count++] = line;
  }
  return count;
}

// The image with all changes, and where the loader is to refuse it.
static image changed_image(const char *base, char *line, const char *place, size_t *offset) {
  char *changes[CHANGES_MOST];
  size_t count = split_changes(line, changes), first = 0;
  const char *at = changes[0];
  bool new_code = is_next(&at, "code");
  image im = new_code ? with_code(base, at) : assemble_program(base, (replaced_code){0});
  for (first = new_code; first < count && change_whole(&im, changes[first]);) {
    first++;
  }
  image named = image_copy(im);
  for (size_t i = first; i < count; i++) {
    change_bytes(im, named, changes[i]);
  }
  *offset = read_place(named, &place);
  free(named.bytes);
  return im;
}

// ------------------------------------------------------------------------------------------- cases

static bool is_zero(const soc_policy *policy) {
  static const soc_policy zero;
  return memcmp(policy, &zero, sizeof zero) == 0;
}

static void refuse(image im, const char *code, size_t offset) {
  uint8_t *exact =
      malloc(im.length ? im.length : 1); // so that a sanitizer sees a read past the end
  memcpy(exact, im.bytes, im.length);
  soc_policy policy;
  soc_error error = {"", "", 0};
  soc_status status = soc_policy_load(&policy, exact, im.length, &error);
  bool right = status == SOC_ERR_ARTIFACT && strcmp(error.code, code) == 0 &&
               error.offset == offset && strlen(error.message) > 10 && is_zero(&policy) &&
               soc_policy_load(&policy, exact, im.length, NULL) == SOC_ERR_ARTIFACT;
  passed += right;
  failed += !right;
  if (!right) {
    printf("%s: expected %s at %zu, got status %d, %s at %llu\n", place_of_line, code, offset,
           (int)status, error.code, (unsigned long long)error.offset);
  }
  free(exact);
}

static void check_case(const char *base, const char *code, char *line) {
  char *arrow = strstr(line, " -> ");
  if (!base || !arrow) {
    wrong(base ? "an arrow and a place are missing" : "no base", line);
  }
  *arrow = '\0';
  size_t offset;
  image im = changed_image(base, line, arrow + 4, &offset);
  refuse(im, code, offset);
  free(im.bytes);
}

// How many cases the file held.
static int check_file(const char *code) {
  char *text = read_text(code, ".txt"), *base = NULL;
  int cases = 0, number = 0;
  for (char *line = text; *line != '\0';) {
    char *end = line + strcspn(line, "\n"), *next = end + (*end != '\0');
    *end = '\0';
    snprintf(place_of_line, sizeof place_of_line, "refusals/%s.txt:%d", code, ++number);
    const char *at = line;
    if (is_next(&at, "base")) {
      free(base);
      base = read_text(at + strspn(at, " "), ".base");
    } else if (*line != '\0' && *line != '#') {
      check_case(base, code, line);
      cases++;
    }
    line = next;
  }
  free(base);
  free(text);
  return cases;
}

static int index_of_code(const char *name) {
  for (int i = 0; i < CODE_COUNT; i++) {
    size_t n = strlen(codes[i]);
    if (strncmp(name, codes[i], n) == 0 && strcmp(name + n, ".txt") == 0) {
      return i;
    }
  }
  return -1;
}

// The bases themselves are accepted.
static void check_base(const char *name) {
  char *text = read_text(name, "");
  image im = assemble_program(text, (replaced_code){0});
  soc_policy policy;
  soc_error error = {"", "", 0};
  bool right = soc_policy_load(&policy, im.bytes, im.length, &error) == SOC_OK;
  passed += right;
  failed += !right;
  if (!right) {
    printf("%s is refused: %s at %llu\n", name, error.code, (unsigned long long)error.offset);
  }
  free(im.bytes);
  free(text);
}

static void check_name(const char *name, int *cases) {
  const char *dot = strrchr(name, '.');
  int code = index_of_code(name);
  if (code >= 0) {
    cases[code] = check_file(codes[code]);
  } else if (dot && strcmp(dot, ".base") == 0) {
    check_base(name);
  } else if (name[0] != '.') {
    printf("refusals/%s is named after no code of vm/errors.def\n", name);
    failed++;
  }
}

int main(int argc, char **argv) {
  folder = argc > 1 ? argv[1] : "tests/vm/refusals";
  int cases[CODE_COUNT] = {0};
  DIR *dir = opendir(folder);
  for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
    check_name(entry->d_name, cases);
  }
  if (dir) {
    closedir(dir);
  }
  for (int i = 0; i < CODE_COUNT; i++) {
    if (cases[i] == 0) {
      printf("no case in refusals/ is refused with %s\n", codes[i]);
      failed++;
    }
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
