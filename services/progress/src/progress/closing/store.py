"""Every SQL statement about closed zones."""

from chassis.tenancy import Session

CLOSED_ZONES = "SELECT code FROM zone WHERE closed_on IS NOT NULL"
CLOSED = f"(ARRAY[{{0}}, current_setting('app.tenant', true)] && ARRAY({CLOSED_ZONES}))"
"""Whether a jurisdiction or the caller's own zone is closed, to be formatted with the SQL of its code."""


def offered(jurisdiction: str, actions: str) -> str:
    """The SQL of actions, of which there are none where nothing is written any more."""
    return f"CASE WHEN {CLOSED.format(jurisdiction)} THEN '[]' ELSE {actions} END AS actions"


async def must_be_open(db: Session, zone: str | None) -> None:
    """Has the database refuse (``ZoneClosed``) what is about to be written in a closed zone, as it does at the end."""
    await db.run("SELECT must_be_open(:zone)", zone=zone)


async def closed(db: Session) -> frozenset[str]:
    """The codes of the closed zones."""
    return frozenset(row["code"] for row in await db.rows(CLOSED_ZONES))
