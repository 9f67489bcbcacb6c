# sets whose members stand in a table; two versions take rows of the same one
cp -R "$SOC_SOURCE/examples/policies" tables; rm -f tables/example/*/*.socb; soc check --strict tables; soc test tables
for v in 2025-01-01 2025-07-01; do soc compile tables/example/reviewed-drugs/$v.soc; done; soc verify --unsigned-ok tables
soc info tables/example/reviewed-drugs/2025-07-01.socb | grep rows
soc info --json tables/example/reviewed-drugs/2025-07-01.socb | sed -n '/"tables"/,/]/p'
# each day by the version in force, and by its rows
for d in 2025-06-30 2025-07-01; do for c in J0129 J3380; do echo "{\"service\": {\"date\": \"$d\", \"code\": \"$c\", \"site_of_care\": \"home\"}}" | soc decide --policies tables example/reviewed-drugs; done; done
# a row of a later day, and a last day that is filled in: every artifact is what its source says
cd tables/example/reviewed-drugs; printf 'reviewed code\tJ2350\t2026-01-01\t\tnews of October 2025\n' >>lists.tsv; sed -i 's/^\(reviewed code\tJ1745\t\)\t/\1\t2025-12-31/' lists.tsv; grep J1745 lists.tsv; soc verify --unsigned-ok .
# a row that was taken is changed: only the versions that took it are not
cd tables/example/reviewed-drugs; cp lists.tsv kept; sed -i 's/J3380/J3381/' lists.tsv; soc verify --unsigned-ok .; cp kept lists.tsv
cd tables/example/reviewed-drugs; sed -i 's/news of April 2025/news of May 2025/' lists.tsv; soc verify --unsigned-ok .; mv kept lists.tsv
# written out whole a version reads no table and decides the same
cd tables/example/reviewed-drugs; soc fmt --expand 2025-07-01.soc | sed -n '/^set/,/^}/p'
cd tables/example/reviewed-drugs; soc fmt --expand 2025-07-01.soc >../whole.soc; soc compile ../whole.soc -o ../whole.socb; soc test ../whole.soc; for f in ../whole.socb 2025-07-01.socb; do head -c 64 $f | tail -c 32 | sha256sum; done | uniq | wc -l
# what is wrong in a table, all of it in one run
mkdir wrong; printf 'soc 1\nlibrary "wrong"\nset s of codes cite "L1" {\n  rows of "./t.csv" column "code" first day in column "from" last day in column "to" cite in column "cite"\n}\n' >wrong/w.soc
printf 'code,from,to,cite\nJ1745,2025-01-01,,p. 1\nj1599,,,p. 1\nK50.90,,,p. 1\n96360-96379,,,p. 1\n,,,p. 1\nJ0001,1/1/2025,,p. 1\nJ0002,2025-02-29,,p. 1\nJ0003,2025-02-01,2025-01-31,p. 1\nJ0004,,,"p.\n1"\nJ1745,2024-01-01,2025-01-01,p. 1\nJ1745..J1746,,,p. 1\n' >wrong/t.csv; soc check wrong
printf 'code,from,to,cite\nJ1745,2025-01-01,\nJ1746,,,a,b\nJ1747,,,5" tube\n"J1748"x,,,\nJ1749,,,"not closed\nJ1750,,,\n' >wrong/t.csv; soc check wrong
soc check --json wrong | head -n 1
: >wrong/t.csv; soc check wrong
printf 'code,from,code,to,cite\n' >wrong/t.csv; soc check wrong
printf 'code,from,to,cite\nJ17\3511,,,\n' >wrong/t.csv; soc check wrong
printf 'code;from;to;cite\nJ1745;;;\n' >wrong/t.csv; soc check wrong
mv wrong/t.csv wrong/tt.csv; soc check wrong
# a folder of that name is no table, and is not suggested either
rm wrong/tt.csv; mkdir wrong/t.csv; soc check wrong; rmdir wrong/t.csv
# nor is a pipe, which would be waited for
mkfifo wrong/t.csv; soc check wrong; rm wrong/t.csv
printf 'code\tfrom\tto\tcite\n"J1745"\t\t\t\nJ1746\t2025-01-01\t2025-12-31\tp. 1\n' >wrong/t.tsv; sed -i 's/t.csv/t.tsv/' wrong/w.soc; soc check wrong
# a code that the fact can never hold is told with its row
sed -i 's/J0129/J129/' tables/example/reviewed-drugs/lists.tsv; soc check tables
rm -rf semicolons && mkdir semicolons && printf 'soc 1\nlibrary "l"\nset a of codes { rows of "./t.csv" column "code" }\nset b of codes { rows of "./t.csv" column "code" }\n' >semicolons/l.soc && printf '"list";"code"\n"a";"J1745"\n"b";"J0129"\n' >semicolons/t.csv; soc check semicolons
