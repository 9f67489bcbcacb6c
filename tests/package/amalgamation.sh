#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# amalgamation.sh DIR KIND: soc_vm as two files (tools/amalgamate.sh), made by the build in DIR. KIND:
#   script     the same bytes again; two things of one name are refused
#   gcc clang  no warning; nothing needed but string.h, no state, no names but those of the header; decides a case; the
#              same without plans
#   size       gcc for x86-64 with -Os: the bytes of text without plans are no more than were kept
#   bare       clang for a 32-bit processor without a C library
#   arm        gcc for 32-bit ARM, freestanding, linked with an embedding and run by qemu
set -eu
dir=$1
kind=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
text_most=49152
policy=policies/premera/11.01.523/2024-12-05.socb
expected='site_of_care: pend FACT_MISSING, ask member.line_of_business first
drug: pend DRUG_REVIEW_PENDING, ask member.line_of_business first'

need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is not here"; exit 77; }
  done
}

# check WHAT COMMAND...: passes if the command does, and prints nothing.
check() {
  what=$1
  shift
  if "$@" >"$work/log" 2>&1 && [ ! -s "$work/log" ]; then
    passed=$((passed + 1))
  else
    echo "$what"
    cat "$work/log"
    failed=$((failed + 1))
  fi
}

compile() {
  compiler=$1
  shift
  "$compiler" -std=c17 -Wall -Wextra -Wpedantic -Werror -I"$dir" "$@"
}

# What no library of the kind should need, hold or show.
needs() { nm -u "$1" | awk '{ print $2 }' | grep -vE '^(memcpy|memcmp|memset|memmove|strlen|bcmp)$' || true; }
state() { size -A "$1" | awk '($1 == ".data" || $1 == ".bss") && $2 > 0'; }
# names OBJECT [BUT]: all of the header, but those.
names() {
  nm -g --defined-only "$1" | awk '{ print $3 }' | sort >"$work/names"
  grep -oE '\bsoc_[a-z_0-9]+\(' "$dir/soc_vm.h" | tr -d '(' | grep -vE "_fn\$|^(${2-})\$" | sort -u | diff - "$work/names"
}

# With the two headers that work above soc_vm.h as above soc/vm.h.
example() {
  mkdir -p "$work/include/soc"
  cp include/soc/names.h include/soc/vocabulary.h tests/package/amalgamated/soc/vm.h "$work/include/soc"
  "$@" -std=c17 -I"$work/include" -I"$dir" examples/embed/smallest.c "$work/soc_vm.o" -o "$work/smallest"
}

decides() {
  found=$("$@" "$work/smallest" "$policy")
  [ "$found" = "$expected" ] || printf 'expected %s\nfound    %s\n' "$expected" "$found"
}

# same_names NAME...: the script given a tree in which two sources define NAME.
same_names() {
  rm -rf "$work/tree"
  mkdir -p "$work/tree"
  cp -r vm include tools "$work/tree"
  printf '%s\n' "$1" >>"$work/tree/vm/date.c"
  printf '%s\n' "$1" >>"$work/tree/vm/pack.c"
  status=0
  (cd "$work/tree" && sh tools/amalgamate.sh "$work/refused" vm/*.c) 2>"$work/told" || status=$?
  [ "$status" = 1 ] && [ ! -e "$work/refused/soc_vm.c" ] &&
    grep -qx "amalgamate: \`$2\` is defined in vm/date.c and in vm/pack.c: rename one, they are one file here" "$work/told"
}

case $kind in
  script)
    # The order of the sources is that of the build's file.
    sources=$(awk '/^\/\/ vm\/.*\.c$/ { print $2 } /^#ifndef SOC_VM_WITHOUT_PLAN$/ { print "--" }' "$dir/soc_vm.c")
    # shellcheck disable=SC2086  # a list of names
    check "made again" sh tools/amalgamate.sh "$work/again" $sources
    check "the same source" cmp "$dir/soc_vm.c" "$work/again/soc_vm.c"
    check "the same header" cmp "$dir/soc_vm.h" "$work/again/soc_vm.h"
    check "every source" sh -c 'printf "%s\n" vm/*.c >"$1/all" && printf "%s\n" $2 | grep -vx -e -- | sort | diff "$1/all" -' - "$work" "$sources"
    check "no path of the build" sh -c '! grep -n "$PWD" "$1/soc_vm.c" "$1/soc_vm.h"' - "$dir"
    check "a function twice" same_names 'static int twice(int a) {' twice
    check "a type twice" same_names 'typedef struct twice {' 'struct twice'
    check "data twice" same_names 'static const int twice[2] = {1, 2};' twice
    ;;
  gcc | clang)
    need "$kind"
    check "warnings" compile "$kind" -O1 -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
    check "needs" needs "$work/soc_vm.o"
    check "state" state "$work/soc_vm.o"
    check "names" names "$work/soc_vm.o"
    check "an embedding" example "$kind"
    check "decides" decides
    check "freestanding" compile "$kind" -Os -ffreestanding -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
    check "needs, freestanding" needs "$work/soc_vm.o"
    check "names, freestanding" names "$work/soc_vm.o"
    check "an embedding of that" example "$kind"
    check "decides the same" decides
    if [ "$kind" = gcc ]; then # as one sees it that knows none of GNU's attributes and builtins
      check "C17 alone" compile gcc -O2 -U__GNUC__ -Wno-unused-function -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
      check "an embedding of C17 alone" example gcc
      check "decides the same, C17 alone" decides
    fi
    check "without plans" compile "$kind" -Os -DSOC_VM_WITHOUT_PLAN -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
    check "names, without plans" names "$work/soc_vm.o" "soc_policy_plan|soc_policy_plan_bytes"
    check "an embedding of that, too" example "$kind"
    check "decides the same, too" decides
    ;;
  size)
    machine=$(gcc -dumpmachine 2>/dev/null) || machine=none
    [ "${machine%%-*}, $(gcc -dumpversion 2>/dev/null)" = "x86_64, 12" ] ||
      { echo "skipped: the size is kept for gcc 12 on x86-64"; exit 77; }
    check "compiles" compile gcc -Os -DNDEBUG -DSOC_VM_WITHOUT_PLAN -ffreestanding -fno-asynchronous-unwind-tables \
      -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
    text=$(size "$work/soc_vm.o" | awk 'NR == 2 { print $1 }')
    echo "text of soc_vm without plans, -Os: $text bytes, at most $text_most were kept"
    check "no more than was kept" test "$text" -le "$text_most"
    ;;
  bare)
    need clang
    check "warnings" compile clang --target=arm-none-eabi -Os -ffreestanding -nostdlibinc \
      -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
    ;;
  arm)
    need arm-linux-gnueabihf-gcc qemu-arm
    check "warnings" compile arm-linux-gnueabihf-gcc -Os -ffreestanding -c "$dir/soc_vm.c" -o "$work/soc_vm.o"
    check "an embedding" example arm-linux-gnueabihf-gcc -static
    check "decides" decides qemu-arm
    ;;
esac
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
