-- title: a source has terms, and says how it is known in a declared word
-- table: chain_sources
-- grain: one row for each offending source
-- formula: licence is blank, or mark is stated and not read, second-hand, recalled or derived
-- remedy: use the declared words, and the id of a licence
SELECT id, licence, mark
FROM chain_sources
WHERE trim(licence) = ''
   OR mark NOT IN ('', 'read', 'second-hand', 'recalled', 'derived')
