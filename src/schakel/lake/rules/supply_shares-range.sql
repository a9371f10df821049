-- title: a share lies between zero and one
-- table: supply_shares
-- grain: one row for each offending share
-- formula: share below 0, above 1 or not finite
-- remedy: read percentages as fractions (52 % is 0.52) and leave unknown shares empty
SELECT material, stage, scope, country, year, share
FROM supply_shares
WHERE NOT isfinite(share) OR share < 0 OR share > 1
