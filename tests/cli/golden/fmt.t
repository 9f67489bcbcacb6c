# what is laid out stays as it is
soc fmt versions
soc fmt --check versions
# only told
sed -i 's/^  version /version   /; s/cite "p. 2"/   cite  "p. 2"   /' versions/example/doses/2025-01-01.soc; cp versions/example/doses/2025-01-01.soc before; soc fmt --check versions; echo $?; cmp before versions/example/doses/2025-01-01.soc
# done, and done once
soc fmt versions
soc fmt versions; soc fmt --check versions
# words and comments stay
printf 'soc 1\nlibrary "x" # one\n\n\n\n# two\nset s of codes cite "c"\n{ A1,A2..A9\n  # three\n    B1\n}' >lists.soc; soc fmt lists.soc; cat lists.soc
# an older version's text is not this one's
soc fmt --expand versions/example/doses/2026-01-01.soc
soc fmt --expand versions/example/doses/2026-01-01.soc >whole.soc; soc compile whole.soc; soc test whole.soc; soc compile versions/example/doses/2026-01-01.soc; for f in whole.socb versions/example/doses/2026-01-01.socb; do head -c 64 $f | tail -c 32 | sha256sum; done | uniq | wc -l
# errors
soc fmt broken
printf 'soc 1\nlibrary "x"\nset {\n' >lists.soc; soc fmt lists.soc; soc fmt --check lists.soc; soc fmt --expand lists.soc
soc fmt --expand --check lists.soc
soc fmt --expand versions
soc fmt nowhere
mkdir empty; soc fmt --check empty
