// SPDX-License-Identifier: Apache-2.0
//
// Decides one case by the VM and by the oracle and compares everything that results carry.
#ifndef SOC_TESTS_AGREE_H
#define SOC_TESTS_AGREE_H

#include "tests/oracle/oracle.h"

// A loaded policy with room for a case that is decided by its bytecode alone, for one with what makes long lists quick,
// and for one by its plan where it can have one. What is asked about one case is asked of `input`, by the plan if there
// is one.
struct machine {
  soc_policy policy;
  soc_case *plain, *quick, *planned; // planned: may be NULL
  soc_case *input;                   // one of them
  void *memory[4];
  const struct program *program;
  uint32_t *facts; // manifest index in the artifact, by fact_decl.number
};

// False: the artifact does not load; `why` says so.
bool machine_open(struct machine *m, const struct program *p, const void *artifact, size_t length,
                  soc_error *why);
void machine_close(struct machine *m);

// Fills in the machine's case and decides. False: a setter or the decision refused; printed to `out`.
bool machine_decide(struct machine *m, const struct oracle_case *c, FILE *out);
// Manifest index of a fact for the machine.
uint32_t machine_fact(const struct machine *m, const struct fact_decl *f);

// True if the oracle and the VM in each of its ways give the same. Otherwise what differs is printed to `out`
// (NULL: nowhere).
bool agree(struct machine *m, const struct oracle_case *c, FILE *out);
// As agree, and the state of every criterion (soc_case_explain) is compared as well.
bool agree_explained(struct machine *m, const struct oracle_case *c, FILE *out);
// As agree or agree_explained, with what the oracle says of the case.
bool agree_with(struct machine *m, const struct oracle_case *c, const struct oracle_result *result,
                bool explained, FILE *out);

#endif
