-- title: coefficient and stock are not negative, confidence lies between zero and one
-- table: chain_inputs
-- grain: one row for each offending input
-- formula: coefficient or stock_days below 0, confidence outside 0 to 1, or one of them not finite
-- remedy: correct the number, or leave it empty when nobody has said
SELECT step, slot, input, coefficient, stock_days, confidence
FROM chain_inputs
WHERE NOT isfinite(coefficient)
   OR NOT isfinite(stock_days)
   OR coefficient < 0
   OR stock_days < 0
   OR NOT confidence BETWEEN 0 AND 1
