-- title: an industry stands there once
-- table: mrio_industries
-- grain: one row for each region and sector that occurs more than once
-- formula: count over year, region and sector above 1
-- remedy: join the rows of one industry while reading
SELECT region, sector, count(*) AS occurrences
FROM mrio_industries
GROUP BY year, region, sector
HAVING count(*) > 1
