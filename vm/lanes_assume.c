// SPDX-License-Identifier: Apache-2.0
//
// `assumed` for rows: one assumption is put aside at a time, in planes of their own, and only what its fact reaches is
// worked out again. One that other rows cannot see is put aside in all rows at once, since what each row comes to then
// tells of its own alone. A row is settled again where its rules came to something else, or where that alone does not
// tell; the assumption is listed where the decision is another one or would lack other facts.
#include <string.h>

#include "vm/lanes.h"

typedef struct trial {
  soc_case *c;
  const vm_lanes *l;
  vm_lane_state *s;
  const vm_lane_seed *seed;
  const uint64_t *nodes; // that read it
  uint32_t bit;          // of s->assumed; of a fact of a row: for row 0, then every `together` bits
  uint32_t row;          // put aside in this row alone; SOC_NO_INDEX
} trial;

// --------------------------------------------------------------------------------- states of their own

static void swap_sets(const trial *t) {
  soc_case *c = t->c;
  uint64_t *planes = t->s->planes, *masks = c->masks;
  uint8_t *truth = c->truth;
  vm_value *quantities = c->quantities;
  t->s->planes = t->s->aside;
  c->truth = c->shadow_truth;
  c->masks = c->shadow_masks;
  c->quantities = c->shadow_quantities;
  t->s->aside = planes;
  c->shadow_truth = truth;
  c->shadow_masks = masks;
  c->shadow_quantities = quantities;
}

// States of a cell that is no plane, in the set at hand and in the other one; bytes.
typedef struct stored {
  void *own, *other;
  size_t bytes;
} stored;

static stored stored_of(const soc_case *c, const vm_lane *lane) {
  const vm_place *place = &c->places[lane->of];
  size_t rows = place->list == SOC_NONE16 ? 1 : vm_rows(c, place->list);
  switch ((enum soc_cell_kind)place->kind) {
  case SOC_CELL_TRUTH:
    return (stored){c->truth + place->slot, c->shadow_truth + place->slot, rows * sizeof *c->truth};
  case SOC_CELL_MASK:
    return (stored){c->masks + place->wide, c->shadow_masks + place->wide, rows * sizeof *c->masks};
  default:
    return (stored){c->quantities + place->wide, c->shadow_quantities + place->wide,
                    rows * sizeof *c->quantities};
  }
}

// The set of trials begins as the real one.
static void prepare(const trial *t) {
  memcpy(t->s->aside, t->s->planes, 2 * (size_t)t->l->lane_count * sizeof *t->s->planes);
  for (uint32_t i = 0; i < t->l->stored_count; i++) {
    stored k = stored_of(t->c, &t->l->lanes[t->l->stored[i]]);
    memcpy(k.other, k.own, k.bytes);
  }
}

// ------------------------------------------------------------------------------------- propagation

static bool same_planes(const trial *t, uint32_t node) {
  const uint64_t *own = t->s->planes + 2 * (size_t)node, *other = t->s->aside + 2 * (size_t)node;
  return own[0] == other[0] && own[1] == other[1];
}

static void mark_users(const trial *t, uint32_t node) {
  const vm_lane *lane = &t->l->lanes[node];
  for (uint32_t i = 0; i < lane->user_count; i++) {
    uint32_t user = t->l->users[lane->users + i];
    t->s->changed[user / 64] |= UINT64_C(1) << user % 64;
  }
}

static void touch(const trial *t, uint32_t node) {
  t->s->touched[t->s->touched_count++] = node;
  mark_users(t, node);
}

// Tests [first, first + count).
static void touch_tests(const trial *t, uint32_t first, uint32_t count) {
  for (uint32_t node = first; node < first + count; node++) {
    if (!same_planes(t, node)) {
      touch(t, node);
    }
  }
}

static bool is_same(const trial *t, uint32_t node) {
  const vm_lane *lane = &t->l->lanes[node];
  if (!lane->stored) {
    return same_planes(t, node);
  }
  stored k = stored_of(t->c, lane);
  return memcmp(k.own, k.other, k.bytes) == 0;
}

static bool chooses_anew(const trial *t, const vm_lane *lane) {
  for (uint32_t i = lane->first; i < lane->first + lane->count; i++) {
    vm_ref ref = t->l->parts[i].chooses;
    if (ref != SOC_NONE32 && !same_planes(t, ref / 2)) {
      return true;
    }
  }
  return false;
}

