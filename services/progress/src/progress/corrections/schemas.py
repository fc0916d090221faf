"""What the API of corrections returns."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from chassis.schemas import Output
from progress.filings.schemas import Difference


class Kind(StrEnum):
    """推进事项现状、报告期结果、往日总览、通报、考评."""

    LINE = "line"
    PERIOD = "period"
    DAYS = "days"
    BULLETIN = "bulletin"
    ASSESSMENT = "assessment"


class Use(Output):
    """What reads a version: the line as it stands, its period's results, the overview of past days, a bulletin or a
    published assessment. ``id`` is that thing's, the line's for days; ``status`` is that of a bulletin or an
    assessment; ``items`` are the assessment's that rest on it; from ``since`` to ``until`` are the past days.

    ``percent`` is what it tells of the line, null where it reads something else. ``follows``: it reads the version
    that stands, whichever that is; all others keep what they have read.
    """

    kind: Kind
    id: UUID
    title: str
    status: str | None
    items: list[str]
    since: date | None
    until: date | None
    percent: int | None
    follows: bool


class VersionUses(Output):
    """``changes`` against the version before; ``uses`` are what reads this one, as far as the caller may see it."""

    number: int
    percent: int
    changes: list[Difference]
    uses: list[Use]


class UsesOut(Output):
    """The approved versions of a filing, newest first. A correction would concern the uses of the first; it did concern
    those of the version before it, which still tell the old.
    """

    items: list[VersionUses]
