-- title:   Exports of every exporter by product
-- grain:   exporter x product
-- units:   whole currency units (scaled)
-- formula: x_all = all exports; x_ext = exports that leave the bloc (all exports for exporters outside it); re = declared re-exports within them
-- source:  European Commission SWD(2021)352, CDI3; Lefebvre and Wibaux (2024), C3
-- caveats: exports are the importers' declared imports from the exporter, so gross of re-exports
-- needs:   flows(product, importer, exporter, value, re_export), node(idx, member)
WITH e AS (
  SELECT f.product, f.exporter, f.value, f.re_export, x.member, NOT (i.member AND x.member) AS ext
  FROM flows f JOIN node i ON i.idx = f.importer JOIN node x ON x.idx = f.exporter)
SELECT product, exporter, sum(value)::BIGINT AS x_all, coalesce(sum(value) FILTER (WHERE ext), 0)::BIGINT AS x_ext,
       coalesce(sum(re_export), 0)::BIGINT AS re
FROM e GROUP BY product, exporter
UNION ALL
SELECT product, $bloc::SMALLINT AS exporter, sum(value)::BIGINT, coalesce(sum(value) FILTER (WHERE ext), 0)::BIGINT, coalesce(sum(re_export), 0)::BIGINT
FROM e WHERE member GROUP BY product
ORDER BY product, exporter
