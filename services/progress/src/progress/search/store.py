"""Every SQL statement of the search; row-level security leaves out what the caller may not see."""

from collections.abc import Sequence

from chassis.tenancy import RowMapping, Session
from progress.offices import NAME

LOOKED_THROUGH = 500
_CLOSED = "EXISTS (SELECT FROM zone closed WHERE 'zone:' || closed.code = {0} AND closed.closed_on IS NOT NULL)"
_WRITTEN = {
    "order": f"""
        SELECT CAST(id AS text) AS id, title,
               concat_ws(' ', '〔' || year || '〕' || serial || '号', {NAME.format("lead")}) AS about,
               requirement AS text, updated_at AS at, {_CLOSED.format("lead")} AS closed FROM orders
    """,  # noqa: S608
    "problem": f"""
        SELECT CAST(id AS text) AS id, title, {NAME.format("raiser")} AS about, description AS text, updated_at AS at,
               {_CLOSED.format("raiser")} AS closed
        FROM problem
    """,  # noqa: S608
    "case": """
        SELECT CAST(c.id AS text) AS id, title, coalesce(z.name, c.zone) AS about, practice AS text, c.updated_at AS at,
               z.closed_on IS NOT NULL AS closed
        FROM innovation_case c LEFT JOIN zone z ON z.code = c.zone
    """,
}


async def tasks(db: Session) -> Sequence[RowMapping]:
    """All that are not withdrawn, in their order."""
    return await db.rows(
        """
        SELECT t.code AS id, t.title, p.name AS about, t.text FROM task t JOIN plan p ON p.code = t.plan
        WHERE NOT t.withdrawn ORDER BY p.rank, t.number
        """
    )


async def units(db: Session) -> Sequence[RowMapping]:
    return await db.rows(
        "SELECT code AS id, name AS title, array_to_string(aliases, '、') AS about, '' AS text FROM unit ORDER BY name"
    )


async def jurisdictions(db: Session) -> dict[str, str]:
    """Their names by code."""
    rows = await db.rows("SELECT code, name FROM zone UNION ALL SELECT 'province', '省级'")
    return {row["code"]: row["name"] for row in rows}


async def lines(db: Session, places: Sequence[tuple[str, str]], most: int) -> Sequence[RowMapping]:
    """The first lines of these tasks, each in a jurisdiction; those of closed zones last."""
    return await db.rows(
        """
        SELECT CAST(l.id AS text) AS id, t.number || '. ' || t.title AS title, coalesce(z.name, '省级') AS about,
               t.text, l.closed
        FROM unnest(CAST(:tasks AS text[]), CAST(:jurisdictions AS text[])) place (task, jurisdiction)
        JOIN line l USING (task, jurisdiction) JOIN task t ON t.code = l.task
        LEFT JOIN zone z ON z.code = l.jurisdiction
        WHERE NOT l.withdrawn OR l.closed
        ORDER BY l.closed, l.plan_rank, l.task_number, l.jurisdiction, l.id LIMIT :most
        """,
        tasks=[task for task, _ in places],
        jurisdictions=[jurisdiction for _, jurisdiction in places],
        most=most,
    )


async def written(db: Session, kind: str, words: Sequence[str], most: int) -> Sequence[RowMapping]:
    """The newest orders, problems or cases whose title or text has all words."""
    has, given = _has("concat_ws(' ', title, text, about)", words)
    return await db.rows(
        f"SELECT * FROM ({_WRITTEN[kind]}) w WHERE {has} ORDER BY at DESC, id LIMIT :most",  # noqa: S608
        **given,
        most=most,
    )


async def titles(db: Session, kind: str) -> Sequence[RowMapping]:
    """The newest orders, problems or cases, for titles that are looked through letter by letter."""
    return await db.rows(
        f"SELECT * FROM ({_WRITTEN[kind]}) w ORDER BY at DESC, id LIMIT :most",  # noqa: S608
        most=LOOKED_THROUGH,
    )


async def reports(db: Session, words: Sequence[str], most: int) -> Sequence[RowMapping]:
    """The newest reports that say all words."""
    has, given = _has("concat_ws(' ', done, problems, next_steps)", words)
    return await db.rows(
        f"""
        SELECT CAST(r.id AS text) AS id, r.line_id, t.number || '. ' || t.title AS title,
               concat_ws(' ', coalesce(z.name, '省级'),
                         to_char(r.submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')) AS about,
               concat_ws(' ', r.done, r.problems, r.next_steps) AS text, l.closed
        FROM (SELECT * FROM report WHERE {has} ORDER BY submitted_at DESC, id LIMIT :most) r
        JOIN line l ON l.id = r.line_id JOIN task t ON t.code = l.task LEFT JOIN zone z ON z.code = l.jurisdiction
        ORDER BY r.submitted_at DESC, r.id
        """,  # noqa: S608
        **given,
        most=most,
    )


def _has(text: str, words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """That the text has all words, which are in small letters, and what the condition is given. A word without letters
    that are small or not, as most are, is found in half the time.
    """
    given, conditions = {}, []
    for number, word in enumerate(words):
        name, plain = f"word_{number}", word.upper() == word
        given[name] = word if plain else f"***={word}"
        conditions.append(f"position(:{name} IN {text}) > 0" if plain else f"{text} ~* :{name}")
    return " AND ".join(conditions), given
