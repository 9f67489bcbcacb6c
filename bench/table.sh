#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# table.sh BUILD [BENCH_DOM]: runs all benchmarks of a release build and then prints one table of ratios with what they should be.
# A benchmark gives a figure by a line `= NAME VALUE` among what it prints; the rows below say where it belongs. What was
# not measured (a program that was not built since a package is missing) is shown as such.
set -eu
build=$1
shift
premera=policies/premera/11.01.523/2024-12-05
claims=policies/cigna/R14/2018-05-19
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/figures"

# run COMMAND...: shows what it prints and keeps its figures. A benchmark that fails ends the run.
run() {
  "$@" >"$work/out"
  grep '^= ' "$work/out" >>"$work/figures" || :
  grep -v '^= ' "$work/out"
  echo
}

run "$build/bench/bench_compile"
run "$build/bench/bench_vm" "$premera.socb"
run "$build/bench/bench_claims" "$claims.socb"
run "$build/bench/bench_columns" "$premera.socb"
# shellcheck disable=SC2046  # paths without blanks
run "$build/bench/bench_embed" "$premera.socb" $(find policies -name '*.socb' | sort)
run sh bench/count.sh "$build"

run python3 bench/end_to_end.py "$build/soc" "$build/bench/bench_write_cases" "$premera.soc" "$@"
run python3 bench/lines.py "$build/soc" "$claims.socb" time

# NAME|what|bar|aim|< or >: the figure should be at most, or at least, the bar; without one it is there to be read
awk -F'|' '
  FNR == NR { split($0, part, " "); value[part[2]] = part[3]; next }
  FNR == 1 {
    format = "%-66s %9s %9s %9s  %s\n"
    printf format, "ratios", "measured", "bar", "aim", ""
  }
  {
    known = $1 in value
    text = !known ? "-" : value[$1] >= 1000 ? sprintf("%.0f", value[$1]) : sprintf("%.2f", value[$1])
    met = $5 == "<" ? value[$1] <= $3 : value[$1] >= $3
    verdict = !known ? "not measured" : $3 == "" ? "" : met ? "met" : "NOT MET"
    printf format, $2, text, $3 == "" ? "" : ($5 == "<" ? "<= " : ">= ") $3, $4, verdict
  }' "$work/figures" - <<'END'
premera|Premera, one case: VM to C with switch|1.5|1.0|<
premera-hash|Premera, one case: VM to C with perfect hash||
r14|R14, a claim of five lines: VM to C with switch|3|1.5|<
r14-hash|R14, a claim of five lines: VM to C with perfect hash||
lines|R14, claims of 1,000 lines of one date, all assumed, milliseconds|500|100|<
columns|Premera, by columns: C with switch to VM|7|20|>
columns-dictionaries|Premera, by columns, dictionaries of 8,192 cases looked up, too||
columns-memory|Premera, by columns from memory: C with switch to VM||
columns-sum|Premera, by columns from memory: to adding the same bytes up||
json|JSON Lines to decisions: to simdjson's DOM of the same bytes|2.5|2.0|<
simdjson|simdjson's DOM: to adding the same bytes up||
premera-explain|Premera, full explanation: to the plain decision|4|2|<
r14-explain|R14, full explanation: to the plain decision||
jobs|--jobs 2: throughput to that of two processes|0.95|1.0|>
load|loading and verifying, the policy that takes longest, microseconds|100||<
threads|two threads: cases decided, to those of one|1.8|2|>
threads-c|two threads of the C reference, likewise: what the machine gives||
threads-processor|two threads: cases for the processor time of each, to those of one||
memory|peak memory, JSON Lines of any number, MiB|64||<
memory_csv|peak memory, CSV of any number, MiB|64||<
compile|compile, lines a second|1000000|2000000|>
premera-instructions|Premera, one case, instructions: VM to C with switch||
r14-instructions|R14, a claim, instructions: VM to C||
END
