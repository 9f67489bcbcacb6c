soc check policies
soc check broken
soc check broken policies/example/infusion/codes.soc
soc check --json broken
soc check --json policies
soc check nowhere
soc check --strict policies
