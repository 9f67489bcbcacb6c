// SPDX-License-Identifier: Apache-2.0
//
// Artifacts without the compiler; see builder.h. Everything is kept as text or small records until build_finish,
// because constants are numbered only when all of them are known.
#include "builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/bounds.h"
#include "vm/code.h"
#include "vm/image.h"
#include "vm/pack.h"

enum section_index {
#define SECTION(name, id, bytes, ...) S_##name,
  SOC_SECTIONS(SECTION)
#undef SECTION
      S_COUNT
};

static const struct {
  uint32_t id, bytes;
} shapes[S_COUNT] = {
#define SECTION(name, id, bytes, ...) {id, bytes},
    SOC_SECTIONS(SECTION)
#undef SECTION
};

enum operand {
  A_NONE,
  A_REL,
  A_GIVEN,
  A_LIST,
  A_FOLD,
  A_EACH,
  A_ROW,
  B_NONE,
  B_FACT,
  B_EACH,
  B_CELL,
  B_NEED,
  C_NONE,
  C_CONST,
  C_CONST2,
  C_SET,
  C_MAP,
  C_CELL,
  C_VALUE,
  C_SIZE,
  C_SKIP
};

static const struct {
  const char *mnemonic;
  int a, b, c;
} ops[SOC_OP_COUNT] = {
#define SOC_OP(name, mnemonic, a, b, c, pops, pushes, flags, meaning) {mnemonic, a, b, c},
#include "vm/opcodes.def"
#undef SOC_OP
};

enum { MOST = 256, NAME_MOST = 64, STACK_MOST = 1024 };

typedef struct bytes {
  uint8_t *data;
  size_t length, room;
} bytes;

typedef struct instruction {
  uint8_t op, a;
  uint16_t b;
  uint32_t c;
  int64_t first, second; // C_CONST, C_CONST2
} instruction;

typedef struct code {
  instruction *items;
  uint32_t count, room;
} code;

typedef struct names {
  char items[MOST][NAME_MOST];
  uint32_t count;
} names;

struct builder {
  bytes section[S_COUNT];
  names enums, facts, sets, maps, cells;
  char values[MOST][512]; // of enumerations, with spaces around
  soc_type types[MOST];   // of facts
  uint32_t fact_enums[MOST];
  uint32_t map_enums[MOST];
  uint32_t cell_enums[MOST];
  code cell_code, window_code;
  uint32_t basis, list; // list: of the cells and decisions that come
  uint32_t decision_first_rule;
};

static _Noreturn void wrong(const char *what, const char *where) {
  fprintf(stderr, "builder: %s: '%s'\n", what, where);
  abort();
}

// ------------------------------------------------------------------------------------------- bytes

static void put(bytes *b, uint64_t value, size_t width) {
  if (b->length + width > b->room) {
    b->room = b->room * 2 + 256;
    b->data = realloc(b->data, b->room);
  }
  for (size_t i = 0; i < width; i++) {
    b->data[b->length++] = (uint8_t)(i < 8 ? value >> 8 * i : 0);
  }
}

static void patch(bytes *b, size_t at, uint64_t value, size_t width) {
  for (size_t i = 0; i < width; i++) {
    b->data[at + i] = (uint8_t)(value >> 8 * i);
  }
}

static uint32_t count_of(const builder *b, int section) {
  return (uint32_t)(b->section[section].length / shapes[section].bytes);
}

// Strings stand once.
static uint32_t string_in(builder *b, int section, const char *text) {
  bytes *s = &b->section[section];
  size_t length = strlen(text) + 1;
  for (size_t at = 0; at < s->length; at += strlen((char *)s->data + at) + 1) {
    if (strcmp((char *)s->data + at, text) == 0) {
      return (uint32_t)at;
    }
  }
  uint32_t offset = (uint32_t)s->length;
  for (size_t i = 0; i < length; i++) {
    put(s, (uint8_t)text[i], 1);
  }
  return offset;
}

static uint32_t name(builder *b, const char *text) {
  return text ? string_in(b, S_NAMES, text) : SOC_NONE32;
}

static uint32_t words(builder *b, const char *text) {
  return text ? string_in(b, S_WORDING, text) : SOC_NONE32;
}

static uint32_t add(names *n, const char *text) {
  if (n->count == MOST || strlen(text) >= NAME_MOST) {
    wrong("too many or too long", text);
  }
  strcpy(n->items[n->count], text);
  return n->count++;
}

