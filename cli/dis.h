// SPDX-License-Identifier: Apache-2.0
//
// Code of an artifact as text: opcodes by their mnemonic from vm/opcodes.def, operands by name and type, blocks by
// indentation. cmd_dis.c prints the tables around it.
#ifndef SOC_CLI_DIS_H
#define SOC_CLI_DIS_H

#include "cli/artifacts.h"
#include "vm/policy.h"

// What a constant on the stack is, as the instruction that uses it tells.
struct constant_kind {
  uint8_t type; // SOC_DATE, SOC_NUMBER; 0: never used
  uint8_t unit;
};

struct disassembly {
  const vm_policy *p;
  const soc_policy *policy;
  struct constant_kind *constants;  // by instruction
  struct constant_kind *quantities; // by cell
  struct buffer line;
  bool full; // every member of every set
};

// Works out the kinds of constants. False: out of memory.
bool dis_open(struct disassembly *d, const struct artifact *a, bool full);
void dis_close(struct disassembly *d);
// Prints instructions [first, first + count). `enumeration` is that of a derived enumeration's cell, else SOC_NONE16.
void dis_code(struct disassembly *d, uint32_t first, uint32_t count, uint32_t enumeration);

soc_text dis_fact(const struct disassembly *d, uint32_t fact);
void dis_set_name(const struct disassembly *d, uint32_t set, struct buffer *out);
// Names of the values in a mask: "{ home, pharmacy }".
void dis_mask(const struct disassembly *d, uint32_t enumeration, uint64_t mask, struct buffer *out);
void dis_text(const struct disassembly *d, uint32_t index, struct buffer *out);

#endif
