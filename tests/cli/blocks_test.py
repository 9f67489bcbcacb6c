#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cases decided together give what they give one by one: the same bytes, in the same order.

Random cases by the JSON Schema of cases, with codes and texts of the policies, and some that are wrong or unusual in every
way, are decided as one file, in blocks, and as many short files, each of too few cases for a block. The last line is the
count.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

SOC = os.environ["SOC"]
SOURCE = os.environ["SOC_SOURCE"]
SHORT = 20  # cases of a file that are decided one by one
CASES = int(os.environ.get("SOC_TEST_CASES", "600"))
POLICIES = {
    "premera/11.01.523/2024-12-05.socb": "premera/11.01.523",
    "premera/11.01.523": "premera/11.01.523",  # by date, in all its versions
    "centene/GA.PMN.34/2025-07-01.socb": "centene/GA.PMN.34",
    "cigna/enhanced-specialty-care/2021-01-01.socb": "cigna/enhanced-specialty-care",
}


class Maker:
    """Random cases of the vocabulary."""

    def __init__(self, schema, folder, seed):
        self.schema = schema
        self.random = random.Random(seed)
        text = "".join(open(os.path.join(folder, name)).read() for name in os.listdir(folder) if name.endswith(".soc"))
        self.codes = sorted(set(re.findall(r"\b[A-Z][0-9]{4}\b", text))) + ["J1745", "C50", "D400", "WA", "11", "19", "22", "0131",
                                                                           "0841", "0360", "00069014501"]
        self.names = sorted(set(re.findall(r'"([A-Z][A-Za-z ]{3,20})"', text))) or ["Remicade"]
        self.share = 0.5

    def text(self, about):
        pick = self.random.random()
        if "pattern" in about:
            right = [code for code in self.codes if re.search(about["pattern"], code)]
            return self.random.choice(right) if pick < 0.99 else self.random.choice(["", "too long a code", "j1745"])
        if pick < 0.7:
            name = self.random.choice(self.names)
            return "".join(c.upper() if self.random.random() < 0.2 else c for c in name)
        return self.random.choice(["é", 'say "so"', "\n", "x" * 300, "", "text %d" % self.random.randrange(10**6)])

    def date(self):
        return "%04d-%02d-%02d" % (self.random.choice((1950, 2012, 2022, 2023, 2024, 2024, 2025, 2025, 2026)),
                                   self.random.randrange(1, 13), self.random.randrange(1, 29))

    def number(self, about):
        most = int(min(about.get("maximum", 200), 200))
        value = self.random.randrange(int(about.get("minimum", 0)), most + 1)
        return value if about["type"] == "integer" or self.random.random() < 0.7 else value + 0.5

    def items(self, about):
        few = self.random.choice((0, 1, 1, 2, 3)) if self.random.random() < 0.99 else self.random.randrange(300)
        return [self.value(about["items"], 0.7) for _ in range(few)]

    def value(self, about, share):
        if "anyOf" in about:
            return None if self.random.random() < 0.15 else self.value(about["anyOf"][0], share)
        if "enum" in about:
            return self.random.choice(about["enum"])
        kind = about["type"]
        if kind == "object":
            chosen = sorted(about["properties"].items())
            made = {}
            for name, member in chosen:
                whole = member.get("type") == "object" or name in about.get("required", ())
                if whole or self.random.random() < share:
                    made[name] = self.value(member, share)
            return made
        if kind == "array":
            return self.items(about)
        if kind == "boolean":
            return self.random.random() < 0.4
        if kind in ("number", "integer"):
            return self.number(about)
        return self.date() if about.get("format") == "date" else self.text(about)

    def line(self, number):
        case = {"id": "case %d" % number}
        facts = {name: about for name, about in self.schema["properties"].items() if name != "id"}
        case.update(self.value({"type": "object", "properties": facts}, self.random.choice((0.2, 0.6, 0.9))))
        if self.random.random() < 0.05:
            del case["id"]
        text = json.dumps(case, ensure_ascii=self.random.random() < 0.5, separators=(",", ":"))
        return self.spoil(text) if self.random.random() < 0.08 else text

    def crowded(self, number):
        """More different texts and items than a block holds, in few bytes."""
        codes = ["K%04d" % ((number * 7 + k) % 9000) for k in range(self.random.choice((0, 1, 30)))]
        event = {"kind": "anaphylaxis", "drug_relation": "same_drug"}
        events = [dict(event, severity="mild") if self.random.random() < 0.9 else event
                  for _ in range(self.random.choice((0, 0, 12)))]
        case = {"id": str(number),
                "service": {"date": "2024-07-%02d" % (1 + number % 28), "code": self.random.choice(self.codes[:5]),
                            "drug": self.random.choice(("Remicade", "drug %d" % number)),
                            "site_of_care": self.random.choice(("hospital_outpatient", "home"))},
                "member": {"birth_date": "1970-01-01", "line_of_business": "commercial"},
                "clinical": {"diagnosis_codes": codes, "adverse_events": events}}
        return json.dumps(case)

    def records(self, number):
        """Records that decide, with fields left out; of cases that are broken behind some, nothing may stay for the next."""
        broken = self.random.random() < 0.4
        fields = {"kind": "anaphylaxis", "drug_relation": "same_drug", "severity": "life_threatening"}
        events = [{name: value for name, value in fields.items() if broken or self.random.random() < 0.5}
                  for _ in range(self.random.choice((1, 1, 2, 4)))]
        if broken:
            events[-1]["unknown"] = 1
        case = {"id": str(number),
                "service": {"date": "2025-03-14", "code": "J1745", "drug": "Remicade", "route": "intravenous",
                            "place_of_service": "22"},
                "member": {"birth_date": "1948-01-24", "line_of_business": "commercial"},
                "clinical": {"cardiac_condition": False, "pulmonary_condition": False, "fvc_percent_predicted": 60,
                             "renal_function_unstable": False, "vascular_access": "adequate",
                             "cognitive_safety_concern": False, "adverse_events": events},
                "therapy": {"course_start_date": "2023-06-02", "previous_course_last_dose_date": "2021-05-07",
                            "drug_criteria_status": "met"},
                "access": {"infusion_center_miles": 108.5, "hospital_only_source": False}}
        return json.dumps(case)

    def spoil(self, text):
        """Something wrong, or only unusual."""
        at = self.random.randrange(len(text))
        return self.random.choice((
            text[:at],
            text[:at] + "x" + text[at + 1:],
            " " + text.replace(",", " , "),
            text.replace("{", '{"unknown":1,', 1),
            text.replace("2024-", "0001-").replace("2025-", "9999-"),
            text[:-1] + ',"id":"twice"}',
            text.replace("true", "1"),
            "[]", "null", '""', "{}", "", "   ",
            '{"id":"' + "i" * 5000 + '"}',
            '{"id":"\\u0041\\n","service":{"date":"2024-06-01"}}',
            '{"service":{"date":"2024-02-30"}}',
        ))


