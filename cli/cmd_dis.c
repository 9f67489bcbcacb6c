// SPDX-License-Identifier: Apache-2.0
//
// soc dis: an artifact as text: facts, sets, derived values and criteria with their code, decisions with their rules.
#include "cli/commands.h"
#include "cli/dis.h"
#include "cli/places.h"
#include "cli/values.h"
#include "vm/pack.h"

#include <string.h>

enum { MEMBERS_SHOWN = 8, LINE_MEMBERS = 8 };

static void put_head(const struct artifact *a) {
  uint8_t behaviour[32];
  char digest[DIGEST_TEXT + 1];
  printf("; %s %s, %s\n", a->info.id.data, a->info.version.data, a->info.title.data);
  printf("; artifact sha256:%s, %zu bytes, format %u, language %u\n", a->digest, a->bytes.length,
         (unsigned)a->info.format, (unsigned)a->info.language);
  if (behaviour_digest(buffer_get(&a->bytes), behaviour)) {
    digest_text(behaviour, digest);
    printf("; behaviour sha256:%s\n", digest);
  }
  printf("; code: line of the file named above it, instruction, opcode, operands\n");
}

static void put_facts(struct disassembly *d) {
  printf("\nfacts\n");
  for (uint32_t i = 0; i < VM_COUNT(d->p, FACTS); i++) {
    vm_fact f = vm_fact_at(d->p, i);
    const char *unit = unit_word((soc_unit)f.unit);
    buffer_clear(&d->line);
    buffer_text(&d->line, type_word((soc_type)f.type, f.flags));
    if (*unit) buffer_format(&d->line, ", %s", unit);
    if (f.enumeration != SOC_NONE16) {
      buffer_char(&d->line, ' ');
      dis_mask(d, f.enumeration, vm_enum_mask(d->p, f.enumeration), &d->line);
    }
    if (f.flags & SOC_FACT_NULLABLE) buffer_text(&d->line, " or none");
    printf("  %3u  %-46s %s\n", (unsigned)i, dis_fact(d, i).data, buffer_get(&d->line));
  }
}

// ---------------------------------------------------------------------------------------- sets and maps

// The high end of a range by prefix is the prefix filled up with the last letter of the alphabet.
static size_t prefix_length(const char *text, size_t length) {
  if (length < SOC_CODE_MAX) return length;
  while (length > 0 && text[length - 1] == 'Z') length--;
  return length;
}

static void code_range(struct buffer *out, uint64_t low, uint64_t high) {
  char first[13], last[13];
  size_t first_length = soc_code_unpack(low, first), last_length = soc_code_unpack(high, last);
  size_t prefix = prefix_length(last, last_length);
  buffer_append(out, first, first_length);
  if (low != high && (prefix != first_length || memcmp(first, last, prefix) != 0)) {
    buffer_text(out, "..");
    buffer_append(out, last, prefix);
  }
  if (prefix < last_length) buffer_char(out, '*');
}

static void put_member(struct disassembly *d, const vm_set *set, uint32_t index) {
  const uint8_t *r = VM_AT(d->p, SET_RANGES, set->first + index);
  int32_t from = vm_i32(r + 16), to = vm_i32(r + 20);
  if (set->kind == 1)
    dis_text(d, (uint32_t)vm_u64(r), &d->line);
  else
    code_range(&d->line, vm_u64(r), vm_u64(r + 8));
  if (from != INT32_MIN) buffer_text(&d->line, " from "), date_append(&d->line, from);
  if (to != INT32_MAX) buffer_text(&d->line, " to "), date_append(&d->line, to);
}

static void put_set(struct disassembly *d, uint32_t index) {
  vm_set set = vm_set_at(d->p, index);
  uint32_t shown = d->full || set.count <= MEMBERS_SHOWN ? set.count : MEMBERS_SHOWN;
  buffer_clear(&d->line);
  dis_set_name(d, index, &d->line);
  printf("  %s: %u %s%s\n", buffer_get(&d->line), (unsigned)set.count,
         set.kind == 1 ? "texts" : "codes and ranges", set.flags & SOC_SET_DATED ? ", dated" : "");
  for (uint32_t i = 0; i < shown; i += LINE_MEMBERS) {
    buffer_clear(&d->line);
    for (uint32_t k = i; k < shown && k < i + LINE_MEMBERS; k++) {
      if (k > i) buffer_text(&d->line, ", ");
      put_member(d, &set, k);
    }
    if (i + LINE_MEMBERS >= shown && shown < set.count)
      buffer_format(&d->line, ", and %u more (--full)", (unsigned)(set.count - shown));
    printf("      %s\n", buffer_get(&d->line));
  }
}

