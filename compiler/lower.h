// SPDX-License-Identifier: Apache-2.0
//
// From the checked program to instructions and the tables that they refer to. image.c puts these into bytes.
#ifndef SOC_COMPILER_LOWER_H
#define SOC_COMPILER_LOWER_H

#include "compiler/emit.h"

struct code_span {
  uint32_t first, count; // instructions; count 0: none
};

struct map_entry {
  uint64_t lo, hi, mask;
};
struct lowered_map {
  struct vec entries; // struct map_entry, ascending, disjoint
  uint64_t other;     // candidates for any other code
};

struct lowered {
  struct sema *s;
  const struct program *program;
  struct code code;
  struct code_span *cells;                   // by cell
  struct code_span *from, *through, *stands; // by rule, all decisions in turn
  struct vec sets;       // const struct set_decl *, those that instructions name, by first use
  uint32_t *set_places;  // by set_decl.index: position in `sets` + 1, 0: none yet
  struct vec maps;       // struct lowered_map
  uint32_t *text_places; // program.texts to the artifact's; SOC_NO_INDEX: no instruction needs it
  uint32_t file;         // source of the cell being lowered: lines are of this one
};

// False: memory is out or a limit is passed, which has been reported.
bool lower_program(struct lowered *l, struct sema *s);

void lower_line(struct lowered *l, struct span span); // what is written next belongs to this line
int64_t lower_text(const struct lowered *l, const struct type *type,
                   int64_t value); // texts by their place
uint32_t lower_set(struct lowered *l, const struct set_decl *set,
                   const struct fact_decl *as_of);         // C_SET
void lower_truth(struct lowered *l, const struct expr *e); // leaves one truth on the stack
void lower_value(struct lowered *l, const struct expr *e); // leaves one value
uint64_t enum_all(const struct enum_decl *e);              // a bit for each value

#endif
