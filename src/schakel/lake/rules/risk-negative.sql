-- title: supply risk and economic importance are numbers not below zero
-- table: risk
-- grain: one row for each offending material and year
-- formula: sr or ei below 0 or not finite
-- remedy: leave an unknown figure empty
SELECT year, material, sr, ei
FROM risk
WHERE sr < 0
   OR ei < 0
   OR NOT isfinite(sr)
   OR NOT isfinite(ei)
