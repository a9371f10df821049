-- title: kind and criticality are declared words
-- table: chain_inputs
-- grain: one row for each offending input
-- formula: kind not flow, capital or permission, or criticality not critical, important or minor
-- remedy: use the declared words
SELECT step, slot, input, kind, criticality
FROM chain_inputs
WHERE kind NOT IN ('flow', 'capital', 'permission')
   OR criticality NOT IN ('critical', 'important', 'minor')
