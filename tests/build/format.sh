#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# format.sh: every C and C++ source is laid out as ./dev fmt lays it out, and a source that is not is noticed.
set -eu
command -v clang-format >/dev/null || { echo "skipped: clang-format is not here"; exit 77; }
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || { echo "skipped: not a checkout, git tells what the sources are"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
if ./dev fmt --check >"$work/out" 2>&1; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
  grep 'error:' "$work/out" | cut -d: -f1 | sort | uniq -c || cat "$work/out"
  echo "not laid out: run ./dev fmt"
fi
# The same command in a checkout of one untidy file.
mkdir "$work/tree"
cp dev .clang-format "$work/tree"
printf 'int  main( void )\n{ return 0; }\n' >"$work/tree/untidy.c"
git -C "$work/tree" init -q
if "$work/tree/dev" fmt --check >/dev/null 2>&1; then
  failed=$((failed + 1))
  echo "an untidy file is not noticed"
else
  passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
