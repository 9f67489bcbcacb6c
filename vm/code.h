// SPDX-License-Identifier: Apache-2.0
//
// What compiler and VM share about the bytecode: the opcode enum made from vm/opcodes.def, operand
// constants, and the flags of image records. The compiler includes this file, vm/image.h and vm/pack.h
// of vm/ and nothing else.
#ifndef SOC_VM_CODE_H
#define SOC_VM_CODE_H

#include <stdint.h>

enum soc_op {
#define SOC_OP(name, mnemonic, a, b, c, pops, pushes, flags, meaning) SOC_OP_##name,
#include "opcodes.def"
#undef SOC_OP
  SOC_OP_COUNT
};

enum soc_rel { SOC_EQ, SOC_NE, SOC_LT, SOC_LE, SOC_GT, SOC_GE, SOC_REL_COUNT };
enum soc_list_mode { SOC_LIST_ANY, SOC_LIST_ONLY };
enum soc_fold { SOC_FOLD_ALL, SOC_FOLD_ANY, SOC_FOLD_COUNT, SOC_FOLD_SUM }; // sum: loops only
// Iterators, operand a of EACH_BEGIN and EACH_END beside the fold. Related and chain: all and any only.
enum soc_each {
  SOC_EACH_ROWS = 0x00,    // every row of a list
  SOC_EACH_RELATED = 0x10, // the row that a field names; none: no row
  SOC_EACH_CHAIN = 0x20    // that row, the row that it names, and so on
};
#define SOC_EACH_FOLD 0x0fu // the bits of the fold
enum soc_cell_kind { SOC_CELL_TRUTH, SOC_CELL_MASK, SOC_CELL_VALUE };

#define SOC_IF_GIVEN 0x80u // in operand a: a fact that was left out counts as none
#define SOC_OUTER 0x40u    // in operand a: read at the row outside the loop

#define SOC_DECISION_LONGEST 1u     // longest approval decides
#define SOC_DECISION_EVERY_MATCH 2u // report every match
#define SOC_RULE_STOP 1u            // and stop
#define SOC_RULE_ONE_TIME 2u
#define SOC_CELL_RULE 1u // a rule's own condition rather than a named criterion
#define SOC_CELL_DATE 2u // of a value cell: a date rather than a number
#define SOC_SET_DATED 1u

#define SOC_INSTRUCTION_BYTES 8
#define SOC_MAX_STACK 512u // slots; the compiler's nesting limit keeps well below it
#define SOC_MAX_CELLS 65536u
#define SOC_MAX_INSTRUCTIONS (UINT32_C(1) << 28)
#define SOC_MICRO 1000000 // numbers are held in millionths
#define SOC_NUMBER_MAX \
  INT64_C(1000000000000000000) // sums stop here, in millionths; fits 1,000 lines of any amount
#define SOC_DAY_MAX 3652058    // 9999-12-31

#endif
