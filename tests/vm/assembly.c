// SPDX-License-Identifier: Apache-2.0
//
// See assembly.h. One item at a time is collected, a head and a body, and handed to the builder.
#include "assembly.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MOST = 512, BODY_MOST = 64 * 1024, WORDS_MOST = 4 };

typedef struct item {
  char head[HEAD_MOST], body[BODY_MOST]; // of the body one line after the other, each with its '\n'
  char *words
      [WORDS_MOST]; // of the head; the last holds the rest of it, those that are not there are ""
} item;

typedef struct program {
  builder *b;
  replaced_code instead;
  item item;
} program;

static _Noreturn void wrong(const char *what, const char *where) {
  fprintf(stderr, "assembly: %s: '%s'\n", what, where);
  abort();
}

// The next word of the text, which moves on; the text is cut there.
static char *cut_word(char **text) {
  char *word = *text + strspn(*text, " ");
  char *end = word + strcspn(word, " ");
  *text = end + (*end != '\0') + strspn(end + (*end != '\0'), " ");
  *end = '\0';
  return word;
}

static void cut_head(item *i, size_t words) {
  char *at = i->head;
  for (size_t n = 0; n < WORDS_MOST; n++) {
    i->words[n] = n < words ? cut_word(&at) : at;
    if (n >= words) {
      at += strlen(at);
    }
  }
}

static const char *code_of(const program *p, const char *name, const char *written) {
  return p->instead.name && strcmp(p->instead.name, name) == 0 ? p->instead.code : written;
}

// ------------------------------------------------------------------------------------------- rules

static const char *const determinations[] = {"approve",        "refer",    "pend",
                                             "not_applicable", "eligible", "deny"};

static soc_determination determination_of(const char *word) {
  for (size_t i = 0; i < sizeof determinations / sizeof *determinations; i++) {
    if (strcmp(determinations[i], word) == 0) {
      return (soc_determination)i;
    }
  }
  wrong("no such determination", word);
}

static void read_attribute(rule *r, const char *key, char *value) {
  const struct {
    const char *key;
    const char **to;
  } texts[] = {{"code", &r->code},          {"when", &r->when},       {"criterion", &r->criterion},
               {"from", &r->from},          {"through", &r->through}, {"stands", &r->stands},
               {"actions", &r->actions},    {"grounds", &r->grounds}, {"open", &r->open_code},
               {"open_when", &r->open_when}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (strcmp(texts[i].key, key) == 0) {
      *texts[i].to = value;
      return;
    }
  }
  if (strcmp(key, "redirect") == 0) {
    r->redirect_enum = cut_word(&value);
    r->redirect = value;
  } else if (strcmp(key, "one_time") == 0) {
    r->one_time = true;
  } else {
    wrong("a rule has no such attribute", key);
  }
}

static void replace_window(const program *p, const char *name, const char *window,
                           const char **code) {
  char full[HEAD_MOST];
  snprintf(full, sizeof full, "%s.%s", name, window);
  *code = code_of(p, full, *code);
}

static void add_rule(program *p) {
  item *i = &p->item;
  rule r = {.name = i->words[2], .determination = determination_of(i->words[1])};
  for (char *line = i->body; *line != '\0';) {
    char *end = line + strcspn(line, "\n"), *next = end + 1;
    *end = '\0';
    char *key = cut_word(&line);
    read_attribute(&r, key, line);
    line = next;
  }
  replace_window(p, r.name, "from", &r.from);
  replace_window(p, r.name, "through", &r.through);
  replace_window(p, r.name, "stands", &r.stands);
  build_rule(p->b, r);
}

// ------------------------------------------------------------------------------------------- items

static void add_map(program *p) {
  char **w = p->item.words, *other = strchr(w[3], '/');
  if (!other) {
    wrong("a map wants ` / ` and the values for any other code", w[1]);
  }
  *other++ = '\0';
  build_map(p->b, w[1], w[2], w[3], other + strspn(other, " "));
}

