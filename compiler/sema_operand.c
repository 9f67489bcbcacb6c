// SPDX-License-Identifier: Apache-2.0
//
// Values: dates, numbers with their units, and what may be added to what.
#include "compiler/sema.h"

#include "vm/code.h"

static const struct type type_years = {.base = SOC_NUMBER, .unit = SOC_YEARS, .whole = true};
static const struct type type_days = {.base = SOC_NUMBER, .unit = SOC_DAYS, .whole = true};
static const struct type type_units = {.base = SOC_NUMBER, .unit = SOC_CODE_UNITS, .whole = true};
static const struct type type_line = {.base = SOC_LINE};

enum { DERIVED_SIZE = 256, DERIVED_DEPTH = 64 };

static const struct type *poison(struct expr *e) {
  e->type = &type_poison;
  return e->type;
}

// ------------------------------------------------------------------ what does not fit together

static bool calendar(soc_unit unit) {
  return unit == SOC_DAYS || unit == SOC_MONTHS || unit == SOC_YEARS;
}

static const char *unit_written(soc_unit unit) {
  return unit == SOC_PERCENT ? "%" : unit_counts(unit);
}

static const struct decl_constant *constant_of(const struct expr *e) {
  if (e->kind != EXPR_NAME || e->decl_kind != KIND_CONSTANT) return NULL;
  return ((const struct constant_decl *)e->decl)->decl;
}

// A constant that was declared in another unit than what it is compared with: where, and how it is to read.
static void help_constant(struct sema *s, struct diag *d, const struct expr *le, soc_unit lu,
                          const struct expr *re, soc_unit ru) {
  const struct decl_constant *left = constant_of(le), *right = constant_of(re);
  const struct decl_constant *constant = left != NULL ? left : right;
  soc_unit wanted = left != NULL ? ru : lu;
  if ((left != NULL) == (right != NULL)) return;
  if ((left != NULL ? re : le)->kind == EXPR_LITERAL) return;
  struct source_place place = sources_place(s->diags->sources, constant->d.name.span);
  diag_help(s->diags, d, "`%w` is declared on line %u of %s; write `%w%s%s` there",
            constant->d.name.text, place.line, place.name, constant->value->word.text,
            wanted == SOC_UNIT_NONE ? "" : " ", unit_written(wanted));
}

static void report_units(struct sema *s, const struct expr *le, soc_unit lu, const struct expr *re,
                         soc_unit ru, struct span span) {
  struct str left = source_of(s, le->span), right = source_of(s, re->span);
  if (lu == SOC_UNIT_NONE || ru == SOC_UNIT_NONE) {
    struct str with = lu == SOC_UNIT_NONE ? right : left, bare = lu == SOC_UNIT_NONE ? left : right;
    const char *unit = unit_counts(lu == SOC_UNIT_NONE ? ru : lu);
    struct diag *d = diag_report(s->diags, DIAG_UNIT_ONE_SIDE, span, with, unit, bare);
    if ((lu == SOC_UNIT_NONE ? le : re)->kind == EXPR_LITERAL)
      diag_help(s->diags, d, "write the unit: `%w %s`", bare,
                unit_written(lu == SOC_UNIT_NONE ? ru : lu));
    else
      help_constant(s, d, le, lu, re, ru);
    return;
  }
  struct diag *d =
      diag_report(s->diags, DIAG_UNITS, span, left, unit_counts(lu), right, unit_counts(ru));
  if (calendar(lu) && calendar(ru))
    diag_help(s->diags, d,
              "months and years have no fixed number of days: write both in one unit, or compare "
              "dates, as in "
              "`D on or after E + 6 months`");
  else
    help_constant(s, d, le, lu, re, ru);
}

