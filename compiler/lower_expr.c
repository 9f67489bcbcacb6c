// SPDX-License-Identifier: Apache-2.0
//
// Conditions and values to instructions. Each construct of the language has one form of code, so that equal policies
// give equal bytes.
#include "compiler/lower.h"

static void lower_member(struct lowered *l, const struct expr *e);

// ------------------------------------------------------------------ operands

static unsigned given(const struct expr *e) {
  return e->kind == EXPR_NAME && e->as.name.if_given ? SOC_IF_GIVEN : 0u;
}

// `this line's`
static unsigned own(const struct expr *e) {
  return e->kind == EXPR_NAME && e->as.name.own ? SOC_OUTER : 0u;
}

static unsigned how(const struct expr *e) {
  return given(e) | own(e);
}

static unsigned place_of(const struct fact_decl *fact) {
  return fact->manifest;
}

uint32_t lower_set(struct lowered *l, const struct set_decl *set, const struct fact_decl *as_of) {
  uint32_t *place = &l->set_places[set->index];
  if (*place == 0 && vec_push(l->s->arena, &l->sets, set)) *place = l->sets.count;
  uint32_t index = *place - 1, date = as_of != NULL ? as_of->manifest : 0xffffu;
  if (index > 0xffffu) l->code.too_large = true;
  return (index & 0xffffu) | date << 16;
}

static uint32_t set_operand(struct lowered *l, const struct expr *e) {
  return lower_set(l, e->set, e->as_of);
}

static void negate(struct lowered *l, bool negated) {
  if (negated) emit(&l->code, SOC_OP_NOT, 0, 0, 0);
}

static void lower_cell(struct lowered *l, const struct cell *cell, unsigned where) {
  emit(&l->code, cell->rows != NULL ? SOC_OP_ROW_TRUTH : SOC_OP_CELL_TRUTH, where, 0, cell->index);
}

static void lower_in_mask(struct lowered *l, const struct expr *e, uint64_t mask) {
  const struct cell *cell = e->decl;
  emit_constant(&l->code, cell->rows != NULL ? SOC_OP_ROW_IN_MASK : SOC_OP_CELL_IN_MASK, own(e),
                cell->index, (int64_t)mask);
}

uint64_t enum_all(const struct enum_decl *e) {
  return e->count == 64 ? UINT64_MAX : (UINT64_C(1) << e->count) - 1;
}

static bool is_one_code(const struct set_decl *set) {
  return set->decl == NULL && set->count == 1 && !set->dated &&
         set->ranges[0].lo == set->ranges[0].hi;
}

// ------------------------------------------------------------------ blocks

static void lower_fold(struct lowered *l, const struct expr *e, enum soc_fold fold) {
  uint32_t need = e->as.block.need, count = e->as.block.count;
  if (fold == SOC_FOLD_COUNT && need == 1) fold = SOC_FOLD_ANY;
  if (fold == SOC_FOLD_COUNT && need == count) fold = SOC_FOLD_ALL;
  if (count == 1) {
    lower_member(l, e->as.block.first);
    return;
  }
  struct block block = emit_begin(&l->code, fold, need, count);
  for (const struct expr *m = e->as.block.first; m != NULL; m = m->next) {
    lower_member(l, m);
    emit_join(&l->code, &block);
  }
  emit_end(&l->code, &block);
}

static void lower_block(struct lowered *l, const struct expr *e) {
  switch (e->as.block.kind) {
  case BLOCK_ALL: lower_fold(l, e, SOC_FOLD_ALL); break;
  case BLOCK_ANY: lower_fold(l, e, SOC_FOLD_ANY); break;
  case BLOCK_AT_LEAST: lower_fold(l, e, SOC_FOLD_COUNT); break;
  case BLOCK_NONE:
    lower_fold(l, e, SOC_FOLD_ANY);
    negate(l, true);
    break;
  }
}

static void lower_member(struct lowered *l, const struct expr *e) {
  if (e->cell != NULL)
    lower_cell(l, e->cell, 0);
  else
    lower_truth(l, e);
}

