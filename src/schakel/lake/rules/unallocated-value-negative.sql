-- title: no value, weight or re-export is negative or not a number
-- table: unallocated
-- grain: one row for each offending row
-- formula: value_usd < 0 or value_eur < 0 or quantity_t < 0 or re_export_usd < 0 or quantity_t is not finite
-- remedy: correct the amount, or leave it empty when it is not known
SELECT year, side, reporter, product, partner_code, value_usd, value_eur, quantity_t, re_export_usd
FROM unallocated
WHERE value_usd < 0
   OR value_eur < 0
   OR re_export_usd < 0
   OR quantity_t < 0
   OR NOT isfinite(quantity_t)
