-- title: alternatives of one slot agree on kind and criticality
-- table: chain_inputs
-- grain: one row for each offending slot
-- formula: two inputs of one slot with another kind or criticality
-- remedy: give alternatives the same kind and criticality, or another slot
SELECT step, slot, list(DISTINCT kind) AS kinds, list(DISTINCT criticality) AS classes
FROM chain_inputs
WHERE relation IS NULL
GROUP BY step, slot
HAVING count(DISTINCT kind) > 1
    OR count(DISTINCT criticality) > 1
