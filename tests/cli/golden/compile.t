soc compile policies/example/infusion/2024-01-01.soc
soc compile policies/example/infusion/2024-01-01.soc -o out.socb
ls policies/example/infusion out.socb
cmp out.socb policies/example/infusion/2024-01-01.socb
sha256sum out.socb | cut -c 1-64 >a; soc compile policies/example/infusion/2024-01-01.soc -o out.socb | cut -c 8-71 >b; cmp a b
# on another path, the same bytes
mkdir -p elsewhere/example; cp -R policies/example/infusion elsewhere/example/; soc compile elsewhere/example/infusion/2024-01-01.soc -o elsewhere.socb; cmp out.socb elsewhere.socb
soc compile broken/misspelt.soc; ls broken
soc compile policies/example/infusion/codes.soc
soc compile nowhere.soc
cp policies/example/infusion/2024-01-01.soc policy.txt; soc compile policy.txt
soc compile policies/example/infusion/2024-01-01.soc -o nowhere/out.socb
mkdir folder; soc compile policies/example/infusion/2024-01-01.soc -o folder
ls | grep XXXX
# names without a dot are looked up in the libraries
sed 's|use "./codes"|use "example/infusion/codes"|' policies/example/infusion/2024-01-01.soc >moved.soc; soc compile moved.soc -o moved.socb
soc compile --library policies moved.soc -o moved.socb
sed 's|use "./codes"|use "../codes"|' policies/example/infusion/2024-01-01.soc >policies/moved.soc; soc compile policies/moved.soc
# a link, like a device, is written to and not replaced
ln -s out.socb link.socb; soc compile policies/example/infusion/2024-01-01.soc -o link.socb; test -L link.socb && cmp link.socb policies/example/infusion/2024-01-01.socb
# a source is not overwritten by what is made of it
soc compile policies/example/infusion/2024-01-01.soc -o policies/example/infusion/2024-01-01.soc; head -n 1 policies/example/infusion/2024-01-01.soc
cp policies/example/infusion/2024-01-01.soc source.txt; cp policies/example/infusion/codes.soc codes.soc; soc compile source.txt -o ./source.txt; head -n 1 source.txt
