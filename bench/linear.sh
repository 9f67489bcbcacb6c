#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# linear.sh BENCH_COMPILE [count]: twice the lines cost the compiler no more than twice the memory and, with the second
# argument, twice the instructions (callgrind; left out where valgrind is not installed). Counted, not timed. The bound
# leaves room for tables that double and for what grows with the logarithm; anything quadratic in a part that
# matters gives far more.
set -eu
bench=$1
passed=0 failed=0

# compare WHAT OF_N OF_2N
compare() {
  if awk -v one="$2" -v two="$3" 'BEGIN { exit !(one > 0 && two / one < 2.15) }'; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  echo "$1: $2, of twice the lines $3, ratio $(awk -v one="$2" -v two="$3" 'BEGIN { printf "%.3f", two / one }')"
}

memory() { "$bench" --count "$1" | awk '{ print $(NF - 2) }'; }

instructions() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=soc_compile "$bench" --count "$1" 2>&1 |
    awk '/Collected/ { print $NF }'
}

compare "bytes of memory of 200,000 lines" "$(memory 200000)" "$(memory 400000)"
if [ "${2-}" = count ]; then
  if command -v valgrind >/dev/null; then
    compare "instructions of 20,000 lines" "$(instructions 20000)" "$(instructions 40000)"
  else
    echo "instructions: not counted, valgrind is not installed"
  fi
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
