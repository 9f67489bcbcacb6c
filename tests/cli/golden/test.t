soc test policies
sed 's/expect site refer SITE/expect site approve SITE/' policies/example/infusion/2024-01-01.soc >policies/example/infusion/wrong.soc; soc test policies/example
soc test policies/example/infusion/codes.soc
sed '/^test/,$d' policies/example/infusion/2024-01-01.soc >policies/example/infusion/2025-01-01.soc; soc test policies
soc test broken
# nothing to test is no success
mkdir empty; soc test empty
soc test --coverage --json empty
mkdir lists; cp policies/example/infusion/codes.soc lists; soc test lists
soc test lists policies | tail -1
