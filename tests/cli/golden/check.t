soc check policies
soc check broken
soc check broken policies/example/infusion/codes.soc
soc check --json broken
soc check --json policies
soc check nowhere
soc check --strict policies
# nothing to check is no success; lists without a policy are something
mkdir empty; soc check empty
soc check --json empty policies
mkdir lists; cp policies/example/infusion/codes.soc lists; soc check lists
