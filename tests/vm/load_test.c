// SPDX-License-Identifier: Apache-2.0
//
// What the loader refuses: one good artifact, and a table of changes to it with the code that each must give. Every
// code of vm/errors.def must come up. Then any prefix and any changed byte: refused, or accepted and run safely.
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/bounds.h"
#include "vm/code.h"
#include "vm/image.h"

// Facts, in order; their indices are used in the table below.
enum {
  FLAG,
  SITE,
  DRUG,
  BRAND,
  WHEN,
  AMOUNT,
  CODES,
  SITES,
  EVENTS,
  BAD,
  DAY,
  PLAN,
  COPY,
  ROWS,
  NUMBER,
  TO,
  KIND
};
// Cells.
enum { C_ALL, C_LIST, C_PLACE, C_USE, C_DAYS, C_COUNT, C_DRUG, C_KIND, C_BEFORE, C_UP, C_LAST };

static image good(void) {
  builder *b = build_new();
  build_enum(b, "place", "office center home");
  build_enum(b, "kind", "x y");
  build_texts(b, "alpha,beta");
  build_fact(b, "flag", "bool null");
  build_fact(b, "site", "enum place");
  build_fact(b, "drug", "code 5 5");
  build_fact(b, "brand", "text");
  build_fact(b, "when", "date");
  build_fact(b, "amount", "number whole");
  build_fact(b, "codes", "codes 3 7");
  build_fact(b, "sites", "enums place");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  build_fact(b, "events[].day", "date from when");
  build_fact(b, "plan", "enum kind assume y");
  build_fact(b, "copy", "date from when");
  build_fact(b, "lines", "records empty");
  build_fact(b, "lines[].number", "number in 0 99 null");
  build_fact(b, "lines[].to", "line null none");
  build_fact(b, "lines[].kind", "enum kind derive x");
  build_fact(b, "lines[].tags", "codes 2 2");
  build_fact(b, "lines[].name", "text");
  build_basis(b, "when");
  build_set(b, "drugs", "J1000..J1999 J3000@2024-01-01..2024-07-01 J3000@2024-08-01..");
  build_set(b, "plain", "A1 B2..B9");
  build_text_set(b, "brands", "0 1");
  build_map(b, "pos", "place", "11=office|center 12=home", "office|center|home");
  build_map(b, "pos2", "place", "21=office", "home");
  build_cell(b, "ALL", "begin count 1; fact.true flag; join; fact.cmp ge amount 5; join; end");
  build_cell(b, "LIST", "each any events; fact.true events[].bad; each.end");
  build_mask(b, "PLACE", "place", "site",
             "fact.true flag; mask.fact site; mask.map drug pos; select");
  build_cell(b, "USE", "begin all; cell ALL; join; cell.in_mask PLACE home; join; end");
  build_cell(b, "DAYS", "load.fact when; load.fact copy; days.from; between 0 89");
  build_cell(b, "COUNT",
             "each count events; fact.true events[].bad; each.end; load.const 2; cmp ge");
  build_cell(
      b, "DRUG",
      "begin any; fact.in_set drug drugs@when; join; fact.in_set brand brands; join; "
      "fact.in_mask site home; join; fact.cmp eq brand 1; join; list.has sites home; join; end");
  build_part(b, "ALL", "USE");
  build_decision(b, "main", "longest");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "OK",
                       .when = "USE",
                       .one_time = true,
                       .criterion = "LIST",
                       .from = "load.fact when",
                       .through = "load.fact when; load.const 2; add.months",
                       .redirect_enum = "place",
                       .redirect = "home",
                       .actions = "act/ALL",
                       .grounds = "G"});
  build_rule(b, (rule){.determination = SOC_REFER,
                       .code = "R",
                       .when = "DRUG",
                       .open_code = "O",
                       .open_when = "DAYS"});
  build_rule(b, (rule){.determination = SOC_REFER, .code = "NO"});
  build_decision(b, "second", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY, .when = "COUNT", .actions = "more"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  build_list(b, "lines");
  build_mask(
      b, "KIND", "kind", "lines[].kind",
      "fact.left_out lines[].kind; mask.assumed lines[].kind; mask.fact lines[].kind; select");
  build_quantity(b, "BEFORE", false,
                 "each sum lines; begin all; load.fact lines[].number; load.fact^ lines[].number; "
                 "cmp lt; join; "
                 "row.in_mask KIND x; join; load.fact lines[].name; load.fact^ lines[].name; cmp "
                 "eq; join; end; "
                 "load.fact lines[].number; each.end");
  build_cell(b, "UP", "each any chain lines[].to; list.has lines[].tags JW; each.end");
  build_cell(b, "THE",
             "each any related lines[].to; begin any; row UP; join; row^ UP; join; end; each.end");
  build_cell(b, "MANY",
             "row.value BEFORE; load.fact lines[].number; load.const 2; quotient.up; cmp gt");
  build_decision(b, "third", "administrative every");
  build_rule(b, (rule){.determination = SOC_DENY,
                       .code = "MANY",
                       .when = "MANY",
                       .stands = "load.const 3; row.value BEFORE; num.sub; load.const 0; latest"});
  build_rule(b, (rule){.determination = SOC_DENY, .code = "THE", .when = "THE"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  return build_finish(b);
}

// ------------------------------------------------------------------------------------------- bytes

static uint64_t get(const uint8_t *p, size_t width) {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;) {
    value = value << 8 | p[i];
  }
  return value;
}

static void set(uint8_t *p, size_t width, uint64_t value) {
  for (size_t i = 0; i < width; i++) {
    p[i] = (uint8_t)(value >> 8 * i);
  }
}

static uint8_t *entry_of(image im, uint32_t id) {
  for (uint8_t *e = im.bytes + SOC_HEADER_BYTES;; e += SOC_SECTION_ENTRY_BYTES) {
    if (get(e, 4) == id) {
      return e;
    }
  }
}

static size_t record_bytes(uint32_t id) {
#define SECTION(name, number, bytes, ...) \
  if (id == number) {                     \
    return bytes;                         \
  }
  SOC_SECTIONS(SECTION)
#undef SECTION
  return 0;
}

static uint8_t *record_of(image im, uint32_t id, uint32_t record) {
  return im.bytes + get(entry_of(im, id) + 8, 8) + record * record_bytes(id);
}

static image copy_of(image im) {
  image copy = {malloc(im.length), im.length};
  memcpy(copy.bytes, im.bytes, im.length);
  return copy;
}

static bool is_refused(image im, const char *code, const char *what) {
  soc_policy policy;
  soc_error error = {0};
  soc_status status = soc_policy_load(&policy, im.bytes, im.length, &error);
  if (status != SOC_ERR_ARTIFACT || strcmp(error.code, code) != 0) {
    print_message("%s: expected %s, got status %d %s at %llu\n", what, code, (int)status,
                  error.code ? error.code : "", (unsigned long long)error.offset);
    return false;
  }
  assert_true(strlen(error.message) > 10);
  assert_true(error.offset <= im.length);
  static const soc_policy zero;
  assert_memory_equal(&policy, &zero, sizeof zero);
  return true;
}

static void expect_refusal(image im, const char *code, const char *what) {
  if (!is_refused(im, code, what)) {
    fail();
  }
}

// ------------------------------------------------------------------------------------------- table

enum {
  NAMES = 1,
  POLICY,
  ENUMS,
  ENUM_VALUES,
  FACTS,
  CONSTANTS,
  SETS,
  SET_RANGES,
  TEXTS,
  MAPS,
  MAP_RANGES,
  CODE,
  CELLS,
  DECISIONS,
  RULES,
  EXTRAS,
  ABOUT = 65,
  CELL_WORDS,
  RULE_WORDS,
  SOURCES,
  LINES,
  GIVEN_USES,
  TABLES
};

typedef struct change {
  const char *code;
  uint32_t section, record, offset, width;
  uint64_t value;
} change;

#define NO32 0xffffffffu
#define NO16 0xffffu
#define OP(name) SOC_OP_##name

static const change changes[] = {
    // strings
    {"string", POLICY, 0, 0, 4, 1},
    {"string", POLICY, 0, 4, 4, 0x7fffffff},
    {"string", FACTS, 2, 0, 4, NO32},
    {"string", ABOUT, 0, 0, 4, 3},
    {"string", CELL_WORDS, 0, 4, 4, 3},
    {"string", RULE_WORDS, 0, 0, 4, 3},
    {"string", SOURCES, 0, 0, 4, 3},
    {"string", ENUM_VALUES, 0, 0, 4, 3},
    {"string", ENUMS, 0, 0, 4, 3},
    {"string", TEXTS, 0, 0, 4, 3},
    {"string", SETS, 0, 0, 4, 3},
    {"string", CELLS, 0, 0, 4, 3},
    {"string", DECISIONS, 0, 0, 4, 3},
    {"string", RULES, 0, 0, 4, 3},
    {"string", RULES, 0, 8, 4, 3},
    {"string", RULES, 1, 24, 4, 3},
    {"string", EXTRAS, 0, 0, 4, 3},
    {"utf8", NAMES, 0, 0, 1, 0xff},
    {"utf8", NAMES, 0, 0, 2, 0xafc0},
    {"utf8", NAMES, 0, 0, 3, 0x80a0ed},
    {"utf8", NAMES, 0, 0, 4, 0x808090f4},
    {"utf8", NAMES, 0, 0, 4, 0x80808ff0},
    {"utf8", NAMES, 0, 0, 3, 0x809fe0},
    {"utf8", NAMES, 0, 0, 2, 0x41c3},
    // policy
    {"policy_basis", POLICY, 0, 12, 2, FLAG},
    {"policy_basis", POLICY, 0, 12, 2, 999},
    {"policy_basis", POLICY, 0, 12, 2, DAY},
    {"policy_day", POLICY, 0, 8, 4, 0xffffffff},
    {"policy_day", POLICY, 0, 8, 4, SOC_DAY_MAX + 1},
    {"reserved", POLICY, 0, 14, 2, 1},
    {"reserved", ABOUT, 0, 16, 8, 1},
    {"bound_stack", POLICY, 0, 16, 4, 400},
    {"bound_gather", POLICY, 0, 20, 4, 0},
    {"bound_instructions", POLICY, 0, 24, 8, 1},
    {"bound_instructions", POLICY, 0, 32, 8, 1},
    {"bound_instructions", POLICY, 0, 40, 8, 1},
    {"bound_gather", POLICY, 0, 48, 4, 9999},
    {"reserved", POLICY, 0, 52, 4, 1},
    // enumerations, facts
    {"enum_values", ENUMS, 0, 4, 2, 1},
    {"enum_values", ENUMS, 0, 6, 2, 0},
    {"enum_values", ENUMS, 1, 6, 2, 65},
    {"enum_values", ENUMS, 1, 6, 2, 1},
    {"fact_type", FACTS, FLAG, 4, 1, 0},
    {"fact_type", FACTS, FLAG, 4, 1, 11},
    {"fact_list", FACTS, FLAG, 4, 1, 10},
    {"fact_unit", FACTS, FLAG, 5, 1, 1},
    {"fact_unit", FACTS, AMOUNT, 5, 1, SOC_CODE_UNITS + 1},
    {"fact_flags", FACTS, FLAG, 6, 1, SOC_FACT_WHOLE},
    {"fact_flags", FACTS, AMOUNT, 6, 1, 4},
    {"fact_flags", FACTS, CODES, 6, 1, SOC_FACT_NULLABLE},
    {"fact_left_out", FACTS, FLAG, 7, 1, 9},
    {"fact_left_out", FACTS, FLAG, 7, 1, SOC_LEFT_OUT_EMPTY},
    {"fact_left_out", FACTS, CODES, 7, 1, SOC_LEFT_OUT_NONE},
    {"fact_enum", FACTS, SITE, 8, 2, 2},
    {"fact_enum", FACTS, SITE, 8, 2, NO16},
    {"fact_enum", FACTS, FLAG, 8, 2, 0},
    {"fact_list", FACTS, FLAG, 10, 2, FLAG},
    {"fact_list", FACTS, FLAG, 10, 2, 999},
    {"fact_list", FACTS, EVENTS, 10, 2, EVENTS},
    {"fact_list", FACTS, TO, 10, 2, NO16}, // a reference of the case
    {"fact_left_out", FACTS, TO, 7, 1, SOC_LEFT_OUT_OTHER_FACT},
    {"fact_left_out", FACTS, TO, 7, 1, SOC_LEFT_OUT_EMPTY},
    {"fact_left_out", FACTS, NUMBER, 7, 1, SOC_LEFT_OUT_DERIVED},
    {"fact_assumed", FACTS, KIND, 32, 8, 2},
    {"fact_assumed", FACTS, KIND, 32, 8, 0xfffffffffffffffe},
    {"fact_other", FACTS, FLAG, 12, 2, WHEN},
    {"fact_other", FACTS, COPY, 12, 2, NO16},
    {"fact_other", FACTS, COPY, 12, 2, FLAG},
    {"fact_other", FACTS, COPY, 12, 2, COPY},
    {"fact_other", FACTS, COPY, 12, 2, DAY},
    {"fact_range", FACTS, AMOUNT, 16, 8, 0x7fffffffffffffff},
    {"fact_range", FACTS, AMOUNT, 24, 8, 0x7fffffffffffffff},
    {"fact_range", FACTS, WHEN, 24, 8, SOC_DAY_MAX + 1},
    {"fact_range", FACTS, WHEN, 16, 8, UINT64_MAX},
    {"fact_range", FACTS, FLAG, 24, 8, 1},
    {"fact_assumed", FACTS, PLAN, 32, 8, 2},
    {"fact_assumed", FACTS, FLAG, 32, 8, 1},
    {"fact_code_length", FACTS, DRUG, 44, 1, 0},
    {"fact_code_length", FACTS, DRUG, 45, 1, 13},
    {"fact_code_length", FACTS, DRUG, 45, 1, 4},
    {"fact_code_length", FACTS, FLAG, 44, 1, 1},
    {"reserved", FACTS, FLAG, 14, 2, 1},
    {"reserved", FACTS, FLAG, 46, 2, 1},
    {"reserved", FACTS, FLAG, 48, 8, 1},
    // constants, texts, sets, maps
    {"constant_order", CONSTANTS, 1, 0, 8, 0x8000000000000000},
    {"text_order", TEXTS, 1, 0, 4, 0}, // patched to the first text below
    {"set_kind", SETS, 0, 4, 1, 2},
    {"set_flags", SETS, 0, 5, 1, 0},
    {"set_flags", SETS, 1, 5, 1, 1},
    {"reserved", SETS, 0, 6, 2, 1},
    {"set_ranges", SETS, 0, 8, 4, 1},
    {"set_ranges", SETS, 0, 12, 4, 99},
    {"set_ranges", SETS, 2, 12, 4, 1},
    {"range_bounds", SET_RANGES, 0, 8, 8, 0},
    {"range_bounds", SET_RANGES, 6, 0, 16, 2}, // a text past the table
    {"range_days", SET_RANGES, 1, 20, 4, 0},
    {"range_days", SET_RANGES, 1, 16, 4, 0xfffffff0},
    {"range_days", SET_RANGES, 0, 20, 4, SOC_DAY_MAX + 1},
    {"range_order", SET_RANGES, 2, 16, 4, 700000},
    {"range_order", SET_RANGES, 1, 0, 8, 0},
    {"map_ranges", MAPS, 1, 0, 4, 1},
    {"map_ranges", MAPS, 1, 4, 4, 0},
    {"range_order", MAP_RANGES, 1, 0, 8, 0},
    {"range_bounds", MAP_RANGES, 0, 8, 8, 0},
    // cells
    {"cell_kind", CELLS, C_ALL, 4, 1, 3},
    {"cell_flags", CELLS, C_ALL, 5, 1, 2},
    {"cell_flags", CELLS, C_PLACE, 5, 1, 1},
    {"cell_enum", CELLS, C_ALL, 16, 2, 0},
    {"cell_enum", CELLS, C_PLACE, 16, 2, 2},
    {"cell_asks", CELLS, C_ALL, 6, 2, SITE},
    {"cell_asks", CELLS, C_PLACE, 6, 2, FLAG},
    {"cell_asks", CELLS, C_PLACE, 6, 2, PLAN},
    {"cell_asks", CELLS, C_PLACE, 6, 2, 999},
    {"cell_list", CELLS, C_ALL, 18, 2, FLAG},
    {"cell_list", CELLS, C_ALL, 18, 2, 999},
    {"cell_asks", CELLS, C_KIND, 18, 2, NO16},
    {"cell_asks", CELLS, C_KIND, 6, 2, PLAN}, // of the case
    {"cell_asks", CELLS, C_BEFORE, 6, 2, KIND},
    {"cell_flags", CELLS, C_BEFORE, 5, 1, 1},
    {"cell_flags", CELLS, C_BEFORE, 5, 1, 4},
    {"frame", CELLS, C_UP, 18, 2, NO16},
    {"decision_list", DECISIONS, 2, 16, 2, NUMBER},
    {"rule_cell", DECISIONS, 2, 16, 2, EVENTS},
    {"cell_parent", CELLS, C_USE, 20, 4, C_ALL},
    {"cell_parent", CELLS, C_USE, 20, 4, 99},
    {"code_span", CELLS, C_ALL, 12, 4, 0},
    {"code_span", CELLS, C_ALL, 12, 4, 9999},
    {"code_span", CELLS, C_LIST, 8, 4, 1},
    // decisions, rules, extras
    {"decision_kind", DECISIONS, 0, 4, 1, 2},
    {"decision_flags", DECISIONS, 0, 5, 1, 4},
    {"decision_list", DECISIONS, 0, 16, 2, FLAG},
    {"decision_list", DECISIONS, 0, 16, 2, 999},
    {"decision_rules", DECISIONS, 0, 12, 4, 0},
    {"decision_rules", DECISIONS, 0, 12, 4, 99},
    {"decision_otherwise", DECISIONS, 1, 12, 4, 1},
    {"reserved", DECISIONS, 0, 20, 4, 1},
    {"decision_otherwise", RULES, 0, 12, 4, NO32},
    {"decision_otherwise", RULES, 2, 12, 4, C_ALL},
    {"rule_determination", RULES, 1, 4, 1, 9},
    {"rule_determination", RULES, 1, 4, 1, SOC_DENY},
    {"rule_flags", RULES, 1, 5, 1, SOC_RULE_ONE_TIME},
    {"rule_flags", RULES, 0, 5, 1, 4},
    {"rule_cell", RULES, 0, 12, 4, C_PLACE},
    {"rule_cell", RULES, 0, 16, 4, 99},
    {"rule_cell", RULES, 1, 28, 4, C_PLACE},
    {"rule_cell", EXTRAS, 0, 4, 4, C_PLACE},
    {"rule_cell", EXTRAS, 0, 4, 4, 99},
    {"rule_needed", RULES, 0, 20, 4, 99},
    {"rule_needed", RULES, 0, 20, 4, C_USE},
    {"rule_open", RULES, 1, 24, 4, NO32},
    {"rule_window", RULES, 0, 4, 1, SOC_REFER}, // patched: its one-time flag goes too
    {"rule_redirect", RULES, 0, 48, 8, 8},
    {"rule_redirect", RULES, 0, 64, 2, NO16},
    {"rule_redirect", RULES, 1, 64, 2, 0},
    {"rule_redirect", RULES, 0, 66, 2, 1},
    {"rule_redirect", RULES, 0, 66, 2, 99},
    {"rule_redirect", RULES, 1, 66, 2, 1},
    {"rule_extras", RULES, 0, 56, 4, 1},
    {"rule_extras", RULES, 3, 60, 4, 0},
    {"code_span", RULES, 0, 32, 4, 0},
    {"code_span", RULES, 0, 44, 4, 99},
    {"code_span", RULES, 1, 32, 4, 1},
    {"reserved", RULES, 0, 6, 2, 1},
    {"code_span", RULES, 0, 68, 4, 1},
    {"rule_stands", RULES, 0, 72, 4, 1},
    {"reserved", RULES, 0, 76, 4, 1},
    // words
    {"source_index", CELL_WORDS, 0, 8, 4, 1},
    {"source_index", RULE_WORDS, 0, 8, 4, 1},
    {"reserved", SOURCES, 0, 4, 4, 1},
    // code: `ALL` is begin, fact.true, join, fact.cmp, join, end at 0-5; `LIST` each, fact.true, each.end at 6-8;
    // `PLACE` fact.true, mask.fact, mask.map, select at 9-12; `USE` begin, cell, join, cell.in_mask, join, end at 13-18;
    // `DAYS` load.fact, load.fact, days.from, between at 19-22; `COUNT` at 23-27; `DRUG` begin at 28, in_set at 29, 31
    {"opcode", CODE, 1, 0, 1, OP(COUNT)},
    {"opcode", CODE, 1, 0, 1, 255},
    {"operand_a", CODE, 1, 1, 1, 1},
    {"operand_a", CODE, 3, 1, 1, SOC_REL_COUNT},
    {"operand_a", CODE, 0, 1, 1, 3},
    {"operand_a", CODE, 14, 1, 1, 1},
    {"operand_a", CODE, 27, 1, 1, 0x80 | SOC_GE},
    {"operand_b", CODE, 1, 2, 2, 99},
    {"operand_b", CODE, 14, 2, 2, 1},
    {"operand_b", CODE, 6, 2, 2, 99},
    {"operand_b", CODE, 15, 2, 2, 1},
    {"operand_c", CODE, 1, 4, 4, 1},
    {"operand_c", CODE, 3, 4, 4, 999},
    {"operand_c", CODE, 22, 4, 4, 999u << 16},
    {"operand_c", CODE, 22, 4, 4, 1},
    {"operand_c", CODE, 29, 4, 4, 9 | WHEN << 16},
    {"operand_c", CODE, 29, 4, 4, 999u << 16},
    {"operand_c", CODE, 11, 4, 4, 2},
    {"operand_type", CODE, 1, 2, 2, SITE},
    {"operand_type", CODE, 6, 2, 2, CODES},
    {"operand_type", CODE, 14, 4, 4, C_PLACE},
    {"operand_type", CODE, 16, 2, 2, C_ALL},
    {"operand_type", CODE, 29, 4, 4, (uint32_t)FLAG << 16},
    {"operand_type", CODE, 10, 2, 2, PLAN},
    {"operand_value", CODE, 35, 4, 4, 6}, // a brand compared with the largest constant
    {"operand_value", CODE, 37, 4, 4, 6}, // a place
    {"operand_value", CODE, 33, 4, 4, 6}, // places
    {"operand_value", CODE, 16, 4, 4, 6},
    {"operand_relation", CODE, 35, 1, 1, SOC_LT},
    {"operand_set", CODE, 29, 4, 4, 2 | WHEN << 16},
    {"operand_set", CODE, 31, 4, 4, 1 | (uint32_t)NO16 << 16},
    {"operand_set", CODE, 29, 4, 4, (uint32_t)NO16 << 16},
    {"frame", CODE, 1, 2, 2, BAD},
    {"frame", CODE, 29, 4, 4, (uint32_t)DAY << 16},
    {"cell_order", CODE, 14, 4, 4, C_USE},
    {"cell_order", CODE, 16, 2, 2, C_DAYS},
    {"stack_type", CODE, 1, 0, 1, OP(FOLD_JOIN)}, // patched: operands of a join
    {"stack_type", CODE, 21, 0, 1, OP(ADD_DAYS)},
    {"block_kind", CODE, 2, 1, 1, SOC_FOLD_ALL}, // patched: no need
    {"block_kind", CODE, 4, 2, 2, 2},
    {"block_kind", CODE, 5, 2, 2, 2},
    {"block_kind", CODE, 8, 1, 1, SOC_FOLD_ALL},
    {"block_size", CODE, 0, 4, 4, 1},
    {"block_size", CODE, 0, 4, 4, 3},
    {"block_skip", CODE, 2, 4, 4, 0},
    {"block_skip", CODE, 2, 4, 4, 2},
    {"block_skip", CODE, 4, 4, 4, 2},
    {"block_skip", CODE, 4, 4, 4, UINT32_MAX},
    {"block_skip", CODE, 6, 4, 4, 0},
    {"block_skip", CODE, 6, 4, 4, 3},
    {"block_skip", CODE, 6, 4, 4, UINT32_MAX},
    {"block_skip", CODE, 8, 4, 4, 1},
    {"loop_nested", CODE, 7, 0, 8,
     OP(EACH_BEGIN) | (uint64_t)SOC_FOLD_ANY << 8 | (uint64_t)EVENTS << 16 | UINT64_C(1) << 32},
    {"code_end", CELLS, C_ALL, 12, 4, 5}, // patched: the next cell begins one earlier
};

static void patch_further(image im, const change *c) {
  if (strcmp(c->code, "text_order") == 0) {
    set(record_of(im, TEXTS, 1), 4, get(record_of(im, TEXTS, 0), 4));
  } else if (strcmp(c->code, "rule_window") == 0) {
    set(record_of(im, RULES, 0) + 5, 1, 0);
  } else if (strcmp(c->code, "stack_type") == 0 && c->value == OP(FOLD_JOIN)) {
    memcpy(record_of(im, CODE, 1), record_of(im, CODE, 2), 8);
  } else if (strcmp(c->code, "block_kind") == 0 && c->value == SOC_FOLD_ALL && c->record == 2) {
    set(record_of(im, CODE, 2) + 2, 2, 0);
  } else if (strcmp(c->code, "code_end") == 0) {
    set(record_of(im, CELLS, C_LIST) + 8, 4, 5);
    set(record_of(im, CELLS, C_LIST) + 12, 4, 4);
  }
}

static void changes_are_refused(void **state) {
  (void)state;
  image base = good();
  int wrong = 0;
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    const change *c = &changes[i];
    image im = copy_of(base);
    uint8_t *at = record_of(im, c->section, c->record) + c->offset;
    if (c->width == 16) {
      set(at, 8, c->value);
      set(at + 8, 8, c->value);
    } else {
      set(at, c->width, c->value);
    }
    patch_further(im, c);
    char what[80];
    snprintf(what, sizeof what, "section %u record %u offset %u = %llu", c->section, c->record,
             c->offset, (unsigned long long)c->value);
    wrong += !is_refused(im, c->code, what);
    free(im.bytes);
  }
  free(base.bytes);
  assert_int_equal(wrong, 0);
}

