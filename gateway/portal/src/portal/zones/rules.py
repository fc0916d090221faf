"""How far the setting up of a zone is, by what there is of it; nothing is kept beside. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Json = Mapping[str, Any]
State = Literal["done", "open", "waiting", "unknown"]


@dataclass(frozen=True)
class Standing:
    """What the parts of the system know of a zone; None where one does not answer now."""

    accounts: Json | None
    manuscript: Json
    drafts: Sequence[Json]
    opened: bool | None
    lines: int | None

    @property
    def steps(self) -> dict[str, State]:
        """``open``: somebody has to do it; ``waiting``: it follows from another step, or by itself."""
        return {
            "facts": "done",
            "tenant": "unknown" if self.opened is None else "done" if self.opened else "waiting",
            "people": self._people(),
            "plan": "done" if self._handed_in() else "open",
            "publication": "open" if self.drafts else "done" if self._handed_in() else "waiting",
            "lines": "unknown" if self.lines is None else "done" if self.lines else "waiting",
        }

    @property
    def ready(self) -> bool:
        """It has people and lines; that its plan is being changed takes nothing away."""
        return all(self.steps[name] == "done" for name in ("tenant", "people", "lines"))

    @property
    def writing(self) -> bool:
        """Something is written of its plan that was not handed in."""
        return self.manuscript["status"] in ("written", "returned")

    @property
    def settling(self) -> bool:
        """Whether something comes by itself, within moments."""
        steps = self.steps
        published = steps["publication"] == "done" and steps["lines"] == "waiting"
        return steps["tenant"] == "waiting" or published

    def _people(self) -> State:
        if self.accounts is None:
            return "unknown"
        return "done" if self.accounts["administrators"] else "open"

    def _handed_in(self) -> bool:
        """All that is written of a plan of its own, or the zone lives by those of others."""
        own = bool(self.manuscript["published_tasks"] or self.drafts)
        return not self.writing and (own or bool(self.lines))
