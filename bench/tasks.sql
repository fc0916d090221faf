-- As many tasks as before, so many times (:times): each again under other codes and numbers.

CREATE TEMP TABLE more AS
SELECT id AS old, uuidv7() AS id, code || '-' || n AS code, n FROM task CROSS JOIN generate_series(1, :times - 1) n;

SELECT string_agg(column_name, ', ' ORDER BY column_name) AS same FROM information_schema.columns
WHERE table_name = 'task' AND column_name NOT IN ('id', 'code') \gset
INSERT INTO task (id, code, :same)
SELECT more.id, more.code, :same FROM (SELECT id AS old, :same FROM task) t JOIN more USING (old);

SELECT string_agg(column_name, ', ' ORDER BY column_name) AS same FROM information_schema.columns
WHERE table_name = 'task_content' AND column_name NOT IN ('task_id', 'number') \gset
INSERT INTO task_content (task_id, number, :same)
SELECT more.id, 1000 * n + number, :same FROM task_content JOIN more ON more.old = task_content.task_id;
