// SPDX-License-Identifier: Apache-2.0
//
// The artifact (.socb) image, format 1: byte layout shared by the compiler's emitter (the only writer)
// and the loader. Everything is little-endian, position-independent and read byte by byte, so the bytes
// need no alignment. docs/artifact-format.md describes the same layout in prose; change both together.
//
// An image is a header, a section table, then the sections in ascending id order, each starting at a multiple of 8 with
// zero padding between, and nothing after the last one. All sections of the format are there. Sections with an id from
// SOC_FIRST_OPTIONAL_SECTION on that it does not have are skipped, so that later releases can add some that this one
// can do without; any other is refused, since a loader must not decide without knowing all. There is exactly one
// encoding of a program: strings are stored once in order of first use, tables in the orders stated below.
#ifndef SOC_VM_IMAGE_H
#define SOC_VM_IMAGE_H

#include <stdint.h>

#define SOC_IMAGE_MAGIC "\x7fSOCB\r\n\x1a" // 8 bytes; a text-mode copy or a 7-bit channel breaks it
#define SOC_IMAGE_FORMAT 1

// Header, 64 bytes:
//   0  magic[8]
//   8  u16 format            10 u16 language version
//  12  u32 section count     16 u64 total length of the image in bytes
//  24  u64 reserved, zero
//  32  u8[32] behaviour digest: SHA-256 over the 32 header bytes with section count and total length as zero, then for
//      each behaviour section in id order its u32 id, u32 count, u64 length and its bytes.
// Section table entry, 24 bytes: u32 id, u32 count (of records), u64 offset, u64 length.
#define SOC_HEADER_BYTES 64
#define SOC_SECTION_ENTRY_BYTES 24

// SOC_SECTION(NAME, id, record bytes (1: plain bytes), behaviour?, meaning)
// Ids below 64 hold behaviour; from 64 on, wording and provenance that no decision depends on.
#define SOC_SECTIONS(SOC_SECTION)                                                                \
  SOC_SECTION(NAMES, 1, 1, "names that results and manifests carry, UTF-8, each with a NUL")     \
  SOC_SECTION(POLICY, 2, 56, "one record: identity, basis, bounds")                              \
  SOC_SECTION(ENUMS, 3, 8, "enumerations of the facts below")                                    \
  SOC_SECTION(ENUM_VALUES, 4, 4, "names of enumeration values, grouped by enumeration")          \
  SOC_SECTION(FACTS, 5, 56, "the manifest: the facts that may be read, in ask order")            \
  SOC_SECTION(CONSTANTS, 6, 8, "constant pool, int64, ascending, unique")                        \
  SOC_SECTION(SETS, 7, 16, "code and text sets")                                                 \
  SOC_SECTION(SET_RANGES, 8, 24, "ranges of sets, grouped by set, ascending")                    \
  SOC_SECTION(TEXTS, 9, 4, "folded texts that facts are compared with, ascending by bytes")      \
  SOC_SECTION(MAPS, 10, 16, "maps from code to candidates")                                      \
  SOC_SECTION(MAP_RANGES, 11, 24, "ranges of maps, grouped by map, ascending, disjoint")         \
  SOC_SECTION(CODE, 12, 8, "instructions")                                                       \
  SOC_SECTION(CELLS, 13, 24, "criteria, rule conditions and derived enumerations")               \
  SOC_SECTION(DECISIONS, 14, 24, "decisions")                                                    \
  SOC_SECTION(RULES, 15, 80, "rules, grouped by decision, in order")                             \
  SOC_SECTION(EXTRAS, 16, 8, "actions and grounds of rules, grouped by rule")                    \
  SOC_SECTION(WORDING, 64, 1, "sentences, citations, titles, UTF-8, each with a NUL")            \
  SOC_SECTION(ABOUT, 65, 24, "one record: title, payer, source")                                 \
  SOC_SECTION(CELL_WORDS, 66, 16, "sentence, citation and source place of each cell")            \
  SOC_SECTION(RULE_WORDS, 67, 16, "sentence, citation and source place of each rule")            \
  SOC_SECTION(SOURCES, 68, 40, "name and SHA-256 of every source file")                          \
  SOC_SECTION(LINES, 69, 8, "source map: first instruction, source line; ascending")             \
  SOC_SECTION(GIVEN_USES, 70, 12, "each use of `if given` and `is left out`, with its citation") \
  SOC_SECTION(TABLES, 71, 48, "rows of tables that sets were made from, with their SHA-256")

#define SOC_FIRST_WORDING_SECTION 64
#define SOC_FIRST_OPTIONAL_SECTION 128
#define SOC_MAX_SECTIONS 256 // in an image, those that are skipped, too

// "name" below is a u32 byte offset into NAMES, "words" one into WORDING; SOC_NONE32 stands for absent.
#define SOC_NONE32 0xffffffffu
#define SOC_NONE16 0xffffu

