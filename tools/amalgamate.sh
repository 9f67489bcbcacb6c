#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# amalgamate.sh OUT vm/FILE.c... -- vm/FILE.c...: the whole of soc_vm as two files, OUT/soc_vm.c and OUT/soc_vm.h. Run
# from the top of the source tree; the same sources give the same bytes. What stands behind -- makes plans; compiled
# with SOC_VM_WITHOUT_PLAN defined, soc_vm.c is without it, and without soc_policy_plan and soc_policy_plan_bytes.
#
# soc_vm.h is the public headers one after the other. soc_vm.c holds each internal header where it is first included and
# each table (*.def) wherever it is, then the sources in the order given. Internal functions become static, macros of a
# source end with it, so that nothing of soc_vm but its public functions meets the program around it. What two sources
# both call by the same name cannot stand in one file: that is told and nothing is written.
set -eu
LC_ALL=C
export LC_ALL
out=$1
shift
mkdir -p "$out"
trap 'rm -f "$out/soc_vm.c.part" "$out/soc_vm.h.part"' EXIT

version=$(awk '/^#define SOC_VERSION_(MAJOR|MINOR|PATCH) / { text = text dot $3; dot = "." } END { print text }' \
  include/soc/version.h)

{
  echo "// SPDX-License-Identifier: Apache-2.0"
  echo "//"
  echo "// The public header of soc_vm $version. Made from include/soc/; change it there."
  awk '
    /SPDX-License-Identifier/ { next }
    /^#include "soc\/version.h"$/ { while ((getline line < "include/soc/version.h") > 0) if (line !~ /SPDX/) print line; next }
    { print }' include/soc/vm.h
} >"$out/soc_vm.h.part"

{
  echo "// SPDX-License-Identifier: Apache-2.0"
  echo "//"
  echo "// soc_vm $version in one file. Made from vm/; change it there. Needs <string.h> and nothing else of a C library."
  echo '#include "soc_vm.h"'
  echo
  cat <<'END'
#if defined(__GNUC__)
#define SOC_UNUSED __attribute__((unused)) // what only the libraries above soc_vm call
#else
#define SOC_UNUSED
#endif
END
  printf '%s\n' "$@" | awk '
# The files in the order in which they are first needed.
$0 == "--" { print "\n#ifndef SOC_VM_WITHOUT_PLAN"; plans = 1; next }
{ take($0) }
END { if (plans) print "#endif"; exit failed }

function fail(text) {
  print "amalgamate: " text >"/dev/stderr"
  failed = 1
}

# A name that a file defines for itself at its outermost level.
function define(name, path) {
  if (name in owner && owner[name] != path)
    fail("`" name "` is defined in " owner[name] " and in " path ": rename one, they are one file here")
  owner[name] = path
}

# What the line says at the outermost level: functions, types, data.
function look(line, path) {
  if (line ~ /^(typedef )?(struct|enum|union) [a-z_0-9]+ \{/) {
    sub(/^typedef /, "", line)
    sub(/ \{.*/, "", line)
    define(line, path)
  } else if (line ~ /^\} [a-z_0-9]+;/) {
    gsub(/^\} |;.*/, "", line)
    define(line, path)
  } else if (line ~ /^[A-Za-z_][^=]*[ *][a-z_0-9]+\(/ && line !~ /^typedef|;$/ && (path ~ /\.c$/ || line ~ /^static|^VM_/)) {
    sub(/__attribute__\(\(.*\)\) /, "", line)
    sub(/\(.*/, "", line)
    sub(/.*[ *]/, "", line)
    define(line, path)
  } else if (line ~ /^static [^(]*=/) {
    sub(/(\[.*)? =.*/, "", line)
    sub(/.*[ *]/, "", line)
    define(line, path)
  }
}

# Declarations of what other files of soc_vm use, and the data that they declare.
function internal(line, path,   name) {
  if (line ~ /^extern /) {
    name = line
    sub(/[[;].*/, "", name)
    sub(/.*[ *]/, "", name)
    data[name] = 1
    sub(/^extern/, "SOC_UNUSED static", line)
  } else if (path ~ /\.h$/ && line ~ /^[A-Za-z_][^=]*[ *](vm|soc)_[a-z_0-9]+\(/ && line !~ /^typedef/) {
    line = (line ~ /^(static|VM_)/ ? "SOC_UNUSED " : "SOC_UNUSED static ") line
  } else if (line ~ /^[A-Za-z_].* = \{/ && line !~ /^static/) {
    name = line
    sub(/[[ ]*=.*/, "", name)
    sub(/\[.*/, "", name)
    sub(/.*[ *]/, "", name)
    if (name in data) line = "static " line
  }
  return line
}

# A compiler without a C library has no <string.h>, and its program brings these five along.
function include(line) {
  if (line != "#include <string.h>") {
    print line
    return
  }
  print "#if defined(__STDC_HOSTED__) && __STDC_HOSTED__ == 0"
  print "void *memcpy(void *restrict to, const void *restrict from, size_t size);"
  print "void *memmove(void *to, const void *from, size_t size);"
  print "void *memset(void *to, int byte, size_t size);"
  print "int memcmp(const void *a, const void *b, size_t size);"
  print "size_t strlen(const char *text);"
  print "#else"
  print line
  print "#endif"
}

function take(path,   line, name, source, macros, count, i) {
  if (path in taken && path !~ /\.def$/) return
  taken[path] = 1
  source = path ~ /\.c$/
  if (source || path ~ /\.h$/) printf "\n// %s\n", path
  while ((i = (getline line < path)) > 0) {
    if (line ~ /SPDX-License-Identifier/) continue
    if (line ~ /^#include </) {
      if (!(line in taken)) include(line)
      taken[line] = 1
    } else if (line ~ /^#include "/) {
      name = line
      gsub(/^#include "|".*/, "", name)
      if (name !~ /^soc\//) take(name ~ /\// ? name : "vm/" name)
    } else {
      look(line, path)
      if (source && line ~ /^#define /) {
        name = line
        sub(/^#define /, "", name)
        sub(/[^A-Za-z_0-9].*/, "", name)
        macros[++count] = name
      }
      print internal(line, path)
    }
  }
  if (i < 0) fail("cannot read " path)
  close(path)
  for (i = 1; i <= count; i++) print "#undef " macros[i]
}'
} >"$out/soc_vm.c.part"

mv "$out/soc_vm.h.part" "$out/soc_vm.h"
mv "$out/soc_vm.c.part" "$out/soc_vm.c"