void report_mismatch(struct sema *s, const struct expr *left, const struct type *lt,
                     const struct expr *right, const struct type *rt, struct span span) {
  if (type_is_poison(lt) || type_is_poison(rt)) return;
  struct str l = source_of(s, left->span), r = source_of(s, right->span);
  if (lt->base == SOC_NUMBER && rt->base == SOC_NUMBER) {
    report_units(s, left, lt->unit, right, rt->unit, span);
    return;
  }
  struct diag *d = diag_report(s->diags, DIAG_TYPES, span, l, type_words(s->arena, lt), r,
                               type_words(s->arena, rt));
  bool code = lt->base == SOC_CODE || rt->base == SOC_CODE;
  if (code && (lt->base == SOC_TEXT || rt->base == SOC_TEXT))
    diag_help(s->diags, d, "codes are written without quotation marks: J1745");
  bool date = lt->base == SOC_DATE || rt->base == SOC_DATE;
  const struct type *other = lt->base == SOC_DATE ? rt : lt;
  if (date && other->base == SOC_NUMBER && calendar(other->unit))
    diag_help(
        s->diags, d,
        "compare dates, as in `A on or after B + 90 days`, or lengths, as in `days from A to B`");
}

// ------------------------------------------------------------------ literals

static void keep_text(struct sema *s, struct expr *e) {
  if (e->type->base == SOC_TEXT) vec_push(s->arena, &s->text_literals, e);
}

static const struct type *check_literal(struct sema *s, const struct scope *scope, struct expr *e) {
  const struct literal *l = e->as.literal;
  const struct type *type = literal_type(s, l);
  if (type == NULL) {
    if (l->kind == LIT_NAME)
      report_unknown_name(s, scope, l->word, "name");
    else
      diag_report(s->diags, DIAG_NOT_A_VALUE, e->span, source_of(s, e->span));
    return poison(e);
  }
  if (!literal_value(s, l, type, &e->value)) return poison(e);
  e->type = type;
  keep_text(s, e);
  return type;
}

static void into_literal(struct sema *s, struct expr *e) {
  if (e->kind == EXPR_LITERAL) return;
  struct literal *l = literal_of_name(s, e->as.name.name);
  if (l == NULL) return;
  e->kind = EXPR_LITERAL;
  e->as.literal = l;
  e->decl = NULL;
  e->decl_kind = KIND_NONE;
}

// Could this be a value of `want`, which needs its type to be understood?
static bool reads_as(const struct expr *e, const struct type *want) {
  if (want->base == SOC_ENUM)
    return e->kind == EXPR_LITERAL ||
           (e->kind == EXPR_NAME && !e->as.name.if_given && !e->as.name.own);
  if (e->kind != EXPR_LITERAL || want->base != SOC_CODE) return false;
  return e->as.literal->kind == LIT_CODE ||
         (e->as.literal->kind == LIT_NUMBER && e->as.literal->unit == UNIT_MISSING);
}

// A name that is no value but does mean something else deserves to be told so.
static bool is_other_thing(struct sema *s, const struct scope *scope, const struct expr *e,
                           const struct type *want) {
  uint32_t value;
  if (e->kind != EXPR_NAME || enum_find(want->values, e->as.name.name.text, &value)) return false;
  if (scope->rows != NULL && fact_field(scope->rows, e->as.name.name.text) != NULL) return true;
  return names_find(&s->names, e->as.name.name.text) != NULL;
}

bool check_against(struct sema *s, struct scope *scope, struct expr *e, const struct type *want,
                   const struct fact_decl *fact) {
  if (!reads_as(e, want) || (want->base == SOC_ENUM && is_other_thing(s, scope, e, want)))
    return !type_is_poison(check_operand(s, scope, e));
  into_literal(s, e);
  if (e->kind != EXPR_LITERAL) return false; // memory
  const struct literal *l = e->as.literal;
  if (want->base == SOC_ENUM && l->kind != LIT_NAME && l->kind != LIT_NUMBER && l->kind != LIT_CODE)
    return !type_is_poison(check_operand(s, scope, e));
  bool good = literal_value(s, l, want, &e->value);
  if (good && want->base == SOC_CODE) good = sema_check_code_length(s, l->word.text, l->span, fact);
  e->type = good ? want : &type_poison;
  return good;
}

// ------------------------------------------------------------------ names