static void add_item(program *p) {
  item *i = &p->item;
  static const struct {
    const char *keyword;
    size_t words; // that are cut off, the keyword included; the rest is the last
  } shapes[] = {{"enum", 2},    {"texts", 1}, {"fact", 2},     {"basis", 1}, {"set", 2},
                {"textset", 2}, {"map", 3},   {"cell", 2},     {"mask", 4},  {"number", 2},
                {"part", 3},    {"list", 1},  {"decision", 2}, {"rule", 3}};
  enum {
    ENUM,
    TEXTS,
    FACT,
    BASIS,
    SET,
    TEXTSET,
    MAP,
    CELL,
    MASK,
    NUMBER,
    PART,
    LIST,
    DECISION,
    RULE
  };
  size_t kind = 0;
  size_t length = strcspn(i->head, " ");
  while (strlen(shapes[kind].keyword) != length ||
         strncmp(i->head, shapes[kind].keyword, length) != 0) {
    if (++kind == sizeof shapes / sizeof *shapes) {
      wrong("no such item", i->head);
    }
  }
  cut_head(i, shapes[kind].words);
  char **w = i->words;
  switch (kind) {
  case ENUM: build_enum(p->b, w[1], w[2]); break;
  case TEXTS: build_texts(p->b, w[1]); break;
  case FACT: build_fact(p->b, w[1], w[2]); break;
  case BASIS: build_basis(p->b, w[1]); break;
  case SET: build_set(p->b, w[1], w[2]); break;
  case TEXTSET: build_text_set(p->b, w[1], w[2]); break;
  case MAP: add_map(p); break;
  case CELL: build_cell(p->b, w[1], code_of(p, w[1], i->body)); break;
  case MASK: build_mask(p->b, w[1], w[2], w[3], code_of(p, w[1], i->body)); break;
  case NUMBER: build_quantity(p->b, w[1], false, code_of(p, w[1], i->body)); break;
  case PART: build_part(p->b, w[1], w[2]); break;
  case LIST: build_list(p->b, *w[1] ? w[1] : NULL); break;
  case DECISION: build_decision(p->b, w[1], w[2]); break;
  default: add_rule(p); break;
  }
}

// ------------------------------------------------------------------------------------------- lines

static void copy_line(char *to, size_t room, const char *line, size_t length, const char *end) {
  if (length + strlen(end) >= room) {
    wrong("too long", line);
  }
  memcpy(to, line, length);
  strcpy(to + length, end);
}

static void take_line(program *p, const char *line, size_t length) {
  item *i = &p->item;
  size_t indent = strspn(line, " ");
  if (length == 0 || line[0] == '#') {
    return;
  }
  if (indent > 0) {
    size_t used = strlen(i->body);
    copy_line(i->body + used, sizeof i->body - used, line + indent, length - indent, "\n");
    return;
  }
  if (i->head[0] != '\0') {
    add_item(p);
  }
  copy_line(i->head, sizeof i->head, line, length, "");
  i->body[0] = '\0';
}

image assemble_program(const char *text, replaced_code instead) {
  program *p = calloc(1, sizeof *p);
  if (!p) {
    abort();
  }
  p->b = build_new();
  p->instead = instead;
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    take_line(p, text, length);
    text += length + (text[length] != '\0');
  }
  add_item(p);
  image im = build_finish(p->b);
  free(p);
  return im;
}

char *read_program(const char *path) {
  enum { MOST = 1 << 16 };
  FILE *file = fopen(path, "rb");
  char *text = calloc(1, MOST);
  if (!file || !text) {
    wrong("cannot be read", path);
  }
  if (fread(text, 1, MOST - 1, file) == 0 || !feof(file)) {
    wrong("is empty or too long", path);
  }
  fclose(file);
  return text;
}

image assemble_file(const char *path) {
  char *text = read_program(path);
  image im = assemble_program(text, (replaced_code){0});
  free(text);
  return im;
}
