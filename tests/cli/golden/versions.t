# a policy in two versions, the newer of which amends the older
soc check --strict versions
soc test versions
soc compile versions/example/doses/2025-01-01.soc; cp versions/example/doses/2025-01-01.socb old; soc compile versions/example/doses/2026-01-01.soc; soc compile versions/example/doses/2025-01-01.soc; cmp old versions/example/doses/2025-01-01.socb
soc info versions/example/doses/2026-01-01.socb | grep from
# each day by the version in force, and by its list
for d in 2025-12-31 2026-01-01 2026-02-28 2026-03-01; do echo "{\"service\": {\"date\": \"$d\", \"code\": \"J0129\"}, \"access\": {\"infusion_center_miles\": 55}}" | soc decide --policies versions example/doses; done
# an older version is read by the newer one, and what is wrong in it is told once
echo 'remove constant far cite "p. 9"' >>versions/example/doses/2026-01-01.soc; soc check versions
sed -i '/^remove constant/d; s/^replace constant.*/remove constant far cite "p. 9"/' versions/example/doses/2026-01-01.soc; soc check versions
echo 'criterion' >>versions/example/doses/2025-01-01.soc; soc check versions