// ------------------------------------------------------------------------------------- whole file

// Codes that are tested below or need an artifact of their own.
static const char *const elsewhere[] = {
    "length",     "magic",           "format",          "format_newer",   "section_count",
    "section_id", "section_unknown", "section_missing", "section_length", "section_bounds",
    "padding",    "string_end",      "policy_count",    "fact_count",     "text_fold",
    "cell_count", "words_count",     "line_order",      "given_use",      "stack_depth"};

static void every_code_is_tested(void **state) {
  (void)state;
  static const char *const codes[] = {
#define VM_ERROR(name, code, sentence) code,
#include "vm/errors.def"
#undef VM_ERROR
  };
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    bool found = false;
    for (size_t n = 0; n < sizeof changes / sizeof *changes; n++) {
      found = found || strcmp(changes[n].code, codes[i]) == 0;
    }
    for (size_t n = 0; n < sizeof elsewhere / sizeof *elsewhere; n++) {
      found = found || strcmp(elsewhere[n], codes[i]) == 0;
    }
    if (!found) {
      fail_msg("no test refuses with %s", codes[i]);
    }
  }
}

static void header_and_sections(void **state) {
  (void)state;
  image base = good();
  struct {
    const char *code;
    size_t offset, width;
    uint64_t value;
  } headers[] = {
      {"magic", 0, 1, 0},
      {"magic", 7, 1, 0},
      {"format", 8, 2, 0},
      {"format_newer", 8, 2, 2},
      {"format_newer", 8, 2, 0xffff},
      {"section_count", 12, 4, 23},
      {"section_count", 12, 4, 257},
      {"section_count", 12, 4, UINT32_MAX},
      {"length", 16, 8, base.length + 1},
      {"reserved", 24, 8, 1},
      {"section_id", 64, 4, 0},
      {"section_missing", 64, 4, 2}, // the first, one in the middle, the last
      {"section_missing", 64 + 8 * SOC_SECTION_ENTRY_BYTES, 4, 10},
      {"section_missing", 64 + 23 * SOC_SECTION_ENTRY_BYTES, 4, 128},
      {"section_id", 64 + SOC_SECTION_ENTRY_BYTES, 4, 1},
      {"section_length", 64 + 16, 8, 1},
      {"section_length", 64 + SOC_SECTION_ENTRY_BYTES + 4, 4, 2},
      {"section_bounds", 64 + 8, 8, 0},
      {"section_bounds", 64 + SOC_SECTION_ENTRY_BYTES + 8, 8, UINT64_MAX},
  };
  for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
    image im = copy_of(base);
    set(im.bytes + headers[i].offset, headers[i].width, headers[i].value);
    expect_refusal(im, headers[i].code, headers[i].code);
    free(im.bytes);
  }
  image im = copy_of(base); // a section longer than the file
  set(entry_of(im, GIVEN_USES) + 4, 4, 1000);
  set(entry_of(im, GIVEN_USES) + 16, 8, 12000);
  expect_refusal(im, "section_bounds", "past the end");
  free(im.bytes);
  im = copy_of(base);
  size_t names_end = (size_t)(get(entry_of(im, NAMES) + 8, 8) + get(entry_of(im, NAMES) + 16, 8));
  set(im.bytes + names_end - 1, 1, 'x');
  expect_refusal(im, "string_end", "no NUL");
  free(im.bytes);
  free(base.bytes);
}