static uint32_t find(const names *n, const char *text) {
  for (uint32_t i = 0; i < n->count; i++) {
    if (strcmp(n->items[i], text) == 0) {
      return i;
    }
  }
  wrong("no such name", text);
}

// ------------------------------------------------------------------------------------------ tokens

// The next token up to one of `ends`, copied; false at the end. Spaces before it are skipped.
static bool next(const char **at, const char *ends, char *token, size_t room) {
  while (**at == ' ' || (**at != '\0' && strchr(ends, **at))) {
    (*at)++;
  }
  size_t n = strcspn(*at, ends);
  if (n == 0) {
    return false;
  }
  if (n >= room) {
    wrong("token too long", *at);
  }
  memcpy(token, *at, n);
  while (n > 0 && token[n - 1] == ' ') {
    n--;
  }
  token[n] = '\0';
  *at += strcspn(*at, ends);
  return true;
}

static uint32_t enum_value(const builder *b, uint32_t e, const char *value) {
  char token[NAME_MOST];
  const char *at = b->values[e];
  for (uint32_t i = 0; next(&at, " ", token, sizeof token); i++) {
    if (strcmp(token, value) == 0) {
      return i;
    }
  }
  wrong("no such value", value);
}

static uint64_t mask_of(const builder *b, uint32_t e, const char *text) {
  char token[NAME_MOST];
  uint64_t mask = 0;
  while (next(&text, "|", token, sizeof token)) {
    if (strcmp(token, "-") != 0) {
      mask |= UINT64_C(1) << enum_value(b, e, token);
    }
  }
  return mask;
}

