-- title: an estimate of governance lies within five standard units of zero
-- table: governance
-- grain: one row for each offending estimate
-- formula: absolute estimate above 5 or not finite
-- remedy: read the estimate, not the percentile rank
SELECT year, iso3, dimension, estimate
FROM governance
WHERE NOT isfinite(estimate) OR abs(estimate) > 5
