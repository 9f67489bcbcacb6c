soc test --coverage policies/example/infusion/2024-01-01.soc
soc test --coverage policies/example/claims
soc test --coverage --json policies/example/infusion/2024-01-01.soc
soc test --json policies
soc test --coverage broken/misspelt.soc
sed 's/expect site refer SITE/expect site approve SITE/' policies/example/infusion/2024-01-01.soc >policies/example/infusion/wrong.soc; soc test --coverage --json policies/example/infusion/wrong.soc | tail -6
soc test --coverage --strict policies/example/infusion/2024-01-01.soc | tail -1
soc test --coverage --strict policies/example/infusion/2024-01-01.soc >/dev/null
soc test --strict policies
# Where there is no policy, no states are counted.
mkdir nothing; soc test --coverage nothing
