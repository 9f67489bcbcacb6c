// SPDX-License-Identifier: Apache-2.0
//
// Running bytecode (exec.c) and the passes over its results, one file each.
#ifndef SOC_VM_EXEC_H
#define SOC_VM_EXEC_H

#include "vm/case.h"
#include "vm/pool.h"

// Values on the stack that are not intervals.
#define VM_NONE_VALUE ((vm_value){INT64_MIN, INT64_MIN})
#define VM_UNKNOWN_VALUE ((vm_value){INT64_MIN, INT64_MAX})

// Is there a first row? For related and chain, `row` is the one that the reference is read at.
static inline soc_state vm_loop_start(const soc_case *c, vm_instruction i, uint32_t row,
                                      vm_loop *l) {
  int64_t target;
  l->row = l->step = 0;
  if ((i.a & ~SOC_EACH_FOLD) == SOC_EACH_ROWS) {
    return vm_read(c, i.b, 0, &l->rows);
  }
  l->rows = 0;
  soc_state state = vm_read(c, i.b, row, &target);
  if (state == SOC_GIVEN) {
    l->row = (uint32_t)target;
    l->rows = i.a & SOC_EACH_CHAIN ? vm_rows(c, c->columns[i.b].list) : 1;
  }
  return state == SOC_NONE ? SOC_GIVEN : state;
}

// The next row of a loop. SOC_NONE: there is none; SOC_LEFT_OUT: that is unknown.
static inline soc_state vm_loop_next(const soc_case *c, vm_instruction i, vm_loop *l) {
  int64_t target;
  if (++l->step >= l->rows) {
    return SOC_NONE;
  }
  if (!(i.a & SOC_EACH_CHAIN)) {
    l->row = l->step;
    return SOC_GIVEN;
  }
  soc_state state = vm_read(c, i.b, l->row, &target);
  l->row = state == SOC_GIVEN ? (uint32_t)target : l->row;
  return state;
}

// exec.c: computes cells [first, end) from the lower ones, those of lists for every row.
void vm_compute_cells(soc_case *c, uint32_t first, uint32_t end);
// exec.c: runs code of the case that leaves a truth or a value; cells that it reads are known.
vm_value vm_run_code(soc_case *c, uint32_t first, uint32_t count);
// exec.c: the same without short cuts; leaves in c->entries what makes it uncertain.
void vm_gather_code(soc_case *c, uint32_t first, uint32_t count);
// exec.c: computes a cell of a list for rows [first, end).
void vm_compute_rows(soc_case *c, uint32_t cell, uint32_t first, uint32_t end);
// exec.c: runs the body of a loop that stands outside of loops, for one of its rows; leaves a truth, of a sum with the
// value behind it in c->stack[1].
int64_t vm_run_body(soc_case *c, vm_instruction begin, uint32_t pc, uint32_t frame, uint32_t row);
// exec.c: runs code at a row, in a loop's body with the row outside of it (frame); the second one without short cuts,
// and leaves in c->entries what makes it uncertain. Truths that it reads stand in c->truth.
vm_value vm_run_row(soc_case *c, uint32_t first, uint32_t count, uint32_t frame, uint32_t row);
vm_value vm_gather_row(soc_case *c, uint32_t first, uint32_t count, uint32_t frame, uint32_t row);
// exec.c: candidates that an instruction leaves.
uint64_t vm_candidates(const soc_case *c, vm_instruction i, uint32_t row, uint16_t enumeration);
// exec.c: a relation of two values; takes a row into a sum: true if what it adds is not certain.
int64_t vm_related_values(unsigned relation, vm_value x, vm_value y);
bool vm_sum_join(vm_value *sum, int64_t t, vm_value v);
// exec.c: asks for a fact in a row if it is unknown there.
void vm_ask_row_fact(soc_case *c, uint32_t fact, uint32_t row);
// exec.c: runs code of a rule (a window, what stands) and leaves in c->entries what makes it uncertain; all cells that
// it reads are known.
vm_value vm_compute_value(soc_case *c, uint32_t first, uint32_t count, uint32_t row);
// exec.c: runs the code of an unknown cell without short cuts and leaves in c->entries what makes it unknown.
void vm_gather_cell(soc_case *c, uint32_t cell, uint32_t row);

// Makes cells [0, count) known.
static inline void vm_need(soc_case *c, uint32_t count) {
  if (c->known < count) {
    vm_compute_cells(c, c->known, count);
    c->known = count;
  }
}

