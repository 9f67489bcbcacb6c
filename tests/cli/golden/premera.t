# the real policy on the demonstration cases
soc decide --policies $SOC_SOURCE/policies premera/11.01.523 $SOC_SOURCE/examples/cases/*.json
soc decide --explain --policies $SOC_SOURCE/policies premera/11.01.523 $SOC_SOURCE/examples/cases/3-facts-missing.json
soc decide --json --policies $SOC_SOURCE/policies premera/11.01.523 $SOC_SOURCE/examples/cases/4-lung-function.json
