// SPDX-License-Identifier: Apache-2.0
//
// Conditions: resolves names, gives each side of a comparison the type of the other, and says in plain words where
// they do not fit. What is written is kept; the results stand in the fields of struct expr marked "sema".
#include "compiler/layout.h"
#include "compiler/sema.h"

#include <string.h>

#include "vm/code.h"

// ------------------------------------------------------------------ names in expressions

void scope_reads(struct sema *s, struct scope *scope, struct cell_node *cell) {
  struct vec *deps = scope->cell != NULL ? &scope->cell->deps : scope->deps;
  if (deps != NULL) vec_push(s->arena, deps, cell);
}

static bool has_dot(struct str name) {
  for (uint32_t i = 0; i < name.length; i++)
    if (name.data[i] == '.') return true;
  return false;
}

// Inside `record of` a bare name is first a field. A name that means two things there is refused: whoever reads the
// policy could take it for the other.
struct symbol *scope_find(struct sema *s, const struct scope *scope, struct word name,
                          const struct fact_decl **field) {
  struct symbol *symbol = names_find(&s->names, name.text);
  *field = NULL;
  if (scope != NULL && scope->rows != NULL && !has_dot(name.text))
    *field = fact_field(scope->rows, name.text);
  if (*field != NULL && symbol != NULL)
    diag_report(s->diags, DIAG_FIELD_SHADOWS, name.span, name.text, scope->rows->name);
  if (*field != NULL) return NULL;
  if (symbol != NULL) symbol->used = true;
  return symbol;
}

// No condition sees what is decided about another line, nor about the case.
static bool is_decision(struct sema *s, struct word name) {
  const struct symbol *symbol = names_find(&s->groups, name.text);
  if (symbol == NULL || ((const struct group *)symbol->decl)->decision == NULL) return false;
  diag_report(s->diags, DIAG_DECISION_READ, name.span, name.text);
  return true;
}

static const struct fact_decl *list_before_dot(struct sema *s, struct str name) {
  uint32_t length = name.length;
  while (length > 0 && name.data[length - 1] != '.') length--;
  if (length < 2) return NULL;
  struct symbol *symbol = names_find(&s->names, (struct str){name.data, length - 1});
  if (symbol == NULL || symbol->kind != KIND_FACT) return NULL;
  const struct fact_decl *fact = symbol->decl;
  return fact->type.base == SOC_RECORDS ? fact : NULL;
}

// Words that other notations use as values.
static bool help_state_word(struct sema *s, struct diag *d, struct str word) {
  if (str_is(word, "true") || str_is(word, "false"))
    diag_help(s->diags, d,
              "a boolean fact is a condition by itself: write its name, or `not` and its name");
  else if (str_is(word, "none") || str_is(word, "empty"))
    diag_help(s->diags, d, "`=` compares values; whether a fact is %w is asked with `is %w`", word,
              word);
  else if (str_is(word, "unknown"))
    diag_help(s->diags, d, "whether the case did not give a fact is asked with `is left out`");
  else
    return false;
  return true;
}

// The names of the facts that an expression reads itself, for a sentence.
static void write_facts(struct sema *s, const struct expr *e, struct out *o) {
  if (e->kind == EXPR_NAME) {
    const struct symbol *symbol = names_find(&s->names, e->as.name.name.text);
    if (symbol == NULL || symbol->kind != KIND_FACT) return;
    out_text(o, o->length > 0 ? ", `" : "`");
    out_str(o, symbol->name);
    out_text(o, "`");
    return;
  }
  struct children children = expr_children(e);
  for (uint32_t i = 0; i < 3; i++)
    if (children.one[i] != NULL) write_facts(s, children.one[i], o);
  for (const struct expr *m = children.list; m != NULL; m = m->next) write_facts(s, m, o);
}

// A case gives facts; of what is worked out from them, those.
static void report_other_kind(struct sema *s, const struct symbol *symbol, struct word name,
                              const char *wanted) {
  struct diag *d = diag_report(s->diags, DIAG_OTHER_KIND, name.span, name.text,
                               kind_words(symbol->kind), wanted);
  struct out facts = {.arena = s->arena};
  if (strcmp(wanted, "fact") != 0) return;
  if (symbol->kind == KIND_DERIVED_VALUE)
    write_facts(s, ((const struct derived_node *)symbol->decl)->expr, &facts);
  else if (symbol->kind == KIND_DERIVED_ENUM)
    diag_help(s->diags, d, "give the fact that it asks for: `%w`",
              ((const struct cell_node *)symbol->decl)->cell.derive->asks.text);
  if (facts.length > 0)
    diag_help(s->diags, d, "give what it is worked out from: %s", out_string(&facts));
}