static const struct type *use_mask(struct sema *s, struct scope *scope, struct expr *e,
                                   struct cell_node *cell) {
  struct type *type = ARENA_NEW(s->arena, struct type);
  e->decl = &cell->cell;
  e->decl_kind = KIND_DERIVED_ENUM;
  if (!sema_check_frame(s, scope, e, cell->cell.rows)) return poison(e);
  scope_reads(s, scope, cell);
  if (type == NULL || cell->cell.values == NULL) return poison(e);
  *type = (struct type){.base = SOC_ENUM, .values = cell->cell.values};
  e->type = type;
  return type;
}

static bool may_be_if_given(struct sema *s, struct expr *e) {
  if (e->as.name.if_given) diag_report(s->diags, DIAG_IF_GIVEN_FACT, e->span, e->as.name.name.text);
  return !e->as.name.if_given;
}

// A field that the policy derives stands for what is derived; which row it belongs to is known.
static const struct type *use_fact(struct sema *s, struct scope *scope, struct expr *e,
                                   const struct fact_decl *fact) {
  e->decl = fact;
  e->decl_kind = KIND_FACT;
  if (fact->failed) return poison(e);
  if (fact->left_out == SOC_LEFT_OUT_DERIVED) {
    if (fact->meaning != NULL && may_be_if_given(s, e))
      return use_mask(s, scope, e, node_of(fact->meaning));
    if (fact->meaning == NULL) diag_report(s->diags, DIAG_NOT_DERIVED, e->span, fact->name);
    return poison(e);
  }
  e->type = fact->line_of != NULL ? &type_line : &fact->type;
  return e->type;
}

static const struct type *use_quantity(struct sema *s, struct scope *scope, struct expr *e,
                                       struct cell_node *node) {
  e->decl = &node->cell;
  if (!sema_check_frame(s, scope, e, node->cell.rows)) return poison(e);
  scope_reads(s, scope, node);
  e->type = quantity_type(s, node);
  return e->type;
}

static const struct type *use_criterion(struct sema *s, struct scope *scope, struct expr *e,
                                        struct cell_node *node) {
  if (!sema_check_frame(s, scope, e, node->cell.rows)) return poison(e);
  scope_reads(s, scope, node);
  e->type = NULL;
  return NULL;
}

static const struct type *use_derived(struct sema *s, struct scope *scope, struct expr *e,
                                      struct derived_node *d) {
  const struct type *type = derived_type(s, d);
  e->decl = &d->value;
  if (!sema_check_frame(s, scope, e, d->list)) return poison(e);
  if (d->rows && scope->loop) {
    diag_report(s->diags, DIAG_ROWS_NESTED, e->span);
    return poison(e);
  }
  for (uint32_t i = 0; i < d->deps.count; i++)
    scope_reads(s, scope, *VEC_AT(d->deps, struct cell_node *, i));
  e->type = type;
  return type;
}

static const struct type *use_symbol(struct sema *s, struct scope *scope, struct expr *e,
                                     struct symbol *symbol) {
  e->decl_kind = (uint8_t)symbol->kind;
  e->decl = symbol->decl;
  if (symbol->kind != KIND_FACT && !may_be_if_given(s, e)) return poison(e);
  switch (symbol->kind) {
  case KIND_FACT: return use_fact(s, scope, e, symbol->decl);
  case KIND_DERIVED_ENUM: return use_mask(s, scope, e, symbol->decl);
  case KIND_DERIVED_VALUE: return use_derived(s, scope, e, symbol->decl);
  case KIND_CONSTANT: {
    struct constant_node *node = symbol->decl;
    e->type = node->failed ? &type_poison : &node->constant.type;
    return e->type;
  }
  case KIND_CRITERION: return use_criterion(s, scope, e, symbol->decl);
  case KIND_QUANTITY: return use_quantity(s, scope, e, symbol->decl);
  case KIND_SET:
  case KIND_NONE: break;
  }
  diag_report(s->diags, DIAG_NOT_A_VALUE, e->span, e->as.name.name.text);
  return poison(e);
}

