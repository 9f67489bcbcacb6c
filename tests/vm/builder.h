// SPDX-License-Identifier: Apache-2.0
//
// Makes artifacts without the compiler: tests of the VM describe facts, sets, cells and rules by short strings and
// write code in the mnemonics of vm/opcodes.def. A mistake in a test aborts with a message; there is nothing to handle.
//
//   begin any; fact.true flag; join; fact.cmp? ge amount 5; join; end
//
// `?` behind a mnemonic is SOC_IF_GIVEN, `^` SOC_OUTER. Blocks and loops get their sizes and distances from the
// assembler; `begin count 2` states the number needed, `each any events` the list, `each any related lines[].to` or
// `chain` a reference. Constants are written as the fact's values are: 2024-01-31, 2.5, J1745, `a|b` for masks;
// `drugs@when` is a set as of a date.
#ifndef SOC_TESTS_VM_BUILDER_H
#define SOC_TESTS_VM_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include "soc/vm.h"

typedef struct builder builder;

typedef struct image {
  uint8_t *bytes; // owned; free()
  size_t length;
} image;

builder *build_new(void);
// Writes the image, with the bounds that the verifier works out, and frees the builder.
image build_finish(builder *b);

void build_enum(builder *b, const char *name, const char *values);
// spec: a type (bool, enum E, code MIN MAX, text, date, number, codes MIN MAX, enums E, records, line) and then any of:
// null, whole, in MIN MAX, none, empty, required, assume VALUE, derive VALUE (-: nothing is assumed), from OTHER. A
// field is named list[].field after its list.
void build_fact(builder *b, const char *name, const char *spec);
void build_basis(builder *b, const char *fact);
// members: codes A, A..B, each perhaps with @FIRST..OUT (dates, either may be left out), ascending.
void build_set(builder *b, const char *name, const char *members);
// texts: folded, ascending, separated by commas; the artifact's table, once.
void build_texts(builder *b, const char *texts);
void build_text_set(builder *b, const char *name, const char *indexes);
// rows: code or range = values a|b, ascending; other: values for any other code.
void build_map(builder *b, const char *name, const char *enumeration, const char *rows,
               const char *other);

void build_cell(builder *b, const char *name, const char *code);
// The condition of one rule rather than a named criterion.
void build_rule_cell(builder *b, const char *name, const char *code);
void build_mask(builder *b, const char *name, const char *enumeration, const char *asks,
                const char *code);
// So many more, all of one name and read by nobody; behind all other cells.
void build_unread_masks(builder *b, uint32_t count, const char *enumeration, const char *asks,
                        const char *code);
// A value: a number, or a date.
void build_quantity(builder *b, const char *name, bool date, const char *code);
// Cells and decisions from here on are for each row of the list; NULL: of the case.
void build_list(builder *b, const char *list);
// `part` becomes a labelled part of `whole`.
void build_part(builder *b, const char *part, const char *whole);

void build_decision(builder *b, const char *name,
                    const char *flags); // flags: longest, every, administrative

typedef struct rule {
  const char *name; // NULL: the code, else the cell
  soc_determination determination;
  const char *code;        // NULL: none
  const char *when;        // cell; NULL: otherwise
  const char *criterion;   // cell that results name; NULL: the rule
  const char *text, *cite; // NULL: none
  const char *open_code, *open_when;
  const char *from, *through, *stands;  // code
  const char *redirect_enum, *redirect; // values a|b
  const char *except;                   // list fact whose values are left out of it
  const char *actions, *grounds;        // NAME or NAME/cell, separated by spaces
  bool stop, one_time;
} rule;
void build_rule(builder *b, rule r);

#endif