struct diag *report_unknown_name(struct sema *s, const struct scope *scope, struct word name,
                                 const char *wanted) {
  const struct fact_decl *list = list_before_dot(s, name.text);
  if (list != NULL) {
    struct diag *d = diag_report(s->diags, DIAG_FIELD_OUTSIDE, name.span, name.text, list->name);
    diag_help(s->diags, d, "write `some record of %w has ...` and name the field alone",
              list->name);
    return d;
  }
  const struct symbol *symbol = names_find(&s->names, name.text);
  if (symbol != NULL) report_other_kind(s, symbol, name, wanted);
  if (symbol != NULL || is_decision(s, name) || sema_vocabulary_missing(s)) return NULL;
  struct diag *d = diag_report(s->diags, DIAG_UNKNOWN_NAME, name.span, wanted, name.text);
  if (d == NULL || help_state_word(s, d, name.text) || sema_help_vocabulary(s, d)) return d;
  struct suggestion near = suggest_for(name.text);
  for (uint32_t i = 0; i < s->names.all.count; i++)
    suggest_offer(&near, (*VEC_AT(s->names.all, struct symbol *, i))->name);
  for (uint32_t i = 0; scope != NULL && scope->rows != NULL && i < scope->rows->field_count; i++)
    suggest_offer(&near, scope->rows->fields[i]->field);
  diag_suggest(s->diags, d, &near);
  if (near.best.length == 0 && strcmp(wanted, "set") != 0)
    diag_help(s->diags, d, "docs/vocabulary.md lists the facts of the standard vocabulary");
  return d;
}

const struct fact_decl *expr_fact(const struct expr *e) {
  return e->kind == EXPR_NAME && e->decl_kind == KIND_FACT ? e->decl : NULL;
}

const struct cell *expr_mask_cell(const struct expr *e) {
  return e->kind == EXPR_NAME && e->decl_kind == KIND_DERIVED_ENUM ? e->decl : NULL;
}

bool expr_constant(const struct expr *e, int64_t *value) {
  if (e->kind == EXPR_LITERAL) *value = e->value;
  if (e->kind == EXPR_LITERAL) return true;
  if (e->kind != EXPR_NAME || e->decl_kind != KIND_CONSTANT) return false;
  *value = ((const struct constant_decl *)e->decl)->value;
  return true;
}

// A literal, or a name that stands for nothing by itself and so may be a value of the other side's enumeration.
bool expr_is_bare(struct sema *s, const struct scope *scope, const struct expr *e) {
  if (e->kind == EXPR_LITERAL) return true;
  if (e->kind != EXPR_NAME || e->as.name.if_given || e->as.name.own) return false;
  if (scope->rows != NULL && fact_field(scope->rows, e->as.name.name.text) != NULL) return false;
  return names_find(&s->names, e->as.name.name.text) == NULL;
}

// ------------------------------------------------------------------ truths by name

static void not_a_condition(struct sema *s, struct expr *e, const struct type *type) {
  e->type = &type_poison;
  if (type != NULL && type_is_poison(type)) return;
  diag_report(s->diags, DIAG_NOT_A_CONDITION, e->span, source_of(s, e->span),
              type_words(s->arena, type));
}

static void check_truth_name(struct sema *s, struct scope *scope, struct expr *e) {
  const struct type *type = check_operand_or_criterion(s, scope, e);
  if (e->decl_kind == KIND_CRITERION || type_is_poison(type)) return;
  bool holds = e->decl_kind == KIND_FACT ||
               e->decl_kind == KIND_CONSTANT; // a constant: a switch of the policy
  if (!holds || type->base != SOC_BOOL) not_a_condition(s, e, type);
  e->type = NULL;
}

// ------------------------------------------------------------------ comparisons

static const char *const relation_words[] = {"=", "differs from", "<", "<=", ">", ">="};

static bool is_unequal_relation(enum rel_kind rel) {
  return rel != REL_EQ && rel != REL_NE;
}

// The side whose type is known by itself is looked at first; the other is then read as a value of that type.
static bool check_sides(struct sema *s, struct scope *scope, struct expr *left,
                        struct expr *right) {
  bool swap = expr_is_bare(s, scope, left) && !expr_is_bare(s, scope, right);
  struct expr *first = swap ? right : left, *second = swap ? left : right;
  const struct type *type = check_operand(s, scope, first);
  if (type_is_poison(type)) {
    // The other side is looked at for its own sake unless its meaning hangs on the first.
    if (!expr_is_bare(s, scope, second)) check_operand(s, scope, second);
    return false;
  }
  return check_against(s, scope, second, type, expr_fact(first));
}

