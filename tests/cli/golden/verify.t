# a tree of artifacts as they were compiled
for v in 2025 2026; do soc compile versions/example/doses/$v-01-01.soc; done
soc verify --unsigned-ok versions
# what is not said about signatures is asked for
soc verify versions
soc verify --key mine.pub versions
soc verify --key mine.pub --unsigned-ok versions
# one file
soc verify --unsigned-ok versions/example/doses/2026-01-01.socb
# an older version's text changes: its artifact and those of the versions that amend it are no longer what it says
sed -i 's/No center is near/No center is within reach/' versions/example/doses/2025-01-01.soc; soc verify --unsigned-ok versions
sed -i 's/50 miles/40 miles/' versions/example/doses/2025-01-01.soc; soc verify --unsigned-ok versions
# nothing is written
soc compile versions/example/doses/2025-01-01.soc; soc compile versions/example/doses/2026-01-01.soc; cp versions/example/doses/2026-01-01.socb before; soc verify --unsigned-ok versions; cmp before versions/example/doses/2026-01-01.socb
# no source, no artifact, errors, something else
rm versions/example/doses/2026-01-01.soc versions/example/doses/2025-01-01.socb; soc verify --unsigned-ok versions
echo 'criterion' >>versions/example/doses/2025-01-01.soc; cp before versions/example/doses/2025-01-01.socb; soc verify --unsigned-ok versions/example/doses/2025-01-01.socb
printf 'soc 1\nlibrary "x"\n' >versions/example/doses/2025-01-01.soc; soc verify --unsigned-ok versions/example/doses/2025-01-01.socb
head -c 200 before >versions/example/doses/2025-01-01.socb; soc verify --unsigned-ok versions/example/doses/2025-01-01.socb
# trouble
soc verify --unsigned-ok nowhere
soc verify --unsigned-ok broken
soc verify --unsigned-ok cases.json
soc verify
