// SPDX-License-Identifier: Apache-2.0
//
// The second part of the loader: every record of every table but the code. Proves that each index leads into its
// table, each string offset to a string, each group of records to the ones after the group before, that what is
// searched is sorted, and that what is not used is zero. One function checks one kind of record.
#include "vm/check.h"
#include "vm/pack.h"

#define NEED(condition, error, at)           \
  do {                                       \
    if (!(condition)) {                      \
      return vm_refuse(k, VM_E_##error, at); \
    }                                        \
  } while (0)

// Of a section of this format in the table of sections, which begins with them.
static const uint8_t *count_field(const vm_policy *p, enum vm_section_index section) {
  return p->image + SOC_HEADER_BYTES + (size_t)section * SOC_SECTION_ENTRY_BYTES + 4;
}

// ----------------------------------------------------------------------------------------- fields

enum field_kind { NAME, OPTIONAL_NAME, WORDS, ZEROS };

// What stands at the same place of each record of a section: so many string offsets, or bytes that must be zero.
typedef struct field {
  uint8_t section, kind, at, count;
} field;

static const field fields[] = {
    {VM_POLICY, NAME, 0, 2},          {VM_POLICY, ZEROS, 14, 2},    {VM_POLICY, ZEROS, 52, 4},
    {VM_ENUMS, OPTIONAL_NAME, 0, 1},  {VM_ENUM_VALUES, NAME, 0, 1}, {VM_FACTS, NAME, 0, 1},
    {VM_FACTS, ZEROS, 14, 2},         {VM_FACTS, ZEROS, 46, 10},    {VM_SETS, OPTIONAL_NAME, 0, 1},
    {VM_SETS, ZEROS, 6, 2},           {VM_TEXTS, NAME, 0, 1},       {VM_CELLS, OPTIONAL_NAME, 0, 1},
    {VM_DECISIONS, NAME, 0, 1},       {VM_DECISIONS, ZEROS, 6, 2},  {VM_DECISIONS, ZEROS, 18, 6},
    {VM_RULES, NAME, 0, 1},           {VM_RULES, ZEROS, 6, 2},      {VM_RULES, OPTIONAL_NAME, 8, 1},
    {VM_RULES, OPTIONAL_NAME, 24, 1}, {VM_RULES, ZEROS, 76, 4},     {VM_EXTRAS, NAME, 0, 1},
    {VM_ABOUT, WORDS, 0, 3},          {VM_ABOUT, ZEROS, 16, 8},     {VM_CELL_WORDS, WORDS, 0, 2},
    {VM_RULE_WORDS, WORDS, 0, 2},     {VM_SOURCES, WORDS, 0, 1},    {VM_SOURCES, ZEROS, 4, 4},
    {VM_GIVEN_USES, ZEROS, 3, 1},     {VM_GIVEN_USES, WORDS, 4, 1}, {VM_TABLES, WORDS, 0, 3},
};

// Does the offset lead to a string, or may it and does it lead to none?
static bool check_string(vm_check *k, enum field_kind kind, const uint8_t *at) {
  const vm_section *s = &k->policy->section[kind == WORDS ? VM_WORDING : VM_NAMES];
  uint32_t offset = vm_u32(at);
  NEED((kind != NAME && offset == SOC_NONE32) ||
           (offset < s->count && (offset == 0 || s->bytes[offset - 1] == 0)),
       STRING, at);
  return true;
}

static bool check_field(vm_check *k, const field *f, const uint8_t *at) {
  if (f->kind == ZEROS) {
    return vm_check_zero(k, VM_E_RESERVED, at, f->count);
  }
  for (uint32_t i = 0; i < f->count; i++) {
    if (!check_string(k, (enum field_kind)f->kind, at + (size_t)4 * i)) {
      return false;
    }
  }
  return true;
}

static bool check_fields(vm_check *k) {
  for (const field *f = fields; f < fields + sizeof fields / sizeof *fields; f++) {
    const vm_section *s = &k->policy->section[f->section];
    for (uint32_t i = 0; i < s->count; i++) {
      if (!check_field(k, f,
                       s->bytes + (size_t)i * vm_section_shapes[f->section].record_bytes + f->at)) {
        return false;
      }
    }
  }
  return true;
}

// ------------------------------------------------------------------------------------------ policy

// A group of records must begin where the group before ended.
static bool follows(uint32_t first, uint32_t count, uint32_t *end, uint32_t total) {
  if (first != *end || count > total - first) {
    return false;
  }
  *end = first + count;
  return true;
}

// Of a type that is known to be one.
static bool is_type(uint8_t type, uint32_t types) {
  return ((UINT32_C(1) << type) & types) != 0;
}
#define TYPE(t) (UINT32_C(1) << SOC_##t)
#define LISTS (TYPE(CODE_LIST) | TYPE(ENUM_LIST) | TYPE(RECORDS))

static bool is_day(int32_t day) {
  return day >= 0 && day <= SOC_DAY_MAX;
}

static bool check_policy(vm_check *k) {
  const vm_policy *p = k->policy;
  NEED(VM_COUNT(p, POLICY) == 1, POLICY_COUNT, count_field(p, VM_POLICY));
  NEED(VM_COUNT(p, ABOUT) == 1, POLICY_COUNT, count_field(p, VM_ABOUT));
  const uint8_t *r = VM_AT(p, POLICY, 0);
  NEED(is_day(vm_i32(r + 8)), POLICY_DAY, r + 8);
  const uint8_t *about = VM_AT(p, ABOUT, 0);
  NEED(vm_i32(about + 12) == INT32_MIN || is_day(vm_i32(about + 12)), POLICY_DAY, about + 12);
  uint16_t basis = vm_u16(r + 12);
  if (basis != SOC_NONE16) {
    NEED(basis < VM_COUNT(p, FACTS), POLICY_BASIS, r + 12);
    vm_fact fact = vm_fact_at(p, basis);
    // An assumed one would be the first day of windows which nobody has stated.
    NEED(fact.type == SOC_DATE && fact.list == SOC_NONE16 &&
             fact.left_out == SOC_LEFT_OUT_UNKNOWN && !(fact.flags & SOC_FACT_NULLABLE),
         POLICY_BASIS, r + 12);
  }
  return true;
}

static bool check_enums(vm_check *k) {
  const vm_policy *p = k->policy;
  uint32_t end = 0;
  for (uint32_t i = 0; i < VM_COUNT(p, ENUMS); i++) {
    const uint8_t *r = VM_AT(p, ENUMS, i);
    vm_enum e = vm_enum_at(p, i);
    NEED(e.count >= 1 && e.count <= 64 && follows(e.first, e.count, &end, VM_COUNT(p, ENUM_VALUES)),
         ENUM_VALUES, r + 4);
  }
  NEED(end == VM_COUNT(p, ENUM_VALUES), ENUM_VALUES, VM_AT(p, ENUM_VALUES, end));
  return true;
}

// ------------------------------------------------------------------------------------------ facts

static bool range_fits(const vm_fact *f) {
  switch (f->type) {
  case SOC_NUMBER:
    return f->minimum >= -SOC_NUMBER_MAX && f->maximum <= SOC_NUMBER_MAX &&
           f->minimum <= f->maximum;
  case SOC_DATE: return f->minimum >= 0 && f->maximum <= SOC_DAY_MAX && f->minimum <= f->maximum;
  default: return f->minimum == 0 && f->maximum == 0;
  }
}

static bool code_length_fits(const vm_fact *f) {
  if (is_type(f->type, TYPE(CODE) | TYPE(CODE_LIST))) {
    return f->min_length >= 1 && f->min_length <= f->max_length && f->max_length <= SOC_CODE_MAX;
  }
  return f->min_length == 0 && f->max_length == 0;
}

// A derived enumeration may end in an assumption; -1: it does not.
static bool derived_fits(const vm_policy *p, const vm_fact *f) {
  return f->assumed >= -1 && f->assumed < vm_enum_at(p, f->enumeration).count;
}

static bool assumed_fits(const vm_policy *p, const vm_fact *f) {
  if (f->left_out == SOC_LEFT_OUT_DERIVED) {
    return derived_fits(p, f);
  }
  if (f->left_out != SOC_LEFT_OUT_ASSUMED) {
    return f->assumed == 0;
  }
  switch (f->type) {
  case SOC_BOOL: return f->assumed == 0 || f->assumed == 1;
  case SOC_ENUM: return f->assumed >= 0 && f->assumed < vm_enum_at(p, f->enumeration).count;
  case SOC_CODE: return soc_code_valid((uint64_t)f->assumed);
  case SOC_TEXT: return f->assumed >= 0 && f->assumed < VM_COUNT(p, TEXTS);
  default: return f->assumed >= f->minimum && f->assumed <= f->maximum;
  }
}

static bool left_out_fits(const vm_fact *f) {
  switch (f->left_out) {
  case SOC_LEFT_OUT_UNKNOWN:
  case SOC_LEFT_OUT_REQUIRED: return true;
  case SOC_LEFT_OUT_EMPTY: return is_type(f->type, LISTS);
  case SOC_LEFT_OUT_NONE: return !is_type(f->type, LISTS);
  case SOC_LEFT_OUT_ASSUMED:
  case SOC_LEFT_OUT_OTHER_FACT: return !is_type(f->type, LISTS | TYPE(LINE));
  case SOC_LEFT_OUT_DERIVED: return f->type == SOC_ENUM;
  default: return false;
  }
}

static bool other_fits(const vm_policy *p, const vm_fact *f) {
  if (f->left_out != SOC_LEFT_OUT_OTHER_FACT) {
    return f->other == SOC_NONE16;
  }
  if (f->other >= VM_COUNT(p, FACTS)) {
    return false;
  }
  vm_fact other = vm_fact_at(p, f->other);
  return other.type == f->type && other.enumeration == f->enumeration && other.unit == f->unit &&
         other.left_out != SOC_LEFT_OUT_OTHER_FACT &&
         (other.list == SOC_NONE16 || other.list == f->list);
}

static bool list_fits(const vm_policy *p, const vm_fact *f) {
  if (f->list == SOC_NONE16) {
    return f->type != SOC_LINE; // which names a row of its own list
  }
  return f->list < VM_COUNT(p, FACTS) && VM_AT(p, FACTS, f->list)[4] == SOC_RECORDS &&
         f->type != SOC_RECORDS;
}

static bool flags_fit(const vm_fact *f) {
  uint8_t allowed = f->type == SOC_NUMBER ? SOC_FACT_NULLABLE | SOC_FACT_WHOLE : SOC_FACT_NULLABLE;
  if (is_type(f->type, LISTS)) {
    allowed = 0;
  }
  return (f->flags & ~allowed) == 0;
}

static bool check_fact(vm_check *k, uint32_t index) {
  const vm_policy *p = k->policy;
  const uint8_t *r = VM_AT(p, FACTS, index);
  vm_fact f = vm_fact_at(p, index);
  NEED(f.type >= SOC_BOOL && f.type <= SOC_LINE, FACT_TYPE, r + 4);
  NEED(f.unit <= (f.type == SOC_NUMBER ? SOC_CODE_UNITS : SOC_UNIT_NONE), FACT_UNIT, r + 5);
  NEED(flags_fit(&f), FACT_FLAGS, r + 6);
  NEED(left_out_fits(&f), FACT_LEFT_OUT, r + 7);
  bool with_enum = is_type(f.type, TYPE(ENUM) | TYPE(ENUM_LIST));
  NEED(with_enum ? f.enumeration < VM_COUNT(p, ENUMS) : f.enumeration == SOC_NONE16, FACT_ENUM,
       r + 8);
  NEED(list_fits(p, &f), FACT_LIST, r + 10);
  NEED(other_fits(p, &f), FACT_OTHER, r + 12);
  NEED(range_fits(&f), FACT_RANGE, r + 16);
  NEED(assumed_fits(p, &f), FACT_ASSUMED, r + 32);
  NEED(code_length_fits(&f), FACT_CODE_LENGTH, r + 44);
  return true;
}

static bool check_facts(vm_check *k) {
  const vm_policy *p = k->policy;
  NEED(VM_COUNT(p, FACTS) < SOC_NONE16, FACT_COUNT, count_field(p, VM_FACTS));
  for (uint32_t i = 0; i < VM_COUNT(p, FACTS); i++) {
    if (!check_fact(k, i)) {
      return false;
    }
  }
  return true;
}

// ------------------------------------------------------------------- constants, texts, sets, maps

static bool check_constants(vm_check *k) {
  const vm_policy *p = k->policy;
  for (uint32_t i = 1; i < VM_COUNT(p, CONSTANTS); i++) {
    NEED(vm_constant_at(p, i - 1) < vm_constant_at(p, i), CONSTANT_ORDER, VM_AT(p, CONSTANTS, i));
  }
  return true;
}

static bool check_texts(vm_check *k) {
  const vm_policy *p = k->policy;
  soc_text before = {"", 0};
  for (uint32_t i = 0; i < VM_COUNT(p, TEXTS); i++) {
    const uint8_t *r = VM_AT(p, TEXTS, i);
    soc_text text = vm_name(p, vm_u32(r));
    NEED(i == 0 || vm_compare_texts(before, text) < 0, TEXT_ORDER, r);
    NEED(soc_text_compare(text.data, text.length, text.data, text.length) == 0, TEXT_FOLD, r);
    before = text;
  }
  return true;
}

// One range of a set against the one before it (NULL: the first of its set).
static bool check_set_range(vm_check *k, const vm_set *set, const uint8_t *before,
                            const uint8_t *r) {
  uint64_t lo = vm_u64(r), hi = vm_u64(r + 8);
  int32_t in = vm_i32(r + 16), out = vm_i32(r + 20);
  NEED(lo <= hi, RANGE_BOUNDS, r);
  NEED(set->kind == 0 || (lo == hi && hi < VM_COUNT(k->policy, TEXTS)), RANGE_BOUNDS, r);
  NEED(in < out, RANGE_DAYS, r + 16);
  NEED(in == INT32_MIN || is_day(in), RANGE_DAYS, r + 16);
  NEED(out == INT32_MAX || is_day(out), RANGE_DAYS, r + 20);
  if (before) {
    bool same = vm_u64(before) == lo && vm_u64(before + 8) == hi;
    NEED(same ? vm_i32(before + 20) <= in : vm_u64(before + 8) < lo, RANGE_ORDER, r);
  }
  return true;
}

static bool is_dated(const uint8_t *r) {
  return vm_i32(r + 16) != INT32_MIN || vm_i32(r + 20) != INT32_MAX;
}

static bool check_set(vm_check *k, uint32_t index, uint32_t *end) {
  const vm_policy *p = k->policy;
  const uint8_t *r = VM_AT(p, SETS, index);
  vm_set set = vm_set_at(p, index);
  NEED(set.kind <= 1, SET_KIND, r + 4);
  NEED(follows(set.first, set.count, end, VM_COUNT(p, SET_RANGES)), SET_RANGES, r + 8);
  bool dated = false;
  for (uint32_t i = 0; i < set.count; i++) {
    const uint8_t *range = VM_AT(p, SET_RANGES, set.first + i);
    if (!check_set_range(k, &set, i == 0 ? NULL : range - VM_SET_RANGES_BYTES, range)) {
      return false;
    }
    dated = dated || is_dated(range);
  }
  NEED(set.flags == (dated ? SOC_SET_DATED : 0), SET_FLAGS, r + 5);
  return true;
}

static bool check_sets(vm_check *k) {
  const vm_policy *p = k->policy;
  uint32_t end = 0;
  for (uint32_t i = 0; i < VM_COUNT(p, SETS); i++) {
    if (!check_set(k, i, &end)) {
      return false;
    }
  }
  NEED(end == VM_COUNT(p, SET_RANGES), SET_RANGES, VM_AT(p, SET_RANGES, end));
  return true;
}

static bool check_maps(vm_check *k) {
  const vm_policy *p = k->policy;
  uint32_t end = 0;
  for (uint32_t i = 0; i < VM_COUNT(p, MAPS); i++) {
    vm_map map = vm_map_at(p, i);
    NEED(follows(map.first, map.count, &end, VM_COUNT(p, MAP_RANGES)), MAP_RANGES,
         VM_AT(p, MAPS, i));
    NEED(map.other != 0, RANGE_BOUNDS, VM_AT(p, MAPS, i) + 8);
    for (uint32_t j = map.first; j < end; j++) {
      const uint8_t *r = VM_AT(p, MAP_RANGES, j);
      NEED(vm_u64(r) <= vm_u64(r + 8) && vm_u64(r + 16) != 0, RANGE_BOUNDS, r);
      NEED(j == map.first || vm_u64(r - VM_MAP_RANGES_BYTES + 8) < vm_u64(r), RANGE_ORDER, r);
    }
  }
  NEED(end == VM_COUNT(p, MAP_RANGES), MAP_RANGES, VM_AT(p, MAP_RANGES, end));
  return true;
}

// ------------------------------------------------------------------------------- cells, decisions

static bool asks_fit(const vm_policy *p, const vm_cell *cell) {
  if (cell->kind != SOC_CELL_MASK) {
    return cell->asks == SOC_NONE16;
  }
  if (cell->asks >= VM_COUNT(p, FACTS)) {
    return false;
  }
  vm_fact fact = vm_fact_at(p, cell->asks);
  return fact.type == SOC_ENUM && fact.enumeration == cell->enumeration && fact.list == cell->list;
}

static bool is_optional_list(const vm_policy *p, uint16_t list) {
  return list == SOC_NONE16 ||
         (list < VM_COUNT(p, FACTS) && VM_AT(p, FACTS, list)[4] == SOC_RECORDS);
}

static bool check_cell(vm_check *k, uint32_t index, uint32_t *end) {
  const vm_policy *p = k->policy;
  const uint8_t *r = VM_AT(p, CELLS, index);
  vm_cell cell = vm_cell_at(p, index);
  static const uint8_t allowed[] = {
      [SOC_CELL_TRUTH] = SOC_CELL_RULE, [SOC_CELL_MASK] = 0, [SOC_CELL_VALUE] = SOC_CELL_DATE};
  bool mask = cell.kind == SOC_CELL_MASK;
  NEED(cell.kind <= SOC_CELL_VALUE, CELL_KIND, r + 4);
  NEED((cell.flags & ~allowed[cell.kind]) == 0, CELL_FLAGS, r + 5);
  NEED(is_optional_list(p, cell.list), CELL_LIST, r + 18);
  NEED(mask ? cell.enumeration < VM_COUNT(p, ENUMS) : cell.enumeration == SOC_NONE16, CELL_ENUM,
       r + 16);
  NEED(asks_fit(p, &cell), CELL_ASKS, r + 6);
  NEED(cell.count > 0 && follows(cell.first, cell.count, end, VM_COUNT(p, CODE)), CODE_SPAN, r + 8);
  NEED(cell.parent == SOC_NONE32 || (cell.parent > index && cell.parent < VM_COUNT(p, CELLS)),
       CELL_PARENT, r + 20);
  return true;
}

static bool check_cells(vm_check *k, uint32_t *code_end) {
  const vm_policy *p = k->policy;
  NEED(VM_COUNT(p, CELLS) <= SOC_MAX_CELLS, CELL_COUNT, count_field(p, VM_CELLS));
  bool fits = VM_COUNT(p, CODE) <= SOC_MAX_INSTRUCTIONS;
  NEED(fits, CODE_SPAN, count_field(p, VM_CODE)); // NEVER: more would be two gigabytes
  for (uint32_t i = 0; i < VM_COUNT(p, CELLS); i++) {
    if (!check_cell(k, i, code_end)) {
      return false;
    }
  }
  return true;
}

static bool check_decision(vm_check *k, uint32_t index, uint32_t *end) {
  const vm_policy *p = k->policy;
  const uint8_t *r = VM_AT(p, DECISIONS, index);
  vm_decision d = vm_decision_at(p, index);
  NEED(d.kind <= 1, DECISION_KIND, r + 4);
  NEED(d.flags <= (SOC_DECISION_LONGEST | SOC_DECISION_EVERY_MATCH), DECISION_FLAGS, r + 5);
  NEED(is_optional_list(p, d.list), DECISION_LIST, r + 16);
  NEED(d.count > 0 && follows(d.first, d.count, end, VM_COUNT(p, RULES)), DECISION_RULES, r + 8);
  return true;
}

// Of the case, or of the decision's own list.
static bool is_in_frame(const vm_policy *p, const vm_decision *d, uint32_t cell) {
  uint16_t list = vm_cell_at(p, cell).list;
  return list == SOC_NONE16 || list == d->list;
}

// A criterion among the cells that the rule says it needs.
static bool is_needed_truth(const vm_policy *p, const vm_decision *d, const vm_rule *rule,
                            uint32_t cell) {
  return cell < rule->needed && vm_cell_at(p, cell).kind == SOC_CELL_TRUTH &&
         is_in_frame(p, d, cell);
}

static bool check_extras(vm_check *k, const vm_decision *d, const vm_rule *rule) {
  const vm_policy *p = k->policy;
  for (uint32_t i = 0; i < rule->extra_count; i++) {
    const uint8_t *r = VM_AT(p, EXTRAS, rule->extra + i);
    vm_extra extra = vm_extra_at(p, rule->extra + i);
    NEED(extra.cell == VM_EXTRA_ALWAYS || is_needed_truth(p, d, rule, extra.cell), RULE_CELL,
         r + 4);
  }
  return true;
}

static bool redirect_fits(const vm_policy *p, const vm_rule *rule) {
  if (rule->redirect == 0) {
    return rule->redirect_enum == SOC_NONE16;
  }
  return rule->redirect_enum < VM_COUNT(p, ENUMS) &&
         (rule->redirect & ~vm_enum_mask(p, rule->redirect_enum)) == 0;
}

// Of the case, and of the redirect's own values.
static bool except_fits(const vm_policy *p, const vm_rule *rule) {
  if (rule->except == 0) {
    return true;
  }
  if (rule->redirect == 0 || rule->except > VM_COUNT(p, FACTS)) {
    return false;
  }
  vm_fact fact = vm_fact_at(p, rule->except - 1u);
  return fact.type == SOC_ENUM_LIST && fact.list == SOC_NONE16 &&
         fact.enumeration == rule->redirect_enum;
}

typedef struct rule_ends {
  uint32_t code, extra;
} rule_ends;

static bool check_window(vm_check *k, const uint8_t *r, uint32_t first, uint32_t count,
                         rule_ends *ends) {
  if (count == 0) {
    NEED(first == 0, CODE_SPAN, r);
    return true;
  }
  NEED(follows(first, count, &ends->code, VM_COUNT(k->policy, CODE)), CODE_SPAN, r);
  return true;
}

static bool check_rule_flags(vm_check *k, const uint8_t *r, const vm_decision *d,
                             const vm_rule *rule) {
  bool approves = rule->determination == SOC_APPROVE;
  NEED(rule->determination < SOC_DETERMINATION_COUNT, RULE_DETERMINATION, r + 4);
  NEED(d->kind == 1 || rule->determination != SOC_DENY, RULE_DETERMINATION, r + 4);
  NEED((rule->flags & ~(SOC_RULE_STOP | (approves ? SOC_RULE_ONE_TIME : 0u))) == 0, RULE_FLAGS,
       r + 5);
  NEED(approves || (rule->from_count == 0 && rule->through_count == 0), RULE_WINDOW, r + 32);
  NEED(d->list != SOC_NONE16 || rule->stands_count == 0, RULE_STANDS, r + 72);
  return true;
}

static bool check_rule_cells(vm_check *k, const uint8_t *r, const vm_decision *d,
                             const vm_rule *rule, bool last) {
  const vm_policy *p = k->policy;
  NEED((rule->cell == SOC_NONE32) == last, DECISION_OTHERWISE, r + 12);
  NEED(rule->needed <= VM_COUNT(p, CELLS), RULE_NEEDED, r + 20);
  NEED(last || rule->cell < rule->needed, RULE_NEEDED, r + 12);
  NEED(last || is_needed_truth(p, d, rule, rule->cell), RULE_CELL, r + 12);
  NEED(rule->criterion == SOC_NONE32 ||
           (rule->criterion < VM_COUNT(p, CELLS) && is_in_frame(p, d, rule->criterion)),
       RULE_CELL, r + 16);
  NEED(rule->open_code == SOC_NONE32 ? rule->open_cell == SOC_NONE32 : !last, RULE_OPEN, r + 24);
  NEED(rule->open_cell == SOC_NONE32 || is_needed_truth(p, d, rule, rule->open_cell), RULE_CELL,
       r + 28);
  return true;
}

static bool check_rule(vm_check *k, const vm_decision *d, uint32_t index, rule_ends *ends) {
  const vm_policy *p = k->policy;
  const uint8_t *r = VM_AT(p, RULES, index);
  vm_rule rule = vm_rule_at(p, index);
  bool last = index == d->first + d->count - 1;
  if (!check_rule_flags(k, r, d, &rule) || !check_rule_cells(k, r, d, &rule, last) ||
      !check_window(k, r + 32, rule.from, rule.from_count, ends) ||
      !check_window(k, r + 40, rule.through, rule.through_count, ends) ||
      !check_window(k, r + 68, rule.stands, rule.stands_count, ends)) {
    return false;
  }
  NEED(redirect_fits(p, &rule), RULE_REDIRECT, r + 48);
  NEED(except_fits(p, &rule), RULE_REDIRECT, r + 66);
  NEED(follows(rule.extra, rule.extra_count, &ends->extra, VM_COUNT(p, EXTRAS)), RULE_EXTRAS,
       r + 56);
  return check_extras(k, d, &rule);
}

static bool check_decisions(vm_check *k, uint32_t code_end) {
  const vm_policy *p = k->policy;
  rule_ends ends = {code_end, 0};
  uint32_t rule = 0;
  for (uint32_t i = 0; i < VM_COUNT(p, DECISIONS); i++) {
    if (!check_decision(k, i, &rule)) {
      return false;
    }
    vm_decision d = vm_decision_at(p, i);
    for (uint32_t j = d.first; j < rule; j++) {
      if (!check_rule(k, &d, j, &ends)) {
        return false;
      }
    }
  }
  NEED(rule == VM_COUNT(p, RULES), DECISION_RULES, VM_AT(p, RULES, rule));
  NEED(ends.code == VM_COUNT(p, CODE), CODE_SPAN, VM_AT(p, CODE, ends.code));
  NEED(ends.extra == VM_COUNT(p, EXTRAS), RULE_EXTRAS, VM_AT(p, EXTRAS, ends.extra));
  return true;
}

// ----------------------------------------------------------------------------------------- words

static bool check_words(vm_check *k, enum vm_section_index section, uint32_t count) {
  const vm_section *s = &k->policy->section[section];
  NEED(s->count == count, WORDS_COUNT, count_field(k->policy, section));
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *r = s->bytes + (size_t)i * VM_CELL_WORDS_BYTES;
    bool placed = vm_u32(r + 8) < VM_COUNT(k->policy, SOURCES) && vm_u32(r + 12) > 0;
    NEED(vm_u32(r + 8) == SOC_NONE32 || placed, SOURCE_INDEX, r + 8);
  }
  return true;
}