// ------------------------------------------------------------------ comparisons

static bool related(enum rel_kind rel, int64_t x, int64_t y) {
  switch (rel) {
  case REL_EQ: return x == y;
  case REL_NE: return x != y;
  case REL_LT: return x < y;
  case REL_LE: return x <= y;
  case REL_GT: return x > y;
  case REL_GE: return x >= y;
  }
  return false;
}

static void lower_mask_compare(struct lowered *l, const struct expr *e, enum rel_kind rel,
                               int64_t value) {
  const struct cell *cell = e->decl;
  uint64_t mask = UINT64_C(1) << value;
  lower_in_mask(l, e, rel == REL_NE ? enum_all(cell->values) & ~mask : mask);
}

// A fact or derived enumeration against a constant; false: it is neither.
static bool lower_against(struct lowered *l, const struct expr *side, enum rel_kind rel,
                          int64_t value) {
  const struct fact_decl *fact = expr_fact(side);
  const struct cell *cell = expr_mask_cell(side);
  if (fact != NULL)
    emit_constant(&l->code, SOC_OP_FACT_CMP, (unsigned)rel | how(side), place_of(fact),
                  lower_text(l, &fact->type, value));
  if (cell != NULL) lower_mask_compare(l, side, rel, value);
  return fact != NULL || cell != NULL;
}

static void lower_compare(struct lowered *l, const struct expr *e) {
  const struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  enum rel_kind rel = e->as.compare.rel;
  int64_t x, y;
  bool fixed_left = expr_constant(left, &x), fixed_right = expr_constant(right, &y);
  if (fixed_left && fixed_right) {
    emit_truth(&l->code, related(rel, x, y));
    return;
  }
  if (fixed_right && lower_against(l, left, rel, y)) return;
  if (fixed_left && lower_against(l, right, rel_mirrored(rel), x)) return;
  lower_value(l, left);
  lower_value(l, right);
  emit(&l->code, SOC_OP_CMP, (unsigned)rel, 0, 0);
}

static void lower_in(struct lowered *l, const struct expr *e) {
  const struct expr *operand = e->as.in.operand;
  const struct cell *cell = expr_mask_cell(operand);
  const struct fact_decl *fact = expr_fact(operand);
  if (cell != NULL)
    lower_in_mask(l, operand, (uint64_t)e->value);
  else if (fact->type.base == SOC_ENUM)
    emit_constant(&l->code, SOC_OP_FACT_IN_MASK, how(operand), place_of(fact), e->value);
  else if (is_one_code(e->set))
    emit_constant(&l->code, SOC_OP_FACT_CMP, SOC_EQ | how(operand), place_of(fact),
                  lower_text(l, &fact->type, (int64_t)e->set->ranges[0].lo));
  else
    emit(&l->code, SOC_OP_FACT_IN_SET, how(operand), place_of(fact), set_operand(l, e));
}

// ------------------------------------------------------------------ none, empty, left out

static void lower_left_out(struct lowered *l, const struct expr *e, bool negated) {
  emit(&l->code, SOC_OP_FACT_LEFT_OUT, own(e), place_of(e->decl), 0);
  negate(l, negated);
}

// `L if given is not empty`, `L if given includes none of`: the negation must not turn an unknown list into met. A list
// that is empty when it is left out is never unknown.
static bool negates_unknown(const struct expr *list) {
  const struct fact_decl *fact = list->decl;
  return given(list) != 0 && fact->left_out != SOC_LEFT_OUT_EMPTY;
}

static struct block begin_given(struct lowered *l, const struct expr *list) {
  struct block block = emit_begin(&l->code, SOC_FOLD_ALL, 0, 2);
  lower_left_out(l, list, true);
  emit_join(&l->code, &block);
  return block;
}

static void end_given(struct lowered *l, struct block *block) {
  emit_join(&l->code, block);
  emit_end(&l->code, block);
}