static void derive_again(const trial *t, uint32_t node) {
  const vm_lane *lane = &t->l->lanes[node];
  uint64_t scope = chooses_anew(t, lane) ? t->s->valid : t->s->scope;
  const uint64_t *other = t->c->shadow_masks + t->c->places[lane->of].wide;
  if (!vm_lanes_derive_again(t->c, lane, scope, other)) {
    return;
  }
  touch(t, node);
  for (uint32_t i = lane->value_first; i < lane->value_first + lane->value_count; i++) {
    touch_tests(t, t->l->groups[i].base, t->l->groups[i].count);
  }
}

static void work_out_again(const trial *t, uint32_t node) {
  if (t->l->lanes[node].kind == VM_LANE_MASK) {
    derive_again(t, node);
    return;
  }
  vm_lanes_work_out(t->c, node);
  if (!is_same(t, node)) {
    touch(t, node);
  }
}

// From what reads the assumption up, as far as something changes; derived enumerations bring their tests along.
static void work_out_changed(const trial *t) {
  uint64_t *changed = t->s->changed;
  for (uint32_t w = 0; w < t->l->lane_words; w++) {
    changed[w] = t->nodes[w] & ~t->l->candidates[w];
  }
  for (uint32_t i = 0; i < t->s->touched_count; i++) {
    mark_users(t, t->s->touched[i]);
  }
  for (uint32_t w = t->l->test_count / 64; w < t->l->lane_words; w++) {
    while (changed[w] != 0) {
      uint32_t node = w * 64 + vm_lowest_bit(changed[w]);
      changed[w] &= changed[w] - 1;
      work_out_again(t, node);
    }
  }
}

// Works all out again that the assumption reaches; s->touched has what came to something else.
static void try_aside(const trial *t) {
  vm_lane_state *s = t->s;
  s->touched_count = 0;
  for (uint32_t i = 0; i < t->seed->group_count; i++) {
    const vm_lane_group *g = &t->l->groups[t->l->seed_groups[t->seed->groups + i]];
    vm_lanes_hold_tests(t->c, g, t->seed->fact, s->scope);
  }
  if (t->seed->few) {
    vm_lanes_work_out_few(t->c, t->l->seed_steps + t->seed->steps, t->seed->step_count);
  } else {
    work_out_changed(t);
  }
}

static void end_trial(const trial *t) {
  for (uint32_t i = 0; i < t->s->touched_count; i++) {
    uint32_t node = t->s->touched[i];
    if (t->l->lanes[node].stored) {
      stored k = stored_of(t->c, &t->l->lanes[node]);
      memcpy(k.own, k.other, k.bytes);
    }
    memcpy(t->s->planes + 2 * (size_t)node, t->s->aside + 2 * (size_t)node,
           2 * sizeof *t->s->planes);
  }
}

// ---------------------------------------------------------------------------------------- comparing

static uint32_t decision_of(const trial *t, uint32_t rule) {
  uint32_t d = 0;
  while (rule >= t->l->tests.decisions[d].first + t->l->tests.decisions[d].count) {
    d++;
  }
  return d;
}

// Writes what a rule comes to now to s->tried_rules, in these rows.
static void change_rule(const trial *t, uint32_t rule, uint64_t rows) {
  uint32_t d = decision_of(t, rule), number = rule - t->l->tests.decisions[d].first;
  const uint64_t *planes = t->s->planes;
  uint64_t met = planes[t->l->rules[rule]], known = met | planes[t->l->rules[rule] ^ 1];
  vm_rule_bits *tried = t->s->tried_rules + vm_lane_at(t->c, d, 0);
  t->s->tried[d] |= rows;
  for (; rows != 0; rows &= rows - 1) {
    uint32_t row = vm_lowest_bit(rows);
    uint64_t rest = ~(UINT64_C(1) << number);
    tried[row].met = (tried[row].met & rest) | (met >> row & 1) << number;
    tried[row].open = (tried[row].open & rest) | (~known >> row & 1) << number;
  }
}

