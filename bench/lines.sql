-- As many lines as before, so many times (:times): each task again under other codes, its lines, and the cells that the
-- triggers would have kept. Many lines in a cell are the same few cells.

SELECT string_agg(column_name, ', ' ORDER BY column_name) AS same FROM information_schema.columns
WHERE table_name = 'task' AND column_name NOT IN ('code', 'id', 'text') \gset
INSERT INTO task (code, id, text, :same)
SELECT code || '-' || n, uuidv7(), '', :same FROM task CROSS JOIN generate_series(1, :times - 1) n;

SELECT string_agg(column_name, ', ' ORDER BY column_name) AS same FROM information_schema.columns
WHERE table_name = 'line' AND column_name NOT IN ('id', 'task') \gset
INSERT INTO line (id, task, :same)
SELECT uuidv7(), task || '-' || n, :same FROM line CROSS JOIN generate_series(1, :times - 1) n;

UPDATE overview_cell
SET lines = :times * lines, percent_sum = :times * percent_sum, not_started = :times * not_started,
    in_progress = :times * in_progress, submitted = :times * submitted, confirmed = :times * confirmed,
    suspended = :times * suspended, green = :times * green, yellow = :times * yellow, red = :times * red,
    blue = :times * blue;