// State of a criterion; `row` is SOC_NO_INDEX in decisions over the case, which read cells of the case alone.
static inline soc_truth vm_truth(const soc_case *c, uint32_t cell, uint32_t row) {
  return (soc_truth)c->truth[row == SOC_NO_INDEX ? cell : vm_cell_slot(c, cell, row)];
}

// decide.c: decides the case (SOC_NO_INDEX) or one row by the cells. Room for reasons and actions: see struct soc_case.
void vm_settle(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *outcome,
               vm_reason *reasons, uint32_t *actions);
// decide.c: what the rules up to the first met one come to.
typedef struct vm_scan {
  uint32_t met;
  uint32_t possible;   // of the open rules
  uint32_t first_open; // SOC_NONE32
  uint32_t last_open;  // the last one whose determination is another one than that of the met rule
  bool speaks;         // one of them may have a code for being open
} vm_scan;
// decide.c: settles what follows from that.
void vm_settle_scanned(soc_case *c, uint32_t decision, uint32_t row, const vm_scan *s,
                       vm_outcome *o, vm_reason *reasons, uint32_t *actions);
// decide.c: the day that the policy goes by; false: it is not certain.
bool vm_basis_day(const soc_case *c, int32_t *day);
// decide.c: settles with what a pending outcome lacks, to c->outcomes.
void vm_decide(soc_case *c, uint32_t decision, uint32_t row);
// decide.c: the outcome of a decision with everything that belongs to it; that of a row is worked out now if another
// row was asked for last. NULL: the row does not exist.
const vm_outcome *vm_outcome_of(const soc_case *c, uint32_t decision, uint32_t row);

// gather.c: what a pending outcome lacks, in ask order, to `missing` (room for c->slots); returns how many.
uint32_t vm_missing(soc_case *c, uint32_t decision, const vm_outcome *outcome,
                    soc_fact_ref *missing);
// gather.c: lists the facts that were asked for, in ask order, and takes the marks back.
uint32_t vm_list_marked(soc_case *c, soc_fact_ref *out);
// gather.c: asks for a fact; for everything in c->entries.
void vm_mark_missing(soc_case *c, uint32_t fact, uint32_t row);
void vm_take_entries(soc_case *c);
// gather.c: wants a cell in a row; asks for what the wanted ones, all lower than `end`, do not know.
void vm_need_cell(soc_case *c, uint32_t cell, uint32_t row);
void vm_gather_needed(soc_case *c, uint32_t end);
// gather.c: the same where what is found out may need cells once more: those that were gathered are not again, until
// they are forgotten.
void vm_gather_once(soc_case *c);
void vm_forget_gathered(soc_case *c);

// What is known of a decision's rules in one word, a bit for each in their order.
typedef struct vm_rule_bits {
  uint64_t met, open;
} vm_rule_bits;

// What deciding by a plan or by lanes does in place of running cells. The rest of the VM comes to it by this table
// alone, so that a program which never makes a plan holds none of its code (plan.c, soc_policy_plan).
typedef struct soc_ways { // the tag stands in soc/vm.h
  // All facts are left out; what the tests of a fact, of a field in a row, say is written down.
  void (*clear_facts)(soc_case *c);
  soc_status (*take_fact)(soc_case *c, uint32_t fact, uint32_t row);
  // Of plans: decides the case, whose decisions all are over the case, with what they lack.
  void (*decide)(soc_case *c);
  // State of a condition with a literal of its own.
  soc_truth (*planned_condition)(const soc_case *c, uint32_t cell);
  // As vm_settle does, by rules as bits: of a plan, or of a row's lanes.
  void (*settle)(soc_case *c, uint32_t decision, uint32_t row, vm_outcome *o, vm_reason *reasons,
                 uint32_t *actions);
  // As vm_find_assumed says.
  void (*find_assumed)(soc_case *c);
  // The first rule behind this one that is met and a further reason; SOC_NONE32. `stops`: the last one.
  uint32_t (*next_reason)(const soc_case *c, uint32_t decision, uint32_t row, uint32_t rule,
                          bool *stops);
  // The first open rule from `rule` to `last` that has a code for being open; SOC_NONE32.
  uint32_t (*next_speaker)(const soc_case *c, uint32_t decision, uint32_t row, uint32_t rule,
                           uint32_t last);
  // Marks the facts that keep a decision's rules up to `last` open; a condition goes in with what is asked for.
  void (*gather)(soc_case *c, uint32_t decision, uint32_t last);
  void (*want_condition)(soc_case *c, uint32_t cell);

  // Of lanes: the bytes of a case's part; fills it.
  uint64_t (*lanes_case_bytes)(const vm_policy *p, uint32_t rows, uint32_t assumed_slots);
  void (*lanes_init)(soc_case *c);
  // Works all rows of the case out, if there are any.
  void (*lanes_run)(soc_case *c);
  // Writes the states of the cells down that code reads; of a cell that has lanes (false: it has none).
  void (*lanes_publish_code)(soc_case *c, uint32_t first, uint32_t count);
  bool (*lanes_publish_cell)(soc_case *c, uint32_t cell);
  // The same for a row as for the case above.
  soc_truth (*lane_condition)(const soc_case *c, uint32_t cell, uint32_t row);
  const vm_rule_bits *(*lane_rules)(const soc_case *c, uint32_t decision, uint32_t row);
  void (*lanes_want_rules)(soc_case *c, uint32_t decision, uint32_t row, uint64_t rules);
  // False: a cell of another list.
  bool (*lanes_want_cell)(soc_case *c, uint32_t cell, uint32_t row);
  bool (*lanes_ask_wanted)(soc_case *c);
  // Finds the assumptions that mattered to each row; lists those of one.
  void (*lanes_find_assumed)(soc_case *c);
  void (*lanes_list_assumed)(soc_case *c, uint32_t decision, uint32_t row);
} vm_ways;

