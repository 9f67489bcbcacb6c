#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# machine.sh NAME COMPILER SOURCE...: soc_vm and soc_batch (SOURCE...) built for another processor and run by qemu-NAME.
# There the policies that stand in C by hand, too (bench/), answer as the C does, by plan, as lanes and by columns:
# 20,000 random cases and 20,000 claims. Artifacts that ask for much (crowded_test.c) run there, too. So vectors of another kind, big-endian numbers and 32-bit sizes are tried.
set -eu
name=$1
compiler=$2
shift 2
for tool in "$compiler" "qemu-$name"; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not here"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

options="-std=c17 -O1 -DNDEBUG -Wall -Wextra -Wpedantic -Werror -I. -Iinclude -Ibench"
mkdir "$work/objects"
for source in "$@" bench/load.c bench/clock.c tests/package/artifacts_only.c; do
  # shellcheck disable=SC2086  # a list of options
  echo "$source" | tr '/' '_' | xargs -I@ "$compiler" $options -c "$source" -o "$work/objects/@.o"
done

# runs NAME POLICY SOURCE...: builds a program and counts what it says; POLICY may be empty.
runs() {
  what=$1
  policy=$2
  shift 2
  # shellcheck disable=SC2086
  "$compiler" $options -static "$@" "$work"/objects/*.o -o "$work/program"
  # shellcheck disable=SC2086  # no argument if it is empty
  count=$("qemu-$name" "$work/program" $policy | tail -n 1)
  echo "$what: $count"
  passed=$((passed + $(echo "$count" | awk '/^[0-9]+ passed, [0-9]+ failed$/ { n = $1 } END { print n + 0 }')))
  failed=$((failed + $(echo "$count" | awk '/^[0-9]+ passed, [0-9]+ failed$/ { n = $3; found = 1 } END { print found ? n : 1 }')))
}

runs premera policies/premera/11.01.523/2024-12-05.socb bench/agree.c bench/premera_c.c bench/cases.c bench/difference.c \
  bench/vm_side.c bench/batch_side.c
runs R14 policies/cigna/R14/2018-05-19.socb bench/r14_agree.c bench/r14_c.c bench/r14_cases.c bench/difference.c bench/r14_vm.c
runs crowded "" tests/vm/crowded_test.c tests/vm/builder.c
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
