-- title: a country is three capital letters
-- table: exports_declared
-- grain: one row for each offending flow
-- formula: exporter or importer is not an ISO 3166-1 alpha-3 code
-- remedy: turn the publisher's country codes into alpha-3 codes while reading
SELECT year, exporter, importer, product
FROM exports_declared
WHERE NOT regexp_matches(exporter, '^[A-Z]{3}$')
   OR NOT regexp_matches(importer, '^[A-Z]{3}$')
