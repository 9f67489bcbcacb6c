soc --version
soc --help
soc compile --help
soc check --help
soc decide --help
soc test --help
soc fmt --help
soc dis --help
soc info --help
soc schema --help
soc verify --help
soc trace --help
