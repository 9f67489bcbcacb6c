# SPDX-License-Identifier: Apache-2.0
"""Makes the golden files of a policy once: make_cases.py NAME ARTIFACT CASES.jsonl, from the top of the checkout.

NAME.socb is a copy of the artifact as it is now, NAME.cases its worked cases as lines for decide.c: each as it stands,
and with facts left out by chance. NAME.expected is then what decide prints. Golden files are added, never made anew."""

import json
import random
import shutil
import sys

LEFT_OUT = (0.1, 0.3, 0.6)


def word(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace(" ", "_")


def facts(node, path):
    """Pairs of name and value; lists of records before their fields."""
    for key, value in node.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from facts(value, name)
        elif isinstance(value, list) and (value and isinstance(value[0], dict)):
            yield name, len(value)
            numbers = [row.get("number") for row in value]
            for i, row in enumerate(value):
                row = dict(row)
                if row.get("related_line") is not None:
                    row["related_line"] = numbers.index(row["related_line"])
                yield from facts(row, f"{name}[{i}]")
        elif isinstance(value, list):
            yield name, ",".join(map(word, value))
        else:
            yield name, value


def main():
    name, artifact, cases = sys.argv[1:4]
    rng = random.Random(name)
    shutil.copy(artifact, f"tests/golden/{name}.socb")
    with open(cases, encoding="utf-8") as lines, open(f"tests/golden/{name}.cases", "w", encoding="utf-8") as out:
        for line in lines:
            case = json.loads(line)["case"]
            case.pop("id", None)
            pairs = [(key, word(value)) for key, value in facts(case, "")]
            lists = {key.split("[")[0] for key, _ in pairs if "[" in key}
            for share in (0,) + LEFT_OUT:
                kept = [f"{key}={value}" for key, value in pairs if key in lists or rng.random() >= share]
                print(" ".join(kept), file=out)


main()
