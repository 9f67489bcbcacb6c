#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# map.sh VERSIONS-FOLDER TABLE.tsv: the map of every artifact in the folder, as `soc dis` reads it, is what the table
# says: its ranges of codes (code, code_to, what they stand for), each code by itself, and no other code.
set -eu
folder=$1
table=$2
passed=0
failed=0
expected=$(awk -F '\t' 'NR > 1 { for (code = $1 + 0; code <= $2 + 0; code++) printf "%04d -> { %s }\n", code, $3 }' "$table")
for artifact in "$folder"/*.socb; do
  found=$("$SOC" dis "$artifact" | awk '/^maps/ { on = 1; next } /^[a-z]/ { on = 0 } on && / -> / && !/any other/ { $1 = $1; print }')
  if [ -n "$found" ] && [ "$found" = "$expected" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$artifact: its map differs from $table:"
    echo "$found"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
