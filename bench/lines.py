#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lines.py SOC POLICY [count|time]: what claims of many lines cost, through `soc decide`.

Two kinds of claims under cigna/R14: lines of ten dates that mostly say what they are for, and lines of one date that
leave it all to be assumed, so that each could depend on every other one. With `count` it is the test that twice the
lines take about four times the instructions at most (callgrind; left out where valgrind is not installed), with `time`
the benchmark: processor time of 5 and of 1,000 lines.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

CODES = ["96365", "96366", "96372", "A4206", "A4216", "S1016", "J1745", "J2001", "J3490", "99213", "36000", "36591",
         "36430", "B4185", "B4189", "S9364"]
CATEGORIES = {"J1745": "drug", "J2001": "local_anesthesia", "J3490": "drug", "99213": "evaluation_management",
              "36000": "iv_insertion", "36591": "vascular_access", "36430": "blood_administration",
              "B4185": "tpn_or_lipid", "B4189": "tpn_or_lipid"}


def line(choice, number, dates, stated):
    code = choice.choice(CODES)
    made = {"number": number, "code": code, "date": "2018-07-%02d" % choice.randint(1, dates),
            "units": choice.randint(1, 5)}
    if stated and code in CATEGORIES and choice.random() < 0.7:
        made["category"] = CATEGORIES[code]
    if made.get("category") == "tpn_or_lipid":
        made["billing_basis"] = choice.choice(["per_day", "per_hour", "per_unit"])
    if choice.random() < 0.1:
        made["modifiers"] = [choice.choice(["JW", "59", "25"])]
    if number > 1 and choice.random() < 0.2:
        made["related_line"] = choice.randint(1, number - 1)
    if choice.random() < 0.3:
        made["rendering_npi"] = "123456789%d" % choice.randint(0, 3)
    return made


def claim(seed, lines, dates, stated):
    choice = random.Random(seed)
    return {"id": "claim-%d" % seed, "service": {"date": "2018-07-01", "place_of_service": "11"},
            "therapy": {"drug_criteria_status": "met"},
            "claim": {"form": "cms1500",
                      "lines": [line(choice, n, dates, stated) for n in range(1, lines + 1)]}}


KINDS = {"ten dates, mostly stated": (10, True), "one date, all assumed": (1, False)}


def write_claims(path, count, lines, kind):
    dates, stated = KINDS[kind]
    with open(path, "w", encoding="ascii") as file:
        for seed in range(count):
            file.write(json.dumps(claim(seed, lines, dates, stated)) + "\n")


def decide(command, path):
    return subprocess.run([*command, "decide", "--json", "--jobs", "1", POLICY, path], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True)


def instructions(path):
    run = decide(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=vm_outcome_of",
                  "--toggle-collect=soc_case_decide", SOC], path)
    return int(re.search(rb"Collected : (\d+)", run.stderr).group(1))


def check_growth(path):
    """Exactly four times would be quadratic alone; the rest is room for what depends on the random lines."""
    failed = 0
    for kind in KINDS:
        figures = []
        for lines in (100, 200, 400):
            write_claims(path, 1, lines, kind)
            figures.append(instructions(path))
        ratios = [more / less for less, more in zip(figures, figures[1:])]
        failed += sum(ratio > 4.5 for ratio in ratios)
        print("%s: instructions of 100, 200, 400 lines %d %d %d, ratios %.2f %.2f" % (kind, *figures, *ratios))
    print("%d passed, %d failed" % (2 * len(KINDS) - failed, failed))
    return failed


def processor_time(path):
    before = os.times()
    decide([SOC], path)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def print_times(path):
    write_claims(path, 0, 0, next(iter(KINDS)))
    start = min(processor_time(path) for _ in range(5))
    for kind in KINDS:
        for lines, count in ((5, 2000), (1000, 5)):
            write_claims(path, count, lines, kind)
            best = min(processor_time(path) for _ in range(3)) - start
            print("claims of %d lines, %s: %.3f ms each from JSON to JSON" % (lines, kind, best / count * 1e3))
    print("= lines %.0f" % (best / count * 1e3))  # of the last kind, which costs most


def main():
    handle, path = tempfile.mkstemp(suffix=".jsonl")
    os.close(handle)
    try:
        if sys.argv[3:] == ["time"]:
            print_times(path)
            return 0
        if sys.argv[3:] != ["count"] or not shutil.which("valgrind"):
            print("instructions: not counted\n0 passed, 0 failed")
            return 0
        return 1 if check_growth(path) else 0
    finally:
        os.unlink(path)


SOC, POLICY = sys.argv[1:3]
sys.exit(main())