// NULL for a criterion.
const struct type *check_operand_or_criterion(struct sema *s, struct scope *scope, struct expr *e) {
  const struct fact_decl *field;
  bool own = e->as.name.own;
  struct symbol *symbol =
      own ? sema_find_own(s, scope, e, &field) : scope_find(s, scope, e->as.name.name, &field);
  if (field != NULL) return use_fact(s, scope, e, field);
  if (symbol != NULL) return use_symbol(s, scope, e, symbol);
  if (own) return poison(e); // has been reported
  report_unknown_name(s, scope, e->as.name.name, "name");
  return poison(e);
}

static const struct type *check_name(struct sema *s, struct scope *scope, struct expr *e) {
  const struct type *type = check_operand_or_criterion(s, scope, e);
  if (type != NULL) return type;
  diag_report(s->diags, DIAG_CRITERION_AS_VALUE, e->span, e->as.name.name.text);
  return poison(e);
}

// ------------------------------------------------------------------ sums

static bool whole_constant(const struct expr *e, const struct type *type) {
  int64_t value;
  return expr_constant(e, &value) ? number_is_whole(value) : type->whole;
}

static const struct type *date_sum(struct sema *s, struct expr *e, const struct type *length) {
  struct expr *right = e->as.arith.right;
  int64_t value;
  e->type = &type_date;
  if (!calendar(length->unit)) {
    struct str said = source_of(s, right->span);
    struct diag *d = diag_report(s->diags, DIAG_DATE_PLUS, right->span, said);
    if (length->unit == SOC_UNIT_NONE && right->kind == EXPR_LITERAL)
      diag_help(s->diags, d, "write the unit where the number stands: `%w days`, `%w months`", said,
                said);
    return poison(e);
  }
  if (!whole_constant(right, length)) {
    diag_report(s->diags, DIAG_DATE_PLUS_PART, right->span, source_of(s, right->span),
                unit_counts(length->unit));
    return poison(e);
  }
  if (length->unit == SOC_YEARS && !expr_constant(right, &value)) {
    diag_report(s->diags, DIAG_DATE_PLUS_YEARS, right->span);
    return poison(e);
  }
  return e->type;
}

static const struct type *check_arith(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *left = e->as.arith.left, *right = e->as.arith.right;
  const struct type *lt = check_operand(s, scope, left), *rt = check_operand(s, scope, right);
  if (type_is_poison(lt) || type_is_poison(rt)) return poison(e);
  if (lt->base == SOC_DATE && rt->base == SOC_NUMBER) return date_sum(s, e, rt);
  if (lt->base == SOC_NUMBER && rt->base == SOC_NUMBER && type_equal(lt, rt)) {
    e->type = lt->whole ? rt : lt;
    return e->type;
  }
  if (lt->base == SOC_NUMBER && rt->base == SOC_NUMBER) {
    report_mismatch(s, left, lt, right, rt, e->span);
    return poison(e);
  }
  struct diag *d =
      diag_report(s->diags, DIAG_SUM_TYPES, e->span, e->as.arith.minus ? "taken from" : "added to",
                  source_of(s, left->span), type_words(s->arena, lt), source_of(s, right->span),
                  type_words(s->arena, rt));
  if (lt->base == SOC_DATE && rt->base == SOC_DATE)
    diag_help(s->diags, d, "write `days from %w to %w`", source_of(s, right->span),
              source_of(s, left->span));
  else if (rt->base == SOC_DATE && !e->as.arith.minus)
    diag_help(s->diags, d, "write the date first: `%w + %w`", source_of(s, right->span),
              source_of(s, left->span));
  return poison(e);
}

bool is_amount(const struct expr *e) {
  const struct fact_decl *fact = expr_fact(e);
  int64_t value;
  if (expr_constant(e, &value)) return value >= 0;
  return fact != NULL && fact->minimum >= 0;
}

static const struct type *check_quotient(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *left = e->as.quotient.left, *right = e->as.quotient.right;
  const struct type *lt = check_operand(s, scope, left), *rt = check_operand(s, scope, right);
  if (type_is_poison(lt) || type_is_poison(rt)) return poison(e);
  bool numbers = lt->base == SOC_NUMBER && rt->base == SOC_NUMBER;
  bool units = numbers && lt->unit == SOC_BASE_UNITS && rt->unit == SOC_BASE_UNITS_PER_UNIT;
  if (!numbers || (!units && lt->unit != rt->unit)) {
    diag_report(s->diags, DIAG_QUOTIENT_TYPES, e->span, source_of(s, left->span),
                type_words(s->arena, lt), source_of(s, right->span), type_words(s->arena, rt));
    return poison(e);
  }
  if (!is_amount(left) || !is_amount(right)) {
    struct span span = is_amount(left) ? right->span : left->span;
    diag_report(s->diags, DIAG_NOT_AN_AMOUNT, span, source_of(s, span));
    return poison(e);
  }
  e->type = units ? &type_units : &type_count;
  return e->type;
}