// Rows whose rules are others now go to s->tried. True: in any row more than that can be another.
static bool find_changes(const trial *t) {
  bool doubt = t->seed->in_rules;
  for (uint32_t i = 0; i < t->s->touched_count; i++) {
    uint32_t node = t->s->touched[i];
    const uint64_t *own = t->s->planes + 2 * (size_t)node, *other = t->s->aside + 2 * (size_t)node;
    doubt = doubt || vm_has_bit(t->l->matters, node);
    for (uint32_t r = t->l->lanes[node].rule; r != SOC_NONE32; r = t->l->next_rules[r]) {
      change_rule(t, r, (own[0] ^ other[0]) | (own[1] ^ other[1]));
    }
  }
  return doubt;
}

// Rules are for the next trial what they really are.
static void forget_changes(const trial *t) {
  vm_lane_state *s = t->s;
  for (uint32_t d = 0; d < t->c->decision_count; d++) {
    for (; s->tried[d] != 0; s->tried[d] &= s->tried[d] - 1) {
      size_t at = vm_lane_at(t->c, d, vm_lowest_bit(s->tried[d]));
      s->tried_rules[at] = s->rules[at];
    }
  }
}

VM_INLINE vm_lane_verdict verdict_of(const vm_lanes *l, uint32_t decision, vm_rule_bits bits) {
  const vm_plan_decision *d = &l->tests.decisions[decision];
  vm_lane_verdict v = {.met = (uint8_t)vm_lowest_bit(bits.met)};
  v.determination = l->tests.rules[d->first + v.met].determination;
  v.open = bits.open & ((UINT64_C(1) << v.met) - 1);
  v.lacks = (v.open & ~d->of[v.determination]) != 0;
  return v;
}

// The determinations that the rules leave open.
static uint32_t possible_of(const vm_plan_decision *d, vm_lane_verdict v) {
  uint32_t possible = UINT32_C(1) << v.determination;
  for (uint32_t i = 0; i < d->used_count; i++) {
    possible |= (uint32_t)((v.open & d->of[d->used[i]]) != 0) << d->used[i];
  }
  return possible;
}

// The rules that give a decided row's reasons.
static uint64_t speaking(const trial *t, uint32_t decision, uint64_t met) {
  const vm_plan_decision *d = &t->l->tests.decisions[decision];
  const vm_lane_speech *s = &t->l->speech[decision];
  uint64_t first = met & (0 - met);
  met &= s->every_match ? UINT64_MAX : first | d->of[SOC_APPROVE];
  uint64_t stops = met & s->stops;
  stops |= s->every_match ? 0 : first & ~d->of[SOC_APPROVE];
  return stops == 0 ? met : met & (2 * (stops & (0 - stops)) - 1);
}

// Does a test ask for the assumption in this row?
static bool asks_for_it(const trial *t, uint32_t node, uint32_t row) {
  const vm_lane *lane = &t->l->lanes[node];
  uint32_t asks =
      lane->kind == VM_LANE_CANDIDATE ? vm_cell_at(t->c->policy, lane->of).asks : lane->of;
  bool own = t->c->columns[asks].list == SOC_NONE16 || t->row == SOC_NO_INDEX || t->row == row;
  return asks == t->seed->fact && own;
}

// Can the row really ask for it? Only where a derived enumeration leaves several values open beside the assumed one.
static bool asks_really(const trial *t, uint32_t row) {
  bool asks = t->s->visits_others;
  for (uint32_t i = 0; i < t->l->stored_count; i++) {
    const vm_lane *lane = &t->l->lanes[t->l->stored[i]];
    if (lane->kind == VM_LANE_MASK && vm_cell_at(t->c->policy, lane->of).asks == t->seed->fact) {
      uint64_t real = t->c->shadow_masks[vm_wide_slot(t->c, lane->of, row)];
      asks = asks || (real & (real - 1)) != 0;
    }
  }
  return asks;
}

static bool has_rule_of(const trial *t, uint32_t node, uint32_t first, uint64_t rules) {
  bool has = false;
  for (uint32_t r = t->l->lanes[node].rule; r != SOC_NONE32; r = t->l->next_rules[r]) {
    has = has || (r - first < 64 && (rules >> (r - first) & 1) != 0);
  }
  return has;
}

