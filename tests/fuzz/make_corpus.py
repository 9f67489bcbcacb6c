# SPDX-License-Identifier: Apache-2.0
"""Makes the seeds of the fuzz targets: make_corpus.py SOC DIFFERENTIAL, from the top of the checkout.

Sources come from the generator of the differential test and from tests/fuzz/seeds/; artifacts are compiled from the
smaller of them by SOC; cases are the ones below. Run it again when the artifact's format changes; findings kept as
finding-* stay."""

import json
import os
import subprocess
import sys
import tempfile

SOC, DIFFERENTIAL = sys.argv[1:3]
CORPUS = "tests/fuzz/corpus"
SEEDS = "tests/fuzz/seeds"

CASES = [
    {},
    {"id": "a", "member": {"birth_date": "1980-05-01", "line_of_business": "commercial"},
     "service": {"code": "J1745", "date": "2024-12-10", "place_of_service": "22", "drug": "Remicade"},
     "therapy": {"course_start_date": "2024-12-01", "previous_course_last_dose_date": None,
                 "dosing_interval_days": 56, "drug_criteria_status": "met"}},
    {"service": {"date": "2024-12-10", "code": "J1599", "site_of_care": "hospital_outpatient"},
     "access": {"infusion_center_miles": None, "home_infusion_available": False},
     "clinical": {"diagnosis_codes": ["C8330", "M0579"], "fvc_percent_predicted": 40.5,
                  "adverse_events": [{"drug_relation": "same_drug", "severity": "severe", "kind": "other"}, {}]}},
    {"claim": {"form": "ub04", "type_of_bill": "0111",
               "lines": [{"number": 1, "code": "96365", "units": 1, "date": "2024-12-10", "modifiers": ["JW"]},
                         {"number": 2, "related_line": 1, "administered_amount": 0.5}]}},
    {"member": {"birth_date": "soon"}},
    {"documentation": {"submitted": []}, "request": {"stated_reasons": ["clinical", "other"]}},
]
RAW_CASES = [b'{"member": {}, "member": {}}', b'{"a": "\\ud83d\\ude00"}', b"[1, 2", b'{"service": {"drug": "\xff"}}',
             b'{"access": {"infusion_center_miles": 1e9}}', b"Cservice.date=2024-12-10,service.code=J1745,member.x=1",
             b"Cclinical.diagnosis_codes=C00;C01,access.infusion_center_miles=null",
             '{"id":"J\u00fcrgen","service":{"drug":"INFliximab (Janssen \u2013 unbranded)"}}'.encode("utf-8"),
             b'{"clinical":{"diagnosis_codes":["K5090"],"fvc_percent_predicted":39.999999,"fvc_percent_predicted":null}}']


def write(target, name, data):
    folder = os.path.join(CORPUS, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def compiled(path):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "a.socb")
        run = subprocess.run([SOC, "compile", path, "-o", out], capture_output=True, check=False)
        if run.returncode != 0:
            return None
        with open(out, "rb") as file:
            return file.read()


def main():
    sources = [os.path.join(SEEDS, name) for name in sorted(os.listdir(SEEDS))]
    artifacts = []
    for path in sources:
        with open(path, "rb") as file:
            write("fuzz_source", os.path.basename(path), file.read())
        artifact = compiled(path)
        if artifact is not None:
            artifacts.append((os.path.splitext(os.path.basename(path))[0], artifact))
    for name, artifact in artifacts:
        write("fuzz_artifact", name + ".socb", artifact)
    bodies = [json.dumps(case).encode("utf-8") for case in CASES] + RAW_CASES
    for number, body in enumerate(bodies):
        write("fuzz_case", f"case-{number:02}.json", body)
        write("fuzz_reader", f"case-{number:02}.jsonl", b"\n".join([body, bodies[number - 1], body]))
    for number, (name, artifact) in enumerate(artifacts):
        body = bodies[number % len(CASES)]
        write("fuzz_artifact_case", name, len(artifact).to_bytes(4, "little") + artifact + body)
    for seed in range(1, 7):
        run = subprocess.run([DIFFERENTIAL, "--bytes", str(seed)], capture_output=True, check=True)
        write("fuzz_differential", f"seed-{seed}", run.stdout)


main()
