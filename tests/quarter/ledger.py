"""What the events say, told from the first to the last: the state of every thing, from nothing but the topics."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from kafka.consumer.fetcher import ConsumerRecord

from tests.support import Json
from tests.topics import attributes

KINDS = (
    *("line", "milestone", "extension", "report", "filing", "order", "problem", "case", "replication"),
    *("indicator", "indicator_value", "bulletin", "assessment", "meeting", "decision"),
)


@dataclass(frozen=True)
class Told:
    """An event; ``what`` is ``line.opened``."""

    what: str
    at: datetime
    version: int
    data: Json


def told(records: Iterable[ConsumerRecord]) -> list[Told]:
    """The events in the order of their time."""
    return sorted(map(_told, records), key=lambda event: (event.at, event.version))


def _told(record: ConsumerRecord) -> Told:
    headers = attributes(record)
    what = headers["ce_type"].removeprefix("zoneportal.progress.").removesuffix(".v1")
    at = datetime.fromisoformat(headers["ce_time"])
    return Told(what, at, int(headers["ce_sequence"]), json.loads(record.value))


def office_of(line: Json) -> str:
    """Who reports on a line: its zone, or for a line of the province the first of its leading units."""
    if line["jurisdiction"] != "province":
        return f"zone:{line['jurisdiction']}"
    return "unit:" + str(next(unit["code"] for unit in line["units"] if unit["role"] == "lead"))


class Ledger:
    """``asked`` are the lines and offices that a period was opened for, ``excused`` those that need not file any more.

    ``pressed`` orders were urged and not answered since, ``poor`` ones returned and not applied for again.
    """

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Json]] = {kind: {} for kind in KINDS}
        self.periods: dict[str, Json] = {}
        self.asked: dict[str, dict[str, Json]] = {}
        self.expected: dict[str, dict[str, int]] = {}
        self.excused: set[tuple[str, str]] = set()
        self.targets: dict[str, dict[str, Sequence[Json]]] = {}
        self.pressed: set[str] = set()
        self.poor: set[str] = set()
        self.asked_zones: dict[str, set[str]] = {}

    def add(self, event: Told) -> None:
        for kind in KINDS:
            if kind in event.data:
                self._keep(kind, event.data[kind], event.version)
        follow = getattr(self, "_" + event.what.replace(".", "_"), None)
        if follow:
            follow(event.data)
        if "order" in event.data:
            self._order(event.what, event.data["order"], event.data["step"])

    def _keep(self, kind: str, thing: Json, version: int) -> None:
        known = self.things[kind].get(thing["id"])
        given = thing | {"version": thing.get("version", version)}
        if known is None or known["version"] <= given["version"]:
            self.things[kind][thing["id"]] = given

    def _milestone_removed(self, data: Json) -> None:
        del self.things["milestone"][data["milestone"]["id"]]

    def _period_opened(self, data: Json) -> None:
        period = data["period"]
        self.periods[period["id"]] = period
        offices = {each["office"]: each["filings"] for each in data["offices"]}
        self.expected.setdefault(period["id"], {}).update(offices)
        asked = self.asked.setdefault(period["id"], {})
        for line in self.lines():
            if line["jurisdiction"] == data["jurisdiction"] and line["task"]["plan"]["code"] in period["plans"]:
                asked[line["id"]] = line

    def _line_suspended(self, data: Json) -> None:
        """What has not come need not come."""
        line = data["line"]["id"]
        came = {(each["period_id"], each["line_id"]) for each in self.of("filing") if each["received_on"]}
        self.excused |= {(period, line) for period, asked in self.asked.items() if line in asked} - came

    def _filing_checked(self, data: Json) -> None:
        self.excused.discard((data["filing"]["period_id"], data["filing"]["line_id"]))

    def _indicator_targeted(self, data: Json) -> None:
        self.targets.setdefault(data["indicator"]["code"], {})[data["jurisdiction"]] = data["targets"]

    def _case_published(self, data: Json) -> None:
        self.asked_zones[data["case"]["id"]] = {zone["code"] for zone in data["zones"]}

    def _order(self, what: str, order: Json, step: Json) -> None:
        if what == "order.urged":
            self.pressed.add(order["id"])
        answered = what in ("order.signed", "order.extension_approved", "order.applied")
        if answered or (what == "order.replied" and step["office"] == order["lead"]["office"]):
            self.pressed.discard(order["id"])
        if what == "order.returned":
            self.poor.add(order["id"])
        if what == "order.applied":
            self.poor.discard(order["id"])

    def of(self, kind: str) -> list[Json]:
        return list(self.things[kind].values())

    def lines(self) -> list[Json]:
        return [line for line in self.of("line") if not line["withdrawn"]]

    def filings(self, period: str) -> Iterator[tuple[Json, Json]]:
        """Every filing that counts in a period: its line as it was when it was asked for, and what is known of it."""
        known = {each["line_id"]: each for each in self.of("filing") if each["period_id"] == period}
        nothing = {"received_on": None, "on_time": None, "approved": 0}
        for line_id, line in self.asked[period].items():
            if (period, line_id) not in self.excused:
                yield line, known.get(line_id, nothing)

    def values(self, indicator: str, jurisdiction: str, year: int) -> list[Json]:
        """The last revisions of a year's values, by period."""
        found = (
            each
            for each in self.of("indicator_value")
            if (each["indicator"], each["jurisdiction"]) == (indicator, jurisdiction)
        )
        return sorted((each for each in found if each["period"].startswith(str(year))), key=lambda each: each["period"])

    def all_targets(self) -> Iterator[tuple[str, Json]]:
        """The indicators' codes with each of their targets."""
        for code, places in self.targets.items():
            for target in chain.from_iterable(places.values()):
                yield code, target


def stood(events: Sequence[Told], turns: dict[date, datetime]) -> tuple[Ledger, dict[date, list[Json]]]:
    """The ledger at the end; and the lines as they stood when each day was closed."""
    ledger, days, waiting = Ledger(), dict[date, list[Json]](), list(events)
    place = 0
    for day, instant in sorted(turns.items()):
        while place < len(waiting) and waiting[place].at <= instant:
            ledger.add(waiting[place])
            place += 1
        days[day] = ledger.lines()
    for event in waiting[place:]:
        ledger.add(event)
    return ledger, days
