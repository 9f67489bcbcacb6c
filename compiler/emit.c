// SPDX-License-Identifier: Apache-2.0
//
// See emit.h.
#include "compiler/emit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// ------------------------------------------------------------------ the table

enum operand_a { A_NONE, A_REL, A_GIVEN, A_LIST, A_FOLD, A_EACH, A_ROW };
enum operand_b { B_NONE, B_FACT, B_EACH, B_CELL, B_NEED };
enum operand_c { C_NONE, C_CONST, C_CONST2, C_SET, C_MAP, C_CELL, C_VALUE, C_SIZE, C_SKIP };
enum shape_flag { NOFLAG, LEAF, BEGIN, END, ROWS };

struct shape {
  enum operand_a a;
  enum operand_b b;
  enum operand_c c;
  const char *pops, *pushes;
  enum shape_flag flags;
};

static const struct shape shapes[SOC_OP_COUNT] = {
#define SOC_OP(name, mnemonic, a, b, c, pops, pushes, flags, meaning) \
  {a, b, c, pops, pushes, flags},
#include "vm/opcodes.def"
#undef SOC_OP
};

#ifndef NDEBUG // for assertions alone
// SOC_OUTER goes with every instruction that reads a fact.
static bool fits_a(const struct shape *shape, unsigned a) {
  a &= shape->b == B_FACT ? ~SOC_OUTER : ~0u;
  unsigned plain = a & ~SOC_IF_GIVEN;
  switch (shape->a) {
  case A_NONE: return a == 0;
  case A_REL: return plain < SOC_REL_COUNT;
  case A_GIVEN: return plain == 0;
  case A_LIST: return plain <= SOC_LIST_ONLY;
  case A_FOLD: return a <= SOC_FOLD_COUNT;
  case A_EACH: return (a & SOC_EACH_FOLD) <= SOC_FOLD_SUM && a <= (SOC_EACH_CHAIN | SOC_EACH_FOLD);
  case A_ROW: return (a & ~SOC_OUTER) == 0;
  }
  return false;
}
#endif

static uint32_t slots(const char *effect) {
  return effect[0] == '-' ? 0 : (uint32_t)strlen(effect);
}

// The end of a sum takes a row's value, too.
static uint32_t taken(enum soc_op op, unsigned a) {
  bool sum = op == SOC_OP_EACH_END && (a & SOC_EACH_FOLD) == SOC_FOLD_SUM;
  return slots(shapes[op].pops) + (sum ? 1u : 0u);
}

// ------------------------------------------------------------------ instructions

void code_init(struct code *code, struct arena *arena) {
  *code = (struct code){.arena = arena};
  names_init(&code->constants, arena);
}

static struct instruction *add(struct code *code, enum soc_op op, unsigned a, unsigned b,
                               uint32_t c) {
  const struct shape *shape = &shapes[op];
  assert(fits_a(shape, a));
  assert(shape->b != B_NONE || b == 0);
  assert(shape->c != C_NONE || c == 0);
  assert(code->too_large || code->depth >= taken(op, a));
  if (code->items.count >= SOC_MAX_INSTRUCTIONS || b > UINT16_MAX || code->too_large) {
    code->too_large = true;
    return NULL;
  }
  struct instruction *i = vec_add(code->arena, &code->items, sizeof *i);
  if (i == NULL) {
    code->too_large = true;
    return NULL;
  }
  *i = (struct instruction){
      .op = (uint8_t)op, .a = (uint8_t)a, .b = (uint16_t)b, .c = c, .line = code->line};
  code->depth = code->depth - taken(op, a) + slots(shape->pushes);
  if (code->depth > code->max_depth) code->max_depth = code->depth;
  return i;
}

void emit(struct code *code, enum soc_op op, unsigned a, unsigned b, uint32_t c) {
  add(code, op, a, b, c);
}

// ------------------------------------------------------------------ constants

static uint32_t constant(struct code *code, int64_t value) {
  char *key = arena_alloc(code->arena, sizeof value);
  if (key == NULL) return 0;
  memcpy(key, &value, sizeof value);
  struct symbol *symbol = names_add(&code->constants, (struct str){key, sizeof value});
  return symbol != NULL ? symbol->number : 0;
}

