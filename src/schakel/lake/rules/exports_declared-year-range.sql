-- title: the year is one that trade statistics know
-- table: exports_declared
-- grain: one row for each offending flow
-- formula: year before 1948 or after 2100
-- remedy: check the year column and the period format
SELECT year, exporter, importer, product
FROM exports_declared
WHERE year < 1948 OR year > 2100
