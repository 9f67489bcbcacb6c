#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails while a state that a criterion or rule can be in is in no test of the policy, and names each.
#     coverage.sh POLICY-FOLDER
if report=$("$SOC" test --coverage --strict "$1"); then
  echo "1 passed, 0 failed"
  exit 0
fi
printf '%s\n' "$report" | grep -v '^ *[-0-9][0-9]*  *[-0-9]'
echo "0 passed, 1 failed"
exit 1
