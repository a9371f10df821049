-- title: output is a finite number, and one table has one unit
-- table: mrio_industries
-- grain: one row for each offending industry
-- formula: output is not finite, or a second unit
-- remedy: bring all amounts of a table to one unit while reading
SELECT region, sector, output, unit
FROM mrio_industries
WHERE NOT isfinite(output)
   OR unit <> (SELECT min(unit) FROM mrio_industries)
