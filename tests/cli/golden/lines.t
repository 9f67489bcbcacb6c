# Claim lines: each under the version of its own date, the results beside the decisions over the case.
soc compile policies/example/claims/2024-01-01.soc
soc decide --json --policies policies example/claims claims.jsonl
soc decide --policies policies example/claims claims.jsonl
# a version that is forced decides every line
soc decide --json --policies policies --version 2024-01-01 example/claims claims.jsonl | grep '"two versions"'
# a date and a place that come from the case are asked by the case's name; what is of a line by the line's place
echo '{"claim":{"lines":[{"number":7,"code":"A4206"}]}}' | soc decide --json --policies policies example/claims
echo '{"service":{"date":"2024-02-01"},"claim":{"lines":[{"number":7,"code":"A4206","related_line":9},{"number":9,"code":"96365","date":"2024-02-02"}]}}' | soc decide --policies policies --explain example/claims
echo '{"service":{"date":"2024-02-01"},"claim":{"lines":[{"number":7,"category":"drug","units":2,"modifiers":[]}]}}' | soc decide --json --policies policies --explain example/claims
# what the case may not be
echo '{"claim":{"lines":[{"number":1},{"number":1}]}}' | soc decide --json --policies policies example/claims
echo '{"claim":{"lines":[{"number":1,"related_line":1}]}}' | soc decide --json --policies policies example/claims
echo '{"claim":{"lines":[{"code":"A4206"}]}}' | soc decide --json --policies policies example/claims
soc info policies/example/claims/2024-01-01.soc | sed -n '/^decisions/,$p'
soc dis policies/example/claims/2024-01-01.soc | sed -n '/^quantity/,/^$/p; /beside_infusion (/,/^$/p; /serves_infusion (/,/^$/p; /stands/,/latest/p'
# what a line is for, where that is assumed
echo '{"service":{"date":"2018-06-12","place_of_service":"11"},"claim":{"form":"cms1500","lines":[{"number":1,"code":"A4224"}]}}' | soc decide --json --policies $SOC_SOURCE/policies cigna/R14
echo '{"service":{"date":"2018-06-12","place_of_service":"11"},"claim":{"form":"cms1500","lines":[{"number":1,"code":"A4224"}]}}' | soc decide --policies $SOC_SOURCE/policies cigna/R14
