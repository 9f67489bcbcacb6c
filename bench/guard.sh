#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# guard.sh BUILD COMPILER [--lower]: the decision takes no more instructions, in proportion to the hand-written C of the
# same build, than bench/guard.txt says and a tenth more. With --lower, figures that have become lower are kept there.
# COMPILER is as CMake names it: "GNU 12.2.0 x86_64". Other compilers and processors make other instructions, and
# without valgrind nothing can be counted: then it says so and tests nothing.
set -eu
build=$1 compiler=$2 kept=bench/guard.txt

skip() {
  echo "skipped: $*"
  echo "0 passed, 0 failed"
  exit 0
}

case $compiler in
  "GNU 12"*" x86_64") ;;
  *) skip "$kept holds for gcc 12 on x86_64, this is $compiler" ;;
esac
command -v valgrind >/dev/null || skip "valgrind is not installed (./dev test installs it)"

counted=$(sh bench/count.sh "$build")
echo "$counted"
figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
echo "$counted" | sed -n 's/^= \(.*\)-instructions /\1 /p' >"$figures"

if [ "${3-}" = --lower ]; then
  lowered=$(awk 'NR == FNR { now[$1] = $2; next }
                 /^#/ || !($1 in now) || now[$1] >= $2 { print; next }
                 { print $1, now[$1] }' "$figures" "$kept")
  echo "$lowered" >"$kept"
fi

awk 'NR == FNR { now[$1] = $2; next }
     /^#/ { next }
     { good = ($1 in now) && now[$1] > 0 && now[$1] <= $2 * 1.1
       printf "%s: %s, kept %s%s\n", $1, ($1 in now) ? now[$1] : "not counted", $2,
              good ? "" : ": more than a tenth above; mend it, or say in " FILENAME " why it must be so"
       if (good) passed++; else failed++ }
     END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 || passed == 0 }' "$figures" "$kept"
