#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers.sh CC CXX: each public header compiles alone, and twice, as C11 and as C++17 without a warning.
set -eu
for compiler in "$1" "$2"; do
  command -v "$compiler" >/dev/null || { echo "skipped: $compiler is not here"; exit 77; }
done
passed=0
failed=0

# check COMPILER LANGUAGE STANDARD HEADER
check() {
  if printf '#include <soc/%s>\n#include <soc/%s>\nextern int unit;\n' "$4" "$4" |
      "$1" -x "$2" "-std=$3" -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Iinclude -fsyntax-only -; then
    passed=$((passed + 1))
  else
    echo "$1 -std=$3: soc/$4"
    failed=$((failed + 1))
  fi
}

for path in include/soc/*.h; do
  check "$1" c c11 "${path##*/}"
  check "$2" c++ c++17 "${path##*/}"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
