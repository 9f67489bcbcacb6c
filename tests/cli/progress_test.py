#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The line of progress: on a terminal, and nowhere else. The last line is the count."""
import os
import pty
import re
import subprocess
import sys
import threading
import time

SOC = os.environ["SOC"]
SOURCE = os.environ["SOC_SOURCE"]
CASE = b'{"id":"a","service":{"code":"J1745","date":"2024-02-01"}}\n'
COMMAND = [SOC, "decide", "--json", "--policies", SOURCE + "/tests/cli/data/policies", "example/infusion"]


def read_all(master, pieces):
    while True:
        try:
            piece = os.read(master, 1 << 16)
        except OSError:  # the other end is closed
            return
        if not piece:
            return
        pieces.append(piece)


def run(stdout_too, seconds, options=()):
    """Feeds a case, and more for so many seconds; gives what the terminal shows and the exit status."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        COMMAND + list(options),
        stdin=subprocess.PIPE,
        stderr=slave,
        stdout=slave if stdout_too else subprocess.DEVNULL,
    )
    os.close(slave)
    pieces = []
    reader = threading.Thread(target=read_all, args=(master, pieces))
    reader.start()
    process.stdin.write(CASE)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        process.stdin.write(CASE * 2000)
        process.stdin.flush()
        time.sleep(0.05)
    process.stdin.close()
    status = process.wait()
    reader.join()
    os.close(master)
    return b"".join(pieces).decode(), status


def check(name, good, shown):
    if not good:
        print(f"{name}: the terminal showed {shown[-300:]!r}")
    return good


def has_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError as why:
        print(f"skipped: no terminal can be made here ({why})")
        return False
    return True


def main():
    if not has_terminals():
        return 77
    results = []
    for options in (), ("--jobs", "3"):
        shown, status = run(False, 1.2, options=options)
        lines = [part for part in shown.split("\r") if part]
        good = len(lines) >= 2 and lines[-1] == "\x1b[K" and status == 0
        for line in lines[:-1]:
            good = good and re.fullmatch(r"[0-9,]+ cases, [0-9,]+ a second\x1b\[K", line)
        results.append(check("progress", good, shown))
    shown, status = run(False, 0)
    results.append(check("a short run shows none", "cases" not in shown and status == 0, shown))
    shown, status = run(True, 1.2)
    results.append(check("results on the terminal", "a second" not in shown and status == 0, shown))
    passed = sum(map(bool, results))
    print(f"{passed} passed, {len(results) - passed} failed")
    return 0 if passed == len(results) else 1


sys.exit(main())