// The enumeration that a map leads to is that of the cell whose code uses it.
static uint32_t enumeration_of_map(const struct disassembly *d, uint32_t map) {
  for (uint32_t i = 0; i < VM_COUNT(d->p, CELLS); i++) {
    vm_cell cell = vm_cell_at(d->p, i);
    for (uint32_t pc = cell.first; pc < cell.first + cell.count; pc++) {
      vm_instruction instruction = vm_instruction_at(d->p, pc);
      if (instruction.op == SOC_OP_MASK_MAP && instruction.c == map) return cell.enumeration;
    }
  }
  return SOC_NONE16;
}

static void put_map(struct disassembly *d, uint32_t index) {
  vm_map map = vm_map_at(d->p, index);
  uint32_t enumeration = enumeration_of_map(d, index);
  printf("  map %u\n", (unsigned)index);
  for (uint32_t i = 0; enumeration != SOC_NONE16 && i <= map.count; i++) {
    buffer_clear(&d->line);
    const uint8_t *r = i < map.count ? VM_AT(d->p, MAP_RANGES, map.first + i) : NULL;
    if (r)
      code_range(&d->line, vm_u64(r), vm_u64(r + 8));
    else
      buffer_text(&d->line, "any other");
    buffer_text(&d->line, " -> ");
    dis_mask(d, enumeration, r ? vm_u64(r + 16) : map.other, &d->line);
    printf("      %s\n", buffer_get(&d->line));
  }
}

static void put_sets(struct disassembly *d) {
  if (VM_COUNT(d->p, SETS)) printf("\nsets\n");
  for (uint32_t i = 0; i < VM_COUNT(d->p, SETS); i++) put_set(d, i);
  if (VM_COUNT(d->p, MAPS)) printf("\nmaps\n");
  for (uint32_t i = 0; i < VM_COUNT(d->p, MAPS); i++) put_map(d, i);
}

// ---------------------------------------------------------------------------------------- cells and rules

// Ends the line of what is written there.
static void put_place(const vm_policy *p, vm_words words) {
  if (words.source != SOC_NONE32)
    printf(" ; %s:%u", place_file(p, words.source).data, (unsigned)words.line);
  printf("\n");
}

static void put_words(const vm_policy *p, vm_words words) {
  soc_text text = vm_wording(p, words.text), cite = vm_wording(p, words.cite);
  if (text.length || cite.length)
    printf("      ; %s%s%s%s%s\n", text.data, text.length && cite.length ? " " : "",
           cite.length ? "[" : "", cite.data, cite.length ? "]" : "");
}

static void put_cell(struct disassembly *d, uint32_t index) {
  vm_cell cell = vm_cell_at(d->p, index);
  bool of_rows = cell.list != SOC_NONE16;
  const char *kind = cell.kind == SOC_CELL_MASK    ? "derived"
                     : cell.kind == SOC_CELL_VALUE ? "quantity"
                     : cell.flags & SOC_CELL_RULE  ? "condition"
                                                   : "criterion";
  vm_words words = vm_words_of(VM_AT(d->p, CELL_WORDS, index));
  printf("\n%s %s (cell %u%s%s%s%s%s)", kind, vm_name(d->p, cell.name).data, (unsigned)index,
         of_rows ? ", for each row of " : "", of_rows ? dis_fact(d, cell.list).data : "",
         cell.asks != SOC_NONE16 ? ", asks for " : "",
         cell.asks != SOC_NONE16 ? dis_fact(d, cell.asks).data : "",
         cell.parent != SOC_NONE32 ? ", a part" : "");
  put_place(d->p, words);
  put_words(d->p, words);
  dis_code(d, cell.first, cell.count, cell.enumeration);
}

static void put_extras(const struct disassembly *d, const vm_rule *rule) {
  for (uint32_t i = 0; i < rule->extra_count; i++) {
    vm_extra extra = vm_extra_at(d->p, rule->extra + i);
    printf("      %s %s%s%s\n", extra.ground ? "because" : "action", vm_name(d->p, extra.name).data,
           extra.cell != VM_EXTRA_ALWAYS ? " if " : "",
           extra.cell != VM_EXTRA_ALWAYS ? vm_name(d->p, vm_cell_at(d->p, extra.cell).name).data
                                         : "");
  }
}

