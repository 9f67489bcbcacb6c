#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# machine.sh NAME COMPILER SOURCE...: soc_vm and soc_batch (SOURCE...) built for another processor and run by qemu-NAME.
# There the policies that stand in C by hand, too (bench/), answer as the C does, by plan, as lanes and by columns:
# 20,000 random cases and 20,000 claims. So vectors of another kind, big-endian numbers and 32-bit sizes are tried.
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

# agrees POLICY SOURCE...: builds a comparison and runs it.
agrees() {
  policy=$1
  shift
  # shellcheck disable=SC2086
  "$compiler" $options -static "$@" "$work"/objects/*.o -o "$work/agree"
  count=$("qemu-$name" "$work/agree" "$policy" | tail -n 1)
  echo "$policy: $count"
  passed=$((passed + $(echo "$count" | awk '/^[0-9]+ passed, [0-9]+ failed$/ { n = $1 } END { print n + 0 }')))
  failed=$((failed + $(echo "$count" | awk '/^[0-9]+ passed, [0-9]+ failed$/ { n = $3; found = 1 } END { print found ? n : 1 }')))
}

agrees policies/premera/11.01.523/2024-12-05.socb bench/agree.c bench/premera_c.c bench/cases.c bench/vm_side.c bench/batch_side.c
agrees policies/cigna/R14/2018-05-19.socb bench/r14_agree.c bench/r14_c.c bench/r14_cases.c bench/r14_vm.c
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
