cp beside/*.test.soc versions/example/doses/
# each version's own tests and those beside it, a folder's all, and one file alone
soc test versions/example/doses/2025-01-01.soc
cd versions/example/doses && soc test 2026-01-01.soc && soc test ./2026-01-01.soc
soc test versions
soc test versions/example/doses/distance.test.soc
soc test --coverage versions/example/doses/2026-01-01.soc | head -9
# they are no part of an artifact
for v in 2025 2026; do soc compile versions/example/doses/$v-01-01.soc; done; mkdir alone; cp versions/example/doses/20*.soc alone; for v in 2025 2026; do soc compile alone/$v-01-01.soc >/dev/null; cmp alone/$v-01-01.socb versions/example/doses/$v-01-01.socb; done
soc verify --unsigned-ok versions
soc compile versions/example/doses/distance.test.soc
soc decide versions/example/doses/distance.test.soc cases.jsonl
soc info versions/example/doses/distance.test.soc
cp versions/example/doses/2025-01-01.socb versions/example/doses/old.test.socb; soc verify --unsigned-ok versions/example/doses/old.test.socb; rm versions/example/doses/old.test.socb
# a policy of the same id is chosen by date; files of tests are no versions
soc decide --policies versions example/doses cases.jsonl | head -1
# checked, laid out, traced
soc check versions
soc fmt --check versions
sed -i 's/  *|/|/g' versions/example/doses/old.test.soc; cat versions/example/doses/old.test.soc; soc fmt versions; cat versions/example/doses/old.test.soc
soc fmt --expand versions/example/doses/old.test.soc | head -3
printf 'id\nD-01\nD-02\nD-03\nD-04\n' >ids.tsv; soc trace versions ids.tsv
# what fails
sed -i 's/61 miles/59 miles/; s/8 miles   /8.5 miles /' versions/example/doses/distance.test.soc; soc test versions
soc test versions/example/doses/2026-01-01.soc
# errors: those of one version, told once; of the words; of a policy
sed -i 's/J0129  /J01290 /' versions/example/doses/old.test.soc; soc test versions/example/doses/old.test.soc; soc check versions
sed -i 's/given near_by/given near/' versions/example/doses/distance.test.soc; soc test versions/example/doses/distance.test.soc; soc check versions/example/doses/distance.test.soc
sed -i 's/^| "near"/ "near"/; s/^  | "near"/  "near"/' versions/example/doses/distance.test.soc; soc test versions/example/doses/2026-01-01.soc; soc fmt versions/example/doses
printf 'soc 1\ntests for "./2027-01-01"\ntest "a" { expect d approve }\n' >versions/example/doses/new.test.soc; soc test versions/example/doses/new.test.soc
printf 'soc 1\ntests for "./2025-01-01"\n' >versions/example/doses/new.test.soc; soc test versions/example/doses/new.test.soc
rm versions/example/doses/distance.test.soc; mv versions/example/doses/new.test.soc versions/example/doses/new.soc; soc test versions/example/doses/new.soc
soc test versions/example/doses/nothing.test.soc
