-- title: the exporters of a product together export no more than the world
-- table: world_exports
-- grain: one row for each offending year and product
-- formula: sum of exports_usd above world_exports_usd by more than 1 USD
-- remedy: check whether an exporter stands twice under two codes
SELECT year, product, sum(exports_usd) AS exporters_usd, max(world_exports_usd) AS world_usd
FROM world_exports
GROUP BY year, product
HAVING sum(exports_usd) > max(world_exports_usd) + 1
