soc
soc decid premera
soc frobnicate
soc decide
soc decide --jason example/infusion
soc decide -x example/infusion
soc decide --json=yes example/infusion
soc decide --policies
soc decide --max-items 0 example/infusion
soc decide --max-items 12x example/infusion
soc decide --max-items 100001 example/infusion
soc decide --input xml example/infusion
soc info
soc info a.socb b.socb
soc schema cases
soc compile -o
soc compile policies/example/infusion/2024-01-01.soc extra
