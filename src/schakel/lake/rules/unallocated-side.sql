-- title: a row is on the side of imports or of exports
-- table: unallocated
-- grain: one row for each offending row
-- formula: side is neither import nor export
-- remedy: turn the publisher's flow codes into import and export while reading
SELECT year, side, reporter, product, partner_code
FROM unallocated
WHERE side NOT IN ('import', 'export')