static bool check_relation(struct sema *s, const struct expr *e, const struct type *type) {
  enum rel_kind rel = e->as.compare.rel;
  if (type_is_list(type)) {
    diag_report(s->diags, DIAG_LIST_COMPARED, e->span, source_of(s, e->as.compare.left->span));
    return false;
  }
  if (e->as.compare.date_words && type->base != SOC_DATE) {
    diag_report(s->diags, DIAG_DATE_WORDS, e->span, source_of(s, e->as.compare.left->span),
                type_words(s->arena, type));
    return false;
  }
  if (is_unequal_relation(rel) && !type_is_ordered(type)) {
    diag_report(s->diags, DIAG_NOT_ORDERED, e->span, relation_words[rel],
                source_of(s, e->as.compare.left->span), type_words(s->arena, type));
    return false;
  }
  return true;
}

// Can the two facts be the same, both being of this type?
static bool pairs(const struct type *type, const struct fact_decl *a, const struct fact_decl *b) {
  if (a == NULL || b == NULL) return false;
  if (type->base == SOC_CODE)
    return a->min_length <= b->max_length && b->min_length <= a->max_length;
  return type->base == SOC_TEXT || type->base == SOC_ENUM;
}

static const char *side_words(const struct expr *left, const struct expr *right) {
  bool a = expr_fact(left) != NULL, b = expr_fact(right) != NULL;
  if (a) return b ? "both facts" : "a fact and a derived value";
  return b ? "a derived value and a fact" : "both derived values";
}

// Values that are not ordered are compared with what is written, or two facts are the same or not.
static bool check_constant_side(struct sema *s, const struct expr *e, const struct type *type) {
  int64_t value;
  if (type_is_ordered(type)) return true;
  if (expr_constant(e->as.compare.left, &value) || expr_constant(e->as.compare.right, &value))
    return true;
  if (pairs(type, expr_fact(e->as.compare.left), expr_fact(e->as.compare.right))) return true;
  diag_report(s->diags, DIAG_TWO_FACTS, e->span, source_of(s, e->as.compare.left->span),
              source_of(s, e->as.compare.right->span),
              side_words(e->as.compare.left, e->as.compare.right), type_words(s->arena, type));
  return false;
}

// What a comparison of anything in [lo, hi] with `value` says: 1 always met, -1 never, 0 it depends.
static int foregone(enum rel_kind rel, int64_t lo, int64_t hi, int64_t value) {
  switch (rel) {
  case REL_EQ: return value < lo || value > hi ? -1 : 0;
  case REL_NE: return value < lo || value > hi ? 1 : 0;
  case REL_LT: return hi < value ? 1 : lo >= value ? -1 : 0;
  case REL_LE: return hi <= value ? 1 : lo > value ? -1 : 0;
  case REL_GT: return lo > value ? 1 : hi <= value ? -1 : 0;
  case REL_GE: return lo >= value ? 1 : hi < value ? -1 : 0;
  }
  return 0;
}

enum rel_kind rel_mirrored(enum rel_kind rel) {
  static const enum rel_kind mirrored[] = {REL_EQ, REL_NE, REL_GT, REL_GE, REL_LT, REL_LE};
  return mirrored[rel];
}

static void warn_foregone(struct sema *s, const struct expr *e) {
  const struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  enum rel_kind rel = e->as.compare.rel;
  const struct fact_decl *fact = expr_fact(left);
  int64_t value, other;
  if (expr_constant(left, &other) && expr_constant(right, &value)) {
    diag_report(s->diags, DIAG_CONSTANT_COMPARISON, e->span);
    return;
  }
  if (fact == NULL) {
    fact = expr_fact(right);
    rel = rel_mirrored(rel);
    right = left;
  }
  if (fact == NULL || fact->type.base != SOC_NUMBER || !expr_constant(right, &value)) return;
  int outcome = foregone(rel, fact->minimum, fact->maximum, value);
  if (outcome == 0 && fact->type.whole && !number_is_whole(value))
    outcome = rel == REL_EQ ? -1 : rel == REL_NE ? 1 : 0;
  if (outcome != 0)
    diag_report(s->diags, outcome > 0 ? DIAG_ALWAYS_MET : DIAG_NEVER_MET, e->span, fact->name);
}

