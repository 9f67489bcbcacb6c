// SPDX-License-Identifier: Apache-2.0
//
// One policy under test: its source compiled, its artifact loaded, its constants collected.
#ifndef SOC_TESTS_SUBJECT_H
#define SOC_TESTS_SUBJECT_H

#include "agree.h"
#include "cases.h"
#include "soc/compiler.h"

enum subject_state {
  SUBJECT_READY,
  SUBJECT_REFUSED, // the compiler reported errors
  SUBJECT_BROKEN   // it compiled, yet there is no artifact or it does not load
};

struct subject {
  soc_compilation *compilation;
  struct machine machine;
  struct constants constants;
  soc_reach reach;        // states that criteria and rules can have
  const char *vocabulary; // what `use "gen"` gives; NULL: nothing
};

// Both texts must outlive the subject. `out` NULL: say nothing about errors. Close it whatever the state.
enum subject_state subject_open(struct subject *s, const char *vocabulary, const char *policy,
                                FILE *out);
// The same of what is compiled already and now belongs to the subject; `s` is zero.
enum subject_state subject_take(struct subject *s, soc_compilation *compilation, FILE *out);
void subject_close(struct subject *s);
static inline const struct program *subject_program(const struct subject *s) {
  return s->machine.program;
}

#endif