static void lower_empty(struct lowered *l, const struct expr *e) {
  const struct expr *operand = e->as.state.operand;
  const struct fact_decl *fact = operand->decl;
  bool both = negates_unknown(operand) && e->as.state.negated;
  struct block block = {0};
  if (both) block = begin_given(l, operand);
  emit(&l->code, SOC_OP_LIST_EMPTY, how(operand), place_of(fact), 0);
  negate(l, e->as.state.negated);
  if (both) end_given(l, &block);
}

static void lower_state(struct lowered *l, const struct expr *e) {
  const struct expr *operand = e->as.state.operand;
  switch (e->as.state.state) {
  case STATE_NONE:
    emit(&l->code, SOC_OP_FACT_NONE, own(operand), place_of(operand->decl), 0);
    negate(l, e->as.state.negated);
    break;
  case STATE_EMPTY: lower_empty(l, e); break;
  case STATE_LEFT_OUT: lower_left_out(l, operand, e->as.state.negated); break;
  }
}

// ------------------------------------------------------------------ lists of codes and values

static void lower_has(struct lowered *l, const struct expr *list, int64_t value) {
  emit_constant(&l->code, SOC_OP_LIST_HAS, how(list), place_of(list->decl), value);
}

static void lower_some(struct lowered *l, const struct expr *e, enum soc_list_mode mode) {
  const struct expr *list = e->as.includes.list;
  const struct fact_decl *fact = list->decl;
  if (fact->type.base == SOC_ENUM_LIST)
    emit_constant(&l->code, SOC_OP_LIST_IN_MASK, (unsigned)mode | how(list), place_of(fact),
                  e->value);
  else if (mode == SOC_LIST_ANY && is_one_code(e->set))
    lower_has(l, list, (int64_t)e->set->ranges[0].lo);
  else
    emit(&l->code, SOC_OP_LIST_IN_SET, (unsigned)mode | how(list), place_of(fact),
         set_operand(l, e));
}

static uint32_t bits_of(uint64_t mask) {
  uint32_t count = 0;
  for (; mask != 0; mask &= mask - 1) count++;
  return count;
}

static void lower_all_of(struct lowered *l, const struct expr *e) {
  const struct expr *list = e->as.includes.list;
  bool codes = e->set != NULL;
  uint64_t mask = (uint64_t)e->value;
  uint32_t count = codes ? e->set->count : bits_of(mask);
  struct block block = emit_begin(&l->code, SOC_FOLD_ALL, 0, count);
  for (uint32_t i = 0; codes && i < count; i++) {
    lower_has(l, list, (int64_t)e->set->ranges[i].lo);
    emit_join(&l->code, &block);
  }
  for (int bit = 0; !codes && bit < 64; bit++) {
    if ((mask >> bit & 1) == 0) continue;
    lower_has(l, list, bit);
    emit_join(&l->code, &block);
  }
  emit_end(&l->code, &block);
}

static void lower_includes(struct lowered *l, const struct expr *e) {
  const struct expr *list = e->as.includes.list;
  struct block block = {0};
  switch (e->as.includes.mode) {
  case INCLUDE_ANY: lower_some(l, e, SOC_LIST_ANY); break;
  case INCLUDE_ONLY: lower_some(l, e, SOC_LIST_ONLY); break;
  case INCLUDE_ALL: lower_all_of(l, e); break;
  case INCLUDE_NONE:
    if (negates_unknown(list)) block = begin_given(l, list);
    lower_some(l, e, SOC_LIST_ANY);
    negate(l, true);
    if (negates_unknown(list)) end_given(l, &block);
    break;
  }
}

// ------------------------------------------------------------------ windows of days, records

static void lower_window(struct lowered *l, const struct expr *e) {
  int64_t length = 0;
  expr_constant(e->as.window.length, &length);
  lower_value(l, e->as.window.date);
  lower_value(l, e->as.window.start);
  emit(&l->code, SOC_OP_DAYS_FROM, 0, 0, 0);
  if (e->kind == EXPR_FIRST)
    emit_between(&l->code, 0, length - SOC_MICRO); // the first day is one of them
  else
    emit_between(&l->code, -length, length);
}