static const struct type *check_pick(struct sema *s, struct scope *scope, struct expr *e) {
  const struct expr *first = NULL;
  bool good = true;
  uint32_t count = 0;
  for (struct expr *o = e->as.pick.first; o != NULL; o = o->next, count++) {
    const struct type *type = check_operand(s, scope, o);
    good = good && !type_is_poison(type);
    if (!good) continue;
    if (!type_is_ordered(type)) {
      diag_report(s->diags, DIAG_PICK_TYPE, o->span, source_of(s, o->span),
                  type_words(s->arena, type));
      good = false;
    } else if (first != NULL && !type_equal(first->type, type)) {
      report_mismatch(s, first, first->type, o, type, o->span);
      good = false;
    }
    if (first == NULL) first = o;
  }
  e->as.pick.count = count;
  if (count == 0) diag_report(s->diags, DIAG_BLOCK_EMPTY, e->span);
  if (!good || first == NULL) return poison(e);
  e->type = first->type;
  return e->type;
}

static const struct type *check_span_of(struct sema *s, struct scope *scope, struct expr *e,
                                        const struct type *type) {
  struct expr *sides[] = {e->as.span_of.from, e->as.span_of.to};
  e->type = type;
  for (int i = 0; i < 2; i++) {
    const struct type *side = check_operand(s, scope, sides[i]);
    if (!type_is_poison(side) && side->base != SOC_DATE)
      diag_report(s->diags, DIAG_DATE_WANTED, sides[i]->span, source_of(s, sides[i]->span),
                  type_words(s->arena, side));
    if (type_is_poison(side) || side->base != SOC_DATE) poison(e);
  }
  return e->type;
}

const struct type *check_operand(struct sema *s, struct scope *scope, struct expr *e) {
  switch (e->kind) {
  case EXPR_LITERAL: return check_literal(s, scope, e);
  case EXPR_NAME: return check_name(s, scope, e);
  case EXPR_ARITH: return check_arith(s, scope, e);
  case EXPR_QUOTIENT: return check_quotient(s, scope, e);
  case EXPR_PICK: return check_pick(s, scope, e);
  case EXPR_AGE: return check_span_of(s, scope, e, &type_years);
  case EXPR_DAYS: return check_span_of(s, scope, e, &type_days);
  case EXPR_ROWS:
    if (e->as.rows->kind != ROWS_NUMBER && e->as.rows->kind != ROWS_SUM) break;
    e->type = check_rows(s, scope, e) != NULL ? &type_count : &type_poison;
    if (!type_is_poison(e->type) && e->as.rows->kind == ROWS_SUM) e->type = e->as.rows->value->type;
    return e->type;
  default: break;
  }
  diag_report(s->diags, DIAG_NOT_A_VALUE, e->span, source_of(s, e->span));
  return poison(e);
}

// ------------------------------------------------------------------ derived values

// Expressions in `e` once derived values are written out; stops counting past the bound. `rows`: a loop is among them.
static uint32_t expanded_size(const struct expr *e, bool *rows) {
  uint32_t size = 1;
  if (e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_VALUE) {
    const struct derived_node *d = e->decl;
    size += d->size;
    *rows = *rows || d->rows;
  }
  *rows = *rows || e->kind == EXPR_ROWS;
  struct children children = expr_children(e);
  for (uint32_t i = 0; i < 3; i++)
    if (children.one[i] != NULL) size += expanded_size(children.one[i], rows);
  for (const struct expr *m = children.list; m != NULL && size <= DERIVED_SIZE; m = m->next)
    size += expanded_size(m, rows);
  return size > DERIVED_SIZE ? DERIVED_SIZE + 1 : size;
}