// Do these rules, which are open in the row, ask for the assumption now? From tests up to rules through blocks that are
// unknown; false: perhaps all the same.
static bool is_asked(const trial *t, uint32_t first, uint32_t row, uint64_t rules) {
  vm_lane_state *s = t->s;
  uint64_t *up = s->changed;
  bool asked = false;
  for (uint32_t i = 0; i < s->touched_count; i++) {
    uint32_t node = s->touched[i], kind = t->l->lanes[node].kind;
    if ((kind == VM_LANE_TEST || kind == VM_LANE_CANDIDATE) && asks_for_it(t, node, row)) {
      up[node / 64] |= UINT64_C(1) << node % 64;
    }
  }
  for (uint32_t w = 0; w < t->l->lane_words; w++) {
    for (; up[w] != 0; up[w] &= up[w] - 1) {
      uint32_t node = w * 64 + vm_lowest_bit(up[w]);
      const vm_lane *lane = &t->l->lanes[node];
      bool unknown = vm_lane_truth(t->c, 2 * node, row) == SOC_UNKNOWN_TRUTH;
      asked = asked || (unknown && has_rule_of(t, node, first, rules));
      for (uint32_t i = 0; i < lane->user_count && unknown && !asked; i++) {
        uint32_t user = t->l->users[lane->users + i];
        if (t->l->lanes[user].kind == VM_LANE_ALL) {
          up[user / 64] |= UINT64_C(1) << user % 64;
        }
      }
    }
  }
  return asked;
}

// Settles the row again. What it really came to may have to be found once more, in the other set.
static bool row_differs(const trial *t, uint32_t decision, uint32_t row) {
  soc_case *c = t->c;
  if (c->outcomes[decision].row != row) {
    uint32_t held = c->held;
    const vm_column *held_column = c->held_column;
    swap_sets(t);
    c->held = SOC_NONE32;
    c->held_column = NULL;
    vm_decide(c, decision, row);
    swap_sets(t);
    c->held = held;
    c->held_column = held_column;
  }
  t->s->trying = true;
  bool different = vm_differs(c, decision, row, false);
  t->s->trying = false;
  return different;
}

// Is the row another one without the assumption? Mostly its rules tell, or that it asks for the fact; else it is
// settled again. `doubt`: what rules say beside their conditions can be another.
static bool row_matters(const trial *t, uint32_t decision, uint32_t row, bool doubt) {
  const vm_plan_decision *d = &t->l->tests.decisions[decision];
  size_t at = vm_lane_at(t->c, decision, row);
  vm_rule_bits real = t->s->rules[at], tried = t->s->tried_rules[at];
  vm_lane_verdict a = t->s->verdicts[at], b = verdict_of(t->l, decision, tried);
  if (a.lacks != b.lacks || (!a.lacks && a.determination != b.determination)) {
    return true;
  }
  if (!a.lacks && !doubt && real.met == tried.met && a.open == b.open) {
    return false;
  }
  if (a.lacks && (a.met != b.met || a.open != b.open) && a.possible != possible_of(d, b)) {
    return true;
  }
  uint64_t speak = a.lacks ? 0 : speaking(t, decision, real.met);
  bool says_more = doubt && (t->seed->in_rules || (speak & t->l->speech[decision].says_more) != 0);
  if (!a.lacks && !says_more && speak == speaking(t, decision, tried.met)) {
    return false;
  }
  uint64_t differing = b.open & ~d->of[b.determination];
  if (a.lacks && !asks_really(t, row) &&
      is_asked(t, d->first, row, b.open & UINT64_MAX >> (63 - vm_highest_bit(differing)))) {
    return true;
  }
  return row_differs(t, decision, row);
}

static void list_for(const trial *t, uint32_t decision, uint32_t row) {
  bool own = t->c->columns[t->seed->fact].list != SOC_NONE16;
  uint32_t bit = t->bit + (own ? t->seed->together * (t->row == SOC_NO_INDEX ? row : t->row) : 0);
  uint64_t *assumed = t->s->assumed + vm_lane_at(t->c, decision, row) * t->s->assumed_words;
  assumed[bit / 64] |= UINT64_C(1) << bit % 64;
}