// Appends a section's worth of bytes by rebuilding the image with one section replaced.
static image with_section(image im, uint32_t id, const uint8_t *bytes, size_t length,
                          uint32_t count) {
  image out = {calloc(1, im.length + length + 4096), 0};
  size_t sections = (size_t)get(im.bytes + 12, 4),
         end = SOC_HEADER_BYTES + sections * SOC_SECTION_ENTRY_BYTES;
  memcpy(out.bytes, im.bytes, end);
  for (size_t i = 0; i < sections; i++) {
    uint8_t *entry = im.bytes + SOC_HEADER_BYTES + i * SOC_SECTION_ENTRY_BYTES;
    uint8_t *to = out.bytes + SOC_HEADER_BYTES + i * SOC_SECTION_ENTRY_BYTES;
    bool replaced = get(entry, 4) == id;
    const uint8_t *from = replaced ? bytes : im.bytes + get(entry + 8, 8);
    size_t n = replaced ? length : (size_t)get(entry + 16, 8);
    end = (end + 7) / 8 * 8;
    set(to + 4, 4, replaced ? count : get(entry + 4, 4));
    set(to + 8, 8, end);
    set(to + 16, 8, n);
    if (n > 0) {
      memcpy(out.bytes + end, from, n);
    }
    end += n;
  }
  set(out.bytes + 16, 8, end);
  out.length = end;
  return out;
}

