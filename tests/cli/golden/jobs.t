# results stand in the order of the cases, however many threads decide them, and a bad line in its place
i=0; while [ $i -lt 500 ]; do i=$((i + 1)); cat cases.jsonl; echo '{"id":'; echo '{"id":"\u0041"}'; done >many.jsonl; wc -c <many.jsonl
for j in 1 2 7; do soc decide --json --jobs $j --policies policies example/infusion many.jsonl >$j.out; echo $?; done; wc -l <1.out; cmp 1.out 2.out; cmp 1.out 7.out
for j in 1 3; do soc decide --jobs $j --explain --policies policies example/infusion many.jsonl >$j.out; echo $?; done; cmp 1.out 3.out
for j in 1 3; do soc decide --json --jobs $j policies/example/claims/2024-01-01.soc claims.jsonl claims.jsonl >$j.out; done; cmp 1.out 3.out
# other forms, several files, standard input
head -n 1 cases.jsonl >one.json; (printf '['; sed 's/$/,/' many.jsonl | head -c 300000; printf '{}]') >many.json; for j in 1 4; do soc decide --json --jobs $j --policies policies example/infusion many.json one.json - many.jsonl <cases.jsonl >$j.out; echo $?; done; cmp 1.out 4.out
(echo 'id,service.code,service.date,therapy.course_start_date'; i=0; while [ $i -lt 6000 ]; do i=$((i + 1)); echo "p-$i,J1745,2024-02-01,2023-01-01"; echo "q,x"; done) >many.csv; for j in 1 4; do soc decide --json --jobs $j --policies policies example/infusion many.csv >$j.out; echo $?; done; cmp 1.out 4.out; wc -l <4.out; tail -n 1 4.out
# a version that cannot be loaded ends the run: one message, and the results before it
echo broken >policies/example/infusion/2024-01-01.soc; (i=0; while [ $i -lt 800 ]; do i=$((i + 1)); sed -n 2p cases.jsonl; done; i=0; while [ $i -lt 800 ]; do i=$((i + 1)); head -n 1 cases.jsonl; done) >half.jsonl
for j in 1 3; do soc decide --json --jobs $j --policies policies example/infusion half.jsonl 2>$j.err >$j.out; echo $?; grep -c . $j.err; done; cmp 1.out 3.out; wc -l <3.out; cmp 1.err 3.err
# nobody reads
soc decide --json --jobs 3 policies/example/infusion/2024-07-01.soc many.jsonl | head -n 1 | wc -l
soc decide --jobs 0 --policies policies example/infusion cases.jsonl
soc decide --jobs 257 --policies policies example/infusion cases.jsonl
soc decide --jobs 2 --policies policies example/infusion not-there.jsonl
