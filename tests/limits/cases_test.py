# SPDX-License-Identifier: Apache-2.0
"""Limits of cases, at the limit and one over, and hostile JSON, through `soc decide`: every one is either decided or
one error in its place with the other cases decided; never a crash, never a hang (ctest's time limit).

With an argument N only the deep nesting is tried, N mebibytes of it (./dev fuzz runs it with 1024)."""

import json
import os
import subprocess
import sys
import tempfile

SOC = os.environ["SOC"]
POLICY = os.path.join(os.environ["SOC_SOURCE"], "policies/premera/11.01.523/2024-12-05.soc")
MEBIBYTE = 1024 * 1024
SECONDS = 300

passed = failed = 0


def check(title, ok, detail=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"{title}: {detail}")


def decide(pieces, *options):
    """Runs `soc decide` on input made of (bytes, times) pieces, written to a file so that none is held here."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        for piece, times in pieces:
            block = max(1, MEBIBYTE // max(1, len(piece)))
            whole, rest = divmod(times, block)
            for _ in range(whole):
                file.write(piece * block)
            file.write(piece * rest)
        file.flush()
        run = subprocess.run([SOC, "decide", "--json", *options, POLICY, file.name],
                             capture_output=True, timeout=SECONDS, check=False)
    return run.returncode, run.stdout.decode("utf-8").splitlines(), run.stderr.decode("utf-8", "replace")


def error_of(line):
    return json.loads(line).get("error", {}).get("code")


def expect(title, pieces, codes, *options):
    """codes: for each case the error's code, or None for a case that is decided."""
    status, lines, complaint = decide(pieces, *options)
    got = [error_of(line) for line in lines]
    wanted_status = 1 if any(codes) else 0
    check(title, status == wanted_status and got == codes,
          f"status {status} {got}, wanted {wanted_status} {codes}; {complaint[:300]}")


def plain(text):
    return [(text.encode("utf-8") if isinstance(text, str) else text, 1)]


def items(count):
    return json.dumps({"clinical": {"diagnosis_codes": ["K5090"] * count}})


def rows(count):
    return json.dumps({"clinical": {"adverse_events": [{"kind": "other"}] * count}})


def miles(text):
    return '{"access": {"infusion_center_miles": ' + text + "}}"


def deep(levels):
    """A case nested `levels` deep, itself included, under a name that --ignore-unknown-facts lets pass."""
    return [(b'{"x":', 1), (b"[", levels - 1), (b"]", levels - 1), (b"}", 1)]


def padded(size):
    head, tail = b'{"member": {"line_of_business": "commercial"}', b"}"
    return [(head, 1), (b" ", size - len(head) - len(tail)), (tail, 1)]


def at_the_limits():
    expect("1,000 items", plain(items(1000)), [None])
    expect("1,001 items", plain(items(1001)), ["list_too_long"])
    expect("1,001 items, allowed", plain(items(1001)), [None], "--max-items", "1001")
    expect("1,000 rows", plain(rows(1000)), [None])
    expect("1,001 rows", plain(rows(1001)), ["list_too_long"])
    expect("64 levels", deep(64), [None], "--ignore-unknown-facts")
    expect("65 levels", deep(65), ["too_deep"], "--ignore-unknown-facts")
    expect("65 levels, allowed", deep(65), [None], "--ignore-unknown-facts", "--max-depth", "65")
    expect("16 MiB", padded(16 * MEBIBYTE), [None])
    expect("16 MiB and a byte", padded(16 * MEBIBYTE + 1), ["case_too_large"])
    expect("16 MiB and a byte, allowed", padded(16 * MEBIBYTE + 1), [None], "--max-case-bytes", str(16 * MEBIBYTE + 1))
    expect("9 digits", plain(miles("999999999")), [None])
    expect("10 digits", plain(miles("1000000000")), ["fact_range"])
    expect("6 decimals", plain(miles("0.999999")), [None])
    expect("7 decimals", plain(miles("0.9999999")), ["fact_range"])
    expect("zeros do not count", plain(miles("0.9000000000")), [None])
    expect("3.0 is whole", plain('{"therapy": {"dosing_interval_days": 3.0}}'), [None])
    expect("3.5 is not", plain('{"therapy": {"dosing_interval_days": 3.5}}'), ["fact_type"])
    expect("below the range", plain(miles("-0.000001")), ["fact_range"])
    expect("the last day", plain('{"service": {"date": "9999-12-31"}}'), [None])
    expect("no such day", plain('{"service": {"date": "2023-02-29"}}'), ["fact_date"])


GOOD = '{"member": {"line_of_business": "commercial"}}\n'


def hostile():
    expect("a bad line among good ones", plain(GOOD + "{]\n" + GOOD), [None, "json_syntax", None])
    expect("NUL in a name", plain('{"a\\u0000b": 1}'), ["fact_unknown"])
    expect("NUL outside of a text", plain(GOOD.encode() + b'{"member":\0{}}\n' + GOOD.encode()), [None, "json_syntax", None])
    expect("bad UTF-8", plain(b'{"service": {"drug": "\xff"}}\n' + GOOD.encode()), ["json_syntax", None])
    expect("lone surrogate", plain('{"service": {"drug": "\\ud800"}}'), ["json_syntax"])
    expect("repeated key", plain('{"member": {}, "member": {}}'), ["key_repeated"])
    expect("a huge exponent", plain(miles("1e999999999999")), ["fact_range"])
    expect("a long number", [(b'{"access": {"infusion_center_miles": 1', 1), (b"0", MEBIBYTE), (b"}}", 1)], ["fact_range"])
    expect("a long text", [(b'{"service": {"drug": "', 1), (b"x", 8 * MEBIBYTE), (b'"}}', 1)], [None])
    expect("a million spaces between", [(GOOD.encode(), 1), (b" \n", MEBIBYTE), (GOOD.encode(), 1)], [None, None],
           "--input", "lines")
    expect("10,000 cases", [(GOOD.encode(), 10000)], [None] * 10000)


def nesting(mebibytes):
    size = mebibytes * MEBIBYTE
    for title, piece in (("arrays", b"["), ("objects", b'{"x":'), ("mixed", b'[{"x":'), ("closing", b"]")):
        for head in (b'{"x":', b""):
            status, lines, complaint = decide([(head, 1), (piece, size // len(piece))], "--ignore-unknown-facts")
            fine = status == 1 and len(lines) >= 1 and all(error_of(line) for line in lines)
            check(f"{mebibytes} MiB of {title} after {head!r}", fine,
                  f"status {status}, {len(lines)} results; {complaint[:300]}")


if len(sys.argv) > 1:
    nesting(int(sys.argv[1]))
else:
    at_the_limits()
    hostile()
    nesting(64)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
