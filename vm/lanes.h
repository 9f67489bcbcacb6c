// SPDX-License-Identifier: Apache-2.0
//
// Lanes: what decisions for each row of a list come to, laid out so that all rows are worked out at once. Built once
// from verified bytecode (lanes_build.c, lanes_parse.c, lanes_users.c) as a plan is, and like a plan a second form of
// the same logic and not a second logic: what a test of one fact says of each class of values is found by running that
// very instruction, and what has no form of its own is run by the executor, row by row.
//
// A truth is two planes, met and not met: words with a bit for each row, a lane; unknown is neither. Truths of the case
// have the same bit in every lane. A block is two word operations a member for up to 64 rows. A loop over the rows of
// the list has a truth for each pair of rows; up to eight rows, all pairs stand in one word, else a row's pairs are
// worked out at a time.
#ifndef SOC_VM_LANES_H
#define SOC_VM_LANES_H

#include "vm/planes.h"

// A truth: twice its node, and 1 for its negation. The planes of a node are side by side, so that a reference is the
// index of the plane where it is met, and its negation that of the plane where it is not.
typedef uint32_t vm_ref;

enum vm_lane_kind {
  VM_LANE_TEST,     // of a fact: found by a reader
  VM_LANE_LEFT_OUT, // was fact `of` left out?
  VM_LANE_ALL, // two members or more; `negated`: what it leaves is the negation, so that `any` is all of the negations
  VM_LANE_COUNT,     // at least `need` members
  VM_LANE_MASK,      // the derived enumeration of cell `of`: parts; its tests follow
  VM_LANE_CANDIDATE, // one of these tests
  VM_LANE_COMPARE,   // the quantity of cell `of` in a relation to a constant
  VM_LANE_RELATED,   // `all` or `any` of a truth in the row that fact `of` names
  VM_LANE_CHAIN,     // and in the row which that one names, and so on
  VM_LANE_LOOP,  // over the rows of the list: pairs; of a count or sum the quantity of cell `of`
  VM_LANE_VALUE, // the quantity of cell `of`, by the executor
  VM_LANE_CODE   // a truth, by the executor
};

typedef struct vm_lane {
  uint8_t kind;
  uint8_t fold; // loops, related, chain; compare: the relation
  bool negated;
  bool case_wide;                    // code: the same in every row
  bool runs_code;                    // loops
  bool stored;                       // its states are no planes, or more than those
  uint32_t need;                     // count; related, chain: its reference
  uint32_t of;                       // fact or cell
  uint32_t first, count;             // members, parts, pairs, code; compare: the constant
  uint32_t value_first, value_count; // code of what a sum adds
  uint32_t gates,
      gate_count; // loops: references; with one of them met in each row, no row of the loop counts
  vm_ref guard;   // where this is met nobody asks; SOC_NONE32
  uint32_t users, user_count; // nodes that read this one, all higher
  uint32_t rule; // the first rule with this condition, `next_rules` has the others; SOC_NONE32
} vm_lane;

// What working a node out begins with; of VM_LANE_ALL it is all.
typedef struct vm_lane_step {
  uint32_t first; // members, at least two; a single one stands there twice
  uint16_t count;
  bool is_all;
  uint8_t negated;
} vm_lane_step;

// A truth of a pair of rows: that of the cell (frame) and that of its loop.
enum vm_pair_kind {
  VM_PAIR_LOOP,     // a truth in the loop's row
  VM_PAIR_FRAME,    // in the cell's row
  VM_PAIR_RELATION, // a fact in the loop's row in a relation to one in the cell's: comparison `first`
  VM_PAIR_ALL,
  VM_PAIR_ANY,
  VM_PAIR_CODE // by the executor
};
typedef struct vm_pair {
  uint8_t kind, relation;
  uint32_t first, count; // members: references to pairs of the loop, counted from its first
  vm_ref guard;          // where this pair is met nobody asks; SOC_NONE32
} vm_pair;

// Two facts that loops hold against each other: in the loop's row, in the cell's.
typedef struct vm_comparison {
  uint32_t fact, frame_fact;
} vm_comparison;

// A part of a derived enumeration: an instruction that leaves candidates, or a choice between two parts before it.
typedef struct vm_mask_part {
  vm_instruction code;
  vm_ref chooses; // SOC_NONE32: no choice
  uint32_t met, not_met;
} vm_mask_part;

// Tests of one fact or of one derived enumeration, at most 64, one after the other.
typedef struct vm_lane_group {
  uint32_t base, count;
  uint32_t of;       // fact, or cell
  uint64_t if_given; // those that are not met where the fact is unknown
  uint32_t passing;  // of candidates: 64 words, those that each value passes
} vm_lane_group;