static bool is_date(const char *text) {
  return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

static int64_t date_of(const char *text) {
  int32_t days;
  if (!is_date(text) || !soc_date_make(atoi(text), atoi(text + 5), atoi(text + 8), &days)) {
    wrong("no date", text);
  }
  return days;
}

static int64_t number_of(const char *text) {
  char *end;
  long long units = strtoll(text, &end, 10), fraction = 0;
  if (*end == '.') {
    long long place = SOC_MICRO / 10;
    for (end++; *end >= '0' && *end <= '9'; end++, place /= 10) {
      fraction += (*end - '0') * place;
    }
  }
  if (*end != '\0') {
    wrong("no number", text);
  }
  return units * SOC_MICRO + (text[0] == '-' ? -fraction : fraction);
}

static int64_t code_of(const char *text) {
  uint64_t packed;
  if (!soc_code_pack(text, strlen(text), &packed)) {
    wrong("no code", text);
  }
  return (int64_t)packed;
}

static int64_t value_of(const builder *b, uint32_t fact, const char *text) {
  switch (b->types[fact]) {
  case SOC_BOOL: return strcmp(text, "true") == 0;
  case SOC_ENUM:
  case SOC_ENUM_LIST: return enum_value(b, b->fact_enums[fact], text);
  case SOC_CODE:
  case SOC_CODE_LIST: return code_of(text);
  case SOC_DATE: return date_of(text);
  case SOC_NUMBER: return number_of(text);
  default: return atoi(text);
  }
}

// ------------------------------------------------------------------------------------------ tables

builder *build_new(void) {
  builder *b = calloc(1, sizeof *b);
  b->basis = b->list = SOC_NONE16;
  name(b, "test/policy");
  words(b, "A policy for tests");
  return b;
}

void build_enum(builder *b, const char *enum_name, const char *values) {
  uint32_t e = add(&b->enums, enum_name);
  uint32_t first = count_of(b, S_ENUM_VALUES);
  char token[NAME_MOST];
  strcpy(b->values[e], values);
  while (next(&values, " ", token, sizeof token)) {
    put(&b->section[S_ENUM_VALUES], name(b, token), 4);
  }
  put(&b->section[S_ENUMS], name(b, enum_name), 4);
  put(&b->section[S_ENUMS], first, 2);
  put(&b->section[S_ENUMS], count_of(b, S_ENUM_VALUES) - first, 2);
}

typedef struct fact {
  uint8_t type, flags, left_out, min_length, max_length;
  uint32_t enumeration, list, other;
  int64_t minimum, maximum, assumed;
} fact;

static const char *const type_names[] = {"",       "bool",  "enum",  "code",    "text", "date",
                                         "number", "codes", "enums", "records", "line"};

static uint32_t word_number(const char **at) {
  char token[NAME_MOST];
  if (!next(at, " ", token, sizeof token)) {
    wrong("a word is missing", *at);
  }
  return (uint32_t)atoi(token);
}

static void fact_type(builder *b, fact *f, const char **at) {
  char token[NAME_MOST];
  (void)next(at, " ", token, sizeof token);
  for (f->type = SOC_LINE; f->type > 0 && strcmp(type_names[f->type], token) != 0; f->type--) {
  }
  if (f->type == SOC_ENUM || f->type == SOC_ENUM_LIST) {
    (void)next(at, " ", token, sizeof token);
    f->enumeration = find(&b->enums, token);
  } else if (f->type == SOC_CODE || f->type == SOC_CODE_LIST) {
    f->min_length = (uint8_t)word_number(at);
    f->max_length = (uint8_t)word_number(at);
  } else if (f->type == SOC_NUMBER) {
    f->minimum = -INT64_C(999999999000000);
    f->maximum = INT64_C(999999999000000);
  } else if (f->type == SOC_DATE) {
    f->maximum = SOC_DAY_MAX;
  }
}

static void fact_word(builder *b, uint32_t index, fact *f, const char *word, const char **at) {
  char token[NAME_MOST];
  if (strcmp(word, "null") == 0) {
    f->flags |= SOC_FACT_NULLABLE;
  } else if (strcmp(word, "whole") == 0) {
    f->flags |= SOC_FACT_WHOLE;
  } else if (strcmp(word, "none") == 0) {
    f->left_out = SOC_LEFT_OUT_NONE;
  } else if (strcmp(word, "empty") == 0) {
    f->left_out = SOC_LEFT_OUT_EMPTY;
  } else if (strcmp(word, "required") == 0) {
    f->left_out = SOC_LEFT_OUT_REQUIRED;
  } else if (strcmp(word, "in") == 0) {
    (void)next(at, " ", token, sizeof token);
    f->minimum = value_of(b, index, token);
    (void)next(at, " ", token, sizeof token);
    f->maximum = value_of(b, index, token);
  } else if (strcmp(word, "assume") == 0) {
    (void)next(at, " ", token, sizeof token);
    f->left_out = SOC_LEFT_OUT_ASSUMED;
    f->assumed = value_of(b, index, token);
  } else if (strcmp(word, "derive") == 0) {
    f->left_out = SOC_LEFT_OUT_DERIVED;
    (void)next(at, " ", token, sizeof token);
    f->assumed = strcmp(token, "-") == 0 ? -1 : value_of(b, index, token);
  } else if (strcmp(word, "from") == 0) {
    (void)next(at, " ", token, sizeof token);
    f->left_out = SOC_LEFT_OUT_OTHER_FACT;
    f->other = find(&b->facts, token);
  } else {
    wrong("no such word for a fact", word);
  }
}

static void put_fact(builder *b, const char *fact_name, const fact *f) {
  bytes *s = &b->section[S_FACTS];
  put(s, name(b, fact_name), 4);
  put(s, f->type, 1);
  put(s, 0, 1);
  put(s, f->flags, 1);
  put(s, f->left_out, 1);
  put(s, f->enumeration, 2);
  put(s, f->list, 2);
  put(s, f->other, 2);
  put(s, 0, 2);
  put(s, (uint64_t)f->minimum, 8);
  put(s, (uint64_t)f->maximum, 8);
  put(s, (uint64_t)f->assumed, 8);
  put(s, b->facts.count - 1, 4);
  put(s, f->min_length, 1);
  put(s, f->max_length, 1);
  put(s, 0, 2);
  put(s, 0, 8);
}

void build_fact(builder *b, const char *fact_name, const char *spec) {
  fact f = {.enumeration = SOC_NONE16, .list = SOC_NONE16, .other = SOC_NONE16};
  const char *bracket = strstr(fact_name, "[]");
  if (bracket) {
    char list[NAME_MOST] = "";
    memcpy(list, fact_name, (size_t)(bracket - fact_name));
    f.list = find(&b->facts, list);
  }
  uint32_t index = add(&b->facts, fact_name);
  fact_type(b, &f, &spec);
  b->types[index] = (soc_type)f.type;
  b->fact_enums[index] = f.enumeration;
  char word[NAME_MOST];
  while (next(&spec, " ", word, sizeof word)) {
    fact_word(b, index, &f, word, &spec);
  }
  put_fact(b, fact_name, &f);
}

void build_basis(builder *b, const char *fact_name) {
  b->basis = find(&b->facts, fact_name);
}

static void put_set(builder *b, const char *set_name, uint8_t kind, bool dated, uint32_t first) {
  bytes *s = &b->section[S_SETS];
  add(&b->sets, set_name);
  put(s, name(b, set_name), 4);
  put(s, kind, 1);
  put(s, dated, 1);
  put(s, 0, 2);
  put(s, first, 4);
  put(s, count_of(b, S_SET_RANGES) - first, 4);
}

static void put_range(bytes *s, char *text) {
  char *high = strstr(text, "..");
  if (high) {
    *high = '\0';
    high += 2;
  }
  put(s, (uint64_t)code_of(text), 8);
  put(s, (uint64_t)code_of(high ? high : text), 8);
}

static void put_days(bytes *s, const char *text) {
  int64_t in = INT32_MIN, out = INT32_MAX;
  if (text) {
    char first[11] = "";
    const char *last = strstr(text, "..") + 2;
    memcpy(first, text, (size_t)(last - 2 - text));
    in = *first ? date_of(first) : in;
    out = *last ? date_of(last) : out;
  }
  put(s, (uint64_t)in, 4);
  put(s, (uint64_t)out, 4);
}

void build_set(builder *b, const char *set_name, const char *members) {
  uint32_t first = count_of(b, S_SET_RANGES);
  char token[NAME_MOST];
  bool dated = false;
  while (next(&members, " ", token, sizeof token)) {
    char *days = strchr(token, '@');
    if (days) {
      *days++ = '\0';
      dated = true;
    }
    put_range(&b->section[S_SET_RANGES], token);
    put_days(&b->section[S_SET_RANGES], days);
  }
  put_set(b, set_name, 0, dated, first);
}

void build_texts(builder *b, const char *texts) {
  char token[NAME_MOST];
  while (next(&texts, ",", token, sizeof token)) {
    put(&b->section[S_TEXTS], name(b, token), 4);
  }
}

void build_text_set(builder *b, const char *set_name, const char *indexes) {
  uint32_t first = count_of(b, S_SET_RANGES);
  char token[NAME_MOST];
  while (next(&indexes, " ", token, sizeof token)) {
    put(&b->section[S_SET_RANGES], (uint64_t)atoi(token), 8);
    put(&b->section[S_SET_RANGES], (uint64_t)atoi(token), 8);
    put_days(&b->section[S_SET_RANGES], NULL);
  }
  put_set(b, set_name, 1, false, first);
}

void build_map(builder *b, const char *map_name, const char *enumeration, const char *rows,
               const char *other) {
  uint32_t e = find(&b->enums, enumeration), first = count_of(b, S_MAP_RANGES);
  char token[NAME_MOST];
  while (next(&rows, " ", token, sizeof token)) {
    char *values = strchr(token, '=');
    *values++ = '\0';
    put_range(&b->section[S_MAP_RANGES], token);
    put(&b->section[S_MAP_RANGES], mask_of(b, e, values), 8);
  }
  b->map_enums[add(&b->maps, map_name)] = e;
  put(&b->section[S_MAPS], first, 4);
  put(&b->section[S_MAPS], count_of(b, S_MAP_RANGES) - first, 4);
  put(&b->section[S_MAPS], mask_of(b, e, other), 8);
}

// --------------------------------------------------------------------------------------- assembler

typedef struct assembler {
  builder *b;
  code *out;
  uint32_t first, enumeration;           // of the cell
  uint32_t open[STACK_MOST], open_count; // BEGINs that are not closed yet
  uint32_t joins[STACK_MOST];            // of each of them
  uint16_t needs[STACK_MOST];
} assembler;

static const char *const relation_names[] = {"eq", "ne", "lt", "le", "gt", "ge"};
static const char *const list_names[] = {"any", "only"};
static const char *const fold_names[] = {"all", "any", "count", "sum"};

static uint8_t choice(const char *const *names_of, size_t count, const char *word) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(names_of[i], word) == 0) {
      return (uint8_t)i;
    }
  }
  wrong("no such choice", word);
}

