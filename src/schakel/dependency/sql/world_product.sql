-- title:   World trade in a product: concentration of exporters and network centrality
-- grain:   product
-- units:   whole currency units (scaled); centrality terms in 1 / 2^32
-- formula: WHHI = sum of squared exporter totals / (world total)^2; C_a = sum over importers b of w[a,b] / <w_b>, <w_b> the mean of b's import links;
--          centrality = sample deviation (n - 1) of C over exporters, from n, the sum and the sum of squares of C.
--          Each term w[a,b] * k_b / M_b is rounded once to 1 / 2^32, so the sums are exact and the same on every run.
-- source:  Korniyenko, Pinat and Dew (2017), IMF WP/17/30 (printed without square and sum, read as the sample deviation); alert level 2.5 in DG Tresor (2020)
-- caveats: exporters only (n counts countries that export the product); the IMF counts all nodes
-- needs:   world_flows(product, importer, exporter, value)
WITH importer AS (
  SELECT product, importer, sum(value) AS m, count(*) AS k FROM world_flows GROUP BY product, importer),
exporter AS (
  SELECT f.product, f.exporter, sum(f.value)::BIGINT AS x,
         sum(CAST(floor(f.value::DOUBLE * i.k::DOUBLE / i.m::DOUBLE * 4294967296.0 + 0.5) AS BIGINT))::HUGEINT AS c
  FROM world_flows f JOIN importer i USING (product, importer)
  GROUP BY f.product, f.exporter)
SELECT product, sum(x)::BIGINT AS world, sum(x::HUGEINT * x)::DECIMAL(38,0) AS ss_world, count(*)::INTEGER AS n,
       sum(c)::DECIMAL(38,0) AS c1, sum(c * c)::DECIMAL(38,0) AS c2
FROM exporter GROUP BY product ORDER BY product
