// SPDX-License-Identifier: Apache-2.0
//
// `assumed`: the assumptions that mattered. One is put aside at a time: the cells that can read it are computed again
// with the fact unknown, the rules are settled again, and the assumption is listed where it would have been missing or
// the decision another one. Then the saved states come back, so that the results of the real run stay as they are.
//
// For rows that would be one run for each row, assumption and row again. So all assumptions are put aside at once
// first, in states of their own (the shadow), once for each case: knowing less can only leave more open, so a row whose
// result is the same there depends on none of them. For the others only the assumptions that the shadow's result asks
// for are tried one by one, and only the cells of that row, of the assumption's row and of loops are computed again.
#include <string.h>

#include "vm/quick.h"

// --------------------------------------------------------------------- which cells can read which

// Two sets of bits of one cell, or of the code of rules: assumptions that it can read at all, and in other rows than
// the one it is worked out for.
typedef struct reach {
  uint64_t *depends, *spreads;
} reach;

static reach reach_of(const soc_case *c, uint32_t cell) {
  size_t at = (size_t)cell * c->quick->depend_words;
  return (reach){c->quick->depends + at, c->quick->spreads + at};
}

static void depend_on_fact(const soc_case *c, reach r, uint32_t fact, bool elsewhere) {
  const vm_column *column = &c->columns[fact];
  if (column->left_out == SOC_LEFT_OUT_OTHER_FACT) {
    column = &c->columns[column->other];
  }
  if (column->assumption != SOC_NONE16) {
    uint64_t bit = UINT64_C(1) << column->assumption % 64;
    r.depends[column->assumption / 64] |= bit;
    r.spreads[column->assumption / 64] |= elsewhere || column->list == SOC_NONE16 ? bit : 0;
  }
}

static void depend_on_cell(soc_case *c, reach r, uint32_t cell, bool elsewhere) {
  reach other = reach_of(c, cell);
  for (uint32_t i = 0; i < c->quick->depend_words; i++) {
    r.depends[i] |= other.depends[i];
    r.spreads[i] |= elsewhere ? other.depends[i] : other.spreads[i];
  }
  if (elsewhere) {
    c->quick->uses[cell] |= VM_USED_LOOP;
  }
}

static void depend_on_code(soc_case *c, reach r, uint32_t first, uint32_t count) {
  bool in_loop = false;
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(c->policy, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    bool elsewhere = in_loop && !(i.a & SOC_OUTER);
    if (shape->b == B_FACT) {
      depend_on_fact(c, r, i.b, elsewhere);
    }
    if (shape->b == B_CELL) {
      depend_on_cell(c, r, i.b, elsewhere);
      depend_on_fact(c, r, vm_cell_at(c->policy, i.b).asks, elsewhere);
    }
    if (shape->c == C_CELL || shape->c == C_VALUE) {
      depend_on_cell(c, r, i.c, elsewhere);
    }
    if (shape->c == C_SET && vm_set_date(i.c) != SOC_NONE16) {
      depend_on_fact(c, r, vm_set_date(i.c), elsewhere);
    }
    in_loop = i.op == SOC_OP_EACH_BEGIN || (in_loop && i.op != SOC_OP_EACH_END);
  }
}

static void depend_on_rules(soc_case *c, reach r) {
  const vm_policy *p = c->policy;
  uint16_t basis = vm_u16(VM_AT(p, POLICY, 0) + 12);
  if (basis != SOC_NONE16) {
    depend_on_fact(c, r, basis, false);
  }
  for (uint32_t i = 0; i < VM_COUNT(p, RULES); i++) {
    vm_rule rule = vm_rule_at(p, i);
    depend_on_code(c, r, rule.from, rule.from_count);
    depend_on_code(c, r, rule.through, rule.through_count);
    depend_on_code(c, r, rule.stands, rule.stands_count);
    if (rule.except > 0) {
      depend_on_fact(c, r, rule.except - 1u, false);
    }
  }
}

static void use_cell(soc_case *c, uint32_t cell, uint8_t use) {
  if (cell < c->cell_count) {
    c->quick->uses[cell] |= use;
  }
}

static void use_in_code(soc_case *c, uint32_t first, uint32_t count, uint8_t use) {
  for (uint32_t pc = first; pc < first + count; pc++) {
    vm_instruction i = vm_instruction_at(c->policy, pc);
    const vm_op_shape *shape = &vm_op_shapes[i.op];
    if (shape->b == B_CELL) {
      use_cell(c, i.b, use);
    }
    if (shape->c == C_CELL || shape->c == C_VALUE) {
      use_cell(c, i.c, use);
    }
  }
}