// Can rows that pend lack other facts now? Something that they ask, or that is asked of, would be another one; what
// reads the assumption asks for it even where it stays unknown.
static bool asks_anew(const trial *t) {
  const uint64_t *visited = t->s->visited;
  bool asks = t->s->visits_others;
  for (uint32_t w = 0; w < t->l->lane_words; w++) {
    asks = asks || (t->nodes[w] & visited[w]) != 0;
  }
  for (uint32_t i = 0; i < t->s->touched_count && !asks; i++) {
    uint32_t node = t->s->touched[i];
    const vm_lane *lane = &t->l->lanes[node];
    asks = vm_has_bit(visited, node);
    for (uint32_t n = 0; n < lane->user_count && !asks; n++) {
      asks = vm_has_bit(visited, t->l->users[lane->users + n]);
    }
  }
  return asks;
}

static bool by_row(const soc_case *c, uint32_t decision) {
  return vm_decision_at(c->policy, decision).list != SOC_NONE16;
}

// Rows that can come to something else. What was put aside in all rows at once tells of rows in which it was.
static void compare_outcomes(const trial *t, bool doubt) {
  bool anew = t->s->any_lacking && asks_anew(t);
  for (uint32_t d = 0; d < t->c->decision_count; d++) {
    uint64_t left = t->s->tried[d] | (anew ? t->s->lacking[d] : 0);
    left |= doubt && by_row(t->c, d) ? t->s->valid : 0;
    left &= t->row == SOC_NO_INDEX ? t->s->scope : t->s->valid;
    for (; left != 0; left &= left - 1) {
      uint32_t row = vm_lowest_bit(left);
      if (row_matters(t, d, row, doubt)) {
        list_for(t, d, row);
      }
    }
  }
}

static void begin_trial(const trial *t) {
  const vm_column *fact = &t->c->columns[t->seed->fact];
  t->c->held = t->row != SOC_NO_INDEX ? vm_slot_of(fact, t->row) : SOC_NONE32;
  t->c->held_column = t->row == SOC_NO_INDEX ? fact : NULL;
  try_aside(t);
}

static void try_lanes_without(const trial *t) {
  begin_trial(t);
  compare_outcomes(t, find_changes(t));
  forget_changes(t);
  end_trial(t);
}

// Does nothing change that rules say?
static bool is_silent(const trial *t) {
  for (uint32_t i = 0; i < t->s->touched_count; i++) {
    uint32_t node = t->s->touched[i];
    if (t->l->lanes[node].rule != SOC_NONE32 || vm_has_bit(t->l->matters, node)) {
      return false;
    }
  }
  return !(t->s->any_lacking && asks_anew(t));
}

// The fact is put aside in all these rows at once: if nothing comes of it, then neither does anything of one row, since
// who knows less leaves more open.
static bool none_matters(const trial *t) {
  if (t->seed->reads_more || t->seed->in_rules || t->c->odd_assumptions) {
    return false;
  }
  begin_trial(t);
  bool silent = is_silent(t);
  end_trial(t);
  return silent;
}

// ------------------------------------------------------------------------------------- all of them

// Rows in which the fact was left out.
static uint64_t left_out_rows(const trial *t) {
  const vm_column *fact = &t->c->columns[t->seed->fact];
  uint64_t rows = 0;
  if (fact->list == SOC_NONE16) {
    return t->c->states[fact->base] == SOC_LEFT_OUT ? t->s->valid : 0;
  }
  for (uint32_t row = 0; row < t->s->rows; row++) {
    rows |= (uint64_t)(t->c->states[vm_slot_of(fact, row)] == SOC_LEFT_OUT) << row;
  }
  return rows;
}

// Each row of the fact's list, which is mostly that of the lanes.
static void try_each_row(trial *t) {
  const vm_column *fact = &t->c->columns[t->seed->fact];
  uint32_t rows = vm_rows(t->c, fact->list);
  for (t->row = 0; t->row < rows; t->row++) {
    if (t->c->states[vm_slot_of(fact, t->row)] == SOC_LEFT_OUT) {
      t->s->scope = fact->list == t->l->list ? UINT64_C(1) << t->row : 0;
      try_lanes_without(t);
    }
  }
  t->row = SOC_NO_INDEX;
}

// Of the list that the assumption is about; the case counts as one.
static uint32_t seed_rows(const soc_case *c, const vm_lane_seed *seed) {
  uint16_t list = c->columns[seed->fact].list;
  return list == SOC_NONE16 ? 1 : vm_rows(c, list);
}

