"""The database lets nobody take a step with a filing that is not theirs, and changes nothing that is approved."""

import pytest

from services.progress.tests.test_filings import opened
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

FILE = "UPDATE filing SET state = 'checked' WHERE line_id = $1"
APPROVE = "UPDATE filing SET state = 'approved' WHERE line_id = $1"
PART = """INSERT INTO filing_part (filing_id, unit, text, written_by)
          SELECT id, 'swt', '…', '' FROM filing WHERE line_id = $1"""
VERSION = """INSERT INTO filing_version (filing_id, number, percent, done, problems, next_steps, finished, confidence,
             disagrees, remark, reason, approved_by)
             SELECT id, 1, 0, '', '', '', false, 'high', false, '', '', '' FROM filing WHERE line_id = $1"""


@pytest.mark.parametrize(
    ("scope", "tenant", "unit", "allowed"),
    [
        ("all", "", "", [FILE, APPROVE, VERSION]),
        ("tenant", "hefei", "", []),
        ("tenant", "wuhu", "", []),
        ("unit", "", "swt", [PART]),
        ("unit", "", "kjt", []),
        ("audit", "", "", []),
        ("none", "", "", []),
    ],
)
async def test_the_database_itself_refuses_foreign_steps(
    world: World, scope: str, tenant: str, unit: str, allowed: list[str]
) -> None:
    case = await opened(world)
    for sql in (FILE, APPROVE, PART, VERSION):
        changed = await _as(world, scope, tenant, unit, sql, case.lines["hefei"]["id"])
        assert (changed in ("UPDATE 1", "INSERT 0 1")) == (sql in allowed), (sql, changed)


async def test_the_database_itself_keeps_what_is_approved(world: World) -> None:
    case = await opened(world)
    await case.file()
    await case.done("province", "approval", confidence="high")
    line = case.lines["hefei"]["id"]
    of_line = "filing_id IN (SELECT id FROM filing WHERE line_id = $1)"
    for sql in (
        f"UPDATE filing_version SET percent = 99 WHERE {of_line}",
        f"DELETE FROM filing_version WHERE {of_line}",
        f"UPDATE filing_step SET actor = 'x' WHERE {of_line}",
        "DELETE FROM filing WHERE line_id = $1",
    ):
        assert await _as(world, "all", "", "", sql, line) == "refused"
    assert (
        await _as(world, "tenant", "hefei", "", "UPDATE filing SET percent = 1 WHERE line_id = $1", line) == "UPDATE 0"
    )
