-- title:   World flows with the members of a bloc as one country
-- grain:   product x importer x exporter; trade inside the bloc is left out
-- units:   whole currency units (scaled)
-- formula: every member is replaced by the bloc's number and equal keys are summed
-- source:  Lefebvre and Wibaux (2024): the EU27 as one entity, EUN
-- caveats: none
-- needs:   flows(product, importer, exporter, value), node(idx, member)
SELECT f.product, CASE WHEN i.member THEN $bloc ELSE f.importer END::SMALLINT AS importer,
       CASE WHEN e.member THEN $bloc ELSE f.exporter END::SMALLINT AS exporter, sum(f.value)::BIGINT AS value
FROM flows f JOIN node i ON i.idx = f.importer JOIN node e ON e.idx = f.exporter
WHERE NOT (i.member AND e.member)
GROUP BY 1, 2, 3
