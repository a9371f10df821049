-- title: a product code is digits, two, four, six, eight or ten of them
-- table: exports_declared
-- grain: one row for each offending flow
-- formula: product is not digits only or of odd length
-- remedy: read the product column as text so that leading zeros stay ("010121", not 10121)
SELECT year, exporter, importer, product
FROM exports_declared
WHERE NOT regexp_matches(product, '^[0-9]+$')
   OR length(product) NOT IN (2, 4, 6, 8, 10)
