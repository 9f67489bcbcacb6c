# the real policy: one approval from the later of two days, and all that can be missing in the order in which it is asked
soc decide --policies $SOC_SOURCE/policies cigna/enhanced-specialty-care cigna.jsonl
soc decide --json --policies $SOC_SOURCE/policies cigna/enhanced-specialty-care cigna.jsonl
