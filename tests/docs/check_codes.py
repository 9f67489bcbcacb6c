# SPDX-License-Identifier: Apache-2.0
"""check_codes.py: the codes of errors in docs/batch.md are those that the sources give, each with its status.

Sources are read as text: a code is the string that follows a status in a call (`refused(error, SOC_ERR_LIMIT, "plan"`),
or that begins an error beside the status it is returned with (STATED)."""
import glob
import re
import sys

SOURCES = ["vm/case.c", "vm/plan.c", *sorted(glob.glob("batch/*.c")), *sorted(glob.glob("batch/*.inc"))]
REFUSAL = re.compile(r'\b(SOC_ERR_\w+|status),\s*[^;{}"]*?"([a-z_]+)"\s*,', re.S)
STATED = re.compile(r'\(soc_error\)\{"([a-z_]+)"')
ROW = re.compile(r"^\| `([a-z_]+)` \| `(SOC_ERR_\w+)` \|", re.M)


def given():
    """Pairs of code and status; status None where the call does not name it."""
    pairs = set()
    for path in SOURCES:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        pairs |= {(code, None if status == "status" else status) for status, code in REFUSAL.findall(text)}
        pairs |= {(code, None) for code in STATED.findall(text)}
    return pairs


def main():
    with open("docs/batch.md", encoding="utf-8") as file:
        listed = dict(ROW.findall(file.read()))
    pairs = given()
    wrong = [f"{code} ({status or 'any status'}) is given, and docs/batch.md does not say so"
             for code, status in sorted(pairs, key=str)
             if code not in listed or status not in (None, listed[code])]
    wrong += [f"docs/batch.md lists {code}, which nothing gives" for code in sorted(listed)
              if code not in {code for code, _ in pairs}]
    print("\n".join(wrong) + ("\n" if wrong else "") + f"{len(pairs) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong or not pairs else 0


if __name__ == "__main__":
    sys.exit(main())