// An assumption: what reads it.
typedef struct vm_lane_seed {
  uint32_t fact;
  uint32_t first,
      together; // of a list's: the first one, and how many; of a fact of the case itself alone
  uint32_t groups, group_count; // tests of facts: indices of groups
  bool spreads;                 // other rows than its own can see it
  bool in_rules;                // code of rules reads it
  bool reads_more;              // more than tests reads it
  bool few;                     // no more nodes can see it than these, beside tests: in order
  uint32_t steps, step_count;
} vm_lane_seed;
#define VM_LANES_FEW \
  16u // worked out one after the other, without a look at which of them have changed

// What the rules of a decision for rows say, a bit for each.
typedef struct vm_lane_speech {
  bool every_match;
  uint64_t stops;     // no rule behind them says anything
  uint64_t says_more; // grounds, actions, windows, what stands
} vm_lane_speech;

typedef struct soc_lanes { // the tag stands in soc/vm.h
  vm_plan tests;           // its readers, and the rules as it has them
  uint32_t list;
  uint32_t lane_count, test_count; // tests of facts come first
  uint32_t lane_words;             // for a bit for each node
  uint32_t pair_most, part_most;   // of one loop, of one derived enumeration
  uint32_t comparison_count, group_count, assumptions;
  uint32_t fact_groups; // those of readers of the same number
  vm_lane *lanes;
  vm_lane_step *steps; // by node
  vm_ref *members;
  uint32_t *users;
  vm_pair *pairs;
  vm_comparison *comparisons;
  vm_mask_part *parts;
  vm_lane_group *groups; // those of facts first
  uint32_t *borrowing; // groups of facts that take the value of another one where they are left out
  uint32_t borrowing_count, test_words;
  uint64_t *
      left_out; // what tests say where all is left out, as struct vm_lane_state has it: of the case, of a row
  uint64_t *passing;
  vm_ref *roots; // by cell: its truth, or twice its node; SOC_NONE32: no decision for rows needs it
  vm_ref *rules; // by rule: its condition; SOC_NONE32
  uint32_t *next_rules; // by rule: the next one of the same node; SOC_NONE32
  uint64_t *matters; // bit by node: more than conditions of rules: grounds, actions, code of rules
  vm_lane_seed *seeds;  // by assumption: in ask order, those of a list together
  uint64_t *seed_nodes; // by assumption, `lane_words` each: nodes that read it, but for tests
  uint64_t *candidates; // bit by node: tests of derived enumerations
  uint32_t *seed_groups, *seed_steps;
  vm_lane_speech *speech; // by decision
  uint32_t *references;   // facts that name related rows
  uint32_t reference_count;
  uint32_t *stored; // nodes whose states are no planes
  uint32_t stored_count;
} vm_lanes;

// lanes_build.c: an upper bound of the bytes it takes; 0: the policy decides no rows, or those of two lists.
size_t vm_lanes_bytes(const vm_policy *p);
// NULL: the policy is too large, rows are decided one by one.
const vm_lanes *vm_lanes_build(const vm_policy *p, void *memory);

// What the rules of a row come to.
typedef struct vm_lane_verdict {
  uint64_t open;         // before the first met one
  uint8_t met;           // the first met one, counted from the decision's first
  uint8_t determination; // its
  bool lacks;            // facts
  uint32_t possible;     // determinations that they leave open, if it does
} vm_lane_verdict;

#define VM_LANES_ROWS 0xfffffffeu // in place of a reader of the list: its rows come to life

// The part of a case. Planes are words, met and not met for each node.
#define VM_LANES_IN_WORD 8u // rows of which all pairs stand in one word
#define VM_LANES_MOST_ROWS 64u
#define VM_LANE_NO_ROW 0xfeu
#define VM_LANE_ANY_ROW 0xffu // unknown
struct vm_lane_state {
  uint32_t room, rows;      // rows that there is room for; of the claim at hand
  uint32_t strips;          // of pairs: one of all of them, or one for each row
  uint64_t valid;           // lanes that have a row
  uint64_t pair_valid;      // pairs of a strip that there are
  uint64_t *planes, *aside; // of the case as it is; the same, but for what is being tried
  // What tests say, by the setters, for the case and then for each row: bits of those that are met, and of those that
  // are unknown; none of a fact that takes the value of another one.
  uint64_t *facts;
  vm_rule_bits *rules;       // by decision and row
  vm_rule_bits *tried_rules; // the same without an assumption
  uint64_t *tried;           // rows in which they are others, by decision
  vm_lane_verdict *verdicts; // what rows come to, by decision and row
  uint8_t *targets; // by reference and row: the row that it names; VM_LANE_NO_ROW; VM_LANE_ANY_ROW
  uint64_t *referring; // by reference: rows that name one, or may
  uint64_t *parts;     // of a derived enumeration: lanes that ask for each part
  uint64_t *pairs;     // planes of one strip
  uint64_t *matrices;  // by comparison and strip, four words (lanes_loops.c)
  uint8_t *compared;   // by comparison: its matrices are there
  int64_t *values;     // of the facts that are compared, in the loop's row and in the cell's
  uint64_t *wanted,
      *wants; // by node: lanes in which it is asked for; nodes that are; all zero between uses
  uint64_t *strip_wanted; // by pair of a loop
  uint64_t *changed;      // nodes to be worked out again; all zero between uses
  uint32_t *touched;      // nodes that are others now
  uint32_t touched_count;
  uint64_t scope;    // rows of which an assumption is put aside
  uint64_t *assumed; // by decision and row: assumptions that mattered, a bit each
  uint32_t assumed_words;
  uint64_t *lacking;  // by decision: rows that pend because facts are missing
  uint64_t *visited;  // nodes that such rows ask something of
  bool any_lacking;   // are there any?
  bool visits_others; // they ask cells of other lists
  bool assumed_known;
  bool trying; // rows are settled without it
};
typedef struct vm_lane_state vm_lane_state;