static void word(const char **at, char *token) {
  if (!next(at, " ", token, NAME_MOST)) {
    wrong("an operand is missing", *at);
  }
}

static int64_t literal(const char *token) {
  return is_date(token) ? date_of(token) : number_of(token);
}

static void set_operand(builder *b, instruction *i, char *token) {
  char *date = strchr(token, '@');
  uint32_t as_of = SOC_NONE16;
  if (date) {
    *date++ = '\0';
    as_of = find(&b->facts, date);
  }
  i->c = find(&b->sets, token) | as_of << 16;
}

static void constant_operand(const assembler *a, instruction *i, const char *token) {
  builder *b = a->b;
  switch (i->op) {
  case SOC_OP_FACT_IN_MASK:
  case SOC_OP_LIST_IN_MASK: i->first = (int64_t)mask_of(b, b->fact_enums[i->b], token); break;
  case SOC_OP_CELL_IN_MASK:
  case SOC_OP_ROW_IN_MASK: i->first = (int64_t)mask_of(b, b->cell_enums[i->b], token); break;
  case SOC_OP_MASK_CONST: i->first = (int64_t)mask_of(b, a->enumeration, token); break;
  case SOC_OP_LOAD_CONST: i->first = literal(token); break;
  default: i->first = value_of(b, i->b, token); break;
  }
}

