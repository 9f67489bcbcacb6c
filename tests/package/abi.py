# SPDX-License-Identifier: Apache-2.0
"""abi.py CC BUILD [--update]: what compiled programs know of the public headers, against the list in abi.txt.

Sizes, offsets and types of every field, values of every enumerator and macro, every function with its parameters by
type and name (the names tell two of one type apart) and whether its answer must be looked at, and that the shared
libraries in BUILD export exactly the functions that their header declares. Then a program that was compiled with the
headers as they once were (frozen/) runs with the libraries of now. A header is read as text, and a declaration that
this script does not understand is a failure, so that nothing is passed over. --update writes the list again.
"""
import difflib
import os
import re
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, "abi.txt")
INCLUDE = os.path.join(HERE, "..", "..", "include")
HEADERS = ("vm", "batch", "compiler")


class Unknown(Exception):
    pass


# ---------------------------------------------------------------------------- reading a header


def read_header(include, name):
    with open(os.path.join(include, "soc", name + ".h"), encoding="utf-8") as file:
        text = re.sub(r"//[^\n]*", "", file.read())
    text = re.sub(r"#ifdef __cplusplus\n.*?#endif\n", "", text, flags=re.S)
    macros = re.findall(r"^#define ([A-Z]\w*) +\S.*$", text, flags=re.M)
    macros = [m for m in macros if m not in ("SOC_API", "SOC_MUST_CHECK")]
    return macros, declarations(re.sub(r"^#.*$", "", text, flags=re.M))


def declarations(text):
    """Parts that end with a semicolon outside of braces, with single spaces."""
    parts, depth, begin = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == ";" and depth == 0:
            parts.append(" ".join(text[begin:at].split()))
            begin = at + 1
    if text[begin:].strip():
        raise Unknown(text[begin:])
    return parts


def split_list(text):
    """At commas outside of parentheses."""
    parts, depth, begin = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    return [p for p in parts + [text[begin:].strip()] if p]


def fields_of(body):
    """(name, type) of each."""
    for declaration in filter(None, (d.strip() for d in body.split(";"))):
        pointer = re.fullmatch(r"(.+?)\(\*(\w+)\)(\(.*\))", declaration)
        if pointer:
            yield pointer[2], f"{pointer[1].strip()} (*){pointer[3]}"
            continue
        first, *rest = split_list(declaration)
        named = re.fullmatch(r"((?:const )?(?:struct |union )?\w+ \** ?)(\w+)(\[\w+\])?", first)
        if not named:
            raise Unknown(declaration)
        for name in [named[2], *rest]:
            if not name.isidentifier():
                raise Unknown(declaration)
            yield name, named[1].strip() + (named[3] or "")


def function_of(text):
    match = re.fullmatch(r"(.+?[ *])(\w+)\((.*)\)", text)
    if not match:
        raise Unknown(text)
    return match[2], f"{match[1].strip()} ({', '.join(split_list(match[3]))})"


# ---------------------------------------------------------------------------- what the compiler makes of it


def describe_type(tag, keyword, name, body, out):
    full = f"{keyword}{name}"
    out.append(f'  printf("{tag} {name}: size %zu, alignment %zu\\n", sizeof({full}), _Alignof({full}));')
    for field, kind in fields_of(body):
        out.append(f'  printf("{tag} {name}.{field}: at %zu, size %zu, {kind}\\n", offsetof({full}, {field}), '
                   f'sizeof((({full} *)0)->{field}));')


def describe_enum(name, body, out):
    out.append(f'  printf("enum {name}: size %zu\\n", sizeof({name}));')
    for enumerator in split_list(body):
        value = enumerator.split("=")[0].strip()
        if not value.isidentifier():
            raise Unknown(enumerator)
        out.append(f'  printf("{value} = %lld\\n", (long long){value});')


# What stands in vm.h for the compiler's sake, inside the bytes of an opaque soc_policy.
PRIVATE = ("struct soc_plan", "struct soc_lanes", "struct soc_ways", "struct soc_quick_ways",
           "struct soc_policy_section", "struct soc_policy_bounds", "struct soc_policy_parts",
           "union soc_policy_memory")


def describe(part, out, functions):
    if part.split(" {")[0] in PRIVATE:
        return
    if match := re.fullmatch(r"typedef enum (\w+) \{ ?(.*?) ?\} (\w+)", part):
        describe_enum(match[3], match[2], out)
    elif match := re.fullmatch(r"typedef struct \w+ \{ ?(.*?) ?\} (\w+)", part):
        describe_type("struct", "", match[2], match[1], out)
    elif match := re.fullmatch(r"struct (\w+) \{ ?(.*?) ?\}", part):
        describe_type("struct", "struct ", match[1], match[2], out)
    elif match := re.fullmatch(r"typedef struct (\w+) (\w+)", part):
        out.append(f'  puts("struct {match[2]}: opaque");')
    elif part.startswith("typedef ") and "{" not in part:
        name, kind = function_of(part.removeprefix("typedef "))
        out.append(f'  puts("callback {name}: {kind}");')
    elif part.startswith("SOC_API "):
        part = part.removeprefix("SOC_API ")
        must_check = part.startswith("SOC_MUST_CHECK ")
        name, kind = function_of(part.removeprefix("SOC_MUST_CHECK "))
        functions.append(name)
        out.append(f'  puts("function {name}: {kind}{", must be checked" if must_check else ""}");')
    else:
        raise Unknown(part)


