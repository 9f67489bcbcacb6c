// SPDX-License-Identifier: Apache-2.0
//
// cmocka with the headers that it wants before it.
#ifndef SOC_TESTS_CLI_TEST_H
#define SOC_TESTS_CLI_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
