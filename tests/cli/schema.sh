#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# schema.sh [--update]: are docs/schema/*.json what `soc schema` makes of the vocabulary? --update writes them.
set -u
SOC=${SOC:-build/release/soc}
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0
for what in case result; do
  file=docs/schema/$what.schema.json
  [ "${1-}" != --update ] || "$SOC" schema $what >"$file"
  if "$SOC" schema $what | cmp - "$file"; then
    passed=$((passed + 1))
  else
    echo "$file is not what the program makes; tests/cli/schema.sh --update writes it"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
