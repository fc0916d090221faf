"""Indicators (指标体系): the province defines them and sets targets; lists, one with its figures, series, versions."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from chassis import pages
from chassis.auth import CallerDep, Role, allow
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.schemas import Filter
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ, actor
from progress.closing import store as closing
from progress.indicators import defining, figures, reading, rules, store, values
from progress.indicators.rules import Action, Indicator
from progress.indicators.schemas import (
    Decision,
    IndicatorChange,
    IndicatorIn,
    IndicatorPage,
    IndicatorShown,
    LatestOut,
    ListedIndicator,
    PointOut,
    SeriesOut,
    StandingOut,
    TargetsIn,
    VersionPage,
    Year,
    YearOut,
)
from progress.lines.rules import PROVINCE

router = Router(tags=["indicators"])
IndicatorCode = Annotated[Filter, Path(description="An indicator's code")]
InYear = Annotated[Year | None, Query(description="By default the present one")]
Of = Annotated[Filter | None, Query(description="A zone's code, or `province`; by default the caller's own")]


async def _shown_row(indicator: IndicatorCode, db: Db) -> dict[str, Any]:
    row = await store.data(db, indicator)
    if row is None:
        raise NotFound
    return dict(row)


Row = Annotated[dict[str, Any], Depends(_shown_row)]


async def _for_change(indicator: IndicatorCode, db: Db, if_match: IfMatch) -> dict[str, Any]:
    """The definition of the path, which nobody else changes now."""
    await store.lock(db)
    row = await _shown_row(indicator, db)
    check(row["version"], if_match)
    return row


Changing = Annotated[dict[str, Any], Depends(_for_change)]


@router.get("/indicators", response_model=IndicatorPage, dependencies=[READ])
async def indicators(
    db: Db,
    caller: CallerDep,
    today: Today,
    jurisdiction: Of = None,
    year: InYear = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The indicators that the caller may see, by code, each with how a jurisdiction stands in a year."""
    acting, names = actor(caller), await store.places(db)
    seen, closed = reading.visible(acting, names), await closing.closed(db)
    place = _place(jurisdiction, seen, acting.tenant)
    rows = await store.all_data(db)
    after = (pages.decode(cursor, str) or ("",))[0]
    following = [row for row in rows if row["code"] > after]
    shown, chosen = following[:limit], year or today.year
    figured = await _figured(db, rows, [row["code"] for row in shown], list(seen), chosen)
    latest = await values.latest(db, [row["code"] for row in shown], place, date(chosen, 12, 31))
    items = []
    for row in shown:
        definition = store.definition(row)
        stands = figured.standing(definition, place, names[place], today)
        last = latest.get(definition.code)
        items.append(
            ListedIndicator(
                **row,
                actions=rules.actions(acting, definition, seen.keys() - closed),
                standing=stands,
                latest=LatestOut(period=reading.label(definition, last[0]), value=last[1]) if last else None,
            )
        )
    rest = pages.encode(shown[-1]["code"]) if len(following) > limit else None
    return answer(IndicatorPage(items=items, next=rest))