static void check_compare(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *left = e->as.compare.left, *right = e->as.compare.right;
  if (!check_sides(s, scope, left, right)) return;
  const struct type *lt = left->type, *rt = right->type;
  if (!type_equal(lt, rt)) {
    report_mismatch(s, left, lt, right, rt, e->span);
    return;
  }
  if (!check_relation(s, e, lt) || !check_constant_side(s, e, lt)) return;
  warn_foregone(s, e);
}

// ------------------------------------------------------------------ membership

// `read`: what is looked up. A date that is a field is read at the row of what is looked up.
static bool check_as_of(struct sema *s, struct scope *scope, struct expr *e,
                        const struct expr *read, struct word *as_of) {
  bool dated = e->set != NULL && e->set->dated;
  struct scope row = *scope;
  if (read->as.name.own) row.rows = scope->outer;
  if (as_of != NULL) {
    const struct fact_decl *fact;
    struct symbol *symbol = scope_find(s, &row, *as_of, &fact);
    if (fact == NULL && symbol != NULL && symbol->kind == KIND_FACT) fact = symbol->decl;
    if (fact == NULL && symbol == NULL) {
      report_unknown_name(s, scope, *as_of, "fact");
      return false;
    }
    if (fact == NULL || fact->type.base != SOC_DATE) {
      diag_report(s->diags, DIAG_AS_OF_DATE, as_of->span, as_of->text);
      return false;
    }
    if (dated) e->as_of = fact;
    return true;
  }
  if (!dated) return true;
  e->as_of = sema_date_of_row(s, ((const struct fact_decl *)read->decl)->list);
  if (e->as_of != NULL) return true;
  diag_report(s->diags, DIAG_NO_AS_OF, e->span);
  return false;
}

static void check_mask(struct sema *s, struct expr *e, const struct literal *values,
                       const struct type *type) {
  uint64_t mask;
  if (!literal_mask(s, values, type->values, &mask)) return;
  e->value = (int64_t)mask;
  uint64_t all = type->values->count == 64 ? UINT64_MAX : (UINT64_C(1) << type->values->count) - 1;
  if (mask == all) diag_report(s->diags, DIAG_EVERY_VALUE, e->span, type->values->name);
}

static void check_in(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *operand = e->as.in.operand;
  const struct type *type = check_operand(s, scope, operand);
  if (type_is_poison(type)) return;
  const struct fact_decl *fact = expr_fact(operand);
  bool named = fact != NULL || expr_mask_cell(operand) != NULL;
  if (type_is_list(type)) {
    struct diag *d =
        diag_report(s->diags, DIAG_LIST_IN, operand->span, source_of(s, operand->span));
    diag_help(s->diags, d, "write `%w includes any of ...` or `includes only ...`",
              source_of(s, operand->span));
  } else if (!named ||
             (type->base != SOC_ENUM && type->base != SOC_CODE && type->base != SOC_TEXT)) {
    diag_report(s->diags, DIAG_IN_OPERAND, operand->span, source_of(s, operand->span),
                type_words(s->arena, type));
  } else if (type->base == SOC_ENUM) {
    check_mask(s, e, e->as.in.set, type);
    if (e->as.in.as_of != NULL) diag_report(s->diags, DIAG_AS_OF_VALUES, e->as.in.as_of->span);
  } else {
    e->set = sema_set_in_place(s, e->as.in.set, type->base == SOC_TEXT);
    if (e->set == NULL || !set_fits_fact(s, e->set, fact, e->span)) return;
    check_as_of(s, scope, e, operand, e->as.in.as_of);
  }
}

// `includes all of` asks for each member by itself, so they must be single and undated.
static void check_all_of(struct sema *s, const struct expr *e) {
  for (uint32_t i = 0; i < e->set->count; i++) {
    const struct set_range *r = &e->set->ranges[i];
    if (r->lo == r->hi && !e->set->dated) continue;
    diag_report(s->diags, DIAG_ALL_OF_RANGES, e->span);
    return;
  }
}