static void operand_a(instruction *i, const char **at) {
  char token[NAME_MOST];
  switch (ops[i->op].a) {
  case A_REL:
    word(at, token);
    i->a |= choice(relation_names, 6, token);
    break;
  case A_LIST:
    word(at, token);
    i->a |= choice(list_names, 2, token);
    break;
  default: break;
  }
}

static void operand_b(const assembler *a, instruction *i, const char **at) {
  char token[NAME_MOST];
  switch (ops[i->op].b) {
  case B_FACT:
    word(at, token);
    i->b = (uint16_t)find(&a->b->facts, token);
    break;
  case B_CELL:
    word(at, token);
    i->b = (uint16_t)find(&a->b->cells, token);
    break;
  default: break;
  }
}

static void operand_c(const assembler *a, instruction *i, const char **at) {
  char token[NAME_MOST];
  switch (ops[i->op].c) {
  case C_CONST:
    word(at, token);
    constant_operand(a, i, token);
    break;
  case C_CONST2:
    word(at, token);
    i->first = literal(token);
    word(at, token);
    i->second = literal(token);
    break;
  case C_SET:
    word(at, token);
    set_operand(a->b, i, token);
    break;
  case C_MAP:
    word(at, token);
    i->c = find(&a->b->maps, token);
    break;
  case C_CELL:
  case C_VALUE:
    word(at, token);
    i->c = find(&a->b->cells, token);
    break;
  default: break;
  }
}

static void open_block(assembler *a, instruction *i, const char **at) {
  char token[NAME_MOST];
  word(at, token);
  i->a = choice(fold_names, 4, token);
  uint16_t need = 0;
  if (i->op == SOC_OP_EACH_BEGIN) {
    word(at, token);
    if (strcmp(token, "related") == 0 || strcmp(token, "chain") == 0) {
      i->a |= token[0] == 'r' ? SOC_EACH_RELATED : SOC_EACH_CHAIN;
      word(at, token);
    }
    i->b = (uint16_t)find(&a->b->facts, token);
  } else if (i->a == SOC_FOLD_COUNT) {
    need = (uint16_t)word_number(at);
  }
  a->open[a->open_count] = a->out->count;
  a->joins[a->open_count] = 0;
  a->needs[a->open_count++] = need;
}

static void close_block(assembler *a, instruction *i) {
  instruction *items = a->out->items;
  uint32_t depth = --a->open_count, begin = a->open[depth], end = a->out->count;
  i->a = items[begin].a;
  if (i->op == SOC_OP_EACH_END) {
    i->b = items[begin].b;
    i->c = items[begin].c = end - begin;
    return;
  }
  i->b = a->needs[depth];
  items[begin].c = a->joins[depth];
  for (uint32_t j = begin; j < end; j++) {
    if (items[j].op == SOC_OP_FOLD_JOIN && items[j].c == depth && items[j].first == 1) {
      items[j].c = end - j;
      items[j].first = 0;
    }
  }
}

static void join_block(assembler *a, instruction *i) {
  uint32_t depth = a->open_count - 1;
  i->a = a->out->items[a->open[depth]].a;
  i->b = a->needs[depth];
  i->c = depth; // the distance comes with the end
  i->first = 1;
  a->joins[depth]++;
}

static void emit(code *out, instruction i) {
  if (out->count == out->room) {
    out->room = out->room * 2 + 64;
    out->items = realloc(out->items, out->room * sizeof *out->items);
  }
  out->items[out->count++] = i;
}

static void assemble_one(assembler *a, const char *line) {
  char token[NAME_MOST];
  instruction i = {0};
  word(&line, token);
  size_t n = strlen(token);
  for (; token[n - 1] == '?' || token[n - 1] == '^'; token[--n] = '\0') {
    i.a |= token[n - 1] == '?' ? SOC_IF_GIVEN : SOC_OUTER;
  }
  while (i.op < SOC_OP_COUNT && strcmp(ops[i.op].mnemonic, token) != 0) {
    i.op++;
  }
  switch (i.op) {
  case SOC_OP_COUNT: wrong("no such instruction", token);
  case SOC_OP_FOLD_BEGIN:
  case SOC_OP_EACH_BEGIN: open_block(a, &i, &line); break;
  case SOC_OP_FOLD_END:
  case SOC_OP_EACH_END: close_block(a, &i); break;
  case SOC_OP_FOLD_JOIN: join_block(a, &i); break;
  default:
    operand_a(&i, &line);
    operand_b(a, &i, &line);
    operand_c(a, &i, &line);
  }
  emit(a->out, i);
}