static inline size_t vm_lane_at(const soc_case *c, uint32_t decision, uint32_t row) {
  return (size_t)decision * c->lanes->room + row;
}

static inline soc_truth vm_lane_truth(const soc_case *c, vm_ref ref, uint32_t row) {
  const uint64_t *planes = c->lanes->planes;
  return planes[ref] >> row & 1       ? SOC_MET
         : planes[ref ^ 1] >> row & 1 ? SOC_NOT_MET
                                      : SOC_UNKNOWN_TRUTH;
}

// Lanes in which something that has this guard is asked for.
static inline uint64_t vm_open_lanes(const vm_lane_state *s, vm_ref guard) {
  return guard == SOC_NONE32 ? s->valid : s->valid & ~s->planes[guard];
}

// lanes_case.c: the bytes of a case's part; fills it.
uint64_t vm_lanes_case_bytes(const vm_policy *p, uint32_t rows, uint32_t assumed_slots);
void vm_lanes_init(soc_case *c);

// lanes.c: writes what the tests of a fact say to words as `facts` has them.
void vm_lanes_put_tests(const vm_lanes *l, uint64_t *facts, const vm_lane_group *g, uint64_t tests,
                        uint64_t met, uint64_t unknown);
// lanes.c: as vm_ways says.
void vm_lanes_clear_facts(soc_case *c);
soc_status vm_lanes_take_fact(soc_case *c, uint32_t fact, uint32_t row);
// lanes.c: works all rows of the case out, if there are any and it has lanes.
void vm_lanes_run(soc_case *c);
// lanes.c: works one node out from those that it reads; several in order, of which those that differ from the planes
// aside are added to `touched`.
void vm_lanes_work_out(soc_case *c, uint32_t node);
void vm_lanes_work_out_few(soc_case *c, const uint32_t *nodes, uint32_t count);
// lanes.c: derives an enumeration in these lanes again; its tests where the masks are others than these. False:
// nowhere.
bool vm_lanes_derive_again(soc_case *c, const vm_lane *lane, uint64_t scope, const uint64_t *other);
// lanes.c: takes in these lanes an assumption away from tests; those that differ from the planes aside are added to
// `touched`.
void vm_lanes_hold_tests(soc_case *c, const vm_lane_group *g, uint32_t assumed, uint64_t scope);
// lanes.c: writes the states of the cells down that code reads; of all cells that have lanes.
void vm_lanes_publish_code(soc_case *c, uint32_t first, uint32_t count);
bool vm_lanes_publish_cell(soc_case *c, uint32_t cell);
// lanes.c: what a condition, and what the rules of a decision, come to in a row.
soc_truth vm_lane_condition(const soc_case *c, uint32_t cell, uint32_t row);
const vm_rule_bits *vm_lane_rules(const soc_case *c, uint32_t decision, uint32_t row);

// lanes_loops.c: all pairs of these rows, in one word; a loop over rows.
uint64_t vm_lanes_all_pairs(uint64_t rows);
void vm_lanes_loop(soc_case *c, const vm_lane *lane, uint64_t *met);
// lanes_loops.c: asks for what a loop that is unknown in these rows depends on.
void vm_lanes_want_loop(soc_case *c, const vm_lane *lane, uint64_t rows);

// lanes_missing.c: wants what keeps these rules of a decision open in a row; a truth or quantity; asks for all that is
// wanted (false: nothing was).
void vm_lanes_want_rules(soc_case *c, uint32_t decision, uint32_t row, uint64_t rules);
bool vm_lanes_want_cell(soc_case *c, uint32_t cell, uint32_t row);
void vm_lanes_want(soc_case *c, uint32_t ref, uint32_t row);
bool vm_lanes_ask_wanted(soc_case *c);

// lanes_assume.c: finds the assumptions that mattered to each row; lists those of one.
void vm_lanes_find_assumed(soc_case *c);
void vm_lanes_list_assumed(soc_case *c, uint32_t decision, uint32_t row);

#endif
