"""Many events, published as progress publishes them: of several kinds of things, each with rising versions."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice, product
from typing import Any
from uuid import UUID, uuid4

from chassis import outbox
from chassis.events import Event
from chassis.tenancy import Database
from deploy.local.instance import ROOT
from progress import publishing

PLACES = {"hefei": "合肥片区", "wuhu": "芜湖片区", "bengbu": "蚌埠片区", "province": "省级"}
STEPS = {
    "line": ("opened", "progressed", "suspended", "resumed", "stalled"),
    "report": ("submitted", "reviewed", "returned", "confirmed"),
    "order": ("issued", "signed", "replied", "urged", "closed"),
    "problem": ("raised", "overdue", "answered", "settled"),
    "milestone": ("placed", "completed"),
    "missing_value": ("due_soon", "overdue"),
}
"""What happens to each kind of thing, again and again."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """``begins``: how many of its kind's steps are left out at first; ``line``: the id of the line that it is of."""

    kind: str
    id: str
    line: str
    place: str
    begins: int

    def step(self, version: int) -> str:
        steps = STEPS[self.kind]
        return f"{self.kind}.{steps[(self.begins + version) % len(steps)]}"


@cache
def _example(what: str) -> Json:
    schema = json.loads((ROOT / f"contracts/events/zoneportal.progress.{what}.v1.json").read_text())
    return dict(schema["examples"][0])


class Story:
    """Things of all kinds in all places, to each of which as many events happen; ``told`` are those published."""

    def __init__(self, things: int, versions: int, seed: int) -> None:
        chances = random.Random(seed)
        self.versions, self.told = versions, dict[UUID, Event]()
        self._edition, self._due = chances.randint(10**5, 10**9), f"{chances.randint(2100, 9999)}-01-14"
        alike = [*islice(cycle(product(STEPS, PLACES)), things)]
        chances.shuffle(alike)
        self._things = [Thing(kind, str(uuid4()), str(uuid4()), place, chances.randrange(9)) for kind, place in alike]

    def count(self) -> int:
        return len(self._things) * self.versions

    async def tell(self, database: Database, at_once: int) -> None:
        """Publishes the events in transactions of so many things, version by version."""
        for version in range(1, self.versions + 1):
            for first in range(0, len(self._things), at_once):
                await self._tell(database, self._things[first : first + at_once], version)

    async def _tell(self, database: Database, things: Sequence[Thing], version: int) -> None:
        groups: dict[tuple[str, str], list[tuple[Json, Json]]] = defaultdict(list)
        for thing in things:
            row = {"id": thing.id, "version": version}
            groups[thing.step(version), thing.place].append((row, self._data(thing, version)))
        async with database.session() as db:
            for (what, place), told in groups.items():
                await publishing.publish_all(db, what, told, place)
            rows = await db.rows(
                "SELECT * FROM outbox WHERE subject = ANY(:subjects) AND sequence = :version",
                subjects=[thing.id for thing in things],
                version=version,
            )
        for message in (outbox.message(dict(row)) for row in rows):
            event = Event.of(message["headers"], message["value"])
            self.told[event.id] = event

    def _data(self, thing: Thing, version: int) -> Json:
        """That of the contract's example, with this thing in it and of its place."""
        data = deepcopy(_example(thing.step(version)))
        if "line" in data:
            data["line"] |= {"id": thing.line, "jurisdiction_name": PLACES[thing.place]}
        data[thing.kind] |= {"id": thing.id, "version": version}
        for name in data.keys() & {"line", "order", "problem", "missing_value"}:
            data[name]["jurisdiction"] = thing.place
        if "edition" in data:
            data["edition"] = self._edition
        if thing.kind == "missing_value":
            data[thing.kind]["due"] = self._due
        return data

    def of(self, tenants: Sequence[str] = (), types: Sequence[str] = ()) -> Iterator[Event]:
        """Those published of these tenants and types; all without."""
        for event in self.told.values():
            if (not tenants or event.tenant in tenants) and (not types or event.type in types):
                yield event