def decide(policy, files, *options):
    run = subprocess.run([SOC, "decide", "--json", "--policies", SOURCE + "/policies", "--input", "lines", *options, policy, *files],
                         capture_output=True)
    return run.returncode, run.stdout, run.stderr.replace(b"short", b"all")


def write(path, lines):
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write("".join(line + "\n" for line in lines))


def compare(policy, lines, directory):
    whole = os.path.join(directory, "all.jsonl")
    write(whole, lines)
    parts = []
    for first in range(0, len(lines), SHORT):
        parts.append(os.path.join(directory, "short%d.jsonl" % first))
        write(parts[-1], lines[first:first + SHORT])
    path = SOURCE + "/policies/" + policy if policy.endswith(".socb") else policy
    together, alone = decide(path, [whole]), decide(path, parts)
    threads = decide(path, [whole], "--jobs", "3")
    if together[:2] == alone[:2] == threads[:2] and together[1].count(b'"determination"') > len(lines) / 2:
        return True
    pairs = zip(together[1].splitlines(), alone[1].splitlines())
    for number, (a, b) in enumerate(pairs):
        if a != b:
            print("%s: together\n  %s\nalone\n  %s" % (policy, a.decode(), b.decode()))
            break
    else:
        print("%s: status %d, %d and %d; %d, %d and %d bytes" % (
            policy, together[0], alone[0], threads[0], len(together[1]), len(alone[1]), len(threads[1])))
    return False


def main():
    schema = json.loads(subprocess.run([SOC, "schema", "case"], capture_output=True, check=True).stdout)
    passed = failed = 0
    for seed, (policy, folder) in enumerate(POLICIES.items()):
        with tempfile.TemporaryDirectory() as directory:
            maker = Maker(schema, os.path.join(SOURCE, "policies", folder), seed)
            for make, count in ((maker.line, CASES), (maker.crowded, 4 * CASES), (maker.records, CASES)):
                ok = compare(policy, [make(i) for i in range(count)], directory)
                passed, failed = passed + ok, failed + (not ok)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
