# one object over several lines, an array, CSV (asked for, and by the name of the file)
printf '{\n "id": "a",\n "service": {"code": "J0129"}\n}\n' | soc decide --policies policies example/infusion
printf '[{"id":"a","service":{"code":"J0129"}},{"id":"b","service":{"code":}},{"id":"c","service":{"code":"J0129"}}]' | soc decide --policies policies example/infusion
printf 'id,service.code,service.date,access.infusion_center_miles\na,J1745,2024-02-01,null\n"b,c",J0129,,\nd,j0129,,\n' | soc decide --input csv --policies policies example/infusion
printf 'id,service.code\na,J1745\n' >named.csv; soc decide --json --policies policies example/infusion named.csv | cut -c 1-60
printf '{"id":"a","note":1,"service":{"code":"J0129"}}' | soc decide --policies policies example/infusion
printf '{"id":"a","note":1,"service":{"code":"J0129"}}' | soc decide --ignore-unknown-facts --policies policies example/infusion
printf '{"id":"a","clinical":{"diagnosis_codes":["G35","K5090"]}}' | soc decide --max-items 1 --policies policies example/infusion
printf '{"id":"a","clinical":{"diagnosis_codes":["G35"]}}' | soc decide --max-depth 2 --policies policies example/infusion
printf '{"id":"a"}\n{"id":"a","service":{"drug":"much too long"}}\n{"id":"b","service":{"code":"J0129"}}\n' | soc decide --max-case-bytes 40 --policies policies example/infusion
printf '{"id":"a\\u001b[2J","service":{"drug":"\\u0000"}}' | soc decide --policies policies example/infusion | head -1
printf '{"id":"a\\u001b[2J","service":{"code":"J0129"}}' | soc decide --json --policies policies example/infusion | cut -c 1-40
# the row of CSV that is wrong, counted as programs for tables count; a table saved with semicolons
printf 'id,service.code\na,J0129\n\n,J17\nb,J18\n' >rows.csv; soc decide --policies policies example/infusion rows.csv
printf '"id";"service.code"\n"a";"J0129"\n' >semicolons.csv; soc decide --policies policies example/infusion semicolons.csv
# a row that cannot be taken apart keeps its id if that stands first, where no comma can be too many
printf 'id,service.code,service.drug\na,J0129,x,y\n\303\251,J0129\n\377,J0129\n,J1,\n"b"c,J1,\nd,"J1"x,\ne,"J\n' >torn.csv; soc decide --json --policies policies example/infusion torn.csv
printf 'service.code,id,service.drug\nJ0129,a,x,y\nJ0129,b\nJ0129,"c"d,\n' | soc decide --json --input csv --policies policies example/infusion
printf 'id,service.code\na,J0129\nb,J0129J0129J01290\nc23456789012345678,J\n' | soc decide --json --max-case-bytes 16 --input csv --policies policies example/infusion | cut -c 1-120
# Codes in small letters are told without quotation marks in CSV, with them in JSON; input without any case is told.
printf 'id,service.code\na,j0129\n' | soc decide --input csv --policies policies example/infusion; printf '{"service":{"code":"j0129"}}' | soc decide --policies policies example/infusion
: | soc decide --policies policies example/infusion
echo '[]' | soc decide --json --policies policies example/infusion
: >none.csv; printf 'id,service.code\n' >heading.csv; soc decide --policies policies example/infusion none.csv heading.csv
printf 'id,service.code\na,J0129\n' >one.csv; soc decide --json --policies policies example/infusion none.csv one.csv | cut -c 1-60
