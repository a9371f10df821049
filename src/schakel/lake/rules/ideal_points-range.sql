-- title: an ideal point lies within ten standard deviations of zero
-- table: ideal_points
-- grain: one row for each offending point
-- formula: absolute ideal point above 10 or not finite
-- remedy: check the column that was read
SELECT iso3, year, ideal_point
FROM ideal_points
WHERE NOT isfinite(ideal_point) OR abs(ideal_point) > 10
