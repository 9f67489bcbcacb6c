#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the commands that documents show and compares what they print: check_commands.py FILE.md...

A ```console block holds commands after `$ ` and below each what it prints (standard output, then standard error).
Lines of `...` stand for any lines. The commands run in an empty folder in which policies/, examples/, vm/ and include/
are links to those of the checkout, one folder for each document, with the programs of the build in front of PATH. Files
come from blocks with a comment on the line before:
    <!-- file: case.json -->              the block is that file
    <!-- soc: start F -->, append F       as for run_examples.c
    <!-- run: COMMAND -->                 is run before the block
A ```c block after <!-- from: PATH --> must stand in that file of the checkout, line for line.
The last line is `N passed, N failed`.
"""
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("SOC_SOURCE", os.getcwd())
LINKED = ("policies", "examples", "vm", "include")
BUILD = os.environ.get("SOC_BUILD", os.path.join(SOURCE, "build", "release"))


def blocks(text):
    """Yields (line number, language, comment before it, lines) for each fenced block."""
    comment, language, start, body = "", None, 0, []
    for number, line in enumerate(text.split("\n"), 1):
        if language is not None:
            if line.startswith("```"):
                yield start, language, comment, body
                comment, language = "", None
            else:
                body.append(line)
        elif line.startswith("```"):
            language, start, body = line[3:].strip(), number, []
        elif line.startswith("<!--"):
            comment = line
        elif line.strip():
            comment = ""


def matches(shown, real):
    """Are the lines those that were shown, where `...` stands for any number of lines?"""
    if not shown:
        return not real
    if shown[0] == "...":
        return any(matches(shown[1:], real[i:]) for i in range(len(real) + 1))
    return bool(real) and shown[0] == real[0] and matches(shown[1:], real[1:])


def run(command, folder):
    path = os.pathsep.join([BUILD, os.path.join(BUILD, "examples", "embed"), os.environ.get("PATH", "")])
    done = subprocess.run(["sh", "-c", command], cwd=folder, env={**os.environ, "PATH": path},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    output = (done.stdout + done.stderr).decode("utf-8", "replace")
    return output.split("\n")[:-1] if output.endswith("\n") else output.split("\n") if output else []


def console(body, folder):
    """Runs the commands of one block; yields (command, shown, printed)."""
    commands = []
    for line in body:
        if line.startswith("$ "):
            commands.append((line[2:], []))
        elif commands:
            commands[-1][1].append(line)
    for command, shown in commands:
        while shown and shown[-1] == "":
            shown.pop()
        yield command, shown, run(command, folder)


class Checker:
    def __init__(self):
        self.passed = self.failed = 0

    def verdict(self, good, where, text):
        self.passed += good
        self.failed += not good
        if not good:
            print(f"{where}: {text}")

    def source(self, comment, body, where):
        path = re.match(r"<!-- from: (\S+) -->", comment).group(1)
        with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
            held = file.read().split("\n")
        good = any(held[i:i + len(body)] == body for i in range(len(held)))
        self.verdict(good, where, f"this is not in {path} line for line")

    def document(self, path):
        with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
            text = file.read()
        before = self.passed + self.failed
        with tempfile.TemporaryDirectory() as folder:
            for name in LINKED:
                os.symlink(os.path.join(SOURCE, name), os.path.join(folder, name))
            for line, language, comment, body in blocks(text):
                self.block(folder, f"{path}:{line}", language, comment, body)
        if self.passed + self.failed == before:
            self.verdict(False, path, "no commands in this document")

    def block(self, folder, where, language, comment, body):
        kept = re.match(r"<!-- (?:file:|soc: (start|append)) ([^\s,]+)", comment)
        if kept:
            mode = "a" if kept.group(1) == "append" else "w"
            with open(os.path.join(folder, kept.group(2)), mode, encoding="utf-8") as file:
                file.write("".join(line + "\n" for line in body))
        elif comment.startswith("<!-- from:"):
            self.source(comment, body, where)
        elif language == "console":
            if comment.startswith("<!-- run: "):
                run(comment[len("<!-- run: "):-len(" -->")], folder)
            for command, shown, printed in console(body, folder):
                self.verdict(matches(shown, printed), where,
                             f"`{command}` prints something else:\n" + "\n".join(printed))


def main():
    checker = Checker()
    for path in sys.argv[1:]:
        checker.document(path)
    print(f"{checker.passed} passed, {checker.failed} failed")
    return checker.failed > 0 or checker.passed == 0


if __name__ == "__main__":
    sys.exit(main())
