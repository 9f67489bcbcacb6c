// SPDX-License-Identifier: Apache-2.0
//
// Random policies as source text. Every rule, criterion, set and derivation stands on one line, so that a failing
// source can be made smaller by dropping lines.
#ifndef SOC_TESTS_GENERATE_H
#define SOC_TESTS_GENERATE_H

#include "choice.h"
#include "text.h"

struct generated {
  struct text vocabulary; // what the policy gets for `use "gen"`
  struct text policy;
};

void generate_policy(struct choices *c, struct generated *g);
void generated_free(struct generated *g);

#endif