static void check_includes(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *list = e->as.includes.list;
  const struct type *type = check_operand(s, scope, list);
  if (type_is_poison(type)) return;
  const struct fact_decl *fact = expr_fact(list);
  if (fact == NULL || !type_is_list(type)) {
    diag_report(s->diags, DIAG_INCLUDES_OPERAND, list->span, source_of(s, list->span),
                type_words(s->arena, type));
  } else if (type->base == SOC_RECORDS) {
    struct diag *d = diag_report(s->diags, DIAG_INCLUDES_RECORDS, list->span, fact->name);
    diag_help(s->diags, d, "write `some record of %w has ...`", fact->name);
  } else if (type->base == SOC_ENUM_LIST) {
    check_mask(s, e, e->as.includes.set, type);
    if (e->as.includes.as_of != NULL)
      diag_report(s->diags, DIAG_AS_OF_VALUES, e->as.includes.as_of->span);
  } else {
    e->set = sema_set_in_place(s, e->as.includes.set, false);
    if (e->set == NULL || !set_fits_fact(s, e->set, fact, e->span)) return;
    if (check_as_of(s, scope, e, list, e->as.includes.as_of) && e->as.includes.mode == INCLUDE_ALL)
      check_all_of(s, e);
  }
}

// ------------------------------------------------------------------ none, empty, left out

static void check_is_none(struct sema *s, const struct expr *e, const struct fact_decl *fact) {
  uint32_t value;
  if (fact->nullable || fact->left_out == SOC_LEFT_OUT_NONE) return;
  struct diag *d = diag_report(s->diags, DIAG_NEVER_NONE, e->span, fact->name);
  if (type_is_list(&fact->type))
    diag_help(s->diags, d, "a list is empty rather than none: write `is empty`");
  else if (fact->type.base == SOC_ENUM &&
           enum_find(fact->type.values, (struct str){"none", 4}, &value))
    diag_help(s->diags, d, "`none` is one of its values: write `%w = none`", fact->name);
}

static void check_state(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *operand = e->as.state.operand;
  const struct type *type = check_operand(s, scope, operand);
  const struct fact_decl *fact = expr_fact(operand);
  if (type_is_poison(type)) return;
  if (fact == NULL) {
    diag_report(s->diags, DIAG_STATE_OPERAND, operand->span, source_of(s, operand->span));
    return;
  }
  if (operand->as.name.if_given && e->as.state.state != STATE_EMPTY) {
    diag_report(s->diags, DIAG_IF_GIVEN_STATE, e->span);
    return;
  }
  switch (e->as.state.state) {
  case STATE_NONE: check_is_none(s, e, fact); break;
  case STATE_EMPTY:
    if (!type_is_list(type))
      diag_report(s->diags, DIAG_NEVER_EMPTY, e->span, fact->name, type_words(s->arena, type));
    break;
  case STATE_LEFT_OUT:
    if (fact->left_out == SOC_LEFT_OUT_REQUIRED)
      diag_report(s->diags, DIAG_NEVER_LEFT_OUT, e->span, fact->name);
    break;
  }
}

// ------------------------------------------------------------------ windows of days

static bool check_date_side(struct sema *s, struct scope *scope, struct expr *e) {
  const struct type *type = check_operand(s, scope, e);
  if (type_is_poison(type)) return false;
  if (type->base == SOC_DATE) return true;
  diag_report(s->diags, DIAG_DATE_WANTED, e->span, source_of(s, e->span),
              type_words(s->arena, type));
  return false;
}

static void check_window(struct sema *s, struct scope *scope, struct expr *e) {
  struct expr *length = e->as.window.length;
  int64_t value = 0;
  (void)check_date_side(s, scope, e->as.window.date); // both are told what is wrong with them
  (void)check_date_side(s, scope, e->as.window.start);
  const struct type *type = check_operand(s, scope, length);
  if (type_is_poison(type)) return;
  if (type->base != SOC_NUMBER || type->unit != SOC_DAYS) {
    struct diag *d = diag_report(s->diags, DIAG_WINDOW_DAYS, length->span,
                                 source_of(s, length->span), type_words(s->arena, type));
    if (type->base == SOC_NUMBER && type->unit == SOC_UNIT_NONE)
      diag_help(s->diags, d, "write the unit where the number stands: `60 days`");
  } else if (!expr_constant(length, &value)) {
    diag_report(s->diags, DIAG_WINDOW_CONSTANT, length->span);
  } else if (!number_is_whole(value) || (value == 0 && e->kind == EXPR_FIRST)) {
    diag_report(s->diags, DIAG_WINDOW_LENGTH, length->span);
  }
}

// ------------------------------------------------------------------ records

