#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# count.sh BENCH POLICY [CASES]: instructions inside the decision call, for the VM and for the C reference, counted by
# callgrind. Steadier than time: the same program and cases give the same numbers on every run. Without valgrind it
# says so and does nothing.
set -eu
bench=$1
policy=$2
cases=${3:-2000}

if ! command -v valgrind >/dev/null; then
  echo "instructions: not counted, valgrind is not installed"
  exit 0
fi

# count SIDE FUNCTION: instructions a case
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="$2" \
      "$bench" "$policy" --count "$1" "$cases" 2>&1 |
    awk -v cases="$cases" '/Collected/ { n = $NF } END { if (!n) exit 1; printf "%.1f\n", n / cases }'
}

vm=$(count vm soc_case_decide)
switch=$(count switch premera_decide_switch)
hash=$(count hash premera_decide_hash)
echo "instructions a case (callgrind, $cases cases): VM $vm, C switch $switch, C perfect hash $hash"
echo "$vm $switch $hash" | awk '{ printf "instructions, VM : C switch %.2f, VM : C perfect hash %.2f\n", $1 / $2, $1 / $3 }'
