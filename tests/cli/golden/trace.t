# An id that no policy names, one that a policy names and the table does not have, and what cannot be traced.
printf 'id\nP-01\nP-14\nX-01\n' >ids.tsv; soc trace "$SOC_SOURCE/policies/premera/11.01.523" ids.tsv | grep -v 'not in the list'
printf 'soc 1\npolicy "a/b" {\n title "T"\n payer "P"\n version 2026-01-01\n basis service.date\n source "S"\n}\nuse "vocabulary/case"\nreason A "a"\nreason B "b"\ndecision d medical {\n approve A when service.code = J1745 "a" cite "X-02 to X-04, AX-09"\n refer B otherwise "b" cite "L1"\n}\nnot computed "X-05" "why"\n' >t.soc; printf 'id\nX-01\nX-02\nX-03\nX-05\nY-01\n' >ids.tsv; soc trace t.soc ids.tsv
soc trace --json t.soc ids.tsv
printf 'X-02\nX-03\nX-04\nX-05\n' >ids.tsv; soc trace t.soc ids.tsv
echo nothing >ids.tsv; soc trace t.soc ids.tsv
soc trace t.soc nowhere.tsv
soc fmt t.soc && tail -1 t.soc && soc fmt --expand t.soc | tail -1
mkdir empty; echo X-01 >ids.tsv; soc trace empty ids.tsv
# What no decision reads: criteria that nothing uses and those that only such ones use, a block of rules, a set with its
# members, a constant. It counts as before; a test that names an id, or another place that is read, speaks for it.
printf 'soc 1\npolicy "a/b" {\n title "T"\n payer "P"\n version 2026-01-01\n basis service.date\n source "S"\n}\nuse "vocabulary/case"\nreason A "a"\nreason B "b"\nset some_codes of codes "s" cite "X-07" { J1745 cite "X-08", J1746 }\nconstant far = 3 cite "X-09"\ncriterion one "t" cite "X-01 to X-03" met when two\ncriterion two "t" cite "X-04" met when service.code = J1746\ncriterion three "t" cite "X-03" met when service.code = J1747\nrules other { refer B when service.code = J1748 "c" cite "X-10" }\ndecision d medical {\n approve A when three "a" cite "X-11"\n refer B otherwise "b" cite "X-12"\n}\nnot computed "X-13" "why"\ntest "X-04: the fourth" { with { service.code J1747 }; expect d approve }\n' >t.soc; (echo id; for i in 01 02 03 04 05 06 07 08 09 10 11 12 13; do echo X-$i; done) >ids.tsv; soc trace t.soc ids.tsv
soc trace --json t.soc ids.tsv
# A set that such a criterion names counts as read: it is not looked at who names it.
printf 'soc 1\npolicy "a/b" {\n title "T"\n payer "P"\n version 2026-01-01\n basis service.date\n source "S"\n}\nuse "vocabulary/case"\nreason A "a"\nreason B "b"\nset some_codes of codes "s" cite "X-01" { J1745 }\ncriterion one "t" cite "X-02" met when service.code in some_codes\ndecision d medical {\n approve A when service.code = J1746 "a" cite "X-03"\n refer B otherwise "b" cite "X-03"\n}\n' >t.soc; (echo id; echo X-01; echo X-02; echo X-03) >ids.tsv; soc trace t.soc ids.tsv