static void expect_with_section(image base, uint32_t id, const void *bytes, size_t length,
                                uint32_t count, const char *code) {
  image im = with_section(base, id, bytes, length, count);
  if (code) {
    expect_refusal(im, code, code);
  } else {
    soc_policy policy;
    soc_error error;
    assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, &error), SOC_OK);
  }
  free(im.bytes);
}

// Adds a section of six bytes at its place among the others.
static image with_new_section(image im, uint32_t id) {
  const size_t entry_bytes = SOC_SECTION_ENTRY_BYTES, room = 6;
  size_t count = (size_t)get(im.bytes + 12, 4), place = 0;
  image out = {calloc(1, im.length + entry_bytes + 16), 0};
  while (place < count && get(im.bytes + SOC_HEADER_BYTES + place * entry_bytes, 4) < id) place++;
  memcpy(out.bytes, im.bytes, SOC_HEADER_BYTES);
  size_t end = SOC_HEADER_BYTES + (count + 1) * entry_bytes;
  for (size_t i = 0; i <= count; i++) {
    uint8_t *to = out.bytes + SOC_HEADER_BYTES + i * entry_bytes;
    const uint8_t *entry = im.bytes + SOC_HEADER_BYTES + (i - (i > place)) * entry_bytes;
    size_t length = i == place ? room : (size_t)get(entry + 16, 8);
    end = (end + 7) / 8 * 8;
    set(to, 4, i == place ? id : get(entry, 4));
    set(to + 4, 4, i == place ? 3 : get(entry + 4, 4));
    set(to + 8, 8, end);
    set(to + 16, 8, length);
    if (i == place) {
      memset(out.bytes + end, 0x5a, length);
    } else if (length > 0) {
      memcpy(out.bytes + end, im.bytes + get(entry + 8, 8), length);
    }
    end += length;
  }
  set(out.bytes + 12, 4, count + 1);
  set(out.bytes + 16, 8, end);
  out.length = end;
  return out;
}

