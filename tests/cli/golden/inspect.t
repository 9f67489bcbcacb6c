soc compile policies/example/infusion/2024-01-01.soc -o example.socb
soc info example.socb
soc info --json example.socb
soc dis example.socb
soc dis example.socb >a; soc dis policies/example/infusion/2024-01-01.soc >b; cmp a b
soc schema case | head -n 40
# what an artifact says of its behaviour is not taken for it
cp example.socb policies/example/infusion/2024-01-01.socb; printf '\377\377' | dd of=policies/example/infusion/2024-01-01.socb bs=1 seek=32 conv=notrunc status=none; soc info policies/example/infusion/2024-01-01.socb | sed -n '/^behaviour/,/^from/p' | head -n 2
soc info --json policies/example/infusion/2024-01-01.socb | grep behaviour
soc verify --unsigned-ok policies/example/infusion/2024-01-01.socb
# two facts of one name
cp example.socb twice.socb; at=$(od -An -tu4 -j168 -N4 twice.socb); dd if=example.socb of=twice.socb bs=1 skip=$((at)) seek=$((at + 56)) count=4 conv=notrunc status=none; soc info twice.socb
