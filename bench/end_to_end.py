#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""end_to_end.py SOC WRITE_CASES POLICY [DOM]: `soc decide` from JSON Lines to results.

Prints what a case costs beside simdjson's document parser over the same bytes (left out without DOM), what two threads
are worth beside two processes, and that memory does not grow with the number of cases, of JSON Lines and of CSV. Programs
take turns; figures are medians of rounds. Results go to /dev/null. SOC_BENCH_CASES sets the number of cases (400,000),
SOC_BENCH_MEMORY how many of them go through a pipe, again and again, where memory is measured (1,000,000).
"""
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 9
CASES = int(os.environ.get("SOC_BENCH_CASES", "400000"))
PIPED = int(os.environ.get("SOC_BENCH_MEMORY", "1000000"))


def figure(name, value):
    """A figure for the table of ratios, as table.sh picks it out of the output."""
    print(f"= {name} {value:.9g}")


def write_cases(program, policy, path, count):
    with open(path, "wb") as out:
        subprocess.run([program, policy, str(count)], stdout=out, check=True)


def start(soc, artifact, path, jobs):
    return subprocess.Popen(
        [soc, "decide", artifact, path, "--json", "--jobs", str(jobs)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process):
    """Processor seconds."""
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("end_to_end: soc failed: " + process.stderr.read().decode())
    process.stderr.close()
    return usage.ru_utime + usage.ru_stime


def wall(processes):
    begin = time.monotonic()
    running = [start(*arguments) for arguments in processes]
    for process in running:
        finish(process)
    return time.monotonic() - begin


def cost(soc, artifact, cases, dom):
    own, theirs, ratios, sums = [], [], [], []
    for _ in range(ROUNDS):
        seconds = finish(start(soc, artifact, cases, 1))
        own.append(seconds * 1e9 / CASES)
        if dom:
            parsed, summed = subprocess.run([dom, cases], capture_output=True, check=True).stdout.split()
            theirs.append(float(parsed))
            sums.append(float(summed))
            ratios.append(own[-1] / theirs[-1])
    print(f"{'soc decide --json --jobs 1':34} {statistics.median(own):10.0f} ns a case")
    if dom:
        print(f"{'simdjson, documents':34} {statistics.median(theirs):10.0f} ns a case")
        print(f"{'soc : simdjson':34} {statistics.median(ratios):10.2f} median of {ROUNDS} rounds")
        print(f"{'adding the bytes up':34} {statistics.median(sums):10.0f} ns a case")
        figure("json", statistics.median(ratios))
        figure("simdjson", statistics.median(theirs) / statistics.median(sums))
    else:
        print("simdjson: not compared, libsimdjson-dev is not installed")


def threads(soc, artifact, cases, half):
    ratios = []
    for _ in range(ROUNDS):
        two = wall([(soc, artifact, half, 1)] * 2)
        ratios.append(two / wall([(soc, artifact, cases, 2)]))
    print(f"{'--jobs 2 : two processes':34} {statistics.median(ratios):10.2f} of their cases a second")
    figure("jobs", statistics.median(ratios))


def cells(value, name=""):
    """The facts of a case by their dotted names, as cells of CSV, which has no records."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from cells(member, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        if value and not isinstance(value[0], dict):
            yield name, ";".join(value)
    elif isinstance(value, bool) or value is None:
        yield name, json.dumps(value)
    else:
        yield name, value


def rows(cases, count):
    with open(cases) as lines:
        for _, line in zip(range(count), lines):
            yield dict(cells(json.loads(line)))


def write_csv(cases, path, count):
    names = sorted({name for row in rows(cases, count) for name in row})
    with open(path, "w", newline="") as out:
        table = csv.DictWriter(out, names)
        table.writeheader()
        table.writerows(rows(cases, count))


def feed(pipe, path, header, count, lines):
    """Writes the cases of a file with so many to a pipe, again and again until there were at least `count`."""
    with open(path, "rb") as file:
        pipe.write(file.readline() if header else b"")
        start = file.tell()
        for _ in range((count + lines - 1) // lines):
            file.seek(start)
            shutil.copyfileobj(file, pipe)
    pipe.flush()


def own_peak(pid):
    """KiB that a running program has taken at most. What wait4 tells counts what this program had when it started it."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def peak(soc, artifact, path, form, count, lines):
    """Peak memory in KiB for `count` cases that come through a pipe."""
    process = subprocess.Popen(
        [soc, "decide", artifact, "-", "--json", "--jobs", "1", "--input", form],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    feed(process.stdin, path, form == "csv", count, lines)
    most = own_peak(process.pid)
    process.stdin.close()
    finish(process)
    return most


def memory(soc, artifact, cases, table):
    for name, form, path, lines in ("JSON Lines", "lines", cases, CASES), ("CSV", "csv", table, CASES // 10):
        few, many = (peak(soc, artifact, path, form, count, lines) for count in (PIPED // 10, PIPED))
        print(f"{'peak memory, ' + name:34} {few:10,} KiB for {PIPED // 10:,} cases, {many:,} KiB for {PIPED:,}")
        figure("memory" if form == "lines" else "memory_csv", many / 1024)


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    soc, writer, policy = sys.argv[1:4]
    dom = sys.argv[4] if len(sys.argv) == 5 else None
    with tempfile.TemporaryDirectory() as folder:
        cases, half, table = (os.path.join(folder, name) for name in ("cases.jsonl", "half.jsonl", "cases.csv"))
        artifact = os.path.join(folder, "policy.socb")
        for path, count in (cases, CASES), (half, CASES // 2):
            write_cases(writer, policy, path, count)
        subprocess.run([soc, "compile", policy, "-o", artifact], check=True, stdout=subprocess.DEVNULL)
        size = os.path.getsize(cases) / CASES
        print(f"\nend to end: {CASES:,} cases of {size:.0f} bytes as JSON Lines, results to /dev/null")
        cost(soc, artifact, cases, dom)
        threads(soc, artifact, cases, half)
        write_csv(cases, table, CASES // 10)
        memory(soc, artifact, cases, table)


main()
