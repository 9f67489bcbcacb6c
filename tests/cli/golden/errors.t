# what cannot be read, found or run is trouble, named with what to do
soc decide --policies policies example/infusion nowhere.json
soc decide --policies policies example/infusion policies
soc decide --policies nowhere example/infusion cases.jsonl
soc decide --policies policies example/infusoin cases.jsonl
soc decide --policies policies nothing/like/it cases.jsonl
soc decide --policies policies ../policies/example/infusion cases.jsonl
soc decide --policies policies --version 2023-01-01 example/infusion cases.jsonl
soc decide nowhere.soc cases.jsonl
soc decide policies/example/infusion/codes.soc cases.jsonl
soc decide broken/misspelt.soc cases.jsonl
soc decide cases.jsonl cases.jsonl
cp cases.jsonl x.socb; soc decide x.socb cases.jsonl
soc info x.socb
printf 'SOCB' >y.socb; soc dis y.socb
{ printf 'NOTSOCB'; head -c 100 /dev/zero; } >w.socb; soc dis w.socb
: >z.socb; soc dis z.socb
soc compile policies/example/infusion/2024-01-01.soc -o a.socb >digest; cp a.socb b.socb; printf X >>b.socb; soc info b.socb
cp a.socb policies/example/infusion/2025-01-01.socb; soc decide --policies policies example/infusion cases.jsonl; rm policies/example/infusion/2025-01-01.socb
# what stands on standard output is results alone
soc decide --policies policies example/infusion cases.jsonl >/dev/full
soc decide --policies policies example/infusion nowhere.json 2>/dev/null
( yes "$(head -n 1 cases.jsonl)" | head -n 5000 | soc decide --json --policies policies example/infusion; echo "status $?" >&2 ) | head -c 10
printf '{"clinical":{"diagnosis_codes":["K50.90"]}}' | soc decide --policies policies example/infusion
# what is no text is told once; nothing is counted where nothing was read
printf 's\000o\000c\000 \0001\000\n\000' >utf16.soc; soc check utf16.soc
printf '\377\376s\000o\000' >mark.soc; soc check mark.soc
soc compile two.soc -o two.socb; soc check two.socb
soc test two.socb
soc check nothing.soc
soc check nothing.soc two.soc
# a vocabulary of one's own: said when it is compiled, and again when a case comes
mkdir own; printf 'soc 1\nvocabulary "own"\nfact visit.miles : integer miles from 0 "Distance"\n' >own/facts.soc; printf 'soc 1\npolicy "own/p" {\n  title "T"\n  version 2026-01-01\n}\nuse "vocabulary/case"\nuse "./facts"\ndecision d medical {\n  approve PREFERRED_SITE when visit.miles > 5 miles "Far" cite "1"\n  refer SITE_CRITERIA_NOT_MET otherwise "Near" cite "1"\n}\n' >own/p.soc; soc compile own/p.soc; echo '{}' | soc decide own/p.socb
