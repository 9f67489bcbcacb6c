#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh KIND: golden artifacts, made by earlier builds, must load and decide their cases as they did. KIND: `native`
# with the program that $SOC_BUILD holds, `work` with the one that counts instructions, `two_files` with the VM as two
# files and `bytecode` with that without plans; `arm` (32 bits) and `s390x` (big-endian) with the VM compiled for these,
# run by qemu.
set -eu
kind=$1
golden=tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# cross COMPILER QEMU: the VM and decide.c for another processor.
cross() {
  for tool in "$1" "$2"; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is not here"; exit 77; }
  done
  echo 'int main(void) { return 0; }' >"$work/main.c"
  "$1" -static "$work/main.c" -o "$work/main" 2>/dev/null || { echo "skipped: no C library for $1"; exit 77; }
  "$1" -std=c17 -O1 -static -Iinclude -I. "$golden/decide.c" vm/*.c -o "$work/decide"
  run="$2 $work/decide"
}

case $kind in
  native) run=$SOC_BUILD/tests/golden/golden_decide ;;
  work | two_files | bytecode) run=$SOC_BUILD/tests/golden/golden_$kind ;;
  arm) cross arm-linux-gnueabihf-gcc qemu-arm ;;
  s390x) cross s390x-linux-gnu-gcc qemu-s390x ;;
  *) echo "run.sh: no kind '$kind'"; exit 2 ;;
esac

# least NAME: how near to the bound on instructions the costliest case comes, in thousandths. Rows are bounded by what
# trials of assumptions would cost without any of the ways by which they are spared.
least() {
  [ "$kind" = work ] || return 0
  case $1 in
    r14) echo 20 ;;
    *) echo 350 ;;
  esac
}

for artifact in "$golden"/*.socb; do
  name=$(basename "$artifact" .socb)
  # shellcheck disable=SC2046,SC2086  # a program, perhaps behind qemu; nothing but for `work`
  if $run "$artifact" "$golden/$name.cases" $(least "$name") >"$work/out" 2>"$work/err" && [ ! -s "$work/err" ] &&
      cmp -s "$work/out" "$golden/$name.expected"; then
    passed=$((passed + $(grep -c '^case' "$golden/$name.expected")))
  else
    failed=$((failed + 1))
    echo "$name on $kind:"
    cat "$work/err"
    diff "$golden/$name.expected" "$work/out" | head -n 10 || true
  fi
done
# A format that this build does not know is refused as such.
{ head -c 8 "$golden/premera.socb"; printf '\002\000'; tail -c +11 "$golden/premera.socb"; } >"$work/newer.socb"
# shellcheck disable=SC2086
if $run "$work/newer.socb" "$golden/premera.cases" 2>"$work/err" || ! grep -q format_newer "$work/err"; then
  failed=$((failed + 1))
  echo "a newer format on $kind is not refused with format_newer:"
  cat "$work/err"
else
  passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
