#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# count.sh BUILD: instructions inside the decision call, for the VM and for the C references, counted by callgrind
# (BUILD is the folder of a release build). Steadier than time, and the same on every machine for the same compiler:
# what the C library does is left out, since it chooses its string functions by the processor. Without valgrind it says
# so and does nothing.
set -eu
build=$1

if ! command -v valgrind >/dev/null; then
  echo "instructions: not counted, valgrind is not installed"
  exit 0
fi
profile=$(mktemp)
trap 'rm -f "$profile"' EXIT

# own PROGRAM: adds up the profile's costs of functions in PROGRAM. A call's cost stands in the line after it, once
# more in the function that is called.
own() {
  awk -v program="/$1" '
    /^c?ob=/ { # the name of an object stands where its number comes first
      id = $1; sub(/^c?ob=/, "", id)
      if (NF > 1) inside[id] = substr($0, length($0) - length(program) + 1) == program
      if ($1 ~ /^ob=/) counted = inside[id]
      next
    }
    /^calls=/ { getline; next }
    /^[0-9+*-]/ && counted { sum += $2 }
    END { printf "%d\n", sum }' "$profile"
}

# count PROGRAM POLICY SIDE FUNCTION CASES: instructions a case
count() {
  valgrind --tool=callgrind --callgrind-out-file="$profile" --dump-line=no --toggle-collect="$4" \
      "$build/bench/$1" "$2" --count "$3" "$5" >/dev/null 2>&1 || return 1
  own "$1" | awk -v cases="$5" '{ if ($1 == 0) exit 1; printf "%.1f\n", $1 / cases }'
}

# report NAME WHAT VM C
report() {
  echo "instructions $2 (callgrind, without the C library's): VM $3, C switch $4"
  echo "$1 $3 $4" | awk '{ printf "= %s-instructions %.3f\n", $1, $2 / $3 }'
}

premera=policies/premera/11.01.523/2024-12-05.socb
claims=policies/cigna/R14/2018-05-19.socb
vm=$(count bench_vm "$premera" vm soc_case_decide 2000)
c=$(count bench_vm "$premera" switch premera_decide_switch 2000)
report premera "a case" "$vm" "$c"
vm=$(count bench_claims "$claims" vm r14_vm_decide 200)
c=$(count bench_claims "$claims" switch r14_decide_switch 200)
report r14 "a claim of five lines" "$vm" "$c"
