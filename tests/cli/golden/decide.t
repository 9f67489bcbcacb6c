soc decide --policies policies example/infusion cases.jsonl
soc decide --json --policies policies example/infusion cases.jsonl
# standard input, by name and by default
soc decide --json --policies policies example/infusion - <cases.jsonl | wc -l
soc decide --json --policies policies example/infusion <cases.jsonl | wc -l
# indexes go on through several files
head -n 1 cases.jsonl >one.json; soc decide --json --policies policies example/infusion one.json cases.jsonl | sed -n 's/.*"index":\([0-9]*\).*/\1/p'
soc decide --policies policies/ --version 2024-01-01 example/infusion one.json
soc decide --policies policies/ --version 2024-07-01 example/infusion one.json
soc decide --explain policies/example/infusion/2024-01-01.soc one.json
soc decide --explain --json policies/example/infusion/2024-01-01.soc one.json
# a source and its artifact print the same bytes
soc compile policies/example/infusion/2024-01-01.soc
for p in soc socb; do soc decide --json --explain policies/example/infusion/2024-01-01.$p cases.jsonl >$p.out; done; cmp soc.out socb.out
# the artifact stands beside its source and is preferred
rm policies/example/infusion/2024-01-01.soc; soc decide --policies policies example/infusion one.json
printf '' | soc decide --policies policies example/infusion
printf '[]' | soc decide --policies policies example/infusion
# an approval without a first day says so, and invents none
sed '/^ *basis /d' policies/example/infusion/2024-07-01.soc >policies/example/infusion/nobasis.soc; soc decide policies/example/infusion/nobasis.soc one.json; soc decide --json policies/example/infusion/nobasis.soc one.json | grep -o '"approval":{[^}]*}'
