// SPDX-License-Identifier: Apache-2.0
//
// Writes what is made from tables of the source and is kept beside it: docs/opcodes.md from vm/opcodes.def,
// docs/diagnostics.md from compiler/diagnostics.def, docs/vocabulary.md and include/soc/vocabulary.h (page `names`)
// from the standard vocabulary in the compiler. `gen_docs PAGE FILE` writes a page, `gen_docs --check PAGE FILE`
// compares and says that the page is stale (exit status 1). The target docs-update and the test docs_generated call it.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/compilation.h"
#include "compiler/stdlib.h"

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

// ---------------------------------------------------------------------------------------- vocabulary

static const char vocabulary_head[] =
    "# Standard vocabulary\n"
    "\n"
    "Made from `dsl/lib/vocabulary/case.soc`; do not edit. `cmake --build build/release --target "
    "docs-update` makes it\n"
    "anew.\n"
    "\n"
    "What a case can state, by `use \"vocabulary/case\"`. Types are those of [the\n"
    "reference](language.md#2-what-a-case-can-say-facts). The third column says what leaving the "
    "fact "
    "out means; `or none`\n"
    "in a type allows `null`, \"there is none\".\n";

static void add_str(struct page *p, struct str text) {
  add_bytes(p, text.data, text.length);
}

// A text that may run over lines, in a cell.
static void add_str_cell(struct page *p, struct str text) {
  char cell[2048];
  uint32_t length = 0;
  for (uint32_t i = 0; i < text.length && length + 1 < sizeof cell; i++) {
    bool space = text.data[i] == ' ' || text.data[i] == '\n';
    if (space && (length == 0 || cell[length - 1] == ' ')) continue;
    cell[length++] = space ? ' ' : text.data[i];
  }
  cell[length] = '\0';
  add_cell(p, cell);
}

static void add_sentence(struct page *p, const struct decl *d) {
  add_str_cell(p, d->text != NULL ? d->text->text : str_of(""));
  add(p, "\n");
}

static void add_name(struct page *p, struct str list, struct str name) {
  add(p, "| `");
  add_str(p, list);
  if (list.length > 0) add(p, "[].");
  add_str(p, name);
  add(p, "` |");
}

static void add_left_out(struct page *p, const struct decl_fact *f) {
  static const char *const words[] = {
      [LEFT_UNKNOWN] = "unknown", [LEFT_NONE] = "none",   [LEFT_EMPTY] = "empty",
      [LEFT_ASSUMED] = "assumed", [LEFT_FACT] = "as for", [LEFT_DERIVED] = "derived by the policy"};
  add(p, " ");
  add(p, f->required ? "required" : words[f->left_out]);
  if (f->left_out == LEFT_ASSUMED || f->left_out == LEFT_FACT) {
    add(p, " `");
    add_str(p, f->left_out == LEFT_FACT ? f->other.text : f->assumed->word.text);
    add(p, "`");
  }
  add(p, " |");
}

static void write_fact(struct page *p, const char *source, struct str list,
                       const struct decl_fact *f) {
  add_name(p, list, f->d.name.text);
  struct str type = {source + f->type.span.start, f->type.span.end - f->type.span.start};
  if (f->type.values != NULL && memchr(type.data, '}', type.length) == NULL)
    type.length =
        (uint32_t)(strchr(type.data, '}') + 1 - type.data); // the span ends with the last value
  add_str_cell(p, type);
  add_left_out(p, f);
  add_sentence(p, &f->d);
}

// "member" of "member.birth_date"; a heading when it is another than before.
static struct str group_of(struct page *p, struct str name, struct str before) {
  struct str group = {name.data, 0};
  while (group.length < name.length && name.data[group.length] != '.') group.length++;
  if (str_equal(group, before)) return before;
  add(p, "\n## ");
  add_str(p, group);
  add(p, "\n\n| fact | type | left out | what it states |\n|---|---|---|---|\n");
  return group;
}

static void write_facts(struct page *p, const char *source, const struct decl *d) {
  for (struct str group = str_of(""); d != NULL; d = d->next) {
    if (d->tag != DECL_FACT && d->tag != DECL_LIST) continue;
    group = group_of(p, d->name.text, group);
    if (d->tag == DECL_FACT) {
      write_fact(p, source, str_of(""), (const struct decl_fact *)d);
      continue;
    }
    add_name(p, str_of(""), d->name.text);
    add(p, " list of records |");
    const struct decl_list *list = (const struct decl_list *)d;
    add(p, " unknown |");
    add_sentence(p, d);
    for (const struct decl *f = &list->fields->d; f != NULL; f = f->next)
      write_fact(p, source, d->name.text, (const struct decl_fact *)f);
  }
}

static void write_values(struct page *p, const struct decl *d) {
  add(p, "\n## Enumerations\n\n"
         "`required_action` lists what a rule can ask to be done (`action`).\n\n"
         "| enumeration | values | what they say |\n|---|---|---|\n");
  for (; d != NULL; d = d->next) {
    if (d->tag != DECL_ENUMERATION) continue;
    add_name(p, str_of(""), d->name.text);
    const struct literal *l = ((const struct decl_enumeration *)d)->values;
    for (const char *between = " "; l != NULL; l = l->next, between = ", ") {
      add(p, between);
      add_str(p, l->word.text);
    }
    add(p, " |");
    add_sentence(p, d);
  }
}

static void write_named(struct page *p, const struct decl *d, const char *head, bool reasons) {
  add(p, head);
  for (; d != NULL; d = d->next) {
    bool derived = d->tag == DECL_DERIVE_VALUE || d->tag == DECL_DERIVE_SITE;
    if (reasons ? d->tag != DECL_REASON : !derived) continue;
    add_name(p, str_of(""), d->name.text);
    add_sentence(p, d);
  }
}

