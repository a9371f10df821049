-- title: an amount is a number not below zero, and lies within its bounds
-- table: production
-- grain: one row for each offending amount
-- formula: an amount or bound below 0 or not finite, or the lower bound above the upper
-- remedy: leave withheld or unknown amounts empty
SELECT year, commodity, statistic, country, quantity, quantity_low, quantity_high, unit
FROM production
WHERE NOT isfinite(quantity)
   OR NOT isfinite(quantity_low)
   OR NOT isfinite(quantity_high)
   OR quantity < 0
   OR quantity_low < 0
   OR quantity_low > quantity_high
