"""The operations of the services, as the table of rights has them, and what each caller is to be answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.isolation.rights import CALLERS, COLUMNS, KINDS, TABLE
from tests.isolation.seen import LED, SEEN_BY


@dataclass(frozen=True)
class Operation:
    service: str
    method: str
    path: str
    rights: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.service}{self.path}"

    @property
    def kind(self) -> str | None:
        """What kind of thing it is about; None for what is about none."""
        return next((kind for parameter, kind in KINDS.items() if parameter in self.path), None)

    @property
    def is_public(self) -> bool:
        """Whether nobody needs a token for it."""
        return self.path.startswith("/public/")

    def is_closed_to(self, caller: str) -> bool:
        return self.rights[CALLERS[caller]] == "-"

    def expected(self, caller: str, owner: str) -> str:
        """``allowed``, ``forbidden`` or ``absent`` for the caller and the thing of an owner."""
        if self.is_closed_to(caller):
            return "forbidden"
        if self.kind is not None and caller not in SEEN_BY[self.kind][owner]:
            return "absent"
        led = LED.get(self.rights[CALLERS[caller]])
        return "allowed" if led is None or owner in led.get(caller, ()) else "forbidden"


def _operation(row: str) -> Operation:
    service, method, path, *rights = row.split()
    return Operation(service, method, path, dict(zip(COLUMNS, rights, strict=True)))


OPERATIONS = [_operation(row) for row in TABLE.strip().splitlines()]