// POLICY: 0 name id; 4 name version ("2024-12-05"); 8 i32 version day; 12 u16 basis fact (SOC_NONE16);
//   14 u16 zero; 16 u32 max stack slots; 20 u32 max gather entries outside loops;
//   24 u64, 32 u64, 40 u64: worst-case instructions of one pass over all cells and rule code, c0 + c1 n + c2 n^2 with n
//   rows in every list; 48 u32 max gather entries for each row; 52 u32 zero.
//   An instruction counts once for each row of its cell's (or decision's) list and once more for each row of the loop
//   that it is in; EACH_BEGIN counts as outside of its loop, EACH_END as both outside and inside; the body of a related
//   loop runs once and counts as outside.  Gather entries: the largest sums over one truth or value cell's instructions
//   outside and inside loops of 2 for a C_SET or B_CELL operand and 1 for EACH_BEGIN or any other B_FACT, C_CELL or
//   C_VALUE operand; a chain's EACH_END adds 1 inside.
//   (the bounds are recomputed by the verifier and must agree; vm/bounds.h works them out for the emitter)
// ENUMS: 0 name; 4 u16 first value; 6 u16 count (1..64). ENUM_VALUES: 0 name.
// FACTS: 0 name (full dotted, "clinical.adverse_events[].kind" for a field); 4 u8 type (soc_type);
//   5 u8 unit (soc_unit); 6 u8 flags (SOC_FACT_*); 7 u8 left-out rule (soc_left_out);
//   8 u16 enum (SOC_NONE16); 10 u16 list: manifest index of the record list it is a field of (SOC_NONE16; a SOC_LINE
//   is a field and names a row of that list; code and enum lists may be fields, record lists may not);
//   12 u16 fact whose value it takes when left out (SOC_NONE16); 14 u16 zero; 16 i64 minimum; 24 i64 maximum;
//   (minimum and maximum of SOC_NUMBER and SOC_DATE, whole calendar 0..SOC_DAY_MAX; zero for other types)
//   32 i64 assumed value (of SOC_LEFT_OUT_ASSUMED; of SOC_LEFT_OUT_DERIVED what its derivation may assume, -1: nothing;
//   else zero); 40 u32 ask rank; 44 u8 min code length; 45 u8 max code length; 46 u16 zero; 48
//   u64 zero
// CONSTANTS: int64. Dates are days since 0001-01-01 (day 0); numbers are in millionths; codes packed;
//   enumeration masks have bit v for value v; texts are their index in TEXTS; booleans 0 and 1.
// SETS: 0 name; 4 u8 kind (0 codes, 1 texts); 5 u8 flags (1: some member is dated); 6 u16 zero;
//   8 u32 first range; 12 u32 count. Of two ranges of a set lo and hi are equal or the ranges are disjoint, the
//   days of equal ones are disjoint and ascend; text sets hold indices into TEXTS. SET_RANGES: 0 u64 lo; 8 u64 hi
//   (included; text sets lo == hi);
//   16 i32 first day in (INT32_MIN open); 20 i32 first day out (INT32_MAX open).
// TEXTS: 0 name, folded by soc_text_fold (vm/pack.h).
// MAPS: 0 u32 first range; 4 u32 count; 8 u64 mask for any other code. MAP_RANGES: 0 u64 lo; 8 u64 hi; 16 u64 mask.
// CODE: instructions, see vm/opcodes.def: those of the cells in cell order, then those of the rules' windows in rule
//   order, `from` before `through` before `stands`, nothing between and nothing else.
// CELLS: 0 name; 4 u8 kind (soc_cell_kind); 5 u8 flags; 6 u16 fact asked for (masks; else SOC_NONE16);
//   8 u32 first instruction; 12 u32 instruction count; 16 u16 enum (masks; else SOC_NONE16); 18 u16 list for each row
//   of which it is worked out (SOC_NONE16: once for the case); 20 u32 parent cell for a labelled part (SOC_NONE32;
//   always a higher index). A mask cell of a list asks for a field of that list. Value cells are numbers or dates.
// DECISIONS: 0 name; 4 u8 kind (0 medical, 1 administrative); 5 u8 flags (SOC_DECISION_*); 6 u16 zero;
//   8 u32 first rule; 12 u32 rule count; 16 u16 list it is decided for each row of (SOC_NONE16); 18 u16 zero; 20 u32
//   zero
// RULES: 0 name; 4 u8 determination; 5 u8 flags (SOC_RULE_*); 6 u16 zero; 8 reason code name (SOC_NONE32: no code);
//   12 u32 condition cell (SOC_NONE32: otherwise); 16 u32 cell reported as the criterion (SOC_NONE32: the rule itself);
//   20 u32 cells needed: cells [0, n) must be known before this rule can be tried; 24 name of the code while open
//   (SOC_NONE32); 28 u32 cell for it (SOC_NONE32: always); 32 u32 first instruction of `from`; 36 u32 count (0: none,
//   first zero too); 40 u32 first instruction of `through`; 44 u32 count (0: no limit, first zero too); 48 u64
//   redirect mask;
//   56 u32 first extra; 60 u32 extra count; 64 u16 enum of redirect (SOC_NONE16); 66 u16 1 + list of
//   values of that enum, which are left out if the case gives it (0: no list);
//   68 u32 first instruction of `stands`, a number; 72 u32 count (0: none, first zero too; decisions with a list only);
//   76 u32 zero. Cells of a rule are the case's or, in a decision for each row of a list, of that list.
// EXTRAS: 0 name (action or reason code); 4 u32: bits 0-30 cell it depends on (all ones: always), bit 31 set: a
//   ground (`because`), clear: an action.
// ABOUT: 0 title; 4 payer; 8 source title; 12 i32 source revised (INT32_MIN: not said); 16 u64 zero  (all words)
// CELL_WORDS, RULE_WORDS: 0 sentence; 4 citation; 8 u32 source index; 12 u32 line (1 upward)
// SOURCES: 0 words name; 4 u32 zero; 8 u8[32] SHA-256. LINES: 0 u32 instruction; 4 u32 line.
// GIVEN_USES: 0 u16 fact; 2 u8 kind (0 `if given`, 1 `is left out`); 3 u8 zero; 4 words citation; 8 u32 line.
// TABLES: 0 words name of the file; 4 words set; 8 words how it asks for the rows; 12 u32 rows taken; 16 u8[32] SHA-256
//   of the rows taken, in the canonical form of docs/artifact-format.md.

#endif
