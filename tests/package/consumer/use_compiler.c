// SPDX-License-Identifier: Apache-2.0
//
// use_compiler POLICY.soc: compiles the policy and runs the tests in it.
#include <soc/compiler.h>

#include "use.h"

int main(int argc, char **argv) {
  size_t length = 0;
  char *text = argc == 2 ? read_file(argv[1], &length) : NULL;
  soc_compilation *c = text ? soc_compile(text, length, argv[1], NULL) : NULL;
  if (!c) {
    printf("no compilation\n");
    return 1;
  }
  uint32_t passed = 0, count = soc_compilation_test_count(c);
  for (uint32_t i = 0; i < count; i++) {
    soc_test_outcome outcome;
    passed += soc_compilation_run_test(c, i, &outcome) && outcome.passed;
  }
  printf("%s: %u errors, %u of %u tests\n", soc_compiler_version(), soc_compilation_error_count(c),
         passed, count);
  soc_compilation_free(c);
  free(text);
  return 0;
}
