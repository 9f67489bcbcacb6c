#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The counting of ./dev test, on logs as ctest writes them: a miscount here would hide failures everywhere.
set -eu
summary=$(dirname "$0")/../summary.sh
passed=0
failed=0

# entry VERDICT OUTPUT [COMMAND]: one test of ctest's log.
entry() {
  printf '1/1 Testing: t\n1/1 Test: t\nCommand: "%s"\nOutput:\n----------\n' "${3-/bin/t}"
  printf '%s\n<end of output>\n' "$2"
  printf 'Test time =   0.01 sec\n----------\n%s\n' "$1"
}

# check WHAT EXPECTED LOG
check() {
  status=0
  actual=$(printf '%s\n' "$3" | sh "$summary") || status=$?
  if [ "$actual, status $status" = "$2" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '%s\n  expected %s\n  found    %s, status %s\n' "$1" "$2" "$actual" "$status"
  fi
}

ok='Test Passed.'
bad='Test Failed.'
cmocka='[  PASSED  ] 4 test(s).'
cmocka_bad='[  PASSED  ] 2 test(s).
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] some_case'

check "a test without a count is one case" "1 passed, 0 failed, status 0" "$(entry "$ok" 'no count')"
check "a count is taken" "3 passed, 0 failed, status 0" "$(entry "$ok" '3 passed, 0 failed')"
check "the last count stands" "3 passed, 0 failed, status 0" "$(entry "$ok" '2 passed, 1 failed
3 passed, 0 failed')"
check "failures are added" "3 passed, 2 failed, status 1" "$(entry "$bad" '3 passed, 2 failed')"
check "a crash after the count" "3 passed, 1 failed, status 1" "$(entry "$bad" '3 passed, 0 failed')"
check "a crash before the count" "0 passed, 1 failed, status 1" "$(entry "$bad" '')"
check "exit status 0 hides no failure" "3 passed, 2 failed, status 1" "$(entry "$ok" '3 passed, 2 failed')"
check "a program that is not there" "0 passed, 1 failed, status 1" "$(entry "$ok" '' '')"
check "cmocka, all passed" "4 passed, 0 failed, status 0" "$(entry "$ok" "$cmocka")"
check "cmocka, one failed" "2 passed, 1 failed, status 1" "$(entry "$bad" "$cmocka_bad")"
check "cmocka, two groups" "8 passed, 0 failed, status 0" "$(entry "$ok" "$cmocka
$cmocka")"
check "tests are added up" "5 passed, 1 failed, status 1" "$(entry "$ok" '3 passed, 0 failed'
  entry "$bad" "$cmocka_bad")"
check "a log cut short" "0 passed, 1 failed, status 1" "$(entry "$ok" 'x' | sed '$d')"
check "a verdict in the output is output" "0 passed, 1 failed, status 1" "$(entry "$bad" "$ok")"
check "a skipped test is told and is no case" "skipped: t: no clang
1 passed, 0 failed, status 0" "$(entry "$ok" 'skipped: no clang'
  entry "$ok" 'no count')"
check "what was done beside what was skipped" "skipped: t: no clang
2 passed, 0 failed, status 0" "$(entry "$ok" 'skipped: no clang
2 passed, 0 failed')"
check "a skipped test that fails" "skipped: t: no clang
0 passed, 1 failed, status 1" "$(entry "$bad" 'skipped: no clang')"
check "nothing but skipped tests" "skipped: t: no clang
0 passed, 0 failed, status 1" "$(entry "$ok" 'skipped: no clang')"
check "no tests at all" "0 passed, 0 failed, status 1" ""

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