// What a later release may add is skipped, anything else that is not known is refused.
static void sections_of_later_releases(void **state) {
  (void)state;
  image base = good();
  const uint32_t skipped[] = {128, 129, UINT32_MAX}, refused[] = {17, 63, 72, 127};
  for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++) {
    image im = with_new_section(base, skipped[i]);
    soc_policy policy;
    soc_error error;
    assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, &error), SOC_OK);
    image two = with_new_section(im, 200);
    assert_int_equal(soc_policy_load(&policy, two.bytes, two.length, &error), SOC_OK);
    set(entry_of(im, skipped[i]) + 16, 8, 7);
    expect_refusal(im, "section_bounds", "skipped, but longer than the file");
    free(two.bytes);
    free(im.bytes);
  }
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    image im = with_new_section(base, refused[i]);
    expect_refusal(im, "section_unknown", "a section that must be known");
    free(im.bytes);
  }
  free(base.bytes);
}

// As many sections as an image may have, and one more.
static void most_sections(void **state) {
  (void)state;
  image im = good();
  soc_policy policy;
  for (uint32_t id = 1000; get(im.bytes + 12, 4) < SOC_MAX_SECTIONS; id++) {
    image more = with_new_section(im, id);
    free(im.bytes);
    im = more;
  }
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  image more = with_new_section(im, UINT32_MAX);
  expect_refusal(more, "section_count", "one section too many");
  free(more.bytes);
  free(im.bytes);
}