@router.post("/indicators", response_model=IndicatorShown, status_code=201, dependencies=[DECIDE])
async def define(given: IndicatorIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Defines an indicator, as a draft. 409 when the code is taken."""
    await defining.define(db, given.model_dump(exclude={"reason"}), given.reason, caller.name)
    return await _shown(db, caller, given.code, today, today.year, status=201)


@router.get("/indicators/{indicator}", response_model=IndicatorShown, dependencies=[READ])
async def indicator(row: Row, db: Db, caller: CallerDep, today: Today, year: InYear = None) -> Response:
    """One indicator with its targets, and how every jurisdiction that the caller may see stands in a year."""
    return await _shown(db, caller, row["code"], today, year or today.year)


@router.put("/indicators/{indicator}", response_model=IndicatorShown, dependencies=[DECIDE])
async def change(given: IndicatorChange, row: Changing, db: Db, caller: CallerDep, today: Today) -> Response:
    """Changes the definition; the versions before are kept. 409 for another period when there are values."""
    await defining.change(db, row, given.model_dump(exclude={"reason"}), given.reason, caller.name)
    return await _shown(db, caller, row["code"], today, today.year)


@router.put("/indicators/{indicator}/targets", response_model=IndicatorShown, dependencies=[DECIDE])
async def target(given: TargetsIn, row: Changing, db: Db, caller: CallerDep, today: Today) -> Response:
    """Sets the targets per jurisdiction and year, in the place of those that there were."""
    targets = [each.model_dump() for each in given.targets]
    await defining.target(db, row, targets, given.reason, caller.name)
    return await _shown(db, caller, row["code"], today, today.year)


@router.post(
    "/indicators/{indicator}/confirmation", response_model=IndicatorShown, status_code=201, dependencies=[DECIDE]
)
async def confirm(row: Changing, db: Db, caller: CallerDep, today: Today, given: Decision | None = None) -> Response:
    """Brings the indicator into use: zones and units see it and record values."""
    await defining.decide(db, row, Action.CONFIRM, given.reason if given else "", caller.name, today)
    return await _shown(db, caller, row["code"], today, today.year, status=201)


@router.post(
    "/indicators/{indicator}/withdrawal", response_model=IndicatorShown, status_code=201, dependencies=[DECIDE]
)
async def withdraw(row: Changing, db: Db, caller: CallerDep, today: Today, given: Decision | None = None) -> Response:
    """Takes the indicator out of use; its values stay. 409 when formulas of others are made of it."""
    await defining.decide(db, row, Action.WITHDRAW, given.reason if given else "", caller.name, today)
    return await _shown(db, caller, row["code"], today, today.year, status=201)


@router.get(
    "/indicators/{indicator}/versions",
    response_model=VersionPage,
    dependencies=[allow(Role.PROVINCE, Role.AUDITOR)],
)
async def versions(row: Row, db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None) -> Response:
    """Every version of the definition with its targets, newest first."""
    return answer(await store.versions(db, row["code"], limit=limit, cursor=cursor))


@router.get("/indicators/{indicator}/series", response_model=SeriesOut, dependencies=[READ])
async def series(
    row: Row,
    db: Db,
    caller: CallerDep,
    today: Today,
    jurisdiction: Of = None,
    until: InYear = None,
    years: Annotated[int, Query(ge=1, le=10)] = 3,
) -> Response:
    """A jurisdiction's values by period, each beside that of the year before, and by year beside the targets."""
    acting = actor(caller)
    seen = reading.visible(acting, await store.places(db))
    place, last = _place(jurisdiction, seen, acting.tenant), until or today.year
    definitions, definition = await reading.definitions_of(db), store.definition(row)
    definitions[definition.code] = definition
    found = await reading.by_period(db, definitions, definition.code, list(seen), last - years, last)
    yearly = await reading.books(db, definitions, [definition.code], list(seen), last - years + 1, last)
    targets = await store.targets_of(db, [definition.code], [place], last - years + 1, last)
    stands = {
        year: reading.standing(book, definition, place, targets.get((definition.code, place, year)), year, today)
        for year, book in yearly.items()
    }
    return answer(
        SeriesOut(
            jurisdiction=place,
            points=_points(found, definition, place, last - years),
            years=[
                YearOut(year=year, value=stand.value, target=stand.target, mark=stand.mark)
                for year, stand in stands.items()
            ],
        )
    )


def _points(found: dict[date, figures.Book], definition: Indicator, place: str, after: int) -> list[PointOut]:
    points = []
    for start, book in found.items():
        value = book.value(definition.code, place)
        if start.year > after and value is not None:
            slot = rules.slot_at(definition.period, start)
            before = found.get(slot.year_before)
            changed, compared = (None, None)
            if before:
                changed, compared = figures.year_on_year(book, before, definition.code, place)
            zones = book.zones_of(definition.code) if place == PROVINCE else None
            points.append(
                PointOut(
                    period=slot.label,
                    value=value,
                    year_before=before.value(definition.code, place) if before else None,
                    change=changed,
                    change_zones=compared,
                    zones=None if zones is None else len(zones),
                )
            )
    return points


class _Figured:
    """The books and targets of a year, to make standings of."""

    def __init__(self, book: figures.Book, targets: dict[tuple[str, str, int], Any], year: int) -> None:
        self._book, self._targets, self._year = book, targets, year

    def standing(self, definition: Indicator, place: str, name: str, today: date) -> StandingOut:
        wanted = self._targets.get((definition.code, place, self._year))
        stands = reading.standing(self._book, definition, place, wanted, self._year, today)
        zones = self._book.zones_of(definition.code) if place == PROVINCE else None
        return StandingOut(
            jurisdiction=place,
            jurisdiction_name=name,
            year=self._year,
            value=stands.value,
            target=stands.target,
            share=stands.share,
            mark=stands.mark,
            zones=None if zones is None else len(zones),
        )


async def _figured(db: Session, rows: list[Any], codes: list[str], places: list[str], year: int) -> _Figured:
    definitions = {row["code"]: store.definition(row) for row in rows}
    book = (await reading.books(db, definitions, codes, places, year, year))[year]
    return _Figured(book, await store.targets_of(db, codes, places, year, year), year)


async def _shown(db: Session, caller: CallerDep, code: str, today: date, year: int, *, status: int = 200) -> Response:
    rows = await store.all_data(db)
    row = next(row for row in rows if row["code"] == code)
    acting, definition = actor(caller), store.definition(row)
    seen = reading.visible(acting, await store.places(db))
    closed = await closing.closed(db)
    open_places = [place for place in seen if place not in closed]
    figured = await _figured(db, rows, [code], list(seen), year)
    shown = IndicatorShown(
        **row,
        actions=rules.actions(acting, definition, open_places),
        recordable=rules.recordable(acting, definition, open_places),
        targets=await store.targets(db, code),
        standings=[figured.standing(definition, place, name, today) for place, name in seen.items()],
    )
    return answer(shown, version=definition.version, status=status)


def _place(wanted: str | None, seen: dict[str, str], own: str | None) -> str:
    """The jurisdiction that is asked for. Raises NotFound for one that the caller does not see."""
    place = wanted or (own if own in seen else PROVINCE)
    if place not in seen:
        raise NotFound
    return place
