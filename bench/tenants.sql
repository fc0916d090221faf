-- As many zones as :zones, each further one with the lines of Hefei, and the cells that the triggers would have kept.

CREATE TEMP TABLE further AS SELECT 'zone-' || n AS code, '片区' || n AS name FROM generate_series(4, :zones) n;

SELECT string_agg('z.' || column_name, ', ' ORDER BY column_name) AS same,
       string_agg(column_name, ', ' ORDER BY column_name) AS named FROM information_schema.columns
WHERE table_name = 'zone' AND column_name NOT IN ('code', 'id', 'name') \gset
INSERT INTO zone (code, id, name, :named)
SELECT f.code, uuidv7(), f.name, :same FROM zone z CROSS JOIN further f WHERE z.code = 'hefei';

SELECT string_agg(column_name, ', ' ORDER BY column_name) AS same FROM information_schema.columns
WHERE table_name = 'line' AND column_name NOT IN ('id', 'jurisdiction') \gset
INSERT INTO line (id, jurisdiction, :same)
SELECT uuidv7(), code, :same FROM line CROSS JOIN further WHERE jurisdiction = 'hefei';

SELECT string_agg(column_name, ', ' ORDER BY column_name) AS same FROM information_schema.columns
WHERE table_name = 'overview_cell' AND column_name <> 'jurisdiction' \gset
INSERT INTO overview_cell (jurisdiction, :same)
SELECT code, :same FROM overview_cell CROSS JOIN further WHERE jurisdiction = 'hefei';