// Appends the code; returns how many instructions.
static uint32_t assemble(builder *b, code *out, uint32_t enumeration, const char *text) {
  assembler a = {.b = b, .out = out, .first = out->count, .enumeration = enumeration};
  char line[512];
  while (next(&text, ";\n", line, sizeof line)) {
    assemble_one(&a, line);
  }
  return out->count - a.first;
}

// ------------------------------------------------------------------------------- cells, decisions

// A cell without an entry among the names; other code cannot read it.
static void put_unnamed(builder *b, const char *cell_name, int kind, int flags, uint32_t asks,
                        uint32_t enumeration, const char *text) {
  bytes *s = &b->section[S_CELLS];
  uint32_t first = b->cell_code.count;
  uint32_t count = assemble(b, &b->cell_code, enumeration, text);
  put(s, name(b, cell_name), 4);
  put(s, (uint64_t)kind, 1);
  put(s, (uint64_t)flags, 1);
  put(s, asks, 2);
  put(s, first, 4);
  put(s, count, 4);
  put(s, enumeration, 2);
  put(s, b->list, 2);
  put(s, SOC_NONE32, 4);
  char sentence[NAME_MOST + 8], cite[NAME_MOST + 8];
  snprintf(sentence, sizeof sentence, "About %s", cell_name);
  snprintf(cite, sizeof cite, "L-%s", cell_name);
  s = &b->section[S_CELL_WORDS];
  put(s, words(b, sentence), 4);
  put(s, words(b, cite), 4);
  put(s, 0, 4);
  put(s, count_of(b, S_CELLS), 4);
}

static void put_cell(builder *b, const char *cell_name, int kind, int flags, uint32_t asks,
                     uint32_t enumeration, const char *text) {
  put_unnamed(b, cell_name, kind, flags, asks, enumeration, text);
  b->cell_enums[add(&b->cells, cell_name)] = enumeration;
}

void build_cell(builder *b, const char *cell_name, const char *text) {
  put_cell(b, cell_name, SOC_CELL_TRUTH, 0, SOC_NONE16, SOC_NONE16, text);
}

void build_rule_cell(builder *b, const char *cell_name, const char *text) {
  put_cell(b, cell_name, SOC_CELL_TRUTH, SOC_CELL_RULE, SOC_NONE16, SOC_NONE16, text);
}

void build_mask(builder *b, const char *cell_name, const char *enumeration, const char *asks,
                const char *text) {
  put_cell(b, cell_name, SOC_CELL_MASK, 0, find(&b->facts, asks), find(&b->enums, enumeration),
           text);
}

void build_unread_masks(builder *b, uint32_t count, const char *enumeration, const char *asks,
                        const char *text) {
  for (uint32_t i = 0; i < count; i++) {
    put_unnamed(b, "Unread", SOC_CELL_MASK, 0, find(&b->facts, asks), find(&b->enums, enumeration),
                text);
  }
}

void build_quantity(builder *b, const char *cell_name, bool date, const char *text) {
  put_cell(b, cell_name, SOC_CELL_VALUE, date ? SOC_CELL_DATE : 0, SOC_NONE16, SOC_NONE16, text);
}

void build_list(builder *b, const char *list) {
  b->list = list ? find(&b->facts, list) : SOC_NONE16;
}

void build_part(builder *b, const char *part, const char *whole) {
  patch(&b->section[S_CELLS], find(&b->cells, part) * shapes[S_CELLS].bytes + 20,
        find(&b->cells, whole), 4);
}

void build_decision(builder *b, const char *decision_name, const char *flags) {
  bytes *s = &b->section[S_DECISIONS];
  put(s, name(b, decision_name), 4);
  put(s, strstr(flags, "administrative") != NULL, 1);
  put(s,
      (strstr(flags, "longest") ? SOC_DECISION_LONGEST : 0u) |
          (strstr(flags, "every") ? SOC_DECISION_EVERY_MATCH : 0u),
      1);
  put(s, 0, 2);
  put(s, count_of(b, S_RULES), 4);
  put(s, 0, 4); // rules, counted by build_rule
  put(s, b->list, 2);
  put(s, 0, 2);
  put(s, 0, 4);
}