static void try_seed(trial *t, uint32_t index, uint32_t base) {
  t->seed = &t->l->seeds[index];
  t->nodes = t->l->seed_nodes + (size_t)index * t->l->lane_words;
  t->bit = base + index - t->seed->first;
  uint16_t list = t->c->columns[t->seed->fact].list;
  bool by_row = list != SOC_NONE16 && (t->seed->spreads || list != t->l->list);
  t->s->scope = by_row && list != t->l->list ? 0 : left_out_rows(t);
  if (by_row && (t->s->scope == 0 || !none_matters(t))) {
    try_each_row(t);
  } else if (!by_row && t->s->scope != 0) {
    try_lanes_without(t);
  }
}

// What rows come to; those that pend because facts are missing, and what they ask.
static void find_verdicts(const trial *t) {
  vm_lane_state *s = t->s;
  memset(s->tried, 0, t->c->decision_count * sizeof *s->tried);
  memset(s->lacking, 0, t->c->decision_count * sizeof *s->lacking);
  memset(s->visited, 0, t->l->lane_words * sizeof *s->visited);
  s->visits_others = s->any_lacking = false;
  for (uint32_t d = 0; d < t->c->decision_count; d++) {
    for (uint32_t row = 0; by_row(t->c, d) && row < s->rows; row++) {
      size_t at = vm_lane_at(t->c, d, row);
      s->tried_rules[at] = s->rules[at];
      s->verdicts[at] = verdict_of(t->l, d, s->rules[at]);
      if (s->verdicts[at].lacks) {
        s->lacking[d] |= UINT64_C(1) << row;
        s->any_lacking = true;
        s->verdicts[at].possible = possible_of(&t->l->tests.decisions[d], s->verdicts[at]);
        vm_decide(t->c, d, row);
      }
    }
  }
}

static void try_all(trial *t) {
  soc_case *c = t->c;
  uint32_t base = 0;
  prepare(t);
  swap_sets(t);
  for (uint32_t i = 0; i < t->l->assumptions; i++) {
    try_seed(t, i, base);
    const vm_lane_seed *seed = &t->l->seeds[i];
    base += i + 1 == seed->first + seed->together ? seed->together * seed_rows(c, seed) : 0;
  }
  swap_sets(t);
  c->held = SOC_NONE32;
  c->held_column = NULL;
}

// Rows that were settled on the way lack what is assumed for them, which is listed when they are asked for.
static void forget_rows(const trial *t) {
  for (uint32_t d = 0; d < t->c->decision_count; d++) {
    if (by_row(t->c, d)) {
      t->c->outcomes[d].row = VM_NO_ROW;
    }
  }
}

void vm_lanes_find_assumed(soc_case *c) {
  vm_lane_state *s = c->lanes;
  trial t = {.c = c, .l = c->policy->lanes, .s = s, .row = SOC_NO_INDEX};
  if (s->assumed_known) {
    return;
  }
  s->assumed_known = true;
  memset(s->assumed, 0, (size_t)c->decision_count * s->room * s->assumed_words * 8);
  find_verdicts(&t);
  try_all(&t);
  forget_rows(&t);
}

// Bits stand in the order in which they are listed.
void vm_lanes_list_assumed(soc_case *c, uint32_t decision, uint32_t row) {
  const vm_lane_state *s = c->lanes;
  const vm_lane_seed *seed = c->policy->lanes->seeds;
  const uint64_t *assumed = s->assumed + vm_lane_at(c, decision, row) * s->assumed_words;
  soc_fact_ref *out = c->assumed + (size_t)decision * c->assumed_slots;
  uint32_t count = 0, base = 0, of_row = 0,
           rows = seed_rows(c, seed); // base: the first bit of the row
  for (uint32_t w = 0; w < s->assumed_words; w++) {
    for (uint64_t left = assumed[w]; left != 0; left &= left - 1) {
      uint32_t at = w * 64 + vm_lowest_bit(left);
      while (of_row == rows || at - base >= seed->together) {
        if (of_row < rows) {
          base += seed->together;
          of_row++;
        } else {
          seed += seed->together;
          of_row = 0;
          rows = seed_rows(c, seed);
        }
      }
      uint32_t fact = seed[at - base].fact;
      bool own = c->columns[fact].list != SOC_NONE16;
      out[count++] = (soc_fact_ref){fact, own ? of_row : SOC_NO_INDEX};
    }
  }
  c->outcomes[decision].assumed_count = count;
}