static void tables_of_their_own(void **state) {
  (void)state;
  image base = good();
  uint8_t two_policies[112] = {0};
  memcpy(two_policies, record_of(base, POLICY, 0), 56);
  memcpy(two_policies + 56, record_of(base, POLICY, 0), 56);
  expect_with_section(base, POLICY, two_policies, 112, 2, "policy_count");
  expect_with_section(base, POLICY, NULL, 0, 0, "policy_count");
  expect_with_section(base, ABOUT, NULL, 0, 0, "policy_count");
  expect_with_section(base, CELL_WORDS, record_of(base, CELL_WORDS, 0), 16, 1, "words_count");
  expect_with_section(base, RULE_WORDS, record_of(base, RULE_WORDS, 0), 16, 1, "words_count");
  const uint8_t lines[16] = {0, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0};
  expect_with_section(base, LINES, lines, 16, 2, NULL);
  const uint8_t no_line[8] = {0};
  expect_with_section(base, LINES, no_line, 8, 1, "line_order");
  const uint8_t same_line[16] = {1, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0};
  expect_with_section(base, LINES, same_line, 16, 2, "line_order");
  const uint8_t far_line[8] = {0xff, 0xff, 0, 0, 7, 0, 0, 0};
  expect_with_section(base, LINES, far_line, 8, 1, "line_order");
  const uint8_t use[12] = {4, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0};
  expect_with_section(base, GIVEN_USES, use, 12, 1, NULL);
  const uint8_t bad_fact[12] = {99, 0, 1, 0, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0};
  expect_with_section(base, GIVEN_USES, bad_fact, 12, 1, "given_use");
  const uint8_t bad_kind[12] = {4, 0, 2, 0, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0};
  expect_with_section(base, GIVEN_USES, bad_kind, 12, 1, "given_use");
  const uint8_t bad_zero[12] = {4, 0, 1, 1, 0xff, 0xff, 0xff, 0xff, 9, 0, 0, 0};
  expect_with_section(base, GIVEN_USES, bad_zero, 12, 1, "reserved");
  const uint8_t bad_cite[12] = {4, 0, 1, 0, 3, 0, 0, 0, 9, 0, 0, 0};
  expect_with_section(base, GIVEN_USES, bad_cite, 12, 1, "string");
  uint8_t table[48];
  memset(table, 0xff, sizeof table);
  expect_with_section(base, TABLES, table, sizeof table, 1, NULL);
  for (size_t words = 0; words < 12; words += 4) {
    memset(table + words, 0x7f, 4);
    expect_with_section(base, TABLES, table, sizeof table, 1, "string");
    memset(table + words, 0xff, 4);
  }
  uint8_t *many = calloc(65536, 56);
  expect_with_section(base, FACTS, many, 65535 * 56, 65535, "fact_count");
  free(many);
  many = calloc(65537, 24);
  expect_with_section(base, CELLS, many, 65537 * 24, 65537, "cell_count");
  free(many);
  size_t names = (size_t)get(entry_of(base, NAMES) + 16, 8);
  uint8_t *upper = malloc(names);
  memcpy(upper, record_of(base, NAMES, 0), names);
  upper[get(record_of(base, TEXTS, 0), 4)] = 'A';
  expect_with_section(base, NAMES, upper, names, (uint32_t)names, "text_fold");
  free(upper);
  image longer = {calloc(1, base.length + 8), base.length + 8};
  memcpy(longer.bytes, base.bytes, base.length);
  set(longer.bytes + 16, 8, longer.length);
  expect_refusal(longer, "length", "bytes after the last section");
  free(longer.bytes);
  // the byte before a section that does not end at a multiple of 8
  for (uint8_t *e = base.bytes + SOC_HEADER_BYTES;
       e < base.bytes + SOC_HEADER_BYTES + 22 * SOC_SECTION_ENTRY_BYTES;
       e += SOC_SECTION_ENTRY_BYTES) {
    size_t end = (size_t)(get(e + 8, 8) + get(e + 16, 8));
    if (end % 8 != 0) {
      base.bytes[end] = 1;
      expect_refusal(base, "padding", "padding");
      base.bytes[end] = 0;
    }
  }
  free(base.bytes);
}

static void deepest_stack(void **state) {
  (void)state;
  for (int over = 0; over < 2; over++) {
    char code[SOC_MAX_STACK * 32] = "";
    int blocks = (int)SOC_MAX_STACK - 1 + over;
    for (int i = 0; i < blocks; i++) {
      strcat(code, "begin all; ");
    }
    strcat(code, "fact.true flag");
    for (int i = 0; i < blocks; i++) {
      strcat(code, "; join; end");
    }
    builder *b = build_new();
    build_fact(b, "flag", "bool");
    build_cell(b, "DEEP", code);
    build_decision(b, "main", "");
    build_rule(b, (rule){.determination = SOC_APPROVE, .when = "DEEP"});
    build_rule(b, (rule){.determination = SOC_REFER});
    if (over) {
      image im = build_finish(b);
      expect_refusal(im, "stack_depth", "one block too many");
      free(im.bytes);
    } else {
      fixture f = fixture_open(b);
      decide(&f, "");
      assert_string_equal(missing_of(&f, 0), "flag");
      fixture_close(&f);
    }
  }
}

// Code that assembles and does not verify.
typedef struct refused {
  const char *code, *text;
  char
      what; // c: criterion, m: derived enumeration, w: window; of lines l: criterion, k: derived, q: quantity, s: what stands
} refused;