static uint32_t cell_or_none(const builder *b, const char *cell) {
  return cell ? find(&b->cells, cell) : SOC_NONE32;
}

static void put_extras(builder *b, const char *list, bool ground) {
  char token[NAME_MOST];
  while (list && next(&list, " ", token, sizeof token)) {
    char *cell = strchr(token, '/');
    if (cell) {
      *cell++ = '\0';
    }
    put(&b->section[S_EXTRAS], name(b, token), 4);
    put(&b->section[S_EXTRAS],
        (cell ? find(&b->cells, cell) : 0x7fffffffu) | (ground ? 0x80000000u : 0), 4);
  }
}

// Windows come after all cells; build_finish moves them there.
static void put_window(builder *b, bytes *s, const char *text) {
  uint32_t first = b->window_code.count;
  uint32_t count = text ? assemble(b, &b->window_code, SOC_NONE16, text) : 0;
  put(s, count ? first : 0, 4);
  put(s, count, 4);
}

void build_rule(builder *b, rule r) {
  bytes *s = &b->section[S_RULES];
  uint32_t first_extra = count_of(b, S_EXTRAS);
  put_extras(b, r.actions, false);
  put_extras(b, r.grounds, true);
  put(s, name(b, r.name ? r.name : r.code ? r.code : r.when ? r.when : "otherwise"), 4);
  put(s, r.determination, 1);
  put(s, (r.stop ? SOC_RULE_STOP : 0u) | (r.one_time ? SOC_RULE_ONE_TIME : 0u), 1);
  put(s, 0, 2);
  put(s, name(b, r.code), 4);
  put(s, cell_or_none(b, r.when), 4);
  put(s, cell_or_none(b, r.criterion), 4);
  put(s, b->cells.count, 4);
  put(s, name(b, r.open_code), 4);
  put(s, cell_or_none(b, r.open_when), 4);
  put_window(b, s, r.from);
  put_window(b, s, r.through);
  uint32_t e = r.redirect ? find(&b->enums, r.redirect_enum) : SOC_NONE16;
  put(s, r.redirect ? mask_of(b, e, r.redirect) : 0, 8);
  put(s, first_extra, 4);
  put(s, count_of(b, S_EXTRAS) - first_extra, 4);
  put(s, e, 2);
  put(s, r.except ? find(&b->facts, r.except) + 1 : 0, 2);
  put_window(b, s, r.stands);
  put(s, 0, 4);
  s = &b->section[S_RULE_WORDS];
  put(s, words(b, r.text), 4);
  put(s, words(b, r.cite), 4);
  put(s, 0, 4);
  put(s, 100 + count_of(b, S_RULES), 4);
  bytes *d = &b->section[S_DECISIONS];
  size_t at = d->length - shapes[S_DECISIONS].bytes + 12;
  patch(d, at, d->data[at] + 1u, 4);
}

// ------------------------------------------------------------------------------------------ finish

static int compare_constants(const void *x, const void *y) {
  int64_t a, b;
  memcpy(&a, x, sizeof a);
  memcpy(&b, y, sizeof b);
  return (a > b) - (a < b);
}

typedef struct pool {
  int64_t *items;
  uint32_t count;
} pool;

static void collect(pool *p, const code *from) {
  p->items = realloc(p->items, (p->count + 2 * from->count + 1) * sizeof *p->items);
  for (uint32_t i = 0; i < from->count; i++) {
    int kind = ops[from->items[i].op].c;
    if (kind == C_CONST || kind == C_CONST2) {
      p->items[p->count++] = from->items[i].first;
    }
    if (kind == C_CONST2) {
      p->items[p->count++] = from->items[i].second;
    }
  }
}

static void sort_unique(pool *p) {
  qsort(p->items, p->count, sizeof *p->items, compare_constants);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < p->count; i++) {
    if (kept == 0 || p->items[kept - 1] != p->items[i]) {
      p->items[kept++] = p->items[i];
    }
  }
  p->count = kept;
}

static uint32_t constant_index(const pool *p, int64_t value) {
  uint32_t i = 0;
  while (p->items[i] != value) {
    i++;
  }
  return i;
}

