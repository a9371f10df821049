-- title: no country trades with itself
-- table: flows
-- grain: one row for each offending flow
-- formula: exporter = importer
-- remedy: leave these rows out by a declared rule, counted as self-trade
SELECT year, exporter, importer, product, value_usd, value_eur
FROM flows
WHERE exporter = importer
