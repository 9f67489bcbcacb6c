#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""figures.py BUILD: what the tests of a coverage build reached, against the figures kept in kept.txt.

Run from the top of the source tree after the tests of that build. A line that holds `NEVER:` and a reason is a defensive
check that no input can trip (a second lock behind the verifier, say): its branches are left out of the figure, and the
marks are counted, so that they cannot grow unseen. Fails if a figure fell or if there are more marks than were kept.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

FOLDERS = ("vm", "batch", "compiler", "cli")
MARK = "// NEVER: "


def measure(build):
    """The figures of each folder, in percent, from the counters of gcov."""
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder, "summary.json")
        filters = [part for name in FOLDERS for part in ("--filter", f"{name}/")]
        # Compiled once for each kind of vectors, with functions of one name in several places: gcovr 5.2 gives up.
        filters += ["--exclude", r"batch/.*\.inc"]
        subprocess.run(["gcovr", "--root", ".", str(build), *filters, "--exclude-branches-by-pattern", f".*{MARK}.*",
                        "--json-summary", str(summary)], check=True)
        files = json.loads(summary.read_text())["files"]
    found = {}
    for folder in FOLDERS:
        mine = [f for f in files if f["filename"].startswith(folder + "/")]
        for what, plural in (("line", "lines"), ("branch", "branches")):
            covered, total = (sum(f[f"{what}_{part}"] for f in mine) for part in ("covered", "total"))
            found[f"{folder} {plural}"] = (100 * covered / total if total else 0, f"{covered} of {total}")
        marks = sum(p.read_text().count(MARK) for p in pathlib.Path(folder).glob("*.[ch]"))
        found[f"{folder} marks"] = (marks, "branches marked as never taken")
    return found


def kept_figures(path):
    """`folder figure number` a line; # begins a comment."""
    lines = (line.split("#")[0].split() for line in path.read_text().splitlines())
    return {f"{line[0]} {line[1]}": float(line[2]) for line in lines if line}


def main():
    found = measure(pathlib.Path(sys.argv[1]))
    kept = kept_figures(pathlib.Path(__file__).with_name("kept.txt"))
    failed = 0
    for name, (figure, detail) in found.items():
        if name not in kept:
            failed += 1
            print(f"FAILED: {name} is not in kept.txt")
            continue
        marks = name.endswith("marks")
        fell = figure > kept[name] if marks else figure < kept[name]
        failed += fell
        unit = "" if marks else " %"
        print(f"{'FAILED: ' if fell else ''}{name}: {figure:.{0 if marks else 2}f}{unit} ({detail}), kept {kept[name]:g}{unit}")
    print(f"{len(found) - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