static const struct fact_decl *named_list(struct sema *s, const struct scope *scope,
                                          const struct expr *e) {
  struct word name = e->as.rows->list;
  struct symbol *symbol = names_find(&s->names, name.text);
  const struct fact_decl *list = symbol != NULL && symbol->kind == KIND_FACT ? symbol->decl : NULL;
  if (symbol == NULL) {
    report_unknown_name(s, scope, name, "list");
    return NULL;
  }
  symbol->used = true;
  if (list == NULL || list->type.base != SOC_RECORDS) {
    diag_report(s->diags, DIAG_NOT_RECORDS, name.span, name.text);
    return NULL;
  }
  if (scope->loop) {
    diag_report(s->diags, DIAG_ROWS_NESTED, e->span);
    return NULL;
  }
  return list;
}

static void check_summand(struct sema *s, struct scope *scope, struct expr *e) {
  const struct type *type = check_operand(s, scope, e);
  if (type_is_poison(type) || (type->base == SOC_NUMBER && is_amount(e))) return;
  struct str text = source_of(s, e->span);
  if (type->base == SOC_NUMBER) // an unknown one would leave the sum without a lower bound
    diag_report(s->diags, DIAG_NOT_AN_AMOUNT, e->span, text);
  else
    diag_report(s->diags, DIAG_SUM_OF, e->span, text, type_words(s->arena, type));
  e->type = &type_poison;
}

const struct fact_decl *check_rows(struct sema *s, struct scope *scope, struct expr *e) {
  bool named = e->as.rows->over == OVER_LIST;
  const struct fact_decl *list = named ? named_list(s, scope, e) : sema_lines(s, scope, e);
  if (list == NULL) return NULL;
  e->decl = list;
  e->decl_kind = KIND_FACT;
  struct scope inside = *scope;
  inside.rows = list;
  inside.outer = scope->rows;
  inside.loop = true;
  inside.parts = false;
  if (e->as.rows->kind == ROWS_SUM) check_summand(s, &inside, e->as.rows->value);
  check_truth(s, &inside, e->as.rows->body);
  return list;
}

// ------------------------------------------------------------------ blocks

static void check_member(struct sema *s, struct scope *scope, struct expr *member) {
  if (member->label.text.length > 0 && member->cell == NULL)
    diag_report(s->diags, DIAG_LABEL_IN_ROWS, member->label.span, member->label.text);
  if (member->cell == NULL) {
    check_truth(s, scope, member);
    return;
  }
  struct cell_node *part = node_of(member->cell);
  scope_reads(s, scope, part);
  struct scope inside = *scope;
  inside.cell = part;
  check_truth(s, &inside, member);
}

static void check_block(struct sema *s, struct scope *scope, struct expr *e) {
  uint32_t count = 0;
  for (struct expr *member = e->as.block.first; member != NULL; member = member->next, count++)
    check_member(s, scope, member);
  e->as.block.count = count;
  if (count == 0) {
    diag_report(s->diags, DIAG_BLOCK_EMPTY, e->span);
  } else if (e->as.block.kind == BLOCK_AT_LEAST &&
             (e->as.block.need < 1 || e->as.block.need > count)) {
    diag_report(s->diags, DIAG_AT_LEAST, e->span, e->as.block.need, count);
  } else if (count > SEMA_BLOCK_MEMBERS) {
    diag_report(s->diags, DIAG_BLOCK_TOO_LARGE, e->span, count, (uint32_t)SEMA_BLOCK_MEMBERS);
  }
}

void check_truth(struct sema *s, struct scope *scope, struct expr *e) {
  e->type = NULL;
  switch (e->kind) {
  case EXPR_BLOCK: check_block(s, scope, e); return;
  case EXPR_NOT: check_truth(s, scope, e->as.not_.operand); return;
  case EXPR_NAME: check_truth_name(s, scope, e); return;
  case EXPR_COMPARE: check_compare(s, scope, e); return;
  case EXPR_IN: check_in(s, scope, e); return;
  case EXPR_STATE: check_state(s, scope, e); return;
  case EXPR_INCLUDES: check_includes(s, scope, e); return;
  case EXPR_FIRST:
  case EXPR_WITHIN: check_window(s, scope, e); return;
  case EXPR_ROWS:
    if (e->as.rows->kind == ROWS_NUMBER || e->as.rows->kind == ROWS_SUM) break;
    check_rows(s, scope, e);
    return;
  case EXPR_LITERAL:
  case EXPR_ARITH:
  case EXPR_QUOTIENT:
  case EXPR_PICK:
  case EXPR_AGE:
  case EXPR_DAYS: break;
  }
  not_a_condition(s, e, check_operand(s, scope, e));
  e->type = NULL;
}