static bool check_lines(vm_check *k) {
  const vm_policy *p = k->policy;
  for (uint32_t i = 0; i < VM_COUNT(p, LINES); i++) {
    const uint8_t *r = VM_AT(p, LINES, i);
    NEED(vm_u32(r) < VM_COUNT(p, CODE) && vm_u32(r + 4) > 0, LINE_ORDER, r);
    NEED(i == 0 || vm_u32(r - VM_LINES_BYTES) < vm_u32(r), LINE_ORDER, r);
  }
  return true;
}

static bool check_given_uses(vm_check *k) {
  const vm_policy *p = k->policy;
  for (uint32_t i = 0; i < VM_COUNT(p, GIVEN_USES); i++) {
    const uint8_t *r = VM_AT(p, GIVEN_USES, i);
    NEED(vm_u16(r) < VM_COUNT(p, FACTS) && r[2] <= 1 && vm_u32(r + 8) > 0, GIVEN_USE, r);
  }
  return true;
}

bool vm_check_tables(vm_check *k) {
  uint32_t code_end = 0;
  return check_fields(k) && check_enums(k) && check_facts(k) && check_policy(k) &&
         check_constants(k) && check_texts(k) && check_sets(k) && check_maps(k) &&
         check_cells(k, &code_end) && check_decisions(k, code_end) &&
         check_words(k, VM_CELL_WORDS, VM_COUNT(k->policy, CELLS)) &&
         check_words(k, VM_RULE_WORDS, VM_COUNT(k->policy, RULES)) && check_lines(k) &&
         check_given_uses(k);
}