static const refused programs[] = {
    {"stack_type", "not", 'c'},
    {"stack_type", "cmp eq", 'c'},
    {"stack_type", "load.const 1; cmp eq", 'c'},
    {"stack_type", "between 1 2", 'c'},
    {"stack_type", "fact.true flag; between 1 2", 'c'},
    {"stack_type", "fact.true flag; load.const 1; cmp eq", 'c'},
    {"stack_type", "load.fact when; load.fact amount; cmp eq", 'c'},
    {"stack_type", "load.fact when; load.fact amount; latest; load.const 1; cmp eq", 'c'},
    {"stack_type", "load.fact amount; load.fact amount; add.days; load.fact when; cmp eq", 'c'},
    {"stack_type", "load.fact when; load.fact when; sub.days; load.fact when; cmp eq", 'c'},
    {"stack_type", "load.fact amount; load.const 1; add.months; load.fact when; cmp eq", 'c'},
    {"stack_type", "load.fact when; load.fact when; sub.months; load.fact when; cmp eq", 'c'},
    {"stack_type", "load.fact when; load.fact amount; days.from; between 1 2", 'c'},
    {"stack_type", "load.fact amount; load.fact when; years.from; between 1 2", 'c'},
    {"stack_type", "load.fact when; load.const 1; num.add; between 1 2", 'c'},
    {"stack_type", "load.fact amount; load.fact when; num.sub; between 1 2", 'c'},
    {"stack_type", "load.fact when; between -2 2", 'c'},
    {"stack_type", "begin all; fact.true flag; end", 'c'},
    {"stack_type", "begin all; join; end", 'c'},
    {"stack_type", "begin all; load.const 1; join; end", 'c'},
    {"stack_type", "each any events; each.end", 'c'},
    {"stack_type", "each any events; load.const 1; each.end", 'c'},
    {"stack_type", "mask.fact site; mask.fact site; select", 'm'},
    {"stack_type", "fact.true flag; mask.fact site; not; select", 'm'},
    {"code_end", "fact.true flag; fact.true flag", 'c'},
    {"code_end", "load.fact when", 'c'},
    {"code_end", "fact.true flag", 'm'},
    {"code_end", "begin all", 'c'},
    {"block_skip", "each any events; fact.true events[].bad",
     'c'}, // never closed, so without a distance
    {"code_end", "load.fact amount", 'w'},
    {"code_end", "fact.true flag", 'w'},
    {"code_end", "load.fact when; load.fact when", 'w'},
    {"frame", "each any events; fact.true events[].bad; each.end; fact.true events[].bad", 'c'},
    {"frame", "each any others; fact.true events[].bad; each.end", 'c'},
    {"loop_nested", "each any others; each any events; fact.true events[].bad; each.end; each.end",
     'c'},
    {"operand_type", "mask.fact site", 'c'},
    {"operand_type", "mask.map drug pos", 'c'},
    {"operand_type", "mask.fact plan", 'm'},
    {"stack_type", "load.fact flag; between 1 2", 'c'},
    {"operand_type", "load.fact codes; between 1 2", 'c'},
    {"operand_type", "fact.none codes", 'c'},
    {"operand_type", "list.empty flag", 'c'},
    {"operand_type", "fact.in_set when plain", 'c'},
    {"operand_value", "load.const 9000000000000; between 1 2", 'c'},
    // the case has no row, and no row outside a loop
    {"frame", "fact.true^ flag", 'c'},
    {"frame", "fact.true lines[].ok", 'c'},
    {"frame", "each any lines; fact.true^ lines[].ok; each.end", 'c'},
    {"frame", "each any related lines[].to; fact.true lines[].ok; each.end", 'c'},
    {"frame", "row R", 'c'},
    {"frame", "each any lines; row^ R; each.end", 'c'},
    {"frame", "each any others; row R; each.end", 'c'},
    {"operand_type", "cell R", 'c'},
    {"operand_type", "each any lines; row FIRST; each.end", 'c'},
    {"operand_type", "cell.value FIRST; load.const 1; cmp eq", 'c'},
    {"operand_type", "row.value R; load.const 1; cmp eq", 'l'},
    {"operand_type", "cell.value Q; load.const 1; cmp eq", 'l'},
    {"frame", "fact.true^ lines[].ok", 'l'},
    {"frame", "row^ R", 'l'},
    {"frame", "each any lines; fact.true^ flag; each.end", 'l'},
    {"frame", "each any events; fact.true lines[].ok; each.end", 'l'},
    {"frame", "each any events; row R; each.end", 'l'},
    {"frame", "each any lines; fact.true^ events[].bad; each.end", 'l'},
    {"frame", "each any related others[].to; fact.true others[].bad; each.end", 'l'},
    {"frame", "fact.in_set drug plain@others[].day", 'l'},
    {"frame", "each any lines; fact.in_set^ lines[].code plain@others[].day; each.end", 'l'},
    {"loop_nested", "each any lines; each any lines; fact.true lines[].ok; each.end; each.end",
     'l'},
    {"operand_a",
     "each count related lines[].to; fact.true lines[].ok; each.end; load.const 1; cmp ge", 'l'},
    {"operand_a",
     "each sum chain lines[].to; fact.true lines[].ok; load.fact lines[].number; each.end; "
     "load.const 1; cmp ge",
     'l'},
    {"operand_type", "each any chain lines[].ok; fact.true lines[].ok; each.end", 'l'},
    {"operand_type", "each any lines[].to; fact.true lines[].ok; each.end", 'l'},
    {"operand_type", "load.fact lines[].to; load.fact lines[].to; cmp eq", 'l'},
    {"operand_type", "fact.cmp eq lines[].to 1", 'l'},
    {"stack_type", "each sum lines; fact.true lines[].ok; each.end; load.const 1; cmp ge", 'l'},
    {"stack_type", "each sum lines; load.fact lines[].number; each.end; load.const 1; cmp ge", 'l'},
    {"stack_type",
     "each sum lines; fact.true lines[].ok; load.fact lines[].day; each.end; load.const 1; cmp ge",
     'l'},
    // an amount that may be negative has no place in a sum or quotient
    {"stack_type",
     "each sum lines; fact.true lines[].ok; load.fact amount; each.end; load.const 1; cmp ge", 'l'},
    {"stack_type",
     "each sum lines; fact.true lines[].ok; load.fact lines[].number; load.const 1; num.sub; "
     "each.end; load.const 1; cmp ge",
     'l'},
    {"stack_type", "load.fact amount; load.fact lines[].number; quotient.up; load.const 1; cmp ge",
     'l'},
    {"stack_type", "load.fact lines[].number; load.const -1; quotient.up; load.const 1; cmp ge",
     'l'},
    {"stack_type",
     "load.fact lines[].number; load.fact lines[].day; quotient.up; load.const 1; cmp ge", 'l'},
    // only equal and unequal, only of one type
    {"stack_type", "load.fact lines[].code; load.fact drug; cmp lt", 'l'},
    {"stack_type", "load.fact lines[].code; load.fact lines[].number; cmp eq", 'l'},
    {"stack_type", "load.fact site; load.fact plan; cmp eq", 'l'},
    {"stack_type", "load.fact lines[].ok; load.fact site; cmp eq", 'l'},
    {"stack_type", "load.fact lines[].code; load.fact drug; latest; load.fact drug; cmp eq", 'l'},
    {"stack_type", "load.fact lines[].ok; load.fact flag; num.add; between 1 2", 'l'},
    {"code_end", "load.fact lines[].day", 'q'}, // a number is what it says it is
    {"code_end", "fact.true lines[].ok", 'q'},
    {"code_end", "load.fact when", 's'},
    {"code_end", "fact.true flag", 's'},
    {"frame", "load.fact others[].day; load.fact when; days.from", 's'},
    {"operand_value", "mask.assumed lines[].other", 'k'},
    {"operand_value", "mask.assumed lines[].site", 'k'},
    {"operand_type", "mask.assumed lines[].plan", 'k'},
    {"operand_type", "mask.assumed lines[].kind", 'l'},
};

static image program_image(const refused *r) {
  builder *b = build_new();
  build_enum(b, "place", "office home");
  build_enum(b, "kind", "x y");
  build_fact(b, "flag", "bool");
  build_fact(b, "site", "enum place");
  build_fact(b, "plan", "enum kind");
  build_fact(b, "drug", "code 1 5");
  build_fact(b, "when", "date");
  build_fact(b, "amount", "number");
  build_fact(b, "codes", "codes 1 5");
  build_fact(b, "events", "records");
  build_fact(b, "events[].bad", "bool");
  build_fact(b, "others", "records");
  build_fact(b, "others[].bad", "bool");
  build_fact(b, "others[].day", "date");
  build_fact(b, "others[].to", "line");
  build_fact(b, "lines", "records");
  build_fact(b, "lines[].ok", "bool");
  build_fact(b, "lines[].to", "line");
  build_fact(b, "lines[].number", "number in 0 99");
  build_fact(b, "lines[].day", "date");
  build_fact(b, "lines[].code", "code 1 5");
  build_fact(b, "lines[].kind", "enum kind derive x");
  build_fact(b, "lines[].plan", "enum place derive home");
  build_fact(b, "lines[].other", "enum kind derive -");
  build_fact(b, "lines[].site", "enum kind");
  build_set(b, "plain", "A1");
  build_map(b, "pos", "place", "11=office", "home");
  build_cell(b, "FIRST", "fact.true flag");
  build_list(b, "lines");
  build_cell(b, "R", "fact.true lines[].ok");
  build_quantity(b, "Q", false, r->what == 'q' ? r->text : "load.fact lines[].number");
  build_mask(b, "K", "kind", "lines[].kind", r->what == 'k' ? r->text : "mask.fact lines[].kind");
  build_cell(b, "L", r->what == 'l' ? r->text : "fact.true lines[].ok");
  build_cell(b, "L2", "row L");
  build_list(b, NULL);
  build_cell(b, "C", r->what == 'c' ? r->text : "fact.true flag");
  build_mask(b, "M", "place", "site", r->what == 'm' ? r->text : "mask.fact site");
  build_decision(b, "main", "");
  build_rule(b, (rule){.determination = SOC_APPROVE,
                       .code = "OK",
                       .when = "C",
                       .through = r->what == 'w' ? r->text : NULL});
  build_rule(b, (rule){.determination = SOC_REFER});
  build_list(b, "lines");
  build_decision(b, "lines", "administrative");
  build_rule(b, (rule){.determination = SOC_DENY,
                       .when = "L",
                       .stands = r->what == 's' ? r->text : "row.value Q"});
  build_rule(b, (rule){.determination = SOC_ELIGIBLE});
  return build_finish(b);
}

