-- title:   Flows into countries and into the bloc as one importer
-- grain:   product x importer x exporter; the bloc has its own importer number, the position after the last country
-- units:   whole currency units (scaled)
-- formula: the bloc imports the sum of what its members import, from members and others alike
-- source:  European Commission SWD(2021)352: the EU as one importer
-- caveats: trade inside the bloc stays in and is told apart by the member flag of the exporter
-- needs:   flows(product, importer, exporter, value), node(idx, member)
SELECT product, importer, exporter, value FROM flows
UNION ALL
SELECT f.product, $bloc::SMALLINT AS importer, f.exporter, sum(f.value)::BIGINT AS value
FROM flows f JOIN node i ON i.idx = f.importer
WHERE i.member AND i.idx <> $bloc
GROUP BY f.product, f.exporter
