#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# without_cmocka.sh: the program's build needs no tool of the tests, so that ./dev demo runs where none is installed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake -S . -B "$work" -G Ninja -DCMOCKA_INCLUDE_DIR= -DCMOCKA_LIBRARY= >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
grep -q 'cmocka not found' "$work/log"
