-- title: a code in trade has six digits
-- table: chain_steps
-- grain: one row for each offending step
-- formula: hs6 is not a list of six-digit codes with ; between
-- remedy: write six digits, ; between codes, or leave it empty
SELECT step, hs6
FROM chain_steps
WHERE NOT regexp_full_match(hs6, '[0-9]{6}(;[0-9]{6})*')
