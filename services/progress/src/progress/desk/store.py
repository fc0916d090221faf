"""The SQL of the desk: lines are laid on piles by their own columns; those alone that it shows are built whole."""

from chassis.tenancy import Session
from progress.lines import piles as rules
from progress.lines import store as lines
from progress.lines.rules import Actor
from progress.lines.sorting import Sorted

SHOWN = 6


async def piles(db: Session, actor: Actor) -> bytes:
    """The actor's piles, those that are due first on top of each."""
    return await db.json(
        f"""
        WITH placed AS MATERIALIZED (
            SELECT l.id, pile, count(*) OVER (PARTITION BY pile) AS count,
                   row_number() OVER (PARTITION BY pile ORDER BY {Sorted.by("due").order}) AS place
            FROM line l {lines.MAY} CROSS JOIN LATERAL unnest({rules.OF_LINE}) pile
            WHERE NOT l.withdrawn AND pile IS NOT NULL)
        SELECT name, coalesce(max(placed.count), 0) AS count,
               coalesce(json_agg(row_to_json(whole) ORDER BY placed.place) FILTER (WHERE placed.place > 0), '[]')
                   AS lines
        FROM unnest(CAST(:names AS text[])) WITH ORDINALITY n(name, position)
        LEFT JOIN (placed CROSS JOIN LATERAL ({lines.WHOLE} WHERE l.id = placed.id) whole)
            ON placed.pile = name AND placed.place <= :shown
        GROUP BY name, position ORDER BY position
        """,  # noqa: S608
        names=list(rules.names(actor)),
        shown=SHOWN,
        **lines.acting(actor),
    )
