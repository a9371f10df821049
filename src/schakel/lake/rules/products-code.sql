-- title: a product code is digits, or the one code of BACI's own, and has a text
-- table: products
-- grain: one row for each offending code
-- formula: product is not 2, 4, 6, 8 or 10 digits nor 9999AA, or name_en is blank
-- remedy: read the code column as text so that leading zeros stay
SELECT product, name_en
FROM products
WHERE NOT (regexp_full_match(product, '([0-9]{2}){1,5}') OR product = '9999AA')
   OR trim(name_en) = ''
