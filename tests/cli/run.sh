#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [--update] [NAME...]: runs the commands of golden/NAME.t and compares what they print with golden/NAME.out.
#
# Each line of a .t file that is not empty and no comment is one command of sh, run in a folder of its own that holds a
# copy of data/; `soc` is the program in $SOC. What is compared is the command, its standard output, its standard error
# with "! " in front of each line, and the exit status as "= N". Digests and sizes in memory are masked.
# --update writes the .out files instead. The last line is the count, one for each command.
set -u
SOC=${SOC:-build/release/soc}
case $SOC in /*) ;; *) SOC=$PWD/$SOC ;; esac
[ -x "$SOC" ] || { echo "run.sh: there is no program $SOC" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
export SOC SOC_SOURCE="${SOC_SOURCE:-$(cd "$here/../.." && pwd)}"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$SOC" "$work/bin/soc"
PATH=$work/bin:$PATH
update=
[ "${1-}" = --update ] && update=yes && shift
[ $# -gt 0 ] || set -- $(cd "$here/golden" && ls | sed -n 's/\.t$//p')

# Digests change with every edit of the vocabulary, the memory of a case with every edit of the VM.
mask() {
  sed -e 's/^\(  a case  *\).*/\1(memory)/' -e 's/"case_bytes_\([0-9]*\)": [0-9]*/"case_bytes_\1": (memory)/' \
    -e 's/sha256:[0-9a-f]\{64\}/sha256:(digest)/g' -e "s|$work|(work)|g" -e "s|$SOC_SOURCE|(source)|g"
}

# transcript FILE.t: runs the commands, one block each, blocks separated by a line of its own.
transcript() {
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in '' | '#'*) continue ;; esac
    printf '$ %s\n' "$line"
    sh -c "$line" >"$work/stdout" 2>"$work/stderr" </dev/null
    status=$?
    mask <"$work/stdout"
    [ -z "$(tail -c 1 "$work/stdout")" ] || echo '(no line end)'
    mask <"$work/stderr" | sed 's/^/! /'
    printf '= %s\n\n' "$status"
  done <"$1"
}

passed=0 failed=0
for name in "$@"; do
  rm -rf "$work/data" && cp -R "$here/data" "$work/data" && chmod -R u+w "$work/data"
  (cd "$work/data" && transcript "$here/golden/$name.t") >"$work/actual"
  commands=$(grep -c '^\$ ' "$work/actual")
  if [ -n "$update" ]; then
    cp "$work/actual" "$here/golden/$name.out"
  fi
  if cmp -s "$work/actual" "$here/golden/$name.out"; then
    passed=$((passed + commands))
  else
    echo "golden/$name: differs (expected, found)"
    diff "$here/golden/$name.out" "$work/actual" | head -60
    wrong=$(diff "$here/golden/$name.out" "$work/actual" | grep -c '^[0-9,]*[acd][0-9,]*$')
    [ "$wrong" -le "$commands" ] || wrong=$commands
    failed=$((failed + wrong))
    passed=$((passed + commands - wrong))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
