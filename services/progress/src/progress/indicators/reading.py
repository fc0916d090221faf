"""Figures of indicators, reckoned from what is stored: standings of a year, series of a jurisdiction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chassis.tenancy import Session
from progress.indicators import figures, formulas, rules, store, values
from progress.indicators.figures import Book, Standing
from progress.indicators.rules import Indicator, Kind, Status
from progress.lines.rules import PROVINCE, Actor


@dataclass(frozen=True)
class Reached:
    """How a jurisdiction stands with one of its targets at the end of a year, or now."""

    indicator: str
    jurisdiction: str
    value: Decimal | None
    target: Decimal
    reached: bool


def visible(actor: Actor, places: Mapping[str, str]) -> dict[str, str]:
    """The jurisdictions whose values the actor may see, with their names."""
    return {code: name for code, name in places.items() if actor.scope != "tenant" or code == actor.tenant}


def parts(definitions: Mapping[str, Indicator], codes: Sequence[str]) -> list[str]:
    """The indicators and all that they are made of."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in definitions and code not in found:
            found.add(code)
            tree = definitions[code].tree
            waiting += formulas.codes(tree) if tree else ()
    return sorted(found)


async def books(
    db: Session,
    definitions: Mapping[str, Indicator],
    codes: Sequence[str],
    places: Sequence[str],
    first: int,
    last: int,
) -> dict[int, Book]:
    """The values of these indicators by year."""
    needed = parts(definitions, codes)
    found: dict[int, dict[figures.Place, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    for row in await values.recorded(db, needed, places, date(first, 1, 1), date(last, 12, 31)):
        found[row["start"].year][row["indicator"], row["jurisdiction"]][row["start"]] = row["value"]
    zones = [place for place in places if place != PROVINCE]
    return {year: Book(definitions, found[year], zones) for year in range(first, last + 1)}


async def by_period(
    db: Session, definitions: Mapping[str, Indicator], code: str, places: Sequence[str], first: int, last: int
) -> dict[date, Book]:
    """The values of one indicator by the first days of its periods."""
    found: dict[date, dict[figures.Place, dict[date, Decimal]]] = defaultdict(dict)
    needed = parts(definitions, [code])
    for row in await values.recorded(db, needed, places, date(first, 1, 1), date(last, 12, 31)):
        found[row["start"]][row["indicator"], row["jurisdiction"]] = {row["start"]: row["value"]}
    zones = [place for place in places if place != PROVINCE]
    return {start: Book(definitions, recorded, zones) for start, recorded in sorted(found.items())}


def standing(
    book: Book, definition: Indicator, jurisdiction: str, target: Decimal | None, year: int, today: date
) -> Standing:
    value, over = book.value(definition.code, jurisdiction), year < today.year
    grows = definition.kind is Kind.FLOW and not (over and book.whole_year(definition.code, jurisdiction))
    return figures.standing(definition.direction, value, target, over=over, grows=grows)


async def definitions_of(db: Session) -> dict[str, Indicator]:
    """Every definition that the caller may see and that is not withdrawn, by code."""
    found = map(store.definition, await store.all_data(db))
    return {each.code: each for each in found if each.status is not Status.WITHDRAWN}


async def reached(db: Session, year: int, today: date) -> list[Reached]:
    """Every target of a year in confirmed indicators, by indicator and jurisdiction, and whether it is reached; as long
    as the year goes on, whether it would be if nothing came any more.
    """
    definitions = await definitions_of(db)
    codes = [code for code, each in definitions.items() if each.status is Status.CONFIRMED]
    places = list(await store.places(db))
    book = (await books(db, definitions, codes, places, year, year))[year]
    found = []
    for (code, place, _), target in sorted((await store.targets_of(db, codes, places, year, year)).items()):
        stands = standing(book, definitions[code], place, target, year, today)
        met = stands.value is not None and figures.meets(definitions[code].direction, stands.value, target)
        so_far = met and year >= today.year
        found.append(Reached(code, place, stands.value, target, so_far or stands.mark is figures.Mark.REACHED))
    return found


def label(definition: Indicator, start: date) -> str:
    return rules.slot_at(definition.period, start).label
