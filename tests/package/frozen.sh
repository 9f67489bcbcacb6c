#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# frozen.sh CC BUILD: programs compiled with the headers of frozen/soc run with the shared library of BUILD. They decide
# the golden cases as they always did, and tell of policies and cases what the same program tells that was compiled with
# the headers of now. What is in frozen/soc changes only together with SOC_SOVERSION.
set -eu
cc=$1
build=$2
frozen=tests/package/frozen
golden=tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# compile INCLUDE SOURCE PROGRAM
compile() {
  "$cc" -std=c11 -Wall -Wextra -Werror "-I$1" "$2" -o "$work/$3" "-L$build/vm" -lsoc_vm "-Wl,-rpath,$build/vm"
}

# same WHAT FILE FILE
same() {
  if cmp -s "$2" "$3"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$1:"
    diff "$2" "$3" | head -n 10 || true
  fi
}

# run PROGRAM OUT ARGUMENT...: a program that ends badly prints so.
run() {
  program=$1
  out=$2
  shift 2
  "$work/$program" "$@" >"$work/$out" 2>&1 || echo "status $?" >>"$work/$out"
}

compile "$frozen" "$golden/decide.c" decide
compile "$frozen" "$frozen/look.c" look
compile include "$frozen/look.c" look_now
for artifact in "$golden"/*.socb; do
  name=$(basename "$artifact" .socb)
  run decide out "$artifact" "$golden/$name.cases"
  same "$name, decided by a program of before" "$golden/$name.expected" "$work/out"
  run look out "$artifact"
  run look_now now "$artifact"
  same "$name, seen by a program of before" "$work/now" "$work/out"
  grep -q '^ id=' "$work/out" && ! grep -q '^status' "$work/out" || { echo "$name: nothing was seen"; failed=$((failed + 1)); }
done

# The programs would notice: with other headers than those of the library they tell something else.
# other SED-SCRIPT: a header with that change.
other() {
  mkdir -p "$work/other/soc"
  cp "$frozen"/soc/*.h "$work/other/soc"
  sed "$1" "$frozen/soc/vm.h" >"$work/other/soc/vm.h"
  ! cmp -s "$frozen/soc/vm.h" "$work/other/soc/vm.h" || { echo "nothing changed by $1"; exit 1; }
  compile "$work/other" "$frozen/look.c" look_other
  run look_other out "$golden/premera.socb"
  run look_now now "$golden/premera.socb"
  if cmp -s "$work/now" "$work/out"; then
    failed=$((failed + 1))
    echo "not noticed: $1"
  else
    passed=$((passed + 1))
  fi
}
other 's/^  SOC_REFER,$/  SOC_MORE, SOC_REFER,/'
other 's/soc_text id, version, title,/soc_text version, id, title,/'
other 's/^  int64_t number;$/  int32_t number;/'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
