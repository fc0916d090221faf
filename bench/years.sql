-- So many years (:years) of monthly periods, each line filed and approved each month, with what goes along: reports,
-- history, closed days, orders, problems, values of indicators, bulletins. The past ends yesterday.

SET TIME ZONE 'Asia/Shanghai';

CREATE TEMP TABLE month AS
SELECT months, uuidv7(make_interval(months => -months)) AS id,
       CAST(date_trunc('month', current_date) - make_interval(months => months) AS date) AS starts
FROM generate_series(1, 12 * :years) months;

INSERT INTO period (id, kind, title, starts, ends, due, grace, locks, plans, reason, opened_by, opened_at, reminded)
SELECT id, 'month', to_char(starts, 'YYYY"年"MM"月"'), starts, starts + 27, starts + 30, starts + 32, starts + 40,
       (SELECT array_agg(code) FROM plan), '', '省自贸办', starts, 'overdue'
FROM month;

CREATE TEMP TABLE piece AS
SELECT l.id AS line_id, l.jurisdiction, l.plan, m.id AS period_id, m.months, m.starts,
       uuidv7(make_interval(months => -m.months)) AS filing_id, uuidv7(make_interval(months => -m.months)) AS report_id,
       CASE WHEN l.jurisdiction = 'province' THEN 'unit:' || l.leads[1] ELSE 'zone:' || l.jurisdiction END AS office,
       99 * (12 * :years - m.months + 1) / (12 * :years) AS percent
FROM line l CROSS JOIN month m WHERE NOT l.withdrawn AND l.units <> '{}';

INSERT INTO report (id, line_id, number, status, percent, done, problems, next_steps, finished, office, submitted_by,
                    submitted_at, decided_by, decided_at)
SELECT report_id, line_id, 12 * :years - months + 1, 'confirmed', percent, repeat('推进口岸建设，', 20), '', '继续推进',
       false, office, '片区办', starts + 28, '省自贸办', starts + 29
FROM piece;

INSERT INTO filing (id, period_id, line_id, jurisdiction, plan, office, state, percent, done, problems, next_steps,
                    saved_by, saved_at, received_on, on_time, approved)
SELECT filing_id, period_id, line_id, jurisdiction, plan, office, 'approved', percent, repeat('推进口岸建设，', 20), '',
       '继续推进', '片区办', starts + 28, starts + 29, abs(hashtext(line_id::text) + months) % 4 > 0, 1
FROM piece;

INSERT INTO filing_version (filing_id, number, percent, done, problems, next_steps, finished, expected_percent,
                            confidence, disagrees, remark, reason, report_id, approved_by, approved_at)
SELECT filing_id, 1, percent, repeat('推进口岸建设，', 20), '', '继续推进', false, NULL, 'high', false, '', '', report_id,
       '省自贸办', starts + 31
FROM piece;

INSERT INTO filing_step (filing_id, at, action, actor, office, remark)
SELECT filing_id, starts + 28, action, '片区办', office, ''
FROM piece CROSS JOIN unnest(ARRAY['submit', 'check', 'accept', 'approve']) action;

INSERT INTO line_history (line_id, at, what, actor, office, report_id, changes)
SELECT line_id, starts + 28 + step, CASE step WHEN 0 THEN 'submitted' ELSE 'confirmed' END, '片区办', office, report_id, '[]'
FROM piece CROSS JOIN generate_series(0, 1) step ORDER BY months DESC;

INSERT INTO closed_day (day, reconstructed)
SELECT current_date - days, false FROM generate_series(1, 365 * :years) days ON CONFLICT DO NOTHING;

INSERT INTO day_cell
SELECT c.*, current_date - days AS day FROM overview_cell c CROSS JOIN generate_series(1, 365 * :years) days
WHERE days % 7 = 1 ON CONFLICT DO NOTHING;

INSERT INTO orders (id, year, serial, jurisdiction, title, requirement, source, basis, lead, members, state,
                    first_deadline, deadline, sign_due, issued_on, signed_on, answered_on, ended_on, registered_by)
SELECT uuidv7(make_interval(months => -months)), extract(year FROM starts), 100000 + row_number() OVER (),
       z.code, '督办事项', '请按期办理', 'meeting', '领导小组会议', 'zone:' || z.code, '{}', 'closed', starts, starts,
       starts, starts, starts, starts, starts, '省自贸办'
FROM month CROSS JOIN generate_series(1, 5) n CROSS JOIN (SELECT code FROM zone WHERE code <> 'province') z;

INSERT INTO problem (id, jurisdiction, line_id, title, description, raiser, addressee, answer_due, state, answered_on,
                     outcome, ended_on, raised_by, raised_at)
SELECT uuidv7(make_interval(months => -months)), jurisdiction, line_id, '需协调问题', '请予协调', office, 'role:province',
       starts, 'settled', starts, '已协调', starts, '片区办', starts
FROM piece WHERE abs(hashtext(line_id::text)) % 20 = 0;

INSERT INTO indicator_value (id, indicator, jurisdiction, start)
SELECT uuidv7(), i.code, z.code, m.starts FROM indicator i CROSS JOIN month m CROSS JOIN zone z
WHERE i.period = 'month' AND i.formula IS NULL ON CONFLICT DO NOTHING;
INSERT INTO indicator_revision (value_id, number, value, note, explanation, warnings, office, by)
SELECT id, 1, 100, '', '', '{}', 'zone:' || jurisdiction, '片区办' FROM indicator_value ON CONFLICT DO NOTHING;
