#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the grammar in docs/language.md with dsl/words.def: every word and sign of the language must stand in it
between quotes, and nothing else may. The last line is `N passed, N failed`."""
import re
import sys


def main():
    with open("docs/language.md", encoding="utf-8") as file:
        grammar = re.search(r"```ebnf\n(.*?)```", file.read(), re.S).group(1)
    with open("dsl/words.def", encoding="utf-8") as file:
        rows = re.findall(r'^(?:WORD|ALIAS|SIGN)\(\w+, "([^"]+)"', file.read(), re.M)
    shown = set(re.findall(r'"([^"\s]+)"', grammar)) - {"*"}  # a prefix is one token
    known = set(rows)
    for word in sorted(known - shown):
        print(f"docs/language.md: the grammar lacks `{word}`")
    for word in sorted(shown - known):
        print(f"docs/language.md: the grammar has `{word}`, which is no word of the language")
    failed = len(known ^ shown)
    print(f"{len(known & shown)} passed, {failed} failed")
    return failed > 0 or not known


if __name__ == "__main__":
    sys.exit(main())
