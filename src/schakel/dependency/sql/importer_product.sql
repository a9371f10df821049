-- title:   Imports of every importer by product, with the concentration of its suppliers
-- grain:   importer x product
-- units:   whole currency units (scaled); squares as exact integers
-- formula: m = sum of imports; ss = sum of squared supplier values, so that HHI = ss / m^2 (Hirschman 1964); top = the largest supplier's value, arg = the
--          largest supplier, the first in the alphabet when two are equal; m_partner = imports from one named supplier
-- source:  European Commission SWD(2021)352, CDI1 and CDI2; Lefebvre and Wibaux (2024), C1
-- caveats: a partner is the country of origin or of consignment, whichever the source declares
-- needs:   supply(product, importer, exporter, value)
SELECT product, importer,
       sum(value)::BIGINT                                        AS m,
       sum(value::HUGEINT * value)::DECIMAL(38,0)                AS ss,
       max(value)::BIGINT                                        AS top,
       min(exporter) FILTER (WHERE value = largest)::SMALLINT    AS arg,
       coalesce(sum(value) FILTER (WHERE exporter = $partner), 0)::BIGINT AS m_partner
FROM (SELECT *, max(value) OVER (PARTITION BY product, importer) AS largest FROM supply)
GROUP BY product, importer
ORDER BY product, importer