const struct type *derived_type(struct sema *s, struct derived_node *d) {
  if (d->visit == VISIT_DONE) return d->type;
  d->type = d->type == NULL ? &type_poison : d->type;
  if (d->visit == VISIT_OPEN) {
    diag_report(s->diags, DIAG_DERIVED_CYCLE, d->decl->name.span, d->value.name);
    return &type_poison;
  }
  if (s->derived_depth >= DERIVED_DEPTH) {
    diag_report(s->diags, DIAG_DERIVED_TOO_LARGE, d->decl->name.span, d->value.name);
    return &type_poison;
  }
  d->visit = VISIT_OPEN;
  s->derived_depth++;
  struct scope scope = {.name = d->value.name, .deps = &d->deps, .rows = d->list};
  d->type = check_operand(s, &scope, d->expr);
  s->derived_depth--;
  d->visit = VISIT_DONE;
  d->size = type_is_poison(d->type) ? 1 : expanded_size(d->expr, &d->rows);
  if (d->size > DERIVED_SIZE) {
    diag_report(s->diags, DIAG_DERIVED_TOO_LARGE, d->decl->name.span, d->value.name);
    d->type = &type_poison;
  }
  return d->type;
}

// ------------------------------------------------------------------ walking expressions

struct children expr_children(const struct expr *e) {
  struct children c = {{NULL, NULL, NULL}, NULL};
  switch (e->kind) {
  case EXPR_BLOCK: c.list = e->as.block.first; break;
  case EXPR_PICK: c.list = e->as.pick.first; break;
  case EXPR_NOT: c.one[0] = e->as.not_.operand; break;
  case EXPR_COMPARE: c.one[0] = e->as.compare.left, c.one[1] = e->as.compare.right; break;
  case EXPR_IN: c.one[0] = e->as.in.operand; break;
  case EXPR_INCLUDES: c.one[0] = e->as.includes.list; break;
  case EXPR_STATE: c.one[0] = e->as.state.operand; break;
  case EXPR_FIRST:
  case EXPR_WITHIN:
    c.one[0] = e->as.window.date, c.one[1] = e->as.window.length, c.one[2] = e->as.window.start;
    break;
  case EXPR_ROWS: c.one[0] = e->as.rows->body, c.one[1] = e->as.rows->value; break;
  case EXPR_QUOTIENT: c.one[0] = e->as.quotient.left, c.one[1] = e->as.quotient.right; break;
  case EXPR_ARITH: c.one[0] = e->as.arith.left, c.one[1] = e->as.arith.right; break;
  case EXPR_AGE:
  case EXPR_DAYS: c.one[0] = e->as.span_of.from, c.one[1] = e->as.span_of.to; break;
  case EXPR_NAME:
  case EXPR_LITERAL: break;
  }
  return c;
}

// Every fact that an expression reads, in the order written; labelled parts read for themselves.
void expr_facts(const struct expr *e, fact_read_fn *fn, void *context) {
  if (e->kind == EXPR_NAME && e->decl_kind == KIND_FACT) fn(context, e->decl, e);
  if (e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_VALUE)
    expr_facts(((const struct derived_value *)e->decl)->value, fn, context);
  if (e->kind == EXPR_ROWS) {
    const struct fact_decl *fields[] = {e->as.rows->key, e->as.rows->date, e->as.rows->reference};
    fn(context, e->decl, e);
    for (uint32_t i = 0; i < 3; i++)
      if (fields[i] != NULL) fn(context, fields[i], NULL);
  }
  if (e->kind == EXPR_STATE) { // told with the state, which says how it is read
    fn(context, e->as.state.operand->decl, e);
    return;
  }
  struct children children = expr_children(e);
  for (uint32_t i = 0; i < 3; i++)
    if (children.one[i] != NULL) expr_facts(children.one[i], fn, context);
  for (const struct expr *m = children.list; m != NULL; m = m->next)
    if (m->cell == NULL) expr_facts(m, fn, context);
  if (e->as_of != NULL) fn(context, e->as_of, NULL);
}
