-- title: an amount is a finite number and not zero
-- table: mrio_flows
-- grain: one row for each offending cell
-- formula: value is not finite, or 0
-- remedy: refuse cells that are no number while reading, and leave zeros out
SELECT from_region, from_sector, to_region, value
FROM mrio_flows
WHERE NOT isfinite(value)
   OR value = 0
