// SPDX-License-Identifier: Apache-2.0
//
// Which of the states met, not met and unknown a criterion or a rule can ever take, whatever a case says. Sound, not
// complete: a state that is left out here occurs in no case; one that is named may yet be impossible. Serves
// `soc test --coverage` and, by reach_check.c, `soc check`.
//
// How: the values of each fact are sorted into classes that no condition of the policy can tell apart
// (reach_domain.c). Conditions are evaluated over sets of states, with some facts held to one class and the others
// open (reach_eval.c), and a search holds one fact after the other until the state is found or refuted
// (reach.c). What depends on more than single values, as two dates that are compared do, counts as a fact of its own.
#ifndef SOC_COMPILER_REACH_H
#define SOC_COMPILER_REACH_H

#include "compiler/arena.h"
#include "compiler/program.h"

// A set of states: bit 1 << soc_truth.
enum {
  REACH_NOT_MET = 1 << SOC_NOT_MET,
  REACH_UNKNOWN = 1 << SOC_UNKNOWN_TRUTH,
  REACH_MET = 1 << SOC_MET,
  REACH_ALL = REACH_NOT_MET | REACH_UNKNOWN | REACH_MET
};

// `switches`: constants that are true or false count as either, as they are there to be turned. False: out of memory.
bool reach_program(soc_reach *reach, struct arena *arena, const struct program *p, bool switches);

struct sema;
// Warns of criteria and conditions that are in one and the same state whatever a case says. Only after sema_run has
// found no error.
void reach_check(struct sema *s);

#endif
