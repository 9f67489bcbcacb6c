// SPDX-License-Identifier: Apache-2.0
//
// Writes the pages of docs/ that are made from tables of the source: opcodes.md from vm/opcodes.def, diagnostics.md
// from compiler/diagnostics.def. `gen_docs PAGE FILE` writes a page, `gen_docs --check PAGE FILE` compares and says
// that the page is stale (exit status 1). The target docs-update and the test docs_generated call it.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---------------------------------------------------------------------------- text

struct page {
  char *text;
  size_t length, capacity;
};

static void add_bytes(struct page *p, const char *text, size_t length) {
  if (p->length + length > p->capacity) {
    p->capacity = (p->length + length) * 2;
    p->text = realloc(p->text, p->capacity);
    if (!p->text) {
      fputs("gen_docs: out of memory\n", stderr);
      exit(2);
    }
  }
  memcpy(p->text + p->length, text, length);
  p->length += length;
}

static void add(struct page *p, const char *text) {
  add_bytes(p, text, strlen(text));
}

// A cell of a table: `|` and `\` are escaped, the place of an argument (%s, %w, %u, %d) is shown as an ellipsis.
static void add_cell(struct page *p, const char *text) {
  add(p, " ");
  for (; *text; text++) {
    if (text[0] == '%' && text[1] != '\0' && strchr("swud", text[1])) {
      add(p, "…");
      text++;
    } else if (text[0] == '%' && text[1] == '%') {
      add(p, "%");
      text++;
    } else {
      if (*text == '|' || *text == '\\') {
        add(p, "\\");
      }
      add_bytes(p, text, 1);
    }
  }
  add(p, " |");
}

// ---------------------------------------------------------------------------- opcodes

struct opcode {
  const char *mnemonic, *a, *b, *c, *pops, *pushes, *flags, *meaning;
};

static const struct opcode opcodes[] = {
#define SOC_OP(name, mnemonic, a, b, c, pops, pushes, flags, meaning) \
  {mnemonic, #a, #b, #c, pops, pushes, #flags, meaning},
#include "vm/opcodes.def"
#undef SOC_OP
};

static const char opcodes_head[] =
    "# Instructions\n"
    "\n"
    "Made from `vm/opcodes.def`; do not edit. `cmake --build build/release --target docs-update` "
    "makes it anew.\n"
    "\n"
    "An instruction is 8 bytes: the operation (u8), operand a (u8), operand b (u16), operand c "
    "(u32), little-endian\n"
    "([where they stand in an artifact](artifact-format.md)). `soc dis` prints the code of an "
    "artifact with the names\n"
    "below. There are no jumps: conditions are blocks from `begin` to `end`, loops run from `each` "
    "to `each.end` over\n"
    "the rows of one list ([why](decisions/0002-instructions.md)). An operand that an operation "
    "does not use is zero.\n"
    "\n"
    "| operand | is |\n"
    "|---|---|\n"
    "| REL | a relation: 0 =, 1 differs from, 2 <, 3 <=, 4 >, 5 >=; plus 128: `if given` |\n"
    "| GIVEN | 0, or 128: `if given`, a fact that was left out counts as none |\n"
    "| LIST (a) | 0 any item, 1 only such items; plus 128: `if given` |\n"
    "| FOLD | kind of a block: 0 all, 1 any, 2 count |\n"
    "| FACT | manifest index of a fact of the case, or of a field of the list of the open loop |\n"
    "| LIST (b) | manifest index of a list of records |\n"
    "| CELL | index of an earlier cell |\n"
    "| NEED | the n of `at least n` in a count block, else zero |\n"
    "| CONST | index of a constant |\n"
    "| CONST2 | two of them: lower bound in bits 0-15, upper in bits 16-31 |\n"
    "| SET | set in bits 0-15, manifest index of its as-of date in bits 16-31 (65535: none) |\n"
    "| MAP | index of a map |\n"
    "| SIZE | number of members of the block |\n"
    "| SKIP | instructions to the matching end of block or loop; on `each.end` back to its `each` "
    "|\n"
    "\n"
    "On the stack: T a truth (met, not met, unknown), V a value (an interval, unknown or none), M "
    "a mask of candidates, F\n"
    "a block in progress, R the result of a loop (all, any: T; count: V). Numbers are in "
    "millionths, dates in days since\n"
    "0001-01-01.\n"
    "\n"
    "| code | operation | a | b | c | takes | leaves | meaning |\n"
    "|---:|---|---|---|---|---|---|---|\n";

// "A_REL" as "REL", "A_NONE" as "".
static const char *operand_name(const char *kind) {
  return strcmp(kind + 2, "NONE") == 0 ? "" : kind + 2;
}

static void write_opcodes(struct page *p) {
  add(p, opcodes_head);
  for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++) {
    const struct opcode *o = &opcodes[i];
    char number[16];
    snprintf(number, sizeof number, "| %zu | `", i);
    add(p, number);
    add(p, o->mnemonic);
    add(p, "` |");
    const char *cells[] = {operand_name(o->a), operand_name(o->b), operand_name(o->c), o->pops,
                           o->pushes};
    for (size_t j = 0; j < sizeof cells / sizeof *cells; j++) {
      add_cell(p, strcmp(cells[j], "-") == 0 ? "" : cells[j]);
    }
    add_cell(p, o->meaning);
    add(p, "\n");
  }
}

