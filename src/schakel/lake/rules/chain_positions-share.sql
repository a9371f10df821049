-- title: the bounds of a share lie between zero and one, the lower not above the upper
-- table: chain_positions
-- grain: one row for each offending share
-- formula: share_low below 0, share_high above 1, share_low above share_high, or only one of them given
-- remedy: read percentages as fractions (52 % is 0.52) and leave unknown shares empty
SELECT step, actor, plant, owner, share_low, share_high
FROM chain_positions
WHERE NOT isfinite(share_low)
   OR NOT isfinite(share_high)
   OR share_low < 0
   OR share_high > 1
   OR share_low > share_high
   OR (share_low IS NULL) <> (share_high IS NULL)
