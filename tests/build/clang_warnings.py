#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang_warnings.py BUILD: every source of the build read by clang with the warnings that gcc has there, as errors."""
import concurrent.futures
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys


def read_by_clang(entry):
    """What clang says of one source; None: nothing."""
    words = shlex.split(entry["command"])
    compiler = "clang++" if entry["file"].endswith(".cpp") else "clang"
    # Headers of clang's sanitizers are a package of their own, which the suite does without.
    options = [word for word in words[1:words.index("-o")] if "sanitize" not in word]
    # gcc's own options are passed over.
    run = subprocess.run([compiler, *options, "-Wno-unused-command-line-argument", "-fsyntax-only", entry["file"]],
                         cwd=entry["directory"], text=True, capture_output=True, check=False)
    return None if run.returncode == 0 else run.stderr


def main():
    if not shutil.which("clang"):
        print("skipped: no clang")
        return 77
    sources = json.loads(pathlib.Path(sys.argv[1], "compile_commands.json").read_text())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [text for text in pool.map(read_by_clang, sources) if text]
    print("\n".join(complaints))
    print(f"{len(sources) - len(complaints)} passed, {len(complaints)} failed")
    return len(complaints) > 0


if __name__ == "__main__":
    sys.exit(main())