void emit_constant(struct code *code, enum soc_op op, unsigned a, unsigned b, int64_t value) {
  add(code, op, a, b, constant(code, value));
}

void emit_between(struct code *code, int64_t low, int64_t high) {
  assert(low <= high);
  uint32_t c = constant(code, low), c2 = constant(code, high);
  struct instruction *i = add(code, SOC_OP_BETWEEN, 0, 0, c);
  if (i != NULL) i->c2 = c2;
}

static int64_t value_of(const struct symbol *symbol) {
  int64_t value;
  memcpy(&value, symbol->name.data, sizeof value);
  return value;
}

static int by_value(const void *a, const void *b) {
  int64_t x = value_of(*(const struct symbol *const *)a),
          y = value_of(*(const struct symbol *const *)b);
  return x < y ? -1 : x > y;
}

bool code_finish(struct code *code) {
  uint32_t count = code->constants.all.count;
  struct symbol **sorted = ARENA_ARRAY(code->arena, struct symbol *, count);
  uint32_t *place = ARENA_ARRAY(code->arena, uint32_t, count);
  code->pool = ARENA_ARRAY(code->arena, int64_t, count);
  if (sorted == NULL || place == NULL || code->pool == NULL || code->too_large) return false;
  if (count > 0) {
    memcpy(sorted, code->constants.all.items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_value);
  }
  for (uint32_t i = 0; i < count; i++) {
    place[sorted[i]->number] = i;
    code->pool[i] = value_of(sorted[i]);
  }
  code->pool_count = count;
  for (uint32_t i = 0; i < code->items.count; i++) {
    struct instruction *at = VEC_AT(code->items, struct instruction, i);
    if (shapes[at->op].c == C_CONST) at->c = place[at->c];
    if (shapes[at->op].c != C_CONST2) continue;
    uint32_t low = place[at->c], high = place[at->c2];
    if (high > UINT16_MAX) return false;
    at->c = low | high << 16;
  }
  return true;
}

// ------------------------------------------------------------------ blocks and loops

struct block emit_begin(struct code *code, enum soc_fold fold, uint32_t need, uint32_t size) {
  struct block block = {.fold = (uint8_t)fold, .begin = code->items.count};
  if (fold == SOC_FOLD_COUNT) block.need = (uint16_t)need;
  add(code, SOC_OP_FOLD_BEGIN, fold, 0, size);
  return block;
}

void emit_join(struct code *code, struct block *block) {
  uint32_t at = code->items.count;
  add(code, SOC_OP_FOLD_JOIN, block->fold, block->need, block->first_join);
  block->first_join = at;
}

void emit_end(struct code *code, struct block *block) {
  uint32_t end = code->items.count;
  add(code, SOC_OP_FOLD_END, block->fold, block->need, 0);
  if (code->too_large) return;
  for (uint32_t at = block->first_join; at != 0;) {
    struct instruction *join = VEC_AT(code->items, struct instruction, at);
    uint32_t next = join->c;
    join->c = end - at;
    at = next;
  }
  if (block->first_join == 0) VEC_AT(code->items, struct instruction, end)->b = 0;
}

struct block emit_each(struct code *code, enum soc_fold fold, enum soc_each over, uint32_t fact) {
  struct block block = {.fold = (uint8_t)((unsigned)fold | (unsigned)over),
                        .begin = code->items.count};
  add(code, SOC_OP_EACH_BEGIN, block.fold, fact, 0);
  return block;
}

void emit_each_end(struct code *code, struct block *block, uint32_t fact) {
  uint32_t distance = code->items.count - block->begin;
  add(code, SOC_OP_EACH_END, block->fold, fact, distance);
  if (!code->too_large) VEC_AT(code->items, struct instruction, block->begin)->c = distance;
}

// An empty `all` is met, an empty `any` is not.
void emit_truth(struct code *code, bool met) {
  struct block block = emit_begin(code, met ? SOC_FOLD_ALL : SOC_FOLD_ANY, 0, 0);
  emit_end(code, &block);
}