static bool write_vocabulary(struct page *p) {
  const struct stdlib_file *file = stdlib_find(str_of("vocabulary/case"));
  soc_compilation *c = soc_compile(file->text, *file->length, file->place, NULL);
  bool good = c != NULL && c->checked;
  if (good) {
    const struct decl *first = c->sema.main->decls;
    add(p, vocabulary_head);
    write_facts(p, file->text, first);
    write_named(p, first,
                "\n## Derived names\n\nWorked out from facts; no case states them.\n\n"
                "| name | what it is |\n|---|---|\n",
                false);
    write_values(p, first);
    write_named(p, first, "\n## Reason codes\n\n| code | meaning |\n|---|---|\n", true);
  }
  soc_compilation_free(c);
  return good;
}

// ---------------------------------------------------------------------------- names of facts

static const char names_head[] =
    "// SPDX-License-Identifier: Apache-2.0\n"
    "//\n"
    "// Names of the facts of the standard vocabulary, so that a misspelt one does not compile; "
    "soc/names.h takes them.\n"
    "// Made from dsl/lib/vocabulary/case.soc; do not edit. `cmake --build build/release --target "
    "docs-update` makes it anew.\n"
    "#ifndef SOC_VOCABULARY_H\n"
    "#define SOC_VOCABULARY_H\n"
    "\n"
    "#include <stdbool.h>\n"
    "#include <stddef.h>\n"
    "#include <string.h>\n"
    "\n";

static const char names_has[] = "\n"
                                "// Is it the name of a fact of the standard vocabulary? For a "
                                "text that comes from elsewhere; NULL is not.\n"
                                "static inline bool soc_vocabulary_has(const char *name) {\n"
                                "  static const char *const names[] = {\n";

static const char names_end[] =
    "  };\n"
    "  for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {\n"
    "    if (strcmp(names[i], name) == 0) {\n"
    "      return true;\n"
    "    }\n"
    "  }\n"
    "  return false;\n"
    "}\n"
    "\n"
    "#endif\n";

enum { MACRO_SIZE = 128, MACROS_MOST = 512 };

// "claim.lines[].units" as SOC_FACT_CLAIM_LINES_UNITS. False: too long.
static bool name_macro(soc_text name, char macro[MACRO_SIZE]) {
  size_t length = (size_t)snprintf(macro, MACRO_SIZE, "SOC_FACT_");
  for (size_t i = 0; i < name.length; i++) {
    char letter = name.data[i];
    if (letter == '[' || letter == ']') continue;
    if (length + 1 >= MACRO_SIZE) return false;
    macro[length++] =
        letter == '.' ? '_' : (char)(letter - (letter >= 'a' && letter <= 'z' ? 32 : 0));
  }
  macro[length] = '\0';
  return true;
}

// Two facts, or a fact and what soc/vm.h defines, must not become one macro.
static bool add_macro(const char *macro) {
  static char taken[MACROS_MOST][MACRO_SIZE] = {"SOC_FACT_NULLABLE", "SOC_FACT_WHOLE"};
  size_t i = 0;
  while (i < MACROS_MOST && taken[i][0] != '\0') {
    if (strcmp(taken[i], macro) == 0) {
      fprintf(stderr, "gen_docs: two facts would be %s\n", macro);
      return false;
    }
    i++;
  }
  if (i < MACROS_MOST) memcpy(taken[i], macro, strlen(macro) + 1);
  return i < MACROS_MOST;
}

// On a line of its own where one would be too long for clang-format.
static void add_definition(struct page *p, const char *macro, soc_text name) {
  enum { LINE_MOST = 100 };
  size_t length = strlen("#define  \"\"") + strlen(macro) + name.length;
  add(p, "#define ");
  add(p, macro);
  add(p, length > LINE_MOST ? " \\\n  \"" : " \"");
  add_bytes(p, name.data, name.length);
  add(p, "\"\n");
}

static bool write_macros(struct page *p, const soc_vocabulary *v, bool define) {
  soc_vocabulary_fact fact;
  char macro[MACRO_SIZE];
  for (uint32_t i = 0; i < soc_vocabulary_count(v); i++) {
    if (!soc_vocabulary_fact_at(v, i, &fact) || !name_macro(fact.name, macro) ||
        (define && !add_macro(macro)))
      return false;
    if (define) {
      add_definition(p, macro, fact.name);
    } else {
      add(p, "      ");
      add(p, macro);
      add(p, ",\n");
    }
  }
  return true;
}

static bool write_names(struct page *p) {
  soc_vocabulary *v = soc_vocabulary_open(NULL);
  add(p, names_head);
  bool good = v && write_macros(p, v, true);
  add(p, names_has);
  good = good && write_macros(p, v, false);
  add(p, names_end);
  soc_vocabulary_close(v);
  return good;
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
    fputs("usage: gen_docs [--check] opcodes|diagnostics|vocabulary|names FILE\n", stderr);
    return 2;
  }
  if (strcmp(name, "opcodes") == 0) {
    write_opcodes(&page);
  } else if (strcmp(name, "diagnostics") == 0) {
    write_diagnostics(&page);
  } else if (strcmp(name, "vocabulary") == 0 || strcmp(name, "names") == 0) {
    if (!(name[0] == 'v' ? write_vocabulary(&page) : write_names(&page))) {
      fputs("gen_docs: the standard vocabulary cannot be read\n", stderr);
      return 2;
    }
  } else {
    fprintf(stderr, "gen_docs: no page '%s'\n", name);
    return 2;
  }
  bool done = check ? check_page(&page, argv[argc - 1]) : write_page(&page, argv[argc - 1]);
  free(page.text);
  return done ? 0 : 1;
}
