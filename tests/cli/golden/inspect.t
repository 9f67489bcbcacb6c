soc compile policies/example/infusion/2024-01-01.soc -o example.socb
soc info example.socb
soc info --json example.socb
soc dis example.socb
soc dis example.socb >a; soc dis policies/example/infusion/2024-01-01.soc >b; cmp a b
soc schema case | head -n 40
