sed -n 4p cases.jsonl | soc decide --explain --policies policies example/infusion
sed -n 3p cases.jsonl | soc decide --explain --policies policies example/infusion
sed -n 8p cases.jsonl | soc decide --explain --policies policies example/infusion
# two decisions: what both read is said once
soc decide --explain two.soc two.jsonl
