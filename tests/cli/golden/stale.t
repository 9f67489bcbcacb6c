# by its id a policy is decided from the artifact; that its source has changed since is said, once, and changes nothing
soc compile versions/example/doses/2025-01-01.soc; soc compile versions/example/doses/2026-01-01.soc
echo '{"service": {"date": "2025-12-31", "code": "J0129"}, "access": {"infusion_center_miles": 55}}' >case.json; cat case.json case.json >cases.jsonl
soc decide --policies versions example/doses case.json
echo '# a remark' >>versions/example/doses/2025-01-01.soc; soc decide --policies versions example/doses --json --jobs 2 cases.jsonl
# the newer version is not concerned, and an artifact named by its file is what was asked for
soc decide --policies versions --version 2026-01-01 example/doses case.json
soc decide versions/example/doses/2025-01-01.socb case.json
# neither is an artifact without its source
rm versions/example/doses/2025-01-01.soc; soc decide --policies versions example/doses case.json
