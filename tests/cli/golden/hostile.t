# a clear error or a right answer, never a crash or a hang
head -c 67108864 /dev/zero | tr '\0' '[' | soc decide --json policies/example/infusion/2024-01-01.soc
head -c 67108864 /dev/zero | tr '\0' '{' | soc decide --json policies/example/infusion/2024-01-01.soc
head -c 16000000 /dev/zero | tr '\0' '[' | soc decide --json --input object policies/example/infusion/2024-01-01.soc
yes '{"clinical":' | head -n 1000000 | tr -d '\n' | soc decide --json policies/example/infusion/2024-01-01.soc
yes '{"x":' | head -n 2000000 | tr -d '\n' | soc decide --json --ignore-unknown-facts policies/example/infusion/2024-01-01.soc
yes '{"x":' | head -n 2000000 | tr -d '\n' | soc decide --json --ignore-unknown-facts --max-depth 100000 policies/example/infusion/2024-01-01.soc | tail -c 80
# a million names of its own, then one of them again
(printf '{"id":"a"'; seq -f ',"x%.0f":1' 1000000; printf '}') | tr -d '\n' | soc decide --json --ignore-unknown-facts policies/example/infusion/2024-01-01.soc | cut -c 1-12
(printf '{"id":"a"'; seq -f ',"x%.0f":1' 1000000; printf ',"x999999":1}') | tr -d '\n' | soc decide --json --ignore-unknown-facts policies/example/infusion/2024-01-01.soc
# a million empty cases, lines and elements
yes '{}' | head -n 100000 | soc decide --json policies/example/infusion/2024-01-01.soc | tail -n 1 | cut -c 1-12
(printf '[{}'; yes ',{}' | head -n 99999; printf ']') | tr -d '\n' | soc decide --json policies/example/infusion/2024-01-01.soc | tail -n 1 | cut -c 1-12
head -c 67108864 /dev/zero | soc decide --json policies/example/infusion/2024-01-01.soc
head -c 20000000 /dev/zero | tr '\0' '"' | soc decide --json --input csv policies/example/infusion/2024-01-01.soc
# 100,000 rows, all related to the one before
(printf '{"id":"a","claim":{"lines":[{"number":1}'; seq -f '%.0f' 2 100000 | awk '{ printf ",{\"number\":%d,\"related_line\":%d}", $1, $1 - 1 }'; printf ']}}') | soc decide --json --max-items 100000 policies/example/infusion/2024-01-01.soc | cut -c 1-12
(printf '{"id":"a","claim":{"lines":[{"number":1,"related_line":100000}'; seq -f '%.0f' 2 100000 | awk '{ printf ",{\"number\":%d,\"related_line\":%d}", $1, $1 - 1 }'; printf ']}}') | soc decide --json --max-items 100000 policies/example/infusion/2024-01-01.soc
