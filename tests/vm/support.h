// SPDX-License-Identifier: Apache-2.0
//
// What tests of the VM share: a loaded policy with a case, cases written as text, results read as text.
#ifndef SOC_TESTS_VM_SUPPORT_H
#define SOC_TESTS_VM_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "builder.h"

typedef struct fixture {
  image im;
  soc_policy policy;
  soc_case *c;
  void *memory;
  void *plan;   // with TEST_PLANNED, for policies that can have one
  uint32_t row; // that results are read of
} fixture;

// Finishes the builder, loads the image and lays out a case for 8 rows and 8 items.
fixture fixture_open(builder *b);
fixture fixture_open_limits(builder *b, soc_case_limits limits);
void fixture_close(fixture *f);

// Clears the case and sets facts: "flag=true amount=2.5 when=2024-01-31 code=J1745 codes=A1,B2 events=2
// events[0].bad=true other=none". An underscore in a text stands for a space. Fails the test if a setter refuses.
void give(fixture *f, const char *facts);

// give, then decide.
void decide(fixture *f, const char *facts);
void decide_explained(fixture *f, const char *facts);

// Of the last decision; static buffers, one for each function.
const char *determination_of(const fixture *f, uint32_t decision); // "approve"
const char *reason_of(const fixture *f, uint32_t decision);
const char *reasons_of(const fixture *f, uint32_t decision);  // "CODE(criterion) CODE(criterion)"
const char *possible_of(const fixture *f, uint32_t decision); // "approve|refer"
const char *missing_of(const fixture *f, uint32_t decision);  // "flag events[1].bad"
const char *assumed_of(const fixture *f, uint32_t decision);
const char *actions_of(const fixture *f, uint32_t decision);
const char *redirect_of(const fixture *f, uint32_t decision);
const char *window_of(const fixture *f,
                      uint32_t decision); // "2024-01-01..2024-03-30", "2024-01-01..", "none"

const char *units_of(const fixture *f, uint32_t decision); // "2.5", "" if nothing is said
const char *line_of(const fixture *f, uint32_t decision);  // "deny CODE"

// The index of a fact, which must be there.
uint32_t fact_index(const fixture *f, const char *name);

#endif