static void use_in_rule(soc_case *c, const vm_rule *rule, uint8_t use) {
  use_cell(c, rule->cell, use);
  use_cell(c, rule->open_cell, use);
  for (uint32_t i = rule->extra; i < rule->extra + rule->extra_count; i++) {
    use_cell(c, vm_extra_at(c->policy, i).cell, use);
  }
  use_in_code(c, rule->from, rule->from_count, use);
  use_in_code(c, rule->through, rule->through_count, use);
  use_in_code(c, rule->stands, rule->stands_count, use);
}

// Which kind of decision can need which cell, and which are read at other rows: what a cell that loops read reads in
// its own row is read there too.
static void find_uses(soc_case *c) {
  for (uint32_t d = 0; d < c->decision_count; d++) {
    vm_decision decision = vm_decision_at(c->policy, d);
    for (uint32_t i = decision.first; i < decision.first + decision.count; i++) {
      vm_rule rule = vm_rule_at(c->policy, i);
      use_in_rule(c, &rule, decision.list == SOC_NONE16 ? VM_USED_CASE : VM_USED_ROWS);
    }
  }
  for (uint32_t i = c->cell_count; i-- > 0;) {
    vm_cell cell = vm_cell_at(c->policy, i);
    use_in_code(c, cell.first, cell.count, c->quick->uses[i]);
  }
}

void vm_find_dependents(soc_case *c) {
  if (c->quick->depend_words == 0) {
    return;
  }
  size_t bytes = ((size_t)c->cell_count + 1) * c->quick->depend_words * sizeof *c->quick->depends;
  memset(c->quick->depends, 0, bytes);
  memset(c->quick->spreads, 0, bytes);
  for (uint32_t i = 0; i < c->cell_count; i++) {
    vm_cell cell = vm_cell_at(c->policy, i);
    depend_on_code(c, reach_of(c, i), cell.first, cell.count);
  }
  depend_on_rules(c, reach_of(c, c->cell_count));
  find_uses(c);
}

// The next cell from `cell` on and below `end` that can read the assumption; `end` if there is none.
static uint32_t next_dependent(const soc_case *c, uint32_t cell, uint32_t end,
                               uint32_t assumption) {
  const uint64_t *row = c->quick->depends + (size_t)cell * c->quick->depend_words + assumption / 64;
  uint64_t bit = UINT64_C(1) << assumption % 64;
  for (; cell < end && (*row & bit) == 0; cell++) {
    row += c->quick->depend_words;
  }
  return cell;
}

// ------------------------------------------------------------------------------- putting one aside

// What is put aside, and for whom.
typedef struct aside {
  uint32_t assumption, row; // row: of the assumed field; SOC_NO_INDEX
  uint8_t use;              // VM_USED_CASE or VM_USED_ROWS
  uint32_t focus;           // the row that is decided; SOC_NO_INDEX
  uint32_t known;           // cells that are computed
} aside;

typedef struct rows {
  uint32_t first, end;
} rows;

static void save_wide(soc_case *c, const vm_place *place, rows r, bool back) {
  for (uint32_t at = place->wide + r.first; at < place->wide + r.end; at++) {
    if (place->kind == SOC_CELL_MASK) {
      *(back ? &c->masks[at] : &c->quick->saved_masks[at]) =
          back ? c->quick->saved_masks[at] : c->masks[at];
    } else {
      *(back ? &c->quantities[at] : &c->quick->saved_quantities[at]) =
          back ? c->quick->saved_quantities[at] : c->quantities[at];
    }
  }
}

VM_INLINE void save_slots(soc_case *c, const vm_place *place, rows r, bool back) {
  if (place->kind != SOC_CELL_TRUTH) {
    save_wide(c, place, r, back);
    return;
  }
  const uint8_t *from = back ? c->quick->saved_truth : c->truth;
  uint8_t *to = back ? c->truth : c->quick->saved_truth;
  for (uint32_t at = place->slot + r.first; at < place->slot + r.end; at++) {
    to[at] = from[at];
  }
}

