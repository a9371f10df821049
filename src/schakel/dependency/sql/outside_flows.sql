-- title:   Flows as seen with the bloc as one country
-- grain:   product x importer x exporter
-- units:   whole currency units (scaled)
-- formula: importers inside the bloc, and the bloc itself, keep suppliers outside it; importers outside see the bloc as one supplier
-- source:  European Commission SWD(2021)352 (extra-EU suppliers); Lefebvre and Wibaux (2024) (EUN as one supplier)
-- caveats: none
-- needs:   entity_flows(product, importer, exporter, value), node(idx, member)
SELECT f.product, f.importer, CASE WHEN e.member THEN $bloc ELSE f.exporter END::SMALLINT AS exporter, sum(f.value)::BIGINT AS value
FROM entity_flows f JOIN node i ON i.idx = f.importer JOIN node e ON e.idx = f.exporter
WHERE NOT (i.member AND e.member)
GROUP BY 1, 2, 3