def write_program(include, name):
    """A C program that prints the list of one header, and the functions that it declares."""
    macros, parts = read_header(include, name)
    out, functions = [], []
    for macro in macros:
        out.append(f'  printf("{macro} = %lld\\n", (long long){macro});')
    for part in parts:
        describe(part, out, functions)
    program = "\n".join(["#include <stdio.h>", f'#include "soc/{name}.h"', "int main(void) {", *out, "}", ""])
    return program, functions


def dump(compiler, include, name):
    program, functions = write_program(include, name)
    with tempfile.TemporaryDirectory() as folder:
        source, binary = os.path.join(folder, "abi.c"), os.path.join(folder, "abi")
        with open(source, "w", encoding="utf-8") as file:
            file.write(program)
        subprocess.run([compiler, "-std=c17", "-Wall", "-Werror", f"-I{include}", source, "-o", binary], check=True)
        lines = subprocess.run([binary], check=True, capture_output=True, text=True).stdout.splitlines()
    return [f"{name}.h {line}" for line in lines], functions


# ---------------------------------------------------------------------------- shared libraries


def library(build, name):
    return os.path.join(build, name, f"libsoc_{name}.so")


def exports(path):
    out = subprocess.run(["nm", "-D", "--defined-only", path], check=True, capture_output=True, text=True).stdout
    return sorted(line.split()[-1].split("@")[0] for line in out.splitlines())


def soname(path):
    out = subprocess.run(["readelf", "-d", path], check=True, capture_output=True, text=True).stdout
    return re.search(r"SONAME.*\[(.*)\]", out)[1]


# ---------------------------------------------------------------------------- tests

# Breaks that the list must show: a header, what is written there, and what instead.
BREAKS = [
    ("vm", "int32_t year, int32_t month", "int64_t year, int32_t month"),
    ("vm", "SOC_ERR_MEMORY,", "SOC_ERR_NEW, SOC_ERR_MEMORY,"),
    ("vm", "soc_text code, criterion, text, cite;", "soc_text criterion, code, text, cite;"),
    ("vm", "int32_t from, through;", "uint32_t from, through;"),
    ("vm", "#define SOC_FACT_WHOLE 2u", "#define SOC_FACT_WHOLE 4u"),
    ("vm", "SOC_API void soc_case_clear(soc_case *c);", ""),
    ("batch", "typedef struct soc_column {", "typedef struct soc_column {\n  int32_t version;"),
    ("vm", "uint32_t fact, uint32_t row,", "uint32_t row, uint32_t fact,"),
    ("vm", "SOC_API SOC_MUST_CHECK soc_status soc_case_set_none", "SOC_API soc_status soc_case_set_none"),
    ("compiler", "typedef void soc_near_fn(void *ctx,", "typedef bool soc_near_fn(void *ctx,"),
]


def shows_break(compiler, folder, name, old, new):
    subprocess.run(["rm", "-rf", folder], check=True)
    subprocess.run(["cp", "-r", INCLUDE, folder], check=True)
    path = os.path.join(folder, "soc", name + ".h")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if old not in text:
        print(f"abi.py: {name}.h has no `{old}` any more: choose another example of a break")
        return False
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new, 1))
    if dump(compiler, folder, name)[0] == dump(compiler, INCLUDE, name)[0]:
        print(f"not noticed: in {name}.h `{old}` becomes `{new}`")
        return False
    return True


def compare(found):
    with open(LIST, encoding="utf-8") as file:
        expected = file.read().splitlines()
    difference = list(difflib.unified_diff(expected, found, "abi.txt", "headers", lineterm="", n=0))
    if not difference:
        return True
    print("\n".join(difference))
    if any(re.match(r"-(?!--)", line) for line in difference):
        print("If more than a parameter's name or a must-check changed, programs compiled before do not run with these "
              "libraries. After a release that takes one more for SOC_SOVERSION (cmake/SocLibrary.cmake), today's "
              "headers in tests/package/frozen/ and an entry in CHANGELOG.md.")
    print("Meant so? python3 tests/package/abi.py cc build/release --update")
    return False


def main():
    compiler, build = sys.argv[1:3]
    if (struct.calcsize("P"), struct.calcsize("l")) != (8, 8):
        print("skipped: the list is of machines with 64-bit pointers and longs")
        return 77
    found, checks = [], []
    for name in HEADERS:
        lines, functions = dump(compiler, INCLUDE, name)
        path = library(build, name)
        found += [f"library {name}: {soname(path)}"] + lines
        checks.append(exports(path) == sorted(functions))
        if not checks[-1]:
            print(f"{path} exports other names than soc/{name}.h declares:",
                  *sorted(set(exports(path)) ^ set(functions)))
    if "--update" in sys.argv:
        with open(LIST, "w", encoding="utf-8") as file:
            file.write("\n".join(found) + "\n")
    checks.append(compare(found))
    with tempfile.TemporaryDirectory() as folder:
        checks += [shows_break(compiler, os.path.join(folder, "include"), *example) for example in BREAKS]
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unknown as error:
        print(f"abi.py does not understand this declaration: {error}")
        sys.exit(1)