// The rows of a list's cell that the assumption can reach and that somebody asks for: of one that reads it in its own
// row that row alone, and not even that if it is another row than the decided one and no loop reads it; of others the
// decided row, and all rows if loops read them.
static rows rows_of(const soc_case *c, const aside *a, uint32_t cell) {
  const vm_place *place = &c->places[cell];
  uint32_t own = c->columns[c->assumption_facts[a->assumption]].list;
  if (own == place->list && !vm_has_bit(reach_of(c, cell).spreads, a->assumption)) {
    bool read =
        a->focus == SOC_NO_INDEX || a->focus == a->row || (c->quick->uses[cell] & VM_USED_LOOP);
    return (rows){a->row, a->row + read};
  }
  if (a->focus != SOC_NO_INDEX && !(c->quick->uses[cell] & VM_USED_LOOP)) {
    return (rows){a->focus, a->focus + (a->focus < vm_rows(c, place->list))};
  }
  return (rows){0, vm_rows(c, place->list)};
}

// A cell that reads the assumption in other rows is computed from what its loops came to, so that it costs a row of a
// loop and not all of them; but where it reads it in its own row, by a loop's body too, all may be different. Cells
// that read it in their own row alone have no other (rows_of).
static bool by_tally(const soc_case *c, const aside *a, uint32_t row) {
  return c->tallied && a->row != SOC_NO_INDEX && row != a->row;
}

static void compute_rows(soc_case *c, const aside *a, uint32_t cell, rows r) {
  for (uint32_t row = r.first; row < r.end; row++) {
    if (by_tally(c, a, row)) {
      vm_tally_change(c, cell, row, a->row, true);
      vm_compute_tallied(c, cell, row);
      vm_tally_change(c, cell, row, a->row, false);
    } else {
      vm_compute_rows(c, cell, row, row + 1);
    }
  }
}

// Takes the assumption's row out of the tallies, or puts it in again; with the states that are real.
static void change_tallies(soc_case *c, const aside *a, bool in) {
  for (uint32_t cell = next_dependent(c, 0, a->known, a->assumption); cell < a->known;
       cell = next_dependent(c, cell + 1, a->known, a->assumption)) {
    if (!(c->quick->uses[cell] & a->use) || c->places[cell].list == SOC_NONE16) {
      continue;
    }
    rows r = rows_of(c, a, cell);
    for (uint32_t row = r.first; row < r.end; row++) {
      if (by_tally(c, a, row)) {
        vm_tally_change(c, cell, row, a->row, in);
      }
    }
  }
}

// Is what was saved there still?
static bool changed_slots(const soc_case *c, const vm_place *place, rows r) {
  uint32_t first = place->kind == SOC_CELL_TRUTH ? place->slot : place->wide;
  for (uint32_t at = first + r.first; at < first + r.end; at++) {
    bool same = place->kind == SOC_CELL_TRUTH ? c->truth[at] == c->quick->saved_truth[at]
                : place->kind == SOC_CELL_MASK
                    ? c->masks[at] == c->quick->saved_masks[at]
                    : c->quantities[at].lo == c->quick->saved_quantities[at].lo &&
                          c->quantities[at].hi == c->quick->saved_quantities[at].hi;
    if (!same) {
      return true;
    }
  }
  return false;
}

// Computes a cell again, or brings back what it was. True: it is another one now.
VM_INLINE bool aside_cell(soc_case *c, const aside *a, uint32_t cell, const bool back) {
  const vm_place *place = &c->places[cell];
  rows r = place->list == SOC_NONE16 ? (rows){0, 1} : rows_of(c, a, cell);
  save_slots(c, place, r, back);
  if (back) {
    return false;
  }
  if (place->list == SOC_NONE16) {
    vm_compute_cells(c, cell, cell + 1);
  } else {
    compute_rows(c, a, cell, r);
  }
  return changed_slots(c, place, r);
}

VM_INLINE bool aside_cells(soc_case *c, const aside *a, const bool back) {
  bool changed = false;
  for (uint32_t cell = next_dependent(c, 0, a->known, a->assumption); cell < a->known;
       cell = next_dependent(c, cell + 1, a->known, a->assumption)) {
    if (c->quick->uses[cell] & a->use) {
      changed = aside_cell(c, a, cell, back) || changed;
    }
  }
  return changed;
}

// Computes what can read the assumption again without it. False: it comes to the same, and code of rules cannot read
// it.
static bool put_aside(soc_case *c, const aside *a, uint32_t slot) {
  if (c->tallied) {
    change_tallies(c, a, false);
  }
  c->held = slot;
  return aside_cells(c, a, false) || vm_has_bit(reach_of(c, c->cell_count).depends, a->assumption);
}

