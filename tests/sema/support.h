// SPDX-License-Identifier: Apache-2.0
//
// For the tests of the checker: compiles small sources, and answers questions about what came of them.
#ifndef SOC_TESTS_SEMA_SUPPORT_H
#define SOC_TESTS_SEMA_SUPPORT_H

// cmocka wants these first.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "compiler/compilation.h"

// The head of a policy and the use of the vocabulary, so that a test shows only what it is about.
#define HEAD                                                                               \
  "soc 1\npolicy \"tests/sema\" { title \"T\"; version 2024-01-01; basis service.date }\n" \
  "use \"vocabulary/case\"\n"
#define LIBRARY "soc 1\nlibrary \"tests\"\nuse \"vocabulary/case\"\n"
#define OTHERWISE "  refer SITE_CRITERIA_NOT_MET otherwise cite \"L1\"\n"

soc_compilation *compile_text(const char *text);
// Fails the test, with what was reported, if there were errors or warnings.
soc_compilation *compile_clean(const char *text);
// Code of the first thing reported, "" for none. The compilation is freed.
const char *first_code(const char *text, char code[8]);

const struct cell *cell_named(const soc_compilation *c, const char *name);
const struct set_decl *set_named(const soc_compilation *c, const char *name);
// Is the code in the set as of a day? Looks at the ranges one by one.
bool set_holds(const struct set_decl *set, const char *code, const char *day);
// Names of the manifest or of the cells, each followed by a space.
const char *manifest_names(const soc_compilation *c, char *out, size_t size);
const char *cell_names(const soc_compilation *c, char *out, size_t size);

#endif
