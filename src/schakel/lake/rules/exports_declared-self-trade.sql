-- title: no country trades with itself
-- table: exports_declared
-- grain: one row for each offending flow
-- formula: exporter = importer
-- remedy: leave these rows out by a declared rule, counted as self-trade
SELECT year, exporter, importer, product, value_usd, value_eur
FROM exports_declared
WHERE exporter = importer
