-- title: what one country exports is a part of what the world exports
-- table: world_exports
-- grain: one row for each offending exporter and product
-- formula: exports_usd below 0 or above world_exports_usd
-- remedy: check which of the two columns is the world's
SELECT year, product, exporter, exports_usd, world_exports_usd
FROM world_exports
WHERE exports_usd < 0 OR exports_usd > world_exports_usd
