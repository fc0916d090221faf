"""The attachments of a thing, for the panel on its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.web.visit import UserVisit

API = "/api/progress/v1/attachments"
HOMES: Mapping[str, str] = {"filing": "filings", "order": "orders", "problem": "problems", "case": "cases"}
"""By kind where the pages of its things are."""


@dataclass(frozen=True)
class Attached:
    """What the panel shows: the ``items`` that are there, those that were ``removed``, and what may be added."""

    kind: str
    thing: UUID
    items: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    may_add: bool
    megabytes: int
    files: int
    accepted: str

    @property
    def address(self) -> str:
        return f"/attachments/of/{self.kind}/{self.thing}"

    @property
    def home(self) -> str:
        return f"/{HOMES[self.kind]}/{self.thing}"


async def of(visit: UserVisit, kind: str, thing: UUID) -> Attached:
    found = await visit.api.get(API, kind=kind, thing=thing)
    limits = found["limits"]
    return Attached(
        kind,
        thing,
        [item for item in found["items"] if not item["removed_at"]],
        [item for item in found["items"] if item["removed_at"]],
        "add" in found["actions"],
        limits["bytes"] // 1024 // 1024,
        limits["files"],
        ",".join(f".{extension}" for extension in limits["extensions"]),
    )
