"""What must be true of what was acknowledged, whatever happened to the processes meanwhile."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from chassis.events import Event
from deploy.local.system import System
from tests.chaos.model import Line
from tests.support import PROGRESS, entries, line, on_topic, pages, until
from tests.topics import all_told

SUBMITTED = ("report.submitted",)
DECIDED = ("report.confirmed", "report.returned")


def every_report_is_there_once(system: System, worked_on: Sequence[Line]) -> None:
    for known in worked_on:
        found = pages(system, "province.admin", f"{PROGRESS}/lines/{known.id}/reports")
        told = [(report["id"], report["percent"], report["status"]) for report in reversed(found)]
        assert told == [(report.id, report.percent, report.status) for report in known.reports]


def lines_stand_where_reports_put_them(system: System, worked_on: Sequence[Line]) -> None:
    for known in worked_on:
        shown = line(system, known.id)
        assert (shown["state"], shown["percent"], shown["version"]) == (*known.standing, known.version)


async def published(system: System, worked_on: Sequence[Line]) -> list[Event]:
    """All events of the lines' jurisdictions, once nothing waits to be published."""
    await all_told(system)
    topics = sorted({f"progress.{known.jurisdiction}" for known in worked_on})
    return [event for topic in topics for event in await on_topic(system, topic)]


def each_change_is_one_event_in_its_order(worked_on: Sequence[Line], told: Sequence[Event]) -> None:
    for known in worked_on:
        changes = [event for event in told if event.subject == known.id and event.sequence > known.before]
        assert [event.sequence for event in changes] == list(range(known.before + 1, known.version + 1))
        for report in known.reports:
            happened = [event for event in told if event.subject == report.id]
            assert [event.type for event in happened] == [f"zoneportal.progress.{what}.v1" for what in report.events]
            assert [event.sequence for event in happened] == list(range(1, len(happened) + 1))


def who_began_again_went_on_from_there(worked_on: Sequence[Line], told: Sequence[Event]) -> None:
    """A publisher that took over may repeat what the one before has published; nobody else publishes meanwhile, so all
    that follows comes again, and nothing is left out.
    """
    for known in worked_on:
        told_of = [event.sequence for event in told if event.subject == known.id]
        numbers = [known.before, *(number for number in told_of if number > known.before)]
        assert all(later <= earlier + 1 for earlier, later in pairwise(numbers)), numbers
        assert numbers[-1] == max(numbers)


def each_piece_of_news_counts_once(system: System, worked_on: Sequence[Line], *, of_the_province: bool) -> None:
    for known in worked_on:
        user, kinds = ("province.admin", SUBMITTED) if of_the_province else (known.user, DECIDED)
        expected = {kind: known.happened[kind] for kind in kinds}
        until(partial(_told, system, user, known.id, expected))


def _told(system: System, user: str, line_id: str, expected: dict[str, int]) -> bool:
    """The last release answers with the whole inbox, whatever it is asked about."""
    told: Counter[str] = Counter()
    for entry in entries(system, user, line_id):
        if entry["href"].startswith(f"/lines/{line_id}"):
            told[entry["kind"]] += entry["count"]
    assert all(told[kind] <= count for kind, count in expected.items()), told
    return told == Counter(expected)