static void put_windows(struct disassembly *d, const vm_rule *rule) {
  if (rule->from_count)
    printf("      from\n"), dis_code(d, rule->from, rule->from_count, SOC_NONE16);
  if (rule->through_count)
    printf("      through\n"), dis_code(d, rule->through, rule->through_count, SOC_NONE16);
  if (rule->stands_count)
    printf("      stands\n"), dis_code(d, rule->stands, rule->stands_count, SOC_NONE16);
  if (!rule->redirect) return;
  buffer_clear(&d->line);
  dis_mask(d, rule->redirect_enum, rule->redirect, &d->line);
  printf("      redirect %s", buffer_get(&d->line));
  if (rule->except)
    printf(" except %s", vm_name(d->p, vm_fact_at(d->p, rule->except - 1u).name).data);
  putchar('\n');
}

static void put_rule(struct disassembly *d, uint32_t index, uint32_t number) {
  vm_rule rule = vm_rule_at(d->p, index);
  vm_words words = vm_words_of(VM_AT(d->p, RULE_WORDS, index));
  printf("  %2u  %s %s", (unsigned)number,
         soc_determination_name((soc_determination)rule.determination),
         vm_name(d->p, rule.name).data);
  if (rule.code != SOC_NONE32 && rule.code != rule.name)
    printf(" (%s)", vm_name(d->p, rule.code).data);
  if (rule.cell == SOC_NONE32)
    printf(" otherwise");
  else
    printf(" when %s (cell %u)", vm_name(d->p, vm_cell_at(d->p, rule.cell).name).data,
           (unsigned)rule.cell);
  if (rule.flags & SOC_RULE_STOP) printf(", and stop");
  if (rule.flags & SOC_RULE_ONE_TIME) printf(", one time");
  put_place(d->p, words);
  put_words(d->p, words);
  if (rule.open_code != SOC_NONE32)
    printf("      while open %s%s%s\n", vm_name(d->p, rule.open_code).data,
           rule.open_cell != SOC_NONE32 ? " if " : "",
           rule.open_cell != SOC_NONE32 ? vm_name(d->p, vm_cell_at(d->p, rule.open_cell).name).data
                                        : "");
  put_windows(d, &rule);
  put_extras(d, &rule);
}

static void put_decision(struct disassembly *d, uint32_t index) {
  vm_decision decision = vm_decision_at(d->p, index);
  printf("\ndecision %s, %s", vm_name(d->p, decision.name).data,
         decision.kind ? "administrative" : "medical");
  if (decision.list != SOC_NONE16) printf(", for each row of %s", dis_fact(d, decision.list).data);
  if (decision.flags & SOC_DECISION_LONGEST) printf(", longest approval decides");
  if (decision.flags & SOC_DECISION_EVERY_MATCH) printf(", report every match");
  printf("\n");
  for (uint32_t i = 0; i < decision.count; i++) put_rule(d, decision.first + i, i + 1);
}

static void put_all(struct disassembly *d, const struct artifact *a) {
  put_head(a);
  put_facts(d);
  put_sets(d);
  for (uint32_t i = 0; i < VM_COUNT(d->p, CELLS); i++) put_cell(d, i);
  for (uint32_t i = 0; i < VM_COUNT(d->p, DECISIONS); i++) put_decision(d, i);
}

static int run(const struct command *self, int argc, char **argv) {
  bool full = false;
  struct option_texts libraries = {0};
  const struct option options[] = {
      {"--full", 0, OPTION_FLAG, &full, NULL, "every member of every set"},
      {"--library", 0, OPTION_TEXTS, &libraries, "DIR",
       "where a .soc finds what it uses; may be repeated"},
  };
  int status;
  if (options_parse(self, options, sizeof options / sizeof *options, argc, argv, 1, 1, &status) < 0)
    return status;
  struct artifact *a = artifact_open(argv[0], &libraries, NULL);
  if (!a) return EXIT_TROUBLE;
  struct disassembly d;
  status = EXIT_TROUBLE;
  if (!dis_open(&d, a, full)) {
    trouble_memory();
  } else {
    put_all(&d, a);
    status = d.line.failed ? trouble_memory() : EXIT_DONE;
  }
  dis_close(&d);
  artifact_free(a);
  return status;
}

const struct command command_dis = {
    "dis",
    "prints the code of an artifact",
    "FILE.socb",
    "Prints what an artifact holds: the facts it may read, its code sets, every criterion with its "
    "sentence,\n"
    "citation, source lines and code, and the rules of each decision. Blocks are indented, "
    "constants are shown by\n"
    "their type. A .soc file is compiled first. Exit status: 0, 2 trouble.",
    "  soc dis policies/premera/11.01.523/2024-12-05.socb",
    run};
