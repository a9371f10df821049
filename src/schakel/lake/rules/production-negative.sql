-- title: an amount produced is a number not below zero
-- table: production
-- grain: one row for each offending amount
-- formula: quantity below 0 or not finite
-- remedy: leave withheld or unknown amounts empty
SELECT commodity, measure, country, year, quantity, unit
FROM production
WHERE NOT isfinite(quantity) OR quantity < 0