// A field of the row in the loop against the same field of the row outside of it.
static void lower_both(struct lowered *l, const struct fact_decl *field, enum rel_kind rel) {
  emit(&l->code, SOC_OP_LOAD_FACT, 0, field->manifest, 0);
  emit(&l->code, SOC_OP_LOAD_FACT, SOC_OUTER, field->manifest, 0);
  emit(&l->code, SOC_OP_CMP, (unsigned)rel, 0, 0);
}

// Which lines are meant: `earlier`, `on the same date`. `every line` is every line that is none of these, or the body.
static void lower_which(struct lowered *l, const struct expr *e, struct block *block) {
  const struct fact_decl *key = e->as.rows->key, *date = e->as.rows->date;
  bool every = e->as.rows->kind == ROWS_EVERY;
  if (key != NULL) {
    lower_both(l, key, e->as.rows->which == LINES_EARLIER ? REL_LT : REL_NE);
    negate(l, every);
    emit_join(&l->code, block);
  }
  if (date != NULL) {
    lower_both(l, date, REL_EQ);
    negate(l, every);
    emit_join(&l->code, block);
  }
}

static void lower_body(struct lowered *l, const struct expr *e) {
  uint32_t size = 1u + (e->as.rows->key != NULL) + (e->as.rows->date != NULL);
  enum soc_fold fold = e->as.rows->kind == ROWS_EVERY ? SOC_FOLD_ANY : SOC_FOLD_ALL;
  struct block block = {0};
  if (size > 1) block = emit_begin(&l->code, fold, 0, size);
  lower_which(l, e, &block);
  lower_truth(l, e->as.rows->body);
  if (size == 1) return;
  emit_join(&l->code, &block);
  emit_end(&l->code, &block);
}

static void lower_rows(struct lowered *l, const struct expr *e) {
  static const enum soc_fold folds[] = {[ROWS_SOME] = SOC_FOLD_ANY,
                                        [ROWS_EVERY] = SOC_FOLD_ALL,
                                        [ROWS_NO] = SOC_FOLD_ANY,
                                        [ROWS_NUMBER] = SOC_FOLD_COUNT,
                                        [ROWS_SUM] = SOC_FOLD_SUM};
  static const enum soc_each iterators[] = {[OVER_LIST] = SOC_EACH_ROWS,
                                            [OVER_LINES] = SOC_EACH_ROWS,
                                            [OVER_RELATED] = SOC_EACH_RELATED,
                                            [OVER_CHAIN] = SOC_EACH_CHAIN};
  const struct fact_decl *list = e->decl, *by = e->as.rows->reference;
  uint32_t fact = by != NULL ? by->manifest : list->manifest;
  struct block block =
      emit_each(&l->code, folds[e->as.rows->kind], iterators[e->as.rows->over], fact);
  lower_body(l, e);
  if (e->as.rows->kind == ROWS_SUM) lower_value(l, e->as.rows->value);
  emit_each_end(&l->code, &block, fact);
  negate(l, e->as.rows->kind == ROWS_NO);
}

// ------------------------------------------------------------------ truths

static void lower_name(struct lowered *l, const struct expr *e) {
  const struct fact_decl *fact = expr_fact(e);
  int64_t value;
  if (fact != NULL)
    emit(&l->code, SOC_OP_FACT_TRUE, how(e), place_of(fact), 0);
  else if (expr_constant(e, &value))
    emit_truth(&l->code, value != 0);
  else
    lower_cell(l, e->decl, own(e));
}

