// SPDX-License-Identifier: Apache-2.0
//
// Properties that relate several decisions of one policy to each other, checked on the VM alone.
#ifndef SOC_TESTS_PROPERTIES_H
#define SOC_TESTS_PROPERTIES_H

#include "subject.h"

// Each returns false and says why on `out` (NULL: nowhere) if the property does not hold. They leave `c` as it was.

// A decided case stays decided in the same way whatever is filled in, facts aside whose absence may decide.
bool property_filling_in(struct subject *s, struct choices *choices, const struct oracle_case *c,
                         FILE *out);
// What a pend calls missing was left out, and only a pend misses anything.
bool property_missing(struct subject *s, const struct oracle_case *c, FILE *out);
// Filling in what is missing, again and again, ends in a decision that misses nothing.
bool property_asking_ends(struct subject *s, struct choices *choices, const struct oracle_case *c,
                          FILE *out);
// Bounds that the artifact states hold, and deciding twice gives the same.
bool property_again(struct subject *s, const struct oracle_case *c, FILE *out);
// Results of two cases with the same key (soc_case_result_key) tell the same.
bool property_by_key(struct subject *s, struct choices *choices, const struct oracle_case *c,
                     FILE *out);
// No criterion and no rule is in a state that the compiler holds to be out of reach.
bool property_reach(struct subject *s, const struct oracle_case *c, FILE *out);

#endif
