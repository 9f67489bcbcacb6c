#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pure.sh VM LIBRARY...: the VM needs nothing but string.h (so it cannot allocate, print or read a clock) and shows only
# what soc/vm.h declares and what the compiler shares (soc_); neither it nor the other libraries keep state that can
# change.
set -eu
library=$1
passed=0
failed=0

# check NAME LINES: passes if there are none.
check() {
  if [ -z "$2" ]; then
    passed=$((passed + 1))
  else
    printf '%s:\n%s\n' "$1" "$2"
    failed=$((failed + 1))
  fi
}

defined=$(nm "$library" | awk 'NF == 3 && $2 != "U" { print $3 }' | sort -u)
needed=$(nm -u "$library" | awk '$1 == "U" { print $2 }' | sort -u)
instrumented=$(echo "$needed" | grep -E '^__(asan|ubsan|sanitizer|gcov|sanitizer_cov|tsan|msan)' || true)

outside=$(printf '%s\n' "$needed" | grep -vxF "$defined" |
  grep -vE '^(memcpy|memcmp|memset|memmove|strlen|bcmp|_GLOBAL_OFFSET_TABLE_)$|^__(asan|ubsan|sanitizer|gcov|stack_chk|llvm)' || true)
check "needs from outside" "$outside"

# Sections that can be written to; a symbol of its own has only some of what is in them. What is constant but for
# addresses stands in .data.rel.ro. Sanitizers and gcov add data of their own.
if [ -z "$instrumented" ]; then
  for each in "$@"; do
    check "$each: data that can change" "$(size -A "$each" | awk '
      $NF ~ /:$/ && /\(ex / { member = $1 }
      $1 ~ /^\.(data|bss|tdata|tbss)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 { print member, $1, $2 }')"
  done
fi
check "names without a prefix" "$(nm -g "$library" | awk 'NF == 3 && $2 != "U" { print $3 }' |
  grep -vE '^(soc|vm)_' | grep -vE '^__(asan|odr_asan|gcov|llvm)' || true)"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