void lower_truth(struct lowered *l, const struct expr *e) {
  lower_line(l, e->span);
  switch (e->kind) {
  case EXPR_BLOCK: lower_block(l, e); break;
  case EXPR_NOT:
    lower_member(l, e->as.not_.operand);
    negate(l, true);
    break;
  case EXPR_NAME: lower_name(l, e); break;
  case EXPR_COMPARE: lower_compare(l, e); break;
  case EXPR_IN: lower_in(l, e); break;
  case EXPR_STATE: lower_state(l, e); break;
  case EXPR_INCLUDES: lower_includes(l, e); break;
  case EXPR_FIRST:
  case EXPR_WITHIN: lower_window(l, e); break;
  case EXPR_ROWS: lower_rows(l, e); break;
  default: break; // sema has refused values that stand where a condition is wanted
  }
}

// ------------------------------------------------------------------ values

// `date + 2 years` is 24 months: a leap day is clamped in the same way.
static void lower_arith(struct lowered *l, const struct expr *e) {
  const struct expr *left = e->as.arith.left, *right = e->as.arith.right;
  bool minus = e->as.arith.minus;
  soc_unit unit = right->type->unit;
  int64_t years = 0;
  lower_value(l, left);
  if (left->type->base != SOC_DATE) {
    lower_value(l, right);
    emit(&l->code, minus ? SOC_OP_NUM_SUB : SOC_OP_NUM_ADD, 0, 0, 0);
    return;
  }
  if (unit == SOC_YEARS && expr_constant(right, &years))
    emit_constant(&l->code, SOC_OP_LOAD_CONST, 0, 0, years * 12);
  else
    lower_value(l, right);
  if (unit == SOC_DAYS)
    emit(&l->code, minus ? SOC_OP_SUB_DAYS : SOC_OP_ADD_DAYS, 0, 0, 0);
  else
    emit(&l->code, minus ? SOC_OP_SUB_MONTHS : SOC_OP_ADD_MONTHS, 0, 0, 0);
}

static void lower_pick(struct lowered *l, const struct expr *e) {
  for (const struct expr *o = e->as.pick.first; o != NULL; o = o->next) {
    lower_value(l, o);
    if (o != e->as.pick.first)
      emit(&l->code, e->as.pick.latest ? SOC_OP_LATEST : SOC_OP_EARLIEST, 0, 0, 0);
  }
}

static void load_fact(struct lowered *l, const struct expr *e) {
  lower_line(l, e->span);
  emit(&l->code, SOC_OP_LOAD_FACT, how(e), place_of(e->decl), 0);
}

static void lower_named_value(struct lowered *l, const struct expr *e) {
  const struct cell *cell = e->decl;
  if (e->decl_kind == KIND_DERIVED_VALUE)
    lower_value(l, ((const struct derived_value *)e->decl)->value);
  else if (e->decl_kind == KIND_QUANTITY)
    emit(&l->code, cell->rows != NULL ? SOC_OP_ROW_VALUE : SOC_OP_CELL_VALUE, own(e), 0,
         cell->index);
  else
    load_fact(l, e);
}

void lower_value(struct lowered *l, const struct expr *e) {
  int64_t value;
  if (expr_constant(e, &value)) {
    emit_constant(&l->code, SOC_OP_LOAD_CONST, 0, 0, value);
    return;
  }
  switch (e->kind) {
  case EXPR_NAME: lower_named_value(l, e); break;
  case EXPR_ARITH: lower_arith(l, e); break;
  case EXPR_QUOTIENT:
    lower_value(l, e->as.quotient.left);
    lower_value(l, e->as.quotient.right);
    emit(&l->code, SOC_OP_QUOTIENT_UP, 0, 0, 0);
    break;
  case EXPR_PICK: lower_pick(l, e); break;
  case EXPR_AGE:
  case EXPR_DAYS:
    lower_value(l, e->as.span_of.to);
    lower_value(l, e->as.span_of.from);
    emit(&l->code, e->kind == EXPR_AGE ? SOC_OP_YEARS_FROM : SOC_OP_DAYS_FROM, 0, 0, 0);
    break;
  case EXPR_ROWS: lower_rows(l, e); break;
  default: break;
  }
}