// A condition that may be absent (SOC_NONE32 or VM_EXTRA_ALWAYS): always met.
static inline soc_truth vm_condition(const soc_case *c, uint32_t cell, uint32_t row) {
  const vm_policy *p = c->policy;
  return cell >= c->cell_count                   ? SOC_MET
         : row != SOC_NO_INDEX && vm_lanes_on(c) ? p->ways->lane_condition(c, cell, row)
         : vm_has_plan(c)                        ? p->ways->planned_condition(c, cell)
                                                 : vm_truth(c, cell, row);
}

// result.c: a reason as results tell it.
void vm_describe_reason(const vm_policy *p, vm_reason entry, soc_reason *reason);

// assume.c: the assumptions that mattered, for every decision over the case. Leaves the results of the real run alone.
void vm_find_assumed(soc_case *c);
// assume.c: the same for one row.
void vm_find_assumed_row(soc_case *c, uint32_t decision, uint32_t row);
// assume.c: would the decision be another one, or lack other facts, than c->outcomes says, by the states as they are
// now? `strictly`: also by rules that look alike in results.
bool vm_differs(soc_case *c, uint32_t decision, uint32_t row, bool strictly);
// assume.c: is there a decision over the case? They are settled.
bool vm_decides_case(const soc_case *c);
// assume.c: goes over all assumptions that the case makes, in ask order: those of a list row by row, as what is missing
// is listed.
typedef void vm_assumption_fn(soc_case *c, soc_fact_ref ref, uint32_t decision, uint32_t row);
void vm_each_assumption(soc_case *c, vm_assumption_fn *fn, uint32_t decision, uint32_t row);
void vm_list_assumed(soc_case *c, uint32_t decision, soc_fact_ref ref);
// assume.c: sets c->odd_assumptions.
void vm_find_odd_assumptions(soc_case *c);

// What makes long lists quick (vm/quick.h). The loader hangs it into the policy, unless the library is built without.
typedef struct soc_quick_ways { // the tag stands in soc/vm.h
  // Lays the case's part out; fills it.
  void (*lay_out)(soc_case *c, vm_pool *l);
  void (*init)(soc_case *c);
  // Begins a loop over rows (c->loop), of which there is one: sets `filtered`, and moves on to the first row that has
  // to be looked at.
  void (*begin_rows)(soc_case *c, uint32_t pc, uint32_t frame, uint8_t fold, vm_value *block);
  // Moves a filtered loop on from the row it is at to one that has to be looked at, if it is not there yet.
  void (*pass_rows)(soc_case *c, uint8_t fold, vm_value *block);
  // Is the loop's result known beforehand?
  bool (*is_ready)(const soc_case *c, uint32_t pc, vm_value *result);
  // As vm_find_assumed and vm_find_assumed_row say.
  void (*find_assumed)(soc_case *c);
  void (*find_assumed_row)(soc_case *c, uint32_t decision, uint32_t row);
} vm_quick_ways;
#if VM_BESIDE
const vm_quick_ways *vm_quickly(void); // quick.c
#else
#define vm_quickly() NULL
#endif

// explain.c: the cell that one instruction reads; SOC_NONE32: none.
uint32_t vm_cell_read(vm_instruction i);

#endif
