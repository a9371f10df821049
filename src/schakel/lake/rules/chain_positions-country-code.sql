-- title: a country is three capital letters, and a row says who holds
-- table: chain_positions
-- grain: one row for each offending position
-- formula: plant, owner or control is not an alpha-3 code, or all of them and the actor are empty
-- remedy: turn the publisher's country codes into alpha-3 codes while reading
SELECT step, actor, plant, owner, control
FROM chain_positions
WHERE NOT regexp_matches(coalesce(plant, 'NLD'), '^[A-Z]{3}$')
   OR NOT regexp_matches(coalesce(owner, 'NLD'), '^[A-Z]{3}$')
   OR NOT regexp_matches(coalesce(control, 'NLD'), '^[A-Z]{3}$')
   OR coalesce(actor, plant, owner, control) IS NULL