static void bring_back(soc_case *c, const aside *a) {
  c->held = SOC_NONE32;
  c->known = a->known;
  (void)aside_cells(c, a, true);
  if (c->tallied) {
    change_tallies(c, a, true);
  }
}

// --------------------------------------------------------------------------- decisions over the case

// A decision can be another one only where some state is; what a pending one lacks can always be.
static void list_if_different(soc_case *c, soc_fact_ref ref, bool changed) {
  for (uint32_t i = 0; i < c->decision_count; i++) {
    const vm_outcome *o = &c->outcomes[i];
    if (o->row == SOC_NO_INDEX && (changed || o->lacks_facts) &&
        vm_differs(c, i, SOC_NO_INDEX, false)) {
      vm_list_assumed(c, i, ref);
    }
  }
}

static void try_without_one(soc_case *c, soc_fact_ref ref, uint32_t decision, uint32_t row) {
  const vm_column *column = &c->columns[ref.fact];
  aside a = {column->assumption, ref.row, VM_USED_CASE, SOC_NO_INDEX, c->known};
  (void)decision; // all of them
  (void)row;
  list_if_different(c, ref, put_aside(c, &a, vm_slot_of(column, ref.row)));
  bring_back(c, &a);
}

void vm_quick_assumed(soc_case *c) {
  if (vm_decides_case(c)) {
    vm_each_assumption(c, try_without_one, SOC_NO_INDEX, SOC_NO_INDEX);
  }
}

// ------------------------------------------------------------------------------ decisions for each row

static void swap_shadow(soc_case *c) {
  uint8_t *truth = c->truth;
  uint64_t *masks = c->masks;
  vm_value *quantities = c->quantities;
  c->truth = c->shadow_truth;
  c->masks = c->shadow_masks;
  c->quantities = c->shadow_quantities;
  c->shadow_truth = truth;
  c->shadow_masks = masks;
  c->shadow_quantities = quantities;
}

static bool reads_any(const soc_case *c, uint32_t cell) {
  for (uint32_t i = 0; i < c->quick->depend_words; i++) {
    if (reach_of(c, cell).depends[i] != 0) {
      return true;
    }
  }
  return false;
}

// All cells with every assumption put aside.
static void compute_shadow(soc_case *c) {
  memcpy(c->shadow_truth, c->truth, c->cell_slots * sizeof *c->truth);
  memcpy(c->shadow_masks, c->masks, c->mask_slots * sizeof *c->masks);
  memcpy(c->shadow_quantities, c->quantities, c->value_slots * sizeof *c->quantities);
  swap_shadow(c);
  c->held = VM_HELD_ALL;
  for (uint32_t cell = 0; cell < c->known; cell++) {
    if (reads_any(c, cell)) {
      vm_compute_cells(c, cell, cell + 1);
    }
  }
  c->held = SOC_NONE32;
  swap_shadow(c);
  c->shadow_known = true;
}

static void need_unknown(soc_case *c, uint32_t cell, uint32_t row) {
  if (cell < c->cell_count && vm_truth(c, cell, row) == SOC_UNKNOWN_TRUTH) {
    vm_need_cell(c, cell, row);
  }
}

static void gather_value(soc_case *c, uint32_t first, uint32_t count, uint32_t row) {
  if (count > 0) {
    (void)vm_compute_value(c, first, count, row);
    vm_take_entries(c);
  }
}

// Everything that a rule says anything by.
static void gather_rule(soc_case *c, uint32_t index, uint32_t row) {
  vm_rule rule = vm_rule_at(c->policy, index);
  need_unknown(c, rule.cell, row);
  need_unknown(c, rule.open_cell, row);
  for (uint32_t i = rule.extra; i < rule.extra + rule.extra_count; i++) {
    need_unknown(c, vm_extra_at(c->policy, i).cell, row);
  }
  gather_value(c, rule.from, rule.from_count, row);
  gather_value(c, rule.through, rule.through_count, row);
  gather_value(c, rule.stands, rule.stands_count, row);
}

// Facts that what a decision says could depend on, as far as it is unknown now.
static uint32_t undecided(soc_case *c, uint32_t decision, uint32_t row, soc_fact_ref *facts) {
  vm_decision d = vm_decision_at(c->policy, decision);
  uint16_t basis = vm_u16(VM_AT(c->policy, POLICY, 0) + 12);
  int64_t day;
  if (basis != SOC_NONE16 && vm_read(c, basis, 0, &day) == SOC_LEFT_OUT) {
    vm_mark_missing(c, basis, 0);
  }
  c->through_masks = true;
  for (uint32_t i = d.first; i < d.first + d.count; i++) {
    gather_rule(c, i, row);
  }
  vm_gather_needed(c, c->known);
  c->through_masks = false;
  return vm_list_marked(c, facts);
}

