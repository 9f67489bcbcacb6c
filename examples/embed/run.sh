#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh FOLDER: runs the examples that stand in FOLDER, from the top of the source tree, and compares what they print
# with expected/.
set -u
folder=$1
here=$(dirname "$0")
premera=policies/premera/11.01.523
passed=0
failed=0

# check NAME EXPECTED ARGUMENT...
check() {
  name=$1
  expected=$here/expected/$2.txt
  shift 2
  if "$folder/embed_$name" "$@" 2>&1 | diff "$expected" -; then
    passed=$((passed + 1))
  else
    echo "embed_$name $* prints something else than $expected"
    failed=$((failed + 1))
  fi
}

check smallest smallest $premera/2024-12-05.socb
check decide decide $premera/2024-12-05.socb
check columns columns $premera/2024-12-05.socb
check columns columns-of-rows policies/cigna/R14/2018-05-19.socb
check letter letter $premera/2024-12-05.socb
check threads threads policies/cigna/R14/2018-05-19.socb 1
check threads threads policies/cigna/R14/2018-05-19.socb 4
check swap swap $premera/2024-11-01.socb "$here/README.md" $premera/2024-12-05.socb
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