static void put_code(builder *b, const code *from, const pool *p) {
  bytes *s = &b->section[S_CODE];
  for (uint32_t n = 0; n < from->count; n++) {
    instruction i = from->items[n];
    if (ops[i.op].c == C_CONST) {
      i.c = constant_index(p, i.first);
    } else if (ops[i.op].c == C_CONST2) {
      i.c = constant_index(p, i.first) | constant_index(p, i.second) << 16;
    }
    put(s, i.op, 1);
    put(s, i.a, 1);
    put(s, i.b, 2);
    put(s, i.c, 4);
  }
}

static void move_windows(builder *b) {
  bytes *s = &b->section[S_RULES];
  for (size_t r = 0; r < s->length; r += shapes[S_RULES].bytes) {
    static const size_t spans[] = {32, 40, 68};
    for (size_t n = 0; n < sizeof spans / sizeof *spans; n++) {
      size_t at = r + spans[n];
      uint32_t count = s->data[at + 4];
      uint32_t first = s->data[at] | (uint32_t)s->data[at + 1] << 8;
      patch(s, at, count ? first + b->cell_code.count : 0, 4);
    }
  }
}

static void finish_sections(builder *b) {
  pool constants = {0};
  collect(&constants, &b->cell_code);
  collect(&constants, &b->window_code);
  sort_unique(&constants);
  for (uint32_t i = 0; i < constants.count; i++) {
    put(&b->section[S_CONSTANTS], (uint64_t)constants.items[i], 8);
  }
  put_code(b, &b->cell_code, &constants);
  put_code(b, &b->window_code, &constants);
  free(constants.items);
  move_windows(b);
  bytes *s = &b->section[S_POLICY];
  put(s, name(b, "test/policy"), 4);
  put(s, name(b, "2024-12-05"), 4);
  put(s, (uint64_t)date_of("2024-12-05"), 4);
  put(s, b->basis, 2);
  put(s, 0, 2);
  put(s, 0, 40); // bounds
  s = &b->section[S_ABOUT];
  put(s, words(b, "A policy for tests"), 4);
  put(s, words(b, "A payer"), 4);
  put(s, SOC_NONE32, 4);
  put(s, (uint64_t)(int64_t)INT32_MIN, 4);
  put(s, 0, 8);
  s = &b->section[S_SOURCES];
  put(s, words(b, "test.soc"), 4);
  put(s, 0, 4);
  put(s, 0, 32);
}

static image write_image(const builder *b) {
  bytes out = {0};
  for (size_t i = 0; i < sizeof SOC_IMAGE_MAGIC - 1; i++) {
    put(&out, (uint8_t)SOC_IMAGE_MAGIC[i], 1);
  }
  put(&out, SOC_IMAGE_FORMAT, 2);
  put(&out, 1, 2);
  put(&out, S_COUNT, 4);
  put(&out, 0, 8 + 8 + 32);
  put(&out, 0, S_COUNT * SOC_SECTION_ENTRY_BYTES);
  for (size_t i = 0; i < S_COUNT; i++) {
    put(&out, 0, (8 - out.length % 8) % 8);
    size_t entry = SOC_HEADER_BYTES + i * SOC_SECTION_ENTRY_BYTES;
    patch(&out, entry, shapes[i].id, 4);
    patch(&out, entry + 4, count_of(b, (int)i), 4);
    patch(&out, entry + 8, out.length, 8);
    patch(&out, entry + 16, b->section[i].length, 8);
    for (size_t n = 0; n < b->section[i].length; n++) {
      put(&out, b->section[i].data[n], 1);
    }
  }
  patch(&out, 16, out.length, 8);
  return (image){out.data, out.length};
}

static void write_bounds(image *im) {
  soc_bounds bounds;
  if (soc_image_bounds(im->bytes, im->length, &bounds, NULL) != SOC_OK) {
    return; // a test of refusals wants the image nevertheless
  }
  bytes out = {im->bytes, im->length, im->length};
  size_t policy = (size_t)out.data[SOC_HEADER_BYTES + S_POLICY * SOC_SECTION_ENTRY_BYTES + 8] |
                  (size_t)out.data[SOC_HEADER_BYTES + S_POLICY * SOC_SECTION_ENTRY_BYTES + 9] << 8 |
                  (size_t)out.data[SOC_HEADER_BYTES + S_POLICY * SOC_SECTION_ENTRY_BYTES + 10]
                      << 16;
  soc_bounds_store(out.data + policy, &bounds);
}

image build_finish(builder *b) {
  finish_sections(b);
  image im = write_image(b);
  write_bounds(&im);
  for (size_t i = 0; i < S_COUNT; i++) {
    free(b->section[i].data);
  }
  free(b->cell_code.items);
  free(b->window_code.items);
  free(b);
  return im;
}
