# An id that no policy names, one that a policy names and the table does not have, and what cannot be traced.
printf 'id\nP-01\nP-14\nX-01\n' >ids.tsv; soc trace "$SOC_SOURCE/policies/premera/11.01.523" ids.tsv | grep -v 'not in the list'
printf 'soc 1\npolicy "a/b" {\n title "T"\n payer "P"\n version 2026-01-01\n basis service.date\n source "S"\n}\nuse "vocabulary/case"\nreason A "a"\nreason B "b"\ndecision d medical {\n approve A when service.code = J1745 "a" cite "X-02 to X-04, AX-09"\n refer B otherwise "b" cite "L1"\n}\nnot computed "X-05" "why"\n' >t.soc; printf 'id\nX-01\nX-02\nX-03\nX-05\nY-01\n' >ids.tsv; soc trace t.soc ids.tsv
soc trace --json t.soc ids.tsv
printf 'X-02\nX-03\nX-04\nX-05\n' >ids.tsv; soc trace t.soc ids.tsv
echo nothing >ids.tsv; soc trace t.soc ids.tsv
soc trace t.soc nowhere.tsv
soc fmt t.soc && tail -1 t.soc && soc fmt --expand t.soc | tail -1
mkdir empty; echo X-01 >ids.tsv; soc trace empty ids.tsv
