#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# threads.sh DIR: what runs in threads, built in DIR with ThreadSanitizer: the examples that share a policy, and
# `soc decide --jobs`. A report is a failure; skipped where programs with ThreadSanitizer cannot be built or run.
set -eu
dir=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'int main(void) { return 0; }' >"$work/main.c"
cc -fsanitize=thread "$work/main.c" -o "$work/main" 2>/dev/null && "$work/main" 2>/dev/null ||
  { echo "skipped: there is no ThreadSanitizer here"; exit 77; }
{ cmake --preset tsan -B "$dir" && cmake --build "$dir" --target soc embed_columns embed_decide embed_letter \
  embed_smallest embed_swap embed_threads; } >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }

# Does a race make programs that are built so fail?
cat >"$work/race.c" <<'END'
#include <pthread.h>
static int shared;
static void *add(void *unused) {
  (void)unused;
  for (int i = 0; i < 100000; i++) shared++;
  return NULL;
}
int main(void) {
  pthread_t other;
  if (pthread_create(&other, NULL, add, NULL) != 0) return 0;
  add(NULL);
  return pthread_join(other, NULL);
}
END
cc -fsanitize=thread -g "$work/race.c" -o "$work/race" -pthread
TSAN_OPTIONS=halt_on_error=1
export TSAN_OPTIONS
if "$work/race" 2>/dev/null; then
  echo "a race is not reported"
  exit 1
fi

status=0
sh examples/embed/run.sh "$dir/examples/embed" >"$work/examples" || status=1
SOC=$dir/soc SOC_SOURCE=$PWD SOC_BUILD=$dir sh tests/cli/run.sh jobs >"$work/jobs" || status=1
cat "$work/examples" "$work/jobs" | grep -v '^[0-9]* passed, [0-9]* failed$' || true
awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
  END { printf "%d passed, %d failed\n", passed + 1, failed }' "$work/examples" "$work/jobs"
exit $status
