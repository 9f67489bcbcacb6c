// SPDX-License-Identifier: Apache-2.0
//
// The assembler: the only writer of instructions. Holds each against the opcode table (operand kinds, what it takes
// from the stack and leaves there), keeps the pool of constants, and closes blocks. lower.c decides what to write,
// image.c what becomes of it.
#ifndef SOC_COMPILER_EMIT_H
#define SOC_COMPILER_EMIT_H

#include "compiler/sema.h"
#include "vm/code.h"

struct instruction {
  uint8_t op, a;
  uint16_t b;
  uint32_t c, c2; // c2: the second constant of C_CONST2
  uint32_t line;
};

struct code {
  struct arena *arena;
  struct vec items; // struct instruction
  struct names
      constants; // keyed by eight bytes; positions are what instructions hold until code_finish
  int64_t *pool; // after code_finish: ascending
  uint32_t pool_count;
  uint32_t depth, max_depth;
  uint32_t line;  // of what is being written
  bool too_large; // a limit was passed; what was written since means nothing
};

// A block or loop being written.
struct block {
  uint8_t fold;
  uint16_t need;
  uint32_t begin;      // instruction
  uint32_t first_join; // chain of joins through their c, 0 ends it (instruction 0 is never a join)
};

void code_init(struct code *code, struct arena *arena);

void emit(struct code *code, enum soc_op op, unsigned a, unsigned b, uint32_t c);
void emit_constant(struct code *code, enum soc_op op, unsigned a, unsigned b, int64_t value);
void emit_between(struct code *code, int64_t low, int64_t high);

struct block emit_begin(struct code *code, enum soc_fold fold, uint32_t need, uint32_t size);
void emit_join(struct code *code, struct block *block);
void emit_end(struct code *code, struct block *block);
// `over`: the iterator (enum soc_each); `fact`: the list, or the field that names a row.
struct block emit_each(struct code *code, enum soc_fold fold, enum soc_each over, uint32_t fact);
void emit_each_end(struct code *code, struct block *block, uint32_t fact);
void emit_truth(struct code *code, bool met); // a truth that is known now

// Puts the constants into order and into the instructions. False: too many.
bool code_finish(struct code *code);

#endif