// The program that the others are changes of is accepted.
static void the_plain_program(void **state) {
  (void)state;
  image im = program_image(&(refused){"", "", ' '});
  soc_policy policy;
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  free(im.bytes);
}

static void programs_are_refused(void **state) {
  (void)state;
  int wrong = 0;
  for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
    image im = program_image(&programs[i]);
    wrong += !is_refused(im, programs[i].code, programs[i].text);
    free(im.bytes);
  }
  assert_int_equal(wrong, 0);
}

static void arguments(void **state) {
  (void)state;
  image im = good();
  soc_policy policy;
  soc_error error;
  soc_bounds bounds;
  assert_int_equal(soc_policy_load(NULL, im.bytes, im.length, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_policy_load(&policy, NULL, 0, NULL), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_image_bounds(NULL, 0, &bounds, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_image_bounds(im.bytes, im.length, NULL, &error), SOC_ERR_ARGUMENT);
  assert_int_equal(soc_image_bounds(im.bytes, 10, &bounds, NULL), SOC_ERR_ARTIFACT);
  assert_int_equal(soc_policy_load(&policy, im.bytes, im.length, NULL), SOC_OK);
  assert_int_equal(soc_image_bounds(im.bytes, im.length, &bounds, &error), SOC_OK);
  assert_int_equal(bounds.max_stack, get(record_of(im, POLICY, 0) + 16, 4));
  free(im.bytes);
}

// ------------------------------------------------------------------------------------- any bytes

static void give_any(const soc_policy *policy, soc_case *c, uint32_t f) {
  soc_fact_info fact;
  assert_int_equal(soc_policy_fact(policy, f, &fact), SOC_OK);
  soc_status ignored = fact.type == SOC_DATE       ? soc_case_set_date(c, f, 0, 739000)
                       : fact.type == SOC_BOOL     ? soc_case_set_bool(c, f, 0, true)
                       : fact.type == SOC_NUMBER   ? soc_case_set_number(c, f, 0, 5000000)
                       : fact.type == SOC_RECORDS  ? soc_case_set_list(c, f, 2)
                       : fact.type == SOC_TEXT     ? soc_case_set_text(c, f, 0, "beta", 4)
                       : fact.type == SOC_CODE     ? soc_case_set_code(c, f, 0, "J3000", 5)
                       : fact.type == SOC_LINE     ? soc_case_set_line(c, f, 0, 1)
                       : fact.list != SOC_NO_INDEX ? soc_case_set_row_list(c, f, 0)
                                                   : soc_case_set_list(c, f, 0);
  if (fact.type == SOC_LINE) {
    ignored = soc_case_set_line(c, f, 1, 0); // and back again
  } else if (fact.type == SOC_CODE_LIST && fact.list != SOC_NO_INDEX) {
    ignored = soc_case_add_row_code(c, f, 0, "JW", 2);
  }
  (void)ignored;
}

static bool ignore_node(void *context, const soc_explain_node *node, const soc_fact_ref *fact) {
  int *calls = context;
  return (node != NULL) + (fact != NULL) == 1 && ++*calls < 100000;
}

static void read_all(soc_case *c, uint32_t decision) {
  for (uint32_t row = 0; row < soc_case_rows(c, decision); row++) {
    soc_result result;
    int calls = 0;
    assert_int_equal(soc_case_result(c, decision, row, &result), SOC_OK);
    for (uint32_t i = 0; i < result.missing_count; i++) {
      soc_fact_ref ref;
      assert_int_equal(soc_case_missing(c, decision, row, i, &ref), SOC_OK);
    }
    assert_int_equal(soc_case_explain(c, decision, row, ignore_node, &calls), SOC_OK);
    assert_true(calls < 100000);
  }
}

// Runs whatever was accepted on an empty and on a full case.
static void run_safely(const soc_policy *policy) {
  soc_case_limits limits = {.rows = 2, .items = 2};
  size_t size = soc_case_bytes(policy, &limits);
  if (size == 0 || size > 1 << 20) {
    return;
  }
  void *memory = malloc(size);
  soc_case *c;
  soc_policy_info info;
  assert_int_equal(soc_case_init(&c, policy, &limits, memory, size, NULL), SOC_OK);
  soc_policy_describe(policy, &info);
  for (int full = 0; full < 2; full++) {
    for (uint32_t f = 0; full && f < info.fact_count; f++) {
      give_any(policy, c, f);
    }
    assert_int_equal(soc_case_decide(c, SOC_DECIDE_EXPLAIN), SOC_OK);
    for (uint32_t d = 0; d < info.decision_count; d++) {
      read_all(c, d);
    }
  }
  free(memory);
}

static void load_any(const uint8_t *bytes, size_t length) {
  uint8_t *exact = malloc(length ? length : 1); // so that a sanitizer sees a read past the end
  memcpy(exact, bytes, length);
  soc_policy policy;
  soc_error error;
  soc_status status = soc_policy_load(&policy, exact, length, &error);
  if (status == SOC_OK) {
    run_safely(&policy);
  } else {
    assert_int_equal(status, SOC_ERR_ARTIFACT);
    assert_true(error.offset <= length || error.offset <= SOC_HEADER_BYTES);
  }
  free(exact);
}

static void any_prefix(void **state) {
  (void)state;
  image im = good();
  for (size_t n = 0; n < im.length; n++) {
    load_any(im.bytes, n);
    soc_policy policy;
    assert_int_equal(soc_policy_load(&policy, im.bytes, n, NULL), SOC_ERR_ARTIFACT);
  }
  free(im.bytes);
}

// Every byte set to a few values, with the stored bounds put right so that more gets past them.
static void any_byte(void **state) {
  (void)state;
  image im = good();
  static const uint8_t values[] = {0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff};
  uint8_t *stored = record_of(im, POLICY, 0);
  for (size_t n = 0; n < im.length; n++) {
    uint8_t before = im.bytes[n];
    for (size_t v = 0; v < sizeof values; v++) {
      im.bytes[n] = values[v];
      uint8_t bounds_before[40];
      soc_bounds bounds;
      if (soc_image_bounds(im.bytes, im.length, &bounds, NULL) == SOC_OK) {
        memcpy(bounds_before, stored + 16, 40);
        soc_bounds_store(stored, &bounds);
        load_any(im.bytes, im.length);
        memcpy(stored + 16, bounds_before, 40);
      } else {
        load_any(im.bytes, im.length);
      }
    }
    im.bytes[n] = before;
  }
  free(im.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(changes_are_refused),  cmocka_unit_test(every_code_is_tested),
      cmocka_unit_test(header_and_sections),  cmocka_unit_test(sections_of_later_releases),
      cmocka_unit_test(most_sections),        cmocka_unit_test(tables_of_their_own),
      cmocka_unit_test(deepest_stack),        cmocka_unit_test(the_plain_program),
      cmocka_unit_test(programs_are_refused), cmocka_unit_test(arguments),
      cmocka_unit_test(any_prefix),           cmocka_unit_test(any_byte),
  };
  return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
