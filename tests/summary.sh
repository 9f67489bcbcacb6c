#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# summary.sh LOG...: adds up the test cases in ctest's logs (Testing/Temporary/LastTest.log) and prints one line,
# `N passed, N failed`; exit status 1 if any failed or none ran.
# For each test of ctest the cases are counted from cmocka's report, else from the last line `N passed, N failed`
# it printed, else the test is one case. A test that ctest calls failed (crash, time-out, missing program) counts
# at least one failure whatever it printed; cases that it counted as failed are failures even if it exited with 0.
# What a test could not do for want of a tool, it tells in a line `skipped: WHY`: these lines stand before the count,
# with the test's name, and such a test counts only the cases that it told of.
exec awk '
function finish(ok) {
  if (!in_test) return
  in_test = 0
  if (cmocka_seen) { p = cmocka_passed; f = cmocka_failed }
  else if (line_seen) { p = line_passed; f = line_failed }
  else { p = ok && !skipped ? 1 : 0; f = 0 }
  if (!ok && f == 0) f = 1
  passed += p
  failed += f
}
/^[0-9]+\/[0-9]+ Testing: / {
  finish(0)                      # no verdict before the next test: the log was cut short
  in_test = 1
  name = $3
  in_output = lost = skipped = 0
  cmocka_seen = cmocka_passed = cmocka_failed = line_seen = line_passed = line_failed = 0
  next
}
/^Command: ""$/ && !in_output { lost = 1 }    # ctest logs a program that it did not find as passed
/^Output:$/ { in_output = 1; next }
/^<end of output>$/ { in_output = 0; next }
in_output && /^skipped: / { skipped = 1; print "skipped: " name ": " substr($0, 10) }
in_output && /^\[  PASSED  \] [0-9]+ test\(s\)/ { cmocka_seen = 1; cmocka_passed += $4 }
in_output && /^\[  FAILED  \] [0-9]+ test\(s\)/ { cmocka_seen = 1; cmocka_failed += $4 }
in_output && /^[0-9]+ passed, [0-9]+ failed$/ { line_seen = 1; line_passed = $1; line_failed = $3 }
!in_output && /^Test Passed\.$/ { finish(!lost) }
!in_output && /^Test Failed\.$/ { finish(0) }
END {
  finish(0)
  printf "%d passed, %d failed\n", passed, failed
  exit failed > 0 || passed == 0
}' "$@"