// Does the row come to something else with every assumption put aside? Then what it could depend on is written to `out`
// if it is asked for.
static bool differs_in_shadow(soc_case *c, uint32_t decision, uint32_t row, soc_fact_ref *out,
                              uint32_t *count) {
  swap_shadow(c);
  c->held = VM_HELD_ALL;
  bool differ = vm_differs(c, decision, row, true);
  if (differ && out) {
    *count = undecided(c, decision, row, out);
  }
  c->held = SOC_NONE32;
  swap_shadow(c);
  return differ;
}

// What the decided row reads of itself and of the case: kept aside, or brought back.
static void save_row(soc_case *c, uint32_t row, bool back) {
  for (uint32_t cell = 0; cell < c->known; cell++) {
    const vm_place *place = &c->places[cell];
    if ((c->quick->uses[cell] & VM_USED_ROWS) && reads_any(c, cell)) {
      uint32_t at = row & place->row_mask;
      save_slots(c, place, (rows){at, at + 1}, back);
    }
  }
}

static void compute_row(soc_case *c, uint32_t row) {
  for (uint32_t cell = 0; cell < c->known; cell++) {
    const vm_place *place = &c->places[cell];
    if (!(c->quick->uses[cell] & VM_USED_ROWS) || !reads_any(c, cell)) {
      continue;
    }
    if (place->list == SOC_NONE16) {
      vm_compute_cells(c, cell, cell + 1);
    } else if (row < vm_rows(c, place->list)) {
      vm_compute_rows(c, cell, row, row + 1);
    }
  }
}

// Could an assumption of another row matter to this one? Other rows stand as the shadow has them; what is assumed of
// this row and of the case is assumed. Without one assumption of another row more is known than that, so where this row
// comes to the same nevertheless, none of them matters.
static bool depends_on_others(soc_case *c, uint32_t decision, uint32_t row) {
  swap_shadow(c);
  save_row(c, row, false);
  c->held = VM_HELD_OTHERS;
  c->held_but = row;
  compute_row(c, row);
  bool depends = vm_differs(c, decision, row, true);
  save_row(c, row, true);
  c->held = SOC_NONE32;
  swap_shadow(c);
  return depends;
}

static void try_row_without(soc_case *c, soc_fact_ref ref, uint32_t decision, uint32_t row) {
  const vm_column *column = &c->columns[ref.fact];
  uint32_t slot = vm_slot_of(column, ref.row);
  if (column->assumption == SOC_NONE16 || c->states[slot] != SOC_LEFT_OUT) {
    return;
  }
  aside a = {column->assumption, ref.row, VM_USED_ROWS, row, c->known};
  bool changed = put_aside(c, &a, slot);
  if ((changed || c->outcomes[decision].lacks_facts) && vm_differs(c, decision, row, false)) {
    vm_list_assumed(c, decision, ref);
  }
  bring_back(c, &a);
}

// What is assumed of the row and of the case, in ask order.
static uint32_t own_assumptions(soc_case *c, uint32_t row, soc_fact_ref *out) {
  for (uint32_t i = 0; i < c->assumptions; i++) {
    const vm_column *column = &c->columns[c->assumption_facts[i]];
    if (column->list == SOC_NONE16 || row < vm_rows(c, column->list)) {
      vm_mark_missing(c, c->assumption_facts[i], row);
    }
  }
  return vm_list_marked(c, out);
}

void vm_quick_assumed_row(soc_case *c, uint32_t decision, uint32_t row) {
  if (c->odd_assumptions) { // less known can be more met: every assumption has to be tried
    vm_each_assumption(c, try_row_without, decision, row);
    return;
  }
  if (!c->shadow_known) {
    compute_shadow(c);
  }
  soc_fact_ref *candidates = c->quick->candidates;
  uint32_t count = 0;
  if (!differs_in_shadow(c, decision, row, NULL, NULL)) {
    return;
  }
  if (depends_on_others(c, decision, row)) {
    (void)differs_in_shadow(c, decision, row, candidates, &count);
    vm_take_tallies(c, row);
  } else {
    count = own_assumptions(c, row, candidates);
  }
  for (uint32_t i = 0; i < count; i++) {
    try_row_without(c, candidates[i], decision, row);
  }
}