// ---------------------------------------------------------------------------- diagnostics

struct diagnostic {
  const char *code, *severity, *message, *help;
};

static const struct diagnostic diagnostics[] = {
#define DIAG(code, severity, name, message, help) {#code, #severity, message, help},
#include "compiler/diagnostics.def"
#undef DIAG
};

static const struct {
  const char *prefix, *title;
} families[] = {
    {"E01", "Characters and words"},
    {"E02", "Syntax"},
    {"E03", "Names and types"},
    {"E04", "Rules and decisions"},
    {"E05", "Sets and codes"},
    {"E06", "Head of the policy, versions, files"},
    {"E07", "Tests"},
    {"E09", "Limits"},
    {"E99", "Mistakes of the compiler itself"},
    {"W", "Warnings"},
};

static const char diagnostics_head[] = "# Messages of the compiler\n"
                                       "\n"
                                       "Made from `compiler/diagnostics.def`; do not edit. `cmake "
                                       "--build build/release --target docs-update` makes it\n"
                                       "anew.\n"
                                       "\n"
                                       "Every message has a code that never gets another meaning; "
                                       "its words may be improved. `…` stands for a word of the\n"
                                       "source or a list of what was expected. Where a name is "
                                       "close to one that exists, the message adds it.\n";

static bool in_family(const struct diagnostic *d, const char *prefix) {
  return strncmp(d->code, prefix, strlen(prefix)) == 0;
}

static void write_family(struct page *p, const char *prefix, const char *title) {
  bool any = false;
  for (size_t i = 0; i < sizeof diagnostics / sizeof *diagnostics; i++) {
    const struct diagnostic *d = &diagnostics[i];
    if (!in_family(d, prefix)) {
      continue;
    }
    if (!any) {
      add(p, "\n## ");
      add(p, title);
      add(p, "\n\n| code | message | help |\n|---|---|---|\n");
      any = true;
    }
    add(p, "| ");
    add(p, d->code);
    add(p, " |");
    add_cell(p, d->message);
    add_cell(p, d->help);
    add(p, "\n");
  }
}

// A code of no known family would silently be left out.
static bool all_in_families(void) {
  for (size_t i = 0; i < sizeof diagnostics / sizeof *diagnostics; i++) {
    bool found = false;
    for (size_t j = 0; j < sizeof families / sizeof *families; j++) {
      found = found || in_family(&diagnostics[i], families[j].prefix);
    }
    if (!found) {
      fprintf(stderr, "gen_docs: %s belongs to no family that gen_docs knows\n",
              diagnostics[i].code);
      return false;
    }
  }
  return true;
}

static void write_diagnostics(struct page *p) {
  add(p, diagnostics_head);
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    write_family(p, families[i].prefix, families[i].title);
  }
}

// ---------------------------------------------------------------------------- files

static bool check_page(const struct page *p, const char *path) {
  FILE *file = fopen(path, "rb");
  bool same = file != NULL;
  for (size_t i = 0; same && i < p->length; i++) {
    same = getc(file) == (unsigned char)p->text[i];
  }
  same = same && getc(file) == EOF;
  if (file) {
    fclose(file);
  }
  printf("%d passed, %d failed\n", same, !same);
  if (!same) {
    fprintf(stderr, "%s is stale: run cmake --build build/release --target docs-update\n", path);
  }
  return same;
}

static bool write_page(const struct page *p, const char *path) {
  FILE *file = fopen(path, "wb");
  bool done = file && fwrite(p->text, 1, p->length, file) == p->length;
  done = file && fclose(file) == 0 && done;
  if (!done) {
    fprintf(stderr, "gen_docs: %s cannot be written\n", path);
  }
  return done;
}

int main(int argc, char **argv) {
  bool check = argc == 4 && strcmp(argv[1], "--check") == 0;
  const char *name = argc >= 3 ? argv[argc - 2] : "";
  struct page page = {0};
  if (argc != (check ? 4 : 3) || !all_in_families()) {
    fputs("usage: gen_docs [--check] opcodes|diagnostics FILE\n", stderr);
    return 2;
  }
  if (strcmp(name, "opcodes") == 0) {
    write_opcodes(&page);
  } else if (strcmp(name, "diagnostics") == 0) {
    write_diagnostics(&page);
  } else {
    fprintf(stderr, "gen_docs: no page '%s'\n", name);
    return 2;
  }
  bool done = check ? check_page(&page, argv[argc - 1]) : write_page(&page, argv[argc - 1]);
  free(page.text);
  return done ? 0 : 1;
}
